//! A certificate by itself, over lists that only count together (RFC 5280 §6.3.3).
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use imza::job::Seed;
use imza::limits::Limits;
use imza::path::PolicyInputs;
use imza::policy::{RevocationRequirement, ValidationPolicy};
use imza::reading::{CertificateRequest, CertificateValidation, Given, Network};
use imza::report::CertificateReport;
use imza::signature::RevocationKind;
use imza::time::UnixTime;
use imza::transport::{Memory, drive};
use imza::trust::TrustSet;
use imza::validation::Context;
use imza::vocabulary::{BlockIndication, Purpose, SubIndication};
use imza_test_vectors::certificate::{CertificateSpec, Extension, usage};
use imza_test_vectors::crl::{CrlSpec, RevocationReason, issue, issuing_distribution_point};
use imza_test_vectors::pki::Revocation;
use imza_test_vectors::{Entity, Pki, der};
use std::sync::Arc;

const TIME: i64 = 1_781_000_000;

/// Judges the citizen of the fixed PKI with these lists beside that of the root.
fn judged(pki: &Pki, lists: &[Vec<u8>]) -> CertificateReport {
    let mut given = vec![Given::Certificate(
        pki.issuing_ca.certificate.as_slice().into(),
    )];
    let root = imza_test_vectors::crl::of_root(pki, TIME).unwrap();
    for octets in std::iter::once(&root).chain(lists) {
        let kind = RevocationKind::Crl;
        let octets = octets.as_slice().into();
        given.push(Given::Revocation { kind, octets });
    }
    let request = CertificateRequest {
        given,
        ..asked("citizen.cer", &pki.citizen_p256.certificate)
    };
    let policy = ValidationPolicy::named("rfc5280").unwrap();
    answered(request, &pki.root.certificate, policy, TIME + 60)
}

/// A question about a certificate of which nothing more is at hand.
fn asked(name: &str, certificate: &[u8]) -> CertificateRequest {
    CertificateRequest {
        name: name.to_owned(),
        octets: certificate.to_vec(),
        given: Vec::new(),
        purpose: None,
        policies: PolicyInputs::default(),
        path_length: None,
        seed: Seed::new([0; 32]),
        network: Network::Offline,
    }
}

/// The report on it under one anchor.
fn answered(
    request: CertificateRequest,
    anchor: &[u8],
    policy: ValidationPolicy,
    time: i64,
) -> CertificateReport {
    let anchors = TrustSet::read_anchors(anchor, &mut imza::limits::Budget::default());
    let context = Context {
        policy: Arc::new(policy),
        trust: Arc::new(TrustSet::new(anchors.unwrap())),
        validation_time: UnixTime::from_seconds(time),
        proven_at: None,
        limits: Arc::new(Limits::default()),
    };
    let job = CertificateValidation::begin(request, context).unwrap();
    drive(job, &mut Memory::new(Vec::<Vec<u8>>::new()))
        .unwrap()
        .report
}

fn passes(pki: &Pki, lists: &[Vec<u8>]) -> bool {
    judged(pki, lists).indication == Some(BlockIndication::Passed)
}

fn sub(pki: &Pki, lists: &[Vec<u8>]) -> Option<SubIndication> {
    judged(pki, lists).sub_indication
}

/// The citizen on a list, for a reason.
fn citizen(pki: &Pki, reason: RevocationReason) -> Revocation {
    Revocation {
        serial_number: pki.citizen_p256.serial_number.clone(),
        time: TIME - 100,
        reason: Some(reason),
    }
}

/// A list with a number, as old as asked.
fn list(issuer: &Entity, number: u64, age: i64, revoked: &[Revocation]) -> CrlSpec {
    CrlSpec::new(issuer, number, TIME - age, revoked)
}

fn delta(issuer: &Entity, number: u64, base: u64, revoked: &[Revocation]) -> CrlSpec {
    let mut spec = list(issuer, number, 0, revoked);
    let indicator = Extension::critical("2.5.29.27", der::integer(base));
    spec.extensions.push(indicator);
    spec
}

/// A list of some reasons: the bits of ReasonFlags from bit 0 on, in two octets.
fn of_reasons(issuer: &Entity, bits: [u8; 2], unused: u8) -> CrlSpec {
    let mut spec = list(issuer, 5, 0, &[]);
    let flags = der::implicit(3, &[unused, bits[0], bits[1]]);
    let point = Extension::critical("2.5.29.28", der::sequence(&[&flags]));
    spec.extensions.push(point);
    spec
}

#[test]
fn a_complete_list_clears_and_revokes() {
    let pki = Pki::fixed().unwrap();
    let ca = &pki.issuing_ca;
    assert!(passes(&pki, &[issue(&list(ca, 1, 0, &[]), ca).unwrap()]));
    let named = [citizen(&pki, RevocationReason::Superseded)];
    let revoked = issue(&list(ca, 1, 0, &named), ca).unwrap();
    assert_eq!(sub(&pki, &[revoked]), Some(SubIndication::RevokedNoPoe));
    assert!(!passes(&pki, &[]));
}

