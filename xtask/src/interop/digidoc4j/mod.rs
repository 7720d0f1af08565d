//! digidoc4j, the library of the Estonian containers, as a judge of what we make.
//!
//! Fetched with Maven into `target/interop/digidoc4j`, and run by Java from one file of source. Its
//! trusted list is that of the test PKI: authorities and the time-stamp authority.

use super::java::Java;
use super::matrix::{Cell, FORMS, KEYS, LEVEL_NAMES, LEVELS, Line, make};
use super::{Answer, Row};
use crate::Outcome;
use crate::process::tail;
use imza::creation::Packaging;
use imza::time::UnixTime;
use imza_test_vectors::Pki;
use imza_test_vectors::pki::FIXED_TIME;
use std::path::Path;

/// The name in tables.
pub(super) const NAME: &str = "digidoc4j";
/// What it says of a container in which nothing is wrong.
pub(super) const VALID: &str = "valid";

/// What it reads: no CAdES in containers.
const READ: [Packaging; 4] = [
    Packaging::AsicEWithXades,
    Packaging::AsicXadesAddition,
    Packaging::AsicCounterSignature,
    Packaging::AsicSWithXades,
];

/// The program.
pub(super) struct Judge(Java);

impl Judge {
    /// Finds it, or says what is missing.
    pub(super) fn find() -> Outcome<Result<Self, String>> {
        Ok(Java::find("digidoc4j", "Judge.java")?.map(Self))
    }

    /// What it says of containers at a time, in their order.
    pub(super) fn ask(&self, pki: &Pki, time: i64, containers: &[&Path]) -> Outcome<Vec<String>> {
        let folder = tempfile::tempdir()?;
        let mut judge = self.0.command();
        judge.arg(UnixTime::from_seconds(time).to_string());
        for (name, entity) in [
            ("root", &pki.root),
            ("issuing-ca", &pki.issuing_ca),
            ("tsa-rsa", &pki.tsa_rsa_2048),
            ("tsa-p256", &pki.tsa_p256),
        ] {
            let path = folder.path().join(format!("{name}.cer"));
            std::fs::write(&path, &entity.certificate)?;
            judge.arg(path);
        }
        let output = judge.arg("--").args(containers).output()?;
        let said = String::from_utf8_lossy(&output.stdout);
        let said: Vec<String> = said
            .lines()
            .filter_map(|line| line.split_once('\t'))
            .map(|(_, verdict)| verdict.to_owned())
            .collect();
        if said.len() == containers.len() {
            return Ok(said);
        }
        let complaint = String::from_utf8_lossy(&output.stderr);
        Err(format!("digidoc4j stopped\n{}", tail(&complaint, 10)).into())
    }
}

/// A line of the table for each form of container; a row instead where there is no judge.
pub(super) fn lines() -> Outcome<Result<Vec<Line>, Row>> {
    let judge = match Judge::find()? {
        Ok(judge) => judge,
        Err(missing) => return Ok(Err(Row::new(NAME, "containers", Answer::Skipped(missing)))),
    };
    let folder = tempfile::tempdir()?;
    let folder = folder.path();
    let pki = Pki::fixed()?;
    let mut made = Vec::new();
    for form in FORMS.iter().filter(|form| READ.contains(&form.packaging)) {
        for key in KEYS.iter().filter(|key| key.is_in_suite) {
            // Below LT it misses revocation data, as its policy demands them in the container.
            for (level, level_name) in LEVELS.iter().zip(LEVEL_NAMES).skip(2) {
                let Some(octets) = make(&pki, form, key, *level, FIXED_TIME)? else {
                    continue;
                };
                let path = folder.join(format!("{}.{}", made.len(), form.ending));
                std::fs::write(&path, octets)?;
                made.push((form, key, level_name, path));
            }
        }
    }
    let paths: Vec<&Path> = made.iter().map(|(_, _, _, path)| path.as_path()).collect();
    let said = judge.ask(&pki, FIXED_TIME + 60, &paths)?;
    let mut lines: Vec<Line> = Vec::new();
    for ((form, key, level, _), verdict) in made.iter().zip(&said) {
        if lines.last().is_none_or(|line| line.name != form.name) {
            lines.push(Line {
                judge: NAME,
                name: form.name.to_owned(),
                cells: [Cell::default(); 4],
                wrong: Vec::new(),
            });
        }
        let verdict = match verdict.as_str() {
            VALID => "TOTAL-PASSED",
            wrong => wrong,
        };
        if let Some(line) = lines.last_mut() {
            line.count(level, key, verdict);
        }
    }
    Ok(Ok(lines))
}
