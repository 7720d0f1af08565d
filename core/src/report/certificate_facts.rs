//! What a certificate says: its own words, not a judgement.

use super::{Certificate, harmless_json};
use serde::Serialize;

/// The name and number of this form.
pub const CERTIFICATE_FACTS_SCHEMA: &str = "imza-certificate/1";

/// A certificate's own words, in a form for people and programs. Nothing here was verified.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CertificateFacts {
    /// [`CERTIFICATE_FACTS_SCHEMA`].
    pub schema: &'static str,
    /// Version of this library.
    pub imza: &'static str,
    /// Subject, issuer, person, validity.
    pub certificate: Certificate,
    /// The identifier of the person or organisation, where there is one.
    pub identifier: Option<IdentifierFacts>,
    /// 1, 2 or 3.
    pub version: u8,
    /// Whether it says that its subject is a certification authority.
    pub is_authority: bool,
    /// Whether subject and issuer have the same name.
    pub is_self_issued: bool,
    /// The subject's key: kind and bits.
    pub key: String,
    /// How it is signed.
    pub signature_algorithm: String,
    /// Words of keyUsage, in the order of the standard; `null`: any use.
    pub key_usage: Option<Vec<&'static str>>,
    /// Purposes of extendedKeyUsage, as object identifiers; `null`: any purpose.
    pub extended_key_usage: Option<Vec<String>>,
    /// Policies that it is issued under, as object identifiers.
    pub policies: Vec<String>,
    /// Further names of the subject.
    pub alternative_names: Vec<AlternativeName>,
    /// What it says about its own qualification; `null`: nothing.
    pub qualification: Option<QualificationClaims>,
    /// Where its status is asked.
    pub ocsp: Vec<String>,
    /// Where its CRL is found.
    pub crls: Vec<String>,
    /// Where the certificate of its issuer is found.
    pub ca_issuers: Vec<String>,
    /// Services of its subject.
    pub subject_services: Vec<SubjectService>,
    /// Why no revocation data is needed, where it says so.
    pub no_revocation: Option<&'static str>,
    /// Every extension in its order.
    pub extensions: Vec<ExtensionFacts>,
    /// What is odd about it, with the offset of the octet.
    pub findings: Vec<FindingFacts>,
}

/// An identifier of a person or organisation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct IdentifierFacts {
    /// The kind: `PNO`, `IDC`, `FIN`, `IIN` … ; `null` for a form that is not known.
    pub kind: Option<String>,
    /// The country that gave it.
    pub country: Option<String>,
    /// The number in the form in which it is compared.
    pub value: String,
    /// `declared` (the certificate says what it means), `undeclared`, `national` or `unknown`.
    pub form: &'static str,
    /// `passed`, `failed`, or `not-defined` where the number has no check digit.
    pub checksum: &'static str,
}

/// A name beside the subject's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AlternativeName {
    /// `mail`, `dns`, `uri`, `ip`, `directory`, `registered-id`, `other`.
    pub kind: &'static str,
    /// The name.
    pub value: String,
}

/// What QCStatements say (EN 319 412-5).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct QualificationClaims {
    /// It says that it is a qualified certificate.
    pub qualified: bool,
    /// It says that its key is in a qualified device.
    pub qualified_device: bool,
    /// `esign`, `eseal`, `web`, or object identifiers.
    pub types: Vec<String>,
    /// Countries under whose law it is qualified; none: the law of the European Union.
    pub legislation: Vec<String>,
    /// Countries under whose law the device is qualified.
    pub device_legislation: Vec<String>,
    /// Limit of transactions, as `amount × 10^exponent currency`.
    pub limit: Option<String>,
    /// Years that documents are kept after expiry.
    pub retention_years: Option<u64>,
    /// Disclosure statements: language and address.
    pub disclosures: Vec<Disclosure>,
    /// What the identifiers in the subject mean, as object identifiers.
    pub semantics: Vec<String>,
}

/// A disclosure statement.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Disclosure {
    /// ISO 639-1.
    pub language: String,
    /// Its address.
    pub uri: String,
}

/// A service of the subject (RFC 5280 §4.2.2.2).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SubjectService {
    /// Which, as an object identifier.
    pub method: String,
    /// Where.
    pub location: String,
}

/// An extension that is there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ExtensionFacts {
    /// Its object identifier.
    pub oid: String,
    /// Whether who does not know it must refuse.
    pub critical: bool,
    /// Octets of its value.
    pub size: u64,
}

/// Something odd.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FindingFacts {
    /// What.
    pub what: String,
    /// Offset of the octet from the start of the certificate.
    pub at: u64,
}

impl CertificateFacts {
    /// One line of JSON without its line end.
    #[must_use]
    pub fn to_json(&self) -> String {
        harmless_json(serde_json::to_string(self).unwrap_or_default())
    }
}
