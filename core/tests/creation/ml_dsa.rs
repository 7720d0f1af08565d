//! ML-DSA: in messages, containers with messages and PDFs; not in XML.

use super::containers::files;
use super::messages::{augmented, judge, message};
use super::{CONTENTS, NAMES, SIGNED, context, pdf, validate, write};
use imza::algorithm::{DigestAlgorithm, SignatureAlgorithm};
use imza::asn1::write as der;
use imza::cms::SignedData;
use imza::creation::{
    Augmentation, AugmentationRequest, DocumentToSign, Packaging, Preparation, SigningParameters,
    SigningRequest, TIMESTAMP_ROOM, sign,
};
use imza::crypto::SoftwareKey;
use imza::job::Seed;
use imza::limits::Budget;
use imza::policy::{RevocationRequirement, ValidationPolicy};
use imza::reading::Network;
use imza::signer::Signer;
use imza::signer::software::SoftwareSigner;
use imza::source::Input;
use imza::time::UnixTime;
use imza::transport::drive;
use imza::validation::Context;
use imza::vocabulary::{BaselineLevel, SignatureLevel};
use imza_test_vectors::Pki;
use imza_test_vectors::name::Name;
use imza_test_vectors::pdf::{CrossReference, Pdf};
use std::sync::Arc;

const DAY: i64 = 86_400;

const SETS: [(SignatureAlgorithm, &str); 3] = [
    (SignatureAlgorithm::MlDsa44, "2.16.840.1.101.3.4.3.17"),
    (SignatureAlgorithm::MlDsa65, "2.16.840.1.101.3.4.3.18"),
    (SignatureAlgorithm::MlDsa87, "2.16.840.1.101.3.4.3.19"),
];

/// A key made from a seed, with a certificate of the PKI.
fn signer(oid: &str) -> SoftwareSigner {
    let pki = Pki::fixed().unwrap();
    let key = der::sequence(&[
        &der::integer(0),
        &der::sequence(&[&der::oid(oid)]),
        &der::octet_string(&der::implicit(0, &[7; 32])),
    ]);
    let key = SoftwareKey::from_pkcs8_der(&key).unwrap();
    let name = Name::person("Module", "Lattice", "PNOAZ-MLDSA");
    let certificate = pki.certify(name, key.public_key().spki(), 0x7002).unwrap();
    SoftwareSigner::new(key, vec![certificate.into()], Seed::new([3; 32])).unwrap()
}

/// At levels B and T, which carry no revocation data, none is asked for.
fn without_revocation(time: i64) -> Context {
    let mut policy = ValidationPolicy::standard();
    policy.revocation = RevocationRequirement::None;
    let mut context = context(&Pki::fixed().unwrap(), time);
    context.policy = Arc::new(policy);
    context
}

#[test]
fn messages_of_every_set_pass_beside_and_around_their_content() {
    let context = without_revocation(SIGNED + 60);
    for (algorithm, oid) in SETS {
        let mut signer = signer(oid);
        assert_eq!(signer.algorithms(), [algorithm]);
        let detached = message(Packaging::CadesDetached, &mut signer, algorithm);
        let attached = message(Packaging::CadesAttached, &mut signer, algorithm);
        for (message, content) in [(&detached, Some(CONTENTS[0])), (&attached, None)] {
            let report = judge(message, content, &context);
            assert_eq!(report.exit_status(), 0, "{}", report.to_pretty_json());
            let level = report.signatures.first().unwrap().level;
            assert_eq!(level, SignatureLevel::BaselineB, "{algorithm}");
            // RFC 9882 §3.3: SHA-512, and no parameters beside the algorithm.
            let data = SignedData::parse(message, &mut Budget::default()).unwrap();
            let info = data.signer_infos.first().unwrap();
            assert_eq!(
                info.digest_algorithm.digest_algorithm(),
                Ok(DigestAlgorithm::Sha512)
            );
            assert_eq!(
                *info.signature_algorithm.whole,
                *der::sequence(&[&der::oid(oid)])
            );
        }
        let other = judge(&detached, Some(b"other"), &context);
        assert_eq!(other.exit_status(), 20, "{algorithm}");
        let mut changed = detached.clone();
        *changed.last_mut().unwrap() ^= 1;
        let changed = judge(&changed, Some(CONTENTS[0]), &context);
        assert_eq!(changed.exit_status(), 20, "{algorithm}");
    }
}

#[test]
fn messages_of_ml_dsa_reach_every_level_and_pass_offline_for_years() {
    let pki = Pki::fixed().unwrap();
    for (packaging, content, (algorithm, oid)) in [
        (Packaging::CadesDetached, Some(CONTENTS[0]), SETS[0]),
        (Packaging::CadesAttached, None, SETS[1]),
        (Packaging::CadesDetached, Some(CONTENTS[0]), SETS[2]),
    ] {
        let b = message(packaging, &mut signer(oid), algorithm);
        let t = augmented(&b, content, BaselineLevel::T, SIGNED + 10).unwrap();
        let lt = augmented(&t, content, BaselineLevel::Lt, SIGNED + 20).unwrap();
        let lta = augmented(&lt, content, BaselineLevel::Lta, SIGNED + 30).unwrap();
        for (message, level, later) in [
            (&lt, SignatureLevel::BaselineLt, 400 * DAY),
            (&lta, SignatureLevel::BaselineLta, 60),
            (&lta, SignatureLevel::BaselineLta, 400 * DAY),
        ] {
            let report = judge(message, content, &context(&pki, SIGNED + later));
            assert_eq!(report.exit_status(), 0, "{}", report.to_pretty_json());
            assert_eq!(report.signatures.first().unwrap().level, level);
        }
    }
}

