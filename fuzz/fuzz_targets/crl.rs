//! Certificate revocation lists, and a certificate looked up in them.
#![no_main]

use imza::certificate::Certificate;
use imza::revocation::Crl;
use libfuzzer_sys::fuzz_target;
use std::sync::LazyLock;

static CERTIFICATE: LazyLock<Certificate> = LazyLock::new(|| {
    let octets = include_bytes!("../../test-vectors/vectors/pki/citizen-revoked.cer");
    Certificate::parse(octets, &mut imza_fuzz::budget()).expect("a committed certificate")
});

fuzz_target!(|octets: &[u8]| {
    let budget = &mut imza_fuzz::budget();
    let Ok(list) = Crl::parse(octets, budget) else {
        return;
    };
    assert_eq!(&**list.der(), octets);
    let _ = (
        list.this_update(),
        list.next_update(),
        list.number(),
        list.delta_base(),
    );
    let _ = (
        list.obstacle(),
        list.expired_certificates_since(),
        list.signature_algorithm(),
    );
    let _ = list.distribution_point();
    let _ = list.scope(&CERTIFICATE);
    let once = list.lookup(&CERTIFICATE, budget);
    assert_eq!(
        once,
        list.lookup(&CERTIFICATE, budget),
        "asked twice, answered alike"
    );
});
