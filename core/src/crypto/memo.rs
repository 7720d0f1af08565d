//! Remembers what was verified, so that a replay or a second path costs nothing.

use super::key::PublicKey;
use super::verify::{Fit, Message};
use crate::algorithm::SignatureAlgorithm;
use crate::error::Error;
use sha2::{Digest as _, Sha256};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

/// Results of [`super::verify`] by digests of everything that they depend on. Bounded: when it is
/// full, results are computed anew.
#[derive(Clone, Debug, Default)]
pub struct Memo {
    results: BTreeMap<[u8; 32], bool>,
    shared: Option<SharedMemo>,
}

/// A memo of many documents, perhaps on several threads: whoever verifies many that rest on the same
/// certificates and revocation data verifies these once.
///
/// What is remembered depends on nothing but its question, so a verdict is the same with and without
/// it. Bounded: what was not asked for longest is forgotten.
#[derive(Clone, Debug, Default)]
pub struct SharedMemo(Arc<Mutex<Generations>>);

/// Results asked for lately, and those before.
#[derive(Debug, Default)]
struct Generations {
    recent: BTreeMap<[u8; 32], bool>,
    before: BTreeMap<[u8; 32], bool>,
}

impl SharedMemo {
    /// Most results of a generation: about 0.5 MB.
    const CAPACITY: usize = 5_000;

    fn recall(&self, question: &[u8; 32]) -> Option<bool> {
        // What another thread left behind when it ended is not used.
        let mut generations = self.0.lock().ok()?;
        if let Some(fits) = generations.recent.get(question) {
            return Some(*fits);
        }
        let fits = generations.before.get(question).copied()?;
        generations.keep(*question, fits);
        Some(fits)
    }

    fn keep(&self, question: [u8; 32], fits: bool) {
        if let Ok(mut generations) = self.0.lock() {
            generations.keep(question, fits);
        }
    }
}

impl Generations {
    fn keep(&mut self, question: [u8; 32], fits: bool) {
        if self.recent.len() >= SharedMemo::CAPACITY {
            self.before = std::mem::take(&mut self.recent);
        }
        self.recent.insert(question, fits);
    }
}

impl Memo {
    /// Most results kept: about 1 MB.
    const CAPACITY: usize = 10_000;

    /// A memo that asks another one, and tells it.
    #[must_use]
    pub fn sharing(shared: SharedMemo) -> Self {
        Self {
            shared: Some(shared),
            ..Self::default()
        }
    }

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
        let known = self.shared.as_ref();
        if let Some(fits) = known.and_then(|shared| shared.recall(&question)) {
            return Ok(Fit::from(fits));
        }
        let fit = compute()?;
        if let Some(shared) = &self.shared {
            shared.keep(question, fit == Fit::Fits);
        }
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

#[cfg(test)]
mod tests {
    use super::*;

    fn question(number: usize) -> [u8; 32] {
        let mut question = [0; 32];
        question[..8].copy_from_slice(&u64::try_from(number).unwrap().to_be_bytes());
        question
    }

    #[test]
    fn what_is_asked_for_again_and_again_is_not_forgotten() {
        let memo = SharedMemo::default();
        memo.keep(question(0), true);
        for number in 1..3 * SharedMemo::CAPACITY {
            memo.keep(question(number), false);
            assert_eq!(memo.recall(&question(0)), Some(true), "{number}");
        }
        assert_eq!(memo.recall(&question(1)), None);
        let generations = memo.0.lock().unwrap();
        let kept = generations.recent.len() + generations.before.len();
        assert!(kept <= 2 * SharedMemo::CAPACITY);
    }

    #[test]
    fn results_are_those_of_their_question() {
        let memo = SharedMemo::default();
        memo.keep(question(1), false);
        memo.keep(question(2), true);
        assert_eq!(memo.recall(&question(1)), Some(false));
        assert_eq!(memo.recall(&question(2)), Some(true));
        assert_eq!(memo.recall(&question(3)), None);
    }
}
