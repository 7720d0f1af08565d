//! The record of checks of one signature, and what a failure weighs under the policy.

use crate::policy::ValidationPolicy;
use crate::report::Check;
use crate::signature::Finding;
use crate::vocabulary::{CheckId, Level, Outcome};

/// What a condition that does not hold means under the policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Weight {
    /// It decides.
    Fails,
    /// It is a warning, information, or not asked for.
    Tolerated,
}

/// Whether another trust set could change the outcome of a check.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum OnTrust {
    Depends,
    Independent,
}

/// Collects check records.
#[derive(Clone, Debug)]
pub(super) struct CheckLog<'a> {
    policy: &'a ValidationPolicy,
    entries: Vec<Check>,
}

impl<'a> CheckLog<'a> {
    pub(super) fn new(policy: &'a ValidationPolicy) -> Self {
        Self {
            policy,
            entries: Vec::new(),
        }
    }

    /// A log that goes on after these entries.
    pub(super) fn after(policy: &'a ValidationPolicy, entries: Vec<Check>) -> Self {
        Self { policy, entries }
    }

    pub(super) fn into_entries(self) -> Vec<Check> {
        self.entries
    }

    /// The condition holds.
    pub(super) fn pass(&mut self, id: CheckId, object: Option<String>) {
        self.hold(id, None, None, object);
    }

    /// The condition holds, with the values that were compared.
    pub(super) fn hold(
        &mut self,
        id: CheckId,
        expected: Option<String>,
        found: Option<String>,
        object: Option<String>,
    ) {
        let level = self.policy.level(id);
        let outcome = if level == Level::Ignore {
            Outcome::Skipped
        } else {
            Outcome::Passed
        };
        self.push(
            id,
            level,
            outcome,
            expected,
            found,
            object,
            OnTrust::Independent,
        );
    }

    /// What a check weighs that does not hold.
    pub(super) fn weight(&self, id: CheckId) -> Weight {
        match self.policy.level(id) {
            Level::Always | Level::Fail => Weight::Fails,
            Level::Warn | Level::Inform | Level::Ignore => Weight::Tolerated,
        }
    }

    /// The condition does not hold.
    pub(super) fn fail(
        &mut self,
        id: CheckId,
        expected: impl Into<String>,
        found: impl Into<String>,
        object: Option<String>,
        trust: OnTrust,
    ) -> Weight {
        let level = self.policy.level(id);
        let (outcome, weight) = match level {
            Level::Always | Level::Fail => (Outcome::Failed, Weight::Fails),
            Level::Warn => (Outcome::Warning, Weight::Tolerated),
            Level::Inform => (Outcome::Information, Weight::Tolerated),
            Level::Ignore => (Outcome::Skipped, Weight::Tolerated),
        };
        self.push(
            id,
            level,
            outcome,
            Some(expected.into()),
            Some(found.into()),
            object,
            trust,
        );
        weight
    }

    /// A part of the condition that is never more than a warning does not hold.
    pub(super) fn warn(
        &mut self,
        id: CheckId,
        expected: impl Into<String>,
        found: impl Into<String>,
        object: Option<String>,
    ) {
        let (level, outcome) = match self.policy.level(id) {
            Level::Always | Level::Fail | Level::Warn => (Level::Warn, Outcome::Warning),
            Level::Inform => (Level::Inform, Outcome::Information),
            Level::Ignore => (Level::Ignore, Outcome::Skipped),
        };
        let (expected, found) = (Some(expected.into()), Some(found.into()));
        let trust = OnTrust::Independent;
        self.push(id, level, outcome, expected, found, object, trust);
    }

    /// A finding of a format is a condition that does not hold.
    pub(super) fn finding(&mut self, finding: &Finding, object: Option<String>) -> Weight {
        let (expected, found) = (finding.expected.clone(), finding.found.clone());
        self.fail(finding.check, expected, found, object, OnTrust::Independent)
    }

    #[expect(
        clippy::too_many_arguments,
        reason = "the members of one record, in its order"
    )]
    fn push(
        &mut self,
        id: CheckId,
        level: Level,
        outcome: Outcome,
        expected: Option<String>,
        found: Option<String>,
        object: Option<String>,
        trust: OnTrust,
    ) {
        let depends_on_trust = trust == OnTrust::Depends;
        let clause = id.clause();
        self.entries.push(Check {
            id,
            clause,
            level,
            outcome,
            expected,
            found,
            object,
            depends_on_trust,
        });
    }
}
