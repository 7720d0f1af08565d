//! The reader: values one after the other, each with the bytes it came from.

use super::tag::{Class, Tag};
use super::tlv::Tlv;
use super::to_u64;
use crate::error::{Malformed, MalformedKind};

/// Which encoding rules a reader holds its input to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Mode {
    /// X.690 §10 and §11: one encoding for each value.
    Der,
    /// X.690 §8: also indefinite lengths, lengths longer than needed, strings in pieces.
    Ber,
}

/// How deep indefinite lengths may nest; the default of [`crate::limits::Limits::depth`].
pub(super) const MAX_DEPTH: u64 = 128;

/// Reads values from the left. Cheap to clone: a place in borrowed bytes.
#[derive(Clone, Debug)]
pub struct Reader<'a> {
    bytes: &'a [u8],
    consumed: u64,
    base: u64,
    mode: Mode,
}

impl<'a> Reader<'a> {
    /// A strict DER reader.
    #[must_use]
    pub fn der(bytes: &'a [u8]) -> Self {
        Self::new(bytes, Mode::Der)
    }

    /// A tolerant BER reader.
    #[must_use]
    pub fn ber(bytes: &'a [u8]) -> Self {
        Self::new(bytes, Mode::Ber)
    }

    /// A reader with the given rules.
    #[must_use]
    pub fn new(bytes: &'a [u8], mode: Mode) -> Self {
        Self {
            bytes,
            consumed: 0,
            base: 0,
            mode,
        }
    }

    /// The same reader, whose first octet stands at `offset` of the whole input: for positions in
    /// errors.
    #[must_use]
    pub fn at(mut self, offset: u64) -> Self {
        self.base = offset;
        self
    }

    /// The rules it reads by.
    #[must_use]
    pub fn mode(&self) -> Mode {
        self.mode
    }

    /// Where the next value starts.
    #[must_use]
    pub fn offset(&self) -> u64 {
        self.base.saturating_add(self.consumed)
    }

