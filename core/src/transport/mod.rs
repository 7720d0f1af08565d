//! The loop between a job and the outside world.
//!
//! A [`Job`](crate::job::Job) says what it needs; a [`Transport`] knows how to get it: octets of a document from
//! memory, a file or a server, an answer from a host, a code on a screen. [`drive`] is the loop
//! between the two, written once. The library has no transport by default: whoever embeds it
//! decides what may be reached.
//!
//! [`Memory`] serves documents at hand and answers that were prepared, so that a test can replay
//! any network. `http::Http` (feature `http`) is the only socket of the crate and keeps the rules
//! against hostile addresses.
//!
//! # Common operations
//! - [`drive`] a job to its end.
//! - [`Memory`]: documents and answers at hand.
//! - `http::Http::fetch`: ask another host within the rules.
//!
//! # Standard
//! RFC 9110 for the exchanges; RFC 6960 Appendix A, RFC 5280 §4.2.1.13 and §4.2.2.1, RFC 3161 §3.4
//! for what is asked.

mod drive;
#[cfg(feature = "http")]
pub mod http;
mod memory;

pub use drive::drive;
pub use memory::Memory;

use crate::error::Error;
use crate::job::{Fetch, FetchFailure, InputId};
use std::ops::Range;
use std::time::Duration;

/// What a stream came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Streamed {
    /// Every octet of the range was given.
    Whole,
    /// The input could not be read to the end of the range.
    Unreadable,
}

/// An answer from another host, with status 200.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fetched {
    /// The body.
    pub body: Vec<u8>,
}

/// The outside world, as a job may see it.
///
/// Called by [`drive`] only, one request at a time and in the order of the job. An implementation
/// may assume that ranges are not empty; it must not assume that they are asked in order, or once.
/// A request that cannot be met is an answer, never an error: the job records it and goes on.
pub trait Transport {
    /// The octets of a range, all of them; fewer only where the input ends. `None` when the input
    /// cannot be read.
    fn read(&mut self, input: InputId, range: Range<u64>) -> Option<Vec<u8>>;

    /// Gives the octets of a range to `sink`, in order, in pieces of any size.
    ///
    /// # Errors
    /// Only what `sink` answers; the job has then ended.
    fn stream(
        &mut self,
        input: InputId,
        range: Range<u64>,
        sink: &mut dyn FnMut(&[u8]) -> Result<(), Error>,
    ) -> Result<Streamed, Error>;

    /// Asks another host.
    ///
    /// # Errors
    /// Why the host did not answer; [`FetchFailure::Offline`] where nothing is ever asked.
    fn fetch(&mut self, _fetch: &Fetch) -> Result<Fetched, FetchFailure> {
        Err(FetchFailure::Offline)
    }

    /// Shows a verification code to the person.
    fn show(&mut self, _code: &str) {}

    /// Waits, and tells how much time really passed. One that does not wait says so.
    fn wait(&mut self, _duration: Duration) -> Duration {
        Duration::ZERO
    }
}
