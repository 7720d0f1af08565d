//! Files whose end leads to no section, or to white space before it.

use super::super::testing::*;
use super::super::*;
use crate::error::{Error, MalformedKind};

const CATALOG: &str = "<</Pages<<>>/Mark/Here>>";

fn kind(octets: &[u8]) -> MalformedKind {
    match open(octets) {
        Err(Error::Malformed(malformed)) => malformed.kind,
        other => panic!("{:?}", other.map(|document| document.findings().to_vec())),
    }
}

fn last(octets: &[u8], what: &[u8]) -> usize {
    let mut windows = octets.windows(what.len());
    windows.rposition(|window| window == what).unwrap()
}

/// The file with another number behind its last `startxref`.
fn leading_to(octets: &[u8], stated: &str) -> Vec<u8> {
    let at = last(octets, b"startxref\n") + 10;
    let mut file = octets[..at].to_vec();
    file.extend_from_slice(format!("{stated}\n%%EOF\n").as_bytes());
    file
}

fn plain(has_stream: bool) -> Vec<u8> {
    let mut file = Builder::new();
    file.object(1, CATALOG);
    match has_stream {
        true => file.xref_stream(2, &[], "/Root 1 0 R"),
        false => file.table("/Root 1 0 R"),
    };
    file.octets
}

#[test]
fn a_section_is_found_where_the_end_leads_to_none() {
    for has_stream in [false, true] {
        let file = plain(has_stream);
        let section = open(&file).unwrap().revisions()[0].section;
        for stated in ["9", "0", "999999", &(section + 1).to_string()] {
            let document = open(&leading_to(&file, stated)).unwrap();
            let repaired = Finding::StartxrefRepaired { section };
            assert_eq!(
                document.findings(),
                std::slice::from_ref(&repaired),
                "{stated}"
            );
            assert!(repaired.is_ambiguous() && repaired.leaves_open().is_some());
            assert_eq!(document.revisions()[0].section, section);
            assert_eq!(document.history(1).len(), 1);
        }
        // Cut before its end, and with an end that is no number.
        let cut = file[..last(&file, b"startxref")].to_vec();
        for broken in [cut, leading_to(&file, "x")] {
            let document = open(&broken).unwrap();
            let unfinished = Finding::UnfinishedUpdate { section };
            assert_eq!(
                document.findings(),
                [Finding::StartxrefRepaired { section }, unfinished]
            );
        }
        // Read by pages as it is at hand.
        let broken = leading_to(&file, "9");
        let paged = open_with(&broken, Some(64), Default::default()).unwrap();
        let whole = open_with(&broken, None, Default::default()).unwrap();
        assert_eq!(paged.document.findings(), whole.document.findings());
        assert_eq!(paged.budget, whole.budget);
    }
}

#[test]
fn an_update_is_found_with_what_it_follows() {
    let mut file = Builder::new();
    file.object(1, CATALOG).table("/Root 1 0 R");
    file.object(2, "7").table("/Root 1 0 R");
    let broken = leading_to(&file.octets, "9");
    let document = open(&broken).unwrap();
    assert_eq!(document.revisions().len(), 2);
    assert!(matches!(
        document.findings(),
        [Finding::StartxrefRepaired { .. }]
    ));
    // An update that follows nothing, and one that follows what is none.
    let text = |old: &str, new: &str| {
        let at = last(&broken, old.as_bytes());
        let mut file = broken.clone();
        file.splice(at..at + old.len(), new.bytes());
        file
    };
    let unlinked = text("/Prev", "/Pref");
    assert_eq!(kind(&unlinked), MalformedKind::PdfCrossReference);
    let wrong = text("/Prev ", "/Prev 9");
    assert!(matches!(open(&wrong), Err(Error::Malformed(_))));
}

#[test]
fn what_may_be_half_of_a_file_is_not_repaired() {
    let mut file = Builder::new();
    file.object(3, "<</Linearized 1/L 9>>").object(1, CATALOG);
    file.table("/Root 1 0 R");
    assert!(open(&file.octets).is_ok());
    let broken = leading_to(&file.octets, "9");
    assert!(matches!(open(&broken), Err(Error::Malformed(_))));
}

#[test]
fn white_space_before_a_section_is_said() {
    for has_stream in [false, true] {
        let file = plain(has_stream);
        let section = open(&file).unwrap().revisions()[0].section;
        let document = open(&leading_to(&file, &(section - 1).to_string())).unwrap();
        let space = Finding::SpaceBeforeSection { section };
        assert_eq!(document.findings(), std::slice::from_ref(&space));
        assert!(!space.is_ambiguous() && space.leaves_open().is_none());
        assert_eq!(document.revisions()[0].begin, section);
    }
}

/// An original, and a signature behind it.
fn signed_behind(original: &str) -> Vec<u8> {
    let mut file = Builder::new();
    file.object(1, "<</Type/Catalog/Pages 2 0 R/AcroForm 3 0 R>>")
        .object(2, "<</Type/Pages/Kids[]/Count 0>>")
        .object(3, "<</Fields[]>>")
        .table("/Root 1 0 R");
    let end = leading_to(&file.octets, original);
    let length = file.octets.len();
    file.octets.truncate(last(&file.octets, b"startxref"));
    file.raw(&end[last(&end, b"startxref")..]);
    assert_eq!(file.octets.len(), length);
    file.object(3, "<</SigFlags 3/Fields[4 0 R]>>")
        .object(4, "<</FT/Sig/T(one)/V 5 0 R>>")
        .object(5, unfilled("3000"))
        .table("/Root 1 0 R");
    fill(&mut file.octets);
    file.octets
}

#[test]
fn the_end_of_a_revision_under_a_signature_leads_nobody() {
    let document = open(&signed_behind("999")).unwrap();
    assert_eq!(document.signatures().len(), 1);
    let findings = document.findings();
    assert!(
        matches!(findings, [Finding::StartxrefSuperseded { .. }]),
        "{findings:?}"
    );
    assert!(!findings.iter().any(Finding::is_ambiguous));
}

#[test]
fn the_end_of_a_signed_revision_leads_to_it_or_is_ambiguous() {
    let file = signed("3000");
    let document = open(&leading_to(&file.octets, "9")).unwrap();
    assert_eq!(document.signatures().len(), 1);
    assert!(document.findings().iter().any(Finding::is_ambiguous));
    // With an update behind it that is found.
    let mut file = signed("3000");
    let at = last(&file.octets, b"startxref\n") + 10;
    file.octets[at] ^= 1;
    file.object(9, "7").table("/Root 1 0 R");
    let findings = open(&file.octets).unwrap().findings().to_vec();
    assert!(
        matches!(findings[..], [Finding::StartxrefElsewhere { .. }]),
        "{findings:?}"
    );
}
