//! What can go wrong with a module, a token or a PIN.

use cryptoki::context::Function;
use cryptoki::error::{Error as Cryptoki, RvError};

/// Could not do it; separates what a person must tell apart.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Modules are loaded by absolute path only: a search path is where others plant theirs.
    #[error("the path of the module is not absolute")]
    PathNotAbsolute,
    /// The file is missing, of another architecture, or no PKCS #11 module.
    #[error("the module cannot be loaded: {0}")]
    ModuleNotLoaded(String),
    /// No such token, certificate or key.
    #[error("not found: {0}")]
    NotFound(&'static str),
    /// The card or token was taken out, or was never there.
    #[error("the token is not present")]
    TokenNotPresent,
    /// The PIN was wrong.
    #[error("wrong PIN")]
    WrongPin {
        /// Tries that are left, where the token tells: it does before the last one.
        attempts_left: Option<u32>,
    },
    /// The PIN is shorter or longer than the token takes; it was not sent.
    #[error("the PIN must have {min} to {max} characters")]
    PinLength {
        /// Shortest PIN.
        min: usize,
        /// Longest PIN.
        max: usize,
    },
    /// Too many wrong PINs; the PUK or the issuer can help.
    #[error("the PIN is blocked")]
    PinBlocked,
    /// The token has no PIN yet, or wants it to be changed first.
    #[error("the PIN must be set or changed first")]
    PinToBeChanged,
    /// The person cancelled at the reader or in the module's own dialog.
    #[error("cancelled")]
    Cancelled,
    /// The token wants a PIN before it signs.
    #[error("the token wants a PIN")]
    PinNeeded,
    /// The token or the key does not do this mechanism.
    #[error("the token does not do this mechanism")]
    MechanismNotSupported,
    /// Anything else that a function of the module returned.
    #[error("{function} returned {return_code}")]
    Device {
        /// The function, such as `C_Sign`.
        function: &'static str,
        /// The return code, such as `CKR_DEVICE_ERROR`.
        return_code: String,
    },
}

impl From<Cryptoki> for Error {
    fn from(error: Cryptoki) -> Self {
        match error {
            Cryptoki::LibraryLoading(why) => Self::ModuleNotLoaded(root_cause(&why)),
            Cryptoki::MissingSymbol(name) => {
                Self::ModuleNotLoaded(format!("it does not export {name}"))
            }
            Cryptoki::Pkcs11(code, function) => Self::from_code(code, function),
            other => Self::Device {
                function: "PKCS #11",
                return_code: other.to_string(),
            },
        }
    }
}

impl Error {
    fn from_code(code: RvError, function: Function) -> Self {
        match code {
            RvError::PinIncorrect => Self::WrongPin {
                attempts_left: None,
            },
            RvError::PinLocked => Self::PinBlocked,
            RvError::PinExpired | RvError::UserPinNotInitialized => Self::PinToBeChanged,
            RvError::UserNotLoggedIn => Self::PinNeeded,
            RvError::FunctionCanceled | RvError::FunctionRejected | RvError::Cancel => {
                Self::Cancelled
            }
            RvError::TokenNotPresent
            | RvError::TokenNotRecognized
            | RvError::DeviceRemoved
            | RvError::SessionHandleInvalid
            | RvError::SessionClosed => Self::TokenNotPresent,
            RvError::MechanismInvalid
            | RvError::MechanismParamInvalid
            | RvError::KeyTypeInconsistent
            | RvError::KeyFunctionNotPermitted
            | RvError::KeySizeRange => Self::MechanismNotSupported,
            other => Self::Device {
                function: function_name(function),
                return_code: code_name(other),
            },
        }
    }

    /// For the calls of `raw`, which know the number only.
    pub(crate) fn from_return_value(value: cryptoki_sys::CK_RV, function: Function) -> Self {
        match cryptoki::error::Rv::from(value) {
            cryptoki::error::Rv::Error(code) => Self::from_code(code, function),
            cryptoki::error::Rv::Ok => Self::Device {
                function: function_name(function),
                return_code: "CKR_OK without a value".to_owned(),
            },
        }
    }
}

/// The innermost error: the loader's own words name the file and the reason.
fn root_cause(error: &dyn std::error::Error) -> String {
    let mut cause = error;
    while let Some(inner) = cause.source() {
        cause = inner;
    }
    cause.to_string()
}

/// `PinIncorrect` → `CKR_PIN_INCORRECT`, as in the standard and in every manual.
fn code_name(code: RvError) -> String {
    match code {
        RvError::VendorDefined(number) => return format!("CKR_VENDOR_DEFINED ({number:#x})"),
        RvError::UnknownErrorCode(number) => return format!("{number:#x}"),
        _ => {}
    }
    let mut name = "CKR".to_owned();
    for letter in format!("{code:?}").chars() {
        if letter.is_ascii_uppercase() {
            name.push('_');
        }
        name.push(letter.to_ascii_uppercase());
    }
    name
}

fn function_name(function: Function) -> &'static str {
    match function {
        Function::Initialize => "C_Initialize",
        Function::GetFunctionList => "C_GetFunctionList",
        Function::GetInterface => "C_GetInterface",
        Function::GetSlotList => "C_GetSlotList",
        Function::GetSlotInfo => "C_GetSlotInfo",
        Function::GetTokenInfo => "C_GetTokenInfo",
        Function::GetMechanismList => "C_GetMechanismList",
        Function::OpenSession => "C_OpenSession",
        Function::CloseSession => "C_CloseSession",
        Function::Login => "C_Login",
        Function::Logout => "C_Logout",
        Function::FindObjectsInit => "C_FindObjectsInit",
        Function::FindObjects => "C_FindObjects",
        Function::FindObjectsFinal => "C_FindObjectsFinal",
        Function::GetAttributeValue => "C_GetAttributeValue",
        Function::SignInit => "C_SignInit",
        Function::Sign => "C_Sign",
        _ => "a function of the module",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(code: RvError) -> Error {
        Cryptoki::Pkcs11(code, Function::Sign).into()
    }

    #[test]
    fn codes_are_named_as_in_the_standard() {
        assert_eq!(
            of(RvError::GeneralError).to_string(),
            "C_Sign returned CKR_GENERAL_ERROR"
        );
        assert_eq!(
            of(RvError::VendorDefined(0x8000_0001)).to_string(),
            "C_Sign returned CKR_VENDOR_DEFINED (0x80000001)"
        );
    }

    #[test]
    fn what_a_person_must_tell_apart_is_apart() {
        assert_eq!(of(RvError::PinLocked), Error::PinBlocked);
        assert_eq!(of(RvError::FunctionRejected), Error::Cancelled);
        assert_eq!(of(RvError::SessionHandleInvalid), Error::TokenNotPresent);
        assert_eq!(of(RvError::UserNotLoggedIn), Error::PinNeeded);
        assert_ne!(of(RvError::PinIncorrect), of(RvError::PinLocked));
    }
}
