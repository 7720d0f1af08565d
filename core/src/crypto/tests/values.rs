//! Values that fit and values that do not.

use super::super::{Fit, Memo, Message, PublicKey, SoftwareKey, digest, verify};
use super::{curves, ec_key, ed25519_key, rsa_2048, unanimous};
use crate::algorithm::{Curve, DigestAlgorithm, SignatureAlgorithm, ValueEncoding};
use crate::asn1::write;
use crate::error::SignerError;
use crate::job::Seed;
use crate::limits::{Budget, Limits, Resource};

const MESSAGE: &[u8] = b"to be signed";

fn seed() -> Seed {
    Seed::new([9; 32])
}

fn every_algorithm() -> Vec<SignatureAlgorithm> {
    use DigestAlgorithm as D;
    let digests = [
        D::Sha1,
        D::Sha224,
        D::Sha256,
        D::Sha384,
        D::Sha512,
        D::Sha3_224,
        D::Sha3_256,
        D::Sha3_384,
        D::Sha3_512,
    ];
    let mut all = vec![SignatureAlgorithm::Ed25519];
    if cfg!(feature = "ml-dsa") {
        all.push(SignatureAlgorithm::MlDsa44);
        all.push(SignatureAlgorithm::MlDsa65);
        all.push(SignatureAlgorithm::MlDsa87);
    }
    for digest in digests {
        all.push(SignatureAlgorithm::RsaPkcs1 { digest });
        for (mgf_digest, salt_length) in [(digest, 0), (digest, 20), (D::Sha1, 32), (D::Sha512, 7)]
        {
            all.push(SignatureAlgorithm::RsaPss {
                digest,
                mgf_digest,
                salt_length,
            });
        }
        for encoding in [ValueEncoding::Der, ValueEncoding::Plain] {
            all.push(SignatureAlgorithm::Ecdsa { digest, encoding });
        }
    }
    all
}

/// Every supported pair of key and algorithm: fits over the message and its digest, and over
/// nothing else.
pub(super) fn round_trip(key: &SoftwareKey) {
    let public = key.public_key();
    let mut signed = 0;
    for algorithm in every_algorithm() {
        let Ok(value) = key.sign(algorithm, Message::Octets(MESSAGE), &seed()) else {
            assert_eq!(
                unanimous(public, algorithm, MESSAGE, &[1; 64]),
                Fit::DoesNotFit
            );
            continue;
        };
        signed += 1;
        assert_eq!(
            unanimous(public, algorithm, MESSAGE, &value),
            Fit::Fits,
            "{algorithm:?}"
        );
        assert_eq!(
            unanimous(public, algorithm, b"another", &value),
            Fit::DoesNotFit
        );
        for wrong in [
            &[][..],
            &value[1..],
            &[&[0], &value[..]].concat(),
            &[&value[..], &[0]].concat(),
        ] {
            assert_eq!(
                unanimous(public, algorithm, MESSAGE, wrong),
                Fit::DoesNotFit
            );
        }
        for place in [0, value.len() / 2, value.len() - 1] {
            let mut flipped = value.clone();
            flipped[place] ^= 1;
            assert_eq!(
                unanimous(public, algorithm, MESSAGE, &flipped),
                Fit::DoesNotFit
            );
        }
        if let Some(digest_algorithm) = algorithm.digest() {
            let message_digest = digest(digest_algorithm, MESSAGE).unwrap();
            let ask = |message: &[u8]| {
                let (mut budget, mut memo) = (Budget::default(), Memo::default());
                let message = Message::Digest(message);
                verify(public, algorithm, message, &value, &mut budget, &mut memo).unwrap()
            };
            assert_eq!(ask(&message_digest), Fit::Fits);
            assert_eq!(ask(&message_digest[1..]), Fit::DoesNotFit);
            assert_eq!(ask(&[&message_digest[..], &[0]].concat()), Fit::DoesNotFit);
            assert_eq!(ask(&[]), Fit::DoesNotFit);
            let again = key.sign(algorithm, Message::Digest(&message_digest), &seed());
            assert_eq!(again, Ok(value), "the same seed gives the same value");
        }
    }
    assert!(signed > 0);
}

#[test]
fn rsa_values() {
    round_trip(rsa_2048());
}

#[test]
fn elliptic_curve_values() {
    for curve in curves() {
        round_trip(&ec_key(curve));
    }
}

#[test]
fn ed25519_values() {
    round_trip(&ed25519_key());
}

