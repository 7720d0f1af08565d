//! What signatures permit, evaded: by references, by wrong types, by fields without a name.

use crate::attacks::{Attack, blank, filled};
use crate::builder::{File, certification, form, lock, page, stream, text_field};
use crate::pki;

/// A document with these objects, signed with these entries.
fn prepared(objects: &[(u32, String)], entries: &str) -> File {
    let mut file = blank();
    file.update(objects);
    file.sign(&pki().citizen_p256, entries);
    file
}

/// The field to fill in, with something else for its name and more entries.
fn field(name: &str, more: &str) -> String {
    text_field(more, "13 0 R").replace("/T(sum)", name)
}

/// The same, filled in.
fn filled_as(name: &str, more: &str) -> Vec<(u32, String)> {
    let mut objects = filled();
    objects[0].1 = field(name, &format!("/V(5){more}")).replace("13 0 R", "33 0 R");
    objects
}

/// The field filled in after a signature, with objects that both refer to.
fn filled_in(name: &str, more: &str, others: &[(u32, &str)], entries: &str) -> File {
    let mut objects = vec![(10, field(name, more))];
    let others = others.iter();
    objects.extend(others.map(|(number, value)| (*number, (*value).to_owned())));
    let mut file = prepared(&objects, entries);
    file.update(&filled_as(name, more));
    file
}

