//! Facts and conclusions in the form of the report.

use super::check_log::CheckLog;
use super::validator::Context;
use super::x509_findings::{X509Finding, X509Outcome};
use crate::certificate::Certificate;
use crate::crypto;
use crate::evidence::{Answer, AnswerOutcome, Evidence};
use crate::identity::PersonIdentifier;
use crate::policy::ValidationPolicy;
use crate::report;
use crate::vocabulary::{CheckId, ObjectId, hex};
use std::sync::{Arc, Mutex, PoisonError};

/// Attribute types of X.520 that make up a person's or an organisation's name, under 2.5.4.
const COMMON_NAME: u8 = 3;
const SURNAME: u8 = 4;
const GIVEN_NAME: u8 = 42;
const ORGANIZATION: u8 = 10;

/// A certificate in words.
pub(crate) fn certificate(certificate: &Certificate) -> report::Certificate {
    let validity = certificate.validity();
    report::Certificate {
        subject: certificate.subject().to_rfc4514(),
        issuer: certificate.issuer().to_rfc4514(),
        serial_number: hex(certificate.serial_number()),
        digest: certificate.id(),
        person: person(certificate),
        not_before: validity.not_before,
        not_after: validity.not_after,
    }
}

/// The subject as a person or an organisation, with the identifier that EN 319 412-1 gives it.
fn person(certificate: &Certificate) -> Option<report::Person> {
    let identifier = PersonIdentifier::of(certificate).filter(PersonIdentifier::is_known);
    let types = [COMMON_NAME, GIVEN_NAME, SURNAME, ORGANIZATION];
    let [common, given, surname, organization] = certificate.subject().x520(types);
    let name = match (common, given.zip(surname)) {
        (Some(name), _) => name,
        (None, Some((given, surname))) => format!("{given} {surname}"),
        (None, None) => organization?,
    };
    Some(report::Person {
        name,
        identifier_type: identifier.as_ref().and_then(|known| known.kind.clone()),
        country: identifier.as_ref().and_then(|known| known.country.clone()),
        identifier: identifier.map(|known| known.value),
    })
}

/// The policy of a judgement, and what it lowers.
pub(super) fn policy(context: &Context) -> report::Policy {
    // Many documents are judged by one policy, and its digest costs as much as a small document. What
    // is held here cannot change: nobody else has it alone.
    static LAST: Mutex<Option<(Arc<ValidationPolicy>, report::Policy)>> = Mutex::new(None);
    let policy = &context.policy;
    let mut last = LAST.lock().unwrap_or_else(PoisonError::into_inner);
    match &*last {
        Some((known, told)) if Arc::ptr_eq(known, policy) => told.clone(),
        _ => {
            let told = policy_of(policy);
            *last = Some((Arc::clone(policy), told.clone()));
            told
        }
    }
}

fn policy_of(policy: &ValidationPolicy) -> report::Policy {
    let departures = policy.departures().into_iter();
    report::Policy {
        name: policy.name.clone(),
        digest: crypto::object_id(policy.to_canonical_json().as_bytes()),
        departures: departures
            .map(|(check, default, level)| report::Departure {
                check,
                default,
                level,
            })
            .collect(),
    }
}

/// The trust set of a judgement.
pub(super) fn trust(context: &Context) -> report::Trust {
    report::Trust {
        digest: ObjectId(context.trust.digest()),
        anchors: u64::try_from(context.trust.anchors().len()).unwrap_or(u64::MAX),
    }
}

/// What was asked of other hosts, and what came of it.
pub(super) fn requests(evidence: &Evidence) -> Vec<report::Request> {
    let request = |answer: &Answer| report::Request {
        url: answer.url.clone(),
        outcome: match &answer.outcome {
            AnswerOutcome::Fetched(_) => "answered".to_owned(),
            AnswerOutcome::Failed(failure) => failure.to_string(),
        },
    };
    evidence.answers().iter().map(request).collect()
}

/// Records every check of X.509 certificate validation: what does not hold and is not lifted, what
/// was lifted and why, and what holds.
pub(super) fn record_x509(
    outcome: &X509Outcome,
    lifted: impl Fn(&X509Finding) -> Option<String>,
    log: &mut CheckLog<'_>,
) {
    let found = |check: CheckId, object: &Option<String>| {
        let mut all = outcome.findings.iter().chain(&outcome.tolerated);
        all.any(|finding| finding.check == check && finding.object == *object)
    };
    for (check, object) in &outcome.executed {
        if !found(*check, object) {
            log.pass(*check, object.clone());
        }
    }
    for finding in &outcome.tolerated {
        let (expected, found) = (finding.expected.clone(), finding.found.clone());
        log.fail(
            finding.check,
            expected,
            found,
            finding.object.clone(),
            finding.trust,
        );
    }
    for finding in &outcome.findings {
        let (expected, object) = (finding.expected.clone(), finding.object.clone());
        match lifted(finding) {
            Some(reason) => log.hold(finding.check, Some(expected), Some(reason), object),
            None => {
                log.fail(
                    finding.check,
                    expected,
                    finding.found.clone(),
                    object,
                    finding.trust,
                );
            }
        }
    }
}
