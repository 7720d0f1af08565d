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

use super::proofs_of_existence::{ProofsOfExistence, Thing};
use super::revocation_acceptance::{Accepted, Statement, decide};
use super::revocation_freshness::{Fresh, revocation_freshness};
use super::validator::Validator;
use super::x509_findings::{PathLink, X509Outcome};
use crate::algorithm::DigestAlgorithm;
use crate::asn1::write;
use crate::crypto;
use crate::error::Error;
use crate::evidence::RevocationData;
use crate::limits::{Budget, Resource};
use crate::policy::{AdesConstraints, Reliability, TimeMarks, ValidationPolicy};
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
/// the signing certificate, whose nonce is about this very signature value, and that is as sound as
/// a time-stamp has to be. Proofs tell when it is known to have existed.
pub(super) fn time_mark(
    validator: &mut Validator<'_>,
    record: &Signature,
    path: &X509Outcome,
    proofs: &ProofsOfExistence,
) -> Result<Option<BestSignatureTime>, Error> {
    if validator.policy.time_marks != TimeMarks::Count || !is_bdoc(record) {
        return Ok(None);
    }
    let (Some(value), Some(link)) = (&record.value, path.links.first()) else {
        return Ok(None);
    };
    let nonces = nonces(&value.value, validator.budget)?;
    let above = Above::of(path);
    let current = validator.time;
    let mut earliest: Option<BestSignatureTime> = None;
    for one in link.accepted.iter().filter(|one| one.issued <= current) {
        let Some(known) = validator.evidence.pool().revocation_of(&one.id) else {
            continue;
        };
        let RevocationData::Ocsp(response) = &known.data else {
            continue;
        };
        let about = |nonce: &[u8]| nonces.iter().find(|(wanted, _)| wanted == nonce);
        let Some((_, digest)) = response.nonce().and_then(about) else {
            continue;
        };
        if earliest
            .as_ref()
            .is_none_or(|known| one.issued < known.time)
            && is_sound(one, *digest, &above, validator.policy, proofs)
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

/// What a path has above the signing certificate.
struct Above<'p> {
    links: &'p [PathLink],
    /// When the first of them was revoked, or the anchor's sunset.
    end: Option<UnixTime>,
}

impl<'p> Above<'p> {
    fn of(path: &'p X509Outcome) -> Self {
        let links = path.links.get(1..).unwrap_or_default();
        let revoked = links
            .iter()
            .filter_map(|link| match decide(&link.accepted)?.statement {
                Statement::Revoked { at, .. } => Some(at),
                Statement::Good => None,
            });
        let end = revoked.chain(path.sunset).min();
        Self { links, end }
    }
}

/// Whether a mark is what it says it is. EN 319 102-1 §5.4 asks this of a time-stamp, in whose place
/// the mark stands: a good path now, or when it is proven to have existed. Else whoever breaks a
/// dead algorithm, or gets hold of the key of a responder or of its CA when it no longer matters,
/// makes marks of any date. That the responder is not revoked was asked when the answer was
/// accepted.
fn is_sound(
    mark: &Accepted,
    digest: DigestAlgorithm,
    above: &Above<'_>,
    policy: &ValidationPolicy,
    proofs: &ProofsOfExistence,
) -> bool {
    // The mark and every certificate that it rests on are known to have existed by then.
    let delegation = mark.delegation.iter().map(|one| one.certificate);
    let certificates = above.links.iter().map(|link| link.certificate.id());
    let things = delegation.chain(certificates).chain([mark.id]);
    let proven = things.map(|id| proofs.earliest(Thing::Object(id))).max();
    let Some(proven) = proven else { return false };

    let is_responder_valid = mark.signer.as_ref().is_none_or(|signer| {
        let validity = signer.validity();
        validity.contains(mark.issued) && (mark.signer_is_anchor || validity.contains(proven))
    });
    let mut authorities = above.links.iter();
    let is_path_valid = above.end.is_none_or(|end| proven < end)
        && authorities.all(|link| link.certificate.validity().contains(proven));
    let freshness = policy.auxiliary_freshness;
    let are_supports_fresh = mark.supports.iter().all(|support| {
        let (this_update, next_update) = (support.data.this_update, support.data.next_update);
        revocation_freshness(this_update, next_update, freshness, proven) == Fresh::Passed
    });
    let authorities = above.links.iter().map(|link| link.until);
    let until = authorities.fold(mark.reliability(&policy.suite), Reliability::and);
    let until = until.and(policy.suite.digest(digest));
    let is_reliable = policy.ades == AdesConstraints::Omit || until.holds_at(proven).is_some();
    is_responder_valid && is_path_valid && are_supports_fresh && is_reliable
}

/// BDOC 2.1 §5: a signature of this profile names its policy in a signed property.
fn is_bdoc(record: &Signature) -> bool {
    let Some(SignaturePolicy::Identified { id, .. }) = &record.claims.policy else {
        return false;
    };
    let id = id.strip_prefix("urn:oid:").unwrap_or(id);
    record.format == SignatureFormat::Xades && POLICIES.contains(&id)
}

/// What a nonce about this value looks like, with the digest that it holds.
///
/// ```text
/// TBSDocumentDigest ::= SEQUENCE {
///   algorithm AlgorithmIdentifier,
///   digest    OCTET STRING }
/// ```
fn nonces(value: &[u8], budget: &mut Budget) -> Result<Vec<(Vec<u8>, DigestAlgorithm)>, Error> {
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
            nonces.push((write::sequence(&[&identifier, &digest]), algorithm));
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
            notice: None,
            specification: None,
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
        let nonces: Vec<Vec<u8>> = nonces.into_iter().map(|(nonce, _)| nonce).collect();
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
