//! `cargo xtask interop`: strangers judge what we make, and judge test documents beside us.
//!
//! EU DSS (through `../shared/tools/dss-oracle`, a JVM), digidoc4j, BouncyCastle, xmlsec1 and
//! OpenSSL. A judge that cannot be had is skipped by name; with `CI=true` that is a failure. Where
//! another validator judges one of our vectors otherwise, `docs/conformance/interop.json` says who is
//! right and by which clause, and so do `interop-situations.json` and `interop-containers.json`
//! beside it; what is not written there fails, and so does an entry that no longer holds.

mod beside;
mod bouncycastle;
mod c14n;
mod containers;
mod digidoc4j;
mod java;
mod made;
mod matrix;
mod messages;
mod oracle;
mod rounds;
mod situations;
mod theirs;
mod xmlsec;

use crate::process::is_ci;
use crate::{Outcome, setup, workspace};
use oracle::Oracle;

/// A line of the table.
struct Row {
    judge: &'static str,
    what: String,
    answer: Answer,
}

enum Answer {
    /// As it should be; with a few words.
    Agrees(String),
    /// Otherwise.
    Differs(String),
    /// Not asked.
    Skipped(String),
}

impl Row {
    fn new(judge: &'static str, what: &str, answer: Answer) -> Self {
        Self {
            judge,
            what: what.to_owned(),
            answer,
        }
    }
}

/// Runs every comparison and prints the table; `--write` puts that of the manual in its place,
/// `c14n`, `digidoc4j`, `messages`, `theirs` (what DSS makes and extends) and `rounds` (the PDF files
/// that go from hand to hand) are parts of it.
pub(crate) fn run(arguments: &[String]) -> Outcome<()> {
    let (write, rounds_alone) = match arguments {
        [] => (false, false),
        [only] if only == "--write" => (true, false),
        [only] if only == "rounds" => (false, true),
        [only] if only == "messages" => return alone(&messages::rows()?),
        [only] if only == "c14n" => return alone(&[c14n::row()?]),
        [only] if only == "theirs" => {
            let shared = workspace::shared().ok_or("no ../shared")?;
            return alone(&matrix::theirs_alone(&Oracle::find(&shared)?)?);
        }
        [only] if only == "digidoc4j" => {
            let mut rows = match digidoc4j::lines()? {
                Ok(lines) => lines.iter().map(matrix::Line::row).collect(),
                Err(skipped) => vec![skipped],
            };
            rows.extend(containers::rows()?);
            return alone(&rows);
        }
        _ => {
            return Err(
                "interop takes --write, c14n, digidoc4j, messages, rounds or theirs".into(),
            );
        }
    };
    setup::tools(&setup::all());
    let oracle = workspace::shared().map_or_else(
        || Err("no ../shared".to_owned()),
        |shared| Oracle::find(&shared),
    );
    let oracle = oracle.as_ref();
    let mut rows = Vec::new();
    if !rounds_alone {
        rows.push(c14n::row()?);
        rows.extend(made::rows(oracle)?);
        let messages = messages::rows()?;
        rows.extend(matrix::rows(oracle, &messages, write)?);
        rows.extend(messages);
        rows.extend(beside::rows(oracle)?);
        rows.extend(situations::rows(oracle)?);
        rows.extend(containers::rows()?);
    }
    rows.extend(rounds::rows(oracle)?);
    print(&rows);
    let differing = count(&rows, |answer| matches!(answer, Answer::Differs(_)));
    let skipped = count(&rows, |answer| matches!(answer, Answer::Skipped(_)));
    if differing > 0 || (skipped > 0 && is_ci()) {
        return Err(format!("interop: {differing} differ, {skipped} skipped").into());
    }
    Ok(())
}

pub(crate) use xmlsec::by_xmlsec_alone;

/// What imza says now of a document that carries no revocation data.
#[cfg(test)]
pub(crate) fn judge_bare(pki: &imza_test_vectors::Pki, document: &[u8]) -> Outcome<String> {
    theirs::judge(pki, document, false, true)
}

/// A part of the table.
fn alone(rows: &[Row]) -> Outcome<()> {
    print(rows);
    match count(rows, |answer| matches!(answer, Answer::Differs(_))) {
        0 => Ok(()),
        more => Err(format!("interop: {more} differ").into()),
    }
}

fn count(rows: &[Row], is_counted: impl Fn(&Answer) -> bool) -> usize {
    rows.iter().filter(|row| is_counted(&row.answer)).count()
}

fn print(rows: &[Row]) {
    let widest = |words: &dyn Fn(&Row) -> usize| rows.iter().map(words).max().unwrap_or(0);
    let width = widest(&|row| row.what.chars().count());
    let of_judges = widest(&|row| row.judge.chars().count());
    for row in rows {
        let (word, text) = match &row.answer {
            Answer::Agrees(text) => ("agrees", text),
            Answer::Differs(text) => ("DIFFERS", text),
            Answer::Skipped(text) => ("skipped", text),
        };
        println!(
            "{:of_judges$} {:width$}  {word:8} {text}",
            row.judge, row.what
        );
    }
}
