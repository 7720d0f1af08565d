//! One signature among those of others: it is raised, and they stay as they are.

use super::changes::signed_as;
use super::containers::container;
use super::covering::{assert_intact, id_in, named_by_another};
use super::documents::INVOICE;
use super::messages::{der_ecdsa, message};
use super::{SIGNED, World, context, ecdsa, signer, write};
use imza::creation::{
    Augmentation, AugmentationRequest, DocumentToSign, Packaging, PendingSignature, Preparation,
    SigningParameters, SigningRequest, sign,
};
use imza::error::{Error, InputError};
use imza::job::{InputId, Seed};
use imza::reading::{Network, Validation, ValidationRequest};
use imza::report::Report;
use imza::source::{Edits, Input};
use imza::time::UnixTime;
use imza::transport::{Memory, drive};
use imza::vocabulary::{BaselineLevel, Integrity, SignatureLevel};
use imza_test_vectors::{Entity, Pki};

fn world(document: &[u8], time: i64) -> World {
    World {
        memory: Memory::new([document.to_vec()]),
        pki: Pki::fixed().unwrap(),
        time,
    }
}

fn input(document: &[u8]) -> Input {
    Input::on_request("document", u64::try_from(document.len()).unwrap())
}

/// Signs a document, or a signature in it.
fn pending(
    document: &[u8],
    entity: &Entity,
    (packaging, countersigned): (Packaging, Option<&str>),
) -> (PendingSignature, Edits) {
    let algorithm = match packaging.value_encoding() {
        imza::algorithm::ValueEncoding::Der => der_ecdsa(),
        _ => ecdsa(),
    };
    let time = UnixTime::from_seconds(SIGNED + 2);
    let mut parameters = SigningParameters::new(packaging, algorithm, time);
    parameters.countersigned = countersigned.map(str::to_owned);
    let request = SigningRequest {
        documents: vec![DocumentToSign {
            input: input(document),
            media_type: "text/plain".to_owned(),
        }],
        certificates: vec![entity.certificate.as_slice().into()],
        parameters,
    };
    let job = Preparation::begin(request).unwrap();
    let pending = drive(job, &mut world(document, SIGNED)).unwrap();
    let edits = sign(&pending, &mut signer(entity)).unwrap();
    (pending, edits)
}

/// Raises what is chosen.
fn raised(
    document: &[u8],
    edits: Option<Edits>,
    level: BaselineLevel,
    choose: impl FnOnce(Augmentation) -> Augmentation,
) -> Result<Vec<u8>, Error> {
    let pki = Pki::fixed().unwrap();
    let input = input(document);
    let request = AugmentationRequest {
        edits: edits.unwrap_or_else(|| Edits::whole(InputId(0), input.length)),
        inputs: vec![input],
        level,
        timestamp_authority: format!("{}/tsa", pki.url),
        context: context(&pki, SIGNED + 10),
        seed: Seed::new([9; 32]),
        network: Network::Online,
    };
    let mut world = world(document, SIGNED + 10);
    let job = choose(Augmentation::begin(request)?);
    let edits = drive(job, &mut world)?;
    Ok(write(&edits, &mut world))
}

fn named(document: &[u8], id: &str, level: BaselineLevel) -> Result<Vec<u8>, Error> {
    let ids = vec![id.to_owned()];
    raised(document, None, level, |job| job.with_signatures(ids))
}

/// Signs, and raises what was just signed.
fn signed_to(
    level: BaselineLevel,
    document: &[u8],
    entity: &Entity,
    form: (Packaging, Option<&str>),
) -> Result<Vec<u8>, Error> {
    let (pending, edits) = pending(document, entity, form);
    raised(document, Some(edits), level, |job| {
        job.with_new(&pending).unwrap()
    })
}

