//! Containers that want to be read in two ways, or not at all.

use super::build::{File, container, end, locator, parts, unicode_path, wide_end, with_comment};
use super::*;
use crate::zip::Weight;
use MalformedKind::*;

fn a() -> File {
    File::stored("a", b"aaaa")
}

fn b() -> File {
    File::stored("b", b"bbbb")
}

#[test]
fn duplicate_names_are_found() {
    for (one, other) in [
        ("contract.pdf", "contract.pdf"),
        ("contract.pdf", "Contract.PDF"),
        ("folder", "folder/"),
        ("m\u{fc}hle", "mu\u{308}hle"),
        ("STRASSE", "stra\u{df}e"),
    ] {
        let files = [File::stored(one, b""), b(), File::stored(other, b"")];
        let outcome = read(&container(&files)).unwrap();
        assert_eq!(outcome.kinds(), [ZipDuplicate], "{one} {other}");
        assert_eq!(outcome.findings[0].entry, Some(2));
    }
    let files = [File::stored("qap\u{131}", b""), File::stored("qapi", b"")];
    assert_eq!(kinds(&container(&files)), []);
}

#[test]
fn names_that_lead_outside_are_found() {
    for name in ["../a", "/a", "a\\b", "a\0b", "", "C:a", "a/../../b"] {
        assert_eq!(
            kinds(&container(&[File::stored(name, b"")])),
            [ZipName],
            "{name}"
        );
    }
}

#[test]
fn a_name_given_twice_differently_is_found() {
    let (right, wrong) = (unicode_path(b"a", "a"), unicode_path(b"a", "other"));
    let both = [&right[..], &wrong].concat();
    let stale = unicode_path(b"b", "other");
    for extra in [&wrong, &both, &stale] {
        let central = File {
            extra: extra.clone(),
            ..a()
        };
        let local = File {
            local_extra: extra.clone(),
            ..a()
        };
        for file in [central, local] {
            assert_eq!(kinds(&container(&[file])), [ZipMismatch]);
        }
    }
    let file = File {
        extra: right.clone(),
        local_extra: right.repeat(2),
        ..a()
    };
    assert_eq!(kinds(&container(&[file])), []);
    let file = File::stored("", b"").named(&[0xff]).flagged(1 << 11);
    assert_eq!(kinds(&container(&[file])), [ZipMismatch, ZipNameEncoding]);
}

#[test]
fn names_that_unicode_paths_swap_are_found() {
    // Octets of code page 437: some readers take these for the names, some the paths.
    let file = |octets: &[u8], path: &str| File {
        extra: unicode_path(octets, path),
        ..File::stored("", b"").named(octets)
    };
    let swapped = [file(b"\x81", "\u{e9}"), file(b"\x82", "\u{fc}")];
    let expected = [ZipMismatch, ZipMismatch, ZipNameEncoding, ZipNameEncoding];
    assert_eq!(kinds(&container(&swapped)), expected);
    let agreed = [file(b"\x81", "\u{fc}"), file(b"\x82", "\u{e9}")];
    assert_eq!(
        kinds(&container(&agreed)),
        [ZipNameEncoding, ZipNameEncoding]
    );
}

#[test]
fn two_wide_fields_of_one_header_are_found() {
    let wide = [1u16, 0].map(u16::to_le_bytes).concat();
    for (extra, local_extra) in [(wide.repeat(2), vec![]), (vec![], wide.repeat(2))] {
        let file = File {
            extra,
            local_extra,
            ..a()
        };
        assert_eq!(kinds(&container(&[file])), [ZipMismatch]);
    }
}

#[test]
fn a_local_header_that_contradicts_the_directory_is_found() {
    let other_name = File {
        local_name: b"c".to_vec(),
        ..a()
    };
    let other_checksum = File {
        local: Some((7, 4, 4)),
        ..a()
    };
    let other_size = File {
        local: Some((a().crc32, 3, 3)),
        ..a()
    };
    let other_flags = File {
        local_flags: 1 << 11,
        ..a()
    };
    let empty_fields = File {
        local: Some((0, 0, 0)),
        ..a()
    };
    for file in [
        other_name,
        other_checksum,
        other_size,
        other_flags,
        empty_fields,
    ] {
        let outcome = read(&container(&[file, b()])).unwrap();
        assert_eq!(outcome.kinds(), [ZipMismatch]);
        assert_eq!(outcome.findings[0].weight(), Weight::Failure);
        // The octets are where both say, so that digests can still be told.
        assert_eq!(outcome.file("a").as_deref(), Ok(&b"aaaa"[..]));
    }
    let mut bytes = container(&[a(), b()]);
    bytes[8] = 8;
    assert_eq!(kinds(&bytes), [ZipMismatch]);
    let mut bytes = container(&[a(), b()]);
    bytes[0] = b'Q';
    let outcome = read(&bytes).unwrap();
    assert_eq!(outcome.kinds(), [ZipRecord]);
    assert!(outcome.file("a").is_err());
    assert!(outcome.file("b").is_ok());
}

