//! PDF files that go from hand to hand: signed, raised in level and time-stamped by us, DSS and
//! pyHanko in turn, and judged by all three after each round.
//!
//! Two things of DSS pyHanko refuses, whoever else has had the file, and neither is asked for here.
//! DSS writes the document security store anew without the `/VRI` of others, which is a modification
//! to pyHanko's strict policy. And its second update of a file with cross-reference streams gives the
//! number of the first one's stream to another object, which pyHanko does not read.

use super::oracle::{NAME, Oracle};
use super::{Answer, Row};
use crate::bench::python;
use crate::process::{command, find, quiet};
use crate::{Outcome, demo, workspace};
use imza_test_vectors::export;
use imza_test_vectors::pdf::{CrossReference, Pdf};
use imza_test_vectors::server::Server;
use imza_test_vectors::time::Clock;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

const SCRIPT: &str = include_str!("rounds.py");

/// What happens to a file, round after round.
const CHAINS: [&[Step]; 5] = [
    &[
        Step::sign(Maker::Imza, "B"),
        Step::raise(Maker::Imza, "T"),
        Step::raise(Maker::Imza, "LT"),
        Step::sign(Maker::Imza, "B"),
        Step::raise(Maker::Imza, "LTA"),
        Step::raise(Maker::Imza, "LTA"),
        Step::sign(Maker::Imza, "LT"),
        Step::raise(Maker::Imza, "LTA"),
    ],
    &[
        Step::sign(Maker::Dss, "B"),
        Step::raise(Maker::Imza, "T"),
        Step::raise(Maker::Imza, "LT"),
        Step::sign(Maker::Dss, "LT"),
        Step::raise(Maker::Imza, "LTA"),
        Step::sign(Maker::PyHanko, "LT"),
        Step::sign(Maker::Imza, "B"),
    ],
    &[
        Step::sign(Maker::PyHanko, "T"),
        Step::raise(Maker::Imza, "LT"),
        Step::sign(Maker::Imza, "T"),
        Step::raise(Maker::Dss, "LT"),
        Step::raise(Maker::PyHanko, "LTA"),
        Step::raise(Maker::Imza, "LTA"),
        Step::sign(Maker::Imza, "LTA"),
    ],
    &[
        Step::sign(Maker::Imza, "LTA"),
        Step::sign(Maker::PyHanko, "LTA"),
        Step::sign(Maker::Imza, "B"),
        Step::raise(Maker::Imza, "LTA"),
        Step::raise(Maker::PyHanko, "LTA"),
        Step::sign(Maker::Imza, "LTA"),
    ],
    &[
        Step::sign(Maker::Dss, "T"),
        Step::raise(Maker::Dss, "LT"),
        Step::sign(Maker::Imza, "LTA"),
        Step::raise(Maker::Dss, "LTA"),
        Step::raise(Maker::Imza, "LTA"),
        Step::sign(Maker::PyHanko, "LTA"),
        Step::raise(Maker::Imza, "LTA"),
        Step::raise(Maker::PyHanko, "LTA"),
    ],
];

#[derive(Clone, Copy)]
enum Maker {
    Imza,
    Dss,
    PyHanko,
}

/// One round.
#[derive(Clone, Copy)]
struct Step {
    maker: Maker,
    is_signature: bool,
    level: &'static str,
}

impl Step {
    const fn sign(maker: Maker, level: &'static str) -> Self {
        Self {
            maker,
            is_signature: true,
            level,
        }
    }

    /// Every signature of the file to a level, or its time-stamps renewed.
    const fn raise(maker: Maker, level: &'static str) -> Self {
        Self {
            maker,
            is_signature: false,
            level,
        }
    }

    fn words(&self) -> String {
        let maker = match self.maker {
            Maker::Imza => "imza",
            Maker::Dss => NAME,
            Maker::PyHanko => "pyHanko",
        };
        let arrow = if self.is_signature { "" } else { "→ " };
        format!("{maker} {arrow}{}", self.level)
    }
}

/// Those who make and judge, with a PKI that answers.
struct Hands<'a> {
    oracle: &'a Oracle,
    imza: PathBuf,
    python: PathBuf,
    script: PathBuf,
    folder: &'a Path,
    server: Server,
}

