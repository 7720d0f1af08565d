//! What can be wrong with the revocation data, or be said by it.

use super::{Case, UNKNOWN_PATH};
use crate::certificate::{CertificateSpec, Extension, purpose, usage};
use crate::crl::{self, CrlSpec, RevocationReason};
use crate::error::Result;
use crate::hash::Hash;
use crate::key::Scheme;
use crate::ocsp::{self, CertId, CertStatus, ResponseSpec};
use crate::pki::{Entity, FIXED_TIME, REVOCATION_TIME, Revocation};
use crate::time::{DAY, day};
use crate::vectors::Expected;
use crate::vectors::scenario::{STAMP_TIME, Scenario, VALUES_TIME, Values};

/// The honest values with another answer about the signer.
pub(super) fn about_signer(
    scenario: &mut Scenario,
    status: CertStatus,
    time: i64,
    responder: &Entity,
    change: impl FnOnce(&mut ResponseSpec),
) -> Result<()> {
    let mut values = scenario.honest_values()?;
    let serial = &scenario.signer.serial_number;
    let id = CertId::new(&scenario.pki.issuing_ca, serial, Hash::Sha1);
    let mut spec = ResponseSpec::about(id, status, responder, time);
    change(&mut spec);
    if let Some(first) = values.ocsps.first_mut() {
        *first = ocsp::respond(&spec, responder)?;
    }
    scenario.values = Values::Given(values);
    Ok(())
}

pub(super) fn responder(scenario: &Scenario) -> Entity {
    scenario.pki.ocsp_responder.clone()
}

pub(super) const REVOCATION: &[Case] = &[
    (
        "revocation::none",
        UNKNOWN_PATH,
        Some("revocation.available"),
        "EN 319 102-1 §5.2.6.4",
        "level T: certificates, and no revocation data",
        |s| {
            let mut values = s.honest_values()?;
            (values.crls, values.ocsps) = (Vec::new(), Vec::new());
            s.values = Values::Given(values);
            Ok(())
        },
    ),
    (
        "revocation::of-authority-missing",
        UNKNOWN_PATH,
        Some("revocation.available"),
        "EN 319 102-1 §5.2.6.4",
        "no list of the root: nothing is known of the issuing CA",
        |s| {
            let mut values = s.honest_values()?;
            values.crls.clear();
            s.values = Values::Given(values);
            Ok(())
        },
    ),
    (
        "revocation::revoked-before",
        Expected::indeterminate("REVOKED_NO_POE", "intact"),
        Some("revocation.not-revoked"),
        "EN 319 102-1 §5.5.4",
        "revoked months before the time-stamp",
        |s| {
            s.signer = s.pki.citizen_revoked.clone();
            Ok(())
        },
    ),
    (
        "revocation::revoked-before-by-list",
        Expected::indeterminate("REVOKED_NO_POE", "intact"),
        Some("time.before-revocation"),
        "EN 319 102-1 §5.5.4",
        "the same, said by a list instead of a response",
        |s| {
            s.signer = s.pki.citizen_revoked.clone();
            let mut values = s.honest_values()?;
            values.ocsps.remove(0);
            values.crls.push(crl::of_issuing_ca(&s.pki, VALUES_TIME)?);
            s.values = Values::Given(values);
            Ok(())
        },
    ),
    (
        "revocation::revoked-after",
        Expected::PASSED,
        None,
        "EN 319 102-1 §5.5.4",
        "revoked between the time-stamp and the time judged at",
        |s| {
            let answer = responder(s);
            let status = CertStatus::Revoked(STAMP_TIME + 600, None);
            about_signer(s, status, STAMP_TIME + 700, &answer, |_| {})
        },
    ),
    (
        "revocation::on-hold",
        Expected::indeterminate("TRY_LATER", "intact"),
        Some("revocation.not-on-hold"),
        "EN 319 102-1 §5.2.6.4",
        "suspended before the time-stamp",
        |s| {
            let answer = responder(s);
            let hold = Some(RevocationReason::CertificateHold);
            about_signer(
                s,
                CertStatus::Revoked(REVOCATION_TIME, hold),
                VALUES_TIME,
                &answer,
                |_| {},
            )
        },
    ),
    (
        "revocation::stale",
        Expected::indeterminate("TRY_LATER", "intact"),
        Some("revocation.fresh"),
        "EN 319 102-1 §5.2.5.4",
        "the response is three days older than the time-stamp and was good for one",
        |s| {
            let answer = responder(s);
            about_signer(s, CertStatus::Good, FIXED_TIME - 3 * DAY, &answer, |_| {})
        },
    ),
    (
        "revocation::by-stranger",
        UNKNOWN_PATH,
        Some("revocation.available"),
        "RFC 6960 §4.2.2.2",
        "the response is signed by a stranger",
        |s| {
            let stranger = s.pki.stranger.clone();
            about_signer(s, CertStatus::Good, VALUES_TIME, &stranger, |_| {})
        },
    ),
    (
        "revocation::sha-1",
        Expected::indeterminate("CRYPTO_CONSTRAINTS_FAILURE_NO_POE", "intact"),
        Some("algorithm.revocation"),
        "EN 319 102-1 §5.2.6.4",
        "the response is signed with SHA-1",
        |s| {
            let answer = responder(s);
            about_signer(s, CertStatus::Good, VALUES_TIME, &answer, |response| {
                response.scheme = Some(Scheme::Ecdsa(Hash::Sha1));
            })
        },
    ),
    (
        "revocation::responder-expired",
        Expected::indeterminate("REVOCATION_OUT_OF_BOUNDS_NO_POE", "intact"),
        Some("revocation.issuer-validity"),
        "EN 319 102-1 §5.2.6.4",
        "the responder's certificate ended half an hour before the time judged at",
        |s| {
            let old = responder(s);
            let ca = &s.pki.issuing_ca;
            // A key of its own: another certificate for the same key might live longer.
            let key = s.pki.citizen_p384.key.clone();
            let validity = (day(2025, 1, 1), FIXED_TIME + 1_800);
            let usage = [usage::DIGITAL_SIGNATURE];
            let spec = CertificateSpec::end_entity(
                old.name.clone(),
                &key,
                &ca.key,
                0x2011,
                validity,
                &usage,
            )
            .with([
                Extension::extended_key_usage(&[purpose::OCSP_SIGNING]),
                Extension::ocsp_no_check(),
            ]);
            let short = Entity::issue("responder", &spec, &key, ca)?;
            about_signer(s, CertStatus::Good, VALUES_TIME, &short, |_| {})
        },
    ),
    (
        "revocation::authority-revoked",
        Expected::indeterminate("REVOKED_CA_NO_POE", "intact"),
        Some("revocation.authority-not-revoked"),
        "EN 319 102-1 §5.2.6.4",
        "the root has revoked the issuing CA for key compromise",
        |s| {
            let mut values = s.honest_values()?;
            let revoked = Revocation {
                serial_number: s.pki.issuing_ca.serial_number.clone(),
                time: REVOCATION_TIME,
                reason: Some(RevocationReason::CaCompromise),
            };
            let spec = CrlSpec::new(&s.pki.root, 2, VALUES_TIME, &[revoked]);
            values.crls = vec![crl::issue(&spec, &s.pki.root)?];
            s.values = Values::Given(values);
            Ok(())
        },
    ),
];
