//! Key stores made with the PKI in a box: by the crate that reads them, and by OpenSSL.

use super::*;
use crate::algorithm::ValueEncoding;
use crate::crypto::{Fit, Memo, Message, verify};
use crate::signer::{Signer as _, preferred_algorithm};
use imza_test_vectors::{Entity, Pki};
use p12_keystore::{KeyStoreEntry, PrivateKey, PrivateKeyChain};
use std::process::Command;

const PASSWORD: &str = "şifrə 1";

/// A store in which every entity has its key, its certificate and those above it.
fn store(entities: &[(&str, &Entity)], pki: &Pki) -> Vec<u8> {
    let mut store = p12_keystore::KeyStore::new();
    for (index, (label, entity)) in entities.iter().enumerate() {
        let certificates = [entity, &pki.issuing_ca, &pki.root]
            .map(|one| p12_keystore::Certificate::from_der(&one.certificate).unwrap());
        let key = PrivateKey::from_der(entity.key.pkcs8_der()).unwrap();
        let id = vec![u8::try_from(index).unwrap()];
        let entry = KeyStoreEntry::PrivateKeyChain(PrivateKeyChain::new(id, key, certificates));
        store.add_entry(label, entry);
    }
    store.writer(PASSWORD).write().unwrap()
}

fn code<T>(result: Result<T, Error>) -> &'static str {
    result.err().map_or("none", |error| error.code())
}

fn seed() -> Seed {
    Seed::new([5; 32])
}

fn labelled(label: &str) -> KeyChoice {
    KeyChoice {
        label: Some(label.to_owned()),
    }
}

fn assert_signs(signer: &mut SoftwareSigner, entity: &Entity) {
    let chain = signer.certificate();
    assert_eq!(*chain[0], *entity.certificate);
    let certificate = Certificate::parse(&chain[0], &mut Budget::default()).unwrap();
    let algorithm = preferred_algorithm(signer, ValueEncoding::Plain).unwrap();
    let message = Message::Octets(b"to be signed");
    let value = signer.sign(algorithm, message).unwrap();
    let (mut budget, mut memo) = (Budget::default(), Memo::default());
    let public = certificate.public_key().unwrap();
    let fit = verify(public, algorithm, message, &value, &mut budget, &mut memo);
    assert_eq!(fit, Ok(Fit::Fits));
}

#[test]
fn a_key_signs_with_its_certificates_above() {
    let pki = Pki::fixed().unwrap();
    for entity in [&pki.citizen_rsa_2048, &pki.citizen_p256, &pki.citizen_p384] {
        let octets = store(&[("citizen", entity)], &pki);
        assert_eq!(KeyStore::needs_password(&octets), Ok(true));
        let store = KeyStore::open(&octets, PASSWORD).unwrap();
        assert!(store.is_protected());
        let mut signer = store.signer(&KeyChoice::default(), seed()).unwrap();
        assert_eq!(signer.certificate().len(), 3);
        assert_signs(&mut signer, entity);
    }
}

#[test]
fn a_wrong_password_is_said_to_be_one() {
    let pki = Pki::fixed().unwrap();
    let octets = store(&[("citizen", &pki.citizen_p256)], &pki);
    for wrong in ["", "şifrə 2", "ŞIFRƏ 1", "şifrə 1 "] {
        assert_eq!(code(KeyStore::open(&octets, wrong)), "signer.wrong-pin");
    }
}

#[test]
fn of_several_keys_one_is_chosen_by_name() {
    let pki = Pki::fixed().unwrap();
    let (first, second) = (&pki.citizen_p256, &pki.citizen_rsa_2048);
    let octets = store(&[("birinci", first), ("ikinci", second)], &pki);
    let store = KeyStore::open(&octets, PASSWORD).unwrap();
    assert_eq!(store.keys().count(), 2);
    let none = store.signer(&KeyChoice::default(), seed());
    assert_eq!(code(none), "signer.refused");
    for (label, entity) in [("birinci", first), ("ikinci", second), ("Ikinci", second)] {
        assert_signs(&mut store.signer(&labelled(label), seed()).unwrap(), entity);
    }
    let missing = store.signer(&labelled("üçüncü"), seed());
    assert_eq!(code(missing), "signer.not-found");
}

#[test]
fn a_certificate_of_the_store_can_be_named_as_people_know_it() {
    let pki = Pki::fixed().unwrap();
    let octets = store(&[("a", &pki.citizen_p256), ("b", &pki.tsa_p256)], &pki);
    let store = KeyStore::open(&octets, PASSWORD).unwrap();
    let subject = store.keys().next().unwrap().certificate.clone().unwrap();
    let name = subject.subject().common_name().unwrap();
    let mut signer = store.signer(&labelled(&name), seed()).unwrap();
    assert_signs(&mut signer, &pki.citizen_p256);
}