pub(super) fn rows(oracle: Result<&Oracle, &String>) -> Outcome<Vec<Row>> {
    let what = "PDF files in several rounds";
    let oracle = match oracle {
        Ok(oracle) => oracle,
        Err(missing) => return Ok(vec![skipped(what, missing.clone())]),
    };
    if find("openssl").is_none() {
        return Ok(vec![skipped(what, "openssl is not installed".to_owned())]);
    }
    let python = match python(&workspace::target()?.join("xtask-bench")) {
        Ok(python) => python,
        Err(error) => return Ok(vec![skipped(what, format!("no pyHanko: {error}"))]),
    };
    let folder = tempfile::tempdir()?;
    let folder = folder.path();
    let server = Server::start(Clock::System)?;
    export::write(&server.pki(), Clock::System.read(), folder)?;
    let script = folder.join("rounds.py");
    std::fs::write(&script, SCRIPT)?;
    let hands = Hands {
        oracle,
        imza: PathBuf::from(demo::build()?.get_program()),
        python,
        script,
        folder,
        server,
    };
    hands.prepare()?;
    let mut rows = Vec::new();
    for (number, chain) in CHAINS.iter().enumerate() {
        let words: Vec<String> = chain.iter().map(Step::words).collect();
        let what = format!("PDF: {}", words.join(", "));
        match hands.run(number, chain) {
            Ok(files) => rows.extend(hands.judge(&what, &files)?),
            Err(error) => rows.push(Row::new("imza", &what, Answer::Differs(error.to_string()))),
        }
    }
    Ok(rows)
}

fn skipped(what: &str, missing: String) -> Row {
    Row::new("pyHanko", what, Answer::Skipped(missing))
}

