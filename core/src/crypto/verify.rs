//! Whether a signature value, a message and a public key fit together.

use super::digester::digest;
use super::elliptic::Pair;
use super::key::{KeyKind, Material, PssRestriction, PublicKey};
use super::memo::Memo;
use super::rsassa::{self, Pss};
use crate::algorithm::{Curve, DigestAlgorithm, SignatureAlgorithm};
use crate::error::{Error, Unsupported};
use crate::limits::{Budget, Resource};

/// What was signed.
#[derive(Clone, Copy)]
pub enum Message<'a> {
    /// The message itself.
    Octets(&'a [u8]),
    /// Its digest, by the digest algorithm of the signature algorithm.
    Digest(&'a [u8]),
}

/// The answer of [`verify`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub enum Fit {
    /// The holder of the private key made the value over this message.
    Fits,
    /// Nothing of the kind can be said.
    DoesNotFit,
}

impl From<bool> for Fit {
    fn from(fits: bool) -> Self {
        if fits { Self::Fits } else { Self::DoesNotFit }
    }
}

/// Verifies one signature value with one public key.
///
/// A value that does not follow its form, a digest of another length, and an algorithm of another
/// family than the key (or outside what the key is restricted to) do not fit. Charges
/// [`Resource::SignatureChecks`] by weight and [`Resource::DigestedBytes`] by length before
/// anything is computed and before the memo is asked.
///
/// # Errors
/// [`Unsupported`] for an algorithm that is not implemented, and for Ed25519 over a mere digest;
/// [`crate::limits::Limit`].
pub fn verify(
    key: &PublicKey,
    algorithm: SignatureAlgorithm,
    message: Message<'_>,
    value: &[u8],
    budget: &mut Budget,
    memo: &mut Memo,
) -> Result<Fit, Error> {
    if matches!(key.kind(), KeyKind::Rsa | KeyKind::RsaPss(_) | KeyKind::Dsa) {
        budget.check(Resource::ModulusBits, u64::from(key.bits()))?;
    }
    budget.charge(Resource::SignatureChecks, weight(key))?;
    if let Message::Octets(octets) = message {
        let length = u64::try_from(octets.len()).unwrap_or(u64::MAX);
        budget.charge(Resource::DigestedBytes, length)?;
    }
    memo.recall_or(key, algorithm, message, value, || {
        verify_with(
            Provider::of(key, algorithm, message),
            key,
            algorithm,
            message,
            value,
        )
    })
}

/// Cost of a check in units of P-256, as `benches/crypto.rs` measures it with RustCrypto, rounded up:
/// RSA grows with the square of the modulus (4096 bits: 0.7, 8192: 2.9, 16,384: 13) and with the
/// length of the exponent; P-384 costs 2.7 and P-521 2.6, brainpool with 256, 384 and 512 bits 1.1,
/// 3.5 and 7.4. DSA grows with the fourth power (2048 bits: 50, 3072: 160): the crate raises to
/// exponents as wide as the modulus. ML-DSA-87 costs as much as P-256, and as much once more for
/// a new key.
fn weight(key: &PublicKey) -> u64 {
    match key.material() {
        Material::Rsa(rsa) => {
            let size = match key.bits() {
                0..=4096 => 1,
                4097..=8192 => 3,
                _ => 13,
            };
            if rsa.exponent.len() > 3 {
                size * 2
            } else {
                size
            }
        }
        #[cfg(feature = "dsa")]
        Material::Dsa(_) => match key.bits() {
            0..=1024 => 8,
            1025..=2048 => 50,
            2049..=3072 => 160,
            _ => 500,
        },
        Material::Ec(point) => match point.curve() {
            Curve::P256 | Curve::Secp256k1 => 1,
            Curve::BrainpoolP256r1 | Curve::BrainpoolP256t1 => 2,
            Curve::P384 | Curve::P521 => 3,
            Curve::BrainpoolP384r1 | Curve::BrainpoolP384t1 => 4,
            Curve::BrainpoolP512r1 | Curve::BrainpoolP512t1 => 8,
        },
        Material::Ed25519(_) => 1,
        #[cfg(feature = "ml-dsa")]
        Material::MlDsa(_) => 2,
    }
}

/// Who computes.
#[derive(Clone, Copy)]
pub(super) enum Provider {
    RustCrypto,
    #[cfg(feature = "ring")]
    Ring(super::fast::Row),
}

impl Provider {
    /// Chosen by key, algorithm and kind of message; never by the value.
    fn of(key: &PublicKey, algorithm: SignatureAlgorithm, message: Message<'_>) -> Self {
        #[cfg(feature = "ring")]
        if let (Some(row), Message::Octets(_)) = (super::fast::Row::find(key, algorithm), message) {
            return Self::Ring(row);
        }
        let _ = (key, algorithm, message);
        Self::RustCrypto
    }
}

