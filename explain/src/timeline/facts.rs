//! What stands on a timeline, taken from a report.

use crate::phrase::{PagePhrase, Phrase};
use crate::sink::name;
use crate::text::timestamp_kind;
use crate::words::{Value, Words};
use imza::report::{Certificate, Dated, Report, Signature, Timestamp};
use imza::time::UnixTime;
use imza::vocabulary::BlockIndication;

/// Marks and bars of one picture; more are not told apart.
const MARKS: usize = 12;
const BARS: usize = 16;

/// What a mark is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum MarkKind {
    Claimed,
    Proven,
    Unproven,
    Judged,
    Ends,
}

/// An instant.
pub(super) struct Mark {
    pub(super) kind: MarkKind,
    pub(super) time: UnixTime,
    pub(super) words: String,
}

/// What a bar is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum BarKind {
    Certificate,
    Authority,
    Revocation,
    Algorithm,
}

/// Something that holds for a while; without an end, as far as is known.
pub(super) struct Bar {
    pub(super) kind: BarKind,
    pub(super) label: String,
    pub(super) note: String,
    pub(super) from: Option<UnixTime>,
    pub(super) until: Option<UnixTime>,
}

/// What stands on one timeline.
pub(super) struct Facts {
    pub(super) marks: Vec<Mark>,
    pub(super) bars: Vec<Bar>,
}

impl Facts {
    /// Of a signature.
    pub(super) fn of_signature(signature: &Signature, report: &Report, words: &Words) -> Self {
        let mut facts = Collector::new(words);
        if let Some(claimed) = signature.claimed_signing_time {
            facts.mark(MarkKind::Claimed, claimed, PagePhrase::MarkClaimed);
        }
        if let Some(best) = &signature.best_signature_time
            && best.proof == "provided"
        {
            facts.mark(MarkKind::Proven, best.time, PagePhrase::MarkProvided);
        }
        for timestamp in &signature.timestamps {
            facts.timestamp(timestamp);
        }
        facts.mark(
            MarkKind::Judged,
            report.validation_time,
            PagePhrase::MarkJudged,
        );
        let own = |one: &&imza::report::SignatureOutlook| one.id == signature.id;
        let outlook = report.outlook.as_ref();
        let of_signature = outlook.and_then(|all| all.signatures.iter().find(own));
        if let Some(ending) = of_signature.and_then(|one| one.renewed.as_ref()) {
            facts.mark(MarkKind::Ends, ending.time, PagePhrase::MarkEnds);
        }
        for certificate in &signature.path {
            facts.certificate(certificate, BarKind::Certificate);
        }
        if signature.path.is_empty()
            && let Some(certificate) = &signature.signing_certificate
        {
            facts.certificate(certificate, BarKind::Certificate);
        }
        for timestamp in &signature.timestamps {
            if let Some(certificate) = &timestamp.signing_certificate {
                facts.certificate(certificate, BarKind::Authority);
            }
        }
        for dated in outlook.into_iter().flat_map(|all| &all.revocation) {
            facts.dated(dated, BarKind::Revocation);
        }
        for dated in of_signature.into_iter().flat_map(|one| &one.algorithms) {
            facts.dated(dated, BarKind::Algorithm);
        }
        facts.facts
    }

    /// Of the time-stamps of a document.
    pub(super) fn of_timestamps(report: &Report, words: &Words) -> Self {
        let mut facts = Collector::new(words);
        for timestamp in report.timestamps.iter().chain(&report.evidence_records) {
            facts.timestamp(timestamp);
            if let Some(certificate) = &timestamp.signing_certificate {
                facts.certificate(certificate, BarKind::Authority);
            }
        }
        let judged = report.validation_time;
        facts.mark(MarkKind::Judged, judged, PagePhrase::MarkJudged);
        facts.facts
    }
}

struct Collector<'a> {
    words: &'a Words,
    facts: Facts,
}

