//! Values of attributes in their types.

use super::attributes::{Attribute, single};
use super::signer_info::SignerInfo;
use crate::asn1::{AlgorithmIdentifier, Oid, Tag, Tlv};
use crate::error::{Error, Malformed};
use crate::limits::{Budget, Resource};
use crate::time::UnixTime;
use std::sync::Arc;

/// Reads a signing-time value (RFC 5652 §11.3): UTCTime or GeneralizedTime.
///
/// # Errors
/// [`Malformed`].
pub fn signing_time(value: &[u8]) -> Result<UnixTime, Malformed> {
    let mut reader = crate::asn1::Reader::ber(value);
    let time = reader.read_any()?;
    reader.finish()?;
    time.time()
}

/// The `CMSAlgorithmProtection` type is defined in [RFC 6211 Section 2].
///
/// ```text
/// CMSAlgorithmProtection ::= SEQUENCE {
///   digestAlgorithm    DigestAlgorithmIdentifier,
///   signatureAlgorithm [1] SignatureAlgorithmIdentifier OPTIONAL,
///   macAlgorithm       [2] MessageAuthenticationCodeAlgorithm OPTIONAL }
/// ```
///
/// [RFC 6211 Section 2]: https://www.rfc-editor.org/rfc/rfc6211#section-2
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AlgorithmProtection {
    /// Digest algorithm.
    pub digest_algorithm: AlgorithmIdentifier,
    /// Signature algorithm, in a SignedData.
    pub signature_algorithm: Option<AlgorithmIdentifier>,
}

impl AlgorithmProtection {
    /// Reads the value.
    ///
    /// # Errors
    /// [`Malformed`]; also for a MAC algorithm, which a SignedData cannot have.
    pub fn parse(value: &[u8]) -> Result<Self, Malformed> {
        let mut fields = single(value, Tag::SEQUENCE)?.reader();
        let digest_algorithm = AlgorithmIdentifier::parse(&fields.read(Tag::SEQUENCE)?)?;
        let signature_algorithm = fields
            .optional(Tag::context_constructed(1))?
            .map(|tlv| AlgorithmIdentifier::parse(&tlv))
            .transpose()?;
        fields.finish()?;
        Ok(Self {
            digest_algorithm,
            signature_algorithm,
        })
    }

    /// RFC 6211 §3: both are there and are those of the SignerInfo.
    pub(super) fn names_algorithms_of(&self, info: &SignerInfo) -> bool {
        let signature = self.signature_algorithm.as_ref();
        self.digest_algorithm.is_same(&info.digest_algorithm)
            && signature.is_some_and(|named| named.is_same(&info.signature_algorithm))
    }
}

/// The `SignaturePolicy` type is defined in EN 319 122-1 §5.2.9.1 and [RFC 5126 Section 5.8.1].
///
/// ```text
/// SignaturePolicy ::= CHOICE {
///   signaturePolicyId       SignaturePolicyId,
///   signaturePolicyImplied  NULL }
/// SignaturePolicyId ::= SEQUENCE {
///   sigPolicyId         OBJECT IDENTIFIER,
///   sigPolicyHash       OtherHashAlgAndValue OPTIONAL,
///   sigPolicyQualifiers SEQUENCE OF SigPolicyQualifierInfo OPTIONAL }
/// OtherHashAlgAndValue ::= SEQUENCE {
///   hashAlgorithm AlgorithmIdentifier,
///   hashValue     OCTET STRING }
/// ```
///
/// [RFC 5126 Section 5.8.1]: https://www.rfc-editor.org/rfc/rfc5126#section-5.8.1
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SignaturePolicy {
    /// Implied by the data.
    Implied,
    /// Named.
    Identified {
        /// Which.
        id: Oid,
        /// Digest of the policy document.
        digest: Option<(AlgorithmIdentifier, Vec<u8>)>,
        /// What is said of it besides.
        qualifiers: PolicyQualifiers,
    },
}

