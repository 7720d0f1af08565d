//! X.509 certificate validation, EN 319 102-1 §5.2.6.

use super::check_log::OnTrust;
use super::ocsp_acceptance::is_unchecked_responder;
use super::revocation_acceptance::{
    Accepted, Known, PathIssuer, Statement, Status, Support, exemption, is_hold, leaves_key_safe,
    revocation_status,
};
use super::revocation_freshness::{Fresh, revocation_freshness};
use super::signature_acceptance_validation::until_words;
use super::validator::Validator;
use super::x509_constraints::constraints;
use super::x509_findings::{FindingKind, PathLink, X509Finding, X509Outcome};
use crate::algorithm::KeyAlgorithm;
use crate::asn1::Oid;
use crate::certificate::Certificate;
use crate::crypto::KeyKind;
use crate::error::Error;
use crate::evidence::{AnswerOutcome, Evidence, Wanted};
use crate::path::{self, Candidate, PathFailure, PathRequest, PolicyInputs};
use crate::policy::{AdesConstraints, Freshness, Reliability};
use crate::revocation::RevocationReason;
use crate::trust::TrustAnchor;
use crate::vocabulary::{CheckId, Level, ObjectId, Purpose};

/// Which constraints a path is under.
#[derive(Clone, Debug, Default)]
pub(super) struct Chain {
    /// What the certificate is used for; `None`: no constraint of a role.
    pub(super) purpose: Option<Purpose>,
    authorities: AuthorityRevocation,
    subject: Subject,
    policies: PolicyInputs,
    path_length: Option<u64>,
}

/// Whether something that the certificate signed is judged, or the certificate by itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Subject {
    /// RFC 5280 §6.1.1(d): an anchor is a name and a key; its sunset date tells when it ends. What was
    /// signed tells by which algorithm, with which key and when.
    #[default]
    Signature,
    /// DEVIATION: to the safe side. Of a certificate by itself no proof tells that it was relied on
    /// before it or its anchor ended, and most users of path validation ask it of the anchor too. So
    /// the validity of both counts, also where they are one, and what its own key is worth.
    Certificate,
}

/// Whether the certificates of CAs need revocation data.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum AuthorityRevocation {
    #[default]
    Wanted,
    /// What is there counts; what is missing does not matter.
    IfAtHand,
}

impl Chain {
    /// The constraints of a certificate that signs documents or time-stamps.
    pub(super) fn of(purpose: Purpose) -> Self {
        Self {
            purpose: Some(purpose),
            // A path of a time-stamping unit: revocation data about its CAs is only asked for.
            authorities: match purpose {
                Purpose::Timestamping => AuthorityRevocation::IfAtHand,
                _ => AuthorityRevocation::Wanted,
            },
            ..Self::default()
        }
    }

    /// The constraints of a certificate that somebody asks about by itself.
    pub(super) fn asked(
        purpose: Option<Purpose>,
        policies: PolicyInputs,
        path_length: Option<u64>,
    ) -> Self {
        Self {
            purpose,
            policies,
            path_length,
            authorities: AuthorityRevocation::Wanted,
            subject: Subject::Certificate,
        }
    }
}

/// One candidate path and what came of it; without an outcome it was not judged, because another
/// path with the same issuer had passed.
#[derive(Clone, Debug)]
pub(super) struct Attempt {
    pub(super) candidate: Candidate,
    pub(super) outcome: Option<X509Outcome>,
}

/// Validates a certificate at the validator's time, over every candidate path.
pub(super) fn x509_certificate_validation(
    validator: &mut Validator<'_>,
    certificate: &Certificate,
    chain: &Chain,
) -> Result<X509Outcome, Error> {
    every_path(validator, certificate, chain).map(|(outcome, _)| outcome)
}

