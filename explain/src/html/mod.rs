//! The report as one page of HTML: printable, light and dark, without script and without anything
//! that is fetched.
//!
//! Every word of a document passes [`crate::sink`] on its way, and a policy in the page's head
//! forbids scripts, so that even a mistake here would run nothing.

#[cfg(feature = "command")]
mod certificate;
mod signature;

#[cfg(feature = "command")]
pub use certificate::certificate_html;

use crate::markup::Markup;
use crate::page::Mood;
use crate::phrase::{PagePhrase, Phrase};
use crate::sink::{file_name, name};
use crate::text::Text;
use crate::timeline;
use crate::words::{Value, Words};
use imza::report::{Check, Departure, Failure, Report, Request};
use imza::vocabulary::{Basis, ObjectId, Outcome};
use std::collections::BTreeSet;

const STYLE: &str = include_str!("style.css");
/// Nothing is loaded, nothing runs.
const SECURITY: &str = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; \
                        form-action 'none'";

/// The page of a report.
#[must_use]
pub fn html(report: &Report, words: &Words) -> String {
    let mut sheet = Sheet::new(words);
    sheet.page(report);
    sheet.finish()
}

pub(super) struct Sheet<'a> {
    words: &'a Words,
    text: Text<'a>,
    out: Markup,
}

impl<'a> Sheet<'a> {
    fn new(words: &'a Words) -> Self {
        Self {
            words,
            text: Text::for_a_page(words),
            out: Markup::beginning("<!doctype html>\n"),
        }
    }

    fn finish(self) -> String {
        let mut page = self.out.finish();
        page.push('\n');
        page
    }

    fn page(&mut self, report: &Report) {
        let title = self.words.page(PagePhrase::ReportTitle);
        let document = file_name(&report.document.name);
        self.begin_page(&title, &document);
        if let Some(failure) = &report.error {
            let sentence = self.say(Phrase::HeadlineNotProcessed);
            self.failure(failure, &sentence, &document);
        } else {
            self.verdict(report, &document);
            self.signatures(report);
            self.stand_alone(report);
            self.document_checks(&report.checks);
            self.files(report);
        }
        self.judged(report);
        self.network(&report.requests);
        self.out.end();
        let values = [("version", Value::Text(report.imza))];
        let made = self.words.page_with(PagePhrase::MadeBy, &values);
        self.footer(&made);
    }

    /// Everything before the verdict; the main part of the page is left open.
    fn begin_page(&mut self, title: &str, document: &str) {
        let out = &mut self.out;
        out.start("html", &[("lang", self.words.language().as_str())]);
        out.start("head", &[]);
        out.empty("meta", &[("charset", "utf-8")]);
        let policy = [
            ("http-equiv", "Content-Security-Policy"),
            ("content", SECURITY),
        ];
        out.empty("meta", &policy);
        let viewport = [
            ("name", "viewport"),
            ("content", "width=device-width, initial-scale=1"),
        ];
        out.empty("meta", &viewport);
        out.element("title", &[], &format!("{document}: {title}"));
        out.start("style", &[]);
        out.own(STYLE);
        out.own(timeline::STYLE);
        out.end();
        out.end();
        out.line();
        out.start("body", &[]);
        out.start("header", &[]);
        out.element("p", &[("class", "mark")], "imza");
        out.element("p", &[("class", "kind")], title);
        out.end();
        out.line();
        out.start("main", &[]);
    }

    fn say(&self, phrase: Phrase) -> String {
        self.words.say(phrase)
    }

    fn failure(&mut self, failure: &Failure, sentence: &str, document: &str) {
        self.begin_verdict(Mood::Bad, sentence, document, failure.code);
        self.out.end();
        self.out.start("section", &[("class", "sheet")]);
        if let Some(explained) = self.words.error(failure.code) {
            self.next(&explained.what, &explained.advice);
        }
        self.out.start("dl", &[]);
        self.fact(Phrase::LabelDetail, &failure.reason);
        self.out.end();
        self.out.end();
        self.out.line();
    }

    fn verdict(&mut self, report: &Report, document: &str) {
        let headline = self.text.headline(report);
        let standard = headline.standard.as_deref().unwrap_or_default();
        self.begin_verdict(headline.mood, &headline.sentence, document, standard);
        self.departures(&report.policy.departures);
        self.out.end();
        self.out.line();
    }

