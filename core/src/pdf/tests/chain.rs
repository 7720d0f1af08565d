//! The cross-reference chain.

use super::super::testing::*;
use super::super::*;
use crate::error::{Error, MalformedKind};
use crate::job::InputId;
use crate::limits::{Budget, Limits, Resource};
use crate::source::{Advance, Input, Inputs, Source, Stop};
use std::sync::Arc;

fn kind(octets: &[u8]) -> MalformedKind {
    match open(octets) {
        Err(Error::Malformed(malformed)) => malformed.kind,
        other => panic!("{:?}", other.map(|document| document.findings().to_vec())),
    }
}

fn object(octets: &[u8], number: u32, as_of: usize) -> Object {
    let mut opened = open_with(octets, None, Budget::default()).unwrap();
    let generation = 0;
    let reference = ObjectReference { number, generation };
    opened
        .document
        .object(reference, as_of, &mut opened.source, &mut opened.budget)
        .unwrap()
        .0
}

#[test]
fn an_object_as_of_each_revision() {
    let mut file = Builder::new();
    file.object(1, "<</Pages<<>>>>")
        .object(2, "10")
        .table("/Root 1 0 R");
    file.object(2, "20").table("/Root 1 0 R");
    file.object(3, "30").xref_stream(4, &[], "/Root 1 0 R");
    let previous = open(&file.octets).unwrap().revisions()[2].section;
    let at = file.here();
    file.raw(format!(
        "xref\n2 1\n0000000000 00001 f \ntrailer<</Root 1 0 R/Size 5/Prev {previous}>>\n"
    ))
    .end(at);
    let octets = &file.octets;
    assert_eq!(object(octets, 2, 0), Object::Integer(10));
    assert_eq!(object(octets, 2, 1), Object::Integer(20));
    assert_eq!(object(octets, 2, 2), Object::Integer(20));
    assert_eq!(object(octets, 2, 3), Object::Null);
    assert_eq!(object(octets, 3, 1), Object::Null);
    assert_eq!(object(octets, 3, 2), Object::Integer(30));
    let document = open(octets).unwrap();
    assert_eq!(document.revisions().len(), 4);
    assert!(document.revisions()[2].has_stream);
    assert_eq!(document.history(2).len(), 3);
    assert!(document.findings().is_empty(), "{:?}", document.findings());
}

#[test]
fn objects_in_object_streams() {
    let mut file = Builder::new();
    file.object(1, "<</Pages<<>>>>")
        .stream(5, "/Type/ObjStm/N 2/First 8", b"2 0 3 4 [1] (x)")
        .xref_stream(
            6,
            &[(2, 5, 0), (3, 5, 1), (4, 5, 0), (7, 5, 9)],
            "/Root 1 0 R",
        );
    assert_eq!(
        object(&file.octets, 2, 0),
        Object::Array(vec![Object::Integer(1)])
    );
    assert_eq!(
        &*object(&file.octets, 3, 0).as_string().unwrap().octets,
        b"x"
    );
    let mut opened = open_with(&file.octets, None, Budget::default()).unwrap();
    // The stream says another number, or has no such place.
    for number in [4, 7] {
        let generation = 0;
        let reference = ObjectReference { number, generation };
        let read = opened
            .document
            .object(reference, 0, &mut opened.source, &mut opened.budget);
        assert!(matches!(read, Err(Stop::Error(Error::Malformed(_)))));
    }
}

#[test]
fn a_replaced_object_stream_is_ambiguous() {
    let mut file = Builder::new();
    file.object(1, "<</Pages<<>>>>")
        .stream(5, "/Type/ObjStm/N 1/First 4", b"2 0 (old)")
        .xref_stream(6, &[(2, 5, 0)], "/Root 1 0 R");
    file.stream(5, "/Type/ObjStm/N 1/First 4", b"2 0 (new)")
        .xref_stream(7, &[], "/Root 1 0 R");
    let mut opened = open_with(&file.octets, None, Budget::default()).unwrap();
    let reference = ObjectReference {
        number: 2,
        generation: 0,
    };
    let mut read = |as_of| {
        let (source, budget) = (&mut opened.source, &mut opened.budget);
        let (object, _) = opened
            .document
            .object(reference, as_of, source, budget)
            .unwrap();
        object.as_string().unwrap().octets.to_vec()
    };
    assert_eq!(read(0), b"old");
    assert_eq!(read(1), b"new");
    assert!(matches!(
        opened.document.findings(),
        [Finding::ReplacedObjectStream { number: 5 }]
    ));
}

