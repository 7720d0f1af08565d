//! Documents as lists of ranges to copy and octets to insert.

use super::encoding::CopyEncoding;
use super::length_of;
use crate::error::{ApiMisuse, Error};
use crate::job::InputId;
use std::ops::Range;
use std::sync::Arc;

/// A part of a document.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Piece {
    /// A range of an input.
    Copy {
        /// Which input.
        input: InputId,
        /// Which octets.
        range: Range<u64>,
        /// In which form.
        encoding: CopyEncoding,
        /// SHA-256 of the range as the job saw it; whoever writes compares.
        digest: Option<[u8; 32]>,
    },
    /// New octets.
    Insert(Arc<[u8]>),
}

impl Piece {
    /// A range copied as it is.
    #[must_use]
    pub fn copy(input: InputId, range: Range<u64>) -> Self {
        Self::Copy {
            input,
            range,
            encoding: CopyEncoding::None,
            digest: None,
        }
    }

    /// New octets.
    #[must_use]
    pub fn insert(octets: impl Into<Arc<[u8]>>) -> Self {
        Self::Insert(octets.into())
    }

    /// How many octets it gives.
    #[must_use]
    pub fn length(&self) -> u64 {
        match self {
            Self::Copy {
                range, encoding, ..
            } => encoding.encoded_length(range.end.saturating_sub(range.start)),
            Self::Insert(octets) => length_of(octets),
        }
    }

    /// The part `wanted` (in octets that the piece gives). A digest covers the whole range, so a
    /// part carries none.
    fn part(&self, wanted: Range<u64>) -> Result<Self, ApiMisuse> {
        if wanted == (0..self.length()) {
            return Ok(self.clone());
        }
        match self {
            Self::Copy {
                input,
                range,
                encoding,
                ..
            } => {
                // A group of base64 cannot be cut.
                let cut = |at: u64| match encoding {
                    CopyEncoding::None => Ok(range.start + at),
                    _ if at == self.length() => Ok(range.end),
                    _ if at.is_multiple_of(4) => Ok(range.start + at / 4 * 3),
                    _ => Err(ApiMisuse::ContradictoryParameters),
                };
                Ok(Self::Copy {
                    input: *input,
                    range: cut(wanted.start)?..cut(wanted.end)?,
                    encoding: *encoding,
                    digest: None,
                })
            }
            Self::Insert(octets) => {
                let start = usize::try_from(wanted.start).ok();
                let end = usize::try_from(wanted.end).ok();
                start
                    .zip(end)
                    .and_then(|(start, end)| octets.get(start..end))
                    .map(Self::insert)
                    .ok_or(ApiMisuse::ContradictoryParameters)
            }
        }
    }
}

/// A document made of ranges of inputs and of new octets.
///
/// The result of signing and augmenting; the host writes it with [`super::write_all`]. Edits of
/// edits are pieces over the same inputs again.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Edits {
    pieces: Vec<Piece>,
    /// Where each piece begins.
    starts: Vec<u64>,
    length: u64,
}

impl Edits {
    /// An empty document.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// An input as it is.
    #[must_use]
    pub fn whole(input: InputId, length: u64) -> Self {
        let mut edits = Self::new();
        edits.append(Piece::copy(input, 0..length));
        edits
    }

    /// The length of the document.
    #[must_use]
    pub fn length(&self) -> u64 {
        self.length
    }

    /// The pieces, in order; none is empty.
    #[must_use]
    pub fn pieces(&self) -> &[Piece] {
        &self.pieces
    }

    /// Adds a piece at the end.
    pub fn append(&mut self, piece: Piece) {
        let length = piece.length();
        if length == 0 {
            return;
        }
        self.length = self.length.saturating_add(length);
        if let (
            Some(Piece::Copy {
                input: last,
                range: before,
                encoding: CopyEncoding::None,
                digest: None,
            }),
            Piece::Copy {
                input,
                range,
                encoding: CopyEncoding::None,
                digest: None,
            },
        ) = (self.pieces.last_mut(), &piece)
            && last == input
            && before.end == range.start
        {
            before.end = range.end;
            return;
        }
        self.starts.push(self.length.saturating_sub(length));
        self.pieces.push(piece);
    }

    /// Adds the pieces of another document at the end.
    pub fn append_all(&mut self, pieces: impl IntoIterator<Item = Piece>) {
        pieces.into_iter().for_each(|piece| self.append(piece));
    }

    /// The pieces of a range.
    ///
    /// # Errors
    /// [`ApiMisuse::ContradictoryParameters`] when the range is outside the document or cuts a
    /// group of base64.
    pub fn slice(&self, range: Range<u64>) -> Result<Vec<Piece>, Error> {
        if range.start > range.end || range.end > self.length {
            return Err(ApiMisuse::ContradictoryParameters.into());
        }
        self.parts(&range)
            .map(|(piece, part)| piece.part(part).map_err(Error::from))
            .collect()
    }

