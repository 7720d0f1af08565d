//! An archive: any number of documents under one time-stamp, and its renewals.
//!
//! The host digests the documents, in an order that it keeps; here the digests become the leaves of
//! a hash tree, whose root is time-stamped. What has to be kept is the order, the digests and
//! [`Archive::kept`], a record without a tree. For each document [`Archive::record`] writes an
//! evidence record of its own, which anyone can validate without the others.
//!
//! # Standard
//! RFC 4998 §4.2 (generation), §5.2 (time-stamp renewal). Hash-tree renewal is not made here.

use crate::algorithm::DigestAlgorithm;
use crate::crypto;
use crate::error::{ApiMisuse, Error, Malformed, MalformedKind};
use crate::limits::Budget;
use crate::timestamp::{EvidenceRecord, HashTree, write_archive_timestamp, write_record};

/// Documents under one time-stamp.
#[derive(Clone, Debug)]
pub struct Archive {
    algorithm: DigestAlgorithm,
    tree: HashTree,
    /// The time-stamp over the root, then each over the one before.
    tokens: Vec<Vec<u8>>,
}

impl Archive {
    /// An archive that was not time-stamped yet, over digests that stand one behind the other.
    ///
    /// # Errors
    /// [`ApiMisuse::NoInput`] without a document; as [`HashTree::over`].
    pub fn over(algorithm: DigestAlgorithm, digests: Vec<u8>) -> Result<Self, Error> {
        let tree = HashTree::over(algorithm, digests)?;
        if tree.root().is_none() {
            return Err(ApiMisuse::NoInput.into());
        }
        Ok(Self {
            algorithm,
            tree,
            tokens: Vec::new(),
        })
    }

    /// An archive that was kept.
    ///
    /// # Errors
    /// [`Malformed`] for octets that [`Archive::kept`] did not write; as [`Archive::over`].
    pub fn read(
        algorithm: DigestAlgorithm,
        digests: Vec<u8>,
        kept: &[u8],
        budget: &mut Budget,
    ) -> Result<Self, Error> {
        let mut archive = Self::over(algorithm, digests)?;
        let record = EvidenceRecord::parse(kept, budget)?;
        let [chain] = record.chains.as_slice() else {
            return Err(wrong());
        };
        for one in &chain.timestamps {
            if one.algorithm != Ok(algorithm) || !one.lists.is_empty() {
                return Err(wrong());
            }
            archive.tokens.push(one.token.to_vec());
        }
        Ok(archive)
    }

    /// How many documents there are.
    #[must_use]
    pub fn documents(&self) -> usize {
        self.tree.leaves()
    }

    /// The digest that the next time-stamp must be over: the root, or the time-stamp before.
    ///
    /// # Errors
    /// An algorithm that is not implemented.
    pub fn to_be_stamped(&self) -> Result<Vec<u8>, Error> {
        match self.tokens.last() {
            Some(token) => crypto::digest(self.algorithm, token),
            None => Ok(self.tree.root().unwrap_or_default().to_vec()),
        }
    }

    /// Takes in the time-stamp over [`Archive::to_be_stamped`].
    pub fn stamped(&mut self, token: Vec<u8>) {
        self.tokens.push(token);
    }

    /// What is kept beside the digests: the time-stamps, as a record without a hash tree.
    #[must_use]
    pub fn kept(&self) -> Vec<u8> {
        self.written(&[])
    }

    /// The evidence record of one document, by its place among the digests.
    #[must_use]
    pub fn record(&self, document: usize) -> Vec<u8> {
        self.written(&self.tree.reduced(document))
    }

    fn written(&self, lists: &[Vec<Vec<u8>>]) -> Vec<u8> {
        let mut lists = Some(lists);
        let timestamps = self.tokens.iter().map(|token| {
            let lists = lists.take().unwrap_or_default();
            write_archive_timestamp(self.algorithm, lists, token)
        });
        write_record(&[self.algorithm], &[timestamps.collect()])
    }
}

fn wrong() -> Error {
    Malformed::within(MalformedKind::EvidenceRecordStructure, "archive").into()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHA256: DigestAlgorithm = DigestAlgorithm::Sha256;

    fn digests(count: u8) -> Vec<u8> {
        (0..count)
            .flat_map(|number| crypto::digest(SHA256, &[number]).unwrap())
            .collect()
    }

    #[test]
    fn an_archive_without_documents_is_none() {
        assert!(Archive::over(SHA256, Vec::new()).is_err());
        assert!(Archive::over(SHA256, vec![0; 31]).is_err());
    }

    #[test]
    fn the_first_time_stamp_is_over_the_root_and_the_next_over_it() {
        let mut archive = Archive::over(SHA256, digests(1)).unwrap();
        assert_eq!(archive.to_be_stamped().unwrap(), digests(1));
        archive.stamped(vec![0x30, 0x00]);
        let over_token = crypto::digest(SHA256, &[0x30, 0x00]).unwrap();
        assert_eq!(archive.to_be_stamped().unwrap(), over_token);
    }

    #[test]
    fn what_was_kept_is_read_again_and_nothing_else() {
        let mut archive = Archive::over(SHA256, digests(5)).unwrap();
        archive.stamped(vec![0x30, 0x00]);
        let read =
            |octets: &[u8]| Archive::read(SHA256, digests(5), octets, &mut Budget::default());
        let again = read(&archive.kept()).unwrap();
        assert_eq!(again.documents(), 5);
        assert_eq!(again.record(3), archive.record(3));
        assert!(
            read(&archive.record(3)).is_err(),
            "a record of one document"
        );
        assert!(read(b"").is_err());
    }
}
