//! Past signature validation, EN 319 102-1 §5.6.2.4.
//!
//! The standard looks at one current status; here every finding about the path is lifted by its own
//! rule, or it stays (see [`super::x509_findings`]).

use super::check_log::{CheckLog, OnTrust};
use super::long_term_validation::lifted;
use super::past_certificate_validation::{NotInThePast, past_certificate_validation};
use super::proofs_of_existence::{ProofsOfExistence, Thing};
use super::revocation_freshness::{Fresh, revocation_freshness};
use super::signature_acceptance_validation::Subject;
use super::validator::Validator;
use super::x509_findings::{FindingKind, X509Finding, X509Outcome};
use crate::certificate::Certificate;
use crate::policy::{Reliability, ValidationPolicy};
use crate::time::UnixTime;
use crate::vocabulary::{CheckId, Level, ObjectId};

/// A signature or time-stamp in the past.
pub(super) struct Past<'a> {
    /// The path that it is judged by.
    pub(super) path: &'a X509Outcome,
    proofs: &'a ProofsOfExistence,
    subject: Subject,
    /// When it is proven to have existed.
    best: UnixTime,
    control: Result<UnixTime, NotInThePast>,
    /// Whether the issuer of revocation data is proven to have existed while it was valid.
    is_issuer_proven: bool,
}

/// Judges one signature or time-stamp by the proofs so far, over the path that serves it best.
pub(super) fn past_signature_validation<'a>(
    validator: &Validator<'_>,
    outcome: &'a X509Outcome,
    subject: Subject,
    best: UnixTime,
    proofs: &'a ProofsOfExistence,
) -> Past<'a> {
    let policy = match subject {
        Subject::Signature => validator.policy,
        Subject::Timestamp => validator.policy_of_timestamps,
    };
    let judge = |path: &'a X509Outcome| Past {
        path,
        proofs,
        subject,
        best,
        control: past_certificate_validation(path, validator.time, policy, proofs),
        is_issuer_proven: is_issuer_proven(path, policy, proofs),
    };
    // §5.6.2.4.4 step 2: any path will do; where none does, the one of the basic process is told.
    let own = judge(outcome);
    if own.is_proven() {
        return own;
    }
    let others = outcome.alternatives.iter().map(judge);
    others.into_iter().find(Past::is_proven).unwrap_or(own)
}

/// Step 1: some revocation data about the signing certificate whose issuer's certificate is proven
/// to have existed within its own validity.
fn is_issuer_proven(
    path: &X509Outcome,
    policy: &ValidationPolicy,
    proofs: &ProofsOfExistence,
) -> bool {
    let level = policy.level(CheckId::RevocationIssuerValidity);
    if !matches!(level, Level::Always | Level::Fail) {
        return true;
    }
    let Some(link) = path.links.first() else {
        return true;
    };
    if link.accepted.is_empty() {
        return !link.is_required;
    }
    link.accepted.iter().any(|one| {
        let signer = one.signer.as_ref().filter(|_| !one.signer_is_anchor);
        signer.is_none_or(|known| was_valid(known, one.id, proofs))
    })
}

/// Whether the certificate of an issuer and its revocation data are proven to have existed while
/// the certificate was valid. DEVIATION: the standard asks that of the certificate only; whoever
/// gets hold of the key later could make data of any date; precedent: none known.
fn was_valid(issuer: &Certificate, data: ObjectId, proofs: &ProofsOfExistence) -> bool {
    let validity = issuer.validity();
    let things = [issuer.id(), data].map(Thing::Object);
    things.iter().all(|thing| proofs.lies_in(*thing, &validity))
}

