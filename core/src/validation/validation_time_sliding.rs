//! Validation time sliding, EN 319 102-1 §5.6.2.2.

use super::proofs_of_existence::{ProofsOfExistence, Thing};
use super::revocation_acceptance::{Accepted, Statement, holds_in_force, revoked_since};
use super::revocation_freshness::{Fresh, revocation_freshness};
use super::x509_findings::{PathLink, X509Outcome};
use crate::policy::{AdesConstraints, Reliability, ValidationPolicy};
use crate::time::{UnixTime, Validity};

/// Slides the control-time back from the current time over everything that ended since.
///
/// # Errors
/// What is missing, in words: then the conclusion is INDETERMINATE / NO_POE.
pub(super) fn validation_time_sliding(
    path: &X509Outcome,
    current: UnixTime,
    policy: &ValidationPolicy,
    proofs: &ProofsOfExistence,
) -> Result<UnixTime, String> {
    // §5.6.2.2.4 step 1: the sunset date of the anchor, if it has passed.
    let mut control = path.sunset.map_or(current, |sunset| sunset.min(current));
    // Step 2: from the certificate that the anchor issued down to the signing certificate.
    for (index, link) in path.links.iter().enumerate().rev() {
        control = one(link, control, policy, proofs)?;
        // DEVIATION: to the safe side, what lies below a CA is proven to have existed while that CA
        // was valid: whoever gets hold of its key later could have made certificates and revocation
        // data for a signature that is older; precedent: none known.
        if index > 0 {
            control = control.min(end_of(link.certificate.validity()));
        }
    }
    // Step 3.
    Ok(control)
}

fn one(
    link: &PathLink,
    mut control: UnixTime,
    policy: &ValidationPolicy,
    proofs: &ProofsOfExistence,
) -> Result<UnixTime, String> {
    // Step 2a: revocation data from before the control-time, it and the certificate proven to have
    // existed by then. DEVIATION: so must the certificate of the delegate that signed it, and those
    // above that, which whoever stole the issuer's key could have made later; precedent: none known.
    let own = proofs.earliest(Thing::Object(link.certificate.id())) <= control;
    let exists = |one: &&Accepted| {
        let mut delegation = one.delegation.iter();
        let delegate =
            delegation.all(|own| proofs.earliest(Thing::Object(own.certificate)) <= control);
        delegate && one.this_update < control && proofs.earliest(Thing::Object(one.id)) <= control
    };
    let selected = link.accepted.iter().filter(exists).filter(|_| own);
    let holds = holds_in_force(selected.clone(), None);
    let latest = selected.max_by_key(|one| one.recency());
    let latest = holds.first().copied().or(latest);
    if latest.is_none() && link.is_required {
        let id = link.certificate.id().to_hex();
        return Err(format!(
            "no revocation data about {id} that is proven, as is the certificate, to have existed \
             by {control}"
        ));
    }

    // Step 2b: revoked. DEVIATION: on the safe side, data that says so counts with or without a
    // proof; and the instant of revocation itself is too late.
    let held = holds.iter().filter_map(|one| match one.statement {
        Statement::Revoked { at, .. } => Some(at),
        Statement::Good => None,
    });
    if let Some(at) = held.chain(revoked_since(&link.accepted)).min() {
        control = control.min(just_before(at));
    } else if let Some(one) = latest {
        // Step 2c: not revoked, but no longer fresh.
        let freshness = policy.auxiliary_freshness;
        let fresh = revocation_freshness(one.this_update, one.next_update, freshness, control);
        if let Fresh::Failed { .. } = fresh {
            control = control.min(one.this_update);
        }
    }

    // Step 2d: the latest time at which the algorithms of both were reliable.
    let of_data = latest
        .filter(|_| policy.ades == AdesConstraints::Apply)
        .map(|one| one.reliability(&policy.suite));
    match link.until.and(of_data.unwrap_or(Reliability::Always)) {
        Reliability::Always => Ok(control),
        Reliability::Until(end) => Ok(control.min(just_before(end))),
        Reliability::Never => Err("an algorithm that was never reliable".to_owned()),
    }
}

/// The last instant of a validity, which counts in whole seconds.
fn end_of(validity: Validity) -> UnixTime {
    UnixTime {
        nanoseconds: 999_999_999,
        ..validity.not_after
    }
}

/// The last instant before another.
fn just_before(time: UnixTime) -> UnixTime {
    match time.nanoseconds.checked_sub(1) {
        Some(nanoseconds) => UnixTime {
            nanoseconds,
            ..time
        },
        None => UnixTime {
            nanoseconds: 999_999_999,
            ..time.plus_seconds(-1)
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_instant_before_a_second_is_in_the_one_before() {
        let before = just_before(UnixTime::from_seconds(0));
        assert_eq!((before.seconds, before.nanoseconds), (-1, 999_999_999));
        assert!(just_before(before) < before);
    }
}
