//! CMS: the envelope of CAdES and PAdES signatures and of time-stamp tokens.
//!
//! A *SignedData* carries content (or only its digest, when the content lies elsewhere),
//! certificates, revocation data and any number of *SignerInfos*. A SignerInfo is one signature:
//! it names its certificate, holds *signed attributes* (among them the digest of the content), the
//! signature value over these attributes, and *unsigned attributes* such as time-stamps, which
//! anybody can add later.
//!
//! Reading keeps the original bytes of every part that some digest is taken over, because a
//! producer may have written BER, unsorted sets or odd lengths, and nothing that was signed is ever
//! encoded again. What breaks a rule of the standard but can be read is a [`Finding`]; what cannot
//! be read is an error, or, for a single SignerInfo, an [`UnreadableSignerInfo`] beside the others.
//! Nothing here says whether a signature is good.
//!
//! # Common operations
//! - [`SignedData::parse`]: a message, also in PEM or base64.
//! - [`SignerInfo::signed_attribute`], [`Attributes::occurrence`]: attributes, by type and count.
//! - [`EssReferences::of`]: which certificate the signer refers to.
//!
//! # Standard
//! RFC 5652 §3, §5, §10, §11; RFC 5035; RFC 5940; RFC 6211; attributes of EN 319 122-1 §5. Not
//! covered: other content types of CMS, certificate formats other than X.509 (kept unread).

pub mod attribute_types;
mod attributes;
mod envelope;
mod ess;
mod finding;
mod signed_data;
mod signer_info;
mod typed;

pub use attributes::{Attribute, Attributes, ContentShape, Occurrence, SignedAttributes};
pub use ess::{EssCertId, EssIssuerSerial, EssReferences, SigningCertificate, Version};
pub use finding::{Finding, Gravity};
pub use signed_data::{
    EncapsulatedContent, RevocationChoice, RevocationForm, SignedData, UnreadableSignerInfo,
};
pub use signer_info::{SignerIdentifier, SignerInfo};
pub use typed::{
    AlgorithmProtection, PolicyQualifiers, SignaturePolicy, SignerAttributes, SignerLocation,
    commitment_type, mime_type, signing_time, stored_policy,
};

#[cfg(test)]
pub(crate) mod testing;
#[cfg(test)]
mod tests;
