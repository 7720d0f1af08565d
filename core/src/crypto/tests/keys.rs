//! Keys that are refused, each for its own reason.

use super::super::{KeyKind, PssRestriction, PublicKey, SoftwareKey};
use super::{curves, ec_key, ed25519_key, rsa_2048};
use crate::algorithm::{Curve, DigestAlgorithm, SignatureAlgorithm};
use crate::asn1::{Tag, write};

fn code(spki: &[u8]) -> &'static str {
    PublicKey::from_spki(spki).unwrap_err().code()
}

fn spki(identifier: &[u8], key: &[u8]) -> Vec<u8> {
    write::sequence(&[identifier, &write::bit_string(key)])
}

fn rsa_identifier() -> Vec<u8> {
    write::sequence(&[&write::oid("1.2.840.113549.1.1.1"), &write::null()])
}

fn rsa(modulus: &[u8], exponent: &[u8]) -> Vec<u8> {
    let numbers = [
        write::integer_bytes(modulus),
        write::integer_bytes(exponent),
    ];
    spki(
        &rsa_identifier(),
        &write::sequence(&[&numbers[0], &numbers[1]]),
    )
}

fn ec(parameters: &[u8], point: &[u8]) -> Vec<u8> {
    let identifier = write::sequence(&[&write::oid("1.2.840.10045.2.1"), parameters]);
    spki(&identifier, point)
}

fn modulus(octets: usize) -> Vec<u8> {
    let mut modulus = vec![0xff; octets];
    modulus[0] = 0x80;
    modulus
}

#[test]
fn kinds_and_sizes() {
    let key = rsa_2048().public_key();
    assert_eq!(
        (key.kind(), key.bits(), key.value_len()),
        (KeyKind::Rsa, 2048, 256)
    );
    for curve in curves() {
        let key = ec_key(curve);
        let key = key.public_key();
        assert_eq!((key.kind(), key.bits()), (KeyKind::Ec(curve), curve.bits()));
        assert_eq!(key.value_len(), curve.scalar_len() * 2);
        assert_eq!(PublicKey::from_spki(key.spki()).unwrap(), *key);
    }
    let ed25519 = ed25519_key();
    assert_eq!(ed25519.public_key().kind(), KeyKind::Ed25519);
    assert!(!ed25519.public_key().is_same_key(key));
    let odd_size = PublicKey::from_spki(&rsa(&[&[0x01], &modulus(128)[..]].concat(), &[3]));
    assert_eq!(odd_size.unwrap().bits(), 1025);
}

#[test]
fn rsa_numbers_that_are_no_key_are_refused() {
    let mut even = modulus(256);
    even[255] = 0xfe;
    for (modulus, exponent) in [
        (even, &[1, 0, 1][..]),
        (modulus(256), &[1]),
        (modulus(256), &[0]),
        (modulus(256), &[2]),
        (modulus(256), &[1, 0, 0]),
        (vec![], &[3]),
        (vec![3], &[3]),
        (vec![3], &[5]),
    ] {
        assert_eq!(code(&rsa(&modulus, exponent)), "malformed.key.encoding");
    }
    assert_eq!(
        code(&rsa(&modulus(256), &[1, 0, 0, 0, 0, 1])),
        "unsupported.feature"
    );
    assert!(PublicKey::from_spki(&rsa(&modulus(256), &[1, 0, 0, 0, 1])).is_ok());
    assert_eq!(code(&rsa(&modulus(2049), &[3])), "limits.modulus-bits");
    assert!(PublicKey::from_spki(&rsa(&modulus(2048), &[3])).is_ok());
}

#[test]
fn rsa_structures_that_are_not_to_the_letter_are_refused() {
    let numbers = [write::integer_bytes(&modulus(256)), write::integer(65537)];
    let good = write::sequence(&[&numbers[0], &numbers[1]]);
    assert!(PublicKey::from_spki(&spki(&rsa_identifier(), &good)).is_ok());
    let three = write::sequence(&[&numbers[0], &numbers[1], &numbers[1]]);
    let negative = write::sequence(&[&numbers[0], &write::tlv(Tag::INTEGER, &[0x81])]);
    for wrong in [
        &[][..],
        &three,
        &negative,
        &good[1..],
        &[&good[..], &[0]].concat(),
    ] {
        assert!(code(&spki(&rsa_identifier(), wrong)).starts_with("malformed."));
    }
    let parameters = write::sequence(&[&write::oid("1.2.840.113549.1.1.1"), &write::integer(1)]);
    assert_eq!(code(&spki(&parameters, &good)), "malformed.key.encoding");
    let mut trailing = spki(&rsa_identifier(), &good);
    trailing.push(0);
    assert_eq!(code(&trailing), "malformed.der.trailing-data");
}

