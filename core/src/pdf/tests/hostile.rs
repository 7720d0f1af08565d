//! Damaged files: an answer for each, and the same answer however the host reads.

use super::super::testing::*;
use super::super::*;
use crate::error::Error;
use crate::limits::Budget;

/// A file with everything: tables, streams, object streams, a signature, a store, an update.
fn rich() -> Vec<u8> {
    let mut file = Builder::new();
    file.object(
        1,
        "<</Type/Catalog/AcroForm 3 0 R/DSS 10 0 R/Perms 13 0 R>>",
    )
    .object(4, "<</FT/Sig/T(one)/V 5 0 R>>")
    .object(5, unfilled("30030201010000"))
    .stream(
        8,
        "/Type/ObjStm/N 2/First 9",
        b"3 0 10 31 <</SigFlags 3/Fields[4 0 R]>> <</Certs[11 0 R]>>",
    )
    .object(13, "<</DocMDP 5 0 R>>")
    .stream(11, "", b"certificate")
    .xref_stream(9, &[(3, 8, 0), (10, 8, 1)], "/Root 1 0 R");
    fill(&mut file.octets);
    file.object(12, "[1 2 3]").table("/Root 1 0 R");
    file.octets
}

#[test]
fn an_object_stream_whose_length_is_in_itself_is_no_endless_way() {
    for (length, other) in [("3 0 R", "1"), ("7 0 R", "3 0 R")] {
        let mut file = Builder::new();
        let head = format!("<</Type/ObjStm/N 2/First 9/Length {length}>>\nstream\n");
        let data = "1 0 3 40 <</Type/Catalog/AcroForm 3 0 R>>       60        ";
        file.object(8, format!("{head}{data}\nendstream"))
            .object(7, other)
            .xref_stream(9, &[(1, 8, 0), (3, 8, 1)], "/Root 1 0 R");
        assert!(open_with(&file.octets, None, Budget::default()).is_err());
    }
}

fn facts(octets: &[u8], page: Option<u64>) -> Result<String, Error> {
    open_with(octets, page, Budget::default()).map(|opened| {
        let document = &opened.document;
        format!(
            "{:?} {:?} {:?} {:?} {:?}",
            document.revisions(),
            document.findings(),
            document.signatures(),
            document.security_store(),
            opened.budget
        )
    })
}

#[test]
fn pages_change_neither_facts_nor_charges() {
    let file = rich();
    let at_hand = facts(&file, None).unwrap();
    for page in [1, 64, 1000, 65_536] {
        assert_eq!(facts(&file, Some(page)).unwrap(), at_hand);
    }
}

#[test]
fn every_cut_has_an_answer() {
    let file = rich();
    for cut in 0..file.len() {
        let whole = facts(&file[..cut], None);
        if cut % 7 == 0 {
            assert_eq!(facts(&file[..cut], Some(64)), whole, "{cut}");
        }
    }
}

#[test]
fn every_flipped_bit_has_an_answer() {
    let file = rich();
    for index in 0..file.len() {
        for bit in [0, 3, 5, 7] {
            let mut flipped = file.clone();
            flipped[index] ^= 1 << bit;
            let _ = facts(&flipped, None);
        }
    }
}

#[test]
fn every_octet_made_a_delimiter_has_an_answer() {
    let file = rich();
    for index in 0..file.len() {
        for octet in *b"<>[]()/% \n9\0" {
            let mut changed = file.clone();
            changed[index] = octet;
            let _ = facts(&changed, None);
        }
    }
}

#[test]
fn no_change_in_the_signature_dictionary_goes_unnoticed() {
    let file = rich();
    let clean = open(&file).unwrap();
    let dictionary = clean.signatures()[0].dictionary.as_ref().unwrap();
    assert_eq!(dictionary.faults, []);
    let [before, after] = dictionary.signed_ranges(clean.length()).unwrap();
    // The numbers and the delimiters of the gap decide what is signed.
    let range = file
        .windows(10)
        .position(|window| window == b"/ByteRange")
        .unwrap();
    let gap = before.end as usize..after.start as usize;
    for index in (range..range + 46).chain([gap.start, gap.end - 1]) {
        let mut changed = file.clone();
        changed[index] ^= 1;
        let Ok(document) = open(&changed) else {
            continue;
        };
        let unharmed = document.signatures().iter().any(|field| {
            let Ok(found) = &field.dictionary else {
                return false;
            };
            // The end of line behind `%%EOF` may be signed or not.
            let ranges = found.signed_ranges(clean.length());
            let same = ranges.is_some_and(|[first, second]| {
                first == before
                    && second.start == after.start
                    && second.end.abs_diff(after.end) <= 1
            });
            found.faults.is_empty() && !same
        });
        assert!(!unharmed, "{index}");
    }
}

#[test]
fn deep_forms_and_deep_values_end_at_the_limit() {
    let mut file = Builder::new();
    file.form("4 0 R");
    for number in 4..400 {
        file.object(number, format!("<</T(x)/Kids[{} 0 R]>>", number + 1));
    }
    file.table("/Root 1 0 R");
    assert!(matches!(open(&file.octets), Err(Error::LimitExceeded(_))));

    let mut file = Builder::new();
    file.form(&"[".repeat(100_000)).table("/Root 1 0 R");
    assert!(matches!(open(&file.octets), Err(Error::LimitExceeded(_))));
}

#[test]
fn forms_that_lead_in_a_circle_end() {
    let mut file = Builder::new();
    file.form("4 0 R 4 0 R 6 0 R")
        .object(4, "<</T(x)/Kids[5 0 R]>>")
        .object(5, "<</T(y)/Kids[4 0 R 5 0 R]>>")
        .object(6, "6 0 R")
        .object(7, "<</Kids 7>>")
        .table("/Root 1 0 R");
    let findings = open(&file.octets).unwrap().findings().to_vec();
    assert!(
        findings
            .iter()
            .any(|finding| matches!(finding, Finding::RepeatedField { .. }))
    );
    assert!(
        findings
            .iter()
            .any(|finding| matches!(finding, Finding::UnreadableField { .. }))
    );
}

#[test]
fn objects_that_need_themselves_end() {
    // The length of a stream is in the stream; an object stream contains itself.
    let mut file = Builder::new();
    file.object(1, "<</AcroForm 3 0 R/DSS<</Certs[5 0 R]>>>>")
        .object(5, "<</Length 5 0 R>>stream\nx\nendstream")
        .xref_stream(9, &[(3, 8, 0), (8, 8, 0)], "/Root 1 0 R");
    assert!(matches!(open(&file.octets), Err(Error::Malformed(_))));
}

#[test]
fn streams_with_wrong_lengths_are_not_guessed() {
    for length in ["0", "2", "4", "99999", "-1", "/x", "7 0 R"] {
        let mut file = Builder::new();
        file.object(1, "<</DSS<</Certs[5 0 R]>>>>")
            .object(5, format!("<</Length {length}>>stream\nabc\nendstream"))
            .table("/Root 1 0 R");
        let document = open(&file.octets).unwrap();
        // A length of 4 takes the end of line for data, and `endstream` follows.
        let kept = usize::from(length == "4");
        assert_eq!(
            document.security_store().certificates.len(),
            kept,
            "{length}"
        );
        assert_eq!(
            document.security_store().failures.len(),
            1 - kept,
            "{length}"
        );
    }
}
