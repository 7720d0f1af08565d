//! Proofs of existence: what is known to have existed when.
//!
//! Objects are told by the digest of their octets, so that the same certificate in two places has
//! one list of proofs. Everything at hand exists at the current time (EN 319 102-1 §5.6.3.4 step
//! 2). Proofs are only ever added: a later one never takes an earlier one away.

use crate::time::{UnixTime, Validity};
use crate::vocabulary::ObjectId;
use std::collections::{BTreeMap, BTreeSet};

/// What a proof is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Thing {
    /// The value of the signature that is judged, and what it signs.
    Signature,
    /// A certificate, revocation data or a time-stamp token.
    Object(ObjectId),
}

/// The proofs that were found so far.
#[derive(Clone, Debug)]
pub(super) struct ProofsOfExistence {
    current: UnixTime,
    times: BTreeMap<Thing, BTreeSet<UnixTime>>,
}

impl ProofsOfExistence {
    /// Proofs for everything at the current time.
    pub(super) fn at_current(current: UnixTime) -> Self {
        Self {
            current,
            times: BTreeMap::new(),
        }
    }

    /// Adds a proof. A time to come proves nothing.
    pub(super) fn add(&mut self, thing: Thing, time: UnixTime) {
        if time <= self.current {
            self.times.entry(thing).or_default().insert(time);
        }
    }

    /// The earliest time at which something is proven to have existed.
    pub(super) fn earliest(&self, thing: Thing) -> UnixTime {
        let first = self.times.get(&thing).and_then(BTreeSet::first);
        first.map_or(self.current, |time| *time)
    }

    /// Whether something is proven to have existed while a certificate was valid.
    pub(super) fn lies_in(&self, thing: Thing, validity: &Validity) -> bool {
        let known = self.times.get(&thing).into_iter().flatten();
        known
            .chain([&self.current])
            .any(|time| validity.contains(*time))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn at(seconds: i64) -> UnixTime {
        UnixTime::from_seconds(seconds)
    }

    fn proofs(times: &[i64]) -> ProofsOfExistence {
        let mut proofs = ProofsOfExistence::at_current(at(100));
        for time in times {
            proofs.add(Thing::Signature, at(*time));
        }
        proofs
    }

    #[test]
    fn everything_exists_now_and_nothing_is_proven_by_a_time_to_come() {
        assert_eq!(proofs(&[]).earliest(Thing::Signature), at(100));
        assert_eq!(proofs(&[101]).earliest(Thing::Signature), at(100));
        let other = Thing::Object(ObjectId([0; 32]));
        assert_eq!(proofs(&[5]).earliest(other), at(100));
    }

    proptest! {
        #[test]
        fn later_proofs_never_weaken_earlier_ones(
            times in proptest::collection::vec(-10i64..200, 0..6),
            more in proptest::collection::vec(-10i64..200, 0..6),
            (start, length) in (-10i64..200, 0i64..50),
        ) {
            let few = proofs(&times);
            let many = proofs(&[times.clone(), more].concat());
            prop_assert!(many.earliest(Thing::Signature) <= few.earliest(Thing::Signature));
            let validity = Validity { not_before: at(start), not_after: at(start + length) };
            let lies = |of: &ProofsOfExistence| of.lies_in(Thing::Signature, &validity);
            prop_assert!(!lies(&few) || lies(&many));
        }

        #[test]
        fn the_order_of_proofs_does_not_count(
            times in proptest::collection::vec(-10i64..200, 0..6),
        ) {
            let turned: Vec<i64> = times.iter().rev().copied().collect();
            prop_assert_eq!(proofs(&times).times, proofs(&turned).times);
        }
    }
}
