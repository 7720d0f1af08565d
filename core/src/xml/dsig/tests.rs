use super::*;
use crate::algorithm::DigestAlgorithm;
use crate::crypto::PublicKey;
use crate::xml::{Text, decode};

mod keys;

const DIGEST: &str = "<ds:DigestMethod Algorithm='http://www.w3.org/2001/04/xmlenc#sha256'/><ds:DigestValue>AAAA</ds:DigestValue>";
const METHODS: &str = "<ds:CanonicalizationMethod Algorithm='http://www.w3.org/2001/10/xml-exc-c14n#'/><ds:SignatureMethod Algorithm='http://www.w3.org/2001/04/xmldsig-more#rsa-sha256'/>";

/// A signature with these references and this after its value.
fn signature(references: &str, after: &str) -> String {
    format!(
        "<ds:Signature xmlns:ds='{NAMESPACE}' Id='sig'><ds:SignedInfo>{METHODS}{references}</ds:SignedInfo>\
         <ds:SignatureValue>AAAA</ds:SignatureValue>{after}</ds:Signature>"
    )
}

fn reference(uri: &str, transforms: &[&str]) -> String {
    let transforms: String = transforms
        .iter()
        .map(|transform| match transform.split_once(' ') {
            Some((uri, inside)) => {
                format!("<ds:Transform Algorithm='{uri}'>{inside}</ds:Transform>")
            }
            None => format!("<ds:Transform Algorithm='{transform}'/>"),
        })
        .collect();
    let transforms = if transforms.is_empty() {
        transforms
    } else {
        format!("<ds:Transforms>{transforms}</ds:Transforms>")
    };
    format!("<ds:Reference URI=\"{uri}\">{transforms}{DIGEST}</ds:Reference>")
}

fn parse(xml: &str) -> Result<Signature, Error> {
    let text = Text::new(xml);
    let mut budget = Budget::default();
    let tree = Tree::parse(&text, &mut budget).unwrap();
    let node = tree.node(signatures(&tree)[0]).unwrap();
    Signature::parse(node, &mut budget)
}

fn follow(xml: &str) -> Result<Dereferenced, Error> {
    let text = Text::new(xml);
    let mut budget = Budget::default();
    let tree = Tree::parse(&text, &mut budget)?;
    let node = tree.node(signatures(&tree)[0]).unwrap();
    let signature = Signature::parse(node, &mut budget)?;
    let reference = &signature.signed_info.references[0];
    dereference(&tree, &signature, reference, &mut budget)
}

/// Octets and scope of a reference within `<r><a>…</a>{signature}</r>`.
fn enveloped(uri: &str, transforms: &[&str]) -> (String, Scope) {
    let signature = signature(
        &reference(uri, transforms),
        "<ds:Object Id='o'><x>eA==</x></ds:Object>",
    );
    let xml = format!(
        "<?p?><r><!--c--><a Id='a'>1<b/></a>{signature}<ds:Signature xmlns:ds='{NAMESPACE}'>other</ds:Signature></r>"
    );
    match follow(&xml) {
        Ok(Dereferenced::Octets { octets, scope, .. }) => {
            (String::from_utf8(octets).unwrap(), scope)
        }
        other => panic!("{other:?}"),
    }
}

const XPATH: &str = "http://www.w3.org/TR/1999/REC-xpath-19991116";
const FILTER: &str = "http://www.w3.org/2002/06/xmldsig-filter2";
const ENVELOPED: &str = "http://www.w3.org/2000/09/xmldsig#enveloped-signature";
const WITHOUT_THIS: &str = "<?p?>\n<r><a Id=\"a\">1<b></b></a><ds:Signature xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\">other</ds:Signature></r>";
const WITHOUT_ANY: &str = "<?p?>\n<r><a Id=\"a\">1<b></b></a></r>";

fn xpath(expression: &str) -> String {
    format!(
        "{XPATH} <ds:XPath>{}</ds:XPath>",
        expression.replace('<', "&lt;")
    )
}

fn filter(steps: &[(&str, &str)]) -> String {
    let steps: String = steps
        .iter()
        .map(|(operation, path)| {
            format!("<f:XPath xmlns:f='{FILTER}' Filter='{operation}'>{path}</f:XPath>")
        })
        .collect();
    format!("{FILTER} {steps}")
}

