//! The request for a time-stamp.

use crate::algorithm::DigestAlgorithm;
use crate::asn1::{Oid, Tag, write};

/// What is asked of an authority, and what its answer is compared with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TimestampRequest {
    /// Digest algorithm of the imprint.
    pub algorithm: DigestAlgorithm,
    /// The digest to be time-stamped.
    pub digest: Vec<u8>,
    /// The policy under which it should be done; any when absent.
    pub policy: Option<Oid>,
    /// A number that the answer must repeat: 64 bits or more, highest octet first.
    pub nonce: Option<Vec<u8>>,
}

/// Encodes a request; the authority's certificate is always asked for.
///
/// ```text
/// TimeStampReq ::= SEQUENCE {
///   version        INTEGER { v1(1) },
///   messageImprint MessageImprint,
///   reqPolicy      TSAPolicyId OPTIONAL,
///   nonce          INTEGER OPTIONAL,
///   certReq        BOOLEAN DEFAULT FALSE,
///   extensions     [0] IMPLICIT Extensions OPTIONAL }
/// ```
///
/// # Standard
/// RFC 3161 §2.4.1.
#[must_use]
pub fn request(request: &TimestampRequest) -> Vec<u8> {
    let imprint = write::sequence(&[
        &write::digest_identifier(request.algorithm),
        &write::octet_string(&request.digest),
    ]);
    let policy = request.policy.as_ref();
    let policy = policy.map_or(Vec::new(), |policy| {
        write::tlv(Tag::OID, policy.as_content())
    });
    let nonce = request.nonce.as_deref();
    let nonce = nonce.map_or(Vec::new(), write::integer_bytes);
    write::sequence(&[
        &write::integer(1),
        &imprint,
        &policy,
        &nonce,
        &write::boolean(true),
    ])
}
