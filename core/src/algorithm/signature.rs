//! Signature algorithms with their parameters.

use super::DigestAlgorithm;
use super::curve::Curve;
use crate::vocabulary::words;

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

words! {
    /// The family of a signature algorithm, for policies and people.
    KeyAlgorithm {
        /// RSA with PKCS #1 v1.5 padding.
        RsaPkcs1 => "RSA-PKCS1",
        /// RSA with PSS padding.
        RsaPss => "RSA-PSS",
        /// ECDSA.
        Ecdsa => "ECDSA",
        /// DSA.
        Dsa => "DSA",
        /// EdDSA.
        EdDsa => "EdDSA",
        /// ML-DSA.
        MlDsa => "ML-DSA",
    }
}

use DigestAlgorithm as D;

/// What the table says of one digest; an empty name is none.
struct Row {
    digest: DigestAlgorithm,
    /// RSA with PKCS #1: OID, URI, JOSE name.
    pkcs1: (&'static str, &'static str, &'static str),
    /// RSA with PSS: URI, JOSE name; the OID is one for all.
    pss: (&'static str, &'static str),
    /// ECDSA: OID, URI.
    ecdsa: (&'static str, &'static str),
    /// PLAIN-ECDSA (BSI TR-03111 §5.2.1.1): OID.
    plain_ecdsa: &'static str,
    /// DSA: OID, URI.
    dsa: (&'static str, &'static str),
}

const SIGNATURES: &[Row] = &[
    Row {
        digest: D::Md5,
        pkcs1: (
            "1.2.840.113549.1.1.4",
            "http://www.w3.org/2001/04/xmldsig-more#rsa-md5",
            "",
        ),
        pss: ("http://www.w3.org/2007/05/xmldsig-more#md5-rsa-MGF1", ""),
        ecdsa: ("", ""),
        plain_ecdsa: "",
        dsa: ("", ""),
    },
    Row {
        digest: D::Sha1,
        pkcs1: (
            "1.2.840.113549.1.1.5",
            "http://www.w3.org/2000/09/xmldsig#rsa-sha1",
            "",
        ),
        pss: ("http://www.w3.org/2007/05/xmldsig-more#sha1-rsa-MGF1", ""),
        ecdsa: (
            "1.2.840.10045.4.1",
            "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha1",
        ),
        plain_ecdsa: "0.4.0.127.0.7.1.1.4.1.1",
        dsa: (
            "1.2.840.10040.4.3",
            "http://www.w3.org/2000/09/xmldsig#dsa-sha1",
        ),
    },
    Row {
        digest: D::Sha224,
        pkcs1: (
            "1.2.840.113549.1.1.14",
            "http://www.w3.org/2001/04/xmldsig-more#rsa-sha224",
            "",
        ),
        pss: ("http://www.w3.org/2007/05/xmldsig-more#sha224-rsa-MGF1", ""),
        ecdsa: (
            "1.2.840.10045.4.3.1",
            "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha224",
        ),
        plain_ecdsa: "0.4.0.127.0.7.1.1.4.1.2",
        dsa: ("2.16.840.1.101.3.4.3.1", ""),
    },
    Row {
        digest: D::Sha256,
        pkcs1: (
            "1.2.840.113549.1.1.11",
            "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256",
            "RS256",
        ),
        pss: (
            "http://www.w3.org/2007/05/xmldsig-more#sha256-rsa-MGF1",
            "PS256",
        ),
        ecdsa: (
            "1.2.840.10045.4.3.2",
            "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256",
        ),
        plain_ecdsa: "0.4.0.127.0.7.1.1.4.1.3",
        dsa: (
            "2.16.840.1.101.3.4.3.2",
            "http://www.w3.org/2009/xmldsig11#dsa-sha256",
        ),
    },
    Row {
        digest: D::Sha384,
        pkcs1: (
            "1.2.840.113549.1.1.12",
            "http://www.w3.org/2001/04/xmldsig-more#rsa-sha384",
            "RS384",
        ),
        pss: (
            "http://www.w3.org/2007/05/xmldsig-more#sha384-rsa-MGF1",
            "PS384",
        ),
        ecdsa: (
            "1.2.840.10045.4.3.3",
            "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha384",
        ),
        plain_ecdsa: "0.4.0.127.0.7.1.1.4.1.4",
        dsa: ("2.16.840.1.101.3.4.3.3", ""),
    },
    Row {
        digest: D::Sha512,
        pkcs1: (
            "1.2.840.113549.1.1.13",
            "http://www.w3.org/2001/04/xmldsig-more#rsa-sha512",
            "RS512",
        ),
        pss: (
            "http://www.w3.org/2007/05/xmldsig-more#sha512-rsa-MGF1",
            "PS512",
        ),
        ecdsa: (
            "1.2.840.10045.4.3.4",
            "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha512",
        ),
        plain_ecdsa: "0.4.0.127.0.7.1.1.4.1.5",
        dsa: ("2.16.840.1.101.3.4.3.4", ""),
    },
    Row {
        digest: D::Sha3_224,
        pkcs1: ("2.16.840.1.101.3.4.3.13", "", ""),
        pss: (
            "http://www.w3.org/2007/05/xmldsig-more#sha3-224-rsa-MGF1",
            "",
        ),
        ecdsa: (
            "2.16.840.1.101.3.4.3.9",
            "http://www.w3.org/2021/04/xmldsig-more#ecdsa-sha3-224",
        ),
        plain_ecdsa: "0.4.0.127.0.7.1.1.4.1.8",
        dsa: ("", ""),
    },
    Row {
        digest: D::Sha3_256,
        pkcs1: ("2.16.840.1.101.3.4.3.14", "", ""),
        pss: (
            "http://www.w3.org/2007/05/xmldsig-more#sha3-256-rsa-MGF1",
            "",
        ),
        ecdsa: (
            "2.16.840.1.101.3.4.3.10",
            "http://www.w3.org/2021/04/xmldsig-more#ecdsa-sha3-256",
        ),
        plain_ecdsa: "0.4.0.127.0.7.1.1.4.1.9",
        dsa: ("", ""),
    },
    Row {
        digest: D::Sha3_384,
        pkcs1: ("2.16.840.1.101.3.4.3.15", "", ""),
        pss: (
            "http://www.w3.org/2007/05/xmldsig-more#sha3-384-rsa-MGF1",
            "",
        ),
        ecdsa: (
            "2.16.840.1.101.3.4.3.11",
            "http://www.w3.org/2021/04/xmldsig-more#ecdsa-sha3-384",
        ),
        plain_ecdsa: "0.4.0.127.0.7.1.1.4.1.10",
        dsa: ("", ""),
    },
    Row {
        digest: D::Sha3_512,
        pkcs1: ("2.16.840.1.101.3.4.3.16", "", ""),
        pss: (
            "http://www.w3.org/2007/05/xmldsig-more#sha3-512-rsa-MGF1",
            "",
        ),
        ecdsa: (
            "2.16.840.1.101.3.4.3.12",
            "http://www.w3.org/2021/04/xmldsig-more#ecdsa-sha3-512",
        ),
        plain_ecdsa: "0.4.0.127.0.7.1.1.4.1.11",
        dsa: ("", ""),
    },
    Row {
        digest: D::Ripemd160,
        pkcs1: (
            "1.3.36.3.3.1.2",
            "http://www.w3.org/2001/04/xmldsig-more#rsa-ripemd160",
            "",
        ),
        pss: (
            "http://www.w3.org/2007/05/xmldsig-more#ripemd160-rsa-MGF1",
            "",
        ),
        ecdsa: ("", "http://www.w3.org/2007/05/xmldsig-more#ecdsa-ripemd160"),
        plain_ecdsa: "0.4.0.127.0.7.1.1.4.1.6",
        dsa: ("", ""),
    },
];

/// Algorithms without a digest of their own choice: OID, URI, JOSE name.
const OTHERS: &[(SignatureAlgorithm, &str, &str, &str)] = &[
    (
        SignatureAlgorithm::Ed25519,
        "1.3.101.112",
        "http://www.w3.org/2021/04/xmldsig-more#eddsa-ed25519",
        "Ed25519",
    ),
    (
        SignatureAlgorithm::Ed448,
        "1.3.101.113",
        "http://www.w3.org/2021/04/xmldsig-more#eddsa-ed448",
        "Ed448",
    ),
    (
        SignatureAlgorithm::MlDsa44,
        "2.16.840.1.101.3.4.3.17",
        "",
        "ML-DSA-44",
    ),
    (
        SignatureAlgorithm::MlDsa65,
        "2.16.840.1.101.3.4.3.18",
        "",
        "ML-DSA-65",
    ),
    (
        SignatureAlgorithm::MlDsa87,
        "2.16.840.1.101.3.4.3.19",
        "",
        "ML-DSA-87",
    ),
];

/// Rows of RFC 7518 §3.4 and RFC 8812 §3.2: an ECDSA name of JOSE binds digest and curve.
const JOSE_ECDSA: &[(&str, DigestAlgorithm, Curve)] = &[
    ("ES256", D::Sha256, Curve::P256),
    ("ES384", D::Sha384, Curve::P384),
    ("ES512", D::Sha512, Curve::P521),
    ("ES256K", D::Sha256, Curve::Secp256k1),
];

/// What a JOSE name stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct JoseAlgorithm {
    /// The algorithm.
    pub algorithm: SignatureAlgorithm,
    /// The only curve that the key may be on.
    pub curve: Option<Curve>,
}

