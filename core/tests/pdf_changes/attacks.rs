//! The collection: a name, a file, and what must be said of it.

use crate::builder::{
    CATALOG, Ending, File, Style, catalog, certification, form, lock, page, stream, text_field,
};
use crate::pki;
use imza::vocabulary::ChangeClass::{self, FormFilling, LongTermData};
use std::cell::{Cell, RefCell};

pub(crate) fn signed(entries: &str) -> File {
    let mut file = blank();
    file.sign(&pki().citizen_p256, entries);
    file
}

thread_local! {
    /// Entries of the signature that is attacked.
    static VICTIM: RefCell<String> = const { RefCell::new(String::new()) };
    static STYLE: Cell<Style> = const { Cell::new(Style::Tables) };
}

/// The document that is signed.
pub(crate) fn blank() -> File {
    begun("")
}

/// The same, with this right behind the header.
pub(crate) fn begun(first: &str) -> File {
    File::begun(STYLE.get(), first)
}

/// The signature that is attacked.
pub(crate) fn victim() -> File {
    signed(&entries())
}

/// Entries of the signature that is attacked.
pub(crate) fn entries() -> String {
    VICTIM.with_borrow(String::clone)
}

pub(crate) fn then(objects: &[(u32, String)]) -> File {
    let mut file = victim();
    file.update(objects);
    file
}

pub(crate) fn ending(objects: &[(u32, String)], ending: Ending) -> File {
    let mut file = victim();
    file.update_with(objects, &ending);
    file
}

pub(crate) fn owned(objects: &[(u32, &str)]) -> Vec<(u32, String)> {
    let objects = objects.iter();
    objects
        .map(|(number, value)| (*number, (*value).to_owned()))
        .collect()
}

pub(crate) fn filled() -> Vec<(u32, String)> {
    let appearance = stream("/Type/XObject/Subtype/Form/BBox[0 0 90 20]", "BT (5) Tj ET");
    vec![(10, text_field("/V(5)", "33 0 R")), (33, appearance)]
}

pub(crate) fn note(number: u32, more: &str) -> Vec<(u32, String)> {
    let note = format!("<</Type/Annot/Subtype/FreeText/Rect[70 750 300 780]/P 3 0 R{more}>>");
    vec![
        (3, page(&format!("[10 0 R 11 0 R 12 0 R {number} 0 R]"))),
        (number, note),
    ]
}

fn new_field(more: &str) -> Vec<(u32, String)> {
    vec![
        form("10 0 R 11 0 R 30 0 R", ""),
        (3, page("[10 0 R 11 0 R 12 0 R 30 0 R]")),
        (
            30,
            format!("<</FT/Sig/T(two)/Type/Annot/Subtype/Widget/P 3 0 R{more}>>"),
        ),
    ]
}

fn security_store() -> Vec<(u32, String)> {
    vec![
        catalog("/DSS 71 0 R/Extensions<</ESIC<</BaseVersion/1.7/ExtensionLevel 1>>>>"),
        (71, "<</Type/DSS/Certs[72 0 R]>>".to_owned()),
        (72, stream("", "0")),
    ]
}

/// A security store with many values, which each update writes in the other order.
pub(crate) fn large_store(values: u32, updates: u32) -> File {
    let numbers = 1_000..1_000 + values;
    let store = |numbers: &mut dyn Iterator<Item = u32>| {
        let values: String = numbers.map(|number| format!("{number} 0 R ")).collect();
        (71, format!("<</Type/DSS/Certs[{values}]>>"))
    };
    let mut file = File::new(Style::Tables);
    file.update(&[catalog("/DSS 71 0 R"), store(&mut numbers.clone())]);
    file.sign(&pki().citizen_p256, "");
    for update in 0..updates {
        file.update(&[match update % 2 {
            0 => store(&mut numbers.clone().rev()),
            _ => store(&mut numbers.clone()),
        }]);
    }
    file
}

/// A page with many notes, and an update of something else.
pub(crate) fn many_notes(notes: u32) -> File {
    let numbers = 1_000..1_000 + notes;
    let note = "<</Type/Annot/Subtype/Text/Rect[0 0 9 9]>>";
    let mut objects: Vec<_> = numbers.clone().map(|one| (one, note.to_owned())).collect();
    let references: String = numbers.map(|one| format!("{one} 0 R ")).collect();
    objects.push((3, page(&format!("[10 0 R 11 0 R 12 0 R {references}]"))));
    let mut file = File::new(Style::Tables);
    file.update(&objects);
    file.sign(&pki().citizen_p256, "");
    file.update(&filled());
    file
}

