//! PAdES: fields that a signature locks.

use super::pdf::{assert_good, augmented, der_ecdsa, has, judge, signed};
use super::waiting::document;
use super::{SIGNED, context};
use imza::error::Error;
use imza::pades::{Certification, FieldLock, PdfParameters};
use imza::vocabulary::{BaselineLevel, SignatureLevel};
use imza_test_vectors::Pki;

const SUM: &str = "<</Type/Annot/Subtype/Widget/FT/Tx/T(Sum)/P 3 0 R/F 4/Rect[10 10 60 30]>>";
const PLACE: &str = "<</Type/Annot/Subtype/Widget/FT/Tx/T(Place)/P 3 0 R/F 4/Rect[10 50 60 70]>>";

/// A form with a sum and a place, and perhaps a field that waits for a signature.
fn form(waiting: Option<&str>) -> Vec<u8> {
    let all = match waiting {
        Some(_) => "4 0 R 5 0 R 6 0 R",
        None => "4 0 R 5 0 R",
    };
    let catalog = format!("<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[{all}]>>>>");
    let page =
        format!("<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 300]/Resources<<>>/Annots[{all}]>>");
    let mut objects = vec![
        catalog.as_str(),
        "<</Type/Pages/Kids[3 0 R]/Count 1>>",
        &page,
        SUM,
        PLACE,
    ];
    objects.extend(waiting);
    document(&objects)
}

/// What stands behind the last of a name.
fn last_number(octets: &[u8], name: &str) -> usize {
    let mut places = octets.windows(name.len());
    let place = places.rposition(|one| one == name.as_bytes()).unwrap();
    let rest = octets.get(place + name.len()..).unwrap().trim_ascii_start();
    let digits = rest.iter().take_while(|one| one.is_ascii_digit());
    digits.fold(0, |number, digit| number * 10 + usize::from(digit - b'0'))
}

/// The document with a field filled in.
fn filled(octets: &[u8], number: u32, field: &str) -> Vec<u8> {
    let (before, size) = (
        last_number(octets, "startxref"),
        last_number(octets, "/Size"),
    );
    let field = field.replace("/F 4", "/F 4/V(100)");
    let mut octets = octets.to_vec();
    octets.push(b'\n');
    let place = octets.len();
    octets.extend(format!("{number} 0 obj\n{field}\nendobj\n").bytes());
    let table = octets.len();
    let trailer = format!("trailer\n<</Root 1 0 R/Size {size}/Prev {before}>>\n");
    let entry = format!("xref\n{number} 1\n{place:010} 00000 n \n");
    octets.extend(format!("{entry}{trailer}startxref\n{table}\n%%EOF\n").bytes());
    octets
}

fn locked(octets: &[u8], field: &str, lock: FieldLock) -> Result<Vec<u8>, Error> {
    let parameters = PdfParameters {
        field: Some(field.to_owned()),
        lock: Some(lock),
        ..PdfParameters::default()
    };
    let pki = Pki::fixed().unwrap();
    signed(octets, &pki.citizen_p256, der_ecdsa(), parameters, 0)
}

fn names(names: &[&str]) -> Vec<String> {
    names.iter().map(|&name| name.to_owned()).collect()
}

/// Whether the first signature says that a locked field was changed.
fn is_broken(octets: &[u8]) -> bool {
    let pki = Pki::fixed().unwrap();
    let report = judge(octets, &context(&pki, SIGNED + 60));
    let first = report.signatures.first().unwrap();
    let mut failed = first
        .checks
        .iter()
        .filter(|check| check.outcome.as_str() == "failed");
    failed.any(|check| check.id.as_str() == "modification.locked-fields")
}

#[test]
fn what_a_signature_locks_is_not_filled_in_and_all_else_is() {
    for (lock, is_sum_locked, is_place_locked) in [
        (FieldLock::All, true, true),
        (FieldLock::Include(names(&["Sum"])), true, false),
        (FieldLock::Exclude(names(&["Sum"])), false, true),
        (FieldLock::Include(names(&["Sum", "Place"])), true, true),
        (FieldLock::Exclude(names(&["Sum", "Place"])), false, false),
    ] {
        let once = locked(&form(None), "Director", lock.clone()).unwrap();
        assert_good(&once, SignatureLevel::BaselineB, 60, 1);
        assert!(has(&once, "/FieldMDP") && has(&once, "/SigFieldLock"));
        for (number, field, is_locked) in [(4, SUM, is_sum_locked), (5, PLACE, is_place_locked)] {
            let later = filled(&once, number, field);
            assert_eq!(is_broken(&later), is_locked, "{lock:?} {field}");
            if !is_locked {
                assert_good(&later, SignatureLevel::BaselineB, 60, 1);
            }
        }
    }
}

#[test]
fn what_proves_a_signature_for_years_may_follow_every_lock() {
    for lock in [FieldLock::All, FieldLock::Exclude(names(&["Place"]))] {
        let once = locked(&form(None), "Director", lock).unwrap();
        let kept = augmented(&once, BaselineLevel::Lta, SIGNED + 30).unwrap();
        assert_good(&kept, SignatureLevel::BaselineLta, 60, 1);
    }
}

#[test]
fn a_field_without_a_lock_of_its_own_gets_one_by_its_signature() {
    let waiting = "<</Type/Annot/Subtype/Widget/FT/Sig/T(Director)/P 3 0 R/F 4/Rect[0 0 0 0]>>";
    let lock = || FieldLock::Include(names(&["Sum"]));
    let document = form(Some(waiting));
    let parameters = PdfParameters {
        certification: Some(Certification::FormFilling),
        ..PdfParameters::default()
    };
    let pki = Pki::fixed().unwrap();
    let first = signed(&document, &pki.citizen_p256, der_ecdsa(), parameters, 0).unwrap();
    // What the field says stays as it is: whoever certified would see it changed.
    let second = locked(&first, "Director", lock()).unwrap();
    assert_good(&second, SignatureLevel::BaselineB, 60, 2);
    assert!(!has(&second, "/SigFieldLock"));
    let once = locked(&document, "Director", lock()).unwrap();
    assert!(is_broken(&filled(&once, 4, SUM)));
    assert!(!is_broken(&filled(&once, 5, PLACE)));
}

#[test]
fn a_lock_that_would_lock_nothing_or_something_else_is_refused() {
    let waiting = "<</Type/Annot/Subtype/Widget/FT/Sig/T(Director)/P 3 0 R/F 4/Rect[0 0 0 0]\
                   /Lock<</Type/SigFieldLock/Action/All>>>>";
    for (field, lock) in [
        ("New", FieldLock::Include(names(&["Summ"]))),
        ("New", FieldLock::Include(names(&["Sum", "Su"]))),
        ("New", FieldLock::Include(Vec::new())),
        ("Director", FieldLock::All),
    ] {
        let refused = locked(&form(Some(waiting)), field, lock).unwrap_err();
        assert_eq!(refused.code(), "unsupported.feature");
    }
}
