//! Signs with keys on a SoftHSM2 token, and verifies with the certificates beside them.
//!
//! The module reads its configuration from the environment, which a Rust test may not change for
//! itself: [`with_softhsm`] prepares tokens and runs the ignored tests of this file in a process of
//! their own.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "helpers of tests may fail as tests do"
)]

use imza::algorithm::{DigestAlgorithm, SignatureAlgorithm, ValueEncoding};
use imza::certificate::Certificate;
use imza::crypto::{Fit, Memo, Message, verify};
use imza::error::SignerError;
use imza::limits::Budget;
use imza::signer::pkcs11::{Login, TokenChoice, TokenSigner, UserPin, tokens};
use imza::signer::{Signer, preferred_algorithm};
use imza_test_vectors::{Entity, Pki};
use std::path::{Path, PathBuf};
use std::process::Command;

const MODULES: [&str; 2] = [
    "/usr/lib/softhsm/libsofthsm2.so",
    "/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so",
];
const PIN: &str = "123456";

fn module() -> Option<&'static Path> {
    MODULES.iter().map(Path::new).find(|path| path.exists())
}

fn is_installed(program: &str) -> bool {
    Command::new(program).arg("--help").output().is_ok()
}

#[test]
fn with_softhsm() {
    let (Some(module), true, true) = (
        module(),
        is_installed("softhsm2-util"),
        is_installed("pkcs11-tool"),
    ) else {
        assert!(
            std::env::var_os("CI").is_none(),
            "CI must have softhsm2 and opensc"
        );
        eprintln!("skipped: softhsm2 or opensc is not installed");
        return;
    };
    let bench = Bench::new(module);
    let pki = Pki::fixed().unwrap();
    bench.token("rsa");
    bench.entity("rsa", "01", &pki.citizen_rsa_2048);
    bench.certificate("rsa", "0a", &pki.issuing_ca);
    bench.certificate("rsa", "0b", &pki.root);
    bench.token("p256");
    bench.entity("p256", "02", &pki.citizen_p256);
    bench.token("p384");
    bench.entity("p384", "03", &pki.citizen_p384);
    bench.certificate("p384", "04", &pki.citizen_p256);
    bench.token("wrong");
    bench.certificate("wrong", "05", &pki.citizen_p256);
    let output = Command::new(std::env::current_exe().unwrap())
        .args(["--ignored", "--test-threads=1"])
        .env("SOFTHSM2_CONF", bench.configuration())
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(
        output.status.success() && text.contains("6 passed"),
        "{text}"
    );
}

/// A directory with tokens.
struct Bench {
    module: &'static Path,
    directory: tempfile::TempDir,
}

impl Bench {
    fn new(module: &'static Path) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let tokens = directory.path().join("tokens");
        std::fs::create_dir(&tokens).unwrap();
        let bench = Self { module, directory };
        let text = format!(
            "directories.tokendir = {}\nobjectstore.backend = file\nlog.level = ERROR\n",
            tokens.display()
        );
        std::fs::write(bench.configuration(), text).unwrap();
        bench
    }

    fn configuration(&self) -> PathBuf {
        self.directory.path().join("softhsm2.conf")
    }

    fn run(&self, program: &str, arguments: &[&str]) {
        let output = Command::new(program)
            .args(arguments)
            .env("SOFTHSM2_CONF", self.configuration())
            .output()
            .unwrap();
        let text = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{program} {arguments:?}: {text}");
    }

    fn token(&self, label: &str) {
        let arguments = [
            "--init-token",
            "--free",
            "--label",
            label,
            "--so-pin",
            "87654321",
        ];
        self.run("softhsm2-util", &[&arguments[..], &["--pin", PIN]].concat());
    }

    fn entity(&self, label: &str, id: &str, entity: &Entity) {
        let key = self.directory.path().join("key.pem");
        std::fs::write(&key, entity.key.pkcs8_pem().unwrap()).unwrap();
        let key = key.to_str().unwrap();
        let place = ["--token", label, "--pin", PIN, "--id", id, "--label", id];
        self.run("softhsm2-util", &[&["--import", key], &place[..]].concat());
        self.certificate(label, id, entity);
    }

    fn certificate(&self, label: &str, id: &str, entity: &Entity) {
        let file = self.directory.path().join("certificate.der");
        std::fs::write(&file, &entity.certificate).unwrap();
        let (file, module) = (file.to_str().unwrap(), self.module.to_str().unwrap());
        let place = [
            "--module",
            module,
            "--token-label",
            label,
            "--login",
            "--pin",
            PIN,
        ];
        let object = [
            "--write-object",
            file,
            "--type",
            "cert",
            "--id",
            id,
            "--label",
            id,
        ];
        self.run("pkcs11-tool", &[&place[..], &object[..]].concat());
    }
}

fn pin() -> Option<UserPin> {
    Some(UserPin::new(PIN.to_owned()))
}

fn choice(token: &str) -> TokenChoice {
    TokenChoice {
        token: Some(token.to_owned()),
        certificate: None,
    }
}

