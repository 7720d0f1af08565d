//! Digest and signature algorithms: one table for OID, XML URI and JOSE name.
//!
//! Names only: what is computed stands in [`crate::crypto`], how long an algorithm is reliable in
//! [`crate::policy`].
//!
//! # Standard
//! RFC 9231 (XML), RFC 5754, 8017, 8419, 9688, 9882 (CMS and X.509), RFC 7518 (JOSE).

use crate::vocabulary::words;

words! {
    /// A digest algorithm.
    DigestAlgorithm {
        /// MD5: read to say that it is broken.
        Md5 => "MD5",
        /// SHA-1, FIPS 180-4.
        Sha1 => "SHA-1",
        /// SHA-224, FIPS 180-4.
        Sha224 => "SHA-224",
        /// SHA-256, FIPS 180-4.
        Sha256 => "SHA-256",
        /// SHA-384, FIPS 180-4.
        Sha384 => "SHA-384",
        /// SHA-512, FIPS 180-4.
        Sha512 => "SHA-512",
        /// SHA3-224, FIPS 202.
        Sha3_224 => "SHA3-224",
        /// SHA3-256, FIPS 202.
        Sha3_256 => "SHA3-256",
        /// SHA3-384, FIPS 202.
        Sha3_384 => "SHA3-384",
        /// SHA3-512, FIPS 202.
        Sha3_512 => "SHA3-512",
        /// RIPEMD-160: read to say that it is legacy.
        Ripemd160 => "RIPEMD-160",
    }
}

/// Rows: algorithm, OID, XML URI, octets.
const DIGESTS: &[(DigestAlgorithm, &str, Option<&str>, usize)] = &[
    (
        DigestAlgorithm::Md5,
        "1.2.840.113549.2.5",
        Some("http://www.w3.org/2001/04/xmldsig-more#md5"),
        16,
    ),
    (
        DigestAlgorithm::Sha1,
        "1.3.14.3.2.26",
        Some("http://www.w3.org/2000/09/xmldsig#sha1"),
        20,
    ),
    (
        DigestAlgorithm::Sha224,
        "2.16.840.1.101.3.4.2.4",
        Some("http://www.w3.org/2001/04/xmldsig-more#sha224"),
        28,
    ),
    (
        DigestAlgorithm::Sha256,
        "2.16.840.1.101.3.4.2.1",
        Some("http://www.w3.org/2001/04/xmlenc#sha256"),
        32,
    ),
    (
        DigestAlgorithm::Sha384,
        "2.16.840.1.101.3.4.2.2",
        Some("http://www.w3.org/2001/04/xmldsig-more#sha384"),
        48,
    ),
    (
        DigestAlgorithm::Sha512,
        "2.16.840.1.101.3.4.2.3",
        Some("http://www.w3.org/2001/04/xmlenc#sha512"),
        64,
    ),
    (
        DigestAlgorithm::Sha3_224,
        "2.16.840.1.101.3.4.2.7",
        Some("http://www.w3.org/2007/05/xmldsig-more#sha3-224"),
        28,
    ),
    (
        DigestAlgorithm::Sha3_256,
        "2.16.840.1.101.3.4.2.8",
        Some("http://www.w3.org/2007/05/xmldsig-more#sha3-256"),
        32,
    ),
    (
        DigestAlgorithm::Sha3_384,
        "2.16.840.1.101.3.4.2.9",
        Some("http://www.w3.org/2007/05/xmldsig-more#sha3-384"),
        48,
    ),
    (
        DigestAlgorithm::Sha3_512,
        "2.16.840.1.101.3.4.2.10",
        Some("http://www.w3.org/2007/05/xmldsig-more#sha3-512"),
        64,
    ),
    (
        DigestAlgorithm::Ripemd160,
        "1.3.36.3.2.1",
        Some("http://www.w3.org/2001/04/xmlenc#ripemd160"),
        20,
    ),
];

