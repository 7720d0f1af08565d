//! Documents that a signature is about and that stand beside it.

use crate::scene::{Packaging, Scene};
use imza::report::Report;
use imza::vocabulary::{CheckId, Indication, Outcome, ScopeKind, SubIndication};
use imza_test_vectors::xades::{DataFile, Flaw};

/// A document signed by its canonical form without comments, and another in its place.
fn judged(given: &[u8]) -> Report {
    let mut scene = Scene::new(Packaging::Xades);
    scene.flaw = Flaw::CanonicalFile;
    let signed = DataFile::new("a.xml", "text/xml", b"<a b=\"c\">1000</a>");
    let signature = scene.xades(&[signed]).into_bytes();
    let mut case = scene.case();
    case.inputs = vec![
        ("a.xades".to_owned(), signature),
        ("a.xml".to_owned(), given.to_vec()),
    ];
    case.validate().report
}

/// What is said of the document, and how much of it is covered.
fn told(report: &Report) -> (Vec<String>, ScopeKind) {
    let signature = &report.signatures[0];
    assert_eq!(signature.indication, Indication::TotalPassed);
    let warned = signature.checks.iter().filter(|check| {
        check.id == CheckId::DocumentAllSigned && check.outcome == Outcome::Warning
    });
    let warned = warned.map(|check| check.found.clone().unwrap()).collect();
    let mut scopes = signature.scopes.iter();
    let scope = scopes.find(|scope| scope.name == "a.xml").unwrap();
    (warned, scope.kind)
}

#[test]
fn a_comment_that_is_not_signed_leaves_a_part_of_the_document_out() {
    let report = judged(b"<a b=\"c\">1<!-- -->000</a>");
    let found = vec!["a.xml is, but for its comments".to_owned()];
    assert_eq!(told(&report), (found, ScopeKind::Partial));
}

#[test]
fn another_form_of_the_same_document_is_covered_whole() {
    for given in [
        &b"<a b=\"c\">1000</a>"[..],
        b"<?xml version='1.0'?>\n<a  b='c' >1000</a>",
    ] {
        assert_eq!(told(&judged(given)), (Vec::new(), ScopeKind::Full));
    }
}

/// XMLDSig §4.4.3.1: a reference without URI is about the only document that is given.
#[test]
fn a_document_without_a_name_is_the_only_one_that_is_given() {
    let mut scene = Scene::new(Packaging::Xades);
    scene.flaw = Flaw::NamelessFiles;
    let file = |name: &str, octets: &[u8]| DataFile::new(name, "text/plain", octets);
    let signed = [file("a.txt", b"1000"), file("b.txt", b"2000")];
    let judged = |signed: &[DataFile], given: &[(&str, &[u8])]| {
        let signature = scene.xades(signed).into_bytes();
        let mut case = scene.case();
        let given = given
            .iter()
            .map(|(name, octets)| ((*name).to_owned(), octets.to_vec()));
        case.inputs = vec![("a.xades".to_owned(), signature)];
        case.inputs.extend(given);
        case.validate().report.signatures.remove(0)
    };
    let of = |signature: &imza::report::Signature| (signature.indication, signature.sub_indication);
    let one = &signed[..1];
    let found = judged(one, &[("c.txt", b"1000")]);
    assert_eq!(of(&found), (Indication::TotalPassed, None));
    let broken = Some(SubIndication::HashFailure);
    let found = judged(one, &[("c.txt", b"2000")]);
    assert_eq!(of(&found), (Indication::TotalFailed, broken));
    // Of two, nobody says which.
    let two: [(&str, &[u8]); 2] = [("a.txt", b"1000"), ("c.txt", b"1000")];
    for given in [&[][..], &two] {
        let found = judged(one, given);
        let missing = Some(SubIndication::SignedDataNotFound);
        assert_eq!(of(&found), (Indication::Indeterminate, missing));
    }
    let found = judged(&signed, &[("c.txt", b"1000")]);
    let malformed = Some(SubIndication::FormatFailure);
    assert_eq!(of(&found), (Indication::TotalFailed, malformed));
}
