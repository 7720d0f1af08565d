//! The path: anchors, authorities, what certificates may be used for.

use crate::revocation::apart;
use crate::row::{Expected, Row, not_passed, passed, row, warned};
use crate::scene::{DATA, Known, SIGNED, Scene, anchor, authority, citizen, expired, ocsp_given};
use imza::vocabulary::{CheckId, Level, Purpose, SubIndication};
use imza_test_vectors::certificate::{CertificateSpec, Extension, purpose, usage};
use imza_test_vectors::der;
use imza_test_vectors::hash::Hash;
use imza_test_vectors::key::Scheme;
use imza_test_vectors::ocsp::CertStatus;

use CheckId::{AlgorithmPath, PathConstraints, PathFound, PathKeyUsage, PathValid};
use SubIndication::{
    CertificateChainGeneralFailure, ChainConstraintsFailure, CryptoConstraintsFailureNoPoe,
    NoCertificateChainFound,
};

/// The signer is certified by another CA below the root, or below `above`.
fn below(scene: &mut Scene, edit: impl FnOnce(&mut CertificateSpec)) {
    let above = scene.pki.root.clone();
    let key = scene.pki.citizen_p384.key.clone();
    let ca = authority("odd CA", &key, &above, edit);
    certified_by(scene, ca);
}

fn certified_by(scene: &mut Scene, ca: imza_test_vectors::Entity) {
    apart(scene);
    scene.certificates.push(ca.certificate.clone());
    scene.issuer = ca;
    scene.sign_with(|_| {});
}

/// nameConstraints that permit only this directory name (RFC 5280 §4.2.1.10).
fn only_names(name: &imza_test_vectors::name::Name) -> Extension {
    let subtree = der::sequence(&[&der::explicit(4, &name.der())]);
    Extension::critical("2.5.29.30", der::sequence(&[&der::explicit(0, &subtree)]))
}

/// The signer's key is for the transport of keys.
fn only_for_transport(scene: &mut Scene, critical: bool) {
    scene.sign_with(|spec| {
        let mut bits = Extension::key_usage(&[usage::KEY_ENCIPHERMENT]);
        bits.critical = critical;
        *spec = spec.clone().with([bits]);
    });
}

pub(crate) fn rows() -> Vec<Row> {
    let mut rows = of_anchors();
    rows.extend(of_authorities());
    rows.extend(of_the_signer());
    rows
}

fn of_anchors() -> Vec<Row> {
    let nowhere = not_passed(NoCertificateChainFound, PathFound);
    let untrusted = nowhere.without_timestamp(NoCertificateChainFound, PathFound);
    vec![
        row("no trust at all", untrusted, |scene| scene.anchors.clear()),
        row("another root is trusted", untrusted, |scene| {
            scene.anchors = vec![anchor(&scene.pki.other_root)];
        }),
        row("a stranger with the name of a citizen", nowhere, |scene| {
            apart(scene);
            let stranger = scene.pki.stranger.clone();
            scene.issuer = scene.pki.other_root.clone();
            scene.signer = citizen(&stranger, &scene.issuer, |_| {});
            scene.certificates.push(scene.issuer.certificate.clone());
        }),
        row(
            "a root of the same name with another key is trusted",
            // A path by its names, which RFC 5280 refuses.
            not_passed(CertificateChainGeneralFailure, PathValid)
                .without_timestamp(CertificateChainGeneralFailure, PathValid),
            |scene| {
                let key = scene.pki.other_root.key.clone();
                let name = scene.pki.root.name.clone();
                let long = crate::scene::VALIDITY;
                let spec = CertificateSpec::authority(name.clone(), &key, &key, 1, long);
                let mut twin = scene.pki.root.clone();
                twin.certificate = spec.issue(&name, &key).unwrap();
                scene.anchors = vec![anchor(&twin)];
            },
        ),
        row("the certificate of the CA is missing", nowhere, |scene| {
            apart(scene);
            scene.certificates.clear();
        }),
        row("trusted for time-stamps only", nowhere, |scene| {
            let root = anchor(&scene.pki.root);
            scene.anchors = vec![root.for_purposes([Purpose::Timestamping])];
        }),
        row(
            "the signing certificate is the anchor",
            passed(PathFound),
            |scene| {
                apart(scene);
                scene.about_signer.clear();
                scene.about_issuer.clear();
                let root = anchor(&scene.pki.root).for_purposes([Purpose::Timestamping]);
                scene.anchors = vec![anchor(&scene.signer), root];
            },
        ),
        row(
            "the signing certificate is the anchor, trusted for OCSP only",
            nowhere,
            |scene| {
                apart(scene);
                let root = anchor(&scene.pki.root).for_purposes([Purpose::Timestamping]);
                scene.anchors = vec![anchor(&scene.signer).for_purposes([Purpose::Ocsp]), root];
            },
        ),
        row(
            "the signing certificate is the anchor and has expired",
            not_passed(SubIndication::OutOfBoundsNoPoe, CheckId::TimeNotAfter),
            |scene| {
                expired(scene);
                scene.stamps.clear();
                scene.anchors.push(anchor(&scene.signer));
            },
        ),
        row(
            "an anchor that is no CA certifies another",
            not_passed(CertificateChainGeneralFailure, PathValid),
            |scene| {
                apart(scene);
                let of = scene.pki.citizen_p384.clone();
                let middle = citizen(&of, &scene.pki.other_root, |_| {});
                let root = anchor(&scene.pki.root).for_purposes([Purpose::Timestamping]);
                scene.anchors = vec![anchor(&middle), root];
                scene.issuer = middle;
                scene.sign_with(|_| {});
            },
        ),
        row("the issuing CA is the anchor", passed(PathFound), |scene| {
            scene.anchors = vec![anchor(&scene.pki.issuing_ca)];
            scene.about_issuer.clear();
        }),
    ]
}

