//! Time-stamp tokens as records.

use super::parse::{Message, finding, records};
use crate::algorithm::DigestAlgorithm;
use crate::cms::Gravity;
use crate::error::{Error, Malformed, MalformedKind, Unsupported};
use crate::limits::Budget;
use crate::signature::{Finding, Signature};
use crate::time::UnixTime;
use crate::timestamp::{self, TimestampToken};
use crate::vocabulary::CheckId;
use std::sync::Arc;

/// A time-stamp token that could be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    /// The CMS signature of the time-stamping authority.
    pub record: Signature,
    /// `genTime`.
    pub time: UnixTime,
    /// `accuracy` in nanoseconds; absent counts as 0.
    pub accuracy: u64,
    /// `ordering`.
    pub ordering: bool,
    /// Dotted OID of the authority's policy.
    pub policy: String,
    /// Content octets of the serial number.
    pub serial_number: Vec<u8>,
    /// `hashedMessage` of the imprint.
    pub imprint: Vec<u8>,
    /// `hashAlgorithm` of the imprint, or the name of one that is not implemented.
    pub imprint_algorithm: Result<DigestAlgorithm, Unsupported>,
    /// `tsa`: the `GeneralName` of the authority, in DER.
    pub authority: Option<Arc<[u8]>>,
    /// Whether the authority states that the time-stamp is a qualified one: a claim.
    pub claims_qualified: bool,
    /// What breaks RFC 3161.
    pub findings: Vec<Finding>,
}

/// Reads a token; `place` names the time-stamp that it belongs to.
///
/// # Errors
/// [`Malformed`] when it is no token; a limit.
///
/// # Standard
/// RFC 3161 §2.4.2.
pub fn read_token(bytes: &[u8], place: &str, budget: &mut Budget) -> Result<Token, Error> {
    let token = TimestampToken::parse(bytes, budget)?;
    let of = Message {
        place,
        detached: None,
    };
    let found = records(&token.signed_data, of, budget)?;
    let record = found.into_iter().next();
    let record = record
        .ok_or_else(|| Malformed::within(MalformedKind::TimestampStructure, "signerInfos"))?;
    let info = token.tst_info;
    Ok(Token {
        record,
        time: info.gen_time,
        accuracy: info
            .accuracy
            .map_or(0, |accuracy| accuracy.microseconds().saturating_mul(1000)),
        ordering: info.ordering,
        policy: info.policy.to_string(),
        serial_number: info.serial_number.to_vec(),
        claims_qualified: info.has_qualified_statement(),
        authority: info.tsa,
        imprint: info.message_imprint.hashed_message,
        imprint_algorithm: info.message_imprint.hash_algorithm,
        findings: token.findings.iter().filter_map(rule).collect(),
    })
}

fn rule(of: &timestamp::Finding) -> Option<Finding> {
    let wrong = |expected: &str, found: String| {
        Some(Finding::new(CheckId::TimestampToken, expected, found))
    };
    match of {
        // A rule of the envelope is the record's finding too; here it is one of the token.
        timestamp::Finding::Envelope(of) => finding(of).map(|found| Finding {
            check: CheckId::TimestampToken,
            ..found
        }),
        timestamp::Finding::NoCertificateReference => {
            wrong("a signing-certificate attribute", "none".to_owned())
        }
        timestamp::Finding::CertificateReferenceUnusable => wrong(
            "a readable signing-certificate attribute",
            "another".to_owned(),
        ),
        timestamp::Finding::CriticalExtension(oid) => {
            wrong("known critical extensions", oid.to_string())
        }
        other if other.gravity() == Gravity::Noted => None,
        _ => wrong("a token by its standard", "another".to_owned()),
    }
}
