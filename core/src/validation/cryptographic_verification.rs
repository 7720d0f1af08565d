//! Cryptographic verification, EN 319 102-1 §5.2.7.

use super::check_log::{CheckLog, OnTrust};
use super::conclusion::Conclusion;
use crate::algorithm::SignatureAlgorithm;
use crate::certificate::Certificate;
use crate::crypto::{Memo, PublicKey};
use crate::error::{Error, Unsupported};
use crate::evidence::{
    DigestsMatch, DocumentFacts, Evidence, Names, ReferenceOutcome, SignatureIntact, ValueOutcome,
};
use crate::limits::Budget;
use crate::payload::PayloadFailure;
use crate::signature::{Reference, Signature, SignerHint, Target};
use crate::vocabulary::{CheckId, ContainerKind, Integrity, ReferenceKind, SubIndication, hex};

/// What was verified.
#[derive(Clone, Debug)]
pub(super) struct Verified {
    pub(super) conclusion: Conclusion,
    pub(super) integrity: Integrity,
    /// The two witnesses, when both are there.
    pub(super) witnesses: Option<(DigestsMatch, SignatureIntact)>,
    /// The outcome of each reference.
    pub(super) references: Vec<ReferenceOutcome>,
}

/// Verifies references and value. `certificate` is the signing certificate; without one a bare key
/// in the signature or from the caller tells integrity, never more.
pub(super) fn cryptographic_verification(
    evidence: &Evidence,
    record: &Signature,
    certificate: Option<&Certificate>,
    budget: &mut Budget,
    memo: &mut Memo,
    log: &mut CheckLog<'_>,
) -> Result<Verified, Error> {
    let references = evidence.references(record, budget)?;
    let mut state = State::of(evidence);
    for (reference, outcome) in record.references.iter().zip(&references.outcomes) {
        state.reference(reference, outcome, log);
    }
    let is_nothing = record.references.is_empty() && !record.signs_data_directly();
    if is_nothing || only_missing_entries(&record.references, &references.outcomes) {
        // Nothing is signed; the formats say so as well.
        state.missing = true;
        let object = Some(record.id.clone());
        log.fail(
            CheckId::ReferenceFound,
            "at least one signed object",
            "none",
            object,
            OnTrust::Independent,
        );
    }

    let value = verify_value(evidence, record, certificate, budget, memo)?;
    let witness = state.value(record, &value, log);
    Ok(Verified {
        conclusion: state.conclusion(),
        integrity: state.integrity(),
        witnesses: references.witness.zip(witness),
        references: references.outcomes,
    })
}

/// Verifies the references of what has no signature value: the files that a time-stamped manifest
/// names.
pub(super) fn references_of_a_timestamp(
    evidence: &Evidence,
    record: &Signature,
    budget: &mut Budget,
    log: &mut CheckLog<'_>,
) -> Result<(Conclusion, Integrity), Error> {
    let references = evidence.references(record, budget)?;
    let mut state = State::of(evidence);
    for (reference, outcome) in record.references.iter().zip(&references.outcomes) {
        state.reference(reference, outcome, log);
    }
    Ok((state.conclusion(), state.integrity()))
}

/// Whether all the data that a signature is about stands in manifests and none of it is at hand. What
/// is left signs the list: whoever took the data away would have a valid signature over nothing.
fn only_missing_entries(references: &[Reference], outcomes: &[ReferenceOutcome]) -> bool {
    let about_data = |reference: &&Reference| {
        !matches!(
            reference.kind,
            ReferenceKind::SignedProperties
                | ReferenceKind::KeyInfo
                | ReferenceKind::Object
                | ReferenceKind::Manifest
                | ReferenceKind::RenewedDigest
        )
    };
    let references = references.iter().zip(outcomes);
    let mut data = references.filter(|(reference, _)| about_data(reference));
    let is_missing = |(reference, outcome): (&Reference, &ReferenceOutcome)| {
        reference.is_optional && *outcome == ReferenceOutcome::NotFound
    };
    match data.next() {
        Some(first) => is_missing(first) && data.all(is_missing),
        None => false,
    }
}

