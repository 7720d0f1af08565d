//! The document of a signature policy that travels with a signature.

use super::{CONTENTS, NAMES, SIGNED, World, context, ecdsa, signer, write};
use crate::messages::der_ecdsa;
use imza::algorithm::{DigestAlgorithm, ValueEncoding};
use imza::creation::{
    Augmentation, AugmentationRequest, DocumentToSign, Packaging, PendingSignature, Preparation,
    SigningParameters, SigningRequest, sign,
};
use imza::error::{ApiMisuse, Error};
use imza::job::{InputId, Seed};
use imza::reading::{Network, Validation, ValidationRequest};
use imza::report::{Check, Report};
use imza::signature::{IdentifiedPolicy, NewPolicy, PolicyStore};
use imza::source::{Edits, Input};
use imza::time::UnixTime;
use imza::transport::{Memory, drive};
use imza::vocabulary::{BaselineLevel, CheckId, Outcome, SignatureLevel};
use imza_test_vectors::Pki;
use imza_test_vectors::hash::Hash;

const DOCUMENT: &[u8] = b"<policy>what the signature means</policy>";
const XML: &[u8] = b"<a>b</a>";

fn policy(digest: Vec<u8>, store: PolicyStore) -> IdentifiedPolicy {
    IdentifiedPolicy {
        id: "1.2.3.4".to_owned(),
        algorithm: DigestAlgorithm::Sha256,
        digest,
        uri: None,
        user_notice: None,
        specification: Some("http://specification.example/1".to_owned()),
        store: Some(store),
    }
}

fn content(packaging: Packaging) -> &'static [u8] {
    match packaging {
        Packaging::XadesEnveloped => XML,
        _ => CONTENTS[0],
    }
}

fn made(packaging: Packaging, policy: IdentifiedPolicy) -> Result<Vec<u8>, Error> {
    let pki = Pki::fixed().unwrap();
    let algorithm = match packaging.value_encoding() {
        ValueEncoding::Plain => ecdsa(),
        ValueEncoding::Der => der_ecdsa(),
    };
    let time = UnixTime::from_seconds(SIGNED);
    let mut parameters = SigningParameters::new(packaging, algorithm, time);
    parameters.policy = Some(NewPolicy::Identified(policy));
    let octets = content(packaging);
    let input = Input::on_request(NAMES[0], u64::try_from(octets.len()).unwrap());
    let request = SigningRequest {
        documents: vec![DocumentToSign {
            input,
            media_type: "text/plain".to_owned(),
        }],
        certificates: vec![pki.citizen_p256.certificate.as_slice().into()],
        parameters,
    };
    let mut world = World {
        memory: Memory::new([octets.to_vec()]),
        pki: pki.clone(),
        time: SIGNED,
    };
    let pending = drive(Preparation::begin(request)?, &mut world)?;
    let pending = PendingSignature::from_json(&pending.to_json())?;
    let edits = sign(&pending, &mut signer(&pki.citizen_p256))?;
    Ok(write(&edits, &mut world))
}

/// The signed document with its content beside it, where it holds none.
fn files(packaging: Packaging, signed: &[u8]) -> Vec<(&'static str, Vec<u8>)> {
    let beside = matches!(
        packaging,
        Packaging::CadesDetached | Packaging::XadesDetached
    );
    let content = beside.then(|| (NAMES[0], content(packaging).to_vec()));
    [("signed", signed.to_vec())]
        .into_iter()
        .chain(content)
        .collect()
}

fn judged(packaging: Packaging, signed: &[u8]) -> Report {
    let pki = Pki::fixed().unwrap();
    let files = files(packaging, signed);
    let inputs = files
        .iter()
        .map(|(name, octets)| Input::at_hand(*name, octets.as_slice()));
    let request = ValidationRequest {
        inputs: inputs.collect(),
        given: Vec::new(),
        keys: Vec::new(),
        seed: Seed::new([5; 32]),
        network: Network::Offline,
    };
    let job = Validation::begin(request, context(&pki, SIGNED + 60)).unwrap();
    let octets = files.into_iter().map(|(_, octets)| octets);
    drive(job, &mut Memory::new(octets)).unwrap().report
}

fn to_lta(packaging: Packaging, signed: &[u8]) -> Vec<u8> {
    let pki = Pki::fixed().unwrap();
    let files = files(packaging, signed);
    let length = |octets: &Vec<u8>| u64::try_from(octets.len()).unwrap();
    let inputs = files
        .iter()
        .map(|(name, octets)| Input::on_request(*name, length(octets)));
    let request = AugmentationRequest {
        edits: Edits::whole(InputId(0), u64::try_from(signed.len()).unwrap()),
        inputs: inputs.collect(),
        level: BaselineLevel::Lta,
        timestamp_authority: format!("{}/tsa", pki.url),
        context: context(&pki, SIGNED + 10),
        seed: Seed::new([9; 32]),
        network: Network::Online,
    };
    let mut world = World {
        memory: Memory::new(files.iter().map(|(_, octets)| octets.clone())),
        pki: pki.clone(),
        time: SIGNED + 10,
    };
    let edits = drive(Augmentation::begin(request).unwrap(), &mut world).unwrap();
    write(&edits, &mut world)
}

