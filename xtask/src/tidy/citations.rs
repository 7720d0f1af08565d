//! The one grammar of citations, and the documents that may be cited.
//!
//! ```text
//! citation = [ document " " ] "§" clause
//! clause   = label *( "." label ) *( "(" step ")" )
//! ```
//! A clause without a document belongs to the one named before in the same comment, or to the only
//! one that the head of the file names. REFERENCES.md lists the documents, each in a row of a table whose first cell is its short name.

use super::{File, Finding};
use regex::Regex;
use std::borrow::Cow;
use std::sync::LazyLock;

/// Every rule of this file.
pub(super) const RULES: &[&str] = &["citation-grammar", "unknown-document"];

/// Documents with numbers: recognised in any text, whether a clause follows or not.
static NUMBERED: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"\b(RFC \d+|(?:EN|TS|TR) [1-4]\d\d \d{3}(?:-\d+)?|ISO(?:/IEC)? \d{4,5}(?:-\d+)?|FIPS \d{3}(?:-\d)?|X\.[56]\d\d)\b",
    )
    .ok()
});

/// Near misses of the grammar.
static NEAR_MISS: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"\b(?:RFC|Rfc)(?:-|_)?\d{3,5}\b|\bRFC \d+,? (?:[Ss]ec(?:tion|\.)|clause|§ )|\b(?:EN|TS) [1-4]\d\d \d{3}(?:-\d+)?,? (?:[Ss]ec(?:tion|\.)|[Cc]lause )|\b(?:EN|TS)[1-4]\d\d|§ \d|[Ss]ection \d[\d.]* of (?:RFC|EN|TS)",
    )
    .ok()
});

/// What follows a section sign.
static CLAUSE: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"^(?:[A-Z]|\d+)(?:\.(?:\d+|[A-Z]))*(?:\([a-z0-9]+\))*").ok());

/// Short names of REFERENCES.md: the first cell of each row of its tables.
pub(super) fn documents(references: &str) -> Vec<String> {
    references
        .lines()
        .filter_map(|line| line.strip_prefix("| "))
        .filter_map(|line| line.split(" |").next())
        .map(|cell| cell.trim_matches(['`', ' ']).to_owned())
        .filter(|cell| !cell.is_empty() && !cell.starts_with('-') && cell != "document")
        .collect()
}

/// Judges the comments and strings of a source.
pub(super) fn check(file: &File, references: &str, findings: &mut Vec<Finding>) {
    // The grammar's own file spells what it refuses.
    if file.path.starts_with("xtask/src/tidy/") {
        return;
    }
    let known = documents(references);
    let mut before = String::new();
    let only = only_document(&file.text, &known);
    for (index, line) in file.text.lines().enumerate() {
        let mut say = |rule, text: String| {
            findings.push(Finding::new(rule, &file.path, index + 1, text));
        };
        if let Some(text) = spoken(line) {
            let text = text.as_ref();
            if let Some(miss) = NEAR_MISS.as_ref().and_then(|regex| regex.find(text)) {
                // `rfc3161` inside an identifier, a URL or a path is a name, not a citation; and
                // wire types link their definition as `[RFC 5280 Section 4.1]`.
                let around = text
                    .get(miss.start().saturating_sub(1)..)
                    .unwrap_or_default();
                let named = around.starts_with(['/', '_', ':', '-', '.', '"', '`', '#', '[']);
                if !named {
                    say(
                        "citation-grammar",
                        format!(
                            "`{}` is not written as `RFC 5280 §6.1.3(a)(3)`",
                            miss.as_str()
                        ),
                    );
                }
            }
            for document in NUMBERED.iter().flat_map(|regex| regex.find_iter(text)) {
                if !known.iter().any(|name| name == document.as_str()) {
                    say(
                        "unknown-document",
                        format!("`{}` is not in REFERENCES.md", document.as_str()),
                    );
                }
            }
            sections(&before, text, &known, only, &mut say);
            before.push_str(text.trim_end());
            before.push(' ');
        } else {
            before.clear();
        }
    }
}

/// Each section sign has a clause, and a document that it belongs to.
fn sections(
    before: &str,
    text: &str,
    known: &[String],
    only: bool,
    say: &mut impl FnMut(&'static str, String),
) {
    for (at, _) in text.match_indices('§') {
        let after = text.get(at + '§'.len_utf8()..).unwrap_or_default();
        // `§{}` and `§…` build or quote a citation, they are none.
        if after.starts_with(['{', '…']) {
            continue;
        }
        let head = format!("{before}{}", text.get(..at).unwrap_or_default());
        let clause = CLAUSE.as_ref().is_some_and(|regex| regex.is_match(after));
        let belongs = only || known.iter().any(|name| names(&head, name));
        if !clause || !belongs {
            let quoted: String = text
                .chars()
                .skip(head_length(text, at).saturating_sub(24))
                .take(40)
                .collect();
            say(
                "citation-grammar",
                format!("no document of REFERENCES.md before, or no clause after: `…{quoted}…`"),
            );
        }
    }
}

fn head_length(text: &str, at: usize) -> usize {
    text.get(..at).map_or(0, |head| head.chars().count())
}

/// Whether the text names a document, as a word of its own.
fn names(text: &str, document: &str) -> bool {
    text.match_indices(document).any(|(at, _)| {
        let before = text.get(..at).and_then(|head| head.chars().next_back());
        let after = text
            .get(at + document.len()..)
            .and_then(|tail| tail.chars().next());
        !before.is_some_and(char::is_alphanumeric) && !after.is_some_and(char::is_alphanumeric)
    })
}

/// Whether the head of a file names exactly one document.
fn only_document(text: &str, known: &[String]) -> bool {
    let head: String = text
        .lines()
        .take_while(|line| line.starts_with("//!"))
        .collect();
    let mut named: Vec<&str> = known
        .iter()
        .map(String::as_str)
        // "X.509 certificate" names a kind of certificate, not the document.
        .filter(|name| names(&head, name) && *name != "X.509")
        .collect();
    // `XMLDSig` is named by `XMLDSig 1.0` too.
    let all = named.clone();
    named.retain(|name| {
        !all.iter()
            .any(|other| other != name && other.starts_with(name))
    });
    named.len() == 1
}

/// The comment or the strings of a line: what is addressed to people.
fn spoken(line: &str) -> Option<Cow<'_, str>> {
    let trimmed = line.trim_start();
    for mark in ["///", "//!", "//"] {
        if let Some(comment) = trimmed.strip_prefix(mark) {
            return Some(comment.into());
        }
    }
    if let Some(at) = line.find(" // ") {
        return line.get(at + 3..).map(Into::into);
    }
    if !line.contains('"') {
        return None;
    }
    let strings: Vec<&str> = line.split('"').skip(1).step_by(2).collect();
    Some(strings.join(" · ").into())
}
