//! Writing containers, and changing them where they are.

use super::entry::Directory;
use super::finding::Weight;
use super::name::{folded, is_unsafe};
use super::open::MIMETYPE;
use super::record::{
    CENTRAL, END, END64, END64_LENGTH, LOCAL, LOCATOR, SATURATED, SATURATED_COUNT, STORED, UTF8,
    ZIP64_EXTRA,
};
use crate::error::{ApiMisuse, Error};
use crate::job::InputId;
use crate::source::{CopyEncoding, Edits, Piece, length_of};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;

/// A file to be put into a container.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewEntry {
    /// The name, relative to the container's root.
    pub name: String,
    /// The octets.
    pub content: Content,
}

/// The octets of a new file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Content {
    /// Octets that the library made.
    Octets(Arc<[u8]>),
    /// A range of an input that was streamed before: its header stands before its octets, so the
    /// checksum must be known.
    Copy {
        /// Which input.
        input: InputId,
        /// Which octets.
        range: Range<u64>,
        /// CRC-32 of the octets.
        crc32: u32,
        /// SHA-256 of the octets; whoever writes the container compares.
        digest: Option<[u8; 32]>,
    },
}

impl NewEntry {
    /// A file of octets that the library made.
    #[must_use]
    pub fn octets(name: impl Into<String>, octets: impl Into<Arc<[u8]>>) -> Self {
        Self {
            name: name.into(),
            content: Content::Octets(octets.into()),
        }
    }

    fn size(&self) -> u64 {
        match &self.content {
            Content::Octets(octets) => length_of(octets),
            Content::Copy { range, .. } => range.end.saturating_sub(range.start),
        }
    }

    fn crc32(&self) -> u32 {
        match &self.content {
            Content::Octets(octets) => crc32fast::hash(octets),
            Content::Copy { crc32, .. } => *crc32,
        }
    }
}

/// Makes a container: everything stored, nothing that depends on clock or machine.
///
/// `mimetype` comes first where there is one; no descriptors, no extra fields below 4 GiB.
///
/// # Errors
/// [`ApiMisuse::BadFileName`], [`ApiMisuse::DuplicateName`] for names that readers would refuse;
/// [`ApiMisuse::ContradictoryParameters`] when `mimetype` is not first.
///
/// # Standard
/// EN 319 162-1 §A.1, APPNOTE §4.3.
pub fn create(entries: &[NewEntry]) -> Result<Edits, Error> {
    rewrite(
        &Edits::new(),
        &Directory::default(),
        &BTreeSet::new(),
        entries,
    )
}

/// Adds files to a container: every octet of it stays as it is, but for the end record.
///
/// # Errors
/// As [`create`]; `Malformed` for a container whose directory has a [`Weight::Failure`]. Whether
/// its local headers do is known by [`super::Pass`]; the caller asks.
pub fn add(container: &Edits, directory: &Directory, entries: &[NewEntry]) -> Result<Edits, Error> {
    rewrite(container, directory, &BTreeSet::new(), entries)
}

/// Replaces the files of the same names: their octets go, those of all other files stay as they
/// are.
///
/// # Errors
/// As [`add`]; [`ApiMisuse::BadFileName`] when there is no file of a name.
pub fn replace(
    container: &Edits,
    directory: &Directory,
    entries: &[NewEntry],
) -> Result<Edits, Error> {
    let find = |entry: &NewEntry| directory.find(&entry.name).ok_or(ApiMisuse::BadFileName);
    let removed = entries
        .iter()
        .map(find)
        .collect::<Result<BTreeSet<u32>, _>>()?;
    rewrite(container, directory, &removed, entries)
}

/// Takes files out by their exact names and adds others; every other file stays as it is.
///
/// # Errors
/// As [`replace`].
pub fn change(
    container: &Edits,
    directory: &Directory,
    removed: &[&str],
    entries: &[NewEntry],
) -> Result<Edits, Error> {
    let find = |name: &&str| directory.find(name).ok_or(ApiMisuse::BadFileName);
    let removed = removed
        .iter()
        .map(find)
        .collect::<Result<BTreeSet<u32>, _>>()?;
    rewrite(container, directory, &removed, entries)
}

