//! One reading of all files in file order: [`Pass`].

use super::entry::{Directory, Entry};
use super::finding::{Finding, Findings};
use super::inflate::{Inflater, Progress};
use super::open::MIMETYPE;
use super::record::{DEFLATED, DESCRIBED, LOCAL_LENGTH, Local, descriptor, local_variable_length};
use crate::error::{Error, InputError, Malformed, MalformedKind};
use crate::limits::{Budget, Limits};
use crate::source::length_of;
use std::ops::Range;
use std::sync::Arc;

/// Receives the files of a container, in file order.
///
/// Called by [`Pass`]: for every entry of the directory once `begin`, then its octets in pieces,
/// then once `end`. Entries that cannot be read get `begin` and `end` without octets or with some.
pub trait EntrySink {
    /// A file begins.
    fn begin(&mut self, entry: u32);

    /// The next octets of a file, inflated.
    fn data(&mut self, entry: u32, octets: &[u8]);

    /// A file ends: `Ok` when all its octets were given. Whether its checksum fits is a
    /// [`Finding`].
    fn end(&mut self, entry: u32, outcome: Result<(), Error>);
}

/// Checks all octets before the directory against the directory, and hands the files on.
///
/// Feed it [`Pass::range`] in order, in chunks of any size. Memory is constant; octets of stored
/// files pass through without being copied.
///
/// # Standard
/// APPNOTE §4.3.7 to §4.3.9, EN 319 162-1 §A.1.
#[derive(Debug)]
pub struct Pass {
    directory: Arc<Directory>,
    limits: Arc<Limits>,
    findings: Findings,
    /// Where the next octet stands.
    position: u64,
    /// The next place in the order of local headers.
    next: usize,
    state: State,
    inflater: Option<Inflater>,
}

#[derive(Debug)]
enum State {
    /// Passes over octets that belong to no entry, or to one that was given up.
    Skip { until: u64 },
    /// Collects a local header.
    Header {
        index: u32,
        limit: u64,
        octets: Vec<u8>,
        wanted: u64,
    },
    /// Takes a file's octets.
    Data(Box<File>),
    /// Takes what stands between a file's octets and the next header.
    Tail {
        index: u32,
        limit: u64,
        is_described: bool,
        at: u64,
        octets: Vec<u8>,
    },
}

/// A file whose octets are passing.
#[derive(Debug)]
struct File {
    index: u32,
    /// Where the next local header, or the directory, stands.
    limit: u64,
    data_end: u64,
    is_described: bool,
    is_deflated: bool,
    size: u64,
    crc32: u32,
    header_offset: u64,
    checksum: crc32fast::Hasher,
    given: u64,
    /// The compressed data came to its end.
    is_complete: bool,
    failure: Option<Error>,
}

impl Pass {
    /// A pass over the container of a directory.
    #[must_use]
    pub fn new(directory: Arc<Directory>, budget: &Budget) -> Self {
        Self {
            directory,
            limits: Arc::clone(budget.limits()),
            findings: Findings::default(),
            position: 0,
            next: 0,
            state: State::Skip { until: 0 },
            inflater: None,
        }
    }

    /// What to feed: all octets before the directory.
    #[must_use]
    pub fn range(&self) -> Range<u64> {
        0..self.directory.range.start
    }

    /// The octets fed so far.
    #[must_use]
    pub fn position(&self) -> u64 {
        self.position
    }

    /// Takes the next octets.
    pub fn feed(&mut self, mut chunk: &[u8], sink: &mut dyn EntrySink) {
        loop {
            self.settle(sink);
            if chunk.is_empty() {
                return;
            }
            let (used, rest) = chunk.split_at(self.appetite(chunk.len()));
            self.position = self.position.saturating_add(length_of(used));
            match &mut self.state {
                State::Skip { .. } => {}
                State::Header { octets, .. } => octets.extend_from_slice(used),
                State::Tail { octets, .. } => {
                    let room = LONGEST_DESCRIPTOR.saturating_sub(octets.len());
                    octets.extend_from_slice(used.get(..room).unwrap_or(used));
                }
                State::Data(file) => file.take(used, &mut self.inflater, sink),
            }
            chunk = rest;
        }
    }

    /// Ends the pass.
    ///
    /// # Errors
    /// [`InputError::Short`] when octets are missing.
    pub fn finish(mut self, sink: &mut dyn EntrySink) -> Result<Vec<Finding>, Error> {
        self.settle(sink);
        let expected = self.directory.range.start;
        if self.position != expected {
            return Err(InputError::Short {
                expected,
                found: self.position,
            }
            .into());
        }
        Ok(self.findings.into_list())
    }

    /// How much of `available` octets the state takes; at least one, for the state is settled.
    fn appetite(&self, available: usize) -> usize {
        let until = match &self.state {
            State::Skip { until } => *until,
            State::Header { octets, wanted, .. } => self
                .position
                .saturating_add(wanted.saturating_sub(length_of(octets))),
            State::Data(file) => file.data_end,
            State::Tail { limit, .. } => *limit,
        };
        usize::try_from(until.saturating_sub(self.position))
            .unwrap_or(usize::MAX)
            .clamp(1, available)
    }

