//! Containers with XAdES that are to be refused, and some that are not, judged by digidoc4j too.
//!
//! The vectors, and a container of ours that was altered in one way or another. digidoc4j says that a
//! container is valid, or what is wrong with it: of two refusals the reasons are not compared. Where
//! the two differ, `docs/conformance/interop-containers.json` says why and by which clause.

use super::digidoc4j::{Judge, NAME, VALID};
use super::matrix::{FORMS, INVOICE, KEYS, make};
use super::situations::{Judged, compare, known};
use super::{Answer, Row, beside};
use crate::process::{command, quiet};
use crate::{Outcome, workspace};
use imza::creation::Packaging;
use imza::time::UnixTime;
use imza::vocabulary::BaselineLevel;
use imza_test_vectors::Pki;
use imza_test_vectors::pki::FIXED_TIME;
use imza_test_vectors::vectors::{VALIDATION_TIME, sets};
use imza_test_vectors::zip::{self, Entry};
use regex::{Captures, Regex};
use std::path::{Path, PathBuf};

/// The sets with containers that digidoc4j reads.
const SETS: [&str; 2] = ["asic-e", "asic-s"];
const PASSED: &str = "TOTAL-PASSED";
/// What is said of those that the other alone refuses.
const REFUSED: &str = "refused";
/// The container that nobody altered.
const CONTROL: &str = "nothing is changed";
const MANIFEST: &str = "META-INF/manifest.xml";
const SIGNATURE: &str = "META-INF/signatures";

/// A container with its name and our verdict.
struct Container {
    situation: String,
    path: PathBuf,
    ours: String,
}

pub(super) fn rows() -> Outcome<Vec<Row>> {
    let what = "containers that are altered or wrong";
    let judge = match Judge::find()? {
        Ok(judge) => judge,
        Err(missing) => return Ok(vec![Row::new(NAME, what, Answer::Skipped(missing))]),
    };
    let folder = tempfile::tempdir()?;
    let pki = Pki::fixed()?;
    let mut containers = of_vectors()?;
    let altered = altered(&pki, folder.path())?;
    containers.extend(altered);
    let paths: Vec<&Path> = containers.iter().map(|one| one.path.as_path()).collect();
    let said = judge.ask(&pki, VALIDATION_TIME, &paths)?;
    let judged: Vec<Judged> = containers
        .iter()
        .zip(&said)
        .map(|(one, said)| judged(one, said))
        .collect();
    let answer = match not_as_expected(&judged) {
        Some(wrong) => Answer::Differs(wrong),
        None => compare(&judged, &known("interop-containers.json")?),
    };
    Ok(vec![Row::new(NAME, what, answer)])
}

/// Both verdicts in the same words; those of two refusals count as one.
fn judged(container: &Container, said: &str) -> Judged {
    let ours = container.ours.clone();
    let theirs = match said {
        VALID => PASSED.to_owned(),
        _ if ours == PASSED => REFUSED.to_owned(),
        _ => ours.clone(),
    };
    Judged {
        situation: container.situation.clone(),
        theirs,
        ours,
    }
}

/// What no table can explain: the container as it was made is refused, or both pass an altered one.
fn not_as_expected(judged: &[Judged]) -> Option<String> {
    let is_altered = |one: &&Judged| !one.situation.contains("::");
    let wrong = judged.iter().filter(is_altered).find(|one| {
        let passed = [&one.theirs, &one.ours].map(|said| said == PASSED);
        match one.situation == CONTROL {
            true => passed != [true, true],
            false => passed == [true, true],
        }
    });
    wrong.map(|one| format!("{}: {}, we say {}", one.situation, one.theirs, one.ours))
}

/// The committed vectors; those with CAdES it does not read.
fn of_vectors() -> Outcome<Vec<Container>> {
    let folder = workspace::root()?.join("test-vectors/vectors");
    let mut all = Vec::new();
    for set in sets()?.iter().filter(|set| SETS.contains(&set.set)) {
        for vector in &set.vectors {
            let path = folder.join(&vector.file);
            if unpacked(&path)?
                .iter()
                .any(|one| one.name.ends_with(".p7s"))
            {
                continue;
            }
            all.push(Container {
                situation: vector.id.clone(),
                ours: beside::judge(set, vector, &folder)?,
                path,
            });
        }
    }
    Ok(all)
}

/// A container of ours, as it is and altered.
fn altered(pki: &Pki, folder: &Path) -> Outcome<Vec<Container>> {
    let own = entries_of_ours(pki, Packaging::AsicEWithXades, folder)?;
    let twice = entries_of_ours(pki, Packaging::AsicXadesAddition, folder)?;
    let stranger = workspace::root()?.join("test-vectors/vectors/asic-e/form.p-256.asice");
    let mut all = Vec::new();
    for (number, (situation, entries)) in alterations(&own, &twice, &unpacked(&stranger)?)?
        .into_iter()
        .enumerate()
    {
        let octets = zip::write(&entries);
        let path = folder.join(format!("{number}.asice"));
        std::fs::write(&path, &octets)?;
        all.push(Container {
            situation: situation.to_owned(),
            ours: beside::verdict(
                &[("container.asice", octets)],
                std::slice::from_ref(&pki.root.certificate),
                UnixTime::from_seconds(VALIDATION_TIME),
            )?,
            path,
        });
    }
    Ok(all)
}