#[test]
fn der_values_are_not_taken_for_plain_ones() {
    let key = ec_key(Curve::P256);
    let [der, plain] =
        [ValueEncoding::Der, ValueEncoding::Plain].map(|encoding| SignatureAlgorithm::Ecdsa {
            digest: DigestAlgorithm::Sha256,
            encoding,
        });
    let value = key.sign(der, Message::Octets(MESSAGE), &seed()).unwrap();
    assert_eq!(
        unanimous(key.public_key(), plain, MESSAGE, &value),
        Fit::DoesNotFit
    );
    let value = key.sign(plain, Message::Octets(MESSAGE), &seed()).unwrap();
    assert_eq!(
        unanimous(key.public_key(), der, MESSAGE, &value),
        Fit::DoesNotFit
    );
}

/// Both values of a pair are good; only a ledger forbids the higher one.
#[test]
fn the_negated_half_of_an_ecdsa_value_fits_too() {
    for (curve, order) in [
        (
            Curve::P256,
            hex_literal::hex!("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551"),
        ),
        (
            Curve::Secp256k1,
            hex_literal::hex!("fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141"),
        ),
    ] {
        if !curves().any(|found| found == curve) {
            continue;
        }
        let key = ec_key(curve);
        let algorithm = SignatureAlgorithm::Ecdsa {
            digest: DigestAlgorithm::Sha256,
            encoding: ValueEncoding::Plain,
        };
        let value = key
            .sign(algorithm, Message::Octets(MESSAGE), &seed())
            .unwrap();
        let mut negated = value.clone();
        let mut borrow = 0;
        for place in (0..32).rev() {
            let difference = i16::from(order[place]) - i16::from(value[32 + place]) - borrow;
            borrow = i16::from(difference < 0);
            negated[32 + place] = difference.rem_euclid(256).try_into().unwrap();
        }
        assert_ne!(negated, value);
        for value in [value, negated] {
            let fit = unanimous(key.public_key(), algorithm, MESSAGE, &value);
            assert_eq!(fit, Fit::Fits, "{curve}");
        }
    }
}

#[test]
fn ecdsa_numbers_out_of_range_do_not_fit() {
    let p256_order =
        hex_literal::hex!("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551");
    let key = ec_key(Curve::P256);
    let algorithm = SignatureAlgorithm::Ecdsa {
        digest: DigestAlgorithm::Sha256,
        encoding: ValueEncoding::Plain,
    };
    let value = key
        .sign(algorithm, Message::Octets(MESSAGE), &seed())
        .unwrap();
    for number in [[0; 32], p256_order, [0xff; 32]] {
        for wrong in [
            [&number[..], &value[32..]].concat(),
            [&value[..32], &number].concat(),
            [number, number].concat(),
        ] {
            assert_eq!(
                unanimous(key.public_key(), algorithm, MESSAGE, &wrong),
                Fit::DoesNotFit
            );
        }
    }
}

/// RFC 6979 Appendix A.2.5, P-256 and SHA-256, message "sample".
#[test]
fn ecdsa_is_deterministic_as_rfc_6979_says() {
    let scalar =
        hex_literal::hex!("c9afa9d845ba75166b5c215767b1d6934e50c3db36e89b127b8a622b120f6721");
    let inner = write::sequence(&[&write::integer(1), &write::octet_string(&scalar)]);
    let identifier = write::sequence(&[
        &write::oid("1.2.840.10045.2.1"),
        &write::oid(Curve::P256.oid()),
    ]);
    let der = write::sequence(&[
        &write::integer(0),
        &identifier,
        &write::octet_string(&inner),
    ]);
    let key = SoftwareKey::from_pkcs8_der(&der).unwrap();
    let algorithm = SignatureAlgorithm::Ecdsa {
        digest: DigestAlgorithm::Sha256,
        encoding: ValueEncoding::Plain,
    };
    let value = key
        .sign(algorithm, Message::Octets(b"sample"), &seed())
        .unwrap();
    assert_eq!(
        value,
        hex_literal::hex!(
            "efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716"
            "f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8"
        )
    );
}

/// RFC 8032 §7.1, test 2.
#[test]
fn ed25519_signs_as_rfc_8032_says() {
    let secret =
        hex_literal::hex!("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb");
    let identifier = write::sequence(&[&write::oid("1.3.101.112")]);
    let inner = write::octet_string(&write::octet_string(&secret));
    let der = write::sequence(&[&write::integer(0), &identifier, &inner]);
    let key = SoftwareKey::from_pkcs8_der(&der).unwrap();
    let value = key.sign(
        SignatureAlgorithm::Ed25519,
        Message::Octets(&[0x72]),
        &seed(),
    );
    assert_eq!(
        value.unwrap(),
        hex_literal::hex!(
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
            "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
        )
    );
}

