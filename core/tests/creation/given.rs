//! Revocation data and certificates that the caller holds, put in without asking anybody.

use super::pdf::{der_ecdsa, on_request, signed, world};
use super::{SIGNED, context, write};
use imza::creation::{Augmentation, AugmentationRequest};
use imza::error::Error;
use imza::job::{InputId, Seed};
use imza::pades::PdfParameters;
use imza::policy::RevocationRequirement;
use imza::reading::{Given, Network, Validation, ValidationRequest};
use imza::signature::RevocationKind;
use imza::source::{Edits, Input};
use imza::transport::{Memory, drive};
use imza::vocabulary::{BaselineLevel, Indication, SignatureLevel};
use imza_test_vectors::pdf::{CrossReference, Pdf};
use imza_test_vectors::{Pki, crl};
use std::sync::Arc;

const DAY: i64 = 86_400;

fn lists(pki: &Pki, time: i64) -> Vec<Given> {
    let lists = [
        crl::of_root(pki, time).unwrap(),
        crl::of_issuing_ca(pki, time).unwrap(),
    ];
    let given = lists.map(|octets| Given::Revocation {
        kind: RevocationKind::Crl,
        octets: octets.into(),
    });
    given.to_vec()
}

/// Augments with what is given; the services answer only where the network may be asked.
fn augmented(
    octets: &[u8],
    level: BaselineLevel,
    (network, revocation): (Network, RevocationRequirement),
    given: Vec<Given>,
) -> Result<Vec<u8>, Error> {
    let time = SIGNED + 20;
    let mut world = world(octets, time);
    let mut context = context(&world.pki, time);
    Arc::make_mut(&mut context.policy).revocation = revocation;
    let request = AugmentationRequest {
        edits: Edits::whole(InputId(0), u64::try_from(octets.len()).unwrap()),
        inputs: vec![on_request(octets)],
        level,
        timestamp_authority: format!("{}/tsa", world.pki.url),
        context,
        seed: Seed::new([9; 32]),
        network,
    };
    let edits = drive(Augmentation::begin(request)?.with_given(given)?, &mut world)?;
    Ok(write(&edits, &mut world))
}

/// A signed PDF at level T, of whose authorities nothing was asked.
fn level_t(pki: &Pki) -> Vec<u8> {
    let document = Pdf::new("May build.", CrossReference::Table);
    let parameters = PdfParameters::default();
    let b = signed(
        document.bytes(),
        &pki.citizen_p256,
        der_ecdsa(),
        parameters,
        0,
    );
    let asked = (Network::Online, RevocationRequirement::Require);
    augmented(&b.unwrap(), BaselineLevel::T, asked, Vec::new()).unwrap()
}

#[test]
fn lists_that_are_given_reach_level_lt_without_a_network() {
    let pki = Pki::fixed().unwrap();
    let t = level_t(&pki);
    for level in [BaselineLevel::Lt, BaselineLevel::Lta] {
        let offline = (Network::Offline, RevocationRequirement::Require);
        let made = augmented(&t, level, offline, lists(&pki, SIGNED + 15)).unwrap();
        let request = ValidationRequest {
            inputs: vec![Input::at_hand("contract.pdf", made.as_slice())],
            given: Vec::new(),
            keys: Vec::new(),
            seed: Seed::new([7; 32]),
            network: Network::Offline,
        };
        let later = context(&pki, SIGNED + 400 * DAY);
        let job = Validation::begin(request, later).unwrap();
        let report = drive(job, &mut Memory::new([made.clone()])).unwrap().report;
        let json = report.to_pretty_json();
        let [signature] = report.signatures.as_slice() else {
            panic!("{json}");
        };
        assert_eq!(signature.indication, Indication::TotalPassed, "{json}");
        let is_last = level == BaselineLevel::Lta;
        let expected = match is_last {
            true => SignatureLevel::BaselineLta,
            false => SignatureLevel::BaselineLt,
        };
        assert_eq!(signature.level, expected);
    }
}

#[test]
fn a_policy_that_asks_for_no_revocation_data_claims_no_level_lt() {
    let pki = Pki::fixed().unwrap();
    let t = level_t(&pki);
    let of_root = lists(&pki, SIGNED + 15).into_iter().take(1);
    for given in [Vec::new(), of_root.collect()] {
        for revocation in [
            RevocationRequirement::Require,
            RevocationRequirement::Soft,
            RevocationRequirement::None,
        ] {
            let offline = (Network::Offline, revocation);
            let refused = augmented(&t, BaselineLevel::Lt, offline, given.clone()).unwrap_err();
            assert_eq!(refused.code(), "input.material-missing", "{revocation:?}");
        }
    }
    // With the lists it is reached, however little the policy asks for.
    let soft = (Network::Offline, RevocationRequirement::Soft);
    let made = augmented(&t, BaselineLevel::Lt, soft, lists(&pki, SIGNED + 15)).unwrap();
    assert!(made.starts_with(&t) && made.len() > t.len());
}

#[test]
fn an_evidence_record_is_no_material_of_an_augmentation() {
    let pki = Pki::fixed().unwrap();
    let given = vec![Given::EvidenceRecord([0x30, 0].as_slice().into())];
    let offline = (Network::Offline, RevocationRequirement::Require);
    let refused = augmented(&level_t(&pki), BaselineLevel::Lt, offline, given).unwrap_err();
    assert_eq!(refused.code(), "unsupported.feature");
}
