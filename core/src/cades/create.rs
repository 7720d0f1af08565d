//! A new signature: what is signed follows from a few plain values.

use crate::algorithm::{DigestAlgorithm, SignatureAlgorithm};
use crate::asn1::write;
use crate::asn1::{AlgorithmIdentifier, Oid, Reader, Tag};
use crate::certificate::Certificate;
use crate::cms::attribute_types::{
    ALGORITHM_PROTECTION, COMMITMENT_TYPE, CONTENT_HINTS, CONTENT_TIMESTAMP, CONTENT_TYPE, DATA,
    MESSAGE_DIGEST, MIME_TYPE, SIGNATURE_POLICY, SIGNATURE_POLICY_STORE, SIGNED_DATA,
    SIGNER_ATTRIBUTES_V2, SIGNER_LOCATION, SIGNING_CERTIFICATE_V2, SIGNING_TIME,
};
use crate::crypto;
use crate::error::{ApiMisuse, Error};
use crate::limits::Budget;
use crate::payload::{hex_list, hex_octets};
use crate::signature::{IdentifiedPolicy, NewPolicy, PolicyStore};
use crate::time::UnixTime;
use serde::{Deserialize, Serialize};

/// id-at-title, X.520 §6.4.3: how a claimed role is written as an attribute.
const TITLE: &str = "2.5.4.12";

/// id-spq-ets-uri, id-spq-ets-unotice: RFC 5126 §5.8.1.
const POLICY_URI: &str = "1.2.840.113549.1.9.16.5.1";
const POLICY_NOTICE: &str = "1.2.840.113549.1.9.16.5.2";
/// id-spq-ets-docspec, EN 319 122-1 §5.2.9.1.
const POLICY_SPECIFICATION: &str = "0.4.0.19122.2.1";

/// Everything that a new signature at level B derives from but its value.
///
/// Equal blueprints give equal octets. The content is streamed and digested elsewhere; the message
/// is DER, around the content or without it.
///
/// # Standard
/// EN 319 122-1 §6.3; RFC 5652 §5.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Blueprint {
    /// The digest over the content, by [`Blueprint::digest`].
    #[serde(with = "hex_octets")]
    pub content_digest: Vec<u8>,
    /// Signature algorithm; CMS writes ECDSA values as DER.
    #[serde(with = "algorithm_der")]
    pub algorithm: SignatureAlgorithm,
    /// The signing certificate (DER).
    #[serde(with = "hex_octets")]
    pub signing_certificate: Vec<u8>,
    /// Further certificates that shall travel along (DER).
    #[serde(with = "hex_list")]
    pub other_certificates: Vec<Vec<u8>>,
    /// The claimed signing time; absent in PDF, where the signature dictionary says it.
    pub claimed_signing_time: Option<UnixTime>,
    /// The media type of the content; empty: not said.
    pub media_type: String,
    /// Claimed roles.
    pub roles: Vec<String>,
    /// Roles that somebody certified: attribute certificates (DER).
    #[serde(default, skip_serializing_if = "Vec::is_empty", with = "hex_list")]
    pub certified_roles: Vec<Vec<u8>>,
    /// Place of signing: country, region, postal code, town, street; each may be empty.
    pub production_place: Option<[String; 5]>,
    /// Whether the content is the value of another signature (RFC 5652 §11.4).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_countersignature: bool,
    /// The signature policy, for a signature that follows one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub policy: Option<NewPolicy>,
    /// Commitments, as dotted OID or as the URI that XAdES knows them by.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub commitment_types: Vec<String>,
    /// What the content is, for people (content-hints).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub content_description: Option<String>,
    /// A time-stamp over the content, as the authority wrote it.
    #[serde(default, skip_serializing_if = "Vec::is_empty", with = "hex_octets")]
    pub content_timestamp: Vec<u8>,
}

impl Blueprint {
    /// The digest of content and certificate that goes with a signature algorithm.
    ///
    /// # Standard
    /// RFC 5652 §5.4 (one digest for both), RFC 4056 §3, RFC 8419 §3.1 (SHA-512 beside
    /// Ed25519), RFC 9882 §3.3 (SHA-512 is there beside every ML-DSA, and strong enough for each).
    #[must_use]
    pub fn digest_of(algorithm: SignatureAlgorithm) -> DigestAlgorithm {
        algorithm.digest().unwrap_or(DigestAlgorithm::Sha512)
    }

