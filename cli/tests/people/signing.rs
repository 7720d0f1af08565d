//! Keys in files.

use super::{Desk, pem};
use imza_test_vectors::Entity;

impl Desk {
    /// `NAME-key.pem`, `NAME-encrypted.pem`, `NAME.pem` (the certificate and the one above it) and
    /// `NAME.p12`, the files with a password only with OpenSSL at hand.
    fn key_files(&self, name: &str, entity: &Entity) -> bool {
        let file = |ending: &str| format!("{name}{ending}");
        self.write(&file("-key.pem"), entity.key.pkcs8_pem().unwrap());
        self.write(&file(".pem"), pem(entity) + &pem(&self.pki.issuing_ca));
        let (key, certificates) = (file("-key.pem"), file(".pem"));
        self.tool(
            "openssl",
            &[
                "pkcs8",
                "-topk8",
                "-in",
                &key,
                "-out",
                &file("-encrypted.pem"),
                "-passout",
                "pass:secret",
            ],
        ) && self.tool(
            "openssl",
            &[
                "pkcs12",
                "-export",
                "-inkey",
                &key,
                "-in",
                &certificates,
                "-name",
                name,
                "-out",
                &file(".p12"),
                "-passout",
                "pass:secret",
            ],
        )
    }

    fn sign(&self, options: &[&str]) -> super::Said {
        self.run(&[&["sign"], options, &["permit.txt"]].concat())
    }

    fn assert_signed(&self, said: &super::Said) {
        assert_eq!(said.status, 0, "{}", said.err);
        let trust = ["--offline", "--revocation", "none", "--trust", "root.pem"];
        let verified = self.run(&[&["verify"], &trust[..], &["permit.asice"]].concat());
        assert_eq!(verified.status, 0, "{}", verified.out);
        std::fs::remove_file(self.path("permit.asice")).unwrap();
    }

    fn assert_refused(&self, options: &[&str], words: &[&str]) {
        let said = self.sign(options);
        assert!(
            [1, 2].contains(&said.status),
            "{options:?}: {}",
            said.status
        );
        for word in words {
            assert!(
                said.err.contains(word),
                "{options:?} lacks {word}: {}",
                said.err
            );
        }
        assert!(!self.path("permit.asice").exists(), "{options:?}");
    }
}

#[test]
fn a_key_in_pem_signs() {
    let desk = Desk::new();
    for (name, entity) in [
        ("ec", &desk.pki.citizen_p256),
        ("rsa", &desk.pki.citizen_rsa_2048),
    ] {
        let has_openssl = desk.key_files(name, entity);
        let certificates = format!("{name}.pem");
        let key = format!("pem:{name}-key.pem");
        desk.assert_signed(&desk.sign(&["--with", &key, "--cert", &certificates]));
        if has_openssl {
            let key = format!("pem:{name}-encrypted.pem");
            let pin = ["--pin-env", "IMZA_TEST_PASSWORD", "--cert", &certificates];
            desk.assert_signed(&desk.sign(&[&["--with", &key], &pin[..]].concat()));
        }
    }
}

#[test]
fn a_key_and_its_certificate_may_share_a_file() {
    let desk = Desk::new();
    let entity = &desk.pki.citizen_p384;
    let text = pem(&desk.pki.issuing_ca) + &entity.key.pkcs8_pem().unwrap() + &pem(entity);
    desk.write("both.pem", text);
    desk.assert_signed(&desk.sign(&["--with", "pem:both.pem"]));
}

#[test]
fn a_key_store_signs() {
    let desk = Desk::new();
    desk.write("password", "secret\n");
    for (name, entity) in [
        ("ec", &desk.pki.citizen_p256),
        ("rsa", &desk.pki.citizen_rsa_2048),
    ] {
        if !desk.key_files(name, entity) {
            return;
        }
        let with = format!("p12:{name}.p12");
        desk.assert_signed(&desk.sign(&["--with", &with, "--pin-file", "password"]));
        let label = [
            "--with",
            &with,
            "--pin-env",
            "IMZA_TEST_PASSWORD",
            "--key-label",
            name,
        ];
        desk.assert_signed(&desk.sign(&label));
    }
}

