//! Certificates that a CMS signature names behind its signing certificate, RFC 5035 §5.4.
//!
//! They limit the certificates that the path may be made of: a signer names them so that nobody
//! judges the signature by a path through another authority. A reference that is of no certificate
//! of the path says that the signer meant another one.

use super::check_log::{CheckLog, OnTrust, Weight};
use super::conclusion::Conclusion;
use super::validator::Validator;
use super::x509_findings::X509Outcome;
use crate::certificate::Certificate;
use crate::crypto;
use crate::error::Error;
use crate::limits::Resource;
use crate::signature::{CertificateReference, CertificateReferences, ReferenceOrder, Signature};
use crate::vocabulary::{CheckId, SubIndication};

/// Whether each further reference is of a certificate of the path, or of one above its anchor.
pub(super) fn references_in_the_path(
    validator: &mut Validator<'_>,
    record: &Signature,
    path: &X509Outcome,
    log: &mut CheckLog<'_>,
) -> Result<Conclusion, Error> {
    let CertificateReferences::Present {
        references,
        beside,
        order: ReferenceOrder::FirstOnly,
    } = &record.identification.references
    else {
        return Ok(Conclusion::PASSED);
    };
    let further = references.iter().skip(1).chain(beside.iter().skip(1));
    let further: Vec<&CertificateReference> = further.collect();
    // Without a path there is nothing to compare with, and that is told already.
    if further.is_empty() || path.path.is_empty() {
        return Ok(Conclusion::PASSED);
    }
    let mut known: Vec<Certificate> = path.path.iter().chain(&path.anchor).cloned().collect();
    above(validator, &mut known);
    let mut outside = 0u64;
    for reference in &further {
        if !is_among(reference, &known, validator)? {
            outside = outside.saturating_add(1);
        }
    }
    let (check, object) = (
        CheckId::SigningCertificateReferencesInPath,
        Some(record.id.clone()),
    );
    if outside == 0 {
        log.pass(check, object);
        return Ok(Conclusion::PASSED);
    }
    let expected = "further references to certificates of the path";
    let found = format!("{outside} of {} to others", further.len());
    let weight = log.fail(check, expected, found, object, OnTrust::Depends);
    Ok(match weight {
        Weight::Fails => Conclusion::of(SubIndication::SigConstraintsFailure),
        Weight::Tolerated => Conclusion::PASSED,
    })
}

/// Adds the certificates at hand above the last one: whoever trusts an authority below the root
/// has a shorter path than the signer named.
fn above(validator: &Validator<'_>, known: &mut Vec<Certificate>) {
    for _ in 0..MOST_ABOVE {
        let Some(last) = known.last() else { return };
        let pool = validator.evidence.pool();
        let next = pool.certificates().find(|one| {
            one.subject().matches(last.issuer()) && !known.iter().any(|own| own.id() == one.id())
        });
        let Some(next) = next.cloned() else { return };
        known.push(next);
    }
}

fn is_among(
    reference: &CertificateReference,
    known: &[Certificate],
    validator: &mut Validator<'_>,
) -> Result<bool, Error> {
    let Ok(algorithm) = reference.algorithm else {
        return Ok(false);
    };
    for certificate in known {
        let length = u64::try_from(certificate.der().len()).unwrap_or(u64::MAX);
        validator.budget.charge(Resource::DigestedBytes, length)?;
        match crypto::digest(algorithm, certificate.der()) {
            Ok(found) if crypto::equal(&found, &reference.digest) => return Ok(true),
            Ok(_) => {}
            Err(Error::Unsupported(_)) => return Ok(false),
            Err(error) => return Err(error),
        }
    }
    Ok(false)
}

/// Authorities above an anchor that are looked for: paths of PKIs in use have fewer.
const MOST_ABOVE: usize = 8;
