//! References to the signing certificate: signing-certificate and signing-certificate-v2.

use super::attribute_types::{SIGNING_CERTIFICATE, SIGNING_CERTIFICATE_V2};
use super::attributes::{Attributes, Occurrence, single};
use crate::algorithm::DigestAlgorithm;
use crate::asn1::{AlgorithmIdentifier, Tag, Tlv};
use crate::error::{Error, Malformed, MalformedKind, Unsupported};
use std::sync::Arc;

/// The `SigningCertificate` and `SigningCertificateV2` types are defined in [RFC 5035 Section 3]
/// and [Section 5].
///
/// ```text
/// SigningCertificate ::= SEQUENCE {
///   certs    SEQUENCE OF ESSCertID,
///   policies SEQUENCE OF PolicyInformation OPTIONAL }
/// SigningCertificateV2 ::= SEQUENCE {
///   certs    SEQUENCE OF ESSCertIDv2,
///   policies SEQUENCE OF PolicyInformation OPTIONAL }
/// ```
///
/// [RFC 5035 Section 3]: https://www.rfc-editor.org/rfc/rfc5035#section-3
/// [Section 5]: https://www.rfc-editor.org/rfc/rfc5035#section-5
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SigningCertificate {
    /// The references; the first names the signing certificate.
    pub certs: Vec<EssCertId>,
}

/// The `ESSCertID` and `ESSCertIDv2` types are defined in [RFC 5035 Section 4] and [Section 5].
///
/// ```text
/// ESSCertID ::= SEQUENCE {
///   certHash      OCTET STRING,
///   issuerSerial  IssuerSerial OPTIONAL }
/// ESSCertIDv2 ::= SEQUENCE {
///   hashAlgorithm AlgorithmIdentifier DEFAULT {algorithm id-sha256},
///   certHash      OCTET STRING,
///   issuerSerial  IssuerSerial OPTIONAL }
/// IssuerSerial ::= SEQUENCE {
///   issuer        GeneralNames,
///   serialNumber  CertificateSerialNumber }
/// ```
///
/// [RFC 5035 Section 4]: https://www.rfc-editor.org/rfc/rfc5035#section-4
/// [Section 5]: https://www.rfc-editor.org/rfc/rfc5035#section-5
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EssCertId {
    /// The digest algorithm: SHA-1 in version 1, SHA-256 where version 2 names none.
    pub hash_algorithm: Result<DigestAlgorithm, Unsupported>,
    /// Digest of the whole certificate.
    pub cert_hash: Vec<u8>,
    /// Issuer and serial number.
    pub issuer_serial: Option<EssIssuerSerial>,
}

/// Issuer and serial number in a reference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EssIssuerSerial {
    /// The `Name` of the first directoryName of the issuer, where there is one.
    pub issuer: Option<Arc<[u8]>>,
    /// Content octets of the serial number.
    pub serial_number: Arc<[u8]>,
}

/// The references to the signing certificate among signed attributes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EssReferences {
    /// Neither attribute is there.
    Absent,
    /// An attribute is there, but empty or not readable. That is no absence.
    Malformed(Malformed),
    /// An attribute is there more than once.
    Repeated,
    /// One or both attributes, each once.
    Present {
        /// Version 1.
        v1: Option<SigningCertificate>,
        /// Version 2.
        v2: Option<SigningCertificate>,
    },
}

impl EssReferences {
    /// Reads both attributes.
    ///
    /// # Standard
    /// RFC 5035 §3, §5; EN 319 122-1 §5.2.2.
    #[must_use]
    pub fn of(signed: &Attributes) -> Self {
        let read = |attr_type, version| match signed.occurrence(attr_type) {
            Occurrence::Absent => Ok(None),
            Occurrence::Once(value) => SigningCertificate::parse(value, version)
                .map(Some)
                .map_err(Self::Malformed),
            Occurrence::Other { values: 0, .. } => Err(Self::Malformed(malformed())),
            Occurrence::Other { .. } => Err(Self::Repeated),
        };
        let v1 = read(SIGNING_CERTIFICATE, Version::V1);
        let v2 = read(SIGNING_CERTIFICATE_V2, Version::V2);
        match (v1, v2) {
            (Ok(None), Ok(None)) => Self::Absent,
            (Ok(v1), Ok(v2)) => Self::Present { v1, v2 },
            (Err(wrong), _) | (_, Err(wrong)) => wrong,
        }
    }
}

/// Which of the two attributes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Version {
    /// signing-certificate.
    V1,
    /// signing-certificate-v2.
    V2,
}

impl SigningCertificate {
    /// Reads the value of one of the two attributes.
    ///
    /// # Errors
    /// [`Malformed`]; also when there is no reference in it.
    pub fn parse(value: &[u8], version: Version) -> Result<Self, Malformed> {
        let mut fields = single(value, Tag::SEQUENCE)?.reader();
        let mut list = fields.read(Tag::SEQUENCE)?.reader();
        // RFC 5035 §3 policies: not used by any profile of EN 319 122-1.
        fields.optional(Tag::SEQUENCE)?;
        fields.finish()?;
        let mut certs = Vec::new();
        while !list.is_empty() {
            certs.push(EssCertId::parse(&list.read(Tag::SEQUENCE)?, version)?);
        }
        if certs.is_empty() {
            return Err(malformed());
        }
        Ok(Self { certs })
    }
}

