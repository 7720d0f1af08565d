//! Evidence records that an XML signature carries in its unsigned properties.

use super::archive::Before;
use super::parse::{Maker, Resolve, each_signature, located};
use super::properties::Properties;
use super::references::{self, References};
use super::timestamps::Element;
use crate::error::{Error, MalformedKind};
use crate::limits::{Budget, Resource};
use crate::signature::{Signature, Target};
use crate::timestamp::EvidenceRecord;
use crate::vocabulary::ObjectId;
use crate::xml::{self, Node, Tree, dsig};
use std::sync::Arc;

/// The property that holds them.
pub const SEALING_EVIDENCE_RECORDS: &str = "SealingEvidenceRecords";

const NAMESPACE: &str = "http://uri.etsi.org/19132/v1.1.1#";

/// An evidence record in an unsigned property.
#[derive(Clone, Debug, PartialEq)]
pub struct CarriedRecord {
    /// The signature that carries it, by [`crate::signature::Signature::id`].
    pub parent: String,
    /// The record as it stands there.
    pub octets: Arc<[u8]>,
    /// What it says.
    pub record: Result<EvidenceRecord, Error>,
    /// The data object group that it is about: the name of each member, and what is digested.
    pub members: Vec<(String, Target)>,
    /// Certificates, revocation data and tokens inside what it is about.
    pub inside: Vec<ObjectId>,
}

/// The evidence records in the unsigned properties of every signature of a document.
///
/// ```text
/// <SealingEvidenceRecords>
///   ( <ers:EvidenceRecord> | <ASN1EvidenceRecord> )+
/// </SealingEvidenceRecords>
/// ```
///
/// # Errors
/// As [`super::parse`]. What is wrong with one record is in it.
///
/// # Standard
/// TS 119 132-3.
pub fn carried_records(
    octets: &Arc<[u8]>,
    place: &str,
    resolve: &Resolve<'_>,
    budget: &mut Budget,
) -> Result<Vec<CarriedRecord>, Error> {
    let text = xml::decode(octets)?;
    let tree = Tree::parse(&text, budget)?;
    let records = located(&tree, place, resolve, &super::Dialect::default(), budget)?;
    let mut found = Vec::new();
    each_signature(
        &tree,
        place,
        resolve,
        &records,
        budget,
        |mut maker, record, budget| of_signature(&mut maker, record, &mut found, budget),
    )?;
    Ok(found)
}

/// Whether it is a property with evidence records.
pub(super) fn is_seal(node: Node<'_>) -> bool {
    node.is(NAMESPACE, SEALING_EVIDENCE_RECORDS)
}

fn of_signature(
    maker: &mut Maker<'_, '_>,
    record: &Signature,
    found: &mut Vec<CarriedRecord>,
    budget: &mut Budget,
) -> Result<(), Error> {
    let tree = maker.tree;
    let properties = Properties::of(tree, maker.signature, maker.dialect, &mut Vec::new());
    if !properties.unsigned.iter().any(|node| is_seal(*node)) {
        return Ok(());
    }
    let read = references::read(maker, &properties, None, budget)?;
    let mut before = Before::of_all(maker.signature);
    for (place, property) in properties.unsigned.iter().enumerate() {
        if is_seal(*property) {
            let earlier = properties.unsigned.get(..place).unwrap_or_default();
            let members = members(maker, &properties, &read, earlier, budget)?;
            for one in property.elements() {
                budget.charge(Resource::Signatures, 1)?;
                let count = u64::try_from(members.len()).unwrap_or(u64::MAX);
                budget.charge(Resource::Values, count)?;
                let (octets, record_read) = of_element(one, budget)?;
                found.push(CarriedRecord {
                    parent: record.id.clone(),
                    octets,
                    record: record_read,
                    members: members.clone(),
                    inside: before.objects(budget)?,
                });
            }
        }
        before.tokens(&Element::of(*property).tokens, budget)?;
        before.property(*property, budget)?;
    }
    Ok(())
}

/// A record, or why it cannot be read.
type Read = Result<EvidenceRecord, Error>;

/// A record and its octets. An archive provider writes a record by itself and does not know where it
/// will stand: where it can be read by itself, its canonical forms are those.
fn of_element(element: Node<'_>, budget: &mut Budget) -> Result<(Arc<[u8]>, Read), Error> {
    let written = element.tree().slice(element.range()).unwrap_or_default();
    let octets: Arc<[u8]> = written.as_bytes().into();
    let read = match element.name() {
        "ASN1EvidenceRecord" => dsig::read_octets(element)
            .map_err(Error::from)
            .and_then(|octets| EvidenceRecord::parse(&octets, budget)),
        "EvidenceRecord" => EvidenceRecord::parse_xml(&octets, budget).or_else(|error| {
            match error {
                Error::LimitExceeded(limit) => Err(limit.into()),
                // A prefix that is declared outside.
                _ => EvidenceRecord::of_element(element, budget),
            }
        }),
        _ => Err(element
            .malformed(MalformedKind::EvidenceRecordStructure)
            .into()),
    };
    match read {
        Err(Error::LimitExceeded(limit)) => Err(limit.into()),
        read => Ok((octets, read)),
    }
}

/// TS 119 132-3: every member has a digest of its own. The text does not say which
/// canonicalization is meant: that of `SignedInfo`.
fn members(
    maker: &mut Maker<'_, '_>,
    properties: &Properties<'_>,
    read: &References,
    earlier: &[Node<'_>],
    budget: &mut Budget,
) -> Result<Vec<(String, Target)>, Error> {
    let signature = maker.signature;
    let method = match &signature.signed_info.canonicalization {
        Ok(method) => method.clone(),
        Err(unsupported) => {
            let target = Target::Unsupported(unsupported.clone());
            return Ok(vec![("SignedInfo".to_owned(), target)]);
        }
    };
    let mut found: Vec<(String, Target)> = Vec::new();
    // What every reference leads to, and every entry of a signed manifest.
    for number in 0..signature.signed_info.references.len() {
        let target = references::stamped(maker, read, number, &method, budget)?;
        let name = read.record(number).map(|record| record.name.clone());
        found.push((name.unwrap_or_default(), target));
    }
    for (_, place) in &read.entries {
        budget.charge(Resource::Values, 1)?;
        if let Some(entry) = read.records.get(*place) {
            found.push((entry.name.clone(), entry.target.clone()));
        }
    }
    // SignedInfo, SignatureValue and KeyInfo.
    let mut nodes = vec![signature.signed_info.node, signature.value.node];
    nodes.extend(signature.key_info.as_ref().map(|key_info| key_info.node));
    // Every unsigned property before, known or not.
    nodes.extend(earlier.iter().map(|property| property.id()));
    // Every ds:Object that does not hold the properties.
    let objects = signature.objects.iter();
    let objects = objects.filter(|object| !properties.objects.contains(&object.node));
    nodes.extend(objects.map(|object| object.node));
    for node in nodes {
        budget.charge(Resource::Values, 1)?;
        let name = maker.tree.node(node).map_or("", |node| node.name());
        let part = maker.canonical.element(maker.tree, node, &method, budget)?;
        found.push((name.to_owned(), Target::Parts(vec![part])));
    }
    Ok(found)
}
