//! What DSS makes and extends with the services of a PKI on this machine, judged here; and what of it
//! is extended here, judged by DSS.

use super::matrix::{
    Cell, FORMS, Form, INVOICE, KEYS, Key, LEVEL_NAMES, LEVELS, Line, context, extend, make,
};
use super::oracle::{NAME, Oracle};
use crate::Outcome;
use crate::process::{command, find, quiet};
use imza::algorithm::{DigestAlgorithm, ValueEncoding};
use imza::creation::Packaging;
use imza::job::Seed;
use imza::policy::RevocationRequirement;
use imza::reading::{Network, Validation, ValidationRequest};
use imza::source::Input;
use imza::time::UnixTime;
use imza::transport::{Memory, drive};
use imza_test_vectors::Pki;
use imza_test_vectors::export::pem;
use imza_test_vectors::server::Server;
use imza_test_vectors::time::Clock;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

/// What DSS makes: format, packaging, the name of the row.
const MADE_BY_DSS: [(&str, &str, &str); 9] = [
    ("ASiC-E-XAdES", "", "ASiC-E with XAdES"),
    ("ASiC-S-XAdES", "", "ASiC-S with XAdES"),
    ("XAdES", "ENVELOPED", "XAdES, enveloped"),
    ("XAdES", "ENVELOPING", "XAdES, enveloping"),
    ("XAdES", "DETACHED", "XAdES, detached"),
    ("XAdES", "INTERNALLY_DETACHED", "XAdES, internally detached"),
    ("ASiC-E-CAdES", "", "ASiC-E with CAdES"),
    ("ASiC-S-CAdES", "", "ASiC-S with CAdES"),
    ("CAdES", "DETACHED", "CAdES, detached"),
];

/// What DSS extends of ours.
const EXTENDED_BY_DSS: [Packaging; 10] = [
    Packaging::AsicEWithXades,
    Packaging::AsicSWithXades,
    Packaging::XadesEnveloped,
    Packaging::XadesEnveloping,
    Packaging::XadesDetached,
    Packaging::XadesInternallyDetached,
    Packaging::AsicEWithCades,
    Packaging::AsicSWithCades,
    Packaging::CadesAttached,
    Packaging::CadesDetached,
];

/// The services of a PKI on this machine, for DSS.
struct Live<'a> {
    oracle: &'a Oracle,
    folder: &'a Path,
    pki: Pki,
    tsa: String,
    root: PathBuf,
}

/// A row for each form.
pub(super) fn lines(oracle: &Oracle, folder: &Path) -> Outcome<Vec<Line>> {
    if find("openssl").is_none() {
        return Ok(Vec::new());
    }
    let server = Server::start(Clock::System)?;
    let live = Live {
        oracle,
        folder,
        pki: server.pki(),
        tsa: format!("{}/tsa", server.url()),
        root: folder.join("live-root.cer"),
    };
    std::fs::write(&live.root, &live.pki.root.certificate)?;
    let mut lines = Vec::new();
    for (format, packaging, name) in MADE_BY_DSS {
        lines.push(live.made(format, packaging, name)?);
    }
    for (format, packaging, name) in MADE_BY_DSS {
        lines.push(live.extended_here(format, packaging, name)?);
    }
    for packaging in EXTENDED_BY_DSS {
        let form = FORMS.iter().find(|form| form.packaging == packaging);
        lines.push(live.extended(form.ok_or("no such form")?)?);
    }
    Ok(lines)
}

