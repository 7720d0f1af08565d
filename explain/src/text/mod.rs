//! The report as a page for a terminal or a text file.
//!
//! Everything untrusted is made harmless here, at the place where it is put on the page.

mod checks;
mod claims;
mod facts;
mod outlook;

#[cfg(feature = "pages")]
pub(crate) use facts::timestamp_kind;

use crate::page::{Look, Mood, Page, columns};
use crate::phrase::Phrase;
use crate::sink::{file_name, name, terminal};
use crate::words::{Value, Words};
use imza::report::{AnyIndication, Certificate, Failure, Report, Signature, Timestamp};
use imza::vocabulary::{Basis, BlockIndication, Indication, SubIndication};

/// The verdict first, then the page.
#[must_use]
pub fn text(report: &Report, words: &Words, look: Look) -> String {
    let mut text = Text::new(words, look);
    text.report(report);
    text.finish()
}

/// A document that could not be processed.
#[must_use]
pub fn failure(name: &str, failure: &Failure, words: &Words, look: Look) -> String {
    let mut text = Text::new(words, look);
    text.failure(name, failure);
    text.finish()
}

/// Labels of facts; the widest gives the column.
const LABELS: [Phrase; 22] = [
    Phrase::LabelWhy,
    Phrase::LabelAdvice,
    Phrase::LabelCode,
    Phrase::LabelDetail,
    Phrase::LabelDocument,
    Phrase::LabelJudged,
    Phrase::LabelPolicy,
    Phrase::LabelLowered,
    Phrase::LabelBasis,
    Phrase::LabelTrust,
    Phrase::LabelResult,
    Phrase::LabelSignedBy,
    Phrase::LabelIssuedBy,
    Phrase::LabelProven,
    Phrase::LabelProvided,
    Phrase::LabelClaimed,
    Phrase::LabelCovers,
    Phrase::LabelIntegrity,
    Phrase::LabelTimestamp,
    Phrase::LabelStampedBy,
    Phrase::LabelNetwork,
    Phrase::LabelOutlook,
];

/// The facts of a report in words, and the page that they are put on.
pub(crate) struct Text<'a> {
    pub(crate) words: &'a Words,
    pub(crate) page: Page,
}

/// The verdict in a sentence, and as the standard writes it.
pub(crate) struct Headline {
    pub(crate) mood: Mood,
    pub(crate) sentence: String,
    pub(crate) standard: Option<String>,
}

impl<'a> Text<'a> {
    fn new(words: &'a Words, look: Look) -> Self {
        let widths = LABELS.iter().map(|label| columns(&words.say(*label)));
        let column = widths.max().unwrap_or_default();
        Self {
            words,
            page: Page::new(look, column),
        }
    }

    /// With the labels of another page beside its own.
    #[cfg(feature = "command")]
    pub(crate) fn with_column(words: &'a Words, look: Look, other: usize) -> Self {
        let widths = LABELS.iter().map(|label| columns(&words.say(*label)));
        let column = widths.max().unwrap_or_default().max(other);
        Self {
            words,
            page: Page::new(look, column),
        }
    }

    /// The page.
    pub(crate) fn finish(self) -> String {
        self.page.finish()
    }

    /// Words for a page that another hand lays out.
    #[cfg(feature = "pages")]
    pub(crate) fn for_a_page(words: &'a Words) -> Self {
        Self::new(words, Look::default())
    }

    fn say(&self, phrase: Phrase) -> String {
        self.words.say(phrase)
    }

    pub(crate) fn row(&mut self, indent: usize, label: Phrase, value: &str) {
        let label = self.words.say(label);
        self.page.row(indent, &label, value);
    }

    fn failure(&mut self, name: &str, failure: &Failure) {
        let verdict = self.say(Phrase::HeadlineNotProcessed);
        self.page
            .headline(Mood::Bad, &verdict, &terminal(&file_name(name)));
        self.failure_rows(failure);
    }

    /// Why something could not be processed, and what to do.
    pub(crate) fn failure_rows(&mut self, failure: &Failure) {
        if let Some(explained) = self.words.error(failure.code) {
            self.row(2, Phrase::LabelWhy, &explained.what);
            self.row(2, Phrase::LabelAdvice, &explained.advice);
        }
        self.row(2, Phrase::LabelCode, failure.code);
        self.row(2, Phrase::LabelDetail, &terminal(&failure.reason));
    }

