//! A time-stamp of a signature: the token, and what its imprint must be over.

use super::{Finding, Target};
use crate::vocabulary::{ObjectId, TimestampKind};
use std::sync::Arc;

/// A time-stamp token in its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Timestamp {
    /// Unique in the document and the same at every reading: `T-` and hexadecimal digits.
    pub id: String,
    /// What kind, by what it covers.
    pub kind: TimestampKind,
    /// DER of the TimeStampToken (a CMS SignedData over a TSTInfo).
    pub token: Arc<[u8]>,
    /// What the imprint must be over; the digest algorithm is the token's.
    pub imprint: Target,
    /// Other lists of parts that are accepted (historical variants), each with words for the
    /// report.
    pub alternatives: Vec<(Target, &'static str)>,
    /// What a proof of existence follows for when token and imprint hold.
    pub covered: Covered,
    /// What the format found wrong about this time-stamp.
    pub findings: Vec<Finding>,
}

/// What a time-stamp proves to have existed (EN 319 102-1 §5.6.2.3).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Covered {
    /// The signature value and what it signs.
    pub signature: bool,
    /// Signed data objects.
    pub data: bool,
    /// Certificates, revocation data and tokens, by their digest.
    pub objects: Vec<ObjectId>,
}