#[test]
fn a_descriptor_that_contradicts_the_directory_is_found() {
    for octet in 0..16 {
        let mut file = a().described(true, false);
        file.after[octet] ^= 1;
        assert_eq!(
            kinds(&container(&[file, b()])),
            [ZipMismatch],
            "octet {octet}"
        );
    }
    for (length, kind) in [
        (0, ZipTruncated),
        (11, ZipTruncated),
        (13, ZipGap),
        (25, ZipGap),
    ] {
        let mut file = a().described(true, false);
        file.after.resize(length, 0);
        assert_eq!(kinds(&container(&[file, b()])), [kind], "length {length}");
    }
    let only_local = File {
        flags: 0,
        ..a().described(true, false)
    };
    assert_eq!(kinds(&container(&[only_local, b()])), [ZipMismatch]);
}

#[test]
fn octets_that_no_part_accounts_for_are_found() {
    let between = File {
        after: b"hidden".to_vec(),
        ..a()
    };
    assert_eq!(kinds(&container(&[between.clone(), b()])), [ZipGap]);
    assert_eq!(kinds(&container(&[b(), between])), [ZipGap]);

    let (body, directory) = parts(&[a(), b()], 7);
    let prefixed = [
        &b"#!/bin/"[..],
        &body,
        &directory,
        &end(2, directory.len() as u32, 7 + body.len() as u32, b""),
    ]
    .concat();
    let outcome = read(&prefixed).unwrap();
    assert_eq!(outcome.kinds(), [ZipGap]);
    assert!(outcome.file("a").is_ok());

    let (body, directory) = parts(&[a(), b()], 0);
    let size = directory.len() as u32;
    let end = end(2, size, body.len() as u32, b"");
    assert_eq!(
        kinds(&[&body[..], &directory, b"hidden", &end].concat()),
        [ZipGap]
    );
    assert_eq!(
        kinds(&[&body[..], &directory, &end, b"behind"].concat()),
        [ZipGap]
    );
    assert_eq!(
        refusal(&[b"before", &body[..], &directory, &end].concat()),
        ZipRecord
    );
}

#[test]
fn an_unlisted_file_is_found() {
    let (body, directory) = parts(&[a(), b()], 0);
    let only_first = &directory[..directory.len() / 2];
    let end = end(1, only_first.len() as u32, body.len() as u32, b"");
    assert_eq!(kinds(&[&body[..], only_first, &end].concat()), [ZipGap]);
}

#[test]
fn overlapping_files_are_found() {
    // Twice the same octets under two names.
    let twin = File {
        offset: Some(0),
        ..b()
    };
    let outcome = read(&container(&[a(), twin])).unwrap();
    assert!(outcome.kinds().contains(&ZipOverlap));
    assert!(outcome.file("b").is_err());

    // A file within a file.
    let inner = parts(&[b()], 0).0;
    let outer = File::stored("outer", &inner);
    let inner = File {
        offset: Some(30 + 5),
        ..b()
    };
    let (body, _) = parts(std::slice::from_ref(&outer), 0);
    let directory = [outer.record(0), inner.record(35)].concat();
    let end = end(2, directory.len() as u32, body.len() as u32, b"");
    let outcome = read(&[&body[..], &directory, &end].concat()).unwrap();
    assert_eq!(outcome.kinds(), [ZipOverlap, ZipOverlap]);
    assert!(outcome.file("outer").is_err());
    assert!(outcome.file("b").is_ok());

    // A file beyond the directory, and one that would reach into it.
    for file in [
        File {
            offset: Some(1 << 20),
            ..a()
        },
        File {
            declared: Some(5000),
            size: 5000,
            ..a()
        },
    ] {
        let outcome = read(&container(&[b(), file])).unwrap();
        assert!(
            outcome.kinds().contains(&ZipOverlap),
            "{:?}",
            outcome.kinds()
        );
        assert!(outcome.file("a").is_err());
        assert!(outcome.file("b").is_ok());
    }
}

