//! What is digested: a concatenation of parts.
//!
//! Every digest that a signature or a time-stamp makes is taken over a list of [`Part`]s. Some are
//! *octets* that the library holds: the canonical form of an element, a DER attribute. Others are
//! *payload*: a file of a container, a detached document, a range of a PDF, which may be gigabytes
//! and is streamed once, never held.
//!
//! A digest over payload is computed by a *tap* while the payload passes by. What a tap leaves is
//! the digest, or the digest's midstate when octets follow the last payload: on replay from saved
//! evidence the octets that follow are digested again, so that a genuine time-stamp token over
//! other octets cannot be grafted in.
//!
//! # Common operations
//! - [`Tap::needed`]: which taps a digest needs.
//! - [`PayloadDigests::digest`]: the digest over parts, from the taps that ran.

mod digests;

pub use digests::{DigestOutcome, PayloadDigests, PayloadFailure, PayloadHead, PayloadState};
pub(crate) use digests::{hex_list, hex_octets};

use crate::algorithm::DigestAlgorithm;
use crate::job::InputId;
use crate::vocabulary::ObjectId;
use crate::xml::c14n::{Comments, Method};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// One piece of what is digested.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// Octets at hand.
    Octets(Arc<[u8]>),
    /// Octets that are streamed.
    Payload(PayloadPart),
    /// The digest value of other parts (archive-time-stamp-v3, EN 319 122-1 §5.5.3, step 2).
    Digest {
        /// Digest algorithm of the inner digest.
        algorithm: DigestAlgorithm,
        /// What is digested.
        parts: Vec<Part>,
    },
    /// The digest values of several data objects in binary ascending order, one behind the other: a
    /// data object group (RFC 4998 §4.2).
    Group {
        /// Digest algorithm of the inner digests.
        algorithm: DigestAlgorithm,
        /// The data objects.
        members: Vec<Vec<Part>>,
    },
}

/// Payload, or a range of it, after a transform.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PayloadPart {
    /// Which.
    pub name: PayloadName,
    /// Which octets, before the transform; all when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub range: Option<Span>,
    /// What is done with the octets before they are digested.
    #[serde(default, skip_serializing_if = "Transform::is_none")]
    pub transform: Transform,
}

/// A half-open range of octets that can be ordered and saved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Span {
    /// First octet.
    pub start: u64,
    /// First octet behind.
    pub end: u64,
}

/// Names payload.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PayloadName {
    /// A whole input of the job: the document itself (input 0) or a detached one.
    Input(InputId),
    /// A file of the container that is input 0, by its exact entry name.
    Entry(String),
}

/// What is done with payload before it is digested.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
#[non_exhaustive]
pub enum Transform {
    /// Nothing.
    #[default]
    None,
    /// Base64 is decoded (XMLDSig §6.6.2).
    Base64Decoded,
    /// The octets are written as base64url (RFC 7515 §5.1).
    Base64UrlEncoded,
    /// XML is parsed and canonicalised; the file is collected, within the limits of structure.
    Canonical {
        /// URI of the canonicalisation method.
        method: String,
        /// `InclusiveNamespaces PrefixList` of exclusive canonicalisation.
        inclusive_prefixes: Vec<String>,
    },
}

impl Transform {
    /// Whether nothing is done.
    #[must_use]
    pub fn is_none(&self) -> bool {
        *self == Self::None
    }

    /// For a canonical form that leaves comments out: the same form with them.
    #[must_use]
    pub fn with_comments(&self) -> Option<Self> {
        let Self::Canonical {
            method,
            inclusive_prefixes,
        } = self
        else {
            return None;
        };
        let omitting = Method::from_uri(method).ok()?;
        let keeping = Method {
            comments: Comments::Keep,
            ..omitting.clone()
        };
        (omitting != keeping).then(|| Self::Canonical {
            method: keeping.uri().to_owned(),
            inclusive_prefixes: inclusive_prefixes.clone(),
        })
    }
}

impl PayloadPart {
    /// All octets of a named payload as they are.
    #[must_use]
    pub fn whole(name: PayloadName) -> Self {
        Self {
            name,
            range: None,
            transform: Transform::None,
        }
    }
}

/// Names a tap: a digest algorithm and the parts up to and including the last payload.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TapKey {
    /// Digest algorithm.
    pub algorithm: DigestAlgorithm,
    /// What is digested; octets are named by their own digest.
    pub prefix: Vec<PartKey>,
}

/// Names one part of a tap.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PartKey {
    /// Octets, by their SHA-256.
    Octets(ObjectId),
    /// Payload.
    Payload(PayloadPart),
}

/// A tap to run: its name and the parts to digest in this order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tap {
    /// The name under which the outcome is kept.
    pub key: TapKey,
    /// Octets and payload, ending with payload. Inner digests are not among them: a digest over
    /// parts of which an inner digest needs payload itself needs no tap of its own.
    pub parts: Vec<Part>,
    /// Whether more octets follow the last payload, so that a midstate is kept.
    pub continues: bool,
    /// Whether the first octets and the length are kept beside the digest: a signature value over
    /// the data itself says nothing without them (RFC 5652 §5.4).
    pub keeps_head: bool,
}

impl Tap {
    /// The taps that a digest over `parts` needs: none when no payload is in them.
    ///
    /// Parts that mix payload and inner digests over payload do not occur in any format: payload
    /// then stands in the inner digests only.
    #[must_use]
    pub fn needed(algorithm: DigestAlgorithm, parts: &[Part]) -> Vec<Self> {
        let mut taps = Vec::new();
        let last = parts
            .iter()
            .rposition(|part| matches!(part, Part::Payload(_)));
        if let Some(prefix) = last.and_then(|last| parts.get(..=last)) {
            let keys = prefix.iter().map(PartKey::of).collect();
            taps.push(Self {
                key: TapKey {
                    algorithm,
                    prefix: keys,
                },
                parts: prefix.to_vec(),
                continues: prefix.len() < parts.len(),
                keeps_head: false,
            });
        }
        for part in parts {
            match part {
                Part::Digest { algorithm, parts } => taps.extend(Self::needed(*algorithm, parts)),
                Part::Group { algorithm, members } => {
                    let members = members.iter();
                    taps.extend(members.flat_map(|parts| Self::needed(*algorithm, parts)));
                }
                Part::Octets(_) | Part::Payload(_) => {}
            }
        }
        taps
    }
}

impl PartKey {
    fn named<'a>(parts: impl Iterator<Item = &'a Part>) -> Self {
        let names = format!("{:?}", parts.map(Self::of).collect::<Vec<_>>());
        Self::Octets(crate::crypto::object_id(names.as_bytes()))
    }

    fn of(part: &Part) -> Self {
        match part {
            Part::Octets(octets) => Self::Octets(crate::crypto::object_id(octets)),
            Part::Payload(payload) => Self::Payload(payload.clone()),
            // Never inside a tap's prefix, see `Tap::needed`; named by what it is made of.
            Part::Digest { parts, .. } => Self::named(parts.iter()),
            Part::Group { members, .. } => Self::named(members.iter().flatten()),
        }
    }
}
