//! The structure of a PDF by itself: revisions, form fields, what each update changed.

use crate::error::{ApiMisuse, Error, InputError};
use crate::job::{self, InputId, Job, Progress, Request, RequestId, Response, Step};
use crate::limits::Budget;
use crate::pades::Comparison;
use crate::pdf::{Document, Opening, Password};
use crate::signature::Update;
use crate::source::{Advance, Input, Inputs, Source, Stop};
use std::ops::Range;
use std::sync::Arc;

/// Octets of one page of structure.
const PAGE_SIZE: u64 = 1 << 16;

/// What a PDF is made of; nothing of it is judged.
#[derive(Debug)]
pub struct PdfStructure {
    /// The document.
    pub document: Document,
    /// What each update changed, from the second revision on.
    pub updates: Vec<Update>,
}

/// The job: a PDF in, a [`PdfStructure`] out.
#[derive(Debug)]
pub struct PdfReading {
    source: Source,
    budget: Budget,
    phase: Phase,
    open: Vec<(RequestId, InputId, Range<u64>)>,
    next_id: u64,
}

#[derive(Debug)]
enum Phase {
    Opening(Box<Opening>),
    Comparing(Box<Comparison>),
    Ended,
}

impl PdfReading {
    /// Begins with a document, and what opens it where the empty password does not.
    ///
    /// # Errors
    /// [`ApiMisuse`] for a source that is none.
    pub fn begin(
        document: Input,
        password: Option<Password>,
        budget: Budget,
    ) -> Result<Self, Error> {
        let inputs = Arc::new(Inputs::new(vec![document]));
        let source = Source::file(inputs, InputId(0), PAGE_SIZE)?;
        let opening = Opening::new(&source).with_password(password);
        Ok(Self {
            source,
            budget,
            phase: Phase::Opening(Box::new(opening)),
            open: Vec::new(),
            next_id: 0,
        })
    }

    fn advance(&mut self) -> Result<Option<PdfStructure>, Stop> {
        match &mut self.phase {
            Phase::Opening(opening) => {
                if let Advance::Done(document) =
                    opening.advance(&mut self.source, &mut self.budget)?
                {
                    let comparison = Comparison::of_all(document);
                    self.phase = Phase::Comparing(Box::new(comparison));
                }
                Ok(None)
            }
            Phase::Comparing(comparison) => {
                let done = comparison.advance(&mut self.source, &mut self.budget)?;
                Ok(match done {
                    Advance::Done((document, updates)) => {
                        self.phase = Phase::Ended;
                        Some(PdfStructure { document, updates })
                    }
                    Advance::More => None,
                })
            }
            Phase::Ended => Err(Error::from(ApiMisuse::JobEnded).into()),
        }
    }

    fn go_on(&mut self) -> Result<Step<PdfStructure>, Error> {
        loop {
            if !self.open.is_empty() {
                let read = |(id, input, range): &(RequestId, InputId, Range<u64>)| Request::Read {
                    id: *id,
                    input: *input,
                    range: range.clone(),
                };
                return Ok(Step::Needs(self.open.iter().map(read).collect()));
            }
            match self.advance() {
                Ok(None) => {}
                Ok(Some(structure)) => return Ok(Step::Done(structure)),
                Err(Stop::NotHere) => {
                    for (input, range) in self.source.wanted() {
                        self.open.push((RequestId(self.next_id), input, range));
                        self.next_id += 1;
                    }
                    if self.open.is_empty() {
                        return Err(InputError::Unreadable.into());
                    }
                }
                Err(Stop::Error(error)) => return Err(error),
            }
        }
    }
}

impl Job for PdfReading {
    type Outcome = PdfStructure;

    fn step(&mut self) -> Result<Step<PdfStructure>, Error> {
        let outcome = self.go_on();
        if outcome.is_err() {
            self.phase = Phase::Ended;
        }
        outcome
    }

    fn supply(&mut self, id: RequestId, response: Response) -> Result<(), Error> {
        let index = self.open.iter().position(|(open, ..)| *open == id);
        let (_, input, range) = self
            .open
            .swap_remove(index.ok_or(ApiMisuse::UnknownRequest)?);
        let outcome = match response {
            Response::Bytes(octets) => self.source.supply(input, range, &octets),
            Response::Unreadable => Err(InputError::Unreadable.into()),
            _ => Err(ApiMisuse::WrongResponse.into()),
        };
        if job::is_fatal(&outcome) {
            self.phase = Phase::Ended;
        }
        outcome
    }

    fn feed(&mut self, _: RequestId, _: &[u8]) -> Result<(), Error> {
        Err(ApiMisuse::UnknownRequest.into())
    }

    fn progress(&self) -> Progress {
        Progress::default()
    }
}
