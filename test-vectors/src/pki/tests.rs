use super::*;

#[test]
fn the_fixed_pki_is_the_same_every_time() {
    let (one, two) = (Pki::fixed().unwrap(), Pki::fixed().unwrap());
    for (a, b) in one.entities().iter().zip(two.entities()) {
        assert_eq!(a.certificate, b.certificate, "{}", a.file);
    }
}

#[test]
fn the_address_of_the_services_stands_in_every_certificate() {
    let pki = Pki::new("http://127.0.0.1:4711/").unwrap();
    let text = |entity: &Entity| String::from_utf8_lossy(&entity.certificate).into_owned();
    assert!(text(&pki.citizen_p256).contains("http://127.0.0.1:4711/ocsp"));
    assert!(text(&pki.issuing_ca).contains("http://127.0.0.1:4711/crl/root.crl"));
    assert!(!text(&pki.ocsp_responder).contains("http://"));
}

#[test]
fn a_citizen_can_be_certified_for_a_foreign_key() {
    let pki = Pki::fixed().unwrap();
    let name = Name::person("Nigar", "Kərimova", "PNOAZ-7TEST77");
    let certificate = pki
        .certify(name, pki.citizen_p384.key.spki(), 0x3001)
        .unwrap();
    let spki = pki.citizen_p384.key.spki();
    assert!(certificate.windows(spki.len()).any(|window| window == spki));
}

#[test]
fn extensions_are_replaced_and_removed_by_identifier() {
    let pki = Pki::fixed().unwrap();
    let key = &pki.citizen_p256.key;
    let spec = pki.citizen_spec(Name::default(), key, 1);
    let count = spec.extensions.len();
    let spec = spec.with([Extension::key_usage(&[usage::DIGITAL_SIGNATURE])]);
    assert_eq!(spec.extensions.len(), count);
    assert_eq!(spec.without("2.5.29.15").extensions.len(), count - 1);
}
