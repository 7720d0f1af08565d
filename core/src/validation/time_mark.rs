//! Time marks of BDOC: an OCSP answer whose nonce holds the digest of the signature value.
//!
//! Whoever asked the responder with such a nonce had the signature value at hand, and the responder
//! signed nonce and time together. So the answer proves the status of the signing certificate and,
//! in one go, that the signature existed when the answer was produced: it stands in the place of a
//! time-stamp. That is the rule of one national profile and not of EN 319 102-1, so it counts only
//! where the policy says so.
//!
//! # Standard
//! BDOC 2.1 §6.1.

use super::x509_findings::X509Outcome;
use crate::algorithm::DigestAlgorithm;
use crate::asn1::write;
use crate::crypto;
use crate::error::Error;
use crate::evidence::{Evidence, RevocationData};
use crate::limits::{Budget, Resource};
use crate::policy::{TimeMarks, ValidationPolicy};
use crate::report::BestSignatureTime;
use crate::signature::{Signature, SignaturePolicy};
use crate::time::UnixTime;
use crate::vocabulary::SignatureFormat;

/// BDOC 2.1.0 and 2.1.2, and the drafts before them that were in use.
const POLICIES: [&str; 4] = [
    "1.3.6.1.4.1.10015.1000.3.2.1",
    "1.3.6.1.4.1.10015.1000.3.2.3",
    "1.3.6.1.4.1.10015.1000.3.1.1",
    "1.3.6.1.4.1.10015.1000.2.10.10",
];

/// Digests that a nonce may hold. SHA-1 is not among them: two signature values with one digest
/// could be made beforehand.
const DIGESTS: [DigestAlgorithm; 4] = [
    DigestAlgorithm::Sha256,
    DigestAlgorithm::Sha384,
    DigestAlgorithm::Sha512,
    DigestAlgorithm::Sha224,
];

/// The earliest time that a time mark proves: an answer that is acceptable as revocation data of
/// the signing certificate, and whose nonce is about this very signature value.
pub(super) fn time_mark(
    evidence: &Evidence,
    policy: &ValidationPolicy,
    current: UnixTime,
    record: &Signature,
    path: &X509Outcome,
    budget: &mut Budget,
) -> Result<Option<BestSignatureTime>, Error> {
    if policy.time_marks != TimeMarks::Count || !is_bdoc(record) {
        return Ok(None);
    }
    let (Some(value), Some(link)) = (&record.value, path.links.first()) else {
        return Ok(None);
    };
    let nonces = nonces(&value.value, budget)?;
    let mut earliest: Option<BestSignatureTime> = None;
    for one in link.accepted.iter().filter(|one| one.issued <= current) {
        let Some(known) = evidence.pool().revocation_of(&one.id) else {
            continue;
        };
        let RevocationData::Ocsp(response) = &known.data else {
            continue;
        };
        let is_mark = response
            .nonce()
            .is_some_and(|nonce| nonces.iter().any(|wanted| wanted == nonce));
        if is_mark
            && earliest
                .as_ref()
                .is_none_or(|known| one.issued < known.time)
        {
            earliest = Some(BestSignatureTime {
                time: one.issued,
                proof: "time-mark",
                object: Some(one.id.to_hex()),
            });
        }
    }
    Ok(earliest)
}

/// BDOC 2.1 §5: a signature of this profile names its policy in a signed property.
fn is_bdoc(record: &Signature) -> bool {
    let Some(SignaturePolicy::Identified { id, .. }) = &record.claims.policy else {
        return false;
    };
    let id = id.strip_prefix("urn:oid:").unwrap_or(id);
    record.format == SignatureFormat::Xades && POLICIES.contains(&id)
}

/// What a nonce about this value looks like.
///
/// ```text
/// TBSDocumentDigest ::= SEQUENCE {
///   algorithm AlgorithmIdentifier,
///   digest    OCTET STRING }
/// ```
fn nonces(value: &[u8], budget: &mut Budget) -> Result<Vec<Vec<u8>>, Error> {
    let mut nonces = Vec::new();
    let length = u64::try_from(value.len()).unwrap_or(u64::MAX);
    for algorithm in DIGESTS {
        budget.charge(Resource::DigestedBytes, length)?;
        let digest = write::octet_string(&crypto::digest(algorithm, value)?);
        let oid = write::oid(algorithm.oid());
        // RFC 5754 §2: the parameters are absent, or NULL.
        for identifier in [
            write::sequence(&[&oid, &write::null()]),
            write::sequence(&[&oid]),
        ] {
            nonces.push(write::sequence(&[&identifier, &digest]));
        }
    }
    Ok(nonces)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signature::{Claims, Identification, RecordKind};
    use crate::vocabulary::SignatureLevel;

    fn record(policy: Option<SignaturePolicy>, format: SignatureFormat) -> Signature {
        Signature {
            id: "S".to_owned(),
            kind: RecordKind::Signature,
            format,
            level: SignatureLevel::Epes,
            parent: None,
            place: String::new(),
            checked: Vec::new(),
            findings: Vec::new(),
            value: None,
            references: Vec::new(),
            identification: Identification::default(),
            certificates: Vec::new(),
            revocation: Vec::new(),
            claims: Claims {
                policy,
                ..Claims::default()
            },
            timestamps: Vec::new(),
            scopes: Vec::new(),
            revision: None,
        }
    }

    fn named(id: &str) -> Option<SignaturePolicy> {
        Some(SignaturePolicy::Identified {
            id: id.to_owned(),
            digest: None,
            uri: None,
            stored: None,
        })
    }

    #[test]
    fn only_signatures_that_name_the_profile_have_time_marks() {
        let xades = SignatureFormat::Xades;
        for id in POLICIES {
            assert!(is_bdoc(&record(named(id), xades)), "{id}");
            assert!(is_bdoc(&record(named(&format!("urn:oid:{id}")), xades)));
            assert!(!is_bdoc(&record(named(id), SignatureFormat::Cades)));
        }
        assert!(!is_bdoc(&record(None, xades)));
        assert!(!is_bdoc(&record(Some(SignaturePolicy::Implied), xades)));
        for id in [
            "",
            "1.3.6.1.4.1.10015.1000.3.2",
            "1.3.6.1.4.1.10015.1000.3.2.1.1",
        ] {
            assert!(!is_bdoc(&record(named(id), xades)), "{id}");
        }
    }

    #[test]
    fn a_nonce_is_the_digest_info_of_the_value() {
        let nonces = nonces(b"value", &mut Budget::default()).unwrap();
        let digest = crypto::digest(DigestAlgorithm::Sha256, b"value").unwrap();
        let header =
            b"\x30\x31\x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x01\x05\x00\x04\x20";
        assert!(nonces.contains(&[&header[..], &digest].concat()));
        let bare = |nonce: &Vec<u8>| *nonce == digest;
        assert!(
            !nonces.iter().any(bare),
            "a bare digest says nothing of its kind"
        );
    }
}
