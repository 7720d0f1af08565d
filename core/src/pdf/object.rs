//! Objects, and the parser that makes them from tokens.
//!
//! The parser keeps its own stack, so nesting costs memory that the limits bound and never the
//! stack of the thread.
//!
//! # Standard
//! ISO 32000-2 §7.3.

use super::lexer::{Fault, Lexer, PdfString, Token};
use crate::error::MalformedKind;
use crate::limits::{Budget, Resource};
use std::ops::Range;

/// The identity of an indirect object (ISO 32000-2 §7.3.10).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ObjectReference {
    /// Object number.
    pub number: u32,
    /// Generation number.
    pub generation: u16,
}

impl std::fmt::Display for ObjectReference {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {} R", self.number, self.generation)
    }
}

/// A PDF object.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Object {
    /// `null`, also what a reference to an absent object stands for.
    Null,
    /// `true` or `false`.
    Boolean(bool),
    /// A whole number.
    Integer(i64),
    /// A number with a point, or too large for a whole one.
    Real(f64),
    /// A name, without its slash and with `#xx` decoded.
    Name(Vec<u8>),
    /// A string.
    String(PdfString),
    /// An array.
    Array(Vec<Object>),
    /// A dictionary.
    Dictionary(Dictionary),
    /// A reference to an indirect object.
    Reference(ObjectReference),
    /// A stream; its data is read apart.
    Stream(Stream),
}

impl Object {
    /// The dictionary of a dictionary or a stream.
    #[must_use]
    pub fn as_dictionary(&self) -> Option<&Dictionary> {
        match self {
            Self::Dictionary(dictionary) => Some(dictionary),
            Self::Stream(stream) => Some(&stream.dictionary),
            _ => None,
        }
    }

    /// The elements of an array.
    #[must_use]
    pub fn as_array(&self) -> Option<&[Object]> {
        match self {
            Self::Array(elements) => Some(elements),
            _ => None,
        }
    }

    /// The octets of a name.
    #[must_use]
    pub fn as_name(&self) -> Option<&[u8]> {
        match self {
            Self::Name(name) => Some(name),
            _ => None,
        }
    }

    /// A string.
    #[must_use]
    pub fn as_string(&self) -> Option<&PdfString> {
        match self {
            Self::String(string) => Some(string),
            _ => None,
        }
    }

    /// A reference.
    #[must_use]
    pub fn as_reference(&self) -> Option<ObjectReference> {
        match self {
            Self::Reference(reference) => Some(*reference),
            _ => None,
        }
    }

    /// Changes every string in this object, but for the `/Contents` of signature dictionaries: those
    /// with a `/ByteRange`. The parser has bounded how deep an object is.
    pub(super) fn change_strings<E>(
        &mut self,
        change: &mut dyn FnMut(&mut PdfString) -> Result<(), E>,
    ) -> Result<(), E> {
        let dictionary = match self {
            Self::String(string) => return change(string),
            Self::Array(elements) => {
                return elements
                    .iter_mut()
                    .try_for_each(|element| element.change_strings(change));
            }
            Self::Dictionary(dictionary) => dictionary,
            Self::Stream(stream) => &mut stream.dictionary,
            _ => return Ok(()),
        };
        let signs = dictionary.get("ByteRange").is_some();
        for (key, value) in &mut dictionary.entries {
            if !(signs && key == b"Contents") {
                value.change_strings(change)?;
            }
        }
        Ok(())
    }

    /// Whether a key stands twice in it, or in a dictionary inside. The parser has bounded how deep
    /// an object is.
    pub(crate) fn has_duplicate_keys(&self) -> bool {
        let dictionary = match self {
            Self::Array(elements) => return elements.iter().any(Self::has_duplicate_keys),
            Self::Dictionary(dictionary) => dictionary,
            Self::Stream(stream) => &stream.dictionary,
            _ => return false,
        };
        let mut values = dictionary.entries.iter().map(|(_, value)| value);
        dictionary.duplicated || values.any(Self::has_duplicate_keys)
    }

    /// A whole number that is not negative.
    #[must_use]
    pub fn as_unsigned(&self) -> Option<u64> {
        match self {
            Self::Integer(integer) => u64::try_from(*integer).ok(),
            _ => None,
        }
    }
}

/// A dictionary. Of a key that stands twice the last value is kept, and the fact.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Dictionary {
    /// Sorted by key. Most have few entries: a map would take ten times the room of one.
    entries: Vec<(Vec<u8>, Object)>,
    duplicated: bool,
}

impl Dictionary {
    /// The value of a key; `None` when absent or `null`, which are the same (§7.3.7).
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Object> {
        let place = self.place(key.as_bytes()).ok()?;
        let (_, value) = self.entries.get(place)?;
        (*value != Object::Null).then_some(value)
    }

