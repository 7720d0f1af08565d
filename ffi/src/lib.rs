//! imza for Kotlin, Swift and Python.
//!
//! Converts, calls, converts: nothing is decided here. A report crosses as its JSON text, the same
//! text that the command writes, and each language reads it into classes that are generated from
//! the JSON Schema in `docs/`. Errors cross as one type with three members: code, reason, details.
//!
//! [`Validation`] is the job of the core: documents in memory and files named by path are read
//! here; of a document that only the caller can read, [`Validation::step`] asks for octets, and the
//! caller feeds them chunk by chunk, so that a large file is never held. [`sign`] calls the
//! caller's [`ExternalSigner`] with the data to be signed; [`sign_with_pem_key`] takes a key in
//! memory. A panic would arrive as the internal error of the foreign language, and the process
//! would go on: this crate must not be built with `panic = "abort"`.
#![forbid(unsafe_code)]

mod document;
mod error;
mod settings;
mod signing;
mod validation;

pub use document::{Ask, Document, Manner};
pub use error::ImzaError;
pub use settings::{NetworkAccess, Options, Revocation, Settings, TrustFile, TrustPurpose};
pub use signing::{
    DocumentToSign, ExternalSigner, SignedDocument, SigningAlgorithm, SigningFailure, SigningLevel,
    SigningOptions, sign, sign_with_pem_key,
};
pub use validation::{Judged, Validation, judge};

#[cfg(test)]
mod tests;

uniffi::setup_scaffolding!("imza");

/// The version of the library.
#[uniffi::export]
#[must_use]
pub fn version() -> String {
    env!("CARGO_PKG_VERSION").to_owned()
}
