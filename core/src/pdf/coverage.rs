//! What the octets of an update are: objects, one cross-reference section, and the end.
//!
//! Readers that find a file damaged look through all of its octets for objects. What stands in an
//! update without being reached by its section is such an object in waiting: it shows when another
//! reader finds a fault that this one passes over. So an update behind a signature is taken apart
//! piece by piece, and each of its octets has to belong to something.

use super::document::{Document, stream_octets};
use super::lexer::{Lexer, Token};
use super::object::{Object, ObjectReference, Stream, indirect};
use super::plain::{self, Odd, Part};
use super::sections;
use super::window;
use super::xref::{self, Entry};
use crate::error::{Malformed, MalformedKind};
use crate::limits::Budget;
use crate::source::{Source, Stop};
use std::collections::BTreeMap;
use std::ops::Range;

/// Some readers have no room for the entries below a higher number.
const HIGHEST_NAMED: u32 = 1 << 21;
/// A number that is too high for the length of its file is a fault for some: an entry takes as much
/// at the least. Where numbers are so from the beginning, the signed file is read so already.
const OCTETS_PER_NUMBER: u64 = 3;
/// More than a comment, `startxref`, a number and `%%EOF` with their ends of line take.
const LONGEST_END: u64 = 192;
/// More than `endstream` and `endobj` with their ends of line take.
const LONGEST_CLOSE: usize = 32;
/// Where readers look for the last `startxref` (ISO 32000-1 annex H.3).
const END_WITHIN: u64 = 1_024;

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
    /// A cross-reference stream, which its own entry calls this object.
    Stream(Option<ObjectReference>),
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
    /// Whether a number is beyond what readers take in a file of this length.
    pub(crate) has_high_number: bool,
    /// The highest number that it names.
    highest: Option<u32>,
    /// Of each object stream the places in it and the numbers of its objects, by its number.
    members: BTreeMap<u32, Vec<(u32, u32)>>,
}

impl Pieces {
    /// Whether an object begins at an offset.
    pub(crate) fn has_object_at(&self, offset: u64) -> bool {
        let place = self.own.binary_search_by_key(&offset, |piece| piece.offset);
        let piece = place.ok().and_then(|place| self.own.get(place));
        piece.is_some_and(|piece| !piece.is_table())
    }

    /// A section may be named by an entry of its own.
    fn add_section(&mut self, offset: u64, is_stream: bool) {
        let named = self.own.iter().filter_map(|piece| match piece.kind {
            PieceKind::Object(reference) if piece.offset == offset => Some(reference),
            _ => None,
        });
        let named: Vec<ObjectReference> = named.collect();
        let kind = match named.as_slice() {
            // With other entries it is two pieces at one place.
            _ if !is_stream => PieceKind::Table,
            [] => PieceKind::Stream(None),
            [reference] => {
                self.own.retain(|piece| piece.offset != offset);
                PieceKind::Stream(Some(*reference))
            }
            _ => PieceKind::Stream(None),
        };
        self.own.push(Piece { offset, kind });
    }
}

impl Piece {
    /// Whether it is a table with its trailer.
    pub(crate) fn is_table(self) -> bool {
        self.kind == PieceKind::Table
    }
}

/// How a piece was passed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Passing {
    /// It ends there.
    To(u64),
    /// It is not written as writers write it.
    Odd(Odd),
}

impl Document {
    /// The pieces of a revision that begins at `from`.
    pub(crate) fn pieces(&self, revision: usize, from: u64) -> Pieces {
        let mut pieces = Pieces::default();
        let Some(facts) = self.revisions.get(revision) else {
            return pieces;
        };
        let fits = u32::try_from(self.length / OCTETS_PER_NUMBER).unwrap_or(u32::MAX);
        let mut numbers = self.history.iter().rev();
        let before = numbers.find_map(|(number, definitions)| {
            let mut definitions = definitions.iter();
            let is_old = definitions.any(|(defined, _)| *defined < revision);
            is_old.then_some(*number)
        });
        let highest = match before {
            Some(before) if before > fits => u32::MAX,
            _ => fits,
        };
        for (number, definitions) in &self.history {
            let own = definitions
                .iter()
                .filter(|(defined, _)| *defined == revision);
            for (_, entry) in own {
                pieces.has_high_number |= *number > HIGHEST_NAMED || *number > highest;
                pieces.highest = pieces.highest.max(Some(*number));
                let reference = |generation| ObjectReference {
                    number: *number,
                    generation,
                };
                match *entry {
                    Entry::Free => {}
                    Entry::InStream { container, index } => {
                        let members = pieces.members.entry(container).or_default();
                        members.push((index, *number));
                        pieces.elsewhere.push(reference(0));
                    }
                    Entry::InFile { offset, generation } => {
                        let offset = offset.saturating_add(self.base);
                        let reference = reference(generation);
                        let kind = PieceKind::Object(reference);
                        if offset < from {
                            pieces.elsewhere.push(reference);
                        } else {
                            pieces.own.push(Piece { offset, kind });
                        }
                    }
                }
            }
        }
        for members in pieces.members.values_mut() {
            members.sort_unstable();
        }
        pieces.add_section(facts.section, facts.has_stream);
        // ISO 32000-2 §7.5.8.4: the stream of a hybrid section.
        let hybrid = facts.trailer.get("XRefStm").and_then(Object::as_unsigned);
        if let (Some(offset), false) = (hybrid, facts.has_stream) {
            pieces.add_section(offset.saturating_add(self.base), true);
        }
        pieces.own.sort_unstable();
        pieces
    }

