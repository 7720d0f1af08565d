//! Time marks of BDOC 2.1: an OCSP answer whose nonce is about the signature value.
//!
//! The signer's certificate expired long ago and there is no time-stamp: only a mark that counts
//! proves that the signature existed before.

use crate::scene::{
    AFTER_EXPIRY, Archive, EXPIRY, Known, Packaging, SIGNED, Scene, VALIDITY, anchor, crl_given,
    expired, ocsp_given, responder,
};
use imza::policy::{TimeMarks, ValidationPolicy};
use imza::report::Report;
use imza::vocabulary::{Indication, SubIndication};
use imza_test_vectors::Entity;
use imza_test_vectors::crl::RevocationReason;
use imza_test_vectors::der;
use imza_test_vectors::hash::Hash;
use imza_test_vectors::key::Scheme;
use imza_test_vectors::ocsp::{CertStatus, ResponseSpec};
use imza_test_vectors::pki::Revocation;

const PROFILE: &str = "urn:oid:1.3.6.1.4.1.10015.1000.3.2.1";
const MARKED: i64 = SIGNED + 10;

/// What a nonce about a value looks like.
fn mark(hash: Hash, value: &[u8]) -> Vec<u8> {
    let digest = der::octet_string(&hash.digest(value));
    der::sequence(&[&hash.identifier(), &digest])
}

/// A signature of the profile, judged after its certificate expired, the mark to be added.
fn scene() -> Scene {
    let mut scene = Scene::new(Packaging::Xades);
    expired(&mut scene);
    scene.stamps.clear();
    scene.about_tsa.clear();
    scene.signature_policy = Some(PROFILE.to_owned());
    scene.about_signer.clear();
    scene.is_embedded = true;
    scene.policy = ValidationPolicy {
        time_marks: TimeMarks::Count,
        ..scene.policy
    };
    scene
}

/// The signature value, which what is added later does not change.
fn value(scene: &Scene) -> Vec<u8> {
    let entries = scene.entries();
    let file = entries
        .iter()
        .find(|entry| entry.name.ends_with(".xml") && entry.name.contains("signatures"));
    let text = String::from_utf8(file.unwrap().bytes.clone()).unwrap();
    let (_, rest) = text.split_once("<ds:SignatureValue").unwrap();
    let (_, rest) = rest.split_once('>').unwrap();
    let (value, _) = rest.split_once('<').unwrap();
    imza::xml::base64::decode(value).unwrap()
}

/// Puts in an answer of the honest responder with this nonce.
fn answered(scene: &mut Scene, nonce: &[u8], status: CertStatus, at: i64) {
    let by = scene.pki.ocsp_responder.clone();
    let answer = scene.answer(status, &by, at).with_nonce(nonce);
    scene.about_signer.push(ocsp_given(&answer, &by));
}

/// Puts in a mark of this responder.
fn marked_by(scene: &mut Scene, by: &Entity, edit: fn(&mut ResponseSpec)) {
    let nonce = mark(Hash::Sha256, &value(scene));
    let mut answer = scene
        .answer(CertStatus::Good, by, MARKED)
        .with_nonce(&nonce);
    edit(&mut answer);
    scene.about_signer.push(ocsp_given(&answer, by));
}

/// A responder that the signer's CA appointed for so long.
fn appointed(scene: &Scene, until: i64) -> Entity {
    let validity = (VALIDITY.0, until);
    responder(&scene.pki.citizen_p384, &scene.issuer, validity, true)
}

fn marked(scene: &mut Scene) {
    let nonce = mark(Hash::Sha256, &value(scene));
    answered(scene, &nonce, CertStatus::Good, MARKED);
}

fn judged(scene: &Scene) -> Report {
    scene.case().validate().report
}

fn outcome(scene: &Scene) -> (Indication, Option<SubIndication>) {
    let report = judged(scene);
    let signature = report.signatures.first().unwrap();
    (signature.indication, signature.sub_indication)
}

#[test]
fn a_mark_over_the_value_proves_when_the_signature_existed() {
    for hash in [Hash::Sha256, Hash::Sha384, Hash::Sha512] {
        let mut scene = scene();
        let nonce = mark(hash, &value(&scene));
        answered(&mut scene, &nonce, CertStatus::Good, MARKED);
        let report = judged(&scene);
        let signature = report.signatures.first().unwrap();
        assert_eq!(
            signature.indication,
            Indication::TotalPassed,
            "{}",
            report.to_pretty_json()
        );
        let best = signature.best_signature_time.as_ref().unwrap();
        assert_eq!((best.time.seconds, best.proof), (MARKED, "time-mark"));
    }
}

#[test]
fn only_who_lets_marks_count_is_convinced_by_one() {
    let mut scene = scene();
    marked(&mut scene);
    scene.policy.time_marks = TimeMarks::Ignore;
    assert_ne!(outcome(&scene).0, Indication::TotalPassed);
    scene.policy = ValidationPolicy::named("estonia").unwrap();
    assert_eq!(outcome(&scene).0, Indication::TotalPassed);
}

