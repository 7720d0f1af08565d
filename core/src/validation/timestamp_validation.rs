//! Time-stamp validation, EN 319 102-1 §5.4.
//!
//! A time-stamp is itself a signature: its CMS goes through the blocks of the basic process, with
//! anchors and constraints of its own.

use super::basic_signature_validation::{Basic, basic_signature_validation, record_algorithms};
use super::check_log::{CheckLog, OnTrust, Weight};
use super::conclusion::Conclusion;
use super::format_checking::weigh;
use super::report_parts;
use super::signature_acceptance_validation::{AlgorithmUse, Subject};
use super::validator::Validator;
use super::x509_findings::{FindingKind, X509Finding, X509Outcome};
use crate::certificate::{Certificate, GeneralName};
use crate::error::Error;
use crate::evidence::{ReferenceOutcome, Token, Wanted};
use crate::policy::{AdesConstraints, ValidationPolicy};
use crate::report::{self, Check};
use crate::signature::Timestamp;
use crate::time::UnixTime;
use crate::vocabulary::{BlockIndication, CheckId, Integrity, SubIndication, hex};

/// A time-stamp that was judged.
#[derive(Clone, Debug)]
pub(super) struct JudgedTimestamp {
    pub(super) report: report::Timestamp,
    pub(super) conclusion: Conclusion,
    /// The time it states.
    pub(super) time: Option<UnixTime>,
    /// Half of the interval within which the time is known, in nanoseconds.
    pub(super) accuracy: u64,
    /// Whether the authority's time-stamps can always be put in order by their times.
    pub(super) ordering: bool,
    /// Whether it would pass with another trust set.
    pub(super) depends_on_trust: bool,
    /// What could mend it.
    pub(super) wanted: Vec<Wanted>,
    /// What is known of the token, where it can be read.
    pub(super) examined: Option<Box<Examined>>,
}

/// Judges a time-stamp at the validator's current time, by what the policy says of time-stamps.
pub(super) fn timestamp_validation(
    validator: &mut Validator<'_>,
    timestamp: &Timestamp,
) -> Result<JudgedTimestamp, Error> {
    let of_signatures = std::mem::replace(&mut validator.policy, validator.policy_of_timestamps);
    let judged = judge(validator, timestamp);
    validator.policy = of_signatures;
    judged
}

fn judge(validator: &mut Validator<'_>, timestamp: &Timestamp) -> Result<JudgedTimestamp, Error> {
    let mut log = CheckLog::new(validator.policy);
    let object = Some(timestamp.id.clone());
    // What the format found about the attribute: the token then proves nothing.
    let mut attribute = Conclusion::PASSED;
    for finding in &timestamp.findings {
        if log.finding(finding, object.clone()) == Weight::Fails {
            attribute = Conclusion::first(&[attribute, weigh(finding)]);
        }
    }
    let token = match validator.evidence.token(timestamp) {
        Ok(token) => token,
        Err(reason) => {
            let check = CheckId::TimestampToken;
            log.fail(
                check,
                "an RFC 3161 time-stamp token",
                reason,
                object,
                OnTrust::Independent,
            );
            let conclusion = Conclusion::of(SubIndication::FormatFailure);
            return Ok(judged(timestamp, None, conclusion, Integrity::Unknown, log));
        }
    };

    let (imprint, imprint_integrity) = imprint(validator, timestamp, token, &mut log)?;
    let rules = token_rules(timestamp, token, &mut log);
    let basic =
        basic_signature_validation(validator, &token.record, &[], Subject::Timestamp, &mut log)?;
    authority(timestamp, token, basic.certificate(), &mut log);
    let times = times(
        validator.time,
        timestamp,
        token,
        basic.certificate(),
        &mut log,
    );
    let mut algorithms = basic.algorithms.clone();
    algorithms.extend(imprint_algorithm(token, validator.policy));
    let examined = Examined {
        imprint,
        attribute,
        rules,
        times,
        algorithms,
        integrity: worst_integrity(imprint_integrity, basic.integrity()),
        basic,
        checks: log.into_entries(),
    };
    let now = validator.time;
    let log = examined.log(validator.policy);
    let path = &examined.basic.x509;
    Ok(examined.conclude(timestamp, token, path, now, |_| None, log))
}

