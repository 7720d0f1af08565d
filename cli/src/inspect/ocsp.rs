//! The facts of an OCSP response.

use super::facts::{Facts, hex};
use imza::revocation::{
    BasicOcspResponse, CertificateStatus, OcspResponseStatus, ResponderId, SingleResponse,
};

/// The facts of a response; `basic` is absent when the responder did not answer the question.
pub(crate) fn response(status: OcspResponseStatus, basic: Option<&BasicOcspResponse>) -> Facts {
    let mut facts = Facts::default();
    facts.add("kind", "ocsp-response");
    facts.add("status", word(status));
    let responder = basic.map(|basic| match basic.responder() {
        ResponderId::ByName(name) => name.to_rfc4514(),
        ResponderId::ByKey(digest) => format!("key {}", hex(digest)),
    });
    facts
        .add("responder", responder)
        .add(
            "produced_at",
            basic.map(|one| one.produced_at().to_string()),
        )
        .add("nonce", basic.and_then(|one| one.nonce().map(hex)));
    let responses =
        basic.map(|basic| -> Vec<Facts> { basic.responses().iter().map(single).collect() });
    facts.add("responses", responses.unwrap_or_default());
    facts.add(
        "signature_algorithm",
        basic
            .and_then(|one| one.signature_algorithm().ok())
            .map(|one| one.to_string()),
    );
    let certificates = basic.map_or(0, |one| one.certificates().len());
    facts.add(
        "certificates",
        u64::try_from(certificates).unwrap_or(u64::MAX),
    );
    let unknown = basic.map(|one| -> Vec<String> {
        one.unknown_critical()
            .iter()
            .map(ToString::to_string)
            .collect()
    });
    facts.add("unknown_critical_extensions", unknown.unwrap_or_default());
    facts
}

fn single(single: &SingleResponse) -> Facts {
    let mut facts = Facts::default();
    let (status, revoked, reason) = match single.status {
        CertificateStatus::Good => ("good", None, None),
        CertificateStatus::Revoked {
            revocation_time,
            reason,
        } => ("revoked", Some(revocation_time), reason),
        CertificateStatus::Unknown => ("unknown", None, None),
        _ => ("other", None, None),
    };
    let id = &single.cert_id;
    let algorithm = id
        .hash_algorithm
        .digest_algorithm()
        .map_or_else(|_| id.hash_algorithm.oid.to_string(), |one| one.to_string());
    facts
        .add("serial_number", hex(&id.serial_number))
        .add("status", status)
        .add("revocation_time", revoked.map(|time| time.to_string()))
        .add("reason", reason.map(|reason| reason.as_str()))
        .add("this_update", single.this_update.to_string())
        .add(
            "next_update",
            single.next_update.map(|time| time.to_string()),
        )
        .add(
            "archive_cutoff",
            single.archive_cutoff.map(|time| time.to_string()),
        )
        .add("hash_algorithm", algorithm)
        .add("issuer_name_hash", hex(&id.issuer_name_hash))
        .add("issuer_key_hash", hex(&id.issuer_key_hash));
    facts
}

/// As RFC 6960 §4.2.1 writes it.
fn word(status: OcspResponseStatus) -> String {
    match status {
        OcspResponseStatus::Successful => "successful",
        OcspResponseStatus::MalformedRequest => "malformedRequest",
        OcspResponseStatus::InternalError => "internalError",
        OcspResponseStatus::TryLater => "tryLater",
        OcspResponseStatus::SigRequired => "sigRequired",
        OcspResponseStatus::Unauthorized => "unauthorized",
        OcspResponseStatus::Other(number) => return number.to_string(),
        _ => "other",
    }
    .to_owned()
}