    /// The digest of content and certificate.
    #[must_use]
    pub fn digest(&self) -> DigestAlgorithm {
        Self::digest_of(self.algorithm)
    }

    /// The data to be signed (DTBS): the DER of the signed attributes.
    ///
    /// # Errors
    /// [`ApiMisuse`] for a digest of another length;
    /// [`Unsupported`](crate::error::Unsupported) for an algorithm that has no identifier.
    ///
    /// # Standard
    /// RFC 5652 §5.4.
    pub fn data_to_be_signed(&self) -> Result<Vec<u8>, Error> {
        if self.content_digest.len() != self.digest().output_len() {
            return Err(ApiMisuse::ContradictoryParameters.into());
        }
        let mut attributes = vec![
            attribute(MESSAGE_DIGEST, &write::octet_string(&self.content_digest)),
            attribute(SIGNING_CERTIFICATE_V2, &self.certificate_reference()?),
            attribute(ALGORITHM_PROTECTION, &self.algorithm_protection()?),
        ];
        // RFC 5652 §11.4: a counter-signature has no content type.
        if !self.is_countersignature {
            attributes.push(attribute(CONTENT_TYPE, &write::oid(DATA)));
        }
        if let Some(time) = self.claimed_signing_time {
            attributes.push(attribute(SIGNING_TIME, &write::time(time)));
        }
        // EN 319 122-1 §6.3 (t): what kind of data was signed.
        if !self.media_type.is_empty() {
            let value = write::utf8_string(&self.media_type);
            attributes.push(attribute(MIME_TYPE, &value));
        }
        attributes.extend(self.location());
        attributes.extend(self.claims());
        attributes.extend(self.policy()?);
        attributes.extend(self.commitments()?);
        // RFC 2634 §2.9.
        if let Some(text) = &self.content_description {
            let hints = write::sequence(&[&write::utf8_string(text), &write::oid(DATA)]);
            attributes.push(attribute(CONTENT_HINTS, &hints));
        }
        if !self.content_timestamp.is_empty() {
            attributes.push(attribute(CONTENT_TIMESTAMP, &self.content_timestamp));
        }
        let attributes: Vec<&[u8]> = attributes.iter().map(Vec::as_slice).collect();
        Ok(write::set_of(&attributes))
    }

    /// The message without content, with a value over [`Blueprint::data_to_be_signed`].
    ///
    /// # Errors
    /// As [`Blueprint::data_to_be_signed`]; a certificate that cannot be read.
    pub fn detached(&self, value: &[u8]) -> Result<Vec<u8>, Error> {
        let (before, after) = self.message(value, None)?;
        Ok([before, after].concat())
    }

    /// What stands before and behind `length` octets of content in the message that holds them.
    ///
    /// # Errors
    /// As [`Blueprint::detached`].
    pub fn attached(&self, value: &[u8], length: u64) -> Result<(Vec<u8>, Vec<u8>), Error> {
        self.message(value, Some(length))
    }

