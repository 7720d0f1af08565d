//! What is made, by form, level and key, judged by DSS, digidoc4j and xmlsec1; and what DSS makes, judged here.
//!
//! The table goes into the manual (`cargo xtask interop --write`). Every document is made in this
//! process, with a PKI in a box behind the transport, and is the same at every run.

use super::oracle::{NAME, Oracle};
use super::{Answer, Row, digidoc4j, theirs, xmlsec};
use crate::process::{command, find, quiet};
use crate::{Outcome, workspace};
use imza::algorithm::{DigestAlgorithm, SignatureAlgorithm, ValueEncoding};
use imza::creation::{
    Augmentation, AugmentationRequest, DocumentToSign, Packaging, Preparation, SigningParameters,
    SigningRequest, TIMESTAMP_ROOM, sign,
};
use imza::crypto::SoftwareKey;
use imza::error::Error;
use imza::job::{Fetch, FetchFailure, InputId, Seed};
use imza::limits::{Budget, Limits};
use imza::policy::{RevocationRequirement, ValidationPolicy};
use imza::reading::Network;
use imza::signer::Signer;
use imza::signer::software::SoftwareSigner;
use imza::source::{Edits, Input, write_all};
use imza::time::UnixTime;
use imza::transport::{Fetched, Memory, Streamed, Transport, drive};
use imza::trust::TrustSet;
use imza::validation::Context;
use imza::vocabulary::BaselineLevel;
use imza_test_vectors::der;
use imza_test_vectors::export::pem;
use imza_test_vectors::name::Name;
use imza_test_vectors::pdf::{CrossReference, Pdf};
use imza_test_vectors::pki::FIXED_TIME;
use imza_test_vectors::{Entity, Pki, services};
use serde_json::json;
use std::collections::BTreeMap;
use std::fmt::Write;
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

const MANUAL: &str = "docs/manual/interoperability.md";
const BEGIN: &str = "<!-- interop: made by cargo xtask interop --write -->\n";
const END: &str = "<!-- interop: end -->";
pub(super) const INVOICE: &[u8] =
    b"<?xml version='1.0'?>\n<invoice xmlns='urn:invoice' Id='i1'><total>10</total></invoice>\n";
pub(super) const LEVELS: [Option<BaselineLevel>; 4] = [
    None,
    Some(BaselineLevel::T),
    Some(BaselineLevel::Lt),
    Some(BaselineLevel::Lta),
];
pub(super) const LEVEL_NAMES: [&str; 4] = ["B", "T", "LT", "LTA"];

/// A form of signed document.
pub(super) struct Form {
    pub(super) packaging: Packaging,
    pub(super) name: &'static str,
    /// What the file is called.
    pub(super) ending: &'static str,
}

pub(super) const FORMS: [Form; 20] = [
    form(Packaging::AsicEWithXades, "ASiC-E with XAdES", "asice"),
    form(
        Packaging::AsicXadesAddition,
        "the same, signed twice",
        "asice",
    ),
    form(
        Packaging::AsicCounterSignature,
        "the same, counter-signed",
        "asice",
    ),
    form(Packaging::AsicSWithXades, "ASiC-S with XAdES", "asics"),
    form(
        Packaging::AsicXadesAddition,
        "ASiC-S with XAdES, signed twice",
        "asics",
    ),
    form(Packaging::XadesEnveloped, "XAdES, enveloped", "xml"),
    form(Packaging::XadesEnveloping, "XAdES, enveloping", "xml"),
    form(Packaging::XadesDetached, "XAdES, detached", "xml"),
    form(
        Packaging::XadesInternallyDetached,
        "XAdES, internally detached",
        "xml",
    ),
    form(Packaging::AsicEWithCades, "ASiC-E with CAdES", "asice"),
    form(
        Packaging::AsicCadesAddition,
        "ASiC-E with CAdES, signed twice",
        "asice",
    ),
    form(
        Packaging::AsicCadesCounterSignature,
        "ASiC-E with CAdES, counter-signed",
        "asice",
    ),
    form(Packaging::AsicSWithCades, "ASiC-S with CAdES", "asics"),
    form(
        Packaging::AsicCadesAddition,
        "ASiC-S with CAdES, signed twice",
        "asics",
    ),
    form(
        Packaging::AsicCadesCounterSignature,
        "ASiC-S with CAdES, counter-signed",
        "asics",
    ),
    form(Packaging::CadesAttached, "CAdES, attached", "p7m"),
    form(Packaging::CadesDetached, "CAdES, detached", "p7s"),
    form(Packaging::CadesAddition, "CAdES, signed twice", "p7m"),
    form(
        Packaging::CadesCounterSignature,
        "CAdES, counter-signed",
        "p7m",
    ),
    form(Packaging::Pades, "PAdES", "pdf"),
];

