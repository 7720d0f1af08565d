//! From octets to characters: encoding and line ends.

use super::{count, declaration, encoding};
use crate::error::{Error, Malformed, MalformedKind, Unsupported};
use std::borrow::Cow;

/// The characters of an XML entity, with line ends normalised.
///
/// Everything after this point sees line feeds only; [`Text::original_offset`] leads back to the
/// octets of the input, so that an insertion can be made without writing anything anew.
///
/// # Standard
/// XML 1.0 §2.11 (line ends), §4.3.3 (encoding).
#[derive(Clone, Debug)]
pub struct Text<'a> {
    original: Cow<'a, str>,
    normalised: Option<String>,
    mark: u64,
    is_transcoded: bool,
}

/// Reads octets as characters; a byte order mark is taken off.
///
/// UTF-8 and UTF-16 with its mark, and where they are declared the one-octet encodings
/// windows-1251, 1252, 1254, 1257 and ISO-8859-1, 2, 5, 9, 15.
///
/// # Errors
/// [`Unsupported::Feature`] for another encoding, [`MalformedKind::XmlEncoding`] for octets that
/// are not in the encoding they declare, and for a mark and a label that disagree.
///
/// # Standard
/// XML 1.0 §4.3.3, appendix F.
pub fn decode(octets: &[u8]) -> Result<Text<'_>, Error> {
    const OTHER: Unsupported = Unsupported::Feature("this XML encoding");
    let disagrees = || Error::from(Malformed::at(MalformedKind::XmlEncoding, 0));
    let labelled = |text: &str| declaration::declared_encoding(text).map(str::to_ascii_uppercase);
    // Appendix F: UTF-16 and UTF-32 show by their mark or by zeros beside the first character.
    let utf_16 = match octets {
        [0xFF, 0xFE, 0, 0, ..] => return Err(OTHER.into()),
        [0xFE, 0xFF, body @ ..] => Some((body, "UTF-16BE")),
        [0xFF, 0xFE, body @ ..] => Some((body, "UTF-16LE")),
        [0, ..] | [_, 0, ..] => return Err(OTHER.into()),
        _ => None,
    };
    if let Some((body, name)) = utf_16 {
        let text = encoding::utf_16(body, name == "UTF-16BE")?;
        return match labelled(&text) {
            Some(label) if label != "UTF-16" && label != name => Err(disagrees()),
            _ => Ok(Text::transcoded(text)),
        };
    }
    let (mark, body) = match octets.strip_prefix(&[0xEF, 0xBB, 0xBF]) {
        Some(body) => (3, body),
        None => (0, octets),
    };
    // The declaration itself is in ASCII.
    let ascii = body.iter().position(|octet| !octet.is_ascii());
    let head = body.get(..ascii.unwrap_or(body.len())).unwrap_or_default();
    let label = std::str::from_utf8(head).ok().and_then(labelled);
    match label.as_deref() {
        None | Some("UTF-8") => {}
        Some(_) if mark > 0 => return Err(disagrees()),
        // What is ASCII means the same in all of them.
        Some(label) if ascii.is_none() && is_one_octet(label) => {}
        Some("US-ASCII" | "ASCII") => return Err(disagrees()),
        Some(label) => {
            let text = encoding::one_octet(body, label).ok_or(OTHER)??;
            return Ok(Text::transcoded(text));
        }
    }
    match std::str::from_utf8(body) {
        Ok(text) => Ok(Text {
            mark,
            ..Text::new(text)
        }),
        Err(error) => {
            let offset = mark + count(error.valid_up_to());
            Err(Malformed::at(MalformedKind::XmlEncoding, offset).into())
        }
    }
}

/// Whether a label is of an encoding whose first half is ASCII.
fn is_one_octet(label: &str) -> bool {
    let family = label.starts_with("ISO-8859-") || label.starts_with("WINDOWS-125");
    family || matches!(label, "US-ASCII" | "ASCII") || label.starts_with("CP125")
}

impl<'a> Text<'a> {
    /// Characters that are at hand already.
    #[must_use]
    pub fn new(text: &'a str) -> Self {
        Self {
            original: Cow::Borrowed(text),
            normalised: normalised(text),
            mark: 0,
            is_transcoded: false,
        }
    }

    /// Characters that were in another encoding than UTF-8.
    fn transcoded(text: String) -> Self {
        Self {
            normalised: normalised(&text),
            original: Cow::Owned(text),
            mark: 0,
            is_transcoded: true,
        }
    }