impl SignaturePolicy {
    /// Reads the value.
    ///
    /// # Errors
    /// [`Malformed`].
    pub fn parse(value: &[u8]) -> Result<Self, Malformed> {
        if let Ok(null) = single(value, Tag::NULL) {
            null.null()?;
            return Ok(Self::Implied);
        }
        let mut fields = single(value, Tag::SEQUENCE)?.reader();
        let id = fields.read(Tag::OID)?.oid()?;
        // Hash and qualifiers are both SEQUENCEs: the first field of a hash is an
        // AlgorithmIdentifier followed by an OCTET STRING, that of a list a qualifier.
        let mut digest = None;
        let mut qualifiers = fields.optional(Tag::SEQUENCE)?;
        if let Some(hash) = &qualifiers {
            let mut parts = hash.reader();
            let first = parts.optional(Tag::SEQUENCE)?;
            if let (Some(algorithm), Some(value)) = (first, parts.optional(Tag::OCTET_STRING)?) {
                parts.finish()?;
                let value = value.octet_string()?.into_owned();
                digest = Some((AlgorithmIdentifier::parse(&algorithm)?, value));
                qualifiers = fields.optional(Tag::SEQUENCE)?;
            }
        }
        fields.finish()?;
        let qualifiers = match &qualifiers {
            Some(list) => PolicyQualifiers::read(list)?,
            None => PolicyQualifiers::default(),
        };
        Ok(Self::Identified {
            id,
            digest,
            qualifiers,
        })
    }
}

/// id-spq-ets-uri.
const POLICY_URI: &str = "1.2.840.113549.1.9.16.5.1";
/// id-spq-ets-unotice.
const POLICY_NOTICE: &str = "1.2.840.113549.1.9.16.5.2";
/// id-spq-ets-docspec.
const POLICY_SPECIFICATION: &str = "0.4.0.19122.2.1";

/// The qualifiers of a signature policy are defined in EN 319 122-1 §5.2.9.1.
///
/// ```text
/// SPuri              ::= IA5String
/// SPUserNotice       ::= SEQUENCE {
///   noticeRef    NoticeReference OPTIONAL,
///   explicitText DisplayText OPTIONAL }
/// SPDocSpecification ::= CHOICE { oid OBJECT IDENTIFIER, uri IA5String }
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PolicyQualifiers {
    /// Where the document may be had.
    pub uri: Option<String>,
    /// What a person is to be told.
    pub notice: Option<String>,
    /// By which specification the document is written: OID (dotted) or URI.
    pub specification: Option<String>,
}

impl PolicyQualifiers {
    fn read(list: &Tlv<'_>) -> Result<Self, Malformed> {
        let mut found = Self::default();
        let mut list = list.reader();
        while !list.is_empty() {
            let mut qualifier = list.read(Tag::SEQUENCE)?.reader();
            let kind = qualifier.read(Tag::OID)?.oid()?;
            if !qualifier.is_empty() {
                let value = qualifier.read_any()?;
                if kind.is(POLICY_URI) && found.uri.is_none() {
                    found.uri = Some(value.text()?);
                } else if kind.is(POLICY_NOTICE) {
                    // Shown to people only: what cannot be read is not shown.
                    let texts = value.reader();
                    found.notice = found.notice.or_else(|| explicit_text(texts));
                } else if kind.is(POLICY_SPECIFICATION) {
                    let oid = value.oid().map(|oid| oid.to_string());
                    let text = oid.or_else(|_| value.text()).ok();
                    found.specification = found.specification.or(text);
                }
            }
            qualifier.finish()?;
        }
        Ok(found)
    }
}

fn explicit_text(mut fields: crate::asn1::Reader<'_>) -> Option<String> {
    fields.optional(Tag::SEQUENCE).ok()?;
    fields.read_any().ok()?.text().ok()
}

