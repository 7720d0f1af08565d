//! What time-stamps made *before* signing prove: that a signature is younger than they are.
//!
//! Only they can turn a revoked or expired certificate into FAILED (EN 319 102-1 §5.3.4 steps 4a,
//! 4b and 6).

use super::basic_signature_validation::Basic;
use super::check_log::{CheckLog, OnTrust};
use super::conclusion::Conclusion;
use super::signature_acceptance_validation::unreliable_at;
use super::timestamp_validation::JudgedTimestamp;
use super::x509_findings::{FindingKind, X509Outcome};
use crate::signature::Signature;
use crate::time::UnixTime;
use crate::vocabulary::{CheckId, SubIndication, TimestampKind};

/// The latest time that is proven to lie before signing.
pub(super) fn made_after(record: &Signature, timestamps: &[JudgedTimestamp]) -> Option<UnixTime> {
    record
        .timestamps
        .iter()
        .zip(timestamps)
        .filter(|(fact, _)| fact.kind == TimestampKind::ContentTimestamp)
        .filter_map(|(_, judged)| judged.proven_time())
        .max()
}

/// FAILED where the signature is proven to be made after revocation or expiry.
pub(super) fn proven_too_late(
    basic: &Basic,
    path: &X509Outcome,
    made_after: Option<UnixTime>,
    log: &mut CheckLog<'_>,
) -> Conclusion {
    let (Some(time), Some(certificate)) = (made_after, basic.certificate()) else {
        return Conclusion::PASSED;
    };
    let object = Some(certificate.id().to_hex());
    let found = format!("made after {time}, by a content time-stamp");
    match path.conclusion().sub_indication {
        // EN 319 102-1 §5.3.4 step 4a.
        Some(SubIndication::RevokedNoPoe) => {
            let revoked = path.findings.iter().find_map(|finding| match finding.kind {
                FindingKind::Revoked { at } if time > at => Some(at),
                _ => None,
            });
            let Some(at) = revoked else {
                return Conclusion::PASSED;
            };
            let (check, expected) = (CheckId::TimeBeforeRevocation, format!("before {at}"));
            log.fail(check, expected, found, object, OnTrust::Depends);
            Conclusion::of(SubIndication::Revoked)
        }
        // EN 319 102-1 §5.3.4 step 4b.
        Some(SubIndication::OutOfBoundsNoPoe | SubIndication::OutOfBoundsNotRevoked) => {
            let not_after = certificate.validity().not_after;
            if time <= not_after {
                return Conclusion::PASSED;
            }
            let expected = format!("at or before {not_after}");
            let check = CheckId::TimeNotAfter;
            log.fail(check, expected, found, object, OnTrust::Depends);
            Conclusion::of(SubIndication::Expired)
        }
        _ => Conclusion::PASSED,
    }
}

/// EN 319 102-1 §5.3.4 step 6: an algorithm that was unreliable already when the signature was made
/// is final.
pub(super) fn algorithms_for_good(
    basic: &Basic,
    made_after: Option<UnixTime>,
    algorithms: Conclusion,
) -> Conclusion {
    let was_unreliable = |time: UnixTime| !unreliable_at(&basic.algorithms, time).is_empty();
    if algorithms != Conclusion::PASSED && made_after.is_some_and(was_unreliable) {
        return Conclusion::of(SubIndication::CryptoConstraintsFailure);
    }
    algorithms
}
