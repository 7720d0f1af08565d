//! A signature inside the document that it signs.
//!
//! The document's octets stay as they are: the signature goes in before the end tag of its outermost
//! element, or the element goes, octet by octet, into a new document beside the signature. What is
//! signed is found by the same code that validates: the document is put together with a signature
//! whose digest is still empty, and the reference in it is followed.
//!
//! # Standard
//! XMLDSig §4.4.3 (references into the same document), §6.6.4 (enveloped signatures), XPath Filter
//! 2.0 §3.4: all but signatures is signed, so that others can sign after this one.

use super::NAMESPACE;
use super::augment::{qualifying, splice, with_signature};
use super::create::{Blueprint, NewReference, ReferenceForm};
use super::insertion::{Splice, append, is_unharmed, records};
use crate::crypto;
use crate::error::{ApiMisuse, Error, Malformed, MalformedKind, Unsupported};
use crate::limits::Budget;
use crate::payload::hex_octets;
use crate::xml::dsig::{self, Dereferenced};
use crate::xml::{self, Node, Tree, XML_NAMESPACE};
use serde::{Deserialize, Serialize};
use std::ops::Range;

/// How a signature stands to the XML document that it signs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Position {
    /// Inside of it, before the end tag of the outermost element.
    Enveloped,
    /// Beside its outermost element, in a new document around both.
    InternallyDetached,
}

/// A piece of a document with a signature in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum EmbeddedPiece {
    /// New text.
    Text(String),
    /// Octets of the document.
    Document {
        /// Which.
        range: Range<u64>,
        /// Their SHA-256.
        #[serde(with = "hex_octets")]
        sha256: Vec<u8>,
    },
    /// The signature.
    Signature,
}

/// The element around a document and its signature.
const AROUND: &str = "internally-detached";

/// Plans a signature in a document: the blueprint with the digest of what is signed, and what the
/// signed document is made of.
///
/// The blueprint comes without references; its one reference is made here.
///
/// # Errors
/// A document that cannot be read; [`Unsupported`] for other encodings than UTF-8, for a document
/// in which the signature would change what another one covers, and for an element without an
/// identifier that is to be signed beside; as [`Blueprint::data_to_be_signed`].
pub fn embed(
    octets: &[u8],
    position: Position,
    media_type: &str,
    blueprint: Blueprint,
    budget: &mut Budget,
) -> Result<(Blueprint, Vec<EmbeddedPiece>), Error> {
    let text = xml::decode(octets)?;
    if text.is_transcoded() {
        let other = Unsupported::Feature("a signature in XML of another encoding than UTF-8");
        return Err(other.into());
    }
    let tree = Tree::parse(&text, budget)?;
    let root = tree.document_element();
    let original =
        |range: Range<u64>| text.original_offset(range.start)..text.original_offset(range.end);
    let (form, name, pieces) = match position {
        Position::Enveloped => {
            let Splice { range, text } = append(&tree, root, MARK.to_owned())?;
            let pieces = around(octets, original(range), &text)?;
            (ReferenceForm::Document, String::new(), pieces)
        }
        Position::InternallyDetached => {
            let id = identifier(root).ok_or(Unsupported::Feature(
                "a signature beside an element without Id, ID or xml:id",
            ))?;
            let declaration = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
            let pieces = vec![
                EmbeddedPiece::Text(format!("{declaration}<{AROUND}>")),
                part(octets, original(root.range()))?,
                EmbeddedPiece::Signature,
                EmbeddedPiece::Text(format!("</{AROUND}>")),
            ];
            (ReferenceForm::Element, id.to_owned(), pieces)
        }
    };
    let reference = NewReference {
        name,
        digest: vec![0; blueprint.digest.output_len()],
        media_type: media_type.to_owned(),
        form,
    };
    let planned = plan(octets, pieces, blueprint, reference, budget)?;
    if position == Position::Enveloped {
        check_unharmed(octets, &planned, budget)?;
    }
    Ok(planned)
}

