//! Documents and answers at hand.

use super::{Fetched, Streamed, Transport};
use crate::error::Error;
use crate::job::{Fetch, FetchFailure, InputId};
use std::ops::Range;
use std::sync::Arc;
use std::time::Duration;

/// Serves documents from memory and answers that were prepared; asks nobody.
///
/// An address without a prepared answer is [`FetchFailure::Offline`].
#[derive(Clone, Debug)]
pub struct Memory {
    inputs: Vec<Arc<[u8]>>,
    chunk_size: usize,
    answers: Vec<(String, Result<Fetched, FetchFailure>)>,
    asked: Vec<Fetch>,
    shown: Vec<String>,
    served: u64,
}

impl Memory {
    /// Serves these documents, in the order in which the job was given them.
    #[must_use]
    pub fn new<B: Into<Arc<[u8]>>>(inputs: impl IntoIterator<Item = B>) -> Self {
        Self {
            inputs: inputs.into_iter().map(Into::into).collect(),
            chunk_size: 64 << 10,
            answers: Vec::new(),
            asked: Vec::new(),
            shown: Vec::new(),
            served: 0,
        }
    }

    /// Streams in chunks of this size; at least one octet.
    #[must_use]
    pub fn with_chunk_size(mut self, size: usize) -> Self {
        self.chunk_size = size.max(1);
        self
    }

    /// Prepares the answer to an address.
    #[must_use]
    pub fn with_answer(
        mut self,
        url: impl Into<String>,
        answer: Result<Fetched, FetchFailure>,
    ) -> Self {
        self.answers.push((url.into(), answer));
        self
    }

    /// What was asked of other hosts, in order.
    #[must_use]
    pub fn asked(&self) -> &[Fetch] {
        &self.asked
    }

    /// The codes that were shown, in order.
    #[must_use]
    pub fn shown(&self) -> &[String] {
        &self.shown
    }

    /// Octets of documents that were served, repeated ones counted again.
    #[must_use]
    pub fn served(&self) -> u64 {
        self.served
    }

    fn slice(&self, input: InputId, range: &Range<u64>) -> Option<&[u8]> {
        let bytes = self.inputs.get(usize::try_from(input.0).ok()?)?;
        let start = usize::try_from(range.start).ok()?;
        let end = usize::try_from(range.end)
            .unwrap_or(usize::MAX)
            .min(bytes.len());
        bytes.get(start..end)
    }
}

impl Transport for Memory {
    fn read(&mut self, input: InputId, range: Range<u64>) -> Option<Vec<u8>> {
        let bytes = self.slice(input, &range)?.to_vec();
        self.served = self.served.saturating_add(length(&bytes));
        Some(bytes)
    }

    fn stream(
        &mut self,
        input: InputId,
        range: Range<u64>,
        sink: &mut dyn FnMut(&[u8]) -> Result<(), Error>,
    ) -> Result<Streamed, Error> {
        let Some(bytes) = self.slice(input, &range) else {
            return Ok(Streamed::Unreadable);
        };
        for chunk in bytes.chunks(self.chunk_size) {
            sink(chunk)?;
        }
        let served = length(bytes);
        self.served = self.served.saturating_add(served);
        Ok(if served == range.end.saturating_sub(range.start) {
            Streamed::Whole
        } else {
            Streamed::Unreadable
        })
    }

    fn fetch(&mut self, fetch: &Fetch) -> Result<Fetched, FetchFailure> {
        self.asked.push(fetch.clone());
        let (_, answer) = self
            .answers
            .iter()
            .find(|(url, _)| *url == fetch.url)
            .ok_or(FetchFailure::Offline)?;
        let fetched = answer.clone()?;
        if length(&fetched.body) > fetch.max_bytes {
            return Err(FetchFailure::TooLarge);
        }
        Ok(fetched)
    }

    fn show(&mut self, code: &str) {
        self.shown.push(code.to_owned());
    }

    fn wait(&mut self, _duration: Duration) -> Duration {
        Duration::ZERO
    }
}

fn length(bytes: &[u8]) -> u64 {
    u64::try_from(bytes.len()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::job::{FetchKind, UrlOrigin};

    fn ask(memory: &mut Memory, max_bytes: u64) -> Result<Fetched, FetchFailure> {
        memory.fetch(&Fetch {
            url: "http://crl.example/".to_owned(),
            origin: UrlOrigin::Document,
            kind: FetchKind::Crl,
            body: None,
            max_bytes,
            timeout: Duration::from_secs(1),
        })
    }

    #[test]
    fn a_range_beyond_the_end_is_cut_and_one_after_the_end_is_unreadable() {
        let mut memory = Memory::new([b"abc".as_slice()]);
        assert_eq!(memory.read(InputId(0), 1..9), Some(b"bc".to_vec()));
        assert_eq!(memory.read(InputId(0), 3..9), Some(Vec::new()));
        assert_eq!(memory.read(InputId(0), 4..9), None);
        assert_eq!(memory.read(InputId(1), 0..1), None);
        assert_eq!(memory.read(InputId(0), 1..u64::MAX), Some(b"bc".to_vec()));
    }

    #[test]
    fn a_prepared_answer_keeps_the_cap() {
        let body = Fetched { body: vec![0; 11] };
        let mut memory =
            Memory::new([b"".as_slice()]).with_answer("http://crl.example/", Ok(body.clone()));
        assert_eq!(ask(&mut memory, 10), Err(FetchFailure::TooLarge));
        assert_eq!(ask(&mut memory, 11), Ok(body));
        assert_eq!(memory.asked().len(), 2);
    }
}
