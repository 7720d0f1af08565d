//! The cursor that opens a document: header, cross-reference chain, signature fields, store.
//!
//! # Standard
//! ISO 32000-2 §7.5.2 (header), §7.5.5 (startxref), §7.5.6 (incremental updates), §7.5.8.4 (hybrid
//! files), annex F (linearised files).

use super::authentication;
use super::document::{Document, Revision, stream_octets};
use super::encryption::{Encryption, Password};
use super::fields::FieldWalk;
use super::finding::Finding;
use super::lexer::{Fault, Lexer, Token};
use super::object::{Object, Stream, indirect};
use super::repair;
use super::window;
use super::xref::{self, Entry, Section, Tail};
use crate::error::{Error, Malformed, MalformedKind};
use crate::limits::{Budget, Resource};
use crate::source::{Advance, Source, Stop};
use std::collections::BTreeSet;
use std::ops::Range;

/// Readers accept a header within the first kilobyte (ISO 32000-2 §7.5.2 wants it first).
const HEADER_WITHIN: u64 = 1024;
/// How far from the end `startxref` is looked for: signed files met end with much less.
const END_WITHIN: u64 = 1 << 20;

/// Opens a document step by step.
///
/// One [`Opening::advance`] is one section of the cross-reference chain, one form field, one
/// signature dictionary or one stream of the document security store. It reads everything it
/// needs first, then charges, parses and commits.
#[derive(Clone, Debug)]
pub struct Opening {
    document: Document,
    phase: Phase,
    /// Newest first.
    sections: Vec<Loaded>,
    seen: BTreeSet<u64>,
    /// The first octets say that the file is linearised.
    is_linearized: bool,
    /// Where the last `startxref` stands.
    startxref: u64,
    password: Option<Password>,
}

#[derive(Clone, Debug)]
enum Phase {
    Header,
    End { size: u64 },
    Repair { end: u64, failed: Error },
    Section { stated: u64 },
    Hybrid { stated: u64 },
    Encryption,
    Fields(FieldWalk),
    Done,
}

#[derive(Clone, Debug)]
struct Loaded {
    /// Where it was looked for.
    offset: u64,
    /// Where it begins: behind white space.
    begin: u64,
    has_stream: bool,
    section: Section,
    hybrid: Option<Section>,
    tail: Tail,
    /// Where its trailer or its data ends.
    end: u64,
}

impl Opening {
    /// Begins with the document that `source` holds.
    #[must_use]
    pub fn new(source: &Source) -> Self {
        Self {
            document: Document::new(source.length()),
            phase: Phase::Header,
            sections: Vec::new(),
            seen: BTreeSet::new(),
            is_linearized: false,
            startxref: 0,
            password: None,
        }
    }

    /// The password to try when the empty one does not open the document.
    #[must_use]
    pub fn with_password(mut self, password: Option<Password>) -> Self {
        self.password = password;
        self
    }

    /// Does the next step.
    ///
    /// # Errors
    /// [`Stop::NotHere`] when pages are missing: call again when they have come. Otherwise the
    /// document cannot be read far enough to look for signatures.
    pub fn advance(
        &mut self,
        source: &mut Source,
        budget: &mut Budget,
    ) -> Result<Advance<Document>, Stop> {
        // Charges and state are committed together: a step that stops for a page charges nothing.
        let mut spent = budget.clone();
        let next = self.step(source, &mut spent);
        if matches!(next, Err(Stop::NotHere)) {
            return Err(Stop::NotHere);
        }
        *budget = spent;
        if let Some(next) = next? {
            self.phase = next;
        }
        source.commit();
        Ok(match self.phase {
            Phase::Done => Advance::Done(std::mem::replace(&mut self.document, Document::new(0))),
            _ => Advance::More,
        })
    }

    /// The next phase; `None` when the walk over the fields goes on.
    fn step(&mut self, source: &mut Source, budget: &mut Budget) -> Result<Option<Phase>, Stop> {
        match &mut self.phase {
            Phase::Header => self.header(source, budget).map(Some),
            Phase::End { size } => {
                let size = *size;
                self.end(size, source, budget).map(Some)
            }
            Phase::Repair { end, failed } => {
                let (end, failed) = (*end, failed.clone());
                self.repair(end, failed, source, budget).map(Some)
            }
            Phase::Section { stated } => {
                let stated = *stated;
                self.section(stated, source, budget).map(Some)
            }
            Phase::Hybrid { stated } => {
                let stated = *stated;
                self.hybrid(stated, source, budget).map(Some)
            }
            Phase::Encryption => self.encryption(source, budget).map(Some),
            Phase::Fields(walk) => match walk.advance(&mut self.document, source, budget)? {
                Advance::More => Ok(None),
                Advance::Done(()) => {
                    self.document.supersede();
                    Ok(Some(Phase::Done))
                }
            },
            Phase::Done => Ok(Some(Phase::Done)),
        }
    }

