use super::*;
use crate::asn1::write;
use crate::certificate::sample::Sample;
use crate::certificate::{Name, oid};
use crate::crypto::Memo;
use crate::limits::{Budget, Limits, Resource};
use crate::trust::AnchorObstacle;

pub(super) const ROOT: u8 = 1;
pub(super) const CA: u8 = 2;
pub(super) const SIGNER: u8 = 3;

pub(super) fn at(text: &str) -> UnixTime {
    UnixTime::from_rfc3339(text).unwrap()
}

pub(super) fn root() -> Sample {
    Sample::keyed("root", ROOT, "root").authority(None)
}

pub(super) fn ca() -> Sample {
    Sample::keyed("ca", CA, "root").authority(None)
}

pub(super) fn signer() -> Sample {
    Sample::keyed("signer", SIGNER, "ca")
}

pub(super) fn trust(anchors: &[&Certificate]) -> TrustSet {
    TrustSet::new(
        anchors
            .iter()
            .map(|one| TrustAnchor::from_certificate((*one).clone())),
    )
}

pub(super) fn search(target: &Certificate, pool: &[Certificate], trust: &TrustSet) -> Paths {
    let pool = pool.iter().cloned().collect();
    let request = PathRequest::new(target, &pool, trust, at("2025-01-01T00:00:00Z"));
    build_and_validate(&request, &mut Budget::default(), &mut Memo::default())
}

/// Searches root → ca → signer with one of them changed.
pub(super) fn chain(ca: &Sample, signer: &Sample) -> Paths {
    let root = root().signed(ROOT);
    search(&signer.signed(CA), &[ca.signed(ROOT)], &trust(&[&root]))
}

pub(super) fn accepted(paths: &Paths) -> &ValidatedPath {
    let first = paths.candidates.first().map(|candidate| &candidate.result);
    paths
        .accepted()
        .next()
        .unwrap_or_else(|| panic!("refused: {first:?}"))
}

#[track_caller]
pub(super) fn refused(paths: &Paths) -> (usize, FailureReason) {
    assert_eq!(paths.accepted().count(), 0);
    let failure = paths.candidates[0].result.as_ref().unwrap_err();
    assert!(!failure.reason.to_string().is_empty());
    (failure.index, failure.reason.clone())
}

/// Every reason against the best candidate.
pub(super) fn reasons(paths: &Paths) -> Vec<FailureReason> {
    assert_eq!(paths.accepted().count(), 0);
    let candidate = &paths.candidates[0];
    let first = candidate.result.as_ref().unwrap_err();
    let all = std::iter::once(first).chain(&candidate.further);
    all.map(|failure| failure.reason.clone()).collect()
}

#[test]
fn a_path_leads_from_the_signer_to_the_anchor() {
    let paths = chain(&ca(), &signer());
    let path = accepted(&paths);
    assert_eq!(path.certificates().len(), 2);
    assert_eq!(path.anchor().name().common_name().as_deref(), Some("root"));
    assert!(path.authority_outside_validity().is_empty());
    assert!(!path.is_target_anchor() && !path.is_anchor_outside_validity());
    assert_eq!(paths.candidates.len(), 1);
    assert_eq!(paths.stopped, None);
}

#[test]
fn signature_of_another_key_is_refused() {
    let root = root().signed(ROOT);
    let paths = search(&signer().signed(9), &[ca().signed(ROOT)], &trust(&[&root]));
    assert_eq!(refused(&paths), (0, FailureReason::SignatureDoesNotFit));
    let paths = search(&signer().signed(CA), &[ca().signed(9)], &trust(&[&root]));
    assert_eq!(refused(&paths), (1, FailureReason::SignatureDoesNotFit));
}

#[test]
fn every_flipped_byte_of_the_signer_is_noticed() {
    let root = root().signed(ROOT);
    let pool = [ca().signed(ROOT)];
    let der = signer().signed(CA).der().to_vec();
    for index in 0..der.len() {
        let mut flipped = der.clone();
        flipped[index] ^= 0x10;
        if let Ok(target) = Certificate::parse(&flipped, &mut Budget::default()) {
            let paths = search(&target, &pool, &trust(&[&root]));
            assert_eq!(paths.accepted().count(), 0, "byte {index}");
        }
    }
}

