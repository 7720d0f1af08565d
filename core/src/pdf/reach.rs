//! How far the objects of a file reach, and who refers to its signatures.
//!
//! Of a signed file every octet is signed but those of its signature (ISO 32000-2 §12.8.1). A
//! stream whose data runs across the gap, or on behind the end of what is signed, is made of octets
//! that nobody signed: the digits of the signature are its pixels then, or whatever is appended
//! later. The same octets have two meanings as well when something other than its field takes the
//! signature dictionary for what it shows. So every object is read once, and its octets measured.

use super::document::Document;
use super::finding::Finding;
use super::lexer::{Token, is_space};
use super::object::{Object, ObjectReference, Stream, indirect};
use super::signature::ByteRangeFault;
use super::window;
use super::xref::Entry;
use crate::error::Error;
use crate::limits::{Budget, Resource};
use crate::source::{Advance, Source, Stop};
use std::collections::BTreeMap;
use std::ops::Range;

/// Octets looked through at once for the end of a stream.
const LOOKED_THROUGH: u64 = 1 << 16;
/// More than the end of line before it takes.
const CLOSE_WITHIN: u64 = 64;
const END_OF_STREAM: &[u8] = b"endstream";

/// Where an entry says that an object is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Place {
    offset: u64,
    number: u32,
    revision: usize,
}

/// Octets that are signed but for a gap.
#[derive(Clone, Debug)]
struct Signed {
    /// Its place among the signatures.
    index: usize,
    gap: Range<u64>,
    end: u64,
    /// Where the object that holds the dictionary begins, and its number.
    holder: Option<(u64, u32)>,
}

/// Looks at every object, one a step.
#[derive(Clone, Debug)]
pub(super) struct ReachWalk {
    /// The next is the last.
    places: Vec<Place>,
    /// In the order of their gaps, which lie apart.
    signed: Vec<Signed>,
    /// Where what is signed ends, with the place among the signatures.
    ends: Vec<(u64, usize)>,
    /// Signature dictionaries by their numbers.
    dictionaries: BTreeMap<u32, usize>,
    /// How far the objects so far were read.
    read_to: u64,
    /// Objects in object streams; the next is the last.
    members: Vec<Member>,
    /// Whose object stream was opened last.
    opened: Option<Member>,
}

/// An object in an object stream: the stream, the revision and the object.
type Member = (u32, usize, u32);

impl ReachWalk {
    /// Begins when the signatures are known.
    pub(super) fn new(document: &mut Document) -> Self {
        let base = document.base;
        let entries = document.history.iter();
        let entries = entries.flat_map(|(number, all)| all.iter().map(move |one| (*number, one)));
        let mut places: Vec<Place> = entries
            .filter_map(|(number, (revision, entry))| match entry {
                Entry::InFile { offset, .. } => Some(Place {
                    offset: offset.saturating_add(base),
                    number,
                    revision: *revision,
                }),
                _ => None,
            })
            .collect();
        places.sort_unstable();
        places.dedup_by_key(|place| (place.offset, place.number));
        places.reverse();
        let (mut signed, mut dictionaries) = (Vec::new(), BTreeMap::new());
        for (index, field) in document.signatures.iter().enumerate() {
            let Ok(dictionary) = &field.dictionary else {
                continue;
            };
            if let Some(object) = dictionary.object {
                dictionaries.insert(object.number, index);
            }
            let Some([first, second]) = dictionary.signed_ranges(document.length) else {
                continue;
            };
            let gap = first.end..second.start;
            // Another gap is none, which is told already; these lie apart.
            if dictionary.contents_token.as_ref() == Some(&gap) {
                let holder = dictionary.object.or(field.field);
                let start = dictionary.range.as_ref().map(|range| range.start);
                signed.push(Signed {
                    index,
                    gap,
                    end: second.end,
                    holder: start.zip(holder.map(|holder| holder.number)),
                });
            }
        }
        signed.sort_by_key(|one| one.gap.start);
        let mut ends: Vec<_> = signed.iter().map(|one| (one.end, one.index)).collect();
        ends.sort_unstable();
        let mut walk = Self {
            places,
            signed,
            ends,
            dictionaries,
            read_to: 0,
            members: Vec::new(),
            opened: None,
        };
        if !walk.dictionaries.is_empty() {
            walk.members = members(document);
        }
        for section in std::mem::take(&mut document.sections) {
            walk.measure(section, None, document);
        }
        walk
    }

    pub(super) fn advance(
        &mut self,
        document: &mut Document,
        source: &mut Source,
        budget: &mut Budget,
    ) -> Result<Advance<()>, Stop> {
        let Some(place) = self.places.last().copied() else {
            return self.member(document, source, budget);
        };
        let read_to = self.look(place, document, source, budget)?;
        self.read_to = self.read_to.max(read_to);
        self.places.pop();
        Ok(Advance::More)
    }

