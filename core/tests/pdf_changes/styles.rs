//! What an update adds to the form, by which fields are drawn (ISO 32000-1 §12.7.3.3).

use crate::attacks::Attack;
use crate::builder::{File, Style, lock, page};
use crate::pki;

/// A field that is filled in and drawn by readers, with more entries.
fn bare(more: &str) -> (u32, String) {
    let field = "<</FT/Tx/T(sum)/V(1000)/Type/Annot/Subtype/Widget/Rect[10 50 100 70]/F 4/P 3 0 R";
    (10, format!("{field}{more}>>"))
}

fn form(fields: &str, more: &str) -> (u32, String) {
    (9, format!("<</Fields[{fields}]/SigFlags 3{more}>>"))
}

/// The signed file, its field and its form as they were.
fn prepared(field: (u32, String), before: &str, entries: &str) -> File {
    let mut file = File::new(Style::Tables);
    file.update(&[form("10 0 R 11 0 R", before), field]);
    file.sign(&pki().citizen_p256, entries);
    file
}

/// Signed again as honest writers do, with what they add to the form.
fn signed_again(mut file: File, after: &str) -> File {
    let field = "<</FT/Sig/T(two)/Type/Annot/Subtype/Widget/P 3 0 R/Rect[200 10 300 30]/F 4\
                 /V 40 0 R>>";
    let objects = [
        (3, page("[10 0 R 11 0 R 12 0 R 30 0 R]")),
        form("10 0 R 11 0 R 30 0 R", after),
        (30, field.to_owned()),
    ];
    file.sign_with(&pki().citizen_p256, 40, "", &objects);
    file
}

const HELVETICA: &str = "/Helv<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>";
const SYMBOLS: &str = "/ZaDb<</Type/Font/Subtype/Type1/BaseFont/ZapfDingbats>>";
const OWN: &str = "/DA(/F1 9 Tf)";
const DRAWN: &str = "/AP<</N 13 0 R>>";

pub(crate) fn honest() -> Vec<(&'static str, File)> {
    let include = lock("/Action/Include/Fields[(sum)]");
    let known = "/DR<</Font<</F1 5 0 R>>>>";
    let both = format!("/DR<</Font<</F1 5 0 R{HELVETICA}{SYMBOLS}>>>>");
    let first = format!("/DR<</Font<<{HELVETICA}{SYMBOLS}>>>>");
    let style = "/DA(/Helv 0 Tf 0 g)";
    let rows = [
        (
            "fonts and a style in an empty form",
            bare(DRAWN),
            "",
            format!("{first}{style}"),
        ),
        (
            "the style of a field that has one",
            bare(OWN),
            known,
            format!("{both}{style}"),
        ),
        (
            "fonts that no field names",
            bare(""),
            "/DR<</Font<</F1 5 0 R>>>>/DA(/F1 9 Tf)",
            format!("{both}/DA(/F1 9 Tf)"),
        ),
        (
            "a font for a field that is drawn",
            bare(&format!("{DRAWN}{style}")),
            known,
            both.clone(),
        ),
        (
            "a style for an empty one",
            bare(DRAWN),
            "/DA()",
            style.to_owned(),
        ),
        (
            "a style for a hidden field",
            (10, bare("").1.replace("/F 4", "/F 2")),
            "",
            style.to_owned(),
        ),
    ];
    let rows = rows.into_iter().map(|(title, field, before, after)| {
        let file = prepared(field, before, &include);
        (title, signed_again(file, &after))
    });
    let mut all: Vec<_> = rows.collect();
    let other = prepared(bare(""), "", &lock("/Action/Include/Fields[(other)]"));
    all.push((
        "a style where another field is locked",
        signed_again(other, style),
    ));
    let free = prepared(bare(""), "", "");
    all.push((
        "a style where no field is locked",
        signed_again(free, style),
    ));
    all
}

