//! PAdES in encrypted documents, which another program encrypted.

use super::pdf::{der_ecdsa, on_request, signed, world};
use super::{SIGNED, context, write};
use base64::Engine;
use imza::creation::{Augmentation, AugmentationRequest};
use imza::error::Error;
use imza::job::{InputId, Seed};
use imza::pades::PdfParameters;
use imza::pdf::Password;
use imza::reading::{Network, Validation, ValidationRequest};
use imza::report::Report;
use imza::source::{Edits, Input};
use imza::transport::{Memory, drive};
use imza::vocabulary::BaselineLevel;
use imza_test_vectors::Pki;

const ALL: [&str; 6] = [
    "rc4-40",
    "rc4-128",
    "aes-128",
    "aes-128-metadata",
    "aes-256-r5",
    "aes-256",
];

fn vector(name: &str) -> Vec<u8> {
    let lines = include_str!("../../src/pdf/encryption/vectors.txt").lines();
    let mut found = lines.filter_map(|line| line.split_once(' '));
    let (_, text) = found.find(|(found, _)| *found == name).unwrap();
    base64::engine::general_purpose::STANDARD
        .decode(text)
        .unwrap()
}

fn sign(octets: &[u8], password: Option<&str>) -> Result<Vec<u8>, Error> {
    let pki = Pki::fixed().unwrap();
    let parameters = PdfParameters {
        reason: Some("Razıyam".to_owned()),
        password: password.map(Password::new),
        ..PdfParameters::default()
    };
    signed(octets, &pki.citizen_p256, der_ecdsa(), parameters, 0)
}

fn augment(octets: &[u8], level: BaselineLevel, password: Option<&str>) -> Result<Vec<u8>, Error> {
    let time = SIGNED + 30;
    let mut world = world(octets, time);
    let request = AugmentationRequest {
        edits: Edits::whole(InputId(0), u64::try_from(octets.len()).unwrap()),
        inputs: vec![on_request(octets)],
        level,
        timestamp_authority: format!("{}/tsa", world.pki.url),
        context: context(&world.pki, time),
        seed: Seed::new([9; 32]),
        network: Network::Online,
    };
    let job = Augmentation::begin(request)?.with_password(password.map(Password::new));
    let edits = drive(job, &mut world)?;
    Ok(write(&edits, &mut world))
}

fn judge(octets: &[u8], password: Option<&str>) -> Result<Report, Error> {
    let request = ValidationRequest {
        inputs: vec![Input::at_hand("contract.pdf", octets)],
        given: Vec::new(),
        keys: Vec::new(),
        seed: Seed::new([7; 32]),
        network: Network::Offline,
    };
    let context = context(&Pki::fixed().unwrap(), SIGNED + 60);
    let job = Validation::begin(request, context)?.with_password(password.map(Password::new));
    let mut memory = Memory::new([octets.to_vec()]);
    drive(job, &mut memory).map(|verdict| verdict.report)
}

/// The checks that fail, of the first signature.
fn failing(report: &Report) -> Vec<&'static str> {
    let checks = report.signatures.first().unwrap().checks.iter();
    let failed = checks.filter(|check| check.outcome.as_str() == "failed");
    let mut ids: Vec<_> = failed.map(|check| check.id.as_str()).collect();
    ids.dedup();
    ids
}

#[test]
fn encrypted_documents_are_signed_twice_augmented_and_judged() {
    for name in ALL {
        let once = sign(&vector(name), Some("own")).unwrap();
        assert!(once.starts_with(&vector(name)));
        let twice = sign(&once, Some("usr")).unwrap();
        let lta = augment(&twice, BaselineLevel::Lta, Some("usr")).unwrap();
        assert!(lta.starts_with(&twice));
        let report = judge(&lta, Some("usr")).unwrap();
        assert_eq!(report.signatures.len(), 2, "{name}");
        for signature in &report.signatures {
            let json = report.to_pretty_json();
            assert_eq!(
                signature.indication.as_str(),
                "TOTAL-PASSED",
                "{name} {json}"
            );
        }
        // Nothing that was put in stands there in plain.
        let words: Vec<u8> = "Razıyam"
            .encode_utf16()
            .flat_map(u16::to_be_bytes)
            .collect();
        let hex: String = words.iter().map(|octet| format!("{octet:02X}")).collect();
        assert!(!String::from_utf8_lossy(&lta).contains(&hex), "{name}");
    }
}

