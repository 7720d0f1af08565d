//! Who may say that a certificate is revoked or not, and how.

use crate::revocation::apart;
use crate::row::{Expected, Row, not_passed, passed, row};
use crate::scene::{
    AFTER_EXPIRY, DATA, EXPIRY, Known, LATER, SIGNED, STAMPED, Scene, VALIDITY, anchor, authority,
    citizen, crl_given, expired, ocsp_given, responder,
};
use imza::vocabulary::{CheckId, Purpose, SubIndication};
use imza_test_vectors::certificate::Extension;
use imza_test_vectors::crl::{RevocationReason, issuing_distribution_point};
use imza_test_vectors::der;
use imza_test_vectors::hash::Hash;
use imza_test_vectors::key::Scheme;
use imza_test_vectors::ocsp::{CertId, CertStatus, ResponderId};
use imza_test_vectors::pki::Revocation;
use imza_test_vectors::time::DAY;

use CertStatus::Good;
use CheckId::{
    AlgorithmRevocation, RevocationAvailable, RevocationFresh, RevocationIssuerValidity,
};
use SubIndication::{
    CertificateChainGeneralFailure, CryptoConstraintsFailureNoPoe, OutOfBoundsNoPoe,
    RevocationOutOfBoundsNoPoe, RevokedNoPoe, TryLater,
};

const MISSING: Expected = Expected {
    indication: imza::vocabulary::Indication::Indeterminate,
    sub_indication: Some(CertificateChainGeneralFailure),
    integrity: imza::vocabulary::Integrity::Intact,
    check: RevocationAvailable,
    is_warning: false,
    timestamp: None,
};

/// The answer about the signer comes from this responder.
fn answered_by(scene: &mut Scene, by: &imza_test_vectors::Entity, at: i64) {
    let answer = scene.answer(Good, by, at);
    scene.about_signer = vec![ocsp_given(&answer, by)];
}

/// The responder is a delegate without `ocsp-nocheck`, and this is known about it.
fn delegate(scene: &mut Scene, known: impl FnOnce(&mut Scene) -> Vec<Known>) {
    let own = responder(&scene.pki.citizen_p384, &scene.issuer, VALIDITY, false);
    answered_by(scene, &own, DATA);
    let also = known(scene);
    scene.about_signer.extend(also);
}

/// The responder is a delegate, and this list speaks of it. The list is older than the signer's
/// certificate, so that it says nothing of that.
fn delegate_on_list(
    scene: &mut Scene,
    own: &imza_test_vectors::Entity,
    edit: impl FnOnce(&mut imza_test_vectors::crl::CrlSpec),
) {
    apart(scene);
    scene.sign_with(|spec| spec.not_before = DATA - 120);
    answered_by(scene, own, DATA);
    let mut list = scene.list(None, DATA - 180);
    edit(&mut list);
    scene.about_signer.push(crl_given(&list, &scene.issuer));
}

/// It has `ocsp-nocheck`, and is revoked since.
fn unchecked_delegate(scene: &mut Scene, revoked: Option<i64>) {
    let own = responder(&scene.pki.citizen_p384, &scene.issuer, VALIDITY, true);
    let serial_number = own.serial_number.clone();
    delegate_on_list(scene, &own, |list| {
        list.revoked = Vec::from_iter(revoked.map(|time| Revocation {
            serial_number,
            time,
            reason: Some(RevocationReason::KeyCompromise),
        }));
    });
}

/// It has no `ocsp-nocheck`, and this list clears it.
fn cleared_delegate(scene: &mut Scene, edit: impl FnOnce(&mut imza_test_vectors::crl::CrlSpec)) {
    let own = responder(&scene.pki.citizen_p384, &scene.issuer, VALIDITY, false);
    delegate_on_list(scene, &own, edit);
}