/// The same, and every candidate path with what came of it.
pub(super) fn every_path(
    validator: &mut Validator<'_>,
    certificate: &Certificate,
    chain: &Chain,
) -> Result<(X509Outcome, Vec<Attempt>), Error> {
    // EN 319 102-1 §5.2.6.4 step 2: prospective paths.
    let mut request =
        PathRequest::new(certificate, validator.pool, validator.trust, validator.time);
    request.purpose = chain.purpose;
    request.policies = chain.policies.clone();
    request.path_length = chain.path_length;
    let paths = path::build_and_validate(&request, validator.budget, validator.memo);
    let mut best: Option<X509Outcome> = None;
    let mut revoked: Option<X509Outcome> = None;
    let mut others = Vec::new();
    let mut issuers = Vec::new();
    let mut attempts = Vec::new();
    for candidate in paths.candidates {
        let Some(prospect) = Prospect::of(&candidate) else {
            let outcome = None;
            attempts.push(Attempt { candidate, outcome });
            continue;
        };
        // Once a path is found, others count only for what another certificate of the issuer lets
        // acceptable revocation data say.
        let issuer = prospect.certificates.get(1).map(Certificate::id);
        let is_done = best.as_ref().is_some_and(|known| known.findings.is_empty());
        if is_done && issuers.contains(&issuer) {
            let outcome = None;
            attempts.push(Attempt { candidate, outcome });
            continue;
        }
        issuers.push(issuer);
        let outcome = judge_candidate(validator, certificate, &prospect, chain)?;
        // EN 319 102-1 §5.2.6.4 steps 4b and 4c: returned at once, whatever another path says.
        let counts = prospect.failure.is_none() && outcome.is_signer_revoked();
        let is_better = |known: &X509Outcome| outcome.rank() > known.rank();
        if counts && revoked.is_none() {
            revoked = Some(outcome.clone());
        } else if best.as_ref().is_none_or(is_better) {
            others.extend(best.replace(outcome.clone()));
        } else {
            others.push(outcome.clone());
        }
        let outcome = Some(outcome);
        attempts.push(Attempt { candidate, outcome });
    }
    if let Some(revoked) = &mut revoked {
        // Another path counts later only if it knows of the revocation too.
        others.extend(best.take());
        others.retain(X509Outcome::is_signer_revoked);
        revoked.alternatives = others;
    } else if let Some(best) = &mut best {
        best.alternatives = others;
    }
    let outcome = match (revoked, best, paths.stopped) {
        (Some(revoked), _, _) => revoked,
        (None, Some(best), None) => best,
        (None, Some(best), Some(_)) if best.findings.is_empty() => best,
        // A search that a limit ended has not shown that there is no better path.
        (None, _, Some(limit)) => return Err(limit.into()),
        (None, None, None) => no_path(certificate),
    };
    Ok((outcome, attempts))
}

/// A candidate path that reached an anchor.
struct Prospect<'p> {
    certificates: &'p [Certificate],
    anchor: &'p TrustAnchor,
    failure: Option<&'p PathFailure>,
    authorities_outside_validity: &'p [usize],
    valid_policies: &'p [Oid],
}

impl<'p> Prospect<'p> {
    fn of(candidate: &'p Candidate) -> Option<Self> {
        match &candidate.result {
            Ok(path) => Some(Self {
                certificates: path.certificates(),
                anchor: path.anchor(),
                failure: None,
                authorities_outside_validity: path.authority_outside_validity(),
                valid_policies: path.valid_policies(),
            }),
            Err(failure) => Some(Self {
                certificates: &candidate.certificates,
                anchor: candidate.anchor.as_ref()?,
                failure: Some(failure),
                authorities_outside_validity: &[],
                valid_policies: &[],
            }),
        }
    }
}

fn no_path(certificate: &Certificate) -> X509Outcome {
    let id = certificate.id();
    X509Outcome {
        findings: vec![X509Finding {
            kind: FindingKind::NoPath,
            check: CheckId::PathFound,
            expected: "a path to a trust anchor".to_owned(),
            found: "none".to_owned(),
            object: Some(id.to_hex()),
            trust: OnTrust::Depends,
            wanted: Some(Wanted::IssuerCertificate { certificate: id }),
        }],
        ..X509Outcome::default()
    }
}

