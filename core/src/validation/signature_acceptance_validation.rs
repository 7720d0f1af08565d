//! Signature acceptance validation, EN 319 102-1 §5.2.8.
//!
//! The part that does not depend on time is evaluated once; the algorithms are asked for again at
//! the best signature time.

use super::check_log::{CheckLog, OnTrust, Weight};
use super::conclusion::Conclusion;
use crate::algorithm::{DigestAlgorithm, KeySize, SignatureAlgorithm};
use crate::certificate::Certificate;
use crate::error::Unsupported;
use crate::policy::{AdesConstraints, Reliability, SignatureElement, ValidationPolicy, one_of};
use crate::signature::{
    CertificateReferences, Reference, Role, Signature, SignaturePolicy, StoredPolicy,
};
use crate::time::UnixTime;
use crate::vocabulary::{
    CheckId, ReferenceKind, RoleKind, SignatureFormat, SubIndication, TimestampKind, hex,
};
use std::collections::BTreeSet;

/// Whose acceptance is judged: a time-stamp needs no claimed time of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Subject {
    Signature,
    Timestamp,
}

/// The attribute constraints (EN 319 102-1 §5.2.8.4.2).
pub(super) fn attribute_constraints(
    record: &Signature,
    certificate: Option<&Certificate>,
    subject: Subject,
    policy: &ValidationPolicy,
    log: &mut CheckLog<'_>,
) -> Conclusion {
    let object = Some(record.id.clone());
    let mut conclusion = Conclusion::PASSED;
    let mut weigh = |weight: Weight| {
        if weight == Weight::Fails {
            conclusion = Conclusion::of(SubIndication::SigConstraintsFailure);
        }
    };

    // §5.2.8.4.2.1: the signing-certificate attribute is there.
    if record.identification.references == CertificateReferences::Absent
        && record.identification.signed_copies.is_empty()
        && policy.ades == AdesConstraints::Apply
    {
        let (expected, found) = ("a signed reference to the signing certificate", "none");
        let check = CheckId::SigningCertificateReference;
        weigh(log.fail(check, expected, found, object.clone(), OnTrust::Independent));
    }
    if subject == Subject::Timestamp {
        return conclusion;
    }
    // Whoever names a constraint wants it, also where those of this library are left out.
    for element in wanted_by_policy(record, policy) {
        let (check, object) = (element.check, object.clone());
        if element.fits {
            log.hold(check, Some(element.expected), Some(element.found), object);
        } else {
            let (expected, found) = (element.expected, element.found);
            weigh(log.fail(check, expected, found, object, OnTrust::Independent));
        }
    }
    if policy.ades == AdesConstraints::Omit {
        return conclusion;
    }

    // XAdES: the signed properties are signed (EN 319 132-1 §4.4.2); CMS: the message digest is.
    if record.format == SignatureFormat::Xades {
        let is_properties = |kind| kind == ReferenceKind::SignedProperties;
        let check = CheckId::AttributeSignedProperties;
        if record
            .references
            .iter()
            .any(|reference| is_properties(reference.kind))
        {
            log.pass(check, object.clone());
        } else {
            let (expected, found) = ("a reference to the signed properties", "none");
            weigh(log.fail(check, expected, found, object.clone(), OnTrust::Independent));
        }
    }

    // §5.2.8.4.2: a claimed signing time, inside the validity of the signing certificate.
    match (record.claims.signing_time, certificate) {
        (None, _) => {
            let check = CheckId::AttributeSigningTime;
            let (expected, found) = ("a claimed signing time", "none");
            weigh(log.fail(check, expected, found, object.clone(), OnTrust::Independent));
        }
        (Some(claimed), certificate) => {
            log.pass(CheckId::AttributeSigningTime, object.clone());
            if let Some(certificate) = certificate {
                let validity = certificate.validity();
                let check = CheckId::AttributeSigningTimeInValidity;
                let expected = format!("{} to {}", validity.not_before, validity.not_after);
                if validity.contains(claimed) {
                    let found = Some(claimed.to_string());
                    log.hold(check, Some(expected), found, object.clone());
                } else {
                    let found = claimed.to_string();
                    weigh(log.fail(check, expected, found, object.clone(), OnTrust::Independent));
                }
            }
        }
    }

    if let Some(SignaturePolicy::Identified {
        id, digest, stored, ..
    }) = &record.claims.policy
        && let Some(sub) = policy_document(id, digest.as_ref(), stored.as_ref(), object, log)
    {
        return Conclusion::of(sub);
    }
    conclusion
}

