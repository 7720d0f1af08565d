//! Certificates made to keep a path search busy: each ends by an answer or by a limit.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use imza::job::Seed;
use imza::limits::{Budget, Limits};
use imza::path::PolicyInputs;
use imza::policy::{RevocationRequirement, ValidationPolicy};
use imza::reading::{CertificateRequest, CertificateValidation, Given, Network};
use imza::report::CertificateReport;
use imza::time::UnixTime;
use imza::transport::{Memory, drive};
use imza::trust::TrustSet;
use imza::validation::Context;
use imza::vocabulary::{BlockIndication, CheckId, Outcome};
use imza_test_vectors::Pki;
use imza_test_vectors::certificate::{CertificateSpec, Extension, usage};
use imza_test_vectors::der;
use imza_test_vectors::key::Key;
use imza_test_vectors::name::Name;
use std::sync::Arc;

const TIME: i64 = 1_781_000_000;
const VALIDITY: (i64, i64) = (TIME - 1000, TIME + 1000);

fn judged(target: Vec<u8>, pool: &[Vec<u8>], root: &[u8]) -> CertificateReport {
    let anchors = TrustSet::read_anchors(root, &mut Budget::default()).unwrap();
    let mut policy = ValidationPolicy::named("rfc5280").unwrap();
    policy.revocation = RevocationRequirement::None;
    let context = Context {
        policy: Arc::new(policy),
        trust: Arc::new(TrustSet::new(anchors)),
        validation_time: UnixTime::from_seconds(TIME),
        proven_at: None,
        limits: Arc::new(Limits::default()),
    };
    let given = pool
        .iter()
        .map(|der| Given::Certificate(der.as_slice().into()));
    let request = CertificateRequest {
        name: "target".to_owned(),
        octets: target,
        given: given.collect(),
        purpose: None,
        policies: PolicyInputs::default(),
        path_length: None,
        seed: Seed::new([0; 32]),
        network: Network::Offline,
    };
    let job = CertificateValidation::begin(request, context).unwrap();
    let nothing = Vec::<Vec<u8>>::new();
    drive(job, &mut Memory::new(nothing)).unwrap().report
}

fn ended_at_a_limit(report: &CertificateReport) -> bool {
    let limit = CheckId::LimitJudging;
    let mut checks = report.checks.iter();
    checks.any(|check| check.id == limit && check.outcome == Outcome::Failed)
}

/// Eight authorities, each certified by each: some 100,000 ways, none of which ends at an anchor.
#[test]
fn authorities_that_certify_one_another_end_at_a_limit() {
    let pki = Pki::fixed().unwrap();
    let keys = [
        &pki.issuing_ca.key,
        &pki.citizen_p256.key,
        &pki.citizen_p384.key,
        &pki.citizen_revoked.key,
        &pki.citizen_expired.key,
        &pki.ocsp_responder.key,
        &pki.tsa_p256.key,
        &pki.stranger.key,
    ];
    let name = |index: usize| Name::authority(&format!("authority {index}"));
    let mut pool = Vec::new();
    for (subject, key) in keys.iter().enumerate() {
        for (issuer, issuer_key) in keys.iter().enumerate() {
            if subject != issuer {
                let spec = CertificateSpec::authority(name(subject), key, issuer_key, 7, VALIDITY);
                pool.push(spec.issue(&name(issuer), issuer_key).unwrap());
            }
        }
    }
    let signs = [usage::NON_REPUDIATION];
    let subject = Name::authority("target");
    let (key, issuer) = (&pki.tsa_rsa_2048.key, *keys.first().unwrap());
    let spec = CertificateSpec::end_entity(subject, key, issuer, 9, VALIDITY, &signs);
    let target = spec.issue(&name(0), issuer).unwrap();
    let report = judged(target, &pool, &pki.root.certificate);
    assert_eq!(report.indication, Some(BlockIndication::Indeterminate));
    assert!(ended_at_a_limit(&report));
}

/// Certificates with the issuer's name that did not sign: a guess each, and a hundred at most.
#[test]
fn ten_thousand_authorities_of_one_name_are_ten_thousand_refusals_at_most() {
    let pki = Pki::fixed().unwrap();
    let name = Name::authority("authority");
    let key = &pki.other_root.key;
    let serial = 0x5a5a_a5a5_5a5a_a5a5_u64;
    let spec = CertificateSpec::authority(name.clone(), key, &pki.root.key, serial, VALIDITY);
    let model = spec.issue(&pki.root.name, &pki.root.key).unwrap();
    let marker = serial.to_be_bytes();
    let at = model
        .windows(8)
        .position(|octets| octets == marker)
        .unwrap();
    // One key under many serial numbers, so that each is another certificate.
    let pool: Vec<Vec<u8>> = (0_u64..10_000)
        .map(|number| {
            let mut other = model.clone();
            let octets = (number + (1 << 62)).to_be_bytes();
            other.get_mut(at..at + 8).unwrap().copy_from_slice(&octets);
            other
        })
        .collect();
    let signs = [usage::NON_REPUDIATION];
    let subject = Name::authority("target");
    let issuer = &pki.issuing_ca.key;
    let target_key = &pki.citizen_p256.key;
    let spec = CertificateSpec::end_entity(subject, target_key, issuer, 9, VALIDITY, &signs);
    let target = spec.issue(&name, issuer).unwrap();
    let begun = std::time::Instant::now();
    let report = judged(target, &pool, &pki.root.certificate);
    eprintln!("10,000 authorities of one name: {:?}", begun.elapsed());
    assert_eq!(report.indication, Some(BlockIndication::Indeterminate));
}

