//! A value: tag, original bytes, content, and the readings of its content.

use super::oid::Oid;
use super::reader::{Mode, Reader};
use super::tag::{Class, Tag};
use super::to_u64;
use crate::error::{Malformed, MalformedKind};
use crate::time::UnixTime;
use std::borrow::Cow;

/// A value as it stands in the input.
///
/// The methods that read the content check the tag where it is universal. Under an implicit tag
/// the caller knows the type and calls its method.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tlv<'a> {
    /// Tag.
    pub tag: Tag,
    /// The original bytes: identifier, length, content and, where the length is indefinite, the
    /// end-of-contents.
    pub whole: &'a [u8],
    /// The content octets.
    pub content: &'a [u8],
    /// Where the value starts in the input.
    pub offset: u64,
    pub(super) mode: Mode,
    pub(super) header: u64,
}

/// A BIT STRING.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bits<'a> {
    /// The octets; the first bit is the highest of the first octet.
    pub octets: &'a [u8],
    /// How many bits at the end do not count, 0 to 7.
    pub unused: u8,
}

impl Bits<'_> {
    /// The bit with this number, as named bits are counted (X.680 §22.2); false beyond the end.
    #[must_use]
    pub fn is_set(&self, number: u32) -> bool {
        let octet = usize::try_from(number / 8)
            .ok()
            .and_then(|index| self.octets.get(index));
        octet.is_some_and(|octet| octet & (0x80 >> (number % 8)) != 0)
    }
}

