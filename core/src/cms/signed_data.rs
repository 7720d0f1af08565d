//! SignedData: content, certificates, revocation data and signatures.

use super::attribute_types::{BASIC_OCSP_RESPONSE, DATA, OCSP_RESPONSE, SIGNED_DATA};
use super::attributes::ContentShape;
use super::envelope;
use super::finding::Finding;
use super::signer_info::{Signed, SignerInfo};
use crate::asn1::{self, AlgorithmIdentifier, Mode, Oid, Reader, Tag, Tlv};
use crate::error::{Error, Malformed, MalformedKind, Unsupported};
use crate::limits::{Budget, Resource};
use std::sync::Arc;

/// The `SignedData` type is defined in [RFC 5652 Section 5.1].
///
/// ```text
/// ContentInfo ::= SEQUENCE {
///   contentType ContentType,
///   content [0] EXPLICIT ANY DEFINED BY contentType }
/// SignedData ::= SEQUENCE {
///   version CMSVersion,
///   digestAlgorithms DigestAlgorithmIdentifiers,
///   encapContentInfo EncapsulatedContentInfo,
///   certificates [0] IMPLICIT CertificateSet OPTIONAL,
///   crls [1] IMPLICIT RevocationInfoChoices OPTIONAL,
///   signerInfos SignerInfos }
/// ```
///
/// [RFC 5652 Section 5.1]: https://www.rfc-editor.org/rfc/rfc5652#section-5.1
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedData {
    /// The version.
    pub version: u64,
    /// Digest algorithms announced for those who read in one pass; a hint.
    pub digest_algorithms: Vec<AlgorithmIdentifier>,
    /// The type of the content.
    pub econtent_type: Oid,
    /// The type of the content with tag and length as stored: what archive time-stamps digest.
    pub econtent_type_whole: Arc<[u8]>,
    /// The content, where it is inside.
    pub econtent: Option<EncapsulatedContent>,
    /// Candidates for X.509 certificates, in the stored order.
    pub certificates: Vec<Arc<[u8]>>,
    /// Members of `certificates` of another form (attribute certificates, PKCS #6), unread.
    pub other_certificates: Vec<Arc<[u8]>>,
    /// Revocation data, in the stored order.
    pub revocation: Vec<RevocationChoice>,
    /// The signatures, in the stored order.
    pub signer_infos: Vec<SignerInfo>,
    /// SignerInfos that cannot be read.
    pub unreadable: Vec<UnreadableSignerInfo>,
    /// What is out of rule in the message as a whole.
    pub findings: Vec<Finding>,
    /// The binary message as stored, without PEM or base64 around it.
    pub whole: Arc<[u8]>,
}

/// Content inside a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EncapsulatedContent {
    /// The octets that are digested: without tag and length, pieces joined.
    pub octets: Arc<[u8]>,
    /// Whether the octets look like signed attributes, which makes a signature without signed
    /// attributes suspect.
    pub shape: ContentShape,
}

/// A member of `crls`: a `RevocationInfoChoice` of [RFC 5652 Section 10.2.1].
///
/// ```text
/// RevocationInfoChoice ::= CHOICE {
///   crl CertificateList,
///   other [1] IMPLICIT OtherRevocationInfoFormat }
/// OtherRevocationInfoFormat ::= SEQUENCE {
///   otherRevInfoFormat OBJECT IDENTIFIER,
///   otherRevInfo ANY DEFINED BY otherRevInfoFormat }
/// ```
///
/// [RFC 5652 Section 10.2.1]: https://www.rfc-editor.org/rfc/rfc5652#section-10.2.1
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RevocationChoice {
    /// What it claims to be.
    pub form: RevocationForm,
    /// The CRL or OCSP response itself.
    pub value: Arc<[u8]>,
    /// The member as stored: what archive time-stamps digest.
    pub whole: Arc<[u8]>,
}

/// Forms of revocation data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RevocationForm {
    /// A CertificateList.
    Crl,
    /// An OCSPResponse (RFC 5940 §2.1).
    OcspResponse,
    /// A BasicOCSPResponse without its envelope.
    BasicOcspResponse,
    /// Another format, unread.
    Other(Oid),
}

/// A SignerInfo that cannot be read. It was located: it is a signature with a broken format.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnreadableSignerInfo {
    /// Which of the members of signerInfos, from 0.
    pub index: u64,
    /// Its bytes.
    pub whole: Arc<[u8]>,
    /// What is wrong.
    pub error: Malformed,
}

