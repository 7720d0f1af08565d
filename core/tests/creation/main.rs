//! Signing and augmenting, with a key in memory and a PKI in a box behind the transport.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod additions;
mod changes;
mod containers;
mod covering;
mod documents;
mod encrypted;
mod given;
mod locks;
mod messages;
#[cfg(feature = "ml-dsa")]
mod ml_dsa;
mod outside;
mod pdf;
mod policies;
mod removals;
mod roles;
mod selecting;
mod simple;
mod waiting;

use imza::algorithm::{DigestAlgorithm, SignatureAlgorithm, ValueEncoding};
use imza::creation::{
    Augmentation, AugmentationRequest, DocumentToSign, PendingSignature, Preparation,
    SigningParameters, SigningRequest, sign,
};
use imza::crypto::SoftwareKey;
use imza::error::{ApiMisuse, Error, SignerError};
use imza::job::{Fetch, FetchFailure, InputId, Seed};
use imza::limits::{Budget, Limits};
use imza::policy::ValidationPolicy;
use imza::reading::{Network, Validation, ValidationRequest};
use imza::report::Report;
use imza::signer::Signer;
use imza::signer::software::SoftwareSigner;
use imza::source::{Edits, Input, write_all};
use imza::time::UnixTime;
use imza::transport::{Fetched, Memory, Streamed, Transport, drive};
use imza::trust::TrustSet;
use imza::validation::Context;
use imza::vocabulary::{BaselineLevel, Integrity, SignatureLevel};
use imza_test_vectors::key::KeyKind;
use imza_test_vectors::{Entity, Pki, services};
use std::ops::Range;
use std::sync::Arc;

const SIGNED: i64 = 1_781_000_000;
const NAMES: [&str; 2] = ["ərizə.txt", "qovluq/plan.pdf"];
const CONTENTS: [&[u8]; 2] = [b"\xc9\x99riz\xc9\x99\n", b"%PDF-1.7 plan"];

/// Documents in memory and the services of the PKI behind it.
struct World {
    memory: Memory,
    pki: Pki,
    time: i64,
}

impl Transport for World {
    fn read(&mut self, input: InputId, range: Range<u64>) -> Option<Vec<u8>> {
        self.memory.read(input, range)
    }

    fn stream(
        &mut self,
        input: InputId,
        range: Range<u64>,
        sink: &mut dyn FnMut(&[u8]) -> Result<(), Error>,
    ) -> Result<Streamed, Error> {
        self.memory.stream(input, range, sink)
    }

    fn fetch(&mut self, fetch: &Fetch) -> Result<Fetched, FetchFailure> {
        let target = fetch
            .url
            .strip_prefix(&self.pki.url)
            .ok_or(FetchFailure::Unreachable)?;
        let method = if fetch.body.is_some() { "POST" } else { "GET" };
        let body = fetch.body.clone().unwrap_or_default();
        let answer = services::answer(&self.pki, method, target, &body, self.time);
        match answer.status {
            200 => Ok(Fetched { body: answer.body }),
            status => Err(FetchFailure::Status(status)),
        }
    }
}

fn inputs(at_hand: bool) -> Vec<Input> {
    let one = |(name, octets): (&&str, &&[u8])| {
        if at_hand {
            Input::at_hand(*name, *octets)
        } else {
            Input::on_request(*name, u64::try_from(octets.len()).unwrap())
        }
    };
    NAMES.iter().zip(&CONTENTS).map(one).collect()
}

fn world(pki: &Pki, time: i64) -> World {
    World {
        memory: Memory::new(CONTENTS.map(<[u8]>::to_vec)),
        pki: pki.clone(),
        time,
    }
}

fn signer(entity: &Entity) -> SoftwareSigner {
    let key = SoftwareKey::from_pkcs8_der(entity.key.pkcs8_der()).unwrap();
    let certificates = vec![Arc::from(entity.certificate.as_slice())];
    SoftwareSigner::new(key, certificates, Seed::new([3; 32])).unwrap()
}

fn context(pki: &Pki, time: i64) -> Context {
    let root = TrustSet::read_anchors(&pki.root.certificate, &mut Budget::default()).unwrap();
    Context {
        policy: Arc::new(ValidationPolicy::standard()),
        trust: Arc::new(TrustSet::new(root)),
        validation_time: UnixTime::from_seconds(time),
        proven_at: None,
        limits: Arc::new(Limits::default()),
    }
}

fn prepare(entity: &Entity, algorithm: SignatureAlgorithm, at_hand: bool) -> PendingSignature {
    let pki = Pki::fixed().unwrap();
    let documents = inputs(at_hand).into_iter().map(|input| DocumentToSign {
        input,
        media_type: "application/octet-stream".to_owned(),
    });
    let request = SigningRequest {
        documents: documents.collect(),
        certificates: vec![Arc::from(entity.certificate.as_slice())],
        parameters: SigningParameters::asic_e(algorithm, UnixTime::from_seconds(SIGNED)),
    };
    drive(
        Preparation::begin(request).unwrap(),
        &mut world(&pki, SIGNED),
    )
    .unwrap()
}

