//! Drawing: marks above, bars below, what the marks mean under them.

use super::facts::{Bar, BarKind, Facts, Mark, MarkKind};
use super::scale::Scale;
use crate::markup::Markup;
use crate::phrase::PagePhrase;
use crate::words::Words;
use imza::time::UnixTime;

/// Width of a picture, and where its axis begins and how long it is.
const WIDTH: i64 = 960;
const AXIS: i64 = 372;
const LENGTH: i64 = 568;
/// Heights of a lane of marks, a bar, a line of meaning.
const LANE: i64 = 28;
const ROW: i64 = 44;
const MEANING: i64 = 28;
const GAP: i64 = 16;
const TITLE: i64 = 40;
/// Marks that are nearer than this stand in different lanes.
const NEAR: i64 = 26;
/// Characters of a label that fit before the axis.
const LABEL: usize = 40;

/// How the parts look; colours are the page's, or those of [`COLOURS`].
pub(crate) const STYLE: &str = "
.t-name{font:600 15px system-ui,sans-serif;fill:var(--ink)}
.t-note{font:13px system-ui,sans-serif;fill:var(--soft)}
.t-title{font:600 16px system-ui,sans-serif;fill:var(--ink)}
.t-track{stroke:var(--line);stroke-width:1}
.t-certificate{fill:var(--accent)}
.t-authority{fill:var(--second)}
.t-revocation{fill:var(--third)}
.t-algorithm{fill:var(--fourth)}
.t-number{font:700 12px system-ui,sans-serif;fill:var(--card);text-anchor:middle}
.t-line{stroke-width:1.5;stroke-dasharray:4 3}
.t-claimed{fill:var(--soft);stroke:var(--soft)}
.t-proven{fill:var(--good);stroke:var(--good)}
.t-unproven{fill:var(--bad);stroke:var(--bad)}
.t-judged{fill:var(--ink);stroke:var(--ink)}
.t-ends{fill:var(--open);stroke:var(--open)}
";

