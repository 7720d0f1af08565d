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

/// A plain signature with one reference.
fn plain(uri: &str, transforms: &[&str]) -> String {
    let transform = |uri: &&str| format!("<ds:Transform Algorithm='{uri}'/>");
    let transforms: String = transforms.iter().map(transform).collect();
    format!(
        "<ds:Signature xmlns:ds='{}'><ds:SignedInfo><ds:CanonicalizationMethod \
         Algorithm='http://www.w3.org/2001/10/xml-exc-c14n#'/><ds:SignatureMethod \
         Algorithm='http://www.w3.org/2001/04/xmldsig-more#rsa-sha256'/><ds:Reference URI='{uri}'>\
         <ds:Transforms>{transforms}</ds:Transforms><ds:DigestMethod \
         Algorithm='http://www.w3.org/2001/04/xmlenc#sha256'/>\
         <ds:DigestValue>AAAA</ds:DigestValue></ds:Reference></ds:SignedInfo>\
         <ds:SignatureValue>AAAA</ds:SignatureValue></ds:Signature>",
        crate::xml::dsig::NAMESPACE
    )
}

const ENVELOPED: &str = "http://www.w3.org/2000/09/xmldsig#enveloped-signature";
const EXCLUSIVE: &str = "http://www.w3.org/2001/10/xml-exc-c14n#";
const INCLUSIVE: &str = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315";

/// XMLDSig §4.4.3.3: the empty URI is the document, instructions beside its root too; an identifier
/// of the root is not.
#[test]
fn instructions_beside_a_signed_root_are_told() {
    let root = |uri: &str| {
        let signature = plain(uri, &[ENVELOPED, EXCLUSIVE]);
        format!("<r Id='p'><sum>1000</sum>{signature}</r>")
    };
    let stylesheet = "<?xml-stylesheet href='b.xsl'?>";
    for document in [
        format!("{stylesheet}{}", root("#p")),
        format!("{}{stylesheet}", root("#p")),
    ] {
        let found = told(&document);
        assert!(
            found[0].starts_with("an instruction in the document"),
            "{found:?}"
        );
    }
    for document in [root("#p"), format!("{stylesheet}{}", root(""))] {
        assert_eq!(told(&document), Vec::<String>::new(), "{document}");
    }
}

/// XMLDSig §4.4.3.3: the XPointer forms keep comments.
#[test]
fn comments_amid_signed_text_are_told() {
    let document = |uri: &str, method: &str, inside: &str| {
        let signature = plain(uri, &[ENVELOPED, method]);
        format!("<r Id='p'><sum>{inside}</sum>{signature}</r>")
    };
    let with_comments = format!("{EXCLUSIVE}WithComments");
    for (uri, inside) in [
        ("", "10<!-- a -->00"),
        ("#p", "10<!--a--> <!--b-->00"),
        ("#p", "<b>10<![CDATA[0]]><!----> AZN</b>"),
    ] {
        for method in [EXCLUSIVE, &with_comments] {
            let found = told(&document(uri, method, inside));
            assert!(
                found[0].starts_with("a comment amid the text of"),
                "{found:?}"
            );
        }
    }
    for inside in [
        "<!-- a -->1000",
        "1000 <!-- a -->",
        "10<b/><!-- a -->00",
        "10<!-- a --><b/>00",
    ] {
        assert_eq!(
            told(&document("", EXCLUSIVE, inside)),
            Vec::<String>::new(),
            "{inside}"
        );
    }
    let kept = document("#xpointer(/)", &with_comments, "10<!-- a -->00");
    assert_eq!(told(&kept), Vec::<String>::new());
}

/// XML Base §4, Exclusive XML Canonicalization 1.0 §3.
#[test]
fn where_links_lead_by_what_is_above_the_signed_element_is_told() {
    let document = |transform: &str, base: &str| {
        let signature = plain("#p", &[transform]);
        let data = "<data Id='p'><img src='a.png'/></data>";
        format!("<r{base}><box>{data}</box>{signature}</r>")
    };
    let base = " xml:base='https://b.test/'";
    let found = told(&document(EXCLUSIVE, base));
    assert!(found[0].starts_with("the attribute base of r"), "{found:?}");
    // The inclusive form holds it.
    for (transform, base) in [(INCLUSIVE, base), (EXCLUSIVE, " xml:lang='az'")] {
        assert_eq!(told(&document(transform, base)), Vec::<String>::new());
    }
    // What is signed whole holds it itself.
    let signature = plain("#r", &[ENVELOPED, EXCLUSIVE]);
    let whole = format!("<r Id='r'{base}><data/>{signature}</r>");
    assert_eq!(told(&whole), Vec::<String>::new());
}

