//! Ways that other readers go: up to parents, by numbers alone, past what stands for nothing.

use crate::attacks::{Attack, blank, entries, filled};
use crate::builder::{Ending, File, form, page, stream, text_field};
use crate::pki;

const ANNOTATIONS: &str = "[10 0 R 11 0 R 12 0 R]";

/// A prepared document, signed, and changed later.
fn shadow(objects: &[(u32, &str)], later: &[(u32, &str)]) -> File {
    prepared(objects, &Ending::default(), later)
}

fn prepared(objects: &[(u32, &str)], ending: &Ending, later: &[(u32, &str)]) -> File {
    let owned = |objects: &[(u32, &str)]| -> Vec<(u32, String)> {
        let objects = objects.iter();
        objects
            .map(|(number, value)| (*number, (*value).to_owned()))
            .collect()
    };
    let mut file = blank();
    file.update_with(&owned(objects), ending);
    file.sign(&pki().citizen_p256, &entries());
    file.update(&owned(later));
    file
}

/// The page with another entry for one of its own.
fn page_with(own: &str, other: &str) -> String {
    let page = page(ANNOTATIONS);
    assert!(page.contains(own));
    page.replace(own, other)
}

fn text(words: &str) -> String {
    format!("BT /F1 14 Tf 72 760 Td ({words}) Tj ET")
}

pub(crate) fn hostile() -> Vec<Attack> {
    let content = "modification.content";
    let mut all: Vec<Attack> = Vec::new();

    // ISO 32000-2 §7.7.3.4, §12.7.4.1: what is inherited is looked for upwards.
    let box_of = |number| format!("<</Type/Pages/Kids[3 0 R]/Count 1/MediaBox[0 0 {number} 842]>>");
    all.push((
        "readers: another parent of a page",
        shadow(
            &[
                (
                    3,
                    &page_with("/Parent 2 0 R/MediaBox[0 0 595 842]", "/Parent 60 0 R"),
                ),
                (60, &box_of(595)),
            ],
            &[(60, &box_of(100))],
        ),
        content,
    ));
    let below = text_field("/Parent 60 0 R", "13 0 R").replace("/FT/Tx/T(sum)", "/T(sum)");
    let value = |value: &str| format!("<</FT/Tx/V({value})>>");
    all.push((
        "readers: a parent of a field that is not in the form",
        shadow(
            &[(10, &below), (60, &value("1000"))],
            &[(60, &value("9000"))],
        ),
        content,
    ));
    let widget = "<</Type/Annot/Subtype/Widget/Rect[100 100 200 120]/P 3 0 R/Parent 60 0 R>>";
    all.push((
        "readers: a widget that is not in the form",
        shadow(
            &[(12, widget), (60, &value("1000"))],
            &[(60, &value("9000"))],
        ),
        content,
    ));

    // One object under two names, of which the harmless one is looked at first.
    let note = |words: &str| stream("/Type/Annot/Subtype/Text/Rect[0 0 0 0]", &text(words));
    let noted = page_with("/Annots[", "/AB<</P 4 0 R>>/Annots[4 0 R ");
    all.push((
        "readers: the content of a page is a note on it",
        shadow(&[(3, &noted), (4, &note("1000"))], &[(4, &note("9000"))]),
        content,
    ));

    // ISO 32000-2 §7.3.10: a reference to another generation is null, and many readers do not look at it.
    let other = page_with("/Contents 4 0 R", "/Contents 4 1 R");
    all.push((
        "readers: the content is of another generation",
        shadow(&[(3, &other)], &[(4, &stream("", &text("9000")))]),
        "modification.revisions",
    ));

    let copy = stream("", &text("1000 AZN"));
    all.push((
        "readers: an object that is a reference to another",
        shadow(&[], &[(4, "90 0 R"), (90, &copy)]),
        "modification.revisions",
    ));

    // ISO 32000-2 §7.3.5: a name that ends early for some readers.
    all.push((
        "readers: a key with an octet that no name has",
        shadow(
            &[],
            &[(
                3,
                &page_with("/Contents 4 0 R", "/Contents 4 0 R/Contents#00 5 0 R"),
            )],
        ),
        "format.duplicate",
    ));

    // ISO 32000-2 §7.3.7: null is nothing, and yet hides what is inherited or stops a reader.
    let field = |more: &str| text_field(more, "13 0 R");
    for more in ["/DA null", "/Q null", "/DA 77 0 R", "/MaxLen 77 0 R"] {
        all.push((
            "readers: null over what a field inherits",
            shadow(&[], &[(10, &field(more))]),
            content,
        ));
    }
    all.push((
        "readers: null over what the form says",
        shadow(&[], &[(9, &form("10 0 R 11 0 R", "/Q null").1)]),
        content,
    ));
    all.push((
        "readers: a filter that is null",
        shadow(&[], &[(4, &stream("/Filter null", &text("1000 AZN")))]),
        content,
    ));
    all
}

/// An object stream whose length stands elsewhere, and is another one later.
pub(crate) fn shortened() -> Attack {
    let (first, second) = (page(ANNOTATIONS), "<</S/Nothing>>");
    let data = format!("3 0 70 {} {first} {second}", first.len() + 1);
    let start = data.find("<<").unwrap();
    let holder =
        format!("<</Type/ObjStm/N 2/First {start}/Length 61 0 R>>\nstream\n{data}\nendstream");
    let length = data.len().to_string();
    let ending = Ending {
        records: vec![(3, [2, 60, 0]), (70, [2, 60, 1])],
        ..Ending::default()
    };
    let file = prepared(&[(60, &holder), (61, &length)], &ending, &[(61, "9")]);
    (
        "readers: the length of an object stream",
        file,
        "modification.content",
    )
}

/// The same ways in honest documents.
pub(crate) fn honest() -> Vec<(&'static str, File)> {
    let kid = text_field("/Parent 60 0 R", "13 0 R").replace("/FT/Tx/T(sum)", "");
    let parent = "<</FT/Tx/T(sum)/Kids[10 0 R]>>";
    let filled_in = [
        (33, filled()[1].1.clone()),
        (10, kid.replace("13 0 R", "33 0 R")),
        (60, parent.replace("/Kids", "/V(5)/Kids")),
    ];
    let filled_in: Vec<(u32, &str)> = filled_in
        .iter()
        .map(|(number, value)| (*number, value.as_str()))
        .collect();
    let form = form("60 0 R 11 0 R", "").1;
    vec![(
        "readers: the value stands in the parent",
        shadow(&[(9, &form), (60, parent), (10, &kid)], &filled_in),
    )]
}