#[test]
fn the_structure_is_a_grammar() {
    let good = reference("", &[]);
    assert!(parse(&signature(&good, "<ds:KeyInfo/><ds:Object/><ds:Object/>")).is_ok());
    let key_info = "<ds:KeyInfo><ds:KeyName>x</ds:KeyName></ds:KeyInfo>";
    for (what, xml) in [
        ("no reference", signature("", "")),
        ("foreign child", signature(&good, "<x/>")),
        (
            "object before key",
            signature(&good, &format!("<ds:Object/>{key_info}")),
        ),
        (
            "two keys",
            signature(&good, &format!("{key_info}{key_info}")),
        ),
        (
            "two values",
            signature(&good, "<ds:SignatureValue>AAAA</ds:SignatureValue>"),
        ),
        ("text", signature(&good, "text")),
        ("text in SignedInfo", signature(&format!("{good}x"), "")),
        (
            "two digest values",
            signature(
                &good.replace(
                    "</ds:Reference>",
                    "<ds:DigestValue>AAAA</ds:DigestValue></ds:Reference>",
                ),
                "",
            ),
        ),
        (
            "foreign child of a reference",
            signature(&good.replace("</ds:Reference>", "<x/></ds:Reference>"), ""),
        ),
        (
            "no digest method",
            signature(
                "<ds:Reference><ds:DigestValue>AAAA</ds:DigestValue></ds:Reference>",
                "",
            ),
        ),
        (
            "digest value first",
            signature(
                "<ds:Reference><ds:DigestValue>AAAA</ds:DigestValue><ds:DigestMethod Algorithm='x'/></ds:Reference>",
                "",
            ),
        ),
        (
            "comment in a digest value",
            signature(&good.replace("AAAA", "AA<!---->AA"), ""),
        ),
        (
            "element in a digest value",
            signature(&good.replace("AAAA", "AA<x/>AA"), ""),
        ),
        (
            "empty transforms",
            signature(
                &good.replace("<ds:DigestMethod", "<ds:Transforms/><ds:DigestMethod"),
                "",
            ),
        ),
        (
            "transforms twice",
            signature(
                &good.replace(
                    "<ds:DigestMethod",
                    &format!(
                        "{0}{0}<ds:DigestMethod",
                        "<ds:Transforms><ds:Transform Algorithm='x'/></ds:Transforms>"
                    ),
                ),
                "",
            ),
        ),
        (
            "transform without algorithm",
            signature(
                &good.replace(
                    "<ds:DigestMethod",
                    "<ds:Transforms><ds:Transform/></ds:Transforms><ds:DigestMethod",
                ),
                "",
            ),
        ),
        (
            "digest method without algorithm",
            signature(&good.replace("Algorithm=", "algorithm="), ""),
        ),
        (
            "no value",
            signature(&good, "").replace("<ds:SignatureValue>AAAA</ds:SignatureValue>", ""),
        ),
        (
            "value before SignedInfo",
            signature(&good, "").replace(
                "<ds:SignedInfo>",
                "<ds:SignatureValue>AAAA</ds:SignatureValue><ds:SignedInfo>",
            ),
        ),
        (
            "other namespace",
            signature(&good, "").replace(
                "<ds:SignatureValue>AAAA</ds:SignatureValue>",
                "<SignatureValue>AAAA</SignatureValue>",
            ),
        ),
    ] {
        let error = parse(&xml).expect_err(what);
        assert_eq!(error.code(), "malformed.xml.structure", "{what}");
    }
    let xml = signature(&good.replace("AAAA", "AAA"), "");
    assert_eq!(parse(&xml).unwrap_err().code(), "malformed.xml.base64");
}