/// A list of the signer's issuer with an entry for the certificate 0x5002, the delegate.
fn list_of_delegate(scene: &Scene, revoked: Option<i64>) -> Known {
    let entries = revoked.map(|time| Revocation {
        serial_number: vec![0x50, 0x02],
        time,
        reason: Some(RevocationReason::KeyCompromise),
    });
    let mut list = scene.list(None, DATA);
    list.revoked = Vec::from_iter(entries);
    // It says nothing about the signer: it is about CA certificates and attribute certificates not,
    // but older than the signer's certificate would be no list for the delegate either.
    crl_given(&list, &scene.issuer)
}

pub(crate) fn rows() -> Vec<Row> {
    let mut rows = of_responders();
    rows.extend(of_answers());
    rows.extend(of_lists());
    rows.extend(of_time());
    rows
}

fn of_responders() -> Vec<Row> {
    vec![
        row(
            "answer of a certificate that is no responder's",
            MISSING,
            |scene| {
                let other = citizen(&scene.pki.citizen_p384, &scene.issuer, |spec| {
                    spec.serial_number = vec![0x50, 0x04];
                });
                answered_by(scene, &other, DATA);
            },
        ),
        row("answer of the signer itself", MISSING, |scene| {
            let own = scene.signer.clone();
            answered_by(scene, &own, DATA);
        }),
        row("answer of another trusted CA", MISSING, |scene| {
            let other = scene.pki.other_root.clone();
            scene.anchors.push(anchor(&other));
            answered_by(scene, &other, DATA);
        }),
        row(
            "answer of a responder below another trusted CA",
            MISSING,
            |scene| {
                let other = scene.pki.other_root.clone();
                scene.anchors.push(anchor(&other));
                let own = responder(&scene.pki.citizen_p384, &other, VALIDITY, true);
                answered_by(scene, &own, DATA);
            },
        ),
        row(
            "answer of a responder below another CA of the issuer's name",
            MISSING,
            |scene| {
                let key = scene.pki.other_root.key.clone();
                let mut twin = scene.issuer.clone();
                twin.key = key;
                let own = responder(&scene.pki.citizen_p384, &twin, VALIDITY, true);
                answered_by(scene, &own, DATA);
            },
        ),
        row(
            "answer of the CA itself",
            passed(RevocationAvailable),
            |scene| {
                let own = scene.issuer.clone();
                answered_by(scene, &own, DATA);
            },
        ),
        row("answer of a CA above the issuer", MISSING, |scene| {
            let own = scene.pki.root.clone();
            answered_by(scene, &own, DATA);
        }),
        row(
            "answer of a responder trusted for OCSP",
            passed(RevocationAvailable),
            |scene| {
                let other = scene.pki.other_root.clone();
                scene
                    .anchors
                    .push(anchor(&other).for_purposes([Purpose::Ocsp]));
                answered_by(scene, &other, DATA);
            },
        ),
        row(
            "answer of an anchor with the purpose of a responder",
            passed(RevocationAvailable),
            |scene| {
                let own = responder(
                    &scene.pki.citizen_p384,
                    &scene.pki.other_root,
                    VALIDITY,
                    true,
                );
                scene.anchors.push(anchor(&own));
                answered_by(scene, &own, DATA);
            },
        ),
        row(
            "answer of a responder trusted for signing only",
            MISSING,
            |scene| {
                let own = responder(
                    &scene.pki.citizen_p384,
                    &scene.pki.other_root,
                    VALIDITY,
                    true,
                );
                scene
                    .anchors
                    .push(anchor(&own).for_purposes([Purpose::Signing]));
                answered_by(scene, &own, DATA);
            },
        ),
        row(
            "a responder trusted for OCSP, past its sunset date",
            MISSING,
            |scene| {
                let other = scene.pki.other_root.clone();
                let until = imza::time::UnixTime::from_seconds(DATA);
                scene
                    .anchors
                    .push(anchor(&other).for_purposes([Purpose::Ocsp]).until(until));
                answered_by(scene, &other, DATA);
            },
        ),
        row("a delegate whose own status is unknown", MISSING, |scene| {
            delegate(scene, |_| Vec::new());
        }),
        row("a delegate that is revoked", MISSING, |scene| {
            delegate(scene, |scene| {
                let status = CertStatus::Revoked(SIGNED - 60, None);
                let mut answer = scene.answer(status, &scene.pki.ocsp_responder, DATA);
                answer.responses[0].cert_id = CertId::new(&scene.issuer, &[0x50, 0x02], Hash::Sha1);
                vec![ocsp_given(&answer, &scene.pki.ocsp_responder)]
            });
        }),
        row(
            "a delegate that is good",
            passed(RevocationAvailable),
            |scene| {
                delegate(scene, |scene| {
                    let mut answer = scene.answer(Good, &scene.pki.ocsp_responder, DATA);
                    answer.responses[0].cert_id =
                        CertId::new(&scene.issuer, &[0x50, 0x02], Hash::Sha1);
                    vec![ocsp_given(&answer, &scene.pki.ocsp_responder)]
                });
            },
        ),
        row(
            "a delegate that a list of the CA clears",
            passed(RevocationAvailable),
            |scene| {
                delegate(scene, |scene| vec![list_of_delegate(scene, None)]);
            },
        ),
        row(
            "a delegate that a list signed with SHA-1 clears",
            not_passed(CryptoConstraintsFailureNoPoe, AlgorithmRevocation),
            |scene| {
                cleared_delegate(scene, |list| list.scheme = Some(scheme_sha1()));
            },
        ),
        row(
            "a delegate that only an old list clears, any age allowed",
            passed(RevocationAvailable),
            |scene| cleared_delegate(scene, |list| list.next_update = Some(SIGNED - 60)),
        ),
        row(
            "a delegate that only an old list clears",
            not_passed(TryLater, RevocationFresh),
            |scene| {
                scene.policy.auxiliary_freshness = scene.policy.freshness;
                cleared_delegate(scene, |list| list.next_update = Some(SIGNED - 60));
            },
        ),
        row(
            "a delegate that a fresh list clears",
            passed(RevocationFresh),
            |scene| {
                scene.policy.auxiliary_freshness = scene.policy.freshness;
                cleared_delegate(scene, |_| {});
            },
        ),
        row(
            "a delegate with ocsp-nocheck that a list of the CA revokes",
            MISSING,
            |scene| unchecked_delegate(scene, Some(SIGNED - 600)),
        ),
        row(
            "a delegate with ocsp-nocheck that a list of the CA does not revoke",
            passed(RevocationAvailable),
            |scene| unchecked_delegate(scene, None),
        ),
        row(
            "two delegates that vouch for each other",
            MISSING,
            |scene| {
                let (one, two) = (&scene.pki.citizen_p384, &scene.pki.citizen_rsa_2048);
                let mut one = responder(one, &scene.issuer, VALIDITY, false);
                let mut two = responder(two, &scene.issuer, VALIDITY, false);
                for (entity, serial) in [(&mut one, 0x61), (&mut two, 0x62)] {
                    *entity = renumbered(entity, &scene.issuer, serial);
                }
                let about = |whom: &imza_test_vectors::Entity, by: &imza_test_vectors::Entity| {
                    let mut answer = scene.answer(Good, by, DATA);
                    answer.responses[0].cert_id =
                        CertId::new(&scene.issuer, &whom.serial_number, Hash::Sha1);
                    ocsp_given(&answer, by)
                };
                let mutual = [about(&one, &two), about(&two, &one)];
                answered_by(scene, &one, DATA);
                scene.about_signer.extend(mutual);
            },
        ),
        row(
            "a delegate with an unknown critical extension",
            MISSING,
            |scene| {
                let plain = responder(&scene.pki.citizen_p384, &scene.issuer, VALIDITY, true);
                let odd = Extension::critical("1.3.6.1.4.1.32473.9", der::null());
                let own = recertified(&plain, &scene.issuer, |extensions| extensions.push(odd));
                answered_by(scene, &own, DATA);
            },
        ),
        row(
            "a delegate with an extension that stands twice",
            MISSING,
            |scene| {
                let plain = responder(&scene.pki.citizen_p384, &scene.issuer, VALIDITY, true);
                let own = recertified(&plain, &scene.issuer, |extensions| {
                    extensions.push(Extension::ocsp_no_check());
                });
                answered_by(scene, &own, DATA);
            },
        ),
        row(
            "a delegate whose certificate names two algorithms",
            MISSING,
            |scene| {
                let mut spec = None;
                let of = &scene.pki.citizen_p384;
                let mut own = responder_spec(of, &scene.issuer, |own| spec = Some(own.clone()));
                let [inner, outer] = [Hash::Sha512, Hash::Sha384].map(Scheme::Ecdsa);
                let issuer = &scene.issuer;
                let inside = spec.unwrap().to_be_signed(&issuer.name, inner);
                let value = issuer.key.sign(outer, &inside).unwrap();
                own.certificate =
                    der::sequence(&[&inside, &outer.identifier(), &der::bit_string(&value)]);
                answered_by(scene, &own, DATA);
            },
        ),
        row(
            "a delegate whose name its issuer may not certify",
            MISSING,
            |scene| constrained_authority(scene, "a responder"),
        ),
        row(
            "a delegate whose name its issuer may certify",
            passed(RevocationAvailable),
            |scene| constrained_authority(scene, "another"),
        ),
        row(
            "a delegate whose certificate is signed with SHA-1",
            not_passed(CryptoConstraintsFailureNoPoe, AlgorithmRevocation),
            |scene| {
                let of = &scene.pki.citizen_p384;
                let own = weak_responder(of, &scene.issuer);
                answered_by(scene, &own, DATA);
            },
        ),
    ]
}

