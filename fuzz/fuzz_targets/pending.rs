//! Saved signatures in the making: nothing is completed with a value that does not verify.
#![no_main]

use imza::creation::PendingSignature;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|octets: &[u8]| {
    let Ok(text) = std::str::from_utf8(octets) else {
        return;
    };
    let Ok(pending) = PendingSignature::from_json(text) else {
        return;
    };
    let again = PendingSignature::from_json(&pending.to_json()).expect("its own form");
    assert_eq!(pending.data_to_be_signed(), again.data_to_be_signed());
    assert!(
        pending.complete(&[7; 64]).is_err(),
        "completed without a key"
    );
});
