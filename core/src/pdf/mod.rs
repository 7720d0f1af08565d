//! PDF files, read for their signatures: objects, revisions, signed ranges, validation data.
//!
//! A PDF is a heap of numbered objects; a cross-reference section at its end says where each one
//! is. A change is made by appending: new objects, a new section, a pointer to the section before.
//! So a file is a chain of revisions, and a signature covers one of them, from the first octet to
//! its end, but for the gap in which the signature itself is written. What was signed is still
//! there, byte for byte, whatever was appended.
//!
//! [`Opening`] reads the chain from the end of the file, walks the form to the signature fields,
//! and gives a [`Document`]: its [`Revision`]s, its objects as of any of them, its
//! [`SignatureField`]s with the facts about their signed ranges, and its [`SecurityStore`]. It
//! repairs little, says what it passed over ([`Finding`]), and trusts nothing: whether the
//! signatures are any good is asked elsewhere.
//!
//! # Standard
//! ISO 32000-2 §7.2 to §7.6, §12.7, §12.8; EN 319 142-1 §5.3, §5.4. Not covered: encryption to
//! public keys, rebuilding a table from the objects of a file, filters of pictures, signatures that no form field
//! leads to.

mod authentication;
mod content;
mod coverage;
mod decoders;
mod document;
mod encryption;
mod fields;
mod filter;
mod finding;
mod font;
mod headers;
mod lexer;
mod linearized;
mod object;
mod opening;
mod picture;
mod plain;
mod reach;
mod repair;
mod sections;
mod security_store;
mod seed_values;
mod signature;
mod text;
mod window;
mod write;
mod xref;

#[cfg(test)]
#[expect(clippy::as_conversions, reason = "sizes in tests are small")]
mod testing;
#[cfg(test)]
#[expect(clippy::as_conversions, reason = "sizes in tests are small")]
mod tests;

pub use authentication::AuthenticationCode;
pub(crate) use content::{Part, parts};
pub(crate) use coverage::{Passing, Pieces};
pub use document::{Definition, Document, Place, Revision};
pub use encryption::Password;
pub use fields::FormField;
pub use finding::Finding;
pub(crate) use font::{Subset, TrueType};
pub(crate) use headers::{Header, Headers};
pub(crate) use lexer::names;
pub use lexer::{PdfString, StringForm};
pub use object::{Dictionary, IndirectObject, Object, ObjectReference, Stream};
pub use opening::Opening;
pub(crate) use picture::{Colours, Picture, colour_space};
pub use security_store::{SecurityStore, StoredValue};
pub use seed_values::{CertificateSeed, SeedValues};
pub use signature::{ByteRangeFault, Lock, SignatureDictionary, SignatureField, Transform};
pub(crate) use text::text;
pub use write::IncrementalUpdate;
pub(crate) use write::push_hex;
pub use xref::Entry;