#[test]
fn algorithms_with_parameters() {
    let with = |method: &str| {
        let xml = signature(&reference("", &[]), "");
        let from =
            "<ds:SignatureMethod Algorithm='http://www.w3.org/2001/04/xmldsig-more#rsa-sha256'/>";
        parse(&xml.replace(from, method)).map(|signature| signature.signed_info.algorithm)
    };
    let pss = |inside: &str| {
        with(&format!(
            "<ds:SignatureMethod Algorithm='http://www.w3.org/2007/05/xmldsig-more#rsa-pss'>{inside}</ds:SignatureMethod>"
        ))
    };
    let params = |inside: &str| {
        pss(&format!(
            "<p:RSAPSSParams xmlns:p='http://www.w3.org/2007/05/xmldsig-more#'>{inside}</p:RSAPSSParams>"
        ))
    };
    let sha512 = "<ds:DigestMethod Algorithm='http://www.w3.org/2001/04/xmlenc#sha512'/>";
    let default = Ok(SignatureAlgorithm::pss(DigestAlgorithm::Sha256));
    assert_eq!(pss("").unwrap(), default);
    assert_eq!(params("").unwrap(), default);
    assert_eq!(
        params(sha512).unwrap(),
        Ok(SignatureAlgorithm::pss(DigestAlgorithm::Sha512))
    );
    assert_eq!(
        params(&format!("<p:MaskGenerationFunction Algorithm='http://www.w3.org/2007/05/xmldsig-more#MGF1'>{sha512}</p:MaskGenerationFunction><p:SaltLength> 20 </p:SaltLength><p:TrailerField>1</p:TrailerField>")).unwrap(),
        Ok(SignatureAlgorithm::RsaPss {
            digest: DigestAlgorithm::Sha256,
            mgf_digest: DigestAlgorithm::Sha512,
            salt_length: 20,
        })
    );
    // A function that is not named is the only one.
    assert_eq!(
        params(&format!(
            "<p:MaskGenerationFunction>{sha512}</p:MaskGenerationFunction>"
        ))
        .unwrap(),
        Ok(SignatureAlgorithm::RsaPss {
            digest: DigestAlgorithm::Sha256,
            mgf_digest: DigestAlgorithm::Sha512,
            salt_length: 32,
        })
    );
    // The order of the JDK.
    let function = format!(
        "<p:MaskGenerationFunction Algorithm='http://www.w3.org/2007/05/xmldsig-more#MGF1'>{sha512}</p:MaskGenerationFunction>"
    );
    assert_eq!(
        params(&format!("<p:SaltLength>20</p:SaltLength>{function}")).unwrap(),
        params(&format!("{function}<p:SaltLength>20</p:SaltLength>")).unwrap(),
    );
    for unsupported in [
        params("<p:TrailerField>2</p:TrailerField>").unwrap(),
        params("<p:MaskGenerationFunction Algorithm='urn:other'/>").unwrap(),
        params("<ds:DigestMethod Algorithm='urn:other'/>").unwrap(),
        with("<ds:SignatureMethod Algorithm='urn:other'/>").unwrap(),
        with("<ds:SignatureMethod Algorithm='http://www.w3.org/2000/09/xmldsig#hmac-sha1'/>").unwrap(),
        with("<ds:SignatureMethod Algorithm='http://www.w3.org/2001/04/xmldsig-more#hmac-sha256'><ds:HMACOutputLength>0</ds:HMACOutputLength></ds:SignatureMethod>").unwrap(),
        with("<ds:SignatureMethod Algorithm='http://www.w3.org/2001/04/xmldsig-more#rsa-sha256'><x/></ds:SignatureMethod>").unwrap(),
    ] {
        assert!(unsupported.is_err(), "{unsupported:?}");
    }
    for malformed in [
        params("<p:SaltLength>-1</p:SaltLength>"),
        params("<p:SaltLength>1</p:SaltLength><p:SaltLength>1</p:SaltLength>"),
        params("<x/>"),
        pss("<x/>"),
    ] {
        assert_eq!(malformed.unwrap_err().code(), "malformed.xml.structure");
    }
}

#[test]
fn enveloped_takes_out_this_signature_only() {
    assert_eq!(
        enveloped("", &[ENVELOPED]),
        (WITHOUT_THIS.to_owned(), Scope::WithoutThisSignature)
    );
    let exclusive = "http://www.w3.org/2001/10/xml-exc-c14n#";
    assert_eq!(
        enveloped("", &[ENVELOPED, exclusive]),
        (WITHOUT_THIS.to_owned(), Scope::WithoutThisSignature)
    );
    let (octets, scope) = enveloped("#a", &[ENVELOPED]);
    assert_eq!(
        (octets.as_str(), scope),
        ("<a Id=\"a\">1<b></b></a>", Scope::Full)
    );
    // An element of the signature itself: nothing is left, and nothing is signed.
    assert_eq!(
        enveloped("#o", &[ENVELOPED]),
        (String::new(), Scope::Partial)
    );
}

