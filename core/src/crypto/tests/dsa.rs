//! DSA: a key of 1024 bits and values over `to be signed` that OpenSSL 3 made (`dgst -sign`), and
//! keys that are none.

use super::super::{Fit, KeyKind, Memo, Message, PublicKey, digest, verify};
use super::unanimous;
use crate::algorithm::{DigestAlgorithm, SignatureAlgorithm, ValueEncoding};
use crate::asn1::{Reader, Tag, write};
use crate::limits::Budget;
use hex_literal::hex;

const MESSAGE: &[u8] = b"to be signed";

/// p, q, g and y of the key.
fn numbers() -> [Vec<u8>; 4] {
    let mut whole = Reader::der(SPKI).read(Tag::SEQUENCE).unwrap().reader();
    let mut identifier = whole.read(Tag::SEQUENCE).unwrap().reader();
    identifier.read(Tag::OID).unwrap();
    let mut domain = identifier.read(Tag::SEQUENCE).unwrap().reader();
    let mut number = || {
        let integer = domain.read(Tag::INTEGER).unwrap();
        integer.unsigned_integer().unwrap().to_vec()
    };
    let [p, q, g] = [number(), number(), number()];
    let y = whole.read(Tag::BIT_STRING).unwrap().bit_string().unwrap();
    let y = Reader::der(y).read(Tag::INTEGER).unwrap();
    [p, q, g, y.unsigned_integer().unwrap().to_vec()]
}

fn spki(domain: Option<[&[u8]; 3]>, y: &[u8]) -> Vec<u8> {
    let oid = write::oid("1.2.840.10040.4.1");
    let identifier = match domain {
        None => write::sequence(&[&oid]),
        Some(numbers) => {
            let numbers = numbers.map(write::integer_bytes);
            let [p, q, g] = &numbers;
            write::sequence(&[&oid, &write::sequence(&[p, q, g])])
        }
    };
    write::sequence(&[&identifier, &write::bit_string(&write::integer_bytes(y))])
}

fn algorithm(digest: DigestAlgorithm, encoding: ValueEncoding) -> SignatureAlgorithm {
    SignatureAlgorithm::Dsa { digest, encoding }
}

/// `r ‖ s` of a DER value.
fn plain(value: &[u8]) -> Vec<u8> {
    let mut fields = Reader::der(value).read(Tag::SEQUENCE).unwrap().reader();
    let mut half = || {
        let number = fields
            .read(Tag::INTEGER)
            .unwrap()
            .unsigned_integer()
            .unwrap();
        [&vec![0; 20 - number.len()][..], number].concat()
    };
    [half(), half()].concat()
}

#[test]
fn values_fit_in_both_forms() {
    let key = PublicKey::from_spki(SPKI).unwrap();
    assert_eq!(
        (key.kind(), key.bits(), key.value_len()),
        (KeyKind::Dsa, 1024, 40)
    );
    for (digest_algorithm, value) in [
        (DigestAlgorithm::Sha1, SHA1),
        (DigestAlgorithm::Sha512, SHA512),
    ] {
        let der = algorithm(digest_algorithm, ValueEncoding::Der);
        let raw = algorithm(digest_algorithm, ValueEncoding::Plain);
        let halves = plain(value);
        assert_eq!(unanimous(&key, der, MESSAGE, value), Fit::Fits);
        assert_eq!(unanimous(&key, raw, MESSAGE, &halves), Fit::Fits);
        let imprint = digest(digest_algorithm, MESSAGE).unwrap();
        let ask = |imprint: &[u8]| {
            let (mut budget, mut memo) = (Budget::default(), Memo::default());
            let message = Message::Digest(imprint);
            verify(&key, der, message, value, &mut budget, &mut memo).unwrap()
        };
        assert_eq!(ask(&imprint), Fit::Fits);
        assert_eq!(ask(&imprint[1..]), Fit::DoesNotFit);

        assert_eq!(unanimous(&key, der, b"another", value), Fit::DoesNotFit);
        assert_eq!(unanimous(&key, raw, MESSAGE, value), Fit::DoesNotFit);
        assert_eq!(unanimous(&key, der, MESSAGE, &halves), Fit::DoesNotFit);
        for place in 0..40 {
            let mut flipped = halves.clone();
            flipped[place] ^= 1;
            assert_eq!(unanimous(&key, raw, MESSAGE, &flipped), Fit::DoesNotFit);
        }
        let [_, q, ..] = numbers();
        for number in [&[0; 20][..], &q, &[0xff; 20]] {
            for wrong in [
                [&halves[..20], number].concat(),
                [number, &halves[20..]].concat(),
            ] {
                assert_eq!(unanimous(&key, raw, MESSAGE, &wrong), Fit::DoesNotFit);
            }
        }
    }
}

