//! Revocation: of the signer, of its CA, missing and stale data.

use crate::row::{Row, not_passed, passed, row, warned};
use crate::scene::{DATA, Known, LATER, NOW, SIGNED, STAMPED, Scene, Stamp, ocsp_given};
use imza::policy::{Freshness, RevocationRequirement};
use imza::vocabulary::{CheckId, SubIndication};
use imza_test_vectors::crl::RevocationReason;
use imza_test_vectors::hash::Hash;
use imza_test_vectors::key::Scheme;
use imza_test_vectors::ocsp::{CertStatus, SingleResponse};
use imza_test_vectors::time::DAY;

use CheckId::{
    RevocationAuthorityNotRevoked, RevocationAvailable, RevocationFresh, RevocationNotOnHold,
    RevocationNotRevoked,
};
use RevocationReason::{
    AffiliationChanged, CaCompromise, CertificateHold, CessationOfOperation, KeyCompromise,
    PrivilegeWithdrawn, Superseded, Unspecified,
};
use SubIndication::{CertificateChainGeneralFailure, RevokedCaNoPoe, RevokedNoPoe, TryLater};

/// The signer is revoked, and what says so was issued later.
fn revoked(scene: &mut Scene, at: i64, reason: RevocationReason) {
    scene.judged_at(LATER + 10, LATER + 60);
    let status = CertStatus::Revoked(at, Some(reason));
    scene.about_signer = vec![Known::Ocsp(status, LATER + 10)];
}

/// A list says hold, and an answer that is signed later says good as of this instant.
fn good_by_data_of(scene: &mut Scene, time: i64) {
    let said = Some((SIGNED - 60, Some(CertificateHold)));
    let by = scene.pki.ocsp_responder.clone();
    let mut answer = scene.answer(CertStatus::Good, &by, DATA + 10);
    answer.responses[0].this_update = time;
    scene.about_signer = vec![Known::Crl(said, DATA), ocsp_given(&answer, &by)];
    apart(scene);
}

/// On hold before signing, revoked after the time-stamp; answers of these times say good.
fn held_then_revoked(scene: &mut Scene, good: &[i64]) {
    revoked(scene, LATER, KeyCompromise);
    let hold = CertStatus::Revoked(SIGNED - 60, Some(CertificateHold));
    scene.about_signer.push(Known::Ocsp(hold, SIGNED - 30));
    let good = good.iter().map(|at| Known::Ocsp(CertStatus::Good, *at));
    scene.about_signer.extend(good);
}

/// The same in one response, each answer as of its own instant.
fn held_then_revoked_in_one(scene: &mut Scene, good: Option<i64>) {
    revoked(scene, LATER, KeyCompromise);
    let by = scene.pki.ocsp_responder.clone();
    let status = CertStatus::Revoked(LATER, Some(KeyCompromise));
    let mut answer = scene.answer(status, &by, LATER + 10);
    let hold = CertStatus::Revoked(SIGNED - 60, Some(CertificateHold));
    let earlier = [(hold, SIGNED - 30)];
    for (status, this_update) in earlier
        .into_iter()
        .chain(good.map(|at| (CertStatus::Good, at)))
    {
        answer.responses.push(SingleResponse {
            status,
            this_update,
            ..answer.responses[0].clone()
        });
    }
    scene.about_signer = vec![ocsp_given(&answer, &by)];
}

/// The signer's CA is revoked.
fn authority_revoked(scene: &mut Scene, at: i64, reason: Option<RevocationReason>) {
    scene.judged_at(LATER + 10, LATER + 60);
    scene.about_issuer = vec![Known::Crl(Some((at, reason)), LATER + 10)];
    // The authority for time-stamps stands apart, so that its own path is not concerned.
    apart(scene);
}

/// Time-stamps come from a CA of their own, directly below the root.
pub(crate) fn apart(scene: &mut Scene) {
    use crate::scene::{VALIDITY, crl_given, tsa_of};
    use imza_test_vectors::crl::CrlSpec;
    let tsa = tsa_of(&scene.pki.tsa_p256, &scene.pki.root, VALIDITY);
    for stamp in scene.stamps.iter_mut().chain(&mut scene.content_stamps) {
        stamp.tsa = tsa.clone();
    }
    scene.tsa = tsa;
    let list = CrlSpec::new(&scene.pki.root, 9, DATA, &[]);
    scene.about_tsa = vec![crl_given(&list, &scene.pki.root)];
}

pub(crate) fn rows() -> Vec<Row> {
    let mut rows = of_the_signer();
    rows.extend(of_the_authority());
    rows.extend(of_what_is_known());
    rows
}

