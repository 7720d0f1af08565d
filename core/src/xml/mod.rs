//! XML as signatures need it: a bounded tree, Canonical XML and XML-DSig.
//!
//! A signature over XML is a signature over the *canonical form* of some nodes. So this module
//! reads octets into a [`Tree`] that remembers where everything stood, selects nodes
//! ([`c14n::NodeSet`]), writes their canonical form ([`c14n::canonicalize`]) and reads
//! `ds:Signature` by its structure ([`dsig`]). Nothing here decides whether a signature is good.
//!
//! A tree borrows from its text and lives inside one small operation; what leaves it is owned.
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
pub mod dsig;
mod encoding;
mod node;
mod scan;
mod text;
pub mod uri;
pub mod write;

#[cfg(test)]
mod tests;

pub use node::{Attribute, Node, NodeId};
pub use text::{Text, decode};

use crate::error::{Error, Limit, Malformed, MalformedKind, Position};
use crate::limits::{Budget, Resource};
use scan::{Declaration, Start};
use std::borrow::Cow;
use std::collections::BTreeMap;

/// The namespace of the prefix `xml`.
pub const XML_NAMESPACE: &str = "http://www.w3.org/XML/1998/namespace";

/// Octets of text that cost as much memory as a node: they are held up to three times at once (as
/// pages, in one piece, as the strings of the tree). So one limit bounds nodes and text together.
const OCTETS_PER_NODE: u64 = 40;

/// A document as a tree of nodes.
pub struct Tree<'a> {
    document: roxmltree::Document<'a>,
    /// The text after the XML declaration: what the parser saw.
    body: &'a str,
    /// Length of the XML declaration.
    shift: usize,
    starts: Vec<Start<'a>>,
    declarations: Vec<Declaration<'a>>,
    /// For each node that is an element: its place in `starts`.
    ordinals: Vec<u32>,
    ids: BTreeMap<Cow<'a, str>, Identified>,
}

/// Who bears an identifier.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Identified {
    One(NodeId),
    Several,
}

impl<'a> Tree<'a> {
    /// Parses a whole document.
    ///
    /// # Errors
    /// [`MalformedKind::XmlSyntax`], [`MalformedKind::XmlNamespace`], [`MalformedKind::XmlDtd`],
    /// [`MalformedKind::XmlVersion`]; [`Error::LimitExceeded`] for octets, nodes (40 octets of text
    /// count as one) and depth, before the tree is built.
    pub fn parse(text: &'a Text<'_>, budget: &mut Budget) -> Result<Self, Error> {
        let text = text.as_str();
        budget.charge(Resource::StructureBytes, count(text.len()))?;
        budget.charge(Resource::Nodes, count(text.len()) / OCTETS_PER_NODE)?;
        let scan::Scan {
            declaration_length,
            starts,
            declarations,
        } = scan::scan(text, budget)?;
        let body = text.get(declaration_length..).unwrap_or_default();
        let document = roxmltree::Document::parse(body)
            .map_err(|error| parser_error(&error, text, declaration_length))?;
        let mut tree = Self {
            document,
            body,
            shift: declaration_length,
            starts,
            declarations,
            ordinals: Vec::new(),
            ids: BTreeMap::new(),
        };
        tree.index()?;
        Ok(tree)
    }

    /// XML 1.0 §2.6: the target of a processing instruction ends with white space or with the
    /// instruction. The parser takes `<?a{?>` for `<?a {?>`; both would have one canonical form.
    fn check_target(&self, node: roxmltree::Node<'_, '_>) -> Result<(), Malformed> {
        let Some(instruction) = node.pi() else {
            return Ok(());
        };
        let start = node.range().start;
        let behind = start + "<?".len() + instruction.target.len();
        let rest = self.body.get(behind..).unwrap_or_default();
        if rest.starts_with("?>") || rest.starts_with(scan::SPACES) {
            return Ok(());
        }
        let at = count(self.shift).saturating_add(count(start));
        Err(Malformed::at(MalformedKind::XmlSyntax, at))
    }

    /// Joins the parser's nodes with the start tags of the scan, and collects identifiers.
    fn index(&mut self) -> Result<(), Error> {
        let mut ordinal = 0_u32;
        let mut ordinals = Vec::new();
        let mut ids: BTreeMap<Cow<'a, str>, Identified> = BTreeMap::new();
        for node in self.document.descendants() {
            ordinals.push(ordinal);
            if !node.is_element() {
                self.check_target(node)?;
                continue;
            }
            let own = self
                .starts
                .get(usize::try_from(ordinal).unwrap_or(usize::MAX))
                .map(|start| start.declarations.clone())
                .ok_or_else(|| Malformed::within(MalformedKind::XmlSyntax, "start tag"))?;
            ordinal += 1;
            for declaration in self.declarations.get_mut(own).unwrap_or_default() {
                if declaration.uri.contains(['&', '\t', '\n']) {
                    let prefix = Some(declaration.prefix).filter(|prefix| !prefix.is_empty());
                    let uri = node.lookup_namespace_uri(prefix).unwrap_or_default();
                    declaration.uri = Cow::Owned(uri.to_owned());
                }
            }
            let id = NodeId::of(node);
            for attribute in node.attributes() {
                if !is_identifier(&attribute) {
                    continue;
                }
                let value = match attribute.value_storage() {
                    roxmltree::StringStorage::Borrowed(value) => Cow::Borrowed(*value),
                    roxmltree::StringStorage::Owned(value) => Cow::Owned(value.to_string()),
                };
                ids.entry(value)
                    .and_modify(|found| {
                        if *found != Identified::One(id) {
                            *found = Identified::Several;
                        }
                    })
                    .or_insert(Identified::One(id));
            }
        }
        if count(self.starts.len()) != u64::from(ordinal) {
            return Err(Malformed::within(MalformedKind::XmlSyntax, "start tag").into());
        }
        self.ordinals = ordinals;
        self.ids = ids;
        Ok(())
    }

