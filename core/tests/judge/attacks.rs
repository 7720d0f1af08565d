//! What an attacker does to a CMS message that others signed.
//!
//! Everything here starts from a genuine message. An attacker owns no key of the signer: he moves,
//! repeats, removes and re-encodes parts of messages that he has. Rows that pass are what he may do
//! because it changes nothing that was signed (RFC 5652 leaves it open on purpose).

mod archives;
mod encodings;
mod kinds;

use crate::row::{Row, not_passed, passed, row, warned};
use crate::scene::{Packaging, Scene};
use imza::vocabulary::{CheckId, SubIndication};
use imza_test_vectors::Entity;
use imza_test_vectors::cms::{Attribute, SignedData, id, issuer_and_serial};
use imza_test_vectors::der;
use imza_test_vectors::hash::Hash;
use imza_test_vectors::key::Scheme;

use CheckId::{
    FormatDuplicate, FormatStructure, ReferenceIntact, SignatureIntact,
    SigningCertificateIdentified, SigningCertificateReference, SigningCertificateReferenceFits,
    UnsupportedFeature,
};
use SubIndication::{
    Custom, FormatFailure, HashFailure, NoSigningCertificateFound, SigConstraintsFailure,
    SigCryptoFailure,
};

pub(crate) fn rows() -> Vec<Row> {
    let mut rows = of_missing_attributes();
    rows.extend(of_repeated_attributes());
    rows.extend(of_algorithms());
    rows.extend(of_signers());
    rows.extend(of_unsigned_attributes());
    rows.extend(encodings::rows());
    rows.extend(archives::rows());
    rows.extend(kinds::rows());
    rows
}

/// A message taken apart, each value with its header.
pub(crate) struct Apart {
    /// The fields of SignedData without signerInfos.
    pub(crate) data: Vec<Vec<u8>>,
    /// The fields of the only SignerInfo.
    pub(crate) signer: Vec<Vec<u8>>,
    /// Other SignerInfos behind it.
    others: Vec<Vec<u8>>,
}

impl Apart {
    pub(crate) fn of(message: &[u8]) -> Self {
        let inner = |octets: &[u8]| der::read(octets).unwrap().0.content.to_vec();
        let content_info = inner(message);
        let explicit = der::read_all(&content_info).unwrap()[1].content.to_vec();
        let mut data = fields(&inner(&explicit));
        let signers = data.pop().unwrap();
        Self {
            data,
            signer: fields(&inner(&inner(&signers))),
            others: Vec::new(),
        }
    }

    fn together(&self) -> Vec<u8> {
        let mut signers = vec![der::sequence_of(&self.signer)];
        signers.extend(self.others.iter().cloned());
        let signers = der::set_as_given(&signers);
        let data = der::sequence(&[&self.data.concat(), &signers]);
        der::sequence(&[&der::oid(id::SIGNED_DATA), &der::explicit(0, &data)])
    }

    /// Content put inside.
    fn attach(&mut self, content: &[u8]) {
        let inside = der::explicit(0, &der::octet_string(content));
        self.data[2] = der::sequence(&[&der::oid(id::DATA), &inside]);
    }

    /// The field of the SignerInfo with a tag of the context.
    pub(crate) fn at(&self, tag: u8) -> Option<usize> {
        self.signer.iter().position(|field| field[0] == tag)
    }

    /// Puts an unsigned attribute in.
    pub(crate) fn push_unsigned(&mut self, attribute: &Attribute) {
        match self.at(0xa1) {
            Some(at) => {
                let old = der::read(&self.signer[at]).unwrap().0.content.to_vec();
                self.signer[at] = der::explicit(1, &[old, attribute.der()].concat());
            }
            None => self.signer.push(der::explicit(1, &attribute.der())),
        }
    }
}

pub(crate) fn fields(octets: &[u8]) -> Vec<Vec<u8>> {
    let values = der::read_all(octets).unwrap();
    values.iter().map(|value| value.whole.to_vec()).collect()
}

/// Takes the message apart, changes it and puts it together again.
pub(crate) fn edit(message: &mut Vec<u8>, change: impl FnOnce(&mut Apart)) {
    let mut apart = Apart::of(message);
    change(&mut apart);
    *message = apart.together();
}

pub(crate) fn edited(scene: &mut Scene, change: fn(&mut Vec<u8>)) {
    scene.edit_message = Some(change);
}

