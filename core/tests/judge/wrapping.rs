//! Signature wrapping in containers: a genuine signature, and everything around it rearranged.
//!
//! An attacker has a container that somebody signed and wants another file to be taken for the
//! signed one. Whatever is moved, doubled, nested or renamed, one of two things must come out: it
//! does not pass, or every file that counts as signed is, octet by octet, what was signed.

use crate::scene::{Packaging, Scene};
use imza::vocabulary::{CheckId, Indication, Outcome};
use imza_test_vectors::hash::Hash;
use imza_test_vectors::zip::{self, Entry};

const SIGNATURES: &str = "META-INF/signatures0.xml";
const FORGED: &[u8] = b"Tikinti qada\xc4\x9fas\xc4\xb1";

/// A rearrangement of the entries of a container.
type Change = Box<dyn Fn(&mut Vec<Entry>)>;

fn place(entries: &[Entry], name: &str) -> usize {
    entries.iter().position(|entry| entry.name == name).unwrap()
}

fn text(entries: &[Entry]) -> String {
    let octets = &entries[place(entries, SIGNATURES)].bytes;
    String::from_utf8(octets.clone()).unwrap()
}

/// The signatures file changed as a text.
fn rewritten(change: impl Fn(&str) -> String + 'static) -> Change {
    Box::new(move |entries| {
        let changed = change(&text(entries));
        let place = place(entries, SIGNATURES);
        entries[place].bytes = changed.into_bytes();
    })
}

fn replaced(from: &'static str, to: &'static str) -> Change {
    rewritten(move |xml| {
        assert!(xml.contains(from), "{from}");
        xml.replacen(from, to, 1)
    })
}

/// The signed file under another name, a forged one under its own.
fn moved(to: &'static str) -> Change {
    Box::new(move |entries| {
        let place = place(entries, "a.txt");
        let genuine = std::mem::replace(&mut entries[place], Entry::new("a.txt", FORGED));
        entries.push(Entry::new(to, &genuine.bytes));
    })
}

/// A forged file beside the signed one.
fn beside(name: &'static str, at: fn(usize) -> usize) -> Change {
    Box::new(move |entries| {
        let place = at(place(entries, "a.txt"));
        entries.insert(place, Entry::new(name, FORGED));
    })
}

fn signature_of(xml: &str) -> &str {
    let start = xml.find("<ds:Signature ").unwrap();
    let end = xml.find("</ds:Signature>").unwrap() + "</ds:Signature>".len();
    &xml[start..end]
}

fn reference_of(xml: &str) -> &str {
    let start = xml.find("<ds:Reference ").unwrap();
    let end = xml.find("</ds:Reference>").unwrap() + "</ds:Reference>".len();
    &xml[start..end]
}

/// The reference to the file, changed to lead to a forged one, put where it is not signed.
fn forged_reference(xml: &str) -> String {
    let forged = reference_of(xml).replace("URI=\"a.txt\"", "URI=\"b.txt\"");
    let from = forged.find("<ds:DigestValue>").unwrap();
    let digest = imza::xml::base64::encode(&Hash::Sha256.digest(FORGED));
    format!(
        "{}<ds:DigestValue>{digest}</ds:DigestValue></ds:Reference>",
        &forged[..from]
    )
}

fn with_b(change: Change) -> Change {
    Box::new(move |entries| {
        change(entries);
        entries.insert(1, Entry::new("b.txt", FORGED));
    })
}