    /// ```text
    /// ContentInfo { signedData, [0] SignedData { version, digestAlgorithms,
    ///   encapContentInfo { id-data, [0] content OPTIONAL }, [0] certificates, signerInfos } }
    /// ```
    fn message(&self, value: &[u8], content: Option<u64>) -> Result<(Vec<u8>, Vec<u8>), Error> {
        let others = self.other_certificates.iter();
        let mut certificates: Vec<&[u8]> = std::iter::once(&self.signing_certificate)
            .chain(others)
            .map(Vec::as_slice)
            .collect();
        // X.690 §11.6; a certificate stands once (EN 319 122-1 §6.3 (e)).
        certificates.sort_unstable();
        certificates.dedup();
        let after = [
            write::implicit_constructed(0, &certificates),
            write::set_as_given(&[&self.signer_info(value)?]),
        ]
        .concat();

        // From the innermost header outwards: each needs the length of what it holds.
        let data = write::oid(DATA);
        let mut before = data;
        if let Some(length) = content {
            let octets = write::header(Tag::OCTET_STRING, length);
            let explicit = write::header(
                Tag::context_constructed(0),
                length.saturating_add(length_of(&octets)),
            );
            before = [before, explicit, octets].concat();
        }
        let content = content.unwrap_or(0);
        let encapsulated = write::header(Tag::SEQUENCE, content.saturating_add(length_of(&before)));
        // RFC 5652 §5.1: version 1 for X.509 certificates, issuer and serial number, id-data.
        let version = write::integer(1);
        let algorithms = write::set_as_given(&[&write::digest_identifier(self.digest())]);
        before = [version, algorithms, encapsulated, before].concat();
        let rest = content.saturating_add(length_of(&after));
        let signed_data = write::header(Tag::SEQUENCE, rest.saturating_add(length_of(&before)));
        before = [signed_data, before].concat();
        let length = rest.saturating_add(length_of(&before));
        let explicit = write::header(Tag::context_constructed(0), length);
        before = [write::oid(SIGNED_DATA), explicit, before].concat();
        let outer = write::header(Tag::SEQUENCE, rest.saturating_add(length_of(&before)));
        Ok(([outer, before].concat(), after))
    }

    /// RFC 5652 §5.3, with the signed attributes as they were signed but for their tag.
    pub(super) fn signer_info(&self, value: &[u8]) -> Result<Vec<u8>, Error> {
        let certificate = Certificate::parse(&self.signing_certificate, &mut Budget::default())?;
        let number = write::tlv(Tag::INTEGER, certificate.serial_number());
        let attributes = self.data_to_be_signed()?;
        let mut reader = Reader::der(&attributes);
        let attributes = reader.read(Tag::SET)?.content;
        Ok(write::sequence(&[
            &write::integer(1),
            &write::sequence(&[certificate.issuer().der(), &number]),
            &write::digest_identifier(self.digest()),
            &write::tlv(Tag::context_constructed(0), attributes),
            &write::signature_identifier(self.algorithm)?,
            &write::octet_string(value),
            &self.policy_store()?,
        ]))
    }

    /// RFC 5035 §3, §4. The digest is left out where it is the default; EN 319 122-1 §6.3 (g):
    /// issuer and serial number should not be there.
    fn certificate_reference(&self) -> Result<Vec<u8>, Error> {
        let digest = self.digest();
        let hash = write::octet_string(&crypto::digest(digest, &self.signing_certificate)?);
        let reference = match digest {
            DigestAlgorithm::Sha256 => write::sequence(&[&hash]),
            other => write::sequence(&[&write::digest_identifier(other), &hash]),
        };
        Ok(write::sequence(&[&write::sequence(&[&reference])]))
    }

    /// ```text
    /// CMSAlgorithmProtection ::= SEQUENCE {
    ///   digestAlgorithm    DigestAlgorithmIdentifier,
    ///   signatureAlgorithm [1] SignatureAlgorithmIdentifier OPTIONAL,
    ///   macAlgorithm       [2] MessageAuthenticationCodeAlgorithm OPTIONAL }
    /// ```
    /// RFC 6211 §2.
    fn algorithm_protection(&self) -> Result<Vec<u8>, Error> {
        let signature = write::signature_identifier(self.algorithm)?;
        let content = Reader::der(&signature).read(Tag::SEQUENCE)?.content;
        Ok(write::sequence(&[
            &write::digest_identifier(self.digest()),
            &write::tlv(Tag::context_constructed(1), content),
        ]))
    }

    /// signer-location, RFC 5126 §5.11.2: the postal address has at most six lines.
    fn location(&self) -> Option<Vec<u8>> {
        let [country, region, postal_code, town, street] = self.production_place.as_ref()?;
        let text = |number, text: &String| {
            let is_given = !text.is_empty();
            is_given.then(|| write::explicit(number, &write::utf8_string(text)))
        };
        let mut fields: Vec<Vec<u8>> = text(0, country).into_iter().chain(text(1, town)).collect();
        let lines: Vec<Vec<u8>> = [street, postal_code, region]
            .into_iter()
            .filter(|line| !line.is_empty())
            .map(|line| write::utf8_string(line))
            .collect();
        if !lines.is_empty() {
            let lines: Vec<&[u8]> = lines.iter().map(Vec::as_slice).collect();
            fields.push(write::explicit(2, &write::sequence(&lines)));
        }
        if fields.is_empty() {
            return None;
        }
        let fields: Vec<&[u8]> = fields.iter().map(Vec::as_slice).collect();
        Some(attribute(SIGNER_LOCATION, &write::sequence(&fields)))
    }