#[test]
fn a_file_that_declares_four_gibibytes_costs_nothing() {
    let file = File {
        declared: Some(u32::MAX - 1),
        size: u32::MAX - 1,
        ..a()
    };
    let outcome = read(&container(&[b(), file])).unwrap();
    assert!(outcome.kinds().contains(&ZipOverlap));
    assert!(outcome.file("a").is_err());
    // A directory that declares as much.
    assert_eq!(refusal(&end(1, u32::MAX - 1, 0, b"")), ZipRecord);
    assert_eq!(refusal(&end(0, 5, u32::MAX - 1, b"")), ZipRecord);
}

#[test]
fn encrypted_and_unknown_methods_are_found() {
    for flags in [1, 1 << 6, 1 << 13] {
        let outcome = read(&container(&[a().flagged(flags), b()])).unwrap();
        assert_eq!(outcome.kinds(), [ZipEncrypted]);
        assert!(outcome.file("a").is_err());
        assert!(outcome.file("b").is_ok());
    }
    for method in [1, 9, 12, 14, 93, 99] {
        let outcome = read(&container(&[File { method, ..a() }, b()])).unwrap();
        assert_eq!(outcome.kinds(), [ZipMethod]);
        assert!(outcome.file("a").is_err());
    }
}

#[test]
fn wrong_checksums_and_sizes_are_found() {
    for file in [a(), File::deflated("a", b"aaaa")] {
        let wrong = File { crc32: 7, ..file };
        let outcome = read(&container(&[wrong, b()])).unwrap();
        assert_eq!(outcome.kinds(), [ZipChecksum]);
        assert_eq!(outcome.file("a").as_deref(), Ok(&b"aaaa"[..]));
    }
    let stored = File { size: 5, ..a() };
    let outcome = read(&container(&[stored, b()])).unwrap();
    assert_eq!(outcome.kinds(), [ZipChecksum]);
    assert!(outcome.file("a").is_err());
    for (size, kind) in [(3, ZipInflate), (5, ZipChecksum)] {
        let file = File {
            size,
            ..File::deflated("a", b"aaaa")
        };
        let outcome = read(&container(&[file, b()])).unwrap();
        assert_eq!(outcome.kinds(), [kind]);
        assert!(outcome.file("a").is_err());
    }
}

#[test]
fn data_that_cannot_be_inflated_is_found() {
    let deflated = File::deflated("a", &noise(5000));
    let mut files = Vec::new();
    files.push(File {
        data: deflated.data[..4000].to_vec(),
        ..deflated.clone()
    });
    files.push(File {
        data: [&deflated.data[..], b"more"].concat(),
        ..deflated.clone()
    });
    files.push(File {
        data: vec![0xff; 5000],
        ..deflated.clone()
    });
    files.push(File {
        data: Vec::new(),
        ..deflated
    });
    for file in files {
        let outcome = read(&container(&[file, b()])).unwrap();
        assert_eq!(outcome.kinds(), [ZipInflate]);
        assert!(outcome.file("a").is_err());
        assert!(outcome.file("b").is_ok());
    }
}

#[test]
fn a_bomb_fails_itself_only() {
    let bomb = File::deflated("bomb", &vec![0; 20 << 20]);
    assert!(bomb.data.len() < 100 << 10);
    let bytes = container(&[a(), bomb.clone(), b()]);
    let outcome = read_with(&bytes, Some(1 << 16), 1 << 16, Limits::default()).unwrap();
    assert_eq!(outcome.findings, []);
    assert!(
        matches!(outcome.file("bomb"), Err(Error::LimitExceeded(limit))
        if limit.resource == Resource::InflationRatio)
    );
    assert!(outcome.file("a").is_ok());
    assert!(outcome.file("b").is_ok());

    // One that lies about its size gives no more than it says.
    let liar = File {
        size: 1000,
        ..bomb.clone()
    };
    let bytes = container(&[a(), liar, b()]);
    let outcome = read_with(&bytes, None, 1 << 16, Limits::default()).unwrap();
    assert_eq!(outcome.kinds(), [ZipInflate]);
    assert!(outcome.file("bomb").is_err());

    // A small file of one letter is genuine.
    let blank = File::deflated("blank", &vec![b' '; 1 << 20]);
    assert_eq!(kinds(&container(&[blank])), []);
}

