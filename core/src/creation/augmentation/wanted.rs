//! Which signatures are raised, and which stay as they are.

use super::super::frozen;
use super::work::{Form, form};
use crate::error::Error;
use crate::evidence::Evidence;
use crate::limits::Budget;
use crate::signature::Signature;
use std::collections::BTreeSet;

/// The signatures that are raised.
pub(super) struct Wanted {
    /// Files that time-stamps and evidence records of the container are about.
    proven: BTreeSet<String>,
    /// Signature files that other signatures are over.
    covered: BTreeSet<String>,
}

impl Wanted {
    pub(super) fn of(evidence: &Evidence, budget: &mut Budget) -> Result<Self, Error> {
        Ok(Self {
            proven: frozen::proven(evidence, budget)?,
            covered: frozen::covered(evidence, budget)?,
        })
    }

    /// The form of a record that is raised; none for one that is not.
    #[expect(clippy::unused_self, reason = "which signatures is told here")]
    pub(super) fn form(&self, record: &Signature) -> Option<Form> {
        form(record)
    }

    /// Whether a signature that lacks something may get it. One that the container's time-stamps
    /// are about is proven by them already.
    ///
    /// # Errors
    /// [`crate::error::InputError::Signed`] where that would break another signature.
    pub(super) fn may_change(&self, record: &Signature) -> Result<bool, Error> {
        if self.proven.contains(&record.place) {
            return Ok(false);
        }
        if self.covered.contains(&record.place) {
            return Err(frozen::signed(&record.place));
        }
        Ok(true)
    }

    /// Whether a file is nobody's but its own.
    pub(super) fn is_free(&self, place: &str) -> bool {
        !self.proven.contains(place) && !self.covered.contains(place)
    }
}
