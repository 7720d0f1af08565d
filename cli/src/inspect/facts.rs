//! Facts in their order: once as a page, once as JSON with the same names.

use crate::voice;
use imza_explain::sink::terminal;
use std::fmt::Write as _;

/// A list of named facts.
#[derive(Clone, Debug, Default)]
pub(crate) struct Facts {
    rows: Vec<Row>,
}

#[derive(Clone, Debug)]
struct Row {
    /// Member of the JSON: stable. The page has its label in words.
    member: &'static str,
    fact: Fact,
}

/// One fact.
#[derive(Clone, Debug)]
pub(crate) enum Fact {
    /// Not said: `null` in JSON, no row on the page.
    Absent,
    Text(String),
    Number(u64),
    Flag(bool),
    Texts(Vec<String>),
    Group(Facts),
    Groups(Vec<Facts>),
}

impl From<String> for Fact {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<&str> for Fact {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<u64> for Fact {
    fn from(number: u64) -> Self {
        Self::Number(number)
    }
}

impl From<bool> for Fact {
    fn from(flag: bool) -> Self {
        Self::Flag(flag)
    }
}

impl From<Vec<String>> for Fact {
    fn from(texts: Vec<String>) -> Self {
        Self::Texts(texts)
    }
}

impl From<Facts> for Fact {
    fn from(facts: Facts) -> Self {
        Self::Group(facts)
    }
}

impl From<Vec<Facts>> for Fact {
    fn from(groups: Vec<Facts>) -> Self {
        Self::Groups(groups)
    }
}

impl<T: Into<Fact>> From<Option<T>> for Fact {
    fn from(fact: Option<T>) -> Self {
        fact.map_or(Self::Absent, Into::into)
    }
}

impl Facts {
    /// Adds a fact by the member of the JSON.
    pub(crate) fn add(&mut self, member: &'static str, fact: impl Into<Fact>) -> &mut Self {
        let fact = fact.into();
        self.rows.push(Row { member, fact });
        self
    }

    /// One object of JSON, in the order of the facts. What a terminal would obey is escaped.
    pub(crate) fn json(&self) -> String {
        let mut out = String::from("{");
        for (index, row) in self.rows.iter().enumerate() {
            if index > 0 {
                out.push(',');
            }
            let _ = write!(out, "\"{}\":", row.member);
            row.fact.json(&mut out);
        }
        out.push('}');
        out
    }

    /// The page: labels in a column, or one fact on each line for a screen reader.
    pub(crate) fn page(&self, is_plain: bool) -> String {
        let mut out = String::new();
        if is_plain {
            self.plain_lines(&mut out);
        } else {
            self.lines(0, self.column(), &mut out);
        }
        out
    }

    fn plain_lines(&self, out: &mut String) {
        for row in &self.rows {
            let label = voice::words().fact(row.member);
            let mut line = |text: &str| {
                let _ = writeln!(out, "{label}: {text}");
            };
            match &row.fact {
                Fact::Absent | Fact::Flag(false) => {}
                Fact::Flag(true) => line(&voice::words().fact("yes")),
                Fact::Text(text) => line(&terminal(text)),
                Fact::Number(number) => line(&number.to_string()),
                Fact::Texts(texts) => texts.iter().for_each(|text| line(&terminal(text))),
                Fact::Group(facts) => {
                    let _ = writeln!(out, "{label}:");
                    facts.plain_lines(out);
                }
                Fact::Groups(groups) => {
                    for (index, facts) in groups.iter().enumerate() {
                        let _ = writeln!(out, "{label} {}:", index + 1);
                        facts.plain_lines(out);
                    }
                }
            }
        }
    }

    /// How wide the widest label is, with those of groups.
    fn column(&self) -> usize {
        let widths = self.rows.iter().map(|row| match &row.fact {
            Fact::Absent | Fact::Flag(false) => 0,
            Fact::Group(facts) => facts.column() + 2,
            Fact::Groups(groups) => groups.iter().map(Self::column).max().unwrap_or(0) + 2,
            _ => voice::words().fact(row.member).chars().count(),
        });
        widths.max().unwrap_or(0)
    }

