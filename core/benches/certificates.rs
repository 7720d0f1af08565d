//! Certificates, lists and paths.
//!
//! `cargo bench -p imza --bench certificates`. A path of three with an OCSP response and a CRL
//! stands beside the bare signature checks that it cannot do without.
#![expect(
    clippy::unwrap_used,
    reason = "a benchmark that cannot go on fails; the PKI is fixed"
)]

use criterion::{Criterion, criterion_group, criterion_main};
use imza::certificate::Certificate;
use imza::crypto::{self, Fit, Memo, Message, PublicKey};
use imza::job::Seed;
use imza::limits::{Budget, Limits};
use imza::path::PolicyInputs;
use imza::policy::ValidationPolicy;
use imza::reading::{CertificateRequest, CertificateValidation, Given, Network};
use imza::revocation::{Crl, OcspResponse};
use imza::signature::RevocationKind;
use imza::time::UnixTime;
use imza::transport::{Memory, drive};
use imza::trust::TrustSet;
use imza::validation::Context;
use imza::vocabulary::BlockIndication;
use imza_test_vectors::Pki;
use imza_test_vectors::crl::{self, CrlSpec, RevocationReason};
use imza_test_vectors::hash::Hash;
use imza_test_vectors::ocsp::{self, CertId, CertStatus, ResponseSpec};
use imza_test_vectors::pki::{FIXED_TIME, Revocation};
use std::hint::black_box;
use std::sync::Arc;

fn reading(criterion: &mut Criterion) {
    let pki = Pki::fixed().unwrap();
    let mut group = criterion.benchmark_group("certificates");
    let certificate = &pki.citizen_p256.certificate;
    group.bench_function("certificate read", |bencher| {
        bencher
            .iter(|| Certificate::parse(black_box(certificate), &mut Budget::default()).unwrap());
    });
    let list: Arc<[u8]> = long_list(&pki, 300_000).into();
    let citizen = Certificate::parse(certificate, &mut Budget::default()).unwrap();
    group.sample_size(20);
    group.bench_function("CRL of 300,000 entries read and searched", |bencher| {
        bencher.iter(|| {
            let budget = &mut Budget::default();
            let crl = Crl::parse_kept(black_box(Arc::clone(&list)), budget).unwrap();
            assert!(crl.lookup(&citizen, budget).unwrap().is_none());
        });
    });
    group.finish();
}

fn long_list(pki: &Pki, entries: u64) -> Vec<u8> {
    let revoked = (0..entries).map(|number| Revocation {
        serial_number: (number + (1 << 62)).to_be_bytes().to_vec(),
        time: FIXED_TIME - 1000,
        reason: Some(RevocationReason::Superseded),
    });
    let revoked: Vec<Revocation> = revoked.collect();
    let spec = CrlSpec::new(&pki.issuing_ca, 7, FIXED_TIME - 60, &revoked);
    crl::issue(&spec, &pki.issuing_ca).unwrap()
}

/// A citizen's certificate, its issuer's, and what is known of both.
fn path(criterion: &mut Criterion) {
    let pki = Pki::fixed().unwrap();
    let citizen = &pki.citizen_p256;
    let id = CertId::new(&pki.issuing_ca, &citizen.serial_number, Hash::Sha1);
    let spec = ResponseSpec::about(id, CertStatus::Good, &pki.ocsp_responder, FIXED_TIME - 60);
    let response = ocsp::respond(&spec, &pki.ocsp_responder).unwrap();
    let list = crl::of_root(&pki, FIXED_TIME - 60).unwrap();
    let anchors = TrustSet::read_anchors(&pki.root.certificate, &mut Budget::default()).unwrap();
    let context = Context {
        policy: Arc::new(ValidationPolicy::standard()),
        trust: Arc::new(TrustSet::new(anchors)),
        validation_time: UnixTime::from_seconds(FIXED_TIME),
        proven_at: None,
        limits: Arc::new(Limits::default()),
    };
    let validate = || {
        let revocation = |kind, octets: &[u8]| Given::Revocation {
            kind,
            octets: octets.into(),
        };
        let request = CertificateRequest {
            name: "citizen".to_owned(),
            octets: citizen.certificate.clone(),
            given: vec![
                Given::Certificate(pki.issuing_ca.certificate.as_slice().into()),
                revocation(RevocationKind::Crl, &list),
                revocation(RevocationKind::OcspResponse, &response),
            ],
            purpose: None,
            policies: PolicyInputs::default(),
            path_length: None,
            seed: Seed::new([0; 32]),
            network: Network::Offline,
        };
        let job = CertificateValidation::begin(request, context.clone()).unwrap();
        let nothing = Vec::<Vec<u8>>::new();
        drive(job, &mut Memory::new(nothing)).unwrap().report
    };
    assert_eq!(validate().indication, Some(BlockIndication::Passed));
    let mut group = criterion.benchmark_group("certificates");
    group.bench_function("path of three with OCSP and CRL", |bencher| {
        bencher.iter(|| black_box(validate()));
    });
    let checks = bare_checks(&pki, &response, &list);
    group.bench_function("the five signatures of it alone", |bencher| {
        bencher.iter(|| {
            for check in &checks {
                check.run();
            }
        });
    });
    group.finish();
}

/// A signature, and all that is needed to check it.
struct Check {
    key: PublicKey,
    algorithm: imza::algorithm::SignatureAlgorithm,
    message: Vec<u8>,
    value: Vec<u8>,
}

impl Check {
    fn run(&self) {
        let message = Message::Octets(black_box(&self.message));
        let (budget, memo) = (&mut Budget::default(), &mut Memo::default());
        let fit = crypto::verify(
            &self.key,
            self.algorithm,
            message,
            &self.value,
            budget,
            memo,
        );
        assert_eq!(fit.unwrap(), Fit::Fits);
    }
}

fn bare_checks(pki: &Pki, response: &[u8], list: &[u8]) -> Vec<Check> {
    let read = |der: &[u8]| Certificate::parse(der, &mut Budget::default()).unwrap();
    let key = |der: &[u8]| read(der).public_key().unwrap().clone();
    let certified = |own: &[u8], by: &[u8]| {
        let own = read(own);
        Check {
            key: key(by),
            algorithm: own.signature_algorithm().unwrap(),
            message: own.tbs().to_vec(),
            value: own.signature_value().to_vec(),
        }
    };
    let (root, authority) = (&pki.root.certificate, &pki.issuing_ca.certificate);
    let responder = &pki.ocsp_responder.certificate;
    let budget = &mut Budget::default();
    let basic = OcspResponse::parse(response, budget)
        .unwrap()
        .basic
        .unwrap();
    let crl = Crl::parse(list, budget).unwrap();
    vec![
        certified(&pki.citizen_p256.certificate, authority),
        certified(authority, root),
        certified(responder, authority),
        Check {
            key: key(responder),
            algorithm: basic.signature_algorithm().unwrap(),
            message: basic.tbs().to_vec(),
            value: basic.signature_value().to_vec(),
        },
        Check {
            key: key(root),
            algorithm: crl.signature_algorithm().unwrap(),
            message: crl.tbs().to_vec(),
            value: crl.signature_value().to_vec(),
        },
    ]
}

criterion_group!(benches, reading, path);
criterion_main!(benches);
