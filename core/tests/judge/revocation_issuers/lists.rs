//! Lists, and who may sign them.

use super::{MISSING, answered_by, scheme_sha1};
use crate::revocation::apart;
use crate::row::{Row, not_passed, passed, row};
use crate::scene::{DATA, SIGNED, Scene, VALIDITY, anchor, authority, crl_given, responder};
use imza::vocabulary::{CheckId, SubIndication};
use imza_test_vectors::certificate::Extension;
use imza_test_vectors::crl::issuing_distribution_point;
use imza_test_vectors::der;
use imza_test_vectors::key::Scheme;

use CheckId::{AlgorithmRevocation, RevocationAvailable};
use SubIndication::{CryptoConstraintsFailureNoPoe, RevokedNoPoe};

fn edited_list(scene: &mut Scene, edit: impl FnOnce(&mut imza_test_vectors::crl::CrlSpec)) {
    let mut list = scene.list(None, DATA);
    edit(&mut list);
    scene.about_signer = vec![crl_given(&list, &scene.issuer)];
    // The authority for time-stamps has the same issuer: its status shall not depend on this list.
    apart(scene);
}

pub(super) fn rows() -> Vec<Row> {
    vec![
        row("list with a broken signature", MISSING, |scene| {
            edited_list(scene, |list| list.break_signature = true);
        }),
        row(
            "list of another CA with the issuer's name",
            MISSING,
            |scene| {
                edited_list(scene, |_| {});
                let mut twin = scene.issuer.clone();
                twin.key = scene.pki.other_root.key.clone();
                scene.about_signer = vec![crl_given(&scene.list(None, DATA), &twin)];
            },
        ),
        row("list of another trusted CA", MISSING, |scene| {
            edited_list(scene, |_| {});
            let other = scene.pki.other_root.clone();
            scene.anchors.push(anchor(&other));
            scene.about_signer = vec![crl_given(&scene.list(None, DATA), &other)];
        }),
        row("list of changes only", MISSING, |scene| {
            edited_list(scene, |list| {
                list.extensions
                    .push(Extension::critical("2.5.29.27", der::integer(1)));
            });
        }),
        row(
            "list with an unknown critical extension",
            MISSING,
            |scene| {
                edited_list(scene, |list| {
                    let odd = Extension::critical("1.3.6.1.4.1.32473.9", der::null());
                    list.extensions.push(odd);
                });
            },
        ),
        row("list of CA certificates only", MISSING, |scene| {
            edited_list(scene, |list| {
                list.extensions
                    .push(issuing_distribution_point(None, false, true, false));
            });
        }),
        row(
            "list of user certificates only",
            passed(RevocationAvailable),
            |scene| {
                edited_list(scene, |list| {
                    list.extensions
                        .push(issuing_distribution_point(None, true, false, false));
                });
            },
        ),
        row("list of a CA that may not sign lists", MISSING, |scene| {
            let ca = authority(
                "CA without lists",
                &scene.pki.citizen_p384.key,
                &scene.pki.root,
                |spec| {
                    use imza_test_vectors::certificate::usage;
                    *spec = spec
                        .clone()
                        .with([Extension::key_usage(&[usage::KEY_CERT_SIGN])]);
                },
            );
            scene.issuer = ca;
            scene.certificates.push(scene.issuer.certificate.clone());
            scene.sign_with(|_| {});
            edited_list(scene, |_| {});
        }),
        row(
            "list signed with SHA-1",
            not_passed(CryptoConstraintsFailureNoPoe, AlgorithmRevocation),
            |scene| {
                edited_list(scene, |list| list.scheme = Some(scheme_sha1()));
            },
        ),
        row(
            "revoked by a list that only the newer certificate of the CA may sign",
            not_passed(RevokedNoPoe, CheckId::RevocationNotRevoked),
            |scene| two_certificates_of_the_authority(scene, true),
        ),
        row(
            "revoked by a list that only the older certificate of the CA may sign",
            not_passed(RevokedNoPoe, CheckId::RevocationNotRevoked),
            |scene| two_certificates_of_the_authority(scene, false),
        ),
        row("list from before the certificate", MISSING, |scene| {
            edited_list(scene, |list| list.this_update = VALIDITY.0 - 1);
        }),
        row(
            "list of another issuer below a CA that is signed with SHA-1",
            not_passed(CryptoConstraintsFailureNoPoe, AlgorithmRevocation),
            |scene| list_of_another_issuer(scene, &[Some(scheme_sha1())]),
        ),
        row(
            "list of another issuer below a CA that is signed well",
            passed(RevocationAvailable),
            |scene| list_of_another_issuer(scene, &[None]),
        ),
        row(
            "list of another issuer below a CA that is signed with SHA-1 and well",
            passed(RevocationAvailable),
            |scene| list_of_another_issuer(scene, &[Some(scheme_sha1()), None]),
        ),
    ]
}

/// A list of another issuer with the name of the signer's, below a CA with these certificates.
fn list_of_another_issuer(scene: &mut Scene, certified: &[Option<Scheme>]) {
    use imza_test_vectors::crl::CrlSpec;
    apart(scene);
    let (root, key) = (&scene.pki.root, &scene.pki.citizen_rsa_2048.key);
    let above = certified.iter().zip(1..).map(|(scheme, number)| {
        authority("CA of a CRL issuer", key, root, |spec| {
            (spec.scheme, spec.serial_number) = (*scheme, vec![0x0d, number]);
        })
    });
    let above = Vec::from_iter(above);
    let key = &scene.pki.citizen_p384.key;
    let own = authority("imza test issuing CA", key, &above[0], |_| {});
    let lists = [&own, &above[0]].map(|by| crl_given(&CrlSpec::new(by, 3, DATA, &[]), by));
    let certificates = above.into_iter().chain([own]);
    scene
        .certificates
        .extend(certificates.map(|one| one.certificate));
    scene.about_signer = Vec::from(lists);
}

/// The signer's CA has two certificates for one key; by the one it may not sign lists, and a list
/// of its says that the signer is revoked.
fn two_certificates_of_the_authority(scene: &mut Scene, newer_may: bool) {
    use imza_test_vectors::certificate::usage;
    apart(scene);
    let root = scene.pki.root.clone();
    let key = scene.pki.issuing_ca.key.clone();
    let named = |may: bool, is_newer: bool| {
        authority("renewed CA", &key, &root, |spec| {
            spec.serial_number = vec![0x0f, u8::from(may)];
            spec.not_before += i64::from(is_newer);
            if !may {
                *spec = spec
                    .clone()
                    .with([Extension::key_usage(&[usage::KEY_CERT_SIGN])]);
            }
        })
    };
    let (may, may_not) = (named(true, newer_may), named(false, !newer_may));
    for ca in [&may, &may_not] {
        scene.certificates.push(ca.certificate.clone());
    }
    let nothing_revoked = imza_test_vectors::crl::CrlSpec::new(&root, 4, DATA, &[]);
    scene.about_issuer = vec![crl_given(&nothing_revoked, &root)];
    scene.issuer = may;
    scene.sign_with(|_| {});
    let own = responder(&scene.pki.citizen_p384, &scene.issuer, VALIDITY, true);
    answered_by(scene, &own, DATA + 10);
    let list = scene.list(Some((SIGNED - 60, None)), DATA);
    scene.about_signer.push(crl_given(&list, &scene.issuer));
}
