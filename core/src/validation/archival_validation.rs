//! Validation process for signatures providing long-term availability and integrity of validation
//! material, EN 319 102-1 §5.6.3.

use super::basic_signature_validation::Basic;
use super::check_log::CheckLog;
use super::evidence_record_validation::{RecordProof, objects_inside};
use super::long_term_validation::{
    Known, LongTerm, best_signature_time, earlier, rank, record_timestamps,
};
use super::past_signature_validation::past_signature_validation;
use super::poe_extraction::{poe_extraction, prove};
use super::proofs_of_existence::{ProofsOfExistence, Thing};
use super::signature_acceptance_validation::Subject;
use super::time_mark::time_mark;
use super::timestamp_validation::JudgedTimestamp;
use super::validator::Validator;
use crate::crypto;
use crate::error::Error;
use crate::signature::{Signature, Timestamp};
use crate::time::UnixTime;
use crate::vocabulary::{SubIndication, TimestampKind};
use std::cmp::Reverse;

/// Goes on from the result of the process for signatures with time; none where that result is
/// final.
pub(super) fn archival_validation(
    validator: &mut Validator<'_>,
    record: &Signature,
    basic: &Basic,
    before: &LongTerm,
    proven_at: Option<UnixTime>,
    records: &[RecordProof],
    log: &mut CheckLog<'_>,
) -> Result<Option<LongTerm>, Error> {
    // §5.6.3.4 step 3: without archival data, or with a result that is final, nothing more is done.
    let is_archived = record.timestamps.iter().any(|one| is_archival(one.kind));
    let sub_indication = before.conclusion.sub_indication;
    let is_proven = is_archived || !records.is_empty();
    if !is_proven || !sub_indication.is_some_and(goes_on) {
        return Ok(None);
    }
    // Steps 1, 2 and 4.
    let mut proofs = ProofsOfExistence::at_current(validator.time);
    proofs.add(Thing::Signature, before.best_signature_time.time);
    for one in records {
        proofs.add(Thing::Signature, one.time);
        let inside = one.inside.clone();
        let inside = inside.unwrap_or_else(|| objects_inside(record));
        let budget = &mut *validator.budget;
        prove(validator.evidence, budget, inside, one.time, &mut proofs)?;
    }

    // Step 5.
    let mut timestamps = before.timestamps.clone();
    for index in newest_first(record, &timestamps) {
        let (Some(fact), Some(judged)) = (record.timestamps.get(index), timestamps.get_mut(index))
        else {
            continue;
        };
        if judged.proven_time().is_none()
            && let Some(recovered) = recovered(validator, fact, judged, &proofs)
        {
            *judged = recovered;
        }
        if let Some(time) = judged.proven_time() {
            poe_extraction(validator, fact, time, &mut proofs)?;
        }
    }

    // Step 6: the earliest proof of the signature value.
    let best = best_signature_time(validator.time, proven_at, record, &timestamps, records);
    let mark = time_mark(validator, record, &basic.x509, &proofs)?;
    let best = earlier(best, mark);
    // Step 7.
    let past = past_signature_validation(
        validator,
        &basic.x509,
        Subject::Signature,
        best.time,
        &proofs,
    );
    past.record(&record.id, log);
    let mandated = record_timestamps(&timestamps, log);
    let known = Known {
        record,
        basic,
        best,
        timestamps,
        mandated,
    };
    // Steps 8 to 10.
    let path = past.path;
    let mut concluded = known.conclude(path, |finding| past.lift(finding), log);
    concluded.refuse_unless(past.is_proven());
    Ok(Some(concluded))
}

fn is_archival(kind: TimestampKind) -> bool {
    matches!(
        kind,
        TimestampKind::ArchiveTimestamp | TimestampKind::DocumentTimestamp
    )
}

/// §5.6.3.4 step 3. DEVIATION: NO_CERTIFICATE_CHAIN_FOUND_NO_POE is not in that list, though
/// §5.6.2.4.4 step 3a is about it; precedent: DSS.
fn goes_on(sub_indication: SubIndication) -> bool {
    matches!(
        sub_indication,
        SubIndication::RevokedNoPoe
            | SubIndication::RevokedCaNoPoe
            | SubIndication::OutOfBoundsNoPoe
            | SubIndication::OutOfBoundsNotRevoked
            | SubIndication::CryptoConstraintsFailureNoPoe
            | SubIndication::RevocationOutOfBoundsNoPoe
            | SubIndication::SigConstraintsFailure
            | SubIndication::TryLater
            | SubIndication::NoCertificateChainFoundNoPoe
    )
}

/// Step 5: the newest first, archive before signature before content; ties by name.
fn newest_first(record: &Signature, timestamps: &[JudgedTimestamp]) -> Vec<usize> {
    let mut order: Vec<_> = record
        .timestamps
        .iter()
        .zip(timestamps)
        .enumerate()
        .map(|(index, (fact, judged))| {
            let key = (Reverse(judged.time), Reverse(rank(fact.kind)), &fact.id);
            (key, index)
        })
        .collect();
    order.sort();
    order.into_iter().map(|(_, index)| index).collect()
}

/// Step 5, third case: a time-stamp that does not pass now, but did when it is proven to have
/// existed.
pub(super) fn recovered(
    validator: &Validator<'_>,
    fact: &Timestamp,
    judged: &JudgedTimestamp,
    proofs: &ProofsOfExistence,
) -> Option<JudgedTimestamp> {
    let examined = judged.examined.as_ref()?;
    if !examined.is_recoverable() {
        return None;
    }
    let token = validator.evidence.token(fact).ok()?;
    let own = Thing::Object(crypto::object_id(&fact.token));
    let proven = proofs.earliest(own);
    let x509 = &examined.basic.x509;
    let past = past_signature_validation(validator, x509, Subject::Timestamp, proven, proofs);
    if !past.is_proven() {
        return None;
    }
    let mut log = examined.log(validator.policy_of_timestamps);
    past.record(&fact.id, &mut log);
    let lift = |finding: &_| past.lift(finding);
    let concluded = examined.conclude(fact, token, past.path, proven, lift, log);
    concluded.proven_time().map(|_| concluded)
}
