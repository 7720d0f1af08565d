//! Chains of archive time-stamps: each is itself a signature that expires.
//!
//! The first authority has expired; its time-stamps count only where a later one proves them.

use crate::archive::{ARCHIVED, RESPONDER_END, archived};
use crate::row::{Expected, Row, not_passed, passed, row};
use crate::scene::{AFTER_EXPIRY, Archive, EXPIRY, Scene, VALIDITY, crl_given, tsa_edited, tsa_of};
use imza::vocabulary::{CheckId, SubIndication};
use imza_test_vectors::Entity;
use imza_test_vectors::crl::{CrlSpec, RevocationReason};
use imza_test_vectors::hash::Hash;
use imza_test_vectors::pki::Revocation;
use imza_test_vectors::time::DAY;

use CheckId::{
    CertificateValidity, ProofExistence, RevocationNotRevoked, TimestampImprint, TimestampOrder,
};
use SubIndication::{
    HashFailure, OutOfBoundsNoPoe, OutOfBoundsNotRevoked, RevokedNoPoe, TimestampOrderFailure,
};

/// When the certificate of the first authority ends.
const FIRST_END: i64 = EXPIRY;
/// When the second archive time-stamp is made: the responder has expired.
const RENEWED: i64 = RESPONDER_END + DAY;

/// An authority with a serial number of its own.
fn another(of: &Entity, scene: &Scene, validity: (i64, i64)) -> Entity {
    tsa_edited(of, &scene.pki.root, |spec| {
        spec.serial_number = vec![0x50, 0x04];
        (spec.not_before, spec.not_after) = validity;
    })
}

/// The second authority.
fn second(scene: &Scene) -> Entity {
    another(&scene.pki.tsa_rsa_2048, scene, VALIDITY)
}

/// Archived by an authority that has expired since, and again by one that has not.
fn renewed(scene: &mut Scene) {
    archived(scene);
    let first = tsa_of(
        &scene.pki.tsa_p256,
        &scene.pki.root,
        (VALIDITY.0, FIRST_END),
    );
    scene.tsa = first.clone();
    scene.stamps[0].tsa = first.clone();
    let second = second(scene);
    scene.archives = vec![Archive::at(ARCHIVED, &first), Archive::at(RENEWED, &second)];
}

/// What the root says of the first authority.
fn first_revoked(scene: &mut Scene, at: i64, reason: Option<RevocationReason>) {
    let entries = [Revocation {
        serial_number: scene.tsa.serial_number.clone(),
        time: at,
        reason,
    }];
    let list = CrlSpec::new(&scene.pki.root, 9, at + 60, &entries);
    scene.about_tsa.push(crl_given(&list, &scene.pki.root));
}

fn dropped(sub: SubIndication, check: CheckId) -> Expected {
    not_passed(OutOfBoundsNoPoe, CertificateValidity).without_timestamp(sub, check)
}

pub(crate) fn rows() -> Vec<Row> {
    let mut rows = of_two();
    rows.extend(of_three());
    rows
}

