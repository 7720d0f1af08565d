//! ASiC-S with XAdES: one file holds the signatures of everybody.

use super::changes::signed_as;
use super::containers::{augmented, container, files};
use super::{CONTENTS, NAMES, SIGNED, context, validate};
use imza::creation::Packaging;
use imza::error::Error;
use imza::vocabulary::{BaselineLevel, ContainerKind, Integrity, SignatureLevel};
use imza_test_vectors::zip::{self, Entry};
use imza_test_vectors::{Entity, Pki};

const FILE: &str = "META-INF/signatures.xml";
const ADDITION: Packaging = Packaging::AsicXadesAddition;
const END: &str = "</asic:XAdESSignatures>";

fn added(document: &[u8], entity: &Entity) -> Result<Vec<u8>, Error> {
    signed_as(document, entity, ADDITION, None)
}

fn simple() -> Vec<u8> {
    container(Packaging::AsicSWithXades, 1).unwrap()
}

/// The container with another file of signatures, and perhaps a file more.
fn with(signatures: &[u8], more: Option<(&str, &[u8])>) -> Vec<u8> {
    let mut entries = vec![
        Entry::new("mimetype", b"application/vnd.etsi.asic-s+zip"),
        Entry::new(NAMES[0], CONTENTS[0]),
        Entry::new(FILE, signatures),
    ];
    entries.extend(more.map(|(name, octets)| Entry::new(name, octets)));
    zip::write(&entries)
}

#[test]
fn several_people_sign_a_simple_container() {
    let pki = Pki::fixed().unwrap();
    let mut document = simple();
    for (number, entity) in [(2, &pki.citizen_p256), (3, &pki.citizen_p384)] {
        let before = files(&document);
        document = added(&document, entity).unwrap();
        let report = validate(&document, &context(&pki, SIGNED + 60));
        assert_eq!(report.container, Some(ContainerKind::AsicS));
        assert_eq!(report.signatures.len(), number);
        assert!(report.checks.is_empty(), "{:?}", report.checks);
        for one in &report.signatures {
            assert_eq!(one.integrity, Integrity::Intact);
            assert_eq!(one.level, SignatureLevel::BaselineB);
            assert_eq!(one.parent, None);
        }
        assert!(
            report
                .files
                .iter()
                .all(|file| file.covered_by.len() == number)
        );
        // EN 319 162-1 §4.3.3.2: no file more, and the octets that were there stay in front.
        let after = files(&document);
        assert!(before.keys().eq(after.keys()));
        for (name, octets) in &before {
            let kept = match name.as_str() {
                FILE => octets.strip_suffix(END.as_bytes()).unwrap(),
                _ => octets.as_slice(),
            };
            assert!(after.get(name).unwrap().starts_with(kept), "{name}");
        }
    }
    // Each can be lifted, with all the others in the file.
    for level in [BaselineLevel::T, BaselineLevel::Lt, BaselineLevel::Lta] {
        let lifted = augmented(&document, level).unwrap();
        let report = validate(&lifted, &context(&pki, SIGNED + 60));
        assert_eq!(report.signatures.len(), 3);
        assert!(
            report
                .signatures
                .iter()
                .all(|one| one.integrity == Integrity::Intact)
        );
    }
    let lifted = augmented(&document, BaselineLevel::Lta).unwrap();
    let report = validate(&lifted, &context(&pki, SIGNED + 400 * 86_400));
    assert_eq!(report.exit_status(), 0, "{}", report.to_pretty_json());
}

#[test]
fn a_signature_beside_one_that_was_archived_leaves_it_whole() {
    let pki = Pki::fixed().unwrap();
    let archived = augmented(&simple(), BaselineLevel::Lta).unwrap();
    let document = added(&archived, &pki.citizen_p256).unwrap();
    let report = validate(&document, &context(&pki, SIGNED + 60));
    let [first, second] = report.signatures.as_slice() else {
        panic!("{}", report.to_pretty_json());
    };
    assert_eq!(first.level, SignatureLevel::BaselineLta);
    assert_eq!(second.level, SignatureLevel::BaselineB);
    assert!(
        first
            .timestamps
            .iter()
            .all(|one| one.integrity == Integrity::Intact)
    );
    assert_eq!(second.integrity, Integrity::Intact);
}

