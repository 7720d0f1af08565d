//! Reading the directory: [`Opening`].

use super::entry::{Directory, Entry};
use super::finding::{Finding, Findings};
use super::name;
use super::record::{
    CENTRAL, CENTRAL_LENGTH, Central, END, END_LENGTH, END64, END64_LENGTH, End, End64, LOCAL,
    LOCATOR, LOCATOR_LENGTH, Locator, Parsed, SATURATED, SATURATED_COUNT, STORED,
};
use crate::error::{Error, Malformed, MalformedKind};
use crate::limits::{Budget, Limit, Resource};
use crate::source::{Advance, Source, Stop, length_of};
use std::ops::Range;
use std::sync::Arc;

/// A cursor that reads the directory of a container.
///
/// [`Opening::advance`] handles one step: the end record, the ZIP64 record, a chunk of the
/// directory. It may be called again after [`Stop::NotHere`], when pages have come.
#[derive(Debug, Default)]
pub struct Opening {
    state: State,
    findings: Findings,
    comment: Arc<[u8]>,
    entries: Vec<Entry>,
}

#[derive(Debug, Default)]
enum State {
    /// Looks for the end record.
    #[default]
    Tail,
    /// Reads the ZIP64 record.
    Wide { end: Place },
    /// Reads records of the directory.
    Records {
        range: Range<u64>,
        at: u64,
        declared: u64,
    },
    /// Compares entries with each other.
    Compare { range: Range<u64>, declared: u64 },
    /// Gave the directory.
    Ended,
}

/// An end record and where it stands.
#[derive(Clone, Copy, Debug)]
struct Place {
    at: u64,
    end: End,
    /// What the ZIP64 locator says, if one stands before.
    wide: Option<Locator>,
}

impl Place {
    fn after(&self) -> u64 {
        self.at
            .saturating_add(END_LENGTH)
            .saturating_add(self.end.comment_length.into())
    }

    /// Whether its directory ends where it should.
    fn is_consistent(&self) -> bool {
        let directory_end = u64::from(self.end.offset).saturating_add(self.end.size.into());
        if self.wide.is_none() {
            directory_end == self.at
        } else {
            self.end.is_saturated()
                || directory_end.saturating_add(END64_LENGTH + LOCATOR_LENGTH) <= self.at
        }
    }
}

impl Opening {
    /// A cursor at its start.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Goes one step on.
    ///
    /// # Errors
    /// [`Stop::NotHere`] when pages are missing; `Malformed` when the directory cannot be read;
    /// a limit.
    pub fn advance(
        &mut self,
        source: &mut Source,
        budget: &mut Budget,
    ) -> Result<Advance<Directory>, Stop> {
        let mut charged = budget.clone();
        let next = match &self.state {
            State::Tail => self.tail(source, &mut charged)?,
            State::Wide { end } => {
                let end = *end;
                self.wide(end, source, &charged)?
            }
            State::Records {
                range,
                at,
                declared,
            } => {
                let (range, at, declared) = (range.clone(), *at, *declared);
                let at = self.records(at..range.end, source, &mut charged)?;
                if at < range.end {
                    State::Records {
                        range,
                        at,
                        declared,
                    }
                } else {
                    State::Compare { range, declared }
                }
            }
            State::Compare { range, declared } => {
                let (range, declared) = (range.clone(), *declared);
                let directory = self.compare(range, declared);
                self.state = State::Ended;
                return Ok(Advance::Done(directory));
            }
            State::Ended => return Err(crate::error::ApiMisuse::JobEnded.into()),
        };
        source.commit();
        *budget = charged;
        self.state = next;
        Ok(Advance::More)
    }

    fn note(&mut self, kind: MalformedKind, at: u64) {
        self.findings.add(Finding::new(kind, None, at));
    }

