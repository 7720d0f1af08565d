//! What genuine containers look like, and what reading them costs.

use super::build::{File, container, end, parts, with_comment};
use super::*;

#[test]
fn stored_and_deflated_files_are_read() {
    let text = b"an application ".repeat(5000);
    let data = noise(100_000);
    let outcome = read(&container(&[
        File::stored("mimetype", b"application/vnd.etsi.asic-e+zip"),
        File::deflated("text.txt", &text),
        File::stored("data.bin", &data),
        File::deflated("noise.bin", &data),
        File::stored("empty", b""),
        File::deflated("empty too", b""),
        File::stored("folder/", b""),
    ]))
    .unwrap();
    assert_eq!(outcome.findings, []);
    assert_eq!(outcome.file("text.txt").as_ref(), Ok(&text));
    assert_eq!(outcome.file("noise.bin").as_ref(), Ok(&data));
    assert_eq!(outcome.file("data.bin").as_ref(), Ok(&data));
}

#[test]
fn an_empty_container_is_read() {
    assert_eq!(kinds(&end(0, 0, 0, b"")), []);
}

#[test]
fn an_empty_file_marked_as_deflated_without_octets_is_read() {
    let mut file = File::deflated("empty", b"");
    file.data.clear();
    assert_eq!(kinds(&container(&[file])), []);
}

#[test]
fn descriptors_of_every_form_are_read() {
    for with_signature in [false, true] {
        for is_wide in [false, true] {
            for file in [File::deflated("a", b"aaaa"), File::stored("a", b"aaaa")] {
                let file = file.described(with_signature, is_wide);
                let outcome = read(&container(&[file, File::stored("b", b"b")])).unwrap();
                assert_eq!(outcome.findings, []);
                assert_eq!(outcome.file("a").as_deref(), Ok(&b"aaaa"[..]));
            }
        }
    }
}

#[test]
fn a_comment_is_kept() {
    let comment = b"mimetype=application/vnd.etsi.asic-s+zip";
    let mut host = Host::new(vec![with_comment(&[File::stored("a", b"a")], comment)]);
    let mut source = Source::file(host.at_hand(), InputId(0), 64).unwrap();
    let directory = open(&mut host, &mut source, &mut Budget::default()).unwrap();
    assert_eq!(&*directory.comment, comment);
    let longest = vec![b'x'; 65535];
    assert_eq!(
        kinds(&with_comment(&[File::stored("a", b"a")], &longest)),
        []
    );
}