impl DigestAlgorithm {
    fn row(self) -> Option<&'static (Self, &'static str, Option<&'static str>, usize)> {
        DIGESTS.iter().find(|row| row.0 == self)
    }

    /// The algorithm with this dotted OID.
    #[must_use]
    pub fn from_oid(oid: &str) -> Option<Self> {
        DIGESTS.iter().find(|row| row.1 == oid).map(|row| row.0)
    }

    /// The algorithm with this XML URI.
    #[must_use]
    pub fn from_uri(uri: &str) -> Option<Self> {
        DIGESTS
            .iter()
            .find(|row| row.2 == Some(uri))
            .map(|row| row.0)
    }

    /// Dotted OID.
    #[must_use]
    pub fn oid(self) -> &'static str {
        self.row().map_or("", |row| row.1)
    }

    /// XML URI, where one is registered.
    #[must_use]
    pub fn uri(self) -> Option<&'static str> {
        self.row().and_then(|row| row.2)
    }

    /// Length of the digest in octets.
    #[must_use]
    pub fn output_len(self) -> usize {
        self.row().map_or(0, |row| row.3)
    }
}

/// How an ECDSA or DSA value is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ValueEncoding {
    /// `SEQUENCE { r, s }`: CMS, X.509, OCSP, time-stamps (RFC 3279 §2.2.3).
    Der,
    /// `r ‖ s`, each as long as the order of the group: XMLDSig, JOSE, PKCS #11.
    Plain,
}

/// A signature algorithm with its parameters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SignatureAlgorithm {
    /// RSASSA-PKCS1-v1_5, RFC 8017 §8.2.
    RsaPkcs1 {
        /// Digest of the message.
        digest: DigestAlgorithm,
    },
    /// RSASSA-PSS, RFC 8017 §8.1.
    RsaPss {
        /// Digest of the message.
        digest: DigestAlgorithm,
        /// Digest inside MGF1.
        mgf_digest: DigestAlgorithm,
        /// Length of the salt in octets.
        salt_length: u32,
    },
    /// ECDSA, FIPS 186-5 §6. The curve is the key's.
    Ecdsa {
        /// Digest of the message.
        digest: DigestAlgorithm,
        /// How the value is written.
        encoding: ValueEncoding,
    },
    /// DSA, FIPS 186-4 §4: verified only.
    Dsa {
        /// Digest of the message.
        digest: DigestAlgorithm,
        /// How the value is written.
        encoding: ValueEncoding,
    },
    /// Ed25519, RFC 8032, pure.
    Ed25519,
    /// Ed448, RFC 8032, pure.
    Ed448,
    /// ML-DSA-44, FIPS 204, pure, empty context.
    MlDsa44,
    /// ML-DSA-65.
    MlDsa65,
    /// ML-DSA-87.
    MlDsa87,
}

/// The family of a signature algorithm, for policies and people.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum KeyAlgorithm {
    /// RSA with PKCS #1 v1.5 padding.
    RsaPkcs1,
    /// RSA with PSS padding.
    RsaPss,
    /// ECDSA.
    Ecdsa,
    /// DSA.
    Dsa,
    /// EdDSA.
    EdDsa,
    /// ML-DSA.
    MlDsa,
}

use DigestAlgorithm as D;

/// Rows: digest, OID with PKCS #1, URI with PKCS #1, URI with PSS, OID of ECDSA, URI of ECDSA,
/// OID of DSA, URI of DSA, OID of PLAIN-ECDSA (BSI TR-03111).
#[rustfmt::skip]
type Row = (D, Option<&'static str>, Option<&'static str>, Option<&'static str>, Option<&'static str>, Option<&'static str>, Option<&'static str>, Option<&'static str>, Option<&'static str>);