/// A chain of authorities, each with these extensions, and a person at its end.
fn chain(
    pki: &Pki,
    length: usize,
    of_authorities: impl Fn(usize) -> Vec<Extension>,
    of_person: Vec<Extension>,
) -> (Vec<u8>, Vec<Vec<u8>>) {
    let keys: [&Key; 2] = [&pki.issuing_ca.key, &pki.citizen_p256.key];
    let mut pool = Vec::new();
    let (mut issuer, mut issuer_key) = (pki.root.name.clone(), &pki.root.key);
    for (index, key) in (0..length).zip(keys.into_iter().cycle()) {
        let name = Name::authority(&format!("authority {index}"));
        let serial = 100 + u64::try_from(index).unwrap();
        let mut spec = CertificateSpec::authority(name.clone(), key, issuer_key, serial, VALIDITY);
        spec.extensions.extend(of_authorities(index));
        pool.push(spec.issue(&issuer, issuer_key).unwrap());
        (issuer, issuer_key) = (name, key);
    }
    let signs = [usage::NON_REPUDIATION];
    let (subject, key) = (Name::authority("person"), &pki.citizen_p384.key);
    let mut spec = CertificateSpec::end_entity(subject, key, issuer_key, 9, VALIDITY, &signs);
    spec.extensions.extend(of_person);
    (spec.issue(&issuer, issuer_key).unwrap(), pool)
}

fn timed(what: &str, target: Vec<u8>, pool: &[Vec<u8>], root: &[u8]) -> CertificateReport {
    let begun = std::time::Instant::now();
    let report = judged(target, pool, root);
    let answer = match ended_at_a_limit(&report) {
        true => "a limit".to_owned(),
        false => format!("{:?}", report.indication),
    };
    eprintln!("{what}: {:?}, {answer}", begun.elapsed());
    report
}

/// Every policy mapped to every other at every step: a tree would have 60 to the power of 7 nodes.
/// CVE-2023-0464 was this.
#[test]
fn policies_that_all_map_to_one_another_do_not_multiply() {
    let pki = Pki::fixed().unwrap();
    let oids: Vec<String> = (0..60).map(|number| format!("1.2.3.{number}")).collect();
    let all: Vec<&str> = oids.iter().map(String::as_str).collect();
    let mut pairs = Vec::new();
    for from in &oids {
        for to in &oids {
            pairs.push(der::sequence(&[&der::oid(from), &der::oid(to)]));
        }
    }
    let mappings = Extension::critical("2.5.29.33", der::sequence_of(&pairs));
    let explicit = der::sequence(&[&der::implicit(0, &[0])]);
    let (target, pool) = chain(
        &pki,
        7,
        |_| {
            let explicit = Extension::critical("2.5.29.36", explicit.clone());
            vec![Extension::policies(&all), mappings.clone(), explicit]
        },
        vec![Extension::policies(&all)],
    );
    let report = timed(
        "3,600 mappings, seven times",
        target,
        &pool,
        &pki.root.certificate,
    );
    let is_answered = report.indication == Some(BlockIndication::Passed);
    assert!(is_answered || ended_at_a_limit(&report));
    assert!(report.valid_policies.len() <= all.len());
}

/// Every name of the person would be held against every constraint of every authority.
#[test]
fn names_times_constraints_end_by_an_answer_or_a_limit() {
    let pki = Pki::fixed().unwrap();
    let names: Vec<Vec<u8>> = (0..4000)
        .map(|number| der::implicit(2, format!("{number}.good.test").as_bytes()))
        .collect();
    let subtrees: Vec<Vec<u8>> = (0..4000)
        .map(|number| {
            let base = format!("{number}.bad.test");
            der::sequence(&[&der::implicit(2, base.as_bytes())])
        })
        .collect();
    let excluded = der::tlv(0xa1, &subtrees.concat());
    let constraints = Extension::critical("2.5.29.30", der::sequence(&[&excluded]));
    let names = Extension::new("2.5.29.17", der::sequence_of(&names));
    let (target, pool) = chain(&pki, 4, |_| vec![constraints.clone()], vec![names]);
    let what = "4,000 names, four times 4,000 constraints";
    let report = timed(what, target, &pool, &pki.root.certificate);
    assert_ne!(report.indication, None);
    assert!(report.indication == Some(BlockIndication::Passed) || ended_at_a_limit(&report));
}

/// A pool of authorities of which each certifies the next: far beyond any honest depth.
#[test]
fn ten_thousand_intermediates_in_a_row_end_at_a_limit() {
    let pki = Pki::fixed().unwrap();
    let (target, pool) = chain(&pki, 10_000, |_| Vec::new(), Vec::new());
    let report = timed("a path of 10,000", target, &pool, &pki.root.certificate);
    assert_eq!(report.indication, Some(BlockIndication::Indeterminate));
}