    /// Goes through all states that need no further octet.
    fn settle(&mut self, sink: &mut dyn EntrySink) {
        loop {
            let next = match &mut self.state {
                State::Skip { until } if *until <= self.position => self.next_entry(sink),
                State::Header { octets, wanted, .. } if length_of(octets) >= *wanted => {
                    self.header(sink)
                }
                State::Data(file) if file.data_end <= self.position => {
                    let (index, limit) = (file.index, file.limit);
                    let is_described = file.is_described;
                    let finding = file.end(sink);
                    finding
                        .into_iter()
                        .for_each(|finding| self.findings.add(finding));
                    State::Tail {
                        index,
                        limit,
                        is_described,
                        at: self.position,
                        octets: Vec::new(),
                    }
                }
                State::Tail { limit, .. } if *limit <= self.position => {
                    self.tail();
                    self.next_entry(sink)
                }
                _ => return,
            };
            self.state = next;
        }
    }

    /// The state for the next entry in file order; entries that overlap others are given up.
    fn next_entry(&mut self, sink: &mut dyn EntrySink) -> State {
        let directory = Arc::clone(&self.directory);
        while let Some(index) = directory.by_offset.get(self.next).copied() {
            let Some(entry) = directory.entry(index) else {
                break;
            };
            let at = entry.header_offset;
            if at > self.position && at < directory.range.start {
                // Octets before the first header: the directory's findings name them.
                return State::Skip { until: at };
            }
            self.next += 1;
            if at < self.position || at >= directory.range.start {
                sink.begin(index);
                self.give_up(MalformedKind::ZipOverlap, index, at, sink);
                continue;
            }
            let limit = self.limit(&directory);
            if limit.saturating_sub(at) < LOCAL_LENGTH {
                sink.begin(index);
                self.give_up(MalformedKind::ZipOverlap, index, at, sink);
                return State::Skip { until: limit };
            }
            return State::Header {
                index,
                limit,
                octets: Vec::new(),
                wanted: LOCAL_LENGTH,
            };
        }
        // What is left lies before the directory and belongs to no entry; `tail` named it.
        let end = directory.range.start;
        State::Skip {
            until: if self.position < end { end } else { u64::MAX },
        }
    }

    /// Where the entry must end: at the next header or at the directory.
    fn limit(&self, directory: &Directory) -> u64 {
        directory
            .by_offset
            .iter()
            .skip(self.next)
            .filter_map(|index| directory.entry(*index))
            .map(|entry| entry.header_offset)
            .find(|offset| *offset > self.position)
            .unwrap_or(directory.range.start)
            .min(directory.range.start)
    }

    /// Reads a header of which all wanted octets are there.
    fn header(&mut self, sink: &mut dyn EntrySink) -> State {
        let state = std::mem::replace(&mut self.state, State::Skip { until: u64::MAX });
        let State::Header {
            index,
            limit,
            octets,
            wanted,
        } = state
        else {
            return state;
        };
        let skip = State::Skip { until: limit };
        let directory = Arc::clone(&self.directory);
        let Some(entry) = directory.entry(index) else {
            return skip;
        };
        let at = entry.header_offset;
        if wanted == LOCAL_LENGTH
            && let Some(variable @ 1..) = local_variable_length(&octets)
        {
            let wanted = wanted.saturating_add(variable);
            if limit.saturating_sub(at) < wanted {
                sink.begin(index);
                self.give_up(MalformedKind::ZipOverlap, index, at, sink);
                return skip;
            }
            return State::Header {
                index,
                limit,
                octets,
                wanted,
            };
        }
        sink.begin(index);
        let Some(local) = Local::parse(&octets) else {
            self.give_up(MalformedKind::ZipRecord, index, at, sink);
            return skip;
        };
        if let Some(mut contradiction) = entry.contradiction(&local) {
            contradiction.entry = Some(index);
            self.findings.add(contradiction);
        }
        if &*entry.name == MIMETYPE && !local.extra.is_empty() {
            let finding = Finding::new(MalformedKind::ZipMimetype, Some(index), at);
            self.findings.add(finding);
        }
        let data_end = self.position.saturating_add(entry.compressed_size);
        if data_end > limit {
            self.give_up(MalformedKind::ZipOverlap, index, at, sink);
            return skip;
        }
        let is_described = local.flags & DESCRIBED != 0;
        State::Data(Box::new(self.file(
            index,
            entry,
            is_described,
            limit,
            data_end,
        )))
    }

