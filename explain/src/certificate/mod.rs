//! Certificates as pages for a terminal: what one says, and whether it holds.
//!
//! Whoever asks about a certificate alone has no signature in hand, so the words of verdicts differ
//! from those of a document's report. Its own words, and those of its issuer, are made harmless
//! here, at the place where they are put on the page.

mod meaning;
mod phrase;
mod verdict;

#[cfg(test)]
pub(crate) use meaning::SUBS;
pub(crate) use phrase::CertificatePhrase;
#[cfg(feature = "pages")]
pub(crate) use verdict::{told_attempts, way_of};

use crate::page::{Look, Mood, Page, columns};
use crate::phrase::Phrase;
use crate::sink::terminal;
use crate::text::Text;
use crate::words::{Value, Words};
use imza::report::{CertificateFacts, CertificateReport};
use imza::time::UnixTime;

/// What a certificate says of itself: whose it is, for what and until when. Not a judgement.
#[must_use]
pub fn certificate_page(
    facts: &CertificateFacts,
    time: UnixTime,
    words: &Words,
    look: Look,
) -> String {
    let mut sheet = Facts {
        words,
        page: Page::new(look, column(words)),
    };
    sheet.facts(facts, time);
    sheet.page.finish()
}

/// The verdict about a certificate, the path it rests on, and why others were refused.
#[must_use]
pub fn certificate_text(report: &CertificateReport, words: &Words, look: Look) -> String {
    let mut text = Text::with_column(words, look, column(words));
    text.certificate(report);
    text.finish()
}

/// Labels of facts; the widest gives the column.
const LABELS: [CertificatePhrase; 16] = [
    CertificatePhrase::LabelIdentifier,
    CertificatePhrase::LabelSubject,
    CertificatePhrase::LabelValid,
    CertificatePhrase::LabelFor,
    CertificatePhrase::LabelQualified,
    CertificatePhrase::LabelLimit,
    CertificatePhrase::LabelKept,
    CertificatePhrase::LabelConditions,
    CertificatePhrase::LabelPolicies,
    CertificatePhrase::LabelNames,
    CertificatePhrase::LabelKey,
    CertificatePhrase::LabelAlgorithm,
    CertificatePhrase::LabelSerial,
    CertificatePhrase::LabelRevocation,
    CertificatePhrase::LabelIssuerAt,
    CertificatePhrase::LabelOdd,
];

fn column(words: &Words) -> usize {
    let own = LABELS.iter().map(|label| words.certificate(*label));
    let issuer = words.say(Phrase::LabelIssuedBy);
    let widths = own.chain([issuer]).map(|label| columns(&label));
    widths.max().unwrap_or_default()
}

struct Facts<'a> {
    words: &'a Words,
    page: Page,
}

impl Facts<'_> {
    fn row(&mut self, label: CertificatePhrase, value: &str) {
        let label = self.words.certificate(label);
        self.page.row(2, &label, value);
    }

    /// Values one below the other, the label at the first; made harmless here.
    fn rows(&mut self, label: &str, values: impl IntoIterator<Item = String>) {
        let mut label = label;
        for value in values {
            self.page.row(2, label, &terminal(&value));
            label = "";
        }
    }

    fn facts(&mut self, facts: &CertificateFacts, time: UnixTime) {
        use CertificatePhrase as P;
        let (words, certificate) = (self.words, &facts.certificate);
        let owner = words.certificate_owner(certificate);
        self.page.heading(0, &owner);
        if let Some(identifier) = &facts.identifier {
            let text = words.certificate_identifier(identifier);
            self.row(P::LabelIdentifier, &text);
        }
        self.row(P::LabelSubject, &terminal(&certificate.subject));
        let label = words.say(Phrase::LabelIssuedBy);
        self.page.row(2, &label, &terminal(&certificate.issuer));
        self.period(certificate.not_before, certificate.not_after, time);
        self.row(P::LabelFor, &words.certificate_uses(facts).join("; "));
        self.row(P::LabelQualified, &words.certificate_qualification(facts));
        if let Some(claims) = &facts.qualification {
            if let Some(limit) = &claims.limit {
                self.row(P::LabelLimit, &terminal(limit));
            }
            if let Some(years) = claims.retention_years {
                let years = [("count", Value::Number(years))];
                let text = words.certificate_with(P::Retention, &years);
                self.row(P::LabelKept, &text);
            }
            let disclosures = claims.disclosures.iter();
            self.rows(
                &words.certificate(P::LabelConditions),
                disclosures.map(|one| format!("{} ({})", one.uri, one.language)),
            );
        }
        let policies = facts.policies.iter();
        self.rows(
            &words.certificate(P::LabelPolicies),
            policies.map(|oid| words.certificate_policy(oid)),
        );
        let names = facts.alternative_names.iter();
        self.rows(
            &words.certificate(P::LabelNames),
            names.map(|one| format!("{} ({})", one.value, one.kind)),
        );
        self.row(P::LabelKey, &words.certificate_key(&facts.key));
        self.row(P::LabelAlgorithm, &terminal(&facts.signature_algorithm));
        self.row(P::LabelSerial, &certificate.serial_number);
        self.page.row(2, "SHA-256", &certificate.digest.to_string());
        self.status(facts);
        let issuers = facts.ca_issuers.iter().cloned();
        self.rows(&words.certificate(P::LabelIssuerAt), issuers);
        let findings = facts.findings.iter().map(|one| {
            let what = terminal(&one.what);
            let values = [("what", Value::Text(&what)), ("at", Value::Number(one.at))];
            words.certificate_with(P::OddAt, &values)
        });
        self.rows(&words.certificate(P::LabelOdd), findings);
        self.page.prose(0, &words.certificate(P::Note));
    }

    fn period(&mut self, from: UnixTime, until: UnixTime, time: UnixTime) {
        use CertificatePhrase as P;
        let period = self.words.certificate_period(from, until);
        self.row(P::LabelValid, &period);
        let (phrase, mood) = if time < from {
            (P::PeriodEarly, Mood::Open)
        } else if time > until {
            (P::PeriodOver, Mood::Bad)
        } else {
            (P::PeriodInside, Mood::Good)
        };
        let time = self.words.moment(time);
        let values = [("time", Value::Text(time.as_str()))];
        let state = self.words.certificate_with(phrase, &values);
        self.page.verdict_row(2, "", &state, mood);
    }

    /// Where it is asked whether the certificate was revoked.
    fn status(&mut self, facts: &CertificateFacts) {
        use CertificatePhrase as P;
        match facts.no_revocation {
            Some(why) => {
                let values = [("why", Value::Text(why))];
                let text = self.words.certificate_with(P::RevocationNotNeeded, &values);
                self.row(P::LabelRevocation, &text);
            }
            None if facts.ocsp.is_empty() && facts.crls.is_empty() => {
                let text = self.words.certificate(P::RevocationUnsaid);
                self.row(P::LabelRevocation, &text);
            }
            None => {
                self.rows("OCSP", facts.ocsp.iter().cloned());
                self.rows("CRL", facts.crls.iter().cloned());
            }
        }
    }
}
