//! The one error that crosses.

use imza::error::Error;
use std::collections::HashMap;

/// Could not do the work. A bad signature is no error but a report.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, uniffi::Error)]
pub enum ImzaError {
    /// What the core answered.
    #[error("{code}: {reason}")]
    Failed {
        /// The stable code, such as `input.unknown-kind`.
        code: String,
        /// A sentence for a person.
        reason: String,
        /// The compared values and places, by name.
        details: HashMap<String, String>,
    },
}

impl ImzaError {
    /// A file that the machine does not give or take.
    pub(crate) fn file(code: &str, path: &str, error: &std::io::Error) -> Self {
        Self::Failed {
            code: code.to_owned(),
            reason: format!("{path}: {error}"),
            details: HashMap::from([
                ("path".to_owned(), path.to_owned()),
                ("kind".to_owned(), error.kind().to_string()),
            ]),
        }
    }

    /// What is said here as the core says it.
    pub(crate) fn of(error: impl Into<Error>) -> Self {
        Self::from(error.into())
    }
}

impl From<Error> for ImzaError {
    fn from(error: Error) -> Self {
        let details = error.details().into_iter();
        Self::Failed {
            code: error.code().to_owned(),
            reason: error.reason(),
            details: details
                .map(|(name, value)| (name.to_owned(), value))
                .collect(),
        }
    }
}
