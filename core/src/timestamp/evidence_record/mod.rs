//! Evidence records: proofs of existence that outlive the digests and certificates that they rest on.
//!
//! An evidence record joins many data objects under one time-stamp. Their digests are the leaves of
//! a hash tree; what is kept for one object (or one *group* of objects) is the *reduced* tree: the
//! lists of digests that lead from it to the root, which the time-stamp covers. Before the
//! time-stamp's certificate expires, a new one is taken over the old one (*time-stamp renewal*);
//! before the digest algorithm grows weak, the data and everything so far are digested anew
//! (*hash-tree renewal*), which begins a new chain.
//!
//! [`EvidenceRecord`] is what such a record says, whether it is written in ASN.1 or in XML. Whether
//! its digests fit data is told by [`crate::evidence`], whether its time-stamps hold by
//! [`crate::validation`].
//!
//! # Common operations
//! - [`EvidenceRecord::parse`], [`EvidenceRecord::parse_xml`]: reading.
//! - [`roots`]: what the time-stamp over a reduced tree must be over.
//! - [`HashTree`], [`write_record`]: making and renewing.
//!
//! # Standard
//! RFC 4998 §3, §4, §5; RFC 6283 §2 to §4. Encrypted data objects (RFC 4998 §6) are refused. Not
//! read: `SupportingInformationList`, tokens of another kind than RFC 3161. `cryptoInfos` and the
//! attributes of archive time-stamps are looked through for certificates and revocation data.

mod asn1;
mod create;
mod hash_tree;
mod xml;

pub use create::{HashTree, renewed_data, write_archive_timestamp, write_chains, write_record};
pub use hash_tree::{Root, roots};

use crate::algorithm::DigestAlgorithm;
use crate::error::{Error, Malformed, MalformedKind, Unsupported};
use crate::limits::{Budget, Resource};
use std::sync::Arc;

/// The namespace of RFC 6283.
pub const XML_NAMESPACE: &str = "urn:ietf:params:xml:ns:ers";

/// How a record is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Syntax {
    /// RFC 4998.
    Asn1,
    /// RFC 6283.
    Xml,
}

/// What an evidence record says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EvidenceRecord {
    /// How it is written.
    pub syntax: Syntax,
    /// Its chains of archive time-stamps, the oldest first; at least one.
    pub chains: Vec<ArchiveTimestampChain>,
    /// Certificates that travel along, as DER; not yet known to be any.
    pub certificates: Vec<Arc<[u8]>>,
    /// CRLs that travel along.
    pub crls: Vec<Arc<[u8]>>,
    /// OCSP responses that travel along, each whole or its basic response alone.
    pub ocsps: Vec<Arc<[u8]>>,
}

/// Archive time-stamps with one digest algorithm, each but the first over the one before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ArchiveTimestampChain {
    /// The archive time-stamps, the oldest first; at least one.
    pub timestamps: Vec<ArchiveTimestamp>,
    /// The octets of all chains before this one, which its first archive time-stamp covers; more
    /// than one where readers differ in what belongs to them, empty in the first chain.
    pub before: Vec<Arc<[u8]>>,
    /// URI of the canonicalization method by which data objects in XML may have been digested; none
    /// in ASN.1.
    pub canonicalization: Option<String>,
}

/// One archive time-stamp.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ArchiveTimestamp {
    /// Digest algorithm of the hash tree, or the name of one that is not implemented.
    pub algorithm: Result<DigestAlgorithm, Unsupported>,
    /// The lists of the reduced hash tree; none where the token covers one digest directly.
    pub lists: Vec<Vec<Vec<u8>>>,
    /// The time-stamp token.
    pub token: Arc<[u8]>,
    /// The octets that a renewal of this time-stamp covers.
    pub stamped: Arc<[u8]>,
    /// Certificates and revocation data that are covered with it, as found.
    pub beside: Vec<Arc<[u8]>>,
}

impl EvidenceRecord {
    /// Reads a record in ASN.1 or XML, by its first octet.
    ///
    /// # Errors
    /// As [`EvidenceRecord::parse`].
    pub fn read(octets: &[u8], budget: &mut Budget) -> Result<Self, Error> {
        match octets.first() {
            Some(0x30) => Self::parse(octets, budget),
            _ => Self::parse_xml(octets, budget),
        }
    }

    /// Archive time-stamps in all chains, the oldest first.
    pub fn timestamps(&self) -> impl DoubleEndedIterator<Item = &ArchiveTimestamp> {
        self.chains.iter().flat_map(|chain| &chain.timestamps)
    }
}

/// Digests are as long as their algorithm makes them: else where one ends in a concatenation and
/// the next begins would be anyone's choice.
fn check_lengths(of: &ArchiveTimestamp) -> Result<(), Malformed> {
    let Ok(algorithm) = &of.algorithm else {
        return Ok(());
    };
    let mut all = of.lists.iter().flatten();
    match all.find(|digest| digest.len() != algorithm.output_len()) {
        None => Ok(()),
        Some(other) => {
            let length = |length: usize| u64::try_from(length).unwrap_or(u64::MAX);
            Err(wrong("reducedHashtree")
                .compared(length(algorithm.output_len()), length(other.len())))
        }
    }
}

/// A digest is kept in a piece of its own.
fn charge_digest(budget: &mut Budget) -> Result<(), Error> {
    Ok(budget.charge(Resource::Values, 2)?)
}

fn wrong(element: &'static str) -> Malformed {
    Malformed::within(MalformedKind::EvidenceRecordStructure, element)
}

#[cfg(test)]
mod tests;
