//! XML as signatures need it: a bounded tree, Canonical XML and XML-DSig.
//!
//! A signature over XML is a signature over the *canonical form* of some nodes. So this module
//! reads octets into a [`Tree`] that remembers where everything stood, selects nodes
//! ([`c14n::NodeSet`]), writes their canonical form ([`c14n::canonicalize`]) and reads
//! `ds:Signature` by its structure ([`dsig`]). Nothing here decides whether a signature is good.
//!
//! A tree borrows from its text and lives inside one small operation; what leaves it is owned. It
//! keeps where nodes stand and not what they say, so that it is small beside its text.
//! Document type declarations are refused, so that a document means the same to every reader.
//!
//! # Common operations
//! - octets to characters: [`decode`]
//! - characters to a tree: [`Tree::parse`]
//! - an element by its identifier: [`Tree::by_id`]
//! - the canonical form of an element: [`c14n::canonicalize_element`]
//! - the signatures of a document: [`dsig::signatures`], [`dsig::Signature::parse`]
//! - what a reference digests: [`dsig::dereference`]
//! - new XML: [`write::Writer`]
//!
//! # Standard
//! XML 1.0 (fifth edition) without §2.8 document types, XML Names 1.0, xml:id 1.0, Canonical XML
//! 1.0 and 1.1, Exclusive XML Canonicalization 1.0, XMLDSig 1.1, XPath Filter 2.0 in part.

pub mod base64;
pub mod c14n;
mod declaration;
pub mod dsig;
mod encoding;
mod lex;
pub(crate) mod node;
mod parse;
mod text;
pub mod uri;
pub mod write;

#[cfg(test)]
mod beside_roxmltree;
#[cfg(test)]
mod tests;

pub use node::{Attribute, Node, NodeId};
pub use text::{Text, decode};

use crate::error::{Error, Limit, Malformed, MalformedKind, Position};
use crate::limits::Budget;
use parse::{place, short};
use std::borrow::Cow;

/// The namespace of the prefix `xml`.
pub const XML_NAMESPACE: &str = "http://www.w3.org/XML/1998/namespace";

/// Octets of text that cost as much memory as a node: they are held up to three times at once (as
/// pages, in one piece, in canonical form). So one limit bounds nodes and text together.
const OCTETS_PER_NODE: u64 = 10;

/// XML 1.0 §2.7: what begins a section without markup.
const CDATA: &str = "<![CDATA[";

/// A document as a tree of nodes.
pub struct Tree<'a> {
    text: &'a str,
    /// Every node, in document order; the document itself is the first.
    records: Vec<Record>,
    /// The elements that declare namespaces, in document order.
    scopes: Vec<Scope>,
    declarations: Vec<Declaration<'a>>,
    /// Where an attribute with a prefix begins, and the number of its namespace.
    namespaces: Vec<(u32, u32)>,
    /// What differs from how it is written, by where it begins.
    decoded: Vec<Decoded>,
    arena: String,
    /// By value, then by element.
    identifiers: Vec<Identifier>,
    document_element: Option<u32>,
}

/// Where a node stands. What it is shows in its first octets.
#[derive(Clone, Copy, Debug)]
struct Record {
    start: u32,
    end: u32,
    parent: u32,
    /// The first node behind everything below this one.
    next: u32,
    /// The number of an element's namespace; [`Tree::uri`] tells it.
    namespace: u32,
}

/// An element that declares namespaces.
#[derive(Clone, Copy, Debug)]
struct Scope {
    record: u32,
    /// The first of its declarations; they end where those of the next begin.
    first: u32,
}

/// A namespace declaration; the prefix of the default namespace is empty.
#[derive(Clone, Debug)]
struct Declaration<'a> {
    prefix: &'a str,
    uri: Cow<'a, str>,
}

/// Text or a value that is kept decoded, up to where the next one begins.
#[derive(Clone, Copy, Debug)]
struct Decoded {
    at: u32,
    from: u32,
}

/// An attribute that names its element.
#[derive(Clone, Copy, Debug)]
struct Identifier {
    at: u32,
    end: u32,
    record: u32,
}

impl<'a> Tree<'a> {
    /// Parses a whole document.
    ///
    /// # Errors
    /// [`MalformedKind::XmlSyntax`], [`MalformedKind::XmlNamespace`], [`MalformedKind::XmlDtd`],
    /// [`MalformedKind::XmlVersion`]; [`Error::LimitExceeded`] for nodes (10 octets of text count
    /// as one) and depth, before memory is taken for them.
    pub fn parse(text: &'a Text<'_>, budget: &mut Budget) -> Result<Self, Error> {
        parse::parse(text.as_str(), budget)
    }

