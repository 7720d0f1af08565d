//! Documents as octets: read by pages, streamed in order, edited without being copied.
//!
//! A [`Source`] is what a reader of a format sees: octets with a length. Behind it stand one or
//! several inputs of the job, at hand or on the host's side, joined by [`Edits`]. Structure (a
//! directory, a cross-reference table, a signature file) is read with [`Source::read`]; when its
//! pages have not come yet the answer is [`Stop::NotHere`], the job asks the host for
//! [`Source::wanted`], and the small operation is tried again. Payload is not read but streamed:
//! a [`Stream`] says which ranges of which inputs to ask for and passes their octets on.
//!
//! What was judged is what was read: the digest of every page is remembered, also after its octets
//! were dropped, and a second reading or a stream that brings other octets ends the job.
//! `Edits` are the result of signing: ranges to copy and octets to insert. They can be read like a
//! document and edited again, so that no file is needed between signing and augmenting.

mod edits;
mod encoding;
mod pages;
mod reader;
mod stream;
#[cfg(test)]
#[expect(clippy::as_conversions, reason = "sizes in tests are small")]
pub(crate) mod testing;
#[cfg(test)]
#[expect(clippy::as_conversions, reason = "sizes in tests are small")]
mod tests;
mod view;
mod write;

pub use edits::{Edits, Piece};
pub use encoding::CopyEncoding;
pub use reader::Source;
pub use stream::{CopyDigest, Stream};
pub use view::View;
pub use write::write_all;

use crate::error::{ApiMisuse, Error, InputError, Malformed, Unsupported};
use crate::job::InputId;
use crate::limits::{Limit, Resource};
use std::sync::Arc;

/// Why a small operation on a [`Source`] ended without a result.
#[derive(Clone, Debug, PartialEq)]
pub enum Stop {
    /// A page has not come yet: answer [`Source::wanted`] and try again. Never becomes an `Error`.
    NotHere,
    /// The work cannot be done.
    Error(Error),
}

macro_rules! stop_from {
    ($($source:ty),+) => {
        $(impl From<$source> for Stop {
            fn from(source: $source) -> Self { Self::Error(source.into()) }
        })+
    };
}
stop_from!(ApiMisuse, InputError, Limit, Malformed, Unsupported);

impl From<Error> for Stop {
    fn from(error: Error) -> Self {
        Self::Error(error)
    }
}

/// What one `advance` of a cursor gave.
///
/// A cursor handles one entry, section or field at a time: it reads all that it needs, then
/// charges, parses and commits. So an operation that is tried again costs only itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Advance<T = ()> {
    /// One step done; there is more.
    More,
    /// The last step done.
    Done(T),
}

/// A document or file that a job was begun with.
#[derive(Clone, Debug)]
pub struct Input {
    /// The name, as references use it.
    pub name: String,
    /// The length in octets.
    pub length: u64,
    /// The octets, if they are at hand; otherwise they are read by pages and streamed.
    pub bytes: Option<Arc<[u8]>>,
}

impl Input {
    /// An input whose octets are at hand.
    #[must_use]
    pub fn at_hand(name: impl Into<String>, bytes: impl Into<Arc<[u8]>>) -> Self {
        let bytes = bytes.into();
        Self {
            name: name.into(),
            length: length_of(&bytes),
            bytes: Some(bytes),
        }
    }

    /// An input that the host reads when asked.
    #[must_use]
    pub fn on_request(name: impl Into<String>, length: u64) -> Self {
        Self {
            name: name.into(),
            length,
            bytes: None,
        }
    }
}

/// The inputs of a job, named by their place.
#[derive(Clone, Debug, Default)]
pub struct Inputs(Vec<Input>);

impl Inputs {
    /// Takes the inputs in the order of their ids.
    #[must_use]
    pub fn new(inputs: Vec<Input>) -> Self {
        Self(inputs)
    }

    /// One input.
    ///
    /// # Errors
    /// [`ApiMisuse::NoInput`] when there is none with this id.
    pub fn get(&self, id: InputId) -> Result<&Input, ApiMisuse> {
        usize::try_from(id.0)
            .ok()
            .and_then(|index| self.0.get(index))
            .ok_or(ApiMisuse::NoInput)
    }

    /// Every input with its id.
    pub fn iter(&self) -> impl Iterator<Item = (InputId, &Input)> {
        (0u32..).map(InputId).zip(&self.0)
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// The length of octets in memory. A `usize` is never wider than 64 bits here.
pub(crate) fn length_of(octets: &[u8]) -> u64 {
    u64::try_from(octets.len()).unwrap_or(u64::MAX)
}

/// A length as the size of a piece of memory.
pub(crate) fn memory_size(length: u64) -> Result<usize, Limit> {
    usize::try_from(length).map_err(|_| Limit {
        resource: Resource::StructureBytes,
        maximum: u64::try_from(usize::MAX).unwrap_or(u64::MAX),
        requested: length,
    })
}