impl Live<'_> {
    /// What DSS makes in one form, at every level with every key. Each document starts a virtual
    /// machine.
    fn made(&self, format: &str, packaging: &str, name: &str) -> Outcome<Line> {
        let mut line = Line {
            judge: "imza",
            name: format!("{name}, by DSS"),
            cells: [Cell::default(); 4],
            wrong: Vec::new(),
        };
        for (number, key) in KEYS.iter().enumerate() {
            let store = self.key_store(key)?;
            for level in LEVEL_NAMES {
                let made = self.by_dss(format, packaging, level, number);
                let mut options = vec!["--format", format, "--level", level];
                options.extend(["--digest", digest_name(key)]);
                if key.name.ends_with("PSS") {
                    options.extend(["--encryption", "RSASSA_PSS"]);
                }
                if !packaging.is_empty() {
                    options.extend(["--packaging", packaging]);
                }
                let document = self.folder.join("invoice.xml");
                let signed = self
                    .oracle
                    .sign(&options, &store, &self.tsa, &self.root, &made, &document);
                let verdict = match signed {
                    Ok(()) => {
                        let document = std::fs::read(&made)?;
                        judge(
                            &self.pki,
                            &document,
                            packaging == "DETACHED",
                            is_bare(level),
                        )?
                    }
                    Err(error) => format!("not made: {error}"),
                };
                line.count(level, key, &verdict);
            }
        }
        Ok(line)
    }

    /// Where a document is that DSS made.
    fn by_dss(&self, format: &str, packaging: &str, level: &str, key: usize) -> PathBuf {
        let name = format!("dss-{format}-{packaging}-{level}-{key}");
        self.folder.join(name)
    }

    /// What DSS made at level B, extended here step by step, and judged by DSS.
    fn extended_here(&self, format: &str, packaging: &str, name: &str) -> Outcome<Line> {
        let mut line = Line {
            judge: NAME,
            name: format!("{name}, by DSS, extended by imza"),
            cells: [Cell::default(); 4],
            wrong: Vec::new(),
        };
        let beside = packaging == "DETACHED";
        let detached: Vec<PathBuf> = beside
            .then(|| self.folder.join("invoice.xml"))
            .into_iter()
            .collect();
        let mut jobs = Vec::new();
        for (number, key) in KEYS.iter().enumerate() {
            let mut octets = std::fs::read(self.by_dss(format, packaging, "B", number))?;
            for (level, name) in LEVELS.iter().zip(LEVEL_NAMES) {
                let Some(level) = *level else {
                    continue;
                };
                octets = extend(&self.pki, octets, beside, level, Clock::System.read())?;
                let id = format!("{name}-{number}");
                let path = self
                    .folder
                    .join(format!("raised-{format}-{packaging}-{id}"));
                std::fs::write(&path, &octets)?;
                jobs.push(json!({
                    "id": id, "file": path, "trust": [self.root], "detached": detached,
                    "time": UnixTime::from_seconds(Clock::System.read() + 60).to_string(),
                    "no_revocation": is_bare(name), "no_crypto_constraints": !key.is_in_suite,
                }));
            }
        }
        for (id, said) in self.oracle.judge(&jobs)? {
            let (level, number) = id.split_once('-').ok_or("an answer without a question")?;
            let key = KEYS.get(number.parse::<usize>()?).ok_or("no such key")?;
            let level = LEVEL_NAMES.iter().find(|name| **name == level);
            line.count(level.ok_or("no such level")?, key, &said.verdict);
        }
        Ok(line)
    }

    /// What is made here at level B, extended by DSS to each level above.
    fn extended(&self, form: &Form) -> Outcome<Line> {
        let mut line = Line {
            judge: "imza",
            name: format!("{}, by imza, extended by DSS", form.name),
            cells: [Cell::default(); 4],
            wrong: Vec::new(),
        };
        let is_beside = matches!(
            form.packaging,
            Packaging::XadesDetached | Packaging::CadesDetached
        );
        let beside = is_beside.then(|| self.folder.join("invoice.xml"));
        for key in &KEYS {
            let now = Clock::System.read();
            let made = make(&self.pki, form, key, None, now)?.ok_or("no document")?;
            let before = self.folder.join(format!("own.{}", form.ending));
            std::fs::write(&before, made)?;
            for level in LEVEL_NAMES.into_iter().skip(1) {
                let made = self
                    .folder
                    .join(format!("extended-{level}.{}", form.ending));
                let extended = self.oracle.extend(
                    level,
                    &self.tsa,
                    &self.root,
                    &made,
                    (&before, beside.as_deref()),
                );
                let verdict = match extended {
                    Ok(()) => judge(&self.pki, &std::fs::read(&made)?, is_beside, is_bare(level))?,
                    Err(error) => format!("not extended: {error}"),
                };
                line.count(level, key, &verdict);
            }
        }
        Ok(line)
    }

    fn key_store(&self, of: &Key) -> Outcome<PathBuf> {
        let (certificate, private) = of.material(&self.pki)?;
        let key = self.folder.join("key.pem");
        let certificates = self.folder.join("certificates.pem");
        std::fs::write(&key, private)?;
        let own = pem("CERTIFICATE", &certificate);
        let above = pem("CERTIFICATE", &self.pki.issuing_ca.certificate);
        std::fs::write(&certificates, own + &above)?;
        let store = self.folder.join("key.p12");
        let mut openssl = command("openssl", &["pkcs12", "-export", "-name", "key", "-inkey"]);
        openssl.arg(&key).arg("-in").arg(&certificates);
        openssl.args(["-passout", "pass:secret", "-out"]);
        quiet(openssl.arg(&store))?;
        Ok(store)
    }
}

