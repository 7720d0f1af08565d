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
//! - a key in a PKCS #12 file: `pkcs12::KeyStore` (feature `p12`)
//! - a card or token: `pkcs11::TokenSigner` (feature `pkcs11`)
//! - which algorithm to use: [`preferred_algorithm`]
//!
//! # Standard
//! EN 319 102-1 §4.2.8, §4.2.9 (signature creation device and its interface).

#[cfg(feature = "pkcs11")]
pub mod pkcs11;
#[cfg(feature = "p12")]
pub mod pkcs12;
pub mod software;

use crate::algorithm::{SignatureAlgorithm, ValueEncoding};
use crate::certificate::Certificate;
#[cfg(any(feature = "pkcs11", feature = "p12"))]
use crate::certificate::KeyUsageBit;
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

/// EN 319 412-2 §4.3.2: nonRepudiation, alone or with digitalSignature. Without the extension
/// nothing is excluded. CA certificates lie beside on many tokens and in many key stores.
#[cfg(any(feature = "pkcs11", feature = "p12"))]
fn is_for_documents(certificate: &Certificate) -> bool {
    let is_authority = certificate
        .basic_constraints()
        .is_ok_and(|constraints| constraints.is_some_and(|constraints| constraints.ca));
    let usage = certificate.key_usage();
    !is_authority
        && usage.is_ok_and(|usage| {
            usage.is_none_or(|usage| usage.contains(KeyUsageBit::NonRepudiation))
        })
}

/// The signing certificate and those above it, by their names.
fn chain<'a>(
    own: &'a Certificate,
    pool: impl Iterator<Item = &'a Certificate> + Clone,
) -> Vec<Arc<[u8]>> {
    let mut chain = vec![Arc::clone(own.der())];
    let mut last = own;
    while let Some(above) = pool
        .clone()
        .find(|above| above.subject().matches(last.issuer()) && !chain.contains(above.der()))
    {
        chain.push(Arc::clone(above.der()));
        last = above;
    }
    chain
}
