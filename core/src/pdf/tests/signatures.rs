//! Signature fields, the rules of the ByteRange, the security store.

use super::super::testing::*;
use super::super::*;
use crate::error::{Error, MalformedKind};

/// SEQUENCE { INTEGER 1 } and padding.
const CONTENTS: &str = "30030201010000";

fn faults(octets: &[u8]) -> Vec<ByteRangeFault> {
    let document = open(octets).unwrap();
    let dictionary = document.signatures()[0].dictionary.clone().unwrap();
    dictionary.faults
}

fn only(document: &Document) -> &SignatureDictionary {
    assert_eq!(document.signatures().len(), 1);
    document.signatures()[0].dictionary.as_ref().unwrap()
}

fn replace(octets: &[u8], from: &str, to: &str) -> Vec<u8> {
    assert_eq!(from.len(), to.len());
    let at = octets
        .windows(from.len())
        .position(|window| window == from.as_bytes())
        .unwrap();
    let mut octets = octets.to_vec();
    octets[at..at + to.len()].copy_from_slice(to.as_bytes());
    octets
}

/// A signed file whose signature dictionary is written by hand.
fn with_dictionary(dictionary: &str) -> Vec<u8> {
    let mut file = Builder::new();
    file.form("4 0 R")
        .object(4, "<</FT/Sig/T(one)/V 5 0 R>>")
        .object(5, dictionary)
        .table("/Root 1 0 R");
    if dictionary.contains('#') {
        fill(&mut file.octets);
    }
    file.octets
}

#[test]
fn a_signature_that_follows_every_rule() {
    let file = signed(CONTENTS);
    let document = open(&file.octets).unwrap();
    let dictionary = only(&document);
    assert_eq!(dictionary.faults, []);
    assert_eq!(document.signatures()[0].name.as_deref(), Some("one"));
    assert_eq!(
        dictionary.sub_filter.as_deref(),
        Some("ETSI.CAdES.detached")
    );
    assert_eq!(dictionary.message(), Some(&[0x30, 3, 2, 1, 1][..]));
    assert_eq!(
        dictionary.claimed_signing_time.unwrap().seconds,
        1_704_164_645
    );
    assert_eq!(dictionary.signed_revision, Some(0));
    let [before, after] = dictionary.signed_ranges(document.length()).unwrap();
    assert_eq!(after.end, file.here());
    let gap = &file.octets[before.end as usize..after.start as usize];
    assert_eq!(gap, format!("<{CONTENTS}>").as_bytes());
    assert!(document.findings().is_empty());
}

#[test]
fn later_updates_leave_the_signed_revision_as_it_was() {
    let mut file = signed(CONTENTS);
    file.object(9, "<<>>").table("/Root 1 0 R");
    let document = open(&file.octets).unwrap();
    assert_eq!(only(&document).faults, []);
    assert_eq!(only(&document).signed_revision, Some(0));
    assert_eq!(document.revisions().len(), 2);
}

#[test]
fn byte_ranges_that_are_not_four_plain_numbers() {
    for range in [
        "[0 1 2]",
        "[0 1 2 3 4]",
        "[0 -1 2 3]",
        "[0 1.5 2 3]",
        "[]",
        "null",
        "6 0 R",
        "(x)",
    ] {
        let file = with_dictionary(&format!("<</ByteRange {range}/Contents<3000>>>"));
        assert_eq!(faults(&file), [ByteRangeFault::NotFourNumbers], "{range}");
    }
}

#[test]
fn byte_ranges_that_miss_the_start_the_gap_or_the_end() {
    use ByteRangeFault::*;
    let file = signed(CONTENTS).octets;
    assert_eq!(
        faults(&replace(&file, "[0 ", "[1 ")),
        [NotFromStart, GapIsNotContents]
    );
    let huge = with_dictionary(
        "<</ByteRange[0 9 9223372036854775807 9223372036854775807]/Contents<3000>>>",
    );
    assert_eq!(
        faults(&huge),
        [GapIsNotContents, NotARevision, RangesOverlap]
    );
    let overlap = with_dictionary("<</ByteRange[0 99 50 10]/Contents<3000>>>");
    assert_eq!(
        faults(&overlap),
        [NoGap, GapIsNotContents, NotARevision, RangesOverlap]
    );
    let none = with_dictionary("<</ByteRange[0 50 50 10]/Contents<3000>>>");
    assert_eq!(faults(&none), [NoGap, GapIsNotContents, NotARevision]);
}