impl<'a> Collector<'a> {
    fn new(words: &'a Words) -> Self {
        let facts = Facts {
            marks: Vec::new(),
            bars: Vec::new(),
        };
        Self { words, facts }
    }

    fn mark(&mut self, kind: MarkKind, time: UnixTime, phrase: PagePhrase) {
        let what = self.words.page(phrase);
        self.mark_of(kind, time, &what);
    }

    fn mark_of(&mut self, kind: MarkKind, time: UnixTime, what: &str) {
        if self.facts.marks.len() < MARKS {
            let words = format!("{what}: {}", self.words.moment(time));
            self.facts.marks.push(Mark { kind, time, words });
        }
    }

    fn timestamp(&mut self, timestamp: &Timestamp) {
        let Some(time) = timestamp.time else { return };
        let kind = match timestamp.indication {
            BlockIndication::Passed => MarkKind::Proven,
            _ => MarkKind::Unproven,
        };
        let label = self.words.say(Phrase::LabelTimestamp);
        let over = self.words.say(timestamp_kind(timestamp.kind));
        let word = self.words.block_indication(timestamp.indication);
        self.mark_of(kind, time, &format!("{label} {over}, {word}"));
    }

    fn certificate(&mut self, certificate: &Certificate, kind: BarKind) {
        let person = certificate.person.as_ref();
        let label = name(person.map_or(certificate.subject.as_str(), |one| &one.name));
        let (from, until) = (certificate.not_before, certificate.not_after);
        self.bar(kind, label, Some(from), Some(until));
    }

    fn dated(&mut self, dated: &Dated, kind: BarKind) {
        self.bar(kind, dated.name.clone(), dated.from, dated.until);
    }

    fn bar(
        &mut self,
        kind: BarKind,
        label: String,
        from: Option<UnixTime>,
        until: Option<UnixTime>,
    ) {
        let what = self.words.page(match kind {
            BarKind::Certificate => PagePhrase::BarCertificate,
            BarKind::Authority => PagePhrase::BarAuthority,
            BarKind::Revocation => PagePhrase::BarRevocation,
            BarKind::Algorithm => PagePhrase::BarAlgorithm,
        });
        let note = format!("{what}: {}", self.span(from, until));
        let bar = Bar {
            kind,
            label,
            note,
            from,
            until,
        };
        let same = |other: &Bar| other.label == bar.label && other.note == bar.note;
        if self.facts.bars.len() < BARS && !self.facts.bars.iter().any(same) {
            self.facts.bars.push(bar);
        }
    }

    /// Dates, the same in every language; times of day only within one date.
    fn span(&self, from: Option<UnixTime>, until: Option<UnixTime>) -> String {
        let plain = |time: Option<UnixTime>| time.map(|time| time.to_string());
        let (from, until) = (plain(from), plain(until));
        let day = |text: &Option<String>| {
            text.as_ref()
                .and_then(|text| text.get(..10).map(str::to_owned))
        };
        let values = |name: &'static str, text: &Option<String>| {
            let is_same = day(&from).is_some() && day(&from) == day(&until);
            let length = if is_same { 16 } else { 10 };
            let text = text.as_ref().and_then(|text| text.get(..length));
            (name, text.unwrap_or_default().replace('T', " "))
        };
        let (phrase, values) = match (&from, &until) {
            (Some(_), Some(_)) => (
                PagePhrase::SpanBoth,
                vec![values("from", &from), values("until", &until)],
            ),
            (Some(_), None) => (PagePhrase::SpanFrom, vec![values("from", &from)]),
            (None, Some(_)) => (PagePhrase::SpanUntil, vec![values("until", &until)]),
            (None, None) => (PagePhrase::SpanOpen, Vec::new()),
        };
        let values: Vec<_> = values
            .iter()
            .map(|(name, text)| (*name, Value::Text(text)))
            .collect();
        self.words.page_with(phrase, &values)
    }
}
