//! The report as a page for a terminal.

use crate::advice::{advice, meaning};
use crate::sink::terminal;
use imza::report::{AnyIndication, Certificate, Check, Failure, Report, Signature, Timestamp};
use imza::vocabulary::{
    Basis, BlockIndication, Indication, Integrity, Outcome, ScopeKind, SubIndication,
};
use std::fmt::Write as _;

/// How the page looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// Plain characters only.
    Plain,
    /// With ANSI colours.
    Colour,
}

/// The verdict on one line of its own, then the page.
#[must_use]
pub fn text(report: &Report, style: Style) -> String {
    let mut page = Page {
        style,
        out: String::new(),
    };
    page.report(report);
    page.out
}

/// A document that could not be processed.
#[must_use]
pub fn failure(name: &str, failure: &Failure, style: Style) -> String {
    let mut page = Page {
        style,
        out: String::new(),
    };
    page.failure(name, failure);
    page.out
}

#[derive(Clone, Copy)]
enum Mood {
    Good,
    Bad,
    Open,
}

struct Page {
    style: Style,
    out: String,
}

impl Page {
    fn line(&mut self, indent: usize, text: &str) {
        let _ = writeln!(self.out, "{:indent$}{text}", "");
    }

    fn row(&mut self, indent: usize, label: &str, value: &str) {
        let _ = writeln!(self.out, "{:indent$}{label:<12} {value}", "");
    }

    fn paint(&self, mood: Mood, text: &str) -> String {
        let code = match (self.style, mood) {
            (Style::Plain, _) => return text.to_owned(),
            (Style::Colour, Mood::Good) => "1;32",
            (Style::Colour, Mood::Bad) => "1;31",
            (Style::Colour, Mood::Open) => "1;33",
        };
        format!("\u{1b}[{code}m{text}\u{1b}[0m")
    }

    fn failure(&mut self, name: &str, failure: &Failure) {
        let verdict = self.paint(Mood::Bad, "NOT PROCESSED");
        self.line(0, &format!("{verdict}  {}", terminal(name)));
        self.row(2, "Why", &terminal(&failure.reason));
        self.row(2, "Code", failure.code);
    }

    fn report(&mut self, report: &Report) {
        let name = terminal(&report.document.name);
        if let Some(failure) = &report.error {
            return self.failure(&report.document.name, failure);
        }
        let (mood, words) = match report.indication {
            None => (Mood::Open, "NOTHING SIGNED".to_owned()),
            Some(indication) => {
                let (mood, word) = verdict(indication);
                (mood, with_sub(word, report.sub_indication))
            }
        };
        let painted = self.paint(mood, &words);
        self.line(0, &format!("{painted}  {name}"));
        for departure in &report.policy.departures {
            let (check, default, level) = (&departure.check, &departure.default, &departure.level);
            self.row(
                2,
                "Lowered",
                &format!("{check}: {level} (default {default})"),
            );
        }
        if report.basis == Basis::Evidence {
            self.row(
                2,
                "Basis",
                "saved evidence: digests of the payload are taken on trust",
            );
        }
        let container = report.container.map_or("document", |kind| kind.as_str());
        let size = report.document.size;
        self.row(2, "Document", &format!("{container}, {size} bytes"));
        self.row(2, "Judged at", &report.validation_time.to_string());
        let anchors = report.trust.anchors;
        let trust = if anchors == 0 {
            "none given (--trust FILE)".to_owned()
        } else {
            format!("{anchors} anchor(s)")
        };
        self.row(
            2,
            "Trust",
            &format!("{trust}, policy {}", terminal(&report.policy.name)),
        );
        let number = report.signatures.len();
        for (index, signature) in report.signatures.iter().enumerate() {
            self.out.push('\n');
            self.signature(signature, index + 1, number);
        }
        for timestamp in report.timestamps.iter().chain(&report.evidence_records) {
            self.out.push('\n');
            self.line(2, "Time-stamp of the document");
            self.timestamp(timestamp);
        }
        self.files(report);
        if !report.requests.is_empty() {
            self.out.push('\n');
        }
        for request in &report.requests {
            let text = format!("{}: {}", request.url, request.outcome);
            self.row(2, "Network", &terminal(&text));
        }
    }