/// Collects what steps 3 to 8 find on one path.
pub(super) struct Findings<'a, 'v> {
    pub(super) validator: &'a mut Validator<'v>,
    outcome: X509Outcome,
}

impl Findings<'_, '_> {
    pub(super) fn executed(&mut self, check: CheckId, object: Option<String>) {
        self.outcome.executed.push((check, object));
    }

    fn add(&mut self, finding: X509Finding) {
        match self.validator.policy.level(finding.check) {
            Level::Always | Level::Fail => self.outcome.findings.push(finding),
            _ => self.outcome.tolerated.push(finding),
        }
    }

    pub(super) fn found(
        &mut self,
        kind: FindingKind,
        check: CheckId,
        expected: impl Into<String>,
        found: impl Into<String>,
        object: Option<String>,
        wanted: Option<Wanted>,
    ) {
        let (expected, found) = (expected.into(), found.into());
        let trust = OnTrust::Independent;
        self.add(X509Finding {
            kind,
            check,
            expected,
            found,
            object,
            trust,
            wanted,
        });
    }
}

fn judge_candidate<'v>(
    validator: &mut Validator<'v>,
    certificate: &Certificate,
    candidate: &Prospect<'_>,
    chain: &Chain,
) -> Result<X509Outcome, Error> {
    let mut findings = Findings {
        validator,
        outcome: X509Outcome::default(),
    };
    let object = Some(certificate.id().to_hex());
    findings.outcome.path = candidate.certificates.to_vec();
    findings.outcome.sunset = candidate.anchor.sunset_date;
    findings.outcome.anchor = candidate.anchor.certificate.clone();
    findings.outcome.valid_policies = candidate.valid_policies.to_vec();
    let own = candidate
        .certificates
        .iter()
        .chain(&candidate.anchor.certificate);
    let used: Vec<_> = own.map(Certificate::id).collect();
    findings.validator.used.extend(used);
    findings.executed(CheckId::PathFound, object.clone());

    // Step 3: the sunset date of the anchor; at the date itself it is past.
    findings.executed(CheckId::PathSunset, object.clone());
    if let Some(sunset) = candidate.anchor.sunset_date
        && findings.validator.time >= sunset
    {
        let (expected, found) = (
            format!("before {sunset}"),
            findings.validator.time.to_string(),
        );
        findings.found(
            FindingKind::Sunset,
            CheckId::PathSunset,
            expected,
            found,
            object.clone(),
            None,
        );
    }
    // Step 1: a signing certificate that is itself an anchor is accepted at once.
    let is_anchor = candidate.anchor.is_certificate(certificate);
    if !is_anchor {
        rfc5280(&mut findings, candidate, &object);
        let own = candidate.anchor.certificate.as_ref();
        if let Some(own) = own.filter(|_| chain.subject == Subject::Certificate) {
            authority_validity(&mut findings, own);
        }
        revocation(&mut findings, candidate, chain)?;
    }
    constraints(&mut findings, certificate, chain, is_anchor);
    if !is_anchor {
        algorithms(&mut findings, candidate)?;
    }
    // Whoever asks about a role asks whether signatures of this key will hold in it.
    if chain.subject == Subject::Certificate && chain.purpose.is_some() {
        own_key(&mut findings, certificate);
    }
    if !is_anchor || chain.subject == Subject::Certificate {
        validity(&mut findings, certificate);
    }
    Ok(findings.outcome)
}

