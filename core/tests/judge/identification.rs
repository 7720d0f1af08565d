//! Which certificate signed: the signed reference, and certificates that were exchanged.

use crate::row::{Row, not_passed, passed, row, warned};
use crate::scene::{Scene, anchor, citizen};
use imza::vocabulary::{CheckId, Level, SubIndication};
use imza_test_vectors::cms::{Attribute, SignedData, id, issuer_and_serial};
use imza_test_vectors::der;
use imza_test_vectors::hash::Hash;
use imza_test_vectors::name::Name;

use CheckId::{
    SigningCertificateIdentified, SigningCertificateIssuerSerial, SigningCertificateReference,
    SigningCertificateReferenceFits, SigningCertificateReferencesInPath,
};
use SubIndication::{NoSigningCertificateFound, SigConstraintsFailure};

/// signing-certificate-v2 with these references.
fn references(ids: &[Vec<u8>]) -> Attribute {
    let list = der::sequence_of(ids);
    Attribute::new(id::SIGNING_CERTIFICATE_V2, der::sequence(&[&list]))
}

fn reference(certificate: &[u8]) -> Vec<u8> {
    der::sequence(&[&der::octet_string(&Hash::Sha256.digest(certificate))])
}

/// A certificate for the same key and number, in another name.
fn twin(scene: &Scene) -> imza_test_vectors::Entity {
    citizen(&scene.pki.citizen_p256, &scene.issuer, |spec| {
        spec.subject = Name::person("Sevda", "R\u{259}himova", "PNOAZ-6TEST66");
    })
}

