//! Every parser of octets that strangers write, and the whole job.

use imza::certificate::{Certificate, Name};
use imza::cms::SignedData;
use imza::error::Error;
use imza::evidence::Evidence;
use imza::job::{InputId, Seed};
use imza::limits::{Budget, Limits};
use imza::policy::ValidationPolicy;
use imza::reading::{Network, Validation, ValidationRequest, recognise_material};
use imza::revocation::{Crl, OcspResponse};
use imza::source::{Advance, Input, Inputs, Source, Stop};
use imza::time::UnixTime;
use imza::timestamp::TimestampToken;
use imza::transport::{Streamed, Transport, drive};
use imza::trust::TrustSet;
use imza::validation::Context;
use imza::xml::c14n::{Method, canonicalize_octets};
use imza_test_vectors::vectors::VALIDATION_TIME;
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

/// A parser, and a file that it reads.
pub(crate) struct Parser {
    pub(crate) name: &'static str,
    pub(crate) sample: fn() -> Vec<u8>,
    read: fn(&[u8]) -> Result<(), Error>,
    /// Whether the caller holds the octets besides: not where they are read by pages or shared.
    is_held: bool,
    /// Whether a part of a file, or a file of another kind, is never read.
    pub(crate) is_strict: bool,
}

const fn strict(
    name: &'static str,
    sample: fn() -> Vec<u8>,
    read: fn(&[u8]) -> Result<(), Error>,
) -> Parser {
    Parser {
        name,
        sample,
        read,
        is_held: true,
        is_strict: true,
    }
}

const fn lenient(
    name: &'static str,
    sample: fn() -> Vec<u8>,
    read: fn(&[u8]) -> Result<(), Error>,
) -> Parser {
    Parser {
        name,
        sample,
        read,
        is_held: true,
        is_strict: false,
    }
}

impl Parser {
    const fn not_held(self) -> Self {
        Self {
            is_held: false,
            ..self
        }
    }

    /// The octets that the caller holds while it reads.
    pub(crate) fn held(&self, octets: &[u8]) -> usize {
        if self.is_held { octets.len() } else { 0 }
    }

    /// What it says of a file: `read`, or the code of an error.
    pub(crate) fn say(&self, octets: &[u8]) -> String {
        match (self.read)(octets) {
            Ok(()) => "read".to_owned(),
            Err(error) => error.code().to_owned(),
        }
    }

    /// Whether files of another kind are files of this kind, too.
    pub(crate) fn is_also(&self, what: &str) -> bool {
        let others: &[&str] = match self.name {
            "cms" => &["a file of timestamp"],
            "crl" => &["a file of material"],
            "xml" => &["a file of xades", "a file of manifest"],
            "xades" => &["a file of manifest", "a file of xml"],
            "zip" => &["a file of asic"],
            "asic" => &["a file of zip"],
            _ => &[],
        };
        others.iter().any(|other| what.ends_with(other))
    }
}

