//! Writes DER. Every function gives a whole value; values are put together from values.

use super::oid::Oid;
use super::tag::{Class, Tag};
use crate::algorithm::{DigestAlgorithm, SignatureAlgorithm};
use crate::error::{Error, Unsupported};
use crate::time::UnixTime;

/// A value with this tag and content.
#[must_use]
pub fn tlv(tag: Tag, content: &[u8]) -> Vec<u8> {
    let mut value = Vec::with_capacity(content.len().saturating_add(8));
    push_tag(&mut value, tag);
    push_length(&mut value, u64::try_from(content.len()).unwrap_or(u64::MAX));
    value.extend_from_slice(content);
    value
}

/// SEQUENCE or SEQUENCE OF.
#[must_use]
pub fn sequence(values: &[&[u8]]) -> Vec<u8> {
    tlv(Tag::SEQUENCE, &values.concat())
}

/// SET OF in the order that DER demands (X.690 §11.6).
#[must_use]
pub fn set_of(values: &[&[u8]]) -> Vec<u8> {
    let mut sorted = values.to_vec();
    sorted.sort_unstable();
    set_as_given(&sorted)
}

/// SET OF in the order given: only for what must stay as it was found.
#[must_use]
pub fn set_as_given(values: &[&[u8]]) -> Vec<u8> {
    tlv(Tag::SET, &values.concat())
}

/// `[number] EXPLICIT` around a value.
#[must_use]
pub fn explicit(number: u32, value: &[u8]) -> Vec<u8> {
    tlv(Tag::context_constructed(number), value)
}

/// `[number] IMPLICIT` over a primitive type, with its content octets.
#[must_use]
pub fn implicit(number: u32, content: &[u8]) -> Vec<u8> {
    tlv(Tag::context(number), content)
}

/// `[number] IMPLICIT` over a constructed type, with the values in it.
#[must_use]
pub fn implicit_constructed(number: u32, values: &[&[u8]]) -> Vec<u8> {
    tlv(Tag::context_constructed(number), &values.concat())
}

/// BOOLEAN.
#[must_use]
pub fn boolean(value: bool) -> Vec<u8> {
    tlv(Tag::BOOLEAN, &[if value { 0xff } else { 0 }])
}

/// INTEGER.
#[must_use]
pub fn integer(value: u64) -> Vec<u8> {
    integer_bytes(&value.to_be_bytes())
}

/// INTEGER that is not negative, from its octets, highest first. Leading zeros are dropped and the
/// one that keeps it positive is added. (The *content* of an INTEGER that was read goes through
/// [`tlv`].)
#[must_use]
pub fn integer_bytes(magnitude: &[u8]) -> Vec<u8> {
    let significant = magnitude
        .iter()
        .position(|octet| *octet != 0)
        .and_then(|first| magnitude.get(first..))
        .unwrap_or_default();
    let mut content = Vec::with_capacity(significant.len().saturating_add(1));
    if significant.first().is_none_or(|first| first & 0x80 != 0) {
        content.push(0);
    }
    content.extend_from_slice(significant);
    tlv(Tag::INTEGER, &content)
}

/// NULL.
#[must_use]
pub fn null() -> Vec<u8> {
    tlv(Tag::NULL, &[])
}

/// OBJECT IDENTIFIER from its dotted form: for constants. A text that is none gives a value without
/// content, which no reader accepts.
#[must_use]
pub fn oid(dotted: &str) -> Vec<u8> {
    let oid = Oid::from_dotted(dotted);
    debug_assert!(oid.is_some(), "not an object identifier: {dotted}");
    tlv(Tag::OID, oid.as_ref().map_or(&[][..], Oid::as_content))
}

/// OCTET STRING.
#[must_use]
pub fn octet_string(octets: &[u8]) -> Vec<u8> {
    tlv(Tag::OCTET_STRING, octets)
}

/// BIT STRING of whole octets.
#[must_use]
pub fn bit_string(octets: &[u8]) -> Vec<u8> {
    tlv(Tag::BIT_STRING, &[&[0], octets].concat())
}

