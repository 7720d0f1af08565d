//! What a signer claims in signed attributes. Claims, not facts about the world.

use super::StoredPolicy;
use crate::algorithm::DigestAlgorithm;
use crate::error::Unsupported;
use crate::time::UnixTime;

/// Signed claims, neutral over formats.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Claims {
    /// The claimed signing time.
    pub signing_time: Option<UnixTime>,
    /// The signature policy that the signer followed.
    pub policy: Option<SignaturePolicy>,
    /// Commitment types, as URI or dotted OID.
    pub commitment_types: Vec<String>,
    /// Claimed roles.
    pub roles: Vec<String>,
    /// Place of signing: country, region, postal code, town, street, in this order where given.
    pub production_place: Vec<String>,
    /// Reason (PDF).
    pub reason: Option<String>,
    /// Media types of signed objects: reference name and type.
    pub media_types: Vec<(String, String)>,
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
        /// The document that travels with the signature, where one does. It is not signed.
        stored: Option<StoredPolicy>,
    },
}