/// What may happen to a container on its way: each entry list is one container.
fn alterations(
    own: &[Entry],
    twice: &[Entry],
    stranger: &[Entry],
) -> Outcome<Vec<(&'static str, Vec<Entry>)>> {
    let is_data = |entry: &Entry| entry.name == "invoice.xml";
    let is_signature = |entry: &Entry| entry.name.starts_with(SIGNATURE);
    let foreign = stranger.iter().find(|entry| is_signature(entry));
    let foreign = foreign.ok_or("no signature of a stranger")?;
    let added = Entry::new("added.txt", b"Nobody signed this.");
    let with = |alter: &dyn Fn(&mut Vec<Entry>)| {
        let mut entries = own.to_vec();
        alter(&mut entries);
        entries
    };
    // In the last signature of a container, text for text of the same place.
    let in_last = |entries: &[Entry], alter: &dyn Fn(&str) -> String| -> Outcome<Vec<Entry>> {
        let mut entries = entries.to_vec();
        let last = entries.iter_mut().rfind(|entry| is_signature(entry));
        let last = last.ok_or("no signature")?;
        let text = String::from_utf8(last.bytes.clone())?;
        let changed = alter(&text);
        if changed == text {
            return Err("nothing was altered".into());
        }
        last.bytes = changed.into_bytes();
        Ok(entries)
    };
    let manifest = |alter: &dyn Fn(&str) -> String| -> Outcome<Vec<Entry>> {
        let mut entries = own.to_vec();
        let found = entries.iter_mut().find(|entry| entry.name == MANIFEST);
        let found = found.ok_or("no manifest")?;
        let text = String::from_utf8(found.bytes.clone())?;
        let changed = alter(&text);
        if changed == text {
            return Err("the manifest is as it was".into());
        }
        found.bytes = changed.into_bytes();
        Ok(entries)
    };
    let listed = |name: &str| {
        format!(
            "<manifest:file-entry manifest:full-path=\"{name}\" \
             manifest:media-type=\"text/plain\"/></manifest:manifest>"
        )
    };
    let mut added_and_listed =
        manifest(&|text| text.replace("</manifest:manifest>", &listed("added.txt")))?;
    added_and_listed.push(added.clone());
    Ok(vec![
        (CONTROL, own.to_vec()),
        (
            "a data file is changed",
            with(&|entries| {
                for entry in entries.iter_mut().filter(|entry| is_data(entry)) {
                    entry.bytes = INVOICE.to_ascii_uppercase();
                }
            }),
        ),
        (
            "a line end is added to a data file",
            with(&|entries| {
                for entry in entries.iter_mut().filter(|entry| is_data(entry)) {
                    entry.bytes.push(b'\n');
                }
            }),
        ),
        (
            "a data file is gone",
            with(&|entries| entries.retain(|entry| !is_data(entry))),
        ),
        (
            "a data file has another name",
            with(&|entries| {
                for entry in entries.iter_mut().filter(|entry| is_data(entry)) {
                    "other.xml".clone_into(&mut entry.name);
                }
            }),
        ),
        (
            "a file is added",
            with(&|entries| entries.push(added.clone())),
        ),
        (
            "a file is added, and listed in the manifest",
            added_and_listed,
        ),
        (
            "the manifest does not name the data file",
            manifest(&|text| text.replace("\"invoice.xml\"", "\"other.xml\""))?,
        ),
        (
            "the manifest names a file that is not there",
            manifest(&|text| text.replace("</manifest:manifest>", &listed("gone.txt")))?,
        ),
        (
            "there is no manifest",
            with(&|entries| entries.retain(|entry| entry.name != MANIFEST)),
        ),
        (
            "there is no signature",
            with(&|entries| entries.retain(|entry| !is_signature(entry))),
        ),
        (
            "the signature of another container",
            with(&|entries| {
                for entry in entries.iter_mut().filter(|entry| is_signature(entry)) {
                    entry.bytes.clone_from(&foreign.bytes);
                }
            }),
        ),
        (
            "the signature of another container, and a file with the name that it signs",
            with(&|entries| {
                for entry in entries.iter_mut() {
                    if is_signature(entry) {
                        entry.bytes.clone_from(&foreign.bytes);
                    } else if is_data(entry) {
                        "permit.txt".clone_into(&mut entry.name);
                    }
                }
            }),
        ),
        (
            "the signature of another container beside its own",
            with(&|entries| {
                let name = format!("{SIGNATURE}-other.xml");
                entries.push(Entry::new(&name, &foreign.bytes));
            }),
        ),
        (
            "the value of the signature is another",
            in_last(own, &|text| with_another_value(text, "SignatureValue"))?,
        ),
        (
            "the second of two signatures has another value",
            in_last(twice, &|text| with_another_value(text, "SignatureValue"))?,
        ),
        (
            "the digest of the data file is another",
            in_last(own, &|text| with_another_value(text, "DigestValue"))?,
        ),
    ])
}

