//! The extended forms of CAdES: references, values in attributes, and archive time-stamps before
//! version 3.

use crate::archive::{ARCHIVED, archived, dropped};
use crate::attacks::{Apart, edit, edited, fields};
use crate::row::{Expected, Row, not_passed, passed, row};
use crate::scene::{Archive, DATA, Packaging, STAMPED, Scene, expired};
use imza::vocabulary::{CheckId, SignatureLevel, SubIndication};
use imza_test_vectors::archive::Former;
use imza_test_vectors::cms::{Attribute, id};
use imza_test_vectors::der;
use imza_test_vectors::hash::Hash;
use imza_test_vectors::long_term::LongTermValues;
use imza_test_vectors::tsa::{self, TokenSpec};

use CheckId::{CertificateValidity, ProofExistence, TimestampImprint};
use SubIndication::{HashFailure, OutOfBoundsNotRevoked};

/// id-aa-ets-certificateRefs.
const CERTIFICATE_REFERENCES: &str = "1.2.840.113549.1.9.16.2.21";
/// id-aa-ets-revocationRefs.
const REVOCATION_REFERENCES: &str = "1.2.840.113549.1.9.16.2.22";
/// id-aa-ets-certValues.
const CERTIFICATE_VALUES: &str = "1.2.840.113549.1.9.16.2.23";
/// id-aa-ets-revocationValues.
const REVOCATION_VALUES: &str = "1.2.840.113549.1.9.16.2.24";
/// id-aa-ets-escTimeStamp.
const C_TIMESTAMP: &str = "1.2.840.113549.1.9.16.2.25";
/// id-aa-ets-certCRLTimestamp.
const REFERENCES_TIMESTAMP: &str = "1.2.840.113549.1.9.16.2.26";
/// id-aa-ets-longTermValidation.
const LONG_TERM_VALIDATION: &str = "0.4.0.1733.2.2";

pub(crate) fn rows() -> Vec<Row> {
    let mut rows = of_former_archives();
    rows.extend(of_references());
    rows.extend(of_values());
    rows
}

/// Archived by a version before the third.
fn formerly(scene: &mut Scene, former: Former) {
    archived(scene);
    scene.archives[0].former = Some(former);
}