    fn signature(&mut self, signature: &Signature, index: usize, number: usize) {
        let (format, level) = (signature.format, signature.level);
        let place = signature.place.as_deref().map(terminal).unwrap_or_default();
        let counter = if signature.parent.is_some() {
            ", counter-signature"
        } else {
            ""
        };
        self.line(
            2,
            &format!("Signature {index} of {number}: {format} {level}{counter}  {place}"),
        );
        let (mood, word) = verdict(AnyIndication::Main(signature.indication));
        let words = self.paint(mood, &with_sub(word, signature.sub_indication));
        self.row(4, "Verdict", &words);
        if let Some(sub) = signature.sub_indication {
            self.row(4, "", meaning(sub));
            self.row(4, "What to do", advice(sub));
        }
        match &signature.signing_certificate {
            Some(certificate) => self.signer(certificate),
            None => self.row(4, "Signed by", "not known"),
        }
        if let Some(claimed) = signature.claimed_signing_time {
            self.row(4, "Claimed", &format!("{claimed} (the signer's own word)"));
        }
        if let Some(best) = &signature.best_signature_time {
            let proof = match best.proof {
                "validation" => "proven by a time-stamp",
                "provided" => "as given with --proven-at",
                _ => "nothing proves an earlier time",
            };
            self.row(4, "Existed at", &format!("{} ({proof})", best.time));
        }
        let integrity = match signature.integrity {
            Integrity::Intact => "intact: every digest and the signature value fit",
            Integrity::Broken => "broken: a digest or the signature value does not fit",
            _ => "cannot be said",
        };
        self.row(4, "Integrity", integrity);
        for scope in &signature.scopes {
            let part = match scope.kind {
                ScopeKind::Full => "",
                ScopeKind::Partial => " (in part)",
                ScopeKind::Digest => " (by digest)",
                _ => " (a signature)",
            };
            self.row(4, "Covers", &format!("{}{part}", terminal(&scope.name)));
        }
        for timestamp in &signature.timestamps {
            self.timestamp(timestamp);
        }
        self.checks(&signature.checks);
    }

    fn signer(&mut self, certificate: &Certificate) {
        let subject = match &certificate.person {
            Some(person) => {
                let identifier = match (&person.country, &person.identifier) {
                    (Some(country), Some(identifier)) => format!(" ({country} {identifier})"),
                    _ => String::new(),
                };
                terminal(&format!("{}{identifier}", person.name))
            }
            None => terminal(&certificate.subject),
        };
        self.row(4, "Signed by", &subject);
        self.row(4, "Issued by", &terminal(&certificate.issuer));
    }

    fn timestamp(&mut self, timestamp: &Timestamp) {
        let time = timestamp
            .time
            .map_or("no time".to_owned(), |time| time.to_string());
        let (mood, word) = verdict(AnyIndication::Block(timestamp.indication));
        let words = self.paint(mood, &with_sub(word, timestamp.sub_indication));
        self.row(
            4,
            "Time-stamp",
            &format!("{time} ({}): {words}", timestamp.kind),
        );
        self.checks(&timestamp.checks);
    }

    fn checks(&mut self, checks: &[Check]) {
        for check in checks {
            let label = match check.outcome {
                Outcome::Failed => self.paint(Mood::Bad, "Failed"),
                Outcome::Warning => self.paint(Mood::Open, "Warning"),
                _ => continue,
            };
            let _ = writeln!(self.out, "      {label}  {} ({})", check.id, check.clause);
            for (name, value) in [
                ("about", &check.object),
                ("expected", &check.expected),
                ("found", &check.found),
            ] {
                if let Some(value) = value {
                    self.row(8, name, &terminal(value));
                }
            }
        }
    }

    fn files(&mut self, report: &Report) {
        if report.files.is_empty() {
            return;
        }
        self.out.push('\n');
        self.line(2, "Files");
        let uncovered: Vec<&str> = report
            .uncovered_files()
            .map(|file| file.name.as_str())
            .collect();
        for file in &report.files {
            let state = if uncovered.contains(&file.name.as_str()) {
                self.paint(Mood::Bad, "no passed signature covers it")
            } else {
                self.paint(Mood::Good, "covered")
            };
            self.line(
                4,
                &format!("{}  {} bytes, {state}", terminal(&file.name), file.size),
            );
        }
    }
}

fn verdict(indication: AnyIndication) -> (Mood, &'static str) {
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

fn with_sub(word: &str, sub: Option<SubIndication>) -> String {
    match sub {
        Some(sub) => format!("{word} / {sub}"),
        None => word.to_owned(),
    }
}
