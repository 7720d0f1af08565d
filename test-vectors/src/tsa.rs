//! Time-stamp requests read, and tokens and responses written, right or wrong as asked.
//!
//! [`answer`] is the honest time-stamping authority. A vector takes a [`TokenSpec`], changes what it
//! is about, and lets [`token`] sign it.
//!
//! # Standard
//! RFC 3161 §2.4.1 (requests), §2.4.2 (responses and TSTInfo); RFC 5816 (ESSCertIDv2).

use crate::certificate::Extension;
use crate::cms::{Attribute, SignedData, id};
use crate::der;
use crate::error::{Error, Result};
use crate::hash::Hash;
use crate::key::Scheme;
use crate::pki::Entity;

/// The policy that tokens are issued under: an example arc (RFC 5612).
pub const POLICY: &str = "1.3.6.1.4.1.32473.3161";

/// How a token names the certificate of its signer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CertificateReference {
    /// signing-certificate with SHA-1 (RFC 3161 §2.4.2).
    V1,
    /// signing-certificate-v2 with this digest (RFC 5816 §2.2.1).
    V2(Hash),
    /// Both, of the same certificate.
    Both,
    /// Both, and signing-certificate is of something else.
    Contradictory,
    /// signing-certificate-v2 with a digest of something else.
    Wrong,
    /// Not at all.
    Missing,
}

/// Everything that a token says.
#[derive(Debug, Clone)]
pub struct TokenSpec {
    /// The version of TSTInfo: 1.
    pub version: u64,
    /// The policy, dotted.
    pub policy: String,
    /// The digest algorithm of the imprint.
    pub hash: Hash,
    /// The imprint.
    pub imprint: Vec<u8>,
    /// The serial number, unsigned octets.
    pub serial_number: Vec<u8>,
    /// genTime.
    pub gen_time: i64,
    /// A fraction of genTime such as `.5`, or nothing.
    pub fraction: String,
    /// Accuracy: seconds, milliseconds, microseconds.
    pub accuracy: Option<(u64, Option<u16>, Option<u16>)>,
    /// ordering.
    pub ordering: bool,
    /// The nonce, as the content octets of an INTEGER.
    pub nonce: Option<Vec<u8>>,
    /// The `GeneralName` in `tsa`, in DER; nothing leaves it out.
    pub name: Option<Vec<u8>>,
    /// Extensions of TSTInfo.
    pub extensions: Vec<Extension>,
    /// How the signer's certificate is named.
    pub reference: CertificateReference,
    /// The certificates that come with it.
    pub certificates: Vec<Vec<u8>>,
    /// How to sign; `None` takes the key's own scheme.
    pub scheme: Option<Scheme>,
    /// Unsigned attributes of the token.
    pub unsigned: Vec<Attribute>,
    /// Whether one bit of the signature value is flipped.
    pub break_signature: bool,
    /// Whether the message-digest attribute is of something else.
    pub break_digest: bool,
}

impl TokenSpec {
    /// A token over `message` at `gen_time` by `signer`, whose certificate comes with it.
    pub fn over(message: &[u8], hash: Hash, gen_time: i64, signer: &Entity) -> Self {
        let imprint = hash.digest(message);
        let serial = Hash::Sha256.digest(&[imprint.as_slice(), &gen_time.to_be_bytes()].concat());
        Self {
            version: 1,
            policy: POLICY.to_owned(),
            hash,
            imprint,
            serial_number: serial.get(..8).unwrap_or_default().to_vec(),
            gen_time,
            fraction: String::new(),
            accuracy: Some((1, None, None)),
            ordering: false,
            nonce: None,
            name: None,
            extensions: Vec::new(),
            reference: CertificateReference::V2(Hash::Sha256),
            certificates: vec![signer.certificate.clone()],
            scheme: None,
            unsigned: Vec::new(),
            break_signature: false,
            break_digest: false,
        }
    }
}

