//! An update of a PDF: the document is opened, the update planned, and what is signed digested.

use crate::algorithm::DigestAlgorithm;
use crate::crypto::Digester;
use crate::error::{ApiMisuse, Error, InputError};
use crate::job::{InputId, Progress, Request, RequestId, Response};
use crate::limits::Budget;
use crate::pades::{self, Addition, SignedUpdate};
use crate::pdf::{Document, Opening, Password};
use crate::source::{Advance, CopyDigest, Source, Stop, Stream};
use std::ops::Range;

/// Octets of one page of structure.
pub(super) const PAGE_SIZE: u64 = 1 << 16;

/// What an update came to.
pub(super) struct Updated {
    pub(super) source: Source,
    pub(super) update: SignedUpdate,
    /// SHA-256 of what the document before the update is copied from; empty where nothing was to be
    /// digested.
    pub(super) copies: Vec<CopyDigest>,
    /// The digest over what the update signs; empty where nothing was to be digested.
    pub(super) digest: Vec<u8>,
}

/// The cursor over one document.
pub(super) struct Updating {
    source: Source,
    budget: Budget,
    addition: Addition,
    algorithm: DigestAlgorithm,
    phase: Phase,
    reads: Vec<(RequestId, InputId, Range<u64>)>,
}

enum Phase {
    Opening(Box<Opening>),
    Planning(Box<Document>),
    Streaming(Box<Streaming>),
    Done(Box<SignedUpdate>, Vec<CopyDigest>, Vec<u8>),
}

struct Streaming {
    update: SignedUpdate,
    stream: Stream,
    digester: Digester,
    open: Option<(RequestId, InputId, Range<u64>)>,
}

impl Streaming {
    fn pass(
        &mut self,
        act: impl FnOnce(
            &mut Stream,
            &mut dyn FnMut(&[u8]) -> Result<(), Error>,
        ) -> Result<Option<(InputId, Range<u64>)>, Error>,
    ) -> Result<Option<(InputId, Range<u64>)>, Error> {
        let digester = &mut self.digester;
        act(&mut self.stream, &mut |octets| {
            digester.update(octets);
            Ok(())
        })
    }
}

impl Updating {
    /// Begins with the document of a source; `algorithm` is that of what the update signs.
    pub(super) fn new(
        source: Source,
        addition: Addition,
        algorithm: DigestAlgorithm,
        password: Option<Password>,
        budget: Budget,
    ) -> Self {
        let opening = Opening::new(&source).with_password(password);
        Self {
            phase: Phase::Opening(Box::new(opening)),
            source,
            budget,
            addition,
            algorithm,
            reads: Vec::new(),
        }
    }

    /// The requests that are open; none when the update is there.
    pub(super) fn step(&mut self, next_id: &mut u64) -> Result<Vec<Request>, Error> {
        loop {
            if !self.reads.is_empty() {
                let read = |(id, input, range): &(RequestId, InputId, Range<u64>)| Request::Read {
                    id: *id,
                    input: *input,
                    range: range.clone(),
                };
                return Ok(self.reads.iter().map(read).collect());
            }
            match self.advance() {
                Ok(()) => {}
                Err(Stop::NotHere) => {
                    for (input, range) in self.source.wanted() {
                        self.reads.push((RequestId(*next_id), input, range));
                        *next_id += 1;
                    }
                    if self.reads.is_empty() {
                        return Err(InputError::Unreadable.into());
                    }
                }
                Err(Stop::Error(error)) => return Err(error),
            }
            match &mut self.phase {
                Phase::Streaming(streaming) => {
                    if streaming.open.is_none() {
                        let wanted = streaming.pass(|stream, sink| stream.next_request(sink))?;
                        streaming.open = wanted.map(|(input, range)| {
                            let id = RequestId(*next_id);
                            *next_id += 1;
                            (id, input, range)
                        });
                    }
                    if let Some((id, input, range)) = streaming.open.clone() {
                        return Ok(vec![Request::Stream { id, input, range }]);
                    }
                    self.end_stream()?;
                }
                Phase::Done(..) => return Ok(Vec::new()),
                Phase::Opening(_) | Phase::Planning(_) => {}
            }
        }
    }

