//! What stands beside what is signed is told.

use super::*;

fn enveloping() -> String {
    let pki = Pki::fixed().unwrap();
    let spec = XadesSpec {
        packaging: Packaging::Enveloping,
        ..XadesSpec::container(TIME)
    };
    let signature = sign(&spec, &[file()], &pki.citizen_p256).unwrap();
    let document = signature.document();
    match document.split_once("?>") {
        Some((_, rest)) => rest.trim().to_owned(),
        None => document,
    }
}

fn enveloped() -> String {
    let pki = Pki::fixed().unwrap();
    let spec = XadesSpec {
        packaging: Packaging::Enveloped,
        ..XadesSpec::container(TIME)
    };
    let xml = DataFile::new("a.xml", "text/xml", b"<a version=\"1\"><b>salam</b></a>");
    let signature = sign(&spec, &[xml], &pki.citizen_p256).unwrap();
    signature.document()
}

fn told(document: &str) -> Vec<String> {
    let octets = Arc::from(document.as_bytes());
    let records = parse(&octets, "", &|_| None, &mut Budget::default()).unwrap();
    let findings = records.iter().flat_map(|record| &record.findings);
    let told = findings.filter(|finding| finding.check == CheckId::DocumentAllSigned);
    told.map(|finding| finding.found.clone()).collect()
}

#[test]
fn what_is_signed_whole_leaves_nothing_out() {
    let signature = enveloping();
    for document in [
        enveloped(),
        signature.clone(),
        format!("<root Id=\"r\" xml:lang=\"az\"><!-- here --> {signature}\n</root>"),
        format!("<root><box>{signature}</box></root>"),
    ] {
        assert_eq!(told(&document), Vec::<String>::new(), "{document}");
    }
}

#[test]
fn what_nobody_signed_is_told() {
    let signature = enveloping();
    let object = |inside: &str| {
        signature.replacen("</ds:Signature>", &format!("{inside}</ds:Signature>"), 1)
    };
    for (document, what) in [
        (
            format!("<root><sum>1000</sum>{signature}</root>"),
            "the element sum",
        ),
        (
            format!("<root>{signature}<box><sum/></box></root>"),
            "the element box",
        ),
        (format!("<root>{signature}1000</root>"), "text in root"),
        (
            format!("<?xml-stylesheet href=\"b.xsl\"?><root>{signature}</root>"),
            "an instruction in the document",
        ),
        (
            format!("<root><box>{signature} 1</box></root>"),
            "text in box",
        ),
        (
            format!("<root><box sum=\"1\">{signature}</box></root>"),
            "the attribute sum of box",
        ),
        (
            object("<ds:Object Id=\"x\"><sum/></ds:Object>"),
            "the element sum",
        ),
        (object("<ds:Object>MTAwMA==</ds:Object>"), "text in Object"),
        (
            enveloped().replacen(
                "</ds:Signature>",
                "<ds:Object><sum/></ds:Object></ds:Signature>",
                1,
            ),
            "the element sum",
        ),
    ] {
        let told = told(&document);
        assert_eq!(told.len(), 1, "{document}");
        assert!(told[0].starts_with(what), "{told:?}, {what}");
    }
}

#[test]
fn properties_of_the_format_are_not_content() {
    let beside = enveloping().replacen(
        "</xades:QualifyingProperties>",
        "</xades:QualifyingProperties><sum/>",
        1,
    );
    assert!(told(&beside)[0].starts_with("the element sum"));
}

/// XMLDSig §4.5, EN 319 132-1 §4.3.5: the schemas let any element stand there.
#[test]
fn what_is_foreign_to_the_unsigned_parts_of_a_signature_is_told() {
    let unsigned = |inside: &str| {
        let inside = format!(
            "</xades:SignedProperties><xades:UnsignedProperties>\
             <xades:UnsignedSignatureProperties>{inside}</xades:UnsignedSignatureProperties>\
             </xades:UnsignedProperties>"
        );
        enveloping().replacen("</xades:SignedProperties>", &inside, 1)
    };
    let hint = |inside: &str| {
        let end = format!("{inside}</ds:KeyInfo>");
        enveloping().replacen("</ds:KeyInfo>", &end, 1)
    };
    let data = |inside: &str| {
        let end = format!("{inside}</ds:X509Data>");
        enveloping().replacen("</ds:X509Data>", &end, 1)
    };
    for (document, what) in [
        (hint("<sum>1000</sum>"), "the element sum"),
        (hint("1000"), "text in KeyInfo"),
        (hint("<?show b.xsl?>"), "an instruction in KeyInfo"),
        (data("<sum/>"), "the element sum"),
        (
            enveloping().replacen("<ds:KeyInfo", "<ds:KeyInfo sum='1000'", 1),
            "the attribute sum of KeyInfo",
        ),
        (unsigned("<sum/>"), "the element sum"),
        (unsigned("<xades:Sum/>"), "the element Sum"),
        (unsigned("1000"), "text in UnsignedSignatureProperties"),
        (
            enveloping().replacen(
                "</xades:QualifyingProperties>",
                "<sum/></xades:QualifyingProperties>",
                1,
            ),
            "the element sum",
        ),
    ] {
        let told = told(&document);
        assert_eq!(told.len(), 1, "{document}");
        assert!(told[0].starts_with(what), "{told:?}, {what}");
    }
    // What the schemas name is told by nobody.
    for document in [
        hint("<ds:KeyName>A</ds:KeyName><ds:MgmtData>b</ds:MgmtData>"),
        hint("<a:KeyInfoReference xmlns:a='http://www.w3.org/2009/xmldsig11#' URI='#k'/>"),
        data("<ds:X509SKI>AAAA</ds:X509SKI>"),
        unsigned("<!-- none --> "),
        unsigned("<xades:CertificateValues/><xades:RevocationValues/>"),
        unsigned("<a:TimeStampValidationData xmlns:a='http://uri.etsi.org/01903/v1.4.1#'/>"),
        unsigned("<a:SealingEvidenceRecords xmlns:a='http://uri.etsi.org/19132/v1.1.1#'/>"),
    ] {
        assert_eq!(told(&document), Vec::<String>::new(), "{document}");
    }
}

/// XMLDSig §6.6.2: of an element only the text is digested.
#[test]
fn attributes_beside_decoded_text_are_told() {
    let document = |attribute: &str| {
        let signature = format!(
            "<ds:Signature xmlns:ds='{}'><ds:SignedInfo><ds:CanonicalizationMethod \
             Algorithm='http://www.w3.org/2001/10/xml-exc-c14n#'/><ds:SignatureMethod \
             Algorithm='http://www.w3.org/2001/04/xmldsig-more#rsa-sha256'/><ds:Reference URI='#p'>\
             <ds:Transforms><ds:Transform Algorithm='http://www.w3.org/2000/09/xmldsig#base64'/>\
             </ds:Transforms><ds:DigestMethod Algorithm='http://www.w3.org/2001/04/xmlenc#sha256'/>\
             <ds:DigestValue>AAAA</ds:DigestValue></ds:Reference></ds:SignedInfo>\
             <ds:SignatureValue>AAAA</ds:SignatureValue></ds:Signature>",
            crate::xml::dsig::NAMESPACE
        );
        format!("<r><pay Id='p'{attribute}>aGVsbG8=</pay>{signature}</r>")
    };
    assert_eq!(told(&document("")), Vec::<String>::new());
    let found = told(&document(" amount='100'"));
    assert!(
        found[0].starts_with("the attribute amount of pay"),
        "{found:?}"
    );
}
