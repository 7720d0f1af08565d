//! Whether a certificate holds: the verdict, the path, and why other paths were refused.

use super::CertificatePhrase;
use crate::page::Mood;
use crate::phrase::Phrase;
use crate::sink::{file_name, name, terminal};
use crate::text::{Headline, Text, with_sub};
use crate::words::Value;
use imza::report::{Attempt, Certificate, CertificateReport, Failure, Refusal};
use imza::vocabulary::{BlockIndication, ObjectId};

/// How many paths are told; the JSON report has every one.
const TOLD: usize = 20;

impl Text<'_> {
    fn certificate_row(&mut self, label: CertificatePhrase, value: &str) {
        let label = self.words.certificate(label);
        self.page.row(2, &label, value);
    }

    pub(super) fn certificate(&mut self, report: &CertificateReport) {
        use CertificatePhrase as P;
        let file = terminal(&file_name(&report.name));
        if let Some(failure) = &report.error {
            return self.unread(&file, failure);
        }
        let headline = self.certificate_headline(report);
        let standard = headline.standard.unwrap_or_default();
        let verdict = format!("{} ({standard})", headline.sentence);
        self.page.headline(headline.mood, &verdict, &file);
        if let Some(sub) = report.sub_indication {
            let explained = self.words.certificate_sub(sub);
            self.row(2, Phrase::LabelWhy, &explained.what);
            self.row(2, Phrase::LabelAdvice, &explained.advice);
        }
        self.departures(&report.policy.departures);
        if let Some(certificate) = &report.certificate {
            let owner = self.words.certificate_owner(certificate);
            self.certificate_row(P::LabelSubject, &owner);
            let issuer = terminal(&name(&certificate.issuer));
            self.row(2, Phrase::LabelIssuedBy, &issuer);
            let (from, until) = (certificate.not_before, certificate.not_after);
            let period = self.words.certificate_period(from, until);
            self.certificate_row(P::LabelValid, &period);
        }
        let judged = self.words.moment(report.validation_time);
        self.row(2, Phrase::LabelJudged, &judged);
        let role = self.words.certificate_role(report.purpose);
        self.certificate_row(P::LabelFor, &role);
        let policy = terminal(&name(&report.policy.name));
        self.row(2, Phrase::LabelPolicy, &policy);
        let mut trust = self.certificate_trust(report);
        if report.trust.anchors == 0 && self.page.is_for_the_command() {
            trust.push_str(" (--trust FILE)");
        }
        self.row(2, Phrase::LabelTrust, &trust);
        let mut label = self.words.certificate(P::LabelPolicies);
        for oid in &report.valid_policies {
            let policy = self.words.certificate_policy(oid);
            self.page.row(2, &label, &policy);
            label.clear();
        }
        if !report.path.is_empty() {
            let heading = self.words.certificate(P::HeadingPath);
            self.page.heading(2, &heading);
            for certificate in &report.path {
                let subject = terminal(&name(&certificate.subject));
                self.page.prose(4, &subject);
            }
        }
        self.checks(2, &report.checks);
        self.certificate_attempts(report);
        self.network(&report.requests);
    }

    fn unread(&mut self, file: &str, failure: &Failure) {
        let verdict = self.words.certificate(CertificatePhrase::NotProcessed);
        self.page.headline(Mood::Bad, &verdict, file);
        self.failure_rows(failure);
    }

    /// The verdict in a sentence.
    pub(crate) fn certificate_headline(&self, report: &CertificateReport) -> Headline {
        use CertificatePhrase as P;
        let indication = report.indication.unwrap_or(BlockIndication::Indeterminate);
        let (mut mood, phrase) = match indication {
            BlockIndication::Passed => (Mood::Good, P::Passed),
            BlockIndication::Failed => (Mood::Bad, P::Failed),
            _ => (Mood::Open, P::Indeterminate),
        };
        let mut sentence = self.words.certificate(phrase);
        if mood == Mood::Good && !report.policy.departures.is_empty() {
            sentence = format!("{sentence}, {}", self.words.say(Phrase::HeadlineLowered));
            mood = Mood::Open;
        }
        let standard = Some(with_sub(indication.as_str(), report.sub_indication));
        Headline {
            mood,
            sentence,
            standard,
        }
    }

    /// How many anchors there were.
    pub(crate) fn certificate_trust(&self, report: &CertificateReport) -> String {
        match report.trust.anchors {
            0 => self.words.certificate(CertificatePhrase::TrustNone),
            anchors => {
                let values = [("count", Value::Number(anchors))];
                self.words.say_with(Phrase::TrustAnchors, &values)
            }
        }
    }

    fn certificate_attempts(&mut self, report: &CertificateReport) {
        let told = told_attempts(report);
        if told.is_empty() {
            return;
        }
        let heading = self.attempts_heading(report);
        self.page.heading(2, &heading);
        for attempt in told {
            let way = way_of(report, attempt);
            self.page.prose(4, &way);
            for reason in &attempt.reasons {
                let text = self.refusal(reason);
                self.page.prose(6, &text);
            }
        }
        if report.attempts.len() > TOLD {
            let more = self.words.certificate(CertificatePhrase::MoreAttempts);
            self.page.prose(4, &more);
        }
    }

    pub(crate) fn attempts_heading(&self, report: &CertificateReport) -> String {
        let count = u64::try_from(report.attempts.len()).unwrap_or(u64::MAX);
        let values = [("count", Value::Number(count))];
        let phrase = CertificatePhrase::HeadingAttempts;
        self.words.certificate_with(phrase, &values)
    }

    pub(crate) fn refusal(&self, reason: &Refusal) -> String {
        let parts = [&reason.clause, &reason.expected, &reason.found].map(|part| terminal(part));
        let [clause, expected, found] = &parts;
        let values = [
            ("clause", Value::Text(clause)),
            ("expected", Value::Text(expected)),
            ("found", Value::Text(found)),
        ];
        let phrase = CertificatePhrase::Refusal;
        self.words.certificate_with(phrase, &values)
    }
}

/// Paths are told where the certificate does not pass.
pub(crate) fn told_attempts(report: &CertificateReport) -> &[Attempt] {
    let is_passed = report.indication == Some(BlockIndication::Passed);
    let all = report.attempts.as_slice();
    match is_passed {
        true => &[],
        false => all.get(..TOLD).unwrap_or(all),
    }
}

/// The certificates of an attempt, from the one in question upwards.
pub(crate) fn way_of(report: &CertificateReport, attempt: &Attempt) -> String {
    let ids = attempt.certificates.iter().chain(&attempt.anchor);
    let way: Vec<String> = ids.map(|id| named(report, *id)).collect();
    way.join(" < ")
}

/// The subject of a certificate that the report names, else the digest.
fn named(report: &CertificateReport, digest: ObjectId) -> String {
    let all = report.certificates.iter().chain(&report.path);
    let mut all = all.chain(&report.certificate);
    let found = all.find(|one: &&Certificate| one.digest == digest);
    match found {
        Some(certificate) => terminal(&name(&certificate.subject)),
        None => digest.to_string(),
    }
}
