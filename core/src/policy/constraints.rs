//! Constraints that a policy may add: on what a signature is and says, and on the certificate of
//! its signer.
//!
//! An empty member asks for nothing. Each member that is not empty is executed as one check, whose
//! level [`super::ValidationPolicy::levels`] may change like any other.

use crate::vocabulary::{SignatureFormat, SignatureLevel, words};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

words! {
    /// Something that a signature may say or carry.
    SignatureElement {
        /// A commitment type.
        CommitmentType => "commitment-type",
        /// A claimed role.
        Role => "role",
        /// The place of signing.
        ProductionPlace => "production-place",
        /// A signature policy, named or implied.
        SignaturePolicy => "signature-policy",
        /// A time-stamp made before signing, over the content.
        ContentTimestamp => "content-timestamp",
        /// A time-stamp on the signature.
        SignatureTimestamp => "signature-timestamp",
    }
}

/// What a signature has to be and to say.
///
/// # Standard
/// EN 319 102-1 §5.1.4.4 (signature elements constraints).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct SignatureConstraints {
    /// Formats that are accepted.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub formats: BTreeSet<SignatureFormat>,
    /// Levels that are accepted, by what is present in the signature.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub levels: BTreeSet<SignatureLevel>,
    /// What has to be there.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub required: BTreeSet<SignatureElement>,
    /// Commitment types that are accepted, as URI or dotted OID: every stated one is one of them.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub commitment_types: BTreeSet<String>,
    /// Claimed roles that are accepted, letter by letter: every stated one is one of them.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub roles: BTreeSet<String>,
    /// Signature policies that are accepted, as URI or dotted OID, or `implied`.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub policies: BTreeSet<String>,
}

/// What the certificate of a signer has to say.
///
/// # Standard
/// EN 319 102-1 §5.1.4.2 (X.509 validation constraints); EN 319 412-5 (statements).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct CertificateConstraints {
    /// Certificate policies, as dotted OIDs: it was issued under one of them at least.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub policies: BTreeSet<String>,
    /// Statements for qualified certificates, every one of them: `qualified`, `device` (QSCD),
    /// `esign`, `eseal`, or a dotted OID.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub statements: BTreeSet<String>,
    /// Purposes (extended key usage), as dotted OIDs: it has none of them.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub forbidden_purposes: BTreeSet<String>,
}

impl SignatureConstraints {
    pub(super) fn are_none(&self) -> bool {
        *self == Self::default()
    }
}

impl CertificateConstraints {
    pub(super) fn are_none(&self) -> bool {
        *self == Self::default()
    }
}

/// The members of a set, in order, as a report shows them.
pub(crate) fn one_of<T: ToString>(set: &BTreeSet<T>) -> String {
    let members: Vec<_> = set.iter().map(ToString::to_string).collect();
    members.join(", ")
}
