//! Data, values and form: what was signed is there and unchanged.

use crate::row::{Row, not_passed, passed, row, warned};
use crate::scene::{Known, LATER, Packaging, SIGNED, Scene};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use imza::vocabulary::{CheckId, Level, Outcome, SubIndication};
use imza_test_vectors::asic;
use imza_test_vectors::cms::{Attribute, id};
use imza_test_vectors::der;
use imza_test_vectors::hash::Hash;
use imza_test_vectors::ocsp::CertStatus;
use imza_test_vectors::xades::DataFile;
use imza_test_vectors::zip::Entry;

use CheckId::{
    AttributeAlgorithmProtection, ContainerAllFilesSigned, ContainerChecksum, ContainerMimetype,
    ContainerNames, ContainerStructure, DocumentAllSigned, FormatStructure, LimitJudging,
    ReferenceFound, ReferenceIntact, SignatureIntact, SignaturePolicyAvailable,
    UnsupportedAlgorithm,
};
use SubIndication::{
    Custom, FormatFailure, HashFailure, SigConstraintsFailure, SigCryptoFailure, SignedDataNotFound,
};

pub(crate) fn rows() -> Vec<Row> {
    let mut rows = of_content();
    rows.extend(of_attributes());
    rows.extend(of_containers());
    rows
}

/// A message in its textual encoding (RFC 7468 §9), with text around it.
fn in_pem(before: &str, message: &[u8], behind: &str) -> Vec<u8> {
    let base64 = STANDARD.encode(message);
    format!("{before}-----BEGIN CMS-----\n{base64}\n-----END CMS-----\n{behind}").into_bytes()
}

fn of_content() -> Vec<Row> {
    vec![
        row(
            "words before a message in PEM",
            warned(DocumentAllSigned),
            |scene| {
                scene.edit_inputs = |inputs| inputs[0].1 = in_pem("Pay B\n", &inputs[0].1, "");
            },
        )
        .only(Packaging::Detached),
        row(
            "blank lines around a message in PEM",
            passed(FormatStructure),
            |scene| {
                scene.edit_inputs = |inputs| inputs[0].1 = in_pem("\n", &inputs[0].1, "\n \r\n");
            },
        )
        .only(Packaging::Detached),
        row(
            "the document was changed",
            not_passed(HashFailure, ReferenceIntact).broken(),
            |scene| {
                scene.edit_inputs = |inputs| inputs[1].1.push(b'!');
            },
        )
        .only(Packaging::Detached),
        row(
            "the document is missing",
            not_passed(SignedDataNotFound, ReferenceFound).unknown(),
            |scene| {
                scene.edit_inputs = |inputs| inputs.truncate(1);
            },
        )
        .only(Packaging::Detached),
        row(
            "the file was changed",
            not_passed(HashFailure, ReferenceIntact).broken(),
            |scene| {
                scene.edit_entries = |entries| entries[1].bytes.push(b'!');
            },
        )
        .only(Packaging::AsicS),
        row(
            "a file of the manifest was changed",
            not_passed(HashFailure, ReferenceIntact).broken(),
            |scene| {
                scene.edit_entries = |entries| entries[1].bytes.push(b'!');
            },
        )
        .only(Packaging::AsicE),
        row(
            "the manifest was changed",
            not_passed(HashFailure, ReferenceIntact).broken(),
            |scene| {
                scene.edit_entries = |entries| entries[2].bytes.push(b'\n');
            },
        )
        .only(Packaging::AsicE),
        row(
            "a file of the manifest is missing",
            not_passed(SignedDataNotFound, ReferenceFound).broken(),
            |scene| {
                scene.edit_entries = |entries| drop(entries.remove(1));
            },
        )
        .only(Packaging::AsicE),
        row(
            "message digest of something else",
            not_passed(HashFailure, ReferenceIntact).broken(),
            |scene| {
                scene.edit_attributes = Some(|data, _| {
                    data.set(Attribute::message_digest(&Hash::Sha256.digest(b"another")));
                });
            },
        ),
        row(
            "broken signature value",
            not_passed(SigCryptoFailure, SignatureIntact).broken(),
            |scene| scene.edit_attributes = Some(|data, _| data.break_signature = true),
        ),
        row(
            "wrong digest, and revoked",
            not_passed(HashFailure, ReferenceIntact).broken(),
            |scene| {
                scene.judged_at(LATER + 10, LATER + 60);
                let said = CertStatus::Revoked(SIGNED - 60, None);
                scene.about_signer = vec![Known::Ocsp(said, LATER + 10)];
                scene.edit_attributes = Some(|data, _| {
                    data.set(Attribute::message_digest(&Hash::Sha256.digest(b"another")));
                });
            },
        ),
        row(
            "broken signature value, and no trust",
            not_passed(SigCryptoFailure, SignatureIntact)
                .broken()
                .without_timestamp(SubIndication::NoCertificateChainFound, CheckId::PathFound),
            |scene| {
                scene.edit_attributes = Some(|data, _| data.break_signature = true);
                scene.anchors.clear();
            },
        ),
    ]
}

