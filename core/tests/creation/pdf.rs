//! PAdES: signatures in PDFs, made by updates.

use super::{SIGNED, World, context, signer, write};
use imza::algorithm::{DigestAlgorithm, SignatureAlgorithm, ValueEncoding};
use imza::creation::{
    Augmentation, AugmentationRequest, DocumentToSign, Packaging, PendingSignature, Preparation,
    SigningParameters, SigningRequest, TIMESTAMP_ROOM, sign,
};
use imza::error::Error;
use imza::job::{InputId, Seed};
use imza::pades::{Appearance, Certification, PdfParameters, SignaturePicture};
use imza::reading::{Network, Validation, ValidationRequest};
use imza::report::Report;
use imza::signer::Signer;
use imza::source::{Edits, Input};
use imza::time::UnixTime;
use imza::transport::{Memory, drive};
use imza::validation::Context;
use imza::vocabulary::{BaselineLevel, ChangeClass, SignatureLevel};
use imza_test_vectors::pdf::{CrossReference, Pdf};
use imza_test_vectors::{Entity, Pki};

const STYLES: [CrossReference; 2] = [CrossReference::Table, CrossReference::Stream];

fn plain(style: CrossReference) -> Vec<u8> {
    Pdf::new("May build.", style).bytes().to_vec()
}

pub(super) fn on_request(octets: &[u8]) -> Input {
    Input::on_request("contract.pdf", u64::try_from(octets.len()).unwrap())
}

pub(super) fn world(octets: &[u8], time: i64) -> World {
    World {
        memory: Memory::new([octets.to_vec()]),
        pki: Pki::fixed().unwrap(),
        time,
    }
}

pub(super) fn der_ecdsa() -> SignatureAlgorithm {
    SignatureAlgorithm::Ecdsa {
        digest: DigestAlgorithm::Sha256,
        encoding: ValueEncoding::Der,
    }
}

pub(super) fn signed(
    octets: &[u8],
    entity: &Entity,
    algorithm: SignatureAlgorithm,
    pdf: PdfParameters,
    room: u64,
) -> Result<Vec<u8>, Error> {
    let mut signer = signer(entity);
    let mut world = world(octets, SIGNED);
    let mut parameters =
        SigningParameters::new(Packaging::Pades, algorithm, UnixTime::from_seconds(SIGNED));
    parameters.pdf = pdf;
    parameters.timestamp_room = room;
    let pki = Pki::fixed().unwrap();
    let mut certificates = signer.certificate();
    certificates.push(pki.issuing_ca.certificate.as_slice().into());
    let request = SigningRequest {
        documents: vec![DocumentToSign {
            input: on_request(octets),
            media_type: "application/pdf".to_owned(),
        }],
        certificates,
        parameters,
    };
    let pending = drive(Preparation::begin(request)?, &mut world)?;
    let pending = PendingSignature::from_json(&pending.to_json())?;
    Ok(write(&sign(&pending, &mut signer)?, &mut world))
}

fn level_b(octets: &[u8]) -> Vec<u8> {
    let pki = Pki::fixed().unwrap();
    let parameters = PdfParameters::default();
    signed(octets, &pki.citizen_p256, der_ecdsa(), parameters, 0).unwrap()
}

pub(super) fn augmented(octets: &[u8], level: BaselineLevel, time: i64) -> Result<Vec<u8>, Error> {
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
    let edits = drive(Augmentation::begin(request)?, &mut world)?;
    Ok(write(&edits, &mut world))
}

pub(super) fn judge(octets: &[u8], context: &Context) -> Report {
    let request = ValidationRequest {
        inputs: vec![Input::at_hand("contract.pdf", octets)],
        given: Vec::new(),
        keys: Vec::new(),
        seed: Seed::new([7; 32]),
        network: Network::Offline,
    };
    let job = Validation::begin(request, context.clone()).unwrap();
    drive(job, &mut Memory::new([octets.to_vec()]))
        .unwrap()
        .report
}

