//! Facts of the document: what reading it gave besides the bytes that are kept.
//!
//! On replay without the document these facts are taken on trust, and the report says so by its
//! `basis`.

use crate::job::{FetchFailure, InputId};
use crate::pades::SignatureFacts;
use crate::payload::{PartKey, PayloadName};
use crate::signature::{Finding, RevocationKind};
use crate::vocabulary::{CertificateOrigin, ContainerKind, ObjectId, RevocationOrigin};
use serde::{Deserialize, Serialize};

/// What was read from the document, apart from the kept bytes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DocumentFacts {
    /// Name, as the caller gave it.
    pub name: String,
    /// Media type, where recognised.
    pub media_type: Option<String>,
    /// Octets.
    pub size: u64,
    /// What holds signatures and data together.
    pub container: Option<ContainerKind>,
    /// Data files of a container, in the order of its directory.
    pub files: Vec<FileFact>,
    /// Names of the container's other files, in the order of its directory.
    pub other_files: Vec<String>,
    /// Detached documents that the caller gave: input and name.
    pub detached: Vec<(InputId, String)>,
    /// What is wrong with the document as a whole; counts for every signature in it.
    pub findings: Vec<Finding>,
}

/// A data file of a container.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileFact {
    /// Its exact name.
    pub name: String,
    /// Octets, inflated.
    pub size: u64,
    /// Media type by the manifest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub media_type: Option<String>,
    /// SHA-256, where a pass computed it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub digest: Option<ObjectId>,
}

impl DocumentFacts {
    /// The payload with this name: a file of the container, else a detached document.
    #[must_use]
    pub fn resolve(&self, name: &str) -> Option<PayloadName> {
        let is_entry = self.files.iter().any(|file| file.name == name)
            || self.other_files.iter().any(|known| known == name);
        if is_entry {
            return Some(PayloadName::Entry(name.to_owned()));
        }
        let named = self.detached.iter().find(|(_, known)| known == name);
        named.map(|(input, _)| PayloadName::Input(*input))
    }

    /// The only detached document, where there is exactly one.
    #[must_use]
    pub fn only_detached(&self) -> Option<PayloadName> {
        match self.detached.as_slice() {
            [(input, _)] => Some(PayloadName::Input(*input)),
            _ => None,
        }
    }
}

/// A structure that holds signatures or time-stamps, by its kept bytes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Located {
    /// The file of the container or the field of the PDF; empty when the document is the signature.
    pub place: String,
    /// The kept bytes; absent when they could not be read or exceeded a limit.
    pub object: Option<ObjectId>,
    /// What the structure is, and what belongs to it.
    pub structure: Structure,
    /// What is wrong with the structure itself.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub findings: Vec<Finding>,
}

/// What a located structure is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Structure {
    /// An XML document or file with `ds:Signature` elements.
    Xml,
    /// A CMS message; what is signed when it holds no content.
    Cms {
        /// The detached content.
        content: Vec<PartKey>,
        /// The ASiC manifest that this message signs, where it signs one.
        manifest: Option<ManifestFact>,
    },
    /// The CMS message of a PDF signature field.
    Pdf(SignatureFacts),
    /// An RFC 3161 token over a file or manifest.
    Timestamp {
        /// What the token is over.
        content: Vec<PartKey>,
        /// The ASiC manifest that it is over, where there is one.
        manifest: Option<ManifestFact>,
    },
}

/// An `ASiCManifest` file, by its kept bytes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ManifestFact {
    /// Its name in the container.
    pub name: String,
    /// Its kept bytes: the references in it are read from these.
    pub object: ObjectId,
}

/// A certificate or revocation data that is at hand, by its kept bytes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Material {
    /// A certificate.
    Certificate {
        /// Kept bytes.
        object: ObjectId,
        /// Where it comes from.
        origin: CertificateOrigin,
    },
    /// Revocation data.
    Revocation {
        /// Kept bytes.
        object: ObjectId,
        /// What it claims to be.
        kind: RevocationKind,
        /// Where it comes from.
        origin: RevocationOrigin,
    },
}

/// What a request to another host gave. *Asked and not had* is a fact too.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// What was asked for.
    pub wanted: Wanted,
    /// The address that was asked.
    pub url: String,
    /// What came of it.
    pub outcome: AnswerOutcome,
}

/// What came of a request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AnswerOutcome {
    /// Bytes came; they joined the material.
    Fetched(ObjectId),
    /// Nothing came, and why.
    Failed(FetchFailure),
}

/// Something that the judge misses.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Wanted {
    /// Revocation data about a certificate.
    Revocation {
        /// The certificate.
        certificate: ObjectId,
        /// Its issuer's certificate.
        issuer: ObjectId,
    },
    /// The certificate of an issuer.
    IssuerCertificate {
        /// The certificate whose issuer is missing.
        certificate: ObjectId,
    },
}