    /// signer-attributes-v2, EN 319 122-1 §5.2.6.1.
    ///
    /// ```text
    /// SignerAttributesV2 ::= SEQUENCE {
    ///   claimedAttributes [0] ClaimedAttributes OPTIONAL,
    ///   certifiedAttributesV2 [1] CertifiedAttributesV2 OPTIONAL, … }
    /// CertifiedAttributesV2 ::= SEQUENCE OF CHOICE {
    ///   attributeCertificate [0] AttributeCertificate, … }
    /// ```
    fn claims(&self) -> Option<Vec<u8>> {
        let fields: Vec<Vec<u8>> = [self.claimed(), self.certified()]
            .into_iter()
            .flatten()
            .collect();
        if fields.is_empty() {
            return None;
        }
        let fields: Vec<&[u8]> = fields.iter().map(Vec::as_slice).collect();
        Some(attribute(SIGNER_ATTRIBUTES_V2, &write::sequence(&fields)))
    }

    fn certified(&self) -> Option<Vec<u8>> {
        let choices = self.certified_roles.iter();
        let choices: Vec<Vec<u8>> = choices.map(|der| write::explicit(0, der)).collect();
        let choices: Vec<&[u8]> = choices.iter().map(Vec::as_slice).collect();
        (!choices.is_empty()).then(|| write::explicit(1, &write::sequence(&choices)))
    }

    fn claimed(&self) -> Option<Vec<u8>> {
        if self.roles.is_empty() {
            return None;
        }
        let values: Vec<Vec<u8>> = self
            .roles
            .iter()
            .map(|role| write::utf8_string(role))
            .collect();
        let values: Vec<&[u8]> = values.iter().map(Vec::as_slice).collect();
        let claimed = write::sequence(&[&write::oid(TITLE), &write::set_of(&values)]);
        Some(write::explicit(0, &write::sequence(&[&claimed])))
    }
}

impl Blueprint {
    /// signature-policy-identifier, EN 319 122-1 §5.2.9.1; RFC 5126 §5.8.1.
    fn policy(&self) -> Result<Option<Vec<u8>>, Error> {
        let policy = match &self.policy {
            None => return Ok(None),
            Some(NewPolicy::Implied) => {
                return Ok(Some(attribute(SIGNATURE_POLICY, &write::null())));
            }
            Some(NewPolicy::Identified(policy)) => policy,
        };
        let hash = write::sequence(&[
            &write::digest_identifier(policy.algorithm),
            &write::octet_string(&policy.signed_digest()?),
        ]);
        let mut qualifiers: Vec<Vec<u8>> = Vec::new();
        let mut qualify = |id: &str, value: &[u8]| {
            qualifiers.push(write::sequence(&[&write::oid(id), value]));
        };
        if let Some(uri) = &policy.uri {
            qualify(POLICY_URI, &ia5(uri)?);
        }
        if let Some(notice) = &policy.user_notice {
            // DisplayText, RFC 5280 §4.2.1.4: 200 characters at most.
            if notice.chars().count() > 200 {
                return Err(ApiMisuse::UnreadableValue.into());
            }
            qualify(
                POLICY_NOTICE,
                &write::sequence(&[&write::utf8_string(notice)]),
            );
        }
        if let Some(specification) = &policy.specification {
            qualify(POLICY_SPECIFICATION, &self::specification(specification)?);
        }
        let qualifiers: Vec<&[u8]> = qualifiers.iter().map(Vec::as_slice).collect();
        let qualifiers = match qualifiers.is_empty() {
            true => Vec::new(),
            false => write::sequence(&qualifiers),
        };
        let id = dotted(&policy.id)?;
        let value = write::sequence(&[&id, &hash, &qualifiers]);
        Ok(Some(attribute(SIGNATURE_POLICY, &value)))
    }

