//! CMS SignedData with one signer, written field by field.
//!
//! Time-stamp tokens and CAdES signatures are both made here. [`SignedData::sign`] computes the
//! signature value; what comes after it (time-stamps, revocation values) is put in as unsigned
//! attributes or as members of the SignedData, and [`Signed::der`] writes the whole.
//!
//! # Standard
//! RFC 5652 §5; RFC 5035 §3 and §5 (signing-certificate attributes); RFC 5940 (OCSP in `crls`).

use crate::certificate::flip;
use crate::der;
use crate::error::Result;
use crate::hash::Hash;
use crate::key::Scheme;
use crate::pki::Entity;

/// Object identifiers of content types and attributes.
pub mod id {
    /// id-data.
    pub const DATA: &str = "1.2.840.113549.1.7.1";
    /// id-signedData.
    pub const SIGNED_DATA: &str = "1.2.840.113549.1.7.2";
    /// id-ct-TSTInfo.
    pub const TST_INFO: &str = "1.2.840.113549.1.9.16.1.4";
    /// content-type.
    pub const CONTENT_TYPE: &str = "1.2.840.113549.1.9.3";
    /// message-digest.
    pub const MESSAGE_DIGEST: &str = "1.2.840.113549.1.9.4";
    /// signing-time.
    pub const SIGNING_TIME: &str = "1.2.840.113549.1.9.5";
    /// signing-certificate (SHA-1).
    pub const SIGNING_CERTIFICATE: &str = "1.2.840.113549.1.9.16.2.12";
    /// signing-certificate-v2.
    pub const SIGNING_CERTIFICATE_V2: &str = "1.2.840.113549.1.9.16.2.47";
    /// signature-time-stamp.
    pub const SIGNATURE_TIME_STAMP: &str = "1.2.840.113549.1.9.16.2.14";
    /// cms-algorithm-protection.
    pub const ALGORITHM_PROTECTION: &str = "1.2.840.113549.1.9.52";
    /// id-ri-ocsp-response.
    pub const OCSP_RESPONSE: &str = "1.3.6.1.5.5.7.16.2";
}

/// An Attribute with its values, already encoded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attribute {
    /// The type, dotted.
    pub oid: String,
    /// The values in DER.
    pub values: Vec<Vec<u8>>,
}

impl Attribute {
    /// An attribute with one value.
    pub fn new(oid: &str, value: Vec<u8>) -> Self {
        Self {
            oid: oid.to_owned(),
            values: vec![value],
        }
    }

    /// content-type.
    pub fn content_type(oid: &str) -> Self {
        Self::new(id::CONTENT_TYPE, der::oid(oid))
    }

    /// message-digest.
    pub fn message_digest(digest: &[u8]) -> Self {
        Self::new(id::MESSAGE_DIGEST, der::octet_string(digest))
    }

    /// signing-time.
    pub fn signing_time(time: i64) -> Self {
        Self::new(id::SIGNING_TIME, der::time(time))
    }

    /// signing-certificate-v2 over this certificate; SHA-256 is the default and left out.
    pub fn signing_certificate_v2(certificate: &[u8], hash: Hash) -> Self {
        Self::signing_certificate_v2_of(&hash.digest(certificate), hash)
    }

    /// signing-certificate-v2 with a digest given.
    pub fn signing_certificate_v2_of(digest: &[u8], hash: Hash) -> Self {
        let algorithm = if hash == Hash::Sha256 {
            Vec::new()
        } else {
            hash.identifier()
        };
        let id = der::sequence(&[&algorithm, &der::octet_string(digest)]);
        Self::new(
            id::SIGNING_CERTIFICATE_V2,
            der::sequence(&[&der::sequence(&[&id])]),
        )
    }

    /// signing-certificate over this certificate, with SHA-1.
    pub fn signing_certificate(certificate: &[u8]) -> Self {
        let id = der::sequence(&[&der::octet_string(&Hash::Sha1.digest(certificate))]);
        Self::new(
            id::SIGNING_CERTIFICATE,
            der::sequence(&[&der::sequence(&[&id])]),
        )
    }

