//! Certificates described field by field, so that any of them can be wrong.
//!
//! [`CertificateSpec`] is plain data with sensible defaults: take one of the constructors, change
//! what the vector is about, and [`issue`](CertificateSpec::issue) it. Nothing is checked: a CA that
//! is none, a name that does not fit, a negative serial number or a signature by the wrong key come
//! out as they were asked for.
//!
//! # Standard
//! RFC 5280 §4.1 (the fields), §4.2 (the extensions).

use crate::der;
use crate::error::Result;
use crate::key::{Key, Scheme};
use crate::name::Name;

/// Key usage bits (RFC 5280 §4.2.1.3).
pub mod usage {
    /// digitalSignature.
    pub const DIGITAL_SIGNATURE: u8 = 0;
    /// nonRepudiation, also called contentCommitment.
    pub const NON_REPUDIATION: u8 = 1;
    /// keyEncipherment.
    pub const KEY_ENCIPHERMENT: u8 = 2;
    /// keyCertSign.
    pub const KEY_CERT_SIGN: u8 = 5;
    /// cRLSign.
    pub const CRL_SIGN: u8 = 6;
}

/// Extended key usages (RFC 5280 §4.2.1.12).
pub mod purpose {
    /// id-kp-emailProtection.
    pub const EMAIL_PROTECTION: &str = "1.3.6.1.5.5.7.3.4";
    /// id-kp-timeStamping.
    pub const TIME_STAMPING: &str = "1.3.6.1.5.5.7.3.8";
    /// id-kp-OCSPSigning.
    pub const OCSP_SIGNING: &str = "1.3.6.1.5.5.7.3.9";
}

/// One extension, its value already encoded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Extension {
    /// The object identifier, dotted.
    pub oid: String,
    /// Whether a reader that does not know it must refuse.
    pub critical: bool,
    /// The DER inside the OCTET STRING.
    pub value: Vec<u8>,
}

impl Extension {
    /// An extension that is not critical.
    pub fn new(oid: &str, value: Vec<u8>) -> Self {
        Self {
            oid: oid.to_owned(),
            critical: false,
            value,
        }
    }

    /// A critical extension.
    pub fn critical(oid: &str, value: Vec<u8>) -> Self {
        Self {
            oid: oid.to_owned(),
            critical: true,
            value,
        }
    }

    /// keyUsage, critical; bits from [`usage`].
    pub fn key_usage(bits: &[u8]) -> Self {
        Self::critical("2.5.29.15", der::named_bits(bits))
    }

    /// extKeyUsage, not critical.
    pub fn extended_key_usage(purposes: &[&str]) -> Self {
        let purposes: Vec<Vec<u8>> = purposes.iter().map(|p| der::oid(p)).collect();
        Self::new("2.5.29.37", der::sequence_of(&purposes))
    }

    /// basicConstraints of a CA, critical.
    pub fn authority(path_length: Option<u64>) -> Self {
        let length = path_length.map(der::integer).unwrap_or_default();
        Self::critical("2.5.29.19", der::sequence(&[&der::boolean(true), &length]))
    }

    /// basicConstraints of an end entity, critical and empty.
    pub fn end_entity() -> Self {
        Self::critical("2.5.29.19", der::sequence(&[]))
    }

    /// subjectKeyIdentifier of this key.
    pub fn subject_key_identifier(key: &Key) -> Self {
        Self::new("2.5.29.14", der::octet_string(&key.key_id()))
    }

    /// authorityKeyIdentifier naming this key.
    pub fn authority_key_identifier(key: &Key) -> Self {
        Self::new(
            "2.5.29.35",
            der::sequence(&[&der::implicit(0, &key.key_id())]),
        )
    }

    /// authorityInfoAccess with the URLs of a responder and of the issuer's certificate.
    pub fn authority_info_access(ocsp: Option<&str>, issuers: Option<&str>) -> Self {
        let access = |method: &str, url: &str| {
            der::sequence(&[&der::oid(method), &der::implicit(6, url.as_bytes())])
        };
        let ocsp = ocsp.map(|url| access("1.3.6.1.5.5.7.48.1", url));
        let issuers = issuers.map(|url| access("1.3.6.1.5.5.7.48.2", url));
        let all: Vec<Vec<u8>> = ocsp.into_iter().chain(issuers).collect();
        Self::new("1.3.6.1.5.5.7.1.1", der::sequence_of(&all))
    }

    /// cRLDistributionPoints with one URL.
    pub fn crl_distribution_point(url: &str) -> Self {
        let full_name = der::explicit(0, &der::implicit(6, url.as_bytes()));
        let point = der::sequence(&[&der::explicit(0, &full_name)]);
        Self::new("2.5.29.31", der::sequence(&[&point]))
    }

    /// certificatePolicies without qualifiers.
    pub fn policies(policies: &[&str]) -> Self {
        let all: Vec<Vec<u8>> = policies
            .iter()
            .map(|p| der::sequence(&[&der::oid(p)]))
            .collect();
        Self::new("2.5.29.32", der::sequence_of(&all))
    }

    /// id-pkix-ocsp-nocheck (RFC 6960 §4.2.2.2.1).
    pub fn ocsp_no_check() -> Self {
        Self::new("1.3.6.1.5.5.7.48.1.5", der::null())
    }

    /// The Extension in DER.
    pub fn der(&self) -> Vec<u8> {
        let critical = if self.critical {
            der::boolean(true)
        } else {
            Vec::new()
        };
        der::sequence(&[
            &der::oid(&self.oid),
            &critical,
            &der::octet_string(&self.value),
        ])
    }
}

