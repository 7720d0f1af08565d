//! The rows that *ring* verifies: RSA PKCS #1 v1.5 and ECDSA over P-256 and P-384.
//!
//! It is asked only for a whole message (it digests by itself), and only for what it implements
//! fully; see [`Row::find`]. Values have been read by our own reader before they come here.

use super::elliptic::Pair;
use super::key::{KeyKind, Material, PublicKey};
use super::verify::{Fit, Message};
use crate::algorithm::{Curve, DigestAlgorithm, SignatureAlgorithm, ValueEncoding};
use ring::signature::{self, UnparsedPublicKey};

/// A row of *ring*.
#[derive(Clone, Copy)]
pub(super) enum Row {
    Rsa(&'static signature::RsaParameters),
    Ec(&'static signature::EcdsaVerificationAlgorithm, Curve),
}

impl Row {
    /// The row for a key and an algorithm, if there is one: decided without the value.
    pub(super) fn find(key: &PublicKey, algorithm: SignatureAlgorithm) -> Option<Self> {
        match (key.kind(), algorithm) {
            (KeyKind::Rsa, SignatureAlgorithm::RsaPkcs1 { digest })
                if (2048..=8192).contains(&key.bits()) =>
            {
                Some(Self::Rsa(match digest {
                    DigestAlgorithm::Sha256 => &signature::RSA_PKCS1_2048_8192_SHA256,
                    DigestAlgorithm::Sha384 => &signature::RSA_PKCS1_2048_8192_SHA384,
                    DigestAlgorithm::Sha512 => &signature::RSA_PKCS1_2048_8192_SHA512,
                    _ => return None,
                }))
            }
            (KeyKind::Ec(curve), SignatureAlgorithm::Ecdsa { digest, .. }) => {
                let algorithm = match (curve, digest) {
                    (Curve::P256, DigestAlgorithm::Sha256) => &signature::ECDSA_P256_SHA256_ASN1,
                    (Curve::P256, DigestAlgorithm::Sha384) => &signature::ECDSA_P256_SHA384_ASN1,
                    (Curve::P384, DigestAlgorithm::Sha256) => &signature::ECDSA_P384_SHA256_ASN1,
                    (Curve::P384, DigestAlgorithm::Sha384) => &signature::ECDSA_P384_SHA384_ASN1,
                    _ => return None,
                };
                Some(Self::Ec(algorithm, curve))
            }
            _ => None,
        }
    }

    /// Whether the value fits; none where *ring* cannot say, which is decided by the kind of the
    /// message alone.
    pub(super) fn verify(
        self,
        key: &PublicKey,
        algorithm: SignatureAlgorithm,
        message: Message<'_>,
        value: &[u8],
    ) -> Option<Fit> {
        let Message::Octets(octets) = message else {
            return None;
        };
        let fits = match (self, key.material(), algorithm) {
            (Self::Rsa(parameters), Material::Rsa(key), _) => {
                let components = signature::RsaPublicKeyComponents {
                    n: &key.modulus,
                    e: &key.exponent,
                };
                components.verify(parameters, octets, value).is_ok()
            }
            (
                Self::Ec(parameters, curve),
                Material::Ec(point),
                SignatureAlgorithm::Ecdsa { encoding, .. },
            ) => {
                let key = UnparsedPublicKey::new(parameters, point.octets());
                // One DER form for both encodings: what was strict stays strict.
                Pair::read(value, curve, encoding)
                    .is_some_and(|pair| key.verify(octets, &pair.write(ValueEncoding::Der)).is_ok())
            }
            _ => false,
        };
        Some(Fit::from(fits))
    }
}