pub(crate) const PARSERS: &[Parser] = &[
    strict(
        "certificate",
        || vector("pki/citizen-p256.cer"),
        |octets| {
            let certificate = Certificate::parse(octets, &mut Budget::default())?;
            let _ = (certificate.findings(), certificate.subject().to_rfc4514());
            let _ = (
                certificate.certificate_policies(),
                certificate.name_constraints(),
            );
            let _ = (
                certificate.crl_distribution_points(),
                certificate.qc_statements(),
            );
            let _ = (
                certificate.authority_info_access(),
                certificate.extended_key_usage(),
            );
            Ok(())
        },
    ),
    strict("name", name, |octets| {
        let name = Name::parse(octets, &mut Budget::default())?;
        let _ = (name.to_rfc4514(), name.matches(&name), name.common_name());
        Ok(())
    }),
    strict(
        "crl",
        || vector("pki/issuing-ca.crl"),
        |octets| {
            let budget = &mut Budget::default();
            let list = Crl::parse_kept(octets.into(), budget)?;
            let certificate = Certificate::parse(&vector("pki/citizen-revoked.cer"), budget)?;
            list.lookup(&certificate, budget).map(drop)
        },
    )
    .not_held(),
    strict(
        "ocsp",
        || first("ocsp"),
        |octets| OcspResponse::parse(octets, &mut Budget::default()).map(drop),
    ),
    strict(
        "cms",
        || first("cades"),
        |octets| {
            let budget = &mut Budget::default();
            let data = SignedData::parse(octets, budget)?;
            imza::cades::records(&data, imza::cades::Message::default(), budget).map(drop)
        },
    ),
    strict(
        "timestamp",
        || vector("timestamp/token.rsa.tst"),
        |octets| {
            TimestampToken::parse(octets, &mut Budget::default())?;
            imza::cades::read_token(octets, "", &mut Budget::default()).map(drop)
        },
    ),
    strict(
        "xml",
        || b"<a xmlns='urn:a' b='c'>d<!-- e --><f/></a>".to_vec(),
        |octets| {
            let budget = &mut Budget::default();
            canonicalize_octets(octets, &Method::EXCLUSIVE, budget).map(drop)
        },
    ),
    strict(
        "xades",
        || inside("META-INF/signatures0.xml"),
        |octets| {
            let octets: Arc<[u8]> = octets.into();
            imza::xades::parse(&octets, "", &|_| None, &mut Budget::default()).map(drop)
        },
    )
    .not_held(),
    strict(
        "manifest",
        || MANIFEST.as_bytes().to_vec(),
        |octets| imza::asic::read_manifest(octets, &mut Budget::default()).map(drop),
    ),
    strict(
        "zip",
        || first("asic-s"),
        |octets| {
            let mut opening = imza::zip::Opening::new();
            cursor(octets, |source, budget| opening.advance(source, budget))
        },
    )
    .not_held(),
    strict(
        "asic",
        || vector("asic-e/form.p-256.asice"),
        |octets| {
            let mut opening = imza::asic::Opening::new();
            cursor(octets, |source, budget| opening.advance(source, budget))
        },
    )
    .not_held(),
    // A file that was cut is an older revision, or can be read without its end.
    lenient(
        "pdf",
        || vector("pades/form.table.pdf"),
        |octets| {
            let mut opening = None;
            cursor(octets, |source, budget| {
                let opening = opening.get_or_insert_with(|| imza::pdf::Opening::new(source));
                opening.advance(source, budget)
            })
        },
    )
    .not_held(),
    lenient(
        "pem",
        || pem().into_bytes(),
        |octets| {
            imza::asn1::pem::decode(octets).map(drop)?;
            Ok(())
        },
    ),
    lenient(
        "trust",
        || pem().into_bytes(),
        |octets| TrustSet::read_anchors(octets, &mut Budget::default()).map(drop),
    ),
    lenient(
        "material",
        || vector("pki/root.crl"),
        |octets| recognise_material(octets, &mut Budget::default()).map(drop),
    ),
    strict(
        "evidence",
        || evidence().into_bytes(),
        |octets| {
            let text = String::from_utf8_lossy(octets);
            Evidence::load(&text, &mut Budget::default()).map(drop)
        },
    ),
    strict(
        "policy",
        || {
            ValidationPolicy::standard()
                .to_canonical_json()
                .into_bytes()
        },
        |octets| {
            serde_json::from_slice::<ValidationPolicy>(octets)
                .map(drop)
                .map_err(|_| imza::error::ApiMisuse::UnreadableValue.into())
        },
    ),
];

/// Drives a cursor over octets at hand to its end.
fn cursor<T>(
    octets: &[u8],
    mut advance: impl FnMut(&mut Source, &mut Budget) -> Result<Advance<T>, Stop>,
) -> Result<(), Error> {
    // By pages, as everything large is read: what is held is what the parser holds.
    let length = u64::try_from(octets.len()).unwrap();
    let inputs = Arc::new(Inputs::new(vec![Input::on_request("input", length)]));
    let mut source = Source::file(inputs, InputId(0), 1 << 16)?;
    let budget = &mut Budget::default();
    loop {
        match advance(&mut source, budget) {
            Ok(Advance::More) => {}
            Ok(Advance::Done(_)) => return Ok(()),
            Err(Stop::Error(error)) => return Err(error),
            Err(Stop::NotHere) => {
                for (input, range) in source.wanted() {
                    let part = slice(octets, &range);
                    source.supply(input, range, part)?;
                }
            }
        }
    }
}

/// A file on the host's side: read by pages, never held.
struct Host<'f>(&'f [u8]);

impl Transport for Host<'_> {
    fn read(&mut self, _: InputId, range: Range<u64>) -> Option<Vec<u8>> {
        Some(slice(self.0, &range).to_vec())
    }

    fn stream(
        &mut self,
        _: InputId,
        range: Range<u64>,
        sink: &mut dyn FnMut(&[u8]) -> Result<(), Error>,
    ) -> Result<Streamed, Error> {
        for chunk in slice(self.0, &range).chunks(1 << 16) {
            sink(chunk)?;
        }
        Ok(Streamed::Whole)
    }
}

