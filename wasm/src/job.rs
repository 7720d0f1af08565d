//! The validation job in words that cross to JavaScript: JSON out, octets in.
//!
//! Nothing here knows of wasm-bindgen, so the tests of this file run natively.

use crate::failure::Failure;
use crate::settings::Settings;
use crate::words::Sentences;
use imza::error::{ApiMisuse, Error};
use imza::job::{FetchFailure, Job as _, Request, RequestId, Response, Seed, Step};
use imza::pdf::Password;
use imza::reading::{Network, Prepared, Validation, ValidationRequest, empty_report};
use imza::report::Report;
use imza::source::Input;
use imza::validation::Context;
use imza_explain::{Language, Look, Words};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

/// An input as JavaScript announces it.
#[derive(Deserialize)]
struct Announced {
    name: String,
    length: u64,
}

/// What is wanted of JavaScript. Offsets are numbers: no file reaches 2^53 octets.
#[derive(Serialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
enum Need {
    /// A page of structure: answer `supply`, or `unreadable`.
    Read {
        id: u64,
        input: u32,
        start: u64,
        end: u64,
    },
    /// Payload: `feed` every chunk in order, then `end`, or `unreadable`.
    Stream {
        id: u64,
        input: u32,
        start: u64,
        end: u64,
    },
    /// Another host: answer `offline`.
    Fetch { id: u64, url: String },
    /// Answer `end`.
    Other { id: u64 },
}

impl From<Request> for Need {
    fn from(request: Request) -> Self {
        let id = request.id().0;
        match request {
            Request::Read { input, range, .. } => Self::Read {
                id,
                input: input.0,
                start: range.start,
                end: range.end,
            },
            Request::Stream { input, range, .. } => Self::Stream {
                id,
                input: input.0,
                start: range.start,
                end: range.end,
            },
            Request::Fetch { fetch, .. } => Self::Fetch { id, url: fetch.url },
            _ => Self::Other { id },
        }
    }
}

/// Counters, as JavaScript reads them.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Counters {
    streamed: u64,
    to_stream: u64,
}

/// One document under way, or its report.
pub(crate) struct Job {
    validation: Option<Validation>,
    context: Context,
    name: String,
    size: u64,
    report: Option<Report>,
}

impl Job {
    /// Begins with the document and what lies beside it, and what opens an encrypted PDF.
    pub(crate) fn begin(
        settings: &Settings,
        inputs: &str,
        seed: &[u8],
        password: Option<String>,
    ) -> Result<Self, Failure> {
        let password = password.map(Zeroizing::new);
        let announced: Vec<Announced> =
            serde_json::from_str(inputs).map_err(|error| Failure::misuse("inputs", &error))?;
        let octets: [u8; 32] = seed
            .try_into()
            .map_err(|_| Failure::misuse("seed", &"32 octets are wanted"))?;
        let (name, size) = announced
            .first()
            .map(|first| (first.name.clone(), first.length))
            .ok_or_else(|| Failure::from(&Error::from(ApiMisuse::NoInput)))?;
        let inputs = announced
            .into_iter()
            .map(|input| Input::on_request(input.name, input.length))
            .collect();
        let Prepared {
            context,
            given,
            keys,
        } = settings.prepare()?;
        let request = ValidationRequest {
            inputs,
            given,
            keys,
            seed: Seed::new(octets),
            network: Network::Offline,
        };
        let validation =
            Validation::begin(request, context.clone()).map_err(|error| Failure::from(&error))?;
        let password = password.map(|password| Password::new(&password));
        Ok(Self {
            validation: Some(validation.with_password(password)),
            context,
            name,
            size,
            report: None,
        })
    }

    /// Every open need as JSON, or `null` when the report is there.
    pub(crate) fn step(&mut self) -> Result<String, Failure> {
        let Some(validation) = &mut self.validation else {
            return Ok("null".to_owned());
        };
        match validation.step() {
            Ok(Step::Needs(requests)) => {
                let needs: Vec<Need> = requests.into_iter().map(Need::from).collect();
                serde_json::to_string(&needs).map_err(|error| Failure::misuse("needs", &error))
            }
            Ok(Step::Done(verdict)) => {
                self.validation = None;
                self.report = Some(verdict.report);
                Ok("null".to_owned())
            }
            Err(error) => {
                self.could_not(&error);
                Ok("null".to_owned())
            }
        }
    }

