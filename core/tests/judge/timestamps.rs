//! Time-stamps: over the signature and over the content, good and bad.
//!
//! The signer's certificate has expired, so that a time-stamp that is dropped is missed.

use crate::row::{Expected, Row, not_passed, passed, row, warned};
use crate::scene::{
    AFTER_EXPIRY, EXPIRY, Known, LATER, Packaging, SIGNED, STAMPED, Scene, Stamp, VALIDITY, anchor,
    expired, tsa_edited, tsa_of,
};
use imza::vocabulary::{CheckId, Indication, Outcome, Purpose, SubIndication};
use imza_test_vectors::certificate::{Extension, purpose, usage};
use imza_test_vectors::der;
use imza_test_vectors::hash::Hash;
use imza_test_vectors::key::{Key, Scheme};
use imza_test_vectors::name::Name;
use imza_test_vectors::ocsp::CertStatus;
use imza_test_vectors::time::DAY;
use imza_test_vectors::tsa::{CertificateReference, TokenSpec};
use imza_test_vectors::{Entity, Pki};

use CheckId::{
    AlgorithmSignature, CertificateValidity, PathConstraints, PathFound, ReferenceIntact,
    RevocationAvailable, RevocationNotRevoked, SignatureIntact, SigningCertificateIdentified,
    SigningCertificateReference, SigningCertificateReferenceFits, TimeBeforeRevocation,
    TimeNotAfter, TimestampImprint, TimestampInValidity, TimestampNotLater, TimestampOrder,
    TimestampToken, TimestampValid,
};
use SubIndication::{
    CertificateChainGeneralFailure, ChainConstraintsFailure, CryptoConstraintsFailureNoPoe,
    FormatFailure, HashFailure, NoCertificateChainFound, NoPoe, NoSigningCertificateFound,
    OutOfBoundsNotRevoked, RevokedNoPoe, SigCryptoFailure, TimestampOrderFailure,
};

/// The signature is as if it had no time-stamp.
fn dropped(sub: SubIndication, check: CheckId) -> Expected {
    not_passed(OutOfBoundsNotRevoked, TimeNotAfter).without_timestamp(sub, check)
}

/// Expired, and the token changed.
fn token(scene: &mut Scene, edit: fn(&mut TokenSpec)) {
    expired(scene);
    scene.stamps[0].edit = edit;
}

/// Expired, and another certificate for the time-stamping authority.
fn authority(
    scene: &mut Scene,
    edit: impl FnOnce(&mut imza_test_vectors::certificate::CertificateSpec),
) {
    expired(scene);
    let tsa = tsa_edited(&scene.pki.tsa_p256, &scene.pki.issuing_ca, edit);
    scene.stamps[0].tsa = tsa.clone();
    scene.tsa = tsa;
}

/// Expired, and another key for the time-stamping authority.
fn keyed(scene: &mut Scene, key: Key) {
    expired(scene);
    let of = Entity {
        key,
        ..scene.pki.tsa_p256.clone()
    };
    let tsa = tsa_of(&of, &scene.pki.issuing_ca, VALIDITY);
    scene.stamps[0].tsa = tsa.clone();
    scene.tsa = tsa;
}

pub(crate) fn rows() -> Vec<Row> {
    let mut rows = of_tokens();
    rows.extend(of_policies());
    rows.extend(of_authorities());
    rows.extend(over_the_content());
    rows
}

