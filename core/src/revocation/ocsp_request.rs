//! OCSP requests.

use super::Issuer;
use crate::algorithm::DigestAlgorithm;
use crate::asn1::write;
use crate::certificate::Certificate;
use crate::crypto::digest;
use crate::error::Error;

/// The request that asks for the status of one certificate.
///
/// ```text
/// OCSPRequest ::= SEQUENCE { tbsRequest TBSRequest }
/// TBSRequest ::= SEQUENCE {
///   requestList           SEQUENCE OF SEQUENCE { reqCert CertID },
///   requestExtensions [2] EXPLICIT Extensions OPTIONAL }
/// ```
///
/// The CertID uses SHA-1: it finds an entry in a register and protects nothing, and responders
/// that know no other digest are common. A nonce has 1 to 32 octets (RFC 8954 §2.1).
///
/// # Errors
/// [`Error::Unsupported`] where SHA-1 is missing.
///
/// # Standard
/// RFC 6960 §4.1.1, §4.4.1.
pub fn ocsp_request(
    certificate: &Certificate,
    issuer: Issuer<'_>,
    nonce: Option<&[u8]>,
) -> Result<Vec<u8>, Error> {
    let name_hash = digest(DigestAlgorithm::Sha1, certificate.issuer().der())?;
    let key_hash = digest(DigestAlgorithm::Sha1, issuer.key_bits)?;
    let cert_id = write::sequence(&[
        &write::digest_identifier(DigestAlgorithm::Sha1),
        &write::octet_string(&name_hash),
        &write::octet_string(&key_hash),
        &write::tlv(crate::asn1::Tag::INTEGER, certificate.serial_number()),
    ]);
    let list = write::sequence(&[&write::sequence(&[&cert_id])]);
    let mut fields = vec![list];
    if let Some(nonce) = nonce {
        let extension = write::sequence(&[
            &write::oid("1.3.6.1.5.5.7.48.1.2"),
            &write::octet_string(&write::octet_string(nonce)),
        ]);
        fields.push(write::explicit(2, &write::sequence(&[&extension])));
    }
    let fields: Vec<&[u8]> = fields.iter().map(Vec::as_slice).collect();
    Ok(write::sequence(&[&write::sequence(&fields)]))
}
