//! What must hold in every situation, whatever the verdict.

use crate::matrix::{Judged, in_parallel, judged};
use crate::scene::{Packaging, Scene, VALIDITY, citizen};
use imza::evidence::Evidence;
use imza::limits::{Budget, Limits};
use imza::reading::Given;
use imza::report::Report;
use imza::signature::RevocationKind;
use imza::trust::TrustSet;
use imza::validation::Context;
use imza::vocabulary::{CheckId, Indication, Integrity, Level, Outcome};
use imza_test_vectors::crl::{self, CrlSpec};
use imza_test_vectors::hash::Hash;
use imza_test_vectors::ocsp::{self, CertId, CertStatus, ResponseSpec};
use std::sync::Arc;

/// Runs over every row, in one packaging, and complains of all at once.
fn over_all(complain: impl Fn(&Judged) -> Option<String> + Sync) {
    let samples: Vec<&Judged> = judged().iter().filter(|one| one.is_sample).collect();
    let complaints = in_parallel(&samples, |one| {
        complain(one).map(|complaint| format!("{}: {complaint}", one.name))
    });
    let complaints: Vec<String> = complaints.into_iter().flatten().collect();
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
}

fn is_passed(report: &Report) -> bool {
    report
        .signatures
        .iter()
        .any(|one| one.indication == Indication::TotalPassed)
}

/// What a report says of the first signature, in a form for messages.
fn said(report: &Report) -> String {
    let first = report.signatures.first();
    first.map_or("nothing".to_owned(), |one| {
        format!(
            "{:?} {:?} {}",
            one.indication, one.sub_indication, one.integrity
        )
    })
}

#[test]
fn a_verdict_and_its_checks_agree() {
    over_all(|one| {
        let signature = one.report.signatures.first()?;
        let mut failed = signature
            .checks
            .iter()
            .filter(|check| check.outcome == Outcome::Failed);
        match (signature.indication, failed.next()) {
            (Indication::TotalPassed, Some(check)) => Some(format!("passed, {} failed", check.id)),
            (Indication::TotalPassed, None) if signature.integrity != Integrity::Intact => {
                Some("passed, and not intact".to_owned())
            }
            (Indication::TotalPassed, None) => None,
            (_, None) => Some(format!("{}, and no check failed", said(&one.report))),
            (_, Some(_)) => None,
        }
    });
}

#[test]
fn without_any_trust_nothing_passes() {
    over_all(|one| {
        let mut case = one.case.clone();
        case.context.trust = Arc::new(TrustSet::default());
        let report = case.validate().report;
        if is_passed(&report) || report.exit_status() == 0 {
            return Some("passed".to_owned());
        }
        if !is_passed(&one.report) {
            return None;
        }
        // What fails now fails for want of trust, and the mathematics are the same.
        let signature = report.signatures.first()?;
        if signature.integrity != Integrity::Intact {
            return Some(said(&report));
        }
        let on_its_own = |check: &&imza::report::Check| {
            check.outcome == Outcome::Failed && !check.depends_on_trust
        };
        let check = signature.checks.iter().find(on_its_own)?;
        Some(format!("{} does not depend on trust", check.id))
    });
}

/// Material that has nothing to do with the signer.
fn unrelated() -> Vec<Given> {
    let pki = Scene::new(Packaging::Detached).pki;
    let (root, stranger) = (&pki.other_root, &pki.stranger);
    let other = citizen(&pki.citizen_p384, &pki.issuing_ca, |spec| {
        spec.serial_number = vec![0x77];
    });
    let certificates = [root, stranger, &other, &pki.tsa_rsa_2048];
    let mut given: Vec<Given> = certificates
        .iter()
        .map(|one| Given::Certificate(one.certificate.as_slice().into()))
        .collect();
    let revoked = [imza_test_vectors::pki::Revocation {
        serial_number: stranger.serial_number.clone(),
        time: VALIDITY.0,
        reason: None,
    }];
    let list = crl::issue(&CrlSpec::new(root, 1, crate::scene::DATA, &revoked), root).unwrap();
    given.push(Given::Revocation {
        kind: RevocationKind::Crl,
        octets: list.into(),
    });
    let id = CertId::new(root, &stranger.serial_number, Hash::Sha1);
    let status = CertStatus::Revoked(VALIDITY.0, None);
    let answer = ResponseSpec::about(id, status, root, crate::scene::DATA);
    given.push(Given::Revocation {
        kind: RevocationKind::OcspResponse,
        octets: ocsp::respond(&answer, root).unwrap().into(),
    });
    given
}