fn of_the_signer() -> Vec<Row> {
    vec![
        row(
            "revoked after the time-stamp",
            passed(RevocationNotRevoked),
            |scene| {
                revoked(scene, LATER, KeyCompromise);
            },
        ),
        row(
            "revoked one second after the time-stamp",
            passed(RevocationNotRevoked),
            |scene| {
                revoked(scene, STAMPED + 1, KeyCompromise);
            },
        ),
        row(
            "revoked at the instant of the time-stamp",
            not_passed(RevokedNoPoe, RevocationNotRevoked),
            |scene| revoked(scene, STAMPED, KeyCompromise),
        ),
        row(
            "revoked before the time-stamp",
            not_passed(RevokedNoPoe, RevocationNotRevoked),
            |scene| revoked(scene, SIGNED - 60, Superseded),
        ),
        row(
            "revoked, and no time-stamp",
            not_passed(RevokedNoPoe, RevocationNotRevoked),
            |scene| {
                revoked(scene, LATER, KeyCompromise);
                scene.stamps.clear();
            },
        ),
        row(
            "revoked before best-signature-time decides as its own check",
            not_passed(RevokedNoPoe, CheckId::TimeBeforeRevocation),
            |scene| revoked(scene, SIGNED - 60, Superseded),
        ),
        row(
            "on hold since before the time-stamp",
            not_passed(TryLater, RevocationNotOnHold),
            |scene| revoked(scene, SIGNED - 60, CertificateHold),
        ),
        row(
            "on hold since the instant of the time-stamp",
            not_passed(TryLater, RevocationNotOnHold),
            |scene| revoked(scene, STAMPED, CertificateHold),
        ),
        row(
            "on hold since after the time-stamp",
            passed(RevocationNotOnHold),
            |scene| {
                revoked(scene, LATER, CertificateHold);
            },
        ),
        row(
            "a hold that was lifted since",
            passed(RevocationNotOnHold),
            |scene| {
                scene.judged_at(LATER + 10, LATER + 60);
                let hold = CertStatus::Revoked(SIGNED - 60, Some(CertificateHold));
                scene.about_signer = vec![
                    Known::Ocsp(CertStatus::Good, LATER + 10),
                    Known::Ocsp(hold, DATA),
                ];
            },
        ),
        row(
            "a hold that came after a good answer",
            not_passed(TryLater, RevocationNotOnHold),
            |scene| {
                revoked(scene, SIGNED - 60, CertificateHold);
                scene.about_signer.push(Known::Ocsp(CertStatus::Good, DATA));
            },
        ),
        row(
            "a hold and a good answer of the same instant",
            not_passed(TryLater, RevocationNotOnHold),
            |scene| {
                revoked(scene, SIGNED - 60, CertificateHold);
                scene
                    .about_signer
                    .push(Known::Ocsp(CertStatus::Good, LATER + 10));
            },
        ),
        row(
            "a list says hold, a newer answer says good by older data",
            not_passed(TryLater, RevocationNotOnHold),
            |scene| good_by_data_of(scene, DATA - 1),
        ),
        row(
            "a list says hold, a newer answer says good by data as new",
            passed(RevocationNotOnHold),
            |scene| good_by_data_of(scene, DATA),
        ),
        row(
            "a list says hold, a newer answer signed with SHA-1 says good",
            not_passed(TryLater, RevocationNotOnHold),
            |scene| {
                good_by_data_of(scene, DATA + 10);
                let by = scene.pki.ocsp_responder.clone();
                let mut answer = scene.answer(CertStatus::Good, &by, DATA + 10);
                answer.scheme = Some(Scheme::Ecdsa(Hash::Sha1));
                scene.about_signer[1] = ocsp_given(&answer, &by);
            },
        ),
        row(
            "a hold that became a revocation after the time-stamp",
            not_passed(RevokedNoPoe, RevocationNotRevoked),
            |scene| held_then_revoked(scene, &[]),
        ),
        row(
            "a hold that was lifted, and a revocation after the time-stamp",
            passed(RevocationNotRevoked),
            |scene| held_then_revoked(scene, &[SIGNED]),
        ),
        row(
            "a hold that became a revocation, and an answer that did not know of it",
            not_passed(RevokedNoPoe, RevocationNotRevoked),
            |scene| held_then_revoked(scene, &[LATER + 5]),
        ),
        row(
            "a hold that became a revocation, both in one response",
            not_passed(RevokedNoPoe, RevocationNotRevoked),
            |scene| held_then_revoked_in_one(scene, None),
        ),
        row(
            "a hold that was lifted, and a revocation, all in one response",
            passed(RevocationNotRevoked),
            |scene| held_then_revoked_in_one(scene, Some(SIGNED)),
        ),
        row(
            "a hold since after the time-stamp that became a revocation",
            passed(RevocationNotRevoked),
            |scene| {
                revoked(scene, LATER, KeyCompromise);
                let hold = CertStatus::Revoked(STAMPED + 1, Some(CertificateHold));
                scene.about_signer.push(Known::Ocsp(hold, DATA));
            },
        ),
        row(
            "a good answer after a revoked one",
            not_passed(RevokedNoPoe, RevocationNotRevoked),
            |scene| {
                revoked(scene, SIGNED - 60, KeyCompromise);
                scene.now = LATER + 120;
                scene
                    .about_signer
                    .push(Known::Ocsp(CertStatus::Good, LATER + 100));
            },
        ),
        row(
            "a list says revoked, a newer answer says good",
            not_passed(RevokedNoPoe, RevocationNotRevoked),
            |scene| {
                let said = Some((SIGNED - 60, Some(KeyCompromise)));
                scene.about_signer = vec![
                    Known::Crl(said, DATA),
                    Known::Ocsp(CertStatus::Good, DATA + 10),
                ];
            },
        ),
        row(
            "an answer says revoked, a newer list does not",
            not_passed(RevokedNoPoe, RevocationNotRevoked),
            |scene| {
                let said = CertStatus::Revoked(SIGNED - 60, None);
                scene.about_signer = vec![Known::Ocsp(said, DATA), Known::Crl(None, DATA + 10)];
            },
        ),
        row(
            "a list says hold, a newer answer says good",
            passed(RevocationNotOnHold),
            |scene| {
                let said = Some((SIGNED - 60, Some(CertificateHold)));
                scene.about_signer = vec![
                    Known::Crl(said, DATA),
                    Known::Ocsp(CertStatus::Good, DATA + 10),
                ];
            },
        ),
        row(
            "one response says revoked and then good",
            not_passed(RevokedNoPoe, RevocationNotRevoked),
            |scene| {
                let by = scene.pki.ocsp_responder.clone();
                let said = CertStatus::Revoked(SIGNED - 60, Some(KeyCompromise));
                let mut answer = scene.answer(said, &by, DATA);
                let good = scene.answer(CertStatus::Good, &by, DATA + 10);
                answer.responses.extend(good.responses);
                scene.about_signer = vec![ocsp_given(&answer, &by)];
            },
        ),
        row(
            "two answers revoke at different times, the earlier before the time-stamp",
            not_passed(RevokedNoPoe, RevocationNotRevoked),
            |scene| {
                revoked(scene, LATER, KeyCompromise);
                let early = CertStatus::Revoked(SIGNED - 60, Some(Superseded));
                scene.about_signer.push(Known::Ocsp(early, DATA));
            },
        ),
        row(
            "a list instead of an answer",
            passed(RevocationAvailable),
            |scene| {
                scene.about_signer = vec![Known::Crl(None, DATA)];
            },
        ),
    ]
}

