//! The directory and its entries.

use super::finding::Finding;
use super::inflate::{Inflater, Progress};
use super::name;
use super::record::{
    Central, DEFLATED, DESCRIBED, ENCRYPTED, LOCAL_LENGTH, Local, MASKED, MEANINGFUL, SATURATED,
    STORED, STRONG, local_variable_length,
};
use crate::error::{Error, Malformed, MalformedKind};
use crate::limits::{Budget, Limit, Limits, Resource};
use crate::source::{Source, Stop, length_of, memory_size};
use std::ops::Range;
use std::sync::Arc;

/// A file of a container, as the directory describes it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Entry {
    /// The name, decoded.
    pub name: Arc<str>,
    /// The name's octets where they are not those of `name`.
    pub(super) raw: Option<Box<[u8]>>,
    /// General purpose flags, APPNOTE §4.4.4.
    pub flags: u16,
    /// Compression method, APPNOTE §4.4.5; 0 and 8 are read.
    pub method: u16,
    /// CRC-32 of the file.
    pub crc32: u32,
    /// Octets in the container.
    pub compressed_size: u64,
    /// Octets of the file.
    pub size: u64,
    /// Where the local header stands.
    pub header_offset: u64,
    /// Version made by, APPNOTE §4.4.2.
    pub made_by: u16,
    /// External attributes, APPNOTE §4.4.15.
    pub attributes: u32,
    /// Where the record stands in the file, and its length.
    pub(super) record: Range<u64>,
    /// Where in the record the header's offset stands, and whether it has 64 bits.
    pub(super) offset_at: u32,
    pub(super) offset_is_wide: bool,
}

impl Entry {
    pub(super) fn new(central: &Central<'_>, name: String, at: u64) -> Self {
        Self {
            raw: (name.as_bytes() != central.name).then(|| central.name.into()),
            name: name.into(),
            flags: central.flags,
            method: central.method,
            crc32: central.crc32,
            compressed_size: central.compressed_size,
            size: central.size,
            header_offset: central.header_offset,
            made_by: central.made_by,
            attributes: central.attributes,
            record: at..at.saturating_add(central.length),
            offset_at: central.offset_at,
            offset_is_wide: central.offset_is_wide,
        }
    }

    /// The name's octets as they stand in the directory.
    #[must_use]
    pub fn raw_name(&self) -> &[u8] {
        self.raw.as_deref().unwrap_or(self.name.as_bytes())
    }

    /// Whether it stands for a folder.
    #[must_use]
    pub fn is_directory(&self) -> bool {
        self.name.ends_with('/')
    }

    /// Whether it is a symbolic link of a Unix system. Links are never followed.
    #[must_use]
    pub fn is_link(&self) -> bool {
        self.made_by >> 8 == UNIX && self.unix_type() == LINK
    }

    fn unix_type(&self) -> u32 {
        (self.attributes >> 16) & FILE_TYPE
    }

    /// Whether its attributes make something else of it than its name says: a link, a folder, a
    /// device, the name of a volume. Readers that heed them have no file then, or another one.
    ///
    /// Whatever system made the entry: readers differ in which of them they believe.
    ///
    /// # Standard
    /// APPNOTE §4.4.15, EN 319 162-1 §A.1.
    pub(super) fn is_disguised(&self) -> bool {
        let dos = self.attributes & (DOS_VOLUME | DOS_FOLDER);
        let unix = self.unix_type();
        if self.is_directory() {
            dos & DOS_VOLUME != 0 || !matches!(unix, 0 | REGULAR | FOLDER)
        } else {
            dos != 0 || !matches!(unix, 0 | REGULAR)
        }
    }

    pub(super) fn is_described(&self) -> bool {
        self.flags & DESCRIBED != 0
    }

    /// Whether there is no content, stored or as the stream of two octets that compressors make of
    /// nothing: Java and Python write folders so.
    pub(super) fn holds_nothing(&self) -> bool {
        let is_empty_stream = self.method == DEFLATED && self.compressed_size == 2;
        self.size == 0 && self.crc32 == 0 && (self.compressed_size == 0 || is_empty_stream)
    }