/// A second signature in a new field.
fn signed_again(file: &mut File) {
    let others = new_field("/Rect[200 10 300 30]/F 4/V 40 0 R");
    file.sign_with(&pki().citizen_p256, 40, "", &others);
}

/// A second signature that is seen over the mark on the page.
pub(crate) fn laid_over() -> File {
    let mut file = signed("");
    let others = new_field("/Rect[90 90 210 130]/F 4/V 40 0 R");
    file.sign_with(&pki().citizen_p256, 40, "", &others);
    file
}

/// A field that was filled in and hidden before the signature, and is shown after it.
pub(crate) fn shown() -> File {
    let field = |flags| {
        let field = text_field("/V(9000)", "13 0 R");
        (10, field.replace("/F 4", &format!("/F {flags}")))
    };
    let mut file = blank();
    file.update(&[field("2")]);
    file.sign(&pki().citizen_p256, "");
    file.update(&[field("4")]);
    file
}

/// What is honest, in a file of a style.
pub(crate) fn honest(style: Style) -> Vec<(&'static str, File, Option<ChangeClass>)> {
    VICTIM.take();
    STYLE.set(style);
    let mut twice = signed("");
    signed_again(&mut twice);
    let mut thrice = signed("");
    thrice.update(&filled());
    signed_again(&mut thrice);
    let mut all = crate::views::honest();
    let invisible = new_field("/Rect[0 0 0 0]/F 132");
    let mut in_full = signed("");
    let others = new_field(
        "/Rect[200 10 300 30]/F 4/V 40 0 R/DV 40 0 R/H/N/C[0 0 0]/Contents(signature)/Lang(az)",
    );
    in_full.sign_with(&pki().citizen_p256, 40, "", &others);
    all.extend([
        ("nothing", signed(""), None),
        ("same objects again", then(&[(1, CATALOG.to_owned())]), None),
        ("objects of nobody", then(&owned(&[(50, "<</S/JavaScript>>")])), None),
        ("security store", then(&security_store()), Some(LongTermData)),
        ("title", then(&owned(&[(14, "<</Title(b)>>")])), Some(LongTermData)),
        ("version raised", then(&[catalog("/Version/2.0")]), Some(LongTermData)),
        ("field filled in", then(&filled()), Some(FormFilling)),
        ("signed twice", twice, Some(FormFilling)),
        ("signed twice, the field in full", in_full, Some(FormFilling)),
        ("filled in, signed again", thrice, Some(FormFilling)),
        ("empty field", then(&invisible), Some(FormFilling)),
        (
            "font added to the form",
            then(&[(
                9,
                "<</Fields[10 0 R 11 0 R]/SigFlags 3/DR<</Font<</F1 5 0 R/F2 30 0 R>>>>/DA(/F1 9 Tf)>>"
                    .to_owned(),
            ), (30, "<</Type/Font/Subtype/Type1/BaseFont/Courier>>".to_owned())]),
            Some(FormFilling),
        ),
    ]);
    all
}

/// What nothing needs to be repaired in: what [`crate::repair`] makes its attacks of.
pub(crate) fn sound() -> Vec<(&'static str, File)> {
    VICTIM.take();
    STYLE.set(Style::Tables);
    let mut all = crate::repair::honest();
    all.extend(crate::plain::honest());
    STYLE.set(Style::Streams);
    all.extend(crate::plain::honest_streams());
    all.push(("streams: in order", crate::repair::honest_stream()));
    all
}

/// What is filled in on ways that other readers go.
pub(crate) fn read_otherwise(style: Style) -> Vec<(&'static str, File)> {
    VICTIM.take();
    STYLE.set(style);
    crate::readers::honest()
}

/// Every attack on a signature with these entries, in a file of a style.
pub(crate) fn hostile(entries: &str, style: Style) -> Vec<Attack> {
    VICTIM.set(entries.to_owned());
    STYLE.set(style);
    let mut all = updates();
    all.extend(crate::ranges::hostile());
    all.extend(crate::sharing::hostile());
    all.extend(crate::readers::hostile());
    all.extend(crate::views::hostile());
    if style == Style::Streams {
        all.extend(crate::streams::hostile());
        all.extend(crate::repair::streams());
        all.push(crate::readers::shortened());
        all.extend(crate::plain::streams());
    }
    STYLE.set(Style::Tables);
    all.extend(crate::repair::hostile());
    all.extend(crate::plain::hostile());
    all
}

