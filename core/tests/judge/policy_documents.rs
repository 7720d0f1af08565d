//! The document of a signature policy that travels with the signature.

use crate::attacks::{edit, edited};
use crate::row::{Row, not_passed, passed, row, warned};
use crate::scene::Scene;
use imza::vocabulary::{CheckId, Level, SubIndication};
use imza_test_vectors::cms::{Attribute, SignedData};
use imza_test_vectors::der;
use imza_test_vectors::hash::Hash;

use CheckId::{SignaturePolicyAvailable, SignaturePolicyDigest};

const SIGNATURE_POLICY: &str = "1.2.840.113549.1.9.16.2.15";
const SIGNATURE_POLICY_STORE: &str = "0.4.0.19122.1.3";
const POLICY: &str = "1.3.6.1.4.1.32473.5";
const DOCUMENT: &[u8] = b"whoever signs agrees";
const OTHER: &[u8] = b"whoever signs pays";

/// EN 319 122-1 §5.2.9.1.
fn named(digest: &[u8]) -> Attribute {
    let digest = der::sequence(&[&Hash::Sha256.identifier(), &der::octet_string(digest)]);
    let value = der::sequence(&[&der::oid(POLICY), &digest]);
    Attribute::new(SIGNATURE_POLICY, value)
}

/// EN 319 122-1 §5.2.10.
fn store(document: &[u8]) -> Attribute {
    let value = der::sequence(&[&der::oid(POLICY), &der::octet_string(document)]);
    Attribute::new(SIGNATURE_POLICY_STORE, value)
}

/// A policy with this digest, and stores beside the signature.
fn scene(scene: &mut Scene, attributes: fn(&mut SignedData, &Scene), stores: fn(&mut Vec<u8>)) {
    scene.edit_attributes = Some(attributes);
    edited(scene, stores);
}

fn policy(data: &mut SignedData, _: &Scene) {
    data.set(named(&Hash::Sha256.digest(DOCUMENT)));
}

fn push(message: &mut Vec<u8>, stores: &[Attribute]) {
    edit(message, |apart| {
        stores.iter().for_each(|store| apart.push_unsigned(store));
    });
}

fn another(of: &mut Scene) {
    scene(of, policy, |message| push(message, &[store(OTHER)]));
}

pub(crate) fn rows() -> Vec<Row> {
    vec![
        row(
            "a signature policy with its document",
            passed(SignaturePolicyDigest),
            |of| scene(of, policy, |message| push(message, &[store(DOCUMENT)])),
        ),
        row(
            "a signature policy with another document",
            warned(SignaturePolicyDigest),
            another,
        ),
        row(
            "a signature policy with another document where it must be that one",
            not_passed(SubIndication::PolicyProcessingError, SignaturePolicyDigest),
            |of| {
                another(of);
                let levels = &mut of.policy.levels;
                levels.insert(SignaturePolicyDigest, Level::Fail);
            },
        ),
        row(
            "a signature policy with two documents",
            warned(SignaturePolicyDigest),
            |of| {
                scene(of, policy, |message| {
                    push(message, &[store(DOCUMENT), store(OTHER)]);
                });
            },
        ),
        row(
            "a signature policy whose document has no signed digest",
            warned(SignaturePolicyDigest),
            |of| {
                scene(
                    of,
                    |data, _| data.set(named(&[0; 32])),
                    |message| push(message, &[store(DOCUMENT)]),
                );
            },
        ),
        row(
            "a signature policy with the address of a document",
            warned(SignaturePolicyAvailable),
            |of| {
                scene(of, policy, |message| {
                    let address = der::ia5_string("file:///policy");
                    let value = der::sequence(&[&der::oid(POLICY), &address]);
                    push(message, &[Attribute::new(SIGNATURE_POLICY_STORE, value)]);
                });
            },
        ),
    ]
}
