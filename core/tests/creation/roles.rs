//! Roles that others vouch for.

use super::documents::{INVOICE, judged, of_form, pending};
use super::{signer, write};
use imza::asn1::{Tag, write as der};
use imza::cms::attribute_types::SIGNER_ATTRIBUTES_V2;
use imza::cms::{SignedData, SignerAttributes};
use imza::creation::{Packaging, PendingSignature, SigningParameters, sign};
use imza::error::Error;
use imza::limits::Budget;
use imza::xades;
use imza_test_vectors::Pki;

/// An attribute certificate of the shape of RFC 5755 §4.1, with this number.
fn certified(serial: u64) -> Vec<u8> {
    let issuer = der::tlv(Tag::context_constructed(0), &[]);
    let empty = der::sequence(&[]);
    let information = der::sequence(&[
        &der::integer(1),
        &empty,
        &issuer,
        &empty,
        &der::integer(serial),
        &empty,
        &empty,
    ]);
    der::sequence(&[
        &information,
        &der::sequence(&[]),
        &der::bit_string(b"value"),
    ])
}

const ASSERTION: &str = "<?xml version='1.0'?><!-- a -->\n<s:a xmlns:s='urn:s' xmlns:n='urn:n' \
    b=\"2\" a='1'>\u{259} <n:b/>&#60;</s:a>\n";
const CANONICAL: &str = "<s:a xmlns:s=\"urn:s\" a=\"1\" b=\"2\">\u{259} \
    <n:b xmlns:n=\"urn:n\"></n:b>&lt;</s:a>";

fn signed(parameters: SigningParameters) -> Result<Vec<u8>, Error> {
    let pki = Pki::fixed().unwrap();
    let invoice = [("invoice.xml", INVOICE.as_bytes())];
    let (pending, mut world) = pending(&pki.citizen_p256, parameters, &invoice)?;
    let pending = PendingSignature::from_json(&pending.to_json())?;
    let edits = sign(&pending, &mut signer(&pki.citizen_p256))?;
    Ok(write(&edits, &mut world))
}

#[test]
fn certified_roles_and_assertions_are_signed_in_xml() {
    let assertion = xades::assertion(ASSERTION.as_bytes(), &mut Budget::default()).unwrap();
    assert_eq!(assertion, CANONICAL);
    for packaging in [Packaging::XadesEnveloped, Packaging::XadesDetached] {
        let mut parameters = of_form(packaging);
        parameters.certified_roles = vec![certified(1)];
        parameters.signed_assertions = vec![ASSERTION.to_owned(), "<b/>".to_owned()];
        let document = signed(parameters).unwrap();
        let beside = [("invoice.xml", INVOICE.as_bytes())];
        let report = judged(&document, &beside, 60);
        let [signature] = report.signatures.as_slice() else {
            panic!("{}", report.to_pretty_json());
        };
        assert_eq!(signature.integrity.as_str(), "intact");
        let text = String::from_utf8(document).unwrap();
        let roles = format!(
            "<xades:SignerRoleV2><xades:CertifiedRolesV2><xades:CertifiedRole>\
             <xades:X509AttributeCertificate>{}</xades:X509AttributeCertificate>\
             </xades:CertifiedRole></xades:CertifiedRolesV2><xades:SignedAssertions>\
             <xades:SignedAssertion>{CANONICAL}</xades:SignedAssertion>\
             <xades:SignedAssertion><b></b></xades:SignedAssertion>\
             </xades:SignedAssertions></xades:SignerRoleV2>",
            imza::xml::base64::encode(&certified(1)),
        );
        assert!(text.contains(&roles), "{text}");
        // They are signed.
        let changed = text.replace("<b></b>", "<c></c>");
        let report = judged(changed.as_bytes(), &beside, 60);
        assert_eq!(report.signatures[0].integrity.as_str(), "broken");
    }
}

#[test]
fn the_signature_of_an_assertion_is_none_of_the_document() {
    let ds = "http://www.w3.org/2000/09/xmldsig#";
    let assertion = format!("<s:a xmlns:s='urn:s'><ds:Signature xmlns:ds='{ds}'/></s:a>");
    let mut parameters = of_form(Packaging::XadesEnveloped);
    parameters.signed_assertions = vec![assertion.clone()];
    let document = signed(parameters).unwrap();
    let report = judged(&document, &[], 60);
    assert_eq!(report.signatures.len(), 1);
    assert_eq!(report.signatures[0].integrity.as_str(), "intact");
    // Anywhere else it is one.
    let text = String::from_utf8(document).unwrap();
    let (before, after) = text.rsplit_once("</").unwrap();
    let more = format!("{before}{assertion}</{after}");
    assert_eq!(judged(more.as_bytes(), &[], 60).signatures.len(), 2);
}

#[test]
fn certified_roles_are_signed_in_messages() {
    let mut parameters = of_form(Packaging::CadesAttached);
    parameters.roles = vec!["Notarius".to_owned()];
    parameters.certified_roles = vec![certified(1)];
    let document = signed(parameters).unwrap();
    let report = judged(&document, &[], 60);
    assert_eq!(report.signatures[0].integrity.as_str(), "intact");
    let budget = &mut Budget::default();
    let message = SignedData::parse(&document, budget).unwrap();
    let attributes = message.signer_infos[0].signed_attrs.as_ref().unwrap();
    let mut own = attributes.attributes.values(SIGNER_ATTRIBUTES_V2);
    let read = SignerAttributes::parse(own.next().unwrap(), budget).unwrap();
    assert_eq!(read.claimed_attributes.len(), 1);
    let [Some(own)] = &*read.certified_attributes else {
        panic!("one attribute certificate");
    };
    assert_eq!(**own, *certified(1));
}

#[test]
fn what_vouches_for_nobody_is_refused() {
    let pki = Pki::fixed().unwrap();
    let form = || of_form(Packaging::XadesEnveloped);
    // A certificate of a key is none of attributes.
    for wrong in [
        pki.citizen_p256.certificate.clone(),
        Vec::new(),
        [certified(1), vec![0]].concat(),
    ] {
        let mut parameters = form();
        parameters.certified_roles = vec![wrong];
        assert!(signed(parameters).is_err());
    }
    for wrong in [
        "",
        "text",
        "<a>",
        "<a/><b/>",
        "<p:a/>",
        "<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>",
        "</xades:SignedAssertion><xades:SignedAssertion>",
    ] {
        let mut parameters = form();
        parameters.signed_assertions = vec![wrong.to_owned()];
        assert!(signed(parameters).is_err(), "{wrong}");
    }
    let mut parameters = of_form(Packaging::CadesDetached);
    parameters.signed_assertions = vec!["<a/>".to_owned()];
    let code = signed(parameters).unwrap_err().code();
    assert_eq!(code, "api-misuse.contradictory-parameters");
}