/// Everything holds; from level LT on the signatures pass offline.
pub(super) fn assert_good(octets: &[u8], level: SignatureLevel, later: i64, signatures: usize) {
    let pki = Pki::fixed().unwrap();
    let report = judge(octets, &context(&pki, SIGNED + later));
    let json = report.to_pretty_json();
    assert_eq!(report.signatures.len(), signatures, "{json}");
    for signature in &report.signatures {
        assert_eq!(signature.integrity.as_str(), "intact", "{json}");
        let failed = signature
            .checks
            .iter()
            .filter(|check| check.outcome.as_str() == "failed");
        let failed: Vec<_> = failed.map(|check| check.id.as_str()).collect();
        // What the document does not carry below level LT.
        let may_lack = matches!(level, SignatureLevel::BaselineB | SignatureLevel::BaselineT);
        let is_expected = |id: &&str| may_lack && *id == "revocation.available";
        assert!(failed.iter().all(is_expected), "{failed:?} {json}");
        if !may_lack {
            assert_eq!(signature.indication.as_str(), "TOTAL-PASSED", "{json}");
        }
    }
    let levels: Vec<_> = report.signatures.iter().map(|one| one.level).collect();
    assert_eq!(levels.first(), Some(&level), "{json}");
}

#[test]
fn a_pdf_is_signed_in_its_own_style_behind_its_own_octets() {
    let pki = Pki::fixed().unwrap();
    let rsa = SignatureAlgorithm::pss(DigestAlgorithm::Sha256);
    for style in STYLES {
        let document = plain(style);
        for (entity, algorithm) in [
            (&pki.citizen_p256, der_ecdsa()),
            (&pki.citizen_rsa_2048, rsa),
            (
                &pki.citizen_rsa_3072,
                SignatureAlgorithm::RsaPkcs1 {
                    digest: DigestAlgorithm::Sha512,
                },
            ),
        ] {
            let parameters = PdfParameters {
                reason: Some("Razıyam (tam)".to_owned()),
                location: Some("Bakı".to_owned()),
                contact: Some("a@b.az".to_owned()),
                signer_name: Some("Aysel".to_owned()),
                ..PdfParameters::default()
            };
            let signed = signed(&document, entity, algorithm, parameters, 0).unwrap();
            assert!(signed.starts_with(&document));
            let own = signed.get(document.len()..).unwrap();
            let has = |text: &[u8]| own.windows(text.len()).any(|part| part == text);
            assert_eq!(has(b"\nxref\n"), matches!(style, CrossReference::Table));
            assert_good(&signed, SignatureLevel::BaselineB, 60, 1);
        }
    }
}

/// The end of the file leads nowhere, or to white space: the update leads to the true section.
#[test]
fn a_pdf_whose_end_leads_nowhere_is_signed_and_led_to() {
    for style in STYLES {
        let document = plain(style);
        let mut text = document.windows(10);
        let at = text.rposition(|part| part == b"startxref\n").unwrap();
        let section: usize = std::str::from_utf8(&document[at + 10..])
            .unwrap()
            .lines()
            .next()
            .unwrap()
            .parse()
            .unwrap();
        let leading_to = |stated: usize| {
            let end = format!("startxref\n{stated}\n%%EOF\n");
            [&document[..at], end.as_bytes()].concat()
        };
        for broken in [
            leading_to(12),
            leading_to(section + 1),
            leading_to(section - 1),
            document[..at].to_vec(),
        ] {
            let once = level_b(&broken);
            assert!(once.starts_with(&broken));
            let own = String::from_utf8_lossy(&once[broken.len()..]).into_owned();
            assert!(own.contains(&format!("/Prev {section}\n")), "{own}");
            assert_good(&once, SignatureLevel::BaselineB, 60, 1);
            let twice = level_b(&once);
            assert_good(&twice, SignatureLevel::BaselineB, 60, 2);
            let lta = augmented(&twice, BaselineLevel::Lta, SIGNED + 10).unwrap();
            assert_good(&lta, SignatureLevel::BaselineLta, 60, 2);
        }
    }
}

/// Other readers may find another section behind a signature than this one.
#[test]
fn a_signed_pdf_whose_end_leads_nowhere_fails_and_is_not_signed() {
    let pki = Pki::fixed().unwrap();
    let mut once = level_b(&plain(CrossReference::Table));
    let mut text = once.windows(10);
    let at = text.rposition(|part| part == b"startxref\n").unwrap();
    once[at + 10] ^= 1;
    let report = judge(&once, &context(&pki, SIGNED + 60));
    assert_eq!(report.signatures[0].indication.as_str(), "TOTAL-FAILED");
    let mut checks = report.signatures[0].checks.iter();
    assert!(checks.any(|check| {
        check.id.as_str() == "format.structure" && check.outcome.as_str() == "failed"
    }));
    let parameters = PdfParameters::default();
    let error = signed(&once, &pki.citizen_p256, der_ecdsa(), parameters, 0).unwrap_err();
    assert_eq!(error.code(), "malformed.pdf.startxref");
}