    fn file(
        &mut self,
        index: u32,
        entry: &Entry,
        is_described: bool,
        limit: u64,
        data_end: u64,
    ) -> File {
        let failure = match (entry.refusal(), entry.check_ratio(&self.limits)) {
            (Some(refusal), _) => Some(refusal.into()),
            (None, Err(limit)) => Some(limit.into()),
            (None, Ok(())) => None,
        };
        let is_deflated = entry.method == DEFLATED;
        if is_deflated {
            self.inflater.get_or_insert_with(Inflater::new).reset();
        }
        File {
            index,
            limit,
            data_end,
            is_described,
            is_deflated,
            size: entry.size,
            crc32: entry.crc32,
            header_offset: entry.header_offset,
            checksum: crc32fast::Hasher::new(),
            given: 0,
            // Some writers mark empty files as deflated and write nothing.
            is_complete: entry.size == 0 && entry.compressed_size == 0,
            failure,
        }
    }

    /// Checks what stood behind a file's octets: its descriptor and nothing else.
    ///
    /// # Standard
    /// APPNOTE §4.3.9: with or without a signature, with sizes of 32 or 64 bits.
    fn tail(&mut self) {
        let state = std::mem::replace(&mut self.state, State::Skip { until: u64::MAX });
        let State::Tail {
            index,
            limit,
            is_described,
            at,
            octets,
        } = state
        else {
            return;
        };
        let length = limit.saturating_sub(at);
        let fits = |octets: &[u8]| {
            let entry = self.directory.entry(index);
            entry.zip(descriptor(octets)).is_some_and(|(entry, found)| {
                found == (entry.crc32, entry.compressed_size, entry.size)
            })
        };
        let kind = match (is_described, length) {
            (false, 0) => return,
            (false, _) => MalformedKind::ZipGap,
            (true, 0..12) => MalformedKind::ZipTruncated,
            (true, 12 | 16 | 20 | 24) if fits(&octets) => return,
            (true, 12 | 16 | 20 | 24) => MalformedKind::ZipMismatch,
            (true, _) => MalformedKind::ZipGap,
        };
        let finding = Finding::new(kind, Some(index), at);
        self.findings.add(match kind {
            MalformedKind::ZipGap => finding.compared(at, limit),
            _ => finding,
        });
    }

    fn give_up(&mut self, kind: MalformedKind, index: u32, at: u64, sink: &mut dyn EntrySink) {
        let known = |finding: &Finding| finding.kind == kind && finding.entry == Some(index);
        if !self.directory.findings.iter().any(known) {
            self.findings.add(Finding::new(kind, Some(index), at));
        }
        sink.end(index, Err(Malformed::at(kind, at).into()));
    }
}

impl File {
    fn take(&mut self, octets: &[u8], inflater: &mut Option<Inflater>, sink: &mut dyn EntrySink) {
        if self.failure.is_some() {
            return;
        }
        if !self.is_deflated {
            self.give(octets, sink);
            return;
        }
        if self.is_complete {
            self.fail(MalformedKind::ZipInflate);
            return;
        }
        let Some(inflater) = inflater else {
            return;
        };
        let progress = inflater.update(octets, &mut |octets| self.give(octets, sink));
        match progress {
            Progress::More => {}
            Progress::Ended { unused: 0 } => self.is_complete = true,
            // Octets behind the end of the compressed data: no part accounts for them.
            // The same kind for all three, for which comes first depends on the chunks.
            Progress::Ended { .. } | Progress::Broken | Progress::Stopped => {
                self.fail(MalformedKind::ZipInflate);
            }
        }
    }

    /// Hands octets on; never more than the directory declares.
    fn give(&mut self, octets: &[u8], sink: &mut dyn EntrySink) -> bool {
        let given = self.given.saturating_add(length_of(octets));
        if given > self.size {
            return false;
        }
        self.given = given;
        self.checksum.update(octets);
        sink.data(self.index, octets);
        true
    }

    fn fail(&mut self, kind: MalformedKind) {
        self.failure = Some(Malformed::at(kind, self.header_offset).into());
    }

    /// Ends the file. What the directory could not know becomes a finding.
    fn end(&mut self, sink: &mut dyn EntrySink) -> Option<Finding> {
        let finding = |kind| Finding::new(kind, Some(self.index), self.header_offset);
        let checksum = self.checksum.clone().finalize();
        let (outcome, finding) = match self.failure.take() {
            // Refusals by method, encryption and size are among the directory's findings; a limit
            // is none.
            Some(Error::Malformed(malformed)) if malformed.kind == MalformedKind::ZipInflate => {
                let finding = finding(malformed.kind);
                (Err(malformed.into()), Some(finding))
            }
            Some(failure) => (Err(failure), None),
            None if self.is_deflated && !self.is_complete => {
                let finding = finding(MalformedKind::ZipInflate);
                (Err(finding.malformed().into()), Some(finding))
            }
            None if self.given != self.size => {
                let finding = finding(MalformedKind::ZipChecksum).compared(self.size, self.given);
                (Err(finding.malformed().into()), Some(finding))
            }
            None if checksum != self.crc32 => {
                let finding = finding(MalformedKind::ZipChecksum)
                    .compared(self.crc32.into(), checksum.into());
                (Ok(()), Some(finding))
            }
            None => (Ok(()), None),
        };
        sink.end(self.index, outcome);
        finding
    }
}

/// With signature and sizes of 64 bits.
const LONGEST_DESCRIPTOR: usize = 24;
