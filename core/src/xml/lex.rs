//! The smallest pieces of markup: characters, names, attributes.
//!
//! The parser checks a document with these functions, and a node reads its own tag again with the
//! same ones: so what was checked and what is read cannot differ.

use crate::error::MalformedKind;

/// XML 1.0 §2.3: white space.
pub(super) const SPACES: [char; 4] = [' ', '\t', '\n', '\r'];

/// XML 1.0 §2.3: whether an octet is white space.
pub(super) fn is_space(octet: u8) -> bool {
    matches!(octet, b' ' | b'\t' | b'\n' | b'\r')
}

/// How many octets of white space a text begins with.
pub(super) fn spaces(text: &str) -> usize {
    let octets = text.as_bytes();
    let end = octets.iter().position(|octet| !is_space(*octet));
    end.unwrap_or(octets.len())
}

/// The first character that XML does not allow anywhere.
///
/// ```text
/// Char ::= #x9 | #xA | #xD | [#x20-#xD7FF] | [#xE000-#xFFFD] | [#x10000-#x10FFFF]
/// ```
pub(super) fn forbidden(text: &str) -> Option<usize> {
    const BLOCK: usize = 64;
    // In UTF-8 the two non-characters are EF BF BE and EF BF BF; all else is a control character.
    let suspicious = |octet: u8| (octet < b' ' && !is_space(octet)) || octet == 0xEF;
    let octets = text.as_bytes();
    let mut start = 0;
    for block in octets.chunks(BLOCK) {
        if block.iter().fold(false, |any, one| any | suspicious(*one)) {
            let found = block.iter().enumerate().find(|(place, octet)| {
                let behind = octets.get(start + place + 1..).unwrap_or_default();
                let continues = matches!(behind, [0xBF, 0xBE | 0xBF, ..]);
                suspicious(**octet) && (**octet != 0xEF || continues)
            });
            if let Some((place, _)) = found {
                return Some(start + place);
            }
        }
        start += block.len();
    }
    None
}

/// XML 1.0 §2.2: whether a character may stand in a document.
pub(super) fn is_character(character: char) -> bool {
    matches!(character, '\t' | '\n' | '\r' | ' '..='\u{D7FF}' | '\u{E000}'..='\u{FFFD}' | '\u{10000}'..)
}

/// XML 1.0 §2.3: `NameStartChar`, the colon included.
fn begins_name(character: char) -> bool {
    matches!(character,
        ':' | 'A'..='Z' | '_' | 'a'..='z' | '\u{C0}'..='\u{D6}' | '\u{D8}'..='\u{F6}'
        | '\u{F8}'..='\u{2FF}' | '\u{370}'..='\u{37D}' | '\u{37F}'..='\u{1FFF}'
        | '\u{200C}'..='\u{200D}' | '\u{2070}'..='\u{218F}' | '\u{2C00}'..='\u{2FEF}'
        | '\u{3001}'..='\u{D7FF}' | '\u{F900}'..='\u{FDCF}' | '\u{FDF0}'..='\u{FFFD}'
        | '\u{10000}'..='\u{EFFFF}')
}

/// XML 1.0 §2.3: `NameChar`.
fn continues_name(character: char) -> bool {
    begins_name(character)
        || matches!(character,
            '-' | '.' | '0'..='9' | '\u{B7}' | '\u{300}'..='\u{36F}' | '\u{203F}'..='\u{2040}')
}

/// XML 1.0 §2.3: the name at the beginning of a text; empty where there is none.
pub(super) fn name(text: &str) -> &str {
    if !text.starts_with(begins_name) {
        return "";
    }
    let octets = text.as_bytes();
    let plain = |octet: &u8| matches!(octet, b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b':' | b'_' | b'-' | b'.');
    let end = octets.iter().position(|octet| !plain(octet));
    let end = match end {
        None => octets.len(),
        Some(end) if octets.get(end).is_some_and(u8::is_ascii) => end,
        Some(_) => text
            .find(|character| !continues_name(character))
            .unwrap_or(octets.len()),
    };
    text.get(..end).unwrap_or_default()
}

/// A name in two parts, the prefix empty where there is none.
///
/// ```text
/// QName ::= (NCName ':')? NCName
/// ```
///
/// # Errors
/// The kind of fault. XML Names 1.0 §4: at most one colon, and a name on both sides of it.
pub(super) fn qualified(name: &str) -> Result<(&str, &str), MalformedKind> {
    match split(name) {
        ("", _) if name.is_empty() => Err(MalformedKind::XmlSyntax),
        ("", local) if local.len() == name.len() => Ok(("", name)),
        (prefix, local) => {
            let is_name = local.starts_with(begins_name) && !local.contains(':');
            if prefix.is_empty() || !is_name {
                return Err(MalformedKind::XmlNamespace);
            }
            Ok((prefix, local))
        }
    }
}

/// A name up to its first colon, and what stands behind; all of it behind where there is none.
pub(super) fn split(name: &str) -> (&str, &str) {
    let colon = name.bytes().position(|octet| octet == b':');
    let parts = colon.and_then(|colon| Some((name.get(..colon)?, name.get(colon + 1..)?)));
    parts.unwrap_or(("", name))
}

