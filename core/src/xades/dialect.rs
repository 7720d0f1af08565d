//! Signatures inside a document format that has rules of its own.

use super::parse::Fault;
use crate::crypto;
use crate::error::{Error, Unsupported};
use crate::limits::Budget;
use crate::payload::{Part, PayloadName, PayloadPart};
use crate::signature::Target;
use crate::vocabulary::ReferenceKind;
use crate::xml::c14n::{self, Method};
use crate::xml::dsig::{self, Grammar, Transform};
use crate::xml::{Node, NodeId, Tree};
use std::sync::Arc;

/// What a document format says about the signatures in it, beside XMLDSig.
///
/// DIGIDOC-XML keeps its data files in elements of the document. From version 1.1 on a reference is
/// what XMLDSig says, and only the report has to know that an element is a file. SK-XML 1.0 is
/// older than XMLDSig: there the URI is all that tells what is digested.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Dialect {
    /// By which rules the signatures are written.
    pub grammar: Grammar,
    /// Whether qualifying properties stand in the namespace of XMLDSig, as before XAdES 1.1.1.
    pub has_old_properties: bool,
    /// The data files, in document order.
    pub files: Vec<FileElement>,
}

/// An element that is a data file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileElement {
    /// The element.
    pub node: NodeId,
    /// Its identifier.
    pub id: String,
    /// The name of the file in the report.
    pub name: String,
    /// Its media type, as written.
    pub media_type: String,
    /// Where its octets are.
    pub content: FileContent,
}

/// Where the octets of a data file are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FileContent {
    /// In the element.
    Inside(Arc<[u8]>),
    /// In the element, in a form that is not read.
    Unread(Unsupported),
    /// Outside the document: under this name, where somebody gave the file.
    Outside(Option<PayloadName>),
}

/// What a reference means in a dialect.
pub(super) struct Meaning {
    pub(super) kind: ReferenceKind,
    pub(super) name: Option<String>,
    pub(super) target: Target,
    pub(super) covers: Option<PayloadName>,
}

impl Dialect {
    /// The namespaces of qualifying properties besides those of XAdES.
    pub(super) fn reads_properties_of(&self, namespace: &str) -> bool {
        self.has_old_properties && namespace == dsig::NAMESPACE
    }

    /// The data file that an element is.
    pub(super) fn file(&self, node: NodeId) -> Option<&FileElement> {
        // Files are in document order, as the numbers of nodes are.
        let place = self.files.binary_search_by_key(&node, |file| file.node);
        self.files.get(place.ok()?)
    }

    /// What a reference means where XMLDSig does not say it; none where it does.
    pub(super) fn meaning(
        &self,
        tree: &Tree<'_>,
        reference: &dsig::Reference,
        signed: Option<Node<'_>>,
        budget: &mut Budget,
    ) -> Result<Option<Meaning>, Error> {
        if *self == Self::default() {
            return Ok(None);
        }
        let uri = reference.uri.as_deref().unwrap_or_default();
        let id = uri.strip_prefix('#').unwrap_or_default();
        // Of several elements with one identifier none is meant.
        let only = |id: &str| tree.by_id(id).ok().flatten().map(Node::id);
        let file = |id: &str| self.file(only(id)?);
        // SK-XML writes `Id` with the `#` of the URI that leads to it.
        let bears = |node: &Node<'_>| {
            let own = node.attribute("Id").unwrap_or_default();
            let bare = match self.grammar {
                Grammar::Draft => own.strip_prefix('#').unwrap_or(own),
                Grammar::XmlDsig => own,
            };
            !id.is_empty() && bare == id && only(own) == Some(node.id())
        };
        let signed = signed.filter(bears);
        if self.grammar == Grammar::XmlDsig {
            // A file that is not in the document cannot be digested in the form that was signed.
            let outside = file(id).filter(|file| matches!(file.content, FileContent::Outside(_)));
            if let Some(file) = outside {
                return Ok(Some(Meaning {
                    name: Some(file.name.clone()),
                    ..unnamed(Target::NotFound)
                }));
            }
            // Some libraries digested the signed properties as a document of their own, without the
            // namespace that they inherit; what the properties say is the same.
            let Some(node) = signed.filter(|_| reference.transforms.is_empty()) else {
                return Ok(None);
            };
            let alone = alone(node, budget)?;
            return Ok(is_digested(reference, &alone).then(|| Meaning {
                kind: ReferenceKind::SignedProperties,
                ..unnamed(alone)
            }));
        }
        // The draft's signatures name the transform of enveloped signatures and apply none.
        let applies_none = |transform: &Transform| *transform == Transform::EnvelopedSignature;
        if !reference.transforms.iter().all(applies_none) {
            let unsupported = Unsupported::Feature("transforms in SK-XML");
            return Ok(Some(unnamed(Target::Unsupported(unsupported))));
        }
        if let Some(file) = file(id) {
            let target = match &file.content {
                FileContent::Inside(octets) => {
                    Target::Parts(vec![Part::Octets(Arc::clone(octets))])
                }
                FileContent::Unread(unsupported) => Target::Unsupported(unsupported.clone()),
                FileContent::Outside(Some(payload)) => {
                    let part = PayloadPart::whole(payload.clone());
                    Target::Parts(vec![Part::Payload(part)])
                }
                FileContent::Outside(None) => Target::NotFound,
            };
            return Ok(Some(Meaning {
                kind: ReferenceKind::SignersDocument,
                name: Some(file.name.clone()),
                target,
                covers: Some(PayloadName::Entry(file.name.clone())),
            }));
        }
        if let Some(file) = id.strip_suffix("-MIME").and_then(file) {
            let octets = file.media_type.as_bytes();
            return Ok(Some(Meaning {
                kind: ReferenceKind::Object,
                ..unnamed(Target::Parts(vec![Part::Octets(octets.into())]))
            }));
        }
        let Some(node) = signed else {
            return Ok(Some(unnamed(Target::NotFound)));
        };
        Ok(Some(Meaning {
            kind: ReferenceKind::SignedProperties,
            ..unnamed(alone(node, budget)?)
        }))
    }
}

/// An element as a document of its own.
fn alone(node: Node<'_>, budget: &mut Budget) -> Result<Target, Error> {
    match c14n::canonicalize_alone(node, &Method::CANONICAL_XML_10, budget) {
        Ok(octets) => Ok(Target::Parts(vec![Part::Octets(octets.into())])),
        Err(error) => Ok(match Fault::of(error)? {
            Fault::Unsupported(unsupported) => Target::Unsupported(unsupported),
            Fault::Malformed(_) => Target::NotFound,
        }),
    }
}

/// Whether a reference was made over these octets. Which of two forms was meant is asked only here;
/// whether the digest fits is asked again by whoever judges.
fn is_digested(reference: &dsig::Reference, target: &Target) -> bool {
    let (Ok(algorithm), Target::Parts(parts)) = (&reference.digest_method.algorithm, target) else {
        return false;
    };
    let [Part::Octets(octets)] = parts.as_slice() else {
        return false;
    };
    crypto::digest(*algorithm, octets).is_ok_and(|digest| digest == reference.digest_value)
}

/// Something that no name is known for.
fn unnamed(target: Target) -> Meaning {
    Meaning {
        kind: ReferenceKind::SignersDocument,
        name: None,
        target,
        covers: None,
    }
}