#[test]
fn a_folder_with_content_is_found() {
    assert_eq!(
        kinds(&container(&[File::stored("folder/", b"x")])),
        [ZipFolder]
    );
    let hidden = File {
        data: b"more".to_vec(),
        ..File::deflated("folder/", b"")
    };
    assert!(kinds(&container(&[hidden])).contains(&ZipFolder));
    // What Java and Python write.
    assert_eq!(File::deflated("folder/", b"").data, [3, 0]);
    assert_eq!(kinds(&container(&[File::deflated("folder/", b"")])), []);
}

#[test]
fn a_file_whose_attributes_make_it_a_link_or_folder_is_found() {
    let made = |name: &str, system: u16, attributes: u32| File {
        made_by: system << 8 | 20,
        attributes,
        ..File::stored(name, b"")
    };
    let unix = |mode: u32| mode << 16;
    for system in [0, 3, 19] {
        for attributes in [
            unix(0o120_777),
            unix(0o040_755),
            unix(0o020_644),
            unix(0o060_644),
            unix(0o010_644),
            unix(0o140_644),
            unix(0o040_755) | 0x10,
            unix(0o100_644) | 0x10,
            0x10,
            0x08,
        ] {
            let bytes = container(&[made("a", system, attributes), b()]);
            assert_eq!(kinds(&bytes), [ZipRecord], "{system} {attributes:o}");
        }
        for attributes in [unix(0o120_777), unix(0o020_755), 0x18] {
            let bytes = container(&[made("a/", system, attributes)]);
            assert_eq!(kinds(&bytes), [ZipRecord], "{system} {attributes:o}");
        }
        for (name, attributes) in [
            ("a", unix(0o100_644)),
            ("a", unix(0o100_755) | 0x20),
            ("a", unix(0o644)),
            ("a", 0x21),
            ("a/", unix(0o040_755) | 0x10),
            ("a/", 0x10),
            ("a/", unix(0o100_644)),
            ("a/", 0),
        ] {
            let bytes = container(&[made(name, system, attributes)]);
            assert_eq!(kinds(&bytes), [], "{system} {name} {attributes:o}");
        }
    }
}

#[test]
fn split_archives_and_wrong_counts_are_found() {
    let bytes = container(&[a(), b()]);
    let at = bytes.len() - 22;
    for octet in [4, 6, 8] {
        let mut bytes = bytes.clone();
        bytes[at + octet] ^= 1;
        assert_eq!(kinds(&bytes), [ZipRecord], "octet {octet}");
    }
    let mut wrong = bytes.clone();
    wrong[at + 8] = 3;
    wrong[at + 10] = 3;
    assert_eq!(kinds(&wrong), [ZipRecord]);
}

#[test]
fn a_second_container_in_the_comment_is_found() {
    // Readers that put up with octets before the container would show the second one.
    let second = container(&[File::stored("evil", b"evil")]);
    let outcome = read(&with_comment(&[a(), b()], &second)).unwrap();
    assert_eq!(outcome.kinds(), [ZipAmbiguous]);
    assert!(outcome.file("a").is_ok());

    // An empty one would hide everything.
    assert_eq!(
        kinds(&with_comment(&[a()], &end(0, 0, 0, b""))),
        [ZipAmbiguous]
    );

    // Its offsets count from the start of the file.
    let start = container(&[a()]).len();
    let (body, directory) = parts(&[File::stored("evil", b"evil")], start);
    let end_record = end(1, directory.len() as u32, (start + body.len()) as u32, b"");
    let second = [body, directory, end_record].concat();
    let both = kinds(&with_comment(&[a()], &second));
    assert!(both.contains(&ZipAmbiguous), "{both:?}");
}

#[test]
fn a_record_in_the_comment_is_found() {
    // Readers take the last end record, whatever its comment length or directory says.
    let too_long = |by: u16| {
        let mut second = container(&[File::stored("evil", b"evil")]);
        let at = second.len() - 2;
        second[at..].copy_from_slice(&by.to_le_bytes());
        second
    };
    for by in [1, 2, u16::MAX] {
        let comment = too_long(by);
        assert_eq!(kinds(&with_comment(&[a()], &comment)), [ZipAmbiguous]);
    }
    // A directory that its end record points beside: some readers search for it.
    let (body, directory) = parts(&[File::stored("evil", b"evil")], 0);
    let size = directory.len() as u32 + 4;
    let beside = [&body[..], b"junk", &directory, &end(1, size, 70_000, b"")].concat();
    assert_eq!(kinds(&with_comment(&[a()], &beside)), [ZipAmbiguous]);
    for record in [
        end(2, 900, 70_000, b""),
        end(2, 900, 70_000, b"").repeat(20),
        b"PK\x01\x02".to_vec(),
        b"PK\x03\x04".to_vec(),
        b"PK\x05\x06".to_vec(),
        b"PK\x06\x06".to_vec(),
        b"PK\x06\x07".to_vec(),
    ] {
        let comment = [&b"text "[..], &record, b" text"].concat();
        assert_eq!(kinds(&with_comment(&[a(), b()], &comment)), [ZipAmbiguous]);
    }
    assert_eq!(
        kinds(&with_comment(&[a(), b()], b"PK of PKWARE \x05\x06")),
        []
    );
}

