//! The XML declaration at the very beginning of a document.

use super::lex::SPACES;
use crate::error::{Malformed, MalformedKind};

/// The encoding that an XML declaration names.
pub(super) fn declared_encoding(text: &str) -> Option<&str> {
    declaration(text)
        .ok()
        .flatten()
        .and_then(|found| found.encoding)
}

/// What an XML declaration says.
pub(super) struct XmlDeclaration<'a> {
    pub(super) length: usize,
    pub(super) version: &'a str,
    encoding: Option<&'a str>,
}

/// ```text
/// XMLDecl ::= '<?xml' VersionInfo EncodingDecl? SDDecl? S? '?>'
/// ```
pub(super) fn declaration(text: &str) -> Result<Option<XmlDeclaration<'_>>, Malformed> {
    let syntax = || Malformed::at(MalformedKind::XmlSyntax, 0);
    let Some(rest) = text.strip_prefix("<?xml") else {
        return Ok(None);
    };
    if !rest.starts_with(SPACES) {
        return Ok(None);
    }
    let (content, _) = rest.split_once("?>").ok_or_else(syntax)?;
    let mut found = XmlDeclaration {
        length: "<?xml".len() + content.len() + "?>".len(),
        version: "",
        encoding: None,
    };
    let mut rest = content;
    let mut order = 0;
    loop {
        let trimmed = rest.trim_start_matches(SPACES);
        if trimmed.is_empty() {
            break;
        }
        let (label, after) = trimmed.split_once('=').ok_or_else(syntax)?;
        let label = label.trim_end_matches(SPACES);
        let after = after.trim_start_matches(SPACES);
        let quote = after
            .chars()
            .next()
            .filter(|quote| matches!(quote, '"' | '\''));
        let (value, behind) = quote
            .and_then(|quote| after.get(1..)?.split_once(quote))
            .ok_or_else(syntax)?;
        let place = match label {
            "version" => 1,
            "encoding" => 2,
            "standalone" if matches!(value, "yes" | "no") => 3,
            _ => return Err(syntax()),
        };
        let separated = trimmed.len() < rest.len();
        if place <= order || !separated || (order == 0 && place != 1) {
            return Err(syntax());
        }
        match place {
            1 => found.version = value,
            2 if is_encoding_name(value) => found.encoding = Some(value),
            2 => return Err(syntax()),
            _ => {}
        }
        order = place;
        rest = behind;
    }
    if order == 0 {
        return Err(syntax());
    }
    Ok(Some(found))
}

/// ```text
/// EncName ::= [A-Za-z] ([A-Za-z0-9._] | '-')*
/// ```
fn is_encoding_name(name: &str) -> bool {
    let mut octets = name.bytes();
    octets
        .next()
        .is_some_and(|first| first.is_ascii_alphabetic())
        && octets.all(|octet| octet.is_ascii_alphanumeric() || b"._-".contains(&octet))
}
