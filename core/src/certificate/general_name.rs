//! Names in extensions.

use super::name::Name;
use crate::asn1::{Class, Oid, Reader, Tag, Tlv};
use crate::error::{Malformed, MalformedKind};
use std::sync::Arc;

/// A name of one of nine kinds.
///
/// ```text
/// GeneralName ::= CHOICE {
///   otherName                 [0] OtherName,
///   rfc822Name                [1] IA5String,
///   dNSName                   [2] IA5String,
///   x400Address               [3] ORAddress,
///   directoryName             [4] Name,
///   ediPartyName              [5] EDIPartyName,
///   uniformResourceIdentifier [6] IA5String,
///   iPAddress                 [7] OCTET STRING,
///   registeredID              [8] OBJECT IDENTIFIER }
/// ```
///
/// # Standard
/// RFC 5280 §4.2.1.6.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum GeneralName {
    /// A name of a kind that its own OID says.
    OtherName {
        /// The kind.
        oid: Oid,
        /// The value's original bytes.
        value: Vec<u8>,
    },
    /// A mail address.
    Rfc822Name(String),
    /// A host name.
    DnsName(String),
    /// An X.400 address, not read.
    X400Address,
    /// A distinguished name.
    DirectoryName(Name),
    /// An EDI party, not read.
    EdiPartyName,
    /// A URI.
    Uri(String),
    /// An address; in constraints, address and mask.
    IpAddress(Vec<u8>),
    /// An object identifier.
    RegisteredId(Oid),
}

impl GeneralName {
    /// Reads a name that stands alone.
    ///
    /// # Errors
    /// [`Malformed`].
    pub(crate) fn parse(der: &Arc<[u8]>) -> Result<Self, Malformed> {
        let mut reader = Reader::der(der);
        let name = Self::from_tlv(der, &reader.read_any()?)?;
        reader.finish()?;
        Ok(name)
    }

    pub(crate) fn from_tlv(source: &Arc<[u8]>, tlv: &Tlv<'_>) -> Result<Self, Malformed> {
        let wrong = || Malformed::at(MalformedKind::DerTag, tlv.offset);
        if tlv.tag.class != Class::ContextSpecific {
            return Err(wrong());
        }
        let constructed = matches!(tlv.tag.number, 0 | 3 | 4 | 5);
        if tlv.tag.constructed != constructed {
            return Err(wrong());
        }
        match tlv.tag.number {
            0 => {
                let mut other = tlv.reader();
                let oid = other.read(Tag::OID)?.oid()?;
                let mut value = other.read(Tag::context_constructed(0))?.reader();
                other.finish()?;
                let inner = value.read_any()?;
                value.finish()?;
                Ok(Self::OtherName {
                    oid,
                    value: inner.whole.to_vec(),
                })
            }
            1 => ia5(tlv).map(Self::Rfc822Name),
            2 => ia5(tlv).map(Self::DnsName),
            3 => Ok(Self::X400Address),
            4 => {
                let mut inner = tlv.reader();
                let name = Name::from_tlv(source, &inner.read_any()?)?;
                inner.finish()?;
                Ok(Self::DirectoryName(name))
            }
            5 => Ok(Self::EdiPartyName),
            6 => ia5(tlv).map(Self::Uri),
            7 => Ok(Self::IpAddress(tlv.content.to_vec())),
            8 => tlv.oid().map(Self::RegisteredId),
            _ => Err(wrong()),
        }
    }

    /// `GeneralNames ::= SEQUENCE SIZE (1..MAX) OF GeneralName`, whatever its own tag is.
    pub(crate) fn list(source: &Arc<[u8]>, names: &Tlv<'_>) -> Result<Vec<Self>, Malformed> {
        let mut reader = names.reader();
        let mut list = Vec::new();
        loop {
            // SIZE (1..MAX): an empty list is refused by the first read.
            list.push(Self::from_tlv(source, &reader.read_any()?)?);
            if reader.is_empty() {
                return Ok(list);
            }
        }
    }

    /// Whether two names say the same, as lists of distribution points are compared.
    #[must_use]
    pub fn matches(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::DirectoryName(one), Self::DirectoryName(two)) => one.matches(two),
            (Self::DnsName(one), Self::DnsName(two)) => one.eq_ignore_ascii_case(two),
            // What was not read cannot be said to be equal.
            (Self::X400Address, _) | (Self::EdiPartyName, _) => false,
            (one, two) => one == two,
        }
    }
}

/// An implicitly tagged IA5String.
fn ia5(tlv: &Tlv<'_>) -> Result<String, Malformed> {
    let wrong = || Malformed::at(MalformedKind::DerString, tlv.content_offset());
    if !tlv.content.is_ascii() {
        return Err(wrong());
    }
    String::from_utf8(tlv.content.to_vec()).map_err(|_| wrong())
}

/// What a distribution point is called.
///
/// ```text
/// DistributionPointName ::= CHOICE {
///   fullName                [0] GeneralNames,
///   nameRelativeToCRLIssuer [1] RelativeDistinguishedName }
/// ```
///
/// # Standard
/// RFC 5280 §4.2.1.13.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum DistributionPointName {
    /// The whole name, in one or several forms.
    FullName(Vec<GeneralName>),
    /// An RDN to be added to the name of the CRL issuer; its original bytes, tagged `[1]`.
    RelativeToCrlIssuer(Vec<u8>),
}

impl DistributionPointName {
    /// Reads the value inside an explicit tag.
    pub(crate) fn from_tlv(source: &Arc<[u8]>, tlv: &Tlv<'_>) -> Result<Self, Malformed> {
        let mut reader = tlv.reader();
        let choice = reader.read_any()?;
        reader.finish()?;
        if choice.tag == Tag::context_constructed(0) {
            Ok(Self::FullName(GeneralName::list(source, &choice)?))
        } else if choice.tag == Tag::context_constructed(1) {
            Ok(Self::RelativeToCrlIssuer(choice.whole.to_vec()))
        } else {
            Err(Malformed::at(MalformedKind::DerTag, choice.offset))
        }
    }
}