    fn report(&mut self, report: &Report) {
        if let Some(failure) = &report.error {
            return self.failure(&report.document.name, failure);
        }
        let Headline {
            mood,
            sentence,
            standard,
        } = self.headline(report);
        let verdict = match standard {
            Some(standard) => format!("{sentence} ({standard})"),
            None => sentence,
        };
        let document = terminal(&file_name(&report.document.name));
        self.page.headline(mood, &verdict, &document);
        self.departures(&report.policy.departures);
        self.basis(report);
        let number = u64::try_from(report.signatures.len()).unwrap_or(u64::MAX);
        for (index, signature) in (1..).zip(&report.signatures) {
            self.page.gap();
            self.signature(signature, index, number, report);
        }
        for timestamp in &report.timestamps {
            self.stand_alone(Phrase::HeadingTimestamp, timestamp);
        }
        for record in &report.evidence_records {
            self.stand_alone(Phrase::HeadingEvidenceRecord, record);
        }
        if report.checks.iter().any(checks::is_told) {
            self.page.gap();
            let heading = self.say(Phrase::HeadingDocument);
            self.page.heading(2, &heading);
            self.checks(4, &report.checks);
        }
        self.files(report);
        self.network(&report.requests);
    }

    /// The verdict in a sentence that promises nothing that the exit status would not.
    pub(crate) fn headline(&self, report: &Report) -> Headline {
        let Some(indication) = report.indication else {
            return Headline {
                mood: Mood::Open,
                sentence: self.say(Phrase::HeadlineNothingSigned),
                standard: None,
            };
        };
        let main: Vec<_> = report
            .signatures
            .iter()
            .filter(|one| one.parent.is_none())
            .map(|one| one.indication)
            .collect();
        let stamps = report.timestamps.len() + report.evidence_records.len();
        let number = |count: usize| Value::Number(u64::try_from(count).unwrap_or(u64::MAX));
        let bad = |wanted: Indication| main.iter().filter(|one| **one == wanted).count();
        let (mut mood, standard) = verdict(indication);
        let (phrase, count, bad) = match indication {
            AnyIndication::Main(Indication::TotalPassed) => (Phrase::HeadlinePassed, main.len(), 0),
            AnyIndication::Main(Indication::TotalFailed) => {
                let failed = bad(Indication::TotalFailed);
                (Phrase::HeadlineFailed, main.len(), failed)
            }
            AnyIndication::Main(_) => {
                let open = bad(Indication::Indeterminate);
                (Phrase::HeadlineIndeterminate, main.len(), open)
            }
            AnyIndication::Block(BlockIndication::Passed) => {
                (Phrase::HeadlineTimestampPassed, stamps, 0)
            }
            AnyIndication::Block(BlockIndication::Failed) => {
                (Phrase::HeadlineTimestampFailed, stamps, 0)
            }
            AnyIndication::Block(_) => (Phrase::HeadlineTimestampIndeterminate, stamps, 0),
        };
        let values = [("count", number(count)), ("bad", number(bad))];
        let mut sentence = self.words.say_with(phrase, &values);
        if mood == Mood::Good && !report.policy.departures.is_empty() {
            sentence = format!("{sentence}, {}", self.say(Phrase::HeadlineLowered));
            mood = Mood::Open;
        }
        if mood == Mood::Good && report.basis == Basis::Evidence {
            sentence = format!("{sentence}, {}", self.say(Phrase::HeadlineByEvidence));
            mood = Mood::Open;
        }
        let is_passed = indication == AnyIndication::Main(Indication::TotalPassed);
        if is_passed && report.uncovered_files().next().is_some() {
            sentence = format!("{sentence}, {}", self.say(Phrase::HeadlineUncovered));
            mood = Mood::Open;
        }
        let standard = Some(with_sub(standard, report.sub_indication));
        Headline {
            mood,
            sentence,
            standard,
        }
    }

    fn signature(&mut self, signature: &Signature, index: u64, number: u64, report: &Report) {
        let phrase = match signature.parent {
            Some(_) => Phrase::HeadingCounterSignature,
            None => Phrase::HeadingSignature,
        };
        let values = [
            ("index", Value::Number(index)),
            ("count", Value::Number(number)),
        ];
        let heading = self.words.say_with(phrase, &values);
        let (format, level) = (signature.format, signature.level);
        let place = match signature.place.as_deref() {
            None | Some("") => String::new(),
            Some(place) => format!(", {}", terminal(&file_name(place))),
        };
        let heading = format!("{heading}: {format} {level}{place}");
        self.page.heading(2, &heading);

        // Of a single signature the headline has said it.
        if number > 1 {
            let (mood, standard) = verdict(AnyIndication::Main(signature.indication));
            let sentence = self.words.indication(signature.indication);
            let standard = with_sub(standard, signature.sub_indication);
            let label = self.say(Phrase::LabelResult);
            let value = format!("{sentence} ({standard})");
            self.page.verdict_row(4, &label, &value, mood);
        }
        self.signer(signature.signing_certificate.as_ref());
        self.times(signature);
        self.claims(signature);
        for scope in &signature.scopes {
            let value = self.scope(scope, signature);
            self.row(4, Phrase::LabelCovers, &value);
        }
        let integrity = self.words.integrity(signature.integrity);
        self.row(4, Phrase::LabelIntegrity, &integrity);
        if let Some(value) = self.revision(signature) {
            self.row(4, Phrase::LabelRevision, &value);
        }
        for change in &signature.changes {
            let value = self.words.changed(change);
            self.row(4, Phrase::LabelChanged, &value);
        }
        if let Some(sub) = signature.sub_indication {
            self.advice(sub, report);
        }
        self.checks(4, &signature.checks);
        for timestamp in &signature.timestamps {
            self.timestamp(4, timestamp);
        }
        for line in self.outlook(signature, report) {
            self.row(4, Phrase::LabelOutlook, &line);
        }
    }

