//! Revocation data made to be long: each ends by an answer or by a limit.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use imza::job::Seed;
use imza::limits::{Budget, Limits};
use imza::path::PolicyInputs;
use imza::policy::ValidationPolicy;
use imza::reading::{CertificateRequest, CertificateValidation, Given, Network};
use imza::report::CertificateReport;
use imza::signature::RevocationKind;
use imza::time::UnixTime;
use imza::transport::{Memory, drive};
use imza::trust::TrustSet;
use imza::validation::Context;
use imza::vocabulary::{BlockIndication, SubIndication};
use imza_test_vectors::certificate::{CertificateSpec, usage};
use imza_test_vectors::crl::{self, CrlSpec, RevocationReason};
use imza_test_vectors::hash::Hash;
use imza_test_vectors::name::Name;
use imza_test_vectors::ocsp::{self, CertId, CertStatus, ResponseSpec, SingleResponse};
use imza_test_vectors::pki::{FIXED_TIME, Revocation};
use imza_test_vectors::{Entity, Pki};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// The verdict on the citizen over this answer, and the list of the root.
fn judged(pki: &Pki, kind: RevocationKind, answer: Vec<u8>) -> CertificateReport {
    let anchors = TrustSet::read_anchors(&pki.root.certificate, &mut Budget::default()).unwrap();
    let context = Context {
        policy: Arc::new(ValidationPolicy::standard()),
        trust: Arc::new(TrustSet::new(anchors)),
        validation_time: UnixTime::from_seconds(FIXED_TIME),
        proven_at: None,
        limits: Arc::new(Limits::default()),
    };
    let of_root = crl::of_root(pki, FIXED_TIME).unwrap();
    let revocation = |kind, octets: Vec<u8>| Given::Revocation {
        kind,
        octets: octets.into(),
    };
    let request = CertificateRequest {
        name: "citizen".to_owned(),
        octets: pki.citizen_p256.certificate.clone(),
        given: vec![
            Given::Certificate(pki.issuing_ca.certificate.as_slice().into()),
            revocation(RevocationKind::Crl, of_root),
            revocation(kind, answer),
        ],
        purpose: None,
        policies: PolicyInputs::default(),
        path_length: None,
        seed: Seed::new([0; 32]),
        network: Network::Offline,
    };
    let begun = Instant::now();
    let job = CertificateValidation::begin(request, context).unwrap();
    let nothing = Vec::<Vec<u8>>::new();
    let report = drive(job, &mut Memory::new(nothing)).unwrap().report;
    eprintln!("judged in {:?}", begun.elapsed());
    report
}

fn serial_number(number: u32) -> Vec<u8> {
    let mut octets = vec![0x5a; 16];
    octets
        .get_mut(8..12)
        .unwrap()
        .copy_from_slice(&number.to_be_bytes());
    octets
}

fn revoked(serial_number: Vec<u8>) -> Revocation {
    Revocation {
        serial_number,
        time: FIXED_TIME - 1000,
        reason: Some(RevocationReason::Superseded),
    }
}

/// A million entries are read to the last, which is the one that counts.
#[test]
fn a_list_of_fifty_megabytes_is_read_to_its_end() {
    let pki = Pki::fixed().unwrap();
    let mut entries: Vec<Revocation> = (0..1_025_000).map(serial_number).map(revoked).collect();
    entries.push(revoked(pki.citizen_p256.serial_number.clone()));
    let spec = CrlSpec::new(&pki.issuing_ca, 7, FIXED_TIME - 60, &entries);
    let list = crl::issue(&spec, &pki.issuing_ca).unwrap();
    drop(entries);
    assert!(list.len() > 50_000_000, "{}", list.len());
    let report = judged(&pki, RevocationKind::Crl, list);
    // Either the whole list is read, or no part of it counts: never "good" because of a limit.
    assert_eq!(report.indication, Some(BlockIndication::Indeterminate));
    let sub_indications = [SubIndication::RevokedNoPoe, SubIndication::TryLater];
    let sub_indication = report.sub_indication.unwrap();
    assert!(
        sub_indications.contains(&sub_indication),
        "{sub_indication}"
    );
}

/// A response may speak of many certificates: ours is the last.
#[test]
fn a_response_about_a_hundred_thousand_certificates_is_read_to_its_end() {
    let pki = Pki::fixed().unwrap();
    let about = |serial_number: &[u8]| CertId::new(&pki.issuing_ca, serial_number, Hash::Sha1);
    let responder = &pki.ocsp_responder;
    let own = about(&pki.citizen_p256.serial_number);
    let revoked = CertStatus::Revoked(FIXED_TIME - 1000, None);
    let mut spec = ResponseSpec::about(own, revoked, responder, FIXED_TIME - 60);
    let own = spec.responses.pop().unwrap();
    let model = about(&[1]);
    spec.responses = (0..100_000)
        .map(|number| SingleResponse {
            cert_id: CertId {
                serial_number: serial_number(number),
                ..model.clone()
            },
            status: CertStatus::Good,
            ..own.clone()
        })
        .collect();
    spec.responses.push(own);
    let response = ocsp::respond(&spec, responder).unwrap();
    let report = judged(&pki, RevocationKind::OcspResponse, response);
    assert_eq!(report.indication, Some(BlockIndication::Indeterminate));
    let sub_indications = [SubIndication::RevokedNoPoe, SubIndication::TryLater];
    let sub_indication = report.sub_indication.unwrap();
    assert!(
        sub_indications.contains(&sub_indication),
        "{sub_indication}"
    );
}

/// Every answer names our serial number and a digest of a long name, all but the last with the key
/// of another: the name is digested once, not once for each.
#[test]
fn a_response_that_names_a_long_name_often_is_read_in_time() {
    let mut pki = Pki::fixed().unwrap();
    let validity = (FIXED_TIME - 86_400, FIXED_TIME + 86_400);
    let key = pki.issuing_ca.key.clone();
    let long = "x".repeat(60_000);
    let name = Name::new(&[("C", "AZ"), ("O", &long), ("CN", "long")]);
    let spec = CertificateSpec::authority(name, &key, &pki.root.key, 0x0901, validity);
    pki.issuing_ca = Entity::issue("long", &spec, &key, &pki.root).unwrap();
    let (ca, key) = (&pki.issuing_ca, pki.citizen_p256.key.clone());
    let (name, bits) = (pki.citizen_p256.name.clone(), [usage::NON_REPUDIATION]);
    let spec = CertificateSpec::end_entity(name, &key, &ca.key, 0x0902, validity, &bits);
    pki.citizen_p256 = Entity::issue("citizen", &spec, &key, ca).unwrap();

    let id = CertId::new(ca, &pki.citizen_p256.serial_number, Hash::Sha512);
    let revoked = CertStatus::Revoked(FIXED_TIME - 1000, None);
    let mut spec = ResponseSpec::about(id.clone(), revoked, ca, FIXED_TIME - 60);
    let own = spec.responses.pop().unwrap();
    let other = SingleResponse {
        cert_id: CertId {
            issuer_key_hash: vec![0; 64],
            ..id
        },
        ..own.clone()
    };
    spec.responses = vec![other; 20_000];
    spec.responses.push(own);
    let response = ocsp::respond(&spec, ca).unwrap();
    let begun = Instant::now();
    let report = judged(&pki, RevocationKind::OcspResponse, response);
    assert!(begun.elapsed() < Duration::from_secs(20));
    assert_eq!(report.sub_indication, Some(SubIndication::RevokedNoPoe));
}
