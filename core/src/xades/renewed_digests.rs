//! Digests of detached files that were computed anew before the first ones grew weak.
//!
//! A signed `ds:Manifest` names files by digest. An archive time-stamp covers the manifest and not
//! the files; so before the digest algorithm of the manifest ends, whoever preserves the signature
//! writes newer digests of the same files beside it, and the next archive time-stamp covers those.
//! Each is compared with the file. None says anything about who signed: they are no part of what
//! the signer signed, and a file is covered by its entry in the manifest alone.

use super::NAMESPACE_141;
use super::parse::{Fault, Maker};
use super::properties::Properties;
use super::references::References;
use crate::algorithm::DigestAlgorithm;
use crate::crypto;
use crate::error::{Error, Malformed, MalformedKind, Unsupported};
use crate::limits::{Budget, Resource};
use crate::signature::{Reference, Target};
use crate::vocabulary::ReferenceKind;
use crate::xml::c14n::{self, Method};
use crate::xml::{Node, NodeId, dsig};
use std::collections::BTreeMap;

/// The form that is made today: each digest says of which entry it is, by a digest of that entry.
const BY_DIGEST: &str = "RenewedDigestsV2";
/// The form before it: each digest says of which entry it is, by its number.
const BY_ORDER: &str = "RenewedDigests";
/// The element of one digest, in both.
const VALUE: &str = "RecomputedDigestValue";

/// Adds a reference for each renewed digest, of either form.
///
/// ```text
/// <RenewedDigestsV2 Id?>
///   <ds:CanonicalizationMethod/> <ds:DigestMethod/>
///   (<RecomputedDigestValue> <NewSDODigestValue/> <OriginalRefDigest/> </RecomputedDigestValue>)+
/// </RenewedDigestsV2>
/// <RenewedDigests Id?>
///   <ds:DigestMethod/> (<RecomputedDigestValue Order=""> base64 </RecomputedDigestValue>)+
/// </RenewedDigests>
/// ```
///
/// # Standard
/// EN 319 132-1 §5.5.3; the second form §5.5.3 of its V1.1.1, which Annex A.2.2 of later versions
/// no longer allows to be made.
pub(super) fn read(
    maker: &Maker<'_, '_>,
    properties: &Properties<'_>,
    found: &mut References,
    budget: &mut Budget,
) -> Result<(), Error> {
    let all = properties.unsigned.iter();
    for property in all {
        let (name, renewed) = if property.is(NAMESPACE_141, BY_DIGEST) {
            (BY_DIGEST, by_digest(maker, *property, found, budget))
        } else if property.is(NAMESPACE_141, BY_ORDER) {
            (BY_ORDER, by_order(*property, found, budget))
        } else {
            continue;
        };
        match renewed {
            Ok(more) => found.records.extend(more),
            // Nobody signed it, so it does not make the signature malformed.
            Err(error) => {
                let what = match Fault::of(error)? {
                    Fault::Malformed(_) => Unsupported::Feature("malformed renewed digests"),
                    Fault::Unsupported(what) => what,
                };
                let unknown = Digested {
                    algorithm: Err(what),
                    expected: Vec::new(),
                };
                found.records.push(unknown.of(None, name));
            }
        }
    }
    Ok(())
}

/// A digest that was computed anew.
struct Digested {
    algorithm: Result<DigestAlgorithm, Unsupported>,
    expected: Vec<u8>,
}

impl Digested {
    /// The reference, over what the entry of a manifest is over; of a property of this name.
    fn of(self, entry: Option<&Reference>, property: &str) -> Reference {
        Reference {
            name: entry.map_or(property, |entry| &entry.name).to_owned(),
            kind: ReferenceKind::RenewedDigest,
            algorithm: self.algorithm,
            expected: self.expected,
            target: entry.map_or(Target::NotFound, |entry| entry.target.clone()),
            is_optional: entry.is_some(),
            covers: None,
        }
    }
}