pub(crate) fn hostile() -> Vec<Attack> {
    let locked = "modification.locked-fields";
    let permitted = "modification.permitted";
    let content = "modification.content";
    let mut all: Vec<Attack> = Vec::new();

    // ISO 32000-2 §12.8.2.4, of fields whose name is hard to read.
    let everything = lock("/Action/All");
    let this = lock("/Action/Include/Fields[(sum)]");
    let others = lock("/Action/Exclude/Fields[(other)]");
    let escaped = "/T<FEFF001B656E001B00730075006D>";
    for (title, name, entries) in [
        ("all, its name is a reference", "/T 34 0 R", &everything),
        ("it, its name is a reference", "/T 34 0 R", &this),
        ("but another, its name is a reference", "/T 34 0 R", &others),
        ("all, it has no name", "", &everything),
        ("it, it has no name", "", &this),
        ("it, its name is a PDF name", "/T/sum", &this),
        ("but another, its name is a number", "/T 1", &others),
        ("it, a language before its name", escaped, &this),
        (
            "it, half a language before its name",
            "/T<FEFF001B00730075006D>",
            &this,
        ),
    ] {
        let file = filled_in(name, "", &[(34, "(sum)")], entries);
        all.push((title, file, locked));
    }
    // Locks and certifications that are written in another way.
    for (title, entries, check) in [
        (
            "a name in a lock is a reference",
            lock("/Action/Include/Fields[34 0 R]"),
            locked,
        ),
        (
            "the names of a lock are a reference",
            lock("/Action/Include/Fields 36 0 R"),
            locked,
        ),
        (
            "a name in a lock is nothing",
            lock("/Action/Include/Fields[99 0 R]"),
            locked,
        ),
        ("a lock without names", lock("/Action/Include"), locked),
        (
            "the names of a lock are one",
            lock("/Action/Include/Fields(other)"),
            locked,
        ),
        (
            "the action of a lock is a reference",
            lock("/Action 37 0 R"),
            locked,
        ),
        (
            "the action of a lock is a string",
            lock("/Action(Include)/Fields[(other)]"),
            locked,
        ),
        ("a lock without an action", lock(""), locked),
        (
            "the method of a lock is a reference",
            lock("/Action/All").replace("/FieldMDP", " 38 0 R"),
            locked,
        ),
        (
            "a method that is none",
            lock("/Action/All").replace("/FieldMDP", "(FieldMDP)"),
            locked,
        ),
        (
            "the permission is a reference",
            certification("/P 39 0 R"),
            permitted,
        ),
        (
            "the method of a certification is a reference",
            certification("/P 1").replace("/DocMDP", " 40 0 R"),
            permitted,
        ),
        (
            "the parameters are no dictionary",
            "/Reference[<</TransformMethod/DocMDP/TransformParams[]>>]".to_owned(),
            permitted,
        ),
    ] {
        let others = [
            (34, "(sum)"),
            (36, "[34 0 R]"),
            (37, "/All"),
            (38, "/FieldMDP"),
            (39, "1"),
            (40, "/DocMDP"),
        ];
        let file = filled_in("/T(sum)", "", &others, &entries);
        all.push((title, file, check));
    }
    // ISO 32000-2 §12.7.5.5: what the field of the signature locks.
    for (title, lock) in [
        ("the lock of a field has references", "<</Action 37 0 R>>"),
        ("the lock of a field is none", "[/All]"),
        (
            "the lock of a field excludes what cannot be read",
            "<</Action/Exclude/Fields 1>>",
        ),
    ] {
        let mut file = blank();
        let others = [(37, "/All".to_owned())];
        let signature = format!(
            "<</FT/Sig/T(sig)/Type/Annot/Subtype/Widget/Rect[10 10 60 30]/F 4/P 3 0 R/V 20 0 R/Lock {lock}>>"
        );
        file.update(&[(11, signature.replace("/V 20 0 R", "")), others[0].clone()]);
        file.sign_with(&pki().citizen_p256, 20, "", &[(11, signature)]);
        file.update(&filled());
        all.push((title, file, locked));
    }
    // ISO 32000-2 table 227, bit 1: the field is not to be filled in.
    for (title, flags) in [
        ("read-only by a reference", "/Ff 34 0 R"),
        ("read-only by a real number", "/Ff 1.0"),
        ("read-only, who knows", "/Ff/x"),
    ] {
        let file = filled_in("/T(sum)", flags, &[(34, "1")], "");
        all.push((title, file, content));
    }
    // A kid that is no longer read-only as its parent is, and is filled in by the next update.
    let parent = (30, "<</FT/Tx/Ff 1/T(group)/Kids[10 0 R]>>".to_owned());
    let kid = |more: &str| {
        (
            10,
            field("/T(sum)", &format!("/Parent 30 0 R{more}")).replace("/FT/Tx", ""),
        )
    };
    let group = form("30 0 R 11 0 R", "");
    let mut freed = prepared(&[group, parent, kid("")], "");
    freed.update(&[kid("/Ff 2")]);
    freed.update(&[kid("/Ff 2/V(5)")]);
    all.push((
        "read-only no longer, as nothing is inherited",
        freed,
        content,
    ));
    // What kind of field it is.
    for (title, kind) in [
        ("a field of no kind is drawn anew", ""),
        ("a field of an unknown kind is drawn anew", "/FT 1"),
    ] {
        let mut file = prepared(&[(10, field("/T(sum)", "").replace("/FT/Tx", kind))], "");
        let drawn = field("/T(sum)", "")
            .replace("/FT/Tx", kind)
            .replace("13 0 R", "33 0 R");
        file.update(&[
            (10, drawn),
            (
                33,
                stream("/Type/XObject/Subtype/Form/BBox[0 0 90 20]", "BT (5) Tj ET"),
            ),
        ]);
        all.push((title, file, content));
    }
    // ISO 32000-2 table 229: a push-button has no value to fill in.
    for (title, kind) in [
        ("a push-button is drawn anew", "/FT/Btn/Ff 65536"),
        (
            "a push-button of real flags is drawn anew",
            "/FT/Btn/Ff 65536.0",
        ),
    ] {
        let button = |drawn: &str| (10, text_field("", drawn).replace("/FT/Tx", kind));
        let mut file = prepared(&[button("13 0 R")], &certification("/P 2"));
        file.update(&[button("33 0 R"), (33, drawing("1 1 1 rg 0 0 400 40 re f"))]);
        all.push((title, file, content));
    }
    all.extend(sneaky());
    all.extend(fields_that_are_notes());
    all.extend(notes_that_are_nodes());
    all
}

