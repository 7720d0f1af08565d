//! The objects of a document, as of any of its revisions.

use super::encryption::{Encryption, Strings};
use super::fields::FormField;
use super::filter;
use super::finding::Finding;
use super::lexer::Lexer;
use super::object::{Dictionary, Object, ObjectReference, Stream, indirect, value};
use super::security_store::SecurityStore;
use super::signature::SignatureField;
use super::window;
use super::xref::Entry;
use crate::error::{Error, Malformed, MalformedKind};
use crate::limits::{Budget, Resource};
use crate::source::{Source, Stop};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::Arc;

/// More references in a row than any writer makes.
const REFERENCES: usize = 16;
/// Findings kept; a hostile file can make one per entry.
const FINDINGS: usize = 1_000;

/// One incremental update, or the original file (ISO 32000-2 §7.5.6).
#[derive(Clone, Debug, PartialEq)]
pub struct Revision {
    /// Where its cross-reference section is said to be.
    pub section: u64,
    /// Where that begins, if white space stands before it.
    pub begin: u64,
    /// Whether that is a stream.
    pub has_stream: bool,
    /// Whether it is a linearised file, with two sections.
    pub is_linearized: bool,
    /// Its trailer.
    pub trailer: Dictionary,
    /// From right after its `%%EOF` to after the end of line that follows; `None` when it has no
    /// `%%EOF` behind its cross-reference section.
    pub end: Option<Range<u64>>,
}

/// Where an object was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The revision that defines it, 0 is the original.
    pub revision: usize,
    /// Its octets in the file, from its number to `endobj` or `stream`; `None` inside an object
    /// stream.
    pub range: Option<Range<u64>>,
}

/// Where the octets of an object are: two equal ones are the same octets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Definition {
    /// The object does not exist: it is null.
    Absent,
    /// At this offset.
    InFile(u64),
    /// In the object stream at an offset, the n-th.
    InStream(u64, u32),
}

/// A document whose cross-reference chain has been read.
#[derive(Clone, Debug)]
pub struct Document {
    pub(super) length: u64,
    /// Added to every offset that the file states.
    pub(super) base: u64,
    pub(super) revisions: Vec<Revision>,
    /// Of each object number the definitions, oldest first.
    pub(super) history: BTreeMap<u32, Vec<(usize, Entry)>>,
    pub(super) containers: BTreeMap<u64, Arc<Container>>,
    /// The octets of the cross-reference sections, until they are measured.
    pub(super) sections: Vec<Range<u64>>,
    pub(super) findings: Vec<Finding>,
    pub(super) signatures: Vec<SignatureField>,
    /// A group of fields leaves an empty place.
    pub(super) fields: Vec<Option<FormField>>,
    pub(super) security_store: SecurityStore,
    /// `/Perms/DocMDP` of the catalog.
    pub(super) certification: Option<ObjectReference>,
    pub(super) encryption: Option<Encryption>,
    /// The encryption has a salt for a message authentication code.
    pub(super) has_code_salt: bool,
    pub(super) parses: u64,
}

/// A decoded object stream (ISO 32000-2 §7.5.7).
#[derive(Clone, Debug)]
pub(super) struct Container {
    octets: Vec<u8>,
    /// Object number and offset in `octets` of each object.
    index: Vec<(u32, u64)>,
}

impl Document {
    pub(super) fn new(length: u64) -> Self {
        Self {
            length,
            base: 0,
            revisions: Vec::new(),
            history: BTreeMap::new(),
            containers: BTreeMap::new(),
            sections: Vec::new(),
            findings: Vec::new(),
            signatures: Vec::new(),
            fields: Vec::new(),
            security_store: SecurityStore::default(),
            certification: None,
            encryption: None,
            has_code_salt: false,
            parses: 0,
        }
    }

    /// The length of the file.
    #[must_use]
    pub fn length(&self) -> u64 {
        self.length
    }

    /// The revisions, oldest first.
    #[must_use]
    pub fn revisions(&self) -> &[Revision] {
        &self.revisions
    }