/// What an unsigned file may hide is told before "nothing signed" is.
#[test]
fn what_can_hide_a_signature_is_found() {
    let found = |octets: &[u8]| {
        let document = open(octets).unwrap();
        let kinds = document.findings().iter().filter_map(Finding::leaves_open);
        kinds.collect::<Vec<_>>()
    };
    let catalog = "<</Pages<<>>>>";
    let mut file = Builder::new();
    file.object(1, catalog).table("/Root 1 0 R");
    assert_eq!(found(&file.octets), []);
    let with = |old: &str, new: &str| {
        let text = String::from_utf8_lossy(&file.octets).replace(old, new);
        // The octets of the mark behind the header are not UTF-8 and three times as long then.
        let text = text.replace("%\u{fffd}\u{fffd}\u{fffd}\u{fffd}", "%abcd");
        found(text.as_bytes())
    };
    assert_eq!(with("%PDF-1.7", "%PDF-X.Y"), [MalformedKind::PdfHeader]);
    assert_eq!(
        with("startxref\n", "startxref "),
        [MalformedKind::PdfStartxref]
    );
    assert_eq!(with("\n%%EOF", "\n7\n%%EOF"), [MalformedKind::PdfStartxref]);
    assert_eq!(with("/Size 2", "/Size 1"), [MalformedKind::PdfTrailer]);
    assert_eq!(with("/Pages", "/Paces"), [MalformedKind::PdfObject]);
    assert_eq!(
        with("0000000015 0", "        15 0"),
        [MalformedKind::PdfCrossReference]
    );

    let mut file = Builder::new();
    file.object(1, "<</Pages 2 0 R>>")
        .stream(5, "/Type/ObjStm/N 1/First 4", b"2 0 <<>>")
        .xref_stream(6, &[(2, 5, 0), (3, 5, 0)], "/Root 1 0 R");
    assert_eq!(found(&file.octets), [MalformedKind::PdfCrossReference]);
    assert!(
        open(&file.octets)
            .unwrap()
            .findings()
            .iter()
            .all(Finding::is_ambiguous)
    );

    // A field that is its own kid.
    let mut file = Builder::new();
    file.form("4 0 R")
        .object(4, "<</FT/Tx/T(one)/Kids[4 0 R]>>")
        .table("/Root 1 0 R");
    assert_eq!(found(&file.octets), [MalformedKind::PdfReferenceLoop]);
}

/// A hybrid file whose object 2 is hidden, and `table` says this about it.
fn hybrid(table: &str) -> Vec<u8> {
    let mut file = Builder::new();
    let catalog = file.here();
    file.raw("1 0 obj<</Pages<<>>>>endobj\n");
    let container = file.here();
    file.stream(5, "/Type/ObjStm/N 1/First 4", b"2 0 (hidden)");
    let stream = file.here();
    let object = file.xref_stream_object(6, &[(2, 5, 0)], "");
    file.raw(object);
    let at = file.here();
    file.raw(format!(
        "xref\n0 3\n0000000000 65535 f \n{catalog:010} 00000 n \n{table}5 1\n{container:010} 00000 n \n\
         trailer<</Root 1 0 R/Size 7/XRefStm {stream}>>\n"
    ))
    .end(at);
    file.octets
}

#[test]
fn hybrid_files_show_what_their_stream_adds() {
    let file = hybrid("0000000000 00000 f \n");
    assert_eq!(&*object(&file, 2, 0).as_string().unwrap().octets, b"hidden");
    assert!(open(&file).unwrap().findings().is_empty());
    let conflict = open(&hybrid("0000000015 00000 n \n")).unwrap();
    assert!(matches!(
        conflict.findings(),
        [Finding::HybridConflict { number: 2 }]
    ));
}