/// ISO 32000-2 §12.5.6.19: the annotation of a field is a widget, and no note that says something.
fn fields_that_are_notes() -> Vec<Attack> {
    let content = "modification.content";
    let as_note = |subtype: &str, field: &str| {
        let mut objects = signature_field(field, None);
        objects[2].1 = objects[2].1.replace("/Widget", subtype);
        objects
    };
    let mut all: Vec<Attack> = Vec::new();
    for entries in ["", &certification("/P 2"), &certification("/P 3")] {
        for (subtype, more) in [
            ("/FreeText", "/Contents(9000)/DA(/F1 24 Tf)/C[1 1 0]"),
            ("/Text", "/Contents(9000)"),
            ("/Square", "/C[1 0 0]/Border[0 0 40]"),
            ("/Stamp", "/C[1 0 0]"),
            (" 35 0 R", "/Contents(9000)"),
            ("(Widget)", "/Contents(9000)"),
        ] {
            let mut file = prepared(&[], entries);
            let mut objects = as_note(subtype, &format!("/Rect[70 690 400 725]/F 4{more}"));
            objects.push((35, "/Text".to_owned()));
            file.update(&objects);
            all.push(("note: a new field is one", file, content));
        }
    }
    let mut file = prepared(&[], &certification("/P 1"));
    let mut objects = as_note("/Text", "/Rect[70 690 70 690]/Contents(9000)/V 41 0 R");
    objects.push((41, TIMESTAMP.to_owned()));
    file.update(&objects);
    all.push(("note: a time-stamp is one", file, content));
    // The field was there.
    let rest = "/Rect[70 690 70 690]/F 4";
    for (title, before, after) in [
        ("note: a field is one from now on", "/Widget", "/Text"),
        ("note: a field was one", "/FreeText", "/FreeText"),
    ] {
        let mut file = prepared(&as_note(before, rest), &certification("/P 1"));
        let mut objects = as_note(after, &format!("{rest}/DA(/F1 24 Tf)/V 41 0 R"));
        objects.push((41, TIMESTAMP.to_owned()));
        file.update(&objects);
        all.push((title, file, content));
    }
    let note = |objects: Vec<(u32, String)>| -> Vec<(u32, String)> {
        let objects = objects.into_iter();
        let as_note = |text: String| text.replace("/Subtype/Widget", "/Subtype/FreeText");
        objects
            .map(|(number, text)| (number, as_note(text)))
            .collect()
    };
    let mut file = prepared(&note(vec![(10, text_field("", "13 0 R"))]), "");
    file.update(&note(filled()));
    all.push(("note: a field to fill in is one", file, content));
    all
}

/// Notes that may change, and are something else too that may not.
fn notes_that_are_nodes() -> Vec<Attack> {
    let content = "modification.content";
    let note = |more: &str| {
        let note = "<</Type/Annot/Subtype/Text/Rect[0 0 0 0]/F 2/P 3 0 R/Parent 2 0 R";
        (60, format!("{note}{more}>>"))
    };
    let with_note = page("[10 0 R 11 0 R 12 0 R 60 0 R]");
    let below_note = with_note.replace("/Parent 2 0 R", "/Parent 60 0 R");
    let names = |more: &str| {
        let catalog = "<</Type/Catalog/Pages 2 0 R/AcroForm 9 0 R";
        (1, format!("{catalog}/Names<</EmbeddedFiles{more}>>>>"))
    };
    let mut all: Vec<Attack> = Vec::new();
    for (before, after) in [
        ("", "/Rotate 180"),
        ("", "/CropBox[0 0 9 9]"),
        ("", "/Contents(x)"),
        ("/Resources 61 0 R", "/Resources 62 0 R"),
    ] {
        let objects = [
            (3, below_note.clone()),
            note(before),
            (61, "<<>>".to_owned()),
            (62, "<</Font<<>>>>".to_owned()),
        ];
        let mut file = prepared(&objects, &certification("/P 3"));
        file.update(&[note(after)]);
        all.push(("note: a page is below it", file, content));
    }
    for key in ["Names", "Kids"] {
        let tree = names("<</Kids[60 0 R]>>");
        let node = |to: u32| match key {
            "Names" => note(&format!("/Names[(a){to} 0 R]")),
            _ => note(&format!("/Kids[{to} 0 R]")),
        };
        let leaf = |number: u32| (number, format!("<</Names[(a)<</F({number})>>]>>"));
        let objects = [(3, with_note.clone()), tree, node(61), leaf(61), leaf(62)];
        let mut file = prepared(&objects, &certification("/P 3"));
        file.update(&[node(62)]);
        all.push(("note: it names attached files", file, content));
    }
    // A node of the tree becomes a note of the page.
    let objects = [
        names("<</Kids[60 0 R]>>"),
        (60, "<</Names[(a)1]>>".to_owned()),
    ];
    let mut file = prepared(&objects, &certification("/P 3"));
    file.update(&[(3, with_note), note("/Names[(a)2]")]);
    all.push(("note: what named attached files", file, content));
    all
}

