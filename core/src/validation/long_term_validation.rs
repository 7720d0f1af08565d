//! Validation process for signatures with time and signatures with long-term validation data,
//! EN 319 102-1 §5.5.

use super::basic_signature_validation::{Basic, record_algorithms};
use super::check_log::{CheckLog, OnTrust, Weight};
use super::conclusion::Conclusion;
use super::content_timestamps::{algorithms_for_good, made_after, proven_too_late};
use super::evidence_record_validation::RecordProof;
use super::proofs_of_existence::ProofsOfExistence;
use super::report_parts;
use super::revocation_freshness::{Fresh, revocation_freshness};
use super::time_mark::time_mark;
use super::timestamp_validation::{JudgedTimestamp, timestamp_validation};
use super::validator::Validator;
use super::x509_findings::{FindingKind, X509Finding, X509Outcome};
use crate::certificate::Certificate;
use crate::crypto;
use crate::error::Error;
use crate::evidence::Wanted;
use crate::report::BestSignatureTime;
use crate::signature::{Signature, Timestamp};
use crate::time::UnixTime;
use crate::vocabulary::{CheckId, SubIndication, TimestampKind};

/// What the process concludes.
#[derive(Clone, Debug)]
pub(super) struct LongTerm {
    pub(super) conclusion: Conclusion,
    pub(super) best_signature_time: BestSignatureTime,
    pub(super) timestamps: Vec<JudgedTimestamp>,
    /// What could mend what is left.
    pub(super) wanted: Vec<Wanted>,
    /// Whether every finding about the path was lifted or there was none.
    pub(super) is_path_proven: bool,
    /// The path that it was judged by.
    pub(super) path: X509Outcome,
}

impl LongTerm {
    /// §5.6.2.4.4 step 7: without the proofs that past signature validation asks for beside the
    /// findings, nothing passes.
    pub(super) fn refuse_unless(&mut self, is_proven: bool) {
        if !is_proven {
            self.is_path_proven = false;
            if self.conclusion == Conclusion::PASSED {
                self.conclusion = Conclusion::of(SubIndication::NoPoe);
            }
        }
    }
}

/// Goes on from the result of the basic process.
pub(super) fn long_term_validation(
    validator: &mut Validator<'_>,
    record: &Signature,
    basic: &Basic,
    proven_at: Option<UnixTime>,
    log: &mut CheckLog<'_>,
) -> Result<LongTerm, Error> {
    // §5.5.4 step 3: validate every time-stamp.
    let mut timestamps = Vec::with_capacity(record.timestamps.len());
    for timestamp in &record.timestamps {
        timestamps.push(timestamp_validation(validator, timestamp)?);
    }
    let mandated = record_timestamps(&timestamps, log);
    let best = best_signature_time(validator.time, proven_at, record, &timestamps, &[]);
    let proofs = ProofsOfExistence::at_current(validator.time);
    let mark = time_mark(validator, record, &basic.x509, &proofs)?;
    let best = earlier(best, mark);

    // §5.5.4 step 4: each finding of the path is lifted by its own rule, or it stays.
    let certificate = basic.certificate();
    let lift = |finding: &X509Finding| lifted(finding, best.time, certificate);
    let known = Known {
        record,
        basic,
        best: best.clone(),
        timestamps,
        mandated,
    };
    Ok(known.conclude(&basic.x509, lift, log))
}

/// What a process knows before it concludes.
pub(super) struct Known<'a> {
    pub(super) record: &'a Signature,
    pub(super) basic: &'a Basic,
    pub(super) best: BestSignatureTime,
    pub(super) timestamps: Vec<JudgedTimestamp>,
    /// The status of time-stamps that the policy demands.
    pub(super) mandated: Vec<Conclusion>,
}

