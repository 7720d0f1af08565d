//! ASiC containers with CAdES, and ASiC-S with XAdES.

use super::{CONTENTS, NAMES, SIGNED, World, context, inputs, signer, validate, world, write};
use imza::algorithm::{DigestAlgorithm, SignatureAlgorithm, ValueEncoding};
use imza::creation::{
    Augmentation, AugmentationRequest, DocumentToSign, Packaging, PendingSignature, Preparation,
    SigningParameters, SigningRequest, sign,
};
use imza::error::{ApiMisuse, Error};
use imza::job::{InputId, Seed};
use imza::reading::Network;
use imza::signer::Signer;
use imza::source::{Edits, Input};
use imza::time::UnixTime;
use imza::transport::{Memory, drive};
use imza::vocabulary::{BaselineLevel, ContainerKind, Integrity, SignatureLevel};
use imza_test_vectors::Pki;

/// The first `count` documents in a new container.
pub(super) fn container(packaging: Packaging, count: usize) -> Result<Vec<u8>, Error> {
    let pki = Pki::fixed().unwrap();
    let mut signer = signer(&pki.citizen_p384);
    let algorithm = SignatureAlgorithm::Ecdsa {
        digest: DigestAlgorithm::Sha384,
        encoding: packaging.value_encoding(),
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

pub(super) fn augmented(container: &[u8], level: BaselineLevel) -> Result<Vec<u8>, Error> {
    augmented_at(container, level, SIGNED + 10)
}

pub(super) fn augmented_at(
    container: &[u8],
    level: BaselineLevel,
    time: i64,
) -> Result<Vec<u8>, Error> {
    let pki = Pki::fixed().unwrap();
    let length = u64::try_from(container.len()).unwrap();
    let mut world = World {
        memory: Memory::new([container.to_vec()]),
        pki: pki.clone(),
        time,
    };
    let request = AugmentationRequest {
        edits: Edits::whole(InputId(0), length),
        inputs: vec![Input::on_request("a.asice", length)],
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
fn containers_with_messages_reach_their_levels_and_pass_for_years() {
    let pki = Pki::fixed().unwrap();
    for (packaging, count, kind) in [
        (Packaging::AsicEWithCades, 2, ContainerKind::AsicE),
        (Packaging::AsicSWithCades, 1, ContainerKind::AsicS),
        (Packaging::AsicSWithXades, 1, ContainerKind::AsicS),
    ] {
        let b = container(packaging, count).unwrap();
        let report = validate(&b, &context(&pki, SIGNED + 60));
        let signature = report.signatures.first().unwrap();
        assert_eq!(signature.level, SignatureLevel::BaselineB);
        assert_eq!(signature.integrity.as_str(), "intact");
        let t = augmented(&b, BaselineLevel::T).unwrap();
        let report = validate(&t, &context(&pki, SIGNED + 60));
        let signature = report.signatures.first().unwrap();
        assert_eq!(signature.level, SignatureLevel::BaselineT);
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

const DAY: i64 = 86_400;

#[test]
fn a_simple_container_is_archived() {
    let pki = Pki::fixed().unwrap();
    for packaging in [Packaging::AsicSWithCades, Packaging::AsicSWithXades] {
        let simple = container(packaging, 1).unwrap();
        let lta = augmented(&simple, BaselineLevel::Lta).unwrap();
        let report = validate(&lta, &context(&pki, SIGNED + 400 * DAY));
        assert_eq!(report.exit_status(), 0, "{}", report.to_pretty_json());
        let signature = report.signatures.first().unwrap();
        assert_eq!(signature.level, SignatureLevel::BaselineLta);
    }
}

/// The files of a container by name, from the local headers: nothing is compressed, and every
/// header tells the size (APPNOTE §4.3.7).
pub(super) fn files(container: &[u8]) -> std::collections::BTreeMap<String, Vec<u8>> {
    let mut found = std::collections::BTreeMap::new();
    let mut rest = container;
    while rest.starts_with(b"PK\x03\x04") {
        let part = |from: usize, length: usize| rest.get(from..from + length).unwrap();
        let number = |at: usize| usize::from(u16::from_le_bytes(part(at, 2).try_into().unwrap()));
        let size = number(18) | (number(20) << 16);
        let name = String::from_utf8(part(30, number(26)).to_vec()).unwrap();
        let start = 30 + number(26) + number(28);
        found.insert(name, part(start, size).to_vec());
        rest = rest.get(start + size..).unwrap();
    }
    found
}

/// All time-stamps of the document pass.
fn assert_passes(container: &[u8], time: i64, timestamps: usize) {
    let pki = Pki::fixed().unwrap();
    let report = validate(container, &context(&pki, time));
    let json = report.to_pretty_json();
    assert!(
        report.signatures.is_empty() || report.exit_status() == 0,
        "{json}"
    );
    assert_eq!(report.timestamps.len(), timestamps, "{json}");
    let passed = imza::vocabulary::BlockIndication::Passed;
    assert!(
        report.timestamps.iter().all(|one| one.indication == passed),
        "{json}"
    );
}

#[test]
fn a_container_with_a_manifest_is_archived_over_another_and_renewed() {
    let b = container(Packaging::AsicEWithCades, 2).unwrap();
    let lta = augmented(&b, BaselineLevel::Lta).unwrap();
    for later in [60, 400 * DAY] {
        assert_passes(&lta, SIGNED + later, 1);
    }
    let first = files(&lta);
    let manifest = first.get("META-INF/ASiCArchiveManifest.xml").unwrap();
    let text = String::from_utf8(manifest.clone()).unwrap();
    for name in NAMES
        .iter()
        .copied()
        .chain(["META-INF/ASiCManifest.xml", "META-INF/signature.p7s"])
    {
        let written = imza::xml::uri::encode_uri(name);
        assert!(
            text.contains(&format!("URI=\"{written}\"")),
            "{name}: {text}"
        );
    }
    // Two years on the first time-stamp gets what judges it, and all of it a second one.
    let later = SIGNED + 700 * DAY;
    let renewed = augmented_at(&lta, BaselineLevel::Lta, later).unwrap();
    assert_passes(&renewed, later + 60, 2);
    let again = augmented_at(&renewed, BaselineLevel::Lta, later + DAY).unwrap();
    assert_passes(&again, later + 2 * DAY, 3);
    let (second, third) = (files(&renewed), files(&again));
    assert_eq!(
        second.get("META-INF/ASiCArchiveManifest1.xml"),
        Some(manifest)
    );
    // What a manifest names stays octet for octet.
    for name in NAMES.iter().copied().chain([
        "META-INF/signature.p7s",
        "META-INF/ASiCManifest.xml",
        "META-INF/ASiCArchiveManifest1.xml",
        "META-INF/timestamp1.tst",
    ]) {
        assert_eq!(second.get(name), third.get(name), "{name}");
        assert!(second.contains_key(name), "{name}");
    }
    assert_eq!(
        first.get("META-INF/signature.p7s"),
        second.get("META-INF/signature.p7s")
    );
    // A lower level later changes nothing that is named.
    let t = augmented_at(&again, BaselineLevel::T, later + 2 * DAY).unwrap();
    assert_eq!(files(&t), third);
}

#[test]
fn what_an_archive_manifest_names_cannot_be_changed() {
    let lta = augmented(
        &container(Packaging::AsicEWithCades, 2).unwrap(),
        BaselineLevel::Lta,
    )
    .unwrap();
    let pki = Pki::fixed().unwrap();
    for name in [
        NAMES[0],
        "META-INF/signature.p7s",
        "META-INF/ASiCManifest.xml",
    ] {
        let content = files(&lta).get(name).unwrap().clone();
        let mut changed = lta.clone();
        let at = changed
            .windows(content.len())
            .position(|part| part == content)
            .unwrap();
        let last = at + content.len() - 1;
        *changed.get_mut(last).unwrap() ^= 1;
        let report = validate(&changed, &context(&pki, SIGNED + 60));
        let failed = imza::vocabulary::BlockIndication::Passed;
        assert!(
            report.timestamps.iter().all(|one| one.indication != failed),
            "{name}"
        );
        assert_ne!(report.exit_status(), 0, "{name}");
    }
}

#[test]
fn a_time_stamp_by_itself_in_a_container_is_kept_for_years() {
    use imza_test_vectors::tsa::{self, TokenSpec};
    use imza_test_vectors::zip::{self, Entry};
    let pki = Pki::fixed().unwrap();
    let spec = TokenSpec::over(
        CONTENTS[0],
        imza_test_vectors::hash::Hash::Sha256,
        SIGNED,
        &pki.tsa_rsa_2048,
    );
    let token = tsa::token(&spec, &pki.tsa_rsa_2048).unwrap();
    let made = zip::write(&[
        Entry::new("mimetype", b"application/vnd.etsi.asic-s+zip"),
        Entry::new("a.txt", CONTENTS[0]),
        Entry::new("META-INF/timestamp.tst", &token),
    ]);
    assert!(augmented(&made, BaselineLevel::T).is_err(), "no signature");
    let lta = augmented(&made, BaselineLevel::Lta).unwrap();
    assert_passes(&lta, SIGNED + 400 * DAY, 2);
    let renewed = augmented_at(&lta, BaselineLevel::Lta, SIGNED + 700 * DAY).unwrap();
    assert_passes(&renewed, SIGNED + 701 * DAY, 3);
    let names: Vec<String> = files(&renewed).into_keys().collect();
    assert!(names.contains(&"META-INF/ASiCArchiveManifest1.xml".to_owned()));
}

#[test]
fn a_changed_file_in_a_container_with_messages_is_noticed() {
    let pki = Pki::fixed().unwrap();
    for (packaging, count) in [
        (Packaging::AsicEWithCades, 2),
        (Packaging::AsicSWithCades, 1),
        (Packaging::AsicSWithXades, 1),
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
    for packaging in [Packaging::AsicSWithCades, Packaging::AsicSWithXades] {
        let refused = container(packaging, 2).unwrap_err();
        assert_eq!(refused, ApiMisuse::ContradictoryParameters.into());
    }
    let refused = container(Packaging::AsicEWithCades, 0).unwrap_err();
    assert_eq!(refused, ApiMisuse::NoInput.into());
    assert_eq!(NAMES.len(), 2);
}

/// The container with what another person signs of it.
pub(super) fn signed_again(
    container: &[u8],
    packaging: Packaging,
    countersigned: Option<&str>,
) -> Result<Vec<u8>, Error> {
    signed_again_at(container, packaging, countersigned, SIGNED)
}

pub(super) fn signed_again_at(
    container: &[u8],
    packaging: Packaging,
    countersigned: Option<&str>,
    time: i64,
) -> Result<Vec<u8>, Error> {
    let pki = Pki::fixed().unwrap();
    let mut world = World {
        memory: Memory::new([container.to_vec()]),
        pki: Pki::fixed().unwrap(),
        time: SIGNED,
    };
    let algorithm = SignatureAlgorithm::Ecdsa {
        digest: DigestAlgorithm::Sha384,
        encoding: ValueEncoding::Der,
    };
    let time = UnixTime::from_seconds(time);
    let mut parameters = SigningParameters::new(packaging, algorithm, time);
    // Another digest than that of the signature.
    parameters.digest = DigestAlgorithm::Sha256;
    parameters.countersigned = countersigned.map(str::to_owned);
    let length = u64::try_from(container.len()).unwrap();
    let request = SigningRequest {
        documents: vec![DocumentToSign {
            input: Input::on_request("a.asice", length),
            media_type: String::new(),
        }],
        certificates: vec![pki.citizen_p384.certificate.as_slice().into()],
        parameters,
    };
    let pending = drive(Preparation::begin(request)?, &mut world)?;
    let pending = PendingSignature::from_json(&pending.to_json())?;
    Ok(write(
        &sign(&pending, &mut signer(&pki.citizen_p384))?,
        &mut world,
    ))
}

#[test]
fn several_people_sign_a_container_with_messages() {
    let pki = Pki::fixed().unwrap();
    for (packaging, count) in [
        (Packaging::AsicEWithCades, 2),
        (Packaging::AsicSWithCades, 1),
    ] {
        let mut document = container(packaging, count).unwrap();
        for (number, later) in [(2, 1), (3, 2)] {
            let before = files(&document);
            let (packaging, time) = (Packaging::AsicCadesAddition, SIGNED + later);
            document = signed_again_at(&document, packaging, None, time).unwrap();
            let report = validate(&document, &context(&pki, SIGNED + 60));
            assert_eq!(report.signatures.len(), number, "{packaging:?}");
            for one in &report.signatures {
                assert_eq!(one.integrity, Integrity::Intact, "{packaging:?}");
                assert_eq!(one.level, SignatureLevel::BaselineB);
            }
            for file in &report.files {
                assert_eq!(file.covered_by.len(), number);
            }
            // EN 319 162-1 §4.4.4.2: what was signed stays; ASiC-S has one message for all.
            let after = files(&document);
            let changed = before
                .iter()
                .filter(|(name, octets)| after.get(*name) != Some(*octets));
            assert_eq!(changed.count(), usize::from(count == 1));
        }
        let document = augmented(&document, BaselineLevel::Lt).unwrap();
        let report = validate(&document, &context(&pki, SIGNED + 400 * 86_400));
        assert_eq!(report.exit_status(), 0, "{}", report.to_pretty_json());
    }
}

#[test]
fn a_message_in_a_container_is_countersigned() {
    let pki = Pki::fixed().unwrap();
    let packaging = Packaging::AsicCadesCounterSignature;
    for (form, count) in [
        (Packaging::AsicEWithCades, 2),
        (Packaging::AsicSWithCades, 1),
    ] {
        let one = container(form, count).unwrap();
        let document = signed_again(&one, packaging, None).unwrap();
        let report = validate(&document, &context(&pki, SIGNED + 60));
        let [signature, other] = report.signatures.as_slice() else {
            panic!("{}", report.to_pretty_json());
        };
        assert_eq!(other.parent.as_ref(), Some(&signature.id));
        let mut all = report.signatures.iter();
        assert!(all.all(|one| one.integrity == Integrity::Intact));
        // Of two signatures one has to be named.
        let two = signed_again(&one, Packaging::AsicCadesAddition, None).unwrap();
        assert!(signed_again(&two, packaging, None).is_err());
        let report = validate(&two, &context(&pki, SIGNED + 60));
        for id in report.signatures.iter().map(|one| one.id.as_str()) {
            let named = signed_again(&two, packaging, Some(id)).unwrap();
            let report = validate(&named, &context(&pki, SIGNED + 60));
            let signatures = report.signatures.iter();
            let parents = signatures.filter_map(|one| one.parent.as_deref());
            assert_eq!(parents.collect::<Vec<_>>(), [id]);
        }
        assert!(signed_again(&two, packaging, Some("S-0")).is_err());
    }
}

#[test]
fn signatures_of_the_other_kind_and_under_a_time_stamp_are_refused() {
    let refused = |outcome: Result<Vec<u8>, Error>| outcome.err().unwrap().code().to_owned();
    let xades = container(Packaging::AsicEWithXades, 2).unwrap();
    let cades = container(Packaging::AsicEWithCades, 2).unwrap();
    let archived = augmented(&cades, BaselineLevel::Lta).unwrap();
    for packaging in [
        Packaging::AsicCadesAddition,
        Packaging::AsicCadesCounterSignature,
    ] {
        let outcome = signed_again(&xades, packaging, None);
        assert_eq!(refused(outcome), "unsupported.feature", "{packaging:?}");
    }
    let outcome = signed_again(&archived, Packaging::AsicCadesCounterSignature, None);
    assert_eq!(refused(outcome), "input.signed");
    // Beside the archive manifest another one may stand.
    let two = signed_again(&archived, Packaging::AsicCadesAddition, None).unwrap();
    let pki = Pki::fixed().unwrap();
    let report = validate(&two, &context(&pki, SIGNED + 60));
    assert_eq!(report.signatures.len(), 2);
    let mut all = report.signatures.iter();
    assert!(all.all(|one| one.integrity == Integrity::Intact));
}

#[test]
fn the_same_signature_once_more_is_refused() {
    for (packaging, count) in [
        (Packaging::AsicSWithCades, 1),
        (Packaging::AsicEWithCades, 2),
    ] {
        let addition = Packaging::AsicCadesAddition;
        let one = container(packaging, count).unwrap();
        let two = signed_again_at(&one, addition, None, SIGNED + 1).unwrap();
        let once_more = signed_again_at(&two, addition, None, SIGNED + 1);
        match packaging {
            // One message for everybody.
            Packaging::AsicSWithCades => {
                assert_eq!(once_more, Err(ApiMisuse::SignedAlready.into()));
            }
            // Another message over another manifest, which names that message.
            _ => assert!(once_more.is_ok()),
        }
        // A second later it is another one.
        assert!(signed_again_at(&two, addition, None, SIGNED + 2).is_ok());
    }
}
