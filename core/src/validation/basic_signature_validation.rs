//! Validation process for basic signatures, EN 319 102-1 §5.3.

use super::check_log::{CheckLog, OnTrust};
use super::conclusion::Conclusion;
use super::cryptographic_verification::{Verified, cryptographic_verification};
use super::format_checking::{FormatConclusion, format_checking};
use super::identification_of_the_signing_certificate::{Identified, identify_signing_certificate};
use super::references_in_the_path::references_in_the_path;
use super::signature_acceptance_validation::{
    AlgorithmUse, Subject, algorithms, attribute_constraints,
};
use super::validator::Validator;
use super::x509_certificate_validation::{Chain, x509_certificate_validation};
use super::x509_findings::X509Outcome;
use crate::certificate::Certificate;
use crate::error::Error;
use crate::signature::{Finding, Signature};
use crate::vocabulary::{BlockIndication, CheckId, Integrity, Purpose, SubIndication};

/// Every intermediate result of the basic process; the later processes go on from here.
#[derive(Clone, Debug)]
pub(super) struct Basic {
    pub(super) format: FormatConclusion,
    pub(super) identified: Identified,
    pub(super) verified: Verified,
    pub(super) x509: X509Outcome,
    pub(super) attributes: Conclusion,
    pub(super) algorithms: Vec<AlgorithmUse>,
}

impl Basic {
    /// The signing certificate.
    pub(super) fn certificate(&self) -> Option<&Certificate> {
        self.identified.certificate.as_ref()
    }

    /// What no later process can mend: everything but the path and the algorithms.
    ///
    /// Format, signing certificate, context and cryptographic verification come in the order of
    /// §5.3.4; what a limit or a missing feature left open is CUSTOM, but never hides a digest or
    /// value that is known to be wrong.
    pub(super) fn final_conclusion(&self) -> Conclusion {
        let verified = self.verified.conclusion;
        let is_broken = verified.indication == BlockIndication::Failed;
        let (checksum, custom) = if is_broken {
            (Conclusion::PASSED, Conclusion::PASSED)
        } else {
            (self.format.checksum, self.format.custom)
        };
        Conclusion::first(&[
            self.format.format,
            checksum,
            custom,
            self.identified.conclusion,
            verified,
            self.format.custom,
        ])
    }

    /// The cryptographic fact: a signed reference that contradicts the certificate breaks it too.
    pub(super) fn integrity(&self) -> Integrity {
        if self.identified.is_contradicted {
            Integrity::Broken
        } else {
            self.verified.integrity
        }
    }

    /// The attribute constraints and the profile of the format.
    pub(super) fn acceptance(&self) -> Conclusion {
        Conclusion::first(&[self.attributes, self.format.profile])
    }
}

/// Runs the blocks of the basic process at the validator's current time.
pub(super) fn basic_signature_validation(
    validator: &mut Validator<'_>,
    record: &Signature,
    document: &[Finding],
    subject: Subject,
    log: &mut CheckLog<'_>,
) -> Result<Basic, Error> {
    let content = validator.evidence.content_finding(record);
    let format = format_checking(record, content.as_ref(), document, log);
    let identified =
        identify_signing_certificate(validator.evidence, record, log, validator.budget)?;
    let certificate = identified.certificate.as_ref();
    let verified = cryptographic_verification(
        validator.evidence,
        record,
        certificate,
        validator.budget,
        validator.memo,
        log,
    )?;
    let attributes = attribute_constraints(record, certificate, subject, validator.policy, log);
    let key_size = match certificate {
        Some(certificate) => certificate.public_key().ok().map(|key| key.size()),
        None => None,
    };
    let algorithms = algorithms(record, key_size, validator.policy);
    // §5.3.4 step 4: the path is judged even where something else has failed, so that the report
    // tells who signed; but an unidentified certificate has no path to judge.
    let x509 = match certificate {
        Some(certificate) if identified.conclusion.unless_passed().is_none() => {
            let purpose = match subject {
                Subject::Signature => Purpose::Signing,
                Subject::Timestamp => Purpose::Timestamping,
            };
            x509_certificate_validation(validator, certificate, &Chain::of(purpose))?
        }
        _ => X509Outcome::default(),
    };
    let further = references_in_the_path(validator, record, &x509, log)?;
    let attributes = Conclusion::first(&[attributes, further]);
    Ok(Basic {
        format,
        identified,
        verified,
        x509,
        attributes,
        algorithms,
    })
}

/// Records the algorithms that are not reliable at the time that counts for them.
pub(super) fn record_algorithms(
    uses: &[AlgorithmUse],
    time: crate::time::UnixTime,
    object: &str,
    trust: OnTrust,
    log: &mut CheckLog<'_>,
) -> Conclusion {
    use super::check_log::Weight;
    use super::signature_acceptance_validation::{unreliable_at, until_words};
    let object = Some(object.to_owned());
    let mut conclusion = Conclusion::PASSED;
    let unreliable = unreliable_at(uses, time);
    if unreliable.is_empty() && !uses.is_empty() {
        let names = uses
            .iter()
            .map(|one| one.name.as_str())
            .collect::<Vec<_>>()
            .join("; ");
        let expected = Some(format!("reliable at {time}"));
        log.hold(CheckId::AlgorithmSignature, expected, Some(names), object);
        return conclusion;
    }
    for one in unreliable {
        let expected = format!("reliable at {time}");
        let found = format!("{}: {}", one.name, until_words(one.until));
        let weight = log.fail(
            CheckId::AlgorithmSignature,
            expected,
            found,
            object.clone(),
            trust,
        );
        if weight == Weight::Fails {
            conclusion = Conclusion::of(SubIndication::CryptoConstraintsFailureNoPoe);
        }
    }
    conclusion
}
