//! Two views of one file, between which something innocent chooses: XFA, and linearisation.

use crate::attacks::{Attack, begun, blank, entries, filled};
use crate::builder::{File, catalog, form, page, stream};
use crate::pki;
use imza::vocabulary::ChangeClass::{self, FormFilling, LongTermData};

const XFA: &str = "/XFA 60 0 R";
const DYNAMIC: &str = "/NeedsRendering true";
const FIELDS: &str = "10 0 R 11 0 R";

/// A signed form of XFA with what the catalog says, no flags, and a field to sign another time.
fn rendered(needs: &str, later: &[(u32, String)]) -> File {
    let mut file = blank();
    file.update(&[
        catalog(needs),
        (3, page("[10 0 R 11 0 R 12 0 R 61 0 R]")),
        without_flags(&format!("{FIELDS} 61 0 R")),
        (60, stream("", "<template/>")),
        (61, second("")),
    ]);
    file.sign(&pki().citizen_p256, &entries());
    file.update(later);
    file
}

fn without_flags(fields: &str) -> (u32, String) {
    let (number, form) = form(fields, XFA);
    (number, form.replace("/SigFlags 3", ""))
}

fn second(more: &str) -> String {
    format!("<</FT/Sig/T(two)/Type/Annot/Subtype/Widget/Rect[70 10 90 30]/F 4/P 3 0 R{more}>>")
}

fn flagged() -> Vec<(u32, String)> {
    vec![form(&format!("{FIELDS} 61 0 R"), XFA)]
}

/// One more field, hidden, that covers so much.
fn with_field(rectangle: &str) -> Vec<(u32, String)> {
    let field =
        format!("<</FT/Sig/T(three)/Type/Annot/Subtype/Widget/P 3 0 R/F 2/Rect[{rectangle}]>>");
    vec![
        (3, page("[10 0 R 11 0 R 12 0 R 61 0 R 62 0 R]")),
        without_flags(&format!("{FIELDS} 61 0 R 62 0 R")),
        (62, field),
    ]
}

/// A signed file that says it is linearised, of this length, with updates.
fn linearized(length: &str, updates: usize) -> File {
    let mut file = begun(&format!("90 0 obj\n<</Linearized 1/L {length}>>\nendobj\n"));
    file.sign(&pki().citizen_p256, &entries());
    for _ in 0..updates {
        file.update(&filled());
    }
    file
}

/// The same, of the length that it has after so many updates.
fn long_as(of: usize, updates: usize) -> File {
    let length = linearized("0000000000", of).octets.len();
    linearized(&format!("{length:010}"), updates)
}

pub(crate) fn hostile() -> Vec<Attack> {
    let content = "modification.content";
    let revisions = "modification.revisions";
    let mut all: Vec<Attack> = Vec::new();
    for (name, later) in [
        ("xfa: the form says that there are signatures", flagged()),
        (
            "xfa: a hidden field with an area",
            with_field("10 10 20 20"),
        ),
        ("xfa: a field without kids", vec![(61, second("/Kids[]"))]),
    ] {
        all.push((name, rendered(DYNAMIC, &later), content));
    }
    all.push(("linearized: with the update", long_as(1, 1), revisions));
    all.push(("linearized: between updates", long_as(1, 2), revisions));
    all.push(("linearized: until the update", long_as(0, 1), revisions));
    all.push(("linearized: as it was signed", long_as(0, 0), revisions));
    all.push((
        "linearized: no whole length",
        linearized("9.0", 1),
        revisions,
    ));
    all
}

pub(crate) fn honest() -> Vec<(&'static str, File, Option<ChangeClass>)> {
    let first = begun("90 0 obj\n<</Linearized 1/L 0000000000>>\nendobj\n");
    let first = format!("{:010}", first.octets.len());
    vec![
        (
            "xfa: flags of static forms",
            rendered("", &flagged()),
            Some(LongTermData),
        ),
        (
            "xfa: a field of static forms",
            rendered("", &with_field("10 10 20 20")),
            Some(FormFilling),
        ),
        (
            "xfa: a field without an area",
            rendered(DYNAMIC, &with_field("0 0 0 0")),
            Some(FormFilling),
        ),
        ("linearized: signed later", linearized(&first, 0), None),
        (
            "linearized: filled in later",
            linearized(&first, 1),
            Some(FormFilling),
        ),
        (
            "linearized: of another length",
            linearized("60000", 1),
            Some(FormFilling),
        ),
    ]
}
