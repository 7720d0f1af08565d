//! A time-stamp by itself: several authorities are asked one after the other, until one answers.

use super::augmentation::{Authority, Call};
use crate::algorithm::DigestAlgorithm;
use crate::asn1::Oid;
use crate::error::{ApiMisuse, Error, InputError};
use crate::job::{Job, Progress, Request, RequestId, Response, Seed, Step};
use crate::limits::{Budget, Limits};
use crate::timestamp::TimestampToken;
use std::collections::VecDeque;
use std::sync::Arc;

/// What is to be time-stamped, and by whom.
#[derive(Debug)]
pub struct TimestampingRequest {
    /// Digest algorithm of the imprint.
    pub algorithm: DigestAlgorithm,
    /// The digest of the data.
    pub digest: Vec<u8>,
    /// Addresses of time-stamping authorities, in the order in which they are asked.
    pub authorities: Vec<String>,
    /// The policy that the authority is to keep to; any when absent.
    pub policy: Option<Oid>,
    /// For nonces.
    pub seed: Seed,
    /// Limits of reading answers.
    pub limits: Arc<Limits>,
}

/// A time-stamp that was made.
#[derive(Clone, Debug, PartialEq)]
pub struct Timestamped {
    /// The token, as the authority wrote it.
    pub token: Vec<u8>,
    /// What it says.
    pub read: TimestampToken,
    /// The address that answered.
    pub authority: String,
    /// The addresses that were asked before, and what came of each.
    pub failed: Vec<(String, Error)>,
}

/// Asks for a time-stamp.
///
/// An authority that cannot be reached, refuses, or answers something else than what was asked (by
/// imprint, nonce, policy, certificate, signature) is passed over for the next; each is asked once, with a nonce
/// of its own.
///
/// # Standard
/// RFC 3161 §2.2, §2.4.
pub struct Timestamping {
    request: TimestampingRequest,
    waiting: VecDeque<String>,
    open: Option<(String, Call)>,
    failed: Vec<(String, Error)>,
    done: Option<Timestamped>,
    next_id: u64,
    has_ended: bool,
}

impl Timestamping {
    /// Begins.
    ///
    /// # Errors
    /// [`ApiMisuse::ContradictoryParameters`] for a digest of another length than its algorithm's;
    /// [`ApiMisuse::NoInput`] without an authority.
    pub fn begin(request: TimestampingRequest) -> Result<Self, Error> {
        if request.digest.len() != request.algorithm.output_len() {
            return Err(ApiMisuse::ContradictoryParameters.into());
        }
        if request.authorities.is_empty() {
            return Err(ApiMisuse::NoInput.into());
        }
        Ok(Self {
            waiting: request.authorities.iter().cloned().collect(),
            request,
            open: None,
            failed: Vec::new(),
            done: None,
            next_id: 0,
            has_ended: false,
        })
    }

    fn ask(&mut self, url: String) -> Request {
        let authority = Authority {
            url: url.clone(),
            others: Vec::new(),
            seed: Seed::new(*self.request.seed.octets()),
        };
        let imprint = (self.request.algorithm, self.request.digest.clone());
        let id = RequestId(self.next_id);
        let mut call = authority.ask(imprint, ("timestamping-nonce", self.next_id), id);
        if let Some(policy) = &self.request.policy {
            call.want_policy(policy.clone());
        }
        self.next_id += 1;
        let request = call.request();
        self.open = Some((url, call));
        request
    }
}

impl Job for Timestamping {
    type Outcome = Timestamped;

    fn step(&mut self) -> Result<Step<Timestamped>, Error> {
        if self.has_ended {
            return Err(ApiMisuse::JobEnded.into());
        }
        if let Some((_, call)) = &self.open {
            return Ok(Step::Needs(vec![call.request()]));
        }
        if let Some(done) = self.done.take() {
            self.has_ended = true;
            return Ok(Step::Done(done));
        }
        match self.waiting.pop_front() {
            Some(url) => Ok(Step::Needs(vec![self.ask(url)])),
            None => {
                self.has_ended = true;
                // What the last one said; the others are told by nobody but the outcome.
                let last = self.failed.pop().map(|(_, error)| error);
                Err(last.unwrap_or(InputError::MaterialMissing { signature: None }.into()))
            }
        }
    }

    fn supply(&mut self, id: RequestId, response: Response) -> Result<(), Error> {
        let open = self.open.take_if(|(_, call)| call.id() == id);
        let (url, mut call) = open.ok_or(ApiMisuse::UnknownRequest)?;
        let mut budget = Budget::new(Arc::clone(&self.request.limits));
        let read = call.token(response, &mut budget).and_then(|token| {
            let token = token.ok_or(ApiMisuse::UnknownRequest)?;
            let read = TimestampToken::parse(&token, &mut budget)?;
            Ok((token, read))
        });
        match read {
            Ok((token, read)) => {
                self.done = Some(Timestamped {
                    token,
                    read,
                    authority: url,
                    failed: std::mem::take(&mut self.failed),
                });
                Ok(())
            }
            Err(error @ Error::ApiMisuse(_)) => {
                self.open = Some((url, call));
                Err(error)
            }
            Err(error) => {
                self.failed.push((url, error));
                Ok(())
            }
        }
    }

    fn feed(&mut self, _: RequestId, _: &[u8]) -> Result<(), Error> {
        Err(ApiMisuse::WrongResponse.into())
    }

    fn progress(&self) -> Progress {
        let asked = u64::try_from(self.failed.len()).unwrap_or(u64::MAX);
        Progress {
            fetched: asked.saturating_add(u64::from(self.done.is_some())),
            to_fetch: self.next_id,
            ..Progress::default()
        }
    }
}
