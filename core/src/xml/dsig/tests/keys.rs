//! Keys, and where `KeyInfo` says that more of it is.

use super::*;

#[test]
fn keys_in_xml_form() {
    let with = |inside: &str| {
        let after = format!("<ds:KeyInfo xmlns:dsig11='{NAMESPACE_11}'>{inside}</ds:KeyInfo>");
        parse(&signature(&reference("", &[]), &after))
            .unwrap()
            .key_info
            .unwrap()
    };
    let point = crate::xml::base64::encode(&hex_literal::hex!(
        "04 6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296
            4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5"
    ));
    let curve = |curve: &str| {
        format!(
            "<ds:KeyValue><dsig11:ECKeyValue>{curve}<dsig11:PublicKey>{point}</dsig11:PublicKey></dsig11:ECKeyValue></ds:KeyValue>"
        )
    };
    let found = with(&curve(
        "<dsig11:NamedCurve URI='urn:oid:1.2.840.10045.3.1.7'/>",
    ));
    assert!(PublicKey::from_spki(&found.keys[0]).is_ok());
    for refused in [
        curve("<dsig11:ECParameters/>"),
        curve("<dsig11:NamedCurve URI='1.2.840.10045.3.1.7'/>"),
        curve("<dsig11:NamedCurve URI='urn:oid:'/>"),
        "<ds:KeyName>x</ds:KeyName>".to_owned(),
        "<ds:RetrievalMethod URI='#x'/>".to_owned(),
        "<ds:X509Data><ds:X509Certificate>!</ds:X509Certificate></ds:X509Data>".to_owned(),
        "<ds:KeyValue/>".to_owned(),
        "<x/>".to_owned(),
    ] {
        let found = with(&refused);
        assert_eq!((found.keys.len(), found.passed_over), (0, 1), "{refused}");
    }
}

#[test]
fn a_retrieval_method_leads_to_data_of_the_same_document() {
    let kind = format!("{NAMESPACE}X509Data");
    let data = "<ds:Object><ds:X509Data Id='x'><ds:X509Certificate>AAAA</ds:X509Certificate>\
        <ds:X509Certificate>BBBB</ds:X509Certificate></ds:X509Data><ds:KeyValue Id='k'/></ds:Object>";
    let with = |method: &str, data: &str| {
        let after = format!("<ds:KeyInfo>{method}</ds:KeyInfo>{data}");
        parse(&signature(&reference("", &[]), &after))
            .unwrap()
            .key_info
            .unwrap()
    };
    for method in [
        format!("<ds:RetrievalMethod URI='#x' Type='{kind}'/>"),
        "<ds:RetrievalMethod URI='#x'/>".to_owned(),
    ] {
        let found = with(&method, data);
        assert_eq!(found.retrieved.len(), 2, "{method}");
        assert!(
            found.certificates.is_empty(),
            "signed with KeyInfo they are not"
        );
        assert!(!found.leads_elsewhere);
    }
    let transforms = "<ds:Transforms><ds:Transform Algorithm='x'/></ds:Transforms>";
    for method in [
        format!("<ds:RetrievalMethod URI='x' Type='{kind}'/>"),
        format!("<ds:RetrievalMethod URI='http://x/#x' Type='{kind}'/>"),
        format!("<ds:RetrievalMethod URI='' Type='{kind}'/>"),
        format!("<ds:RetrievalMethod Type='{kind}'/>"),
        format!("<ds:RetrievalMethod URI='#y' Type='{kind}'/>"),
        format!("<ds:RetrievalMethod URI='#k' Type='{kind}'/>"),
        format!("<ds:RetrievalMethod URI='#x' Type='{NAMESPACE}rawX509Certificate'/>"),
        format!("<ds:RetrievalMethod URI='#x' Type='{NAMESPACE}KeyValue'/>"),
        format!("<ds:RetrievalMethod URI='#x' Type='{kind}'>{transforms}</ds:RetrievalMethod>"),
        format!("<ds:RetrievalMethod URI='#xpointer(id(&quot;x&quot;))' Type='{kind}'/>"),
        format!("<n:KeyInfoReference xmlns:n='{NAMESPACE_11}' URI='#x'/>"),
    ] {
        let found = with(&method, data);
        assert_eq!(found.retrieved.len(), 0, "{method}");
        assert!(found.leads_elsewhere, "{method}");
        assert_eq!(found.passed_over, 1, "{method}");
    }
    // Of two elements with one identifier none is meant.
    let method = format!("<ds:RetrievalMethod URI='#x' Type='{kind}'/>");
    let found = with(&method, &data.repeat(2));
    assert!(found.retrieved.is_empty() && found.leads_elsewhere);
}