fn ecdsa() -> SignatureAlgorithm {
    SignatureAlgorithm::Ecdsa {
        digest: DigestAlgorithm::Sha256,
        encoding: ValueEncoding::Plain,
    }
}

fn level_b(pki: &Pki) -> Edits {
    let entity = &pki.citizen_p256;
    sign(&prepare(entity, ecdsa(), true), &mut signer(entity)).unwrap()
}

fn augment(pki: &Pki, edits: Edits, inputs: Vec<Input>, world: &mut World) -> Edits {
    augment_to(BaselineLevel::Lt, pki, edits, inputs, world)
}

fn augment_to(
    level: BaselineLevel,
    pki: &Pki,
    edits: Edits,
    inputs: Vec<Input>,
    world: &mut World,
) -> Edits {
    let request = AugmentationRequest {
        edits,
        inputs,
        level,
        timestamp_authority: format!("{}/tsa", pki.url),
        context: context(pki, world.time),
        seed: Seed::new([9; 32]),
        network: Network::Online,
    };
    drive(Augmentation::begin(request).unwrap(), world).unwrap()
}

fn write(edits: &Edits, world: &mut World) -> Vec<u8> {
    let mut octets = Vec::new();
    write_all(
        edits,
        |input, range| Ok(world.read(input, range).unwrap()),
        |chunk| {
            octets.extend_from_slice(chunk);
            Ok(())
        },
    )
    .unwrap();
    octets
}

fn validate(octets: &[u8], context: &Context) -> Report {
    let request = ValidationRequest {
        inputs: vec![Input::at_hand("a.asice", octets)],
        given: Vec::new(),
        keys: Vec::new(),
        seed: Seed::new([7; 32]),
        network: Network::Offline,
    };
    let job = Validation::begin(request, context.clone()).unwrap();
    drive(job, &mut Memory::new([octets.to_vec()]))
        .unwrap()
        .report
}

#[test]
fn a_signature_is_augmented_to_lt_and_passes_offline_for_years() {
    let pki = Pki::fixed().unwrap();
    let edits = level_b(&pki);
    let mut world = world(&pki, SIGNED + 10);
    let edits = augment(&pki, edits, inputs(true), &mut world);
    let container = write(&edits, &mut world);
    for later in [SIGNED + 60, SIGNED + 400 * 86_400] {
        let report = validate(&container, &context(&pki, later));
        assert_eq!(report.exit_status(), 0, "{}", report.to_pretty_json());
        let signature = report.signatures.first().unwrap();
        assert_eq!(signature.level, SignatureLevel::BaselineLt);
        assert_eq!(report.files.len(), 2);
    }
}

#[test]
fn archive_time_stamps_are_over_everything_and_can_be_renewed() {
    let pki = Pki::fixed().unwrap();
    let edits = level_b(&pki);
    let mut direct_world = world(&pki, SIGNED + 10);
    let lta = BaselineLevel::Lta;
    let edits = augment_to(lta, &pki, edits, inputs(false), &mut direct_world);
    let container = write(&edits, &mut direct_world);
    let report = validate(&container, &context(&pki, SIGNED + 60));
    assert_eq!(report.exit_status(), 0, "{}", report.to_pretty_json());
    let signature = report.signatures.first().unwrap();
    assert_eq!(signature.level, SignatureLevel::BaselineLta);
    assert_eq!(signature.timestamps.len(), 2);

    // Two years on: the data behind the first archive time-stamp, then a second one.
    let later = SIGNED + 700 * 86_400;
    let length = u64::try_from(container.len()).unwrap();
    let mut file_world = World {
        memory: Memory::new([container.clone()]),
        pki: pki.clone(),
        time: later,
    };
    let whole = Edits::whole(InputId(0), length);
    let input = vec![Input::on_request("a.asice", length)];
    let renewed = augment_to(lta, &pki, whole, input, &mut file_world);
    let renewed = write(&renewed, &mut file_world);
    let report = validate(&renewed, &context(&pki, later + 60));
    assert_eq!(report.exit_status(), 0, "{}", report.to_pretty_json());
    let signature = report.signatures.first().unwrap();
    assert_eq!(signature.level, SignatureLevel::BaselineLta);
    assert_eq!(signature.timestamps.len(), 3);
    assert!(
        signature
            .timestamps
            .iter()
            .all(|one| one.integrity == Integrity::Intact)
    );
    // A data file that is changed is noticed by the signature and by every archive time-stamp.
    let place = container
        .windows(8)
        .position(|window| window == b"%PDF-1.7")
        .unwrap();
    let mut changed = renewed;
    changed[place] ^= 1;
    let report = validate(&changed, &context(&pki, later + 60));
    assert_ne!(report.exit_status(), 0);
    let signature = report.signatures.first().unwrap();
    let broken = signature
        .timestamps
        .iter()
        .filter(|one| one.integrity == Integrity::Broken);
    assert_eq!(broken.count(), 2);
}

