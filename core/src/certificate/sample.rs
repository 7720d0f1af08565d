//! Certificates for tests, sound or wrong in a chosen place.

use super::Certificate;
use crate::asn1::{Tag, write};
use crate::limits::Budget;
use crate::time::UnixTime;

/// Fields of a certificate as encoded values; change any of them before [`Sample::encode`].
#[derive(Clone)]
pub(crate) struct Sample {
    pub(crate) version: Option<u64>,
    pub(crate) serial: Vec<u8>,
    pub(crate) tbs_algorithm: Vec<u8>,
    pub(crate) algorithm: Vec<u8>,
    pub(crate) issuer: Vec<u8>,
    pub(crate) not_before: Vec<u8>,
    pub(crate) not_after: Vec<u8>,
    pub(crate) subject: Vec<u8>,
    pub(crate) spki: Vec<u8>,
    pub(crate) extensions: Option<Vec<Vec<u8>>>,
    pub(crate) after_extensions: Vec<u8>,
}

impl Sample {
    /// A certificate without extensions, valid from 2020 to 2030.
    pub(crate) fn new(subject: &str, issuer: &str) -> Self {
        let time = |text| write::time(UnixTime::from_rfc3339(text).unwrap());
        let algorithm = write::sequence(&[&write::oid("1.2.840.10045.4.3.2")]);
        Self {
            version: Some(2),
            serial: vec![1],
            tbs_algorithm: algorithm.clone(),
            algorithm,
            issuer: name(&[("2.5.4.3", issuer)]),
            not_before: time("2020-01-01T00:00:00Z"),
            not_after: time("2030-01-01T00:00:00Z"),
            subject: name(&[("2.5.4.3", subject)]),
            spki: write::sequence(&[
                &write::sequence(&[
                    &write::oid("1.2.840.10045.2.1"),
                    &write::oid("1.2.840.10045.3.1.7"),
                ]),
                &write::bit_string(&[4; 65]),
            ]),
            extensions: Some(Vec::new()),
            after_extensions: Vec::new(),
        }
    }

    pub(crate) fn extension(mut self, oid: &str, critical: bool, value: &[u8]) -> Self {
        let list = self.extensions.get_or_insert_default();
        list.push(extension(oid, critical, value));
        self
    }

    /// basicConstraints and keyUsage of a CA.
    pub(crate) fn authority(self, path_length: Option<u64>) -> Self {
        let mut fields = vec![write::boolean(true)];
        fields.extend(path_length.map(write::integer));
        let fields: Vec<&[u8]> = fields.iter().map(Vec::as_slice).collect();
        self.extension("2.5.29.19", true, &write::sequence(&fields))
            .extension("2.5.29.15", true, &[3, 2, 1, 6])
    }

    pub(crate) fn tbs(&self) -> Vec<u8> {
        let version = self
            .version
            .map(|number| write::explicit(0, &write::integer(number)));
        let extensions = self.extensions.as_ref().filter(|list| !list.is_empty());
        let extensions = extensions.map(|list| {
            let list: Vec<&[u8]> = list.iter().map(Vec::as_slice).collect();
            write::explicit(3, &write::sequence(&list))
        });
        write::sequence(&[
            &version.unwrap_or_default(),
            &write::tlv(Tag::INTEGER, &self.serial),
            &self.tbs_algorithm,
            &self.issuer,
            &write::sequence(&[&self.not_before, &self.not_after]),
            &self.subject,
            &self.spki,
            &extensions.unwrap_or_default(),
            &self.after_extensions,
        ])
    }

    pub(crate) fn encode(&self) -> Vec<u8> {
        self.encode_signed(&[0xaa; 8])
    }

    pub(crate) fn encode_signed(&self, signature: &[u8]) -> Vec<u8> {
        let signature = write::bit_string(signature);
        write::sequence(&[&self.tbs(), &self.algorithm, &signature])
    }

    pub(crate) fn parse(&self) -> Certificate {
        Certificate::parse(&self.encode(), &mut Budget::default()).unwrap()
    }
}

pub(crate) fn extension(oid: &str, critical: bool, value: &[u8]) -> Vec<u8> {
    let flag = if critical {
        write::boolean(true)
    } else {
        Vec::new()
    };
    write::sequence(&[&write::oid(oid), &flag, &write::octet_string(value)])
}

/// A name of UTF8Strings, one attribute per RDN.
pub(crate) fn name(attributes: &[(&str, &str)]) -> Vec<u8> {
    let rdns: Vec<Vec<u8>> = attributes
        .iter()
        .map(|(oid, text)| rdn(&[(oid, write::utf8_string(text))]))
        .collect();
    let rdns: Vec<&[u8]> = rdns.iter().map(Vec::as_slice).collect();
    write::sequence(&rdns)
}

pub(crate) fn rdn(attributes: &[(&str, Vec<u8>)]) -> Vec<u8> {
    let attributes: Vec<Vec<u8>> = attributes
        .iter()
        .map(|(oid, value)| write::sequence(&[&write::oid(oid), value]))
        .collect();
    let attributes: Vec<&[u8]> = attributes.iter().map(Vec::as_slice).collect();
    write::set_of(&attributes)
}

/// The conformance corpora, where they are at hand.
pub(crate) fn corpora() -> Option<std::path::PathBuf> {
    let workspace = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).parent()?;
    let folders = [
        std::env::var_os("IMZA_SHARED").map(Into::into),
        Some(workspace.join("../shared")),
        Some(workspace.join("../../shared")),
    ];
    let mut found = folders
        .into_iter()
        .flatten()
        .map(|folder: std::path::PathBuf| folder.join("corpora"));
    let found = found.find(|folder| folder.join("index.jsonl").is_file());
    if found.is_none() {
        eprintln!("skipped: the conformance corpora are not at hand (set IMZA_SHARED)");
    }
    found
}

/// An Ed25519 key for tests, made from a number.
pub(crate) struct SampleKey(crate::crypto::SoftwareKey);

impl SampleKey {
    pub(crate) fn new(number: u8) -> Self {
        let private = write::octet_string(&write::octet_string(&[number; 32]));
        let algorithm = write::sequence(&[&write::oid("1.3.101.112")]);
        let info = write::sequence(&[&write::integer(0), &algorithm, &private]);
        Self(crate::crypto::SoftwareKey::from_pkcs8_der(&info).unwrap())
    }

    pub(crate) fn spki(&self) -> Vec<u8> {
        self.0.public_key().spki().to_vec()
    }

    pub(crate) fn algorithm() -> Vec<u8> {
        write::sequence(&[&write::oid("1.3.101.112")])
    }

    pub(crate) fn sign(&self, message: &[u8]) -> Vec<u8> {
        let algorithm = crate::algorithm::SignatureAlgorithm::Ed25519;
        let message = crate::crypto::Message::Octets(message);
        self.0
            .sign(algorithm, message, &crate::job::Seed::new([0; 32]))
            .unwrap()
    }
}

impl Sample {
    /// A certificate over the key with number `key`, to be signed with an Ed25519 key.
    pub(crate) fn keyed(subject: &str, key: u8, issuer: &str) -> Self {
        let mut sample = Self::new(subject, issuer);
        sample.spki = SampleKey::new(key).spki();
        sample.algorithm = SampleKey::algorithm();
        sample.tbs_algorithm = SampleKey::algorithm();
        sample
    }

    pub(crate) fn signed(&self, key: u8) -> Certificate {
        let signature = SampleKey::new(key).sign(&self.tbs());
        let der = self.encode_signed(&signature);
        Certificate::parse(&der, &mut Budget::default()).unwrap()
    }
}
