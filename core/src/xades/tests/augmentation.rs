//! Signatures that are given time-stamps and validation data.

use super::creation::{blueprint, ecdsa, signed};
use super::*;
use crate::signature::ValidationData;
use imza_test_vectors::hash::Hash;
use imza_test_vectors::tsa::{self, TokenSpec};

const PLACE: &str = "META-INF/signatures0.xml";

fn token(over: &[u8]) -> Vec<u8> {
    let pki = Pki::fixed().unwrap();
    let spec = TokenSpec::over(over, Hash::Sha256, TIME + 60, &pki.tsa_p256);
    tsa::token(&spec, &pki.tsa_p256).unwrap()
}

fn stamped(xml: &[u8], number: usize) -> Vec<u8> {
    let id = read(xml, &files())[number].id.clone();
    let budget = &mut Budget::default();
    let over = signature_timestamp_input(xml, PLACE, &id, budget).unwrap();
    add_signature_timestamp(xml, PLACE, &id, &token(&over), budget).unwrap()
}

fn data() -> ValidationData {
    let pki = Pki::fixed().unwrap();
    let found =
        LongTermValues::collect(&pki, &pki.citizen_p256, &pki.tsa_p256, TIME + 120).unwrap();
    let shared = |list: Vec<Vec<u8>>| list.into_iter().map(Arc::from).collect();
    ValidationData {
        certificates: shared(found.certificates),
        crls: shared(found.crls),
        ocsps: shared(found.ocsps),
    }
}

fn with_data(xml: &[u8], number: usize) -> Vec<u8> {
    let id = read(xml, &files())[number].id.clone();
    add_validation_data(xml, PLACE, &id, &data(), &mut Budget::default()).unwrap()
}

/// What is left of both when the common beginning and end are taken off.
fn difference<'a>(before: &'a [u8], after: &'a [u8]) -> (&'a [u8], &'a [u8]) {
    let start = before.iter().zip(after).take_while(|(a, b)| a == b).count();
    let (before, after) = (&before[start..], &after[start..]);
    let end = before
        .iter()
        .rev()
        .zip(after.iter().rev())
        .take_while(|(a, b)| a == b)
        .count();
    (&before[..before.len() - end], &after[..after.len() - end])
}

fn created() -> String {
    let pki = Pki::fixed().unwrap();
    signed(&pki.citizen_p256, &blueprint(&pki.citizen_p256, ecdsa()))
}

#[test]
fn levels_t_and_lt_follow_one_another() {
    let b = created();
    let before = read(b.as_bytes(), &files()).remove(0);
    let t = stamped(b.as_bytes(), 0);
    let (taken, _) = difference(b.as_bytes(), &t);
    assert!(taken.is_empty());
    let record = read(&t, &files()).remove(0);
    assert_eq!(record.level, SignatureLevel::BaselineT);
    assert_eq!(faults(&record, &files()), Vec::<String>::new());
    assert_eq!(record.id, before.id);
    let lt = with_data(&t, 0);
    assert!(difference(&t, &lt).0.is_empty());
    let record = read(&lt, &files()).remove(0);
    assert_eq!(record.level, SignatureLevel::BaselineLt);
    assert_eq!(faults(&record, &files()), Vec::<String>::new());
    assert_eq!(record.id, before.id);
    let data = data();
    assert_eq!(
        record.certificates.len(),
        before.certificates.len() + data.certificates.len()
    );
    assert_eq!(record.revocation.len(), data.crls.len() + data.ocsps.len());
    // What is added a second time has its own place.
    let more = with_data(&lt, 0);
    assert!(
        String::from_utf8(more.clone())
            .unwrap()
            .contains("AnyValidationData")
    );
    let record = read(&more, &files()).remove(0);
    assert_eq!(record.level, SignatureLevel::BaselineLt);
    assert_eq!(
        record.revocation.len(),
        2 * (data.crls.len() + data.ocsps.len())
    );
}

