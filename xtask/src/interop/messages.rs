//! Plain CMS and time-stamps: with OpenSSL, pyHanko and BouncyCastle, both ways.
//!
//! OpenSSL knows no AdES rules, pyHanko is asked as a validator of plain CMS. A peer that is not there
//! has a row that says so.

use super::matrix::{self, INVOICE, KEYS, Owner};
use super::{Answer, Row, bouncycastle, theirs};
use crate::process::{command, find, quiet};
use crate::{Outcome, workspace};
use imza::algorithm::DigestAlgorithm;
use imza::creation::{Packaging, Timestamping, TimestampingRequest};
use imza::crypto;
use imza::job::{Fetch, FetchFailure, InputId, Seed};
use imza::limits::Limits;
use imza::transport::{Fetched, Streamed, Transport, drive};
use imza_test_vectors::Pki;
use imza_test_vectors::export::pem;
use imza_test_vectors::pki::FIXED_TIME;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

/// What is asked of OpenSSL: the name of the row, and the options.
const FORMS: [(&str, &[&str]); 7] = [
    ("attached", &["-nodetach"]),
    ("detached", &[]),
    ("named by key identifier", &["-nodetach", "-keyid"]),
    ("in BER, streamed", &["-nodetach", "-stream"]),
    ("with a signing-certificate", &["-nodetach", "-cades"]),
    (
        "attached, without signed attributes",
        &["-nodetach", "-noattr"],
    ),
    ("as S/MIME", &["-nodetach", "-outform", "SMIME"]),
];

/// The packages of pyHanko's virtual environment.
const PACKAGES: &[&str] = &["pyHanko==0.38.0", "pyhanko-certvalidator==0.33.0"];
const SCRIPT: &str = include_str!("plain_cms.py");

pub(super) fn rows() -> Outcome<Vec<Row>> {
    let folder = tempfile::tempdir()?;
    let bench = Bench::new(folder.path())?;
    let mut rows = Vec::new();
    match find("openssl") {
        None => {
            let missing = Answer::Skipped("openssl is not installed".to_owned());
            rows.push(Row::new("OpenSSL", "plain CMS and time-stamps", missing));
        }
        Some(_) => {
            rows.push(row(
                "OpenSSL",
                "time-stamps over our requests",
                bench.stamps(),
            ));
            for (name, options) in FORMS {
                let what = format!("CMS by OpenSSL, {name}");
                rows.push(row("imza", &what, bench.by_openssl(options)));
            }
            rows.push(ml_dsa());
        }
    }
    match bench.python() {
        Err(error) => {
            let missing = Answer::Skipped(format!("no pyHanko: {error}"));
            rows.push(Row::new("pyHanko", "plain CMS", missing));
        }
        Ok(python) => {
            rows.push(row("pyHanko", "CAdES by imza", bench.to_pyhanko(&python)));
            rows.push(row("imza", "CMS by pyHanko", bench.by_pyhanko(&python)));
        }
    }
    rows.extend(bouncycastle::rows()?);
    Ok(rows)
}

pub(super) fn row(judge: &'static str, what: &str, outcome: Outcome<Count>) -> Row {
    let answer = match outcome {
        Ok(count) if count.wrong.is_empty() => {
            Answer::Agrees(format!("{} of {}", count.right, count.right))
        }
        Ok(count) => {
            let all = count.right + count.wrong.len();
            let wrong = count.wrong.join("\n    ");
            Answer::Differs(format!("{} of {all}\n    {wrong}", count.right))
        }
        Err(error) => Answer::Differs(error.to_string()),
    };
    Row::new(judge, what, answer)
}

/// OpenSSL knows ML-DSA from version 3.5 on.
fn ml_dsa() -> Row {
    let said = quiet(&mut command("openssl", &["version"])).unwrap_or_default();
    let number = said
        .split_whitespace()
        .nth(1)
        .unwrap_or_default()
        .to_owned();
    let mut parts = number
        .split('.')
        .filter_map(|part| part.parse::<u32>().ok());
    let version = (parts.next().unwrap_or(0), parts.next().unwrap_or(0));
    let answer = match version >= (3, 5) {
        true => match made_with_ml_dsa() {
            Ok(said) => Answer::Agrees(said),
            Err(error) => Answer::Differs(error.to_string()),
        },
        false => Answer::Agrees(format!("not asked: OpenSSL {number} does not know it")),
    };
    Row::new("OpenSSL", "ML-DSA", answer)
}