    /// What has not been read.
    #[must_use]
    pub fn rest(&self) -> &'a [u8] {
        self.bytes
    }

    /// Whether everything was read.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    /// The tag of the next value; none at the end, or where no tag can be read.
    #[must_use]
    pub fn peek(&self) -> Option<Tag> {
        header(self.bytes, self.mode).ok().map(|header| header.tag)
    }

    /// Reads a value of any type.
    ///
    /// # Errors
    /// [`Malformed`] when there is no value, or its encoding breaks the rules of the mode.
    #[inline]
    pub fn read_any(&mut self) -> Result<Tlv<'a>, Malformed> {
        let header = self.header()?;
        self.value(&header)
    }

    fn header(&self) -> Result<Header, Malformed> {
        header(self.bytes, self.mode).map_err(|error| error.placed(self.offset()))
    }

    /// The value behind a header.
    #[inline]
    fn value(&mut self, header: &Header) -> Result<Tlv<'a>, Malformed> {
        let offset = self.offset();
        if header.is_end_of_contents() {
            return Err(Malformed::at(MalformedKind::DerTag, offset));
        }
        let (content, whole) = match header.length {
            Length::Definite(length) => (length, header.octets.saturating_add(length)),
            Length::Indefinite => {
                let content = self
                    .bytes
                    .get(header.octets..)
                    .map(indefinite_content)
                    .unwrap_or_else(|| Err(Wrong::at(MalformedKind::BerEndOfContents, 0)))
                    .map_err(|error| error.placed(offset.saturating_add(to_u64(header.octets))))?;
                // The two octets of the end-of-contents belong to the whole.
                (content, header.octets + content + 2)
            }
        };
        let end = header.octets.saturating_add(content);
        let parts = (
            self.bytes.get(..whole),
            self.bytes.get(header.octets..end),
            self.bytes.get(whole..),
        );
        let (Some(whole), Some(content), Some(rest)) = parts else {
            let has = self.bytes.len().saturating_sub(header.octets);
            return Err(Malformed::at(MalformedKind::DerTruncated, offset)
                .compared(to_u64(content), to_u64(has)));
        };
        self.bytes = rest;
        self.consumed = self.consumed.saturating_add(to_u64(whole.len()));
        Ok(Tlv {
            tag: header.tag,
            whole,
            content,
            offset,
            mode: self.mode,
            header: to_u64(header.octets),
        })
    }

    /// Reads a value with this tag. In BER a primitive type may also come constructed.
    ///
    /// # Errors
    /// [`Malformed`] when another value or none follows.
    #[inline]
    pub fn read(&mut self, tag: Tag) -> Result<Tlv<'a>, Malformed> {
        let header = self.header()?;
        if !self.accepts(tag, header.tag) {
            return Err(Malformed::at(MalformedKind::DerTag, self.offset())
                .compared(u64::from(tag.number), u64::from(header.tag.number)));
        }
        self.value(&header)
    }

    /// Reads a value with this tag if it is the next one.
    ///
    /// # Errors
    /// [`Malformed`] when the value is there and its encoding breaks the rules.
    pub fn optional(&mut self, tag: Tag) -> Result<Option<Tlv<'a>>, Malformed> {
        match self.peek() {
            Some(found) if self.accepts(tag, found) => self.read_any().map(Some),
            _ => Ok(None),
        }
    }

    /// Ends the reading.
    ///
    /// # Errors
    /// [`Malformed`] when something is left.
    pub fn finish(&self) -> Result<(), Malformed> {
        if self.is_empty() {
            Ok(())
        } else {
            Err(Malformed::at(MalformedKind::DerTrailingData, self.offset()))
        }
    }

    fn accepts(&self, wanted: Tag, found: Tag) -> bool {
        wanted == found
            || (self.mode == Mode::Ber
                && !wanted.constructed
                && wanted.is_like(found)
                && (wanted.is_string() || wanted.class != Class::Universal))
    }
}

/// An error at a place relative to the start of the bytes in hand.
#[derive(Debug)]
pub(super) struct Wrong {
    kind: MalformedKind,
    at: usize,
}

impl Wrong {
    fn at(kind: MalformedKind, at: usize) -> Self {
        Self { kind, at }
    }

    pub(super) fn placed(self, base: u64) -> Malformed {
        Malformed::at(self.kind, base.saturating_add(to_u64(self.at)))
    }
}

/// Length of a content.
#[derive(Clone, Copy, Debug)]
pub(super) enum Length {
    Definite(usize),
    Indefinite,
}

/// Identifier and length octets.
#[derive(Clone, Copy, Debug)]
pub(super) struct Header {
    pub(super) tag: Tag,
    pub(super) octets: usize,
    pub(super) length: Length,
}

impl Header {
    /// X.690 §8.1.5: two zero octets. The reserved tag 0 in any other shape counts as one too, and
    /// is refused by whoever does not wait for an end.
    pub(super) fn is_end_of_contents(&self) -> bool {
        self.tag.class == Class::Universal && self.tag.number == 0
    }

    fn is_well_formed_end(&self) -> bool {
        self.is_end_of_contents()
            && !self.tag.constructed
            && self.octets == 2
            && matches!(self.length, Length::Definite(0))
    }
}

/// Reads identifier and length octets.
pub(super) fn header(bytes: &[u8], mode: Mode) -> Result<Header, Wrong> {
    let header = match short_header(bytes) {
        Some(header) => header,
        None => long_header(bytes, mode)?,
    };
    check_form(&header, mode).map_err(|kind| Wrong::at(kind, 0))?;
    Ok(header)
}

fn class(first: u8) -> Class {
    match first >> 6 {
        0 => Class::Universal,
        1 => Class::Application,
        2 => Class::ContextSpecific,
        _ => Class::Private,
    }
}

