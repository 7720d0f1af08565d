//! Canonical forms that are asked for again and again.

use crate::error::{Error, Malformed, MalformedKind};
use crate::limits::Budget;
use crate::payload::Part;
use crate::xml::c14n::{self, Method};
use crate::xml::{NodeId, Tree};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Canonical forms of elements in their document, kept while one signature is read: each archive
/// time-stamp is over everything before it, and only the first of them shall pay in memory.
#[derive(Default)]
pub(super) struct Canonical {
    kept: BTreeMap<Key, Arc<[u8]>>,
}

/// Element, URI of the method, inclusive prefixes.
type Key = (NodeId, &'static str, BTreeSet<String>);

impl Canonical {
    pub(super) fn of(
        &mut self,
        tree: &Tree<'_>,
        node: NodeId,
        method: &Method,
        budget: &mut Budget,
    ) -> Result<Part, Error> {
        let key = (node, method.uri(), method.inclusive_prefixes.clone());
        if let Some(octets) = self.kept.get(&key) {
            return Ok(Part::Octets(Arc::clone(octets)));
        }
        let element = tree
            .node(node)
            .ok_or_else(|| Malformed::within(MalformedKind::XmlStructure, "Signature"))?;
        let octets: Arc<[u8]> = c14n::canonicalize_element(element, method, budget)?.into();
        self.kept.insert(key, Arc::clone(&octets));
        Ok(Part::Octets(octets))
    }
}
