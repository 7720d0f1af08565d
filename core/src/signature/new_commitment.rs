//! What the signer of a new signature commits to.

use serde::{Deserialize, Serialize};

/// A commitment of the signer.
///
/// # Standard
/// EN 319 132-1 §5.2.3, EN 319 122-1 §5.2.3.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewCommitment {
    /// What it is, as dotted OID or URI; in CMS one that has an OID.
    pub id: String,
    /// The documents that it is for, by the names that the signature has for them; none: everything
    /// that is signed. In XAdES only.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub documents: Vec<String>,
    /// What is said about it besides, in words. In XAdES only.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub qualifiers: Vec<String>,
}

impl NewCommitment {
    /// A commitment for everything that is signed.
    #[must_use]
    pub fn to_all(id: impl Into<String>) -> Self {
        Self {
            id: id.into(),
            ..Self::default()
        }
    }
}
