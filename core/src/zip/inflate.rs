//! Inflating chunk by chunk, in constant memory.

use flate2::{Decompress, FlushDecompress, Status};

/// How far an inflater came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Progress {
    /// More data is needed.
    More,
    /// The compressed data ended; so many octets were left over.
    Ended {
        /// Octets of the chunk behind the end.
        unused: usize,
    },
    /// Not deflated data.
    Broken,
    /// The receiver wants no more.
    Stopped,
}

/// A raw deflate stream, RFC 1951.
#[derive(Debug)]
pub(super) struct Inflater {
    stream: Decompress,
    buffer: Box<[u8]>,
}

impl Inflater {
    pub(super) fn new() -> Self {
        Self {
            stream: Decompress::new(false),
            buffer: vec![0; BUFFER].into(),
        }
    }

    /// Begins a new stream in the same memory.
    pub(super) fn reset(&mut self) {
        self.stream.reset(false);
    }

    /// Inflates a chunk; `receive` answers whether to go on.
    pub(super) fn update(
        &mut self,
        mut chunk: &[u8],
        receive: &mut dyn FnMut(&[u8]) -> bool,
    ) -> Progress {
        loop {
            let (before_in, before_out) = (self.stream.total_in(), self.stream.total_out());
            let status = self
                .stream
                .decompress(chunk, &mut self.buffer, FlushDecompress::None);
            let Ok(status) = status else {
                return Progress::Broken;
            };
            let consumed = difference(self.stream.total_in(), before_in);
            let produced = difference(self.stream.total_out(), before_out);
            chunk = chunk.get(consumed..).unwrap_or_default();
            let octets = self.buffer.get(..produced).unwrap_or_default();
            if !octets.is_empty() && !receive(octets) {
                return Progress::Stopped;
            }
            if status == Status::StreamEnd {
                return Progress::Ended {
                    unused: chunk.len(),
                };
            }
            let is_full = produced == self.buffer.len();
            if (chunk.is_empty() && !is_full) || (consumed == 0 && produced == 0) {
                return Progress::More;
            }
        }
    }
}

fn difference(after: u64, before: u64) -> usize {
    usize::try_from(after.saturating_sub(before)).unwrap_or(usize::MAX)
}

const BUFFER: usize = 32 << 10;
