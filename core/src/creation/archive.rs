//! An archive: any number of documents under one time-stamp, and its renewals.
//!
//! The host digests the documents, in an order that it keeps; here the digests become the leaves of
//! a hash tree, whose root is time-stamped. What has to be kept is the order, the digests and
//! [`Archive::kept`], a record without a tree. For each document [`Archive::record`] writes an
//! evidence record of its own, which anyone can validate without the others. Before a digest
//! algorithm grows weak, the host digests every document anew ([`Archive::renew_tree`]).
//!
//! A hash tree tells no leaf from an inner node: whoever holds the documents may take two away and
//! show one in their place, the two digests that their node is made of. So a host that must know
//! which documents there are makes the list of them a document too, as `imza archive` does.
//!
//! # Standard
//! RFC 4998 §4.2 (generation), §5.2 (time-stamp renewal and hash-tree renewal).

use super::augmentation::work;
use crate::algorithm::DigestAlgorithm;
use crate::cades;
use crate::crypto::{self, Memo};
use crate::error::{ApiMisuse, Error, InputError, Malformed, MalformedKind};
use crate::evidence::Evidence;
use crate::limits::Budget;
use crate::report::Timestamp;
use crate::signature::ValidationData;
use crate::timestamp::{
    EvidenceRecord, HashTree, renewed_data, write_archive_timestamp, write_chains, write_record,
};
use crate::validation::{self, Context};
use crate::vocabulary::BlockIndication;
use std::collections::BTreeSet;

/// Documents under one time-stamp.
#[derive(Clone, Debug)]
pub struct Archive {
    /// At least one.
    chains: Vec<Chain>,
}

/// What one digest algorithm did for the documents.
#[derive(Clone, Debug)]
struct Chain {
    algorithm: DigestAlgorithm,
    tree: HashTree,
    /// The time-stamp over the root, then each over the one before.
    tokens: Vec<Vec<u8>>,
}

impl Chain {
    fn over(algorithm: DigestAlgorithm, leaves: Vec<u8>) -> Result<Self, Error> {
        let tree = HashTree::over(algorithm, leaves)?;
        if tree.root().is_none() {
            return Err(ApiMisuse::NoInput.into());
        }
        Ok(Self {
            algorithm,
            tree,
            tokens: Vec::new(),
        })
    }

    /// The archive time-stamps, the first with these lists of the tree.
    fn written(&self, lists: &[Vec<Vec<u8>>]) -> Vec<Vec<u8>> {
        let mut lists = Some(lists);
        let tokens = self.tokens.iter().map(|token| {
            let lists = lists.take().unwrap_or_default();
            write_archive_timestamp(self.algorithm, lists, token)
        });
        tokens.collect()
    }
}

