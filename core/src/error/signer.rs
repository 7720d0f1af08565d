//! What a signer says when it does not sign.

/// The signer refused or failed; separates what a user interface must tell apart.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SignerError {
    /// The person cancelled.
    #[error("cancelled by the user")]
    UserCancelled,
    /// The PIN was wrong.
    #[error("wrong PIN{}", attempts(*.attempts_left))]
    WrongPin {
        /// Attempts left, where the device tells.
        attempts_left: Option<u32>,
    },
    /// The PIN is blocked.
    #[error("the PIN is blocked")]
    PinBlocked,
    /// No answer in time.
    #[error("the signer did not answer in time")]
    Timeout,
    /// No such key, certificate, token or module.
    #[error("not found: {what}")]
    NotFound {
        /// What was looked for: `module`, `token`, `certificate`, `key`.
        what: &'static str,
    },
    /// The key does not do this algorithm, or may not be used for this.
    #[error("the signer refused: {why}")]
    Refused {
        /// Why, in a fixed sentence.
        why: &'static str,
    },
    /// The value that came back does not verify with the certificate's key.
    #[error("the signature value does not verify with the certificate's key")]
    ValueDoesNotVerify,
    /// The device failed.
    #[error("the device failed: {function} returned {return_code}")]
    Device {
        /// The function that failed.
        function: &'static str,
        /// The name of the return code.
        return_code: String,
    },
}

impl SignerError {
    /// The stable code.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::UserCancelled => "signer.user-cancelled",
            Self::WrongPin { .. } => "signer.wrong-pin",
            Self::PinBlocked => "signer.pin-blocked",
            Self::Timeout => "signer.timeout",
            Self::NotFound { .. } => "signer.not-found",
            Self::Refused { .. } => "signer.refused",
            Self::ValueDoesNotVerify => "signer.value-does-not-verify",
            Self::Device { .. } => "signer.device",
        }
    }

    pub(super) fn details(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::WrongPin {
                attempts_left: Some(left),
            } => {
                vec![("attempts_left", left.to_string())]
            }
            Self::NotFound { what } => vec![("what", (*what).to_owned())],
            Self::Device {
                function,
                return_code,
            } => {
                vec![
                    ("function", (*function).to_owned()),
                    ("return_code", return_code.clone()),
                ]
            }
            _ => Vec::new(),
        }
    }
}

fn attempts(left: Option<u32>) -> String {
    left.map(|left| format!(", {left} attempts left"))
        .unwrap_or_default()
}
