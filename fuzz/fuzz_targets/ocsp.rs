//! OCSP responses, and a certificate looked up in them.
#![no_main]

use imza::certificate::Certificate;
use imza::revocation::{BasicOcspResponse, Issuer, OcspResponse};
use libfuzzer_sys::fuzz_target;
use std::sync::LazyLock;

fn read(octets: &[u8]) -> Certificate {
    Certificate::parse(octets, &mut imza_fuzz::budget()).expect("a committed certificate")
}

static CERTIFICATE: LazyLock<Certificate> = LazyLock::new(|| {
    read(include_bytes!(
        "../../test-vectors/vectors/pki/citizen-p256.cer"
    ))
});
static ISSUER: LazyLock<Certificate> = LazyLock::new(|| {
    read(include_bytes!(
        "../../test-vectors/vectors/pki/issuing-ca.cer"
    ))
});

fuzz_target!(|octets: &[u8]| {
    let budget = &mut imza_fuzz::budget();
    let _ = OcspResponse::parse(octets, budget);
    let _ = OcspResponse::parse_any(octets, budget);
    let Ok(response) = BasicOcspResponse::parse(octets, budget) else {
        return;
    };
    let _ = response.responder().matches(&CERTIFICATE);
    let _ = (
        response.produced_at(),
        response.nonce(),
        response.signature_algorithm(),
    );
    for single in response.responses() {
        let _ = single.cert_id.concerns(&CERTIFICATE, Issuer::of(&ISSUER));
        let _ = single
            .cert_hash
            .as_ref()
            .map(|hash| hash.fits(&CERTIFICATE));
    }
});
