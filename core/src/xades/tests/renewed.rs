//! Digests of files of a signed manifest, computed anew.

use super::*;
use crate::xml::base64;

const DS: &str = "http://www.w3.org/2000/09/xmldsig#";
const EXCLUSIVE: &str = "http://www.w3.org/2001/10/xml-exc-c14n#";
const SHA512: &str = "http://www.w3.org/2001/04/xmlenc#sha512";

fn digest(algorithm: DigestAlgorithm, octets: &[u8]) -> String {
    base64::encode(&crypto::digest(algorithm, octets).unwrap())
}

/// An entry of a manifest, in exclusive canonical form.
fn entry(uri: &str, octets: &[u8]) -> String {
    format!(
        "<ds:Reference xmlns:ds=\"{DS}\" URI=\"{uri}\"><ds:DigestMethod \
         Algorithm=\"http://www.w3.org/2001/04/xmlenc#sha256\"></ds:DigestMethod><ds:DigestValue>{}\
         </ds:DigestValue></ds:Reference>",
        digest(DigestAlgorithm::Sha256, octets)
    )
}

fn value(new: &str, original: &str) -> String {
    format!(
        "<x:RecomputedDigestValue><x:NewSDODigestValue>{new}</x:NewSDODigestValue>\
         <x:OriginalRefDigest>{original}</x:OriginalRefDigest></x:RecomputedDigestValue>"
    )
}

fn property(values: &str) -> String {
    format!(
        "<x:RenewedDigestsV2 xmlns:x=\"{NAMESPACE_141}\"><ds:CanonicalizationMethod \
         Algorithm=\"{EXCLUSIVE}\"/><ds:DigestMethod Algorithm=\"{SHA512}\"/>{values}\
         </x:RenewedDigestsV2>"
    )
}

const NAME: &str = "%C9%99riz%C9%99%201.txt";

/// The record of a signature over a manifest with an entry, and this among its unsigned properties.
fn record(property: &str) -> Signature {
    let entries = entry(NAME, b"salam\n") + &entry("away.txt", b"away");
    let xml = format!(
        "<ds:Signature xmlns:ds=\"{DS}\" Id=\"S\"><ds:SignedInfo><ds:CanonicalizationMethod \
         Algorithm=\"{EXCLUSIVE}\"/><ds:SignatureMethod \
         Algorithm=\"http://www.w3.org/2001/04/xmldsig-more#rsa-sha256\"/><ds:Reference URI=\"#M\">\
         <ds:DigestMethod Algorithm=\"http://www.w3.org/2001/04/xmlenc#sha256\"/><ds:DigestValue>AAAA\
         </ds:DigestValue></ds:Reference></ds:SignedInfo><ds:SignatureValue>AAAA</ds:SignatureValue>\
         <ds:Object><ds:Manifest Id=\"M\">{entries}</ds:Manifest></ds:Object><ds:Object>\
         <q:QualifyingProperties xmlns:q=\"{NAMESPACE}\" Target=\"#S\"><q:UnsignedProperties>\
         <q:UnsignedSignatureProperties>{property}</q:UnsignedSignatureProperties>\
         </q:UnsignedProperties></q:QualifyingProperties></ds:Object></ds:Signature>"
    );
    read(xml.as_bytes(), &files()).remove(0)
}

/// For each renewed digest: whether it names an entry, and whether it fits that entry's file.
fn outcomes(record: &Signature) -> Vec<(bool, bool)> {
    let renewed = record.references.iter();
    let renewed = renewed.filter(|one| one.kind == ReferenceKind::RenewedDigest);
    renewed
        .map(|one| {
            assert_eq!(one.covers, None, "the entry alone covers the file");
            let found = match &one.target {
                Target::Parts(parts) => octets(parts, &files()),
                _ => None,
            };
            let fits = |octets: Vec<u8>| {
                let algorithm = *one.algorithm.as_ref().unwrap();
                crypto::digest(algorithm, &octets).unwrap() == one.expected
            };
            (one.is_optional, found.is_some_and(fits))
        })
        .collect()
}

#[test]
fn a_renewed_digest_is_of_what_its_entry_is_about() {
    let original = digest(DigestAlgorithm::Sha512, entry(NAME, b"salam\n").as_bytes());
    let away = digest(
        DigestAlgorithm::Sha512,
        entry("away.txt", b"away").as_bytes(),
    );
    let new = digest(DigestAlgorithm::Sha512, b"salam\n");
    let other = digest(DigestAlgorithm::Sha512, b"pul\n");
    let read = record(&property(&value(&new, &original)));
    assert!(read.findings.is_empty(), "{:?}", read.findings);
    assert_eq!(outcomes(&read), [(true, true)]);
    let last = read.references.last().unwrap();
    assert_eq!(last.name, "\u{259}riz\u{259} 1.txt");
    // Of another file; of an entry that is not there; of a file that is not at hand.
    for (new, original, expected) in [
        (&other, &original, (true, false)),
        (&new, &other, (false, false)),
        (&new, &new, (false, false)),
        (&new, &away, (true, false)),
    ] {
        let read = record(&property(&value(new, original)));
        assert_eq!(outcomes(&read), [expected]);
    }
    let both = value(&new, &original) + &value(&other, &original);
    assert_eq!(
        outcomes(&record(&property(&both))),
        [(true, true), (true, false)]
    );
}

