//! Archive time-stamps: what they prove, and of what.
//!
//! Signer and responder have expired long ago; only proofs of existence from their lifetime help.

use crate::revocation::apart;
use crate::row::{Expected, Row, not_passed, passed, row};
use crate::scene::{
    AFTER_EXPIRY, Archive, DATA, EXPIRY, Known, LATER, Packaging, SIGNED, STAMPED, Scene, VALIDITY,
    authority, crl_given, responder, tsa_of,
};
use imza::policy::Freshness;
use imza::vocabulary::{CheckId, Level, SubIndication};
use imza_test_vectors::archive::Version;
use imza_test_vectors::crl::{CrlSpec, RevocationReason};
use imza_test_vectors::hash::Hash;
use imza_test_vectors::ocsp::CertStatus;
use imza_test_vectors::time::DAY;

use CheckId::{
    CertificateValidity, PathFound, ProofControlTime, ProofExistence,
    RevocationAuthorityNotRevoked, RevocationFresh, RevocationIssuerValidity, RevocationNotOnHold,
    RevocationNotRevoked, SignatureIntact, TimestampImprint, TimestampNotLater, TimestampOrder,
};
use SubIndication::{
    FormatFailure, HashFailure, NoCertificateChainFound, NoPoe, OutOfBoundsNoPoe,
    RevocationOutOfBoundsNoPoe, RevokedCaNoPoe, RevokedNoPoe, SigCryptoFailure,
    TimestampOrderFailure, TryLater,
};

/// When the archive time-stamp is made.
pub(crate) const ARCHIVED: i64 = DATA + 10;
/// When the responder's certificate ends.
pub(crate) const RESPONDER_END: i64 = SIGNED + 10 * DAY;

/// Stamped, archived, and long after: the certificates of signer and responder have ended.
pub(crate) fn archived(scene: &mut Scene) {
    apart(scene);
    short_responder(scene);
    scene.sign_with(|spec| spec.not_after = EXPIRY);
    scene.is_embedded = true;
    archive_at(scene, ARCHIVED);
    scene.now = AFTER_EXPIRY;
}

fn short_responder(scene: &mut Scene) {
    let (of, issuer) = (scene.pki.ocsp_responder.clone(), scene.issuer.clone());
    scene.pki.ocsp_responder = responder(&of, &issuer, (VALIDITY.0, RESPONDER_END), true);
}

/// The only archive time-stamp is of this time.
pub(crate) fn archive_at(scene: &mut Scene, time: i64) {
    let tsa = scene.tsa.clone();
    scene.archives = vec![Archive::at(time, &tsa)];
}

/// What is known of the authority, as the root says it.
fn authority_revoked(scene: &mut Scene, at: i64, reason: Option<RevocationReason>) {
    scene.about_issuer = vec![Known::Crl(None, DATA)];
    scene
        .about_issuer
        .push(Known::Crl(Some((at, reason)), at + 60));
}

/// The archive time-stamp is dropped: nothing proves that the responder was valid.
pub(crate) fn dropped(sub: SubIndication, check: CheckId) -> Expected {
    not_passed(RevocationOutOfBoundsNoPoe, RevocationIssuerValidity).without_timestamp(sub, check)
}

pub(crate) fn rows() -> Vec<Row> {
    let mut rows = of_coverage();
    rows.extend(of_tokens());
    rows.extend(of_revocation());
    rows.extend(of_authorities());
    rows
}

