//! Text strings and dates.
//!
//! # Standard
//! ISO 32000-2 §7.9.2.2 (text strings), §7.9.4 (dates), annex D.3 (PDFDocEncoding).

use crate::time::UnixTime;

/// Decodes a text string: UTF-16BE or UTF-8 with their marks, else PDFDocEncoding. Octets without
/// a meaning become U+FFFD: the text is a claim to show, never compared for trust.
pub(crate) fn text(octets: &[u8]) -> String {
    match octets {
        [0xFE, 0xFF, units @ ..] => utf16(units, u16::from_be_bytes),
        // Against the standard, and met.
        [0xFF, 0xFE, units @ ..] => utf16(units, u16::from_le_bytes),
        [0xEF, 0xBB, 0xBF, text @ ..] => without_languages(String::from_utf8_lossy(text).into()),
        _ => octets
            .iter()
            .map(|octet| document_encoding(*octet))
            .collect(),
    }
}

fn utf16(octets: &[u8], join: fn([u8; 2]) -> u16) -> String {
    let units = octets.chunks(2).map(|pair| match pair {
        &[first, second] => join([first, second]),
        _ => 0xFFFD,
    });
    let text = char::decode_utf16(units)
        .map(|unit| unit.unwrap_or(char::REPLACEMENT_CHARACTER))
        .collect();
    without_languages(text)
}

/// ISO 32000-2 §7.9.2.2: two escape characters around two or four letters name the language of what
/// follows, and are no part of the text. An escape character of another kind stays.
fn without_languages(text: String) -> String {
    const ESCAPE: char = '\u{1B}';
    let is_language = |letters: &str| {
        matches!(letters.len(), 2 | 4) && letters.bytes().all(|one| one.is_ascii_alphabetic())
    };
    let mut kept = String::new();
    let mut rest = text.as_str();
    while let Some((before, behind)) = rest.split_once(ESCAPE) {
        kept.push_str(before);
        match behind.split_once(ESCAPE) {
            Some((language, text)) if is_language(language) => {
                rest = text;
            }
            _ => {
                kept.push(ESCAPE);
                rest = behind;
            }
        }
    }
    kept + rest
}

fn document_encoding(octet: u8) -> char {
    const LOW: [char; 8] = ['˘', 'ˇ', 'ˆ', '˙', '˝', '˛', '˚', '˜'];
    const HIGH: [char; 33] = [
        '•', '†', '‡', '…', '—', '–', 'ƒ', '⁄', '‹', '›', '−', '‰', '„', '“', '”', '‘', '’', '‚',
        '™', 'ﬁ', 'ﬂ', 'Ł', 'Œ', 'Š', 'Ÿ', 'Ž', 'ı', 'ł', 'œ', 'š', 'ž', '\u{FFFD}', '€',
    ];
    let special = match octet {
        0x18..=0x1F => LOW.get(usize::from(octet - 0x18)),
        0x80..=0xA0 => HIGH.get(usize::from(octet - 0x80)),
        0x7F | 0xAD => Some(&char::REPLACEMENT_CHARACTER),
        _ => None,
    };
    special.copied().unwrap_or_else(|| char::from(octet))
}