const fn form(packaging: Packaging, name: &'static str, ending: &'static str) -> Form {
    Form {
        packaging,
        name,
        ending,
    }
}

/// A key with the algorithm that it signs by.
pub(super) struct Key {
    pub(super) name: &'static str,
    pub(super) owner: Owner,
    pub(super) algorithm: fn(ValueEncoding) -> SignatureAlgorithm,
    /// Whether xmlsec1 knows the algorithm in every version in use.
    pub(super) is_old: bool,
    /// Whether the cryptographic suite of DSS has the algorithm, and OpenSSL verifies it in a message;
    /// else neither is asked about that.
    pub(super) is_in_suite: bool,
}

/// Whose a key is.
pub(super) enum Owner {
    /// Somebody of the PKI.
    Citizen(fn(&Pki) -> &Entity),
    /// Somebody who comes with a key of another kind (PKCS #8).
    Guest(fn() -> Vec<u8>),
}

impl Key {
    /// The certificate (DER) and the key (PEM).
    pub(super) fn material(&self, pki: &Pki) -> Outcome<(Vec<u8>, String)> {
        match self.owner {
            Owner::Citizen(of) => {
                let entity = of(pki);
                Ok((entity.certificate.clone(), entity.key.pkcs8_pem()?))
            }
            Owner::Guest(key) => {
                let private = key();
                let known = SoftwareKey::from_pkcs8_der(&private)?;
                let name = Name::person("Qonaq", "Açar", "PNOAZ-7TEST77");
                let certificate = pki.certify(name, known.public_key().spki(), 0x7777)?;
                Ok((certificate, pem("PRIVATE KEY", &private)))
            }
        }
    }
}

/// A private key that is the same at every run.
///
/// ```text
/// PrivateKeyInfo ::= SEQUENCE { version, algorithm, privateKey OCTET STRING }
/// ```
/// RFC 5958 §2, RFC 5915 §3, RFC 8410 §7.
fn p521() -> Vec<u8> {
    let algorithm = der::sequence(&[&der::oid("1.2.840.10045.2.1"), &der::oid("1.3.132.0.35")]);
    let number = [&[0][..], &[0x5a; 65]].concat();
    let own = der::sequence(&[&der::integer_raw(&[1]), &der::octet_string(&number)]);
    der::sequence(&[
        &der::integer_raw(&[0]),
        &algorithm,
        &der::octet_string(&own),
    ])
}

fn ed25519() -> Vec<u8> {
    let algorithm = der::sequence(&[&der::oid("1.3.101.112")]);
    let own = der::octet_string(&[0x5a; 32]);
    der::sequence(&[
        &der::integer_raw(&[0]),
        &algorithm,
        &der::octet_string(&own),
    ])
}