    /// Ends a request with octets.
    pub(crate) fn supply(&mut self, id: u32, octets: &[u8]) -> Result<(), Failure> {
        self.answer(id, Response::Bytes(octets.to_vec()))
    }

    /// Carries a stream.
    pub(crate) fn feed(&mut self, id: u32, chunk: &[u8]) -> Result<(), Failure> {
        let fed = match &mut self.validation {
            Some(validation) => validation.feed(RequestId(id.into()), chunk),
            None => Ok(()),
        };
        self.unless_misused(fed)
    }

    /// Ends a stream that was fed to its end.
    pub(crate) fn end(&mut self, id: u32) -> Result<(), Failure> {
        self.answer(id, Response::End)
    }

    /// Ends a request whose octets cannot be had.
    pub(crate) fn unreadable(&mut self, id: u32) -> Result<(), Failure> {
        self.answer(id, Response::Unreadable)
    }

    /// Ends a request to another host, which was not asked.
    pub(crate) fn offline(&mut self, id: u32) -> Result<(), Failure> {
        self.answer(id, Response::FetchFailed(FetchFailure::Offline))
    }

    fn answer(&mut self, id: u32, response: Response) -> Result<(), Failure> {
        let answered = match &mut self.validation {
            Some(validation) => validation.supply(RequestId(id.into()), response),
            // A failed feed has ended the job, and the report says why.
            None => Ok(()),
        };
        self.unless_misused(answered)
    }

    /// What is wrong with the document ends in a report; what is wrong with the calls does not.
    fn unless_misused(&mut self, outcome: Result<(), Error>) -> Result<(), Failure> {
        match outcome {
            Ok(()) => Ok(()),
            Err(error @ Error::ApiMisuse(_)) => Err(Failure::from(&error)),
            Err(error) => {
                self.could_not(&error);
                Ok(())
            }
        }
    }

    fn could_not(&mut self, error: &Error) {
        let mut report = empty_report(&self.name, self.size, &self.context);
        report.error = Some(imza::report::Failure::from(error));
        self.validation = None;
        self.report = Some(report);
    }

    /// Counters as JSON.
    pub(crate) fn progress(&self) -> String {
        let progress = self
            .validation
            .as_ref()
            .map(imza::job::Job::progress)
            .unwrap_or_default();
        serde_json::to_string(&Counters {
            streamed: progress.streamed,
            to_stream: progress.to_stream,
        })
        .unwrap_or_default()
    }

    /// The report as the command writes it, once `step` gave `null`.
    pub(crate) fn json(&self) -> Result<String, Failure> {
        Ok(self.report()?.to_json())
    }

    /// The exit status of the command, once `step` gave `null`.
    pub(crate) fn status(&self) -> Result<u8, Failure> {
        Ok(self.report()?.exit_status())
    }

    /// The report in words, once `step` gave `null`.
    pub(crate) fn text(&self, language: &str) -> Result<String, Failure> {
        let words = words(language)?;
        Ok(imza_explain::text(self.report()?, &words, Look::default()))
    }

    /// The report in single sentences, as JSON, once `step` gave `null`.
    pub(crate) fn sentences(&self, language: &str) -> Result<String, Failure> {
        let sentences = Sentences::of(self.report()?, &words(language)?);
        serde_json::to_string(&sentences).map_err(|error| Failure::misuse("words", &error))
    }

    fn report(&self) -> Result<&Report, Failure> {
        self.report
            .as_ref()
            .ok_or_else(|| Failure::misuse("report", &"the job has not ended"))
    }
}

