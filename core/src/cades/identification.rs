//! How a SignerInfo names its certificate.

use crate::algorithm::DigestAlgorithm;
use crate::cms::{EssCertId, EssReferences, SignerIdentifier};
use crate::crypto;
use crate::error::Error;
use crate::limits::{Budget, Resource};
use crate::signature::{
    CertificateReference, CertificateReferences, EmbeddedCertificate, IssuerName, IssuerSerial,
    ReferenceOrder, SignerHint,
};
use std::sync::Arc;

/// The signed references. RFC 5035 §3: only the first names the signing certificate.
pub(super) fn references(
    found: &EssReferences,
    embedded: &[EmbeddedCertificate],
    budget: &mut Budget,
) -> Result<CertificateReferences, Error> {
    let (v1, v2) = match found {
        EssReferences::Absent => return Ok(CertificateReferences::Absent),
        EssReferences::Malformed(_) => return Ok(CertificateReferences::Malformed),
        EssReferences::Repeated => return Ok(CertificateReferences::Ambiguous),
        EssReferences::Present { v1, v2 } => (v1, v2),
    };
    // RFC 5035 §5: where both versions are there they are evaluated independently. Version 2 is
    // the one that is kept; version 1 must not name another of the certificates at hand.
    if let (Some(v1), Some(v2)) = (v1, v2)
        && let (Some(weak), Some(strong)) = (v1.certs.first(), v2.certs.first())
    {
        for certificate in embedded {
            if fits(strong, &certificate.octets, budget)?
                && !fits(weak, &certificate.octets, budget)?
            {
                return Ok(CertificateReferences::Ambiguous);
            }
        }
    }
    let Some(certificates) = v2.as_ref().or(v1.as_ref()) else {
        return Ok(CertificateReferences::Malformed);
    };
    Ok(CertificateReferences::Present {
        references: certificates.certs.iter().map(reference).collect(),
        order: ReferenceOrder::FirstOnly,
    })
}

fn fits(reference: &EssCertId, certificate: &[u8], budget: &mut Budget) -> Result<bool, Error> {
    let algorithm: DigestAlgorithm = match &reference.hash_algorithm {
        Ok(algorithm) => *algorithm,
        Err(_) => return Ok(false),
    };
    let length = u64::try_from(certificate.len()).unwrap_or(u64::MAX);
    budget.charge(Resource::DigestedBytes, length)?;
    match crypto::digest(algorithm, certificate) {
        Ok(digest) => Ok(crypto::equal(&digest, &reference.cert_hash)),
        Err(Error::Unsupported(_)) => Ok(false),
        Err(error) => Err(error),
    }
}

fn reference(found: &EssCertId) -> CertificateReference {
    let issuer_serial = found.issuer_serial.as_ref().and_then(|found| {
        let issuer = IssuerName::Der(Arc::clone(found.issuer.as_ref()?));
        Some(IssuerSerial {
            issuer,
            serial_number: shortest(&found.serial_number),
        })
    });
    CertificateReference {
        algorithm: found.hash_algorithm.clone(),
        digest: found.cert_hash.clone(),
        issuer_serial,
    }
}

/// The `sid`.
pub(super) fn hint(sid: &SignerIdentifier) -> SignerHint {
    match sid {
        SignerIdentifier::IssuerAndSerialNumber {
            issuer,
            serial_number,
        } => SignerHint::IssuerSerial(IssuerSerial {
            issuer: IssuerName::Der(Arc::clone(issuer)),
            serial_number: shortest(serial_number),
        }),
        SignerIdentifier::SubjectKeyIdentifier(id) => SignerHint::SubjectKeyIdentifier(id.to_vec()),
    }
}

/// Content octets of an INTEGER in their shortest form (X.690 §8.3.2): BER producers differ.
fn shortest(octets: &[u8]) -> Vec<u8> {
    let mut octets = octets;
    while let [0, second, ..] = octets
        && second & 0x80 == 0
    {
        octets = octets.get(1..).unwrap_or_default();
    }
    octets.to_vec()
}
