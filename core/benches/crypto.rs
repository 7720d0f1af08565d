//! What a digest and a check of a signature value cost; the weights of `crypto::verify` come from
//! here. Run with and without the feature `ring`.

#![expect(clippy::unwrap_used, reason = "a bench may fail as tests do")]

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use imza::algorithm::{DigestAlgorithm, SignatureAlgorithm, ValueEncoding};
use imza::asn1::write;
use imza::crypto::{Memo, Message, PublicKey, SoftwareKey, digest, verify};
use imza::job::Seed;
use imza::limits::Budget;
use imza_test_vectors::Pki;
use std::hint::black_box;

const MESSAGE: &[u8] = b"to be signed";

fn digests(criterion: &mut Criterion) {
    let octets = vec![7; 1 << 20];
    let mut group = criterion.benchmark_group("digest 1 MiB");
    group.throughput(Throughput::Bytes(1 << 20));
    for algorithm in [
        DigestAlgorithm::Sha1,
        DigestAlgorithm::Sha256,
        DigestAlgorithm::Sha512,
        DigestAlgorithm::Sha3_256,
    ] {
        group.bench_function(algorithm.to_string(), |bencher| {
            bencher.iter(|| digest(algorithm, black_box(&octets)));
        });
    }
    group.finish();
}

fn signatures(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("verify");
    for (name, key, algorithm) in keys() {
        let value = key
            .sign(algorithm, Message::Octets(MESSAGE), &Seed::new([1; 32]))
            .unwrap();
        group.bench_function(name, |bencher| {
            bencher.iter(|| check(key.public_key(), algorithm, &value));
        });
    }
    // The cost of RSA does not depend on whether the value fits: a modulus needs no factors here.
    for octets in [512, 1024, 2048] {
        let (key, value) = (odd_modulus(octets), vec![1; octets]);
        let algorithm = SignatureAlgorithm::pss(DigestAlgorithm::Sha256);
        group.bench_function(format!("RSA-{} (PSS)", octets * 8), |bencher| {
            bencher.iter(|| check(&key, algorithm, &value));
        });
    }
    group.finish();
}

fn check(key: &PublicKey, algorithm: SignatureAlgorithm, value: &[u8]) {
    let (mut budget, mut memo) = (Budget::default(), Memo::default());
    let message = Message::Octets(MESSAGE);
    let fit = verify(
        key,
        algorithm,
        message,
        black_box(value),
        &mut budget,
        &mut memo,
    );
    let _ = black_box(fit);
}

fn keys() -> Vec<(&'static str, SoftwareKey, SignatureAlgorithm)> {
    let pki = Pki::fixed().unwrap();
    let read = |entity: &imza_test_vectors::Entity| {
        SoftwareKey::from_pkcs8_der(entity.key.pkcs8_der()).unwrap()
    };
    let pkcs1 = |digest| SignatureAlgorithm::RsaPkcs1 { digest };
    let ecdsa = |digest| SignatureAlgorithm::Ecdsa {
        digest,
        encoding: ValueEncoding::Der,
    };
    let inner = write::octet_string(&[7; 32]);
    let ed25519 = write::sequence(&[
        &write::integer(0),
        &write::sequence(&[&write::oid("1.3.101.112")]),
        &write::octet_string(&inner),
    ]);
    let scalar = write::octet_string(&[&[0][..], &[7; 65]].concat());
    let p521 = write::sequence(&[
        &write::integer(0),
        &write::sequence(&[
            &write::oid("1.2.840.10045.2.1"),
            &write::oid("1.3.132.0.35"),
        ]),
        &write::octet_string(&write::sequence(&[&write::integer(1), &scalar])),
    ]);
    vec![
        (
            "RSA-2048",
            read(&pki.citizen_rsa_2048),
            pkcs1(DigestAlgorithm::Sha256),
        ),
        (
            "RSA-3072",
            read(&pki.citizen_rsa_3072),
            pkcs1(DigestAlgorithm::Sha256),
        ),
        (
            "P-256",
            read(&pki.citizen_p256),
            ecdsa(DigestAlgorithm::Sha256),
        ),
        (
            "P-384",
            read(&pki.citizen_p384),
            ecdsa(DigestAlgorithm::Sha384),
        ),
        (
            "P-521",
            SoftwareKey::from_pkcs8_der(&p521).unwrap(),
            ecdsa(DigestAlgorithm::Sha512),
        ),
        (
            "Ed25519",
            SoftwareKey::from_pkcs8_der(&ed25519).unwrap(),
            SignatureAlgorithm::Ed25519,
        ),
    ]
}

fn odd_modulus(octets: usize) -> PublicKey {
    let numbers = write::sequence(&[
        &write::integer_bytes(&vec![0xff; octets]),
        &write::integer(65537),
    ]);
    let identifier = write::sequence(&[&write::oid("1.2.840.113549.1.1.1"), &write::null()]);
    let spki = write::sequence(&[&identifier, &write::bit_string(&numbers)]);
    PublicKey::from_spki(&spki).unwrap()
}

criterion_group!(benches, digests, signatures);
criterion_main!(benches);
