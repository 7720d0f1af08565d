//! Revocation lists and OCSP responses about one citizen.

use super::{Expected, Vector, VectorSet};
use crate::certificate::Extension;
use crate::crl::{self, CrlSpec, RevocationReason, issuing_distribution_point};
use crate::der;
use crate::error::Result;
use crate::hash::Hash;
use crate::key::Scheme;
use crate::ocsp::{self, CertId, CertStatus, ResponderId, ResponseSpec};
use crate::pki::{Entity, FIXED_TIME, Pki, Revocation};
use crate::time::DAY;

/// The data may be used, and says that the certificate is good.
const USABLE: Expected = Expected {
    passed: true,
    indication: Some("PASSED"),
    sub_indication: None,
    integrity: None,
};

/// The data may not be used: the certificate is left without revocation data.
const UNUSABLE: Expected = Expected {
    passed: false,
    indication: Some("INDETERMINATE"),
    sub_indication: Some("CERTIFICATE_CHAIN_GENERAL_FAILURE"),
    integrity: None,
};

const STALE: Expected = Expected {
    sub_indication: Some("TRY_LATER"),
    ..UNUSABLE
};
const REVOKED: Expected = Expected {
    sub_indication: Some("REVOKED_NO_POE"),
    ..UNUSABLE
};

pub(super) fn crl_set(pki: &Pki) -> Result<VectorSet> {
    let ca = &pki.issuing_ca;
    let base = CrlSpec::new(ca, 7, FIXED_TIME, &pki.revocations);
    let list = |name: &str, spec: &CrlSpec, signer: &Entity, expected| -> Result<Vector> {
        Ok(Vector::new(
            &format!("crl::{name}"),
            "crl",
            crl::issue(spec, signer)?,
            expected,
        ))
    };
    let with = |change: &dyn Fn(&mut CrlSpec)| {
        let mut spec = base.clone();
        change(&mut spec);
        spec
    };
    let revoke = |reason| Revocation {
        serial_number: pki.citizen_p256.serial_number.clone(),
        time: FIXED_TIME - DAY,
        reason,
    };
    let idp = |user, authority| issuing_distribution_point(None, user, authority, false);
    let unknown = Extension::critical("1.3.6.1.4.1.32473.9", der::null());
    let vectors = vec![
        list("status::good", &base, ca, USABLE)?.noted(
            "RFC 5280 §6.3.3",
            "another citizen is on it, this one is not",
        ),
        list("status::empty", &with(&|s| s.revoked.clear()), ca, USABLE)?
            .noted("RFC 5280 §5.1.2.6", "nobody is on it"),
        list(
            "status::revoked",
            &with(&|s| {
                s.revoked
                    .push(revoke(Some(RevocationReason::KeyCompromise)))
            }),
            ca,
            REVOKED,
        )?
        .because(
            "revocation.not-revoked",
            "RFC 5280 §6.3.3(i)",
            "revoked the day before",
        ),
        list(
            "status::revoked-no-reason",
            &with(&|s| s.revoked.push(revoke(None))),
            ca,
            REVOKED,
        )?
        .because(
            "revocation.not-revoked",
            "RFC 5280 §5.3.1",
            "revoked, no reason given",
        ),
        list(
            "status::on-hold",
            &with(&|s| {
                s.revoked
                    .push(revoke(Some(RevocationReason::CertificateHold)))
            }),
            ca,
            STALE,
        )?
        .because(
            "revocation.not-on-hold",
            "EN 319 102-1 §5.2.6.4",
            "suspended",
        ),
        list(
            "signature::broken",
            &with(&|s| s.break_signature = true),
            ca,
            UNUSABLE,
        )?
        .because(
            "revocation.available",
            "RFC 5280 §6.3.3(g)",
            "the signature does not fit",
        ),
        list("signer::stranger", &base, &pki.stranger, UNUSABLE)?.because(
            "revocation.available",
            "RFC 5280 §6.3.3(f)",
            "signed by somebody else, in the signer's own name",
        ),
        list(
            "signer::name-borrowed",
            &with(&|s| s.issuer = Some(ca.name.clone())),
            &pki.stranger,
            UNUSABLE,
        )?
        .because(
            "revocation.available",
            "RFC 5280 §6.3.3(g)",
            "the CA's name, another's key",
        )
        .flagged(&["key-substitution"]),
        list(
            "time::stale",
            &with(&|s| {
                (s.this_update, s.next_update) =
                    (FIXED_TIME - 30 * DAY, Some(FIXED_TIME - 23 * DAY))
            }),
            ca,
            STALE,
        )?
        .because(
            "revocation.fresh",
            "EN 319 102-1 §5.2.5.4",
            "nextUpdate is 23 days past",
        ),
        list(
            "time::later",
            &with(&|s| {
                (s.this_update, s.next_update) = (FIXED_TIME + DAY, Some(FIXED_TIME + 2 * DAY))
            }),
            ca,
            UNUSABLE,
        )?
        .because(
            "revocation.available",
            "EN 319 102-1 §5.1.4",
            "issued after the time judged at",
        ),
        list(
            "scope::only-authorities",
            &with(&|s| s.extensions.push(idp(false, true))),
            ca,
            UNUSABLE,
        )?
        .because(
            "revocation.available",
            "RFC 5280 §6.3.3(b)(2)",
            "covers only CA certificates",
        ),
        list(
            "scope::only-users",
            &with(&|s| s.extensions.push(idp(true, false))),
            ca,
            USABLE,
        )?
        .noted(
            "RFC 5280 §6.3.3(b)(2)",
            "covers only end entities, of which this is one",
        ),
        list(
            "extension::unknown-critical",
            &with(&|s| s.extensions.push(unknown.clone())),
            ca,
            UNUSABLE,
        )?
        .because(
            "revocation.available",
            "RFC 5280 §5.2",
            "a critical extension nobody knows",
        ),
        list(
            "extension::unknown-critical-entry",
            &with(&|s| s.entry_extensions.push(unknown.clone())),
            ca,
            UNUSABLE,
        )?
        .because(
            "revocation.available",
            "RFC 5280 §5.3",
            "the same, in an entry",
        ),
        list(
            "signature::sha-1",
            &with(&|s| s.scheme = Some(Scheme::Ecdsa(Hash::Sha1))),
            ca,
            Expected {
                sub_indication: Some("CRYPTO_CONSTRAINTS_FAILURE_NO_POE"),
                ..UNUSABLE
            },
        )?
        .because(
            "algorithm.revocation",
            "EN 319 102-1 §5.2.6.4",
            "signed with SHA-1",
        ),
    ];
    let mut set = VectorSet::new(
        "crl",
        "Lists to be given as the only revocation data of pki/citizen-p256.cer, beside pki/root.crl.",
        vectors,
    );
    set.evidence = ["pki/issuing-ca.cer", "pki/root.crl"]
        .map(str::to_owned)
        .to_vec();
    Ok(set)
}

