//! Names of files as relative references.
//!
//! A signature beside files names them by URI: percent-encoded, relative to the root of the
//! container. Such a reference must lead to one file and never outside.
//!
//! # Standard
//! RFC 3986 §2.1, §2.3, §4.2; EN 319 162-1 §A.6.

use std::fmt::Write;

/// A relative reference as the name of a file: percent-decoded once, as UTF-8. None for what has a
/// scheme, an authority, a query or a fragment, or leads outside (EN 319 162-1 §A.6).
#[must_use]
pub fn decode_uri(uri: &str) -> Option<String> {
    if uri.is_empty() || uri.contains(['#', '?', '\\']) || uri.starts_with("//") {
        return None;
    }
    let first = uri.split('/').next().unwrap_or_default();
    if first.contains(':') {
        return None;
    }
    let uri = uri.strip_prefix('/').unwrap_or(uri);
    let uri = uri.strip_prefix("./").unwrap_or(uri);
    let mut decoded = Vec::with_capacity(uri.len());
    let mut rest = uri.as_bytes();
    let digit = |octet: Option<&u8>| char::from(*octet?).to_digit(16);
    while let Some((octet, behind)) = rest.split_first() {
        rest = behind;
        if *octet == b'%' {
            let value = digit(rest.first())? * 16 + digit(rest.get(1))?;
            decoded.push(u8::try_from(value).ok()?);
            rest = rest.get(2..)?;
        } else {
            decoded.push(*octet);
        }
    }
    let name = String::from_utf8(decoded).ok()?;
    let is_outside = name.split('/').any(|part| part == "..") || name.contains('\0');
    (!is_outside && !name.is_empty()).then_some(name)
}

/// A name as a relative reference: everything but unreserved characters and `/` percent-encoded.
#[must_use]
pub fn encode_uri(name: &str) -> String {
    let mut uri = String::with_capacity(name.len());
    for octet in name.bytes() {
        match octet {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                uri.push(char::from(octet));
            }
            // Writing to a String does not fail.
            _ => {
                let _ = write!(uri, "%{octet:02X}");
            }
        }
    }
    uri
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_that_lead_outside_are_refused() {
        for uri in [
            "",
            "../a",
            "a/../../b",
            "%2e%2e/a",
            "http://h/a",
            "file:a",
            "//h/a",
            "a#b",
            "a?b",
            "a\\b",
            "a%",
            "a%4",
            "a%zz",
            "a%+1",
            "a%ff",
            "a%00",
        ] {
            assert_eq!(decode_uri(uri), None, "{uri}");
        }
    }

    #[test]
    fn names_come_back_from_their_references() {
        for name in [
            "a.txt",
            "ərizə.txt",
            "a b+c%d.pdf",
            "folder/ş:ı.txt",
            "100%.txt",
        ] {
            assert_eq!(decode_uri(&encode_uri(name)).as_deref(), Some(name));
        }
    }

    #[test]
    fn a_reference_is_decoded_once() {
        assert_eq!(decode_uri("a%2525.txt").as_deref(), Some("a%25.txt"));
    }
}
