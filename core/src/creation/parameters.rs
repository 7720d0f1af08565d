//! What a person decides before signing.

use crate::algorithm::{DigestAlgorithm, SignatureAlgorithm};
use crate::source::Input;
use crate::time::UnixTime;

/// How signature and documents are put together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Packaging {
    /// A new ASiC-E container with an XAdES signature (EN 319 162-1 §4.4.3).
    AsicEWithXades,
}

/// A document to be signed.
#[derive(Clone, Debug)]
pub struct DocumentToSign {
    /// Name, length and perhaps the bytes. The name becomes the name in the container.
    pub input: Input,
    /// Media type, such as `application/pdf`.
    pub media_type: String,
}

/// The decisions of one signing; a plain structure with public members.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SigningParameters {
    /// How signature and documents are put together.
    pub packaging: Packaging,
    /// The signature algorithm: one that the signer offers and its certificate's key can do.
    pub algorithm: SignatureAlgorithm,
    /// Digest of documents and of the certificate reference.
    pub digest: DigestAlgorithm,
    /// The claimed signing time, from the host's clock.
    pub claimed_signing_time: UnixTime,
    /// Claimed roles.
    pub roles: Vec<String>,
    /// Place of signing: city, street, state, postal code, country; empty members are left out.
    pub production_place: Option<[String; 5]>,
}

impl SigningParameters {
    /// ASiC-E with XAdES, SHA-256, nothing claimed but the time.
    #[must_use]
    pub fn asic_e(algorithm: SignatureAlgorithm, claimed_signing_time: UnixTime) -> Self {
        // The digest of the documents is never weaker than that of the signature value.
        let digest = match algorithm.digest() {
            Some(digest @ (DigestAlgorithm::Sha384 | DigestAlgorithm::Sha512)) => digest,
            _ => DigestAlgorithm::Sha256,
        };
        Self {
            packaging: Packaging::AsicEWithXades,
            algorithm,
            digest,
            claimed_signing_time,
            roles: Vec::new(),
            production_place: None,
        }
    }
}
