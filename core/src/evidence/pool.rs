//! Certificates and revocation data at hand, parsed, each once.

use crate::certificate::Certificate;
use crate::crypto;
use crate::limits::Budget;
use crate::revocation::{BasicOcspResponse, Crl, OcspResponse};
use crate::signature::{RevocationKind, Signature};
use crate::timestamp::EvidenceRecord;
use crate::vocabulary::{CertificateOrigin, ObjectId, RevocationOrigin};
use std::collections::BTreeMap;
use std::sync::Arc;

/// What is at hand, in the order found. Being here gives no trust.
#[derive(Clone, Debug, Default)]
pub struct Pool {
    certificates: Vec<Certificate>,
    certificate_index: BTreeMap<ObjectId, usize>,
    revocation: Vec<Revocation>,
    revocation_index: BTreeMap<ObjectId, usize>,
}

/// Revocation data that could be read.
#[derive(Clone, Debug)]
pub struct Revocation {
    /// SHA-256 of the octets.
    pub id: ObjectId,
    /// Where it was found.
    pub origin: RevocationOrigin,
    /// What it says.
    pub data: RevocationData,
}

/// A CRL or an OCSP response.
#[derive(Clone, Debug)]
pub enum RevocationData {
    /// RFC 5280 §5.
    Crl(Arc<Crl>),
    /// RFC 6960 §4.2.
    Ocsp(Arc<BasicOcspResponse>),
}

impl Revocation {
    /// Whether it is a CRL.
    #[must_use]
    pub fn is_crl(&self) -> bool {
        matches!(self.data, RevocationData::Crl(_))
    }
}

fn ocsp(response: BasicOcspResponse) -> RevocationData {
    RevocationData::Ocsp(Arc::new(response))
}

impl Pool {
    /// Every certificate, in the order found.
    pub fn certificates(&self) -> impl Iterator<Item = &Certificate> {
        self.certificates.iter()
    }

    /// The certificate with this digest.
    #[must_use]
    pub fn certificate(&self, id: &ObjectId) -> Option<&Certificate> {
        self.certificate_index
            .get(id)
            .and_then(|index| self.certificates.get(*index))
    }

    /// All revocation data, in the order found.
    #[must_use]
    pub fn revocation(&self) -> &[Revocation] {
        &self.revocation
    }

    /// The revocation data with this digest.
    #[must_use]
    pub fn revocation_of(&self, id: &ObjectId) -> Option<&Revocation> {
        self.revocation_index
            .get(id)
            .and_then(|index| self.revocation.get(*index))
    }

    pub(super) fn add_certificate(
        &mut self,
        octets: Arc<[u8]>,
        _origin: CertificateOrigin,
        budget: &mut Budget,
    ) {
        let id = crypto::object_id(&octets);
        if self.certificate_index.contains_key(&id) {
            return;
        }
        if let Ok(certificate) = Certificate::parse_kept(octets, budget) {
            self.certificate_index.insert(id, self.certificates.len());
            self.certificates.push(certificate.identified(id));
        }
    }

    pub(super) fn add_revocation(
        &mut self,
        octets: Arc<[u8]>,
        kind: RevocationKind,
        origin: RevocationOrigin,
        budget: &mut Budget,
    ) {
        let id = crypto::object_id(&octets);
        if self.revocation_index.contains_key(&id) {
            return;
        }
        let data = match kind {
            RevocationKind::Crl => Crl::parse_kept(octets, budget)
                .ok()
                .map(|crl| RevocationData::Crl(Arc::new(crl))),
            // An answer that says only why there is none is no revocation data.
            RevocationKind::OcspResponse => OcspResponse::parse(&octets, budget)
                .ok()
                .and_then(|one| one.basic)
                .map(ocsp),
            RevocationKind::BasicOcspResponse => {
                BasicOcspResponse::parse(&octets, budget).ok().map(ocsp)
            }
        };
        let Some(data) = data else { return };
        if let RevocationData::Ocsp(response) = &data {
            for certificate in response.certificates() {
                let octets = Arc::clone(certificate);
                self.add_certificate(octets, CertificateOrigin::OcspResponse, budget);
            }
        }
        self.revocation_index.insert(id, self.revocation.len());
        self.revocation.push(Revocation { id, origin, data });
    }

    /// Joins what travels with an evidence record.
    pub(super) fn join_evidence_record(&mut self, record: &EvidenceRecord, budget: &mut Budget) {
        for octets in &record.certificates {
            let origin = CertificateOrigin::EvidenceRecord;
            self.add_certificate(Arc::clone(octets), origin, budget);
        }
        let origin = RevocationOrigin::EvidenceRecord;
        for octets in &record.crls {
            self.add_revocation(Arc::clone(octets), RevocationKind::Crl, origin, budget);
        }
        for octets in &record.ocsps {
            // Which of both it is, the syntax of the record leaves open.
            for kind in [
                RevocationKind::OcspResponse,
                RevocationKind::BasicOcspResponse,
            ] {
                self.add_revocation(Arc::clone(octets), kind, origin, budget);
            }
        }
    }

    /// Joins what travels with a signature.
    pub(super) fn join(&mut self, record: &Signature, budget: &mut Budget) {
        for certificate in &record.certificates {
            self.add_certificate(Arc::clone(&certificate.octets), certificate.origin, budget);
        }
        for one in &record.revocation {
            self.add_revocation(Arc::clone(&one.octets), one.kind, one.origin, budget);
        }
    }
}
