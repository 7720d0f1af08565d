//! Looking ahead: the instant that an outlook names is the first at which a signature fails.

use crate::matrix::{in_parallel, judged};
use crate::run::Case;
use crate::scene::{NOW, Packaging, SIGNED, Scene, VALIDITY};
use imza::crypto::Memo;
use imza::evidence::Evidence;
use imza::policy::{Freshness, ValidationPolicy};
use imza::report::{Ending, Outlook, SignatureOutlook};
use imza::time::UnixTime;
use imza::validation::{Context, outlook, validate};
use imza::vocabulary::{Indication, SubIndication};
use std::sync::Arc;

fn looked_ahead(case: &Case) -> (Evidence, Outlook) {
    let evidence = case.validate().evidence;
    let outlook = outlook(&evidence, &case.context, &mut Memo::default());
    (evidence, outlook)
}

fn first(outlook: &Outlook) -> &SignatureOutlook {
    outlook.signatures.first().unwrap()
}

/// Whether the signatures pass at a later time.
fn passes(evidence: &Evidence, context: &Context, time: UnixTime, index: usize) -> bool {
    let later = Context {
        validation_time: time,
        ..context.clone()
    };
    let report = validate(evidence, &later, &mut Memo::default()).report;
    report.signatures[index].indication == Indication::TotalPassed
}

fn renewed(context: &Context) -> Context {
    let mut policy = ValidationPolicy::clone(&context.policy);
    policy.freshness = Freshness::Unbounded;
    policy.auxiliary_freshness = Freshness::Unbounded;
    Context {
        policy: Arc::new(policy),
        ..context.clone()
    }
}

/// It passes up to the end and no longer; looked at between as well.
fn complaint(
    evidence: &Evidence,
    context: &Context,
    ending: &Ending,
    index: usize,
) -> Option<String> {
    let start = context.validation_time.seconds;
    let length = ending.time.seconds - start;
    for part in [0, 1, 3, 7, 10] {
        let between = start + length / 10 * part;
        let time = UnixTime::from_seconds(between.min(ending.time.seconds - 1));
        if !passes(evidence, context, time, index) {
            return Some(format!("ends at {}, fails at {time}", ending.time));
        }
    }
    passes(evidence, context, ending.time, index)
        .then(|| format!("passes at its end {}", ending.time))
}

#[test]
fn the_end_is_the_first_instant_at_which_it_fails() {
    let samples = judged().iter().filter(|one| one.is_sample);
    let samples: Vec<_> = samples.step_by(3).collect();
    let complaints = in_parallel(&samples, |one| {
        let (evidence, outlook) = looked_ahead(&one.case);
        let renewed = renewed(&one.case.context);
        for (index, (signature, ahead)) in one
            .report
            .signatures
            .iter()
            .zip(&outlook.signatures)
            .enumerate()
        {
            let is_passed = signature.indication == Indication::TotalPassed;
            if ahead.passes != is_passed {
                return Some(format!("{}: passes {}", one.name, ahead.passes));
            }
            if !is_passed && (ahead.at_hand.is_some() || ahead.renewed.is_some()) {
                return Some(format!("{}: an end of nothing", one.name));
            }
            for (context, ending) in [
                (&one.case.context, &ahead.at_hand),
                (&renewed, &ahead.renewed),
            ] {
                let found = ending
                    .as_ref()
                    .and_then(|ending| complaint(&evidence, context, ending, index));
                if let Some(found) = found {
                    return Some(format!("{}: {found}", one.name));
                }
            }
        }
        None
    });
    let complaints: Vec<String> = complaints.into_iter().flatten().collect();
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
}

#[test]
fn revocation_data_ends_first_and_then_the_certificate() {
    // Without a time-stamp nothing proves that the data was fresh when it was signed.
    let mut scene = Scene::new(Packaging::Xades);
    scene.stamps.clear();
    let case = scene.case();
    let (_, outlook) = looked_ahead(&case);
    let ahead = first(&outlook);
    assert!(ahead.passes);
    let ending = ahead.renewed.as_ref().unwrap();
    assert_eq!(ending.time.seconds, VALIDITY.1 + 1);
    assert_eq!(ending.indication, Indication::Indeterminate);
    let at_hand = ahead.at_hand.as_ref().unwrap();
    assert!(at_hand.time < ending.time);
    assert!(outlook.revocation.iter().any(|one| one.name == "OCSP"));
    assert!(!ahead.algorithms.is_empty());
}

#[test]
fn an_algorithm_ends_it_before_the_certificate_does() {
    let mut scene = Scene::new(Packaging::AsicE);
    let end = UnixTime::from_seconds(SIGNED + 1_000_000);
    for rule in &mut scene.policy.suite.rules {
        if rule.name == "SHA-256" {
            rule.end = Some(end);
        }
    }
    let (_, outlook) = looked_ahead(&scene.case());
    let ending = first(&outlook).renewed.as_ref().unwrap();
    assert_eq!(ending.time, end);
    assert_eq!(
        ending.sub_indication,
        Some(SubIndication::CryptoConstraintsFailureNoPoe)
    );
    assert!(ending.check.is_some());
    let listed = &first(&outlook).algorithms;
    assert!(
        listed.iter().any(|one| one.until == Some(end)),
        "{listed:?}"
    );
}

#[test]
fn what_does_not_pass_has_no_end() {
    let mut scene = Scene::new(Packaging::AsicS);
    scene.anchors.clear();
    let (_, outlook) = looked_ahead(&scene.case());
    let ahead = first(&outlook);
    assert!(!ahead.passes && ahead.at_hand.is_none() && ahead.renewed.is_none());
}

#[test]
fn an_outlook_is_a_pure_function() {
    let case = Scene::new(Packaging::Xades).case();
    let (evidence, one) = looked_ahead(&case);
    let mut memo = Memo::default();
    let before = validate(&evidence, &case.context, &mut memo).report;
    assert_eq!(outlook(&evidence, &case.context, &mut memo), one);
    let after = validate(&evidence, &case.context, &mut memo).report;
    assert_eq!(before.to_json(), after.to_json());
    assert_eq!(case.context.validation_time.seconds, NOW);
}
