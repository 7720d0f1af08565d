//! Base64 as XML uses it: white space is allowed anywhere.

use crate::error::{Malformed, MalformedKind};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// Decodes text; XML white space is skipped, everything else is strict.
///
/// # Errors
/// [`MalformedKind::XmlBase64`].
///
/// # Standard
/// RFC 4648 §4, XML Schema part 2 §3.2.16.
pub fn decode(text: &str) -> Result<Vec<u8>, Malformed> {
    let white = |octet: &u8| matches!(octet, b' ' | b'\t' | b'\n' | b'\r');
    let malformed = || Malformed {
        kind: MalformedKind::XmlBase64,
        at: crate::error::Position::Unknown,
        expected: None,
        found: None,
    };
    if text.bytes().any(|octet| white(&octet)) {
        let packed: Vec<u8> = text.bytes().filter(|octet| !white(octet)).collect();
        STANDARD.decode(packed).map_err(|_| malformed())
    } else {
        STANDARD.decode(text).map_err(|_| malformed())
    }
}

/// Encodes without line breaks.
#[must_use]
pub fn encode(octets: &[u8]) -> String {
    STANDARD.encode(octets)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn white_space_is_skipped() {
        assert_eq!(decode(" aG\n Vs\tbG 8=\r\n").unwrap(), b"hello");
        assert_eq!(decode("").unwrap(), b"");
        assert_eq!(encode(b"hello"), "aGVsbG8=");
    }

    #[test]
    fn everything_else_is_refused() {
        for text in [
            "aGVsbG8",
            "aGVsbG8==",
            "aGVsbG9=",
            "aG-sbG8=",
            "aGVs\u{a0}",
            "=",
            "a",
            "aGVs=aGVs",
        ] {
            assert!(decode(text).is_err(), "{text:?}");
        }
    }
}
