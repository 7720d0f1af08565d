//! Textual encodings, and keys in them without a password.
#![no_main]

use imza::asn1::pem;
use imza::crypto::SoftwareKey;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|octets: &[u8]| {
    if let Ok(blocks) = pem::decode(octets) {
        let size: usize = blocks.iter().map(|block| block.der.len()).sum();
        assert!(size <= octets.len(), "more octets than text");
    }
    let _ = pem::pem_or_der(octets, &["CERTIFICATE", "X509 CERTIFICATE"]);
    if let Ok(text) = std::str::from_utf8(octets) {
        let _ = SoftwareKey::from_pem(text, None);
    }
    let _ = SoftwareKey::from_pkcs8_der(octets);
});
