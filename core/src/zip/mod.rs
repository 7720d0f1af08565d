//! ZIP containers: the subset that ASiC uses, read hostile-safe, written deterministically.
//!
//! A container is read in two ways that check each other. [`Opening`] reads the directory at its
//! end, in chunks, and gives a [`Directory`]: what the container says of itself. [`Pass`] is fed
//! all octets before the directory once, in file order: it meets every local header, every file's
//! octets and everything between them, and compares. What contradicts is a [`Finding`], a fact
//! that formats turn into checks of each signature; only a directory that cannot be read is an
//! error. Small files that are needed first (those of `META-INF`) are read with [`read_entry`].
//!
//! Readers of ZIP files disagree on hostile ones: duplicate names, a second end record in the
//! comment, other names in local headers, bytes between entries. Whatever lets two readers see two
//! containers is a finding here.
//!
//! # Common operations
//! - read: [`Opening::advance`] until it is done, then [`Directory::find`], [`read_entry`];
//! - digest every file: [`Pass::feed`] with [`Source::stream`](crate::source::Source::stream);
//! - write: [`create`]; change: [`add`], [`replace`], [`change`]; add later: [`Extension`].
//!
//! # Standard
//! APPNOTE §4, EN 319 162-1 §A.1. Not read: split archives, encryption,
//! methods other than stored and deflated. ZIP64 is read, and written only when needed.

mod entry;
mod finding;
mod inflate;
mod name;
mod open;
mod pass;
mod record;
#[cfg(test)]
#[expect(clippy::as_conversions, reason = "sizes in tests are small")]
mod tests;
mod write;

pub use entry::{Directory, Entry, read_entry};
pub use finding::{Finding, Weight};
pub use open::Opening;
pub use pass::{EntrySink, Pass};
pub use write::{Content, Extension, NewEntry, add, change, create, replace};
