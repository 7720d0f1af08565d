//! Who holds the key.
//!
//! A signer knows a certificate and can make signature values with its key. It is given the data to
//! be signed (or its digest) and never sees a document: a smart card, a SIM card and a key in
//! memory look alike from outside, and none of them can be talked into signing something else.
//!
//! Signers that answer over a network are jobs of their own; this trait is for those at hand.
//!
//! # Common operations
//! - a key in memory: [`software::SoftwareSigner`]
//! - a card or token: `pkcs11::TokenSigner` (feature `pkcs11`)
//! - which algorithm to use: [`preferred_algorithm`]
//!
//! # Standard
//! EN 319 102-1 §4.2.8, §4.2.9 (signature creation device and its interface).

#[cfg(feature = "pkcs11")]
pub mod pkcs11;
pub mod software;

use crate::algorithm::{SignatureAlgorithm, ValueEncoding};
use crate::crypto::Message;
use crate::error::SignerError;
use std::sync::Arc;

/// Makes signature values with one key.
///
/// Called by the host or by creation after the data to be signed is known. An
/// implementation may assume that the algorithm is one of [`Signer::algorithms`], and must refuse
/// it otherwise; it may take long, and may ask the person for a PIN or a touch.
pub trait Signer {
    /// The signing certificate in DER, then the certificates above it that the signer knows.
    fn certificate(&self) -> Vec<Arc<[u8]>>;

    /// The algorithms that it signs with, the preferred one first.
    fn algorithms(&self) -> Vec<SignatureAlgorithm>;

    /// Signs. The value is in the encoding that the algorithm names.
    ///
    /// # Errors
    /// [`SignerError`], which separates what a user interface must tell apart.
    fn sign(
        &mut self,
        algorithm: SignatureAlgorithm,
        message: Message<'_>,
    ) -> Result<Vec<u8>, SignerError>;
}

/// The first algorithm of a signer that fits a format: CMS wants ECDSA values in
/// [`ValueEncoding::Der`], XML and JOSE in [`ValueEncoding::Plain`].
#[must_use]
pub fn preferred_algorithm(
    signer: &dyn Signer,
    encoding: ValueEncoding,
) -> Option<SignatureAlgorithm> {
    signer
        .algorithms()
        .into_iter()
        .find(|algorithm| match algorithm {
            SignatureAlgorithm::Ecdsa { encoding: own, .. }
            | SignatureAlgorithm::Dsa { encoding: own, .. } => *own == encoding,
            _ => true,
        })
}