#[test]
fn levels_are_reached_without_moving_an_octet() {
    let pki = Pki::fixed().unwrap();
    let day = 86_400;
    for style in STYLES {
        for room in [0, TIMESTAMP_ROOM] {
            let document = plain(style);
            let parameters = PdfParameters::default();
            let b = signed(&document, &pki.citizen_p256, der_ecdsa(), parameters, room).unwrap();
            let t = augmented(&b, BaselineLevel::T, SIGNED + 10).unwrap();
            // With room the time-stamp goes into the signature, else behind it.
            assert_eq!(t.len() == b.len(), room > 0);
            assert_good(&t, SignatureLevel::BaselineT, 60, 1);
            let lt = augmented(&t, BaselineLevel::Lt, SIGNED + 20).unwrap();
            assert!(lt.starts_with(&t));
            assert_good(&lt, SignatureLevel::BaselineLt, 60, 1);
            assert_good(&lt, SignatureLevel::BaselineLt, 400 * day, 1);
            let lta = augmented(&lt, BaselineLevel::Lta, SIGNED + 30).unwrap();
            assert!(lta.starts_with(&lt));
            assert_good(&lta, SignatureLevel::BaselineLta, 400 * day, 1);
            let renewed = augmented(&lta, BaselineLevel::Lta, SIGNED + 40).unwrap();
            assert!(renewed.starts_with(&lta));
            assert_good(&renewed, SignatureLevel::BaselineLta, 400 * day, 1);
            let at_once = augmented(&b, BaselineLevel::Lta, SIGNED + 30).unwrap();
            assert_good(&at_once, SignatureLevel::BaselineLta, 400 * day, 1);
        }
    }
}

#[test]
fn what_follows_a_time_stamp_of_the_document_is_listed_with_it() {
    let pki = Pki::fixed().unwrap();
    let signed = level_b(&plain(CrossReference::Table));
    let kept = augmented(&signed, BaselineLevel::Lta, SIGNED + 10).unwrap();
    let judged = |octets: &[u8]| judge(octets, &context(&pki, SIGNED + 60)).timestamps;
    assert!(judged(&kept).iter().any(|one| one.changes.is_empty()));
    let stamps = judged(&level_b(&kept));
    let changes = || stamps.iter().flat_map(|one| &one.changes);
    assert!(changes().any(|one| one.kind == ChangeClass::FormFilling && one.is_permitted));
    assert!(stamps.iter().all(|one| !one.changes.is_empty()));
}

#[test]
fn several_people_sign_one_after_the_other() {
    for style in STYLES {
        let mut document = plain(style);
        for count in 1..=4 {
            document = level_b(&document);
            assert_good(&document, SignatureLevel::BaselineB, 60, count);
        }
        let lt = augmented(&document, BaselineLevel::Lt, SIGNED + 20).unwrap();
        assert_good(&lt, SignatureLevel::BaselineLt, 60, 4);
    }
}

#[test]
fn a_certification_is_the_first_and_says_what_may_follow() {
    let pki = Pki::fixed().unwrap();
    let sign = |octets: &[u8], certification| {
        let parameters = PdfParameters {
            certification,
            ..PdfParameters::default()
        };
        signed(octets, &pki.citizen_p256, der_ecdsa(), parameters, 0)
    };
    let document = plain(CrossReference::Table);
    let forms = sign(&document, Some(Certification::FormFilling)).unwrap();
    assert_good(&forms, SignatureLevel::BaselineB, 60, 1);
    let twice = sign(&forms, None).unwrap();
    assert_good(&twice, SignatureLevel::BaselineB, 60, 2);
    let closed = sign(&document, Some(Certification::NoChanges)).unwrap();
    for (octets, certification, code) in [
        (&closed, None, "input.forbidden"),
        (&forms, Some(Certification::FormFilling), "input.not-first"),
        (
            &level_b(&document),
            Some(Certification::Annotations),
            "input.not-first",
        ),
    ] {
        let refused = sign(octets, certification).unwrap_err();
        assert_eq!(refused.code(), code);
    }
    // Validation data and time-stamps may always follow.
    let lta = augmented(&closed, BaselineLevel::Lta, SIGNED + 30).unwrap();
    assert_good(&lta, SignatureLevel::BaselineLta, 60, 1);
}

