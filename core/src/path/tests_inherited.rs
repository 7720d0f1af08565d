//! DSA keys without parameters, over the hierarchies that NIST published for them (PKITS 4.1.4
//! and 4.1.5).

use super::tests::{accepted, refused, search, trust};
use super::*;
use crate::certificate::sample::corpora;
use crate::limits::Budget;
use std::slice::from_ref;

fn read(name: &str) -> Option<Certificate> {
    let octets = std::fs::read(corpora()?.join("pkits/certs").join(name)).ok()?;
    Certificate::parse(&octets, &mut Budget::default()).ok()
}

/// The certificates above the targets.
struct Pkits {
    root: Certificate,
    whole: Certificate,
    heir: Certificate,
}

fn pkits() -> Option<Pkits> {
    Some(Pkits {
        root: read("TrustAnchorRootCertificate.crt")?,
        whole: read("DSACACert.crt")?,
        heir: read("DSAParametersInheritedCACert.crt")?,
    })
}

/// The certificate with one octet of its signature value changed.
fn damaged(certificate: &Certificate) -> Certificate {
    let mut octets = certificate.der().to_vec();
    let last = octets.len() - 1;
    octets[last] ^= 1;
    Certificate::parse(&octets, &mut Budget::default()).unwrap()
}

#[test]
fn a_key_inherits_from_the_key_above_it() {
    let Some(Pkits { root, whole, heir }) = pkits() else {
        return;
    };
    let trust = trust(&[&root]);
    let target = read("ValidDSASignaturesTest4EE.crt").unwrap();
    accepted(&search(&target, from_ref(&whole), &trust));
    let target = read("ValidDSAParameterInheritanceTest5EE.crt").unwrap();
    assert!(heir.public_key().unwrap().inherits_parameters());
    let paths = search(&target, &[whole.clone(), heir.clone()], &trust);
    let path = accepted(&paths);
    let keys = path.certificates().iter().map(Certificate::public_key);
    for key in keys.skip(1) {
        assert!(!key.unwrap().inherits_parameters());
    }
}

#[test]
fn signatures_of_an_inherited_key_are_asked_all_the_same() {
    let Some(Pkits { root, whole, heir }) = pkits() else {
        return;
    };
    let trust = trust(&[&root]);
    let target = read("ValidDSASignaturesTest4EE.crt").unwrap();
    let paths = search(&damaged(&target), from_ref(&whole), &trust);
    assert_eq!(refused(&paths), (0, FailureReason::SignatureDoesNotFit));
    let target = read("ValidDSAParameterInheritanceTest5EE.crt").unwrap();
    let paths = search(&damaged(&target), &[whole.clone(), heir.clone()], &trust);
    assert_eq!(refused(&paths), (0, FailureReason::SignatureDoesNotFit));
    let paths = search(&target, &[whole.clone(), damaged(&heir)], &trust);
    assert_eq!(refused(&paths), (1, FailureReason::SignatureDoesNotFit));
    // Without the key above it there is no path, and as an anchor it can say nothing.
    assert_eq!(
        search(&target, from_ref(&heir), &trust).accepted().count(),
        0
    );
    let paths = search(&target, &[], &super::tests::trust(&[&heir]));
    assert_eq!(paths.accepted().count(), 0);
}