const RSASSA_PSS: &str = "1.2.840.113549.1.1.10";

impl SignatureAlgorithm {
    /// The algorithm of an AlgorithmIdentifier by its dotted OID alone. RSASSA-PSS
    /// (1.2.840.113549.1.1.10) needs its parameters and the bare key OIDs need the digest beside
    /// them: both are the business of [`crate::asn1`] and [`crate::cms`].
    #[must_use]
    pub fn from_oid(oid: &str) -> Option<Self> {
        // An OID of the time before PKCS #1 had one (OIW).
        if oid == "1.3.14.3.2.29" {
            return Some(Self::RsaPkcs1 { digest: D::Sha1 });
        }
        if let Some(row) = OTHERS.iter().find(|row| row.1 == oid) {
            return Some(row.0);
        }
        let encoding = ValueEncoding::Der;
        Self::find(|row| {
            let digest = row.digest;
            [
                (row.pkcs1.0, Self::RsaPkcs1 { digest }),
                (row.ecdsa.0, Self::Ecdsa { digest, encoding }),
                (
                    row.plain_ecdsa,
                    Self::Ecdsa {
                        digest,
                        encoding: ValueEncoding::Plain,
                    },
                ),
                (row.dsa.0, Self::Dsa { digest, encoding }),
            ]
            .into_iter()
            .find(|(name, _)| *name == oid)
        })
    }