fn of_tokens() -> Vec<Row> {
    vec![
        row(
            "time-stamp over something else",
            dropped(HashFailure, TimestampImprint),
            |scene| {
                token(scene, |spec| spec.imprint = Hash::Sha256.digest(b"another"));
            },
        ),
        row(
            "time-stamp with a broken signature",
            dropped(SigCryptoFailure, SignatureIntact),
            |scene| token(scene, |spec| spec.break_signature = true),
        ),
        row(
            "time-stamp with a wrong message digest",
            dropped(HashFailure, ReferenceIntact),
            |scene| token(scene, |spec| spec.break_digest = true),
        ),
        row(
            "time-stamp whose certificate reference is of another certificate",
            dropped(NoSigningCertificateFound, SigningCertificateReferenceFits),
            |scene| token(scene, |spec| spec.reference = CertificateReference::Wrong),
        ),
        row(
            "time-stamp with references to two certificates, its own at hand elsewhere",
            dropped(NoSigningCertificateFound, SigningCertificateReferenceFits),
            |scene| {
                token(scene, |spec| {
                    spec.reference = CertificateReference::Contradictory;
                    spec.certificates.clear();
                });
                scene.certificates.push(scene.tsa.certificate.clone());
            },
        ),
        row(
            "time-stamp with two references to a certificate that is at hand elsewhere",
            passed(TimestampValid),
            |scene| {
                token(scene, |spec| {
                    spec.reference = CertificateReference::Both;
                    spec.certificates.clear();
                });
                scene.certificates.push(scene.tsa.certificate.clone());
            },
        ),
        row(
            "time-stamp without a certificate reference",
            dropped(FormatFailure, TimestampToken),
            |scene| token(scene, |spec| spec.reference = CertificateReference::Missing),
        ),
        row(
            "time-stamp with a SHA-1 certificate reference only",
            passed(TimestampValid),
            |scene| token(scene, |spec| spec.reference = CertificateReference::V1),
        ),
        row(
            "time-stamp without its certificate",
            dropped(NoSigningCertificateFound, SigningCertificateIdentified),
            |scene| token(scene, |spec| spec.certificates.clear()),
        ),
        row(
            "time-stamp of another version",
            dropped(FormatFailure, TimestampToken),
            |scene| token(scene, |spec| spec.version = 2),
        ),
        row(
            "time-stamp with an unknown critical extension",
            dropped(FormatFailure, TimestampToken),
            |scene| {
                token(scene, |spec| {
                    let odd = Extension::critical("1.3.6.1.4.1.32473.9", der::null());
                    spec.extensions.push(odd);
                })
            },
        ),
        row(
            "time-stamp whose imprint is SHA-1",
            dropped(CryptoConstraintsFailureNoPoe, AlgorithmSignature),
            |scene| {
                expired(scene);
                scene.stamps[0].hash = Hash::Sha1;
            },
        ),
        row(
            "time-stamp signed with SHA-1",
            dropped(CryptoConstraintsFailureNoPoe, AlgorithmSignature),
            |scene| token(scene, |spec| spec.scheme = Some(Scheme::Ecdsa(Hash::Sha1))),
        ),
        row(
            "time-stamp of an authority with a key of 1024 bits",
            dropped(CryptoConstraintsFailureNoPoe, AlgorithmSignature),
            |scene| {
                let pem = include_str!("../../../test-vectors/keys/tsa-rsa-1024.pem");
                keyed(scene, Key::from_pem(pem).unwrap());
            },
        ),
        row(
            "time-stamp of an authority with a key of 2048 bits",
            passed(TimestampValid),
            |scene| {
                let key = scene.pki.tsa_rsa_2048.key.clone();
                keyed(scene, key);
            },
        ),
        row(
            "no time-stamp but garbage",
            dropped(FormatFailure, TimestampToken),
            |scene| {
                expired(scene);
                scene.stamps[0].forged = Some(der::sequence(&[&der::null()]));
            },
        ),
        row(
            "time-stamp from after the time of judging",
            dropped(NoPoe, TimestampNotLater),
            |scene| {
                expired(scene);
                scene.stamps[0].time = AFTER_EXPIRY + 1;
            },
        ),
        row(
            "a broken time-stamp beside a good one",
            passed(TimestampValid).without_timestamp(HashFailure, TimestampImprint),
            |scene| {
                token(scene, |spec| spec.imprint = Hash::Sha256.digest(b"another"));
                let tsa = scene.tsa.clone();
                scene.stamps.push(Stamp::at(STAMPED, &tsa));
            },
        ),
    ]
}

fn of_policies() -> Vec<Row> {
    vec![
        row(
            "nothing known of the authority, by a policy that does not ask for it",
            passed(RevocationAvailable),
            |scene| {
                expired(scene);
                scene.about_tsa.clear();
                let levels = &mut scene.policy.timestamp_levels;
                levels.insert(RevocationAvailable, imza::vocabulary::Level::Ignore);
            },
        ),
        row(
            "a reference that the policy wants of signatures, not of time-stamps",
            warned(SigningCertificateReference),
            |scene| {
                scene.edit_attributes =
                    Some(|data, _| data.remove(imza_test_vectors::cms::id::SIGNING_CERTIFICATE_V2));
                let levels = &mut scene.policy.timestamp_levels;
                levels.insert(SigningCertificateReference, imza::vocabulary::Level::Fail);
            },
        ),
        row(
            "a bad time-stamp where every one must be good",
            not_passed(HashFailure, TimestampValid)
                .without_timestamp(HashFailure, TimestampImprint),
            |scene| {
                scene.stamps[0].edit = |spec| spec.imprint = Hash::Sha256.digest(b"another");
                scene
                    .policy
                    .levels
                    .insert(TimestampValid, imza::vocabulary::Level::Fail);
            },
        ),
    ]
}