fn verify_value(
    evidence: &Evidence,
    record: &Signature,
    certificate: Option<&Certificate>,
    budget: &mut Budget,
    memo: &mut Memo,
) -> Result<Option<ValueOutcome>, Error> {
    let Some(value) = &record.value else {
        return Ok(None);
    };
    if let Some(certificate) = certificate {
        return match certificate.public_key() {
            Ok(key) => evidence.value(value, key, budget, memo).map(Some),
            Err(Error::Unsupported(unsupported)) => {
                Ok(Some(ValueOutcome::Unsupported(unsupported)))
            }
            Err(error @ Error::LimitExceeded(_)) => Err(error),
            // A key that is no key verifies nothing.
            Err(_) => Ok(Some(ValueOutcome::Broken)),
        };
    }
    // What nobody here could verify is not for want of a key.
    let unknown = match &value.algorithm {
        Err(unsupported) => Some(unsupported.clone()),
        Ok(algorithm @ SignatureAlgorithm::Ed448) => {
            Some(Unsupported::Algorithm(algorithm.to_string()))
        }
        Ok(_) => None,
    };
    if let Some(unsupported) = unknown {
        return Ok(Some(ValueOutcome::Unsupported(unsupported)));
    }
    // No certificate: the caller's keys and a bare key of the signature tell integrity alone.
    let mut last = None;
    let hints = record.identification.hints.iter();
    let bare = hints.filter_map(|hint| match hint {
        SignerHint::PublicKey(spki) => Some(PublicKey::from_spki(spki)),
        _ => None,
    });
    for key in evidence.keys().iter().cloned().map(Ok).chain(bare) {
        let outcome = match key {
            Ok(key) => evidence.value(value, &key, budget, memo)?,
            Err(Error::Unsupported(unsupported)) => ValueOutcome::Unsupported(unsupported),
            Err(_) => continue,
        };
        if matches!(outcome, ValueOutcome::Intact(..)) {
            return Ok(Some(outcome));
        }
        // A key that does not fit says more than one that cannot be tried.
        if last.is_none() || matches!(outcome, ValueOutcome::Broken) {
            last = Some(outcome);
        }
    }
    Ok(last)
}

/// What is known so far about one signature.
#[derive(Default)]
struct State<'a> {
    /// Of a container of files, which holds whatever is signed in it.
    container: Option<&'a DocumentFacts>,
    /// Its files, once something is not found.
    names: Option<Names<'a>>,
    missing: bool,
    taken_out: bool,
    digest_broken: bool,
    value_broken: bool,
    unsupported: bool,
    value_unknown: bool,
}

/// EN 319 132-1 §5.5.3: compared and told; it decides nothing, for the signer did not make it.
fn renewed(
    reference: &Reference,
    outcome: &ReferenceOutcome,
    object: Option<String>,
    log: &mut CheckLog<'_>,
) {
    let (check, expected) = (CheckId::ReferenceRenewed, hex(&reference.expected));
    let found = match outcome {
        ReferenceOutcome::Intact => return log.pass(check, object),
        ReferenceOutcome::NotFound if reference.is_optional => {
            let found = "an entry of a manifest that is not at hand".to_owned();
            return log.hold(check, None, Some(found), object);
        }
        ReferenceOutcome::NotFound => "no such entry of a signed manifest".to_owned(),
        ReferenceOutcome::Broken { found } => hex(found),
        ReferenceOutcome::Failed(failure) => failure.reason.clone(),
        ReferenceOutcome::Unsupported(what) => what.to_string(),
    };
    log.fail(check, expected, found, object, OnTrust::Independent);
}

impl<'a> State<'a> {
    fn of(evidence: &'a Evidence) -> Self {
        let facts = evidence.document();
        let is_of_files = facts
            .container
            .is_some_and(|kind| kind != ContainerKind::Pdf);
        Self {
            container: is_of_files.then_some(facts),
            ..Self::default()
        }
    }

