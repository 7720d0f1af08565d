//! XML-DSig: a `ds:Signature`, read by its structure.
//!
//! A signature lists *references*. Each says where its data is, how the data is transformed, and
//! what digest must come out; the list itself (`ds:SignedInfo`, in canonical form) is what the key
//! signed. So verifying means: digest what every reference leads to, then check the value over the
//! canonical `SignedInfo`. This module finds and transforms; [`crate::xml`] never says whether a
//! signature is good.
//!
//! Attacks on XML signatures move the signed element away and put another where the application
//! looks. Against them: structure is checked before anything is believed, an identifier that two
//! elements bear leads nowhere, and [`dereference`] reports the very node that was digested, so
//! that the caller can compare it with the node that it interprets.
//!
//! # Standard
//! XMLDSig 1.1 §4 (structure), §6 (algorithms) without HMAC and XSLT; XPath transforms and XPath
//! Filter 2.0 for the expressions that are seen in practice; RFC 9231 (algorithm URIs).

mod dereference;
mod key_info;
mod method;
mod parse;
mod transform;
mod xpath;

#[cfg(test)]
mod pss;
#[cfg(test)]
mod published;
#[cfg(test)]
mod tests;

pub use dereference::{
    Dereferenced, ExternalTransform, Scope, Selection, dereference, dereference_with,
};
pub use key_info::KeyInfo;
pub use method::DigestMethod;
pub(crate) use method::{canonicalization as read_canonicalization, digest as read_digest_method};
pub(crate) use parse::octets as read_octets;
pub use parse::read_references;
pub use transform::Transform;
pub use xpath::{Filter, Predicate};

use super::c14n::{self, Comments, Family, Method};
use super::{Node, NodeId, Tree};
use crate::algorithm::SignatureAlgorithm;
use crate::error::{Error, Malformed, MalformedKind, Unsupported};
use crate::limits::Budget;

/// The namespace of XMLDSig.
pub const NAMESPACE: &str = "http://www.w3.org/2000/09/xmldsig#";

/// The namespace of what XMLDSig 1.1 adds.
pub const NAMESPACE_11: &str = "http://www.w3.org/2009/xmldsig11#";

/// By which rules a signature is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Grammar {
    /// Those of the Recommendation.
    #[default]
    XmlDsig,
    /// Those of the drafts that SK-XML 1.0 was made by: `Transforms` stand behind `DigestMethod`, and
    /// what is digested is an element as a document of its own, without what it inherits.
    Draft,
}

/// A signature as its structure says; nothing of it is verified.
///
/// ```text
/// <Signature ID?>
///   <SignedInfo>
///     <CanonicalizationMethod/> <SignatureMethod/> (<Reference URI?/>)+
///   </SignedInfo>
///   <SignatureValue>
///   (<KeyInfo>)? (<Object ID?>)*
/// </Signature>
/// ```
///
/// # Standard
/// XMLDSig §4.2.
#[derive(Clone, Debug, PartialEq)]
pub struct Signature {
    /// The element.
    pub node: NodeId,
    /// Its identifier.
    pub id: Option<String>,
    /// What was signed.
    pub signed_info: SignedInfo,
    /// The value.
    pub value: SignatureValue,
    /// Hints to the key.
    pub key_info: Option<KeyInfo>,
    /// The objects, in document order.
    pub objects: Vec<Object>,
}

/// The list that the key signed.
///
/// # Standard
/// XMLDSig §4.4.
#[derive(Clone, Debug, PartialEq)]
pub struct SignedInfo {
    /// The element.
    pub node: NodeId,
    /// Its identifier.
    pub id: Option<String>,
    /// By which rules it is written.
    pub grammar: Grammar,
    /// How it is brought into the form that was signed.
    pub canonicalization: Result<Method, Unsupported>,
    /// The algorithm.
    pub algorithm: Result<SignatureAlgorithm, Unsupported>,
    /// The URI of the algorithm as written.
    pub algorithm_uri: String,
    /// The references, in document order; at least one.
    pub references: Vec<Reference>,
}

