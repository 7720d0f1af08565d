//! PAdES: fields that wait for a signature, shown where they are.

use super::pdf::{assert_good, der_ecdsa, has, pixels, signed};
use imza::error::Error;
use imza::pades::{Appearance, Certification, PdfParameters, SignaturePicture};
use imza::vocabulary::SignatureLevel;
use imza_test_vectors::Pki;

/// A PDF of objects; the first is its catalog.
pub(super) fn document(objects: &[&str]) -> Vec<u8> {
    let mut octets = b"%PDF-1.7\n".to_vec();
    let size = objects.len() + 1;
    let mut table = format!("xref\n0 {size}\n0000000000 65535 f \n");
    for (index, object) in objects.iter().enumerate() {
        table.push_str(&format!("{:010} 00000 n \n", octets.len()));
        octets.extend_from_slice(format!("{} 0 obj\n{object}\nendobj\n", index + 1).as_bytes());
    }
    let place = octets.len();
    let trailer = format!("trailer\n<</Root 1 0 R/Size {size}>>\nstartxref\n{place}\n%%EOF\n");
    octets.extend_from_slice(table.as_bytes());
    octets.extend_from_slice(trailer.as_bytes());
    octets
}

/// Two pages, of which the second is turned by a quarter, and two fields on the second.
fn with_fields(one: &str, two: &str, more: &[&str]) -> Vec<u8> {
    let annotations = match more {
        [] => "5 0 R 6 0 R",
        _ => "7 0 R 6 0 R",
    };
    let turned = format!("<</Type/Page/Parent 2 0 R/Rotate 90/Annots[{annotations}]>>");
    let mut objects = vec![
        "<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[5 0 R 6 0 R]>>>>",
        "<</Type/Pages/Kids[3 0 R 4 0 R]/Count 2/MediaBox[0 0 300 300]/Resources<<>>>>",
        "<</Type/Page/Parent 2 0 R>>",
        &turned,
        one,
        two,
    ];
    objects.extend(more);
    document(&objects)
}

const ONE: &str = "<</Type/Annot/Subtype/Widget/FT/Sig/T(One)/P 4 0 R/F 4/Rect[10 10 60 110]>>";
const TWO: &str = "<</Type/Annot/Subtype/Widget/FT/Sig/T(Two)/P 4 0 R/F 4/Rect[110 10 160 110]>>";
const UPRIGHT: &str = "/Matrix [0 1 -1 0 0 0]";

fn shown_in(octets: &[u8], name: &str) -> Result<Vec<u8>, Error> {
    let parameters = PdfParameters {
        field: Some(name.to_owned()),
        appearance: Some(Appearance {
            page: 1,
            area: [0; 4],
            lines: vec!["Aysel Məmmədova".to_owned()],
            font: None,
            picture: Some(SignaturePicture::Image(pixels())),
        }),
        ..PdfParameters::default()
    };
    let pki = Pki::fixed().unwrap();
    signed(octets, &pki.citizen_p256, der_ecdsa(), parameters, 0)
}

fn unseen(octets: &[u8], certification: Option<Certification>) -> Vec<u8> {
    let parameters = PdfParameters {
        certification,
        ..PdfParameters::default()
    };
    let pki = Pki::fixed().unwrap();
    signed(octets, &pki.citizen_p256, der_ecdsa(), parameters, 0).unwrap()
}

#[test]
fn a_signature_that_is_shown_in_a_field_leaves_earlier_ones_whole() {
    let document = with_fields(ONE, TWO, &[]);
    for certification in [
        None,
        Some(Certification::FormFilling),
        Some(Certification::Annotations),
    ] {
        let first = unseen(&document, certification);
        let second = shown_in(&first, "One").unwrap();
        assert_good(&second, SignatureLevel::BaselineB, 60, 2);
        let third = shown_in(&second, "Two").unwrap();
        assert_good(&third, SignatureLevel::BaselineB, 60, 3);
    }
    let first = shown_in(&document, "One").unwrap();
    let second = shown_in(&first, "Two").unwrap();
    assert_good(&second, SignatureLevel::BaselineB, 60, 2);
}

#[test]
fn only_the_first_signature_says_aloud_what_a_nameless_field_shows() {
    let added = |before: &[u8], after: &[u8]| has(after.get(before.len()..).unwrap(), "/TU ");
    let document = with_fields(ONE, TWO, &[]);
    let first = shown_in(&document, "One").unwrap();
    assert!(added(&document, &first));
    let second = shown_in(&first, "Two").unwrap();
    assert!(!added(&first, &second));
    // What the author of the form called it stays.
    let named = ONE.replace("/F 4", "/F 4/TU(Director)");
    let document = with_fields(&named, TWO, &[]);
    let first = shown_in(&document, "One").unwrap();
    assert!(has(first.get(document.len()..).unwrap(), "(Director)"));
}

#[test]
fn a_field_apart_from_its_widget_is_shown_where_the_widget_is() {
    let field = "<</FT/Sig/T(One)/Kids[7 0 R]>>";
    let widget = "<</Type/Annot/Subtype/Widget/Parent 5 0 R/P 4 0 R/F 4/Rect[10 10 60 110]>>";
    for widget in [widget, &widget.replace("/P 4 0 R", "")] {
        let document = with_fields(field, TWO, &[widget]);
        let first = unseen(&document, Some(Certification::FormFilling));
        let second = shown_in(&first, "One").unwrap();
        assert_good(&second, SignatureLevel::BaselineB, 60, 2);
        let own = second.get(first.len()..).unwrap();
        assert!(has(own, UPRIGHT) && has(own, "7 0 obj"), "{widget}");
        let third = shown_in(&second, "Two").unwrap();
        assert_good(&third, SignatureLevel::BaselineB, 60, 3);
    }
    // Which of several places is meant nobody can tell.
    let several = "<</FT/Sig/T(One)/Kids[7 0 R 8 0 R]>>";
    let document = with_fields(several, TWO, &[widget, widget]);
    let refused = shown_in(&document, "One").unwrap_err();
    assert_eq!(refused.code(), "unsupported.feature");
    let nowhere = "<</FT/Sig/T(One)/Kids[9 0 R]>>";
    assert!(shown_in(&with_fields(nowhere, TWO, &[widget]), "One").is_err());
}

#[test]
fn a_widget_that_names_no_page_or_another_is_turned_as_the_page_that_has_it() {
    for (page, is_turned) in [("", true), ("/P 3 0 R", true), ("/P 9 0 R", true)] {
        let document = with_fields(&ONE.replace("/P 4 0 R", page), TWO, &[]);
        let shown = shown_in(&document, "One").unwrap();
        assert_eq!(has(&shown, UPRIGHT), is_turned, "{page}");
        assert_good(&shown, SignatureLevel::BaselineB, 60, 1);
    }
    // No page has it: the one that it names counts.
    for (page, is_turned) in [("/P 3 0 R", false), ("/P 4 0 R", true), ("", false)] {
        let widget = ONE.replace("/P 4 0 R", page);
        let document = with_fields(&widget, TWO, &[&widget]);
        let shown = shown_in(&document, "One").unwrap();
        assert_eq!(has(&shown, UPRIGHT), is_turned, "{page}");
    }
}
