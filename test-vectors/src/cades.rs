//! CAdES signatures at levels B, T and LT, right or wrong as asked.
//!
//! # Standard
//! EN 319 122-1 §5 (the attributes), §6.3 (the baseline levels).

use crate::cms::{Attribute, Signed, SignedData, id, ocsp_choice};
use crate::der;
use crate::error::Result;
use crate::hash::Hash;
use crate::key::Scheme;
use crate::long_term::LongTermValues;
use crate::pki::{Entity, Pki};
use crate::tsa::{self, TokenSpec};

/// What is wrong with a CAdES signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flaw {
    /// Nothing.
    None,
    /// message-digest is of another content.
    WrongMessageDigest,
    /// There is no message-digest.
    MissingMessageDigest,
    /// There are two message-digests.
    TwoMessageDigests,
    /// There is no content-type.
    MissingContentType,
    /// content-type is not that of the content.
    WrongContentType,
    /// There is no signing-certificate-v2.
    MissingSigningCertificate,
    /// signing-certificate-v2 names another certificate.
    WrongSigningCertificate,
    /// The signature value does not fit.
    BrokenSignature,
    /// The attributes are stored in another order than they are signed in.
    UnsortedAttributes,
    /// There are no signed attributes: not an AdES signature.
    NoAttributes,
    /// The signer's certificate is not there.
    MissingCertificate,
    /// cms-algorithm-protection names another digest (RFC 6211).
    WrongAlgorithmProtection,
}

/// How a signature is made.
#[derive(Debug, Clone)]
pub struct CadesSpec {
    /// Whether the content stays outside.
    pub detached: bool,
    /// signing-time; `None` leaves it out, as PAdES wants it.
    pub signing_time: Option<i64>,
    /// The digest of the message, with a scheme if not the key's own.
    pub algorithms: Option<(Hash, Scheme)>,
    /// What is wrong.
    pub flaw: Flaw,
}

impl CadesSpec {
    /// A detached signature with signing-time, and nothing wrong.
    pub fn detached(signing_time: i64) -> Self {
        Self {
            detached: true,
            signing_time: Some(signing_time),
            algorithms: None,
            flaw: Flaw::None,
        }
    }
}

/// Signs `content` at level B; the outcome can be stamped and written.
///
/// # Errors
/// When the scheme does not go with the key.
pub fn sign(spec: &CadesSpec, content: &[u8], signer: &Entity) -> Result<Signed> {
    let mut data = SignedData::new(id::DATA, content, signer);
    if let Some((hash, scheme)) = spec.algorithms {
        data.hash = hash;
        data.scheme = Some(scheme);
        data.set(Attribute::message_digest(&hash.digest(content)));
    }
    if spec.detached {
        data.content = None;
    }
    if let Some(time) = spec.signing_time {
        data.set(Attribute::signing_time(time));
    }
    apply(spec.flaw, &mut data);
    data.sign(content, signer)
}

fn apply(flaw: Flaw, data: &mut SignedData) {
    let other = data.hash.digest(b"another content");
    match flaw {
        Flaw::None => {}
        Flaw::WrongMessageDigest => data.set(Attribute::message_digest(&other)),
        Flaw::MissingMessageDigest => data.remove(id::MESSAGE_DIGEST),
        Flaw::TwoMessageDigests => {
            let attributes = data.attributes.get_or_insert_default();
            attributes.push(Attribute::message_digest(&other));
        }
        Flaw::MissingContentType => data.remove(id::CONTENT_TYPE),
        Flaw::WrongContentType => data.set(Attribute::content_type(id::TST_INFO)),
        Flaw::MissingSigningCertificate => data.remove(id::SIGNING_CERTIFICATE_V2),
        Flaw::WrongSigningCertificate => {
            data.set(Attribute::signing_certificate_v2(b"another", Hash::Sha256));
        }
        Flaw::BrokenSignature => data.break_signature = true,
        Flaw::UnsortedAttributes => {
            let attributes = data.attributes.get_or_insert_default();
            attributes.sort_by_key(|attribute| std::cmp::Reverse(attribute.der()));
            data.unsorted = true;
        }
        Flaw::NoAttributes => data.attributes = None,
        Flaw::MissingCertificate => data.certificates.clear(),
        Flaw::WrongAlgorithmProtection => {
            let scheme = Scheme::Ecdsa(Hash::Sha384).identifier();
            let scheme = der::read(&scheme).map(|(value, _)| value.content.to_vec());
            let value = der::sequence(&[
                &Hash::Sha512.identifier(),
                &der::explicit(1, &scheme.unwrap_or_default()),
            ]);
            data.set(Attribute::new(id::ALGORITHM_PROTECTION, value));
        }
    }
}

impl Signed {
    /// Adds a signature-time-stamp as the honest authority would give it: level T.
    ///
    /// # Errors
    /// Never with the keys that are committed.
    pub fn stamp(&mut self, pki: &Pki, time: i64) -> Result<()> {
        let tsa = &pki.tsa_p256;
        let token = tsa::token(
            &TokenSpec::over(&self.signature, Hash::Sha256, time, tsa),
            tsa,
        )?;
        self.add_timestamp(token);
        Ok(())
    }

    /// Adds any token as signature-time-stamp, fitting or not.
    pub fn add_timestamp(&mut self, token: Vec<u8>) {
        self.unsigned
            .push(Attribute::new(id::SIGNATURE_TIME_STAMP, token));
    }

    /// Adds certificates and revocation data to the SignedData: level LT.
    pub fn add_long_term(&mut self, values: &LongTermValues) {
        for certificate in &values.certificates {
            if !self.data.certificates.contains(certificate) {
                self.data.certificates.push(certificate.clone());
            }
        }
        self.data.crls.extend(values.crls.iter().cloned());
        self.data
            .crls
            .extend(values.ocsps.iter().map(|ocsp| ocsp_choice(ocsp)));
    }
}
