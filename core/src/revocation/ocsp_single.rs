//! Single answers of an OCSP response: which certificate, which status.

use super::{Issuer, RevocationReason};
use crate::algorithm::DigestAlgorithm;
use crate::asn1::{AlgorithmIdentifier, Oid, Tag, Tlv};
use crate::certificate::{Certificate, Extension};
use crate::crypto::digest;
use crate::error::{Error, Malformed, MalformedKind};
use crate::time::UnixTime;
use std::sync::Arc;

/// Which certificate is meant.
///
/// ```text
/// CertID ::= SEQUENCE {
///   hashAlgorithm  AlgorithmIdentifier,
///   issuerNameHash OCTET STRING,
///   issuerKeyHash  OCTET STRING,
///   serialNumber   CertificateSerialNumber }
/// ```
///
/// # Standard
/// RFC 6960 §4.1.1.
#[derive(Clone, Debug)]
pub struct CertId {
    /// Which digest.
    pub hash_algorithm: AlgorithmIdentifier,
    /// Of the DER of the issuer's name.
    pub issuer_name_hash: Vec<u8>,
    /// Of the octets of the issuer's public key.
    pub issuer_key_hash: Vec<u8>,
    /// Content octets of the serial number.
    pub serial_number: Vec<u8>,
}

impl CertId {
    /// Whether it means a certificate of an issuer: both hashes are computed anew.
    ///
    /// # Errors
    /// [`Error::Unsupported`] when the digest algorithm is not implemented.
    pub fn concerns(&self, certificate: &Certificate, issuer: Issuer<'_>) -> Result<bool, Error> {
        IssuerDigests::new(certificate, issuer).are_in(self)
    }

    fn from_tlv(tlv: &Tlv<'_>) -> Result<Self, Malformed> {
        let mut fields = tlv.reader();
        let id = Self {
            hash_algorithm: AlgorithmIdentifier::parse(&fields.read(Tag::SEQUENCE)?)?,
            issuer_name_hash: fields.read(Tag::OCTET_STRING)?.content.to_vec(),
            issuer_key_hash: fields.read(Tag::OCTET_STRING)?.content.to_vec(),
            serial_number: fields.read(Tag::INTEGER)?.integer()?.to_vec(),
        };
        fields.finish()?;
        Ok(id)
    }
}

/// How answers name a certificate: its issuer's name and key, digested once for each algorithm. A
/// response can hold many answers, and a name be long.
pub(crate) struct IssuerDigests<'a> {
    certificate: &'a Certificate,
    issuer: Issuer<'a>,
    known: Vec<(DigestAlgorithm, Digests)>,
}

struct Digests {
    names: [Vec<u8>; 2],
    key: Vec<u8>,
}

impl<'a> IssuerDigests<'a> {
    pub(crate) fn new(certificate: &'a Certificate, issuer: Issuer<'a>) -> Self {
        Self {
            certificate,
            issuer,
            known: Vec::new(),
        }
    }

    /// Whether a CertID means the certificate.
    pub(super) fn are_in(&mut self, id: &CertId) -> Result<bool, Error> {
        if id.serial_number != self.certificate.serial_number() {
            return Ok(false);
        }
        let algorithm = id.hash_algorithm.digest_algorithm()?;
        if !self.known.iter().any(|(known, _)| *known == algorithm) {
            // RFC 6960 §4.1.1: the name is the issuer field of the certificate. A responder may
            // have only the issuer's own certificate, whose name can be encoded in another way.
            let names = [self.certificate.issuer().der(), self.issuer.name.der()];
            let [one, two] = names.map(|name| digest(algorithm, name));
            let digests = Digests {
                names: [one?, two?],
                key: digest(algorithm, self.issuer.key_bits)?,
            };
            self.known.push((algorithm, digests));
        }
        let mut known = self.known.iter();
        Ok(known.any(|(known, digests)| {
            *known == algorithm
                && digests.names.contains(&id.issuer_name_hash)
                && digests.key == id.issuer_key_hash
        }))
    }
}