#[test]
fn differing_algorithm_identifiers_are_refused() {
    let mut signer = signer();
    signer.tbs_algorithm = write::sequence(&[&write::oid("1.3.101.112"), &write::null()]);
    let paths = chain(&ca(), &signer);
    assert_eq!(
        refused(&paths),
        (0, FailureReason::SignatureAlgorithmsDiffer)
    );
}

#[test]
fn unknown_signature_algorithm_is_no_fit() {
    let mut signer = signer();
    signer.algorithm = write::sequence(&[&write::oid("1.2.3.4")]);
    signer.tbs_algorithm = signer.algorithm.clone();
    let (index, reason) = refused(&chain(&ca(), &signer));
    assert!(matches!(
        (index, reason),
        (0, FailureReason::SignatureUnusable(_))
    ));
}

#[test]
fn authority_outside_validity_is_a_finding_and_the_target_is_exempt() {
    let mut ca = ca();
    ca.not_after = write::time(at("2024-01-01T00:00:00Z"));
    let mut signer = signer();
    signer.not_after = write::time(at("2024-01-01T00:00:00Z"));
    let paths = chain(&ca, &signer);
    assert_eq!(accepted(&paths).authority_outside_validity(), [1]);
    let mut root = root();
    root.not_after = write::time(at("2024-01-01T00:00:00Z"));
    let root = root.signed(ROOT);
    let paths = search(&signer.signed(CA), &[ca.signed(ROOT)], &trust(&[&root]));
    assert!(accepted(&paths).is_anchor_outside_validity());
}

#[test]
fn validity_with_fractions_is_refused() {
    let mut signer = signer();
    signer.not_after = [&[0x18, 0x11][..], b"20510101000000.5Z"].concat();
    let paths = chain(&ca(), &signer);
    assert_eq!(refused(&paths), (0, FailureReason::ValidityWithFractions));
}

#[test]
fn unknown_issuer_is_refused() {
    let root = root().signed(ROOT);
    let paths = search(&signer().signed(CA), &[], &trust(&[&root]));
    assert_eq!(refused(&paths), (0, FailureReason::NoIssuer));
    let paths = search(&signer().signed(CA), &[ca().signed(ROOT)], &trust(&[]));
    assert_eq!(refused(&paths), (1, FailureReason::NoIssuer));
}

#[test]
fn authorities_that_are_none_are_refused() {
    let with = |sample: Sample| refused(&chain(&sample, &signer()));
    let bare = || Sample::keyed("ca", CA, "root");
    assert_eq!(with(bare()), (1, FailureReason::NotAuthority));
    let not_ca = bare().extension(oid::BASIC_CONSTRAINTS, true, &write::sequence(&[]));
    assert_eq!(with(not_ca), (1, FailureReason::NotAuthority));
    let unreadable = bare().extension(oid::BASIC_CONSTRAINTS, false, &write::null());
    assert!(matches!(
        with(unreadable),
        (1, FailureReason::UnreadableExtension { .. })
    ));
    for version in [None, Some(1)] {
        let mut old = bare();
        old.version = version;
        let found = version.map_or(1, |_| 2);
        assert_eq!(with(old), (1, FailureReason::Version { found }));
    }
    let mut nameless = ca();
    nameless.subject = write::sequence(&[]);
    let mut below = signer();
    below.issuer = write::sequence(&[]);
    let paths = chain(&nameless, &below);
    assert_eq!(refused(&paths), (0, FailureReason::EmptyIssuer));
    assert!(
        paths.candidates[0]
            .further
            .iter()
            .any(|failure| failure.reason == FailureReason::AuthorityWithoutSubject)
    );
}

#[test]
fn key_usage_must_allow_signing_certificates() {
    let constraints = write::sequence(&[&write::boolean(true)]);
    let ca = Sample::keyed("ca", CA, "root")
        .extension(oid::BASIC_CONSTRAINTS, true, &constraints)
        .extension(oid::KEY_USAGE, true, &[3, 2, 1, 2]);
    assert_eq!(
        refused(&chain(&ca, &signer())),
        (1, FailureReason::NoKeyCertSign)
    );
    let without =
        Sample::keyed("ca", CA, "root").extension(oid::BASIC_CONSTRAINTS, true, &constraints);
    accepted(&chain(&without, &signer()));
    let signer = signer()
        .extension(oid::BASIC_CONSTRAINTS, true, &write::sequence(&[]))
        .extension(oid::KEY_USAGE, true, &[3, 2, 2, 4]);
    let paths = chain(&self::ca(), &signer);
    assert_eq!(
        refused(&paths),
        (0, FailureReason::KeyCertSignWithoutAuthority)
    );
}

