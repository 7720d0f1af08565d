//! What a PDF is made of, and its revisions by themselves.

use super::{Desk, pem};
use imza_test_vectors::pdf::{CrossReference, Pdf};
use serde_json::Value;

impl Desk {
    /// A document signed twice, and where the first signature ended.
    fn signed_twice(&self) -> usize {
        let citizen = &self.pki.citizen_p256;
        let key = citizen.key.pkcs8_pem().unwrap();
        self.write("own.pem", key + &pem(citizen) + &pem(&self.pki.issuing_ca));
        let plain = Pdf::new("May build.", CrossReference::Table);
        self.write("contract.pdf", plain.bytes());
        let sign = |document: &str| {
            let said = self.run(&["sign", "--with", "pem:own.pem", document]);
            assert_eq!(said.status, 0, "{}", said.err);
        };
        sign("contract.pdf");
        let first = std::fs::read(self.path("contract-signed.pdf")).unwrap();
        sign("contract-signed.pdf");
        first.len()
    }

    fn pdf_facts(&self, what: &str, document: &str) -> Vec<Value> {
        let said = self.run(&["pdf", what, "--json", document]);
        assert_eq!(said.status, 0, "{}", said.err);
        assert_eq!(said.out.lines().count(), 1, "{}", said.out);
        let whole: Value = serde_json::from_str(&said.out).unwrap();
        assert_eq!(whole.get("schema").unwrap(), "imza-pdf/1");
        whole.get(what).unwrap().as_array().unwrap().clone()
    }
}

