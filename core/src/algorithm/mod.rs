//! Digest and signature algorithms: one table for OID, XML URI and JOSE name.
//!
//! Names only: what is computed stands in [`crate::crypto`], how long an algorithm is reliable in
//! [`crate::policy`].
//!
//! # Standard
//! RFC 9231 (XML), RFC 5754, 8017, 8419, 9688, 9882 (CMS and X.509), RFC 7518, 8037, 8812 and 9864
//! (JOSE), RFC 5480, 5639 and SEC 2 (curves).

mod curve;
mod digest_algorithm;
mod signature;

pub use curve::{Curve, KeySize};
pub use digest_algorithm::DigestAlgorithm;
pub use signature::{JoseAlgorithm, KeyAlgorithm, SignatureAlgorithm, ValueEncoding};
