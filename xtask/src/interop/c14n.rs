//! Canonical forms beside libxml2: many generated documents, and node sets of them.

use super::{Answer, Row};
use crate::process::{cargo, find, tail};
use crate::{Outcome, workspace};

/// The name in the table.
const JUDGE: &str = "libxml2";
/// How many documents are generated; each is compared in three forms, and in three node sets.
const DOCUMENTS: &str = "20000";

/// Runs the comparison that `cargo xtask test` makes of a few documents.
pub(super) fn row() -> Outcome<Row> {
    let what = "canonical forms of 20,000 documents, and 60,000 node sets";
    if let Some(missing) = ["xmllint", "python3"]
        .iter()
        .find(|name| find(name).is_none())
    {
        let skipped = Answer::Skipped(format!("{missing} is not installed"));
        return Ok(Row::new(JUDGE, what, skipped));
    }
    let mut cargo = cargo();
    cargo.args(["test", "-q", "-p", "imza", "--all-features", "--lib"]);
    cargo.args(["c14n::differential", "--", "--nocapture"]);
    cargo.current_dir(workspace::root()?);
    let output = cargo.env("IMZA_C14N_DOCUMENTS", DOCUMENTS).output()?;
    let said = String::from_utf8_lossy(&output.stderr);
    let answer = match output.status.success() {
        true if said.contains("node sets of") => Answer::Agrees("octet by octet".to_owned()),
        true => Answer::Skipped("libxml2 is not installed".to_owned()),
        false => Answer::Differs(tail(&said, 20)),
    };
    Ok(Row::new(JUDGE, what, answer))
}