/// What evades what signatures permit, in a file of a style.
pub(crate) fn evading(style: Style) -> Vec<Attack> {
    VICTIM.take();
    STYLE.set(style);
    crate::evasion::hostile()
}

/// What stops a file in which no signature is found, or only one that is called a time-stamp.
pub(crate) const NO_SIGNATURE: &str = "no signature";

/// A name, a file, and the check that stops it.
pub(crate) type Attack = (&'static str, File, &'static str);

fn updates() -> Vec<Attack> {
    let content = "modification.content";
    let revisions = "modification.revisions";
    let mut all = Vec::new();

    // Incremental saving attack (2019).
    let other = stream("", "BT /F1 14 Tf 72 760 Td (9000 AZN) Tj ET");
    all.push((
        "isa: content replaced",
        then(&[(4, other.clone())]),
        content,
    ));
    let mut body = victim();
    body.octets
        .extend(format!("4 0 obj\n{other}\nendobj\n").bytes());
    all.push(("isa: a body without a section", body, revisions));
    let mut trailer = victim();
    trailer
        .octets
        .extend(format!("4 0 obj\n{other}\nendobj\ntrailer\n<</Root 1 0 R>>\n%%EOF\n").bytes());
    all.push(("isa: a body with a trailer alone", trailer, revisions));
    let mut copied = victim();
    let signature = copied.octets.clone();
    let at = find(&signature, b"20 0 obj");
    let end = at + find(&signature[at..], b"endobj") + 7;
    let dictionary = String::from_utf8_lossy(&signature[at + 9..end - 8]).into_owned();
    copied.update(&[(4, other.clone()), (20, dictionary)]);
    all.push((
        "isa: with a copy of the signature",
        copied,
        "format.byte-range",
    ));
    all.push((
        "isa: content of the page swapped",
        then(&[
            (3, page("[10 0 R 11 0 R 12 0 R]").replace("4 0 R", "30 0 R")),
            (30, other.clone()),
        ]),
        content,
    ));
    all.push((
        "isa: another catalog",
        ending(
            &[(60, CATALOG.to_owned())],
            Ending {
                trailer: Some("/Root 60 0 R/Info 14 0 R".to_owned()),
                ..Ending::default()
            },
        ),
        "format.structure",
    ));

    // Page tree.
    let pages = |kids: &str, count: u32| (2, format!("<</Type/Pages/Kids[{kids}]/Count {count}>>"));
    let second = (30, page("[]"));
    all.push((
        "pages: one added",
        then(&[pages("3 0 R 30 0 R", 2), second.clone()]),
        content,
    ));
    all.push((
        "pages: one swapped",
        then(&[pages("30 0 R", 1), second]),
        content,
    ));
    all.push(("pages: none left", then(&[pages("", 0)]), content));
    all.push((
        "pages: the box is smaller",
        then(&[(
            3,
            page("[10 0 R 11 0 R 12 0 R]").replace("595 842", "595 700"),
        )]),
        content,
    ));
    all.push((
        "pages: another font for the same text",
        then(&owned(&[(
            5,
            "<</Type/Font/Subtype/Type1/BaseFont/Symbol>>",
        )])),
        content,
    ));

    // Shadow attacks (2021).
    let mut hide = blank();
    let cover = stream("/Type/XObject/Subtype/Image/Width 1/Height 1", "x");
    let with_cover =
        page("[10 0 R 11 0 R 12 0 R]").replace("/Font<<", "/XObject<</I 35 0 R>>/Font<<");
    hide.update(&[(3, with_cover), (35, cover)]);
    hide.sign(&pki().citizen_p256, &entries());
    let mut freed = hide.clone();
    freed.update_with(
        &[],
        &Ending {
            freed: vec![35],
            ..Ending::default()
        },
    );
    all.push(("shadow hide: the cover is freed", freed, content));
    let mut gone = hide;
    gone.update(&owned(&[(35, "null")]));
    all.push(("shadow hide: the cover is null", gone, content));
    all.push((
        "shadow replace: the font of the form",
        then(&[
            (
                9,
                "<</Fields[10 0 R 11 0 R]/SigFlags 3/DR<</Font<</F1 30 0 R>>>>/DA(/F1 9 Tf)>>"
                    .to_owned(),
            ),
            (
                30,
                "<</Type/Font/Subtype/Type1/BaseFont/Symbol>>".to_owned(),
            ),
        ]),
        content,
    ));
    all.push((
        "shadow replace: what an empty field says",
        then(&[(10, text_field("/DV(9000)", "13 0 R"))]),
        content,
    ));
    let mut prepared = blank();
    prepared.update(&[
        (60, page("[]").replace("4 0 R", "61 0 R")),
        (61, other.clone()),
        (62, "<</Type/Pages/Kids[60 0 R]/Count 1>>".to_owned()),
    ]);
    prepared.sign(&pki().citizen_p256, &entries());
    let mut activated = prepared.clone();
    activated.update(&[(1, CATALOG.replace("2 0 R", "62 0 R"))]);
    all.push((
        "shadow hide-and-replace: the other pages",
        activated,
        content,
    ));
    let mut activated = prepared;
    activated.update(&[pages("60 0 R", 1)]);
    all.push((
        "shadow hide-and-replace: the other page",
        activated,
        content,
    ));
    let mut dangling = blank();
    dangling.update(&[(
        3,
        page("[10 0 R 11 0 R 12 0 R]").replace("4 0 R", "[4 0 R 70 0 R]"),
    )]);
    dangling.sign(&pki().citizen_p256, &entries());
    dangling.update(&[(70, other.clone())]);
    all.push((
        "shadow: a reference to nothing is filled",
        dangling,
        content,
    ));

    // Universal signature forgery (2019) and games with ByteRange.
    let range = "format.byte-range";
    let replaced = |from: &str, to: &str| {
        let mut file = victim();
        let at = find(&file.octets, from.as_bytes());
        assert_eq!(from.len(), to.len());
        file.octets[at..at + to.len()].copy_from_slice(to.as_bytes());
        file
    };
    all.push((
        "usf: no ByteRange",
        replaced("/ByteRange", "/ByteRangX"),
        range,
    ));
    all.push(("usf: ByteRange is null", null_range(), range));
    all.push((
        "usf: ByteRange is negative",
        replaced("[0 0000", "[0 -000"),
        range,
    ));
    all.push((
        "usf: no Contents",
        replaced("/Contents<", "/ContentsX"),
        "format.structure",
    ));
    all.push((
        "swa: the range begins later",
        replaced("[0 0000", "[1 0000"),
        range,
    ));
    let mut moved = victim();
    let at = find(&moved.octets, b"/Contents<") + 10;
    moved.octets[at - 1] = b' ';
    all.push(("swa: the gap is no string", moved, "format.structure"));
    let mut trailing = victim();
    let at = find(&trailing.octets, b"00>>>");
    trailing.octets[at] = b'4';
    all.push(("contents: data behind the message", trailing, range));
    let mut comment = victim();
    let at = find(&comment.octets, b"00>>>");
    comment.octets[at] = b' ';
    all.push(("contents: white space in the string", comment, range));

    // Evil annotation (2021) and others that lie over the page.
    all.push((
        "eaa: a note over the text",
        then(&note(30, "")),
        "modification.annotations",
    ));
    all.push((
        "eaa: an annotation that is a redaction",
        then(&[
            note(30, "")[0].clone(),
            (30, note(30, "")[1].1.replace("FreeText", "Redact")),
        ]),
        content,
    ));
    all.push((
        "eaa: a link",
        then(&[
            note(30, "")[0].clone(),
            (30, note(30, "")[1].1.replace("FreeText", "Link")),
        ]),
        content,
    ));
    all.push((
        "eaa: with an action",
        then(&note(30, "/A<</S/URI/URI(x)>>")),
        content,
    ));
    all.push((
        "eaa: another text in a mark",
        then(&owned(&[(
            12,
            "<</Type/Annot/Subtype/Highlight/Rect[100 100 200 120]/P 3 0 R/Contents(new)>>",
        )])),
        "modification.annotations",
    ));
    all.push((
        "eaa: a mark is removed",
        then(&[(3, page("[10 0 R 11 0 R]"))]),
        "modification.annotations",
    ));
    all.push((
        "a signature is removed from the page",
        then(&[(3, page("[10 0 R 12 0 R]"))]),
        content,
    ));

    // Sneaky signature (2021).
    all.push((
        "ssa: an empty field with an appearance",
        then(&[new_field("/Rect[70 750 300 780]/F 4/AP<</N 13 0 R>>").as_slice()].concat()),
        content,
    ));
    let of_signed = |more: &str| {
        let field = "<</FT/Sig/T(sig)/Type/Annot/Subtype/Widget/F 4/P 3 0 R/V 20 0 R";
        vec![(11, format!("{field}{more}>>"))]
    };
    all.push((
        "ssa: the signed field is moved",
        then(&of_signed("/Rect[70 750 300 780]")),
        content,
    ));
    all.push((
        "ssa: the signed field shows something else",
        then(&of_signed("/Rect[10 10 60 30]/AP<</N 13 0 R>>")),
        content,
    ));
    all.push((
        "the signature is taken out of its field",
        then(&owned(&[(
            11,
            "<</FT/Sig/T(sig)/Type/Annot/Subtype/Widget/Rect[10 10 60 30]/F 4/P 3 0 R/V 41 0 R>>",
        ), (41, "<</Type/Sig/Contents<3000>/ByteRange[0 1 2 3]>>")])),
        "format.byte-range",
    ));

    // The form.
    all.push((
        "form: a text field added",
        then(&[
            form("10 0 R 11 0 R 30 0 R", ""),
            (30, "<</FT/Tx/T(new)>>".to_owned()),
        ]),
        content,
    ));
    all.push((
        "form: a field removed",
        then(&[form("11 0 R", "")]),
        content,
    ));
    all.push((
        "form: fields in another order",
        then(&[form("11 0 R 10 0 R", "")]),
        content,
    ));
    all.push((
        "form: XFA added",
        then(&[form("10 0 R 11 0 R", "/XFA(x)")]),
        content,
    ));
    all.push((
        "form: SigFlags cleared",
        then(&[(
            9,
            "<</Fields[10 0 R 11 0 R]/DR<</Font<</F1 5 0 R>>>>/DA(/F1 9 Tf)>>".to_owned(),
        )]),
        content,
    ));
    all.push((
        "form: a field renamed",
        then(&[(10, text_field("", "13 0 R").replace("(sum)", "(tax)"))]),
        content,
    ));
    all.push((
        "form: a field that acts",
        then(&[(10, text_field("/AA<</K<</S/JavaScript/JS(x)>>>>", "13 0 R"))]),
        content,
    ));
    all.push((
        "form: an appearance that acts",
        then(&[
            (10, text_field("", "30 0 R")),
            (
                30,
                stream(
                    "/Type/XObject/Subtype/Form/BBox[0 0 90 20]/Resources<</X<</A<</S/Launch>>>>>>",
                    "q Q",
                ),
            ),
        ]),
        content,
    ));

    // The catalog.
    for (name, more) in [
        (
            "catalog: an action when opened",
            "/OpenAction<</S/JavaScript/JS(x)>>",
        ),
        (
            "catalog: names with scripts",
            "/Names<</JavaScript 30 0 R>>",
        ),
        ("catalog: layers", "/OCProperties<</OCGs[]/D<<>>>>"),
        (
            "catalog: permissions added late",
            "/Perms<</DocMDP 20 0 R>>",
        ),
        ("catalog: attached files", "/AF[30 0 R]"),
        ("catalog: a page mode", "/PageMode/FullScreen"),
        ("catalog: metadata that is none", "/Metadata 13 0 R"),
        ("catalog: an outline", "/Outlines 13 0 R"),
        ("store: a foreign key", "/DSS<</X 1>>"),
        ("store: values that are no streams", "/DSS<</Certs[1 0 R]>>"),
        ("store: a digest that is none", "/DSS<</VRI<</abc<<>>>>>>"),
    ] {
        all.push((name, then(&[catalog(more)]), content));
    }
    all.push((
        "catalog: private data",
        then(&[catalog("/PieceInfo<</X<</LastModified(D:2026)>>>>")]),
        "modification.private-data",
    ));
    let mut lowered = blank();
    lowered.update(&[catalog("/Version/1.7")]);
    lowered.sign(&pki().citizen_p256, &entries());
    lowered.update(&[catalog("/Version/1.4")]);
    all.push(("catalog: version lowered", lowered, content));
    let mut swapped = victim();
    swapped.update(&security_store());
    signed_again(&mut swapped);
    swapped.update(&[(72, stream("", "1"))]);
    all.push((
        "store: another value under the same number",
        swapped,
        content,
    ));

    // Cross-references.
    let twice = |file: &File| {
        let at = find(&file.octets, b"4 0 obj");
        format!("4 1\n{at:010} 00000 n \n4 1\n{:010} 00000 n \n", at + 1)
    };
    let base = victim();
    all.push((
        "xref: two entries for an object",
        ending(
            &[],
            Ending {
                entries: twice(&base),
                ..Ending::default()
            },
        ),
        "format.duplicate",
    ));
    let mut skipped = victim();
    skipped.update(&filled());
    let previous = skipped.sections[skipped.sections.len() - 2];
    skipped.update_with(
        &security_store(),
        &Ending {
            previous: Some(previous),
            ..Ending::default()
        },
    );
    all.push(("xref: a revision is left out", skipped, revisions));
    all.push((
        "xref: octets before the update",
        ending(
            &security_store(),
            Ending {
                before: format!("4 0 obj\n{other}\nendobj\n").into_bytes(),
                ..Ending::default()
            },
        ),
        revisions,
    ));
    all.push((
        "xref: startxref points at an older section",
        ending(
            &filled(),
            Ending {
                startxref: Some(base.sections[1]),
                ..Ending::default()
            },
        ),
        revisions,
    ));
    all.push((
        "xref: the trailer leads elsewhere too",
        ending(
            &[],
            Ending {
                trailer: Some("/Root 1 0 R/Info 14 0 R/Encrypt<</Filter/Standard>>".to_owned()),
                ..Ending::default()
            },
        ),
        "format.structure",
    ));
    all.push((
        "xref: descriptive data that leads somewhere",
        then(&owned(&[(14, "<</Title 30 0 R/X<</A 1>>>>")])),
        content,
    ));
    let duplicate = (
        1,
        "<</Type/Catalog/Pages 2 0 R/Pages 2 0 R/AcroForm 9 0 R>>".to_owned(),
    );
    all.push((
        "a key twice in the catalog",
        then(&[duplicate]),
        "format.duplicate",
    ));
    all
}