#[test]
fn augmenting_unwritten_edits_gives_the_same_bytes_as_a_file_in_between() {
    let pki = Pki::fixed().unwrap();
    let edits = level_b(&pki);
    let mut direct_world = world(&pki, SIGNED + 10);
    let direct = augment(&pki, edits.clone(), inputs(false), &mut direct_world);
    let direct = write(&direct, &mut direct_world);

    let file = write(&edits, &mut world(&pki, SIGNED));
    let length = u64::try_from(file.len()).unwrap();
    let mut file_world = World {
        memory: Memory::new([file]),
        pki: pki.clone(),
        time: SIGNED + 10,
    };
    let whole = Edits::whole(InputId(0), length);
    let input = vec![Input::on_request("a.asice", length)];
    let through_file = augment(&pki, whole, input, &mut file_world);
    assert_eq!(write(&through_file, &mut file_world), direct);
}

#[test]
fn a_pending_signature_survives_its_saved_form() {
    let pki = Pki::fixed().unwrap();
    let pending = prepare(&pki.citizen_p256, ecdsa(), false);
    let loaded = PendingSignature::from_json(&pending.to_json()).unwrap();
    assert_eq!(loaded, pending);
    let one = sign(&pending, &mut signer(&pki.citizen_p256)).unwrap();
    let two = sign(&loaded, &mut signer(&pki.citizen_p256)).unwrap();
    assert_eq!(one, two);
}

#[test]
fn a_value_of_another_key_gives_no_byte() {
    let pki = Pki::fixed().unwrap();
    let pending = prepare(&pki.citizen_p256, ecdsa(), true);
    let refused = sign(&pending, &mut signer(pki.citizen(KeyKind::P256)));
    assert!(refused.is_ok());
    let mut other = signer(&pki.stranger);
    let refused = sign(&pending, &mut other).unwrap_err();
    assert!(matches!(
        refused,
        Error::Signer(SignerError::ValueDoesNotVerify | SignerError::Refused { .. })
    ));
    let refused = pending.complete(&[0; 64]).unwrap_err();
    assert_eq!(refused, SignerError::ValueDoesNotVerify.into());
}

#[test]
fn every_kind_of_key_signs() {
    let pki = Pki::fixed().unwrap();
    let rsa = |digest| SignatureAlgorithm::RsaPkcs1 { digest };
    let cases = [
        (&pki.citizen_p256, ecdsa()),
        (
            &pki.citizen_p384,
            SignatureAlgorithm::Ecdsa {
                digest: DigestAlgorithm::Sha384,
                encoding: ValueEncoding::Plain,
            },
        ),
        (&pki.citizen_rsa_2048, rsa(DigestAlgorithm::Sha256)),
        (
            &pki.citizen_rsa_3072,
            SignatureAlgorithm::pss(DigestAlgorithm::Sha256),
        ),
    ];
    for (entity, algorithm) in cases {
        let mut signer = signer(entity);
        assert!(signer.algorithms().contains(&algorithm), "{algorithm}");
        let edits = sign(&prepare(entity, algorithm, true), &mut signer).unwrap();
        let container = write(&edits, &mut world(&pki, SIGNED));
        let report = validate(&container, &context(&pki, SIGNED + 60));
        let signature = report.signatures.first().unwrap();
        assert_eq!(signature.integrity.as_str(), "intact", "{algorithm}");
    }
}

#[test]
fn wrong_requests_are_refused_before_anything_is_read() {
    let pki = Pki::fixed().unwrap();
    let request = |names: &[&str], algorithm| SigningRequest {
        documents: names
            .iter()
            .map(|name| DocumentToSign {
                input: Input::at_hand(*name, b"x".as_slice()),
                media_type: "text/plain".to_owned(),
            })
            .collect(),
        certificates: vec![Arc::from(pki.citizen_p256.certificate.as_slice())],
        parameters: SigningParameters::asic_e(algorithm, UnixTime::from_seconds(SIGNED)),
    };
    let rsa = SignatureAlgorithm::RsaPkcs1 {
        digest: DigestAlgorithm::Sha256,
    };
    let error = |request| Preparation::begin(request).err();
    assert_eq!(
        error(request(&[], ecdsa())),
        Some(ApiMisuse::NoInput.into())
    );
    assert_eq!(
        error(request(&["a", "A"], ecdsa())),
        Some(ApiMisuse::DuplicateName.into())
    );
    assert_eq!(
        error(request(&["../a"], ecdsa())),
        Some(ApiMisuse::BadFileName.into())
    );
    assert_eq!(
        error(request(&["mimetype"], ecdsa())),
        Some(ApiMisuse::BadFileName.into())
    );
    assert_eq!(
        error(request(&["a"], rsa)),
        Some(ApiMisuse::ContradictoryParameters.into())
    );
}
