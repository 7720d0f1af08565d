//! Edges: *this digest fits those bytes*, *this key made that signature*.
//!
//! Every format's record carries what is needed to recompute its edges, so there is one way to do
//! it for all of them. Nothing here depends on policy, trust or time. Witnesses of edges
//! ([`DigestsMatch`], [`SignatureIntact`]) can only be made here and are never serialised.

use super::Evidence;
use crate::algorithm::{DigestAlgorithm, SignatureAlgorithm};
use crate::cades;
use crate::certificate::Certificate;
use crate::crypto::{self, Fit, Memo, Message, PublicKey};
use crate::error::{Error, Unsupported};
use crate::limits::{Budget, Resource};
use crate::payload::{DigestOutcome, Part, PayloadFailure, PayloadState, Tap};
use crate::revocation::{BasicOcspResponse, Crl};
use crate::signature::{Finding, Reference, Signature, SignatureValue, Target, Timestamp};
use crate::vocabulary::ReferenceKind;

/// Every reference of a signature was found and fits. Made by [`Evidence::references`] only.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DigestsMatch(());

/// A signature value fits its key. Made by [`Evidence::value`] only.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SignatureIntact(());

/// A key signed a certificate or revocation data. Made by the functions of this module only.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SignedByKey(());

fn signed_by_key(fit: Fit) -> Option<SignedByKey> {
    match fit {
        Fit::Fits => Some(SignedByKey(())),
        Fit::DoesNotFit => None,
    }
}

/// Whether a key signed an OCSP response.
///
/// # Errors
/// An algorithm that is not implemented, a limit.
pub fn verify_ocsp(
    response: &BasicOcspResponse,
    key: &PublicKey,
    budget: &mut Budget,
    memo: &mut Memo,
) -> Result<Option<SignedByKey>, Error> {
    response.verify(key, budget, memo).map(signed_by_key)
}

/// Whether a key signed a CRL.
///
/// # Errors
/// As [`verify_ocsp`].
pub fn verify_crl(
    crl: &Crl,
    key: &PublicKey,
    budget: &mut Budget,
    memo: &mut Memo,
) -> Result<Option<SignedByKey>, Error> {
    crl.verify(key, budget, memo).map(signed_by_key)
}

/// Whether a key signed a certificate.
///
/// # Errors
/// As [`verify_ocsp`].
pub fn verify_certificate(
    certificate: &Certificate,
    key: &PublicKey,
    budget: &mut Budget,
    memo: &mut Memo,
) -> Result<Option<SignedByKey>, Error> {
    let algorithm = certificate.signature_algorithm()?;
    let message = Message::Octets(certificate.tbs());
    let value = certificate.signature_value();
    crypto::verify(key, algorithm, message, value, budget, memo).map(signed_by_key)
}

/// What recomputing one digest gave.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReferenceOutcome {
    /// The digest fits.
    Intact,
    /// It does not fit.
    Broken {
        /// The digest of what is there.
        found: Vec<u8>,
    },
    /// The object is not at hand.
    NotFound,
    /// The object is there but could not be digested.
    Failed(PayloadFailure),
    /// An algorithm or transform is not implemented.
    Unsupported(Unsupported),
}

/// What recomputing the references of a signature gave.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct References {
    /// One outcome for each of [`Signature::references`].
    pub outcomes: Vec<ReferenceOutcome>,
    /// The witness, when something is signed and every reference that is not optional fits.
    pub witness: Option<DigestsMatch>,
}

/// What verifying a signature value with one key gave.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ValueOutcome {
    /// The value fits; the words tell when it fits only another form of what is signed.
    Intact(SignatureIntact, Option<&'static str>),
    /// It does not fit.
    Broken,
    /// What is signed is not at hand.
    NotFound,
    /// What is signed could not be digested.
    Failed(PayloadFailure),
    /// The algorithm, or the key for it, is not implemented.
    Unsupported(Unsupported),
}