    /// The algorithm of a `ds:SignatureMethod` URI (values are plain there). The parameterised
    /// `…xmldsig-more#rsa-pss` needs its `RSAPSSParams`: see [`crate::xml`].
    #[must_use]
    pub fn from_uri(uri: &str) -> Option<Self> {
        // A slip of RFC 4051 §2.3.3 that documents still carry.
        if uri == "http://www.w3.org/2001/04/xmldsig-more/rsa-ripemd160" {
            return Some(Self::RsaPkcs1 {
                digest: D::Ripemd160,
            });
        }
        if let Some(row) = OTHERS.iter().find(|row| row.2 == uri && !uri.is_empty()) {
            return Some(row.0);
        }
        let encoding = ValueEncoding::Plain;
        Self::find(|row| {
            let digest = row.digest;
            [
                (row.pkcs1.1, Self::RsaPkcs1 { digest }),
                (row.pss.0, Self::pss(digest)),
                (row.ecdsa.1, Self::Ecdsa { digest, encoding }),
                (row.dsa.1, Self::Dsa { digest, encoding }),
            ]
            .into_iter()
            .find(|(name, _)| *name == uri)
        })
    }

    /// The algorithm of an `alg` header parameter (values are plain there).
    #[must_use]
    pub fn from_jose(name: &str) -> Option<JoseAlgorithm> {
        if let Some((_, digest, curve)) = JOSE_ECDSA.iter().find(|row| row.0 == name) {
            return Some(JoseAlgorithm {
                algorithm: Self::Ecdsa {
                    digest: *digest,
                    encoding: ValueEncoding::Plain,
                },
                curve: Some(*curve),
            });
        }
        // RFC 8037 §3.1: one name for both curves; Ed448 is read under its own (RFC 9864 §2.2).
        let name = if name == "EdDSA" { "Ed25519" } else { name };
        let other = OTHERS.iter().find(|row| row.3 == name).map(|row| row.0);
        let algorithm = other.or_else(|| {
            Self::find(|row| {
                let digest = row.digest;
                [
                    (row.pkcs1.2, Self::RsaPkcs1 { digest }),
                    (row.pss.1, Self::pss(digest)),
                ]
                .into_iter()
                .find(|(known, _)| *known == name)
            })
        })?;
        Some(JoseAlgorithm {
            algorithm,
            curve: None,
        })
    }

    /// The first row in which a name is found; an absent name is found in none.
    fn find(found: impl Fn(&'static Row) -> Option<(&'static str, Self)>) -> Option<Self> {
        let (name, algorithm) = SIGNATURES.iter().find_map(found)?;
        (!name.is_empty()).then_some(algorithm)
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
        let row = self.row();
        let name = match self {
            Self::RsaPkcs1 { .. } => row?.pkcs1.1,
            Self::RsaPss { digest, .. } if self == Self::pss(digest) => row?.pss.0,
            Self::RsaPss { .. } => "",
            Self::Ecdsa { .. } => row?.ecdsa.1,
            Self::Dsa { .. } => row?.dsa.1,
            _ => OTHERS.iter().find(|row| row.0 == self)?.2,
        };
        (!name.is_empty()).then_some(name)
    }