fn slice<'o>(octets: &'o [u8], range: &Range<u64>) -> &'o [u8] {
    let at = |place: u64| usize::try_from(place).unwrap().min(octets.len());
    &octets[at(range.start)..at(range.end)]
}

/// The whole job over a document read by pages: what its report says, or the code of the error.
pub(crate) fn job(octets: &[u8]) -> String {
    let anchors = TrustSet::read_anchors(&vector("pki/root.cer"), &mut Budget::default());
    let context = Context {
        policy: Arc::new(ValidationPolicy::standard()),
        trust: Arc::new(TrustSet::new(anchors.unwrap())),
        validation_time: UnixTime::from_seconds(VALIDATION_TIME),
        proven_at: None,
        limits: Arc::new(Limits::default()),
    };
    let length = u64::try_from(octets.len()).unwrap();
    let request = ValidationRequest {
        inputs: vec![Input::on_request("document", length)],
        given: Vec::new(),
        keys: Vec::new(),
        seed: Seed::new([7; 32]),
        network: Network::Offline,
    };
    let verdict = Validation::begin(request, context).and_then(|job| drive(job, &mut Host(octets)));
    match verdict {
        Ok(verdict) => format!("report, {}", verdict.report.exit_status()),
        Err(error) => error.code().to_owned(),
    }
}

pub(crate) fn vector(path: &str) -> Vec<u8> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../test-vectors/vectors");
    std::fs::read(folder.join(path)).unwrap()
}

/// The first file of a set.
fn first(set: &str) -> Vec<u8> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../test-vectors/vectors");
    let files = std::fs::read_dir(folder.join(set)).unwrap();
    let paths = files.map(|entry| entry.unwrap().path());
    std::fs::read(paths.min().unwrap()).unwrap()
}

/// A file of a good container.
fn inside(name: &str) -> Vec<u8> {
    let octets = vector("asic-e/form.p-256.asice");
    let inputs = Arc::new(Inputs::new(vec![Input::at_hand("input", octets)]));
    let mut source = Source::file(inputs, InputId(0), 1 << 16).unwrap();
    let budget = &mut Budget::default();
    let mut opening = imza::zip::Opening::new();
    loop {
        if let Advance::Done(directory) = opening.advance(&mut source, budget).unwrap() {
            let entry = directory.entry(directory.find(name).unwrap()).unwrap();
            return imza::zip::read_entry(&mut source, entry, budget).unwrap();
        }
    }
}

fn name() -> Vec<u8> {
    let octets = vector("pki/citizen-p256.cer");
    let certificate = Certificate::parse(&octets, &mut Budget::default()).unwrap();
    certificate.subject().der().to_vec()
}

fn pem() -> String {
    imza_test_vectors::export::pem("CERTIFICATE", &vector("pki/root.cer"))
}

/// The saved form of the evidence in a good container.
fn evidence() -> String {
    let octets = vector("asic-e/form.p-256.asice");
    let context = Context {
        policy: Arc::new(ValidationPolicy::standard()),
        trust: Arc::new(TrustSet::new([])),
        validation_time: UnixTime::from_seconds(VALIDATION_TIME),
        proven_at: None,
        limits: Arc::new(Limits::default()),
    };
    let request = ValidationRequest {
        inputs: vec![Input::at_hand("document", octets.as_slice())],
        given: Vec::new(),
        keys: Vec::new(),
        seed: Seed::new([7; 32]),
        network: Network::Offline,
    };
    let job = Validation::begin(request, context).unwrap();
    let verdict = drive(job, &mut Host(&octets)).unwrap();
    verdict.evidence.save(&Limits::default())
}

const MANIFEST: &str = "<asic:ASiCManifest xmlns:asic='http://uri.etsi.org/02918/v1.2.1#' \
    xmlns:ds='http://www.w3.org/2000/09/xmldsig#'><asic:SigReference URI='META-INF/signature.p7s'/>\
    <asic:DataObjectReference URI='a'>\
    <ds:DigestMethod Algorithm='http://www.w3.org/2001/04/xmlenc#sha256'/>\
    <ds:DigestValue>AAAA</ds:DigestValue></asic:DataObjectReference></asic:ASiCManifest>";