fn files() -> Vec<(&'static str, Change)> {
    let mut all: Vec<(&'static str, Change)> = [
        "b.txt",
        "A.TXT",
        "a.txt ",
        "./a.txt",
        "/a.txt",
        "a.txt/a.txt",
        "META-INF/a.txt",
        "meta-inf/a.txt",
        "a%2Etxt",
        "a.txt\u{200b}",
        "\u{430}.txt",
        "x\\a.txt",
    ]
    .map(|name| (name, moved(name)))
    .into();
    for (name, change) in [
        ("double before", beside("a.txt", |place| place)),
        ("double behind", beside("a.txt", |place| place + 1)),
        ("double at the end", beside("a.txt", |place| place + 2)),
        ("other case", beside("A.txt", |place| place)),
        ("a dot before", beside("./a.txt", |place| place)),
        ("a slash before", beside("/a.txt", |place| place)),
        ("out and in again", beside("x/../a.txt", |place| place)),
        ("a space behind", beside("a.txt ", |place| place)),
        ("a zero behind", beside("a.txt\0", |place| place)),
        ("full-width letters", beside("\u{ff41}.txt", |place| place)),
        ("encoded", beside("%61.txt", |place| place)),
        ("a folder of the name", beside("a.txt/", |place| place)),
    ] {
        all.push((name, change));
    }
    all.push((
        "another name in the local header",
        Box::new(|entries| {
            let place = place(entries, "a.txt");
            entries[place].local_name = Some("b.txt".to_owned());
        }),
    ));
    all.push((
        "a forged file that is called so in the local header",
        Box::new(|entries| {
            let mut forged = Entry::new("b.txt", FORGED);
            forged.local_name = Some("a.txt".to_owned());
            entries.insert(1, forged);
        }),
    ));
    all.push((
        "the forged file between the files",
        Box::new(|entries| {
            let hidden = zip::write(&[Entry::new("a.txt", FORGED)]);
            let place = place(entries, "a.txt");
            entries[place].gap = hidden;
        }),
    ));
    all.push((
        "the whole container in another one",
        Box::new(|entries| {
            let inner = zip::write(entries);
            let place = place(entries, "a.txt");
            entries[place].bytes = FORGED.to_vec();
            entries.push(Entry::new("inner.asice", &inner));
        }),
    ));
    all
}

/// A second file of signatures, or another name for the first.
fn signature_files() -> Vec<(&'static str, Change)> {
    let second = |name: &'static str, change: fn(&str) -> String| -> Change {
        Box::new(move |entries| {
            let changed = change(&text(entries));
            entries.push(Entry::new(name, changed.as_bytes()));
        })
    };
    let forged = |xml: &str| xml.replacen(reference_of(xml), &forged_reference(xml), 1);
    vec![
        (
            "signatures twice",
            second("META-INF/signatures1.xml", str::to_owned),
        ),
        (
            "signatures twice under one name",
            second(SIGNATURES, str::to_owned),
        ),
        (
            "a forged second",
            with_b(second("META-INF/signatures1.xml", forged)),
        ),
        (
            "a forged second under one name",
            with_b(second(SIGNATURES, forged)),
        ),
        (
            "a forged second in capitals",
            with_b(second("META-INF/SIGNATURES0.XML", forged)),
        ),
        (
            "a forged second in a folder",
            with_b(second("META-INF/x/signatures0.xml", forged)),
        ),
        (
            "documentsignatures of OpenDocument",
            with_b(second("META-INF/documentsignatures.xml", forged)),
        ),
        (
            "the signatures outside of META-INF",
            Box::new(|entries| {
                let place = place(entries, SIGNATURES);
                entries[place].name = "signatures0.xml".to_owned();
            }),
        ),
        (
            "a manifest that names the forged file",
            Box::new(|entries| {
                let place = place(entries, "META-INF/manifest.xml");
                let forged = String::from_utf8(entries[place].bytes.clone()).unwrap();
                let forged = forged.replace("a.txt", "b.txt");
                entries[place].bytes = forged.into_bytes();
                entries.insert(1, Entry::new("b.txt", FORGED));
            }),
        ),
        (
            "a manifest for CAdES beside",
            with_b(Box::new(|entries| {
                let manifest = "<asic:ASiCManifest xmlns:asic=\"http://uri.etsi.org/02918/v1.2.1#\">\
                     <asic:SigReference URI=\"META-INF/signatures0.xml\"/>\
                     <asic:DataObjectReference URI=\"b.txt\"/></asic:ASiCManifest>";
                entries.push(Entry::new("META-INF/ASiCManifest.xml", manifest.as_bytes()));
            })),
        ),
    ]
}

