//! What only PAdES can have wrong.

use crate::row::{Expected, Row, not_passed, passed, row};
use crate::scene::{Packaging, Scene};
use imza::vocabulary::{CheckId, SubIndication};
use imza_test_vectors::pdf::Flaw;

use CheckId::{
    FormatByteRange, FormatSignerInformationStore, ModificationContent, ReferenceIntact,
};
use SubIndication::{FormatFailure, HashFailure};

fn pdf(name: &'static str, expected: Expected, set: fn(&mut Scene)) -> Row {
    row(name, expected, set).only(Packaging::Pades)
}

pub(crate) fn rows() -> Vec<Row> {
    let range = not_passed(FormatFailure, FormatByteRange);
    vec![
        pdf("PDF: the gap is too wide", range, |scene| {
            scene.pdf_flaw = Flaw::GapTooWide
        }),
        pdf(
            "PDF: the range is too short by its line end",
            passed(FormatByteRange),
            |scene| scene.pdf_flaw = Flaw::RangeWithoutLineEnd,
        ),
        pdf("PDF: the range starts late", range, |scene| {
            scene.pdf_flaw = Flaw::RangeStartsLate
        }),
        pdf("PDF: a range of three numbers", range.unknown(), |scene| {
            scene.pdf_flaw = Flaw::RangeOfThree;
        }),
        pdf("PDF: octets behind the message", range, |scene| {
            scene.pdf_flaw = Flaw::Padding
        }),
        pdf(
            "PDF: the content is in the message too",
            not_passed(FormatFailure, FormatSignerInformationStore),
            |scene| {
                scene.pdf_flaw = Flaw::EmbeddedContent;
            },
        ),
        pdf(
            "PDF: an octet was changed",
            not_passed(HashFailure, ReferenceIntact).broken(),
            |scene| scene.pdf_flaw = Flaw::ChangedOctet,
        ),
        pdf(
            "PDF: a later revision changes the page",
            not_passed(FormatFailure, ModificationContent),
            |scene| scene.edit_pdf = |pdf| pdf.edit("Another text"),
        ),
    ]
}
