//! Rules on texts: sizes, words that promise later work, paths of one machine, lints.

use super::source::Source;
use super::{File, Finding};
use regex::Regex;
use std::path::Path;
use std::sync::LazyLock;

/// Over this many lines a file is discussed.
const DISCUSS: usize = 800;
/// Over this many lines a file is refused.
const REFUSE: usize = 1_500;

pub(super) const LONG_FILE: &str = "long-file";
pub(super) const UNREADABLE: &str = "unreadable-source";

/// Every rule of this file.
pub(super) const RULES: &[&str] = &[
    LONG_FILE,
    UNREADABLE,
    "too-long-file",
    "unfinished-work",
    "machine-path",
    "lint-without-reason",
    "unsafe-not-forbidden",
    "vector-without-entry",
];

fn pattern(text: &str) -> Option<Regex> {
    Regex::new(text).ok()
}

static UNFINISHED: LazyLock<Option<Regex>> =
    LazyLock::new(|| pattern(r"\b(TODO|FIXME|XXX|HACK)\b|\b(unimplemented|todo)!"));
static MACHINE: LazyLock<Option<Regex>> =
    LazyLock::new(|| pattern(r#"(^|[\s"'`(=:])/(work|root|home|Users)/"#));

fn is_text(file: &File) -> bool {
    [
        ".rs", ".md", ".toml", ".json", ".jsonl", ".yml", ".yaml", ".sh", ".py", ".html", ".js",
    ]
    .iter()
    .any(|ending| file.path.ends_with(ending))
        || file.path.starts_with(".ci/")
}

/// Rules on every text of the project.
pub(super) fn text(file: &File, findings: &mut Vec<Finding>) {
    // The rules themselves spell what they refuse.
    if !is_text(file) || file.path.starts_with("xtask/src/tidy/") {
        return;
    }
    for (index, line) in file.text.lines().enumerate() {
        let mut say = |rule, text: &str| {
            findings.push(Finding::new(rule, &file.path, index + 1, text));
        };
        if found(&UNFINISHED, line) {
            say("unfinished-work", "work that is promised, not done");
        }
        if found(&MACHINE, line) {
            say("machine-path", "a path of one machine");
        }
    }
}

fn found(pattern: &LazyLock<Option<Regex>>, line: &str) -> bool {
    pattern.as_ref().is_some_and(|regex| regex.is_match(line))
}

/// Rules on parsed sources.
pub(super) fn source(file: &File, source: &Source, findings: &mut Vec<Finding>) {
    let lines = file.text.lines().count().saturating_sub(source.test_lines);
    if lines > REFUSE {
        findings.push(Finding::new(
            "too-long-file",
            &file.path,
            1,
            format!("{lines} lines without tests; at most {REFUSE}"),
        ));
    } else if lines > DISCUSS {
        findings.push(Finding::new(
            LONG_FILE,
            &file.path,
            1,
            format!("{lines} lines without tests; over {DISCUSS} asks for a reason"),
        ));
    }
    for attribute in &source.attributes {
        let excuses = matches!(attribute.name.as_str(), "allow" | "expect")
            || attribute.name == "cfg_attr"
                && (attribute.text.contains(",allow(") || attribute.text.contains(",expect("));
        let reasoned = attribute.name != "allow"
            && !attribute.text.contains(",allow(")
            && attribute.text.contains("reason=");
        if excuses && !reasoned {
            findings.push(Finding::new(
                "lint-without-reason",
                &file.path,
                attribute.line,
                "a lint is switched off without `#[expect(.., reason = \"…\")]`",
            ));
        }
    }
    let root = file.in_sources
        && (file.path.ends_with("/src/lib.rs") || file.path.ends_with("/src/main.rs"));
    if root && file.folder != "pkcs11" && file.folder != "fuzz" {
        let forbidden = source.attributes.iter().any(|attribute| {
            attribute.inner && attribute.name == "forbid" && attribute.text.contains("unsafe_code")
        });
        if !forbidden {
            findings.push(Finding::new(
                "unsafe-not-forbidden",
                &file.path,
                1,
                "the crate does not say `#![forbid(unsafe_code)]`",
            ));
        }
    }
}

/// Every file of vectors is named by some metadata beside it.
pub(super) fn vectors(files: &[File], root: &Path, findings: &mut Vec<Finding>) {
    const FOLDER: &str = "test-vectors/vectors/";
    let metadata: Vec<String> = files
        .iter()
        .filter(|file| file.path.starts_with(FOLDER) && is_metadata(&file.path))
        .map(|file| file.text.clone())
        .collect();
    for file in files {
        let Some(below) = file.path.strip_prefix(FOLDER) else {
            continue;
        };
        if is_metadata(&file.path) || below.ends_with(".md") || !root.join(&file.path).is_file() {
            continue;
        }
        let name = below.rsplit('/').next().unwrap_or(below);
        let quoted = [
            format!("\"{below}\""),
            format!("\"{name}\""),
            format!("/{name}\""),
        ];
        if !metadata
            .iter()
            .any(|text| quoted.iter().any(|needle| text.contains(needle)))
        {
            findings.push(Finding::new(
                "vector-without-entry",
                &file.path,
                1,
                "no metadata names this vector",
            ));
        }
    }
}

fn is_metadata(path: &str) -> bool {
    path.ends_with(".json") || path.ends_with(".jsonl")
}
