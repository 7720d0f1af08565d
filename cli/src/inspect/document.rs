//! The parts and signatures of a document.

use crate::Outcome;
use crate::arguments::InspectOptions;
use crate::complaint::Complaint;
use crate::host::{Connection, Files, seed};
use crate::material;
use crate::pin;
use crate::verify::name_of;
use crate::voice;
use imza::limits::Limits;
use imza::policy::ValidationPolicy;
use imza::reading::{Network, Validation, ValidationRequest};
use imza::report::Report;
use imza::transport::drive;
use imza::trust::TrustSet;
use imza::validation::Context;
use imza_explain::sink::{file_name, name, terminal};
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
        limits: Arc::new(Limits::large()),
    };
    let request = ValidationRequest {
        inputs: files.inputs(),
        given: Vec::new(),
        keys: Vec::new(),
        seed: seed()?,
        network: Network::Offline,
    };
    let password = pin::of_documents(&options.password)?;
    let doing = || Said::new(Sentence::DoingInspecting).with("name", path.as_path());
    let verdict = Validation::begin(request, context)
        .and_then(|job| drive(job.with_password(password), &mut files))
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
    let words = voice::words();
    let fact = |member: &str| words.fact(member);
    let kind = report.container.map(|kind| kind.as_str().to_owned());
    let kind = kind.unwrap_or_else(|| fact("no_container"));
    let media = report.document.media_type.as_deref().map(terminal);
    let media = media.unwrap_or_else(|| fact("no_media_type"));
    let called = terminal(&file_name(&report.document.name));
    let size = words.size(report.document.size);
    let _ = writeln!(out, "{called}: {kind}, {media}, {size}");
    let members = ["file", "structure", "signature"];
    let column = members.map(|member| fact(member).chars().count());
    let column = column.into_iter().max().unwrap_or_default();
    let mut line = |member: &str, text: &str| {
        let _ = writeln!(out, "  {:<column$}  {text}", fact(member));
    };
    for file in &report.files {
        let called = terminal(&file_name(&file.name));
        line("file", &format!("{called}, {}", words.size(file.size)));
    }
    for one in located {
        let place = if one.place.is_empty() {
            fact("document")
        } else {
            terminal(&file_name(&one.place))
        };
        line("structure", &place);
    }
    for signature in &report.signatures {
        let (format, level) = (signature.format, signature.level);
        line("signature", &format!("{format} {level}, {}", signature.id));
        let mut row = |member: &str, value: Option<String>| {
            if let Some(value) = value {
                let label = fact(member);
                line("", &format!("{label}: {}", terminal(&name(&value))));
            }
        };
        row("algorithm", signature.algorithm.clone());
        row("integrity", Some(words.integrity(signature.integrity)));
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
            row("timestamp", Some(format!("{} {time}", timestamp.kind)));
        }
    }
    out
}