fn words(language: &str) -> Result<Words, Failure> {
    Language::from_tag(language)
        .map(Words::new)
        .ok_or_else(|| Failure::misuse("lang", &format!("no such language: {language}")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use base64::Engine;
    use imza_test_vectors::Pki;
    use imza_test_vectors::pki::FIXED_TIME;
    use serde_json::Value;
    use std::path::Path;

    const AT: &str = r#"{"time": "2026-06-15T13:00:00Z"}"#;
    const SEED: [u8; 32] = [7; 32];

    fn vector(name: &str) -> Vec<u8> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../test-vectors/vectors");
        std::fs::read(folder.join(name)).unwrap()
    }

    fn settings(trust: &[&str]) -> Settings {
        let mut settings = Settings::new(AT).unwrap();
        for name in trust {
            settings.trust(None, &vector(name)).unwrap();
        }
        settings
    }

    fn announce(files: &[(&str, &[u8])]) -> String {
        let files: Vec<Value> = files
            .iter()
            .map(|(name, octets)| serde_json::json!({"name": name, "length": octets.len()}))
            .collect();
        serde_json::to_string(&files).unwrap()
    }

    /// What the package does, in Rust.
    fn run(settings: &Settings, files: &[(&str, &[u8])], chunk: usize) -> Job {
        let job = Job::begin(settings, &announce(files), &SEED, None).unwrap();
        drive(job, files, chunk)
    }

    fn drive(mut job: Job, files: &[(&str, &[u8])], chunk: usize) -> Job {
        loop {
            let needs: Value = serde_json::from_str(&job.step().unwrap()).unwrap();
            let Value::Array(needs) = needs else {
                return job;
            };
            for need in needs {
                let number = |name: &str| usize::try_from(need[name].as_u64().unwrap()).unwrap();
                let id = u32::try_from(number("id")).unwrap();
                let octets = &files[number("input")].1[number("start")..number("end")];
                match need["kind"].as_str().unwrap() {
                    "read" => job.supply(id, octets).unwrap(),
                    "stream" => {
                        for chunk in octets.chunks(chunk) {
                            job.feed(id, chunk).unwrap();
                        }
                        job.end(id).unwrap();
                    }
                    other => panic!("{other}"),
                }
            }
        }
    }

    fn indication(job: &Job) -> Value {
        let report: Value = serde_json::from_str(&job.json().unwrap()).unwrap();
        report["indication"].clone()
    }

    #[test]
    fn a_container_passes_with_trust_and_only_with_trust() {
        let container = vector("asic-e/form.p-256.asice");
        let files: &[(&str, &[u8])] = &[("form.p-256.asice", &container)];
        let trusted = run(&settings(&["pki/root.cer"]), files, 1000);
        assert_eq!(indication(&trusted), "TOTAL-PASSED");
        assert_eq!(trusted.status().unwrap(), 0);
        for language in ["az", "en", "ru", "tr"] {
            assert!(trusted.text(language).unwrap().contains("TOTAL-PASSED"));
        }
        assert!(trusted.text("de").is_err() && trusted.sentences("").is_err());
        assert_eq!(indication(&run(&settings(&[]), files, 7)), "INDETERMINATE");
    }

    #[test]
    fn every_check_that_fails_has_its_sentence() {
        let container = vector("asic-e/container.file-changed.asice");
        let files: &[(&str, &[u8])] = &[("altered.asice", &container)];
        let job = run(&settings(&["pki/root.cer"]), files, 1000);
        let mut seen = std::collections::BTreeSet::new();
        for language in ["az", "en", "ru", "tr"] {
            let said: Value = serde_json::from_str(&job.sentences(language).unwrap()).unwrap();
            let signature = &said["signatures"][0];
            assert_eq!(
                signature["checks"][0]["id"],
                "cryptographic.reference-intact"
            );
            for sentence in [
                &said["indication"],
                &said["what"],
                &said["advice"],
                &signature["integrity"],
                &signature["checks"][0]["what"],
            ] {
                let sentence = sentence.as_str().unwrap().to_owned();
                assert!(!sentence.is_empty() && seen.insert((language, sentence)));
            }
        }
    }

    #[test]
    fn a_detached_document_is_streamed_and_its_alteration_seen() {
        let content = b"beside".repeat(50_000);
        let spec = imza_test_vectors::cades::CadesSpec::detached(FIXED_TIME);
        let pki = Pki::fixed().unwrap();
        let made = imza_test_vectors::cades::sign(&spec, &content, &pki.citizen_p256).unwrap();
        let signature = made.der();
        let verdict = |content: &[u8]| {
            let files: &[(&str, &[u8])] = &[("a.p7s", &signature), ("a.bin", content)];
            let job = run(&settings(&["pki/root.cer"]), files, 4096);
            let report: Value = serde_json::from_str(&job.json().unwrap()).unwrap();
            report["signatures"][0]["integrity"].clone()
        };
        assert_eq!(verdict(&content), "intact");
        let mut altered = content.clone();
        altered[123_456] ^= 1;
        assert_eq!(verdict(&altered), "broken");
    }

    #[test]
    fn what_is_wrong_with_the_document_ends_in_a_report() {
        for (octets, code) in [
            (&b""[..], "input.empty"),
            (b"hello there, nothing signed here", "input.unknown-kind"),
        ] {
            let job = run(&settings(&[]), &[("x", octets)], 10);
            let report: Value = serde_json::from_str(&job.json().unwrap()).unwrap();
            assert_eq!(report["error"]["code"], code);
            assert_eq!(report["indication"], Value::Null);
        }
    }

    #[test]
    fn octets_that_cannot_be_had_end_in_a_report() {
        let container = vector("asic-e/form.p-256.asice");
        let files = announce(&[("x.asice", container.as_slice())]);
        let mut job = Job::begin(&settings(&[]), &files, &SEED, None).unwrap();
        let needs: Value = serde_json::from_str(&job.step().unwrap()).unwrap();
        let id = u32::try_from(needs[0]["id"].as_u64().unwrap()).unwrap();
        job.unreadable(id).unwrap();
        assert_eq!(job.step().unwrap(), "null");
        let report: Value = serde_json::from_str(&job.json().unwrap()).unwrap();
        assert_eq!(report["error"]["code"], "input.unreadable");
        // The host may not have noticed yet.
        assert!(job.supply(id, b"").is_ok() && job.feed(id, b"").is_ok());
    }

    #[test]
    fn a_password_opens_what_is_encrypted_and_is_not_told() {
        let lines = include_str!("../../core/src/pdf/encryption/vectors.txt").lines();
        let mut found = lines.filter_map(|line| line.strip_prefix("aes-256 "));
        let octets = base64::engine::general_purpose::STANDARD
            .decode(found.next().unwrap())
            .unwrap();
        let files: &[(&str, &[u8])] = &[("locked.pdf", &octets)];
        for (password, code) in [
            (None, "input.password-missing".into()),
            (Some("sesame"), "input.password-wrong".into()),
            (Some("usr"), Value::Null),
            (Some("own"), Value::Null),
        ] {
            let password = password.map(str::to_owned);
            let job = Job::begin(&settings(&[]), &announce(files), &SEED, password).unwrap();
            let said = drive(job, files, 100).json().unwrap();
            let report: Value = serde_json::from_str(&said).unwrap();
            assert_eq!(report["error"]["code"], code);
            assert!(!said.contains("sesame"));
        }
    }

    #[test]
    fn wrong_calls_are_failures_and_no_verdict() {
        let settings = settings(&[]);
        let begin = |inputs: &str, seed: &[u8]| {
            Job::begin(&settings, inputs, seed, None)
                .map(|_| ())
                .map_err(|failure| failure.code())
        };
        assert_eq!(begin("[]", &SEED), Err("api-misuse.no-input"));
        assert_eq!(begin("{", &SEED), Err("api-misuse.argument"));
        assert_eq!(
            begin(r#"[{"name": "a", "length": -1}]"#, &SEED),
            Err("api-misuse.argument")
        );
        let one = r#"[{"name": "a", "length": 9}]"#;
        assert_eq!(begin(one, &[0; 31]), Err("api-misuse.argument"));
        let twins = r#"[{"name": "a", "length": 9}, {"name": "b", "length": 9},
            {"name": "b", "length": 9}]"#;
        assert_eq!(begin(twins, &SEED), Err("api-misuse.duplicate-name"));
        let mut job = Job::begin(&settings, one, &SEED, None).unwrap();
        assert!(job.json().is_err() && job.text("en").is_err());
        assert!(job.supply(99, b"x").is_err() && job.feed(99, b"x").is_err());
        assert!(job.end(99).is_err() && job.offline(99).is_err());
    }
}