/// UTF8String.
#[must_use]
pub fn utf8_string(text: &str) -> Vec<u8> {
    tlv(Tag::UTF8_STRING, text.as_bytes())
}

/// PrintableString; the caller keeps to its alphabet.
#[must_use]
pub fn printable_string(text: &str) -> Vec<u8> {
    tlv(Tag::PRINTABLE_STRING, text.as_bytes())
}

/// IA5String; the caller keeps to ASCII.
#[must_use]
pub fn ia5_string(text: &str) -> Vec<u8> {
    tlv(Tag::IA5_STRING, text.as_bytes())
}

/// GeneralizedTime in whole seconds.
#[must_use]
pub fn generalized_time(time: UnixTime) -> Vec<u8> {
    tlv(Tag::GENERALIZED_TIME, time.to_generalized_time().as_bytes())
}

/// UTCTime in whole seconds, for years 1950 to 2049.
#[must_use]
pub fn utc_time(time: UnixTime) -> Vec<u8> {
    let text = time.to_generalized_time();
    tlv(Tag::UTC_TIME, text.get(2..).unwrap_or_default().as_bytes())
}

/// A time as RFC 5280 §4.1.2.5 and RFC 5652 §11.3 want it: UTCTime from 1950 to 2049,
/// GeneralizedTime otherwise.
#[must_use]
pub fn time(time: UnixTime) -> Vec<u8> {
    const YEAR_1950: i64 = -631_152_000;
    const YEAR_2050: i64 = 2_524_608_000;
    if (YEAR_1950..YEAR_2050).contains(&time.seconds) {
        utc_time(time)
    } else {
        generalized_time(time)
    }
}

/// AlgorithmIdentifier of a digest, without parameters (RFC 5754 §2, RFC 3370 §2.1).
#[must_use]
pub fn digest_identifier(algorithm: DigestAlgorithm) -> Vec<u8> {
    sequence(&[&oid(algorithm.oid())])
}

/// AlgorithmIdentifier of a signature algorithm.
///
/// # Errors
/// [`Unsupported::Algorithm`] for a combination that has no object identifier.
pub fn signature_identifier(algorithm: SignatureAlgorithm) -> Result<Vec<u8>, Error> {
    let dotted = algorithm
        .oid()
        .ok_or_else(|| Unsupported::Algorithm(algorithm.to_string()))?;
    let oid = oid(dotted);
    Ok(match algorithm {
        // RFC 4055 §5: NULL parameters.
        SignatureAlgorithm::RsaPkcs1 { .. } => sequence(&[&oid, &null()]),
        SignatureAlgorithm::RsaPss {
            digest,
            mgf_digest,
            salt_length,
        } => sequence(&[&oid, &pss_parameters(digest, mgf_digest, salt_length)]),
        // RFC 5758 §3.2, RFC 8410 §3, RFC 9881 §2: no parameters.
        _ => sequence(&[&oid]),
    })
}

/// RSASSA-PSS-params, RFC 4055 §3.1. DER leaves out what has its default value.
fn pss_parameters(digest: DigestAlgorithm, mgf_digest: DigestAlgorithm, salt: u32) -> Vec<u8> {
    // RFC 4055 §2.1: the identifiers inside these parameters carry NULL.
    let identifier = |digest: DigestAlgorithm| sequence(&[&oid(digest.oid()), &null()]);
    let mut fields = Vec::new();
    if digest != DigestAlgorithm::Sha1 {
        fields.push(explicit(0, &identifier(digest)));
    }
    if mgf_digest != DigestAlgorithm::Sha1 {
        let mgf1 = sequence(&[&oid("1.2.840.113549.1.1.8"), &identifier(mgf_digest)]);
        fields.push(explicit(1, &mgf1));
    }
    if salt != 20 {
        fields.push(explicit(2, &integer(u64::from(salt))));
    }
    sequence(&fields.iter().map(Vec::as_slice).collect::<Vec<_>>())
}

