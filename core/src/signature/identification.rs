//! How a signature names its signing certificate (EN 319 102-1 §5.2.3).

use crate::algorithm::DigestAlgorithm;
use crate::error::Unsupported;
use std::sync::Arc;

/// Everything in a signature that names the signing certificate.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Identification {
    /// The signed references by digest: these decide.
    pub references: CertificateReferences,
    /// Unsigned or weaker hints, in the order to try; they never decide over a reference.
    pub hints: Vec<SignerHint>,
    /// Certificates of which a *copy* is signed (signed `ds:KeyInfo`, `x5c` in a protected
    /// header), by their octets.
    pub signed_copies: Vec<Arc<[u8]>>,
    /// Whether a certificate is said to be found elsewhere, where nobody looks.
    pub leads_elsewhere: bool,
}

/// The signed references to certificates.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum CertificateReferences {
    /// The attribute is absent.
    #[default]
    Absent,
    /// The attribute is there but empty or malformed; that is no absence.
    Malformed,
    /// The attribute stands more than once, or where one alone may stand in two versions.
    Ambiguous,
    /// The references in order.
    Present {
        /// The references, at least one.
        references: Vec<CertificateReference>,
        /// Those of an older version of the attribute beside it, in order. CMS allows both; the
        /// first of each must be of the same certificate (RFC 5035 §5).
        beside: Vec<CertificateReference>,
        /// Which of them may name the signing certificate.
        order: ReferenceOrder,
    },
}

/// Which reference may name the signing certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ReferenceOrder {
    /// Only the first (RFC 5035 §3: CMS).
    FirstOnly,
    /// Any (XAdES: the schema gives the order no meaning).
    Any,
}

/// One reference by digest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CertificateReference {
    /// Digest algorithm, or the name of one that is not implemented.
    pub algorithm: Result<DigestAlgorithm, Unsupported>,
    /// Digest of the certificate's DER.
    pub digest: Vec<u8>,
    /// Issuer and serial number, where given; a mismatch is a warning only.
    pub issuer_serial: Option<IssuerSerial>,
}

/// Issuer and serial number of a certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IssuerSerial {
    /// The issuer's name.
    pub issuer: IssuerName,
    /// Content octets of the INTEGER, shortest form.
    pub serial_number: Vec<u8>,
}

/// An issuer's name in one of the two ways that formats write it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum IssuerName {
    /// DER of the `Name`.
    Der(Arc<[u8]>),
    /// A string in the manner of RFC 4514: escaped and ordered in many ways, so only a hint.
    Text(String),
}

/// A hint at the signing certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SignerHint {
    /// Issuer and serial number (CMS `sid`, `ds:X509IssuerSerial`).
    IssuerSerial(IssuerSerial),
    /// The subject, as text (`ds:X509SubjectName`): names a certificate where one alone bears it.
    SubjectName(String),
    /// Subject key identifier (CMS `sid`, `ds:X509SKI`).
    SubjectKeyIdentifier(Vec<u8>),
    /// Digest of the certificate (`dsig11:X509Digest`).
    Digest(DigestAlgorithm, Vec<u8>),
    /// This embedded certificate (first of `ds:X509Data`).
    Certificate(Arc<[u8]>),
    /// A bare public key (`ds:KeyValue`), as SubjectPublicKeyInfo.
    PublicKey(Arc<[u8]>),
}
