//! Time: validity of signer and authorities, best-signature-time, sunset dates.

use crate::revocation::apart;
use crate::row::{Row, not_passed, passed, row};
use crate::scene::{
    AFTER_EXPIRY, DATA, EXPIRY, Known, LATER, NOW, SIGNED, STAMPED, Scene, Stamp, VALIDITY, anchor,
    authority, expired, responder,
};
use imza::time::UnixTime;
use imza::vocabulary::{CheckId, SubIndication};
use imza_test_vectors::cms::id;
use imza_test_vectors::ocsp::CertStatus;
use imza_test_vectors::time::{DAY, day};

use CheckId::{
    AttributeSigningTime, AttributeSigningTimeInValidity, AuthorityValidity, CertificateValidity,
    PathSunset, RevocationNotRevoked, TimeNotAfter, TimeNotBefore,
};
use SubIndication::{
    NoCertificateChainFoundNoPoe, NotYetValid, OutOfBoundsNoPoe, OutOfBoundsNotRevoked,
    RevokedNoPoe, SigConstraintsFailure,
};

/// The only time-stamp is of this time.
fn stamped_at(scene: &mut Scene, time: i64) {
    let tsa = scene.tsa.clone();
    scene.stamps = vec![Stamp::at(time, &tsa)];
}

pub(crate) fn rows() -> Vec<Row> {
    let mut rows = of_the_signer();
    rows.extend(of_authorities());
    rows.extend(of_the_caller());
    rows
}

fn of_the_signer() -> Vec<Row> {
    let after = not_passed(OutOfBoundsNotRevoked, TimeNotAfter);
    vec![
        row(
            "expired since the time-stamp",
            passed(CertificateValidity),
            expired,
        ),
        row("expired, and no time-stamp", after, |scene| {
            expired(scene);
            scene.stamps.clear();
        }),
        row("time-stamp after expiry", after, |scene| {
            expired(scene);
            stamped_at(scene, EXPIRY + DAY);
        }),
        row(
            "time-stamp in the last second of validity",
            passed(TimeNotAfter),
            |scene| {
                expired(scene);
                stamped_at(scene, EXPIRY);
            },
        ),
        row("time-stamp one second after validity", after, |scene| {
            expired(scene);
            stamped_at(scene, EXPIRY + 1);
        }),
        row(
            "judged in the last second of validity",
            passed(CertificateValidity),
            |scene| {
                scene.sign_with(|spec| spec.not_after = NOW);
            },
        ),
        row(
            "judged one second after validity, no time-stamp",
            after,
            |scene| {
                scene.sign_with(|spec| spec.not_after = NOW - 1);
                scene.stamps.clear();
            },
        ),
        row(
            "expired, nothing known, no time-stamp",
            not_passed(
                SubIndication::CertificateChainGeneralFailure,
                CertificateValidity,
            ),
            |scene| {
                expired(scene);
                scene.about_signer.clear();
                scene.stamps.clear();
            },
        ),
        row(
            "expired, nothing known, softly",
            not_passed(OutOfBoundsNoPoe, CertificateValidity),
            |scene| {
                expired(scene);
                scene.about_signer.clear();
                scene.policy.revocation = imza::policy::RevocationRequirement::Soft;
            },
        ),
        row(
            "time-stamp before the certificate",
            not_passed(NotYetValid, TimeNotBefore),
            |scene| {
                scene.sign_with(|spec| spec.not_before = STAMPED + 1);
            },
        ),
        row(
            "time-stamp in the first second of validity",
            not_passed(SigConstraintsFailure, AttributeSigningTimeInValidity),
            |scene| {
                // The claimed time lies before the certificate, the time-stamp does not.
                scene.sign_with(|spec| spec.not_before = STAMPED);
            },
        ),
        row(
            "signed and stamped in the first second of validity",
            passed(TimeNotBefore),
            |scene| {
                scene.sign_with(|spec| spec.not_before = SIGNED);
                stamped_at(scene, SIGNED);
            },
        ),
        row(
            "judged before the certificate",
            not_passed(NotYetValid, TimeNotBefore),
            |scene| {
                scene.sign_with(|spec| spec.not_before = NOW + 1);
                scene.stamps.clear();
                scene.policy.revocation = imza::policy::RevocationRequirement::None;
            },
        ),
        row(
            "claimed time after the certificate",
            not_passed(SigConstraintsFailure, AttributeSigningTimeInValidity),
            |scene| {
                scene.claimed = day(2040, 1, 1);
            },
        ),
        row(
            "no claimed time",
            not_passed(SigConstraintsFailure, AttributeSigningTime),
            |scene| {
                scene.edit_attributes = Some(|data, _| data.remove(id::SIGNING_TIME));
            },
        ),
        row(
            "revoked and expired after the time-stamp",
            passed(RevocationNotRevoked),
            |scene| {
                expired(scene);
                let said = CertStatus::Revoked(LATER, None);
                scene.about_signer = vec![Known::Ocsp(said, EXPIRY - 3_600)];
            },
        ),
        row(
            "revoked and expired, no time-stamp",
            not_passed(RevokedNoPoe, RevocationNotRevoked),
            |scene| {
                expired(scene);
                let said = CertStatus::Revoked(LATER, None);
                scene.about_signer = vec![Known::Ocsp(said, EXPIRY - 3_600)];
                scene.stamps.clear();
            },
        ),
        row(
            "revoked after the time-stamp, which is after expiry",
            after,
            |scene| {
                expired(scene);
                let said = CertStatus::Revoked(EXPIRY + 2 * DAY, None);
                scene.about_signer = vec![Known::Ocsp(said, EXPIRY + 3 * DAY)];
                stamped_at(scene, EXPIRY + DAY);
            },
        ),
    ]
}