#[test]
fn containers_hold_messages_of_ml_dsa() {
    let context = without_revocation(SIGNED + 60);
    for (algorithm, oid) in SETS {
        for packaging in [Packaging::AsicSWithCades, Packaging::AsicEWithCades] {
            let container = message(packaging, &mut signer(oid), algorithm);
            assert!(files(&container).contains_key(NAMES[0]));
            let report = validate(&container, &context);
            assert_eq!(report.exit_status(), 0, "{}", report.to_pretty_json());
            let level = report.signatures.first().unwrap().level;
            assert_eq!(level, SignatureLevel::BaselineB, "{algorithm}");
        }
    }
}

#[test]
fn pdfs_have_room_for_values_of_ml_dsa() {
    let pki = Pki::fixed().unwrap();
    let document = Pdf::new("May build.", CrossReference::Table);
    let document = document.bytes();
    for (algorithm, oid) in SETS {
        let mut signer = signer(oid);
        let time = UnixTime::from_seconds(SIGNED);
        let mut parameters = SigningParameters::new(Packaging::Pades, algorithm, time);
        parameters.timestamp_room = TIMESTAMP_ROOM;
        let mut certificates = signer.certificate();
        certificates.push(pki.issuing_ca.certificate.as_slice().into());
        let request = SigningRequest {
            documents: vec![DocumentToSign {
                input: pdf::on_request(document),
                media_type: "application/pdf".to_owned(),
            }],
            certificates,
            parameters,
        };
        let mut world = pdf::world(document, SIGNED + 10);
        let pending = drive(Preparation::begin(request).unwrap(), &mut world).unwrap();
        let edits = sign(&pending, &mut signer).unwrap();
        let request = AugmentationRequest {
            edits,
            inputs: vec![pdf::on_request(document)],
            level: BaselineLevel::Lta,
            timestamp_authority: format!("{}/tsa", pki.url),
            context: context(&pki, SIGNED + 10),
            seed: Seed::new([9; 32]),
            network: Network::Online,
        };
        let edits = drive(Augmentation::begin(request).unwrap(), &mut world).unwrap();
        let signed = write(&edits, &mut world);
        let report = validate(&signed, &context(&pki, SIGNED + 400 * DAY));
        assert_eq!(report.exit_status(), 0, "{}", report.to_pretty_json());
        let level = report.signatures.first().unwrap().level;
        assert_eq!(level, SignatureLevel::BaselineLta, "{algorithm}");
    }
}

#[test]
fn ml_dsa_has_no_name_in_xml_and_says_so_before_anything_is_read() {
    for packaging in [
        Packaging::AsicEWithXades,
        Packaging::AsicXadesAddition,
        Packaging::AsicSWithXades,
        Packaging::AsicCounterSignature,
        Packaging::XadesCounterSignature,
        Packaging::XadesDetached,
        Packaging::XadesEnveloping,
        Packaging::XadesEnveloped,
        Packaging::XadesInternallyDetached,
    ] {
        for (algorithm, oid) in SETS {
            let time = UnixTime::from_seconds(SIGNED);
            let request = SigningRequest {
                documents: vec![DocumentToSign {
                    input: Input::at_hand("a.xml", b"<a/>".as_slice()),
                    media_type: "text/xml".to_owned(),
                }],
                certificates: signer(oid).certificate(),
                parameters: SigningParameters::new(packaging, algorithm, time),
            };
            let refused = Preparation::begin(request).err().unwrap();
            assert_eq!(refused.code(), "unsupported.algorithm", "{packaging:?}");
            let said = format!("{algorithm} in XML signatures");
            assert!(refused.to_string().contains(&said), "{refused}");
        }
    }
}

#[test]
fn a_key_of_one_set_signs_with_no_other() {
    for (algorithm, _) in SETS {
        for (_, oid) in SETS.iter().filter(|(other, _)| *other != algorithm) {
            let time = UnixTime::from_seconds(SIGNED);
            let request = SigningRequest {
                documents: vec![DocumentToSign {
                    input: Input::at_hand("a.txt", b"a".as_slice()),
                    media_type: "text/plain".to_owned(),
                }],
                certificates: signer(oid).certificate(),
                parameters: SigningParameters::new(Packaging::CadesDetached, algorithm, time),
            };
            let refused = Preparation::begin(request).err().unwrap();
            assert_eq!(refused.code(), "api-misuse.contradictory-parameters");
        }
    }
}