#[test]
fn unrelated_evidence_changes_nothing() {
    let unrelated = unrelated();
    over_all(|one| {
        for at_front in [true, false] {
            let mut case = one.case.clone();
            let place = if at_front { 0 } else { case.given.len() };
            case.given.splice(place..place, unrelated.iter().cloned());
            let report = case.validate().report;
            if said(&report) != said(&one.report) {
                return Some(format!("{} became {}", said(&one.report), said(&report)));
            }
        }
        None
    });
}

#[test]
fn the_order_of_evidence_does_not_count() {
    over_all(|one| {
        let mut case = one.case.clone();
        case.given.reverse();
        let reversed = case.validate().report.to_json();
        if reversed != one.report.to_json() {
            return Some(format!("reversed:\n{reversed}\n{}", one.report.to_json()));
        }
        let middle = case.given.len() / 2;
        case.given.rotate_left(middle);
        let turned = case.validate().report.to_json();
        (turned != reversed).then(|| "turned".to_owned())
    });
}

/// Judges saved evidence.
pub(crate) fn judge_saved(saved: &str, context: &Context) -> Result<Report, imza::error::Error> {
    let evidence = Evidence::load(saved, &mut Budget::new(Arc::clone(&context.limits)))?;
    Ok(imza::reading::judge(&evidence, context))
}

#[test]
fn pages_and_replay_give_the_same_report_and_evidence() {
    over_all(|one| {
        let limits = Limits::default();
        let at_hand = one.case.validate();
        let (json, saved) = (at_hand.report.to_json(), at_hand.evidence.save(&limits));
        if json != one.report.to_json() {
            return Some("judged twice".to_owned());
        }
        for pages in [64, 1 << 16] {
            let paged = one.case.attempt(Some(pages)).unwrap();
            if paged.report.to_json() != json {
                return Some(format!("another report with pages of {pages}"));
            }
            if paged.evidence.save(&limits) != saved {
                return Some(format!("other evidence with pages of {pages}"));
            }
        }
        let replayed = judge_saved(&saved, &one.case.context).unwrap();
        let from_document = json.replace("\"basis\":\"document\"", "\"basis\":\"evidence\"");
        if replayed.exit_status() == 0 {
            return Some("replay without the document ends with 0".to_owned());
        }
        (replayed.to_json() != from_document).then(|| "another report by replay".to_owned())
    });
}

#[test]
fn a_stricter_policy_never_passes_beside_a_failed_check() {
    over_all(|one| {
        let mut case = one.case.clone();
        let mut policy = (*case.context.policy).clone();
        for check in CheckId::ALL {
            policy.levels.insert(*check, Level::Fail);
        }
        case.context.policy = Arc::new(policy);
        let report = case.validate().report;
        if is_passed(&report) && !is_passed(&one.report) {
            let lax =
                one.case.context.policy.revocation != imza::policy::RevocationRequirement::Require;
            return (!lax).then(|| format!("{} passes where more is asked", said(&one.report)));
        }
        let signature = report.signatures.first()?;
        let failed = |check: &&imza::report::Check| check.outcome == Outcome::Failed;
        let check = signature.checks.iter().find(failed)?;
        (signature.indication == Indication::TotalPassed).then(|| format!("{} failed", check.id))
    });
}

#[test]
fn it_does_not_count_whether_evidence_travels_inside_or_beside() {
    let rows = crate::matrix::rows();
    let samples: Vec<&Judged> = judged().iter().filter(|one| one.is_sample).collect();
    let complaints = in_parallel(&samples, |one| {
        let row = &rows[one.row];
        if one.packaging == Packaging::Pades {
            return None;
        }
        let mut scene = row.scene(one.packaging);
        // What lies under an archive time-stamp is proven by it, and what lies beside is not.
        if !scene.archives.is_empty() {
            return None;
        }
        scene.is_embedded = true;
        let report = scene.case().validate().report;
        let (inside, beside) = (said(&report), said(&one.report));
        (inside != beside).then(|| format!("{}: {beside} beside, {inside} inside", one.name))
    });
    let complaints: Vec<String> = complaints.into_iter().flatten().collect();
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
}

#[test]
fn a_later_proof_never_takes_a_verdict_away() {
    let rows = crate::matrix::rows();
    let samples: Vec<&Judged> = judged().iter().filter(|one| one.is_sample).collect();
    let complaints = in_parallel(&samples, |one| {
        let mut scene = rows[one.row].scene(one.packaging);
        scene.archives.pop()?;
        let before = scene.case().validate().report;
        if !is_passed(&before) || is_passed(&one.report) {
            return None;
        }
        // Only time-stamps that contradict one another do.
        let signature = one.report.signatures.first()?;
        let is_named = signature
            .checks
            .iter()
            .any(|check| check.id == CheckId::TimestampOrder && check.outcome == Outcome::Failed);
        (!is_named).then(|| format!("{}: {}", one.name, said(&one.report)))
    });
    let complaints: Vec<String> = complaints.into_iter().flatten().collect();
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
}