#[test]
fn an_end_record_in_a_file_is_no_rival() {
    let inner = container(&[File::stored("inner", b"inner")]);
    assert_eq!(kinds(&container(&[File::stored("inner.zip", &inner)])), []);
    // But one whose comment reaches to the end of the file.
    let mut inner = end(0, 0, 0, b"");
    let rest = container(&[File::stored("inner.zip", &inner)]).len() - 30 - 9 - 22;
    inner[20..].copy_from_slice(&(rest as u16).to_le_bytes());
    let bytes = container(&[File::stored("inner.zip", &inner)]);
    assert_eq!(kinds(&bytes), [ZipAmbiguous]);
}

#[test]
fn a_locator_without_its_record_is_found() {
    // In the comment of the last entry: Python takes the 56 octets before the locator, whatever
    // the locator says and although the end record needs none.
    let (body, directory) = parts(&[a(), b()], 0);
    let evil = b().record(0);
    let wide = wide_end(1, evil.len() as u64, 0, b"");
    let mut short = wide.clone();
    short[4..12].copy_from_slice(&43u64.to_le_bytes());
    let wide_at = (body.len() + directory.len() + evil.len()) as u64;
    for (wide, at) in [(&wide, 0), (&wide, u64::MAX), (&short, wide_at)] {
        let comment = [&evil[..], wide, &locator(at)].concat();
        let mut directory = directory.clone();
        let length_at = directory.len() / 2 + 32;
        directory[length_at..length_at + 2].copy_from_slice(&(comment.len() as u16).to_le_bytes());
        directory.extend(comment);
        let end = end(2, directory.len() as u32, body.len() as u32, b"");
        let outcome = read(&[&body[..], &directory, &end].concat()).unwrap();
        assert_eq!(outcome.kinds(), [ZipAmbiguous], "{at}");
        assert!(outcome.file("a").is_ok());
    }
}

#[test]
fn a_wide_record_that_holds_another_is_found() {
    let (body, directory) = parts(&[a(), b()], 0);
    let (size, offset) = (directory.len() as u64, body.len() as u64);
    let whole = |extensible: &[u8], locator: &[u8]| {
        let wide = wide_end(2, size, offset, extensible);
        let end = end(u16::MAX, u32::MAX, u32::MAX, b"");
        [&body[..], &directory, &wide, locator, &end].concat()
    };
    let at = size + offset;
    assert_eq!(kinds(&whole(b"", &locator(at))), []);
    let inner = wide_end(1, size / 2, offset, b"");
    for extensible in [&b"x"[..], &[0; 56], &inner] {
        assert_eq!(kinds(&whole(extensible, &locator(at))), [ZipAmbiguous]);
    }
    for octet in [4, 16] {
        let mut split = locator(at);
        split[octet] = 2;
        assert_eq!(kinds(&whole(b"", &split)), [ZipRecord], "octet {octet}");
    }
}

#[test]
fn a_directory_that_cannot_be_read_is_an_error() {
    assert_eq!(refusal(b""), ZipNoDirectory);
    assert_eq!(refusal(b"PK\x03\x04"), ZipNoDirectory);
    assert_eq!(refusal(&noise(100_000)), ZipNoDirectory);
    let bytes = container(&[a(), b()]);
    let directory_at = bytes.len() - 22 - 2 * 47;
    let mut broken = bytes.clone();
    broken[directory_at] = b'Q';
    assert_eq!(refusal(&broken), ZipRecord);
    let mut broken = bytes.clone();
    broken[directory_at + 28] = 200;
    assert_eq!(refusal(&broken), ZipTruncated);
    let wide = end(u16::MAX, u32::MAX, u32::MAX, b"");
    assert_eq!(
        refusal(&[&bytes[..bytes.len() - 22], &wide].concat()),
        ZipRecord
    );
}