impl Known<'_> {
    /// The part that this process has in common with that of archival data: with the
    /// best-signature-time of either, over one path, with the findings that either lifts.
    pub(super) fn conclude(
        self,
        path: &X509Outcome,
        lift: impl Fn(&X509Finding) -> Option<String>,
        log: &mut CheckLog<'_>,
    ) -> LongTerm {
        let Self {
            record,
            basic,
            best,
            timestamps,
            mandated,
        } = self;
        let trust = if timestamps.iter().any(|one| one.depends_on_trust) {
            OnTrust::Depends
        } else {
            OnTrust::Independent
        };
        report_parts::record_x509(path, &lift, log);
        let stays: Vec<&X509Finding> = path
            .findings
            .iter()
            .filter(|finding| lift(finding).is_none())
            .collect();
        // Steps 4a and 4c return what Basic said before the bounds are asked for.
        let (early, late): (Vec<&X509Finding>, Vec<&X509Finding>) = stays
            .iter()
            .partition(|finding| finding.kind.precedes_bounds());
        let made_after = made_after(record, &timestamps);
        let too_late = proven_too_late(basic, path, made_after, log);
        before_revocation(&best, path, trust, log);
        let bounds = bounds(&best, basic.certificate(), path, trust, log);
        let order = order(record, &timestamps, log);
        // §5.5.4 steps 8 and 9: the algorithms of the signature at best-signature-time.
        let algorithms = record_algorithms(&basic.algorithms, best.time, &record.id, trust, log);
        let algorithms = algorithms_for_good(basic, made_after, algorithms);

        let conclusion = Conclusion::first(&[
            basic.final_conclusion(),
            too_late,
            Conclusion::first(&mandated),
            first_of(&early),
            bounds,
            first_of(&late),
            order,
            basic.acceptance(),
            algorithms,
        ]);
        let mut wanted: Vec<Wanted> = stays.iter().filter_map(|one| one.wanted.clone()).collect();
        // A time-stamp that could still be mended may lift what stays.
        if conclusion != Conclusion::PASSED {
            wanted.extend(timestamps.iter().flat_map(|one| one.wanted.iter().cloned()));
        }
        let is_path_proven = stays.is_empty() && path.has_path();
        LongTerm {
            conclusion,
            best_signature_time: best,
            timestamps,
            wanted,
            is_path_proven,
            path: path.clone(),
        }
    }
}

/// §5.5.4 steps 1 and 3: the caller's time indication, else the current time; a time-stamp over the
/// signature that passed and is earlier moves it.
pub(super) fn best_signature_time(
    current: UnixTime,
    proven_at: Option<UnixTime>,
    record: &Signature,
    timestamps: &[JudgedTimestamp],
    records: &[RecordProof],
) -> BestSignatureTime {
    // A time to come proves nothing.
    let mut best = match proven_at.filter(|time| *time <= current) {
        Some(time) => BestSignatureTime {
            time,
            proof: "provided",
            object: None,
        },
        None => BestSignatureTime {
            time: current,
            proof: "current-time",
            object: None,
        },
    };
    let own = record.timestamps.iter().zip(timestamps);
    for (fact, judged) in own.filter(|(fact, _)| fact.covered.signature) {
        if let Some(time) = judged.proven_time().filter(|time| *time <= best.time) {
            best = BestSignatureTime {
                time,
                proof: "validation",
                object: Some(fact.id.clone()),
            };
        }
    }
    for one in records.iter().filter(|one| one.time <= current) {
        if one.time <= best.time {
            best = BestSignatureTime {
                time: one.time,
                proof: "validation",
                object: Some(one.id.clone()),
            };
        }
    }
    best
}

/// The earlier of two proofs.
pub(super) fn earlier(
    best: BestSignatureTime,
    other: Option<BestSignatureTime>,
) -> BestSignatureTime {
    match other {
        Some(other) if other.time < best.time => other,
        _ => best,
    }
}

/// The status that the first of some findings gives.
fn first_of(findings: &[&X509Finding]) -> Conclusion {
    let first = findings.iter().min_by_key(|finding| finding.kind.rank());
    first.map_or(Conclusion::PASSED, |finding| {
        Conclusion::of(finding.kind.sub_indication())
    })
}