/// What is known of a token, whatever the time that it is judged at.
#[derive(Clone, Debug)]
pub(super) struct Examined {
    imprint: Conclusion,
    attribute: Conclusion,
    rules: Conclusion,
    times: Conclusion,
    /// Those of the token and that of the imprint.
    algorithms: Vec<AlgorithmUse>,
    integrity: Integrity,
    pub(super) basic: Basic,
    checks: Vec<Check>,
}

impl Examined {
    /// What lasts: neither the path nor the algorithms.
    fn lasting(&self) -> Conclusion {
        Conclusion::first(&[
            self.imprint,
            self.attribute,
            self.rules,
            self.basic.final_conclusion(),
            self.times,
            self.basic.acceptance(),
        ])
    }

    /// A log that begins with what was checked at any time.
    pub(super) fn log<'p>(&self, policy: &'p ValidationPolicy) -> CheckLog<'p> {
        CheckLog::after(policy, self.checks.clone())
    }

    /// EN 319 102-1 §5.6.3.4 step 5, third case: whether a proof of existence could make it pass.
    pub(super) fn is_recoverable(&self) -> bool {
        let lifted_later = |kind: &FindingKind| match kind {
            FindingKind::NoPath
            | FindingKind::General
            | FindingKind::Constraints
            | FindingKind::OnHold { .. }
            | FindingKind::Stale { .. } => false,
            FindingKind::Sunset
            | FindingKind::Revoked { .. }
            | FindingKind::AuthorityRevoked { .. }
            | FindingKind::Unreliable { .. }
            | FindingKind::OutOfBounds { .. }
            | FindingKind::AuthorityOutOfBounds
            | FindingKind::RevocationIssuerOutOfBounds { .. } => true,
        };
        let mut findings = self.basic.x509.findings.iter();
        self.lasting() == Conclusion::PASSED && findings.all(|one| lifted_later(&one.kind))
    }

    /// Concludes over one path, with the findings that a proof of existence lifts, and with the
    /// algorithms judged at the earliest time at which the token is proven to have existed.
    pub(super) fn conclude(
        &self,
        timestamp: &Timestamp,
        token: &Token,
        path: &X509Outcome,
        proven: UnixTime,
        lift: impl Fn(&X509Finding) -> Option<String>,
        mut log: CheckLog<'_>,
    ) -> JudgedTimestamp {
        report_parts::record_x509(path, &lift, &mut log);
        let (own, trust) = (&timestamp.id, OnTrust::Independent);
        let algorithms = record_algorithms(&self.algorithms, proven, own, trust, &mut log);
        let mut stays: Vec<&X509Finding> = path
            .findings
            .iter()
            .filter(|finding| lift(finding).is_none())
            .collect();
        stays.sort_by_key(|finding| finding.kind.rank());
        let x509 = stays.first().map_or(Conclusion::PASSED, |finding| {
            Conclusion::of(finding.kind.sub_indication())
        });
        let conclusion = Conclusion::first(&[
            self.imprint,
            self.attribute,
            self.rules,
            self.basic.final_conclusion(),
            self.times,
            x509,
            self.basic.acceptance(),
            algorithms,
        ]);
        let mut judged = judged(timestamp, Some(token), conclusion, self.integrity, log);
        judged.depends_on_trust = self.lasting() == Conclusion::PASSED
            && stays
                .iter()
                .any(|finding| matches!(finding.kind, FindingKind::NoPath));
        judged.wanted = stays
            .iter()
            .filter_map(|finding| finding.wanted.clone())
            .collect();
        let certificate = self.basic.certificate();
        judged.report.signing_certificate = certificate.map(report_parts::certificate);
        // A passed time-stamp needs the witnesses of its edges.
        if judged.conclusion == Conclusion::PASSED && self.basic.verified.witnesses.is_none() {
            judged.conclusion = Conclusion::of(SubIndication::Custom);
        }
        judged.report.indication = judged.conclusion.indication;
        judged.report.sub_indication = judged.conclusion.sub_indication;
        judged.examined = Some(Box::new(self.clone()));
        judged
    }
}

