//! One request and its answer.

use super::resolver::{Admit, Checked, Refused};
use super::url::Target;
use crate::job::{FetchFailure, FetchKind};
use std::io::Read;
use std::time::Duration;
use ureq::config::{AutoHeaderValue, Config};
use ureq::http::{Response, header};
use ureq::unversioned::transport::DefaultConnector;
use ureq::{Agent, Body};

/// An exchange that is about to be made.
pub(super) struct Exchange<'a> {
    pub(super) agent: &'a Agent,
    pub(super) target: &'a Target,
    pub(super) kind: FetchKind,
    pub(super) body: Option<&'a [u8]>,
    pub(super) max_bytes: u64,
    pub(super) timeout: Duration,
}

/// What came of it.
pub(super) enum Answer {
    /// Status 200.
    Body(Vec<u8>),
    /// Another place, as the host wrote it.
    Redirect(String),
}

/// A client that follows nothing, decodes nothing, remembers nothing.
pub(super) fn agent(admit: Admit) -> Agent {
    let config = Config::builder()
        .proxy(None)
        .max_redirects(0)
        .max_redirects_will_error(false)
        .http_status_as_error(false)
        .user_agent(AutoHeaderValue::Provided(std::sync::Arc::new(
            concat!("imza/", env!("CARGO_PKG_VERSION")).to_owned(),
        )))
        .build();
    Agent::with_parts(config, DefaultConnector::default(), Checked { admit })
}

impl Exchange<'_> {
    pub(super) fn run(&self) -> Result<Answer, FetchFailure> {
        let response = self.send().map_err(failure)?;
        let status = response.status().as_u16();
        // RFC 9110 §15.4: only 307 and 308 keep the method; a query that turns into a GET would be
        // answered with something else than what was asked.
        let redirects = match status {
            301..=303 => self.body.is_none(),
            307 | 308 => true,
            _ => false,
        };
        let location = response
            .headers()
            .get(header::LOCATION)
            .and_then(|value| value.to_str().ok());
        match (status, location) {
            (200, _) => self.body_of(response).map(Answer::Body),
            (_, Some(location)) if redirects => Ok(Answer::Redirect(location.to_owned())),
            _ => Err(FetchFailure::Status(status)),
        }
    }

    fn send(&self) -> Result<Response<Body>, ureq::Error> {
        let uri = self.target.uri();
        match self.body {
            Some(body) => {
                let mut request = self
                    .agent
                    .post(uri)
                    .config()
                    .timeout_global(Some(self.timeout))
                    .build();
                if let Some(media_type) = self.kind.content_type() {
                    request = request.content_type(media_type);
                }
                request.send(body)
            }
            None => self
                .agent
                .get(uri)
                .config()
                .timeout_global(Some(self.timeout))
                .build()
                .call(),
        }
    }

    /// The body within the cap: an announced length above it is not even read.
    fn body_of(&self, response: Response<Body>) -> Result<Vec<u8>, FetchFailure> {
        let body = response.into_body();
        if body
            .content_length()
            .is_some_and(|length| length > self.max_bytes)
        {
            return Err(FetchFailure::TooLarge);
        }
        let mut bytes = Vec::new();
        body.into_with_config()
            .limit(u64::MAX)
            .reader()
            .take(self.max_bytes.saturating_add(1))
            .read_to_end(&mut bytes)
            .map_err(|error| failure(error.into()))?;
        if u64::try_from(bytes.len()).unwrap_or(u64::MAX) > self.max_bytes {
            return Err(FetchFailure::TooLarge);
        }
        Ok(bytes)
    }
}

fn failure(error: ureq::Error) -> FetchFailure {
    match error {
        ureq::Error::Timeout(_) => FetchFailure::TimedOut,
        ureq::Error::Io(error) => match error.kind() {
            std::io::ErrorKind::TimedOut | std::io::ErrorKind::WouldBlock => FetchFailure::TimedOut,
            _ => FetchFailure::Unreachable,
        },
        ureq::Error::Other(other) => match other.downcast::<Refused>() {
            Ok(refused) => refused.0,
            Err(_) => FetchFailure::Unreachable,
        },
        ureq::Error::Protocol(_) | ureq::Error::LargeResponseHeader(..) => {
            FetchFailure::WrongContent
        }
        _ => FetchFailure::Unreachable,
    }
}
