//! The parts and signatures of a document.

use crate::Outcome;
use crate::arguments::InspectOptions;
use crate::complaint::Complaint;
use crate::host::{Connection, Files, seed};
use crate::material;
use crate::verify::name_of;
use imza::limits::Limits;
use imza::policy::ValidationPolicy;
use imza::reading::{Network, Validation, ValidationRequest};
use imza::report::Report;
use imza::transport::drive;
use imza::trust::TrustSet;
use imza::validation::Context;
use imza_explain::sink::terminal;
use imza_explain::{Said, Sentence};
use std::sync::Arc;

/// Reads the document and shows it.
pub(super) fn run(options: &InspectOptions) -> Outcome {
    let path = &options.document;
    let mut files = Files::open(&[(name_of(path), path.clone())], Connection::Offline)
        .map_err(|error| Complaint::other(error.said()))?;
    let context = Context {
        policy: Arc::new(ValidationPolicy::standard()),
        trust: Arc::new(TrustSet::default()),
        validation_time: material::now(),
        proven_at: None,
        limits: Arc::new(Limits::default()),
    };
    let request = ValidationRequest {
        inputs: files.inputs(),
        given: Vec::new(),
        keys: Vec::new(),
        seed: seed()?,
        network: Network::Offline,
    };
    let doing = || Said::new(Sentence::DoingInspecting).with("name", path.as_path());
    let verdict = Validation::begin(request, context)
        .and_then(|job| drive(job, &mut files))
        .map_err(|error| Complaint::from_error(doing(), &error))?;
    if options.json {
        let evidence = verdict.evidence.save(&Limits::default());
        anstream::println!("{}", imza::report::harmless_json(evidence));
    } else {
        anstream::print!("{}", page(&verdict.report, verdict.evidence.located()));
    }
    Ok(0)
}

fn page(report: &Report, located: &[imza::evidence::Located]) -> String {
    use std::fmt::Write as _;
    let mut out = String::new();
    let kind = report
        .container
        .map_or("no container", |kind| kind.as_str());
    let media = report
        .document
        .media_type
        .as_deref()
        .unwrap_or("media type not known");
    let name = terminal(&report.document.name);
    let _ = writeln!(
        out,
        "{name}: {kind}, {}, {} bytes",
        terminal(media),
        report.document.size
    );
    for file in &report.files {
        let _ = writeln!(
            out,
            "  file       {}, {} bytes",
            terminal(&file.name),
            file.size
        );
    }
    for one in located {
        let place = if one.place.is_empty() {
            "the document"
        } else {
            &one.place
        };
        let _ = writeln!(out, "  structure  {}", terminal(place));
    }
    for signature in &report.signatures {
        let _ = writeln!(
            out,
            "  signature  {} {}, {}",
            signature.format, signature.level, signature.id
        );
        let mut row = |label: &str, value: Option<String>| {
            if let Some(value) = value {
                let _ = writeln!(out, "    {label:<12} {}", terminal(&value));
            }
        };
        row("algorithm", signature.algorithm.clone());
        row("integrity", Some(signature.integrity.to_string()));
        row(
            "claimed",
            signature.claimed_signing_time.map(|time| time.to_string()),
        );
        row(
            "subject",
            signature
                .signing_certificate
                .as_ref()
                .map(|one| one.subject.clone()),
        );
        row(
            "issuer",
            signature
                .signing_certificate
                .as_ref()
                .map(|one| one.issuer.clone()),
        );
        for scope in &signature.scopes {
            row("covers", Some(scope.name.clone()));
        }
        for timestamp in &signature.timestamps {
            let time = timestamp
                .time
                .map(|time| time.to_string())
                .unwrap_or_default();
            row("time-stamp", Some(format!("{} {time}", timestamp.kind)));
        }
    }
    out
}
