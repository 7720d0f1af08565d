//! Smart cards and tokens for signing, through PKCS #11.
//!
//! A *module* is the vendor's library, loaded from an absolute path. It lists *tokens*: the cards
//! in readers, or USB tokens. A token shows its certificates to anybody; its private keys sign after
//! the user's PIN was given. This crate opens modules, lists tokens, finds the certificates that
//! have a private key beside them, and makes signature values. It knows nothing of documents,
//! certificates' contents or formats: bytes in, bytes out.
//!
//! ```text
//! Module::load(path) ─▶ tokens() ─▶ Token::open() ─▶ certificates() · login(pin) · sign(key, …)
//! ```
//!
//! # What it takes care of
//! - one context for each module and process, initialised once and left so (another part of the
//!   program may use the same module);
//! - modules that accept `C_Initialize` only without arguments;
//! - keys that want the PIN for every signature (`CKA_ALWAYS_AUTHENTICATE`);
//! - PINs entered on the reader; PINs that are too short are not sent, because every try counts;
//! - errors that a person must be able to tell apart ([`Error`]).
//!
//! # Standard
//! PKCS #11 v2.40 and v3.0 (OASIS), through the crate `cryptoki`. Not covered: key generation,
//! changing of PINs, encryption, slot events.

mod error;
mod module;
mod pin;
mod raw;
mod session;
mod token;

pub use error::Error;
pub use module::Module;
pub use pin::UserPin;
pub use session::{Digest, KeyKind, Mechanism, PrivateKey, TokenCertificate, TokenSession};
pub use token::{Login, PinState, Token};