/// A message of OpenSSL's own, judged here.
fn made_with_ml_dsa() -> Outcome<String> {
    let folder = tempfile::tempdir()?;
    let path = |name: &str| folder.path().join(name);
    std::fs::write(path("invoice.xml"), INVOICE)?;
    let mut names = Vec::new();
    for name in ["ML-DSA-44", "ML-DSA-65", "ML-DSA-87"] {
        let mut make = command("openssl", &["req", "-x509", "-newkey", name, "-nodes"]);
        make.args(["-subj", "/CN=Qonaq", "-days", "3650", "-keyout"]);
        quiet(make.arg(path("key.pem")).arg("-out").arg(path("own.pem")))?;
        let mut sign = command("openssl", &["cms", "-sign", "-binary", "-nodetach"]);
        sign.args(["-outform", "DER", "-md", "sha512", "-in"]);
        sign.arg(path("invoice.xml")).arg("-out").arg(path("m.p7m"));
        sign.arg("-signer").arg(path("own.pem"));
        quiet(sign.arg("-inkey").arg(path("key.pem")))?;
        let message = std::fs::read(path("m.p7m"))?;
        let integrity = theirs::integrity(&message)?;
        if integrity != "intact" {
            return Err(format!("{name}: {integrity}").into());
        }
        names.push(name);
    }
    Ok(format!("{} by OpenSSL intact", names.join(", ")))
}

/// How many were as they should be, and those that were not.
#[derive(Default)]
pub(super) struct Count {
    right: usize,
    wrong: Vec<String>,
}

impl Count {
    pub(super) fn add(&mut self, name: &str, outcome: Outcome<()>) {
        match outcome {
            Ok(()) => self.right += 1,
            Err(error) => self.wrong.push(format!("{name}: {error}")),
        }
    }
}

/// Keys and certificates as files.
struct Bench<'b> {
    folder: &'b Path,
    pki: Pki,
}

