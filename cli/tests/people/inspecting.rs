//! Facts of everything that can be looked at.

use super::{Desk, pem};
use imza_test_vectors::export;
use imza_test_vectors::name::Name;
use std::path::{Path, PathBuf};

fn vector(name: &str) -> PathBuf {
    let vectors = concat!(env!("CARGO_MANIFEST_DIR"), "/../test-vectors/vectors");
    Path::new(vectors).join(name)
}

impl Desk {
    fn facts(&self, file: &str) -> serde_json::Value {
        let said = self.run(&["inspect", "--json", file]);
        assert_eq!(said.status, 0, "{file}: {}", said.err);
        assert_eq!(said.out.lines().count(), 1, "{}", said.out);
        serde_json::from_str(&said.out).unwrap()
    }

    fn vector_facts(&self, name: &str) -> serde_json::Value {
        self.facts(vector(name).to_str().unwrap())
    }
}

#[test]
fn a_certificate_tells_what_it_is() {
    let desk = Desk::new();
    desk.write("citizen.pem", pem(&desk.pki.citizen_p256));
    desk.write("citizen.cer", &desk.pki.citizen_p256.certificate);
    let facts = desk.facts("citizen.cer");
    assert_eq!(desk.facts("citizen.pem"), facts);
    assert_eq!(facts["kind"], "certificate");
    assert_eq!(facts["person"]["country"], "AZ");
    assert_eq!(facts["person"]["identifier"], "1TEST11");
    assert_eq!(facts["key"]["curve"], "P-256");
    assert_eq!(facts["key_usage"], serde_json::json!(["nonRepudiation"]));
    assert_eq!(facts["ca"], false);
    assert_eq!(facts["crl"][0], "http://pki.imza.test/crl/issuing-ca.crl");
    let page = desk.run(&["inspect", "citizen.pem"]).out;
    for words in [
        "Aysel Məmmədova",
        "Valid to",
        "2036-01-01T00:00:00Z",
        "OCSP at",
    ] {
        assert!(page.contains(words), "{page}");
    }
}

#[test]
fn everything_of_a_file_is_shown() {
    let desk = Desk::new();
    desk.write(
        "two.pem",
        pem(&desk.pki.citizen_p256) + &pem(&desk.pki.root),
    );
    let said = desk.run(&["inspect", "--json", "two.pem"]);
    assert_eq!(said.out.lines().count(), 2, "{}", said.out);
    assert!(
        said.out
            .lines()
            .nth(1)
            .unwrap()
            .contains("\"self_issued\":true")
    );
}

#[test]
fn what_is_out_of_rule_is_said() {
    let desk = Desk::new();
    let facts = desk.vector_facts("certificate/extension.duplicate.cer");
    let finding = facts["findings"][0].as_str().unwrap();
    assert!(finding.contains("2.5.29.15 stands twice"), "{finding}");
    let facts = desk.vector_facts("certificate/extension.unknown-critical.cer");
    assert_eq!(
        facts["unknown_critical_extensions"][0],
        "1.3.6.1.4.1.32473.9"
    );
}

#[test]
fn a_crl_tells_its_scope_and_size() {
    let desk = Desk::new();
    let facts = desk.vector_facts("crl/scope.only-users.crl");
    assert_eq!(facts["kind"], "crl");
    assert_eq!(facts["entries"], 1);
    assert_eq!(facts["number"], "07");
    assert_eq!(facts["next_update"], "2026-06-22T12:00:00Z");
    assert_eq!(facts["distribution_point"]["only_user_certificates"], true);
    assert_eq!(desk.vector_facts("crl/status.empty.crl")["entries"], 0);
    let unusable = desk.vector_facts("crl/extension.unknown-critical.crl");
    assert!(
        unusable["obstacle"]
            .as_str()
            .unwrap()
            .contains("1.3.6.1.4.1.32473.9")
    );
}

