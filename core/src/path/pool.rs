//! Certificates that may become part of a path: nobody trusts them.

use crate::certificate::{Certificate, Name};
use crate::vocabulary::ObjectId;
use std::collections::{BTreeMap, BTreeSet};

/// Certificates to build paths from, each once, found by their subject.
#[derive(Clone, Debug, Default)]
pub struct Pool {
    certificates: Vec<Certificate>,
    ids: BTreeSet<ObjectId>,
    by_subject: BTreeMap<Vec<Vec<u8>>, Vec<usize>>,
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
        let indexes = self.by_subject.get(name.prepared());
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