    /// The document itself, above the document element.
    #[must_use]
    pub fn root(&self) -> Node<'_> {
        Node::new(self, self.document.root())
    }

    /// The outermost element.
    #[must_use]
    pub fn document_element(&self) -> Node<'_> {
        Node::new(self, self.document.root_element())
    }

    /// A node by its number; none for the number of another tree.
    #[must_use]
    pub fn node(&self, id: NodeId) -> Option<Node<'_>> {
        self.document
            .get_node(id.to_parser())
            .map(|node| Node::new(self, node))
    }

    /// The element with an identifier: `Id` or `ID` without a namespace, or `xml:id`. Without a
    /// document type no other attribute is an identifier.
    ///
    /// # Errors
    /// [`MalformedKind::XmlDuplicateId`] where several elements bear it: whoever chose one of them
    /// could be shown another than was signed.
    pub fn by_id(&self, id: &str) -> Result<Option<Node<'_>>, Malformed> {
        match self.ids.get(id) {
            None => Ok(None),
            Some(Identified::One(id)) => Ok(self.node(*id)),
            Some(Identified::Several) => {
                Err(Malformed::within(MalformedKind::XmlDuplicateId, "Id"))
            }
        }
    }

    /// Identifiers that more than one element bears.
    pub fn duplicate_ids(&self) -> impl Iterator<Item = &str> {
        self.ids
            .iter()
            .filter(|(_, found)| **found == Identified::Several)
            .map(|(id, _)| id.as_ref())
    }

    /// The text that was parsed.
    #[must_use]
    pub fn slice(&self, range: std::ops::Range<u64>) -> Option<&'a str> {
        let start = usize::try_from(range.start).ok()?.checked_sub(self.shift)?;
        let end = usize::try_from(range.end).ok()?.checked_sub(self.shift)?;
        self.body.get(start..end)
    }

    /// Number of nodes, the document itself included.
    fn len(&self) -> usize {
        self.ordinals.len()
    }

    fn start_of(&self, id: NodeId) -> Option<&Start<'a>> {
        let ordinal = *self.ordinals.get(id.index())?;
        self.starts.get(usize::try_from(ordinal).ok()?)
    }

    /// The namespaces that an element declares itself.
    fn declarations_of(&self, id: NodeId) -> &[Declaration<'a>] {
        self.start_of(id)
            .and_then(|start| self.declarations.get(start.declarations.clone()))
            .unwrap_or_default()
    }
}

impl std::fmt::Debug for Tree<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Tree")
            .field("nodes", &self.len())
            .finish_non_exhaustive()
    }
}

fn is_identifier(attribute: &roxmltree::Attribute<'_, '_>) -> bool {
    match attribute.namespace() {
        None => matches!(attribute.name(), "Id" | "ID"),
        Some(XML_NAMESPACE) => attribute.name() == "id",
        Some(_) => false,
    }
}

fn parser_error(error: &roxmltree::Error, text: &str, shift: usize) -> Error {
    use roxmltree::Error as E;
    let kind = match error {
        E::DtdDetected => MalformedKind::XmlDtd,
        E::InvalidXmlPrefixUri(_)
        | E::UnexpectedXmlUri(_)
        | E::UnexpectedXmlnsUri(_)
        | E::InvalidElementNamePrefix(_)
        | E::DuplicatedNamespace(..)
        | E::UnknownNamespace(..) => MalformedKind::XmlNamespace,
        E::NodesLimitReached | E::AttributesLimitReached => {
            return limit(u64::from(u32::MAX)).into();
        }
        E::NamespacesLimitReached => return limit(u64::from(u16::MAX)).into(),
        _ => MalformedKind::XmlSyntax,
    };
    let before = text.get(..shift).unwrap_or_default();
    let (line, column) = line_and_column(before);
    let pos = error.pos();
    Malformed {
        kind,
        at: Position::Line {
            line: line - 1 + pos.row,
            column: if pos.row == 1 {
                column - 1 + pos.col
            } else {
                pos.col
            },
        },
        expected: None,
        found: None,
    }
    .into()
}

fn limit(maximum: u64) -> Limit {
    Limit {
        resource: Resource::Nodes,
        maximum,
        requested: maximum + 1,
    }
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

fn count(length: usize) -> u64 {
    u64::try_from(length).unwrap_or(u64::MAX)
}
