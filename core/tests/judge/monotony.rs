//! More evidence and more time change a verdict in one direction only, or say why.

use crate::matrix::{in_parallel, judged};
use crate::scene::{NOW, Packaging, Scene};
use imza::crypto::Memo;
use imza::report::Report;
use imza::time::UnixTime;
use imza::validation::{Context, validate};
use imza::vocabulary::{CheckId, Indication, Outcome};

fn indication(report: &Report) -> Indication {
    report.signatures[0].indication
}

/// What other people know of the same signer, issuer and authority joins the good case. It may end
/// a verdict only by a fact that the report names.
#[test]
fn more_evidence_ends_no_verdict_without_a_named_fact() {
    let samples: Vec<_> = judged().iter().filter(|one| one.is_sample).collect();
    let good = Scene::new(Packaging::Detached).case();
    assert_eq!(indication(&good.validate().report), Indication::TotalPassed);
    let complaints = in_parallel(&samples, |one| {
        let mut case = good.clone();
        case.given.extend(one.case.given.iter().cloned());
        let report = case.validate().report;
        if indication(&report) == Indication::TotalPassed {
            return None;
        }
        let signature = &report.signatures[0];
        let named = |check: &&imza::report::Check| {
            let is_about_revocation = matches!(
                check.id,
                CheckId::AlgorithmRevocation
                    | CheckId::RevocationIssuerValidity
                    | CheckId::RevocationNotRevoked
                    | CheckId::RevocationNotOnHold
                    | CheckId::RevocationAuthorityNotRevoked
                    | CheckId::TimeBeforeRevocation
                    | CheckId::TimestampValid
                    | CheckId::ProofExistence
                    | CheckId::ProofControlTime
            );
            check.outcome == Outcome::Failed && is_about_revocation && check.found.is_some()
        };
        let said = signature.checks.iter().find(named);
        said.is_none().then(|| {
            let failed = signature.checks.iter();
            let failed = failed.filter(|one| one.outcome == Outcome::Failed);
            let failed: Vec<_> = failed.map(|one| one.id.as_str()).collect();
            format!("{}: {:?} {failed:?}", one.name, signature.sub_indication)
        })
    });
    let complaints: Vec<String> = complaints.into_iter().flatten().collect();
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
}

/// The same evidence, judged later and later: what passes no longer does not pass again. One thing
/// ends with time that stands against a verdict: a time-stamp that contradicts another counts no
/// longer when its own certificate has expired, as the standard has it.
#[test]
fn time_alone_gives_no_verdict_back() {
    const DAY: i64 = 86_400;
    let samples: Vec<_> = judged().iter().filter(|one| one.is_sample).collect();
    let complaints = in_parallel(&samples, |one| {
        let evidence = one.case.validate().evidence;
        let mut memo = Memo::default();
        let mut before: Option<Report> = None;
        let start = one.case.context.validation_time.seconds.max(NOW);
        // Everything at hand is older than the first of these.
        for days in [2, 40, 1_500, 4_500, 8_000] {
            let later = Context {
                validation_time: UnixTime::from_seconds(start + days * DAY),
                ..one.case.context.clone()
            };
            let report = validate(&evidence, &later, &mut memo).report;
            if let Some(before) = before.filter(|_| indication(&report) == Indication::TotalPassed)
            {
                let checks = before.signatures[0].checks.iter();
                let mut failed = checks.filter(|check| check.outcome == Outcome::Failed);
                let is_contradicted = failed.any(|check| check.id == CheckId::TimestampOrder);
                if indication(&before) != Indication::TotalPassed && !is_contradicted {
                    return Some(format!("{}: passes again after {days} days", one.name));
                }
            }
            before = Some(report);
        }
        None
    });
    let complaints: Vec<String> = complaints.into_iter().flatten().collect();
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
}
