//! What is wrong with an answer itself.

use super::{MISSING, scheme_sha1};
use crate::row::{Row, not_passed, passed, row};
use crate::scene::{DATA, Scene, ocsp_given};
use imza::vocabulary::{CheckId, SubIndication};
use imza_test_vectors::certificate::Extension;
use imza_test_vectors::der;
use imza_test_vectors::hash::Hash;
use imza_test_vectors::ocsp::{CertStatus, ResponderId};

use CertStatus::Good;
use CheckId::{AlgorithmRevocation, RevocationAvailable};
use SubIndication::CryptoConstraintsFailureNoPoe;

fn edited_answer(scene: &mut Scene, edit: impl FnOnce(&mut imza_test_vectors::ocsp::ResponseSpec)) {
    let by = scene.pki.ocsp_responder.clone();
    let mut answer = scene.answer(Good, &by, DATA);
    edit(&mut answer);
    scene.about_signer = vec![ocsp_given(&answer, &by)];
}

pub(super) fn rows() -> Vec<Row> {
    vec![
        row("answer: unknown", MISSING, |scene| {
            edited_answer(scene, |answer| {
                answer.responses[0].status = CertStatus::Unknown
            });
        }),
        row("answer with a broken signature", MISSING, |scene| {
            edited_answer(scene, |answer| answer.break_signature = true);
        }),
        row("answer about another serial number", MISSING, |scene| {
            edited_answer(scene, |answer| {
                answer.responses[0].cert_id.serial_number = vec![9]
            });
        }),
        row("answer about another issuer's key", MISSING, |scene| {
            edited_answer(scene, |answer| {
                answer.responses[0].cert_id.issuer_key_hash = vec![9; 20]
            });
        }),
        row("answer about another issuer's name", MISSING, |scene| {
            edited_answer(scene, |answer| {
                answer.responses[0].cert_id.issuer_name_hash = vec![9; 20];
            });
        }),
        row("answer that names another responder", MISSING, |scene| {
            edited_answer(scene, |answer| {
                let other = der::explicit(2, &der::octet_string(&[9; 20]));
                answer.responder_id = ResponderId::Given(other);
            });
        }),
        row(
            "answer that names its responder by name",
            passed(RevocationAvailable),
            |scene| {
                edited_answer(scene, |answer| answer.responder_id = ResponderId::ByName);
            },
        ),
        row(
            "answer with an unknown critical extension",
            MISSING,
            |scene| {
                edited_answer(scene, |answer| {
                    let odd = Extension::critical("1.3.6.1.4.1.32473.9", der::null());
                    answer.extensions.push(odd);
                });
            },
        ),
        row(
            "single answer with an unknown critical extension",
            MISSING,
            |scene| {
                edited_answer(scene, |answer| {
                    let odd = Extension::critical("1.3.6.1.4.1.32473.9", der::null());
                    answer.responses[0].extensions.push(odd);
                });
            },
        ),
        row(
            "answer whose certHash is of another certificate",
            MISSING,
            |scene| {
                edited_answer(scene, |answer| {
                    let hash =
                        der::sequence(&[&Hash::Sha256.identifier(), &der::octet_string(&[9; 32])]);
                    answer.responses[0]
                        .extensions
                        .push(Extension::new("1.3.36.8.3.13", hash));
                });
            },
        ),
        row(
            "answer signed with SHA-1",
            not_passed(CryptoConstraintsFailureNoPoe, AlgorithmRevocation),
            |scene| {
                edited_answer(scene, |answer| answer.scheme = Some(scheme_sha1()));
            },
        ),
        row(
            "answer without the responder's certificate",
            MISSING,
            |scene| {
                edited_answer(scene, |answer| answer.certificates.clear());
                // Nor may another answer bring it.
                scene.about_tsa.clear();
                scene.stamps.clear();
            },
        ),
        row(
            "answer without nextUpdate, of today",
            passed(RevocationAvailable),
            |scene| {
                edited_answer(scene, |answer| answer.responses[0].next_update = None);
            },
        ),
        row("answer that is no answer but an error", MISSING, |scene| {
            edited_answer(scene, |answer| answer.response_status = 6);
        }),
    ]
}
