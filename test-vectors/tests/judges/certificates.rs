//! OpenSSL judges certificates, lists and responses: right ones pass, wrong ones fail.

use crate::common::{Folder, fails, has, passes, run, words_of};
use imza_test_vectors::certificate::{CertificateSpec, Extension};
use imza_test_vectors::crl::{self, CrlSpec};
use imza_test_vectors::export::pem;
use imza_test_vectors::hash::Hash;
use imza_test_vectors::key::Scheme;
use imza_test_vectors::ocsp::{self, CertId, CertStatus, ResponderId, ResponseSpec};
use imza_test_vectors::pki::{FIXED_TIME, REVOCATION_TIME};
use imza_test_vectors::{Entity, Pki};

pub(crate) const TIME: &str = "1781524800";

/// A folder with everybody's certificate in DER and PEM, and `bundle.pem` with both authorities.
pub(crate) fn folder(pki: &Pki) -> Folder {
    let folder = Folder::new();
    for entity in pki.entities() {
        folder.write(&format!("{}.cer", entity.file), &entity.certificate);
        let text = pem("CERTIFICATE", &entity.certificate);
        folder.write(&format!("{}.pem", entity.file), text.as_bytes());
    }
    let both = [&pki.root, &pki.issuing_ca].map(|e| pem("CERTIFICATE", &e.certificate));
    folder.write("bundle.pem", both.concat().as_bytes());
    folder
}

fn verify_arguments(folder: &Folder, file: &str) -> Vec<String> {
    let (root, ca) = (folder.path("root.cer"), folder.path("issuing-ca.cer"));
    [
        "verify",
        "-x509_strict",
        "-attime",
        TIME,
        "-trusted",
        &root,
        "-untrusted",
        &ca,
    ]
    .into_iter()
    .chain([folder.path(file).as_str()])
    .map(str::to_owned)
    .collect()
}

#[test]
fn the_fixed_time_is_the_one_given_to_openssl() {
    assert_eq!(FIXED_TIME.to_string(), TIME);
}

#[test]
fn certificates_verify_up_to_the_root() {
    if !has("openssl", "certificates_verify_up_to_the_root") {
        return;
    }
    let pki = Pki::fixed().unwrap();
    let folder = folder(&pki);
    for entity in pki.entities() {
        let file = format!("{}.cer", entity.file);
        let arguments = verify_arguments(&folder, &file);
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        match entity.file {
            "other-root" | "stranger" | "citizen-expired" => fails("openssl", &arguments),
            _ => passes("openssl", &arguments),
        };
    }
}

#[test]
fn wrong_certificates_are_refused_for_their_reason() {
    if !has("openssl", "wrong_certificates_are_refused_for_their_reason") {
        return;
    }
    let pki = Pki::fixed().unwrap();
    let folder = folder(&pki);
    let key = &pki.citizen_p256.key;
    let spec = pki.citizen_spec(pki.citizen_p256.name.clone(), key, 77);
    let broken = CertificateSpec {
        break_signature: true,
        ..spec.clone()
    };
    let foreign = CertificateSpec {
        issuer: Some(pki.other_root.name.clone()),
        ..spec.clone()
    };
    let unknown = spec
        .clone()
        .with([Extension::critical("1.3.6.1.4.1.32473.9", vec![5, 0])]);
    let early = CertificateSpec {
        not_before: FIXED_TIME + 1,
        ..spec.clone()
    };
    let mismatch = CertificateSpec {
        inner_algorithm: Some(Scheme::Ecdsa(Hash::Sha384).identifier()),
        ..spec.clone()
    };
    for (spec, reason) in [
        (broken, "signature failure"),
        (foreign, "unable to get local issuer certificate"),
        (unknown, "unhandled critical extension"),
        (early, "not yet valid"),
        (
            mismatch,
            "ubject signature algorithm and issuer public key algorithm mismatch",
        ),
    ] {
        let certificate = spec
            .issue(&pki.issuing_ca.name, &pki.issuing_ca.key)
            .unwrap();
        folder.write("wrong.cer", &certificate);
        let arguments = verify_arguments(&folder, "wrong.cer");
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        let said = fails("openssl", &arguments);
        if !reason.starts_with("ubject") {
            assert!(said.contains(reason), "{reason}: {said}");
        }
    }
}

#[test]
fn every_scheme_signs_certificates_that_verify() {
    if !has("openssl", "every_scheme_signs_certificates_that_verify") {
        return;
    }
    let pki = Pki::fixed().unwrap();
    let folder = Folder::new();
    for (issuer, scheme) in [
        (&pki.citizen_rsa_2048, Scheme::RsaPkcs1(Hash::Sha512)),
        (&pki.citizen_rsa_3072, Scheme::RsaPss(Hash::Sha256)),
        (&pki.citizen_rsa_2048, Scheme::RsaPss(Hash::Sha384)),
        (&pki.citizen_p256, Scheme::Ecdsa(Hash::Sha512)),
        (&pki.citizen_p384, Scheme::Ecdsa(Hash::Sha384)),
    ] {
        let spec = CertificateSpec {
            scheme: Some(scheme),
            ..CertificateSpec::authority(
                issuer.name.clone(),
                &issuer.key,
                &issuer.key,
                9,
                (FIXED_TIME - 1, FIXED_TIME + 1),
            )
        };
        let root = folder.write("self.cer", &spec.issue(&issuer.name, &issuer.key).unwrap());
        let arguments = [
            "verify",
            "-check_ss_sig",
            "-attime",
            TIME,
            "-trusted",
            &root,
            &root,
        ];
        passes("openssl", &arguments);
    }
}