#[test]
fn nothing_is_judged_or_signed_without_the_password() {
    for name in ALL {
        let once = sign(&vector(name), Some("usr")).unwrap();
        for (password, code) in [
            (None, "input.password-missing"),
            (Some("no"), "input.password-wrong"),
        ] {
            assert_eq!(judge(&once, password).map(|_| ()).unwrap_err().code(), code);
            assert_eq!(sign(&once, password).unwrap_err().code(), code);
            let lt = augment(&once, BaselineLevel::Lt, password);
            assert_eq!(lt.unwrap_err().code(), code);
        }
    }
}

#[test]
fn the_empty_password_is_tried() {
    let once = sign(&vector("aes-256-empty"), None).unwrap();
    let report = judge(&once, None).unwrap();
    assert_eq!(failing(&report), ["revocation.available"]);
}

/// The document with one object written anew behind it.
fn replaced(octets: &[u8], of: &str, change: impl Fn(&str) -> String) -> Vec<u8> {
    let text: String = octets.iter().map(|octet| char::from(*octet)).collect();
    let value = text.rfind(of).unwrap();
    let start = text[..value].rfind(" 0 obj").unwrap();
    let line = text[..start].rfind('\n').unwrap() + 1;
    let number = &text[line..start];
    let end = start + text[start..].find("endobj").unwrap();
    let previous = text.rfind("startxref\n").unwrap() + 10;
    let previous = text[previous..].lines().next().unwrap();
    let trailer = text.rfind("trailer").unwrap();
    let member = |key: &str, close: &str| {
        let at = trailer + text[trailer..].find(key).unwrap();
        let close = at + text[at..].find(close).unwrap() + close.len();
        text[at..close].to_owned()
    };
    let (root, encrypt) = (member("/Root", " R"), member("/Encrypt", " R"));
    let identifier = member("/ID", "]");
    let at = octets.len();
    let mut update = format!("{number}{}endobj\n", change(&text[start..end]));
    let section = at + update.chars().count();
    update += &format!(
        "xref\n{number} 1\n{at:010} 00000 n \ntrailer\n<<{root} {encrypt} {identifier} /Size 99\
         /Prev {previous}>>\nstartxref\n{section}\n%%EOF\n"
    );
    let mut file = octets.to_vec();
    file.extend(
        update
            .chars()
            .map(|one| u8::try_from(u32::from(one)).unwrap()),
    );
    file
}

#[test]
fn what_an_update_changes_is_seen_through_the_encryption() {
    for name in ALL {
        let once = sign(&vector(name), Some("usr")).unwrap();
        let same = replaced(&once, "/FT /Tx", str::to_owned);
        let report = judge(&same, Some("usr")).unwrap();
        assert_eq!(failing(&report), ["revocation.available"], "{name}");
        // The page shows another part of itself.
        let page = replaced(&once, "/MediaBox", |old| old.replace("99 99", "99 55"));
        let report = judge(&page, Some("usr")).unwrap();
        assert!(failing(&report).contains(&"modification.content"), "{name}");
        // The key that everything is read with.
        let keys = replaced(&once, "/Filter /Standard", |old| {
            old.replace("/P -4", "/P -4 /X 1")
        });
        let report = judge(&keys, Some("usr")).unwrap();
        assert!(failing(&report).contains(&"modification.content"), "{name}");
        let indication = report.signatures[0].indication.as_str();
        assert_eq!(indication, "TOTAL-FAILED", "{name}");
    }
}

/// What the first signature says of what was not verified.
fn tolerated(report: &Report) -> Vec<(&str, &str)> {
    let checks = report.signatures.first().unwrap().checks.iter();
    let told = checks.filter(|check| check.id.as_str() == "format.tolerated");
    told.map(|check| (check.outcome.as_str(), check.found.as_deref().unwrap()))
        .collect()
}