fn of_authorities() -> Vec<Row> {
    let constraint = dropped(ChainConstraintsFailure, PathConstraints);
    vec![
        row(
            "time-stamp of an authority without trust",
            dropped(NoCertificateChainFound, PathFound),
            |scene| {
                expired(scene);
                scene.stamps[0].tsa = tsa_of(&scene.pki.tsa_p256, &scene.pki.other_root, VALIDITY);
            },
        ),
        row(
            "time-stamp of an authority that is not trusted for time-stamps",
            dropped(NoCertificateChainFound, PathFound),
            |scene| {
                expired(scene);
                let root = anchor(&scene.pki.root);
                scene.anchors = vec![root.for_purposes([Purpose::Signing])];
            },
        ),
        row(
            "time-stamp of an authority that is an anchor itself",
            passed(TimestampValid),
            |scene| {
                expired(scene);
                let tsa = tsa_of(&scene.pki.tsa_p256, &scene.pki.other_root, VALIDITY);
                scene
                    .anchors
                    .push(anchor(&tsa).for_purposes([Purpose::Timestamping]));
                scene.stamps[0].tsa = tsa;
            },
        ),
        row("time-stamping purpose not critical", constraint, |scene| {
            authority(scene, |spec| {
                let purposes = Extension::extended_key_usage(&[purpose::TIME_STAMPING]);
                *spec = spec.clone().with([purposes]);
            });
        }),
        row("no time-stamping purpose", constraint, |scene| {
            authority(scene, |spec| *spec = spec.clone().without("2.5.29.37"));
        }),
        row(
            "time-stamping purpose beside another",
            constraint,
            |scene| {
                authority(scene, |spec| {
                    let both = [purpose::TIME_STAMPING, purpose::EMAIL_PROTECTION];
                    let mut purposes = Extension::extended_key_usage(&both);
                    purposes.critical = true;
                    *spec = spec.clone().with([purposes]);
                });
            },
        ),
        row(
            "time-stamping certificate that may encrypt",
            constraint,
            |scene| {
                authority(scene, |spec| {
                    let bits = [usage::DIGITAL_SIGNATURE, usage::KEY_ENCIPHERMENT];
                    *spec = spec.clone().with([Extension::key_usage(&bits)]);
                });
            },
        ),
        row(
            "time-stamp of a citizen's certificate",
            constraint,
            |scene| {
                expired(scene);
                let other = scene.pki.citizen_p384.clone();
                let mut citizen = crate::scene::citizen(&other, &scene.pki.issuing_ca, |spec| {
                    spec.serial_number = vec![0x50, 0x33];
                });
                citizen.file = "citizen";
                scene.tsa = citizen.clone();
                scene.stamps[0].tsa = citizen;
            },
        ),
        row(
            "time-stamp after its certificate ended",
            dropped(NoPoe, TimestampInValidity),
            |scene| {
                authority(scene, |spec| spec.not_after = STAMPED - 1);
            },
        ),
        row(
            "time-stamp before its certificate began",
            dropped(NoPoe, TimestampInValidity),
            |scene| {
                authority(scene, |spec| spec.not_before = STAMPED + 1);
            },
        ),
        row(
            "time-stamping certificate has expired since",
            dropped(OutOfBoundsNotRevoked, CertificateValidity),
            |scene| {
                authority(scene, |spec| spec.not_after = EXPIRY + DAY);
            },
        ),
        row(
            "time-stamping certificate revoked, before or after",
            dropped(RevokedNoPoe, RevocationNotRevoked),
            |scene| {
                expired(scene);
                let said = CertStatus::Revoked(LATER, None);
                scene.about_tsa = vec![Known::Ocsp(said, EXPIRY)];
            },
        ),
        row(
            "nothing known about the time-stamping certificate",
            dropped(CertificateChainGeneralFailure, RevocationAvailable),
            |scene| {
                expired(scene);
                scene.about_tsa.clear();
            },
        ),
        row(
            "old data about the time-stamping certificate",
            passed(TimestampValid),
            |scene| {
                expired(scene);
                scene.about_tsa = vec![Known::Ocsp(CertStatus::Good, STAMPED - 3 * DAY)];
            },
        ),
    ]
}

/// A time-stamp over the content of this time; the signature is stamped a minute later.
fn content(scene: &mut Scene, time: i64) {
    let tsa = scene.tsa.clone();
    scene.content_stamps = vec![Stamp::at(time, &tsa)];
    scene.stamps = vec![Stamp::at(time + 60, &tsa)];
}