/// Step 4 without revocation: RFC 5280 §6.1, as `path` judged it.
fn rfc5280(findings: &mut Findings<'_, '_>, candidate: &Prospect<'_>, object: &Option<String>) {
    findings.executed(CheckId::PathValid, object.clone());
    findings.executed(CheckId::AuthorityValidity, object.clone());
    if let Some(failure) = candidate.failure {
        let expected = format!("a path that is valid by {}", failure.reason.clause());
        let (kind, found) = (FindingKind::General, failure.reason.to_string());
        findings.found(
            kind,
            CheckId::PathValid,
            expected,
            found,
            object.clone(),
            None,
        );
    }
    // DEVIATION: by the letter a CA outside its validity is CERTIFICATE_CHAIN_GENERAL_FAILURE, from
    // which no later process goes on; every archived signature would die with its CA.
    for index in candidate.authorities_outside_validity {
        let Some(authority) = candidate.certificates.get(*index) else {
            continue;
        };
        authority_validity(findings, authority);
    }
}

/// RFC 5280 §6.1.3(a)(2), for a CA.
fn authority_validity(findings: &mut Findings<'_, '_>, authority: &Certificate) {
    let validity = authority.validity();
    let time = findings.validator.time;
    let object = Some(authority.id().to_hex());
    let (kind, check) = (
        FindingKind::AuthorityOutOfBounds,
        CheckId::AuthorityValidity,
    );
    findings.executed(check, object.clone());
    if !validity.contains(time) {
        let expected = format!("{} to {}", validity.not_before, validity.not_after);
        findings.found(kind, check, expected, time.to_string(), object, None);
    }
}

/// Step 4, revocation, and 4a to 4d, 8: from the signing certificate up to the last below the
/// anchor.
fn revocation(
    findings: &mut Findings<'_, '_>,
    candidate: &Prospect<'_>,
    chain: &Chain,
) -> Result<(), Error> {
    let certificates = candidate.certificates;
    for (index, certificate) in certificates.iter().enumerate() {
        let issuer = PathIssuer::of(certificates, index, candidate.anchor);
        let object = Some(certificate.id().to_hex());
        let issuer = match issuer {
            Ok(issuer) => issuer,
            Err(error @ Error::LimitExceeded(_)) => return Err(error),
            // The path has failed for this reason already.
            Err(_) => continue,
        };
        let is_signer = index == 0;
        let Known { status, accepted } =
            revocation_status(findings.validator, certificate, &issuer)?;
        let is_responder = is_signer && chain.purpose == Some(Purpose::Ocsp);
        let is_exempt =
            exemption(certificate).is_some() || is_responder && is_unchecked_responder(certificate);
        let is_wanted = is_signer || chain.authorities == AuthorityRevocation::Wanted;
        let policy = findings.validator.policy;
        let level = policy.level(CheckId::RevocationAvailable);
        let is_demanded = matches!(level, Level::Always | Level::Fail);
        let until = match (policy.ades, certificate.signature_algorithm()) {
            (AdesConstraints::Omit, _) => Reliability::Always,
            (_, Ok(algorithm)) => policy.suite.signature(algorithm, issuer.public_key.size()),
            (_, Err(_)) => Reliability::Never,
        };
        findings.outcome.links.push(PathLink {
            certificate: certificate.clone(),
            until,
            accepted,
            is_required: is_wanted && is_demanded && !is_exempt,
        });
        // A certificate that needs no revocation data may be revoked all the same.
        if is_exempt && !status.is_revoked() {
            findings.executed(CheckId::RevocationAvailable, object.clone());
            continue;
        }
        let issuer_id = issuer.certificate.map(|known| known.id());
        let wanted = issuer_id.map(|issuer| Wanted::Revocation {
            certificate: certificate.id(),
            issuer,
        });
        match status {
            Status::Undetermined(refused) => {
                if !is_wanted {
                    continue;
                }
                findings.executed(CheckId::RevocationAvailable, object.clone());
                let asked = wanted
                    .iter()
                    .flat_map(|one| failures(findings.validator.evidence, one, &refused));
                let reasons: Vec<String> = refused.iter().cloned().chain(asked).collect();
                let found = match reasons.is_empty() {
                    true => "none at hand".to_owned(),
                    false => reasons.join("; "),
                };
                let (check, kind) = (CheckId::RevocationAvailable, FindingKind::General);
                findings.found(
                    kind,
                    check,
                    "acceptable revocation data",
                    found,
                    object,
                    wanted,
                );
            }
            Status::Decided(accepted) => {
                findings.executed(CheckId::RevocationAvailable, object.clone());
                decided(findings, certificate, *accepted, is_signer, chain, wanted);
            }
        }
    }
    Ok(())
}

