//! The one error of this crate: a sentence that says what could not be made.

use std::fmt;

/// What could not be made, in words.
///
/// Vectors are made by developers, so a sentence is enough: nobody branches on it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Error(String);

/// A result of this crate.
pub type Result<T> = std::result::Result<T, Error>;

impl Error {
    /// Makes an error from a sentence.
    pub fn new(what: impl Into<String>) -> Self {
        Self(what.into())
    }

    /// Wraps another error, saying what was being done.
    pub fn while_doing(what: &str, source: impl fmt::Display) -> Self {
        Self(format!("{what}: {source}"))
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Error {}

impl From<std::io::Error> for Error {
    fn from(source: std::io::Error) -> Self {
        Self::while_doing("input or output", source)
    }
}
