//! Counting, by kind.

use super::agree::Judgement;
use super::case::Case;
use serde::Serialize;

/// What is known of a case beforehand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Standing {
    /// Nothing: the answer counts as it is.
    Judged,
    /// A disagreement that we stand by, with clause and reason.
    Diverging,
    /// A feature that is refused on principle, and was refused.
    Excluded,
    /// A question that is never asked of a document.
    NeverAsked,
}

/// The figures of one kind.
#[derive(Clone, Debug, Default, Serialize)]
pub(super) struct Tally {
    pub(super) cases: u64,
    pub(super) excluded: u64,
    pub(super) diverging: u64,
    pub(super) comparable: u64,
    pub(super) agree: u64,
    pub(super) wrong_accept: u64,
    pub(super) wrongly_intact: u64,
    pub(super) wrong_reject: u64,
    pub(super) not_supported: u64,
    pub(super) could_not_process: u64,
    pub(super) crash: u64,
    valid: Share,
    other: Share,
}

#[derive(Clone, Copy, Debug, Default, Serialize)]
struct Share {
    comparable: u64,
    agree: u64,
}

impl Share {
    /// Hundredths of a percent.
    fn value(self) -> Option<u64> {
        (self.agree * 10_000).checked_div(self.comparable)
    }
}

impl Tally {
    pub(super) fn count(&mut self, case: &Case, judgement: &Judgement, standing: Standing) {
        let excused = matches!(standing, Standing::Diverging | Standing::NeverAsked);
        self.cases += 1;
        self.wrong_accept += u64::from(judgement.wrong_accept && !excused);
        self.wrongly_intact += u64::from(judgement.wrongly_intact && !excused);
        self.crash += u64::from(judgement.crash);
        self.could_not_process += u64::from(judgement.error && !judgement.unsupported);
        self.diverging += u64::from(standing == Standing::Diverging);
        // Refused on principle is counted apart; but it was not refused when it was accepted.
        let refused = standing == Standing::Excluded && !judgement.wrong_accept;
        if (refused || standing == Standing::NeverAsked) && !judgement.crash {
            self.excluded += 1;
            return;
        }
        self.not_supported += u64::from(judgement.unsupported);
        let Some(agrees) = judgement.agrees else {
            return;
        };
        self.comparable += 1;
        self.agree += u64::from(agrees);
        self.wrong_reject += u64::from(judgement.is_wrong_reject(case));
        let share = if case.expects_valid() {
            &mut self.valid
        } else {
            &mut self.other
        };
        share.comparable += 1;
        share.agree += u64::from(agrees);
    }

    /// The lower of the shares of agreement on *valid* and on all other cases, in hundredths of a
    /// percent. A kind that has only one of them has only one share.
    pub(super) fn balanced(&self) -> Option<u64> {
        match (self.valid.value(), self.other.value()) {
            (Some(valid), Some(other)) => Some(valid.min(other)),
            (one, other) => one.or(other),
        }
    }

    pub(super) fn add(&mut self, other: &Self) {
        self.cases += other.cases;
        self.excluded += other.excluded;
        self.diverging += other.diverging;
        self.comparable += other.comparable;
        self.agree += other.agree;
        self.wrong_accept += other.wrong_accept;
        self.wrongly_intact += other.wrongly_intact;
        self.wrong_reject += other.wrong_reject;
        self.not_supported += other.not_supported;
        self.could_not_process += other.could_not_process;
        self.crash += other.crash;
        self.valid.comparable += other.valid.comparable;
        self.valid.agree += other.valid.agree;
        self.other.comparable += other.other.comparable;
        self.other.agree += other.other.agree;
    }

    pub(super) fn row(&self, kind: &str) -> String {
        let balanced = self.balanced().map_or_else(
            || "–".to_owned(),
            |share| format!("{}.{:02} %", share / 100, share % 100),
        );
        format!(
            "{kind:<17}{:>6}{:>9}{:>11}{:>7}{:>9}{:>13}{:>8}{:>13}{:>13}{:>11}{:>7}{balanced:>11}",
            self.cases,
            self.excluded,
            self.comparable,
            self.agree,
            self.diverging,
            self.wrong_accept,
            self.wrongly_intact,
            self.wrong_reject,
            self.not_supported,
            self.could_not_process,
            self.crash,
        )
    }
}

pub(super) const HEADING: &str = "kind              cases excluded comparable  agree diverge wrong-accept  intact! wrong-reject unsupported unreadable  crash   balanced";