#[test]
fn fields_have_the_name_that_is_wanted_or_a_free_one() {
    let pki = Pki::fixed().unwrap();
    let sign = |octets: &[u8], name: &str| {
        let parameters = PdfParameters {
            field: Some(name.to_owned()),
            ..PdfParameters::default()
        };
        signed(octets, &pki.citizen_p256, der_ecdsa(), parameters, 0)
    };
    let has = |octets: &[u8], text: &str| {
        let text = text.as_bytes();
        octets.windows(text.len()).any(|part| part == text)
    };
    let document = plain(CrossReference::Table);
    let named = sign(&document, "Direktor").unwrap();
    assert!(has(&named, "/T (Direktor)"));
    let refused = sign(&named, "Direktor").unwrap_err();
    assert_eq!(refused.code(), "input.field-taken");
    assert!(sign(&document, "a.b").is_err());
    let second = level_b(&level_b(&named));
    assert!(has(&second, "/T (Signature1)") && has(&second, "/T (Signature2)"));
    assert_good(&second, SignatureLevel::BaselineB, 60, 3);
}

#[test]
fn what_is_no_pdf_or_is_cut_off_is_not_signed() {
    let pki = Pki::fixed().unwrap();
    let document = plain(CrossReference::Table);
    let half = document.get(..document.len() / 2).unwrap();
    for octets in [b"May build.".as_slice(), b"", b"%PDF-1.7\n", half] {
        let parameters = PdfParameters::default();
        let refused = signed(octets, &pki.citizen_p256, der_ecdsa(), parameters, 0);
        assert!(refused.is_err());
    }
}

#[test]
fn a_document_with_an_object_behind_its_end_is_refused_by_its_place() {
    let mut octets = turned(0, &"x".repeat(1_000));
    let place = |text: &str, octets: &[u8]| {
        let mut places = octets.windows(text.len());
        places.position(|one| one == text.as_bytes()).unwrap()
    };
    let length = place("/Length 1000", &octets) + 8;
    octets[length..length + 4].copy_from_slice(b"9999");
    let object = place("4 0 obj", &octets);
    let pki = Pki::fixed().unwrap();
    let parameters = PdfParameters::default();
    let refused = signed(&octets, &pki.citizen_p256, der_ecdsa(), parameters, 0).unwrap_err();
    let expected = format!("an object that cannot be read at byte {object} (ISO 32000-2 §7.3)");
    assert_eq!(refused.to_string(), expected);
}

/// The numbers of the last `/ByteRange`.
fn byte_range(octets: &[u8]) -> [usize; 4] {
    let name = b"/ByteRange";
    let at = octets.windows(name.len()).rposition(|one| one == name);
    let rest = octets.get(at.unwrap() + name.len()..).unwrap();
    let text: Vec<u8> = rest
        .iter()
        .copied()
        .take_while(|one| *one != b']')
        .collect();
    let text = String::from_utf8(text).unwrap();
    let numbers = text.split(|one: char| !one.is_ascii_digit());
    let numbers = numbers.filter_map(|one| one.parse().ok());
    let numbers: Vec<usize> = numbers.collect();
    numbers.try_into().unwrap()
}

#[test]
fn byte_ranges_fit_at_every_width_of_their_numbers() {
    let made = |padding: usize| {
        let mut document = plain(CrossReference::Table);
        // Nothing but ends of lines behind the end, which other producers leave too.
        document.resize(document.len() + padding, b'\n');
        let signed = level_b(&document);
        assert!(signed.starts_with(&document));
        assert_good(&signed, SignatureLevel::BaselineB, 60, 1);
        let [_, gap, end, rest] = byte_range(&signed);
        assert_eq!(signed.get(gap), Some(&b'<'));
        assert_eq!(signed.get(end - 1), Some(&b'>'));
        assert_eq!(end + rest, signed.len());
        [gap, end]
    };
    let plain = made(0);
    // Each number on both sides of a width, and where it is the first of one: another width moves
    // what follows by an octet.
    for power in [10_000_usize, 100_000, 1_000_000] {
        for number in plain {
            for aim in power - 3..=power + 3 {
                let Some(padding) = aim.checked_sub(number) else {
                    continue;
                };
                made(padding);
            }
        }
    }
    let mut widths = std::collections::BTreeSet::new();
    for padding in [0, 900, 8_000, 9_900, 90_000, 99_000, 990_000] {
        widths.extend(made(padding).map(|number| number.to_string().len()));
    }
    assert!(widths.len() >= 3, "{widths:?}");
}