#[test]
fn restricted_pss_keys_take_no_other_padding() {
    let free = rsa_2048();
    let key_bits = {
        let spki = crate::asn1::Reader::der(free.public_key().spki())
            .read(crate::asn1::Tag::SEQUENCE)
            .unwrap();
        let mut fields = spki.reader();
        fields.read_any().unwrap();
        fields.read_any().unwrap().whole.to_vec()
    };
    let bound = |algorithm| {
        let identifier = write::signature_identifier(algorithm).unwrap();
        PublicKey::from_spki(&write::sequence(&[&identifier, &key_bits])).unwrap()
    };
    let sha256 = SignatureAlgorithm::pss(DigestAlgorithm::Sha256);
    let key = bound(sha256);
    let pkcs1 = SignatureAlgorithm::RsaPkcs1 {
        digest: DigestAlgorithm::Sha256,
    };
    for (algorithm, fit) in [
        (sha256, Fit::Fits),
        (
            SignatureAlgorithm::pss(DigestAlgorithm::Sha384),
            Fit::DoesNotFit,
        ),
        (pkcs1, Fit::DoesNotFit),
        (
            SignatureAlgorithm::RsaPss {
                digest: DigestAlgorithm::Sha256,
                mgf_digest: DigestAlgorithm::Sha256,
                salt_length: 31,
            },
            Fit::DoesNotFit,
        ),
    ] {
        let value = free
            .sign(algorithm, Message::Octets(MESSAGE), &seed())
            .unwrap();
        assert_eq!(
            unanimous(&key, algorithm, MESSAGE, &value),
            fit,
            "{algorithm:?}"
        );
        assert_eq!(
            unanimous(free.public_key(), algorithm, MESSAGE, &value),
            Fit::Fits
        );
    }
}

#[test]
fn what_is_not_implemented_is_unsupported_and_not_a_misfit() {
    let ask = |key: &PublicKey, algorithm, message: Message<'_>| {
        let (mut budget, mut memo) = (Budget::default(), Memo::default());
        verify(key, algorithm, message, &[1; 256], &mut budget, &mut memo)
            .unwrap_err()
            .code()
    };
    let rsa = rsa_2048().public_key();
    let octets = Message::Octets(MESSAGE);
    for digest in [DigestAlgorithm::Md5, DigestAlgorithm::Ripemd160] {
        let pkcs1 = SignatureAlgorithm::RsaPkcs1 { digest };
        assert_eq!(ask(rsa, pkcs1, octets), "unsupported.algorithm");
        assert_eq!(
            ask(rsa, pkcs1, Message::Digest(&[1; 16])),
            "unsupported.algorithm"
        );
        let mixed = SignatureAlgorithm::RsaPss {
            digest: DigestAlgorithm::Sha256,
            mgf_digest: digest,
            salt_length: 32,
        };
        assert_eq!(ask(rsa, mixed, octets), "unsupported.algorithm");
    }
    let mut left_out = vec![SignatureAlgorithm::Ed448];
    if cfg!(not(feature = "ml-dsa")) {
        left_out.push(SignatureAlgorithm::MlDsa44);
    }
    if cfg!(not(feature = "dsa")) {
        left_out.push(SignatureAlgorithm::Dsa {
            digest: DigestAlgorithm::Sha256,
            encoding: ValueEncoding::Der,
        });
    }
    for algorithm in left_out {
        assert_eq!(ask(rsa, algorithm, octets), "unsupported.algorithm");
    }
    let ed25519 = ed25519_key();
    let digest = Message::Digest(&[1; 64]);
    let code = ask(ed25519.public_key(), SignatureAlgorithm::Ed25519, digest);
    assert_eq!(code, "unsupported.feature");
}