/// Plans a counter-signature of a signature in a document: over its value, among its unsigned
/// properties. `id` is that of the record, as [`super::parse`] gave it at this `place`; none where
/// there is only one signature.
///
/// # Errors
/// As [`embed`]; [`ApiMisuse::ContradictoryParameters`] when there is no such signature, or several
/// and none is named; [`Unsupported`] for a value without an identifier, and for signatures without
/// properties of XAdES 1.3.2.
///
/// # Standard
/// EN 319 132-1 §5.2.7.
pub fn countersign(
    octets: &[u8],
    place: &str,
    id: Option<&str>,
    blueprint: Blueprint,
    budget: &mut Budget,
) -> Result<(Blueprint, Vec<EmbeddedPiece>), Error> {
    let id = match id {
        Some(id) => id.to_owned(),
        None => {
            let known = records(octets, place, budget)?;
            let mut own = known.into_iter().filter(|record| record.parent.is_none());
            match (own.next(), own.next()) {
                (Some(only), None) => only.id,
                _ => return Err(ApiMisuse::ContradictoryParameters.into()),
            }
        }
    };
    let found = with_signature(octets, place, &id, budget, |text, tree, signature, _| {
        let value = tree.node(signature.value.node).ok_or_else(missing)?;
        let name = identifier(value).ok_or(Unsupported::Feature(
            "a counter-signature of a value without Id",
        ))?;
        let property = format!(
            "<xades:CounterSignature xmlns:xades=\"{NAMESPACE}\">{MARK}</xades:CounterSignature>"
        );
        let Splice { range, text: new } = splice(tree, qualifying(tree, signature)?, &property)?;
        let range = text.original_offset(range.start)..text.original_offset(range.end);
        Ok((name.to_owned(), around(octets, range, &new)?))
    });
    let (name, pieces) = found?;
    let reference = NewReference {
        name,
        digest: vec![0; blueprint.digest.output_len()],
        media_type: String::new(),
        form: ReferenceForm::SignatureValue,
    };
    let planned = plan(octets, pieces, blueprint, reference, budget)?;
    check_unharmed(octets, &planned, budget)?;
    Ok(planned)
}

/// Plans a signature beside others in a file that holds nothing but signatures: behind the last one,
/// before the end tag of its outermost element, which is the one of this namespace and name. What is
/// signed lies elsewhere, and the references of the blueprint say where.
///
/// # Errors
/// As [`embed`]; [`Unsupported`] for another file.
///
/// # Standard
/// EN 319 162-1 §4.3.3.2.
pub fn add_parallel(
    octets: &[u8],
    (namespace, name): (&str, &str),
    blueprint: &Blueprint,
    budget: &mut Budget,
) -> Result<Vec<EmbeddedPiece>, Error> {
    let text = xml::decode(octets)?;
    if text.is_transcoded() {
        let other = Unsupported::Feature("a signature in XML of another encoding than UTF-8");
        return Err(other.into());
    }
    let tree = Tree::parse(&text, budget)?;
    let root = tree.document_element();
    let mut signatures = root.elements();
    if !root.is(namespace, name) || !signatures.all(|one| one.is(dsig::NAMESPACE, "Signature")) {
        let what = "a signature in a file of another kind than XAdESSignatures";
        return Err(Unsupported::Feature(what).into());
    }
    check_unknown(&tree, blueprint)?;
    let Splice { range, text: new } = append(&tree, root, MARK.to_owned())?;
    let range = text.original_offset(range.start)..text.original_offset(range.end);
    let planned = (blueprint.clone(), around(octets, range, &new)?);
    check_unharmed(octets, &planned, budget)?;
    Ok(planned.1)
}

/// The same signature once more could not be told from the first.
fn check_unknown(tree: &Tree<'_>, blueprint: &Blueprint) -> Result<(), Error> {
    match tree.by_id(&blueprint.id())? {
        Some(_) => Err(ApiMisuse::SignedAlready.into()),
        None => Ok(()),
    }
}

/// A document with new text at a place, and in the text the signature.
fn around(octets: &[u8], range: Range<u64>, text: &str) -> Result<Vec<EmbeddedPiece>, Error> {
    let (before, after) = text.split_once(MARK).unwrap_or_default();
    let end = u64::try_from(octets.len()).unwrap_or(u64::MAX);
    Ok(vec![
        part(octets, 0..range.start)?,
        EmbeddedPiece::Text(before.to_owned()),
        EmbeddedPiece::Signature,
        EmbeddedPiece::Text(after.to_owned()),
        part(octets, range.end..end)?,
    ])
}

/// The text before and behind the signature in a document made of pieces.
///
/// # Errors
/// A document that is no UTF-8, and pieces without a signature.
pub fn around_signature(
    octets: &[u8],
    pieces: &[EmbeddedPiece],
) -> Result<(String, String), Error> {
    let is_signature = |piece: &EmbeddedPiece| *piece == EmbeddedPiece::Signature;
    let mut parts = pieces.split(is_signature);
    let mut text = || {
        let part = parts.next().ok_or_else(missing)?;
        let whole = String::from_utf8(assemble(octets, part, &[])?);
        whole.map_err(|_| Error::from(missing()))
    };
    Ok((text()?, text()?))
}

