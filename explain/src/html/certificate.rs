//! A certificate that was asked about by itself, on a page for a browser and for paper.

use super::Sheet;
use crate::certificate::{CertificatePhrase as P, told_attempts, way_of};
use crate::page::Mood;
use crate::phrase::{PagePhrase, Phrase};
use crate::sink::{file_name, name};
use crate::words::{Value, Words};
use imza::report::{Certificate, CertificateReport};

/// The page of a report on a certificate.
#[must_use]
pub fn certificate_html(report: &CertificateReport, words: &Words) -> String {
    let mut sheet = Sheet::new(words);
    sheet.certificate_page(report);
    sheet.finish()
}

impl Sheet<'_> {
    fn certificate_page(&mut self, report: &CertificateReport) {
        let title = self.words.certificate(P::ReportTitle);
        let file = file_name(&report.name);
        self.begin_page(&title, &file);
        if let Some(failure) = &report.error {
            let sentence = self.words.certificate(P::NotProcessed);
            self.failure(failure, &sentence, &file);
        } else {
            let headline = self.text.certificate_headline(report);
            let standard = headline.standard.unwrap_or_default();
            self.begin_verdict(headline.mood, &headline.sentence, &file, &standard);
            self.departures(&report.policy.departures);
            self.out.end();
            self.out.line();
            if let Some(certificate) = &report.certificate {
                self.certificate(certificate, headline.mood, &headline.sentence, report);
            }
            self.attempts(report);
        }
        self.certificate_judged(report);
        self.network(&report.requests);
        self.out.end();
        let values = [("version", Value::Text(report.imza))];
        let made = self.words.certificate_with(P::MadeBy, &values);
        self.footer(&made);
    }

    fn certificate(
        &mut self,
        certificate: &Certificate,
        mood: Mood,
        sentence: &str,
        report: &CertificateReport,
    ) {
        let owner = self.words.certificate_owner(certificate);
        self.out.start("article", &[("class", "sheet")]);
        self.begin(&owner, mood, sentence);
        if let Some(sub) = report.sub_indication {
            let explained = self.words.certificate_sub(sub);
            self.next(&explained.what, &explained.advice);
        }
        self.out.start("dl", &[]);
        self.certificate_fact(P::LabelSubject, &name(&certificate.subject));
        self.fact(Phrase::LabelIssuedBy, &name(&certificate.issuer));
        let (from, until) = (certificate.not_before, certificate.not_after);
        let period = self.words.certificate_period(from, until);
        self.certificate_fact(P::LabelValid, &period);
        let role = self.words.certificate_role(report.purpose);
        self.certificate_fact(P::LabelFor, &role);
        for oid in &report.valid_policies {
            let policy = self.words.certificate_policy(oid);
            self.certificate_fact(P::LabelPolicies, &policy);
        }
        let label = self.words.certificate(P::LabelSerial);
        self.code_fact(&label, &certificate.serial_number);
        self.code_fact("SHA-256", &certificate.digest.to_hex());
        self.out.end();
        self.checks(&report.checks);
        let summary = self.words.certificate(P::HeadingPath);
        self.path(&summary, &report.path);
        self.every_check(&report.checks);
        self.out.end();
        self.out.line();
    }

    fn certificate_fact(&mut self, label: P, value: &str) {
        let label = self.words.certificate(label);
        self.fact_of(&label, value);
    }

    /// Paths that were tried, and every reason against each.
    fn attempts(&mut self, report: &CertificateReport) {
        let told = told_attempts(report);
        if told.is_empty() {
            return;
        }
        let heading = self.text.attempts_heading(report);
        self.out.start("section", &[("class", "sheet")]);
        self.out.element("h2", &[], &heading);
        self.out.start("ul", &[("class", "checks")]);
        for attempt in told {
            let way = way_of(report, attempt);
            self.out.start("li", &[]);
            self.out.element("p", &[], &way);
            for reason in &attempt.reasons {
                let text = self.text.refusal(reason);
                self.out.element("p", &[("class", "technical")], &text);
            }
            self.out.end();
        }
        self.out.end();
        if report.attempts.len() > told.len() {
            let more = self.words.certificate(P::MoreAttempts);
            self.out.element("p", &[], &more);
        }
        self.out.end();
        self.out.line();
    }

    fn certificate_judged(&mut self, report: &CertificateReport) {
        let heading = self.words.page(PagePhrase::HeadingJudged);
        self.out.start("section", &[("class", "sheet")]);
        self.out.element("h2", &[], &heading);
        self.out.start("dl", &[]);
        let judged = self.words.moment(report.validation_time);
        self.fact(Phrase::LabelJudged, &judged);
        self.fact(Phrase::LabelPolicy, &name(&report.policy.name));
        let trust = self.text.certificate_trust(report);
        self.fact(Phrase::LabelTrust, &trust);
        let evidence = report.evidence.map(|one| one.digest);
        self.digests(report.policy.digest, report.trust.digest, evidence);
        self.out.end();
        self.out.end();
        self.out.line();
    }
}