impl Archive {
    /// An archive that was not time-stamped yet, over digests that stand one behind the other.
    ///
    /// # Errors
    /// [`ApiMisuse::NoInput`] without a document; as [`HashTree::over`].
    pub fn over(algorithm: DigestAlgorithm, digests: Vec<u8>) -> Result<Self, Error> {
        Ok(Self {
            chains: vec![Chain::over(algorithm, digests)?],
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
        let archive = Self::read_renewed(vec![digests], kept, budget)?;
        match archive.chains.as_slice() {
            [only] if only.algorithm == algorithm => Ok(archive),
            _ => Err(wrong()),
        }
    }

    /// The digest algorithms of what was kept, the oldest first: whoever kept it has the digests of
    /// the documents by each of them.
    ///
    /// # Errors
    /// As [`Archive::read`].
    pub fn algorithms(kept: &[u8], budget: &mut Budget) -> Result<Vec<DigestAlgorithm>, Error> {
        let record = EvidenceRecord::parse(kept, budget)?;
        let first = |chain: &crate::timestamp::ArchiveTimestampChain| {
            let first = chain.timestamps.first().ok_or_else(wrong)?;
            Ok(first.algorithm.clone()?)
        };
        record.chains.iter().map(first).collect()
    }

    /// An archive that was kept after [`Archive::renew_tree`], with the digests of the documents by
    /// each of its algorithms, the oldest first.
    ///
    /// # Errors
    /// As [`Archive::read`].
    pub fn read_renewed(
        digests: Vec<Vec<u8>>,
        kept: &[u8],
        budget: &mut Budget,
    ) -> Result<Self, Error> {
        let record = EvidenceRecord::parse(kept, budget)?;
        if record.chains.len() != digests.len() {
            return Err(wrong());
        }
        let mut archive = Self { chains: Vec::new() };
        for (chain, digests) in record.chains.iter().zip(digests) {
            let first = chain.timestamps.first().ok_or_else(wrong)?;
            let algorithm = first.algorithm.clone()?;
            archive.add(algorithm, digests)?;
            for one in &chain.timestamps {
                if one.algorithm != Ok(algorithm) || !one.lists.is_empty() {
                    return Err(wrong());
                }
                archive.stamped(one.token.to_vec());
            }
        }
        Ok(archive)
    }

    /// How many documents there are.
    #[must_use]
    pub fn documents(&self) -> usize {
        self.chains.first().map_or(0, |first| first.tree.leaves())
    }

    /// The digest that the next time-stamp must be over: the root, or the time-stamp before.
    ///
    /// # Errors
    /// An algorithm that is not implemented.
    pub fn to_be_stamped(&self) -> Result<Vec<u8>, Error> {
        let last = self.chains.last().ok_or(ApiMisuse::NoInput)?;
        match last.tokens.last() {
            Some(token) => crypto::digest(last.algorithm, token),
            None => Ok(last.tree.root().unwrap_or_default().to_vec()),
        }
    }

    /// The algorithm of [`Archive::to_be_stamped`].
    #[must_use]
    pub fn algorithm(&self) -> Option<DigestAlgorithm> {
        self.chains.last().map(|last| last.algorithm)
    }

    /// Takes in the time-stamp over [`Archive::to_be_stamped`].
    pub fn stamped(&mut self, token: Vec<u8>) {
        if let Some(last) = self.chains.last_mut() {
            last.tokens.push(token);
        }
    }

    /// Puts certificates and revocation data into the last time-stamp, beside its signature: what is
    /// renewed next covers them, so they are proven to have existed while they could be trusted.
    ///
    /// # Errors
    /// [`ApiMisuse::ContradictoryParameters`] where nothing was time-stamped yet; [`Malformed`] for
    /// a token that cannot be read; a limit.
    ///
    /// # Standard
    /// RFC 4998 §4.1: the time-stamp carries what is needed for its validation.
    pub fn add_validation_data(
        &mut self,
        data: &ValidationData,
        budget: &mut Budget,
    ) -> Result<(), Error> {
        let last = self.chains.last_mut();
        let token = last.and_then(|last| last.tokens.last_mut());
        let token = token.ok_or(ApiMisuse::ContradictoryParameters)?;
        if !data.is_empty() {
            *token = cades::add_validation_data(token, data, budget)?;
        }
        Ok(())
    }

    /// Begins a new chain over digests of the same documents by another algorithm, in the same
    /// order: the next time-stamp is over the documents *and* over everything that proves them so
    /// far, and the older digests need be strong no longer.
    ///
    /// # Errors
    /// [`ApiMisuse::ContradictoryParameters`] for another number of documents, or where the last
    /// chain was not time-stamped; as [`Archive::over`].
    ///
    /// # Standard
    /// RFC 4998 §5.2, hash-tree renewal.
    pub fn renew_tree(
        &mut self,
        algorithm: DigestAlgorithm,
        digests: Vec<u8>,
    ) -> Result<(), Error> {
        self.add(algorithm, digests)
    }

    fn add(&mut self, algorithm: DigestAlgorithm, digests: Vec<u8>) -> Result<(), Error> {
        let Some(last) = self.chains.last() else {
            self.chains.push(Chain::over(algorithm, digests)?);
            return Ok(());
        };
        let width = algorithm.output_len();
        let documents = self.documents();
        if last.tokens.is_empty() || digests.len() != documents.saturating_mul(width) {
            return Err(ApiMisuse::ContradictoryParameters.into());
        }
        let mut leaves = Vec::with_capacity(digests.len());
        for (document, digest) in digests.chunks(width).enumerate() {
            let chains = crypto::digest(algorithm, &write_chains(&self.chains_of(document)))?;
            leaves.extend(renewed_data(algorithm, digest, &chains)?);
        }
        self.chains.push(Chain::over(algorithm, leaves)?);
        Ok(())
    }

    fn chains_of(&self, document: usize) -> Vec<Vec<Vec<u8>>> {
        let chains = self.chains.iter();
        chains
            .map(|chain| chain.written(&chain.tree.reduced(document)))
            .collect()
    }

    /// What is kept beside the digests: the time-stamps, as a record without hash trees.
    #[must_use]
    pub fn kept(&self) -> Vec<u8> {
        let chains: Vec<_> = self.chains.iter().map(|chain| chain.written(&[])).collect();
        self.written(&chains)
    }

    /// The evidence record of one document, by its place among the digests.
    #[must_use]
    pub fn record(&self, document: usize) -> Vec<u8> {
        self.written(&self.chains_of(document))
    }

    fn written(&self, chains: &[Vec<Vec<u8>>]) -> Vec<u8> {
        let algorithms: Vec<_> = self.chains.iter().map(|chain| chain.algorithm).collect();
        write_record(&algorithms, chains)
    }
}

/// What the time-stamps of evidence records rest on and do not carry yet: certificates up to and
/// including the anchor, where it is a certificate, and revocation data for each that needs it.
///
/// # Errors
/// [`InputError::MaterialMissing`] where no record of the document holds, or not everything is at
/// hand that validates one: what cannot be validated now will not be later.
pub fn validation_data_of_records(
    evidence: &Evidence,
    context: &Context,
) -> Result<ValidationData, Error> {
    let judgement = validation::validate(evidence, context, &mut Memo::default());
    let records = judgement.report.evidence_records.iter();
    let passed = |one: &Timestamp| {
        one.indication == BlockIndication::Passed && !one.checks.iter().any(work::lacks)
    };
    if judgement.report.evidence_records.is_empty() || !records.clone().all(passed) {
        return Err(InputError::MaterialMissing { signature: None }.into());
    }
    let mut carried = BTreeSet::new();
    let placed = evidence.evidence_records().iter();
    for fact in placed.flat_map(|placed| &placed.timestamps) {
        let id = crypto::object_id(&fact.token);
        if let Some(token) = evidence.token_of(&id) {
            carried.extend(work::carried(&token.record, evidence));
        }
    }
    let used = judgement.used.iter().copied().collect();
    work::missing(&used, &carried, evidence, context)
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

    #[test]
    fn a_tree_is_renewed_over_the_same_documents_and_after_a_time_stamp() {
        let sha512 = DigestAlgorithm::Sha512;
        let strong = |count: u8| -> Vec<u8> {
            let all = (0..count).flat_map(|number| crypto::digest(sha512, &[number]).unwrap());
            all.collect()
        };
        let mut archive = Archive::over(SHA256, digests(3)).unwrap();
        assert!(
            archive.renew_tree(sha512, strong(3)).is_err(),
            "no proof yet"
        );
        archive.stamped(vec![0x30, 0x00]);
        for count in [0, 2, 4] {
            assert!(
                archive.renew_tree(sha512, strong(count)).is_err(),
                "{count}"
            );
        }
        archive.renew_tree(sha512, strong(3)).unwrap();
        assert_eq!(archive.algorithm(), Some(sha512));
        assert_eq!(archive.to_be_stamped().unwrap().len(), 64);
        archive.stamped(vec![0x30, 0x00]);
        let kept = archive.kept();
        let budget = || Budget::default();
        let algorithms = Archive::algorithms(&kept, &mut budget()).unwrap();
        assert_eq!(algorithms, [SHA256, sha512]);
        let all = vec![digests(3), strong(3)];
        let again = Archive::read_renewed(all, &kept, &mut budget()).unwrap();
        assert_eq!(again.record(1), archive.record(1));
        for other in [vec![digests(3)], vec![digests(3), strong(2)]] {
            assert!(Archive::read_renewed(other, &kept, &mut budget()).is_err());
        }
        assert!(Archive::read(SHA256, digests(3), &kept, &mut budget()).is_err());
    }
}
