//! Certificates that may become part of a path: nobody trusts them.

use crate::algorithm::DigestAlgorithm;
use crate::certificate::{Certificate, Name};
use crate::crypto::digest;
use crate::error::Error;
use crate::vocabulary::ObjectId;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

/// Places of certificates by the digest of their key.
type ByKey = BTreeMap<Vec<u8>, Vec<usize>>;

/// Certificates to build paths from, each once, found by their subject.
#[derive(Clone, Debug, Default)]
pub struct Pool {
    certificates: Vec<Certificate>,
    ids: BTreeSet<ObjectId>,
    by_subject: BTreeMap<Vec<Vec<u8>>, Vec<usize>>,
    /// By the SHA-1 digest of the key, from the first question on.
    by_key: OnceLock<Result<ByKey, Error>>,
}

impl Pool {
    /// An empty pool.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a certificate; says whether it was new.
    pub fn add(&mut self, certificate: Certificate) -> bool {
        if !self.ids.insert(certificate.id()) {
            return false;
        }
        let subject = certificate.subject().prepared().to_vec();
        let index = self.certificates.len();
        self.by_subject.entry(subject).or_default().push(index);
        self.certificates.push(certificate);
        self.by_key = OnceLock::new();
        true
    }

    /// The certificates in the order they came.
    #[must_use]
    pub fn certificates(&self) -> &[Certificate] {
        &self.certificates
    }

    /// Whether a certificate is in the pool.
    #[must_use]
    pub fn contains(&self, id: ObjectId) -> bool {
        self.ids.contains(&id)
    }

    /// The certificates with a subject, in the order they came.
    pub fn with_subject(&self, name: &Name) -> impl Iterator<Item = &Certificate> {
        self.at(self.by_subject.get(name.prepared()))
    }

    /// The certificates whose key has this SHA-1 digest (RFC 5280 §4.2.1.2 method 1), in the order
    /// they came. Each key is digested once, however many ask.
    ///
    /// # Errors
    /// [`Error::Unsupported`] where SHA-1 is missing.
    pub fn with_key(&self, hash: &[u8]) -> Result<impl Iterator<Item = &Certificate>, Error> {
        let by_key = self.by_key.get_or_init(|| {
            let mut by_key = ByKey::new();
            for (index, certificate) in self.certificates.iter().enumerate() {
                let hash = digest(DigestAlgorithm::Sha1, certificate.key_bits())?;
                by_key.entry(hash).or_default().push(index);
            }
            Ok(by_key)
        });
        let by_key = by_key.as_ref().map_err(Clone::clone)?;
        Ok(self.at(by_key.get(hash)))
    }

    fn at(&self, indexes: Option<&Vec<usize>>) -> impl Iterator<Item = &Certificate> {
        let indexes = indexes.map(Vec::as_slice).unwrap_or_default();
        indexes
            .iter()
            .filter_map(|index| self.certificates.get(*index))
    }
}

impl Extend<Certificate> for Pool {
    fn extend<T: IntoIterator<Item = Certificate>>(&mut self, certificates: T) {
        for certificate in certificates {
            self.add(certificate);
        }
    }
}

impl FromIterator<Certificate> for Pool {
    fn from_iter<T: IntoIterator<Item = Certificate>>(certificates: T) -> Self {
        let mut pool = Self::new();
        pool.extend(certificates);
        pool
    }
}