pub(super) fn ocsp_set(pki: &Pki) -> Result<VectorSet> {
    let responder = &pki.ocsp_responder;
    let id = |hash| CertId::new(&pki.issuing_ca, &pki.citizen_p256.serial_number, hash);
    let base = ResponseSpec::about(id(Hash::Sha1), CertStatus::Good, responder, FIXED_TIME);
    let answer = |name: &str, spec: &ResponseSpec, signer: &Entity, expected| -> Result<Vector> {
        Ok(Vector::new(
            &format!("ocsp::{name}"),
            "der",
            ocsp::respond(spec, signer)?,
            expected,
        ))
    };
    let with = |change: &dyn Fn(&mut ResponseSpec)| {
        let mut spec = base.clone();
        change(&mut spec);
        spec
    };
    let single = |change: &dyn Fn(&mut ocsp::SingleResponse)| {
        with(&|s| s.responses.iter_mut().for_each(change))
    };
    let revoked = |reason| CertStatus::Revoked(FIXED_TIME - DAY, reason);
    let unknown = Extension::critical("1.3.6.1.4.1.32473.9", der::null());
    let plain = pki.citizen_spec(responder.name.clone(), &responder.key, 0x2009);
    let no_purpose = Entity::issue("no-purpose", &plain, &responder.key, &pki.issuing_ca)?;
    let own = |e: &Entity| with(&|s| s.certificates = vec![e.certificate.clone()]);
    let vectors = vec![
        answer("status::good", &base, responder, USABLE)?.noted(
            "RFC 6960 §2.2",
            "good, by key, with SHA-1 in the certificate id",
        ),
        answer(
            "id::sha-256",
            &single(&|r| r.cert_id = id(Hash::Sha256)),
            responder,
            USABLE,
        )?
        .noted("RFC 6960 §4.1.1", "the certificate id uses SHA-256"),
        answer(
            "responder::by-name",
            &with(&|s| s.responder_id = ResponderId::ByName),
            responder,
            USABLE,
        )?
        .noted("RFC 6960 §4.2.1", "the responder is named, not keyed"),
        answer(
            "responder::issuer-itself",
            &own(&pki.issuing_ca),
            &pki.issuing_ca,
            USABLE,
        )?
        .noted("RFC 6960 §4.2.2.2", "the CA answers itself"),
        answer(
            "status::revoked",
            &single(&|r| r.status = revoked(Some(RevocationReason::KeyCompromise))),
            responder,
            REVOKED,
        )?
        .because(
            "revocation.not-revoked",
            "RFC 6960 §2.2",
            "revoked the day before",
        ),
        answer(
            "status::on-hold",
            &single(&|r| r.status = revoked(Some(RevocationReason::CertificateHold))),
            responder,
            STALE,
        )?
        .because(
            "revocation.not-on-hold",
            "EN 319 102-1 §5.2.6.4",
            "suspended",
        ),
        answer(
            "status::unknown",
            &single(&|r| r.status = CertStatus::Unknown),
            responder,
            UNUSABLE,
        )?
        .because(
            "revocation.available",
            "RFC 6960 §2.2",
            "the responder does not know it",
        ),
        answer(
            "status::try-later",
            &with(&|s| s.response_status = 3),
            responder,
            UNUSABLE,
        )?
        .because(
            "revocation.available",
            "RFC 6960 §2.3",
            "an error instead of an answer",
        ),
        answer(
            "id::another-serial",
            &single(&|r| r.cert_id.serial_number = vec![0x11]),
            responder,
            UNUSABLE,
        )?
        .because(
            "revocation.available",
            "RFC 6960 §3.2(1)",
            "about another certificate",
        ),
        answer(
            "id::another-issuer-key",
            &single(&|r| r.cert_id.issuer_key_hash = vec![0; 20]),
            responder,
            UNUSABLE,
        )?
        .because(
            "revocation.available",
            "RFC 6960 §3.2(1)",
            "about another issuer's key",
        ),
        answer(
            "signature::broken",
            &with(&|s| s.break_signature = true),
            responder,
            UNUSABLE,
        )?
        .because(
            "revocation.available",
            "RFC 6960 §3.2(2)",
            "the signature does not fit",
        ),
        answer(
            "responder::stranger",
            &own(&pki.stranger),
            &pki.stranger,
            UNUSABLE,
        )?
        .because(
            "revocation.available",
            "RFC 6960 §4.2.2.2",
            "signed by a stranger",
        )
        .flagged(&["unauthorised-responder"]),
        answer(
            "responder::citizen",
            &own(&pki.citizen_p384),
            &pki.citizen_p384,
            UNUSABLE,
        )?
        .because(
            "revocation.available",
            "RFC 6960 §4.2.2.2",
            "signed by another citizen",
        )
        .flagged(&["unauthorised-responder"]),
        answer(
            "responder::no-purpose",
            &own(&no_purpose),
            &no_purpose,
            UNUSABLE,
        )?
        .because(
            "revocation.available",
            "RFC 6960 §4.2.2.2",
            "no OCSPSigning in its certificate",
        )
        .flagged(&["unauthorised-responder"]),
        answer(
            "time::stale",
            &single(&|r| {
                (r.this_update, r.next_update) =
                    (FIXED_TIME - 30 * DAY, Some(FIXED_TIME - 29 * DAY))
            }),
            responder,
            STALE,
        )?
        .because(
            "revocation.fresh",
            "EN 319 102-1 §5.2.5.4",
            "nextUpdate is 29 days past",
        ),
        answer(
            "time::later",
            &single(&|r| r.this_update = FIXED_TIME + DAY),
            responder,
            UNUSABLE,
        )?
        .because(
            "revocation.available",
            "EN 319 102-1 §5.1.4",
            "made after the time judged at",
        ),
        answer(
            "extension::unknown-critical",
            &with(&|s| s.extensions.push(unknown.clone())),
            responder,
            UNUSABLE,
        )?
        .because(
            "revocation.available",
            "RFC 6960 §4.4",
            "a critical extension nobody knows",
        ),
        answer(
            "signature::sha-1",
            &with(&|s| s.scheme = Some(Scheme::Ecdsa(Hash::Sha1))),
            responder,
            Expected {
                sub_indication: Some("CRYPTO_CONSTRAINTS_FAILURE_NO_POE"),
                ..UNUSABLE
            },
        )?
        .because(
            "algorithm.revocation",
            "EN 319 102-1 §5.2.6.4",
            "signed with SHA-1",
        ),
    ];
    let mut set = VectorSet::new(
        "ocsp",
        "Responses to be given as the only revocation data of pki/citizen-p256.cer, beside pki/root.crl.",
        vectors,
    );
    set.evidence = ["pki/issuing-ca.cer", "pki/root.crl"]
        .map(str::to_owned)
        .to_vec();
    Ok(set)
}