    /// Looks at an object in an object stream: it may refer to a signature too.
    fn member(
        &mut self,
        document: &mut Document,
        source: &mut Source,
        budget: &mut Budget,
    ) -> Result<Advance<()>, Stop> {
        let Some((container, revision, number)) = self.members.last().copied() else {
            return Ok(Advance::Done(()));
        };
        // What it takes to open an object stream is charged; each object in it is read once.
        let mut free = budget.clone();
        let is_open = self
            .opened
            .is_some_and(|(stream, of, _)| (stream, of) == (container, revision));
        let spent = if is_open { &mut free } else { budget };
        let reference = ObjectReference {
            number,
            generation: 0,
        };
        let read = document.object(reference, revision, source, spent);
        match read {
            Ok((object, _)) => {
                self.references(&object, document);
                self.opened = self.members.pop();
            }
            Err(Stop::Error(Error::Malformed(_))) => {
                self.opened = None;
                self.members.pop();
            }
            Err(stop) => return Err(stop),
        }
        Ok(Advance::More)
    }

    /// Looks at an object, and gives how far it was read.
    fn look(
        &self,
        place: Place,
        document: &mut Document,
        source: &mut Source,
        budget: &mut Budget,
    ) -> Result<u64, Stop> {
        let at = place.offset;
        if at >= document.length {
            return Ok(at);
        }
        // Octets that are read once cost no more than the file is long. What is read again is
        // charged.
        let mut free = budget.clone();
        let spent = if at < self.read_to {
            &mut *budget
        } else {
            &mut free
        };
        let read = match window::parse_at(source, at, spent, indirect) {
            Ok(read) => read,
            Err(Stop::Error(Error::Malformed(_))) => {
                return self.unreadable(at, document, source, spent);
            }
            Err(stop) => return Err(stop),
        };
        let reached = match &read.value {
            Object::Stream(stream) => self.end_of(stream, place, document, source, budget)?,
            _ => read.range.end,
        };
        let own = (read.range.start, place.number);
        self.measure(read.range.start..reached, Some(own), document);
        self.references(&read.value, document);
        Ok(read.range.end)
    }

    /// An object that begins and cannot be read may be anything to other readers, as far as the
    /// next gap. Where none begins there is none for anybody.
    fn unreadable(
        &self,
        at: u64,
        document: &mut Document,
        source: &mut Source,
        budget: &mut Budget,
    ) -> Result<u64, Stop> {
        let begins = window::parse_at(source, at, budget, |lexer, _| {
            let is_header = matches!(
                (lexer.token()?, lexer.token()?, lexer.token()?),
                (Token::Integer(_), Token::Integer(_), Token::Keyword(b"obj"))
            );
            Ok(is_header)
        });
        match begins {
            Ok(true) => self.measure(at..self.barrier(at), None, document),
            Ok(false) | Err(Stop::Error(Error::Malformed(_))) => {}
            Err(stop) => return Err(stop),
        }
        Ok(at)
    }

    /// Behind the first octet after `at` that is not signed.
    fn barrier(&self, at: u64) -> u64 {
        let next = self.signed.partition_point(|one| one.gap.start <= at);
        let gap = self.signed.get(next).map(|one| one.gap.start);
        let next = self.ends.partition_point(|(end, _)| *end <= at);
        let end = self.ends.get(next).map(|(end, _)| *end);
        let first = gap.into_iter().chain(end).min();
        first.map_or(at, |first| first.saturating_add(1))
    }

    /// Where the data of a stream ends, for readers who trust its length and for those who look for
    /// its end (ISO 32000-2 §7.3.8.1).
    fn end_of(
        &self,
        stream: &Stream,
        place: Place,
        document: &mut Document,
        source: &mut Source,
        budget: &mut Budget,
    ) -> Result<u64, Stop> {
        let from = stream.data_offset;
        let length = match stream.dictionary.get("Length") {
            Some(Object::Reference(length)) => {
                longest(*length, place.revision, document, source, budget)?
            }
            length => length.and_then(Object::as_unsigned),
        };
        let stated = from.saturating_add(length.unwrap_or(0));
        if stated >= document.length || length.is_some() && ends_at(stated, source)? {
            return Ok(stated);
        }
        let barrier = self.barrier(from);
        let mut at = stated;
        while at < barrier {
            let until = at.saturating_add(LOOKED_THROUGH).min(document.length);
            let octets = window::read(source, at, until - at, budget)?;
            let mut words = octets.windows(END_OF_STREAM.len());
            if let Some(found) = words.position(|word| word == END_OF_STREAM) {
                return Ok(at.saturating_add(u64::try_from(found).unwrap_or(u64::MAX)));
            }
            if until == document.length {
                return Ok(until);
            }
            // The word may stand across the end of what was read.
            let kept = u64::try_from(END_OF_STREAM.len()).unwrap_or(0);
            at = until.saturating_sub(kept);
        }
        Ok(at.max(stated))
    }