impl<'a> Tlv<'a> {
    /// Reads the values inside, by the same rules.
    #[must_use]
    pub fn reader(&self) -> Reader<'a> {
        Reader::new(self.content, self.mode).at(self.content_offset())
    }

    /// Where the content starts in the input.
    #[must_use]
    pub fn content_offset(&self) -> u64 {
        self.offset.saturating_add(self.header)
    }

    /// The rules by which it was read.
    #[must_use]
    pub fn mode(&self) -> Mode {
        self.mode
    }

    /// The one value inside an explicit tag.
    ///
    /// # Errors
    /// [`Malformed`] unless there is exactly one.
    pub fn explicit(&self) -> Result<Tlv<'a>, Malformed> {
        let mut reader = self.reader();
        let value = reader.read_any()?;
        reader.finish()?;
        Ok(value)
    }

    /// OBJECT IDENTIFIER.
    ///
    /// # Errors
    /// [`Malformed`] for another type, or content that breaks X.690 §8.19.
    pub fn oid(&self) -> Result<Oid, Malformed> {
        self.oid_content().map(Oid::from_checked)
    }

    /// OBJECT IDENTIFIER: its content octets, for a look that keeps nothing.
    ///
    /// # Errors
    /// As of [`Tlv::oid`].
    pub(crate) fn oid_content(&self) -> Result<&'a [u8], Malformed> {
        self.primitive(Tag::OID)?;
        match Oid::is_content(self.content) {
            true => Ok(self.content),
            false => Err(self.wrong(MalformedKind::DerOid)),
        }
    }

    /// INTEGER or ENUMERATED: the content octets, two's complement with the highest octet first.
    ///
    /// # Errors
    /// [`Malformed`] for another type, no octets, or in DER more than needed (X.690 §8.3.2).
    pub fn integer(&self) -> Result<&'a [u8], Malformed> {
        let tag = if self.tag == Tag::ENUMERATED {
            Tag::ENUMERATED
        } else {
            Tag::INTEGER
        };
        self.primitive(tag)?;
        let shortest = match self.content {
            [] => false,
            [0, second, ..] => second & 0x80 != 0 || self.mode == Mode::Ber,
            [0xff, second, ..] => second & 0x80 == 0 || self.mode == Mode::Ber,
            _ => true,
        };
        if shortest {
            Ok(self.content)
        } else {
            Err(self.wrong(MalformedKind::DerInteger))
        }
    }

    /// INTEGER that is not negative: the octets without leading zeros; empty for zero.
    ///
    /// # Errors
    /// As [`Tlv::integer`]; also for a negative number.
    pub fn unsigned_integer(&self) -> Result<&'a [u8], Malformed> {
        let mut octets = self.integer()?;
        if octets.first().is_some_and(|first| first & 0x80 != 0) {
            return Err(self.wrong(MalformedKind::DerInteger));
        }
        while let [0, rest @ ..] = octets {
            octets = rest;
        }
        Ok(octets)
    }

    /// INTEGER or ENUMERATED from 0 to 2^64-1.
    ///
    /// # Errors
    /// As [`Tlv::integer`]; also for a negative or larger number.
    pub fn small_integer(&self) -> Result<u64, Malformed> {
        let octets = self.unsigned_integer()?;
        if octets.len() > 8 {
            return Err(self.wrong(MalformedKind::DerInteger));
        }
        Ok(octets
            .iter()
            .fold(0, |value, octet| value << 8 | u64::from(*octet)))
    }

    /// BOOLEAN.
    ///
    /// # Errors
    /// [`Malformed`] for another type or length, or in DER a value other than 00 and FF.
    pub fn boolean(&self) -> Result<bool, Malformed> {
        self.primitive(Tag::BOOLEAN)?;
        match (self.content, self.mode) {
            ([0], _) => Ok(false),
            ([0xff], _) | ([_], Mode::Ber) => Ok(true),
            _ => Err(self.wrong(MalformedKind::DerBoolean)),
        }
    }

    /// NULL.
    ///
    /// # Errors
    /// [`Malformed`] for another type, or content.
    pub fn null(&self) -> Result<(), Malformed> {
        self.primitive(Tag::NULL)?;
        if self.content.is_empty() {
            Ok(())
        } else {
            Err(self.wrong(MalformedKind::DerNull))
        }
    }

    /// OCTET STRING; in BER the pieces joined.
    ///
    /// # Errors
    /// [`Malformed`] for another type, or pieces that are none.
    pub fn octet_string(&self) -> Result<Cow<'a, [u8]>, Malformed> {
        self.check_type(Tag::OCTET_STRING)?;
        self.joined(Tag::OCTET_STRING)
    }

    /// BIT STRING of whole octets.
    ///
    /// # Errors
    /// [`Malformed`] for another type, pieces, or unused bits.
    pub fn bit_string(&self) -> Result<&'a [u8], Malformed> {
        let bits = self.bits()?;
        if bits.unused == 0 {
            Ok(bits.octets)
        } else {
            Err(self.wrong(MalformedKind::DerBitString))
        }
    }

    /// BIT STRING.
    ///
    /// # Errors
    /// [`Malformed`] for another type, pieces, a wrong count of unused bits, or in DER unused bits
    /// that are set (X.690 §11.2.1).
    pub fn bits(&self) -> Result<Bits<'a>, Malformed> {
        self.primitive(Tag::BIT_STRING)?;
        let wrong = || self.wrong(MalformedKind::DerBitString);
        let (&unused, octets) = self.content.split_first().ok_or_else(wrong)?;
        let last = octets.last().copied();
        let fits = match (unused, last) {
            (0, _) => true,
            (1..=7, Some(last)) => self.mode == Mode::Ber || last & (0xff_u8 >> (8 - unused)) == 0,
            _ => false,
        };
        if fits {
            Ok(Bits { octets, unused })
        } else {
            Err(wrong())
        }
    }

    /// A character string of any type.
    ///
    /// T61String is read as ISO 8859-1, which is what its writers mean; PrintableString as any
    /// ASCII, because `@`, `*` and `_` stand in many certificates.
    ///
    /// # Errors
    /// [`Malformed`] for another type, or octets outside the alphabet.
    pub fn text(&self) -> Result<String, Malformed> {
        self.text_as(self.tag)
    }

    /// A character string under an implicit tag, as the type `tag`.
    ///
    /// # Errors
    /// As [`Tlv::text`].
    pub fn text_as(&self, tag: Tag) -> Result<String, Malformed> {
        let plain = Tag {
            constructed: false,
            ..tag
        };
        self.check_type(plain)?;
        let octets = self.joined(plain)?;
        let text = match plain {
            Tag::UTF8_STRING => String::from_utf8(octets.into_owned()).ok(),
            Tag::NUMERIC_STRING | Tag::PRINTABLE_STRING | Tag::IA5_STRING | Tag::VISIBLE_STRING => {
                let ascii = octets.is_ascii();
                String::from_utf8(octets.into_owned())
                    .ok()
                    .filter(|_| ascii)
            }
            Tag::T61_STRING => Some(octets.iter().copied().map(char::from).collect()),
            Tag::BMP_STRING => wide(&octets, 2),
            Tag::UNIVERSAL_STRING => wide(&octets, 4),
            _ => return Err(self.wrong(MalformedKind::DerTag)),
        };
        text.ok_or_else(|| self.wrong(MalformedKind::DerString))
    }

    /// UTCTime or GeneralizedTime.
    ///
    /// # Errors
    /// [`Malformed`] for another type, or octets that are no such time.
    pub fn time(&self) -> Result<UnixTime, Malformed> {
        let plain = Tag {
            constructed: false,
            ..self.tag
        };
        let read = match plain {
            Tag::UTC_TIME => UnixTime::from_utc_time,
            Tag::GENERALIZED_TIME => UnixTime::from_generalized_time,
            _ => return Err(self.wrong(MalformedKind::DerTag)),
        };
        read(&self.joined(plain)?).map_err(|error| self.wrong(error.kind))
    }

    /// An error at this value.
    #[must_use]
    pub fn wrong(&self, kind: MalformedKind) -> Malformed {
        Malformed::at(kind, self.offset)
    }

    fn check_type(&self, tag: Tag) -> Result<(), Malformed> {
        if self.tag.class == Class::Universal && !self.tag.is_like(tag) {
            return Err(self.wrong(MalformedKind::DerTag));
        }
        if self.tag.constructed && self.mode == Mode::Der {
            return Err(self.wrong(MalformedKind::DerTag));
        }
        Ok(())
    }

    fn primitive(&self, tag: Tag) -> Result<(), Malformed> {
        self.check_type(tag)?;
        if self.tag.constructed {
            return Err(self.wrong(MalformedKind::DerTag));
        }
        Ok(())
    }

    /// X.690 §8.7.3: pieces in order, each itself perhaps in pieces. A stack instead of recursion;
    /// it cannot outgrow the nesting that the input pays for with two octets a level.
    fn joined(&self, piece: Tag) -> Result<Cow<'a, [u8]>, Malformed> {
        if !self.tag.constructed {
            return Ok(Cow::Borrowed(self.content));
        }
        let mut octets = Vec::new();
        let mut open = vec![self.reader()];
        while let Some(reader) = open.last_mut() {
            if reader.is_empty() {
                open.pop();
                continue;
            }
            // X.690 §8.23.6: the pieces of a character string are OCTET STRINGs by the letter;
            // writers that repeat the string's own type exist.
            let value = reader.read_any()?;
            if !value.tag.is_like(Tag::OCTET_STRING) && !value.tag.is_like(piece) {
                return Err(value.wrong(MalformedKind::DerTag));
            }
            if value.tag.constructed {
                if to_u64(open.len()) >= super::reader::MAX_DEPTH {
                    return Err(value.wrong(MalformedKind::DerString));
                }
                open.push(value.reader());
            } else {
                octets.extend_from_slice(value.content);
            }
        }
        Ok(Cow::Owned(octets))
    }
}

