//! Writing edits out.

use super::encoding::Encoder;
use super::{Edits, Piece, length_of};
use crate::algorithm::DigestAlgorithm;
use crate::crypto::Digester;
use crate::error::{Error, InputError};
use crate::job::InputId;
use std::ops::Range;

/// Writes a document: asks for ranges of inputs in order, gives octets in order.
///
/// Ranges that carry a digest are compared as they pass. On a difference what was written so far
/// must be thrown away, which is why hosts write to a temporary file.
///
/// # Errors
/// [`InputError::Short`] when a range comes with fewer octets, [`InputError::Changed`] when an
/// input has changed since it was digested; those of `read` and `sink`.
pub fn write_all(
    edits: &Edits,
    mut read: impl FnMut(InputId, Range<u64>) -> Result<Vec<u8>, Error>,
    mut sink: impl FnMut(&[u8]) -> Result<(), Error>,
) -> Result<(), Error> {
    for piece in edits.pieces() {
        let (input, range, encoding, digest) = match piece {
            Piece::Insert(octets) => {
                sink(octets)?;
                continue;
            }
            Piece::Copy {
                input,
                range,
                encoding,
                digest,
            } => (*input, range, *encoding, digest),
        };
        let mut encoder = Encoder::new(encoding, 0, u64::MAX);
        let mut digester = digest
            .map(|_| Digester::new(DigestAlgorithm::Sha256))
            .transpose()?;
        let mut at = range.start;
        while at < range.end {
            let end = at.saturating_add(CHUNK).min(range.end);
            let octets = read(input, at..end)?;
            let found = at.saturating_add(length_of(&octets));
            if found != end {
                return Err(InputError::Short {
                    expected: end,
                    found,
                }
                .into());
            }
            if let Some(digester) = &mut digester {
                digester.update(&octets);
            }
            encoder.update(&octets, &mut sink)?;
            at = end;
        }
        encoder.finish(&mut sink)?;
        if let (Some(digester), Some(digest)) = (digester, digest)
            && digester.finish() != digest
        {
            return Err(InputError::Changed.into());
        }
    }
    Ok(())
}

/// Large enough that calls do not show, small enough for a phone.
const CHUNK: u64 = 192 << 10;