fn push_tag(value: &mut Vec<u8>, tag: Tag) {
    let class = match tag.class {
        Class::Universal => 0x00,
        Class::Application => 0x40,
        Class::ContextSpecific => 0x80,
        Class::Private => 0xc0,
    };
    let first = class | if tag.constructed { 0x20 } else { 0 };
    match u8::try_from(tag.number) {
        Ok(number @ 0..=0x1e) => value.push(first | number),
        _ => {
            value.push(first | 0x1f);
            let groups = (32 - tag.number.leading_zeros()).div_ceil(7).max(1);
            for group in (0..groups).rev() {
                let bits = u8::try_from(tag.number >> (7 * group) & 0x7f).unwrap_or(0);
                value.push(if group == 0 { bits } else { bits | 0x80 });
            }
        }
    }
}

/// Tag and length of a value whose content of `length` octets is written elsewhere.
#[must_use]
pub fn header(tag: Tag, length: u64) -> Vec<u8> {
    let mut value = Vec::new();
    push_tag(&mut value, tag);
    push_length(&mut value, length);
    value
}

fn push_length(value: &mut Vec<u8>, length: u64) {
    match u8::try_from(length) {
        Ok(short @ 0..=0x7f) => value.push(short),
        _ => {
            let octets = length.to_be_bytes();
            let zeros = octets.iter().take_while(|octet| **octet == 0).count();
            let count = u8::try_from(octets.len() - zeros).unwrap_or(8);
            value.push(0x80 | count);
            value.extend(octets.iter().skip(zeros));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::reader::Reader;
    use super::*;

    #[test]
    fn lengths_and_tags_are_shortest() {
        for length in [0usize, 1, 127, 128, 255, 256, 65_535, 65_536] {
            let bytes = octet_string(&vec![7; length]);
            let head = header(Tag::OCTET_STRING, u64::try_from(length).unwrap());
            assert!(bytes.starts_with(&head) && bytes.len() == head.len() + length);
            let value = Reader::der(&bytes).read_any().unwrap();
            assert_eq!((value.content.len(), value.whole), (length, &bytes[..]));
        }
        for number in [0, 30, 31, 127, 128, 16_383, 16_384, u32::MAX] {
            let bytes = tlv(Tag::context(number), b"x");
            let read = Reader::der(&bytes).read_any();
            // The reader takes numbers below 2^32 whose groups fill no more than 32 bits.
            assert_eq!(read.unwrap().tag, Tag::context(number), "{number}");
        }
    }

    #[test]
    fn integers_stay_positive_and_shortest() {
        assert_eq!(integer(0), [2, 1, 0]);
        assert_eq!(integer(127), [2, 1, 127]);
        assert_eq!(integer(128), [2, 2, 0, 128]);
        assert_eq!(integer(u64::MAX).len(), 11);
        assert_eq!(integer_bytes(&[]), [2, 1, 0]);
        assert_eq!(integer_bytes(&[0, 0, 1]), [2, 1, 1]);
    }

    #[test]
    fn sets_are_sorted_by_their_octets() {
        let values = [&[4, 2, 0, 0][..], &[4, 1, 9], &[2, 1, 1]];
        let set = set_of(&values);
        assert_eq!(set, [0x31, 10, 2, 1, 1, 4, 1, 9, 4, 2, 0, 0]);
        assert_ne!(set, set_as_given(&values));
    }

    #[test]
    fn times_change_their_type_in_2050() {
        let last = UnixTime::from_rfc3339("2049-12-31T23:59:59Z").unwrap();
        assert_eq!(time(last), [&[0x17, 13][..], b"491231235959Z"].concat());
        let next = last.plus_seconds(1);
        assert_eq!(time(next), [&[0x18, 15][..], b"20500101000000Z"].concat());
        let early = UnixTime::from_rfc3339("1949-12-31T23:59:59Z").unwrap();
        assert_eq!(time(early).first(), Some(&0x18));
    }
}
