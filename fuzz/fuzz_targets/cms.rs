//! CMS messages, the records that are made of them, and signatures put beside and over theirs.
#![no_main]

use imza::algorithm::{DigestAlgorithm, SignatureAlgorithm, ValueEncoding};
use imza::cades::{self, Blueprint, Message};
use imza::cms::SignedData;
use libfuzzer_sys::fuzz_target;

const CERTIFICATE: &[u8] = include_bytes!("../../test-vectors/vectors/pki/root.cer");

fn blueprint() -> Blueprint {
    Blueprint {
        content_digest: vec![7; 32],
        algorithm: SignatureAlgorithm::Ecdsa {
            digest: DigestAlgorithm::Sha256,
            encoding: ValueEncoding::Der,
        },
        signing_certificate: CERTIFICATE.to_vec(),
        other_certificates: Vec::new(),
        claimed_signing_time: None,
        media_type: String::new(),
        roles: Vec::new(),
        certified_roles: Vec::new(),
        production_place: None,
        policy: None,
        commitment_types: Vec::new(),
        content_description: None,
        content_timestamp: Vec::new(),
        is_countersignature: false,
    }
}

fuzz_target!(|octets: &[u8]| {
    let _ = SignedData::parse_padded(octets, &mut imza_fuzz::budget());
    let budget = &mut imza_fuzz::budget();
    let Ok(data) = SignedData::parse(octets, budget) else {
        return;
    };
    let _ = data.crls().count();
    let _ = data.ocsps().count();
    let Ok(records) = cades::records(&data, Message::default(), budget) else {
        return;
    };
    assert!(
        records.len() >= data.signer_infos.len(),
        "a signer without a record"
    );
    let again = cades::parse(octets, Message::default(), &mut imza_fuzz::budget());
    assert_eq!(again.as_ref(), Ok(&records), "read twice, the same");
    let last = records.last().map(|record| record.id.as_str());
    let added = [
        cades::add_parallel(octets, None, blueprint(), &mut imza_fuzz::budget()),
        cades::add_parallel(
            octets,
            Some(vec![7; 32]),
            blueprint(),
            &mut imza_fuzz::budget(),
        ),
        cades::countersign(octets, "", None, blueprint(), &mut imza_fuzz::budget()),
        cades::countersign(octets, "", last, blueprint(), &mut imza_fuzz::budget()),
    ];
    for (blueprint, addition) in added.into_iter().flatten() {
        let made = addition.document(&blueprint, &[0; 70]);
        assert!(
            made.is_ok_and(|made| made.length() > 0),
            "planned and not made"
        );
    }
});