    /// Finds the end record in the last 64 KiB.
    ///
    /// # Standard
    /// APPNOTE §4.3.16.
    fn tail(&mut self, source: &mut Source, budget: &mut Budget) -> Result<State, Stop> {
        let length = source.length();
        let start = length.saturating_sub(END_LENGTH + LOCATOR_LENGTH + u64::from(u16::MAX));
        budget.charge(Resource::StructureBytes, length - start)?;
        let tail = source.read(start..length)?;
        let places = ends(&tail, start);
        let chosen = places
            .iter()
            .find(|place| place.after() == length && place.is_consistent())
            .or_else(|| places.iter().find(|place| place.after() == length))
            .or_else(|| places.first())
            .copied()
            .ok_or_else(|| Malformed::at(MalformedKind::ZipNoDirectory, length))?;
        if chosen.after() < length {
            let finding = Finding::new(MalformedKind::ZipGap, None, chosen.after());
            self.findings.add(finding.compared(chosen.after(), length));
        }
        // A reader that searches from the end meets what stands behind the chosen record first, and
        // some put up with a comment that does not end with the file; one that searches from the
        // start takes the first record that reaches the end of the file.
        let behind = usize::try_from(chosen.at.saturating_sub(start)).unwrap_or(usize::MAX);
        let behind = tail.get(behind.saturating_add(4)..).unwrap_or_default();
        let reaches_the_end = |place: &Place| place.at < chosen.at && place.after() == length;
        if has_record(behind) || places.iter().any(reaches_the_end) {
            self.note(MalformedKind::ZipAmbiguous, chosen.at);
        }
        let from = chosen.at.saturating_add(END_LENGTH).saturating_sub(start);
        let to = chosen.after().saturating_sub(start);
        self.comment = usize::try_from(from)
            .ok()
            .zip(usize::try_from(to).ok())
            .map(|(from, to)| tail.part(from..to).to_arc())
            .unwrap_or_default();
        Ok(match chosen.wide {
            Some(_) => State::Wide { end: chosen },
            None => self.begin_records(chosen, None, chosen.at, budget)?,
        })
    }

    /// Reads the ZIP64 record, which overrules the end record.
    ///
    /// Readers find it by its locator, or take the 56 octets before the locator: both must be one
    /// record. Some heed the locator only where the end record is saturated, some always: a locator
    /// without a record makes two containers of one. Extensible data, which belongs to encryption,
    /// could end in another record.
    ///
    /// # Standard
    /// APPNOTE §4.3.14, §4.3.15, §4.4.1.4.
    fn wide(&mut self, end: Place, source: &mut Source, budget: &Budget) -> Result<State, Stop> {
        let locator_at = end.at.saturating_sub(LOCATOR_LENGTH);
        let locator = end.wide.unwrap_or_default();
        let at = locator.at;
        let fits = at
            .checked_add(END64_LENGTH)
            .is_some_and(|after| after <= locator_at);
        let record = if fits {
            let octets = source.read(at..at.saturating_add(END64_LENGTH))?;
            End64::parse(&octets).filter(|record| record.length >= END64_LENGTH)
        } else {
            None
        };
        let Some(record) = record else {
            if end.end.is_saturated() {
                return Err(Malformed::at(MalformedKind::ZipRecord, locator_at).into());
            }
            self.note(MalformedKind::ZipAmbiguous, locator_at);
            return Ok(self.begin_records(end, None, end.at, budget)?);
        };
        if record.length != END64_LENGTH {
            self.note(MalformedKind::ZipAmbiguous, at);
        }
        if at.checked_add(record.length) != Some(locator_at) {
            self.note(MalformedKind::ZipGap, at);
        }
        if locator.disk != 0 || locator.disks > 1 {
            self.note(MalformedKind::ZipRecord, locator_at);
        }
        let narrow = &end.end;
        let count = u64::from(SATURATED_COUNT);
        let agrees = [
            (narrow.disk.into(), record.disk.into(), count),
            (
                narrow.directory_disk.into(),
                record.directory_disk.into(),
                count,
            ),
            (narrow.entries_here.into(), record.entries_here, count),
            (u64::from(narrow.entries), record.entries, count),
            (narrow.size.into(), record.size, u64::from(SATURATED)),
            (narrow.offset.into(), record.offset, u64::from(SATURATED)),
        ]
        .into_iter()
        .all(|(narrow, wide, saturated)| narrow == wide || narrow == saturated);
        if !agrees {
            self.note(MalformedKind::ZipMismatch, end.at);
        }
        Ok(self.begin_records(end, Some(record), at, budget)?)
    }