fn of_coverage() -> Vec<Row> {
    let lost = not_passed(RevocationOutOfBoundsNoPoe, RevocationIssuerValidity);
    vec![
        row(
            "archived, signer and responder expired since",
            passed(ProofExistence),
            archived,
        ),
        row(
            "signer and responder expired, no archive time-stamp",
            not_passed(OutOfBoundsNoPoe, CertificateValidity),
            |scene| {
                archived(scene);
                scene.archives.clear();
            },
        ),
        row(
            "archived by version 1.3.2",
            passed(ProofExistence),
            |scene| {
                archived(scene);
                scene.archives[0].version = Version::V132;
            },
        )
        .only(Packaging::Xades),
        row(
            "archived, no signature time-stamp",
            passed(ProofExistence),
            |scene| {
                archived(scene);
                scene.stamps.clear();
            },
        ),
        row(
            "archived in the last second of the responder",
            passed(RevocationIssuerValidity),
            |scene| {
                archived(scene);
                archive_at(scene, RESPONDER_END);
            },
        ),
        row("archived one second after the responder", lost, |scene| {
            archived(scene);
            archive_at(scene, RESPONDER_END + 1);
        }),
        row("archived after the signer expired", lost, |scene| {
            archived(scene);
            archive_at(scene, EXPIRY + 1);
        }),
        row(
            "what is known came after the archive time-stamp",
            lost,
            |scene| {
                archived(scene);
                scene.is_known_last = true;
            },
        ),
        row("what is known is not in the document", lost, |scene| {
            archived(scene);
            scene.is_embedded = false;
        }),
        row("archive index without revocation data", lost, |scene| {
            archived(scene);
            scene.archives[0].edit_index = Some(|index| index.crls.clear());
        }),
        row(
            "archive index without certificates",
            passed(ProofExistence),
            |scene| {
                archived(scene);
                scene.archives[0].edit_index = Some(|index| index.certificates.clear());
            },
        ),
        row(
            "archive index without attributes",
            passed(ProofExistence),
            |scene| {
                archived(scene);
                scene.archives[0].edit_index = Some(|index| index.attributes.clear());
            },
        ),
        row("archive index that names nothing", lost, |scene| {
            archived(scene);
            scene.archives[0].edit_index = Some(|index| {
                index.certificates.clear();
                index.crls.clear();
                index.attributes.clear();
            });
        }),
        row(
            "archive index that names what is not there",
            dropped(FormatFailure, TimestampImprint),
            |scene| {
                archived(scene);
                scene.archives[0].edit_index = Some(|index| index.crls.push(vec![7; 32]));
            },
        ),
        row(
            "archive index of attributes that are not there",
            dropped(FormatFailure, TimestampImprint),
            |scene| {
                archived(scene);
                scene.archives[0].edit_index = Some(|index| index.attributes.push(vec![7; 32]));
            },
        ),
        row(
            "archive index by another digest than the imprint",
            dropped(FormatFailure, TimestampImprint),
            |scene| {
                archived(scene);
                scene.archives[0].edit_index = Some(|index| index.hash = Hash::Sha384);
            },
        ),
    ]
}

fn of_tokens() -> Vec<Row> {
    vec![
        row(
            "archive time-stamp over something else",
            dropped(HashFailure, TimestampImprint),
            |scene| {
                archived(scene);
                scene.archives[0].stamp.edit = |spec| spec.imprint = Hash::Sha256.digest(b"other");
            },
        ),
        row(
            "archive time-stamp with a broken signature",
            dropped(SigCryptoFailure, SignatureIntact),
            |scene| {
                archived(scene);
                scene.archives[0].stamp.edit = |spec| spec.break_signature = true;
            },
        ),
        row(
            "archive time-stamp of a time to come",
            dropped(NoPoe, TimestampNotLater),
            |scene| {
                archived(scene);
                archive_at(scene, AFTER_EXPIRY + 1);
            },
        ),
        row(
            "archive time-stamp of an authority that nobody trusts",
            dropped(NoCertificateChainFound, PathFound),
            |scene| {
                archived(scene);
                let tsa = tsa_of(&scene.pki.tsa_rsa_2048, &scene.pki.other_root, VALIDITY);
                scene.archives = vec![Archive::at(ARCHIVED, &tsa)];
            },
        ),
        row(
            "archive time-stamp from before the signature time-stamp",
            not_passed(TimestampOrderFailure, TimestampOrder),
            |scene| {
                archived(scene);
                archive_at(scene, STAMPED - 60);
                scene.now = SIGNED + 60;
            },
        ),
        row(
            "archive time-stamp as late as the signature time-stamp",
            passed(TimestampOrder),
            |scene| {
                archived(scene);
                archive_at(scene, STAMPED);
                scene.now = SIGNED + 60;
            },
        ),
        row(
            "archived, and the signature time-stamp is over something else",
            passed(ProofExistence).without_timestamp(HashFailure, TimestampImprint),
            |scene| {
                archived(scene);
                scene.stamps[0].edit = |spec| spec.imprint = Hash::Sha256.digest(b"other");
            },
        ),
        row(
            "the policy demands a signature time-stamp that is over something else",
            not_passed(HashFailure, CheckId::TimestampValid)
                .without_timestamp(HashFailure, TimestampImprint),
            |scene| {
                archived(scene);
                scene.stamps[0].edit = |spec| spec.imprint = Hash::Sha256.digest(b"other");
                scene
                    .policy
                    .levels
                    .insert(CheckId::TimestampValid, Level::Fail);
            },
        ),
    ]
}

