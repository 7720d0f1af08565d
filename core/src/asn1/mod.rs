//! ASN.1: strict DER and tolerant BER readers that keep the original bytes, and a DER writer.
//!
//! Certificates, CMS messages, time-stamps and revocation data are written in ASN.1: values that
//! carry a tag, a length and their content, one inside the other. A signature covers the *bytes* of
//! such values, so nothing here decodes a value and encodes it again: every [`Tlv`] points into the
//! input, and [`Tlv::whole`] is exactly what was signed.
//!
//! DER has one encoding for each value and is what certificates use. CMS may come in BER, where
//! lengths can be left open and strings can come in pieces; a [`Reader`] knows in which of the two
//! it reads. Input that nobody has vouched for goes through [`check_tree`] first, which walks the
//! whole value once within a budget; afterwards every reading is bounded by what was paid for.
//!
//! # Common operations
//! - read: [`Reader::der`], [`Reader::ber`], [`Tlv`]
//! - object identifiers and algorithms: [`Oid`], [`AlgorithmIdentifier`]
//! - write: [`write`](mod@write)
//! - textual encoding: [`pem`]
//!
//! # Standard
//! X.690 (BER and DER), RFC 7468 (PEM), RFC 5280 §4.1.1.2, RFC 4055 and RFC 8017 Appendix A
//! (algorithm identifiers). Not covered: REAL, EMBEDDED PDF, relative identifiers, CER.

mod algorithm;
mod check;
mod oid;
pub mod pem;
mod reader;
mod tag;
#[cfg(test)]
mod tests;
mod tlv;
pub mod write;

pub use algorithm::AlgorithmIdentifier;
pub use check::check_tree;
pub use oid::Oid;
pub use reader::{Mode, Reader};
pub use tag::{Class, Tag};
pub use tlv::{Bits, Tlv};

/// A count or position as the `u64` that every public length is.
fn to_u64(length: usize) -> u64 {
    u64::try_from(length).unwrap_or(u64::MAX)
}
