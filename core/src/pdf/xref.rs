//! One cross-reference section: a table, or a stream.
//!
//! # Standard
//! ISO 32000-2 §7.5.4 (tables), §7.5.5 (trailer), §7.5.8 (streams, hybrid files).

use super::finding::Finding;
use super::lexer::{Fault, Lexer, Token, is_space};
use super::object::{Dictionary, Object, value};
use crate::error::{Error, Malformed, MalformedKind};
use crate::limits::{Budget, Resource};
use std::ops::Range;

/// Where a section says that an object is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Entry {
    /// The object does not exist, or no longer.
    Free,
    /// At an offset in the file, counted as the file counts.
    InFile {
        /// Offset.
        offset: u64,
        /// Generation.
        generation: u16,
    },
    /// In an object stream.
    InStream {
        /// Object number of the stream.
        container: u32,
        /// Position in it, from 0.
        index: u32,
    },
}

/// What an entry costs: it is held in the section that is read and in the history of its object.
const HELD: u64 = 2;

/// Entries and trailer of a section.
#[derive(Clone, Debug, Default)]
pub(super) struct Section {
    pub(super) entries: Vec<(u32, Entry)>,
    pub(super) trailer: Dictionary,
    pub(super) findings: Vec<Finding>,
    is_loose: bool,
}

/// The end of an update: `startxref`, its number, `%%EOF`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Tail {
    pub(super) startxref: Option<u64>,
    /// From right after `%%EOF` to after the end of line that follows, if one does.
    pub(super) end: Option<Range<u64>>,
}

/// Reads a table and its trailer; `xref` has been read.
pub(super) fn table(lexer: &mut Lexer<'_>, budget: &mut Budget) -> Result<Section, Fault> {
    let mut section = Section::default();
    loop {
        let at = lexer.clone();
        match lexer.token()? {
            Token::Keyword(b"trailer") => break,
            Token::Integer(first) => {
                let first = u32::try_from(first);
                let count = match lexer.token()? {
                    Token::Integer(count) => u32::try_from(count),
                    _ => return Err(wrong(&at)),
                };
                let (Ok(first), Ok(count)) = (first, count) else {
                    return Err(wrong(&at));
                };
                subsection(lexer, first, count, &mut section, budget)?;
            }
            _ => return Err(wrong(&at)),
        }
    }
    let at = lexer.clone();
    match value(lexer, budget)? {
        Object::Dictionary(trailer) => section.trailer = trailer,
        _ => return Err(at.malformed(MalformedKind::PdfTrailer)),
    }
    Ok(section)
}

fn wrong(at: &Lexer<'_>) -> Fault {
    at.malformed(MalformedKind::PdfCrossReference)
}

/// ISO 32000-2 §7.5.4: ten digits, a space, five digits, a space, the keyword.
fn has_fixed_form(entry: &[u8]) -> bool {
    // What stands before an entry is the end of the line above it.
    let is_above = |octet: &u8| matches!(octet, b'\r' | b'\n' | b' ');
    let start = entry.iter().position(|octet| !is_above(octet));
    let entry = start.and_then(|start| entry.get(start..)?.get(..18));
    entry.is_some_and(|entry| {
        entry.iter().enumerate().all(|(index, octet)| match index {
            10 | 16 => *octet == b' ',
            17 => matches!(octet, b'n' | b'f'),
            _ => octet.is_ascii_digit(),
        })
    })
}

fn subsection(
    lexer: &mut Lexer<'_>,
    mut first: u32,
    count: u32,
    section: &mut Section,
    budget: &mut Budget,
) -> Result<(), Fault> {
    for index in 0..count {
        let at = lexer.clone();
        let (Token::Integer(offset), Token::Integer(generation), Token::Keyword(kind)) =
            (lexer.token()?, lexer.token()?, lexer.token()?)
        else {
            return Err(wrong(&at));
        };
        if !section.is_loose && !has_fixed_form(at.rest()) {
            section.is_loose = true;
            let offset = at.offset();
            section.findings.push(Finding::LooseEntries { offset });
        }
        budget.charge(Resource::Entries, HELD)?;
        let offset = u64::try_from(offset).map_err(|_| wrong(&at))?;
        let generation = match u16::try_from(generation) {
            Ok(generation) => generation,
            // One above the highest at the head of the free list: nobody is asked for it.
            Err(_) if kind == b"f" && generation == 65_536 => u16::MAX,
            Err(_) => return Err(wrong(&at)),
        };
        // The head of the free list belongs to object 0; some writers number their tables from 1.
        if index == 0 && first == 1 && kind == b"f" && generation == u16::MAX {
            first = 0;
            section.findings.push(Finding::TableFromOne {
                offset: at.offset(),
            });
        }
        let entry = match kind {
            b"n" if offset > 0 => Entry::InFile { offset, generation },
            b"n" | b"f" => Entry::Free,
            _ => return Err(wrong(&at)),
        };
        let number = first.checked_add(index).ok_or_else(|| wrong(&at))?;
        section.entries.push((number, entry));
    }
    Ok(())
}

