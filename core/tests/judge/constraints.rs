//! Constraints that a policy adds: on the signature, on what the signer says, on the certificate.

use crate::row::{Row, not_passed, passed, row, warned};
use crate::scene::Scene;
use imza::policy::{Freshness, SignatureElement};
use imza::vocabulary::{CheckId, Level, SignatureFormat, SignatureLevel, SubIndication};
use imza_test_vectors::certificate::{Extension, purpose};
use imza_test_vectors::cms::{Attribute, SignedData};
use imza_test_vectors::der;
use imza_test_vectors::hash::Hash;

use CheckId::{
    ConstraintCertificatePolicy, ConstraintCertificatePurpose, ConstraintCertificateStatement,
    ConstraintCommitmentType, ConstraintElement, ConstraintFormat, ConstraintLevel, ConstraintRole,
    ConstraintSignaturePolicy, RevocationFresh,
};
use SubIndication::{ChainConstraintsFailure, SigConstraintsFailure};

/// `proofOfOrigin` (RFC 5126 §5.11.1).
const PROOF_OF_ORIGIN: &str = "1.2.840.113549.1.9.16.6.1";
const POLICY: &str = "1.3.6.1.4.1.32473.5";
const CLIENT_AUTHENTICATION: &str = "1.3.6.1.5.5.7.3.2";

pub(crate) fn rows() -> Vec<Row> {
    let mut rows = of_signatures();
    rows.extend(of_claims());
    rows.extend(of_certificates());
    rows.extend(of_time());
    rows
}

fn of_signatures() -> Vec<Row> {
    vec![
        row(
            "a format that the policy accepts",
            passed(ConstraintFormat),
            |scene| {
                let formats = [SignatureFormat::Cades, SignatureFormat::Xades];
                scene.policy.signature.formats.extend(formats);
            },
        ),
        row(
            "a format that the policy does not accept",
            not_passed(SigConstraintsFailure, ConstraintFormat),
            |scene| {
                let formats = &mut scene.policy.signature.formats;
                formats.insert(SignatureFormat::Jades);
            },
        ),
        row(
            "a level that the policy does not accept",
            not_passed(SigConstraintsFailure, ConstraintLevel),
            |scene| {
                let levels = &mut scene.policy.signature.levels;
                levels.insert(SignatureLevel::BaselineLta);
            },
        ),
        row(
            "a level that the policy only warns of",
            warned(ConstraintLevel),
            |scene| {
                let levels = &mut scene.policy.signature.levels;
                levels.insert(SignatureLevel::BaselineLta);
                scene.policy.levels.insert(ConstraintLevel, Level::Warn);
            },
        ),
        row(
            "time-stamped, as the policy wants",
            passed(ConstraintElement),
            |scene| {
                let required = &mut scene.policy.signature.required;
                required.insert(SignatureElement::SignatureTimestamp);
            },
        ),
        row(
            "without the time-stamp that the policy wants",
            not_passed(SigConstraintsFailure, ConstraintElement),
            |scene| {
                scene.stamps.clear();
                let required = &mut scene.policy.signature.required;
                required.insert(SignatureElement::SignatureTimestamp);
            },
        ),
        row(
            "without the role that the policy wants",
            not_passed(SigConstraintsFailure, ConstraintElement),
            |scene| {
                let required = &mut scene.policy.signature.required;
                required.insert(SignatureElement::Role);
            },
        ),
    ]
}

/// commitment-type-indication (RFC 5126 §5.11.1).
fn commit(scene: &mut Scene) {
    scene.edit_attributes = Some(|data, _| {
        let value = der::sequence(&[&der::oid(PROOF_OF_ORIGIN)]);
        data.set(Attribute::new("1.2.840.113549.1.9.16.2.16", value));
    });
}

/// signer-attributes-v2 (EN 319 122-1 §5.2.6.1) with a claimed title.
fn claim_a_role(scene: &mut Scene) {
    scene.edit_attributes = Some(|data, _| {
        let values = der::set_of(&[der::utf8_string("notary")]);
        let title = der::sequence(&[&der::oid("2.5.4.12"), &values]);
        let value = der::sequence(&[&der::explicit(0, &der::sequence(&[&title]))]);
        data.set(Attribute::new("0.4.0.19122.1.1", value));
    });
}