#[test]
fn spellings_of_the_same_expression_are_one() {
    for expression in [
        "not(ancestor-or-self::ds:Signature)",
        " not ( ancestor-or-self :: ds:Signature ) ",
        "not((ancestor-or-self::ds:Signature))",
        "not(boolean(ancestor-or-self::ds:Signature))",
        "count(ancestor-or-self::ds:Signature) = 0",
        "not(ancestor-or-self::*[local-name()='Signature' and namespace-uri()='http://www.w3.org/2000/09/xmldsig#'])",
        "true() and not(ancestor-or-self::ds:Signature) or false()",
    ] {
        // The attributes of `enveloped` are quoted singly.
        let transform = xpath(expression);
        assert_eq!(
            enveloped("", &[&transform]),
            (WITHOUT_ANY.to_owned(), Scope::WithoutSignatures),
            "{expression}"
        );
    }
    let this = xpath(
        "count(ancestor-or-self::ds:Signature | here()/ancestor::ds:Signature[1]) > count(ancestor-or-self::ds:Signature)",
    );
    assert_eq!(
        enveloped("", &[&this]),
        (WITHOUT_THIS.to_owned(), Scope::WithoutThisSignature)
    );
    for (steps, expected, scope) in [
        (
            vec![("subtract", "//ds:Signature")],
            WITHOUT_ANY,
            Scope::WithoutSignatures,
        ),
        (
            vec![("subtract", "/descendant::ds:Signature")],
            WITHOUT_ANY,
            Scope::WithoutSignatures,
        ),
        (
            vec![("subtract", "/r/*[local-name()='Signature']")],
            WITHOUT_ANY,
            Scope::WithoutSignatures,
        ),
        (
            vec![("subtract", "here()/ancestor::ds:Signature[1]")],
            WITHOUT_THIS,
            Scope::WithoutThisSignature,
        ),
        (
            vec![("subtract", "//ds:Signature"), ("union", "//b")],
            WITHOUT_ANY,
            Scope::WithoutSignatures,
        ),
        (
            vec![("intersect", "/"), ("subtract", "//ds:Signature")],
            WITHOUT_ANY,
            Scope::WithoutSignatures,
        ),
    ] {
        assert_eq!(
            enveloped("", &[&filter(&steps)]),
            (expected.to_owned(), scope),
            "{steps:?}"
        );
    }
}

#[test]
fn a_part_is_called_a_part() {
    for (transform, expected) in [
        (xpath("ancestor-or-self::a"), "<a Id=\"a\">1<b></b></a>"),
        (xpath("self::text() and ancestor-or-self::a"), "1"),
        (xpath("not(ancestor-or-self::r)"), "<?p?>\n"),
        (xpath("false()"), ""),
        (filter(&[("intersect", "//a")]), "<a Id=\"a\">1<b></b></a>"),
        (
            filter(&[("intersect", "//a[@Id='a']"), ("subtract", "//b")]).replace("'a'", "\"a\""),
            "<a Id=\"a\">1</a>",
        ),
        (filter(&[("intersect", "//nothing")]), ""),
    ] {
        assert_eq!(
            enveloped("", &[&transform]),
            (expected.to_owned(), Scope::Partial),
            "{transform}"
        );
    }
    // Signatures taken out, and something else.
    let both = filter(&[("subtract", "//ds:Signature | //b")]);
    assert_eq!(enveloped("", &[&both]).1, Scope::Partial);
}

