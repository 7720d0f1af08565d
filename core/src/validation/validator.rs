//! What every building block is given: evidence, policy, trust, time and a budget.

use crate::crypto::Memo;
use crate::evidence::Evidence;
use crate::limits::{Budget, Limits};
use crate::path;
use crate::policy::ValidationPolicy;
use crate::revocation::CrlEntry;
use crate::time::UnixTime;
use crate::trust::TrustSet;
use crate::vocabulary::ObjectId;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// The inputs of a judgement beside the evidence.
#[derive(Clone, Debug)]
pub struct Context {
    /// The signature validation policy.
    pub policy: Arc<ValidationPolicy>,
    /// The trust anchors. An empty set trusts nothing: no signature can then pass.
    pub trust: Arc<TrustSet>,
    /// EN 319 102-1's current time. Evidence produced later is not used.
    pub validation_time: UnixTime,
    /// A proof of existence from the caller (EN 319 102-1 §5.5.2), taken as it is.
    pub proven_at: Option<UnixTime>,
    /// Limits of the judgement of each signature.
    pub limits: Arc<Limits>,
}

/// One signature's judgement in the making.
pub(super) struct Validator<'a> {
    pub(super) evidence: &'a Evidence,
    pub(super) policy: &'a ValidationPolicy,
    /// The one by which time-stamps are judged.
    pub(super) policy_of_timestamps: &'a ValidationPolicy,
    pub(super) trust: &'a TrustSet,
    pub(super) time: UnixTime,
    pub(super) budget: &'a mut Budget,
    pub(super) memo: &'a mut Memo,
    /// Certificates at hand.
    pub(super) pool: &'a path::Pool,
    /// Certificates whose status is being established: a token already under validation is not
    /// entered again, so that delegates cannot vouch for each other.
    pub(super) under_validation: Vec<ObjectId>,
    /// What lists say of certificates: the list, then the certificate.
    pub(super) entries: BTreeMap<(ObjectId, ObjectId), Option<CrlEntry>>,
    /// Certificates and revocation data that the judgement rests on.
    pub(super) used: BTreeSet<ObjectId>,
}