#[test]
fn a_delta_revokes_with_its_base_and_alone() {
    let pki = Pki::fixed().unwrap();
    let ca = &pki.issuing_ca;
    let base = issue(&list(ca, 4, 50, &[]), ca).unwrap();
    let named = [citizen(&pki, RevocationReason::KeyCompromise)];
    let change = issue(&delta(ca, 6, 4, &named), ca).unwrap();
    let revoked = Some(SubIndication::RevokedNoPoe);
    assert_eq!(sub(&pki, &[base.clone(), change.clone()]), revoked);
    assert_eq!(sub(&pki, &[change.clone(), base]), revoked);
    assert_eq!(sub(&pki, &[change]), revoked);
}

#[test]
fn a_delta_alone_clears_nothing() {
    let pki = Pki::fixed().unwrap();
    let ca = &pki.issuing_ca;
    let change = issue(&delta(ca, 6, 4, &[]), ca).unwrap();
    assert!(!passes(&pki, &[change]));
}

#[test]
fn a_delta_makes_a_stale_base_fresh_only_when_it_fits() {
    let pki = Pki::fixed().unwrap();
    let ca = &pki.issuing_ca;
    let month = 30 * 86_400;
    let stale = issue(&list(ca, 4, month, &[]), ca).unwrap();
    assert_eq!(
        sub(&pki, std::slice::from_ref(&stale)),
        Some(SubIndication::TryLater)
    );
    let fitting = issue(&delta(ca, 6, 4, &[]), ca).unwrap();
    assert!(passes(&pki, &[stale.clone(), fitting]));
    // The base of this delta is a later list.
    let later = issue(&delta(ca, 6, 5, &[]), ca).unwrap();
    assert!(!passes(&pki, &[stale.clone(), later]));
    // A number that does not follow.
    let earlier = issue(&delta(ca, 4, 3, &[]), ca).unwrap();
    assert!(!passes(&pki, &[stale, earlier]));
}

#[test]
fn removal_in_a_complete_list_clears_nothing() {
    let pki = Pki::fixed().unwrap();
    let ca = &pki.issuing_ca;
    let removal = citizen(&pki, RevocationReason::RemoveFromCrl);
    let hold = citizen(&pki, RevocationReason::CertificateHold);
    for named in [vec![removal.clone()], vec![removal.clone(), hold]] {
        let odd = issue(&list(ca, 4, 50, &named), ca).unwrap();
        assert_eq!(
            sub(&pki, std::slice::from_ref(&odd)),
            Some(SubIndication::TryLater)
        );
        // Nor does a delta that changes nothing; a delta that removes does.
        let nothing = issue(&delta(ca, 6, 4, &[]), ca).unwrap();
        assert!(!passes(&pki, &[odd.clone(), nothing]));
        let removed = issue(&delta(ca, 6, 4, std::slice::from_ref(&removal)), ca).unwrap();
        assert!(passes(&pki, &[odd, removed]));
    }
}

#[test]
fn removal_lifts_a_hold_and_nothing_else() {
    let pki = Pki::fixed().unwrap();
    let ca = &pki.issuing_ca;
    let removal = [citizen(&pki, RevocationReason::RemoveFromCrl)];
    let removed = issue(&delta(ca, 6, 4, &removal), ca).unwrap();
    let with = |reason| {
        let named = [citizen(&pki, reason)];
        issue(&list(ca, 4, 50, &named), ca).unwrap()
    };
    let hold = with(RevocationReason::CertificateHold);
    assert_eq!(
        sub(&pki, std::slice::from_ref(&hold)),
        Some(SubIndication::TryLater)
    );
    assert!(passes(&pki, &[hold, removed.clone()]));
    let stolen = with(RevocationReason::KeyCompromise);
    let revoked = Some(SubIndication::RevokedNoPoe);
    assert_eq!(sub(&pki, &[stolen, removed]), revoked);
}

#[test]
fn lists_of_some_reasons_clear_only_together() {
    let pki = Pki::fixed().unwrap();
    let ca = &pki.issuing_ca;
    // Bits 1 to 4, and 5 to 8.
    let first = issue(&of_reasons(ca, [0b0111_1000, 0], 3), ca).unwrap();
    let second = issue(&of_reasons(ca, [0b0000_0111, 0b1000_0000], 7), ca).unwrap();
    assert!(!passes(&pki, std::slice::from_ref(&first)));
    assert!(!passes(&pki, std::slice::from_ref(&second)));
    assert!(passes(&pki, &[first.clone(), second]));
    // The same reasons twice are no more than once.
    let again = issue(&list(ca, 9, 1, &[]), ca).unwrap();
    assert!(passes(&pki, &[first, again]));
}

