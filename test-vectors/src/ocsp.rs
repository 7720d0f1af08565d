//! OCSP requests read, and responses written, right or wrong as asked.
//!
//! [`answer`] is the honest responder of the issuing CA. A vector takes a [`ResponseSpec`], changes
//! what it is about, and lets [`respond`] sign it with any entity.
//!
//! # Standard
//! RFC 6960 §4.1 (requests), §4.2 (responses); RFC 9654 (the nonce).

use crate::certificate::{Extension, flip};
use crate::crl::RevocationReason;
use crate::der;
use crate::error::{Error, Result};
use crate::hash::Hash;
use crate::key::Scheme;
use crate::pki::{Entity, Pki};
use crate::time::DAY;

/// The identifier of the nonce extension.
pub const NONCE: &str = "1.3.6.1.5.5.7.48.1.2";

/// A CertID: which certificate is asked about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CertId {
    /// The digest of the issuer's name.
    pub issuer_name_hash: Vec<u8>,
    /// The digest of the issuer's public key bits.
    pub issuer_key_hash: Vec<u8>,
    /// The content octets of the serial number.
    pub serial_number: Vec<u8>,
    /// The algorithm of both digests.
    pub hash: Hash,
}

impl CertId {
    /// The id of the certificate with this serial number under `issuer`.
    pub fn new(issuer: &Entity, serial_number: &[u8], hash: Hash) -> Self {
        Self {
            issuer_name_hash: hash.digest(&issuer.name.der()),
            issuer_key_hash: hash.digest(issuer.key.public_key_bits()),
            serial_number: serial_number.to_vec(),
            hash,
        }
    }

    /// The CertID in DER, the digest algorithm with NULL as everybody writes it.
    pub fn der(&self) -> Vec<u8> {
        der::sequence(&[
            &der::sequence(&[&der::oid(self.hash.oid()), &der::null()]),
            &der::octet_string(&self.issuer_name_hash),
            &der::octet_string(&self.issuer_key_hash),
            &der::integer_raw(&self.serial_number),
        ])
    }
}

/// What is said about a certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CertStatus {
    /// Not revoked, as far as the responder knows.
    Good,
    /// Revoked at that time, for that reason if one is said.
    Revoked(i64, Option<RevocationReason>),
    /// Not known to the responder.
    Unknown,
}

/// One SingleResponse.
#[derive(Debug, Clone)]
pub struct SingleResponse {
    /// Which certificate.
    pub cert_id: CertId,
    /// What about it.
    pub status: CertStatus,
    /// thisUpdate.
    pub this_update: i64,
    /// nextUpdate; `None` leaves it out.
    pub next_update: Option<i64>,
    /// singleExtensions.
    pub extensions: Vec<Extension>,
}

/// How the responder names itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ResponderId {
    /// By the SHA-1 of its key.
    ByKey,
    /// By its name.
    ByName,
    /// By octets given as they are, a whole ResponderID in DER.
    Given(Vec<u8>),
}

/// Everything that a response says.
#[derive(Debug, Clone)]
pub struct ResponseSpec {
    /// responseStatus: 0 successful; another number gives a response without bytes.
    pub response_status: u8,
    /// How the responder names itself.
    pub responder_id: ResponderId,
    /// producedAt.
    pub produced_at: i64,
    /// The single responses.
    pub responses: Vec<SingleResponse>,
    /// responseExtensions: the nonce, if any, is one of them.
    pub extensions: Vec<Extension>,
    /// The certificates that come with it.
    pub certificates: Vec<Vec<u8>>,
    /// How to sign; `None` takes the key's own scheme.
    pub scheme: Option<Scheme>,
    /// Whether one bit of the signature value is flipped.
    pub break_signature: bool,
}

impl ResponseSpec {
    /// An answer of `responder` about one certificate, current at `time` and for one day.
    pub fn about(cert_id: CertId, status: CertStatus, responder: &Entity, time: i64) -> Self {
        Self {
            response_status: 0,
            responder_id: ResponderId::ByKey,
            produced_at: time,
            responses: vec![SingleResponse {
                cert_id,
                status,
                this_update: time,
                next_update: Some(time + DAY),
                extensions: Vec::new(),
            }],
            extensions: Vec::new(),
            certificates: vec![responder.certificate.clone()],
            scheme: None,
            break_signature: false,
        }
    }

