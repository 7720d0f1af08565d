//! What holds for every input.

use super::{Mode, Oid, Reader, Tag, Tlv, check_tree, pem, write};
use crate::limits::Budget;
use proptest::prelude::*;

/// Reads every value and every type of reading, down to the leaves.
fn read_all(mut reader: Reader<'_>, depth: u32) -> Result<(), crate::error::Malformed> {
    while !reader.is_empty() {
        let value = reader.read_any()?;
        try_everything(&value);
        if value.tag.constructed && depth < 200 {
            read_all(value.reader(), depth + 1)?;
        }
    }
    reader.finish()
}

fn try_everything(value: &Tlv<'_>) {
    let _ = (
        value.oid(),
        value.integer(),
        value.small_integer(),
        value.boolean(),
    );
    let _ = (
        value.null(),
        value.octet_string(),
        value.bits(),
        value.bit_string(),
    );
    let _ = (value.text(), value.time(), value.explicit());
    if let Ok(algorithm) = super::AlgorithmIdentifier::parse(value) {
        let _ = (
            algorithm.digest_algorithm(),
            algorithm.signature_algorithm(None),
        );
    }
}

/// Octets that look like values more often than random ones do.
fn likely() -> impl Strategy<Value = Vec<u8>> {
    let octet = prop_oneof![
        3 => any::<u8>(),
        2 => 0u8..12,
        1 => prop::sample::select(vec![0x30u8, 0x31, 0x24, 0x80, 0xa0, 0x04, 0x02, 0x06, 0x13, 0x17]),
    ];
    prop::collection::vec(octet, 0..80)
}

/// A value and whether its writer used BER.
fn tree() -> impl Strategy<Value = Vec<u8>> {
    let leaf = prop_oneof![
        any::<u64>().prop_map(write::integer),
        Just(write::null()),
        prop::collection::vec(any::<u8>(), 0..200).prop_map(|octets| write::octet_string(&octets)),
        any::<bool>().prop_map(write::boolean),
    ];
    leaf.prop_recursive(6, 40, 6, |inner| {
        (prop::collection::vec(inner, 0..6), 0u32..4, any::<bool>()).prop_map(
            |(values, number, is_open)| {
                let content = values.concat();
                if is_open {
                    return [&[0x30, 0x80], &content[..], &[0, 0]].concat();
                }
                match number {
                    0 => write::tlv(Tag::SEQUENCE, &content),
                    1 => write::tlv(Tag::SET, &content),
                    _ => write::tlv(Tag::context_constructed(number * 20), &content),
                }
            },
        )
    })
}

proptest! {
    #[test]
    fn what_the_walk_accepts_can_be_read_to_the_leaves(bytes in likely()) {
        for mode in [Mode::Der, Mode::Ber] {
            let walked = check_tree(&bytes, mode, &mut Budget::default());
            let mut reader = Reader::new(&bytes, mode);
            let read = reader.read_any().and_then(|value| {
                reader.finish()?;
                try_everything(&value);
                if value.tag.constructed { read_all(value.reader(), 0) } else { Ok(()) }
            });
            prop_assert_eq!(walked.is_ok(), read.is_ok(), "{:?} {:?}", walked, read);
        }
    }

    #[test]
    fn whatever_der_accepts_ber_accepts(bytes in likely()) {
        if let Ok(der) = Reader::der(&bytes).read_any() {
            let ber = Reader::ber(&bytes).read_any().unwrap();
            prop_assert_eq!((der.tag, der.whole, der.content), (ber.tag, ber.whole, ber.content));
        }
    }

    #[test]
    fn written_values_are_read_back_octet_by_octet(bytes in tree()) {
        check_tree(&bytes, Mode::Ber, &mut Budget::default()).unwrap();
        let mut reader = Reader::ber(&bytes);
        prop_assert_eq!(reader.read_any().unwrap().whole, &bytes[..]);
        let inside = Reader::ber(&bytes).read_any().unwrap();
        if inside.tag.constructed {
            let mut reader = inside.reader();
            let mut wholes = Vec::new();
            while !reader.is_empty() {
                wholes.extend_from_slice(reader.read_any().unwrap().whole);
            }
            prop_assert_eq!(&wholes[..], inside.content);
        }
    }

    #[test]
    fn every_truncation_is_refused(bytes in tree(), cut in any::<prop::sample::Index>()) {
        let cut = cut.index(bytes.len());
        prop_assert!(check_tree(&bytes[..cut], Mode::Ber, &mut Budget::default()).is_err());
    }

    #[test]
    fn identifiers_that_are_read_can_be_written(content in prop::collection::vec(any::<u8>(), 0..24)) {
        if let Some(oid) = Oid::from_content(&content) {
            let dotted = oid.to_string();
            prop_assert!(oid.is(&dotted));
            prop_assert_eq!(Oid::from_dotted(&dotted), Some(oid));
        }
    }

    #[test]
    fn pem_never_panics(text in "(-----(BEGIN|END) [A-C]{0,2}-----|[A-Z=]{0,8}|\n|\r|-){0,20}") {
        let _ = pem::decode(&text);
        let _ = pem::pem_or_der(text.as_bytes(), &["A"]);
    }
}
