//! Records that the caller gives beside a document.

use crate::signatures::{CONTENT, OPEN, PASSED, of_signature, signed};
use crate::world::{FIRST, NOW, context, world};
use imza::job::Seed;
use imza::limits::Budget;
use imza::reading::{Given, Network, Validation, ValidationRequest, recognise_material};
use imza::report::Report;
use imza::source::Input;
use imza::transport::{Memory, drive};
use imza::vocabulary::BlockIndication;
use imza_test_vectors::evidence_record as er;
use imza_test_vectors::hash::Hash;

fn record(group: &[&[u8]]) -> Vec<u8> {
    let mut list: Vec<Vec<u8>> = group.iter().map(|one| Hash::Sha256.digest(one)).collect();
    list.sort_unstable();
    let one = er::stamped(Hash::Sha256, vec![list], FIRST, &world().new).unwrap();
    er::record(&[vec![one]])
}

fn judged(records: &[Vec<u8>]) -> Report {
    let inputs = [signed(CONTENT).der(), CONTENT.to_vec()];
    let given = records
        .iter()
        .flat_map(|one| recognise_material(one, &mut Budget::default()).unwrap())
        .collect();
    let request = ValidationRequest {
        inputs: ["m.p7s", "content"]
            .into_iter()
            .zip(&inputs)
            .map(|(name, octets)| Input::at_hand(name, octets.as_slice()))
            .collect(),
        given,
        keys: Vec::new(),
        seed: Seed::new([7; 32]),
        network: Network::Offline,
    };
    let job = Validation::begin(request, context(NOW)).unwrap();
    let documents = inputs.iter().map(Vec::as_slice);
    drive(job, &mut Memory::new(documents)).unwrap().report
}

#[test]
fn a_record_is_told_from_other_material() {
    let octets = record(&[CONTENT]);
    let found = recognise_material(&octets, &mut Budget::default()).unwrap();
    assert_eq!(found, [Given::EvidenceRecord(octets.as_slice().into())]);
    assert!(recognise_material(&octets[..40], &mut Budget::default()).is_err());
}

#[test]
fn a_record_over_the_document_proves_its_signature() {
    let document = signed(CONTENT).der();
    for group in [
        vec![document.as_slice()],
        vec![document.as_slice(), CONTENT],
    ] {
        let report = judged(&[record(&group)]);
        assert_eq!(of_signature(&report), PASSED);
        let [one] = report.evidence_records.as_slice() else {
            panic!("one record");
        };
        assert_eq!(one.indication, BlockIndication::Passed);
    }
}

#[test]
fn a_record_over_something_else_proves_nothing() {
    for group in [
        vec![CONTENT],
        vec![&b"another document"[..]],
        vec![&b""[..]],
    ] {
        let report = judged(&[record(&group)]);
        assert_eq!(of_signature(&report), OPEN);
        assert_ne!(
            report.evidence_records[0].indication,
            BlockIndication::Passed
        );
    }
}

#[test]
fn one_record_of_several_is_enough() {
    let good = record(&[&signed(CONTENT).der()]);
    let report = judged(&[record(&[b"x"]), good]);
    assert_eq!(of_signature(&report), PASSED);
    assert_eq!(report.evidence_records.len(), 2);
}