#[test]
fn a_nonce_about_something_else_is_no_mark() {
    let good = scene();
    let value = value(&good);
    let mut longer = value.clone();
    longer.push(0);
    let mut behind = mark(Hash::Sha256, &value);
    behind.push(0);
    for (name, nonce) in [
        ("another value", mark(Hash::Sha256, b"value")),
        ("a longer value", mark(Hash::Sha256, &longer)),
        ("the digest alone", Hash::Sha256.digest(&value)),
        ("the value alone", value.clone()),
        ("SHA-1", mark(Hash::Sha1, &value)),
        ("an octet behind", behind),
        ("a number that was only random", vec![7; 32]),
    ] {
        let mut scene = scene();
        answered(&mut scene, &nonce, CertStatus::Good, MARKED);
        assert_ne!(outcome(&scene).0, Indication::TotalPassed, "{name}");
    }
    // Without any nonce, and with a mark in a signature of another profile.
    let mut scene = scene();
    scene.about_signer = vec![Known::Ocsp(CertStatus::Good, MARKED)];
    assert_ne!(outcome(&scene).0, Indication::TotalPassed);
    for policy in [None, Some("urn:oid:1.3.6.1.4.1.10015.1000.3.2")] {
        let mut scene = self::scene();
        scene.signature_policy = policy.map(str::to_owned);
        marked(&mut scene);
        assert_ne!(outcome(&scene).0, Indication::TotalPassed, "{policy:?}");
    }
}

#[test]
fn a_mark_by_somebody_else_or_at_another_time_proves_nothing() {
    // By a responder that nobody appointed.
    let mut scene = scene();
    let stranger = scene.pki.stranger.clone();
    let nonce = mark(Hash::Sha256, &value(&scene));
    let answer = scene
        .answer(CertStatus::Good, &stranger, MARKED)
        .with_nonce(&nonce);
    scene.about_signer.push(ocsp_given(&answer, &stranger));
    assert_ne!(outcome(&scene).0, Indication::TotalPassed);
    // With a broken signature of the responder.
    let mut scene = self::scene();
    let by = scene.pki.ocsp_responder.clone();
    let mut answer = scene
        .answer(CertStatus::Good, &by, MARKED)
        .with_nonce(&nonce);
    answer.break_signature = true;
    scene.about_signer.push(ocsp_given(&answer, &by));
    assert_ne!(outcome(&scene).0, Indication::TotalPassed);
    // After the certificate ended, and in the time to come.
    for at in [EXPIRY + 60, AFTER_EXPIRY + 60] {
        let mut scene = self::scene();
        answered(&mut scene, &nonce, CertStatus::Good, at);
        assert_ne!(outcome(&scene).0, Indication::TotalPassed, "{at}");
    }
    // That says the certificate is revoked, or is unknown.
    for status in [CertStatus::Revoked(SIGNED - 60, None), CertStatus::Unknown] {
        let mut scene = self::scene();
        answered(&mut scene, &nonce, status, MARKED);
        assert_ne!(outcome(&scene).0, Indication::TotalPassed);
    }
    // Beside a root that is trusted for nothing here.
    let mut scene = self::scene();
    marked(&mut scene);
    scene.anchors = vec![anchor(&scene.pki.stranger)];
    assert_ne!(outcome(&scene).0, Indication::TotalPassed);
    // A mark does not heal what is broken.
    let mut scene = self::scene();
    marked(&mut scene);
    scene.edit_entries = |entries| entries[1].bytes.push(b'!');
    assert_eq!(outcome(&scene).0, Indication::TotalFailed);
}

/// EN 319 102-1 §5.4: a time-stamp by such an authority would prove nothing either.
#[test]
fn a_mark_is_as_sound_as_a_time_stamp() {
    let mut scene = scene();
    let own = appointed(&scene, AFTER_EXPIRY);
    marked_by(&mut scene, &own, |_| {});
    assert_eq!(outcome(&scene).0, Indication::TotalPassed);
    // Whoever forges SHA-1 today forges the mark.
    let mut scene = self::scene();
    let by = scene.pki.ocsp_responder.clone();
    marked_by(&mut scene, &by, |answer| {
        answer.scheme = Some(Scheme::Ecdsa(Hash::Sha1));
    });
    assert_ne!(outcome(&scene).0, Indication::TotalPassed);
    // Nobody guards the key of a certificate that has ended.
    let mut scene = self::scene();
    let own = appointed(&scene, AFTER_EXPIRY - 1);
    marked_by(&mut scene, &own, |_| {});
    assert_ne!(outcome(&scene).0, Indication::TotalPassed);
    // The key was stolen, though its certificate says that revocation need not be asked for.
    for revoked in [None, Some(MARKED - 60)] {
        let mut scene = self::scene();
        let own = appointed(&scene, VALIDITY.1);
        marked_by(&mut scene, &own, |_| {});
        let mut list = scene.list(None, EXPIRY - 3_600);
        list.revoked = Vec::from_iter(revoked.map(|time| Revocation {
            serial_number: own.serial_number.clone(),
            time,
            reason: Some(RevocationReason::KeyCompromise),
        }));
        let list = crl_given(&list, &scene.issuer);
        scene.about_signer.push(list);
        let is_passed = outcome(&scene).0 == Indication::TotalPassed;
        assert_eq!(is_passed, revoked.is_none());
    }
    // So was that of the CA.
    let mut scene = self::scene();
    marked(&mut scene);
    let said = Some((EXPIRY, Some(RevocationReason::Superseded)));
    scene.about_issuer.push(Known::Crl(said, AFTER_EXPIRY - 60));
    assert_ne!(outcome(&scene).0, Indication::TotalPassed);
}

#[test]
fn a_mark_that_is_archived_in_time_outlives_its_responder() {
    for (archived, proof) in [(MARKED + 60, "time-mark"), (MARKED + 7_200, "validation")] {
        let mut scene = scene();
        scene.about_tsa = vec![Known::Ocsp(CertStatus::Good, EXPIRY - 3_600)];
        let own = appointed(&scene, MARKED + 3_600);
        marked_by(&mut scene, &own, |_| {});
        let tsa = scene.tsa.clone();
        scene.archives.push(Archive::at(archived, &tsa));
        let report = judged(&scene);
        let signature = report.signatures.first().unwrap();
        let best = signature.best_signature_time.as_ref().unwrap();
        assert_eq!(best.proof, proof, "{}", report.to_pretty_json());
    }
}