/// A message of the same signer over other content, taken apart.
fn foreign(content: &[u8], signer: Option<Entity>) -> Apart {
    let scene = Scene::new(Packaging::Detached);
    let signer = signer.unwrap_or(scene.signer);
    let mut data = SignedData::new(id::DATA, content, &signer);
    data.content = None;
    data.set(Attribute::signing_time(scene.claimed));
    Apart::of(&data.sign(content, &signer).unwrap().der())
}

/// The content becomes the signed attributes of the signer, which are stripped.
fn strip(apart: &mut Apart) -> Vec<u8> {
    let at = apart.at(0xa0).unwrap();
    let mut attributes = apart.signer.remove(at);
    attributes[0] = der::SET;
    attributes
}

fn of_missing_attributes() -> Vec<Row> {
    let unreadable = not_passed(FormatFailure, FormatStructure);
    vec![
        row(
            "signed attributes stripped and presented as the content",
            unreadable,
            |scene| {
                edited(scene, |message| {
                    edit(message, |apart| {
                        let attributes = strip(apart);
                        apart.attach(&attributes);
                    });
                });
                scene.edit_inputs = |inputs| inputs.truncate(1);
            },
        )
        .only(Packaging::Detached),
        row(
            "signed attributes stripped and presented as the file beside",
            unreadable,
            |scene| {
                scene.edit_inputs = |inputs| {
                    let mut apart = Apart::of(&inputs[0].1);
                    inputs[1].1 = strip(&mut apart);
                    inputs[0].1 = apart.together();
                };
            },
        )
        .only(Packaging::Detached),
        row(
            "Ed25519 without signed attributes, which signs the file itself, over a file",
            not_passed(Custom, UnsupportedFeature).unknown(),
            |scene| {
                edited(scene, |message| {
                    edit(message, |apart| {
                        strip(apart);
                        // RFC 8419 §2.3: version, sid, digestAlgorithm, then signatureAlgorithm.
                        apart.signer[3] = der::sequence(&[&der::oid("1.3.101.112")]);
                    });
                });
            },
        )
        .only(Packaging::Detached),
        row(
            "signed attributes stripped from a message over a file",
            not_passed(SigCryptoFailure, SignatureIntact).broken(),
            |scene| edited(scene, |message| edit(message, |apart| drop(strip(apart)))),
        )
        .only(Packaging::Detached),
        row(
            "signed attributes stripped, the content is no data",
            unreadable.broken(),
            |scene| {
                edited(scene, |message| {
                    edit(message, |apart| {
                        strip(apart);
                        apart.data[2] = der::sequence(&[&der::oid(id::TST_INFO)]);
                    });
                });
            },
        )
        .only(Packaging::AsicS),
        row("signed attributes emptied", unreadable.broken(), |scene| {
            edited(scene, |message| {
                edit(message, |apart| {
                    let at = apart.at(0xa0).unwrap();
                    apart.signer[at] = der::explicit(0, &[]);
                });
            });
        }),
        row(
            "the content type of the message was changed",
            unreadable,
            |scene| {
                edited(scene, |message| {
                    edit(message, |apart| {
                        apart.data[2] = der::sequence(&[&der::oid(id::TST_INFO)]);
                    });
                });
            },
        )
        .only(Packaging::AsicS),
        row(
            "another content inside than the file beside",
            not_passed(HashFailure, ReferenceIntact).broken(),
            |scene| {
                edited(scene, |message| {
                    edit(message, |apart| apart.attach(b"another"));
                });
            },
        )
        .only(Packaging::Detached),
        row(
            "another file beside than the content inside",
            not_passed(HashFailure, ReferenceIntact).broken(),
            |scene| {
                scene.edit_inputs = |inputs| {
                    let own = inputs[1].1.clone();
                    edit(&mut inputs[0].1, |apart| apart.attach(&own));
                    inputs[1].1 = b"another".to_vec();
                };
            },
        )
        .only(Packaging::Detached),
        row(
            "empty content inside, and the file beside",
            not_passed(HashFailure, ReferenceIntact).broken(),
            |scene| edited(scene, |message| edit(message, |apart| apart.attach(b""))),
        )
        .only(Packaging::Detached),
    ]
}

fn push_signed(data: &mut SignedData, attribute: Attribute) {
    data.attributes.get_or_insert_default().push(attribute);
}