    fn header(&mut self, source: &mut Source, budget: &mut Budget) -> Result<Phase, Stop> {
        let length = source.length().min(HEADER_WITHIN);
        let octets = window::read(source, 0, length, budget)?;
        let junk = octets
            .windows(5)
            .position(|window| window == b"%PDF-")
            .ok_or_else(|| Malformed::at(MalformedKind::PdfHeader, 0))?;
        // ISO 32000-2 §7.5.2: `%PDF-`, a digit, a full stop, a digit.
        let version = octets.get(junk.saturating_add(5)..).unwrap_or_default();
        if !matches!(version, [b'0'..=b'9', b'.', b'0'..=b'9', ..]) {
            self.document.note(Finding::HeaderWithoutVersion);
        }
        const LINEARIZED: &[u8] = b"/Linearized";
        let mut windows = octets.windows(LINEARIZED.len());
        self.is_linearized = windows.any(|window| window == LINEARIZED);
        let junk = u64::try_from(junk).unwrap_or(u64::MAX);
        if junk > 0 {
            self.document
                .note(Finding::DataBeforeHeader { length: junk });
        }
        self.document.base = junk;
        Ok(Phase::End {
            size: HEADER_WITHIN,
        })
    }

    fn end(&mut self, size: u64, source: &mut Source, budget: &mut Budget) -> Result<Phase, Stop> {
        let length = source.length();
        let from = length.saturating_sub(size);
        let octets = window::read(source, from, length - from, budget)?;
        match xref::last_startxref(&octets, from) {
            Some(Ok(last)) => {
                if !last.is_on_lines {
                    let offset = last.offset;
                    self.document.note(Finding::StartxrefOnOneLine { offset });
                }
                let stated = last.stated;
                self.startxref = last.offset;
                Ok(Phase::Section { stated })
            }
            None if from > 0 && size < END_WITHIN => Ok(Phase::End {
                size: size.saturating_mul(4),
            }),
            None => Ok(Phase::Repair {
                end: length,
                failed: Malformed::at(MalformedKind::PdfStartxref, length).into(),
            }),
            Some(Err(fault)) => Ok(Phase::Repair {
                end: length,
                failed: super::document::fault_error(fault),
            }),
        }
    }

    fn section(
        &mut self,
        stated: u64,
        source: &mut Source,
        budget: &mut Budget,
    ) -> Result<Phase, Stop> {
        budget.charge(Resource::Revisions, 1)?;
        let base = if self.sections.is_empty() {
            0
        } else {
            self.document.base
        };
        self.document.parses += 1;
        let mut loaded = load(stated.saturating_add(base), source, budget);
        // Offsets count from the first octet of the file; in files with something before the
        // header some writers count from the header. The first section decides for all.
        let junk = self.document.base;
        if self.sections.is_empty() && junk > 0 {
            match loaded {
                Err(Stop::Error(Error::Malformed(_))) => {
                    self.document.parses += 1;
                    loaded = load(stated.saturating_add(junk), source, budget);
                    if loaded.is_ok() {
                        self.document.note(Finding::OffsetsFromHeader);
                    }
                }
                Ok(_) => self.document.base = 0,
                Err(_) => {}
            }
        }
        let loaded = match loaded {
            Err(Stop::NotHere) => {
                // The choice of the base is made again with the pages at hand.
                self.document.base = junk;
                return Err(Stop::NotHere);
            }
            Err(Stop::Error(failed @ Error::Malformed(_))) if self.sections.is_empty() => {
                let end = self.startxref;
                return Ok(Phase::Repair { end, failed });
            }
            other => other?,
        };
        self.take(loaded)
    }

