//! The level of a signature by what is present in it.

use crate::algorithm::DigestAlgorithm;
use crate::cms::attribute_types::{
    ARCHIVE_TIMESTAMP_V1, ARCHIVE_TIMESTAMP_V2, ARCHIVE_TIMESTAMP_V3,
    ATTRIBUTE_CERTIFICATE_REFERENCES, ATTRIBUTE_REVOCATION_REFERENCES, CADES_C_TIMESTAMP,
    CERTIFICATE_REFERENCES, CERTIFICATE_VALUES, DATA, LONG_TERM_VALIDATION, REFERENCES_TIMESTAMP,
    REVOCATION_REFERENCES, REVOCATION_VALUES, SIGNATURE_POLICY, SIGNATURE_TIMESTAMP, SIGNING_TIME,
};
use crate::cms::{EssReferences, Gravity, SignedData, SignerInfo, SigningCertificate};
use crate::vocabulary::SignatureLevel;

/// The highest level whose attributes are there.
pub(super) fn of(
    data: &SignedData,
    info: &SignerInfo,
    references: &EssReferences,
    is_counter: bool,
) -> SignatureLevel {
    let (v1, v2) = match references {
        // EN 319 122-1 §6.3 (h), (i): version 1 for SHA-1, version 2 for every other digest.
        EssReferences::Present { v1, v2 } if !v2.as_ref().is_some_and(is_by_sha1) => {
            (v1.is_some(), v2.is_some())
        }
        _ => return SignatureLevel::NotEtsi,
    };
    let has = |attr_type: &str| {
        let unsigned = info.unsigned_attrs.as_ref();
        unsigned.is_some_and(|attributes| attributes.has(attr_type))
    };
    let has_any = |types: &[&str]| types.iter().any(|attr_type| has(attr_type));
    let is_clean = info
        .findings
        .iter()
        .all(|finding| finding.gravity() == Gravity::Noted);

    // EN 319 122-1 §6.3 table 1, rows that are "1" at level B: content-type, message-digest (both
    // by the findings), signing-time, one signing-certificate reference, certificates, id-data. A
    // counter-signature has no content type.
    let is_baseline = is_clean
        && (v1 != v2)
        && info.signed_attribute(SIGNING_TIME).is_some()
        && !data.certificates.is_empty()
        && (is_counter || data.econtent_type.is(DATA))
        && !has_any(&[
            ARCHIVE_TIMESTAMP_V1,
            ARCHIVE_TIMESTAMP_V2,
            LONG_TERM_VALIDATION,
        ]);
    let has_annex = has_any(&[
        CERTIFICATE_REFERENCES,
        REVOCATION_REFERENCES,
        ATTRIBUTE_CERTIFICATE_REFERENCES,
        ATTRIBUTE_REVOCATION_REFERENCES,
        CERTIFICATE_VALUES,
        REVOCATION_VALUES,
        CADES_C_TIMESTAMP,
        REFERENCES_TIMESTAMP,
    ]);
    if is_baseline && !has_annex {
        let is_t = has(SIGNATURE_TIMESTAMP);
        // EN 319 122-1 §6.3 (d), (o): validation data in SignedData itself.
        let is_lt = is_t && !data.revocation.is_empty();
        return match (is_lt && has(ARCHIVE_TIMESTAMP_V3), is_lt, is_t) {
            (true, _, _) => SignatureLevel::BaselineLta,
            (_, true, _) => SignatureLevel::BaselineLt,
            (_, _, true) if !has(ARCHIVE_TIMESTAMP_V3) => SignatureLevel::BaselineT,
            (_, _, true) => SignatureLevel::A,
            _ if has(ARCHIVE_TIMESTAMP_V3) => SignatureLevel::A,
            _ => SignatureLevel::BaselineB,
        };
    }
    // EN 319 122-2 §4: the extended forms.
    let is_c =
        has(CERTIFICATE_REFERENCES) && has(REVOCATION_REFERENCES) && has(SIGNATURE_TIMESTAMP);
    let is_x = is_c && has_any(&[CADES_C_TIMESTAMP, REFERENCES_TIMESTAMP]);
    let has_values = has(CERTIFICATE_VALUES) && has(REVOCATION_VALUES);
    if has_any(&[
        ARCHIVE_TIMESTAMP_V1,
        ARCHIVE_TIMESTAMP_V2,
        ARCHIVE_TIMESTAMP_V3,
    ]) {
        SignatureLevel::A
    } else if is_x && has_values {
        SignatureLevel::Xl
    } else if is_x {
        SignatureLevel::X
    } else if is_c {
        SignatureLevel::C
    } else if has(SIGNATURE_TIMESTAMP) {
        SignatureLevel::T
    } else if info.signed_attribute(SIGNATURE_POLICY).is_some() {
        SignatureLevel::Epes
    } else {
        SignatureLevel::Bes
    }
}

fn is_by_sha1(found: &SigningCertificate) -> bool {
    let first = found.certs.first();
    first.is_some_and(|first| first.hash_algorithm == Ok(DigestAlgorithm::Sha1))
}
