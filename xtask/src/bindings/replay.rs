//! Replays alike: one list of documents, judged natively and through every door.
//!
//! The list is a file of JSON lines, one for each document of the corpora with the options that its
//! case implies. A door is a program that reads the list and writes a line for each:
//!
//! ```text
//! {"id": …, "document": {"name", "path"}, "detached": [{"name", "path"}…], "trust": [{"path", "purpose"}…],
//!  "evidence": [path…], "keys": [path…], "policy": …, "revocation": …, "validation_time": …}
//!
//! {"id":…,"report":…}                                   the report as the door gave it, octet for octet
//! {"id":…,"error":{"code":…,"reason":…,"details":{…}}}  details in the order of their names
//! ```
//!
//! The lines must be those of this process to the octet. The first that differs is named.

use super::{python, wasm};
use crate::conformance::{Failure, documents};
use crate::process::{find, logged, tail};
use crate::{Outcome, workspace};
use serde_json::{Value, json};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A door: how its program is made ready. It is given the list and the file to write.
struct Door {
    name: &'static str,
    program: fn() -> Outcome<Command>,
}

const DOORS: &[Door] = &[
    Door {
        name: "python",
        program: || {
            let mut command = Command::new(python::install(python::Build::Quick)?.python);
            command.arg(workspace::root()?.join("ffi/python/tests/replay.py"));
            Ok(command)
        },
    },
    Door {
        name: "wasm",
        program: || {
            let node = find("node").ok_or("node is not installed")?;
            let mut command = Command::new(node);
            command
                .arg(workspace::root()?.join("wasm/tests/replay.mjs"))
                .arg(wasm::build()?.folder);
            Ok(command)
        },
    },
];

/// Replays through the doors that are named, or through all.
pub(super) fn run(names: &[&str]) -> Outcome<()> {
    if let Some(other) = names
        .iter()
        .find(|name| DOORS.iter().all(|door| door.name != **name))
    {
        return Err(format!("no such door: {other}").into());
    }
    let folder = workspace::target()?.join("bindings/replay");
    std::fs::create_dir_all(&folder)?;
    let list = folder.join("jobs.jsonl");
    let Some(native) = native(&list)? else {
        println!("skipped: replay: no ../shared");
        return Ok(());
    };
    std::fs::write(folder.join("native.jsonl"), &native)?;
    let mut failures = Vec::new();
    for door in DOORS {
        if !names.is_empty() && !names.contains(&door.name) {
            continue;
        }
        let answers = through(door, &list, &folder)?;
        match difference(&native, &answers) {
            None => println!("{}: {} documents alike", door.name, native.lines().count()),
            Some(difference) => failures.push(format!("{}: {difference}", door.name)),
        }
    }
    if failures.is_empty() {
        return Ok(());
    }
    Err(format!("replay:\n  {}", failures.join("\n  ")).into())
}

/// Writes the list, and judges it in this process.
fn native(list: &Path) -> Outcome<Option<String>> {
    let Some(documents) = documents()? else {
        return Ok(None);
    };
    let mut jobs = std::io::BufWriter::new(std::fs::File::create(list)?);
    let mut lines = String::new();
    for (id, setup) in documents {
        let mut job = setup.job();
        if let Some(members) = job.as_object_mut() {
            members.insert("id".to_owned(), Value::String(id.clone()));
        }
        writeln!(jobs, "{job}")?;
        let id = Value::String(id);
        match setup.judge() {
            Ok(report) => lines += &format!("{{\"id\":{id},\"report\":{}}}\n", report.to_json()),
            Err(Failure::Error(error)) => {
                let details: std::collections::BTreeMap<_, _> =
                    error.details().into_iter().collect();
                lines += &format!(
                    "{{\"id\":{id},\"error\":{{\"code\":{},\"reason\":{},\"details\":{}}}}}\n",
                    json!(error.code()),
                    json!(error.reason()),
                    serde_json::to_string(&details)?,
                );
            }
            Err(Failure::Corpora(reason)) => return Err(reason.into()),
        }
    }
    jobs.flush()?;
    Ok(Some(lines))
}

fn through(door: &Door, list: &Path, folder: &Path) -> Outcome<String> {
    let answers: PathBuf = folder.join(format!("{}.jsonl", door.name));
    let log = folder.join(format!("{}.log", door.name));
    let mut command = (door.program)()?;
    command.arg(list).arg(&answers).current_dir(folder);
    if logged(&mut command, &log)? {
        return Ok(std::fs::read_to_string(answers)?);
    }
    let text = std::fs::read_to_string(&log)?;
    Err(format!("{}:\n{}", door.name, tail(&text, 40)).into())
}

/// What is said of the first line that differs, and how many do.
fn difference(native: &str, other: &str) -> Option<String> {
    let (mine, theirs): (Vec<&str>, Vec<&str>) =
        (native.lines().collect(), other.lines().collect());
    let differing: Vec<(&str, &str)> = mine
        .iter()
        .enumerate()
        .map(|(index, line)| (*line, theirs.get(index).copied().unwrap_or("no answer")))
        .filter(|(mine, theirs)| mine != theirs)
        .collect();
    let Some((mine, theirs)) = differing.first() else {
        return (theirs.len() > mine.len()).then(|| "more answers than documents".to_owned());
    };
    let at = mine
        .bytes()
        .zip(theirs.bytes())
        .take_while(|(mine, theirs)| mine == theirs)
        .count();
    let around = |line: &str| -> String {
        let from = at.saturating_sub(60);
        String::from_utf8_lossy(line.as_bytes().get(from..).unwrap_or_default())
            .chars()
            .take(200)
            .collect()
    };
    let id: Value = serde_json::from_str(mine).unwrap_or_default();
    Some(format!(
        "{} of {} differ, first {} at octet {at}:\n    native …{}\n    door   …{}",
        differing.len(),
        native.lines().count(),
        id.get("id").unwrap_or(&Value::Null),
        around(mine),
        around(theirs)
    ))
}

#[cfg(test)]
mod tests {
    use super::difference;

    #[test]
    fn the_first_line_that_differs_is_named() {
        let native = "{\"id\":\"a\"}\n{\"id\":\"b\"}\n";
        assert_eq!(difference(native, native), None);
        let other = "{\"id\":\"a\"}\n{\"id\":\"c\"}\n";
        assert!(
            difference(native, other)
                .is_some_and(|text| text.contains("1 of 2") && text.contains("\"b\""))
        );
    }

    #[test]
    fn answers_that_lack_or_abound_are_a_difference() {
        let native = "{\"id\":\"a\"}\n";
        assert!(difference(native, "").is_some());
        assert!(difference(native, "{\"id\":\"a\"}\n{\"id\":\"b\"}\n").is_some());
        assert!(difference("", "").is_none());
    }
}
