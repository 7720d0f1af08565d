//! From octets to characters: encoding and line ends.

use super::count;
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
    original: &'a str,
    normalised: Cow<'a, str>,
    mark: u64,
}

/// Reads octets as UTF-8; a byte order mark is taken off.
///
/// # Errors
/// [`Unsupported::Feature`] for another encoding, [`MalformedKind::XmlEncoding`] for octets that
/// are not in the encoding they declare.
///
/// # Standard
/// XML 1.0 §4.3.3, appendix F.
pub fn decode(octets: &[u8]) -> Result<Text<'_>, Error> {
    const OTHER: Unsupported = Unsupported::Feature("XML encoding other than UTF-8");
    // Appendix F: UTF-16 and UTF-32 show by their mark or by zeros beside the first character.
    match octets {
        [0xFE, 0xFF, ..] | [0xFF, 0xFE, ..] | [0, ..] | [_, 0, ..] => return Err(OTHER.into()),
        _ => {}
    }
    let (mark, body) = match octets.strip_prefix(&[0xEF, 0xBB, 0xBF]) {
        Some(body) => (3, body),
        None => (0, octets),
    };
    match std::str::from_utf8(body) {
        Ok(text) => Ok(Text {
            mark,
            ..Text::new(text)
        }),
        Err(error) => {
            let declared = body
                .get(..error.valid_up_to())
                .and_then(|head| std::str::from_utf8(head).ok())
                .and_then(super::scan::declared_encoding);
            match declared {
                Some(label) if !label.eq_ignore_ascii_case("UTF-8") => Err(OTHER.into()),
                _ => {
                    let offset = mark + count(error.valid_up_to());
                    Err(Malformed::at(MalformedKind::XmlEncoding, offset).into())
                }
            }
        }
    }
}

impl<'a> Text<'a> {
    /// Characters that are at hand already.
    #[must_use]
    pub fn new(text: &'a str) -> Self {
        let normalised = if text.contains('\r') {
            Cow::Owned(text.replace("\r\n", "\n").replace('\r', "\n"))
        } else {
            Cow::Borrowed(text)
        };
        Self {
            original: text,
            normalised,
            mark: 0,
        }
    }

    /// The characters.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.normalised
    }

    /// Where in the octets of the input a place of the normalised text was. Linear in the text.
    #[must_use]
    pub fn original_offset(&self, offset: u64) -> u64 {
        if matches!(self.normalised, Cow::Borrowed(_)) {
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
    fn other_encodings_are_unsupported_not_malformed() {
        for octets in [
            &b"\xFE\xFF\0<\0a"[..],
            b"\xFF\xFE<\0a\0",
            b"\0<\0a",
            b"<\0a\0",
            b"<?xml version='1.0' encoding='ISO-8859-1'?><a>\xE9</a>",
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