    /// What the policy lowers, beside the verdict.
    fn departures(&mut self, departures: &[Departure]) {
        if departures.is_empty() {
            return;
        }
        self.out.start("ul", &[]);
        for departure in departures {
            let label = self.say(Phrase::LabelLowered);
            let words = self.text.departure(departure);
            self.out.element("li", &[], &format!("{label}: {words}"));
        }
        self.out.end();
    }

    /// The verdict as the first thing on the page; left open.
    fn begin_verdict(&mut self, mood: Mood, sentence: &str, document: &str, standard: &str) {
        let class = format!("verdict {}", class(mood));
        self.out.start("section", &[("class", &class)]);
        self.out.own(picture(mood));
        self.out.element("h1", &[], sentence);
        self.out.element("p", &[("class", "document")], document);
        if !standard.is_empty() {
            self.out.element("p", &[("class", "standard")], standard);
        }
    }

    /// What is the matter, and what to do.
    fn next(&mut self, what: &str, advice: &str) {
        self.out.start("div", &[("class", "next")]);
        for (label, words) in [(Phrase::LabelWhy, what), (Phrase::LabelAdvice, advice)] {
            if words.is_empty() {
                continue;
            }
            let label = self.say(label);
            self.out.start("p", &[]);
            self.out.element("strong", &[], &label);
            self.out.text(words);
            self.out.end();
        }
        self.out.end();
    }

    fn fact(&mut self, label: Phrase, value: &str) {
        let label = self.say(label);
        self.fact_of(&label, value);
    }

    fn fact_of(&mut self, label: &str, value: &str) {
        self.out.element("dt", &[], label);
        self.out.element("dd", &[], value);
    }

    fn code_fact(&mut self, label: &str, value: &str) {
        self.out.element("dt", &[], label);
        self.out.start("dd", &[]);
        self.out.element("code", &[], value);
        self.out.end();
    }

    /// Checks that do not hold, each with its technical lines.
    fn checks(&mut self, checks: &[Check]) {
        let told = |check: &&Check| matches!(check.outcome, Outcome::Failed | Outcome::Warning);
        if !checks.iter().any(|check| told(&check)) {
            return;
        }
        self.out.start("ul", &[("class", "checks")]);
        for check in checks.iter().filter(told) {
            let (label, mood) = match check.outcome {
                Outcome::Failed => (Phrase::OutcomeFailed, Mood::Bad),
                _ => (Phrase::OutcomeWarning, Mood::Open),
            };
            let label = self.say(label);
            self.out.start("li", &[]);
            self.out.start("p", &[]);
            let chip = format!("chip {}", class(mood));
            self.out.element("span", &[("class", &chip)], &label);
            self.out.text(&self.words.check(check.id));
            self.out.end();
            let technical = format!("{} · {}", check.id, check.clause);
            self.out.element("p", &[("class", "technical")], &technical);
            let values = [
                (Phrase::LabelAbout, &check.object),
                (Phrase::LabelExpected, &check.expected),
                (Phrase::LabelFound, &check.found),
            ];
            if values.iter().any(|(_, value)| has_words(value)) {
                self.out.start("dl", &[]);
                for (label, value) in values {
                    if let Some(value) = value.as_ref().filter(|value| !value.is_empty()) {
                        self.fact(label, value);
                    }
                }
                self.out.end();
            }
            self.out.end();
        }
        self.out.end();
    }

    /// What may be wider than the page, and is scrolled with the keyboard too.
    fn begin_wide(&mut self, label: &str) {
        let region = [
            ("class", "wide"),
            ("role", "region"),
            ("tabindex", "0"),
            ("aria-label", label),
        ];
        self.out.start("div", &region);
    }

    fn document_checks(&mut self, checks: &[Check]) {
        let told = |check: &Check| matches!(check.outcome, Outcome::Failed | Outcome::Warning);
        if !checks.iter().any(told) {
            return;
        }
        let heading = self.say(Phrase::HeadingDocument);
        self.out.start("section", &[("class", "sheet")]);
        self.out.element("h2", &[], &heading);
        self.checks(checks);
        self.out.end();
        self.out.line();
    }

    fn files(&mut self, report: &Report) {
        if report.files.is_empty() {
            return;
        }
        let heading = self.say(Phrase::HeadingFiles);
        self.out.start("section", &[("class", "sheet")]);
        self.out.element("h2", &[], &heading);
        self.begin_wide(&heading);
        self.out.start("table", &[]);
        self.out.start("tbody", &[]);
        let uncovered: BTreeSet<_> = report.uncovered_files().map(|file| &file.name).collect();
        for file in &report.files {
            let (phrase, class) = if uncovered.contains(&file.name) {
                (Phrase::FileUncovered, "is-bad")
            } else {
                (Phrase::FileCovered, "is-good")
            };
            let (size, state) = (self.words.size(file.size), self.say(phrase));
            self.out.start("tr", &[]);
            self.out
                .element("th", &[("scope", "row")], &file_name(&file.name));
            self.out.element("td", &[], &size);
            self.out.element("td", &[("class", class)], &state);
            self.out.end();
        }
        for _ in 0..4 {
            self.out.end();
        }
        self.out.line();
    }