/// §5.2.4.4: the document of a named policy is not at hand, or travels along. The local policy
/// applies in any case. Nobody signed the document that travels along, so that another one says
/// nothing against the signature.
fn policy_document(
    id: &str,
    digest: Option<&(Result<DigestAlgorithm, Unsupported>, Vec<u8>)>,
    stored: Option<&StoredPolicy>,
    object: Option<String>,
    log: &mut CheckLog<'_>,
) -> Option<SubIndication> {
    let fails = |weight| weight == Weight::Fails;
    let check = CheckId::SignaturePolicyAvailable;
    let Some(stored) = stored else {
        let expected = "the document of the named signature policy";
        let found = format!("{id}: not at hand");
        let weight = log.fail(check, expected, found, object, OnTrust::Independent);
        return fails(weight).then_some(SubIndication::SignaturePolicyNotAvailable);
    };
    log.pass(check, object.clone());
    let check = CheckId::SignaturePolicyDigest;
    let found = match stored {
        StoredPolicy::Fits => {
            log.pass(check, object);
            return None;
        }
        StoredPolicy::Differs { found } => hex(found),
        StoredPolicy::NotCompared(why) => why.clone(),
    };
    let expected = match digest {
        Some((_, digest)) => format!("{id}, digest {}", hex(digest)),
        None => format!("{id}, with its digest"),
    };
    let weight = log.fail(check, expected, found, object, OnTrust::Independent);
    fails(weight).then_some(SubIndication::PolicyProcessingError)
}

/// A constraint that the policy adds, and how the signature fits it.
struct Element {
    check: CheckId,
    expected: String,
    found: String,
    fits: bool,
}

/// The constraints on signature elements that the policy adds (§5.1.4.4): none, by default.
fn wanted_by_policy(record: &Signature, policy: &ValidationPolicy) -> Vec<Element> {
    let (wanted, claims) = (&policy.signature, &record.claims);
    let mut all = Vec::new();
    let mut add = |check, expected: String, found: Vec<String>, fits: bool| {
        if !expected.is_empty() {
            let found = match found.is_empty() {
                true => "none".to_owned(),
                false => found.join(", "),
            };
            all.push(Element {
                check,
                expected,
                found,
                fits,
            });
        }
    };
    let (check, found) = (CheckId::ConstraintFormat, record.format.to_string());
    let fits = wanted.formats.contains(&record.format);
    add(check, one_of(&wanted.formats), vec![found], fits);

    let (check, found) = (CheckId::ConstraintLevel, record.level.to_string());
    let fits = wanted.levels.contains(&record.level);
    add(check, one_of(&wanted.levels), vec![found], fits);

    let present = SignatureElement::ALL.iter().copied();
    let present: BTreeSet<_> = present.filter(|one| is_there(record, *one)).collect();
    let fits = wanted.required.is_subset(&present);
    let found = present.iter().map(ToString::to_string).collect();
    let check = CheckId::ConstraintElement;
    add(check, one_of(&wanted.required), found, fits);

    let stated = claims.commitment_types.iter().map(|one| one.id.clone());
    let stated: Vec<String> = stated.collect();
    let accepted = &wanted.commitment_types;
    let fits = stated.iter().all(|one| accepted.contains(one));
    let check = CheckId::ConstraintCommitmentType;
    add(check, one_of(accepted), stated, fits);

    // What certifies or asserts a role is signed by the signer and verified by nobody: its role
    // counts as claimed. Whatever is not read may say any role.
    let (stated, accepted) = (&claims.roles, &wanted.roles);
    let fits = stated.iter().all(|role| {
        let is_read = role.kind != RoleKind::Assertion;
        is_read
            && role
                .value
                .as_ref()
                .is_some_and(|role| accepted.contains(role))
    });
    let stated = stated.iter().map(stated_role).collect();
    let check = CheckId::ConstraintRole;
    add(check, one_of(accepted), stated, fits);

    let stated = claims.policy.as_ref().map(|stated| match stated {
        SignaturePolicy::Implied => "implied".to_owned(),
        SignaturePolicy::Identified { id, .. } => id.clone(),
    });
    let accepted = &wanted.policies;
    let fits = stated.iter().all(|one| accepted.contains(one));
    let check = CheckId::ConstraintSignaturePolicy;
    add(check, one_of(accepted), stated.into_iter().collect(), fits);
    all
}