#[test]
fn a_store_of_several_keys_asks_which() {
    let desk = Desk::new();
    if !desk.key_files("a", &desk.pki.citizen_p256)
        || !desk.key_files("b", &desk.pki.citizen_rsa_2048)
    {
        return;
    }
    let merge = [
        "-importkeystore",
        "-noprompt",
        "-srckeystore",
        "b.p12",
        "-srcstorepass",
        "secret",
        "-destkeystore",
        "a.p12",
        "-deststorepass",
        "secret",
        "-deststoretype",
        "PKCS12",
    ];
    if !desk.tool("keytool", &merge) {
        return;
    }
    let both = ["--with", "p12:a.p12", "--pin-env", "IMZA_TEST_PASSWORD"];
    desk.assert_refused(&both, &["several keys", "--key-label", "\"a\"", "\"b\""]);
    let other = [&both[..], &["--key-label", "c"]].concat();
    desk.assert_refused(&other, &["no key that is called c", "\"a\"", "\"b\""]);
    let chosen = [&both[..], &["--key-label", "B"]].concat();
    desk.assert_signed(&desk.sign(&chosen));
}

#[test]
fn an_unprotected_store_is_named_as_one() {
    let desk = Desk::new();
    desk.key_files("ec", &desk.pki.citizen_p256);
    let made = desk.tool(
        "openssl",
        &[
            "pkcs12",
            "-export",
            "-inkey",
            "ec-key.pem",
            "-in",
            "ec.pem",
            "-out",
            "open.p12",
            "-keypbe",
            "NONE",
            "-certpbe",
            "NONE",
            "-nomac",
            "-passout",
            "pass:",
        ],
    );
    if made {
        let said = desk.sign(&["--with", "p12:open.p12"]);
        assert!(
            said.err.contains("whoever has the file can sign"),
            "{}",
            said.err
        );
        desk.assert_signed(&said);
    }
}

#[test]
fn wrong_keys_and_passwords_say_what_to_do() {
    let desk = Desk::new();
    let has_openssl = desk.key_files("ec", &desk.pki.citizen_p256);
    desk.key_files("rsa", &desk.pki.citizen_rsa_2048);
    let key = "pem:ec-key.pem";
    desk.assert_refused(&[], &["--with"]);
    desk.assert_refused(&["--with", "ec.p12"], &["write p12:ec.p12"]);
    desk.assert_refused(&["--with", key], &["--cert FILE"]);
    desk.assert_refused(
        &["--with", key, "--cert", "rsa.pem"],
        &["No certificate given is that"],
    );
    desk.assert_refused(
        &["--with", key, "--cert", "ec-key.pem"],
        &["this is a private key"],
    );
    desk.assert_refused(
        &["--with", "pem:ec.pem"],
        &["is a file of certificates, not a private key"],
    );
    desk.assert_refused(&["--with", "pem:permit.txt"], &["not a private key"]);
    desk.assert_refused(&["--with", "p12:ec-key.pem"], &["--with pem:ec-key.pem"]);
    desk.assert_refused(&["--with", "p12:permit.txt"], &["not a key store"]);
    desk.assert_refused(&["--with", "p12:missing.p12"], &["cannot be read"]);
    desk.assert_refused(
        &["--with", "p12:ec.p12", "--cert", "ec.pem"],
        &["--cert belongs to"],
    );
    desk.assert_refused(
        &["--with", key, "--key-label", "x"],
        &["--key-label belongs to"],
    );
    desk.assert_refused(&["--with", key, "--token", "x"], &["--token belongs to"]);
    desk.assert_refused(&["--with", key, "--module", "x"], &["cannot be used with"]);
    if has_openssl {
        let store = ["--with", "p12:ec.p12"];
        let wrong = [&store[..], &["--pin-env", "IMZA_TEST_WRONG"]].concat();
        desk.assert_refused(&wrong, &["not its password"]);
        let missing = [&store[..], &["--pin-env", "IMZA_TEST_MISSING"]].concat();
        desk.assert_refused(&missing, &["no variable IMZA_TEST_MISSING", "password"]);
        let encrypted = ["--with", "pem:ec-encrypted.pem", "--cert", "ec.pem"];
        let wrong = [&encrypted[..], &["--pin-env", "IMZA_TEST_WRONG"]].concat();
        desk.assert_refused(&wrong, &["not its password"]);
        desk.assert_refused(&["--with", "pem:ec.p12"], &["--with p12:ec.p12"]);
    }
}

