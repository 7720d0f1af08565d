//! `imza pdf`, `imza extract --revision`: what a PDF is made of, and a revision of it by itself.
//!
//! Nothing is judged. Revisions are numbered from 1 as in reports.

use crate::Outcome;
use crate::arguments::{PasswordOptions, PdfCommand};
use crate::complaint::Complaint;
use crate::host::{Connection, Files};
use crate::output::{Existing, Output, say};
use crate::pin;
use crate::verify::name_of;
use crate::voice;
use imza::error::Error;
use imza::limits::Budget;
use imza::pdf::{Finding, FormField, Lock, SignatureField};
use imza::reading::{PdfReading, PdfStructure};
use imza::report::{self, harmless_json};
use imza::signature::Change;
use imza::transport::drive;
use imza_explain::sink::{name, terminal};
use imza_explain::{Said, Sentence};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::io::{Read, Seek, SeekFrom};
use std::path::Path;

/// Octets that are copied at a time.
const CHUNK: u64 = 1 << 18;

/// Runs `imza pdf`.
pub(crate) fn run(command: &PdfCommand) -> Outcome {
    let (options, kind): (_, fn(&PdfStructure) -> Vec<Value>) = match command {
        PdfCommand::Fields(options) => (options, fields),
        PdfCommand::Revisions(options) => (options, revisions),
        PdfCommand::Changes(options) => (options, changes),
    };
    let structure = read(&options.document, &options.password)?;
    let rows = kind(&structure);
    if options.json {
        let member = match command {
            PdfCommand::Fields(_) => "fields",
            PdfCommand::Revisions(_) => "revisions",
            PdfCommand::Changes(_) => "changes",
        };
        let document = name_of(&options.document);
        let mut whole = json!({ "schema": "imza-pdf/1", "document": document, (member): rows });
        if let (PdfCommand::Revisions(_), Some(whole)) = (command, whole.as_object_mut()) {
            whole.insert("repairs".to_owned(), repairs(&structure).into());
        }
        say(&harmless_json(whole.to_string()))?;
        return Ok(0);
    }
    say(match command {
        PdfCommand::Changes(_) => changes_page(&rows, &structure),
        PdfCommand::Revisions(_) => page(&rows) + &repairs_page(&structure),
        _ => page(&rows),
    }
    .trim_end())?;
    Ok(0)
}

/// Runs `imza extract --revision`.
pub(crate) fn extract(
    path: &Path,
    revision: u64,
    target: &Path,
    password: &PasswordOptions,
) -> Outcome {
    // Nothing is read for a file that cannot be written.
    let mut output = Output::create(target, Existing::Keep)?;
    let structure = read(path, password)?;
    let document = &structure.document;
    let index = usize::try_from(revision).ok();
    let index = index.and_then(|number| number.checked_sub(1));
    let range = index.and_then(|index| document.revision_range(index));
    let Some(range) = range else {
        let what = Said::new(Sentence::NoRevision).with("number", revision.to_string());
        let count = document.revisions().len().to_string();
        return Err(Complaint::misuse(what.with("count", count)));
    };
    copy(path, range.end, &mut output)?;
    output.finish()?;
    let written = Said::new(Sentence::Written).with("name", target);
    anstream::eprintln!("{}", voice::words().said(&written).what);
    Ok(0)
}

/// The first octets of a file.
fn copy(path: &Path, end: u64, output: &mut Output) -> Result<(), Complaint> {
    let unreadable = |error: &std::io::Error| {
        Complaint::other(
            Said::new(Sentence::Unreadable)
                .with("name", path)
                .with("why", error),
        )
    };
    let mut file = std::fs::File::open(path).map_err(|error| unreadable(&error))?;
    file.seek(SeekFrom::Start(0))
        .map_err(|error| unreadable(&error))?;
    let mut left = end;
    while left > 0 {
        let mut chunk = Vec::new();
        let wanted = left.min(CHUNK);
        file.by_ref()
            .take(wanted)
            .read_to_end(&mut chunk)
            .map_err(|error| unreadable(&error))?;
        let found = u64::try_from(chunk.len()).unwrap_or(u64::MAX);
        if found != wanted {
            let error = Error::from(imza::error::InputError::Changed);
            return Err(Complaint::from_error(Sentence::DoingReading, &error));
        }
        output.write(&chunk)?;
        left -= wanted;
    }
    Ok(())
}

