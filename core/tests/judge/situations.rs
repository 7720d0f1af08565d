//! The situations as files, for other validators: `IMZA_SITUATIONS=folder`.
//!
//! Everything that is known travels in the document, because others take revocation data from
//! nowhere else. A situation that rests on something that only this library is told (a policy, a
//! proof of the caller, a limit, an anchor for one purpose) is left out, and so is a PDF, in which a
//! scene puts no such data.

use crate::matrix::{in_parallel, rows};
use crate::row::Row;
use crate::scene::{Packaging, Scene, anchor};
use imza::policy::ValidationPolicy;
use imza::report::Report;
use std::path::Path;

/// Whether others can be asked the same question.
fn is_for_others(scene: &Scene) -> bool {
    let every_purpose = anchor(&scene.pki.root).purposes;
    let is_plain = |anchor: &imza::trust::TrustAnchor| {
        anchor.certificate.is_some()
            && anchor.sunset_date.is_none()
            && anchor.purposes == every_purpose
    };
    scene.policy == ValidationPolicy::standard()
        && scene.limits == imza::limits::Limits::default()
        && scene.proven_at.is_none()
        && scene.keys.is_empty()
        && scene.anchors.iter().all(is_plain)
}

fn scene(row: &Row, packaging: Packaging) -> Scene {
    let mut scene = row.scene(packaging);
    scene.is_embedded = true;
    scene
}

fn verdict(report: &Report) -> String {
    let Some(signature) = report.signatures.first() else {
        return "no signature".to_owned();
    };
    match signature.sub_indication {
        Some(sub) => format!("{}/{sub}", signature.indication),
        None => signature.indication.to_string(),
    }
}

/// Writes the files of a situation, and gives the line that asks about it.
fn write(folder: &Path, index: usize, name: &str, scene: &Scene) -> serde_json::Value {
    let own = folder.join(index.to_string());
    std::fs::create_dir_all(&own).unwrap();
    let place = |name: &str, octets: &[u8]| {
        let path = own.join(name);
        std::fs::write(&path, octets).unwrap();
        path.to_string_lossy().into_owned()
    };
    let case = scene.case();
    let files: Vec<String> = case
        .inputs
        .iter()
        .map(|(name, octets)| place(name, octets))
        .collect();
    let anchors = scene.anchors.iter().enumerate();
    let trust: Vec<String> = anchors
        .map(|(at, anchor)| {
            let der = anchor.certificate.as_ref().unwrap().der();
            place(&format!("anchor-{at}.cer"), der)
        })
        .collect();
    let report = case.attempt(None).map(|verdict| verdict.report);
    let ours = report.map_or_else(|_| "cannot be processed".to_owned(), |one| verdict(&one));
    serde_json::json!({
        "id": name,
        "file": files.first(),
        "detached": files.get(1..).unwrap_or_default(),
        "trust": trust,
        "time": case.context.validation_time.to_string(),
        "ours": ours,
    })
}

#[test]
fn situations_as_files() {
    let Ok(folder) = std::env::var("IMZA_SITUATIONS") else {
        return;
    };
    let rows = rows();
    let mut work = Vec::new();
    for (index, row) in rows.iter().enumerate() {
        let packagings = Vec::from_iter(row.packagings());
        // By the name, so that further rows change nothing.
        let packaging = packagings[row.name.len() % packagings.len()];
        if packaging != Packaging::Pades && is_for_others(&row.scene(packaging)) {
            work.push((index, packaging));
        }
    }
    let lines = in_parallel(&work, |(index, packaging)| {
        let row = &rows[*index];
        let name = format!("{} ({packaging:?})", row.name);
        write(Path::new(&folder), *index, &name, &scene(row, *packaging))
    });
    let lines: Vec<String> = lines.iter().map(ToString::to_string).collect();
    let list = Path::new(&folder).join("situations.jsonl");
    std::fs::write(list, lines.join("\n") + "\n").unwrap();
    eprintln!("{} of {} situations", lines.len(), rows.len());
}
