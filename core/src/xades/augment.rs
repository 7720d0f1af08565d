//! Augmentation: new unsigned properties are inserted at a byte position.
//!
//! What stands in the file is never written anew: the bytes before and after an insertion stay as
//! they are, those of other signatures too. Inserted elements declare their own namespaces, so that
//! they mean the same under every prefix that the file uses. An insertion that would change what
//! any signature or time-stamp of the file is over is refused.
//!
//! # Standard
//! EN 319 132-1 §5.3 (SignatureTimeStamp), §5.4 (validation data), §5.5.2 (ArchiveTimeStamp), §6.3
//! (levels T, LT and LTA).

use super::canonical::Canonical;
use super::dialect::Dialect;
use super::insertion::{Splice, append, is_unharmed, records};
use super::parse::{Maker, Resolve, located};
use super::properties::Properties;
use super::references::References;
use super::{NAMESPACE, NAMESPACE_141, NAMESPACES, archive, references};
use crate::error::{ApiMisuse, Error, InputError, Malformed, MalformedKind, Unsupported};
use crate::limits::Budget;
use crate::payload::Part;
use crate::signature::{Target, ValidationData};
use crate::xml::c14n::{self, Method};
use crate::xml::write::Writer;
use crate::xml::{self, Node, Text, Tree, base64, dsig};
use std::sync::Arc;

/// What a signature time-stamp is over: the SignatureValue element in exclusive canonical form.
///
/// `place` and `id` name the record of the signature, as [`super::parse`] gave it.
///
/// # Errors
/// [`ApiMisuse::ContradictoryParameters`] when there is no such signature; as [`super::parse`].
///
/// # Standard
/// EN 319 132-1 §5.3.
pub fn signature_timestamp_input(
    octets: &[u8],
    place: &str,
    id: &str,
    budget: &mut Budget,
) -> Result<Vec<u8>, Error> {
    with_signature(octets, place, id, budget, |_, tree, signature, budget| {
        let value = tree.node(signature.value.node).ok_or_else(missing)?;
        c14n::canonicalize_element(value, &Method::EXCLUSIVE, budget)
    })
}

/// The file with a signature time-stamp more.
///
/// # Errors
/// As [`signature_timestamp_input`]; [`Unsupported`] for signatures that are not of XAdES 1.3.2.
pub fn add_signature_timestamp(
    octets: &[u8],
    place: &str,
    id: &str,
    token: &[u8],
    budget: &mut Budget,
) -> Result<Vec<u8>, Error> {
    let mut writer = Writer::new();
    writer
        .start("xades:SignatureTimeStamp", &[("xmlns:xades", NAMESPACE)])
        .empty(
            "ds:CanonicalizationMethod",
            &[
                ("xmlns:ds", dsig::NAMESPACE),
                ("Algorithm", Method::EXCLUSIVE.uri()),
            ],
        )
        .leaf("xades:EncapsulatedTimeStamp", &[], &base64::encode(token))
        .end();
    insert(octets, place, id, &writer.finish(), budget)
}

/// What an archive time-stamp is over that is put behind all that is there: payload and canonical
/// forms in the order of the standard. `resolve` says which payload a reference leads to.
///
/// # Errors
/// As [`signature_timestamp_input`]; [`InputError::Unreadable`] where something that is signed is
/// not at hand, [`Unsupported`] where it cannot be transformed.
///
/// # Standard
/// EN 319 132-1 §5.5.2.3.
pub fn archive_timestamp_input(
    octets: &[u8],
    place: &str,
    id: &str,
    resolve: &Resolve<'_>,
    budget: &mut Budget,
) -> Result<Vec<Part>, Error> {
    let own = (place, id);
    with_references(
        octets,
        own,
        resolve,
        budget,
        |maker, properties, references, budget| {
            let target = archive::over(
                maker,
                properties,
                references,
                &properties.unsigned,
                archive::Form::Current,
                &Method::EXCLUSIVE,
                budget,
            )?;
            match target {
                Target::Parts(parts) => Ok(parts),
                Target::NotFound => Err(InputError::Unreadable.into()),
                Target::Unsupported(unsupported) => Err(unsupported.into()),
            }
        },
    )
}

