//! Streaming payload: [`Stream`].

use super::encoding::{CopyEncoding, Encoder, Sink};
use super::{View, length_of};
use crate::algorithm::DigestAlgorithm;
use crate::crypto::Digester;
use crate::error::{ApiMisuse, Error, InputError};
use crate::job::InputId;
use crate::vocabulary::ObjectId;
use std::collections::VecDeque;
use std::ops::Range;

/// The SHA-256 of a range of an input that a stream passed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CopyDigest {
    /// Which input.
    pub input: InputId,
    /// Which octets.
    pub range: Range<u64>,
    /// Their digest.
    pub digest: [u8; 32],
}

/// The octets of a range of a [`super::Source`], in order.
///
/// The job asks the host for what [`Stream::next_request`] answers, passes every chunk through
/// [`Stream::feed`] and calls [`Stream::end`]; the octets of the document come out at the sink,
/// those at hand or inserted among them, without being copied. A page that was read before is
/// compared as it passes.
#[derive(Debug)]
pub struct Stream {
    parts: VecDeque<Part>,
    current: Option<Running>,
    digesting: bool,
    digests: Vec<CopyDigest>,
    position: u64,
    length: u64,
}

impl Stream {
    pub(super) fn new(parts: Vec<Part>) -> Self {
        Self {
            length: parts.iter().map(|part| part.take).sum(),
            parts: parts.into(),
            current: None,
            digesting: false,
            digests: Vec::new(),
            position: 0,
        }
    }

    /// Also computes the SHA-256 of every range of an input that passes; see
    /// [`super::Edits::record_digest`].
    #[must_use]
    pub fn with_digests(mut self) -> Self {
        self.digesting = true;
        self
    }

    /// The range of an input to ask for, `None` at the end. Octets at hand go to the sink first.
    /// Answers the same again until [`Stream::end`].
    ///
    /// # Errors
    /// Those of the sink.
    pub fn next_request(&mut self, sink: Sink<'_>) -> Result<Option<(InputId, Range<u64>)>, Error> {
        loop {
            if let Some(running) = &self.current {
                return Ok(running
                    .part
                    .input
                    .map(|input| (input, running.part.request.clone())));
            }
            let Some(mut part) = self.parts.pop_front() else {
                return Ok(None);
            };
            let octets = part.octets.take();
            self.current = Some(Running::new(part, self.digesting)?);
            if let Some(octets) = octets {
                self.feed(&octets, sink)?;
                self.end(sink)?;
            }
        }
    }

    /// Takes the next chunk of the open request.
    ///
    /// # Errors
    /// [`InputError::Changed`] when a page was read before with other octets,
    /// [`ApiMisuse::WrongResponse`] when there are more octets than were asked for,
    /// [`ApiMisuse::UnknownRequest`] when none is open; those of the sink.
    pub fn feed(&mut self, chunk: &[u8], sink: Sink<'_>) -> Result<(), Error> {
        let Some(running) = &mut self.current else {
            return Err(ApiMisuse::UnknownRequest.into());
        };
        let position = &mut self.position;
        running.feed(chunk, &mut |octets| {
            *position = position.saturating_add(length_of(octets));
            sink(octets)
        })
    }

    /// Ends the open request; the last octets of an encoding go to the sink.
    ///
    /// # Errors
    /// [`InputError::Short`] when octets are missing; those of the sink.
    pub fn end(&mut self, sink: Sink<'_>) -> Result<(), Error> {
        let Some(running) = self.current.take() else {
            return Err(ApiMisuse::UnknownRequest.into());
        };
        let position = &mut self.position;
        let digest = running.end(&mut |octets| {
            *position = position.saturating_add(length_of(octets));
            sink(octets)
        })?;
        self.digests.extend(digest);
        Ok(())
    }

    /// How many octets have gone to the sink.
    #[must_use]
    pub fn position(&self) -> u64 {
        self.position
    }

    /// How many octets go to the sink in all.
    #[must_use]
    pub fn length(&self) -> u64 {
        self.length
    }

    /// The digests of the ranges that have passed, if asked for.
    #[must_use]
    pub fn digests(&self) -> &[CopyDigest] {
        &self.digests
    }
}