    /// Keys that are there and stand for null.
    pub(crate) fn nulls(&self) -> impl Iterator<Item = &[u8]> {
        let nulls = self
            .entries
            .iter()
            .filter(|(_, value)| *value == Object::Null);
        nulls.map(|(key, _)| key.as_slice())
    }

    /// Whether a key is there, even where it stands for null.
    pub(crate) fn names(&self, key: &[u8]) -> bool {
        self.place(key).is_ok()
    }

    fn place(&self, key: &[u8]) -> Result<usize, usize> {
        self.entries
            .binary_search_by(|(known, _)| known.as_slice().cmp(key))
    }

    /// Whether a key stands twice, or does so for some readers: they then disagree about the value.
    #[must_use]
    pub fn has_duplicate_keys(&self) -> bool {
        self.duplicated
    }

    /// Keys and values, sorted by key.
    pub fn iter(&self) -> impl Iterator<Item = (&[u8], &Object)> {
        self.entries
            .iter()
            .map(|(key, value)| (key.as_slice(), value))
    }

    /// The name under a key.
    #[must_use]
    pub fn name(&self, key: &str) -> Option<&[u8]> {
        self.get(key)?.as_name()
    }

    /// Whether a key has this name as its value.
    #[must_use]
    pub fn is(&self, key: &str, name: &str) -> bool {
        self.name(key) == Some(name.as_bytes())
    }

    /// Gives a key a value.
    pub(crate) fn set(&mut self, key: &str, value: Object) {
        self.put(key.as_bytes(), value);
    }

    pub(super) fn put(&mut self, key: &[u8], value: Object) {
        match self.place(key) {
            Ok(place) => {
                if let Some((_, known)) = self.entries.get_mut(place) {
                    *known = value;
                }
            }
            Err(place) => self.entries.insert(place, (key.to_vec(), value)),
        }
    }

    fn from_items(items: Vec<Object>) -> Option<Self> {
        let mut entries = Vec::with_capacity(items.len() / 2);
        let mut items = items.into_iter();
        while let Some(key) = items.next() {
            let (Object::Name(key), Some(value)) = (key, items.next()) else {
                return None;
            };
            entries.push((key, value));
        }
        // The last of a key stands first.
        entries.reverse();
        entries.sort_by(|(one, _): &(Vec<u8>, _), (other, _)| one.cmp(other));
        let count = entries.len();
        // §7.3.5: no name has this octet; some readers end one there, and have the key twice.
        let is_cut = entries.iter().any(|(key, _)| key.contains(&0));
        entries.dedup_by(|(later, _), (kept, _)| later == kept);
        Some(Self {
            duplicated: is_cut || entries.len() < count,
            entries,
        })
    }
}

/// A stream object: its dictionary, and where its data begins.
#[derive(Clone, Debug, PartialEq)]
pub struct Stream {
    /// The stream dictionary.
    pub dictionary: Dictionary,
    /// Offset of the first octet of data in the file.
    pub data_offset: u64,
    /// The object that it is; its encryption depends on it.
    pub owner: Option<ObjectReference>,
}

/// An indirect object as it stands in the file.
#[derive(Clone, Debug, PartialEq)]
pub struct IndirectObject {
    /// Its numbers.
    pub reference: ObjectReference,
    /// Its value.
    pub value: Object,
    /// From its object number to `endobj`, or to `stream`.
    pub range: Range<u64>,
    /// Whether `endobj` (or `stream`) ends it, as it must.
    pub ended: bool,
}

enum Frame {
    Array(Vec<Object>),
    Dictionary(Vec<Object>),
}

impl Frame {
    fn items(&mut self) -> &mut Vec<Object> {
        match self {
            Self::Array(items) | Self::Dictionary(items) => items,
        }
    }
}

