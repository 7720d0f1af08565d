//! EU DSS as a program that answers with JSON.

use crate::Outcome;
use crate::process::{find, quiet, tail};
use serde_json::Value;
use std::io::{Seek, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The name in tables.
pub(super) const NAME: &str = "DSS";

/// The program.
pub(super) struct Oracle(PathBuf);

/// What it says of a document.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Said {
    /// Indication and sub-indication of the first signature in the words of EN 319 102-1, or that
    /// there is none.
    pub(super) verdict: String,
    /// How many signatures there are.
    pub(super) all: usize,
    /// How many of them passed.
    pub(super) passed: usize,
}

impl Oracle {
    /// Finds it, or says what is missing.
    pub(super) fn find(shared: &Path) -> Result<Self, String> {
        if find("java").is_none() {
            return Err("no java (Debian: openjdk-17-jdk-headless, maven)".to_owned());
        }
        let program = shared.join("tools/dss-oracle/dss-oracle");
        if program.is_file() {
            return Ok(Self(program));
        }
        Err("no tools/dss-oracle in ../shared".to_owned())
    }

    /// Lets it sign a document, with the services of a PKI on this machine.
    pub(super) fn sign(
        &self,
        options: &[&str],
        store: &Path,
        tsa: &str,
        root: &Path,
        made: &Path,
        document: &Path,
    ) -> Outcome<()> {
        let mut oracle = Command::new(&self.0);
        oracle.arg("sign").args(options);
        oracle
            .arg("--p12")
            .arg(store)
            .args(["--password", "secret"]);
        oracle.args(["--online", "--tsa-url", tsa]);
        oracle.arg("--trust").arg(root).arg("--out").arg(made);
        quiet(oracle.arg(document)).map(drop)
    }

    /// Lets it extend a signed document, or one with what it signs beside it, with the same services.
    pub(super) fn extend(
        &self,
        level: &str,
        tsa: &str,
        root: &Path,
        made: &Path,
        (document, beside): (&Path, Option<&Path>),
    ) -> Outcome<()> {
        let mut oracle = Command::new(&self.0);
        oracle.args(["extend", "--level", level]);
        oracle.args(["--online", "--tsa-url", tsa]);
        if let Some(beside) = beside {
            oracle.arg("--detached").arg(beside);
        }
        oracle.arg("--trust").arg(root).arg("--out").arg(made);
        quiet(oracle.arg(document)).map(drop)
    }

    /// Judges jobs, each with an `id` and absolute paths; answers come in any order.
    pub(super) fn judge(&self, jobs: &[Value]) -> Outcome<Vec<(String, Said)>> {
        let mut list = tempfile::tempfile()?;
        for job in jobs {
            writeln!(list, "{job}")?;
        }
        list.rewind()?;
        let output = Command::new(&self.0)
            .args(["batch", "--threads", "2"])
            .stdin(Stdio::from(list))
            .output()?;
        let answers: Vec<(String, Said)> = String::from_utf8_lossy(&output.stdout)
            .lines()
            .filter_map(|line| serde_json::from_str(line).ok())
            .filter_map(|answer: Value| {
                Some((answer.get("id")?.as_str()?.to_owned(), said(&answer)))
            })
            .collect();
        if answers.len() == jobs.len() {
            return Ok(answers);
        }
        let complaint = String::from_utf8_lossy(&output.stderr);
        Err(format!(
            "dss-oracle answers {} of {}\n{}",
            answers.len(),
            jobs.len(),
            tail(&complaint, 10)
        )
        .into())
    }
}

fn said(answer: &Value) -> Said {
    let verdict = match (answer.get("error"), answer.pointer("/signatures/0")) {
        (Some(_), _) => "cannot be processed".to_owned(),
        (None, None) => "no signature".to_owned(),
        (None, Some(signature)) => {
            let word = |name: &str| signature.get(name).and_then(Value::as_str);
            let indication = word("indication").unwrap_or_default().replace('_', "-");
            match word("sub_indication") {
                Some(sub) => format!("{indication}/{sub}"),
                None => indication,
            }
        }
    };
    let signatures = answer.get("signatures").and_then(Value::as_array);
    let signatures = signatures.map(Vec::as_slice).unwrap_or_default();
    let is_passed = |one: &&Value| {
        let indication = one.get("indication").and_then(Value::as_str);
        matches!(indication, Some("TOTAL_PASSED" | "TOTAL-PASSED"))
    };
    Said {
        verdict,
        all: signatures.len(),
        passed: signatures.iter().filter(is_passed).count(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn answers_become_words_of_the_standard() {
        let verdict = |answer| said(&answer).verdict;
        let passed =
            json!({"signatures": [{"indication": "TOTAL_PASSED", "sub_indication": null}]});
        assert_eq!(verdict(passed), "TOTAL-PASSED");
        let failed = json!({"signatures": [
            {"indication": "TOTAL_FAILED", "sub_indication": "HASH_FAILURE"}]});
        assert_eq!(verdict(failed), "TOTAL-FAILED/HASH_FAILURE");
        assert_eq!(verdict(json!({"signatures": []})), "no signature");
        assert_eq!(verdict(json!({"error": "no"})), "cannot be processed");
    }
}