/// signer-attributes-v2 (EN 319 122-1 §5.2.6.1) with what stands under this tag.
fn state(scene: &mut Scene, tag: u8) {
    scene.edit_attributes = Some(match tag {
        1 => |data, _| attribute(data, &der::explicit(1, &certified(&role_certificate()))),
        2 => |data, _| {
            let kind = der::sequence(&[&der::oid("1.2.3"), &der::utf8_string("notary")]);
            attribute(data, &der::explicit(2, &der::sequence(&[&kind])));
        },
        _ => |data, _| {
            attribute(
                data,
                &der::explicit(1, &certified(&der::octet_string(&[0]))),
            )
        },
    });
}

fn attribute(data: &mut SignedData, part: &[u8]) {
    data.set(Attribute::new("0.4.0.19122.1.1", der::sequence(&[part])));
}

fn certified(certificate: &[u8]) -> Vec<u8> {
    der::sequence(&[&der::explicit(0, certificate)])
}

/// An attribute certificate (RFC 5755 §4.1) with the role `notary`, which nobody signed.
fn role_certificate() -> Vec<u8> {
    let empty = der::sequence(&[]);
    let name = der::tlv(0x86, b"notary");
    let role = der::sequence(&[&der::explicit(1, &name)]);
    let role = der::sequence(&[&der::oid("2.5.4.72"), &der::set_of(&[role])]);
    let attributes = der::sequence(&[&role]);
    let (version, number) = (der::integer(1), der::integer(7));
    let info = [
        &version,
        &empty,
        &empty,
        &empty,
        &number,
        &empty,
        &attributes,
    ];
    let info = der::sequence(&info.map(Vec::as_slice));
    der::sequence(&[&info, &empty, &der::bit_string(&[0])])
}

/// signature-policy-identifier (RFC 5126 §5.8.1).
fn name_a_policy(scene: &mut Scene) {
    scene.edit_attributes = Some(|data, _| {
        let digest = der::sequence(&[&Hash::Sha256.identifier(), &der::octet_string(&[7; 32])]);
        let named = der::sequence(&[&der::oid(POLICY), &digest]);
        data.set(Attribute::new("1.2.840.113549.1.9.16.2.15", named));
    });
}

fn of_claims() -> Vec<Row> {
    vec![
        row(
            "a commitment that the policy accepts",
            passed(ConstraintCommitmentType),
            |scene| {
                commit(scene);
                let accepted = &mut scene.policy.signature.commitment_types;
                accepted.insert(PROOF_OF_ORIGIN.to_owned());
                let required = &mut scene.policy.signature.required;
                required.insert(SignatureElement::CommitmentType);
            },
        ),
        row(
            "a commitment that the policy does not accept",
            not_passed(SigConstraintsFailure, ConstraintCommitmentType),
            |scene| {
                commit(scene);
                let accepted = &mut scene.policy.signature.commitment_types;
                accepted.insert("1.2.840.113549.1.9.16.6.5".to_owned());
            },
        ),
        row(
            "a role that the policy accepts",
            passed(ConstraintRole),
            |scene| {
                claim_a_role(scene);
                scene.policy.signature.roles.insert("notary".to_owned());
            },
        ),
        row(
            "a role that the policy does not accept",
            not_passed(SigConstraintsFailure, ConstraintRole),
            |scene| {
                claim_a_role(scene);
                scene.policy.signature.roles.insert("Notary".to_owned());
            },
        ),
        row(
            "a certified role where the policy wants one",
            passed(ConstraintElement),
            |scene| {
                state(scene, 1);
                let required = &mut scene.policy.signature.required;
                required.insert(SignatureElement::Role);
            },
        ),
        row(
            "a role by a certificate that cannot be read, where the policy wants one",
            passed(ConstraintElement),
            |scene| {
                state(scene, 0);
                let required = &mut scene.policy.signature.required;
                required.insert(SignatureElement::Role);
            },
        ),
        row(
            "a certified role that the policy accepts",
            passed(ConstraintRole),
            |scene| {
                state(scene, 1);
                scene.policy.signature.roles.insert("notary".to_owned());
            },
        ),
        row(
            "a certified role that the policy does not accept",
            not_passed(SigConstraintsFailure, ConstraintRole),
            |scene| {
                state(scene, 1);
                scene.policy.signature.roles.insert("mayor".to_owned());
            },
        ),
        row(
            "a certificate of whichever role where the policy accepts one",
            not_passed(SigConstraintsFailure, ConstraintRole),
            |scene| {
                state(scene, 0);
                scene.policy.signature.roles.insert("notary".to_owned());
            },
        ),
        row(
            "an assertion of whichever role where the policy accepts one",
            not_passed(SigConstraintsFailure, ConstraintRole),
            |scene| {
                state(scene, 2);
                scene.policy.signature.roles.insert("1.2.3".to_owned());
            },
        ),
        row(
            "a signature policy that is accepted",
            warned(CheckId::SignaturePolicyAvailable),
            |scene| {
                name_a_policy(scene);
                scene.policy.signature.policies.insert(POLICY.to_owned());
            },
        ),
        row(
            "a signature policy that is not accepted",
            not_passed(SigConstraintsFailure, ConstraintSignaturePolicy),
            |scene| {
                name_a_policy(scene);
                scene.policy.signature.policies.insert("implied".to_owned());
            },
        ),
    ]
}