const COLOURS: &str = "
svg{color-scheme:light dark;--card:#fff;--ink:#17211f;--soft:#55625f;--line:#d5d9d4;--accent:#0b6b60;--second:#3b5ba9;--third:#7b4aa0;--fourth:#8a5a00;--good:#0f6b3a;--bad:#a3201d;--open:#7a4d00}
@media (prefers-color-scheme:dark){svg{--card:#1a2220;--ink:#eaf0ed;--soft:#a5b3ae;--line:#34403c;--accent:#5fd0bf;--second:#8fb0ff;--third:#cfa3ee;--fourth:#f0b95a;--good:#7fdca1;--bad:#ff9d96;--open:#f3c46b}}
.t-paper{fill:var(--card)}
";

/// One or several timelines.
pub(super) struct Picture;

impl Picture {
    /// A file of its own.
    pub(super) fn file(pictures: &[(String, Facts)], words: &Words) -> Markup {
        let heights: Vec<i64> = pictures
            .iter()
            .map(|(_, facts)| TITLE + height(facts) + GAP)
            .collect();
        let total = heights.iter().sum::<i64>() + GAP + MEANING;
        let mut out = Markup::default();
        let (width, total_text) = (WIDTH.to_string(), total.to_string());
        let view = format!("0 0 {WIDTH} {total}");
        let title = words.page(PagePhrase::HeadingTimeline);
        out.start(
            "svg",
            &[
                ("xmlns", "http://www.w3.org/2000/svg"),
                ("viewBox", &view),
                ("width", &width),
                ("height", &total_text),
                ("role", "img"),
                ("aria-labelledby", "t-title t-description"),
                ("lang", words.language().as_str()),
            ],
        );
        out.element("title", &[("id", "t-title")], &title);
        let all = pictures
            .iter()
            .map(|(title, facts)| described(title, facts));
        let all = all.collect::<Vec<_>>().join(" ");
        out.element("desc", &[("id", "t-description")], &all);
        out.start("style", &[]);
        out.own(COLOURS);
        out.own(STYLE);
        out.end();
        out.empty(
            "rect",
            &[
                ("class", "t-paper"),
                ("width", &width),
                ("height", &total_text),
            ],
        );
        let mut top = GAP;
        for ((title, facts), height) in pictures.iter().zip(heights) {
            let (x, y) = (GAP.to_string(), (top + 18).to_string());
            out.element("text", &[("class", "t-title"), ("x", &x), ("y", &y)], title);
            draw(&mut out, facts, top + TITLE);
            top += height;
        }
        note(&mut out, top + 4, words);
        out
    }

    /// In a page that has the style and the colours.
    pub(super) fn inside(index: u64, title: &str, facts: &Facts, words: &Words) -> Markup {
        let total = height(facts) + MEANING;
        let mut out = Markup::default();
        // The page has margins of its own.
        let view = format!("{GAP} 0 {} {total}", WIDTH - GAP);
        let (title_id, description_id) = (format!("t-{index}"), format!("t-{index}-description"));
        let labelled = format!("{title_id} {description_id}");
        out.start(
            "svg",
            &[
                ("viewBox", &view),
                ("role", "img"),
                ("aria-labelledby", &labelled),
            ],
        );
        out.element("title", &[("id", &title_id)], title);
        let description = described("", facts);
        out.element("desc", &[("id", &description_id)], &description);
        draw(&mut out, facts, 0);
        note(&mut out, height(facts), words);
        out
    }
}

/// The same in sentences, for whoever does not see the picture.
fn described(title: &str, facts: &Facts) -> String {
    let marks = facts.marks.iter().map(|mark| mark.words.clone());
    let bars = facts.bars.iter();
    let bars = bars.map(|bar| format!("{}, {}", bar.label, bar.note));
    let mut all = vec![title.to_owned()];
    all.extend(marks.chain(bars));
    all.retain(|one| !one.is_empty());
    all.join(". ")
}

fn count(number: usize) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

fn height(facts: &Facts) -> i64 {
    let lanes = lanes(&facts.marks, &scale(facts));
    let deepest = lanes.iter().copied().max().map_or(0, |lane| lane + 1);
    deepest * LANE + count(facts.bars.len()) * ROW + GAP + count(facts.marks.len()) * MEANING
}

fn scale(facts: &Facts) -> Scale {
    let marks = facts.marks.iter().map(|mark| mark.time);
    let bars = facts.bars.iter().flat_map(|bar| [bar.from, bar.until]);
    let instants: Vec<UnixTime> = marks.chain(bars.flatten()).collect();
    Scale::new(instants, AXIS, LENGTH)
}

/// The lane of each mark: neighbours do not stand on each other.
fn lanes(marks: &[Mark], scale: &Scale) -> Vec<i64> {
    let mut placed: Vec<(i64, i64)> = Vec::new();
    for mark in marks {
        let place = scale.place(mark.time);
        let is_free = |lane: i64| {
            let mut others = placed.iter();
            !others.any(|(other, at)| *at == lane && (other - place).abs() < NEAR)
        };
        let lane = (0..).find(|lane| is_free(*lane)).unwrap_or(0);
        placed.push((place, lane));
    }
    placed.into_iter().map(|(_, lane)| lane).collect()
}

fn draw(out: &mut Markup, facts: &Facts, top: i64) {
    let scale = scale(facts);
    let lanes = lanes(&facts.marks, &scale);
    let deepest = lanes.iter().copied().max().map_or(0, |lane| lane + 1);
    let first = top + deepest * LANE;
    for (index, bar) in facts.bars.iter().enumerate() {
        draw_bar(out, bar, &scale, first + count(index) * ROW);
    }
    let bottom = first + count(facts.bars.len()) * ROW;
    for ((index, mark), lane) in facts.marks.iter().enumerate().zip(&lanes) {
        let (x, y) = (scale.place(mark.time), top + lane * LANE + 13);
        let class = format!("t-line {}", mark_class(mark.kind));
        line(out, &class, (x, y), (x, bottom));
        numbered(out, mark, index, x, y);
    }
    for (index, mark) in facts.marks.iter().enumerate() {
        let y = bottom + GAP + count(index) * MEANING + 10;
        numbered(out, mark, index, GAP + 11, y);
        let (x, base) = ((GAP + 32).to_string(), (y + 4).to_string());
        let place: [(&'static str, &str); 3] = [("class", "t-note"), ("x", &x), ("y", &base)];
        out.element("text", &place, &mark.words);
    }
}

fn draw_bar(out: &mut Markup, bar: &Bar, scale: &Scale, top: i64) {
    let middle = top + ROW / 2;
    let text = |out: &mut Markup, class, y: i64, text: &str| {
        let (x, y) = (GAP.to_string(), y.to_string());
        out.element("text", &[("class", class), ("x", &x), ("y", &y)], text);
    };
    text(out, "t-name", middle - 3, &shortened(&bar.label));
    text(out, "t-note", middle + 14, &bar.note);
    line(out, "t-track", (AXIS, middle), (AXIS + LENGTH, middle));
    let from = bar.from.map_or(AXIS, |time| scale.place(time));
    let until = match (bar.from, bar.until) {
        (_, Some(time)) => scale.place(time),
        // What was known at one instant and is not said to end.
        (Some(_), None) if bar.kind == BarKind::Revocation => from,
        _ => AXIS + LENGTH,
    };
    let width = (until - from).max(8);
    let (x, y) = (from.to_string(), (middle - 6).to_string());
    let class = match bar.kind {
        BarKind::Certificate => "t-certificate",
        BarKind::Authority => "t-authority",
        BarKind::Revocation => "t-revocation",
        BarKind::Algorithm => "t-algorithm",
    };
    out.empty(
        "rect",
        &[
            ("class", class),
            ("x", &x),
            ("y", &y),
            ("width", &width.to_string()),
            ("height", "12"),
            ("rx", "4"),
        ],
    );
}

fn line(out: &mut Markup, class: &str, from: (i64, i64), to: (i64, i64)) {
    out.empty(
        "line",
        &[
            ("class", class),
            ("x1", &from.0.to_string()),
            ("y1", &from.1.to_string()),
            ("x2", &to.0.to_string()),
            ("y2", &to.1.to_string()),
        ],
    );
}

fn numbered(out: &mut Markup, mark: &Mark, index: usize, x: i64, y: i64) {
    let (across, down) = (x.to_string(), y.to_string());
    out.empty(
        "circle",
        &[
            ("class", mark_class(mark.kind)),
            ("cx", &across),
            ("cy", &down),
            ("r", "11"),
        ],
    );
    let base = (y + 4).to_string();
    let number = (index + 1).to_string();
    let place: [(&'static str, &str); 3] = [("class", "t-number"), ("x", &across), ("y", &base)];
    out.element("text", &place, &number);
}

fn mark_class(kind: MarkKind) -> &'static str {
    match kind {
        MarkKind::Claimed => "t-claimed",
        MarkKind::Proven => "t-proven",
        MarkKind::Unproven => "t-unproven",
        MarkKind::Judged => "t-judged",
        MarkKind::Ends => "t-ends",
    }
}

/// A label that ends before the axis.
fn shortened(label: &str) -> String {
    if label.chars().count() <= LABEL {
        return label.to_owned();
    }
    let mut short: String = label.chars().take(LABEL - 1).collect();
    short.push('…');
    short
}

fn note(out: &mut Markup, top: i64, words: &Words) {
    let (x, y) = (GAP.to_string(), (top + 14).to_string());
    let note = words.page(PagePhrase::TimelineNote);
    out.element("text", &[("class", "t-note"), ("x", &x), ("y", &y)], &note);
}