/// The CA may certify every name but this one; its responder is called `a responder`.
fn constrained_authority(scene: &mut Scene, excluded: &str) {
    use imza_test_vectors::name::Name;
    apart(scene);
    let base = der::explicit(4, &Name::authority(excluded).der());
    let subtrees = der::explicit(1, &der::sequence(&[&base]));
    let constraints = Extension::critical("2.5.29.30", der::sequence(&[&subtrees]));
    let key = &scene.pki.issuing_ca.key;
    scene.issuer = authority("constrained CA", key, &scene.pki.root, |spec| {
        spec.extensions.push(constraints);
    });
    scene.certificates.push(scene.issuer.certificate.clone());
    scene.sign_with(|_| {});
    let mut of = scene.pki.citizen_p384.clone();
    of.name = Name::authority("a responder");
    let own = responder(&of, &scene.issuer, VALIDITY, true);
    answered_by(scene, &own, DATA);
}

/// The responder's certificate with other extensions.
fn recertified(
    of: &imza_test_vectors::Entity,
    issuer: &imza_test_vectors::Entity,
    edit: impl FnOnce(&mut Vec<Extension>),
) -> imza_test_vectors::Entity {
    responder_spec(of, issuer, |spec| edit(&mut spec.extensions))
}

fn renumbered(
    of: &imza_test_vectors::Entity,
    issuer: &imza_test_vectors::Entity,
    serial: u8,
) -> imza_test_vectors::Entity {
    responder_spec(of, issuer, |spec| {
        spec.serial_number = vec![0x50, serial];
        *spec = std::mem::take(&mut Some(spec.clone()))
            .unwrap()
            .without("1.3.6.1.5.5.7.48.1.5");
    })
}

