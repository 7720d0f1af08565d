//! Shadow attacks by objects that are two things at once: harmless where they change, and part of
//! what is seen where they are not looked for.

use crate::attacks::{Attack, blank, entries, filled, find, then};
use crate::builder::{CATALOG, File, catalog, form, page, stream, text_field};
use crate::pki;

const ANNOTATIONS: &str = "[10 0 R 11 0 R 12 0 R]";
const WORDS: &str = "<</Type/Metadata/Subtype/XML>>";

/// A prepared document, signed.
fn prepared(objects: &[(u32, String)]) -> File {
    let mut file = blank();
    file.update(objects);
    file.sign(&pki().citizen_p256, &entries());
    file
}

/// The same, changed later.
fn shadow(objects: &[(u32, String)], later: &[(u32, String)]) -> File {
    let mut file = prepared(objects);
    file.update(later);
    file
}

/// A page with other resources, or with more content.
fn page_with(resources: &str) -> (u32, String) {
    let resources = format!("/Resources{resources}");
    (
        3,
        page(ANNOTATIONS).replace("/Resources<</Font<</F1 5 0 R>>>>", &resources),
    )
}

fn drawing(number: u32, text: &str) -> (u32, String) {
    let entries = "/Type/XObject/Subtype/Form/BBox[0 0 595 842]/Resources<</Font<</F1 5 0 R>>>>";
    let text = format!("BT /F1 14 Tf 72 760 Td ({text}) Tj ET");
    (number, stream(entries, &text))
}

fn font(number: u32, name: &str) -> (u32, String) {
    (
        number,
        format!("<</Type/Font/Subtype/Type1/BaseFont/{name}>>"),
    )
}

fn form_with(more: &str) -> (u32, String) {
    form("10 0 R 11 0 R", more)
}

fn metadata(text: &str) -> String {
    let entries = "/Type/Metadata/Subtype/XML";
    stream(
        entries,
        &format!("<x:xmpmeta xmlns:x='adobe:ns:meta/'>{text}</x:xmpmeta>"),
    )
}

/// Content whose octets go on in what is appended later: there they are the data of a certificate.
fn reaching() -> File {
    let made = |length: usize| {
        let mut file = blank();
        file.update(&[(3, page(ANNOTATIONS).replace("4 0 R", "[4 0 R 60 0 R]"))]);
        let field =
            "<</FT/Sig/T(sig)/Type/Annot/Subtype/Widget/Rect[10 10 60 30]/F 4/P 3 0 R/V 20 0 R>>";
        let content = format!("<</Length {length:05}>>\nstream\n% no endstream");
        let others = [(11, field.to_owned()), (60, content)];
        file.sign_with(&pki().citizen_p256, 20, &entries(), &others);
        let text = "\nBT /F1 14 Tf 72 760 Td (9000 AZN) Tj ET";
        file.update(&[catalog("/DSS<</Certs[72 0 R]>>"), (72, stream("", text))]);
        file
    };
    let file = made(0);
    let start = find(&file.octets, b"% no endstream");
    let end = find(&file.octets, b"(9000 AZN) Tj ET") + 16;
    made(end - start)
}