/// What is digested, or why that cannot be said.
pub(super) fn parts_of(target: &Target) -> Result<&[Part], ReferenceOutcome> {
    match target {
        Target::Parts(parts) => Ok(parts),
        Target::NotFound => Err(ReferenceOutcome::NotFound),
        Target::Unsupported(unsupported) => Err(ReferenceOutcome::Unsupported(unsupported.clone())),
    }
}

impl Evidence {
    /// Recomputes every reference of a signature.
    ///
    /// # Errors
    /// A limit.
    pub fn references(&self, record: &Signature, budget: &mut Budget) -> Result<References, Error> {
        let mut outcomes = Vec::with_capacity(record.references.len());
        for reference in &record.references {
            outcomes.push(self.reference(reference, budget)?);
        }
        let fits = |(reference, outcome): (&Reference, &ReferenceOutcome)| match outcome {
            // Whoever added it is not the signer.
            _ if reference.kind == ReferenceKind::RenewedDigest => true,
            ReferenceOutcome::Intact => true,
            ReferenceOutcome::NotFound => reference.is_optional,
            _ => false,
        };
        let all_fit = record.references.iter().zip(&outcomes).all(fits);
        let signs_something = !outcomes.is_empty() || record.signs_data_directly();
        let witness = (all_fit && signs_something).then_some(DigestsMatch(()));
        Ok(References { outcomes, witness })
    }

    /// Whether a reference that fits leaves nothing out of the file that it covers.
    ///
    /// # Errors
    /// A limit.
    pub(crate) fn covers_all(
        &self,
        reference: &Reference,
        budget: &mut Budget,
    ) -> Result<bool, Error> {
        let (Some(parts), Ok(algorithm)) = (reference.with_comments(), &reference.algorithm) else {
            return Ok(true);
        };
        let (target, expected) = (Target::Parts(parts), &reference.expected);
        let outcome = self.compare(*algorithm, expected, &target, budget)?;
        Ok(outcome == ReferenceOutcome::Intact)
    }

    fn reference(
        &self,
        reference: &Reference,
        budget: &mut Budget,
    ) -> Result<ReferenceOutcome, Error> {
        budget.charge(Resource::References, 1)?;
        match &reference.algorithm {
            Err(unsupported) => Ok(ReferenceOutcome::Unsupported(unsupported.clone())),
            Ok(algorithm) => {
                self.compare(*algorithm, &reference.expected, &reference.target, budget)
            }
        }
    }

    /// Recomputes the imprint of a time-stamp; `expected` is the token's message imprint.
    ///
    /// # Errors
    /// A limit.
    pub fn imprint(
        &self,
        timestamp: &Timestamp,
        algorithm: DigestAlgorithm,
        expected: &[u8],
        budget: &mut Budget,
    ) -> Result<(ReferenceOutcome, Option<&'static str>), Error> {
        let first = self.compare(algorithm, expected, &timestamp.imprint, budget)?;
        if first == ReferenceOutcome::Intact {
            return Ok((first, None));
        }
        for (target, words) in &timestamp.alternatives {
            if self.compare(algorithm, expected, target, budget)? == ReferenceOutcome::Intact {
                return Ok((ReferenceOutcome::Intact, Some(words)));
            }
        }
        Ok((first, None))
    }

    fn compare(
        &self,
        algorithm: DigestAlgorithm,
        expected: &[u8],
        target: &Target,
        budget: &mut Budget,
    ) -> Result<ReferenceOutcome, Error> {
        let parts = match parts_of(target) {
            Ok(parts) => parts,
            Err(outcome) => return Ok(outcome),
        };
        Ok(match self.digest_of(algorithm, parts, budget)? {
            Ok(found) if crypto::equal(&found, expected) => ReferenceOutcome::Intact,
            Ok(found) => ReferenceOutcome::Broken { found },
            Err(outcome) => outcome,
        })
    }

    /// The digest over parts, or why there is none.
    pub(super) fn digest_of(
        &self,
        algorithm: DigestAlgorithm,
        parts: &[Part],
        budget: &mut Budget,
    ) -> Result<Result<Vec<u8>, ReferenceOutcome>, Error> {
        Ok(match self.payload().digest(algorithm, parts, budget) {
            Ok(DigestOutcome::Digest(found)) => Ok(found),
            Ok(DigestOutcome::NotFound) => Err(ReferenceOutcome::NotFound),
            Ok(DigestOutcome::Failed(failure)) => Err(ReferenceOutcome::Failed(failure)),
            Err(Error::Unsupported(unsupported)) => Err(ReferenceOutcome::Unsupported(unsupported)),
            Err(error) => return Err(error),
        })
    }

