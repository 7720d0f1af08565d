//! Constraints of the role in which a certificate is used, EN 319 102-1 §5.2.6.4 step 5.

use super::x509_certificate_validation::{Chain, Findings};
use super::x509_findings::FindingKind;
use crate::certificate::{Certificate, ExtendedKeyUsage, KeyUsageBit, QcType};
use crate::policy::{AdesConstraints, one_of};
use crate::vocabulary::{CheckId, Purpose};
use std::collections::BTreeSet;

/// What the role asks of the certificate itself.
pub(super) fn constraints(
    findings: &mut Findings<'_, '_>,
    certificate: &Certificate,
    chain: &Chain,
    is_anchor: bool,
) {
    let Some(purpose) = chain.purpose else {
        return;
    };
    // Whoever names a constraint wants it, also where those of this library are left out.
    if purpose == Purpose::Signing {
        wanted_by_policy(findings, certificate);
    }
    if findings.validator.policy.ades == AdesConstraints::Omit {
        // RFC 5280 §4.2.1.12: a certificate is used for the purposes that it states.
        let wanted = match purpose {
            Purpose::Timestamping => ExtendedKeyUsage::TIME_STAMPING,
            Purpose::Ocsp => ExtendedKeyUsage::OCSP_SIGNING,
            // No purpose of RFC 5280 is that of signing documents.
            _ => return,
        };
        findings.executed(CheckId::PathConstraints, Some(certificate.id().to_hex()));
        let is_allowed = match certificate.extended_key_usage() {
            Ok(None) => true,
            Ok(Some(usage)) => usage.contains(wanted) || usage.contains(ExtendedKeyUsage::ANY),
            Err(_) => false,
        };
        if !is_allowed {
            let expected = format!("an extended key usage with {wanted}, or none");
            wrong(findings, certificate, &expected, "another");
        }
        return;
    }
    findings.executed(CheckId::PathConstraints, Some(certificate.id().to_hex()));
    match purpose {
        Purpose::Timestamping => timestamping(findings, certificate),
        Purpose::Ocsp => responder(findings, certificate),
        _ => {
            signing(findings, certificate);
            // RFC 5280 §6.1.1(d): of an anchor only its name and key count; it is trusted by decision.
            if !is_anchor {
                signs_documents(findings, certificate);
            }
        }
    }
}

fn wrong(findings: &mut Findings<'_, '_>, certificate: &Certificate, expected: &str, found: &str) {
    let (kind, check) = (FindingKind::Constraints, CheckId::PathConstraints);
    let object = Some(certificate.id().to_hex());
    findings.found(kind, check, expected, found, object, None);
}

/// RFC 6960 §4.2.2.2.1: the extension is for responders; on a signer it would hide revocation.
fn no_nocheck(findings: &mut Findings<'_, '_>, certificate: &Certificate) {
    if certificate.has_ocsp_nocheck() {
        wrong(findings, certificate, "no id-pkix-ocsp-nocheck", "present");
    }
}

fn timestamping(findings: &mut Findings<'_, '_>, certificate: &Certificate) {
    no_nocheck(findings, certificate);
    // RFC 3161 §2.3: critical, and nothing but time-stamping.
    match certificate.extended_key_usage() {
        Ok(Some(usage))
            if usage.critical
                && usage.purposes.len() == 1
                && usage.contains(ExtendedKeyUsage::TIME_STAMPING) => {}
        _ => {
            let expected = "a critical extended key usage, time-stamping only";
            wrong(findings, certificate, expected, "another");
        }
    }
    let is_allowed = match certificate.key_usage() {
        Ok(None) => true,
        Ok(Some(usage)) => {
            usage.contains_only(&[KeyUsageBit::DigitalSignature, KeyUsageBit::NonRepudiation])
        }
        Err(_) => false,
    };
    if !is_allowed {
        let expected = "key usage digitalSignature and nonRepudiation only";
        wrong(findings, certificate, expected, "another");
    }
}

/// RFC 6960 §4.2.2.2, for a delegate: of a CA that answers itself neither is asked.
fn responder(findings: &mut Findings<'_, '_>, certificate: &Certificate) {
    let is_authority = matches!(certificate.basic_constraints(), Ok(Some(known)) if known.ca);
    if is_authority {
        return;
    }
    match certificate.extended_key_usage() {
        Ok(Some(usage)) if usage.contains(ExtendedKeyUsage::OCSP_SIGNING) => {}
        _ => {
            let expected = "an extended key usage with OCSP signing";
            wrong(findings, certificate, expected, "none");
        }
    }
    if !allows(certificate, &SIGNS_DATA) {
        let expected = "key usage digitalSignature or nonRepudiation";
        wrong(findings, certificate, expected, "another");
    }
}

/// What signs that which is neither a certificate nor a list (RFC 5280 §4.2.1.3).
pub(super) const SIGNS_DATA: [KeyUsageBit; 2] =
    [KeyUsageBit::DigitalSignature, KeyUsageBit::NonRepudiation];

/// RFC 5280 §4.2.1.3: a key usage, where there is one, allows one of these.
pub(super) fn allows(certificate: &Certificate, bits: &[KeyUsageBit]) -> bool {
    match certificate.key_usage() {
        Ok(None) => true,
        Ok(Some(usage)) => bits.iter().any(|bit| usage.contains(*bit)),
        Err(_) => false,
    }
}

