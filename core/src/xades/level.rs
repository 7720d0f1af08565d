//! The level of a signature by what is present in it.

use super::properties::Properties;
use super::references::References;
use super::{NAMESPACE, NAMESPACE_141};
use crate::signature::EmbeddedRevocation;
use crate::vocabulary::{ReferenceKind, RevocationOrigin, SignatureLevel};
use crate::xml::Node;
use crate::xml::dsig;
use std::collections::BTreeSet;

/// Properties that no level from LT on may have. EN 319 132-1 §6.3.
const ANNEX: [&str; 10] = [
    "CompleteCertificateRefs",
    "CompleteCertificateRefsV2",
    "CompleteRevocationRefs",
    "AttributeCertificateRefs",
    "AttributeCertificateRefsV2",
    "AttributeRevocationRefs",
    "SigAndRefsTimeStamp",
    "SigAndRefsTimeStampV2",
    "RefsOnlyTimeStamp",
    "RefsOnlyTimeStampV2",
];

/// The highest level whose properties are there.
pub(super) fn of(
    signature: &dsig::Signature,
    properties: &Properties<'_>,
    signed: Option<Node<'_>>,
    references: &References,
    revocation: &[EmbeddedRevocation],
    is_clean: bool,
) -> SignatureLevel {
    let Some(signed) = signed else {
        return SignatureLevel::NotEtsi;
    };
    let namespace = signed.namespace();
    let count = |name: &str| {
        let of_signature = signed.element(namespace, "SignedSignatureProperties");
        let all = of_signature.into_iter().flat_map(Node::elements);
        all.filter(|node| node.is(namespace, name)).count()
    };
    let has_any = |names: &[&str]| {
        let mut all = properties.unsigned.iter();
        all.any(|node| names.contains(&node.name()))
    };
    let has = |name: &str| has_any(&[name]);
    let has_archive = |namespace: &str| {
        let mut all = properties.unsigned.iter();
        all.any(|node| node.is(namespace, "ArchiveTimeStamp"))
    };
    let names_certificate = count("SigningCertificateV2") + count("SigningCertificate");
    if names_certificate == 0 {
        return SignatureLevel::NotEtsi;
    }

    // EN 319 132-1 §6.3: what is "1" at level B, and what no level may have.
    let key_info = signature.key_info.as_ref();
    let is_baseline = is_clean
        && namespace == NAMESPACE
        && names_certificate == 1
        && count("SigningTime") == 1
        && key_info.is_some_and(|found| !found.certificates.is_empty())
        && signature.signed_info.canonicalization.is_ok()
        && formats_all(signed, references)
        && properties.unsigned.iter().all(holds_one_token)
        && !has_archive(NAMESPACE);
    let has_annex = has_any(&ANNEX);
    let is_current = has_archive(NAMESPACE_141);
    if is_baseline && !has_annex {
        let is_t = has("SignatureTimeStamp");
        let for_signature =
            |found: &EmbeddedRevocation| found.origin == RevocationOrigin::RevocationValues;
        let is_lt = is_t && revocation.iter().any(for_signature);
        return match (is_current, is_lt, is_t) {
            (true, true, _) => SignatureLevel::BaselineLta,
            (true, false, _) => SignatureLevel::A,
            (false, true, _) => SignatureLevel::BaselineLt,
            (false, false, true) => SignatureLevel::BaselineT,
            (false, false, false) => SignatureLevel::BaselineB,
        };
    }
    // EN 319 132-2 §4: the extended forms.
    let is_t = has("SignatureTimeStamp");
    let refers = has_any(&["CompleteCertificateRefs", "CompleteCertificateRefsV2"])
        && has("CompleteRevocationRefs");
    let is_c = is_t && refers;
    let is_x = is_c && has_any(ANNEX.get(6..).unwrap_or_default());
    let has_values = has("CertificateValues") && has("RevocationValues");
    if has("ArchiveTimeStamp") {
        SignatureLevel::A
    } else if is_x && has_values {
        SignatureLevel::Xl
    } else if is_x {
        SignatureLevel::X
    } else if is_c {
        SignatureLevel::C
    } else if is_t {
        SignatureLevel::T
    } else if count("SignaturePolicyIdentifier") > 0 {
        SignatureLevel::Epes
    } else {
        SignatureLevel::Bes
    }
}

/// EN 319 132-1 §6.3 (n): each time-stamp has an element of its own.
fn holds_one_token(property: &Node<'_>) -> bool {
    let tokens = property.elements();
    let tokens = tokens.filter(|child| child.name() == "EncapsulatedTimeStamp");
    property.name() != "SignatureTimeStamp" || tokens.count() == 1
}

/// EN 319 132-1 §6.3 (h): a DataObjectFormat with MimeType for each signed object, but not for the
/// properties and a countersigned value.
fn formats_all(signed: Node<'_>, references: &References) -> bool {
    let namespace = signed.namespace();
    let of_data = signed.element(namespace, "SignedDataObjectProperties");
    let formats = of_data.into_iter().flat_map(Node::elements);
    let named: BTreeSet<usize> = formats
        .filter(|node| node.is(namespace, "DataObjectFormat"))
        .filter(|node| node.element(namespace, "MimeType").is_some())
        .filter_map(|node| references.number(node.attribute("ObjectReference")?))
        .collect();
    (0..references.places.len()).all(|number| {
        let kind = references.record(number).map(|record| record.kind);
        let is_data = !matches!(
            kind,
            Some(
                ReferenceKind::SignedProperties
                    | ReferenceKind::CountersignedSignature
                    | ReferenceKind::KeyInfo
            )
        );
        !is_data || named.contains(&number)
    })
}