#[test]
fn lists_about_others_are_not_taken() {
    let pki = Pki::fixed().unwrap();
    let ca = &pki.issuing_ca;
    let scoped = |extension| {
        let mut spec = list(ca, 5, 0, &[]);
        spec.extensions.push(extension);
        issue(&spec, ca).unwrap()
    };
    let of_cas = scoped(issuing_distribution_point(None, false, true, false));
    assert!(!passes(&pki, &[of_cas]));
    let elsewhere = Some("http://pki.imza.test/elsewhere.crl");
    let other_point = scoped(issuing_distribution_point(elsewhere, false, false, false));
    assert!(!passes(&pki, &[other_point]));
    let of_users = scoped(issuing_distribution_point(None, true, false, false));
    assert!(passes(&pki, &[of_users]));
}

#[test]
fn a_list_under_the_issuers_name_by_another_key_is_not_taken() {
    let pki = Pki::fixed().unwrap();
    let mut spec = list(&pki.issuing_ca, 5, 0, &[]);
    spec.issuer = Some(pki.issuing_ca.name.clone());
    for forger in [&pki.other_root, &pki.citizen_p384, &pki.root] {
        assert!(!passes(&pki, &[issue(&spec, forger).unwrap()]));
    }
}

/// Judges a certificate for a purpose, at a time; only anchors and the policy count.
fn by_itself(
    certificate: &[u8],
    anchor: &[u8],
    purpose: Option<Purpose>,
    time: i64,
    policy: &str,
) -> CertificateReport {
    let mut policy = ValidationPolicy::named(policy).unwrap();
    // An anchor needs no revocation data; of others nothing is at hand.
    if certificate != anchor {
        policy.revocation = RevocationRequirement::None;
    }
    let request = CertificateRequest {
        purpose,
        ..asked("one.cer", certificate)
    };
    answered(request, anchor, policy, time)
}

#[test]
fn an_anchor_that_is_asked_about_outside_its_validity_does_not_pass() {
    let pki = Pki::fixed().unwrap();
    let citizen = &pki.citizen_p256;
    let validity = (TIME - 1000, TIME + 1000);
    let bits = [usage::DIGITAL_SIGNATURE, usage::NON_REPUDIATION];
    let spec = CertificateSpec::end_entity(
        citizen.name.clone(),
        &citizen.key,
        &citizen.key,
        0x51,
        validity,
        &bits,
    );
    let own = spec.issue(&citizen.name, &citizen.key).unwrap();
    let signing = Some(Purpose::Signing);
    for (time, passes) in [
        (TIME - 1001, false),
        (TIME - 1000, true),
        (TIME, true),
        (TIME + 1000, true),
        (TIME + 1001, false),
    ] {
        for (purpose, policy) in [(signing, "default"), (None, "rfc5280")] {
            let report = by_itself(&own, &own, purpose, time, policy);
            let found = (report.indication, report.sub_indication);
            let expected = match passes {
                true => (Some(BlockIndication::Passed), None),
                false => (
                    Some(BlockIndication::Indeterminate),
                    Some(SubIndication::OutOfBoundsNoPoe),
                ),
            };
            assert_eq!(found, expected, "{}", time - TIME);
        }
    }
}

#[test]
fn a_key_that_signs_too_weakly_does_not_pass_for_a_role() {
    let pki = Pki::fixed().unwrap();
    let bits = [usage::DIGITAL_SIGNATURE, usage::NON_REPUDIATION];
    let issued = |spki: &[u8]| {
        let validity = (TIME - 1000, TIME + 1000);
        let (citizen, root) = (&pki.citizen_p256, &pki.root);
        let (name, key) = (citizen.name.clone(), &citizen.key);
        let spec = CertificateSpec::end_entity(name, key, &root.key, 0x52, validity, &bits);
        let spki = spki.to_vec();
        let spec = CertificateSpec { spki, ..spec };
        spec.issue(&root.name, &root.key).unwrap()
    };
    // RSA with a modulus of 1024 bits.
    let numbers = [der::integer_bytes(&[0xff; 128]), der::integer(65537)];
    let algorithm = der::sequence(&[&der::oid("1.2.840.113549.1.1.1"), &der::null()]);
    let weak = der::sequence(&[&algorithm, &der::bit_string(&der::sequence_of(&numbers))]);
    let judged = |octets: &[u8], purpose| {
        let report = by_itself(octets, &pki.root.certificate, purpose, TIME, "default");
        (report.indication, report.sub_indication)
    };
    let signing = Some(Purpose::Signing);
    let passed = (Some(BlockIndication::Passed), None);
    for key in [&pki.citizen_p256.key, &pki.citizen_rsa_2048.key] {
        assert_eq!(judged(&issued(key.spki()), signing), passed);
    }
    let octets = issued(&weak);
    assert_eq!(
        judged(&octets, signing),
        (
            Some(BlockIndication::Indeterminate),
            Some(SubIndication::CryptoConstraintsFailureNoPoe)
        )
    );
    // What signs nothing is as good as its issuer's signature.
    assert_eq!(judged(&octets, None), passed);
}