fn weak_responder(
    of: &imza_test_vectors::Entity,
    issuer: &imza_test_vectors::Entity,
) -> imza_test_vectors::Entity {
    responder_spec(of, issuer, |spec| {
        spec.scheme = Some(Scheme::Ecdsa(Hash::Sha1))
    })
}

fn responder_spec(
    of: &imza_test_vectors::Entity,
    issuer: &imza_test_vectors::Entity,
    edit: impl FnOnce(&mut imza_test_vectors::certificate::CertificateSpec),
) -> imza_test_vectors::Entity {
    use imza_test_vectors::certificate::{CertificateSpec, purpose, usage};
    let bits = [usage::DIGITAL_SIGNATURE];
    let (name, key) = (of.name.clone(), &of.key);
    let mut spec = CertificateSpec::end_entity(name, key, &issuer.key, 0x5002, VALIDITY, &bits)
        .with([
            Extension::extended_key_usage(&[purpose::OCSP_SIGNING]),
            Extension::ocsp_no_check(),
        ]);
    edit(&mut spec);
    imza_test_vectors::Entity::issue("responder", &spec, key, issuer).unwrap()
}

fn edited_answer(scene: &mut Scene, edit: impl FnOnce(&mut imza_test_vectors::ocsp::ResponseSpec)) {
    let by = scene.pki.ocsp_responder.clone();
    let mut answer = scene.answer(Good, &by, DATA);
    edit(&mut answer);
    scene.about_signer = vec![ocsp_given(&answer, &by)];
}