fn of_repeated_attributes() -> Vec<Row> {
    let twice = not_passed(FormatFailure, FormatStructure);
    vec![
        row("the same message digest twice", twice.unknown(), |scene| {
            scene.edit_attributes = Some(|data, scene| {
                let digest = Hash::Sha256.digest(&scene.content);
                push_signed(data, Attribute::message_digest(&digest));
            });
        }),
        row(
            "two values in the message digest",
            twice.unknown(),
            |scene| {
                scene.edit_attributes = Some(|data, scene| {
                    let digest = Hash::Sha256.digest(&scene.content);
                    let mut attribute = Attribute::message_digest(&digest);
                    let other = Attribute::message_digest(&Hash::Sha256.digest(b"another"));
                    attribute.values.extend(other.values);
                    data.set(attribute);
                });
            },
        ),
        row("no value in the message digest", twice.unknown(), |scene| {
            scene.edit_attributes = Some(|data, _| {
                let mut attribute = Attribute::message_digest(&[]);
                attribute.values.clear();
                data.set(attribute);
            });
        }),
        row(
            "a message digest of no octets",
            not_passed(HashFailure, ReferenceIntact).broken(),
            |scene| {
                scene.edit_attributes = Some(|data, _| data.set(Attribute::message_digest(&[])));
            },
        ),
        row(
            "half of the message digest",
            not_passed(HashFailure, ReferenceIntact).broken(),
            |scene| {
                scene.edit_attributes = Some(|data, scene| {
                    let digest = Hash::Sha256.digest(&scene.content);
                    data.set(Attribute::message_digest(&digest[..16]));
                });
            },
        )
        .only(Packaging::Detached),
        row(
            "a message digest with octets behind it",
            not_passed(HashFailure, ReferenceIntact).broken(),
            |scene| {
                scene.edit_attributes = Some(|data, scene| {
                    let digest = Hash::Sha256.digest(&scene.content);
                    data.set(Attribute::message_digest(&[&digest[..], &[0]].concat()));
                });
            },
        )
        .only(Packaging::Detached),
        row(
            "a message digest of another type",
            twice.unknown(),
            |scene| {
                scene.edit_attributes = Some(|data, scene| {
                    let digest = der::bit_string(&Hash::Sha256.digest(&scene.content));
                    data.set(Attribute::new(id::MESSAGE_DIGEST, digest));
                });
            },
        ),
        row("content type twice", twice, |scene| {
            scene.edit_attributes =
                Some(|data, _| push_signed(data, Attribute::content_type(id::DATA)));
        }),
        row("two values in the content type", twice, |scene| {
            scene.edit_attributes = Some(|data, _| {
                let mut attribute = Attribute::content_type(id::DATA);
                attribute.values.push(der::oid(id::TST_INFO));
                data.set(attribute);
            });
        }),
        row(
            "signing time twice",
            not_passed(FormatFailure, FormatDuplicate),
            |scene| {
                scene.edit_attributes = Some(|data, scene| {
                    push_signed(data, Attribute::signing_time(scene.claimed - 60));
                });
            },
        ),
        row(
            "two values in the certificate reference",
            not_passed(FormatFailure, FormatDuplicate),
            |scene| {
                scene.edit_attributes = Some(|data, scene| {
                    let own = Attribute::signing_certificate_v2;
                    let mut attribute = own(&scene.signer.certificate, Hash::Sha256);
                    attribute
                        .values
                        .extend(own(b"another", Hash::Sha256).values);
                    data.set(attribute);
                });
            },
        ),
        row(
            "algorithm protection twice",
            not_passed(FormatFailure, FormatDuplicate),
            |scene| {
                scene.edit_attributes = Some(|data, _| {
                    let inner = der::oid("1.2.840.10045.4.3.2");
                    let named =
                        der::sequence(&[&Hash::Sha256.identifier(), &der::explicit(1, &inner)]);
                    push_signed(
                        data,
                        Attribute::new(id::ALGORITHM_PROTECTION, named.clone()),
                    );
                    push_signed(data, Attribute::new(id::ALGORITHM_PROTECTION, named));
                });
            },
        ),
    ]
}

/// Names another digest in the SignerInfo and at the head of the message.
fn name_digest(apart: &mut Apart, hash: Hash) {
    apart.data[1] = der::set_of(&[hash.identifier()]);
    apart.signer[2] = hash.identifier();
}

