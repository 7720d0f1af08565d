//! Elements, attributes and text of HTML, SVG and XML, one after the other.
//!
//! There is no way to put text here that does not pass the sink: whatever a document says stays text.

use crate::sink::html;

/// Markup in the making.
#[derive(Default)]
pub(crate) struct Markup {
    out: String,
    open: Vec<&'static str>,
}

/// Attributes of an element: names are ours, values may be anybody's.
pub(crate) type Attributes<'a> = &'a [(&'static str, &'a str)];

impl Markup {
    /// Markup that begins with what was written by us.
    pub(crate) fn beginning(with: &'static str) -> Self {
        Self {
            out: with.to_owned(),
            open: Vec::new(),
        }
    }

    /// Begins an element.
    pub(crate) fn start(&mut self, name: &'static str, attributes: Attributes<'_>) {
        self.tag(name, attributes);
        self.out.push('>');
        self.open.push(name);
    }

    /// Ends the element that was begun last.
    pub(crate) fn end(&mut self) {
        if let Some(name) = self.open.pop() {
            self.out.push_str("</");
            self.out.push_str(name);
            self.out.push('>');
        }
    }

    /// An element with nothing inside.
    pub(crate) fn empty(&mut self, name: &'static str, attributes: Attributes<'_>) {
        self.tag(name, attributes);
        self.out.push_str("/>");
    }

    /// An element with text inside.
    pub(crate) fn element(&mut self, name: &'static str, attributes: Attributes<'_>, text: &str) {
        self.start(name, attributes);
        self.text(text);
        self.end();
    }

    /// Text.
    pub(crate) fn text(&mut self, text: &str) {
        self.out.push_str(&html(text));
    }

    /// What was written by us, as it stands.
    pub(crate) fn own(&mut self, markup: &'static str) {
        self.out.push_str(markup);
    }

    /// Other markup in this one.
    pub(crate) fn join(&mut self, other: Self) {
        self.out.push_str(&other.finish());
    }

    /// A line end between elements where it means nothing.
    pub(crate) fn line(&mut self) {
        self.out.push('\n');
    }

    /// Everything, with what is open ended.
    pub(crate) fn finish(mut self) -> String {
        while !self.open.is_empty() {
            self.end();
        }
        self.out
    }

    fn tag(&mut self, name: &'static str, attributes: Attributes<'_>) {
        self.out.push('<');
        self.out.push_str(name);
        for (name, value) in attributes {
            self.out.push(' ');
            self.out.push_str(name);
            self.out.push_str("=\"");
            self.out.push_str(&html(value));
            self.out.push('"');
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_and_values_never_become_markup() {
        let mut markup = Markup::default();
        markup.start("p", &[("title", "\"><script>")]);
        markup.text("</p>\u{202e}&");
        markup.empty("br", &[]);
        let text = markup.finish();
        assert_eq!(
            text,
            "<p title=\"&quot;&gt;&lt;script&gt;\">&lt;/p&gt;\\u{202e}&amp;<br/></p>"
        );
    }
}
