//! Evidence records in the unsigned properties of an XML signature: about everything that is signed
//! and everything that stands before them, each piece with a digest of its own.

use crate::signatures::{CONTENT, OPEN, PASSED, of_signature, signer};
use crate::world::{FIRST, NOW, SECOND, THIRD, context, rehashed, renewal, validate, world};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use imza::report::Report;
use imza_test_vectors::evidence_record::{self as er, ArchiveTimestamp};
use imza_test_vectors::hash::Hash;
use imza_test_vectors::time::DAY;
use imza_test_vectors::xades::{self, DataFile, XadesSignature, XadesSpec};

const NAMESPACE: &str = "http://uri.etsi.org/19132/v1.1.1#";
const SHA: Hash = Hash::Sha256;

fn file() -> DataFile {
    DataFile::new("a.txt", "text/plain", CONTENT)
}

fn signed() -> XadesSignature {
    let mut spec = XadesSpec::container(FIRST - DAY);
    spec.packaging = xades::Packaging::Container;
    xades::sign(&spec, &[file()], &signer()).unwrap()
}

/// What an honest record is about.
fn group(signature: &XadesSignature) -> Vec<Vec<u8>> {
    let members = signature.archived_members(&[file()]);
    members.iter().map(|one| SHA.digest(one)).collect()
}

fn stamped(list: Vec<Vec<u8>>, time: i64) -> ArchiveTimestamp {
    let mut list = list;
    list.sort_unstable();
    er::stamped(SHA, vec![list], time, &world().new).unwrap()
}

/// The digest of all digests in ascending order.
fn as_one(group: &[Vec<u8>]) -> Vec<u8> {
    let mut sorted = group.to_vec();
    sorted.sort_unstable();
    SHA.digest(&sorted.concat())
}

fn binary(record: &[u8]) -> String {
    let text = STANDARD.encode(record);
    format!("<r:ASN1EvidenceRecord>{text}</r:ASN1EvidenceRecord>")
}

fn add(signature: &mut XadesSignature, records: &str) {
    let name = "r:SealingEvidenceRecords";
    signature.add_unsigned(&format!(
        "<{name} xmlns:r=\"{NAMESPACE}\">{records}</{name}>"
    ));
}

fn judged(signature: &XadesSignature) -> Report {
    let inputs = [
        (
            "signatures.xml".to_owned(),
            signature.document().into_bytes(),
        ),
        ("a.txt".to_owned(), CONTENT.to_vec()),
    ];
    validate(&inputs, context(NOW))
}

fn sealed(records: &str) -> Report {
    let mut signature = signed();
    add(&mut signature, records);
    judged(&signature)
}

#[test]
fn without_a_record_the_signature_is_open() {
    assert_eq!(of_signature(&judged(&signed())), OPEN);
}

#[test]
fn records_in_either_syntax_prove_the_signature() {
    let one = stamped(group(&signed()), FIRST);
    let chains = vec![vec![one]];
    for record in [binary(&er::record(&chains)), er::xml(&chains)] {
        let report = sealed(&record);
        assert_eq!(of_signature(&report), PASSED, "{record}");
        // It belongs to the signature.
        assert!(report.evidence_records.is_empty());
        assert_eq!(report.signatures[0].timestamps.len(), 1);
    }
}

#[test]
fn renewed_records_prove_the_signature() {
    let mut list = group(&signed());
    list.sort_unstable();
    let one = er::stamped(SHA, vec![list], FIRST, &world().old).unwrap();
    let two = renewal(&one, SECOND, &world().new);
    let chains = vec![vec![one, two]];
    assert_eq!(of_signature(&sealed(&binary(&er::record(&chains)))), PASSED);

    let members = signed().archived_members(&[file()]);
    let next = rehashed(Hash::Sha512, &chains, &members, THIRD, &world().new);
    let both = [chains, vec![vec![next]]].concat();
    assert_eq!(of_signature(&sealed(&binary(&er::record(&both)))), PASSED);
}