#[test]
fn a_linearized_file_is_one_revision() {
    let mut file = Builder::new();
    file.raw("9 0 obj<</Linearized 1>>endobj\n");
    let catalog = file.here();
    file.raw("1 0 obj<</Pages<<>>>>endobj\n");
    let first_page = file.here();
    let trailer = "trailer<</Root 1 0 R/Size 10/Prev ##########>>\nstartxref\n0\n%%EOF\n";
    file.raw(format!("xref\n1 1\n{catalog:010} 00000 n \n{trailer}"));
    let second = file.here();
    file.raw("2 0 obj(two)endobj\n");
    let main = file.here();
    file.raw(format!(
        "xref\n0 1\n0000000000 65535 f \n2 1\n{second:010} 00000 n \ntrailer<</Size 10>>\n"
    ))
    .end(first_page);
    let at = file
        .octets
        .windows(10)
        .position(|window| window == b"##########")
        .unwrap();
    file.octets[at..at + 10].copy_from_slice(format!("{main:010}").as_bytes());
    let document = open(&file.octets).unwrap();
    assert!(document.findings().is_empty(), "{:?}", document.findings());
    let [revision] = document.revisions() else {
        panic!()
    };
    assert!(revision.is_linearized);
    assert_eq!(revision.end.clone().unwrap().end, file.here());
    assert_eq!(
        &*object(&file.octets, 2, 0).as_string().unwrap().octets,
        b"two"
    );
    // An update afterwards is a second revision.
    file.object(3, "3").table("/Root 1 0 R");
    assert_eq!(open(&file.octets).unwrap().revisions().len(), 2);
}

#[test]
fn chains_that_lead_in_a_circle() {
    let mut file = Builder::new();
    file.object(1, "<</Pages<<>>>>");
    let at = file.here();
    file.table(&format!("/Root 1 0 R/Prev {at}"));
    assert_eq!(kind(&file.octets), MalformedKind::PdfCrossReferenceLoop);

    let mut file = Builder::new();
    file.object(1, "<</Pages<<>>>>")
        .table("/Root 1 0 R/Prev ##########");
    file.object(2, "2");
    let second = file.here();
    file.table("/Root 1 0 R");
    let at = file
        .octets
        .windows(10)
        .position(|window| window == b"##########")
        .unwrap();
    file.octets[at..at + 10].copy_from_slice(format!("{second:010}").as_bytes());
    assert_eq!(kind(&file.octets), MalformedKind::PdfCrossReferenceLoop);
}

#[test]
fn a_chain_that_leads_forward_is_ambiguous() {
    let mut file = Builder::new();
    let first = file.here();
    file.object(1, "<</Pages<<>>>>").table("/Root 1 0 R");
    let later = file.octets.len();
    file.raw(format!(
        "xref\n0 0\ntrailer<</Root 1 0 R/Prev {}>>\n",
        later + 200
    ));
    file.raw("startxref\n0\n%%EOF\n");
    file.raw(vec![b' '; later + 200 - file.octets.len()]);
    let section = open(&file.octets[..later]).unwrap().revisions()[0].section;
    assert!(first < section);
    file.raw(format!(
        "xref\n0 0\ntrailer<</Root 1 0 R/Prev {section}>>\n"
    ))
    .end(later as u64);
    let document = open(&file.octets).unwrap();
    assert!(
        document
            .findings()
            .iter()
            .any(|finding| matches!(finding, Finding::PreviousIsLater { .. }))
    );
    assert!(document.findings().iter().any(Finding::is_ambiguous));
}

#[test]
fn files_without_header_startxref_or_section() {
    assert_eq!(kind(b"no PDF"), MalformedKind::PdfHeader);
    assert_eq!(kind(b""), MalformedKind::PdfHeader);
    assert_eq!(kind(b"%PDF-1.7\n"), MalformedKind::PdfStartxref);
    assert_eq!(kind(b"%PDF-1.7\nstartxref\nx"), MalformedKind::PdfStartxref);
    assert_eq!(
        kind(b"%PDF-1.7\nstartxref\n99999"),
        MalformedKind::PdfObject
    );
    assert_eq!(
        kind(b"%PDF-1.7\n1 0 obj<<>>endobj\nstartxref\n9"),
        MalformedKind::PdfCrossReference
    );
    let mut far = signed("3000").octets;
    far.extend_from_slice(&[b' '; 2 << 20]);
    assert_eq!(kind(&far), MalformedKind::PdfStartxref);
}

