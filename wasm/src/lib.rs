//! imza for browsers and Node.
//!
//! The package of `wasm/js` is the door; what is exported here is its hinge. A function converts,
//! calls and converts: no branch on what a document says. The job of `imza::reading` is stepped by
//! JavaScript, which reads pages with `Blob.slice`, feeds streams, and asks no other host.
//!
//! What is thrown is JSON of `{code, reason, details}`; the package makes an `ImzaError` of it. A
//! panic ends the instance: its message waits in [`panicked`] for the package, which throws the
//! instance away.
#![forbid(unsafe_code)]

mod failure;
mod job;
mod settings;
mod words;

use failure::Failure;
use std::sync::{Mutex, PoisonError};
use wasm_bindgen::prelude::wasm_bindgen;

static PANIC: Mutex<Option<String>> = Mutex::new(None);

/// Keeps the message of a panic for [`panicked`].
#[wasm_bindgen(start)]
pub fn start() {
    std::panic::set_hook(Box::new(|panic| {
        *PANIC.lock().unwrap_or_else(PoisonError::into_inner) = Some(panic.to_string());
    }));
}

/// The message of the panic that ended this instance, if one did.
#[wasm_bindgen]
#[must_use]
pub fn panicked() -> Option<String> {
    PANIC.lock().unwrap_or_else(PoisonError::into_inner).clone()
}

/// The version of the library, as reports name it.
#[wasm_bindgen]
#[must_use]
pub fn version() -> String {
    env!("CARGO_PKG_VERSION").to_owned()
}

type Thrown<T> = Result<T, String>;

fn thrown<T>(outcome: Result<T, Failure>) -> Thrown<T> {
    outcome.map_err(|failure| failure.to_json())
}

/// `imza::reading::Settings`.
#[wasm_bindgen]
pub struct Settings(settings::Settings);

#[wasm_bindgen]
impl Settings {
    /// Takes `{time, provenAt?, policy?, revocation?}` as JSON.
    ///
    /// # Errors
    /// For a word or policy that is not known.
    #[wasm_bindgen(constructor)]
    pub fn new(words: &str) -> Thrown<Settings> {
        thrown(settings::Settings::new(words).map(Settings))
    }

    /// Adds a file of trust anchors, for one purpose or for all.
    ///
    /// # Errors
    /// When the file holds no certificates.
    pub fn trust(&mut self, octets: &[u8], purpose: Option<String>) -> Thrown<()> {
        thrown(self.0.trust(purpose.as_deref(), octets))
    }

    /// Adds a file of certificates, CRLs or OCSP responses.
    ///
    /// # Errors
    /// When the file holds none of these.
    pub fn evidence(&mut self, octets: &[u8]) -> Thrown<()> {
        thrown(self.0.evidence(octets))
    }

    /// Adds a file with a certificate or a public key for signatures that carry none.
    ///
    /// # Errors
    /// When the file holds neither.
    pub fn key(&mut self, octets: &[u8]) -> Thrown<()> {
        thrown(self.0.key(octets))
    }
}

/// `imza::reading::Validation`.
#[wasm_bindgen]
pub struct Job(job::Job);

#[wasm_bindgen]
impl Job {
    /// Begins with `[{name, length}]` as JSON, the document first, 32 octets of entropy, and what
    /// opens an encrypted PDF.
    ///
    /// # Errors
    /// For inputs that cannot be begun with.
    #[wasm_bindgen(constructor)]
    pub fn new(
        settings: &Settings,
        inputs: &str,
        seed: &[u8],
        password: Option<String>,
    ) -> Thrown<Job> {
        thrown(job::Job::begin(&settings.0, inputs, seed, password).map(Job))
    }

    /// Goes on, and gives every open need as JSON; `null` when the report is there.
    ///
    /// # Errors
    /// When needs cannot be written.
    pub fn step(&mut self) -> Thrown<String> {
        thrown(self.0.step())
    }

    /// Ends a need `read` with its octets.
    ///
    /// # Errors
    /// When no such need is open.
    pub fn supply(&mut self, id: u32, octets: &[u8]) -> Thrown<()> {
        thrown(self.0.supply(id, octets))
    }

    /// Gives a need `stream` its next octets.
    ///
    /// # Errors
    /// When no such need is open.
    pub fn feed(&mut self, id: u32, chunk: &[u8]) -> Thrown<()> {
        thrown(self.0.feed(id, chunk))
    }

    /// Ends a need `stream`.
    ///
    /// # Errors
    /// When no such need is open.
    pub fn end(&mut self, id: u32) -> Thrown<()> {
        thrown(self.0.end(id))
    }

    /// Ends a need whose octets cannot be had.
    ///
    /// # Errors
    /// When no such need is open.
    pub fn unreadable(&mut self, id: u32) -> Thrown<()> {
        thrown(self.0.unreadable(id))
    }

    /// Ends a need `fetch`: no other host is asked.
    ///
    /// # Errors
    /// When no such need is open.
    pub fn offline(&mut self, id: u32) -> Thrown<()> {
        thrown(self.0.offline(id))
    }

    /// `{streamed, toStream}` as JSON.
    #[must_use]
    pub fn progress(&self) -> String {
        self.0.progress()
    }

    /// The report as one line of JSON, as the command writes it.
    ///
    /// # Errors
    /// When the job has not ended.
    pub fn json(&self) -> Thrown<String> {
        thrown(self.0.json())
    }

    /// The exit status that the command would end with.
    ///
    /// # Errors
    /// When the job has not ended.
    pub fn status(&self) -> Thrown<u8> {
        thrown(self.0.status())
    }

    /// The report in words of a language: `az`, `en`, `ru`, `tr`.
    ///
    /// # Errors
    /// When the job has not ended.
    pub fn text(&self, language: &str) -> Thrown<String> {
        thrown(self.0.text(language))
    }

    /// `{indication, what, advice, signatures: [{indication, what, advice, integrity, checks}]}` as
    /// JSON, in words of a language.
    ///
    /// # Errors
    /// When the job has not ended.
    pub fn words(&self, language: &str) -> Thrown<String> {
        thrown(self.0.sentences(language))
    }
}