/// Whether two short texts are the same: without a call for each.
pub(super) fn same(a: &str, b: &str) -> bool {
    a.len() == b.len() && a.bytes().eq(b.bytes())
}

/// An attribute or a namespace declaration, as written.
#[derive(Clone, Copy, Debug)]
pub(super) struct Written<'a> {
    /// Where its name begins.
    pub(super) at: usize,
    pub(super) prefix: &'a str,
    pub(super) name: &'a str,
    /// Where its value begins.
    pub(super) value_at: usize,
    /// Between the quotes.
    pub(super) value: &'a str,
    /// Behind the closing quote.
    pub(super) end: usize,
}

impl Written<'_> {
    /// The prefix that it declares, where it is a declaration; empty for the default namespace.
    pub(super) fn declares(&self) -> Option<&str> {
        let whole = match self.prefix {
            "" => self.name,
            prefix => prefix,
        };
        if !same(whole, "xmlns") {
            return None;
        }
        Some(if self.prefix.is_empty() {
            ""
        } else {
            self.name
        })
    }

    /// Whether the value as it is read differs from what is written: XML 1.0 §3.3.3.
    pub(super) fn needs_decoding(&self) -> bool {
        let octets = self.value.as_bytes();
        octets
            .iter()
            .any(|octet| matches!(octet, b'&' | b'\t' | b'\n' | b'\r'))
    }
}

/// The attribute that stands at a place inside a start tag; none where the tag ends.
///
/// ```text
/// Attribute ::= S Name S? '=' S? ('"' [^<"]* '"' | "'" [^<']* "'")
/// ```
///
/// # Errors
/// The kind of fault, and where it is.
pub(super) fn attribute(
    text: &str,
    place: usize,
) -> Result<Option<Written<'_>>, (MalformedKind, usize)> {
    let rest = |at: usize| text.get(at..).unwrap_or_default();
    let at = place + spaces(rest(place));
    let octets = text.as_bytes();
    if matches!(octets.get(at), None | Some(b'>' | b'/')) {
        return Ok(None);
    }
    let whole = name(rest(at));
    let (prefix, local) = qualified(whole).map_err(|kind| (kind, at))?;
    // XML 1.0 §3.1: white space before each.
    if at == place {
        return Err((MalformedKind::XmlSyntax, at));
    }
    let equals = at + whole.len();
    let equals = equals + spaces(rest(equals));
    if octets.get(equals) != Some(&b'=') {
        return Err((MalformedKind::XmlSyntax, equals));
    }
    let open = equals + 1 + spaces(rest(equals + 1));
    let quote = match octets.get(open) {
        Some(quote @ (b'"' | b'\'')) => *quote,
        _ => return Err((MalformedKind::XmlSyntax, open)),
    };
    let value_at = open + 1;
    let behind = octets.get(value_at..).unwrap_or_default();
    let length = behind
        .iter()
        .position(|octet| *octet == quote || *octet == b'<')
        .filter(|length| behind.get(*length) == Some(&quote))
        .ok_or((MalformedKind::XmlSyntax, value_at))?;
    let end = value_at + length;
    Ok(Some(Written {
        at,
        prefix,
        name: local,
        value_at,
        value: text.get(value_at..end).unwrap_or_default(),
        end: end + 1,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forbidden_characters_are_found_wherever_they_stand() {
        for length in 0..200 {
            let before = "x".repeat(length);
            for one in ["\u{1}", "\u{1F}", "\u{FFFE}", "\u{FFFF}", "\0"] {
                let text = format!("{before}{one}behind");
                assert_eq!(forbidden(&text), Some(length), "{one:?}");
            }
            for one in [
                "\t",
                "\n",
                "\u{FFFD}",
                "\u{7F}",
                "\u{FEFF}",
                "\u{1FFFE}",
                "\u{F0BE}",
            ] {
                assert_eq!(forbidden(&format!("{before}{one}behind")), None, "{one:?}");
            }
        }
    }

    #[test]
    fn names_end_where_they_must() {
        for (text, expected) in [
            ("a b", "a"),
            ("a-1.b>", "a-1.b"),
            ("\u{259}\u{131}l\u{B7}=", "\u{259}\u{131}l\u{B7}"),
            ("a\u{D7}", "a"),
            ("-a", ""),
            ("1a", ""),
            ("", ""),
            ("\u{300}a", ""),
        ] {
            assert_eq!(name(text), expected, "{text}");
        }
        for wrong in ["a:b:c", ":a", "a:", "a:1", "a:-"] {
            assert_eq!(
                qualified(wrong),
                Err(MalformedKind::XmlNamespace),
                "{wrong}"
            );
        }
    }

    #[test]
    fn attributes_end_where_they_must() {
        let read = |text: &str| attribute(text, 0).map(|found| found.map(|one| one.end));
        assert_eq!(read(" a='\"'>").unwrap(), Some(6));
        assert_eq!(read("\na = \"'\"/>").unwrap(), Some(8));
        assert_eq!(read(" >").unwrap(), None);
        for wrong in [
            "a=''", " a", " a=b", " a='", " a='<'", " a:='b'", " ='b'", " a 'b'",
        ] {
            assert!(read(wrong).is_err(), "{wrong}");
        }
    }
}
