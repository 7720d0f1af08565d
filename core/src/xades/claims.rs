//! What the signer claims in signed properties.

use super::properties::structure;
use super::references::References;
use super::{NAMESPACE_141, NAMESPACES};
use crate::algorithm::DigestAlgorithm;
use crate::error::{Error, Malformed, MalformedKind, Unsupported};
use crate::limits::{Budget, Resource};
use crate::signature::{
    Claims, CommitmentType, Finding, ProductionPlace, Role, SignaturePolicy, StoredPolicy,
};
use crate::time::UnixTime;
use crate::xml::Node;
use crate::xml::c14n::canonicalize_octets;
use crate::xml::dsig;

/// The claims, and findings about those that a verdict may rest on and that cannot be read.
/// `signed` is `SignedProperties`, where it is signed.
pub(super) fn read(
    signed: Option<Node<'_>>,
    unsigned: &[Node<'_>],
    references: &References,
    findings: &mut Vec<Finding>,
    budget: &mut Budget,
) -> Result<Claims, Error> {
    let mut claims = Claims::default();
    let Some(signed) = signed else {
        return Ok(claims);
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
        match self::policy(node, unsigned, budget) {
            Ok(policy) => claims.policy = Some(policy),
            Err(error @ Error::LimitExceeded(_)) => return Err(error),
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
            claims
                .roles
                .extend(claimed.map(all_text).map(Role::claimed));
            given_roles(role, &mut claims.roles, budget)?;
        }
    }
    for name in ["SignatureProductionPlaceV2", "SignatureProductionPlace"] {
        if let Some(place) = named(name).next() {
            let part = |name: &str| {
                let text = place.element(namespace, name).map(all_text);
                text.filter(|text| !text.is_empty())
            };
            claims.production_place = ProductionPlace {
                street: part("StreetAddress"),
                city: part("City"),
                state: part("StateOrProvince"),
                postal_code: part("PostalCode"),
                country: part("CountryName"),
            };
            break;
        }
    }
    let of_data = signed.element(namespace, "SignedDataObjectProperties");
    for node in of_data.into_iter().flat_map(Node::elements) {
        if node.is(namespace, "CommitmentTypeIndication") {
            let id = node.element(namespace, "CommitmentTypeId");
            let Some(id) = id.and_then(identifier) else {
                continue;
            };
            // EN 319 132-1 §5.2.3: `AllSignedDataObjects`, or which ones.
            let about = node.elements_named(namespace, "ObjectReference");
            let about = about.map(|reference| object(&all_text(reference), references));
            claims.commitment_types.push(CommitmentType {
                id,
                scope: about.collect(),
            });
        } else if node.is(namespace, "DataObjectFormat")
            && let Some(media_type) = node.element(namespace, "MimeType")
        {
            let uri = node.attribute("ObjectReference").unwrap_or_default();
            let name = object(uri, references);
            claims.media_types.push((name, all_text(media_type)));
        }
    }
    Ok(claims)
}

/// The name of what the `ds:Reference` with this `#id` leads to; the text itself where none does.
fn object(uri: &str, references: &References) -> String {
    let record = references.object(uri);
    record.map_or(uri, |record| &record.name).to_owned()
}

/// ```text
/// <CertifiedRoles> (<CertifiedRole/>)+ </CertifiedRoles>
/// <CertifiedRolesV2> (<CertifiedRole>
///   <X509AttributeCertificate/> | <OtherAttributeCertificate/> </CertifiedRole>)+ </CertifiedRolesV2>
/// <SignedAssertions> (<SignedAssertion/>)+ </SignedAssertions>
/// ```
/// TS 101 903 §7.2.8, EN 319 132-1 §5.2.6: what others say of the signer. Who they are is not
/// verified.
fn given_roles(role: Node<'_>, roles: &mut Vec<Role>, budget: &mut Budget) -> Result<(), Error> {
    let namespace = role.namespace();
    for list in role.elements().filter(|list| list.namespace() == namespace) {
        for given in list.elements() {
            let certificate = match (list.name(), given.name()) {
                ("CertifiedRoles", "CertifiedRole") => Some(given),
                ("CertifiedRolesV2", "CertifiedRole") => {
                    given.element(namespace, "X509AttributeCertificate")
                }
                ("SignedAssertions", "SignedAssertion") => {
                    budget.charge(Resource::Values, 1)?;
                    let first = given.elements().next();
                    let name = first.map(|one| match one.namespace() {
                        "" => one.name().to_owned(),
                        namespace => format!("{{{namespace}}}{}", one.name()),
                    });
                    roles.push(Role::assertion(name));
                    continue;
                }
                _ => continue,
            };
            budget.charge(Resource::Values, 1)?;
            match certificate.map(dsig::read_octets) {
                Some(Ok(octets)) => roles.extend(Role::certified(&octets, budget)?),
                _ => roles.push(Role::unreadable()),
            }
        }
    }
    Ok(())
}

/// The text of an element, white space at both ends taken off.
fn all_text(node: Node<'_>) -> String {
    node.text().trim().to_owned()
}

/// EN 319 132-1 §5.1.2: an `ObjectIdentifierType`; an OID may be written as `urn:oid:`.
fn identifier(node: Node<'_>) -> Option<String> {
    // Of an element of version 1.4.1, that of 1.3.2.
    let is_id = |one: &Node<'_>| {
        one.name() == "Identifier"
            && (one.namespace() == node.namespace() || NAMESPACES.contains(&one.namespace()))
    };
    let text = node.elements().find(is_id)?.only_text().ok()?;
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
fn policy(
    node: Node<'_>,
    unsigned: &[Node<'_>],
    budget: &mut Budget,
) -> Result<SignaturePolicy, Error> {
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
    let qualifiers = || qualifiers.into_iter().flat_map(Node::elements);
    let uri = qualifiers().find_map(|qualifier| qualifier.element(namespace, "SPURI"));
    let notice = qualifiers().find_map(|qualifier| {
        let notice = qualifier.element(namespace, "SPUserNotice")?;
        notice.element(namespace, "ExplicitText")
    });
    let specification = qualifiers()
        .find_map(|qualifier| identifier(qualifier.element(NAMESPACE_141, "SPDocSpecification")?));
    let mut stores = unsigned
        .iter()
        .filter(|one| one.is(NAMESPACE_141, "SignaturePolicyStore"));
    let stored = match (stores.next(), stores.next()) {
        (None, _) => None,
        (Some(store), None) => match document(*store, policy, budget) {
            Ok(document) => document.map(|document| match document {
                Ok(octets) => StoredPolicy::compare(&octets, digest.as_ref()),
                Err(unsupported) => StoredPolicy::NotCompared(unsupported.to_string()),
            }),
            Err(error @ Error::LimitExceeded(_)) => return Err(error),
            Err(error) => Some(StoredPolicy::NotCompared(error.to_string())),
        },
        (Some(_), Some(_)) => Some(StoredPolicy::NotCompared("several stores".to_owned())),
    };
    Ok(SignaturePolicy::Identified {
        id: id.ok_or_else(wrong)?,
        digest,
        uri: uri.map(all_text),
        notice: notice.map(all_text),
        specification,
        stored,
    })
}

/// What is digested of a policy document that travels with the signature; none where only its
/// address is there.
///
/// ```text
/// <SignaturePolicyStore>
///   <SPDocSpecification/> ( <SignaturePolicyDocument/> | <SigPolDocLocalURI/> )
/// </SignaturePolicyStore>
/// ```
/// EN 319 132-1 §5.2.10. Of the transforms in `SignaturePolicyId`, canonical forms.
fn document(
    store: Node<'_>,
    policy: Node<'_>,
    budget: &mut Budget,
) -> Result<Option<Result<Vec<u8>, Unsupported>>, Error> {
    let Some(document) = store.element(NAMESPACE_141, "SignaturePolicyDocument") else {
        return Ok(None);
    };
    let mut octets = dsig::read_octets(document)?;
    let transforms = policy.element(dsig::NAMESPACE, "Transforms");
    for transform in transforms.into_iter().flat_map(Node::elements) {
        octets = match dsig::read_canonicalization(transform)? {
            Ok(method) => canonicalize_octets(&octets, &method, budget)?,
            Err(_) => {
                let uri = transform.attribute("Algorithm").unwrap_or_default();
                return Ok(Some(Err(Unsupported::Transform(uri.to_owned()))));
            }
        };
    }
    Ok(Some(Ok(octets)))
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
