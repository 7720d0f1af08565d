//! Error codes are API: none is removed or renamed, and a new one is written down.

use super::{ApiMisuse, Error, InputError, Limit, Malformed, MalformedKind, OtherError};
use super::{SignerError, Unsupported};
use crate::limits::Resource;
use std::collections::BTreeSet;
use std::sync::Arc;

/// One error of every code.
fn every_error() -> Vec<Error> {
    let malformed = MalformedKind::ALL
        .iter()
        .map(|kind| Malformed::at(*kind, 0).into());
    let limits = Resource::ALL.iter().map(|resource| {
        let (maximum, requested) = (0, 1);
        Limit {
            resource: *resource,
            maximum,
            requested,
        }
        .into()
    });
    let misuse = [
        ApiMisuse::UnknownRequest,
        ApiMisuse::WrongResponse,
        ApiMisuse::JobEnded,
        ApiMisuse::NoInput,
        ApiMisuse::DuplicateName,
        ApiMisuse::BadFileName,
        ApiMisuse::KeyMismatch,
        ApiMisuse::ContradictoryParameters,
        ApiMisuse::SignedAlready,
        ApiMisuse::UnknownVersion,
        ApiMisuse::UnreadableValue,
    ];
    let (expected, found) = (1, 0);
    let input = [
        InputError::Unreadable,
        InputError::Short { expected, found },
        InputError::Changed,
        InputError::UnknownKind,
        InputError::Empty,
        InputError::MaterialMissing { signature: None },
        InputError::PasswordMissing,
        InputError::PasswordWrong,
        InputError::Signed { file: None },
        InputError::SignatureMissing {
            signature: String::new(),
        },
        InputError::NotSigned,
        InputError::NotFirst,
        InputError::Forbidden,
        InputError::FieldTaken,
        InputError::PageMissing,
        InputError::NoRoom,
    ];
    let unsupported = [
        Unsupported::Algorithm(String::new()),
        Unsupported::Transform(String::new()),
        Unsupported::Document(""),
        Unsupported::Feature(""),
        Unsupported::Encryption(""),
    ];
    let signer = [
        SignerError::UserCancelled,
        SignerError::WrongPin {
            attempts_left: None,
        },
        SignerError::PinBlocked,
        SignerError::Timeout,
        SignerError::NotFound { what: "" },
        SignerError::Refused { why: "" },
        SignerError::ValueDoesNotVerify,
        SignerError::Device {
            function: "",
            return_code: String::new(),
        },
    ];
    let other = Error::Other(OtherError(Arc::new(std::fmt::Error)));
    malformed
        .chain(limits)
        .chain(misuse.map(Error::from))
        .chain(input.map(Error::from))
        .chain(unsupported.map(Error::from))
        .chain(signer.map(Error::from))
        .chain([other])
        .collect()
}

/// How many members each enumeration without a list of its own has. A new member does not compile
/// here; give it a line in [`every_error`] too.
fn members(error: &Error) -> usize {
    match error {
        Error::Malformed(_) => MalformedKind::ALL.len(),
        Error::LimitExceeded(_) => Resource::ALL.len(),
        Error::ApiMisuse(misuse) => match misuse {
            ApiMisuse::UnknownRequest
            | ApiMisuse::WrongResponse
            | ApiMisuse::JobEnded
            | ApiMisuse::NoInput
            | ApiMisuse::DuplicateName
            | ApiMisuse::BadFileName
            | ApiMisuse::KeyMismatch
            | ApiMisuse::ContradictoryParameters
            | ApiMisuse::SignedAlready
            | ApiMisuse::UnknownVersion
            | ApiMisuse::UnreadableValue => 11,
        },
        Error::Input(input) => match input {
            InputError::Unreadable
            | InputError::Short { .. }
            | InputError::Changed
            | InputError::UnknownKind
            | InputError::Empty
            | InputError::MaterialMissing { .. }
            | InputError::PasswordMissing
            | InputError::PasswordWrong
            | InputError::Signed { .. }
            | InputError::SignatureMissing { .. }
            | InputError::NotSigned
            | InputError::NotFirst
            | InputError::Forbidden
            | InputError::FieldTaken
            | InputError::PageMissing
            | InputError::NoRoom => 16,
        },
        Error::Unsupported(unsupported) => match unsupported {
            Unsupported::Algorithm(_)
            | Unsupported::Transform(_)
            | Unsupported::Document(_)
            | Unsupported::Feature(_)
            | Unsupported::Encryption(_) => 5,
        },
        Error::Signer(signer) => match signer {
            SignerError::UserCancelled
            | SignerError::WrongPin { .. }
            | SignerError::PinBlocked
            | SignerError::Timeout
            | SignerError::NotFound { .. }
            | SignerError::Refused { .. }
            | SignerError::ValueDoesNotVerify
            | SignerError::Device { .. } => 8,
        },
        Error::Other(_) => 1,
    }
}

#[test]
fn no_error_code_is_removed_renamed_or_unwritten() {
    let frozen: BTreeSet<&str> = include_str!("../../tests/frozen/error-codes.txt")
        .lines()
        .collect();
    let codes: BTreeSet<&str> = every_error().iter().map(Error::code).collect();
    assert_eq!(codes, frozen);
}

#[test]
fn no_member_is_left_out_of_the_list() {
    let errors = every_error();
    for error in &errors {
        let same = std::mem::discriminant(error);
        let listed: BTreeSet<&str> = errors
            .iter()
            .filter(|other| std::mem::discriminant(*other) == same)
            .map(Error::code)
            .collect();
        assert_eq!(listed.len(), members(error), "{}", error.code());
    }
}
