//! The answer of a time-stamping authority.

use super::request::TimestampRequest;
use super::token::TimestampToken;
use crate::asn1::{self, Mode, Reader, Tag, Tlv};
use crate::error::{Error, Malformed, MalformedKind};
use crate::limits::{Budget, Resource};

/// Reads an answer and compares it with what was asked.
///
/// ```text
/// TimeStampResp ::= SEQUENCE {
///   status         PKIStatusInfo,
///   timeStampToken TimeStampToken OPTIONAL }
/// PKIStatusInfo ::= SEQUENCE {
///   status       PKIStatus,
///   statusString PKIFreeText OPTIONAL,
///   failInfo     PKIFailureInfo OPTIONAL }
/// ```
///
/// # Errors
/// [`MalformedKind::TimestampRefused`] in the part of the answer that refuses or differs: the
/// status with its failure, `messageImprint`, `policy`, `nonce`, `certificates`; other
/// [`Malformed`] for an answer that cannot be read; a limit.
///
/// # Standard
/// RFC 3161 §2.4.2.
pub fn parse_response(
    bytes: &[u8],
    expected: &TimestampRequest,
    budget: &mut Budget,
) -> Result<TimestampToken, Error> {
    let length = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
    budget.charge(Resource::StructureBytes, length)?;
    asn1::check_tree(bytes, Mode::Ber, budget)?;
    let token = TimestampToken::parse(granted(bytes)?, budget)?;

    // RFC 3161 §2.2: what was time-stamped is what was requested.
    let imprint = &token.tst_info.message_imprint;
    if imprint.hash_algorithm != Ok(expected.algorithm) || imprint.hashed_message != expected.digest
    {
        return Err(refused("messageImprint"));
    }
    // RFC 3161 §2.4.2 nonce: MUST be present if and with the value that the request had.
    let significant = |octets: &[u8]| -> Vec<u8> {
        octets
            .iter()
            .copied()
            .skip_while(|octet| *octet == 0)
            .collect()
    };
    if let Some(nonce) = &expected.nonce
        && token.tst_info.nonce.as_deref().map(significant) != Some(significant(nonce))
    {
        return Err(refused("nonce"));
    }
    // RFC 3161 §2.4.2 policy: MUST have the same value as the request's, otherwise an error.
    if let Some(policy) = &expected.policy
        && token.tst_info.policy != *policy
    {
        return Err(refused("policy"));
    }
    // RFC 3161 §2.4.1 certReq: the certificate that the token refers to MUST be in it.
    if token.signed_data.certificates.is_empty() {
        return Err(refused("certificates"));
    }
    Ok(token)
}

/// The octets of the token in an answer that grants one.
///
/// # Errors
/// [`MalformedKind::TimestampRefused`] with the status and its failure; other [`Malformed`] for what
/// is no answer.
pub(crate) fn granted(bytes: &[u8]) -> Result<&[u8], Error> {
    let mut outer = Reader::ber(bytes);
    let mut response = outer.read(Tag::SEQUENCE)?.reader();
    outer.finish()?;
    // RFC 3161 §2.4.2: when the status contains the value zero or one, a TimeStampToken MUST be
    // present; when another, it MUST NOT.
    check_status(&response.read(Tag::SEQUENCE)?)?;
    if response.is_empty() {
        return Err(refused("timeStampToken"));
    }
    let token = response.read(Tag::SEQUENCE)?;
    response.finish()?;
    Ok(token.whole)
}

fn refused(element: &'static str) -> Error {
    Malformed::within(MalformedKind::TimestampRefused, element).into()
}

fn check_status(info: &Tlv<'_>) -> Result<(), Error> {
    let mut fields = info.reader();
    let status = fields.read(Tag::INTEGER)?.small_integer()?;
    // granted, grantedWithMods
    if status <= 1 {
        return Ok(());
    }
    fields.optional(Tag::SEQUENCE)?;
    let reason = match fields.optional(Tag::BIT_STRING)? {
        Some(bits) => {
            let bits = bits.bits()?;
            let known = FAILURES.iter().find(|(number, _)| bits.is_set(*number));
            known.map_or("failInfo", |(_, name)| name)
        }
        None => "status",
    };
    let error = Malformed::within(MalformedKind::TimestampRefused, reason);
    Err(error.compared(0, status).into())
}

/// PKIFailureInfo, RFC 3161 §2.4.2.
const FAILURES: &[(u32, &str)] = &[
    (0, "failInfo badAlg"),
    (2, "failInfo badRequest"),
    (5, "failInfo badDataFormat"),
    (14, "failInfo timeNotAvailable"),
    (15, "failInfo unacceptedPolicy"),
    (16, "failInfo unacceptedExtension"),
    (17, "failInfo addInfoNotAvailable"),
    (25, "failInfo systemFailure"),
];
