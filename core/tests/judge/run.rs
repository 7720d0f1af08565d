//! Whole validations in memory.

use imza::error::Error;
use imza::job::Seed;
use imza::reading::{Given, Network, Validation, ValidationRequest, Verdict};
use imza::source::Input;
use imza::transport::{Memory, drive};
use imza::validation::Context;

/// A document with everything that is judged with it.
#[derive(Clone)]
pub(crate) struct Case {
    /// The document, then detached ones.
    pub(crate) inputs: Vec<(String, Vec<u8>)>,
    pub(crate) given: Vec<Given>,
    pub(crate) keys: Vec<imza::crypto::PublicKey>,
    pub(crate) context: Context,
}

impl Case {
    /// Validates with all octets at hand.
    pub(crate) fn validate(&self) -> Verdict {
        self.attempt(None).unwrap()
    }

    /// Validates; with pages of a size, or with all octets at hand.
    pub(crate) fn attempt(&self, pages: Option<u64>) -> Result<Verdict, Error> {
        let list = self.inputs.iter().map(|(name, octets)| match pages {
            None => Input::at_hand(name.as_str(), octets.as_slice()),
            Some(_) => Input::on_request(name.as_str(), u64::try_from(octets.len()).unwrap()),
        });
        let request = ValidationRequest {
            inputs: list.collect(),
            given: self.given.clone(),
            keys: self.keys.clone(),
            seed: Seed::new([7; 32]),
            network: Network::Offline,
        };
        let size = pages.unwrap_or(1 << 16);
        let job = Validation::begin_with_pages(request, self.context.clone(), size)?;
        let documents = self.inputs.iter().map(|(_, octets)| octets.as_slice());
        drive(job, &mut Memory::new(documents))
    }
}
