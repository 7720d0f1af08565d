//! Checks that do not hold: told to a citizen, with the technical lines below.

use super::Text;
use crate::page::{Mood, columns};
use crate::phrase::Phrase;
use crate::sink::terminal;
use imza::report::Check;
use imza::vocabulary::Outcome;

/// Whether a check is told on the page.
pub(super) fn is_told(check: &Check) -> bool {
    matches!(check.outcome, Outcome::Failed | Outcome::Warning)
}

impl Text<'_> {
    pub(crate) fn checks(&mut self, indent: usize, checks: &[Check]) {
        for check in checks.iter().filter(|check| is_told(check)) {
            self.check(indent, check);
        }
    }

    fn check(&mut self, indent: usize, check: &Check) {
        let (label, mood) = match check.outcome {
            Outcome::Failed => (Phrase::OutcomeFailed, Mood::Bad),
            _ => (Phrase::OutcomeWarning, Mood::Open),
        };
        let label = self.say(label);
        let sentence = self.words.check(check.id);
        self.page.outcome_row(indent, &label, &sentence, mood);
        let technical = format!("{}, {}", check.id, check.clause);
        self.page.prose(indent + 4, &technical);
        let values = [
            (Phrase::LabelAbout, &check.object),
            (Phrase::LabelExpected, &check.expected),
            (Phrase::LabelFound, &check.found),
        ];
        let widths = values.map(|(label, _)| columns(&self.say(label)));
        let column = widths.into_iter().max().unwrap_or_default();
        for (label, value) in values {
            if let Some(value) = value.as_ref().filter(|value| !value.is_empty()) {
                let label = self.say(label);
                self.page
                    .technical_row(indent + 4, &label, &terminal(value), column);
            }
        }
    }
}
