//! The one format-neutral record that every format produces.
//!
//! XAdES, CAdES, PAdES, JAdES and a stand-alone time-stamp all become a [`Signature`], and an
//! evidence record a [`PlacedRecord`]: facts, no judgement. It says what was signed (as lists of digestible parts), the
//! value and its algorithm, which certificates and revocation data travel along, what the signer
//! claims, and which time-stamps cover what. Expected digests are read from the signed octets
//! themselves: a record is made anew from the kept original bytes whenever evidence is loaded, and
//! is never saved.
//!
//! The judge ([`crate::validation`]) sees nothing of a format but this record, so that two formats
//! can never be judged by two rule books. `docs/adr` shows the record filled in for an XAdES LTA
//! signature with a counter-signature, CAdES with archive-time-stamp-v3, a PDF document time-stamp,
//! JAdES with etsiU and an evidence record.

mod attributes;
mod identification;
mod modification;
mod new_commitment;
mod new_policy;
mod placed_record;
mod policy_document;
mod timestamp;
mod validation_data;

pub use attributes::{Claims, CommitmentType, ProductionPlace, Role, SignaturePolicy};
pub use identification::{
    CertificateReference, CertificateReferences, Identification, IssuerName, IssuerSerial,
    ReferenceOrder, SignerHint,
};
pub use modification::{Change, FieldLock, Permission, Update};
pub use new_commitment::NewCommitment;
pub use new_policy::{IdentifiedPolicy, NewPolicy, PolicyStore};
pub use placed_record::{DataObject, PlacedRecord};
pub use policy_document::StoredPolicy;
pub use timestamp::{Covered, Timestamp};
pub use validation_data::ValidationData;

use crate::algorithm::{DigestAlgorithm, SignatureAlgorithm};
use crate::error::Unsupported;
use crate::payload::{Part, PayloadName, PayloadPart};
use crate::vocabulary::{
    CertificateOrigin, CheckId, ReferenceKind, RevocationOrigin, ScopeKind, SignatureFormat,
    SignatureLevel,
};
use std::sync::Arc;

/// What kind of thing a record describes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RecordKind {
    /// A signature over data; it has a [`Signature::value`].
    Signature,
    /// A time-stamp that belongs to the document and not to a signature: one entry in
    /// [`Signature::timestamps`], no value of its own.
    Timestamp,
}

/// A signature or time-stamp: facts only.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signature {
    /// Unique in the document and the same at every reading: `S-` and hexadecimal digits derived
    /// from the place and the signature value.
    pub id: String,
    /// What kind of thing this is.
    pub kind: RecordKind,
    /// The format.
    pub format: SignatureFormat,
    /// The level by what is present.
    pub level: SignatureLevel,
    /// The record that this one counter-signs, by [`Signature::id`].
    pub parent: Option<String>,
    /// The file of the container, or the field of the PDF, that holds it; empty when the document
    /// is the signature.
    pub place: String,
    /// Checks that the format has executed; those without a finding hold.
    pub checked: Vec<CheckId>,
    /// What the format found wrong.
    pub findings: Vec<Finding>,
    /// The signature value and what it is over; absent in time-stamps.
    pub value: Option<SignatureValue>,
    /// Digests over data, in the order of the signature.
    pub references: Vec<Reference>,
    /// How the signing certificate is named.
    pub identification: Identification,
    /// Certificates that travel with the signature, in the order found.
    pub certificates: Vec<EmbeddedCertificate>,
    /// Revocation data that travels with the signature, in the order found.
    pub revocation: Vec<EmbeddedRevocation>,
    /// What the signer claims.
    pub claims: Claims,
    /// Time-stamps of this record, in the order of the format.
    pub timestamps: Vec<Timestamp>,
    /// What is covered, for people.
    pub scopes: Vec<Scope>,
    /// PDF: the revision of the document that it covers, from 0.
    pub revision: Option<u64>,
}

impl Signature {
    /// Whether the value itself is over the data: CMS without signed attributes (RFC 5652 §5.4),
    /// the only format in which a signature needs no digest of what it signs.
    #[must_use]
    pub fn signs_data_directly(&self) -> bool {
        let is_cms = matches!(self.format, SignatureFormat::Cms | SignatureFormat::Pkcs7);
        is_cms && self.references.is_empty() && self.value.is_some()
    }