/// References, lists and signatures doubled, nested and shadowed in the file of signatures.
fn signatures() -> Vec<(&'static str, Change)> {
    let object = |what: String| format!("<ds:Object>{what}</ds:Object></ds:Signature>");
    let behind_info = |xml: &str| {
        let info = xml.find("</ds:SignedInfo>").unwrap();
        let start = xml.find("<ds:SignedInfo").unwrap();
        xml[start..info + "</ds:SignedInfo>".len()].to_owned()
    };
    let forged_info =
        move |xml: &str| behind_info(xml).replacen(reference_of(xml), &forged_reference(xml), 1);
    vec![
        (
            "a forged reference before",
            with_b(rewritten(|xml| {
                let genuine = reference_of(xml);
                xml.replacen(genuine, &format!("{}{genuine}", forged_reference(xml)), 1)
            })),
        ),
        (
            "a forged reference behind",
            with_b(rewritten(|xml| {
                let genuine = reference_of(xml);
                xml.replacen(genuine, &format!("{genuine}{}", forged_reference(xml)), 1)
            })),
        ),
        (
            "a forged reference in a manifest that nobody signed",
            with_b(rewritten(move |xml| {
                let manifest = format!(
                    "<ds:Manifest Id=\"M\">{}</ds:Manifest>",
                    forged_reference(xml)
                );
                xml.replacen("</ds:Signature>", &object(manifest), 1)
            })),
        ),
        (
            "a forged list before",
            with_b(rewritten(move |xml| {
                xml.replacen("<ds:SignedInfo", &(forged_info(xml) + "<ds:SignedInfo"), 1)
            })),
        ),
        (
            "a forged list behind",
            with_b(rewritten(move |xml| {
                xml.replacen(
                    "</ds:SignedInfo>",
                    &format!("</ds:SignedInfo>{}", forged_info(xml)),
                    1,
                )
            })),
        ),
        (
            "the genuine list in an object, a forged one in its place",
            with_b(rewritten(move |xml| {
                let genuine = behind_info(xml);
                let forged = xml.replacen(&genuine, &forged_info(xml), 1);
                forged.replacen("</ds:Signature>", &object(genuine), 1)
            })),
        ),
        (
            "a forged signature around the genuine one",
            with_b(rewritten(move |xml| {
                let genuine = signature_of(xml);
                let forged = genuine.replacen(reference_of(xml), &forged_reference(xml), 1);
                let forged = forged.replacen("</ds:Signature>", &object(genuine.to_owned()), 1);
                xml.replacen(genuine, &forged, 1)
            })),
        ),
        (
            "a forged signature before the genuine one",
            with_b(rewritten(|xml| {
                let genuine = signature_of(xml);
                let forged = genuine.replacen(reference_of(xml), &forged_reference(xml), 1);
                xml.replacen(genuine, &format!("{forged}{genuine}"), 1)
            })),
        ),
        (
            "a forged signature with other identifiers before",
            with_b(rewritten(|xml| {
                let genuine = signature_of(xml);
                let forged = genuine.replacen(reference_of(xml), &forged_reference(xml), 1);
                xml.replacen(
                    genuine,
                    &format!("{}{genuine}", forged.replace("S0", "S1")),
                    1,
                )
            })),
        ),
        (
            "a comment in the name",
            rewritten(|xml| xml.replacen("URI=\"a.txt\"", "URI=\"a.txt<!---->\"", 1)),
        ),
        (
            "a name with a fragment",
            replaced("URI=\"a.txt\"", "URI=\"a.txt#x\""),
        ),
        (
            "another name",
            with_b(replaced("URI=\"a.txt\"", "URI=\"b.txt\"")),
        ),
        (
            "a name by a character reference",
            replaced("URI=\"a.txt\"", "URI=\"&#97;.txt\""),
        ),
        (
            "a second name",
            replaced(
                "URI=\"a.txt\"",
                "URI=\"a.txt\" x:URI=\"b.txt\" xmlns:x=\"urn:x\"",
            ),
        ),
        ("no name", replaced(" URI=\"a.txt\"", "")),
        ("the empty name", replaced("URI=\"a.txt\"", "URI=\"\"")),
        (
            "a prefix bound again",
            replaced("<ds:Reference ", "<ds:Reference xmlns:ds=\"urn:x\" "),
        ),
        (
            "the signature in a namespace of its own",
            rewritten(|xml| xml.replacen(dsig(), "urn:x", 1)),
        ),
        (
            "everything under another prefix",
            rewritten(|xml| xml.replace("ds:", "x:").replace("xmlns:ds=", "xmlns:x=")),
        ),
        (
            "the root in another namespace",
            rewritten(|xml| {
                xml.replacen(
                    "http://uri.etsi.org/02918/",
                    "http://uri.etsi.org/02919/",
                    1,
                )
            }),
        ),
        (
            "a type of document",
            rewritten(|xml| {
                let root = xml.find("<asic:").unwrap();
                format!(
                    "{}<!DOCTYPE x [<!ENTITY n \"b.txt\">]>{}",
                    &xml[..root],
                    &xml[root..]
                )
            }),
        ),
        (
            "an entity for the name",
            rewritten(|xml| {
                let xml = xml.replacen("URI=\"a.txt\"", "URI=\"&n;\"", 1);
                let root = xml.find("<asic:").unwrap();
                format!(
                    "{}<!DOCTYPE x [<!ENTITY n \"a.txt\">]>{}",
                    &xml[..root],
                    &xml[root..]
                )
            }),
        ),
        (
            "a transform more",
            rewritten(|xml| {
                let base64 = format!(
                    "<ds:Transforms><ds:Transform Algorithm=\"{}base64\"/></ds:Transforms>\
                     <ds:DigestMethod ",
                    dsig()
                );
                xml.replacen("<ds:DigestMethod ", &base64, 1)
            }),
        ),
        (
            "a chain of transforms",
            rewritten(|xml| {
                let chain = format!(
                    "<ds:Transforms><ds:Transform Algorithm=\"{0}enveloped-signature\"/><ds:Transform \
                     Algorithm=\"http://www.w3.org/2001/10/xml-exc-c14n#\"/><ds:Transform \
                     Algorithm=\"{0}base64\"/></ds:Transforms><ds:DigestMethod ",
                    dsig()
                );
                xml.replacen("<ds:DigestMethod ", &chain, 1)
            }),
        ),
        (
            "the properties of another time",
            rewritten(|xml| xml.replacen("SigningTime>2", "SigningTime>1", 1)),
        ),
        (
            "the format of the data object leads elsewhere",
            rewritten(|xml| xml.replacen("ObjectReference=\"#", "ObjectReference=\"#x", 1)),
        ),
    ]
}