#[test]
fn a_key_without_parameters_says_nothing_until_it_has_inherited_them() {
    let whole = PublicKey::from_spki(SPKI).unwrap();
    let [p, q, g, y] = numbers();
    let bare = PublicKey::from_spki(&spki(None, &y)).unwrap();
    assert!(bare.inherits_parameters() && !whole.inherits_parameters());
    assert!(!bare.is_same_key(&bare) && !bare.is_same_key(&whole));
    let der = algorithm(DigestAlgorithm::Sha1, ValueEncoding::Der);
    let (mut budget, mut memo) = (Budget::default(), Memo::default());
    let message = Message::Octets(MESSAGE);
    let error = verify(&bare, der, message, SHA1, &mut budget, &mut memo).unwrap_err();
    assert_eq!(error.code(), "unsupported.feature");

    let heir = bare.with_parameters_of(&whole).unwrap().unwrap();
    assert!(heir.is_same_key(&whole) && heir == whole);
    assert_eq!(unanimous(&heir, der, MESSAGE, SHA1), Fit::Fits);
    // The issuer's key is another number in the same domain.
    let issuer = PublicKey::from_spki(&spki(Some([&p, &q, &g]), &g)).unwrap();
    let heir = bare.with_parameters_of(&issuer).unwrap().unwrap();
    assert_eq!(unanimous(&heir, der, MESSAGE, SHA1), Fit::Fits);
    // Nothing to inherit, or from nobody.
    assert_eq!(bare.with_parameters_of(&bare), Ok(None));
    assert_eq!(whole.with_parameters_of(&issuer), Ok(None));
    let rsa = super::rsa_2048().public_key();
    assert_eq!(bare.with_parameters_of(rsa), Ok(None));
    // A number that is too large for the domain.
    let large = PublicKey::from_spki(&spki(None, &p)).unwrap();
    assert!(large.with_parameters_of(&whole).is_err());
}

#[test]
fn numbers_that_are_no_key_are_refused() {
    let [p, q, g, y] = numbers();
    let code = |domain: [&[u8]; 3], y: &[u8]| {
        PublicKey::from_spki(&spki(Some(domain), y))
            .unwrap_err()
            .code()
    };
    let mut even_p = p.clone();
    even_p[127] ^= 1;
    let mut even_q = q.clone();
    even_q[19] ^= 1;
    for (domain, y) in [
        ([&even_p[..], &q, &g], &y[..]),
        ([&p, &even_q, &g], &y),
        ([&p, &q[1..], &g], &y),
        ([&p, &p, &g], &y),
        ([&p, &q, &p], &y),
        ([&p, &q, &[1]], &y),
        ([&p, &q, &[]], &y),
        ([&p[65..], &q, &[2]], &[2]),
        ([&p, &q, &g], &[1]),
        ([&p, &q, &g], &[]),
        ([&p, &q, &g], &p),
    ] {
        assert_eq!(code(domain, y), "malformed.key.encoding");
    }
    let mut huge = vec![0xff; 513];
    assert_eq!(code([&huge, &q, &g], &y), "limits.modulus-bits");
    huge.truncate(512);
    assert!(PublicKey::from_spki(&spki(Some([&huge, &q, &g]), &y)).is_ok());
}

/// What lies outside the subgroup fits nothing: with a generator or a key of order 2, anybody could
/// find values that fit.
#[test]
fn numbers_outside_the_subgroup_fit_nothing() {
    let [p, q, g, y] = numbers();
    let mut order_two = p.clone();
    order_two[127] ^= 1;
    let raw = algorithm(DigestAlgorithm::Sha1, ValueEncoding::Plain);
    for (g, y) in [(&g, &order_two), (&order_two, &y), (&order_two, &order_two)] {
        let key = PublicKey::from_spki(&spki(Some([&p, &q, g]), y)).unwrap();
        let mut one = vec![0; 40];
        one[19] = 1;
        for s in 1..=20 {
            one[39] = s;
            assert_eq!(unanimous(&key, raw, MESSAGE, &one), Fit::DoesNotFit);
        }
    }
}

const SPKI: &[u8] = &hex!(
    "308201b63082012b06072a8648ce3804013082011e02818100a7c611e2a2b473d3eb9a6f837e228ba59b74af"
    "8d481c3402bf1ac4cb9b9e70b55fb1ae6041cbcf917ed2ed66e9792b1858eb5680b4f9705b3034e47843ead3"
    "d559193786548404eebb32771431582723777f3d0190efd700645580aa83ebad036423edb4d3f8ce86d4b03d"
    "a028bbe5daf2cbb80a5162eedb861020a583d29009021500e36404bba2a951d3995f739a9860e30a72b1c2b9"
    "0281803238db83a809d3dafe91ed51e6a26b74d93e954449bde8a7c8452628e93c40fa6545fdb6c70fdfc53c"
    "b9ad684c2be3d1d27291e1af8ef8280a2b0dc10c765d74174ef7608a93f0bcc53b922e1b4aea85b15b755ca6"
    "6f87965c7f04ae393a71aede4ca30914a9b178d0d22805aafb0afb0804b8fddd3427a8a32953bb222ccb9e03"
    "8184000281805583725342724ef330111e5ebdd6cced01adf140778d4c2955a83e3229c6b5841b02c7f15a18"
    "163a3ebf653a4d7a1f97d32c7ea63b0dfe346e01a4c4385021a1909e9fb7e57b719ad051d76165d65564f0f8"
    "dce3fdccc7035f2f04d2adf161515b1a6fb58f4c124b4d578b712bd59f3af58f53a51513b223d0c41fa41869"
    "bfc8"
);
const SHA1: &[u8] = &hex!(
    "302d021500941e7686de28846f2cfca5a7de7b9b9033378ea402147dddc953a7e2c7f034b178acc824443f60"
    "8b0dd3"
);
const SHA512: &[u8] = &hex!(
    "302e021500de6055b09c9d3b60f80f98979434c39f6daa08ee0215009320c777ffe4e96ef70b41d9a8df88f4"
    "e9b6ff77"
);