/// The file with an archive time-stamp more.
///
/// # Errors
/// As [`add_signature_timestamp`].
pub fn add_archive_timestamp(
    octets: &[u8],
    place: &str,
    id: &str,
    token: &[u8],
    budget: &mut Budget,
) -> Result<Vec<u8>, Error> {
    let mut writer = Writer::new();
    writer
        .start(
            "xades141:ArchiveTimeStamp",
            &[("xmlns:xades141", NAMESPACE_141)],
        )
        .empty(
            "ds:CanonicalizationMethod",
            &[
                ("xmlns:ds", dsig::NAMESPACE),
                ("Algorithm", Method::EXCLUSIVE.uri()),
            ],
        )
        .leaf(
            "xades:EncapsulatedTimeStamp",
            &[("xmlns:xades", NAMESPACE)],
            &base64::encode(token),
        )
        .end();
    insert(octets, place, id, &writer.finish(), budget)
}

/// The file with certificates and revocation data more.
///
/// They stand in CertificateValues and RevocationValues, of which there may be one each; where one
/// is there already, in AnyValidationData.
///
/// # Errors
/// As [`add_signature_timestamp`].
pub fn add_validation_data(
    octets: &[u8],
    place: &str,
    id: &str,
    data: &ValidationData,
    budget: &mut Budget,
) -> Result<Vec<u8>, Error> {
    if data.is_empty() {
        return Ok(octets.to_vec());
    }
    let has_values = with_signature(octets, place, id, budget, |_, tree, signature, _| {
        let unsigned = match only(qualifying(tree, signature)?, "UnsignedProperties")? {
            Some(unsigned) => only(unsigned, "UnsignedSignatureProperties")?,
            None => None,
        };
        let has = |name| unsigned.is_some_and(|node| node.element(NAMESPACE, name).is_some());
        Ok(has("CertificateValues") || has("RevocationValues"))
    })?;
    let mut writer = Writer::new();
    if has_values {
        writer.start(
            "xades141:AnyValidationData",
            &[("xmlns:xades141", NAMESPACE_141)],
        );
    }
    values(&mut writer, data);
    insert(octets, place, id, &writer.finish(), budget)
}

fn values(writer: &mut Writer, data: &ValidationData) {
    let namespace = [("xmlns:xades", NAMESPACE)];
    let list = |writer: &mut Writer, name: &'static str, values: &[Arc<[u8]>]| {
        for value in values {
            writer.leaf(name, &[], &base64::encode(value));
        }
    };
    if !data.certificates.is_empty() {
        writer.start("xades:CertificateValues", &namespace);
        list(
            writer,
            "xades:EncapsulatedX509Certificate",
            &data.certificates,
        );
        writer.end();
    }
    if data.crls.is_empty() && data.ocsps.is_empty() {
        return;
    }
    writer.start("xades:RevocationValues", &namespace);
    if !data.crls.is_empty() {
        writer.start("xades:CRLValues", &[]);
        list(writer, "xades:EncapsulatedCRLValue", &data.crls);
        writer.end();
    }
    if !data.ocsps.is_empty() {
        writer.start("xades:OCSPValues", &[]);
        list(writer, "xades:EncapsulatedOCSPValue", &data.ocsps);
        writer.end();
    }
    writer.end();
}

/// Reads a signature with its properties and references, and acts on it.
///
/// # Errors
/// As [`with_signature`]; a signature without properties.
pub(super) fn with_references<T>(
    octets: &[u8],
    (place, id): (&str, &str),
    resolve: &Resolve<'_>,
    budget: &mut Budget,
    act: impl FnOnce(&mut Maker<'_, '_>, &Properties<'_>, &References, &mut Budget) -> Result<T, Error>,
) -> Result<T, Error> {
    with_signature(octets, place, id, budget, |_, tree, signature, budget| {
        qualifying(tree, signature)?;
        let dialect = Dialect::default();
        let properties = Properties::of(tree, signature, &dialect, &mut Vec::new());
        let mut canonical = Canonical::of_document(tree, budget);
        let mut maker = Maker {
            tree,
            signature,
            place,
            resolve,
            dialect: &dialect,
            canonical: &mut canonical,
        };
        let references = references::read(&mut maker, &properties, None, budget)?;
        act(&mut maker, &properties, &references, budget)
    })
}

/// Finds a signature by its record and acts on it.
pub(super) fn with_signature<T>(
    octets: &[u8],
    place: &str,
    id: &str,
    budget: &mut Budget,
    act: impl FnOnce(&Text<'_>, &Tree<'_>, &dsig::Signature, &mut Budget) -> Result<T, Error>,
) -> Result<T, Error> {
    let text = xml::decode(octets)?;
    if text.is_transcoded() {
        let other = Unsupported::Feature("augmentation of XML in another encoding than UTF-8");
        return Err(other.into());
    }
    let tree = Tree::parse(&text, budget)?;
    let records = located(&tree, place, &|_| None, &Dialect::default(), budget)?;
    let own = records.iter().find(|(_, record)| record.id == id);
    let (node, _) = own.ok_or(ApiMisuse::ContradictoryParameters)?;
    let element = tree.node(*node).ok_or_else(missing)?;
    let signature = dsig::Signature::parse(element, budget)?;
    act(&text, &tree, &signature, budget)
}

fn missing() -> Malformed {
    Malformed::within(MalformedKind::XadesStructure, "Signature")
}

/// The qualifying properties of a signature; XAdES 1.3.2 only, inside this signature, once.
pub(super) fn qualifying<'t>(
    tree: &'t Tree<'_>,
    signature: &dsig::Signature,
) -> Result<Node<'t>, Error> {
    let objects = signature
        .objects
        .iter()
        .filter_map(|object| tree.node(object.node));
    let mut found = objects.flat_map(|node| {
        node.elements_named(NAMESPACE, "QualifyingProperties")
            .collect::<Vec<_>>()
    });
    let what = match (found.next(), found.next()) {
        (Some(only), None) => return Ok(only),
        (None, _) if has_former(tree, signature) => {
            "augmentation of a signature of the older XAdES namespaces"
        }
        _ => "augmentation of a signature without XAdES properties",
    };
    Err(Unsupported::Feature(what).into())
}

