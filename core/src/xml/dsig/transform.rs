//! The transforms of a reference.

use super::parse::Children;
use super::xpath::{Filter, Predicate};
use super::{NAMESPACE, method};
use crate::error::{Malformed, MalformedKind, Unsupported};
use crate::xml::Node;
use crate::xml::c14n::Method;

pub(super) const ENVELOPED: &str = "http://www.w3.org/2000/09/xmldsig#enveloped-signature";
pub(super) const BASE64: &str = "http://www.w3.org/2000/09/xmldsig#base64";
pub(super) const XPATH: &str = "http://www.w3.org/TR/1999/REC-xpath-19991116";
pub(super) const FILTER: &str = "http://www.w3.org/2002/06/xmldsig-filter2";
/// A draft of the same; each expression works on what the one before left.
pub(super) const FILTER_DRAFT: &str = "http://www.w3.org/2002/04/xmldsig-filter2";

/// A transform, ready to be applied.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Transform {
    /// A canonical form. XMLDSig §6.6.1.
    Canonicalize(Method),
    /// Takes out the signature that holds the reference. XMLDSig §6.6.4.
    EnvelopedSignature,
    /// Decodes text. XMLDSig §6.6.2.
    Base64,
    /// Keeps the nodes that an expression holds for. XMLDSig §6.6.3.
    XPath(Predicate),
    /// Intersects, subtracts or adds subtrees. XPath Filter 2.0 §3.
    Filter(Filter),
    /// Something else.
    Unsupported(Unsupported),
}

impl Transform {
    /// XMLDSig §4.4.3.4: one or more `Transform`.
    pub(super) fn read_all(node: Node<'_>) -> Result<Vec<Self>, Malformed> {
        let mut children = Children::of(node)?;
        let mut transforms = vec![Self::read(children.required("Transform")?)?];
        while let Some(child) = children.optional("Transform") {
            transforms.push(Self::read(child)?);
        }
        children.finish()?;
        Ok(transforms)
    }

    fn read(node: Node<'_>) -> Result<Self, Malformed> {
        let uri = method::uri(node)?;
        let unsupported = || Self::Unsupported(Unsupported::Transform(uri.to_owned()));
        let plain = node.elements().next().is_none();
        Ok(match uri {
            ENVELOPED if plain => Self::EnvelopedSignature,
            BASE64 if plain => Self::Base64,
            XPATH => {
                let mut children = Children::of(node)?;
                let expression = children.required("XPath")?;
                children.finish()?;
                Predicate::parse(expression).map_or_else(unsupported, Self::XPath)
            }
            FILTER | FILTER_DRAFT => {
                let expressions: Vec<_> = node.elements().collect();
                let foreign = |child: &&Node<'_>| {
                    !child.is(FILTER, "XPath") && !child.is(FILTER_DRAFT, "XPath")
                };
                if let Some(foreign) = expressions.iter().find(foreign) {
                    return Err(foreign.malformed(MalformedKind::XmlStructure));
                }
                if expressions.is_empty() {
                    return Err(node.malformed(MalformedKind::XmlStructure));
                }
                let draft = uri == FILTER_DRAFT;
                Filter::parse(&expressions, draft).map_or_else(unsupported, Self::Filter)
            }
            _ => match method::canonicalization(node)? {
                Ok(method) => Self::Canonicalize(method),
                Err(_) => unsupported(),
            },
        })
    }

    /// The URI that names it.
    #[must_use]
    pub fn uri(&self) -> &str {
        match self {
            Self::Canonicalize(method) => method.uri(),
            Self::EnvelopedSignature => ENVELOPED,
            Self::Base64 => BASE64,
            Self::XPath(_) => XPATH,
            Self::Filter(_) => FILTER,
            Self::Unsupported(Unsupported::Transform(uri)) => uri,
            Self::Unsupported(_) => "",
        }
    }
}

/// Whether an element is a `ds:Signature`.
pub(super) fn is_signature(node: Node<'_>) -> bool {
    node.is(NAMESPACE, "Signature")
}
