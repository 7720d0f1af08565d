//! A message that somebody else made: a service that holds keys builds its own CMS.
//!
//! Nothing goes into a document that would not verify there: the message is over this content, its
//! value fits the certificate that it names, and it is of the form that the document wants.
//!
//! # Standard
//! RFC 5652 §5.3, §5.4; EN 319 122-1 §5.2.2; EN 319 142-1 §6.3.

use crate::algorithm::DigestAlgorithm;
use crate::asn1::{self, Mode};
use crate::cades::Blueprint;
use crate::certificate::Certificate;
use crate::cms::attribute_types::DATA;
use crate::cms::{EssReferences, Gravity, SignedData, SignerInfo};
use crate::crypto::{self, Fit, Memo, Message};
use crate::error::{ApiMisuse, Error, Malformed, MalformedKind, SignerError};
use crate::limits::Budget;
use std::sync::Arc;

/// Refuses every message but one signature over the content of a blueprint, with its certificate.
pub(super) fn check(message: &[u8], blueprint: &Blueprint, mode: Mode) -> Result<(), Error> {
    // What was to be claimed stands in no message of somebody else.
    let claims_nothing = blueprint.roles.is_empty()
        && blueprint.certified_roles.is_empty()
        && blueprint.production_place.is_none()
        && blueprint.policy.is_none()
        && blueprint.commitment_types.is_empty()
        && blueprint.content_description.is_none()
        && blueprint.content_timestamp.is_empty();
    if !claims_nothing {
        return Err(ApiMisuse::ContradictoryParameters.into());
    }
    let budget = &mut Budget::default();
    asn1::check_tree(message, mode, budget)?;
    let data = SignedData::parse_binary(message, budget)?;
    if data.econtent.is_some() || !data.econtent_type.is(DATA) {
        return Err(wrong("encapContentInfo").into());
    }
    // EN 319 142-1 §6.3: one signer in a PDF; everywhere else another one would go unchecked.
    let ([signer], []) = (data.signer_infos.as_slice(), data.unreadable.as_slice()) else {
        return Err(wrong("signerInfos").into());
    };
    let mut findings = data.findings.iter().chain(&signer.findings);
    if findings.any(|finding| finding.gravity() > Gravity::Noted) {
        return Err(wrong("signedAttrs").into());
    }
    let digest = signer.digest_algorithm.digest_algorithm()?;
    let is_over = digest == blueprint.digest()
        && signer.message_digest().as_ref() == Some(&blueprint.content_digest);
    if !is_over {
        return Err(SignerError::ValueDoesNotVerify.into());
    }
    let certificate = certificate(&data, signer)?;
    let named = &blueprint.signing_certificate;
    if !named.is_empty() && **named != *certificate {
        return Err(ApiMisuse::KeyMismatch.into());
    }
    let certificate = Certificate::parse(&certificate, budget)?;
    // Many readers look no further than this name.
    if !signer.sid.is_name_of(&certificate) {
        return Err(wrong("sid").into());
    }
    let Some(attributes) = &signer.signed_attrs else {
        return Err(wrong("signedAttrs").into());
    };
    // RFC 5652 §5.4: over the DER; readers disagree about any other order.
    if attributes.sorted.is_some() {
        return Err(wrong("signedAttrs").into());
    }
    match crypto::verify(
        certificate.public_key()?,
        signer.algorithm()?,
        Message::Octets(&attributes.as_stored),
        &signer.signature,
        budget,
        &mut Memo::default(),
    )? {
        Fit::Fits => Ok(()),
        Fit::DoesNotFit => Err(SignerError::ValueDoesNotVerify.into()),
    }
}

/// EN 319 122-1 §5.2.2: the certificate that the signed attributes refer to, out of the message.
fn certificate(data: &SignedData, signer: &SignerInfo) -> Result<Arc<[u8]>, Error> {
    let attributes = signer.signed_attrs.as_ref();
    let references = attributes.map(|set| EssReferences::of(&set.attributes));
    let Some(EssReferences::Present { v1, v2 }) = references else {
        return Err(wrong("signing-certificate").into());
    };
    let mut found = None;
    for references in [v1, v2].into_iter().flatten() {
        let Some(reference) = references.certs.first() else {
            return Err(wrong("signing-certificate").into());
        };
        let algorithm: DigestAlgorithm = reference.hash_algorithm.clone()?;
        let mut fitting = None;
        for certificate in &data.certificates {
            if crypto::digest(algorithm, certificate)? == reference.cert_hash {
                fitting = Some(certificate);
                break;
            }
        }
        // Both attributes, where both are there, name the same.
        match (fitting, &found) {
            (Some(one), None) => found = Some(Arc::clone(one)),
            (Some(one), Some(other)) if one == other => {}
            _ => return Err(wrong("signing-certificate").into()),
        }
    }
    found.ok_or_else(|| wrong("signing-certificate").into())
}

fn wrong(what: &'static str) -> Malformed {
    Malformed::within(MalformedKind::CmsStructure, what)
}
