//! Hostile input through the whole job: a clear error or a report, no panic and no hang.

use crate::matrix::in_parallel;
use crate::run::Case;
use crate::scene::{Packaging, Scene};
use imza_test_vectors::zip::{self, Entry};
use std::time::{Duration, Instant};

/// Nothing here may take longer, in a build without optimisation.
const PATIENCE: Duration = Duration::from_secs(20);

/// The same case with other octets as the document.
fn with(case: &Case, octets: Vec<u8>) -> Case {
    let mut case = case.clone();
    case.inputs[0].1 = octets;
    case
}

/// Validates at hand, and small documents by small pages too: both must say the same, in time.
fn survives(what: &str, case: &Case) -> Option<String> {
    let start = Instant::now();
    let said = |pages| match case.attempt(pages) {
        Ok(verdict) => verdict.report.to_json(),
        Err(error) => format!("{}: {error}", error.code()),
    };
    let at_hand = case.attempt(None);
    if case.inputs[0].1.len() < 50_000 && said(None) != said(Some(512)) {
        return Some(format!("{what}: another answer by pages"));
    }
    let time = start.elapsed();
    if time > PATIENCE {
        return Some(format!("{what}: {time:?}"));
    }
    let status = at_hand.as_ref().map(|verdict| verdict.report.exit_status());
    (status == Ok(0)).then(|| format!("{what}: accepted"))
}

