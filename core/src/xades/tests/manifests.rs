//! New signatures over a manifest.

use super::creation::{blueprint, ecdsa, signed};
use super::*;

fn with_manifest() -> Blueprint {
    let pki = Pki::fixed().unwrap();
    let mut made = blueprint(&pki.citizen_p256, ecdsa());
    made.naming = Naming::Manifest;
    made.references.push(NewReference {
        name: "plan.pdf".to_owned(),
        digest: crypto::digest(DigestAlgorithm::Sha256, b"plan").unwrap(),
        media_type: "application/pdf".to_owned(),
        form: ReferenceForm::File,
    });
    made
}

fn both() -> Files {
    let mut both = files();
    both.insert("plan.pdf".to_owned(), b"plan".to_vec());
    both
}

#[test]
fn a_manifest_is_signed_and_names_every_file() {
    let pki = Pki::fixed().unwrap();
    let made = with_manifest();
    let xml = signed(&pki.citizen_p256, &made);
    let record = read(xml.as_bytes(), &both()).remove(0);
    assert_eq!(faults(&record, &both()), Vec::<String>::new());
    assert_eq!(record.level, SignatureLevel::BaselineB);
    let kinds: Vec<ReferenceKind> = record.references.iter().map(|one| one.kind).collect();
    let entry = ReferenceKind::ManifestEntry;
    let properties = ReferenceKind::SignedProperties;
    assert_eq!(kinds, [ReferenceKind::Manifest, entry, entry, properties]);
    let digests: Vec<_> = record.references.iter().map(|one| &one.expected).collect();
    assert_eq!(*digests[0], made.reference_digests().unwrap().concat());
    assert_eq!(*digests[1], made.references[0].digest);
    let types = &record.claims.media_types;
    let types: Vec<_> = types.iter().map(|(name, _)| name.as_str()).collect();
    let manifest = record.references[0].name.as_str();
    assert_eq!(types[1..], ["ərizə 1.txt", "plan.pdf"]);
    assert!(manifest.ends_with("-M") && types[0] == manifest);
    assert_eq!(record.claims.media_types[2].1, "application/pdf");
    // One octet of what the manifest says breaks it.
    let other = read(xml.replace("plan.pdf", "plan.odt").as_bytes(), &both());
    assert!(!faults(&other[0], &both()).is_empty());
}

#[test]
fn a_content_timestamp_is_over_the_manifest() {
    let pki = Pki::fixed().unwrap();
    let before = with_manifest().reference_digests().unwrap();
    let mut made = with_manifest();
    made.content_timestamps = vec![b"token".to_vec()];
    assert_eq!(made.reference_digests().unwrap(), before);
    let xml = signed(&pki.citizen_p256, &made);
    let record = read(xml.as_bytes(), &both()).remove(0);
    let stamp = record.timestamps.first().unwrap();
    let Target::Parts(parts) = &stamp.imprint else {
        panic!("{:?}", stamp.imprint);
    };
    let stamped = octets(parts, &both()).unwrap();
    let digest = crypto::digest(DigestAlgorithm::Sha256, &stamped).unwrap();
    assert_eq!(vec![digest], before);
}

#[test]
fn what_stands_in_the_signature_is_in_no_manifest() {
    for form in [
        ReferenceForm::Enclosed,
        ReferenceForm::Document,
        ReferenceForm::Element,
        ReferenceForm::SignatureValue,
    ] {
        let mut made = with_manifest();
        made.references[0].form = form;
        let code = made.data_to_be_signed().unwrap_err().code();
        assert_eq!(code, "api-misuse.contradictory-parameters", "{form:?}");
    }
}

#[test]
fn a_media_type_is_of_the_only_reference_with_its_identifier() {
    let pki = Pki::fixed().unwrap();
    let made = with_manifest();
    let xml = signed(&pki.citizen_p256, &made);
    // Two entries of one identifier: nobody chooses one of them.
    let (head, rest) = xml.split_once("-R1\" URI").unwrap();
    let twice = format!("{head}-R0\" URI{rest}");
    let record = read(twice.as_bytes(), &both()).remove(0);
    let types = &record.claims.media_types;
    assert!(types[1].0.ends_with("-R0"), "{types:?}");
}
