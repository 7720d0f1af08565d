//! Signatures in CMS messages, judged by this command and by OpenSSL.

use super::{Desk, Said, pem};
use imza_test_vectors::{Entity, export};

const TRUST: [&str; 5] = ["--offline", "--revocation", "none", "--trust", "root.pem"];

impl Desk {
    /// `key.pem` and `cert.pem` of somebody.
    fn hand(&self, entity: &Entity) {
        self.write("key.pem", entity.key.pkcs8_pem().unwrap());
        self.write("cert.pem", pem(entity) + &pem(&self.pki.issuing_ca));
    }

    fn sign_with_key(&self, options: &[&str]) -> Said {
        let key = ["sign", "--with", "pem:key.pem", "--cert", "cert.pem"];
        self.run(&[&key, options].concat())
    }
}

#[test]
fn messages_are_what_openssl_and_this_command_call_signed() {
    let desk = Desk::new();
    let pki = &desk.pki;
    for entity in [&pki.citizen_p256, &pki.citizen_p384, &pki.citizen_rsa_3072] {
        desk.hand(entity);
        let said = desk.sign_with_key(&["--format", "cades", "permit.txt"]);
        assert_eq!(said.status, 0, "{}", said.err);
        let said = desk.sign_with_key(&["--format", "cades", "--attached", "permit.txt"]);
        assert_eq!(said.status, 0, "{}", said.err);

        let detached = ["--detached", "permit.txt", "permit.txt.p7s"];
        for documents in [&detached[..], &["permit.txt.p7m"]] {
            let verified = desk.run(&[&["verify"], &TRUST[..], documents].concat());
            assert_eq!(verified.status, 0, "{}", verified.out);
        }
        let verify = [
            "cms",
            "-verify",
            "-binary",
            "-inform",
            "DER",
            "-CAfile",
            "root.pem",
            "-purpose",
            "any",
            "-no_check_time",
            "-cades",
            "-out",
            "content",
            "-in",
        ];
        let beside = ["permit.txt.p7s", "-content", "permit.txt"];
        for message in [&beside[..], &["permit.txt.p7m"]] {
            if desk.tool("openssl", &[&verify[..], message].concat()) {
                let content = std::fs::read(desk.path("content")).unwrap();
                assert_eq!(content, b"May build.\n");
            }
        }
        for name in ["permit.txt.p7s", "permit.txt.p7m"] {
            std::fs::remove_file(desk.path(name)).unwrap();
        }
    }
}

#[test]
fn a_changed_document_is_not_what_was_signed() {
    let desk = Desk::new();
    desk.hand(&desk.pki.citizen_p256);
    assert_eq!(
        desk.sign_with_key(&["--format", "cades", "permit.txt"])
            .status,
        0
    );
    desk.write("permit.txt", "May not build.\n");
    let documents = ["--detached", "permit.txt", "permit.txt.p7s"];
    let verified = desk.run(&[&["verify"], &TRUST[..], &documents].concat());
    assert_eq!(verified.status, 20, "{}", verified.out);
}

#[test]
fn a_message_covers_one_document_and_replaces_nothing() {
    let desk = Desk::new();
    desk.hand(&desk.pki.citizen_p256);
    let two = desk.sign_with_key(&["--format", "cades", "permit.txt", "root.pem"]);
    assert!(
        two.status == 2 && two.err.contains("one document"),
        "{}",
        two.err
    );
    let container = desk.sign_with_key(&["--attached", "permit.txt"]);
    assert!(
        container.status == 2 && container.err.contains("--format cades"),
        "{}",
        container.err
    );
    desk.write("permit.txt.p7s", "mine");
    let said = desk.sign_with_key(&["--format", "cades", "permit.txt"]);
    assert_eq!(said.status, 1, "{}", said.err);
    assert_eq!(std::fs::read(desk.path("permit.txt.p7s")).unwrap(), b"mine");
}

#[test]
fn containers_with_messages_are_made_and_verified() {
    let desk = Desk::new();
    desk.hand(&desk.pki.citizen_p256);
    let simple = ["--format", "asic-s", "permit.txt"];
    let extended = ["--format", "asic-e-cades", "permit.txt", "root.pem"];
    for (options, name) in [(&simple[..], "permit.asics"), (&extended, "permit.asice")] {
        let said = desk.sign_with_key(options);
        assert_eq!(said.status, 0, "{}", said.err);
        let verified = desk.run(&[&["verify"], &TRUST[..], &[name]].concat());
        assert_eq!(verified.status, 0, "{}", verified.out);
    }
    let two = desk.sign_with_key(&["--format", "asic-s", "permit.txt", "root.pem"]);
    assert_eq!(two.status, 2);
}

#[test]
fn ml_dsa_signs_messages_and_is_refused_for_xml_before_anything_is_written() {
    let desk = Desk::new();
    // RFC 9881 §6: ML-DSA-65, a seed of sevens.
    let head =
        b"\x30\x34\x02\x01\x00\x30\x0b\x06\x09\x60\x86\x48\x01\x65\x03\x04\x03\x12\x04\x22\x80\x20";
    let der = [head.as_slice(), &[7; 32]].concat();
    let key = imza::crypto::SoftwareKey::from_pkcs8_der(&der).unwrap();
    let name = imza_test_vectors::name::Name::person("Module", "Lattice", "PNOAZ-MLDSA");
    let spki = key.public_key().spki();
    let certificate = desk.pki.certify(name, spki, 0x7003).unwrap();
    desk.write("key.pem", export::pem("PRIVATE KEY", &der));
    let own = export::pem("CERTIFICATE", &certificate);
    desk.write("cert.pem", own + &pem(&desk.pki.issuing_ca));

    for (options, name) in [
        (&["--format", "cades", "--attached"][..], "permit.txt.p7m"),
        (&["--format", "asic-s"], "permit.asics"),
    ] {
        let said = desk.sign_with_key(&[options, &["permit.txt"]].concat());
        assert_eq!(said.status, 0, "{}", said.err);
        let verified = desk.run(&[&["verify"], &TRUST[..], &[name]].concat());
        assert_eq!(verified.status, 0, "{}", verified.out);
    }
    for options in [&[][..], &["--format", "xades"]] {
        let said = desk.sign_with_key(&[options, &["permit.txt"]].concat());
        assert_eq!(said.status, 2, "{}", said.err);
        assert!(said.err.contains("ML-DSA-65 in XML"), "{}", said.err);
        assert!(said.err.contains("--format asic-e-cades"), "{}", said.err);
    }
    assert!(!desk.path("permit.asice").exists() && !desk.path("permit.txt.xml").exists());
}
