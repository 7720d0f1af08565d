//! An evidence record in its place: what it says, and the data objects that it must be about.

use super::{Finding, Scope, Target, Timestamp};
use crate::algorithm::DigestAlgorithm;
use crate::error::Unsupported;
use crate::payload::PayloadName;
use crate::timestamp::EvidenceRecord;
use crate::vocabulary::ObjectId;
use std::sync::Arc;

/// An evidence record in its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlacedRecord {
    /// Unique in the document and the same at every reading: `E-` and hexadecimal digits.
    pub id: String,
    /// The file of the container that holds it; empty when the document is the record, or a
    /// signature carries it.
    pub place: String,
    /// The signature that carries it, by [`super::Signature::id`].
    pub parent: Option<String>,
    /// What the format found wrong.
    pub findings: Vec<Finding>,
    /// What it says; absent where it cannot be read.
    pub record: Option<Arc<EvidenceRecord>>,
    /// What it must be about, every one of them.
    pub objects: Vec<DataObject>,
    /// Its archive time-stamps in all chains, the oldest first.
    pub timestamps: Vec<Timestamp>,
    /// The signatures whose octets it is about as a whole, by [`super::Signature::id`].
    pub signatures: Vec<String>,
    /// What lies inside those signatures and is covered; everything where absent.
    pub inside: Option<Vec<ObjectId>>,
    /// Whether its objects may stand in the hash tree as one leaf, by the digest of their digests.
    pub is_group: bool,
    /// What is covered, for people.
    pub scopes: Vec<Scope>,
}

/// A data object of an evidence record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DataObject {
    /// File name or what it is; untrusted text.
    pub name: String,
    /// What is digested; any of several where standards differ.
    pub targets: Vec<Target>,
    /// The digest that a manifest beside the record names.
    pub listed: Option<(Result<DigestAlgorithm, Unsupported>, Vec<u8>)>,
    /// The payload that is covered, whole and octet by octet.
    pub covers: Option<PayloadName>,
    /// Whether the record need not be about it.
    pub is_optional: bool,
}
