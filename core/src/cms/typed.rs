//! Values of attributes in their types.

use super::attributes::{Attribute, single};
use super::signer_info::SignerInfo;
use crate::asn1::{AlgorithmIdentifier, Oid, Tag, Tlv};
use crate::error::{Error, Malformed};
use crate::limits::Budget;
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
        /// Where the document may be had (SPuri).
        uri: Option<String>,
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
        let uri = qualifiers.map(|list| uri_of(&list)).transpose()?.flatten();
        Ok(Self::Identified { id, digest, uri })
    }
}

/// id-spq-ets-uri.
const POLICY_URI: &str = "1.2.840.113549.1.9.16.5.1";

fn uri_of(list: &Tlv<'_>) -> Result<Option<String>, Malformed> {
    let mut list = list.reader();
    let mut uri = None;
    while !list.is_empty() {
        let mut qualifier = list.read(Tag::SEQUENCE)?.reader();
        let is_uri = qualifier.read(Tag::OID)?.oid()?.is(POLICY_URI);
        if !qualifier.is_empty() {
            let value = qualifier.read_any()?;
            if is_uri && uri.is_none() {
                uri = Some(value.text()?);
            }
        }
        qualifier.finish()?;
    }
    Ok(uri)
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
/// ```
///
/// [RFC 5126 Section 5.11.3]: https://www.rfc-editor.org/rfc/rfc5126#section-5.11.3
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SignerAttributes {
    /// What the signer says about itself.
    pub claimed_attributes: Vec<Attribute>,
    /// Certified attributes and signed assertions with tag and length, not read further.
    pub others: Vec<Arc<[u8]>>,
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
            } else {
                found.others.push(Arc::from(field.whole));
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
