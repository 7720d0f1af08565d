//! Files in the wrong place, and what was forgotten.

use super::{Desk, Said, pem};
use imza_test_vectors::cades::{CadesSpec, sign};
use imza_test_vectors::evidence_record as er;
use imza_test_vectors::export;
use imza_test_vectors::hash::Hash;

const SIGNED: i64 = 1_781_000_000;

impl Desk {
    /// `permit.txt.p7s` signs `permit.txt`.
    fn detached(&self) {
        let content = std::fs::read(self.path("permit.txt")).unwrap();
        let spec = CadesSpec::detached(SIGNED);
        let signed = sign(&spec, &content, &self.pki.citizen_p256).unwrap();
        self.write("permit.txt.p7s", signed.der());
    }

    fn verify(&self, arguments: &[&str]) -> Said {
        self.run(&[&["verify", "--offline"], arguments].concat())
    }

    fn assert_says(&self, arguments: &[&str], status: i32, words: &[&str]) {
        let said = self.verify(arguments);
        assert_eq!(
            said.status, status,
            "{arguments:?}: {}{}",
            said.out, said.err
        );
        for word in words {
            assert!(
                said.err.contains(word),
                "{arguments:?} lacks {word}: {}",
                said.err
            );
        }
    }
}

/// An evidence record with an empty first list, which leads nowhere.
fn empty_record(desk: &Desk) -> Vec<u8> {
    let hash = Hash::Sha256;
    let stamp = er::ArchiveTimestamp {
        hash: Some(hash),
        lists: vec![Vec::new()],
        token: er::token(hash, &[0; 32], SIGNED, &desk.pki.tsa_p256).unwrap(),
    };
    er::record(&[vec![stamp]])
}

#[test]
fn a_file_under_the_wrong_option_is_named_for_what_it_is() {
    let desk = Desk::new();
    desk.detached();
    let key = &desk.pki.citizen_p256.key;
    desk.write("key.pem", key.pkcs8_pem().unwrap());
    desk.write("public.pem", export::pem("PUBLIC KEY", key.spki()));
    desk.write("policy.json", "{}");
    desk.write("empty", "");
    desk.write("empty.ers", empty_record(&desk));
    let files = export::files(&desk.pki, SIGNED).unwrap();
    let (_, crl) = files
        .iter()
        .find(|(name, _)| name.ends_with(".crl"))
        .unwrap();
    desk.write("list.crl", crl);
    let signature = "permit.txt.p7s";
    for (option, file, words) in [
        (
            "--trust",
            signature,
            &["is a signed message", "Documents stand last"][..],
        ),
        (
            "--trust",
            "key.pem",
            &["is a private key", "Keep it secret"],
        ),
        (
            "--trust",
            "public.pem",
            &["is a public key", "--key public.pem"],
        ),
        (
            "--trust",
            "list.crl",
            &["revocation list", "--evidence list.crl"],
        ),
        ("--trust", "policy.json", &["--policy policy.json"]),
        ("--trust", "empty", &["empty is empty"]),
        (
            "--trust",
            "permit.txt",
            &["permit.txt is not what --trust takes"],
        ),
        ("--evidence", "key.pem", &["is a private key"]),
        ("--evidence", "public.pem", &["--key public.pem"]),
        (
            "--evidence",
            "empty.ers",
            &["evidence record is not written the way its standard demands"],
        ),
        ("--trust", "empty.ers", &["empty.ers is an evidence record"]),
        ("--key", "empty.ers", &["empty.ers is an evidence record"]),
        ("--key", "key.pem", &["is a private key", "openssl pkey"]),
        ("--key", "list.crl", &["--evidence list.crl"]),
        (
            "--policy",
            "root.pem",
            &["is a certificate", "--trust root.pem"],
        ),
        (
            "--policy",
            "policy.json",
            &["policy.json is not a policy", "policies"],
        ),
        ("--policy", "severe", &["no policy severe"]),
    ] {
        desk.assert_says(&[option, file, signature], 2, words);
    }
}