fn stated_role(role: &Role) -> String {
    let what = match (role.kind, &role.value) {
        (RoleKind::Assertion, _) => "an assertion",
        (_, Some(value)) => value,
        (_, None) if role.is_unreadable => "an attribute certificate that cannot be read",
        (_, None) => "an attribute certificate",
    };
    what.to_owned()
}

/// Whether the signature says or carries it. What it is worth is the business of other checks: a
/// time-stamp that proves nothing fails its own.
fn is_there(record: &Signature, element: SignatureElement) -> bool {
    let claims = &record.claims;
    let stamped = |kind| record.timestamps.iter().any(|one| one.kind == kind);
    match element {
        SignatureElement::CommitmentType => !claims.commitment_types.is_empty(),
        SignatureElement::Role => !claims.roles.is_empty(),
        SignatureElement::ProductionPlace => {
            !claims.production_place.is_empty() || claims.location.is_some()
        }
        SignatureElement::SignaturePolicy => claims.policy.is_some(),
        SignatureElement::ContentTimestamp => stamped(TimestampKind::ContentTimestamp),
        SignatureElement::SignatureTimestamp => stamped(TimestampKind::SignatureTimestamp),
    }
}

/// An algorithm of the signature, and until when it is reliable.
#[derive(Clone, Debug)]
pub(super) struct AlgorithmUse {
    pub(super) name: String,
    pub(super) until: Reliability,
}

/// The algorithms of the signature value and of the signed references.
pub(super) fn algorithms(
    record: &Signature,
    key_size: Option<KeySize>,
    policy: &ValidationPolicy,
) -> Vec<AlgorithmUse> {
    let mut uses = Vec::new();
    if policy.ades == AdesConstraints::Omit {
        return uses;
    }
    if let Some(value) = &record.value {
        if let Ok(algorithm) = value.algorithm {
            uses.extend(signature_algorithm(algorithm, key_size, policy));
        }
        if let Some(digest) = value.digest_beside {
            uses.push(AlgorithmUse {
                name: digest.to_string(),
                until: policy.suite.digest(digest),
            });
        }
    }
    let own = |reference: &&Reference| reference.kind != ReferenceKind::RenewedDigest;
    for reference in record.references.iter().filter(own) {
        if let Ok(digest) = reference.algorithm {
            let name = digest.to_string();
            if !uses.iter().any(|one| one.name == name) {
                uses.push(AlgorithmUse {
                    name,
                    until: policy.suite.digest(digest),
                });
            }
        }
    }
    uses
}

/// The algorithm of the signature value with the size of the key. Without a key at hand, which is
/// a failure of its own, there is no size to judge: the digest alone is.
fn signature_algorithm(
    algorithm: SignatureAlgorithm,
    key_size: Option<KeySize>,
    policy: &ValidationPolicy,
) -> Option<AlgorithmUse> {
    match (key_size, algorithm.digest()) {
        (Some(size), _) => Some(AlgorithmUse {
            name: format!("{algorithm}, {size}"),
            until: policy.suite.signature(algorithm, size),
        }),
        (None, Some(digest)) => Some(AlgorithmUse {
            name: digest.to_string(),
            until: policy.suite.digest(digest),
        }),
        (None, None) => None,
    }
}

/// The algorithms that are not reliable at a time.
pub(super) fn unreliable_at(uses: &[AlgorithmUse], time: UnixTime) -> Vec<&AlgorithmUse> {
    uses.iter()
        .filter(|one| one.until.holds_at(time).is_none())
        .collect()
}

/// `until 2012-08-01T00:00:00Z`, `never`.
pub(super) fn until_words(until: Reliability) -> String {
    match until {
        Reliability::Never => "never reliable".to_owned(),
        Reliability::Until(end) => format!("reliable before {end}"),
        Reliability::Always => "reliable".to_owned(),
    }
}
