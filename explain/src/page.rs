//! A page of lines: headings, rows with a label, wrapped at a width.

use std::fmt::Write as _;

/// Whether a page has colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// Plain characters only.
    Plain,
    /// With ANSI colours.
    Colour,
}

/// How lines are laid out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layout {
    /// Labels in a column, lines wrapped at a width of at least 40.
    Columns {
        /// Columns of the terminal.
        width: usize,
    },
    /// One fact on each line, without columns, indents and colours: for a screen reader.
    Lines,
}

/// Through which door the page is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Door {
    /// The command: advice names its options.
    Command,
    /// Another program.
    Other,
}

/// How a page looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Look {
    /// Colours.
    pub style: Style,
    /// Lines.
    pub layout: Layout,
    /// Where it is read.
    pub door: Door,
}

impl Default for Look {
    fn default() -> Self {
        Self {
            style: Style::Plain,
            layout: Layout::Columns { width: 100 },
            door: Door::Other,
        }
    }
}

/// The narrowest page.
const NARROWEST: usize = 40;
/// Below this width a label does not get a column of its own.
const NARROW: usize = 60;

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mood {
    Good,
    Bad,
    Open,
}

/// A page in the making.
pub(crate) struct Page {
    look: Look,
    /// Columns of the labels of facts.
    column: usize,
    out: String,
}

impl Page {
    /// A page whose labels are at most `column` wide.
    pub(crate) fn new(look: Look, column: usize) -> Self {
        Self {
            look,
            column,
            out: String::new(),
        }
    }

    pub(crate) fn finish(self) -> String {
        self.out
    }

    pub(crate) fn is_for_the_command(&self) -> bool {
        self.look.door == Door::Command
    }

    pub(crate) fn gap(&mut self) {
        self.out.push('\n');
    }

    /// A verdict, and what it is about.
    pub(crate) fn headline(&mut self, mood: Mood, verdict: &str, about: &str) {
        let lines = match self.width() {
            Some(width) if columns(verdict) + 2 + columns(about) > width => {
                let mut lines = wrap(verdict, width, width);
                let rest = width.saturating_sub(2);
                lines.extend(
                    wrap(about, rest, rest)
                        .into_iter()
                        .map(|line| format!("  {line}")),
                );
                lines
            }
            _ => vec![format!("{verdict}  {about}")],
        };
        // Only the verdict is painted: the name is somebody else's word.
        let mut left = verdict.chars().filter(|one| *one != ' ').count();
        for line in lines {
            let own: String = line
                .chars()
                .take_while(|one| {
                    let is_own = left > 0;
                    left -= usize::from(is_own && *one != ' ');
                    is_own
                })
                .collect();
            let rest = line.strip_prefix(&own).unwrap_or_default();
            let painted = self.paint(mood, &own);
            let _ = writeln!(self.out, "{painted}{rest}");
        }
    }

    pub(crate) fn heading(&mut self, indent: usize, text: &str) {
        self.prose(indent, text);
    }

    /// A line of its own, wrapped.
    pub(crate) fn prose(&mut self, indent: usize, text: &str) {
        self.lines(indent, text, None);
    }

    /// A line of its own, wrapped and painted.
    pub(crate) fn painted_prose(&mut self, indent: usize, text: &str, mood: Mood) {
        self.lines(indent, text, Some(mood));
    }

    fn lines(&mut self, indent: usize, text: &str, mood: Option<Mood>) {
        let (indent, lines) = match self.width() {
            None => (0, vec![text.to_owned()]),
            Some(width) => {
                let room = width.saturating_sub(indent).max(20);
                (indent, wrap(text, room, room))
            }
        };
        for line in lines {
            let line = mood.map_or(line.clone(), |mood| self.paint(mood, &line));
            let _ = writeln!(self.out, "{:indent$}{line}", "");
        }
    }

    /// A label and its value.
    pub(crate) fn row(&mut self, indent: usize, label: &str, value: &str) {
        self.painted_row(indent, label, value, None, self.column);
    }

    /// A label and a value, painted.
    pub(crate) fn verdict_row(&mut self, indent: usize, label: &str, value: &str, mood: Mood) {
        self.painted_row(
            indent,
            label,
            value,
            Some((mood, Paint::Value)),
            self.column,
        );
    }

    /// A painted label and its value.
    pub(crate) fn outcome_row(&mut self, indent: usize, label: &str, value: &str, mood: Mood) {
        self.painted_row(
            indent,
            label,
            value,
            Some((mood, Paint::Label)),
            self.column,
        );
    }

    /// A label in a narrower column, for technical values.
    pub(crate) fn technical_row(&mut self, indent: usize, label: &str, value: &str, column: usize) {
        self.painted_row(indent, label, value, None, column);
    }

    fn painted_row(
        &mut self,
        indent: usize,
        label: &str,
        value: &str,
        paint: Option<(Mood, Paint)>,
        column: usize,
    ) {
        let Some(width) = self.width() else {
            let _ = writeln!(self.out, "{label}: {value}");
            return;
        };
        let is_narrow = width < NARROW;
        let (hang, first) = if is_narrow {
            (indent + 2, indent + columns(label) + 2)
        } else {
            let value = indent + column.max(columns(label)) + 2;
            (indent + column + 2, value)
        };
        let room = width.saturating_sub(hang).max(16);
        let lines = wrap(value, width.saturating_sub(first).max(1), room);
        let shown_label = match paint {
            Some((mood, Paint::Label)) => self.paint(mood, label),
            _ => label.to_owned(),
        };
        let gap = if is_narrow {
            ": ".to_owned()
        } else {
            " ".repeat(column.saturating_sub(columns(label)) + 2)
        };
        let mut lead = format!("{:indent$}{shown_label}{gap}", "");
        for line in lines {
            let line = match paint {
                Some((mood, Paint::Value)) => self.paint(mood, &line),
                _ => line,
            };
            let text = format!("{lead}{line}");
            let _ = writeln!(self.out, "{}", text.trim_end());
            lead = " ".repeat(hang);
        }
    }

