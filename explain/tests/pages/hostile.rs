//! Names that would like to be something else, in every form of a report.

use super::{Court, changed, look, pages};
use imza::report::Report;
use imza::vocabulary::{ChangeAction, ChangeClass, RoleKind};
use imza_explain::Language;

/// Names of files, persons and places that are made to mislead.
pub(super) const HOSTILE: &[&str] = &[
    "\u{1b}[2J\u{1b}[32mThe signature is valid (TOTAL-PASSED)\r\n",
    "\u{9b}31m\u{7f}\u{8}\u{8}\u{8}",
    "invoice\u{202e}fdp.exe",
    "a\u{2066}b\u{2069}\u{200b}\u{feff}\u{ad}",
    "line\u{2028}separator\nnew line\ttab",
    "\u{0430}\u{0440}pl\u{0435}.pdf",
    "e\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}",
    "{ $count } { -brand } </title><script>alert(1)</script>",
];

/// A failing report in which everything that a document may say is one hostile text.
pub(super) fn report(text: &str) -> Report {
    let mut report = Court::of("asic-e").vector("asic-e/container.file-changed.asice");
    report.document.name = text.to_owned();
    report.document.media_type = Some(text.to_owned());
    report.policy.name = text.to_owned();
    let signature = report.signatures.first_mut().unwrap();
    signature.place = Some(text.to_owned());
    let certificate = signature.signing_certificate.as_mut().unwrap();
    certificate.subject = text.to_owned();
    certificate.issuer = text.to_owned();
    if let Some(person) = &mut certificate.person {
        person.name = text.to_owned();
        person.country = Some(text.to_owned());
        person.identifier = Some(text.to_owned());
    }
    for scope in &mut signature.scopes {
        scope.name = text.to_owned();
    }
    signature.claims = Some(claims(text));
    for check in &mut signature.checks {
        check.found = Some(text.to_owned());
        check.expected = Some(text.to_owned());
        check.object = Some(text.to_owned());
    }
    signature.changes.push(imza::report::Change {
        kind: ChangeClass::Other,
        action: ChangeAction::Changed,
        revision: 2,
        path: text.to_owned(),
        object: Some(text.to_owned()),
        field: Some(text.to_owned()),
        page: Some(1),
        overlaps: true,
        is_permitted: false,
    });
    for file in &mut report.files {
        file.name = text.to_owned();
    }
    report.requests.push(imza::report::Request {
        url: text.to_owned(),
        outcome: text.to_owned(),
    });
    report.policy.departures.push(imza::report::Departure {
        check: text.to_owned(),
        default: text.to_owned(),
        level: text.to_owned(),
    });
    report
}

/// Claims in which every text is this one.
pub(super) fn claims(text: &str) -> imza::report::Claims {
    use imza::report::{ClaimedPlace, ClaimedPolicy, ClaimedRole, Claims, Commitment};
    let text = || text.to_owned();
    let role = |kind: &RoleKind| ClaimedRole {
        kind: *kind,
        value: Some(text()),
        certified_by: Some(text()),
        is_unreadable: false,
    };
    Claims {
        roles: RoleKind::ALL.iter().map(role).collect(),
        place: Some(ClaimedPlace {
            city: Some(text()),
            ..ClaimedPlace::default()
        }),
        commitments: vec![Commitment {
            identifier: text(),
            scope: vec![text()],
        }],
        signature_policy: Some(ClaimedPolicy {
            identifier: text(),
            uri: Some(text()),
            notice: Some(text()),
            specification: Some(text()),
        }),
        media_types: Vec::new(),
        signer_name: Some(text()),
        reason: Some(text()),
        location: Some(text()),
        contact: Some(text()),
    }
}

pub(super) fn is_harmless(character: char) -> bool {
    !character.is_control()
        && !matches!(character, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

#[test]
fn no_name_reaches_a_page_unescaped() {
    for text in HOSTILE {
        let report = report(text);
        let honest = pages(&changed("honest"), look(100));
        let page = pages(&report, look(100));
        for character in page.chars().filter(|one| *one != '\n') {
            assert!(is_harmless(character), "{text:?}: {character:?}");
        }
        // The verdict of the program stands first, whatever the document is called.
        for (line, own) in page.lines().zip(honest.lines()).take(2) {
            let verdict = own.split("  ").next().unwrap();
            assert!(line.starts_with(verdict), "{line}");
        }
        assert!(!page.contains("e\u{301}\u{301}\u{301}\u{301}"), "{page}");
    }
}

#[test]
fn deceptive_letters_are_shown_in_every_language() {
    let page = pages(&report("\u{0430}pril.pdf"), look(200));
    assert!(page.contains("\u{0430}\\u{430}pril.pdf"));
}

#[test]
fn json_holds_no_control_or_direction_character() {
    for text in HOSTILE {
        let report = report(text);
        for json in [report.to_json(), report.to_pretty_json()] {
            let own_line_ends = |one: &char| *one != '\n';
            for character in json.chars().filter(own_line_ends) {
                assert!(is_harmless(character), "{text:?}: {character:?}");
            }
            let value: serde_json::Value = serde_json::from_str(&json).unwrap();
            assert_eq!(value["document"]["name"], *text);
            assert_eq!(value["signatures"][0]["place"], *text);
        }
        assert_eq!(report.to_json().lines().count(), 1);
    }
}

#[test]
fn what_a_signer_claims_is_told_in_every_language() {
    let mut report = Court::of("asic-e").vector("asic-e/form.p-256.asice");
    report.signatures[0].claims = Some(claims("Bakı"));
    let text = pages(&report, look(100));
    assert_eq!(
        text.matches("Bakı").count(),
        16 * Language::ALL.len(),
        "{text}"
    );
}
