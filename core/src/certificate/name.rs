//! Distinguished names.

use super::kept::Kept;
use super::prepare::prepare;
use crate::asn1::{Mode, Oid, Reader, Tag, Tlv, check_tree};
use crate::error::{Error, Malformed};
use crate::limits::Budget;
use std::sync::{Arc, OnceLock};

/// A distinguished name: the original bytes, and what is compared.
///
/// ```text
/// Name ::= CHOICE { rdnSequence RDNSequence }
/// RDNSequence ::= SEQUENCE OF RelativeDistinguishedName
/// RelativeDistinguishedName ::= SET SIZE (1..MAX) OF AttributeTypeAndValue
/// AttributeTypeAndValue ::= SEQUENCE { type AttributeType, value AttributeValue }
/// ```
///
/// # Standard
/// RFC 5280 §4.1.2.4, §7.1.
#[derive(Clone)]
pub struct Name {
    der: Kept,
    prepared: OnceLock<Vec<Vec<u8>>>,
    /// RDNs with an attribute that is no character string, in their order.
    obscure: OnceLock<Vec<usize>>,
    /// In the text form of RFC 4514: a report says the same names again and again.
    text: OnceLock<Box<str>>,
}

/// One attribute of a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NameAttribute {
    /// Which RDN it belongs to, counted from the first.
    pub rdn: usize,
    /// Its type.
    pub oid: Oid,
    /// Its value, where it is a character string.
    pub text: Option<String>,
    /// The value's original bytes, header included.
    pub value: Vec<u8>,
}

impl Name {
    /// Reads a DER name.
    ///
    /// # Errors
    /// [`Error::Malformed`] when it is no `Name`; [`Error::LimitExceeded`].
    pub fn parse(der: &[u8], budget: &mut Budget) -> Result<Self, Error> {
        check_tree(der, Mode::Der, budget)?;
        let source: Arc<[u8]> = der.into();
        let mut reader = Reader::der(&source);
        let tlv = reader.read_any()?;
        reader.finish()?;
        Ok(Self::from_tlv(&source, &tlv)?)
    }

    /// Checks the structure of a name found in `source` and keeps its bytes.
    pub(crate) fn from_tlv(source: &Arc<[u8]>, tlv: &Tlv<'_>) -> Result<Self, Malformed> {
        if tlv.tag != Tag::SEQUENCE {
            return Err(Malformed::at(
                crate::error::MalformedKind::DerTag,
                tlv.offset,
            ));
        }
        walk(tlv, |_, _, _| Ok(()))?;
        Ok(Self {
            der: Kept::whole(source, tlv),
            prepared: OnceLock::new(),
            obscure: OnceLock::new(),
            text: OnceLock::new(),
        })
    }

    /// The original bytes.
    #[must_use]
    pub fn der(&self) -> &[u8] {
        self.der.as_slice()
    }

