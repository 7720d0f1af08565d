//! Pages as people read them, in four languages: looked at, and kept as they are.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]
#![expect(clippy::indexing_slicing, reason = "a test that cannot go on fails")]

#[cfg(feature = "pages")]
mod browser;
#[cfg(feature = "command")]
mod certificates;
#[cfg(feature = "pages")]
mod etsi;
mod hostile;

use imza::job::Seed;
use imza::limits::{Budget, Limits};
use imza::policy::{Freshness, ValidationPolicy, danger};
use imza::reading::{Network, Validation, ValidationRequest, empty_report, recognise_material};
use imza::report::{Failure, Report};
use imza::source::Input;
use imza::time::UnixTime;
use imza::transport::{Memory, drive};
use imza::trust::TrustSet;
use imza::validation::Context;
use imza_explain::{Door, Language, Layout, Look, Style, Words};
use std::path::{Path, PathBuf};
use std::sync::Arc;

fn vectors() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../test-vectors/vectors")
}

fn read(path: &str) -> Vec<u8> {
    std::fs::read(vectors().join(path)).unwrap()
}

/// What a set of vectors is judged with.
struct Court {
    context: Context,
    evidence: Vec<String>,
}

impl Court {
    fn of(set: &str) -> Self {
        let json = read(&format!("{set}.json"));
        let set: serde_json::Value = serde_json::from_slice(&json).unwrap();
        let paths = |member: &str| -> Vec<String> {
            let list = set[member].as_array().unwrap().iter();
            list.map(|path| path.as_str().unwrap().to_owned()).collect()
        };
        let trust = paths("trust");
        let anchors = trust
            .iter()
            .flat_map(|path| TrustSet::read_anchors(&read(path), &mut Budget::default()).unwrap());
        let time = set["validation_time"].as_str().unwrap();
        Self {
            context: Context {
                policy: Arc::new(ValidationPolicy::standard()),
                trust: Arc::new(TrustSet::new(anchors)),
                validation_time: UnixTime::from_rfc3339(time).unwrap(),
                proven_at: None,
                limits: Arc::new(Limits::default()),
            },
            evidence: paths("evidence"),
        }
    }

    fn without_trust(mut self) -> Self {
        self.context.trust = Arc::new(TrustSet::default());
        self
    }

    fn by(mut self, policy: ValidationPolicy) -> Self {
        self.context.policy = Arc::new(policy);
        self
    }

    fn judge(&self, files: &[(&str, &[u8])]) -> Report {
        let given = self
            .evidence
            .iter()
            .flat_map(|path| recognise_material(&read(path), &mut Budget::default()).unwrap());
        let inputs = files
            .iter()
            .map(|(name, octets)| Input::at_hand(*name, *octets));
        let request = ValidationRequest {
            inputs: inputs.collect(),
            given: given.collect(),
            keys: Vec::new(),
            seed: Seed::new([0; 32]),
            network: Network::Offline,
        };
        let mut memory = Memory::new(files.iter().map(|(_, octets)| octets.to_vec()));
        match Validation::begin(request, self.context.clone())
            .and_then(|job| drive(job, &mut memory))
        {
            Ok(verdict) => verdict.report,
            Err(error) => {
                let mut report = empty_report("ərizə.txt", 12_345, &self.context);
                report.error = Some(Failure::from(&error));
                report
            }
        }
    }

    fn vector(&self, path: &str) -> Report {
        let name = path.rsplit('/').next().unwrap();
        self.judge(&[(name, &read(path))])
    }
}

fn look(width: usize) -> Look {
    Look {
        style: Style::Plain,
        layout: Layout::Columns { width },
        door: Door::Command,
    }
}

/// The page in every language, one below the other.
fn pages(report: &Report, look: Look) -> String {
    let page = |language: &Language| {
        let text = imza_explain::text(report, &Words::new(*language), look);
        format!("--- {language}\n{text}")
    };
    let pages: Vec<_> = Language::ALL.iter().map(page).collect();
    pages.join("\n")
}

/// A report of a changed document, called so.
fn changed(name: &str) -> Report {
    let mut report = Court::of("asic-e").vector("asic-e/container.file-changed.asice");
    name.clone_into(&mut report.document.name);
    report
}

fn golden(name: &str, report: &Report, look: Look) {
    golden_text(name, &pages(report, look));
}

fn golden_text(name: &str, text: &str) {
    insta::with_settings!({omit_expression => true, prepend_module_to_snapshot => false}, {
        insta::assert_snapshot!(name, text);
    });
}

