//! CAdES: messages beside and around their content.

use super::{CONTENTS, NAMES, SIGNED, World, context, signer, world, write};
use imza::algorithm::{DigestAlgorithm, SignatureAlgorithm, ValueEncoding};
use imza::creation::{
    Augmentation, AugmentationRequest, DocumentToSign, Packaging, PendingSignature, Preparation,
    SigningParameters, SigningRequest, sign,
};
use imza::crypto::SoftwareKey;
use imza::error::{Error, SignerError};
use imza::job::{InputId, Seed};
use imza::policy::{RevocationRequirement, ValidationPolicy};
use imza::reading::{Network, Validation, ValidationRequest};
use imza::report::Report;
use imza::signer::Signer;
use imza::signer::software::SoftwareSigner;
use imza::source::{Edits, Input};
use imza::time::UnixTime;
use imza::transport::{Memory, drive};
use imza::validation::Context;
use imza::vocabulary::{BaselineLevel, SignatureLevel};
use imza_test_vectors::Pki;
use std::sync::Arc;

pub(crate) fn message(
    packaging: Packaging,
    signer: &mut SoftwareSigner,
    algorithm: SignatureAlgorithm,
) -> Vec<u8> {
    let pki = Pki::fixed().unwrap();
    let input = Input::on_request(NAMES[0], u64::try_from(CONTENTS[0].len()).unwrap());
    let mut parameters =
        SigningParameters::new(packaging, algorithm, UnixTime::from_seconds(SIGNED));
    parameters.roles = vec!["Notarius".to_owned()];
    parameters.production_place = Some(["AZ", "", "AZ1000", "Bakı", "Nizami 1"].map(str::to_owned));
    let request = SigningRequest {
        documents: vec![DocumentToSign {
            input,
            media_type: "text/plain".to_owned(),
        }],
        certificates: [
            signer.certificate(),
            vec![Arc::from(pki.issuing_ca.certificate.as_slice())],
        ]
        .concat(),
        parameters,
    };
    let mut world = world(&pki, SIGNED);
    let pending = drive(Preparation::begin(request).unwrap(), &mut world).unwrap();
    let pending = PendingSignature::from_json(&pending.to_json()).unwrap();
    assert_eq!(
        pending.complete(&[0; 64]),
        Err(SignerError::ValueDoesNotVerify.into())
    );
    let edits = sign(&pending, signer).unwrap();
    write(&edits, &mut world)
}

pub(crate) fn judge(message: &[u8], detached: Option<&[u8]>, context: &Context) -> Report {
    let mut inputs = vec![Input::at_hand("m.p7s", message)];
    inputs.extend(detached.map(|content| Input::at_hand(NAMES[0], content)));
    let memory = inputs.iter().map(|input| input.bytes.clone().unwrap());
    let mut memory = Memory::new(memory.map(|octets| octets.to_vec()));
    let request = ValidationRequest {
        inputs,
        given: Vec::new(),
        keys: Vec::new(),
        seed: Seed::new([7; 32]),
        network: Network::Offline,
    };
    let job = Validation::begin(request, context.clone()).unwrap();
    drive(job, &mut memory).unwrap().report
}

/// The key of RFC 8410 §10.3 with a certificate of the PKI.
fn ed25519(pki: &Pki) -> SoftwareSigner {
    let der = [
        b"\x30\x2e\x02\x01\x00\x30\x05\x06\x03\x2b\x65\x70\x04\x22\x04\x20".as_slice(),
        b"\xd4\xee\x72\xdb\xf9\x13\x58\x4a\xd5\xb6\xd8\xf1\xf7\x69\xf8\xad",
        b"\x3a\xfe\x7c\x28\xcb\xf1\xd4\xfb\xe0\x97\xa8\x8f\x44\x75\x58\x42",
    ]
    .concat();
    let key = SoftwareKey::from_pkcs8_der(&der).unwrap();
    let name = imza_test_vectors::name::Name::person("Ed", "Curve", "PNOAZ-ED25519");
    let certificate = pki.certify(name, key.public_key().spki(), 0x7001).unwrap();
    SoftwareSigner::new(key, vec![certificate.into()], Seed::new([3; 32])).unwrap()
}

