//! Named elliptic curves, and the size of a key.

use super::DigestAlgorithm;
use crate::vocabulary::words;

words! {
    /// A named elliptic curve.
    Curve {
        /// P-256 or secp256r1, SP 800-186 §3.2.1.
        P256 => "P-256",
        /// P-384 or secp384r1.
        P384 => "P-384",
        /// P-521 or secp521r1.
        P521 => "P-521",
        /// secp256k1, SEC 2 §2.4.1.
        Secp256k1 => "secp256k1",
        /// brainpoolP256r1, RFC 5639 §3.4.
        BrainpoolP256r1 => "brainpoolP256r1",
        /// Its twist.
        BrainpoolP256t1 => "brainpoolP256t1",
        /// brainpoolP384r1, RFC 5639 §3.6.
        BrainpoolP384r1 => "brainpoolP384r1",
        /// Its twist.
        BrainpoolP384t1 => "brainpoolP384t1",
        /// brainpoolP512r1, RFC 5639 §3.7.
        BrainpoolP512r1 => "brainpoolP512r1",
        /// Its twist.
        BrainpoolP512t1 => "brainpoolP512t1",
    }
}

/// Rows: curve, OID, bits of the order of the group.
const CURVES: &[(Curve, &str, u32)] = &[
    (Curve::P256, "1.2.840.10045.3.1.7", 256),
    (Curve::P384, "1.3.132.0.34", 384),
    (Curve::P521, "1.3.132.0.35", 521),
    (Curve::Secp256k1, "1.3.132.0.10", 256),
    (Curve::BrainpoolP256r1, "1.3.36.3.3.2.8.1.1.7", 256),
    (Curve::BrainpoolP256t1, "1.3.36.3.3.2.8.1.1.8", 256),
    (Curve::BrainpoolP384r1, "1.3.36.3.3.2.8.1.1.11", 384),
    (Curve::BrainpoolP384t1, "1.3.36.3.3.2.8.1.1.12", 384),
    (Curve::BrainpoolP512r1, "1.3.36.3.3.2.8.1.1.13", 512),
    (Curve::BrainpoolP512t1, "1.3.36.3.3.2.8.1.1.14", 512),
];

impl Curve {
    fn row(self) -> Option<&'static (Self, &'static str, u32)> {
        CURVES.iter().find(|row| row.0 == self)
    }

    /// The curve with this dotted OID.
    #[must_use]
    pub fn from_oid(oid: &str) -> Option<Self> {
        CURVES.iter().find(|row| row.1 == oid).map(|row| row.0)
    }

    /// Dotted OID.
    #[must_use]
    pub fn oid(self) -> &'static str {
        self.row().map_or("", |row| row.1)
    }

    /// Bits of the order of the group.
    #[must_use]
    pub fn bits(self) -> u32 {
        self.row().map_or(0, |row| row.2)
    }

    /// The digest to sign with: as long as the order of the group, or the longest (RFC 5753 §7.1.3,
    /// RFC 7518 §3.4).
    #[must_use]
    pub fn preferred_digest(self) -> DigestAlgorithm {
        match self.bits() {
            0..=256 => DigestAlgorithm::Sha256,
            257..=384 => DigestAlgorithm::Sha384,
            _ => DigestAlgorithm::Sha512,
        }
    }

    /// Octets of one half of a plain signature value.
    #[must_use]
    pub fn scalar_len(self) -> usize {
        usize::try_from(self.bits().div_ceil(8)).unwrap_or(0)
    }
}

/// The size of a key, as cryptographic suites measure it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct KeySize {
    /// Bits of the modulus (RSA, DSA), of the order of the group (elliptic curves), or of the
    /// strength that the parameter set claims (ML-DSA, FIPS 204 §4 Table 1).
    pub bits: u32,
    /// The curve of an ECDSA key.
    pub curve: Option<Curve>,
}

impl KeySize {
    /// A key of this many bits on no curve of ECDSA.
    #[must_use]
    pub fn of_bits(bits: u32) -> Self {
        Self { bits, curve: None }
    }
}

/// `2048 bits`; `256 bits (P-256)`.
impl std::fmt::Display for KeySize {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.curve {
            Some(curve) => write!(f, "{} bits ({curve})", self.bits),
            None => write!(f, "{} bits", self.bits),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_curve_has_a_row() {
        for curve in Curve::ALL {
            assert_eq!(Curve::from_oid(curve.oid()), Some(*curve));
            assert_eq!(Curve::from_word(curve.as_str()), Some(*curve));
            assert!(curve.as_str().contains(&curve.bits().to_string()));
        }
        assert_eq!(Curve::P521.scalar_len(), 66);
    }

    #[test]
    fn near_names_are_no_curves() {
        // secp224r1, brainpoolP320r1, and a prefix of an OID that is known.
        for oid in ["1.3.132.0.33", "1.3.36.3.3.2.8.1.1.9", "1.3.132.0", ""] {
            assert_eq!(Curve::from_oid(oid), None);
        }
    }
}