/// Characters of two or four octets each, highest first.
fn wide(octets: &[u8], width: usize) -> Option<String> {
    let whole = octets.len().is_multiple_of(width);
    let scalar = |chunk: &[u8]| {
        char::from_u32(
            chunk
                .iter()
                .fold(0, |value, octet| value << 8 | u32::from(*octet)),
        )
    };
    octets
        .chunks(width)
        .map(scalar)
        .collect::<Option<String>>()
        .filter(|_| whole)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn der(bytes: &[u8]) -> Tlv<'_> {
        Reader::der(bytes).read_any().unwrap()
    }

    fn ber(bytes: &[u8]) -> Tlv<'_> {
        Reader::ber(bytes).read_any().unwrap()
    }

    #[test]
    fn integers_are_shortest_in_der() {
        assert_eq!(der(&[0x02, 0x01, 0x00]).small_integer(), Ok(0));
        assert_eq!(der(&[0x02, 0x02, 0x00, 0x80]).small_integer(), Ok(128));
        assert_eq!(der(&[0x0a, 0x01, 0x03]).small_integer(), Ok(3));
        let all = [0x02, 0x09, 0x00, 255, 255, 255, 255, 255, 255, 255, 255];
        assert_eq!(der(&all).small_integer(), Ok(u64::MAX));
        for wrong in [
            &[0x02, 0x00][..],
            &[0x02, 0x02, 0x00, 0x01],
            &[0x02, 0x02, 0xff, 0x80],
        ] {
            let error = der(wrong).integer().unwrap_err();
            assert_eq!(error.kind, MalformedKind::DerInteger, "{wrong:x?}");
        }
        assert_eq!(ber(&[0x02, 0x02, 0x00, 0x01]).small_integer(), Ok(1));
        assert!(ber(&[0x02, 0x00]).integer().is_err());
        assert!(der(&[0x02, 0x01, 0x80]).small_integer().is_err());
        let large = [0x02, 0x09, 0x01, 0, 0, 0, 0, 0, 0, 0, 0];
        assert!(der(&large).small_integer().is_err());
        assert!(der(&[0x04, 0x01, 0x01]).integer().is_err());
    }

    #[test]
    fn booleans_are_ff_or_00_in_der() {
        assert_eq!(der(&[0x01, 0x01, 0xff]).boolean(), Ok(true));
        assert!(der(&[0x01, 0x01, 0x01]).boolean().is_err());
        assert_eq!(ber(&[0x01, 0x01, 0x01]).boolean(), Ok(true));
        assert!(ber(&[0x01, 0x00]).boolean().is_err());
        assert!(ber(&[0x01, 0x02, 0xff, 0xff]).boolean().is_err());
    }

    #[test]
    fn bit_strings_with_wrong_unused_bits_are_refused() {
        assert_eq!(der(&[0x03, 0x02, 0x00, 0xa5]).bit_string(), Ok(&[0xa5][..]));
        let usage = der(&[0x03, 0x02, 0x06, 0xc0]).bits().unwrap();
        assert!(usage.is_set(0) && usage.is_set(1) && !usage.is_set(2) && !usage.is_set(900));
        for wrong in [
            &[0x03, 0x00][..],
            &[0x03, 0x01, 0x01],
            &[0x03, 0x02, 0x08, 0x00],
            &[0x03, 0x02, 0x04, 0x08],
        ] {
            assert!(der(wrong).bits().is_err(), "{wrong:x?}");
        }
        assert!(der(&[0x03, 0x02, 0x04, 0xf0]).bit_string().is_err());
        assert!(ber(&[0x23, 0x04, 0x03, 0x02, 0x00, 0xaa]).bits().is_err());
    }

    #[test]
    fn null_with_content_is_refused() {
        assert!(der(&[0x05, 0x00]).null().is_ok());
        assert!(der(&[0x05, 0x01, 0x00]).null().is_err());
    }

    #[test]
    fn pieces_of_another_type_are_refused() {
        let good = [0x24, 0x06, 0x24, 0x04, 0x04, 0x02, 0x61, 0x62];
        assert_eq!(ber(&good).octet_string().unwrap().as_ref(), b"ab");
        assert!(ber(&[0x24, 0x03, 0x02, 0x01, 0x61]).octet_string().is_err());
        assert!(ber(&[0x24, 0x02, 0x04, 0x05]).octet_string().is_err());
        assert!(ber(&[0x30, 0x00]).octet_string().is_err());
        // Under an implicit tag the caller knows the type.
        assert_eq!(
            ber(&[0x80, 0x01, 0x61]).octet_string().unwrap().as_ref(),
            b"a"
        );
    }

    #[test]
    fn pieces_nested_without_end_are_refused() {
        let mut bytes = Vec::new();
        for _ in 0..2000 {
            bytes = super::super::write::tlv(
                Tag {
                    constructed: true,
                    ..Tag::OCTET_STRING
                },
                &bytes,
            );
        }
        let error = ber(&bytes).octet_string().unwrap_err();
        assert_eq!(error.kind, MalformedKind::DerString);
    }

    #[test]
    fn strings_outside_their_alphabet_are_refused() {
        assert_eq!(der(&[0x0c, 0x02, 0xc9, 0x99]).text().unwrap(), "ə");
        assert_eq!(der(&[0x1e, 0x02, 0x02, 0x59]).text().unwrap(), "ə");
        assert_eq!(der(&[0x1c, 0x04, 0, 1, 0xf6, 0]).text().unwrap(), "😀");
        assert_eq!(der(&[0x14, 0x01, 0xe9]).text().unwrap(), "é");
        assert_eq!(der(&[0x13, 0x03, b'a', b'@', b'*']).text().unwrap(), "a@*");
        for wrong in [
            &[0x0c, 0x01, 0xc9][..],
            &[0x13, 0x01, 0xe9],
            &[0x16, 0x02, 0xc9, 0x99],
            &[0x1e, 0x03, 0, 0x61, 0],
            &[0x1e, 0x02, 0xd8, 0x00],
            &[0x1c, 0x04, 0, 0x11, 0, 0],
            &[0x04, 0x01, 0x61],
            &[0x82, 0x01, 0x61],
        ] {
            assert!(der(wrong).text().is_err(), "{wrong:x?}");
        }
        let name = [0x82, 0x01, 0x61];
        assert_eq!(der(&name).text_as(Tag::IA5_STRING).unwrap(), "a");
    }

    #[test]
    fn times_stand_at_the_place_of_their_value() {
        let bytes = [&[0x17, 0x0d][..], b"240101000000Z"].concat();
        assert_eq!(
            der(&bytes).time().unwrap().to_string(),
            "2024-01-01T00:00:00Z"
        );
        let wrong = [&[0x18, 0x0d][..], b"240101000000Z"].concat();
        let error = Reader::der(&wrong)
            .at(9)
            .read_any()
            .unwrap()
            .time()
            .unwrap_err();
        assert_eq!(error.at, crate::error::Position::Offset(9));
        assert!(der(&[0x0c, 0x00]).time().is_err());
    }
}
