//! Format checking, EN 319 102-1 §5.2.2.
//!
//! The formats executed their checks while they read; here their findings are weighed. A finding
//! about a limit or something unsupported is no format failure: it makes the signature
//! INDETERMINATE / CUSTOM, never PASSED.

use super::check_log::{CheckLog, Weight};
use super::conclusion::Conclusion;
use crate::signature::{Finding, Signature};
use crate::vocabulary::{CheckId, SubIndication};

/// What format checking concludes, in its two kinds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct FormatConclusion {
    /// PASSED or FAILED / FORMAT_FAILURE.
    pub(super) format: Conclusion,
    /// PASSED or FAILED / FORMAT_FAILURE, for a wrong checksum. Whoever changes a file changes its
    /// checksum's fit as well: where a digest does not fit either, that says more.
    pub(super) checksum: Conclusion,
    /// PASSED or INDETERMINATE / CUSTOM.
    pub(super) custom: Conclusion,
    /// PASSED or INDETERMINATE / SIG_CONSTRAINTS_FAILURE: a profile of a format is not kept.
    pub(super) profile: Conclusion,
}

/// Weighs what the formats and the container found; `content` is about what was streamed.
pub(super) fn format_checking(
    record: &Signature,
    content: Option<&Finding>,
    document: &[Finding],
    log: &mut CheckLog<'_>,
) -> FormatConclusion {
    let mut conclusion = FormatConclusion {
        format: Conclusion::PASSED,
        checksum: Conclusion::PASSED,
        custom: Conclusion::PASSED,
        profile: Conclusion::PASSED,
    };
    let object = Some(record.id.clone());
    for check in &record.checked {
        let mut findings = record.findings.iter().chain(content).chain(document);
        if !findings.any(|finding| finding.check == *check) {
            log.pass(*check, object.clone());
        }
    }
    for finding in record.findings.iter().chain(content).chain(document) {
        let weight = log.finding(finding, object.clone());
        if weight == Weight::Tolerated {
            continue;
        }
        match kind(finding.check) {
            Kind::Format => conclusion.format = Conclusion::of(SubIndication::FormatFailure),
            Kind::Checksum => conclusion.checksum = Conclusion::of(SubIndication::FormatFailure),
            Kind::Custom => conclusion.custom = Conclusion::of(SubIndication::Custom),
            Kind::Profile => {
                conclusion.profile = Conclusion::of(SubIndication::SigConstraintsFailure);
            }
        }
    }
    conclusion
}

/// What a finding that counts gives by itself.
pub(super) fn weigh(finding: &Finding) -> Conclusion {
    Conclusion::of(match kind(finding.check) {
        Kind::Format | Kind::Checksum => SubIndication::FormatFailure,
        Kind::Custom => SubIndication::Custom,
        Kind::Profile => SubIndication::SigConstraintsFailure,
    })
}

enum Kind {
    Format,
    Checksum,
    Custom,
    Profile,
}

fn kind(check: CheckId) -> Kind {
    match check {
        CheckId::LimitReading
        | CheckId::LimitJudging
        | CheckId::LimitEvidenceBytes
        | CheckId::UnsupportedAlgorithm
        | CheckId::UnsupportedTransform
        | CheckId::UnsupportedFeature
        | CheckId::UnsupportedPdfChanges => Kind::Custom,
        CheckId::AttributeAlgorithmProtection
        | CheckId::AttributeSignedProperties
        | CheckId::AttributeSeedValues
        | CheckId::CertificationConsistent
        | CheckId::ContainerManifest
        | CheckId::ContainerMimetype
        | CheckId::ContainerAllFilesSigned
        | CheckId::DocumentAllSigned => Kind::Profile,
        CheckId::ContainerChecksum => Kind::Checksum,
        _ => Kind::Format,
    }
}