impl Past<'_> {
    /// Whether every finding is lifted and step 7 is reached with a PASSED.
    pub(super) fn is_proven(&self) -> bool {
        let mut findings = self.path.findings.iter();
        self.path.has_path()
            && self.exists_at_control_time()
            && self.is_issuer_proven
            && findings.all(|finding| self.lift(finding).is_some())
    }

    fn exists_at_control_time(&self) -> bool {
        self.control.as_ref().is_ok_and(|time| self.best <= *time)
    }

    /// Whether best-signature-time lies in the validity of the signing certificate and, in the
    /// shell model, of every CA below the anchor.
    fn is_in_validity(&self) -> bool {
        let mut path = self.path.path.iter();
        path.all(|one| one.validity().contains(self.best))
    }

    /// Why a finding of the current time does not count in the past; none when it does. What the
    /// process for signatures with time has lifted stays so: that status is the current one.
    pub(super) fn lift(&self, finding: &X509Finding) -> Option<String> {
        let before = || match self.subject {
            Subject::Signature => lifted(finding, self.best, self.path.path.first()),
            Subject::Timestamp => None,
        };
        self.lift_in_the_past(finding).or_else(before)
    }

    fn lift_in_the_past(&self, finding: &X509Finding) -> Option<String> {
        // Step 2: without a past path the current status stays.
        let control = self.control.as_ref().ok()?;
        let best = self.best;
        let existed = || format!("proven to exist at {best}, control-time {control}");
        let is_past = || best <= *control && self.is_in_validity();
        match &finding.kind {
            FindingKind::NoPath | FindingKind::General | FindingKind::Constraints => None,
            // Step 3a, and 3d. For 3d the standard asks nothing of CAs, which it does not let pass
            // outside their validity either.
            FindingKind::Sunset
            | FindingKind::OutOfBounds { .. }
            | FindingKind::AuthorityOutOfBounds => is_past().then(existed),
            // Step 3b. Equal times count as revoked.
            FindingKind::Revoked { at } => (best < *at && is_past()).then(existed),
            FindingKind::OnHold { since } => (best < *since && is_past()).then(existed),
            // Step 3c: sliding has asked for a proof of everything below that CA before its
            // revocation, the revocation data of the signing certificate among it.
            FindingKind::AuthorityRevoked { at, .. } => (best < *at && is_past()).then(existed),
            // Step 1, for the data that decides.
            FindingKind::RevocationIssuerOutOfBounds { issuer, data } => {
                let is_proven = was_valid(issuer, *data, self.proofs);
                (is_proven && is_past()).then(|| "proven to exist within its validity".to_owned())
            }
            // Step 4: a proof of what was made with the algorithm, before that became unreliable.
            FindingKind::Unreliable { until, object } => {
                let proven = self.proofs.earliest(Thing::Object(*object));
                let is_early = match until {
                    Reliability::Always => true,
                    Reliability::Until(end) => proven < *end,
                    Reliability::Never => false,
                };
                (is_early && is_past())
                    .then(|| format!("proven to exist at {proven}, when it was reliable"))
            }
            // Step 5.
            FindingKind::Stale {
                this_update,
                next_update,
                freshness,
            } => {
                let fresh = revocation_freshness(*this_update, *next_update, *freshness, best);
                (fresh == Fresh::Passed && is_past())
                    .then(|| format!("issued {this_update}, fresh at {best}"))
            }
        }
    }

    /// Records what was asked of the past.
    pub(super) fn record(&self, object: &str, log: &mut CheckLog<'_>) {
        let object = Some(object.to_owned());
        let control = match &self.control {
            Ok(control) => *control,
            Err(wrong) => {
                if wrong.check == CheckId::ProofControlTime {
                    log.pass(CheckId::ProofPastPath, object.clone());
                }
                let found = wrong.found.clone();
                log.fail(wrong.check, wrong.expected, found, object, OnTrust::Depends);
                return;
            }
        };
        log.pass(CheckId::ProofPastPath, object.clone());
        let found = Some(control.to_string());
        log.hold(CheckId::ProofControlTime, None, found, object.clone());
        let (check, found) = (CheckId::ProofExistence, self.best.to_string());
        let expected = format!("at or before {control}");
        if self.exists_at_control_time() {
            log.hold(check, Some(expected), Some(found), object);
        } else {
            log.fail(check, expected, found, object, OnTrust::Depends);
        }
    }
}
