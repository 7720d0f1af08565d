//! Writing new XML: escaped text and attributes, no formatting of its own.
//!
//! Only what this library creates passes here; what somebody signed is never written again.

/// Builds a fragment of XML, tag by tag.
///
/// Names are given by our code, never by documents; values may be anything that XML can hold.
#[derive(Clone, Debug, Default)]
pub struct Writer {
    text: String,
    open: Vec<&'static str>,
}

impl Writer {
    /// An empty fragment.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Opens an element.
    pub fn start(&mut self, name: &'static str, attributes: &[(&str, &str)]) -> &mut Self {
        self.tag(name, attributes);
        self.text.push('>');
        self.open.push(name);
        self
    }

    /// An element without content.
    pub fn empty(&mut self, name: &'static str, attributes: &[(&str, &str)]) -> &mut Self {
        self.tag(name, attributes);
        self.text.push_str("/>");
        self
    }

    /// An element with text only.
    pub fn leaf(
        &mut self,
        name: &'static str,
        attributes: &[(&str, &str)],
        text: &str,
    ) -> &mut Self {
        self.start(name, attributes).text(text).end()
    }

    /// Character data.
    pub fn text(&mut self, text: &str) -> &mut Self {
        escape_text(text, &mut self.text);
        self
    }

    /// XML that was made elsewhere, as it is.
    pub fn raw(&mut self, xml: &str) -> &mut Self {
        self.text.push_str(xml);
        self
    }

    /// Closes the element that was opened last.
    pub fn end(&mut self) -> &mut Self {
        if let Some(name) = self.open.pop() {
            self.text.push_str("</");
            self.text.push_str(name);
            self.text.push('>');
        }
        self
    }

    /// Where the next character will stand.
    #[must_use]
    pub fn len(&self) -> usize {
        self.text.len()
    }

    /// Whether nothing was written.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// The fragment; elements still open are closed.
    #[must_use]
    pub fn finish(mut self) -> String {
        while !self.open.is_empty() {
            self.end();
        }
        self.text
    }

    fn tag(&mut self, name: &str, attributes: &[(&str, &str)]) {
        self.text.push('<');
        self.text.push_str(name);
        for (name, value) in attributes {
            self.text.push(' ');
            self.text.push_str(name);
            self.text.push_str("=\"");
            escape_attribute(value, &mut self.text);
            self.text.push('"');
        }
    }
}

/// Appends character data as Canonical XML writes it.
///
/// # Standard
/// Canonical XML 1.0 §2.3 (text nodes).
pub fn escape_text(text: &str, out: &mut String) {
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '\r' => out.push_str("&#xD;"),
            other => out.push(allowed(other)),
        }
    }
}

/// Appends an attribute value as Canonical XML writes it.
///
/// # Standard
/// Canonical XML 1.0 §2.3 (attribute nodes).
pub fn escape_attribute(value: &str, out: &mut String) {
    for character in value.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '"' => out.push_str("&quot;"),
            '\t' => out.push_str("&#x9;"),
            '\n' => out.push_str("&#xA;"),
            '\r' => out.push_str("&#xD;"),
            other => out.push(allowed(other)),
        }
    }
}

/// A character that XML 1.0 §2.2 cannot hold at all becomes U+FFFD.
fn allowed(character: char) -> char {
    match character {
        '\t' | '\n' | '\r' | '\u{20}'..='\u{FFFD}' | '\u{10000}'..='\u{10FFFF}' => character,
        _ => char::REPLACEMENT_CHARACTER,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hostile_values_stay_values() {
        let mut writer = Writer::new();
        writer
            .start("a", &[("b", "\"><x y='\r\n\t&\0")])
            .leaf("c", &[], "]]></c><d>&\r\u{FFFE}")
            .empty("e", &[]);
        let xml = writer.finish();
        let text = crate::xml::Text::new(&xml);
        let tree = crate::xml::Tree::parse(&text, &mut crate::limits::Budget::default()).unwrap();
        let a = tree.document_element();
        assert_eq!(a.attribute("b"), Some("\"><x y='\r\n\t&\u{FFFD}"));
        let children: Vec<_> = a.elements().collect();
        assert_eq!(children.len(), 2);
        assert_eq!(children[0].text(), "]]></c><d>&\r\u{FFFD}");
    }
}
