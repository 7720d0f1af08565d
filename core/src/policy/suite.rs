//! Cryptographic suites: which algorithm, with which size of key, is reliable until when.
//!
//! # Standard
//! TS 119 312 V1.5.1 for what is dead or dying (dates in the past matter for proofs of existence),
//! V2.1.1 for what it newly lists and for PKCS #1 v1.5 from 3000 bits.

use crate::algorithm::{Curve, DigestAlgorithm, KeyAlgorithm, KeySize, SignatureAlgorithm};
use crate::time::UnixTime;
use serde::{Deserialize, Serialize};

/// A dated table of algorithms.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CryptographicSuite {
    /// Its name.
    pub name: String,
    /// The rows; an algorithm without a row is never reliable.
    pub rules: Vec<AlgorithmRule>,
    /// The curves that ECDSA keys may be on. A form that does not say means those of TS 119 312.
    #[serde(default = "standard_curves")]
    pub curves: Vec<Curve>,
    /// Accept every implemented algorithm at any time.
    #[serde(default)]
    pub is_unlimited: bool,
}

/// One row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AlgorithmRule {
    /// `SHA-1`, `RSA-PKCS1`, `RSA-PSS`, `ECDSA`, `DSA`, `EdDSA`, `ML-DSA`.
    pub name: String,
    /// Smallest key in bits that the row is about; the row with the largest one that is not above
    /// the key's counts. 0 for digests.
    #[serde(default)]
    pub bits: u32,
    /// First instant at which it is no longer reliable; without one it is reliable without end.
    pub end: Option<UnixTime>,
}

/// Until when something is reliable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reliability {
    /// Not at all: unknown or never acceptable.
    Never,
    /// Before this instant.
    Until(UnixTime),
    /// Without end.
    Always,
}

impl Reliability {
    /// The shorter of two.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::Never, _) | (_, Self::Never) => Self::Never,
            (Self::Always, rest) | (rest, Self::Always) => rest,
            (Self::Until(one), Self::Until(two)) => Self::Until(one.min(two)),
        }
    }

    /// The last word on a time: at the end date itself it is no longer reliable.
    #[must_use]
    pub fn holds_at(self, time: UnixTime) -> Option<Reliability> {
        match self {
            Self::Never => None,
            Self::Until(end) if time >= end => None,
            reliable => Some(reliable),
        }
    }
}

/// Rows of the standard suite: name, bits, end as (year, month, day).
const STANDARD: &[(&str, u32, Option<&str>)] = &[
    ("MD5", 0, Some("2004-08-01")),
    ("SHA-1", 0, Some("2012-08-01")),
    ("SHA-224", 0, Some("2029-01-01")),
    ("SHA-256", 0, None),
    ("SHA-384", 0, None),
    ("SHA-512", 0, None),
    ("SHA3-256", 0, None),
    ("SHA3-384", 0, None),
    ("SHA3-512", 0, None),
    ("RIPEMD-160", 0, Some("2014-08-01")),
    ("RSA-PKCS1", 786, Some("2010-08-01")),
    ("RSA-PKCS1", 1024, Some("2019-10-01")),
    ("RSA-PKCS1", 1900, Some("2029-01-01")),
    ("RSA-PKCS1", 3000, Some("2035-01-01")),
    ("RSA-PSS", 786, Some("2010-08-01")),
    ("RSA-PSS", 1024, Some("2019-10-01")),
    ("RSA-PSS", 1900, Some("2029-01-01")),
    ("RSA-PSS", 3000, None),
    ("DSA", 1024, Some("2015-12-01")),
    ("DSA", 1900, Some("2029-01-01")),
    ("DSA", 3000, None),
    ("ECDSA", 160, Some("2012-08-01")),
    ("ECDSA", 224, Some("2021-10-01")),
    ("ECDSA", 256, None),
    ("EdDSA", 255, None),
    ("ML-DSA", 0, None),
];

/// TS 119 312 lists the curves of FIPS 186-5 and the brainpool curves that are no twists; not
/// secp256k1.
fn standard_curves() -> Vec<Curve> {
    vec![
        Curve::P256,
        Curve::P384,
        Curve::P521,
        Curve::BrainpoolP256r1,
        Curve::BrainpoolP384r1,
        Curve::BrainpoolP512r1,
    ]
}

impl CryptographicSuite {
    /// The suite of the default policy.
    #[must_use]
    pub fn standard() -> Self {
        let date = |day: &str| UnixTime::from_rfc3339(&format!("{day}T00:00:00Z")).ok();
        let rules = STANDARD.iter().map(|(name, bits, end)| AlgorithmRule {
            name: (*name).to_owned(),
            bits: *bits,
            end: end.and_then(date),
        });
        Self {
            name: "ts-119-312".to_owned(),
            rules: rules.collect(),
            curves: standard_curves(),
            is_unlimited: false,
        }
    }

    /// Every implemented algorithm at any time.
    #[must_use]
    pub fn unlimited() -> Self {
        Self {
            name: "unlimited".to_owned(),
            rules: Vec::new(),
            curves: Vec::new(),
            is_unlimited: true,
        }
    }

