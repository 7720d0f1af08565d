//! Tokens of PDF syntax, with their offsets.
//!
//! # Standard
//! ISO 32000-2 §7.2 (lexical conventions), §7.3.3 to §7.3.5 (numbers, strings, names).

use crate::error::{Malformed, MalformedKind};
use crate::limits::Limit;
use std::ops::Range;
use std::sync::Arc;

/// Why a value could not be read from a window of the file.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Fault {
    /// The window ends before the value does: read on with a larger one.
    Short,
    /// The file is wrong here.
    Malformed(Malformed),
    /// A limit was reached.
    Limit(Limit),
}

impl From<Malformed> for Fault {
    fn from(malformed: Malformed) -> Self {
        Self::Malformed(malformed)
    }
}

impl From<Limit> for Fault {
    fn from(limit: Limit) -> Self {
        Self::Limit(limit)
    }
}

/// How a string is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StringForm {
    /// `(…)`, with escapes.
    Literal,
    /// `<…>`, an even number of hexadecimal digits and nothing else.
    Hexadecimal,
    /// `<…>`, with white space inside or an odd number of digits.
    LooseHexadecimal,
    /// Either, in an encrypted document, with octets that are none of its encryption.
    Unencrypted,
}

/// A string object and where it stands.
#[derive(Clone, Debug)]
pub struct PdfString {
    /// The octets that it stands for.
    pub octets: Arc<[u8]>,
    /// The token with its delimiters, as offsets in the file; for a string inside an object
    /// stream, offsets in the decoded stream.
    pub token: Range<u64>,
    /// How it is written.
    pub form: StringForm,
}

impl PdfString {
    /// The string as text. Octets without a meaning become U+FFFD.
    #[must_use]
    pub fn text(&self) -> String {
        super::text::text(&self.octets)
    }
}

impl PartialEq for PdfString {
    /// Strings are equal when their octets are, however they are written, but that one that was
    /// not encrypted is not equal to one that was.
    fn eq(&self, other: &Self) -> bool {
        let is_plain = |string: &Self| string.form == StringForm::Unencrypted;
        self.octets == other.octets && is_plain(self) == is_plain(other)
    }
}

/// One token.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Token<'a> {
    Integer(i64),
    Real(f64),
    Name(Vec<u8>),
    String(PdfString),
    ArrayOpen,
    ArrayClose,
    DictionaryOpen,
    DictionaryClose,
    Keyword(&'a [u8]),
}

/// Reads tokens from a window of a file.
#[derive(Clone, Debug)]
pub(super) struct Lexer<'a> {
    bytes: &'a [u8],
    at: usize,
    base: u64,
    last: bool,
}

impl<'a> Lexer<'a> {
    /// Reads `bytes`, which stand at `base` in the file; `last`: nothing follows them.
    pub(super) fn new(bytes: &'a [u8], base: u64, last: bool) -> Self {
        Self {
            bytes,
            at: 0,
            base,
            last,
        }
    }

    /// Where the next octet stands in the file.
    pub(super) fn offset(&self) -> u64 {
        self.base
            .saturating_add(u64::try_from(self.at).unwrap_or(u64::MAX))
    }

    pub(super) fn malformed(&self, kind: MalformedKind) -> Fault {
        Fault::Malformed(Malformed::at(kind, self.offset()))
    }

    /// Whether nothing follows the window in the file.
    pub(super) fn is_last(&self) -> bool {
        self.last
    }

