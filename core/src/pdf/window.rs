//! Reading values of unknown length from a source.
//!
//! The length of a PDF value is known only when it has been read. A window is opened at its
//! offset, and made larger as long as the value goes on. What is charged is the value, not the
//! windows, so that a document costs the same whatever the pages of the host are.

use super::lexer::{Fault, Lexer};
use crate::error::{Malformed, MalformedKind};
use crate::limits::{Budget, Resource};
use crate::source::{Source, Stop};

/// Most objects are smaller.
const FIRST: u64 = 1 << 10;

/// Reads one value at `at` with `parse`; charges its octets, and what `parse` charges. `parse` may
/// run several times, each time from the beginning, and only the last run is charged.
///
/// # Errors
/// [`Stop`]; after [`Stop::NotHere`] nothing is charged.
pub(super) fn parse_at<T>(
    source: &mut Source,
    at: u64,
    budget: &mut Budget,
    mut parse: impl FnMut(&mut Lexer<'_>, &mut Budget) -> Result<T, Fault>,
) -> Result<T, Stop> {
    let length = source.length();
    if at >= length {
        return Err(Malformed::at(MalformedKind::PdfObject, at).into());
    }
    let mut size = FIRST;
    loop {
        let end = at.saturating_add(size).min(length);
        if size > FIRST {
            budget
                .clone()
                .charge(Resource::StructureBytes, (end - at) / 2)?;
        }
        let octets = source.read(at..end)?;
        let mut lexer = Lexer::new(&octets, at, end == length);
        let mut spent = budget.clone();
        let read = parse(&mut lexer, &mut spent);
        let used = lexer.offset().saturating_sub(at);
        match read {
            Ok(value) => {
                spent.charge(Resource::StructureBytes, used)?;
                *budget = spent;
                return Ok(value);
            }
            Err(Fault::Short) if end < length => size = size.saturating_mul(2),
            Err(fault) => {
                *budget = spent;
                budget.charge(Resource::StructureBytes, used)?;
                return Err(match fault {
                    Fault::Short => Malformed::at(MalformedKind::PdfObject, at).into(),
                    Fault::Malformed(malformed) => malformed.into(),
                    Fault::Limit(limit) => limit.into(),
                });
            }
        }
    }
}

/// Reads a range of known length, charged.
///
/// # Errors
/// [`Stop`]; after [`Stop::NotHere`] nothing is charged. A range that passes the end of the file
/// is malformed.
pub(super) fn read(
    source: &mut Source,
    at: u64,
    length: u64,
    budget: &mut Budget,
) -> Result<crate::source::View, Stop> {
    let end = at
        .checked_add(length)
        .filter(|end| *end <= source.length())
        .ok_or_else(|| Malformed::at(MalformedKind::PdfStream, at))?;
    budget.clone().charge(Resource::StructureBytes, length)?;
    let octets = source.read(at..end)?;
    budget.charge(Resource::StructureBytes, length)?;
    Ok(octets)
}
