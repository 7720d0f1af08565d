//! Messages that somebody else made, over a digest that they were given.

use super::pdf::{assert_good, der_ecdsa, on_request, world};
use super::{SIGNED, context, signer, validate, write};
use imza::algorithm::DigestAlgorithm;
use imza::cades::Blueprint;
use imza::certificate::Certificate;
use imza::creation::{
    DocumentToSign, Packaging, PendingSignature, Preparation, SigningParameters, SigningRequest,
};
use imza::crypto::{self, Message};
use imza::error::{Error, Limit};
use imza::limits::Budget;
use imza::signer::Signer;
use imza::time::UnixTime;
use imza::transport::drive;
use imza::vocabulary::SignatureLevel;
use imza_test_vectors::pdf::{CrossReference, Pdf};
use imza_test_vectors::{Entity, Pki};
use std::sync::Arc;

const ROOM: u64 = 8 << 10;

fn contract() -> Vec<u8> {
    Pdf::new("May build.", CrossReference::Table)
        .bytes()
        .to_vec()
}

fn request(packaging: Packaging, certificates: Vec<Arc<[u8]>>, room: u64) -> SigningRequest {
    let time = UnixTime::from_seconds(SIGNED);
    let mut parameters = SigningParameters::new(packaging, der_ecdsa(), time);
    parameters.timestamp_room = room;
    SigningRequest {
        documents: vec![DocumentToSign {
            input: on_request(&contract()),
            media_type: "application/pdf".to_owned(),
        }],
        certificates,
        parameters,
    }
}

fn prepared(request: SigningRequest) -> Result<PendingSignature, Error> {
    let pending = drive(
        Preparation::begin(request)?,
        &mut world(&contract(), SIGNED),
    )?;
    PendingSignature::from_json(&pending.to_json())
}

/// What a service is given: a digest, and nothing of the document.
fn message_of(entity: &Entity, content_digest: &[u8]) -> Blueprint {
    let pki = Pki::fixed().unwrap();
    Blueprint {
        content_digest: content_digest.to_vec(),
        algorithm: der_ecdsa(),
        signing_certificate: entity.certificate.clone(),
        other_certificates: vec![pki.issuing_ca.certificate],
        claimed_signing_time: None,
        media_type: String::new(),
        roles: Vec::new(),
        certified_roles: Vec::new(),
        production_place: None,
        is_countersignature: false,
        policy: None,
        commitment_types: Vec::new(),
        content_description: None,
        content_timestamp: Vec::new(),
    }
}

fn value(entity: &Entity, blueprint: &Blueprint) -> Vec<u8> {
    let data = blueprint.data_to_be_signed().unwrap();
    let digest = crypto::digest(DigestAlgorithm::Sha256, &data).unwrap();
    let mut signer = signer(entity);
    let message = Message::Digest(&digest);
    signer.sign(der_ecdsa(), message).unwrap()
}

fn made(entity: &Entity, content_digest: &[u8]) -> Vec<u8> {
    let blueprint = message_of(entity, content_digest);
    blueprint.detached(&value(entity, &blueprint)).unwrap()
}

fn wanted(pending: &PendingSignature) -> Vec<u8> {
    let (algorithm, digest) = pending.content_digest().unwrap();
    assert_eq!(algorithm, DigestAlgorithm::Sha256);
    digest.to_vec()
}

#[test]
fn a_message_made_elsewhere_signs_a_pdf_as_it_is() {
    let pki = Pki::fixed().unwrap();
    let certificate: Arc<[u8]> = Arc::from(pki.citizen_p256.certificate.as_slice());
    for certificates in [Vec::new(), vec![certificate]] {
        let pending = prepared(request(Packaging::Pades, certificates, ROOM)).unwrap();
        let message = made(&pki.citizen_p256, &wanted(&pending));
        let edits = pending.complete_with_message(&message).unwrap();
        let signed = write(&edits, &mut world(&contract(), SIGNED));
        assert!(signed.starts_with(&contract()));
        assert_good(&signed, SignatureLevel::BaselineB, 60, 1);
    }
}

#[test]
fn a_message_made_elsewhere_stands_beside_a_document_and_in_containers() {
    let pki = Pki::fixed().unwrap();
    for packaging in [Packaging::AsicSWithCades, Packaging::AsicEWithCades] {
        let pending = prepared(request(packaging, Vec::new(), 0)).unwrap();
        let message = made(&pki.citizen_p256, &wanted(&pending));
        let edits = pending.complete_with_message(&message).unwrap();
        let container = write(&edits, &mut world(&contract(), SIGNED));
        let report = validate(&container, &context(&pki, SIGNED + 60));
        let signature = report.signatures.first().unwrap();
        assert_eq!(signature.integrity.as_str(), "intact");
    }
    let pending = prepared(request(Packaging::CadesDetached, Vec::new(), 0)).unwrap();
    let expected = crypto::digest(DigestAlgorithm::Sha256, &contract()).unwrap();
    assert_eq!(wanted(&pending), expected);
    let message = made(&pki.citizen_p256, &expected);
    let edits = pending.complete_with_message(&message).unwrap();
    assert_eq!(write(&edits, &mut world(&contract(), SIGNED)), message);
}