#[test]
fn a_key_info_reference_leads_to_a_key_info_of_the_same_document() {
    let with = |hints: &str, there: &str| {
        let names = format!("xmlns:ds='{NAMESPACE}' xmlns:n='{NAMESPACE_11}'");
        let after = format!(
            "<ds:KeyInfo {names}>{hints}</ds:KeyInfo><ds:Object {names}>{there}</ds:Object>"
        );
        parse(&signature(&reference("", &[]), &after))
            .unwrap()
            .key_info
            .unwrap()
    };
    let data = "<ds:X509Data><ds:X509Certificate>AAAA</ds:X509Certificate></ds:X509Data>";
    let there = format!("<ds:KeyInfo Id='x'>{data}{data}</ds:KeyInfo>");
    let found = with("<n:KeyInfoReference URI='#x'/>", &there);
    assert_eq!(found.retrieved.len(), 2);
    assert!(found.certificates.is_empty() && !found.leads_elsewhere);
    // One step, and no more.
    for on in [
        "<n:KeyInfoReference URI='#y'/>",
        "<ds:RetrievalMethod URI='#y'/>",
    ] {
        let there =
            format!("<ds:KeyInfo Id='x'>{on}</ds:KeyInfo><ds:KeyInfo Id='y'>{data}</ds:KeyInfo>");
        let found = with("<n:KeyInfoReference URI='#x'/>", &there);
        assert!(found.retrieved.is_empty() && found.leads_elsewhere, "{on}");
    }
    for hint in [
        "<n:KeyInfoReference URI='x'/>",
        "<n:KeyInfoReference URI='http://x/#x'/>",
        "<n:KeyInfoReference URI=''/>",
        "<n:KeyInfoReference/>",
        "<n:KeyInfoReference URI='#y'/>",
        "<n:KeyInfoReference URI='#x'><n:a/></n:KeyInfoReference>",
        "<ds:KeyInfoReference URI='#x'/>",
        "<ds:RetrievalMethod URI='#x'/>",
    ] {
        let found = with(hint, &there);
        assert!(
            found.retrieved.is_empty() && found.leads_elsewhere,
            "{hint}"
        );
    }
    let twice = with("<n:KeyInfoReference URI='#x'/>", &there.repeat(2));
    assert!(twice.retrieved.is_empty() && twice.leads_elsewhere);
}

#[test]
fn a_digest_of_a_certificate_is_read_where_its_algorithm_is_known() {
    let sha256 = "http://www.w3.org/2001/04/xmlenc#sha256";
    for (digest, number) in [
        (
            format!("<n:X509Digest Algorithm='{sha256}'>AAAA</n:X509Digest>"),
            1,
        ),
        (
            "<n:X509Digest Algorithm='urn:x'>AAAA</n:X509Digest>".to_owned(),
            0,
        ),
        ("<n:X509Digest>AAAA</n:X509Digest>".to_owned(), 0),
        (
            format!("<n:X509Digest Algorithm='{sha256}'>!</n:X509Digest>"),
            0,
        ),
    ] {
        let after = format!(
            "<ds:KeyInfo xmlns:n='{NAMESPACE_11}'><ds:X509Data>{digest}</ds:X509Data></ds:KeyInfo>"
        );
        let found = parse(&signature(&reference("", &[]), &after));
        assert_eq!(
            found.unwrap().key_info.unwrap().digests.len(),
            number,
            "{digest}"
        );
    }
}

#[test]
fn data_that_is_retrieved_again_and_again_is_bounded() {
    let data = "<ds:Object><ds:X509Data Id='x'><ds:X509Certificate>AAAA</ds:X509Certificate>\
        </ds:X509Data></ds:Object>";
    let after = format!(
        "<ds:KeyInfo>{}</ds:KeyInfo>{data}",
        "<ds:RetrievalMethod URI='#x'/>".repeat(1_000)
    );
    let xml = signature(&reference("", &[]), &after);
    let text = Text::new(&xml);
    let limits = crate::limits::Limits {
        digested_bytes: 64 << 10,
        ..Default::default()
    };
    let mut budget = Budget::new(limits.into());
    let tree = Tree::parse(&text, &mut budget).unwrap();
    let node = tree.node(signatures(&tree)[0]).unwrap();
    let error = Signature::parse(node, &mut budget).unwrap_err();
    assert_eq!(error.code(), "limits.digested-bytes");
}
