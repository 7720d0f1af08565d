//! Cross-reference streams and object streams under every filter.

use super::super::testing::*;
use super::super::*;
use crate::error::{Error, MalformedKind};
use crate::limits::Budget;

/// Groups of base 85 without the short form of zeros.
fn base_85(data: &[u8]) -> Vec<u8> {
    let mut text = Vec::new();
    for group in data.chunks(4) {
        let mut four = [0; 4];
        four[..group.len()].copy_from_slice(group);
        let number = u32::from_be_bytes(four);
        let digit = |place: u32| b'!' + (number / 85_u32.pow(4 - place) % 85) as u8;
        text.extend((0..=group.len() as u32).map(digit));
    }
    text.extend_from_slice(b"~>");
    text
}

fn run_lengths(data: &[u8]) -> Vec<u8> {
    let runs = data.chunks(128).flat_map(|run| {
        let count = run.len() as u8 - 1;
        [&[count], run].concat()
    });
    runs.chain([128]).collect()
}

/// Codes of nine bits: the table is cleared before they grow.
fn lzw(data: &[u8]) -> Vec<u8> {
    let mut codes = Vec::new();
    for part in data.chunks(200) {
        codes.push(256);
        codes.extend(part.iter().map(|octet| u32::from(*octet)));
    }
    codes.push(257);
    let (mut octets, mut bits, mut held) = (Vec::new(), 0_u32, 0);
    for code in codes {
        bits = bits << 9 | code;
        held += 9;
        while held >= 8 {
            held -= 8;
            octets.push((bits >> held) as u8);
        }
        bits &= (1 << held) - 1;
    }
    octets.push((bits << (8 - held)) as u8);
    octets
}

/// Rows of PNG that say each octet as it is.
fn rows(data: &[u8], columns: usize) -> Vec<u8> {
    let rows = data.chunks(columns).flat_map(|row| [&[0], row].concat());
    rows.collect()
}

fn file(filter: &str, encode: impl Fn(&[u8]) -> Vec<u8>) -> Vec<u8> {
    let mut file = Builder::new();
    let container = file.here() as u32;
    let catalog = b"1 0 <</Type/Catalog/Pages<<>>/Mark/Here>>    ";
    let keys = format!("/Type/ObjStm/N 1/First 4{filter}");
    file.stream(5, &keys, &encode(catalog));
    let section = file.here();
    let mut entries = vec![2, 0, 0, 0, 5, 0];
    for offset in [container, section as u32] {
        entries.push(1);
        entries.extend_from_slice(&offset.to_be_bytes());
        entries.push(0);
    }
    let data = encode(&entries);
    let length = data.len();
    file.raw(format!(
        "6 0 obj\n<</Type/XRef/W[1 4 1]/Index[1 1 5 2]/Size 7/Root 1 0 R/Length {length}{filter}>>\nstream\n"
    ));
    file.raw(data).raw("\nendstream\nendobj\n").end(section);
    file.octets
}

fn mark(octets: &[u8]) -> Result<Object, Error> {
    let mut opened = open_with(octets, None, Budget::default())?;
    assert_eq!(opened.document.findings(), []);
    let root = Object::Reference(ObjectReference {
        number: 1,
        generation: 0,
    });
    let (source, budget) = (&mut opened.source, &mut opened.budget);
    let catalog = opened.document.resolve(&root, 0, source, budget);
    Ok(catalog
        .unwrap()
        .as_dictionary()
        .unwrap()
        .get("Mark")
        .unwrap()
        .clone())
}

#[test]
fn sections_and_object_streams_of_old_writers_are_read() {
    let both = |data: &[u8]| base_85(&lzw(data));
    let predicted = |data: &[u8]| lzw(&rows(data, 3));
    let parameters = "/DecodeParms<</Predictor 10/Columns 3>>";
    for octets in [
        file("/Filter/ASCII85Decode", base_85),
        file("/Filter/RunLengthDecode", run_lengths),
        file("/Filter/LZWDecode", lzw),
        file("/Filter[/ASCII85Decode/LZWDecode]", both),
        file(&format!("/Filter/LZWDecode{parameters}"), predicted),
    ] {
        assert_eq!(mark(&octets).unwrap(), Object::Name(b"Here".to_vec()));
    }
}

#[test]
fn data_that_is_not_what_its_filter_says_is_malformed() {
    let plain = |data: &[u8]| data.to_vec();
    for filter in ["ASCII85Decode", "RunLengthDecode", "LZWDecode"] {
        let octets = file(&format!("/Filter/{filter}"), plain);
        let error = open(&octets).unwrap_err();
        let is_malformed = matches!(
            &error,
            Error::Malformed(malformed) if malformed.kind == MalformedKind::PdfStream
        );
        assert!(is_malformed, "{filter} {error:?}");
    }
}