    /// The document with `range` replaced by `pieces`.
    ///
    /// # Errors
    /// As [`Edits::slice`].
    pub fn splice(&self, range: Range<u64>, pieces: Vec<Piece>) -> Result<Self, Error> {
        if range.start > range.end {
            return Err(ApiMisuse::ContradictoryParameters.into());
        }
        let mut edits = Self::new();
        edits.append_all(self.slice(0..range.start)?);
        edits.append_all(pieces);
        edits.append_all(self.slice(range.end..self.length)?);
        Ok(edits)
    }

    /// Writes down the SHA-256 of a range of an input that the job has digested, so that whoever
    /// writes the document notices when the input has changed. A range that is not copied in one
    /// piece is passed over.
    pub fn record_digest(&mut self, input: InputId, range: Range<u64>, digest: [u8; 32]) {
        let mut edits = Self::new();
        for piece in std::mem::take(&mut self.pieces) {
            match &piece {
                Piece::Copy {
                    input: copied,
                    range: whole,
                    encoding,
                    digest: None,
                } if *copied == input
                    && whole.start <= range.start
                    && range.end <= whole.end
                    && range.start < range.end
                    && (*encoding == CopyEncoding::None || *whole == range) =>
                {
                    edits.append(Piece::copy(input, whole.start..range.start));
                    edits.append(Piece::Copy {
                        input,
                        range: range.clone(),
                        encoding: *encoding,
                        digest: Some(digest),
                    });
                    edits.append(Piece::copy(input, range.end..whole.end));
                }
                _ => edits.append(piece),
            }
        }
        *self = edits;
    }

    /// The pieces that `range` touches, each with the part of it that lies in the range.
    pub(super) fn parts(&self, range: &Range<u64>) -> impl Iterator<Item = (&Piece, Range<u64>)> {
        let Range { start, end } = *range;
        let first = self
            .starts
            .partition_point(|at| *at <= start)
            .saturating_sub(1);
        self.pieces
            .iter()
            .zip(&self.starts)
            .skip(first)
            .take_while(move |(_, at)| **at < end)
            .map(move |(piece, at)| {
                let from = start.saturating_sub(*at);
                (piece, from..end.saturating_sub(*at).min(piece.length()))
            })
            .filter(|(_, part)| part.start < part.end)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const A: InputId = InputId(0);

    #[test]
    fn an_edit_of_an_edit_is_pieces_over_the_inputs() {
        let first = Edits::whole(A, 100)
            .splice(40..50, vec![Piece::insert(*b"0123456789abcdef")])
            .unwrap();
        assert_eq!(first.length(), 106);
        let second = first.splice(44..60, vec![Piece::insert(*b"X")]).unwrap();
        assert_eq!(
            second.pieces(),
            [
                Piece::copy(A, 0..40),
                Piece::insert(*b"0123"),
                Piece::insert(*b"X"),
                Piece::copy(A, 54..100),
            ]
        );
    }

    #[test]
    fn taking_an_insertion_back_gives_the_input() {
        let edits = Edits::whole(A, 100)
            .splice(40..40, vec![Piece::insert(*b"new")])
            .unwrap();
        assert_eq!(edits.splice(40..43, vec![]).unwrap(), Edits::whole(A, 100));
    }

    #[test]
    fn a_range_outside_the_document_is_refused() {
        let edits = Edits::whole(A, 100);
        assert!(edits.splice(90..101, vec![]).is_err());
        #[expect(clippy::reversed_empty_ranges, reason = "the mistake under test")]
        let reversed = 9..3;
        assert!(edits.splice(reversed, vec![]).is_err());
    }

    #[test]
    fn a_cut_through_a_group_of_base64_is_refused() {
        let mut edits = Edits::new();
        edits.append(Piece::Copy {
            input: A,
            range: 0..10,
            encoding: CopyEncoding::Base64,
            digest: None,
        });
        assert_eq!(edits.length(), 16);
        assert!(edits.splice(5..8, vec![]).is_err());
        let cut = edits.splice(4..8, vec![]).unwrap();
        assert_eq!(cut.length(), 12);
    }

    #[test]
    fn a_digest_splits_the_copy_and_a_later_edit_drops_it() {
        let mut edits = Edits::whole(A, 100);
        edits.record_digest(A, 10..20, [7; 32]);
        assert_eq!(edits.pieces().len(), 3);
        assert_eq!(edits.length(), 100);
        edits.record_digest(A, 15..30, [8; 32]);
        assert_eq!(edits.pieces().len(), 3);
        let cut = edits.splice(12..13, vec![]).unwrap();
        assert_eq!(
            cut.pieces(),
            [Piece::copy(A, 0..12), Piece::copy(A, 13..100)]
        );
    }
}
