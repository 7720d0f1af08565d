//! SignerInfo: one signature of a SignedData, and the rules for its attributes.

use super::attribute_types::{
    ALGORITHM_PROTECTION, CONTENT_TYPE, DATA, MESSAGE_DIGEST, SIGNED_ONLY, SINGLE_SIGNED,
};
use super::attributes::{Attributes, Occurrence, SignedAttributes, single};
use super::finding::Finding;
use super::typed::AlgorithmProtection;
use crate::algorithm::SignatureAlgorithm;
use crate::asn1::{self, AlgorithmIdentifier, Mode, Oid, Reader, Tag, Tlv};
use crate::certificate::Certificate;
use crate::error::{Error, Malformed, MalformedKind};
use crate::limits::{Budget, Resource};
use std::sync::Arc;

/// The `SignerInfo` type is defined in [RFC 5652 Section 5.3].
///
/// ```text
/// SignerInfo ::= SEQUENCE {
///   version CMSVersion,
///   sid SignerIdentifier,
///   digestAlgorithm DigestAlgorithmIdentifier,
///   signedAttrs [0] IMPLICIT SignedAttributes OPTIONAL,
///   signatureAlgorithm SignatureAlgorithmIdentifier,
///   signature SignatureValue,
///   unsignedAttrs [1] IMPLICIT UnsignedAttributes OPTIONAL }
/// ```
///
/// [RFC 5652 Section 5.3]: https://www.rfc-editor.org/rfc/rfc5652#section-5.3
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignerInfo {
    /// The version.
    pub version: u64,
    /// Which certificate is said to have made it; a hint, not a reference.
    pub sid: SignerIdentifier,
    /// Digest algorithm of the content.
    pub digest_algorithm: AlgorithmIdentifier,
    /// The signed attributes.
    pub signed_attrs: Option<SignedAttributes>,
    /// Signature algorithm; see [`SignerInfo::algorithm`].
    pub signature_algorithm: AlgorithmIdentifier,
    /// The signature value without tag and length.
    pub signature: Arc<[u8]>,
    /// The unsigned attributes.
    pub unsigned_attrs: Option<Attributes>,
    /// Everything up to and including the signature value, field after field with tags and
    /// lengths as stored: what archive time-stamps digest (EN 319 122-1 §5.5.3, step 3).
    pub fields: Arc<[u8]>,
    /// The whole SignerInfo as stored.
    pub whole: Arc<[u8]>,
    /// What is out of rule.
    pub findings: Vec<Finding>,
}

/// The `SignerIdentifier` type is defined in [RFC 5652 Section 5.3].
///
/// ```text
/// SignerIdentifier ::= CHOICE {
///   issuerAndSerialNumber IssuerAndSerialNumber,
///   subjectKeyIdentifier [0] SubjectKeyIdentifier }
/// ```
///
/// [RFC 5652 Section 5.3]: https://www.rfc-editor.org/rfc/rfc5652#section-5.3
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SignerIdentifier {
    /// Issuer and serial number.
    IssuerAndSerialNumber {
        /// The `Name` as stored.
        issuer: Arc<[u8]>,
        /// Content octets of the serial number.
        serial_number: Arc<[u8]>,
    },
    /// Key identifier.
    SubjectKeyIdentifier(Arc<[u8]>),
}

/// What a SignerInfo signs.
#[derive(Clone, Copy, Debug)]
pub(super) enum Signed<'a> {
    /// The content of a message of this type.
    Content(&'a Oid),
    /// The value of another signature.
    Signature,
}

impl SignerInfo {
    /// Reads the value of a countersignature attribute: it signs the value octets of the
    /// signature that carries it (RFC 5652 §11.4).
    ///
    /// # Errors
    /// [`Malformed`], or a limit.
    ///
    /// # Standard
    /// RFC 5652 §11.4.
    pub fn parse_countersignature(value: &[u8], budget: &mut Budget) -> Result<Self, Error> {
        asn1::check_tree(value, Mode::Ber, budget)?;
        let mut reader = Reader::ber(value);
        let tlv = reader.read(Tag::SEQUENCE)?;
        reader.finish()?;
        Self::parse(&tlv, Signed::Signature, budget)
    }