/// A note with its pop-up, with other words: a certification may permit that.
pub(crate) fn changed_note() -> File {
    let note = |more: &str| {
        let note = "<</Type/Annot/Subtype/FreeText/Rect[0 0 9 9]/P 3 0 R/Popup 61 0 R";
        (60, format!("{note}{more}>>"))
    };
    let popup = "<</Type/Annot/Subtype/Popup/Rect[0 0 9 9]/Parent 60 0 R>>";
    let objects = [
        (3, page("[10 0 R 11 0 R 12 0 R 60 0 R 61 0 R]")),
        note("/Contents(a)/DA(/F1 9 Tf)"),
        (61, popup.to_owned()),
    ];
    let mut file = prepared(&objects, &certification("/P 3"));
    file.update(&[note("/Contents(b)/DA(/F1 8 Tf)/RC(b)/Q 1/T(x)/BS<</W 2>>")]);
    file
}

const TIMESTAMP: &str =
    "<</Type/DocTimeStamp/SubFilter/ETSI.RFC3161/ByteRange[0 1 2 3]/Contents<3000>>>";

/// What covered something when the document was signed, and is signed or hidden later.
pub(crate) fn uncovered() -> Vec<File> {
    let cover = "/Rect[60 690 460 730]/F 4";
    let mut all = Vec::new();
    for (before, after) in [
        ("/AP<</N 32 0 R>>", ""),
        ("/AP<</N 32 0 R>>", "/AP<</N 33 0 R>>"),
        ("/MK<</BG[1 1 1]>>", ""),
    ] {
        let objects = signature_field(&format!("{cover}{before}"), None);
        let mut file = prepared(&objects, "");
        let signed = signature_field(&format!("{cover}{after}/V 40 0 R"), None);
        file.sign_with(&pki().citizen_p256, 40, "", &signed[2..3]);
        all.push(file);
    }
    let field = |flags: &str| (10, text_field("/V(5)", "13 0 R").replace("/F 4", flags));
    let mut hidden = prepared(&[field("/F 4")], "");
    hidden.update(&[field("/F 6")]);
    all.push(hidden);
    all
}

/// A second signature, with its rectangle, flags and more objects, and whether it lies over
/// something.
pub(crate) fn laid_over() -> Vec<(&'static str, File, bool)> {
    let direct = "<</Type/Annot/Subtype/Square/Rect[300 300 400 400]>>";
    let rows = [
        ("beside the mark", "/Rect[100 140 160 300]/F 4", false),
        ("over the mark", "/Rect[100 110 160 300]/F 4", true),
        (
            "not turned with the page",
            "/Rect[100 140 160 300]/F 20",
            true,
        ),
        ("as large as ever", "/Rect[100 140 160 300]/F 12", true),
        ("who knows how", "/Rect[100 140 160 300]/F 4.5", true),
        ("nowhere", "/Rect[0 0 0 0]/F 132", false),
        ("a rectangle by reference", "/Rect 34 0 R/F 4", true),
        (
            "a corner by reference",
            "/Rect[35 0 R 140 160 300]/F 4",
            true,
        ),
        ("five corners", "/Rect[100 140 160 300 0]/F 4", true),
        (
            "over what is in the array",
            "/Rect[350 350 450 450]/F 4",
            true,
        ),
    ];
    let rows = rows.into_iter().map(|(title, field, is_over)| {
        let annotations = |more: &str| page(&format!("[10 0 R 11 0 R 12 0 R {direct}{more}]"));
        let mut file = prepared(&[(3, annotations(""))], "");
        let mut objects = signature_field(&format!("{field}/V 40 0 R"), None);
        objects[0].1 = annotations(" 30 0 R");
        objects.push((34, "[100 110 160 300]".to_owned()));
        objects.push((35, "100".to_owned()));
        file.sign_with(&pki().citizen_p256, 40, "", &objects);
        (title, file, is_over)
    });
    rows.collect()
}