    fn lines(&self, indent: usize, whole: usize, out: &mut String) {
        for row in &self.rows {
            let label = &*voice::words().fact(row.member);
            let column = whole.saturating_sub(indent);
            let mut line = |label: &str, text: &str| {
                let _ = writeln!(out, "{:indent$}{label:<column$}  {text}", "");
            };
            match &row.fact {
                Fact::Absent | Fact::Flag(false) => {}
                Fact::Flag(true) => line(label, &voice::words().fact("yes")),
                Fact::Text(text) => line(label, &terminal(text)),
                Fact::Number(number) => line(label, &number.to_string()),
                Fact::Texts(texts) => {
                    for (index, text) in texts.iter().enumerate() {
                        line(if index == 0 { label } else { "" }, &terminal(text));
                    }
                }
                Fact::Group(facts) => {
                    let _ = writeln!(out, "{:indent$}{label}", "");
                    facts.lines(indent + 2, whole, out);
                }
                Fact::Groups(groups) => {
                    for (index, facts) in groups.iter().enumerate() {
                        let _ = writeln!(out, "{:indent$}{label} {}", "", index + 1);
                        facts.lines(indent + 2, whole, out);
                    }
                }
            }
        }
    }
}

impl Fact {
    fn json(&self, out: &mut String) {
        match self {
            Self::Absent => out.push_str("null"),
            Self::Text(text) => quote(text, out),
            Self::Number(number) => {
                let _ = write!(out, "{number}");
            }
            Self::Flag(flag) => {
                let _ = write!(out, "{flag}");
            }
            Self::Texts(texts) => list(texts, out, |text, out| quote(text, out)),
            Self::Group(facts) => out.push_str(&facts.json()),
            Self::Groups(groups) => list(groups, out, |facts, out| out.push_str(&facts.json())),
        }
    }
}

fn list<T>(items: &[T], out: &mut String, write: impl Fn(&T, &mut String)) {
    out.push('[');
    for (index, item) in items.iter().enumerate() {
        if index > 0 {
            out.push(',');
        }
        write(item, out);
    }
    out.push(']');
}

fn quote(text: &str, out: &mut String) {
    out.push('"');
    for character in text.chars() {
        let mut octets = [0; 4];
        let shown = &*character.encode_utf8(&mut octets);
        if character == '"' || character == '\\' {
            out.push('\\');
            out.push(character);
        } else if terminal(shown) == shown {
            out.push(character);
        } else {
            for unit in character.encode_utf16(&mut [0; 2]) {
                let _ = write!(out, "\\u{unit:04x}");
            }
        }
    }
    out.push('"');
}

/// Octets in hexadecimal.
pub(crate) fn hex(octets: &[u8]) -> String {
    octets.iter().map(|octet| format!("{octet:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::Facts;

    #[test]
    fn page_and_json_hold_the_same_and_nothing_harmful() {
        let mut inner = Facts::default();
        inner.add("number", 7);
        let mut facts = Facts::default();
        facts
            .add("name", "a\u{1b}[2J\u{202e}\"\\ə\u{e0001}")
            .add("absent", None::<String>)
            .add("no", false)
            .add("yes", true)
            .add("texts", vec!["x".to_owned(), "y".to_owned()])
            .add("groups", vec![inner]);
        let plain = facts.page(true);
        assert!(plain.contains("texts: x\ntexts: y\n"), "{plain}");
        assert!(!plain.contains(['\u{1b}', '\u{202e}']), "{plain}");
        let page = facts.page(false);
        assert!(!page.contains(['\u{1b}', '\u{202e}']), "{page}");
        assert!(!page.contains("absent") && !page.contains("no "), "{page}");
        let json = facts.json();
        assert!(
            !json.contains(['\u{1b}', '\u{202e}', '\u{e0001}']),
            "{json}"
        );
        let value: serde_json::Value = serde_json::from_str(&json).unwrap();
        assert_eq!(value["name"], "a\u{1b}[2J\u{202e}\"\\ə\u{e0001}");
        assert_eq!(value["absent"], serde_json::Value::Null);
        assert_eq!(value["groups"][0]["number"], 7);
        assert!(json.starts_with("{\"name\":"), "{json}");
    }
}