fn read(path: &Path, password: &PasswordOptions) -> Result<PdfStructure, Complaint> {
    let mut files = Files::open(&[(name_of(path), path.to_owned())], Connection::Offline)
        .map_err(|error| Complaint::other(error.said()))?;
    let password = pin::of_documents(password)?;
    let wrong = |error: &Error| {
        let doing = Said::new(Sentence::DoingInspecting).with("name", path);
        Complaint::from_error(doing, error)
    };
    let document = files.inputs().into_iter().next();
    let document = document.ok_or_else(|| wrong(&imza::error::ApiMisuse::NoInput.into()))?;
    PdfReading::begin(document, password, Budget::default())
        .and_then(|job| drive(job, &mut files))
        .map_err(|error| wrong(&error))
}

/// Revisions count from 1.
fn number(revision: usize) -> usize {
    revision.saturating_add(1)
}

fn fields(structure: &PdfStructure) -> Vec<Value> {
    let document = &structure.document;
    let row = |field: &FormField| {
        let signed = document.signatures().iter();
        let mut signed = signed
            .filter(|signature| signature.field == field.object && signature.name == field.name);
        let signed = signed.next();
        let kind = match field.kind.as_deref() {
            Some("Tx") => "text",
            Some("Btn") => "button",
            Some("Ch") => "choice",
            Some("Sig") => "signature",
            _ => "unknown",
        };
        json!({
            "name": field.name,
            "object": field.object.map(|object| object.to_string()),
            "type": kind,
            "value": field.value,
            "filled": field.has_value,
            "read_only": field.is_read_only,
            "signed_revision": signed.and_then(signed_revision),
            "locks": signed.and_then(|signed| signed.lock.as_ref()).map(lock),
            "certificate_source": signed.and_then(certificate_source),
        })
    };
    document.fields().map(row).collect()
}

/// Where the form says that certificates can be had: a fact, which nothing is judged by.
fn certificate_source(field: &SignatureField) -> Option<Value> {
    let certificate = &field.seed_values.as_ref()?.certificate;
    certificate.url.as_ref()?;
    Some(json!({ "url": certificate.url, "service": certificate.url_type }))
}

fn signed_revision(field: &SignatureField) -> Option<usize> {
    let dictionary = field.dictionary.as_ref().ok()?;
    dictionary.signed_revision.map(number)
}

fn lock(lock: &Lock) -> Value {
    json!({ "action": lock.action, "fields": lock.fields, "permission": lock.permission })
}

fn revisions(structure: &PdfStructure) -> Vec<Value> {
    let document = &structure.document;
    let all = document.revisions().iter().enumerate();
    let row = |(index, revision): (usize, &imza::pdf::Revision)| {
        let signatures = document.signatures().iter();
        let signed = signatures.filter(|field| signed_revision(field) == Some(number(index)));
        let signed: Vec<Value> = signed
            .map(|field| {
                let dictionary = field.dictionary.as_ref().ok();
                let is_timestamp = dictionary.is_some_and(|one| one.is_document_timestamp());
                json!({
                    "field": field.name,
                    "type": if is_timestamp { "timestamp" } else { "signature" },
                    "claimed": dictionary
                        .and_then(|one| one.claimed_signing_time)
                        .map(|time| time.to_string()),
                })
            })
            .collect();
        json!({
            "revision": number(index),
            "octets": document.revision_range(index).map(|range| range.end),
            "section": if revision.has_stream { "stream" } else { "table" },
            "signed_by": signed,
        })
    };
    all.map(row).collect()
}

/// What reading passed over or repaired.
fn repairs(structure: &PdfStructure) -> Vec<Value> {
    let findings = structure.document.findings().iter();
    let row = |finding: &Finding| {
        json!({
            "kind": finding.as_str(),
            "at": finding.place(),
            "ambiguous": finding.is_ambiguous(),
        })
    };
    findings.map(row).collect()
}

/// A line for each kind of them, in words.
fn repairs_page(structure: &PdfStructure) -> String {
    let words = voice::words();
    let findings = structure.document.findings().iter();
    let told: BTreeSet<String> = findings
        .map(|finding| words.fact(&format!("pdf_{}", repair(finding))))
        .collect();
    let mut out = String::new();
    if !told.is_empty() {
        let _ = writeln!(out, "{}", words.fact("pdf_repairs"));
    }
    for one in told {
        let _ = writeln!(out, "  {one}");
    }
    out
}

