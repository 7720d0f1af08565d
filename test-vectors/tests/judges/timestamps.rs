use imza_test_vectors::Pki;
use imza_test_vectors::hash::Hash;
use imza_test_vectors::key::Scheme;
use imza_test_vectors::pki::FIXED_TIME;
use imza_test_vectors::tsa::{self, CertificateReference, TokenSpec};

use crate::certificates::{TIME, folder};
use crate::common::{Folder, fails, has, passes};

const MESSAGE: &[u8] = "Tikinti icazəsi üçün ərizə\n".as_bytes();

fn verify<'a>(folder: &Folder, kind: &'a str, extra: &[&'a str]) -> Vec<String> {
    let (root, ca) = (folder.path("root.pem"), folder.path("issuing-ca.pem"));
    let (data, answer) = (folder.path("data"), folder.path(kind));
    let fixed = [
        "ts",
        "-verify",
        "-attime",
        TIME,
        "-CAfile",
        &root,
        "-untrusted",
        &ca,
    ];
    let files = ["-data", &data, "-in", &answer];
    fixed
        .iter()
        .chain(&files)
        .chain(extra)
        .map(|s| (*s).to_owned())
        .collect()
}

#[test]
fn tokens_verify_and_wrong_ones_do_not() {
    if !has("openssl", "tokens_verify_and_wrong_ones_do_not") {
        return;
    }
    let pki = Pki::fixed().unwrap();
    let folder = folder(&pki);
    folder.write("data", MESSAGE);
    let arguments = verify(&folder, "token.tst", &["-token_in"]);
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();

    // Not PSS: OpenSSL reads tokens with its PKCS #7 code, which does not know it.
    for (signer, scheme) in [
        (&pki.tsa_rsa_2048, Scheme::RsaPkcs1(Hash::Sha256)),
        (&pki.tsa_rsa_2048, Scheme::RsaPkcs1(Hash::Sha512)),
        (&pki.tsa_p256, Scheme::Ecdsa(Hash::Sha256)),
    ] {
        let right = TokenSpec {
            scheme: Some(scheme),
            ..TokenSpec::over(MESSAGE, Hash::Sha256, FIXED_TIME, signer)
        };
        folder.write("token.tst", &tsa::token(&right, signer).unwrap());
        passes("openssl", &arguments);
        let v1 = TokenSpec {
            reference: CertificateReference::V1,
            ..right.clone()
        };
        folder.write("token.tst", &tsa::token(&v1, signer).unwrap());
        passes("openssl", &arguments);

        for wrong in [
            TokenSpec {
                break_signature: true,
                ..right.clone()
            },
            TokenSpec {
                break_digest: true,
                ..right.clone()
            },
            TokenSpec {
                imprint: vec![0; 32],
                ..right.clone()
            },
            TokenSpec {
                reference: CertificateReference::Wrong,
                ..right.clone()
            },
            TokenSpec {
                reference: CertificateReference::Missing,
                ..right.clone()
            },
            TokenSpec {
                version: 2,
                ..right.clone()
            },
        ] {
            folder.write("token.tst", &tsa::token(&wrong, signer).unwrap());
            fails("openssl", &arguments);
        }
    }
    let citizen = &pki.citizen_p256;
    let by_citizen = TokenSpec::over(MESSAGE, Hash::Sha256, FIXED_TIME, citizen);
    folder.write("token.tst", &tsa::token(&by_citizen, citizen).unwrap());
    fails("openssl", &arguments);
}

#[test]
fn the_authority_answers_the_requests_of_openssl() {
    if !has("openssl", "the_authority_answers_the_requests_of_openssl") {
        return;
    }
    let pki = Pki::fixed().unwrap();
    let folder = folder(&pki);
    let data = folder.write("data", MESSAGE);
    let query = folder.path("query.tsq");
    passes(
        "openssl",
        &[
            "ts", "-query", "-data", &data, "-sha256", "-cert", "-out", &query,
        ],
    );
    let request = std::fs::read(&query).unwrap();
    let answer = tsa::answer(&pki.tsa_rsa_2048, &request, FIXED_TIME).unwrap();
    folder.write("answer.tsr", &answer);
    let text = passes(
        "openssl",
        &["ts", "-reply", "-text", "-in", &folder.path("answer.tsr")],
    );
    assert!(text.contains("Status: Granted."), "{text}");
    assert!(text.contains("Jun 15 12:00:00 2026 GMT"), "{text}");

    let (root, ca) = (folder.path("root.pem"), folder.path("issuing-ca.pem"));
    let verify = |answer: &str| {
        let fixed = [
            "ts",
            "-verify",
            "-attime",
            TIME,
            "-CAfile",
            &root,
            "-untrusted",
            &ca,
        ];
        fixed
            .iter()
            .chain(&["-queryfile", &query, "-in", answer])
            .map(|s| (*s).to_owned())
            .collect()
    };
    let arguments: Vec<String> = verify(&folder.path("answer.tsr"));
    passes(
        "openssl",
        &arguments.iter().map(String::as_str).collect::<Vec<_>>(),
    );

    let read = tsa::parse_request(&request).unwrap();
    let mut wrong = TokenSpec::over(MESSAGE, read.hash, FIXED_TIME, &pki.tsa_rsa_2048);
    wrong.nonce = Some(vec![1]);
    let wrong = tsa::granted(&tsa::token(&wrong, &pki.tsa_rsa_2048).unwrap());
    let arguments: Vec<String> = verify(&folder.write("wrong.tsr", &wrong));
    fails(
        "openssl",
        &arguments.iter().map(String::as_str).collect::<Vec<_>>(),
    );
}
