//! Facts of a report as rows: what it was judged by, times, scopes, files, the network.

use super::Text;
use crate::page::Mood;
use crate::phrase::Phrase;
use crate::sink::{file_name, name, terminal};
use crate::words::Value;
use imza::policy::{CryptographicSuite, Freshness};
use imza::report::{Departure, Report, Request, Scope, Signature};
use imza::vocabulary::{
    Basis, CheckId, ContainerKind, Level, ScopeKind, SubIndication, TimestampKind,
};
use std::collections::BTreeSet;

impl Text<'_> {
    /// What the policy lowers, before anything else is said.
    pub(crate) fn departures(&mut self, departures: &[Departure]) {
        for departure in departures {
            let value = self.departure(departure);
            self.row(2, Phrase::LabelLowered, &value);
        }
    }

    /// What is lowered, to what and from what.
    pub(crate) fn departure(&self, departure: &Departure) -> String {
        let what = self.constraint(&departure.check);
        let here = self.constraint_value(&departure.check, &departure.level);
        let default = self.constraint_value(&departure.check, &departure.default);
        let values = [
            ("what", Value::Text(&what)),
            ("here", Value::Text(&here)),
            ("default", Value::Text(&default)),
        ];
        self.words.say_with(Phrase::Departure, &values)
    }

    /// A check by its id, another constraint in words.
    fn constraint(&self, constraint: &str) -> String {
        match constraint {
            "cryptographic-suite" => self.say(Phrase::DepartureSuite),
            "freshness" => self.say(Phrase::DepartureFreshness),
            "auxiliary-freshness" => self.say(Phrase::DepartureAuxiliaryFreshness),
            "ades-constraints" => self.say(Phrase::DepartureAdes),
            other => terminal(other),
        }
    }

    fn constraint_value(&self, constraint: &str, value: &str) -> String {
        if constraint == "cryptographic-suite" {
            let standard = CryptographicSuite::standard().name;
            return match value {
                "unlimited" => self.say(Phrase::DepartureUnlimited),
                value if value == standard => self.say(Phrase::DepartureStandardSuite),
                // A suite of a policy file, by the name that its author gave it.
                other => terminal(&name(other)),
            };
        }
        if let Some(level) = Level::from_word(value) {
            return self.say(match level {
                Level::Always => Phrase::LevelAlways,
                Level::Fail => Phrase::LevelFail,
                Level::Warn => Phrase::LevelWarn,
                Level::Inform => Phrase::LevelInform,
                _ => Phrase::LevelIgnore,
            });
        }
        match Freshness::from_word(value) {
            Some(Freshness::Unbounded) => return self.say(Phrase::FreshnessUnbounded),
            Some(Freshness::NextUpdate { .. }) => return self.say(Phrase::FreshnessNextUpdate),
            Some(Freshness::Seconds(seconds)) => return self.words.span(seconds),
            Some(Freshness::After(seconds)) => {
                let span = self.words.span(seconds);
                let values = [("span", Value::Text(&span))];
                return self.words.say_with(Phrase::FreshnessAfter, &values);
            }
            None => {}
        }
        match value {
            "apply" => self.say(Phrase::DepartureApply),
            "omit" => self.say(Phrase::DepartureOmit),
            other => terminal(other),
        }
    }

    /// What kind of document it is.
    pub(crate) fn kind(&self, report: &Report) -> String {
        match report.container {
            None => self.say(Phrase::KindDocument),
            Some(ContainerKind::Pdf) => self.say(Phrase::KindPdf),
            Some(kind) => {
                let values = [("name", Value::Text(container(kind)))];
                self.words.say_with(Phrase::KindContainer, &values)
            }
        }
    }

    /// The document, and what it was judged by.
    pub(super) fn basis(&mut self, report: &Report) {
        let kind = self.kind(report);
        let size = self.words.size(report.document.size);
        self.row(2, Phrase::LabelDocument, &format!("{kind}, {size}"));
        if report.basis == Basis::Evidence {
            let basis = self.say(Phrase::BasisEvidence);
            self.row(2, Phrase::LabelBasis, &basis);
        }
        let judged = self.words.moment(report.validation_time);
        self.row(2, Phrase::LabelJudged, &judged);
        self.row(
            2,
            Phrase::LabelPolicy,
            &terminal(&name(&report.policy.name)),
        );
        let mut trust = match report.trust.anchors {
            0 => self.say(Phrase::TrustNone),
            anchors => {
                let values = [("count", Value::Number(anchors))];
                self.words.say_with(Phrase::TrustAnchors, &values)
            }
        };
        if report.trust.anchors == 0 && self.page.is_for_the_command() {
            trust.push_str(" (--trust FILE)");
        }
        self.row(2, Phrase::LabelTrust, &trust);
    }

    /// When the signature is proven to have existed, and what the signer says.
    pub(super) fn times(&mut self, signature: &Signature) {
        for (label, value) in self.times_of(signature) {
            self.row(4, label, &value);
        }
    }

    /// The same, label by label.
    pub(crate) fn times_of(&self, signature: &Signature) -> Vec<(Phrase, String)> {
        let mut times = Vec::new();
        if let Some(best) = &signature.best_signature_time {
            let (label, phrase) = match best.proof {
                "validation" => (Phrase::LabelProven, Phrase::BestValidation),
                "time-mark" => (Phrase::LabelProven, Phrase::BestTimeMark),
                "provided" => (Phrase::LabelProvided, Phrase::BestProvided),
                _ => (Phrase::LabelProven, Phrase::BestCurrent),
            };
            let time = self.words.moment(best.time);
            let value = self.words.say_with(phrase, &[("time", Value::Text(&time))]);
            times.push((label, value));
        }
        if let Some(claimed) = signature.claimed_signing_time {
            let time = self.words.moment(claimed);
            let values = [("time", Value::Text(&time))];
            let value = self.words.say_with(Phrase::ClaimedTime, &values);
            times.push((Phrase::LabelClaimed, value));
        }
        times
    }

    /// What exactly is covered.
    pub(crate) fn scope(&self, scope: &Scope, signature: &Signature) -> String {
        let mut shown = terminal(&file_name(&scope.name));
        if scope.name.is_empty() && scope.kind == ScopeKind::Partial {
            shown = self.say(Phrase::ScopeInside);
        }
        let phrase = match scope.kind {
            ScopeKind::CounterSignature => return self.say(Phrase::ScopeCounterSignature),
            // The document that a detached signature is over was not given.
            _ if scope.name.is_empty() && is_missing(signature) => {
                return self.say(Phrase::ScopeMissing);
            }
            ScopeKind::Partial => Phrase::ScopePartial,
            _ if scope.name.is_empty() => return self.say(Phrase::ScopeInside),
            _ if scope.name.starts_with('#') => Phrase::ScopePart,
            ScopeKind::Digest => Phrase::ScopeDigest,
            _ => return shown,
        };
        self.words
            .say_with(phrase, &[("name", Value::Text(&shown))])
    }

    /// Which revision of a PDF the signer saw.
    pub(crate) fn revision(&self, signature: &Signature) -> Option<String> {
        let revision = signature.revision.as_ref()?;
        let number = ("number", Value::Number(revision.number));
        if revision.number == revision.of {
            return Some(self.words.say_with(Phrase::RevisionLast, &[number]));
        }
        let values = [number, ("of", Value::Number(revision.of))];
        Some(self.words.say_with(Phrase::RevisionBefore, &values))
    }

    pub(super) fn files(&mut self, report: &Report) {
        if report.files.is_empty() {
            return;
        }
        self.page.gap();
        let heading = self.say(Phrase::HeadingFiles);
        self.page.heading(2, &heading);
        let uncovered: BTreeSet<_> = report.uncovered_files().map(|file| &file.name).collect();
        for file in &report.files {
            let (phrase, mood) = if uncovered.contains(&file.name) {
                (Phrase::FileUncovered, Mood::Bad)
            } else {
                (Phrase::FileCovered, Mood::Good)
            };
            let name = terminal(&file_name(&file.name));
            let size = self.words.size(file.size);
            let state = self.say(phrase);
            let value = format!("{name} ({size}): {state}");
            match mood {
                Mood::Good => self.page.prose(4, &value),
                _ => self.page.painted_prose(4, &value, mood),
            }
        }
    }

    pub(crate) fn network(&mut self, requests: &[Request]) {
        if !requests.is_empty() {
            self.page.gap();
        }
        for request in requests {
            let outcome = self.outcome(&request.outcome);
            let value = format!("{}: {outcome}", terminal(&request.url));
            self.row(2, Phrase::LabelNetwork, &value);
        }
    }

    /// What came of a request; a test compares the words with those of the core.
    pub(crate) fn outcome(&self, outcome: &str) -> String {
        let phrase = match outcome {
            "answered" => Phrase::NetworkAnswered,
            "not asked: offline" => Phrase::NetworkOffline,
            "unreachable" => Phrase::NetworkUnreachable,
            "no answer in time" => Phrase::NetworkTimedOut,
            "not asked: the caps of this run are reached" => Phrase::NetworkCaps,
            "the answer was larger than allowed" => Phrase::NetworkTooLarge,
            "the answer was not what was asked for" => Phrase::NetworkWrongContent,
            other => {
                let known = [
                    ("status ", Phrase::NetworkStatus),
                    ("declined: ", Phrase::NetworkDeclined),
                ];
                for (prefix, phrase) in known {
                    if let Some(status) = other.strip_prefix(prefix) {
                        let status = terminal(status);
                        let values = [("status", Value::Text(&status))];
                        return self.words.say_with(phrase, &values);
                    }
                }
                // Which rule for addresses is broken, in the words of the rule.
                return terminal(other);
            }
        };
        self.say(phrase)
    }
}

