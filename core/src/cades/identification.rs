//! How a SignerInfo names its certificate.

use crate::cms::{EssCertId, EssReferences, SignerIdentifier};
use crate::signature::{
    CertificateReference, CertificateReferences, IssuerName, IssuerSerial, ReferenceOrder,
    SignerHint,
};
use std::sync::Arc;

/// The signed references. RFC 5035 §3: only the first names the signing certificate.
pub(super) fn references(found: &EssReferences) -> CertificateReferences {
    let (v1, v2) = match found {
        EssReferences::Absent => return CertificateReferences::Absent,
        EssReferences::Malformed(_) => return CertificateReferences::Malformed,
        EssReferences::Repeated => return CertificateReferences::Ambiguous,
        EssReferences::Present { v1, v2 } => (v1, v2),
    };
    // RFC 5035 §5: where both versions are there they are evaluated independently. Version 2 is
    // the one that decides, version 1 stands beside it.
    let (deciding, other) = match (v1, v2) {
        (v1, Some(v2)) => (v2, v1.as_ref()),
        (Some(v1), None) => (v1, None),
        (None, None) => return CertificateReferences::Malformed,
    };
    let other = other.map(|other| other.certs.iter().map(reference).collect());
    CertificateReferences::Present {
        references: deciding.certs.iter().map(reference).collect(),
        beside: other.unwrap_or_default(),
        order: ReferenceOrder::FirstOnly,
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
