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

/// What is not followed.
const NAME: &str = "RenewedDigestsV2";

/// Adds a reference for each renewed digest.
///
/// ```text
/// <RenewedDigestsV2 Id?>
///   <ds:CanonicalizationMethod/> <ds:DigestMethod/>
///   (<RecomputedDigestValue> <NewSDODigestValue/> <OriginalRefDigest/> </RecomputedDigestValue>)+
/// </RenewedDigestsV2>
/// ```
///
/// # Standard
/// EN 319 132-1 §5.5.3.
pub(super) fn read(
    maker: &Maker<'_, '_>,
    properties: &Properties<'_>,
    found: &mut References,
    budget: &mut Budget,
) -> Result<(), Error> {
    let all = properties.unsigned.iter();
    for property in all.filter(|property| property.is(NAMESPACE_141, NAME)) {
        match renewed(maker, *property, found, budget) {
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
                found.records.push(unknown.of(None));
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
    /// The reference, over what the entry of a manifest is over.
    fn of(self, entry: Option<&Reference>) -> Reference {
        Reference {
            name: entry.map_or(NAME, |entry| &entry.name).to_owned(),
            kind: ReferenceKind::RenewedDigest,
            algorithm: self.algorithm,
            expected: self.expected,
            target: entry.map_or(Target::NotFound, |entry| entry.target.clone()),
            is_optional: entry.is_some(),
            covers: None,
        }
    }
}

fn renewed(
    maker: &Maker<'_, '_>,
    property: Node<'_>,
    found: &References,
    budget: &mut Budget,
) -> Result<Vec<Reference>, Error> {
    let wrong = |node: Node<'_>| Error::from(node.malformed(MalformedKind::XadesStructure));
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
    let by_digest = match &algorithm {
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
        let is_one = value.is(NAMESPACE_141, "RecomputedDigestValue")
            && new.is(NAMESPACE_141, "NewSDODigestValue")
            && original.is(NAMESPACE_141, "OriginalRefDigest");
        if !is_one {
            return Err(wrong(value));
        }
        let entry = by_digest.get(&dsig::read_octets(original)?);
        let entry = entry.and_then(|place| found.records.get(*place));
        let digested = Digested {
            algorithm: algorithm.clone(),
            expected: dsig::read_octets(new)?,
        };
        renewed.push(digested.of(entry));
    }
    match renewed.is_empty() {
        true => Err(wrong(property)),
        false => Ok(renewed),
    }
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
    let node = node.ok_or_else(|| Malformed::within(MalformedKind::XadesStructure, NAME))?;
    c14n::canonicalize_element(node, method, budget)
}
