//! Signatures that are taken out of a container again.

use super::changes::{changed, signed_as};
use super::containers::{augmented, augmented_at, container, files, signed_again_at};
use super::{SIGNED, context, validate};
use imza::creation::Packaging;
use imza::vocabulary::{BaselineLevel, Integrity};
use imza_test_vectors::Pki;

const ARCHIVE: &str = "META-INF/ASiCArchiveManifest.xml";

fn code(container: &[u8], remove: &[&str]) -> String {
    let outcome = changed(Some(container), &[], remove);
    outcome.err().unwrap().code().to_owned()
}

/// Whether so many signatures are left, and each is intact.
fn holds(container: &[u8], count: usize) -> bool {
    let report = validate(container, &context(&Pki::fixed().unwrap(), SIGNED + 60));
    let mut all = report.signatures.iter();
    let files = &report.files;
    report.signatures.len() == count
        && report.checks.is_empty()
        && all.all(|one| one.integrity == Integrity::Intact)
        && files.iter().all(|file| file.covered_by.len() == count)
}

#[test]
fn a_signatures_file_goes_and_the_others_hold() {
    let pki = Pki::fixed().unwrap();
    let again = |octets: &[u8], entity| {
        signed_as(octets, entity, Packaging::AsicXadesAddition, None).unwrap()
    };
    let new = changed(None, &[("a.txt", b"a"), ("b.txt", b"b")], &[]).unwrap();
    let one = again(&new, &pki.citizen_p256);
    let two = again(&one, &pki.citizen_p384);
    let left = changed(Some(&two), &[], &["META-INF/signatures1.xml"]).unwrap();
    assert!(holds(&left, 1));
    assert_eq!(files(&left), files(&one));
    let other = changed(Some(&two), &[], &["META-INF/signatures0.xml"]).unwrap();
    assert!(holds(&other, 1));
    assert_eq!(
        files(&other)["META-INF/signatures1.xml"],
        files(&two)["META-INF/signatures1.xml"]
    );
    // Without a signature it is as it was before anybody signed.
    let none = changed(Some(&left), &[], &["META-INF/signatures0.xml"]).unwrap();
    assert_eq!(files(&none), files(&new));
    assert!(changed(Some(&none), &[("c.txt", b"c")], &["a.txt"]).is_ok());
    let both = ["META-INF/signatures0.xml", "META-INF/signatures1.xml"];
    assert_eq!(
        files(&changed(Some(&two), &[], &both).unwrap()),
        files(&new)
    );

    // Everything else stays, also beside a signature that goes.
    for name in [
        "a.txt",
        "META-INF/manifest.xml",
        "mimetype",
        "META-INF/signatures2.xml",
    ] {
        assert_eq!(code(&two, &[name]), "input.signed", "{name}");
        assert_eq!(code(&two, &[both[0], name]), "input.signed", "{name}");
    }
    let added = changed(Some(&two), &[("c.txt", b"c")], &both[..1]);
    assert_eq!(added.err().unwrap().code(), "input.signed");
    assert_eq!(code(&two, &[both[0], both[0]]), "api-misuse.duplicate-name");
}

#[test]
fn a_message_goes_with_the_manifest_that_names_it() {
    let one = container(Packaging::AsicEWithCades, 2).unwrap();
    let packaging = Packaging::AsicCadesAddition;
    let two = signed_again_at(&one, packaging, None, SIGNED + 1).unwrap();
    let new: Vec<String> = files(&two).into_keys().collect();
    let new: Vec<&str> = new
        .iter()
        .map(String::as_str)
        .filter(|name| !files(&one).contains_key(*name))
        .collect();
    let [manifest, message] = new[..] else {
        panic!("{new:?}");
    };
    let left = changed(Some(&two), &[], &[message]).unwrap();
    assert!(holds(&left, 1));
    assert_eq!(files(&left), files(&one));
    // The manifest alone is what the message is over.
    assert_eq!(code(&two, &[manifest]), "input.signed");
    // In ASiC-S all signatures are in the one file that makes it one.
    let simple = container(Packaging::AsicSWithCades, 1).unwrap();
    let refused = code(&simple, &["META-INF/signature.p7s"]);
    assert_eq!(refused, "unsupported.feature");
}

#[test]
fn what_a_time_stamp_covers_goes_only_with_it() {
    let b = container(Packaging::AsicEWithCades, 2).unwrap();
    let lt = augmented(&b, BaselineLevel::Lt).unwrap();
    let lta = augmented_at(&lt, BaselineLevel::Lta, SIGNED + 20).unwrap();
    let (message, token) = ("META-INF/signature.p7s", "META-INF/timestamp1.tst");
    assert_eq!(code(&lta, &[message]), "input.signed");
    let left = changed(Some(&lta), &[], &[token]).unwrap();
    assert!(holds(&left, 1));
    assert!(!files(&left).contains_key(ARCHIVE));
    assert_eq!(files(&left)[message], files(&lta)[message]);
    let none = changed(Some(&lta), &[], &[token, message]).unwrap();
    assert!(
        files(&none)
            .keys()
            .all(|name| !name.starts_with("META-INF/"))
    );
    // Of several the last one's name would have to become that of the one before.
    let renewed = augmented_at(&lta, BaselineLevel::Lta, SIGNED + 30).unwrap();
    assert_eq!(
        code(&renewed, &["META-INF/timestamp2.tst"]),
        "unsupported.feature"
    );
    assert_eq!(code(&renewed, &[token]), "input.signed");
    let both = [token, "META-INF/timestamp2.tst"];
    assert!(holds(&changed(Some(&renewed), &[], &both).unwrap(), 1));
}