#[test]
fn other_expressions_and_transforms_are_unsupported() {
    let deep = format!("{}true(){}", "(".repeat(1000), ")".repeat(1000));
    let wide = vec!["ancestor-or-self::a"; 100].join(" or ");
    for transform in [
        xpath(""),
        xpath("self::ds:Signature"),
        xpath("not(ancestor::ds:Signature)"),
        xpath("ancestor-or-self::unbound:a"),
        xpath("not(ancestor-or-self::ds:Signature) garbage"),
        xpath("not(ancestor-or-self::ds:Signature"),
        xpath("ancestor-or-self::a[1]"),
        xpath("id(\"a\")"),
        xpath("//a"),
        xpath(
            "count(ancestor-or-self::ds:Signature | here()/ancestor::ds:Object[1]) > count(ancestor-or-self::ds:Signature)",
        ),
        xpath(&deep),
        xpath(&wide),
        xpath(&" ".repeat(5000)),
        filter(&[("subtract", "a")]),
        filter(&[("subtract", "//@a")]),
        filter(&[("subtract", "//a[2]")]),
        filter(&[("subtract", "//a[position()=1]")]),
        filter(&[("subtract", "here()/ancestor::ds:Signature[2]")]),
        filter(&[("subtract", "here()/ancestor::ds:Signature")]),
        filter(&[("subtract", "..")]),
        filter(&[("subtract", "id('a')")]).replace("'a'", "\"a\""),
        filter(&[("remove", "//a")]),
        "http://www.w3.org/TR/1999/REC-xslt-19991116 <x/>".to_owned(),
        "urn:other".to_owned(),
        "http://www.w3.org/2001/10/xml-exc-c14n# <x/>".to_owned(),
    ] {
        let xml = signature(&reference("", &[&transform]), "");
        let error = follow(&xml).expect_err(&transform);
        assert_eq!(error.code(), "unsupported.transform", "{transform}");
    }
    // After octets there is no tree to select from.
    let exclusive = "http://www.w3.org/2001/10/xml-exc-c14n#";
    let xml = signature(&reference("", &[exclusive, ENVELOPED]), "");
    assert_eq!(follow(&xml).unwrap_err().code(), "unsupported.transform");
}

#[test]
fn base64_is_decoded() {
    let transform = "http://www.w3.org/2000/09/xmldsig#base64";
    assert_eq!(
        enveloped("#o", &[transform]),
        ("x".to_owned(), Scope::Decoded)
    );
    let xml = signature(
        &reference("#o", &[transform]),
        "<ds:Object Id='o'>not base64</ds:Object>",
    );
    assert_eq!(follow(&xml).unwrap_err().code(), "malformed.xml.base64");
}

#[test]
fn the_node_that_was_digested_is_named() {
    let object = "<ds:Object><x Id='x'/></ds:Object>";
    let xml = format!("<r>{}</r>", signature(&reference("#x", &[]), object));
    let text = Text::new(&xml);
    let mut budget = Budget::default();
    let tree = Tree::parse(&text, &mut budget).unwrap();
    let node = tree.node(signatures(&tree)[0]).unwrap();
    let signature = Signature::parse(node, &mut budget).unwrap();
    let reference = &signature.signed_info.references[0];
    let found = dereference(&tree, &signature, reference, &mut budget).unwrap();
    let expected = Selection::Element {
        node: tree.by_id("x").unwrap().unwrap().id(),
        inside_signature: true,
    };
    assert!(matches!(found, Dereferenced::Octets { selection, .. } if selection == expected));
}

#[test]
fn wrapping_an_identifier_leads_nowhere() {
    let object = "<ds:Object Id='o'/>";
    let xml = format!(
        "<r><copy Id='o'/>{}</r>",
        signature(&reference("#o", &[]), object)
    );
    assert_eq!(
        follow(&xml).unwrap_err().code(),
        "malformed.xml.duplicate-id"
    );
    let xml = format!(
        "<r><copy ID='o'/>{}</r>",
        signature(&reference("#xpointer(id('o'))", &[]), object)
    );
    assert_eq!(
        follow(&xml).unwrap_err().code(),
        "malformed.xml.duplicate-id"
    );
    let xml = signature(&reference("#p", &[]), object);
    assert_eq!(follow(&xml).unwrap(), Dereferenced::NotFound);
}

#[test]
fn external_references_say_what_is_to_be_done() {
    let method = Method::CANONICAL_XML_10;
    for (uri, transforms, name, transform) in [
        ("a%20b.txt", vec![], "a b.txt", ExternalTransform::None),
        (
            "a",
            vec!["http://www.w3.org/2000/09/xmldsig#base64"],
            "a",
            ExternalTransform::Base64,
        ),
        (
            "urn:x",
            vec![method.uri()],
            "urn:x",
            ExternalTransform::Canonicalize(method.clone()),
        ),
    ] {
        let found = follow(&signature(&reference(uri, &transforms), "")).unwrap();
        let name = Some(name.to_owned());
        assert_eq!(found, Dereferenced::External { name, transform });
    }
    let two = reference(
        "a",
        &["http://www.w3.org/2000/09/xmldsig#base64", method.uri()],
    );
    assert!(matches!(
        follow(&signature(&two, "")),
        Err(Error::Unsupported(_))
    ));
    let enveloped = reference("a", &[ENVELOPED]);
    assert!(matches!(
        follow(&signature(&enveloped, "")),
        Err(Error::Unsupported(_))
    ));
}