fn of_the_authority() -> Vec<Row> {
    let no_poe = not_passed(RevokedCaNoPoe, RevocationAuthorityNotRevoked);
    let kept = passed(RevocationAuthorityNotRevoked);
    vec![
        row("CA revoked later, superseded", kept, |scene| {
            authority_revoked(scene, LATER, Some(Superseded));
        }),
        row("CA revoked later, affiliation changed", kept, |scene| {
            authority_revoked(scene, LATER, Some(AffiliationChanged));
        }),
        row("CA revoked later, cessation of operation", kept, |scene| {
            authority_revoked(scene, LATER, Some(CessationOfOperation));
        }),
        row("CA revoked later, key compromise", no_poe, |scene| {
            authority_revoked(scene, LATER, Some(KeyCompromise));
        }),
        row("CA revoked later, CA compromise", no_poe, |scene| {
            authority_revoked(scene, LATER, Some(CaCompromise));
        }),
        row("CA revoked later, unspecified", no_poe, |scene| {
            authority_revoked(scene, LATER, Some(Unspecified));
        }),
        row("CA revoked later, privilege withdrawn", no_poe, |scene| {
            authority_revoked(scene, LATER, Some(PrivilegeWithdrawn));
        }),
        row("CA revoked later, no reason", no_poe, |scene| {
            authority_revoked(scene, LATER, None);
        }),
        row("CA on hold", no_poe, |scene| {
            authority_revoked(scene, LATER, Some(CertificateHold));
        }),
        row("CA revoked before the time-stamp", no_poe, |scene| {
            authority_revoked(scene, SIGNED - 60, Some(Superseded));
        }),
        row(
            "CA revoked at the instant of the time-stamp",
            no_poe,
            |scene| {
                authority_revoked(scene, STAMPED, Some(CessationOfOperation));
            },
        ),
        row(
            "CA revoked twice, the harmless reason first",
            no_poe,
            |scene| {
                authority_revoked(scene, LATER, Some(Superseded));
                let said = Some((LATER + 5, Some(KeyCompromise)));
                scene.about_issuer.push(Known::Crl(said, LATER + 20));
            },
        ),
        row("signer revoked later, its CA before", no_poe, |scene| {
            authority_revoked(scene, SIGNED - 60, Some(Superseded));
            let said = CertStatus::Revoked(LATER, Some(KeyCompromise));
            scene.about_signer = vec![Known::Ocsp(said, LATER + 10)];
        }),
        row(
            "nothing known about the CA",
            not_passed(CertificateChainGeneralFailure, RevocationAvailable),
            |scene| {
                scene.about_issuer.clear();
                apart(scene);
                // What the root says of its time-stamping authority would speak for the CA too.
                scene.about_tsa.clear();
                scene.stamps.clear();
            },
        ),
    ]
}

