//! Archive time-stamps: over everything that was there before.

use super::NAMESPACES;
use super::material::Material;
use super::parse::Maker;
use super::properties::Properties;
use super::references::{self, References};
use super::timestamps::{Token, join};
use crate::cms::SignedData;
use crate::crypto;
use crate::error::{Error, Unsupported};
use crate::limits::{Budget, Resource};
use crate::signature::Target;
use crate::vocabulary::ObjectId;
use crate::xml::c14n::Method;
use crate::xml::{Node, dsig};
use std::collections::BTreeSet;

/// Which archive time-stamp.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// That of version 1.4.1.
    Current,
    /// That before.
    Old,
}

/// EN 319 132-1 §5.5.2.3, TS 101 903 v1.3.2 §7.7.
pub(super) fn over(
    maker: &mut Maker<'_, '_>,
    properties: &Properties<'_>,
    references: &References,
    earlier: &[Node<'_>],
    form: Form,
    method: &Method,
    budget: &mut Budget,
) -> Result<Target, Error> {
    let signature = maker.signature;
    if form == Form::Old && properties.namespace != NAMESPACES[0] {
        return Ok(Target::Unsupported(Unsupported::Feature(
            "archive time-stamps of XAdES 1.1.1 and 1.2.2",
        )));
    }
    let mut all = Target::Parts(Vec::new());
    // Step 1: what every reference leads to, that to the signed properties included.
    for number in 0..signature.signed_info.references.len() {
        let next = references::stamped(maker, references, number, method, budget)?;
        join(&mut all, next);
    }
    // Step 2: SignedInfo, SignatureValue and KeyInfo.
    let mut nodes = vec![signature.signed_info.node, signature.value.node];
    nodes.extend(signature.key_info.as_ref().map(|key_info| key_info.node));
    // Step 3: every unsigned property before, known or not.
    nodes.extend(earlier.iter().map(|property| property.id()));
    // Step 4: every ds:Object that does not hold the properties.
    let references = signature.signed_info.references.iter();
    let named: BTreeSet<&str> = references
        .filter_map(|reference| reference.uri.as_deref()?.strip_prefix('#'))
        .collect();
    let is_referenced = |object: &dsig::Object| {
        let id = object.id.as_deref();
        id.is_some_and(|id| named.contains(id))
    };
    let objects = signature.objects.iter();
    let objects = objects.filter(|object| {
        let is_taken = form == Form::Old && is_referenced(object);
        !is_taken && !properties.objects.contains(&object.node)
    });
    nodes.extend(objects.map(|object| object.node));
    budget.charge(
        Resource::Values,
        u64::try_from(nodes.len()).unwrap_or(u64::MAX),
    )?;
    for node in nodes {
        let part = maker.canonical.element(maker.tree, node, method, budget)?;
        join(&mut all, Target::Parts(vec![part]));
    }
    Ok(all)
}

/// The objects that stand before a place in the unsigned properties.
pub(super) struct Before {
    found: Vec<ObjectId>,
    /// Whether anybody will ask.
    is_wanted: bool,
}

impl Before {
    pub(super) fn new(signature: &dsig::Signature, properties: &Properties<'_>) -> Self {
        let certificates = signature
            .key_info
            .iter()
            .flat_map(|found| &found.certificates);
        let is_archive = |property: &Node<'_>| property.name() == "ArchiveTimeStamp";
        Self {
            found: certificates
                .map(|octets| crypto::object_id(octets))
                .collect(),
            is_wanted: properties.unsigned.iter().any(is_archive),
        }
    }

    /// The same where an evidence record will ask.
    pub(super) fn of_all(signature: &dsig::Signature) -> Self {
        Self {
            is_wanted: true,
            ..Self::new(signature, &Properties::default())
        }
    }

    pub(super) fn objects(&self, budget: &mut Budget) -> Result<Vec<ObjectId>, Error> {
        let count = u64::try_from(self.found.len()).unwrap_or(u64::MAX);
        budget.charge(Resource::Values, count)?;
        Ok(self.found.clone())
    }

    pub(super) fn property(&mut self, of: Node<'_>, budget: &mut Budget) -> Result<(), Error> {
        if !self.is_wanted {
            return Ok(());
        }
        let mut material = Material::default();
        material.read(of, budget)?;
        let certificates = material.certificates.iter().map(|found| &found.octets);
        let revocation = material.revocation.iter().map(|found| &found.octets);
        let ids = certificates.chain(revocation);
        self.found
            .extend(ids.map(|octets| crypto::object_id(octets)));
        Ok(())
    }

    /// Tokens, and what travels in them. One that cannot be read proves nothing about its inside.
    pub(super) fn tokens(&mut self, tokens: &[Token], budget: &mut Budget) -> Result<(), Error> {
        for token in tokens.iter().filter(|_| self.is_wanted) {
            self.found.push(crypto::object_id(&token.octets));
            let inside = match SignedData::parse(&token.octets, budget) {
                Ok(inside) => inside,
                Err(Error::LimitExceeded(limit)) => return Err(limit.into()),
                Err(_) => continue,
            };
            let revocation = inside.revocation.iter().map(|choice| &choice.value);
            let all = inside.certificates.iter().chain(revocation);
            self.found
                .extend(all.map(|octets| crypto::object_id(octets)));
        }
        Ok(())
    }
}