pub(super) const KEYS: [Key; 6] = [
    Key {
        name: "P-256",
        owner: Owner::Citizen(|pki| &pki.citizen_p256),
        algorithm: |encoding| SignatureAlgorithm::Ecdsa {
            digest: DigestAlgorithm::Sha256,
            encoding,
        },
        is_old: true,
        is_in_suite: true,
    },
    Key {
        name: "P-384",
        owner: Owner::Citizen(|pki| &pki.citizen_p384),
        algorithm: |encoding| SignatureAlgorithm::Ecdsa {
            digest: DigestAlgorithm::Sha384,
            encoding,
        },
        is_old: true,
        is_in_suite: true,
    },
    Key {
        name: "RSA-2048",
        owner: Owner::Citizen(|pki| &pki.citizen_rsa_2048),
        algorithm: |_| SignatureAlgorithm::RsaPkcs1 {
            digest: DigestAlgorithm::Sha256,
        },
        is_old: true,
        is_in_suite: true,
    },
    Key {
        name: "RSA-3072 PSS",
        owner: Owner::Citizen(|pki| &pki.citizen_rsa_3072),
        algorithm: |_| SignatureAlgorithm::pss(DigestAlgorithm::Sha256),
        is_old: false,
        is_in_suite: true,
    },
    Key {
        name: "P-521",
        owner: Owner::Guest(p521),
        algorithm: |encoding| SignatureAlgorithm::Ecdsa {
            digest: DigestAlgorithm::Sha512,
            encoding,
        },
        is_old: true,
        is_in_suite: true,
    },
    Key {
        name: "Ed25519",
        owner: Owner::Guest(ed25519),
        algorithm: |_| SignatureAlgorithm::Ed25519,
        is_old: false,
        is_in_suite: false,
    },
];

/// Documents in memory, and the services of the PKI.
struct World {
    memory: Memory,
    pki: Pki,
    time: i64,
}

impl Transport for World {
    fn read(&mut self, input: InputId, range: Range<u64>) -> Option<Vec<u8>> {
        self.memory.read(input, range)
    }

    fn stream(
        &mut self,
        input: InputId,
        range: Range<u64>,
        sink: &mut dyn FnMut(&[u8]) -> Result<(), Error>,
    ) -> Result<Streamed, Error> {
        self.memory.stream(input, range, sink)
    }

    fn fetch(&mut self, fetch: &Fetch) -> Result<Fetched, FetchFailure> {
        let target = fetch.url.strip_prefix(&self.pki.url);
        let target = target.ok_or(FetchFailure::Unreachable)?;
        let method = if fetch.body.is_some() { "POST" } else { "GET" };
        let body = fetch.body.clone().unwrap_or_default();
        let answer = services::answer(&self.pki, method, target, &body, self.time);
        match answer.status {
            200 => Ok(Fetched { body: answer.body }),
            status => Err(FetchFailure::Status(status)),
        }
    }
}

pub(super) fn context(pki: &Pki, time: i64, revocation: RevocationRequirement) -> Outcome<Context> {
    let anchors = TrustSet::read_anchors(&pki.root.certificate, &mut Budget::default())?;
    Ok(Context {
        policy: Arc::new(ValidationPolicy {
            revocation,
            ..ValidationPolicy::standard()
        }),
        trust: Arc::new(TrustSet::new(anchors)),
        validation_time: UnixTime::from_seconds(time),
        proven_at: None,
        limits: Arc::new(Limits::default()),
    })
}