impl EssCertId {
    fn parse(tlv: &Tlv<'_>, version: Version) -> Result<Self, Malformed> {
        let mut fields = tlv.reader();
        let named = match version {
            Version::V1 => None,
            Version::V2 => fields.optional(Tag::SEQUENCE)?,
        };
        let hash_algorithm = match (named, version) {
            (Some(identifier), _) => {
                match AlgorithmIdentifier::parse(&identifier)?.digest_algorithm() {
                    Ok(algorithm) => Ok(algorithm),
                    Err(Error::Unsupported(unsupported)) => Err(unsupported),
                    Err(_) => return Err(identifier.wrong(MalformedKind::CmsAttribute)),
                }
            }
            (None, Version::V1) => Ok(DigestAlgorithm::Sha1),
            (None, Version::V2) => Ok(DigestAlgorithm::Sha256),
        };
        let cert_hash = fields.read(Tag::OCTET_STRING)?.octet_string()?.into_owned();
        let issuer_serial = fields
            .optional(Tag::SEQUENCE)?
            .map(|tlv| EssIssuerSerial::parse(&tlv))
            .transpose()?;
        fields.finish()?;
        Ok(Self {
            hash_algorithm,
            cert_hash,
            issuer_serial,
        })
    }
}

impl EssIssuerSerial {
    /// Reads an `IssuerSerial`, also that of `SigningCertificateV2` in XAdES (EN 319 132-1
    /// §5.2.2.3), which carries its DER in base64.
    ///
    /// # Errors
    /// [`Malformed`].
    pub fn parse_value(value: &[u8]) -> Result<Self, Malformed> {
        Self::parse(&single(value, Tag::SEQUENCE)?)
    }

    fn parse(tlv: &Tlv<'_>) -> Result<Self, Malformed> {
        let mut fields = tlv.reader();
        let mut names = fields.read(Tag::SEQUENCE)?.reader();
        let serial_number = fields.read(Tag::INTEGER)?;
        fields.finish()?;
        let mut issuer = None;
        while !names.is_empty() {
            let name = names.read_any()?;
            // RFC 5280 §4.2.1.6: directoryName [4] Name, explicit because Name is a CHOICE.
            if issuer.is_none() && name.tag == Tag::context_constructed(4) {
                issuer = Some(Arc::from(name.explicit()?.whole));
            }
        }
        Ok(Self {
            issuer,
            serial_number: Arc::from(serial_number.integer()?),
        })
    }
}

fn malformed() -> Malformed {
    Malformed::within(MalformedKind::CmsAttribute, "signing-certificate")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::asn1::write;

    fn reference(fields: &[&[u8]]) -> Vec<u8> {
        write::sequence(&[&write::sequence(&[&write::sequence(fields)])])
    }

    #[test]
    fn the_digest_algorithm_has_a_default_in_each_version() {
        let hash = write::octet_string(&[7; 20]);
        let value = reference(&[&hash]);
        let of = |version| {
            SigningCertificate::parse(&value, version)
                .unwrap()
                .certs
                .remove(0)
        };
        assert_eq!(of(Version::V1).hash_algorithm, Ok(DigestAlgorithm::Sha1));
        assert_eq!(of(Version::V2).hash_algorithm, Ok(DigestAlgorithm::Sha256));
        let named = reference(&[&write::digest_identifier(DigestAlgorithm::Sha512), &hash]);
        let v2 = SigningCertificate::parse(&named, Version::V2).unwrap();
        assert_eq!(v2.certs[0].hash_algorithm, Ok(DigestAlgorithm::Sha512));
        assert!(SigningCertificate::parse(&named, Version::V1).is_err());
    }

    #[test]
    fn issuer_and_serial_number_are_read() {
        let name = write::sequence(&[]);
        let issuer = write::sequence(&[&write::explicit(4, &name)]);
        let issuer_serial = write::sequence(&[&issuer, &write::integer(300)]);
        let value = reference(&[&write::octet_string(&[7; 32]), &issuer_serial]);
        let found = SigningCertificate::parse(&value, Version::V2).unwrap();
        let found = found.certs[0].issuer_serial.clone().unwrap();
        assert_eq!(found.issuer.as_deref(), Some(&name[..]));
        assert_eq!(found.serial_number[..], [1, 44]);
    }

    #[test]
    fn an_empty_list_an_unknown_field_or_another_type_is_malformed() {
        let hash = write::octet_string(&[7; 32]);
        for wrong in [
            write::sequence(&[&write::sequence(&[])]),
            write::sequence(&[]),
            write::null(),
            reference(&[]),
            reference(&[&write::integer(1)]),
            reference(&[&hash, &write::null()]),
            reference(&[&hash, &write::sequence(&[&write::sequence(&[])])]),
            [&reference(&[&hash])[..], &[0]].concat(),
        ] {
            assert!(
                SigningCertificate::parse(&wrong, Version::V2).is_err(),
                "{wrong:x?}"
            );
        }
    }
}
