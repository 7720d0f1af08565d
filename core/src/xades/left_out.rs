//! What of a document that stands alone a signature leaves out.
//!
//! A signature over one element says nothing about its neighbours, and whoever is shown the document
//! with a valid signature believes all of it: so what no reference leads to is told (XMLDSig §8.1.1,
//! "Only what is signed is secure"). Signatures themselves are no content, but an object that
//! somebody put into this one is.

use super::parse::Maker;
use super::references::References;
use super::{NAMESPACES, foreign};
use crate::error::Error;
use crate::limits::{Budget, Resource};
use crate::signature::Finding;
use crate::vocabulary::CheckId;
use crate::xml::node::Kind;
use crate::xml::{Node, NodeId, Tree, XML_NAMESPACE, dsig};
use std::collections::BTreeSet;

const SCHEMA_INSTANCE: &str = "http://www.w3.org/2001/XMLSchema-instance";

/// Elements that something stands in: their children are looked at one by one.
///
/// # Errors
/// A limit.
pub(super) fn above<'n>(
    tree: &Tree<'_>,
    nodes: impl IntoIterator<Item = &'n NodeId>,
    budget: &mut Budget,
) -> Result<BTreeSet<NodeId>, Error> {
    let mut above = BTreeSet::new();
    for node in nodes {
        let ancestors = tree.node(*node).into_iter().flat_map(Node::ancestors);
        for node in ancestors.skip(1) {
            budget.charge(Resource::DigestedBytes, 1)?;
            if !above.insert(node.id()) {
                break;
            }
        }
    }
    Ok(above)
}

/// The first thing that is left out; `signatures` are the elements [`above`] all signatures of the
/// document.
///
/// # Errors
/// A limit.
pub(super) fn find(
    maker: &Maker<'_, '_>,
    references: &References,
    signatures: &BTreeSet<NodeId>,
    budget: &mut Budget,
) -> Result<Option<Finding>, Error> {
    let tree = maker.tree;
    if let Some(name) = &references.partial {
        let name = match name.as_str() {
            "" => "the document",
            name => name,
        };
        return Ok(Some(told(format!("{name} is, but not all of it"))));
    }
    let covered = &references.covered;
    let objects = own_objects(maker, references);
    let root = (!references.covers_document).then(|| tree.root());
    if let Some(found) = within(maker, references, signatures, (&objects, root), budget)? {
        return Ok(Some(found));
    }
    if let Some(found) = base(tree, references, budget)? {
        return Ok(Some(found));
    }
    if let Some(found) = foreign::find(maker, covered, &objects, budget)? {
        return Ok(Some(found));
    }
    comment(maker, references, budget)
}

/// The first thing that is left out of the signature's own objects: all that can be told of a
/// signature that is not about the document around it, as in a container or of another signature.
///
/// # Errors
/// A limit.
pub(super) fn find_in_objects(
    maker: &Maker<'_, '_>,
    references: &References,
    signatures: &BTreeSet<NodeId>,
    budget: &mut Budget,
) -> Result<Option<Finding>, Error> {
    let objects = own_objects(maker, references);
    if let Some(found) = within(maker, references, signatures, (&objects, None), budget)? {
        return Ok(Some(found));
    }
    foreign::find_in_hints(maker, &objects, budget)
}

/// The objects of the signature that no reference covers whole.
fn own_objects(maker: &Maker<'_, '_>, references: &References) -> BTreeSet<NodeId> {
    let objects = maker.signature.objects.iter().map(|object| object.node);
    let is_open = |node: &NodeId| !references.covered.contains(node);
    objects.filter(is_open).collect()
}

