//! Attributes of a SignerInfo: stored as they came, found by type, counted before they are used.

use crate::asn1::{Oid, Reader, Tag, Tlv, write};
use crate::error::{Error, Malformed, MalformedKind};
use crate::limits::{Budget, Resource};
use std::sync::Arc;

/// The `Attribute` type is defined in [RFC 5652 Section 5.3].
///
/// ```text
/// Attribute ::= SEQUENCE {
///   attrType OBJECT IDENTIFIER,
///   attrValues SET OF AttributeValue }
/// AttributeValue ::= ANY
/// ```
///
/// [RFC 5652 Section 5.3]: https://www.rfc-editor.org/rfc/rfc5652#section-5.3
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attribute {
    /// The type.
    pub attr_type: Oid,
    /// The values, each with its tag and length as stored.
    pub attr_values: Vec<Arc<[u8]>>,
    /// The type with its tag and length as stored: what archive time-stamps digest
    /// (EN 319 122-1 §5.5.2).
    pub attr_type_whole: Arc<[u8]>,
    /// The set of values with its tag and length as stored.
    pub attr_values_whole: Arc<[u8]>,
    /// The whole attribute as stored.
    pub whole: Arc<[u8]>,
}

impl Attribute {
    pub(super) fn parse(tlv: &Tlv<'_>, budget: &mut Budget) -> Result<Self, Error> {
        budget.charge(Resource::Values, COST)?;
        let mut fields = tlv.reader();
        let attr_type = fields.read(Tag::OID)?;
        let values = fields.read(Tag::SET)?;
        fields.finish()?;
        let mut attr_values = Vec::new();
        let mut reader = values.reader();
        while !reader.is_empty() {
            budget.charge(Resource::Values, 1)?;
            attr_values.push(Arc::from(reader.read_any()?.whole));
        }
        Ok(Self {
            attr_type: attr_type.oid()?,
            attr_values,
            attr_type_whole: Arc::from(attr_type.whole),
            attr_values_whole: Arc::from(values.whole),
            whole: Arc::from(tlv.whole),
        })
    }
}

/// What an attribute costs beside the values in it: it is kept in five pieces, so that a message
/// of the smallest attributes would need thirty times its own size.
const COST: u64 = 8;

/// How often an attribute and its values occur.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Occurrence<'a> {
    /// No attribute of this type.
    Absent,
    /// One attribute with one value.
    Once(&'a Arc<[u8]>),
    /// Another count: `attributes` of this type with `values` in all.
    Other {
        /// Attributes of this type.
        attributes: u64,
        /// Their values.
        values: u64,
    },
}

/// A set of attributes in the stored order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Attributes(Vec<Attribute>);

impl Attributes {
    pub(super) fn parse(set: &Tlv<'_>, budget: &mut Budget) -> Result<Self, Error> {
        let mut attributes = Vec::new();
        let mut reader = set.reader();
        while !reader.is_empty() {
            attributes.push(Attribute::parse(&reader.read(Tag::SEQUENCE)?, budget)?);
        }
        Ok(Self(attributes))
    }

    /// Every attribute in the stored order.
    pub fn iter(&self) -> std::slice::Iter<'_, Attribute> {
        self.0.iter()
    }

    /// How many attributes there are.
    #[must_use]
    pub fn count(&self) -> u64 {
        u64::try_from(self.0.len()).unwrap_or(u64::MAX)
    }

    /// The attributes of one type (dotted), in the stored order.
    pub fn of_type<'a>(&'a self, attr_type: &str) -> impl Iterator<Item = &'a Attribute> {
        // A message may hold a hundred thousand: nearly all are told apart by their last octet.
        self.0.iter().filter(|one| one.attr_type.is(attr_type))
    }

    /// The values of every attribute of one type, in the stored order: several time-stamps stand
    /// in several attributes or in several values of one.
    pub fn values<'a>(&'a self, attr_type: &str) -> impl Iterator<Item = &'a Arc<[u8]>> {
        self.of_type(attr_type)
            .flat_map(|attribute| attribute.attr_values.iter())
    }

    /// Whether there is an attribute of this type. A fact about presence.
    #[must_use]
    pub fn has(&self, attr_type: &str) -> bool {
        self.of_type(attr_type).next().is_some()
    }

    /// How often a type and its values occur. A single-valued attribute is used only when it
    /// occurs [`Occurrence::Once`].
    #[must_use]
    pub fn occurrence(&self, attr_type: &str) -> Occurrence<'_> {
        let found: Vec<_> = self.of_type(attr_type).collect();
        match found.as_slice() {
            [] => Occurrence::Absent,
            [Attribute { attr_values, .. }] if attr_values.len() == 1 => attr_values
                .first()
                .map_or(Occurrence::Absent, Occurrence::Once),
            several => {
                let count = |sum: u64, more: usize| {
                    sum.saturating_add(u64::try_from(more).unwrap_or(u64::MAX))
                };
                Occurrence::Other {
                    attributes: count(0, several.len()),
                    values: several
                        .iter()
                        .fold(0, |sum, one| count(sum, one.attr_values.len())),
                }
            }
        }
    }
}