#[test]
fn trailers_with_wrong_links() {
    for keys in [
        "/Prev(x)",
        "/Prev -1",
        "/XRefStm/x",
        "/XRefStm 9",
        "/Prev 99999",
    ] {
        let mut file = Builder::new();
        file.object(1, "<</Pages<<>>>>")
            .table(&format!("/Root 1 0 R{keys}"));
        assert!(
            matches!(open(&file.octets), Err(Error::Malformed(_))),
            "{keys}"
        );
    }
}

#[test]
fn octets_before_the_header_and_after_the_end() {
    let plain = signed("3000").octets;
    // Offsets from the header.
    let shifted = [b"junk\n".as_slice(), &plain].concat();
    let document = open(&shifted).unwrap();
    assert!(
        document
            .findings()
            .contains(&Finding::DataBeforeHeader { length: 5 })
    );
    assert!(document.findings().contains(&Finding::OffsetsFromHeader));
    // Offsets from the first octet.
    let mut file = Builder::new();
    file.octets.splice(0..0, *b"junk\n");
    file.object(1, "<</Pages<<>>>>")
        .table("/Root 1 0 R")
        .raw("more");
    let document = open(&file.octets).unwrap();
    assert_eq!(
        document.findings(),
        [
            Finding::DataBeforeHeader { length: 5 },
            Finding::DataAfterEnd { length: 4 }
        ]
    );
}

#[test]
fn sections_that_contradict_themselves() {
    let mut file = Builder::new();
    file.object(1, "<</Pages<<>>>>")
        .object(1, "<</A 1>>")
        .table("/Root 1 0 R");
    assert!(
        open(&file.octets)
            .unwrap()
            .findings()
            .contains(&Finding::DuplicateEntry { number: 1 })
    );

    let mut file = Builder::new();
    file.object(1, "<</Pages<<>>>>").table("/Root 1 0 R");
    file.object(2, "<</Pages<<>>>>").table("/Root 2 0 R");
    assert_eq!(
        open(&file.octets).unwrap().findings(),
        [Finding::CatalogChanged]
    );
    // A later trailer without the encryption of the others.
    let mut file = Builder::new();
    file.object(1, "<</Pages<<>>>>")
        .table("/Root 1 0 R/Encrypt<<>>");
    file.object(2, "<<>>").table("/Root 1 0 R");
    let findings = open(&file.octets).unwrap().findings().to_vec();
    assert_eq!(findings, [Finding::EncryptionChanged]);

    let mut file = Builder::new();
    file.object(1, "<</Pages<<>>>>").table("/Root 1 0 R");
    file.object(2, "<<>>");
    file.table("/Root 1 0 R");
    let at = file
        .octets
        .windows(9)
        .position(|window| window == b"startxref")
        .unwrap();
    file.octets[at + 10] = b'9';
    let findings = open(&file.octets).unwrap().findings().to_vec();
    assert!(
        matches!(findings[..], [Finding::StartxrefElsewhere { .. }]),
        "{findings:?}"
    );
}

#[test]
fn an_object_behind_the_end_of_its_revision_is_refused() {
    let mut file = Builder::new();
    file.object(1, "<</AcroForm 3 0 R>>");
    let entry = file.octets.len();
    file.raw("xref\n0 1\n0000000000 65535 f \n1 1\n0000000015 00000 n \n3 1\n##########");
    let at = file.octets.len() - 10;
    file.raw(" 00000 n \ntrailer<</Root 1 0 R/Size 4>>\n")
        .end(entry as u64);
    let planted = file.here();
    file.raw("3 0 obj<</Fields[]>>endobj\n");
    file.octets[at..at + 10].copy_from_slice(format!("{planted:010}").as_bytes());
    assert_eq!(kind(&file.octets), MalformedKind::PdfObject);
}

#[test]
fn an_object_with_another_number_than_its_entry_is_refused() {
    let mut file = signed("3000").octets;
    let at = file
        .windows(8)
        .position(|window| window == b"\n1 0 obj")
        .unwrap();
    file[at + 1] = b'7';
    assert_eq!(kind(&file), MalformedKind::PdfObject);
}

