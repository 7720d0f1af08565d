//! Whether every octet of an update belongs to something that its section names.

use super::{is_blank, revisions};
use crate::error::Error;
use crate::limits::Budget;
use crate::pdf::{Document, Pieces};
use crate::signature::Finding;
use crate::source::{Source, Stop};

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
            return found("object numbers up to 8388607", "a higher one");
        }
        let entries = "an object where each entry of an update points";
        if let Some(piece) = self.pieces.own.get(self.passed).copied() {
            if piece.offset < self.at || piece.offset >= self.end {
                return found(entries, "one inside another, or outside of the update");
            }
            if !is_blank(self.at..piece.offset, source, budget)? {
                return found("an update of objects alone", "other octets between them");
            }
            let end = document.end_of_piece(piece, self.revision, source, budget);
            let Some(end) = readable(end)? else {
                return found(entries, "something else");
            };
            if end <= self.at || end > self.end {
                return found("an update of objects alone", "an object without its end");
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
        match document.ends_plainly(self.revision, self.at, source, budget)? {
            true => Ok(Covering::Done),
            false => found(
                "startxref, its number and %%EOF, on a line each",
                "another end of the update",
            ),
        }
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