impl<'a> IntoIterator for &'a Attributes {
    type Item = &'a Attribute;
    type IntoIter = std::slice::Iter<'a, Attribute>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

/// The signed attributes: what is stored, and what the signature value is over.
///
/// RFC 5652 §5.4 signs the DER of an explicit `SET OF` while the message carries `[0] IMPLICIT`.
/// Producers that did not sort the set signed either form, so both are kept and the one that the
/// value fits is reported.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedAttributes {
    /// The attributes in the stored order.
    pub attributes: Attributes,
    /// With tag `[0]` and length, as stored: what archive time-stamps digest.
    pub stored: Arc<[u8]>,
    /// As stored, but with the tag of a SET: what the value of a conforming signature is over.
    pub as_stored: Arc<[u8]>,
    /// The same attributes as a DER `SET OF`, where that differs from [`Self::as_stored`].
    pub sorted: Option<Arc<[u8]>>,
}

impl SignedAttributes {
    pub(super) fn parse(tlv: &Tlv<'_>, budget: &mut Budget) -> Result<Self, Error> {
        let attributes = Attributes::parse(tlv, budget)?;
        let Some((_, behind_tag)) = tlv.whole.split_first() else {
            return Err(tlv.wrong(MalformedKind::CmsStructure).into());
        };
        let as_stored: Arc<[u8]> = std::iter::once(&SET_OF)
            .chain(behind_tag)
            .copied()
            .collect();
        let elements: Vec<&[u8]> = attributes
            .iter()
            .map(|attribute| &*attribute.whole)
            .collect();
        let sorted = write::set_of(&elements);
        Ok(Self {
            stored: Arc::from(tlv.whole),
            sorted: (sorted[..] != as_stored[..]).then(|| Arc::from(sorted)),
            attributes,
            as_stored,
        })
    }
}

/// Identifier octet of a SET.
const SET_OF: u8 = 0x31;

/// What content without signed attributes looks like from its first octets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ContentShape {
    /// It may be the encoding of signed attributes of another signature.
    SignedAttributes,
    /// It cannot be.
    Other,
}

impl ContentShape {
    /// Judges content of `length` octets by its beginning; 64 octets are enough.
    ///
    /// A signature without signed attributes is over the content itself. Whoever has a genuine
    /// signature *with* signed attributes can strip them and present their DER as the content:
    /// the value still fits (RFC 5652 §5.4 signs a plain SET OF). Content that begins as such a
    /// set, in any length form, is therefore never accepted without signed attributes.
    #[must_use]
    pub fn of(head: &[u8], length: u64) -> Self {
        let Some((&SET_OF, rest)) = head.split_first() else {
            return Self::Other;
        };
        let Some((&first, rest)) = rest.split_first() else {
            return Self::Other;
        };
        let (size, rest) = match first {
            0x80 => (None, rest),
            0..0x80 => (Some((u64::from(first), 2)), rest),
            _ => {
                let count = usize::from(first & 0x7f);
                let Some((octets, rest)) = rest.split_at_checked(count) else {
                    return Self::Other;
                };
                let size = octets.iter().try_fold(0u64, |size, octet| {
                    size.checked_mul(256).map(|size| size + u64::from(*octet))
                });
                let Some(size) = size else { return Self::Other };
                (Some((size, 2 + u64::from(first & 0x7f))), rest)
            }
        };
        let fits = size.is_none_or(|(size, header)| size.checked_add(header) == Some(length));
        // An empty set is no signed attributes (SIZE 1..MAX), but would be signed alike.
        match rest.first() {
            Some(0x30) | None if fits => Self::SignedAttributes,
            _ => Self::Other,
        }
    }
}

