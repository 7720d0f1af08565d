//! Digest algorithms.

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lead_back() {
        for digest in DigestAlgorithm::ALL {
            assert_eq!(DigestAlgorithm::from_oid(digest.oid()), Some(*digest));
            let uri = digest.uri().unwrap();
            assert_eq!(DigestAlgorithm::from_uri(uri), Some(*digest));
            assert!(digest.output_len() >= 16);
        }
        assert_eq!(DigestAlgorithm::from_uri(""), None);
        assert_eq!(DigestAlgorithm::from_oid("2.16.840.1.101.3.4.2"), None);
    }
}
