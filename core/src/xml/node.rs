//! Nodes of a tree: a small handle that reads the document where the node stands.

use super::{CDATA, Record, Tree, count, lex, place};
use crate::error::{Malformed, MalformedKind};
use std::ops::Range;

/// Names a node of one tree; nodes are numbered in document order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeId(pub(super) u32);

impl NodeId {
    pub(super) fn index(self) -> usize {
        place(self.0)
    }
}

/// What kind of node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Document,
    Element,
    Text,
    Comment,
    Instruction,
}

/// A node of a tree.
#[derive(Clone, Copy)]
pub struct Node<'t> {
    pub(super) tree: &'t Tree<'t>,
    id: NodeId,
}

/// An attribute that declares no namespace.
#[derive(Clone, Copy)]
pub struct Attribute<'t> {
    /// Prefix as written; empty where there is none.
    pub prefix: &'t str,
    /// Local name.
    pub name: &'t str,
    /// Namespace; empty where there is none.
    pub namespace: &'t str,
    /// Normalised value.
    pub value: &'t str,
}

impl<'t> Node<'t> {
    pub(super) fn new(tree: &'t Tree<'t>, id: NodeId) -> Self {
        Self { tree, id }
    }

    fn wrap(self, number: u32) -> Self {
        Self::new(self.tree, NodeId(number))
    }

    fn record(self) -> Record {
        // A handle is only made for a record that is there.
        let nothing = Record {
            start: 0,
            end: 0,
            parent: 0,
            next: 0,
            namespace: 0,
        };
        let found = self.tree.records.get(self.id.index());
        found.copied().unwrap_or(nothing)
    }