/// Reads one value; charges its objects and its depth.
pub(super) fn value(lexer: &mut Lexer<'_>, budget: &mut Budget) -> Result<Object, Fault> {
    let mut frames: Vec<Frame> = Vec::new();
    let mut held = 0_u64;
    loop {
        let at = lexer.clone();
        let token = lexer.token()?;
        budget.charge(Resource::Values, 1)?;
        // All of one object is held at once, and a part of it costs up to 130 octets.
        held = held.saturating_add(8);
        budget.check(Resource::Values, held)?;
        let item = match token {
            Token::ArrayOpen | Token::DictionaryOpen => {
                frames.push(if token == Token::ArrayOpen {
                    Frame::Array(Vec::new())
                } else {
                    Frame::Dictionary(Vec::new())
                });
                let depth = u64::try_from(frames.len()).unwrap_or(u64::MAX);
                budget.check(Resource::Depth, depth)?;
                continue;
            }
            Token::ArrayClose | Token::DictionaryClose => {
                match (frames.pop(), token == Token::ArrayClose) {
                    (Some(Frame::Array(items)), true) => Object::Array(items),
                    (Some(Frame::Dictionary(items)), false) => Dictionary::from_items(items)
                        .map(Object::Dictionary)
                        .ok_or_else(|| at.malformed(MalformedKind::PdfObject))?,
                    _ => return Err(at.malformed(MalformedKind::PdfObject)),
                }
            }
            Token::Integer(integer) if frames.is_empty() => return top_level(lexer, integer),
            Token::Integer(integer) => Object::Integer(integer),
            Token::Real(real) => Object::Real(real),
            Token::Name(name) => Object::Name(name),
            Token::String(string) => Object::String(string),
            Token::Keyword(b"null") => Object::Null,
            Token::Keyword(b"true") => Object::Boolean(true),
            Token::Keyword(b"false") => Object::Boolean(false),
            Token::Keyword(b"R") => frames
                .last_mut()
                .and_then(|frame| take_reference(frame.items()))
                .map(Object::Reference)
                .ok_or_else(|| at.malformed(MalformedKind::PdfObject))?,
            Token::Keyword(_) => return Err(at.malformed(MalformedKind::PdfObject)),
        };
        match frames.last_mut() {
            Some(frame) => frame.items().push(item),
            None => return Ok(item),
        }
    }
}

/// An integer outside any array may be the first of `1 0 R`.
fn top_level(lexer: &mut Lexer<'_>, integer: i64) -> Result<Object, Fault> {
    let mut ahead = lexer.clone();
    let generation = match ahead.token() {
        Ok(Token::Integer(generation)) => generation,
        Err(Fault::Short) => return Err(Fault::Short),
        _ => return Ok(Object::Integer(integer)),
    };
    match ahead.token() {
        Ok(Token::Keyword(b"R")) => {}
        Err(Fault::Short) => return Err(Fault::Short),
        _ => return Ok(Object::Integer(integer)),
    }
    match reference(integer, generation) {
        Some(reference) => {
            *lexer = ahead;
            Ok(Object::Reference(reference))
        }
        None => Err(ahead.malformed(MalformedKind::PdfObject)),
    }
}

fn take_reference(items: &mut Vec<Object>) -> Option<ObjectReference> {
    let (Some(Object::Integer(generation)), Some(Object::Integer(number))) =
        (items.pop(), items.pop())
    else {
        return None;
    };
    reference(number, generation)
}

fn reference(number: i64, generation: i64) -> Option<ObjectReference> {
    Some(ObjectReference {
        number: u32::try_from(number).ok()?,
        generation: u16::try_from(generation).ok()?,
    })
}

/// Reads `1 0 obj … endobj`, or up to the data of a stream.
pub(super) fn indirect(
    lexer: &mut Lexer<'_>,
    budget: &mut Budget,
) -> Result<IndirectObject, Fault> {
    lexer.skip_space();
    let start = lexer.offset();
    let at = lexer.clone();
    let reference = match (lexer.token()?, lexer.token()?, lexer.token()?) {
        (Token::Integer(number), Token::Integer(generation), Token::Keyword(b"obj")) => {
            reference(number, generation)
        }
        _ => None,
    }
    .ok_or_else(|| at.malformed(MalformedKind::PdfObject))?;

    // `1 0 obj endobj` stands for null in files of careless writers.
    lexer.skip_space();
    if lexer.rest().starts_with(b"endobj") {
        lexer.skip(6);
        return Ok(IndirectObject {
            reference,
            value: Object::Null,
            range: start..lexer.offset(),
            ended: true,
        });
    }

    let mut value = value(lexer, budget)?;
    let mut ahead = lexer.clone();
    let mut ended = true;
    match ahead.token() {
        Ok(Token::Keyword(b"endobj")) => *lexer = ahead,
        Ok(Token::Keyword(b"stream")) => {
            *lexer = ahead;
            let Object::Dictionary(dictionary) = value else {
                return Err(lexer.malformed(MalformedKind::PdfObject));
            };
            skip_end_of_line(lexer)?;
            value = Object::Stream(Stream {
                dictionary,
                data_offset: lexer.offset(),
                owner: None,
            });
        }
        Err(Fault::Short) => return Err(Fault::Short),
        _ => ended = false,
    }
    Ok(IndirectObject {
        reference,
        value,
        range: start..lexer.offset(),
        ended,
    })
}

