//! Attribute certificates: what they say of a role, and who says so.

use super::general_name::GeneralName;
use crate::asn1::{Reader, Tag, Tlv};
use crate::error::{Error, Malformed};
use crate::limits::{Budget, Resource};
use std::sync::Arc;

/// id-at-role.
const ROLE: &str = "2.5.4.72";

/// What an attribute certificate says. Its signature, its validity and whether its holder is the
/// signer are not verified: it is an offer of whoever put it there.
///
/// ```text
/// AttributeCertificate ::= SEQUENCE {
///   acinfo             AttributeCertificateInfo,
///   signatureAlgorithm AlgorithmIdentifier,
///   signatureValue     BIT STRING }
/// AttributeCertificateInfo ::= SEQUENCE {
///   version                INTEGER { v2(1) },
///   holder                 Holder,
///   issuer                 CHOICE { v1Form GeneralNames, v2Form [0] V2Form },
///   signature              AlgorithmIdentifier,
///   serialNumber           INTEGER,
///   attrCertValidityPeriod SEQUENCE,
///   attributes             SEQUENCE OF Attribute,
///   issuerUniqueID         BIT STRING OPTIONAL,
///   extensions             Extensions OPTIONAL }
/// ```
///
/// # Standard
/// RFC 5755 §4.1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AttributeCertificate {
    /// The first name of its issuer that has a text.
    pub issuer: Option<String>,
    /// Roles, and other attributes that are plain text, such as titles.
    pub roles: Vec<String>,
}

impl AttributeCertificate {
    /// Reads the certificate (DER).
    ///
    /// # Errors
    /// [`Malformed`], or a limit.
    pub fn parse(octets: &[u8], budget: &mut Budget) -> Result<Self, Error> {
        budget.charge(Resource::Values, 1)?;
        let source: Arc<[u8]> = octets.into();
        let mut outer = Reader::der(&source);
        let certificate = outer.read(Tag::SEQUENCE)?;
        outer.finish()?;
        let mut parts = certificate.reader();
        let info = parts.read(Tag::SEQUENCE)?;
        parts.read(Tag::SEQUENCE)?;
        parts.read(Tag::BIT_STRING)?;
        parts.finish()?;
        let mut fields = info.reader();
        // The first version leaves its number out, and has the same fields behind it.
        fields.optional(Tag::INTEGER)?;
        fields.read_any()?;
        let issuer = issuer(&source, &fields.read_any()?, budget)?;
        fields.read(Tag::SEQUENCE)?;
        fields.read(Tag::INTEGER)?;
        fields.read(Tag::SEQUENCE)?;
        let attributes = fields.read(Tag::SEQUENCE)?;
        fields.optional(Tag::BIT_STRING)?;
        fields.optional(Tag::SEQUENCE)?;
        fields.finish()?;
        let mut roles = Vec::new();
        let mut attributes = attributes.reader();
        while !attributes.is_empty() {
            let mut attribute = attributes.read(Tag::SEQUENCE)?.reader();
            let is_role = attribute.read(Tag::OID)?.oid()?.is(ROLE);
            let mut values = attribute.read(Tag::SET)?.reader();
            attribute.finish()?;
            while !values.is_empty() {
                budget.charge(Resource::Values, 1)?;
                let value = values.read_any()?;
                roles.extend(match is_role {
                    true => role(&source, &value)?,
                    false => value.text().ok(),
                });
            }
        }
        Ok(Self { issuer, roles })
    }
}

/// `V2Form ::= SEQUENCE { issuerName GeneralNames OPTIONAL, … }`. RFC 5755 §4.2.3.
fn issuer(
    source: &Arc<[u8]>,
    form: &Tlv<'_>,
    budget: &mut Budget,
) -> Result<Option<String>, Error> {
    let names = match form.tag {
        Tag::SEQUENCE => Some(*form),
        _ => form.reader().optional(Tag::SEQUENCE)?,
    };
    let mut names = match &names {
        Some(names) => names.reader(),
        None => return Ok(None),
    };
    let mut first = None;
    while !names.is_empty() && first.is_none() {
        budget.charge(Resource::Values, 1)?;
        first = text(&GeneralName::from_tlv(source, &names.read_any()?)?);
    }
    Ok(first)
}

