//! Past certificate validation, EN 319 102-1 §5.6.2.1.

use super::proofs_of_existence::ProofsOfExistence;
use super::validation_time_sliding::validation_time_sliding;
use super::x509_findings::{FindingKind, X509Outcome};
use crate::policy::ValidationPolicy;
use crate::time::UnixTime;
use crate::vocabulary::CheckId;

/// Why a path is not valid at any time in the past: the check that fails, what was wanted, and what
/// was found.
#[derive(Clone, Debug)]
pub(super) struct NotInThePast {
    pub(super) check: CheckId,
    pub(super) expected: &'static str,
    pub(super) found: String,
}

/// Validates one path at some date in the past; gives the control-time.
pub(super) fn past_certificate_validation(
    path: &X509Outcome,
    current: UnixTime,
    policy: &ValidationPolicy,
    proofs: &ProofsOfExistence,
) -> Result<UnixTime, NotInThePast> {
    let fails = |found: String| NotInThePast {
        check: CheckId::ProofPastPath,
        expected: "a path that was valid at some time",
        found,
    };
    // §5.6.2.1.4 steps 1, 2 and 4: a path, valid by RFC 5280 and by the constraints of the policy.
    let lasting = path.findings.iter().find(|finding| {
        matches!(
            finding.kind,
            FindingKind::NoPath | FindingKind::General | FindingKind::Constraints
        )
    });
    if let Some(finding) = lasting {
        return Err(fails(format!("{}: {}", finding.check, finding.found)));
    }
    // Step 2, shell model: a date that lies in the validity of every certificate.
    let validities = || path.path.iter().map(|one| one.validity());
    let start = validities().map(|validity| validity.not_before).max();
    let end = validities().map(|validity| validity.not_after).min();
    match (start, end) {
        (Some(start), Some(end)) if start <= end => {}
        (Some(start), Some(end)) => {
            return Err(fails(format!(
                "one certificate begins at {start} and another ends at {end}"
            )));
        }
        _ => return Err(fails("no path".to_owned())),
    }
    // Step 3.
    let slid = validation_time_sliding(path, current, policy, proofs);
    slid.map_err(|found| NotInThePast {
        check: CheckId::ProofControlTime,
        expected: "a time at which every certificate was good",
        found,
    })
}
