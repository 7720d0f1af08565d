//! A host for tests: answers what a source wants, and counts.

use super::{Inputs, Source, Stop, Stream};
use crate::error::Error;
use crate::job::InputId;
use std::sync::Arc;

/// The octets of every input, as a host would have them.
pub(crate) struct Host {
    pub(crate) files: Vec<Vec<u8>>,
    pub(crate) requests: u64,
    pub(crate) octets: u64,
    pub(crate) most_held: usize,
}

impl Host {
    pub(crate) fn new(files: Vec<Vec<u8>>) -> Self {
        Self {
            files,
            requests: 0,
            octets: 0,
            most_held: 0,
        }
    }

    /// The inputs, read by pages.
    pub(crate) fn paged(&self) -> Arc<Inputs> {
        self.inputs(false)
    }

    /// The inputs, all at hand.
    pub(crate) fn at_hand(&self) -> Arc<Inputs> {
        self.inputs(true)
    }

    fn inputs(&self, at_hand: bool) -> Arc<Inputs> {
        let inputs = self.files.iter().enumerate().map(|(index, file)| {
            let name = format!("input-{index}");
            if at_hand {
                super::Input::at_hand(name, file.clone())
            } else {
                super::Input::on_request(name, file.len() as u64)
            }
        });
        Arc::new(Inputs::new(inputs.collect()))
    }

    pub(crate) fn range(&self, input: InputId, range: &std::ops::Range<u64>) -> &[u8] {
        &self.files[input.0 as usize][range.start as usize..range.end as usize]
    }

    /// Answers everything that is wanted.
    pub(crate) fn answer(&mut self, source: &mut Source) -> Result<(), Error> {
        let wanted = source.wanted();
        assert!(!wanted.is_empty(), "stopped without wanting anything");
        for (input, range) in wanted {
            self.requests += 1;
            self.octets += range.end - range.start;
            source.supply(input, range.clone(), self.range(input, &range))?;
        }
        self.most_held = self.most_held.max(source.held_octets());
        Ok(())
    }

    /// Runs an operation until it has what it needs.
    pub(crate) fn run<T>(
        &mut self,
        source: &mut Source,
        mut operation: impl FnMut(&mut Source) -> Result<T, Stop>,
    ) -> Result<T, Error> {
        loop {
            match operation(source) {
                Ok(value) => return Ok(value),
                Err(Stop::Error(error)) => return Err(error),
                Err(Stop::NotHere) => self.answer(source)?,
            }
        }
    }

    /// Feeds a stream in chunks of `size` octets.
    pub(crate) fn pump(
        &self,
        stream: &mut Stream,
        size: usize,
        sink: &mut dyn FnMut(&[u8]) -> Result<(), Error>,
    ) -> Result<(), Error> {
        while let Some((input, range)) = stream.next_request(sink)? {
            for chunk in self.range(input, &range).chunks(size) {
                stream.feed(chunk, sink)?;
            }
            stream.end(sink)?;
        }
        Ok(())
    }
}
