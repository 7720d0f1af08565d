//! Every octet of what is signed, changed alone: never intact, never TOTAL-PASSED.
//!
//! *Signed parts* are: in CAdES the octets of the data file and of the manifest, the signed
//! attributes as they are stored, and the signature value; in XAdES the data file, `ds:SignedInfo`,
//! `xades:SignedProperties` and the text of `ds:SignatureValue`; in PAdES the whole file but the
//! `Contents` string, and in that string the signed attributes and the signature value; and in all of
//! them the signing certificate, which a signed reference pins. Checksums are made to fit again: they protect
//! nothing from whoever changes a file.
//!
//! Not signed is what canonicalisation drops: in our XAdES the prefix of a namespace that an inner
//! element declares again.
//!
//! An octet that names an algorithm, an attribute or an element, or whose change makes the form
//! malformed, leaves nothing that could be verified: that is `unknown`. So is a certificate that can
//! be read no more. What holds digests and values is `broken`.

use crate::matrix::in_parallel;
use crate::run::Case;
use crate::scene::{Packaging, Scene};
use imza::report::Report;
use imza::vocabulary::{Indication, Integrity};
use imza_test_vectors::zip;
use std::ops::Range;

/// A small scene without time-stamp.
fn scene(packaging: Packaging) -> Scene {
    let mut scene = Scene::new(packaging);
    scene.content = b"a permit".to_vec();
    scene.stamps.clear();
    scene.about_tsa.clear();
    scene
}

impl Scene {
    /// The octets of an entry, or of the document.
    fn shown(&self, entry: usize) -> Vec<u8> {
        match self.packaging {
            Packaging::Detached | Packaging::Pades => self.case().inputs[0].1.clone(),
            _ => self.entries()[entry].bytes.clone(),
        }
    }
}

fn find(octets: &[u8], wanted: &[u8]) -> Range<usize> {
    let at = octets
        .windows(wanted.len())
        .position(|window| window == wanted)
        .unwrap();
    at..at + wanted.len()
}

/// From the first octet of one mark to the last of the other.
fn between(octets: &[u8], from: &str, to: &str) -> Range<usize> {
    let start = find(octets, from.as_bytes()).start;
    let end = find(&octets[start..], to.as_bytes()).end;
    start..start + end
}

/// What of a file is signed: its index among the entries (or 0 for a bare document), and ranges.
struct Part {
    name: &'static str,
    entry: usize,
    range: Range<usize>,
    /// Whether a change can only ever break it.
    is_value: bool,
    /// Octets in it that are not signed.
    omitted: Vec<usize>,
}

/// Flips a bit of every octet of the parts and judges each.
fn every_octet(scene: &Scene, parts: &[Part], make: impl Fn(usize, usize) -> Case + Sync) {
    let good = scene.case().validate().report;
    let first = good.signatures.first().unwrap();
    assert_eq!(
        first.integrity,
        Integrity::Intact,
        "{}",
        good.to_pretty_json()
    );
    let mut work = Vec::new();
    for (index, part) in parts.iter().enumerate() {
        let signed = part.range.clone().filter(|at| !part.omitted.contains(at));
        work.extend(signed.map(|at| (index, at)));
    }
    let said = in_parallel(&work, |(index, at)| {
        let part = &parts[*index];
        let outcome = make(part.entry, *at).attempt(None);
        let wrong = match outcome {
            Err(_) => None,
            Ok(verdict) => wrong(&verdict.report, part.is_value),
        };
        let shown = || {
            let octets = &scene.shown(part.entry);
            let around = &octets[at.saturating_sub(20)..(at + 20).min(octets.len())];
            String::from_utf8_lossy(around).into_owned()
        };
        wrong.map(|wrong| format!("{} at {at}: {wrong}, {:?}", part.name, shown()))
    });
    let wrong: Vec<String> = said.into_iter().flatten().collect();
    eprintln!("{:?}: {} octets", scene.packaging, work.len());
    assert!(
        wrong.is_empty(),
        "{} of {}: {}",
        wrong.len(),
        work.len(),
        wrong.join("\n")
    );
}

fn wrong(report: &Report, is_value: bool) -> Option<String> {
    if report.exit_status() == 0 {
        return Some("accepted".to_owned());
    }
    report.signatures.iter().find_map(|one| {
        if one.indication == Indication::TotalPassed {
            return Some("TOTAL-PASSED".to_owned());
        }
        match one.integrity {
            Integrity::Broken => None,
            Integrity::Unknown if !is_value => None,
            other => Some(format!("{other}, {:?}", one.sub_indication)),
        }
    })
}

