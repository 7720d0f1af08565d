//! What the signer claims in signed properties.

use super::properties::structure;
use super::references::References;
use crate::algorithm::DigestAlgorithm;
use crate::error::{Malformed, MalformedKind, Unsupported};
use crate::signature::{Claims, Finding, SignaturePolicy};
use crate::time::UnixTime;
use crate::xml::Node;
use crate::xml::dsig;

/// The claims, and findings about those that a verdict may rest on and that cannot be read.
/// `signed` is `SignedProperties`, where it is signed.
pub(super) fn read(
    signed: Option<Node<'_>>,
    references: &References,
    findings: &mut Vec<Finding>,
) -> Claims {
    let mut claims = Claims::default();
    let Some(signed) = signed else {
        return claims;
    };
    let namespace = signed.namespace();
    let of_signature = signed.element(namespace, "SignedSignatureProperties");
    let properties = || of_signature.into_iter().flat_map(Node::elements);
    let named = |name: &'static str| properties().filter(move |node| node.is(namespace, name));
    let mut single = |name: &'static str| {
        let mut found = named(name);
        let first = found.next()?;
        if found.next().is_some() {
            findings.push(structure(format!("one {name}"), "several"));
            return None;
        }
        Some(first)
    };
    let time = single("SigningTime");
    let policy = single("SignaturePolicyIdentifier");
    if let Some(node) = time {
        let text = node.only_text().ok();
        // EN 319 132-1 §5.2.1: without a zone it is taken as UTC.
        // SK-XML 1.0 and its followers have dots in the date.
        let text = text.map(|text| match namespace == dsig::NAMESPACE {
            true => text.replacen('.', "-", 2),
            false => text,
        });
        let read = text.and_then(|text| UnixTime::from_xs_date_time(text.trim()).ok());
        match read {
            Some((time, _)) => claims.signing_time = Some(time),
            None => findings.push(structure("a readable SigningTime", "another value")),
        }
    }
    if let Some(node) = policy {
        match self::policy(node) {
            Ok(policy) => claims.policy = Some(policy),
            Err(_) => findings.push(structure(
                "a readable SignaturePolicyIdentifier",
                "another value",
            )),
        }
    }
    // What follows is shown to people only: a value that cannot be read is not shown.
    for name in ["SignerRoleV2", "SignerRole"] {
        for role in named(name) {
            let claimed = role.element(namespace, "ClaimedRoles");
            let claimed = claimed.into_iter().flat_map(Node::elements);
            let claimed = claimed.filter(|node| node.name() == "ClaimedRole");
            claims.roles.extend(claimed.map(all_text));
        }
    }
    for name in ["SignatureProductionPlaceV2", "SignatureProductionPlace"] {
        if let Some(place) = named(name).next() {
            let parts = [
                "CountryName",
                "StateOrProvince",
                "PostalCode",
                "City",
                "StreetAddress",
            ];
            let parts = parts
                .iter()
                .filter_map(|part| place.element(namespace, part));
            claims.production_place = parts.map(all_text).collect();
            break;
        }
    }
    let of_data = signed.element(namespace, "SignedDataObjectProperties");
    for node in of_data.into_iter().flat_map(Node::elements) {
        if node.is(namespace, "CommitmentTypeIndication") {
            let id = node.element(namespace, "CommitmentTypeId");
            claims.commitment_types.extend(id.and_then(identifier));
        } else if node.is(namespace, "DataObjectFormat")
            && let Some(media_type) = node.element(namespace, "MimeType")
        {
            let uri = node.attribute("ObjectReference").unwrap_or_default();
            let record = references
                .number(uri)
                .and_then(|number| references.record(number));
            let name = record.map_or(uri, |record| &record.name).to_owned();
            claims.media_types.push((name, all_text(media_type)));
        }
    }
    claims
}

/// The text of an element, white space at both ends taken off.
fn all_text(node: Node<'_>) -> String {
    node.text().trim().to_owned()
}

/// EN 319 132-1 §5.1.2: an `ObjectIdentifierType`; an OID may be written as `urn:oid:`.
fn identifier(node: Node<'_>) -> Option<String> {
    let text = node
        .element(node.namespace(), "Identifier")?
        .only_text()
        .ok()?;
    let text = text.trim();
    let text = text.strip_prefix("urn:oid:").unwrap_or(text);
    (!text.is_empty()).then(|| text.to_owned())
}

/// ```text
/// <SignaturePolicyIdentifier>
///   <SignaturePolicyId> <SigPolicyId/> (<ds:Transforms/>)? <SigPolicyHash/>
///     (<SigPolicyQualifiers/>)? </SignaturePolicyId>
///   | <SignaturePolicyImplied/>
/// </SignaturePolicyIdentifier>
/// ```
/// EN 319 132-1 §5.2.9.
fn policy(node: Node<'_>) -> Result<SignaturePolicy, Malformed> {
    let namespace = node.namespace();
    let wrong = || node.malformed(MalformedKind::XadesStructure);
    if node.element(namespace, "SignaturePolicyImplied").is_some() {
        return Ok(SignaturePolicy::Implied);
    }
    let policy = node
        .element(namespace, "SignaturePolicyId")
        .ok_or_else(wrong)?;
    let id = policy
        .element(namespace, "SigPolicyId")
        .and_then(identifier);
    let digest = match policy.element(namespace, "SigPolicyHash") {
        Some(hash) => Some(digest(hash)?),
        None => None,
    };
    let qualifiers = policy.element(namespace, "SigPolicyQualifiers");
    let mut qualifiers = qualifiers.into_iter().flat_map(Node::elements);
    let uri = qualifiers.find_map(|qualifier| qualifier.element(namespace, "SPURI"));
    Ok(SignaturePolicy::Identified {
        id: id.ok_or_else(wrong)?,
        digest,
        uri: uri.map(all_text),
    })
}

/// A digest with its algorithm: exactly `ds:DigestMethod` and `ds:DigestValue`, which the oldest
/// versions have in their own namespace.
///
/// EN 319 132-1 §5.1.3, `DigestAlgAndValueType`.
pub(super) fn digest(
    node: Node<'_>,
) -> Result<(Result<DigestAlgorithm, Unsupported>, Vec<u8>), Malformed> {
    let is = |child: Node<'_>, name: &str| {
        child.is(dsig::NAMESPACE, name) || child.is(node.namespace(), name)
    };
    let mut children = node.elements();
    match (children.next(), children.next(), children.next()) {
        (Some(method), Some(value), None)
            if is(method, "DigestMethod") && is(value, "DigestValue") =>
        {
            let method = dsig::read_digest_method(method)?;
            Ok((method.algorithm, dsig::read_octets(value)?))
        }
        _ => Err(node.malformed(MalformedKind::XadesStructure)),
    }
}