fn judged(document: &[u8]) -> Report {
    let pki = Pki::fixed().unwrap();
    let request = ValidationRequest {
        inputs: vec![Input::at_hand("document", document)],
        given: Vec::new(),
        keys: Vec::new(),
        seed: Seed::new([7; 32]),
        network: Network::Offline,
    };
    let job = Validation::begin(request, context(&pki, SIGNED + 60)).unwrap();
    let mut memory = Memory::new([document.to_vec()]);
    drive(job, &mut memory).unwrap().report
}

/// Identifiers and levels; everything is intact.
fn levels(document: &[u8]) -> Vec<(String, SignatureLevel)> {
    let report = judged(document);
    let is_intact = |one: &imza::report::Signature| one.integrity == Integrity::Intact;
    assert!(report.signatures.iter().all(is_intact));
    let signatures = report.signatures.into_iter();
    signatures.map(|one| (one.id, one.level)).collect()
}

fn level_of(document: &[u8], id: &str) -> SignatureLevel {
    let own = levels(document).into_iter().find(|(own, _)| own == id);
    own.unwrap().1
}

/// Whether an identifier is new.
fn new_in(after: &[u8], before: &[u8]) -> String {
    let before = levels(before);
    let mut new = levels(after).into_iter();
    let new = new.find(|(id, _)| before.iter().all(|(known, _)| known != id));
    new.unwrap().0
}

const REACHED: [(BaselineLevel, SignatureLevel); 3] = [
    (BaselineLevel::T, SignatureLevel::BaselineT),
    (BaselineLevel::Lt, SignatureLevel::BaselineLt),
    (BaselineLevel::Lta, SignatureLevel::BaselineLta),
];

/// Documents that a stranger signed, for whom nobody has a path, and how another person signs them.
fn of_a_stranger() -> Vec<(Vec<u8>, Packaging)> {
    let pki = Pki::fixed().unwrap();
    let stranger = &pki.stranger;
    let empty = container(Packaging::AsicEWithXades, 2).unwrap();
    let alone = |packaging| {
        let document = INVOICE.as_bytes();
        let (_, edits) = pending(document, stranger, (packaging, None));
        write(&edits, &mut world(document, SIGNED))
    };
    let in_container = signed_as(&empty, stranger, Packaging::AsicXadesAddition, None);
    let of_cms = message(Packaging::CadesAttached, &mut signer(stranger), der_ecdsa());
    vec![
        (in_container.unwrap(), Packaging::AsicXadesAddition),
        (alone(Packaging::XadesEnveloped), Packaging::XadesEnveloped),
        (of_cms, Packaging::CadesAddition),
    ]
}

#[test]
fn a_new_signature_is_raised_and_those_beside_it_are_not() {
    let pki = Pki::fixed().unwrap();
    for (document, packaging) in of_a_stranger() {
        for (level, reached) in REACHED {
            let form = (packaging, None);
            let after = signed_to(level, &document, &pki.citizen_p256, form).unwrap();
            let new = new_in(&after, &document);
            for (id, found) in levels(&after) {
                let wanted = match id == new {
                    true => reached,
                    false => SignatureLevel::BaselineB,
                };
                assert_eq!(found, wanted, "{packaging:?}");
            }
        }
    }
}

#[test]
fn whoever_lacks_material_is_named_and_the_others_are_raised_alone() {
    let pki = Pki::fixed().unwrap();
    for (document, packaging) in of_a_stranger() {
        let (_, edits) = pending(&document, &pki.citizen_p256, (packaging, None));
        let both = write(&edits, &mut world(&document, SIGNED));
        let own = new_in(&both, &document);
        let error = raised(&both, None, BaselineLevel::Lt, |job| job)
            .err()
            .unwrap();
        let Error::Input(InputError::MaterialMissing { signature }) = &error else {
            panic!("{error}");
        };
        let blocked = signature.clone().unwrap();
        assert!(error.reason().contains(&blocked));
        assert_ne!(blocked, own);
        for (level, reached) in REACHED {
            let after = named(&both, &own, level).unwrap();
            assert_intact(&both, &after);
            assert_eq!(level_of(&after, &own), reached, "{packaging:?}");
            assert_eq!(level_of(&after, &blocked), SignatureLevel::BaselineB);
        }
        // Asked for by its name it lacks the same.
        let refused = named(&both, &blocked, BaselineLevel::Lt).err().unwrap();
        assert_eq!(refused, error);
        // A time-stamp needs no path.
        let after = named(&both, &blocked, BaselineLevel::T).unwrap();
        assert_eq!(level_of(&after, &blocked), SignatureLevel::BaselineT);
        assert_eq!(level_of(&after, &own), SignatureLevel::BaselineB);
        let unknown = named(&both, "S-0", BaselineLevel::T).err().unwrap();
        assert_eq!(unknown.code(), "input.signature-missing");
        assert!(unknown.reason().contains("S-0"));
    }
}

