//! One signature, or one time-stamp of the document, on the page.

use super::{Sheet, class};
use crate::page::Mood;
use crate::phrase::{PagePhrase, Phrase};
use crate::sink::{file_name, name};
use crate::text::{person, timestamp_kind, verdict, with_sub};
use crate::timeline;
use crate::words::Value;
use imza::report::{AnyIndication, Certificate, Check, Report, Signature, Timestamp};
use imza::vocabulary::Outcome;

impl Sheet<'_> {
    pub(super) fn signatures(&mut self, report: &Report) {
        let number = u64::try_from(report.signatures.len()).unwrap_or(u64::MAX);
        for (index, signature) in report.signatures.iter().enumerate() {
            self.signature(signature, index, number, report);
        }
    }

    fn signature(&mut self, signature: &Signature, index: usize, number: u64, report: &Report) {
        let phrase = match signature.parent {
            Some(_) => Phrase::HeadingCounterSignature,
            None => Phrase::HeadingSignature,
        };
        let shown = u64::try_from(index).unwrap_or(u64::MAX).saturating_add(1);
        let values = [
            ("index", Value::Number(shown)),
            ("count", Value::Number(number)),
        ];
        let heading = self.words.say_with(phrase, &values);
        let (mood, standard) = verdict(AnyIndication::Main(signature.indication));
        let sentence = self.words.indication(signature.indication);
        self.out.start("article", &[("class", "sheet")]);
        self.begin(&heading, mood, &sentence);
        let (format, level) = (signature.format, signature.level);
        let mut form = format!("{format} {level}");
        if let Some(place) = signature.place.as_deref().filter(|place| !place.is_empty()) {
            form = format!("{form} · {}", file_name(place));
        }
        let standard = with_sub(standard, signature.sub_indication);
        let form = format!("{form} · {standard}");
        self.out.element("p", &[("class", "form")], &form);
        if let Some(sub) = signature.sub_indication {
            let explained = self.words.sub_indication(sub);
            self.next(&explained.what, &explained.advice);
        }
        self.out.start("dl", &[]);
        self.signer(signature.signing_certificate.as_ref());
        for (label, value) in self.text.times_of(signature) {
            self.fact(label, &value);
        }
        for line in self.text.claims_of(signature) {
            self.fact(Phrase::LabelClaimed, &line);
        }
        for scope in &signature.scopes {
            let value = self.text.scope(scope, signature);
            self.fact(Phrase::LabelCovers, &value);
        }
        let integrity = self.words.integrity(signature.integrity);
        self.fact(Phrase::LabelIntegrity, &integrity);
        if let Some(value) = self.text.revision(signature) {
            self.fact(Phrase::LabelRevision, &value);
        }
        for change in &signature.changes {
            let value = self.words.changed(change);
            self.fact(Phrase::LabelChanged, &value);
        }
        for timestamp in &signature.timestamps {
            self.timestamp(timestamp);
        }
        let outlook = self.text.outlook(signature, report);
        if !outlook.is_empty() {
            let label = self.say(Phrase::LabelOutlook);
            self.out.element("dt", &[], &label);
            self.out.start("dd", &[]);
            for line in outlook {
                self.out.element("p", &[], &line);
            }
            self.out.end();
        }
        self.out.end();
        self.checks(&signature.checks);
        for timestamp in &signature.timestamps {
            self.checks(&timestamp.checks);
        }
        // What may be wider than a telephone can be scrolled with the keyboard too.
        let title = self.words.page(PagePhrase::HeadingTimeline);
        let focusable = [("tabindex", "0"), ("aria-label", title.as_str())];
        self.out.start("figure", &focusable);
        let picture = timeline::of_signature(report, index, self.words);
        self.out.join(picture);
        self.out.end();
        let summary = self.words.page(PagePhrase::HeadingPath);
        self.path(&summary, &signature.path);
        self.every_check(&signature.checks);
        self.out.end();
        self.out.line();
    }

    /// The heading, and the verdict beside it.
    pub(super) fn begin(&mut self, heading: &str, mood: Mood, sentence: &str) {
        self.out.start("div", &[("class", "head")]);
        self.out.element("h2", &[], heading);
        let chip = format!("chip {}", class(mood));
        self.out.element("span", &[("class", &chip)], sentence);
        self.out.end();
    }

    fn signer(&mut self, certificate: Option<&Certificate>) {
        match certificate {
            Some(certificate) => {
                self.fact(Phrase::LabelSignedBy, &person(certificate));
                self.fact(Phrase::LabelIssuedBy, &name(&certificate.issuer));
            }
            None => {
                let unknown = self.say(Phrase::SignerUnknown);
                self.fact(Phrase::LabelSignedBy, &unknown);
            }
        }
    }

    fn timestamp(&mut self, timestamp: &Timestamp) {
        let time = match timestamp.time {
            Some(time) => self.words.moment(time),
            None => self.say(Phrase::TimeUnknown),
        };
        let kind = self.say(timestamp_kind(timestamp.kind));
        let (mood, standard) = verdict(AnyIndication::Block(timestamp.indication));
        let word = self.words.block_indication(timestamp.indication);
        let standard = with_sub(standard, timestamp.sub_indication);
        let label = self.say(Phrase::LabelTimestamp);
        let is = match mood {
            Mood::Good => "is-good",
            Mood::Bad => "is-bad",
            Mood::Open => "is-open",
        };
        self.out.element("dt", &[], &label);
        self.out.start("dd", &[]);
        self.out.text(&format!("{time}, {kind}: "));
        let value = format!("{word} ({standard})");
        self.out.element("span", &[("class", is)], &value);
        self.out.end();
        if let Some(certificate) = &timestamp.signing_certificate {
            self.fact(Phrase::LabelStampedBy, &person(certificate));
        }
        for change in &timestamp.changes {
            let value = self.words.changed(change);
            self.fact(Phrase::LabelChanged, &value);
        }
    }

    /// Time-stamps and evidence records of the document itself.
    pub(super) fn stand_alone(&mut self, report: &Report) {
        let stamps = report.timestamps.iter();
        let stamps = stamps.map(|one| (Phrase::HeadingTimestamp, one));
        let records = report.evidence_records.iter();
        let records = records.map(|one| (Phrase::HeadingEvidenceRecord, one));
        for (heading, timestamp) in stamps.chain(records) {
            let heading = self.say(heading);
            let (mood, _) = verdict(AnyIndication::Block(timestamp.indication));
            let word = self.words.block_indication(timestamp.indication);
            self.out.start("article", &[("class", "sheet")]);
            self.begin(&heading, mood, &word);
            if let Some(sub) = timestamp.sub_indication {
                let explained = self.words.sub_indication(sub);
                self.next(&explained.what, &explained.advice);
            }
            self.out.start("dl", &[]);
            self.timestamp(timestamp);
            for scope in &timestamp.scopes {
                self.fact(Phrase::LabelCovers, &file_name(&scope.name));
            }
            self.out.end();
            self.checks(&timestamp.checks);
            self.every_check(&timestamp.checks);
            self.out.end();
            self.out.line();
        }
    }

    /// The certificates from the signer to the trust anchor.
    pub(super) fn path(&mut self, summary: &str, path: &[Certificate]) {
        if path.is_empty() {
            return;
        }
        self.begin_table(
            summary,
            &[
                PagePhrase::ColumnSubject,
                PagePhrase::ColumnIssuer,
                PagePhrase::ColumnValid,
                PagePhrase::ColumnSerial,
            ],
        );
        for certificate in path {
            let day = |time: imza::time::UnixTime| {
                let plain = time.to_string();
                plain.get(..10).unwrap_or_default().to_owned()
            };
            let (from, until) = (day(certificate.not_before), day(certificate.not_after));
            let values = [("from", Value::Text(&from)), ("until", Value::Text(&until))];
            let valid = self.words.page_with(PagePhrase::SpanBoth, &values);
            self.out.start("tr", &[]);
            self.out
                .element("th", &[("scope", "row")], &name(&certificate.subject));
            self.out.element("td", &[], &name(&certificate.issuer));
            self.out.element("td", &[], &valid);
            self.out.start("td", &[]);
            self.out.element("code", &[], &certificate.serial_number);
            self.out.end();
            self.out.end();
        }
        self.end_table();
    }

    /// Every check that was made, for whoever wants to follow the standard.
    pub(super) fn every_check(&mut self, checks: &[Check]) {
        if checks.is_empty() {
            return;
        }
        let count = u64::try_from(checks.len()).unwrap_or(u64::MAX);
        let values = [("count", Value::Number(count))];
        let summary = self.words.page_with(PagePhrase::HeadingEveryCheck, &values);
        self.begin_table(
            &summary,
            &[
                PagePhrase::ColumnCheck,
                PagePhrase::ColumnOutcome,
                PagePhrase::ColumnFound,
                PagePhrase::ColumnClause,
            ],
        );
        for check in checks {
            let (outcome, class) = match check.outcome {
                Outcome::Passed => (self.words.page(PagePhrase::OutcomePassed), "short is-good"),
                Outcome::Failed => (self.say(Phrase::OutcomeFailed), "short is-bad"),
                Outcome::Warning => (self.say(Phrase::OutcomeWarning), "short is-open"),
                Outcome::Information => (self.words.page(PagePhrase::OutcomeInformation), "short"),
                _ => (self.words.page(PagePhrase::OutcomeSkipped), "short"),
            };
            self.out.start("tr", &[]);
            self.out.start("th", &[("scope", "row")]);
            self.out.element("code", &[], check.id.as_str());
            self.out.end();
            self.out.element("td", &[("class", class)], &outcome);
            let found = check.found.as_deref().unwrap_or_default();
            self.out.element("td", &[], found);
            self.out.element("td", &[], check.clause);
            self.out.end();
        }
        self.end_table();
    }

    fn begin_table(&mut self, summary: &str, columns: &[PagePhrase]) {
        self.out.start("details", &[]);
        self.out.element("summary", &[], summary);
        self.begin_wide(summary);
        self.out.start("table", &[]);
        self.out.start("thead", &[]);
        self.out.start("tr", &[]);
        for column in columns {
            let column = self.words.page(*column);
            self.out.element("th", &[("scope", "col")], &column);
        }
        self.out.end();
        self.out.end();
        self.out.start("tbody", &[]);
    }

    fn end_table(&mut self) {
        for _ in 0..4 {
            self.out.end();
        }
    }
}
