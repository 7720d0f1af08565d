//! Published signatures: every digest, and the value where a key is given or carried.

use super::*;
use crate::asn1::{Reader, Tag};
use crate::crypto::{self, Fit, Memo, Message, PublicKey};
use crate::xml::{c14n::Comments, decode};
use std::collections::BTreeMap;
use std::path::Path;

/// What a published case came to.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord, Clone)]
enum Came {
    Intact,
    DigestBroken,
    ValueBroken,
    ValueInDer,
    Unsupported(String),
    NoKey,
    Missing,
    Refused(&'static str),
}

/// The SubjectPublicKeyInfo of a certificate. RFC 5280 §4.1.
fn key_of(certificate: &[u8]) -> Vec<u8> {
    let whole = Reader::der(certificate).read(Tag::SEQUENCE).unwrap();
    let tbs = whole.reader().read(Tag::SEQUENCE).unwrap();
    let mut fields = tbs.reader();
    fields.optional(Tag::context_constructed(0)).unwrap();
    for _ in ["serialNumber", "signature", "issuer", "validity", "subject"] {
        fields.read_any().unwrap();
    }
    fields.read(Tag::SEQUENCE).unwrap().whole.to_vec()
}

/// Digests of every reference, and the value with a key that is given or carried.
fn judge(corpora: &Path, case: &serde_json::Value, octets: &[u8]) -> Result<Came, Error> {
    let text = decode(octets)?;
    let mut budget = Budget::default();
    let tree = Tree::parse(&text, &mut budget)?;
    let node = tree.node(signatures(&tree)[0]).unwrap();
    let signature = Signature::parse(node, &mut budget)?;
    let document = corpora.join(case["document"].as_str().unwrap());
    let given = case["uri_map"].as_object();
    for reference in &signature.signed_info.references {
        let digested = match dereference(&tree, &signature, reference, &mut budget)? {
            Dereferenced::Octets { octets, .. } => octets,
            Dereferenced::External { name, transform } => {
                let beside = |name: &str| document.parent().unwrap().join(name);
                let file = match &name {
                    Some(name) => match given.and_then(|map| map.get(name)) {
                        Some(file) => corpora.join(file.as_str().unwrap()),
                        None => beside(name),
                    },
                    // The application has to know: the files of the case are tried.
                    None => corpora.join(case["files"][1].as_str().unwrap_or("none")),
                };
                let Ok(octets) = std::fs::read(&file) else {
                    return Ok(Came::Missing);
                };
                match transform {
                    ExternalTransform::None => octets,
                    ExternalTransform::Base64 => {
                        crate::xml::base64::decode(std::str::from_utf8(&octets).unwrap())?
                    }
                    ExternalTransform::Canonicalize(method) => {
                        c14n::canonicalize_octets(&octets, &method, &mut budget)?
                    }
                }
            }
            Dereferenced::NotFound => return Ok(Came::Missing),
        };
        let algorithm = reference.digest_method.algorithm.clone()?;
        if crypto::digest(algorithm, &digested)? != reference.digest_value {
            return Ok(Came::DigestBroken);
        }
    }
    let mut keys = Vec::new();
    for file in case["keys"].as_array().into_iter().flatten() {
        let pem = std::fs::read(corpora.join(file.as_str().unwrap())).unwrap();
        for block in crate::asn1::pem::decode(&pem).unwrap_or_default() {
            keys.push(match block.label.as_str() {
                "CERTIFICATE" => key_of(&block.der),
                _ => block.der.to_vec(),
            });
        }
    }
    if let Some(hints) = &signature.key_info {
        keys.extend(hints.keys.iter().map(|key| key.to_vec()));
        for der in &hints.certificates {
            keys.push(key_of(der));
        }
    }
    let algorithm = signature.signed_info.algorithm.clone()?;
    let signed = signature.signed_info.octets(&tree, &mut budget)?;
    let mut memo = Memo::default();
    let mut came = Came::NoKey;
    for key in keys {
        let key = PublicKey::from_spki(&key)?;
        let message = Message::Octets(&signed);
        let value = &signature.value.octets;
        match crypto::verify(&key, algorithm, message, value, &mut budget, &mut memo)? {
            Fit::Fits => return Ok(Came::Intact),
            Fit::DoesNotFit
                if value.first() == Some(&0x30) && value.len() > 64 && value.len() < 80 =>
            {
                came = Came::ValueInDer;
            }
            Fit::DoesNotFit => came = Came::ValueBroken,
        }
    }
    Ok(came)
}

#[test]
fn published_signatures() {
    let Some(shared) = crate::xml::tests::shared() else {
        return;
    };
    let corpora = shared.join("corpora");
    let index = std::fs::read_to_string(corpora.join("index.jsonl")).unwrap();
    let mut tally: BTreeMap<(String, Came), u32> = BTreeMap::new();
    for case in index.lines() {
        let case: serde_json::Value = serde_json::from_str(case).unwrap();
        if case["kind"] != "xmldsig" {
            continue;
        }
        let octets = std::fs::read(corpora.join(case["document"].as_str().unwrap())).unwrap();
        let came = judge(&corpora, &case, &octets).unwrap_or_else(|error| match error {
            Error::Unsupported(unsupported) => Came::Unsupported(unsupported.to_string()),
            error => Came::Refused(error.code()),
        });
        let expected = case["expected"].as_str().unwrap();
        // What is right must not fail; a value in DER is against RFC 9231 §2.3.6 and does not fit.
        if expected == "valid" {
            let broken = matches!(came, Came::DigestBroken | Came::ValueBroken);
            assert!(!broken, "{}: {came:?}", case["id"]);
        }
        *tally.entry((expected.to_owned(), came)).or_default() += 1;
    }
    eprintln!("{tally:#?}");
}

#[test]
fn every_octet_of_a_published_signature_counts() {
    let Some(shared) = crate::xml::tests::shared() else {
        return;
    };
    let corpora = shared.join("corpora");
    let case = serde_json::json!({
        "document": "xmlsec/merlin-xmldsig-twenty-three/signature-enveloping-rsa.xml",
    });
    let octets = std::fs::read(corpora.join(case["document"].as_str().unwrap())).unwrap();
    assert_eq!(judge(&corpora, &case, &octets).unwrap(), Came::Intact);
    let start = octets
        .windows(11)
        .position(|w| w == b"<SignedInfo")
        .unwrap();
    let end = octets
        .windows(13)
        .position(|w| w == b"</SignedInfo>")
        .unwrap();
    for place in start..end {
        let mut damaged = octets.clone();
        damaged[place] ^= 1;
        let came = judge(&corpora, &case, &damaged);
        if came == Ok(Came::Intact) {
            // Only what canonical form does not see: quotes, white space inside tags.
            let form = |octets: &[u8]| {
                let text = decode(octets).unwrap();
                let mut budget = Budget::default();
                let tree = Tree::parse(&text, &mut budget).unwrap();
                let set = c14n::NodeSet::document(&tree, Comments::Omit);
                c14n::canonicalize(&tree, &set, &Method::CANONICAL_XML_10, &mut budget).unwrap()
            };
            assert_eq!(form(&damaged), form(&octets), "octet {place}");
        }
    }
}