    /// By what it was judged: whoever doubts can judge again.
    fn judged(&mut self, report: &Report) {
        let heading = self.words.page(PagePhrase::HeadingJudged);
        self.out.start("section", &[("class", "sheet")]);
        self.out.element("h2", &[], &heading);
        self.out.start("dl", &[]);
        let kind = self.text.kind(report);
        let size = self.words.size(report.document.size);
        self.fact(Phrase::LabelDocument, &format!("{kind}, {size}"));
        if let Some(digest) = &report.document.digest {
            self.code_fact("SHA-256", digest);
        }
        if report.basis == Basis::Evidence {
            let basis = self.say(Phrase::BasisEvidence);
            self.fact(Phrase::LabelBasis, &basis);
        }
        let judged = self.words.moment(report.validation_time);
        self.fact(Phrase::LabelJudged, &judged);
        self.fact(Phrase::LabelPolicy, &name(&report.policy.name));
        let trust = match report.trust.anchors {
            0 => self.say(Phrase::TrustNone),
            anchors => {
                let values = [("count", Value::Number(anchors))];
                self.words.say_with(Phrase::TrustAnchors, &values)
            }
        };
        self.fact(Phrase::LabelTrust, &trust);
        let evidence = report.evidence.map(|one| one.digest);
        self.digests(report.policy.digest, report.trust.digest, evidence);
        self.out.end();
        self.out.end();
        self.out.line();
    }

    fn digests(&mut self, policy: ObjectId, trust: ObjectId, evidence: Option<ObjectId>) {
        let both = [
            (PagePhrase::PolicyDigest, policy),
            (PagePhrase::TrustDigest, trust),
        ];
        let evidence = evidence.map(|digest| (PagePhrase::EvidenceDigest, digest));
        for (phrase, digest) in both.into_iter().chain(evidence) {
            let label = self.words.page(phrase);
            self.code_fact(&label, &digest.to_hex());
        }
    }

    fn network(&mut self, requests: &[Request]) {
        if requests.is_empty() {
            return;
        }
        let heading = self.say(Phrase::LabelNetwork);
        self.out.start("section", &[("class", "sheet")]);
        self.out.element("h2", &[], &heading);
        self.out.start("dl", &[]);
        for request in requests {
            let outcome = self.text.outcome(&request.outcome);
            self.fact_of(&request.url, &outcome);
        }
        self.out.end();
        self.out.end();
        self.out.line();
    }

    fn footer(&mut self, made: &str) {
        self.out.start("footer", &[]);
        self.out.element("p", &[], made);
        self.out.end();
    }
}

fn has_words(value: &Option<String>) -> bool {
    value.as_ref().is_some_and(|text| !text.is_empty())
}

pub(super) fn class(mood: Mood) -> &'static str {
    match mood {
        Mood::Good => "good",
        Mood::Bad => "bad",
        Mood::Open => "open",
    }
}

/// A tick, a cross or a question mark; the words say the same.
fn picture(mood: Mood) -> &'static str {
    match mood {
        Mood::Good => {
            r#"<svg viewBox="0 0 48 48" aria-hidden="true" fill="none" stroke="currentColor" stroke-width="3.5" stroke-linecap="round" stroke-linejoin="round"><circle cx="24" cy="24" r="21"/><path d="M15 25l6.500 6.500L34 18"/></svg>"#
        }
        Mood::Bad => {
            r#"<svg viewBox="0 0 48 48" aria-hidden="true" fill="none" stroke="currentColor" stroke-width="3.5" stroke-linecap="round"><circle cx="24" cy="24" r="21"/><path d="M16.500 16.500l15 15m0-15l-15 15"/></svg>"#
        }
        Mood::Open => {
            r#"<svg viewBox="0 0 48 48" aria-hidden="true" fill="none" stroke="currentColor" stroke-width="3.5" stroke-linecap="round"><circle cx="24" cy="24" r="21"/><path d="M18 19a6 6 0 1 1 8.500 5.500c-1.800.9-2.500 2-2.500 4"/><path d="M24 34.500v.1"/></svg>"#
        }
    }
}