#[test]
fn path_length_counts_intermediates_but_self_issued_ones() {
    let root = root().signed(ROOT);
    let long = |first: Sample, second: Sample| {
        let target = Sample::keyed("signer", SIGNER, "second").signed(5);
        let pool = [first.signed(ROOT), second.signed(4)];
        search(&target, &pool, &trust(&[&root]))
    };
    let first = |length| Sample::keyed("first", 4, "root").authority(Some(length));
    let second = || Sample::keyed("second", 5, "first").authority(None);
    accepted(&long(first(1), second()));
    let paths = long(first(0), second());
    assert_eq!(
        refused(&paths),
        (1, FailureReason::PathLength { maximum: 0 })
    );

    let target = Sample::keyed("signer", SIGNER, "first").signed(5);
    let rollover = Sample::keyed("first", 5, "first").authority(None);
    let pool = [first(0).signed(ROOT), rollover.signed(4)];
    let paths = search(&target, &pool, &trust(&[&root]));
    assert_eq!(accepted(&paths).certificates().len(), 3);

    let target = signer().signed(CA);
    let pool = [ca().signed(ROOT)].into_iter().collect();
    let trust = trust(&[&root]);
    let mut request = PathRequest::new(&target, &pool, &trust, at("2025-01-01T00:00:00Z"));
    request.path_length = Some(0);
    let paths = build_and_validate(&request, &mut Budget::default(), &mut Memo::default());
    assert_eq!(
        refused(&paths),
        (1, FailureReason::PathLength { maximum: 0 })
    );
}

#[test]
fn critical_extensions_must_be_known_and_readable() {
    let unknown = FailureReason::UnknownCriticalExtension {
        oid: "1.2.3.4".to_owned(),
    };
    let paths = chain(&ca(), &signer().extension("1.2.3.4", true, &write::null()));
    assert_eq!(refused(&paths), (0, unknown.clone()));
    let paths = chain(&ca().extension("1.2.3.4", true, &write::null()), &signer());
    assert_eq!(refused(&paths), (1, unknown));
    accepted(&chain(
        &ca(),
        &signer().extension("1.2.3.4", false, &write::null()),
    ));
    for (oid, value) in [
        (oid::CRL_DISTRIBUTION_POINTS, write::null()),
        (oid::QC_STATEMENTS, write::null()),
        (oid::SUBJECT_ALT_NAME, write::null()),
    ] {
        let paths = chain(&ca(), &signer().extension(oid, true, &value));
        let (index, reason) = refused(&paths);
        assert!(matches!(
            (index, reason),
            (0, FailureReason::UnreadableExtension { .. })
        ));
    }
    // Not critical, but much rests on it.
    let paths = chain(
        &ca(),
        &signer().extension(oid::KEY_USAGE, false, &write::null()),
    );
    assert!(matches!(
        refused(&paths).1,
        FailureReason::UnreadableExtension { .. }
    ));
    // Must not be critical, and nobody acts on it here.
    let access = write::sequence(&[&write::sequence(&[
        &write::oid("1.3.6.1.5.5.7.48.1"),
        &write::implicit(6, b"http://a.test"),
    ])]);
    let paths = chain(
        &ca(),
        &signer().extension(oid::AUTHORITY_INFO_ACCESS, true, &access),
    );
    assert!(matches!(
        refused(&paths).1,
        FailureReason::UnknownCriticalExtension { .. }
    ));
}

