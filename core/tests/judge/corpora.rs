//! The invariants over documents of strangers: pages, replay, want of trust, order of evidence.
//!
//! The corpora are not in this repository. `IMZA_SHARED` names the folder above them; without them
//! the tests say so and pass. Documents above 64 KiB are taken only when `IMZA_TEST_ALL` is set, and
//! those above 256 KiB never by small pages.

use crate::invariants::judge_saved;
use crate::matrix::in_parallel;
use crate::run::Case;
use imza::limits::{Budget, Limits};
use imza::policy::ValidationPolicy;
use imza::reading::recognise_material;
use imza::time::UnixTime;
use imza::trust::{TrustAnchor, TrustSet};
use imza::validation::Context;
use imza::vocabulary::Indication;
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Kinds whose documents are read by the whole job.
const KINDS: &[&str] = &[
    "asic-e",
    "asic-s",
    "cms/cades",
    "ddoc",
    "jades",
    "jws",
    "pades",
    "xades",
    "xmldsig",
    "xml-parse",
];

fn corpora() -> Option<PathBuf> {
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).parent()?;
    let folders = [
        std::env::var_os("IMZA_SHARED").map(PathBuf::from),
        Some(workspace.join("../shared")),
        Some(workspace.join("../../shared")),
    ];
    let folders = folders.into_iter().flatten();
    folders
        .map(|folder| folder.join("corpora"))
        .find(|folder| folder.join("index.jsonl").is_file())
}

fn list<'v>(case: &'v Value, member: &str) -> impl Iterator<Item = &'v str> {
    let paths = case[member].as_array().into_iter().flatten();
    paths.filter_map(Value::as_str)
}

fn base_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// A case with its own trust, as far as that is in files of certificates.
fn read(folder: &Path, line: &Value) -> Option<(String, Case)> {
    let kind = line["kind"].as_str()?;
    if !KINDS.contains(&kind) {
        return None;
    }
    let file = |path: &str| std::fs::read(folder.join(path)).unwrap_or_default();
    let document = line["document"]
        .as_str()
        .or_else(|| list(line, "files").next())?;
    let mut inputs = vec![(base_name(document).to_owned(), file(document))];
    inputs.extend(list(line, "detached").map(|path| (base_name(path).to_owned(), file(path))));
    for (uri, path) in line["uri_map"].as_object().into_iter().flatten() {
        inputs.push((uri.clone(), file(path.as_str().unwrap_or_default())));
    }
    let mut budget = Budget::default();
    let material = ["adjunct_certs", "intermediates", "crls", "ocsps"].into_iter();
    let given = material
        .flat_map(|member| list(line, member))
        .filter_map(|path| recognise_material(&file(path), &mut budget).ok())
        .flatten()
        .collect();
    let mut budget = Budget::default();
    let anchors: Vec<TrustAnchor> = list(line, "trust_anchors")
        .filter_map(|path| TrustSet::read_anchors(&file(path), &mut budget).ok())
        .flatten()
        .collect();
    let time = line["validation_time"]
        .as_str()
        .unwrap_or("2026-11-01T00:00:00Z");
    let context = Context {
        policy: Arc::new(ValidationPolicy::standard()),
        trust: Arc::new(TrustSet::new(anchors)),
        validation_time: UnixTime::from_rfc3339(time).ok()?,
        proven_at: None,
        limits: Arc::new(Limits::default()),
    };
    let case = Case {
        inputs,
        given,
        keys: Vec::new(),
        context,
    };
    Some((line["id"].as_str()?.to_owned(), case))
}

/// Every case of the corpora; none, loudly, without them.
fn cases() -> Vec<(String, Case)> {
    let Some(folder) = corpora() else {
        eprintln!("skipped: no corpora (set IMZA_SHARED)");
        return Vec::new();
    };
    let all = std::env::var_os("IMZA_TEST_ALL").is_some();
    let index = std::fs::read_to_string(folder.join("index.jsonl")).unwrap();
    let lines = index
        .lines()
        .map(|line| serde_json::from_str(line).unwrap());
    let cases = lines.filter_map(|line| read(&folder, &line));
    let is_small = |case: &Case| case.inputs.iter().all(|(_, octets)| octets.len() < 1 << 16);
    cases.filter(|(_, case)| all || is_small(case)).collect()
}

/// A document that was read.
struct Read {
    json: String,
    saved: String,
    budget: Budget,
    passed: bool,
}

fn said(case: &Case, pages: Option<u64>) -> Result<Read, String> {
    match case.attempt(pages) {
        Ok(verdict) => Ok(Read {
            json: verdict.report.to_json(),
            saved: verdict.evidence.save(&Limits::default()),
            budget: verdict.budget,
            passed: verdict
                .report
                .signatures
                .iter()
                .any(|one| one.indication == Indication::TotalPassed),
        }),
        Err(error) => Err(format!("{}: {error}", error.code())),
    }
}

/// What is wrong with how a case is judged.
fn complaint(case: &Case) -> Option<String> {
    let at_hand = said(case, None);
    for pages in [1 << 16, 64] {
        if pages == 64
            && case
                .inputs
                .iter()
                .any(|(_, octets)| octets.len() >= 1 << 18)
        {
            continue;
        }
        match (&at_hand, said(case, Some(pages))) {
            (Err(one), Err(other)) if *one == other => {}
            (Ok(one), Ok(other))
                if one.json == other.json
                    && one.saved == other.saved
                    && one.budget == other.budget => {}
            _ => return Some(format!("another answer with pages of {pages}")),
        }
    }
    let at_hand = at_hand.ok()?;
    let replayed = match judge_saved(&at_hand.saved, &case.context) {
        Ok(report) => report,
        Err(error) => return Some(format!("saved and not loaded: {error}")),
    };
    let (document, evidence) = ("\"basis\":\"document\"", "\"basis\":\"evidence\"");
    if replayed.to_json() != at_hand.json.replace(document, evidence) {
        return Some("another report by replay".to_owned());
    }
    let mut other = case.clone();
    other.given.reverse();
    if said(&other, None).ok()?.json != at_hand.json {
        return Some("another report with the evidence reversed".to_owned());
    }
    other.context.trust = Arc::new(TrustSet::default());
    if said(&other, None).ok()?.passed {
        return Some("passed without any trust".to_owned());
    }
    None
}

#[test]
fn documents_of_strangers_keep_the_invariants() {
    let cases = cases();
    let said = in_parallel(&cases, |(id, case)| {
        complaint(case).map(|complaint| format!("{id}: {complaint}"))
    });
    let wrong: Vec<String> = said.into_iter().flatten().collect();
    eprintln!("{} cases", cases.len());
    assert!(
        wrong.is_empty(),
        "{} wrong:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}