    pub(super) fn parse(
        tlv: &Tlv<'_>,
        signed: Signed<'_>,
        budget: &mut Budget,
    ) -> Result<Self, Error> {
        budget.charge(Resource::Values, COST)?;
        let mut fields = tlv.reader();
        let version = fields.read(Tag::INTEGER)?.small_integer()?;
        let sid = SignerIdentifier::parse(&fields.read_any()?)?;
        let digest_algorithm = AlgorithmIdentifier::parse(&fields.read(Tag::SEQUENCE)?)?;
        let signed_attrs = fields
            .optional(Tag::context_constructed(0))?
            .map(|set| SignedAttributes::parse(&set, budget))
            .transpose()?;
        let signature_algorithm = AlgorithmIdentifier::parse(&fields.read(Tag::SEQUENCE)?)?;
        let signature_tlv = fields.read(Tag::OCTET_STRING)?;
        let signature = signature_tlv.octet_string()?;
        let unsigned_tlv = fields.optional(Tag::context_constructed(1))?;
        fields.finish()?;
        let unsigned_attrs = unsigned_tlv
            .map(|set| Attributes::parse(&set, budget))
            .transpose()?;

        let mut info = Self {
            version,
            sid,
            digest_algorithm,
            signed_attrs,
            signature_algorithm,
            signature: Arc::from(signature),
            unsigned_attrs,
            fields: up_to(tlv, &signature_tlv)?,
            whole: Arc::from(tlv.whole),
            findings: Vec::new(),
        };
        info.check(signed);
        Ok(info)
    }

    /// The signature algorithm, with the digest beside it where it names none (`rsaEncryption`,
    /// `ecPublicKey`).
    ///
    /// # Errors
    /// [`Error::Unsupported`], or [`Malformed`] parameters.
    pub fn algorithm(&self) -> Result<SignatureAlgorithm, Error> {
        let beside = self.digest_algorithm.digest_algorithm();
        self.signature_algorithm.signature_algorithm(beside.ok())
    }

    /// The value of a signed attribute that stands once with one value; repeated ones are not
    /// used.
    #[must_use]
    pub fn signed_attribute(&self, attr_type: &str) -> Option<&Arc<[u8]>> {
        match self.signed_attrs.as_ref()?.attributes.occurrence(attr_type) {
            Occurrence::Once(value) => Some(value),
            _ => None,
        }
    }

    /// The digest in the message-digest attribute.
    #[must_use]
    pub fn message_digest(&self) -> Option<Vec<u8>> {
        let value = self.signed_attribute(MESSAGE_DIGEST)?;
        let tlv = single(value, Tag::OCTET_STRING).ok()?;
        Some(tlv.octet_string().ok()?.into_owned())
    }

    fn check(&mut self, signed: Signed<'_>) {
        // RFC 5652 §5.3 version: 1 with issuerAndSerialNumber, 3 with subjectKeyIdentifier.
        let expected = match self.sid {
            SignerIdentifier::IssuerAndSerialNumber { .. } => 1,
            SignerIdentifier::SubjectKeyIdentifier(_) => 3,
        };
        if self.version != expected {
            let found = self.version;
            self.findings
                .push(Finding::VersionUnexpected { expected, found });
        }
        match &self.signed_attrs {
            None => {
                // RFC 5652 §5.3 signedAttrs: MUST be present if the content type of the
                // EncapsulatedContentInfo value being signed is not id-data.
                if matches!(signed, Signed::Content(content_type) if !content_type.is(DATA)) {
                    self.findings.push(Finding::SignedAttributesMissing);
                }
            }
            Some(set) => {
                let found = self.attribute_findings(set, signed);
                self.findings.extend(found);
            }
        }
        // RFC 5652 §5.4: the digest of the signature algorithm is that of digestAlgorithm.
        let own = self.digest_algorithm.digest_algorithm().ok();
        let inner = self.algorithm().ok().and_then(SignatureAlgorithm::digest);
        if own.is_some() && inner.is_some() && own != inner {
            self.findings.push(Finding::DigestAlgorithmsDiffer);
        }
        // RFC 5652 §11.1, §11.2, §11.3: MUST be a signed attribute.
        for only in SIGNED_ONLY {
            if self
                .unsigned_attrs
                .as_ref()
                .is_some_and(|set| set.has(only))
            {
                let found = Oid::from_dotted(only).map(Finding::SignedAttributeUnsigned);
                self.findings.extend(found);
            }
        }
    }

