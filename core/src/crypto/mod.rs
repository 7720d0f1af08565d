//! Digests, signature values and keys: the only module that names a cryptographic crate.
//!
//! A signature value is checked with one public key over one message: [`verify`] answers whether
//! they fit, and nothing more. Whether the key belongs to somebody, and whether the algorithm may
//! still be relied on, is judged elsewhere; a value that does not fit is an answer ([`Fit`]), not
//! an error.
//!
//! Two providers stand behind it. RustCrypto does everything; *ring* (feature `ring`) is faster in
//! a few rows. Which one is asked is decided by key and algorithm before the value is looked at,
//! each accepts exactly what the other would, and a rejection is final: a second opinion would be a
//! second chance for a forger.
//!
//! # Common operations
//! - digest: [`digest()`], [`Digester`], [`object_id`]
//! - verify: [`PublicKey::from_spki`], [`verify`]
//! - sign in memory: [`SoftwareKey`]
//! - rewrite an ECDSA value: [`transcode_ecdsa`]
//!
//! # Standard
//! FIPS 180-4 and FIPS 202 (digests), RFC 8017 §8 (RSA), FIPS 186-5 §6 (ECDSA), RFC 5639 §3 (curves),
//! RFC 8032 (Ed25519), FIPS 186-4 §4 (DSA), FIPS 204 §5.2 and §5.3 (ML-DSA), RFC 6979 (deterministic
//! ECDSA), RFC 5958 and RFC 9881 §6 (private keys). Not covered: Ed448, SLH-DSA, curves of less than
//! 256 bits, MD5 and RIPEMD-160; all answer [`crate::error::Unsupported`], and so does what a feature
//! left out.

#[cfg(feature = "brainpool")]
mod brainpool_p512;
pub(crate) mod cipher;
mod digester;
#[cfg(feature = "dsa")]
mod dsa;
mod elliptic;
#[cfg(feature = "ring")]
mod fast;
mod key;
mod memo;
#[cfg(feature = "ml-dsa")]
mod ml_dsa;
#[cfg(feature = "ml-dsa")]
mod ml_dsa_private;
mod rsassa;
mod seed;
mod software_key;
#[cfg(test)]
mod tests;
mod verify;

pub use digester::{Digester, digest, object_id};
pub use elliptic::{ecdsa_in_der, ecdsa_with_zeros, transcode_ecdsa};
// A key says which curve it is on: the word stands here too.
pub use crate::algorithm::Curve;
pub use key::{KeyKind, PssRestriction, PublicKey};
pub use memo::{Memo, SharedMemo};
pub use seed::derive;
pub use software_key::SoftwareKey;
pub use verify::{Fit, Message, verify};

/// Compares two values in a time that depends on their lengths only.
#[must_use]
pub fn equal(left: &[u8], right: &[u8]) -> bool {
    bool::from(subtle::ConstantTimeEq::ct_eq(left, right))
}
