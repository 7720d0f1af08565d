//! Signature wrapping: genuine signatures over documents that were rearranged around them.
//!
//! Whatever an attacker moves, doubles or shadows, one of two things must come out: something is
//! found to be wrong, or what counts as signed is, octet by octet, what the signer signed.

use super::creation::ecdsa;
use super::*;
use crate::crypto::SoftwareKey;
use crate::job::Seed;
use crate::xml::dsig::{self, Dereferenced, dereference};
use crate::xml::{self, Tree, base64};

pub(super) const DS: &str = "http://www.w3.org/2000/09/xmldsig#";
pub(super) const EXCLUSIVE: &str = "http://www.w3.org/2001/10/xml-exc-c14n#";
pub(super) const INCLUSIVE: &str = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315";
const DATA: &str = "<data Id=\"d\"><sum>10</sum></data>";
const SIGNED_TIME: &str = "2026-01-01T00:00:00Z";
const FORGED_TIME: &str = "1999-01-01T00:00:00Z";

/// How the document and its signature belong together.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Form {
    /// The data stands beside the signature and is named.
    Beside,
    /// The data stands in an object of the signature.
    Inside,
    /// The signature stands in the data, which is the whole document.
    Around,
}

fn reference(uri: &str, transforms: &[&str]) -> String {
    let transforms: String = transforms
        .iter()
        .map(|uri| format!("<ds:Transform Algorithm=\"{uri}\"/>"))
        .collect();
    format!(
        "<ds:Reference URI=\"{uri}\"><ds:Transforms>{transforms}</ds:Transforms><ds:DigestMethod \
         Algorithm=\"http://www.w3.org/2001/04/xmlenc#sha256\"/><ds:DigestValue></ds:DigestValue>\
         </ds:Reference>"
    )
}

fn properties(time: &str, id: &str) -> String {
    format!(
        "<xades:SignedProperties Id=\"{id}\"><xades:SignedSignatureProperties><xades:SigningTime>\
         {time}</xades:SigningTime></xades:SignedSignatureProperties></xades:SignedProperties>"
    )
}

fn qualifying(properties: &str) -> String {
    format!(
        "<ds:Object><xades:QualifyingProperties xmlns:xades=\"{NAMESPACE}\" Target=\"#s\">\
         {properties}</xades:QualifyingProperties></ds:Object>"
    )
}

/// A `ds:Signature` with a reference to data and one to its properties, without digests and value.
pub(super) fn element(data: &str, object: &str, canonicalization: &str) -> String {
    let pki = Pki::fixed().unwrap();
    format!(
        "<ds:Signature xmlns:ds=\"{DS}\" Id=\"s\"><ds:SignedInfo><ds:CanonicalizationMethod \
         Algorithm=\"{EXCLUSIVE}\"/><ds:SignatureMethod \
         Algorithm=\"http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256\"/>{data}{}\
         </ds:SignedInfo><ds:SignatureValue></ds:SignatureValue><ds:KeyInfo><ds:X509Data>\
         <ds:X509Certificate>{}</ds:X509Certificate></ds:X509Data></ds:KeyInfo>{object}{}\
         </ds:Signature>",
        reference("#p", &[canonicalization]),
        base64::encode(&pki.citizen_p256.certificate),
        qualifying(&properties(SIGNED_TIME, "p")),
    )
}

/// A signed document: digests, then the value, are put where they belong.
fn document(form: Form, canonicalization: &str) -> String {
    let enveloped = format!("{DS}enveloped-signature");
    let data = match form {
        Form::Beside | Form::Inside => reference("#d", &[canonicalization]),
        Form::Around => reference("", &[&enveloped, canonicalization]),
    };
    let object = match form {
        Form::Inside => format!("<ds:Object Id=\"o\">{DATA}</ds:Object>"),
        _ => String::new(),
    };
    let signature = element(&data, &object, canonicalization);
    completed(match form {
        Form::Beside => format!("<doc xmlns=\"urn:doc\">{DATA}{signature}</doc>"),
        Form::Inside => format!("<doc xmlns=\"urn:doc\">{signature}</doc>"),
        Form::Around => format!("<doc xmlns=\"urn:doc\"><sum>10</sum>{signature}</doc>"),
    })
}

