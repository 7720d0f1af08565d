//! New signatures.

use super::*;
use crate::algorithm::{SignatureAlgorithm, ValueEncoding};
use crate::crypto::SoftwareKey;
use crate::job::Seed;
use crate::signature::Role;
use crate::time::UnixTime;
use imza_test_vectors::pki::Entity;

pub(super) fn ecdsa() -> SignatureAlgorithm {
    SignatureAlgorithm::Ecdsa {
        digest: DigestAlgorithm::Sha256,
        encoding: ValueEncoding::Plain,
    }
}

pub(super) fn blueprint(entity: &Entity, algorithm: SignatureAlgorithm) -> Blueprint {
    let pki = Pki::fixed().unwrap();
    Blueprint {
        references: vec![NewReference {
            name: "ərizə 1.txt".to_owned(),
            digest: crypto::digest(DigestAlgorithm::Sha256, b"salam\n").unwrap(),
            media_type: "text/plain".to_owned(),
            form: ReferenceForm::File,
        }],
        naming: Naming::References,
        digest: DigestAlgorithm::Sha256,
        algorithm,
        signing_certificate: entity.certificate.clone(),
        other_certificates: vec![pki.issuing_ca.certificate.clone()],
        claimed_signing_time: UnixTime::from_seconds(TIME),
        roles: vec!["müdir & <başqa>".to_owned()],
        certified_roles: Vec::new(),
        signed_assertions: Vec::new(),
        production_place: Some(["AZ", "", "", "Bakı", ""].map(str::to_owned)),
        policy: None,
        commitments: Vec::new(),
        stamped_content: StampedContent::Each,
        content_timestamps: Vec::new(),
    }
}

pub(super) fn signed(entity: &Entity, blueprint: &Blueprint) -> String {
    let key = SoftwareKey::from_pkcs8_der(entity.key.pkcs8_der()).unwrap();
    let data = blueprint.data_to_be_signed().unwrap();
    let message = Message::Octets(&data);
    let value = key
        .sign(blueprint.algorithm, message, &Seed::new([7; 32]))
        .unwrap();
    String::from_utf8(blueprint.signature(&value).unwrap()).unwrap()
}

#[test]
fn what_is_created_is_read_and_fits() {
    let pki = Pki::fixed().unwrap();
    let pss = SignatureAlgorithm::pss(DigestAlgorithm::Sha256);
    let pkcs1 = SignatureAlgorithm::RsaPkcs1 {
        digest: DigestAlgorithm::Sha256,
    };
    for (entity, algorithm) in [
        (&pki.citizen_p256, ecdsa()),
        (&pki.citizen_p384, ecdsa()),
        (&pki.citizen_rsa_2048, pkcs1),
        (&pki.citizen_rsa_2048, pss),
    ] {
        let blueprint = blueprint(entity, algorithm);
        let xml = signed(entity, &blueprint);
        let records = read(xml.as_bytes(), &files());
        assert_eq!(records.len(), 1);
        let record = &records[0];
        assert_eq!(
            faults(record, &files()),
            Vec::<String>::new(),
            "{algorithm}"
        );
        assert_eq!(record.level, SignatureLevel::BaselineB);
        assert_eq!(
            record.claims.signing_time,
            Some(blueprint.claimed_signing_time)
        );
        let roles = blueprint.roles.iter().cloned().map(Role::claimed);
        assert_eq!(record.claims.roles, roles.collect::<Vec<_>>());
        let place = &record.claims.production_place;
        assert_eq!(place.country.as_deref(), Some("AZ"));
        assert_eq!(place.city.as_deref(), Some("Bakı"));
        assert_eq!(place.street, None);
        assert_eq!(record.claims.media_types.len(), 1);
        assert_eq!(record.certificates.len(), 2);
        let CertificateReferences::Present { references, .. } = &record.identification.references
        else {
            panic!("{:?}", record.identification.references);
        };
        let digest = crypto::digest(DigestAlgorithm::Sha256, &entity.certificate).unwrap();
        assert_eq!(references[0].digest, digest);
        let certificate =
            crate::certificate::Certificate::parse(&entity.certificate, &mut Budget::default())
                .unwrap();
        let found = references[0].issuer_serial.as_ref().unwrap();
        assert_eq!(found.serial_number, certificate.serial_number());
        assert_eq!(
            found.issuer,
            IssuerName::Der(Arc::from(certificate.issuer().der()))
        );
    }
}

#[test]
fn the_place_of_a_signature_changes_nothing() {
    let pki = Pki::fixed().unwrap();
    let xml = signed(&pki.citizen_p256, &blueprint(&pki.citizen_p256, ecdsa()));
    for (before, after) in [
        ("", ""),
        (
            "<asic:XAdESSignatures xmlns:asic=\"http://uri.etsi.org/02918/v1.2.1#\">",
            "</asic:XAdESSignatures>",
        ),
        (
            "<a xmlns=\"urn:x\" xmlns:ds=\"urn:y\" xmlns:xades=\"urn:z\" xml:lang=\"az\">\r\n",
            "\r\n</a>",
        ),
    ] {
        let records = read(format!("{before}{xml}{after}").as_bytes(), &files());
        assert_eq!(
            faults(&records[0], &files()),
            Vec::<String>::new(),
            "{before}"
        );
    }
}

