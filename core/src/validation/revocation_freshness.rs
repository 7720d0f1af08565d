//! Revocation freshness checker, EN 319 102-1 §5.2.5.

use crate::policy::Freshness;
use crate::time::UnixTime;

/// What the checker says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fresh {
    Passed,
    /// Issued at or before this instant: too old.
    Failed {
        latest_acceptable: UnixTime,
    },
}

/// Compares the age of revocation data with the constraint.
pub(super) fn revocation_freshness(
    this_update: UnixTime,
    next_update: Option<UnixTime>,
    constraint: Freshness,
    validation_time: UnixTime,
) -> Fresh {
    // EN 319 102-1 §5.2.5.4 step 1: the maximum is the constraint's value, else nextUpdate −
    // thisUpdate.
    let maximum = match (constraint, next_update) {
        (Freshness::Unbounded, _) => return Fresh::Passed,
        (Freshness::Seconds(seconds), _) => i64::from(seconds),
        (Freshness::After(seconds), _) => i64::from(seconds).saturating_neg(),
        (Freshness::NextUpdate { .. }, Some(next)) => {
            next.seconds.saturating_sub(this_update.seconds)
        }
        // DEVIATION: by the letter data without nextUpdate fails. Most OCSP responders leave it
        // out, so the policy gives such data a lifetime of its own.
        (
            Freshness::NextUpdate {
                without_next_update,
            },
            None,
        ) => i64::from(without_next_update),
    };
    // EN 319 102-1 §5.2.5.4 step 2: thisUpdate > validation time − maximum, strictly.
    let latest_acceptable = validation_time.plus_seconds(maximum.saturating_neg());
    if this_update > latest_acceptable {
        Fresh::Passed
    } else {
        Fresh::Failed { latest_acceptable }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> UnixTime {
        UnixTime::from_seconds(seconds)
    }

    const NEXT_UPDATE: Freshness = Freshness::NextUpdate {
        without_next_update: 100,
    };

    #[test]
    fn without_a_constraint_data_is_fresh_before_next_update_only() {
        let fresh = |time| revocation_freshness(at(10), Some(at(20)), NEXT_UPDATE, at(time));
        assert_eq!(fresh(19), Fresh::Passed);
        assert_eq!(
            fresh(20),
            Fresh::Failed {
                latest_acceptable: at(10)
            }
        );
    }

    #[test]
    fn zero_seconds_asks_for_data_issued_after_the_time() {
        let fresh = |this| revocation_freshness(at(this), None, Freshness::Seconds(0), at(10));
        assert_eq!(fresh(11), Fresh::Passed);
        assert!(matches!(fresh(10), Fresh::Failed { .. }));
    }

    #[test]
    fn a_grace_period_asks_for_data_issued_after_its_end() {
        let fresh = |this| revocation_freshness(at(this), None, Freshness::After(5), at(10));
        assert_eq!(fresh(16), Fresh::Passed);
        let latest_acceptable = at(15);
        assert_eq!(fresh(15), Fresh::Failed { latest_acceptable });
    }

    #[test]
    fn data_without_next_update_has_the_lifetime_of_the_policy() {
        let fresh = |time| revocation_freshness(at(10), None, NEXT_UPDATE, at(time));
        assert_eq!(fresh(109), Fresh::Passed);
        assert!(matches!(fresh(110), Fresh::Failed { .. }));
    }

    #[test]
    fn data_with_next_update_before_this_update_is_never_fresh() {
        let odd = revocation_freshness(at(20), Some(at(10)), NEXT_UPDATE, at(20));
        assert!(matches!(odd, Fresh::Failed { .. }));
    }
}