    /// Where a piece ends, if it is written plainly.
    ///
    /// # Errors
    /// [`Stop`]; what is no such piece is malformed.
    pub(crate) fn pass_piece(
        &mut self,
        piece: Piece,
        pieces: &Pieces,
        revision: usize,
        source: &mut Source,
        budget: &mut Budget,
    ) -> Result<Passing, Stop> {
        let at = piece.offset;
        let wrong = |kind| Stop::from(Malformed::at(kind, at));
        let (part, named) = match piece.kind {
            PieceKind::Table => return self.pass_table(at, pieces, revision, source, budget),
            PieceKind::Stream(named) => (Part::Section, named),
            PieceKind::Object(reference) => (Part::Object, Some(reference)),
        };
        let (read, is_plain) = window::parse_at(source, at, budget, |lexer, budget| {
            let start = lexer.clone();
            let read = indirect(lexer, budget)?;
            let octets = passed(&start, lexer);
            let is_plain = plain::object(octets, read.reference, part);
            Ok((read, is_plain))
        })?;
        if named.is_some_and(|named| named != read.reference) || read.range.start != at {
            return Err(wrong(MalformedKind::PdfObject));
        }
        if let Err(odd) = is_plain {
            return Ok(Passing::Odd(odd));
        }
        let number = read.reference.number;
        let mut stream = match read.value {
            Object::Stream(stream) => stream,
            Object::Reference(_) => return Ok(Passing::Odd(sections::REFERENCE)),
            _ if !read.ended => return Err(wrong(MalformedKind::PdfObject)),
            _ => return Ok(Passing::To(read.range.end)),
        };
        stream.owner = Some(read.reference);
        let length = match stream.dictionary.get("Length") {
            Some(Object::Reference(length)) if part == Part::Object => {
                self.object(*length, revision, source, budget)?.0
            }
            length => length.cloned().unwrap_or(Object::Null),
        };
        let Some(length) = length.as_unsigned() else {
            return Ok(Passing::Odd("a stream without the number of its octets"));
        };
        let is_section = part == Part::Section || stream.dictionary.is("Type", "XRef");
        let place = (revision, part, named.is_some());
        let is_plain = match is_section {
            true => self.plain_section(&stream, length, place, pieces, source, budget)?,
            false => {
                let listed = pieces.members.get(&number).map_or(&[][..], Vec::as_slice);
                self.plain_stream(&stream, length, listed, source, budget)?
            }
        };
        if let Err(odd) = is_plain {
            return Ok(Passing::Odd(odd));
        }
        let end = stream.data_offset.saturating_add(length);
        window::parse_at(source, end, budget, |lexer, _| {
            let start = lexer.clone();
            if (lexer.token()?, lexer.token()?)
                != (Token::Keyword(b"endstream"), Token::Keyword(b"endobj"))
            {
                return Err(lexer.malformed(MalformedKind::PdfStream));
            }
            let octets = passed(&start, lexer);
            let is_plain = octets.len() <= LONGEST_CLOSE
                && !octets.iter().any(|octet| matches!(octet, b'%' | 0 | 12));
            Ok(match is_plain {
                true => Passing::To(lexer.offset()),
                false => Passing::Odd("another end of a stream"),
            })
        })
    }