#[test]
fn a_blueprint_gives_the_same_octets_again_and_survives_saving() {
    let pki = Pki::fixed().unwrap();
    let blueprint = blueprint(&pki.citizen_p256, ecdsa());
    let saved = serde_json::to_string(&blueprint).unwrap();
    let loaded: Blueprint = serde_json::from_str(&saved).unwrap();
    assert_eq!(loaded, blueprint);
    assert_eq!(loaded.data_to_be_signed(), blueprint.data_to_be_signed());
    assert_eq!(loaded.signature(b"value"), blueprint.signature(b"value"));
}

#[test]
fn whatever_differs_is_signed() {
    let pki = Pki::fixed().unwrap();
    let base = blueprint(&pki.citizen_p256, ecdsa());
    let data = base.data_to_be_signed().unwrap();
    let changes: [fn(&mut Blueprint); 8] = [
        |other| other.references[0].name.push('x'),
        |other| other.references[0].digest[0] ^= 1,
        |other| other.references[0].media_type.push('x'),
        |other| other.claimed_signing_time = other.claimed_signing_time.plus_seconds(1),
        |other| other.roles.clear(),
        |other| other.production_place = None,
        |other| other.signing_certificate = Pki::fixed().unwrap().citizen_p384.certificate,
        |other| other.algorithm = SignatureAlgorithm::Ed25519,
    ];
    for change in changes {
        let mut other = base.clone();
        change(&mut other);
        assert_ne!(other.data_to_be_signed().unwrap(), data);
    }
}

#[test]
fn what_cannot_be_signed_is_refused() {
    type Change = fn(&mut Blueprint);
    let pki = Pki::fixed().unwrap();
    let base = blueprint(&pki.citizen_p256, ecdsa());
    let changes: [(Change, &str); 8] = [
        (|other| other.references.clear(), "api-misuse.no-input"),
        (
            |other| other.references.push(other.references[0].clone()),
            "api-misuse.duplicate-name",
        ),
        (
            |other| other.references[0].name = "../a".to_owned(),
            "api-misuse.bad-file-name",
        ),
        (
            |other| other.references[0].name.clear(),
            "api-misuse.bad-file-name",
        ),
        (
            |other| other.references[0].digest.truncate(20),
            "api-misuse.contradictory-parameters",
        ),
        (
            |other| {
                other.algorithm = SignatureAlgorithm::Ecdsa {
                    digest: DigestAlgorithm::Sha256,
                    encoding: ValueEncoding::Der,
                }
            },
            "unsupported.algorithm",
        ),
        (
            |other| {
                other.algorithm = SignatureAlgorithm::RsaPss {
                    digest: DigestAlgorithm::Sha256,
                    mgf_digest: DigestAlgorithm::Sha256,
                    salt_length: 20,
                }
            },
            "unsupported.algorithm",
        ),
        (
            |other| other.signing_certificate.truncate(100),
            "malformed.der.truncated",
        ),
    ];
    for (change, code) in changes {
        let mut other = base.clone();
        change(&mut other);
        assert_eq!(other.data_to_be_signed().unwrap_err().code(), code);
        assert_eq!(other.signature(b"x").unwrap_err().code(), code);
    }
}

#[test]
fn xmlsec1_accepts_what_is_created() {
    if std::process::Command::new("xmlsec1")
        .arg("--version")
        .output()
        .is_err()
    {
        eprintln!("skipped: xmlsec1 is not installed");
        return;
    }
    let pki = Pki::fixed().unwrap();
    let folder = std::env::temp_dir().join(format!("imza-xades-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("salam.txt"), b"salam\n").unwrap();
    let root = folder.join("root.der");
    std::fs::write(&root, &pki.root.certificate).unwrap();
    let rsa = SignatureAlgorithm::RsaPkcs1 {
        digest: DigestAlgorithm::Sha256,
    };
    for (entity, algorithm) in [(&pki.citizen_p256, ecdsa()), (&pki.citizen_rsa_3072, rsa)] {
        let mut blueprint = blueprint(entity, algorithm);
        blueprint.references[0].name = "salam.txt".to_owned();
        let xml = signed(entity, &blueprint);
        let good = folder.join("good.xml");
        std::fs::write(&good, &xml).unwrap();
        let bad = folder.join("bad.xml");
        std::fs::write(&bad, xml.replace("müdir", "mudir")).unwrap();
        for (file, expected) in [(&good, true), (&bad, false)] {
            let output = std::process::Command::new("xmlsec1")
                .current_dir(&folder)
                .args([
                    "--verify",
                    "--id-attr:Id",
                    "http://uri.etsi.org/01903/v1.3.2#:SignedProperties",
                ])
                .args(["--enabled-reference-uris", "empty,same-doc,local,remote"])
                .args(["--verification-time", "2026-06-15 12:00:00"])
                .arg("--trusted-der")
                .arg(&root)
                .arg(file)
                .output()
                .unwrap();
            let said = String::from_utf8_lossy(&output.stderr);
            assert_eq!(output.status.success(), expected, "{algorithm}: {said}");
        }
    }
    std::fs::remove_dir_all(&folder).unwrap();
}
