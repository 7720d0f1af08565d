//! Remembers what was verified, so that a replay or a second path costs nothing.

use super::key::PublicKey;
use super::verify::{Fit, Message};
use crate::algorithm::SignatureAlgorithm;
use crate::error::Error;
use sha2::{Digest as _, Sha256};
use std::collections::BTreeMap;

/// Results of [`super::verify`] by digests of everything that they depend on. Bounded: when it is
/// full, results are computed anew.
#[derive(Clone, Debug, Default)]
pub struct Memo {
    results: BTreeMap<[u8; 32], bool>,
}

impl Memo {
    /// Most results kept: about 1 MB.
    const CAPACITY: usize = 10_000;

    pub(super) fn recall_or(
        &mut self,
        key: &PublicKey,
        algorithm: SignatureAlgorithm,
        message: Message<'_>,
        value: &[u8],
        compute: impl FnOnce() -> Result<Fit, Error>,
    ) -> Result<Fit, Error> {
        let question = question(key, algorithm, message, value);
        if let Some(fits) = self.results.get(&question) {
            return Ok(Fit::from(*fits));
        }
        let fit = compute()?;
        if self.results.len() < Self::CAPACITY {
            self.results.insert(question, fit == Fit::Fits);
        }
        Ok(fit)
    }
}

/// A digest over everything, with the length of each part before it: no two questions share one.
fn question(
    key: &PublicKey,
    algorithm: SignatureAlgorithm,
    message: Message<'_>,
    value: &[u8],
) -> [u8; 32] {
    let (kind, octets) = match message {
        Message::Octets(octets) => ([1], octets),
        Message::Digest(octets) => ([2], octets),
    };
    let mut digest = Sha256::new();
    let name = format!("{algorithm:?}");
    for part in [&key.id().0[..], name.as_bytes(), &kind, octets, value] {
        let length = u64::try_from(part.len()).unwrap_or(u64::MAX);
        digest.update(length.to_be_bytes());
        digest.update(part);
    }
    digest.finalize().into()
}