#[test]
fn critical_statements_must_be_known_to_the_last() {
    let statements = write::sequence(&[&write::sequence(&[&write::oid("1.2.3")])]);
    let paths = chain(
        &ca(),
        &signer().extension(oid::QC_STATEMENTS, true, &statements),
    );
    assert!(matches!(
        refused(&paths).1,
        FailureReason::QcStatementUnknown { .. }
    ));
    accepted(&chain(
        &ca(),
        &signer().extension(oid::QC_STATEMENTS, false, &statements),
    ));
    let qualifier = write::sequence(&[&write::sequence(&[&write::oid("1.2.3"), &write::null()])]);
    let policies = write::sequence(&[&write::sequence(&[&write::oid("1.2.3"), &qualifier])]);
    let paths = chain(
        &ca(),
        &signer().extension(oid::CERTIFICATE_POLICIES, true, &policies),
    );
    assert!(matches!(
        refused(&paths).1,
        FailureReason::PolicyQualifierUnknown { .. }
    ));
}

#[test]
fn extensions_that_stand_twice_are_refused() {
    let twice = signer()
        .extension("1.2.3.4", false, &write::null())
        .extension("1.2.3.4", false, &write::null());
    let (index, reason) = refused(&chain(&ca(), &twice));
    assert!(matches!(
        (index, reason),
        (0, FailureReason::DuplicateExtension { .. })
    ));
}

#[test]
fn extensions_in_another_version_are_refused() {
    let mut old = signer().extension("1.2.3.4", false, &write::null());
    old.version = None;
    let paths = chain(&ca(), &old);
    assert_eq!(
        refused(&paths),
        (0, FailureReason::ExtensionsWithoutVersion3)
    );
    let mut unique = signer();
    unique.version = None;
    unique.after_extensions = write::implicit(1, &[0, 1]);
    let paths = chain(&ca(), &unique);
    assert_eq!(
        refused(&paths),
        (0, FailureReason::UniqueIdentifierWithoutVersion2)
    );
}

#[test]
fn serial_numbers_that_nobody_may_give_are_refused() {
    for (serial, reason) in [
        (vec![0], FailureReason::SerialNumberZero),
        (vec![1; 21], FailureReason::SerialNumberTooLong),
        (vec![0x80; 21], FailureReason::SerialNumberTooLong),
    ] {
        let (mut odd_signer, mut odd_ca) = (signer(), ca());
        odd_signer.serial.clone_from(&serial);
        odd_ca.serial = serial;
        assert_eq!(refused(&chain(&ca(), &odd_signer)), (0, reason.clone()));
        assert_eq!(refused(&chain(&odd_ca, &signer())), (1, reason));
    }
    let mut longest = signer();
    longest.serial = vec![0x7f; 20];
    accepted(&chain(&ca(), &longest));
}

#[test]
fn negative_serial_numbers_and_odd_key_identifiers_refuse_nothing() {
    let mut odd = signer().extension(
        oid::AUTHORITY_KEY_IDENTIFIER,
        false,
        &write::sequence(&[&write::implicit(0, &[9; 20])]),
    );
    odd.serial = vec![0xff; 1];
    let ca = ca().extension(
        oid::SUBJECT_KEY_IDENTIFIER,
        false,
        &write::octet_string(&[8; 20]),
    );
    accepted(&chain(&ca, &odd));
}

#[test]
fn empty_subject_needs_a_critical_alternative() {
    let names = write::sequence(&[&write::implicit(2, b"host.test")]);
    let mut nameless = signer();
    nameless.subject = write::sequence(&[]);
    assert_eq!(
        refused(&chain(&ca(), &nameless)),
        (0, FailureReason::EmptySubject)
    );
    let lax = nameless
        .clone()
        .extension(oid::SUBJECT_ALT_NAME, false, &names);
    assert_eq!(
        refused(&chain(&ca(), &lax)),
        (0, FailureReason::EmptySubject)
    );
    accepted(&chain(
        &ca(),
        &nameless.extension(oid::SUBJECT_ALT_NAME, true, &names),
    ));
}

#[test]
fn host_names_are_host_names() {
    let with = |host: &str| {
        let names = write::sequence(&[&write::implicit(2, host.as_bytes())]);
        chain(
            &ca(),
            &signer().extension(oid::SUBJECT_ALT_NAME, false, &names),
        )
    };
    for host in ["a.test", "*.a.test", "xn--e1afmkfd.test", "A-1.test"] {
        accepted(&with(host));
    }
    for host in [
        "",
        "*",
        "a*.test",
        "a.*.test",
        "a_b.test",
        "127.0.0.1",
        "-a.test",
        "a..test",
    ] {
        assert_eq!(
            refused(&with(host)),
            (0, FailureReason::NameSyntax),
            "{host}"
        );
    }
}

