//! A signature that waits for its value.

use crate::algorithm::SignatureAlgorithm;
use crate::asic::{self, NewFile};
use crate::certificate::Certificate;
use crate::crypto::{self, Fit, Memo, Message};
use crate::error::{ApiMisuse, Error, SignerError};
use crate::limits::Budget;
use crate::source::Edits;
use crate::xades::Blueprint;
use serde::{Deserialize, Serialize};

const VERSION: u32 = 1;

/// Everything that the signed document derives from but the payload and the value.
///
/// Holds of each input name, length, SHA-256 and CRC-32, and what our output adds; never payload.
/// The JSON form may travel to a phone and back: [`PendingSignature::complete`] derives the data to
/// be signed anew and verifies the value, so that a changed form signs nothing else.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PendingSignature {
    version: u32,
    blueprint: Blueprint,
    files: Vec<NewFile>,
}

impl PendingSignature {
    pub(super) fn new(blueprint: Blueprint, files: Vec<NewFile>) -> Self {
        Self {
            version: VERSION,
            blueprint,
            files,
        }
    }

    /// The data to be signed (DTBS): for XAdES the canonical `ds:SignedInfo`.
    ///
    /// # Errors
    /// As [`Blueprint::data_to_be_signed`].
    pub fn data_to_be_signed(&self) -> Result<Vec<u8>, Error> {
        self.blueprint.data_to_be_signed()
    }

    /// The data to be signed representation (DTBSR): its digest, with the digest algorithm of the
    /// signature; the data itself for algorithms that take the message.
    ///
    /// # Errors
    /// As [`PendingSignature::data_to_be_signed`].
    pub fn data_to_be_signed_representation(&self) -> Result<Vec<u8>, Error> {
        let data = self.data_to_be_signed()?;
        match self.algorithm().digest() {
            Some(digest) => crypto::digest(digest, &data),
            None => Ok(data),
        }
    }

    /// The signature algorithm.
    #[must_use]
    pub fn algorithm(&self) -> SignatureAlgorithm {
        self.blueprint.algorithm
    }

    /// Takes the signature value, verifies it, and gives the signed document at level B.
    ///
    /// # Errors
    /// [`SignerError::ValueDoesNotVerify`] when the value does not verify with the certificate's
    /// key; errors of an unreadable saved form.
    pub fn complete(&self, value: &[u8]) -> Result<Edits, Error> {
        let mut budget = Budget::default();
        let certificate = Certificate::parse(&self.blueprint.signing_certificate, &mut budget)?;
        let data = self.data_to_be_signed()?;
        let key = certificate.public_key()?;
        let message = Message::Octets(&data);
        let algorithm = self.algorithm();
        match crypto::verify(
            key,
            algorithm,
            message,
            value,
            &mut budget,
            &mut Memo::default(),
        )? {
            Fit::Fits => {}
            Fit::DoesNotFit => return Err(SignerError::ValueDoesNotVerify.into()),
        }
        let signature = self.blueprint.signature(value)?;
        asic::create(&self.files, &[asic::signatures_file(&[&signature])])
    }

    /// The JSON form.
    #[must_use]
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// Reads the JSON form.
    ///
    /// # Errors
    /// [`ApiMisuse::UnreadableValue`] or [`ApiMisuse::UnknownVersion`].
    pub fn from_json(text: &str) -> Result<Self, Error> {
        let pending: Self = serde_json::from_str(text).map_err(|_| ApiMisuse::UnreadableValue)?;
        if pending.version != VERSION {
            return Err(ApiMisuse::UnknownVersion.into());
        }
        Ok(pending)
    }
}
