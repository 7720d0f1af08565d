//! The structure of a signature, enforced child by child.

use super::{
    Grammar, KeyInfo, NAMESPACE, Object, Reference, Signature, SignatureValue, SignedInfo,
    Transform, method,
};
use crate::error::{Error, Malformed, MalformedKind};
use crate::limits::{Budget, Resource};
use crate::xml::{Node, base64};

/// Child elements, taken one after the other.
///
/// XMLDSig §4 is a grammar; a reader that searches for what it needs can be shown a second child
/// of the same name. Here every child must be the next that the grammar wants, and none may be left.
pub(super) struct Children<'t> {
    parent: Node<'t>,
    rest: std::iter::Peekable<std::vec::IntoIter<Node<'t>>>,
}

impl<'t> Children<'t> {
    /// # Errors
    /// Text between the children.
    pub(super) fn of(parent: Node<'t>) -> Result<Self, Malformed> {
        let blank = |text: &str| text.bytes().all(|octet| octet.is_ascii_whitespace());
        if !blank(&parent.text()) {
            return Err(parent.malformed(MalformedKind::XmlStructure));
        }
        Ok(Self {
            parent,
            rest: parent.elements().collect::<Vec<_>>().into_iter().peekable(),
        })
    }

    pub(super) fn optional(&mut self, name: &str) -> Option<Node<'t>> {
        self.rest.next_if(|node| node.is(NAMESPACE, name))
    }

    pub(super) fn required(&mut self, name: &str) -> Result<Node<'t>, Malformed> {
        let found = self.optional(name);
        found.ok_or_else(|| self.unexpected())
    }

    pub(super) fn finish(mut self) -> Result<(), Malformed> {
        match self.rest.peek() {
            None => Ok(()),
            Some(_) => Err(self.unexpected()),
        }
    }

    fn unexpected(&mut self) -> Malformed {
        let place = self.rest.peek().copied().unwrap_or(self.parent);
        place.malformed(MalformedKind::XmlStructure)
    }
}

pub(super) fn id(node: Node<'_>) -> Option<String> {
    node.attribute("Id").map(str::to_owned)
}

impl Signature {
    /// Reads a `ds:Signature` element.
    ///
    /// # Errors
    /// [`MalformedKind::XmlStructure`] where a child is missing, foreign or repeated,
    /// [`MalformedKind::XmlBase64`]; the limit of references. What is only unsupported stands in
    /// the result.
    ///
    /// # Standard
    /// XMLDSig §4.2 to §4.6.
    pub fn parse(node: Node<'_>, budget: &mut Budget) -> Result<Self, Error> {
        Self::parse_by(node, Grammar::XmlDsig, budget)
    }

    /// Reads a `ds:Signature` element that is written by other rules.
    ///
    /// # Errors
    /// As [`Signature::parse`].
    pub fn parse_by(node: Node<'_>, grammar: Grammar, budget: &mut Budget) -> Result<Self, Error> {
        if !node.is(NAMESPACE, "Signature") {
            return Err(node.malformed(MalformedKind::XmlStructure).into());
        }
        let mut children = Children::of(node)?;
        let signed_info = signed_info(children.required("SignedInfo")?, grammar, budget)?;
        let value = children.required("SignatureValue")?;
        let value = SignatureValue {
            node: value.id(),
            id: id(value),
            octets: octets(value)?,
        };
        let key_info = match children.optional("KeyInfo") {
            Some(key_info) => Some(KeyInfo::read(key_info, budget)?),
            None => None,
        };
        let mut objects = Vec::new();
        while let Some(object) = children.optional("Object") {
            objects.push(Object {
                node: object.id(),
                id: id(object),
                mime_type: object.attribute("MimeType").map(str::to_owned),
                encoding: object.attribute("Encoding").map(str::to_owned),
            });
        }
        children.finish()?;
        Ok(Self {
            node: node.id(),
            id: id(node),
            signed_info,
            value,
            key_info,
            objects,
        })
    }
}

/// XMLDSig §4.4.
fn signed_info(node: Node<'_>, grammar: Grammar, budget: &mut Budget) -> Result<SignedInfo, Error> {
    let mut children = Children::of(node)?;
    let canonicalization = method::canonicalization(children.required("CanonicalizationMethod")?)?;
    let signature_method = children.required("SignatureMethod")?;
    let (algorithm_uri, algorithm) = method::signature(signature_method)?;
    let references = references(children, grammar, budget)?;
    Ok(SignedInfo {
        node: node.id(),
        id: id(node),
        grammar,
        canonicalization,
        algorithm,
        algorithm_uri,
        references,
    })
}

/// Reads the references of a `ds:Manifest`.
///
/// # Errors
/// As [`Signature::parse`].
///
/// # Standard
/// XMLDSig §5.1.
pub fn read_references(manifest: Node<'_>, budget: &mut Budget) -> Result<Vec<Reference>, Error> {
    references(Children::of(manifest)?, Grammar::XmlDsig, budget)
}

/// Nodes that cost as much memory as what is read of a reference.
const NODES_PER_REFERENCE: u64 = 32;

fn references(
    mut children: Children<'_>,
    grammar: Grammar,
    budget: &mut Budget,
) -> Result<Vec<Reference>, Error> {
    let mut references = Vec::new();
    loop {
        let node = if references.is_empty() {
            children.required("Reference")?
        } else {
            match children.optional("Reference") {
                Some(node) => node,
                None => break,
            }
        };
        budget.charge(Resource::References, 1)?;
        // What is kept of each costs as much as these.
        budget.charge(Resource::Nodes, NODES_PER_REFERENCE)?;
        references.push(reference(node, grammar)?);
    }
    children.finish()?;
    Ok(references)
}

/// XMLDSig §4.4.3.
fn reference(node: Node<'_>, grammar: Grammar) -> Result<Reference, Error> {
    let mut children = Children::of(node)?;
    let mut transforms = children.optional("Transforms");
    let digest_method = method::digest(children.required("DigestMethod")?)?;
    if grammar == Grammar::Draft && transforms.is_none() {
        transforms = children.optional("Transforms");
    }
    let transforms = match transforms {
        Some(transforms) => Transform::read_all(transforms)?,
        None => Vec::new(),
    };
    let digest_value = octets(children.required("DigestValue")?)?;
    children.finish()?;
    Ok(Reference {
        node: node.id(),
        id: id(node),
        uri: node.attribute("URI").map(str::to_owned),
        kind: node.attribute("Type").map(str::to_owned),
        transforms,
        digest_method,
        digest_value,
    })
}

/// The base64 text of an element that holds nothing else.
pub(crate) fn octets(node: Node<'_>) -> Result<Vec<u8>, Malformed> {
    base64::decode(&node.only_text()?).map_err(|error| node.malformed(error.kind))
}
