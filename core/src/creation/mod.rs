//! Signing in two calls with a value between them, and augmentation.
//!
//! ```text
//! inputs + parameters + certificate ─ Preparation (job) ─▶ PendingSignature ─ data_to_be_signed ─▶ Signer
//!                                             └──────── complete(value) ◀─┘ ─▶ Edits ─▶ signed document
//! ```
//!
//! [`Preparation`] streams the documents once and gives a [`PendingSignature`], a small value that
//! can be saved: the person may confirm on a phone minutes later. Whoever holds the key signs
//! [`PendingSignature::data_to_be_signed`]; the key holder is never inside format code, so a smart
//! card, a SIM card, a cloud service and a browser extension look alike.
//! [`PendingSignature::complete`] verifies the value with the certificate's key before any byte is
//! given out, and gives [`Edits`](crate::source::Edits): how to write the signed document from the
//! inputs and the bytes that are new. A service that builds the CMS message by itself signs
//! [`PendingSignature::content_digest`], and [`PendingSignature::complete_with_message`] verifies
//! what comes back and puts it in its place. [`Augmentation`] takes such edits, or a signed document, to
//! level T, LT or LTA.
//!
//! # Common operations
//! - [`Preparation::begin`], then [`PendingSignature::complete`]
//! - [`sign`]: the three steps in one call, with a [`Signer`](crate::signer::Signer) at hand
//! - [`Augmentation::begin`]
//! - files of a container that nobody has signed yet, and signatures taken out of one:
//!   [`ContainerChange::begin`]
//! - [`Timestamping::begin`]: a time-stamp by itself
//! - [`Archive`]: any number of documents under one time-stamp
//!
//! # Standard
//! EN 319 102-1 §4 (signature creation), §4.4.5 (augmentation); EN 319 132-1 §6.3,
//! EN 319 122-1 §6.3, EN 319 142-1 §6.3 and EN 319 162-1 §4.4.3 (what is written).

mod archive;
mod augmentation;
mod container;
mod content_stamping;
mod frozen;
mod joining;
mod outside;
mod parameters;
mod pending;
mod preparation;
mod removal;
mod streams;
mod timestamping;
mod updating;

pub use archive::{Archive, validation_data_of_records};
pub use augmentation::{Augmentation, AugmentationRequest};
pub use container::{ContainerChange, ContainerChangeRequest};
pub use parameters::{DocumentToSign, Packaging, SigningParameters, TIMESTAMP_ROOM};
pub use pending::PendingSignature;
pub use preparation::{Preparation, SigningRequest, sign};
pub use timestamping::{Timestamped, Timestamping, TimestampingRequest};