/// Verifies with one provider. Tests call it to hold the providers against each other.
pub(super) fn verify_with(
    provider: Provider,
    key: &PublicKey,
    algorithm: SignatureAlgorithm,
    message: Message<'_>,
    value: &[u8],
) -> Result<Fit, Error> {
    match provider {
        Provider::RustCrypto => rust_crypto(key, algorithm, message, value),
        #[cfg(feature = "ring")]
        Provider::Ring(row) => Ok(row
            .verify(key, algorithm, message, value)
            .unwrap_or(Fit::DoesNotFit)),
    }
}

fn rust_crypto(
    key: &PublicKey,
    algorithm: SignatureAlgorithm,
    message: Message<'_>,
    value: &[u8],
) -> Result<Fit, Error> {
    match algorithm {
        SignatureAlgorithm::RsaPkcs1 { digest } => {
            let message_digest = digest_of(message, digest)?;
            let fits = match (key.kind(), key.material()) {
                (KeyKind::Rsa, Material::Rsa(rsa)) => {
                    rsassa::verify_pkcs1(rsa, digest, &message_digest, value)
                }
                // RFC 4055 §1.2: a PSS key is for PSS only.
                _ => false,
            };
            Ok(fits.into())
        }
        SignatureAlgorithm::RsaPss {
            digest,
            mgf_digest,
            salt_length,
        } => {
            let message_digest = digest_of(message, digest)?;
            let pss = Pss {
                digest,
                mgf_digest,
                salt_length,
            };
            let allowed = match key.kind() {
                KeyKind::Rsa => true,
                KeyKind::RsaPss(restriction) => is_allowed(pss, restriction),
                _ => false,
            };
            match key.material() {
                Material::Rsa(rsa) if allowed => {
                    rsassa::verify_pss(rsa, pss, &message_digest, value).map(Fit::from)
                }
                _ => Ok(Fit::DoesNotFit),
            }
        }
        SignatureAlgorithm::Ecdsa { digest, encoding } => {
            let message_digest = digest_of(message, digest)?;
            if message_digest.len() != digest.output_len() {
                return Ok(Fit::DoesNotFit);
            }
            let Material::Ec(point) = key.material() else {
                return Ok(Fit::DoesNotFit);
            };
            let pair = Pair::read(value, point.curve(), encoding);
            let fits = pair.is_some_and(|pair| point.fits(&message_digest, &pair));
            Ok(fits.into())
        }
        #[cfg(feature = "dsa")]
        SignatureAlgorithm::Dsa { digest, encoding } => {
            let message_digest = digest_of(message, digest)?;
            match key.material() {
                Material::Dsa(key) if message_digest.len() == digest.output_len() => {
                    key.fits(&message_digest, value, encoding).map(Fit::from)
                }
                _ => Ok(Fit::DoesNotFit),
            }
        }
        SignatureAlgorithm::Ed25519 => {
            let Material::Ed25519(key) = key.material() else {
                return Ok(Fit::DoesNotFit);
            };
            let Message::Octets(octets) = message else {
                return Err(Unsupported::Feature("Ed25519 over a digest of the message").into());
            };
            // Strict: no small-order points, s below the order. The cofactorless equation is the
            // one that all deployed verifiers agree on.
            let fits = ed25519_dalek::Signature::from_slice(value)
                .and_then(|value| key.verify_strict(octets, &value))
                .is_ok();
            Ok(fits.into())
        }
        #[cfg(feature = "ml-dsa")]
        SignatureAlgorithm::MlDsa44 | SignatureAlgorithm::MlDsa65 | SignatureAlgorithm::MlDsa87 => {
            let Material::MlDsa(key) = key.material() else {
                return Ok(Fit::DoesNotFit);
            };
            let Message::Octets(octets) = message else {
                return Err(Unsupported::Feature("ML-DSA over a digest of the message").into());
            };
            Ok((key.algorithm() == algorithm && key.fits(octets, value)).into())
        }
        other => Err(Unsupported::Algorithm(other.to_string()).into()),
    }
}

/// RFC 4055 §3.3: the same digests, and a salt not shorter than the key demands.
fn is_allowed(pss: Pss, restriction: Option<PssRestriction>) -> bool {
    restriction.is_none_or(|restriction| {
        pss.digest == restriction.digest
            && pss.mgf_digest == restriction.mgf_digest
            && pss.salt_length >= restriction.min_salt_length
    })
}

fn digest_of(message: Message<'_>, algorithm: DigestAlgorithm) -> Result<Vec<u8>, Error> {
    match message {
        Message::Octets(octets) => digest(algorithm, octets),
        Message::Digest(digest) => {
            // A digest that cannot be computed here is unsupported in every form.
            super::Digester::new(algorithm)?;
            Ok(digest.to_vec())
        }
    }
}
