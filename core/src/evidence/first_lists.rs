//! Whether data objects are in the first lists of an evidence record.
//!
//! A record may be about as many objects as its lists have digests, and both are of anyone's choice:
//! the lists are put in order once, and looked up for each object.

use super::Evidence;
use super::edges::{ReferenceOutcome, parts_of};
use super::preservation::{canonical, digest, group};
use crate::algorithm::DigestAlgorithm;
use crate::crypto;
use crate::error::{Error, Unsupported};
use crate::limits::{Budget, Resource};
use crate::signature::{DataObject, PlacedRecord, Target};
use crate::timestamp::{ArchiveTimestampChain, Syntax};
use std::collections::BTreeSet;

/// The first list of a chain.
struct FirstList<'a> {
    chain: &'a ArchiveTimestampChain,
    syntax: Syntax,
    algorithm: Result<DigestAlgorithm, Unsupported>,
    digests: BTreeSet<&'a [u8]>,
    /// The digest of all chains before, by each way to read them.
    before: Vec<Vec<u8>>,
    /// The digest of the whole group, where the record is about one.
    group: Option<Result<Vec<u8>, ReferenceOutcome>>,
}

impl FirstList<'_> {
    fn has(&self, wanted: &[u8]) -> bool {
        self.digests.contains(wanted)
    }

    /// Whether it is about a data object: in later chains together with all chains before.
    fn is_about(
        &self,
        found: &[u8],
        algorithm: DigestAlgorithm,
        budget: &mut Budget,
    ) -> Result<bool, Error> {
        if self.chain.before.is_empty() {
            return Ok(self.has(found));
        }
        for chains in &self.before {
            // RFC 6283 §4.2.2: both are members of one group.
            if self.syntax == Syntax::Xml && self.has(found) && self.has(chains) {
                return Ok(true);
            }
            // RFC 4998 §5.2 step 4 puts the data first, its figure 4 sorts the two.
            let orders = [[found, chains].concat(), [chains, found].concat()];
            for octets in &orders {
                if self.has(&digest(algorithm, octets, budget)?) {
                    return Ok(true);
                }
            }
        }
        Ok(false)
    }
}

impl Evidence {
    /// Whether each data object of a record, in their order, is in the first archive time-stamp of
    /// every chain, and fits the manifest beside it.
    ///
    /// # Errors
    /// A limit.
    ///
    /// # Standard
    /// RFC 4998 §5.3 steps 1 and 3; RFC 6283 §4.3.
    pub fn data_objects(
        &self,
        placed: &PlacedRecord,
        budget: &mut Budget,
    ) -> Result<Vec<ReferenceOutcome>, Error> {
        let lists = self.first_lists(placed, budget)?;
        let objects = placed.objects.iter();
        objects
            .map(|object| self.data_object(&lists, object, budget))
            .collect()
    }