    /// The place of the newest revision among [`Document::revisions`].
    #[must_use]
    pub fn newest(&self) -> usize {
        self.revisions.len().saturating_sub(1)
    }

    /// The trailer of the newest revision.
    #[must_use]
    pub fn trailer(&self) -> &Dictionary {
        static EMPTY: std::sync::LazyLock<Dictionary> =
            std::sync::LazyLock::new(Dictionary::default);
        self.revisions
            .last()
            .map_or(&EMPTY, |revision| &revision.trailer)
    }

    /// What is odd about the file.
    #[must_use]
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }

    /// The signature fields that are signed, in the order of the form.
    #[must_use]
    pub fn signatures(&self) -> &[SignatureField] {
        &self.signatures
    }

    /// The fields of the form, in its order, signed or not.
    pub fn fields(&self) -> impl Iterator<Item = &FormField> {
        self.fields.iter().flatten()
    }

    /// The octets of a revision: from the first of the file to where a signature of it ends, else to
    /// behind the end of the line of its `%%EOF`. `None` where there is no such revision, or it has
    /// no end.
    #[must_use]
    pub fn revision_range(&self, revision: usize) -> Option<Range<u64>> {
        let whole = self.revisions.get(revision)?.end.clone()?;
        let signed = self.signatures.iter().find_map(|field| {
            let dictionary = field.dictionary.as_ref().ok()?;
            let is_of_it = dictionary.signed_revision == Some(revision);
            let [_, last] = dictionary.signed_ranges(self.length).filter(|_| is_of_it)?;
            Some(last.end)
        });
        Some(0..signed.unwrap_or(whole.end))
    }

    /// The validation data of the document.
    #[must_use]
    pub fn security_store(&self) -> &SecurityStore {
        &self.security_store
    }

    /// The signature dictionary that the catalog calls the certification (`/Perms/DocMDP`).
    #[must_use]
    pub fn certification(&self) -> Option<ObjectReference> {
        self.certification
    }

    /// Whether strings and streams are encrypted, in any revision.
    #[must_use]
    pub fn is_encrypted(&self) -> bool {
        self.revisions
            .iter()
            .any(|revision| revision.trailer.get("Encrypt").is_some())
    }

    /// The definitions of an object number, oldest first, each with its revision.
    #[must_use]
    pub fn history(&self, number: u32) -> &[(usize, Entry)] {
        self.history.get(&number).map_or(&[], Vec::as_slice)
    }

    /// How many times a value was parsed, also for nothing because a page was missing.
    #[must_use]
    pub fn parses(&self) -> u64 {
        self.parses
    }

    /// Keeps a finding. Harmless ones leave room for one that leaves the document open, and that
    /// for one that makes it ambiguous.
    pub(super) fn note(&mut self, finding: Finding) {
        let room = match finding.leaves_open() {
            _ if finding.is_ambiguous() => 2,
            Some(_) => 1,
            None => 0,
        };
        let most = FINDINGS.saturating_add(room);
        if self.findings.len() < most && !self.findings.contains(&finding) {
            self.findings.push(finding);
        }
    }

    /// Reads an object as of a revision: later ones are not looked at. An absent object is
    /// [`Object::Null`] without a place.
    ///
    /// # Errors
    /// [`Stop`]. After [`Stop::NotHere`] nothing is charged and nothing remembered.
    pub fn object(
        &mut self,
        reference: ObjectReference,
        as_of: usize,
        source: &mut Source,
        budget: &mut Budget,
    ) -> Result<(Object, Option<Place>), Stop> {
        let Some((revision, entry)) = self.entry(reference.number, as_of) else {
            return Ok((Object::Null, None));
        };
        match entry {
            Entry::Free => Ok((Object::Null, None)),
            Entry::InFile { generation, .. } if generation != reference.generation => {
                Ok((Object::Null, None))
            }
            Entry::InFile { offset, .. } => {
                let offset = self.absolute(offset, revision)?;
                self.parses += 1;
                let mut read = window::parse_at(source, offset, budget, indirect)?;
                // ISO 32000-2 §7.3.10: what the table points at must say the same numbers.
                if read.reference != reference {
                    return Err(Malformed::at(MalformedKind::PdfObject, offset).into());
                }
                // What was appended later is no part of it.
                let (end, last) = (read.range.end, self.end_of(revision));
                if end > last {
                    let wrong = Malformed::at(MalformedKind::PdfObject, offset);
                    return Err(wrong.compared(last, end).into());
                }
                if !read.ended {
                    self.note(Finding::MissingEndOfObject { object: reference });
                }
                let place = Place {
                    revision,
                    range: Some(read.range),
                };
                if let Some(encryption) = &self.encryption
                    && encryption.open_strings(&mut read.value, reference)?
                        == Strings::SomeUnencrypted
                {
                    self.note(Finding::StringsUnencrypted);
                }
                Ok((own(read.value, reference), Some(place)))
            }
            // ISO 32000-2 §7.5.7: objects in streams have generation 0.
            Entry::InStream { .. } if reference.generation != 0 => Ok((Object::Null, None)),
            Entry::InStream { container, index } => {
                let object = self.object_in_stream(
                    reference.number,
                    (container, index),
                    (as_of, revision),
                    source,
                    budget,
                )?;
                let range = None;
                Ok((object, Some(Place { revision, range })))
            }
        }
    }

    /// Follows a value that may be a reference.
    ///
    /// # Errors
    /// As [`Document::object`]; references in a circle are malformed.
    pub fn resolve(
        &mut self,
        object: &Object,
        as_of: usize,
        source: &mut Source,
        budget: &mut Budget,
    ) -> Result<Object, Stop> {
        let Object::Reference(reference) = object else {
            return Ok(object.clone());
        };
        let mut reference = *reference;
        let mut spent = budget.clone();
        for _ in 0..REFERENCES {
            match self.object(reference, as_of, source, &mut spent) {
                Ok((Object::Reference(next), _)) => reference = next,
                Err(Stop::NotHere) => return Err(Stop::NotHere),
                other => {
                    *budget = spent;
                    return other.map(|(object, _)| object);
                }
            }
        }
        *budget = spent;
        Err(Malformed::within(MalformedKind::PdfReferenceLoop, "reference").into())
    }

    /// Reads and decodes the data of a stream.
    ///
    /// # Errors
    /// [`Stop`].
    pub fn stream_data(
        &mut self,
        stream: &Stream,
        as_of: usize,
        source: &mut Source,
        budget: &mut Budget,
    ) -> Result<Vec<u8>, Stop> {
        let mut spent = budget.clone();
        let length = match stream.dictionary.get("Length") {
            Some(length) => self.resolve(length, as_of, source, &mut spent)?,
            None => Object::Null,
        };
        let length = length.as_unsigned();
        let decoded = self.decoded_stream_data(stream, length, source, &mut spent);
        if decoded != Err(Stop::NotHere) {
            *budget = spent;
        }
        decoded
    }

    /// Where the octets of each revision's own objects and sections begin, as far as it has any
    /// behind the revision before.
    #[must_use]
    pub fn update_starts(&self) -> Vec<Option<u64>> {
        let sections = self.revisions.iter().map(|revision| Some(revision.section));
        let mut starts: Vec<Option<u64>> = sections.collect();
        for (revision, entry) in self.history.values().flatten() {
            let Entry::InFile { offset, .. } = entry else {
                continue;
            };
            let offset = offset.saturating_add(self.base);
            let before = revision.checked_sub(1);
            let before = before.and_then(|before| self.revisions.get(before)?.end.clone());
            if offset >= before.map_or(0, |end| end.start)
                && let Some(Some(start)) = starts.get_mut(*revision)
            {
                *start = offset.min(*start);
            }
        }
        starts
    }

    /// Where an object is as of a revision.
    #[must_use]
    pub fn definition(&self, reference: ObjectReference, as_of: usize) -> Definition {
        let entry = self.entry(reference.number, as_of);
        match entry.map(|(_, entry)| entry) {
            Some(Entry::InFile { offset, generation }) if generation == reference.generation => {
                Definition::InFile(offset)
            }
            Some(Entry::InStream { container, index }) if reference.generation == 0 => {
                match self.entry(container, as_of) {
                    Some((_, Entry::InFile { offset, .. })) => Definition::InStream(offset, index),
                    // Reading it will fail, which is told then.
                    _ => Definition::InStream(u64::MAX, index),
                }
            }
            _ => Definition::Absent,
        }
    }

    /// Where the object of a number is as of a revision, whatever its generation.
    pub(crate) fn numbered(&self, number: u32, as_of: usize) -> Definition {
        let generation = match self.entry(number, as_of) {
            Some((_, Entry::InFile { generation, .. })) => generation,
            _ => 0,
        };
        let reference = ObjectReference { number, generation };
        self.definition(reference, as_of)
    }

    /// Whether an object has the number of a reference that leads to none.
    pub(crate) fn has_other_generation(&self, reference: ObjectReference, as_of: usize) -> bool {
        self.definition(reference, as_of) == Definition::Absent
            && self.numbered(reference.number, as_of) != Definition::Absent
    }

    /// The object streams that a revision has objects in, each once.
    pub(crate) fn containers(&self, as_of: usize) -> BTreeSet<u32> {
        let latest = self
            .history
            .keys()
            .filter_map(|number| self.entry(*number, as_of));
        let containers = latest.filter_map(|(_, entry)| match entry {
            Entry::InStream { container, .. } => Some(container),
            _ => None,
        });
        containers.collect()
    }

    /// Reads the data of a stream of known length, as it stands in the file but for its encryption.
    ///
    /// # Errors
    /// [`Stop`].
    pub fn raw_stream_data(
        &self,
        stream: &Stream,
        length: Option<u64>,
        source: &mut Source,
        budget: &mut Budget,
    ) -> Result<crate::source::View, Stop> {
        let data = raw_octets(stream, length, source, budget)?;
        let plain = match &self.encryption {
            Some(encryption) => encryption.open_data(stream, &data)?,
            None => None,
        };
        Ok(plain.map_or(data, crate::source::View::from))
    }

    /// Whether a stream ends within the revision that it is of, for readers who trust its length
    /// and for those who look for its end.
    ///
    /// # Errors
    /// [`Stop`].
    pub(crate) fn ends_in_revision(
        &self,
        stream: &Stream,
        length: Option<u64>,
        revision: usize,
        source: &mut Source,
        budget: &mut Budget,
    ) -> Result<bool, Stop> {
        const LOOKED_THROUGH: u64 = 1 << 16;
        const END: &[u8] = b"endstream";
        let end = stream.data_offset.saturating_add(length.unwrap_or(0));
        let last = self.end_of(revision);
        if end > last {
            return Ok(false);
        }
        match end_of_data(end, source, budget) {
            Ok(()) => return Ok(true),
            Err(Stop::Error(Error::Malformed(_))) => {}
            Err(stop) => return Err(stop),
        }
        let length = LOOKED_THROUGH.min(last - end);
        let behind = window::read(source, end, length, budget)?;
        Ok(behind.windows(END.len()).any(|window| window == END))
    }

    /// Reads and decodes the data of a stream of known length.
    ///
    /// # Errors
    /// [`Stop`].
    pub fn decoded_stream_data(
        &self,
        stream: &Stream,
        length: Option<u64>,
        source: &mut Source,
        budget: &mut Budget,
    ) -> Result<Vec<u8>, Stop> {
        let data = self.raw_stream_data(stream, length, source, budget)?;
        let at = stream.data_offset;
        Ok(filter::decode(&stream.dictionary, &data, at, budget)?)
    }

    fn entry(&self, number: u32, as_of: usize) -> Option<(usize, Entry)> {
        let definitions = self.history.get(&number)?;
        let later = definitions.partition_point(|(revision, _)| *revision <= as_of);
        definitions.get(later.checked_sub(1)?).copied()
    }

    /// Where an offset stated in a revision is. An object behind the end of its own revision was
    /// put there later (pdf-changes: a shadow attack).
    fn absolute(&self, offset: u64, revision: usize) -> Result<u64, Malformed> {
        let offset = offset.saturating_add(self.base);
        let end = self.end_of(revision);
        if offset < end {
            Ok(offset)
        } else {
            Err(Malformed::at(MalformedKind::PdfObject, offset).compared(end, offset))
        }
    }

    /// Where the octets of a revision end.
    fn end_of(&self, revision: usize) -> u64 {
        let own = self.revisions.get(revision);
        let end = own.and_then(|revision| revision.end.as_ref());
        end.map_or(self.length, |end| end.start)
    }

    fn object_in_stream(
        &mut self,
        number: u32,
        (container, index): (u32, u32),
        (as_of, defined_in): (usize, usize),
        source: &mut Source,
        budget: &mut Budget,
    ) -> Result<Object, Stop> {
        let wrong = || Malformed::within(MalformedKind::PdfObject, "object stream");
        // ISO 32000-2 §7.5.7: an object stream is not itself in an object stream.
        let Some((
            revision,
            Entry::InFile {
                offset,
                generation: 0,
            },
        )) = self.entry(container, as_of)
        else {
            return Err(wrong().into());
        };
        if revision > defined_in {
            self.note(Finding::ReplacedObjectStream { number: container });
        }
        let offset = self.absolute(offset, revision)?;
        let mut spent = budget.clone();
        let stream = match self.containers.get(&offset) {
            Some(stream) => Arc::clone(stream),
            None => {
                let place = (offset, as_of, revision);
                let read = self.read_container(container, place, source, &mut spent);
                if read == Err(Stop::NotHere) {
                    return Err(Stop::NotHere);
                }
                budget.clone_from(&spent);
                let stream = Arc::new(read?);
                self.containers.insert(offset, Arc::clone(&stream));
                stream
            }
        };
        let position = usize::try_from(index).map_err(|_| wrong())?;
        let &(found, at) = stream.index.get(position).ok_or_else(wrong)?;
        if found != number {
            return Err(wrong().compared(u64::from(number), u64::from(found)).into());
        }
        let octets = usize::try_from(at)
            .ok()
            .and_then(|at| stream.octets.get(at..))
            .ok_or_else(wrong)?;
        self.parses += 1;
        let mut lexer = Lexer::new(octets, at, true);
        let read = value(&mut lexer, &mut spent);
        *budget = spent;
        // What reaches into the object behind is cut off by some readers.
        let next = position
            .checked_add(1)
            .and_then(|next| stream.index.get(next));
        if next.is_some_and(|(_, next)| lexer.offset() > *next) {
            self.note(Finding::SharedPlace { container });
            return Err(wrong().into());
        }
        read.map_err(|fault| fault_error(fault).into())
    }

    fn read_container(
        &mut self,
        container: u32,
        (offset, as_of, revision): (u64, usize, usize),
        source: &mut Source,
        budget: &mut Budget,
    ) -> Result<Container, Stop> {
        let wrong = || Malformed::at(MalformedKind::PdfObject, offset);
        self.parses += 1;
        let read = window::parse_at(source, offset, budget, indirect)?;
        let Object::Stream(stream) = own(read.value, read.reference) else {
            return Err(wrong().into());
        };
        if read.reference.number != container || !stream.dictionary.is("Type", "ObjStm") {
            return Err(wrong().into());
        }
        let length = match stream.dictionary.get("Length") {
            Some(Object::Reference(length)) => {
                // ISO 32000-2 §7.5.7: it is in no object stream, least of all in this one.
                let entry = self.entry(length.number, as_of);
                if matches!(entry, Some((_, Entry::InStream { .. }))) {
                    return Err(wrong().into());
                }
                self.object(*length, as_of, source, budget)?.0.as_unsigned()
            }
            length => length.and_then(Object::as_unsigned),
        };
        if !self.ends_in_revision(&stream, length, revision, source, budget)? {
            return Err(wrong().into());
        }
        let octets = self.decoded_stream_data(&stream, length, source, budget)?;
        let number = |key| stream.dictionary.get(key).and_then(Object::as_unsigned);
        let (Some(count), Some(first)) = (number("N"), number("First")) else {
            return Err(wrong().into());
        };
        let mut lexer = Lexer::new(&octets, 0, true);
        let mut index = Vec::new();
        for _ in 0..count {
            budget.charge(Resource::Values, 2)?;
            let mut next = || {
                value(&mut lexer, budget)
                    .ok()
                    .and_then(|object| object.as_unsigned())
                    .ok_or_else(wrong)
            };
            let (number, at) = (next()?, next()?);
            let number = u32::try_from(number).map_err(|_| wrong())?;
            index.push((number, first.saturating_add(at)));
        }
        // ISO 32000-2 §7.5.7: each object once, in the order of their places, behind the list.
        let mut numbers: Vec<u32> = index.iter().map(|(number, _)| *number).collect();
        numbers.sort_unstable();
        let is_once = numbers
            .windows(2)
            .all(|pair| matches!(pair, [a, b] if a != b));
        let mut places = index.iter().zip(index.iter().skip(1));
        let rises = places.all(|((_, one), (_, next))| one < next)
            && index
                .first()
                .is_none_or(|(_, first)| *first >= lexer.offset());
        if !is_once || !rises || stream.dictionary.has_duplicate_keys() {
            self.note(Finding::SharedPlace { container });
            return Err(wrong().into());
        }
        Ok(Container { octets, index })
    }
}

