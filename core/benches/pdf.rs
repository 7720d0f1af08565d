//! PDF files with many revisions, from memory.
//!
//! `cargo bench -p imza --bench pdf`. Twenty-four people sign one form one after the other; all
//! signatures are judged, and what each revision changed is compared.
#![expect(
    clippy::unwrap_used,
    reason = "a benchmark that cannot go on fails; what it is given is made here"
)]

use criterion::{Criterion, criterion_group, criterion_main};
use imza::algorithm::{DigestAlgorithm, SignatureAlgorithm, ValueEncoding};
use imza::creation::{
    DocumentToSign, Packaging, Preparation, SigningParameters, SigningRequest, sign,
};
use imza::error::InputError;
use imza::job::Seed;
use imza::limits::{Budget, Limits};
use imza::policy::{RevocationRequirement, ValidationPolicy};
use imza::reading::{Network, Validation, ValidationRequest};
use imza::report::Report;
use imza::signer::Signer;
use imza::signer::software::SoftwareSigner;
use imza::source::{Input, write_all};
use imza::time::UnixTime;
use imza::transport::{Memory, Transport, drive};
use imza::trust::TrustSet;
use imza::validation::Context;
use imza_test_vectors::Pki;
use imza_test_vectors::export::pem;
use imza_test_vectors::pdf::{CrossReference, Pdf};
use imza_test_vectors::pki::FIXED_TIME;
use std::hint::black_box;
use std::sync::Arc;

const SIGNATURES: usize = 24;

/// One more signature at the end.
fn signed(octets: Vec<u8>, signer: &mut SoftwareSigner) -> Vec<u8> {
    let algorithm = SignatureAlgorithm::Ecdsa {
        digest: DigestAlgorithm::Sha256,
        encoding: ValueEncoding::Der,
    };
    let time = UnixTime::from_seconds(FIXED_TIME);
    let length = u64::try_from(octets.len()).unwrap();
    let request = SigningRequest {
        documents: vec![DocumentToSign {
            input: Input::on_request("form.pdf", length),
            media_type: "application/pdf".to_owned(),
        }],
        certificates: signer.certificate(),
        parameters: SigningParameters::new(Packaging::Pades, algorithm, time),
    };
    let mut memory = Memory::new([octets]);
    let pending = drive(Preparation::begin(request).unwrap(), &mut memory).unwrap();
    let edits = sign(&pending, signer).unwrap();
    let mut whole = Vec::new();
    let read = |input, range| {
        let found = memory.read(input, range);
        found.ok_or(InputError::Unreadable.into())
    };
    write_all(&edits, read, |chunk| {
        whole.extend_from_slice(chunk);
        Ok(())
    })
    .unwrap();
    whole
}

fn validate(octets: &Arc<[u8]>, context: &Context) -> Report {
    let request = ValidationRequest {
        inputs: vec![Input::at_hand("form.pdf", Arc::clone(octets))],
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

fn pdf(criterion: &mut Criterion) {
    let pki = Pki::fixed().unwrap();
    let own = &pki.citizen_p256;
    let certificates =
        pem("CERTIFICATE", &own.certificate) + &pem("CERTIFICATE", &pki.issuing_ca.certificate);
    let private = own.key.pkcs8_pem().unwrap();
    let seed = Seed::new([1; 32]);
    let mut signer = SoftwareSigner::from_pem(&private, None, &certificates, seed).unwrap();
    let anchors = TrustSet::read_anchors(&pki.root.certificate, &mut Budget::default()).unwrap();
    let context = Context {
        policy: Arc::new(ValidationPolicy {
            revocation: RevocationRequirement::None,
            ..ValidationPolicy::standard()
        }),
        trust: Arc::new(TrustSet::new(anchors)),
        validation_time: UnixTime::from_seconds(FIXED_TIME + 60),
        proven_at: None,
        limits: Arc::new(Limits::default()),
    };
    let mut group = criterion.benchmark_group("pdf");
    for (name, style) in [
        ("tables", CrossReference::Table),
        ("streams", CrossReference::Stream),
    ] {
        let mut octets = Pdf::new("May build.", style).bytes().to_vec();
        for _ in 0..SIGNATURES {
            octets = signed(octets, &mut signer);
        }
        let octets: Arc<[u8]> = octets.into();
        let report = validate(&octets, &context);
        assert_eq!(report.signatures.len(), SIGNATURES);
        assert_eq!(report.exit_status(), 0, "{}", report.to_json());
        let name = format!("PDF with {SIGNATURES} signatures, every revision compared, {name}");
        group.bench_function(name, |bencher| {
            bencher.iter(|| black_box(validate(black_box(&octets), &context)));
        });
    }
    group.finish();
}

criterion_group!(benches, pdf);
criterion_main!(benches);