    /// The Attribute in DER.
    pub fn der(&self) -> Vec<u8> {
        der::sequence(&[&der::oid(&self.oid), &der::set_of(&self.values)])
    }
}

/// How the signer's certificate is named.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignerIdentifier {
    /// By issuer and serial number, read from the certificate.
    IssuerAndSerialNumber,
    /// By the key identifier.
    SubjectKeyIdentifier,
}

/// A SignedData before it is signed.
#[derive(Debug, Clone)]
pub struct SignedData {
    /// The type of the content, dotted.
    pub content_type: String,
    /// The content inside; `None` is detached.
    pub content: Option<Vec<u8>>,
    /// `certificates`, each as it is.
    pub certificates: Vec<Vec<u8>>,
    /// `crls`: lists as they are, or [`ocsp_choice`].
    pub crls: Vec<Vec<u8>>,
    /// How the signer is named.
    pub identifier: SignerIdentifier,
    /// The digestAlgorithm.
    pub hash: Hash,
    /// The signed attributes; `None` signs the content itself.
    pub attributes: Option<Vec<Attribute>>,
    /// Whether the stored attributes keep the order given; signed is the sorted form all the same.
    pub unsorted: bool,
    /// How to sign; `None` takes the key's own scheme.
    pub scheme: Option<Scheme>,
    /// Whether one bit of the signature value is flipped.
    pub break_signature: bool,
}

/// A SignedData with its signature value.
#[derive(Debug, Clone)]
pub struct Signed {
    /// What was signed; `certificates` and `crls` can still be added to.
    pub data: SignedData,
    /// The signature value.
    pub signature: Vec<u8>,
    /// The unsigned attributes.
    pub unsigned: Vec<Attribute>,
    signer_identifier: Vec<u8>,
    algorithm: Vec<u8>,
}

impl SignedData {
    /// A SignedData with content-type, message-digest and signing-certificate-v2 over `content`.
    pub fn new(content_type: &str, content: &[u8], signer: &Entity) -> Self {
        let hash = signer.key.scheme().hash();
        Self {
            content_type: content_type.to_owned(),
            content: Some(content.to_vec()),
            certificates: vec![signer.certificate.clone()],
            crls: Vec::new(),
            identifier: SignerIdentifier::IssuerAndSerialNumber,
            hash,
            attributes: Some(vec![
                Attribute::content_type(content_type),
                Attribute::message_digest(&hash.digest(content)),
                Attribute::signing_certificate_v2(&signer.certificate, Hash::Sha256),
            ]),
            unsorted: false,
            scheme: None,
            break_signature: false,
        }
    }

    /// Puts an attribute in the place of one of the same type, else last.
    pub fn set(&mut self, attribute: Attribute) {
        let attributes = self.attributes.get_or_insert_default();
        match attributes.iter_mut().find(|old| old.oid == attribute.oid) {
            Some(old) => *old = attribute,
            None => attributes.push(attribute),
        }
    }

    /// Takes an attribute out.
    pub fn remove(&mut self, oid: &str) {
        if let Some(attributes) = &mut self.attributes {
            attributes.retain(|attribute| attribute.oid != oid);
        }
    }

    /// The octets that the signature value is over: the attributes as a SET OF, or the content.
    pub fn data_to_be_signed(&self, content: &[u8]) -> Vec<u8> {
        match &self.attributes {
            Some(attributes) => {
                der::set_of(&attributes.iter().map(Attribute::der).collect::<Vec<_>>())
            }
            None => content.to_vec(),
        }
    }

    /// Signs; `content` is what a signature without attributes is over.
    ///
    /// # Errors
    /// When the scheme does not go with the key, or the certificate cannot be read.
    pub fn sign(self, content: &[u8], signer: &Entity) -> Result<Signed> {
        let scheme = self.scheme.unwrap_or_else(|| signer.key.scheme());
        let mut signature = signer.key.sign(scheme, &self.data_to_be_signed(content))?;
        if self.break_signature {
            flip(&mut signature);
        }
        let signer_identifier = match self.identifier {
            SignerIdentifier::IssuerAndSerialNumber => {
                let (issuer, serial) = issuer_and_serial(&signer.certificate)?;
                der::sequence(&[&issuer, &serial])
            }
            SignerIdentifier::SubjectKeyIdentifier => der::implicit(0, &signer.key.key_id()),
        };
        Ok(Signed {
            algorithm: scheme.identifier(),
            signer_identifier,
            signature,
            unsigned: Vec::new(),
            data: self,
        })
    }
}

