//! What certificates, CRLs and OCSP responses have in common: a value, an algorithm, a signature.

use super::kept::Kept;
use crate::algorithm::SignatureAlgorithm;
use crate::asn1::{AlgorithmIdentifier, Reader, Tag, Tlv};
use crate::crypto::{Fit, Memo, Message, PublicKey, verify};
use crate::error::{Error, Malformed};
use crate::limits::Budget;
use std::sync::{Arc, OnceLock};

/// The signed envelope.
///
/// ```text
/// SIGNED{ToBeSigned} ::= SEQUENCE {
///   toBeSigned          ToBeSigned,
///   algorithmIdentifier AlgorithmIdentifier,
///   encrypted           BIT STRING }
/// ```
///
/// # Standard
/// X.509 §6.2; RFC 5280 §4.1, §5.1; RFC 6960 §4.2.1.
pub(crate) struct Signed {
    tbs: Kept,
    algorithm: Kept,
    value: Kept,
    /// What the identifier names, once it was asked.
    named: OnceLock<SignatureAlgorithm>,
}

/// An envelope as it is being read.
pub(crate) struct Opened<'a> {
    /// What the structure keeps.
    pub(crate) signed: Signed,
    /// What is signed.
    pub(crate) tbs: Tlv<'a>,
    /// The algorithm identifier outside.
    pub(crate) algorithm: Tlv<'a>,
    /// What follows the signature: nothing, but for OCSP responses.
    pub(crate) rest: Reader<'a>,
}

impl Signed {
    /// Reads the envelope that the octets are.
    pub(crate) fn open(der: &Arc<[u8]>) -> Result<Opened<'_>, Malformed> {
        let mut outer = Reader::der(der);
        let mut fields = outer.read(Tag::SEQUENCE)?.reader();
        outer.finish()?;
        let tbs = fields.read(Tag::SEQUENCE)?;
        let algorithm = fields.read(Tag::SEQUENCE)?;
        let value = fields.read(Tag::BIT_STRING)?;
        // A signature value is a whole number of octets.
        value.bit_string()?;
        Ok(Opened {
            signed: Self {
                tbs: Kept::whole(der, &tbs),
                algorithm: Kept::whole(der, &algorithm),
                value: Kept::content(der, &value),
                named: OnceLock::new(),
            },
            tbs,
            algorithm,
            rest: fields,
        })
    }

    /// The bytes that are signed.
    pub(crate) fn tbs(&self) -> &[u8] {
        self.tbs.as_slice()
    }

    /// The DER of the algorithm identifier outside.
    pub(crate) fn algorithm_der(&self) -> &[u8] {
        self.algorithm.as_slice()
    }

    /// How it is signed.
    pub(crate) fn algorithm(&self) -> Result<SignatureAlgorithm, Error> {
        if let Some(known) = self.named.get() {
            return Ok(*known);
        }
        let mut reader = Reader::der(self.algorithm.as_slice());
        let named = AlgorithmIdentifier::parse(&reader.read_any()?)?.signature_algorithm(None)?;
        Ok(*self.named.get_or_init(|| named))
    }

    /// The octets of the signature value.
    pub(crate) fn value(&self) -> &[u8] {
        self.value.as_slice().get(1..).unwrap_or_default()
    }

    /// Whether a key made the signature.
    pub(crate) fn verify(
        &self,
        key: &PublicKey,
        budget: &mut Budget,
        memo: &mut Memo,
    ) -> Result<Fit, Error> {
        let algorithm = self.algorithm()?;
        let message = Message::Octets(self.tbs());
        verify(key, algorithm, message, self.value(), budget, memo)
    }
}