#[test]
fn the_text_around_signatures_stays_as_it_was_written() {
    let pki = Pki::fixed().unwrap();
    let text = String::from_utf8(files(&simple()).remove(FILE).unwrap()).unwrap();
    let text = text.replace(END, "\r\n  <!-- a --></asic:XAdESSignatures  >\n<?end?>\n");
    let document = added(&with(text.as_bytes(), None), &pki.citizen_p256).unwrap();
    let after = String::from_utf8(files(&document).remove(FILE).unwrap()).unwrap();
    let (before, end) = text.split_at(text.find("</asic:XAdESSignatures").unwrap());
    assert!(after.starts_with(before) && after.ends_with(end));
    let report = validate(&document, &context(&pki, SIGNED + 60));
    assert_eq!(report.signatures.len(), 2);
    assert!(
        report
            .signatures
            .iter()
            .all(|one| one.integrity == Integrity::Intact)
    );
}

#[test]
fn a_broken_signature_stays_broken_beside_a_good_one() {
    let pki = Pki::fixed().unwrap();
    let text = String::from_utf8(files(&simple()).remove(FILE).unwrap()).unwrap();
    let wrong = text.replacen("<ds:DigestValue>", "<ds:DigestValue>AAAA", 1);
    assert_ne!(wrong, text);
    if let Ok(document) = added(&with(wrong.as_bytes(), None), &pki.citizen_p256) {
        let report = validate(&document, &context(&pki, SIGNED + 60));
        assert_eq!(report.signatures[0].integrity, Integrity::Broken);
        assert_eq!(report.exit_status(), 20);
    }
}

#[test]
fn what_is_no_file_of_signatures_gets_none() {
    let pki = Pki::fixed().unwrap();
    let one = files(&simple()).remove(FILE).unwrap();
    let text = String::from_utf8(one.clone()).unwrap();
    let start = text.find("<ds:Signature ").unwrap();
    let bare = text.get(start..text.len() - END.len()).unwrap();
    let around =
        |name: &str, end: &str, more: &str| format!("<{name}>{more}{bare}</{end}>").into_bytes();
    let asic = "xmlns:asic=\"http://uri.etsi.org/02918/v1.2.1#\"";
    let refused = |document: &[u8]| {
        let error = added(document, &pki.citizen_p256).err().unwrap();
        error.code().to_owned()
    };
    for (wrong, code) in [
        (bare.as_bytes().to_vec(), "unsupported.feature"),
        (around("other", "other", ""), "unsupported.feature"),
        (
            around(
                "x:XAdESSignatures xmlns:x=\"urn:x\"",
                "x:XAdESSignatures",
                "",
            ),
            "unsupported.feature",
        ),
        (
            around(
                &format!("asic:XAdESSignatures {asic}"),
                "asic:XAdESSignatures",
                "<a/>",
            ),
            "unsupported.feature",
        ),
        (
            one.get(..one.len() - 4).unwrap().to_vec(),
            "malformed.xml.syntax",
        ),
    ] {
        assert_eq!(refused(&with(&wrong, None)), code, "{}", wrong.len());
    }
    // A file that waits for its first signature.
    let empty = format!("<asic:XAdESSignatures {asic}/>");
    let first = added(&with(empty.as_bytes(), None), &pki.citizen_p256).unwrap();
    let report = validate(&first, &context(&pki, SIGNED + 60));
    assert_eq!(report.signatures[0].integrity, Integrity::Intact);
    // Two files of signatures, and two files that could be signed.
    for more in [
        ("META-INF/signatures1.xml", one.as_slice()),
        ("b.txt", b"b"),
    ] {
        let found = added(&with(&one, Some(more)), &pki.citizen_p256);
        assert!(found.is_err(), "{more:?}");
    }
    // The same signature once more is none.
    let two = added(&simple(), &pki.citizen_p256).unwrap();
    assert!(added(&two, &pki.citizen_p256).is_err());
    // CAdES and XAdES do not stand in one container.
    let cades = container(Packaging::AsicSWithCades, 1).unwrap();
    assert_eq!(refused(&cades), "unsupported.feature");
}