/// Whether the properties are those of XAdES 1.1.1 or 1.2.2, which know no such additions.
fn has_former(tree: &Tree<'_>, signature: &dsig::Signature) -> bool {
    let objects = signature.objects.iter();
    let objects = objects.filter_map(|object| tree.node(object.node));
    let mut namespaces = objects.flat_map(|node| {
        NAMESPACES.map(|namespace| node.element(namespace, "QualifyingProperties").is_some())
    });
    namespaces.any(|is_former| is_former)
}

/// Inserts a property behind those that are there.
pub(super) fn insert(
    octets: &[u8],
    place: &str,
    id: &str,
    property: &str,
    budget: &mut Budget,
) -> Result<Vec<u8>, Error> {
    let (range, text) = with_signature(octets, place, id, budget, |text, tree, signature, _| {
        let splice = splice(tree, qualifying(tree, signature)?, property)?;
        let start = text.original_offset(splice.range.start);
        let end = text.original_offset(splice.range.end);
        Ok((start..end, splice.text))
    })?;
    let start = usize::try_from(range.start).map_err(|_| missing())?;
    let end = usize::try_from(range.end).map_err(|_| missing())?;
    let (before, after) = octets
        .get(..start)
        .zip(octets.get(end..))
        .ok_or_else(missing)?;
    let augmented = [before, text.as_bytes(), after].concat();
    if is_unharmed(
        &records(octets, place, budget)?,
        &records(&augmented, place, budget)?,
    ) {
        Ok(augmented)
    } else {
        // A signature over the whole document, or over the object with the properties.
        Err(Unsupported::Feature("augmentation inside of what another signature covers").into())
    }
}

/// The child of a name, of which there may be one at most.
fn only<'t>(parent: Node<'t>, name: &'static str) -> Result<Option<Node<'t>>, Malformed> {
    let mut children = parent.elements_named(NAMESPACE, name);
    let first = children.next();
    match children.next() {
        None => Ok(first),
        Some(second) => Err(second.malformed(MalformedKind::XadesStructure)),
    }
}

/// Where a property goes, with the elements around it that are missing.
pub(super) fn splice(
    tree: &Tree<'_>,
    qualifying: Node<'_>,
    property: &str,
) -> Result<Splice, Error> {
    let wrapped = |name: &'static str, inside: &str| {
        let mut writer = Writer::new();
        writer
            .start(name, &[("xmlns:xades", NAMESPACE)])
            .raw(inside)
            .end();
        writer.finish()
    };
    let own = |inside: &str| wrapped("xades:UnsignedSignatureProperties", inside);
    let Some(unsigned) = only(qualifying, "UnsignedProperties")? else {
        let text = wrapped("xades:UnsignedProperties", &own(property));
        return append(tree, qualifying, text);
    };
    if let Some(properties) = only(unsigned, "UnsignedSignatureProperties")? {
        return append(tree, properties, property.to_owned());
    }
    // EN 319 132-1 §4.4.3: UnsignedSignatureProperties stands before UnsignedDataObjectProperties.
    match unsigned.elements().next() {
        Some(first) => {
            let at = first.range().start;
            Ok(Splice {
                range: at..at,
                text: own(property),
            })
        }
        None => append(tree, unsigned, own(property)),
    }
}
