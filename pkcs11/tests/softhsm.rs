//! Everything against SoftHSM2, a token without a card.
//!
//! The module reads its configuration from the environment, which a Rust test may not change for
//! itself: [`with_softhsm`] prepares a directory and runs the ignored tests of this file in a
//! process of their own.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "helpers of tests may fail as tests do"
)]

use cryptoki::context::{CInitializeArgs, CInitializeFlags, Pkcs11};
use cryptoki::mechanism::Mechanism as Raw;
use cryptoki::mechanism::MechanismType;
use cryptoki::mechanism::rsa::{PkcsMgfType, PkcsPssParams};
use cryptoki::object::{Attribute, CertificateType, ObjectClass};
use cryptoki::session::{Session, UserType};
use cryptoki::types::AuthPin;
use imza_pkcs11::{Digest, Error, KeyKind, Login, Mechanism, Module, PinState, Token, UserPin};
use std::path::Path;

const MODULES: [&str; 2] = [
    "/usr/lib/softhsm/libsofthsm2.so",
    "/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so",
];
const PIN: &str = "123456";
const P256: &[u8] = &[0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07];

fn module_path() -> Option<&'static Path> {
    MODULES.iter().map(Path::new).find(|path| path.exists())
}

#[test]
fn with_softhsm() {
    if module_path().is_none() {
        assert!(std::env::var_os("CI").is_none(), "CI must have softhsm2");
        eprintln!("skipped: softhsm2 is not installed");
        return;
    }
    let directory = tempfile::tempdir().unwrap();
    let tokens = directory.path().join("tokens");
    std::fs::create_dir(&tokens).unwrap();
    let configuration = directory.path().join("softhsm2.conf");
    let text = format!(
        "directories.tokendir = {}\nobjectstore.backend = file\nlog.level = ERROR\n",
        tokens.display()
    );
    std::fs::write(&configuration, text).unwrap();
    let output = std::process::Command::new(std::env::current_exe().unwrap())
        .args(["--ignored", "--test-threads=1"])
        .env("SOFTHSM2_CONF", &configuration)
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{text}");
    assert!(text.contains("9 passed"), "{text}");
}

fn pin() -> UserPin {
    UserPin::new(PIN.to_owned())
}

/// A fresh token, and a session of its user that may write.
fn token(label: &str) -> (Token, Session) {
    let module = Module::load(module_path().unwrap()).unwrap();
    let raw = Pkcs11::new(module_path().unwrap()).unwrap();
    let _ = raw.initialize(CInitializeArgs::new(CInitializeFlags::OS_LOCKING_OK));
    let free = |slot: &_| !raw.get_token_info(*slot).unwrap().token_initialized();
    let slot = raw.get_all_slots().unwrap().into_iter().find(free).unwrap();
    let officer = AuthPin::from("87654321");
    raw.init_token(slot, &officer, label).unwrap();
    let session = raw.open_rw_session(slot).unwrap();
    session.login(UserType::So, Some(&officer)).unwrap();
    session.init_pin(&AuthPin::from(PIN)).unwrap();
    session.logout().unwrap();
    session
        .login(UserType::User, Some(&AuthPin::from(PIN)))
        .unwrap();
    (module.token(label).unwrap(), session)
}

fn generate(session: &Session, id: u8, kind: KeyKind, extra: &[Attribute]) {
    let (mechanism, mut public) = match kind {
        KeyKind::Rsa => (
            Raw::RsaPkcsKeyPairGen,
            vec![
                Attribute::ModulusBits(2048.into()),
                Attribute::PublicExponent(vec![1, 0, 1]),
            ],
        ),
        _ => (Raw::EccKeyPairGen, vec![Attribute::EcParams(P256.to_vec())]),
    };
    public.extend([
        Attribute::Token(true),
        Attribute::Verify(true),
        Attribute::Id(vec![id]),
    ]);
    let mut private = vec![
        Attribute::Token(true),
        Attribute::Private(true),
        Attribute::Sensitive(true),
        Attribute::Sign(true),
        Attribute::Id(vec![id]),
    ];
    private.extend_from_slice(extra);
    session
        .generate_key_pair(&mechanism, &public, &private)
        .unwrap();
}

fn verify(session: &Session, id: u8, mechanism: &Raw<'_>, data: &[u8], value: &[u8]) {
    let wanted = [
        Attribute::Class(ObjectClass::PUBLIC_KEY),
        Attribute::Id(vec![id]),
    ];
    let key = session.find_objects(&wanted).unwrap()[0];
    session.verify(mechanism, key, data, value).unwrap();
}

/// DigestInfo of a SHA-256 digest.
fn digest_info(digest: &[u8; 32]) -> Vec<u8> {
    let head = [
        0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01,
        0x05, 0x00, 0x04, 0x20,
    ];
    [&head[..], digest].concat()
}

