//! A token: a card in its reader, or what behaves like one.

use crate::error::Error;
use crate::module::Module;
use crate::session::TokenSession;
use cryptoki::slot::{Slot, TokenInfo};

/// How the user proves to be the holder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Login {
    /// Not at all.
    NotNeeded,
    /// With a PIN of so many characters, asked for by the program.
    Pin {
        /// Shortest PIN.
        min: usize,
        /// Longest PIN.
        max: usize,
    },
    /// With a PIN entered on the reader or in the module's own dialog: the program must not ask.
    OnDevice,
}

/// What the token tells about its PIN.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum PinState {
    /// Nothing to report.
    Good,
    /// A wrong PIN was given since the last right one.
    CountLow,
    /// One try is left.
    FinalTry,
    /// No try is left.
    Blocked,
}

/// A token that is present. What it tells of itself was true when it was listed.
#[derive(Clone, Debug)]
pub struct Token {
    module: Module,
    slot: Slot,
    info: TokenInfo,
}

impl Token {
    pub(crate) fn read(module: &Module, slot: Slot) -> Result<Self, Error> {
        Ok(Self {
            module: module.clone(),
            slot,
            info: module.context().get_token_info(slot)?,
        })
    }

    pub(crate) fn is_initialized(&self) -> bool {
        self.info.token_initialized()
    }

    /// The label: often a name and a purpose, such as `… (PIN2)`.
    #[must_use]
    pub fn label(&self) -> &str {
        self.info.label()
    }

    /// The manufacturer.
    #[must_use]
    pub fn manufacturer(&self) -> &str {
        self.info.manufacturer_id()
    }

    /// The model.
    #[must_use]
    pub fn model(&self) -> &str {
        self.info.model()
    }

    /// The serial number; on identity cards often the document's number.
    #[must_use]
    pub fn serial_number(&self) -> &str {
        self.info.serial_number()
    }

    /// How the user logs in.
    #[must_use]
    pub fn login(&self) -> Login {
        if self.info.protected_authentication_path() {
            Login::OnDevice
        } else if self.info.login_required() {
            Login::Pin {
                min: self.info.min_pin_length(),
                max: self.info.max_pin_length(),
            }
        } else {
            Login::NotNeeded
        }
    }

    /// What it tells about its PIN. The flags exclude each other on some tokens: the worst is
    /// looked at first.
    #[must_use]
    pub fn pin_state(&self) -> PinState {
        if self.info.user_pin_locked() {
            PinState::Blocked
        } else if self.info.user_pin_final_try() {
            PinState::FinalTry
        } else if self.info.user_pin_count_low() {
            PinState::CountLow
        } else {
            PinState::Good
        }
    }

    /// Opens a session: certificates can be read at once, keys used after
    /// [`TokenSession::login`].
    ///
    /// # Errors
    /// [`Error::TokenNotPresent`], [`Error::Device`].
    pub fn open(&self) -> Result<TokenSession, Error> {
        TokenSession::open(self.clone())
    }

    /// Asks the token anew: flags change with every try of a PIN.
    pub(crate) fn reread(&self) -> Result<Self, Error> {
        Self::read(&self.module, self.slot)
    }

    pub(crate) fn module(&self) -> &Module {
        &self.module
    }

    pub(crate) fn slot(&self) -> Slot {
        self.slot
    }
}
