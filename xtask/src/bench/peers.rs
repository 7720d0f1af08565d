//! The same work by others: programs beside our program, libraries beside our library.
//!
//! Programs (OpenSSL, xmlsec1) are started anew for every document, as ours is. Libraries of Python
//! (pyHanko with pyhanko-certvalidator, lxml) are measured inside one process, as criterion
//! measures ours, in a virtual environment below `target`. A peer that is not there has no row.
//! They do not do the same: a row says what each is asked to do.

use super::measure::{Run, Spread, time};
use crate::Outcome;
use crate::process::{command, find, quiet};
use imza_test_vectors::export::pem;
use imza_test_vectors::time::rfc3339;
use imza_test_vectors::vectors::VALIDATION_TIME;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Starts of a program that are timed, after some that are not.
const STARTS: usize = 40;
/// The packages of the virtual environment.
pub(super) const PACKAGES: &[&str] = &[
    "pyHanko==0.38.0",
    "pyhanko-certvalidator==0.33.0",
    "lxml==6.1.3",
];

/// What, who, time, memory.
pub(super) type Row = [String; 4];

/// Files and programs.
pub(super) struct Peers<'b> {
    pub(super) imza: &'b Path,
    pub(super) vectors: &'b Path,
    pub(super) folder: &'b Path,
    /// What criterion measured of ours.
    pub(super) warm: &'b [(String, String)],
}

