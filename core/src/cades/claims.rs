//! What the signer claims in signed attributes.

use super::parse::unsigned;
use crate::asn1::AlgorithmIdentifier;
use crate::cms::attribute_types::{
    COMMITMENT_TYPE, MIME_TYPE, SIGNATURE_POLICY, SIGNATURE_POLICY_STORE, SIGNER_ATTRIBUTES,
    SIGNER_ATTRIBUTES_V2, SIGNER_LOCATION, SIGNING_TIME,
};
use crate::cms::{self, SignerAttributes, SignerInfo, SignerLocation};
use crate::error::{Error, Unsupported};
use crate::limits::Budget;
use crate::signature::{
    Claims, CommitmentType, Finding, ProductionPlace, Role, SignaturePolicy, StoredPolicy,
};
use crate::vocabulary::CheckId;

/// The claims, and findings about those that a verdict may rest on and that cannot be read.
pub(super) fn read(
    info: &SignerInfo,
    content: &str,
    budget: &mut Budget,
) -> Result<(Claims, Vec<Finding>), Error> {
    let mut claims = Claims::default();
    let mut findings = Vec::new();
    let mut unreadable = |what: &str| {
        let expected = format!("a readable {what} attribute");
        findings.push(Finding::new(
            CheckId::FormatStructure,
            expected,
            "another value",
        ));
    };
    if let Some(value) = info.signed_attribute(SIGNING_TIME) {
        match cms::signing_time(value) {
            Ok(time) => claims.signing_time = Some(time),
            Err(_) => unreadable("signing-time"),
        }
    }
    if let Some(value) = info.signed_attribute(SIGNATURE_POLICY) {
        match cms::SignaturePolicy::parse(value) {
            Ok(policy) => claims.policy = Some(neutral(policy, info)),
            Err(_) => unreadable("signature-policy-identifier"),
        }
    }
    let signed = info.signed_attrs.iter();
    for value in signed.flat_map(|signed| signed.attributes.values(COMMITMENT_TYPE)) {
        match cms::commitment_type(value) {
            Ok(id) => claims.commitment_types.push(CommitmentType {
                id: id.to_string(),
                scope: Vec::new(),
            }),
            Err(_) => unreadable("commitment-type-indication"),
        }
    }
    // What follows is shown to people only: a value that cannot be read is not shown.
    for attr_type in [SIGNER_ATTRIBUTES, SIGNER_ATTRIBUTES_V2] {
        if let Some(value) = info.signed_attribute(attr_type) {
            match SignerAttributes::parse(value, budget) {
                Ok(attributes) => roles(&attributes, &mut claims.roles, budget)?,
                Err(Error::Malformed(_)) => {}
                Err(other) => return Err(other),
            }
        }
    }
    if let Some(value) = info.signed_attribute(SIGNER_LOCATION)
        && let Ok(location) = SignerLocation::parse(value)
    {
        let address = location.postal_address.join(", ");
        claims.production_place = ProductionPlace {
            street: (!address.is_empty()).then_some(address),
            city: location.locality_name,
            country: location.country_name,
            ..ProductionPlace::default()
        };
    }
    if let Some(value) = info.signed_attribute(MIME_TYPE)
        && let Ok(media_type) = cms::mime_type(value)
    {
        claims.media_types.push((content.to_owned(), media_type));
    }
    Ok((claims, findings))
}

/// EN 319 122-1 §5.2.6: claimed, certified by somebody, asserted by somebody.
fn roles(
    attributes: &SignerAttributes,
    roles: &mut Vec<Role>,
    budget: &mut Budget,
) -> Result<(), Error> {
    roles.extend(attributes.claimed_roles().into_iter().map(Role::claimed));
    for certificate in &attributes.certified_attributes {
        match certificate {
            Some(octets) => roles.extend(Role::certified(octets, budget)?),
            None => roles.push(Role::unreadable()),
        }
    }
    let assertions = attributes.signed_assertions.iter().cloned();
    roles.extend(assertions.map(Role::assertion));
    Ok(())
}

fn neutral(policy: cms::SignaturePolicy, info: &SignerInfo) -> SignaturePolicy {
    let (id, digest, qualifiers) = match policy {
        cms::SignaturePolicy::Implied => return SignaturePolicy::Implied,
        cms::SignaturePolicy::Identified {
            id,
            digest,
            qualifiers,
        } => (id, digest, qualifiers),
    };
    let name = |identifier: AlgorithmIdentifier| match identifier.digest_algorithm() {
        Ok(algorithm) => Ok(algorithm),
        Err(Error::Unsupported(unsupported)) => Err(unsupported),
        Err(_) => Err(Unsupported::Algorithm(identifier.oid.to_string())),
    };
    let digest = digest.map(|(algorithm, value)| (name(algorithm), value));
    // EN 319 122-1 §5.2.10: at most one store.
    let mut stores = unsigned(info, SIGNATURE_POLICY_STORE);
    let stored = match (stores.next(), stores.next()) {
        (None, _) => None,
        (Some(store), None) => match cms::stored_policy(store) {
            Ok(document) => {
                document.map(|document| StoredPolicy::compare(&document, digest.as_ref()))
            }
            Err(error) => Some(StoredPolicy::NotCompared(error.to_string())),
        },
        (Some(_), Some(_)) => Some(StoredPolicy::NotCompared("several stores".to_owned())),
    };
    SignaturePolicy::Identified {
        id: id.to_string(),
        digest,
        uri: qualifiers.uri,
        notice: qualifiers.notice,
        specification: qualifiers.specification,
        stored,
    }
}
