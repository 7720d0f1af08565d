//! How much of what lies below an appearance may hide, told by its operators.
//!
//! ISO 32000-2 table 50: an appearance without an operator that paints shows nothing; with text
//! alone the page is seen through it; what fills, strokes or shows a picture may hide all below.

use super::pages::rectangle;
use crate::pdf::{Object, Part, parts};
use std::sync::Arc;

/// More words than a field has are not compared.
const LONGEST: usize = 1 << 14;

/// What an appearance shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Grade {
    /// No operator at all.
    Blank,
    /// Operators that show nothing: `/Tx BMC EMC`.
    Empty,
    Words,
    /// What fills at most a half of it, as what is chosen of a list, or the button beside a choice.
    Marks,
    Ground,
}

/// An appearance by its operators.
#[derive(Clone, Debug)]
pub(super) struct Sketch {
    pub(super) grade: Grade,
    /// Whether glyphs are shown, be they empty ones.
    pub(super) has_glyphs: bool,
    /// The octets of what is shown as text, without white space; `None` where pictures show more.
    pub(super) words: Option<Arc<[u8]>>,
}

/// Looks through the content of an appearance; `None` where readers may see different things.
pub(super) fn sketch(content: &[u8], bounds: Option<&Object>) -> Option<Sketch> {
    let mut pen = Pen::default();
    let mut is_blank = true;
    for part in parts(content) {
        is_blank = false;
        match part {
            Part::Number(number) => pen.operands.push(number),
            Part::String(string) => pen.strings.push(string),
            Part::Other => {}
            Part::Operator(operator) => {
                if !pen.operate(operator)? {
                    break;
                }
                pen.operands.clear();
                pen.strings.clear();
            }
            Part::Unreadable => return None,
        }
    }
    let grade = match pen.painted {
        Painted::Nothing if is_blank => Grade::Blank,
        Painted::Nothing if pen.words.is_empty() => Grade::Empty,
        Painted::Nothing => Grade::Words,
        Painted::In(painted, sum) => {
            let bounds = bounds.and_then(rectangle).map_or(0.0, area);
            match area(painted).min(sum) * 2.0 <= bounds {
                true => Grade::Marks,
                false => Grade::Ground,
            }
        }
        Painted::Anything => Grade::Ground,
    };
    let is_whole = !pen.has_pictures && pen.words.len() <= LONGEST;
    Some(Sketch {
        grade,
        has_glyphs: pen.has_glyphs,
        words: is_whole.then(|| pen.words.into()),
    })
}

fn area([left, low, right, high]: [f64; 4]) -> f64 {
    (right - left) * (high - low)
}

/// Where something is painted.
#[derive(Clone, Copy, Debug, Default)]
enum Painted {
    #[default]
    Nothing,
    /// Within these bounds, and of this area together.
    In([f64; 4], f64),
    Anything,
}

/// What a reader keeps in mind while it draws.
#[derive(Debug, Default)]
struct Pen {
    operands: Vec<f64>,
    strings: Vec<Arc<[u8]>>,
    /// The bounds of the path at hand.
    path: Option<[f64; 4]>,
    painted: Painted,
    /// Table 104: how text is drawn; and as it was when the state was saved.
    mode: f64,
    saved: Vec<f64>,
    is_moved: bool,
    has_glyphs: bool,
    has_pictures: bool,
    words: Vec<u8>,
}

impl Pen {
    /// Whether more can be read; `None` for an operator that not all readers know: some read two of
    /// it, of which one paints.
    fn operate(&mut self, operator: &[u8]) -> Option<bool> {
        match operator {
            b"q" => self.saved.push(self.mode),
            b"Q" => self.mode = self.saved.pop().unwrap_or(self.mode),
            b"cm" => self.is_moved = true,
            b"m" | b"l" | b"c" | b"v" | b"y" => {
                let operands = std::mem::take(&mut self.operands);
                for point in operands.chunks(2) {
                    if let [x, y] = point {
                        self.reach(*x, *y);
                    }
                }
            }
            b"re" => {
                if let [x, y, width, height] = *self.operands.as_slice() {
                    self.reach(x, y);
                    self.reach(x + width, y + height);
                } else {
                    self.painted = Painted::Anything;
                }
            }
            b"n" => self.path = None,
            b"f" | b"F" | b"f*" => self.fill(),
            b"S" | b"s" | b"B" | b"B*" | b"b" | b"b*" => {
                self.path = None;
                self.painted = Painted::Anything;
            }
            b"sh" | b"Do" | b"BI" => {
                self.painted = Painted::Anything;
                self.has_pictures = true;
                // Behind it are octets that are no operators.
                return Some(operator != b"BI");
            }
            b"Tr" => self.mode = self.operands.last().copied().unwrap_or(0.0),
            b"Tj" | b"TJ" | b"'" | b"\"" => self.show(),
            b"h" | b"W" | b"W*" | b"w" | b"J" | b"j" | b"M" | b"d" | b"ri" | b"i" | b"gs"
            | b"BT" | b"ET" | b"Tc" | b"Tw" | b"Tz" | b"TL" | b"Tf" | b"Ts" | b"Td" | b"TD"
            | b"Tm" | b"T*" | b"CS" | b"cs" | b"SC" | b"SCN" | b"sc" | b"scn" | b"G" | b"g"
            | b"RG" | b"rg" | b"K" | b"k" | b"BMC" | b"BDC" | b"EMC" | b"MP" | b"DP" | b"BX"
            | b"EX" | b"d0" | b"d1" => {}
            _ => return None,
        }
        Some(true)
    }

