//! Small CMS messages, each another, as a server meets them.
//!
//! `cargo bench -p imza --bench messages`. Every message holds its content and is signed by the same
//! person: what its path rests on is the same every time, its value is not.
#![expect(
    clippy::unwrap_used,
    reason = "a benchmark that cannot go on fails; the vectors are committed"
)]

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use imza::crypto::SharedMemo;
use imza::job::Seed;
use imza::limits::{Budget, Limits};
use imza::policy::{RevocationRequirement, ValidationPolicy};
use imza::reading::{Given, Network, Validation, ValidationRequest, recognise_material};
use imza::source::Input;
use imza::time::UnixTime;
use imza::transport::{Memory, drive};
use imza::trust::TrustSet;
use imza::validation::Context;
use imza_test_vectors::cades::{CadesSpec, sign};
use imza_test_vectors::pki::FIXED_TIME;
use imza_test_vectors::vectors::VALIDATION_TIME;
use imza_test_vectors::{Entity, Pki};
use std::hint::black_box;
use std::sync::Arc;

/// Messages of a group.
const MESSAGES: usize = 64;

fn messages(signer: &Entity) -> Vec<Arc<[u8]>> {
    let spec = CadesSpec {
        detached: false,
        ..CadesSpec::detached(FIXED_TIME)
    };
    let message = |number: usize| {
        let content = format!("message {number}\n").repeat(16);
        let signed = sign(&spec, content.as_bytes(), signer).unwrap();
        signed.der().into()
    };
    (0..MESSAGES).map(message).collect()
}

struct Desk {
    context: Context,
    given: Vec<Given>,
}

impl Desk {
    fn new(pki: &Pki) -> Self {
        let budget = || Budget::default();
        let anchors = TrustSet::read_anchors(&pki.root.certificate, &mut budget()).unwrap();
        let mut policy = ValidationPolicy::standard();
        policy.revocation = RevocationRequirement::None;
        Self {
            context: Context {
                policy: Arc::new(policy),
                trust: Arc::new(TrustSet::new(anchors)),
                validation_time: UnixTime::from_seconds(VALIDATION_TIME),
                proven_at: None,
                limits: Arc::new(Limits::default()),
            },
            given: recognise_material(&pki.issuing_ca.certificate, &mut budget()).unwrap(),
        }
    }

    fn verify(&self, message: &Arc<[u8]>, memo: Option<&SharedMemo>) -> u8 {
        let request = ValidationRequest {
            inputs: vec![Input::at_hand("message", Arc::clone(message))],
            given: self.given.clone(),
            keys: Vec::new(),
            seed: Seed::new([0; 32]),
            network: Network::Offline,
        };
        let mut job = Validation::begin(request, self.context.clone()).unwrap();
        if let Some(memo) = memo {
            job = job.with_memo(memo.clone());
        }
        let memory = &mut Memory::new([Arc::clone(message)]);
        drive(job, memory).unwrap().report.exit_status()
    }
}

fn bench(criterion: &mut Criterion) {
    let pki = Pki::fixed().unwrap();
    let desk = Desk::new(&pki);
    let mut group = criterion.benchmark_group("messages");
    group.throughput(Throughput::Elements(u64::try_from(MESSAGES).unwrap()));
    for (name, signer) in [
        ("RSA-2048", &pki.citizen_rsa_2048),
        ("P-256", &pki.citizen_p256),
    ] {
        let messages = messages(signer);
        let memo = SharedMemo::default();
        for message in &messages {
            assert_eq!(desk.verify(message, None), 0, "{name}");
            assert_eq!(desk.verify(message, Some(&memo)), 0, "{name}");
        }
        let by_itself = format!("{MESSAGES} of {name}, each by itself");
        group.bench_function(BenchmarkId::from_parameter(by_itself), |bencher| {
            bencher.iter(|| {
                let all = messages.iter();
                all.map(|one| desk.verify(black_box(one), None)).max()
            });
        });
        // A new memo each time: the values of the messages are not known from the last round.
        let together = format!("{MESSAGES} of {name}, with one memo");
        group.bench_function(BenchmarkId::from_parameter(together), |bencher| {
            bencher.iter(|| {
                let memo = SharedMemo::default();
                let all = messages.iter();
                all.map(|one| desk.verify(black_box(one), Some(&memo)))
                    .max()
            });
        });
    }
    group.finish();
}

criterion_group!(benches, bench);
criterion_main!(benches);
