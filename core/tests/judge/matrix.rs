//! The matrix: every row, in every packaging.

use crate::row::{Row, passed, row};
use crate::run::Case;
use crate::scene::Packaging;
use crate::{
    algorithms, archive, archive_chains, certificates, constraints, data, identification, pdf,
    revocation, revocation_issuers, times, timestamps, xml,
};
use imza::report::{Check, Report};
use imza::vocabulary::{BlockIndication, CheckId, Indication, Outcome};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Every row.
pub(crate) fn rows() -> Vec<Row> {
    let mut rows = vec![row("all is well", passed(CheckId::PathFound), |_| {})];
    rows.extend(revocation::rows());
    rows.extend(revocation_issuers::rows());
    rows.extend(times::rows());
    rows.extend(timestamps::rows());
    rows.extend(certificates::rows());
    rows.extend(identification::rows());
    rows.extend(constraints::rows());
    rows.extend(algorithms::rows());
    rows.extend(data::rows());
    rows.extend(crate::attacks::rows());
    rows.extend(crate::extended::rows());
    rows.extend(xml::rows());
    rows.extend(pdf::rows());
    rows.extend(archive::rows());
    rows.extend(crate::archive_validity::rows());
    rows.extend(archive_chains::rows());
    rows.extend(constraints::without_others());
    rows.extend(crate::policy_documents::rows());
    rows
}

/// A row in one packaging, with the report on it.
pub(crate) struct Judged {
    pub(crate) name: String,
    pub(crate) row: usize,
    pub(crate) packaging: Packaging,
    /// Every row has exactly one of these; they are spread over the packagings.
    pub(crate) is_sample: bool,
    pub(crate) case: Case,
    pub(crate) report: Report,
}

/// All of them, judged once for all tests.
pub(crate) fn judged() -> &'static [Judged] {
    static JUDGED: OnceLock<Vec<Judged>> = OnceLock::new();
    JUDGED.get_or_init(|| {
        let rows = rows();
        let mut work: Vec<(usize, Packaging, bool)> = Vec::new();
        for (index, row) in rows.iter().enumerate() {
            let packagings = Vec::from_iter(row.packagings());
            let sample = index % packagings.len();
            let own = packagings.into_iter().enumerate();
            work.extend(own.map(|(at, packaging)| (index, packaging, at == sample)));
        }
        in_parallel(&work, |(index, packaging, is_sample)| {
            let row = &rows[*index];
            let case = row.scene(*packaging).case();
            let report = case.validate().report;
            Judged {
                name: format!("{} ({packaging:?})", row.name),
                row: *index,
                packaging: *packaging,
                is_sample: *is_sample,
                case,
                report,
            }
        })
    })
}

/// Maps on two threads; the order of the results is that of the work.
pub(crate) fn in_parallel<T: Sync, R: Send>(work: &[T], one: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let next = AtomicUsize::new(0);
    let mut done: Vec<(usize, R)> = std::thread::scope(|scope| {
        let worker = || {
            let mut own = Vec::new();
            while let index @ 0.. = next.fetch_add(1, Ordering::Relaxed)
                && let Some(item) = work.get(index)
            {
                own.push((index, one(item)));
            }
            own
        };
        let threads = [scope.spawn(worker), scope.spawn(worker)];
        threads
            .into_iter()
            .flat_map(|thread| thread.join().unwrap())
            .collect()
    });
    done.sort_by_key(|(index, _)| *index);
    done.into_iter().map(|(_, result)| result).collect()
}

/// Every check of a report.
pub(crate) fn checks(report: &Report) -> impl Iterator<Item = &Check> {
    let signatures = report.signatures.iter();
    let own = signatures.flat_map(|one| {
        let stamps = one.timestamps.iter().flat_map(|stamp| &stamp.checks);
        one.checks.iter().chain(stamps)
    });
    let stamps = report.timestamps.iter().flat_map(|stamp| &stamp.checks);
    own.chain(stamps).chain(&report.checks)
}

/// What is wrong with a report, by its row.
fn complaint(row: &Row, report: &Report) -> Option<String> {
    let expected = &row.expected;
    let signature = report.signatures.first()?;
    let found = (signature.indication, signature.sub_indication);
    if found != (expected.indication, expected.sub_indication) {
        return Some(format!("{found:?}"));
    }
    if signature.integrity != expected.integrity {
        return Some(format!("integrity {}", signature.integrity));
    }
    let is_passed = expected.indication == Indication::TotalPassed;
    let decides = |check: &&Check| {
        check.id == expected.check
            && match check.outcome {
                Outcome::Failed => !is_passed,
                Outcome::Warning | Outcome::Information => is_passed && expected.is_warning,
                _ => is_passed && !expected.is_warning,
            }
    };
    if !signature.checks.iter().any(|check| decides(&check)) {
        return Some(format!("{} does not decide", expected.check));
    }
    let failed = |check: &&Check| check.outcome == Outcome::Failed;
    if is_passed && let Some(check) = signature.checks.iter().find(failed) {
        return Some(format!("passed although {} failed", check.id));
    }
    let mut stamps = signature.timestamps.iter();
    match &expected.timestamp {
        None => stamps
            .find(|stamp| stamp.indication != BlockIndication::Passed)
            .map(|stamp| format!("time-stamp {:?}", stamp.sub_indication)),
        Some((sub, check)) => {
            let decides = |one: &Check| one.id == *check && one.outcome == Outcome::Failed;
            let is_there = stamps.any(|stamp| {
                stamp.sub_indication == Some(*sub) && stamp.checks.iter().any(decides)
            });
            (!is_there).then(|| format!("no time-stamp is {sub} by {check}"))
        }
    }
}

#[test]
fn every_situation_is_judged_as_the_standard_says() {
    let rows = rows();
    let mut wrong = Vec::new();
    for one in judged() {
        let row = &rows[one.row];
        let complaint = if one.report.signatures.is_empty() {
            Some("no signature".to_owned())
        } else {
            complaint(row, &one.report)
        };
        if let Some(complaint) = complaint {
            let failed: Vec<String> = checks(&one.report)
                .filter(|check| check.outcome == Outcome::Failed)
                .map(|check| format!("{}: {:?}", check.id, check.found))
                .collect();
            let expected = &row.expected;
            wrong.push(format!(
                "{}: {complaint}, expected {:?} {:?}\n    {}",
                one.name,
                expected.indication,
                expected.sub_indication,
                failed.join("\n    ")
            ));
        }
    }
    eprintln!("{} rows, {} reports", rows.len(), judged().len());
    assert!(
        wrong.is_empty(),
        "{} wrong:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

#[test]
fn rows_have_names_of_their_own() {
    let rows = rows();
    assert!(rows.len() >= 80, "{}", rows.len());
    let names: std::collections::BTreeSet<_> = rows.iter().map(|row| row.name).collect();
    assert_eq!(names.len(), rows.len());
}