    /// The OID for an AlgorithmIdentifier.
    #[must_use]
    pub fn oid(self) -> Option<&'static str> {
        let row = self.row();
        let name = match self {
            Self::RsaPkcs1 { .. } => row?.pkcs1.0,
            Self::RsaPss { .. } => RSASSA_PSS,
            Self::Ecdsa { encoding, .. } => match encoding {
                ValueEncoding::Der => row?.ecdsa.0,
                ValueEncoding::Plain => row?.plain_ecdsa,
            },
            Self::Dsa { .. } => row?.dsa.0,
            _ => OTHERS.iter().find(|row| row.0 == self)?.1,
        };
        (!name.is_empty()).then_some(name)
    }

    /// The JOSE name; an ECDSA algorithm has one with the right curve only, and with plain values.
    #[must_use]
    pub fn jose(self, curve: Option<Curve>) -> Option<&'static str> {
        let row = self.row();
        let name = match self {
            Self::RsaPkcs1 { .. } => row?.pkcs1.2,
            Self::RsaPss { digest, .. } if self == Self::pss(digest) => row?.pss.1,
            Self::Ecdsa {
                digest,
                encoding: ValueEncoding::Plain,
            } => {
                let fits = |row: &&(&str, D, Curve)| row.1 == digest && Some(row.2) == curve;
                JOSE_ECDSA.iter().find(fits)?.0
            }
            Self::RsaPss { .. } | Self::Ecdsa { .. } | Self::Dsa { .. } => "",
            _ => OTHERS.iter().find(|row| row.0 == self)?.3,
        };
        (!name.is_empty()).then_some(name)
    }

    fn row(self) -> Option<&'static Row> {
        let digest = self.digest()?;
        SIGNATURES.iter().find(|row| row.digest == digest)
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

    fn all() -> Vec<SignatureAlgorithm> {
        let mut all: Vec<_> = OTHERS.iter().map(|row| row.0).collect();
        for digest in D::ALL {
            let digest = *digest;
            all.push(SignatureAlgorithm::RsaPkcs1 { digest });
            all.push(SignatureAlgorithm::pss(digest));
            for encoding in [ValueEncoding::Plain, ValueEncoding::Der] {
                all.push(SignatureAlgorithm::Ecdsa { digest, encoding });
                all.push(SignatureAlgorithm::Dsa { digest, encoding });
            }
        }
        all
    }

    #[test]
    fn names_lead_back() {
        let plain = |algorithm| match algorithm {
            SignatureAlgorithm::Ecdsa { encoding, .. }
            | SignatureAlgorithm::Dsa { encoding, .. } => encoding == ValueEncoding::Plain,
            _ => true,
        };
        for algorithm in all() {
            if let Some(uri) = algorithm.uri().filter(|_| plain(algorithm)) {
                assert_eq!(SignatureAlgorithm::from_uri(uri), Some(algorithm), "{uri}");
            }
            // RFC 4055 §3.1: one OID for every PSS. DSA has no OID for plain values.
            let is_pss = matches!(algorithm, SignatureAlgorithm::RsaPss { .. });
            let is_plain_dsa =
                matches!(algorithm, SignatureAlgorithm::Dsa { .. }) && plain(algorithm);
            if let Some(oid) = algorithm.oid().filter(|_| !is_pss && !is_plain_dsa) {
                assert_eq!(SignatureAlgorithm::from_oid(oid), Some(algorithm), "{oid}");
            }
            for curve in Curve::ALL.iter().map(|curve| Some(*curve)).chain([None]) {
                if let Some(name) = algorithm.jose(curve) {
                    let found = SignatureAlgorithm::from_jose(name).unwrap();
                    assert_eq!(found.algorithm, algorithm, "{name}");
                    assert!(found.curve.is_none() || found.curve == curve, "{name}");
                }
            }
        }
    }

    #[test]
    fn what_has_no_name_is_not_found_by_none() {
        assert_eq!(SignatureAlgorithm::from_oid(""), None);
        assert_eq!(SignatureAlgorithm::from_uri(""), None);
        assert_eq!(SignatureAlgorithm::from_jose(""), None);
        for name in ["none", "HS256", "ES256k", "RS1", "ED25519"] {
            assert_eq!(SignatureAlgorithm::from_jose(name), None);
        }
    }

    #[test]
    fn jose_names_bind_the_curve() {
        let es256 = SignatureAlgorithm::from_jose("ES256").unwrap();
        assert_eq!(es256.curve, Some(Curve::P256));
        assert_eq!(es256.algorithm.jose(Some(Curve::P384)), None);
        assert_eq!(es256.algorithm.jose(Some(Curve::Secp256k1)), Some("ES256K"));
        assert_eq!(es256.algorithm.jose(None), None);
    }
}
