//! What comes to lie over what was there (ISO 32000-2 §12.5.2): told, where it is permitted.

use crate::builder::{File, Style, certification, form, page, stream};
use crate::pki;

const NOTE: &str = "<</Type/Annot/Subtype/Square/Rect[400 10 440 30]/P 3 0 R/AP<</N 61 0 R>>>>";

fn appearance(content: &str) -> (u32, String) {
    let appearance = stream("/Type/XObject/Subtype/Form/BBox[0 0 90 20]", content);
    (61, appearance)
}

/// A certified file with notes, changed, and whether the change lies over something.
pub(crate) fn notes() -> Vec<(&'static str, File, bool)> {
    let note = |from: &str, to: &str| {
        assert!(NOTE.contains(from));
        vec![(60, NOTE.replace(from, to))]
    };
    let direct = |of: &str| vec![(3, page(&format!("[10 0 R 11 0 R 12 0 R 60 0 R {of}]")))];
    let (here, there) = ("[400 10 440 30]", "[60 740 300 790]");
    let line = |of: &str| format!("<</Type/Annot/Subtype/Line/Rect{of}/Contents(a)>>");
    let rows = [
        ("moved over the text", note(here, there), true),
        ("another appearance", note("61 0 R", "13 0 R"), true),
        (
            "its appearance written again",
            vec![appearance("q 1 g 0 0 90 20 re f Q")],
            true,
        ),
        ("printed too", note("/P 3 0 R", "/P 3 0 R/F 4"), true),
        ("filled", note("/P 3 0 R", "/P 3 0 R/IC[1 1 1]"), true),
        ("in the array, moved", direct(&line(there)), true),
        (
            "above another",
            vec![(
                3,
                page(&format!("[10 0 R 11 0 R 60 0 R 12 0 R {}]", line(here))),
            )],
            true,
        ),
        ("its words", note("/P 3 0 R", "/P 3 0 R/Contents(b)"), false),
        (
            "its author",
            note("/P 3 0 R", "/P 3 0 R/T(b)/M(D:2026)"),
            false,
        ),
        (
            "gone",
            vec![(3, page(&format!("[10 0 R 11 0 R 12 0 R {}]", line(here))))],
            false,
        ),
    ];
    let rows = rows.into_iter().map(|(title, change, is_over)| {
        let mut file = File::new(Style::Tables);
        let mut objects = direct(&line(here));
        objects.extend([(60, NOTE.to_owned()), appearance("q 0 g Q")]);
        file.update(&objects);
        file.sign(&pki().citizen_p256, &certification("/P 3"));
        file.update(&change);
        (title, file, is_over)
    });
    rows.collect()
}

/// A new field to fill in, over the text: no certification permits it.
pub(crate) fn field() -> File {
    let mut file = File::new(Style::Tables);
    file.sign(&pki().citizen_p256, &certification("/P 3"));
    let field = "<</FT/Tx/T(new)/V(9000)/DA(/F1 9 Tf)/Type/Annot/Subtype/Widget\
                 /Rect[60 740 300 790]/F 4/P 3 0 R>>";
    file.update(&[
        (3, page("[10 0 R 11 0 R 12 0 R 30 0 R]")),
        form("10 0 R 11 0 R 30 0 R", ""),
        (30, field.to_owned()),
    ]);
    file
}

fn place(of: &str) -> String {
    format!("<</FT/Sig/T(two)/Type/Annot/Subtype/Widget/F 4/P 3 0 R{of}>>")
}

/// An empty signature field that was at one place, signed at another.
fn signed_at(before: &str, after: &str) -> File {
    let mut file = File::new(Style::Tables);
    file.update(&[
        (3, page("[10 0 R 11 0 R 12 0 R 30 0 R]")),
        form("10 0 R 11 0 R 30 0 R", ""),
        (30, place(before)),
    ]);
    file.sign(&pki().citizen_p256, "");
    let field = place(&format!("{after}/V 40 0 R"));
    file.sign_with(&pki().citizen_p256, 40, "", &[(30, field)]);
    file
}

/// A field that is signed at another place than it was: nothing permits it.
pub(crate) fn moved() -> File {
    signed_at("/Rect[200 10 300 30]", "/Rect[90 90 210 130]")
}

/// A field that had no place is signed over something, and beside it.
pub(crate) fn placed() -> Vec<(&'static str, File, bool)> {
    vec![
        ("over the mark", signed_at("", "/Rect[90 90 210 130]"), true),
        (
            "at its place",
            signed_at("/Rect[90 90 210 130]", "/Rect[90 90 210 130]"),
            false,
        ),
        (
            "beside the mark",
            signed_at("", "/Rect[200 10 300 30]"),
            false,
        ),
    ]
}
