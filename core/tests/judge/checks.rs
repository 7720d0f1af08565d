//! Every check fails somewhere.

use crate::matrix::{checks, judged};
use imza::vocabulary::{CheckId, Outcome, SubIndication};
use std::collections::BTreeSet;

/// Checks that no situation fails, each with the reason.
const ELSEWHERE: &[(CheckId, &str)] = &[
    (CheckId::ModificationRevisions, PDF),
    (CheckId::ModificationPermitted, PDF),
    (CheckId::ModificationLockedFields, PDF),
    (CheckId::ModificationAnnotations, PDF),
    (CheckId::ModificationPrivateData, PDF),
    (CheckId::ModificationOverlap, PDF),
    (CheckId::CertificationConsistent, PDF),
    (CheckId::AttributeSeedValues, PDF),
    (CheckId::EvidenceRecordData, RECORDS),
    (CheckId::EvidenceRecordGroup, RECORDS),
    (CheckId::EvidenceRecordRenewal, RECORDS),
    (CheckId::EvidenceRecordAlgorithm, RECORDS),
    (CheckId::EvidenceRecordTimestamps, RECORDS),
    (CheckId::EvidenceRecordValid, RECORDS),
    (
        CheckId::FormatValueLength,
        "see the tests of flaws of XAdES: chance makes such values",
    ),
    (
        CheckId::FormatTolerated,
        "see the tests of encrypted documents: only they have authentication codes",
    ),
    (
        CheckId::LimitEvidenceBytes,
        "only saved evidence can lack bytes: see the tests of saved evidence",
    ),
    (
        CheckId::EntryFound,
        "see the tests of shapes of XAdES: only its manifests have entries",
    ),
    (
        CheckId::ReferenceRenewed,
        "see the tests of renewed digests of XAdES",
    ),
    (CheckId::UnsupportedPdfChanges, PDF),
];

const PDF: &str = "see the tests of what is done to a PDF after signing";

const RECORDS: &str = "see the tests of evidence records";

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

#[test]
fn every_sub_indication_occurs_in_some_situation() {
    let mut found: BTreeSet<SubIndication> = BTreeSet::new();
    for one in judged() {
        let signatures = one.report.signatures.iter();
        found.extend(signatures.clone().filter_map(|one| one.sub_indication));
        let stamps = signatures.flat_map(|one| &one.timestamps);
        found.extend(stamps.filter_map(|stamp| stamp.sub_indication));
    }
    let all: BTreeSet<SubIndication> = SubIndication::ALL.iter().copied().collect();
    let never: Vec<_> = all.difference(&found).copied().collect();
    assert_eq!(never, []);
}
