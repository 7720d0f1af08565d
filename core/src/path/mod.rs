//! Certification paths: from a certificate to a trust anchor, after RFC 5280.
//!
//! [`build_and_validate`] looks for every way from a target certificate over the certificates of
//! a [`Pool`] to an anchor of a trust set, and asks of each whether RFC 5280 §6.1 accepts it. What
//! it refuses is kept with the reason. Of several paths the first is the best one; the caller
//! decides what else it asks of them.
//!
//! Three questions are left to the caller. Revocation is unknown here. The validity of the target
//! certificate is not asked, because EN 319 102-1 §5.2.6.4 asks it by itself. A CA certificate
//! outside its validity does not refuse a path: [`ValidatedPath::authority_outside_validity`]
//! names it, so that a proof of an earlier time can lift that finding. Whether the anchor's sunset
//! date has passed is the caller's question too.
//!
//! # Standard
//! RFC 5280 §6.1 with RFC 9618 (policy graph), §7.1 (names), RFC 9598 and RFC 9549
//! (internationalised names in constraints). Not covered: constraints of the anchor itself
//! (RFC 5937).

mod building;
mod failure;
mod name_constraints;
mod name_forms;
mod policies;
mod pool;
mod steps;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod tests_constraints;
#[cfg(feature = "dsa")]
#[cfg(test)]
mod tests_inherited;

pub use building::build_and_validate;
pub use failure::{FailureReason, PathFailure};
pub use policies::{ExplicitPolicy, Initially, PolicyInputs};
pub use pool::Pool;
pub(crate) use steps::validate_target;

use crate::asn1::Oid;
use crate::certificate::Certificate;
use crate::error::Limit;
use crate::time::UnixTime;
use crate::trust::{TrustAnchor, TrustSet};
use crate::vocabulary::Purpose;

/// The longest path that is followed, the anchor not counted.
pub const MAX_LENGTH: usize = 10;

/// What a path is looked for.
#[derive(Clone)]
pub struct PathRequest<'a> {
    /// Where the path starts.
    pub target: &'a Certificate,
    /// What it may lead over.
    pub pool: &'a Pool,
    /// Where it may end.
    pub trust: &'a TrustSet,
    /// What the anchor must be relied on for; `None`: for anything.
    pub purpose: Option<Purpose>,
    /// When the CA certificates should be valid.
    pub time: UnixTime,
    /// The policies that are asked for.
    pub policies: PolicyInputs,
    /// The most intermediate certificates, self-issued ones not counted; `None`: no limit but
    /// [`MAX_LENGTH`].
    pub path_length: Option<u64>,
}

impl<'a> PathRequest<'a> {
    /// A request for any purpose and policy.
    #[must_use]
    pub fn new(
        target: &'a Certificate,
        pool: &'a Pool,
        trust: &'a TrustSet,
        time: UnixTime,
    ) -> Self {
        Self {
            target,
            pool,
            trust,
            purpose: None,
            time,
            policies: PolicyInputs::default(),
            path_length: None,
        }
    }

    /// The same for one purpose.
    #[must_use]
    pub fn for_purpose(mut self, purpose: Purpose) -> Self {
        self.purpose = Some(purpose);
        self
    }
}

/// What a search found.
#[derive(Clone, Debug, Default)]
pub struct Paths {
    /// Every path that was tried, accepted ones first, then those that came nearest.
    pub candidates: Vec<Candidate>,
    /// The limit that ended the search before everything was tried.
    pub stopped: Option<Limit>,
}

impl Paths {
    /// The accepted paths, best first.
    pub fn accepted(&self) -> impl Iterator<Item = &ValidatedPath> {
        let candidates = self.candidates.iter();
        candidates.filter_map(|candidate| candidate.result.as_ref().ok())
    }
}

/// A path that was tried.
#[derive(Clone, Debug)]
pub struct Candidate {
    /// From the target to the last certificate below the anchor.
    pub certificates: Vec<Certificate>,
    /// The anchor, where one was reached.
    pub anchor: Option<TrustAnchor>,
    /// Whether RFC 5280 accepts it; if not, the first reason, nearest to the target.
    pub result: Result<ValidatedPath, PathFailure>,
    /// Every further reason.
    pub further: Vec<PathFailure>,
}

/// A path that RFC 5280 §6.1 accepts, the questions left to the caller apart. Made only here.
#[derive(Clone, Debug)]
pub struct ValidatedPath {
    certificates: Vec<Certificate>,
    anchor: TrustAnchor,
    authority_outside_validity: Vec<usize>,
    is_anchor_outside_validity: bool,
    valid_policies: Vec<Oid>,
}

impl ValidatedPath {
    /// From the target to the last certificate below the anchor.
    #[must_use]
    pub fn certificates(&self) -> &[Certificate] {
        &self.certificates
    }

    /// Where it ends.
    #[must_use]
    pub fn anchor(&self) -> &TrustAnchor {
        &self.anchor
    }

    /// Whether the target is itself the anchor, so that nothing was asked of it.
    #[must_use]
    pub fn is_target_anchor(&self) -> bool {
        let mut certificates = self.certificates.iter();
        certificates
            .next()
            .is_some_and(|target| self.anchor.is_certificate(target))
    }

    /// The CA certificates that are not valid at the time, counted from the target, which is 0
    /// and never among them.
    #[must_use]
    pub fn authority_outside_validity(&self) -> &[usize] {
        &self.authority_outside_validity
    }

    /// Whether the anchor came as a certificate that is not valid at the time. RFC 5280 does not
    /// ask that of an anchor.
    #[must_use]
    pub fn is_anchor_outside_validity(&self) -> bool {
        self.is_anchor_outside_validity
    }

    /// The policies that hold for the whole path, as the anchor's domain names them; `anyPolicy`
    /// stands for all.
    #[must_use]
    pub fn valid_policies(&self) -> &[Oid] {
        &self.valid_policies
    }
}
