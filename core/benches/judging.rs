//! Judging alone: facts in, report out, with every signature value remembered.
//!
//! `cargo bench -p imza --bench judging`. A signature with five time-stamps, and thirty certificates
//! beside it: the judgement of a server that asked for evidence once more, and what a look ahead
//! costs.
#![expect(
    clippy::unwrap_used,
    reason = "a benchmark that cannot go on fails; the vectors are committed"
)]

use criterion::{Criterion, criterion_group, criterion_main};
use imza::crypto::Memo;
use imza::evidence::Evidence;
use imza::job::Seed;
use imza::limits::{Budget, Limits};
use imza::policy::ValidationPolicy;
use imza::reading::{Given, Network, Validation, ValidationRequest};
use imza::source::Input;
use imza::time::UnixTime;
use imza::transport::{Memory, drive};
use imza::trust::TrustSet;
use imza::validation::{Context, outlook, validate};
use imza::vocabulary::Indication;
use imza_test_vectors::cades::{CadesSpec, sign};
use imza_test_vectors::certificate::{CertificateSpec, usage};
use imza_test_vectors::long_term::LongTermValues;
use imza_test_vectors::{Entity, Pki};
use std::hint::black_box;
use std::sync::Arc;

const SIGNED: i64 = 1_781_000_000;
const STAMPS: i64 = 5;
const CERTIFICATES: u64 = 30;
const CONTENT: &[u8] = b"a permit\n";

/// Certificates of others, by the same issuer.
fn others(pki: &Pki) -> Vec<Given> {
    let (person, issuer) = (&pki.citizen_p384, &pki.issuing_ca);
    let validity = (SIGNED - 86_400, SIGNED + 86_400 * 365);
    let certificate = |number: u64| {
        let (name, bits) = (person.name.clone(), [usage::NON_REPUDIATION]);
        let key = &person.key;
        let serial = 0x0001_0000 + number;
        let spec = CertificateSpec::end_entity(name, key, &issuer.key, serial, validity, &bits);
        let entity = Entity::issue("other", &spec, key, issuer).unwrap();
        Given::Certificate(entity.certificate.as_slice().into())
    };
    (0..CERTIFICATES).map(certificate).collect()
}

fn evidence(pki: &Pki, context: &Context) -> Evidence {
    let mut signed = sign(&CadesSpec::detached(SIGNED), CONTENT, &pki.citizen_p256).unwrap();
    for number in 0..STAMPS {
        signed.stamp(pki, SIGNED + 5 + number).unwrap();
    }
    let values =
        LongTermValues::collect(pki, &pki.citizen_p256, &pki.tsa_p256, SIGNED + 20).unwrap();
    signed.add_long_term(&values);
    let documents = [signed.der(), CONTENT.to_vec()];
    let names = ["permit.p7s", "permit.txt"];
    let inputs = names.into_iter().zip(&documents);
    let request = ValidationRequest {
        inputs: inputs
            .map(|(name, octets)| Input::at_hand(name, octets.as_slice()))
            .collect(),
        given: others(pki),
        keys: Vec::new(),
        seed: Seed::new([0; 32]),
        network: Network::Offline,
    };
    let job = Validation::begin(request, context.clone()).unwrap();
    drive(job, &mut Memory::new(documents)).unwrap().evidence
}

fn judging(criterion: &mut Criterion) {
    let pki = Pki::fixed().unwrap();
    let anchors = TrustSet::read_anchors(&pki.root.certificate, &mut Budget::default()).unwrap();
    let context = Context {
        policy: Arc::new(ValidationPolicy::standard()),
        trust: Arc::new(TrustSet::new(anchors)),
        validation_time: UnixTime::from_seconds(SIGNED + 3_600),
        proven_at: None,
        limits: Arc::new(Limits::default()),
    };
    let evidence = evidence(&pki, &context);
    let mut memo = Memo::default();
    let report = validate(&evidence, &context, &mut memo).report;
    let signature = report.signatures.first().unwrap();
    assert_eq!(signature.indication, Indication::TotalPassed);
    assert_eq!(signature.timestamps.len(), 5);
    let mut group = criterion.benchmark_group("judging");
    group.bench_function(
        "five time-stamps, thirty certificates, remembered",
        |bencher| {
            bencher.iter(|| black_box(validate(black_box(&evidence), &context, &mut memo)));
        },
    );
    group.bench_function("the same from nothing", |bencher| {
        bencher.iter(|| {
            let memo = &mut Memo::default();
            black_box(validate(black_box(&evidence), &context, memo))
        });
    });
    group.bench_function("looking ahead", |bencher| {
        bencher.iter(|| black_box(outlook(black_box(&evidence), &context, &mut memo)));
    });
    group.finish();
}

criterion_group!(benches, judging);
criterion_main!(benches);