/// One identifier octet and one length octet, as nearly all values have them.
fn short_header(bytes: &[u8]) -> Option<Header> {
    let [first, length @ 0..=0x7f, ..] = bytes else {
        return None;
    };
    let number = first & 0x1f;
    (number != 0x1f).then(|| Header {
        tag: Tag {
            class: class(*first),
            constructed: first & 0x20 != 0,
            number: u32::from(number),
        },
        octets: 2,
        length: Length::Definite(usize::from(*length)),
    })
}

fn long_header(bytes: &[u8], mode: Mode) -> Result<Header, Wrong> {
    let mut octets = bytes.iter().copied().enumerate();
    let mut next = |kind| octets.next().ok_or(Wrong::at(kind, bytes.len()));

    // X.690 §8.1.2: identifier octets.
    let (_, first) = next(MalformedKind::DerTruncated)?;
    let class = class(first);
    let mut number = u32::from(first & 0x1f);
    if number == 0x1f {
        number = 0;
        loop {
            let (at, octet) = next(MalformedKind::DerTruncated)?;
            // X.690 §8.1.2.4.2(c): no leading zeros; §8.1.2.2: small numbers use the short form.
            if at == 1 && octet == 0x80 || number >> 25 != 0 {
                return Err(Wrong::at(MalformedKind::DerTagForm, at));
            }
            number = number << 7 | u32::from(octet & 0x7f);
            if octet & 0x80 == 0 {
                if number < 0x1f {
                    return Err(Wrong::at(MalformedKind::DerTagForm, at));
                }
                break;
            }
        }
    }
    let tag = Tag {
        class,
        constructed: first & 0x20 != 0,
        number,
    };

    // X.690 §8.1.3: length octets.
    let (at, first) = next(MalformedKind::DerTruncated)?;
    let (octets, length) = match first {
        0..=0x7f => (at + 1, Length::Definite(usize::from(first))),
        0x80 => (at + 1, Length::Indefinite),
        // X.690 §8.1.3.5(c).
        0xff => return Err(Wrong::at(MalformedKind::DerLength, at)),
        _ => {
            let count = usize::from(first & 0x7f);
            let mut length = 0usize;
            for index in 0..count {
                let (at, octet) = next(MalformedKind::DerTruncated)?;
                let shortest = !(index == 0 && octet == 0) || mode == Mode::Ber;
                let shifted = length.checked_mul(256).filter(|_| shortest);
                length = shifted
                    .and_then(|shifted| shifted.checked_add(usize::from(octet)))
                    .ok_or(Wrong::at(MalformedKind::DerLength, at))?;
            }
            // X.690 §10.1: the long form only where the short one cannot hold the length.
            if mode == Mode::Der && length < 0x80 {
                return Err(Wrong::at(MalformedKind::DerLength, at));
            }
            (at + 1 + count, Length::Definite(length))
        }
    };
    Ok(Header {
        tag,
        octets,
        length,
    })
}

fn check_form(header: &Header, mode: Mode) -> Result<(), MalformedKind> {
    let tag = header.tag;
    if matches!(header.length, Length::Indefinite) && (mode == Mode::Der || !tag.constructed) {
        // X.690 §8.1.3.2(a), §10.1.
        return Err(MalformedKind::DerLength);
    }
    if tag.class == Class::Universal {
        let fits = if tag.constructed {
            // X.690 §10.2: no strings in pieces in DER. The other types have no pieces at all.
            tag.is_structure() || (tag.is_string() && mode == Mode::Ber)
        } else {
            !tag.is_structure()
        };
        if !fits {
            return Err(MalformedKind::DerTag);
        }
    }
    Ok(())
}