#[cfg(unix)]
#[test]
fn an_interrupted_signature_leaves_nothing() {
    let desk = Desk::new();
    desk.key_files("ec", &desk.pki.citizen_p256);
    assert!(desk.tool("mkfifo", &["endless"]));
    let arguments = [
        "sign",
        "--with",
        "pem:ec-key.pem",
        "--cert",
        "ec.pem",
        "endless",
    ];
    let mut child = desk.command(&arguments).spawn().unwrap();
    let partial = || {
        let names = std::fs::read_dir(desk.folder.path()).unwrap();
        let names = names.map(|entry| entry.unwrap().file_name());
        names
            .filter(|name| name.to_string_lossy().contains(".partial"))
            .count()
    };
    let mut waited = 0;
    while partial() == 0 && waited < 200 {
        std::thread::sleep(std::time::Duration::from_millis(25));
        waited += 1;
    }
    assert_eq!(partial(), 1);
    desk.tool("kill", &["-INT", &child.id().to_string()]);
    assert_eq!(child.wait().unwrap().code(), Some(130));
    assert_eq!(partial(), 0);
    assert!(!desk.path("endless.asice").exists());
}

#[test]
fn a_message_is_signed_again_and_its_signature_signed() {
    let desk = Desk::new();
    desk.key_files("ec", &desk.pki.citizen_p256);
    desk.key_files("rsa", &desk.pki.citizen_rsa_2048);
    let by = |name: &str, options: &[&str]| {
        let (key, certificate) = (format!("pem:{name}-key.pem"), format!("{name}.pem"));
        let who = ["sign", "--with", &key, "--cert", &certificate];
        desk.run(&[&who, options].concat())
    };
    let trust = ["--offline", "--revocation", "none", "--trust", "root.pem"];
    let signatures = |document: &[&str]| {
        let said = desk.run(&[&["verify", "--report", "json"], &trust[..], document].concat());
        assert_eq!(said.status, 0, "{}", said.out);
        said.out.matches("\"integrity\"").count()
    };
    let first = by("ec", &["--format", "cades", "permit.txt"]);
    assert_eq!(first.status, 0, "{}", first.err);
    let alone = signatures(&["permit.txt.p7s", "--detached", "permit.txt"]);
    let second = by("rsa", &["permit.txt.p7s", "permit.txt"]);
    assert_eq!(second.status, 0, "{}", second.err);
    let both = signatures(&["permit.txt-signed.p7s", "--detached", "permit.txt"]);
    assert_eq!(both, 2 * alone);
    // One of two: which is to be counter-signed must be said.
    let which = by("rsa", &["--countersign", "permit.txt-signed.p7s"]);
    assert_ne!(which.status, 0, "{}", which.out);
    let over = by(
        "rsa",
        &["--countersign", "permit.txt.p7s", "-o", "over.p7s"],
    );
    assert_eq!(over.status, 0, "{}", over.err);
    let both = signatures(&["over.p7s", "--detached", "permit.txt"]);
    assert_eq!(both, 2 * alone);
    // Another document is none of its business.
    desk.write("other.txt", "another permit");
    let other = by("ec", &["permit.txt.p7s", "other.txt", "-o", "other.p7s"]);
    assert_ne!(other.status, 0, "{}", other.out);
    assert!(!desk.path("other.p7s").exists());
}