#[test]
fn a_valid_signature() {
    let report = Court::of("asic-e").vector("asic-e/form.p-256.asice");
    assert_eq!(report.exit_status(), 0);
    golden("valid", &report, look(100));
}

#[test]
fn a_document_that_was_changed() {
    let report = Court::of("asic-e").vector("asic-e/container.file-changed.asice");
    golden("changed", &report, look(80));
}

#[test]
fn nobody_is_trusted() {
    let court = Court::of("asic-s").without_trust();
    golden(
        "no-trust",
        &court.vector("asic-s/form.cades.asics"),
        look(80),
    );
}

#[test]
fn a_detached_signature_with_and_without_its_document() {
    let court = Court::of("cades");
    let signature = read("cades/form.p-256.p7s");
    let permit = read("data/permit.txt");
    let files = [
        ("permit.p7s", signature.as_slice()),
        ("ərizə.txt", permit.as_slice()),
    ];
    golden("detached", &court.judge(&files), look(80));
    let alone = court.judge(&[("permit.p7s", signature.as_slice())]);
    golden("detached-missing", &alone, look(80));
}

#[test]
fn a_file_that_nobody_signed() {
    let report = Court::of("asic-e").vector("asic-e/container.file-not-signed.asice");
    assert_eq!(report.exit_status(), 10);
    golden("uncovered", &report, look(80));
}

#[test]
fn a_certificate_that_was_revoked() {
    let report = Court::of("asic-e").vector("asic-e/revocation.revoked-before.asice");
    golden("revoked", &report, look(80));
}

#[test]
fn a_pdf_that_was_edited() {
    let report = Court::of("pades").vector("pades/revision.edited.pdf");
    golden("pdf-edited", &report, look(80));
}

#[test]
fn a_policy_that_demands_less() {
    let mut policy = danger::rfc5280();
    policy.freshness = Freshness::Unbounded;
    policy.auxiliary_freshness = Freshness::Seconds(172_800);
    let court = Court::of("asic-e").by(policy);
    golden(
        "lowered",
        &court.vector("asic-e/value.sha-1.asice"),
        look(80),
    );
}

#[test]
fn what_is_no_signed_document() {
    let report = Court::of("cades").judge(&[("ərizə.txt", b"nothing signed here")]);
    golden("not-processed", &report, look(80));
}

#[test]
fn two_signatures_time_stamps_and_the_network() {
    let court = Court::of("asic-e");
    let mut report = court.vector("asic-e/timestamp.imprint-and-expired.asice");
    let mut second = report.signatures.first().unwrap().clone();
    second.parent = Some(second.id.clone());
    second.place = None;
    for scope in &mut second.scopes {
        scope.kind = imza::vocabulary::ScopeKind::CounterSignature;
    }
    report.signatures.push(second);
    let mut third = report.signatures.first().unwrap().clone();
    third.id.push('3');
    third.indication = imza::vocabulary::Indication::TotalPassed;
    third.sub_indication = None;
    third.checks.clear();
    report.signatures.push(third);
    let timestamp = report.signatures[0].timestamps[0].clone();
    report.timestamps.push(timestamp);
    for outcome in ["answered", "no answer in time", "status 503"] {
        report.requests.push(imza::report::Request {
            url: "http://ocsp.example.az/".to_owned(),
            outcome: outcome.to_owned(),
        });
    }
    golden("two-signatures", &report, look(80));
}

#[test]
fn nothing_signed_and_saved_evidence() {
    let court = Court::of("asic-e");
    let mut report = court.vector("asic-e/form.p-256.asice");
    report.basis = imza::vocabulary::Basis::Evidence;
    golden("evidence", &report, look(80));
    let mut report = empty_report("boş.asice", 999, &court.context);
    report.container = Some(imza::vocabulary::ContainerKind::AsicE);
    golden("nothing-signed", &report, look(80));
}

#[test]
fn narrow_pages_and_lines_for_a_screen_reader() {
    let report = Court::of("asic-e").vector("asic-e/container.file-changed.asice");
    golden("narrow", &report, look(40));
    let lines = Look {
        style: Style::Colour,
        layout: Layout::Lines,
        door: Door::Other,
    };
    golden("lines", &report, lines);
}

#[test]
fn no_line_is_wider_than_the_terminal() {
    for path in [
        "asic-e/container.file-changed.asice",
        "asic-e/revocation.none.asice",
    ] {
        let report = Court::of("asic-e").vector(path);
        for width in [40, 60, 80, 120] {
            for line in pages(&report, look(width)).lines() {
                assert!(line.chars().count() <= width, "{width}: {line}");
            }
        }
    }
}
