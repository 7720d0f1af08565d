//! Evidence record validation, EN 319 102-1 §5.6.3.4 step 1.
//!
//! The newest archive time-stamp is judged at the current time, every older one at the time of the
//! next: that is what past signature validation gives, with the proofs that the newer ones leave.
//! Only a record that holds from its last time-stamp to its first, about every data object that it
//! must be about, proves anything; it then proves the time of the first.

use super::archival_validation::recovered;
use super::check_log::{CheckLog, OnTrust, Weight};
use super::conclusion::Conclusion;
use super::format_checking::weigh;
use super::poe_extraction::poe_extraction;
use super::proofs_of_existence::ProofsOfExistence;
use super::timestamp_validation::{JudgedTimestamp, timestamp_validation, worst_integrity};
use super::validator::Validator;
use crate::crypto;
use crate::error::Error;
use crate::evidence::{ReferenceOutcome, Wanted};
use crate::report;
use crate::signature::{PlacedRecord, Signature};
use crate::time::UnixTime;
use crate::vocabulary::{
    BlockIndication, CheckId, Integrity, ObjectId, SubIndication, TimestampKind, hex,
};

/// An evidence record that was judged.
pub(super) struct JudgedRecord {
    pub(super) report: report::Timestamp,
    /// What could mend it.
    pub(super) wanted: Vec<Wanted>,
    inside: Option<Vec<ObjectId>>,
}

/// What an evidence record proves to have existed.
#[derive(Clone, Debug)]
pub(super) struct RecordProof {
    /// The evidence record.
    pub(super) id: String,
    /// The time of its first archive time-stamp.
    pub(super) time: UnixTime,
    /// What it proves of what lies in the signature; everything where absent.
    pub(super) inside: Option<Vec<ObjectId>>,
}

impl JudgedRecord {
    /// The proof, where the record holds.
    pub(super) fn proof(&self) -> Option<RecordProof> {
        let time = self.report.time?;
        (self.report.indication == BlockIndication::Passed).then(|| RecordProof {
            id: self.report.id.clone(),
            time,
            inside: self.inside.clone(),
        })
    }
}

/// Judges an evidence record at the validator's current time.
pub(super) fn evidence_record_validation(
    validator: &mut Validator<'_>,
    placed: &PlacedRecord,
) -> Result<JudgedRecord, Error> {
    let mut log = CheckLog::new(validator.policy);
    let object = Some(placed.id.clone());
    let mut format = Conclusion::PASSED;
    for finding in &placed.findings {
        if log.finding(finding, object.clone()) == Weight::Fails {
            format = Conclusion::first(&[format, weigh(finding)]);
        }
    }
    if placed.record.is_none() || placed.timestamps.is_empty() {
        let nothing = Conclusion::of(SubIndication::FormatFailure);
        let conclusion = Conclusion::first(&[format, nothing]);
        return Ok(concluded(placed, conclusion, Integrity::Unknown, None, log));
    }
    log.pass(CheckId::FormatStructure, object);
    let (data, data_integrity) = data(validator, placed, &mut log)?;
    let (links, links_integrity) = renewals(validator, placed, &mut log)?;
    let timestamps = archive_timestamps(validator, placed)?;
    let order = order(placed, &timestamps, &mut log);
    let stamps = record_timestamps(placed, &timestamps, &mut log);

    let mut integrity = worst_integrity(data_integrity, links_integrity);
    for one in &timestamps {
        integrity = worst_integrity(integrity, one.report.integrity);
    }
    // EN 319 102-1 §5.3.4 step 5: a wrong digest outranks whatever is missing.
    let all = [format, links, data, stamps, order];
    let failed = all
        .iter()
        .find(|one| one.indication == BlockIndication::Failed);
    let conclusion = failed.copied().unwrap_or_else(|| Conclusion::first(&all));
    let first = timestamps.first();
    let mut judged = concluded(placed, conclusion, integrity, first, log);
    for one in timestamps {
        judged.wanted.extend(one.wanted);
        judged.report.checks.extend(one.report.checks);
    }
    Ok(judged)
}