fn of_algorithms() -> Vec<Row> {
    let differs = not_passed(HashFailure, ReferenceIntact).broken();
    let broken = not_passed(SigCryptoFailure, SignatureIntact).broken();
    vec![
        row("a longer digest is named than was made", differs, |scene| {
            edited(scene, |message| {
                edit(message, |apart| name_digest(apart, Hash::Sha512));
            });
        }),
        row("SHA-1 is named where SHA-256 was used", differs, |scene| {
            edited(scene, |message| {
                edit(message, |apart| name_digest(apart, Hash::Sha1));
            });
        }),
        row(
            "only the list at the head names another digest",
            passed(ReferenceIntact),
            |scene| {
                edited(scene, |message| {
                    edit(message, |apart| {
                        apart.data[1] = der::set_of(&[Hash::Sha1.identifier()]);
                    });
                });
            },
        ),
        row(
            "the list of digests at the head is empty",
            passed(ReferenceIntact),
            |scene| {
                edited(scene, |message| {
                    edit(message, |apart| apart.data[1] = der::set_of(&[]));
                });
            },
        ),
        row(
            "the signature algorithm names another digest",
            broken,
            |scene| {
                edited(scene, |message| {
                    edit(message, |apart| {
                        apart.signer[4] = Scheme::Ecdsa(Hash::Sha512).identifier();
                    });
                });
            },
        ),
        row(
            "the signature algorithm is of another kind of key",
            broken,
            |scene| {
                edited(scene, |message| {
                    edit(message, |apart| {
                        apart.signer[4] = Scheme::RsaPkcs1(Hash::Sha256).identifier();
                    });
                });
            },
        ),
        row(
            "RSA with PSS is named where PKCS #1 was used",
            broken,
            |scene| {
                scene.signer = scene.pki.citizen_rsa_2048.clone();
                edited(scene, |message| {
                    edit(message, |apart| {
                        apart.signer[4] = Scheme::RsaPss(Hash::Sha256).identifier();
                    });
                });
            },
        ),
        row(
            "RSA with PKCS #1 is named where PSS was used",
            broken,
            |scene| {
                scene.signer = scene.pki.citizen_rsa_2048.clone();
                scene.algorithms = Some((Hash::Sha256, Scheme::RsaPss(Hash::Sha256)));
                edited(scene, |message| {
                    edit(message, |apart| {
                        apart.signer[4] = Scheme::RsaPkcs1(Hash::Sha256).identifier();
                    });
                });
            },
        ),
        row(
            "PSS with the digest of the mask exchanged",
            broken,
            |scene| {
                scene.signer = scene.pki.citizen_rsa_2048.clone();
                scene.algorithms = Some((Hash::Sha256, Scheme::RsaPss(Hash::Sha256)));
                edited(scene, |message| {
                    edit(message, |apart| {
                        let mask = der::sequence(&[
                            &der::oid("1.2.840.113549.1.1.8"),
                            &Hash::Sha512.identifier(),
                        ]);
                        let parameters = der::sequence(&[
                            &der::explicit(0, &Hash::Sha256.identifier()),
                            &der::explicit(1, &mask),
                            &der::explicit(2, &der::integer(32)),
                        ]);
                        apart.signer[4] =
                            der::sequence(&[&der::oid("1.2.840.113549.1.1.10"), &parameters]);
                    });
                });
            },
        ),
    ]
}