#[test]
fn the_nearest_fault_is_reported_first() {
    let ca = ca().extension("1.2.3.4", true, &write::null());
    let signer = signer().extension("1.2.3.5", true, &write::null());
    let paths = chain(&ca, &signer);
    assert_eq!(refused(&paths).0, 0);
    assert_eq!(paths.candidates[0].further.len(), 1);
    assert_eq!(paths.candidates[0].further[0].index, 1);
}

#[test]
fn search_goes_on_after_a_wrong_turn() {
    let root = root().signed(ROOT);
    // The same CA name with another key, with another wrong issuer, and at last the right one.
    let pool = [
        Sample::keyed("ca", 8, "root").authority(None).signed(ROOT),
        Sample::keyed("ca", CA, "elsewhere")
            .authority(None)
            .signed(9),
        Sample::keyed("ca", CA, "root")
            .extension("1.2.3.4", true, &[5, 0])
            .authority(None)
            .signed(ROOT),
        ca().signed(ROOT),
    ];
    let paths = search(&signer().signed(CA), &pool, &trust(&[&root]));
    assert_eq!(accepted(&paths).certificates()[1], pool[3]);
    assert_eq!(paths.candidates.len(), 4);
    assert!(paths.candidates[0].result.is_ok());
}

#[test]
fn certificates_in_a_circle_lead_nowhere() {
    let a = Sample::keyed("a", 4, "b").authority(None).signed(5);
    let b = Sample::keyed("b", 5, "a").authority(None).signed(4);
    let target = Sample::keyed("signer", SIGNER, "a").signed(4);
    let paths = search(&target, &[a, b], &trust(&[]));
    assert_eq!(refused(&paths).1, FailureReason::NoIssuer);
    let own = Sample::keyed("own", 4, "own").authority(None).signed(4);
    let paths = search(&own, std::slice::from_ref(&own), &trust(&[]));
    assert_eq!(refused(&paths), (0, FailureReason::NoIssuer));
}

#[test]
fn an_anchor_in_the_middle_ends_the_path() {
    let ca = ca().signed(ROOT);
    let root = root().signed(ROOT);
    let paths = search(
        &signer().signed(CA),
        &[ca.clone(), root.clone()],
        &trust(&[&root, &ca]),
    );
    assert_eq!(paths.candidates.len(), 1);
    assert_eq!(accepted(&paths).certificates().len(), 1);
}

#[test]
fn an_anchor_that_is_no_authority_matches_only_itself() {
    let own = Sample::keyed("ca", CA, "ca").signed(CA);
    let paths = search(&own, &[], &trust(&[&own]));
    assert!(accepted(&paths).is_target_anchor());
    let paths = search(&signer().signed(CA), &[], &trust(&[&own]));
    assert_eq!(
        refused(&paths),
        (1, FailureReason::Anchor(AnchorObstacle::NotAuthority))
    );
    let strange = Sample::keyed("ca", CA, "ca")
        .authority(None)
        .extension("1.2.3.4", true, &write::null())
        .signed(CA);
    let paths = search(&signer().signed(CA), &[], &trust(&[&strange]));
    assert!(matches!(
        refused(&paths).1,
        FailureReason::Anchor(AnchorObstacle::UnknownCriticalExtension { .. })
    ));
}

#[test]
fn an_anchor_for_another_purpose_is_none() {
    let root = root().signed(ROOT);
    let anchor = TrustAnchor::from_certificate(root).for_purposes([Purpose::Timestamping]);
    let trust = TrustSet::new([anchor]);
    let target = signer().signed(CA);
    let pool = [ca().signed(ROOT)].into_iter().collect();
    let request = PathRequest::new(&target, &pool, &trust, at("2025-01-01T00:00:00Z"));
    let run = |purpose| {
        let request = request.clone().for_purpose(purpose);
        build_and_validate(&request, &mut Budget::default(), &mut Memo::default())
    };
    accepted(&run(Purpose::Timestamping));
    assert_eq!(
        refused(&run(Purpose::Signing)),
        (1, FailureReason::NoIssuer)
    );
}