/// Puts the two digests, then the value, where they belong.
pub(super) fn completed(mut document: String) -> String {
    let pki = Pki::fixed().unwrap();
    for number in 0..2 {
        let octets = with_signature(&document, |tree, signature, budget| {
            let reference = &signature.signed_info.references[number];
            match dereference(tree, signature, reference, budget).unwrap() {
                Dereferenced::Octets { octets, .. } => octets,
                other => panic!("{other:?}"),
            }
        });
        let digest = crypto::digest(DigestAlgorithm::Sha256, &octets).unwrap();
        let digest = format!("<ds:DigestValue>{}<", base64::encode(&digest));
        document = document.replacen("<ds:DigestValue><", &digest, 1);
    }
    let data = with_signature(&document, |tree, signature, budget| {
        signature.signed_info.octets(tree, budget).unwrap()
    });
    let key = SoftwareKey::from_pkcs8_der(pki.citizen_p256.key.pkcs8_der()).unwrap();
    let seed = Seed::new([9; 32]);
    let value = key.sign(ecdsa(), Message::Octets(&data), &seed).unwrap();
    let value = format!("<ds:SignatureValue>{}<", base64::encode(&value));
    document.replacen("<ds:SignatureValue><", &value, 1)
}

fn with_signature(
    document: &str,
    act: impl FnOnce(&Tree<'_>, &dsig::Signature, &mut Budget) -> Vec<u8>,
) -> Vec<u8> {
    let budget = &mut Budget::default();
    let text = xml::decode(document.as_bytes()).unwrap();
    let tree = Tree::parse(&text, budget).unwrap();
    let node = tree.node(dsig::signatures(&tree)[0]).unwrap();
    let signature = dsig::Signature::parse(node, budget).unwrap();
    act(&tree, &signature, budget)
}

/// What a good signature of the document says: what is signed, and when.
pub(super) fn signed(document: &str) -> Vec<(Vec<u8>, Option<i64>)> {
    let none = Files::new();
    let Ok(records) = read_within(document.as_bytes(), &none, &mut Budget::default()) else {
        return Vec::new();
    };
    let good = records.iter().filter(|record| {
        record.value.is_some() && !record.references.is_empty() && faults(record, &none).is_empty()
    });
    good.map(|record| {
        let data = record.references.iter();
        let data = data.filter(|one| one.kind == ReferenceKind::SignersDocument);
        let content = data.flat_map(|one| match &one.target {
            Target::Parts(parts) => octets(parts, &none).unwrap(),
            _ => Vec::new(),
        });
        let time = record.claims.signing_time.map(|time| time.seconds);
        (content.collect(), time)
    })
    .collect()
}

/// Elements that an application could take for the signed one.
fn forgeries(form: Form) -> Vec<String> {
    if form == Form::Around {
        return vec![
            "<sum>99</sum>".to_owned(),
            "<x><sum>99</sum></x>".to_owned(),
        ];
    }
    [
        "<data Id=\"d\"><sum>99</sum></data>",
        "<data><sum>99</sum></data>",
        "<data Id=\"d2\"><sum>99</sum></data>",
        "<data ID=\"d\"><sum>99</sum></data>",
        "<data xml:id=\"d\"><sum>99</sum></data>",
        "<data id=\"d\"><sum>99</sum></data>",
        "<data xmlns:a=\"urn:a\" a:Id=\"d\"><sum>99</sum></data>",
        "<data Id=\"&#100;\"><sum>99</sum></data>",
        "<data Id=\" d\"><sum>99</sum></data>",
        "<p:data xmlns:p=\"urn:doc\" Id=\"d\"><p:sum>99</p:sum></p:data>",
    ]
    .map(str::to_owned)
    .to_vec()
}

/// Documents in which the signed element has gone elsewhere and a forged one is in its place.
fn moved(good: &str, form: Form) -> Vec<String> {
    let genuine = match form {
        Form::Around => "<sum>10</sum>",
        Form::Beside | Form::Inside => DATA,
    };
    let mut variants = Vec::new();
    for forged in forgeries(form) {
        let without = good.replacen(genuine, &forged, 1);
        let before =
            |place: &str, what: &str| without.replacen(place, &format!("{what}{place}"), 1);
        let inside = format!("<ds:Object>{genuine}</ds:Object>");
        let in_doc = format!("<ds:Object><doc xmlns=\"urn:doc\">{genuine}</doc></ds:Object>");
        variants.extend([
            without.clone(),
            before("</ds:Signature>", &inside),
            before("</ds:Signature>", &in_doc),
            before("</ds:KeyInfo>", genuine),
            before("</ds:SignedInfo>", genuine),
            before("</xades:QualifyingProperties>", genuine),
            before("</doc>", genuine),
            before("</doc>", &format!("<old>{genuine}</old>")),
            before("<ds:Signature ", genuine),
            before("</sum>", genuine),
            good.replacen(genuine, &format!("{forged}{genuine}"), 1),
            good.replacen(genuine, &format!("{genuine}{forged}"), 1),
            good.replacen(genuine, &format!("<data>{forged}{genuine}</data>"), 1),
            good.replacen("<sum>10", &format!("{forged}<sum>10"), 1),
        ]);
    }
    variants
}

/// Documents in which something about the signature itself is doubled, moved or shadowed.
fn rearranged(good: &str) -> Vec<String> {
    let start = good.find("<ds:Signature ").unwrap();
    let end = good.find("</ds:Signature>").unwrap() + "</ds:Signature>".len();
    let signature = &good[start..end];
    let info_start = good.find("<ds:SignedInfo>").unwrap();
    let info_end = good.find("</ds:SignedInfo>").unwrap() + "</ds:SignedInfo>".len();
    let info = &good[info_start..info_end];
    let forged_info = info.replace("#d", "#f");
    let genuine = properties(SIGNED_TIME, "p");
    let forged = qualifying(&properties(FORGED_TIME, "p"));
    let other = qualifying(&properties(FORGED_TIME, "q"));
    let replace = |from: &str, to: &str| good.replacen(from, to, 1);
    let kept = format!("<ds:Object>{genuine}</ds:Object>");
    let own = qualifying(&genuine);
    vec![
        // Two lists of references.
        replace(info, &format!("{forged_info}{info}")),
        replace(info, &format!("{info}{forged_info}")),
        replace(info, &format!("<ds:Object>{info}</ds:Object>{forged_info}")),
        // A signature in a signature, before and behind.
        replace(signature, &format!("<wrap>{signature}</wrap>")),
        replace(signature, &format!("{signature}{signature}")),
        replace(
            "</ds:Signature>",
            &format!("<ds:Object>{signature}</ds:Object></ds:Signature>"),
        ),
        // Properties.
        replace(&own, &format!("{other}{kept}")),
        replace(&own, &format!("{forged}{kept}")),
        replace(&own, &format!("{own}{other}")),
        replace(&own, &format!("{other}{own}")),
        replace(
            &genuine,
            &format!("{}{genuine}", properties(FORGED_TIME, "q")),
        ),
        replace(
            &genuine,
            &format!("{genuine}{}", properties(FORGED_TIME, "p")),
        ),
        replace(&genuine, &properties(FORGED_TIME, "p")),
        replace("Target=\"#s\"", "Target=\"#t\""),
        replace(" Id=\"s\"", " Id=\"t\""),
        // Comments, instructions and references split what a reader sees.
        replace("<sum>10", "<sum>9<!-- -->9<!--"),
        replace("<sum>10", "<sum>9<!--10-->9"),
        replace("<sum>10", "<sum><!--9-->10"),
        replace("<sum>10", "<sum><?x 9?>10"),
        replace("<sum>10", "<sum><![CDATA[1]]>0"),
        replace("<sum>10", "<sum>&#49;0"),
        replace("<sum>10", "<sum> 10"),
        // Namespaces of what is around.
        replace("urn:doc", "urn:evil"),
        replace("<doc ", "<doc xmlns:e=\"urn:evil\" "),
        replace("<doc ", "<doc xml:lang=\"az\" "),
        replace("<doc ", "<doc xml:base=\"http://evil/\" "),
        replace("<sum>", "<sum xmlns=\"urn:evil\">"),
        replace("<sum>10</sum>", "<e:sum xmlns:e=\"urn:doc\">10</e:sum>"),
        good.replace("ds:", "x:").replace("xmlns:ds", "xmlns:x"),
        good.replace("<ds:Reference ", "<ds:Reference xmlns:ds=\"urn:evil\" "),
        // Document types and second documents.
        format!("<!DOCTYPE doc [<!ATTLIST data id ID #IMPLIED>]>{good}"),
        format!("{good}{good}"),
        format!("<evil>{good}</evil>"),
        format!("<evil><data Id=\"d\"><sum>99</sum></data>{good}</evil>"),
        // References of the signature that lead elsewhere.
        replace("URI=\"#d\"", "URI=\"#xpointer(id('d'))\""),
        replace("URI=\"#d\"", "URI=\"\""),
        replace("URI=\"#p\"", "URI=\"#s\""),
        replace(EXCLUSIVE, INCLUSIVE),
        replace(
            "<ds:Transforms>",
            &format!("<ds:Transforms><ds:Transform Algorithm=\"{DS}base64\"/>"),
        ),
    ]
}

#[test]
fn what_counts_as_signed_is_what_was_signed() {
    let mut tried = 0;
    let mut good_all_the_same = 0;
    for form in [Form::Beside, Form::Inside, Form::Around] {
        for canonicalization in [EXCLUSIVE, INCLUSIVE] {
            let good = document(form, canonicalization);
            let genuine = signed(&good);
            assert_eq!(genuine.len(), 1, "{form:?}");
            let mut variants = moved(&good, form);
            variants.extend(rearranged(&good));
            for variant in variants.iter().filter(|variant| **variant != good) {
                tried += 1;
                for found in signed(variant) {
                    good_all_the_same += 1;
                    assert_eq!(found.0, genuine[0].0, "{form:?} {variant}");
                    assert_eq!(found.1, genuine[0].1, "{form:?} {variant}");
                }
            }
        }
    }
    assert!(tried > 700, "{tried}");
    // Some change nothing that is signed; were there none, nothing would be shown.
    assert!(good_all_the_same > 40, "{good_all_the_same} of {tried}");
}

/// Names of files that are not the signed one, where the signed one has gone elsewhere.
#[test]
fn a_file_of_another_name_is_not_the_signed_file() {
    let pki = Pki::fixed().unwrap();
    let spec = XadesSpec::container(TIME);
    let signature = sign(&spec, &[file()], &pki.citizen_p256).unwrap();
    for place in [
        "META-INF/ərizə 1.txt",
        "ərizə 1.txt/ərizə 1.txt",
        "Ərizə 1.txt",
        "ərizə%201.txt",
        "%C9%99rizə 1.txt",
        "./ərizə 1.txt",
        "ərizə 1.txt ",
    ] {
        let files: Files = [
            ("ərizə 1.txt".to_owned(), b"pul\n".to_vec()),
            (place.to_owned(), b"salam\n".to_vec()),
        ]
        .into();
        let records = read(signature.document().as_bytes(), &files);
        assert_eq!(
            faults(&records[0], &files),
            ["digest: ərizə 1.txt"],
            "{place}"
        );
        let moved: Files = [(place.to_owned(), b"salam\n".to_vec())].into();
        let records = read(signature.document().as_bytes(), &moved);
        let covered = records[0].references[0].covers.clone();
        assert_eq!(covered, None, "{place}");
    }
}