/// Makes one document; none where the level is not made in this form.
pub(super) fn make(
    pki: &Pki,
    form: &Form,
    key: &Key,
    level: Option<BaselineLevel>,
    at: i64,
) -> Outcome<Option<Vec<u8>>> {
    let (certificate, private) = key.material(pki)?;
    let packaging = form.packaging;
    let first = match (packaging, form.ending) {
        (Packaging::AsicXadesAddition, "asics") => Some(Packaging::AsicSWithXades),
        (Packaging::AsicXadesAddition | Packaging::AsicCounterSignature, _) => {
            Some(Packaging::AsicEWithXades)
        }
        (Packaging::AsicCadesAddition | Packaging::AsicCadesCounterSignature, "asice") => {
            Some(Packaging::AsicEWithCades)
        }
        (Packaging::AsicCadesAddition | Packaging::AsicCadesCounterSignature, _) => {
            Some(Packaging::AsicSWithCades)
        }
        (Packaging::CadesAddition | Packaging::CadesCounterSignature, _) => {
            Some(Packaging::CadesAttached)
        }
        _ => None,
    };
    let content = match packaging {
        _ if first.is_some() => {
            let other = KEYS.iter().find(|other| other.name != key.name);
            let other = other.ok_or("one key alone")?;
            let mut forms = FORMS.iter();
            let first = forms.find(|form| Some(form.packaging) == first);
            let first = make(pki, first.ok_or("no such form")?, other, None, at)?;
            first.ok_or("nothing to sign again")?
        }
        Packaging::Pades => Pdf::new("May build.", CrossReference::Table)
            .bytes()
            .to_vec(),
        _ => INVOICE.to_vec(),
    };
    let certificates =
        pem("CERTIFICATE", &certificate) + &pem("CERTIFICATE", &pki.issuing_ca.certificate);
    let mut signer = SoftwareSigner::from_pem(&private, None, &certificates, Seed::new([0; 32]))?;
    let algorithm = (key.algorithm)(packaging.value_encoding());
    let time = UnixTime::from_seconds(at);
    let mut parameters = SigningParameters::new(packaging, algorithm, time);
    if level.is_some() {
        parameters.timestamp_room = TIMESTAMP_ROOM;
    }
    let length = u64::try_from(content.len())?;
    let input = Input::on_request("invoice.xml", length);
    let request = SigningRequest {
        documents: vec![DocumentToSign {
            input: input.clone(),
            media_type: "text/xml".to_owned(),
        }],
        certificates: signer.certificate(),
        parameters,
    };
    let mut world = World {
        memory: Memory::new([content]),
        pki: pki.clone(),
        time: at + 5,
    };
    let pending = drive(Preparation::begin(request)?, &mut world)?;
    let mut edits = sign(&pending, &mut signer)?;
    if let Some(level) = level {
        let request = request_to(pki, edits, vec![input], level, at)?;
        edits = match Augmentation::begin(request).and_then(|job| drive(job, &mut world)) {
            Ok(edits) => edits,
            Err(Error::Unsupported(_)) => return Ok(None),
            Err(error) => {
                let (form, key) = (form.name, key.name);
                return Err(format!("{form}, {level:?}, {key}: {error}").into());
            }
        };
    }
    Ok(Some(written(&edits, &mut world.memory)?))
}

/// The request to raise a document, by the services of the PKI in this process.
fn request_to(
    pki: &Pki,
    edits: Edits,
    inputs: Vec<Input>,
    level: BaselineLevel,
    at: i64,
) -> Outcome<AugmentationRequest> {
    Ok(AugmentationRequest {
        edits,
        inputs,
        level,
        timestamp_authority: format!("{}/tsa", pki.url),
        context: context(pki, at + 5, RevocationRequirement::Require)?,
        seed: Seed::new([7; 32]),
        network: Network::Online,
    })
}

/// Raises a document that somebody else has made; with the invoice beside it where that is what is
/// signed.
pub(super) fn extend(
    pki: &Pki,
    document: Vec<u8>,
    beside: bool,
    level: BaselineLevel,
    at: i64,
) -> Outcome<Vec<u8>> {
    let length = u64::try_from(document.len())?;
    let mut inputs = vec![Input::on_request("document", length)];
    let mut files = vec![document];
    if beside {
        inputs.push(Input::on_request(
            "invoice.xml",
            u64::try_from(INVOICE.len())?,
        ));
        files.push(INVOICE.to_vec());
    }
    let edits = Edits::whole(InputId(0), length);
    let request = request_to(pki, edits, inputs, level, at)?;
    let mut world = World {
        memory: Memory::new(files),
        pki: pki.clone(),
        time: at + 5,
    };
    let edits = drive(Augmentation::begin(request)?, &mut world)?;
    written(&edits, &mut world.memory)
}

/// A document of level B in the first form of a packaging.
pub(super) fn make_first(pki: &Pki, packaging: Packaging, key: &Key) -> Outcome<Option<Vec<u8>>> {
    let form = FORMS.iter().find(|form| form.packaging == packaging);
    make(pki, form.ok_or("no such form")?, key, None, FIXED_TIME)
}