fn of_former_archives() -> Vec<Row> {
    let differs = dropped(HashFailure, TimestampImprint);
    vec![
        row(
            "archived by version 2 of CAdES",
            passed(ProofExistence),
            |scene| formerly(scene, Former::V2),
        ),
        row(
            "archived by version 2 of CAdES, without the set of attributes",
            passed(ProofExistence),
            |scene| formerly(scene, Former::V2WithoutSet),
        ),
        row(
            "archived by version 1 of CAdES, the content inside",
            passed(ProofExistence),
            |scene| {
                formerly(scene, Former::V1);
                scene.is_attached = true;
            },
        )
        .only(Packaging::Detached),
        row(
            "archived by version 1 of CAdES, over something else",
            differs,
            |scene| {
                formerly(scene, Former::V1);
                scene.is_attached = true;
                scene.archives[0].stamp.edit = |spec| spec.imprint = Hash::Sha256.digest(b"other");
            },
        )
        .only(Packaging::Detached),
        row(
            "archived by version 2 of CAdES, the content inside",
            passed(ProofExistence),
            |scene| {
                formerly(scene, Former::V2);
                scene.is_attached = true;
            },
        )
        .only(Packaging::Detached),
        row(
            "archived by version 1 of CAdES, the content outside",
            passed(ProofExistence),
            |scene| formerly(scene, Former::V1),
        ),
        row(
            "archived by version 1 of CAdES, without the content outside",
            passed(ProofExistence),
            |scene| formerly(scene, Former::V1WithoutContent),
        ),
        row(
            "archived by version 1 of CAdES, the content outside, over something else",
            differs,
            |scene| {
                formerly(scene, Former::V1);
                scene.archives[0].stamp.edit = |spec| spec.imprint = Hash::Sha256.digest(b"other");
            },
        ),
        row(
            "archived by version 2 and no signature time-stamp",
            passed(ProofExistence),
            |scene| {
                formerly(scene, Former::V2);
                scene.stamps.clear();
            },
        ),
        row(
            "archived by version 2 and again by version 2",
            passed(ProofExistence),
            |scene| {
                formerly(scene, Former::V2);
                again(scene, Some(Former::V2));
            },
        ),
        row(
            "archived by version 1 and again by version 2",
            passed(ProofExistence),
            |scene| {
                formerly(scene, Former::V1);
                again(scene, Some(Former::V2));
                scene.is_attached = true;
            },
        )
        .only(Packaging::Detached),
        row(
            "archived by version 2 and again by version 3",
            passed(ProofExistence),
            |scene| {
                formerly(scene, Former::V2);
                again(scene, None);
            },
        ),
        row(
            "archived by version 2, over something else",
            differs,
            |scene| {
                formerly(scene, Former::V2);
                scene.archives[0].stamp.edit = |spec| spec.imprint = Hash::Sha256.digest(b"other");
            },
        ),
        row(
            "archived by version 2, what is known came afterwards",
            differs,
            |scene| {
                formerly(scene, Former::V2);
                scene.is_known_last = true;
            },
        ),
        row(
            "archived by version 2, an attribute came afterwards",
            differs,
            |scene| {
                formerly(scene, Former::V2);
                edited(scene, |message| {
                    edit(message, |apart| {
                        apart.push_unsigned(&Attribute::new("1.3.6.1.4.1.32473.7", der::null()));
                    });
                });
            },
        ),
        row(
            "archived by version 2, an attribute was taken out",
            not_passed(SubIndication::OutOfBoundsNoPoe, CertificateValidity)
                .without_timestamp(HashFailure, TimestampImprint),
            |scene| {
                formerly(scene, Former::V2);
                edited(scene, |message| {
                    edit(message, |apart| {
                        let at = apart.at(0xa1).unwrap();
                        let mut list = fields(der::read(&apart.signer[at]).unwrap().0.content);
                        let stamp = der::oid(id::SIGNATURE_TIME_STAMP);
                        list.retain(|one| der::read(one).unwrap().0.content[..13] != stamp[..]);
                        apart.signer[at] = der::explicit(1, &list.concat());
                    });
                });
            },
        ),
        row(
            "archived by version 2, a certificate came afterwards",
            differs,
            |scene| {
                formerly(scene, Former::V2);
                edited(scene, |message| {
                    edit(message, |apart| {
                        let stranger = Scene::new(Packaging::Detached).pki.stranger;
                        let at = apart
                            .data
                            .iter()
                            .position(|field| field[0] == 0xa0)
                            .unwrap();
                        let list = der::read(&apart.data[at]).unwrap().0.content;
                        let list = [list, stranger.certificate.as_slice()].concat();
                        apart.data[at] = der::explicit(0, &list);
                    });
                });
            },
        ),
        row(
            "archived by version 2, the token is none",
            dropped(SubIndication::FormatFailure, CheckId::TimestampToken),
            |scene| {
                formerly(scene, Former::V2);
                scene.archives[0].stamp.forged = Some(der::octet_string(b"garbage"));
            },
        ),
    ]
}

/// Archived once more, a minute later.
fn again(scene: &mut Scene, former: Option<Former>) {
    let tsa = scene.tsa.clone();
    let mut second = Archive::at(ARCHIVED + 60, &tsa);
    second.former = former;
    scene.archives.push(second);
}

/// Type and values of the attributes of a type, one after the other.
fn pieces(apart: &Apart, oid: &str) -> Vec<u8> {
    let Some(at) = apart.at(0xa1) else {
        return Vec::new();
    };
    let list = fields(der::read(&apart.signer[at]).unwrap().0.content);
    let contents = list.iter().map(|one| der::read(one).unwrap().0.content);
    let own = contents.filter(|content| content.starts_with(&der::oid(oid)));
    own.collect::<Vec<_>>().concat()
}

/// Level C: references, whatever they say.
fn add_references(apart: &mut Apart) {
    for oid in [CERTIFICATE_REFERENCES, REVOCATION_REFERENCES] {
        let value = der::sequence(&[&der::sequence(&[])]);
        apart.push_unsigned(&Attribute::new(oid, value));
    }
}

