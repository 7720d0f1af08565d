//! Nodes of a tree: a small handle that hides the parser.

use super::{Tree, count};
use crate::error::{Malformed, MalformedKind};
use std::ops::Range;

/// Names a node of one tree; nodes are numbered in document order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeId(u32);

impl NodeId {
    pub(super) fn of(node: roxmltree::Node<'_, '_>) -> Self {
        Self(node.id().get())
    }

    pub(super) fn to_parser(self) -> roxmltree::NodeId {
        roxmltree::NodeId::new(self.0)
    }

    pub(super) fn index(self) -> usize {
        usize::try_from(self.0).unwrap_or(usize::MAX)
    }
}

/// A node of a tree.
#[derive(Clone, Copy)]
pub struct Node<'t> {
    pub(super) tree: &'t Tree<'t>,
    pub(super) inner: roxmltree::Node<'t, 't>,
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
    pub(super) fn new(tree: &'t Tree<'t>, inner: roxmltree::Node<'t, 't>) -> Self {
        Self { tree, inner }
    }

    fn wrap(self, inner: roxmltree::Node<'t, 't>) -> Self {
        Self { inner, ..self }
    }

    /// Its number.
    #[must_use]
    pub fn id(self) -> NodeId {
        NodeId::of(self.inner)
    }

    /// The tree it belongs to.
    #[must_use]
    pub fn tree(self) -> &'t Tree<'t> {
        self.tree
    }

    /// Whether it is an element.
    #[must_use]
    pub fn is_element(self) -> bool {
        self.inner.is_element()
    }

    /// Local name of an element; empty for other nodes.
    #[must_use]
    pub fn name(self) -> &'t str {
        self.inner.tag_name().name()
    }

    /// Namespace of an element; empty where there is none.
    #[must_use]
    pub fn namespace(self) -> &'t str {
        self.inner.tag_name().namespace().unwrap_or_default()
    }

    /// Prefix of an element's name as written.
    #[must_use]
    pub fn prefix(self) -> &'t str {
        self.tree
            .start_of(self.id())
            .filter(|_| self.is_element())
            .map_or("", |start| start.prefix)
    }

    /// Whether it is the element of this name.
    #[must_use]
    pub fn is(self, namespace: &str, name: &str) -> bool {
        self.is_element() && self.name() == name && self.namespace() == namespace
    }

    /// Value of an attribute without a namespace.
    #[must_use]
    pub fn attribute(self, name: &str) -> Option<&'t str> {
        self.inner.attribute(name)
    }

    /// Value of an attribute in a namespace.
    #[must_use]
    pub fn attribute_in(self, namespace: &str, name: &str) -> Option<&'t str> {
        self.inner.attribute((namespace, name))
    }

    /// Its attributes, namespace declarations left out, in document order.
    pub fn attributes(self) -> impl Iterator<Item = Attribute<'t>> {
        self.inner.attributes().map(move |attribute| {
            let written = self.tree.body.get(attribute.range()).unwrap_or_default();
            let local = attribute.name();
            let prefix = written
                .split_once(':')
                .filter(|(prefix, rest)| rest.starts_with(local) && !prefix.contains('='))
                .map_or("", |(prefix, _)| prefix);
            Attribute {
                prefix,
                name: local,
                namespace: attribute.namespace().unwrap_or_default(),
                value: attribute.value(),
            }
        })
    }

    /// Child elements.
    pub fn elements(self) -> impl Iterator<Item = Node<'t>> {
        self.inner
            .children()
            .filter(roxmltree::Node::is_element)
            .map(move |child| self.wrap(child))
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
        self.inner.descendants().map(move |node| self.wrap(node))
    }

    /// The node above.
    #[must_use]
    pub fn parent(self) -> Option<Node<'t>> {
        self.inner.parent().map(|node| self.wrap(node))
    }

    /// This node and all nodes above it, inside out.
    pub fn ancestors(self) -> impl Iterator<Item = Node<'t>> {
        self.inner.ancestors().map(move |node| self.wrap(node))
    }

    /// Whether it is `other` or stands below it.
    #[must_use]
    pub fn is_within(self, other: NodeId) -> bool {
        self.ancestors().any(|node| node.id() == other)
    }

    /// The text of its text children, joined; child elements are passed over.
    #[must_use]
    pub fn text(self) -> String {
        self.inner
            .children()
            .filter(roxmltree::Node::is_text)
            .filter_map(|child| child.text())
            .collect()
    }

    /// The text of an element that may hold nothing but text: no element, and no comment that
    /// could hide a part of it from another reader.
    ///
    /// # Errors
    /// [`MalformedKind::XmlStructure`].
    pub fn only_text(self) -> Result<String, Malformed> {
        if self.inner.children().all(|child| child.is_text()) {
            Ok(self.text())
        } else {
            Err(self.malformed(MalformedKind::XmlStructure))
        }
    }

    /// The namespace that a prefix stands for here; the empty prefix is the default namespace.
    #[must_use]
    pub fn namespace_of_prefix(self, prefix: &str) -> Option<&'t str> {
        self.inner
            .lookup_namespace_uri(Some(prefix).filter(|prefix| !prefix.is_empty()))
    }

    /// Where it stands in the text that was parsed.
    #[must_use]
    pub fn range(self) -> Range<u64> {
        let range = self.inner.range();
        count(range.start + self.tree.shift)..count(range.end + self.tree.shift)
    }

    /// Where the end tag of an element begins: the place for a further last child. None for an
    /// element written as an empty tag.
    #[must_use]
    pub fn end_tag(self) -> Option<u64> {
        let range = self.inner.range();
        let written = self.tree.body.get(range.clone())?;
        if !self.is_element() || written.ends_with("/>") {
            return None;
        }
        let inside = written.rfind("</")?;
        Some(count(range.start + inside + self.tree.shift))
    }

    /// An error that names where this node begins.
    #[must_use]
    pub fn malformed(self, kind: MalformedKind) -> Malformed {
        super::position(self.tree.body, self.inner.range().start, kind)
    }
}

impl PartialEq for Node<'_> {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self.tree, other.tree) && self.id() == other.id()
    }
}

impl std::fmt::Debug for Node<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Node({}, {})", self.inner.id().get(), self.name())
    }
}