/// The parts of a message: signed attributes, signature value, signing certificate.
fn of_message(entry: usize, message: &[u8], scene: &Scene) -> Vec<Part> {
    let certificate = find(message, &scene.signer.certificate);
    // SignerInfo: [0] signed attributes, the algorithm of ECDSA with SHA-256, the value.
    let algorithm = [
        0x30, 0x0a, 0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02,
    ];
    let value = message
        .windows(algorithm.len())
        .rposition(|window| window == algorithm)
        .unwrap();
    let attributes = message[..value]
        .iter()
        .rposition(|octet| *octet == 0xa0)
        .unwrap();
    let range = |name, range, is_value| Part {
        name,
        entry,
        range,
        is_value,
        omitted: Vec::new(),
    };
    vec![
        range("signed attributes", attributes..value, false),
        // Tag and length of the value are not signed; every octet in it is.
        range(
            "signature value",
            value + algorithm.len() + 2..message.len(),
            true,
        ),
        range("certificate", certificate, false),
    ]
}

#[test]
fn every_octet_of_cades_in_a_container() {
    for packaging in [Packaging::AsicS, Packaging::AsicE] {
        let scene = scene(packaging);
        let (good, entries) = (scene.case(), scene.entries());
        let last = entries.len() - 1;
        let mut parts = of_message(last, &entries[last].bytes, &scene);
        let part = |name, entry, range, is_value| Part {
            name,
            entry,
            range,
            is_value,
            omitted: Vec::new(),
        };
        parts.push(part("file", 1, 0..entries[1].bytes.len(), true));
        if packaging == Packaging::AsicE {
            let manifest = &entries[2].bytes;
            let digest = between(manifest, "<ds:DigestValue>", "=");
            let digest = digest.start + "<ds:DigestValue>".len()..digest.end - 1;
            parts.push(part("manifest", 2, 0..manifest.len(), false));
            parts.push(part("digest in the manifest", 2, digest, true));
        }
        every_octet(&scene, &parts, |entry, at| {
            let (mut case, mut entries) = (good.clone(), entries.clone());
            entries[entry].bytes[at] ^= 1;
            case.inputs[0].1 = zip::write(&entries);
            case
        });
    }
}

#[test]
fn every_octet_of_xades_in_a_container() {
    let scene = scene(Packaging::Xades);
    let (good, entries) = (scene.case(), scene.entries());
    let last = entries.len() - 1;
    let document = &entries[last].bytes;
    let text = between(document, "<ds:SignatureValue", "</ds:SignatureValue>");
    let start = text.start + find(&document[text.clone()], b"\">").end;
    let end = text.end - "</ds:SignatureValue>".len();
    let certificate = between(document, "<ds:X509Certificate>", "</ds:X509Certificate>");
    let certificate = certificate.start + "<ds:X509Certificate>".len()
        ..certificate.end - "</ds:X509Certificate>".len();
    let part = |name, entry, range| Part {
        name,
        entry,
        range,
        is_value: false,
        omitted: Vec::new(),
    };
    let signed_info = between(document, "<ds:SignedInfo", "</ds:SignedInfo>");
    let properties = between(
        document,
        "<xades:SignedProperties",
        "</xades:SignedProperties>",
    );
    let parts = [
        Part {
            is_value: true,
            ..part("file", 1, 0..entries[1].bytes.len())
        },
        part("SignedInfo", last, signed_info),
        part("SignedProperties", last, properties),
        part("SignatureValue", last, start..end),
        part("certificate", last, certificate),
    ];
    let parts = parts.map(|part| Part {
        omitted: superfluous_prefixes(document, &part),
        ..part
    });
    every_octet(&scene, &parts, |entry, at| {
        let (mut case, mut entries) = (good.clone(), entries.clone());
        entries[entry].bytes[at] ^= 1;
        case.inputs[0].1 = zip::write(&entries);
        case
    });
}

/// The prefixes that inner elements declare again. Exclusive canonicalisation drops a declaration
/// that is not used, so that another prefix in its place changes nothing of what is signed.
fn superfluous_prefixes(document: &[u8], part: &Part) -> Vec<usize> {
    let mut omitted = Vec::new();
    if !part.name.starts_with("Signed") {
        return omitted;
    }
    for declaration in ["xmlns:ds", "xmlns:xades"] {
        let found = part.range.clone();
        let found = found.filter(|at| document[*at..].starts_with(declaration.as_bytes()));
        omitted.extend(found.flat_map(|at| at + "xmlns:".len()..at + declaration.len()));
    }
    omitted
}

#[test]
fn every_octet_of_pades() {
    let scene = scene(Packaging::Pades);
    let good = scene.case();
    let document = good.inputs[0].1.clone();
    let contents = between(&document, "/Contents <", ">");
    let string = contents.start + "/Contents ".len()..contents.end;
    let part = |name, range| Part {
        name,
        entry: 0,
        range,
        is_value: false,
        omitted: Vec::new(),
    };
    let parts = [
        part("before Contents", 0..string.start),
        part("behind Contents", string.end..document.len()),
    ];
    every_octet(&scene, &parts, |_, at| {
        let mut case = good.clone();
        case.inputs[0].1[at] ^= 1;
        case
    });
}