#[rustfmt::skip]
const SIGNATURES: &[Row] = &[
    (D::Md5, Some("1.2.840.113549.1.1.4"), Some("http://www.w3.org/2001/04/xmldsig-more#rsa-md5"), Some("http://www.w3.org/2007/05/xmldsig-more#md5-rsa-MGF1"), None, None, None, None, None),
    (D::Sha1, Some("1.2.840.113549.1.1.5"), Some("http://www.w3.org/2000/09/xmldsig#rsa-sha1"), Some("http://www.w3.org/2007/05/xmldsig-more#sha1-rsa-MGF1"), Some("1.2.840.10045.4.1"), Some("http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha1"), Some("1.2.840.10040.4.3"), Some("http://www.w3.org/2000/09/xmldsig#dsa-sha1"), Some("0.4.0.127.0.7.1.1.4.1.1")),
    (D::Sha224, Some("1.2.840.113549.1.1.14"), Some("http://www.w3.org/2001/04/xmldsig-more#rsa-sha224"), Some("http://www.w3.org/2007/05/xmldsig-more#sha224-rsa-MGF1"), Some("1.2.840.10045.4.3.1"), Some("http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha224"), Some("2.16.840.1.101.3.4.3.1"), None, Some("0.4.0.127.0.7.1.1.4.1.2")),
    (D::Sha256, Some("1.2.840.113549.1.1.11"), Some("http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"), Some("http://www.w3.org/2007/05/xmldsig-more#sha256-rsa-MGF1"), Some("1.2.840.10045.4.3.2"), Some("http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256"), Some("2.16.840.1.101.3.4.3.2"), Some("http://www.w3.org/2009/xmldsig11#dsa-sha256"), Some("0.4.0.127.0.7.1.1.4.1.3")),
    (D::Sha384, Some("1.2.840.113549.1.1.12"), Some("http://www.w3.org/2001/04/xmldsig-more#rsa-sha384"), Some("http://www.w3.org/2007/05/xmldsig-more#sha384-rsa-MGF1"), Some("1.2.840.10045.4.3.3"), Some("http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha384"), Some("2.16.840.1.101.3.4.3.3"), None, Some("0.4.0.127.0.7.1.1.4.1.4")),
    (D::Sha512, Some("1.2.840.113549.1.1.13"), Some("http://www.w3.org/2001/04/xmldsig-more#rsa-sha512"), Some("http://www.w3.org/2007/05/xmldsig-more#sha512-rsa-MGF1"), Some("1.2.840.10045.4.3.4"), Some("http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha512"), Some("2.16.840.1.101.3.4.3.4"), None, Some("0.4.0.127.0.7.1.1.4.1.5")),
    (D::Sha3_224, Some("2.16.840.1.101.3.4.3.13"), None, Some("http://www.w3.org/2007/05/xmldsig-more#sha3-224-rsa-MGF1"), Some("2.16.840.1.101.3.4.3.9"), Some("http://www.w3.org/2021/04/xmldsig-more#ecdsa-sha3-224"), None, None, Some("0.4.0.127.0.7.1.1.4.1.8")),
    (D::Sha3_256, Some("2.16.840.1.101.3.4.3.14"), None, Some("http://www.w3.org/2007/05/xmldsig-more#sha3-256-rsa-MGF1"), Some("2.16.840.1.101.3.4.3.10"), Some("http://www.w3.org/2021/04/xmldsig-more#ecdsa-sha3-256"), None, None, Some("0.4.0.127.0.7.1.1.4.1.9")),
    (D::Sha3_384, Some("2.16.840.1.101.3.4.3.15"), None, Some("http://www.w3.org/2007/05/xmldsig-more#sha3-384-rsa-MGF1"), Some("2.16.840.1.101.3.4.3.11"), Some("http://www.w3.org/2021/04/xmldsig-more#ecdsa-sha3-384"), None, None, Some("0.4.0.127.0.7.1.1.4.1.10")),
    (D::Sha3_512, Some("2.16.840.1.101.3.4.3.16"), None, Some("http://www.w3.org/2007/05/xmldsig-more#sha3-512-rsa-MGF1"), Some("2.16.840.1.101.3.4.3.12"), Some("http://www.w3.org/2021/04/xmldsig-more#ecdsa-sha3-512"), None, None, Some("0.4.0.127.0.7.1.1.4.1.11")),
    (D::Ripemd160, Some("1.3.36.3.3.1.2"), Some("http://www.w3.org/2001/04/xmldsig-more#rsa-ripemd160"), Some("http://www.w3.org/2007/05/xmldsig-more#ripemd160-rsa-MGF1"), None, Some("http://www.w3.org/2007/05/xmldsig-more#ecdsa-ripemd160"), None, None, Some("0.4.0.127.0.7.1.1.4.1.6")),
];