fn all_survive(cases: &[(String, Case)]) {
    let said = in_parallel(cases, |(what, case)| survives(what, case));
    let wrong: Vec<String> = said.into_iter().flatten().collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// One document of each kind, signed and good.
fn kinds() -> Vec<(Packaging, Case)> {
    let kinds = Packaging::ALL.into_iter();
    kinds
        .map(|packaging| (packaging, Scene::new(packaging).case()))
        .chain([(Packaging::Xades, bare_xml())])
        .collect()
}

/// A XAdES document by itself, beside its file.
fn bare_xml() -> Case {
    let scene = Scene::new(Packaging::Xades);
    let entries = scene.entries();
    let document = entries.last().unwrap().bytes.clone();
    let mut case = scene.case();
    case.inputs = vec![
        ("a.xml".to_owned(), document),
        ("a.txt".to_owned(), scene.content.clone()),
    ];
    case
}

#[test]
fn truncated_documents_are_survived() {
    let mut cases = Vec::new();
    for (packaging, case) in kinds() {
        let octets = &case.inputs[0].1;
        for part in 0..64 {
            let cut = octets[..octets.len() * part / 64].to_vec();
            cases.push((format!("{packaging:?}, {part}/64"), with(&case, cut)));
        }
    }
    all_survive(&cases);
}

#[test]
fn flipped_bits_are_survived() {
    let mut cases = Vec::new();
    for (packaging, case) in kinds() {
        // A linear congruential generator: the same places at every run.
        let mut state: u64 = 0x1234_5678;
        for _ in 0..96 {
            let mut octets = case.inputs[0].1.clone();
            for _ in 0..4 {
                state = state
                    .wrapping_mul(6_364_136_223_846_793_005)
                    .wrapping_add(1);
                let length = u64::try_from(octets.len()).unwrap();
                let at = usize::try_from((state >> 20) % length).unwrap();
                octets[at] ^= 1 << (state >> 61);
            }
            cases.push((format!("{packaging:?}"), with(&case, octets)));
        }
    }
    let said = in_parallel(&cases, |(what, case)| {
        // A flip may hit what nobody signed, such as a date in a ZIP header: then it may pass.
        survives(what, case).filter(|said| !said.ends_with("accepted"))
    });
    let wrong: Vec<String> = said.into_iter().flatten().collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn documents() -> Vec<(String, Vec<u8>)> {
    let mut documents: Vec<(&str, Vec<u8>)> = vec![
        ("empty", Vec::new()),
        ("one octet", vec![b'0']),
        ("zeros", vec![0; 4096]),
        ("text", b"not signed at all\n".to_vec()),
        ("a picture", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec()),
        (
            "ZIP by its first octets only",
            b"PK\x03\x04 and nothing more".to_vec(),
        ),
        ("an empty ZIP", zip::write(&[])),
        ("PDF by its first octets only", b"%PDF-1.7\n".to_vec()),
        ("XML by its first octet only", b"<".to_vec()),
        ("CMS by its first octet only", b"\x30\x82\xff\xff".to_vec()),
        ("PEM without an end", b"-----BEGIN CMS-----\nMIIB".to_vec()),
        ("XML in UTF-16", utf16("<a xmlns='urn:x'/>")),
        (
            "XML that says another encoding",
            b"<?xml version='1.0' encoding='EBCDIC-X'?><a/>".to_vec(),
        ),
        ("XML that is no UTF-8", b"<a>\xe9\xff</a>".to_vec()),
        (
            "XML with a DTD",
            b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>".to_vec(),
        ),
        ("XML without signature", b"<a/>".to_vec()),
        (
            "deep XML",
            [b"<a>".repeat(200_000), b"</a>".repeat(200_000)].concat(),
        ),
        (
            "wide XML",
            [b"<a>".as_slice(), &b"<b/>".repeat(1_100_000), b"</a>"].concat(),
        ),
        ("XML with many attributes", many_attributes()),
        ("deep BER", b"\x30\x80".repeat(500_000)),
        ("deep DER", deep_der(60_000)),
        (
            "DER of 4 GiB",
            b"\x30\x84\xff\xff\xff\xff\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02".to_vec(),
        ),
        (
            "DER of 2^64 octets",
            b"\x30\x88\xff\xff\xff\xff\xff\xff\xff\xff\x02\x01\x01".to_vec(),
        ),
        ("a million DER values", million_values()),
        (
            "deep PDF",
            pdf(&[b"[".repeat(500_000), b"]".repeat(500_000)].concat()),
        ),
        (
            "PDF of 4 GiB",
            pdf(b"<< /Length 4294967295 >> stream\nx\nendstream"),
        ),
        ("PDF that refers to itself", pdf(b"1 0 R")),
        ("a million PDF objects", pdf(&b"1 0 R ".repeat(1_000_000))),
        ("ZIP with a million entries", million_entries()),
        ("ZIP that says it has a million entries", lying_directory()),
        ("ZIP entry of 4 GiB", declared(0xffff_fffe)),
        (
            "ZIP entry of 64-bit size that is not there",
            declared(0xffff_ffff),
        ),
    ];
    let mut container = zip::write(&[
        Entry::new("mimetype", b"application/vnd.etsi.asic-e+zip"),
        Entry::new("META-INF/signatures0.xml", &b"<a>".repeat(100_000)),
    ]);
    documents.push(("container with a deep signature file", container.clone()));
    container.extend_from_slice(&[0; 70_000]);
    documents.push(("container with a long tail", container));
    let own = documents.into_iter();
    own.map(|(name, octets)| (name.to_owned(), octets))
        .collect()
}

fn utf16(text: &str) -> Vec<u8> {
    let units = text.encode_utf16().flat_map(u16::to_le_bytes);
    [0xff, 0xfe].into_iter().chain(units).collect()
}

fn many_attributes() -> Vec<u8> {
    let attributes: String = (0..50_000).map(|number| format!(" a{number}=''")).collect();
    format!("<a{attributes}/>").into_bytes()
}

fn deep_der(depth: usize) -> Vec<u8> {
    let mut octets = Vec::new();
    let mut length = 0usize;
    let mut headers = Vec::new();
    for _ in 0..depth {
        let size = u32::try_from(length).unwrap().to_be_bytes();
        headers.push([&[0x30, 0x84], size.as_slice()].concat());
        length += 6;
    }
    for header in headers.iter().rev() {
        octets.extend_from_slice(header);
    }
    octets
}

fn million_values() -> Vec<u8> {
    let inner = b"\x05\x00".repeat(1_000_000);
    let size = u32::try_from(inner.len()).unwrap().to_be_bytes();
    [&[0x30, 0x84], size.as_slice(), &inner].concat()
}

fn pdf(object: &[u8]) -> Vec<u8> {
    let mut octets = b"%PDF-1.7\n1 0 obj\n".to_vec();
    octets.extend_from_slice(object);
    octets.extend_from_slice(b"\nendobj\n");
    let table = octets.len();
    octets.extend_from_slice(b"xref\n0 2\n0000000000 65535 f \n0000000009 00000 n \n");
    octets.extend_from_slice(b"trailer\n<< /Size 2 /Root 1 0 R >>\nstartxref\n");
    octets.extend_from_slice(format!("{table}\n%%EOF\n").as_bytes());
    octets
}

/// A directory of a million empty files in 64-bit form (APPNOTE §4.3.14).
fn million_entries() -> Vec<u8> {
    let count: u32 = 1_000_000;
    let mut out = Vec::new();
    let mut directory = Vec::new();
    for number in 0..count {
        let name = format!("{number:x}");
        let length = u16::try_from(name.len()).unwrap().to_le_bytes();
        let offset = u32::try_from(out.len()).unwrap().to_le_bytes();
        let common = [
            20u8, 0, 0, 0, 0, 0, 0, 0, 0x21, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
        ];
        out.extend_from_slice(b"PK\x03\x04");
        out.extend_from_slice(&common);
        out.extend_from_slice(&length);
        out.extend_from_slice(&[0, 0]);
        out.extend_from_slice(name.as_bytes());
        directory.extend_from_slice(b"PK\x01\x02\x14\0");
        directory.extend_from_slice(&common);
        directory.extend_from_slice(&length);
        directory.extend_from_slice(&[0; 12]);
        directory.extend_from_slice(&offset);
        directory.extend_from_slice(name.as_bytes());
    }
    ended(out, &directory, u64::from(count))
}

fn ended(mut out: Vec<u8>, directory: &[u8], count: u64) -> Vec<u8> {
    let start = u64::try_from(out.len()).unwrap();
    let size = u64::try_from(directory.len()).unwrap();
    out.extend_from_slice(directory);
    let end = u64::try_from(out.len()).unwrap();
    out.extend_from_slice(b"PK\x06\x06\x2c\0\0\0\0\0\0\0\x2d\0\x2d\0\0\0\0\0\0\0\0\0");
    for value in [count, count, size, start] {
        out.extend_from_slice(&value.to_le_bytes());
    }
    out.extend_from_slice(b"PK\x06\x07\0\0\0\0");
    out.extend_from_slice(&end.to_le_bytes());
    out.extend_from_slice(b"\x01\0\0\0PK\x05\x06\0\0\0\0\xff\xff\xff\xff");
    out.extend_from_slice(&[0xff; 8]);
    out.extend_from_slice(&[0, 0]);
    out
}

fn lying_directory() -> Vec<u8> {
    ended(b"PK\x03\x04".to_vec(), &[], 1_000_000)
}

/// One entry whose headers declare a size.
fn declared(size: u32) -> Vec<u8> {
    let mut octets = zip::write(&[Entry::new("META-INF/signatures0.xml", b"<a/>")]);
    let directory = octets
        .windows(4)
        .position(|window| window == b"PK\x01\x02")
        .unwrap();
    for at in [18, 22, directory + 20, directory + 24] {
        octets[at..at + 4].copy_from_slice(&size.to_le_bytes());
    }
    octets
}

#[test]
fn hostile_documents_are_survived() {
    let good = Scene::new(Packaging::Detached).case();
    let cases: Vec<(String, Case)> = documents()
        .into_iter()
        .map(|(name, octets)| (name, with(&good, octets)))
        .collect();
    all_survive(&cases);
}

#[test]
fn hostile_material_is_survived() {
    // What travels beside a good signature must not keep it from being judged.
    let unknown_changes = |one: &Packaging| *one == Packaging::Pades;
    for packaging in Packaging::ALL
        .into_iter()
        .filter(|one| !unknown_changes(one))
    {
        let mut case = Scene::new(packaging).case();
        for (_, octets) in documents() {
            if octets.len() < 200_000 {
                let octets: std::sync::Arc<[u8]> = octets.into();
                case.given
                    .insert(0, imza::reading::Given::Certificate(octets.clone()));
                case.given.insert(
                    0,
                    imza::reading::Given::Revocation {
                        kind: imza::signature::RevocationKind::OcspResponse,
                        octets,
                    },
                );
            }
        }
        assert_eq!(case.validate().report.exit_status(), 0, "{packaging:?}");
    }
}