/// Reads the policy document of a signature-policy-store value (EN 319 122-1 §5.2.10); none where
/// only its address is there.
///
/// ```text
/// SignaturePolicyStore    ::= SEQUENCE {
///   spDocSpec    SPDocSpecification,
///   spDocument   SignaturePolicyDocument }
/// SPDocSpecification      ::= CHOICE { oid OBJECT IDENTIFIER, uri IA5String }
/// SignaturePolicyDocument ::= CHOICE {
///   sigPolicyEncoded  OCTET STRING,
///   sigPolicyLocalURI IA5String }
/// ```
///
/// # Errors
/// [`Malformed`].
pub fn stored_policy(value: &[u8]) -> Result<Option<Vec<u8>>, Malformed> {
    let mut fields = single(value, Tag::SEQUENCE)?.reader();
    fields.read_any()?;
    let document = fields.optional(Tag::OCTET_STRING)?;
    if document.is_none() {
        fields.read(Tag::IA5_STRING)?;
    }
    fields.finish()?;
    match document {
        Some(document) => Ok(Some(document.octet_string()?.into_owned())),
        None => Ok(None),
    }
}

/// Reads the identifier of a commitment-type-indication value (EN 319 122-1 §5.2.3).
///
/// ```text
/// CommitmentTypeIndication ::= SEQUENCE {
///   commitmentTypeId        OBJECT IDENTIFIER,
///   commitmentTypeQualifier SEQUENCE OF CommitmentTypeQualifier OPTIONAL }
/// ```
///
/// # Errors
/// [`Malformed`].
pub fn commitment_type(value: &[u8]) -> Result<Oid, Malformed> {
    let mut fields = single(value, Tag::SEQUENCE)?.reader();
    let id = fields.read(Tag::OID)?.oid()?;
    fields.optional(Tag::SEQUENCE)?;
    fields.finish()?;
    Ok(id)
}

/// Reads a mime-type value (EN 319 122-1 §5.2.4.2): a UTF8String.
///
/// # Errors
/// [`Malformed`].
pub fn mime_type(value: &[u8]) -> Result<String, Malformed> {
    single(value, Tag::UTF8_STRING)?.text()
}

/// The `SignerLocation` type is defined in EN 319 122-1 §5.2.5 and [RFC 5126 Section 5.11.2].
///
/// ```text
/// SignerLocation ::= SEQUENCE {
///   countryName   [0] DirectoryString OPTIONAL,
///   localityName  [1] DirectoryString OPTIONAL,
///   postalAddress [2] SEQUENCE SIZE (1..6) OF DirectoryString OPTIONAL }
/// ```
///
/// [RFC 5126 Section 5.11.2]: https://www.rfc-editor.org/rfc/rfc5126#section-5.11.2
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SignerLocation {
    /// Country.
    pub country_name: Option<String>,
    /// Town.
    pub locality_name: Option<String>,
    /// Lines of the address.
    pub postal_address: Vec<String>,
}

impl SignerLocation {
    /// Reads the value.
    ///
    /// # Errors
    /// [`Malformed`].
    pub fn parse(value: &[u8]) -> Result<Self, Malformed> {
        let mut fields = single(value, Tag::SEQUENCE)?.reader();
        let mut text = |number| -> Result<Option<String>, Malformed> {
            let field = fields.optional(Tag::context_constructed(number))?;
            field.map(|field| field.explicit()?.text()).transpose()
        };
        let (country_name, locality_name) = (text(0)?, text(1)?);
        let mut postal_address = Vec::new();
        if let Some(field) = fields.optional(Tag::context_constructed(2))? {
            // The module has explicit tags; producers that read it as implicit exist, so a lone
            // SEQUENCE inside is entered and anything else is the list itself.
            let mut lines = field.reader();
            if let Ok(list) = field.explicit()
                && list.tag == Tag::SEQUENCE
            {
                lines = list.reader();
            }
            while !lines.is_empty() {
                postal_address.push(lines.read_any()?.text()?);
            }
        }
        fields.finish()?;
        Ok(Self {
            country_name,
            locality_name,
            postal_address,
        })
    }
}

