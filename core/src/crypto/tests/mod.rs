//! Keys, values and providers held against each other.

#[cfg(feature = "dsa")]
mod dsa;
mod foreign_values;
mod keys;
#[cfg(feature = "ml-dsa")]
mod ml_dsa;
mod values;
mod wycheproof_vectors;

use super::verify::{Provider, verify_with};
use super::{Fit, Memo, Message, PublicKey, SoftwareKey, verify};
use crate::algorithm::{Curve, SignatureAlgorithm};
use crate::asn1::write;
use crate::limits::Budget;
use std::sync::OnceLock;

/// An RSA key of 2048 bits, the same in every run.
fn rsa_2048() -> &'static SoftwareKey {
    static KEY: OnceLock<SoftwareKey> = OnceLock::new();
    KEY.get_or_init(|| {
        let seed = crate::job::Seed::new([1; 32]);
        let mut random = super::seed::SeedStream::new(&seed, "test key", b"");
        let key = rsa::PrivateKey::new(&mut random, 2048).unwrap();
        let der = rsa::pkcs8::EncodePrivateKey::to_pkcs8_der(&key).unwrap();
        SoftwareKey::from_pkcs8_der(der.as_bytes()).unwrap()
    })
}

/// The curves that were not left out.
fn curves() -> impl Iterator<Item = Curve> {
    let is_there = |curve: &Curve| match curve {
        Curve::P256 | Curve::P384 | Curve::P521 => true,
        Curve::Secp256k1 => cfg!(feature = "secp256k1"),
        _ => cfg!(feature = "brainpool"),
    };
    Curve::ALL.iter().copied().filter(is_there)
}

/// An EC key of a curve, whose private number is made of sevens.
fn ec_key(curve: Curve) -> SoftwareKey {
    let mut scalar = vec![7; curve.scalar_len()];
    scalar[0] = 0;
    let inner = write::sequence(&[&write::integer(1), &write::octet_string(&scalar)]);
    let identifier = write::sequence(&[&write::oid("1.2.840.10045.2.1"), &write::oid(curve.oid())]);
    let der = write::sequence(&[
        &write::integer(0),
        &identifier,
        &write::octet_string(&inner),
    ]);
    SoftwareKey::from_pkcs8_der(&der).unwrap()
}

fn ed25519_key() -> SoftwareKey {
    let inner = write::octet_string(&[7; 32]);
    let identifier = write::sequence(&[&write::oid("1.3.101.112")]);
    let der = write::sequence(&[
        &write::integer(0),
        &identifier,
        &write::octet_string(&inner),
    ]);
    SoftwareKey::from_pkcs8_der(&der).unwrap()
}

/// The common answer of every provider that has a row.
fn providers_agree(
    key: &PublicKey,
    algorithm: SignatureAlgorithm,
    message: &[u8],
    value: &[u8],
) -> Fit {
    let message = Message::Octets(message);
    let fit = verify_with(Provider::RustCrypto, key, algorithm, message, value).unwrap();
    #[cfg(feature = "ring")]
    if let Some(row) = super::fast::Row::find(key, algorithm) {
        let other = verify_with(Provider::Ring(row), key, algorithm, message, value).unwrap();
        assert_eq!(fit, other, "{algorithm} {value:x?}");
    }
    fit
}

/// The common answer of every provider, which is also the public one.
fn unanimous(key: &PublicKey, algorithm: SignatureAlgorithm, message: &[u8], value: &[u8]) -> Fit {
    let fit = providers_agree(key, algorithm, message, value);
    let (mut budget, mut memo) = (Budget::default(), Memo::default());
    let message = Message::Octets(message);
    let public = verify(key, algorithm, message, value, &mut budget, &mut memo).unwrap();
    assert_eq!(fit, public);
    fit
}