/// A font of this machine; the test is passed over where there is none.
fn font() -> Option<std::sync::Arc<[u8]>> {
    let font = std::fs::read("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf").ok();
    if font.is_none() {
        eprintln!("skipped: DejaVu Sans is not installed");
    }
    font.map(Into::into)
}

#[test]
fn a_visible_signature_shows_letters_of_every_alphabet_inside_its_page() {
    let Some(font) = font() else { return };
    let pki = Pki::fixed().unwrap();
    let sign = |octets: &[u8], page, area, line: &str| {
        let parameters = PdfParameters {
            appearance: Some(Appearance {
                page,
                area,
                lines: vec![line.to_owned(), "2026-06-15".to_owned()],
                font: Some(font.clone()),
                picture: None,
            }),
            ..PdfParameters::default()
        };
        signed(octets, &pki.citizen_p256, der_ecdsa(), parameters, 0)
    };
    let area = [36, 36, 200, 50];
    for style in STYLES {
        let document = plain(style);
        let shown = sign(&document, 1, area, "İmzalayan: Aysel Məmmədova / Подпись").unwrap();
        assert_good(&shown, SignatureLevel::BaselineB, 60, 1);
        let lt = augmented(&shown, BaselineLevel::Lta, SIGNED + 10).unwrap();
        assert_good(&lt, SignatureLevel::BaselineLta, 60, 1);
    }
    let document = plain(CrossReference::Table);
    for (refused, code) in [
        (sign(&document, 2, area, "A"), "input.page-missing"),
        (
            sign(&document, 0, area, "A"),
            "api-misuse.contradictory-parameters",
        ),
        (
            sign(&document, 1, [36, 36, 20_000, 50], "A"),
            "input.no-room",
        ),
        (
            sign(&document, 1, [u32::MAX, 36, u32::MAX, 50], "A"),
            "input.no-room",
        ),
        (sign(&document, 1, [36, 36, 10, 2], "A"), "input.no-room"),
        (sign(&document, 1, [36, 36, 0, 0], "A"), "input.no-room"),
        (sign(&document, 1, area, "\u{e000}"), "unsupported.feature"),
        (
            sign(&document, 1, area, &"A".repeat(10_000)),
            "input.no-room",
        ),
    ] {
        assert_eq!(refused.unwrap_err().code(), code);
    }
}

/// The document with a page that is turned, and metadata that says PDF/A or nothing.
fn turned(degrees: i32, metadata: &str) -> Vec<u8> {
    let objects = [
        "<</Type/Catalog/Pages 2 0 R/Metadata 4 0 R>>".to_owned(),
        format!("<</Type/Pages/Kids[3 0 R]/Count 1/Rotate {degrees}>>"),
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 400]/Resources<<>>>>".to_owned(),
        format!(
            "<</Type/Metadata/Subtype/XML/Length {}>>\nstream\n{metadata}\nendstream",
            metadata.len()
        ),
    ];
    let mut octets = b"%PDF-1.7\n".to_vec();
    let mut table = format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1);
    for (index, object) in objects.iter().enumerate() {
        table += &format!("{:010} 00000 n \n", octets.len());
        octets.extend(format!("{} 0 obj\n{object}\nendobj\n", index + 1).bytes());
    }
    let start = octets.len();
    octets.extend(table.bytes());
    octets.extend(format!("trailer\n<</Size 5/Root 1 0 R>>\nstartxref\n{start}\n%%EOF\n").bytes());
    octets
}

/// Two pixels, of which one shines through.
const PICTURE: &str = "89504e470d0a1a0a0000000d4948445200000002000000010806000000f4227f8a0000\
                       000f4944415478da6338c1c0f01f8819000e640290f98524ce0000000049454e44ae426082";