#[test]
fn a_signature_that_ends_before_or_after_its_revision() {
    use ByteRangeFault::*;
    let mut file = signed(CONTENTS);
    file.raw("trailing");
    let mut cut = signed(CONTENTS).octets;
    let range = cut
        .windows(10)
        .position(|window| window == b"/ByteRange")
        .unwrap();
    let end = range
        + cut[range..]
            .iter()
            .position(|octet| *octet == b']')
            .unwrap();
    let mut longer = file.octets.clone();
    let length: u64 = std::str::from_utf8(&cut[end - 10..end])
        .unwrap()
        .parse()
        .unwrap();
    longer[end - 10..end].copy_from_slice(format!("{:010}", length + 8).as_bytes());
    assert_eq!(faults(&longer), [NotARevision]);
    // The end of line behind the mark may be left out, and nothing more.
    cut[end - 10..end].copy_from_slice(format!("{:010}", length - 1).as_bytes());
    assert_eq!(faults(&cut), []);
    cut[end - 10..end].copy_from_slice(format!("{:010}", length - 2).as_bytes());
    assert_eq!(faults(&cut), [NotARevision]);
}

#[test]
fn gaps_with_anything_but_the_contents() {
    use ByteRangeFault::*;
    let mut file = Builder::new();
    file.form("4 0 R")
        .object(4, "<</FT/Sig/T(one)/V 5 0 R>>")
        .object(5, unfilled(CONTENTS).replace("/Contents<", "/Contents <"))
        .table("/Root 1 0 R");
    let octets = &mut file.octets;
    // The filler takes the string and what stands before it for the gap.
    let spaced = replace(octets, "/Contents <", "/Contents<<");
    let mut filled = spaced;
    fill(&mut filled);
    let filled = replace(&filled, "/Contents<<", "/Contents <");
    assert_eq!(faults(&filled), [GapIsNotContents]);
}

#[test]
fn contents_that_are_not_plain_hexadecimal_digits() {
    use ByteRangeFault::*;
    assert_eq!(faults(&signed("3003 02010100").octets), [ContentsNotExact]);
    assert_eq!(
        faults(&signed("300302010100000").octets),
        [ContentsNotExact]
    );
    let literal = with_dictionary("<</ByteRange[0 1 2 3]/Contents(\\060\\000)>>");
    assert_eq!(
        faults(&literal),
        [GapIsNotContents, NotARevision, ContentsNotExact]
    );
}

#[test]
fn contents_with_something_behind_the_message() {
    use ByteRangeFault::*;
    assert_eq!(
        faults(&signed("300302010100ff00").octets),
        [ContentsPadding]
    );
    assert_eq!(faults(&signed("30060201010000").octets), [ContentsNotDer]);
    assert_eq!(faults(&signed("").octets), [ContentsNotDer]);
}

#[test]
fn contents_that_are_missing_or_elsewhere() {
    use ByteRangeFault::*;
    for contents in ["", "/Contents null", "/Contents 6 0 R", "/Contents 1"] {
        let file = with_dictionary(&format!("<</ByteRange[0 1 2 3]{contents}>>"));
        assert_eq!(
            faults(&file),
            [
                GapIsNotContents,
                NotARevision,
                ContentsNotExact,
                ContentsNotDer
            ],
            "{contents}"
        );
    }
}

#[test]
fn a_dictionary_that_a_later_update_replaced() {
    let mut file = signed(CONTENTS);
    let first = open(&file.octets).unwrap();
    let [a, b, c] = only(&first).byte_range.unwrap()[1..] else {
        panic!()
    };
    file.object(
        5,
        format!("<</ByteRange[0 {a} {b} {c}]/Contents<{CONTENTS}>>>"),
    )
    .table("/Root 1 0 R");
    assert_eq!(
        faults(&file.octets),
        [
            ByteRangeFault::GapIsNotContents,
            ByteRangeFault::OutsideRevision
        ]
    );
}

