//! Until when a signature stays valid, and what to do before that.

use super::{Text, verdict, with_sub};
use crate::phrase::Phrase;
use crate::words::Value;
use imza::report::{AnyIndication, Ending, Report, Signature};
use imza::vocabulary::SignatureLevel;

impl Text<'_> {
    /// The outlook in sentences; nothing where none was asked for.
    pub(crate) fn outlook(&self, signature: &Signature, report: &Report) -> Vec<String> {
        let outlooks = report.outlook.iter().flat_map(|all| &all.signatures);
        let Some(own) = outlooks.into_iter().find(|one| one.id == signature.id) else {
            return Vec::new();
        };
        if !own.passes {
            return vec![self.say(Phrase::OutlookNotPassed)];
        }
        let mut lines = Vec::new();
        match &own.renewed {
            None => lines.push(self.say(Phrase::OutlookEndless)),
            Some(ending) => {
                lines.push(self.at(Phrase::OutlookRenewed, ending));
                lines.push(self.then(ending));
                lines.push(self.at(before(signature.level), ending));
            }
        }
        let sooner = |at_hand: &&Ending| {
            let renewed = own.renewed.as_ref();
            renewed.is_none_or(|renewed| at_hand.time < renewed.time)
        };
        if let Some(ending) = own.at_hand.as_ref().filter(sooner) {
            lines.push(self.at(Phrase::OutlookAtHand, ending));
        }
        lines
    }

    fn at(&self, phrase: Phrase, ending: &Ending) -> String {
        let time = self.words.moment(ending.time);
        self.words.say_with(phrase, &[("time", Value::Text(&time))])
    }

    /// What the verdict is from then on.
    fn then(&self, ending: &Ending) -> String {
        let (_, word) = verdict(AnyIndication::Main(ending.indication));
        let what = match ending.sub_indication {
            Some(sub) => self.words.sub_indication(sub).what,
            None => self.words.indication(ending.indication),
        };
        let standard = with_sub(word, ending.sub_indication);
        let values = [
            ("what", Value::Text(&what)),
            ("standard", Value::Text(&standard)),
        ];
        self.words.say_with(Phrase::OutlookThen, &values)
    }
}

/// What keeps a signature of this level valid for longer.
fn before(level: SignatureLevel) -> Phrase {
    match level {
        SignatureLevel::BaselineT | SignatureLevel::T | SignatureLevel::C => {
            Phrase::OutlookLongTerm
        }
        SignatureLevel::BaselineLt
        | SignatureLevel::BaselineLta
        | SignatureLevel::X
        | SignatureLevel::Xl
        | SignatureLevel::A => Phrase::OutlookArchive,
        _ => Phrase::OutlookTimestamp,
    }
}
