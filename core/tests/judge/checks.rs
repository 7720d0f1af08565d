//! Every check fails somewhere.

use crate::matrix::{checks, judged};
use imza::vocabulary::{CheckId, Outcome};
use std::collections::BTreeSet;

/// Checks that no situation fails, each with the reason.
const ELSEWHERE: &[(CheckId, &str)] = &[(
    CheckId::LimitEvidenceBytes,
    "only saved evidence can lack bytes: see the tests of saved evidence",
)];

#[test]
fn every_check_fails_in_some_situation() {
    let fails = |outcome: Outcome| {
        matches!(
            outcome,
            Outcome::Failed | Outcome::Warning | Outcome::Information
        )
    };
    let failed: BTreeSet<CheckId> = judged()
        .iter()
        .flat_map(|one| checks(&one.report))
        .filter(|check| fails(check.outcome))
        .map(|check| check.id)
        .collect();
    let all: BTreeSet<CheckId> = CheckId::ALL.iter().copied().collect();
    let elsewhere: BTreeSet<CheckId> = ELSEWHERE.iter().map(|(check, _)| *check).collect();
    let never: Vec<_> = all.difference(&failed).collect();
    assert_eq!(never, Vec::from_iter(&elsewhere));
}
