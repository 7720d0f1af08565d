//! A picture of the times that a verdict rests on, as SVG.
//!
//! From above: numbered marks for instants (what the signer claims, what time-stamps prove, when it
//! was judged, until when it passes), and below them a bar for everything that holds for a while:
//! certificates, revocation data, algorithms. Years lie beside seconds, so the axis keeps the order
//! of times and only part of their distances, and says so.

mod draw;
mod facts;
mod scale;

use crate::markup::Markup;
use crate::phrase::PagePhrase;
use crate::words::{Value, Words};
use imza::report::Report;

pub(crate) use draw::STYLE;

use draw::Picture;
use facts::Facts;

/// Signatures that a picture shows; a document with more is no picture.
const SIGNATURES: usize = 8;

/// The timeline of every signature of a report as one SVG file; of its time-stamps, where it has no
/// signature.
#[must_use]
pub fn svg(report: &Report, words: &Words) -> String {
    let mut pictures = Vec::new();
    for (index, signature) in (1_u64..).zip(&report.signatures).take(SIGNATURES) {
        let title = title(index, words);
        pictures.push((title, Facts::of_signature(signature, report, words)));
    }
    if pictures.is_empty() {
        let title = words.page(PagePhrase::HeadingTimeline);
        pictures.push((title, Facts::of_timestamps(report, words)));
    }
    Picture::file(&pictures, words).finish()
}

/// The timeline of one signature, to stand in a page.
pub(crate) fn of_signature(report: &Report, index: usize, words: &Words) -> Markup {
    let number = u64::try_from(index).unwrap_or(u64::MAX).saturating_add(1);
    let title = title(number, words);
    let facts = match report.signatures.get(index) {
        Some(signature) => Facts::of_signature(signature, report, words),
        None => Facts::of_timestamps(report, words),
    };
    Picture::inside(number, &title, &facts, words)
}

fn title(index: u64, words: &Words) -> String {
    let values = [("index", Value::Number(index))];
    words.page_with(PagePhrase::TimelineTitle, &values)
}
