//! The format and level of a PDF signature by what is present.

use super::facts::SignatureFacts;
use crate::cms::SignedData;
use crate::cms::attribute_types::{
    CONTENT_IDENTIFIER, CONTENT_REFERENCE, DATA, MIME_TYPE, SIGNING_TIME,
};
use crate::signature::{CertificateReferences, Signature};
use crate::vocabulary::{SignatureFormat, SignatureLevel, TimestampKind};

/// EN 319 142-1 §6.3, table 1; the record still has the format and level of its CMS message.
/// `is_clean`: the message breaks no rule.
pub(super) fn of(
    record: &Signature,
    data: &SignedData,
    of: &SignatureFacts,
    is_clean: bool,
) -> (SignatureFormat, SignatureLevel) {
    if of.sub_filter.as_deref() != Some("ETSI.CAdES.detached") {
        return (SignatureFormat::Pkcs7, SignatureLevel::NotEtsi);
    }
    if record.format != SignatureFormat::Cades {
        return (SignatureFormat::Pades, SignatureLevel::NotEtsi);
    }
    let is_referenced = matches!(
        record.identification.references,
        CertificateReferences::Present { .. }
    );
    // Requirement (m): a reason in the dictionary, or the signed attributes that say more.
    let claims = &record.claims;
    let says_why_twice =
        of.reason.is_some() && (!claims.commitment_types.is_empty() || claims.policy.is_some());
    // Rows of cardinality 0: the dictionary and the file say these things.
    let forbidden = [
        SIGNING_TIME,
        MIME_TYPE,
        CONTENT_IDENTIFIER,
        CONTENT_REFERENCE,
    ];
    let has_forbidden = data.signer_infos.iter().any(|info| {
        let mut forbidden = forbidden.iter();
        forbidden.any(|attr_type| info.signed_attribute(attr_type).is_some())
    });
    if !is_clean {
        return (SignatureFormat::Pades, SignatureLevel::NotEtsi);
    }
    let is_baseline = !has_forbidden
        && is_referenced
        && !data.certificates.is_empty()
        && data.econtent_type.is(DATA)
        && of.filter.is_some()
        && of.claimed_signing_time.is_some()
        && !of.has_certificate_entry
        && !says_why_twice;
    if !is_baseline {
        let extended = match record.level {
            SignatureLevel::BaselineB
            | SignatureLevel::BaselineT
            | SignatureLevel::BaselineLt
            | SignatureLevel::BaselineLta => SignatureLevel::Bes,
            other => other,
        };
        return (SignatureFormat::Pades, extended);
    }
    let has = |kind| record.timestamps.iter().any(|found| found.kind == kind);
    let is_t = has(TimestampKind::SignatureTimestamp) || has(TimestampKind::DocumentTimestamp);
    let is_lt = is_t && of.has_store;
    // Requirement (x): the validation data comes before the time-stamp that protects it.
    let is_lta = is_lt
        && of
            .timestamps
            .iter()
            .any(|timestamp| !timestamp.covers.is_empty());
    let level = match (is_t, is_lt, is_lta) {
        (_, _, true) => SignatureLevel::BaselineLta,
        (_, true, _) => SignatureLevel::BaselineLt,
        (true, _, _) => SignatureLevel::BaselineT,
        _ => SignatureLevel::BaselineB,
    };
    (SignatureFormat::Pades, level)
}