/// The first thing in the objects, and in the document where its root is given.
fn within(
    maker: &Maker<'_, '_>,
    references: &References,
    signatures: &BTreeSet<NodeId>,
    (objects, root): (&BTreeSet<NodeId>, Option<Node<'_>>),
    budget: &mut Budget,
) -> Result<Option<Finding>, Error> {
    let tree = maker.tree;
    let covered = &references.covered;
    let ways = above(tree, covered, budget)?;
    let own = objects.iter().filter_map(|node| tree.node(*node));
    let mut pending: Vec<Node<'_>> = own.rev().collect();
    pending.extend(root);
    while let Some(node) = pending.pop() {
        let is_object = objects.contains(&node.id());
        if !is_object && let Some(attribute) = content_attribute(node) {
            return Ok(Some(finding(
                node,
                &format!("the attribute {attribute} of"),
            )));
        }
        let from = pending.len();
        for child in node.children() {
            budget.charge(Resource::DigestedBytes, 1)?;
            match child.kind() {
                Kind::Text if !child.content().trim_ascii().is_empty() => {
                    return Ok(Some(finding(node, "text in")));
                }
                Kind::Element if references.decoded.contains(&child.id()) => {
                    // XMLDSig §6.6.2: the base64 transform takes the tags off.
                    if let Some(attribute) = content_attribute(child) {
                        let what = format!("the attribute {attribute} of");
                        return Ok(Some(finding(child, &what)));
                    }
                }
                Kind::Element if covered.contains(&child.id()) => {}
                Kind::Element if child.is(dsig::NAMESPACE, "Signature") => {}
                Kind::Element if is_object && is_property(child) => {}
                Kind::Element if is_object && foreign::is_hint(child) => {}
                Kind::Element if ways.contains(&child.id()) || signatures.contains(&child.id()) => {
                    pending.push(child);
                }
                Kind::Element => return Ok(Some(finding(child, "the element"))),
                // A stylesheet may show another document.
                Kind::Instruction => return Ok(Some(finding(node, "an instruction in"))),
                Kind::Text | Kind::Comment | Kind::Document => {}
            }
        }
        if let Some(found) = pending.get_mut(from..) {
            found.reverse();
        }
    }
    Ok(None)
}

/// XMLDSig §4.4.3.3: comments that the form leaves out, where they stand amid text. Whoever reads the
/// first part alone has another word or number (CVE-2018-0489). Elsewhere they change nothing.
fn comment(
    maker: &Maker<'_, '_>,
    references: &References,
    budget: &mut Budget,
) -> Result<Option<Finding>, Error> {
    let tree = maker.tree;
    let signed = &maker.signature.signed_info.references;
    if signed.iter().any(dsig::Reference::keeps_comments) {
        return Ok(None);
    }
    let whole = references.covers_document.then(|| tree.root());
    let covered = references.covered.iter();
    let mut pending: Vec<Node<'_>> = match whole {
        Some(root) => vec![root],
        None => covered.filter_map(|node| tree.node(*node)).collect(),
    };
    while let Some(node) = pending.pop() {
        // Whether text stands before, and a comment behind it.
        let (mut has_text, mut is_split) = (false, false);
        for child in node.children() {
            budget.charge(Resource::DigestedBytes, 1)?;
            match child.kind() {
                Kind::Text if child.content().trim_ascii().is_empty() => {}
                Kind::Text if is_split => {
                    return Ok(Some(finding(node, "a comment amid the text of")));
                }
                Kind::Text => has_text = true,
                Kind::Comment => is_split = has_text,
                Kind::Element if child.is(dsig::NAMESPACE, "Signature") => {}
                _ => {
                    (has_text, is_split) = (false, false);
                    pending.push(child);
                }
            }
        }
    }
    Ok(None)
}

/// XML Base §4: where the links in an element lead, its ancestors say too. Exclusive XML
/// Canonicalization 1.0 leaves that out, and whoever moves the element gives it other pictures.
fn base(
    tree: &Tree<'_>,
    references: &References,
    budget: &mut Budget,
) -> Result<Option<Finding>, Error> {
    if references.covers_document {
        return Ok(None);
    }
    for node in above(tree, &references.exclusive, budget)? {
        let node = tree.node(node);
        let has_base = |node: &Node<'_>| node.attribute_in(XML_NAMESPACE, "base").is_some();
        let Some(node) = node.filter(has_base) else {
            continue;
        };
        let mut is_signed = false;
        for outer in node.ancestors() {
            budget.charge(Resource::DigestedBytes, 1)?;
            is_signed |= references.covered.contains(&outer.id());
        }
        if !is_signed {
            return Ok(Some(finding(node, "the attribute base of")));
        }
    }
    Ok(None)
}

/// EN 319 132-1 §4.4: what the format itself puts into an object; some of it is signed, and what is
/// not is judged by what it says.
fn is_property(node: Node<'_>) -> bool {
    let names = ["QualifyingProperties", "QualifyingPropertiesReference"];
    NAMESPACES.contains(&node.namespace()) && names.contains(&node.name())
}

/// An attribute that is neither an identifier nor a hint for parsers.
pub(super) fn content_attribute(node: Node<'_>) -> Option<&str> {
    let mut attributes = node.is_element().then(|| node.attributes())?;
    let is_content = |namespace: &str, name: &str| match namespace {
        XML_NAMESPACE | SCHEMA_INSTANCE => false,
        _ => !name.eq_ignore_ascii_case("id"),
    };
    attributes
        .find(|one| is_content(one.namespace, one.name))
        .map(|one| one.name)
}

pub(super) fn finding(node: Node<'_>, what: &str) -> Finding {
    let name = match node.name() {
        "" => "the document",
        name => name,
    };
    told(format!("{what} {name} is not, at {}", node.range().start))
}

fn told(found: String) -> Finding {
    Finding::new(
        CheckId::DocumentAllSigned,
        "everything in the document is covered",
        found,
    )
}
