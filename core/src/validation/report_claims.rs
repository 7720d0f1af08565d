//! What a signer claims, in the form of the report.

use crate::report;
use crate::signature::{Claims, CommitmentType, ProductionPlace, Role, SignaturePolicy};

/// The claims beside the time, where there are any. What is empty is not said.
pub(super) fn of(claims: &Claims) -> Option<report::Claims> {
    report::Claims {
        roles: claims.roles.iter().map(role).collect(),
        place: place(&claims.production_place),
        commitments: claims.commitment_types.iter().map(commitment).collect(),
        signature_policy: claims.policy.as_ref().map(policy),
        media_types: media_types(&claims.media_types),
        signer_name: said(claims.name.as_ref()),
        reason: said(claims.reason.as_ref()),
        location: said(claims.location.as_ref()),
        contact: said(claims.contact.as_ref()),
    }
    .some()
}

fn said(text: Option<&String>) -> Option<String> {
    text.filter(|text| !text.is_empty()).cloned()
}

fn role(role: &Role) -> report::ClaimedRole {
    report::ClaimedRole {
        kind: role.kind,
        value: role.value.clone(),
        certified_by: role.issuer.clone(),
        is_unreadable: role.is_unreadable,
    }
}

fn place(place: &ProductionPlace) -> Option<report::ClaimedPlace> {
    (!place.is_empty()).then(|| report::ClaimedPlace {
        street: place.street.clone(),
        city: place.city.clone(),
        state: place.state.clone(),
        postal_code: place.postal_code.clone(),
        country: place.country.clone(),
    })
}

fn commitment(commitment: &CommitmentType) -> report::Commitment {
    report::Commitment {
        identifier: commitment.id.clone(),
        scope: commitment.scope.clone(),
    }
}

fn policy(policy: &SignaturePolicy) -> report::ClaimedPolicy {
    match policy {
        SignaturePolicy::Implied => report::ClaimedPolicy {
            identifier: "implied".to_owned(),
            uri: None,
            notice: None,
            specification: None,
        },
        SignaturePolicy::Identified {
            id,
            uri,
            notice,
            specification,
            ..
        } => report::ClaimedPolicy {
            identifier: id.clone(),
            uri: said(uri.as_ref()),
            notice: said(notice.as_ref()),
            specification: said(specification.as_ref()),
        },
    }
}

fn media_types(types: &[(String, String)]) -> Vec<report::ClaimedMediaType> {
    let types = types.iter().filter(|(_, of)| !of.is_empty());
    let one = |(name, media_type): &(String, String)| report::ClaimedMediaType {
        name: name.clone(),
        media_type: media_type.clone(),
    };
    types.map(one).collect()
}