#[test]
fn checks_are_charged_before_the_memo_is_asked() {
    let limits = Limits {
        signature_checks: 2,
        ..Limits::default()
    };
    let key = ec_key(Curve::P256);
    let algorithm = SignatureAlgorithm::Ecdsa {
        digest: DigestAlgorithm::Sha256,
        encoding: ValueEncoding::Der,
    };
    let value = key
        .sign(algorithm, Message::Octets(MESSAGE), &seed())
        .unwrap();
    let (mut budget, mut memo) = (Budget::new(limits.into()), Memo::default());
    let mut ask = || {
        let message = Message::Octets(MESSAGE);
        verify(
            key.public_key(),
            algorithm,
            message,
            &value,
            &mut budget,
            &mut memo,
        )
    };
    assert_eq!(ask(), Ok(Fit::Fits));
    assert_eq!(ask(), Ok(Fit::Fits));
    assert_eq!(ask().unwrap_err().code(), "limits.signature-checks");
    let heavy = ec_key(Curve::P521);
    let mut budget = Budget::default();
    let message = Message::Octets(MESSAGE);
    let fit = verify(
        heavy.public_key(),
        algorithm,
        message,
        &value,
        &mut budget,
        &mut memo,
    );
    assert_eq!(fit, Ok(Fit::DoesNotFit));
    assert!(budget.spent(Resource::SignatureChecks) > 1);
    assert_eq!(budget.spent(Resource::DigestedBytes), 12);
}

#[test]
fn moduli_over_the_limit_in_force_are_refused() {
    let limits = Limits {
        modulus_bits: 2047,
        ..Limits::default()
    };
    let algorithm = SignatureAlgorithm::pss(DigestAlgorithm::Sha256);
    let (mut budget, mut memo) = (Budget::new(limits.into()), Memo::default());
    let message = Message::Octets(MESSAGE);
    let key = rsa_2048().public_key();
    let error = verify(key, algorithm, message, &[1; 256], &mut budget, &mut memo).unwrap_err();
    assert_eq!(error.code(), "limits.modulus-bits");
}

#[test]
fn a_memo_keeps_keys_messages_and_values_apart() {
    let (first, second) = (ec_key(Curve::P256), ec_key(Curve::P384));
    let algorithm = SignatureAlgorithm::Ecdsa {
        digest: DigestAlgorithm::Sha256,
        encoding: ValueEncoding::Der,
    };
    let value = first
        .sign(algorithm, Message::Octets(MESSAGE), &seed())
        .unwrap();
    let (mut budget, mut memo) = (Budget::default(), Memo::default());
    let mut ask = |key: &SoftwareKey, message, value: &[u8]| {
        verify(
            key.public_key(),
            algorithm,
            message,
            value,
            &mut budget,
            &mut memo,
        )
        .unwrap()
    };
    for _ in 0..2 {
        let octets = Message::Octets(MESSAGE);
        assert_eq!(ask(&first, octets, &value), Fit::Fits);
        assert_eq!(ask(&second, octets, &value), Fit::DoesNotFit);
        assert_eq!(
            ask(&first, Message::Octets(b"other"), &value),
            Fit::DoesNotFit
        );
        assert_eq!(ask(&first, octets, &value[1..]), Fit::DoesNotFit);
        assert_eq!(
            ask(&first, Message::Digest(MESSAGE), &value),
            Fit::DoesNotFit
        );
    }
}

#[test]
fn keys_refuse_to_sign_what_is_not_theirs() {
    let refused = |result: Result<Vec<u8>, SignerError>| {
        assert!(
            matches!(result, Err(SignerError::Refused { .. })),
            "{result:?}"
        );
    };
    let (rsa, ed25519) = (rsa_2048(), ed25519_key());
    let pkcs1 = SignatureAlgorithm::RsaPkcs1 {
        digest: DigestAlgorithm::Sha256,
    };
    refused(ed25519.sign(pkcs1, Message::Octets(MESSAGE), &seed()));
    refused(ed25519.sign(
        SignatureAlgorithm::Ed25519,
        Message::Digest(&[1; 64]),
        &seed(),
    ));
    refused(rsa.sign(
        SignatureAlgorithm::Ed25519,
        Message::Octets(MESSAGE),
        &seed(),
    ));
    refused(rsa.sign(pkcs1, Message::Digest(&[1; 31]), &seed()));
    let long_salt = SignatureAlgorithm::RsaPss {
        digest: DigestAlgorithm::Sha256,
        mgf_digest: DigestAlgorithm::Sha256,
        salt_length: 223,
    };
    refused(rsa.sign(long_salt, Message::Octets(MESSAGE), &seed()));
    for key in [rsa, &ed25519, &ec_key(Curve::P521)] {
        for algorithm in key.algorithms() {
            let value = key
                .sign(algorithm, Message::Octets(MESSAGE), &seed())
                .unwrap();
            assert_eq!(
                unanimous(key.public_key(), algorithm, MESSAGE, &value),
                Fit::Fits
            );
        }
    }
}
