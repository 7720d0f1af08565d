//! What stands in the unsigned parts of a signature and is none of the format.
//!
//! XMLDSig §4.5 and EN 319 132-1 §4.3 let any element stand among the hints to the key and the
//! unsigned properties. What the schemas name there is unsigned in nearly every signature and is
//! judged by what it says; of anything else no rule knows what a reader makes of it, so it is told.

use super::left_out::{content_attribute, finding};
use super::parse::Maker;
use super::{NAMESPACE_141, NAMESPACES, preservation};
use crate::error::Error;
use crate::limits::{Budget, Resource};
use crate::signature::Finding;
use crate::xml::node::Kind;
use crate::xml::{Node, NodeId, dsig};
use std::collections::BTreeSet;

/// Namespaces of hints to a key.
const HINTS: [&str; 6] = [
    dsig::NAMESPACE,
    dsig::NAMESPACE_11,
    // RFC 4050 §3.2, elliptic curves before XML Signature 1.1.
    "http://www.w3.org/2001/04/xmldsig-more#",
    "http://www.w3.org/2001/04/xmlenc#",
    "http://www.w3.org/2009/xmlenc11#",
    // A message of a web service names its token here.
    "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd",
];

/// EN 319 132-1 §4.3, and what earlier versions of the schema had.
const UNSIGNED: [&str; 13] = [
    "CounterSignature",
    "SignatureTimeStamp",
    "CompleteCertificateRefs",
    "CompleteRevocationRefs",
    "AttributeCertificateRefs",
    "AttributeRevocationRefs",
    "SigAndRefsTimeStamp",
    "RefsOnlyTimeStamp",
    "CertificateValues",
    "RevocationValues",
    "AttrAuthoritiesCertValues",
    "AttributeRevocationValues",
    "ArchiveTimeStamp",
];

/// The same in the namespace of version 1.4.1.
const UNSIGNED_141: [&str; 10] = [
    "ArchiveTimeStamp",
    "TimeStampValidationData",
    "AnyValidationData",
    "CompleteCertificateRefsV2",
    "AttributeCertificateRefsV2",
    "SigAndRefsTimeStampV2",
    "RefsOnlyTimeStampV2",
    "RenewedDigests",
    "RenewedDigestsV2",
    "SignaturePolicyStore",
];

/// The first thing that is foreign; `objects` are those of the signature that no reference covers.
///
/// # Errors
/// A limit.
pub(super) fn find(
    maker: &Maker<'_, '_>,
    covered: &BTreeSet<NodeId>,
    objects: &BTreeSet<NodeId>,
    budget: &mut Budget,
) -> Result<Option<Finding>, Error> {
    let tree = maker.tree;
    let hints = maker.signature.key_info.as_ref();
    let hints = hints.map(|hints| hints.node);
    let hints = hints.filter(|node| !covered.contains(node));
    let hints = hints.and_then(|node| tree.node(node));
    let inside = || children(maker, objects);
    let properties = inside().filter(|node| is_xades(*node, &["QualifyingProperties"]));
    let hints = hints
        .into_iter()
        .chain(inside().filter(|node| is_hint(*node)));
    // XMLDSig §4.2: a signature has an identifier, and no other attribute. What it holds is hashed in
    // parts, and it itself in none of them.
    let own = tree
        .node(maker.signature.node)
        .filter(|own| !covered.contains(&own.id()));
    if let Some(own) = own
        && let Some(attribute) = content_attribute(own)
    {
        let what = format!("the attribute {attribute} of");
        return Ok(Some(finding(own, &what)));
    }
    look_through(properties.chain(hints).collect(), budget)
}

/// The first foreign thing in hints to the key that stand in the objects.
///
/// # Errors
/// A limit.
pub(super) fn find_in_hints(
    maker: &Maker<'_, '_>,
    objects: &BTreeSet<NodeId>,
    budget: &mut Budget,
) -> Result<Option<Finding>, Error> {
    let hints = children(maker, objects).filter(|node| is_hint(*node));
    look_through(hints.collect(), budget)
}

