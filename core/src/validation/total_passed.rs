//! The witness of a TOTAL-PASSED.

use super::conclusion::Conclusion;
use super::long_term_validation::LongTerm;
use crate::evidence::{DigestsMatch, SignatureIntact};
use crate::vocabulary::Indication;

/// A path to a trust anchor was found and every finding about it was lifted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct PathProven(());

/// A signature passed. Can only be built from the witnesses of every check that must not be
/// skipped, and becomes a plain word in the report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TotalPassed(());

impl TotalPassed {
    /// Joins the witnesses; none when one is missing or the process did not pass.
    pub(super) fn assertion(
        edges: Option<(DigestsMatch, SignatureIntact)>,
        long_term: &LongTerm,
    ) -> Option<Self> {
        let path = long_term.is_path_proven.then_some(PathProven(()));
        match (edges, path, long_term.conclusion) {
            (Some(_), Some(PathProven(())), Conclusion::PASSED) => Some(Self(())),
            _ => None,
        }
    }

    /// The word.
    #[must_use]
    pub fn indication(self) -> Indication {
        Indication::TotalPassed
    }
}
