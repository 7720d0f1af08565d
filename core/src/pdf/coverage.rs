//! What the octets of an update are: objects, one cross-reference section, and the end.
//!
//! Readers that find a file damaged look through all of its octets for objects. What stands in an
//! update without being reached by its section is such an object in waiting: it shows when another
//! reader finds a fault that this one passes over. So an update behind a signature is taken apart
//! piece by piece, and each of its octets has to belong to something.

use super::document::Document;
use super::lexer::Token;
use super::object::{Object, ObjectReference, indirect};
use super::window;
use super::xref::{self, Entry};
use crate::error::{Malformed, MalformedKind};
use crate::limits::Budget;
use crate::source::{Source, Stop};
use std::ops::Range;

/// The highest object number that other readers take (ISO 32000-1 annex C).
const HIGHEST: u32 = 8_388_607;
/// More than `startxref`, a number and `%%EOF` with their ends of line take.
const LONGEST_END: u64 = 256;

/// A part of an update.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Piece {
    /// Where it stands in the file.
    pub(crate) offset: u64,
    kind: PieceKind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum PieceKind {
    /// An object of this number.
    Object(ObjectReference),
    /// A cross-reference stream.
    Stream,
    /// `xref`, its entries, `trailer`, its dictionary.
    Table,
}

/// What the octets of an update have to be.
#[derive(Clone, Debug, Default)]
pub(crate) struct Pieces {
    /// What stands in it, in the order of the file.
    pub(crate) own: Vec<Piece>,
    /// What its entries refer to elsewhere: in object streams, and in octets of earlier updates.
    pub(crate) elsewhere: Vec<ObjectReference>,
    /// Whether a number is beyond what readers take.
    pub(crate) has_high_number: bool,
}

impl Document {
    /// The pieces of a revision that begins at `from`.
    pub(crate) fn pieces(&self, revision: usize, from: u64) -> Pieces {
        let mut pieces = Pieces::default();
        let Some(facts) = self.revisions.get(revision) else {
            return pieces;
        };
        for (number, definitions) in &self.history {
            let own = definitions
                .iter()
                .filter(|(defined, _)| *defined == revision);
            for (_, entry) in own {
                pieces.has_high_number |= *number > HIGHEST;
                let reference = |generation| ObjectReference {
                    number: *number,
                    generation,
                };
                match *entry {
                    Entry::Free => {}
                    Entry::InStream { .. } => pieces.elsewhere.push(reference(0)),
                    Entry::InFile { offset, generation } => {
                        let offset = offset.saturating_add(self.base);
                        let reference = reference(generation);
                        let kind = PieceKind::Object(reference);
                        if offset < from {
                            pieces.elsewhere.push(reference);
                        } else if offset != facts.section {
                            pieces.own.push(Piece { offset, kind });
                        }
                    }
                }
            }
        }
        let kind = match facts.has_stream {
            true => PieceKind::Stream,
            false => PieceKind::Table,
        };
        let offset = facts.section;
        pieces.own.push(Piece { offset, kind });
        // ISO 32000-2 §7.5.8.4: the stream of a hybrid section.
        let hybrid = facts.trailer.get("XRefStm").and_then(Object::as_unsigned);
        if let (Some(offset), false) = (hybrid, facts.has_stream) {
            let offset = offset.saturating_add(self.base);
            let known = pieces.own.iter().any(|piece| piece.offset == offset);
            if !known {
                let kind = PieceKind::Stream;
                pieces.own.push(Piece { offset, kind });
            }
        }
        pieces.own.sort_unstable();
        pieces.own.dedup();
        pieces
    }

