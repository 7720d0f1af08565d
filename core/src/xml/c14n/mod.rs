//! Canonical XML 1.0, 1.1 and Exclusive XML Canonicalization 1.0.
//!
//! Two documents that say the same may differ in octets: quotes, the order of attributes, empty
//! tags, where a namespace is declared. The canonical form is one spelling of them all; it is what
//! XML signatures digest. It is taken over a [`NodeSet`], usually one element with everything below
//! it, *in its document*: namespaces (and in the inclusive forms `xml:…` attributes) that the
//! element only inherits are written as if it stood alone.
//!
//! The walk is iterative, and its output is charged octet by octet before it is written.
//!
//! # Standard
//! Canonical XML 1.0 §2, §4; Canonical XML 1.1 §2; Exclusive XML Canonicalization 1.0 §3.

mod attributes;
mod base;
mod method;
mod namespaces;
mod node_set;

#[cfg(test)]
pub(super) mod differential;
#[cfg(test)]
mod tests;

pub use method::{Comments, Family, Method};
pub use node_set::NodeSet;
pub(crate) use node_set::{Bits, look};

use super::lex;
use super::node::Kind;
use super::{Declaration, Node, NodeId, Tree, count};
use crate::error::{Error, Limit};
use crate::limits::{Budget, Resource};
use namespaces::Namespaces;

/// Writes the canonical form of a node set.
///
/// # Errors
/// [`Error::LimitExceeded`] for digested octets; [`Error::Malformed`] for a relative namespace URI
/// (Canonical XML 1.0 §1.3 has no canonical form for it).
pub fn canonicalize(
    tree: &Tree<'_>,
    set: &NodeSet,
    method: &Method,
    budget: &mut Budget,
) -> Result<Vec<u8>, Error> {
    let mut walk = Walk {
        tree,
        set,
        method,
        namespaces: Namespaces::default(),
        open: Vec::new(),
        document_element: tree.document_element().id(),
        attributes: Vec::new(),
        out: Output {
            octets: Vec::new(),
            longest: tree
                .text
                .len()
                .saturating_mul(LONGER)
                .saturating_add(SHORTEST),
            budget,
        },
    };
    walk.run()?;
    Ok(walk.out.octets)
}

/// Writes the canonical form of an element in its document.
///
/// # Errors
/// As [`canonicalize`].
pub fn canonicalize_element(
    element: Node<'_>,
    method: &Method,
    budget: &mut Budget,
) -> Result<Vec<u8>, Error> {
    let set = NodeSet::subtree(element.id(), Comments::Keep);
    canonicalize(element.tree, &set, method, budget)
}

/// Writes the canonical form of an element as a document of its own: it inherits nothing.
///
/// # Errors
/// As [`canonicalize_octets`]: an element that needs what it inherits is no document.
pub fn canonicalize_alone(
    element: Node<'_>,
    method: &Method,
    budget: &mut Budget,
) -> Result<Vec<u8>, Error> {
    let written = element.tree.slice(element.range()).unwrap_or_default();
    canonicalize_octets(written.as_bytes(), method, budget)
}

/// Reads a whole XML document and writes its canonical form.
///
/// # Errors
/// As [`super::decode`], [`Tree::parse`] and [`canonicalize`].
pub fn canonicalize_octets(
    octets: &[u8],
    method: &Method,
    budget: &mut Budget,
) -> Result<Vec<u8>, Error> {
    let text = super::decode(octets)?;
    let tree = Tree::parse(&text, budget)?;
    let set = NodeSet::document(&tree, Comments::Keep);
    canonicalize(&tree, &set, method, budget)
}

/// How many times longer than its document a canonical form may be. Honest ones are a little longer,
/// where prefixes are declared again and again; a thousand declarations that a filter repeats at
/// each of ten thousand elements are an attack on memory.
const LONGER: usize = 64;
/// What a canonical form may have at least.
const SHORTEST: usize = 1 << 20;

struct Walk<'t, 's> {
    tree: &'t Tree<'t>,
    set: &'s NodeSet,
    method: &'s Method,
    namespaces: Namespaces<'t>,
    /// Open elements below the apex, members or not.
    open: Vec<Open<'t>>,
    document_element: NodeId,
    /// The place for the attributes of one element after the other.
    attributes: Vec<attributes::Shown<'t>>,
    out: Output<'s>,
}