fn null_range() -> File {
    let mut file = victim();
    let at = find(&file.octets, b"/ByteRange[") + 10;
    let end = at + find(&file.octets[at..], b"]") + 1;
    let mut null = b" null".to_vec();
    null.resize(end - at, b' ');
    file.octets[at..end].copy_from_slice(&null);
    file
}

pub(crate) fn find(octets: &[u8], what: &[u8]) -> usize {
    octets
        .windows(what.len())
        .position(|one| one == what)
        .unwrap()
}

/// Every kind of update under every certification.
pub(crate) fn permissions() -> Vec<(String, File, Option<&'static str>)> {
    let permitted = "modification.permitted";
    let annotations = "modification.annotations";
    let mut all = Vec::new();
    let levels = [
        ("none", String::new()),
        ("1", certification("/P 1")),
        ("2", certification("/P 2")),
        ("3", certification("/P 3")),
        ("absent", certification("")),
        ("4", certification("/P 4")),
        ("no number", certification("/P/x")),
    ];
    for (level, entries) in &levels {
        let is_one = matches!(*level, "1" | "4" | "no number");
        let rows = [
            ("security store", security_store(), None),
            ("filled in", filled(), is_one.then_some(permitted)),
            (
                "annotation",
                note(30, ""),
                match *level {
                    "none" => Some(annotations),
                    "3" => None,
                    _ => Some(permitted),
                },
            ),
            (
                "content",
                vec![(4, stream("", "BT (9) Tj ET"))],
                Some("modification.content"),
            ),
        ];
        for (name, objects, check) in rows {
            let mut file = signed(entries);
            file.update(&objects);
            all.push((format!("{name} under {level}"), file, check));
        }
    }
    let locked = "modification.locked-fields";
    for (name, action, check) in [
        ("all", "/Action/All", Some(locked)),
        ("the field", "/Action/Include/Fields[(sum)]", Some(locked)),
        ("another", "/Action/Include/Fields[(other)]", None),
        ("all but the field", "/Action/Exclude/Fields[(sum)]", None),
        (
            "all but another",
            "/Action/Exclude/Fields[(other)]",
            Some(locked),
        ),
        ("who knows", "/Action/Some/Fields[(other)]", Some(locked)),
    ] {
        let mut file = signed(&lock(action));
        file.update(&filled());
        all.push((format!("filled in, locked: {name}"), file, check));
        // Every field is drawn anew, whichever is locked.
        let mut file = signed(&lock(action));
        file.update(&[form("10 0 R 11 0 R", "/NeedAppearances true")]);
        all.push((format!("drawn anew, locked: {name}"), file, Some(locked)));
    }
    let mut file = signed("");
    file.update(&[form("10 0 R 11 0 R", "/NeedAppearances true")]);
    all.push(("drawn anew, nothing locked".to_owned(), file, None));
    all
}