    /// The unsigned attributes: signature-policy-store, where the policy has one.
    ///
    /// ```text
    /// unsignedAttrs [1] { signature-policy-store { SEQUENCE { spDocSpec, spDocument } } }
    /// ```
    /// EN 319 122-1 §5.2.10.
    fn policy_store(&self) -> Result<Vec<u8>, Error> {
        let Some(NewPolicy::Identified(IdentifiedPolicy {
            store: Some(store),
            specification,
            ..
        })) = &self.policy
        else {
            return Ok(Vec::new());
        };
        let named = specification.as_deref();
        let named = named.ok_or(ApiMisuse::ContradictoryParameters)?;
        let document = match store {
            PolicyStore::Document(octets) => write::octet_string(octets),
            PolicyStore::LocalUri(uri) => ia5(uri)?,
        };
        let value = write::sequence(&[&self::specification(named)?, &document]);
        let attribute = attribute(SIGNATURE_POLICY_STORE, &value);
        Ok(write::implicit_constructed(1, &[&attribute]))
    }

    /// commitment-type-indication, EN 319 122-1 §5.2.3: a value for each commitment.
    fn commitments(&self) -> Result<Option<Vec<u8>>, Error> {
        let value = |name: &String| {
            let known = COMMITMENTS.iter().zip(1u8..);
            let known = known.filter_map(|(word, number)| {
                let own = name.strip_prefix(COMMITMENT_URI)? == *word;
                own.then(|| format!("{COMMITMENT_OID}.{number}"))
            });
            let id = known.last().unwrap_or_else(|| name.clone());
            Ok::<_, Error>(write::sequence(&[&dotted(&id)?]))
        };
        let values = self.commitment_types.iter().map(value);
        let values: Vec<Vec<u8>> = values.collect::<Result<_, _>>()?;
        let values: Vec<&[u8]> = values.iter().map(Vec::as_slice).collect();
        Ok((!values.is_empty())
            .then(|| write::sequence(&[&write::oid(COMMITMENT_TYPE), &write::set_of(&values)])))
    }
}

/// What the URI of a commitment begins with, EN 319 132-1 §5.2.3.
const COMMITMENT_URI: &str = "http://uri.etsi.org/01903/v1.2.2#";
/// id-cti, RFC 5126 §5.11.1.
const COMMITMENT_OID: &str = "1.2.840.113549.1.9.16.6";
/// In the order of their numbers, which begin with 1.
const COMMITMENTS: [&str; 6] = [
    "ProofOfOrigin",
    "ProofOfReceipt",
    "ProofOfDelivery",
    "ProofOfSender",
    "ProofOfApproval",
    "ProofOfCreation",
];

/// An object identifier that a person wrote, perhaps as a URN (RFC 3061).
fn dotted(text: &str) -> Result<Vec<u8>, Error> {
    let text = text.strip_prefix("urn:oid:").unwrap_or(text);
    match Oid::from_dotted(text) {
        Some(_) => Ok(write::oid(text)),
        None => Err(ApiMisuse::UnreadableValue.into()),
    }
}

/// SPDocSpecification, EN 319 122-1 §5.2.9.2: an OID, or a URI.
fn specification(text: &str) -> Result<Vec<u8>, Error> {
    match Oid::from_dotted(text) {
        Some(_) => Ok(write::oid(text)),
        None => ia5(text),
    }
}

/// An IA5String has no letters but those of ASCII.
fn ia5(text: &str) -> Result<Vec<u8>, Error> {
    match text.is_ascii() {
        true => Ok(write::ia5_string(text)),
        false => Err(ApiMisuse::UnreadableValue.into()),
    }
}

/// An Attribute with one value, RFC 5652 §5.3.
pub(super) fn attribute(attr_type: &str, value: &[u8]) -> Vec<u8> {
    write::sequence(&[&write::oid(attr_type), &write::set_as_given(&[value])])
}

fn length_of(octets: &[u8]) -> u64 {
    u64::try_from(octets.len()).unwrap_or(u64::MAX)
}