#[test]
#[ignore = "run by with_softhsm"]
fn values_verify() {
    let (token, user) = token("values");
    generate(&user, 1, KeyKind::Rsa, &[]);
    generate(&user, 2, KeyKind::Ec, &[]);
    let mut session = token.open().unwrap();
    session.login(Some(&pin())).unwrap();
    let rsa = session.key_of(&[1], KeyKind::Rsa, None).unwrap();
    let ec = session.key_of(&[2], KeyKind::Ec, None).unwrap();
    assert!(!rsa.always_authenticate && rsa.modulus.is_some());

    let info = digest_info(&[7; 32]);
    let value = session
        .sign(&rsa, Mechanism::RsaPkcs1, &info, None)
        .unwrap();
    verify(&user, 1, &Raw::RsaPkcs, &info, &value);

    let pss = Mechanism::RsaPss {
        digest: Digest::Sha256,
        mgf_digest: Digest::Sha256,
        salt_length: 32,
    };
    let parameters = Raw::RsaPkcsPss(PkcsPssParams {
        hash_alg: MechanismType::SHA256,
        mgf: PkcsMgfType::MGF1_SHA256,
        s_len: 32.into(),
    });
    let value = session.sign(&rsa, pss, &[7; 32], None).unwrap();
    verify(&user, 1, &parameters, &[7; 32], &value);

    let value = session.sign(&ec, Mechanism::Ecdsa, &[7; 32], None).unwrap();
    assert_eq!(value.len(), 64);
    verify(&user, 2, &Raw::Ecdsa, &[7; 32], &value);
}

#[test]
#[ignore = "run by with_softhsm"]
fn certificates_show_without_login_and_keys_after_it() {
    let (token, user) = token("objects");
    generate(&user, 1, KeyKind::Ec, &[]);
    let certificate = imza_test_vectors::Pki::fixed()
        .unwrap()
        .citizen_p256
        .certificate;
    let object = [
        Attribute::Class(ObjectClass::CERTIFICATE),
        Attribute::CertificateType(CertificateType::X_509),
        Attribute::Token(true),
        Attribute::Private(false),
        Attribute::Id(vec![1]),
        Attribute::Label(b"signing".to_vec()),
        Attribute::Subject(b"0".to_vec()),
        Attribute::Value(certificate.clone()),
    ];
    user.create_object(&object).unwrap();
    user.logout().unwrap();

    let mut session = token.open().unwrap();
    let found = session.certificates().unwrap();
    assert_eq!(found.len(), 1);
    assert_eq!(
        (&found[0].der, found[0].id.as_slice()),
        (&certificate, &[1][..])
    );
    assert_eq!(found[0].label, "signing");
    assert_eq!(session.private_keys().unwrap(), []);
    session.login(Some(&pin())).unwrap();
    assert_eq!(session.private_keys().unwrap().len(), 1);
    drop(session);
    let session = token.open().unwrap();
    assert_eq!(session.private_keys().unwrap(), [], "dropping logs out");
}

#[test]
#[ignore = "run by with_softhsm"]
fn keys_that_always_ask_are_asked_for_each_time() {
    let (token, user) = token("always");
    generate(
        &user,
        1,
        KeyKind::Ec,
        &[Attribute::AlwaysAuthenticate(true)],
    );
    generate(
        &user,
        2,
        KeyKind::Rsa,
        &[Attribute::AlwaysAuthenticate(true)],
    );
    let mut session = token.open().unwrap();
    session.login(Some(&pin())).unwrap();
    let key = session.key_of(&[1], KeyKind::Ec, None).unwrap();
    assert!(key.always_authenticate);
    for _ in 0..3 {
        let value = session
            .sign(&key, Mechanism::Ecdsa, &[7; 32], Some(&pin()))
            .unwrap();
        verify(&user, 1, &Raw::Ecdsa, &[7; 32], &value);
    }
    let rsa = session.key_of(&[2], KeyKind::Rsa, None).unwrap();
    let info = digest_info(&[7; 32]);
    let value = session
        .sign(&rsa, Mechanism::RsaPkcs1, &info, Some(&pin()))
        .unwrap();
    verify(&user, 2, &Raw::RsaPkcs, &info, &value);
    let error = session.sign(&key, Mechanism::Ecdsa, &[7; 32], None);
    assert_eq!(error, Err(Error::PinNeeded));
}

#[test]
#[ignore = "run by with_softhsm"]
fn a_wrong_pin_before_a_signature_leaves_a_usable_session() {
    let (token, user) = token("always wrong");
    generate(
        &user,
        1,
        KeyKind::Ec,
        &[Attribute::AlwaysAuthenticate(true)],
    );
    drop(user);
    let mut session = token.open().unwrap();
    session.login(Some(&pin())).unwrap();
    let key = session.key_of(&[1], KeyKind::Ec, None).unwrap();
    let wrong = UserPin::new("654321".to_owned());
    let error = session
        .sign(&key, Mechanism::Ecdsa, &[7; 32], Some(&wrong))
        .unwrap_err();
    assert!(matches!(error, Error::WrongPin { .. }), "{error}");
    session.login(Some(&pin())).unwrap();
    let key = session.key_of(&[1], KeyKind::Ec, None).unwrap();
    session
        .sign(&key, Mechanism::Ecdsa, &[7; 32], Some(&pin()))
        .unwrap();
}

