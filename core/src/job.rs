//! Work that needs the outside world: requests, answers, and the trait [`Job`].
//!
//! The core opens no socket, reads no file, asks no clock. A job is an owned value that says what
//! it needs and is fed the answers; the host decides how to meet them. [`Job::step`] is idempotent:
//! it returns every open request again, so that a host may forget and ask.
//!
//! ```text
//! loop {
//!     match job.step()? {
//!         Step::Needs(requests) => for each: job.supply(id, response) or job.feed(id, chunk)…
//!         Step::Done(outcome) => break,
//!     }
//! }
//! ```

use crate::error::Error;
use std::ops::Range;
use std::time::Duration;

/// Whether an answer ends the job that it was given to: octets that cannot be had, or that are not
/// those of before. A host that overlooks the error gets no outcome. An answer that nobody asked for
/// ends nothing.
pub(crate) fn is_fatal(outcome: &Result<(), Error>) -> bool {
    matches!(outcome, Err(error) if !matches!(error, Error::ApiMisuse(_)))
}

/// Names an open request of one job.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RequestId(pub u64);

/// Names an input of a job by its place in the list that the job was begun with.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
)]
#[serde(transparent)]
pub struct InputId(pub u32);

/// What a job needs.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Request {
    /// Octets of structure. Answer: [`Response::Bytes`] with exactly this range, or more around it
    /// is wrong; fewer only at the end of the input.
    Read {
        /// The request.
        id: RequestId,
        /// Which input.
        input: InputId,
        /// Which octets.
        range: Range<u64>,
    },
    /// Payload, in order. Feed every chunk with [`Job::feed`], then answer [`Response::End`].
    Stream {
        /// The request.
        id: RequestId,
        /// Which input.
        input: InputId,
        /// Which octets.
        range: Range<u64>,
    },
    /// Something from another host.
    Fetch {
        /// The request.
        id: RequestId,
        /// What, from where, and within which caps.
        fetch: Fetch,
    },
    /// Show a verification code to the person.
    Show {
        /// The request.
        id: RequestId,
        /// The digits.
        code: String,
    },
    /// Wait, then answer with the time that passed.
    Wait {
        /// The request.
        id: RequestId,
        /// How long.
        duration: Duration,
    },
}

impl Request {
    /// The id to answer with.
    #[must_use]
    pub fn id(&self) -> RequestId {
        match self {
            Self::Read { id, .. }
            | Self::Stream { id, .. }
            | Self::Fetch { id, .. }
            | Self::Show { id, .. }
            | Self::Wait { id, .. } => *id,
        }
    }
}

/// Where an address comes from: hosts are stricter with those found in documents.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum UrlOrigin {
    /// Found in a certificate or document: untrusted.
    Document,
    /// Given by the caller.
    Configuration,
}

/// What kind of thing is fetched; also tells the media types.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum FetchKind {
    /// OCSP, RFC 6960 Appendix A: POST `application/ocsp-request`.
    Ocsp,
    /// CRL, RFC 5280 §4.2.1.13: GET.
    Crl,
    /// Issuer certificates, RFC 5280 §4.2.2.1: GET.
    IssuerCertificate,
    /// Time-stamp, RFC 3161 §3.4: POST `application/timestamp-query`.
    Timestamp,
}

impl FetchKind {
    /// Media type of the request's body.
    #[must_use]
    pub fn content_type(self) -> Option<&'static str> {
        match self {
            Self::Ocsp => Some("application/ocsp-request"),
            Self::Timestamp => Some("application/timestamp-query"),
            Self::Crl | Self::IssuerCertificate => None,
        }
    }
}

/// A request to another host.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fetch {
    /// The address.
    pub url: String,
    /// Where the address comes from.
    pub origin: UrlOrigin,
    /// What is asked.
    pub kind: FetchKind,
    /// The body; GET when there is none.
    pub body: Option<Vec<u8>>,
    /// Most octets that an answer may have.
    pub max_bytes: u64,
    /// Longest time for the whole exchange.
    pub timeout: Duration,
}