#[test]
fn a_million_entries_are_refused_before_they_are_read() {
    let record = File::stored("file-000000", b"").record(0);
    let mut bytes = record.repeat(1_000_000);
    let size = bytes.len() as u64;
    bytes.extend(b"PK\x06\x06");
    bytes.extend(44u64.to_le_bytes());
    bytes.extend([45, 0, 45, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    for value in [1_000_000, 1_000_000, size, 0] {
        bytes.extend(u64::to_le_bytes(value));
    }
    bytes.extend(b"PK\x06\x07\0\0\0\0");
    bytes.extend(size.to_le_bytes());
    bytes.extend([1, 0, 0, 0]);
    bytes.extend(end(u16::MAX, u32::MAX, u32::MAX, b""));
    let mut host = Host::new(vec![bytes]);
    let mut source = Source::file(host.paged(), InputId(0), 1 << 16).unwrap();
    let refused = open(&mut host, &mut source, &mut Budget::default());
    assert!(
        matches!(refused, Err(Error::LimitExceeded(_))),
        "{refused:?}"
    );
    assert!(host.octets < 1 << 20, "{} octets asked for", host.octets);

    // One that counts wrongly is refused while it is read.
    let at = host.files[0].len() - 22 - 20 - 56;
    host.files[0][at + 32..at + 36].copy_from_slice(&7u32.to_le_bytes());
    let mut source = Source::file(host.paged(), InputId(0), 1 << 16).unwrap();
    let refused = open(&mut host, &mut source, &mut Budget::default());
    assert!(
        matches!(refused, Err(Error::LimitExceeded(_))),
        "{refused:?}"
    );
    assert!(host.most_held < 1 << 20);
}

#[test]
fn a_limit_on_entries_is_kept() {
    let bytes = container(&[a(), b()]);
    let limits = Limits {
        entries: 1,
        ..Limits::default()
    };
    let refused = read_with(&bytes, None, 64, limits);
    assert!(matches!(refused, Err(Error::LimitExceeded(limit))
        if limit.resource == Resource::Entries));
}

fn genuine() -> Vec<u8> {
    with_comment(
        &[
            File::stored("mimetype", b"application/vnd.etsi.asic-e+zip"),
            File::deflated("text.txt", &b"an application ".repeat(50)).described(true, false),
            File::stored("data.bin", &noise(300)),
            File::deflated("META-INF/signatures0.xml", &b"<xml/>".repeat(100)),
        ],
        b"mimetype=application/vnd.etsi.asic-e+zip",
    )
}

#[test]
fn a_truncated_container_is_refused_or_found() {
    let bytes = genuine();
    for part in 0..64 {
        let cut = &bytes[..bytes.len() * part / 64];
        match read(cut) {
            Ok(outcome) => assert_ne!(outcome.findings, [], "{part}/64"),
            Err(Error::Malformed(_)) => {}
            Err(other) => panic!("{part}/64: {other}"),
        }
    }
}

/// Every octet of a genuine container flipped alone: no panic, the same in every way of reading,
/// and no file with other octets without a finding.
#[test]
fn every_flipped_octet_of_a_file_is_noticed() {
    let bytes = genuine();
    let genuine = read(&bytes).unwrap();
    assert_eq!(genuine.findings, []);
    for at in 0..bytes.len() {
        let mut bytes = bytes.clone();
        bytes[at] ^= 1 << (at % 8);
        match read(&bytes) {
            Ok(outcome) => assert!(
                outcome.files == genuine.files || !outcome.findings.is_empty(),
                "octet {at}"
            ),
            Err(Error::Malformed(_) | Error::LimitExceeded(_)) => {}
            Err(other) => panic!("octet {at}: {other}"),
        }
    }
}

#[test]
fn a_file_changed_between_reading_and_streaming_ends_the_job() {
    let bytes = container(&[a(), File::stored("b", &noise(1000))]);
    let mut host = Host::new(vec![bytes]);
    let mut source = Source::file(host.paged(), InputId(0), 64).unwrap();
    let mut budget = Budget::default();
    let directory = open(&mut host, &mut source, &mut budget).unwrap();
    let entry = directory.entry(0).unwrap();
    host.run(&mut source, |source| read_entry(source, entry, &mut budget))
        .unwrap();
    host.files[0][31] ^= 1;
    let mut stream = source.stream(0..directory.range.start).unwrap();
    let outcome = host.pump(&mut stream, 100, &mut |_| Ok(()));
    assert_eq!(outcome, Err(crate::error::InputError::Changed.into()));
}
