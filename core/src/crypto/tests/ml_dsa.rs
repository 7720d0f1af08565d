//! Private keys of ML-DSA in their three forms, and what they sign.

use super::super::{Message, SoftwareKey, digest};
use super::values::round_trip;
use crate::algorithm::{DigestAlgorithm, SignatureAlgorithm};
use crate::asn1::{Tag, write};
use crate::job::Seed;
use ::ml_dsa::{ExpandedSigningKey, MlDsa44, MlDsa65, MlDsa87, MlDsaParams};
use hex_literal::hex;

const OIDS: [&str; 3] = [
    "2.16.840.1.101.3.4.3.17",
    "2.16.840.1.101.3.4.3.18",
    "2.16.840.1.101.3.4.3.19",
];

/// The seed of the examples in RFC 9881, appendix C.
fn seed() -> [u8; 32] {
    std::array::from_fn(|place| u8::try_from(place).unwrap())
}

fn pkcs8(oid: &str, choice: &[u8]) -> Vec<u8> {
    write::sequence(&[
        &write::integer(0),
        &write::sequence(&[&write::oid(oid)]),
        &write::octet_string(choice),
    ])
}

fn expand<P: MlDsaParams>() -> Vec<u8> {
    #[expect(deprecated, reason = "a form that keys come in")]
    let octets = ExpandedSigningKey::<P>::from_seed(&seed().into()).to_expanded();
    octets.to_vec()
}

fn expanded(oid: &str) -> Vec<u8> {
    match oid {
        "2.16.840.1.101.3.4.3.17" => expand::<MlDsa44>(),
        "2.16.840.1.101.3.4.3.18" => expand::<MlDsa65>(),
        _ => expand::<MlDsa87>(),
    }
}

fn both(seed: &[u8], expanded: &[u8]) -> Vec<u8> {
    write::sequence(&[&write::octet_string(seed), &write::octet_string(expanded)])
}

fn read(oid: &str, choice: &[u8]) -> Result<SoftwareKey, &'static str> {
    SoftwareKey::from_pkcs8_der(&pkcs8(oid, choice)).map_err(|error| error.code())
}

#[test]
fn seeds_give_the_public_keys_of_rfc_9881() {
    let rows = [
        hex!("837832708c5236d951581f1fddf2b79991b3424a0486d16da1ddad0fd69701be"),
        hex!("b8b62131bfbe84433efb2273d7f5b87f7a22854a2cfd366fc2aead86d837c52d"),
        hex!("07e57c4f14dbad1267f621ec3777b4e2e6c4fbc4c22fbb87510ff8e0b3c6a642"),
    ];
    for (oid, expected) in OIDS.into_iter().zip(rows) {
        let key = read(oid, &write::implicit(0, &seed())).unwrap();
        let found = digest(DigestAlgorithm::Sha256, key.public_key().spki()).unwrap();
        assert_eq!(found, expected, "{oid}");
    }
}

#[test]
fn every_form_of_a_key_is_the_same_key() {
    for oid in OIDS {
        let octets = expanded(oid);
        let forms = [
            write::implicit(0, &seed()),
            write::octet_string(&octets),
            both(&seed(), &octets),
        ];
        let [first, second, third] = forms.map(|form| read(oid, &form).unwrap());
        for other in [&second, &third] {
            assert_eq!(other.public_key(), first.public_key());
            assert_eq!(other.algorithms(), first.algorithms());
        }
        round_trip(&first);
        round_trip(&second);
    }
}

#[test]
fn private_keys_of_ml_dsa_that_are_none_are_refused() {
    for oid in OIDS {
        let (seed, octets) = (seed(), expanded(oid));
        let change = |place: usize, octet: u8| {
            let mut other = octets.clone();
            other[place] = octet;
            other
        };
        let of_another = OIDS.iter().find(|other| **other != oid).unwrap();
        let whole = write::octet_string(&octets);
        for wrong in [
            Vec::new(),
            seed.to_vec(),
            write::octet_string(&seed),
            write::implicit(0, &seed[1..]),
            write::implicit(0, &[7; 33]),
            write::implicit(1, &seed),
            write::implicit(0, &octets),
            // EXPLICIT, where the module says IMPLICIT.
            write::explicit(0, &write::octet_string(&seed)),
            write::octet_string(&octets[1..]),
            write::octet_string(&expanded(of_another)),
            // Coefficients out of range, at both ends of s1 and s2.
            write::octet_string(&change(128, 0xff)),
            write::octet_string(&change(octets.len() - t0_len(oid) - 1, 0xff)),
            // In range, and not the key that tr was made of.
            write::octet_string(&change(64, octets[64] ^ 1)),
            write::octet_string(&change(0, octets[0] ^ 1)),
            both(&[7; 32], &octets),
            both(&seed, &change(32, octets[32] ^ 1)),
            both(
                &seed,
                &change(octets.len() - 1, octets[octets.len() - 1] ^ 1),
            ),
            both(&seed, &octets[1..]),
            both(&octets, &seed),
            write::sequence(&[&write::octet_string(&seed)]),
            write::sequence(&[&write::implicit(0, &seed), &whole]),
            write::sequence(&[&write::octet_string(&seed), &whole, &whole]),
            [write::implicit(0, &seed), whole.clone()].concat(),
            write::tlv(Tag::SET, &whole),
        ] {
            let code = read(oid, &wrong).unwrap_err();
            assert!(code.starts_with("malformed."), "{oid} {code}");
        }
        assert!(read(oid, &whole).is_ok());
    }
}

/// Octets of t0: 416 for each of k polynomials.
fn t0_len(oid: &str) -> usize {
    416 * match oid {
        "2.16.840.1.101.3.4.3.17" => 4,
        "2.16.840.1.101.3.4.3.18" => 6,
        _ => 8,
    }
}

#[test]
fn parameters_beside_a_private_key_of_ml_dsa_are_refused() {
    for oid in OIDS {
        let identifier = write::sequence(&[&write::oid(oid), &write::null()]);
        let choice = write::octet_string(&write::implicit(0, &seed()));
        let der = write::sequence(&[&write::integer(0), &identifier, &choice]);
        let error = SoftwareKey::from_pkcs8_der(&der).unwrap_err();
        assert_eq!(error.code(), "malformed.key.encoding");
    }
}

#[test]
fn values_are_hedged_and_take_the_message_itself() {
    let key = read(OIDS[0], &write::implicit(0, &seed())).unwrap();
    let algorithm = SignatureAlgorithm::MlDsa44;
    let sign = |octet| {
        let message = Message::Octets(b"to be signed");
        key.sign(algorithm, message, &Seed::new([octet; 32]))
            .unwrap()
    };
    assert_eq!(sign(1), sign(1));
    assert_ne!(sign(1), sign(2));
    assert_eq!(sign(1).len(), key.public_key().value_len());
    for (algorithm, message) in [
        (algorithm, Message::Digest(&[7; 64])),
        (SignatureAlgorithm::MlDsa65, Message::Octets(b"a")),
        (SignatureAlgorithm::Ed25519, Message::Octets(b"a")),
    ] {
        let refused = key.sign(algorithm, message, &Seed::new([1; 32]));
        assert_eq!(refused.unwrap_err().code(), "signer.refused");
    }
}

#[test]
fn private_keys_of_ml_dsa_show_nothing_of_themselves() {
    let key = read(OIDS[1], &write::implicit(0, &seed())).unwrap();
    assert_eq!(format!("{key:?}"), "SoftwareKey(MlDsa65, …)");
}
