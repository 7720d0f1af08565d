//! XML: read, written in canonical form, and a signature with a thousand references.
//!
//! `cargo bench -p imza --bench xml`. Rows of a register are the dearest ordinary XML: a node for
//! every ten octets. Everything is charged as in a validation.
#![expect(
    clippy::unwrap_used,
    reason = "a benchmark that cannot go on fails; its documents are made here"
)]

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use imza::limits::{Budget, Limits};
use imza::xml::c14n::{Comments, Method, NodeSet, canonicalize, canonicalize_octets};
use imza::xml::{Tree, decode};
use std::fmt::Write;
use std::hint::black_box;
use std::sync::Arc;

const MEGABYTE: usize = 1_000_000;

fn budget() -> Budget {
    Budget::new(Arc::new(Limits::large()))
}

/// Rows of a register.
fn rows(length: usize) -> String {
    let mut text = "<r:rows xmlns:r=\"urn:register\" xmlns=\"urn:row\">\n".to_owned();
    let mut number = 0;
    while text.len() < length {
        let hundredth = number % 100;
        let _ = writeln!(
            text,
            "<row id=\"{number}\"><name>Ann &amp; Co</name><r:sum cur=\"AZN\">12.{hundredth}</r:sum></row>"
        );
        number += 1;
    }
    text + "</r:rows>"
}

/// Data in base64, in lines.
fn blob(length: usize) -> String {
    let line = "QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVphYmNkZWZnaGlqa2xtbm9wcXJzdHV2d3h5ejAxMjM0\n";
    format!("<a>{}</a>", line.repeat(length / line.len()))
}

/// A signature with references to parts of its document, each of five kilobytes.
fn signed(references: usize) -> Vec<u8> {
    let mut text = "<parts>".to_owned();
    let filling = "five kilobytes ".repeat(330);
    for number in 0..references {
        let _ = write!(text, "<part Id=\"p{number}\">{filling}</part>");
    }
    text.push_str(
        "<ds:Signature xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\"><ds:SignedInfo>\
         <ds:CanonicalizationMethod Algorithm=\"http://www.w3.org/2001/10/xml-exc-c14n#\"/>\
         <ds:SignatureMethod Algorithm=\"http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256\"/>",
    );
    for number in 0..references {
        let _ = write!(
            text,
            "<ds:Reference URI=\"#p{number}\"><ds:Transforms>\
             <ds:Transform Algorithm=\"http://www.w3.org/2001/10/xml-exc-c14n#\"/></ds:Transforms>\
             <ds:DigestMethod Algorithm=\"http://www.w3.org/2001/04/xmlenc#sha256\"/>\
             <ds:DigestValue>AAAA</ds:DigestValue></ds:Reference>"
        );
    }
    text.push_str(
        "</ds:SignedInfo><ds:SignatureValue>AAAA</ds:SignatureValue></ds:Signature></parts>",
    );
    text.into_bytes()
}

fn xml(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("xml");
    group.sample_size(20);
    for (name, text) in [
        ("10 MB of rows", rows(10 * MEGABYTE)),
        ("10 MB of base64", blob(10 * MEGABYTE)),
    ] {
        let octets = text.as_bytes();
        group.throughput(Throughput::Bytes(u64::try_from(octets.len()).unwrap()));
        group.bench_function(format!("{name}, parsed"), |bencher| {
            bencher.iter(|| {
                let text = decode(octets).unwrap();
                let tree = Tree::parse(&text, &mut budget()).unwrap();
                black_box(tree.document_element().id());
            });
        });
        let text = decode(octets).unwrap();
        let tree = Tree::parse(&text, &mut budget()).unwrap();
        let set = NodeSet::document(&tree, Comments::Omit);
        for (form, method) in [
            ("canonical", Method::CANONICAL_XML_10),
            ("exclusive-canonical", Method::EXCLUSIVE),
        ] {
            group.bench_function(format!("{name}, written {form}"), |bencher| {
                bencher.iter(|| black_box(canonicalize(&tree, &set, &method, &mut budget())));
            });
        }
        group.bench_function(
            format!("{name}, parsed and written exclusive-canonical"),
            |bencher| {
                bencher.iter(|| {
                    black_box(
                        canonicalize_octets(octets, &Method::EXCLUSIVE, &mut budget()).unwrap(),
                    )
                });
            },
        );
    }
    for references in [500, 1_000, 2_000] {
        let octets: Arc<[u8]> = signed(references).into();
        group.throughput(Throughput::Bytes(u64::try_from(octets.len()).unwrap()));
        let name = format!("signature with {references} references to 5 kB each, read");
        group.bench_function(name, |bencher| {
            bencher.iter(|| {
                let records = imza::xades::parse(&octets, "", &|_| None, &mut budget()).unwrap();
                assert_eq!(records.first().unwrap().references.len(), references);
                black_box(records);
            });
        });
    }
    group.finish();
}

criterion_group!(benches, xml);
criterion_main!(benches);
