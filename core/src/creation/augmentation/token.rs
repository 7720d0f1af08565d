//! Whether the token that an authority gave was made by the certificate that it names.
//!
//! A token with a broken signature would spoil the document that it goes into, for good. So it is
//! looked at before it is taken in: by the same reading as when a document is judged.

use crate::cades;
use crate::certificate::Certificate;
use crate::crypto::{self, Fit, Memo, Message};
use crate::error::{Error, Malformed, MalformedKind};
use crate::limits::Budget;
use crate::payload::{DigestOutcome, Part, PayloadDigests};
use crate::signature::{CertificateReference, CertificateReferences, Signature, Target};

/// Nothing, or what is wrong with a token: what breaks RFC 3161, a certificate that is not the one
/// referred to, a statement that was not signed, a value that the key did not make. Whether the
/// authority is trusted is for the judge.
///
/// # Standard
/// RFC 3161 §2.2 (the requesting entity verifies what it gets), §2.4.2; RFC 5652 §5.6.
pub(super) fn check_token(token: &[u8], budget: &mut Budget) -> Result<(), Error> {
    let refused =
        |element| Error::from(Malformed::within(MalformedKind::TimestampRefused, element));
    let read = cades::read_token(token, "", budget)?;
    if !read.findings.is_empty() || !read.record.findings.is_empty() {
        return Err(refused("TimeStampToken"));
    }
    let certificate = certificate(&read.record).ok_or_else(|| refused("certificates"))?;
    let reference = read.record.references.first();
    let reference = reference.ok_or_else(|| refused("message-digest"))?;
    let Target::Parts(parts) = &reference.target else {
        return Err(refused("message-digest"));
    };
    let found = PayloadDigests::default().digest(reference.algorithm.clone()?, parts, budget)?;
    if found != DigestOutcome::Digest(reference.expected.clone()) {
        return Err(refused("message-digest"));
    }
    let value = read.record.value.as_ref();
    let value = value.ok_or_else(|| refused("signature"))?;
    let algorithm = value.algorithm.clone()?;
    let certificate = Certificate::parse(certificate, budget)?;
    let key = certificate.public_key()?;
    let alternatives = value.alternatives.iter().map(|(parts, _)| parts);
    for parts in std::iter::once(&value.over).chain(alternatives) {
        let octets = octets(parts);
        let message = Message::Octets(&octets);
        let memo = &mut Memo::default();
        match crypto::verify(key, algorithm, message, &value.value, budget, memo)? {
            Fit::Fits => return Ok(()),
            Fit::DoesNotFit => {}
        }
    }
    Err(refused("signature"))
}

/// The certificate that the signed reference is of.
fn certificate(record: &Signature) -> Option<&[u8]> {
    let CertificateReferences::Present {
        references, beside, ..
    } = &record.identification.references
    else {
        return None;
    };
    let is_of = |reference: &CertificateReference, one: &[u8]| {
        let algorithm = reference.algorithm.as_ref().ok();
        let digest = algorithm.and_then(|algorithm| crypto::digest(*algorithm, one).ok());
        digest.is_some_and(|digest| digest == reference.digest)
    };
    let first = references.first()?;
    let mut all = record.certificates.iter().map(|one| &one.octets[..]);
    // RFC 5035 §5: a reference of version 1 beside it is of the same certificate.
    all.find(|one| is_of(first, one) && beside.first().is_none_or(|other| is_of(other, one)))
}

/// Signed attributes are at hand.
fn octets(parts: &[Part]) -> Vec<u8> {
    let octets = parts.iter().map(|part| match part {
        Part::Octets(octets) => &octets[..],
        _ => &[],
    });
    octets.collect::<Vec<_>>().concat()
}