    /// The least that local header and data take.
    pub(super) fn least_end(&self) -> u64 {
        self.header_offset
            .saturating_add(LOCAL_LENGTH)
            .saturating_add(length_of(self.raw_name()))
            .saturating_add(self.compressed_size)
    }

    /// Why the file cannot be read, whatever its octets are.
    pub(super) fn refusal(&self) -> Option<Malformed> {
        let kind = if self.flags & (ENCRYPTED | STRONG | MASKED) != 0 {
            MalformedKind::ZipEncrypted
        } else if !matches!(self.method, STORED | DEFLATED) {
            MalformedKind::ZipMethod
        } else if self.method == STORED && self.compressed_size != self.size {
            MalformedKind::ZipChecksum
        } else {
            return None;
        };
        Some(Malformed::at(kind, self.header_offset))
    }

    /// Refuses what grows more than genuine files do. Decided by the declared sizes, which are
    /// enforced, so that it does not depend on how octets come in.
    pub(super) fn check_ratio(&self, limits: &Limits) -> Result<(), Limit> {
        let maximum = limits.of(Resource::InflationRatio);
        if self.method == DEFLATED
            && self.size > FREE_INFLATION
            && self.size > self.compressed_size.saturating_mul(maximum)
        {
            return Err(Limit {
                resource: Resource::InflationRatio,
                maximum,
                requested: self.size / self.compressed_size.max(1),
            });
        }
        Ok(())
    }

    /// Compares a local header with the directory. Where a descriptor follows the data, checksum
    /// and sizes of the header may be empty.
    ///
    /// # Standard
    /// APPNOTE §4.3.12, §4.4.4; EN 319 162-1 §A.1.
    pub(super) fn contradiction(&self, local: &Local<'_>) -> Option<Finding> {
        let agrees = |expected: u64, found: u64| {
            expected == found
                || (local.flags & DESCRIBED != 0 && (found == 0 || found == u64::from(SATURATED)))
        };
        let finding = Finding::new(MalformedKind::ZipMismatch, None, self.header_offset);
        if local.name != self.raw_name()
            || (local.flags ^ self.flags) & MEANINGFUL != 0
            || name::is_contradicted(&self.name, local.extra)
        {
            return Some(finding);
        }
        let pairs = [
            (self.method.into(), local.method.into(), false),
            (self.crc32.into(), local.crc32.into(), true),
            (self.compressed_size, local.compressed_size, true),
            (self.size, local.size, true),
        ];
        pairs
            .into_iter()
            .find(|(expected, found, may_be_empty)| {
                expected != found && !(*may_be_empty && agrees(*expected, *found))
            })
            .map(|(expected, found, _)| finding.compared(expected, found))
    }
}

/// The system in "version made by", APPNOTE §4.4.2.2.
const UNIX: u16 = 3;
const FILE_TYPE: u32 = 0o170_000;
const REGULAR: u32 = 0o100_000;
const FOLDER: u32 = 0o040_000;
const LINK: u32 = 0o120_000;
const DOS_VOLUME: u32 = 0x08;
const DOS_FOLDER: u32 = 0x10;

/// What a deflated file may always grow to. Small files of one colour or one letter are genuine
/// and shrink to a thousandth; a mebibyte is inflated in a millisecond.
const FREE_INFLATION: u64 = 1 << 20;

/// What a container says of itself.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Directory {
    /// The entries, in the directory's order.
    pub entries: Vec<Entry>,
    /// Where the directory's records stand; the files lie before.
    pub range: Range<u64>,
    /// The comment of the container.
    pub comment: Arc<[u8]>,
    /// What is wrong, as far as the directory tells.
    pub findings: Vec<Finding>,
    pub(super) by_name: Vec<u32>,
    pub(super) by_offset: Vec<u32>,
}