fn of_authorities() -> Vec<Row> {
    let refused = not_passed(CertificateChainGeneralFailure, PathValid);
    vec![
        row("a CA like any other", passed(PathValid), |scene| {
            below(scene, |_| {})
        }),
        row("a CA that is none", refused, |scene| {
            below(scene, |spec| {
                *spec = spec
                    .clone()
                    .without("2.5.29.19")
                    .with([Extension::end_entity()]);
            });
        }),
        row("a CA without basicConstraints", refused, |scene| {
            below(scene, |spec| *spec = spec.clone().without("2.5.29.19"));
        }),
        row("a CA that may not sign certificates", refused, |scene| {
            below(scene, |spec| {
                *spec = spec
                    .clone()
                    .with([Extension::key_usage(&[usage::CRL_SIGN])]);
            });
        }),
        row("a CA below one that allows none", refused, |scene| {
            let above = scene.pki.issuing_ca.clone();
            let key = scene.pki.citizen_p384.key.clone();
            let ca = authority("CA too far", &key, &above, |_| {});
            let list = imza_test_vectors::crl::CrlSpec::new(&above, 3, DATA, &[]);
            certified_by(scene, ca);
            scene
                .about_signer
                .push(crate::scene::crl_given(&list, &above));
        }),
        row(
            "a CA whose names do not permit the signer",
            refused,
            |scene| {
                let other = imza_test_vectors::name::Name::new(&[("C", "GE")]);
                below(scene, |spec| spec.extensions.push(only_names(&other)));
            },
        ),
        row(
            "a CA whose names permit the signer",
            passed(PathValid),
            |scene| {
                let own = imza_test_vectors::name::Name::new(&[("C", "AZ")]);
                below(scene, |spec| spec.extensions.push(only_names(&own)));
            },
        ),
        row(
            "a CA with an unknown critical extension",
            refused,
            |scene| {
                below(scene, |spec| {
                    let odd = Extension::critical("1.3.6.1.4.1.32473.9", der::null());
                    spec.extensions.push(odd);
                });
            },
        ),
        row("a CA of version 1", refused, |scene| {
            below(scene, |spec| {
                spec.version = None;
                spec.extensions.clear();
            });
        }),
        row(
            "a CA certificate with a broken signature",
            not_passed(CertificateChainGeneralFailure, PathValid),
            |scene| {
                below(scene, |spec| spec.break_signature = true);
            },
        ),
        row(
            "a CA certificate signed with SHA-1",
            not_passed(CryptoConstraintsFailureNoPoe, AlgorithmPath),
            |scene| {
                below(scene, |spec| spec.scheme = Some(Scheme::Ecdsa(Hash::Sha1)));
            },
        ),
        row(
            "a CA certificate signed with SHA-1, by the historic policy",
            passed(PathValid),
            |scene| {
                below(scene, |spec| spec.scheme = Some(Scheme::Ecdsa(Hash::Sha1)));
                scene.policy = imza::policy::danger::historic();
            },
        ),
        row("a citizen certifies another", refused, |scene| {
            let of = scene.pki.citizen_p384.clone();
            let middle = citizen(&of, &scene.pki.issuing_ca, |spec| {
                spec.serial_number = vec![0x50, 0x44];
            });
            certified_by(scene, middle);
            let answer = scene.answer(CertStatus::Good, &scene.issuer, DATA);
            let own = scene.issuer.clone();
            scene.about_signer = vec![ocsp_given(&answer, &own)];
        }),
    ]
}