/// The TSTInfo in DER.
pub fn tst_info(spec: &TokenSpec) -> Vec<u8> {
    let accuracy = spec.accuracy.map(|(seconds, millis, micros)| {
        let part = |number, value: Option<u16>| {
            let value = value.map(|value| der::integer(u64::from(value)));
            value.map(|v| der::implicit(number, v.get(2..).unwrap_or_default()))
        };
        der::sequence(&[
            &der::integer(seconds),
            &part(0, millis).unwrap_or_default(),
            &part(1, micros).unwrap_or_default(),
        ])
    });
    let algorithm = der::sequence(&[&der::oid(spec.hash.oid()), &der::null()]);
    let ordering = if spec.ordering {
        der::boolean(true)
    } else {
        Vec::new()
    };
    let nonce = spec.nonce.as_ref().map(|nonce| der::integer_raw(nonce));
    let name = spec.name.as_ref().map(|name| der::explicit(0, name));
    let extensions: Vec<u8> = spec.extensions.iter().flat_map(Extension::der).collect();
    let extensions = if extensions.is_empty() {
        Vec::new()
    } else {
        der::explicit(1, &extensions)
    };
    der::sequence(&[
        &der::integer(spec.version),
        &der::oid(&spec.policy),
        &der::sequence(&[&algorithm, &der::octet_string(&spec.imprint)]),
        &der::integer_bytes(&spec.serial_number),
        &der::generalized_time_with(spec.gen_time, &spec.fraction),
        &accuracy.unwrap_or_default(),
        &ordering,
        &nonce.unwrap_or_default(),
        &name.unwrap_or_default(),
        &extensions,
    ])
}

/// Signs a token, giving the TimeStampToken (a ContentInfo) in DER.
///
/// # Errors
/// When the scheme does not go with the key.
pub fn token(spec: &TokenSpec, signer: &Entity) -> Result<Vec<u8>> {
    let content = tst_info(spec);
    let mut data = SignedData::new(id::TST_INFO, &content, signer);
    data.certificates = spec.certificates.clone();
    data.scheme = spec.scheme;
    data.hash = spec.scheme.unwrap_or_else(|| signer.key.scheme()).hash();
    data.break_signature = spec.break_signature;
    let digested: &[u8] = if spec.break_digest {
        b"something else"
    } else {
        &content
    };
    data.set(Attribute::message_digest(&data.hash.digest(digested)));
    data.set(Attribute::signing_time(spec.gen_time));
    data.remove(id::SIGNING_CERTIFICATE_V2);
    match spec.reference {
        CertificateReference::V1 => {
            data.set(Attribute::signing_certificate(&signer.certificate));
        }
        CertificateReference::V2(hash) => {
            data.set(Attribute::signing_certificate_v2(&signer.certificate, hash));
        }
        CertificateReference::Both | CertificateReference::Contradictory => {
            let own: &[u8] = match spec.reference {
                CertificateReference::Both => &signer.certificate,
                _ => b"another certificate",
            };
            data.set(Attribute::signing_certificate(own));
            let strong = Attribute::signing_certificate_v2(&signer.certificate, Hash::Sha256);
            data.set(strong);
        }
        CertificateReference::Wrong => {
            data.set(Attribute::signing_certificate_v2(
                b"another certificate",
                Hash::Sha256,
            ));
        }
        CertificateReference::Missing => {}
    }
    let mut signed = data.sign(&content, signer)?;
    signed.unsigned.clone_from(&spec.unsigned);
    Ok(signed.der())
}

/// A granted response around a token.
pub fn granted(token: &[u8]) -> Vec<u8> {
    der::sequence(&[&der::sequence(&[&der::integer(0)]), token])
}

/// A response without token: a status such as 2 (rejection), a text, the number of a failure bit.
pub fn refused(status: u64, text: &str, failure: Option<u8>) -> Vec<u8> {
    let text = der::sequence(&[&der::utf8_string(text)]);
    let failure = failure
        .map(|bit| der::named_bits(&[bit]))
        .unwrap_or_default();
    der::sequence(&[&der::sequence(&[&der::integer(status), &text, &failure])])
}