/// Why a request to another host was not met. A fact, not an error.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum FetchFailure {
    /// The host works offline.
    Offline,
    /// The address breaks the rules for addresses found in documents; says which.
    RefusedUrl(String),
    /// No connection.
    Unreachable,
    /// The time was over.
    TimedOut,
    /// The caps on all exchanges of the job together are reached.
    CapReached,
    /// The answer was larger than the cap.
    TooLarge,
    /// Another status than 200.
    Status(u16),
    /// The answer could not be read as what was asked for.
    WrongContent,
    /// An OCSP responder gave no answer, with this responseStatus (RFC 6960 §4.2.1).
    Declined(u64),
}

impl FetchFailure {
    /// Whether the host was asked at all.
    #[must_use]
    pub fn was_asked(&self) -> bool {
        !matches!(self, Self::Offline | Self::RefusedUrl(_) | Self::CapReached)
    }
}

impl std::fmt::Display for FetchFailure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Offline => f.write_str("not asked: offline"),
            Self::RefusedUrl(rule) => write!(f, "not asked: {rule}"),
            Self::Unreachable => f.write_str("unreachable"),
            Self::TimedOut => f.write_str("no answer in time"),
            Self::CapReached => f.write_str("not asked: the caps of this run are reached"),
            Self::TooLarge => f.write_str("the answer was larger than allowed"),
            Self::Status(status) => write!(f, "status {status}"),
            Self::WrongContent => f.write_str("the answer was not what was asked for"),
            Self::Declined(1) => f.write_str("declined: malformedRequest"),
            Self::Declined(2) => f.write_str("declined: internalError"),
            Self::Declined(3) => f.write_str("declined: tryLater"),
            Self::Declined(5) => f.write_str("declined: sigRequired"),
            Self::Declined(6) => f.write_str("declined: unauthorized"),
            Self::Declined(status) => write!(f, "declined: {status}"),
        }
    }
}

/// The answer to a request.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Response {
    /// Answer to `Read`.
    Bytes(Vec<u8>),
    /// Answer to `Stream`: everything was fed.
    End,
    /// Answer to `Fetch`.
    Fetched {
        /// The final status.
        status: u16,
        /// The body.
        body: Vec<u8>,
    },
    /// `Fetch` could not be met.
    FetchFailed(FetchFailure),
    /// Answer to `Show`.
    Shown,
    /// Answer to `Wait`: the time that really passed.
    Waited(Duration),
    /// `Read` or `Stream` could not be met.
    Unreadable,
}

/// What a step gave.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step<T> {
    /// Every open request.
    Needs(Vec<Request>),
    /// The work is done.
    Done(T),
}

/// Counters for a progress bar.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// Octets of payload streamed so far.
    pub streamed: u64,
    /// Octets of payload in all, where known.
    pub to_stream: u64,
    /// Requests to other hosts answered.
    pub fetched: u64,
    /// Requests to other hosts made.
    pub to_fetch: u64,
}

/// A piece of work without I/O.
///
/// Called by hosts (the transport, a binding). An implementation may assume nothing about the order
/// of answers, and must accept answers in pieces as the host likes.
pub trait Job: Send + 'static {
    /// What the work gives.
    type Outcome;

    /// Goes on as far as it can.
    ///
    /// # Errors
    /// When the work cannot be done; the job has then ended.
    fn step(&mut self) -> Result<Step<Self::Outcome>, Error>;

    /// Ends an open request.
    ///
    /// # Errors
    /// [`crate::error::ApiMisuse`] for an unknown id or an answer of the wrong kind.
    fn supply(&mut self, id: RequestId, response: Response) -> Result<(), Error>;

    /// Carries a stream.
    ///
    /// # Errors
    /// As [`Job::supply`]; also when the chunk shows that an input changed.
    fn feed(&mut self, id: RequestId, chunk: &[u8]) -> Result<(), Error>;

    /// Counters.
    fn progress(&self) -> Progress;
}

/// Entropy from the host: 32 octets that nobody else knows. Never serialised, never shown.
pub struct Seed([u8; 32]);

impl Seed {
    /// Takes the octets of the host's random source.
    #[must_use]
    pub fn new(octets: [u8; 32]) -> Self {
        Self(octets)
    }

    /// The octets, for the derivations of [`crate::crypto`] only.
    #[must_use]
    pub fn octets(&self) -> &[u8; 32] {
        &self.0
    }
}

impl Drop for Seed {
    fn drop(&mut self) {
        zeroize::Zeroize::zeroize(&mut self.0);
    }
}

impl std::fmt::Debug for Seed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Seed(…)")
    }
}