/// Why a finding does not count at best-signature-time; none when it does.
pub(super) fn lifted(
    finding: &X509Finding,
    best: UnixTime,
    certificate: Option<&Certificate>,
) -> Option<String> {
    let at_best = |fact: String| Some(format!("{fact}; best-signature-time {best}"));
    match &finding.kind {
        // §5.5.4 step 4a: revoked after best-signature-time. Equal times count as revoked.
        FindingKind::Revoked { at } if best < *at => at_best(format!("revoked later, at {at}")),
        // DEVIATION: 4a lets a CA pass that was revoked later for any reason; where its key may
        // have been stolen it can have signed the revocation data itself, so only reasons that
        // leave the key safe are lifted here.
        FindingKind::AuthorityRevoked {
            at,
            is_key_safe: true,
        } if best < *at => at_best(format!("revoked later, at {at}")),
        // §5.5.4 step 7: best-signature-time before the suspension.
        FindingKind::OnHold { since } if best < *since => {
            at_best(format!("suspended later, at {since}"))
        }
        // §5.5.4 step 6: the freshness checker again, at best-signature-time.
        FindingKind::Stale {
            this_update,
            next_update,
            freshness,
        } => match revocation_freshness(*this_update, *next_update, *freshness, best) {
            Fresh::Passed => at_best(format!("issued {this_update}, fresh at that time")),
            Fresh::Failed { .. } => None,
        },
        // §5.5.4 step 4d: known not to be revoked, and inside the validity at best-signature-time.
        // DEVIATION: "before the expiration date" is read as "not after", as RFC 5280 has it.
        FindingKind::OutOfBounds {
            known_not_revoked: true,
        } => {
            let validity = certificate?.validity();
            validity
                .contains(best)
                .then(|| format!("inside at best-signature-time {best}"))
        }
        _ => None,
    }
}

/// EN 319 102-1 §5.5.4 step 4a in words: the finding itself decides.
fn before_revocation(
    best: &BestSignatureTime,
    path: &X509Outcome,
    trust: OnTrust,
    log: &mut CheckLog<'_>,
) {
    for finding in &path.findings {
        let FindingKind::Revoked { at } = finding.kind else {
            continue;
        };
        let check = CheckId::TimeBeforeRevocation;
        let (expected, found) = (format!("before {at}"), best.time.to_string());
        let object = finding.object.clone();
        if best.time < at {
            log.hold(check, Some(expected), Some(found), object);
        } else {
            log.fail(check, expected, found, object, trust);
        }
    }
}

/// §5.5.4 steps 4a, 4b, 4d: best-signature-time against the validity of the signing certificate.
fn bounds(
    best: &BestSignatureTime,
    certificate: Option<&Certificate>,
    path: &X509Outcome,
    trust: OnTrust,
    log: &mut CheckLog<'_>,
) -> Conclusion {
    let Some(certificate) = certificate.filter(|_| path.has_path()) else {
        return Conclusion::PASSED;
    };
    let validity = certificate.validity();
    let object = Some(certificate.id().to_hex());
    let found = best.time.to_string();
    if best.time < validity.not_before {
        let expected = format!("at or after {}", validity.not_before);
        log.fail(
            CheckId::TimeNotBefore,
            expected,
            found,
            object,
            OnTrust::Independent,
        );
        return Conclusion::of(SubIndication::NotYetValid);
    }
    log.pass(CheckId::TimeNotBefore, object.clone());
    if !validity.contains(best.time) {
        let expected = format!("at or before {}", validity.not_after);
        log.fail(CheckId::TimeNotAfter, expected, found, object, trust);
        // What was found about revocation decides which of the two names it has.
        let known_not_revoked = path.findings.iter().any(|finding| {
            matches!(
                finding.kind,
                FindingKind::OutOfBounds {
                    known_not_revoked: true
                }
            )
        });
        return Conclusion::of(if known_not_revoked {
            SubIndication::OutOfBoundsNotRevoked
        } else {
            SubIndication::OutOfBoundsNoPoe
        });
    }
    log.pass(CheckId::TimeNotAfter, object);
    Conclusion::PASSED
}

/// Records what became of each time-stamp; gives the status of those that the policy demands.
pub(super) fn record_timestamps(
    timestamps: &[JudgedTimestamp],
    log: &mut CheckLog<'_>,
) -> Vec<Conclusion> {
    let all = timestamps.iter();
    all.map(|judged| record_timestamp(judged, log)).collect()
}