fn of_revocation() -> Vec<Row> {
    vec![
        row(
            "archived, signer revoked after the time-stamp",
            passed(RevocationNotRevoked),
            |scene| {
                archived(scene);
                let said = CertStatus::Revoked(LATER, None);
                scene.about_signer = vec![Known::Ocsp(said, LATER + 60)];
                archive_at(scene, LATER + 90);
            },
        ),
        row(
            "archived, signer revoked before the time-stamp",
            not_passed(RevokedNoPoe, RevocationNotRevoked),
            |scene| {
                archived(scene);
                let said = CertStatus::Revoked(STAMPED - 1, None);
                scene.about_signer = vec![Known::Ocsp(said, DATA)];
            },
        ),
        row(
            "signer revoked when the only archive time-stamp was made",
            not_passed(RevokedNoPoe, RevocationNotRevoked),
            |scene| {
                archived(scene);
                scene.stamps.clear();
                let said = CertStatus::Revoked(ARCHIVED, None);
                scene.about_signer = vec![Known::Ocsp(said, DATA)];
            },
        ),
        row(
            "signer revoked a second after the only archive time-stamp",
            passed(RevocationNotRevoked),
            |scene| {
                archived(scene);
                scene.stamps.clear();
                let said = CertStatus::Revoked(ARCHIVED + 1, None);
                scene.about_signer = vec![Known::Ocsp(said, DATA)];
            },
        ),
        row(
            "archived as good, and revoked before by another answer",
            not_passed(RevokedNoPoe, RevocationNotRevoked),
            |scene| {
                archived(scene);
                let said = CertStatus::Revoked(STAMPED - 1, None);
                scene.about_signer.push(Known::Ocsp(said, LATER));
            },
        ),
        row(
            "archived, signer on hold since",
            passed(RevocationNotOnHold),
            |scene| {
                archived(scene);
                let said = CertStatus::Revoked(LATER, Some(RevocationReason::CertificateHold));
                scene.about_signer = vec![Known::Ocsp(said, LATER + 60)];
                archive_at(scene, LATER + 90);
            },
        ),
        row(
            "archived, signer on hold before the time-stamp",
            not_passed(TryLater, RevocationNotOnHold),
            |scene| {
                archived(scene);
                let said =
                    CertStatus::Revoked(STAMPED - 1, Some(RevocationReason::CertificateHold));
                scene.about_signer = vec![Known::Ocsp(said, DATA)];
            },
        ),
        row(
            "archived, revocation data stale when it was signed",
            not_passed(TryLater, RevocationFresh),
            |scene| {
                archived(scene);
                scene.about_signer = vec![Known::Ocsp(CertStatus::Good, STAMPED - 2 * DAY)];
            },
        ),
        row(
            "archived, the policy wants revocation data from after the time-stamp",
            not_passed(TryLater, RevocationFresh),
            |scene| {
                archived(scene);
                scene.policy.freshness = Freshness::Seconds(0);
                scene.about_signer = vec![Known::Ocsp(CertStatus::Good, STAMPED)];
            },
        ),
        row(
            "archived, what is known must be fresh whenever it counts",
            passed(ProofControlTime),
            |scene| {
                archived(scene);
                always_fresh(scene);
            },
        ),
        row(
            "archived, what was known is older than the time-stamp and must always be fresh",
            not_passed(OutOfBoundsNoPoe, ProofExistence),
            |scene| {
                archived(scene);
                always_fresh(scene);
                scene.about_signer = vec![Known::Ocsp(CertStatus::Good, STAMPED - 2)];
            },
        ),
    ]
}

/// Sliding stops at data that is no longer fresh; that of the root is.
fn always_fresh(scene: &mut Scene) {
    scene.policy.auxiliary_freshness = Freshness::Seconds(86_400);
    let list = CrlSpec::new(&scene.pki.root, 9, AFTER_EXPIRY - 3_600, &[]);
    let given = crl_given(&list, &scene.pki.root);
    scene.about_tsa.push(given);
}