fn of_signers() -> Vec<Row> {
    vec![
        row(
            "the SignerInfo of another message of the same signer",
            not_passed(HashFailure, ReferenceIntact)
                .broken()
                .without_timestamp(HashFailure, CheckId::TimestampImprint),
            |scene| {
                edited(scene, |message| {
                    edit(message, |apart| {
                        let stamps = apart.signer.pop().unwrap();
                        apart.signer = foreign(b"another", None).signer;
                        apart.signer.push(stamps);
                    });
                });
                scene.stamps.clear();
                scene
                    .stamps
                    .push(crate::scene::Stamp::at(crate::scene::STAMPED, &scene.tsa));
            },
        )
        .only(Packaging::AsicE),
        row(
            "the signature value of another message of the same signer",
            not_passed(SigCryptoFailure, SignatureIntact).broken(),
            |scene| {
                scene.stamps.clear();
                edited(scene, |message| {
                    edit(message, |apart| {
                        apart.signer[5] = foreign(b"another", None).signer[5].clone();
                    });
                });
            },
        ),
        row(
            "the signed attributes of another message of the same signer",
            not_passed(HashFailure, ReferenceIntact).broken(),
            |scene| {
                scene.stamps.clear();
                edited(scene, |message| {
                    edit(message, |apart| {
                        apart.signer[3] = foreign(b"another", None).signer[3].clone();
                    });
                });
            },
        ),
        row(
            "the SignerInfo of somebody whose certificate is not there",
            not_passed(NoSigningCertificateFound, SigningCertificateIdentified).unknown(),
            |scene| {
                scene.stamps.clear();
                edited(scene, |message| {
                    edit(message, |apart| {
                        let pki = Scene::new(Packaging::Detached).pki;
                        let content = Scene::new(Packaging::Detached).content;
                        apart.signer = foreign(&content, Some(pki.citizen_rsa_2048)).signer;
                    });
                });
            },
        )
        .only(Packaging::Detached),
        row(
            "the SignerInfo names somebody else",
            not_passed(NoSigningCertificateFound, SigningCertificateIdentified),
            |scene| {
                edited(scene, |message| {
                    edit(message, |apart| {
                        let pki = Scene::new(Packaging::Detached).pki;
                        let (issuer, serial) =
                            issuer_and_serial(&pki.citizen_revoked.certificate).unwrap();
                        apart.signer[1] = der::sequence(&[&issuer, &serial]);
                    });
                });
            },
        ),
        row(
            "the SignerInfo names another certificate of the message",
            not_passed(NoSigningCertificateFound, SigningCertificateIdentified).broken(),
            |scene| {
                edited(scene, |message| {
                    edit(message, |apart| {
                        let pki = Scene::new(Packaging::Detached).pki;
                        let (issuer, serial) =
                            issuer_and_serial(&pki.issuing_ca.certificate).unwrap();
                        apart.signer[1] = der::sequence(&[&issuer, &serial]);
                    });
                });
            },
        ),
        row(
            "without a reference, the certificate was exchanged for one with another key",
            not_passed(SigCryptoFailure, SignatureIntact).broken(),
            |scene| {
                scene.edit_attributes = Some(|data, scene| {
                    data.remove(id::SIGNING_CERTIFICATE_V2);
                    // The same name and number, and another key.
                    let mut other = scene.pki.citizen_p384.clone();
                    other.name = scene.signer.name.clone();
                    data.certificates =
                        vec![crate::scene::citizen(&other, &scene.issuer, |_| {}).certificate];
                });
            },
        ),
        row(
            "without a reference, the certificate was exchanged for another of the same key",
            warned(SigningCertificateReference),
            |scene| {
                scene.edit_attributes = Some(|data, scene| {
                    data.remove(id::SIGNING_CERTIFICATE_V2);
                    data.certificates = vec![twin(scene, &[0x50, 0x01])];
                });
            },
        ),
        row(
            "without a reference, only a certificate of the same key and another number",
            not_passed(NoSigningCertificateFound, SigningCertificateIdentified).unknown(),
            |scene| {
                scene.edit_attributes = Some(|data, scene| {
                    data.remove(id::SIGNING_CERTIFICATE_V2);
                    data.certificates = vec![twin(scene, &[0x50, 0x77])];
                });
            },
        ),
        row(
            "without a reference, another certificate of the same key lies before",
            warned(SigningCertificateReference),
            |scene| {
                scene.edit_attributes = Some(|data, scene| {
                    data.remove(id::SIGNING_CERTIFICATE_V2);
                    data.certificates.insert(0, twin(scene, &[0x50, 0x77]));
                });
            },
        ),
    ]
}

/// A certificate for the signer's key in another name, with a number.
fn twin(scene: &Scene, serial: &'static [u8]) -> Vec<u8> {
    use imza_test_vectors::name::Name;
    let twin = crate::scene::citizen(&scene.pki.citizen_p256, &scene.issuer, |spec| {
        spec.subject = Name::person("Sevda", "R\u{259}himova", "PNOAZ-6TEST66");
        spec.serial_number = serial.to_vec();
    });
    twin.certificate
}

/// Moves a signed attribute to the unsigned ones; the signature is made without it.
fn moved(scene: &mut Scene, remove: fn(&mut SignedData, &Scene), put: fn(&mut Vec<u8>)) {
    scene.edit_attributes = Some(remove);
    scene.edit_message = Some(put);
}

