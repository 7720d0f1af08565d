//! POE extraction, EN 319 102-1 §5.6.2.3.

use super::proofs_of_existence::{ProofsOfExistence, Thing};
use super::validator::Validator;
use crate::crypto;
use crate::error::Error;
use crate::evidence::{Evidence, RevocationData};
use crate::limits::{Budget, Resource};
use crate::signature::Timestamp;
use crate::time::UnixTime;
use crate::vocabulary::ObjectId;
use std::collections::BTreeSet;

/// Adds what a time-stamp that passed proves to have existed at its time: what its imprint really
/// holds, and what lies whole inside that. Octets that are only named by a digest are not proven.
pub(super) fn poe_extraction(
    validator: &mut Validator<'_>,
    timestamp: &Timestamp,
    time: UnixTime,
    proofs: &mut ProofsOfExistence,
) -> Result<(), Error> {
    if timestamp.covered.signature {
        proofs.add(Thing::Signature, time);
    }
    let open = timestamp.covered.objects.clone();
    prove(validator.evidence, validator.budget, open, time, proofs)
}

/// Adds proofs for objects and for what lies whole inside them.
pub(super) fn prove(
    evidence: &Evidence,
    budget: &mut Budget,
    mut open: Vec<ObjectId>,
    time: UnixTime,
    proofs: &mut ProofsOfExistence,
) -> Result<(), Error> {
    let mut seen = BTreeSet::new();
    while let Some(id) = open.pop() {
        if !seen.insert(id) {
            continue;
        }
        budget.charge(Resource::Values, 1)?;
        proofs.add(Thing::Object(id), time);
        open.extend(inside(evidence, &id));
    }
    Ok(())
}

/// What an object holds whole.
fn inside(evidence: &Evidence, id: &ObjectId) -> Vec<ObjectId> {
    if let Some(token) = evidence.token_of(id) {
        let record = &token.record;
        let certificates = record.certificates.iter().map(|one| &one.octets);
        let revocation = record.revocation.iter().map(|one| &one.octets);
        let tokens = record.timestamps.iter().map(|one| &one.token);
        let all = certificates.chain(revocation).chain(tokens);
        return all.map(|octets| crypto::object_id(octets)).collect();
    }
    match evidence.pool().revocation_of(id).map(|one| &one.data) {
        Some(RevocationData::Ocsp(response)) => response
            .certificates()
            .iter()
            .map(|octets| crypto::object_id(octets))
            .collect(),
        _ => Vec::new(),
    }
}
