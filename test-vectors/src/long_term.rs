//! The certificates and revocation data that a signature carries to be judged later.

use crate::crl;
use crate::error::Result;
use crate::hash::Hash;
use crate::ocsp::{self, CertId, ResponseSpec};
use crate::pki::{Entity, Pki};

/// Everything that level LT puts beside a signature.
#[derive(Debug, Clone, Default)]
pub struct LongTermValues {
    /// Certificates in DER, the anchor among them.
    pub certificates: Vec<Vec<u8>>,
    /// CRLs in DER.
    pub crls: Vec<Vec<u8>>,
    /// OCSPResponses in DER.
    pub ocsps: Vec<Vec<u8>>,
}

impl LongTermValues {
    /// What a verifier of `signer` and of a time-stamp by `tsa` needs, collected at `time`.
    ///
    /// A CRL of the root speaks for the issuing CA, an OCSP response for each of the two.
    ///
    /// # Errors
    /// Never with the keys that are committed.
    pub fn collect(pki: &Pki, signer: &Entity, tsa: &Entity, time: i64) -> Result<Self> {
        let responder = &pki.ocsp_responder;
        let about = |entity: &Entity| {
            let id = CertId::new(&pki.issuing_ca, &entity.serial_number, Hash::Sha1);
            let status = ocsp::status(pki, &id, time);
            ocsp::respond(&ResponseSpec::about(id, status, responder, time), responder)
        };
        let certificates = [&pki.issuing_ca, &pki.root, responder, tsa];
        Ok(Self {
            certificates: certificates.iter().map(|e| e.certificate.clone()).collect(),
            crls: vec![crl::of_root(pki, time)?],
            ocsps: vec![about(signer)?, about(tsa)?],
        })
    }
}