fn over_the_content() -> Vec<Row> {
    vec![
        row(
            "content time-stamp before the other",
            passed(TimestampOrder),
            |scene| {
                content(scene, SIGNED - 60);
            },
        ),
        row(
            "content time-stamp after the other",
            not_passed(TimestampOrderFailure, TimestampOrder),
            |scene| {
                content(scene, STAMPED + 30);
                scene.stamps[0].time = STAMPED;
            },
        ),
        row(
            "content time-stamp after the other, within accuracy",
            passed(TimestampOrder),
            |scene| {
                content(scene, STAMPED + 2);
                scene.stamps[0].time = STAMPED;
            },
        ),
        row(
            "content time-stamp after the other, beyond accuracy",
            not_passed(TimestampOrderFailure, TimestampOrder),
            |scene| {
                content(scene, STAMPED + 3);
                scene.stamps[0].time = STAMPED;
            },
        ),
        row(
            "content time-stamp after the other, the authority orders them",
            not_passed(TimestampOrderFailure, TimestampOrder),
            |scene| {
                content(scene, STAMPED + 1);
                scene.stamps[0].time = STAMPED;
                scene.content_stamps[0].edit = |spec| spec.ordering = true;
                scene.stamps[0].edit = |spec| spec.ordering = true;
            },
        ),
        row(
            "content time-stamp after the revocation",
            not_passed(SubIndication::Revoked, TimeBeforeRevocation),
            |scene| {
                content(scene, SIGNED);
                revoked_at(scene, SIGNED - 1);
            },
        ),
        row(
            "content time-stamp at the instant of the revocation",
            not_passed(RevokedNoPoe, TimeBeforeRevocation),
            |scene| {
                content(scene, SIGNED);
                revoked_at(scene, SIGNED);
            },
        ),
        row(
            "content time-stamp of an authority without trust after the revocation",
            not_passed(RevokedNoPoe, TimeBeforeRevocation)
                .without_timestamp(NoCertificateChainFound, PathFound),
            |scene| {
                content(scene, SIGNED);
                revoked_at(scene, SIGNED - 1);
                let other = tsa_of(&scene.pki.tsa_p256, &scene.pki.other_root, VALIDITY);
                scene.content_stamps[0].tsa = other;
            },
        ),
        row(
            "content time-stamp after expiry",
            not_passed(SubIndication::Expired, TimeNotAfter),
            |scene| {
                expired(scene);
                content(scene, EXPIRY + 1);
            },
        ),
        row(
            "content time-stamp in the last second of validity",
            not_passed(OutOfBoundsNotRevoked, TimeNotAfter),
            |scene| {
                expired(scene);
                content(scene, EXPIRY);
            },
        ),
        row(
            "content time-stamp over something else",
            passed(PathFound).without_timestamp(HashFailure, TimestampImprint),
            |scene| {
                content(scene, SIGNED);
                scene.content_stamps[0].edit =
                    |spec| spec.imprint = Hash::Sha256.digest(b"another");
            },
        ),
        row(
            "a wrong content digest and a content time-stamp after the revocation",
            not_passed(HashFailure, ReferenceIntact).broken(),
            |scene| {
                content(scene, SIGNED);
                revoked_at(scene, SIGNED - 1);
                scene.edit_attributes = Some(|data, _| {
                    use imza_test_vectors::cms::Attribute;
                    data.set(Attribute::message_digest(&Hash::Sha256.digest(b"another")));
                });
            },
        ),
    ]
}

fn revoked_at(scene: &mut Scene, at: i64) {
    scene.judged_at(LATER + 10, LATER + 60);
    let said = CertStatus::Revoked(at, None);
    scene.about_signer = vec![Known::Ocsp(said, LATER + 10)];
}

/// RFC 3161 §2.4.2: `tsa` is one of the names of the subject of the authority's certificate.
#[test]
fn a_time_stamp_with_the_name_of_another_authority_is_told() {
    fn directory(name: &Name) -> Option<Vec<u8>> {
        Some(der::explicit(4, &name.der()))
    }
    type Edit = fn(&mut TokenSpec);
    let own_name: Edit = |spec| spec.name = directory(&Pki::fixed().unwrap().tsa_p256.name);
    let edits: [(Edit, usize); 6] = [
        (|spec| spec.name = None, 0),
        (own_name, 0),
        (|spec| spec.name = Some(der::implicit(2, b"TSA.example")), 0),
        (
            |spec| spec.name = directory(&Name::authority("Another authority")),
            1,
        ),
        (
            |spec| spec.name = Some(der::implicit(2, b"tsa.example.org")),
            1,
        ),
        // Something that is no name.
        (|spec| spec.name = Some(der::null()), 1),
    ];
    for (index, (edit, warnings)) in edits.into_iter().enumerate() {
        let mut scene = Scene::new(Packaging::Detached);
        let other_name = der::sequence(&[&der::implicit(2, b"tsa.example")]);
        authority(&mut scene, |spec| {
            let names = Extension::new("2.5.29.17", other_name);
            spec.extensions.push(names);
        });
        scene.stamps[0].edit = edit;
        let report = scene.case().validate().report;
        let signature = &report.signatures[0];
        assert_eq!(signature.indication, Indication::TotalPassed, "{index}");
        let checks = signature.timestamps[0].checks.iter();
        let told = checks.filter(|one| one.id == TimestampToken && one.outcome == Outcome::Warning);
        assert_eq!(told.count(), warnings, "{index}");
    }
}