/// Reads `D:YYYYMMDDHHmmSSOHH'mm'`, of which everything after the year may be missing. Without a
/// zone the time is taken as UTC.
pub(super) fn date(octets: &[u8]) -> Option<UnixTime> {
    let text = text(octets);
    let rest = text.strip_prefix("D:").unwrap_or(&text);
    let digits = rest
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(rest.len());
    let (digits, zone) = rest.split_at_checked(digits)?;
    let mut full = digits.to_owned();
    full.push_str(match digits.len() {
        4 => "0101000000",
        6 => "01000000",
        8 => "000000",
        10 => "0000",
        12 => "00",
        14 => "",
        _ => return None,
    });
    let local = UnixTime::from_generalized_time(format!("{full}Z").as_bytes()).ok()?;

    let zone = zone.trim_end_matches('\0');
    let mut signs = zone.chars();
    let sign = match signs.next() {
        None => return Some(local),
        // `Z00'00'` is met.
        Some('Z') => return Some(local),
        Some('+') => -1,
        Some('-') => 1,
        Some(_) => return None,
    };
    let fields: Vec<&str> = signs
        .as_str()
        .split('\'')
        .filter(|field| !field.is_empty())
        .collect();
    let (hours, minutes) = match fields.as_slice() {
        [hours] if hours.len() == 4 => hours.split_at_checked(2)?,
        [hours] => (*hours, "0"),
        [hours, minutes] => (*hours, *minutes),
        _ => return None,
    };
    let two = |field: &str, most: i64| -> Option<i64> {
        let is_number = !field.is_empty() && field.bytes().all(|octet| octet.is_ascii_digit());
        let number = field.parse().ok().filter(|number| *number <= most)?;
        is_number.then_some(number)
    };
    let offset = two(hours, 23)? * 3600 + two(minutes, 59)? * 60;
    Some(local.plus_seconds(sign * offset))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_four_encodings_of_text() {
        assert_eq!(text(b"Ay\xfe\x80\xa0\x1f"), "Ayþ•€˜");
        assert_eq!(text(b"\xfe\xff\x01\x59\x00\x41"), "řA");
        assert_eq!(text(b"\xff\xfe\x59\x01"), "ř");
        assert_eq!(text(b"\xef\xbb\xbf\xc9\x99"), "ə");
    }

    #[test]
    fn languages_are_no_text() {
        assert_eq!(text(b"\xfe\xff\0\x1b\0e\0n\0\x1b\0a"), "a");
        assert_eq!(text(b"\xef\xbb\xbfa\x1benUS\x1bb\x1baz\x1b"), "ab");
        for kept in ["\x1b", "\x1ben", "\x1ben a\x1bb", "\x1b\x1b"] {
            assert_eq!(text(&[b"\xef\xbb\xbf", kept.as_bytes()].concat()), kept);
        }
    }

    #[test]
    fn broken_text_never_fails() {
        assert_eq!(text(b"\xfe\xff\xd8\x00"), "\u{FFFD}");
        assert_eq!(text(b"\xfe\xff\x00"), "\u{FFFD}");
        assert_eq!(text(b"\xef\xbb\xbf\xff"), "\u{FFFD}");
        assert_eq!(text(b""), "");
    }

    #[test]
    fn dates_with_all_their_parts_and_without() {
        let seconds = |text: &str| date(text.as_bytes()).map(|time| time.seconds);
        assert_eq!(seconds("D:20240102030405Z"), Some(1_704_164_645));
        assert_eq!(
            seconds("D:20240102030405+04'00'"),
            Some(1_704_164_645 - 14_400)
        );
        assert_eq!(
            seconds("D:20240102030405-01'30"),
            Some(1_704_164_645 + 5_400)
        );
        assert_eq!(
            seconds("D:20240102030405+0400"),
            Some(1_704_164_645 - 14_400)
        );
        assert_eq!(seconds("20240102030405"), Some(1_704_164_645));
        assert_eq!(seconds("D:20240102030405Z00'00'"), Some(1_704_164_645));
        assert_eq!(seconds("D:2024"), Some(1_704_067_200));
    }

    #[test]
    fn dates_that_are_none() {
        for wrong in [
            "",
            "D:",
            "D:202",
            "D:20241302030405",
            "D:20240102030405X",
            "D:20240102030405+24'00'",
            "D:20240102030405+",
            "D:20240102030405+-1'00'",
            "D:20240102030405+01'02'03'",
            "(x)",
            "D:20240102030405+\u{e9}\u{e9}",
        ] {
            assert_eq!(date(wrong.as_bytes()), None, "{wrong}");
        }
    }
}