/// ```text
/// RoleSyntax ::= SEQUENCE {
///   roleAuthority [0] GeneralNames OPTIONAL,
///   roleName      [1] GeneralName }
/// ```
/// RFC 5755 §4.4.5. A CHOICE is tagged explicitly.
fn role(source: &Arc<[u8]>, value: &Tlv<'_>) -> Result<Option<String>, Malformed> {
    let mut fields = value.reader();
    fields.optional(Tag::context_constructed(0))?;
    let name = fields.read(Tag::context_constructed(1))?.explicit()?;
    fields.finish()?;
    Ok(text(&GeneralName::from_tlv(source, &name)?))
}

/// A name as people read it.
fn text(name: &GeneralName) -> Option<String> {
    match name {
        GeneralName::Rfc822Name(text) | GeneralName::DnsName(text) | GeneralName::Uri(text) => {
            Some(text.clone())
        }
        GeneralName::DirectoryName(name) => Some(name.to_rfc4514()),
        GeneralName::RegisteredId(oid) => Some(oid.to_string()),
        GeneralName::OtherName { value, .. } => {
            let mut reader = Reader::der(value);
            reader.read_any().ok()?.text().ok()
        }
        GeneralName::X400Address | GeneralName::EdiPartyName | GeneralName::IpAddress(_) => None,
    }
}

#[cfg(test)]
pub(crate) mod samples {
    use super::ROLE;
    use crate::asn1::write;

    /// An attribute certificate of `CN=Ədliyyə` with these attributes: a kind and a value each.
    pub(crate) fn attribute_certificate(attributes: &[(&str, Vec<u8>)]) -> Vec<u8> {
        let attributes: Vec<Vec<u8>> = attributes
            .iter()
            .map(|(kind, value)| write::sequence(&[&write::oid(kind), &write::set_of(&[value])]))
            .collect();
        let attributes: Vec<&[u8]> = attributes.iter().map(Vec::as_slice).collect();
        let name = write::sequence(&[&write::oid("2.5.4.3"), &write::utf8_string("Ədliyyə")]);
        let name = write::explicit(4, &write::sequence(&[&write::set_of(&[&name])]));
        let algorithm = write::sequence(&[&write::oid("1.2.840.10045.4.3.2")]);
        let info = write::sequence(&[
            &write::integer(1),
            &write::sequence(&[]),
            &write::implicit_constructed(0, &[&write::sequence(&[&name])]),
            &algorithm,
            &write::integer(7),
            &write::sequence(&[]),
            &write::sequence(&attributes),
        ]);
        write::sequence(&[&info, &algorithm, &write::bit_string(&[1, 2])])
    }

    /// The attribute with this role.
    pub(crate) fn role(name: &str) -> (&'static str, Vec<u8>) {
        let name = write::implicit(6, name.as_bytes());
        (ROLE, write::sequence(&[&write::explicit(1, &name)]))
    }
}

#[cfg(test)]
mod tests {
    use super::samples::{attribute_certificate, role};
    use super::*;
    use crate::asn1::write;

    fn read(octets: &[u8]) -> Result<AttributeCertificate, Error> {
        AttributeCertificate::parse(octets, &mut Budget::default())
    }

    #[test]
    fn roles_and_who_gave_them_are_read() {
        let title = ("2.5.4.12", write::utf8_string("hakim"));
        let group = ("1.3.6.1.5.5.7.10.4", write::sequence(&[]));
        let read = read(&attribute_certificate(&[
            role("urn:notarius"),
            title,
            group,
        ]))
        .unwrap();
        assert_eq!(read.roles, ["urn:notarius", "hakim"]);
        assert_eq!(read.issuer.as_deref(), Some("CN=Ədliyyə"));
    }

    #[test]
    fn what_is_no_attribute_certificate_is_refused() {
        let whole = attribute_certificate(&[role("urn:notarius")]);
        for length in 0..whole.len() {
            assert!(read(&whole[..length]).is_err(), "{length}");
        }
        let longer = [whole.as_slice(), &[5, 0]].concat();
        let broken = attribute_certificate(&[(ROLE, write::null())]);
        for octets in [&[0, 0, 0][..], &longer, &broken, &write::sequence(&[])] {
            assert!(matches!(read(octets), Err(Error::Malformed(_))));
        }
    }
}