    /// Looks for the newest section where nothing leads to one: in what a signature would be over,
    /// other readers find another one, so this is a fact that no signature survives. A section
    /// without one before it is an original; in a linearised file it may be half of one.
    fn repair(
        &mut self,
        end: u64,
        failed: Error,
        source: &mut Source,
        budget: &mut Budget,
    ) -> Result<Phase, Stop> {
        let from = end.saturating_sub(END_WITHIN);
        let octets = window::read(source, from, end - from, budget)?;
        let Some(candidate) = repair::newest_section(&octets) else {
            return Err(failed.into());
        };
        self.document.parses += 1;
        let at = from.saturating_add(u64::try_from(candidate.at).unwrap_or(u64::MAX));
        let loaded = match load(at, source, budget) {
            Err(Stop::Error(Error::Malformed(_))) => return Err(failed.into()),
            loaded => loaded?,
        };
        let has_previous = loaded.section.trailer.get("Prev").is_some();
        if !has_previous && (candidate.is_update || self.is_linearized) {
            return Err(failed.into());
        }
        // Which octet the writer counted from is not known any more: the first one is the rule.
        self.document.base = 0;
        self.document
            .note(Finding::StartxrefRepaired { section: at });
        self.take(loaded)
    }

    /// Goes on with a section that was read.
    fn take(&mut self, loaded: Loaded) -> Result<Phase, Stop> {
        if loaded.begin != loaded.offset {
            let section = loaded.begin;
            self.document.note(Finding::SpaceBeforeSection { section });
        }
        if !self.seen.insert(loaded.offset) {
            return Err(Malformed::at(MalformedKind::PdfCrossReferenceLoop, loaded.offset).into());
        }
        let hybrid = number(&loaded, "XRefStm")?.filter(|_| !loaded.has_stream);
        let previous = number(&loaded, "Prev")?;
        let octets = loaded.offset..loaded.end;
        self.document.sections.push(octets);
        self.sections.push(loaded);
        match hybrid {
            Some(stated) => Ok(Phase::Hybrid { stated }),
            None => self.previous(previous),
        }
    }

    fn hybrid(
        &mut self,
        stated: u64,
        source: &mut Source,
        budget: &mut Budget,
    ) -> Result<Phase, Stop> {
        let at = stated.saturating_add(self.document.base);
        let wrong = Malformed::at(MalformedKind::PdfCrossReference, at);
        self.document.parses += 1;
        let read = load(at, source, budget)?;
        let Some(table) = self.sections.last_mut() else {
            return Err(wrong.into());
        };
        // ISO 32000-2 §7.5.8.4: the stream belongs to the update of its table, so it stands before it.
        if !read.has_stream || read.offset >= table.offset {
            return Err(wrong.into());
        }
        table.hybrid = Some(read.section);
        self.document.sections.push(read.offset..read.end);
        let previous = number(table, "Prev")?;
        self.previous(previous)
    }

    fn previous(&mut self, previous: Option<u64>) -> Result<Phase, Stop> {
        if let Some(stated) = previous {
            if self
                .seen
                .contains(&stated.saturating_add(self.document.base))
            {
                let kind = MalformedKind::PdfCrossReferenceLoop;
                return Err(Malformed::at(kind, stated).into());
            }
            return Ok(Phase::Section { stated });
        }
        self.build();
        Ok(Phase::Encryption)
    }

    /// Finds the key of an encrypted document. Where trailers differ about it nothing is decrypted:
    /// whose document it is is open, and every signature fails for that.
    fn encryption(&mut self, source: &mut Source, budget: &mut Budget) -> Result<Phase, Stop> {
        let findings = &self.document.findings;
        if findings.contains(&Finding::EncryptionChanged) {
            return Ok(Phase::Fields(FieldWalk::new(&self.document)?));
        }
        let mut trailers = self.document.revisions.iter().rev();
        let encrypted = trailers.find_map(|revision| {
            let value = revision.trailer.get("Encrypt")?.clone();
            Some((value, revision.trailer.get("ID").cloned()))
        });
        if let Some((value, identifier)) = encrypted {
            let newest = self.document.newest();
            let mut plain = |object: &Object| self.document.resolve(object, newest, source, budget);
            let wrong = || Malformed::within(MalformedKind::PdfEncryption, "Encrypt");
            let identifier = plain(&identifier.unwrap_or(Object::Null))?;
            let first = identifier.as_array().and_then(|all| all.first());
            let first = plain(first.unwrap_or(&Object::Null))?;
            let identifier = first.as_string().map(|first| first.octets.clone());
            let holder = value.as_reference();
            let Object::Dictionary(stored) = plain(&value)? else {
                return Err(wrong().into());
            };
            let mut dictionary = stored.clone();
            for (key, value) in stored.iter() {
                let mut value = plain(value)?;
                if key == b"CF"
                    && let Object::Dictionary(filters) = &value
                {
                    let mut resolved = filters.clone();
                    for (name, filter) in filters.iter() {
                        resolved.put(name, plain(filter)?);
                    }
                    value = Object::Dictionary(resolved);
                }
                dictionary.put(key, value);
            }
            let identifier = identifier.as_deref().unwrap_or_default();
            let password = self.password.as_ref();
            let encryption = Encryption::open(&dictionary, holder, identifier, password)?;
            self.document.has_code_salt = authentication::has_salt(&dictionary);
            self.document.encryption = Some(encryption);
        }
        Ok(Phase::Fields(FieldWalk::new(&self.document)?))
    }