#[test]
fn every_layout_of_another_producer_is_kept() {
    let b = created();
    let end = "</xades:QualifyingProperties>";
    for (inside, expected) in [
        ("", ""),
        ("<xades:UnsignedProperties/>", "/"),
        ("<xades:UnsignedProperties />", "/"),
        ("<xades:UnsignedProperties></xades:UnsignedProperties>", ""),
        (
            "<xades:UnsignedProperties><xades:UnsignedSignatureProperties Id='x'/></xades:UnsignedProperties>",
            "/",
        ),
        (
            "<xades:UnsignedProperties><!-- </x> --><xades:UnsignedSignatureProperties>\r\n\
          </xades:UnsignedSignatureProperties></xades:UnsignedProperties>",
            "",
        ),
        (
            "<xades:UnsignedProperties><xades:UnsignedDataObjectProperties/></xades:UnsignedProperties>",
            "",
        ),
    ] {
        let xml = b.replacen(end, &format!("{inside}{end}"), 1);
        let xml = format!("\u{FEFF}<?xml version=\"1.0\"?>\r\n<!-- ə -->\r\n{xml}\r\n");
        let t = stamped(xml.as_bytes(), 0);
        let (taken, _) = difference(xml.as_bytes(), &t);
        assert!(taken.is_empty() || taken == expected.as_bytes(), "{inside}");
        let record = read(&t, &files()).remove(0);
        assert_eq!(record.level, SignatureLevel::BaselineT, "{inside}");
        assert_eq!(faults(&record, &files()), Vec::<String>::new(), "{inside}");
    }
}

#[test]
fn signatures_of_others_are_augmented_under_any_canonicalization() {
    let pki = Pki::fixed().unwrap();
    let xml = DataFile::new("a.xml", "text/xml", b"<a><b>salam</b></a>");
    for canonicalization in [Canonicalization::Exclusive, Canonicalization::Inclusive11] {
        for (packaging, file) in [
            (Packaging::Container, file()),
            (Packaging::Enveloped, xml.clone()),
        ] {
            let spec = XadesSpec {
                packaging,
                canonicalization,
                ..XadesSpec::container(TIME)
            };
            let mut signature = sign(&spec, &[file], &pki.citizen_p384).unwrap();
            signature.stamp(&pki, TIME + 60).unwrap();
            let lt = with_data(&stamped(signature.document().as_bytes(), 0), 0);
            let record = read(&lt, &files()).remove(0);
            assert_eq!(record.timestamps.len(), 2);
            assert_eq!(faults(&record, &files()), Vec::<String>::new());
            assert_eq!(record.level, SignatureLevel::BaselineLt);
        }
    }
}

#[test]
fn one_of_several_signatures_is_augmented_and_the_others_stay() {
    let pki = Pki::fixed().unwrap();
    let make = |id: &str| {
        let spec = XadesSpec {
            id: id.to_owned(),
            ..XadesSpec::container(TIME)
        };
        sign(&spec, &[file()], &pki.citizen_p256).unwrap()
    };
    let xml = signatures_document(&[make("A"), make("B")]);
    let before = read(xml.as_bytes(), &files());
    let t = stamped(xml.as_bytes(), 1);
    let after = read(&t, &files());
    assert_eq!(after[0], before[0]);
    assert_eq!(after[1].level, SignatureLevel::BaselineT);
    assert_eq!(after[1].id, before[1].id);
}

#[test]
fn a_time_stamp_over_something_else_is_added_and_does_not_fit() {
    let b = created();
    let id = read(b.as_bytes(), &files())[0].id.clone();
    let token = token(b"something else");
    let t = add_signature_timestamp(b.as_bytes(), PLACE, &id, &token, &mut Budget::default());
    let record = read(&t.unwrap(), &files()).remove(0);
    assert_eq!(faults(&record, &files()), ["SignatureTimestamp: imprint"]);
}

fn refused(xml: &str, id: Option<&str>) -> &'static str {
    let records = read_within(xml.as_bytes(), &files(), &mut Budget::default());
    let own = records
        .ok()
        .and_then(|found| Some(found.first()?.id.clone()));
    let id = id.map(str::to_owned).or(own).unwrap_or_default();
    let budget = &mut Budget::default();
    let stamped = add_signature_timestamp(xml.as_bytes(), PLACE, &id, b"x", budget).unwrap_err();
    let with_data = add_validation_data(xml.as_bytes(), PLACE, &id, &data(), budget).unwrap_err();
    assert_eq!(stamped.code(), with_data.code());
    stamped.code()
}

