//! Identification of the signing certificate, EN 319 102-1 §5.2.3.
//!
//! A candidate is tried against the *signed* reference. No unverified hint ever picks the key where
//! a signed reference exists, and where none exists the report says so: without one an attacker can
//! put another certificate with the same key into the document (certificate substitution).

use super::check_log::{CheckLog, OnTrust, Weight};
use super::conclusion::Conclusion;
use crate::algorithm::DigestAlgorithm;
use crate::certificate::{Certificate, Name};
use crate::crypto;
use crate::error::Error;
use crate::evidence::Evidence;
use crate::limits::{Budget, Resource};
use crate::signature::{
    CertificateReference, CertificateReferences, Identification, IssuerName, IssuerSerial,
    ReferenceOrder, Signature, SignerHint,
};
use crate::vocabulary::{CheckId, SubIndication};

/// The signing certificate, or why there is none.
#[derive(Clone, Debug)]
pub(super) struct Identified {
    pub(super) conclusion: Conclusion,
    /// The signing certificate. Also present beside a failing conclusion when a hint names one, so
    /// that integrity can be told.
    pub(super) certificate: Option<Certificate>,
    /// Whether a certificate is named that contradicts the signed reference.
    pub(super) is_contradicted: bool,
}

/// Finds the signing certificate of a record.
pub(super) fn identify_signing_certificate(
    evidence: &Evidence,
    record: &Signature,
    log: &mut CheckLog<'_>,
    budget: &mut Budget,
) -> Result<Identified, Error> {
    let object = Some(record.id.clone());
    let candidates = candidates(evidence, record);
    let hinted = hinted(&record.identification, &candidates, budget);

    let (references, beside, order) = match &record.identification.references {
        CertificateReferences::Absent => {
            return Ok(without_reference(record, &candidates, hinted, log));
        }
        CertificateReferences::Malformed => {
            return Ok(unusable(
                "a signing-certificate reference that can be read",
                "malformed",
                hinted,
                object,
                log,
            ));
        }
        CertificateReferences::Ambiguous => {
            return Ok(unusable(
                "one signing-certificate reference",
                "several",
                hinted,
                object,
                log,
            ));
        }
        CertificateReferences::Present {
            references,
            beside,
            order,
        } => (references, beside, *order),
    };
    log.pass(CheckId::SigningCertificateReference, object.clone());

    // EN 319 102-1 §5.2.3.4 steps 1 and 2: the first reference whose digest fits a candidate; in
    // CMS only the first reference may name the signer (RFC 5035 §3).
    let tried: &[CertificateReference] = match order {
        ReferenceOrder::FirstOnly => references.get(..1).unwrap_or(references),
        ReferenceOrder::Any => references,
    };
    // The certificate that the hints name is tried first: it is the one whose key is used.
    let mut ordered: Vec<&Certificate> = hinted.iter().collect();
    ordered.extend(candidates.iter());
    for reference in tried {
        let Ok(algorithm) = &reference.algorithm else {
            continue;
        };
        for candidate in &ordered {
            if !is_digest_of(*algorithm, &reference.digest, candidate)? {
                continue;
            }
            // RFC 5035 §5: signing-certificate beside signing-certificate-v2 is evaluated by itself,
            // wherever the certificate comes from: a signature that names two signers names none.
            if let Some(other) = beside.first()
                && let Ok(algorithm) = other.algorithm
                && !is_digest_of(algorithm, &other.digest, candidate)?
            {
                let expected = "one signing-certificate reference";
                let certificate = Some((*candidate).clone());
                return Ok(unusable(expected, "several", certificate, object, log));
            }
            let id = Some(candidate.id().to_hex());
            log.pass(CheckId::SigningCertificateReferenceFits, id.clone());
            // RFC 5652 §5.3: the sid says which certificate verifies the signature, and RFC 5035 §5.4
            // calls a signature invalid whose reference is to another one than that.
            let is_message = order == ReferenceOrder::FirstOnly;
            if is_message && names_another(&record.identification.hints, candidate, budget) {
                let expected = "the certificate that the signer identifier names";
                let found = "a reference to another certificate";
                let check = CheckId::SigningCertificateIdentified;
                log.fail(check, expected, found, id, OnTrust::Independent);
                return Ok(Identified {
                    conclusion: Conclusion::of(SubIndication::NoSigningCertificateFound),
                    certificate: Some((*candidate).clone()),
                    is_contradicted: hinted.is_some(),
                });
            }
            log.pass(CheckId::SigningCertificateIdentified, id);
            let weight = compare_issuer_serial(reference, candidate, log, budget);
            let conclusion = match weight {
                Weight::Tolerated => Conclusion::PASSED,
                Weight::Fails => Conclusion::of(SubIndication::NoSigningCertificateFound),
            };
            return Ok(Identified {
                conclusion,
                certificate: Some((*candidate).clone()),
                is_contradicted: false,
            });
        }
    }
    let is_unknown = tried.iter().all(|reference| reference.algorithm.is_err());
    if is_unknown {
        log.fail(
            CheckId::UnsupportedAlgorithm,
            "an implemented digest in the signing-certificate reference",
            "none",
            object.clone(),
            OnTrust::Independent,
        );
    }
    let found = match candidates.len() {
        0 if record.identification.leads_elsewhere => nothing(&record.identification).to_owned(),
        0 => "no certificate at hand".to_owned(),
        number if record.identification.leads_elsewhere => {
            let elsewhere = nothing(&record.identification);
            format!("{number} certificates, none with this digest, and {elsewhere}")
        }
        number => format!("{number} certificates, none with this digest"),
    };
    let is_contradicted = hinted.is_some() && !is_unknown;
    let expected = "a certificate with the digest of the signed reference";
    Ok(Identified {
        is_contradicted,
        ..unusable(expected, &found, hinted, object, log)
    })
}