impl SignatureAlgorithm {
    /// The algorithm of an AlgorithmIdentifier by its dotted OID alone. RSASSA-PSS
    /// (1.2.840.113549.1.1.10) needs its parameters and the bare key OIDs need the digest beside
    /// them: both are the business of [`crate::asn1`] and [`crate::cms`].
    #[must_use]
    pub fn from_oid(oid: &str) -> Option<Self> {
        match oid {
            "1.3.101.112" => return Some(Self::Ed25519),
            "1.3.101.113" => return Some(Self::Ed448),
            "2.16.840.1.101.3.4.3.17" => return Some(Self::MlDsa44),
            "2.16.840.1.101.3.4.3.18" => return Some(Self::MlDsa65),
            "2.16.840.1.101.3.4.3.19" => return Some(Self::MlDsa87),
            "1.3.14.3.2.29" => return Some(Self::RsaPkcs1 { digest: D::Sha1 }),
            _ => {}
        }
        SIGNATURES.iter().find_map(|row| {
            let (digest, found) = (row.0, Some(oid));
            if row.1 == found {
                Some(Self::RsaPkcs1 { digest })
            } else if row.4 == found {
                Some(Self::Ecdsa {
                    digest,
                    encoding: ValueEncoding::Der,
                })
            } else if row.6 == found {
                Some(Self::Dsa {
                    digest,
                    encoding: ValueEncoding::Der,
                })
            } else if row.8 == found {
                Some(Self::Ecdsa {
                    digest,
                    encoding: ValueEncoding::Plain,
                })
            } else {
                None
            }
        })
    }

    /// The algorithm of a `ds:SignatureMethod` URI (values are plain there). The parameterised
    /// `…xmldsig-more#rsa-pss` needs its `RSAPSSParams`: see [`crate::xml`].
    #[must_use]
    pub fn from_uri(uri: &str) -> Option<Self> {
        match uri {
            "http://www.w3.org/2021/04/xmldsig-more#eddsa-ed25519" => return Some(Self::Ed25519),
            "http://www.w3.org/2021/04/xmldsig-more#eddsa-ed448" => return Some(Self::Ed448),
            "http://www.w3.org/2001/04/xmldsig-more/rsa-ripemd160" => {
                return Some(Self::RsaPkcs1 {
                    digest: D::Ripemd160,
                });
            }
            _ => {}
        }
        SIGNATURES.iter().find_map(|row| {
            let (digest, found) = (row.0, Some(uri));
            if row.2 == found {
                Some(Self::RsaPkcs1 { digest })
            } else if row.3 == found {
                Some(Self::pss(digest))
            } else if row.5 == found {
                Some(Self::Ecdsa {
                    digest,
                    encoding: ValueEncoding::Plain,
                })
            } else if row.7 == found {
                Some(Self::Dsa {
                    digest,
                    encoding: ValueEncoding::Plain,
                })
            } else {
                None
            }
        })
    }

    /// PSS with MGF1 over the same digest and a salt as long as it: what JOSE and the XML URIs fix.
    #[must_use]
    pub fn pss(digest: DigestAlgorithm) -> Self {
        let salt_length = u32::try_from(digest.output_len()).unwrap_or(0);
        Self::RsaPss {
            digest,
            mgf_digest: digest,
            salt_length,
        }
    }

    /// The digest that the algorithm applies to the message; none where it takes the message
    /// itself.
    #[must_use]
    pub fn digest(self) -> Option<DigestAlgorithm> {
        match self {
            Self::RsaPkcs1 { digest }
            | Self::RsaPss { digest, .. }
            | Self::Ecdsa { digest, .. }
            | Self::Dsa { digest, .. } => Some(digest),
            _ => None,
        }
    }

    /// The family.
    #[must_use]
    pub fn key_algorithm(self) -> KeyAlgorithm {
        match self {
            Self::RsaPkcs1 { .. } => KeyAlgorithm::RsaPkcs1,
            Self::RsaPss { .. } => KeyAlgorithm::RsaPss,
            Self::Ecdsa { .. } => KeyAlgorithm::Ecdsa,
            Self::Dsa { .. } => KeyAlgorithm::Dsa,
            Self::Ed25519 | Self::Ed448 => KeyAlgorithm::EdDsa,
            Self::MlDsa44 | Self::MlDsa65 | Self::MlDsa87 => KeyAlgorithm::MlDsa,
        }
    }