fn of_two() -> Vec<Row> {
    let expired = dropped(OutOfBoundsNotRevoked, CertificateValidity);
    vec![
        row(
            "archived twice, the first authority expired since",
            passed(ProofExistence),
            renewed,
        ),
        row(
            "the second archive time-stamp is missing",
            expired,
            |scene| {
                renewed(scene);
                scene.archives.truncate(1);
            },
        ),
        row(
            "the second archive time-stamp is over something else",
            dropped(HashFailure, TimestampImprint),
            |scene| {
                renewed(scene);
                scene.archives[1].stamp.edit = |spec| spec.imprint = Hash::Sha256.digest(b"other");
            },
        ),
        row(
            "the second archive time-stamp does not cover the first",
            not_passed(
                SubIndication::RevocationOutOfBoundsNoPoe,
                CheckId::RevocationIssuerValidity,
            )
            .without_timestamp(OutOfBoundsNotRevoked, CertificateValidity),
            |scene| {
                renewed(scene);
                scene.archives[1].edit_index = Some(|index| index.attributes.clear());
            },
        ),
        row(
            "renewed in the last second of the first authority",
            passed(ProofExistence),
            |scene| {
                renewed(scene);
                scene.archives[1].stamp.time = FIRST_END;
            },
        ),
        row(
            "renewed one second after the first authority",
            not_passed(OutOfBoundsNoPoe, CheckId::TimeNotAfter)
                .without_timestamp(OutOfBoundsNotRevoked, CertificateValidity),
            |scene| {
                renewed(scene);
                scene.archives[1].stamp.time = FIRST_END + 1;
            },
        ),
        row(
            "first authority revoked after it was renewed",
            passed(ProofExistence),
            |scene| {
                renewed(scene);
                first_revoked(scene, RENEWED + 1, Some(RevocationReason::KeyCompromise));
            },
        ),
        row(
            "first authority revoked when it was renewed",
            not_passed(
                SubIndication::RevocationOutOfBoundsNoPoe,
                CheckId::RevocationIssuerValidity,
            )
            .without_timestamp(RevokedNoPoe, RevocationNotRevoked),
            |scene| {
                renewed(scene);
                first_revoked(scene, RENEWED, Some(RevocationReason::KeyCompromise));
            },
        ),
        row(
            "first authority revoked before it was renewed",
            not_passed(
                SubIndication::RevocationOutOfBoundsNoPoe,
                CheckId::RevocationIssuerValidity,
            )
            .without_timestamp(RevokedNoPoe, RevocationNotRevoked),
            |scene| {
                renewed(scene);
                first_revoked(
                    scene,
                    RENEWED - 1,
                    Some(RevocationReason::CessationOfOperation),
                );
            },
        ),
        row(
            "an archive time-stamp older than the one that it covers",
            not_passed(TimestampOrderFailure, TimestampOrder),
            |scene| {
                renewed(scene);
                scene.archives[1].stamp.time = ARCHIVED - 3;
                scene.now = ARCHIVED + 60;
            },
        ),
        row(
            "the document was archived twice, nothing has expired",
            passed(TimestampOrder),
            |scene| {
                renewed(scene);
                scene.archives[1].stamp.time = ARCHIVED + 3;
                scene.now = ARCHIVED + 60;
            },
        ),
    ]
}

/// Three: the first two authorities have expired.
fn thrice(scene: &mut Scene) {
    renewed(scene);
    let until = (VALIDITY.0, AFTER_EXPIRY + DAY);
    let middle = another(&scene.pki.tsa_rsa_2048, scene, until);
    scene.archives[1] = Archive::at(RENEWED, &middle);
    let last = another(&scene.pki.citizen_p384, scene, VALIDITY);
    scene.archives.push(Archive::at(AFTER_EXPIRY, &last));
    scene.now = AFTER_EXPIRY + 10 * DAY;
}

fn of_three() -> Vec<Row> {
    vec![
        row(
            "archived three times, two authorities expired since",
            passed(ProofExistence),
            thrice,
        ),
        row(
            "the middle archive time-stamp is over something else",
            not_passed(OutOfBoundsNoPoe, CheckId::CertificateValidity)
                .without_timestamp(HashFailure, TimestampImprint),
            |scene| {
                thrice(scene);
                scene.archives[1].stamp.edit = |spec| spec.imprint = Hash::Sha256.digest(b"other");
            },
        ),
        row(
            "the last archive time-stamp is over something else",
            dropped(HashFailure, TimestampImprint),
            |scene| {
                thrice(scene);
                scene.archives[2].stamp.edit = |spec| spec.imprint = Hash::Sha256.digest(b"other");
            },
        ),
        row(
            "the last archive time-stamp does not cover the others",
            not_passed(OutOfBoundsNoPoe, CheckId::CertificateValidity)
                .without_timestamp(OutOfBoundsNotRevoked, CertificateValidity),
            |scene| {
                thrice(scene);
                scene.archives[2].edit_index = Some(|index| index.attributes.clear());
            },
        ),
        row(
            "the middle archive time-stamp does not cover the first",
            not_passed(
                SubIndication::RevocationOutOfBoundsNoPoe,
                CheckId::RevocationIssuerValidity,
            )
            .without_timestamp(OutOfBoundsNotRevoked, CertificateValidity),
            |scene| {
                thrice(scene);
                scene.archives[1].edit_index = Some(|index| index.attributes.clear());
            },
        ),
    ]
}