/// What was asked of other hosts and not had, in the order of asking. An answer that came and was
/// not even refused is about other certificates.
fn failures(evidence: &Evidence, wanted: &Wanted, refused: &[String]) -> Vec<String> {
    let answers = evidence.answers().iter();
    let answers = answers.filter(|answer| answer.wanted == *wanted);
    let failures = answers.filter_map(|answer| match &answer.outcome {
        AnswerOutcome::Failed(failure) => Some(format!("{}: {failure}", answer.url)),
        AnswerOutcome::Fetched(_) if refused.is_empty() => {
            Some(format!("{}: an answer about others", answer.url))
        }
        AnswerOutcome::Fetched(_) => None,
    });
    failures.collect()
}

fn decided(
    findings: &mut Findings<'_, '_>,
    certificate: &Certificate,
    accepted: Accepted,
    is_signer: bool,
    chain: &Chain,
    wanted: Option<Wanted>,
) {
    let object = Some(certificate.id().to_hex());
    let time = findings.validator.time;
    for one in std::iter::once(&accepted).chain(&accepted.companions) {
        findings.validator.used.insert(one.id);
        if let Some(signer) = &one.signer {
            findings.validator.used.insert(signer.id());
        }
    }
    let not_revoked = if is_signer {
        CheckId::RevocationNotRevoked
    } else {
        CheckId::RevocationAuthorityNotRevoked
    };
    findings.executed(not_revoked, object.clone());
    if is_signer {
        findings.executed(CheckId::RevocationNotOnHold, object.clone());
    }
    match accepted.statement {
        Statement::Good => {}
        // 4c: a suspended signing certificate.
        Statement::Revoked { at, reason } if is_signer && is_hold(reason) => {
            let (kind, check) = (
                FindingKind::OnHold { since: at },
                CheckId::RevocationNotOnHold,
            );
            findings.found(
                kind,
                check,
                "not on hold",
                format!("on hold since {at}"),
                object.clone(),
                wanted.clone(),
            );
        }
        // 4b and 4d.
        Statement::Revoked { at, reason } => {
            let words = reason.map_or("no reason given", RevocationReason::as_str);
            let found = format!("revoked {at}, {words}");
            let kind = if is_signer {
                FindingKind::Revoked { at }
            } else {
                let is_key_safe = leaves_key_safe(reason);
                FindingKind::AuthorityRevoked { at, is_key_safe }
            };
            findings.found(
                kind,
                not_revoked,
                "not revoked",
                found,
                object.clone(),
                None,
            );
        }
    }

    // 4a: fresh at this time. The chains of time-stamping units have a freshness of their own.
    let freshness = match chain.authorities {
        AuthorityRevocation::Wanted => findings.validator.policy.freshness,
        _ => findings.validator.policy.auxiliary_freshness,
    };
    fresh(findings, &accepted, freshness, object.clone(), wanted);

    // 8: inside the validity of the certificate of the issuer of the signer's revocation data.
    if is_signer {
        findings.executed(CheckId::RevocationIssuerValidity, object.clone());
        if let Some(signer) = accepted
            .signer
            .as_ref()
            .filter(|_| !accepted.signer_is_anchor)
        {
            let validity = signer.validity();
            if !validity.contains(time) {
                let expected = format!("{} to {}", validity.not_before, validity.not_after);
                let (kind, check) = (
                    FindingKind::RevocationIssuerOutOfBounds {
                        issuer: Box::new(signer.clone()),
                        data: accepted.id,
                    },
                    CheckId::RevocationIssuerValidity,
                );
                findings.found(
                    kind,
                    check,
                    expected,
                    time.to_string(),
                    object.clone(),
                    None,
                );
            }
        }
        findings.outcome.known_not_revoked = accepted.statement == Statement::Good
            && (accepted.signer_is_anchor
                || accepted
                    .signer
                    .as_ref()
                    .is_none_or(|one| one.validity().contains(time)));
        if let Statement::Revoked { reason, .. } = accepted.statement
            && !is_hold(reason)
        {
            // Revoked later counts as known not to be revoked before; the finding itself decides
            // whether it was later.
            findings.outcome.known_not_revoked = true;
        }
    }

    // 6, for the revocation data.
    let parts = std::iter::once(&accepted).chain(&accepted.companions);
    let supports = parts.clone().flat_map(|one| &one.supports);
    if findings.validator.policy.ades == AdesConstraints::Apply {
        for one in parts.chain(supports.clone().flat_map(Support::parts)) {
            signed_reliably(findings, one);
        }
    }
    for support in supports {
        fresh_support(findings, support);
    }
}