pub(super) fn pixels() -> std::sync::Arc<[u8]> {
    let digits = PICTURE.as_bytes().chunks(2);
    let octet = |pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap();
    digits.map(octet).collect()
}

pub(super) fn has(octets: &[u8], text: &str) -> bool {
    octets.windows(text.len()).any(|one| one == text.as_bytes())
}

#[test]
fn no_field_of_a_pdf_a_is_without_an_appearance() {
    let pki = Pki::fixed().unwrap();
    let count = |octets: &[u8]| {
        let name = b"/AP <</N ";
        octets.windows(name.len()).filter(|one| one == name).count()
    };
    let archival = "<x:xmpmeta><pdfaid:part>1</pdfaid:part></x:xmpmeta>";
    for (metadata, wanted) in [(archival, [1, 3]), ("<x:xmpmeta/>", [0, 0])] {
        let document = turned(0, metadata);
        let parameters = PdfParameters::default();
        let once = signed(&document, &pki.citizen_p256, der_ecdsa(), parameters, 0).unwrap();
        assert_good(&once, SignatureLevel::BaselineB, 60, 1);
        // Document time-stamps have fields too: one for level T, one over the material.
        let archived = augmented(&once, BaselineLevel::Lta, SIGNED + 30).unwrap();
        assert_good(&archived, SignatureLevel::BaselineLta, 60, 1);
        assert_eq!([count(&once), count(&archived)], wanted, "{metadata}");
    }
}

#[test]
fn a_picture_stands_upright_on_every_page_and_keeps_pdf_a() {
    let pki = Pki::fixed().unwrap();
    let sign = |octets: &[u8], area, picture| {
        let parameters = PdfParameters {
            appearance: Some(Appearance {
                page: 1,
                area,
                lines: vec!["Aysel Məmmədova".to_owned()],
                font: None,
                picture: Some(picture),
            }),
            ..PdfParameters::default()
        };
        signed(octets, &pki.citizen_p256, der_ecdsa(), parameters, 0)
    };
    let archival = "<x:xmpmeta><pdfaid:part>1</pdfaid:part></x:xmpmeta>";
    for (degrees, rectangle, matrix) in [
        (0, "[10 20 110 70]", None),
        (90, "[130 10 180 110]", Some("/Matrix [0 1 -1 0 0 0]")),
        (180, "[90 330 190 380]", Some("/Matrix [-1 0 0 -1 0 0]")),
        (270, "[20 290 70 390]", Some("/Matrix [0 -1 1 0 0 0]")),
    ] {
        let document = turned(degrees, "<x:xmpmeta/>");
        let area = [10, 20, 100, 50];
        let shown = sign(&document, area, SignaturePicture::Image(pixels())).unwrap();
        assert_good(&shown, SignatureLevel::BaselineB, 60, 1);
        assert!(has(&shown, &format!("/Rect {rectangle}")), "{degrees}");
        assert!(has(&shown, "/SMask") && has(&shown, "/DeviceGray"));
        assert!(matrix.is_none_or(|matrix| has(&shown, matrix)), "{degrees}");
        // No transparency and no colours of a device in what says it is PDF/A.
        let document = turned(degrees, archival);
        let shown = sign(&document, area, SignaturePicture::Image(pixels())).unwrap();
        assert_good(&shown, SignatureLevel::BaselineB, 60, 1);
        assert!(!has(&shown, "/SMask") && !has(&shown, "/Device"));
        let code = SignaturePicture::Code("https://example.org".to_owned());
        let shown = sign(&document, area, code).unwrap();
        assert_good(&shown, SignatureLevel::BaselineB, 60, 1);
        assert!(!has(&shown, "/Device"));
    }
    let document = turned(0, "<x:xmpmeta/>");
    let long = SignaturePicture::Code("A".repeat(4_000));
    let pixel = || SignaturePicture::Image(pixels());
    let short = SignaturePicture::Code("A".to_owned());
    let other = SignaturePicture::Image((*b"GIF89a").into());
    let area = [10, 20, 100, 50];
    for (refused, code) in [
        (sign(&turned(45, ""), area, pixel()), "unsupported.feature"),
        (sign(&document, [10, 20, 8, 8], pixel()), "input.no-room"),
        (sign(&document, [10, 20, 20, 20], short), "input.no-room"),
        (sign(&document, area, long), "input.no-room"),
        (sign(&document, area, other), "unsupported.feature"),
    ] {
        assert_eq!(refused.unwrap_err().code(), code);
    }
    let cut = pixels()[..60].into();
    let refused = sign(&document, [10, 20, 100, 50], SignaturePicture::Image(cut));
    assert!(matches!(refused, Err(Error::Malformed(_))));
}

