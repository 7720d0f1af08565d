//! Responders to which a CA gives its authority.

use super::{MISSING, answered_by, scheme_sha1};
use crate::revocation::apart;
use crate::row::{Row, not_passed, passed, row};
use crate::scene::{
    DATA, Known, SIGNED, Scene, VALIDITY, authority, crl_given, ocsp_given, responder,
};
use imza::vocabulary::{CheckId, SubIndication};
use imza_test_vectors::certificate::Extension;
use imza_test_vectors::crl::RevocationReason;
use imza_test_vectors::der;
use imza_test_vectors::hash::Hash;
use imza_test_vectors::key::Scheme;
use imza_test_vectors::ocsp::{CertId, CertStatus};
use imza_test_vectors::pki::Revocation;

use CertStatus::Good;
use CheckId::{AlgorithmRevocation, RevocationAvailable, RevocationFresh};
use SubIndication::{CryptoConstraintsFailureNoPoe, TryLater};

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

pub(super) fn rows() -> Vec<Row> {
    vec![
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