impl<'b> Bench<'b> {
    fn new(folder: &'b Path) -> Outcome<Self> {
        let pki = Pki::fixed()?;
        let write = |name: &str, octets: &[u8]| std::fs::write(folder.join(name), octets);
        write("root.cer", &pki.root.certificate)?;
        write("issuing-ca.cer", &pki.issuing_ca.certificate)?;
        write("invoice.xml", INVOICE)?;
        let text = |der: &[u8]| pem("CERTIFICATE", der).into_bytes();
        write("root.pem", &text(&pki.root.certificate))?;
        write("issuing-ca.pem", &text(&pki.issuing_ca.certificate))?;
        for (number, key) in KEYS.iter().enumerate() {
            let (certificate, private) = key.material(&pki)?;
            write(&format!("{number}.pem"), &text(&certificate))?;
            write(&format!("{number}.key"), private.as_bytes())?;
        }
        Ok(Self { folder, pki })
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    fn openssl(&self, arguments: &[&str]) -> Command {
        let mut openssl = command("openssl", arguments);
        openssl.current_dir(self.folder);
        openssl
    }

    /// Messages that OpenSSL makes with every key, judged here.
    fn by_openssl(&self, options: &[&str]) -> Outcome<Count> {
        let mut count = Count::default();
        for (number, key) in KEYS.iter().enumerate() {
            // OpenSSL 3.0 signs no messages with the one, and streams none with the other.
            let is_streamed = options.contains(&"-stream");
            let is_pss = key.name.ends_with("PSS");
            if key.name == "Ed25519" || is_pss && is_streamed {
                continue;
            }
            let mut sign = self.openssl(&["cms", "-sign", "-binary", "-in", "invoice.xml"]);
            if !options.contains(&"-outform") {
                sign.args(["-outform", "DER"]);
            }
            sign.args(["-out", "m.p7m", "-certfile", "issuing-ca.pem"]);
            sign.args(["-signer", &format!("{number}.pem")]);
            sign.args(["-inkey", &format!("{number}.key")]);
            if is_pss {
                sign.args(["-keyopt", "rsa_padding_mode:pss"]);
            }
            let digest = match key.name {
                "P-384" => "sha384",
                "P-521" => "sha512",
                _ => "sha256",
            };
            let outcome = quiet(sign.args(["-md", digest]).args(options)).and_then(|_| {
                let message = std::fs::read(self.path("m.p7m"))?;
                // EN 319 102-1 §5.2.8.4: without a signing-time it is no AdES signature, though intact.
                if options.contains(&"-noattr") {
                    return match theirs::integrity(&message)? {
                        intact if intact == "intact" => Ok(()),
                        other => Err(other.into()),
                    };
                }
                let is_detached = !options.contains(&"-nodetach");
                self.passes(&message, is_detached)
            });
            count.add(key.name, outcome);
        }
        Ok(count)
    }

    /// Made by the machine's clock: judged now, and by what is in the message alone.
    fn passes(&self, message: &[u8], is_detached: bool) -> Outcome<()> {
        match theirs::judge(&self.pki, message, is_detached, true)? {
            verdict if verdict == "TOTAL-PASSED" => Ok(()),
            verdict => Err(verdict.into()),
        }
    }

    /// Our requests, answered by OpenSSL as an authority; the answers are taken in here, and OpenSSL
    /// compares them with the requests.
    fn stamps(&self) -> Outcome<Count> {
        let write = |name: &str, text: String| std::fs::write(self.path(name), text);
        let tsa = &self.pki.tsa_rsa_2048;
        write("tsa.pem", pem("CERTIFICATE", &tsa.certificate))?;
        write("tsa.key", tsa.key.pkcs8_pem()?)?;
        write("serial", "01\n".to_owned())?;
        write("tsa.cnf", CONFIGURATION.to_owned())?;
        let mut count = Count::default();
        for (name, algorithm) in [
            ("SHA-256", DigestAlgorithm::Sha256),
            ("SHA-384", DigestAlgorithm::Sha384),
            ("SHA-512", DigestAlgorithm::Sha512),
        ] {
            let request = TimestampingRequest {
                algorithm,
                digest: crypto::digest(algorithm, INVOICE)?,
                authorities: vec!["http://tsa.example/".to_owned()],
                policy: None,
                seed: Seed::new([9; 32]),
                limits: Arc::new(Limits::default()),
            };
            let mut world = Authority { bench: self };
            let made = Timestamping::begin(request).and_then(|job| drive(job, &mut world));
            let outcome = made.map_err(Into::into).and_then(|made| {
                std::fs::write(self.path("token.tst"), &made.token)?;
                let mut verify = self.openssl(&["ts", "-verify", "-queryfile", "request.tsq"]);
                verify.args(["-in", "token.tst", "-token_in", "-CAfile", "root.pem"]);
                quiet(verify.args(["-untrusted", "issuing-ca.pem"])).map(drop)
            });
            count.add(name, outcome);
        }
        Ok(count)
    }

    /// A Python with pyHanko, below `target`.
    fn python(&self) -> Outcome<PathBuf> {
        let folder = workspace::target()?.join("xtask-interop");
        std::fs::create_dir_all(&folder)?;
        let python = folder.join("venv/bin/python");
        if quiet(Command::new(&python).args(["-c", "import pyhanko"])).is_err() {
            quiet(command("python3", &["-m", "venv"]).arg(folder.join("venv")))?;
            let mut install = Command::new(&python);
            install.args(["-m", "pip", "install", "--quiet"]);
            quiet(install.args(PACKAGES))?;
        }
        std::fs::write(self.path("plain_cms.py"), SCRIPT)?;
        Ok(python)
    }

    /// What we make with every key that pyHanko knows.
    fn to_pyhanko(&self, python: &Path) -> Outcome<Count> {
        let mut count = Count::default();
        for key in &KEYS {
            for packaging in [Packaging::CadesAttached, Packaging::CadesDetached] {
                let Some(message) = matrix::make_first(&self.pki, packaging, key)? else {
                    continue;
                };
                std::fs::write(self.path("m.p7m"), message)?;
                let mut judge = Command::new(python);
                judge
                    .current_dir(self.folder)
                    .args(["plain_cms.py", "judge"]);
                judge.args(["root.cer", "issuing-ca.cer"]);
                judge.args([&(FIXED_TIME + 60).to_string(), "m.p7m"]);
                if packaging == Packaging::CadesDetached {
                    judge.arg("invoice.xml");
                }
                let outcome = quiet(&mut judge).and_then(|said| match said.trim() {
                    "valid" => Ok(()),
                    other => Err(other.to_owned().into()),
                });
                count.add(&format!("{} {packaging:?}", key.name), outcome);
            }
        }
        Ok(count)
    }

    /// What pyHanko makes with the keys of the PKI.
    fn by_pyhanko(&self, python: &Path) -> Outcome<Count> {
        let mut count = Count::default();
        for (number, key) in KEYS.iter().enumerate() {
            if matches!(key.owner, Owner::Guest(_)) {
                continue;
            }
            let mut store = self.openssl(&["pkcs12", "-export", "-name", "key"]);
            store.args(["-in", &format!("{number}.pem")]);
            store.args(["-inkey", &format!("{number}.key")]);
            store.args(["-certfile", "issuing-ca.pem", "-passout", "pass:secret"]);
            let made = quiet(store.args(["-out", "key.p12"])).and_then(|_| {
                let mut make = Command::new(python);
                make.current_dir(self.folder).args(["plain_cms.py", "make"]);
                make.args(["key.p12", "invoice.xml", "a.p7m", "d.p7s"]);
                quiet(&mut make)
            });
            if let Err(error) = made {
                count.add(key.name, Err(error));
                continue;
            }
            for (file, is_detached) in [("a.p7m", false), ("d.p7s", true)] {
                let message = std::fs::read(self.path(file))?;
                let name = format!("{} {file}", key.name);
                count.add(&name, self.passes(&message, is_detached));
            }
        }
        Ok(count)
    }
}

/// Of `openssl ts -reply`.
const CONFIGURATION: &str = "\
[tsa]
default_tsa = own
[own]
serial = serial
signer_cert = tsa.pem
certs = issuing-ca.pem
signer_key = tsa.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256, sha384, sha512
accuracy = secs:1
ordering = no
tsa_name = no
ess_cert_id_chain = no
ess_cert_id_alg = sha256
";

/// OpenSSL as an authority.
struct Authority<'b> {
    bench: &'b Bench<'b>,
}

impl Transport for Authority<'_> {
    fn read(&mut self, _: InputId, _: Range<u64>) -> Option<Vec<u8>> {
        None
    }

    fn stream(
        &mut self,
        _: InputId,
        _: Range<u64>,
        _: &mut dyn FnMut(&[u8]) -> Result<(), imza::error::Error>,
    ) -> Result<Streamed, imza::error::Error> {
        Ok(Streamed::Unreadable)
    }

    fn fetch(&mut self, fetch: &Fetch) -> Result<Fetched, FetchFailure> {
        let folder = self.bench.folder;
        let body = fetch.body.clone().unwrap_or_default();
        let answer = || -> Outcome<Vec<u8>> {
            std::fs::write(folder.join("request.tsq"), body)?;
            let mut reply = self.bench.openssl(&["ts", "-reply", "-config", "tsa.cnf"]);
            quiet(reply.args(["-queryfile", "request.tsq", "-out", "answer.tsr"]))?;
            Ok(std::fs::read(folder.join("answer.tsr"))?)
        };
        match answer() {
            Ok(body) => Ok(Fetched { body }),
            Err(error) => {
                eprintln!("{error}");
                Err(FetchFailure::Unreachable)
            }
        }
    }
}
