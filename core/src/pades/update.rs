//! An update with a hole in it: what is signed is everything but the hole.

use crate::error::{Error, Malformed, MalformedKind};
use crate::payload::{Span, hex_octets};
use crate::pdf::{Dictionary, Document, IncrementalUpdate, Object, ObjectReference, push_hex};
use serde::{Deserialize, Serialize};
use std::ops::Range;

/// Room for the largest ByteRange: it is filled in when the length is known.
const BYTE_RANGE_ROOM: usize = 66;

/// What is appended to a file; with a signature or time-stamp, a hole for it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignedUpdate {
    /// The octets, with zeros in the hole.
    #[serde(with = "hex_octets")]
    octets: Vec<u8>,
    /// The hole among the octets, with the delimiters of the string.
    hole: Option<Span>,
}

impl SignedUpdate {
    /// The octets before and behind the hole: what follows the file under the signature.
    ///
    /// # Errors
    /// [`Malformed`] for a saved form that contradicts itself.
    pub fn signed(&self) -> Result<[&[u8]; 2], Error> {
        let hole = self.hole()?;
        let (before, behind) = (self.octets.get(..hole.start), self.octets.get(hole.end..));
        Ok(before
            .zip(behind)
            .map(|(one, two)| [one, two])
            .ok_or_else(wrong)?)
    }

    /// Octets of a message that the hole has room for.
    ///
    /// # Errors
    /// As [`SignedUpdate::signed`].
    pub fn room(&self) -> Result<usize, Error> {
        Ok(self.hole()?.len().saturating_sub(2) / 2)
    }

    /// The octets with a message in the hole.
    ///
    /// # Errors
    /// [`Malformed`] when it does not fit.
    ///
    /// # Standard
    /// ISO 32000-2 §12.8.1: hexadecimal, padded with zeros.
    pub fn filled(&self, message: &[u8]) -> Result<Vec<u8>, Error> {
        let hole = self.hole()?;
        if message.len() > self.room()? {
            return Err(wrong().into());
        }
        let mut digits = Vec::with_capacity(hole.len());
        push_hex(message, &mut digits);
        let [before, behind] = self.signed()?;
        let mut octets = before.to_vec();
        octets.push(b'<');
        octets.extend_from_slice(&digits);
        octets.resize(hole.end.saturating_sub(1), b'0');
        octets.push(b'>');
        octets.extend_from_slice(behind);
        Ok(octets)
    }

    /// The octets of an update without a hole.
    #[must_use]
    pub fn into_octets(self) -> Vec<u8> {
        self.octets
    }

    fn hole(&self) -> Result<Range<usize>, Error> {
        let hole = self.hole.as_ref().ok_or_else(wrong)?;
        let start = usize::try_from(hole.start).map_err(|_| wrong())?;
        let end = usize::try_from(hole.end).map_err(|_| wrong())?;
        let is_string = self.octets.get(start) == Some(&b'<')
            && end.checked_sub(1).and_then(|last| self.octets.get(last)) == Some(&b'>');
        if start.saturating_add(2) > end || !is_string {
            return Err(wrong().into());
        }
        Ok(start..end)
    }
}

fn wrong() -> Malformed {
    Malformed::within(MalformedKind::PdfObject, "Contents")
}

/// Writes an update, and fills in its ByteRange.
pub(super) struct Writer {
    pub(super) update: IncrementalUpdate,
    start: u64,
}

impl Writer {
    pub(super) fn new(document: &Document, ends_in_line: bool) -> Result<Self, Error> {
        Ok(Self {
            update: IncrementalUpdate::new(document, ends_in_line)?,
            start: document.length(),
        })
    }

    /// Ends the update; a signature dictionary gets its `/ByteRange` and `/Contents`.
    pub(super) fn finish(
        &mut self,
        signed: Option<(ObjectReference, Dictionary, u64)>,
    ) -> Result<SignedUpdate, Error> {
        let Some((reference, dictionary, room)) = signed else {
            return Ok(SignedUpdate {
                octets: self.update.clone().finish()?,
                hole: None,
            });
        };
        let room = usize::try_from(room).map_err(|_| wrong())?;
        let dictionary = Object::Dictionary(dictionary);
        let mut text = self.update.octets_of(reference, &dictionary);
        text.truncate(text.len().saturating_sub(2));
        text.extend_from_slice(b"/ByteRange ");
        let range_at = text.len();
        text.resize(range_at.saturating_add(BYTE_RANGE_ROOM), b' ');
        text.extend_from_slice(b"\n/Contents ");
        let hole_at = text.len();
        text.push(b'<');
        text.resize(text.len().saturating_add(room.saturating_mul(2)), b'0');
        text.extend_from_slice(b">");
        let hole_end = text.len();
        text.extend_from_slice(b"\n>>");
        let begin = self.update.write_octets(reference, &text);
        let mut octets = self.update.clone().finish()?;

        let length = |count: usize| u64::try_from(count).unwrap_or(u64::MAX);
        // Offsets in the file, and in the update.
        let before = begin.saturating_add(length(hole_at));
        let behind = begin.saturating_add(length(hole_end));
        let end = self.start.saturating_add(length(octets.len()));
        let range = format!("[0 {before} {behind} {}]", end.saturating_sub(behind));
        let own = begin.saturating_sub(self.start);
        let at = own.saturating_add(length(range_at));
        let at = usize::try_from(at).map_err(|_| wrong())?;
        let place = octets.get_mut(at..at.saturating_add(range.len()));
        if range.len() > BYTE_RANGE_ROOM {
            return Err(wrong().into());
        }
        place.ok_or_else(wrong)?.copy_from_slice(range.as_bytes());
        let hole = Some(Span {
            start: own.saturating_add(length(hole_at)),
            end: own.saturating_add(length(hole_end)),
        });
        Ok(SignedUpdate { octets, hole })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn update(octets: &[u8], hole: Option<(u64, u64)>) -> SignedUpdate {
        SignedUpdate {
            octets: octets.to_vec(),
            hole: hole.map(|(start, end)| Span { start, end }),
        }
    }

    #[test]
    fn a_message_is_written_in_digits_and_padded() {
        let update = update(b"ab<000000>cd", Some((2, 10)));
        assert_eq!(update.room(), Ok(3));
        assert_eq!(update.filled(&[0x1f, 0xa0]).unwrap(), b"ab<1FA000>cd");
        assert_eq!(update.filled(&[]).unwrap(), b"ab<000000>cd");
        assert_eq!(update.signed().unwrap(), [&b"ab"[..], b"cd"]);
    }

    #[test]
    fn a_message_that_does_not_fit_is_refused() {
        let update = update(b"ab<000000>cd", Some((2, 10)));
        assert!(update.filled(&[1; 4]).is_err());
    }

    #[test]
    fn a_hole_that_is_no_string_is_refused() {
        for hole in [
            None,
            Some((2, 9)),
            Some((3, 10)),
            Some((2, 3)),
            Some((10, 2)),
            Some((2, 99)),
            Some((u64::MAX, u64::MAX)),
        ] {
            let update = update(b"ab<000000>cd", hole);
            assert!(
                update.signed().is_err() && update.filled(&[1]).is_err(),
                "{hole:?}"
            );
        }
    }
}