impl SignedData {
    /// Reads a message in DER or BER, also as PEM, bare base64 or an S/MIME entity.
    ///
    /// # Errors
    /// [`Malformed`], a limit, or [`Error::Unsupported`] for other content types than SignedData.
    ///
    /// # Standard
    /// RFC 5652 §3, §5.1.
    pub fn parse(bytes: &[u8], budget: &mut Budget) -> Result<Self, Error> {
        let stripped = envelope::strip(bytes)?;
        let mut data = Self::parse_binary(&stripped.message, budget)?;
        if stripped.has_text_around {
            data.findings.push(Finding::TextAround);
        }
        Ok(data)
    }

    /// The type of the content, read no further than that: none where there is no SignedData.
    #[must_use]
    pub fn content_type(bytes: &[u8]) -> Option<Oid> {
        let message = envelope::strip(bytes).ok()?.message;
        let of = |message: &[u8]| -> Result<Oid, Malformed> {
            let mut content_info = Reader::ber(message).read(Tag::SEQUENCE)?.reader();
            content_info.read(Tag::OID)?;
            let content = content_info.read(Tag::context_constructed(0))?.explicit()?;
            let mut fields = content.reader();
            fields.read(Tag::INTEGER)?;
            fields.read(Tag::SET)?;
            let mut encapsulated = fields.read(Tag::SEQUENCE)?.reader();
            encapsulated.read(Tag::OID)?.oid()
        };
        of(&message).ok()
    }

    /// Reads a binary message with zero octets behind it, as the `/Contents` of a PDF signature has
    /// them (ISO 32000-2 §12.8.1). Other octets behind it are refused.
    ///
    /// # Errors
    /// As [`SignedData::parse`].
    pub fn parse_padded(bytes: &[u8], budget: &mut Budget) -> Result<Self, Error> {
        let mut reader = Reader::ber(bytes);
        let message = reader.read(Tag::SEQUENCE)?;
        if reader.rest().iter().any(|octet| *octet != 0) {
            reader.finish()?;
        }
        Self::parse_binary(message.whole, budget)
    }

    /// Reads a binary message without anything around it, as one stands inside another structure.
    ///
    /// # Errors
    /// As [`SignedData::parse`].
    pub fn parse_binary(bytes: &[u8], budget: &mut Budget) -> Result<Self, Error> {
        charge_octets(bytes, budget)?;
        asn1::check_tree(bytes, Mode::Ber, budget)?;
        let mut outer = Reader::ber(bytes);
        let mut content_info = outer.read(Tag::SEQUENCE)?.reader();
        outer.finish()?;
        if !content_info.read(Tag::OID)?.oid()?.is(SIGNED_DATA) {
            return Err(Unsupported::Document("CMS message that is no SignedData").into());
        }
        let content = content_info.read(Tag::context_constructed(0))?.explicit()?;
        content_info.finish()?;
        if content.tag != Tag::SEQUENCE {
            return Err(content.wrong(MalformedKind::CmsStructure).into());
        }

        let mut fields = content.reader();
        let version = fields.read(Tag::INTEGER)?.small_integer()?;
        let mut digest_algorithms = Vec::new();
        let mut algorithms = fields.read(Tag::SET)?.reader();
        while !algorithms.is_empty() {
            charge_member(budget)?;
            digest_algorithms.push(AlgorithmIdentifier::parse(
                &algorithms.read(Tag::SEQUENCE)?,
            )?);
        }
        let mut findings = Vec::new();
        let mut encapsulated = fields.read(Tag::SEQUENCE)?.reader();
        let content_type = encapsulated.read(Tag::OID)?;
        let econtent_type = content_type.oid()?;
        let econtent = encapsulated
            .optional(Tag::context_constructed(0))?
            .map(|tlv| EncapsulatedContent::parse(&tlv.explicit()?, &econtent_type, &mut findings))
            .transpose()?;
        encapsulated.finish()?;

        let (mut certificates, mut other_certificates) = (Vec::new(), Vec::new());
        if let Some(set) = fields.optional(Tag::context_constructed(0))? {
            let mut set = set.reader();
            while !set.is_empty() {
                charge_member(budget)?;
                let member = set.read_any()?;
                // RFC 5652 §10.2.2: a certificate is the only choice without a tag of its own.
                match member.tag {
                    Tag::SEQUENCE => certificates.push(Arc::from(member.whole)),
                    _ => other_certificates.push(Arc::from(member.whole)),
                }
            }
        }
        let mut revocation = Vec::new();
        if let Some(set) = fields.optional(Tag::context_constructed(1))? {
            let mut set = set.reader();
            while !set.is_empty() {
                charge_member(budget)?;
                revocation.push(RevocationChoice::parse(&set.read_any()?)?);
            }
        }
        let signers = fields.read(Tag::SET)?;
        fields.finish()?;

        let mut data = Self {
            version,
            digest_algorithms,
            econtent_type_whole: Arc::from(content_type.whole),
            econtent_type,
            econtent,
            certificates,
            other_certificates,
            revocation,
            signer_infos: Vec::new(),
            unreadable: Vec::new(),
            findings,
            whole: Arc::from(bytes),
        };
        data.parse_signers(&signers, budget)?;
        data.check();
        Ok(data)
    }