fn signing(findings: &mut Findings<'_, '_>, certificate: &Certificate) {
    no_nocheck(findings, certificate);
    let acceptable = [
        ExtendedKeyUsage::ANY,
        ExtendedKeyUsage::EMAIL_PROTECTION,
        ExtendedKeyUsage::DOCUMENT_SIGNING,
        ExtendedKeyUsage::ADOBE_DOCUMENT_SIGNING,
    ];
    match certificate.extended_key_usage() {
        Ok(Some(usage))
            if usage.critical && !acceptable.iter().any(|purpose| usage.contains(purpose)) =>
        {
            let expected = "a critical extended key usage that allows documents";
            wrong(findings, certificate, expected, "another");
        }
        Err(_) => {
            let expected = "an extended key usage that can be read";
            wrong(findings, certificate, expected, "malformed");
        }
        Ok(_) => {}
    }
    // A certificate for signing documents commits its owner (nonRepudiation).
    let object = Some(certificate.id().to_hex());
    findings.executed(CheckId::PathKeyUsage, object.clone());
    let commits = match certificate.key_usage() {
        Ok(None) => true,
        Ok(Some(usage)) => usage.contains(KeyUsageBit::NonRepudiation),
        Err(_) => false,
    };
    if !commits {
        let (kind, check) = (FindingKind::Constraints, CheckId::PathKeyUsage);
        let expected = "key usage nonRepudiation (contentCommitment)";
        findings.found(kind, check, expected, "not set", object, None);
    }
}

/// X.509 §9.2.2.3: where the key usage is critical the key is for nothing else, and RFC 5280 §4.2.1.3
/// says what its bits are for. A key for transport or for certificates alone signs no document; gpgsm
/// and the purpose `smimesign` of OpenSSL (RFC 8550 §4.4.2) refuse it too.
fn signs_documents(findings: &mut Findings<'_, '_>, certificate: &Certificate) {
    let usage = certificate.extension("2.5.29.15");
    if usage.is_some_and(|usage| usage.critical) && !allows(certificate, &SIGNS_DATA) {
        let expected = "key usage digitalSignature or nonRepudiation";
        wrong(findings, certificate, expected, "another");
    }
}

/// What the policy wants of the certificate of a signer: nothing, by default.
fn wanted_by_policy(findings: &mut Findings<'_, '_>, certificate: &Certificate) {
    let policy = findings.validator.policy;
    let wanted = &policy.certificate;
    let mut compare = |check, expected: &BTreeSet<String>, found: Vec<String>, fits: bool| {
        if expected.is_empty() {
            return;
        }
        let object = Some(certificate.id().to_hex());
        findings.executed(check, object.clone());
        if !fits {
            let found = match found.is_empty() {
                true => "none".to_owned(),
                false => found.join(", "),
            };
            let kind = FindingKind::Constraints;
            findings.found(kind, check, one_of(expected), found, object, None);
        }
    };

    let policies = certificate.certificate_policies().ok().flatten();
    let policies = policies.map(|known| known.iter().map(|one| one.policy.to_string()));
    let policies: Vec<_> = policies.into_iter().flatten().collect();
    let fits = policies.iter().any(|one| wanted.policies.contains(one));
    let check = CheckId::ConstraintCertificatePolicy;
    compare(check, &wanted.policies, policies, fits);

    let statements = statements(certificate);
    let fits = wanted.statements.iter().all(|one| statements.contains(one));
    let check = CheckId::ConstraintCertificateStatement;
    compare(check, &wanted.statements, statements, fits);

    let purposes = match certificate.extended_key_usage() {
        Ok(usage) => usage.map(|usage| usage.purposes.iter().map(ToString::to_string).collect()),
        // What cannot be read may be anything.
        Err(_) => Some(vec!["malformed".to_owned()]),
    };
    let purposes: Vec<_> = purposes.unwrap_or_default();
    let is_forbidden = |one: &String| one == "malformed" || wanted.forbidden_purposes.contains(one);
    let fits = !purposes.iter().any(is_forbidden);
    let check = CheckId::ConstraintCertificatePurpose;
    if !wanted.forbidden_purposes.is_empty() {
        let object = Some(certificate.id().to_hex());
        findings.executed(check, object.clone());
        if !fits {
            let expected = format!("none of {}", one_of(&wanted.forbidden_purposes));
            let kind = FindingKind::Constraints;
            findings.found(kind, check, expected, purposes.join(", "), object, None);
        }
    }
}

/// The statements for qualified certificates, in the words of a policy.
fn statements(certificate: &Certificate) -> Vec<String> {
    let Some(known) = certificate.qc_statements().ok().flatten() else {
        return Vec::new();
    };
    let words = [
        (known.compliance, "qualified"),
        (known.qscd, "device"),
        (known.types.contains(&QcType::Esign), "esign"),
        (known.types.contains(&QcType::Eseal), "eseal"),
    ];
    let words = words.into_iter().filter(|(is_stated, _)| *is_stated);
    let words = words.map(|(_, word)| word.to_owned());
    words
        .chain(known.unknown.iter().map(ToString::to_string))
        .collect()
}