#[test]
fn a_dictionary_with_a_key_twice() {
    let file = with_dictionary(&unfilled(CONTENTS).replace("/Type/Sig", "/Type/Sig/Type/Sig"));
    assert_eq!(faults(&file), [ByteRangeFault::DuplicateKey]);
    let document = open(&file).unwrap();
    assert!(document.findings().iter().any(Finding::is_ambiguous));
}

#[test]
fn one_dictionary_in_two_fields_is_one_signature_and_a_fault() {
    let mut file = Builder::new();
    file.form("4 0 R 6 0 R")
        .object(4, "<</FT/Sig/T(one)/V 5 0 R>>")
        .object(6, "<</FT/Sig/T(two)/V 5 0 R>>")
        .object(5, unfilled(CONTENTS))
        .table("/Root 1 0 R");
    fill(&mut file.octets);
    assert_eq!(
        only(&open(&file.octets).unwrap()).faults,
        [ByteRangeFault::SharedByFields]
    );
}

#[test]
fn a_copied_value_is_a_fault_of_the_copy() {
    let mut file = signed(CONTENTS);
    file.object(3, "<</Fields[8 0 R 4 0 R]>>")
        .object(8, "<</FT/Sig/T(copy)/V 9 0 R>>")
        .object(9, unfilled(CONTENTS))
        .table("/Root 1 0 R");
    fill(&mut file.octets);
    let document = open(&file.octets).unwrap();
    let of = |name| {
        document
            .signature(name)
            .unwrap()
            .dictionary
            .clone()
            .unwrap()
            .faults
    };
    assert_eq!(of("copy"), [ByteRangeFault::CopyOfAnother]);
    assert_eq!(of("one"), []);
}

#[test]
fn names_are_joined_and_kinds_inherited() {
    let mut file = Builder::new();
    file.form("4 0 R")
        .object(4, "<</T(a)/FT/Sig/Kids 7 0 R>>")
        .object(7, "[6 0 R 8 0 R 4 0 R]")
        .object(
            6,
            "<</T(b)/V 5 0 R/Lock<</Action/Include/Fields[(x)(y)]/P 1>>>>",
        )
        .object(8, "<</T(c)/FT/Tx/V(text)>>")
        .object(5, unfilled(CONTENTS))
        .table("/Root 1 0 R");
    fill(&mut file.octets);
    let document = open(&file.octets).unwrap();
    assert_eq!(only(&document).faults, []);
    let field = document.signature("a.b").unwrap();
    let lock = field.lock.clone().unwrap();
    assert_eq!(lock.action.as_deref(), Some("Include"));
    assert_eq!(lock.fields, ["x", "y"]);
    assert_eq!(lock.permission, Some(1));
    assert!(matches!(
        document.findings(),
        [Finding::RepeatedField { .. }]
    ));
}

#[test]
fn transforms_are_read_through_references() {
    let dictionary = unfilled(CONTENTS).replace(
        "/Type/Sig",
        "/Type/Sig/Reference[6 0 R<</TransformMethod/FieldMDP/TransformParams<</Action/All>>>>]",
    );
    let mut file = Builder::new();
    file.object(1, "<</AcroForm 3 0 R/Perms<</DocMDP 5 0 R>>>>")
        .object(3, "<</Fields[4 0 R]>>")
        .object(4, "<</FT/Sig/V 5 0 R>>")
        .object(5, dictionary)
        .object(6, "<</TransformMethod/DocMDP/TransformParams 7 0 R>>")
        .object(7, "<</P 2>>")
        .table("/Root 1 0 R");
    fill(&mut file.octets);
    let document = open(&file.octets).unwrap();
    let transforms = &only(&document).transforms;
    assert_eq!(transforms[0].method.as_deref(), Some("DocMDP"));
    assert_eq!(transforms[0].parameters.permission, Some(2));
    assert_eq!(transforms[1].parameters.action.as_deref(), Some("All"));
    assert_eq!(document.certification(), only(&document).object);
}