    /// Whether the name has no attribute at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.der().len() <= 2
    }

    /// Whether two names are the same: octet by octet, or after preparation (RFC 5280 §7.1).
    #[must_use]
    pub fn matches(&self, other: &Self) -> bool {
        self.der() == other.der() || self.prepared() == other.prepared()
    }

    /// Whether this name lies in the subtree below `base` (RFC 5280 §7.1): the RDNs of `base`
    /// are its first ones.
    #[must_use]
    pub fn lies_below(&self, base: &Self) -> bool {
        self.prepared().starts_with(base.prepared())
    }

    /// Whether the first RDNs that differ have an attribute that is compared by its octets alone: one
    /// in a type of string that is not read (GeneralString, GraphicString), or in none. Another
    /// reader may find the two the same.
    pub(crate) fn is_obscure_beside(&self, base: &Self) -> bool {
        let mut pairs = self.prepared().iter().zip(base.prepared());
        let place = pairs.position(|(own, other)| own != other);
        let is_obscure = |name: &Self, place: usize| name.obscure().binary_search(&place).is_ok();
        place.is_some_and(|place| is_obscure(self, place) || is_obscure(base, place))
    }

    fn obscure(&self) -> &[usize] {
        self.obscure.get_or_init(|| {
            let mut found = Vec::new();
            self.each(|rdn, _, value| {
                if found.last() != Some(&rdn) && value.text().is_err() {
                    found.push(rdn);
                }
            });
            found
        })
    }

    /// The attributes in the order of the name.
    #[must_use]
    pub fn attributes(&self) -> Vec<NameAttribute> {
        let mut attributes = Vec::new();
        self.each(|rdn, kind, value| {
            let Some(oid) = Oid::from_content(kind) else {
                return;
            };
            attributes.push(NameAttribute {
                rdn,
                oid,
                text: value.text().ok(),
                value: value.whole.to_vec(),
            });
        });
        attributes
    }

    /// The last attribute of a type, as text.
    #[must_use]
    pub fn attribute(&self, oid: &str) -> Option<String> {
        let oid = Oid::from_dotted(oid)?;
        let mut found = None;
        self.each(|_, kind, value| {
            if kind == oid.as_content() {
                found = value.text().ok().or(found.take());
            }
        });
        found
    }

    /// The last attribute of each of several types of X.520, given by their arc under 2.5.4: one
    /// look at the name instead of many.
    pub(crate) fn x520<const N: usize>(&self, arcs: [u8; N]) -> [Option<String>; N] {
        let mut found = [const { None }; N];
        self.each(|_, kind, value| {
            let &[0x55, 4, arc] = kind else {
                return;
            };
            for (wanted, found) in arcs.iter().zip(&mut found) {
                if *wanted == arc {
                    *found = value.text().ok().or(found.take());
                }
            }
        });
        found
    }

    /// The last `commonName`, the most specific one.
    #[must_use]
    pub fn common_name(&self) -> Option<String> {
        let [name] = self.x520([3]);
        name
    }

    /// The text form of RFC 4514: last RDN first.
    #[must_use]
    pub fn to_rfc4514(&self) -> String {
        let text = self
            .text
            .get_or_init(|| super::text::rfc4514(&self.attributes()).into());
        text.to_string()
    }

    /// Whether a text in the manner of RFC 4514 says this name. Texts are written in many ways: a
    /// hint, and no proof.
    #[must_use]
    pub fn is_written_as(&self, text: &str) -> bool {
        super::text::same(&self.to_rfc4514(), text)
    }

    /// One prepared form per RDN; names match when these are equal. Attributes of one RDN are a
    /// set, so they are sorted.
    pub(crate) fn prepared(&self) -> &[Vec<u8>] {
        self.prepared.get_or_init(|| {
            let mut rdns: Vec<Vec<Vec<u8>>> = Vec::new();
            self.each(|rdn, kind, value| {
                if rdns.len() <= rdn {
                    rdns.resize_with(rdn.saturating_add(1), Vec::new);
                }
                if let Some(attributes) = rdns.get_mut(rdn) {
                    attributes.push(prepared_attribute(kind, value));
                }
            });
            rdns.into_iter()
                .map(|mut attributes| {
                    attributes.sort_unstable();
                    attributes.concat()
                })
                .collect()
        })
    }

    /// The structure was checked when the name was read.
    fn each(&self, mut visit: impl FnMut(usize, &[u8], &Tlv<'_>)) {
        let mut reader = Reader::der(self.der());
        if let Ok(tlv) = reader.read_any() {
            let _ = walk(&tlv, |rdn, kind, value| {
                visit(rdn, kind, value);
                Ok(())
            });
        }
    }
}

impl PartialEq for Name {
    /// Octet by octet; [`Name::matches`] is the comparison of RFC 5280.
    fn eq(&self, other: &Self) -> bool {
        self.der() == other.der()
    }
}

impl Eq for Name {}

impl std::fmt::Debug for Name {
    /// Names are personal data: only the length is shown.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Name({} bytes)", self.der().len())
    }
}

/// Which RDN, the content octets of the attribute's type, and its value.
fn walk<'a>(
    name: &Tlv<'a>,
    mut visit: impl FnMut(usize, &'a [u8], &Tlv<'a>) -> Result<(), Malformed>,
) -> Result<(), Malformed> {
    let mut rdns = name.reader();
    let mut index = 0;
    while !rdns.is_empty() {
        let mut rdn = rdns.read(Tag::SET)?.reader();
        // SIZE (1..MAX): an empty RDN is refused by the first read.
        loop {
            let mut attribute = rdn.read(Tag::SEQUENCE)?.reader();
            let kind = attribute.read(Tag::OID)?.oid_content()?;
            let value = attribute.read_any()?;
            attribute.finish()?;
            visit(index, kind, &value)?;
            if rdn.is_empty() {
                break;
            }
        }
        index += 1;
    }
    Ok(())
}

/// Type, then the prepared text or, where the value is no character string, its octets. Lengths
/// keep neighbours apart.
fn prepared_attribute(kind: &[u8], value: &Tlv<'_>) -> Vec<u8> {
    let mut out = Vec::new();
    let mut part = |marker: u8, bytes: &[u8]| {
        out.push(marker);
        out.extend_from_slice(&u64::try_from(bytes.len()).unwrap_or(u64::MAX).to_be_bytes());
        out.extend_from_slice(bytes);
    };
    part(b'o', kind);
    match value.text() {
        Ok(text) => part(b't', prepare(&text).as_bytes()),
        Err(_) => part(b'b', value.whole),
    }
    out
}