/// Reads one value of a known attribute.
pub(super) fn single<'a>(value: &'a [u8], tag: Tag) -> Result<Tlv<'a>, Malformed> {
    let mut reader = Reader::ber(value);
    let tlv = reader.read(tag)?;
    reader.finish()?;
    Ok(tlv)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn attribute(attr_type: &str, values: &[&[u8]]) -> Vec<u8> {
        write::sequence(&[&write::oid(attr_type), &write::set_as_given(values)])
    }

    fn parse(elements: &[&[u8]]) -> Result<SignedAttributes, Error> {
        let stored = write::implicit_constructed(0, elements);
        let mut reader = Reader::ber(&stored);
        SignedAttributes::parse(&reader.read_any()?, &mut Budget::default())
    }

    #[test]
    fn sorted_form_is_only_given_when_it_differs() {
        let (short, long) = (
            attribute("1.2.3", &[&write::null()]),
            attribute("1.2.3.4", &[&write::null()]),
        );
        let in_order = parse(&[&short, &long]).unwrap();
        assert_eq!(in_order.sorted, None);
        assert_eq!(in_order.as_stored[..], write::set_of(&[&short, &long])[..]);
        assert_eq!(in_order.stored[0], 0xa0);
        let reversed = parse(&[&long, &short]).unwrap();
        assert_eq!(reversed.sorted.as_deref(), Some(&in_order.as_stored[..]));
        assert_ne!(reversed.as_stored, in_order.as_stored);
    }

    #[test]
    fn occurrences_are_counted_over_attributes_and_values() {
        let null = write::null();
        let set = parse(&[
            &attribute("1.2.1", &[&null]),
            &attribute("1.2.2", &[]),
            &attribute("1.2.3", &[&null, &null]),
            &attribute("1.2.4", &[&null]),
            &attribute("1.2.4", &[&null]),
        ])
        .unwrap();
        let of = |attr_type| set.attributes.occurrence(attr_type);
        assert!(matches!(of("1.2.1"), Occurrence::Once(value) if **value == null[..]));
        assert_eq!(of("1.2.9"), Occurrence::Absent);
        let other = |attributes, values| Occurrence::Other { attributes, values };
        assert_eq!(of("1.2.2"), other(1, 0));
        assert_eq!(of("1.2.3"), other(1, 2));
        assert_eq!(of("1.2.4"), other(2, 2));
        assert_eq!(set.attributes.values("1.2.4").count(), 2);
    }

    #[test]
    fn attributes_with_a_missing_set_or_an_extra_field_are_malformed() {
        let missing = write::sequence(&[&write::oid("1.2.3")]);
        let extra = write::sequence(&[
            &write::oid("1.2.3"),
            &write::set_as_given(&[]),
            &write::null(),
        ]);
        let no_type = write::sequence(&[&write::set_as_given(&[])]);
        for wrong in [missing, extra, no_type, write::null()] {
            assert!(parse(&[&wrong]).is_err());
        }
    }

    #[test]
    fn content_that_is_a_set_of_attributes_is_recognised() {
        let set = write::set_of(&[&attribute("1.2.3", &[&write::null()])]);
        let length = u64::try_from(set.len()).unwrap();
        assert_eq!(
            ContentShape::of(&set, length),
            ContentShape::SignedAttributes
        );
        let long = [&[0x31, 0x82, 0, set[1]], &set[2..]].concat();
        assert_eq!(
            ContentShape::of(&long, length + 2),
            ContentShape::SignedAttributes
        );
        let indefinite = [&[0x31, 0x80], &set[2..], &[0, 0]].concat();
        assert_eq!(
            ContentShape::of(&indefinite, length + 2),
            ContentShape::SignedAttributes
        );
        assert_eq!(ContentShape::of(&set, length + 1), ContentShape::Other);
        for text in [
            &b"1 January"[..],
            b"",
            b"1",
            b"%PDF",
            b"10",
            &[0x31, 0x88, 0xff],
        ] {
            let length = u64::try_from(text.len()).unwrap();
            assert_eq!(ContentShape::of(text, length), ContentShape::Other);
        }
    }
}
