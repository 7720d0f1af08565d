//! A certificate that is asked about by itself: EN 319 102-1 §5.2.6 without a signature.

use super::check_log::{CheckLog, OnTrust};
use super::report_parts;
use super::validator::{Context, Validator};
use super::x509_certificate_validation::{Attempt, Chain, every_path};
use super::x509_findings::X509Outcome;
use crate::certificate::Certificate;
use crate::crypto::Memo;
use crate::error::Error;
use crate::evidence::{Evidence, Wanted};
use crate::limits::Budget;
use crate::path::{self, ExplicitPolicy, FailureReason, Initially, PathFailure, PolicyInputs};
use crate::report::{self, CERTIFICATE_SCHEMA, CertificateReport};
use crate::vocabulary::{BlockIndication, CheckId, ObjectId, Purpose, SubIndication};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// What is asked about a certificate.
#[derive(Clone, Debug)]
pub struct CertificateQuestion {
    /// The certificate.
    pub certificate: Certificate,
    /// What it is to be used for; `None`: for anything, so that no role constrains it.
    pub purpose: Option<Purpose>,
    /// What is asked of certificate policies (RFC 5280 §6.1.1).
    pub policies: PolicyInputs,
    /// The most intermediate certificates, self-issued ones not counted.
    pub path_length: Option<u64>,
}

/// What a judgement about a certificate gives.
#[derive(Clone, Debug)]
pub struct CertificateJudgement {
    /// The report on the evidence as it is.
    pub report: CertificateReport,
    /// What could change it, if it can be had; each thing once, in a fixed order.
    pub wanted: Vec<Wanted>,
}

/// Judges a certificate by the evidence at hand. A limit met on the way is in the report.
///
/// # Standard
/// EN 319 102-1 §5.2.6; RFC 5280 §6.
#[must_use]
pub fn validate_certificate(
    evidence: &Evidence,
    question: &CertificateQuestion,
    context: &Context,
    memo: &mut Memo,
) -> CertificateJudgement {
    let pool: path::Pool = evidence.pool().certificates().cloned().collect();
    let mut budget = Budget::new(Arc::clone(&context.limits));
    let mut validator = Validator {
        evidence,
        policy: &context.policy,
        policy_of_timestamps: &context.policy,
        trust: &context.trust,
        time: context.validation_time,
        budget: &mut budget,
        memo,
        pool: &pool,
        under_validation: Vec::new(),
        entries: BTreeMap::new(),
        used: BTreeSet::new(),
    };
    let chain = Chain::asked(
        question.purpose,
        question.policies.clone(),
        question.path_length,
    );
    let mut report = empty(evidence, question, context);
    let mut log = CheckLog::new(&context.policy);
    match every_path(&mut validator, &question.certificate, &chain) {
        Ok((outcome, attempts)) => {
            report_parts::record_x509(&outcome, |_| None, &mut log);
            report.checks = log.into_entries();
            let wanted = fill(&mut report, &outcome, &attempts);
            CertificateJudgement { report, wanted }
        }
        Err(error) => {
            let check = match error {
                Error::Unsupported(_) => CheckId::UnsupportedFeature,
                _ => CheckId::LimitJudging,
            };
            let object = Some(question.certificate.id().to_hex());
            let expected = "judged to the end";
            log.fail(
                check,
                expected,
                error.reason(),
                object,
                OnTrust::Independent,
            );
            report.checks = log.into_entries();
            CertificateJudgement {
                report,
                wanted: Vec::new(),
            }
        }
    }
}

/// The report before anything is known: INDETERMINATE / CUSTOM.
fn empty(
    evidence: &Evidence,
    question: &CertificateQuestion,
    context: &Context,
) -> CertificateReport {
    let name = &evidence.document().name;
    CertificateReport {
        certificate: Some(report_parts::certificate(&question.certificate)),
        indication: Some(BlockIndication::Indeterminate),
        sub_indication: Some(SubIndication::Custom),
        hosts: evidence.hosts(),
        requests: report_parts::requests(evidence),
        ..unread_certificate_report(name, question.purpose, &question.policies, context)
    }
}