    /// What the outcome means and what to do next.
    fn advice(&mut self, sub: SubIndication, report: &Report) {
        let explained = self.words.sub_indication(sub);
        self.row(4, Phrase::LabelWhy, &explained.what);
        let option = match sub {
            SubIndication::NoCertificateChainFound => Some("--trust FILE"),
            SubIndication::NoSigningCertificateFound => Some("--evidence FILE"),
            SubIndication::CertificateChainGeneralFailure => Some("--evidence FILE"),
            SubIndication::SignedDataNotFound if report.container.is_none() => {
                Some("--detached FILE")
            }
            _ => None,
        };
        let advice = match option.filter(|_| self.page.is_for_the_command()) {
            Some(option) => format!("{} ({option}).", explained.advice.trim_end_matches('.')),
            None => explained.advice,
        };
        self.row(4, Phrase::LabelAdvice, &advice);
    }

    fn signer(&mut self, certificate: Option<&Certificate>) {
        let Some(certificate) = certificate else {
            let unknown = self.say(Phrase::SignerUnknown);
            return self.row(4, Phrase::LabelSignedBy, &unknown);
        };
        let subject = person(certificate);
        self.row(4, Phrase::LabelSignedBy, &subject);
        self.row(
            4,
            Phrase::LabelIssuedBy,
            &terminal(&name(&certificate.issuer)),
        );
    }

    fn stand_alone(&mut self, heading: Phrase, timestamp: &Timestamp) {
        self.page.gap();
        let heading = self.say(heading);
        self.page.heading(2, &heading);
        self.timestamp(4, timestamp);
        for scope in &timestamp.scopes {
            let name = terminal(&file_name(&scope.name));
            self.row(4, Phrase::LabelCovers, &name);
        }
        if let Some(sub) = timestamp.sub_indication {
            let explained = self.words.sub_indication(sub);
            self.row(4, Phrase::LabelWhy, &explained.what);
        }
    }

    fn timestamp(&mut self, indent: usize, timestamp: &Timestamp) {
        let time = match timestamp.time {
            Some(time) => self.words.moment(time),
            None => self.say(Phrase::TimeUnknown),
        };
        let kind = self.say(facts::timestamp_kind(timestamp.kind));
        let (mood, standard) = verdict(AnyIndication::Block(timestamp.indication));
        let word = self.words.block_indication(timestamp.indication);
        let standard = with_sub(standard, timestamp.sub_indication);
        let label = self.say(Phrase::LabelTimestamp);
        let value = format!("{time}, {kind}: {word} ({standard})");
        match mood {
            Mood::Good => self.page.row(indent, &label, &value),
            _ => self.page.verdict_row(indent, &label, &value, mood),
        }
        if let Some(certificate) = &timestamp.signing_certificate {
            let authority = person(certificate);
            self.row(indent, Phrase::LabelStampedBy, &authority);
        }
        for change in &timestamp.changes {
            let value = self.words.changed(change);
            self.row(indent, Phrase::LabelChanged, &value);
        }
        self.checks(indent, &timestamp.checks);
    }
}

/// A person or organisation with its identifier, harmless for a terminal.
pub(crate) fn person(certificate: &Certificate) -> String {
    let Some(person) = &certificate.person else {
        return terminal(&name(&certificate.subject));
    };
    let shown = name(&person.name);
    terminal(&match (&person.country, &person.identifier) {
        (Some(country), Some(identifier)) => format!("{shown} ({country} {identifier})"),
        _ => shown,
    })
}

pub(crate) fn verdict(indication: AnyIndication) -> (Mood, &'static str) {
    match indication {
        AnyIndication::Main(one) => (
            match one {
                Indication::TotalPassed => Mood::Good,
                Indication::TotalFailed => Mood::Bad,
                _ => Mood::Open,
            },
            one.as_str(),
        ),
        AnyIndication::Block(one) => (
            match one {
                BlockIndication::Passed => Mood::Good,
                BlockIndication::Failed => Mood::Bad,
                _ => Mood::Open,
            },
            one.as_str(),
        ),
    }
}

pub(crate) fn with_sub(word: &str, sub: Option<SubIndication>) -> String {
    match sub {
        Some(sub) => format!("{word} / {sub}"),
        None => word.to_owned(),
    }
}