    fn rule(&self, name: &str, bits: u32) -> Reliability {
        if self.is_unlimited {
            return Reliability::Always;
        }
        let rows = self
            .rules
            .iter()
            .filter(|row| row.name == name && row.bits <= bits);
        match rows.max_by_key(|row| row.bits).map(|row| row.end) {
            None => Reliability::Never,
            Some(None) => Reliability::Always,
            Some(Some(end)) => Reliability::Until(end),
        }
    }

    /// Until when a digest is reliable.
    #[must_use]
    pub fn digest(&self, digest: DigestAlgorithm) -> Reliability {
        self.rule(digest.as_str(), 0)
    }

    /// Until when a key of this size is reliable in a family of signature algorithms. A curve that is
    /// not listed never is.
    #[must_use]
    pub fn key(&self, family: KeyAlgorithm, size: KeySize) -> Reliability {
        let is_listed = |curve: Curve| self.is_unlimited || self.curves.contains(&curve);
        match size.curve.is_none_or(is_listed) {
            true => self.rule(family.as_str(), size.bits),
            false => Reliability::Never,
        }
    }

    /// Until when a signature algorithm with a key of this size is reliable: the shorter of the
    /// key's and the digest's time.
    #[must_use]
    pub fn signature(&self, algorithm: SignatureAlgorithm, size: KeySize) -> Reliability {
        let key = self.key(algorithm.key_algorithm(), size);
        let key = match algorithm {
            // The digest inside MGF1 is as much a part of the scheme as that of the message.
            SignatureAlgorithm::RsaPss { mgf_digest, .. } => key.and(self.digest(mgf_digest)),
            _ => key,
        };
        algorithm
            .digest()
            .map_or(key, |digest| key.and(self.digest(digest)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> UnixTime {
        UnixTime::from_rfc3339(&format!("{text}T00:00:00Z")).unwrap()
    }

    #[test]
    fn the_shorter_of_key_and_digest_counts() {
        let suite = CryptographicSuite::standard();
        let sha1 = SignatureAlgorithm::RsaPkcs1 {
            digest: DigestAlgorithm::Sha1,
        };
        assert_eq!(
            suite.signature(sha1, KeySize::of_bits(4096)),
            Reliability::Until(day("2012-08-01"))
        );
        let sha256 = SignatureAlgorithm::RsaPkcs1 {
            digest: DigestAlgorithm::Sha256,
        };
        assert_eq!(
            suite.signature(sha256, KeySize::of_bits(2048)),
            Reliability::Until(day("2029-01-01"))
        );
        assert_eq!(
            suite.signature(sha256, KeySize::of_bits(512)),
            Reliability::Never
        );
        assert_eq!(
            suite.signature(
                SignatureAlgorithm::pss(DigestAlgorithm::Sha256),
                KeySize::of_bits(3072)
            ),
            Reliability::Always
        );
    }

    #[test]
    fn the_end_date_itself_is_too_late() {
        let until = Reliability::Until(day("2012-08-01"));
        assert!(until.holds_at(day("2012-08-01")).is_none());
        assert!(until.holds_at(day("2012-08-01").plus_seconds(-1)).is_some());
    }

    #[test]
    fn what_has_no_row_is_never_reliable() {
        let suite = CryptographicSuite::standard();
        assert_eq!(suite.digest(DigestAlgorithm::Sha3_224), Reliability::Never);
    }

    #[test]
    fn curves_that_are_not_listed_are_never_reliable() {
        let (standard, unlimited) = (
            CryptographicSuite::standard(),
            CryptographicSuite::unlimited(),
        );
        let algorithm = SignatureAlgorithm::Ecdsa {
            digest: DigestAlgorithm::Sha512,
            encoding: crate::algorithm::ValueEncoding::Der,
        };
        for curve in Curve::ALL {
            let size = KeySize {
                bits: curve.bits(),
                curve: Some(*curve),
            };
            let is_listed = !matches!(
                curve,
                Curve::Secp256k1
                    | Curve::BrainpoolP256t1
                    | Curve::BrainpoolP384t1
                    | Curve::BrainpoolP512t1
            );
            let found = standard.signature(algorithm, size);
            let expected = if is_listed {
                Reliability::Always
            } else {
                Reliability::Never
            };
            assert_eq!(found, expected, "{curve}");
            assert_eq!(unlimited.signature(algorithm, size), Reliability::Always);
        }
        let form = r#"{"name":"x","rules":[],"is_unlimited":false}"#;
        let read: CryptographicSuite = serde_json::from_str(form).unwrap();
        assert_eq!(read.curves, standard.curves);
    }

    #[test]
    fn what_is_new_is_judged_by_its_family() {
        let suite = CryptographicSuite::standard();
        let ml_dsa = |bits| suite.signature(SignatureAlgorithm::MlDsa65, KeySize::of_bits(bits));
        assert_eq!(ml_dsa(192), Reliability::Always);
        let dsa = SignatureAlgorithm::Dsa {
            digest: DigestAlgorithm::Sha256,
            encoding: crate::algorithm::ValueEncoding::Der,
        };
        let dsa = |bits| suite.signature(dsa, KeySize::of_bits(bits));
        assert_eq!(dsa(512), Reliability::Never);
        assert_eq!(dsa(1024), Reliability::Until(day("2015-12-01")));
        assert_eq!(dsa(2048), Reliability::Until(day("2029-01-01")));
        assert_eq!(dsa(3072), Reliability::Always);
        // A key that lacks its parameters has no size.
        assert_eq!(dsa(0), Reliability::Never);
    }
}