    /// The payload that the value itself is over, whole and octet by octet.
    #[must_use]
    pub fn signed_directly(&self) -> Option<&PayloadName> {
        let value = self.value.as_ref().filter(|_| self.signs_data_directly())?;
        match value.over.as_slice() {
            [Part::Payload(part)] if part.range.is_none() && part.transform.is_none() => {
                Some(&part.name)
            }
            _ => None,
        }
    }
}

/// A condition that the format found not to hold.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Finding {
    /// The check that fails.
    pub check: CheckId,
    /// What was wanted.
    pub expected: String,
    /// What was found: names and numbers of the format, untrusted text only where it is shown as
    /// such (names of files and identifiers).
    pub found: String,
}

impl Finding {
    /// A finding in two phrases.
    #[must_use]
    pub fn new(check: CheckId, expected: impl Into<String>, found: impl Into<String>) -> Self {
        Self {
            check,
            expected: expected.into(),
            found: found.into(),
        }
    }
}

/// The value of a signature and what it is over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignatureValue {
    /// The algorithm, or the name of one that is not implemented.
    pub algorithm: Result<SignatureAlgorithm, Unsupported>,
    /// What is signed: the canonical SignedInfo, the DER of the signed attributes, the content.
    pub over: Vec<Part>,
    /// Other octets that are accepted in place of `over` (CMS signed attributes that are not in
    /// DER order: as stored, and sorted), each with the words for the report.
    pub alternatives: Vec<(Vec<Part>, &'static str)>,
    /// The value as the algorithm writes it.
    pub value: Arc<[u8]>,
    /// The digest named beside the signature algorithm (CMS), where it differs from that of the
    /// algorithm itself; both are judged.
    pub digest_beside: Option<DigestAlgorithm>,
}

/// What a digest is taken over, or why that cannot be said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// These parts.
    Parts(Vec<Part>),
    /// The object cannot be found.
    NotFound,
    /// A transform or form that is not implemented.
    Unsupported(Unsupported),
}

/// One digest of a signature over data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reference {
    /// URI, file name or name of the attribute; untrusted text.
    pub name: String,
    /// What it is about.
    pub kind: ReferenceKind,
    /// The digest algorithm, or the name of one that is not implemented.
    pub algorithm: Result<DigestAlgorithm, Unsupported>,
    /// The digest in the signature.
    pub expected: Vec<u8>,
    /// What is digested.
    pub target: Target,
    /// Whether an object that is not at hand is only a warning (entries of an XMLDSig manifest).
    pub is_optional: bool,
    /// The payload that counts as covered, whole and octet by octet, when the digest fits: or by a
    /// canonical form, where that leaves out no comment.
    pub covers: Option<PayloadName>,
}

impl Reference {
    /// Where a file is signed by a canonical form without comments: that form with them. Its digest
    /// is another one when the file has comments, which anybody may have put there: amid a number
    /// they make two numbers of it for some readers.
    pub(crate) fn with_comments(&self) -> Option<Vec<Part>> {
        let (Some(name), Target::Parts(parts)) = (&self.covers, &self.target) else {
            return None;
        };
        let [Part::Payload(part)] = parts.as_slice() else {
            return None;
        };
        let transform = part.transform.with_comments()?;
        (part.name == *name).then(|| {
            vec![Part::Payload(PayloadPart {
                transform,
                ..part.clone()
            })]
        })
    }
}

/// How much of what is covered, for people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scope {
    /// File name, identifier, field; untrusted text.
    pub name: String,
    /// How much.
    pub kind: ScopeKind,
}

/// A certificate that travels with a signature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EmbeddedCertificate {
    /// The octets as found; not yet known to be a certificate.
    pub octets: Arc<[u8]>,
    /// Where it was found.
    pub origin: CertificateOrigin,
}

/// What an embedded revocation value claims to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RevocationKind {
    /// A CertificateList.
    Crl,
    /// An OCSPResponse.
    OcspResponse,
    /// A BasicOCSPResponse without its envelope.
    BasicOcspResponse,
}

/// Revocation data that travels with a signature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EmbeddedRevocation {
    /// What it claims to be.
    pub kind: RevocationKind,
    /// The octets as found.
    pub octets: Arc<[u8]>,
    /// Where it was found.
    pub origin: RevocationOrigin,
}