fn of_authorities() -> Vec<Row> {
    let late = not_passed(RevokedCaNoPoe, RevocationAuthorityNotRevoked);
    vec![
        row(
            "archived before the key of the CA was stolen",
            passed(RevocationAuthorityNotRevoked),
            |scene| {
                archived(scene);
                authority_revoked(scene, LATER, Some(RevocationReason::KeyCompromise));
            },
        ),
        row(
            "archived one second before the key of the CA was stolen",
            passed(ProofControlTime),
            |scene| {
                archived(scene);
                let stolen = Some(RevocationReason::KeyCompromise);
                authority_revoked(scene, ARCHIVED + 1, stolen);
            },
        ),
        row(
            "archived when the key of the CA was stolen",
            late,
            |scene| {
                archived(scene);
                authority_revoked(scene, ARCHIVED, Some(RevocationReason::KeyCompromise));
            },
        ),
        row(
            "archived after the key of the CA was stolen",
            late,
            |scene| {
                archived(scene);
                authority_revoked(scene, DATA, Some(RevocationReason::KeyCompromise));
            },
        ),
        row(
            "key of the CA stolen, no archive time-stamp",
            late,
            |scene| {
                archived(scene);
                scene.archives.clear();
                authority_revoked(scene, LATER, Some(RevocationReason::KeyCompromise));
            },
        ),
        row(
            "key of the CA stolen, what is known came after the archive time-stamp",
            not_passed(RevokedCaNoPoe, ProofControlTime),
            |scene| {
                archived(scene);
                scene.is_known_last = true;
                authority_revoked(scene, LATER, Some(RevocationReason::KeyCompromise));
            },
        ),
        row(
            "key of the CA stolen, archive index without revocation data",
            not_passed(RevokedCaNoPoe, ProofControlTime),
            |scene| {
                archived(scene);
                scene.archives[0].edit_index = Some(|index| index.crls.clear());
                authority_revoked(scene, LATER, Some(RevocationReason::KeyCompromise));
            },
        ),
        row(
            "key of the CA stolen, archive index without certificates",
            not_passed(RevokedCaNoPoe, ProofControlTime),
            |scene| {
                archived(scene);
                scene.archives[0].edit_index = Some(|index| index.certificates.clear());
                authority_revoked(scene, LATER, Some(RevocationReason::KeyCompromise));
            },
        ),
        row(
            "key of the CA stolen, archive time-stamp over something else",
            late.without_timestamp(HashFailure, TimestampImprint),
            |scene| {
                archived(scene);
                scene.archives[0].stamp.edit = |spec| spec.imprint = Hash::Sha256.digest(b"other");
                authority_revoked(scene, LATER, Some(RevocationReason::KeyCompromise));
            },
        ),
        row(
            "CA revoked for no reason given after the archive time-stamp",
            passed(RevocationAuthorityNotRevoked),
            |scene| {
                archived(scene);
                authority_revoked(scene, LATER, None);
            },
        ),
        row("archived, CA ceased before the time-stamp", late, |scene| {
            archived(scene);
            let ceased = Some(RevocationReason::CessationOfOperation);
            authority_revoked(scene, STAMPED - 1, ceased);
        }),
        row(
            "signer revoked after the archive time-stamp and its CA before it",
            late,
            |scene| {
                archived(scene);
                let said = CertStatus::Revoked(LATER, None);
                scene.about_signer = vec![Known::Ocsp(said, LATER + 60)];
                archive_at(scene, LATER + 90);
                authority_revoked(scene, STAMPED - 1, Some(RevocationReason::KeyCompromise));
            },
        ),
        row(
            "signer and CA revoked after the archive time-stamp",
            passed(RevocationNotRevoked),
            |scene| {
                archived(scene);
                let said = CertStatus::Revoked(LATER, None);
                scene.about_signer = vec![Known::Ocsp(said, LATER + 60)];
                archive_at(scene, LATER + 90);
                authority_revoked(scene, LATER + 120, Some(RevocationReason::KeyCompromise));
            },
        ),
    ]
}

/// The issuer of the signer ends, too.
pub(crate) fn short_authority(scene: &mut Scene, end: i64) {
    let key = scene.pki.issuing_ca.key.clone();
    let ca = authority("short CA", &key, &scene.pki.root, |spec| {
        spec.not_after = end
    });
    scene.issuer = ca.clone();
    scene.pki.issuing_ca = ca;
    scene.certificates = vec![scene.issuer.certificate.clone()];
    scene.about_issuer = vec![Known::Crl(None, end - 1)];
}