pub(crate) fn hostile() -> Vec<Attack> {
    let content = "modification.content";
    let mut all = Vec::new();
    let mut push = |name, file| all.push((name, file, content));
    let (old, new) = (drawing(30, "1000 AZN"), drawing(31, "9000 AZN"));

    // The catalog as a list of names of the page.
    push(
        "shared: the catalog is the page's list of drawings",
        shadow(
            &[
                page_with("<</XObject 1 0 R>>"),
                catalog("/Extensions 30 0 R"),
                old.clone(),
                new.clone(),
            ],
            &[catalog("/Extensions 31 0 R")],
        ),
    );
    push(
        "shared: the catalog is the page's list of fonts",
        shadow(
            &[
                page_with("<</Font 1 0 R>>"),
                catalog("/Extensions 30 0 R"),
                font(30, "Courier"),
                font(31, "Symbol"),
            ],
            &[catalog("/Extensions 31 0 R")],
        ),
    );
    push(
        "shared: the form is the page's list of drawings",
        shadow(
            &[
                page_with("<</XObject 9 0 R>>"),
                form_with("/Q 30 0 R"),
                old.clone(),
                new.clone(),
            ],
            &[form_with("/Q 31 0 R")],
        ),
    );
    push(
        "shared: the form is the page's list of colour spaces",
        shadow(
            &[
                page_with("<</ColorSpace 9 0 R>>"),
                form_with("/NeedAppearances[/Indexed/DeviceGray 1 <00FF>]"),
            ],
            &[form_with("/NeedAppearances[/Indexed/DeviceGray 1 <FF00>]")],
        ),
    );
    push(
        "shared: a page is the other's list of drawings",
        shadow(
            &[
                page_with("<</XObject 3 0 R>>/PieceInfo 30 0 R"),
                old.clone(),
                new.clone(),
            ],
            &[page_with("<</XObject 3 0 R>>/PieceInfo 31 0 R")],
        ),
    );
    push(
        "shared: the resources of the form are those of the page",
        shadow(
            &[
                page_with(" 33 0 R"),
                (33, "<</Font<</F1 5 0 R>>>>".to_owned()),
                (
                    9,
                    "<</Fields[10 0 R 11 0 R]/SigFlags 3/DR 33 0 R/DA(/F1 9 Tf)>>".to_owned(),
                ),
            ],
            &[
                (33, "<</Font<</F1 5 0 R/F2 34 0 R>>>>".to_owned()),
                font(34, "Symbol"),
            ],
        ),
    );
    push(
        "shared: the catalog says where a name leads",
        shadow(
            &[catalog("/Dests 1 0 R/Extensions[3 0 R/Fit]")],
            &[catalog("/Dests 1 0 R/Extensions[3 0 R/FitB]")],
        ),
    );
    // A field as something else.
    let layers = |more: &str| (10, text_field(more, "13 0 R"));
    push(
        "shared: a field says which layers are seen",
        shadow(
            &[
                catalog("/OCProperties<</OCGs[30 0 R]/D 10 0 R>>"),
                (
                    30,
                    "<</Type/OCG/Name(x)/Usage<</View<</ViewState/OFF>>>>>>".to_owned(),
                ),
            ],
            &[layers("/AS[<</Event/View/Category[/View]/OCGs[30 0 R]>>]")],
        ),
    );
    push(
        "shared: the appearance of a field is content of the page",
        shadow(
            &[page_with("<</XObject<</X 13 0 R>>>>")],
            &[(
                13,
                stream("/Type/XObject/Subtype/Form/BBox[0 0 90 20]", "BT (5) Tj ET"),
            )],
        ),
    );
    push(
        "shared: the value of a field is content of the page",
        shadow(
            &[
                (3, page(ANNOTATIONS).replace("4 0 R", "[4 0 R 30 0 R]")),
                (10, text_field("/V 30 0 R", "13 0 R")),
                (30, stream("", "BT (1) Tj ET")),
            ],
            &[(30, stream("", "BT (9) Tj ET"))],
        ),
    );
    push(
        "shared: a mark is a drawing of the page",
        shadow(
            &[page_with("<</Properties<</P 12 0 R>>>>")],
            &[(
                12,
                "<</Type/OCG/Subtype/Highlight/Rect[100 100 200 120]/P 3 0 R/Contents(old)>>"
                    .to_owned(),
            )],
        ),
    );
    push(
        "shared: metadata is content of the page",
        shadow(
            &[
                (3, page(ANNOTATIONS).replace("4 0 R", "30 0 R")),
                catalog("/Metadata 30 0 R"),
                (30, metadata("1000 AZN")),
            ],
            &[(30, metadata("9000 AZN"))],
        ),
    );
    push(
        "shared: a value of the store is content of the page",
        shadow(
            &[
                (3, page(ANNOTATIONS).replace("4 0 R", "[4 0 R 30 0 R]")),
                catalog("/DSS<</Certs[30 0 R]>>"),
                (30, stream("", "BT (1) Tj ET")),
            ],
            &[(30, stream("", "BT (9) Tj ET"))],
        ),
    );
    push(
        "shared: the store fills a place that the page left empty",
        shadow(
            &[(3, page(ANNOTATIONS).replace("4 0 R", "[4 0 R 30 0 R]"))],
            &[
                catalog("/DSS<</Certs[30 0 R]>>"),
                (30, stream("", "BT (9) Tj ET")),
            ],
        ),
    );
    push(
        "shared: descriptive data is a font of the page",
        shadow(
            &[
                page_with("<</Font<</F1 14 0 R>>>>"),
                (
                    14,
                    "<</Type/Font/Subtype/Type1/BaseFont/Courier>>".to_owned(),
                ),
            ],
            &[(
                14,
                "<</Type/Font/Subtype/Type1/BaseFont/Symbol>>".to_owned(),
            )],
        ),
    );
    // What is planted for later.
    push(
        "planted: a font that is missing",
        shadow(
            &[page_with("<</Font<</F1 30 0 R>>>>")],
            &[font(30, "Symbol")],
        ),
    );
    push(
        "planted: a drawing that is missing",
        shadow(
            &[page_with("<</XObject<</X 31 0 R>>>>")],
            std::slice::from_ref(&new),
        ),
    );
    push(
        "planted: resources that are missing",
        shadow(
            &[page_with(" 30 0 R")],
            &[(30, "<</Font<</F1 5 0 R>>>>".to_owned())],
        ),
    );
    push(
        "planted: a note that is missing",
        shadow(
            &[(3, page("[10 0 R 11 0 R 12 0 R 30 0 R]"))],
            &[(
                30,
                "<</Type/Annot/Subtype/FreeText/Rect[70 750 300 780]/P 3 0 R>>".to_owned(),
            )],
        ),
    );
    push(
        "planted: a page that is missing",
        shadow(
            &[(2, "<</Type/Pages/Kids[3 0 R 30 0 R]/Count 2>>".to_owned())],
            &[(30, page("[]"))],
        ),
    );
    push(
        "planted: a field that is missing",
        shadow(
            &[form("10 0 R 11 0 R 30 0 R", "")],
            &[(30, "<</FT/Tx/T(new)/V(9)>>".to_owned())],
        ),
    );
    push(
        "planted: what the document does when opened is missing",
        shadow(
            &[catalog("/OpenAction 30 0 R")],
            &[(30, "<</S/JavaScript/JS(x)>>".to_owned())],
        ),
    );
    push(
        "planted: the mask of a picture is missing",
        shadow(
            &[
                page_with("<</XObject<</X 31 0 R>>>>"),
                (
                    31,
                    stream(
                        "/Type/XObject/Subtype/Image/Width 1/Height 1/SMask 30 0 R",
                        "x",
                    ),
                ),
            ],
            &[(
                30,
                stream("/Type/XObject/Subtype/Image/Width 1/Height 1", "y"),
            )],
        ),
    );
    all.push((
        "planted: a stream that ends in a later update",
        reaching(),
        "unsupported.pdf-changes",
    ));
    let mut push = |name, file| all.push((name, file, content));
    push(
        "planted: a length that is an object of its own",
        shadow(
            &[(4, "<</Length 30 0 R>>\nstream\nBT /F1 14 Tf 72 760 Td (1000 AZN) Tj ET %x\nendstream".to_owned()), (30, "41".to_owned())],
            &[(30, "12".to_owned())],
        ),
    );
    // A second generation of a number.
    push("a form that is two at once", {
        let mut file = prepared(&[(
            60,
            "<</Fields[10 0 R 11 0 R]/SigFlags 3/DA(/F1 9 Tf)>>".to_owned(),
        )]);
        file.update(&[(1, CATALOG.replace("9 0 R", "60 0 R"))]);
        file
    });
    push("a page in the place of the tree", {
        let mut file = prepared(&[]);
        file.update(&[(1, CATALOG.replace("2 0 R", "3 0 R"))]);
        file
    });
    push("a note in the place of the content", {
        let mut file = prepared(&[]);
        file.update(&[(4, WORDS.to_owned())]);
        file
    });
    push("a filled field hides another change", {
        let mut objects = filled();
        objects.push(font(5, "Symbol"));
        then(&objects)
    });
    all
}