    /// Makes revisions of the sections, oldest first.
    fn build(&mut self) {
        let sections = std::mem::take(&mut self.sections);
        let base = self.document.base;
        let is_linearized = matches!(
            sections.as_slice(),
            [.., first_page, main] if first_page.offset < main.offset
        );
        let original = sections
            .len()
            .saturating_sub(if is_linearized { 2 } else { 1 });
        let mut older: Vec<Loaded> = sections;
        let first = older.split_off(original);
        let mut groups = vec![first];
        groups.extend(older.into_iter().rev().map(|section| vec![section]));

        let mut before: Option<u64> = None;
        for (index, group) in groups.iter_mut().enumerate() {
            let end = group.iter().filter_map(|loaded| loaded.tail.end.clone());
            let end = end.max_by_key(|end| end.start);
            let Some(newest) = group.first() else {
                continue;
            };
            let last = group
                .iter()
                .max_by_key(|loaded| loaded.offset)
                .unwrap_or(newest);
            if end.is_none() {
                let section = last.offset;
                self.document.note(Finding::UnfinishedUpdate { section });
            }
            let startxref = last
                .tail
                .startxref
                .map(|stated| stated.saturating_add(base));
            let section = newest.offset;
            let repaired = Finding::StartxrefRepaired { section };
            let is_repaired = self.document.findings.contains(&repaired);
            if startxref.is_some_and(|startxref| startxref != section) && !is_repaired {
                self.document.note(Finding::StartxrefElsewhere { section });
            }
            if before.is_some_and(|before| newest.offset <= before) {
                let section = newest.offset;
                self.document.note(Finding::PreviousIsLater { section });
            }
            before = Some(last.offset);
            let revision = Revision {
                section: newest.offset,
                begin: newest.begin,
                has_stream: newest.has_stream,
                is_linearized: group.len() > 1,
                trailer: newest.section.trailer.clone(),
                end,
            };
            if let Some(older) = self.document.revisions.last() {
                let same = |key| older.trailer.get(key) == revision.trailer.get(key);
                let (catalog, encryption) = (same("Root"), same("Encrypt"));
                if !catalog {
                    self.document.note(Finding::CatalogChanged);
                }
                if !encryption {
                    self.document.note(Finding::EncryptionChanged);
                }
            }
            self.document.revisions.push(revision);
            for loaded in group {
                self.entries(index, loaded);
            }
        }
        // ISO 32000-2 §7.5.5: an object whose number is not below /Size is missing. Who takes that
        // by the letter sees less than who does not.
        let mut numbers = self.document.history.iter().rev();
        let highest = numbers.find(|(_, all)| {
            let newest = all.last();
            newest.is_some_and(|(_, entry)| *entry != Entry::Free)
        });
        let size = self.document.trailer().get("Size");
        let size = size.and_then(Object::as_unsigned);
        if let (Some((number, _)), Some(size)) = (highest, size)
            && u64::from(*number) >= size
        {
            let number = *number;
            self.document.note(Finding::SizeTooSmall { number });
        }
        let end = self
            .document
            .revisions
            .last()
            .and_then(|newest| newest.end.clone());
        if let Some(end) = end.filter(|end: &Range<u64>| end.end < self.document.length) {
            let length = self.document.length - end.end;
            self.document.note(Finding::DataAfterEnd { length });
        }
    }

