//! When what is known was said, and certificates of which nothing need be known.

use super::{MISSING, answered_by};
use crate::row::{Row, not_passed, passed, row};
use crate::scene::{
    AFTER_EXPIRY, DATA, EXPIRY, Known, LATER, SIGNED, STAMPED, VALIDITY, expired, ocsp_given,
    responder,
};
use imza::vocabulary::{CheckId, SubIndication};
use imza_test_vectors::certificate::Extension;
use imza_test_vectors::der;
use imza_test_vectors::ocsp::CertStatus;
use imza_test_vectors::time::DAY;

use CertStatus::Good;
use CheckId::{RevocationAvailable, RevocationIssuerValidity};
use SubIndication::{
    CertificateChainGeneralFailure, OutOfBoundsNoPoe, RevocationOutOfBoundsNoPoe, RevokedNoPoe,
};

pub(super) fn rows() -> Vec<Row> {
    vec![
        row("answer from before the certificate", MISSING, |scene| {
            scene.about_signer = vec![Known::Ocsp(Good, VALIDITY.0 - 1)];
        }),
        row(
            "answer from after the certificate expired",
            not_passed(CertificateChainGeneralFailure, RevocationAvailable),
            |scene| {
                expired(scene);
                scene.about_signer = vec![Known::Ocsp(Good, EXPIRY + 60)];
            },
        ),
        row(
            "an answer from after the certificate expired says revoked",
            not_passed(RevokedNoPoe, CheckId::RevocationNotRevoked),
            |scene| {
                expired(scene);
                let said = CertStatus::Revoked(SIGNED - 60, None);
                scene.about_signer =
                    vec![Known::Ocsp(Good, STAMPED), Known::Ocsp(said, EXPIRY + 60)];
            },
        ),
        row(
            "a list from after the certificate expired says revoked",
            not_passed(RevokedNoPoe, CheckId::RevocationNotRevoked),
            |scene| {
                expired(scene);
                let said = Some((SIGNED - 60, None));
                scene.about_signer =
                    vec![Known::Ocsp(Good, STAMPED), Known::Crl(said, EXPIRY + 60)];
            },
        ),
        row(
            "answer from after the certificate expired, archive cutoff before",
            passed(RevocationAvailable),
            |scene| {
                expired(scene);
                let by = scene.pki.ocsp_responder.clone();
                let mut answer = scene.answer(Good, &by, EXPIRY + 60);
                let cutoff = der::generalized_time(SIGNED - DAY);
                answer.responses[0]
                    .extensions
                    .push(Extension::new("1.3.6.1.5.5.7.48.1.6", cutoff));
                scene.about_signer = vec![ocsp_given(&answer, &by)];
            },
        ),
        row(
            "the responder's certificate had ended when it answered",
            MISSING,
            |scene| {
                let of = scene.pki.citizen_p384.clone();
                let own = responder(&of, &scene.issuer, (VALIDITY.0, DATA - 1), true);
                answered_by(scene, &own, DATA);
            },
        ),
        row(
            "the responder's certificate had not begun when it answered",
            MISSING,
            |scene| {
                let of = scene.pki.citizen_p384.clone();
                let own = responder(&of, &scene.issuer, (DATA + 1, VALIDITY.1), true);
                answered_by(scene, &own, DATA);
            },
        ),
        row(
            "the responder's certificate has ended since",
            not_passed(RevocationOutOfBoundsNoPoe, RevocationIssuerValidity),
            |scene| {
                let of = scene.pki.citizen_p384.clone();
                let own = responder(&of, &scene.issuer, (VALIDITY.0, DATA + 10), true);
                answered_by(scene, &own, DATA);
            },
        ),
        row(
            "signer and responder have expired since",
            not_passed(OutOfBoundsNoPoe, CheckId::CertificateValidity),
            |scene| {
                expired(scene);
                let of = scene.pki.citizen_p384.clone();
                let own = responder(&of, &scene.issuer, (VALIDITY.0, AFTER_EXPIRY - 1), true);
                answered_by(scene, &own, EXPIRY - 3_600);
            },
        ),
        row(
            "a renewed responder with the same key",
            passed(RevocationAvailable),
            |scene| {
                let of = scene.pki.citizen_p384.clone();
                let old = responder(&of, &scene.issuer, (VALIDITY.0, DATA - 1), true);
                let new = responder(&of, &scene.issuer, VALIDITY, true);
                let mut answer = scene.answer(Good, &new, DATA);
                answer.certificates.insert(0, old.certificate);
                scene.about_signer = vec![ocsp_given(&answer, &new)];
            },
        ),
        row(
            "short-term certificate without revocation data",
            passed(RevocationAvailable),
            |scene| {
                scene.sign_with(|spec| {
                    (spec.not_before, spec.not_after) = (SIGNED - 60, SIGNED + DAY);
                    spec.extensions
                        .push(Extension::new("0.4.0.194121.2.1", der::null()));
                });
                scene.about_signer.clear();
            },
        ),
        row(
            "short-term certificate that lives for long",
            MISSING,
            |scene| {
                scene.sign_with(|spec| {
                    spec.extensions
                        .push(Extension::new("0.4.0.194121.2.1", der::null()));
                });
                scene.about_signer.clear();
            },
        ),
        row(
            "a short-term certificate that is revoked all the same",
            not_passed(RevokedNoPoe, CheckId::RevocationNotRevoked),
            |scene| {
                scene.sign_with(|spec| {
                    (spec.not_before, spec.not_after) = (SIGNED - 120, SIGNED + DAY);
                    spec.extensions
                        .push(Extension::new("0.4.0.194121.2.1", der::null()));
                });
                let said = CertStatus::Revoked(SIGNED - 60, None);
                scene.about_signer = vec![Known::Ocsp(said, DATA)];
            },
        ),
        row(
            "noRevAvail without revocation data",
            passed(RevocationAvailable),
            |scene| {
                scene.sign_with(|spec| {
                    spec.extensions
                        .push(Extension::new("2.5.29.56", der::null()));
                });
                scene.about_signer.clear();
            },
        ),
        row(
            "noRevAvail beside a pointer to revocation data",
            MISSING,
            |scene| {
                scene.sign_with(|spec| {
                    spec.extensions
                        .push(Extension::new("2.5.29.56", der::null()));
                    let pointer = Extension::crl_distribution_point("http://pki.imza.test/crl");
                    spec.extensions.push(pointer);
                });
                scene.about_signer.clear();
            },
        ),
        row(
            "ocsp-nocheck on the signer",
            not_passed(
                SubIndication::ChainConstraintsFailure,
                CheckId::PathConstraints,
            ),
            |scene| {
                scene.sign_with(|spec| spec.extensions.push(Extension::ocsp_no_check()));
            },
        ),
        row(
            "ocsp-nocheck on the signer instead of revocation data",
            MISSING,
            |scene| {
                scene.sign_with(|spec| spec.extensions.push(Extension::ocsp_no_check()));
                scene.about_signer.clear();
            },
        ),
        row(
            "answer of the last instant of the certificate",
            passed(RevocationAvailable),
            |scene| {
                expired(scene);
                scene.about_signer = vec![Known::Ocsp(Good, EXPIRY)];
                scene.now = LATER.max(EXPIRY + 1);
                scene.about_issuer = vec![Known::Crl(None, EXPIRY)];
            },
        ),
    ]
}
