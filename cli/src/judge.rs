//! `imza judge`: saved evidence, judged again.
//!
//! Without the document its digests are taken on trust, and the exit status is never 0 unless the
//! caller says that they may be. With the document everything is read anew.

use crate::Outcome;
use crate::arguments::JudgeOptions;
use crate::complaint::Complaint;
use crate::host::{Connection, Files, seed};
use crate::material;
use crate::pin;
use crate::sheet::{self, Sheet};
use crate::verify::name_of;
use imza::evidence::Evidence;
use imza::limits::Budget;
use imza::reading::{self, Validation, Verdict};
use imza::transport::drive;
use imza::validation::Context;
use imza_explain::{Part, Said, Sentence};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Runs the command.
pub(crate) fn run(options: &JudgeOptions) -> Outcome {
    if !options.trust.evidence.is_empty() {
        return Err(Complaint::misuse(Sentence::JudgeTakesNoMore));
    }
    let context = material::context(&options.trust, options.proven_at.as_deref())?;
    let saved = load(&options.saved, &context)?;
    let (mut report, evidence) = if options.documents.is_empty() {
        (reading::judge(&saved, &context), saved)
    } else {
        let verdict = with_the_document(&saved, options, &context)?;
        (verdict.report, verdict.evidence)
    };
    sheet::look_ahead(&options.form, &mut report, &evidence, &context);
    let mut sheet = Sheet::open(&options.form)?;
    sheet.put(&report)?;
    sheet.finish()?;
    Ok(if options.trust_digests {
        report.exit_status_trusting_digests()
    } else {
        report.exit_status()
    })
}

fn load(path: &Path, context: &Context) -> Result<Evidence, Complaint> {
    let octets = material::read(path)?;
    let mut budget = Budget::new(Arc::clone(&context.limits));
    let text = String::from_utf8(octets)
        .map_err(|error| not_evidence(path, error.utf8_error().to_string()))?;
    Evidence::load(&text, &mut budget).map_err(|error| not_evidence(path, &error))
}

fn not_evidence(path: &Path, why: impl Into<Part>) -> Complaint {
    let what = Said::new(Sentence::NotEvidence).with("name", path);
    Complaint::misuse(what.with("why", why))
}

fn with_the_document(
    saved: &Evidence,
    options: &JudgeOptions,
    context: &Context,
) -> Result<Verdict, Complaint> {
    let named = |(index, text): (usize, &String)| match text.split_once('=') {
        // The document is a file, whatever its name holds.
        Some((name, path)) if index > 0 => (name.to_owned(), PathBuf::from(path)),
        _ => (name_of(Path::new(text)), PathBuf::from(text)),
    };
    let paths: Vec<_> = options.documents.iter().enumerate().map(named).collect();
    let mut files =
        Files::open(&paths, Connection::Offline).map_err(|error| Complaint::other(error.said()))?;
    let request = reading::replay_request(saved, files.inputs(), seed()?);
    let password = pin::of_documents(&options.password)?;
    let verdict = Validation::begin(request, context.clone())
        .and_then(|job| drive(job.with_password(password), &mut files))
        .map_err(|error| Complaint::from_error(Sentence::DoingReading, &error))?;
    reading::replay(saved, verdict, context)
        .ok_or_else(|| Complaint::misuse(Sentence::OtherDocument))
}