#[test]
fn an_ocsp_response_tells_its_answers() {
    let desk = Desk::new();
    let facts = desk.vector_facts("ocsp/status.revoked.der");
    assert_eq!(facts["status"], "successful");
    assert_eq!(facts["responses"][0]["status"], "revoked");
    assert_eq!(facts["responses"][0]["reason"], "keyCompromise");
    let refused = desk.vector_facts("ocsp/status.try-later.der");
    assert_eq!(refused["status"], "tryLater");
    assert!(refused["responder"].is_null());
}

#[test]
fn a_timestamp_tells_its_time() {
    let desk = Desk::new();
    let token = desk.vector_facts("timestamp/time.accuracy.tst");
    assert_eq!(token["kind"], "timestamp-token");
    assert_eq!(token["time"], "2026-06-15T12:00:00Z");
    assert_eq!(token["accuracy_microseconds"], 1_500_100);
    assert_eq!(
        token["certificates"][0]["extended_key_usage"][0],
        "timeStamping"
    );
    // A granted answer around the same token, and a refusal.
    let inside = std::fs::read(vector("timestamp/time.accuracy.tst")).unwrap();
    let status = [0x30, 3, 2, 1, 0];
    let length = u16::try_from(status.len() + inside.len()).unwrap();
    let head = [0x30, 0x82].into_iter().chain(length.to_be_bytes());
    let answer: Vec<u8> = head.chain(status).chain(inside).collect();
    desk.write("answer.tsr", answer);
    let answer = desk.facts("answer.tsr");
    assert_eq!(answer["kind"], "timestamp-response");
    assert_eq!(answer["status"], "granted");
    assert_eq!(answer["token"], token);
    desk.write("refused.tsr", [0x30, 5, 0x30, 3, 2, 1, 2]);
    let refused = desk.facts("refused.tsr");
    assert_eq!(refused["status"], "rejection");
    assert!(refused["token"].is_null());
}

#[test]
fn a_public_key_is_shown_and_a_private_one_is_not() {
    let desk = Desk::new();
    let key = &desk.pki.citizen_rsa_2048.key;
    desk.write("public.pem", export::pem("PUBLIC KEY", key.spki()));
    let facts = desk.facts("public.pem");
    assert_eq!(facts["key"]["algorithm"], "RSA");
    assert_eq!(facts["key"]["bits"], 2048);
    desk.write("key.pem", key.pkcs8_pem().unwrap());
    let said = desk.run(&["inspect", "key.pem"]);
    assert_eq!((said.status, said.out.as_str()), (2, ""));
    assert!(said.err.contains("openssl pkey"), "{}", said.err);
}

#[test]
fn damaged_and_foreign_files_are_refused() {
    let desk = Desk::new();
    desk.write("empty", "");
    let truncated = vector("certificate/encoding.truncated.cer");
    for file in [
        "empty",
        "missing",
        "permit.txt",
        ".",
        truncated.to_str().unwrap(),
    ] {
        let said = desk.run(&["inspect", file]);
        assert_eq!((said.status, said.out.as_str()), (1, ""), "{file}");
        assert!(said.err.starts_with("imza: "), "{}", said.err);
    }
}

#[test]
fn a_document_shows_its_parts() {
    let desk = Desk::new();
    let said = desk.run(&[
        "inspect",
        vector("asic-e/form.p-256.asice").to_str().unwrap(),
    ]);
    assert_eq!(said.status, 0, "{}", said.err);
    for words in ["asic-e", "permit.txt", "XAdES", "Aysel"] {
        assert!(said.out.contains(words), "{}", said.out);
    }
}

/// Erases the line, turns the text round, hides.
const HOSTILE: &str = "Aysel\u{1b}[2K\u{1b}[32mTOTAL-PASSED\r\u{202e}\u{200b}\u{9b}";

fn assert_harmless(text: &str) {
    let harmful = |character: char| {
        character != '\n' && character.is_control() || ['\u{202e}', '\u{200b}'].contains(&character)
    };
    assert!(!text.contains(harmful), "{text:?}");
}