/// The first element of a name, whatever its prefix, with another first digit of its base64.
fn with_another_value(text: &str, name: &str) -> String {
    let pattern = format!(r"(<(?:[\w.-]+:)?{name}(?:\s[^>]*)?>\s*)(\w)");
    let Ok(pattern) = Regex::new(&pattern) else {
        return text.to_owned();
    };
    let other = |found: &Captures<'_>| {
        let digit = if found.get(2).is_some_and(|digit| digit.as_str() == "A") {
            "B"
        } else {
            "A"
        };
        let start = found.get(1).map_or("", |start| start.as_str());
        format!("{start}{digit}")
    };
    pattern.replace(text, other).into_owned()
}

/// A container of level LT by the first key.
fn entries_of_ours(pki: &Pki, packaging: Packaging, folder: &Path) -> Outcome<Vec<Entry>> {
    let form = FORMS.iter().find(|form| form.packaging == packaging);
    let key = KEYS.first().ok_or("no key")?;
    let level = Some(BaselineLevel::Lt);
    let made = make(pki, form.ok_or("no such form")?, key, level, FIXED_TIME)?;
    let path = folder.join("own.asice");
    std::fs::write(&path, made.ok_or("nothing is made")?)?;
    unpacked(&path)
}

/// The files of a container in their order; none where it is no ZIP to Python.
fn unpacked(container: &Path) -> Outcome<Vec<Entry>> {
    let mut python = command("python3", &["-X", "utf8", "-c", UNPACK]);
    let Ok(said) = quiet(python.arg(container)) else {
        return Ok(Vec::new());
    };
    let mut entries = Vec::new();
    for line in said.lines() {
        let (name, content) = line.split_once('\t').ok_or("no content")?;
        let octets = content.as_bytes().chunks(2).map(|pair| {
            let pair = std::str::from_utf8(pair).unwrap_or_default();
            u8::from_str_radix(pair, 16)
        });
        let octets: Vec<u8> = octets.collect::<Result<_, _>>()?;
        entries.push(Entry::new(name, &octets));
    }
    Ok(entries)
}

/// A line for each file: its name, a tab, its octets in hexadecimal digits.
const UNPACK: &str = "\
import sys, zipfile
with zipfile.ZipFile(sys.argv[1]) as container:
    for entry in container.infolist():
        print(entry.filename, container.read(entry).hex(), sep='\\t')
";

#[cfg(test)]
mod tests {
    use super::*;

    fn said(situation: &str, theirs: &str, ours: &str) -> Judged {
        let container = Container {
            situation: situation.to_owned(),
            path: PathBuf::new(),
            ours: ours.to_owned(),
        };
        judged(&container, theirs)
    }

    #[test]
    fn two_refusals_are_the_same_whatever_the_reason() {
        let both = said("a", "a digest does not fit", "TOTAL-FAILED/HASH_FAILURE");
        assert!(matches!(compare(&[both], &[]), Answer::Agrees(_)));
        for (theirs, ours) in [("a digest", PASSED), (VALID, "TOTAL-FAILED/HASH_FAILURE")] {
            let one = said("a", theirs, ours);
            assert!(matches!(compare(&[one], &[]), Answer::Differs(_)));
        }
    }

    #[test]
    fn what_is_altered_is_refused_and_the_control_is_not() {
        assert!(not_as_expected(&[said("a file is added", VALID, PASSED)]).is_some());
        assert!(not_as_expected(&[said("a file is added", "no", PASSED)]).is_none());
        assert!(not_as_expected(&[said(CONTROL, "no", PASSED)]).is_some());
        assert!(not_as_expected(&[said(CONTROL, VALID, PASSED)]).is_none());
        assert!(not_as_expected(&[said("asic-e::form::p-256", VALID, PASSED)]).is_none());
    }

    #[test]
    fn a_value_differs_in_its_first_digit() {
        let text = "<a><SignatureValue Id=\"v\">\nQUJD</SignatureValue></a>";
        let other = with_another_value(text, "SignatureValue");
        assert_eq!(other, text.replace("QUJD", "AUJD"));
        assert_eq!(with_another_value("<D>AA</D>", "D"), "<D>BA</D>");
        assert_eq!(with_another_value(text, "DigestValue"), text);
    }
}