/// A QCStatements extension with the statement that the certificate is qualified.
fn qualified() -> Extension {
    let statement = der::sequence(&[&der::oid("0.4.0.1862.1.1")]);
    Extension::new("1.3.6.1.5.5.7.1.3", der::sequence(&[&statement]))
}

fn of_certificates() -> Vec<Row> {
    vec![
        row(
            "a certificate policy that is accepted",
            passed(ConstraintCertificatePolicy),
            |scene| {
                scene.sign_with(|spec| {
                    let policies = der::sequence(&[&der::sequence(&[&der::oid(POLICY)])]);
                    spec.extensions.push(Extension::new("2.5.29.32", policies));
                });
                scene.policy.certificate.policies.insert(POLICY.to_owned());
            },
        ),
        row(
            "no certificate policy where one is wanted",
            not_passed(ChainConstraintsFailure, ConstraintCertificatePolicy),
            |scene| {
                scene.policy.certificate.policies.insert(POLICY.to_owned());
            },
        ),
        row(
            "a qualified certificate, as the policy wants",
            passed(ConstraintCertificateStatement),
            |scene| {
                scene.sign_with(|spec| spec.extensions.push(qualified()));
                let statements = &mut scene.policy.certificate.statements;
                statements.insert("qualified".to_owned());
            },
        ),
        row(
            "a qualified certificate, but not in a device",
            not_passed(ChainConstraintsFailure, ConstraintCertificateStatement),
            |scene| {
                scene.sign_with(|spec| spec.extensions.push(qualified()));
                let statements = &mut scene.policy.certificate.statements;
                statements.extend(["qualified", "device"].map(str::to_owned));
            },
        ),
        row(
            "a certificate for signing in, by a policy that forbids it",
            not_passed(ChainConstraintsFailure, ConstraintCertificatePurpose),
            |scene| {
                scene.sign_with(|spec| {
                    let purposes = [CLIENT_AUTHENTICATION, purpose::EMAIL_PROTECTION];
                    spec.extensions
                        .push(Extension::extended_key_usage(&purposes));
                });
                let forbidden = &mut scene.policy.certificate.forbidden_purposes;
                forbidden.insert(CLIENT_AUTHENTICATION.to_owned());
            },
        ),
        row(
            "a certificate for mail, by a policy that forbids others",
            passed(ConstraintCertificatePurpose),
            |scene| {
                scene.sign_with(|spec| {
                    let purposes = [purpose::EMAIL_PROTECTION];
                    spec.extensions
                        .push(Extension::extended_key_usage(&purposes));
                });
                let forbidden = &mut scene.policy.certificate.forbidden_purposes;
                forbidden.insert(CLIENT_AUTHENTICATION.to_owned());
            },
        ),
    ]
}

fn of_time() -> Vec<Row> {
    vec![row(
        "the grace period is not over",
        not_passed(SubIndication::TryLater, RevocationFresh),
        |scene| {
            scene.policy.freshness = Freshness::After(3_600);
        },
    )]
}

/// What a policy names is wanted, also where it leaves out all that this library wants.
pub(crate) fn without_others() -> Vec<Row> {
    vec![
        row(
            "a format that a policy of RFC 5280 alone does not accept",
            not_passed(SigConstraintsFailure, ConstraintFormat),
            |scene| {
                scene.policy = imza::policy::danger::rfc5280();
                let formats = &mut scene.policy.signature.formats;
                formats.insert(SignatureFormat::Jades);
            },
        ),
        row(
            "no certificate policy, by a policy of RFC 5280 and that",
            not_passed(ChainConstraintsFailure, ConstraintCertificatePolicy),
            |scene| {
                scene.policy = imza::policy::danger::rfc5280();
                scene.policy.certificate.policies.insert(POLICY.to_owned());
            },
        ),
    ]
}