pub(crate) fn rows() -> Vec<Row> {
    let nobody = not_passed(NoSigningCertificateFound, SigningCertificateReferenceFits);
    vec![
        row(
            "no certificate reference",
            warned(SigningCertificateReference),
            |scene| {
                scene.edit_attributes = Some(|data, _| data.remove(id::SIGNING_CERTIFICATE_V2));
            },
        ),
        row(
            "no certificate reference where one is wanted",
            not_passed(SigConstraintsFailure, SigningCertificateReference),
            |scene| {
                scene.edit_attributes = Some(|data, _| data.remove(id::SIGNING_CERTIFICATE_V2));
                scene
                    .policy
                    .levels
                    .insert(SigningCertificateReference, Level::Fail);
            },
        ),
        row(
            "the reference is of another certificate",
            nobody.broken(),
            |scene| {
                scene.edit_attributes = Some(|data, _| {
                    data.set(Attribute::signing_certificate_v2(b"another", Hash::Sha256));
                });
            },
        ),
        row(
            "the certificate was exchanged for one with the same key",
            nobody.broken(),
            |scene| {
                scene.edit_attributes =
                    Some(|data, scene| data.certificates = vec![twin(scene).certificate]);
            },
        ),
        row(
            "another certificate with the same key lies beside",
            passed(SigningCertificateReferenceFits),
            |scene| {
                scene.edit_attributes = Some(|data, scene| {
                    data.certificates.insert(0, twin(scene).certificate);
                });
            },
        ),
        row(
            "two certificate references",
            not_passed(SubIndication::FormatFailure, CheckId::FormatDuplicate),
            |scene| {
                scene.edit_attributes = Some(|data: &mut SignedData, scene| {
                    let attributes = data.attributes.get_or_insert_default();
                    let other =
                        Attribute::signing_certificate_v2(&twin(scene).certificate, Hash::Sha256);
                    attributes.push(other);
                });
            },
        ),
        row(
            "a reference in each version, of the same certificate",
            passed(SigningCertificateReferenceFits),
            |scene| {
                scene.edit_attributes = Some(|data: &mut SignedData, scene| {
                    data.set(Attribute::signing_certificate(&scene.signer.certificate));
                });
            },
        ),
        row(
            "a reference in each version, of different certificates",
            nobody,
            |scene| {
                scene.edit_attributes = Some(|data: &mut SignedData, scene| {
                    data.set(Attribute::signing_certificate(&twin(scene).certificate));
                });
            },
        ),
        row(
            "a reference in each version, of different certificates, the caller has the signer's",
            nobody,
            |scene| {
                scene.edit_attributes = Some(|data: &mut SignedData, scene| {
                    data.set(Attribute::signing_certificate(&twin(scene).certificate));
                    data.certificates.clear();
                });
                scene.certificates.push(scene.signer.certificate.clone());
            },
        ),
        row(
            "a reference in each version, of the certificate that the caller has",
            passed(SigningCertificateReferenceFits),
            |scene| {
                scene.edit_attributes = Some(|data: &mut SignedData, scene| {
                    data.set(Attribute::signing_certificate(&scene.signer.certificate));
                    data.certificates.clear();
                });
                scene.certificates.push(scene.signer.certificate.clone());
            },
        ),
        row(
            "the old version of the reference alone",
            passed(SigningCertificateReferenceFits),
            |scene| {
                scene.edit_attributes = Some(|data: &mut SignedData, scene| {
                    data.remove(id::SIGNING_CERTIFICATE_V2);
                    data.set(Attribute::signing_certificate(&scene.signer.certificate));
                });
            },
        ),
        row("an empty reference", nobody, |scene| {
            scene.edit_attributes = Some(|data, _| data.set(references(&[])));
        }),
        row("a malformed reference", nobody, |scene| {
            scene.edit_attributes = Some(|data, _| {
                data.set(Attribute::new(id::SIGNING_CERTIFICATE_V2, der::null()));
            });
        }),
        row(
            "the signer is not the first of the references",
            not_passed(
                SubIndication::NoSigningCertificateFound,
                CheckId::SigningCertificateIdentified,
            )
            .broken(),
            |scene| {
                scene.edit_attributes = Some(|data, scene| {
                    let own = reference(&scene.signer.certificate);
                    data.set(references(&[reference(&scene.issuer.certificate), own]));
                });
            },
        ),
        row(
            "the references behind the first are of no certificate of the path",
            warned(SigningCertificateReferencesInPath),
            |scene| {
                scene.edit_attributes = Some(|data, scene| {
                    let own = reference(&scene.signer.certificate);
                    data.set(references(&[own, reference(b"another authority")]));
                });
            },
        ),
        row(
            "a reference of the older version behind the first is of another authority",
            warned(SigningCertificateReferencesInPath),
            |scene| {
                scene.edit_attributes = Some(|data: &mut SignedData, scene| {
                    let own = &scene.signer.certificate;
                    let one = |octets: &[u8]| {
                        der::sequence(&[&der::octet_string(&Hash::Sha1.digest(octets))])
                    };
                    let list = der::sequence(&[&one(own), &one(&twin(scene).certificate)]);
                    data.set(Attribute::new(
                        id::SIGNING_CERTIFICATE,
                        der::sequence(&[&list]),
                    ));
                });
            },
        ),
        row(
            "the references behind the first are of the root above the anchor",
            passed(SigningCertificateReferencesInPath),
            |scene| {
                scene.edit_attributes = Some(|data: &mut SignedData, scene| {
                    let own = reference(&scene.signer.certificate);
                    let root = scene.pki.root.certificate.clone();
                    data.set(references(&[own, reference(&root)]));
                    data.certificates.push(root);
                });
                scene.anchors = vec![anchor(&scene.issuer)];
            },
        ),
        row(
            "the signer is the first of the references",
            passed(SigningCertificateReferencesInPath),
            |scene| {
                scene.edit_attributes = Some(|data, scene| {
                    let own = reference(&scene.signer.certificate);
                    data.set(references(&[own, reference(&scene.issuer.certificate)]));
                });
            },
        ),
        row(
            "a reference by an unknown digest",
            not_passed(NoSigningCertificateFound, CheckId::UnsupportedAlgorithm),
            |scene| {
                scene.edit_attributes = Some(|data, _| {
                    let odd = der::sequence(&[&der::oid("1.3.6.1.4.1.32473.9")]);
                    let one = der::sequence(&[&odd, &der::octet_string(&[9; 32])]);
                    data.set(references(&[one]));
                });
            },
        ),
        row(
            "issuer and serial number of another certificate",
            warned(SigningCertificateIssuerSerial),
            |scene| {
                scene.edit_attributes = Some(|data, scene| {
                    data.set(references(&[with_issuer_serial(scene, &[0x11])]));
                });
            },
        ),
        row(
            "issuer and serial number of another certificate where that counts",
            not_passed(NoSigningCertificateFound, SigningCertificateIssuerSerial),
            |scene| {
                scene.edit_attributes = Some(|data, scene| {
                    data.set(references(&[with_issuer_serial(scene, &[0x11])]));
                });
                scene
                    .policy
                    .levels
                    .insert(SigningCertificateIssuerSerial, Level::Fail);
            },
        ),
        row(
            "the certificate is missing",
            not_passed(NoSigningCertificateFound, SigningCertificateIdentified).unknown(),
            |scene| {
                scene.edit_attributes = Some(|data, _| data.certificates.clear());
            },
        ),
        row(
            "the certificate is missing, the caller has the key",
            not_passed(NoSigningCertificateFound, SigningCertificateIdentified),
            |scene| {
                scene.edit_attributes = Some(|data, _| data.certificates.clear());
                scene.keys = vec![scene.signer.key.clone()];
            },
        ),
        row(
            "the certificate is missing, the caller has another key",
            not_passed(NoSigningCertificateFound, SigningCertificateIdentified).broken(),
            |scene| {
                scene.edit_attributes = Some(|data, _| data.certificates.clear());
                scene.keys = vec![scene.pki.citizen_rsa_2048.key.clone()];
            },
        ),
        row(
            "the certificate is missing, the caller has it",
            passed(SigningCertificateIdentified),
            |scene| {
                scene.edit_attributes = Some(|data, _| data.certificates.clear());
                scene.certificates.push(scene.signer.certificate.clone());
            },
        ),
        row(
            "the signer is named by its key",
            passed(SigningCertificateIdentified),
            |scene| {
                scene.edit_attributes = Some(|data, _| {
                    data.identifier =
                        imza_test_vectors::cms::SignerIdentifier::SubjectKeyIdentifier;
                });
            },
        ),
    ]
}

/// A reference that fits, beside the signer's issuer and a serial number.
fn with_issuer_serial(scene: &Scene, serial: &[u8]) -> Vec<u8> {
    let (issuer, _) = issuer_and_serial(&scene.signer.certificate).unwrap();
    let names = der::sequence(&[&der::explicit(4, &issuer)]);
    let named = der::sequence(&[&names, &der::integer_raw(serial)]);
    let digest = Hash::Sha256.digest(&scene.signer.certificate);
    der::sequence(&[&der::octet_string(&digest), &named])
}