fn of_authorities() -> Vec<Row> {
    vec![
        row(
            "CA expired since the time-stamp",
            not_passed(OutOfBoundsNoPoe, AuthorityValidity),
            |scene| {
                apart(scene);
                let key = scene.pki.issuing_ca.key.clone();
                let ca = authority("short CA", &key, &scene.pki.root, |spec| {
                    spec.not_after = EXPIRY
                });
                scene.issuer = ca;
                scene.certificates.push(scene.issuer.certificate.clone());
                scene.sign_with(|_| {});
                let own = responder(&scene.pki.ocsp_responder, &scene.issuer, VALIDITY, true);
                let answer = scene.answer(CertStatus::Good, &own, DATA);
                scene.about_signer = vec![crate::scene::ocsp_given(&answer, &own)];
                scene.about_issuer = vec![Known::Crl(None, DATA)];
                scene.now = AFTER_EXPIRY;
            },
        ),
        row("root has expired", passed(CheckId::PathValid), |scene| {
            let root = &scene.pki.root;
            let (name, key) = (root.name.clone(), root.key.clone());
            let long = (VALIDITY.0, NOW - 1);
            let spec = imza_test_vectors::certificate::CertificateSpec::authority(
                name.clone(),
                &key,
                &key,
                1,
                long,
            );
            scene.pki.root.certificate = spec.issue(&name, &key).unwrap();
            scene.anchors = vec![anchor(&scene.pki.root)];
        }),
        row(
            "past the sunset date of the anchor",
            not_passed(NoCertificateChainFoundNoPoe, PathSunset),
            |scene| {
                sunset(scene, SIGNED);
                apart_from_sunset(scene);
            },
        ),
        row(
            "at the sunset date of the anchor",
            not_passed(NoCertificateChainFoundNoPoe, PathSunset),
            |scene| {
                sunset(scene, NOW);
                apart_from_sunset(scene);
            },
        ),
        row(
            "before the sunset date of the anchor",
            passed(PathSunset),
            |scene| {
                sunset(scene, NOW + 1);
            },
        ),
    ]
}

fn sunset(scene: &mut Scene, date: i64) {
    let root = anchor(&scene.pki.root);
    scene.anchors = vec![root.until(UnixTime::from_seconds(date))];
}

/// Time-stamps are trusted by an anchor of their own.
fn apart_from_sunset(scene: &mut Scene) {
    use imza::vocabulary::Purpose;
    let first = scene.anchors.remove(0);
    let root = anchor(&scene.pki.root);
    scene.anchors = vec![
        first.for_purposes([Purpose::Signing]),
        root.for_purposes([Purpose::Timestamping]),
    ];
}

fn of_the_caller() -> Vec<Row> {
    vec![
        row(
            "proven by the caller before expiry",
            passed(TimeNotAfter),
            |scene| {
                expired(scene);
                scene.stamps.clear();
                scene.proven_at = Some(STAMPED);
            },
        ),
        row(
            "proven by the caller after expiry",
            not_passed(OutOfBoundsNotRevoked, TimeNotAfter),
            |scene| {
                expired(scene);
                scene.stamps.clear();
                scene.proven_at = Some(EXPIRY + 1);
            },
        ),
        row(
            "proven by the caller before the revocation",
            passed(RevocationNotRevoked),
            |scene| {
                scene.judged_at(LATER + 10, LATER + 60);
                let said = CertStatus::Revoked(LATER, None);
                scene.about_signer = vec![Known::Ocsp(said, LATER + 10)];
                scene.stamps.clear();
                scene.proven_at = Some(LATER - 1);
            },
        ),
        row(
            "proven by the caller after the revocation",
            not_passed(RevokedNoPoe, RevocationNotRevoked),
            |scene| {
                scene.judged_at(LATER + 10, LATER + 60);
                let said = CertStatus::Revoked(LATER, None);
                scene.about_signer = vec![Known::Ocsp(said, LATER + 10)];
                scene.stamps.clear();
                scene.proven_at = Some(LATER + 1);
            },
        ),
        row(
            "proven by the caller before the certificate",
            not_passed(NotYetValid, TimeNotBefore),
            |scene| {
                scene.stamps.clear();
                scene.proven_at = Some(VALIDITY.0 - 1);
            },
        ),
        row(
            "proven by the caller for a time to come",
            not_passed(NotYetValid, TimeNotBefore),
            |scene| {
                scene.sign_with(|spec| spec.not_before = NOW + 1);
                scene.stamps.clear();
                scene.policy.revocation = imza::policy::RevocationRequirement::None;
                scene.proven_at = Some(NOW + 60);
            },
        ),
        row(
            "proven by the caller later than the time-stamp",
            passed(TimeNotAfter),
            |scene| {
                expired(scene);
                scene.proven_at = Some(EXPIRY + 1);
            },
        ),
    ]
}