fn of_answers() -> Vec<Row> {
    vec![
        row("answer: unknown", MISSING, |scene| {
            edited_answer(scene, |answer| {
                answer.responses[0].status = CertStatus::Unknown
            });
        }),
        row("answer with a broken signature", MISSING, |scene| {
            edited_answer(scene, |answer| answer.break_signature = true);
        }),
        row("answer about another serial number", MISSING, |scene| {
            edited_answer(scene, |answer| {
                answer.responses[0].cert_id.serial_number = vec![9]
            });
        }),
        row("answer about another issuer's key", MISSING, |scene| {
            edited_answer(scene, |answer| {
                answer.responses[0].cert_id.issuer_key_hash = vec![9; 20]
            });
        }),
        row("answer about another issuer's name", MISSING, |scene| {
            edited_answer(scene, |answer| {
                answer.responses[0].cert_id.issuer_name_hash = vec![9; 20];
            });
        }),
        row("answer that names another responder", MISSING, |scene| {
            edited_answer(scene, |answer| {
                let other = der::explicit(2, &der::octet_string(&[9; 20]));
                answer.responder_id = ResponderId::Given(other);
            });
        }),
        row(
            "answer that names its responder by name",
            passed(RevocationAvailable),
            |scene| {
                edited_answer(scene, |answer| answer.responder_id = ResponderId::ByName);
            },
        ),
        row(
            "answer with an unknown critical extension",
            MISSING,
            |scene| {
                edited_answer(scene, |answer| {
                    let odd = Extension::critical("1.3.6.1.4.1.32473.9", der::null());
                    answer.extensions.push(odd);
                });
            },
        ),
        row(
            "single answer with an unknown critical extension",
            MISSING,
            |scene| {
                edited_answer(scene, |answer| {
                    let odd = Extension::critical("1.3.6.1.4.1.32473.9", der::null());
                    answer.responses[0].extensions.push(odd);
                });
            },
        ),
        row(
            "answer whose certHash is of another certificate",
            MISSING,
            |scene| {
                edited_answer(scene, |answer| {
                    let hash =
                        der::sequence(&[&Hash::Sha256.identifier(), &der::octet_string(&[9; 32])]);
                    answer.responses[0]
                        .extensions
                        .push(Extension::new("1.3.36.8.3.13", hash));
                });
            },
        ),
        row(
            "answer signed with SHA-1",
            not_passed(CryptoConstraintsFailureNoPoe, AlgorithmRevocation),
            |scene| {
                edited_answer(scene, |answer| answer.scheme = Some(scheme_sha1()));
            },
        ),
        row(
            "answer without the responder's certificate",
            MISSING,
            |scene| {
                edited_answer(scene, |answer| answer.certificates.clear());
                // Nor may another answer bring it.
                scene.about_tsa.clear();
                scene.stamps.clear();
            },
        ),
        row(
            "answer without nextUpdate, of today",
            passed(RevocationAvailable),
            |scene| {
                edited_answer(scene, |answer| answer.responses[0].next_update = None);
            },
        ),
        row("answer that is no answer but an error", MISSING, |scene| {
            edited_answer(scene, |answer| answer.response_status = 6);
        }),
    ]
}