    /// Checks what the end record says of the directory, which must end before `limit`.
    fn begin_records(
        &mut self,
        end: Place,
        wide: Option<End64>,
        limit: u64,
        budget: &Budget,
    ) -> Result<State, Error> {
        let narrow = End64 {
            length: 0,
            disk: end.end.disk.into(),
            directory_disk: end.end.directory_disk.into(),
            entries_here: end.end.entries_here.into(),
            entries: end.end.entries.into(),
            size: end.end.size.into(),
            offset: end.end.offset.into(),
        };
        let end_at = end.at;
        let end = wide.unwrap_or(narrow);
        let after = end
            .offset
            .checked_add(end.size)
            .filter(|after| *after <= limit)
            .ok_or_else(|| {
                Malformed::at(MalformedKind::ZipRecord, end_at)
                    .compared(limit, end.offset.saturating_add(end.size))
            })?;
        if after < limit {
            let finding = Finding::new(MalformedKind::ZipGap, None, after);
            self.findings.add(finding.compared(after, limit));
        }
        // A split archive, or an end record that counts in two ways.
        if end.disk != 0 || end.directory_disk != 0 || end.entries_here != end.entries {
            self.note(MalformedKind::ZipRecord, end_at);
        }
        // Refused before anything is read, where the end record tells that it will be too much.
        let most = end.entries.min(end.size / CENTRAL_LENGTH);
        let mut foreseen = budget.clone();
        foreseen.charge(Resource::Entries, most)?;
        foreseen.charge(
            Resource::StructureBytes,
            end.size.saturating_add(most.saturating_mul(ENTRY_COST)),
        )?;
        let range = end.offset..after;
        Ok(if range.is_empty() {
            State::Compare {
                range,
                declared: end.entries,
            }
        } else {
            State::Records {
                at: range.start,
                range,
                declared: end.entries,
            }
        })
    }

    /// Reads the records of a chunk; gives where to go on.
    fn records(
        &mut self,
        range: Range<u64>,
        source: &mut Source,
        budget: &mut Budget,
    ) -> Result<u64, Stop> {
        let chunk = source.read(range.start..range.end.min(range.start.saturating_add(CHUNK)))?;
        let mut rest: &[u8] = &chunk;
        let mut at = range.start;
        let mut entries = Vec::new();
        let mut findings = std::mem::take(&mut self.findings);
        while !rest.is_empty() {
            let Parsed::Record(central) = Central::parse(rest, at)? else {
                break;
            };
            budget.charge(Resource::Entries, 1)?;
            budget.charge(
                Resource::StructureBytes,
                central.length.saturating_add(ENTRY_COST),
            )?;
            let place = self.entries.len().saturating_add(entries.len());
            let index = u32::try_from(place).map_err(|_| Limit {
                resource: Resource::Entries,
                maximum: u32::MAX.into(),
                requested: u64::MAX,
            })?;
            let name = name::decode(central.name, central.flags, central.extra);
            let mut note = |kind| findings.add(Finding::new(kind, Some(index), at));
            if name.is_guessed {
                note(MalformedKind::ZipNameEncoding);
            }
            if name.is_contradicted {
                note(MalformedKind::ZipMismatch);
            }
            if name::is_unsafe(&name.text) {
                note(MalformedKind::ZipName);
            }
            if central.disk != 0 {
                note(MalformedKind::ZipRecord);
            }
            let has_extra = !central.extra.is_empty();
            let entry = Entry::new(&central, name.text, at);
            if let Some(refusal) = entry.refusal() {
                note(refusal.kind);
            }
            if entry.is_disguised() {
                note(MalformedKind::ZipRecord);
            }
            if entry.is_directory() && !entry.holds_nothing() {
                note(MalformedKind::ZipFolder);
            }
            // EN 319 162-1 §A.1: the media type can be read at a fixed place.
            if &*entry.name == MIMETYPE
                && (entry.header_offset != 0
                    || entry.method != STORED
                    || entry.is_described()
                    || has_extra)
            {
                note(MalformedKind::ZipMimetype);
            }
            at = at.saturating_add(central.length);
            rest = usize::try_from(central.length)
                .ok()
                .and_then(|length| rest.get(length..))
                .unwrap_or_default();
            entries.push(entry);
        }
        self.findings = findings;
        if entries.is_empty() {
            return Err(Malformed::at(MalformedKind::ZipTruncated, at).into());
        }
        self.entries.append(&mut entries);
        Ok(at)
    }

