//! XAdES: XML signatures, with or without the qualifying properties of EN 319 132-1.
//!
//! A `ds:Signature` lists what it signs by digest. XAdES adds *qualifying properties* in an object
//! inside the signature: signed ones (time, certificate, claims), which the signature refers to like
//! any other data, and unsigned ones (time-stamps, certificates, revocation data), which are added
//! later. Each `ds:Signature` of a document becomes a [`Signature`](crate::signature::Signature)
//! record; a counter-signature is a record of its own with the signed one as parent.
//!
//! Attackers move signed elements and put others where an application looks. So properties are
//! believed only when a reference leads to that very element; otherwise they count as absent.
//! Files outside the document are only named here: they are streamed and digested elsewhere.
//!
//! # Common operations
//! - [`parse`]: the records of a document.
//! - [`Blueprint`]: a new signature.
//! - [`add_signature_timestamp`], [`add_validation_data`], [`add_archive_timestamp`]: what raises
//!   its level.
//!
//! # Standard
//! EN 319 132-1 §4, §5, §6.3, Annex A; the older names of TS 101 903. Read only: the namespaces of
//! XAdES 1.1.1 and 1.2.2, the first kind of archive time-stamp, digests renewed by number. Not
//! covered: distributed time-stamps, XML time-stamps, indirect properties.

mod archive;
mod augment;
mod canonical;
mod claims;
mod create;
mod dialect;
mod embed;
mod foreign;
mod identification;
mod insertion;
mod left_out;
mod level;
mod material;
mod parse;
mod preservation;
mod properties;
mod references;
mod renewal;
mod renewed_digests;
mod timestamps;

pub use augment::{
    add_archive_timestamp, add_signature_timestamp, add_validation_data, archive_timestamp_input,
    signature_timestamp_input,
};
pub use create::{Blueprint, Naming, NewReference, ReferenceForm, StampedContent, assertion};
pub use dialect::{Dialect, FileContent, FileElement};
pub use embed::{EmbeddedPiece, Position, add_parallel, around_signature, countersign, embed};
pub use parse::{Resolve, parse, parse_tree};
pub use preservation::{CarriedRecord, SEALING_EVIDENCE_RECORDS, carried_records};
pub use renewal::{WeakEntry, add_renewed_digests, weak_entries};

#[cfg(test)]
mod tests;

/// The namespace of the properties.
pub(crate) const NAMESPACE: &str = "http://uri.etsi.org/01903/v1.3.2#";

/// The namespace of what version 1.4.1 added.
pub(crate) const NAMESPACE_141: &str = "http://uri.etsi.org/01903/v1.4.1#";

/// Every namespace in which `QualifyingProperties` is read.
const NAMESPACES: [&str; 3] = [
    NAMESPACE,
    "http://uri.etsi.org/01903/v1.1.1#",
    "http://uri.etsi.org/01903/v1.2.2#",
];