/// Reads the decoded data of a cross-reference stream; `at` is its place, for errors.
pub(super) fn stream(
    dictionary: &Dictionary,
    data: &[u8],
    at: u64,
    budget: &mut Budget,
) -> Result<Section, Error> {
    let wrong = || Error::from(Malformed::at(MalformedKind::PdfCrossReference, at));
    let numbers = |key| -> Result<Option<Vec<u64>>, Error> {
        dictionary
            .get(key)
            .map(|value| {
                let elements = value.as_array().ok_or_else(wrong)?;
                let numbers = elements
                    .iter()
                    .map(Object::as_unsigned)
                    .collect::<Option<_>>();
                numbers.ok_or_else(wrong)
            })
            .transpose()
    };
    let widths = numbers("W")?.ok_or_else(wrong)?;
    let &[kind_width, second_width, third_width] = widths.as_slice() else {
        return Err(wrong());
    };
    if widths.iter().any(|width| *width > 8) || widths.iter().all(|width| *width == 0) {
        return Err(wrong());
    }
    let size = dictionary.get("Size").and_then(Object::as_unsigned);
    let index = match numbers("Index")? {
        Some(index) => index,
        None => vec![0, size.ok_or_else(wrong)?],
    };

    let mut section = Section {
        trailer: dictionary.clone(),
        ..Section::default()
    };
    let mut rest = data;
    let mut field = |width: u64| -> Option<u64> {
        let (octets, after) = rest.split_at_checked(usize::try_from(width).ok()?)?;
        rest = after;
        Some(
            octets
                .iter()
                .fold(0, |sum, octet| sum << 8 | u64::from(*octet)),
        )
    };
    for range in index.chunks(2) {
        let &[first, count] = range else {
            return Err(wrong());
        };
        for number in first..first.checked_add(count).ok_or_else(wrong)? {
            budget.charge(Resource::Entries, HELD)?;
            let number = u32::try_from(number).map_err(|_| wrong())?;
            let (Some(kind), Some(second), Some(third)) =
                (field(kind_width), field(second_width), field(third_width))
            else {
                return Err(wrong());
            };
            // §7.5.8.2: without a first field every entry is of type 1.
            let entry = match if kind_width == 0 { 1 } else { kind } {
                0 => Entry::Free,
                1 if second == 0 => Entry::Free,
                1 => Entry::InFile {
                    offset: second,
                    generation: u16::try_from(third).map_err(|_| wrong())?,
                },
                2 => Entry::InStream {
                    container: u32::try_from(second).map_err(|_| wrong())?,
                    index: u32::try_from(third).map_err(|_| wrong())?,
                },
                // "shall be interpreted as a reference to the null object"
                _ => Entry::Free,
            };
            section.entries.push((number, entry));
        }
    }
    Ok(section)
}

/// Reads what follows a section. What is missing is a fact, not an error.
pub(super) fn tail(lexer: &mut Lexer<'_>) -> Result<Tail, Fault> {
    let mut tail = Tail::default();
    let mut ahead = lexer.clone();
    match (ahead.token(), ahead.token()) {
        (Err(Fault::Short), _) | (_, Err(Fault::Short)) => return Err(Fault::Short),
        (Ok(Token::Keyword(b"startxref")), Ok(Token::Integer(number))) => {
            tail.startxref = u64::try_from(number).ok();
        }
        _ => return Ok(tail),
    }
    while ahead.peek().is_some_and(is_space) {
        ahead.skip(1);
    }
    match ahead.rest() {
        [b'%', b'%', b'E', b'O', b'F', after @ ..] => {
            let line_end = match after {
                [b'\r', b'\n', ..] => 2,
                [b'\r'] if !ahead.is_last() => return Err(Fault::Short),
                [b'\r' | b'\n', ..] => 1,
                [] if !ahead.is_last() => return Err(Fault::Short),
                _ => 0,
            };
            ahead.skip(5);
            let marker = ahead.offset();
            ahead.skip(line_end);
            tail.end = Some(marker..ahead.offset());
            *lexer = ahead;
        }
        rest if rest.len() < 5 && !ahead.is_last() => return Err(Fault::Short),
        _ => {}
    }
    Ok(tail)
}