fn children<'n>(
    maker: &'n Maker<'_, '_>,
    objects: &'n BTreeSet<NodeId>,
) -> impl Iterator<Item = Node<'n>> {
    let tree = maker.tree;
    let objects = objects.iter().filter_map(|object| tree.node(*object));
    objects.flat_map(Node::elements)
}

/// XMLDSig §4.5.3, §4.5.10: what `KeyInfo` leads to may stand in an object, and is as `KeyInfo` is.
pub(super) fn is_hint(node: Node<'_>) -> bool {
    let names = ["KeyInfo", "X509Data"];
    node.namespace() == dsig::NAMESPACE && names.contains(&node.name())
}

fn look_through(mut pending: Vec<Node<'_>>, budget: &mut Budget) -> Result<Option<Finding>, Error> {
    while let Some(node) = pending.pop() {
        let attribute = content_attribute(node).filter(|name| *name != "Target");
        if let Some(attribute) = attribute {
            let what = format!("the attribute {attribute} of");
            return Ok(Some(finding(node, &what)));
        }
        for child in node.children() {
            budget.charge(Resource::DigestedBytes, 1)?;
            match child.kind() {
                Kind::Text if is_text(node) => {}
                Kind::Text if !child.content().trim_ascii().is_empty() => {
                    return Ok(Some(finding(node, "text in")));
                }
                Kind::Element if !is_known(node, child) => {
                    return Ok(Some(finding(child, "the element")));
                }
                Kind::Element if is_frame(child) => pending.push(child),
                Kind::Instruction => return Ok(Some(finding(node, "an instruction in"))),
                Kind::Element | Kind::Text | Kind::Comment | Kind::Document => {}
            }
        }
    }
    Ok(None)
}

/// Whether a schema has `child` in `parent`.
fn is_known(parent: Node<'_>, child: Node<'_>) -> bool {
    let xades = |names: &[&str]| is_xades(child, names);
    match parent.name() {
        "QualifyingProperties" => xades(&["SignedProperties", "UnsignedProperties"]),
        "UnsignedProperties" => xades(&[
            "UnsignedSignatureProperties",
            "UnsignedDataObjectProperties",
        ]),
        "UnsignedDataObjectProperties" => xades(&["UnsignedDataObjectProperty"]),
        "UnsignedSignatureProperties" => {
            let is_141 = child.namespace() == NAMESPACE_141;
            xades(&UNSIGNED)
                || is_141 && UNSIGNED_141.contains(&child.name())
                || preservation::is_seal(child)
        }
        // Its schema lets anything stand there, and gives nothing a meaning.
        "UnsignedDataObjectProperty" => false,
        "CounterSignature" => child.is(dsig::NAMESPACE, "Signature"),
        _ if is_text(parent) => false,
        _ => HINTS.contains(&child.namespace()),
    }
}

/// Hints to a key that are words alone (XMLDSig §4.5.1, §4.5.4, §4.5.7).
fn is_text(node: Node<'_>) -> bool {
    let names = [
        "KeyName",
        "MgmtData",
        "X509SKI",
        "X509SubjectName",
        "X509Certificate",
        "X509CRL",
    ];
    node.namespace() == dsig::NAMESPACE && names.contains(&node.name())
}

/// Whether it is looked into.
fn is_frame(node: Node<'_>) -> bool {
    node.is(dsig::NAMESPACE, "X509Data")
        || is_text(node)
        || is_xades(
            node,
            &[
                "UnsignedProperties",
                "UnsignedSignatureProperties",
                "UnsignedDataObjectProperties",
                "UnsignedDataObjectProperty",
                "CounterSignature",
            ],
        )
}

fn is_xades(node: Node<'_>, names: &[&str]) -> bool {
    NAMESPACES.contains(&node.namespace()) && names.contains(&node.name())
}