    /// Adds a nonce.
    #[must_use]
    pub fn with_nonce(mut self, nonce: &[u8]) -> Self {
        self.extensions
            .push(Extension::new(NONCE, der::octet_string(nonce)));
        self
    }
}

/// Signs a response, giving the OCSPResponse in DER.
///
/// # Errors
/// When the scheme does not go with the key.
pub fn respond(spec: &ResponseSpec, signer: &Entity) -> Result<Vec<u8>> {
    if spec.response_status != 0 {
        return Ok(der::sequence(&[&der::enumerated(spec.response_status)]));
    }
    let basic = basic_response(spec, signer)?;
    let bytes = der::sequence(&[
        &der::oid("1.3.6.1.5.5.7.48.1.1"),
        &der::octet_string(&basic),
    ]);
    Ok(der::sequence(&[
        &der::enumerated(0),
        &der::explicit(0, &bytes),
    ]))
}

/// Signs a response, giving only the BasicOCSPResponse in DER.
///
/// # Errors
/// When the scheme does not go with the key.
pub fn basic_response(spec: &ResponseSpec, signer: &Entity) -> Result<Vec<u8>> {
    let responder_id = match &spec.responder_id {
        ResponderId::ByKey => der::explicit(2, &der::octet_string(&signer.key.key_id())),
        ResponderId::ByName => der::explicit(1, &signer.name.der()),
        ResponderId::Given(octets) => octets.clone(),
    };
    let responses: Vec<Vec<u8>> = spec.responses.iter().map(single_response).collect();
    let body = der::sequence(&[
        &responder_id,
        &der::generalized_time(spec.produced_at),
        &der::sequence_of(&responses),
        &extensions(&spec.extensions),
    ]);
    let scheme = spec.scheme.unwrap_or_else(|| signer.key.scheme());
    let mut value = signer.key.sign(scheme, &body)?;
    if spec.break_signature {
        flip(&mut value);
    }
    let certificates = if spec.certificates.is_empty() {
        Vec::new()
    } else {
        der::explicit(0, &der::sequence_of(&spec.certificates))
    };
    Ok(der::sequence(&[
        &body,
        &scheme.identifier(),
        &der::bit_string(&value),
        &certificates,
    ]))
}

fn single_response(single: &SingleResponse) -> Vec<u8> {
    let status = match single.status {
        CertStatus::Good => der::implicit(0, &[]),
        CertStatus::Revoked(time, reason) => {
            let reason = reason
                .map(|reason| der::explicit(0, &der::enumerated(reason.number())))
                .unwrap_or_default();
            der::explicit(1, &[der::generalized_time(time), reason].concat())
        }
        CertStatus::Unknown => der::implicit(2, &[]),
    };
    let next_update = single
        .next_update
        .map(|time| der::explicit(0, &der::generalized_time(time)))
        .unwrap_or_default();
    der::sequence(&[
        &single.cert_id.der(),
        &status,
        &der::generalized_time(single.this_update),
        &next_update,
        &extensions(&single.extensions),
    ])
}

fn extensions(list: &[Extension]) -> Vec<u8> {
    if list.is_empty() {
        return Vec::new();
    }
    let list: Vec<Vec<u8>> = list.iter().map(Extension::der).collect();
    der::explicit(1, &der::sequence_of(&list))
}

/// What a request asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// The certificates asked about.
    pub cert_ids: Vec<CertId>,
    /// The content of the nonce, if one was sent.
    pub nonce: Option<Vec<u8>>,
}

/// Writes an unsigned request.
pub fn request(cert_ids: &[CertId], nonce: Option<&[u8]>) -> Vec<u8> {
    let list: Vec<Vec<u8>> = cert_ids
        .iter()
        .map(|id| der::sequence(&[&id.der()]))
        .collect();
    let nonce = nonce.map(|nonce| Extension::new(NONCE, der::octet_string(nonce)).der());
    let extensions = nonce.map(|nonce| der::explicit(2, &der::sequence(&[&nonce])));
    let body = der::sequence(&[&der::sequence_of(&list), &extensions.unwrap_or_default()]);
    der::sequence(&[&body])
}