/// 4a, for what says that a responder or CRL issuer is good: with an old `good` whoever stole its
/// key could speak of anybody.
fn fresh_support(findings: &mut Findings<'_, '_>, support: &Support) {
    let freshness = findings.validator.policy.auxiliary_freshness;
    let parts = support.parts().map(|one| one.id);
    findings.validator.used.extend(parts);
    let object = Some(support.about.to_hex());
    fresh(findings, &support.data, freshness, object, None);
}

/// EN 319 102-1 §5.2.5.4: data is fresh at this time.
fn fresh(
    findings: &mut Findings<'_, '_>,
    data: &Accepted,
    freshness: Freshness,
    object: Option<String>,
    wanted: Option<Wanted>,
) {
    if freshness == Freshness::Unbounded {
        return;
    }
    let check = CheckId::RevocationFresh;
    findings.executed(check, object.clone());
    let (this_update, next_update) = (data.this_update, data.next_update);
    let time = findings.validator.time;
    if let Fresh::Failed { latest_acceptable } =
        revocation_freshness(this_update, next_update, freshness, time)
    {
        let kind = FindingKind::Stale {
            this_update,
            next_update,
            freshness,
        };
        let expected = format!("issued after {latest_acceptable}");
        let found = format!("issued {this_update}");
        findings.found(kind, check, expected, found, object, wanted);
    }
}

/// Whether revocation data, and the delegation it rests on, was signed with algorithms that are
/// reliable.
fn signed_reliably(findings: &mut Findings<'_, '_>, accepted: &Accepted) {
    let suite = &findings.validator.policy.suite;
    let until = suite.signature(accepted.algorithm, accepted.key_size);
    let name = format!("{}, {}", accepted.algorithm, accepted.key_size);
    let check = CheckId::AlgorithmRevocation;
    let delegation = accepted.delegation.iter().map(|one| {
        let name = format!("{}, {}", one.algorithm, one.key_size);
        (name, one.reliability(suite), one.certificate)
    });
    let delegation = Vec::from_iter(delegation);
    unreliable(findings, check, &name, until, accepted.id);
    // A forged delegation would be as good as a forged answer.
    for (name, until, certificate) in delegation {
        unreliable(findings, check, &name, until, certificate);
    }
}

/// Step 6: the algorithm and key that made each certificate of the path.
fn algorithms(findings: &mut Findings<'_, '_>, candidate: &Prospect<'_>) -> Result<(), Error> {
    if findings.validator.policy.ades == AdesConstraints::Omit {
        return Ok(());
    }
    let certificates = candidate.certificates;
    for (index, certificate) in certificates.iter().enumerate() {
        let size = match certificates.get(index + 1) {
            Some(authority) => authority.public_key().map(|key| key.size()),
            None => candidate.anchor.public_key().map(|key| key.size()),
        };
        let (Ok(algorithm), Ok(size)) = (certificate.signature_algorithm(), size) else {
            continue;
        };
        let until = findings.validator.policy.suite.signature(algorithm, size);
        let name = format!("{algorithm}, {size}");
        unreliable(
            findings,
            CheckId::AlgorithmPath,
            &name,
            until,
            certificate.id(),
        );
    }
    Ok(())
}