/// What a CAdES-C-timestamp is over (EN 319 122-1 §A.1.5.2).
fn over_all(apart: &Apart) -> Vec<u8> {
    let value = der::read(&apart.signer[5]).unwrap().0.content;
    let mut octets = value.to_vec();
    for oid in [
        id::SIGNATURE_TIME_STAMP,
        CERTIFICATE_REFERENCES,
        REVOCATION_REFERENCES,
    ] {
        octets.extend(pieces(apart, oid));
    }
    octets
}

fn over_references(apart: &Apart) -> Vec<u8> {
    let all = [CERTIFICATE_REFERENCES, REVOCATION_REFERENCES];
    all.map(|oid| pieces(apart, oid)).concat()
}

fn token(over: &[u8]) -> Vec<u8> {
    let tsa = Scene::new(Packaging::Detached).tsa;
    let spec = TokenSpec::over(over, Hash::Sha256, STAMPED + 1, &tsa);
    tsa::token(&spec, &tsa).unwrap()
}

/// Level X of the first type.
fn add_c_timestamp(message: &mut Vec<u8>) {
    edit(message, |apart| {
        add_references(apart);
        let token = token(&over_all(apart));
        apart.push_unsigned(&Attribute::new(C_TIMESTAMP, token));
    });
}

/// Level X of the second type.
fn add_references_timestamp(message: &mut Vec<u8>) {
    edit(message, |apart| {
        add_references(apart);
        let token = token(&over_references(apart));
        apart.push_unsigned(&Attribute::new(REFERENCES_TIMESTAMP, token));
    });
}

/// The signer has expired since, and no other time-stamp tells when he signed.
fn only(scene: &mut Scene, change: fn(&mut Vec<u8>)) {
    expired(scene);
    scene.stamps.clear();
    edited(scene, change);
}

fn of_references() -> Vec<Row> {
    let unproven: Expected = not_passed(OutOfBoundsNotRevoked, CertificateValidity);
    vec![
        row(
            "a time-stamp over signature and references proves the signature",
            passed(CertificateValidity),
            |scene| only(scene, add_c_timestamp),
        ),
        row(
            "a time-stamp over the references alone proves nothing of the signature",
            unproven,
            |scene| only(scene, add_references_timestamp),
        ),
        row(
            "a time-stamp over signature and references, of which one was exchanged",
            unproven.without_timestamp(HashFailure, TimestampImprint),
            |scene| {
                only(scene, |message| {
                    edit(message, |apart| {
                        add_references(apart);
                        let token = token(&over_all(apart));
                        apart.push_unsigned(&Attribute::new(C_TIMESTAMP, token));
                        apart.push_unsigned(&Attribute::new(
                            REVOCATION_REFERENCES,
                            der::sequence(&[]),
                        ));
                    });
                });
            },
        ),
        row(
            "a time-stamp over the references, presented as one over all",
            unproven.without_timestamp(HashFailure, TimestampImprint),
            |scene| {
                only(scene, |message| {
                    edit(message, |apart| {
                        add_references(apart);
                        let token = token(&over_references(apart));
                        apart.push_unsigned(&Attribute::new(C_TIMESTAMP, token));
                    });
                });
            },
        ),
        row(
            "a time-stamp over references that are not there",
            unproven.without_timestamp(SubIndication::SignedDataNotFound, TimestampImprint),
            |scene| {
                only(scene, |message| {
                    edit(message, |apart| {
                        apart.push_unsigned(&Attribute::new(REFERENCES_TIMESTAMP, token(b"")));
                    });
                });
            },
        ),
    ]
}

/// certificate-values and revocation-values of what is known.
fn values(known: &LongTermValues) -> [Attribute; 2] {
    let basics = known.ocsps.iter().map(|response| {
        // OCSPResponse { status, [0] { type, OCTET STRING } }: values hold what is in the string.
        let outer = fields(der::read(response).unwrap().0.content);
        let bytes = der::read(&outer[1]).unwrap().0.content;
        let inner = fields(der::read(bytes).unwrap().0.content);
        der::read(&inner[1]).unwrap().0.content.to_vec()
    });
    let basics: Vec<Vec<u8>> = basics.collect();
    let revocation = der::sequence(&[
        &der::explicit(0, &der::sequence_of(&known.crls)),
        &der::explicit(1, &der::sequence_of(&basics)),
    ]);
    [
        Attribute::new(CERTIFICATE_VALUES, der::sequence_of(&known.certificates)),
        Attribute::new(REVOCATION_VALUES, revocation),
    ]
}

