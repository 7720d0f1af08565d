//! The validation job, and judging saved evidence again.

use super::gathering::{self, Gathered, Gathering};
use super::judging::{Judging, Network, named};
use super::material::Given;
use crate::crypto::SharedMemo;
use crate::crypto::{Memo, PublicKey};
use crate::error::{ApiMisuse, Error};
use crate::evidence::{DocumentFacts, Evidence};
use crate::job::{self, Job, Progress, Request, RequestId, Response, Seed, Step};
use crate::limits::Budget;
use crate::pdf::Password;
use crate::report::Report;
use crate::source::{Input, Inputs};
use crate::validation::{Context, validate};
use std::sync::Arc;

/// Octets of one page of structure. A directory or signature file of everyday size is one page.
const PAGE_SIZE: u64 = 1 << 16;

/// What is to be validated.
#[derive(Debug)]
pub struct ValidationRequest {
    /// The document, then the detached documents that its signatures cover.
    pub inputs: Vec<Input>,
    /// Certificates and revocation data without trust.
    pub given: Vec<Given>,
    /// Public keys for signatures that carry none: they tell integrity and never give trust.
    pub keys: Vec<PublicKey>,
    /// Entropy for nonces.
    pub seed: Seed,
    /// Whether other hosts may be asked.
    pub network: Network,
}

/// What a validation gives.
#[derive(Clone, Debug)]
pub struct Verdict {
    /// The report.
    pub report: Report,
    /// Everything that it rests on.
    pub evidence: Evidence,
    /// What reading the document and asking for more was charged, whatever the pages were.
    pub budget: Budget,
}

/// The job: a document in, a [`Verdict`] out.
pub struct Validation {
    context: Context,
    network: Network,
    phase: Phase,
    next_id: u64,
    memo: Option<SharedMemo>,
}

enum Phase {
    Gathering(Box<Gathering>, Option<Seed>),
    Judging(Box<Judging>),
    Ended,
}

impl Validation {
    /// Begins a validation.
    ///
    /// # Errors
    /// [`ApiMisuse`] for no input or repeated names.
    pub fn begin(request: ValidationRequest, context: Context) -> Result<Self, Error> {
        Self::begin_with_pages(request, context, PAGE_SIZE)
    }

    /// The same with another size of pages, for hosts to which small requests are cheap or dear.
    ///
    /// # Errors
    /// As [`Validation::begin`].
    pub fn begin_with_pages(
        request: ValidationRequest,
        context: Context,
        page_size: u64,
    ) -> Result<Self, Error> {
        let ValidationRequest {
            inputs,
            given,
            keys,
            seed,
            network,
        } = request;
        if inputs.is_empty() {
            return Err(ApiMisuse::NoInput.into());
        }
        for (index, input) in inputs.iter().enumerate().skip(1) {
            let rest = inputs.get(index + 1..).unwrap_or_default();
            if rest.iter().any(|other| other.name == input.name) {
                return Err(ApiMisuse::DuplicateName.into());
            }
        }
        let inputs = Arc::new(Inputs::new(inputs));
        let budget = Budget::new(Arc::clone(&context.limits));
        let gathering = Gathering::begin(None, inputs, given, keys, page_size, budget)?;
        let phase = Phase::Gathering(Box::new(gathering), Some(seed));
        Ok(Self {
            context,
            network,
            phase,
            next_id: 0,
            memo: None,
        })
    }
}

impl Validation {
    /// What was verified for other documents, and is told to those that follow. To be said before
    /// the first step.
    #[must_use]
    pub fn with_memo(mut self, memo: SharedMemo) -> Self {
        self.memo = Some(memo);
        self
    }

    /// What opens an encrypted PDF, where the empty password does not. To be said before the first
    /// step.
    #[must_use]
    pub fn with_password(mut self, password: Option<Password>) -> Self {
        if let Phase::Gathering(gathering, seed) = self.phase {
            let gathering = Box::new(gathering.with_password(password));
            self.phase = Phase::Gathering(gathering, seed);
        }
        self
    }
}

impl Job for Validation {
    type Outcome = Verdict;

    fn step(&mut self) -> Result<Step<Verdict>, Error> {
        let outcome = self.go_on();
        if outcome.is_err() {
            self.phase = Phase::Ended;
        }
        outcome
    }

    fn supply(&mut self, id: RequestId, response: Response) -> Result<(), Error> {
        let outcome = match &mut self.phase {
            Phase::Gathering(gathering, _) => gathering.supply(id, response),
            Phase::Judging(judging) => judging.supply(id, response),
            Phase::Ended => Err(ApiMisuse::JobEnded.into()),
        };
        if job::is_fatal(&outcome) {
            self.phase = Phase::Ended;
        }
        outcome
    }

    fn feed(&mut self, id: RequestId, chunk: &[u8]) -> Result<(), Error> {
        let outcome = match &mut self.phase {
            Phase::Gathering(gathering, _) => gathering.feed(id, chunk),
            Phase::Judging(_) => Err(ApiMisuse::UnknownRequest.into()),
            Phase::Ended => Err(ApiMisuse::JobEnded.into()),
        };
        if job::is_fatal(&outcome) {
            self.phase = Phase::Ended;
        }
        outcome
    }

    fn progress(&self) -> Progress {
        match &self.phase {
            Phase::Gathering(gathering, _) => gathering.progress(),
            Phase::Judging(judging) => judging.progress(),
            Phase::Ended => Progress::default(),
        }
    }
}

impl Validation {
    fn go_on(&mut self) -> Result<Step<Verdict>, Error> {
        if let Phase::Gathering(gathering, _) = &mut self.phase {
            match gathering.step(&mut self.next_id)? {
                gathering::Step::Needs(requests) => return Ok(Step::Needs(requests)),
                gathering::Step::Done => {}
            }
        }
        self.phase = match std::mem::replace(&mut self.phase, Phase::Ended) {
            Phase::Gathering(gathering, Some(seed)) => {
                let Gathered {
                    evidence, budget, ..
                } = gathering.finish();
                let context = self.context.clone();
                let mut judging = Judging::new(evidence, context, self.network, seed, budget);
                if let Some(memo) = self.memo.take() {
                    judging.share(memo);
                }
                Phase::Judging(Box::new(judging))
            }
            other => other,
        };
        let Phase::Judging(judging) = &mut self.phase else {
            return Err(ApiMisuse::JobEnded.into());
        };
        let requests: Vec<Request> = match judging.step(&mut self.next_id) {
            Step::Needs(requests) => requests,
            Step::Done(judgement) => {
                let Phase::Judging(judging) = std::mem::replace(&mut self.phase, Phase::Ended)
                else {
                    return Err(ApiMisuse::JobEnded.into());
                };
                let (evidence, budget, _) = judging.into_parts();
                let mut report = judgement.report;
                report.evidence = Some(named(&evidence));
                return Ok(Step::Done(Verdict {
                    report,
                    evidence,
                    budget,
                }));
            }
        };
        Ok(Step::Needs(requests))
    }
}

/// A report that says nothing but what was to be judged, for a document that could not be
/// processed: its member `error` is for the host to fill in.
#[must_use]
pub fn empty_report(name: &str, size: u64, context: &Context) -> Report {
    let facts = DocumentFacts {
        name: name.to_owned(),
        size,
        ..DocumentFacts::default()
    };
    let evidence = Evidence::new(facts);
    validate(&evidence, context, &mut Memo::default()).report
}
