//! A small DER writer, and just enough of a reader for requests.
//!
//! Everything that rcgen cannot say (odd extensions, wrong names, OCSP, CRLs, time-stamps, CMS) is
//! put together from these functions, value by value. They write what they are told: a vector may
//! need a wrong tag, an unsorted SET or a negative serial number.

use crate::error::{Error, Result};
use crate::time::civil;

/// Universal tag of SEQUENCE.
pub const SEQUENCE: u8 = 0x30;
/// Universal tag of SET.
pub const SET: u8 = 0x31;

/// Writes one value with a single-octet tag and the shortest definite length.
pub fn tlv(tag: u8, content: &[u8]) -> Vec<u8> {
    let mut out = vec![tag];
    let length = content.len();
    let octets: Vec<u8> = length
        .to_be_bytes()
        .into_iter()
        .skip_while(|o| *o == 0)
        .collect();
    match (u8::try_from(length), u8::try_from(octets.len())) {
        (Ok(short), _) if short < 0x80 => out.push(short),
        (_, Ok(count)) => {
            out.push(0x80 | count);
            out.extend_from_slice(&octets);
        }
        _ => {}
    }
    out.extend_from_slice(content);
    out
}

/// Writes a SEQUENCE of values already encoded.
pub fn sequence(parts: &[&[u8]]) -> Vec<u8> {
    tlv(SEQUENCE, &parts.concat())
}

/// Writes a SEQUENCE OF values already encoded.
pub fn sequence_of(parts: &[Vec<u8>]) -> Vec<u8> {
    tlv(SEQUENCE, &parts.concat())
}

/// Writes a SET OF, sorted as DER demands (X.690 §11.6).
pub fn set_of(parts: &[Vec<u8>]) -> Vec<u8> {
    let mut sorted = parts.to_vec();
    sorted.sort();
    tlv(SET, &sorted.concat())
}

/// Writes a SET OF in the order given, sorted or not.
pub fn set_as_given(parts: &[Vec<u8>]) -> Vec<u8> {
    tlv(SET, &parts.concat())
}

/// Writes `[number] EXPLICIT`; also the IMPLICIT tag of a constructed value, given its content.
pub fn explicit(number: u8, content: &[u8]) -> Vec<u8> {
    tlv(0xa0 | number, content)
}

/// Writes `[number] IMPLICIT` of a primitive value, given its content.
pub fn implicit(number: u8, content: &[u8]) -> Vec<u8> {
    tlv(0x80 | number, content)
}

/// Writes a non-negative INTEGER.
pub fn integer(value: u64) -> Vec<u8> {
    integer_bytes(&value.to_be_bytes())
}

/// Writes a non-negative INTEGER from big-endian octets of any length.
pub fn integer_bytes(unsigned: &[u8]) -> Vec<u8> {
    let mut content: Vec<u8> = unsigned.iter().copied().skip_while(|o| *o == 0).collect();
    if content.first().is_none_or(|first| first & 0x80 != 0) {
        content.insert(0, 0);
    }
    tlv(0x02, &content)
}

/// Writes an INTEGER whose content octets are given, minimal or not, negative or not.
pub fn integer_raw(content: &[u8]) -> Vec<u8> {
    tlv(0x02, content)
}

/// Writes an ENUMERATED value.
pub fn enumerated(value: u8) -> Vec<u8> {
    tlv(0x0a, &[value])
}

/// Writes an OBJECT IDENTIFIER from its dotted form; unreadable arcs give an empty content.
pub fn oid(dotted: &str) -> Vec<u8> {
    let arcs: Vec<u64> = dotted
        .split('.')
        .filter_map(|arc| arc.parse().ok())
        .collect();
    let mut content = Vec::new();
    if let [first, second, rest @ ..] = arcs.as_slice() {
        base128(first * 40 + second, &mut content);
        for arc in rest {
            base128(*arc, &mut content);
        }
    }
    tlv(0x06, &content)
}

fn base128(mut value: u64, out: &mut Vec<u8>) {
    let mut octets = Vec::new();
    loop {
        let low = u8::try_from(value & 0x7f).unwrap_or_default();
        octets.push(if octets.is_empty() { low } else { low | 0x80 });
        value >>= 7;
        if value == 0 {
            break;
        }
    }
    out.extend(octets.iter().rev());
}

/// Writes an OCTET STRING.
pub fn octet_string(content: &[u8]) -> Vec<u8> {
    tlv(0x04, content)
}

/// Writes a BIT STRING of whole octets.
pub fn bit_string(content: &[u8]) -> Vec<u8> {
    tlv(0x03, &[&[0], content].concat())
}

/// Writes a named-bit BIT STRING, trailing zero bits removed (X.690 §11.2.2).
pub fn named_bits(bits: &[u8]) -> Vec<u8> {
    let Some(last) = bits.iter().max() else {
        return tlv(0x03, &[0]);
    };
    let mut octets = vec![0_u8; usize::from(last / 8) + 1];
    for bit in bits {
        if let Some(octet) = octets.get_mut(usize::from(bit / 8)) {
            *octet |= 0x80 >> (bit % 8);
        }
    }
    tlv(0x03, &[&[7 - last % 8], octets.as_slice()].concat())
}

/// Writes NULL.
pub fn null() -> Vec<u8> {
    tlv(0x05, &[])
}

