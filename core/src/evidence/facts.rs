//! Facts of the document: what reading it gave besides the bytes that are kept.
//!
//! On replay without the document these facts are taken on trust, and the report says so by its
//! `basis`.

use crate::asic;
use crate::job::{FetchFailure, InputId};
use crate::pades::SignatureFacts;
use crate::payload::{PartKey, PayloadName};
use crate::signature::{Finding, Permission, RevocationKind, Update};
use crate::vocabulary::{CertificateOrigin, ContainerKind, ObjectId, RevocationOrigin};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// What was read from the document, apart from the kept bytes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
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
    /// How many revisions a PDF has.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revisions: Option<u64>,
    /// What the updates of a PDF after its first signature changed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub updates: Vec<Update>,
    /// What the signatures of a PDF permit after them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub permissions: Vec<Permission>,
}

/// A data file of a container.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
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
    /// The payload that a reference names: a file of the container by its exact name, else a
    /// detached document.
    ///
    /// A reference without a name means the only detached document (XMLDSig §4.4.3.1: the
    /// application knows what is signed). Beside a document that is no container, the last segment
    /// of a path finds its file too, where exactly one ends so: callers name what they have on
    /// disk, signers what they had. Which of them was signed, the digest says and not the name.
    #[must_use]
    pub fn resolve(&self, name: &str) -> Option<PayloadName> {
        self.entry(name).or_else(|| self.resolve_outside(name))
    }

    /// What a reference names that is no file of a container.
    fn resolve_outside(&self, name: &str) -> Option<PayloadName> {
        if let Some(named) = self.detached(name) {
            return Some(named);
        }
        if !self.files.is_empty() || !self.other_files.is_empty() {
            return None;
        }
        if name.is_empty() {
            return self.only_detached();
        }
        let last = last_segment(name)?;
        let mut same = self
            .detached
            .iter()
            .filter(|(_, known)| last_segment(known) == Some(last));
        match (same.next(), same.next()) {
            (Some((input, _)), None) => Some(PayloadName::Input(*input)),
            _ => None,
        }
    }

    /// The file of the container with this exact name.
    #[must_use]
    pub fn entry(&self, name: &str) -> Option<PayloadName> {
        let is_entry = self.files.iter().any(|file| file.name == name)
            || self.other_files.iter().any(|known| known == name);
        is_entry.then(|| PayloadName::Entry(name.to_owned()))
    }

    /// The files in the order of their names, for many look-ups: a container may have as many
    /// files as a signature has references.
    pub(crate) fn names(&self) -> Names<'_> {
        Names {
            facts: self,
            data: self.files.iter().map(|file| file.name.as_str()).collect(),
            others: self.other_files.iter().map(String::as_str).collect(),
        }
    }

    /// The files that a signature in the file `place` must cover to leave nothing of the container
    /// out.
    ///
    /// OpenDocument 1.2 part 1 §3.16: every file of the package, `mimetype` and what lies in `META-INF`
    /// too, but for the document signatures themselves: an unsigned manifest could name other types
    /// and keys for the files, and a signature of macros is none of the document. In ASiC what lies
    /// in `META-INF` is the container's own (EN 319 162-1 §4.4.3), but for files of which no standard
    /// says so: whoever unpacks the container has them beside the others.
    pub(crate) fn to_be_covered(&self, place: &str) -> impl Iterator<Item = &str> {
        let container = self.container;
        let others = self.other_files.iter().map(String::as_str);
        let others = others.filter(move |name| match container {
            Some(ContainerKind::Odf) => ![place, ODF_SIGNATURES].contains(name),
            _ => asic::is_unknown(name),
        });
        let files = self.files.iter().map(|file| file.name.as_str());
        files.chain(others)
    }

    /// The detached document of this exact name.
    #[must_use]
    pub fn detached(&self, name: &str) -> Option<PayloadName> {
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

/// The files of a document in the order of their names.
pub(crate) struct Names<'a> {
    facts: &'a DocumentFacts,
    data: BTreeSet<&'a str>,
    others: BTreeSet<&'a str>,
}