    fn reference(
        &mut self,
        reference: &Reference,
        outcome: &ReferenceOutcome,
        log: &mut CheckLog<'_>,
    ) {
        let object = Some(reference.name.clone());
        if reference.kind == ReferenceKind::RenewedDigest {
            return renewed(reference, outcome, object, log);
        }
        match outcome {
            ReferenceOutcome::Intact => {
                log.pass(CheckId::ReferenceFound, object.clone());
                log.pass(CheckId::ReferenceIntact, object);
            }
            ReferenceOutcome::Broken { found } => {
                self.digest_broken = true;
                log.pass(CheckId::ReferenceFound, object.clone());
                let (expected, found) = (hex(&reference.expected), hex(found));
                log.fail(
                    CheckId::ReferenceIntact,
                    expected,
                    found,
                    object,
                    OnTrust::Independent,
                );
            }
            ReferenceOutcome::NotFound if reference.is_optional => {
                log.fail(
                    CheckId::EntryFound,
                    "what the entry of a signed manifest is about",
                    "not at hand",
                    object,
                    OnTrust::Independent,
                );
            }
            ReferenceOutcome::NotFound => {
                self.missing = true;
                // EN 319 162-1 §4.2: a container holds the files that are signed in it. One that is
                // not there was taken out or bears another name: nobody could still bring it.
                let is_relative = !reference.name.is_empty()
                    && !reference.name.starts_with('#')
                    && !reference.name.contains("://");
                let names = &mut self.names;
                let mut is_gone = |facts: &'a DocumentFacts| {
                    let names = names.get_or_insert_with(|| facts.names());
                    names.entry(&reference.name).is_none()
                };
                let taken_out = is_relative
                    && reference.target == Target::NotFound
                    && self.container.is_some_and(&mut is_gone);
                self.taken_out |= taken_out;
                let found = match taken_out {
                    true => "not in the container",
                    false => "not at hand",
                };
                log.fail(
                    CheckId::ReferenceFound,
                    "the signed object",
                    found,
                    object,
                    OnTrust::Independent,
                );
            }
            ReferenceOutcome::Failed(failure) => self.failed(failure, object, log),
            ReferenceOutcome::Unsupported(unsupported) => {
                self.unsupported(unsupported, object, log)
            }
        }
    }

    fn failed(&mut self, failure: &PayloadFailure, object: Option<String>, log: &mut CheckLog<'_>) {
        self.missing = true;
        log.fail(
            CheckId::ReferenceFound,
            "the signed object",
            failure.reason.clone(),
            object,
            OnTrust::Independent,
        );
    }

    fn unsupported(&mut self, what: &Unsupported, object: Option<String>, log: &mut CheckLog<'_>) {
        self.unsupported = true;
        let check = match what {
            Unsupported::Algorithm(_) => CheckId::UnsupportedAlgorithm,
            Unsupported::Transform(_) => CheckId::UnsupportedTransform,
            _ => CheckId::UnsupportedFeature,
        };
        log.fail(
            check,
            "something that is implemented",
            what.to_string(),
            object,
            OnTrust::Independent,
        );
    }

    fn value(
        &mut self,
        record: &Signature,
        outcome: &Option<ValueOutcome>,
        log: &mut CheckLog<'_>,
    ) -> Option<SignatureIntact> {
        let object = Some(record.id.clone());
        let expected = "a value that the signing certificate's key verifies";
        match outcome {
            Some(ValueOutcome::Intact(witness, words)) => {
                let found = words.map(str::to_owned);
                log.hold(CheckId::SignatureIntact, None, found, object);
                return Some(*witness);
            }
            Some(ValueOutcome::Broken) => {
                self.value_broken = true;
                log.fail(
                    CheckId::SignatureIntact,
                    expected,
                    "another value",
                    object,
                    OnTrust::Independent,
                );
            }
            Some(ValueOutcome::NotFound) => self.missing = true,
            Some(ValueOutcome::Failed(failure)) => self.failed(failure, object, log),
            Some(ValueOutcome::Unsupported(what)) => self.unsupported(what, object, log),
            None => {
                self.value_unknown = true;
                log.fail(
                    CheckId::SignatureIntact,
                    expected,
                    "no key at hand",
                    object,
                    OnTrust::Independent,
                );
            }
        }
        None
    }

    /// EN 319 102-1 §5.2.7.4 in its order: found, digests, value.
    fn conclusion(&self) -> Conclusion {
        if self.missing {
            Conclusion::of(SubIndication::SignedDataNotFound)
        } else if self.digest_broken {
            Conclusion::of(SubIndication::HashFailure)
        } else if self.value_broken {
            Conclusion::of(SubIndication::SigCryptoFailure)
        } else if self.unsupported {
            Conclusion::of(SubIndication::Custom)
        } else if self.value_unknown {
            Conclusion::of(SubIndication::NoSigningCertificateFound)
        } else {
            Conclusion::PASSED
        }
    }

    fn integrity(&self) -> Integrity {
        if self.digest_broken || self.value_broken || self.taken_out {
            Integrity::Broken
        } else if self.missing || self.unsupported || self.value_unknown {
            Integrity::Unknown
        } else {
            Integrity::Intact
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::algorithm::DigestAlgorithm;

    fn reference(kind: ReferenceKind) -> Reference {
        Reference {
            name: String::new(),
            kind,
            algorithm: Ok(DigestAlgorithm::Sha256),
            expected: Vec::new(),
            target: Target::NotFound,
            is_optional: kind == ReferenceKind::ManifestEntry,
            covers: None,
        }
    }

    #[test]
    fn a_list_of_which_nothing_is_here_signs_nothing() {
        use ReferenceKind::{Manifest, ManifestEntry, SignersDocument};
        use ReferenceOutcome::{Intact, NotFound};
        let list = [Manifest, ManifestEntry].map(reference);
        assert!(only_missing_entries(&list, &[Intact, NotFound]));
        assert!(!only_missing_entries(&list, &[Intact, Intact]));
        let with_data = [Manifest, ManifestEntry, SignersDocument].map(reference);
        assert!(!only_missing_entries(
            &with_data,
            &[Intact, NotFound, Intact]
        ));
    }
}
