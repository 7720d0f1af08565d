//! Time-stamp tokens over the permit.

use super::{Expected, PERMIT, Vector, VectorSet};
use crate::certificate::{CertificateSpec, Extension, purpose};
use crate::error::Result;
use crate::hash::Hash;
use crate::key::Scheme;
use crate::pki::{Entity, FIXED_TIME, Pki};
use crate::time::{DAY, day};
use crate::tsa::{self, CertificateReference, TokenSpec};

/// Valid but for revocation, of which a token carries none.
const RIGHT: Expected = Expected {
    passed: true,
    indication: Some("PASSED"),
    sub_indication: None,
    integrity: Some("intact"),
};

const BROKEN: Expected = Expected {
    integrity: Some("broken"),
    ..Expected::NOT_PASSED
};
const INTACT: Expected = Expected {
    integrity: Some("intact"),
    ..Expected::NOT_PASSED
};

pub(super) fn set(pki: &Pki) -> Result<VectorSet> {
    let token = |name: &str,
                 signer: &Entity,
                 change: &dyn Fn(&mut TokenSpec),
                 expected: Expected|
     -> Result<Vector> {
        let mut spec = TokenSpec::over(PERMIT, Hash::Sha256, FIXED_TIME, signer);
        change(&mut spec);
        let id = format!("timestamp::{name}");
        let mut vector = Vector::new(&id, "tst", tsa::token(&spec, signer)?, expected);
        vector.detached = Some("data/permit.txt".to_owned());
        Ok(vector)
    };
    let ec = &pki.tsa_p256;
    let key = &ec.key;
    let uncritical = Extension::extended_key_usage(&[purpose::TIME_STAMPING]);
    let both = Extension::extended_key_usage(&[purpose::TIME_STAMPING, purpose::OCSP_SIGNING]);
    let both = Extension {
        critical: true,
        ..both
    };
    let critical = Extension {
        critical: true,
        ..uncritical.clone()
    };
    let citizen = pki.citizen_spec(ec.name.clone(), key, 0x2010);
    let issue = |spec: &CertificateSpec| Entity::issue("tsa", spec, key, &pki.issuing_ca);
    let not_critical = issue(&citizen.clone().with([uncritical]))?;
    let two_purposes = issue(&citizen.clone().with([both]))?;
    let young = issue(&CertificateSpec {
        not_before: day(2026, 6, 16),
        ..citizen.with([critical])
    })?;
    let vectors = vec![
        token("token::ecdsa", ec, &|_| {}, RIGHT)?
            .noted("RFC 3161 §2.4.2", "as it should be, P-256"),
        token("token::rsa", &pki.tsa_rsa_2048, &|_| {}, RIGHT)?
            .noted("RFC 3161 §2.4.2", "as it should be, RSA-2048"),
        token(
            "reference::v1",
            ec,
            &|s| s.reference = CertificateReference::V1,
            RIGHT,
        )?
        .noted(
            "RFC 3161 §2.4.2",
            "names its certificate with SHA-1, as older ones do",
        ),
        token(
            "time::fraction",
            ec,
            &|s| s.fraction = ".25".to_owned(),
            RIGHT,
        )?
        .noted("RFC 3161 §2.4.2", "genTime with a fraction of a second"),
        token(
            "time::accuracy",
            ec,
            &|s| s.accuracy = Some((1, Some(500), Some(100))),
            RIGHT,
        )?
        .noted(
            "RFC 3161 §2.4.2",
            "accuracy with milliseconds and microseconds",
        ),
        token(
            "imprint::wrong",
            ec,
            &|s| s.imprint = Hash::Sha256.digest(b"something else"),
            BROKEN,
        )?
        .because(
            "timestamp.imprint",
            "RFC 3161 §2.4.2",
            "over something else",
        ),
        token(
            "imprint::wrong-length",
            ec,
            &|s| s.imprint.truncate(20),
            Expected::NOT_PASSED,
        )?
        .because(
            "timestamp.token",
            "RFC 3161 §2.4.1",
            "an imprint shorter than its digest",
        ),
        token(
            "signature::broken",
            ec,
            &|s| s.break_signature = true,
            BROKEN,
        )?
        .because(
            "cryptographic.signature-intact",
            "EN 319 102-1 §5.4",
            "the signature does not fit",
        ),
        token(
            "signature::other-content",
            ec,
            &|s| s.break_digest = true,
            BROKEN,
        )?
        .because(
            "cryptographic.reference-intact",
            "RFC 5652 §5.6",
            "message-digest is of something else",
        ),
        token(
            "reference::wrong",
            ec,
            &|s| s.reference = CertificateReference::Wrong,
            Expected::NOT_PASSED,
        )?
        .because(
            "signing-certificate.reference-fits",
            "RFC 5816 §2.2.1",
            "names another certificate",
        ),
        token(
            "reference::missing",
            ec,
            &|s| s.reference = CertificateReference::Missing,
            Expected::NOT_PASSED,
        )?
        .because("timestamp.token", "RFC 3161 §2.4.2", "names no certificate"),
        token(
            "token::version",
            ec,
            &|s| s.version = 2,
            Expected::NOT_PASSED,
        )?
        .because("timestamp.token", "RFC 3161 §2.4.2", "version 2 of TSTInfo"),
        token(
            "certificate::missing",
            ec,
            &|s| s.certificates.clear(),
            Expected::NOT_PASSED,
        )?
        .noted("RFC 3161 §2.4.1", "does not carry its certificate"),
        token("purpose::none", &pki.citizen_p256, &|_| {}, INTACT)?
            .because("path.constraints", "RFC 3161 §2.3", "signed by a citizen")
            .flagged(&["purpose-confusion"]),
        token("purpose::not-critical", &not_critical, &|_| {}, INTACT)?.because(
            "path.constraints",
            "RFC 3161 §2.3",
            "the purpose is not critical",
        ),
        token("purpose::two", &two_purposes, &|_| {}, INTACT)?.because(
            "path.constraints",
            "RFC 3161 §2.3",
            "a second purpose beside it",
        ),
        token("trust::stranger", &pki.stranger, &|_| {}, INTACT)?.because(
            "path.found",
            "EN 319 102-1 §5.4",
            "signed by a stranger",
        ),
        token("time::before-certificate", &young, &|_| {}, INTACT)?.because(
            "timestamp.in-validity",
            "EN 319 102-1 §5.4",
            "older than its certificate",
        ),
        token(
            "time::later",
            ec,
            &|s| s.gen_time = FIXED_TIME + DAY,
            INTACT,
        )?
        .because("timestamp.not-later", "EN 319 102-1 §5.1.4", "of tomorrow"),
        token(
            "signature::sha-1",
            ec,
            &|s| s.scheme = Some(Scheme::Ecdsa(Hash::Sha1)),
            INTACT,
        )?
        .because(
            "algorithm.signature",
            "EN 319 102-1 §5.2.8.4",
            "signed with SHA-1",
        ),
    ];
    let mut set = VectorSet::new(
        "timestamp",
        "Tokens over data/permit.txt. `passed` is said without asking for revocation.",
        vectors,
    );
    set.evidence = vec!["pki/issuing-ca.cer".to_owned()];
    Ok(set)
}