    /// What is wrong with streamed content that a signature value is over directly (CMS without
    /// signed attributes, RFC 5652 §5.4), as its first octets say.
    ///
    /// Whoever strips the signed attributes of a genuine signature can give them as the file beside.
    /// Content that was not digested has nothing to be looked at: its value does not fit.
    pub(crate) fn content_finding(&self, record: &Signature) -> Option<Finding> {
        let value = record.value.as_ref()?;
        let digest = value.algorithm.as_ref().ok()?.digest()?;
        let tap = Tap::needed(digest, &value.over).into_iter().next()?;
        let payload = self.payload();
        if !matches!(
            payload.state(&tap.key),
            Some(PayloadState::Digest(_) | PayloadState::Midstate(_))
        ) {
            return None;
        }
        // The head ends with the last payload.
        let is_whole = tap.key.prefix.len() == value.over.len();
        cades::content_found(payload.head(&tap.key).filter(|_| is_whole))
    }

    /// Verifies a signature value with a key.
    ///
    /// # Errors
    /// A limit.
    pub fn value(
        &self,
        value: &SignatureValue,
        key: &PublicKey,
        budget: &mut Budget,
        memo: &mut Memo,
    ) -> Result<ValueOutcome, Error> {
        let algorithm = match &value.algorithm {
            Ok(algorithm) => *algorithm,
            Err(unsupported) => return Ok(ValueOutcome::Unsupported(unsupported.clone())),
        };
        let first = self.value_over(&value.over, algorithm, value, key, budget, memo)?;
        if matches!(first, ValueOutcome::Intact(..)) {
            return Ok(first);
        }
        for (over, words) in &value.alternatives {
            let other = self.value_over(over, algorithm, value, key, budget, memo)?;
            if let ValueOutcome::Intact(witness, _) = other {
                return Ok(ValueOutcome::Intact(witness, Some(words)));
            }
        }
        Ok(first)
    }

    fn value_over(
        &self,
        over: &[Part],
        algorithm: SignatureAlgorithm,
        value: &SignatureValue,
        key: &PublicKey,
        budget: &mut Budget,
        memo: &mut Memo,
    ) -> Result<ValueOutcome, Error> {
        let fit = match (over, algorithm.digest()) {
            ([Part::Octets(octets)], _) => {
                let length = u64::try_from(octets.len()).unwrap_or(u64::MAX);
                budget.charge(Resource::DigestedBytes, length)?;
                crypto::verify(
                    key,
                    algorithm,
                    Message::Octets(octets),
                    &value.value,
                    budget,
                    memo,
                )
            }
            (_, Some(digest)) => match self.payload().digest(digest, over, budget) {
                Ok(DigestOutcome::Digest(digest)) => crypto::verify(
                    key,
                    algorithm,
                    Message::Digest(&digest),
                    &value.value,
                    budget,
                    memo,
                ),
                Ok(DigestOutcome::NotFound) => return Ok(ValueOutcome::NotFound),
                Ok(DigestOutcome::Failed(failure)) => return Ok(ValueOutcome::Failed(failure)),
                Err(error) => Err(error),
            },
            // An algorithm that signs the message itself cannot be verified over a stream.
            (_, None) => {
                let what = "an algorithm that signs the message itself, over streamed data";
                return Ok(ValueOutcome::Unsupported(Unsupported::Feature(what)));
            }
        };
        match fit {
            Ok(Fit::Fits) => Ok(ValueOutcome::Intact(SignatureIntact(()), None)),
            Ok(Fit::DoesNotFit) => Ok(ValueOutcome::Broken),
            Err(Error::Unsupported(unsupported)) => Ok(ValueOutcome::Unsupported(unsupported)),
            Err(error) => Err(error),
        }
    }
}