/// The invoice at level B, now, with a key in PKCS #8 and its certificate, which nobody vouches for.
pub(super) fn make_with(packaging: Packaging, certificate: &[u8], key: &[u8]) -> Outcome<Vec<u8>> {
    let (private, certificate) = (pem("PRIVATE KEY", key), pem("CERTIFICATE", certificate));
    let mut signer = SoftwareSigner::from_pem(&private, None, &certificate, Seed::new([0; 32]))?;
    let algorithms = signer.algorithms();
    let algorithm = *algorithms.first().ok_or("a key without an algorithm")?;
    let now = SystemTime::now().duration_since(UNIX_EPOCH)?;
    let time = UnixTime::from_seconds(i64::try_from(now.as_secs())?);
    let input = Input::on_request("invoice.xml", u64::try_from(INVOICE.len())?);
    let request = SigningRequest {
        documents: vec![DocumentToSign {
            input,
            media_type: "text/xml".to_owned(),
        }],
        certificates: signer.certificate(),
        parameters: SigningParameters::new(packaging, algorithm, time),
    };
    let mut memory = Memory::new([INVOICE.to_vec()]);
    let pending = drive(Preparation::begin(request)?, &mut memory)?;
    let edits = sign(&pending, &mut signer)?;
    written(&edits, &mut memory)
}

fn written(edits: &Edits, memory: &mut Memory) -> Outcome<Vec<u8>> {
    let mut octets = Vec::new();
    let read = |input, range| {
        let found = memory.read(input, range);
        found.ok_or(imza::error::InputError::Unreadable.into())
    };
    write_all(edits, read, |chunk| {
        octets.extend_from_slice(chunk);
        Ok(())
    })?;
    Ok(octets)
}

/// How many of some documents passed.
#[derive(Clone, Copy, Default)]
pub(super) struct Cell {
    made: usize,
    passed: usize,
}

impl Cell {
    fn words(self) -> String {
        match self.made {
            0 => "–".to_owned(),
            made => format!("{} of {made}", self.passed),
        }
    }

    fn is_whole(self) -> bool {
        self.passed == self.made
    }
}

/// A row of the table: a form, a judge, a cell for each level.
pub(super) struct Line {
    pub(super) judge: &'static str,
    pub(super) name: String,
    pub(super) cells: [Cell; 4],
    pub(super) wrong: Vec<String>,
}

impl Line {
    /// Counts a verdict on a document that was made.
    pub(super) fn count(&mut self, level: &str, key: &Key, verdict: &str) {
        let is_passed = verdict == "TOTAL-PASSED";
        let cells = LEVEL_NAMES.iter().zip(&mut self.cells);
        for (_, cell) in cells.filter(|(name, _)| **name == level) {
            cell.made += 1;
            cell.passed += usize::from(is_passed);
        }
        if !is_passed {
            self.wrong.push(format!("{level} {}: {verdict}", key.name));
        }
    }

    pub(super) fn row(&self) -> Row {
        let levels = LEVEL_NAMES.iter().zip(&self.cells);
        let told: Vec<String> = levels
            .map(|(level, cell)| format!("{level} {}", cell.words()))
            .collect();
        let mut text = told.join(", ");
        if self.cells.iter().all(|cell| cell.is_whole()) {
            return Row::new(self.judge, &self.name, Answer::Agrees(text));
        }
        for wrong in &self.wrong {
            text.push_str("\n    ");
            text.push_str(wrong);
        }
        Row::new(self.judge, &self.name, Answer::Differs(text))
    }
}

