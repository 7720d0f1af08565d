//! Every document of the committed vectors, judged as its metadata demands.
//!
//! The vectors were made by code that this library does not share. What each must be judged to be
//! stands beside it, with the clause that decides; what it does not state may be anything.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]
#![expect(clippy::panic, reason = "a test that finds differences fails")]

use imza::job::Seed;
use imza::limits::{Budget, Limits};
use imza::policy::{RevocationRequirement, ValidationPolicy};
use imza::reading::{Network, Validation, ValidationRequest, recognise_material};
use imza::report::{AnyIndication, Check, Report};
use imza::source::Input;
use imza::time::UnixTime;
use imza::transport::{Memory, drive};
use imza::trust::TrustSet;
use imza::validation::Context;
use imza::vocabulary::{BlockIndication, Indication, Outcome};
use imza_test_vectors::vectors::{Vector, VectorSet, sets};
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The sets whose vectors are documents; the others are certificates and revocation data alone.
const DOCUMENTS: &[&str] = &[
    "cades",
    "asic-e",
    "asic-e-cades",
    "asic-s",
    "pades",
    "timestamp",
];

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../test-vectors/vectors")
}

fn read(path: &str) -> Vec<u8> {
    std::fs::read(folder().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn context(set: &VectorSet) -> Context {
    let anchors = set
        .trust
        .iter()
        .flat_map(|path| TrustSet::read_anchors(&read(path), &mut Budget::default()).unwrap());
    let mut policy = ValidationPolicy::standard();
    // Nothing is known of the authority of these tokens, which the set says.
    if set.set == "timestamp" {
        policy.revocation = RevocationRequirement::None;
    }
    Context {
        policy: Arc::new(policy),
        trust: Arc::new(TrustSet::new(anchors)),
        validation_time: UnixTime::from_rfc3339(&set.validation_time).unwrap(),
        proven_at: None,
        limits: Arc::new(Limits::default()),
    }
}

fn judge(set: &VectorSet, vector: &Vector) -> Result<Report, imza::error::Error> {
    let base = |path: &str| path.rsplit('/').next().unwrap_or(path).to_owned();
    let files: Vec<(String, Vec<u8>)> = std::iter::once(&vector.file)
        .chain(&vector.detached)
        .map(|path| (base(path), read(path)))
        .collect();
    let given = set
        .evidence
        .iter()
        .flat_map(|path| recognise_material(&read(path), &mut Budget::default()).unwrap());
    let request = ValidationRequest {
        inputs: files
            .iter()
            .map(|(name, octets)| Input::at_hand(name, octets.as_slice()))
            .collect(),
        given: given.collect(),
        keys: Vec::new(),
        seed: Seed::new([0; 32]),
        network: Network::Offline,
    };
    let job = Validation::begin(request, context(set))?;
    let mut memory = Memory::new(files.into_iter().map(|(_, octets)| octets));
    Ok(drive(job, &mut memory)?.report)
}

fn checks(report: &Report) -> impl Iterator<Item = &Check> {
    let signatures = report.signatures.iter().flat_map(|signature| {
        let timestamps = signature.timestamps.iter().flat_map(|one| &one.checks);
        signature.checks.iter().chain(timestamps)
    });
    let timestamps = report.timestamps.iter().flat_map(|one| &one.checks);
    report.checks.iter().chain(signatures).chain(timestamps)
}

/// A value as the contract writes it.
fn word(value: impl serde::Serialize) -> Option<String> {
    match serde_json::to_value(value).unwrap() {
        Value::String(word) => Some(word),
        _ => None,
    }
}

/// What is not as the vector demands.
fn differences(vector: &Vector, report: &Report) -> Vec<String> {
    let mut differences = Vec::new();
    let mut compare = |what: &str, expected: Option<&str>, found: Option<String>| {
        if expected.is_some() && expected != found.as_deref() {
            differences.push(format!("{what} {found:?} instead of {expected:?}"));
        }
    };
    let expected = &vector.expected;
    compare("indication", expected.indication, word(report.indication));
    let found = word(report.sub_indication);
    compare("sub-indication", expected.sub_indication, found);
    let signature = report.signatures.first().map(|one| one.integrity);
    let integrity = signature.or(report.timestamps.first().map(|one| one.integrity));
    compare("integrity", expected.integrity, word(integrity));
    let passed = matches!(
        report.indication,
        Some(
            AnyIndication::Main(Indication::TotalPassed)
                | AnyIndication::Block(BlockIndication::Passed)
        )
    );
    // `passed` says whether it may pass; that it must is said by the indication.
    if passed && !expected.passed {
        differences.push("passed, and must not".to_owned());
    }
    if let Some(id) = vector.check {
        let outcomes: Vec<Outcome> = checks(report)
            .filter(|check| check.id.to_string() == id)
            .map(|check| check.outcome)
            .collect();
        if !outcomes.iter().any(|outcome| *outcome != Outcome::Passed) {
            differences.push(format!("check {id}: {outcomes:?}"));
        }
    }
    differences
}

#[test]
fn every_document_is_judged_as_its_vector_demands() {
    let mut complaints = Vec::new();
    let mut judged = 0;
    for set in sets().unwrap() {
        if !DOCUMENTS.contains(&set.set) {
            continue;
        }
        for vector in &set.vectors {
            judged += 1;
            let found = match judge(&set, vector) {
                Ok(report) => {
                    let mut found = differences(vector, &report);
                    if !found.is_empty() {
                        let not_passed = checks(&report)
                            .filter(|check| check.outcome != Outcome::Passed)
                            .map(|check| {
                                format!("    {} {:?} {:?}", check.id, check.outcome, check.found)
                            });
                        found.extend(not_passed);
                        found.extend(report.error.map(|error| error.reason));
                    }
                    found
                }
                Err(error) => vec![format!("cannot be judged: {error}")],
            };
            if !found.is_empty() {
                complaints.push(format!("{}\n  {}", vector.id, found.join("\n  ")));
            }
        }
    }
    assert!(judged > 0);
    assert!(
        complaints.is_empty(),
        "{} of {judged} differ:\n{}",
        complaints.len(),
        complaints.join("\n")
    );
}