/// The digest that goes with a key, in the words of DSS.
fn digest_name(key: &Key) -> &'static str {
    match (key.algorithm)(ValueEncoding::Plain).digest() {
        Some(DigestAlgorithm::Sha384) => "SHA384",
        Some(DigestAlgorithm::Sha256) => "SHA256",
        _ => "SHA512",
    }
}

/// Whether a document of a level carries no revocation data.
fn is_bare(level: &str) -> bool {
    matches!(level, "B" | "T")
}

/// The integrity of a message whose signer nobody knows.
pub(super) fn integrity(message: &[u8]) -> Outcome<String> {
    let request = ValidationRequest {
        inputs: vec![Input::at_hand("message", message)],
        given: Vec::new(),
        keys: Vec::new(),
        seed: Seed::new([0; 32]),
        network: Network::Offline,
    };
    let context = context(
        &Pki::fixed()?,
        Clock::System.read() + 2,
        RevocationRequirement::None,
    )?;
    let mut memory = Memory::new([message.to_vec()]);
    let report = drive(Validation::begin(request, context)?, &mut memory)?.report;
    let report = serde_json::to_value(&report)?;
    let found = report.pointer("/signatures/0/integrity");
    Ok(found.and_then(Value::as_str).unwrap_or("none").to_owned())
}

pub(super) fn judge(pki: &Pki, document: &[u8], beside: bool, is_bare: bool) -> Outcome<String> {
    let mut files = vec![("document", document.to_vec())];
    if beside {
        files.push(("invoice.xml", INVOICE.to_vec()));
    }
    let inputs = files.iter();
    let request = ValidationRequest {
        inputs: inputs
            .map(|(name, octets)| Input::at_hand(*name, octets.as_slice()))
            .collect(),
        given: Vec::new(),
        keys: Vec::new(),
        seed: Seed::new([0; 32]),
        network: Network::Offline,
    };
    let revocation = match is_bare {
        true => RevocationRequirement::None,
        false => RevocationRequirement::Require,
    };
    let context = context(pki, Clock::System.read() + 2, revocation)?;
    let mut memory = Memory::new(files.into_iter().map(|(_, octets)| octets));
    let job = Validation::begin(request, context)?;
    let report = serde_json::to_value(&drive(job, &mut memory)?.report)?;
    let word = |name: &str| report.get(name).and_then(Value::as_str).unwrap_or_default();
    Ok(match word("sub_indication") {
        "" => word("indication").to_owned(),
        sub => format!("{}/{sub}", word("indication")),
    })
}