    fn entries(&mut self, revision: usize, loaded: &mut Loaded) {
        for finding in loaded.section.findings.drain(..) {
            self.document.note(finding);
        }
        let table = std::mem::take(&mut loaded.section.entries);
        let hybrid = loaded.hybrid.take().map(|section| section.entries);
        let hidden_by = hybrid.iter().flatten().chain(&table);
        let mut places: Vec<(u32, u32, u32)> = hidden_by
            .filter_map(|(number, entry)| match entry {
                Entry::InStream { container, index } => Some((*container, *index, *number)),
                _ => None,
            })
            .collect();
        places.sort_unstable();
        places.dedup();
        let shared = places.windows(2).find_map(|pair| match pair {
            [(a, first, _), (b, second, _)] if a == b && first == second => Some(*a),
            _ => None,
        });
        if let Some(container) = shared {
            self.document.note(Finding::SharedPlace { container });
        }
        let own = table.into_iter().map(|entry| (entry, false));
        let hidden = hybrid.into_iter().flatten().map(|entry| (entry, true));
        for ((number, entry), is_hidden) in own.chain(hidden) {
            // Most objects are defined once; a vector grown from nothing has room for four.
            let definitions = self.document.history.entry(number);
            let definitions = definitions.or_insert_with(|| Vec::with_capacity(1));
            match definitions.last_mut() {
                Some((last, found)) if *last == revision => {
                    if *found == entry || number == 0 {
                        continue;
                    }
                    // ISO 32000-2 §7.5.8.4: the table calls free what only the stream knows.
                    if is_hidden && *found == Entry::Free {
                        *found = entry;
                    } else if is_hidden {
                        self.document.note(Finding::HybridConflict { number });
                    } else {
                        self.document.note(Finding::DuplicateEntry { number });
                    }
                }
                _ => definitions.push((revision, entry)),
            }
        }
    }
}

/// A whole number in the trailer of a section.
fn number(loaded: &Loaded, key: &str) -> Result<Option<u64>, Malformed> {
    loaded
        .section
        .trailer
        .get(key)
        .map(|value| {
            let wrong = Malformed::at(MalformedKind::PdfTrailer, loaded.offset);
            value.as_unsigned().ok_or(wrong)
        })
        .transpose()
}

enum Read {
    Table(Section, Tail, u64),
    Stream(Stream),
}

impl Document {
    /// Every reader begins with the last `startxref`, and follows the chain from there. What stands
    /// behind a section in a revision under the first signed one is followed by nobody, neither in
    /// the file nor in what a signature is over.
    fn supersede(&mut self) {
        let signed = self.signatures.iter();
        let signed = signed.map(|field| field.dictionary.as_ref().ok()?.signed_revision);
        let first = signed.collect::<Option<Vec<_>>>();
        let Some(first) = first.and_then(|signed| signed.into_iter().min()) else {
            return;
        };
        let older: BTreeSet<u64> = self
            .revisions
            .iter()
            .take(first)
            .map(|revision| revision.section)
            .collect();
        for finding in &mut self.findings {
            if let Finding::StartxrefElsewhere { section } = *finding
                && older.contains(&section)
            {
                *finding = Finding::StartxrefSuperseded { section };
            }
        }
    }
}

/// Reads the section at an offset.
fn load(at: u64, source: &mut Source, budget: &mut Budget) -> Result<Loaded, Stop> {
    let (read, begin) = window::parse_at(source, at, budget, |lexer, budget| {
        lexer.skip_space();
        let begin = lexer.offset();
        let mut ahead = lexer.clone();
        if ahead.token()? == Token::Keyword(b"xref") {
            *lexer = ahead;
            let section = xref::table(lexer, budget)?;
            let end = lexer.offset();
            return Ok((Read::Table(section, xref::tail(lexer)?, end), begin));
        }
        match indirect(lexer, budget)?.value {
            Object::Stream(stream) if stream.dictionary.is("Type", "XRef") => {
                Ok((Read::Stream(stream), begin))
            }
            _ => Err(lexer.malformed(MalformedKind::PdfCrossReference)),
        }
    })?;
    let stream = match read {
        Read::Stream(stream) => stream,
        Read::Table(section, tail, end) => {
            return Ok(Loaded {
                offset: at,
                begin,
                has_stream: false,
                section,
                hybrid: None,
                tail,
                end,
            });
        }
    };
    // ISO 32000-2 §7.5.8.2: all values of this dictionary are direct.
    let length = stream
        .dictionary
        .get("Length")
        .and_then(Object::as_unsigned);
    let data = stream_octets(&stream, length, source, budget)?;
    let section = xref::stream(&stream.dictionary, &data, at, budget)?;
    let after = stream
        .data_offset
        .saturating_add(length.unwrap_or_default());
    let tail = window::parse_at(source, after, budget, |lexer, _| {
        match (lexer.token()?, end_of_object(lexer)?) {
            (Token::Keyword(b"endstream"), true) => xref::tail(lexer),
            _ => Ok(Tail::default()),
        }
    })?;
    Ok(Loaded {
        offset: at,
        begin,
        has_stream: true,
        section,
        hybrid: None,
        tail,
        end: after,
    })
}

fn end_of_object(lexer: &mut Lexer<'_>) -> Result<bool, Fault> {
    match lexer.token() {
        Ok(token) => Ok(token == Token::Keyword(b"endobj")),
        Err(Fault::Short) => Err(Fault::Short),
        Err(_) => Ok(false),
    }
}
