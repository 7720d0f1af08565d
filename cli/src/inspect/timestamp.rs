//! The facts of a time-stamp token and of a time-stamping authority's answer.

use super::certificate::certificate;
use super::facts::{Facts, hex};
use imza::asn1::{Reader, Tag};
use imza::certificate::{Certificate, Name};
use imza::error::Error;
use imza::limits::Budget;
use imza::timestamp::{TimestampToken, TstInfo};

/// The facts of a token.
pub(crate) fn token(token: &TimestampToken) -> Facts {
    let mut facts = Facts::default();
    facts.add("kind", "timestamp-token");
    let info = &token.tst_info;
    facts
        .add("time", info.gen_time.to_string())
        .add(
            "accuracy_microseconds",
            info.accuracy.map(|one| one.microseconds()),
        )
        .add("policy", info.policy.to_string())
        .add("serial_number", hex(&info.serial_number))
        .add("imprint", imprint(info))
        .add("ordering", info.ordering)
        .add("nonce", info.nonce.as_deref().map(hex))
        .add("tsa", authority(info))
        .add("qualified_statement", info.has_qualified_statement());
    let certificates: Vec<Facts> = token
        .signed_data
        .certificates
        .iter()
        .filter_map(|der| Certificate::parse(der, &mut Budget::default()).ok())
        .map(|one| certificate(&one))
        .collect();
    facts.add("certificates", certificates);
    let findings: Vec<String> = token
        .findings
        .iter()
        .map(|finding| format!("a rule of {} does not hold", finding.clause()))
        .collect();
    facts.add("findings", findings);
    facts
}

fn imprint(info: &TstInfo) -> Facts {
    let mut facts = Facts::default();
    let algorithm = match &info.message_imprint.hash_algorithm {
        Ok(algorithm) => algorithm.to_string(),
        Err(unsupported) => unsupported.to_string(),
    };
    facts
        .add("algorithm", algorithm)
        .add("digest", hex(&info.message_imprint.hashed_message));
    facts
}

fn authority(info: &TstInfo) -> Option<String> {
    let name = Name::parse(info.tsa_name()?, &mut Budget::default()).ok()?;
    Some(name.to_rfc4514())
}

/// The facts of an answer: its status and, where it was granted, its token. RFC 3161 §2.4.2.
///
/// ```text
/// TimeStampResp ::= SEQUENCE {
///   status         PKIStatusInfo,
///   timeStampToken TimeStampToken OPTIONAL }
/// ```
pub(crate) fn response(der: &[u8]) -> Result<Facts, Error> {
    let mut outer = Reader::ber(der);
    let mut fields = outer.read(Tag::SEQUENCE)?.reader();
    outer.finish()?;
    let mut info = fields.read(Tag::SEQUENCE)?.reader();
    let status = info.read(Tag::INTEGER)?.small_integer()?;
    let inside = fields
        .optional(Tag::SEQUENCE)?
        .map(|inside| TimestampToken::parse(inside.whole, &mut Budget::default()))
        .transpose()?;
    fields.finish()?;
    let words = ["granted", "grantedWithMods", "rejection", "waiting"];
    let word = usize::try_from(status)
        .ok()
        .and_then(|index| words.get(index));
    let mut facts = Facts::default();
    facts
        .add("kind", "timestamp-response")
        .add(
            "status",
            word.map_or_else(|| status.to_string(), |word| (*word).to_owned()),
        )
        .add("token", inside.as_ref().map(token));
    Ok(facts)
}