#[test]
fn references_are_counted() {
    let xml = signature(&reference("", &[]).repeat(200), "");
    let text = Text::new(&xml);
    let limits = crate::limits::Limits {
        references: 100,
        ..Default::default()
    };
    let mut budget = Budget::new(limits.into());
    let tree = Tree::parse(&text, &mut budget).unwrap();
    let node = tree.node(signatures(&tree)[0]).unwrap();
    let error = Signature::parse(node, &mut budget).unwrap_err();
    assert_eq!(error.code(), "limits.references");
}

#[test]
fn many_references_with_expressions_are_bounded() {
    let transform = xpath("not(ancestor-or-self::ds:Signature)");
    let references = reference("", &[&transform]).repeat(2_000);
    let xml = format!(
        "<r>{}{}</r>",
        "<a/>".repeat(20_000),
        signature(&references, "")
    );
    let text = Text::new(&xml);
    let limits = crate::limits::Limits {
        digested_bytes: 8 << 20,
        ..Default::default()
    };
    let mut budget = Budget::new(limits.into());
    let tree = Tree::parse(&text, &mut budget).unwrap();
    let node = tree.node(signatures(&tree)[0]).unwrap();
    let signature = Signature::parse(node, &mut budget).unwrap();
    let refused = signature
        .signed_info
        .references
        .iter()
        .find_map(|reference| dereference(&tree, &signature, reference, &mut budget).err());
    assert_eq!(refused.unwrap().code(), "limits.digested-bytes");
}

#[test]
fn conditions_are_paid_for_by_what_they_look_at() {
    let conditions = vec!["@x=\"y\""; 300].join(" or ");
    let transform = filter(&[("intersect", &format!("//a[{conditions}]"))]);
    let attributes: String = (0..1_000).map(|number| format!(" n{number}=''")).collect();
    let xml = format!(
        "<r><a{attributes}/>{}</r>",
        signature(&reference("", &[&transform]), "")
    );
    let text = Text::new(&xml);
    let limits = crate::limits::Limits {
        digested_bytes: 1 << 20,
        ..Default::default()
    };
    let mut budget = Budget::new(limits.into());
    let tree = Tree::parse(&text, &mut budget).unwrap();
    let node = tree.node(signatures(&tree)[0]).unwrap();
    let signature = Signature::parse(node, &mut budget).unwrap();
    let reference = &signature.signed_info.references[0];
    let refused = dereference(&tree, &signature, reference, &mut budget).unwrap_err();
    assert_eq!(refused.code(), "limits.digested-bytes");
}

#[test]
fn damaged_signatures_never_panic() {
    let transform = xpath("not(ancestor-or-self::ds:Signature) or count(ancestor-or-self::a) = 0");
    let steps = filter(&[(
        "subtract",
        "//ds:Signature[@a='b' or local-name()='x'] | here()/ancestor::a[1]",
    )])
    .replace("'b'", "\"b\"")
    .replace("'x'", "\"x\"");
    let xml = format!(
        "<r>{}</r>",
        signature(
            &reference("", &[&transform, &steps, ENVELOPED]),
            "<ds:KeyInfo/>"
        )
    );
    let octets = xml.as_bytes();
    let read = |octets: &[u8]| {
        let text = decode(octets)?;
        let mut budget = Budget::default();
        let tree = Tree::parse(&text, &mut budget)?;
        for node in signatures(&tree) {
            let signature = Signature::parse(tree.node(node).unwrap(), &mut budget)?;
            let _ = signature.signed_info.octets(&tree, &mut budget);
            for reference in &signature.signed_info.references {
                dereference(&tree, &signature, reference, &mut budget)?;
            }
        }
        Ok::<_, Error>(())
    };
    read(octets).unwrap();
    for length in 0..octets.len() {
        let _ = read(&octets[..length]);
    }
    for place in 0..octets.len() {
        for bit in 0..8 {
            let mut damaged = octets.to_vec();
            damaged[place] ^= 1 << bit;
            let _ = read(&damaged);
        }
    }
}
