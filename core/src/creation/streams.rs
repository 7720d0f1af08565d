//! Documents that pass by, each once: digests, checksum, and the octets where they are needed.

use super::parameters::DocumentToSign;
use crate::algorithm::DigestAlgorithm;
use crate::asic::NewFile;
use crate::crypto::Digester;
use crate::error::{ApiMisuse, Error, InputError};
use crate::job::{InputId, Progress, Request, RequestId, Response};

/// One document that passes by.
struct State {
    length: u64,
    seen: u64,
    digest: Digester,
    sha256: Option<Digester>,
    crc: crc32fast::Hasher,
    kept: Option<Vec<u8>>,
    done: bool,
}

impl State {
    fn update(&mut self, chunk: &[u8]) -> Result<(), Error> {
        self.seen = self
            .seen
            .saturating_add(u64::try_from(chunk.len()).unwrap_or(u64::MAX));
        if self.seen > self.length {
            return Err(InputError::Changed.into());
        }
        self.digest.update(chunk);
        if let Some(digester) = &mut self.sha256 {
            digester.update(chunk);
        }
        self.crc.update(chunk);
        if let Some(kept) = &mut self.kept {
            kept.extend_from_slice(chunk);
        }
        Ok(())
    }
}

/// The documents of a request.
pub(super) struct Streams {
    states: Vec<State>,
    /// The input of the first document.
    first_input: u32,
    /// The request for the first document.
    first_id: u64,
}

/// What passed by.
pub(super) struct Streamed {
    pub(super) file: NewFile,
    pub(super) digest: Vec<u8>,
    pub(super) kept: Vec<u8>,
}

impl Streams {
    /// Begins with documents of which the first is the input `first_input`; the octets of
    /// the first `held` are kept.
    pub(super) fn begin(
        documents: &[DocumentToSign],
        algorithm: DigestAlgorithm,
        held: usize,
        (first_input, first_id): (u32, u64),
    ) -> Result<Self, Error> {
        let mut states = Vec::with_capacity(documents.len());
        for (index, document) in documents.iter().enumerate() {
            let is_other = algorithm != DigestAlgorithm::Sha256;
            let mut state = State {
                length: document.input.length,
                seen: 0,
                digest: Digester::new(algorithm)?,
                sha256: match is_other {
                    true => Some(Digester::new(DigestAlgorithm::Sha256)?),
                    false => None,
                },
                crc: crc32fast::Hasher::new(),
                kept: (index < held).then(Vec::new),
                done: false,
            };
            if let Some(bytes) = &document.input.bytes {
                state.update(bytes)?;
                state.done = true;
            }
            states.push(state);
        }
        Ok(Self {
            states,
            first_input,
            first_id,
        })
    }

    /// The streams that are still open.
    pub(super) fn requests(&self) -> Vec<Request> {
        let numbers = (self.first_id..).zip(self.first_input..);
        let states = numbers.zip(&self.states).filter(|(_, state)| !state.done);
        let request = |((id, input), state): ((u64, u32), &State)| Request::Stream {
            id: RequestId(id),
            input: InputId(input),
            range: 0..state.length,
        };
        states.map(request).collect()
    }

    /// A document that is streamed and not ended.
    fn state(&mut self, id: RequestId) -> Result<&mut State, Error> {
        let index = id.0.checked_sub(self.first_id);
        let index = index.and_then(|index| usize::try_from(index).ok());
        let state = index.and_then(|index| self.states.get_mut(index));
        Ok(state
            .filter(|state| !state.done)
            .ok_or(ApiMisuse::UnknownRequest)?)
    }

    pub(super) fn supply(&mut self, id: RequestId, response: Response) -> Result<(), Error> {
        let state = self.state(id)?;
        match response {
            Response::End => {
                state.done = true;
                Ok(())
            }
            Response::Unreadable => Err(InputError::Unreadable.into()),
            _ => Err(ApiMisuse::WrongResponse.into()),
        }
    }

    pub(super) fn feed(&mut self, id: RequestId, chunk: &[u8]) -> Result<(), Error> {
        self.state(id)?.update(chunk)
    }

    pub(super) fn progress(&self) -> Progress {
        let sum = |of: fn(&State) -> u64| self.states.iter().map(of).fold(0, u64::saturating_add);
        Progress {
            streamed: sum(|state| state.seen),
            to_stream: sum(|state| state.length),
            ..Progress::default()
        }
    }

    /// What passed by, a document each.
    ///
    /// # Errors
    /// [`InputError::Short`] for a document that ended early.
    pub(super) fn finish(self, documents: &[DocumentToSign]) -> Result<Vec<Streamed>, Error> {
        let numbers = self.first_input..;
        let mut all = Vec::with_capacity(documents.len());
        for ((state, document), input) in self.states.into_iter().zip(documents).zip(numbers) {
            if state.seen != state.length {
                let (expected, found) = (state.length, state.seen);
                return Err(InputError::Short { expected, found }.into());
            }
            let digest = state.digest.finish();
            let sha256 = state.sha256.map(Digester::finish);
            all.push(Streamed {
                file: NewFile {
                    name: document.input.name.clone(),
                    input: InputId(input),
                    length: state.length,
                    crc32: state.crc.finalize(),
                    sha256: sha256.unwrap_or_else(|| digest.clone()),
                    media_type: document.media_type.clone(),
                },
                digest,
                kept: state.kept.unwrap_or_default(),
            });
        }
        Ok(all)
    }
}