impl Signed {
    /// The fields of the SignerInfo from version to signature, one after the other.
    pub fn signer_info_fields(&self) -> Vec<u8> {
        let data = &self.data;
        let version = match data.identifier {
            SignerIdentifier::IssuerAndSerialNumber => 1,
            SignerIdentifier::SubjectKeyIdentifier => 3,
        };
        let signed = data.attributes.as_ref().map(|attributes| {
            let mut list: Vec<Vec<u8>> = attributes.iter().map(Attribute::der).collect();
            if !data.unsorted {
                list.sort();
            }
            der::explicit(0, &list.concat())
        });
        [
            der::integer(version),
            self.signer_identifier.clone(),
            data.hash.identifier(),
            signed.unwrap_or_default(),
            self.algorithm.clone(),
            der::octet_string(&self.signature),
        ]
        .concat()
    }

    /// The SignerInfo in DER.
    pub fn signer_info(&self) -> Vec<u8> {
        let unsigned: Vec<Vec<u8>> = self.unsigned.iter().map(Attribute::der).collect();
        der::sequence(&[&self.signer_info_fields(), &tagged_set(1, &unsigned)])
    }

    /// The encapContentInfo in DER.
    pub fn encapsulated(&self) -> Vec<u8> {
        let data = &self.data;
        let content = data.content.as_ref();
        let content = content.map(|content| der::explicit(0, &der::octet_string(content)));
        der::sequence(&[&der::oid(&data.content_type), &content.unwrap_or_default()])
    }

    /// The ContentInfo in DER.
    pub fn der(&self) -> Vec<u8> {
        let data = &self.data;
        // RFC 5652 §5.1: 3 for content other than id-data or a key identifier, 5 for other crls.
        let other = data.crls.iter().any(|crl| crl.first() == Some(&0xa1));
        let version = match (other, data.content_type == id::DATA, data.identifier) {
            (true, ..) => 5,
            (false, true, SignerIdentifier::IssuerAndSerialNumber) => 1,
            _ => 3,
        };
        let signed_data = der::sequence(&[
            &der::integer(version),
            &der::set_of(&[data.hash.identifier()]),
            &self.encapsulated(),
            &tagged_set(0, &data.certificates),
            &tagged_set(1, &data.crls),
            &der::set_of(&[self.signer_info()]),
        ]);
        der::sequence(&[&der::oid(id::SIGNED_DATA), &der::explicit(0, &signed_data)])
    }
}

/// A SET with a tag of the context, or nothing when it is empty.
pub fn tagged_set(number: u8, members: &[Vec<u8>]) -> Vec<u8> {
    let mut members = members.to_vec();
    members.sort();
    if members.is_empty() {
        Vec::new()
    } else {
        der::explicit(number, &members.concat())
    }
}

/// An OCSPResponse as a member of `crls` (RFC 5940 §2.1).
pub fn ocsp_choice(response: &[u8]) -> Vec<u8> {
    der::explicit(
        1,
        &[der::oid(id::OCSP_RESPONSE).as_slice(), response].concat(),
    )
}

/// Issuer and serial number of a certificate, each a whole value in DER.
///
/// # Errors
/// When it is no certificate.
pub fn issuer_and_serial(certificate: &[u8]) -> Result<(Vec<u8>, Vec<u8>)> {
    let (outer, _) = der::read(certificate)?;
    let (body, _) = der::read(outer.content)?;
    let fields = der::read_all(body.content)?;
    let skip = usize::from(fields.first().is_some_and(|first| first.tag == 0xa0));
    let mut fields = fields.iter().skip(skip);
    let serial = fields
        .next()
        .map(|field| field.whole.to_vec())
        .unwrap_or_default();
    let issuer = fields
        .nth(1)
        .map(|field| field.whole.to_vec())
        .unwrap_or_default();
    Ok((issuer, serial))
}