/// A signature algorithm as its AlgorithmIdentifier, in hexadecimal.
mod algorithm_der {
    use super::{AlgorithmIdentifier, Reader, SignatureAlgorithm, Tag, write};
    use crate::payload::hex_octets;
    use serde::{Deserializer, Serializer};

    pub(super) fn serialize<S: Serializer>(
        algorithm: &SignatureAlgorithm,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        let none = |_| serde::ser::Error::custom("a signature algorithm without an identifier");
        let der = write::signature_identifier(*algorithm).map_err(none)?;
        hex_octets::serialize(&der, serializer)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<SignatureAlgorithm, D::Error> {
        let der = hex_octets::deserialize(deserializer)?;
        let wrong = || serde::de::Error::custom("unknown signature algorithm");
        let mut reader = Reader::der(&der);
        let identifier = reader.read(Tag::SEQUENCE).map_err(|_| wrong())?;
        reader.finish().map_err(|_| wrong())?;
        let identifier = AlgorithmIdentifier::parse(&identifier).map_err(|_| wrong())?;
        identifier.signature_algorithm(None).map_err(|_| wrong())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::algorithm::ValueEncoding;
    use crate::cms::SignedData;
    use imza_test_vectors::Pki;

    fn blueprint() -> Blueprint {
        let pki = Pki::fixed().unwrap();
        Blueprint {
            content_digest: vec![7; 32],
            algorithm: SignatureAlgorithm::Ecdsa {
                digest: DigestAlgorithm::Sha256,
                encoding: ValueEncoding::Der,
            },
            signing_certificate: pki.citizen_p256.certificate.clone(),
            other_certificates: vec![pki.issuing_ca.certificate.clone()],
            claimed_signing_time: Some(UnixTime::from_seconds(1_781_000_000)),
            media_type: String::new(),
            roles: Vec::new(),
            certified_roles: Vec::new(),
            production_place: None,
            is_countersignature: false,
            policy: None,
            commitment_types: Vec::new(),
            content_description: None,
            content_timestamp: Vec::new(),
        }
    }

    #[test]
    fn a_digest_of_another_length_is_refused() {
        for length in [0, 31, 33, 64] {
            let blueprint = Blueprint {
                content_digest: vec![7; length],
                ..blueprint()
            };
            let refused = Err(ApiMisuse::ContradictoryParameters.into());
            assert_eq!(blueprint.data_to_be_signed(), refused);
        }
    }

    #[test]
    fn content_of_any_length_is_framed_as_it_would_be_written() {
        let blueprint = blueprint();
        for length in [0_usize, 1, 127, 128, 255, 256, 65_535, 65_536] {
            let (before, after) = blueprint
                .attached(&[1], u64::try_from(length).unwrap())
                .unwrap();
            let content = vec![9; length];
            let message = [&before[..], &content, &after].concat();
            let read = SignedData::parse(&message, &mut Budget::default()).unwrap();
            assert_eq!(&*read.econtent.unwrap().octets, &content[..]);
            assert!(read.findings.is_empty() && read.unreadable.is_empty());
        }
        // More than any memory holds.
        assert!(blueprint.attached(&[1], 1 << 40).is_ok());
    }

    #[test]
    fn certificates_stand_once_and_signed_attributes_are_sorted() {
        let mut blueprint = blueprint();
        let own = blueprint.signing_certificate.clone();
        blueprint.other_certificates.push(own);
        let message = blueprint.detached(&[1]).unwrap();
        let read = SignedData::parse(&message, &mut Budget::default()).unwrap();
        assert_eq!(read.certificates.len(), 2);
        let info = read.signer_infos.first().unwrap();
        assert!(info.findings.is_empty(), "{:?}", info.findings);
        let data = blueprint.data_to_be_signed().unwrap();
        let attributes = info.signed_attrs.as_ref().unwrap();
        assert_eq!(&*attributes.as_stored, &data[..]);
        assert_eq!(attributes.sorted, None);
    }

    #[test]
    fn claims_are_written_only_when_made() {
        let plain = blueprint().data_to_be_signed().unwrap();
        let empty_place = Blueprint {
            production_place: Some(Default::default()),
            ..blueprint()
        };
        assert_eq!(empty_place.data_to_be_signed().unwrap(), plain);
        let claiming = Blueprint {
            roles: vec!["Notarius".to_owned()],
            production_place: Some(["AZ", "", "", "Bakı", ""].map(str::to_owned)),
            ..blueprint()
        };
        assert_ne!(claiming.data_to_be_signed().unwrap(), plain);
    }

    fn policy() -> IdentifiedPolicy {
        IdentifiedPolicy {
            id: "1.2.3.4".to_owned(),
            algorithm: DigestAlgorithm::Sha256,
            digest: vec![5; 32],
            uri: Some("http://policy.example/p.pdf".to_owned()),
            user_notice: Some("Oxuyun".to_owned()),
            specification: Some("1.2.9".to_owned()),
            store: None,
        }
    }

    fn signed(blueprint: &Blueprint) -> SignedData {
        let message = blueprint.detached(&[0; 70]).unwrap();
        SignedData::parse(&message, &mut Budget::default()).unwrap()
    }

    #[test]
    fn claims_are_written_as_they_are_read() {
        let blueprint = Blueprint {
            policy: Some(NewPolicy::Identified(policy())),
            commitment_types: vec![
                format!("{COMMITMENT_URI}ProofOfApproval"),
                "urn:oid:1.2.5".to_owned(),
            ],
            content_description: Some("bəyannamə".to_owned()),
            ..blueprint()
        };
        let data = signed(&blueprint);
        let attributes = &data.signer_infos[0]
            .signed_attrs
            .as_ref()
            .unwrap()
            .attributes;
        let first = |attr_type: &str| attributes.values(attr_type).next().unwrap();
        let crate::cms::SignaturePolicy::Identified {
            id,
            digest,
            qualifiers,
        } = crate::cms::SignaturePolicy::parse(first(SIGNATURE_POLICY)).unwrap()
        else {
            panic!("identified");
        };
        assert_eq!(id.to_string(), "1.2.3.4");
        assert_eq!(digest.unwrap().1, vec![5; 32]);
        assert_eq!(
            qualifiers.uri.as_deref(),
            Some("http://policy.example/p.pdf")
        );
        let commitments: Vec<String> = attributes
            .values(COMMITMENT_TYPE)
            .map(|one| crate::cms::commitment_type(one).unwrap().to_string())
            .collect();
        assert_eq!(commitments, ["1.2.5", "1.2.840.113549.1.9.16.6.5"]);
        assert!(attributes.has(CONTENT_HINTS));
        // One attribute of each type.
        assert_eq!(attributes.of_type(COMMITMENT_TYPE).count(), 1);
    }

    #[test]
    fn an_implied_policy_is_null() {
        let blueprint = Blueprint {
            policy: Some(NewPolicy::Implied),
            ..blueprint()
        };
        let data = signed(&blueprint);
        let attributes = &data.signer_infos[0]
            .signed_attrs
            .as_ref()
            .unwrap()
            .attributes;
        let value = attributes.values(SIGNATURE_POLICY).next().unwrap();
        assert_eq!(&value[..], [5, 0]);
    }

    #[test]
    fn claims_that_cannot_be_written_are_refused() {
        let with = |edit: fn(&mut IdentifiedPolicy)| {
            let mut policy = policy();
            edit(&mut policy);
            Blueprint {
                policy: Some(NewPolicy::Identified(policy)),
                ..blueprint()
            }
        };
        for wrong in [
            with(|policy| policy.id = "http://policy.example/".to_owned()),
            with(|policy| policy.digest = vec![5; 20]),
            with(|policy| policy.uri = Some("http://siyasət.example/".to_owned())),
            with(|policy| policy.user_notice = Some("x".repeat(201))),
            with(|policy| policy.specification = Some("ə".to_owned())),
            Blueprint {
                commitment_types: vec![format!("{COMMITMENT_URI}ProofOfNothing")],
                ..blueprint()
            },
            Blueprint {
                commitment_types: vec!["approval".to_owned()],
                ..blueprint()
            },
        ] {
            assert!(wrong.data_to_be_signed().is_err(), "{wrong:?}");
        }
    }
}
