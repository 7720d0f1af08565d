//! Errors that a person can act on: what happened, and what to do next.

use imza::error::{Error, SignerError};
use imza_explain::sink::terminal;

/// Something that ends the command.
#[derive(Debug)]
pub(crate) struct Complaint {
    status: u8,
    what: String,
    next: Option<String>,
}

impl Complaint {
    /// Wrong usage: status 2.
    pub(crate) fn usage(what: impl Into<String>, next: impl Into<String>) -> Self {
        Self {
            status: 2,
            what: what.into(),
            next: Some(next.into()),
        }
    }

    /// Anything else: status 1.
    pub(crate) fn other(what: impl Into<String>) -> Self {
        Self {
            status: 1,
            what: what.into(),
            next: None,
        }
    }

    /// With a sentence on what to do.
    pub(crate) fn advise(mut self, next: impl Into<String>) -> Self {
        self.next = Some(next.into());
        self
    }

    /// From an error of the library while something was done.
    pub(crate) fn from_error(doing: &str, error: &Error) -> Self {
        let complaint = Self::other(format!("{doing}: {}", error.reason()));
        match error {
            Error::Signer(SignerError::WrongPin { .. }) => {
                complaint.advise("Check the PIN before the next attempt: a card locks after a few.")
            }
            Error::Signer(SignerError::PinBlocked) => {
                complaint.advise("Unblock the PIN with the PUK in the program of your card.")
            }
            Error::Signer(SignerError::NotFound { .. }) => complaint.advise(
                "Is the card in the reader, and is --module the PKCS #11 library of this card?",
            ),
            _ => complaint,
        }
    }

    pub(crate) fn status(&self) -> u8 {
        self.status
    }

    pub(crate) fn print(&self) {
        anstream::eprintln!("imza: {}", terminal(&self.what));
        if let Some(next) = &self.next {
            anstream::eprintln!("      {}", terminal(next));
        }
    }
}
