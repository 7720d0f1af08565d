//! Signers who choose transforms, and attackers who use what the transforms pass over.
//!
//! A transform that leaves something out leaves room: whatever an attacker puts there, the digest
//! fits. So the report may call signed only what the transforms left, and may say "all of it" only
//! where they left everything.

use super::wrapping::{DS, EXCLUSIVE, INCLUSIVE, completed, element, signed};
use super::*;

const XPATH: &str = "http://www.w3.org/TR/1999/REC-xpath-19991116";
const FILTER: &str = "http://www.w3.org/2002/06/xmldsig-filter2";

fn reference(uri: &str, transforms: &str) -> String {
    format!(
        "<ds:Reference URI=\"{uri}\"><ds:Transforms>{transforms}</ds:Transforms><ds:DigestMethod \
         Algorithm=\"http://www.w3.org/2001/04/xmlenc#sha256\"/><ds:DigestValue></ds:DigestValue>\
         </ds:Reference>"
    )
}

fn transform(uri: &str) -> String {
    format!("<ds:Transform Algorithm=\"{uri}\"/>")
}

fn xpath(expression: &str) -> String {
    format!("<ds:Transform Algorithm=\"{XPATH}\"><ds:XPath>{expression}</ds:XPath></ds:Transform>")
}

fn filter(how: &str, path: &str) -> String {
    format!(
        "<ds:Transform Algorithm=\"{FILTER}\"><f:XPath xmlns:f=\"{FILTER}\" Filter=\"{how}\">{path}\
         </f:XPath></ds:Transform>"
    )
}

/// Chains of transforms over the whole document, and how much of it is signed then.
fn chains() -> Vec<(&'static str, String, ScopeKind)> {
    let enveloped = transform(&format!("{DS}enveloped-signature"));
    let (exclusive, inclusive) = (transform(EXCLUSIVE), transform(INCLUSIVE));
    let no_signature = xpath("not(ancestor-or-self::ds:Signature)");
    let subtract = filter("subtract", "/descendant::ds:Signature");
    vec![
        ("enveloped", enveloped.clone(), ScopeKind::Full),
        ("enveloped twice", enveloped.repeat(2), ScopeKind::Full),
        (
            "canonical twice",
            format!("{enveloped}{exclusive}{inclusive}"),
            ScopeKind::Full,
        ),
        (
            "canonical thrice",
            format!("{enveloped}{}", exclusive.repeat(3)),
            ScopeKind::Full,
        ),
        ("no signature", no_signature.clone(), ScopeKind::Full),
        (
            "no signature, canonical",
            format!("{no_signature}{exclusive}"),
            ScopeKind::Full,
        ),
        ("subtracted", subtract.clone(), ScopeKind::Full),
        (
            "subtracted, canonical",
            format!("{subtract}{exclusive}"),
            ScopeKind::Full,
        ),
        (
            "enveloped and subtracted",
            format!("{enveloped}{subtract}"),
            ScopeKind::Full,
        ),
        (
            "enveloped and no signature",
            format!("{enveloped}{no_signature}"),
            ScopeKind::Full,
        ),
        (
            "one element alone",
            filter("intersect", "/d:doc/d:data")
                .replace("<f:XPath ", "<f:XPath xmlns:d=\"urn:doc\" "),
            ScopeKind::Partial,
        ),
        (
            "without the notes",
            format!(
                "{enveloped}{}",
                xpath("not(ancestor-or-self::d:note)")
                    .replace("<ds:XPath>", "<ds:XPath xmlns:d=\"urn:doc\">")
            ),
            ScopeKind::Partial,
        ),
    ]
}

fn scope(document: &str) -> Option<ScopeKind> {
    let budget = &mut Budget::default();
    let records = read_within(document.as_bytes(), &Files::new(), budget).ok()?;
    let mut readable = records.iter().filter(|record| record.value.is_some());
    readable.next()?.scopes.first().map(|scope| scope.kind)
}