#[test]
fn fields_that_are_not_signed_or_not_signatures_are_passed_over() {
    for field in [
        "<</FT/Sig>>",
        "<</FT/Sig/V null>>",
        "<</FT/Sig/V 99 0 R>>",
        "<</V 5 0 R>>",
        "<</FT/Tx/V 5 0 R>>",
    ] {
        let mut file = Builder::new();
        file.form("4 0 R")
            .object(4, field)
            .object(5, unfilled(CONTENTS))
            .table("/Root 1 0 R");
        assert!(
            open(&file.octets).unwrap().signatures().is_empty(),
            "{field}"
        );
    }
}

#[test]
fn a_signature_that_cannot_be_read_is_still_located() {
    for dictionary in ["7", "[]", "<</Reference 1>>", "<</Reference[1]>>"] {
        let document = open(&with_dictionary(dictionary)).unwrap();
        assert!(
            matches!(
                &document.signatures()[0].dictionary,
                Err(Error::Malformed(_))
            ),
            "{dictionary}"
        );
    }
}

#[test]
fn a_signature_inside_an_object_stream_has_no_place_in_the_file() {
    let mut file = Builder::new();
    file.form("4 0 R").object(4, "<</FT/Sig/T(one)/V 5 0 R>>");
    let hidden = "<</ByteRange[0 1 2 3]/Contents<3000>>>";
    file.stream(
        8,
        "/Type/ObjStm/N 1/First 4",
        format!("5 0 {hidden}").as_bytes(),
    )
    .xref_stream(9, &[(5, 8, 0)], "/Root 1 0 R");
    let document = open(&file.octets).unwrap();
    assert_eq!(only(&document).contents_token, None);
    assert!(
        only(&document)
            .faults
            .contains(&ByteRangeFault::GapIsNotContents)
    );
}

#[test]
fn the_security_store_with_its_revisions() {
    let mut file = signed(CONTENTS);
    file.object(1, "<</AcroForm 3 0 R/DSS 20 0 R>>")
        .object(20, "<</Certs[21 0 R 21 0 R]/CRLs 22 0 R/VRI<</Type/VRI/AB<</Cert[21 0 R]/OCSP[24 0 R]/TS 25 0 R>>>>>>")
        .stream(21, "", b"certificate")
        .object(22, "[23 0 R]")
        .stream(23, "/Filter/ASCIIHexDecode", b"6372 6c>")
        .stream(24, "", b"ocsp")
        .stream(25, "", b"token")
        .table("/Root 1 0 R");
    let document = open(&file.octets).unwrap();
    let store = document.security_store();
    let octets = |values: &[StoredValue]| -> Vec<Vec<u8>> {
        assert!(values.iter().all(|value| value.revision == 1));
        values.iter().map(|value| value.octets.to_vec()).collect()
    };
    assert!(store.is_present);
    assert_eq!(octets(&store.certificates), [b"certificate"]);
    assert_eq!(octets(&store.crls), [b"crl"]);
    assert_eq!(octets(&store.ocsps), [b"ocsp"]);
    assert_eq!(octets(&store.timestamps), [b"token"]);
    assert_eq!(store.failures, []);
}

#[test]
fn what_is_wrong_in_a_store_leaves_the_rest() {
    let mut file = Builder::new();
    file.object(1, "<</DSS<</Certs[<<>> 2 0 R 3 0 R 99 0 R]/OCSPs 5>>>>")
        .object(2, "<<>>")
        .stream(3, "", b"good")
        .table("/Root 1 0 R");
    let document = open(&file.octets).unwrap();
    assert_eq!(document.security_store().certificates.len(), 1);
    assert_eq!(document.security_store().failures.len(), 4);
}

