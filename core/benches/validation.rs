//! Validation from memory, as a server with everything warm does it.
//!
//! `cargo bench -p imza --bench validation`. Documents are committed vectors at level LT: the job
//! reads, digests, checks every signature on every path, and judges.
#![expect(
    clippy::unwrap_used,
    reason = "a benchmark that cannot go on fails; the vectors are committed"
)]

use criterion::{Criterion, criterion_group, criterion_main};
use imza::job::Seed;
use imza::limits::{Budget, Limits};
use imza::policy::ValidationPolicy;
use imza::reading::{Network, Validation, ValidationRequest};
use imza::report::Report;
use imza::source::Input;
use imza::time::UnixTime;
use imza::transport::{Memory, drive};
use imza::trust::TrustSet;
use imza::validation::Context;
use imza_test_vectors::vectors::VALIDATION_TIME;
use std::hint::black_box;
use std::path::Path;
use std::sync::Arc;

/// Documents that pass.
const DOCUMENTS: &[(&str, &str)] = &[
    ("ASiC-E LT, XAdES, P-256", "asic-e/form.p-256.asice"),
    ("ASiC-E LT, XAdES, RSA-2048", "asic-e/form.rsa-2048.asice"),
    ("ASiC-E LT, CAdES, P-256", "asic-e-cades/form.p-256.asice"),
];

fn read(path: &str) -> Arc<[u8]> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../test-vectors/vectors");
    std::fs::read(folder.join(path)).unwrap().into()
}

fn validate(octets: &Arc<[u8]>, context: &Context) -> Report {
    let request = ValidationRequest {
        inputs: vec![Input::at_hand("document", Arc::clone(octets))],
        given: Vec::new(),
        keys: Vec::new(),
        seed: Seed::new([0; 32]),
        network: Network::Offline,
    };
    let job = Validation::begin(request, context.clone()).unwrap();
    drive(job, &mut Memory::new([Arc::clone(octets)]))
        .unwrap()
        .report
}

fn validation(criterion: &mut Criterion) {
    let anchors = TrustSet::read_anchors(&read("pki/root.cer"), &mut Budget::default()).unwrap();
    let context = Context {
        policy: Arc::new(ValidationPolicy::standard()),
        trust: Arc::new(TrustSet::new(anchors)),
        validation_time: UnixTime::from_seconds(VALIDATION_TIME),
        proven_at: None,
        limits: Arc::new(Limits::default()),
    };
    let mut group = criterion.benchmark_group("validation");
    for (name, path) in DOCUMENTS {
        let octets = read(path);
        assert_eq!(validate(&octets, &context).exit_status(), 0, "{name}");
        group.bench_function(*name, |bencher| {
            bencher.iter(|| black_box(validate(black_box(&octets), &context)));
        });
    }
    group.finish();
}

criterion_group!(benches, validation);
criterion_main!(benches);