    fn attribute_findings(&self, set: &SignedAttributes, signed: Signed<'_>) -> Vec<Finding> {
        let mut findings = Vec::new();
        // RFC 5652 §5.3: SignedAttributes ::= SET SIZE (1..MAX) OF Attribute, DER encoded.
        if set.attributes.count() == 0 {
            findings.push(Finding::SignedAttributesEmpty);
        }
        if set.sorted.is_some() {
            findings.push(Finding::SignedAttributesNotDer);
        }
        // RFC 5652 §11.1: a single instance with a single value, equal to eContentType; absent in
        // a countersignature (§11.4).
        match (set.attributes.occurrence(CONTENT_TYPE), signed) {
            (Occurrence::Absent, Signed::Signature) => {}
            (_, Signed::Signature) => findings.push(Finding::ContentTypeInCountersignature),
            (Occurrence::Absent, Signed::Content(_)) => findings.push(Finding::ContentTypeMissing),
            (Occurrence::Other { .. }, _) => findings.push(Finding::ContentTypeNotSingle),
            (Occurrence::Once(value), Signed::Content(expected)) => {
                match single(value, Tag::OID).and_then(|tlv| tlv.oid()) {
                    Ok(found) if found == *expected => {}
                    Ok(found) => findings.push(Finding::ContentTypeDiffers {
                        expected: expected.clone(),
                        found,
                    }),
                    Err(_) => findings.push(Finding::ContentTypeNotSingle),
                }
            }
        }
        // RFC 5652 §11.2: a single instance with a single value.
        match set.attributes.occurrence(MESSAGE_DIGEST) {
            Occurrence::Absent => findings.push(Finding::MessageDigestMissing),
            Occurrence::Other { .. } => findings.push(Finding::MessageDigestNotSingle),
            Occurrence::Once(_) if self.message_digest().is_none() => {
                findings.push(Finding::MessageDigestNotSingle);
            }
            Occurrence::Once(_) => {}
        }
        // EN 319 122-1 §6.3 table 1: at most once, with one value.
        for known in SINGLE_SIGNED {
            if let Occurrence::Other { .. } = set.attributes.occurrence(known) {
                findings.extend(Oid::from_dotted(known).map(Finding::AttributeNotSingle));
            }
        }
        // RFC 6211 §3: both algorithms are compared with those of the SignerInfo.
        if let Some(value) = self.signed_attribute(ALGORITHM_PROTECTION) {
            // One that cannot be read protects nothing, so it counts as differing.
            match AlgorithmProtection::parse(value) {
                Ok(protection) if protection.names_algorithms_of(self) => {}
                _ => findings.push(Finding::AlgorithmProtectionDiffers),
            }
        }
        findings
    }
}

impl SignerIdentifier {
    /// Whether it names a certificate; a hint is all that it is.
    #[must_use]
    pub fn is_name_of(&self, certificate: &Certificate) -> bool {
        match self {
            Self::IssuerAndSerialNumber {
                issuer,
                serial_number,
            } => {
                certificate.issuer().der() == &**issuer
                    && certificate.serial_number() == &**serial_number
            }
            Self::SubjectKeyIdentifier(id) => certificate.subject_key_identifier() == Some(&**id),
        }
    }

    fn parse(tlv: &Tlv<'_>) -> Result<Self, Malformed> {
        if tlv.tag == Tag::SEQUENCE {
            let mut fields = tlv.reader();
            let issuer = fields.read(Tag::SEQUENCE)?;
            let serial_number = fields.read(Tag::INTEGER)?;
            fields.finish()?;
            return Ok(Self::IssuerAndSerialNumber {
                issuer: Arc::from(issuer.whole),
                serial_number: Arc::from(serial_number.integer()?),
            });
        }
        if tlv.tag.is_like(Tag::context(0)) {
            return Ok(Self::SubjectKeyIdentifier(Arc::from(tlv.octet_string()?)));
        }
        Err(tlv.wrong(MalformedKind::CmsStructure))
    }
}

/// The content of `outer` from its beginning up to the end of its field `last`.
fn up_to(outer: &Tlv<'_>, last: &Tlv<'_>) -> Result<Arc<[u8]>, Malformed> {
    let before = last.offset.checked_sub(outer.content_offset());
    let before = before.and_then(|before| usize::try_from(before).ok());
    let end = before.and_then(|before| before.checked_add(last.whole.len()));
    let fields = end.and_then(|end| outer.content.get(..end));
    fields
        .map(Arc::from)
        .ok_or_else(|| last.wrong(MalformedKind::CmsStructure))
}

/// What a SignerInfo costs beside the values in it: each is kept in some ten pieces.
const COST: u64 = 16;
