//! Walking through ASN.1 values.

use imza::asn1::{Mode, Oid, Reader, Tlv, check_tree};

/// Reads every value of `octets` by every reading that there is, two levels at a time: what is
/// constructed is looked into, iteratively.
///
/// # Panics
/// When a value says other octets than it was read from.
pub fn walk(octets: &[u8], mode: Mode) {
    let accepted = check_tree(octets, mode, &mut crate::budget()).is_ok();
    let mut open = vec![Reader::new(octets, mode)];
    let mut values = 0;
    while let Some(mut reader) = open.pop() {
        while values < 10_000 && !reader.is_empty() {
            values += 1;
            let (before, peeked) = (reader.rest(), reader.peek());
            let Ok(value) = reader.read_any() else {
                assert!(!accepted, "the check lets pass what the reader refuses");
                break;
            };
            assert_eq!(peeked, Some(value.tag));
            assert!(before.starts_with(value.whole));
            assert_eq!(before.len(), value.whole.len() + reader.rest().len());
            assert!(value.content.len() < value.whole.len());
            look(&value);
            if value.tag.constructed && open.len() < 200 {
                open.push(value.reader());
            }
        }
    }
}

fn look(value: &Tlv<'_>) {
    if let Ok(oid) = value.oid() {
        let dotted = oid.to_string();
        assert_eq!(Oid::from_content(oid.as_content()), Some(oid));
        if let Some(again) = Oid::from_dotted(&dotted) {
            assert!(again.is(&dotted));
        }
    }
    if let (Ok(small), Ok(octets)) = (value.small_integer(), value.integer()) {
        let number = octets
            .iter()
            .fold(0_u64, |all, octet| all << 8 | u64::from(*octet));
        assert_eq!(small, number);
    }
    if let Ok(joined) = value.octet_string() {
        assert!(joined.len() <= value.whole.len());
    }
    if let Ok(time) = value.time() {
        let _ = time.to_string();
    }
    let _ = value.boolean();
    let _ = value.null();
    let _ = value.bit_string();
    let _ = value.bits().map(|bits| bits.is_set(7));
    let _ = value.text();
    let _ = value.explicit();
    let _ = value.unsigned_integer();
}