pub(crate) fn hostile() -> Vec<Attack> {
    let locked = "modification.locked-fields";
    let include = lock("/Action/Include/Fields[(sum)]");
    let white = "/DA(/F1 9 Tf 1 g)";
    let glyphs = "/DR<</Font<</Helv<</Type/Font/Subtype/Type1/BaseFont/Symbol>>>>>>";
    let unnamed = "/DA(/Helv 9 Tf)";
    let rows = [
        (
            "a locked field in white",
            bare(""),
            String::new(),
            white.to_owned(),
        ),
        (
            "a locked field with an empty style in white",
            bare("/DA()"),
            String::new(),
            white.to_owned(),
        ),
        (
            "a locked field with a null appearance",
            bare("/AP<</N null>>"),
            String::new(),
            white.to_owned(),
        ),
        (
            "a locked field with states alone",
            bare("/AP<</N<</a 13 0 R>>>>"),
            String::new(),
            white.to_owned(),
        ),
        (
            "a locked field with other glyphs",
            bare(unnamed),
            String::new(),
            glyphs.to_owned(),
        ),
        (
            "the same by an escaped name",
            bare("/DA(/H#65lv 9 Tf)"),
            String::new(),
            glyphs.to_owned(),
        ),
        (
            "the same by the style of the form",
            bare(""),
            unnamed.to_owned(),
            format!("{unnamed}{glyphs}"),
        ),
        (
            "the same by another resource",
            bare("/DA(/F1 9 Tf /Helv gs)"),
            String::new(),
            "/DR<</ExtGState<</Helv<</ca 0>>>>>>".to_owned(),
        ),
        (
            "the same by a long style",
            bare(&format!("/DA({}/Other 9 Tf)", " ".repeat(5_000))),
            String::new(),
            glyphs.to_owned(),
        ),
    ];
    let rows = rows.into_iter().map(|(title, field, before, after)| {
        let mut file = prepared(field, &before, &include);
        file.update(&[form("10 0 R 11 0 R", &after)]);
        (title, file, locked)
    });
    let mut all: Vec<_> = rows.collect();
    // A group hands its style down; its kid is what is seen.
    let mut file = File::new(Style::Tables);
    let kid = bare("/Parent 30 0 R")
        .1
        .replace("/FT/Tx", "")
        .replace("/V(1000)", "");
    let group = format!("<</T(group)/FT/Tx/V(1000)/Kids[10 0 R]{unnamed}>>");
    file.update(&[form("30 0 R 11 0 R", ""), (10, kid), (30, group)]);
    file.sign(
        &pki().citizen_p256,
        &lock("/Action/Include/Fields[(group)]"),
    );
    file.update(&[form("30 0 R 11 0 R", glyphs)]);
    all.push((
        "a locked field with other glyphs by its group",
        file,
        locked,
    ));
    // Nobody may fill it in, so nobody may draw it otherwise.
    let mut file = prepared(bare("/Ff 1"), "", "");
    file.update(&[form("10 0 R 11 0 R", white)]);
    all.push(("a read-only field in white", file, "modification.content"));
    let mut file = prepared(bare("/Ff 1"), OWN, "");
    file.update(&[form("10 0 R 11 0 R", white)]);
    all.push((
        "a read-only field, no longer in black",
        file,
        "modification.content",
    ));
    let mut file = File::new(Style::Tables);
    let kid = bare("/Parent 30 0 R/Ff 1");
    let group = |style: &str| (30, format!("<</T(group)/Kids[10 0 R]/FT/Tx{style}>>"));
    let form_of_group = form("30 0 R 11 0 R", "");
    file.update(&[form_of_group, kid, group(OWN)]);
    file.sign(&pki().citizen_p256, "");
    file.update(&[group(white)]);
    all.push((
        "a read-only field in white by its group",
        file,
        "modification.content",
    ));
    let drawn = bare(&format!("{DRAWN}/Ff 1"));
    let mut file = prepared(drawn, "/NeedAppearances true", "");
    file.update(&[form(
        "10 0 R 11 0 R",
        &format!("/NeedAppearances true{white}"),
    )]);
    all.push((
        "a read-only field in white, drawn anew",
        file,
        "modification.content",
    ));
    all
}
