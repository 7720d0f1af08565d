//! `cargo xtask readme`: the table of formats and levels, made from what tests prove.
//!
//! `docs/support.json` names, for each format and level, the tests that prove signing and
//! validating; a cell without a test is a dash. A test that does not exist fails the run.

use crate::{Outcome, workspace};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::Path;

const BEGIN: &str = "<!-- support: made by cargo xtask readme -->\n";
const END: &str = "<!-- support: end -->";
const LEVELS: &[&str] = &["B", "T", "LT", "LTA"];

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Support {
    formats: Vec<Format>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Format {
    name: String,
    levels: BTreeMap<String, Proofs>,
}

/// Tests as `core/src/xades/tests.rs::name_of_the_test`.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Proofs {
    sign: Vec<String>,
    validate: Vec<String>,
}

/// Writes the table into README.md.
pub(crate) fn run() -> Outcome<()> {
    let root = workspace::root()?;
    let path = root.join("README.md");
    let made = with_table(&root)?;
    std::fs::write(path, made)?;
    Ok(())
}

/// README.md as it should be.
fn with_table(root: &Path) -> Outcome<String> {
    let support: Support =
        serde_json::from_str(&std::fs::read_to_string(root.join("docs/support.json"))?)?;
    for format in &support.formats {
        for (level, proofs) in &format.levels {
            if !LEVELS.contains(&level.as_str()) {
                return Err(format!("{}: no level {level}", format.name).into());
            }
            for test in proofs.sign.iter().chain(&proofs.validate) {
                exists(root, test)?;
            }
        }
    }
    let readme = std::fs::read_to_string(root.join("README.md"))?;
    let (head, rest) = readme.split_once(BEGIN).ok_or("README.md has no table")?;
    let (_, tail) = rest
        .split_once(END)
        .ok_or("README.md has no end of table")?;
    Ok(format!("{head}{BEGIN}{}{END}{tail}", table(&support)))
}

fn exists(root: &Path, test: &str) -> Outcome<()> {
    let (file, name) = test
        .rsplit_once("::")
        .ok_or_else(|| format!("not a test: {test}"))?;
    let text = std::fs::read_to_string(root.join(file)).map_err(|_| format!("no file: {test}"))?;
    if text.contains(&format!("fn {name}(")) {
        return Ok(());
    }
    Err(format!("no such test: {test}").into())
}

fn table(support: &Support) -> String {
    let mut text = String::from("| format |");
    for level in LEVELS {
        let _ = write!(text, " {level} |");
    }
    text.push_str("\n|---|");
    text.push_str(&"---|".repeat(LEVELS.len()));
    text.push('\n');
    for format in &support.formats {
        let _ = write!(text, "| {} |", format.name);
        for level in LEVELS {
            let proofs = format.levels.get(*level);
            let mut words = Vec::new();
            if proofs.is_some_and(|proofs| !proofs.sign.is_empty()) {
                words.push("✓ sign");
            }
            if proofs.is_some_and(|proofs| !proofs.validate.is_empty()) {
                words.push("✓ validate");
            }
            let cell = if words.is_empty() {
                "–".to_owned()
            } else {
                words.join(", ")
            };
            let _ = write!(text, " {cell} |");
        }
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_of_the_readme_is_the_one_that_is_made() {
        let root = workspace::root().unwrap();
        let readme = std::fs::read_to_string(root.join("README.md")).unwrap();
        assert_eq!(
            readme,
            with_table(&root).unwrap(),
            "run `cargo xtask readme`"
        );
    }

    #[test]
    fn a_cell_without_a_test_is_a_dash() {
        let support: Support = serde_json::from_str(
            r#"{"formats": [{"name": "XAdES", "levels": {
                "B": {"sign": ["a::b"], "validate": ["a::c"]}, "T": {"validate": ["a::d"]}}}]}"#,
        )
        .unwrap();
        assert!(table(&support).ends_with("| XAdES | ✓ sign, ✓ validate | ✓ validate | – | – |\n"));
    }

    #[test]
    fn a_proof_that_does_not_exist_is_refused() {
        let root = workspace::root().unwrap();
        let here = "xtask/src/support.rs";
        assert!(
            exists(
                &root,
                &format!("{here}::a_proof_that_does_not_exist_is_refused")
            )
            .is_ok()
        );
        assert!(exists(&root, &format!("{here}::no_such_{}", "test")).is_err());
        assert!(exists(&root, "no/file.rs::test").is_err());
    }
}
