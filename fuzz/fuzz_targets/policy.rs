//! Policies as JSON: their canonical form is read as the same policy.
#![no_main]

use imza::policy::ValidationPolicy;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|octets: &[u8]| {
    let Ok(policy) = serde_json::from_slice::<ValidationPolicy>(octets) else {
        return;
    };
    let _ = policy.departures();
    let canonical = policy.to_canonical_json();
    let again: ValidationPolicy = serde_json::from_str(&canonical).expect("its own form");
    assert_eq!(again, policy);
    assert_eq!(again.to_canonical_json(), canonical);
});
