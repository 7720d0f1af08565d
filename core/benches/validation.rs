//! Validation from memory, as a server with everything warm does it.
//!
//! `cargo bench -p imza --bench validation`. Documents are committed vectors at level LT: the job
//! reads, digests, checks every signature on every path, and judges.
#![expect(
    clippy::unwrap_used,
    reason = "a benchmark that cannot go on fails; the vectors are committed"
)]

use criterion::{Criterion, criterion_group, criterion_main};
use imza::job::{InputId, Seed};
use imza::limits::{Budget, Limits};
use imza::policy::ValidationPolicy;
use imza::reading::{Network, Validation, ValidationRequest};
use imza::report::Report;
use imza::source::{Advance, Input, Inputs, Source};
use imza::time::UnixTime;
use imza::transport::{Memory, drive};
use imza::trust::TrustSet;
use imza::validation::Context;
use imza::xml::c14n::{Method, canonicalize_octets};
use imza::zip;
use imza_test_vectors::vectors::VALIDATION_TIME;
use std::hint::black_box;
use std::path::Path;
use std::sync::Arc;

/// Documents, and the exit status of their reports: what was changed in a PDF after signing is not
/// analysed.
const DOCUMENTS: &[(&str, &str, u8)] = &[
    ("ASiC-E LT, XAdES, P-256", "asic-e/form.p-256.asice", 0),
    (
        "ASiC-E LT, XAdES, RSA-2048",
        "asic-e/form.rsa-2048.asice",
        0,
    ),
    (
        "ASiC-E LT, CAdES, P-256",
        "asic-e-cades/form.p-256.asice",
        0,
    ),
    ("PDF signature, form.table", "pades/form.table.pdf", 10),
    (
        "PDF signature, form.rsa-2048",
        "pades/form.rsa-2048.pdf",
        10,
    ),
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
    for (name, path, status) in DOCUMENTS {
        let octets = read(path);
        assert_eq!(validate(&octets, &context).exit_status(), *status, "{name}");
        group.bench_function(*name, |bencher| {
            bencher.iter(|| black_box(validate(black_box(&octets), &context)));
        });
    }
    let signature = signature_file(&read("asic-e/form.p-256.asice"));
    group.bench_function(
        "signature file parsed and written exclusive-canonical",
        |bencher| {
            bencher.iter(|| {
                let octets = black_box(&signature);
                canonicalize_octets(octets, &Method::EXCLUSIVE, &mut Budget::default()).unwrap()
            });
        },
    );
    group.finish();
}

/// The signature file of a container.
fn signature_file(container: &Arc<[u8]>) -> Vec<u8> {
    let input = Input::at_hand("container", Arc::clone(container));
    let inputs = Arc::new(Inputs::new(vec![input]));
    let mut source = Source::file(inputs, InputId(0), 1 << 16).unwrap();
    let (mut opening, budget) = (zip::Opening::new(), &mut Budget::default());
    loop {
        if let Advance::Done(directory) = opening.advance(&mut source, budget).unwrap() {
            let place = directory.find("META-INF/signatures0.xml").unwrap();
            let entry = directory.entry(place).unwrap();
            return zip::read_entry(&mut source, entry, budget).unwrap();
        }
    }
}

criterion_group!(benches, validation);
criterion_main!(benches);