impl Peers<'_> {
    /// Every row, ours before theirs.
    pub(super) fn rows(&self) -> Outcome<Vec<Row>> {
        let mut rows = Vec::new();
        for (what, who, mut work) in self.programs()? {
            match program(&mut work) {
                Ok((spread, memory)) => rows.push([what, who, spread, memory]),
                Err(error) => eprintln!("no row: {what}, {who}: {error}"),
            }
        }
        match self.libraries() {
            Ok(more) => {
                rows.extend(self.own_library());
                rows.extend(more);
            }
            Err(error) => eprintln!("no rows of Python libraries: {error}"),
        }
        Ok(rows)
    }

    /// The versions of everything that was measured.
    pub(super) fn versions(&self) -> String {
        let first = |mut command: Command| {
            let said = quiet(&mut command).unwrap_or_default();
            said.lines().next().unwrap_or_default().trim().to_owned()
        };
        let mut all = vec![first(command("openssl", &["version"]))];
        all.push(first(command("xmlsec1", &["--version"])));
        let mut python = Command::new(self.python());
        python.arg("--version");
        all.push(first(python));
        all.extend(PACKAGES.iter().map(|one| one.replace("==", " ")));
        all.retain(|one| !one.is_empty());
        all.join(", ")
    }

    fn vector(&self, path: &str) -> PathBuf {
        self.vectors.join(path)
    }

    fn verify(&self, document: &str) -> Command {
        self.verify_file(&self.vector(document))
    }

    pub(super) fn verify_file(&self, document: &Path) -> Command {
        let mut verify = Command::new(self.imza);
        // Others do not ask for revocation data here.
        verify.args(["verify", "--offline", "--revocation", "none"]);
        verify.args(["--time", &rfc3339(VALIDATION_TIME), "--trust"]);
        verify.arg(self.vector("pki/root.cer"));
        verify
            .arg("--evidence")
            .arg(self.vector("pki/issuing-ca.cer"));
        verify.arg(document);
        verify
    }

    pub(super) fn certificate(&self, name: &str) -> Outcome<PathBuf> {
        let der = std::fs::read(self.vector(&format!("pki/{name}.cer")))?;
        let path = self.folder.join(format!("{name}.pem"));
        std::fs::write(&path, pem("CERTIFICATE", &der))?;
        Ok(path)
    }

    fn programs(&self) -> Outcome<Vec<(String, String, Command)>> {
        let (root, issuing) = (self.certificate("root")?, self.certificate("issuing-ca")?);
        let permit = self.vector("data/permit.txt");
        let seconds = VALIDATION_TIME.to_string();
        let mut all = Vec::new();
        let mut add = |what: &str, who: &str, work: Command| {
            all.push((what.to_owned(), who.to_owned(), work));
        };

        for key in ["p-256", "rsa-2048"] {
            let what = format!("detached CAdES B, {key}, with its path");
            let file = format!("cades/form.{key}.p7s");
            let mut ours = self.verify(&file);
            ours.arg("--detached").arg(&permit);
            add(&what, "imza", ours);
            let mut theirs = command("openssl", &["cms", "-verify", "-binary", "-inform", "DER"]);
            theirs.args(["-purpose", "any", "-out", "/dev/null"]);
            theirs.args(["-attime", &seconds, "-in"]);
            theirs.arg(self.vector(&file)).arg("-content").arg(&permit);
            theirs
                .arg("-CAfile")
                .arg(&root)
                .arg("-certfile")
                .arg(&issuing);
            add(&what, "openssl cms", theirs);
        }

        let what = "path of three certificates, P-256, with both CRLs";
        for (who, work) in self.path(&root, &issuing) {
            add(what, who, work);
        }

        let what = "time-stamp token, RSA-2048, with its path";
        let mut ours = self.verify("timestamp/token.rsa.tst");
        ours.arg("--detached").arg(&permit);
        add(what, "imza", ours);
        let mut theirs = command(
            "openssl",
            &["ts", "-verify", "-token_in", "-attime", &seconds],
        );
        theirs
            .arg("-in")
            .arg(self.vector("timestamp/token.rsa.tst"));
        theirs.arg("-data").arg(&permit).arg("-CAfile").arg(&root);
        theirs.arg("-untrusted").arg(&issuing);
        add(what, "openssl ts", theirs);

        let what = "XML signature of a container, P-256 (xmlsec1: unpacked before, no XAdES)";
        add(what, "imza", self.verify("asic-e/form.p-256.asice"));
        if find("xmlsec1").is_some() {
            add(what, "xmlsec1", self.xmlsec(&root, &issuing)?);
        }
        Ok(all)
    }

    fn xmlsec(&self, root: &Path, issuing: &Path) -> Outcome<Command> {
        let unpacked = self.folder.join("unpacked");
        quiet(
            command("python3", &["-X", "utf8", "-m", "zipfile", "-e"])
                .arg(self.vector("asic-e/form.p-256.asice"))
                .arg(&unpacked),
        )?;
        let mut theirs = command("xmlsec1", &["--verify", "--trusted-pem"]);
        theirs.current_dir(&unpacked).arg(root);
        theirs.arg("--untrusted-pem").arg(issuing);
        let time = rfc3339(VALIDATION_TIME).replace('T', " ").replace('Z', "");
        theirs.args(["--verification-gmt-time", &time, "--id-attr:Id"]);
        theirs.arg("http://uri.etsi.org/01903/v1.3.2#:SignedProperties");
        theirs.arg("META-INF/signatures0.xml");
        Ok(theirs)
    }

    /// Ours inside one process, beside what the Python libraries do.
    fn own_library(&self) -> Option<Row> {
        let name = "warm: path of three with OCSP and CRL";
        let (_, time) = self.warm.iter().find(|(own, _)| own == name)?;
        Some([name, "imza", time, ""].map(str::to_owned))
    }

    /// Three certificates with the lists of both authorities.
    fn path(&self, root: &Path, issuing: &Path) -> [(&'static str, Command); 2] {
        let lists = ["pki/root.crl", "pki/issuing-ca.crl"];
        let mut ours = Command::new(self.imza);
        ours.args(["certificate", "validate", "--offline", "--purpose", "any"]);
        ours.args(["--time", &rfc3339(VALIDATION_TIME), "--trust"]);
        ours.arg(root).arg("--untrusted").arg(issuing);
        let mut theirs = command("openssl", &["verify", "-crl_check_all", "-attime"]);
        theirs.arg(VALIDATION_TIME.to_string()).arg("-CAfile");
        theirs.arg(root).arg("-untrusted").arg(issuing);
        for list in lists {
            ours.arg("--crl").arg(self.vector(list));
            theirs.arg("-CRLfile").arg(self.vector(list));
        }
        for command in [&mut ours, &mut theirs] {
            command.arg(self.vector("pki/citizen-p256.cer"));
        }
        [("imza", ours), ("openssl verify", theirs)]
    }

    fn python(&self) -> PathBuf {
        self.folder.join("venv/bin/python")
    }

    /// pyHanko and lxml inside one process.
    fn libraries(&self) -> Outcome<Vec<Row>> {
        if quiet(Command::new(self.python()).args(["-c", "import pyhanko, lxml"])).is_err() {
            eprintln!("  a virtual environment with {} …", PACKAGES.join(", "));
            quiet(command("python3", &["-m", "venv"]).arg(self.folder.join("venv")))?;
            let mut install = Command::new(self.python());
            quiet(
                install
                    .args(["-m", "pip", "install", "--quiet"])
                    .args(PACKAGES),
            )?;
        }
        let script = self.folder.join("peers.py");
        std::fs::write(&script, SCRIPT)?;
        let said = quiet(
            Command::new(self.python())
                .arg(&script)
                .arg(self.vectors)
                .arg(VALIDATION_TIME.to_string()),
        )?;
        let rows = said.lines().filter_map(|line| {
            let mut cells = line.split('\t').map(str::to_owned);
            Some([cells.next()?, cells.next()?, cells.next()?, cells.next()?])
        });
        Ok(rows.collect())
    }
}

const SCRIPT: &str = include_str!("peers.py");

/// Median and spread of many starts, and the most memory of one.
pub(super) fn program(work: &mut Command) -> Outcome<(String, String)> {
    let mut times = Vec::new();
    for start in 0..STARTS + 5 {
        let took = time(work)?;
        if start >= 5 {
            times.push(took);
        }
    }
    let memory = super::many::megabytes(Run::of(work)?.memory);
    Ok((Spread::of(times).to_string(), memory))
}
