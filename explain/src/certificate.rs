//! Certificates as pages for a terminal: what one says, and whether it holds.

use crate::page::{Look, Style};
use crate::sink::terminal;
use crate::words::Words;
use imza::report::{Attempt, Certificate, CertificateFacts, CertificateReport};
use imza::time::UnixTime;
use imza::vocabulary::{BlockIndication, ObjectId, Outcome};
use std::fmt::Write as _;

/// What a certificate says of itself: whose it is, for what and until when. Not a judgement.
#[must_use]
pub fn certificate_page(facts: &CertificateFacts, time: UnixTime, look: Look) -> String {
    let mut page = Page {
        style: look.style,
        out: String::new(),
    };
    page.facts(facts, time);
    page.out
}

/// The verdict about a certificate, the path it rests on, and why others were refused.
#[must_use]
pub fn certificate_text(report: &CertificateReport, words: &Words, look: Look) -> String {
    let mut page = Page {
        style: look.style,
        out: String::new(),
    };
    page.report(report, words);
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

    fn row(&mut self, label: &str, value: &str) {
        let _ = writeln!(self.out, "  {label:<12} {value}");
    }

    fn rows(&mut self, label: &str, values: impl IntoIterator<Item = String>) {
        let mut label = label;
        for value in values {
            self.row(label, &terminal(&value));
            label = "";
        }
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

    fn facts(&mut self, facts: &CertificateFacts, time: UnixTime) {
        let certificate = &facts.certificate;
        self.line(0, &terminal(&who(certificate)));
        if let Some(identifier) = &facts.identifier {
            let kind = identifier.kind.as_deref().map_or("identifier", kind_words);
            let country = identifier.country.as_deref().unwrap_or("no country");
            let checksum = match identifier.checksum {
                "failed" => "; its check digit is wrong",
                _ => "",
            };
            let text = format!("{} ({kind}, {country}){checksum}", identifier.value);
            self.row("Identifier", &terminal(&text));
        }
        self.row("Subject", &terminal(&certificate.subject));
        self.row("Issued by", &terminal(&certificate.issuer));
        let (from, until) = (certificate.not_before, certificate.not_after);
        let state = if time < from {
            self.paint(Mood::Open, "not valid yet")
        } else if time > until {
            self.paint(Mood::Bad, "expired")
        } else {
            self.paint(Mood::Good, "inside this period")
        };
        self.row("Valid", &format!("{from} to {until}: {state} at {time}"));
        self.row("For", &uses(facts));
        self.row("Qualified", &qualified(facts));
        if let Some(claims) = &facts.qualification {
            if let Some(limit) = &claims.limit {
                self.row("Limit", &terminal(limit));
            }
            if let Some(years) = claims.retention_years {
                self.row("Kept for", &format!("{years} years after it expires"));
            }
            let disclosures = claims.disclosures.iter();
            self.rows(
                "Conditions",
                disclosures.map(|one| format!("{} ({})", one.uri, one.language)),
            );
        }
        self.rows(
            "Policies",
            facts.policies.iter().map(|oid| policy_words(oid)),
        );
        let names = facts.alternative_names.iter();
        self.rows(
            "Also named",
            names.map(|one| format!("{} ({})", one.value, one.kind)),
        );
        self.row("Key", &terminal(&facts.key));
        self.row("Signed with", &terminal(&facts.signature_algorithm));
        self.row("Serial", &certificate.serial_number);
        self.row("SHA-256", &certificate.digest.to_string());
        match facts.no_revocation {
            Some(reason) => self.row("Revocation", &format!("none needed: {reason}")),
            None if facts.ocsp.is_empty() && facts.crls.is_empty() => {
                self.row("Revocation", "says nothing about where its status is found");
            }
            None => {
                self.rows("OCSP", facts.ocsp.iter().cloned());
                self.rows("CRL", facts.crls.iter().cloned());
            }
        }
        self.rows("Issuer at", facts.ca_issuers.iter().cloned());
        let findings = facts.findings.iter();
        self.rows(
            "Odd",
            findings.map(|one| format!("{} (octet {})", one.what, one.at)),
        );
        self.line(
            0,
            "This is what the certificate says. Whether it is true: imza certificate validate.",
        );
    }

    fn report(&mut self, report: &CertificateReport, words: &Words) {
        let name = terminal(&report.name);
        if let Some(failure) = &report.error {
            let verdict = self.paint(Mood::Bad, "NOT PROCESSED");
            self.line(0, &format!("{verdict}  {name}"));
            self.row("Why", &terminal(&failure.reason));
            self.row("Code", failure.code);
            return;
        }
        let (mood, word) = match report.indication {
            Some(BlockIndication::Passed) => (Mood::Good, "PASSED"),
            Some(BlockIndication::Failed) => (Mood::Bad, "FAILED"),
            _ => (Mood::Open, "INDETERMINATE"),
        };
        let verdict = match report.sub_indication {
            Some(sub) => format!("{word} / {sub}"),
            None => word.to_owned(),
        };
        let verdict = self.paint(mood, &verdict);
        self.line(0, &format!("{verdict}  {name}"));
        if let Some(sub) = report.sub_indication {
            let explained = words.sub_indication(sub);
            self.row("", &explained.what);
            self.row("What to do", &explained.advice);
        }
        for departure in &report.policy.departures {
            let (check, default, level) = (&departure.check, &departure.default, &departure.level);
            let text = format!("{check}: {level} (default {default})");
            self.row("Lowered", &terminal(&text));
        }
        if let Some(certificate) = &report.certificate {
            self.row("Subject", &terminal(&who(certificate)));
            self.row("Issued by", &terminal(&certificate.issuer));
            let period = format!("{} to {}", certificate.not_before, certificate.not_after);
            self.row("Valid", &period);
        }
        self.row("Judged at", &report.validation_time.to_string());
        let purpose = report
            .purpose
            .map_or("anything", |purpose| purpose.as_str());
        self.row("For", purpose);
        let trust = match report.trust.anchors {
            0 => "none given (--trust FILE)".to_owned(),
            anchors => format!("{anchors} anchor(s)"),
        };
        let policy = terminal(&report.policy.name);
        self.row("Trust", &format!("{trust}, policy {policy}"));
        self.rows(
            "Policies",
            report.valid_policies.iter().map(|oid| policy_words(oid)),
        );
        if !report.path.is_empty() {
            self.line(2, "Path");
            for certificate in &report.path {
                self.line(4, &terminal(&certificate.subject));
            }
        }
        for check in &report.checks {
            let label = match check.outcome {
                Outcome::Failed => self.paint(Mood::Bad, "Failed"),
                Outcome::Warning => self.paint(Mood::Open, "Warning"),
                _ => continue,
            };
            self.line(2, &format!("{label}  {} ({})", check.id, check.clause));
            for (name, value) in [("expected", &check.expected), ("found", &check.found)] {
                if let Some(value) = value {
                    self.line(6, &format!("{name:<9} {}", terminal(value)));
                }
            }
            if let Some(about) = &check.object {
                self.line(6, &format!("{:<9} {}", "about", self.named(report, about)));
            }
        }
        let is_refused = report.indication != Some(BlockIndication::Passed);
        let others = report.attempts.len();
        if is_refused && others > 0 {
            self.line(2, &format!("Paths that were tried ({others})"));
            for attempt in report.attempts.iter().take(20) {
                self.attempt(report, attempt);
            }
            if others > 20 {
                self.line(4, "further ones stand in the JSON report");
            }
        }
        for request in &report.requests {
            let text = format!("{}: {}", request.url, request.outcome);
            self.row("Network", &terminal(&text));
        }
    }

    fn attempt(&mut self, report: &CertificateReport, attempt: &Attempt) {
        let ids = attempt.certificates.iter().chain(&attempt.anchor);
        let way: Vec<String> = ids.map(|id| self.named(report, &id.to_string())).collect();
        self.line(4, &way.join(" < "));
        for reason in &attempt.reasons {
            let text = format!(
                "{}: expected {}, found {}",
                reason.clause, reason.expected, reason.found
            );
            self.line(6, &terminal(&text));
        }
    }

    /// The subject of a certificate that the report names, else the digest.
    fn named(&self, report: &CertificateReport, digest: &str) -> String {
        let is_it = |one: &&Certificate| {
            let id: ObjectId = one.digest;
            id.to_string() == digest
        };
        let all = report.certificates.iter().chain(&report.path);
        let found = all.chain(&report.certificate).find(is_it);
        terminal(found.map_or(digest, |one| one.subject.as_str()))
    }
}

fn who(certificate: &Certificate) -> String {
    match &certificate.person {
        Some(person) => person.name.clone(),
        None if certificate.subject.is_empty() => "a subject without a name".to_owned(),
        None => certificate.subject.clone(),
    }
}

fn kind_words(kind: &str) -> &str {
    match kind {
        "PNO" => "national personal number",
        "FIN" => "personal identification number (FIN)",
        "IIN" => "individual identification number (IIN)",
        "BIN" => "business identification number (BIN)",
        "TCKN" => "identity number (TCKN)",
        "IDC" => "identity card",
        "PAS" => "passport",
        "TAX" | "TIN" => "tax number",
        "VAT" => "value added tax number",
        "NTR" => "trade register",
        "PSD" => "payment service provider",
        "LEI" => "legal entity identifier",
        other => other,
    }
}

fn uses(facts: &CertificateFacts) -> String {
    let mut words: Vec<String> = Vec::new();
    if facts.is_authority {
        words.push("issuing certificates (certification authority)".to_owned());
    }
    let claims = facts.qualification.as_ref();
    for kind in claims.into_iter().flat_map(|claims| &claims.types) {
        words.push(match kind.as_str() {
            "esign" => "electronic signatures".to_owned(),
            "eseal" => "electronic seals".to_owned(),
            "web" => "web sites".to_owned(),
            other => terminal(other),
        });
    }
    match &facts.key_usage {
        None => words.push("any use of the key".to_owned()),
        Some(bits) => words.push(bits.join(", ")),
    }
    if let Some(purposes) = &facts.extended_key_usage {
        words.extend(purposes.iter().map(|oid| purpose_words(oid)));
    }
    words.join("; ")
}

fn purpose_words(oid: &str) -> String {
    match oid {
        "2.5.29.37.0" => "any purpose",
        "1.3.6.1.5.5.7.3.1" => "TLS servers",
        "1.3.6.1.5.5.7.3.2" => "logging in",
        "1.3.6.1.5.5.7.3.3" => "signing code",
        "1.3.6.1.5.5.7.3.4" => "mail",
        "1.3.6.1.5.5.7.3.8" => "time-stamps",
        "1.3.6.1.5.5.7.3.9" => "OCSP answers",
        "1.3.6.1.5.5.7.3.36" | "1.2.840.113583.1.1.5" => "signing documents",
        other => return terminal(other),
    }
    .to_owned()
}

fn policy_words(oid: &str) -> String {
    let words = match oid {
        "2.5.29.32.0" => "any policy",
        "0.4.0.194112.1.0" => "qualified, natural person (QCP-n)",
        "0.4.0.194112.1.1" => "qualified, legal person (QCP-l)",
        "0.4.0.194112.1.2" => "qualified, natural person, qualified device (QCP-n-qscd)",
        "0.4.0.194112.1.3" => "qualified, legal person, qualified device (QCP-l-qscd)",
        "0.4.0.194112.1.4" => "qualified, web site (QCP-w)",
        "0.4.0.2042.1.1" => "normalised (NCP)",
        "0.4.0.2042.1.2" => "normalised, secure device (NCP+)",
        "0.4.0.2042.1.3" => "lightweight (LCP)",
        _ => return oid.to_owned(),
    };
    format!("{oid}: {words}")
}

fn qualified(facts: &CertificateFacts) -> String {
    let Some(claims) = facts
        .qualification
        .as_ref()
        .filter(|claims| claims.qualified)
    else {
        return "does not say so".to_owned();
    };
    let law = match claims.legislation.as_slice() {
        [] => "the European Union".to_owned(),
        countries => terminal(&countries.join(", ")),
    };
    let device = match claims.qualified_device {
        true => ", key in a qualified device",
        false => ", says nothing of a qualified device",
    };
    format!("says so, under the law of {law}{device}; a trusted list decides")
}