#[test]
fn lists_verify_and_revoke() {
    if !has("openssl", "lists_verify_and_revoke") {
        return;
    }
    let pki = Pki::fixed().unwrap();
    let folder = folder(&pki);
    let crl = folder.write("ca.crl", &crl::of_issuing_ca(&pki, FIXED_TIME).unwrap());
    let root = folder.write("root.crl", &crl::of_root(&pki, FIXED_TIME).unwrap());
    let check = |file: &str| {
        let mut arguments = verify_arguments(&folder, file);
        let extra = ["-crl_check_all", "-CRLfile", &crl, "-CRLfile", &root];
        arguments.splice(1..1, extra.into_iter().map(str::to_owned));
        arguments
    };
    let arguments = check("citizen-p256.cer");
    passes(
        "openssl",
        &arguments.iter().map(String::as_str).collect::<Vec<_>>(),
    );
    let arguments = check("citizen-revoked.cer");
    let said = fails(
        "openssl",
        &arguments.iter().map(String::as_str).collect::<Vec<_>>(),
    );
    assert!(said.contains("certificate revoked"), "{said}");

    let text = passes("openssl", &["crl", "-in", &crl, "-noout", "-text"]);
    assert!(text.contains("Key Compromise"), "{text}");
    let ca = folder.path("issuing-ca.pem");
    let said = passes(
        "openssl",
        &["crl", "-in", &crl, "-noout", "-CAfile", &ca, "-verify"],
    );
    assert!(said.contains("verify OK"), "{said}");

    let broken = CrlSpec {
        break_signature: true,
        ..CrlSpec::new(&pki.issuing_ca, 2, FIXED_TIME, &[])
    };
    let broken = folder.write("broken.crl", &crl::issue(&broken, &pki.issuing_ca).unwrap());
    let output = run(
        "openssl",
        &["crl", "-in", &broken, "-noout", "-CAfile", &ca, "-verify"],
    );
    assert!(words_of(&output).contains("verify failure"));
}

#[test]
fn responses_verify_and_say_what_they_should() {
    if !has("openssl", "responses_verify_and_say_what_they_should") {
        return;
    }
    let pki = Pki::fixed().unwrap();
    let folder = folder(&pki);
    let ask = |spec: &ResponseSpec, signer: &Entity, certificate: &str| {
        let response = folder.write("answer.der", &ocsp::respond(spec, signer).unwrap());
        // OpenSSL reads only PEM here.
        let (root, ca) = (folder.path("root.pem"), folder.path("issuing-ca.pem"));
        let output = run(
            "openssl",
            &[
                "ocsp",
                "-respin",
                &response,
                "-issuer",
                &ca,
                "-cert",
                certificate,
                "-CAfile",
                &root,
                "-verify_other",
                &ca,
                "-attime",
                TIME,
                "-validity_period",
                "2000000000",
            ],
        );
        words_of(&output)
    };
    let cert_id = |entity: &Entity, hash| CertId::new(&pki.issuing_ca, &entity.serial_number, hash);
    let responder = &pki.ocsp_responder;
    let citizen = folder.path("citizen-p256.cer");

    let good = ResponseSpec::about(
        cert_id(&pki.citizen_p256, Hash::Sha1),
        CertStatus::Good,
        responder,
        FIXED_TIME,
    );
    let said = ask(&good, responder, &citizen);
    assert!(
        said.contains("Response verify OK") && said.contains(": good"),
        "{said}"
    );

    let by_name = ResponseSpec {
        responder_id: ResponderId::ByName,
        ..good.clone()
    };
    let said = ask(&by_name, responder, &citizen);
    assert!(said.contains("Response verify OK"), "{said}");

    let broken = ResponseSpec {
        break_signature: true,
        ..good.clone()
    };
    let said = ask(&broken, responder, &citizen);
    assert!(said.contains("Response Verify Failure"), "{said}");

    let stranger = ResponseSpec {
        certificates: vec![pki.stranger.certificate.clone()],
        ..good
    };
    let said = ask(&stranger, &pki.stranger, &citizen);
    assert!(said.contains("Response Verify Failure"), "{said}");

    let request = ocsp::request(&[cert_id(&pki.citizen_revoked, Hash::Sha1)], Some(&[7; 16]));
    let response = ocsp::answer(&pki, &request, FIXED_TIME).unwrap();
    let response = folder.write("revoked.der", &response);
    let text = passes(
        "openssl",
        &["ocsp", "-respin", &response, "-resp_text", "-noverify"],
    );
    assert!(text.contains("Cert Status: revoked"), "{text}");
    assert!(text.contains("Mar  1 09:00:00 2026 GMT"), "{text}");
    assert!(
        text.contains("keyCompromise") && text.contains("Nonce"),
        "{text}"
    );

    let early = ocsp::answer(&pki, &request, REVOCATION_TIME - 1).unwrap();
    let early = folder.write("early.der", &early);
    let text = passes(
        "openssl",
        &["ocsp", "-respin", &early, "-resp_text", "-noverify"],
    );
    assert!(text.contains("Cert Status: good"), "{text}");
}