/// Finds what the one reference of a new signature is over, in the document as it will be.
fn plan(
    octets: &[u8],
    pieces: Vec<EmbeddedPiece>,
    blueprint: Blueprint,
    reference: NewReference,
    budget: &mut Budget,
) -> Result<(Blueprint, Vec<EmbeddedPiece>), Error> {
    let is_empty = |piece: &EmbeddedPiece| match piece {
        EmbeddedPiece::Text(text) => text.is_empty(),
        EmbeddedPiece::Document { range, .. } => range.is_empty(),
        EmbeddedPiece::Signature => false,
    };
    let pieces: Vec<_> = pieces
        .into_iter()
        .filter(|piece| !is_empty(piece))
        .collect();
    let mut blueprint = blueprint;
    blueprint.references = vec![reference];
    let draft = assemble(octets, &pieces, &blueprint.signature(&[0])?)?;
    let signed = what_is_signed(&draft, &blueprint.id(), budget)?;
    let digest = crypto::digest(blueprint.digest, &signed)?;
    if let Some(reference) = blueprint.references.first_mut() {
        reference.digest = digest;
    }
    let text = xml::decode(octets)?;
    check_unknown(&Tree::parse(&text, budget)?, &blueprint)?;
    Ok((blueprint, pieces))
}

/// Whether the signatures that are there stay over what they are over.
fn check_unharmed(
    octets: &[u8],
    (blueprint, pieces): &(Blueprint, Vec<EmbeddedPiece>),
    budget: &mut Budget,
) -> Result<(), Error> {
    let signed = assemble(octets, pieces, &blueprint.signature(&[0])?)?;
    let before = records(octets, "", budget)?;
    let mut after = records(&signed, "", budget)?;
    after.retain(|record| before.iter().any(|known| known.id == record.id));
    if is_unharmed(&before, &after) {
        return Ok(());
    }
    Err(Unsupported::Feature("a signature inside of what another signature covers").into())
}

/// Stands for the signature; no character of XML.
const MARK: &str = "\u{0}";

fn part(octets: &[u8], range: Range<u64>) -> Result<EmbeddedPiece, Error> {
    let sha256 = crypto::object_id(slice(octets, &range)?).0.to_vec();
    Ok(EmbeddedPiece::Document { range, sha256 })
}

fn slice<'a>(octets: &'a [u8], range: &Range<u64>) -> Result<&'a [u8], Error> {
    let start = usize::try_from(range.start).ok();
    let end = usize::try_from(range.end).ok();
    let found = start
        .zip(end)
        .and_then(|(start, end)| octets.get(start..end));
    found.ok_or_else(|| missing().into())
}

fn missing() -> Malformed {
    Malformed::within(MalformedKind::XadesStructure, "Signature")
}

fn assemble(octets: &[u8], pieces: &[EmbeddedPiece], signature: &[u8]) -> Result<Vec<u8>, Error> {
    let mut whole = Vec::with_capacity(octets.len() + signature.len());
    for piece in pieces {
        match piece {
            EmbeddedPiece::Text(text) => whole.extend_from_slice(text.as_bytes()),
            EmbeddedPiece::Document { range, .. } => whole.extend(slice(octets, range)?),
            EmbeddedPiece::Signature => whole.extend_from_slice(signature),
        }
    }
    Ok(whole)
}

/// What the first reference of the signature with an identifier leads to.
fn what_is_signed(document: &[u8], id: &str, budget: &mut Budget) -> Result<Vec<u8>, Error> {
    let text = xml::decode(document)?;
    let tree = Tree::parse(&text, budget)?;
    // Another element of the same identifier would leave the new signature ambiguous.
    let element = tree.by_id(id)?.ok_or_else(missing)?;
    let signature = dsig::Signature::parse(element, budget)?;
    let first = signature.signed_info.references.first();
    let first = first.ok_or_else(missing)?;
    match dsig::dereference(&tree, &signature, first, budget)? {
        Dereferenced::Octets { octets, .. } => Ok(octets),
        _ => Err(ApiMisuse::ContradictoryParameters.into()),
    }
}

/// What is an identifier without a document type: see [`Tree::by_id`].
fn identifier(element: Node<'_>) -> Option<&str> {
    let plain = element.attribute("Id").or_else(|| element.attribute("ID"));
    plain.or_else(|| element.attribute_in(XML_NAMESPACE, "id"))
}