fn scheme_sha1() -> Scheme {
    Scheme::Ecdsa(Hash::Sha1)
}

fn edited_list(scene: &mut Scene, edit: impl FnOnce(&mut imza_test_vectors::crl::CrlSpec)) {
    let mut list = scene.list(None, DATA);
    edit(&mut list);
    scene.about_signer = vec![crl_given(&list, &scene.issuer)];
    // The authority for time-stamps has the same issuer: its status shall not depend on this list.
    apart(scene);
}

fn of_lists() -> Vec<Row> {
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

fn of_time() -> Vec<Row> {
    vec![
        row("answer from before the certificate", MISSING, |scene| {
            scene.about_signer = vec![Known::Ocsp(Good, VALIDITY.0 - 1)];
        }),
        row(
            "answer from after the certificate expired",
            not_passed(CertificateChainGeneralFailure, RevocationAvailable),
            |scene| {
                expired(scene);
                scene.about_signer = vec![Known::Ocsp(Good, EXPIRY + 60)];
            },
        ),
        row(
            "an answer from after the certificate expired says revoked",
            not_passed(RevokedNoPoe, CheckId::RevocationNotRevoked),
            |scene| {
                expired(scene);
                let said = CertStatus::Revoked(SIGNED - 60, None);
                scene.about_signer =
                    vec![Known::Ocsp(Good, STAMPED), Known::Ocsp(said, EXPIRY + 60)];
            },
        ),
        row(
            "a list from after the certificate expired says revoked",
            not_passed(RevokedNoPoe, CheckId::RevocationNotRevoked),
            |scene| {
                expired(scene);
                let said = Some((SIGNED - 60, None));
                scene.about_signer =
                    vec![Known::Ocsp(Good, STAMPED), Known::Crl(said, EXPIRY + 60)];
            },
        ),
        row(
            "answer from after the certificate expired, archive cutoff before",
            passed(RevocationAvailable),
            |scene| {
                expired(scene);
                let by = scene.pki.ocsp_responder.clone();
                let mut answer = scene.answer(Good, &by, EXPIRY + 60);
                let cutoff = der::generalized_time(SIGNED - DAY);
                answer.responses[0]
                    .extensions
                    .push(Extension::new("1.3.6.1.5.5.7.48.1.6", cutoff));
                scene.about_signer = vec![ocsp_given(&answer, &by)];
            },
        ),
        row(
            "the responder's certificate had ended when it answered",
            MISSING,
            |scene| {
                let of = scene.pki.citizen_p384.clone();
                let own = responder(&of, &scene.issuer, (VALIDITY.0, DATA - 1), true);
                answered_by(scene, &own, DATA);
            },
        ),
        row(
            "the responder's certificate had not begun when it answered",
            MISSING,
            |scene| {
                let of = scene.pki.citizen_p384.clone();
                let own = responder(&of, &scene.issuer, (DATA + 1, VALIDITY.1), true);
                answered_by(scene, &own, DATA);
            },
        ),
        row(
            "the responder's certificate has ended since",
            not_passed(RevocationOutOfBoundsNoPoe, RevocationIssuerValidity),
            |scene| {
                let of = scene.pki.citizen_p384.clone();
                let own = responder(&of, &scene.issuer, (VALIDITY.0, DATA + 10), true);
                answered_by(scene, &own, DATA);
            },
        ),
        row(
            "signer and responder have expired since",
            not_passed(OutOfBoundsNoPoe, CheckId::CertificateValidity),
            |scene| {
                expired(scene);
                let of = scene.pki.citizen_p384.clone();
                let own = responder(&of, &scene.issuer, (VALIDITY.0, AFTER_EXPIRY - 1), true);
                answered_by(scene, &own, EXPIRY - 3_600);
            },
        ),
        row(
            "a renewed responder with the same key",
            passed(RevocationAvailable),
            |scene| {
                let of = scene.pki.citizen_p384.clone();
                let old = responder(&of, &scene.issuer, (VALIDITY.0, DATA - 1), true);
                let new = responder(&of, &scene.issuer, VALIDITY, true);
                let mut answer = scene.answer(Good, &new, DATA);
                answer.certificates.insert(0, old.certificate);
                scene.about_signer = vec![ocsp_given(&answer, &new)];
            },
        ),
        row(
            "short-term certificate without revocation data",
            passed(RevocationAvailable),
            |scene| {
                scene.sign_with(|spec| {
                    (spec.not_before, spec.not_after) = (SIGNED - 60, SIGNED + DAY);
                    spec.extensions
                        .push(Extension::new("0.4.0.194121.2.1", der::null()));
                });
                scene.about_signer.clear();
            },
        ),
        row(
            "short-term certificate that lives for long",
            MISSING,
            |scene| {
                scene.sign_with(|spec| {
                    spec.extensions
                        .push(Extension::new("0.4.0.194121.2.1", der::null()));
                });
                scene.about_signer.clear();
            },
        ),
        row(
            "a short-term certificate that is revoked all the same",
            not_passed(RevokedNoPoe, CheckId::RevocationNotRevoked),
            |scene| {
                scene.sign_with(|spec| {
                    (spec.not_before, spec.not_after) = (SIGNED - 120, SIGNED + DAY);
                    spec.extensions
                        .push(Extension::new("0.4.0.194121.2.1", der::null()));
                });
                let said = CertStatus::Revoked(SIGNED - 60, None);
                scene.about_signer = vec![Known::Ocsp(said, DATA)];
            },
        ),
        row(
            "noRevAvail without revocation data",
            passed(RevocationAvailable),
            |scene| {
                scene.sign_with(|spec| {
                    spec.extensions
                        .push(Extension::new("2.5.29.56", der::null()));
                });
                scene.about_signer.clear();
            },
        ),
        row(
            "noRevAvail beside a pointer to revocation data",
            MISSING,
            |scene| {
                scene.sign_with(|spec| {
                    spec.extensions
                        .push(Extension::new("2.5.29.56", der::null()));
                    let pointer = Extension::crl_distribution_point("http://pki.imza.test/crl");
                    spec.extensions.push(pointer);
                });
                scene.about_signer.clear();
            },
        ),
        row(
            "ocsp-nocheck on the signer",
            not_passed(
                SubIndication::ChainConstraintsFailure,
                CheckId::PathConstraints,
            ),
            |scene| {
                scene.sign_with(|spec| spec.extensions.push(Extension::ocsp_no_check()));
            },
        ),
        row(
            "ocsp-nocheck on the signer instead of revocation data",
            MISSING,
            |scene| {
                scene.sign_with(|spec| spec.extensions.push(Extension::ocsp_no_check()));
                scene.about_signer.clear();
            },
        ),
        row(
            "answer of the last instant of the certificate",
            passed(RevocationAvailable),
            |scene| {
                expired(scene);
                scene.about_signer = vec![Known::Ocsp(Good, EXPIRY)];
                scene.now = LATER.max(EXPIRY + 1);
                scene.about_issuer = vec![Known::Crl(None, EXPIRY)];
            },
        ),
    ]
}