    fn parse_signers(&mut self, set: &Tlv<'_>, budget: &mut Budget) -> Result<(), Error> {
        let mut signers = set.reader();
        let mut index = 0;
        while !signers.is_empty() {
            let member = signers.read_any()?;
            let info = if member.tag == Tag::SEQUENCE {
                SignerInfo::parse(&member, Signed::Content(&self.econtent_type), budget)
            } else {
                Err(member.wrong(MalformedKind::CmsStructure).into())
            };
            match info {
                Ok(info) => self.signer_infos.push(info),
                Err(Error::Malformed(error)) => {
                    charge_member(budget)?;
                    self.unreadable.push(UnreadableSignerInfo {
                        index,
                        whole: Arc::from(member.whole),
                        error,
                    });
                }
                Err(other) => return Err(other),
            }
            index += 1;
        }
        Ok(())
    }

    fn check(&mut self) {
        let shape = self.econtent.as_ref().map(|content| content.shape);
        for info in &mut self.signer_infos {
            // RFC 5652 §5.1 digestAlgorithms: implementations MAY fail to validate signatures that
            // use a digest algorithm that is not included in this set. It is no more than a hint.
            let own = &info.digest_algorithm;
            if !self
                .digest_algorithms
                .iter()
                .any(|listed| listed.is_same(own))
            {
                info.findings.push(Finding::DigestAlgorithmNotListed);
            }
            if info.signed_attrs.is_none() && shape == Some(ContentShape::SignedAttributes) {
                info.findings.push(Finding::SignedAttributesAsContent);
            }
        }
    }

    /// The CRLs, in the stored order.
    pub fn crls(&self) -> impl Iterator<Item = &Arc<[u8]>> {
        let choices = self.revocation.iter();
        choices
            .filter(|choice| choice.form == RevocationForm::Crl)
            .map(|choice| &choice.value)
    }

    /// The OCSP responses in either form, in the stored order.
    pub fn ocsps(&self) -> impl Iterator<Item = &RevocationChoice> {
        self.revocation.iter().filter(|choice| {
            matches!(
                choice.form,
                RevocationForm::OcspResponse | RevocationForm::BasicOcspResponse
            )
        })
    }
}

impl EncapsulatedContent {
    /// The `eContent` of an `EncapsulatedContentInfo`, RFC 5652 §5.2.
    fn parse(
        content: &Tlv<'_>,
        econtent_type: &Oid,
        findings: &mut Vec<Finding>,
    ) -> Result<Self, Malformed> {
        let octets: Arc<[u8]> = if content.tag.is_like(Tag::OCTET_STRING) {
            Arc::from(content.octet_string()?)
        } else if econtent_type.is(DATA) {
            return Err(content.wrong(MalformedKind::CmsStructure));
        } else {
            // RFC 5652 §5.2.1: in PKCS #7 content of another type is not wrapped; the digest is
            // over the content octets of its DER, without tag and length.
            findings.push(Finding::ContentNotOctets);
            Arc::from(content.content)
        };
        let length = u64::try_from(octets.len()).unwrap_or(u64::MAX);
        Ok(Self {
            shape: ContentShape::of(&octets, length),
            octets,
        })
    }
}

impl RevocationChoice {
    fn parse(tlv: &Tlv<'_>) -> Result<Self, Malformed> {
        let whole: Arc<[u8]> = Arc::from(tlv.whole);
        if tlv.tag == Tag::SEQUENCE {
            return Ok(Self {
                form: RevocationForm::Crl,
                value: Arc::clone(&whole),
                whole,
            });
        }
        if tlv.tag != Tag::context_constructed(1) {
            return Err(tlv.wrong(MalformedKind::CmsStructure));
        }
        let mut fields = tlv.reader();
        let format = fields.read(Tag::OID)?.oid()?;
        let value = fields.read_any()?;
        fields.finish()?;
        let form = if format.is(OCSP_RESPONSE) {
            RevocationForm::OcspResponse
        } else if format.is(BASIC_OCSP_RESPONSE) {
            RevocationForm::BasicOcspResponse
        } else {
            RevocationForm::Other(format)
        };
        Ok(Self {
            form,
            value: Arc::from(value.whole),
            whole,
        })
    }
}

fn charge_octets(bytes: &[u8], budget: &mut Budget) -> Result<(), Error> {
    let length = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
    Ok(budget.charge(Resource::StructureBytes, length)?)
}

/// A member of a set is kept in a piece of its own, which costs more than an empty value has bytes.
fn charge_member(budget: &mut Budget) -> Result<(), Error> {
    Ok(budget.charge(Resource::Values, 4)?)
}