    /// Says of each signature whether these octets are more than it signs.
    fn measure(&self, octets: Range<u64>, own: Option<(u64, u32)>, document: &mut Document) {
        if octets.end > document.length {
            let offset = octets.start;
            document.note(Finding::ObjectPastEnd { offset });
        }
        let first = self
            .signed
            .partition_point(|one| one.gap.end <= octets.start);
        let gaps = self.signed.get(first..).unwrap_or_default().iter();
        for one in gaps.take_while(|one| one.gap.start < octets.end) {
            if own.is_none() || own != one.holder {
                fault(document, one.index, ByteRangeFault::ReachesUnsigned);
            }
        }
        let first = self.ends.partition_point(|(end, _)| *end <= octets.start);
        let ends = self.ends.get(first..).unwrap_or_default().iter();
        for (_, index) in ends.take_while(|(end, _)| *end < octets.end) {
            fault(document, *index, ByteRangeFault::ReachesUnsigned);
        }
    }

    /// ISO 32000-2 tables 224, 226, 263: a field has a signature for its value, and the permissions
    /// name one. A note or its window that leads to the dictionary shows the octets of the gap.
    fn references(&self, object: &Object, document: &mut Document) {
        const OF_SIGNATURE: [&[u8]; 5] = [b"V", b"DV", b"DocMDP", b"UR3", b"UR"];
        if self.dictionaries.is_empty() {
            return;
        }
        let mut open: Vec<(&[u8], &Object)> = vec![(b"", object)];
        while let Some((key, object)) = open.pop() {
            match object {
                Object::Reference(ObjectReference { number, .. }) => {
                    if !OF_SIGNATURE.contains(&key)
                        && let Some(index) = self.dictionaries.get(number)
                    {
                        fault(document, *index, ByteRangeFault::SharedByFields);
                    }
                }
                Object::Array(elements) => {
                    open.extend(elements.iter().map(|element| (&b"[]"[..], element)));
                }
                Object::Dictionary(_) | Object::Stream(_) => {
                    let entries = object.as_dictionary();
                    open.extend(entries.into_iter().flat_map(|entries| entries.iter()));
                }
                _ => {}
            }
        }
    }
}

fn fault(document: &mut Document, index: usize, fault: ByteRangeFault) {
    if let Some(field) = document.signatures.get_mut(index)
        && let Ok(dictionary) = &mut field.dictionary
        && !dictionary.faults.contains(&fault)
    {
        dictionary.faults.push(fault);
    }
}

/// The largest number that a length of its own ever is: each signer saw another one.
fn longest(
    length: ObjectReference,
    revision: usize,
    document: &mut Document,
    source: &mut Source,
    budget: &mut Budget,
) -> Result<Option<u64>, Stop> {
    let definitions = document.history(length.number).iter();
    let mut revisions: Vec<usize> = definitions.map(|(defined, _)| *defined).collect();
    revisions.retain(|defined| *defined > revision);
    revisions.push(revision);
    let mut longest = None;
    for as_of in revisions {
        budget.charge(Resource::Values, 1)?;
        match document.object(length, as_of, source, budget) {
            Ok((length, _)) => longest = longest.max(length.as_unsigned()),
            Err(Stop::Error(Error::Malformed(_))) => {}
            Err(stop) => return Err(stop),
        }
    }
    Ok(longest)
}

/// Whether a stream ends where its length says, but for white space.
fn ends_at(at: u64, source: &mut Source) -> Result<bool, Stop> {
    let until = at.saturating_add(CLOSE_WITHIN).min(source.length());
    let octets = source.read(at..until)?;
    let mut octets = octets.iter().skip_while(|octet| is_space(**octet));
    Ok(END_OF_STREAM
        .iter()
        .all(|wanted| octets.next() == Some(wanted)))
}

/// The objects in object streams as of each revision that has one of its own there.
fn members(document: &Document) -> Vec<Member> {
    let mut members: Vec<Member> = Vec::new();
    for (number, definitions) in &document.history {
        for (revision, entry) in definitions {
            if let Entry::InStream { container, .. } = entry {
                members.push((*container, *revision, *number));
            }
        }
    }
    members.sort_unstable();
    members
}