#[test]
fn a_thousand_revisions_cost_a_thousand_parses() {
    let mut parses = Vec::new();
    for revisions in [100u64, 1_000] {
        let mut file = signed("30030201010000");
        for number in 0..revisions - 1 {
            file.object(10, number.to_string()).table("/Root 1 0 R");
        }
        let opened = open_with(&file.octets, Some(64), Budget::default()).unwrap();
        assert_eq!(opened.document.revisions().len() as u64, revisions);
        assert_eq!(opened.budget.spent(Resource::Revisions), revisions);
        assert!(
            opened.document.signatures()[0]
                .dictionary
                .as_ref()
                .unwrap()
                .faults
                .is_empty()
        );
        parses.push(opened.document.parses());
        assert!(opened.host.most_held < 16 << 10);
    }
    assert!(parses[1] <= 1_000 * 3 + 50, "{parses:?}");
    assert!(parses[1] - parses[0] <= 900 * 3, "{parses:?}");
}

#[test]
fn more_revisions_or_entries_than_the_limits() {
    let mut file = Builder::new();
    file.object(1, "<</Pages<<>>>>").table("/Root 1 0 R");
    file.object(2, "2").table("/Root 1 0 R");
    type Narrow = fn(&mut Limits);
    let set: [(Narrow, Resource); 4] = [
        (|limits| limits.revisions = 1, Resource::Revisions),
        (|limits| limits.entries = 2, Resource::Entries),
        (
            |limits| limits.structure_bytes = 100,
            Resource::StructureBytes,
        ),
        (|limits| limits.values = 5, Resource::Values),
    ];
    for (set, resource) in set {
        let mut limits = Limits::default();
        set(&mut limits);
        let opened = open_with(&file.octets, Some(64), Budget::new(Arc::new(limits)));
        let Err(Error::LimitExceeded(limit)) = opened.map(|opened| opened.document.parses()) else {
            panic!("{resource}");
        };
        assert_eq!(limit.resource, resource);
    }
}

#[test]
fn offsets_beyond_four_gigabytes() {
    // Nothing but the head and the tail of the file exists.
    const LENGTH: u64 = 5 << 30;
    let mut tail = Builder::new();
    tail.octets.clear();
    let start = LENGTH - 4096;
    let catalog = start + tail.here();
    tail.raw("1 0 obj<</AcroForm<</Fields[]>>>>endobj\n");
    let at = start + tail.here();
    let data = [&[1u8][..], &catalog.to_be_bytes()].concat();
    tail.raw("2 0 obj<</Type/XRef/W[1 8 0]/Index[1 1]/Size 3/Root 1 0 R/Length 9>>stream\n")
        .raw(data)
        .raw("\nendstream endobj\n")
        .end(at);
    tail.octets.resize(4096, b'\n');
    let inputs = Arc::new(Inputs::new(vec![Input::on_request("large", LENGTH)]));
    let mut source = Source::file(inputs, InputId(0), 512).unwrap();
    let mut opening = Opening::new(&source);
    let mut budget = Budget::default();
    let mut supplied = 0;
    let document = loop {
        match opening.advance(&mut source, &mut budget) {
            Ok(Advance::Done(document)) => break document,
            Ok(Advance::More) => {}
            Err(Stop::NotHere) => {
                for (input, range) in source.wanted() {
                    supplied += range.end - range.start;
                    let octets: Vec<u8> = range
                        .clone()
                        .map(|at| match at.checked_sub(start) {
                            Some(at) => tail.octets[at as usize],
                            None => *b"%PDF-2.0\n".get(at as usize).unwrap_or(&b' '),
                        })
                        .collect();
                    source.supply(input, range, &octets).unwrap();
                }
            }
            Err(Stop::Error(error)) => panic!("{error}"),
        }
    };
    assert_eq!(document.revisions()[0].section, at);
    assert_eq!(
        document.history(1),
        [(
            0,
            Entry::InFile {
                offset: catalog,
                generation: 0
            }
        )]
    );
    assert!(supplied < 64 << 10);
}