#[test]
fn a_signature_that_another_is_over_is_not_raised_by_its_name_and_the_other_is() {
    let document = named_by_another(false, false);
    let covered = id_in(&document, "META-INF/signatures0.xml");
    let free = id_in(&document, "META-INF/signatures1.xml");
    let refused = named(&document, &covered, BaselineLevel::T).err().unwrap();
    assert_eq!(refused.code(), "input.signed");
    for (level, reached) in REACHED {
        let after = named(&document, &free, level).unwrap();
        assert_intact(&document, &after);
        assert_eq!(level_of(&after, &free), reached);
        assert_eq!(level_of(&after, &covered), SignatureLevel::BaselineB);
    }
}

#[test]
fn a_counter_signature_is_raised_and_what_it_signs_is_not() {
    let pki = Pki::fixed().unwrap();
    let invoice = INVOICE.as_bytes();
    let form = (Packaging::XadesEnveloped, None);
    let (_, edits) = pending(invoice, &pki.citizen_p384, form);
    let inside = write(&edits, &mut world(invoice, SIGNED));
    let attached = message(
        Packaging::CadesAttached,
        &mut signer(&pki.citizen_p384),
        der_ecdsa(),
    );
    for (document, packaging) in [
        (inside, Packaging::XadesCounterSignature),
        (
            container(Packaging::AsicEWithXades, 2).unwrap(),
            Packaging::AsicCounterSignature,
        ),
        (attached, Packaging::CadesCounterSignature),
        (
            container(Packaging::AsicEWithCades, 2).unwrap(),
            Packaging::AsicCadesCounterSignature,
        ),
    ] {
        let form = (packaging, None);
        for (level, reached) in REACHED.into_iter().take(2) {
            let after = signed_to(level, &document, &pki.citizen_p256, form).unwrap();
            assert_intact(&document, &after);
            let counter = new_in(&after, &document);
            for (id, found) in levels(&after) {
                let wanted = match id == counter {
                    true => reached,
                    false => SignatureLevel::BaselineB,
                };
                assert_eq!(found, wanted, "{packaging:?}");
            }
        }
        let refused = signed_to(BaselineLevel::Lta, &document, &pki.citizen_p256, form);
        assert_eq!(refused.err().unwrap().code(), "unsupported.feature");
        // Under an archive time-stamp that is over it, it stays as it is; one that comes later does not.
        let (_, edits) = pending(&document, &pki.citizen_p256, form);
        let both = write(&edits, &mut world(&document, SIGNED));
        let counter = new_in(&both, &document);
        if packaging != Packaging::AsicCadesCounterSignature {
            let lta = raised(&both, None, BaselineLevel::Lta, |job| job).unwrap();
            let refused = named(&lta, &counter, BaselineLevel::T);
            let code = refused.err().map(|error| error.code());
            assert_eq!(code, Some("unsupported.feature"), "{packaging:?}");
            let lta = raised(&document, None, BaselineLevel::Lta, |job| job).unwrap();
            let after = signed_to(BaselineLevel::T, &lta, &pki.citizen_p256, form).unwrap();
            assert_intact(&lta, &after);
            let counter = new_in(&after, &lta);
            // What validates it may travel with the message already.
            assert_ne!(level_of(&after, &counter), SignatureLevel::BaselineB);
        }
    }
}
