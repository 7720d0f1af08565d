//! What of a document is kept until it is judged.

use super::*;
use crate::xml::dsig::NAMESPACE as DSIG;

/// A document with parts, and a signature with these transforms, a reference for each.
fn document(parts: usize, references: &[String]) -> String {
    let references: String = references
        .iter()
        .map(|transforms| {
            format!(
                "<ds:Reference URI=''><ds:Transforms>{transforms}</ds:Transforms><ds:DigestMethod \
                 Algorithm='http://www.w3.org/2001/04/xmlenc#sha256'/><ds:DigestValue>AAAA\
                 </ds:DigestValue></ds:Reference>"
            )
        })
        .collect();
    let parts: String = (0..parts)
        .map(|number| format!("<part id='p{number}'>{}</part>", "x".repeat(1_000)))
        .collect();
    format!(
        "<r>{parts}<ds:Signature xmlns:ds='{DSIG}'><ds:SignedInfo><ds:CanonicalizationMethod \
         Algorithm='http://www.w3.org/2001/10/xml-exc-c14n#'/><ds:SignatureMethod \
         Algorithm='http://www.w3.org/2001/04/xmldsig-more#rsa-sha256'/>{references}</ds:SignedInfo>\
         <ds:SignatureValue>AAAA</ds:SignatureValue></ds:Signature></r>"
    )
}

/// Leaves everything but one of the parts and what is signature.
fn all_but(part: usize) -> String {
    format!(
        "<ds:Transform Algorithm='http://www.w3.org/2002/06/xmldsig-filter2'><f:XPath \
         xmlns:f='http://www.w3.org/2002/06/xmldsig-filter2' Filter='subtract'>\
         //part[@id=\"p{part}\"] | //ds:Signature</f:XPath></ds:Transform>"
    )
}

fn refusal(xml: &str, budget: &mut Budget) -> Option<&'static str> {
    let read = read_within(xml.as_bytes(), &Files::new(), budget);
    read.err().map(|error| error.code())
}

#[test]
fn references_that_each_leave_another_part_are_bounded_in_memory() {
    let transforms: Vec<String> = (0..100).map(all_but).collect();
    let xml = document(100, &transforms);
    let limits = Limits {
        canonical_bytes: 1 << 20,
        ..Limits::default()
    };
    let mut budget = Budget::new(Arc::new(limits));
    assert_eq!(refusal(&xml, &mut budget), Some("limits.canonical-bytes"));
    // A small document may have many times its own length, but not everything that a host allows.
    let transforms: Vec<String> = (0..200).map(all_but).collect();
    let xml = document(200, &transforms);
    let refusal = refusal(&xml, &mut Budget::default());
    assert_eq!(refusal, Some("limits.canonical-bytes"));
}

#[test]
fn references_that_leave_the_same_share_it() {
    let transforms: Vec<String> = (0..400).map(|_| all_but(0)).collect();
    let xml = document(100, &transforms);
    let mut budget = Budget::default();
    let records = read_within(xml.as_bytes(), &Files::new(), &mut budget).unwrap();
    let octets = |number: usize| match &records[0].references[number].target {
        Target::Parts(parts) => match parts.as_slice() {
            [Part::Octets(octets)] => Arc::clone(octets),
            other => panic!("{other:?}"),
        },
        other => panic!("{other:?}"),
    };
    assert!(Arc::ptr_eq(&octets(0), &octets(399)));
    let spent = budget.spent(crate::limits::Resource::CanonicalBytes);
    assert!(spent < 400_000, "{spent}");
}
