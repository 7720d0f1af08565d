//! What we write, we read without a finding.

use super::build::File;
use super::*;
use crate::error::ApiMisuse;
use crate::source::Piece;
use crate::zip::{Content, NewEntry, add, create, replace};

pub(super) fn data_file() -> Vec<u8> {
    noise(3000)
}

pub(super) fn entries() -> Vec<NewEntry> {
    let data = data_file();
    vec![
        NewEntry::octets("mimetype", *b"application/vnd.etsi.asic-e+zip"),
        NewEntry {
            name: "ərizə.pdf".into(),
            content: Content::Copy {
                input: InputId(0),
                range: 0..data.len() as u64,
                crc32: crc32fast::hash(&data),
                digest: None,
            },
        },
        NewEntry::octets("empty", *b""),
        NewEntry::octets("META-INF/signatures0.xml", *b"<signatures/>"),
    ]
}

fn directory_of(edits: &Edits, files: &[Vec<u8>]) -> Directory {
    let mut host = Host::new(files.to_vec());
    let mut source = Source::new(edits.clone(), host.paged(), 64);
    let directory = open(&mut host, &mut source, &mut Budget::default()).unwrap();
    assert_eq!(directory.findings, []);
    directory
}

#[test]
fn a_new_container_has_no_findings_and_is_the_same_each_time() {
    let edits = create(&entries()).unwrap();
    assert_eq!(edits, create(&entries()).unwrap());
    let bytes = written(&edits, &[data_file()]);
    let outcome = read(&bytes).unwrap();
    assert_eq!(outcome.findings, []);
    assert_eq!(outcome.file("ərizə.pdf").as_ref(), Ok(&data_file()));
    assert_eq!(&bytes[30..38], b"mimetype");
    assert_eq!(&bytes[38..69], b"application/vnd.etsi.asic-e+zip");
    // Bit 11 for the one name that needs it.
    assert_eq!([bytes[6], bytes[7]], [0, 0]);
    assert_eq!([bytes[69 + 6], bytes[69 + 7]], [0, 8]);
}

#[test]
fn an_added_file_leaves_the_others_where_they_are() {
    let edits = create(&entries()).unwrap();
    let files = [data_file()];
    let before = written(&edits, &files);
    let directory = directory_of(&edits, &files);
    let new = NewEntry::octets("META-INF/signatures1.xml", *b"<more/>");
    // Over the unwritten result, and over the file that it would be.
    let over_edits = add(&edits, &directory, std::slice::from_ref(&new)).unwrap();
    let after = written(&over_edits, &files);
    let whole = Edits::whole(InputId(0), before.len() as u64);
    let over_file = add(&whole, &directory, &[new]).unwrap();
    assert_eq!(after, written(&over_file, std::slice::from_ref(&before)));

    let kept = directory.range.start as usize;
    assert_eq!(after[..kept], before[..kept]);
    let outcome = read(&after).unwrap();
    assert_eq!(outcome.findings, []);
    assert_eq!(outcome.files.len(), 5);
    assert_eq!(
        outcome.file("META-INF/signatures1.xml").as_deref(),
        Ok(&b"<more/>"[..])
    );
}

#[test]
fn a_replaced_file_leaves_no_gap() {
    let mut list = entries();
    list.rotate_right(1);
    list.swap(0, 1);
    let edits = create(&list).unwrap();
    let files = [data_file()];
    let directory = directory_of(&edits, &files);
    assert_eq!(&*directory.entries[1].name, "META-INF/signatures0.xml");
    let longer = NewEntry::octets("META-INF/signatures0.xml", vec![b'x'; 500]);
    let edits = replace(&edits, &directory, &[longer]).unwrap();
    let outcome = read(&written(&edits, &files)).unwrap();
    assert_eq!(outcome.findings, []);
    assert_eq!(outcome.files.len(), 4);
    assert_eq!(outcome.file("ərizə.pdf").as_ref(), Ok(&data_file()));
    assert_eq!(
        outcome.file("META-INF/signatures0.xml").as_ref(),
        Ok(&vec![b'x'; 500])
    );
}

