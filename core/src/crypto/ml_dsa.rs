//! ML-DSA: its public keys, and its values verified by RustCrypto; pure, with an empty context.
//!
//! # Standard
//! FIPS 204 §5.3; RFC 9881 §4 (keys), RFC 9882 §3 (the context is empty).

use super::key::wrong;
use crate::algorithm::SignatureAlgorithm;
use crate::error::Malformed;
use ml_dsa::{
    EncodedVerifyingKey, MlDsa44, MlDsa65, MlDsa87, MlDsaParams, Signature, VerifyingKey,
};
use std::sync::OnceLock;

/// A public key. What is computed from it once is some tens of kilobytes, made at first use.
pub(super) struct MlDsaKey {
    algorithm: SignatureAlgorithm,
    octets: Box<[u8]>,
    prepared: OnceLock<Option<Prepared>>,
}

enum Prepared {
    MlDsa44(Box<VerifyingKey<MlDsa44>>),
    MlDsa65(Box<VerifyingKey<MlDsa65>>),
    MlDsa87(Box<VerifyingKey<MlDsa87>>),
}

/// Rows: algorithm, octets of a public key, octets of a value, bits of claimed strength (FIPS 204
/// §4 Tables 1 and 2).
const SETS: &[(SignatureAlgorithm, usize, usize, u32)] = &[
    (SignatureAlgorithm::MlDsa44, 1312, 2420, 128),
    (SignatureAlgorithm::MlDsa65, 1952, 3309, 192),
    (SignatureAlgorithm::MlDsa87, 2592, 4627, 256),
];

impl MlDsaKey {
    /// RFC 9881 §4: the octets of FIPS 204 as they are. Each is a key.
    pub(super) fn read(algorithm: SignatureAlgorithm, octets: &[u8]) -> Result<Self, Malformed> {
        let key = Self {
            algorithm,
            octets: octets.into(),
            prepared: OnceLock::new(),
        };
        match key.row() {
            Some((_, length, _, _)) if octets.len() == *length => Ok(key),
            _ => Err(wrong()),
        }
    }

    fn row(&self) -> Option<&'static (SignatureAlgorithm, usize, usize, u32)> {
        SETS.iter().find(|row| row.0 == self.algorithm)
    }

    pub(super) fn algorithm(&self) -> SignatureAlgorithm {
        self.algorithm
    }

    /// The strength that the parameter set claims.
    pub(super) fn bits(&self) -> u32 {
        self.row().map_or(0, |row| row.3)
    }

    pub(super) fn value_len(&self) -> usize {
        self.row().map_or(0, |row| row.2)
    }

    pub(super) fn is_same(&self, other: &Self) -> bool {
        self.algorithm == other.algorithm && self.octets == other.octets
    }

    /// Whether a value over a message fits, FIPS 204 §5.3 (Algorithm 3).
    pub(super) fn fits(&self, message: &[u8], value: &[u8]) -> bool {
        match self.prepared.get_or_init(|| self.prepare()) {
            Some(Prepared::MlDsa44(key)) => verify(key, message, value),
            Some(Prepared::MlDsa65(key)) => verify(key, message, value),
            Some(Prepared::MlDsa87(key)) => verify(key, message, value),
            None => false,
        }
    }

    fn prepare(&self) -> Option<Prepared> {
        match self.algorithm {
            SignatureAlgorithm::MlDsa44 => decode(&self.octets).map(Prepared::MlDsa44),
            SignatureAlgorithm::MlDsa65 => decode(&self.octets).map(Prepared::MlDsa65),
            SignatureAlgorithm::MlDsa87 => decode(&self.octets).map(Prepared::MlDsa87),
            _ => None,
        }
    }
}

fn decode<P: MlDsaParams>(octets: &[u8]) -> Option<Box<VerifyingKey<P>>> {
    let encoded = EncodedVerifyingKey::<P>::try_from(octets).ok()?;
    Some(Box::new(VerifyingKey::decode(&encoded)))
}

fn verify<P: MlDsaParams>(key: &VerifyingKey<P>, message: &[u8], value: &[u8]) -> bool {
    Signature::<P>::try_from(value).is_ok_and(|value| key.verify_with_context(message, b"", &value))
}