/// Keeps the files but some, appends others, and writes the directory anew from its own records.
fn rewrite(
    container: &Edits,
    directory: &Directory,
    removed: &BTreeSet<u32>,
    added: &[NewEntry],
) -> Result<Edits, Error> {
    check_names(directory, removed, added)?;
    Extension::keeping(directory, removed)?.onto(container, added)
}

/// Puts a new file behind what is there.
fn append(entry: &NewEntry, edits: &mut Edits, records: &mut Vec<u8>) -> Result<(), Error> {
    let offset = edits.length();
    if entry.name == MIMETYPE && offset != 0 {
        return Err(ApiMisuse::ContradictoryParameters.into());
    }
    edits.append(Piece::insert(local_header(entry)?));
    edits.append(match &entry.content {
        Content::Octets(octets) => Piece::Insert(Arc::clone(octets)),
        Content::Copy {
            input,
            range,
            digest,
            ..
        } => Piece::Copy {
            input: *input,
            range: range.clone(),
            encoding: CopyEncoding::None,
            digest: *digest,
        },
    });
    records.extend(central_record(entry, offset)?);
    Ok(())
}

/// What is needed of a container to add files to it later, when its directory is not at hand any
/// more; small enough to be saved.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Extension {
    /// Where the files stand that are kept.
    files: Vec<Range<u64>>,
    /// The records of their directory.
    records: Vec<DirectoryPart>,
    /// How many there are.
    count: u64,
    comment: Vec<u8>,
}

/// A part of the directory.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum DirectoryPart {
    /// As it is.
    Kept(Range<u64>),
    /// The place of a file that has moved.
    Moved(Vec<u8>),
}

impl Extension {
    /// Of a container that was read.
    ///
    /// # Errors
    /// `Malformed` for a container whose directory has a [`Weight::Failure`].
    pub fn of(directory: &Directory) -> Result<Self, Error> {
        Self::keeping(directory, &BTreeSet::new())
    }

    /// Of a container of which a file is replaced: one of the same name is to be added.
    ///
    /// # Errors
    /// As [`Extension::of`]; [`ApiMisuse::BadFileName`] when there is no file of this name.
    pub fn without(directory: &Directory, name: &str) -> Result<Self, Error> {
        let removed = directory.find(name).ok_or(ApiMisuse::BadFileName)?;
        Self::keeping(directory, &BTreeSet::from([removed]))
    }

    fn keeping(directory: &Directory, removed: &BTreeSet<u32>) -> Result<Self, Error> {
        check_findings(directory)?;
        let mut gone: Vec<Range<u64>> = removed
            .iter()
            .map(|index| region(directory, *index))
            .collect();
        gone.sort_by_key(|range| range.start);
        let mut files = Vec::new();
        let mut kept_from = 0;
        for range in &gone {
            files.push(kept_from..range.start);
            kept_from = range.end;
        }
        files.push(kept_from..directory.range.start);
        // How far what stood at an offset has moved to the front.
        let shift_at = |offset: u64| -> u64 {
            let before = gone.iter().filter(|range| range.end <= offset);
            before
                .map(|range| range.end.saturating_sub(range.start))
                .fold(0, u64::saturating_add)
        };
        let mut records: Vec<DirectoryPart> = Vec::new();
        let keep = |records: &mut Vec<DirectoryPart>, range: Range<u64>| match records.last_mut() {
            Some(DirectoryPart::Kept(last)) if last.end == range.start => last.end = range.end,
            _ => records.push(DirectoryPart::Kept(range)),
        };
        let mut count: u64 = 0;
        for (index, entry) in directory.iter() {
            if removed.contains(&index) {
                continue;
            }
            count = count.saturating_add(1);
            let record = entry.record.clone();
            let shift = shift_at(entry.header_offset);
            if shift == 0 {
                keep(&mut records, record);
                continue;
            }
            let at = record.start.saturating_add(entry.offset_at.into());
            let offset = entry.header_offset.saturating_sub(shift);
            let octets = if entry.offset_is_wide {
                offset.to_le_bytes().to_vec()
            } else {
                narrow(offset).to_le_bytes().to_vec()
            };
            let after = at.saturating_add(length_of(&octets));
            keep(&mut records, record.start..at);
            records.push(DirectoryPart::Moved(octets));
            keep(&mut records, after..record.end);
        }
        Ok(Self {
            files,
            records,
            count,
            comment: directory.comment.to_vec(),
        })
    }

