//! From a reduced hash tree to its root.

use crate::algorithm::DigestAlgorithm;
use crate::crypto;
use crate::error::Error;
use crate::limits::{Budget, Resource};

/// What the imprint of an archive time-stamp may be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Root {
    /// The digest of these octets.
    Digest(Vec<u8>),
    /// The one digest that the archive time-stamp is about, as it is.
    Direct,
}

/// What the imprint over a reduced hash tree may be: one answer, or two where a list has one digest
/// only, which some makers digest again and some do not.
///
/// # Errors
/// A limit, or an algorithm that is not implemented.
///
/// # Standard
/// RFC 4998 §4.3 steps 2 and 3; RFC 6283 §3.3.
pub fn roots(
    lists: &[Vec<Vec<u8>>],
    algorithm: DigestAlgorithm,
    budget: &mut Budget,
) -> Result<Vec<Root>, Error> {
    let Some((first, higher)) = lists.split_first() else {
        return Ok(vec![Root::Direct]);
    };
    let concatenated = sorted(first.iter().map(Vec::as_slice).collect(), budget)?;
    let Some((last, between)) = higher.split_last() else {
        return Ok(match first.as_slice() {
            [_] => vec![Root::Direct, Root::Digest(concatenated)],
            _ => vec![Root::Digest(concatenated)],
        });
    };
    let digested = crypto::digest(algorithm, &concatenated)?;
    let begins = match first.as_slice() {
        [only] => vec![only.clone(), digested],
        _ => vec![digested],
    };
    let mut roots = Vec::with_capacity(begins.len());
    for mut node in begins {
        for list in between {
            let octets = with_node(list, &node, budget)?;
            node = crypto::digest(algorithm, &octets)?;
        }
        roots.push(Root::Digest(with_node(last, &node, budget)?));
    }
    Ok(roots)
}

fn with_node(list: &[Vec<u8>], node: &[u8], budget: &mut Budget) -> Result<Vec<u8>, Error> {
    let all = list.iter().map(Vec::as_slice).chain([node]).collect();
    sorted(all, budget)
}

/// Digests in binary ascending order, one behind the other.
fn sorted(mut digests: Vec<&[u8]>, budget: &mut Budget) -> Result<Vec<u8>, Error> {
    let length: usize = digests.iter().map(|digest| digest.len()).sum();
    let length = u64::try_from(length).unwrap_or(u64::MAX);
    budget.charge(Resource::DigestedBytes, length.saturating_mul(2))?;
    digests.sort_unstable();
    Ok(digests.concat())
}
