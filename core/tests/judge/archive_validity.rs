//! Archive time-stamps: what has ended since, and would be nothing without them.
//!
//! Certificates, anchors and algorithms each end before, at, or after the proof.

use crate::archive::{ARCHIVED, RESPONDER_END, archive_at, archived, dropped, short_authority};
use crate::revocation::apart;
use crate::row::{Row, not_passed, passed, row};
use crate::scene::{
    DATA, EXPIRY, LATER, SIGNED, STAMPED, Scene, Stamp, VALIDITY, anchor, responder,
};
use imza::time::UnixTime;
use imza::vocabulary::{CheckId, Level, Purpose, SubIndication};
use imza_test_vectors::Entity;
use imza_test_vectors::hash::Hash;
use imza_test_vectors::key::Scheme;
use imza_test_vectors::ocsp::CertStatus;

use CheckId::{
    AlgorithmPath, AlgorithmRevocation, AlgorithmSignature, AuthorityValidity, CertificateValidity,
    PathSunset, ProofControlTime, ProofExistence, ProofPastPath, RevocationIssuerValidity,
    TimeNotAfter,
};
use SubIndication::{
    CryptoConstraintsFailureNoPoe, NoCertificateChainFoundNoPoe, OutOfBoundsNoPoe,
    RevocationOutOfBoundsNoPoe,
};

pub(crate) fn rows() -> Vec<Row> {
    let mut rows = of_validity();
    rows.extend(of_anchors());
    rows.extend(of_algorithms());
    rows
}

fn of_validity() -> Vec<Row> {
    let lost = not_passed(RevocationOutOfBoundsNoPoe, RevocationIssuerValidity);
    vec![
        row(
            "archived, the CA expired since as well",
            passed(AuthorityValidity),
            |scene| {
                short_authority(scene, EXPIRY);
                archived(scene);
            },
        ),
        row(
            "CA expired, no archive time-stamp",
            not_passed(OutOfBoundsNoPoe, CertificateValidity),
            |scene| {
                short_authority(scene, EXPIRY);
                archived(scene);
                scene.archives.clear();
            },
        ),
        row(
            "archived, the CA expired since, certificates not in the archive index",
            not_passed(OutOfBoundsNoPoe, ProofControlTime),
            |scene| {
                short_authority(scene, EXPIRY);
                archived(scene);
                scene.archives[0].edit_index = Some(|index| index.certificates.clear());
            },
        ),
        row(
            "archived, the CA expired since, what is known added later",
            not_passed(OutOfBoundsNoPoe, ProofControlTime),
            |scene| {
                short_authority(scene, EXPIRY);
                archived(scene);
                scene.is_known_last = true;
            },
        ),
        row(
            "the responder is in the archive, and its answer came later",
            lost,
            |scene| {
                archived(scene);
                scene.is_embedded = false;
                scene.carried = vec![scene.pki.ocsp_responder.certificate.clone()];
            },
        ),
        row(
            "signed and archived after the CA expired",
            not_passed(OutOfBoundsNoPoe, AuthorityValidity),
            |scene| {
                short_authority(scene, STAMPED - 1);
                scene.claimed = STAMPED - 1;
                apart(scene);
                scene.sign_with(|_| {});
                let (of, issuer) = (scene.pki.ocsp_responder.clone(), scene.issuer.clone());
                scene.pki.ocsp_responder = responder(&of, &issuer, VALIDITY, true);
                scene.is_embedded = true;
                archive_at(scene, ARCHIVED);
                scene.now = SIGNED + 60;
            },
        ),
        row(
            "archived, signer and CA were never valid together",
            not_passed(OutOfBoundsNoPoe, ProofPastPath),
            |scene| {
                short_authority(scene, SIGNED - 10);
                archived(scene);
                scene.sign_with(|spec| {
                    spec.not_before = SIGNED - 5;
                    spec.not_after = EXPIRY;
                });
            },
        ),
        row(
            "archived, only the responder expired",
            passed(RevocationIssuerValidity),
            |scene| {
                archived(scene);
                scene.sign_with(|_| {});
            },
        ),
        row(
            "only the responder expired, no archive time-stamp",
            not_passed(RevocationOutOfBoundsNoPoe, RevocationIssuerValidity),
            |scene| {
                archived(scene);
                scene.sign_with(|_| {});
                scene.archives.clear();
            },
        ),
        row(
            "only the responder expired, by a policy that tells it",
            passed(CheckId::RevocationAvailable),
            |scene| {
                archived(scene);
                scene.sign_with(|_| {});
                scene.archives.clear();
                let check = RevocationIssuerValidity;
                scene.policy.levels.insert(check, Level::Inform);
            },
        ),
        row(
            "proven by the caller, responder expired, archived late",
            not_passed(RevocationOutOfBoundsNoPoe, RevocationIssuerValidity),
            |scene| {
                archived(scene);
                archive_at(scene, RESPONDER_END + 1);
                scene.proven_at = Some(STAMPED);
            },
        ),
        row(
            "archived after the signer expired, no signature time-stamp",
            not_passed(OutOfBoundsNoPoe, TimeNotAfter),
            |scene| {
                archived(scene);
                scene.stamps.clear();
                archive_at(scene, EXPIRY + 1);
            },
        ),
    ]
}

/// The anchor for signers is trusted until this date; that of time-stamps without end.
fn sunset(scene: &mut Scene, date: i64) {
    let root = || anchor(&scene.pki.root);
    let until = root().until(UnixTime::from_seconds(date));
    let (signing, stamping) = (Purpose::Signing, Purpose::Timestamping);
    scene.anchors = vec![
        until.for_purposes([signing]),
        root().for_purposes([stamping]),
    ];
}