/// XMLDSig §4.5, EN 319 132-1 §4.3: the schemas let any element stand there.
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
            unsigned("<xades:CounterSignature><sum/></xades:CounterSignature>"),
            "the element sum",
        ),
        (
            enveloping().replacen("<ds:Signature ", "<ds:Signature onload='pay()' ", 1),
            "the attribute onload of Signature",
        ),
        (hint("<ds:KeyName>A<sum/></ds:KeyName>"), "the element sum"),
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
        let signature = plain("#p", &["http://www.w3.org/2000/09/xmldsig#base64"]);
        format!("<r><pay Id='p'{attribute}>aGVsbG8=</pay>{signature}</r>")
    };
    assert_eq!(told(&document("")), Vec::<String>::new());
    let found = told(&document(" amount='100'"));
    assert!(
        found[0].starts_with("the attribute amount of pay"),
        "{found:?}"
    );
}

/// XMLDSig §8.1.1: a container's signatures and counter-signatures have objects too.
#[test]
fn an_object_that_somebody_put_into_any_signature_is_told() {
    let in_container = |document: &str| {
        let records = read(document.as_bytes(), &files());
        let of = |record: &Signature| {
            let told = record.findings.iter();
            let told = told.filter(|one| one.check == CheckId::DocumentAllSigned);
            told.map(|one| one.found.clone()).collect::<Vec<_>>()
        };
        assert!(records.iter().all(|record| !record.references.is_empty()));
        records.iter().map(of).collect::<Vec<_>>()
    };
    let nothing = Vec::<String>::new;
    let object = "<ds:Object><sum>1000</sum></ds:Object></ds:Signature>";
    let pki = Pki::fixed().unwrap();
    let container = sign(&XadesSpec::container(TIME), &[file()], &pki.citizen_p256).unwrap();
    let container = container.document();
    assert_eq!(in_container(&container), [nothing()]);
    let found = in_container(&container.replacen("</ds:Signature>", object, 1));
    assert!(found[0][0].starts_with("the element sum"), "{found:?}");
    // The file around is no document.
    let around = format!("<a><b>1000</b>{}</a>", plain("a.txt", &[EXCLUSIVE]));
    assert_eq!(in_container(&around), [nothing()]);
    // What KeyInfo leads to is as KeyInfo is.
    let hint = |inside: &str| {
        let hint = format!("<ds:Object><ds:X509Data>{inside}</ds:X509Data></ds:Object>");
        let hint = format!("{hint}</ds:Signature>");
        in_container(&plain("a.txt", &[EXCLUSIVE]).replacen("</ds:Signature>", &hint, 1))
    };
    let certificate = "<ds:X509Certificate>AAAA</ds:X509Certificate>";
    assert_eq!(hint(certificate), [nothing()]);
    assert_eq!(hint("<sum/>")[0].len(), 1);
    // OpenDocument puts the date into an object, and signs that.
    let dated = |uri: &str| {
        let object = "<ds:Object><ds:SignatureProperties><ds:SignatureProperty Id='D' \
            Target='#s'><date>2026-01-01</date></ds:SignatureProperty></ds:SignatureProperties>\
            </ds:Object></ds:Signature>";
        plain(uri, &[EXCLUSIVE]).replacen("</ds:Signature>", object, 1)
    };
    assert_eq!(in_container(&dated("#D")), [nothing()]);
    assert_eq!(in_container(&dated("a.txt"))[0].len(), 1);

    // The counter-signature, not the signature that it is about.
    let countersigned = |counter: &str| {
        let property = format!(
            "</xades:SignedProperties><xades:UnsignedProperties>\
             <xades:UnsignedSignatureProperties><xades:CounterSignature>{counter}\
             </xades:CounterSignature></xades:UnsignedSignatureProperties>\
             </xades:UnsignedProperties>"
        );
        let document = enveloping();
        let document = document.replacen("</xades:SignedProperties>", &property, 1);
        let octets = Arc::from(document.as_bytes());
        let records = parse(&octets, "", &|_| None, &mut Budget::default()).unwrap();
        assert!(records[1].parent.is_some());
        let is_told = |record: &Signature| {
            let mut findings = record.findings.iter();
            findings.any(|one| one.check == CheckId::DocumentAllSigned)
        };
        (is_told(&records[0]), is_told(&records[1]))
    };
    let counter = plain("#value", &[EXCLUSIVE]);
    assert_eq!(countersigned(&counter), (false, false));
    let changed = counter.replacen("</ds:Signature>", object, 1);
    assert_eq!(countersigned(&changed), (false, true));
}
