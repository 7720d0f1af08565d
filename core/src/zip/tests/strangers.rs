//! Other programs read what we write, and we read what others wrote. Skipped by name when absent.

use super::writing::{data_file, entries};
use super::*;
use crate::zip::{Weight, create};
use std::path::{Path, PathBuf};
use std::process::Command;

fn judged_by(program: &str, arguments: &[&str], path: &Path) {
    match Command::new(program).args(arguments).arg(path).output() {
        Ok(output) => assert!(
            output.status.success(),
            "{program}: {}{}",
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr)
        ),
        Err(_) => eprintln!("skipped: {program} is not installed"),
    }
}

#[test]
fn other_programs_accept_what_we_write() {
    let bytes = written(&create(&entries()).unwrap(), &[data_file()]);
    let path = std::env::temp_dir().join(format!("imza-zip-{}.asice", std::process::id()));
    std::fs::write(&path, bytes).unwrap();
    judged_by("unzip", &["-tqq"], &path);
    judged_by("zipinfo", &["-1"], &path);
    judged_by("python3", &["-c", PYTHON], &path);
    std::fs::remove_file(&path).unwrap();
}

const PYTHON: &str = "
import sys, zipfile
z = zipfile.ZipFile(sys.argv[1])
assert z.testzip() is None
assert z.namelist()[0] == 'mimetype', z.namelist()
assert 'ərizə.pdf' in z.namelist(), z.namelist()
assert all(i.compress_type == 0 and i.flag_bits & 8 == 0 and i.extra == b'' for i in z.infolist())
";

/// Every container of the shared corpora is read in every way alike; genuine ones without failure.
#[test]
fn containers_of_other_programs_are_read() {
    let Some(corpora) = shared().map(|shared| shared.join("corpora")) else {
        eprintln!("skipped: no shared corpora");
        return;
    };
    let mut folders = vec![corpora];
    let (mut count, mut failures) = (0, Vec::new());
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let bytes = std::fs::read(&path).unwrap();
            if !bytes.starts_with(b"PK\x03\x04") || bytes.len() > 2 << 20 {
                continue;
            }
            count += 1;
            match read(&bytes) {
                Ok(outcome) => failures.extend(
                    outcome
                        .findings
                        .into_iter()
                        .filter(|finding| finding.weight() == Weight::Failure)
                        .map(|finding| (path.clone(), finding.malformed().to_string())),
                ),
                Err(error) => failures.push((path, error.to_string())),
            }
        }
    }
    for (path, failure) in &failures {
        eprintln!("{}: {failure}", path.display());
    }
    assert!(count > 0);
    assert!(
        failures.len() * 20 <= count,
        "{} of {count}",
        failures.len()
    );
}

fn shared() -> Option<PathBuf> {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR"));
    let places = [
        manifest.join("../../shared"),
        manifest.join("../../../shared"),
    ];
    std::env::var_os("IMZA_SHARED")
        .map(PathBuf::from)
        .into_iter()
        .chain(places)
        .find(|place| place.is_dir())
}