pub(super) fn rows(
    oracle: Result<&Oracle, &String>,
    messages: &[Row],
    write: bool,
) -> Outcome<Vec<Row>> {
    let oracle = match oracle {
        Ok(oracle) => oracle,
        Err(missing) => {
            let skipped = Answer::Skipped(missing.clone());
            return Ok(vec![Row::new(NAME, "what is made, by form", skipped)]);
        }
    };
    let folder = tempfile::tempdir()?;
    let mut ours = ours(oracle, folder.path())?;
    let mut rows = Vec::new();
    match digidoc4j::lines()? {
        Ok(lines) => ours.extend(lines),
        Err(skipped) => rows.push(skipped),
    }
    let theirs = theirs::lines(oracle, folder.path())?;
    rows.extend(ours.iter().chain(&theirs).map(Line::row));
    rows.push(manual(&ours, &theirs, messages, write)?);
    Ok(rows)
}

/// What DSS makes and extends, without the rest of the table.
pub(super) fn theirs_alone(oracle: &Oracle) -> Outcome<Vec<Row>> {
    let folder = tempfile::tempdir()?;
    std::fs::write(folder.path().join("invoice.xml"), INVOICE)?;
    let lines = theirs::lines(oracle, folder.path())?;
    Ok(lines.iter().map(Line::row).collect())
}

/// What is made here, judged by DSS, and by xmlsec1 or, without a container, by OpenSSL.
fn ours(oracle: &Oracle, folder: &Path) -> Outcome<Vec<Line>> {
    let pki = Pki::fixed()?;
    let root = folder.join("root.cer");
    std::fs::write(&root, &pki.root.certificate)?;
    std::fs::write(folder.join("issuing-ca.cer"), &pki.issuing_ca.certificate)?;
    std::fs::write(folder.join("invoice.xml"), INVOICE)?;
    std::fs::write(
        folder.join("root.pem"),
        pem("CERTIFICATE", &pki.root.certificate),
    )?;
    let judged_at = UnixTime::from_seconds(FIXED_TIME + 60).to_string();
    let mut jobs = Vec::new();
    let mut places = BTreeMap::new();
    for (number, form) in FORMS.iter().enumerate() {
        for key in &KEYS {
            for (level, name) in LEVELS.iter().zip(LEVEL_NAMES) {
                let Some(octets) = make(&pki, form, key, *level, FIXED_TIME)? else {
                    continue;
                };
                let id = format!("{number}-{name}-{}", key.name.replace(' ', "-"));
                let path = folder.join(format!("{id}.{}", form.ending));
                std::fs::write(&path, octets)?;
                let is_beside = matches!(
                    form.packaging,
                    Packaging::XadesDetached | Packaging::CadesDetached
                );
                let beside = is_beside.then(|| folder.join("invoice.xml"));
                jobs.push(json!({
                    "id": id, "file": path, "trust": [root], "time": judged_at,
                    "detached": beside.into_iter().collect::<Vec<_>>(),
                    "no_revocation": matches!(level, None | Some(BaselineLevel::T)),
                    "no_crypto_constraints": !key.is_in_suite,
                }));
                places.insert(id, path);
            }
        }
    }
    let said: BTreeMap<String, String> = oracle
        .judge(&jobs)?
        .into_iter()
        .map(|(id, said)| (id, said.verdict))
        .collect();
    let has_xmlsec = find("xmlsec1").is_some();
    let has_openssl = find("openssl").is_some();
    let mut lines = Vec::new();
    for (number, form) in FORMS.iter().enumerate() {
        let line = |judge| Line {
            judge,
            name: form.name.to_owned(),
            cells: [Cell::default(); 4],
            wrong: Vec::new(),
        };
        let (mut dss, mut xmlsec) = (line(NAME), line("xmlsec1"));
        let mut openssl = line("OpenSSL");
        for key in &KEYS {
            let levels = LEVEL_NAMES
                .iter()
                .zip(dss.cells.iter_mut())
                .zip(&mut xmlsec.cells)
                .zip(&mut openssl.cells);
            for (((name, of_dss), of_xmlsec), of_openssl) in levels {
                let id = format!("{number}-{name}-{}", key.name.replace(' ', "-"));
                let Some(path) = places.get(&id) else {
                    continue;
                };
                of_dss.made += 1;
                let verdict = said.get(&id).map_or("", String::as_str);
                if verdict == "TOTAL-PASSED" {
                    of_dss.passed += 1;
                } else {
                    dss.wrong.push(format!("{name} {}: {verdict}", key.name));
                }
                if has_xmlsec && xmlsec::is_asked(form) && key.is_old {
                    of_xmlsec.made += 1;
                    match xmlsec::judge(folder, form, path) {
                        Ok(()) => of_xmlsec.passed += 1,
                        Err(error) => xmlsec.wrong.push(format!("{name} {}: {error}", key.name)),
                    }
                }
                if has_openssl && key.is_in_suite && matches!(form.ending, "p7m" | "p7s") {
                    of_openssl.made += 1;
                    match by_openssl(folder, path, form.ending == "p7s") {
                        Ok(()) => of_openssl.passed += 1,
                        Err(error) => openssl.wrong.push(format!("{name} {}: {error}", key.name)),
                    }
                }
            }
        }
        let is_asked = xmlsec.cells.iter().any(|cell| cell.made > 0);
        lines.push(dss);
        lines.extend(is_asked.then_some(xmlsec));
        let is_asked = openssl.cells.iter().any(|cell| cell.made > 0);
        lines.extend(is_asked.then_some(openssl));
    }
    Ok(lines)
}