/// §7.3.8.1: `stream` is followed by CR LF or LF; a lone CR is met too.
fn skip_end_of_line(lexer: &mut Lexer<'_>) -> Result<(), Fault> {
    match lexer.rest() {
        [b'\r', b'\n', ..] => lexer.skip(2),
        [b'\r', _, ..] | [b'\n', ..] => lexer.skip(1),
        [] | [b'\r'] => return Err(Fault::Short),
        _ => return Err(lexer.malformed(MalformedKind::PdfStream)),
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::limits::Limits;
    use std::sync::Arc;

    fn parse(text: &[u8]) -> Result<Object, Fault> {
        value(&mut Lexer::new(text, 0, true), &mut Budget::default())
    }

    fn parse_indirect(text: &[u8]) -> Result<IndirectObject, Fault> {
        indirect(&mut Lexer::new(text, 0, true), &mut Budget::default())
    }

    #[test]
    fn nested_values_and_references() {
        let object = parse(b"<</A[1 2 0 R 3]/B<</C null>>/D 7 1 R/E(x)>>").unwrap();
        let dictionary = object.as_dictionary().unwrap();
        assert_eq!(dictionary.get("A").unwrap().as_array().unwrap().len(), 3);
        assert_eq!(
            dictionary.get("D").unwrap().as_reference(),
            Some(ObjectReference {
                number: 7,
                generation: 1
            })
        );
        let inner = dictionary.get("B").unwrap().as_dictionary().unwrap();
        assert_eq!(inner.get("C"), None);
        assert!(!dictionary.has_duplicate_keys());
    }

    #[test]
    fn a_key_that_stands_twice_is_noticed() {
        let object = parse(b"<</A 1/#41 2>>").unwrap();
        let dictionary = object.as_dictionary().unwrap();
        assert!(dictionary.has_duplicate_keys());
        assert_eq!(dictionary.get("A"), Some(&Object::Integer(2)));
    }

    #[test]
    fn unbalanced_odd_and_foreign_content_is_malformed() {
        for text in [
            &b"[1"[..],
            b"[1>>",
            b"<</A 1]",
            b"<</A>>",
            b"<<1 2>>",
            b"]",
            b"[R]",
            b"[1 R]",
            b"[-1 0 R]",
            b"[1 65536 R]",
            b"[4294967296 0 R]",
            b"[foo]",
            b"",
        ] {
            assert!(matches!(parse(text), Err(Fault::Malformed(_))), "{text:?}");
        }
    }

    #[test]
    fn nesting_beyond_the_limit_is_refused_without_recursion() {
        let deep = [vec![b'['; 200_000], vec![b']'; 200_000]].concat();
        assert!(
            matches!(parse(&deep), Err(Fault::Limit(limit)) if limit.resource == Resource::Depth)
        );
        let fits = [vec![b'['; 128], vec![b']'; 128]].concat();
        assert!(parse(&fits).is_ok());
    }

    #[test]
    fn many_values_are_charged() {
        let limits = Limits {
            values: 10,
            ..Limits::default()
        };
        let mut budget = Budget::new(Arc::new(limits));
        let read = value(
            &mut Lexer::new(b"[1 1 1 1 1 1 1 1 1 1]", 0, true),
            &mut budget,
        );
        assert!(matches!(read, Err(Fault::Limit(limit)) if limit.resource == Resource::Values));
    }

    #[test]
    fn indirect_objects_know_their_place() {
        let read = parse_indirect(b"  12 3 obj [1] endobj 4").unwrap();
        assert_eq!(read.range, 2..21);
        assert!(read.ended);
        assert_eq!(read.reference.to_string(), "12 3 R");
        let read = parse_indirect(b"1 0 obj<</Length 3>>stream\r\nabc\nendstream endobj").unwrap();
        assert!(matches!(
            read.value,
            Object::Stream(Stream {
                data_offset: 28,
                ..
            })
        ));
        assert_eq!(
            parse_indirect(b"1 0 obj 5 endobj").unwrap().value,
            Object::Integer(5)
        );
        assert_eq!(
            parse_indirect(b"1 0 obj endobj").unwrap().value,
            Object::Null
        );
    }

    #[test]
    fn a_missing_endobj_is_noticed() {
        assert!(!parse_indirect(b"1 0 obj 5\n2 0 obj").unwrap().ended);
        assert!(!parse_indirect(b"1 0 obj [5]").unwrap().ended);
    }

    #[test]
    fn what_is_not_an_indirect_object_is_malformed() {
        for text in [
            &b"1 0 R"[..],
            b"obj",
            b"1 obj 5 endobj",
            b"1 0 obj [5 endobj",
            b"1 0 obj 5 stream\nendstream",
            b"1 0 obj <<>> stream x",
        ] {
            assert!(
                matches!(parse_indirect(text), Err(Fault::Malformed(_))),
                "{text:?}"
            );
        }
    }

    #[test]
    fn every_cut_of_an_object_asks_for_more() {
        let whole = b"12 0 obj <</A(b)/C<00>/D[1 0 R 5]>> endobj ";
        for cut in 0..whole.len() {
            let mut lexer = Lexer::new(&whole[..cut], 0, false);
            let read = indirect(&mut lexer, &mut Budget::default());
            assert_eq!(read.map(|_| ()).err(), Some(Fault::Short), "{cut}");
        }
    }
}