#[test]
fn a_key_without_its_certificate_does_not_sign() {
    let pki = Pki::fixed().unwrap();
    let mut other = p12_keystore::KeyStore::new();
    let key = PrivateKey::from_der(pki.citizen_p256.key.pkcs8_der()).unwrap();
    let stranger = p12_keystore::Certificate::from_der(&pki.stranger.certificate).unwrap();
    // The file says that they belong together.
    let chain = PrivateKeyChain::new(vec![1], key, [stranger]);
    other.add_entry("mixed", KeyStoreEntry::PrivateKeyChain(chain));
    let octets = other.writer(PASSWORD).write().unwrap();
    let store = KeyStore::open(&octets, PASSWORD).unwrap();
    let error = store.signer(&KeyChoice::default(), seed());
    assert_eq!(
        error.unwrap_err(),
        SignerError::NotFound {
            what: "certificate"
        }
        .into()
    );
}

#[test]
fn a_store_without_a_key_says_so() {
    let pki = Pki::fixed().unwrap();
    let mut trust = p12_keystore::KeyStore::new();
    let root = p12_keystore::Certificate::from_der(&pki.root.certificate).unwrap();
    trust.add_entry("root", KeyStoreEntry::Certificate(root));
    let octets = trust.writer(PASSWORD).write().unwrap();
    let store = KeyStore::open(&octets, PASSWORD).unwrap();
    let error = store.signer(&KeyChoice::default(), seed());
    assert_eq!(
        error.unwrap_err(),
        SignerError::NotFound { what: "key" }.into()
    );
}

#[test]
fn what_is_no_key_store_is_not_asked_a_password_for() {
    let pki = Pki::fixed().unwrap();
    let pem = pki.citizen_p256.key.pkcs8_pem().unwrap();
    for octets in [
        b"".as_slice(),
        pem.as_bytes(),
        &pki.root.certificate,
        &[0x30, 3, 2, 1, 3],
    ] {
        assert_eq!(
            code(KeyStore::needs_password(octets)),
            "malformed.key.encoding"
        );
    }
    let indefinite = KeyStore::needs_password(&[0x30, 0x80, 0, 0]);
    assert_eq!(code(indefinite), "unsupported.feature");
    let huge = KeyStore::needs_password(&vec![0x30; MAX_OCTETS + 1]);
    assert_eq!(code(huge), "unsupported.feature");
}

#[test]
fn a_damaged_store_is_refused() {
    let pki = Pki::fixed().unwrap();
    let octets = store(&[("citizen", &pki.citizen_p256)], &pki);
    for at in (0..octets.len()).step_by(97) {
        let mut damaged = octets.clone();
        damaged[at] ^= 0x20;
        let store = KeyStore::open(&damaged, PASSWORD);
        assert!(store.is_err(), "octet {at}");
    }
    for end in [0, 1, 20, octets.len() / 2, octets.len() - 1] {
        assert!(KeyStore::open(&octets[..end], PASSWORD).is_err());
    }
}

#[test]
fn openssl_makes_stores_that_open() {
    if Command::new("openssl").arg("version").output().is_err() {
        eprintln!("skipped: key stores of OpenSSL (openssl is not installed)");
        return;
    }
    let pki = Pki::fixed().unwrap();
    let entity = &pki.citizen_rsa_2048;
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    let pem = imza_test_vectors::export::pem;
    let text =
        pem("CERTIFICATE", &entity.certificate) + &pem("CERTIFICATE", &pki.issuing_ca.certificate);
    std::fs::write(path("key.pem"), entity.key.pkcs8_pem().unwrap()).unwrap();
    std::fs::write(path("certificates.pem"), text).unwrap();
    // Protection, whether it needs the password, whether the key is encrypted.
    let kinds: [(&[&str], bool, bool); 5] = [
        (&[], true, true),
        (
            &[
                "-keypbe",
                "PBE-SHA1-3DES",
                "-certpbe",
                "PBE-SHA1-3DES",
                "-macalg",
                "sha1",
            ],
            true,
            true,
        ),
        (&["-nomac"], true, true),
        (&["-keypbe", "NONE", "-certpbe", "NONE"], true, false),
        (
            &["-keypbe", "NONE", "-certpbe", "NONE", "-nomac"],
            false,
            false,
        ),
    ];
    for (options, needs_password, is_protected) in kinds {
        let made = Command::new("openssl")
            .current_dir(folder.path())
            .args([
                "pkcs12",
                "-export",
                "-inkey",
                "key.pem",
                "-in",
                "certificates.pem",
            ])
            .args([
                "-out",
                "store.p12",
                "-name",
                "imza",
                "-passout",
                "pass:secret",
            ])
            .args(options)
            .output()
            .unwrap();
        assert!(made.status.success(), "{options:?}: {made:?}");
        let octets = std::fs::read(path("store.p12")).unwrap();
        assert_eq!(
            KeyStore::needs_password(&octets),
            Ok(needs_password),
            "{options:?}"
        );
        let store = KeyStore::open(&octets, "secret").unwrap();
        assert_eq!(store.is_protected(), is_protected, "{options:?}");
        let wrong = KeyStore::open(&octets, "wrong");
        assert_eq!(wrong.is_err(), needs_password, "{options:?}");
        if needs_password {
            assert_eq!(code(wrong), "signer.wrong-pin", "{options:?}");
        }
        let mut signer = store.signer(&labelled("IMZA"), seed()).unwrap();
        assert_eq!(signer.certificate().len(), 2);
        assert_signs(&mut signer, entity);
    }
}