#[test]
#[ignore = "run by with_softhsm"]
fn wrong_pins_are_told_and_remembered() {
    let (token, user) = token("wrong");
    drop(user);
    let Login::Pin { min, .. } = token.login() else {
        panic!("{:?}", token.login());
    };
    assert!(min > 1);
    assert_eq!(token.pin_state(), PinState::Good);
    let mut session = token.open().unwrap();
    let login = |session: &mut imza_pkcs11::TokenSession, pin: &str| {
        session.login(Some(&UserPin::new(pin.to_owned())))
    };
    let error = login(&mut session, "1").unwrap_err();
    assert!(matches!(error, Error::PinLength { .. }), "{error}");
    assert_eq!(session.login(None), Err(Error::PinNeeded));
    let module = Module::load(module_path().unwrap()).unwrap();
    assert_eq!(module.token("wrong").unwrap().pin_state(), PinState::Good);
    let error = login(&mut session, "654321").unwrap_err();
    assert_eq!(
        error,
        Error::WrongPin {
            attempts_left: None
        }
    );
    assert_eq!(
        module.token("wrong").unwrap().pin_state(),
        PinState::CountLow
    );
    login(&mut session, PIN).unwrap();
    assert_eq!(module.token("wrong").unwrap().pin_state(), PinState::Good);
}

#[test]
#[ignore = "run by with_softhsm"]
fn a_token_that_is_logged_in_already_is_used() {
    let (token, user) = token("twice");
    generate(&user, 1, KeyKind::Ec, &[]);
    let mut first = token.open().unwrap();
    first.login(Some(&pin())).unwrap();
    let mut second = token.open().unwrap();
    second.login(Some(&pin())).unwrap();
    let key = second.key_of(&[1], KeyKind::Ec, None).unwrap();
    second.sign(&key, Mechanism::Ecdsa, &[7; 32], None).unwrap();
}

#[test]
#[ignore = "run by with_softhsm"]
fn what_is_not_there_is_not_found() {
    let (token, user) = token("missing");
    generate(&user, 1, KeyKind::Rsa, &[]);
    let module = Module::load(module_path().unwrap()).unwrap();
    assert_eq!(
        module.token("no such token").map(drop),
        Err(Error::NotFound("token"))
    );
    let mut session = token.open().unwrap();
    session.login(Some(&pin())).unwrap();
    let find = |id: u8, kind, modulus: Option<&[u8]>| session.key_of(&[id], kind, modulus);
    assert_eq!(find(2, KeyKind::Rsa, None), Err(Error::NotFound("key")));
    assert_eq!(find(1, KeyKind::Ec, None), Err(Error::NotFound("key")));
    assert_eq!(
        find(1, KeyKind::Rsa, Some(&[1; 256])),
        Err(Error::NotFound("key"))
    );
    let key = find(1, KeyKind::Rsa, None).unwrap();
    assert_eq!(find(1, KeyKind::Rsa, key.modulus.as_deref()), Ok(key));
}

#[test]
#[ignore = "run by with_softhsm"]
fn mechanisms_of_other_keys_are_refused() {
    let (token, user) = token("mechanisms");
    generate(&user, 1, KeyKind::Rsa, &[]);
    let mut session = token.open().unwrap();
    session.login(Some(&pin())).unwrap();
    assert_eq!(session.has_mechanism(Mechanism::Ecdsa), Ok(true));
    let key = session.key_of(&[1], KeyKind::Rsa, None).unwrap();
    let error = session
        .sign(&key, Mechanism::Ecdsa, &[7; 32], None)
        .unwrap_err();
    assert_eq!(error, Error::MechanismNotSupported);
    let too_much = session
        .sign(&key, Mechanism::RsaPkcs1, &[7; 256], None)
        .unwrap_err();
    assert!(
        matches!(
            too_much,
            Error::Device {
                function: "C_Sign",
                ..
            }
        ),
        "{too_much}"
    );
}

#[test]
#[ignore = "run by with_softhsm"]
fn a_module_under_two_names_is_one_module() {
    let directory = tempfile::tempdir().unwrap();
    let link = directory.path().join("other.so");
    std::os::unix::fs::symlink(module_path().unwrap(), &link).unwrap();
    let (token, _user) = token("names");
    let module = Module::load(&link).unwrap();
    assert_eq!(
        module.token("names").unwrap().serial_number(),
        token.serial_number()
    );
    assert!(
        module
            .tokens()
            .unwrap()
            .iter()
            .all(|token| !token.label().is_empty())
    );
}
