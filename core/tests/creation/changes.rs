//! Containers that are there already: another signature, files more or less.

use super::{SIGNED, World, context, ecdsa, signer, validate, write};
use imza::creation::{
    Augmentation, AugmentationRequest, ContainerChange, ContainerChangeRequest, DocumentToSign,
    Packaging, PendingSignature, Preparation, SigningParameters, SigningRequest, sign,
};
use imza::error::Error;
use imza::job::{InputId, Seed};
use imza::reading::Network;
use imza::source::{Edits, Input};
use imza::time::UnixTime;
use imza::transport::{Memory, drive};
use imza::vocabulary::{BaselineLevel, Integrity, SignatureLevel};
use imza_test_vectors::key::KeyKind;
use imza_test_vectors::{Entity, Pki};

pub(super) type File<'a> = (&'a str, &'a [u8]);

fn world(files: &[File<'_>]) -> World {
    World {
        memory: Memory::new(files.iter().map(|(_, octets)| octets.to_vec())),
        pki: Pki::fixed().unwrap(),
        time: SIGNED,
    }
}

fn document((name, octets): &File<'_>) -> DocumentToSign {
    DocumentToSign {
        input: Input::on_request(*name, u64::try_from(octets.len()).unwrap()),
        media_type: "text/plain".to_owned(),
    }
}

pub(super) fn changed(
    container: Option<&[u8]>,
    add: &[File<'_>],
    remove: &[&str],
) -> Result<Vec<u8>, Error> {
    let own = container.map(|octets| ("a.asice", octets));
    let files: Vec<File<'_>> = own.into_iter().chain(add.iter().copied()).collect();
    let mut world = world(&files);
    let request = ContainerChangeRequest {
        container: own.map(|own| document(&own).input),
        add: add.iter().map(document).collect(),
        remove: remove.iter().map(|name| (*name).to_owned()).collect(),
    };
    let edits = drive(ContainerChange::begin(request)?, &mut world)?;
    Ok(write(&edits, &mut world))
}

fn signed(container: &[u8], entity: &Entity) -> Result<Vec<u8>, Error> {
    signed_as(container, entity, Packaging::AsicXadesAddition, None)
}

pub(super) fn signed_as(
    container: &[u8],
    entity: &Entity,
    packaging: Packaging,
    countersigned: Option<&str>,
) -> Result<Vec<u8>, Error> {
    let files = [("a.asice", container)];
    let mut world = world(&files);
    let time = UnixTime::from_seconds(SIGNED);
    let mut parameters = SigningParameters::new(packaging, ecdsa(), time);
    parameters.countersigned = countersigned.map(str::to_owned);
    let request = SigningRequest {
        documents: files.iter().map(document).collect(),
        certificates: vec![entity.certificate.as_slice().into()],
        parameters,
    };
    let pending = drive(Preparation::begin(request)?, &mut world)?;
    let pending = PendingSignature::from_json(&pending.to_json())?;
    Ok(write(&sign(&pending, &mut signer(entity))?, &mut world))
}

const A: File<'static> = ("a.txt", b"a");
const B: File<'static> = ("qovluq/ərizə.txt", b"b");

#[test]
fn files_come_and_go_and_everything_is_signed_then() {
    let pki = Pki::fixed().unwrap();
    let new = changed(None, &[A], &[]).unwrap();
    let both = changed(Some(&new), &[B], &[]).unwrap();
    assert_eq!(
        both,
        changed(Some(&new), &[B], &[]).unwrap(),
        "the same octets"
    );
    let one = changed(Some(&both), &[], &["a.txt"]).unwrap();
    for (container, names) in [(&both, &[A.0, B.0][..]), (&one, &[B.0])] {
        let report = validate(container, &context(&pki, SIGNED + 60));
        let known: Vec<&str> = report.files.iter().map(|file| &*file.name).collect();
        assert_eq!(known, names);
        assert!(report.signatures.is_empty() && report.checks.is_empty());
        let document = signed(container, &pki.citizen_p256).unwrap();
        let report = validate(&document, &context(&pki, SIGNED + 60));
        let signature = report.signatures.first().unwrap();
        assert_eq!(signature.integrity.as_str(), "intact");
        assert_eq!(signature.level, SignatureLevel::BaselineB);
        assert!(report.files.iter().all(|file| file.covered_by.len() == 1));
        let failed = |id: &str| {
            signature
                .checks
                .iter()
                .any(|check| check.id.as_str() == id && check.outcome.as_str() != "passed")
        };
        assert!(
            !failed("format.container.manifest"),
            "the manifest is made anew"
        );
    }
}

#[test]
fn several_people_sign_one_container_and_no_octet_before_is_changed() {
    let pki = Pki::fixed().unwrap();
    let mut container = changed(None, &[A, B], &[]).unwrap();
    for (number, entity) in [&pki.citizen_p256, &pki.citizen_p384, &pki.citizen_p256]
        .into_iter()
        .enumerate()
    {
        let directory = container
            .windows(4)
            .position(|window| window == b"PK\x01\x02");
        let before = container[..directory.unwrap()].to_vec();
        container = signed(&container, entity).unwrap();
        assert!(container.starts_with(&before));
        let report = validate(&container, &context(&pki, SIGNED + 60));
        assert_eq!(report.signatures.len(), number + 1);
        let mut all = report.signatures.iter();
        assert!(all.all(|one| one.integrity.as_str() == "intact"));
        let count = number + 1;
        assert!(
            report
                .files
                .iter()
                .all(|file| file.covered_by.len() == count)
        );
    }
}

#[test]
fn what_cannot_be_changed_is_refused() {
    let pki = Pki::fixed().unwrap();
    let new = changed(None, &[A], &[]).unwrap();
    let done = signed(&new, &pki.citizen_p256).unwrap();
    let refused = |outcome: Result<Vec<u8>, Error>| outcome.err().unwrap().code().to_owned();
    // What is signed stays as it is.
    assert_eq!(refused(changed(Some(&done), &[B], &[])), "input.signed");
    assert_eq!(
        refused(changed(Some(&done), &[], &["a.txt"])),
        "input.signed"
    );
    // Names.
    assert_eq!(
        refused(changed(Some(&new), &[A], &[])),
        "api-misuse.duplicate-name"
    );
    assert_eq!(
        refused(changed(Some(&new), &[("A.TXT", b"")], &[])),
        "api-misuse.duplicate-name"
    );
    for name in ["b.txt", "mimetype", "META-INF/manifest.xml"] {
        let outcome = changed(Some(&new), &[], &[name]);
        assert_eq!(refused(outcome), "api-misuse.bad-file-name", "{name}");
    }
    for name in ["META-INF/b.txt", "../b.txt", "mimetype"] {
        let outcome = changed(Some(&new), &[(name, b"")], &[]);
        assert_eq!(refused(outcome), "api-misuse.bad-file-name", "{name}");
    }
    assert_eq!(
        refused(changed(Some(&new), &[], &[])),
        "api-misuse.no-input"
    );
    // No container, or one with octets that no file accounts for.
    assert_eq!(
        refused(signed(b"<a/>", &pki.citizen_p256)),
        "unsupported.feature"
    );
    let mut gap = new.clone();
    gap.splice(0..0, *b"junk");
    assert!(signed(&gap, &pki.citizen_p256).is_err());
    let mut damaged = new;
    let at = damaged
        .windows(6)
        .position(|window| window == b"a.txta")
        .unwrap()
        + 5;
    damaged[at] ^= 1;
    assert_eq!(
        refused(signed(&damaged, &pki.citizen_p256)),
        "malformed.asic.structure"
    );
}

/// The container with everything that validates it for years.
fn augmented(container: &[u8]) -> Vec<u8> {
    let pki = Pki::fixed().unwrap();
    let files = [("a.asice", container)];
    let mut world = world(&files);
    world.time = SIGNED + 10;
    let length = u64::try_from(container.len()).unwrap();
    let request = AugmentationRequest {
        edits: Edits::whole(InputId(0), length),
        inputs: vec![Input::on_request("a.asice", length)],
        level: BaselineLevel::Lt,
        timestamp_authority: format!("{}/tsa", pki.url),
        context: context(&pki, SIGNED + 10),
        seed: Seed::new([9; 32]),
        network: Network::Online,
    };
    let edits = drive(Augmentation::begin(request).unwrap(), &mut world).unwrap();
    write(&edits, &mut world)
}

#[test]
fn each_signature_carries_what_validates_it_though_another_does_so_too() {
    let pki = Pki::fixed().unwrap();
    let new = changed(None, &[A], &[]).unwrap();
    let one = augmented(&signed(&new, &pki.citizen_p256).unwrap());
    // The same signer: everything about the certificate travels with the first signature already.
    let two = augmented(&signed(&one, &pki.citizen_p256).unwrap());
    let report = validate(&two, &context(&pki, SIGNED + 400 * 86_400));
    assert_eq!(report.exit_status(), 0, "{}", report.to_pretty_json());
    let levels: Vec<_> = report.signatures.iter().map(|one| one.level).collect();
    assert_eq!(levels, [SignatureLevel::BaselineLt; 2]);
}

#[test]
fn a_signature_of_a_container_is_countersigned_and_everything_stays_intact() {
    let pki = Pki::fixed().unwrap();
    let counter = |container: &[u8], id: Option<&str>| {
        let packaging = Packaging::AsicCounterSignature;
        signed_as(container, pki.citizen(KeyKind::P256), packaging, id)
    };
    let empty = changed(None, &[A, B], &[]).unwrap();
    let one = signed(&empty, &pki.citizen_p256).unwrap();
    let countersigned = counter(&one, None).unwrap();
    assert_eq!(
        countersigned,
        counter(&one, None).unwrap(),
        "the same octets"
    );
    let report = validate(&countersigned, &context(&pki, SIGNED + 60));
    let [signature, other] = report.signatures.as_slice() else {
        panic!("{}", report.to_pretty_json());
    };
    assert_eq!(other.parent.as_ref(), Some(&signature.id));
    assert!(
        report
            .signatures
            .iter()
            .all(|one| one.integrity == Integrity::Intact)
    );
    assert!(
        report
            .files
            .iter()
            .all(|file| file.covered_by == [signature.id.clone()])
    );
    assert!(report.checks.is_empty(), "{:?}", report.checks);
    // Of two signatures one has to be named.
    let two = signed(&one, &pki.citizen_p256).unwrap();
    let report = validate(&two, &context(&pki, SIGNED + 60));
    assert!(counter(&two, None).is_err());
    for id in report.signatures.iter().map(|one| one.id.as_str()) {
        let named = counter(&two, Some(id)).unwrap();
        let report = validate(&named, &context(&pki, SIGNED + 60));
        assert_eq!(report.signatures.len(), 3);
        assert!(
            report
                .signatures
                .iter()
                .all(|one| one.integrity == Integrity::Intact)
        );
        let parents = report
            .signatures
            .iter()
            .filter_map(|one| one.parent.as_deref());
        assert_eq!(parents.collect::<Vec<_>>(), [id]);
    }
    // A signature that is not there, and a container without any.
    assert!(counter(&two, Some("S-0")).is_err());
    assert!(counter(&empty, None).is_err());
}
