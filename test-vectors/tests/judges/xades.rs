use imza_test_vectors::Pki;
use imza_test_vectors::asic;
use imza_test_vectors::hash::Hash;
use imza_test_vectors::key::{KeyKind, Scheme};
use imza_test_vectors::long_term::LongTermValues;
use imza_test_vectors::pki::FIXED_TIME;
use imza_test_vectors::xades::{self, Canonicalization, DataFile, Flaw, Packaging, XadesSpec};

use crate::certificates::folder;
use crate::common::{Folder, has, run, run_in, words_of};

fn files(packaging: Packaging) -> Vec<DataFile> {
    match packaging {
        Packaging::Container => vec![
            DataFile::new("ərizə.txt", "text/plain", "Tikinti icazəsi\n".as_bytes()),
            DataFile::new("plan.bin", "application/octet-stream", &[0, 1, 2]),
        ],
        Packaging::Enveloping => {
            vec![DataFile::new(
                "text",
                "text/plain",
                "icazə < ərizə & plan".as_bytes(),
            )]
        }
        Packaging::Enveloped => {
            vec![DataFile::new(
                "permit.xml",
                "application/xml",
                b"<permit><no>7</no></permit>",
            )]
        }
    }
}

/// What xmlsec1 says of a document whose files lie in the same folder.
fn judge(folder: &Folder, document: &str) -> (bool, String) {
    for file in files(Packaging::Container) {
        folder.write(&file.name, &file.bytes);
    }
    folder.write("signature.xml", document.as_bytes());
    let ids = [
        "http://uri.etsi.org/01903/v1.3.2#:SignedProperties",
        "http://www.w3.org/2000/09/xmldsig#:Object",
    ];
    let mut arguments = vec!["--verify", "--verification-time", "2026-06-15 12:00:00"];
    arguments.extend([
        "--trusted-der",
        "root.cer",
        "--untrusted-der",
        "issuing-ca.cer",
    ]);
    for id in &ids {
        arguments.extend(["--id-attr:Id", id]);
    }
    arguments.push("signature.xml");
    let output = run_in(folder, "xmlsec1", &arguments);
    (output.status.success(), words_of(&output))
}

#[test]
fn signatures_verify_in_every_form() {
    if !has("xmlsec1", "signatures_verify_in_every_form") {
        return;
    }
    let pki = Pki::fixed().unwrap();
    let folder = folder(&pki);
    for packaging in [
        Packaging::Container,
        Packaging::Enveloping,
        Packaging::Enveloped,
    ] {
        for canonicalization in [
            Canonicalization::Exclusive,
            Canonicalization::Inclusive,
            Canonicalization::Inclusive11,
        ] {
            for kind in [
                KeyKind::Rsa2048,
                KeyKind::Rsa3072,
                KeyKind::P256,
                KeyKind::P384,
            ] {
                let signer = pki.citizen(kind);
                let spec = XadesSpec {
                    packaging,
                    canonicalization,
                    ..XadesSpec::container(FIXED_TIME)
                };
                let mut signature = xades::sign(&spec, &files(packaging), signer).unwrap();
                let case = format!("{packaging:?} {canonicalization:?} {kind:?}");
                let (passed, said) = judge(&folder, &signature.document());
                assert!(passed, "{case}: {said}");

                signature.stamp(&pki, FIXED_TIME + 60).unwrap();
                let tsa = &pki.tsa_p256;
                let values = LongTermValues::collect(&pki, signer, tsa, FIXED_TIME + 120).unwrap();
                signature.add_long_term(&values);
                let (passed, said) = judge(&folder, &signature.document());
                assert!(passed, "{case} LT: {said}");
            }
        }
    }
}

#[test]
fn other_digests_and_schemes_verify() {
    if !has("xmlsec1", "other_digests_and_schemes_verify") {
        return;
    }
    let pki = Pki::fixed().unwrap();
    let folder = folder(&pki);
    for (kind, hash, scheme) in [
        (
            KeyKind::Rsa2048,
            Hash::Sha512,
            Scheme::RsaPkcs1(Hash::Sha512),
        ),
        (KeyKind::P256, Hash::Sha384, Scheme::Ecdsa(Hash::Sha512)),
        (KeyKind::P256, Hash::Sha1, Scheme::Ecdsa(Hash::Sha1)),
    ] {
        let spec = XadesSpec {
            hash,
            scheme: Some(scheme),
            legacy_reference: true,
            ..XadesSpec::container(FIXED_TIME)
        };
        let files = files(Packaging::Container);
        let signature = xades::sign(&spec, &files, pki.citizen(kind)).unwrap();
        let (passed, said) = judge(&folder, &signature.document());
        assert!(passed, "{scheme:?}: {said}");
    }
}

#[test]
fn flaws_of_the_signature_itself_are_noticed() {
    if !has("xmlsec1", "flaws_of_the_signature_itself_are_noticed") {
        return;
    }
    let pki = Pki::fixed().unwrap();
    let folder = folder(&pki);
    for flaw in [
        Flaw::WrongFileDigest,
        Flaw::WrongPropertiesDigest,
        Flaw::BrokenSignature,
        Flaw::MissingKeyInfo,
        Flaw::WrongKeyInfo,
        Flaw::UnknownTransform,
        Flaw::UnknownDigest,
        Flaw::DuplicateId,
        Flaw::TwoSignedInfos,
    ] {
        let spec = XadesSpec {
            flaw,
            ..XadesSpec::container(FIXED_TIME)
        };
        let files = files(Packaging::Container);
        let signature = xades::sign(&spec, &files, &pki.citizen_p256).unwrap();
        let (passed, said) = judge(&folder, &signature.document());
        assert!(!passed, "{flaw:?}: {said}");
    }
    // These break what XAdES adds; a verifier that knows only XML-DSig must not mind.
    for flaw in [
        Flaw::NoFileReference,
        Flaw::PropertiesNotReferenced,
        Flaw::PropertiesMoved,
        Flaw::MissingSigningCertificate,
        Flaw::WrongCertificateDigest,
        Flaw::WrongIssuerSerial,
        Flaw::WrongTarget,
        Flaw::MissingSigningTime,
        Flaw::MissingDataObjectFormat,
    ] {
        let spec = XadesSpec {
            flaw,
            ..XadesSpec::container(FIXED_TIME)
        };
        let files = files(Packaging::Container);
        let signature = xades::sign(&spec, &files, &pki.citizen_p256).unwrap();
        let (passed, said) = judge(&folder, &signature.document());
        assert!(passed, "{flaw:?}: {said}");
    }
}

#[test]
fn containers_are_readable_zip_files() {
    if !has("python3", "containers_are_readable_zip_files") {
        return;
    }
    let folder = Folder::new();
    let files = files(Packaging::Container);
    let entries = asic::asic_e_xades(&files, &["<x/>".to_owned()]);
    let path = folder.write("container.asice", &asic::write(&entries));
    let output = run("python3", &["-m", "zipfile", "-t", &path]);
    assert!(
        words_of(&output).contains("Done testing"),
        "{}",
        words_of(&output)
    );
}