/// What to ask for, and what of it is used.
#[derive(Debug)]
pub(super) struct Part {
    input: Option<InputId>,
    request: Range<u64>,
    used: Range<u64>,
    encoding: CopyEncoding,
    skip: u64,
    take: u64,
    pages: VecDeque<(Range<u64>, ObjectId)>,
    octets: Option<View>,
}

impl Part {
    pub(super) fn inserted(octets: View) -> Self {
        let length = length_of(&octets);
        Self {
            input: None,
            request: 0..length,
            used: 0..length,
            encoding: CopyEncoding::None,
            skip: 0,
            take: length,
            pages: VecDeque::new(),
            octets: Some(octets),
        }
    }

    pub(super) fn at_hand(
        input: InputId,
        used: Range<u64>,
        encoding: CopyEncoding,
        encoded: (u64, u64),
        octets: View,
    ) -> Self {
        Self {
            octets: Some(octets),
            ..Self::requested(input, used.clone(), encoding, encoded, used, Vec::new())
        }
    }

    /// `encoded` holds how many encoded octets to pass over and how many to give.
    pub(super) fn requested(
        input: InputId,
        used: Range<u64>,
        encoding: CopyEncoding,
        encoded: (u64, u64),
        request: Range<u64>,
        pages: Vec<(Range<u64>, ObjectId)>,
    ) -> Self {
        Self {
            input: Some(input),
            request,
            used,
            encoding,
            skip: encoded.0,
            take: encoded.1,
            pages: pages.into(),
            octets: None,
        }
    }
}

/// A part whose octets are coming.
#[derive(Debug)]
struct Running {
    encoder: Encoder,
    /// Where in the input the next octet stands.
    at: u64,
    page: Option<Digester>,
    digester: Option<Digester>,
    part: Part,
}

impl Running {
    fn new(part: Part, digesting: bool) -> Result<Self, Error> {
        let digesting = digesting && part.input.is_some();
        Ok(Self {
            encoder: Encoder::new(part.encoding, part.skip, part.take),
            at: part.request.start,
            page: None,
            digester: digesting
                .then(|| Digester::new(DigestAlgorithm::Sha256))
                .transpose()?,
            part,
        })
    }

    fn feed(&mut self, chunk: &[u8], sink: Sink<'_>) -> Result<(), Error> {
        let start = self.at;
        let end = start.saturating_add(length_of(chunk));
        if end > self.part.request.end {
            return Err(ApiMisuse::WrongResponse.into());
        }
        self.at = end;
        self.compare_pages(start, chunk)?;
        let used = within(chunk, start, &self.part.used);
        if let Some(digester) = &mut self.digester {
            digester.update(used);
        }
        self.encoder.update(used, sink)
    }

    fn compare_pages(&mut self, start: u64, chunk: &[u8]) -> Result<(), Error> {
        while let Some((range, expected)) = self.part.pages.front() {
            let octets = within(chunk, start, range);
            if octets.is_empty() {
                break;
            }
            let mut digester = match self.page.take() {
                Some(digester) => digester,
                None => Digester::new(DigestAlgorithm::Sha256)?,
            };
            digester.update(octets);
            if self.at < range.end {
                self.page = Some(digester);
                break;
            }
            if digester.finish() != expected.0 {
                return Err(InputError::Changed.into());
            }
            self.part.pages.pop_front();
        }
        Ok(())
    }

    fn end(mut self, sink: Sink<'_>) -> Result<Option<CopyDigest>, Error> {
        if self.at < self.part.request.end {
            return Err(InputError::Short {
                expected: self.part.request.end,
                found: self.at,
            }
            .into());
        }
        self.encoder.finish(sink)?;
        let digest = self
            .digester
            .and_then(|digester| <[u8; 32]>::try_from(digester.finish()).ok());
        Ok(self
            .part
            .input
            .zip(digest)
            .map(|(input, digest)| CopyDigest {
                input,
                range: self.part.used,
                digest,
            }))
    }
}

/// The octets of a chunk that begins at `start` which lie in `range`.
fn within<'a>(chunk: &'a [u8], start: u64, range: &Range<u64>) -> &'a [u8] {
    let clamp = |at: u64| {
        usize::try_from(at.saturating_sub(start))
            .unwrap_or(usize::MAX)
            .min(chunk.len())
    };
    chunk
        .get(clamp(range.start)..clamp(range.end))
        .unwrap_or_default()
}
