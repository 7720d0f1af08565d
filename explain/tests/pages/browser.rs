//! The page for a browser and the picture of times: well-formed, harmless, and the same verdict.

use super::{Court, changed, hostile};
use imza::limits::Budget;
use imza::report::Report;
use imza::xml::Tree;
use imza_explain::{Language, Words, html, svg};

/// Reports on documents that fail, each for another reason, and one that passes.
pub(super) fn reports() -> Vec<(&'static str, Report)> {
    let in_container = |path: &str| Court::of("asic-e").vector(&format!("asic-e/{path}.asice"));
    let no_trust = Court::of("asic-s").without_trust();
    vec![
        ("valid", in_container("form.p-256")),
        ("changed", in_container("container.file-changed")),
        ("uncovered", in_container("container.file-not-signed")),
        ("revoked", in_container("revocation.revoked-before")),
        ("no-revocation", in_container("revocation.none")),
        ("weak", in_container("value.sha-1")),
        ("expired", in_container("timestamp.imprint-and-expired")),
        ("forged", in_container("certificate.forged")),
        ("no-trust", no_trust.vector("asic-s/form.cades.asics")),
        (
            "pdf-edited",
            Court::of("pades").vector("pades/revision.edited.pdf"),
        ),
        (
            "not-processed",
            Court::of("cades").judge(&[("ərizə.txt", b"nothing signed here")]),
        ),
    ]
}

/// With an outlook, as the command adds one.
pub(super) fn with_outlook(mut report: Report) -> Report {
    use imza::report::{Dated, Ending, Outlook, SignatureOutlook};
    use imza::time::UnixTime;
    use imza::vocabulary::{CheckId, Indication, SubIndication};
    let time = |text: &str| UnixTime::from_rfc3339(text).ok();
    let signatures = report.signatures.iter().map(|one| SignatureOutlook {
        id: one.id.clone(),
        passes: one.indication == Indication::TotalPassed,
        at_hand: None,
        renewed: (one.indication == Indication::TotalPassed).then(|| Ending {
            time: time("2035-01-01T00:00:00Z").unwrap(),
            indication: Indication::Indeterminate,
            sub_indication: Some(SubIndication::OutOfBoundsNoPoe),
            check: Some(CheckId::CertificateValidity),
            object: None,
        }),
        algorithms: vec![Dated {
            name: "ECDSA-SHA-256, P-256".to_owned(),
            object: None,
            from: None,
            until: None,
        }],
    });
    report.outlook = Some(Outlook {
        signatures: signatures.collect(),
        revocation: vec![Dated {
            name: "OCSP".to_owned(),
            object: Some(report.trust.digest),
            from: Some(report.validation_time),
            until: time("2026-06-30T12:00:00Z"),
        }],
    });
    report
}

pub(super) fn well_formed(markup: &str, about: &str) {
    let markup = markup.strip_prefix("<!doctype html>").unwrap_or(markup);
    let text = imza::xml::decode(markup.trim().as_bytes()).unwrap();
    let read = Tree::parse(&text, &mut Budget::default());
    assert!(read.is_ok(), "{about}: {:?}\n{markup}", read.err());
}

/// Nothing runs, nothing is fetched.
pub(super) fn harmless(markup: &str, about: &str) {
    let lower = markup.to_ascii_lowercase();
    for wrong in [
        "<script",
        "<iframe",
        "<object",
        "<link",
        "<img",
        "<form",
        " href=",
        " src=",
        "url(",
        "@import",
        "javascript:",
        " onload=",
        " onclick=",
    ] {
        assert!(!lower.contains(wrong), "{about}: {wrong}");
    }
}

#[test]
fn every_page_and_picture_is_well_formed_and_fetches_nothing() {
    for (name, report) in reports() {
        for report in [report.clone(), with_outlook(report)] {
            for language in Language::ALL {
                let words = Words::new(*language);
                let page = html(&report, &words);
                let picture = svg(&report, &words);
                for markup in [&page, &picture] {
                    well_formed(markup, name);
                    harmless(markup, name);
                }
                assert!(page.contains(&format!("<html lang=\"{language}\">")));
                assert_eq!(page.matches("<h1>").count(), 1, "{name}");
            }
        }
    }
}

