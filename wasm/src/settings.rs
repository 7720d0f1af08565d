//! What JavaScript hands over before a job begins: words and small files.

use crate::failure::Failure;
use imza::policy::RevocationRequirement;
use imza::reading::{Prepared, TrustFile};
use imza::time::UnixTime;
use imza::vocabulary::Purpose;
use serde::Deserialize;

/// The options that are words. Times are RFC 3339.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Words {
    time: String,
    #[serde(default)]
    proven_at: Option<String>,
    #[serde(default)]
    policy: Option<String>,
    #[serde(default)]
    revocation: Option<RevocationRequirement>,
}

/// `imza::reading::Settings`, filled file by file, so that an error belongs to one file.
pub(crate) struct Settings(imza::reading::Settings);

impl Settings {
    /// Takes the words.
    pub(crate) fn new(words: &str) -> Result<Self, Failure> {
        let words: Words =
            serde_json::from_str(words).map_err(|error| Failure::misuse("settings", &error))?;
        let mut settings = imza::reading::Settings::at(time("time", &words.time)?);
        settings.proven_at = words
            .proven_at
            .map(|text| time("provenAt", &text))
            .transpose()?;
        settings.policy = words.policy;
        settings.revocation = words.revocation;
        let alone = Self(settings);
        alone.prepare()?;
        Ok(alone)
    }

    /// Adds a file of trust anchors, for one purpose or for all.
    pub(crate) fn trust(&mut self, purpose: Option<&str>, octets: &[u8]) -> Result<(), Failure> {
        let purpose = purpose
            .map(|word| {
                Purpose::from_word(word)
                    .ok_or_else(|| Failure::misuse("trustFor", &format!("no such purpose: {word}")))
            })
            .transpose()?;
        self.add(|settings| {
            let octets = octets.to_vec();
            settings.trust.push(TrustFile { octets, purpose });
        })
    }

    /// Adds a file of material without trust.
    pub(crate) fn evidence(&mut self, octets: &[u8]) -> Result<(), Failure> {
        self.add(|settings| settings.evidence.push(octets.to_vec()))
    }

    /// Adds a file with a key for signatures that carry none.
    pub(crate) fn key(&mut self, octets: &[u8]) -> Result<(), Failure> {
        self.add(|settings| settings.keys.push(octets.to_vec()))
    }

    /// Reads the new file alone before it joins the others.
    fn add(&mut self, put: impl Fn(&mut imza::reading::Settings)) -> Result<(), Failure> {
        let mut alone = imza::reading::Settings::at(self.0.validation_time);
        put(&mut alone);
        Self(alone).prepare()?;
        put(&mut self.0);
        Ok(())
    }

    /// What a validation is given.
    pub(crate) fn prepare(&self) -> Result<Prepared, Failure> {
        self.0.read().map_err(|error| Failure::from(&error))
    }
}

fn time(argument: &'static str, text: &str) -> Result<UnixTime, Failure> {
    UnixTime::from_rfc3339(text)
        .map_err(|_| Failure::misuse(argument, &format!("not a time of RFC 3339: {text}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    const AT: &str = r#"{"time": "2026-06-15T13:00:00Z"}"#;

    fn code(outcome: Result<(), Failure>) -> &'static str {
        outcome.expect_err("a failure").code()
    }

    #[test]
    fn words_that_nobody_knows_are_refused() {
        for wrong in [
            "",
            "{}",
            r#"{"time": "yesterday"}"#,
            r#"{"time": "2026-06-15T13:00:00Z", "provenAt": "2026-13-01T00:00:00Z"}"#,
            r#"{"time": "2026-06-15T13:00:00Z", "revocation": "sometimes"}"#,
            r#"{"time": "2026-06-15T13:00:00Z", "proven_at": "2026-06-15T13:00:00Z"}"#,
        ] {
            let refused = Settings::new(wrong).map(|_| ());
            assert_eq!(code(refused), "api-misuse.argument", "{wrong}");
        }
        let policy = r#"{"time": "2026-06-15T13:00:00Z", "policy": "lenient"}"#;
        assert_eq!(
            code(Settings::new(policy).map(|_| ())),
            "api-misuse.unreadable-value"
        );
    }

    #[test]
    fn a_file_of_another_kind_is_refused_and_does_not_stay() {
        let mut settings = Settings::new(AT).unwrap();
        assert!(code(settings.trust(None, b"noise")).starts_with("malformed."));
        assert!(code(settings.evidence(b"noise")).starts_with("malformed."));
        assert!(code(settings.key(b"noise")).starts_with("malformed."));
        assert_eq!(
            code(settings.trust(Some("everything"), b"noise")),
            "api-misuse.argument"
        );
        let prepared = settings.prepare().unwrap();
        assert!(prepared.context.trust.anchors().is_empty());
        assert!(prepared.given.is_empty() && prepared.keys.is_empty());
    }
}
