//! The signature policy that a new signature follows, and its document that travels along.

use super::StoredPolicy;
use crate::algorithm::DigestAlgorithm;
use crate::crypto;
use crate::error::{ApiMisuse, Error};
use crate::payload::hex_octets;
use serde::{Deserialize, Serialize};

/// A signature policy that the signer follows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum NewPolicy {
    /// One that follows from what is signed, or from elsewhere.
    Implied,
    /// This one.
    Identified(IdentifiedPolicy),
}

/// A signature policy that is named.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IdentifiedPolicy {
    /// Dotted OID, or, in XAdES, a URI.
    pub id: String,
    /// Digest algorithm of the policy document.
    pub algorithm: DigestAlgorithm,
    /// Digest of the policy document; empty: that of the document in [`IdentifiedPolicy::store`].
    #[serde(with = "hex_octets")]
    pub digest: Vec<u8>,
    /// Where the document may be had.
    #[serde(default)]
    pub uri: Option<String>,
    /// What is to be shown wherever the signature is validated.
    #[serde(default)]
    pub user_notice: Option<String>,
    /// The technical specification by which the document is written, as dotted OID or URI.
    #[serde(default)]
    pub specification: Option<String>,
    /// What travels with the signature, unsigned, in the signature policy store; not in PDF.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub store: Option<PolicyStore>,
}

/// What a new signature policy store says. It names the
/// [specification](IdentifiedPolicy::specification) too, without which there is none.
///
/// # Standard
/// EN 319 132-1 §5.2.10, EN 319 122-1 §5.2.10.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PolicyStore {
    /// The policy document itself.
    Document(#[serde(with = "hex_octets")] Vec<u8>),
    /// Where it lies in the store of whoever keeps the signature.
    LocalUri(String),
}

impl IdentifiedPolicy {
    /// The digest that is signed: the one given, or that of the document in the store.
    ///
    /// # Errors
    /// [`ApiMisuse::ContradictoryParameters`] for a digest of another length or of another document
    /// than the one in the store, and for a store without a specification.
    ///
    /// # Standard
    /// EN 319 132-1 §5.2.9, §5.2.10; EN 319 122-1 §5.2.9, §5.2.10.
    pub fn signed_digest(&self) -> Result<Vec<u8>, Error> {
        let contradiction = || Error::from(ApiMisuse::ContradictoryParameters);
        if self.store.is_some() && self.specification.is_none() {
            return Err(contradiction());
        }
        let document = match &self.store {
            Some(PolicyStore::Document(document)) => Some(document),
            _ => None,
        };
        if let (Some(document), true) = (document, self.digest.is_empty()) {
            return crypto::digest(self.algorithm, document);
        }
        if self.digest.len() != self.algorithm.output_len() {
            return Err(contradiction());
        }
        // Nobody signs the store: what validation would call another document is not made.
        let named = (Ok(self.algorithm), self.digest.clone());
        match document.map(|document| StoredPolicy::compare(document, Some(&named))) {
            None | Some(StoredPolicy::Fits) => Ok(named.1),
            Some(_) => Err(contradiction()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn policy(digest: Vec<u8>, store: Option<PolicyStore>) -> IdentifiedPolicy {
        IdentifiedPolicy {
            id: "1.2.3.4".to_owned(),
            algorithm: DigestAlgorithm::Sha256,
            digest,
            uri: None,
            user_notice: None,
            specification: Some("1.2.9".to_owned()),
            store,
        }
    }

    fn document() -> Option<PolicyStore> {
        Some(PolicyStore::Document(b"policy".to_vec()))
    }

    #[test]
    fn the_digest_is_given_or_follows_from_the_document() {
        let own = crypto::digest(DigestAlgorithm::Sha256, b"policy").unwrap();
        let local = Some(PolicyStore::LocalUri("policies/1".to_owned()));
        for (digest, store) in [
            (own.clone(), None),
            (own.clone(), document()),
            (Vec::new(), document()),
            (own.clone(), local),
        ] {
            assert_eq!(policy(digest, store).signed_digest(), Ok(own.clone()));
        }
    }

    #[test]
    fn a_digest_that_does_not_fit_is_refused() {
        let own = crypto::digest(DigestAlgorithm::Sha256, b"policy").unwrap();
        let another = crypto::digest(DigestAlgorithm::Sha256, b"another").unwrap();
        let longer = crypto::digest(DigestAlgorithm::Sha512, b"policy").unwrap();
        let local = || Some(PolicyStore::LocalUri("policies/1".to_owned()));
        let unspecified = IdentifiedPolicy {
            specification: None,
            ..policy(own.clone(), document())
        };
        for wrong in [
            policy(another, document()),
            policy(longer, document()),
            policy(vec![0; 32], document()),
            policy(own.get(..31).unwrap().to_vec(), document()),
            policy(Vec::new(), None),
            policy(Vec::new(), local()),
            unspecified,
        ] {
            let refused = Err(ApiMisuse::ContradictoryParameters.into());
            assert_eq!(wrong.signed_digest(), refused, "{wrong:?}");
        }
    }

    #[test]
    fn a_saved_policy_is_read_again() {
        for store in [
            None,
            document(),
            Some(PolicyStore::LocalUri("a".to_owned())),
        ] {
            let policy = NewPolicy::Identified(policy(vec![1], store));
            let json = serde_json::to_string(&policy).unwrap();
            assert_eq!(serde_json::from_str::<NewPolicy>(&json).unwrap(), policy);
        }
    }
}