/// The imprint fits what the token must cover; checked by every process before the token is used.
fn imprint(
    validator: &mut Validator<'_>,
    timestamp: &Timestamp,
    token: &Token,
    log: &mut CheckLog<'_>,
) -> Result<(Conclusion, Integrity), Error> {
    let object = Some(timestamp.id.clone());
    let check = CheckId::TimestampImprint;
    let algorithm = match &token.imprint_algorithm {
        Ok(algorithm) => *algorithm,
        Err(unsupported) => {
            let expected = "an implemented digest in the message imprint";
            let found = unsupported.to_string();
            log.fail(
                CheckId::UnsupportedAlgorithm,
                expected,
                found,
                object,
                OnTrust::Independent,
            );
            return Ok((Conclusion::of(SubIndication::Custom), Integrity::Unknown));
        }
    };
    let (outcome, words) =
        validator
            .evidence
            .imprint(timestamp, algorithm, &token.imprint, validator.budget)?;
    let expected = hex(&token.imprint);
    Ok(match outcome {
        ReferenceOutcome::Intact => {
            log.hold(check, None, words.map(str::to_owned), object);
            (Conclusion::PASSED, Integrity::Intact)
        }
        ReferenceOutcome::Broken { found } => {
            log.fail(check, expected, hex(&found), object, OnTrust::Independent);
            (
                Conclusion::of(SubIndication::HashFailure),
                Integrity::Broken,
            )
        }
        ReferenceOutcome::NotFound => {
            log.fail(
                check,
                expected,
                "what it covers is not at hand",
                object,
                OnTrust::Independent,
            );
            (
                Conclusion::of(SubIndication::SignedDataNotFound),
                Integrity::Unknown,
            )
        }
        ReferenceOutcome::Failed(failure) => {
            log.fail(
                check,
                expected,
                failure.reason,
                object,
                OnTrust::Independent,
            );
            (
                Conclusion::of(SubIndication::SignedDataNotFound),
                Integrity::Unknown,
            )
        }
        ReferenceOutcome::Unsupported(unsupported) => {
            let found = unsupported.to_string();
            log.fail(
                CheckId::UnsupportedFeature,
                "an imprint that is implemented",
                found,
                object,
                OnTrust::Independent,
            );
            (Conclusion::of(SubIndication::Custom), Integrity::Unknown)
        }
    })
}

/// The digest of the imprint: with a dead one the token may have been made for other octets.
fn imprint_algorithm(token: &Token, policy: &ValidationPolicy) -> Option<AlgorithmUse> {
    let algorithm = *token.imprint_algorithm.as_ref().ok()?;
    (policy.ades == AdesConstraints::Apply).then(|| AlgorithmUse {
        name: format!("{algorithm} in the imprint"),
        until: policy.suite.digest(algorithm),
    })
}

/// RFC 3161 §2.4.2: what the token itself must be like.
fn token_rules(timestamp: &Timestamp, token: &Token, log: &mut CheckLog<'_>) -> Conclusion {
    let object = Some(timestamp.id.clone());
    if token.findings.is_empty() {
        log.pass(CheckId::TimestampToken, object);
        return Conclusion::PASSED;
    }
    for finding in &token.findings {
        log.finding(finding, object.clone());
    }
    Conclusion::of(SubIndication::FormatFailure)
}