fn by_digest(
    maker: &Maker<'_, '_>,
    property: Node<'_>,
    found: &References,
    budget: &mut Budget,
) -> Result<Vec<Reference>, Error> {
    let mut children = property.elements();
    let (Some(canonicalization), Some(method)) = (children.next(), children.next()) else {
        return Err(wrong(property));
    };
    if !canonicalization.is(dsig::NAMESPACE, "CanonicalizationMethod")
        || !method.is(dsig::NAMESPACE, "DigestMethod")
    {
        return Err(wrong(property));
    }
    let canonicalization = dsig::read_canonicalization(canonicalization)??;
    let algorithm = dsig::read_digest_method(method)?.algorithm;
    let places = match &algorithm {
        Ok(algorithm) => entries(maker, found, *algorithm, &canonicalization, budget)?,
        Err(_) => BTreeMap::new(),
    };
    let mut renewed = Vec::new();
    for value in children {
        budget.charge(Resource::References, 1)?;
        let mut parts = value.elements();
        let (Some(new), Some(original), None) = (parts.next(), parts.next(), parts.next()) else {
            return Err(wrong(value));
        };
        let is_one = value.is(NAMESPACE_141, VALUE)
            && new.is(NAMESPACE_141, "NewSDODigestValue")
            && original.is(NAMESPACE_141, "OriginalRefDigest");
        if !is_one {
            return Err(wrong(value));
        }
        let entry = places.get(&dsig::read_octets(original)?);
        let entry = entry.and_then(|place| found.records.get(*place));
        let digested = Digested {
            algorithm: algorithm.clone(),
            expected: dsig::read_octets(new)?,
        };
        renewed.push(digested.of(entry, BY_DIGEST));
    }
    match renewed.is_empty() {
        true => Err(wrong(property)),
        false => Ok(renewed),
    }
}

/// The numbers are of all entries of signed manifests, as they stand. No version says what the first
/// one is: it is 1 as in XPath, unless some digest here is of number 0.
fn by_order(
    property: Node<'_>,
    found: &References,
    budget: &mut Budget,
) -> Result<Vec<Reference>, Error> {
    let mut children = property.elements();
    let method = children.next().ok_or_else(|| wrong(property))?;
    if !method.is(dsig::NAMESPACE, "DigestMethod") {
        return Err(wrong(property));
    }
    let algorithm = dsig::read_digest_method(method)?.algorithm;
    let mut values = Vec::new();
    for value in children {
        budget.charge(Resource::References, 1)?;
        let order = value.attribute("Order").and_then(|order| {
            let order = order.trim_matches([' ', '\t', '\r', '\n']);
            order.parse::<usize>().ok()
        });
        match order {
            Some(order) if value.is(NAMESPACE_141, VALUE) => {
                values.push((order, dsig::read_octets(value)?));
            }
            _ => return Err(wrong(value)),
        }
    }
    let Some(lowest) = values.iter().map(|(order, _)| *order).min() else {
        return Err(wrong(property));
    };
    let first = lowest.min(1);
    let renewed = values.into_iter().map(|(order, expected)| {
        let place = order.checked_sub(first);
        let entry = place.and_then(|place| found.entries.get(place));
        let entry = entry.and_then(|(_, place)| found.records.get(*place));
        let digested = Digested {
            algorithm: algorithm.clone(),
            expected,
        };
        digested.of(entry, BY_ORDER)
    });
    Ok(renewed.collect())
}

fn wrong(node: Node<'_>) -> Error {
    Error::from(node.malformed(MalformedKind::XadesStructure))
}

/// The places of the entries of signed manifests, by the digest of their canonical form.
fn entries(
    maker: &Maker<'_, '_>,
    found: &References,
    algorithm: DigestAlgorithm,
    method: &Method,
    budget: &mut Budget,
) -> Result<BTreeMap<Vec<u8>, usize>, Error> {
    let mut by_digest = BTreeMap::new();
    for (node, place) in &found.entries {
        let octets = canonical(maker, *node, method, budget)?;
        by_digest.insert(crypto::digest(algorithm, &octets)?, *place);
    }
    Ok(by_digest)
}

fn canonical(
    maker: &Maker<'_, '_>,
    node: NodeId,
    method: &Method,
    budget: &mut Budget,
) -> Result<Vec<u8>, Error> {
    let node = maker.tree.node(node);
    let node = node.ok_or_else(|| Malformed::within(MalformedKind::XadesStructure, BY_DIGEST))?;
    c14n::canonicalize_element(node, method, budget)
}