    /// Where a piece ends.
    ///
    /// # Errors
    /// [`Stop`]; what is no such piece is malformed.
    pub(crate) fn end_of_piece(
        &mut self,
        piece: Piece,
        revision: usize,
        source: &mut Source,
        budget: &mut Budget,
    ) -> Result<u64, Stop> {
        let at = piece.offset;
        let wrong = |kind| Stop::from(Malformed::at(kind, at));
        if piece.kind == PieceKind::Table {
            // Not behind white space or a comment: others look for the keyword at this place.
            return window::parse_at(source, at, budget, |lexer, budget| {
                let is_there = lexer.rest().starts_with(b"xref");
                if !is_there || lexer.token()? != Token::Keyword(b"xref") {
                    return Err(lexer.malformed(MalformedKind::PdfCrossReference));
                }
                // In its fixed form: what is read leniently here is a fault for others.
                if !xref::table(lexer, budget)?.findings.is_empty() {
                    return Err(lexer.malformed(MalformedKind::PdfCrossReference));
                }
                Ok(lexer.offset())
            });
        }
        let read = window::parse_at(source, at, budget, indirect)?;
        let is_other =
            matches!(piece.kind, PieceKind::Object(reference) if reference != read.reference);
        if is_other || read.range.start != at {
            return Err(wrong(MalformedKind::PdfObject));
        }
        let Object::Stream(stream) = read.value else {
            return match read.ended {
                true => Ok(read.range.end),
                false => Err(wrong(MalformedKind::PdfObject)),
            };
        };
        let length = match stream.dictionary.get("Length") {
            Some(length) => self
                .resolve(length, revision, source, budget)?
                .as_unsigned(),
            None => None,
        };
        let length = length.ok_or_else(|| wrong(MalformedKind::PdfStream))?;
        let end = stream.data_offset.saturating_add(length);
        window::parse_at(source, end, budget, |lexer, _| {
            match (lexer.token()?, lexer.token()?) {
                (Token::Keyword(b"endstream"), Token::Keyword(b"endobj")) => Ok(lexer.offset()),
                _ => Err(lexer.malformed(MalformedKind::PdfStream)),
            }
        })
    }

    /// Whether from `from` on a revision only ends, in the one way that every reader reads: the
    /// keyword, the number of the section and `%%EOF` on a line each (ISO 32000-2 §7.5.5).
    ///
    /// # Errors
    /// [`Stop`].
    pub(crate) fn ends_plainly(
        &self,
        revision: usize,
        from: u64,
        source: &mut Source,
        budget: &mut Budget,
    ) -> Result<bool, Stop> {
        let facts = self.revisions.get(revision);
        let Some((section, Some(Range { start: end, .. }))) =
            facts.map(|facts| (facts.section, facts.end.clone()))
        else {
            return Ok(false);
        };
        let length = end.saturating_sub(from);
        if length == 0 || length > LONGEST_END {
            return Ok(false);
        }
        let octets = window::read(source, from, length, budget)?;
        let stated = section.saturating_sub(self.base).to_string();
        Ok(is_plain_end(&octets, stated.as_bytes()))
    }
}

fn is_plain_end(octets: &[u8], stated: &[u8]) -> bool {
    let blank = |octet: &u8| matches!(octet, b' ' | b'\t' | b'\r' | b'\n');
    let mut words = octets.split(blank).filter(|word| !word.is_empty());
    let number = |word: &[u8]| {
        let zeros = word.iter().take_while(|octet| **octet == b'0').count();
        word.get(zeros..) == Some(stated)
    };
    let are_words = words.next() == Some(b"startxref")
        && words.next().is_some_and(number)
        && words.next() == Some(b"%%EOF")
        && words.next().is_none();
    // Each on a line of its own.
    let lines = octets.split(|octet| matches!(octet, b'\r' | b'\n'));
    let full = lines.filter(|line| !line.iter().all(blank));
    are_words && full.count() == 3
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_end_is_plain_on_three_lines_alone() {
        for plain in [
            &b"\nstartxref\n77\n%%EOF"[..],
            b"startxref\r\n77\r\n%%EOF",
            b"\r\rstartxref \r0077\r%%EOF",
        ] {
            assert!(is_plain_end(plain, b"77"), "{plain:?}");
        }
        for other in [
            &b"\nstartxref\n+77\n%%EOF"[..],
            b"\nstartxref 77\n%%EOF",
            b"\nstartxref\n%x\n77\n%%EOF",
            b"\nstartxref\n77 %%EOF",
            b"\nstartxref\n78\n%%EOF",
            b"\n%\nstartxref\n77\n%%EOF",
            b"\nstartxref\n77\n%%EO",
            b"\nstartxref\n77\n%%EOF\n%%EOF",
            b"\nstartxref\n77.0\n%%EOF",
            b"",
        ] {
            assert!(!is_plain_end(other, b"77"), "{other:?}");
        }
    }
}