/// The `SignerAttribute` and `SignerAttributeV2` types are defined in [RFC 5126 Section 5.11.3]
/// and EN 319 122-1 §5.2.6.1.
///
/// ```text
/// SignerAttribute ::= SEQUENCE OF CHOICE {
///   claimedAttributes   [0] ClaimedAttributes,
///   certifiedAttributes [1] AttributeCertificate }
/// SignerAttributeV2 ::= SEQUENCE {
///   claimedAttributes     [0] ClaimedAttributes OPTIONAL,
///   certifiedAttributesV2 [1] CertifiedAttributesV2 OPTIONAL,
///   signedAssertions      [2] SignedAssertions OPTIONAL }
/// ClaimedAttributes ::= SEQUENCE OF Attribute
/// CertifiedAttributesV2 ::= SEQUENCE OF CHOICE {
///   attributeCertificate      [0] AttributeCertificate,
///   otherAttributeCertificate [1] OtherAttributeCertificate }
/// SignedAssertions ::= SEQUENCE OF SEQUENCE {
///   signedAssertionID OBJECT IDENTIFIER,
///   signedAssertion   ANY DEFINED BY signedAssertionID }
/// ```
///
/// [RFC 5126 Section 5.11.3]: https://www.rfc-editor.org/rfc/rfc5126#section-5.11.3
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SignerAttributes {
    /// What the signer says about itself.
    pub claimed_attributes: Vec<Attribute>,
    /// Attribute certificates; none where one is of another kind or cannot be read.
    pub certified_attributes: Vec<Option<Arc<[u8]>>>,
    /// What kinds of assertions there are, where that can be read.
    pub signed_assertions: Vec<Option<String>>,
}

impl SignerAttributes {
    /// Reads the value of either version: both are a SEQUENCE of the same tagged fields.
    ///
    /// # Errors
    /// [`Malformed`](crate::error::Malformed), or a limit.
    pub fn parse(value: &[u8], budget: &mut Budget) -> Result<Self, Error> {
        let mut fields = single(value, Tag::SEQUENCE)?.reader();
        let mut found = Self::default();
        while !fields.is_empty() {
            let field = fields.read_any()?;
            if field.tag == Tag::context_constructed(0) {
                let mut list = field.explicit()?.reader();
                while !list.is_empty() {
                    let attribute = Attribute::parse(&list.read(Tag::SEQUENCE)?, budget)?;
                    found.claimed_attributes.push(attribute);
                }
            } else if field.tag == Tag::context_constructed(1) {
                let read = certified(&field, &mut found.certified_attributes, budget);
                // Of what cannot be read, that it is there.
                match read {
                    Err(Error::Malformed(_)) => found.certified_attributes.push(None),
                    other => other?,
                }
            } else if field.tag == Tag::context_constructed(2) {
                match asserted(&field, &mut found.signed_assertions, budget) {
                    Err(Error::Malformed(_)) => found.signed_assertions.push(None),
                    other => other?,
                }
            }
        }
        Ok(found)
    }

    /// The claimed attributes that are plain text, such as titles and roles.
    #[must_use]
    pub fn claimed_roles(&self) -> Vec<String> {
        let values = self.claimed_attributes.iter();
        values
            .flat_map(|attribute| attribute.attr_values.iter())
            .filter_map(|value| {
                let mut reader = crate::asn1::Reader::ber(value);
                reader.read_any().ok()?.text().ok()
            })
            .collect()
    }
}