    /// The document itself, above the document element.
    #[must_use]
    pub fn root(&self) -> Node<'_> {
        Node::new(self, NodeId(0))
    }

    /// The outermost element.
    #[must_use]
    pub fn document_element(&self) -> Node<'_> {
        Node::new(self, NodeId(self.document_element.unwrap_or(0)))
    }

    /// A node by its number; none for the number of another tree.
    #[must_use]
    pub fn node(&self, id: NodeId) -> Option<Node<'_>> {
        self.records.get(id.index()).map(|_| Node::new(self, id))
    }

    /// The element with an identifier: `Id` or `ID` without a namespace, or `xml:id`. Without a
    /// document type no other attribute is an identifier.
    ///
    /// # Errors
    /// [`MalformedKind::XmlDuplicateId`] where several elements bear it: whoever chose one of them
    /// could be shown another than was signed.
    pub fn by_id(&self, id: &str) -> Result<Option<Node<'_>>, Malformed> {
        let from = self
            .identifiers
            .partition_point(|one| self.identifier(one) < id);
        let mut found = self.identifiers.get(from..).unwrap_or_default().iter();
        let Some(first) = found.next().filter(|one| self.identifier(one) == id) else {
            return Ok(None);
        };
        let mut others = found.take_while(|one| self.identifier(one) == id);
        // An element may bear one in two attributes.
        if others.any(|one| one.record != first.record) {
            return Err(Malformed::within(MalformedKind::XmlDuplicateId, "Id"));
        }
        Ok(self.node(NodeId(first.record)))
    }

    /// Identifiers that more than one element bears.
    pub fn duplicate_ids(&self) -> impl Iterator<Item = &str> {
        let runs = self
            .identifiers
            .chunk_by(|a, b| self.identifier(a) == self.identifier(b));
        runs.filter_map(|run| {
            let first = run.first()?;
            let several = run.iter().any(|one| one.record != first.record);
            several.then(|| self.identifier(first))
        })
    }

    fn identifier(&self, of: &Identifier) -> &str {
        let (at, end) = (place(of.at), place(of.end));
        self.read(at, self.text.get(at..end).unwrap_or_default())
    }

    fn sort_identifiers(&mut self) {
        let mut all = std::mem::take(&mut self.identifiers);
        all.sort_unstable_by(|a, b| {
            (self.identifier(a), a.record).cmp(&(self.identifier(b), b.record))
        });
        self.identifiers = all;
    }

    /// The text that was parsed.
    #[must_use]
    pub fn slice(&self, range: std::ops::Range<u64>) -> Option<&'a str> {
        let start = usize::try_from(range.start).ok()?;
        let end = usize::try_from(range.end).ok()?;
        self.text.get(start..end)
    }

    /// Octets of the text that was parsed.
    pub(crate) fn length(&self) -> u64 {
        count(self.text.len())
    }

    /// Number of nodes, the document itself included.
    fn len(&self) -> usize {
        self.records.len()
    }

    /// What is written at a place, decoded where that makes a difference.
    fn read<'t>(&'t self, at: usize, written: &'t str) -> &'t str {
        let Ok(found) = self.decoded.binary_search_by_key(&short(at), |one| one.at) else {
            return written;
        };
        let from = self.decoded.get(found).map_or(0, |one| place(one.from));
        let next = self.decoded.get(found + 1).map(|one| place(one.from));
        self.arena
            .get(from..next.unwrap_or(self.arena.len()))
            .unwrap_or_default()
    }

    /// A namespace by its number; empty for none.
    fn uri(&self, namespace: u32) -> &str {
        match namespace {
            0 => "",
            1 => XML_NAMESPACE,
            number => self
                .declarations
                .get(place(number - 2))
                .map_or("", |declaration| &declaration.uri),
        }
    }

    /// The namespace of the attribute that begins at a place.
    fn namespace_at(&self, at: usize, prefix: &str) -> &str {
        if prefix.is_empty() {
            return "";
        }
        let found = self
            .namespaces
            .binary_search_by_key(&short(at), |one| one.0);
        let found = found.ok().and_then(|found| self.namespaces.get(found));
        found.map_or("", |one| self.uri(one.1))
    }

    /// The namespaces that an element declares itself.
    fn declarations_of(&self, id: NodeId) -> &[Declaration<'a>] {
        self.declarations_of_record(id.0)
    }

    fn declarations_of_record(&self, record: u32) -> &[Declaration<'a>] {
        let found = self
            .scopes
            .binary_search_by_key(&record, |scope| scope.record);
        let Ok(found) = found else {
            return &[];
        };
        let first = self.scopes.get(found).map_or(0, |scope| place(scope.first));
        let next = self.scopes.get(found + 1).map(|scope| place(scope.first));
        let end = next.unwrap_or(self.declarations.len());
        self.declarations.get(first..end).unwrap_or_default()
    }
}

impl std::fmt::Debug for Tree<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Tree")
            .field("nodes", &self.len())
            .finish_non_exhaustive()
    }
}

/// Whether a document of so many octets can be parsed at all, asked before it is held.
pub(crate) fn check_length(budget: &Budget, length: u64) -> Result<(), Limit> {
    parse::charge(&mut budget.clone(), length)
}

/// An error at an offset of a text.
fn position(text: &str, at: usize, kind: MalformedKind) -> Malformed {
    let (line, column) = line_and_column(text.get(..at).unwrap_or(text));
    Malformed {
        kind,
        at: Position::Line { line, column },
        expected: None,
        found: None,
    }
}

/// Line and column, from 1, of the end of a text.
fn line_and_column(before: &str) -> (u32, u32) {
    let number = |n: usize| u32::try_from(n).unwrap_or(u32::MAX - 1).saturating_add(1);
    let lines = before.matches('\n').count();
    let last = before.rsplit('\n').next().unwrap_or_default();
    (number(lines), number(last.chars().count()))
}

pub(crate) fn count(length: usize) -> u64 {
    u64::try_from(length).unwrap_or(u64::MAX)
}