/// A signature field on the page, and its widget if it has one.
fn signature_field(field: &str, widget: Option<&str>) -> Vec<(u32, String)> {
    let number = if widget.is_some() { 31 } else { 30 };
    let on_page = |more: &str| format!("/Type/Annot/Subtype/Widget/P 3 0 R{more}");
    let field = match widget {
        Some(_) => format!("<</FT/Sig/T(two)/Kids[31 0 R]{field}>>"),
        None => format!("<</FT/Sig/T(two){}>>", on_page(field)),
    };
    let mut objects = vec![
        (3, page(&format!("[10 0 R 11 0 R 12 0 R {number} 0 R]"))),
        form("10 0 R 11 0 R 30 0 R", ""),
        (30, field),
    ];
    if let Some(widget) = widget {
        objects.push((31, format!("<</Parent 30 0 R{}>>", on_page(widget))));
    }
    objects.push((32, drawing("1 1 1 rg 0 0 400 40 re f")));
    objects.push((33, drawing(" % DSBlank\n")));
    objects
}

fn drawing(content: &str) -> String {
    stream("/Type/XObject/Subtype/Form/BBox[0 0 400 40]", content)
}

/// Sneaky signatures (2021): fields that nobody signed and that cover what is on the page.
fn sneaky() -> Vec<Attack> {
    let content = "modification.content";
    let over = "/Rect[60 690 460 730]/F 4";
    let with = |more: &str| format!("{over}{more}");
    let rows = [
        (
            "ssa: the widget of an empty field has an appearance",
            "",
            Some(with("/AP<</N 32 0 R>>")),
        ),
        (
            "ssa: an empty field that is only printed",
            "/Rect[60 690 460 730]/F 36/AP<</N 32 0 R>>",
            None,
        ),
        (
            "ssa: an empty field without an area that draws",
            "/Rect[60 690 60 690]/AP<</N 32 0 R>>",
            None,
        ),
        (
            "ssa: an empty field that is hidden and draws",
            "/Rect[60 690 460 730]/F 2/AP<</N 32 0 R>>",
            None,
        ),
        (
            "ssa: an empty field draws in a state",
            "/Rect[60 690 460 730]/AP<</N<</On 32 0 R/Off 33 0 R>>>>/AS/On",
            None,
        ),
        (
            "ssa: an empty field with a ground",
            "/Rect[60 690 460 730]/MK<</BG[1 1 1]>>",
            None,
        ),
        (
            "ssa: an empty field with words",
            "/Rect[60 690 460 730]/MK<</CA(Pay 999)>>",
            None,
        ),
        (
            "ssa: an empty field with a thick frame",
            "/Rect[60 690 460 730]/BS<</W 99>>/MK<</BC[1]>>",
            None,
        ),
        (
            "ssa: the widget of an empty field has a ground",
            "",
            Some(with("/MK<</BG[1 1 1]>>")),
        ),
        (
            "ssa: signed with a word",
            "/Rect[60 690 460 730]/V(x)/AP<</N 32 0 R>>",
            None,
        ),
    ];
    let rows = rows.into_iter().map(|(title, field, widget)| {
        let mut file = prepared(&[], &certification("/P 2"));
        file.update(&signature_field(field, widget.as_deref()));
        (title, file, content)
    });
    let mut all: Vec<Attack> = rows.collect();
    // The field was there, and is signed with a word.
    let field = "/FT/Sig/T(two)/Type/Annot/Subtype/Widget/Rect[60 690 460 730]/F 4/P 3 0 R";
    let mut file = prepared(&signature_field("/Rect[60 690 460 730]/F 4", None), "");
    file.update(&[(30, format!("<<{field}/V/x/AP<</N 32 0 R>>>>"))]);
    all.push(("ssa: an old field is signed with a name", file, content));
    all
}