fn of_unsigned_attributes() -> Vec<Row> {
    let structure = not_passed(FormatFailure, FormatStructure);
    vec![
        row(
            "the message digest is not signed",
            structure.unknown(),
            |scene| {
                moved(
                    scene,
                    |data, _| data.remove(id::MESSAGE_DIGEST),
                    |message| {
                        edit(message, |apart| {
                            let content = Scene::new(Packaging::Detached).content;
                            let digest = Hash::Sha256.digest(&content);
                            apart.push_unsigned(&Attribute::message_digest(&digest));
                        });
                    },
                );
            },
        ),
        row("the content type is not signed", structure, |scene| {
            moved(
                scene,
                |data, _| data.remove(id::CONTENT_TYPE),
                |message| {
                    edit(message, |apart| {
                        apart.push_unsigned(&Attribute::content_type(id::DATA));
                    });
                },
            );
        }),
        row(
            "an unsigned message digest for another file",
            not_passed(HashFailure, ReferenceIntact).broken(),
            |scene| {
                edited(scene, |message| {
                    edit(message, |apart| {
                        let digest = Hash::Sha256.digest(b"another");
                        apart.push_unsigned(&Attribute::message_digest(&digest));
                    });
                });
                scene.edit_inputs = |inputs| inputs[1].1 = b"another".to_vec();
            },
        )
        .only(Packaging::Detached),
        row(
            "the certificate reference is not signed",
            warned(SigningCertificateReference),
            |scene| {
                moved(
                    scene,
                    |data, _| data.remove(id::SIGNING_CERTIFICATE_V2),
                    |message| {
                        edit(message, |apart| {
                            let signer = Scene::new(Packaging::Detached).signer;
                            apart.push_unsigned(&Attribute::signing_certificate_v2(
                                &signer.certificate,
                                Hash::Sha256,
                            ));
                        });
                    },
                );
            },
        ),
        row(
            "an unsigned certificate reference of another certificate",
            passed(SigningCertificateReferenceFits),
            |scene| {
                edited(scene, |message| {
                    edit(message, |apart| {
                        apart.push_unsigned(&Attribute::signing_certificate_v2(
                            b"another",
                            Hash::Sha256,
                        ));
                    });
                });
            },
        ),
        row(
            "the signing time is not signed",
            not_passed(SigConstraintsFailure, CheckId::AttributeSigningTime),
            |scene| {
                moved(
                    scene,
                    |data, _| data.remove(id::SIGNING_TIME),
                    |message| {
                        edit(message, |apart| {
                            apart.push_unsigned(&Attribute::signing_time(crate::scene::SIGNED));
                        });
                    },
                );
            },
        ),
        row(
            "a signature time-stamp among the signed attributes",
            not_passed(
                SubIndication::OutOfBoundsNotRevoked,
                CheckId::CertificateValidity,
            ),
            |scene| {
                crate::scene::expired(scene);
                scene.stamps.clear();
                scene.edit_attributes = Some(|data, scene| {
                    // Over the value of a genuine signature of the same signer.
                    let value = &foreign(&scene.content, None).signer[5];
                    let value = der::read(value).unwrap().0.content;
                    let stamp = imza_test_vectors::tsa::TokenSpec::over(
                        value,
                        Hash::Sha256,
                        crate::scene::STAMPED,
                        &scene.tsa,
                    );
                    let token = imza_test_vectors::tsa::token(&stamp, &scene.tsa).unwrap();
                    push_signed(data, Attribute::new(id::SIGNATURE_TIME_STAMP, token));
                });
            },
        ),
        row(
            "a content time-stamp among the unsigned attributes",
            not_passed(
                SubIndication::OutOfBoundsNotRevoked,
                CheckId::CertificateValidity,
            ),
            |scene| {
                crate::scene::expired(scene);
                scene.stamps.clear();
                edited(scene, |message| {
                    edit(message, |apart| {
                        let scene = Scene::new(Packaging::Detached);
                        let stamp = imza_test_vectors::tsa::TokenSpec::over(
                            &scene.content,
                            Hash::Sha256,
                            crate::scene::STAMPED,
                            &scene.tsa,
                        );
                        let token = imza_test_vectors::tsa::token(&stamp, &scene.tsa).unwrap();
                        apart.push_unsigned(&Attribute::new("1.2.840.113549.1.9.16.2.20", token));
                    });
                });
            },
        )
        .only(Packaging::Detached),
    ]
}
