//! The one error that crosses to JavaScript.

use imza::error::Error;
use serde::Serialize;
use std::collections::BTreeMap;
use std::fmt::Display;

/// `{code, reason, details}`, which JavaScript makes an `ImzaError` of.
#[derive(Debug, Serialize)]
pub(crate) struct Failure {
    code: &'static str,
    reason: String,
    details: BTreeMap<&'static str, String>,
}

impl Failure {
    /// An argument that is not what it should be.
    pub(crate) fn misuse(argument: &'static str, why: &dyn Display) -> Self {
        Self {
            code: "api-misuse.argument",
            reason: format!("{argument}: {why}"),
            details: BTreeMap::from([("argument", argument.to_owned())]),
        }
    }

    /// The stable code.
    #[cfg(test)]
    pub(crate) fn code(&self) -> &'static str {
        self.code
    }

    /// As it is thrown: JSON, so that nothing of JavaScript is named here.
    pub(crate) fn to_json(&self) -> String {
        serde_json::to_string(self).unwrap_or_else(|_| self.code.to_owned())
    }
}

impl From<&Error> for Failure {
    fn from(error: &Error) -> Self {
        Self {
            code: error.code(),
            reason: error.reason(),
            details: error.details().into_iter().collect(),
        }
    }
}