/// A document with an empty signature field inside another, `Form.Direktor`.
fn with_field(field: &str) -> Vec<u8> {
    let objects = [
        "<</Type/Catalog/Pages 2 0 R/AcroForm 4 0 R>>",
        "<</Type/Pages/Kids[3 0 R]/Count 1>>",
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 300]/Resources<<>>/Annots 7 0 R>>",
        "<</Fields[5 0 R]>>",
        "<</T(Form)/Kids[6 0 R]>>",
        field,
        "[6 0 R]",
    ];
    let mut octets = b"%PDF-1.7\n".to_vec();
    let mut table = format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1);
    for (index, object) in objects.iter().enumerate() {
        table.push_str(&format!("{:010} 00000 n \n", octets.len()));
        octets.extend_from_slice(format!("{} 0 obj\n{object}\nendobj\n", index + 1).as_bytes());
    }
    let place = octets.len();
    let size = objects.len() + 1;
    let trailer = format!("trailer\n<</Root 1 0 R/Size {size}>>\nstartxref\n{place}\n%%EOF");
    octets.extend_from_slice(table.as_bytes());
    octets.extend_from_slice(trailer.as_bytes());
    octets
}

const FIELD: &str = "/Type/Annot/Subtype/Widget/FT/Sig/T(Direktor)/Parent 5 0 R/P 3 0 R/F 4";

#[test]
fn a_field_that_waits_is_signed_where_it_is_with_its_lock() {
    let pki = Pki::fixed().unwrap();
    let sign = |octets: &[u8], name: &str| {
        let parameters = PdfParameters {
            field: Some(name.to_owned()),
            ..PdfParameters::default()
        };
        signed(octets, &pki.citizen_p256, der_ecdsa(), parameters, 0)
    };
    let lock = "/Lock<</Type/SigFieldLock/Action/Include/Fields[(Form.Sum)(Later)]>>";
    let document = with_field(&format!("<<{FIELD}/Rect[0 0 0 0]{lock}>>"));
    let once = sign(&document, "Form.Direktor").unwrap();
    let own = once.get(document.len()..).unwrap();
    let has = |text: &[u8]| own.windows(text.len()).any(|part| part == text);
    assert!(has(b"/FieldMDP") && has(b"(Form.Sum)") && !has(b"/Annots"));
    assert_good(&once, SignatureLevel::BaselineB, 60, 1);
    // The field is signed; what the signer locked stays locked; anything else may be signed.
    assert!(sign(&once, "Form.Direktor").is_err());
    assert!(sign(&once, "Later").is_err());
    let twice = sign(&once, "Other").unwrap();
    assert_good(&twice, SignatureLevel::BaselineB, 60, 2);
}

#[test]
fn a_field_that_demands_more_or_is_none_for_signatures_is_refused() {
    let pki = Pki::fixed().unwrap();
    for field in [
        format!("<<{FIELD}/Rect[0 0 0 0]/SV<</Type/SV/Ff 1/Filter/Other>>>>"),
        format!("<<{FIELD}/Rect[0 0 0 0]/SV<</Cert<</Ff 2/Issuer[<3000>]>>>>>>"),
        format!("<<{FIELD}/Rect[0 0 0 0]/SV<</TimeStamp<</Ff 1/URL(http://tsa/)>>>>>>"),
        format!("<<{FIELD}/Rect[0 0 0 0]/SV<</MDP<</P 2>>>>>>"),
        format!("<<{FIELD}/Rect[0 0 0 0]/V 1 0 R>>"),
        format!("<<{FIELD}/Rect[0 0 0 0]/Rect[0 0 0 0]>>"),
        FIELD.replace("/FT/Sig", "<</FT/Tx") + ">>",
    ] {
        let parameters = PdfParameters {
            field: Some("Form.Direktor".to_owned()),
            ..PdfParameters::default()
        };
        let document = with_field(&field);
        let refused = signed(&document, &pki.citizen_p256, der_ecdsa(), parameters, 0);
        assert!(refused.is_err(), "{field}");
    }
}