    /// The `ds:SignatureMethod` URI, where one is registered (for PSS: only with equal digests and
    /// a salt as long as the digest).
    #[must_use]
    pub fn uri(self) -> Option<&'static str> {
        let row = |digest: D| SIGNATURES.iter().find(move |row| row.0 == digest);
        match self {
            Self::RsaPkcs1 { digest } => row(digest).and_then(|row| row.2),
            Self::RsaPss { digest, .. } if self == Self::pss(digest) => {
                row(digest).and_then(|row| row.3)
            }
            Self::Ecdsa { digest, .. } => row(digest).and_then(|row| row.5),
            Self::Dsa { digest, .. } => row(digest).and_then(|row| row.7),
            Self::Ed25519 => Some("http://www.w3.org/2021/04/xmldsig-more#eddsa-ed25519"),
            Self::Ed448 => Some("http://www.w3.org/2021/04/xmldsig-more#eddsa-ed448"),
            _ => None,
        }
    }

    /// The OID for an AlgorithmIdentifier.
    #[must_use]
    pub fn oid(self) -> Option<&'static str> {
        let row = |digest: D| SIGNATURES.iter().find(move |row| row.0 == digest);
        match self {
            Self::RsaPkcs1 { digest } => row(digest).and_then(|row| row.1),
            Self::RsaPss { .. } => Some("1.2.840.113549.1.1.10"),
            Self::Ecdsa {
                digest,
                encoding: ValueEncoding::Der,
            } => row(digest).and_then(|row| row.4),
            Self::Ecdsa {
                digest,
                encoding: ValueEncoding::Plain,
            } => row(digest).and_then(|row| row.8),
            Self::Dsa { digest, .. } => row(digest).and_then(|row| row.6),
            Self::Ed25519 => Some("1.3.101.112"),
            Self::Ed448 => Some("1.3.101.113"),
            Self::MlDsa44 => Some("2.16.840.1.101.3.4.3.17"),
            Self::MlDsa65 => Some("2.16.840.1.101.3.4.3.18"),
            Self::MlDsa87 => Some("2.16.840.1.101.3.4.3.19"),
        }
    }
}

/// `RSA-PSS with SHA-256`, `ECDSA with SHA-384`, `Ed25519`.
impl std::fmt::Display for SignatureAlgorithm {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::RsaPkcs1 { digest } => write!(f, "RSA with {digest}"),
            Self::RsaPss { digest, .. } => write!(f, "RSA-PSS with {digest}"),
            Self::Ecdsa { digest, .. } => write!(f, "ECDSA with {digest}"),
            Self::Dsa { digest, .. } => write!(f, "DSA with {digest}"),
            Self::Ed25519 => f.write_str("Ed25519"),
            Self::Ed448 => f.write_str("Ed448"),
            Self::MlDsa44 => f.write_str("ML-DSA-44"),
            Self::MlDsa65 => f.write_str("ML-DSA-65"),
            Self::MlDsa87 => f.write_str("ML-DSA-87"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lead_back() {
        for digest in DigestAlgorithm::ALL {
            assert_eq!(DigestAlgorithm::from_oid(digest.oid()), Some(*digest));
            assert_eq!(
                digest.uri().and_then(DigestAlgorithm::from_uri),
                Some(*digest)
            );
            assert!(digest.output_len() >= 16);
            for algorithm in [
                SignatureAlgorithm::RsaPkcs1 { digest: *digest },
                SignatureAlgorithm::pss(*digest),
                SignatureAlgorithm::Ecdsa {
                    digest: *digest,
                    encoding: ValueEncoding::Plain,
                },
            ] {
                if let Some(uri) = algorithm.uri() {
                    assert_eq!(SignatureAlgorithm::from_uri(uri), Some(algorithm), "{uri}");
                }
            }
        }
    }
}
