//! ASiC containers with CAdES.

use super::{CONTENTS, NAMES, SIGNED, World, context, inputs, signer, validate, world, write};
use imza::algorithm::{DigestAlgorithm, SignatureAlgorithm, ValueEncoding};
use imza::creation::{
    Augmentation, AugmentationRequest, DocumentToSign, Packaging, Preparation, SigningParameters,
    SigningRequest, sign,
};
use imza::error::{ApiMisuse, Error, Unsupported};
use imza::job::{InputId, Seed};
use imza::reading::Network;
use imza::signer::Signer;
use imza::source::{Edits, Input};
use imza::time::UnixTime;
use imza::transport::{Memory, drive};
use imza::vocabulary::{BaselineLevel, ContainerKind, SignatureLevel};
use imza_test_vectors::Pki;

/// The first `count` documents in a new container.
fn container(packaging: Packaging, count: usize) -> Result<Vec<u8>, Error> {
    let pki = Pki::fixed().unwrap();
    let mut signer = signer(&pki.citizen_p384);
    let algorithm = SignatureAlgorithm::Ecdsa {
        digest: DigestAlgorithm::Sha384,
        encoding: ValueEncoding::Der,
    };
    let documents = inputs(false).into_iter().take(count);
    let documents = documents.map(|input| DocumentToSign {
        input,
        media_type: "text/plain".to_owned(),
    });
    let mut certificates = signer.certificate();
    certificates.push(pki.issuing_ca.certificate.as_slice().into());
    let request = SigningRequest {
        documents: documents.collect(),
        certificates,
        parameters: SigningParameters::new(packaging, algorithm, UnixTime::from_seconds(SIGNED)),
    };
    let mut world = world(&pki, SIGNED);
    let pending = drive(Preparation::begin(request)?, &mut world)?;
    Ok(write(&sign(&pending, &mut signer)?, &mut world))
}

fn augmented(container: &[u8], level: BaselineLevel) -> Result<Vec<u8>, Error> {
    let pki = Pki::fixed().unwrap();
    let length = u64::try_from(container.len()).unwrap();
    let mut world = World {
        memory: Memory::new([container.to_vec()]),
        pki: pki.clone(),
        time: SIGNED + 10,
    };
    let request = AugmentationRequest {
        edits: Edits::whole(InputId(0), length),
        inputs: vec![Input::on_request("a.asice", length)],
        level,
        timestamp_authority: format!("{}/tsa", pki.url),
        context: context(&pki, SIGNED + 10),
        seed: Seed::new([9; 32]),
        network: Network::Online,
    };
    let edits = drive(Augmentation::begin(request)?, &mut world)?;
    Ok(write(&edits, &mut world))
}

#[test]
fn containers_with_messages_reach_their_levels_and_pass_for_years() {
    let pki = Pki::fixed().unwrap();
    for (packaging, count, kind) in [
        (Packaging::AsicEWithCades, 2, ContainerKind::AsicE),
        (Packaging::AsicSWithCades, 1, ContainerKind::AsicS),
    ] {
        let b = container(packaging, count).unwrap();
        let report = validate(&b, &context(&pki, SIGNED + 60));
        let signature = report.signatures.first().unwrap();
        assert_eq!(signature.level, SignatureLevel::BaselineB);
        assert_eq!(signature.integrity.as_str(), "intact");
        let lt = augmented(&b, BaselineLevel::Lt).unwrap();
        for later in [60, 400 * 86_400] {
            let report = validate(&lt, &context(&pki, SIGNED + later));
            assert_eq!(report.exit_status(), 0, "{}", report.to_pretty_json());
            assert_eq!(report.container, Some(kind));
            assert_eq!(report.files.len(), count);
            let signature = report.signatures.first().unwrap();
            assert_eq!(signature.level, SignatureLevel::BaselineLt);
        }
    }
}

#[test]
fn a_simple_container_is_archived_and_one_with_a_manifest_is_not() {
    let pki = Pki::fixed().unwrap();
    let simple = container(Packaging::AsicSWithCades, 1).unwrap();
    let lta = augmented(&simple, BaselineLevel::Lta).unwrap();
    let report = validate(&lta, &context(&pki, SIGNED + 400 * 86_400));
    assert_eq!(report.exit_status(), 0, "{}", report.to_pretty_json());
    let signature = report.signatures.first().unwrap();
    assert_eq!(signature.level, SignatureLevel::BaselineLta);
    let extended = container(Packaging::AsicEWithCades, 2).unwrap();
    let refused = augmented(&extended, BaselineLevel::Lta).unwrap_err();
    assert!(matches!(
        refused,
        Error::Unsupported(Unsupported::Feature(_))
    ));
}

#[test]
fn a_changed_file_in_a_container_with_messages_is_noticed() {
    let pki = Pki::fixed().unwrap();
    for (packaging, count) in [
        (Packaging::AsicEWithCades, 2),
        (Packaging::AsicSWithCades, 1),
    ] {
        let mut octets = container(packaging, count).unwrap();
        let content = CONTENTS.first().unwrap();
        let at = octets
            .windows(content.len())
            .position(|part| part == *content);
        *octets.get_mut(at.unwrap()).unwrap() ^= 1;
        let report = validate(&octets, &context(&pki, SIGNED + 60));
        assert_eq!(report.exit_status(), 20);
    }
}

#[test]
fn a_simple_container_takes_one_document_with_a_usable_name() {
    let refused = container(Packaging::AsicSWithCades, 2).unwrap_err();
    assert_eq!(refused, ApiMisuse::ContradictoryParameters.into());
    let refused = container(Packaging::AsicEWithCades, 0).unwrap_err();
    assert_eq!(refused, ApiMisuse::NoInput.into());
    assert_eq!(NAMES.len(), 2);
}