    /// Whether the octets of the input were in another encoding than UTF-8: then no place of the
    /// text leads back to them.
    #[must_use]
    pub fn is_transcoded(&self) -> bool {
        self.is_transcoded
    }

    /// The characters.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.normalised.as_deref().unwrap_or(&self.original)
    }

    /// Where in the octets of the input a place of the normalised text was. Linear in the text.
    #[must_use]
    pub fn original_offset(&self, offset: u64) -> u64 {
        if self.normalised.is_none() {
            return offset.saturating_add(self.mark);
        }
        let mut normalised = 0_u64;
        let mut original = 0_u64;
        let mut octets = self.original.bytes().peekable();
        while normalised < offset {
            match octets.next() {
                Some(b'\r') if octets.peek() == Some(&b'\n') => {}
                Some(_) => normalised += 1,
                None => break,
            }
            original += 1;
        }
        original.saturating_add(self.mark)
    }
}

/// The text with its line ends normalised; none where they are.
fn normalised(text: &str) -> Option<String> {
    let needs = text.contains('\r');
    needs.then(|| text.replace("\r\n", "\n").replace('\r', "\n"))
}

impl std::ops::Deref for Text<'_> {
    type Target = str;

    fn deref(&self) -> &str {
        self.as_str()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn line_ends_become_line_feeds_and_lead_back() {
        let text = decode(b"\xEF\xBB\xBF<a>\r\n\r x</a>").unwrap();
        assert_eq!(text.as_str(), "<a>\n\n x</a>");
        assert_eq!(text.original_offset(0), 3);
        assert_eq!(text.original_offset(3), 6);
        assert_eq!(text.original_offset(4), 8);
        assert_eq!(text.original_offset(6), 10);
    }

    #[test]
    fn documents_in_other_encodings_are_read() {
        for (octets, expected) in [
            (&b"\xFE\xFF\0<\0a\0/\0>"[..], "<a/>"),
            (b"\xFF\xFE<\0a\0/\0>\0", "<a/>"),
            (
                b"<?xml version='1.0' encoding='ISO-8859-9'?><a>\xFE\r\n</a>",
                "<?xml version='1.0' encoding='ISO-8859-9'?><a>\u{15f}\n</a>",
            ),
        ] {
            let text = decode(octets).unwrap();
            assert_eq!(text.as_str(), expected);
            assert!(text.is_transcoded());
        }
        let ascii = decode(b"<?xml version='1.0' encoding='windows-1251'?><a/>").unwrap();
        assert!(!ascii.is_transcoded());
    }

    #[test]
    fn marks_and_labels_that_disagree_are_malformed() {
        let utf_16 = |mark: &[u8], text: &str| {
            let units = text.encode_utf16().flat_map(u16::to_be_bytes);
            [mark.to_vec(), units.collect()].concat()
        };
        let label = |name: &str| format!("<?xml version='1.0' encoding='{name}'?><a/>");
        for octets in [
            utf_16(b"\xFE\xFF", &label("UTF-8")),
            utf_16(b"\xFE\xFF", &label("UTF-16LE")),
            [&b"\xEF\xBB\xBF"[..], label("windows-1251").as_bytes()].concat(),
            b"<?xml version='1.0' encoding='US-ASCII'?><a>\xE9</a>".to_vec(),
        ] {
            let error = decode(&octets).unwrap_err();
            assert_eq!(error.code(), "malformed.xml.encoding", "{octets:?}");
        }
        assert!(decode(&utf_16(b"\xFE\xFF", &label("utf-16"))).is_ok());
    }

    #[test]
    fn other_encodings_are_unsupported_not_malformed() {
        for octets in [
            &b"\0<\0a"[..],
            b"<\0a\0",
            b"\xFF\xFE\0\0<\0\0\0",
            b"<?xml version='1.0' encoding='Shift_JIS'?><a>\xE9</a>",
            b"<?xml version='1.0' encoding='UTF-16'?><a/>",
            b"<?xml version='1.0' encoding='UTF-7'?><a/>",
        ] {
            assert!(
                matches!(decode(octets), Err(Error::Unsupported(_))),
                "{octets:?}"
            );
        }
    }

    #[test]
    fn octets_that_are_not_utf_8_are_malformed() {
        for octets in [
            &b"<a>\xC0\x80</a>"[..],
            b"<a>\xED\xA0\x80</a>",
            b"<?xml version='1.0' encoding='utf-8'?><a>\xE9</a>",
        ] {
            let error = decode(octets).unwrap_err();
            assert_eq!(error.code(), "malformed.xml.encoding", "{octets:?}");
        }
    }
}
