//! The one grammar of citations, and the documents that may be cited.
//!
//! ```text
//! citation = document " §" clause *( ( ", " / " and " / " to " / " or " ) "§" clause )
//! clause   = label *( "." label ) *( "(" step ")" )
//! ```
//! REFERENCES.md lists the documents, each in a row of a table whose first cell is its short name.

use super::{File, Finding};
use regex::Regex;
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
        r"(?i:\brfc)(?:-|_)?\d{3,5}\b|\bRFC \d+,? (?:[Ss]ec(?:tion|\.)|clause|§ )|\b(?:EN|TS) [1-4]\d\d \d{3}(?:-\d+)?,? (?:[Ss]ec(?:tion|\.)|[Cc]lause )|\b(?:EN|TS)[1-4]\d\d|§ \d|[Ss]ection \d[\d.]* of (?:RFC|EN|TS)",
    )
    .ok()
});

/// What follows a section sign.
static CLAUSE: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"^(?:[A-Z]|\d+)(?:\.(?:\d+|[A-Z]))*(?:\([a-z0-9]+\))*").ok());

/// What may stand between two clauses of one document.
static NEXT_CLAUSE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"§(?:[A-Z]|\d+)(?:\.(?:\d+|[A-Z]))*(?:\([a-z0-9]+\))*(?: [a-z ]{1,20}\d*)?(?:,| and| to| or|;|,? and|–) ?$").ok()
});

/// Short names of REFERENCES.md: the first cell of each row of its tables.
pub(super) fn documents(references: &str) -> Vec<String> {
    references
        .lines()
        .filter_map(|line| line.strip_prefix("| "))
        .filter_map(|line| line.split(" |").next())
        .map(|cell| cell.trim_matches(['`', ' ']).to_owned())
        .filter(|cell| !cell.is_empty() && !cell.starts_with('-'))
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
    for (index, line) in file.text.lines().enumerate() {
        let mut say = |rule, text: String| {
            findings.push(Finding::new(rule, &file.path, index + 1, text));
        };
        let spoken = spoken(line);
        if let Some(text) = spoken {
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
            sections(&before, text, &known, &mut say);
            before = text.trim_end().to_owned();
        } else {
            before.clear();
        }
    }
}

/// Each section sign follows a document or a clause of one, and has a clause.
fn sections(
    before: &str,
    text: &str,
    known: &[String],
    say: &mut impl FnMut(&'static str, String),
) {
    for (at, _) in text.match_indices('§') {
        let after = text.get(at + '§'.len_utf8()..).unwrap_or_default();
        // `§{}` and `§…` build or quote a citation, they are none.
        if after.starts_with(['{', '…']) {
            continue;
        }
        let head = text.get(..at).unwrap_or_default();
        // A citation may be broken at the end of a comment's line.
        let head = if head.trim().is_empty() {
            format!("{} ", before)
        } else {
            head.to_owned()
        };
        let clause = CLAUSE.as_ref().and_then(|regex| regex.find(after));
        let follows_document = head
            .strip_suffix(' ')
            .is_some_and(|head| known.iter().any(|name| ends_with_word(head, name)));
        let follows_clause = NEXT_CLAUSE
            .as_ref()
            .is_some_and(|regex| regex.is_match(&head));
        if clause.is_none() || !follows_document && !follows_clause {
            let quoted: String = text
                .chars()
                .skip(
                    text.get(..at)
                        .map_or(0, |head| head.chars().count().saturating_sub(24)),
                )
                .take(40)
                .collect();
            say(
                "citation-grammar",
                format!("no document of REFERENCES.md before, or no clause after: `…{quoted}…`"),
            );
        }
    }
}

fn ends_with_word(text: &str, name: &str) -> bool {
    text.strip_suffix(name)
        .is_some_and(|head| !head.ends_with(|sign: char| sign.is_alphanumeric()))
}

/// The comment or the strings of a line: what is addressed to people.
fn spoken(line: &str) -> Option<&str> {
    let trimmed = line.trim_start();
    for mark in ["///", "//!", "//"] {
        if let Some(comment) = trimmed.strip_prefix(mark) {
            return Some(comment);
        }
    }
    if let Some(at) = line.find(" // ") {
        return line.get(at + 3..);
    }
    line.find('"').and_then(|at| line.get(at..))
}