#[test]
fn a_modulus_without_its_sign_octet_is_the_same_modulus() {
    let exponent = write::integer(65537);
    let usual = write::sequence(&[&write::integer_bytes(&modulus(256)), &exponent]);
    let usual = PublicKey::from_spki(&spki(&rsa_identifier(), &usual)).unwrap();
    let negative = write::tlv(Tag::INTEGER, &modulus(256));
    let negative = write::sequence(&[&negative, &exponent]);
    let negative = PublicKey::from_spki(&spki(&rsa_identifier(), &negative)).unwrap();
    assert!(negative.is_same_key(&usual));
    assert_eq!(negative.bits(), 2048);
    for wrong in [&[][..], &[0], &[0, 1], &[0xff, 0xff]] {
        let modulus = write::tlv(Tag::INTEGER, wrong);
        let key = write::sequence(&[&modulus, &exponent]);
        assert!(code(&spki(&rsa_identifier(), &key)).starts_with("malformed."));
    }
}

#[test]
fn pss_keys_carry_their_restriction() {
    let oid = write::oid("1.2.840.113549.1.1.10");
    let key = write::sequence(&[&write::integer_bytes(&modulus(256)), &write::integer(65537)]);
    let free = PublicKey::from_spki(&spki(&write::sequence(&[&oid]), &key)).unwrap();
    assert_eq!(free.kind(), KeyKind::RsaPss(None));
    let algorithm = SignatureAlgorithm::pss(DigestAlgorithm::Sha256);
    let identifier = write::signature_identifier(algorithm).unwrap();
    let bound = PublicKey::from_spki(&spki(&identifier, &key)).unwrap();
    assert_eq!(
        bound.kind(),
        KeyKind::RsaPss(Some(PssRestriction {
            digest: DigestAlgorithm::Sha256,
            mgf_digest: DigestAlgorithm::Sha256,
            min_salt_length: 32,
        }))
    );
    assert!(free.is_same_key(&bound) && free != bound);
}

#[test]
fn points_that_are_on_no_curve_are_refused() {
    let key = ec_key(Curve::P256);
    let spki = key.public_key().spki();
    let point = &spki[spki.len() - 65..];
    let curve = write::oid(Curve::P256.oid());
    assert!(PublicKey::from_spki(&ec(&curve, point)).is_ok());

    let mut off_the_curve = point.to_vec();
    off_the_curve[64] ^= 1;
    let mut hybrid = point.to_vec();
    hybrid[0] = 6 | (point[64] & 1);
    let mut x_of_no_point = [&[2][..], &point[1..33]].concat();
    while PublicKey::from_spki(&ec(&curve, &x_of_no_point)).is_ok() {
        x_of_no_point[32] = x_of_no_point[32].wrapping_add(1);
    }
    for wrong in [
        &[][..],
        &[0],
        &[4],
        &point[..64],
        &[point, &[0]].concat(),
        &off_the_curve,
        &hybrid,
        &[&[4][..], &[0xff; 64]].concat(),
        &x_of_no_point,
        &[5; 33],
    ] {
        assert_eq!(
            code(&ec(&curve, wrong)),
            "malformed.key.encoding",
            "{wrong:x?}"
        );
    }
    let other_curve = write::oid(Curve::P384.oid());
    assert_eq!(code(&ec(&other_curve, point)), "malformed.key.encoding");
}

#[test]
fn compressed_points_are_the_same_key() {
    let key = ec_key(Curve::P256);
    let key = key.public_key();
    let point = &key.spki()[key.spki().len() - 65..];
    let compressed = [&[2 | (point[64] & 1)][..], &point[1..33]].concat();
    let curve = write::oid(Curve::P256.oid());
    let compressed = PublicKey::from_spki(&ec(&curve, &compressed)).unwrap();
    assert!(compressed.is_same_key(key) && compressed != *key);
}

#[test]
fn curves_other_than_named_ones_are_refused() {
    let key = ec_key(Curve::P256);
    let spki = key.public_key().spki();
    let point = &spki[spki.len() - 65..];
    // RFC 3279 §2.3.5 ecParameters: version, field, curve, base, order.
    let explicit = write::sequence(&[&write::integer(1), &write::sequence(&[])]);
    assert_eq!(code(&ec(&explicit, point)), "unsupported.feature");
    assert_eq!(code(&ec(&write::null(), point)), "unsupported.feature");
    assert_eq!(
        code(&ec(&write::integer(1), point)),
        "malformed.key.encoding"
    );
    let identifier = write::sequence(&[&write::oid("1.2.840.10045.2.1")]);
    assert_eq!(
        code(&super::keys::spki(&identifier, point)),
        "malformed.key.encoding"
    );
    // brainpoolP320r1, secp224r1, FRP256v1.
    for unknown in [
        "1.3.36.3.3.2.8.1.1.9",
        "1.3.132.0.33",
        "1.2.250.1.223.101.256.1",
    ] {
        let unknown = write::oid(unknown);
        assert_eq!(code(&ec(&unknown, point)), "unsupported.algorithm");
    }
    // The same point, said to lie on another curve of the same size.
    for curve in curves().filter(|curve| *curve != Curve::P256) {
        let wrong = ec(&write::oid(curve.oid()), point);
        assert_eq!(code(&wrong), "malformed.key.encoding");
    }
    for left_out in Curve::ALL
        .iter()
        .filter(|curve| !curves().any(|there| there == **curve))
    {
        let wrong = ec(&write::oid(left_out.oid()), point);
        assert_eq!(code(&wrong), "unsupported.algorithm");
    }
}

