//! Algorithms that died, and proofs from before their end.

use crate::row::{Row, not_passed, passed, row};
use crate::scene::{Known, NOW, SIGNED, Scene, Stamp};
use imza::vocabulary::{CheckId, SubIndication};
use imza_test_vectors::hash::Hash;
use imza_test_vectors::key::Scheme;
use imza_test_vectors::ocsp::CertStatus;
use imza_test_vectors::time::{DAY, day};

use CheckId::{AlgorithmSignature, TimestampValid};
use SubIndication::{CryptoConstraintsFailure, CryptoConstraintsFailureNoPoe};

/// The end of SHA-1 in the suite of the default policy.
const SUNSET: i64 = day(2012, 8, 1);

/// Signed with SHA-1 and stamped at this time; what is known is of the day after.
fn weak(scene: &mut Scene, stamped: i64) {
    scene.algorithms = Some((Hash::Sha1, Scheme::Ecdsa(Hash::Sha1)));
    stamped_at(scene, stamped);
}

fn stamped_at(scene: &mut Scene, stamped: i64) {
    let tsa = scene.tsa.clone();
    scene.stamps = vec![Stamp::at(stamped, &tsa)];
    scene.claimed = stamped;
}

pub(crate) fn rows() -> Vec<Row> {
    let late = not_passed(CryptoConstraintsFailureNoPoe, AlgorithmSignature);
    vec![
        row(
            "SHA-1 signature, time-stamp before its end",
            passed(AlgorithmSignature),
            |scene| {
                weak(scene, SUNSET - DAY);
            },
        ),
        row(
            "SHA-1 signature, time-stamp one second before its end",
            passed(AlgorithmSignature),
            |scene| weak(scene, SUNSET - 1),
        ),
        row("SHA-1 signature, time-stamp at its end", late, |scene| {
            weak(scene, SUNSET)
        }),
        row("SHA-1 signature, time-stamp after its end", late, |scene| {
            weak(scene, SUNSET + DAY)
        }),
        row("SHA-1 signature, no time-stamp", late, |scene| {
            weak(scene, SIGNED);
            scene.stamps.clear();
        }),
        row(
            "SHA-1 signature, proven by the caller before its end",
            passed(AlgorithmSignature),
            |scene| {
                weak(scene, SIGNED);
                scene.stamps.clear();
                scene.proven_at = Some(SUNSET - 1);
            },
        ),
        row(
            "SHA-1 signature by the historic policy",
            passed(TimestampValid),
            |scene| {
                weak(scene, SIGNED);
                scene.policy = imza::policy::danger::historic();
            },
        ),
        row(
            "SHA-1 signature, content time-stamp after its end",
            not_passed(CryptoConstraintsFailure, AlgorithmSignature),
            |scene| {
                weak(scene, SIGNED + 60);
                let tsa = scene.tsa.clone();
                scene.content_stamps = vec![Stamp::at(SUNSET + DAY, &tsa)];
            },
        ),
        row("SHA-1 message digest only", late, |scene| {
            scene.algorithms = Some((Hash::Sha1, Scheme::Ecdsa(Hash::Sha256)));
        }),
        row(
            "RSA of 2048 bits after its end, time-stamp before",
            passed(AlgorithmSignature),
            |scene| {
                rsa(scene);
                stamped_at(scene, SIGNED);
            },
        ),
        row(
            "RSA of 2048 bits after its end, no time-stamp",
            late,
            |scene| {
                rsa(scene);
                scene.stamps.clear();
            },
        ),
        row(
            "RSA of 2048 bits before its end, no time-stamp",
            passed(AlgorithmSignature),
            |scene| {
                rsa(scene);
                scene.stamps.clear();
                scene.judged_at(NOW - 10, NOW);
            },
        ),
        row("RSA-PSS", passed(AlgorithmSignature), |scene| {
            rsa(scene);
            scene.judged_at(NOW - 10, NOW);
            scene.algorithms = Some((Hash::Sha256, Scheme::RsaPss(Hash::Sha256)));
        }),
        row("SHA-512 with P-256", passed(AlgorithmSignature), |scene| {
            scene.algorithms = Some((Hash::Sha512, Scheme::Ecdsa(Hash::Sha512)));
        }),
    ]
}

/// An RSA key of 2048 bits, judged in 2030.
fn rsa(scene: &mut Scene) {
    let of = scene.pki.citizen_rsa_2048.clone();
    scene.signer = crate::scene::citizen(&of, &scene.issuer, |_| {});
    let now = day(2030, 1, 1);
    scene.judged_at(now - 60, now);
    scene.about_signer = vec![Known::Ocsp(CertStatus::Good, now - 60)];
}
