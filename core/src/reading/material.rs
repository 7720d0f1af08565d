//! Material from the caller: certificates, CRLs, OCSP responses and evidence records in files of
//! unknown kind.

use crate::asn1::pem;
use crate::certificate::{Certificate, read_certificates};
use crate::error::{Error, Malformed, MalformedKind};
use crate::evidence::{Evidence, Located, Structure};
use crate::job::InputId;
use crate::limits::{Budget, Resource};
use crate::payload::PayloadName;
use crate::revocation::{BasicOcspResponse, Crl, OcspResponse};
use crate::signature::RevocationKind;
use crate::timestamp::EvidenceRecord;
use crate::vocabulary::{CertificateOrigin, RevocationOrigin};
use std::sync::Arc;

/// Material without trust.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Given {
    /// A certificate, as DER.
    Certificate(Arc<[u8]>),
    /// Revocation data, as DER.
    Revocation {
        /// What it is.
        kind: RevocationKind,
        /// The octets.
        octets: Arc<[u8]>,
    },
    /// An evidence record (RFC 4998, RFC 6283) about the document, and about what lies beside it as
    /// far as the record says so.
    EvidenceRecord(Arc<[u8]>),
}

impl Given {
    /// Joins the evidence, as provided by the caller.
    pub(super) fn join(self, evidence: &mut Evidence, budget: &mut Budget) {
        match self {
            Self::Certificate(octets) => {
                evidence.add_certificate(octets, CertificateOrigin::Provided, budget);
            }
            Self::Revocation { kind, octets } => {
                evidence.add_revocation(octets, kind, RevocationOrigin::Provided, budget);
            }
            Self::EvidenceRecord(octets) => {
                let beside = evidence.document().detached.iter().map(|(input, _)| *input);
                let about = std::iter::once(InputId(0)).chain(beside);
                let content = about.map(PayloadName::Input).collect();
                let object = Some(evidence.keep(octets));
                evidence.add_located(Located {
                    place: String::new(),
                    object,
                    structure: Structure::EvidenceRecord {
                        content,
                        manifest: None,
                    },
                    findings: Vec::new(),
                });
            }
        }
    }
}

/// Tells what a file holds: certificates (PEM, DER, PKCS #7), a CRL or an OCSP response (PEM, DER),
/// or an evidence record.
///
/// # Errors
/// [`Malformed`] when it is none of these, a limit.
pub fn recognise_material(octets: &[u8], budget: &mut Budget) -> Result<Vec<Given>, Error> {
    // The caller holds the file, and what is in it is kept beside it.
    let length = u64::try_from(octets.len()).unwrap_or(u64::MAX);
    budget.check(Resource::StructureBytes, length.saturating_mul(2))?;
    let record = EvidenceRecord::read(octets, &mut budget.clone());
    if record.is_ok() {
        return Ok(vec![Given::EvidenceRecord(octets.into())]);
    }
    if octets.starts_with(b"0") {
        // What is an evidence record and wrong is nothing else: it says why.
        let is_record = |error: &Error| match error {
            Error::Malformed(wrong) => wrong.kind == MalformedKind::EvidenceRecordStructure,
            Error::Unsupported(_) => true,
            _ => false,
        };
        return der(octets, budget)
            .map_err(|other| record.err().filter(is_record).unwrap_or(other));
    }
    let mut given = Vec::new();
    if let Ok(blocks) = pem::decode(octets) {
        for block in blocks {
            // Labels are hints: what the octets are decides.
            given.extend(der(&block.der, budget)?);
        }
    }
    if given.is_empty() {
        return Err(Malformed::within(MalformedKind::TrustPath, "file").into());
    }
    Ok(given)
}

fn der(octets: &[u8], budget: &mut Budget) -> Result<Vec<Given>, Error> {
    let kept: Arc<[u8]> = octets.into();
    if Certificate::parse_kept(Arc::clone(&kept), budget).is_ok() {
        return Ok(vec![Given::Certificate(kept)]);
    }
    if Crl::parse_kept(Arc::clone(&kept), budget).is_ok() {
        return Ok(vec![Given::Revocation {
            kind: RevocationKind::Crl,
            octets: kept,
        }]);
    }
    if OcspResponse::parse(octets, budget).is_ok() {
        return Ok(vec![Given::Revocation {
            kind: RevocationKind::OcspResponse,
            octets: kept,
        }]);
    }
    if BasicOcspResponse::parse(octets, budget).is_ok() {
        let kind = RevocationKind::BasicOcspResponse;
        return Ok(vec![Given::Revocation { kind, octets: kept }]);
    }
    let certificates = read_certificates(octets, budget)?;
    Ok(certificates
        .iter()
        .map(|one| Given::Certificate(Arc::clone(one.der())))
        .collect())
}
