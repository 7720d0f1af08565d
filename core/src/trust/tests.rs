use super::*;
use crate::asn1::write;
use crate::certificate::sample::Sample;

fn authority(subject: &str) -> Certificate {
    Sample::keyed(subject, 1, subject).authority(None).signed(1)
}

fn anchor(subject: &str) -> TrustAnchor {
    TrustAnchor::from_certificate(authority(subject))
}

fn obstacle(sample: &Sample) -> Option<AnchorObstacle> {
    TrustAnchor::from_certificate(sample.parse()).obstacle()
}

#[test]
fn anchors_that_are_no_authority_say_why() {
    let plain = || Sample::new("a", "a");
    let constraints = write::sequence(&[&write::boolean(true)]);
    assert_eq!(obstacle(&plain().authority(None)), None);
    assert_eq!(obstacle(&plain()), Some(AnchorObstacle::NotAuthority));
    let no = plain().extension("2.5.29.19", true, &write::sequence(&[]));
    assert_eq!(obstacle(&no), Some(AnchorObstacle::NotAuthority));
    let usage = plain()
        .extension("2.5.29.19", true, &constraints)
        .extension("2.5.29.15", true, &[3, 2, 1, 2]);
    assert_eq!(obstacle(&usage), Some(AnchorObstacle::NoKeyCertSign));
    let unknown = plain()
        .authority(None)
        .extension("1.2.3", true, &write::null());
    assert!(matches!(
        obstacle(&unknown),
        Some(AnchorObstacle::UnknownCriticalExtension { .. })
    ));
    let broken = plain().extension("2.5.29.19", true, &write::null());
    assert!(matches!(
        obstacle(&broken),
        Some(AnchorObstacle::Unreadable(_))
    ));
    let twice = plain().authority(None).authority(None);
    assert!(matches!(
        obstacle(&twice),
        Some(AnchorObstacle::Unreadable(_))
    ));
}

#[test]
fn old_certificates_are_authorities_only_when_self_issued() {
    let mut own = Sample::new("a", "a");
    own.version = None;
    assert_eq!(obstacle(&own), None);
    let mut issued = Sample::new("a", "b");
    issued.version = None;
    assert_eq!(obstacle(&issued), Some(AnchorObstacle::NotAuthority));
}

#[test]
fn a_key_that_cannot_be_used_is_an_error_at_use_only() {
    let mut odd = Sample::new("a", "a");
    odd.spki = write::sequence(&[
        &write::sequence(&[&write::oid("1.2.3.4")]),
        &write::bit_string(&[1]),
    ]);
    let anchor = TrustAnchor::from_certificate(odd.parse());
    assert!(anchor.public_key().is_err());
}

#[test]
fn repeated_anchors_count_once_and_order_does_not_count() {
    let one = TrustSet::new([anchor("a"), anchor("b"), anchor("a")]);
    let two = TrustSet::new([anchor("b"), anchor("a")]);
    assert_eq!(one.anchors().len(), 2);
    assert_eq!(one.digest(), two.digest());
}

#[test]
fn whatever_changes_trust_changes_the_digest() {
    let sets = [
        TrustSet::default(),
        TrustSet::new([anchor("a")]),
        TrustSet::new([anchor("b")]),
        TrustSet::new([anchor("a"), anchor("b")]),
        TrustSet::new([anchor("a").for_purposes([Purpose::Signing])]),
        TrustSet::new([anchor("a").for_purposes([])]),
        TrustSet::new([anchor("a").until(UnixTime::from_seconds(0))]),
        TrustSet::new([TrustAnchor::from_name_and_key(
            authority("a").subject().clone(),
            authority("a").spki().into(),
        )]),
    ];
    let digests: BTreeSet<[u8; 32]> = sets.iter().map(TrustSet::digest).collect();
    assert_eq!(digests.len(), sets.len());
}

#[test]
fn purposes_narrow_an_anchor() {
    let set = TrustSet::new([anchor("a"), anchor("b").for_purposes([Purpose::Ocsp])]);
    assert_eq!(set.for_purpose(Some(Purpose::Signing)).count(), 1);
    assert_eq!(set.for_purpose(Some(Purpose::Ocsp)).count(), 2);
    assert_eq!(set.for_purpose(None).count(), 2);
}

#[test]
fn files_give_anchors_or_an_error() {
    let der = authority("a").der().to_vec();
    let anchors = TrustSet::read_anchors(&der, &mut Budget::default()).unwrap();
    assert_eq!(anchors, [anchor("a")]);
    assert!(anchors[0].is_certificate(&authority("a")));
    assert!(!anchors[0].is_certificate(&authority("b")));
    assert!(TrustSet::read_anchors(b"", &mut Budget::default()).is_err());
    assert!(TrustSet::read_anchors(&der[1..], &mut Budget::default()).is_err());
}