/// Whether it is told that renewed digests are not read; the signature is no worse for it.
fn is_unread(property: &str) -> bool {
    let read = record(property);
    let last = read.references.last().unwrap();
    assert!(checks(&read).is_empty());
    last.kind == ReferenceKind::RenewedDigest && last.algorithm.is_err() && !last.is_optional
}

#[test]
fn what_is_no_renewed_digest_is_told() {
    let original = digest(DigestAlgorithm::Sha512, entry(NAME, b"salam\n").as_bytes());
    let new = digest(DigestAlgorithm::Sha512, b"salam\n");
    let good = property(&value(&new, &original));
    for (from, to) in [
        ("<ds:CanonicalizationMethod ", "<ds:Other "),
        ("<x:NewSDODigestValue>", "<x:NewSDODigestValue>?"),
        ("x:NewSDODigestValue>", "x:Other>"),
        (
            "<x:RecomputedDigestValue>",
            "<x:RecomputedDigestValue><x:More/>",
        ),
    ] {
        assert!(is_unread(&good.replace(from, to)), "{to}");
    }
    assert!(is_unread(&property("")));
    // Methods that are not known.
    assert!(is_unread(&good.replace(EXCLUSIVE, "urn:x")));
    assert!(is_unread(&good.replace(SHA512, "urn:x")));
    // In another namespace it is nothing at all.
    let read = record(&good.replace(NAMESPACE_141, "urn:x"));
    assert!(outcomes(&read).is_empty() && read.findings.is_empty());
}

/// A property of the form before, with the digests of these numbers.
fn numbered(values: &[(&str, &str)]) -> String {
    let values = values.iter().map(|(order, new)| {
        format!("<x:RecomputedDigestValue Order=\"{order}\">{new}</x:RecomputedDigestValue>")
    });
    let values: String = values.collect();
    format!(
        "<x:RenewedDigests xmlns:x=\"{NAMESPACE_141}\" Id=\"R\"><ds:DigestMethod \
         Algorithm=\"{SHA512}\"/>{values}</x:RenewedDigests>"
    )
}

#[test]
fn a_renewed_digest_may_name_its_entry_by_number() {
    let new = digest(DigestAlgorithm::Sha512, b"salam\n");
    let other = digest(DigestAlgorithm::Sha512, b"pul\n");
    let read = record(&numbered(&[("1", &new)]));
    assert!(read.findings.is_empty(), "{:?}", read.findings);
    assert_eq!(outcomes(&read), [(true, true)]);
    assert_eq!(
        read.references.last().unwrap().name,
        "\u{259}riz\u{259} 1.txt"
    );
    // Of another file; of one that is not at hand; of an entry that is not there; counted from 0.
    for (values, expected) in [
        (vec![("1", &*other)], vec![(true, false)]),
        (vec![(" 2\n", &*new)], vec![(true, false)]),
        (vec![("3", &*new)], vec![(false, false)]),
        (
            vec![("2", &*new), ("1", &*new)],
            vec![(true, false), (true, true)],
        ),
        (
            vec![("1", &*new), ("0", &*new)],
            vec![(true, false), (true, true)],
        ),
        (
            vec![("0", &*new), ("2", &*new)],
            vec![(true, true), (false, false)],
        ),
    ] {
        assert_eq!(outcomes(&record(&numbered(&values))), expected);
    }
}

#[test]
fn numbers_that_are_none_are_told() {
    let new = digest(DigestAlgorithm::Sha512, b"salam\n");
    let good = numbered(&[("1", &new)]);
    for (from, to) in [
        ("<ds:DigestMethod ", "<ds:Other "),
        ("x:RecomputedDigestValue", "x:Other"),
        (" Order=\"1\"", ""),
        ("Order=\"1\"", "Order=\"-1\""),
        ("Order=\"1\"", "Order=\"one\""),
        (&*new, "?"),
    ] {
        assert!(is_unread(&good.replace(from, to)), "{to}");
    }
    assert!(is_unread(&numbered(&[])));
    // Its entry is known even where the method is not.
    let read = record(&good.replace(SHA512, "urn:x"));
    let last = read.references.last().unwrap();
    assert!(checks(&read).is_empty() && last.algorithm.is_err() && last.is_optional);
}
