//! digidoc4j, the library of the Estonian containers, as a judge of what we make.
//!
//! Fetched with Maven into `target/interop/digidoc4j`, and run by Java from one file of source. Its
//! trusted list is that of the test PKI: authorities and the time-stamp authority.

use super::matrix::{Cell, FORMS, INVOICE, KEYS, LEVEL_NAMES, LEVELS, Line, make};
use super::{Answer, Row};
use crate::process::{command, find, quiet, tail};
use crate::{Outcome, workspace};
use imza::creation::Packaging;
use imza::time::UnixTime;
use imza_test_vectors::Pki;
use imza_test_vectors::pki::FIXED_TIME;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

const NAME: &str = "digidoc4j";

/// What it reads: no CAdES in containers.
const READ: [Packaging; 4] = [
    Packaging::AsicEWithXades,
    Packaging::AsicXadesAddition,
    Packaging::AsicCounterSignature,
    Packaging::AsicSWithXades,
];

/// A line of the table for each form of container; a row instead where there is no judge.
pub(super) fn lines() -> Outcome<Result<Vec<Line>, Row>> {
    let missing = ["java", "mvn"]
        .into_iter()
        .find(|tool| find(tool).is_none());
    if let Some(missing) = missing {
        let skipped = Answer::Skipped(format!("{missing} is not installed"));
        return Ok(Err(Row::new(NAME, "containers", skipped)));
    }
    let home = workspace::root()?.join("xtask/src/interop/digidoc4j");
    let libraries = libraries(&home.join("pom.xml"))?;
    let folder = tempfile::tempdir()?;
    let folder = folder.path();
    let pki = Pki::fixed()?;
    let mut judge = command("java", &["-Djava.awt.headless=true", "-cp"]);
    judge.arg(libraries.join("*")).arg(home.join("Judge.java"));
    judge.arg(UnixTime::from_seconds(FIXED_TIME + 60).to_string());
    for (name, entity) in [
        ("root", &pki.root),
        ("issuing-ca", &pki.issuing_ca),
        ("tsa-rsa", &pki.tsa_rsa_2048),
        ("tsa-p256", &pki.tsa_p256),
    ] {
        let path = folder.join(format!("{name}.cer"));
        std::fs::write(&path, &entity.certificate)?;
        judge.arg(path);
    }
    judge.arg("--");
    std::fs::write(folder.join("invoice.xml"), INVOICE)?;
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
                judge.arg(&path);
                made.push((form, key, level_name, path));
            }
        }
    }
    let output = judge.output()?;
    let said = String::from_utf8_lossy(&output.stdout);
    let said: BTreeMap<&str, &str> = said
        .lines()
        .filter_map(|line| line.split_once('\t'))
        .collect();
    if said.len() != made.len() {
        let complaint = String::from_utf8_lossy(&output.stderr);
        return Err(format!("digidoc4j stopped\n{}", tail(&complaint, 10)).into());
    }
    let mut lines: Vec<Line> = Vec::new();
    for (form, key, level, path) in &made {
        if lines.last().is_none_or(|line| line.name != form.name) {
            lines.push(Line {
                judge: NAME,
                name: form.name.to_owned(),
                cells: [Cell::default(); 4],
                wrong: Vec::new(),
            });
        }
        let path = path.to_string_lossy();
        let verdict = match said.get(&*path) {
            Some(&"valid") => "TOTAL-PASSED",
            Some(wrong) => wrong,
            None => "no answer",
        };
        if let Some(line) = lines.last_mut() {
            line.count(level, key, verdict);
        }
    }
    Ok(Ok(lines))
}

/// The folder of its jars.
fn libraries(project: &Path) -> Outcome<PathBuf> {
    let folder = workspace::target()?.join("interop/digidoc4j");
    let wanted = std::fs::read(project)?;
    let fetched = folder.join("pom.xml");
    if std::fs::read(&fetched).is_ok_and(|known| known == wanted) {
        return Ok(folder);
    }
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder)?;
    let mut maven = command("mvn", &["-q", "-B", "-f"]);
    maven.arg(project).arg("dependency:copy-dependencies");
    maven.arg(format!("-DoutputDirectory={}", folder.display()));
    quiet(&mut maven)?;
    std::fs::write(fetched, wanted)?;
    Ok(folder)
}