#[test]
fn a_message_that_would_not_verify_gives_no_byte() {
    let pki = Pki::fixed().unwrap();
    let citizen = &pki.citizen_p256;
    let pending = prepared(request(Packaging::Pades, Vec::new(), ROOM)).unwrap();
    let digest = wanted(&pending);
    let good = made(citizen, &digest);
    let blueprint = message_of(citizen, &digest);
    let own_value = value(citizen, &blueprint);
    let changed_value = {
        let mut value = own_value.clone();
        *value.last_mut().unwrap() ^= 1;
        blueprint.detached(&value).unwrap()
    };
    // Signed by one person, with the certificate of another.
    let of_another = blueprint
        .detached(&value(&pki.stranger, &blueprint))
        .unwrap();
    let attached = {
        let (before, behind) = blueprint.attached(&own_value, 4).unwrap();
        [before, b"%PDF".to_vec(), behind].concat()
    };
    let without_certificate = {
        let place = good
            .windows(citizen.certificate.len())
            .position(|one| one == citizen.certificate)
            .unwrap();
        let mut message = good.clone();
        message[place + citizen.certificate.len() - 1] ^= 1;
        message
    };
    // Names another person beside the signed reference: readers would look for that one.
    let of_another_name = {
        let mut message = good.clone();
        let serial = Certificate::parse(&citizen.certificate, &mut Budget::default())
            .unwrap()
            .serial_number()
            .to_vec();
        let mut places = message.windows(serial.len());
        let place = places.rposition(|one| one == serial).unwrap();
        message[place + serial.len() - 1] ^= 1;
        message
    };
    let trailing = [good.as_slice(), &[0]].concat();
    for (message, code) in [
        (made(citizen, &[7; 32]), "signer.value-does-not-verify"),
        (changed_value, "signer.value-does-not-verify"),
        (of_another, "signer.value-does-not-verify"),
        (attached, "malformed.cms.structure"),
        (without_certificate, "malformed.cms.structure"),
        (of_another_name, "malformed.cms.structure"),
        (trailing, "malformed.der.trailing-data"),
        (own_value, "malformed.der.tag"),
        (Vec::new(), "malformed.der.truncated"),
    ] {
        let refused = pending.complete_with_message(&message).unwrap_err();
        assert_eq!(refused.code(), code);
    }
    assert!(pending.complete_with_message(&good).is_ok());
}

#[test]
fn a_message_that_is_too_long_is_told_what_it_needs() {
    let pki = Pki::fixed().unwrap();
    let pending = prepared(request(Packaging::Pades, Vec::new(), 100)).unwrap();
    let message = made(&pki.citizen_p256, &wanted(&pending));
    let refused = pending.complete_with_message(&message).unwrap_err();
    let Error::LimitExceeded(Limit {
        maximum, requested, ..
    }) = refused
    else {
        panic!("{refused}");
    };
    let needed = u64::try_from(message.len()).unwrap();
    assert_eq!((maximum, requested), (100, needed));
    // As long as that, and it fits: the digest is another, as the place is.
    let pending = prepared(request(Packaging::Pades, Vec::new(), needed + 2)).unwrap();
    let message = made(&pki.citizen_p256, &wanted(&pending));
    assert!(pending.complete_with_message(&message).is_ok());
}

#[test]
fn a_message_that_was_not_asked_for_is_refused() {
    let pki = Pki::fixed().unwrap();
    let stranger: Arc<[u8]> = Arc::from(pki.stranger.certificate.as_slice());
    // Another person than the one who was named.
    let named = prepared(request(Packaging::Pades, vec![stranger], ROOM)).unwrap();
    let message = made(&pki.citizen_p256, &wanted(&named));
    let refused = named.complete_with_message(&message).unwrap_err();
    assert_eq!(refused.code(), "api-misuse.key-mismatch");
    // Claims that are not in it.
    let mut claiming = request(Packaging::Pades, Vec::new(), ROOM);
    claiming.parameters.roles = vec!["Director".to_owned()];
    let claiming = prepared(claiming).unwrap();
    let message = made(&pki.citizen_p256, &wanted(&claiming));
    let refused = claiming.complete_with_message(&message).unwrap_err();
    assert_eq!(refused.code(), "api-misuse.contradictory-parameters");
    // A value where nobody said of which certificate.
    let unnamed = prepared(request(Packaging::Pades, Vec::new(), ROOM)).unwrap();
    let refused = unnamed.complete(&[0; 64]).unwrap_err();
    assert_eq!(refused.code(), "api-misuse.key-mismatch");
    // No place for a message, and forms that take none.
    for (packaging, room) in [
        (Packaging::Pades, 0),
        (Packaging::CadesAttached, ROOM),
        (Packaging::AsicEWithXades, ROOM),
    ] {
        let refused = prepared(request(packaging, Vec::new(), room)).unwrap_err();
        assert_eq!(refused.code(), "api-misuse.contradictory-parameters");
    }
}
