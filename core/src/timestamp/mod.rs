//! Time-stamps of RFC 3161: the token, the request for one, and the answer of an authority.
//!
//! A time-stamping authority is sent the digest of some data and returns a *token*: a CMS message
//! whose content, a *TSTInfo*, joins that digest (the *imprint*) with a time, under the authority's
//! signature. Whoever holds data and token can later show that the data existed at that time.
//!
//! A token is a signature like any other: its SignerInfo, certificates and attributes are those of
//! [`TimestampToken::signed_data`], and the judge treats it as a signature over the TSTInfo. What
//! breaks a rule of time-stamps but can be read is a [`Finding`].
//!
//! # Common operations
//! - [`TimestampToken::parse`]: a token as it stands in a signature.
//! - [`request`] and [`parse_response`]: asking an authority.
//! - [`EvidenceRecord`]: one time-stamp for many data objects, renewed for as long as it is needed.
//!
//! # Standard
//! RFC 3161 §2.4, RFC 5816, EN 319 422 §5, §6; RFC 4998, RFC 6283 (evidence records).

mod evidence_record;
mod request;
mod response;
mod token;
mod tst_info;

pub use evidence_record::{
    ArchiveTimestamp, ArchiveTimestampChain, EvidenceRecord, HashTree, Root, Syntax,
    XML_NAMESPACE as EVIDENCE_RECORD_NAMESPACE, renewed_data, roots, write_archive_timestamp,
    write_chains, write_record,
};
pub use request::{TimestampRequest, request};
pub(crate) use response::granted;
pub use response::parse_response;
pub use token::{Finding, TimestampToken};
pub use tst_info::{Accuracy, Extension, MessageImprint, TstInfo};

#[cfg(test)]
mod tests;