/// A stream knows which object it is.
fn own(mut value: Object, reference: ObjectReference) -> Object {
    if let Object::Stream(stream) = &mut value {
        stream.owner = Some(reference);
    }
    value
}

impl PartialEq for Container {
    fn eq(&self, other: &Self) -> bool {
        self.octets == other.octets
    }
}

pub(super) fn fault_error(fault: super::lexer::Fault) -> Error {
    use super::lexer::Fault;
    match fault {
        Fault::Short => Malformed::within(MalformedKind::PdfObject, "object stream").into(),
        Fault::Malformed(malformed) => malformed.into(),
        Fault::Limit(limit) => limit.into(),
    }
}

/// Reads the data of a stream whose length is known, and decodes it.
pub(super) fn stream_octets(
    stream: &Stream,
    length: Option<u64>,
    source: &mut Source,
    budget: &mut Budget,
) -> Result<Vec<u8>, Stop> {
    let data = raw_octets(stream, length, source, budget)?;
    let at = stream.data_offset;
    Ok(filter::decode(&stream.dictionary, &data, at, budget)?)
}

fn raw_octets(
    stream: &Stream,
    length: Option<u64>,
    source: &mut Source,
    budget: &mut Budget,
) -> Result<crate::source::View, Stop> {
    let at = stream.data_offset;
    let wrong = || Malformed::at(MalformedKind::PdfStream, at);
    let length = length.ok_or_else(wrong)?;
    let data = window::read(source, at, length, budget)?;
    end_of_data(at.saturating_add(length), source, budget)?;
    Ok(data)
}

/// ISO 32000-2 §7.3.8.1: `endstream` follows. A length that leads elsewhere would let two readers
/// take two different streams.
fn end_of_data(at: u64, source: &mut Source, budget: &mut Budget) -> Result<(), Stop> {
    window::parse_at(source, at, budget, |lexer, _| {
        use super::lexer::Token;
        match lexer.token()? {
            Token::Keyword(b"endstream") => Ok(()),
            _ => Err(Malformed::at(MalformedKind::PdfStream, at).into()),
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_ambiguous_finding_is_never_one_too_many() {
        let mut document = Document::new(0);
        for length in 0..2_000 {
            document.note(Finding::DataAfterEnd { length });
        }
        document.note(Finding::HybridConflict { number: 1 });
        document.note(Finding::HybridConflict { number: 2 });
        document.note(Finding::HybridConflict { number: 3 });
        assert_eq!(document.findings().len(), FINDINGS + 2);
        assert!(document.findings().iter().any(Finding::is_ambiguous));
    }
}
