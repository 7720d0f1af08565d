//! What a signer claims.

use crate::vocabulary::RoleKind;
use serde::Serialize;

/// What the signer claims, beside the time. It proves nothing but that the signer signed it; all
/// texts are untrusted.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Claims {
    /// Roles.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub roles: Vec<ClaimedRole>,
    /// Place of signing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<ClaimedPlace>,
    /// What the signer commits to.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub commitments: Vec<Commitment>,
    /// The signature policy.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub signature_policy: Option<ClaimedPolicy>,
    /// Media types of what is signed.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub media_types: Vec<ClaimedMediaType>,
    /// Name (PDF).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub signer_name: Option<String>,
    /// Reason (PDF).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Place of signing in one text (PDF).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub location: Option<String>,
    /// How to reach the signer (PDF).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub contact: Option<String>,
}

impl Claims {
    /// The claims where there are any.
    #[must_use]
    pub fn some(self) -> Option<Self> {
        (self != Self::default()).then_some(self)
    }
}

/// A role. What certifies or asserts it is not verified.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ClaimedRole {
    /// How it is stated.
    pub kind: RoleKind,
    /// The role; of an assertion, which is not read, its type.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
    /// Who certified it, by the attribute certificate's own word.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub certified_by: Option<String>,
    /// Whether the attribute certificate cannot be read; left out where it can.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub is_unreadable: bool,
}

/// Where the signer says that the signature was made.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ClaimedPlace {
    /// Street, or the lines of an address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub street: Option<String>,
    /// Town.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub city: Option<String>,
    /// State or province.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state: Option<String>,
    /// Postal code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub postal_code: Option<String>,
    /// Country.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub country: Option<String>,
}

/// What the signer commits to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Commitment {
    /// URI or dotted OID.
    pub identifier: String,
    /// What it is about, by name; left out: everything that is signed.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub scope: Vec<String>,
}

/// The signature policy that the signer names.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ClaimedPolicy {
    /// URI, dotted OID, or `implied`.
    pub identifier: String,
    /// Where its document may be had.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub uri: Option<String>,
    /// What a person is to be told.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub notice: Option<String>,
    /// By which specification its document is written: URI or dotted OID.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub specification: Option<String>,
}

/// Of which type something signed is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ClaimedMediaType {
    /// What is signed, by name.
    pub name: String,
    /// The type.
    pub media_type: String,
}