impl Directory {
    /// The place of the entry with exactly this name; of the first, should there be several.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<u32> {
        let before = |index: &u32| self.entry(*index).is_some_and(|entry| *entry.name < *name);
        let index = *self.by_name.get(self.by_name.partition_point(before))?;
        (*self.entry(index)?.name == *name).then_some(index)
    }

    /// The entry at a place of the directory.
    #[must_use]
    pub fn entry(&self, index: u32) -> Option<&Entry> {
        self.entries.get(usize::try_from(index).ok()?)
    }

    /// Every entry with its place.
    pub fn iter(&self) -> impl Iterator<Item = (u32, &Entry)> {
        (0u32..).zip(&self.entries)
    }

    /// The places of the entries in the order of their local headers: the order of [`super::Pass`].
    #[must_use]
    pub fn file_order(&self) -> &[u32] {
        &self.by_offset
    }
}

/// Reads a small file of a container: structure, held in memory.
///
/// # Errors
/// [`Stop::NotHere`] when pages are missing. A local header that contradicts the directory, data
/// that cannot be inflated, a checksum that does not fit: `Malformed`. Too large: a limit.
pub fn read_entry(
    source: &mut Source,
    entry: &Entry,
    budget: &mut Budget,
) -> Result<Vec<u8>, Stop> {
    if let Some(refusal) = entry.refusal() {
        return Err(refusal.into());
    }
    entry.check_ratio(budget.limits())?;
    let mut charged = budget.clone();
    charged.charge(Resource::StructureBytes, entry.compressed_size)?;
    if entry.method == DEFLATED {
        charged.charge(Resource::InflatedBytes, entry.size)?;
    }
    let at = entry.header_offset;
    let fail = |kind| Malformed::at(kind, at);
    if entry.least_end() > source.length() {
        return Err(fail(MalformedKind::ZipTruncated).into());
    }
    source.want(at..entry.least_end());
    let head = source.read(at..at.saturating_add(LOCAL_LENGTH))?;
    let variable = local_variable_length(&head).ok_or_else(|| fail(MalformedKind::ZipRecord))?;
    let data_at = at.saturating_add(LOCAL_LENGTH).saturating_add(variable);
    let data_end = data_at.saturating_add(entry.compressed_size);
    if data_end > source.length() {
        return Err(fail(MalformedKind::ZipTruncated).into());
    }
    let header = source.read(at..data_at)?;
    let data = source.read(data_at..data_end)?;
    source.commit();
    *budget = charged;

    let local = Local::parse(&header).ok_or_else(|| fail(MalformedKind::ZipRecord))?;
    if let Some(contradiction) = entry.contradiction(&local) {
        return Err(contradiction.malformed().into());
    }
    let contents = if entry.method == DEFLATED {
        inflate(&data, entry)?
    } else {
        data.to_vec()
    };
    let found = crc32fast::hash(&contents);
    if found != entry.crc32 {
        return Err(fail(MalformedKind::ZipChecksum)
            .compared(entry.crc32.into(), found.into())
            .into());
    }
    Ok(contents)
}

fn inflate(data: &[u8], entry: &Entry) -> Result<Vec<u8>, Error> {
    let fail = |kind| Malformed::at(kind, entry.header_offset);
    // Some writers mark empty files as deflated and write nothing.
    if data.is_empty() && entry.size == 0 {
        return Ok(Vec::new());
    }
    // The declared size is not trusted with memory: it grows as octets come out.
    let mut contents = Vec::new();
    let most = memory_size(entry.size)?;
    let mut inflater = Inflater::new();
    let mut fits = true;
    let progress = inflater.update(data, &mut |octets| {
        fits = contents.len().saturating_add(octets.len()) <= most;
        if fits {
            contents.extend_from_slice(octets);
        }
        fits
    });
    match progress {
        Progress::Ended { unused: 0 } if contents.len() == most => Ok(contents),
        Progress::Ended { .. } => Err(fail(MalformedKind::ZipChecksum)
            .compared(entry.size, length_of(&contents))
            .into()),
        Progress::More | Progress::Broken | Progress::Stopped => {
            Err(fail(MalformedKind::ZipInflate).into())
        }
    }
}