/// Whether a digest is that of a certificate, where it can be computed. A fact about two octet strings.
fn is_digest_of(
    algorithm: DigestAlgorithm,
    digest: &[u8],
    certificate: &Certificate,
) -> Result<bool, Error> {
    match crypto::digest(algorithm, certificate.der()) {
        Ok(found) => Ok(crypto::equal(&found, digest)),
        Err(Error::Unsupported(_)) => Ok(false),
        Err(error) => Err(error),
    }
}

/// Every certificate at hand: those of the signature first.
fn candidates(evidence: &Evidence, record: &Signature) -> Vec<Certificate> {
    let pool = evidence.pool();
    let own = record.certificates.iter();
    let mut list: Vec<Certificate> = own
        .filter_map(|one| pool.certificate(&crypto::object_id(&one.octets)))
        .cloned()
        .collect();
    for other in pool.certificates() {
        if !list.iter().any(|known| known.id() == other.id()) {
            list.push(other.clone());
        }
    }
    list
}

/// The certificate that the hints name.
fn hinted(
    identification: &Identification,
    candidates: &[Certificate],
    budget: &mut Budget,
) -> Option<Certificate> {
    identification.hints.iter().find_map(|hint| {
        let mut named = candidates
            .iter()
            .filter(|candidate| hint_names(hint, candidate, budget));
        let first = named.next()?;
        // One subject has many certificates in its time: among several the name picks none.
        let is_clear = !matches!(hint, SignerHint::SubjectName(_)) || named.next().is_none();
        is_clear.then(|| first.clone())
    })
}

/// Whether the signer identifier is there and is not that of a certificate. A certificate without a
/// key identifier is named by none, and contradicts none.
fn names_another(hints: &[SignerHint], candidate: &Certificate, budget: &mut Budget) -> bool {
    let [hint] = hints else { return false };
    let can_tell = match hint {
        SignerHint::SubjectKeyIdentifier(_) => candidate.subject_key_identifier().is_some(),
        _ => true,
    };
    can_tell && !hint_names(hint, candidate, budget)
}