    fn width(&self) -> Option<usize> {
        match self.look.layout {
            Layout::Columns { width } => Some(width.max(NARROWEST)),
            Layout::Lines => None,
        }
    }

    fn paint(&self, mood: Mood, text: &str) -> String {
        let is_plain = self.look.style == Style::Plain || self.look.layout == Layout::Lines;
        if is_plain || text.is_empty() {
            return text.to_owned();
        }
        let code = match mood {
            Mood::Good => "1;32",
            Mood::Bad => "1;31",
            Mood::Open => "1;33",
        };
        format!("\u{1b}[{code}m{text}\u{1b}[0m")
    }
}

#[derive(Clone, Copy)]
enum Paint {
    Label,
    Value,
}

/// How many columns of a terminal a text takes.
pub(crate) fn columns(text: &str) -> usize {
    match text.is_ascii() {
        true => text.len(),
        false => text.chars().map(width_of).sum(),
    }
}

fn width_of(character: char) -> usize {
    match character {
        // Combining marks.
        '\u{0300}'..='\u{036F}' => 0,
        // East Asian wide characters.
        '\u{1100}'..='\u{115F}' | '\u{2E80}'..='\u{303E}' | '\u{3041}'..='\u{A4CF}' => 2,
        '\u{AC00}'..='\u{D7A3}' | '\u{F900}'..='\u{FAFF}' | '\u{FE30}'..='\u{FE6F}' => 2,
        '\u{FF00}'..='\u{FF60}' | '\u{FFE0}'..='\u{FFE6}' => 2,
        '\u{1F300}'..='\u{1FAFF}' | '\u{20000}'..='\u{3FFFD}' => 2,
        _ => 1,
    }
}

/// Breaks a text at its spaces; a word that is longer than a line is broken anywhere.
fn wrap(text: &str, first: usize, rest: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let (mut line, mut used, mut room) = (String::new(), 0, first);
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        let width = columns(word);
        if used > 0 && used + 1 + width <= room {
            line.push(' ');
            line.push_str(word);
            used += 1 + width;
            continue;
        }
        if used > 0 || (width > room && room < rest) {
            lines.push(std::mem::take(&mut line));
            (used, room) = (0, rest);
        }
        for character in word.chars() {
            let width = width_of(character);
            if used + width > room && used > 0 {
                lines.push(std::mem::take(&mut line));
                (used, room) = (0, rest);
            }
            line.push(character);
            used += width;
        }
    }
    lines.push(line);
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_break_at_spaces_and_long_words_anywhere() {
        assert_eq!(wrap("one two three", 7, 7), ["one two", "three"]);
        assert_eq!(wrap("abcdefghij", 4, 4), ["abcd", "efgh", "ij"]);
        assert_eq!(wrap("", 4, 4), [""]);
        assert_eq!(wrap("a abcdef", 4, 6), ["a", "abcdef"]);
        assert_eq!(wrap("中村中村", 4, 4), ["中村", "中村"]);
    }

    #[test]
    fn no_line_is_wider_than_the_page() {
        for width in [0, 40, 59, 60, 80, 200] {
            let layout = Layout::Columns { width };
            let look = Look {
                layout,
                ..Look::default()
            };
            let mut page = Page::new(look, 14);
            page.headline(Mood::Good, &"verdict ".repeat(12), &"x".repeat(150));
            page.row(4, "label", &"value ".repeat(40));
            page.outcome_row(
                4,
                "a label wider than its column",
                &"v".repeat(300),
                Mood::Bad,
            );
            page.prose(2, &"word ".repeat(50));
            for line in page.finish().lines() {
                assert!(columns(line) <= width.max(NARROWEST), "{width}: {line}");
            }
        }
    }

    #[test]
    fn lines_for_a_screen_reader_have_no_layout() {
        let look = Look {
            style: Style::Colour,
            layout: Layout::Lines,
            door: Door::Command,
        };
        let mut page = Page::new(look, 14);
        page.headline(Mood::Bad, "not valid", "a.txt");
        page.row(4, "label", &"value ".repeat(40));
        let text = page.finish();
        assert_eq!(text.lines().count(), 2);
        assert!(text.starts_with("not valid  a.txt\nlabel: value"), "{text}");
        assert!(!text.contains('\u{1b}'));
    }

    #[test]
    fn only_the_verdict_is_painted() {
        for width in [40, 100] {
            let look = Look {
                style: Style::Colour,
                layout: Layout::Columns { width },
                door: Door::Other,
            };
            let mut page = Page::new(look, 14);
            page.headline(
                Mood::Good,
                "all of it is valid",
                "a long name of a document",
            );
            let text = page.finish();
            assert!(
                text.starts_with("\u{1b}[1;32mall of it is valid\u{1b}[0m"),
                "{text}"
            );
            assert!(text.ends_with("  a long name of a document\n"), "{text}");
        }
    }
}
