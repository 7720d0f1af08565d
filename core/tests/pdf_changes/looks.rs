//! Fields that are filled in, signed or drawn anew, and what they then hide or uncover.

use crate::builder::{File, Style, certification, form, page, stream};
use crate::pki;

/// A title, a file, and whether it is told as something laid over what was there.
pub(crate) type Row = (&'static str, File, bool);

const WHOLE: &str = "0 0 595 842";
const SMALL: &str = "72 600 272 620";
const OPAQUE: &str = "1 g 0 0 595 842 re f 0 g BT /F1 20 Tf 72 700 Td (pay 9000) Tj ET";
const FRAMED: &str = "/Tx BMC q BT /F1 9 Tf 2 5 Td";

fn drawing(number: u32, content: &str) -> (u32, String) {
    let entries = "/Type/XObject/Subtype/Form/BBox[0 0 200 20]/Resources<</Font<</F1 5 0 R>>>>";
    (number, stream(entries, content))
}

fn words(number: u32, of: &str) -> (u32, String) {
    drawing(number, &format!("{FRAMED} ({of}) Tj ET Q EMC"))
}

/// The field that is looked at.
fn field(kind: &str, rectangle: &str, more: &str) -> (u32, String) {
    let field = "/T(sum)/Type/Annot/Subtype/Widget/P 3 0 R";
    let flags = if more.contains("/F ") { "" } else { "/F 4" };
    (
        10,
        format!("<<{kind}{field}{flags}/Rect[{rectangle}]{more}>>"),
    )
}

fn text(rectangle: &str, more: &str) -> (u32, String) {
    field("/FT/Tx", rectangle, more)
}

/// Signed with these objects, and changed.
fn changed(before: &[(u32, String)], after: &[(u32, String)], entries: &str) -> File {
    let mut file = File::new(Style::Tables);
    file.update(before);
    file.sign(&pki().citizen_p256, entries);
    file.update(after);
    file
}

/// Objects by their numbers.
type Objects = Vec<(u32, String)>;

fn rows(all: Vec<(&'static str, Objects, Objects, bool)>) -> Vec<Row> {
    let all = all.into_iter();
    all.map(|(title, before, after, is_over)| (title, changed(&before, &after, ""), is_over))
        .collect()
}

/// Fields over most of their page.
pub(crate) fn over_pages() -> Vec<Row> {
    let states = "/AP<</N<</Yes 34 0 R/Off 35 0 R>>>>";
    let button = |rectangle: &str, state: &str| {
        field(
            "/FT/Btn",
            rectangle,
            &format!("{states}/V/{state}/AS/{state}"),
        )
    };
    let only_state = |state: &str| field("/FT/Btn", WHOLE, &format!("{states}/V/Off/AS/{state}"));
    let drawn = || vec![drawing(34, OPAQUE), drawing(35, "")];
    let with = |first: (u32, String)| [vec![first], drawn()].concat();
    let choice = |value: &str, to: u32| {
        let more = format!("/Opt[(a)(b)]/V({value})/AP<</N {to} 0 R>>");
        vec![
            field("/FT/Ch", WHOLE, &more),
            drawn().swap_remove(0),
            drawing(35, ""),
        ]
    };
    let shown = |value: &str, to: &str| text(WHOLE, &format!("{value}/AP<</N {to}>>"));
    let page_of = |boxes: &str| {
        (
            3,
            page("[10 0 R 11 0 R 12 0 R]").replace("/MediaBox[0 0 595 842]", boxes),
        )
    };
    let tree = |boxes: &str| (2, format!("<</Type/Pages/Kids[3 0 R]/Count 1{boxes}>>"));
    let kid = (
        10,
        format!(
            "<</Type/Annot/Subtype/Widget/Parent 30 0 R/F 4/P 3 0 R/Rect[{WHOLE}]/AP<</N 34 0 R>>>>"
        ),
    );
    let group = |value: &str| (30, format!("<</FT/Tx/T(group){value}/Kids[10 0 R]>>"));
    let half = |value: &str| text("0 0 200 200", value);
    rows(vec![
        (
            "an empty field is filled with a ground",
            vec![text(WHOLE, "")],
            vec![shown("/V(x)", "34 0 R"), drawn().swap_remove(0)],
            true,
        ),
        (
            "an empty field is filled with words",
            vec![text(WHOLE, "")],
            vec![shown("/V(x)", "34 0 R"), words(34, "x")],
            true,
        ),
        (
            "a value alone",
            vec![text(WHOLE, "")],
            vec![text(WHOLE, "/V(x)")],
            true,
        ),
        (
            "a box is checked",
            with(button(WHOLE, "Off")),
            vec![button(WHOLE, "Yes")],
            true,
        ),
        (
            "a box is checked, its value stays",
            with(button(WHOLE, "Off")),
            vec![only_state("Yes")],
            true,
        ),
        (
            "a box is no longer checked",
            with(button(WHOLE, "Yes")),
            vec![button(WHOLE, "Off")],
            true,
        ),
        ("a choice is made", choice("a", 35), choice("b", 34), true),
        (
            "an appearance is gone",
            with(shown("/V(x)", "34 0 R")),
            vec![text(WHOLE, "/V(x)")],
            true,
        ),
        (
            "an appearance is blank",
            with(shown("/V(x)", "34 0 R")),
            vec![shown("/V(x)", "36 0 R"), drawing(36, " ")],
            true,
        ),
        (
            "its stream is another",
            with(shown("/V(x)", "35 0 R")),
            vec![drawing(35, OPAQUE)],
            true,
        ),
        (
            "under the pointer",
            with(shown("/V(x)", "35 0 R")),
            vec![shown("/V(x)", "35 0 R/R 34 0 R")],
            true,
        ),
        (
            "no longer printed",
            with(shown("/V(x)", "34 0 R")),
            vec![shown("/V(x)/F 0", "34 0 R"), drawn().swap_remove(0)],
            true,
        ),
        (
            "what a kid shows",
            vec![form("30 0 R 11 0 R", ""), group(""), kid, words(34, "x")],
            vec![group("/V(y)")],
            true,
        ),
        (
            "of a small page",
            vec![page_of("/MediaBox[0 0 200 200]"), half("")],
            vec![half("/V(x)")],
            true,
        ),
        (
            "of a page that is cropped",
            vec![
                page_of("/MediaBox[0 0 595 842]/CropBox[0 0 250 250]"),
                half(""),
            ],
            vec![half("/V(x)")],
            true,
        ),
        (
            "of a page with a box from above",
            vec![page_of(""), tree("/MediaBox[0 0 250 250]"), half("")],
            vec![half("/V(x)")],
            true,
        ),
        (
            "a large page that it names is not its own",
            vec![
                (60, page("[]")),
                page_of("/MediaBox[0 0 250 250]"),
                (10, half("").1.replace("/P 3 0 R", "/P 60 0 R")),
            ],
            vec![(10, half("/V(x)").1.replace("/P 3 0 R", "/P 60 0 R"))],
            true,
        ),
        (
            "of a large page",
            vec![half("")],
            vec![half("/V(x)")],
            false,
        ),
        (
            "a small box is checked",
            with(button("10 50 22 62", "Off")),
            vec![button("10 50 22 62", "Yes")],
            false,
        ),
    ])
}

/// What is drawn in fields of any size.
pub(crate) fn drawn() -> Vec<Row> {
    let shown = |value: &str, to: u32| text(SMALL, &format!("/V({value})/AP<</N {to} 0 R>>"));
    let grounded = |value: &str, to: u32| {
        text(
            SMALL,
            &format!("/V({value})/MK<</BG[1]>>/AP<</N {to} 0 R>>"),
        )
    };
    let ground = "1 g 0 0 200 20 re f";
    let filled =
        |number: u32, of: &str| drawing(number, &format!("{ground} {FRAMED} ({of}) Tj ET Q EMC"));
    let empty = || drawing(34, "/Tx BMC EMC");
    let list = |value: &str, to: u32| {
        field(
            "/FT/Ch",
            SMALL,
            &format!("/Opt[(a)(b)(c)]/V({value})/AP<</N {to} 0 R>>"),
        )
    };
    let glyphs = stream(
        "/Type/XObject/Subtype/Form/BBox[0 0 200 20]/Resources<</Font<</F1<</Type/Font/Subtype/Type3>>>>>>",
        "BT /F1 9 Tf (5) Tj ET",
    );
    let acting = |value: &str, to: u32| {
        text(
            SMALL,
            &format!("/V({value})/AA<</F<</S/JavaScript/JS(x)>>>>/AP<</N {to} 0 R>>"),
        )
    };
    let states = "/AP<</N<</Yes 34 0 R/Off 35 0 R>>>>/V/Off/AS/Off";
    let button = || field("/FT/Btn", "10 50 22 62", states);
    let length = format!("{FRAMED} (5) Tj ET Q EMC").len();
    let (number, measured) = words(34, "5");
    let measured = measured.replace(&format!("/Length {length}"), "/Length 35 0 R");
    let measured = (number, measured);
    rows(vec![
        (
            "words where nothing was",
            vec![shown("", 34), empty()],
            vec![shown("5", 36), words(36, "5")],
            false,
        ),
        (
            "words where other words were",
            vec![shown("4", 34), words(34, "4")],
            vec![shown("5", 36), words(36, "5")],
            false,
        ),
        (
            "words where no appearance was",
            vec![text(SMALL, "")],
            vec![shown("5", 36), words(36, "5")],
            false,
        ),
        (
            "nothing where words were",
            vec![shown("4", 34), words(34, "4")],
            vec![shown("", 36), drawing(36, "/Tx BMC EMC")],
            false,
        ),
        (
            "readers draw the new value",
            vec![shown("4", 34), words(34, "4")],
            vec![text(SMALL, "/V(5)")],
            false,
        ),
        (
            "a part of what does not fit",
            vec![shown("", 34), empty()],
            vec![shown("a b c d", 36), words(36, "a b c")],
            false,
        ),
        (
            "as a script writes it",
            vec![acting("", 34), empty()],
            vec![acting("1000", 36), words(36, "1,000.00")],
            false,
        ),
        (
            "glyphs that are no letters",
            vec![shown("", 34), empty()],
            vec![shown("5", 36), words(36, "\\000\\030")],
            false,
        ),
        (
            "the ground that the field asks for",
            vec![text(SMALL, "/MK<</BG[1]>>")],
            vec![grounded("5", 36), filled(36, "5")],
            false,
        ),
        (
            "the ground that was there",
            vec![grounded("", 34), drawing(34, ground)],
            vec![grounded("5", 36), filled(36, "5")],
            false,
        ),
        (
            "words on no ground, by another writer",
            vec![grounded("", 34), drawing(34, ground)],
            vec![grounded("5", 36), words(36, "5")],
            false,
        ),
        (
            "one chosen of a list",
            vec![list("", 34), words(34, "abc")],
            vec![
                list("b", 36),
                drawing(36, "0.6 g 1 7 198 6 re f BT (abc) Tj ET"),
            ],
            false,
        ),
        (
            "the same words, larger",
            vec![shown("5", 34), words(34, "5")],
            vec![shown("5", 36), drawing(36, "BT /F1 12 Tf (5) Tj ET")],
            false,
        ),
        (
            "an appearance of what was a value alone",
            vec![text(SMALL, "/V(5)")],
            vec![shown("5", 36), words(36, "5")],
            false,
        ),
        (
            "the same octets again, and a value",
            vec![shown("4", 34), words(34, "5")],
            vec![words(34, "5"), shown("5", 34)],
            false,
        ),
        (
            "a ground where nothing was",
            vec![shown("", 34), empty()],
            vec![shown("5", 36), filled(36, "5")],
            true,
        ),
        (
            "a ground where no appearance was",
            vec![text(SMALL, "")],
            vec![shown("5", 36), filled(36, "5")],
            true,
        ),
        (
            "a ground where words were",
            vec![shown("4", 34), words(34, "4")],
            vec![shown("5", 36), filled(36, "5")],
            true,
        ),
        (
            "a ground that was asked for and left out",
            vec![grounded("", 34), empty()],
            vec![grounded("5", 36), filled(36, "5")],
            true,
        ),
        (
            "a ground of glyphs",
            vec![shown("", 34), empty()],
            vec![shown("5", 36), (36, glyphs)],
            true,
        ),
        (
            "a ground of a picture",
            vec![shown("", 34), empty()],
            vec![shown("5", 36), drawing(36, "/X Do")],
            true,
        ),
        (
            "a ground of a line",
            vec![shown("", 34), empty()],
            vec![shown("5", 36), drawing(36, "99 w 0 9 m 200 9 l S")],
            true,
        ),
        (
            "a ground that some readers see",
            vec![shown("", 34), empty()],
            vec![shown("5", 36), drawing(36, "0 0 200 20 ref")],
            true,
        ),
        (
            "a ground in the same stream",
            vec![shown("5", 34), words(34, "5")],
            vec![filled(34, "5")],
            true,
        ),
        (
            "a ground over a list",
            vec![list("", 34), words(34, "abc")],
            vec![list("b", 36), drawing(36, ground)],
            true,
        ),
        (
            "a ground that goes, with another value",
            vec![shown("4", 34), filled(34, "4")],
            vec![shown("5", 36), words(36, "5")],
            true,
        ),
        (
            "a ground that goes, with the appearance",
            vec![shown("4", 34), filled(34, "4")],
            vec![text(SMALL, "/V(4)")],
            true,
        ),
        (
            "words that go, and the value stays",
            vec![shown("4", 34), words(34, "4")],
            vec![shown("4", 36), drawing(36, "/Tx BMC EMC")],
            true,
        ),
        (
            "words that are not seen",
            vec![shown("4", 34), words(34, "4")],
            vec![shown("4", 36), drawing(36, "BT 3 Tr (4) Tj ET")],
            true,
        ),
        (
            "an appearance that goes, and the value stays",
            vec![shown("4", 34), words(34, "4")],
            vec![text(SMALL, "/V(4)")],
            true,
        ),
        (
            "other words, and the value stays",
            vec![shown("100", 34), words(34, "100")],
            vec![shown("100", 36), words(36, "9000")],
            true,
        ),
        (
            "the same, the value is written in another way",
            vec![shown("100", 34), words(34, "100")],
            vec![shown("\\061 00 ", 36), words(36, "9000")],
            true,
        ),
        (
            "other words than the new value",
            vec![shown("100", 34), words(34, "100")],
            vec![shown("101", 36), words(36, "9000")],
            true,
        ),
        (
            "another stream by another length",
            vec![shown("5", 34), (35, length.to_string()), measured],
            vec![(35, "7".to_owned())],
            true,
        ),
        (
            "a button, and the state stays",
            vec![button(), drawing(34, "q Q"), drawing(35, "")],
            vec![drawing(35, "BT (x) Tj ET")],
            true,
        ),
        (
            "a ground that is no longer printed",
            vec![shown("4", 34), filled(34, "4")],
            vec![text(SMALL, "/V(4)/AP<</N 34 0 R>>/F 0")],
            true,
        ),
        (
            "words that are printed as well",
            vec![text(SMALL, "/V(4)/AP<</N 34 0 R>>/F 0"), words(34, "4")],
            vec![shown("4", 34)],
            false,
        ),
    ])
}

/// Forms whose fields are drawn anew from now on (ISO 32000-2 table 224).
pub(crate) fn redrawn() -> Vec<Row> {
    let anew = || form("10 0 R 11 0 R", "/NeedAppearances true");
    let shown =
        |value: &str, more: &str| text(SMALL, &format!("/V({value})/AP<</N 34 0 R>>{more}"));
    let push = |caption: &str| {
        field(
            "/FT/Btn",
            SMALL,
            &format!("/Ff 65536/MK<</BG[1]/CA({caption})>>/AP<</N 34 0 R>>"),
        )
    };
    let ground = drawing(34, "1 g 0 0 200 20 re f BT (Send) Tj ET");
    rows(vec![
        (
            "filled in, drawn anew",
            vec![shown("", ""), drawing(34, "/Tx BMC EMC")],
            vec![anew(), shown("5", "")],
            false,
        ),
        (
            "drawn anew, the same words",
            vec![shown("5", ""), words(34, "5")],
            vec![anew()],
            false,
        ),
        (
            "drawn anew, read-only, the same words",
            vec![shown("5", "/Ff 1"), words(34, "5")],
            vec![anew()],
            false,
        ),
        (
            "a push-button drawn anew",
            vec![push("Send"), ground.clone()],
            vec![anew()],
            false,
        ),
        (
            "drawn anew, the words are not the value",
            vec![shown("9000", ""), words(34, "100")],
            vec![anew()],
            true,
        ),
        (
            "drawn anew, with a ground",
            vec![shown("5", "/MK<</BG[1]>>"), words(34, "5")],
            vec![anew()],
            true,
        ),
        (
            "drawn anew, without the ground",
            vec![shown("5", ""), drawing(34, "0 0 200 20 re f BT (5) Tj ET")],
            vec![anew()],
            true,
        ),
        (
            "a push-button drawn anew with other words",
            vec![push("Pay"), ground],
            vec![anew()],
            true,
        ),
        (
            "drawn anew, read-only, by glyphs",
            vec![shown("5", "/Ff 1"), words(34, "\\030")],
            vec![anew()],
            true,
        ),
    ])
}

/// What nobody may fill in, and is drawn in another way by what the form says.
pub(crate) fn hostile() -> Vec<(&'static str, File)> {
    let anew = || form("10 0 R 11 0 R", "/NeedAppearances true");
    let shown = |more: &str| text(SMALL, &format!("/Ff 1/AP<</N 34 0 R>>{more}"));
    let certified = certification("/P 2");
    let whole = text(WHOLE, "/Ff 1/V(pay 9000)/MK<</BG[1 1 1]>>/AP<</N 34 0 R>>");
    vec![
        (
            "read-only, drawn anew with another value",
            changed(
                &[shown("/V(9000)"), words(34, "100")],
                &[anew()],
                &certified,
            ),
        ),
        (
            "read-only, drawn anew with a ground",
            changed(
                &[shown("/V(5)/MK<</BG[1]>>"), words(34, "5")],
                &[anew()],
                &certified,
            ),
        ),
        (
            "a read-only page, drawn anew",
            changed(&[whole, drawing(34, "")], &[anew()], &certified),
        ),
        (
            "a read-only field on the other side",
            changed(
                &[text(SMALL, "/Ff 1/V(5)")],
                &[form("10 0 R 11 0 R", "/Q 2")],
                "",
            ),
        ),
    ]
}

/// Signatures that are seen, by the place of their field, and by how large it is.
pub(crate) fn signed() -> Vec<Row> {
    let field = |rectangle: &str, more: &str| {
        let field = "<</FT/Sig/T(two)/Type/Annot/Subtype/Widget/F 4/P 3 0 R";
        (30, format!("{field}/Rect[{rectangle}]{more}>>"))
    };
    let around = || {
        vec![
            (3, page("[10 0 R 11 0 R 30 0 R]")),
            form("10 0 R 11 0 R 30 0 R", ""),
        ]
    };
    let sign = |file: &mut File, objects: Vec<(u32, String)>| {
        file.sign_with(&pki().citizen_p256, 40, "", &objects);
    };
    let mut all = Vec::new();
    for (rectangle, is_over) in [
        (WHOLE, true),
        ("0 200 590 700", true),
        ("72 100 272 160", false),
    ] {
        for entries in ["", &certification("/P 2")] {
            let base = || {
                let mut file = File::new(Style::Tables);
                file.update(&[(3, page("[10 0 R 11 0 R]"))]);
                file
            };
            let mut new = base();
            new.sign(&pki().citizen_p256, entries);
            let signed = field(rectangle, "/V 40 0 R/AP<</N 34 0 R>>");
            let objects = [around(), vec![signed.clone(), drawing(34, OPAQUE)]].concat();
            sign(&mut new, objects);
            all.push(("a new field is signed", new, is_over));
            let mut waiting = base();
            waiting.update(&[around(), vec![field(rectangle, "")]].concat());
            waiting.sign(&pki().citizen_p256, entries);
            sign(&mut waiting, vec![signed, drawing(34, OPAQUE)]);
            all.push(("a waiting field is signed", waiting, is_over));
        }
    }
    all
}