    /// The octets not read yet.
    pub(super) fn rest(&self) -> &'a [u8] {
        self.bytes.get(self.at..).unwrap_or_default()
    }

    /// The window ended: more may follow, or the file is cut off.
    fn ended(&self) -> Fault {
        if self.last {
            self.malformed(MalformedKind::PdfObject)
        } else {
            Fault::Short
        }
    }

    pub(super) fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn peek_after(&self, ahead: usize) -> Option<u8> {
        self.bytes.get(self.at.checked_add(ahead)?).copied()
    }

    pub(super) fn skip(&mut self, count: usize) {
        self.at = self.at.saturating_add(count).min(self.bytes.len());
    }

    fn next_octet(&mut self) -> Result<u8, Fault> {
        let octet = self.peek().ok_or_else(|| self.ended())?;
        self.at += 1;
        Ok(octet)
    }

    /// Skips white space and comments (ISO 32000-2 §7.2.3, §7.2.4).
    pub(super) fn skip_space(&mut self) {
        while let Some(octet) = self.peek() {
            if octet == b'%' {
                while self
                    .peek()
                    .is_some_and(|octet| octet != b'\r' && octet != b'\n')
                {
                    self.at += 1;
                }
            } else if is_space(octet) {
                self.at += 1;
            } else {
                break;
            }
        }
    }

    /// The next token.
    ///
    /// # Errors
    /// [`Fault`]; the end of the file is malformed.
    pub(super) fn token(&mut self) -> Result<Token<'a>, Fault> {
        self.skip_space();
        let first = self.peek().ok_or_else(|| self.ended())?;
        match first {
            b'[' => self.delimiter(1, Token::ArrayOpen),
            b']' => self.delimiter(1, Token::ArrayClose),
            b'(' => self.literal_string(),
            b'<' => match self.peek_after(1) {
                Some(b'<') => self.delimiter(2, Token::DictionaryOpen),
                Some(_) => self.hexadecimal_string(),
                None => Err(self.ended()),
            },
            b'>' => match self.peek_after(1) {
                Some(b'>') => self.delimiter(2, Token::DictionaryClose),
                Some(_) => Err(self.malformed(MalformedKind::PdfObject)),
                None => Err(self.ended()),
            },
            b'/' => self.name(),
            b')' | b'{' | b'}' => Err(self.malformed(MalformedKind::PdfObject)),
            _ => self.regular(),
        }
    }

    fn delimiter(&mut self, length: usize, token: Token<'a>) -> Result<Token<'a>, Fault> {
        self.skip(length);
        Ok(token)
    }

    /// Regular characters up to the next white space or delimiter.
    fn run(&mut self) -> Result<&'a [u8], Fault> {
        let rest = self.rest();
        let length = rest.iter().position(|octet| !is_regular(*octet));
        let length = match length {
            Some(length) => length,
            None if self.last => rest.len(),
            None => return Err(Fault::Short),
        };
        self.skip(length);
        Ok(rest.get(..length).unwrap_or_default())
    }

    fn regular(&mut self) -> Result<Token<'a>, Fault> {
        let run = self.run()?;
        Ok(number(run).unwrap_or(Token::Keyword(run)))
    }

    /// ISO 32000-2 §7.3.5: `#` and two hexadecimal digits stand for an octet.
    fn name(&mut self) -> Result<Token<'a>, Fault> {
        self.skip(1);
        let run = self.run()?;
        let mut name = Vec::with_capacity(run.len());
        let mut rest = run;
        while let Some((octet, after)) = rest.split_first() {
            rest = after;
            if *octet == b'#'
                && let [high, low, after @ ..] = rest
                && let (Some(high), Some(low)) = (hexadecimal(*high), hexadecimal(*low))
            {
                name.push(high << 4 | low);
                rest = after;
            } else {
                name.push(*octet);
            }
        }
        Ok(Token::Name(name))
    }

    /// ISO 32000-2 §7.3.4.2.
    fn literal_string(&mut self) -> Result<Token<'a>, Fault> {
        let start = self.offset();
        self.skip(1);
        let mut octets = Vec::new();
        let mut open = 1u64;
        loop {
            match self.next_octet()? {
                b'(' => {
                    open += 1;
                    octets.push(b'(');
                }
                b')' => {
                    open -= 1;
                    if open == 0 {
                        break;
                    }
                    octets.push(b')');
                }
                b'\\' => self.escape(&mut octets)?,
                b'\r' => {
                    self.line_feed_after_return()?;
                    octets.push(b'\n');
                }
                octet => octets.push(octet),
            }
        }
        Ok(Token::String(PdfString {
            octets: octets.into(),
            token: start..self.offset(),
            form: StringForm::Literal,
        }))
    }

    fn line_feed_after_return(&mut self) -> Result<(), Fault> {
        if self.peek().ok_or_else(|| self.ended())? == b'\n' {
            self.at += 1;
        }
        Ok(())
    }

    fn escape(&mut self, octets: &mut Vec<u8>) -> Result<(), Fault> {
        match self.next_octet()? {
            b'n' => octets.push(b'\n'),
            b'r' => octets.push(b'\r'),
            b't' => octets.push(b'\t'),
            b'b' => octets.push(8),
            b'f' => octets.push(12),
            b'\n' => {}
            b'\r' => self.line_feed_after_return()?,
            digit @ b'0'..=b'7' => {
                let mut value = u32::from(digit - b'0');
                for _ in 0..2 {
                    match self.peek().ok_or_else(|| self.ended())? {
                        digit @ b'0'..=b'7' => {
                            value = value * 8 + u32::from(digit - b'0');
                            self.at += 1;
                        }
                        _ => break,
                    }
                }
                // "High-order overflow shall be ignored."
                octets.push(u8::try_from(value & 0xFF).unwrap_or_default());
            }
            octet => octets.push(octet),
        }
        Ok(())
    }

    /// ISO 32000-2 §7.3.4.3: white space is ignored, a missing last digit is 0.
    fn hexadecimal_string(&mut self) -> Result<Token<'a>, Fault> {
        let start = self.offset();
        self.skip(1);
        let rest = self.rest();
        let Some(length) = rest.iter().position(|octet| *octet == b'>') else {
            return Err(self.ended());
        };
        let digits = rest.get(..length).unwrap_or_default();
        let mut octets = Vec::with_capacity(length / 2 + 1);
        let mut form = StringForm::Hexadecimal;
        let mut half = None;
        for octet in digits {
            match (hexadecimal(*octet), half) {
                (Some(high), None) => half = Some(high),
                (Some(low), Some(high)) => {
                    octets.push(high << 4 | low);
                    half = None;
                }
                (None, _) if is_space(*octet) => form = StringForm::LooseHexadecimal,
                (None, _) => return Err(self.malformed(MalformedKind::PdfObject)),
            }
        }
        if let Some(high) = half {
            octets.push(high << 4);
            form = StringForm::LooseHexadecimal;
        }
        self.skip(length + 1);
        Ok(Token::String(PdfString {
            octets: octets.into(),
            token: start..self.offset(),
            form,
        }))
    }
}