/// EN 319 102-1 §5.5.4 step 3b: a time-stamp that does not pass is dropped, unless the policy
/// demands that it does: then its status is the result.
fn record_timestamp(judged: &JudgedTimestamp, log: &mut CheckLog<'_>) -> Conclusion {
    let object = Some(judged.report.id.clone());
    if judged.conclusion == Conclusion::PASSED {
        log.pass(CheckId::TimestampValid, object);
        return Conclusion::PASSED;
    }
    let indication = judged.conclusion.indication.as_str();
    let found = match judged.conclusion.sub_indication {
        Some(sub) => format!("{indication} / {sub}"),
        None => indication.to_owned(),
    };
    let trust = if judged.depends_on_trust {
        OnTrust::Depends
    } else {
        OnTrust::Independent
    };
    match log.fail(CheckId::TimestampValid, "PASSED", found, object, trust) {
        Weight::Fails => judged.conclusion,
        Weight::Tolerated => Conclusion::PASSED,
    }
}

/// §5.5.4 step 4e: time-stamps over the data are not later than those over the signature, by
/// RFC 3161 §2.4.2 with the accuracies of both.
fn order(record: &Signature, timestamps: &[JudgedTimestamp], log: &mut CheckLog<'_>) -> Conclusion {
    let passed: Vec<(&Timestamp, &JudgedTimestamp, UnixTime)> = record
        .timestamps
        .iter()
        .zip(timestamps)
        .filter_map(|(fact, judged)| Some((fact, judged, judged.proven_time()?)))
        .collect();
    let follows = |lower: &Timestamp, higher: &Timestamp| {
        let (one, other) = (rank(lower.kind), rank(higher.kind));
        // Of equal rank, one that covers another is the later one.
        let covers = || {
            let id = crypto::object_id(&lower.token);
            lower.id != higher.id && higher.covered.objects.contains(&id)
        };
        one < other || (one == other && covers())
    };
    let mut conclusion = Conclusion::PASSED;
    for (lower, earlier, earlier_time) in &passed {
        for (higher, later, later_time) in &passed {
            if !is_after(earlier, *earlier_time, later, *later_time) || !follows(lower, higher) {
                continue;
            }
            let expected = format!("{} not later than {}", earlier.report.id, later.report.id);
            let found = format!("{earlier_time} and {later_time}");
            let object = Some(record.id.clone());
            log.fail(
                CheckId::TimestampOrder,
                expected,
                found,
                object,
                OnTrust::Independent,
            );
            conclusion = Conclusion::of(SubIndication::TimestampOrderFailure);
        }
    }
    if passed.len() > 1 && conclusion == Conclusion::PASSED {
        log.pass(CheckId::TimestampOrder, Some(record.id.clone()));
    }
    conclusion
}

pub(super) fn rank(kind: TimestampKind) -> u8 {
    match kind {
        TimestampKind::ContentTimestamp => 0,
        TimestampKind::SignatureTimestamp => 1,
        TimestampKind::ValidationDataTimestamp => 2,
        TimestampKind::ArchiveTimestamp
        | TimestampKind::DocumentTimestamp
        | TimestampKind::EvidenceRecord => 3,
    }
}

/// Whether one time is certainly after another (RFC 3161 §2.4.2): by more than both accuracies
/// together, or at all where one authority puts all its time-stamps in order.
fn is_after(
    one: &JudgedTimestamp,
    one_time: UnixTime,
    other: &JudgedTimestamp,
    other_time: UnixTime,
) -> bool {
    let certificate = |of: &JudgedTimestamp| {
        let certificate = of.report.signing_certificate.as_ref();
        certificate.map(|certificate| certificate.digest)
    };
    let is_ordered = one.ordering && other.ordering && certificate(one) == certificate(other);
    let nanoseconds =
        |time: UnixTime| i128::from(time.seconds) * 1_000_000_000 + i128::from(time.nanoseconds);
    let uncertain = match is_ordered {
        true => 0,
        false => i128::from(one.accuracy) + i128::from(other.accuracy),
    };
    nanoseconds(one_time) - nanoseconds(other_time) > uncertain
}
