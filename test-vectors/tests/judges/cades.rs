use imza_test_vectors::Pki;
use imza_test_vectors::cades::{self, CadesSpec, Flaw};
use imza_test_vectors::hash::Hash;
use imza_test_vectors::key::{KeyKind, Scheme};
use imza_test_vectors::long_term::LongTermValues;
use imza_test_vectors::pki::FIXED_TIME;

use crate::certificates::{TIME, folder};
use crate::common::{fails, has, passes, run};

const CONTENT: &[u8] = b"Tikinti ruhsati ucun erize\r\n";

#[test]
fn signatures_verify_and_broken_ones_do_not() {
    if !has("openssl", "signatures_verify_and_broken_ones_do_not") {
        return;
    }
    let pki = Pki::fixed().unwrap();
    let folder = folder(&pki);
    let data = folder.write("data", CONTENT);
    let (bundle, signature) = (folder.path("bundle.pem"), folder.path("signature.p7s"));
    let out = folder.path("out");
    let arguments = [
        "cms", "-verify", "-binary", "-inform", "DER", "-in", &signature, "-content", &data,
        "-CAfile", &bundle, "-attime", TIME, "-purpose", "any", "-cades", "-out", &out,
    ];
    let pss = Some((Hash::Sha256, Scheme::RsaPss(Hash::Sha256)));
    let mut cases = vec![(KeyKind::Rsa2048, pss), (KeyKind::Rsa3072, pss)];
    let kinds = [
        KeyKind::Rsa2048,
        KeyKind::Rsa3072,
        KeyKind::P256,
        KeyKind::P384,
    ];
    cases.extend(kinds.map(|kind| (kind, None)));
    for (kind, algorithms) in cases {
        let signer = pki.citizen(kind);
        let spec = CadesSpec {
            algorithms,
            ..CadesSpec::detached(FIXED_TIME)
        };
        let mut signed = cades::sign(&spec, CONTENT, signer).unwrap();
        folder.write("signature.p7s", &signed.der());
        passes("openssl", &arguments);

        signed.stamp(&pki, FIXED_TIME).unwrap();
        let values = LongTermValues::collect(&pki, signer, &pki.tsa_p256, FIXED_TIME + 60).unwrap();
        signed.add_long_term(&values);
        folder.write("signature.p7s", &signed.der());
        passes("openssl", &arguments);

        for flaw in [
            Flaw::WrongMessageDigest,
            Flaw::MissingMessageDigest,
            Flaw::WrongContentType,
            Flaw::BrokenSignature,
            Flaw::MissingSigningCertificate,
            Flaw::WrongSigningCertificate,
            Flaw::MissingCertificate,
            Flaw::NoAttributes,
        ] {
            let spec = CadesSpec {
                flaw,
                ..spec.clone()
            };
            let signed = cades::sign(&spec, CONTENT, signer).unwrap();
            folder.write("signature.p7s", &signed.der());
            let output = run("openssl", &arguments);
            // OpenSSL compares no content-type, and asks nothing of a signature without attributes.
            let lenient = matches!(flaw, Flaw::WrongContentType | Flaw::NoAttributes);
            assert_eq!(output.status.success(), lenient, "{flaw:?}");
        }
    }
}

#[test]
fn a_revoked_signer_is_found_by_the_list_inside() {
    if !has("openssl", "a_revoked_signer_is_found_by_the_list_inside") {
        return;
    }
    let pki = Pki::fixed().unwrap();
    let folder = folder(&pki);
    let mut spec = CadesSpec::detached(FIXED_TIME);
    spec.detached = false;
    let mut signed = cades::sign(&spec, CONTENT, &pki.citizen_revoked).unwrap();
    let crls = imza_test_vectors::crl::of_issuing_ca(&pki, FIXED_TIME).unwrap();
    signed.add_long_term(&LongTermValues {
        crls: vec![crls],
        ..LongTermValues::default()
    });
    let signature = folder.write("signature.p7m", &signed.der());
    let bundle = folder.path("bundle.pem");
    let said = fails(
        "openssl",
        &[
            "cms",
            "-verify",
            "-inform",
            "DER",
            "-in",
            &signature,
            "-CAfile",
            &bundle,
            "-attime",
            TIME,
            "-purpose",
            "any",
            "-crl_check",
            "-out",
            &folder.path("out"),
        ],
    );
    assert!(said.contains("certificate revoked"), "{said}");
}
