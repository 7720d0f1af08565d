//! Errors that a person can act on: what happened, and what to do next, in the person's language.

use crate::voice;
use imza::error::Error;
use imza_explain::sink::terminal;
use imza_explain::{Explained, Said};

/// Something that ends the command.
#[derive(Debug)]
pub(crate) struct Complaint {
    status: u8,
    what: Said,
    next: Option<Said>,
    /// The error as the library says it: for whoever is asked for help.
    technical: Option<String>,
}

impl Complaint {
    /// Wrong usage: status 2.
    pub(crate) fn usage(what: impl Into<Said>, next: impl Into<Said>) -> Self {
        Self::misuse(what).advise(next)
    }

    /// Wrong usage with the advice of its own sentence: status 2.
    pub(crate) fn misuse(what: impl Into<Said>) -> Self {
        Self {
            status: 2,
            ..Self::other(what)
        }
    }

    /// Anything else: status 1.
    pub(crate) fn other(what: impl Into<Said>) -> Self {
        Self {
            status: 1,
            what: what.into(),
            next: None,
            technical: None,
        }
    }

    /// With another sentence on what to do.
    pub(crate) fn advise(mut self, next: impl Into<Said>) -> Self {
        self.next = Some(next.into());
        self
    }

    /// From an error of the library while something was done.
    pub(crate) fn from_error(doing: impl Into<Said>, error: &Error) -> Self {
        let said = Said::Error {
            doing: Box::new(doing.into()),
            error: Box::new(error.clone()),
        };
        Self {
            technical: Some(format!("{}: {}", error.code(), error.reason())),
            ..Self::other(said)
        }
    }

    pub(crate) fn status(&self) -> u8 {
        self.status
    }

    fn explained(&self) -> Explained {
        let mut explained = voice::words().said(&self.what);
        if let Some(next) = &self.next {
            explained.advice = voice::words().said(next).what;
        }
        explained
    }

    /// What is said, for tests.
    #[cfg(test)]
    pub(crate) fn in_words(&self) -> String {
        let Explained { what, advice } = self.explained();
        format!("{what} {advice}")
    }

    pub(crate) fn print(&self) {
        voice::tell_explained(&self.explained());
        if let Some(technical) = &self.technical {
            voice::advise(&terminal(technical));
        }
    }
}