/// The names in a piece of content, wherever a reader may find one.
pub(crate) fn names(content: &[u8]) -> impl Iterator<Item = Vec<u8>> {
    let places = content.iter().enumerate();
    let places = places.filter(|(_, octet)| **octet == b'/');
    places.filter_map(|(at, _)| {
        let rest = content.get(at..)?;
        match Lexer::new(rest, 0, true).name() {
            Ok(Token::Name(name)) => Some(name),
            _ => None,
        }
    })
}

/// ISO 32000-2 §7.2.3, table 1.
pub(super) fn is_space(octet: u8) -> bool {
    matches!(octet, 0 | 9 | 10 | 12 | 13 | 32)
}

fn is_regular(octet: u8) -> bool {
    !is_space(octet)
        && !matches!(
            octet,
            b'(' | b')' | b'<' | b'>' | b'[' | b']' | b'{' | b'}' | b'/' | b'%'
        )
}

fn hexadecimal(octet: u8) -> Option<u8> {
    match octet {
        b'0'..=b'9' => Some(octet - b'0'),
        b'a'..=b'f' => Some(octet - b'a' + 10),
        b'A'..=b'F' => Some(octet - b'A' + 10),
        _ => None,
    }
}

/// ISO 32000-2 §7.3.3: digits, at most one sign in front and one point; no exponent.
fn number<'a>(run: &[u8]) -> Option<Token<'a>> {
    let digits = run
        .strip_prefix(b"+")
        .or_else(|| run.strip_prefix(b"-"))
        .unwrap_or(run);
    let points = digits.iter().filter(|octet| **octet == b'.').count();
    if points > 1
        || digits.len() == points
        || !digits
            .iter()
            .all(|octet| octet.is_ascii_digit() || *octet == b'.')
    {
        return None;
    }
    let text = std::str::from_utf8(run).ok()?;
    if points == 0
        && let Ok(integer) = text.parse()
    {
        return Some(Token::Integer(integer));
    }
    text.parse().ok().map(Token::Real)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(text: &[u8]) -> Result<Vec<Token<'_>>, Fault> {
        let mut lexer = Lexer::new(text, 100, true);
        let mut tokens = Vec::new();
        loop {
            lexer.skip_space();
            if lexer.rest().is_empty() {
                return Ok(tokens);
            }
            tokens.push(lexer.token()?);
        }
    }

    fn string(text: &[u8]) -> PdfString {
        match all(text).unwrap().pop() {
            Some(Token::String(string)) => string,
            other => panic!("not a string: {other:?}"),
        }
    }

    #[test]
    fn numbers_names_and_keywords() {
        assert_eq!(
            all(b"1 -2 +3 4. .5 -.25 /A#42/ obj%x\n<</K[true]>>").unwrap(),
            [
                Token::Integer(1),
                Token::Integer(-2),
                Token::Integer(3),
                Token::Real(4.0),
                Token::Real(0.5),
                Token::Real(-0.25),
                Token::Name(b"AB".to_vec()),
                Token::Name(Vec::new()),
                Token::Keyword(b"obj"),
                Token::DictionaryOpen,
                Token::Name(b"K".to_vec()),
                Token::ArrayOpen,
                Token::Keyword(b"true"),
                Token::ArrayClose,
                Token::DictionaryClose,
            ]
        );
    }

    #[test]
    fn what_only_looks_like_a_number_is_a_keyword() {
        for text in [&b"1e5"[..], b"--1", b".", b"1.2.3", b"+", b"0x10"] {
            assert_eq!(all(text).unwrap(), [Token::Keyword(text)]);
        }
        assert_eq!(all(b"99999999999999999999").unwrap(), [Token::Real(1e20)]);
    }

    #[test]
    fn literal_strings_with_escapes_and_line_ends() {
        let read = string(b" (a(b)\\)\\053\\5x\\\r\nc\r\nd\\q)");
        assert_eq!(&*read.octets, b"a(b))+\x05xc\ndq");
        assert_eq!(read.token, 101..125);
        assert_eq!(read.form, StringForm::Literal);
    }

    #[test]
    fn hexadecimal_strings_say_whether_they_are_exact() {
        assert_eq!(string(b"<0aFf>").form, StringForm::Hexadecimal);
        assert_eq!(string(b"<0a Ff>").form, StringForm::LooseHexadecimal);
        assert_eq!(string(b"<0aF>").form, StringForm::LooseHexadecimal);
        assert_eq!(&*string(b"<0aF>").octets, b"\x0a\xf0");
        assert_eq!(string(b"  <00>").token, 102..106);
    }

    #[test]
    fn strings_with_other_characters_or_without_end_are_malformed() {
        for text in [
            &b"<0g>"[..],
            b"<00",
            b"(ab",
            b"(a\\",
            b"<",
            b">",
            b")",
            b"}",
        ] {
            assert!(matches!(all(text), Err(Fault::Malformed(_))), "{text:?}");
        }
    }

    #[test]
    fn a_window_that_ends_inside_a_token_is_short() {
        for text in [
            &b"12"[..],
            b"/Nam",
            b"(ab",
            b"<00",
            b"<",
            b">",
            b"(a\\1",
            b"",
        ] {
            let mut lexer = Lexer::new(text, 0, false);
            assert_eq!(lexer.token(), Err(Fault::Short), "{text:?}");
        }
    }
}