/// ISO/TS 32004: readers that check the code open no file that was changed without a new one.
#[test]
fn a_document_with_an_authentication_code_is_not_changed() {
    let signed = vector("mac");
    let end = signed.windows(6).position(|octets| octets == b"%%EOF\n");
    let plain = &signed[..end.unwrap() + 6];
    let refused = "unsupported.feature";
    for file in [plain, &signed] {
        let error = sign(file, Some("user")).unwrap_err();
        assert_eq!(error.code(), refused);
        assert!(error.to_string().contains("ISO/TS 32004"), "{error}");
    }
    let error = augment(&signed, BaselineLevel::Lt, Some("user")).unwrap_err();
    assert_eq!(error.code(), refused, "{error}");
}

#[test]
fn an_authentication_code_is_told_and_decides_nothing() {
    let report = judge(&vector("mac"), Some("user")).unwrap();
    let told = tolerated(&report);
    assert_eq!(
        told,
        [
            (
                "information",
                "a message authentication code, in the message"
            ),
            (
                "information",
                "a message authentication code, in a signature"
            ),
        ]
    );
    // Nobody trusts that signer, and nothing else is wrong.
    assert_eq!(report.signatures[0].indication.as_str(), "INDETERMINATE");
    assert!(
        report
            .checks
            .iter()
            .any(|check| check.id.as_str() == "format.tolerated")
    );
    let other = sign(&vector("aes-256"), Some("usr")).unwrap();
    assert_eq!(tolerated(&judge(&other, Some("usr")).unwrap()), []);
}

const AES: [&str; 4] = ["aes-128", "aes-128-metadata", "aes-256-r5", "aes-256"];

#[test]
fn a_string_that_was_not_encrypted_stays_as_it_stands() {
    // As TCPDF leaves the default appearance of its form.
    let plain = "/DA (/F1 0 Tf 0 g)";
    for name in AES {
        let form = |old: &str| old.replace("/Fields", &format!("{plain}\n/Fields"));
        let file = replaced(&vector(name), "/Fields", form);
        let once = sign(&file, Some("usr")).unwrap();
        // The form gets a field, and the string stays what it is.
        let text = String::from_utf8_lossy(&once).into_owned();
        assert_eq!(text.matches(plain).count(), 2, "{name}");
        let lta = augment(&once, BaselineLevel::Lta, Some("usr")).unwrap();
        let report = judge(&lta, Some("usr")).unwrap();
        let json = report.to_pretty_json();
        let indication = report.signatures[0].indication.as_str();
        assert_eq!(indication, "TOTAL-PASSED", "{name} {json}");
        // In the name of a field it is refused: nobody can say which field it is.
        let field = |old: &str| {
            let name = old.find("/T <").unwrap();
            let end = name + old[name..].find('>').unwrap();
            format!("{}/T (plain){}", &old[..name], &old[end + 1..])
        };
        let unnamed = replaced(&once, "/FT /Sig", field);
        let judged = judge(&unnamed, Some("usr"));
        let is_refused = judged.map_or(true, |report| {
            report.signatures.is_empty() || failing(&report) != ["revocation.available"]
        });
        assert!(is_refused, "{name}");
    }
}

#[test]
fn a_string_that_was_not_encrypted_is_another_than_one_that_was() {
    for name in AES {
        // Readers that take the first for nothing show a word that came after the signature.
        let sealed = vector(name);
        let value = |old: &str| {
            let value = old.find("/V <").unwrap();
            let end = value + old[value..].find('>').unwrap();
            format!("{}/V (gizli){}", &old[..value], &old[end + 1..])
        };
        let plain = replaced(&sealed, "/FT /Tx", value);
        let text: String = sealed.iter().map(|octet| char::from(*octet)).collect();
        let start = text.find("/FT /Tx").unwrap() - 3;
        let end = start + text[start..].find("endobj").unwrap();
        let original = format!(" 0 obj\n{}", &text[start..end]);
        let once = sign(&plain, Some("usr")).unwrap();
        let changes = |octets: &[u8]| {
            let report = judge(octets, Some("usr")).unwrap();
            report.signatures[0].changes.len()
        };
        let same = replaced(&once, "/FT /Tx", str::to_owned);
        let swapped = replaced(&once, "/FT /Tx", |_| original.clone());
        assert_eq!(changes(&swapped), changes(&same) + 1, "{name}");
    }
}