/// Whether what is signed is said to be missing.
fn is_missing(signature: &Signature) -> bool {
    signature.sub_indication == Some(SubIndication::SignedDataNotFound)
        || signature.checks.iter().any(|check| {
            let is_failed = check.outcome == imza::vocabulary::Outcome::Failed;
            check.id == CheckId::ReferenceFound && is_failed
        })
}

/// A kind of container as its standard writes it.
fn container(kind: ContainerKind) -> &'static str {
    match kind {
        ContainerKind::AsicS => "ASiC-S",
        ContainerKind::AsicE => "ASiC-E",
        ContainerKind::Bdoc => "BDOC",
        ContainerKind::Ddoc => "DDOC",
        ContainerKind::Odf => "OpenDocument",
        other => other.as_str(),
    }
}

pub(crate) fn timestamp_kind(kind: TimestampKind) -> Phrase {
    match kind {
        TimestampKind::ContentTimestamp => Phrase::TimestampContent,
        TimestampKind::SignatureTimestamp => Phrase::TimestampSignature,
        TimestampKind::ValidationDataTimestamp => Phrase::TimestampValidationData,
        TimestampKind::ArchiveTimestamp => Phrase::TimestampArchive,
        TimestampKind::EvidenceRecord => Phrase::TimestampEvidenceRecord,
        _ => Phrase::TimestampDocument,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Language, Look, Words};
    use imza::job::FetchFailure;

    #[test]
    fn every_outcome_of_a_request_is_told_in_words() {
        let failures = [
            FetchFailure::Offline,
            FetchFailure::Unreachable,
            FetchFailure::TimedOut,
            FetchFailure::CapReached,
            FetchFailure::TooLarge,
            FetchFailure::Status(404),
            FetchFailure::WrongContent,
            FetchFailure::Declined(3),
            FetchFailure::Declined(9),
        ];
        let words = Words::new(Language::Az);
        let text = Text::new(&words, Look::default());
        for outcome in failures.iter().map(ToString::to_string) {
            assert_ne!(text.outcome(&outcome), outcome);
        }
        // Each reason of a responder has words of its own in every language.
        for language in Language::ALL {
            let words = Words::new(*language);
            let text = Text::new(&words, Look::default());
            let declined = [1, 2, 3, 5, 6, 9].map(FetchFailure::Declined);
            let told = declined.map(|one| text.outcome(&one.to_string()));
            let distinct: std::collections::BTreeSet<_> = told.iter().collect();
            assert_eq!(distinct.len(), told.len(), "{told:?}");
        }
        let rule = FetchFailure::RefusedUrl("a port\u{1b}".to_owned()).to_string();
        assert_eq!(text.outcome(&rule), "not asked: a port\\u{1b}");
    }

    #[test]
    fn every_departure_is_told_in_words() {
        let words = Words::new(Language::En);
        let text = Text::new(&words, Look::default());
        let mut policy = imza::policy::danger::rfc5280();
        policy.freshness = Freshness::Unbounded;
        policy.auxiliary_freshness = Freshness::Seconds(7_200);
        for (check, default, here) in policy.departures() {
            let shown = text.constraint(&check);
            assert_eq!(shown == check, CheckId::from_word(&check).is_some());
            for value in [here, default] {
                assert_ne!(text.constraint_value(&check, &value), value, "{check}");
            }
        }
    }
}
