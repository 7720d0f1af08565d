//! What can be wrong with the signature time-stamp.

use super::Case;
use super::revocation::{about_signer, responder};
use crate::error::Result;
use crate::hash::Hash;
use crate::ocsp::CertStatus;
use crate::pki::FIXED_TIME;
use crate::time::DAY;
use crate::tsa::{self, CertificateReference, TokenSpec};
use crate::vectors::scenario::Scenario;
use crate::vectors::{Expected, PERMIT};

pub(super) const TIMESTAMP: &[Case] = &[
    (
        "timestamp::imprint",
        Expected {
            integrity: None,
            ..Expected::PASSED
        },
        Some("timestamp.imprint"),
        "EN 319 102-1 §5.5.4",
        "the token is over something else and proves nothing",
        |s| {
            s.token = Box::new(|spec| spec.imprint = vec![0; 32]);
            Ok(())
        },
    ),
    (
        "timestamp::imprint-and-expired",
        Expected {
            integrity: None,
            ..Expected::indeterminate("OUT_OF_BOUNDS_NOT_REVOKED", "")
        },
        Some("timestamp.imprint"),
        "EN 319 102-1 §5.5.4",
        "the certificate has ended since, and the token is over something else",
        |s| {
            s.token = Box::new(|spec| spec.imprint = vec![0; 32]);
            s.recertify(|spec| spec.not_after = FIXED_TIME + 600)
        },
    ),
    (
        "timestamp::broken-and-expired",
        Expected {
            integrity: None,
            ..Expected::indeterminate("OUT_OF_BOUNDS_NOT_REVOKED", "")
        },
        Some("timestamp.valid"),
        "EN 319 102-1 §5.4",
        "the certificate has ended since, and the token's signature does not fit",
        |s| {
            s.token = Box::new(|spec| spec.break_signature = true);
            s.recertify(|spec| spec.not_after = FIXED_TIME + 600)
        },
    ),
    (
        "timestamp::reference-and-expired",
        Expected {
            integrity: None,
            ..Expected::indeterminate("OUT_OF_BOUNDS_NOT_REVOKED", "")
        },
        Some("timestamp.valid"),
        "RFC 5816 §2.2.1",
        "the certificate has ended since, and the token names another TSA certificate",
        |s| {
            s.token = Box::new(|spec| spec.reference = CertificateReference::Wrong);
            s.recertify(|spec| spec.not_after = FIXED_TIME + 600)
        },
    ),
    (
        "timestamp::by-stranger-and-expired",
        Expected {
            integrity: None,
            ..Expected::indeterminate("OUT_OF_BOUNDS_NOT_REVOKED", "")
        },
        Some("timestamp.valid"),
        "EN 319 102-1 §5.4",
        "the certificate has ended since, and the token is by a stranger",
        |s| {
            s.tsa = s.pki.stranger.clone();
            s.recertify(|spec| spec.not_after = FIXED_TIME + 600)
        },
    ),
    (
        "timestamp::by-citizen-and-expired",
        Expected {
            integrity: None,
            ..Expected::indeterminate("OUT_OF_BOUNDS_NOT_REVOKED", "")
        },
        Some("path.constraints"),
        "RFC 3161 §2.3",
        "the certificate has ended since, and the token is by a citizen",
        |s| {
            s.tsa = s.pki.citizen_p384.clone();
            s.recertify(|spec| spec.not_after = FIXED_TIME + 600)
        },
    ),
    (
        "timestamp::later",
        Expected {
            integrity: None,
            ..Expected::NOT_PASSED
        },
        Some("timestamp.not-later"),
        "EN 319 102-1 §5.1.4",
        "the certificate has ended since, and the token is of tomorrow",
        |s| {
            s.token = Box::new(|spec| spec.gen_time = FIXED_TIME + DAY);
            s.recertify(|spec| spec.not_after = FIXED_TIME + 600)
        },
    ),
    (
        "timestamp::none-and-expired",
        Expected::indeterminate("OUT_OF_BOUNDS_NOT_REVOKED", "intact"),
        Some("certificate.validity"),
        "EN 319 102-1 §5.2.6.4",
        "the certificate has ended since, and there is no time-stamp",
        |s| {
            s.stamped = false;
            s.recertify(|spec| spec.not_after = FIXED_TIME + 600)
        },
    ),
    (
        "timestamp::after-end",
        Expected::indeterminate("OUT_OF_BOUNDS_NOT_REVOKED", "intact"),
        Some("time.not-after"),
        "EN 319 102-1 §5.5.4",
        "the certificate ended half a minute before the time-stamp",
        |s| {
            s.recertify(|spec| spec.not_after = FIXED_TIME + 30)?;
            let responder = responder(s);
            about_signer(s, CertStatus::Good, FIXED_TIME + 10, &responder, |_| {})
        },
    ),
    (
        "timestamp::of-content",
        Expected::PASSED,
        None,
        "EN 319 132-1 §5.2.8.1",
        "a time-stamp over the file from before signing, too",
        |s| content_timestamp(s, FIXED_TIME - 60),
    ),
    (
        "timestamp::order",
        Expected::indeterminate("TIMESTAMP_ORDER_FAILURE", "intact"),
        Some("timestamp.order"),
        "EN 319 102-1 §5.5.4",
        "the time-stamp over the file, which is signed, is later than that over the signature",
        |s| content_timestamp(s, FIXED_TIME + 600),
    ),
];

fn content_timestamp(scenario: &mut Scenario, time: i64) -> Result<()> {
    let tsa = &scenario.tsa;
    let token = tsa::token(&TokenSpec::over(PERMIT, Hash::Sha256, time, tsa), tsa)?;
    scenario.xades.content_timestamp = Some(token);
    Ok(())
}
