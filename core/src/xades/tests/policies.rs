//! The document of a signature policy in the store among the unsigned properties.

use super::*;
use crate::signature::StoredPolicy;
use crate::xml::base64;

const DOCUMENT: &[u8] = b"<policy  a='1'/>";
const CANONICAL: &[u8] = b"<policy a=\"1\"></policy>";
const C14N: &str = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315";
const FILTER: &str = "http://www.w3.org/2002/06/xmldsig-filter2";

/// What is said of the stores of a signature whose policy has this digest and these transforms.
fn stored(digested: &[u8], transforms: &[&str], stores: &[&str]) -> Option<StoredPolicy> {
    let pki = Pki::fixed().unwrap();
    let made = sign(&XadesSpec::container(TIME), &[file()], &pki.citizen_p256);
    let digest = crypto::digest(DigestAlgorithm::Sha256, digested).unwrap();
    let transforms: String = transforms
        .iter()
        .map(|uri| format!("<ds:Transform Algorithm=\"{uri}\"/>"))
        .collect();
    let transforms = match transforms.as_str() {
        "" => String::new(),
        all => format!("<ds:Transforms>{all}</ds:Transforms>"),
    };
    let policy = format!(
        "<xades:SignaturePolicyIdentifier><xades:SignaturePolicyId><xades:SigPolicyId>\
         <xades:Identifier>urn:policy</xades:Identifier></xades:SigPolicyId>{transforms}\
         <xades:SigPolicyHash><ds:DigestMethod Algorithm=\"http://www.w3.org/2001/04/xmlenc#sha256\"/>\
         <ds:DigestValue>{}</ds:DigestValue></xades:SigPolicyHash></xades:SignaturePolicyId>\
         </xades:SignaturePolicyIdentifier></xades:SignedSignatureProperties>",
        base64::encode(&digest)
    );
    let mut made = made.unwrap();
    for inside in stores {
        made.add_unsigned(&format!(
            "<x:SignaturePolicyStore xmlns:x=\"{NAMESPACE_141}\"><x:SPDocSpecification>\
             <xades:Identifier>urn:form</xades:Identifier></x:SPDocSpecification>{inside}\
             </x:SignaturePolicyStore>"
        ));
    }
    let xml = made.document();
    let xml = xml.replacen("</xades:SignedSignatureProperties>", &policy, 1);
    match read(xml.as_bytes(), &files()).remove(0).claims.policy {
        Some(SignaturePolicy::Identified { stored, .. }) => stored,
        other => panic!("{other:?}"),
    }
}

fn document(octets: &[u8]) -> String {
    format!(
        "<x:SignaturePolicyDocument>{}</x:SignaturePolicyDocument>",
        base64::encode(octets)
    )
}

#[test]
fn the_stored_document_is_compared_with_the_signed_digest() {
    let plain = document(DOCUMENT);
    assert_eq!(stored(DOCUMENT, &[], &[&plain]), Some(StoredPolicy::Fits));
    assert!(matches!(
        stored(b"another", &[], &[&plain]),
        Some(StoredPolicy::Differs { .. })
    ));
    let address = "<x:SigPolDocLocalURI>file:///policy</x:SigPolDocLocalURI>";
    assert_eq!(stored(DOCUMENT, &[], &[address]), None);
    assert_eq!(stored(DOCUMENT, &[], &[]), None);
}

#[test]
fn canonical_forms_are_made_before_it_is_digested() {
    let plain = document(DOCUMENT);
    let found = stored(CANONICAL, &[C14N], &[&plain]);
    assert_eq!(found, Some(StoredPolicy::Fits));
    assert!(matches!(
        stored(DOCUMENT, &[C14N], &[&plain]),
        Some(StoredPolicy::Differs { .. })
    ));
}

#[test]
fn what_cannot_be_compared_is_told() {
    let plain = document(DOCUMENT);
    for found in [
        stored(DOCUMENT, &[FILTER], &[&plain]),
        stored(DOCUMENT, &[C14N], &[&document(b"no XML")]),
        stored(DOCUMENT, &[], &[&plain, &plain]),
        stored(
            DOCUMENT,
            &[],
            &["<x:SignaturePolicyDocument>?</x:SignaturePolicyDocument>"],
        ),
    ] {
        assert!(
            matches!(found, Some(StoredPolicy::NotCompared(_))),
            "{found:?}"
        );
    }
}