    fn reach(&mut self, x: f64, y: f64) {
        let [left, low, right, high] = self.path.unwrap_or([x, y, x, y]);
        self.path = Some([left.min(x), low.min(y), right.max(x), high.max(y)]);
    }

    fn fill(&mut self) {
        let path = self.path.take();
        self.painted = match (self.painted, path) {
            (Painted::Anything, _) => Painted::Anything,
            _ if self.is_moved => Painted::Anything,
            (painted, None) => painted,
            (Painted::Nothing, Some(path)) => Painted::In(path, area(path)),
            (Painted::In(known, sum), Some(path)) => {
                let [left, low, right, high] = known;
                let all = [
                    left.min(path[0]),
                    low.min(path[1]),
                    right.max(path[2]),
                    high.max(path[3]),
                ];
                Painted::In(all, sum + area(path))
            }
        };
    }

    /// Table 104: 3 and 7 draw nothing, 1, 2, 5 and 6 draw with a line that may be of any width.
    fn show(&mut self) {
        if self.mode == 3.0 || self.mode == 7.0 {
            return;
        }
        let has_line = self.mode != 0.0 && self.mode != 4.0;
        for string in &self.strings {
            self.has_glyphs |= !string.is_empty();
            let words = string.iter().filter(|octet| !octet.is_ascii_whitespace());
            self.words.extend(words);
        }
        if has_line && self.has_glyphs {
            self.painted = Painted::Anything;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grade(content: &str) -> Option<Grade> {
        let bounds = [0, 0, 90, 20].map(Object::Integer);
        let bounds = Object::Array(bounds.to_vec());
        sketch(content.as_bytes(), Some(&bounds)).map(|sketch| sketch.grade)
    }

    #[test]
    fn contents_are_graded() {
        for (content, expected) in [
            (" % DSBlank\n", Some(Grade::Blank)),
            ("/Tx BMC EMC", Some(Grade::Empty)),
            (
                "q 0 0 90 20 re W n BT /F1 9 Tf () Tj ET Q",
                Some(Grade::Empty),
            ),
            ("BT 3 Tr (1000) Tj ET", Some(Grade::Empty)),
            ("q 3 Tr Q BT (1000) Tj ET", Some(Grade::Words)),
            (
                "/Tx BMC q BT /F1 9 Tf 2 5 Td [(10)-20<3030>] TJ ET Q EMC",
                Some(Grade::Words),
            ),
            ("0 0 90 9 re f", Some(Grade::Marks)),
            (
                "0 0 1 20 re 0 0 30 20 re f 60 0 9 20 re f",
                Some(Grade::Marks),
            ),
            ("0 0 90 20 re f", Some(Grade::Ground)),
            ("9 0 0 9 0 0 cm 0 0 9 2 re f", Some(Grade::Ground)),
            ("0 0 m 9 9 l S", Some(Grade::Ground)),
            ("BT 2 Tr 99 w (x) Tj ET", Some(Grade::Ground)),
            ("/X Do", Some(Grade::Ground)),
            ("BI /W 1 ID \u{1})EI", Some(Grade::Ground)),
            // Some readers read `re` and `f`.
            ("0 0 90 20 ref", None),
            ("0 0 90 20 re) f", None),
        ] {
            assert_eq!(grade(content), expected, "{content}");
        }
    }

    #[test]
    fn words_are_told_without_spaces() {
        let words = |content: &str| sketch(content.as_bytes(), None).and_then(|all| all.words);
        assert_eq!(
            words("BT [(1 0)-9(00)] TJ ET").as_deref(),
            Some(&b"1000"[..])
        );
        assert_eq!(words("BT (1) Tj ET /X Do"), None);
    }
}