/// Step 6 for what the certificate will sign: what EN 319 102-1 §5.2.8.4 asks of each signature, as far
/// as the key alone tells.
fn own_key(findings: &mut Findings<'_, '_>, certificate: &Certificate) {
    let policy = findings.validator.policy;
    let Ok(key) = certificate.public_key() else {
        return;
    };
    if policy.ades == AdesConstraints::Omit {
        return;
    }
    let families = match key.kind() {
        // Either padding may be used with it.
        KeyKind::Rsa => &[KeyAlgorithm::RsaPkcs1, KeyAlgorithm::RsaPss][..],
        KeyKind::RsaPss(_) => &[KeyAlgorithm::RsaPss],
        KeyKind::Dsa => &[KeyAlgorithm::Dsa],
        KeyKind::Ec(_) => &[KeyAlgorithm::Ecdsa],
        KeyKind::Ed25519 => &[KeyAlgorithm::EdDsa],
        KeyKind::MlDsa44 | KeyKind::MlDsa65 | KeyKind::MlDsa87 => &[KeyAlgorithm::MlDsa],
    };
    let each = families
        .iter()
        .map(|one| policy.suite.key(*one, key.size()));
    let time = findings.validator.time;
    let best = each.max_by_key(|one| one.holds_at(time).is_some());
    let name = format!(
        "{}, {}",
        families.first().map_or("", |one| one.as_str()),
        key.size()
    );
    let until = best.unwrap_or(Reliability::Never);
    let (check, object) = (CheckId::AlgorithmPath, certificate.id());
    let own = (check, Some(object.to_hex()));
    if !findings.outcome.executed.contains(&own) {
        findings.outcome.executed.push(own);
    }
    weigh_reliability(findings, check, &name, until, object);
}

fn unreliable(
    findings: &mut Findings<'_, '_>,
    check: CheckId,
    name: &str,
    until: Reliability,
    object: ObjectId,
) {
    findings.executed(check, Some(object.to_hex()));
    weigh_reliability(findings, check, name, until, object);
}

fn weigh_reliability(
    findings: &mut Findings<'_, '_>,
    check: CheckId,
    name: &str,
    until: Reliability,
    object: ObjectId,
) {
    let time = findings.validator.time;
    if until.holds_at(time).is_none() {
        let found = format!("{name}: {}", until_words(until));
        let expected = format!("reliable at {time}");
        findings.found(
            FindingKind::Unreliable { until, object },
            check,
            expected,
            found,
            Some(object.to_hex()),
            None,
        );
    }
}

/// Step 7: the time lies in the validity of the signing certificate, both ends included.
fn validity(findings: &mut Findings<'_, '_>, certificate: &Certificate) {
    let object = Some(certificate.id().to_hex());
    let time = findings.validator.time;
    findings.executed(CheckId::CertificateValidity, object.clone());
    let validity = certificate.validity();
    if validity.contains(time) {
        return;
    }
    let is_exempt = exemption(certificate).is_some()
        || findings
            .validator
            .policy
            .level(CheckId::RevocationAvailable)
            == Level::Ignore;
    let known_not_revoked = findings.outcome.known_not_revoked || is_exempt;
    let kind = FindingKind::OutOfBounds { known_not_revoked };
    let expected = format!("{} to {}", validity.not_before, validity.not_after);
    findings.found(
        kind,
        CheckId::CertificateValidity,
        expected,
        time.to_string(),
        object,
        None,
    );
}