/// signature-policy-identifier (RFC 5126 §5.8.1).
fn named_policy(scene: &mut Scene) {
    scene.edit_attributes = Some(|data, _| {
        let digest = der::sequence(&[&Hash::Sha256.identifier(), &der::octet_string(&[7; 32])]);
        let named = der::sequence(&[&der::oid("1.3.6.1.4.1.32473.5"), &digest]);
        data.set(Attribute::new("1.2.840.113549.1.9.16.2.15", named));
    });
}

fn of_attributes() -> Vec<Row> {
    vec![
        row(
            "no message digest",
            not_passed(FormatFailure, FormatStructure).unknown(),
            |scene| {
                scene.edit_attributes = Some(|data, _| data.remove(id::MESSAGE_DIGEST));
            },
        ),
        row(
            "two message digests",
            not_passed(FormatFailure, FormatStructure).unknown(),
            |scene| {
                scene.edit_attributes = Some(|data, _| {
                    let other = Attribute::message_digest(&Hash::Sha256.digest(b"another"));
                    data.attributes.get_or_insert_default().push(other);
                });
            },
        ),
        row(
            "no content type",
            not_passed(FormatFailure, FormatStructure),
            |scene| {
                scene.edit_attributes = Some(|data, _| data.remove(id::CONTENT_TYPE));
            },
        ),
        row(
            "another content type",
            not_passed(FormatFailure, FormatStructure),
            |scene| {
                scene.edit_attributes =
                    Some(|data, _| data.set(Attribute::content_type(id::TST_INFO)));
            },
        ),
        row(
            "algorithms named twice that differ",
            not_passed(SigConstraintsFailure, AttributeAlgorithmProtection),
            |scene| {
                // RFC 6211 §2: the digest is another one than the SignerInfo's.
                scene.edit_attributes = Some(|data, _| {
                    let signature = der::sequence(&[&der::oid("1.2.840.10045.4.3.2")]);
                    let inner = signature.get(2..).unwrap_or_default();
                    let named =
                        der::sequence(&[&Hash::Sha512.identifier(), &der::explicit(1, inner)]);
                    data.set(Attribute::new("1.2.840.113549.1.9.52", named));
                });
            },
        ),
        row(
            "a named signature policy",
            warned(SignaturePolicyAvailable),
            named_policy,
        ),
        row(
            "neither message digest nor certificate reference",
            not_passed(FormatFailure, FormatStructure).unknown(),
            |scene| {
                scene.edit_attributes = Some(|data, _| {
                    data.remove(id::MESSAGE_DIGEST);
                    data.remove(id::SIGNING_CERTIFICATE_V2);
                });
            },
        ),
        row(
            "no signed attributes at all",
            not_passed(SigConstraintsFailure, CheckId::AttributeSigningTime),
            |scene| scene.edit_attributes = Some(|data, _| data.attributes = None),
        )
        .only(Packaging::AsicE),
        row(
            "a message digest by an unknown algorithm",
            not_passed(Custom, UnsupportedAlgorithm).unknown(),
            |scene| {
                scene.edit_message = Some(|message| {
                    // The last octet of SHA-256's identifier, everywhere in the message.
                    let own = der::oid("2.16.840.1.101.3.4.2.1");
                    let found: Vec<usize> = (0..message.len())
                        .filter(|at| message[*at..].starts_with(&own))
                        .collect();
                    for at in found {
                        message[at + own.len() - 1] = 0x7f;
                    }
                });
                scene.stamps.clear();
            },
        )
        .only(Packaging::Detached),
        row(
            "no signed attributes over a document that is streamed",
            not_passed(SigConstraintsFailure, CheckId::AttributeSigningTime),
            |scene| scene.edit_attributes = Some(|data, _| data.attributes = None),
        )
        .only(Packaging::Detached),
        row(
            "no signed attributes over a document that is streamed, where none are asked for",
            passed(SignatureIntact),
            without_attributes,
        )
        .only(Packaging::Detached),
        row(
            "no signed attributes over the file of a container, where none are asked for",
            passed(ContainerAllFilesSigned),
            without_attributes,
        )
        .only(Packaging::AsicS),
        row(
            "no signed attributes, and the document was changed",
            not_passed(SigCryptoFailure, SignatureIntact).broken(),
            |scene| {
                without_attributes(scene);
                scene.edit_inputs = |inputs| inputs[1].1.push(b'!');
            },
        )
        .only(Packaging::Detached),
        row(
            "not enough values left to read the signature",
            not_passed(Custom, CheckId::LimitReading).unknown(),
            |scene| scene.limits.values = 10,
        )
        .only(Packaging::AsicS),
        row(
            "not enough signature checks left",
            not_passed(Custom, LimitJudging).unknown(),
            |scene| {
                scene.limits.signature_checks = 1;
            },
        ),
    ]
}