/// The last `startxref` of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct LastStartxref {
    pub(super) stated: u64,
    /// Where the keyword stands.
    pub(super) offset: u64,
    /// ISO 32000-2 §7.5.5: the keyword, the number and `%%EOF` stand on a line each.
    pub(super) is_on_lines: bool,
}

/// The last `startxref` in the last octets of a file.
pub(super) fn last_startxref(octets: &[u8], base: u64) -> Option<Result<LastStartxref, Fault>> {
    const KEYWORD: &[u8] = b"startxref";
    let found = octets
        .windows(KEYWORD.len())
        .rposition(|window| window == KEYWORD)?;
    let offset = base.saturating_add(u64::try_from(found).unwrap_or(u64::MAX));
    let mut lexer = Lexer::new(octets.get(found..).unwrap_or_default(), offset, true);
    lexer.skip(KEYWORD.len());
    let at = lexer.clone();
    let stated = match lexer.token() {
        Ok(Token::Integer(number)) => u64::try_from(number).ok(),
        _ => None,
    };
    let Some(stated) = stated else {
        return Some(Err(at.malformed(MalformedKind::PdfStartxref)));
    };
    let is_line_end = |octet: &u8| matches!(octet, b'\r' | b'\n');
    let between = at.rest().iter().take_while(|octet| is_space(**octet));
    let mut after = lexer.rest().iter().skip_while(|octet| is_space(**octet));
    let is_on_lines = between.clone().any(is_line_end)
        && lexer
            .rest()
            .iter()
            .take_while(|octet| is_space(**octet))
            .any(is_line_end)
        && after.next() == Some(&b'%');
    Some(Ok(LastStartxref {
        stated,
        offset,
        is_on_lines,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::limits::Limits;
    use std::sync::Arc;

    fn read_table(text: &[u8]) -> Result<Section, Fault> {
        table(&mut Lexer::new(text, 0, true), &mut Budget::default())
    }

    fn read_stream(text: &str, data: &[u8]) -> Result<Section, Error> {
        let mut budget = Budget::default();
        let object = value(&mut Lexer::new(text.as_bytes(), 0, true), &mut budget).unwrap();
        stream(object.as_dictionary().unwrap(), data, 0, &mut budget)
    }

    #[test]
    fn a_table_of_two_subsections() {
        let section = read_table(
            b" 0 2\n0000000000 65535 f \n0000000017 00000 n \n7 1\r\n0000000099 00002 n\r\ntrailer<</Size 8>>",
        )
        .unwrap();
        let in_file = |offset, generation| Entry::InFile { offset, generation };
        assert_eq!(
            section.entries,
            [(0, Entry::Free), (1, in_file(17, 0)), (7, in_file(99, 2))]
        );
        assert_eq!(section.trailer.get("Size"), Some(&Object::Integer(8)));
        assert!(section.findings.is_empty());
    }

    #[test]
    fn a_table_numbered_from_one_is_repaired_and_said_so() {
        let section =
            read_table(b"1 2\n0000000000 65535 f \n0000000017 00000 n \ntrailer<<>>").unwrap();
        assert_eq!(section.entries[1].0, 1);
        assert!(matches!(
            section.findings[..],
            [Finding::TableFromOne { .. }]
        ));
    }

    #[test]
    fn a_free_entry_one_above_the_highest_generation_is_free() {
        let table = b"0 1\n0000000000 65536 f \ntrailer<<>>";
        let section = read_table(table).unwrap();
        assert_eq!(section.entries, [(0, Entry::Free)]);
    }

    #[test]
    fn tables_with_wrong_entries_are_malformed() {
        for text in [
            &b"0 1\n0000000000 65535 x\ntrailer<<>>"[..],
            b"0 1\n-000000001 65535 f\ntrailer<<>>",
            b"0 1\n0000000000 65537 f\ntrailer<<>>",
            b"-1 1\n0000000000 65535 f\ntrailer<<>>",
            b"4294967295 2\n0000000001 0 n\n0000000001 0 n\ntrailer<<>>",
            b"0 9999999999\ntrailer<<>>",
            b"0 2\n0000000000 65535 f\ntrailer<<>>",
            b"0 1\n0000000000 65535 f\ntrailer[]",
            b"0 1\n0000000000 65535 f\nstartxref",
            b"",
        ] {
            assert!(
                matches!(read_table(text), Err(Fault::Malformed(_))),
                "{text:?}"
            );
        }
    }

    #[test]
    fn a_stream_with_all_types_of_entries() {
        let section = read_stream(
            "<</W[1 2 1]/Index[0 2 9 2]>>",
            &[0, 0, 0, 255, 1, 1, 2, 3, 2, 0, 7, 4, 5, 1, 1, 1],
        )
        .unwrap();
        assert_eq!(
            section.entries,
            [
                (0, Entry::Free),
                (
                    1,
                    Entry::InFile {
                        offset: 258,
                        generation: 3
                    }
                ),
                (
                    9,
                    Entry::InStream {
                        container: 7,
                        index: 4
                    }
                ),
                (10, Entry::Free),
            ]
        );
        let section = read_stream("<</W[0 1 0]/Size 1>>", &[9]).unwrap();
        assert_eq!(
            section.entries,
            [(
                0,
                Entry::InFile {
                    offset: 9,
                    generation: 0
                }
            )]
        );
    }

    #[test]
    fn streams_with_wrong_dictionaries_or_too_little_data_are_malformed() {
        for text in [
            "<<>>",
            "<</W 1/Size 1>>",
            "<</W[1 1]/Size 1>>",
            "<</W[0 0 0]/Size 1>>",
            "<</W[9 1 1]/Size 1>>",
            "<</W[1 -1 1]/Size 1>>",
            "<</W[1 1 1]>>",
            "<</W[1 1 1]/Index[0]>>",
            "<</W[1 1 1]/Index[0 2]>>",
            "<</W[1 1 1]/Index[4294967296 1]>>",
            "<</W[1 1 1]/Index[1 9223372036854775807]>>",
        ] {
            assert!(
                matches!(read_stream(text, &[1, 1, 1]), Err(Error::Malformed(_))),
                "{text}"
            );
        }
    }

    #[test]
    fn entries_are_charged_before_they_are_made() {
        let limits = Limits {
            entries: 1,
            ..Limits::default()
        };
        let mut budget = Budget::new(Arc::new(limits));
        let mut lexer = Lexer::new(b"0 2\n1 0 n\n2 0 n\ntrailer<<>>", 0, true);
        assert!(matches!(
            table(&mut lexer, &mut budget),
            Err(Fault::Limit(_))
        ));
    }

    #[test]
    fn the_tail_knows_where_the_update_ends() {
        let read = |text: &[u8]| tail(&mut Lexer::new(text, 10, true)).unwrap();
        assert_eq!(read(b"\nstartxref\n55\n%%EOF\r\n1").end, Some(29..31));
        assert_eq!(read(b"\nstartxref\n55\n%%EOF\r").end, Some(29..30));
        assert_eq!(read(b"\nstartxref\n55\n%%EOF").end, Some(29..29));
        assert_eq!(read(b"\nstartxref\n55\n%%EOF").startxref, Some(55));
        assert_eq!(read(b"\nstartxref\n55\n%EOF").end, None);
        assert_eq!(read(b"\nstartxref\n-5\n%%EOF").startxref, None);
        assert_eq!(read(b"1 0 obj").startxref, None);
    }

    #[test]
    fn the_last_startxref_counts() {
        let text = b"startxref 5 %%EOF startxref\n77\n%%EOF";
        let last = last_startxref(text, 0).unwrap().unwrap();
        assert_eq!((last.stated, last.offset, last.is_on_lines), (77, 18, true));
        assert_eq!(last_startxref(b"no", 0), None);
        assert!(matches!(
            last_startxref(b"startxref x", 0),
            Some(Err(Fault::Malformed(_)))
        ));
        assert!(matches!(
            last_startxref(b"startxref -1", 0),
            Some(Err(Fault::Malformed(_)))
        ));
        for text in [
            &b"startxref 77\n%%EOF"[..],
            b"startxref\n77 %%EOF",
            b"startxref\n77\n77\n%%EOF",
            b"startxref\n77\n",
        ] {
            let last = last_startxref(text, 0).unwrap().unwrap();
            assert_eq!((last.stated, last.is_on_lines), (77, false), "{text:?}");
        }
    }

    #[test]
    fn entries_of_another_width_are_said() {
        let loose = |text: &[u8]| {
            let found = read_table(text).unwrap().findings;
            matches!(found[..], [Finding::LooseEntries { .. }])
        };
        assert!(loose(b"0 1\n         0 65535 f \ntrailer<<>>"));
        assert!(loose(b"0 1\n0000000000 0 f \ntrailer<<>>"));
        assert!(loose(b"0 1\n00000000000 65535 f \ntrailer<<>>"));
        assert!(!loose(b"0 1\n0000000000 65535 f \ntrailer<<>>"));
        assert!(!loose(b"0 1\n0000000000 65535 f\r\ntrailer<<>>"));
    }
}