/// A report that says nothing but what was to be judged, for a file that could not be processed:
/// its member `error` is for the host to fill in.
#[must_use]
pub fn unread_certificate_report(
    name: &str,
    purpose: Option<Purpose>,
    asked: &PolicyInputs,
    context: &Context,
) -> CertificateReport {
    let acceptable = asked.acceptable.as_ref();
    CertificateReport {
        schema: CERTIFICATE_SCHEMA,
        imza: env!("CARGO_PKG_VERSION"),
        name: name.to_owned(),
        certificate: None,
        purpose,
        validation_time: context.validation_time,
        policy: report_parts::policy(context),
        initial: report::InitialPolicies {
            policies: acceptable.map(|policies| policies.iter().map(ToString::to_string).collect()),
            require_explicit_policy: asked.explicit_policy == ExplicitPolicy::Required,
            inhibit_policy_mapping: asked.policy_mapping == Initially::Inhibited,
            inhibit_any_policy: asked.any_policy == Initially::Inhibited,
        },
        trust: report_parts::trust(context),
        evidence: None,
        indication: None,
        sub_indication: None,
        path: Vec::new(),
        attempts: Vec::new(),
        certificates: Vec::new(),
        checks: Vec::new(),
        valid_policies: Vec::new(),
        hosts: Vec::new(),
        requests: Vec::new(),
        error: None,
    }
}

/// What was found goes into the report; what could change it is given back.
fn fill(
    report: &mut CertificateReport,
    outcome: &X509Outcome,
    attempts: &[Attempt],
) -> Vec<Wanted> {
    let conclusion = outcome.conclusion();
    report.indication = Some(conclusion.indication);
    report.sub_indication = conclusion.sub_indication;
    let policies = outcome.valid_policies.iter();
    report.valid_policies = policies.map(ToString::to_string).collect();

    let mut named: BTreeMap<ObjectId, &Certificate> = BTreeMap::new();
    let mut order = Vec::new();
    for attempt in attempts {
        let candidate = &attempt.candidate;
        let anchor = candidate.anchor.as_ref();
        let of_anchor = anchor.and_then(|anchor| anchor.certificate.as_ref());
        for certificate in candidate.certificates.iter().chain(of_anchor) {
            if named.insert(certificate.id(), certificate).is_none() {
                order.push(certificate);
            }
        }
        report.attempts.push(entry(attempt));
    }
    report.certificates = order.into_iter().map(report_parts::certificate).collect();
    let own = outcome.path.iter().chain(&outcome.anchor);
    let in_words = |certificate: &Certificate| {
        // The path is one of the candidates, whose certificates have just been put into words.
        let mut written = report.certificates.iter();
        let known = written.find(|written| written.digest == certificate.id());
        known.map_or_else(|| report_parts::certificate(certificate), Clone::clone)
    };
    report.path = own.map(in_words).collect();

    // Issuers of dead ends matter where no path came to its end, and of every path what it lacks.
    let mut wanted: BTreeSet<Wanted> = BTreeSet::new();
    let findings = outcome.findings.iter().chain(&outcome.tolerated);
    wanted.extend(findings.filter_map(|finding| finding.wanted.clone()));
    if conclusion.indication != BlockIndication::Passed {
        for attempt in attempts {
            let candidate = &attempt.candidate;
            if let (Err(failure), Some(last)) = (&candidate.result, candidate.certificates.last())
                && failure.reason == FailureReason::NoIssuer
            {
                let certificate = last.id();
                wanted.insert(Wanted::IssuerCertificate { certificate });
            }
        }
    }
    wanted.into_iter().collect()
}

fn entry(attempt: &Attempt) -> report::Attempt {
    let candidate = &attempt.candidate;
    let mut reasons = Vec::new();
    if let Err(failure) = &candidate.result {
        for failure in std::iter::once(failure).chain(&candidate.further) {
            reasons.push(refusal(failure, &candidate.certificates));
        }
    }
    let (mut indication, mut sub_indication) = (None, None);
    match &attempt.outcome {
        Some(outcome) => {
            let conclusion = outcome.conclusion();
            indication = Some(conclusion.indication);
            sub_indication = conclusion.sub_indication;
            for finding in &outcome.findings {
                // The path's own failures stand there already, each by itself.
                if finding.check != CheckId::PathValid {
                    reasons.push(report::Refusal {
                        clause: finding.check.clause().to_owned(),
                        expected: finding.expected.clone(),
                        found: finding.found.clone(),
                        object: finding.object.clone(),
                    });
                }
            }
        }
        None if candidate.anchor.is_none() => {
            indication = Some(BlockIndication::Indeterminate);
            sub_indication = Some(SubIndication::NoCertificateChainFound);
        }
        None => {}
    }
    report::Attempt {
        certificates: candidate.certificates.iter().map(Certificate::id).collect(),
        anchor: candidate.anchor.as_ref().map(crate::trust::TrustAnchor::id),
        indication,
        sub_indication,
        reasons,
    }
}

fn refusal(failure: &PathFailure, certificates: &[Certificate]) -> report::Refusal {
    let certificate = certificates.get(failure.index);
    report::Refusal {
        clause: failure.reason.clause().to_owned(),
        expected: failure.reason.expected(),
        found: failure.reason.found(),
        object: certificate.map(|certificate| certificate.id().to_hex()),
    }
}
