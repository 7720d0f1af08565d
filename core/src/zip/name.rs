//! Names of entries: decoding, and what a name must not be.

use super::record::{Fields, UNICODE_PATH, UTF8, ZIP64_EXTRA, extra_fields};
use unicode_normalization::UnicodeNormalization;

/// A decoded name.
pub(super) struct Name {
    pub(super) text: String,
    /// Whether it had to be read as code page 437.
    pub(super) is_guessed: bool,
    /// Whether a Unicode path field gives another name: readers would show different files.
    pub(super) is_contradicted: bool,
}

/// Decodes a name: UTF-8 where bit 11 says so or where it is UTF-8, else code page 437.
///
/// # Standard
/// APPNOTE Appendix D, EN 319 162-1 §A.1.
pub(super) fn decode(raw: &[u8], flags: u16, extra: &[u8]) -> Name {
    let (text, is_guessed) = match std::str::from_utf8(raw) {
        Ok(text) => (text.to_owned(), false),
        Err(_) => (raw.iter().copied().map(code_page_437).collect(), true),
    };
    // Bit 11 on octets that are not UTF-8: readers replace, refuse or guess.
    let broken_promise = is_guessed && flags & UTF8 != 0;
    Name {
        is_contradicted: broken_promise || is_contradicted(&text, extra),
        text,
        is_guessed,
    }
}

/// Whether the extra fields of a header want to be read in two ways: a Unicode path that is not the
/// name, or several fields for one thing.
///
/// The checksum in a Unicode path tells whether it belongs to the name, and one that does not is to
/// be passed over. Not every reader compares it, so the path must be the name either way.
///
/// # Standard
/// APPNOTE §4.5.3, §4.6.9; EN 319 162-1 §A.1.
pub(super) fn is_contradicted(name: &str, extra: &[u8]) -> bool {
    let mut wide = 0u32;
    extra_fields(extra).any(|field| match field.id {
        UNICODE_PATH => field.value.and_then(unicode_path) != Some(name.as_bytes()),
        ZIP64_EXTRA => {
            wide = wide.saturating_add(1);
            wide > 1
        }
        _ => false,
    })
}

/// The name in a Unicode path field: after its version and a checksum.
fn unicode_path(value: &[u8]) -> Option<&[u8]> {
    let mut fields = Fields(value);
    fields.take(5)?;
    Some(fields.0)
}

/// Whether a name is empty, absolute or leads outside the container, or would on some system.
///
/// # Standard
/// EN 319 162-1 §A.6, APPNOTE §4.4.17.1.
pub(super) fn is_unsafe(name: &str) -> bool {
    let drive = matches!(name.as_bytes(), [letter, b':', ..] if letter.is_ascii_alphabetic());
    let relative = name.strip_suffix('/').unwrap_or(name);
    drive
        || name.contains(['\\', '\0'])
        || relative
            .split('/')
            .any(|part| matches!(part, "" | "." | ".."))
}

/// The name as file systems without case and with Unicode normalisation see it.
///
/// Dotless ı folds to itself (Unicode default case folding), so `qapı` and `qapi` are two names.
pub(super) fn folded(name: &str) -> Box<str> {
    let name = name.strip_suffix('/').unwrap_or(name);
    if name.is_ascii() {
        return name.to_ascii_lowercase().into();
    }
    let fold = |letter: char| {
        let kept = (letter == 'ı').then_some(letter);
        let folded = (letter != 'ı')
            .then(|| letter.to_uppercase().flat_map(char::to_lowercase))
            .into_iter()
            .flatten();
        kept.into_iter().chain(folded)
    };
    name.nfc()
        .flat_map(fold)
        .collect::<String>()
        .nfc()
        .collect::<String>()
        .into()
}

fn code_page_437(octet: u8) -> char {
    match octet.checked_sub(128) {
        None => char::from(octet),
        Some(index) => HIGH.chars().nth(index.into()).unwrap_or('\u{fffd}'),
    }
}

/// Code page 437 from 0x80 on.
const HIGH: &str = "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u{a0}";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_lead_outside_are_unsafe() {
        for name in [
            "",
            "/",
            "/etc/passwd",
            "../a",
            "a/../b",
            "a/..",
            "a//b",
            "./a",
            "a\\b",
            "C:a",
            "c:/a",
            "a\0b",
            "//",
            "..",
            ".",
        ] {
            assert!(is_unsafe(name), "{name:?}");
        }
        for name in [
            "a",
            "a/b",
            "a/",
            "META-INF/manifest.xml",
            "..a",
            "a..",
            "qapı.pdf",
            "1:2",
        ] {
            assert!(!is_unsafe(name), "{name:?}");
        }
    }

    #[test]
    fn folding_joins_case_and_composition() {
        assert_eq!(folded("Straße"), folded("STRASSE"));
        assert_eq!(folded("é"), folded("E\u{301}"));
        assert_eq!(folded("ΣΑΣ"), folded("σας"));
        assert_eq!(folded("\u{212a}"), folded("k"));
        assert_eq!(folded("a/"), folded("A"));
        assert_ne!(folded("qapı"), folded("qapi"));
    }

    #[test]
    fn code_page_437_is_complete() {
        assert_eq!(HIGH.chars().count(), 128);
        let name = decode(&[b'f', 0x81], 0, &[]);
        assert_eq!((name.text.as_str(), name.is_guessed), ("fü", true));
        assert!(decode(&[0x81], UTF8, &[]).is_contradicted);
    }

    #[test]
    fn a_unicode_path_with_another_name_contradicts() {
        let mut extra = vec![0x75, 0x70, 0, 0, 1];
        extra.extend(crc32fast::hash(b"invoice.pdf").to_le_bytes());
        extra.extend(b"malware.exe");
        extra[2] = (extra.len() - 4).try_into().unwrap();
        assert!(decode(b"invoice.pdf", 0, &extra).is_contradicted);
        // Readers that do not compare checksums take it for another name too.
        assert!(decode(b"another.pdf", 0, &extra).is_contradicted);
        assert!(!decode(b"malware.exe", 0, &extra).is_contradicted);
        for cut in 4..9 {
            assert!(decode(b"", 0, &extra[..cut]).is_contradicted, "{cut}");
        }
        assert!(!decode(b"a", 0, &[0, 0, 0]).is_contradicted);
    }
}