/// The word for a finding.
fn repair(finding: &Finding) -> &'static str {
    match finding {
        Finding::DataBeforeHeader { .. } => "data_before_header",
        Finding::OffsetsFromHeader => "offsets_from_header",
        Finding::DataAfterEnd { .. } => "data_after_end",
        Finding::TableFromOne { .. } => "table_from_one",
        Finding::StartxrefRepaired { .. } => "startxref_repaired",
        Finding::StartxrefElsewhere { .. } => "startxref_elsewhere",
        Finding::StartxrefSuperseded { .. } => "startxref_superseded",
        Finding::StartxrefOnOneLine { .. } => "startxref_on_one_line",
        Finding::SpaceBeforeSection { .. } => "space_before_section",
        Finding::UnfinishedUpdate { .. } => "unfinished_update",
        Finding::MissingEndOfObject { .. } => "missing_end_of_object",
        Finding::LooseEntries { .. } => "loose_entries",
        Finding::HeaderWithoutVersion => "header_without_version",
        Finding::StringsUnencrypted => "strings_unencrypted",
        Finding::RepeatedField { .. }
        | Finding::UnreadableField { .. }
        | Finding::UnreadablePages => "unreadable_part",
        _ => "two_readings",
    }
}

fn changes(structure: &PdfStructure) -> Vec<Value> {
    let updates = structure.updates.iter();
    let rows = updates.flat_map(|update| {
        let revision = update.revision.saturating_add(1);
        let changes = update.changes.iter().map(move |change| {
            json!({
                "revision": revision,
                "kind": change.class.as_str(),
                "action": change.action.as_str(),
                "path": change.path,
                "object": change.object,
                "field": change.field,
                "page": change.page,
                "overlaps": change.overlaps,
            })
        });
        let findings = update.findings.iter().map(move |finding| {
            json!({
                "revision": revision,
                "finding": finding.check.as_str(),
                "expected": finding.expected,
                "found": finding.found,
            })
        });
        changes.chain(findings)
    });
    rows.collect()
}

/// A value in words; untrusted text is made harmless.
fn word(member: &str, value: &Value) -> Option<String> {
    let words = voice::words();
    match value {
        Value::Null | Value::Bool(false) => None,
        Value::Bool(true) => Some(words.fact("yes")),
        Value::String(text) if matches!(member, "type" | "section") => {
            Some(words.fact(&format!("pdf_{text}")))
        }
        Value::String(text) => Some(terminal(&name(text))),
        Value::Array(values) => {
            let all: Vec<String> = values.iter().filter_map(|one| word(member, one)).collect();
            (!all.is_empty()).then(|| all.join(", "))
        }
        Value::Object(members) => {
            let all: Vec<String> = members
                .iter()
                .filter_map(|(member, value)| word(member, value))
                .collect();
            (!all.is_empty()).then(|| all.join(" "))
        }
        other => Some(other.to_string()),
    }
}

/// A paragraph for each row: a label and a value on a line.
fn page(rows: &[Value]) -> String {
    let words = voice::words();
    let mut out = String::new();
    if rows.is_empty() {
        return words.fact("pdf_none");
    }
    for row in rows {
        let members = row.as_object().into_iter().flatten();
        let lines: Vec<(String, String)> = members
            .filter_map(|(member, value)| {
                Some((words.fact(&format!("pdf_{member}")), word(member, value)?))
            })
            .collect();
        let column = lines.iter().map(|(label, _)| label.chars().count()).max();
        let column = column.unwrap_or_default();
        for (label, value) in lines {
            let _ = writeln!(out, "{label:<column$}  {value}");
        }
        out.push('\n');
    }
    out
}

/// A change as a report has it; whether it is permitted is not shown here.
fn listed(change: &Change, revision: u64) -> report::Change {
    report::Change {
        kind: change.class,
        action: change.action,
        revision,
        path: change.path.clone(),
        object: change.object.clone(),
        field: change.field.clone(),
        page: change.page,
        overlaps: change.overlaps,
        is_permitted: false,
    }
}

/// A line for each change, in words.
fn changes_page(rows: &[Value], structure: &PdfStructure) -> String {
    if rows.is_empty() {
        return page(rows);
    }
    let words = voice::words();
    let mut out = String::new();
    for update in &structure.updates {
        let revision = update.revision.saturating_add(1);
        let _ = writeln!(out, "{} {revision}", words.fact("pdf_revision"));
        for change in &update.changes {
            let _ = writeln!(out, "  {}", words.changed(&listed(change, revision)));
        }
        for finding in &update.findings {
            let _ = writeln!(out, "  {}", words.check(finding.check));
        }
        if update.changes.is_empty() && update.findings.is_empty() {
            let _ = writeln!(out, "  {}", words.fact("pdf_none"));
        }
    }
    out
}