#[test]
fn the_group_may_be_one_leaf_of_the_tree() {
    let one = as_one(&group(&signed()));
    let neighbour = stamped(vec![one.clone(), SHA.digest(b"a neighbour")], FIRST);
    assert_eq!(
        of_signature(&sealed(&binary(&er::record(&[vec![neighbour]])))),
        PASSED
    );
    let alone = ArchiveTimestamp {
        hash: Some(SHA),
        lists: Vec::new(),
        token: er::token(SHA, &one, FIRST, &world().new).unwrap(),
    };
    assert_eq!(
        of_signature(&sealed(&binary(&er::record(&[vec![alone]])))),
        PASSED
    );
}

#[test]
fn a_record_over_a_group_that_lacks_anything_proves_nothing() {
    let all = group(&signed());
    for place in 0..all.len() {
        let mut list = all.clone();
        list.remove(place);
        let one = as_one(&list);
        for list in [list.clone(), vec![one, SHA.digest(b"x")]] {
            let record = er::record(&[vec![stamped(list, FIRST)]]);
            assert_eq!(of_signature(&sealed(&binary(&record))), OPEN, "{place}");
        }
    }
}

#[test]
fn digests_in_another_order_or_of_one_stream_are_no_group() {
    let members = signed().archived_members(&[file()]);
    let mut backwards = group(&signed());
    backwards.sort_unstable();
    backwards.reverse();
    for wrong in [
        SHA.digest(&backwards.concat()),
        SHA.digest(&members.concat()),
        SHA.digest(signed().element().as_bytes()),
    ] {
        let list = vec![wrong, SHA.digest(b"x")];
        let record = er::record(&[vec![stamped(list, FIRST)]]);
        assert_eq!(of_signature(&sealed(&binary(&record))), OPEN);
    }
}

#[test]
fn a_record_is_about_the_properties_before_it_and_not_those_behind() {
    let record = |of: &XadesSignature| binary(&er::record(&[vec![stamped(group(of), FIRST)]]));
    let mut before = signed();
    before.stamp(&world().pki, FIRST - DAY / 2).unwrap();
    let over_both = record(&before);
    let mut good = before.clone();
    add(&mut good, &over_both);
    assert_eq!(of_signature(&judged(&good)), PASSED);
    // The record does not know of the time-stamp before it.
    let mut late = before.clone();
    add(&mut late, &record(&signed()));
    assert_eq!(of_signature(&judged(&late)), OPEN);
    // A digest of something behind it is a neighbour like any other.
    let mut early = signed();
    add(&mut early, &over_both);
    early.stamp(&world().pki, FIRST - DAY / 2).unwrap();
    assert_eq!(of_signature(&judged(&early)), PASSED);
}

#[test]
fn a_record_outside_its_property_or_namespace_proves_nothing() {
    let record = binary(&er::record(&[vec![stamped(group(&signed()), FIRST)]]));
    let mut other = signed();
    other.add_unsigned(&format!(
        "<r:SealingEvidenceRecords xmlns:r=\"urn:other\">{record}</r:SealingEvidenceRecords>"
    ));
    assert_eq!(of_signature(&judged(&other)), OPEN);
    let mut bare = signed();
    let name = "r:ASN1EvidenceRecord";
    bare.add_unsigned(&record.replacen(name, &format!("{name} xmlns:r=\"{NAMESPACE}\""), 1));
    assert_eq!(of_signature(&judged(&bare)), OPEN);
}

#[test]
fn what_cannot_be_read_is_told_and_the_signature_stays_as_it_was() {
    for records in [
        "<r:ASN1EvidenceRecord>AAAA</r:ASN1EvidenceRecord>",
        "<r:ASN1EvidenceRecord>?</r:ASN1EvidenceRecord>",
        "<r:Other/>",
        "<EvidenceRecord/>",
    ] {
        let report = sealed(records);
        assert_eq!(of_signature(&report), OPEN, "{records}");
        assert_eq!(report.signatures[0].timestamps.len(), 1, "{records}");
    }
}

#[test]
fn a_record_of_another_signature_proves_nothing() {
    let mut spec = XadesSpec::container(FIRST);
    spec.id = "S1".to_owned();
    let other = xades::sign(&spec, &[file()], &signer()).unwrap();
    let record = er::record(&[vec![stamped(group(&other), FIRST)]]);
    assert_eq!(of_signature(&sealed(&binary(&record))), OPEN);
}
