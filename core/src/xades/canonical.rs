//! Canonical forms that are kept until they are judged.

use crate::error::{Error, Malformed, MalformedKind};
use crate::limits::{Budget, Limit, Resource};
use crate::payload::Part;
use crate::xml::c14n::{self, Method};
use crate::xml::{NodeId, Tree, count};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Canonical forms of one document, each kept once: parallel signatures are over the same data, and
/// each archive time-stamp is over everything before it. Only the first of them pays in memory.
pub(super) struct Canonical {
    elements: BTreeMap<Key, Arc<[u8]>>,
    references: BTreeMap<Key, Arc<[u8]>>,
    /// What all of them are.
    kept: BTreeSet<Arc<[u8]>>,
    length: u64,
    document: u64,
    /// What the budget had spent before.
    spent: u64,
}

/// The element, or that of the reference; URI of the method, inclusive prefixes.
type Key = (NodeId, &'static str, BTreeSet<String>);

/// How many times longer than their document the canonical forms may be altogether, and what they
/// may have at least. Honest signatures are over a document once or twice; a thousand filters that
/// each leave another part of it are an attack on memory.
const LONGER: u64 = 16;
const SHORTEST: u64 = 16 << 20;
/// The same for the octets that are digested on the way, an attack on time.
const MORE_WORK: u64 = 64;
const LEAST_WORK: u64 = 1 << 30;

impl Canonical {
    /// Nothing yet of a document.
    pub(super) fn of_document(tree: &Tree<'_>, budget: &Budget) -> Self {
        Self {
            elements: BTreeMap::new(),
            references: BTreeMap::new(),
            kept: BTreeSet::new(),
            length: 0,
            document: tree.length(),
            spent: budget.spent(Resource::DigestedBytes),
        }
    }

    /// An element in its document.
    pub(super) fn element(
        &mut self,
        tree: &Tree<'_>,
        node: NodeId,
        method: &Method,
        budget: &mut Budget,
    ) -> Result<Part, Error> {
        let key = (node, method.uri(), method.inclusive_prefixes.clone());
        if let Some(octets) = self.elements.get(&key) {
            return Ok(Part::Octets(Arc::clone(octets)));
        }
        let element = tree
            .node(node)
            .ok_or_else(|| Malformed::within(MalformedKind::XmlStructure, "Signature"))?;
        let octets = c14n::canonicalize_element(element, method, budget)?;
        let octets = self.keep(octets, budget)?;
        self.elements.insert(key, Arc::clone(&octets));
        Ok(Part::Octets(octets))
    }

    /// What `make` leaves of a reference by a method that is not its own.
    pub(super) fn reference(
        &mut self,
        reference: NodeId,
        method: &Method,
        budget: &mut Budget,
        make: impl FnOnce(&mut Budget) -> Result<Vec<u8>, Error>,
    ) -> Result<Part, Error> {
        let key = (reference, method.uri(), method.inclusive_prefixes.clone());
        if let Some(octets) = self.references.get(&key) {
            return Ok(Part::Octets(Arc::clone(octets)));
        }
        let octets = make(budget)?;
        let octets = self.keep(octets, budget)?;
        self.references.insert(key, Arc::clone(&octets));
        Ok(Part::Octets(octets))
    }

    /// Keeps octets, or finds those that are kept already.
    ///
    /// # Errors
    /// [`Resource::CanonicalBytes`], [`Resource::DigestedBytes`].
    pub(super) fn keep(
        &mut self,
        octets: impl AsRef<[u8]> + Into<Arc<[u8]>>,
        budget: &mut Budget,
    ) -> Result<Arc<[u8]>, Limit> {
        let work = budget.spent(Resource::DigestedBytes);
        let most = self.document.saturating_mul(MORE_WORK).max(LEAST_WORK);
        within(
            Resource::DigestedBytes,
            most,
            work.saturating_sub(self.spent),
        )?;
        if let Some(known) = self.kept.get(octets.as_ref()) {
            return Ok(Arc::clone(known));
        }
        let own = count(octets.as_ref().len());
        let length = self.length.saturating_add(own);
        let most = self.document.saturating_mul(LONGER).max(SHORTEST);
        within(Resource::CanonicalBytes, most, length)?;
        budget.charge(Resource::CanonicalBytes, own)?;
        self.length = length;
        let octets: Arc<[u8]> = octets.into();
        self.kept.insert(Arc::clone(&octets));
        Ok(octets)
    }
}

fn within(resource: Resource, maximum: u64, requested: u64) -> Result<(), Limit> {
    match requested <= maximum {
        true => Ok(()),
        false => Err(Limit {
            resource,
            maximum,
            requested,
        }),
    }
}
