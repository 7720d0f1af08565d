//! Containers, genuine and hostile: read by pages and at hand, streamed in chunks of any size.

mod build;
mod hostile;
mod reading;
mod strangers;
mod writing;

use super::{Directory, EntrySink, Finding, Opening, Pass, read_entry};
use crate::error::{Error, MalformedKind};
use crate::job::InputId;
use crate::limits::{Budget, Limits, Resource};
use crate::source::testing::Host;
use crate::source::{Advance, Edits, Source};
use std::sync::Arc;

/// What a whole reading gave.
#[derive(Clone, Debug, PartialEq)]
struct Outcome {
    findings: Vec<Finding>,
    files: Vec<(String, Result<Vec<u8>, Error>)>,
    charges: Budget,
}

impl Outcome {
    fn kinds(&self) -> Vec<MalformedKind> {
        let mut kinds: Vec<_> = self.findings.iter().map(|finding| finding.kind).collect();
        kinds.sort_unstable();
        kinds
    }

    fn file(&self, name: &str) -> &Result<Vec<u8>, Error> {
        &self
            .files
            .iter()
            .find(|(found, _)| found == name)
            .unwrap()
            .1
    }
}

/// Collects every file.
#[derive(Default)]
struct Collector {
    files: Vec<Received>,
}

/// The place of an entry, its octets, and how it ended.
type Received = (u32, Vec<u8>, Option<Result<(), Error>>);

impl EntrySink for Collector {
    fn begin(&mut self, entry: u32) {
        assert!(self.files.last().is_none_or(|last| last.2.is_some()));
        self.files.push((entry, Vec::new(), None));
    }

    fn data(&mut self, entry: u32, octets: &[u8]) {
        let last = self.files.last_mut().unwrap();
        assert_eq!((last.0, &last.2), (entry, &None));
        last.1.extend_from_slice(octets);
    }

    fn end(&mut self, entry: u32, outcome: Result<(), Error>) {
        let last = self.files.last_mut().unwrap();
        assert_eq!((last.0, &last.2), (entry, &None));
        last.2 = Some(outcome);
    }
}

fn open(host: &mut Host, source: &mut Source, budget: &mut Budget) -> Result<Directory, Error> {
    let mut opening = Opening::new();
    loop {
        let advance = host.run(source, |source| opening.advance(source, budget))?;
        if let Advance::Done(directory) = advance {
            return Ok(directory);
        }
    }
}

fn read_with(
    bytes: &[u8],
    page_size: Option<u64>,
    chunk: usize,
    limits: Limits,
) -> Result<Outcome, Error> {
    let mut host = Host::new(vec![bytes.to_vec()]);
    let inputs = match page_size {
        Some(_) => host.paged(),
        None => host.at_hand(),
    };
    let mut source = Source::file(inputs, InputId(0), page_size.unwrap_or(64))?;
    let mut budget = Budget::new(Arc::new(limits));
    let directory = Arc::new(open(&mut host, &mut source, &mut budget)?);

    let mut pass = Pass::new(Arc::clone(&directory), &budget);
    let mut sink = Collector::default();
    let mut stream = source.stream(pass.range())?;
    host.pump(&mut stream, chunk, &mut |octets| {
        for chunk in octets.chunks(chunk) {
            pass.feed(chunk, &mut sink);
        }
        Ok(())
    })?;
    let mut findings = directory.findings.clone();
    findings.extend(pass.finish(&mut sink)?);
    assert_eq!(sink.files.len(), directory.entries.len());

    for (index, octets, outcome) in &sink.files {
        let entry = directory.entry(*index).unwrap();
        let read = host.run(&mut source, |source| read_entry(source, entry, &mut budget));
        // Reading one file is never more tolerant than the pass.
        if let Ok(read) = read {
            // But for overlaps, which show only in the whole.
            let overlaps = matches!(outcome, Some(Err(Error::Malformed(malformed)))
                if malformed.kind == MalformedKind::ZipOverlap);
            let agrees = *outcome == Some(Ok(())) && read == *octets;
            assert!(overlaps || agrees, "{}", entry.name);
        }
    }
    let files = sink.files.into_iter().map(|(index, octets, outcome)| {
        let name = directory.entry(index).unwrap().name.to_string();
        (name, outcome.unwrap().map(|()| octets))
    });
    Ok(Outcome {
        findings,
        files: files.collect(),
        charges: budget,
    })
}

/// Reads in every way, which must give the same.
fn read(bytes: &[u8]) -> Result<Outcome, Error> {
    let first = read_with(bytes, None, 1 << 20, Limits::default());
    for (page_size, chunk) in [(Some(64), 7), (Some(4096), 1000), (Some(1 << 16), 64)] {
        let other = read_with(bytes, page_size, chunk, Limits::default());
        assert_eq!(first, other, "pages of {page_size:?}, chunks of {chunk}");
    }
    first
}

fn kinds(bytes: &[u8]) -> Vec<MalformedKind> {
    read(bytes).unwrap().kinds()
}

fn refusal(bytes: &[u8]) -> MalformedKind {
    match read(bytes) {
        Err(Error::Malformed(malformed)) => malformed.kind,
        other => panic!("not refused as malformed: {other:?}"),
    }
}

fn written(edits: &Edits, files: &[Vec<u8>]) -> Vec<u8> {
    let mut out = Vec::new();
    crate::source::write_all(
        edits,
        |input, range| Ok(files[input.0 as usize][range.start as usize..range.end as usize].into()),
        |octets| {
            out.extend_from_slice(octets);
            Ok(())
        },
    )
    .unwrap();
    out
}

fn noise(length: usize) -> Vec<u8> {
    let mut state = 0x2545_f491_4f6c_dd1du64;
    (0..length)
        .map(|_| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            (state >> 40) as u8
        })
        .collect()
}