#[test]
fn an_anchor_can_be_a_name_and_a_key() {
    let root = root().signed(ROOT);
    let name = Name::parse(root.subject().der(), &mut Budget::default()).unwrap();
    let trust = TrustSet::new([TrustAnchor::from_name_and_key(name, root.spki().into())]);
    let paths = search(&signer().signed(CA), &[ca().signed(ROOT)], &trust);
    assert_eq!(accepted(&paths).certificates().len(), 2);
    let name = Name::parse(root.subject().der(), &mut Budget::default()).unwrap();
    let other = Sample::keyed("root", 9, "root").authority(None).signed(9);
    let trust = TrustSet::new([TrustAnchor::from_name_and_key(name, other.spki().into())]);
    let paths = search(&signer().signed(CA), &[ca().signed(ROOT)], &trust);
    assert_eq!(refused(&paths), (1, FailureReason::SignatureDoesNotFit));
}

#[test]
fn paths_without_end_are_cut() {
    let mut pool = Vec::new();
    for number in 10..30u8 {
        let (name, issuer) = (format!("ca{number}"), format!("ca{}", number + 1));
        pool.push(
            Sample::keyed(&name, number, &issuer)
                .authority(None)
                .signed(number + 1),
        );
    }
    let target = Sample::keyed("signer", SIGNER, "ca10").signed(10);
    let paths = search(&target, &pool, &trust(&[]));
    assert_eq!(
        refused(&paths),
        (9, FailureReason::PathTooLong { maximum: 10 })
    );
}

#[test]
fn a_web_of_cross_certificates_ends_at_a_limit() {
    // Every CA certifies every other one: the number of paths has no useful bound.
    let mut pool = Vec::new();
    for subject in 10..24u8 {
        for issuer in 10..24u8 {
            let (name, above) = (format!("ca{subject}"), format!("ca{issuer}"));
            pool.push(
                Sample::keyed(&name, subject, &above)
                    .authority(None)
                    .signed(issuer),
            );
        }
    }
    let target = Sample::keyed("signer", SIGNER, "ca10").signed(10);
    let paths = search(&target, &pool, &trust(&[]));
    assert!(paths.stopped.is_some());
    assert_eq!(paths.accepted().count(), 0);
    // An anchor nearby is found before the web is entered.
    let anchor = Sample::keyed("ca10", 10, "ca10").authority(None).signed(10);
    let paths = search(&target, &pool, &trust(&[&anchor]));
    accepted(&paths);
}

#[test]
fn the_budget_stops_the_search_and_keeps_what_was_found() {
    let limits = Limits {
        path_steps: 1,
        ..Limits::default()
    };
    let mut budget = Budget::new(limits.into());
    let root = root().signed(ROOT);
    let (target, trust) = (signer().signed(CA), trust(&[&root]));
    let pool = [ca().signed(ROOT)].into_iter().collect();
    let request = PathRequest::new(&target, &pool, &trust, at("2025-01-01T00:00:00Z"));
    let paths = build_and_validate(&request, &mut budget, &mut Memo::default());
    assert_eq!(
        paths.stopped.map(|limit| limit.resource),
        Some(Resource::PathSteps)
    );
    assert_eq!(paths.accepted().count(), 0);
}

#[test]
fn a_pool_finds_certificates_by_their_key() {
    use crate::algorithm::DigestAlgorithm;
    use crate::crypto::digest;
    use crate::vocabulary::ObjectId;
    let (one, two) = (ca().signed(ROOT), signer().signed(CA));
    let mut pool: Pool = [one.clone()].into_iter().collect();
    let found = |pool: &Pool, of: &Certificate| -> Vec<ObjectId> {
        let hash = digest(DigestAlgorithm::Sha1, of.key_bits()).unwrap();
        let found = pool.with_key(&hash).unwrap();
        found.map(Certificate::id).collect()
    };
    assert_eq!(found(&pool, &one), [one.id()]);
    assert_eq!(found(&pool, &two), []);
    // What comes after the first question is found too.
    pool.add(two.clone());
    assert_eq!(found(&pool, &two), [two.id()]);
    assert_eq!(found(&pool, &one), [one.id()]);
}
