//! Encodings of documents that are not in UTF-8.
//!
//! Old documents of offices are in UTF-16 or in one of the one-octet encodings of their country.
//! What such a document means must not depend on the reader, so an encoding is believed only where
//! its label and the octets at the beginning agree, and every octet must be one that the encoding
//! has a character for.
//!
//! # Standard
//! XML 1.0 §4.3.3, appendix F; the character sets registered with IANA.

use crate::error::{Malformed, MalformedKind};

/// Reads UTF-16 behind its byte order mark.
///
/// # Errors
/// [`MalformedKind::XmlEncoding`] for half a character.
pub(super) fn utf_16(octets: &[u8], is_big_endian: bool) -> Result<String, Malformed> {
    let wrong = |at: usize| Malformed::at(MalformedKind::XmlEncoding, super::count(at));
    if !octets.len().is_multiple_of(2) {
        return Err(wrong(octets.len()));
    }
    let units = octets.chunks_exact(2).map(|pair| match *pair {
        [first, second] if is_big_endian => u16::from_be_bytes([first, second]),
        [first, second] => u16::from_le_bytes([first, second]),
        _ => 0,
    });
    let mut text = String::with_capacity(octets.len() / 2);
    for character in char::decode_utf16(units) {
        match character {
            Ok(character) => text.push(character),
            Err(_) => return Err(wrong(text.len())),
        }
    }
    Ok(text)
}

/// Reads a one-octet encoding by its label; none where it is not known.
///
/// # Errors
/// [`MalformedKind::XmlEncoding`] for an octet without a character. The control characters 0x80 to
/// 0x9F of the ISO encodings count as such: many readers take them for other characters.
pub(super) fn one_octet(octets: &[u8], label: &str) -> Option<Result<String, Malformed>> {
    let upper: Vec<char> = table(label)?.chars().collect();
    let first = 0x100_usize.saturating_sub(upper.len());
    let character = |octet: u8| match octet {
        0..0x80 => Some(char::from(octet)),
        _ => {
            let place = usize::from(octet).checked_sub(first)?;
            upper
                .get(place)
                .copied()
                .filter(|found| *found != char::REPLACEMENT_CHARACTER)
        }
    };
    let mut text = String::with_capacity(octets.len());
    for (at, octet) in octets.iter().enumerate() {
        match character(*octet) {
            Some(character) => text.push(character),
            None => {
                let at = super::count(at);
                return Some(Err(Malformed::at(MalformedKind::XmlEncoding, at)));
            }
        }
    }
    Some(Ok(text))
}

/// The characters of the last octets, up to 0xFF; all octets below 0x80 are ASCII.
fn table(label: &str) -> Option<&'static str> {
    Some(match label.to_ascii_uppercase().as_str() {
        "WINDOWS-1251" | "CP1251" => WINDOWS_1251,
        "WINDOWS-1252" | "CP1252" => WINDOWS_1252,
        "WINDOWS-1254" | "CP1254" => WINDOWS_1254,
        "WINDOWS-1257" | "CP1257" => WINDOWS_1257,
        "ISO-8859-2" => ISO_8859_2,
        "ISO-8859-5" => ISO_8859_5,
        "ISO-8859-9" => ISO_8859_9,
        "ISO-8859-15" => ISO_8859_15,
        "ISO-8859-1" => ISO_8859_1,
        _ => return None,
    })
}

const WINDOWS_1251: &str = "\
    ЂЃ‚ѓ„…†‡€‰Љ‹ЊЌЋЏ\
    ђ‘’“”•–—\u{fffd}™љ›њќћџ\
    \u{a0}ЎўЈ¤Ґ¦§Ё©Є«¬\u{ad}®Ї\
    °±Ііґµ¶·ё№є»јЅѕї\
    АБВГДЕЖЗИЙКЛМНОП\
    РСТУФХЦЧШЩЪЫЬЭЮЯ\
    абвгдежзийклмноп\
    рстуфхцчшщъыьэюя";
const WINDOWS_1252: &str = "\
    €\u{fffd}‚ƒ„…†‡ˆ‰Š‹Œ\u{fffd}Ž\u{fffd}\
    \u{fffd}‘’“”•–—˜™š›œ\u{fffd}žŸ\
    \u{a0}¡¢£¤¥¦§¨©ª«¬\u{ad}®¯\
    °±²³´µ¶·¸¹º»¼½¾¿\
    ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏ\
    ÐÑÒÓÔÕÖ×ØÙÚÛÜÝÞß\
    àáâãäåæçèéêëìíîï\
    ðñòóôõö÷øùúûüýþÿ";
const WINDOWS_1254: &str = "\
    €\u{fffd}‚ƒ„…†‡ˆ‰Š‹Œ\u{fffd}\u{fffd}\u{fffd}\
    \u{fffd}‘’“”•–—˜™š›œ\u{fffd}\u{fffd}Ÿ\
    \u{a0}¡¢£¤¥¦§¨©ª«¬\u{ad}®¯\
    °±²³´µ¶·¸¹º»¼½¾¿\
    ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏ\
    ĞÑÒÓÔÕÖ×ØÙÚÛÜİŞß\
    àáâãäåæçèéêëìíîï\
    ğñòóôõö÷øùúûüışÿ";