/// Reads a request.
///
/// # Errors
/// When it is no OCSPRequest, or asks with a digest algorithm other than SHA-1 and SHA-256.
pub fn parse_request(bytes: &[u8]) -> Result<Request> {
    let refused = || Error::new("not an OCSP request");
    let (outer, _) = der::read(bytes)?;
    let body = der::read_all(outer.content)?
        .into_iter()
        .next()
        .ok_or_else(refused)?;
    let mut request = Request {
        cert_ids: Vec::new(),
        nonce: None,
    };
    for field in der::read_all(body.content)? {
        match field.tag {
            der::SEQUENCE => {
                for single in der::read_all(field.content)? {
                    let cert_id = der::read_all(single.content)?;
                    request
                        .cert_ids
                        .push(parse_cert_id(cert_id.first().ok_or_else(refused)?)?);
                }
            }
            0xa2 => {
                let (list, _) = der::read(field.content)?;
                for extension in der::read_all(list.content)? {
                    let parts = der::read_all(extension.content)?;
                    let (Some(oid), Some(value)) = (parts.first(), parts.last()) else {
                        return Err(refused());
                    };
                    if oid.whole == der::oid(NONCE) {
                        let (inner, _) = der::read(value.content)?;
                        request.nonce = Some(inner.content.to_vec());
                    }
                }
            }
            _ => {}
        }
    }
    Ok(request)
}

fn parse_cert_id(value: &der::Value<'_>) -> Result<CertId> {
    let parts = der::read_all(value.content)?;
    let [algorithm, name, key, serial] = parts.as_slice() else {
        return Err(Error::new("not a CertID"));
    };
    let (oid, _) = der::read(algorithm.content)?;
    let hash = [Hash::Sha1, Hash::Sha256]
        .into_iter()
        .find(|hash| der::oid(hash.oid()) == oid.whole)
        .ok_or_else(|| Error::new("CertID with an unknown digest algorithm"))?;
    Ok(CertId {
        issuer_name_hash: name.content.to_vec(),
        issuer_key_hash: key.content.to_vec(),
        serial_number: serial.content.to_vec(),
        hash,
    })
}

/// The honest answer of the issuing CA's responder to a request, at `time`.
///
/// # Errors
/// When the request cannot be read.
pub fn answer(pki: &Pki, request: &[u8], time: i64) -> Result<Vec<u8>> {
    let request = parse_request(request)?;
    let responder = &pki.ocsp_responder;
    let mut spec = ResponseSpec {
        responses: Vec::new(),
        ..ResponseSpec::about(
            CertId::new(&pki.issuing_ca, &[], Hash::Sha1),
            CertStatus::Unknown,
            responder,
            time,
        )
    };
    for cert_id in request.cert_ids {
        spec.responses.push(SingleResponse {
            status: status(pki, &cert_id, time),
            cert_id,
            this_update: time,
            next_update: Some(time + DAY),
            extensions: Vec::new(),
        });
    }
    if let Some(nonce) = request.nonce {
        spec = spec.with_nonce(&nonce);
    }
    respond(&spec, responder)
}

/// What the PKI knows about a certificate at `time`.
pub fn status(pki: &Pki, cert_id: &CertId, time: i64) -> CertStatus {
    let ours = CertId::new(&pki.issuing_ca, &cert_id.serial_number, cert_id.hash);
    if ours != *cert_id {
        return CertStatus::Unknown;
    }
    pki.revocations
        .iter()
        .find(|r| r.serial_number == cert_id.serial_number && r.time <= time)
        .map_or(CertStatus::Good, |r| CertStatus::Revoked(r.time, r.reason))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_is_read_as_it_was_written() {
        let pki = Pki::fixed().unwrap();
        let ids = [
            CertId::new(&pki.issuing_ca, &pki.citizen_p256.serial_number, Hash::Sha1),
            CertId::new(&pki.root, &[1], Hash::Sha256),
        ];
        let read = parse_request(&request(&ids, Some(b"nonce"))).unwrap();
        assert_eq!(read.cert_ids, ids);
        assert_eq!(read.nonce.as_deref(), Some(b"nonce".as_slice()));
        assert!(parse_request(b"GET /").is_err());
    }

    #[test]
    fn a_certificate_of_another_issuer_is_unknown() {
        let pki = Pki::fixed().unwrap();
        let id = CertId::new(&pki.root, &pki.citizen_p256.serial_number, Hash::Sha1);
        assert_eq!(status(&pki, &id, i64::MAX), CertStatus::Unknown);
    }
}