/// The status of one certificate.
///
/// ```text
/// SingleResponse ::= SEQUENCE {
///   certID               CertID,
///   certStatus           CertStatus,
///   thisUpdate           GeneralizedTime,
///   nextUpdate       [0] EXPLICIT GeneralizedTime OPTIONAL,
///   singleExtensions [1] EXPLICIT Extensions OPTIONAL }
/// ```
///
/// # Standard
/// RFC 6960 §4.2.1.
#[derive(Clone, Debug)]
pub struct SingleResponse {
    /// Which certificate.
    pub cert_id: CertId,
    /// Its status.
    pub status: CertificateStatus,
    /// The instant as of which this is known.
    pub this_update: UnixTime,
    /// When newer information will be there.
    pub next_update: Option<UnixTime>,
    /// Certificates that expired after this instant are still known (RFC 6960 §4.4.4).
    pub archive_cutoff: Option<UnixTime>,
    /// The digest of the certificate: it was really issued (Common PKI part 4 §3.1.2).
    pub cert_hash: Option<CertHash>,
    /// Critical extensions that are not known: the answer must not be used (RFC 6960 §4.4).
    pub unknown_critical: Vec<Oid>,
}

/// The digest of a certificate that a responder knows.
///
/// ```text
/// CertHash ::= SEQUENCE {
///   hashAlgorithm   AlgorithmIdentifier,
///   certificateHash OCTET STRING }
/// ```
#[derive(Clone, Debug)]
pub struct CertHash {
    /// Which digest.
    pub hash_algorithm: AlgorithmIdentifier,
    /// Its value.
    pub value: Vec<u8>,
}

impl CertHash {
    /// The digest of a certificate is this one.
    ///
    /// # Errors
    /// [`Error::Unsupported`] when the digest algorithm is not implemented.
    pub fn fits(&self, certificate: &Certificate) -> Result<bool, Error> {
        let algorithm: DigestAlgorithm = self.hash_algorithm.digest_algorithm()?;
        Ok(digest(algorithm, certificate.der())? == self.value)
    }
}

/// Good, revoked, or not known to the responder.
///
/// ```text
/// CertStatus ::= CHOICE {
///   good    [0] IMPLICIT NULL,
///   revoked [1] IMPLICIT RevokedInfo,
///   unknown [2] IMPLICIT UnknownInfo }
/// RevokedInfo ::= SEQUENCE {
///   revocationTime       GeneralizedTime,
///   revocationReason [0] EXPLICIT CRLReason OPTIONAL }
/// ```
///
/// # Standard
/// RFC 6960 §4.2.1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum CertificateStatus {
    /// Not revoked; does not say that it was issued.
    Good,
    /// Revoked or on hold.
    Revoked {
        /// Since when.
        revocation_time: UnixTime,
        /// Why, where that is said.
        reason: Option<RevocationReason>,
    },
    /// The responder does not know.
    Unknown,
}

impl CertificateStatus {
    /// Since when it is revoked or on hold.
    pub(super) fn revoked_since(self) -> Option<UnixTime> {
        match self {
            Self::Revoked {
                revocation_time, ..
            } => Some(revocation_time),
            _ => None,
        }
    }

    /// Whether it is only on hold.
    pub(super) fn is_hold(self) -> bool {
        let hold = Some(RevocationReason::CertificateHold);
        matches!(self, Self::Revoked { reason, .. } if reason == hold)
    }

    /// Since when it is revoked, where it is not only on hold.
    fn lasts_since(self) -> Option<UnixTime> {
        self.revoked_since().filter(|_| !self.is_hold())
    }

    /// The reason of a revocation that is not only a hold.
    pub(super) fn final_reason(self) -> Option<Option<RevocationReason>> {
        match self {
            Self::Revoked { reason, .. } if !self.is_hold() => Some(reason),
            _ => None,
        }
    }

    fn gravity(self) -> u8 {
        match self {
            Self::Good => 0,
            Self::Unknown => 1,
            Self::Revoked { .. } => 2,
        }
    }