struct Open<'t> {
    node: Node<'t>,
    /// Prefix and all.
    name: &'t str,
    declared: &'t [Declaration<'t>],
    member: bool,
}

impl<'t> Walk<'t, '_> {
    fn run(&mut self) -> Result<(), Error> {
        let Some(apex) = self.tree.node(self.set.apex()) else {
            return Ok(());
        };
        // Most canonical forms are little longer than what they are the form of.
        let written = self.tree.slice(apex.range()).unwrap_or_default().len();
        self.out.octets.reserve(written + written / 4);
        // What the apex inherits.
        let above: Vec<_> = apex
            .ancestors()
            .skip(1)
            .filter(|node| node.is_element())
            .collect();
        for element in above.into_iter().rev() {
            let declared = self.tree.declarations_of(element.id());
            self.out.charge(declared.len())?;
            self.namespaces.enter(declared);
        }
        for node in apex.descendants() {
            while let Some(open) = self.open.last() {
                if node.is_within(open.node.id()) {
                    break;
                }
                self.close()?;
            }
            self.node(node)?;
        }
        while !self.open.is_empty() {
            self.close()?;
        }
        Ok(())
    }

    fn node(&mut self, node: Node<'t>) -> Result<(), Error> {
        self.out.charge(1)?;
        let member = self.set.keeps(node);
        match node.kind() {
            Kind::Element => self.element(node, member)?,
            Kind::Text if member => self.out.escaped(node.content(), TEXT)?,
            Kind::Comment if member && self.method.comments == Comments::Keep => {
                self.break_before(node)?;
                self.out.raw("<!--")?;
                self.out.raw(node.content())?;
                self.out.raw("-->")?;
                self.break_after(node)?;
            }
            Kind::Instruction if member => self.instruction(node)?,
            _ => {}
        }
        Ok(())
    }

    fn instruction(&mut self, node: Node<'t>) -> Result<(), Limit> {
        let (target, data) = node.instruction().unwrap_or_default();
        self.break_before(node)?;
        self.out.raw("<?")?;
        self.out.raw(target)?;
        if !data.is_empty() {
            self.out.raw(" ")?;
            self.out.raw(data)?;
        }
        self.out.raw("?>")?;
        self.break_after(node)
    }

    fn element(&mut self, node: Node<'t>, member: bool) -> Result<(), Error> {
        let declared = self.tree.declarations_of(node.id());
        self.out.charge(declared.len())?;
        self.namespaces.enter(declared);
        let name = node.qualified_name();
        if member {
            // Whether the parent's namespaces were written: then only new ones can differ.
            let inherits = self.open.last().is_some_and(|parent| parent.member);
            let mut attributes = std::mem::take(&mut self.attributes);
            attributes.clear();
            attributes.extend(node.attributes().map(attributes::Shown::from));
            self.out.charge(attributes.len())?;
            self.out.raw("<")?;
            self.out.raw(name)?;
            let (prefix, _) = lex::split(name);
            let shown = match self.method.family {
                Family::Exclusive => {
                    if !inherits && !self.method.inclusive_prefixes.is_empty() {
                        self.out.charge(self.namespaces.in_scope_len())?;
                    }
                    let prefixes = std::iter::once(prefix)
                        .chain(attributes.iter().map(|attribute| attribute.prefix))
                        // An unprefixed attribute is in no namespace.
                        .enumerate()
                        .filter(|(place, prefix)| *place == 0 || !prefix.is_empty())
                        .map(|(_, prefix)| prefix);
                    self.namespaces.exclusive(
                        prefixes,
                        &self.method.inclusive_prefixes,
                        inherits,
                        declared,
                    )
                }
                _ if inherits => self.namespaces.changed(declared),
                _ => {
                    self.out.charge(self.namespaces.in_scope_len())?;
                    self.namespaces.all()
                }
            };
            for &(prefix, uri) in shown {
                if is_relative(uri) {
                    let kind = crate::error::MalformedKind::XmlNamespace;
                    return Err(node.malformed(kind).into());
                }
                self.out.raw(if prefix.is_empty() {
                    " xmlns"
                } else {
                    " xmlns:"
                })?;
                self.out.raw(prefix)?;
                self.out.value(uri)?;
            }
            let parent_omitted = !inherits;
            attributes::order(
                node,
                &mut attributes,
                parent_omitted,
                self.set,
                self.method,
                &mut self.out,
            )?;
            for attribute in &attributes {
                self.out.raw(" ")?;
                self.name(attribute.prefix, attribute.name)?;
                self.out.value(&attribute.value)?;
            }
            self.out.raw(">")?;
            self.attributes = attributes;
        }
        self.open.push(Open {
            node,
            name,
            declared,
            member,
        });
        Ok(())
    }

    fn close(&mut self) -> Result<(), Limit> {
        if let Some(open) = self.open.pop() {
            if open.member {
                self.out.raw("</")?;
                self.out.raw(open.name)?;
                self.out.raw(">")?;
                self.namespaces.forget_shown();
            }
            self.namespaces.leave(open.declared);
        }
        Ok(())
    }

    fn name(&mut self, prefix: &str, local: &str) -> Result<(), Limit> {
        if !prefix.is_empty() {
            self.out.raw(prefix)?;
            self.out.raw(":")?;
        }
        self.out.raw(local)
    }

    /// Canonical XML 1.0 §2.3: a line feed before what follows the document element.
    fn break_before(&mut self, node: Node<'t>) -> Result<(), Limit> {
        if is_top(node) && node.id() > self.document_element {
            self.out.raw("\n")?;
        }
        Ok(())
    }

    /// Canonical XML 1.0 §2.3: a line feed behind what precedes the document element.
    fn break_after(&mut self, node: Node<'t>) -> Result<(), Limit> {
        if is_top(node) && node.id() < self.document_element {
            self.out.raw("\n")?;
        }
        Ok(())
    }
}