    fn pass_table(
        &self,
        at: u64,
        pieces: &Pieces,
        revision: usize,
        source: &mut Source,
        budget: &mut Budget,
    ) -> Result<Passing, Stop> {
        // Not behind a comment: others look for the keyword at this place. An end of line before it
        // is passed by all of them, and written by some signers.
        let (end, section, is_plain) = window::parse_at(source, at, budget, |lexer, budget| {
            let is_end_of_line = |lexer: &Lexer<'_>| matches!(lexer.peek(), Some(b'\r' | b'\n'));
            for _ in 0..2 {
                if is_end_of_line(lexer) {
                    lexer.skip(1);
                }
            }
            let start = lexer.clone();
            if !lexer.rest().starts_with(b"xref") || lexer.token()? != Token::Keyword(b"xref") {
                return Err(lexer.malformed(MalformedKind::PdfCrossReference));
            }
            let section = xref::table(lexer, budget)?;
            let is_plain = plain::table(passed(&start, lexer));
            Ok((lexer.offset(), section, is_plain))
        })?;
        let is_plain = is_plain.and_then(|()| sections::trailer(&section.trailer, pieces.highest));
        if let Err(odd) = is_plain {
            return Ok(Passing::Odd(odd));
        }
        // ISO 32000-2 §7.5.8.4: free in a table is what the stream beside it brings. Readers that
        // pass over that stream lose whatever else it calls so.
        let freed = section.entries.iter();
        let mut freed = freed.filter(|(number, entry)| *entry == Entry::Free && *number != 0);
        let is_hidden = freed.any(|(number, _)| {
            let definitions = self.history(*number);
            let before = definitions.partition_point(|(defined, _)| *defined < revision);
            let (before, from) = definitions.split_at(before);
            let was_used = before.last().is_some_and(|(_, old)| *old != Entry::Free);
            let is_used = from
                .first()
                .is_some_and(|(defined, new)| *defined == revision && *new != Entry::Free);
            was_used && is_used
        });
        Ok(match is_hidden {
            true => Passing::Odd("a table that frees what the stream beside it keeps"),
            false => Passing::To(end),
        })
    }

    fn plain_section(
        &self,
        stream: &Stream,
        length: u64,
        (revision, part, is_named): (usize, Part, bool),
        pieces: &Pieces,
        source: &mut Source,
        budget: &mut Budget,
    ) -> Result<Result<(), Odd>, Stop> {
        let dictionary = &stream.dictionary;
        let number = stream.owner.map_or(0, |owner| owner.number);
        // Without an entry of its own (ISO 32000-2 §7.5.8.1) some readers take it for the object of
        // its number all the same: it has to be nobody's, and holds nothing but entries.
        let known = self.history(number).iter();
        let mut known = known.filter(|(defined, _)| *defined <= revision);
        if !is_named && known.any(|(_, entry)| *entry != Entry::Free) {
            return Ok(Err("a cross-reference stream with the number of an object"));
        }
        let widths = sections::trailer(dictionary, pieces.highest)
            .and_then(|()| sections::widths(dictionary))
            .and_then(|widths| {
                sections::filters(dictionary, Some(widths.iter().sum()))?;
                Ok(widths)
            });
        let widths = match widths {
            Ok(widths) => widths,
            Err(odd) => return Ok(Err(odd)),
        };
        let data = stream_octets(stream, Some(length), source, budget)?;
        let is_plain = sections::rows(dictionary, widths, &data, is_named);
        if is_plain.is_err() || part == Part::Section {
            return Ok(is_plain);
        }
        // Some writers leave one beside a table. Who repairs a file takes it for a section.
        let section = xref::stream(dictionary, &data, stream.data_offset, budget)?;
        let trailer = self.revisions.get(revision).map(|facts| &facts.trailer);
        let has_same = |key| trailer.is_some_and(|own| own.get(key) == dictionary.get(key));
        let agrees = ["Root", "Prev", "Encrypt"].into_iter().all(has_same)
            && section.entries.iter().all(|(number, entry)| {
                let definitions = self.history(*number);
                let own = definitions.partition_point(|(defined, _)| *defined <= revision);
                let own = definitions.get(..own).and_then(<[_]>::last);
                let own = own.map_or(Entry::Free, |(_, own)| *own);
                own == *entry || *number == 0
            });
        Ok(match agrees {
            true => Ok(()),
            false => Err("a cross-reference stream that is none of the file"),
        })
    }