/// The signature value.
///
/// # Standard
/// XMLDSig §4.3.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignatureValue {
    /// The element.
    pub node: NodeId,
    /// Its identifier.
    pub id: Option<String>,
    /// The decoded value.
    pub octets: Vec<u8>,
}

/// One thing that is signed.
///
/// # Standard
/// XMLDSig §4.4.3.
#[derive(Clone, Debug, PartialEq)]
pub struct Reference {
    /// The element.
    pub node: NodeId,
    /// Its identifier.
    pub id: Option<String>,
    /// Where the data is; none where the application has to know.
    pub uri: Option<String>,
    /// What kind of thing the signer says it is. Proves nothing.
    pub kind: Option<String>,
    /// What is done with the data before it is digested.
    pub transforms: Vec<Transform>,
    /// The digest algorithm.
    pub digest_method: DigestMethod,
    /// The digest that must come out.
    pub digest_value: Vec<u8>,
}

/// Anything inside a signature: payload, manifests, qualifying properties.
///
/// # Standard
/// XMLDSig §4.6.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Object {
    /// The element.
    pub node: NodeId,
    /// Its identifier.
    pub id: Option<String>,
    /// Its media type, as the signer says.
    pub mime_type: Option<String>,
    /// How its text is encoded, as the signer says.
    pub encoding: Option<String>,
}

/// Every `ds:Signature` of a document, wherever it stands, in document order.
#[must_use]
pub fn signatures(tree: &Tree<'_>) -> Vec<NodeId> {
    tree.root()
        .descendants()
        .filter(|node| node.is(NAMESPACE, "Signature"))
        .map(Node::id)
        .collect()
}

impl SignedInfo {
    /// The octets that the key signed.
    ///
    /// # Errors
    /// [`Error::Unsupported`] for a canonicalization method that is not known; a limit.
    ///
    /// # Standard
    /// XMLDSig §3.1.2, §4.4.1.
    pub fn octets(&self, tree: &Tree<'_>, budget: &mut Budget) -> Result<Vec<u8>, Error> {
        let method = self.canonicalization.as_ref().map_err(Clone::clone)?;
        let node = tree
            .node(self.node)
            .ok_or_else(|| Malformed::within(MalformedKind::XmlStructure, "SignedInfo"))?;
        match self.grammar {
            Grammar::XmlDsig => c14n::canonicalize_element(node, method, budget),
            Grammar::Draft => c14n::canonicalize_alone(node, method, budget),
        }
    }
}

impl Reference {
    /// Whether the octets digested are nothing but a canonical form of what the URI names.
    #[must_use]
    pub fn only_canonicalizes(&self) -> bool {
        self.transforms
            .iter()
            .all(|transform| matches!(transform, Transform::Canonicalize(_)))
    }

    /// Whether the transforms of a same-document reference leave nodes, so that the octets depend
    /// on who canonicalizes them: the reference itself does by Canonical XML 1.0, a time-stamp by
    /// its own method.
    #[must_use]
    pub fn leaves_nodes(&self) -> bool {
        !self
            .transforms
            .iter()
            .any(|transform| matches!(transform, Transform::Canonicalize(_) | Transform::Base64))
    }

    /// Whether comments are digested: named by an XPointer, in a form that keeps them. XMLDSig
    /// §4.4.3.3.
    #[must_use]
    pub fn keeps_comments(&self) -> bool {
        let is_pointer = |uri: &str| uri.starts_with("#xpointer");
        self.uri.as_deref().is_some_and(is_pointer)
            && self.transforms.iter().any(|transform| {
                matches!(transform, Transform::Canonicalize(method) if method.comments == Comments::Keep)
            })
    }

    /// Whether what an element inherits from its ancestors, as `xml:base`, is not in its form.
    /// Exclusive XML Canonicalization 1.0 §3.
    #[must_use]
    pub fn leaves_ancestors_out(&self) -> bool {
        let is_exclusive = |method: &Method| method.family == Family::Exclusive;
        let mut forms = self
            .transforms
            .iter()
            .filter_map(|transform| match transform {
                Transform::Canonicalize(method) => Some(method),
                _ => None,
            });
        forms.next().is_some_and(is_exclusive)
    }
}