    /// The container, which is an input, with files more. That their names are free is the
    /// caller's to know.
    ///
    /// # Errors
    /// As [`create`].
    pub fn with(&self, container: InputId, entries: &[NewEntry]) -> Result<Edits, Error> {
        check_names(&Directory::default(), &BTreeSet::new(), entries)?;
        let kept = self.records.iter().filter_map(|record| match record {
            DirectoryPart::Kept(range) => Some(range),
            DirectoryPart::Moved(_) => None,
        });
        let ends = self.files.iter().chain(kept).map(|range| range.end);
        let mut whole = Edits::new();
        whole.append(Piece::copy(container, 0..ends.max().unwrap_or(0)));
        self.onto(&whole, entries)
    }

    fn onto(&self, container: &Edits, entries: &[NewEntry]) -> Result<Edits, Error> {
        let mut edits = Edits::new();
        for range in &self.files {
            edits.append_all(container.slice(range.clone())?);
        }
        let (mut records, mut new_records) = (Edits::new(), Vec::new());
        for record in &self.records {
            match record {
                DirectoryPart::Kept(range) => records.append_all(container.slice(range.clone())?),
                DirectoryPart::Moved(octets) => records.append(Piece::insert(octets.as_slice())),
            }
        }
        for entry in entries {
            append(entry, &mut edits, &mut new_records)?;
        }
        let added = u64::try_from(entries.len()).unwrap_or(u64::MAX);
        let count = self.count.saturating_add(added);
        let offset = edits.length();
        edits.append_all(records.pieces().iter().cloned());
        let size = records.length().saturating_add(length_of(&new_records));
        new_records.extend(end_records(count, size, offset, &self.comment)?);
        edits.append(Piece::insert(new_records));
        Ok(edits)
    }
}

fn check_findings(directory: &Directory) -> Result<(), Error> {
    let failure = |finding: &&super::Finding| finding.weight() == Weight::Failure;
    match directory.findings.iter().find(failure) {
        Some(finding) => Err(finding.malformed().into()),
        None => Ok(()),
    }
}

/// From a file's header to the next one: without gaps and overlaps, what belongs to the file.
fn region(directory: &Directory, index: u32) -> Range<u64> {
    let Some(entry) = directory.entry(index) else {
        return 0..0;
    };
    let end = directory
        .file_order()
        .iter()
        .filter_map(|other| directory.entry(*other))
        .map(|other| other.header_offset)
        .find(|offset| *offset > entry.header_offset)
        .unwrap_or(directory.range.start);
    entry.header_offset..end
}

/// Names of new files must be such that [`super::Opening`] finds nothing wrong with them.
fn check_names(
    directory: &Directory,
    removed: &BTreeSet<u32>,
    added: &[NewEntry],
) -> Result<(), ApiMisuse> {
    let mut names: BTreeSet<Box<str>> = directory
        .iter()
        .filter(|(index, _)| !removed.contains(index))
        .map(|(_, entry)| folded(&entry.name))
        .collect();
    for entry in added {
        if is_unsafe(&entry.name)
            || entry.name.ends_with('/')
            || entry.name.len() > usize::from(u16::MAX)
        {
            return Err(ApiMisuse::BadFileName);
        }
        if !names.insert(folded(&entry.name)) {
            return Err(ApiMisuse::DuplicateName);
        }
    }
    Ok(())
}

/// 1980-01-01 00:00, the first instant of MS-DOS: APPNOTE §4.4.6.
const DATE_AND_TIME: u32 = 0x0021_0000;
/// Version of the specification, MS-DOS attributes: APPNOTE §4.4.2.
const MADE_BY: u16 = 63;
/// APPNOTE §4.4.3.2.
const NEEDED: u16 = 10;
const NEEDED_FOR_ZIP64: u16 = 45;

struct Record(Vec<u8>);

impl Record {
    fn new(signature: u32) -> Self {
        Self(signature.to_le_bytes().to_vec())
    }

    fn u16(mut self, value: u16) -> Self {
        self.0.extend(value.to_le_bytes());
        self
    }