    fn first_lists<'a>(
        &'a self,
        placed: &'a PlacedRecord,
        budget: &mut Budget,
    ) -> Result<Vec<FirstList<'a>>, Error> {
        let mut lists = Vec::new();
        let mut stamps = placed.timestamps.iter();
        let Some(record) = &placed.record else {
            return Ok(lists);
        };
        for chain in &record.chains {
            let place = stamps.next();
            let Some(first) = chain.timestamps.first() else {
                return Ok(Vec::new());
            };
            let mut list = FirstList {
                chain,
                syntax: record.syntax,
                algorithm: first.algorithm.clone(),
                digests: BTreeSet::new(),
                before: Vec::new(),
                group: None,
            };
            match first.lists.first() {
                Some(digests) => list.digests.extend(digests.iter().map(Vec::as_slice)),
                // Without a hash tree the imprint itself is the one digest.
                None => {
                    let token = place.and_then(|place| self.token(place).ok());
                    list.digests.extend(token.map(|token| &token.imprint[..]));
                }
            }
            if let Ok(algorithm) = &list.algorithm {
                for before in &chain.before {
                    list.before.push(digest(*algorithm, before, budget)?);
                }
                if let Some(parts) = group(placed, *algorithm) {
                    list.group = Some(self.digest_of(*algorithm, &parts, budget)?);
                }
            }
            lists.push(list);
            for _ in chain.timestamps.iter().skip(1) {
                stamps.next();
            }
        }
        Ok(lists)
    }

    fn data_object(
        &self,
        lists: &[FirstList<'_>],
        object: &DataObject,
        budget: &mut Budget,
    ) -> Result<ReferenceOutcome, Error> {
        let mut worst = ReferenceOutcome::NotFound;
        for target in &object.targets {
            let outcome = self.target_of_record(lists, object, target, budget)?;
            if outcome == ReferenceOutcome::Intact {
                return Ok(outcome);
            }
            if !matches!(worst, ReferenceOutcome::Broken { .. }) {
                worst = outcome;
            }
        }
        Ok(worst)
    }

    fn target_of_record(
        &self,
        lists: &[FirstList<'_>],
        object: &DataObject,
        target: &Target,
        budget: &mut Budget,
    ) -> Result<ReferenceOutcome, Error> {
        let parts = match parts_of(target) {
            Ok(parts) => parts,
            Err(outcome) => return Ok(outcome),
        };
        let unsupported =
            |unsupported: &Unsupported| Ok(ReferenceOutcome::Unsupported(unsupported.clone()));
        if let Some((algorithm, expected)) = &object.listed {
            let algorithm = match algorithm {
                Ok(algorithm) => *algorithm,
                Err(error) => return unsupported(error),
            };
            match self.digest_of(algorithm, parts, budget)? {
                Ok(found) if crypto::equal(&found, expected) => {}
                Ok(found) => return Ok(ReferenceOutcome::Broken { found }),
                Err(outcome) => return Ok(outcome),
            }
        }
        if lists.is_empty() {
            return Ok(ReferenceOutcome::NotFound);
        }
        for list in lists {
            // A thousand chains, each with one digest, for any number of names of one file.
            budget.charge(Resource::Values, 1)?;
            let algorithm = match &list.algorithm {
                Ok(algorithm) => *algorithm,
                Err(error) => return unsupported(error),
            };
            let found = match self.digest_of(algorithm, parts, budget)? {
                Ok(found) => found,
                Err(outcome) => return Ok(outcome),
            };
            let mut is_there = list.is_about(&found, algorithm, budget)?;
            if !is_there && let Some(group) = &list.group {
                is_there = match group {
                    Ok(group) => list.is_about(group, algorithm, budget)?,
                    Err(outcome) => return Ok(outcome.clone()),
                };
            }
            // What is no XML has no canonical form, and is not there by it.
            if !is_there
                && let Some(parts) = canonical(parts, list.chain)
                && let Ok(found) = self.digest_of(algorithm, &parts, budget)?
            {
                is_there = list.is_about(&found, algorithm, budget)?;
            }
            if !is_there {
                return Ok(ReferenceOutcome::Broken { found });
            }
        }
        Ok(ReferenceOutcome::Intact)
    }

    /// The digests in the first list of a record that belong to none of its data objects.
    ///
    /// # Errors
    /// A limit.
    ///
    /// # Standard
    /// RFC 4998 §4.3: whether an archive time-stamp relates to a data object group.
    pub fn foreign_digests(
        &self,
        placed: &PlacedRecord,
        budget: &mut Budget,
    ) -> Result<u64, Error> {
        let first = placed.record.as_ref().and_then(|record| {
            let chain = record.chains.first()?;
            Some((chain, chain.timestamps.first()?))
        });
        // A list of two may be one object and its neighbour in the tree; only where the record is
        // one over a group is the rest of the list a part of it.
        let Some((chain, first)) = first else {
            return Ok(0);
        };
        let (Some(list), Ok(algorithm)) = (first.lists.first(), &first.algorithm) else {
            return Ok(0);
        };
        let algorithm = *algorithm;
        let mut own = BTreeSet::new();
        for target in placed.objects.iter().flat_map(|object| &object.targets) {
            let Target::Parts(parts) = target else {
                continue;
            };
            let canonical = canonical(parts, chain);
            for parts in std::iter::once(parts).chain(&canonical) {
                if let Ok(found) = self.digest_of(algorithm, parts, budget)? {
                    own.insert(found);
                }
            }
        }
        if let Some(parts) = group(placed, algorithm)
            && let Ok(found) = self.digest_of(algorithm, &parts, budget)?
            && list.contains(&found)
        {
            // What stands beside the digest of a group is its neighbour in the tree.
            return Ok(0);
        }
        let foreign = list.iter().filter(|digest| !own.contains(*digest)).count();
        Ok(u64::try_from(foreign).unwrap_or(u64::MAX))
    }
}