/// Every algorithm of a signer that CMS writes.
fn of_cms(signer: &SoftwareSigner) -> Vec<SignatureAlgorithm> {
    let is_cms = |algorithm: &SignatureAlgorithm| match algorithm {
        SignatureAlgorithm::Ecdsa { encoding, .. } => *encoding == ValueEncoding::Der,
        _ => true,
    };
    signer.algorithms().into_iter().filter(is_cms).collect()
}

#[test]
fn messages_of_every_algorithm_pass_beside_and_around_their_content() {
    let pki = Pki::fixed().unwrap();
    let mut context = context(&pki, SIGNED + 60);
    let mut policy = ValidationPolicy::standard();
    policy.revocation = RevocationRequirement::None;
    context.policy = Arc::new(policy);
    let entities = [
        &pki.citizen_p256,
        &pki.citizen_p384,
        &pki.citizen_rsa_2048,
        &pki.citizen_rsa_3072,
    ];
    let mut signers: Vec<_> = entities.into_iter().map(signer).collect();
    signers.push(ed25519(&pki));
    let algorithms = |signer: SoftwareSigner| {
        let signer = std::rc::Rc::new(std::cell::RefCell::new(signer));
        let algorithms = of_cms(&signer.borrow());
        algorithms.into_iter().map(move |one| (signer.clone(), one))
    };
    let cases: Vec<_> = signers.into_iter().flat_map(algorithms).collect();
    assert!(cases.len() >= 19);
    for (signer, algorithm) in cases {
        let signer = &mut *signer.borrow_mut();
        let detached = message(Packaging::CadesDetached, signer, algorithm);
        let attached = message(Packaging::CadesAttached, signer, algorithm);
        for (message, content) in [(&detached, Some(CONTENTS[0])), (&attached, None)] {
            let report = judge(message, content, &context);
            assert_eq!(report.exit_status(), 0, "{}", report.to_pretty_json());
            let signature = report.signatures.first().unwrap();
            assert_eq!(signature.level, SignatureLevel::BaselineB, "{algorithm}");
        }
        let other = judge(&detached, Some(b"other"), &context);
        assert_eq!(other.exit_status(), 20, "{algorithm}");
    }
}

pub(crate) fn der_ecdsa() -> SignatureAlgorithm {
    SignatureAlgorithm::Ecdsa {
        digest: DigestAlgorithm::Sha256,
        encoding: ValueEncoding::Der,
    }
}

/// A message, perhaps with its content beside it, augmented at a time.
pub(crate) fn augmented(
    message: &[u8],
    content: Option<&[u8]>,
    level: BaselineLevel,
    time: i64,
) -> Result<Vec<u8>, Error> {
    let pki = Pki::fixed().unwrap();
    let files: Vec<Vec<u8>> = [Some(message), content]
        .into_iter()
        .flatten()
        .map(<[u8]>::to_vec)
        .collect();
    let on_request = |(name, octets): (&str, &Vec<u8>)| {
        Input::on_request(name, u64::try_from(octets.len()).unwrap())
    };
    let names = ["m.p7s", NAMES[0]];
    let inputs: Vec<Input> = names.into_iter().zip(&files).map(on_request).collect();
    let mut world = World {
        memory: Memory::new(files),
        pki: pki.clone(),
        time,
    };
    let request = AugmentationRequest {
        edits: Edits::whole(InputId(0), u64::try_from(message.len()).unwrap()),
        inputs,
        level,
        timestamp_authority: format!("{}/tsa", pki.url),
        context: context(&pki, time),
        seed: Seed::new([9; 32]),
        network: Network::Online,
    };
    let edits = drive(Augmentation::begin(request)?, &mut world)?;
    Ok(write(&edits, &mut world))
}