/// Empty fields as honest tools add them.
pub(crate) fn empty_fields() -> Vec<File> {
    let rows = [
        ("/Rect[60 690 460 730]/F 4/MK<</R 90/BG[]/CA()>>", None),
        ("/Rect[60 690 460 730]/F 4/AP<</N 33 0 R>>", None),
        ("/Rect[0 0 0 0]/F 132/AP<</N 33 0 R>>", None),
        ("", Some("/Rect[60 690 460 730]/F 4/AP<</N 33 0 R>>/MK<<>>")),
    ];
    let rows = rows.into_iter().map(|(field, widget)| {
        let mut file = prepared(&[], &certification("/P 2"));
        file.update(&signature_field(field, widget));
        file
    });
    rows.collect()
}

/// Time-stamps of the document under a certification that permits nothing else: what class they
/// are does not depend on whether they can be trusted.
pub(crate) fn timestamps() -> Vec<(&'static str, File, bool)> {
    let rows = [
        ("time-stamp: not seen", "/Rect[0 0 0 0]/F 132", true),
        (
            "time-stamp: draws nothing",
            "/Rect[0 0 0 0]/F 132/AP<</N 33 0 R>>",
            true,
        ),
        (
            "time-stamp: hidden",
            "/Rect[60 690 460 730]/F 2/AP<</N 32 0 R>>",
            true,
        ),
        (
            "time-stamp: printed",
            "/Rect[60 690 460 730]/F 36/AP<</N 32 0 R>>",
            false,
        ),
        (
            "time-stamp: only not on the screen",
            "/Rect[60 690 460 730]/F 32",
            false,
        ),
        (
            "time-stamp: draws on no area",
            "/Rect[60 690 60 690]/F 4/AP<</N 32 0 R>>",
            false,
        ),
        (
            "time-stamp: draws without an area",
            "/F 4/AP<</N 32 0 R>>",
            false,
        ),
        (
            "time-stamp: hidden, who knows",
            "/Rect[60 690 460 730]/F 2.0",
            false,
        ),
    ];
    let rows = rows.into_iter().map(|(title, field, is_permitted)| {
        let mut file = prepared(&[], &certification("/P 1"));
        let mut objects = signature_field(&format!("{field}/V 41 0 R"), None);
        objects.push((41, TIMESTAMP.to_owned()));
        file.update(&objects);
        (title, file, is_permitted)
    });
    let mut all: Vec<_> = rows.collect();
    // The field was there: what it showed is shown no longer.
    for (title, before, after, is_permitted) in [
        (
            "time-stamp: a cover is hidden",
            "/Rect[60 690 460 730]/F 4/AP<</N 32 0 R>>",
            "/Rect[60 690 460 730]/F 6",
            false,
        ),
        (
            "time-stamp: a cover is dropped",
            "/Rect[60 690 60 690]/F 4/AP<</N 32 0 R>>",
            "/Rect[60 690 60 690]/F 4",
            false,
        ),
        (
            "time-stamp: nothing was shown",
            "/Rect[0 0 0 0]/F 132/AP<</N 33 0 R>>",
            "/Rect[0 0 0 0]/F 132",
            true,
        ),
    ] {
        let mut file = prepared(&signature_field(before, None), &certification("/P 1"));
        let mut objects = signature_field(&format!("{after}/V 41 0 R"), None);
        objects.push((41, TIMESTAMP.to_owned()));
        file.update(&objects);
        all.push((title, file, is_permitted));
    }
    all
}