fn of_anchors() -> Vec<Row> {
    let late = not_passed(NoCertificateChainFoundNoPoe, PathSunset);
    vec![
        row(
            "archived before the sunset date of the anchor",
            passed(PathSunset),
            |scene| {
                archived(scene);
                sunset(scene, ARCHIVED + 1);
            },
        ),
        row(
            "archived at the sunset date of the anchor",
            passed(PathSunset),
            |scene| {
                archived(scene);
                sunset(scene, ARCHIVED);
            },
        ),
        row(
            "archived after the sunset date of the anchor",
            late,
            |scene| {
                archived(scene);
                sunset(scene, ARCHIVED - 1);
            },
        ),
        row(
            "sunset date of the anchor, no archive time-stamp",
            late,
            |scene| {
                archived(scene);
                scene.archives.clear();
                sunset(scene, LATER);
            },
        ),
    ]
}

/// SHA-384 ends at this time. Only what is signed by `scheme384` needs it.
fn ends_at(scene: &mut Scene, end: i64) {
    for rule in &mut scene.policy.suite.rules {
        if rule.name == "SHA-384" {
            rule.end = Some(UnixTime::from_seconds(end));
        }
    }
}

/// A citizen's certificate that its CA signed with SHA-384.
fn signed_with_384(scene: &mut Scene) {
    let issuer: Entity = scene.issuer.clone();
    let of = scene.pki.citizen_p256.clone();
    scene.signer = crate::scene::citizen(&of, &issuer, |spec| {
        spec.not_after = EXPIRY;
        spec.scheme = Some(Scheme::Ecdsa(Hash::Sha384));
    });
}

/// The answer about the signer is signed with SHA-384.
fn answered_with_384(scene: &mut Scene) {
    let by = scene.pki.ocsp_responder.clone();
    let mut answer = scene.answer(CertStatus::Good, &by, DATA);
    answer.scheme = Some(Scheme::Ecdsa(Hash::Sha384));
    scene.about_signer = vec![crate::scene::ocsp_given(&answer, &by)];
}

fn of_algorithms() -> Vec<Row> {
    let path = not_passed(CryptoConstraintsFailureNoPoe, AlgorithmPath);
    let data = not_passed(CryptoConstraintsFailureNoPoe, AlgorithmRevocation);
    vec![
        row(
            "certificate by an algorithm that ended after the archive time-stamp",
            passed(AlgorithmPath),
            |scene| {
                archived(scene);
                signed_with_384(scene);
                ends_at(scene, ARCHIVED + 1);
            },
        ),
        row(
            "certificate by an algorithm that ended when it was archived",
            path,
            |scene| {
                archived(scene);
                signed_with_384(scene);
                ends_at(scene, ARCHIVED);
            },
        ),
        row(
            "certificate by an algorithm that ended, no archive time-stamp",
            path,
            |scene| {
                archived(scene);
                signed_with_384(scene);
                scene.archives.clear();
                ends_at(scene, LATER);
            },
        ),
        row(
            "certificate by an algorithm that ended, not in the archive index",
            path,
            |scene| {
                archived(scene);
                signed_with_384(scene);
                scene.archives[0].edit_index = Some(|index| index.certificates.clear());
                ends_at(scene, LATER);
            },
        ),
        row(
            "revocation data by an algorithm that ended after the archive time-stamp",
            passed(AlgorithmRevocation),
            |scene| {
                archived(scene);
                answered_with_384(scene);
                ends_at(scene, ARCHIVED + 1);
            },
        ),
        row(
            "revocation data by an algorithm that ended before the archive time-stamp",
            data,
            |scene| {
                archived(scene);
                answered_with_384(scene);
                ends_at(scene, ARCHIVED - 1);
            },
        ),
        row(
            "revocation data by an algorithm that ended, added after the archive time-stamp",
            data,
            |scene| {
                archived(scene);
                answered_with_384(scene);
                scene.is_known_last = true;
                ends_at(scene, LATER);
            },
        ),
        row(
            "signature by an algorithm that ended, archived before, no other time-stamp",
            passed(AlgorithmSignature),
            |scene| {
                archived(scene);
                scene.algorithms = Some((Hash::Sha384, Scheme::Ecdsa(Hash::Sha384)));
                scene.stamps.clear();
                ends_at(scene, LATER);
            },
        ),
        row(
            "signature by an algorithm that ended, archived after, no other time-stamp",
            not_passed(CryptoConstraintsFailureNoPoe, AlgorithmSignature),
            |scene| {
                archived(scene);
                scene.algorithms = Some((Hash::Sha384, Scheme::Ecdsa(Hash::Sha384)));
                scene.stamps.clear();
                ends_at(scene, ARCHIVED - 1);
            },
        ),
        row(
            "signature time-stamp by an imprint that ended after the archive time-stamp",
            passed(TimeNotAfter),
            |scene| {
                archived(scene);
                scene.stamps[0].hash = Hash::Sha384;
                ends_at(scene, ARCHIVED + 1);
            },
        ),
        row(
            "signature time-stamp by an imprint that ended before the archive time-stamp",
            passed(ProofExistence)
                .without_timestamp(CryptoConstraintsFailureNoPoe, AlgorithmSignature),
            |scene| {
                archived(scene);
                scene.stamps[0].hash = Hash::Sha384;
                ends_at(scene, ARCHIVED - 1);
            },
        ),
        row(
            "archive time-stamp by an imprint that has ended",
            dropped(CryptoConstraintsFailureNoPoe, AlgorithmSignature),
            |scene| {
                archived(scene);
                let tsa = scene.tsa.clone();
                scene.archives[0].stamp = Stamp {
                    hash: Hash::Sha384,
                    ..Stamp::at(ARCHIVED, &tsa)
                };
                ends_at(scene, LATER);
            },
        ),
    ]
}