#[test]
fn unknown_algorithms_are_unsupported() {
    let mut unknown = vec!["1.3.101.113", "2.16.840.1.101.3.4.3.32", "1.2.3"];
    if cfg!(not(feature = "dsa")) {
        unknown.push("1.2.840.10040.4.1");
    }
    if cfg!(not(feature = "ml-dsa")) {
        unknown.push("2.16.840.1.101.3.4.3.17");
    }
    for oid in unknown {
        let identifier = write::sequence(&[&write::oid(oid)]);
        assert_eq!(code(&spki(&identifier, &[1; 32])), "unsupported.algorithm");
    }
    let ed25519 = write::sequence(&[&write::oid("1.3.101.112")]);
    assert_eq!(code(&spki(&ed25519, &[1; 31])), "malformed.key.encoding");
}

#[cfg(feature = "ml-dsa")]
#[test]
fn ml_dsa_keys_have_one_length_and_no_parameters() {
    let rows = [
        ("2.16.840.1.101.3.4.3.17", 1312, KeyKind::MlDsa44, 128, 2420),
        ("2.16.840.1.101.3.4.3.18", 1952, KeyKind::MlDsa65, 192, 3309),
        ("2.16.840.1.101.3.4.3.19", 2592, KeyKind::MlDsa87, 256, 4627),
    ];
    for (oid, length, kind, bits, value) in rows {
        let oid = write::oid(oid);
        let bare = write::sequence(&[&oid]);
        let key = PublicKey::from_spki(&spki(&bare, &vec![7; length])).unwrap();
        assert_eq!(
            (key.kind(), key.bits(), key.value_len()),
            (kind, bits, value)
        );
        for wrong in [0, 32, length - 1, length + 1] {
            let wrong = spki(&bare, &vec![7; wrong]);
            assert_eq!(code(&wrong), "malformed.key.encoding");
        }
        let null = write::sequence(&[&oid, &write::null()]);
        let wrong = spki(&null, &vec![7; length]);
        assert_eq!(code(&wrong), "malformed.key.encoding");
    }
}

#[test]
fn private_keys_that_are_none_are_refused() {
    let code = |der: &[u8]| SoftwareKey::from_pkcs8_der(der).unwrap_err().code();
    assert_eq!(code(&[]), "malformed.der.truncated");
    let ec = write::sequence(&[
        &write::oid("1.2.840.10045.2.1"),
        &write::oid(Curve::P256.oid()),
    ]);
    for scalar in [&[0; 32][..], &[0xff; 32], &[], &[1; 31 + 66]] {
        let inner = write::sequence(&[&write::integer(1), &write::octet_string(scalar)]);
        let der = write::sequence(&[&write::integer(0), &ec, &write::octet_string(&inner)]);
        assert_eq!(code(&der), "malformed.key.encoding", "{scalar:x?}");
    }
    let other = write::sequence(&[&write::oid("1.2.3")]);
    let der = write::sequence(&[&write::integer(0), &other, &write::octet_string(&[])]);
    assert_eq!(code(&der), "unsupported.algorithm");
}

#[test]
fn keys_show_nothing_of_themselves() {
    assert_eq!(format!("{:?}", ed25519_key()), "SoftwareKey(Ed25519, …)");
}

const ENCRYPTED: &str = "-----BEGIN ENCRYPTED PRIVATE KEY-----
MIHsMFcGCSqGSIb3DQEFDTBKMCkGCSqGSIb3DQEFDDAcBAjLcSMeZlWt2gICCAAw
DAYIKoZIhvcNAgkFADAdBglghkgBZQMEASoEEG8t6lm4md5hLkH4H4BB/nEEgZAw
X8RhBCA2y1lltQ05qnwBhjzw9Ck6aBJUelQC9WtU6i6zMFgVoqCNICxThasdutPJ
MlCcHDQbSbI1SHHvvr3B7LiOeWlV1nyQv7Njyd7lrkGbDLrYQEUHkV3LankpkQiI
50LBbakdY2nbOzppAXO8TXXiPvERtTbisvaMlicSWeMtrSBojSV4MsVC5UcGHDU=
-----END ENCRYPTED PRIVATE KEY-----
";

#[test]
fn encrypted_keys_open_with_their_password_only() {
    let key = SoftwareKey::from_pem(ENCRYPTED, Some("imza")).unwrap();
    assert_eq!(key.public_key().kind(), KeyKind::Ec(Curve::P256));
    let code = |password| {
        SoftwareKey::from_pem(ENCRYPTED, password)
            .unwrap_err()
            .code()
    };
    assert_eq!(code(Some("imzb")), "signer.wrong-pin");
    assert_eq!(code(Some("")), "signer.wrong-pin");
    assert_eq!(code(None), "signer.refused");
    assert_eq!(
        SoftwareKey::from_pem("", None).unwrap_err().code(),
        "signer.not-found"
    );
}