/// Length of the content before the end-of-contents that closes it. Values of definite length are
/// stepped over, those of indefinite length counted: no recursion, one pass.
fn indefinite_content(bytes: &[u8]) -> Result<usize, Wrong> {
    let (mut at, mut open) = (0usize, 1u64);
    loop {
        let rest = bytes.get(at..).unwrap_or_default();
        if rest.is_empty() {
            return Err(Wrong::at(MalformedKind::BerEndOfContents, at));
        }
        let header = header(rest, Mode::Ber).map_err(|error| Wrong {
            at: at.saturating_add(error.at),
            ..error
        })?;
        if header.is_end_of_contents() {
            if !header.is_well_formed_end() {
                return Err(Wrong::at(MalformedKind::BerEndOfContents, at));
            }
            open -= 1;
            if open == 0 {
                return Ok(at);
            }
        }
        let length = match header.length {
            Length::Definite(length) => length,
            Length::Indefinite => {
                open += 1;
                if open > MAX_DEPTH {
                    return Err(Wrong::at(MalformedKind::BerEndOfContents, at));
                }
                0
            }
        };
        at = at.saturating_add(header.octets).saturating_add(length);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn der_kind(bytes: &[u8]) -> MalformedKind {
        Reader::der(bytes).read_any().unwrap_err().kind
    }

    fn ber_kind(bytes: &[u8]) -> MalformedKind {
        Reader::ber(bytes).read_any().unwrap_err().kind
    }

    #[test]
    fn whole_and_content_point_into_the_input() {
        let bytes = [0x30, 0x03, 0x02, 0x01, 0x07, 0x05, 0x00];
        let mut reader = Reader::der(&bytes).at(100);
        let sequence = reader.read(Tag::SEQUENCE).unwrap();
        assert_eq!(sequence.whole, &bytes[..5]);
        assert_eq!(sequence.offset, 100);
        let mut inner = sequence.reader();
        let integer = inner.read(Tag::INTEGER).unwrap();
        assert_eq!((integer.offset, integer.content), (102, &[7u8][..]));
        inner.finish().unwrap();
        let left = reader.finish().unwrap_err();
        assert_eq!(left, Malformed::at(MalformedKind::DerTrailingData, 105));
        assert!(reader.optional(Tag::INTEGER).unwrap().is_none());
        assert!(reader.optional(Tag::NULL).unwrap().is_some());
        reader.finish().unwrap();
    }

    #[test]
    fn der_refuses_lengths_that_are_not_shortest() {
        assert_eq!(
            der_kind(&[0x04, 0x81, 0x01, 0xaa]),
            MalformedKind::DerLength
        );
        assert_eq!(
            der_kind(&[0x04, 0x82, 0x00, 0x80]),
            MalformedKind::DerLength
        );
        assert_eq!(
            der_kind(&[0x30, 0x80, 0x00, 0x00]),
            MalformedKind::DerLength
        );
        assert_eq!(der_kind(&[0x04, 0xff]), MalformedKind::DerLength);
        assert_eq!(
            der_kind(&[0x04, 0x89, 1, 1, 1, 1, 1, 1, 1, 1, 1]),
            MalformedKind::DerLength
        );
        let long = Reader::ber(&[0x04, 0x83, 0x00, 0x00, 0x01, 0xaa])
            .read_any()
            .unwrap();
        assert_eq!(long.content, &[0xaa]);
    }

    #[test]
    fn truncated_values_are_refused() {
        for wrong in [
            &[][..],
            &[0x30],
            &[0x30, 0x01],
            &[0x04, 0x82, 0x01],
            &[0x1f, 0x81],
        ] {
            assert_eq!(der_kind(wrong), MalformedKind::DerTruncated, "{wrong:x?}");
        }
        let huge = [0x04, 0x88, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff];
        assert_eq!(der_kind(&huge), MalformedKind::DerTruncated);
    }

    #[test]
    fn tags_that_are_not_in_shortest_form_are_refused() {
        assert_eq!(
            der_kind(&[0x9f, 0x80, 0x7f, 0x00]),
            MalformedKind::DerTagForm
        );
        assert_eq!(der_kind(&[0x9f, 0x1e, 0x00]), MalformedKind::DerTagForm);
        assert_eq!(
            der_kind(&[0x9f, 0xff, 0xff, 0xff, 0xff, 0x7f, 0x00]),
            MalformedKind::DerTagForm
        );
        let high = Reader::der(&[0x9f, 0x81, 0x00, 0x00]).read_any().unwrap();
        assert_eq!(high.tag, Tag::context(128));
    }

    #[test]
    fn wrong_forms_and_the_reserved_tag_are_refused() {
        assert_eq!(der_kind(&[0x10, 0x00]), MalformedKind::DerTag);
        assert_eq!(der_kind(&[0x22, 0x00]), MalformedKind::DerTag);
        assert_eq!(der_kind(&[0x24, 0x00]), MalformedKind::DerTag);
        assert_eq!(ber_kind(&[0x22, 0x00]), MalformedKind::DerTag);
        assert_eq!(der_kind(&[0x00, 0x00]), MalformedKind::DerTag);
        assert_eq!(ber_kind(&[0x00, 0x00]), MalformedKind::DerTag);
        assert_eq!(
            ber_kind(&[0x04, 0x80, 0x00, 0x00]),
            MalformedKind::DerLength
        );
    }

    #[test]
    fn indefinite_lengths_nest_and_keep_their_end() {
        let bytes = [
            0x30, 0x80, 0x24, 0x80, 0x04, 0x01, 0x61, 0x04, 0x01, 0x62, 0x00, 0x00, 0x05, 0x00,
            0x00, 0x00, 0x05, 0x00,
        ];
        let mut reader = Reader::ber(&bytes);
        let sequence = reader.read(Tag::SEQUENCE).unwrap();
        assert_eq!(sequence.whole, &bytes[..16]);
        assert_eq!(sequence.content, &bytes[2..14]);
        let mut inner = sequence.reader();
        let string = inner.read(Tag::OCTET_STRING).unwrap();
        assert_eq!(string.octet_string().unwrap().as_ref(), b"ab");
        assert_eq!(inner.read(Tag::NULL).unwrap().offset, 12);
        inner.finish().unwrap();
        assert_eq!(reader.read(Tag::NULL).unwrap().offset, 16);
    }

    #[test]
    fn open_lengths_without_end_are_refused() {
        assert_eq!(ber_kind(&[0x30, 0x80]), MalformedKind::BerEndOfContents);
        assert_eq!(
            ber_kind(&[0x30, 0x80, 0x05, 0x00]),
            MalformedKind::BerEndOfContents
        );
        assert_eq!(ber_kind(&[0x30, 0x80, 0x00]), MalformedKind::DerTruncated);
        assert_eq!(
            ber_kind(&[0x30, 0x80, 0x00, 0x01, 0x00]),
            MalformedKind::BerEndOfContents
        );
        assert_eq!(ber_kind(&[0x30, 0x80, 0x20, 0x00]), MalformedKind::DerTag);
        // An end inside a definite value closes nothing outside of it.
        assert_eq!(
            ber_kind(&[0x30, 0x80, 0x04, 0x02, 0x00, 0x00]),
            MalformedKind::BerEndOfContents
        );
        let deep = [0x30, 0x80].repeat(100_000);
        assert_eq!(ber_kind(&deep), MalformedKind::BerEndOfContents);
    }

    #[test]
    fn another_tag_than_wanted_is_refused_and_not_consumed() {
        let mut reader = Reader::der(&[0x02, 0x01, 0x01]);
        assert_eq!(
            reader.read(Tag::SEQUENCE).unwrap_err().kind,
            MalformedKind::DerTag
        );
        assert_eq!(reader.offset(), 0);
        reader.read(Tag::INTEGER).unwrap();
        let pieces = [0xa0, 0x03, 0x04, 0x01, 0x61];
        assert!(Reader::der(&pieces).read(Tag::context(0)).is_err());
        assert!(Reader::ber(&pieces).read(Tag::context(0)).is_ok());
    }
}
