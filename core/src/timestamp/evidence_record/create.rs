//! Making evidence records in ASN.1.

use crate::algorithm::DigestAlgorithm;
use crate::asn1::write;
use crate::crypto;
use crate::error::{ApiMisuse, Error};

/// A binary hash tree over many digests.
///
/// Two children make their father by the digest of both in binary ascending order; one that is left
/// over goes up as it is. A million leaves of SHA-256 take 64 MB.
#[derive(Clone, Debug)]
pub struct HashTree {
    /// Octets of one digest.
    width: usize,
    /// The leaves one behind the other, then every level above them; the last has one node.
    levels: Vec<Vec<u8>>,
}

impl HashTree {
    /// The tree over leaves that stand one behind the other, in their order.
    ///
    /// # Errors
    /// An algorithm that is not implemented; leaves that are not as long as it makes them.
    ///
    /// # Standard
    /// RFC 4998 §4.2.
    pub fn over(algorithm: DigestAlgorithm, leaves: Vec<u8>) -> Result<Self, Error> {
        let width = algorithm.output_len();
        if !leaves.len().is_multiple_of(width) {
            return Err(ApiMisuse::UnreadableValue.into());
        }
        let mut levels = vec![leaves];
        while let Some(level) = levels.last().filter(|level| level.len() > width) {
            let pairs = width.saturating_mul(2);
            let mut above = Vec::with_capacity(level.len().div_ceil(2).saturating_add(width));
            for pair in level.chunks(pairs) {
                match pair.split_at_checked(width) {
                    Some((left, right)) if !right.is_empty() => {
                        above.extend(crypto::digest(algorithm, &in_order(left, right))?);
                    }
                    _ => above.extend_from_slice(pair),
                }
            }
            levels.push(above);
        }
        Ok(Self { width, levels })
    }

    /// How many leaves there are.
    #[must_use]
    pub fn leaves(&self) -> usize {
        let leaves = self.levels.first().map_or(0, Vec::len);
        leaves.checked_div(self.width).unwrap_or(0)
    }

    /// The root; none of an empty tree.
    #[must_use]
    pub fn root(&self) -> Option<&[u8]> {
        self.levels.last().and_then(|top| self.node(top, 0))
    }

    /// The lists that lead from a leaf to the root; none where the leaf is the root.
    ///
    /// # Standard
    /// RFC 4998 §4.2: reduced hash tree.
    #[must_use]
    pub fn reduced(&self, leaf: usize) -> Vec<Vec<Vec<u8>>> {
        let mut lists: Vec<Vec<Vec<u8>>> = Vec::new();
        let own = self.levels.first();
        let Some(own) = own.and_then(|leaves| self.node(leaves, leaf)) else {
            return lists;
        };
        let mut place = leaf;
        for level in &self.levels {
            if let Some(sibling) = self.node(level, place ^ 1) {
                match lists.is_empty() {
                    true => lists.push(vec![own.to_vec(), sibling.to_vec()]),
                    false => lists.push(vec![sibling.to_vec()]),
                }
            }
            place /= 2;
        }
        for list in &mut lists {
            list.sort_unstable();
        }
        lists
    }

    fn node<'a>(&self, level: &'a [u8], place: usize) -> Option<&'a [u8]> {
        let start = place.checked_mul(self.width)?;
        level.get(start..start.checked_add(self.width)?)
    }
}

fn in_order(left: &[u8], right: &[u8]) -> Vec<u8> {
    match left <= right {
        true => [left, right].concat(),
        false => [right, left].concat(),
    }
}

/// The digest of a data object under a renewed hash tree: of its own digest and that of all chains
/// so far, in this order.
///
/// # Errors
/// An algorithm that is not implemented.
///
/// # Standard
/// RFC 4998 §5.2, hash-tree renewal, step 4.
pub fn renewed_data(
    algorithm: DigestAlgorithm,
    data: &[u8],
    chains: &[u8],
) -> Result<Vec<u8>, Error> {
    crypto::digest(algorithm, &[data, chains].concat())
}

/// An `ArchiveTimeStamp` in DER: the lists of a reduced hash tree, and the token over their root.
///
/// # Standard
/// RFC 4998 §4.1.
#[must_use]
pub fn write_archive_timestamp(
    algorithm: DigestAlgorithm,
    lists: &[Vec<Vec<u8>>],
    token: &[u8],
) -> Vec<u8> {
    let list = |list: &Vec<Vec<u8>>| {
        let digests: Vec<Vec<u8>> = list.iter().map(|one| write::octet_string(one)).collect();
        write::sequence(&borrowed(&digests))
    };
    let lists: Vec<Vec<u8>> = lists.iter().map(list).collect();
    let tree = match lists.is_empty() {
        true => Vec::new(),
        false => write::implicit_constructed(2, &borrowed(&lists)),
    };
    let own = write::oid(algorithm.oid());
    write::sequence(&[&write::implicit_constructed(0, &[&own]), &tree, token])
}

/// An `EvidenceRecord` in DER: chains of archive time-stamps, each time-stamp as
/// [`write_archive_timestamp`] wrote it or as it stood in another record.
///
/// # Standard
/// RFC 4998 §3.1.
#[must_use]
pub fn write_record(algorithms: &[DigestAlgorithm], chains: &[Vec<Vec<u8>>]) -> Vec<u8> {
    let mut identifiers: Vec<Vec<u8>> = Vec::new();
    for algorithm in algorithms {
        let identifier = write::digest_identifier(*algorithm);
        if !identifiers.contains(&identifier) {
            identifiers.push(identifier);
        }
    }
    write::sequence(&[
        &write::integer(1),
        &write::sequence(&borrowed(&identifiers)),
        &write_chains(chains),
    ])
}

/// An `ArchiveTimeStampSequence` in DER, as it stands in a record: what a renewed hash tree is over.
///
/// # Standard
/// RFC 4998 §5.1, §5.2.
#[must_use]
pub fn write_chains(chains: &[Vec<Vec<u8>>]) -> Vec<u8> {
    let chains: Vec<Vec<u8>> = chains
        .iter()
        .map(|chain| write::sequence(&borrowed(chain)))
        .collect();
    write::sequence(&borrowed(&chains))
}

fn borrowed(list: &[Vec<u8>]) -> Vec<&[u8]> {
    list.iter().map(Vec::as_slice).collect()
}