#[test]
fn what_a_chain_of_transforms_leaves_is_what_is_signed() {
    let (mut tried, mut kept) = (0, 0);
    for (name, transforms, expected) in chains() {
        let signature = element(&reference("", &transforms), "", EXCLUSIVE);
        let good = completed(format!(
            "<doc xmlns=\"urn:doc\"><data Id=\"d\"><sum>10</sum></data><note>n</note>{signature}</doc>"
        ));
        let genuine = signed(&good);
        assert_eq!(genuine.len(), 1, "{name}");
        let whole = String::from_utf8(genuine[0].0.clone()).unwrap();
        assert!(whole.contains("<sum>10</sum>"), "{name}: {whole}");
        let partial = scope(&good);
        match expected {
            ScopeKind::Partial => assert_eq!(partial, Some(ScopeKind::Partial), "{name}"),
            _ => assert!(partial.is_some(), "{name}"),
        }
        let forged = "<data Id=\"d\"><sum>99</sum></data>";
        let put = |place: &str, what: &str| good.replacen(place, &format!("{what}{place}"), 1);
        let hidden = format!("<ds:Object>{forged}</ds:Object>");
        let other = format!("<ds:Signature xmlns:ds=\"{DS}\">{forged}</ds:Signature>");
        let shell = format!("<ds:Signature xmlns:ds=\"{DS}\" Id=\"t\">{hidden}</ds:Signature>");
        let note = format!("<note>{forged}</note>");
        for (how, variant) in [
            ("in an object", put("</ds:Signature>", &hidden)),
            (
                "in the properties",
                put("</xades:QualifyingProperties>", forged),
            ),
            ("in a signature before", put("<data ", &other)),
            ("in a signature behind", put("</doc>", &other)),
            ("in a signature that is one", put("<data ", &shell)),
            ("in a signature in the data", put("<sum>10", &other)),
            (
                "in a signature for the sum",
                good.replacen("<sum>10</sum>", &other, 1),
            ),
            ("in the notes", put("<note>", &note)),
            ("in the notes, in the data", put("<sum>10", &note)),
            (
                "in the place of the data",
                good.replacen("<data Id=\"d\"><sum>10</sum></data>", forged, 1),
            ),
            ("before the data", put("<data ", forged)),
            ("behind the data", put("<note>", forged)),
            ("in the data", put("<sum>10", forged)),
            ("the data in the signature", {
                let without = good.replacen("<data Id=\"d\"><sum>10</sum></data>", forged, 1);
                let genuine =
                    "<ds:Object><data Id=\"d\"><sum>10</sum></data></ds:Object></ds:Signature>";
                without.replacen("</ds:Signature>", genuine, 1)
            }),
            (
                "another document around",
                format!("<doc xmlns=\"urn:doc\">{forged}{good}</doc>"),
            ),
            ("a comment", put("10</sum>", "9<!-- -->9<!-- -->")),
            ("a comment in the name", put("</sum>", "<!--")),
        ] {
            tried += 1;
            for found in signed(&variant) {
                kept += 1;
                let text = String::from_utf8(found.0.clone()).unwrap();
                assert_eq!(found, genuine[0], "{name}, {how}: {text}");
                assert!(!text.contains("99"), "{name}, {how}: {text}");
            }
            // What stands in the document and not in the octets is never called signed as a whole.
            let leaves_out = variant.contains("<note>") && !whole.contains("note");
            if leaves_out && !signed(&variant).is_empty() {
                assert_eq!(scope(&variant), Some(ScopeKind::Partial), "{name}, {how}");
            }
        }
    }
    assert!(tried > 200, "{tried}");
    assert!(kept > 40, "{kept} of {tried}");
}

/// Findings of a document that stands alone.
fn told(transforms: &str) -> Vec<(CheckId, String)> {
    let signature = element(&reference("", transforms), "", EXCLUSIVE);
    let document = completed(format!(
        "<doc xmlns=\"urn:doc\"><sum of=\"rent\">10</sum>{signature}</doc>"
    ));
    let octets = Arc::from(document.as_bytes());
    let records = parse(&octets, "", &|_| None, &mut Budget::default()).unwrap();
    let findings = records[0].findings.iter();
    findings
        .map(|finding| (finding.check, finding.found.clone()))
        .collect()
}

#[test]
fn transforms_that_leave_nothing_leave_nothing_signed() {
    for transforms in [xpath("false()"), filter("subtract", "/")] {
        let findings = told(&transforms);
        let none = (CheckId::FormatStructure, "none".to_owned());
        assert!(findings.contains(&none), "{transforms}: {findings:?}");
    }
}

#[test]
fn a_part_is_told_as_a_part() {
    let whole = transform(&format!("{DS}enveloped-signature"));
    assert_eq!(told(&whole), []);
    let part = (
        CheckId::DocumentAllSigned,
        "the document is, but not all of it".to_owned(),
    );
    for transforms in [
        xpath("self::text()"),
        xpath("not(ancestor-or-self::d:sum)")
            .replace("<ds:XPath>", "<ds:XPath xmlns:d=\"urn:doc\">"),
    ] {
        let findings = told(&format!("{whole}{transforms}"));
        assert_eq!(findings, std::slice::from_ref(&part), "{transforms}");
    }
}

/// Data in base64, decoded before it is digested: text around the encoded octets is no data.
#[test]
fn decoded_data_is_the_decoded_octets() {
    let decode = transform(&format!("{DS}base64"));
    let signature = element(
        &reference("#o", &decode),
        "<ds:Object Id=\"o\">c3VtPTEw</ds:Object>",
        EXCLUSIVE,
    );
    let good = completed(format!("<doc xmlns=\"urn:doc\">{signature}</doc>"));
    let genuine = signed(&good);
    assert_eq!(genuine[0].0, b"sum=10");
    let (mut kept, mut lost) = (0, 0);
    for to in [
        "c3VtPTk5",
        "c3VtPTEw<!--c3VtPTk5-->",
        "<x>c3VtPTEw</x>",
        "<x>c3Vt</x>PTEw",
        "<x v=\"c3VtPTk5\">c3VtPTEw</x>",
        "<?x c3VtPTk5?>c3VtPTEw",
        "c3VtPTEw<x/>",
        "c3VtPTEw<x>c3VtPTk5</x>",
        "<![CDATA[c3VtPTEw]]>",
        "&#99;3VtPTEw",
        " c3Vt PTEw ",
        "c3VtPTEw=",
        "c3VtPTEw====c3VtPTk5",
    ] {
        let found = signed(&good.replacen(">c3VtPTEw<", &format!(">{to}<"), 1));
        assert!(found.iter().all(|one| *one == genuine[0]), "{to}");
        match found.is_empty() {
            true => lost += 1,
            false => kept += 1,
        }
    }
    assert!(kept >= 5 && lost >= 3, "{kept} {lost}");
}