/// RFC 4998 §5.3 steps 1 and 3: every data object is in the first archive time-stamp of every chain.
fn data(
    validator: &mut Validator<'_>,
    placed: &PlacedRecord,
    log: &mut CheckLog<'_>,
) -> Result<(Conclusion, Integrity), Error> {
    let check = CheckId::EvidenceRecordData;
    let mut conclusion = Conclusion::PASSED;
    let mut integrity = Integrity::Intact;
    let mut worsen = |sub_indication, found| {
        let own = Conclusion::of(sub_indication);
        let is_worse = own.indication == BlockIndication::Failed
            && conclusion.indication != BlockIndication::Failed;
        if is_worse || conclusion == Conclusion::PASSED {
            conclusion = own;
        }
        integrity = worst_integrity(integrity, found);
    };
    let expected = "a digest in the first list of each chain";
    let trust = OnTrust::Independent;
    if placed.objects.is_empty() {
        let found = "no data object is at hand";
        log.fail(check, expected, found, Some(placed.id.clone()), trust);
        worsen(SubIndication::SignedDataNotFound, Integrity::Unknown);
    }
    let outcomes = validator.evidence.data_objects(placed, validator.budget)?;
    for (one, outcome) in placed.objects.iter().zip(outcomes) {
        let object = Some(one.name.clone());
        if one.is_optional && outcome != ReferenceOutcome::Intact {
            continue;
        }
        match outcome {
            ReferenceOutcome::Intact => log.pass(check, object),
            ReferenceOutcome::Broken { found } => {
                log.fail(check, expected, hex(&found), object, trust);
                worsen(SubIndication::HashFailure, Integrity::Broken);
            }
            ReferenceOutcome::NotFound => {
                log.fail(check, expected, "the object is not at hand", object, trust);
                worsen(SubIndication::SignedDataNotFound, Integrity::Unknown);
            }
            ReferenceOutcome::Failed(failure) => {
                log.fail(check, expected, failure.reason, object, trust);
                worsen(SubIndication::SignedDataNotFound, Integrity::Unknown);
            }
            ReferenceOutcome::Unsupported(unsupported) => {
                let check = CheckId::UnsupportedAlgorithm;
                let expected = "an algorithm that is implemented";
                log.fail(check, expected, unsupported.to_string(), object, trust);
                worsen(SubIndication::Custom, Integrity::Unknown);
            }
        }
    }
    let foreign = validator
        .evidence
        .foreign_digests(placed, validator.budget)?;
    let (check, object) = (CheckId::EvidenceRecordGroup, Some(placed.id.clone()));
    match foreign {
        0 => log.pass(check, object),
        more => {
            let found = format!("{more} digests more");
            log.fail(check, "only the data objects at hand", found, object, trust);
        }
    }
    Ok((conclusion, integrity))
}

/// RFC 4998 §5.3 step 2: one algorithm in a chain, and each time-stamp over the one before.
fn renewals(
    validator: &mut Validator<'_>,
    placed: &PlacedRecord,
    log: &mut CheckLog<'_>,
) -> Result<(Conclusion, Integrity), Error> {
    let broken = validator
        .evidence
        .broken_renewals(placed, validator.budget)?;
    let mut conclusion = Conclusion::PASSED;
    let mut integrity = Integrity::Intact;
    for check in [
        CheckId::EvidenceRecordAlgorithm,
        CheckId::EvidenceRecordRenewal,
    ] {
        let mut own = broken
            .iter()
            .filter(|(found, _)| *found == check)
            .peekable();
        if own.peek().is_none() {
            log.pass(check, Some(placed.id.clone()));
        }
        for (_, number) in own {
            let object = placed.timestamps.get(*number).map(|one| one.id.clone());
            let (expected, found, own) = match check {
                CheckId::EvidenceRecordAlgorithm => (
                    "the digest algorithm of the chain, in the hash tree and in the token",
                    "another",
                    SubIndication::FormatFailure,
                ),
                _ => (
                    "the digest of the time-stamp before in the first list",
                    "none",
                    SubIndication::HashFailure,
                ),
            };
            log.fail(check, expected, found, object, OnTrust::Independent);
            if check == CheckId::EvidenceRecordRenewal {
                integrity = Integrity::Broken;
            }
            conclusion = Conclusion::first(&[conclusion, Conclusion::of(own)]);
        }
    }
    Ok((conclusion, integrity))
}

/// EN 319 102-1 §5.6.3.4 step 1: the last archive time-stamp at the current time, each other one
/// with the proofs that those after it leave.
fn archive_timestamps(
    validator: &mut Validator<'_>,
    placed: &PlacedRecord,
) -> Result<Vec<JudgedTimestamp>, Error> {
    let mut proofs = ProofsOfExistence::at_current(validator.time);
    let mut judged = Vec::with_capacity(placed.timestamps.len());
    for (age, fact) in placed.timestamps.iter().rev().enumerate() {
        let mut one = timestamp_validation(validator, fact)?;
        if age > 0
            && one.proven_time().is_none()
            && let Some(recovered) = recovered(validator, fact, &one, &proofs)
        {
            one = recovered;
        }
        // One that does not hold proves nothing about those before it, and they are then judged at
        // the current time: the record as a whole does not pass.
        if let Some(time) = one.proven_time() {
            poe_extraction(validator, fact, time, &mut proofs)?;
        }
        judged.push(one);
    }
    judged.reverse();
    Ok(judged)
}

