//! CMS messages, and the records that are made of them.
#![no_main]

use imza::cades::{self, Message};
use imza::cms::SignedData;
use libfuzzer_sys::fuzz_target;

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
});
