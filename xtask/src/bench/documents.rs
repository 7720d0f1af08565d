//! The PDF files of public suites, judged by us, pyHanko and DSS: each inside one process.
//!
//! What each is asked: read the file, verify every signature in it, compare later revisions. Nothing
//! is trusted and nothing fetched. Files that a program refuses count with the time that it took.

use super::peers::PACKAGES;
use crate::process::{cargo, command, find, quiet};
use crate::{Outcome, workspace};
use serde_json::Value;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Rounds; the fastest of each file counts, and with DSS the median.
const ROUNDS: &str = "5";
const SCRIPT: &str = include_str!("documents.py");

/// Who, how many, median, the slow twentieth, all of them, memory.
pub(super) type Row = [String; 6];

/// A row for each of those that are there; none without the suites.
pub(super) fn rows(root: &Path, folder: &Path) -> Outcome<Vec<Row>> {
    let Some(shared) = workspace::shared() else {
        return Ok(Vec::new());
    };
    let files = files(&shared)?;
    let list = folder.join("documents.txt");
    std::fs::write(&list, files.join("\n"))?;
    let mut rows = vec![of("imza", &ours(root, &list)?)?];
    for (who, line) in [
        ("pyHanko", pyhanko(folder, &list)),
        ("DSS", dss(&shared, &files)),
    ] {
        match line.and_then(|line| of(who, &line)) {
            Ok(row) => rows.push(row),
            Err(error) => eprintln!("no row: PDF files, {who}: {error}"),
        }
    }
    Ok(rows)
}

/// The PDF files of the suites, each once.
fn files(shared: &Path) -> Outcome<Vec<String>> {
    let corpora = shared.join("corpora");
    let index = std::fs::read_to_string(corpora.join("index.jsonl"))?;
    let mut found = BTreeSet::new();
    for line in index.lines() {
        let case: Value = serde_json::from_str(line)?;
        let document = case.get("document").and_then(Value::as_str);
        let is_pdf = case.get("kind").and_then(Value::as_str) == Some("pades");
        if let Some(document) = document.filter(|_| is_pdf) {
            found.insert(corpora.join(document).to_string_lossy().into_owned());
        }
    }
    Ok(found.into_iter().collect())
}

/// Cells that stand apart by tabs: how many, milliseconds, milliseconds, seconds, megabytes.
fn of(who: &str, line: &str) -> Outcome<Row> {
    let cells: Vec<&str> = line.trim().split('\t').collect();
    let [count, median, slow, all, memory] = cells.as_slice() else {
        return Err(format!("no figures: {line}").into());
    };
    Ok([
        who.to_owned(),
        (*count).to_owned(),
        format!("{median} ms"),
        format!("{slow} ms"),
        format!("{all} s"),
        format!("{memory} MB"),
    ])
}

fn ours(root: &Path, list: &Path) -> Outcome<String> {
    let said = quiet(
        cargo()
            .args(["bench", "--package", "imza", "--bench", "documents"])
            .env("IMZA_DOCUMENTS", list)
            .current_dir(root),
    )?;
    let line = said.lines().find(|line| line.contains('\t'));
    Ok(line.ok_or("no figures")?.to_owned())
}

fn pyhanko(folder: &Path, list: &Path) -> Outcome<String> {
    let python = python(folder)?;
    let script = folder.join("documents.py");
    std::fs::write(&script, SCRIPT)?;
    quiet(Command::new(python).arg(script).arg(list).arg(ROUNDS))
}

/// The virtual environment that the other peers use too.
pub(crate) fn python(folder: &Path) -> Outcome<PathBuf> {
    let python = folder.join("venv/bin/python");
    if quiet(Command::new(&python).args(["-c", "import pyhanko"])).is_err() {
        quiet(command("python3", &["-m", "venv"]).arg(folder.join("venv")))?;
        let mut install = Command::new(&python);
        quiet(
            install
                .args(["-m", "pip", "install", "--quiet"])
                .args(PACKAGES),
        )?;
    }
    Ok(python)
}

fn dss(shared: &Path, files: &[String]) -> Outcome<String> {
    find("java").ok_or("no java")?;
    let mut oracle = Command::new(shared.join("tools/dss-oracle/dss-oracle"));
    oracle.args(["bench", "--rounds", ROUNDS, "--warmup", "2", "--"]);
    let said = quiet(oracle.args(files))?;
    let totals = said.lines().last().ok_or("no figures")?;
    let totals: Value = serde_json::from_str(totals)?;
    let number = |name: &str| totals.get(name).and_then(Value::as_f64).unwrap_or_default();
    Ok(format!(
        "{:.0}\t{:.2}\t{:.2}\t{:.2}\t{:.1}",
        number("files"),
        number("median_ms"),
        number("p95_ms"),
        number("seconds") / number("rounds").max(1.0),
        number("peak_rss_kib") * 1.024 / 1e3
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_without_a_cell_are_none() {
        assert!(of("x", "1\t2\t3\t4").is_err() && of("x", "").is_err());
        let row = of("x", "1\t2\t3\t4\t5\n").unwrap();
        assert_eq!(row, ["x", "1", "2 ms", "3 ms", "4 s", "5 MB"]);
    }
}