#[test]
fn what_cannot_be_augmented_is_refused() {
    let b = created();
    assert_eq!(
        refused(&b, Some("S-0")),
        "api-misuse.contradictory-parameters"
    );
    assert_eq!(refused("<a>", Some("S-0")), "malformed.xml.syntax");
    let old = b.replace(
        "http://uri.etsi.org/01903/v1.3.2#",
        "http://uri.etsi.org/01903/v1.2.2#",
    );
    assert_eq!(refused(&old, None), "unsupported.feature");
    let budget = &mut Budget::default();
    let id = read(old.as_bytes(), &files())[0].id.clone();
    let error = add_signature_timestamp(old.as_bytes(), PLACE, &id, &[], budget);
    let reason = error.err().unwrap().reason();
    assert!(reason.contains("older XAdES namespaces"), "{reason}");
    let end = "</xades:QualifyingProperties>";
    let twice = "<xades:UnsignedProperties/><xades:UnsignedProperties/>";
    let twice = b.replacen(end, &format!("{twice}{end}"), 1);
    assert_eq!(refused(&twice, None), "malformed.xades.structure");
    let plain = b.replace("xades:QualifyingProperties", "xades:Other");
    assert_eq!(refused(&plain, None), "unsupported.feature");
    let broken = b.replacen("<ds:SignatureMethod", "<ds:Other", 1);
    assert_eq!(refused(&broken, None), "malformed.xml.structure");
}

#[test]
fn what_another_signature_covers_is_left_alone() {
    // The object with the properties is signed itself.
    let b = created();
    let reference = "<ds:Reference URI=\"#whole\"><ds:DigestMethod Algorithm=\
         \"http://www.w3.org/2001/04/xmlenc#sha256\"/><ds:DigestValue>AAAA</ds:DigestValue>\
         </ds:Reference></ds:SignedInfo>";
    let whole = b.replacen("</ds:SignedInfo>", reference, 1).replacen(
        "<ds:Object>",
        "<ds:Object Id=\"whole\">",
        1,
    );
    assert_eq!(refused(&whole, None), "unsupported.feature");
    // A second signature is over the whole document but itself.
    let pki = Pki::fixed().unwrap();
    let spec = XadesSpec {
        id: "outer".to_owned(),
        packaging: Packaging::Enveloped,
        ..XadesSpec::container(TIME)
    };
    let file = DataFile::new("a.xml", "text/xml", b"<a></a>");
    let outer = sign(&spec, &[file], &pki.citizen_p256).unwrap().document();
    let both = outer.replacen("<a>", &format!("<a>{b}"), 1);
    assert_eq!(read(both.as_bytes(), &files()).len(), 2);
    assert_eq!(refused(&both, None), "unsupported.feature");
}

#[test]
fn nothing_to_add_changes_nothing() {
    let b = created();
    let id = read(b.as_bytes(), &files())[0].id.clone();
    let none = ValidationData::default();
    let same = add_validation_data(b.as_bytes(), PLACE, &id, &none, &mut Budget::default());
    assert_eq!(same.unwrap(), b.as_bytes());
}

#[test]
fn a_document_in_another_encoding_is_read_and_not_augmented() {
    let utf_8 = created();
    let declared = utf_8
        .split_once("?>")
        .map_or(utf_8.as_str(), |(_, body)| body);
    let in_utf_16: Vec<u8> = "\u{FEFF}"
        .encode_utf16()
        .chain(declared.encode_utf16())
        .flat_map(u16::to_le_bytes)
        .collect();
    let records = read(&in_utf_16, &files());
    let id = records[0].id.clone();
    let before = in_utf_16.clone();
    let budget = &mut Budget::default();
    let token = token(b"whatever");
    for outcome in [
        signature_timestamp_input(&in_utf_16, PLACE, &id, budget).map(drop),
        add_signature_timestamp(&in_utf_16, PLACE, &id, &token, budget).map(drop),
        add_validation_data(&in_utf_16, PLACE, &id, &data(), budget).map(drop),
    ] {
        let error = outcome.unwrap_err();
        assert_eq!(error.code(), "unsupported.feature");
        assert!(error.to_string().contains("encoding"), "{error}");
    }
    assert_eq!(in_utf_16, before);
}
