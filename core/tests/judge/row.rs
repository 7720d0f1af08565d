//! A row of the matrix: a situation and what must be said about it.

use crate::scene::{Packaging, Scene};
use imza::vocabulary::{BlockIndication, CheckId, Indication, Integrity, SubIndication};

/// What must be said.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Expected {
    pub(crate) indication: Indication,
    pub(crate) sub_indication: Option<SubIndication>,
    pub(crate) integrity: Integrity,
    /// The check that decides: failed, or with TOTAL-PASSED passed or not asked for.
    pub(crate) check: CheckId,
    /// Whether the check is a warning, or information, beside TOTAL-PASSED.
    pub(crate) is_warning: bool,
    /// What the first time-stamp is, where it does not pass, and the check that decides that.
    pub(crate) timestamp: Option<(SubIndication, CheckId)>,
}

/// A situation.
pub(crate) struct Row {
    pub(crate) name: &'static str,
    pub(crate) expected: Expected,
    pub(crate) set: fn(&mut Scene),
    /// Where it can be made.
    pub(crate) only: Option<Packaging>,
}

pub(crate) fn row(name: &'static str, expected: Expected, set: fn(&mut Scene)) -> Row {
    Row {
        name,
        expected,
        set,
        only: None,
    }
}

/// TOTAL-PASSED; the check is the one that a worse case fails.
pub(crate) fn passed(check: CheckId) -> Expected {
    Expected {
        indication: Indication::TotalPassed,
        sub_indication: None,
        integrity: Integrity::Intact,
        check,
        is_warning: false,
        timestamp: None,
    }
}

/// TOTAL-PASSED with a warning.
pub(crate) fn warned(check: CheckId) -> Expected {
    Expected {
        is_warning: true,
        ..passed(check)
    }
}

/// The indication that goes with a sub-indication; intact.
pub(crate) fn not_passed(sub_indication: SubIndication, check: CheckId) -> Expected {
    let indication = match sub_indication.accompanies() {
        BlockIndication::Failed => Indication::TotalFailed,
        _ => Indication::Indeterminate,
    };
    Expected {
        indication,
        sub_indication: Some(sub_indication),
        ..passed(check)
    }
}

impl Expected {
    pub(crate) fn broken(self) -> Self {
        Self {
            integrity: Integrity::Broken,
            ..self
        }
    }

    pub(crate) fn unknown(self) -> Self {
        Self {
            integrity: Integrity::Unknown,
            ..self
        }
    }

    /// The time-stamp does not pass.
    pub(crate) fn without_timestamp(self, sub: SubIndication, check: CheckId) -> Self {
        Self {
            timestamp: Some((sub, check)),
            ..self
        }
    }
}

impl Row {
    pub(crate) fn only(self, packaging: Packaging) -> Self {
        Self {
            only: Some(packaging),
            ..self
        }
    }

    pub(crate) fn packagings(&self) -> impl Iterator<Item = Packaging> {
        let is_about_cms = self.scene(Packaging::Xades).is_about_cms();
        Packaging::ALL.into_iter().filter(move |one| {
            // A PDF is INDETERMINATE for its unknown changes, whatever else is right or wrong.
            let is_possible = match one {
                Packaging::Pades => self.only.is_some(),
                Packaging::Xades => !is_about_cms,
                _ => true,
            };
            is_possible && self.only.is_none_or(|only| only == *one)
        })
    }

    pub(crate) fn scene(&self, packaging: Packaging) -> Scene {
        let mut scene = Scene::new(packaging);
        (self.set)(&mut scene);
        scene
    }
}