#[test]
fn what_was_repaired_in_a_pdf_is_told() {
    let desk = Desk::new();
    let plain = Pdf::new("May build.", CrossReference::Table)
        .bytes()
        .to_vec();
    desk.write("plain.pdf", &plain);
    desk.write("odd.pdf", [b"junk\n", &*plain, b"more"].concat());
    let repairs = |document: &str| {
        let said = desk.run(&["pdf", "revisions", "--json", document]);
        assert_eq!(said.status, 0, "{}", said.err);
        let whole: Value = serde_json::from_str(&said.out).unwrap();
        let repairs = whole["repairs"].as_array().unwrap().iter();
        repairs
            .map(|one| one["kind"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    assert!(repairs("plain.pdf").is_empty());
    assert_eq!(
        repairs("odd.pdf"),
        [
            "data-before-header",
            "offsets-from-header",
            "data-after-end"
        ]
    );
    for language in ["az", "en", "ru", "tr"] {
        let said = desk.run(&["--lang", language, "pdf", "revisions", "odd.pdf"]);
        assert_eq!(said.status, 0, "{}", said.err);
        let lines = said.out.lines().filter(|line| line.starts_with("  "));
        assert_eq!(lines.count(), 3, "{}", said.out);
        assert!(!said.out.contains("pdf_"), "{}", said.out);
    }
    let said = desk.run(&["--lang", "en", "pdf", "revisions", "odd.pdf"]);
    assert!(said.out.contains("octets after the end"), "{}", said.out);
}

const TWICE: &str = "contract-signed-signed.pdf";

#[test]
fn a_signed_pdf_shows_its_fields_revisions_and_changes() {
    let desk = Desk::new();
    let first = desk.signed_twice();
    let fields = desk.pdf_facts("fields", TWICE);
    let signed: Vec<&Value> = fields.iter().map(|one| &one["signed_revision"]).collect();
    assert_eq!(signed, [2, 3]);
    assert!(fields.iter().all(|one| one["type"] == "signature"));
    let revisions = desk.pdf_facts("revisions", TWICE);
    assert_eq!(revisions.len(), 3);
    let own = revisions
        .iter()
        .map(|one| one["signed_by"].as_array().unwrap().len());
    assert_eq!(own.collect::<Vec<_>>(), [0, 1, 1]);
    assert_eq!(
        revisions
            .iter()
            .filter(|one| one["octets"] == first)
            .count(),
        1
    );
    let changes = desk.pdf_facts("changes", TWICE);
    let is_signing = |revision| {
        let mut own = changes.iter().filter(|one| one["revision"] == revision);
        own.any(|one| one["path"].as_str().unwrap().contains("/AcroForm"))
    };
    assert!(is_signing(2) && is_signing(3), "{changes:?}");
    for what in ["fields", "revisions", "changes"] {
        for language in ["az", "en", "ru", "tr"] {
            let said = desk.run(&["--lang", language, "pdf", what, TWICE]);
            assert_eq!(said.status, 0, "{}", said.err);
            assert!(
                !said.out.contains("fact-") && !said.out.contains("pdf_"),
                "{}",
                said.out
            );
        }
    }
}

#[test]
fn a_revision_comes_out_as_it_was_signed() {
    let desk = Desk::new();
    desk.signed_twice();
    for (revision, file) in [
        ("1", "contract.pdf"),
        ("2", "contract-signed.pdf"),
        ("3", TWICE),
    ] {
        let out = format!("revision-{revision}.pdf");
        let said = desk.run(&["extract", TWICE, "--revision", revision, "-o", &out]);
        assert_eq!(said.status, 0, "{}", said.err);
        let octets = |name: &str| std::fs::read(desk.path(name)).unwrap();
        assert_eq!(octets(&out), octets(file));
    }
    // What is there stays, and what is not there is not made.
    let again = desk.run(&["extract", TWICE, "--revision", "1", "-o", "contract.pdf"]);
    assert_eq!(again.status, 1);
    for revision in ["0", "4", "18446744073709551615"] {
        let said = desk.run(&["extract", TWICE, "--revision", revision, "-o", "no.pdf"]);
        assert_eq!(said.status, 2, "{}", said.err);
        assert!(!desk.path("no.pdf").exists());
    }
    for wrong in [
        &["--revision", "1"][..],
        &["-o", "no.pdf"],
        &["--revision", "1", "-o", "no.pdf", "name"],
    ] {
        let said = desk.run(&[&["extract", TWICE], wrong].concat());
        assert_eq!(said.status, 2, "{wrong:?}");
    }
    let itself = desk.run(&["extract", TWICE, "--revision", "1", "-o", TWICE]);
    assert_eq!(itself.status, 1);
}

#[test]
fn what_is_no_pdf_is_refused() {
    let desk = Desk::new();
    for what in ["fields", "revisions", "changes"] {
        let said = desk.run(&["pdf", what, "permit.txt"]);
        assert_eq!(said.status, 1);
        assert!(!said.err.is_empty());
        assert_eq!(desk.run(&["pdf", what, "missing.pdf"]).status, 1);
    }
}

impl Desk {
    /// A PDF signed with options more, and what was said.
    fn signed_with(&self, options: &[&str]) -> (Vec<u8>, super::Said) {
        let citizen = &self.pki.citizen_p256;
        let key = citizen.key.pkcs8_pem().unwrap();
        self.write("own.pem", key + &pem(citizen) + &pem(&self.pki.issuing_ca));
        let plain = Pdf::new("May build.", CrossReference::Table);
        self.write("contract.pdf", plain.bytes());
        let sign = ["sign", "--force", "--with", "pem:own.pem", "contract.pdf"];
        let said = self.run(&[&sign, options].concat());
        let signed = std::fs::read(self.path("contract-signed.pdf"));
        (signed.unwrap_or_default(), said)
    }
}

fn has(octets: &[u8], text: &str) -> bool {
    octets.windows(text.len()).any(|one| one == text.as_bytes())
}

#[test]
fn a_signature_says_the_name_that_is_given() {
    let desk = Desk::new();
    let (signed, said) = desk.signed_with(&["--signer-name", "Aysel"]);
    assert_eq!(said.status, 0, "{}", said.err);
    assert!(has(&signed, "/Name (Aysel)"));
    let (signed, _) = desk.signed_with(&[]);
    assert!(!has(&signed, "/Name "));
}

#[test]
fn the_place_of_a_visible_signature_may_stand_behind_a_space() {
    let desk = Desk::new();
    let qr = ["--qr", "A"];
    for place in [
        ["--visible", "at=36x36x90x90,text=no"].as_slice(),
        &["--visible=at=36x36x90x90,text=no"],
    ] {
        let (signed, said) = desk.signed_with(&[place, &qr].concat());
        assert_eq!(said.status, 0, "{}", said.err);
        assert!(has(&signed, "/Rect [36 36 126 126]"));
    }
    let (_, said) = desk.signed_with(&["--visible", "page=none"]);
    assert_eq!(said.status, 2);
    assert!(said.err.contains("page=none"), "{}", said.err);
}

#[test]
fn fields_are_locked_all_together_or_by_their_names() {
    let desk = Desk::new();
    for (options, words) in [
        (["--lock"].as_slice(), ["/FieldMDP", "/All"].as_slice()),
        (
            &["--lock-except", "Later", "--lock-except", "Too"],
            &["/FieldMDP", "/Exclude", "(Later)", "(Too)"],
        ),
        (
            &["--lock-only", "Own", "--field", "Own"],
            &["/FieldMDP", "/Include", "(Own)"],
        ),
    ] {
        let (signed, said) = desk.signed_with(options);
        assert_eq!(said.status, 0, "{}", said.err);
        assert!(words.iter().all(|word| has(&signed, word)), "{options:?}");
    }
    for (options, status) in [
        (["--lock-only", "Own"].as_slice(), 1),
        (&["--lock", "--lock-only", "Own"], 2),
        (&["--lock-only", "Own", "--lock-except", "Own"], 2),
    ] {
        let (_, said) = desk.signed_with(options);
        assert_eq!(said.status, status, "{options:?}: {}", said.err);
    }
}