#[test]
fn a_document_encrypted_to_a_key_is_unsupported() {
    let mut file = Builder::new();
    file.object(1, "<</AcroForm 3 0 R>>")
        .object(3, "<</Fields[4 0 R]>>")
        .object(4, "<</FT/Sig/T(one)/V 5 0 R>>")
        .object(5, unfilled(CONTENTS))
        .object(7, "<</Filter/Adobe.PubSec/V 4/R 4>>")
        .table("/Root 1 0 R/Encrypt 7 0 R");
    fill(&mut file.octets);
    let error = open(&file.octets).map(|_| ()).unwrap_err();
    assert_eq!(error.code(), "unsupported.encryption");
}

#[test]
fn an_encryption_that_cannot_be_read_is_malformed() {
    for value in ["[]", "7 0 R", "<<>>", "(x)", "<</Filter/Standard>>"] {
        let mut file = Builder::new();
        file.object(1, "<</Pages<<>>>>")
            .table(&format!("/Root 1 0 R/Encrypt {value}"));
        let error = open(&file.octets).map(|_| ()).unwrap_err();
        assert_eq!(error.code(), "malformed.pdf.encryption", "{value}");
    }
}

#[test]
fn a_document_without_a_form_or_without_a_catalog() {
    let mut file = Builder::new();
    file.object(1, "<</Type/Catalog>>").table("/Root 1 0 R");
    assert!(open(&file.octets).unwrap().signatures().is_empty());
    for root in ["", "/Root 9 0 R", "/Root(x)"] {
        let mut file = Builder::new();
        file.object(1, "<</Type/Catalog>>").table(root);
        let Err(Error::Malformed(malformed)) = open(&file.octets) else {
            panic!("{root}");
        };
        assert!(matches!(
            malformed.kind,
            MalformedKind::PdfTrailer | MalformedKind::PdfObject
        ));
    }
}

/// A signed file in which an object stands before the signature dictionary, as it is written.
fn behind(other: &str) -> Vec<u8> {
    let mut file = Builder::new();
    file.form("4 0 R").object(4, "<</FT/Sig/T(one)/V 5 0 R>>");
    file.object(6, other)
        .object(5, unfilled(CONTENTS))
        .table("/Root 1 0 R");
    fill(&mut file.octets);
    file.octets
}

#[test]
fn no_other_object_has_octets_of_the_gap_or_behind_the_signed_ranges() {
    use ByteRangeFault::ReachesUnsigned;
    // The end of an object is written behind each of these, and then the signature.
    for honest in [
        "<</Length 3>>stream\nabc\nendstream",
        "<</Length 2>>stream\nabc\nendstream",
        "<<>>stream\nabc\nendstream",
        "(x)",
        "<</A(endobj)>>",
    ] {
        assert_eq!(faults(&behind(honest)), [], "{honest}");
    }
    for hostile in [
        // Across the dictionary by its length, by the search for its end, and as a string.
        "<</Length 190>>stream\nabc",
        "<</Length 1>>stream\nabc",
        "<<>>stream\nabc",
        "<</Length 190>>stream\nabc\nendstream",
        "(x",
        "<</A(x",
        "<</A",
    ] {
        let found = faults(&behind(hostile));
        assert_eq!(found, [ReachesUnsigned], "{hostile}");
    }
    // Behind the end of the file, into whatever is appended.
    let past = behind("<</Length 99999>>stream\nabc\nendstream");
    assert_eq!(faults(&past), [ReachesUnsigned]);
    let findings = open(&past).unwrap().findings().to_vec();
    assert!(findings.iter().any(Finding::is_ambiguous));
}

#[test]
fn nothing_but_its_field_uses_a_signature() {
    use ByteRangeFault::SharedByFields;
    let honest = "<</DocMDP 5 0 R>>";
    assert_eq!(faults(&behind(honest)), []);
    for hostile in [
        "<</Subtype/Popup/Parent 5 0 R>>",
        "[5 0 R]",
        "<</A<</IRT 5 0 R>>>>",
    ] {
        assert_eq!(faults(&behind(hostile)), [SharedByFields], "{hostile}");
    }
    let note = unfilled(CONTENTS).replace("/Type/Sig", "/Type/Sig/Subtype/FreeText/Rect[0 0 9 9]");
    assert_eq!(faults(&with_dictionary(&note)), [SharedByFields]);
}
