//! Documents that pass by once more, one behind the other: their digest as one.

use super::parameters::DocumentToSign;
use crate::algorithm::DigestAlgorithm;
use crate::crypto::Digester;
use crate::error::{ApiMisuse, Error, InputError};
use crate::job::{InputId, Progress, Request, RequestId, Response};

/// The first id of a request; the documents were asked for by lower ones.
const FIRST_ID: u64 = 1 << 31;

/// The documents in their order, each with the digest that it had when it passed by first.
pub(super) struct Joining {
    documents: Vec<(DocumentToSign, Vec<u8>)>,
    algorithm: DigestAlgorithm,
    all: Digester,
    /// Of the document that passes by.
    own: Digester,
    seen: u64,
    /// How many passed by.
    done: usize,
}

impl Joining {
    pub(super) fn begin(
        documents: Vec<(DocumentToSign, Vec<u8>)>,
        algorithm: DigestAlgorithm,
    ) -> Result<Self, Error> {
        let mut joining = Self {
            documents,
            algorithm,
            all: Digester::new(algorithm)?,
            own: Digester::new(algorithm)?,
            seen: 0,
            done: 0,
        };
        joining.pass_at_hand()?;
        Ok(joining)
    }

    fn current(&self) -> Option<&DocumentToSign> {
        self.documents.get(self.done).map(|(document, _)| document)
    }

    fn id(&self) -> RequestId {
        let number = u64::try_from(self.done).unwrap_or(u64::MAX);
        RequestId(FIRST_ID.saturating_add(number))
    }

    /// What is at hand needs no request.
    fn pass_at_hand(&mut self) -> Result<(), Error> {
        while let Some(bytes) = self.current().and_then(|one| one.input.bytes.clone()) {
            self.update(&bytes)?;
            self.end()?;
        }
        Ok(())
    }

    fn update(&mut self, chunk: &[u8]) -> Result<(), Error> {
        let length = self.current().map_or(0, |one| one.input.length);
        let more = u64::try_from(chunk.len()).unwrap_or(u64::MAX);
        self.seen = self.seen.saturating_add(more);
        if self.seen > length {
            return Err(InputError::Changed.into());
        }
        self.all.update(chunk);
        self.own.update(chunk);
        Ok(())
    }

    /// A document that is another one by now would be time-stamped and not signed.
    fn end(&mut self) -> Result<(), Error> {
        let own = std::mem::replace(&mut self.own, Digester::new(self.algorithm)?);
        let before = self.documents.get(self.done);
        if before.is_none_or(|(_, digest)| *digest != own.finish()) {
            return Err(InputError::Changed.into());
        }
        self.seen = 0;
        self.done = self.done.saturating_add(1);
        Ok(())
    }

    /// The request for the document that is next; none when all passed by.
    pub(super) fn requests(&self) -> Vec<Request> {
        let input = u32::try_from(self.done).unwrap_or(u32::MAX);
        let request = |document: &DocumentToSign| Request::Stream {
            id: self.id(),
            input: InputId(input),
            range: 0..document.input.length,
        };
        self.current().map(request).into_iter().collect()
    }

    fn check_open(&self, id: RequestId) -> Result<(), Error> {
        match self.current().is_some() && id == self.id() {
            true => Ok(()),
            false => Err(ApiMisuse::UnknownRequest.into()),
        }
    }

    pub(super) fn supply(&mut self, id: RequestId, response: Response) -> Result<(), Error> {
        self.check_open(id)?;
        match response {
            Response::End => {
                self.end()?;
                self.pass_at_hand()
            }
            Response::Unreadable => Err(InputError::Unreadable.into()),
            _ => Err(ApiMisuse::WrongResponse.into()),
        }
    }

    pub(super) fn feed(&mut self, id: RequestId, chunk: &[u8]) -> Result<(), Error> {
        self.check_open(id)?;
        self.update(chunk)
    }

    pub(super) fn progress(&self) -> Progress {
        let lengths = self.documents.iter().map(|(one, _)| one.input.length);
        let before = lengths.clone().take(self.done);
        Progress {
            streamed: before.fold(self.seen, u64::saturating_add),
            to_stream: lengths.fold(0, u64::saturating_add),
            ..Progress::default()
        }
    }

    /// The digest over all of them.
    pub(super) fn finish(self) -> Vec<u8> {
        self.all.finish()
    }
}