#[test]
fn a_folder_of_trust_leaves_signed_messages_out() {
    let desk = Desk::new();
    desk.detached();
    std::fs::create_dir(desk.path("anchors")).unwrap();
    for name in ["root.pem", "permit.txt.p7s"] {
        std::fs::copy(desk.path(name), desk.path("anchors").join(name)).unwrap();
    }
    let arguments = [
        "--trust",
        "anchors",
        "--detached",
        "permit.txt",
        "permit.txt.p7s",
    ];
    let said = desk.verify(&arguments);
    assert!(
        said.err.contains("a signed message, left out"),
        "{}",
        said.err
    );
    assert!(said.out.contains("1 trust anchor"), "{}", said.out);
}

#[test]
fn what_is_no_signed_document_is_named_for_what_it_is() {
    let desk = Desk::new();
    desk.detached();
    desk.write("citizen.pem", pem(&desk.pki.citizen_p256));
    desk.write("key.pem", desk.pki.citizen_p256.key.pkcs8_pem().unwrap());
    desk.write("empty", "");
    for (file, words) in [
        (
            "citizen.pem",
            &["is a certificate", "imza inspect citizen.pem"][..],
        ),
        ("key.pem", &["is a private key", "keep it secret"]),
        ("empty", &["is empty"]),
        ("permit.txt", &["--detached permit.txt permit.txt.p7s"]),
        ("missing.asice", &["missing.asice"]),
    ] {
        desk.assert_says(&["--trust", "root.pem", file], 30, words);
    }
}

#[test]
fn of_a_folder_its_documents_are_verified_and_the_rest_is_counted() {
    let desk = Desk::new();
    std::fs::create_dir_all(desk.path("folder/below")).unwrap();
    let words = ["folder holds no signed document", "or a folder with"];
    desk.assert_says(&["--trust", "root.pem", "folder"], 30, &words);
    desk.write("folder/b.txt", "nothing signed");
    for name in ["folder/below/c.p7s", "folder/a.p7s"] {
        let spec = CadesSpec::detached(SIGNED);
        let signed = sign(&spec, b"a permit", &desk.pki.citizen_p256).unwrap();
        desk.write(name, signed.der());
    }
    let said = desk.verify(&["--report", "json", "folder"]);
    let names: Vec<_> = said
        .out
        .lines()
        .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap())
        .map(|report| report["document"]["name"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(names, ["a.p7s", "below/c.p7s"], "{}", said.err);
    assert!(said.err.contains("no signed documents: 1"), "{}", said.err);
}

#[test]
fn what_was_forgotten_is_said_once_and_to_people_only() {
    let desk = Desk::new();
    desk.detached();
    let signature = "permit.txt.p7s";
    desk.assert_says(
        &["--trust", "root.pem", signature],
        10,
        &["does not hold what it signs", "--detached permit.txt"],
    );
    let twice = desk.verify(&["--detached", "permit.txt", signature]);
    assert_eq!(
        twice.err.matches("--trust FILE").count(),
        1,
        "{}",
        twice.err
    );
    let several = desk.verify(&[signature, signature]);
    assert_eq!(
        several.err.matches("--trust FILE").count(),
        1,
        "{}",
        several.err
    );
    let program = desk.verify(&["--report", "json", signature]);
    assert!(program.err.is_empty(), "{}", program.err);
    std::fs::remove_file(desk.path("permit.txt")).unwrap();
    let alone = ["--trust", "root.pem", signature];
    desk.assert_says(&alone, 10, &["--detached"]);
}

#[test]
fn an_output_that_exists_is_kept() {
    let desk = Desk::new();
    desk.write("permit.asice", "mine");
    let said = desk.run(&["sign", "--with", "p12:missing.p12", "permit.txt"]);
    assert_eq!(said.status, 1);
    assert!(said.err.contains("--force"), "{}", said.err);
}
