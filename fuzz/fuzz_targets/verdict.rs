//! Whole documents before a judge who trusts the root of the vectors: nothing passes but what its
//! people signed.
#![no_main]

use imza_fuzz::genuine::Genuine;
use libfuzzer_sys::fuzz_target;
use std::sync::LazyLock;

static GENUINE: LazyLock<Genuine> = LazyLock::new(Genuine::read);

fuzz_target!(|octets: &[u8]| {
    if let Ok(verdict) = GENUINE.validate(octets, None) {
        GENUINE.assert_genuine(&verdict);
    }
});
