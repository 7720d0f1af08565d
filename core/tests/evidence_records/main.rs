//! Evidence records, right and wrong in one thing each: none may prove what it does not.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot go on fails"
)]

mod archive_manifests;
mod archives;
mod given;
mod material;
mod matrix;
mod sealed;
mod signatures;
mod world;

use world::{Expected, Row};

/// Judges every situation and names those that come out otherwise.
fn judge(rows: Vec<Row>) {
    let mut wrong = Vec::new();
    for row in &rows {
        let found = row.judge();
        if found != row.expected {
            wrong.push(format!(
                "{}: expected {:?}, found {found:?}",
                row.name, row.expected
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_matrix() {
    let rows = matrix::rows();
    assert!(rows.len() >= 60, "{} situations", rows.len());
    assert!(rows.iter().any(|row| row.expected == Expected::PASSED));
    judge(rows);
}