    /// The text from where it begins to where it ends.
    fn written(self) -> &'t str {
        let record = self.record();
        let range = place(record.start)..place(record.end);
        self.tree.text.get(range).unwrap_or_default()
    }

    /// The text from where it begins.
    fn behind(self) -> &'t str {
        let start = place(self.record().start);
        self.tree.text.get(start..).unwrap_or_default()
    }

    pub(crate) fn kind(self) -> Kind {
        if self.id.0 == 0 {
            return Kind::Document;
        }
        match self.behind().as_bytes() {
            [b'<', b'!', b'-', ..] => Kind::Comment,
            [b'<', b'!', ..] => Kind::Text,
            [b'<', b'?', ..] => Kind::Instruction,
            [b'<', ..] => Kind::Element,
            _ => Kind::Text,
        }
    }

    /// What a text or a comment says; empty for other nodes.
    pub(crate) fn content(self) -> &'t str {
        let written = self.written();
        let inside = |before: &str, behind: &str| {
            let inside = written.strip_prefix(before)?;
            inside.strip_suffix(behind)
        };
        match self.kind() {
            // Only what holds references or a section can differ from what is written.
            Kind::Text if !written.bytes().any(|octet| matches!(octet, b'&' | b'<')) => written,
            Kind::Text => {
                let plain = inside(CDATA, "]]>").unwrap_or(written);
                self.tree.read(place(self.record().start), plain)
            }
            Kind::Comment => inside("<!--", "-->").unwrap_or_default(),
            _ => "",
        }
    }

    /// Target and data of a processing instruction; the data is empty where there is none.
    pub(crate) fn instruction(self) -> Option<(&'t str, &'t str)> {
        if self.kind() != Kind::Instruction {
            return None;
        }
        let inside = self.written().strip_prefix("<?")?.strip_suffix("?>")?;
        let target = lex::name(inside);
        let data = inside.get(target.len()..)?;
        Some((target, data.get(lex::spaces(data)..)?))
    }

    /// The name of an element with its prefix.
    pub(super) fn qualified_name(self) -> &'t str {
        match self.kind() {
            Kind::Element => lex::name(self.behind().get(1..).unwrap_or_default()),
            _ => "",
        }
    }

    fn names(self) -> (&'t str, &'t str) {
        lex::split(self.qualified_name())
    }

    /// Its number.
    #[must_use]
    pub fn id(self) -> NodeId {
        self.id
    }

    /// The tree it belongs to.
    #[must_use]
    pub fn tree(self) -> &'t Tree<'t> {
        self.tree
    }

    /// Whether it is an element.
    #[must_use]
    pub fn is_element(self) -> bool {
        self.kind() == Kind::Element
    }

    /// Local name of an element; empty for other nodes.
    #[must_use]
    pub fn name(self) -> &'t str {
        self.names().1
    }

    /// Namespace of an element; empty where there is none.
    #[must_use]
    pub fn namespace(self) -> &'t str {
        self.tree.uri(self.record().namespace)
    }

    /// Prefix of an element's name as written.
    #[must_use]
    pub fn prefix(self) -> &'t str {
        self.names().0
    }

    /// Whether it is the element of this name.
    #[must_use]
    pub fn is(self, namespace: &str, name: &str) -> bool {
        self.is_element() && self.name() == name && self.namespace() == namespace
    }

    /// Value of an attribute without a namespace.
    #[must_use]
    pub fn attribute(self, name: &str) -> Option<&'t str> {
        self.attributes()
            .find(|one| one.prefix.is_empty() && one.name == name)
            .map(|one| one.value)
    }

    /// Value of an attribute in a namespace.
    #[must_use]
    pub fn attribute_in(self, namespace: &str, name: &str) -> Option<&'t str> {
        self.attributes()
            .find(|one| one.name == name && !one.prefix.is_empty() && one.namespace == namespace)
            .map(|one| one.value)
    }

    /// Its attributes, namespace declarations left out, in document order.
    pub fn attributes(self) -> impl Iterator<Item = Attribute<'t>> {
        let tree = self.tree;
        let name = self.qualified_name();
        let mut at = (!name.is_empty()).then(|| place(self.record().start) + 1 + name.len());
        std::iter::from_fn(move || {
            loop {
                // What was parsed has no faults.
                let written = lex::attribute(tree.text, at?).ok().flatten();
                at = written.map(|written| written.end);
                let written = written?;
                if written.declares().is_some() {
                    continue;
                }
                return Some(Attribute {
                    prefix: written.prefix,
                    name: written.name,
                    namespace: tree.namespace_at(written.at, written.prefix),
                    value: if written.needs_decoding() {
                        tree.read(written.value_at, written.value)
                    } else {
                        written.value
                    },
                });
            }
        })
    }

    /// Child nodes, attributes left out.
    pub(crate) fn children(self) -> impl Iterator<Item = Node<'t>> {
        let end = self.record().next;
        let mut at = self.id.0 + 1;
        std::iter::from_fn(move || {
            let child = (at < end).then(|| self.wrap(at))?;
            at = child.record().next.max(at + 1);
            Some(child)
        })
    }

    /// Child elements.
    pub fn elements(self) -> impl Iterator<Item = Node<'t>> {
        self.children().filter(|child| child.is_element())
    }

    /// Child elements of one name.
    pub fn elements_named<'n>(
        self,
        namespace: &'n str,
        name: &'n str,
    ) -> impl Iterator<Item = Node<'t>> + use<'t, 'n> {
        self.elements()
            .filter(move |child| child.is(namespace, name))
    }

    /// The first child element of a name.
    #[must_use]
    pub fn element(self, namespace: &str, name: &str) -> Option<Node<'t>> {
        self.elements().find(|child| child.is(namespace, name))
    }

    /// This node and everything below it, in document order; attributes are no nodes here.
    pub fn descendants(self) -> impl Iterator<Item = Node<'t>> {
        (self.id.0..self.record().next).map(move |number| self.wrap(number))
    }

    /// The node above.
    #[must_use]
    pub fn parent(self) -> Option<Node<'t>> {
        (self.id.0 > 0).then(|| self.wrap(self.record().parent))
    }

    /// This node and all nodes above it, inside out.
    pub fn ancestors(self) -> impl Iterator<Item = Node<'t>> {
        std::iter::successors(Some(self), |node| node.parent())
    }

    /// Whether it is `other` or stands below it.
    #[must_use]
    pub fn is_within(self, other: NodeId) -> bool {
        let end = self.wrap(other.0).record().next;
        (other.0..end).contains(&self.id.0)
    }

    /// The text of its text children, joined; child elements are passed over.
    #[must_use]
    pub fn text(self) -> String {
        let text = |child: &Node<'_>| child.kind() == Kind::Text;
        self.children().filter(text).map(Node::content).collect()
    }

    /// The text of an element that may hold nothing but text: no element, and no comment that
    /// could hide a part of it from another reader.
    ///
    /// # Errors
    /// [`MalformedKind::XmlStructure`].
    pub fn only_text(self) -> Result<String, Malformed> {
        if self.children().all(|child| child.kind() == Kind::Text) {
            Ok(self.text())
        } else {
            Err(self.malformed(MalformedKind::XmlStructure))
        }
    }

    /// The namespace that a prefix stands for here; the empty prefix is the default namespace.
    #[must_use]
    pub fn namespace_of_prefix(self, prefix: &str) -> Option<&'t str> {
        if prefix == "xml" {
            return Some(super::XML_NAMESPACE);
        }
        let tree = self.tree;
        let mut declared = self
            .ancestors()
            .flat_map(|node| tree.declarations_of(node.id));
        let found = declared.find(|one| one.prefix == prefix)?;
        Some(&*found.uri).filter(|uri| !uri.is_empty())
    }

    /// Where it stands in the text that was parsed.
    #[must_use]
    pub fn range(self) -> Range<u64> {
        let record = self.record();
        u64::from(record.start)..u64::from(record.end)
    }

    /// Where the end tag of an element begins: the place for a further last child. None for an
    /// element written as an empty tag.
    #[must_use]
    pub fn end_tag(self) -> Option<u64> {
        let written = self.written();
        if !self.is_element() || written.ends_with("/>") {
            return None;
        }
        let inside = written.rfind("</")?;
        Some(self.range().start.saturating_add(count(inside)))
    }

    /// An error that names where this node begins.
    #[must_use]
    pub fn malformed(self, kind: MalformedKind) -> Malformed {
        super::position(self.tree.text, place(self.record().start), kind)
    }
}

impl PartialEq for Node<'_> {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self.tree, other.tree) && self.id() == other.id()
    }
}

impl std::fmt::Debug for Node<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Node({}, {})", self.id.0, self.name())
    }
}
