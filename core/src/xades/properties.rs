//! Where the qualifying properties of a signature are.

use super::NAMESPACES;
use super::dialect::Dialect;
use crate::error::Malformed;
use crate::signature::Finding;
use crate::vocabulary::CheckId;
use crate::xml::dsig;
use crate::xml::{Node, NodeId, Tree};
use std::collections::BTreeSet;

/// The qualifying properties of one signature, by structure; whether they are signed is asked by
/// [`super::references`].
#[derive(Default)]
pub(super) struct Properties<'t> {
    /// Whether there are any, usable or not.
    pub(super) is_xades: bool,
    /// The `ds:Object` elements that hold them.
    pub(super) objects: BTreeSet<NodeId>,
    /// `SignedProperties`.
    pub(super) signed: Option<Node<'t>>,
    /// The children of `UnsignedSignatureProperties`.
    pub(super) unsigned: Vec<Node<'t>>,
    /// The namespace they are in.
    pub(super) namespace: &'t str,
}

/// What breaks the structure of the format.
pub(super) fn structure(expected: impl Into<String>, found: impl Into<String>) -> Finding {
    Finding::new(CheckId::FormatStructure, expected, found)
}

/// What is ambiguous.
pub(super) fn duplicate(found: impl Into<String>) -> Finding {
    Finding::new(
        CheckId::FormatDuplicate,
        "an identifier that one element bears",
        found,
    )
}

/// What breaks the structure, by the reader's error.
pub(super) fn malformed(expected: &str, error: &Malformed) -> Finding {
    structure(expected, error.to_string())
}

/// The only child of a name; several count as none, so that nobody can choose.
fn only<'t>(
    parent: Node<'t>,
    namespace: &str,
    name: &str,
    findings: &mut Vec<Finding>,
) -> Option<Node<'t>> {
    let mut children = parent.elements_named(namespace, name);
    let first = children.next();
    if children.next().is_some() {
        findings.push(structure(format!("one {name}"), "several"));
        return None;
    }
    first
}

impl<'t> Properties<'t> {
    /// EN 319 132-1 §4.4: in exactly one `ds:Object` of this very signature.
    pub(super) fn of(
        tree: &'t Tree<'_>,
        signature: &dsig::Signature,
        dialect: &Dialect,
        findings: &mut Vec<Finding>,
    ) -> Self {
        let mut found: Vec<(NodeId, Node<'t>)> = Vec::new();
        let mut is_indirect = false;
        for object in &signature.objects {
            let children = tree.node(object.node).into_iter().flat_map(Node::elements);
            let is_read = |child: &Node<'_>| {
                let namespace = child.namespace();
                NAMESPACES.contains(&namespace) || dialect.reads_properties_of(namespace)
            };
            for child in children.filter(is_read) {
                match child.name() {
                    "QualifyingProperties" => found.push((object.node, child)),
                    "QualifyingPropertiesReference" => is_indirect = true,
                    _ => {}
                }
            }
        }
        if is_indirect {
            findings.push(Finding::new(
                CheckId::UnsupportedFeature,
                "qualifying properties inside the signature",
                "a reference to them",
            ));
        }
        let mut properties = Self {
            is_xades: is_indirect || !found.is_empty(),
            objects: found.iter().map(|(object, _)| *object).collect(),
            ..Self::default()
        };
        let qualifying = match found.as_slice() {
            [] => return properties,
            [(_, only)] => *only,
            _ => {
                findings.push(structure("one QualifyingProperties", "several"));
                return properties;
            }
        };
        properties.namespace = qualifying.namespace();
        let namespace = properties.namespace;
        properties.signed = only(qualifying, namespace, "SignedProperties", findings);
        // Before XAdES 1.1.1 the signed properties name their signature themselves.
        let names_target = match properties.signed {
            Some(signed) if dialect.reads_properties_of(namespace) => signed,
            _ => qualifying,
        };
        check_target(tree, signature, names_target, findings);
        let unsigned = only(qualifying, namespace, "UnsignedProperties", findings);
        let unsigned = unsigned.and_then(|unsigned| {
            only(unsigned, namespace, "UnsignedSignatureProperties", findings)
        });
        properties.unsigned = unsigned.into_iter().flat_map(Node::elements).collect();
        properties
    }
}

/// EN 319 132-1 §4.4.1: `Target` names this signature. Its `#` alone is sometimes forgotten.
fn check_target(
    tree: &Tree<'_>,
    signature: &dsig::Signature,
    qualifying: Node<'_>,
    findings: &mut Vec<Finding>,
) {
    let target = qualifying.attribute("Target").unwrap_or_default();
    let id = signature.id.as_deref().unwrap_or_default();
    if id.is_empty() || target.strip_prefix('#').unwrap_or(target) != id {
        let found = match target {
            "" => "none",
            target => target,
        };
        findings.push(structure(
            "QualifyingProperties with this signature as Target",
            found,
        ));
    } else if tree.by_id(id).is_err() {
        findings.push(duplicate(id));
    }
}