fn of_the_signer() -> Vec<Row> {
    let refused: Expected = not_passed(CertificateChainGeneralFailure, PathValid);
    let constraint = not_passed(ChainConstraintsFailure, PathConstraints);
    vec![
        row(
            "signer with an unknown critical extension",
            refused,
            |scene| {
                scene.sign_with(|spec| {
                    let odd = Extension::critical("1.3.6.1.4.1.32473.9", der::null());
                    spec.extensions.push(odd);
                });
            },
        ),
        row(
            "signer whose certificate has a broken signature",
            not_passed(NoCertificateChainFound, PathFound),
            |scene| {
                scene.sign_with(|spec| spec.break_signature = true);
            },
        ),
        row(
            "signer's certificate signed with SHA-1",
            not_passed(CryptoConstraintsFailureNoPoe, AlgorithmPath),
            |scene| {
                scene.sign_with(|spec| spec.scheme = Some(Scheme::Ecdsa(Hash::Sha1)));
            },
        ),
        row(
            "signer without nonRepudiation",
            warned(PathKeyUsage),
            |scene| {
                scene.sign_with(|spec| {
                    let bits = Extension::key_usage(&[usage::DIGITAL_SIGNATURE]);
                    *spec = spec.clone().with([bits]);
                });
            },
        ),
        row(
            "signer without nonRepudiation where it is wanted",
            not_passed(ChainConstraintsFailure, PathKeyUsage),
            |scene| {
                scene.sign_with(|spec| {
                    let bits = Extension::key_usage(&[usage::DIGITAL_SIGNATURE]);
                    *spec = spec.clone().with([bits]);
                });
                scene.policy.levels.insert(PathKeyUsage, Level::Fail);
            },
        ),
        row("signer for time-stamps only", constraint, |scene| {
            scene.sign_with(|spec| {
                let mut purposes = Extension::extended_key_usage(&[purpose::TIME_STAMPING]);
                purposes.critical = true;
                spec.extensions.push(purposes);
            });
        }),
        row("signer for mail", passed(PathConstraints), |scene| {
            scene.sign_with(|spec| {
                let mut purposes = Extension::extended_key_usage(&[purpose::EMAIL_PROTECTION]);
                purposes.critical = true;
                spec.extensions.push(purposes);
            });
        }),
        row(
            "an anchor whose key usage allows no signature signs",
            warned(PathKeyUsage),
            |scene| {
                only_for_transport(scene, true);
                scene.anchors.push(anchor(&scene.signer));
            },
        ),
        row(
            "a critical key usage that allows no signature",
            not_passed(ChainConstraintsFailure, PathConstraints),
            |scene| only_for_transport(scene, true),
        ),
        row(
            "a key usage that allows no signature, and is not critical",
            warned(PathKeyUsage),
            |scene| only_for_transport(scene, false),
        ),
        row(
            "a CA signs",
            not_passed(ChainConstraintsFailure, PathConstraints),
            |scene| {
                // Its critical key usage is for certificates and lists alone (X.509 §9.2.2.3).
                scene.signer = scene.pki.issuing_ca.clone();
                scene.issuer = scene.pki.root.clone();
                scene.about_signer = vec![Known::Crl(None, DATA)];
                scene.about_issuer.clear();
            },
        ),
        row(
            "the signer's issuer differs in its key only",
            not_passed(NoCertificateChainFound, PathFound),
            |scene| {
                let mut twin = scene.issuer.clone();
                twin.key = scene.pki.other_root.key.clone();
                let of = scene.pki.citizen_p256.clone();
                scene.signer = citizen(&of, &twin, |spec| spec.not_before = SIGNED - 60);
            },
        ),
    ]
}
