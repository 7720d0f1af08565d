//! What a building block concludes.

use crate::vocabulary::{BlockIndication, SubIndication};

/// Indication and sub-indication of a building block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Conclusion {
    pub(super) indication: BlockIndication,
    pub(super) sub_indication: Option<SubIndication>,
}

impl Conclusion {
    pub(super) const PASSED: Self = Self {
        indication: BlockIndication::Passed,
        sub_indication: None,
    };

    /// FAILED or INDETERMINATE, as the sub-indication demands (EN 319 102-1 §5.1.3).
    pub(super) fn of(sub_indication: SubIndication) -> Self {
        Self {
            indication: sub_indication.accompanies(),
            sub_indication: Some(sub_indication),
        }
    }

    /// The first that did not pass, in the order given; PASSED when all did.
    pub(super) fn first(conclusions: &[Self]) -> Self {
        let passed = |one: &&Self| one.indication != BlockIndication::Passed;
        conclusions
            .iter()
            .find(passed)
            .copied()
            .unwrap_or(Self::PASSED)
    }

    /// What is not a PASSED, for `if let`.
    pub(super) fn unless_passed(self) -> Option<Self> {
        (self.indication != BlockIndication::Passed).then_some(self)
    }
}