impl Hands<'_> {
    fn prepare(&self) -> Outcome<()> {
        let folder = self.folder;
        let read = |name: &str| std::fs::read_to_string(folder.join(name));
        for name in ["citizen-p256", "citizen-rsa-2048"] {
            let chain = read(&format!("{name}.pem"))? + &read("issuing-ca.pem")?;
            std::fs::write(folder.join(format!("{name}.chain")), chain)?;
        }
        let mut openssl = command("openssl", &["pkcs12", "-export", "-name", "key", "-inkey"]);
        openssl.arg(folder.join("citizen-rsa-2048.key.pem"));
        openssl
            .arg("-in")
            .arg(folder.join("citizen-rsa-2048.chain"));
        openssl.args(["-passout", "pass:secret", "-out"]);
        quiet(openssl.arg(folder.join("key.p12"))).map(drop)
    }

    /// The file after each round.
    fn run(&self, number: usize, chain: &[Step]) -> Outcome<Vec<PathBuf>> {
        let has_dss = chain.iter().any(|step| matches!(step.maker, Maker::Dss));
        let style = match has_dss {
            true => CrossReference::Table,
            false => CrossReference::Stream,
        };
        let mut before = self.folder.join(format!("{number}.pdf"));
        std::fs::write(&before, Pdf::new("May build.", style).bytes())?;
        let mut files = Vec::new();
        for (round, step) in chain.iter().enumerate() {
            let made = self.folder.join(format!("{number}-{round}.pdf"));
            self.step(step, &before, &made)
                .map_err(|error| format!("round {round}, {}: {error}", step.words()))?;
            files.push(made.clone());
            before = made;
        }
        Ok(files)
    }

    fn step(&self, step: &Step, before: &Path, made: &Path) -> Outcome<()> {
        let tsa = format!("{}/tsa", self.server.url());
        let root = self.folder.join("root.pem");
        match (step.maker, step.is_signature) {
            (Maker::Dss, true) => {
                let options = ["--format", "PAdES", "--level", step.level];
                let store = self.folder.join("key.p12");
                self.oracle
                    .sign(&options, &store, &tsa, &root, made, before)
            }
            (Maker::Dss, false) => {
                let document = (before, None);
                self.oracle.extend(step.level, &tsa, &root, made, document)
            }
            (Maker::PyHanko, is_signature) => {
                let mut python = Command::new(&self.python);
                python.arg(&self.script);
                python.arg(if is_signature { "sign" } else { "stamp" });
                python.arg(self.folder).arg(self.server.url());
                if is_signature {
                    python.arg(step.level);
                }
                quiet(python.arg(before).arg(made)).map(drop)
            }
            (Maker::Imza, is_signature) => {
                let mut imza = Command::new(&self.imza);
                imza.arg(if is_signature { "sign" } else { "augment" });
                imza.arg(before).arg("-o").arg(made);
                imza.args(["--level", &step.level.to_lowercase()]);
                if step.level != "B" {
                    imza.args(["--tsa", &tsa]);
                }
                imza.arg("--trust").arg(&root);
                imza.args(["--danger-allow-loopback", "--no-cache"]);
                if is_signature {
                    let mut key = std::ffi::OsString::from("pem:");
                    key.push(self.folder.join("citizen-p256.key.pem"));
                    imza.args(["--format", "pades", "--with"]).arg(key);
                    imza.arg("--cert")
                        .arg(self.folder.join("citizen-p256.chain"));
                }
                quiet(&mut imza).map(drop)
            }
        }
    }

    /// A row for each judge: every signature of every file holds.
    fn judge(&self, what: &str, files: &[PathBuf]) -> Outcome<Vec<Row>> {
        let judges: [(&'static str, Outcome<Vec<String>>); 3] = [
            ("imza", self.by_imza(files)),
            (NAME, self.by_dss(files)),
            ("pyHanko", self.by_pyhanko(files)),
        ];
        let mut rows = Vec::new();
        for (judge, wrong) in judges {
            let wrong = wrong?;
            let answer = if wrong.is_empty() {
                Answer::Agrees(format!("{} rounds pass", files.len()))
            } else {
                Answer::Differs(wrong.join("\n    "))
            };
            rows.push(Row::new(judge, what, answer));
        }
        Ok(rows)
    }

    fn by_imza(&self, files: &[PathBuf]) -> Outcome<Vec<String>> {
        let mut wrong = Vec::new();
        for file in files {
            let mut imza = Command::new(&self.imza);
            imza.args(["verify", "--report", "json", "--danger-allow-loopback"]);
            imza.arg("--no-cache").arg("--trust");
            imza.arg(self.folder.join("root.pem")).arg(file);
            let output = imza.output()?;
            let report: Value = serde_json::from_slice(&output.stdout)?;
            let signatures = report.pointer("/signatures").and_then(Value::as_array);
            let told = signatures.into_iter().flatten();
            let told: Vec<&str> = told
                .filter_map(|one| one.get("indication").and_then(Value::as_str))
                .collect();
            if told.is_empty() || told.iter().any(|one| *one != "TOTAL-PASSED") {
                wrong.push(format!("{}: {told:?}", name(file)));
            }
        }
        Ok(wrong)
    }

    fn by_dss(&self, files: &[PathBuf]) -> Outcome<Vec<String>> {
        let root = self.folder.join("root.pem");
        let jobs: Vec<Value> = files
            .iter()
            .map(|file| {
                json!({
                    "id": name(file),
                    "file": file.to_string_lossy(),
                    "trust": [root.to_string_lossy()],
                    // Below level LT the file carries none, and nothing is fetched here.
                    "no_revocation": true,
                })
            })
            .collect();
        let answers: BTreeMap<String, _> = self.oracle.judge(&jobs)?.into_iter().collect();
        let wrong = answers
            .into_iter()
            .filter(|(_, said)| said.all == 0 || said.passed != said.all);
        let words = wrong.map(|(name, said)| {
            let (passed, all) = (said.passed, said.all);
            format!("{name}: {passed} of {all}, {}", said.verdict)
        });
        Ok(words.collect())
    }

    fn by_pyhanko(&self, files: &[PathBuf]) -> Outcome<Vec<String>> {
        let mut python = Command::new(&self.python);
        python.arg(&self.script).arg("judge").arg(self.folder);
        let said = quiet(python.args(files))?;
        let mut wrong = Vec::new();
        for line in said.lines() {
            let cells: Vec<&str> = line.split('\t').collect();
            if let [name, held, all, faults] = cells.as_slice()
                && (held != all || *all == "0")
            {
                wrong.push(format!("{name}: {held} of {all}, {faults}"));
            }
        }
        if said.lines().count() != files.len() {
            wrong.push("not every file was judged".to_owned());
        }
        Ok(wrong)
    }
}

fn name(file: &Path) -> String {
    let name = file.file_name().unwrap_or_default();
    name.to_string_lossy().into_owned()
}