    fn advance(&mut self) -> Result<(), Stop> {
        match &mut self.phase {
            Phase::Opening(opening) => {
                if let Advance::Done(document) =
                    opening.advance(&mut self.source, &mut self.budget)?
                {
                    self.phase = Phase::Planning(Box::new(document));
                }
            }
            Phase::Planning(document) => {
                let (source, budget) = (&mut self.source, &mut self.budget);
                let update = pades::plan(document, &self.addition, source, budget)?;
                source.commit();
                self.phase = if matches!(self.addition, Addition::Store(_)) {
                    Phase::Done(Box::new(update), Vec::new(), Vec::new())
                } else {
                    Phase::Streaming(Box::new(Streaming {
                        update,
                        stream: self.source.stream(0..self.source.length())?.with_digests(),
                        digester: Digester::new(self.algorithm)?,
                        open: None,
                    }))
                };
            }
            Phase::Streaming(_) | Phase::Done(..) => {}
        }
        Ok(())
    }

    fn end_stream(&mut self) -> Result<(), Error> {
        if let Phase::Streaming(streaming) = &self.phase {
            let mut digester = streaming.digester.clone();
            for octets in streaming.update.signed()? {
                digester.update(octets);
            }
            let copies = streaming.stream.digests().to_vec();
            let update = Box::new(streaming.update.clone());
            self.phase = Phase::Done(update, copies, digester.finish());
        }
        Ok(())
    }

    /// What it came to, when [`Updating::step`] needs nothing more.
    pub(super) fn finish(self) -> Result<(Updated, Budget), Error> {
        let Phase::Done(update, copies, digest) = self.phase else {
            return Err(ApiMisuse::JobEnded.into());
        };
        let updated = Updated {
            source: self.source,
            update: *update,
            copies,
            digest,
        };
        Ok((updated, self.budget))
    }

    pub(super) fn supply(&mut self, id: RequestId, response: Response) -> Result<(), Error> {
        if let Some(index) = self.reads.iter().position(|(open, ..)| *open == id) {
            let (_, input, range) = self.reads.swap_remove(index);
            return match response {
                Response::Bytes(octets) => self.source.supply(input, range, &octets),
                Response::Unreadable => Err(InputError::Unreadable.into()),
                _ => Err(ApiMisuse::WrongResponse.into()),
            };
        }
        let Phase::Streaming(streaming) = &mut self.phase else {
            return Err(ApiMisuse::UnknownRequest.into());
        };
        streaming
            .open
            .take_if(|(open, ..)| *open == id)
            .ok_or(ApiMisuse::UnknownRequest)?;
        match response {
            Response::End => {
                streaming.pass(|stream, sink| stream.end(sink).map(|()| None))?;
                Ok(())
            }
            Response::Unreadable => Err(InputError::Unreadable.into()),
            _ => Err(ApiMisuse::WrongResponse.into()),
        }
    }

    pub(super) fn feed(&mut self, id: RequestId, chunk: &[u8]) -> Result<(), Error> {
        match &mut self.phase {
            Phase::Streaming(streaming)
                if streaming
                    .open
                    .as_ref()
                    .is_some_and(|(open, ..)| *open == id) =>
            {
                streaming.pass(|stream, sink| stream.feed(chunk, sink).map(|()| None))?;
                Ok(())
            }
            _ => Err(ApiMisuse::UnknownRequest.into()),
        }
    }

    pub(super) fn progress(&self) -> Progress {
        let to_stream = self.source.length();
        let streamed = match &self.phase {
            Phase::Opening(_) | Phase::Planning(_) => 0,
            Phase::Streaming(streaming) => streaming.stream.position(),
            Phase::Done(..) => to_stream,
        };
        Progress {
            streamed,
            to_stream,
            ..Progress::default()
        }
    }
}