fn outcome(report: &Report, id: CheckId) -> Option<Outcome> {
    let checks: &[Check] = &report.signatures.first().unwrap().checks;
    let check = checks.iter().find(|check| check.id == id)?;
    Some(check.outcome)
}

#[test]
fn a_policy_document_travels_along_and_fits() {
    let document = || PolicyStore::Document(DOCUMENT.to_vec());
    for packaging in [
        Packaging::XadesEnveloped,
        Packaging::XadesEnveloping,
        Packaging::XadesDetached,
        Packaging::AsicEWithXades,
        Packaging::AsicSWithXades,
        Packaging::CadesAttached,
        Packaging::CadesDetached,
        Packaging::AsicEWithCades,
        Packaging::AsicSWithCades,
    ] {
        let signed = made(packaging, policy(Vec::new(), document())).unwrap();
        // A digest that is given says the same.
        let given = policy(Hash::Sha256.digest(DOCUMENT), document());
        let report = judged(packaging, &made(packaging, given).unwrap());
        let fits = Some(Outcome::Passed);
        assert_eq!(outcome(&report, CheckId::SignaturePolicyDigest), fits);
        // A signature that is lifted keeps it. EN 319 162-1 §4.4.4: the archive time-stamp of ASiC-E
        // with CAdES is the container's.
        let lifted = to_lta(packaging, &signed);
        let highest = match packaging {
            Packaging::AsicEWithCades => SignatureLevel::BaselineLt,
            _ => SignatureLevel::BaselineLta,
        };
        for (octets, level) in [(&signed, SignatureLevel::BaselineB), (&lifted, highest)] {
            let report = judged(packaging, octets);
            let signature = report.signatures.first().unwrap();
            assert_eq!(signature.integrity.as_str(), "intact", "{packaging:?}");
            assert_eq!(signature.level, level, "{packaging:?}");
            for check in [
                CheckId::SignaturePolicyAvailable,
                CheckId::SignaturePolicyDigest,
            ] {
                assert_eq!(outcome(&report, check), fits, "{packaging:?} {check:?}");
            }
        }
        assert_eq!(judged(packaging, &lifted).exit_status(), 0, "{packaging:?}");
    }
}

#[test]
fn where_a_policy_lies_is_said_without_its_document() {
    for packaging in [Packaging::XadesEnveloped, Packaging::CadesAttached] {
        let address = "policies/1.2.3.4";
        let store = PolicyStore::LocalUri(address.to_owned());
        let policy = policy(Hash::Sha256.digest(DOCUMENT), store);
        let signed = made(packaging, policy).unwrap();
        let held = signed.windows(address.len());
        assert!(held.into_iter().any(|part| part == address.as_bytes()));
        let report = judged(packaging, &signed);
        assert_eq!(outcome(&report, CheckId::SignaturePolicyDigest), None);
        assert_eq!(
            report.signatures.first().unwrap().integrity.as_str(),
            "intact"
        );
    }
}

#[test]
fn another_document_in_the_store_is_told() {
    for packaging in [Packaging::XadesEnveloped, Packaging::CadesAttached] {
        let store = PolicyStore::Document(DOCUMENT.to_vec());
        let signed = made(packaging, policy(Vec::new(), store)).unwrap();
        // Nobody signs the store: the octets in it are changed and the signature stays intact.
        let held: &[u8] = match packaging {
            Packaging::XadesEnveloped => b"PHBvbGljeT53",
            _ => b"<policy>w",
        };
        let place = signed.windows(held.len()).position(|part| part == held);
        let mut changed = signed.clone();
        changed[place.unwrap() + 4] = b'c';
        let report = judged(packaging, &changed);
        let signature = report.signatures.first().unwrap();
        assert_eq!(signature.integrity.as_str(), "intact", "{packaging:?}");
        let found = outcome(&report, CheckId::SignaturePolicyDigest);
        assert!(
            found.is_some_and(|found| found != Outcome::Passed),
            "{packaging:?}"
        );
    }
}

#[test]
fn a_store_that_says_something_else_is_refused_before_anything_is_signed() {
    let document = || PolicyStore::Document(DOCUMENT.to_vec());
    let refused: Result<Vec<u8>, Error> = Err(ApiMisuse::ContradictoryParameters.into());
    for packaging in [
        Packaging::XadesEnveloped,
        Packaging::AsicEWithXades,
        Packaging::CadesDetached,
        Packaging::AsicSWithCades,
    ] {
        let other = Hash::Sha256.digest(b"another");
        assert_eq!(made(packaging, policy(other, document())), refused);
        let short = Hash::Sha256.digest(DOCUMENT)[..20].to_vec();
        assert_eq!(made(packaging, policy(short, document())), refused);
        let local = PolicyStore::LocalUri("policies/1".to_owned());
        assert_eq!(made(packaging, policy(Vec::new(), local)), refused);
        let mut unspecified = policy(Vec::new(), document());
        unspecified.specification = None;
        assert_eq!(made(packaging, unspecified), refused);
        let mut nameless = policy(Vec::new(), document());
        nameless.id = String::new();
        assert!(
            made(packaging, nameless).is_err(),
            "a store without a policy"
        );
    }
    let pdf = made(Packaging::Pades, policy(Vec::new(), document()));
    assert_eq!(pdf, refused);
}