fn dsig() -> &'static str {
    "http://www.w3.org/2000/09/xmldsig#"
}

#[test]
fn no_container_passes_with_other_content_than_the_signed() {
    let scene = Scene::new(Packaging::Xades);
    let genuine = hex(&scene.content);
    let honest = scene.entries();
    let mut all = files();
    all.extend(signature_files());
    all.extend(signatures());
    let mut passed = Vec::new();
    for (name, change) in &all {
        let mut entries = honest.clone();
        change(&mut entries);
        let mut case = scene.case();
        case.inputs[0].1 = zip::write(&entries);
        let Ok(verdict) = case.attempt(None) else {
            continue;
        };
        let report = verdict.report;
        for signature in &report.signatures {
            if signature.indication != Indication::TotalPassed {
                continue;
            }
            passed.push(*name);
            let mut covered = report.files.iter();
            let covers = |file: &&imza::report::File| file.covered_by.contains(&signature.id);
            assert!(
                covered.any(|file| covers(&file)),
                "{name}: nothing is signed"
            );
            for file in report.files.iter().filter(covers) {
                assert_eq!(
                    file.digest.as_ref(),
                    Some(&genuine),
                    "{name}: {}",
                    file.name
                );
            }
            // A file that nobody signed is told.
            if report.files.iter().any(|file| !covers(&file)) {
                let told = signature.checks.iter().any(|check| {
                    check.id == CheckId::ContainerAllFilesSigned && check.outcome != Outcome::Passed
                });
                assert!(told, "{name}: a file that nobody signed");
            }
        }
    }
    assert!(all.len() >= 60, "{}", all.len());
    // Some change nothing that is signed; were there none, nothing would be shown.
    assert!(passed.len() >= 4, "{passed:?}");
    eprintln!("{} variants, of which pass: {passed:?}", all.len());
}

fn hex(octets: &[u8]) -> String {
    let digest = Hash::Sha256.digest(octets);
    digest.iter().map(|octet| format!("{octet:02x}")).collect()
}