#[test]
fn messages_reach_every_level_and_pass_offline_for_years() {
    let pki = Pki::fixed().unwrap();
    let day = 86_400;
    for (packaging, content) in [
        (Packaging::CadesDetached, Some(CONTENTS[0])),
        (Packaging::CadesAttached, None),
    ] {
        let b = message(packaging, &mut signer(&pki.citizen_p256), der_ecdsa());
        let t = augmented(&b, content, BaselineLevel::T, SIGNED + 10).unwrap();
        let lt = augmented(&t, content, BaselineLevel::Lt, SIGNED + 20).unwrap();
        let lta = augmented(&lt, content, BaselineLevel::Lta, SIGNED + 30).unwrap();
        let renewed = augmented(&lta, content, BaselineLevel::Lta, SIGNED + 40).unwrap();
        for (message, level, later) in [
            (&lt, SignatureLevel::BaselineLt, 60),
            (&lt, SignatureLevel::BaselineLt, 400 * day),
            (&lta, SignatureLevel::BaselineLta, 60),
            (&lta, SignatureLevel::BaselineLta, 400 * day),
            (&renewed, SignatureLevel::BaselineLta, 400 * day),
        ] {
            let report = judge(message, content, &context(&pki, SIGNED + later));
            assert_eq!(report.exit_status(), 0, "{}", report.to_pretty_json());
            assert_eq!(report.signatures.first().unwrap().level, level);
        }
        let report = judge(&t, content, &context(&pki, SIGNED + 60));
        assert_eq!(
            report.signatures.first().unwrap().level,
            SignatureLevel::BaselineT
        );
        // One call goes all the way.
        let at_once = augmented(&b, content, BaselineLevel::Lta, SIGNED + 30).unwrap();
        let report = judge(&at_once, content, &context(&pki, SIGNED + 400 * day));
        assert_eq!(report.exit_status(), 0, "{}", report.to_pretty_json());
        assert_eq!(
            report.signatures.first().unwrap().level,
            SignatureLevel::BaselineLta
        );
    }
}

#[test]
fn what_was_signed_stays_octet_for_octet_when_a_message_grows() {
    let pki = Pki::fixed().unwrap();
    let mut signer = signer(&pki.citizen_rsa_2048);
    let algorithm = SignatureAlgorithm::pss(DigestAlgorithm::Sha256);
    let b = message(Packaging::CadesDetached, &mut signer, algorithm);
    let lta = augmented(&b, Some(CONTENTS[0]), BaselineLevel::Lta, SIGNED + 30).unwrap();
    let parse = |octets: &[u8]| {
        imza::cms::SignedData::parse(octets, &mut imza::limits::Budget::default()).unwrap()
    };
    let (before, after) = (parse(&b), parse(&lta));
    let fields = |data: &imza::cms::SignedData| data.signer_infos.first().unwrap().fields.clone();
    assert_eq!(fields(&before), fields(&after));
    assert!(
        before
            .certificates
            .iter()
            .all(|one| after.certificates.contains(one))
    );
    assert!(after.version >= 5 || after.ocsps().next().is_none());
}

#[test]
fn an_archive_timestamp_wants_the_data_that_was_signed() {
    let pki = Pki::fixed().unwrap();
    let b = message(
        Packaging::CadesDetached,
        &mut signer(&pki.citizen_p256),
        der_ecdsa(),
    );
    for content in [None, Some(b"other data".as_slice())] {
        let refused = augmented(&b, content, BaselineLevel::Lta, SIGNED + 30).unwrap_err();
        let codes = ["unsupported.feature", "input.material-missing"];
        assert!(codes.contains(&refused.code()), "{refused}");
    }
}

#[test]
fn a_message_is_augmented_before_it_is_written() {
    let pki = Pki::fixed().unwrap();
    let mut world = world(&pki, SIGNED + 10);
    let input = || Input::on_request(NAMES[0], u64::try_from(CONTENTS[0].len()).unwrap());
    let request = SigningRequest {
        documents: vec![DocumentToSign {
            input: input(),
            media_type: "text/plain".to_owned(),
        }],
        certificates: signer(&pki.citizen_p256).certificate(),
        parameters: SigningParameters::new(
            Packaging::CadesDetached,
            der_ecdsa(),
            UnixTime::from_seconds(SIGNED),
        ),
    };
    let pending = drive(Preparation::begin(request).unwrap(), &mut world).unwrap();
    let edits = sign(&pending, &mut signer(&pki.citizen_p256)).unwrap();
    let request = AugmentationRequest {
        edits,
        inputs: vec![input()],
        level: BaselineLevel::Lta,
        timestamp_authority: format!("{}/tsa", pki.url),
        context: context(&pki, SIGNED + 10),
        seed: Seed::new([9; 32]),
        network: Network::Online,
    };
    let edits = drive(Augmentation::begin(request).unwrap(), &mut world).unwrap();
    let message = write(&edits, &mut world);
    let report = judge(&message, Some(CONTENTS[0]), &context(&pki, SIGNED + 60));
    assert_eq!(report.exit_status(), 0, "{}", report.to_pretty_json());
    assert_eq!(
        report.signatures.first().unwrap().level,
        SignatureLevel::BaselineLta
    );
}