/// Moves certificates (but the signer's) and revocation data from the message into attributes.
fn move_values(message: &mut Vec<u8>) {
    edit(message, |apart| {
        let known = Scene::new(Packaging::Detached).values();
        apart.data.retain(|field| field[0] != 0xa1);
        for attribute in values(&known) {
            apart.push_unsigned(&attribute);
        }
    });
}

/// Nothing is known but what the signature carries.
fn carried(scene: &mut Scene, change: fn(&mut Vec<u8>)) {
    scene.is_embedded = true;
    edited(scene, change);
}

fn of_values() -> Vec<Row> {
    let unknown = not_passed(
        SubIndication::CertificateChainGeneralFailure,
        CheckId::RevocationAvailable,
    )
    .without_timestamp(
        SubIndication::CertificateChainGeneralFailure,
        CheckId::RevocationAvailable,
    );
    vec![
        row(
            "everything known is in values of attributes",
            passed(CheckId::RevocationAvailable),
            |scene| carried(scene, move_values),
        ),
        row("revocation values that are none", unknown, |scene| {
            carried(scene, |message| {
                edit(message, |apart| {
                    let known = Scene::new(Packaging::Detached).values();
                    apart.data.retain(|field| field[0] != 0xa1);
                    let [certificates, _] = values(&known);
                    apart.push_unsigned(&certificates);
                    apart.push_unsigned(&Attribute::new(REVOCATION_VALUES, der::null()));
                });
            });
        }),
        row("only references to what is known", unknown, |scene| {
            carried(scene, |message| {
                edit(message, |apart| {
                    apart.data.retain(|field| field[0] != 0xa1);
                    add_references(apart);
                });
            });
        }),
        row(
            "long-term-validation carries certificates and lists",
            passed(CheckId::RevocationAvailable),
            |scene| {
                // Of the signer there is a list, too.
                scene.about_signer = vec![crate::scene::Known::Crl(None, DATA)];
                scene.about_tsa = scene.about_signer.clone();
                carried(scene, |message| {
                    edit(message, |apart| {
                        let mut scene = Scene::new(Packaging::Detached);
                        scene.about_signer = vec![crate::scene::Known::Crl(None, DATA)];
                        scene.about_tsa = scene.about_signer.clone();
                        let known = scene.values();
                        apart.data.retain(|field| field[0] != 0xa1);
                        let value = der::sequence(&[
                            &der::generalized_time(DATA),
                            &der::explicit(0, &known.certificates.concat()),
                            &der::explicit(1, &known.crls.concat()),
                        ]);
                        apart.push_unsigned(&Attribute::new(LONG_TERM_VALIDATION, value));
                    });
                });
            },
        ),
        row(
            "the time-stamp of long-term-validation proves nothing",
            not_passed(OutOfBoundsNotRevoked, CertificateValidity)
                .without_timestamp(SubIndication::Custom, CheckId::UnsupportedFeature),
            |scene| {
                only(scene, |message| {
                    edit(message, |apart| {
                        let value = der::sequence(&[
                            &der::generalized_time(STAMPED),
                            &der::explicit(0, &token(&over_all(apart))),
                        ]);
                        apart.push_unsigned(&Attribute::new(LONG_TERM_VALIDATION, value));
                    });
                });
            },
        ),
    ]
}

#[test]
fn the_forms_are_told_apart() {
    type Change = fn(&mut Vec<u8>);
    let forms: [(SignatureLevel, Change); 5] = [
        (SignatureLevel::C, |message| edit(message, add_references)),
        (SignatureLevel::X, add_c_timestamp),
        (SignatureLevel::X, add_references_timestamp),
        (SignatureLevel::Xl, |message| {
            add_c_timestamp(message);
            move_values(message);
        }),
        (SignatureLevel::A, |message| {
            add_c_timestamp(message);
            move_values(message);
            edit(message, |apart| {
                apart.push_unsigned(&Attribute::new("1.2.840.113549.1.9.16.2.48", token(b"")));
            });
        }),
    ];
    for (level, change) in forms {
        let mut scene = Scene::new(Packaging::Detached);
        edited(&mut scene, change);
        let report = scene.case().validate().report;
        assert_eq!(report.signatures[0].level, level);
    }
}