/// Writes a BOOLEAN.
pub fn boolean(value: bool) -> Vec<u8> {
    tlv(0x01, &[if value { 0xff } else { 0 }])
}

/// Writes a UTF8String.
pub fn utf8_string(text: &str) -> Vec<u8> {
    tlv(0x0c, text.as_bytes())
}

/// Writes a PrintableString, whatever the characters.
pub fn printable_string(text: &str) -> Vec<u8> {
    tlv(0x13, text.as_bytes())
}

/// Writes an IA5String, whatever the characters.
pub fn ia5_string(text: &str) -> Vec<u8> {
    tlv(0x16, text.as_bytes())
}

/// Writes a UTCTime with seconds and `Z`.
pub fn utc_time(time: i64) -> Vec<u8> {
    let c = civil(time);
    let text = format!(
        "{:02}{:02}{:02}{:02}{:02}{:02}Z",
        c.year.rem_euclid(100),
        c.month,
        c.day,
        c.hour,
        c.minute,
        c.second
    );
    tlv(0x17, text.as_bytes())
}

/// Writes a GeneralizedTime with seconds and `Z`.
pub fn generalized_time(time: i64) -> Vec<u8> {
    generalized_time_with(time, "")
}

/// Writes a GeneralizedTime with a fraction such as `.25`, taken as given.
pub fn generalized_time_with(time: i64, fraction: &str) -> Vec<u8> {
    let c = civil(time);
    let text = format!(
        "{:04}{:02}{:02}{:02}{:02}{:02}{fraction}Z",
        c.year, c.month, c.day, c.hour, c.minute, c.second
    );
    tlv(0x18, text.as_bytes())
}

/// Writes a Time: UTCTime through 2049, GeneralizedTime from 2050 (RFC 5280 §4.1.2.5).
pub fn time(time: i64) -> Vec<u8> {
    if (1950..2050).contains(&civil(time).year) {
        utc_time(time)
    } else {
        generalized_time(time)
    }
}

/// One value found by [`read`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Value<'a> {
    /// The identifier octet.
    pub tag: u8,
    /// The value with its header.
    pub whole: &'a [u8],
    /// The content octets.
    pub content: &'a [u8],
}

/// Reads one value and gives what follows it.
///
/// # Errors
/// When the header is cut short, indefinite or longer than the bytes.
pub fn read(bytes: &[u8]) -> Result<(Value<'_>, &[u8])> {
    let cut = || Error::new("DER value cut short");
    let (&[tag, first], after) = bytes.split_first_chunk::<2>().ok_or_else(cut)?;
    let (length, header) = if first < 0x80 {
        (usize::from(first), 2)
    } else {
        let count = usize::from(first & 0x7f);
        let octets = after
            .get(..count)
            .filter(|_| (1..=4).contains(&count))
            .ok_or_else(cut)?;
        (
            octets
                .iter()
                .fold(0_usize, |sum, o| (sum << 8) | usize::from(*o)),
            2 + count,
        )
    };
    let end = header.checked_add(length).ok_or_else(cut)?;
    let whole = bytes.get(..end).ok_or_else(cut)?;
    let content = whole.get(header..).ok_or_else(cut)?;
    Ok((
        Value {
            tag,
            whole,
            content,
        },
        bytes.get(end..).ok_or_else(cut)?,
    ))
}

/// Reads all values that stand one after the other.
///
/// # Errors
/// As [`read`].
pub fn read_all(mut bytes: &[u8]) -> Result<Vec<Value<'_>>> {
    let mut values = Vec::new();
    while !bytes.is_empty() {
        let (value, rest) = read(bytes)?;
        values.push(value);
        bytes = rest;
    }
    Ok(values)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_take_the_shortest_form() {
        assert_eq!(tlv(4, &[0; 127])[..2], [4, 127]);
        assert_eq!(tlv(4, &[0; 128])[..3], [4, 0x81, 128]);
        assert_eq!(tlv(4, &[0; 256])[..4], [4, 0x82, 1, 0]);
    }

    #[test]
    fn integers_are_minimal_and_positive() {
        assert_eq!(integer(0), [2, 1, 0]);
        assert_eq!(integer(128), [2, 2, 0, 128]);
        assert_eq!(integer(256), [2, 2, 1, 0]);
    }

    #[test]
    fn object_identifiers_are_base_128() {
        assert_eq!(
            oid("1.2.840.113549"),
            [6, 6, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d]
        );
        assert_eq!(oid("0.4.0.1733.2.4"), [6, 6, 4, 0, 0x8d, 0x45, 2, 4]);
    }

    #[test]
    fn named_bits_drop_trailing_zeros() {
        assert_eq!(named_bits(&[1]), [3, 2, 6, 0x40]);
        assert_eq!(named_bits(&[5, 6]), [3, 2, 1, 0x06]);
        assert_eq!(named_bits(&[]), [3, 1, 0]);
    }

    #[test]
    fn times_change_form_in_2050() {
        let before = crate::time::instant(2049, 12, 31, 23, 59, 59);
        assert_eq!(time(before), utc_time(before));
        assert_eq!(time(before + 1), b"\x18\x0f20500101000000Z");
    }

    #[test]
    fn a_value_cut_short_is_refused() {
        assert!(read(&[0x30, 3, 1, 1]).is_err());
        assert!(read(&[0x30]).is_err());
        assert!(read(&[0x30, 0x80, 0, 0]).is_err());
    }
}
