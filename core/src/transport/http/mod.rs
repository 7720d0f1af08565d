//! The only socket of the crate, with rules against hostile addresses.
//!
//! A document can name any address it likes: in a certificate's authority information access, in
//! its CRL distribution points. Whoever judges the document must not be made to knock at the
//! printer of the house, to tell a stranger that the document was opened by means of credentials,
//! or to swallow a gigabyte. So an address of [`UrlOrigin::Document`] is asked only with `http` or
//! `https` on their default ports, without credentials, and at public addresses; every address
//! that its name resolves to is checked, and the connection is made to a checked one, so that a
//! second resolution cannot change it. The same rules hold again at each of at most three
//! redirects.
//!
//! An address of [`UrlOrigin::Configuration`] was given by the caller and may lie anywhere, but
//! what it redirects to on another host is a stranger's address again. Every exchange has a cap
//! on octets and time, and so has the sum of them: make one [`Http`] per job.
//!
//! No proxy is used, no cookie kept, no content decoded; answers with another status than 200 are
//! failures.
//!
//! # Standard
//! RFC 9110 §15.4 (redirects), RFC 6890 (special-purpose addresses).

mod address;
mod exchange;
mod resolver;
#[cfg(test)]
mod tests;
mod url;

use super::{Fetched, Streamed, Transport};
use crate::error::Error;
use crate::job::{Fetch, FetchFailure, InputId, UrlOrigin};
use exchange::{Answer, Exchange};
use resolver::Admit;
use std::ops::Range;
use std::time::{Duration, Instant};
use url::Target;

/// Redirects that are followed, RFC 9110 §15.4: enough for `http` to `https` to a mirror.
const REDIRECTS: usize = 3;

/// Caps on all exchanges of one job together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Caps {
    /// Requests, redirects included.
    pub requests: u64,
    /// Octets of answers.
    pub bytes: u64,
    /// Time from the first request to the end of the last answer.
    pub time: Duration,
}

impl Default for Caps {
    /// 64 requests as in [`crate::limits::Limits`], 32 MiB, and two minutes: longer than a person
    /// waits.
    fn default() -> Self {
        Self {
            requests: 64,
            bytes: 32 << 20,
            time: Duration::from_secs(120),
        }
    }
}

/// Asks other hosts, within the rules. One for each job.
#[derive(Debug)]
pub struct Http {
    documents: Admit,
    caps: Caps,
    asked: u64,
    received: u64,
    began: Option<Instant>,
    hosts: Vec<String>,
    strangers: ureq::Agent,
    configured: ureq::Agent,
}

impl Default for Http {
    fn default() -> Self {
        Self::new(Caps::default())
    }
}

impl Http {
    /// With caps of the caller's choice.
    #[must_use]
    pub fn new(caps: Caps) -> Self {
        Self::admitting(Admit::Public, caps)
    }

    fn admitting(documents: Admit, caps: Caps) -> Self {
        Self {
            documents,
            caps,
            asked: 0,
            received: 0,
            began: None,
            hosts: Vec::new(),
            strangers: exchange::agent(documents),
            configured: exchange::agent(Admit::Anything),
        }
    }

    /// Every host that was asked, redirects included, each once, in the order of asking.
    #[must_use]
    pub fn hosts(&self) -> &[String] {
        &self.hosts
    }

    /// Asks a host, and follows its redirects.
    ///
    /// # Errors
    /// [`FetchFailure::RefusedUrl`] with the rule that the address breaks; otherwise what the host
    /// or the network did.
    pub fn fetch(&mut self, fetch: &Fetch) -> Result<Fetched, FetchFailure> {
        let started = Instant::now();
        let began = *self.began.get_or_insert(started);
        let mut target = Target::parse(&fetch.url, fetch.origin, self.documents)?;
        for _ in 0..=REDIRECTS {
            let left = self
                .caps
                .time
                .checked_sub(began.elapsed())
                .ok_or(FetchFailure::CapReached)?;
            let timeout = fetch
                .timeout
                .checked_sub(started.elapsed())
                .ok_or(FetchFailure::TimedOut)?
                .min(left);
            self.charge(&target)?;
            let max_bytes = fetch
                .max_bytes
                .min(self.caps.bytes.saturating_sub(self.received));
            let agent = match target.origin() {
                UrlOrigin::Document => &self.strangers,
                UrlOrigin::Configuration => &self.configured,
            };
            let exchange = Exchange {
                agent,
                target: &target,
                kind: fetch.kind,
                body: fetch.body.as_deref(),
                max_bytes,
                timeout,
            };
            match exchange.run()? {
                Answer::Body(body) => {
                    let length = u64::try_from(body.len()).unwrap_or(u64::MAX);
                    self.received = self.received.saturating_add(length);
                    return Ok(Fetched { body });
                }
                Answer::Redirect(location) => {
                    target = target.redirect(&location, self.documents)?;
                }
            }
        }
        Err(FetchFailure::RefusedUrl(format!(
            "more than {REDIRECTS} redirects"
        )))
    }

    fn charge(&mut self, target: &Target) -> Result<(), FetchFailure> {
        if self.asked >= self.caps.requests || self.received >= self.caps.bytes {
            return Err(FetchFailure::CapReached);
        }
        self.asked += 1;
        let host = target.host().to_owned();
        if !self.hosts.contains(&host) {
            self.hosts.push(host);
        }
        Ok(())
    }
}

/// Has no documents: for jobs that only ask hosts.
impl Transport for Http {
    fn read(&mut self, _input: InputId, _range: Range<u64>) -> Option<Vec<u8>> {
        None
    }

    fn stream(
        &mut self,
        _input: InputId,
        _range: Range<u64>,
        _sink: &mut dyn FnMut(&[u8]) -> Result<(), Error>,
    ) -> Result<Streamed, Error> {
        Ok(Streamed::Unreadable)
    }

    fn fetch(&mut self, fetch: &Fetch) -> Result<Fetched, FetchFailure> {
        Self::fetch(self, fetch)
    }
}

/// Lowers the rules against hostile addresses.
pub mod danger {
    use super::{Admit, Caps, Http};

    /// Addresses found in documents may lead to the loopback interface, on any port.
    ///
    /// For demonstrations and tests that serve their own authority on this machine. With documents
    /// of strangers it would let them reach every service that listens here.
    #[must_use]
    pub fn http_with_loopback_documents(caps: Caps) -> Http {
        Http::admitting(Admit::PublicAndLoopback, caps)
    }
}