#[test]
fn no_name_becomes_markup_or_leaves_its_place() {
    for text in hostile::HOSTILE {
        let report = with_outlook(hostile::report(text));
        for language in Language::ALL {
            let words = Words::new(*language);
            for markup in [html(&report, &words), svg(&report, &words)] {
                well_formed(&markup, text);
                harmless(&markup, text);
                for character in markup.chars().filter(|one| *one != '\n') {
                    assert!(hostile::is_harmless(character), "{text:?}: {character:?}");
                }
            }
        }
    }
}

#[test]
fn the_page_and_the_text_have_the_same_verdict() {
    for (name, report) in reports() {
        let words = Words::new(Language::En);
        let text = imza_explain::text(&report, &words, super::look(400));
        let headline = text.lines().next().unwrap();
        let page = html(&report, &words);
        let start = page.find("<h1>").unwrap() + 4;
        let sentence = &page[start..start + page[start..].find('<').unwrap()];
        let sentence = sentence.replace("&#39;", "'");
        assert!(
            headline.starts_with(&sentence),
            "{name}: {sentence}\n{headline}"
        );
    }
}

#[test]
fn a_lowered_policy_stands_in_the_first_lines() {
    let report = hostile::report("lax");
    let page = html(&report, &Words::new(Language::En));
    let (verdict, lowered) = (page.find("<h1>").unwrap(), page.find("Lowered").unwrap());
    assert!(verdict < lowered && lowered < page.find("<article").unwrap());
}

#[test]
fn a_picture_keeps_within_its_frame() {
    let report = with_outlook(changed("ərizə.asice"));
    let picture = svg(&report, &Words::new(Language::Ru));
    for attribute in [" x=\"", " x1=\"", " x2=\"", " cx=\""] {
        for part in picture.split(attribute).skip(1) {
            let value: i64 = part.split('"').next().unwrap().parse().unwrap();
            assert!((0..=960).contains(&value), "{attribute}{value}");
        }
    }
}

/// Looked at in a browser, in light and in dark, and kept as it is.
#[test]
fn pages_as_they_were_looked_at() {
    for (name, report) in reports() {
        let report = with_outlook(report);
        if !matches!(name, "valid" | "changed") {
            continue;
        }
        let page = html(&report, &Words::new(Language::Az));
        let body = page.split("<body>").nth(1).unwrap().replace("><", ">\n<");
        insta::with_settings!({omit_expression => true, prepend_module_to_snapshot => false}, {
            insta::assert_snapshot!(format!("html-{name}"), body);
        });
    }
}

/// What a person reads of documents that fail, each for another reason.
#[test]
fn documents_that_fail() {
    for (name, report) in reports() {
        if matches!(name, "no-revocation" | "weak" | "expired" | "forged") {
            super::golden(name, &report, super::look(80));
        }
    }
}

/// Writes the pages to a folder, for the eye: `IMZA_PAGES=folder`.
#[test]
fn pages_to_look_at() {
    let Ok(folder) = std::env::var("IMZA_PAGES") else {
        return;
    };
    for (name, report) in reports() {
        let report = with_outlook(report);
        for language in Language::ALL {
            let words = Words::new(*language);
            let folder = std::path::Path::new(&folder);
            std::fs::write(
                folder.join(format!("{name}-{language}.html")),
                html(&report, &words),
            )
            .unwrap();
            std::fs::write(
                folder.join(format!("{name}-{language}.svg")),
                svg(&report, &words),
            )
            .unwrap();
        }
    }
}

#[test]
fn what_a_signer_claims_is_on_the_page() {
    let mut report = Court::of("asic-e").vector("asic-e/form.p-256.asice");
    report.signatures[0].claims = Some(super::hostile::claims("Bakı"));
    for language in Language::ALL {
        let page = html(&report, &Words::new(*language));
        assert_eq!(page.matches("Bakı").count(), 16, "{page}");
    }
}