/// A fact about two names, not a verdict.
fn hint_names(hint: &SignerHint, candidate: &Certificate, budget: &mut Budget) -> bool {
    match hint {
        SignerHint::IssuerSerial(named) => names_certificate(named, candidate, budget),
        SignerHint::SubjectName(name) => candidate.subject().is_written_as(name),
        SignerHint::SubjectKeyIdentifier(identifier) => candidate
            .subject_key_identifier()
            .is_some_and(|own| own == identifier.as_slice()),
        SignerHint::Digest(algorithm, digest) => {
            let length = u64::try_from(candidate.der().len()).unwrap_or(u64::MAX);
            let is_paid = budget.charge(Resource::DigestedBytes, length).is_ok();
            is_paid && is_digest_of(*algorithm, digest, candidate).unwrap_or_default()
        }
        SignerHint::Certificate(octets) => candidate.der().as_ref() == octets.as_ref(),
        SignerHint::PublicKey(spki) => candidate.spki() == spki.as_ref(),
    }
}

fn names_certificate(named: &IssuerSerial, candidate: &Certificate, budget: &mut Budget) -> bool {
    let same_serial = candidate.serial_number() == named.serial_number.as_slice();
    same_serial
        && match &named.issuer {
            IssuerName::Der(der) => {
                Name::parse(der, budget).is_ok_and(|issuer| issuer.matches(candidate.issuer()))
            }
            // RFC 4514 strings are written in many ways: the serial number decides, the reference
            // by digest is what is trusted.
            IssuerName::Text(_) => true,
        }
}

fn compare_issuer_serial(
    reference: &CertificateReference,
    candidate: &Certificate,
    log: &mut CheckLog<'_>,
    budget: &mut Budget,
) -> Weight {
    let Some(named) = &reference.issuer_serial else {
        return Weight::Tolerated;
    };
    let id = Some(candidate.id().to_hex());
    let same_issuer = match &named.issuer {
        IssuerName::Der(der) => {
            Name::parse(der, budget).is_ok_and(|issuer| issuer.matches(candidate.issuer()))
        }
        IssuerName::Text(_) => true,
    };
    // EN 319 102-1 §5.2.3.4 step 3: only a warning, unless the policy says more.
    let check = CheckId::SigningCertificateIssuerSerial;
    if same_issuer && candidate.serial_number() == named.serial_number.as_slice() {
        log.pass(check, id);
        return Weight::Tolerated;
    }
    let expected = "issuer and serial number of the signing certificate";
    let found = "another issuer or serial number";
    log.fail(check, expected, found, id, OnTrust::Independent)
}

fn without_reference(
    record: &Signature,
    candidates: &[Certificate],
    hinted: Option<Certificate>,
    log: &mut CheckLog<'_>,
) -> Identified {
    // EN 319 102-1 §5.2.3.4: a signed copy of the certificate is as good as a reference.
    let copies = &record.identification.signed_copies;
    let copied = copies.iter().find_map(|copy| {
        candidates
            .iter()
            .find(|candidate| candidate.der().as_ref() == copy.as_ref())
            .cloned()
    });
    let certificate = copied.clone().or(hinted);
    let object = Some(record.id.clone());
    if copied.is_some() {
        log.pass(CheckId::SigningCertificateReference, object.clone());
    }
    let Some(certificate) = certificate else {
        let found = nothing(&record.identification);
        return unusable("a signing certificate", found, None, object, log);
    };
    log.pass(
        CheckId::SigningCertificateIdentified,
        Some(certificate.id().to_hex()),
    );
    // Whether absence matters is asked in signature acceptance (EN 319 102-1 §5.2.8.4.2.1).
    Identified {
        conclusion: Conclusion::PASSED,
        certificate: Some(certificate),
        is_contradicted: false,
    }
}

/// XMLDSig §4.5.3: a certificate that is only named by an address is not looked for.
fn nothing(identification: &Identification) -> &'static str {
    match identification.leads_elsewhere {
        true => "an address that is not followed: unsupported",
        false => "none",
    }
}

fn unusable(
    expected: &str,
    found: &str,
    certificate: Option<Certificate>,
    object: Option<String>,
    log: &mut CheckLog<'_>,
) -> Identified {
    let check = if certificate.is_some() {
        CheckId::SigningCertificateReferenceFits
    } else {
        CheckId::SigningCertificateIdentified
    };
    log.fail(check, expected, found, object, OnTrust::Independent);
    Identified {
        conclusion: Conclusion::of(SubIndication::NoSigningCertificateFound),
        certificate,
        is_contradicted: false,
    }
}