    fn from_tlv(tlv: &Tlv<'_>) -> Result<Self, Malformed> {
        let wrong = || Malformed::at(MalformedKind::OcspStructure, tlv.offset);
        if tlv.tag == Tag::context(0) && tlv.content.is_empty() {
            Ok(Self::Good)
        } else if tlv.tag == Tag::context(2) && tlv.content.is_empty() {
            Ok(Self::Unknown)
        } else if tlv.tag == Tag::context_constructed(1) {
            let mut fields = tlv.reader();
            let revocation_time = fields.read(Tag::GENERALIZED_TIME)?.time()?;
            let reason = match fields.optional(Tag::context_constructed(0))? {
                Some(reason) => {
                    let reason = reason.explicit()?;
                    if reason.tag != Tag::ENUMERATED {
                        return Err(wrong());
                    }
                    // A number without meaning is still a revocation.
                    let number = reason.small_integer()?;
                    Some(
                        RevocationReason::from_number(number)
                            .unwrap_or(RevocationReason::Unspecified),
                    )
                }
                None => None,
            };
            fields.finish()?;
            Ok(Self::Revoked {
                revocation_time,
                reason,
            })
        } else {
            Err(wrong())
        }
    }
}

impl SingleResponse {
    /// Whether it counts, and not another answer of the same response about the same certificate.
    pub(super) fn outweighs(&self, other: &Self) -> bool {
        match (self.status.lasts_since(), other.status.lasts_since()) {
            (Some(own), Some(other)) => own < other,
            (own @ Some(_), None) | (own, Some(_)) => own.is_some(),
            (None, None) => {
                let weight = |one: &Self| (one.this_update, one.status.gravity());
                weight(self) > weight(other)
            }
        }
    }

    pub(super) fn from_tlv(source: &Arc<[u8]>, tlv: &Tlv<'_>) -> Result<Self, Malformed> {
        let mut fields = tlv.reader();
        let cert_id = CertId::from_tlv(&fields.read(Tag::SEQUENCE)?)?;
        let status = CertificateStatus::from_tlv(&fields.read_any()?)?;
        let this_update = fields.read(Tag::GENERALIZED_TIME)?.time()?;
        let next_update = match fields.optional(Tag::context_constructed(0))? {
            Some(explicit) => Some(explicit.explicit()?.time()?),
            None => None,
        };
        let extensions = fields.optional(Tag::context_constructed(1))?;
        fields.finish()?;
        let (mut archive_cutoff, mut cert_hash) = (None, None);
        let unknown_critical = read_extensions(source, extensions, |oid, value| {
            match oid {
                "1.3.6.1.5.5.7.48.1.6" => {
                    let mut reader = crate::asn1::Reader::der(value);
                    archive_cutoff = Some(reader.read(Tag::GENERALIZED_TIME)?.time()?);
                }
                "1.3.36.8.3.13" => {
                    let mut reader = crate::asn1::Reader::der(value);
                    let mut hash = reader.read(Tag::SEQUENCE)?.reader();
                    cert_hash = Some(CertHash {
                        hash_algorithm: AlgorithmIdentifier::parse(&hash.read(Tag::SEQUENCE)?)?,
                        value: hash.read(Tag::OCTET_STRING)?.content.to_vec(),
                    });
                    hash.finish()?;
                }
                _ => return Ok(false),
            }
            Ok(true)
        })?;
        Ok(Self {
            cert_id,
            status,
            this_update,
            next_update,
            archive_cutoff,
            cert_hash,
            unknown_critical,
        })
    }
}

/// Reads `[1] EXPLICIT Extensions`; `take` says whether it knows one. The critical ones that
/// nobody knows are given back; one that stands twice is refused.
pub(super) fn read_extensions(
    source: &Arc<[u8]>,
    explicit: Option<Tlv<'_>>,
    mut take: impl FnMut(&str, &[u8]) -> Result<bool, Malformed>,
) -> Result<Vec<Oid>, Malformed> {
    let mut unknown = Vec::new();
    let Some(explicit) = explicit else {
        return Ok(unknown);
    };
    let (list, duplicate) = Extension::read_list(source, &explicit.explicit()?)?;
    if let Some(at) = duplicate {
        return Err(Malformed::at(MalformedKind::OcspStructure, at));
    }
    for extension in list {
        let known = take(&extension.oid.to_string(), extension.value())?;
        if !known && extension.critical {
            unknown.push(extension.oid);
        }
    }
    Ok(unknown)
}