/// RFC 3161 §2.4.2: the name of the authority in a token must be one of the subject of its certificate.
/// It is a hint, and the certificate is identified by the signed reference: whoever could write
/// another name there holds the authority's key, so the token keeps its worth, as with DSS (OpenSSL
/// refuses it). But nobody should read the name of another authority in it without a word.
fn authority(
    timestamp: &Timestamp,
    token: &Token,
    certificate: Option<&Certificate>,
    log: &mut CheckLog<'_>,
) {
    let (Some(der), Some(certificate)) = (&token.authority, certificate) else {
        return;
    };
    let others = certificate.subject_alt_names().ok().flatten();
    let is_named = GeneralName::parse(der).is_ok_and(|name| {
        let of_subject = match &name {
            GeneralName::DirectoryName(name) => name.matches(certificate.subject()),
            _ => false,
        };
        of_subject || others.is_some_and(|others| others.iter().any(|one| one.matches(&name)))
    });
    if !is_named {
        log.warn(
            CheckId::TimestampToken,
            "tsa: a name of the subject of the signing certificate",
            "another name",
            Some(timestamp.id.clone()),
        );
    }
}

/// The stated time is not in the future and inside the validity of the time-stamping certificate.
fn times(
    current: UnixTime,
    timestamp: &Timestamp,
    token: &Token,
    certificate: Option<&Certificate>,
    log: &mut CheckLog<'_>,
) -> Conclusion {
    let object = Some(timestamp.id.clone());
    let mut conclusion = Conclusion::PASSED;
    let found = token.time.to_string();
    if token.time > current {
        let expected = format!("at or before {current}");
        log.fail(
            CheckId::TimestampNotLater,
            expected,
            found.clone(),
            object.clone(),
            OnTrust::Independent,
        );
        conclusion = Conclusion::of(SubIndication::NoPoe);
    } else {
        log.pass(CheckId::TimestampNotLater, object.clone());
    }
    if let Some(certificate) = certificate {
        // The reference in the token pins a certificate that must have existed at that time.
        let validity = certificate.validity();
        let expected = format!("{} to {}", validity.not_before, validity.not_after);
        if validity.contains(token.time) {
            log.hold(
                CheckId::TimestampInValidity,
                Some(expected),
                Some(found),
                object,
            );
        } else {
            log.fail(
                CheckId::TimestampInValidity,
                expected,
                found,
                object,
                OnTrust::Independent,
            );
            conclusion = Conclusion::of(SubIndication::NoPoe);
        }
    }
    conclusion
}

pub(super) fn worst_integrity(one: Integrity, two: Integrity) -> Integrity {
    match (one, two) {
        (Integrity::Broken, _) | (_, Integrity::Broken) => Integrity::Broken,
        (Integrity::Intact, Integrity::Intact) => Integrity::Intact,
        _ => Integrity::Unknown,
    }
}

fn judged(
    timestamp: &Timestamp,
    token: Option<&Token>,
    conclusion: Conclusion,
    integrity: Integrity,
    log: CheckLog<'_>,
) -> JudgedTimestamp {
    JudgedTimestamp {
        report: report::Timestamp {
            id: timestamp.id.clone(),
            kind: timestamp.kind,
            indication: conclusion.indication,
            sub_indication: conclusion.sub_indication,
            integrity,
            time: token.map(|token| token.time),
            signing_certificate: None,
            scopes: Vec::new(),
            checks: log.into_entries(),
            changes: Vec::new(),
        },
        conclusion,
        time: token.map(|token| token.time),
        accuracy: token.map_or(0, |token| token.accuracy),
        ordering: token.is_some_and(|token| token.ordering),
        depends_on_trust: false,
        wanted: Vec::new(),
        examined: None,
    }
}

impl JudgedTimestamp {
    /// The time, when the token passed.
    pub(super) fn proven_time(&self) -> Option<UnixTime> {
        (self.conclusion.indication == BlockIndication::Passed)
            .then_some(self.time)
            .flatten()
    }
}