#[test]
fn wide_records_are_read() {
    let mut file = File::stored("a", b"aaaa");
    file.extra = [1u16, 24].map(u16::to_le_bytes).concat();
    for value in [4u64, 4, 0] {
        file.extra.extend(value.to_le_bytes());
    }
    file.local_extra = [1u16, 16].map(u16::to_le_bytes).concat();
    for value in [4u64, 4] {
        file.local_extra.extend(value.to_le_bytes());
    }
    let (mut bytes, _) = parts(std::slice::from_ref(&file), 0);
    // All 32-bit fields saturated, in the local header too.
    bytes[18..26].fill(0xff);
    let directory_at = bytes.len() as u64;
    file.offset = Some(u32::MAX);
    file.size = u32::MAX;
    file.declared = Some(u32::MAX);
    let record = file.record(0);
    bytes.extend(&record);
    let wide_at = bytes.len() as u64;
    bytes.extend(b"PK\x06\x06");
    bytes.extend(44u64.to_le_bytes());
    bytes.extend([45, 0, 45, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    for value in [1, 1, record.len() as u64, directory_at] {
        bytes.extend(value.to_le_bytes());
    }
    bytes.extend(b"PK\x06\x07\0\0\0\0");
    bytes.extend(wide_at.to_le_bytes());
    bytes.extend([1, 0, 0, 0]);
    bytes.extend(end(u16::MAX, u32::MAX, u32::MAX, b""));
    let outcome = read(&bytes).unwrap();
    assert_eq!(outcome.findings, []);
    assert_eq!(outcome.file("a").as_deref(), Ok(&b"aaaa"[..]));

    // The two end records contradict each other.
    let at = bytes.len() - 14;
    bytes[at..at + 4].copy_from_slice(&7u16.to_le_bytes().repeat(2));
    assert_eq!(kinds(&bytes), [MalformedKind::ZipMismatch]);
}

#[test]
fn a_name_is_utf8_or_else_code_page_437() {
    let outcome = read(&container(&[
        File::stored("qapı.pdf", b"").flagged(1 << 11),
        File::stored("ərizə.pdf", b""),
        File::stored("", b"").named(b"gr\x81n.pdf"),
    ]))
    .unwrap();
    let names: Vec<_> = outcome
        .files
        .iter()
        .map(|(name, _)| name.as_str())
        .collect();
    assert_eq!(names, ["qapı.pdf", "ərizə.pdf", "grün.pdf"]);
    assert_eq!(outcome.kinds(), [MalformedKind::ZipNameEncoding]);
    assert_eq!(outcome.findings[0].weight(), crate::zip::Weight::Warning);
}

#[test]
fn a_misplaced_mimetype_is_a_warning() {
    let (kind, type_) = (MalformedKind::ZipMimetype, b"application/zip");
    let other = File::stored("a", b"a");
    let mimetype = File::stored("mimetype", type_);
    let with_extra = File {
        local_extra: vec![0xca, 0xfe, 0, 0],
        ..mimetype.clone()
    };
    for files in [
        vec![other.clone(), mimetype.clone()],
        vec![File::deflated("mimetype", type_), other.clone()],
        vec![mimetype.clone().described(true, false), other.clone()],
        vec![with_extra, other.clone()],
    ] {
        let outcome = read(&container(&files)).unwrap();
        assert_eq!(outcome.kinds(), [kind]);
        assert_eq!(outcome.findings[0].weight(), crate::zip::Weight::Warning);
        assert_eq!(outcome.file("mimetype").as_deref(), Ok(&type_[..]));
    }
    assert_eq!(kinds(&container(&[mimetype, other])), []);
}

#[test]
fn a_link_is_told_from_a_file() {
    let link = File {
        made_by: 3 << 8,
        attributes: 0o120_777 << 16,
        ..File::stored("link", b"/etc/passwd")
    };
    let mut host = Host::new(vec![container(&[link, File::stored("a", b"")])]);
    let mut source = Source::file(host.at_hand(), InputId(0), 64).unwrap();
    let directory = open(&mut host, &mut source, &mut Budget::default()).unwrap();
    assert!(directory.entries[0].is_link());
    assert!(!directory.entries[1].is_link());
    assert_eq!(directory.find("a"), Some(1));
    assert_eq!(directory.find("b"), None);
}

#[test]
fn fifty_thousand_entries_cost_linear_work() {
    let count = 50_000;
    let file = |index: usize| File::stored(&format!("folder/file-{index:05}"), b"x");
    let files: Vec<File> = (0..count).map(file).collect();
    let bytes = container(&files);
    let directory_length = count as u64 * (46 + 17);
    let mut host = Host::new(vec![bytes]);
    let mut source = Source::file(host.paged(), InputId(0), 1 << 16).unwrap();
    let mut budget = Budget::default();
    let mut opening = Opening::new();
    let (mut calls, mut steps) = (0u64, 0u64);
    let directory = loop {
        let advance = host
            .run(&mut source, |source| {
                calls += 1;
                opening.advance(source, &mut budget)
            })
            .unwrap();
        steps += 1;
        if let Advance::Done(directory) = advance {
            break directory;
        }
    };
    assert_eq!(directory.entries.len(), count);
    assert_eq!(directory.findings, []);
    // Chunks of 256 KiB, none read twice: a step each, and one more for the page to come.
    assert!(steps < 4 + directory_length / (200 << 10), "{steps} steps");
    assert!(calls <= 2 * steps, "{calls} calls");
    assert!(host.requests <= steps, "{} requests", host.requests);
    assert!(
        host.octets < directory_length * 3 / 2,
        "{} octets",
        host.octets
    );
    assert!(host.most_held < 1 << 20, "{} octets held", host.most_held);
    assert_eq!(budget.spent(Resource::Entries), count as u64);
}

#[test]
fn a_charge_is_made_once_whatever_the_pages() {
    let files = [
        File::stored("mimetype", b"application/vnd.etsi.asic-e+zip"),
        File::deflated("META-INF/signatures0.xml", &b"<xml/>".repeat(1000)),
    ];
    let outcome = read(&container(&files)).unwrap();
    assert!(outcome.charges.spent(Resource::InflatedBytes) == 6000);
}