/// Either one certificate or a list of them: a certificate begins with a SEQUENCE, and the members
/// of a list with a tag of their own.
fn certified(
    field: &Tlv<'_>,
    found: &mut Vec<Option<Arc<[u8]>>>,
    budget: &mut Budget,
) -> Result<(), Error> {
    let value = field.explicit()?;
    if value.reader().peek() == Some(Tag::SEQUENCE) {
        found.push(Some(value.whole.into()));
        return Ok(());
    }
    let mut list = value.reader();
    while !list.is_empty() {
        budget.charge(Resource::Values, 1)?;
        let member = list.read_any()?;
        let is_known = member.tag == Tag::context_constructed(0);
        let certificate = is_known.then(|| member.explicit()).transpose()?;
        found.push(certificate.map(|certificate| certificate.whole.into()));
    }
    Ok(())
}

/// The identifiers of the assertions.
fn asserted(
    field: &Tlv<'_>,
    found: &mut Vec<Option<String>>,
    budget: &mut Budget,
) -> Result<(), Error> {
    let mut list = field.explicit()?.reader();
    while !list.is_empty() {
        budget.charge(Resource::Values, 1)?;
        let kind = list.read_any()?.reader().read(Tag::OID)?.oid()?;
        found.push(Some(kind.to_string()));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::asn1::write;

    fn attributes(parts: &[&[u8]]) -> SignerAttributes {
        let value = write::sequence(parts);
        SignerAttributes::parse(&value, &mut Budget::default()).unwrap()
    }

    #[test]
    fn certificates_of_either_version_and_assertions_are_found() {
        let certificate = write::sequence(&[&write::sequence(&[])]);
        let of_version_1 = write::explicit(1, &certificate);
        let other = write::explicit(1, &write::null());
        let list = write::sequence(&[&write::explicit(0, &certificate), &other]);
        let kind = write::sequence(&[&write::oid("1.2.3"), &write::null()]);
        let assertions = write::explicit(2, &write::sequence(&[&kind]));
        let found = attributes(&[&of_version_1, &write::explicit(1, &list), &assertions]);
        let read = Some(Arc::from(certificate.as_slice()));
        assert_eq!(found.certified_attributes, [read.clone(), read, None]);
        assert_eq!(found.signed_assertions, [Some("1.2.3".to_owned())]);
    }

    #[test]
    fn what_cannot_be_read_is_there_and_leaves_the_rest() {
        let title = [
            write::oid("2.5.4.12"),
            write::set_of(&[&write::utf8_string("a")]),
        ];
        let title = write::sequence(&[&title[0], &title[1]]);
        let claimed = write::explicit(0, &write::sequence(&[&title]));
        let broken = [1, 2].map(|number| write::explicit(number, &[]));
        let found = attributes(&[&broken[0], &broken[1], &claimed]);
        assert_eq!(found.certified_attributes, [None]);
        assert_eq!(found.signed_assertions, [None]);
        assert_eq!(found.claimed_roles(), ["a"]);
    }

    #[test]
    fn a_policy_has_an_address_a_notice_and_a_specification() {
        let qualifier = |kind, value: &[u8]| write::sequence(&[&write::oid(kind), value]);
        let notice = write::sequence(&[&write::sequence(&[]), &write::utf8_string("oxuyun")]);
        let list = write::sequence(&[
            &qualifier(POLICY_NOTICE, &write::null()),
            &qualifier(POLICY_URI, &write::ia5_string("http://p")),
            &qualifier(POLICY_NOTICE, &notice),
            &qualifier(POLICY_SPECIFICATION, &write::oid("1.2.4")),
        ]);
        let policy = SignaturePolicy::parse(&write::sequence(&[&write::oid("1.2.3"), &list]));
        let Ok(SignaturePolicy::Identified { qualifiers, .. }) = policy else {
            panic!("{policy:?}");
        };
        let text = |text: &str| Some(text.to_owned());
        assert_eq!(qualifiers.uri, text("http://p"));
        assert_eq!(qualifiers.notice, text("oxuyun"));
        assert_eq!(qualifiers.specification, text("1.2.4"));
    }
}