impl Names<'_> {
    /// As [`DocumentFacts::resolve`].
    pub(crate) fn resolve(&self, name: &str) -> Option<PayloadName> {
        self.entry(name)
            .or_else(|| self.facts.resolve_outside(name))
    }

    /// As [`DocumentFacts::entry`].
    pub(crate) fn entry(&self, name: &str) -> Option<PayloadName> {
        let is_entry = self.is_data(name) || self.others.contains(name);
        is_entry.then(|| PayloadName::Entry(name.to_owned()))
    }

    /// Whether it is a data file of the container.
    pub(super) fn is_data(&self, name: &str) -> bool {
        self.data.contains(name)
    }
}

/// A structure that holds signatures or time-stamps, by its kept bytes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
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

impl Located {
    /// Whether the document is this structure, and nothing around it.
    pub(super) fn is_the_document(&self) -> bool {
        let stands_alone = matches!(self.structure, Structure::Xml | Structure::Cms { .. });
        self.place.is_empty() && stands_alone
    }
}

/// What a located structure is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
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
    Pdf(Box<SignatureFacts>),
    /// An RFC 3161 token over a file or manifest.
    Timestamp {
        /// What the token is over.
        content: Vec<PartKey>,
        /// The ASiC manifest that it is over, where there is one.
        manifest: Option<ManifestFact>,
    },
    /// An evidence record (RFC 4998, RFC 6283).
    EvidenceRecord {
        /// What it must be about.
        content: Vec<PayloadName>,
        /// The ASiC manifest that says what it is about, where there is one.
        manifest: Option<ManifestFact>,
    },
}

/// An `ASiCManifest` file, by its kept bytes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ManifestFact {
    /// Its name in the container.
    pub name: String,
    /// Its kept bytes: the references in it are read from these.
    pub object: ObjectId,
}

/// A certificate or revocation data that is at hand, by its kept bytes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
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
#[serde(deny_unknown_fields)]
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
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
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

/// OpenDocument 1.2 part 1 §3.16: where the signatures of a document lie.
pub(super) const ODF_SIGNATURES: &str = "META-INF/documentsignatures.xml";

/// OpenDocument 1.2 part 1 §2.2.1: the file that holds what a document says.
pub(super) const ODF_CONTENT: &str = "content.xml";

/// The last segment of a path; none where it ends with a slash.
fn last_segment(path: &str) -> Option<&str> {
    path.rsplit('/').next().filter(|last| !last.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn detached(names: &[&str]) -> DocumentFacts {
        let inputs = (1u32..).map(InputId);
        DocumentFacts {
            detached: inputs
                .zip(names.iter().map(|name| (*name).to_owned()))
                .collect(),
            ..DocumentFacts::default()
        }
    }

    #[test]
    fn the_exact_name_goes_before_the_last_segment() {
        let facts = detached(&["b/a.txt", "a.txt", "c/d.txt"]);
        let input = |number| Some(PayloadName::Input(InputId(number)));
        assert_eq!(facts.resolve("a.txt"), input(2));
        assert_eq!(facts.resolve("b/a.txt"), input(1));
        assert_eq!(facts.resolve("../x/d.txt"), input(3));
        assert_eq!(facts.resolve("d.txt"), input(3));
    }

    #[test]
    fn names_that_fit_several_or_none_find_nothing() {
        let facts = detached(&["b/a.txt", "c/a.txt"]);
        for name in ["a.txt", "d/a.txt", "b/", "/", "", "txt", "b", "A.TXT"] {
            assert_eq!(facts.resolve(name), None, "{name}");
        }
    }

    #[test]
    fn a_reference_without_a_name_means_the_only_document() {
        let input = Some(PayloadName::Input(InputId(1)));
        assert_eq!(detached(&["a"]).resolve(""), input);
        assert_eq!(detached(&[]).resolve(""), None);
    }

    #[test]
    fn names_in_a_container_are_exact() {
        let mut facts = detached(&["a.txt"]);
        facts.other_files = vec!["META-INF/manifest.xml".to_owned(), "b/c.txt".to_owned()];
        for name in ["c.txt", "manifest.xml", "", "d/a.txt"] {
            assert_eq!(facts.resolve(name), None, "{name}");
        }
        let entry = PayloadName::Entry("b/c.txt".to_owned());
        assert_eq!(facts.resolve("b/c.txt"), Some(entry));
        let names = facts.names();
        for name in [
            "b/c.txt",
            "META-INF/manifest.xml",
            "a.txt",
            "b/a.txt",
            "c.txt",
            "",
        ] {
            assert_eq!(names.resolve(name), facts.resolve(name), "{name}");
            assert_eq!(names.entry(name), facts.entry(name), "{name}");
        }
    }
}