fn of_what_is_known() -> Vec<Row> {
    let missing = not_passed(CertificateChainGeneralFailure, RevocationAvailable);
    let stale = not_passed(TryLater, RevocationFresh);
    vec![
        row("no revocation data", missing, |scene| {
            scene.about_signer.clear()
        }),
        row(
            "no revocation data, softly",
            warned(RevocationAvailable),
            |scene| {
                scene.about_signer.clear();
                scene.policy.revocation = RevocationRequirement::Soft;
            },
        ),
        row(
            "no revocation data, not asked for",
            passed(RevocationAvailable),
            |scene| {
                scene.about_signer.clear();
                scene.about_issuer.clear();
                scene.policy.revocation = RevocationRequirement::None;
            },
        ),
        row(
            "revoked, and not asked for",
            not_passed(RevokedNoPoe, RevocationNotRevoked),
            |scene| {
                revoked(scene, SIGNED - 60, KeyCompromise);
                scene.policy.revocation = RevocationRequirement::None;
            },
        ),
        row("stale, no time-stamp", stale, |scene| {
            scene.stamps.clear();
            scene.now = DATA + DAY;
        }),
        row(
            "not yet stale, no time-stamp",
            passed(RevocationFresh),
            |scene| {
                scene.stamps.clear();
                scene.now = DATA + DAY - 1;
            },
        ),
        row(
            "stale now, fresh at the time-stamp",
            passed(RevocationFresh),
            |scene| {
                scene.now = DATA + 5 * DAY;
            },
        ),
        row("stale at the time-stamp already", stale, |scene| {
            scene.about_signer = vec![Known::Ocsp(CertStatus::Good, STAMPED - DAY)];
        }),
        row(
            "one second short of stale at the time-stamp",
            passed(RevocationFresh),
            |scene| {
                scene.about_signer = vec![Known::Ocsp(CertStatus::Good, STAMPED - DAY + 1)];
                scene.now = DATA + 2 * DAY;
            },
        ),
        row("a thief with an old good answer", stale, |scene| {
            // Revoked the day before; nothing newer is at hand.
            let old = SIGNED - 3 * DAY;
            scene.about_signer = vec![Known::Ocsp(CertStatus::Good, old)];
        }),
        row("stale, softly", warned(RevocationFresh), |scene| {
            scene.stamps.clear();
            scene.now = DATA + 5 * DAY;
            scene.policy.revocation = RevocationRequirement::Soft;
        }),
        row("stale, not asked for", passed(RevocationFresh), |scene| {
            scene.stamps.clear();
            scene.now = DATA + 5 * DAY;
            scene.policy.revocation = RevocationRequirement::None;
        }),
        row(
            "data must be issued after the time-stamp, and is",
            passed(RevocationFresh),
            |scene| {
                scene.policy.freshness = Freshness::Seconds(0);
            },
        ),
        row(
            "data must be issued after the time-stamp, and is not",
            stale,
            |scene| {
                scene.policy.freshness = Freshness::Seconds(0);
                scene.about_signer = vec![Known::Ocsp(CertStatus::Good, STAMPED)];
            },
        ),
        row("data from after the time of judging", missing, |scene| {
            scene.about_signer = vec![Known::Ocsp(CertStatus::Good, NOW + 1)];
        }),
        row(
            "revoked by data from after the time of judging",
            missing,
            |scene| {
                let said = CertStatus::Revoked(SIGNED - 60, None);
                scene.about_signer = vec![Known::Ocsp(said, NOW + 1)];
            },
        ),
        row(
            "two time-stamps, the earlier proves",
            passed(RevocationNotRevoked),
            |scene| {
                revoked(scene, LATER, KeyCompromise);
                let tsa = scene.tsa.clone();
                scene.stamps.insert(0, Stamp::at(LATER + 5, &tsa));
            },
        ),
    ]
}