    /// Compares the entries with each other: names, and places.
    fn compare(&mut self, range: Range<u64>, declared: u64) -> Directory {
        let entries = std::mem::take(&mut self.entries);
        let mut findings = std::mem::take(&mut self.findings);
        let count = u64::try_from(entries.len()).unwrap_or(u64::MAX);
        if declared != count {
            let finding = Finding::new(MalformedKind::ZipRecord, None, range.end);
            findings.add(finding.compared(declared, count));
        }
        let sorted = |key: &dyn Fn(&Entry, &Entry) -> std::cmp::Ordering| {
            let mut places: Vec<(u32, &Entry)> = (0u32..).zip(&entries).collect();
            places.sort_by(|(_, one), (_, other)| key(one, other));
            places
                .into_iter()
                .map(|(index, _)| index)
                .collect::<Vec<u32>>()
        };
        let by_name = sorted(&|one, other| one.name.cmp(&other.name));
        let by_offset = sorted(&|one, other| one.header_offset.cmp(&other.header_offset));

        // EN 319 162-1 §A.1: two entries with one name let two readers see two files. File systems
        // without case, or with normalisation, make one file of two.
        let mut folded: Vec<(Box<str>, u32)> = (0u32..)
            .zip(&entries)
            .map(|(index, entry)| (name::folded(&entry.name), index))
            .collect();
        folded.sort_unstable();
        for pair in folded.windows(2) {
            if let [(one, _), (other, index)] = pair
                && one == other
            {
                let at = record_of(&entries, *index);
                findings.add(Finding::new(MalformedKind::ZipDuplicate, Some(*index), at));
            }
        }
        drop(folded);

        let mut before = 0;
        let ordered = by_offset
            .iter()
            .filter_map(|index| Some((*index, entries.get(usize::try_from(*index).ok()?)?)));
        for (index, entry) in ordered {
            if entry.header_offset < before || entry.least_end() > range.start {
                let at = entry.header_offset;
                findings.add(Finding::new(MalformedKind::ZipOverlap, Some(index), at));
            }
            before = before.max(entry.least_end());
        }
        let first = by_offset
            .first()
            .and_then(|index| entries.get(usize::try_from(*index).ok()?))
            .map_or(range.start, |entry| entry.header_offset);
        if first != 0 {
            let finding = Finding::new(MalformedKind::ZipGap, None, 0);
            findings.add(finding.compared(0, first));
        }
        Directory {
            entries,
            range,
            comment: Arc::clone(&self.comment),
            findings: findings.into_list(),
            by_name,
            by_offset,
        }
    }
}

fn record_of(entries: &[Entry], index: u32) -> u64 {
    usize::try_from(index)
        .ok()
        .and_then(|index| entries.get(index))
        .map_or(0, |entry| entry.record.start)
}

/// The end records in the last octets of a file, the last one first.
fn ends(tail: &[u8], start: u64) -> Vec<Place> {
    let length = start.saturating_add(length_of(tail));
    let record_length = usize::try_from(END_LENGTH).unwrap_or(usize::MAX);
    let locator_length = usize::try_from(LOCATOR_LENGTH).unwrap_or(usize::MAX);
    let mut places: Vec<Place> = tail
        .windows(record_length)
        .enumerate()
        .filter(|(_, window)| window.starts_with(b"PK\x05\x06"))
        .filter_map(|(offset, window)| {
            let wide = offset
                .checked_sub(locator_length)
                .and_then(|before| tail.get(before..offset))
                .and_then(Locator::parse);
            Some(Place {
                at: start.saturating_add(length_of(tail.get(..offset)?)),
                end: End::parse(window)?,
                wide,
            })
        })
        .filter(|place| place.after() <= length)
        .collect();
    places.reverse();
    places
}

/// Whether octets where no record belongs hold the signature of one. Text of a comment never does;
/// readers that search would find another container in it.
///
/// # Standard
/// APPNOTE §4.3.7, §4.3.12, §4.3.14 to §4.3.16.
fn has_record(octets: &[u8]) -> bool {
    let records = [LOCAL, CENTRAL, END, END64, LOCATOR].map(u32::to_le_bytes);
    octets
        .windows(4)
        .any(|window| records.iter().any(|record| record == window))
}

/// The entry that tells the media type of a container.
pub(super) const MIMETYPE: &str = "mimetype";
/// Octets read at once: more than the longest record, few requests for a long directory.
const CHUNK: u64 = 256 << 10;
/// What an entry takes in memory beside its record.
const ENTRY_COST: u64 = 192;