    fn plain_stream(
        &self,
        stream: &Stream,
        length: u64,
        listed: &[(u32, u32)],
        source: &mut Source,
        budget: &mut Budget,
    ) -> Result<Result<(), Odd>, Stop> {
        let dictionary = &stream.dictionary;
        let is_null = |key: &str| dictionary.names(key.as_bytes()) && dictionary.get(key).is_none();
        if ["Filter", "F", "DecodeParms"].into_iter().any(is_null) {
            return Ok(Err("a stream whose filter is null"));
        }
        if !dictionary.is("Type", "ObjStm") {
            return Ok(Ok(()));
        }
        if let Err(odd) = sections::filters(dictionary, None) {
            return Ok(Err(odd));
        }
        let data = self.decoded_stream_data(stream, Some(length), source, budget)?;
        Ok(sections::members(dictionary, &data, listed))
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

    /// Where the keyword `startxref` stands that a revision ends with, if it is near its end.
    ///
    /// # Errors
    /// [`Stop`].
    pub(crate) fn startxref(
        &self,
        revision: usize,
        source: &mut Source,
        budget: &mut Budget,
    ) -> Result<Option<u64>, Stop> {
        const KEYWORD: &[u8] = b"startxref";
        let facts = self.revisions.get(revision);
        let Some(Range { start: end, .. }) = facts.and_then(|facts| facts.end.clone()) else {
            return Ok(None);
        };
        let from = end.saturating_sub(END_WITHIN);
        let octets = window::read(source, from, end.saturating_sub(from), budget)?;
        let found = octets
            .windows(KEYWORD.len())
            .rposition(|window| window == KEYWORD);
        let found = found.and_then(|found| u64::try_from(found).ok());
        Ok(found.map(|found| from.saturating_add(found)))
    }
}

/// The octets between two places.
fn passed<'a>(from: &Lexer<'a>, to: &Lexer<'_>) -> &'a [u8] {
    let length = to.offset().saturating_sub(from.offset());
    let length = usize::try_from(length).unwrap_or(usize::MAX);
    from.rest().get(..length).unwrap_or_default()
}

/// Comments that are lines of their own may stand before it, as the names of programs: nothing in
/// them may look like anything that is looked for.
fn is_plain_end(octets: &[u8], stated: &[u8]) -> bool {
    const LOOKED_FOR: [&[u8]; 6] = [b"obj", b"xref", b"trailer", b"stream", b"EOF", b"PDF-"];
    let start = octets.windows(9).rposition(|word| word == b"startxref");
    let Some((before, octets)) = start.and_then(|start| octets.split_at_checked(start)) else {
        return false;
    };
    let mut lines = before.split(|octet| matches!(octet, b'\r' | b'\n'));
    // What stands on the line of the object before is no line of its own.
    let is_ended = lines
        .next()
        .is_some_and(|first| first.iter().all(|octet| matches!(octet, b' ' | b'\t')));
    let is_comment = |line: &[u8]| {
        let is_looked_for = |word: &&[u8]| line.windows(word.len()).any(|part| part == *word);
        line.iter().all(|octet| matches!(octet, b' ' | b'\t'))
            || line.first() == Some(&b'%')
                && line.iter().all(|octet| matches!(octet, b' '..=b'~'))
                && !LOOKED_FOR.iter().any(is_looked_for)
    };
    if !is_ended || !lines.all(is_comment) {
        return false;
    }
    let blank = |octet: &u8| matches!(octet, b' ' | b'\t' | b'\r' | b'\n');
    let mut words = octets.split(blank).filter(|word| !word.is_empty());
    let are_words = words.next() == Some(b"startxref")
        && words.next() == Some(stated)
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
            b"\r\rstartxref \r77\r%%EOF",
            b"\n%Writer-5.5.13\nstartxref\n77\n%%EOF",
        ] {
            assert!(is_plain_end(plain, b"77"), "{plain:?}");
        }
        for other in [
            &b"\nstartxref\n+77\n%%EOF"[..],
            b"\nstartxref 77\n%%EOF",
            b"\nstartxref\n%x\n77\n%%EOF",
            b"\nstartxref\n77 %%EOF",
            b"\nstartxref\n78\n%%EOF",
            b"%x\nstartxref\n77\n%%EOF",
            b"\n%4 0 obj\nstartxref\n77\n%%EOF",
            b"\n%\x80\nstartxref\n77\n%%EOF",
            b"\n% startxref\nstartxref\n77\n%%EOF",
            b"\n%%EOF\nstartxref\n77\n%%EOF",
            b"\n%x\nx\nstartxref\n77\n%%EOF",
            b"\nstartxref\n77\n%%EO",
            b"\nstartxref\n77\n%%EOF\n%%EOF",
            b"\nstartxref\n77.0\n%%EOF",
            b"\nstartxref\n0077\n%%EOF",
            b"",
        ] {
            assert!(!is_plain_end(other, b"77"), "{other:?}");
        }
    }
}
