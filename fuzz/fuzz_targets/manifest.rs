//! Manifests of containers, and the names in them.
#![no_main]

use imza::asic::read_manifest;
use imza::xml::uri::decode_uri;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|octets: &[u8]| {
    let _ = read_manifest(octets, &mut imza_fuzz::budget());
    if let Ok(text) = std::str::from_utf8(octets)
        && let Some(decoded) = decode_uri(text)
    {
        assert!(decoded.len() <= text.len());
    }
});