/// RFC 4998 §5.1: archive time-stamps stand in the order of their times, each later than the one
/// before.
fn order(
    placed: &PlacedRecord,
    timestamps: &[JudgedTimestamp],
    log: &mut CheckLog<'_>,
) -> Conclusion {
    let check = CheckId::TimestampOrder;
    let mut conclusion = Conclusion::PASSED;
    for pair in timestamps.windows(2) {
        let [earlier, later] = pair else { continue };
        let (Some(one), Some(other)) = (earlier.time, later.time) else {
            continue;
        };
        if one >= other {
            let expected = format!("{} before {}", earlier.report.id, later.report.id);
            let found = format!("{one} and {other}");
            let object = Some(placed.id.clone());
            log.fail(check, expected, found, object, OnTrust::Independent);
            conclusion = Conclusion::of(SubIndication::TimestampOrderFailure);
        }
    }
    if timestamps.len() > 1 && conclusion == Conclusion::PASSED {
        log.pass(check, Some(placed.id.clone()));
    }
    conclusion
}

/// The status of the record's time-stamps: a wrong one before one that is only not confirmed.
fn record_timestamps(
    placed: &PlacedRecord,
    timestamps: &[JudgedTimestamp],
    log: &mut CheckLog<'_>,
) -> Conclusion {
    let check = CheckId::EvidenceRecordTimestamps;
    let mut conclusion = Conclusion::PASSED;
    for one in timestamps {
        let Some(wrong) = one.conclusion.unless_passed() else {
            continue;
        };
        let indication = wrong.indication.as_str();
        let found = match wrong.sub_indication {
            Some(sub) => format!("{indication} / {sub}"),
            None => indication.to_owned(),
        };
        let trust = match one.depends_on_trust {
            true => OnTrust::Depends,
            false => OnTrust::Independent,
        };
        let object = Some(one.report.id.clone());
        log.fail(check, "PASSED", found, object, trust);
        let is_worse = wrong.indication == BlockIndication::Failed
            && conclusion.indication != BlockIndication::Failed;
        if is_worse || conclusion == Conclusion::PASSED {
            conclusion = wrong;
        }
    }
    if conclusion == Conclusion::PASSED {
        log.pass(check, Some(placed.id.clone()));
    }
    conclusion
}

fn concluded(
    placed: &PlacedRecord,
    conclusion: Conclusion,
    integrity: Integrity,
    first: Option<&JudgedTimestamp>,
    log: CheckLog<'_>,
) -> JudgedRecord {
    let scope = |one: &crate::signature::Scope| report::Scope {
        name: one.name.clone(),
        kind: one.kind,
    };
    JudgedRecord {
        report: report::Timestamp {
            id: placed.id.clone(),
            kind: TimestampKind::EvidenceRecord,
            indication: conclusion.indication,
            sub_indication: conclusion.sub_indication,
            integrity,
            time: first.and_then(|first| first.time),
            signing_certificate: first.and_then(|first| first.report.signing_certificate.clone()),
            scopes: placed.scopes.iter().map(scope).collect(),
            checks: log.into_entries(),
            changes: Vec::new(),
        },
        wanted: Vec::new(),
        inside: placed.inside.clone(),
    }
}

/// The report of a record whose judgement met a limit.
pub(super) fn stopped(
    validator: &Validator<'_>,
    placed: &PlacedRecord,
    error: &Error,
) -> JudgedRecord {
    let mut log = CheckLog::new(validator.policy);
    let check = match error {
        Error::Unsupported(_) => CheckId::UnsupportedFeature,
        _ => CheckId::LimitJudging,
    };
    let object = Some(placed.id.clone());
    let found = error.reason();
    log.fail(
        check,
        "judged to the end",
        found,
        object,
        OnTrust::Independent,
    );
    let conclusion = Conclusion::of(SubIndication::Custom);
    concluded(placed, conclusion, Integrity::Unknown, None, log)
}

/// Everything that lies whole in a signature: what a proof for its octets is a proof for.
pub(super) fn objects_inside(record: &Signature) -> Vec<ObjectId> {
    let certificates = record.certificates.iter().map(|one| &one.octets);
    let revocation = record.revocation.iter().map(|one| &one.octets);
    let tokens = record.timestamps.iter().map(|one| &one.token);
    let all = certificates.chain(revocation).chain(tokens);
    all.map(|octets| crypto::object_id(octets)).collect()
}