fn open(choice: &TokenChoice, pin: Option<UserPin>) -> Result<TokenSigner, SignerError> {
    TokenSigner::open(module().unwrap(), choice, pin)
}

/// Signs with every algorithm that the token offers and verifies each value.
fn round_trip(signer: &mut TokenSigner, algorithms: usize) {
    let (mut budget, mut memo) = (Budget::default(), Memo::default());
    let certificate = Certificate::parse(&signer.certificate()[0], &mut budget).unwrap();
    let key = certificate.public_key().unwrap();
    assert_eq!(signer.algorithms().len(), algorithms);
    for algorithm in signer.algorithms() {
        let message = Message::Octets(b"to be signed");
        let value = signer.sign(algorithm, message).unwrap();
        let fit = verify(key, algorithm, message, &value, &mut budget, &mut memo);
        assert_eq!(fit, Ok(Fit::Fits), "{algorithm:?}");
    }
}

#[test]
#[ignore = "run by with_softhsm"]
fn rsa_values_verify() {
    let mut signer = open(&choice("rsa"), pin()).unwrap();
    round_trip(&mut signer, 6);
    assert_eq!(signer.certificate().len(), 3, "with the certificates above");
}

#[test]
#[ignore = "run by with_softhsm"]
fn ecdsa_values_verify_in_both_encodings() {
    let mut signer = open(&choice("p256"), pin()).unwrap();
    round_trip(&mut signer, 6);
    drop(signer);
    let other = TokenChoice {
        token: Some("p384".to_owned()),
        certificate: Some(vec![3]),
    };
    let mut signer = open(&other, pin()).unwrap();
    round_trip(&mut signer, 6);
    assert_eq!(
        preferred_algorithm(&signer, ValueEncoding::Plain),
        Some(SignatureAlgorithm::Ecdsa {
            digest: DigestAlgorithm::Sha384,
            encoding: ValueEncoding::Plain,
        })
    );
}

#[test]
#[ignore = "run by with_softhsm"]
fn tokens_are_listed_without_a_pin() {
    let listed = tokens(module().unwrap()).unwrap();
    assert_eq!(listed.len(), 4);
    let rsa = listed.iter().find(|token| token.label == "rsa").unwrap();
    assert!(matches!(rsa.login, Login::Pin { .. }));
    let for_documents: Vec<_> = rsa
        .certificates
        .iter()
        .filter(|certificate| certificate.is_for_documents)
        .map(|certificate| certificate.id.as_slice())
        .collect();
    assert_eq!((rsa.certificates.len(), for_documents), (3, vec![&[1][..]]));
}

#[test]
#[ignore = "run by with_softhsm"]
fn a_choice_that_is_not_clear_is_refused() {
    let error = |choice: &TokenChoice, pin| open(choice, pin).unwrap_err();
    let two_tokens = error(&TokenChoice::default(), pin());
    assert!(
        matches!(two_tokens, SignerError::Refused { .. }),
        "{two_tokens}"
    );
    let two_certificates = error(&choice("p384"), pin());
    assert!(
        matches!(two_certificates, SignerError::Refused { .. }),
        "{two_certificates}"
    );
    let not_found = |what| SignerError::NotFound { what };
    assert_eq!(error(&choice("none"), pin()), not_found("token"));
    let certificate = TokenChoice {
        token: None,
        certificate: Some(vec![9]),
    };
    assert_eq!(error(&certificate, pin()), not_found("certificate"));
    assert_eq!(error(&choice("wrong"), pin()), not_found("key"));
    let no_pin = error(&choice("rsa"), None);
    assert!(matches!(no_pin, SignerError::Refused { .. }), "{no_pin}");
}

#[test]
#[ignore = "run by with_softhsm"]
fn wrong_pins_are_told() {
    let wrong = Some(UserPin::new("000000".to_owned()));
    let error = open(&choice("p256"), wrong).unwrap_err();
    assert!(matches!(error, SignerError::WrongPin { .. }), "{error}");
    let short = Some(UserPin::new("1".to_owned()));
    let error = open(&choice("p256"), short).unwrap_err();
    assert!(matches!(error, SignerError::Refused { .. }), "{error}");
    open(&choice("p256"), pin()).unwrap();
}

#[test]
#[ignore = "run by with_softhsm"]
fn tokens_refuse_what_is_not_theirs() {
    let mut signer = open(&choice("p256"), pin()).unwrap();
    let mut refused = |algorithm, message: Message<'_>| {
        let error = signer.sign(algorithm, message).unwrap_err();
        assert!(matches!(error, SignerError::Refused { .. }), "{error}");
    };
    let digest = DigestAlgorithm::Sha256;
    refused(
        SignatureAlgorithm::RsaPkcs1 { digest },
        Message::Octets(b"a"),
    );
    refused(SignatureAlgorithm::Ed25519, Message::Octets(b"a"));
    let encoding = ValueEncoding::Der;
    let ecdsa = SignatureAlgorithm::Ecdsa { digest, encoding };
    refused(ecdsa, Message::Digest(&[7; 31]));
}