/// Fields that are locked and drawn in another way (ISO 32000-2 §12.7.4.3).
pub(crate) fn restyled() -> Vec<(&'static str, File, Option<&'static str>)> {
    let locked = Some("modification.locked-fields");
    let plain = form("10 0 R 11 0 R", "");
    let anew = form("10 0 R 11 0 R", "/NeedAppearances true");
    let changed = |(number, form): &(u32, String), from: &str, to: &str| {
        assert!(form.contains(from));
        (*number, form.replace(from, to))
    };
    let font = "/F2<</Type/Font/Subtype/Type1/BaseFont/Symbol>>";
    let with_font = format!("/F1 5 0 R{font}");
    let without = changed(&plain, "/DA(/F1 9 Tf)", "");
    let white = |form| changed(form, "/DA(/F1 9 Tf)", "/DA(/F1 9 Tf 1 g)");
    let include = lock("/Action/Include/Fields[(sum)]");
    let rows = [
        (
            "locked: all fields in white",
            &plain,
            white(&plain),
            &include,
            locked,
        ),
        (
            "locked: all fields in white, drawn anew",
            &anew,
            white(&anew),
            &include,
            locked,
        ),
        (
            "locked: all fields to the right",
            &anew,
            changed(&anew, "/DA", "/Q 2/DA"),
            &include,
            locked,
        ),
        (
            "locked: another font in a form drawn anew",
            &anew,
            changed(&anew, "/F1 5 0 R", &with_font),
            &include,
            locked,
        ),
        (
            "locked: no longer any style",
            &plain,
            without.clone(),
            &include,
            locked,
        ),
        (
            "a style where there was none",
            &without,
            plain.clone(),
            &include,
            None,
        ),
        (
            "another font",
            &plain,
            changed(&plain, "/F1 5 0 R", &with_font),
            &include,
            None,
        ),
        (
            "nothing locked: all fields in white",
            &plain,
            white(&plain),
            &String::new(),
            None,
        ),
    ];
    let rows = rows.into_iter().map(|(title, old, new, entries, check)| {
        let mut file = prepared(std::slice::from_ref(old), entries);
        file.update(&[new]);
        (title, file, check)
    });
    let mut all: Vec<_> = rows.collect();
    // What a group hands down is of the locked field in it.
    let group = |more: &str| (30, format!("<</T(group)/FT/Tx/Kids[10 0 R]{more}>>"));
    let kid = (10, field("/T(sum)", "/Parent 30 0 R").replace("/FT/Tx", ""));
    let objects = [form("30 0 R 11 0 R", ""), group(""), kid];
    let mut file = prepared(&objects, &lock("/Action/Include/Fields[(group.sum)]"));
    file.update(&[group("/DA(/F1 9 Tf 1 g)")]);
    all.push(("locked: the group of a field in white", file, locked));
    all
}

/// A field that is shown again: its flags are an object of their own, or another number.
pub(crate) fn shown() -> Vec<File> {
    let flags = |flags: &str| (10, text_field("/V(9000)", "13 0 R").replace("/F 4", flags));
    let mut by_reference = prepared(&[flags("/F 35 0 R"), (35, "2".to_owned())], "");
    by_reference.update(&[(35, "4".to_owned())]);
    let mut by_number = prepared(&[flags("/F 2.0")], "");
    by_number.update(&[flags("/F 4")]);
    let mut partly = prepared(&[flags("/F 34")], "");
    partly.update(&[flags("/F 32")]);
    vec![by_reference, by_number, partly]
}

/// The kind of the signed field is an object of its own: the signature is there.
pub(crate) fn kind_by_reference() -> File {
    let field = |more: &str| {
        let field = "<</FT 31 0 R/T(sig)/Type/Annot/Subtype/Widget/Rect[10 10 60 30]/F 4/P 3 0 R";
        (11, format!("{field}{more}>>"))
    };
    let mut file = blank();
    file.update(&[field(""), (31, "/Sig".to_owned())]);
    file.sign_with(&pki().citizen_p256, 20, "", &[field("/V 20 0 R")]);
    file
}