#[test]
fn hostile_names_stay_words() {
    let desk = Desk::new();
    let (pki, key) = (&desk.pki, &desk.pki.citizen_p256.key);
    let subject = Name::new(&[("2.5.4.3", HOSTILE)]);
    let certificate = pki.certify(subject, key.spki(), 7).unwrap();
    let name = "a\u{202e}b\u{1b}[2J.cer";
    desk.write(name, &certificate);
    desk.write(
        "both.pem",
        key.pkcs8_pem().unwrap() + &export::pem("CERTIFICATE", &certificate),
    );
    desk.write(HOSTILE, "May build.\n");
    for arguments in [
        &["inspect", name][..],
        &["inspect", "--json", name],
        &["verify", "--offline", name],
        &["verify", "--offline", "--trust", name, name],
        &["verify", "--offline", "--policy", name, "permit.txt"],
        &["verify", "--offline", "--trust", "root.pem", HOSTILE],
        &[
            "sign",
            "--with",
            "pem:both.pem",
            HOSTILE,
            "-o",
            "hostile\u{1b}[1m.asice",
        ],
        &["inspect", "hostile\u{1b}[1m.asice"],
        &["verify", "--offline", "hostile\u{1b}[1m.asice"],
        &[
            "sign",
            "--with",
            "pem:both.pem",
            HOSTILE,
            "-o",
            "hostile\u{1b}[1m.asice",
        ],
        &["sign", "--with", &format!("p12:{name}"), "permit.txt"],
        &["sign", "--with", &format!("pem:{name}"), "permit.txt"],
        &[
            "sign",
            "--with",
            &format!("pkcs11:/{name}"),
            "--pin-env",
            "IMZA_TEST_PASSWORD",
            "permit.txt",
        ],
    ] {
        let said = desk.run(arguments);
        assert!(
            !said.out.is_empty() || !said.err.is_empty(),
            "{arguments:?}"
        );
        assert_harmless(&said.out);
        assert_harmless(&said.err);
    }
}

/// A document that another program encrypted, signed, judged and shown.
#[test]
fn an_encrypted_document_needs_its_password() {
    let desk = Desk::new();
    desk.write(
        "plain.pdf",
        imza_test_vectors::pdf::Pdf::new("Gizli.", imza_test_vectors::pdf::CrossReference::Table)
            .bytes(),
    );
    desk.write("password", "gizli\n");
    let encrypt = [
        "--encrypt",
        "secret",
        "owner",
        "256",
        "--",
        "plain.pdf",
        "closed.pdf",
    ];
    if !desk.tool("qpdf", &encrypt) {
        return;
    }
    let code = |arguments: &[&str]| {
        let said = desk.run(
            &[
                &["verify", "--offline", "--report", "json"],
                arguments,
                &["closed.pdf"],
            ]
            .concat(),
        );
        let report: serde_json::Value = serde_json::from_str(&said.out).unwrap();
        (
            said.status,
            report["error"]["code"].as_str().map(str::to_owned),
        )
    };
    let env = ["--password-env", "IMZA_TEST_PASSWORD"];
    assert_eq!(code(&[]), (30, Some("input.password-missing".to_owned())));
    assert_eq!(
        code(&["--password-file", "password"]),
        (30, Some("input.password-wrong".to_owned()))
    );
    assert_eq!(code(&env), (10, None));
    let keep = ["verify", "--offline", "--save-evidence", "closed.json"];
    let kept = desk.run(&[&keep, &env[..], &["closed.pdf"]].concat());
    assert_eq!(kept.status, 10, "{}", kept.err);
    let again = ["closed.json", "closed.pdf"];
    let judged = desk.run(&[&["judge"], &env[..], &again].concat());
    assert_eq!(judged.status, 10, "{}", judged.err);
    assert_ne!(desk.run(&[&["judge"], &again[..]].concat()).status, 10);
    assert_eq!(desk.run(&["inspect", "closed.pdf"]).status, 1);
    assert_eq!(
        desk.run(&[&["inspect"], &env[..], &["closed.pdf"]].concat())
            .status,
        0
    );
    let missing = desk.run(&[
        "verify",
        "--password-env",
        "IMZA_TEST_MISSING",
        "closed.pdf",
    ]);
    assert_eq!(missing.status, 2);
}