const WINDOWS_1257: &str = "\
    €\u{fffd}‚\u{fffd}„…†‡\u{fffd}‰\u{fffd}‹\u{fffd}¨ˇ¸\
    \u{fffd}‘’“”•–—\u{fffd}™\u{fffd}›\u{fffd}¯˛\u{fffd}\
    \u{a0}\u{fffd}¢£¤\u{fffd}¦§Ø©Ŗ«¬\u{ad}®Æ\
    °±²³´µ¶·ø¹ŗ»¼½¾æ\
    ĄĮĀĆÄÅĘĒČÉŹĖĢĶĪĻ\
    ŠŃŅÓŌÕÖ×ŲŁŚŪÜŻŽß\
    ąįāćäåęēčéźėģķīļ\
    šńņóōõö÷ųłśūüżž˙";
const ISO_8859_2: &str = "\
    \u{a0}Ą˘Ł¤ĽŚ§¨ŠŞŤŹ\u{ad}ŽŻ\
    °ą˛ł´ľśˇ¸šşťź˝žż\
    ŔÁÂĂÄĹĆÇČÉĘËĚÍÎĎ\
    ĐŃŇÓÔŐÖ×ŘŮÚŰÜÝŢß\
    ŕáâăäĺćçčéęëěíîď\
    đńňóôőö÷řůúűüýţ˙";
const ISO_8859_5: &str = "\
    \u{a0}ЁЂЃЄЅІЇЈЉЊЋЌ\u{ad}ЎЏ\
    АБВГДЕЖЗИЙКЛМНОП\
    РСТУФХЦЧШЩЪЫЬЭЮЯ\
    абвгдежзийклмноп\
    рстуфхцчшщъыьэюя\
    №ёђѓєѕіїјљњћќ§ўџ";
const ISO_8859_9: &str = "\
    \u{a0}¡¢£¤¥¦§¨©ª«¬\u{ad}®¯\
    °±²³´µ¶·¸¹º»¼½¾¿\
    ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏ\
    ĞÑÒÓÔÕÖ×ØÙÚÛÜİŞß\
    àáâãäåæçèéêëìíîï\
    ğñòóôõö÷øùúûüışÿ";
const ISO_8859_15: &str = "\
    \u{a0}¡¢£€¥Š§š©ª«¬\u{ad}®¯\
    °±²³Žµ¶·ž¹º»ŒœŸ¿\
    ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏ\
    ÐÑÒÓÔÕÖ×ØÙÚÛÜÝÞß\
    àáâãäåæçèéêëìíîï\
    ðñòóôõö÷øùúûüýþÿ";
const ISO_8859_1: &str = "\
    \u{a0}¡¢£¤¥¦§¨©ª«¬\u{ad}®¯\
    °±²³´µ¶·¸¹º»¼½¾¿\
    ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏ\
    ÐÑÒÓÔÕÖ×ØÙÚÛÜÝÞß\
    àáâãäåæçèéêëìíîï\
    ðñòóôõö÷øùúûüýþÿ";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_table_ends_with_the_last_octet() {
        for label in [
            "windows-1251",
            "windows-1252",
            "windows-1254",
            "windows-1257",
            "iso-8859-1",
            "iso-8859-2",
            "iso-8859-5",
            "iso-8859-9",
            "iso-8859-15",
        ] {
            let length = table(label).map(|table| table.chars().count());
            let expected = if label.starts_with("iso") { 0x60 } else { 0x80 };
            assert_eq!(length, Some(expected), "{label}");
            assert_eq!(one_octet(b"<a>", label), Some(Ok("<a>".to_owned())));
        }
    }

    #[test]
    fn characters_are_those_of_their_country() {
        let read = |octets: &[u8], label| one_octet(octets, label).unwrap().unwrap();
        assert_eq!(read(b"\xCF\xF0\xE8", "windows-1251"), "При");
        assert_eq!(read(b"\xDDstanbul \xFE", "ISO-8859-9"), "İstanbul ş");
        assert_eq!(read(b"\x80 \xD0", "Windows-1254"), "€ Ğ");
        assert_eq!(read(b"\xE9", "iso-8859-1"), "é");
    }

    #[test]
    fn octets_without_a_character_are_malformed() {
        for (octets, label) in [
            (&b"a\x98"[..], "windows-1251"),
            (b"a\x85", "iso-8859-9"),
            (b"a\x8D", "windows-1254"),
        ] {
            let error = one_octet(octets, label).unwrap().unwrap_err();
            assert_eq!(error.kind, MalformedKind::XmlEncoding, "{label}");
        }
        assert_eq!(one_octet(b"a", "utf-7"), None);
        assert_eq!(one_octet(b"a", "shift_jis"), None);
    }

    #[test]
    fn half_characters_of_utf_16_are_malformed() {
        assert_eq!(utf_16(b"\0a\x01\x59", true).unwrap(), "ař");
        assert_eq!(utf_16(b"a\0\x3D\xD8\0\xDE", false).unwrap(), "a\u{1F600}");
        for octets in [
            &b"\0"[..],
            b"\xD8\x3D",
            b"\xDE\0\xD8\x3D",
            b"\0a\xD8\x3D\0b",
        ] {
            assert!(utf_16(octets, true).is_err(), "{octets:?}");
        }
    }
}