    fn u32(mut self, value: u32) -> Self {
        self.0.extend(value.to_le_bytes());
        self
    }

    fn u64(mut self, value: u64) -> Self {
        self.0.extend(value.to_le_bytes());
        self
    }

    fn octets(mut self, octets: &[u8]) -> Self {
        self.0.extend_from_slice(octets);
        self
    }
}

fn local_header(entry: &NewEntry) -> Result<Vec<u8>, ApiMisuse> {
    let size = entry.size();
    // APPNOTE §4.5.3: a local header has both sizes in the field, or none.
    let extra = wide_field(&if is_wide(size) {
        vec![size, size]
    } else {
        Vec::new()
    })?;
    Ok(common(Record::new(LOCAL), entry, !extra.is_empty())
        .u16(short(entry.name.len())?)
        .u16(short(extra.len())?)
        .octets(entry.name.as_bytes())
        .octets(&extra)
        .0)
}

fn central_record(entry: &NewEntry, offset: u64) -> Result<Vec<u8>, ApiMisuse> {
    let size = entry.size();
    let wide: Vec<u64> = [size, size, offset]
        .into_iter()
        .filter(|value| is_wide(*value))
        .collect();
    let extra = wide_field(&wide)?;
    let record = Record::new(CENTRAL).u16(MADE_BY);
    Ok(common(record, entry, !extra.is_empty())
        .u16(short(entry.name.len())?)
        .u16(short(extra.len())?)
        .u16(0)
        .u16(0)
        .u16(0)
        .u32(0)
        .u32(narrow(offset))
        .octets(entry.name.as_bytes())
        .octets(&extra)
        .0)
}

/// What local header and directory record have in common.
fn common(record: Record, entry: &NewEntry, is_zip64: bool) -> Record {
    let size = narrow(entry.size());
    record
        .u16(if is_zip64 { NEEDED_FOR_ZIP64 } else { NEEDED })
        .u16(if entry.name.is_ascii() { 0 } else { UTF8 })
        .u16(STORED)
        .u32(DATE_AND_TIME)
        .u32(entry.crc32())
        .u32(size)
        .u32(size)
}

/// ZIP64 extended information, if there is any.
fn wide_field(values: &[u64]) -> Result<Vec<u8>, ApiMisuse> {
    if values.is_empty() {
        return Ok(Vec::new());
    }
    let octets: Vec<u8> = values
        .iter()
        .flat_map(|value| value.to_le_bytes())
        .collect();
    let mut field = ZIP64_EXTRA.to_le_bytes().to_vec();
    field.extend(short(octets.len())?.to_le_bytes());
    field.extend(octets);
    Ok(field)
}

fn end_records(count: u64, size: u64, offset: u64, comment: &[u8]) -> Result<Vec<u8>, ApiMisuse> {
    let narrow_count = u16::try_from(count).unwrap_or(SATURATED_COUNT);
    let mut octets = Vec::new();
    if narrow_count == SATURATED_COUNT || is_wide(size) || is_wide(offset) {
        let record = Record::new(END64)
            .u64(END64_LENGTH - 12)
            .u16(NEEDED_FOR_ZIP64)
            .u16(NEEDED_FOR_ZIP64)
            .u32(0)
            .u32(0)
            .u64(count)
            .u64(count)
            .u64(size)
            .u64(offset);
        let locator = Record::new(LOCATOR)
            .u32(0)
            .u64(offset.saturating_add(size))
            .u32(1);
        octets.extend(record.0);
        octets.extend(locator.0);
    }
    let end = Record::new(END)
        .u16(0)
        .u16(0)
        .u16(narrow_count)
        .u16(narrow_count)
        .u32(narrow(size))
        .u32(narrow(offset))
        .u16(short(comment.len())?)
        .octets(comment);
    octets.extend(end.0);
    Ok(octets)
}

fn is_wide(value: u64) -> bool {
    value >= u64::from(SATURATED)
}

fn narrow(value: u64) -> u32 {
    u32::try_from(value).unwrap_or(SATURATED)
}

fn short(length: usize) -> Result<u16, ApiMisuse> {
    u16::try_from(length).map_err(|_| ApiMisuse::BadFileName)
}
