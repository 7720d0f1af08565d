//! Who may answer about a certificate.

use super::{MISSING, answered_by};
use crate::row::{Row, passed, row};
use crate::scene::{DATA, VALIDITY, anchor, citizen, responder};
use imza::vocabulary::{CheckId, Purpose};

use CheckId::RevocationAvailable;

pub(super) fn rows() -> Vec<Row> {
    vec![
        row(
            "answer of a certificate that is no responder's",
            MISSING,
            |scene| {
                let other = citizen(&scene.pki.citizen_p384, &scene.issuer, |spec| {
                    spec.serial_number = vec![0x50, 0x04];
                });
                answered_by(scene, &other, DATA);
            },
        ),
        row("answer of the signer itself", MISSING, |scene| {
            let own = scene.signer.clone();
            answered_by(scene, &own, DATA);
        }),
        row("answer of another trusted CA", MISSING, |scene| {
            let other = scene.pki.other_root.clone();
            scene.anchors.push(anchor(&other));
            answered_by(scene, &other, DATA);
        }),
        row(
            "answer of a responder below another trusted CA",
            MISSING,
            |scene| {
                let other = scene.pki.other_root.clone();
                scene.anchors.push(anchor(&other));
                let own = responder(&scene.pki.citizen_p384, &other, VALIDITY, true);
                answered_by(scene, &own, DATA);
            },
        ),
        row(
            "answer of a responder below another CA of the issuer's name",
            MISSING,
            |scene| {
                let key = scene.pki.other_root.key.clone();
                let mut twin = scene.issuer.clone();
                twin.key = key;
                let own = responder(&scene.pki.citizen_p384, &twin, VALIDITY, true);
                answered_by(scene, &own, DATA);
            },
        ),
        row(
            "answer of the CA itself",
            passed(RevocationAvailable),
            |scene| {
                let own = scene.issuer.clone();
                answered_by(scene, &own, DATA);
            },
        ),
        row("answer of a CA above the issuer", MISSING, |scene| {
            let own = scene.pki.root.clone();
            answered_by(scene, &own, DATA);
        }),
        row(
            "answer of a responder trusted for OCSP",
            passed(RevocationAvailable),
            |scene| {
                let other = scene.pki.other_root.clone();
                scene
                    .anchors
                    .push(anchor(&other).for_purposes([Purpose::Ocsp]));
                answered_by(scene, &other, DATA);
            },
        ),
        row(
            "answer of an anchor with the purpose of a responder",
            passed(RevocationAvailable),
            |scene| {
                let own = responder(
                    &scene.pki.citizen_p384,
                    &scene.pki.other_root,
                    VALIDITY,
                    true,
                );
                scene.anchors.push(anchor(&own));
                answered_by(scene, &own, DATA);
            },
        ),
        row(
            "answer of a responder trusted for signing only",
            MISSING,
            |scene| {
                let own = responder(
                    &scene.pki.citizen_p384,
                    &scene.pki.other_root,
                    VALIDITY,
                    true,
                );
                scene
                    .anchors
                    .push(anchor(&own).for_purposes([Purpose::Signing]));
                answered_by(scene, &own, DATA);
            },
        ),
        row(
            "a responder trusted for OCSP, past its sunset date",
            MISSING,
            |scene| {
                let other = scene.pki.other_root.clone();
                let until = imza::time::UnixTime::from_seconds(DATA);
                scene
                    .anchors
                    .push(anchor(&other).for_purposes([Purpose::Ocsp]).until(until));
                answered_by(scene, &other, DATA);
            },
        ),
    ]
}