/// Signed attributes, values and paths of every SignerInfo; OpenSSL knows little of CAdES.
fn by_openssl(folder: &Path, message: &Path, is_detached: bool) -> Outcome<()> {
    let mut openssl = command("openssl", &["cms", "-verify", "-binary", "-inform", "DER"]);
    openssl.current_dir(folder).arg("-in").arg(message);
    if is_detached {
        openssl.args(["-content", "invoice.xml"]);
    }
    let time = (FIXED_TIME + 60).to_string();
    openssl.args(["-CAfile", "root.pem", "-purpose", "any", "-attime", &time]);
    quiet(openssl.args(["-out", "content.out"])).map(drop)
}

/// The table of the manual: written, or compared.
fn manual(ours: &[Line], theirs: &[Line], messages: &[Row], write: bool) -> Outcome<Row> {
    let mut table = String::new();
    let heading = |table: &mut String, first: &str| {
        let _ = writeln!(table, "| {first} | judge | B | T | LT | LTA |");
        let _ = writeln!(table, "|---|---|---|---|---|---|");
    };
    let body = |table: &mut String, lines: &[Line]| {
        for line in lines {
            let cells = line.cells.iter().map(|cell| cell.words());
            let cells = cells.collect::<Vec<_>>().join(" | ");
            let _ = writeln!(table, "| {} | {} | {cells} |", line.name, line.judge);
        }
    };
    heading(&mut table, "made by imza");
    body(&mut table, ours);
    table.push('\n');
    heading(&mut table, "made by DSS");
    body(&mut table, theirs);
    table.push('\n');
    let _ = writeln!(table, "| plain CMS and time-stamps | judge | passed |");
    let _ = writeln!(table, "|---|---|---|");
    for row in messages {
        let words = match &row.answer {
            Answer::Agrees(words) | Answer::Differs(words) | Answer::Skipped(words) => words,
        };
        let words = words.lines().next().unwrap_or_default();
        let _ = writeln!(table, "| {} | {} | {words} |", row.what, row.judge);
    }
    let path = workspace::root()?.join(MANUAL);
    let text = std::fs::read_to_string(&path)?;
    let (before, rest) = text.split_once(BEGIN).ok_or("no place for the table")?;
    let (_, after) = rest.split_once(END).ok_or("no end of the table")?;
    let made = format!("{before}{BEGIN}{table}{END}{after}");
    let what = "the table of the manual";
    if write {
        std::fs::write(&path, made)?;
        return Ok(Row::new("imza", what, Answer::Agrees("written".to_owned())));
    }
    let answer = match made == text {
        true => Answer::Agrees("as made".to_owned()),
        false => Answer::Differs("another one: cargo xtask interop --write".to_owned()),
    };
    Ok(Row::new("imza", what, answer))
}
