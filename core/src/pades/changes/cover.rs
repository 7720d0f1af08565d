//! Whether every octet of an update belongs to something that its section names.

use super::{is_blank, revisions};
use crate::error::Error;
use crate::limits::{Budget, Limit, Resource};
use crate::pdf::{Document, Header, Headers, Passing, Pieces};
use crate::signature::Finding;
use crate::source::{Source, Stop};
use std::ops::Range;

/// Octets that are looked through in a step.
const PART: u64 = 1 << 16;

/// A cursor over the pieces of an update.
#[derive(Debug)]
pub(super) struct Cover {
    revision: usize,
    pieces: Pieces,
    /// How many pieces were passed.
    passed: usize,
    /// Where the last of them ends.
    at: u64,
    /// Where the update ends.
    end: u64,
    headers: Headers,
    /// Up to where it was looked through.
    looked: u64,
    /// Where its table is, until its trailer was met.
    table: Option<Range<u64>>,
}

/// What a step came to.
pub(super) enum Covering {
    More,
    Done,
    Found(Finding),
}

impl Cover {
    /// Begins with the update behind a revision.
    pub(super) fn new(document: &Document, old: usize) -> Self {
        let revision = old.saturating_add(1);
        let end = |index: usize| document.revisions().get(index)?.end.clone();
        let at = end(old).map_or(0, |end| end.end);
        Self {
            pieces: document.pieces(revision, end(old).map_or(0, |end| end.start)),
            revision,
            passed: 0,
            at,
            end: end(revision).map_or(document.length(), |end| end.start),
            headers: Headers::default(),
            looked: at,
            table: None,
        }
    }

    /// Passes the next piece.
    ///
    /// # Errors
    /// [`Stop`].
    pub(super) fn advance(
        &mut self,
        document: &mut Document,
        source: &mut Source,
        budget: &mut Budget,
    ) -> Result<Covering, Stop> {
        let found = |expected, found| Ok(Covering::Found(revisions(expected, found)));
        if self.pieces.has_high_number {
            return found("object numbers that fit the file", "a higher one");
        }
        let entries = "an object where each entry of an update points";
        if let Some(piece) = self.pieces.own.get(self.passed).copied() {
            if piece.offset < self.at || piece.offset >= self.end {
                return found(entries, "one inside another, or outside of the update");
            }
            if !is_blank(self.at..piece.offset, source, budget)? {
                return found("an update of objects alone", "other octets between them");
            }
            let pieces = &self.pieces;
            let passing = document.pass_piece(piece, pieces, self.revision, source, budget);
            let end = match readable(passing)? {
                Some(Passing::To(end)) => end,
                Some(Passing::Odd(odd)) => {
                    return found("an update in the form that all readers read", odd);
                }
                None => return found(entries, "something else"),
            };
            if end <= self.at || end > self.end {
                return found("an update of objects alone", "an object without its end");
            }
            if piece.is_table() {
                self.table = Some(piece.offset..end);
            }
            self.at = end;
            self.passed = self.passed.saturating_add(1);
            return Ok(Covering::More);
        }
        if let Some(reference) = self.pieces.elsewhere.last().copied() {
            let object = document.object(reference, self.revision, source, budget);
            if readable(object)?.is_none() {
                return found(entries, "something else");
            }
            self.pieces.elsewhere.pop();
            return Ok(Covering::More);
        }
        if self.looked < self.end {
            return match self.look(source, budget)? {
                None => Ok(Covering::More),
                Some(Header::Object(_)) => found(entries, "another object, inside of one"),
                Some(Header::Trailer(_)) => found("one trailer of an update", "another one"),
            };
        }
        match document.ends_plainly(self.revision, self.at, source, budget)? {
            true => Ok(Covering::Done),
            false => found(
                "startxref, its number and %%EOF, on a line each",
                "another end of the update",
            ),
        }
    }

    /// Looks through the next part for what a reader that repairs the file would find: in the raw
    /// data of streams, in strings and in comments as well.
    fn look(&mut self, source: &mut Source, budget: &mut Budget) -> Result<Option<Header>, Stop> {
        let end = self.looked.saturating_add(PART).min(self.end);
        let length = end.saturating_sub(self.looked);
        // Nothing of it is kept or parsed.
        let charged: Result<(), Limit> = budget.charge(Resource::DigestedBytes, length);
        charged?;
        let octets = source.read(self.looked..end)?;
        let (pieces, table) = (&self.pieces, &mut self.table);
        let unknown = self
            .headers
            .unknown(self.looked, &octets, |header| match header {
                Header::Object(at) => pieces.has_object_at(at),
                Header::Trailer(at) => table.take_if(|table| table.contains(&at)).is_some(),
            });
        self.looked = end;
        Ok(unknown)
    }
}

/// What can be read; `None` for what is wrong with the file there.
fn readable<T>(read: Result<T, Stop>) -> Result<Option<T>, Stop> {
    match read {
        Ok(read) => Ok(Some(read)),
        Err(Stop::Error(Error::Malformed(_) | Error::Unsupported(_))) => Ok(None),
        Err(stop) => Err(stop),
    }
}
