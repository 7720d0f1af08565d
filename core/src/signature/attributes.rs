//! What a signer claims in signed attributes. Claims, not facts about the world.

use super::StoredPolicy;
use crate::algorithm::DigestAlgorithm;
use crate::certificate::AttributeCertificate;
use crate::error::{Error, Unsupported};
use crate::limits::Budget;
use crate::time::UnixTime;
use crate::vocabulary::RoleKind;

/// Signed claims, neutral over formats.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Claims {
    /// The claimed signing time.
    pub signing_time: Option<UnixTime>,
    /// The signature policy that the signer followed.
    pub policy: Option<SignaturePolicy>,
    /// Commitment types.
    pub commitment_types: Vec<CommitmentType>,
    /// Roles, however stated.
    pub roles: Vec<Role>,
    /// Place of signing.
    pub production_place: ProductionPlace,
    /// Name (PDF).
    pub name: Option<String>,
    /// Reason (PDF).
    pub reason: Option<String>,
    /// Place of signing, in one text (PDF).
    pub location: Option<String>,
    /// How to reach the signer (PDF).
    pub contact: Option<String>,
    /// Media types of signed objects: reference name and type.
    pub media_types: Vec<(String, String)>,
}

/// What the signer commits to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CommitmentType {
    /// URI or dotted OID.
    pub id: String,
    /// Names of the references that it is about; none: about everything that is signed.
    pub scope: Vec<String>,
}

/// A role that the signer states.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Role {
    /// How it is stated.
    pub kind: RoleKind,
    /// The role; of an assertion, which is not read, its type.
    pub value: Option<String>,
    /// The issuer of the attribute certificate.
    pub issuer: Option<String>,
    /// Whether what states it could not be read.
    pub is_unreadable: bool,
}

impl Role {
    /// A role in the signer's own words.
    #[must_use]
    pub fn claimed(value: String) -> Self {
        Self {
            kind: RoleKind::Claimed,
            value: Some(value),
            issuer: None,
            is_unreadable: false,
        }
    }

    /// An assertion of this type.
    #[must_use]
    pub fn assertion(value: Option<String>) -> Self {
        Self {
            kind: RoleKind::Assertion,
            value,
            issuer: None,
            is_unreadable: false,
        }
    }

    /// A certificate that is of another kind, or none at all: it is stated and no more.
    #[must_use]
    pub fn unreadable() -> Self {
        Self {
            kind: RoleKind::Certified,
            value: None,
            issuer: None,
            is_unreadable: true,
        }
    }

    /// The roles in an attribute certificate: one at least, for a certificate is stated.
    ///
    /// # Errors
    /// A limit.
    pub fn certified(octets: &[u8], budget: &mut Budget) -> Result<Vec<Self>, Error> {
        let read = match AttributeCertificate::parse(octets, budget) {
            Ok(read) => read,
            Err(error @ Error::LimitExceeded(_)) => return Err(error),
            Err(_) => return Ok(vec![Self::unreadable()]),
        };
        let role = |value| Self {
            kind: RoleKind::Certified,
            value,
            issuer: read.issuer.clone(),
            is_unreadable: false,
        };
        Ok(match read.roles.is_empty() {
            true => vec![role(None)],
            false => read.roles.iter().cloned().map(Some).map(role).collect(),
        })
    }
}

/// Where the signer says that the signature was made.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ProductionPlace {
    /// Street, or the lines of an address.
    pub street: Option<String>,
    /// Town.
    pub city: Option<String>,
    /// State or province.
    pub state: Option<String>,
    /// Postal code.
    pub postal_code: Option<String>,
    /// Country.
    pub country: Option<String>,
}

impl ProductionPlace {
    /// Whether nothing is said.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// The policy that a signature names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SignaturePolicy {
    /// Implied by the data or its context.
    Implied,
    /// Named by an identifier.
    Identified {
        /// OID (dotted) or URI.
        id: String,
        /// Digest of the policy document; absent or all zero when the signer gave none.
        digest: Option<(Result<DigestAlgorithm, Unsupported>, Vec<u8>)>,
        /// Where the document may be had.
        uri: Option<String>,
        /// What a person is to be told.
        notice: Option<String>,
        /// By which specification the document is written: OID (dotted) or URI.
        specification: Option<String>,
        /// The document that travels with the signature, where one does. It is not signed.
        stored: Option<StoredPolicy>,
    },
}
