//! CAdES: signatures in CMS messages, with or without the attributes of EN 319 122-1.
//!
//! A CMS message holds any number of signatures over one content, which is inside the message
//! (*attached*) or elsewhere (*detached*). Each becomes a [`Signature`] record: the message-digest
//! attribute is its one reference over data, the DER of the signed attributes is what the value is
//! over, and the unsigned attributes give time-stamps, more certificates and counter-signatures,
//! which are records of their own with the signed one as parent.
//!
//! Detached content is only named here ([`Detached`]): it is streamed and digested elsewhere, so
//! that its size does not matter. PDF signatures and the tokens of time-stamps are CMS messages
//! too and pass through the same reading.
//!
//! # Common operations
//! - [`parse`]: the records of a message; [`records`] of one that was read already.
//! - [`read_token`]: a time-stamp token, with the record of the authority's signature.
//! - [`carried_records`]: the evidence records in a message.
//! - [`Blueprint`]: a new signature; [`add_parallel`], [`countersign`]: one more in a message.
//! - [`add_signature_timestamp`], [`add_validation_data`], [`add_archive_timestamp`]: what raises its
//!   level.
//!
//! # Standard
//! EN 319 122-1 §4, §5, §6, Annex A; RFC 5652 §5, §11.4; RFC 4998 Appendix A. Not covered:
//! archive-time-stamp of version 1 over detached content, the imprint of long-term-validation.
//!
//! [`Signature`]: crate::signature::Signature

mod addition;
mod archive;
mod augment;
mod claims;
mod counter;
mod create;
mod former_archive;
mod identification;
mod level;
mod material;
mod parse;
mod preservation;
mod timestamps;
mod token;

pub use addition::{Addition, add_parallel, countersign};
pub use augment::{
    ArchiveImprint, add_archive_timestamp, add_signature_timestamp, add_validation_data,
    archive_imprint,
};
pub use counter::{add_counter_timestamp, counter_timestamp_input};
pub use create::Blueprint;
pub use parse::{Detached, Message, content_found, parse, records};
pub use preservation::{CarriedRecord, carried_records};
pub use token::{Token, read_token};

#[cfg(test)]
mod tests;