/// CMS without signed attributes (RFC 5652 §5.4), judged by a policy that wants none.
fn without_attributes(scene: &mut Scene) {
    scene.edit_attributes = Some(|data, _| data.attributes = None);
    let wanted = [
        CheckId::AttributeSigningTime,
        CheckId::AttributeSigningTimeInValidity,
        CheckId::SigningCertificateReference,
    ];
    for check in wanted {
        scene.policy.levels.insert(check, Level::Ignore);
    }
}

fn of_containers() -> Vec<Row> {
    vec![
        row(
            "a file that nobody signed",
            warned(ContainerAllFilesSigned),
            |scene| {
                scene.edit_entries = |entries| entries.insert(2, Entry::new("b.txt", b"b"));
            },
        )
        .only(Packaging::AsicE),
        row(
            "a file that nobody signed where all must be",
            not_passed(SigConstraintsFailure, ContainerAllFilesSigned),
            |scene| {
                scene.edit_entries = |entries| entries.insert(2, Entry::new("b.txt", b"b"));
                let fail = Level::Fail;
                scene.policy.levels.insert(ContainerAllFilesSigned, fail);
            },
        )
        .only(Packaging::AsicE),
        row(
            "a missing signature policy where it must be there",
            not_passed(
                SubIndication::SignaturePolicyNotAvailable,
                SignaturePolicyAvailable,
            ),
            |scene| {
                named_policy(scene);
                let fail = Level::Fail;
                scene.policy.levels.insert(SignaturePolicyAvailable, fail);
            },
        ),
        row(
            "octets between the files",
            not_passed(FormatFailure, ContainerStructure),
            |scene| {
                scene.edit_entries = |entries| entries[1].gap = b"hidden".to_vec();
            },
        )
        .only(Packaging::AsicE),
        row(
            "another name in the local header",
            not_passed(FormatFailure, ContainerStructure),
            |scene| {
                scene.edit_entries = |entries| entries[1].local_name = Some("b.txt".to_owned());
            },
        )
        .only(Packaging::AsicE),
        row(
            "a wrong checksum",
            not_passed(FormatFailure, ContainerChecksum),
            |scene| {
                scene.edit_entries = |entries| entries[1].crc32 = Some(7);
            },
        )
        .only(Packaging::AsicE),
        row(
            "two files of one name",
            not_passed(FormatFailure, ContainerNames),
            |scene| {
                scene.edit_entries = |entries| {
                    let again = entries[1].clone();
                    entries.push(again);
                };
            },
        )
        .only(Packaging::AsicE),
        row(
            "a file name that leads out",
            not_passed(FormatFailure, ContainerNames),
            |scene| {
                scene.edit_entries = |entries| entries.push(Entry::new("../b.txt", b"b"));
            },
        )
        .only(Packaging::AsicE),
        row(
            "a file in META-INF in another case",
            not_passed(FormatFailure, ContainerNames),
            |scene| {
                scene.edit_entries = |entries| entries.push(Entry::new("meta-INF/b.txt", b"b"));
            },
        )
        .only(Packaging::AsicE),
        row(
            "mimetype is not the first",
            warned(ContainerMimetype),
            |scene| {
                scene.edit_entries = |entries| entries.swap(0, 1);
            },
        )
        .only(Packaging::AsicE),
        row(
            "a signature without its manifest",
            not_passed(FormatFailure, FormatStructure).unknown(),
            |scene| {
                scene.edit_entries = |entries| drop(entries.remove(2));
            },
        )
        .only(Packaging::AsicE),
        row(
            "a signature file that is none",
            not_passed(FormatFailure, FormatStructure).unknown(),
            |scene| {
                scene.edit_message = Some(|message| message.truncate(40));
            },
        )
        .only(Packaging::AsicS),
    ]
}

/// EN 319 162-1 §4.4.3.2: a signature over a manifest that names no file vouches for nothing.
#[test]
fn a_signed_manifest_that_names_no_file_signs_nothing() {
    let scene = Scene::new(Packaging::AsicE);
    let file = DataFile::new("a.txt", "text/plain", &scene.content);
    for (named, structure) in [(vec![file.clone()], None), (vec![], Some(Outcome::Failed))] {
        let manifest = asic::asic_manifest(&named, Hash::Sha256);
        let message = scene.message(manifest.as_bytes());
        let files = std::slice::from_ref(&file);
        let entries = asic::asic_e_cades(files, &manifest, &message);
        let mut case = scene.case();
        case.inputs = vec![("a.asice".to_owned(), asic::write(&entries))];
        let report = case.validate().report;
        let signature = &report.signatures[0];
        assert_eq!(signature.sub_indication, structure.map(|_| FormatFailure));
        let mut checks = signature.checks.iter();
        let failed = checks
            .find(|check| check.id == CheckId::FormatStructure && check.outcome == Outcome::Failed);
        assert_eq!(failed.map(|check| check.outcome), structure);
        let is_covered = !report.files[0].covered_by.is_empty();
        assert_eq!(is_covered, structure.is_none());
    }
}