/// What a request asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// The digest algorithm of the imprint.
    pub hash: Hash,
    /// The imprint.
    pub imprint: Vec<u8>,
    /// The content octets of the nonce.
    pub nonce: Option<Vec<u8>>,
    /// certReq.
    pub certificate: bool,
}

/// Writes a request.
pub fn request(hash: Hash, imprint: &[u8], nonce: Option<&[u8]>, certificate: bool) -> Vec<u8> {
    let algorithm = der::sequence(&[&der::oid(hash.oid()), &der::null()]);
    der::sequence(&[
        &der::integer(1),
        &der::sequence(&[&algorithm, &der::octet_string(imprint)]),
        &nonce.map(der::integer_raw).unwrap_or_default(),
        &if certificate {
            der::boolean(true)
        } else {
            Vec::new()
        },
    ])
}

/// Reads a request.
///
/// # Errors
/// When it is no TimeStampReq, or its digest algorithm is not known.
pub fn parse_request(bytes: &[u8]) -> Result<Request> {
    let (outer, _) = der::read(bytes)?;
    let fields = der::read_all(outer.content)?;
    let [version, imprint, rest @ ..] = fields.as_slice() else {
        return Err(Error::new("not a time-stamp request"));
    };
    if version.content != [1] {
        return Err(Error::new("time-stamp request of another version"));
    }
    let parts = der::read_all(imprint.content)?;
    let [algorithm, digest] = parts.as_slice() else {
        return Err(Error::new("not a MessageImprint"));
    };
    let (oid, _) = der::read(algorithm.content)?;
    let hash = [Hash::Sha1, Hash::Sha256, Hash::Sha384, Hash::Sha512]
        .into_iter()
        .find(|hash| der::oid(hash.oid()) == oid.whole)
        .ok_or_else(|| Error::new("imprint with an unknown digest algorithm"))?;
    let field = |tag| {
        rest.iter()
            .find(|field| field.tag == tag)
            .map(|field| field.content)
    };
    Ok(Request {
        hash,
        imprint: digest.content.to_vec(),
        nonce: field(0x02).map(<[u8]>::to_vec),
        certificate: field(0x01).is_some_and(|content| content != [0]),
    })
}

/// The honest answer of a time-stamping authority at `time`; what it cannot read it refuses.
///
/// # Errors
/// Never with the keys that are committed.
pub fn answer(signer: &Entity, request: &[u8], time: i64) -> Result<Vec<u8>> {
    let Ok(request) = parse_request(request) else {
        return Ok(refused(2, "the request cannot be read", Some(5)));
    };
    let mut spec = TokenSpec::over(&[], request.hash, time, signer);
    let seed = [request.imprint.as_slice(), &time.to_be_bytes()].concat();
    spec.serial_number = Hash::Sha256
        .digest(&seed)
        .get(..8)
        .unwrap_or_default()
        .to_vec();
    spec.imprint = request.imprint;
    spec.nonce = request.nonce;
    if !request.certificate {
        spec.certificates.clear();
    }
    Ok(granted(&token(&spec, signer)?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Pki;

    #[test]
    fn a_request_is_read_as_it_was_written() {
        let imprint = Hash::Sha256.digest(b"permit");
        let read = parse_request(&request(Hash::Sha256, &imprint, Some(&[1, 2]), true)).unwrap();
        let nonce = Some(vec![1, 2]);
        assert_eq!(
            read,
            Request {
                hash: Hash::Sha256,
                imprint,
                nonce,
                certificate: true
            }
        );
        assert!(parse_request(b"").is_err());
    }

    #[test]
    fn an_unreadable_request_is_refused_with_bad_data_format() {
        let pki = Pki::fixed().unwrap();
        let answer = answer(&pki.tsa_p256, b"?", 0).unwrap();
        assert!(answer.ends_with(&[3, 2, 2, 4]));
    }
}