/// Everything that a certificate says.
#[derive(Debug, Clone)]
pub struct CertificateSpec {
    /// The version number as encoded: 2 is v3; `None` leaves the field out, which is v1.
    pub version: Option<u64>,
    /// The content octets of the serial number.
    pub serial_number: Vec<u8>,
    /// The issuer's name; `None` takes the name of whoever signs.
    pub issuer: Option<Name>,
    /// The subject's name.
    pub subject: Name,
    /// Start of validity, in seconds since 1970.
    pub not_before: i64,
    /// End of validity, in seconds since 1970.
    pub not_after: i64,
    /// The SubjectPublicKeyInfo in DER.
    pub spki: Vec<u8>,
    /// The extensions in order; none leaves the field out.
    pub extensions: Vec<Extension>,
    /// How to sign; `None` takes the key's own scheme.
    pub scheme: Option<Scheme>,
    /// What the `signature` field inside claims, when it shall differ from the one outside.
    pub inner_algorithm: Option<Vec<u8>>,
    /// Whether one bit of the signature value is flipped after signing.
    pub break_signature: bool,
}

impl CertificateSpec {
    /// A version 3 certificate without any extension.
    pub fn bare(subject: Name, key: &Key, serial: u64, validity: (i64, i64)) -> Self {
        let serial = der::integer(serial);
        Self {
            version: Some(2),
            serial_number: serial.get(2..).unwrap_or_default().to_vec(),
            issuer: None,
            subject,
            not_before: validity.0,
            not_after: validity.1,
            spki: key.spki().to_vec(),
            extensions: Vec::new(),
            scheme: None,
            inner_algorithm: None,
            break_signature: false,
        }
    }

    /// A CA with key usage, basic constraints and key identifiers; `issuer` is the signing key.
    pub fn authority(
        subject: Name,
        key: &Key,
        issuer: &Key,
        serial: u64,
        validity: (i64, i64),
    ) -> Self {
        Self::bare(subject, key, serial, validity).with([
            Extension::authority(None),
            Extension::key_usage(&[usage::KEY_CERT_SIGN, usage::CRL_SIGN]),
            Extension::subject_key_identifier(key),
            Extension::authority_key_identifier(issuer),
        ])
    }

    /// An end entity with key usage, basic constraints and key identifiers.
    pub fn end_entity(
        subject: Name,
        key: &Key,
        issuer: &Key,
        serial: u64,
        validity: (i64, i64),
        key_usage: &[u8],
    ) -> Self {
        Self::bare(subject, key, serial, validity).with([
            Extension::end_entity(),
            Extension::key_usage(key_usage),
            Extension::subject_key_identifier(key),
            Extension::authority_key_identifier(issuer),
        ])
    }

    /// Puts these extensions in, each in the place of one with the same identifier, else last.
    #[must_use]
    pub fn with(mut self, extensions: impl IntoIterator<Item = Extension>) -> Self {
        for extension in extensions {
            match self
                .extensions
                .iter_mut()
                .find(|old| old.oid == extension.oid)
            {
                Some(old) => *old = extension,
                None => self.extensions.push(extension),
            }
        }
        self
    }

    /// Takes an extension out.
    #[must_use]
    pub fn without(mut self, oid: &str) -> Self {
        self.extensions.retain(|extension| extension.oid != oid);
        self
    }

    /// The TBSCertificate in DER, issued by `issuer` for a signature by `scheme`.
    pub fn to_be_signed(&self, issuer: &Name, scheme: Scheme) -> Vec<u8> {
        let version = self
            .version
            .map(|v| der::explicit(0, &der::integer(v)))
            .unwrap_or_default();
        let algorithm = self
            .inner_algorithm
            .clone()
            .unwrap_or_else(|| scheme.identifier());
        let extensions: Vec<Vec<u8>> = self.extensions.iter().map(Extension::der).collect();
        let extensions = if extensions.is_empty() {
            Vec::new()
        } else {
            der::explicit(3, &der::sequence_of(&extensions))
        };
        der::sequence(&[
            &version,
            &der::integer_raw(&self.serial_number),
            &algorithm,
            &self.issuer.as_ref().unwrap_or(issuer).der(),
            &der::sequence(&[&der::time(self.not_before), &der::time(self.not_after)]),
            &self.subject.der(),
            &self.spki,
            &extensions,
        ])
    }

    /// Signs it, giving the Certificate in DER.
    ///
    /// # Errors
    /// When the scheme does not go with the key.
    pub fn issue(&self, issuer: &Name, key: &Key) -> Result<Vec<u8>> {
        let scheme = self.scheme.unwrap_or_else(|| key.scheme());
        let body = self.to_be_signed(issuer, scheme);
        signed(&body, key, scheme, self.break_signature)
    }
}

/// Wraps something to be signed with algorithm and signature: certificates, CRLs, OCSP answers.
///
/// # Errors
/// When the scheme does not go with the key.
pub(crate) fn signed(body: &[u8], key: &Key, scheme: Scheme, broken: bool) -> Result<Vec<u8>> {
    let mut value = key.sign(scheme, body)?;
    if broken {
        flip(&mut value);
    }
    Ok(der::sequence(&[
        body,
        &scheme.identifier(),
        &der::bit_string(&value),
    ]))
}

/// Flips the lowest bit of the last octet: a signature value that keeps its form but does not fit.
pub(crate) fn flip(value: &mut [u8]) {
    if let Some(last) = value.last_mut() {
        *last ^= 1;
    }
}