#[test]
fn a_strangers_container_is_changed_with_all_its_peculiarities() {
    let stranger = super::build::with_comment(
        &[
            File::deflated("b", &b"b".repeat(99)).described(true, false),
            File::deflated("sig", b"old").described(false, false),
            File::deflated("a", &b"a".repeat(99)).described(true, true),
            File::stored("mimetype", b"application/zip"),
        ],
        b"a comment",
    );
    let mut host = Host::new(vec![stranger.clone()]);
    let mut source = Source::file(host.paged(), InputId(0), 64).unwrap();
    let directory = open(&mut host, &mut source, &mut Budget::default()).unwrap();
    let new = NewEntry::octets("sig", *b"new");
    let edits = replace(source.edits(), &directory, &[new]).unwrap();
    let bytes = written(&edits, &[stranger]);
    let outcome = read(&bytes).unwrap();
    assert_eq!(outcome.kinds(), [MalformedKind::ZipMimetype]);
    assert_eq!(outcome.file("a").as_ref(), Ok(&b"a".repeat(99)));
    assert_eq!(outcome.file("sig").as_deref(), Ok(&b"new"[..]));
    assert!(bytes.ends_with(b"a comment"));
}

#[test]
fn a_malformed_container_is_not_changed() {
    let hostile = super::build::container(&[File::stored("a", b"1"), File::stored("a", b"2")]);
    let mut host = Host::new(vec![hostile]);
    let mut source = Source::file(host.at_hand(), InputId(0), 64).unwrap();
    let directory = open(&mut host, &mut source, &mut Budget::default()).unwrap();
    let refused = add(source.edits(), &directory, &[NewEntry::octets("b", *b"")]);
    assert!(matches!(refused, Err(Error::Malformed(malformed))
        if malformed.kind == MalformedKind::ZipDuplicate));
}

#[test]
fn names_that_readers_would_refuse_are_not_written() {
    let misuse = |names: &[&str]| {
        let entries: Vec<_> = names
            .iter()
            .map(|name| NewEntry::octets(*name, *b""))
            .collect();
        create(&entries).unwrap_err()
    };
    for name in ["", "../a", "/a", "a\\b", "folder/", &"x".repeat(70_000)] {
        assert_eq!(misuse(&[name]), ApiMisuse::BadFileName.into(), "{name}");
    }
    assert_eq!(misuse(&["a", "A"]), ApiMisuse::DuplicateName.into());
    assert_eq!(
        misuse(&["a", "mimetype"]),
        ApiMisuse::ContradictoryParameters.into()
    );
}

/// Five gibibytes that exist as a declaration only.
#[test]
fn a_large_file_gets_wide_fields() {
    let size = 5u64 << 30;
    let large = NewEntry {
        name: "large".into(),
        content: Content::Copy {
            input: InputId(0),
            range: 0..size,
            crc32: 7,
            digest: None,
        },
    };
    let after = NewEntry::octets("after", *b"x");
    let edits = create(&[large, after]).unwrap();
    let [
        Piece::Insert(header),
        Piece::Copy { .. },
        Piece::Insert(_),
        ..,
    ] = edits.pieces()
    else {
        panic!("other pieces: {:?}", edits.pieces());
    };
    assert_eq!(header.len(), 30 + 5 + 20);
    let inputs = crate::source::Inputs::new(vec![crate::source::Input::on_request("large", size)]);
    let mut source = Source::new(edits.clone(), Arc::new(inputs), 4096);
    let mut opening = Opening::new();
    let mut budget = Budget::default();
    let directory = loop {
        match opening.advance(&mut source, &mut budget) {
            Ok(Advance::Done(directory)) => break directory,
            Ok(Advance::More) => {}
            Err(crate::source::Stop::NotHere) => {
                for (input, range) in source.wanted() {
                    let zeroes = vec![0; (range.end - range.start) as usize];
                    source.supply(input, range, &zeroes).unwrap();
                }
            }
            Err(stop) => panic!("{stop:?}"),
        }
    };
    assert_eq!(directory.findings, []);
    assert_eq!(directory.entries[0].size, size);
    assert!(directory.entries[1].header_offset > size);
    assert!(directory.entries[1].offset_is_wide);

    // Its removal moves the next file down, in a field of 64 bits.
    let small = NewEntry::octets("large", *b"small");
    let edits = replace(&edits, &directory, &[small]).unwrap();
    let outcome = read(&written(&edits, &[Vec::new()])).unwrap();
    assert_eq!(outcome.findings, []);
    assert_eq!(outcome.file("after").as_deref(), Ok(&b"x"[..]));
}

#[test]
fn seventy_thousand_files_get_a_wide_count() {
    let entries: Vec<_> = (0..70_000)
        .map(|index| NewEntry::octets(format!("{index}"), *b""))
        .collect();
    let bytes = written(&create(&entries).unwrap(), &[]);
    let outcome = read_with(&bytes, Some(1 << 16), 1 << 16, Limits::default()).unwrap();
    assert_eq!(outcome.findings, []);
    assert_eq!(outcome.files.len(), 70_000);
}