fn is_top(node: Node<'_>) -> bool {
    node.parent()
        .is_some_and(|parent| parent.kind() == Kind::Document)
}

/// RFC 3986 §4.2: without a scheme. The empty URI is no namespace.
fn is_relative(uri: &str) -> bool {
    let scheme = uri.split_once(':').map(|(scheme, _)| scheme);
    let is_scheme = |scheme: &str| {
        scheme.starts_with(|first: char| first.is_ascii_alphabetic())
            && scheme
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.'))
    };
    !uri.is_empty() && !scheme.is_some_and(is_scheme)
}

/// The octets so far, and who pays for them.
struct Output<'b> {
    octets: Vec<u8>,
    /// Most octets.
    longest: usize,
    budget: &'b mut Budget,
}

type Escapes = fn(u8) -> Option<&'static str>;

const TEXT: Escapes = |octet| match octet {
    b'&' => Some("&amp;"),
    b'<' => Some("&lt;"),
    b'>' => Some("&gt;"),
    b'\r' => Some("&#xD;"),
    _ => None,
};

const VALUE: Escapes = |octet| match octet {
    b'&' => Some("&amp;"),
    b'<' => Some("&lt;"),
    b'"' => Some("&quot;"),
    b'\t' => Some("&#x9;"),
    b'\n' => Some("&#xA;"),
    b'\r' => Some("&#xD;"),
    _ => None,
};

impl Output<'_> {
    fn charge(&mut self, amount: usize) -> Result<(), Limit> {
        if self.octets.len().saturating_add(amount) > self.longest {
            return Err(Limit {
                resource: Resource::DigestedBytes,
                maximum: count(self.longest),
                requested: count(self.octets.len().saturating_add(amount)),
            });
        }
        self.budget.charge(Resource::DigestedBytes, count(amount))
    }

    fn raw(&mut self, text: &str) -> Result<(), Limit> {
        self.charge(text.len())?;
        self.octets.extend_from_slice(text.as_bytes());
        Ok(())
    }

    fn value(&mut self, text: &str) -> Result<(), Limit> {
        self.raw("=\"")?;
        self.escaped(text, VALUE)?;
        self.raw("\"")
    }

    fn escaped(&mut self, text: &str, escapes: Escapes) -> Result<(), Limit> {
        self.charge(text.len())?;
        let octets = text.as_bytes();
        let mut rest = octets;
        while let Some((place, escape)) = rest
            .iter()
            .enumerate()
            .find_map(|(place, octet)| escapes(*octet).map(|escape| (place, escape)))
        {
            let (plain, behind) = rest.split_at_checked(place).unwrap_or((rest, &[]));
            self.octets.extend_from_slice(plain);
            self.raw(escape)?;
            rest = behind
                .split_first()
                .map(|(_, behind)| behind)
                .unwrap_or_default();
        }
        self.octets.extend_from_slice(rest);
        Ok(())
    }
}
