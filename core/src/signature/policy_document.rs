//! The document of a signature policy that travels with a signature.

use crate::algorithm::DigestAlgorithm;
use crate::asn1::{Reader, Tag};
use crate::crypto;
use crate::error::{Malformed, Unsupported};

/// What became of the policy document in the signature policy store. Nobody signed the store: the
/// document is that of the policy only where its digest is the signed one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StoredPolicy {
    /// Its digest is the one that the signer named.
    Fits,
    /// It is another document.
    Differs {
        /// Its digest.
        found: Vec<u8>,
    },
    /// Nobody can tell, and why.
    NotCompared(String),
}

impl StoredPolicy {
    /// Compares a document with the digest that the signer named.
    ///
    /// A policy in ASN.1 may also be digested without the outermost tag and length and without its
    /// own digest at the end.
    ///
    /// # Standard
    /// EN 319 122-1 §5.2.9, §5.2.10; EN 319 132-1 §5.2.9, §5.2.10; RFC 5126 §5.8.1.
    #[must_use]
    pub fn compare(
        document: &[u8],
        named: Option<&(Result<DigestAlgorithm, Unsupported>, Vec<u8>)>,
    ) -> Self {
        let Some((algorithm, expected)) =
            named.filter(|(_, digest)| digest.iter().any(|o| *o != 0))
        else {
            return Self::NotCompared("the signer names no digest of it".to_owned());
        };
        let algorithm = match algorithm {
            Ok(algorithm) => *algorithm,
            Err(unsupported) => return Self::NotCompared(unsupported.to_string()),
        };
        let digest = |octets: &[u8]| crypto::digest(algorithm, octets);
        match digest(document) {
            Ok(found) if found == *expected => Self::Fits,
            Ok(found) => match inner(document).map(|octets| digest(&octets)) {
                Ok(Ok(inside)) if inside == *expected => Self::Fits,
                _ => Self::Differs { found },
            },
            Err(error) => Self::NotCompared(error.to_string()),
        }
    }
}

/// ```text
/// SignaturePolicy ::= SEQUENCE {
///   signPolicyHashAlg  AlgorithmIdentifier,
///   signPolicyInfo     SignPolicyInfo,
///   signPolicyHash     SignPolicyHash OPTIONAL }
/// ```
/// What is digested of it: RFC 5126 §5.8.1 leaves out the outermost tag and length, and a policy
/// does not digest its own digest.
fn inner(document: &[u8]) -> Result<Vec<u8>, Malformed> {
    let mut outer = Reader::der(document);
    let policy = outer.read(Tag::SEQUENCE)?;
    outer.finish()?;
    let mut fields = policy.reader();
    let algorithm = fields.read(Tag::SEQUENCE)?;
    let info = fields.read(Tag::SEQUENCE)?;
    fields.optional(Tag::OCTET_STRING)?;
    fields.finish()?;
    Ok([algorithm.whole, info.whole].concat())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::asn1::write;

    fn named(octets: &[u8]) -> (Result<DigestAlgorithm, Unsupported>, Vec<u8>) {
        let algorithm = DigestAlgorithm::Sha256;
        (Ok(algorithm), crypto::digest(algorithm, octets).unwrap())
    }

    #[test]
    fn a_document_is_the_one_that_was_digested_or_another() {
        let signed = named(b"policy");
        let fits = StoredPolicy::compare(b"policy", Some(&signed));
        assert_eq!(fits, StoredPolicy::Fits);
        let found = named(b"another").1;
        let differs = StoredPolicy::compare(b"another", Some(&signed));
        assert_eq!(differs, StoredPolicy::Differs { found });
    }

    #[test]
    fn a_policy_in_asn1_is_digested_without_its_shell() {
        let algorithm = write::digest_identifier(DigestAlgorithm::Sha256);
        let info = write::sequence(&[&write::oid("1.2.3.4")]);
        let signed = named(&[&algorithm[..], &info].concat());
        for own in [Vec::new(), write::octet_string(&[7; 32])] {
            let document = write::sequence(&[&algorithm, &info, &own]);
            let whole = named(&document);
            for one in [&signed, &whole] {
                assert_eq!(
                    StoredPolicy::compare(&document, Some(one)),
                    StoredPolicy::Fits
                );
            }
            let mut changed = document.clone();
            changed[10] ^= 1;
            assert!(matches!(
                StoredPolicy::compare(&changed, Some(&signed)),
                StoredPolicy::Differs { .. }
            ));
        }
        // What stands behind the policy is no part of it.
        let longer = [write::sequence(&[&algorithm, &info]), vec![5, 0]].concat();
        assert!(matches!(
            StoredPolicy::compare(&longer, Some(&signed)),
            StoredPolicy::Differs { .. }
        ));
    }

    #[test]
    fn without_a_digest_nothing_is_compared() {
        let unknown = Unsupported::Algorithm("1.2.3".to_owned());
        for named in [
            None,
            Some((Ok(DigestAlgorithm::Sha256), vec![0; 32])),
            Some((Ok(DigestAlgorithm::Sha256), Vec::new())),
            Some((Err(unknown), vec![1; 32])),
        ] {
            let found = StoredPolicy::compare(b"policy", named.as_ref());
            assert!(matches!(found, StoredPolicy::NotCompared(_)), "{found:?}");
        }
    }
}
