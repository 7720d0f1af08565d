//! Certificates: every extension and the key.
#![no_main]

use imza::certificate::Certificate;
use imza::crypto::Memo;
use imza::identity::SemanticsIdentifier;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|octets: &[u8]| {
    let budget = &mut imza_fuzz::budget();
    let Ok(certificate) = Certificate::parse(octets, budget) else {
        return;
    };
    assert_eq!(
        &**certificate.der(),
        octets,
        "what was read is what is kept"
    );
    assert!(
        octets
            .windows(certificate.tbs().len())
            .any(|part| part == certificate.tbs())
    );
    let _ = certificate.findings();
    let _ = certificate.unknown_critical().count();
    let _ = certificate.key_usage();
    let _ = certificate.extended_key_usage();
    let _ = certificate.basic_constraints();
    let _ = certificate.qc_statements();
    let _ = certificate.name_constraints();
    let _ = certificate.certificate_policies();
    let _ = certificate.crl_distribution_points();
    let _ = certificate.authority_info_access();
    let _ = certificate.authority_key_identifier();
    let _ = certificate.subject_key_identifier();
    let _ = certificate.signature_algorithm();
    assert!(certificate.subject().matches(certificate.subject()));
    let _ = SemanticsIdentifier::of_person(certificate.subject());
    let _ = SemanticsIdentifier::of_organisation(certificate.subject());
    if let Ok(key) = certificate.public_key() {
        // Whoever signed it: a key that reads must be one that can be asked.
        let _ = certificate.verify(key, budget, &mut Memo::default());
    }
});
