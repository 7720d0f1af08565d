//! `imza extract`: the files of a container, and what an XML signature holds, as they were signed.
//!
//! What is written is compared, octet by octet as it is written, with what the signatures cover: no
//! name is looked up a second time, and no file comes out whole that is not the one that was
//! verified. Nobody is trusted here; who signed, `imza verify` says.

use crate::Outcome;
use crate::arguments::{ExtractOptions, TrustOptions};
use crate::complaint::Complaint;
use crate::host::{Connection, Files, seed};
use crate::material;
use crate::output::{Existing, Output};
use crate::verify::name_of;
use crate::voice;
use imza::asic;
use imza::crypto;
use imza::error::{Error, InputError};
use imza::evidence::ReferenceOutcome;
use imza::job::InputId;
use imza::limits::{Budget, Limits};
use imza::payload::Part;
use imza::reading::{Network, Validation, ValidationRequest, Verdict};
use imza::signature::Target;
use imza::source::{Advance, Inputs, Source, Stop};
use imza::transport::{Transport, drive};
use imza::vocabulary::{ContainerKind, Integrity, ReferenceKind};
use imza::zip::{Directory, EntrySink, Opening, Pass, Weight};
use imza_explain::{Said, Sentence};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

/// Octets of one page of structure.
const PAGE_SIZE: u64 = 1 << 16;

/// Runs the command.
pub(crate) fn run(options: &ExtractOptions) -> Outcome {
    if let (Some(revision), Some(output)) = (options.revision, &options.output) {
        return crate::pdf::extract(&options.document, revision, output, &options.password);
    }
    let mut files = open(&options.document)?;
    let verdict = look(&mut files)?;
    let mut shelf = Shelf {
        folder: options.folder.clone().unwrap_or_default(),
        output: options.output.clone(),
        is_placed: false,
        existing: Existing::of(options.force),
        wanted: options.names.iter().map(String::as_str).collect(),
        signed: BTreeMap::new(),
        unsigned: false,
    };
    let facts = verdict.report.files.iter();
    let digests = facts.map(|file| (file.name.clone(), file.digest.clone()));
    let covered = verdict.report.files.iter();
    let covered = covered.filter(|file| !file.covered_by.is_empty());
    shelf.signed = covered
        .map(|file| (file.name.clone(), file.digest.clone()))
        .collect();
    match verdict.report.container {
        Some(ContainerKind::Ddoc) => shelf.digidoc(&mut files)?,
        Some(ContainerKind::Pdf) => return Err(Complaint::misuse(Sentence::RevisionMissing)),
        Some(_) => shelf.container(&mut files, digests.collect())?,
        None => shelf.records(&verdict, &name_of(&options.document))?,
    }
    if let Some(missing) = shelf.wanted.first() {
        let what = Said::new(Sentence::NotInContainer).with("name", *missing);
        return Err(Complaint::misuse(what));
    }
    Ok(if shelf.unsigned { 10 } else { 0 })
}

/// Opens a document by itself.
pub(crate) fn open(document: &Path) -> Result<Files, Complaint> {
    let paths = [(name_of(document), document.to_owned())];
    Files::open(&paths, Connection::Offline).map_err(|error| Complaint::misuse(error.said()))
}

/// Verifies a document without trusting anybody: what it holds, and which digests fit.
pub(crate) fn look(files: &mut Files) -> Result<Verdict, Complaint> {
    let options = TrustOptions {
        trust: Vec::new(),
        trust_for: Vec::new(),
        evidence: Vec::new(),
        policy: "default".to_owned(),
        revocation: None,
        time: None,
        offline: true,
        no_cache: true,
        danger_allow_loopback: false,
    };
    let request = ValidationRequest {
        inputs: files.inputs(),
        given: Vec::new(),
        keys: Vec::new(),
        seed: seed()?,
        network: Network::Offline,
    };
    let job = Validation::begin(request, material::context(&options, None)?);
    job.and_then(|job| drive(job, files))
        .map_err(|error| wrong(&error))
}

fn wrong(error: &Error) -> Complaint {
    Complaint::from_error(Sentence::DoingReading, error)
}

/// Where files go, and which.
struct Shelf<'a> {
    folder: PathBuf,
    /// The place of the one file that comes out, instead of the folder.
    output: Option<PathBuf>,
    /// Whether a file has a place.
    is_placed: bool,
    existing: Existing,
    /// Names that were asked for and not seen yet; none at all asks for every file.
    wanted: BTreeSet<&'a str>,
    /// What intact signatures cover, with its digest.
    signed: BTreeMap<String, Option<String>>,
    /// Whether something came out that nobody signed.
    unsigned: bool,
}

impl Shelf<'_> {
    /// Whether a file was asked for.
    fn takes(&mut self, name: &str, all: bool) -> bool {
        all || self.wanted.remove(name)
    }

    fn container(
        &mut self,
        files: &mut Files,
        digests: BTreeMap<String, Option<String>>,
    ) -> Result<(), Complaint> {
        let directory = directory(files).map_err(|error| wrong(&error))?;
        let mut findings = directory.findings.iter();
        if let Some(found) = findings.find(|found| found.weight() == Weight::Failure) {
            return Err(wrong(&found.malformed().into()));
        }
        let all = self.wanted.is_empty();
        let mut targets = BTreeMap::new();
        for (index, entry) in directory.iter() {
            let name: &str = &entry.name;
            if digests.contains_key(name) && !entry.is_link() && self.takes(name, all) {
                targets.insert(index, (name.to_owned(), self.place(name)?));
            }
        }
        let directory = Arc::new(directory);
        let mut pass = Pass::new(Arc::clone(&directory), &Budget::default());
        let mut sink = Sink {
            targets,
            digests: &digests,
            existing: self.existing,
            open: None,
            written: Vec::new(),
            failure: None,
        };
        let range = pass.range();
        files
            .stream(InputId(0), range, &mut |chunk| {
                pass.feed(chunk, &mut sink);
                Ok(())
            })
            .map_err(|error| wrong(&error))?;
        pass.finish(&mut sink).map_err(|error| wrong(&error))?;
        let (failure, written) = (sink.failure, sink.written);
        for name in written {
            self.tell(&name);
        }
        failure.map_or(Ok(()), Err)
    }

    /// DIGIDOC-XML holds its files in base64.
    fn digidoc(&mut self, files: &mut Files) -> Result<(), Complaint> {
        let octets = whole(files)?;
        let digidoc = asic::read_digidoc(&octets, &mut budget());
        let digidoc = digidoc.map_err(|error| wrong(&error))?;
        let Some(digidoc) = digidoc else {
            return Err(Complaint::misuse(Sentence::NothingToExtract));
        };
        let all = self.wanted.is_empty();
        let mut files = Vec::new();
        for file in digidoc.files {
            let Some(octets) = file.octets else { continue };
            if self.takes(&file.name, all) {
                files.push((file.name, octets.to_vec()));
            }
        }
        self.put(files)
    }

    /// What an XML or CMS signature holds: the very octets that its digest is over.
    fn records(&mut self, verdict: &Verdict, document: &str) -> Result<(), Complaint> {
        let evidence = &verdict.evidence;
        let mut number = 0;
        let mut files = Vec::new();
        for record in evidence.records().iter().filter(|one| one.parent.is_none()) {
            let reports = verdict.report.signatures.iter();
            let mut reports = reports.filter(|report| report.id == record.id);
            // Whoever has no key can make digests fit.
            let is_intact = reports.all(|report| report.integrity == Integrity::Intact);
            let outcomes = evidence.references(record, &mut budget());
            let outcomes = outcomes.map_err(|error| wrong(&error))?.outcomes;
            for (reference, outcome) in record.references.iter().zip(outcomes) {
                let Target::Parts(parts) = &reference.target else {
                    continue;
                };
                let octets: Option<Vec<&[u8]>> = parts
                    .iter()
                    .map(|part| match part {
                        Part::Octets(octets) => Some(&octets[..]),
                        _ => None,
                    })
                    .collect();
                let is_data = reference.kind == ReferenceKind::SignersDocument;
                let (Some(octets), true) = (octets, is_data) else {
                    continue;
                };
                number += 1;
                let name = format!("{document}.content-{number}");
                let all = self.wanted.is_empty();
                if !self.takes(&name, all) {
                    continue;
                }
                if outcome != ReferenceOutcome::Intact {
                    let what = Said::new(Sentence::ContentBroken).with("name", name.as_str());
                    return Err(Complaint::other(what));
                }
                if is_intact {
                    self.signed.insert(name.clone(), None);
                }
                files.push((name, octets.concat()));
            }
        }
        if number == 0 {
            return Err(Complaint::misuse(Sentence::NothingToExtract));
        }
        self.put(files)
    }

    /// Writes files, when each has a place.
    fn put(&mut self, files: Vec<(String, Vec<u8>)>) -> Result<(), Complaint> {
        let mut placed = Vec::new();
        for (name, octets) in files {
            placed.push((self.place(&name)?, name, octets));
        }
        for (place, name, octets) in placed {
            if let Some(Some(expected)) = self.signed.get(&name)
                && *expected != crypto::object_id(&octets).to_hex()
            {
                return Err(wrong(&InputError::Changed.into()));
            }
            let mut output = Output::create(&place, self.existing)?;
            output.write(&octets)?;
            output.finish()?;
            self.tell(&name);
        }
        Ok(())
    }

    /// Where a file goes: where it was wanted, or inside of the folder, through no link.
    fn place(&mut self, name: &str) -> Result<PathBuf, Complaint> {
        if let Some(output) = &self.output {
            return match std::mem::replace(&mut self.is_placed, true) {
                true => Err(Complaint::misuse(Sentence::OneFileAlone)),
                false => Ok(output.clone()),
            };
        }
        let refuse = || Complaint::other(Said::new(Sentence::NameLeadsOutside).with("name", name));
        let relative = Path::new(name);
        let mut parts = relative.components();
        let is_inside = !name.is_empty() && parts.all(|part| matches!(part, Component::Normal(_)));
        if !is_inside || name.contains(['\\', '\0', ':']) {
            return Err(refuse());
        }
        let mut place = self.folder.clone();
        let parent = relative.parent().unwrap_or(Path::new(""));
        let unwritable = |place: &Path, error: &std::io::Error| {
            let what = Said::new(Sentence::Unwritable).with("name", place);
            Complaint::other(what.with("why", error))
        };
        if !self.folder.as_os_str().is_empty() {
            std::fs::create_dir_all(&self.folder)
                .map_err(|error| unwritable(&self.folder, &error))?;
        }
        for part in parent.components() {
            place.push(part);
            match std::fs::create_dir(&place) {
                Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {}
                Err(error) => return Err(unwritable(&place, &error)),
                Ok(()) => {}
            }
            let metadata = place.symlink_metadata();
            if !metadata.is_ok_and(|metadata| metadata.is_dir()) {
                return Err(refuse());
            }
        }
        Ok(self.folder.join(relative))
    }

    fn tell(&mut self, name: &str) {
        let sentence = if self.signed.contains_key(name) {
            Sentence::Written
        } else {
            self.unsigned = true;
            Sentence::WrittenUnsigned
        };
        let said = Said::new(sentence).with("name", name);
        anstream::eprintln!("{}", voice::words().said(&said).what);
    }
}

/// Takes the files of a container as they pass.
struct Sink<'a> {
    targets: BTreeMap<u32, (String, PathBuf)>,
    digests: &'a BTreeMap<String, Option<String>>,
    existing: Existing,
    open: Option<(u32, Output, crypto::Digester)>,
    written: Vec<String>,
    failure: Option<Complaint>,
}

impl Sink<'_> {
    fn begun(&self, entry: u32) -> Result<Option<(u32, Output, crypto::Digester)>, Complaint> {
        let Some((_, place)) = self.targets.get(&entry) else {
            return Ok(None);
        };
        let sha256 = imza::algorithm::DigestAlgorithm::Sha256;
        let digester = crypto::Digester::new(sha256).map_err(|error| wrong(&error))?;
        Ok(Some((
            entry,
            Output::create(place, self.existing)?,
            digester,
        )))
    }

    fn ended(&mut self, outcome: Result<(), Error>) -> Result<(), Complaint> {
        let Some((entry, output, digester)) = self.open.take() else {
            return Ok(());
        };
        outcome.map_err(|error| wrong(&error))?;
        let Some((name, _)) = self.targets.get(&entry) else {
            return Ok(());
        };
        let found: String = digester
            .finish()
            .iter()
            .map(|octet| format!("{octet:02x}"))
            .collect();
        // The container changed since it was verified.
        if let Some(Some(expected)) = self.digests.get(name)
            && *expected != found
        {
            return Err(wrong(&InputError::Changed.into()));
        }
        output.finish()?;
        self.written.push(name.clone());
        Ok(())
    }

    fn note(&mut self, outcome: Result<(), Complaint>) {
        if let Err(complaint) = outcome {
            self.failure.get_or_insert(complaint);
            self.targets.clear();
            self.open = None;
        }
    }
}

impl EntrySink for Sink<'_> {
    fn begin(&mut self, entry: u32) {
        let outcome = self.begun(entry).map(|open| self.open = open);
        self.note(outcome);
    }

    fn data(&mut self, _: u32, octets: &[u8]) {
        if let Some((_, output, digester)) = &mut self.open {
            digester.update(octets);
            let outcome = output.write(octets);
            self.note(outcome);
        }
    }

    fn end(&mut self, _: u32, outcome: Result<(), Error>) {
        let outcome = self.ended(outcome);
        self.note(outcome);
    }
}

/// The directory of a container.
pub(crate) fn directory(files: &mut Files) -> Result<Directory, Error> {
    let inputs = Arc::new(Inputs::new(files.inputs()));
    let mut source = Source::file(inputs, InputId(0), PAGE_SIZE)?;
    let (mut opening, mut budget) = (Opening::new(), budget());
    loop {
        match opening.advance(&mut source, &mut budget) {
            Ok(Advance::Done(directory)) => return Ok(directory),
            Ok(Advance::More) => {}
            Err(Stop::Error(error)) => return Err(error),
            Err(Stop::NotHere) => {
                let wanted = source.wanted();
                if wanted.is_empty() {
                    return Err(InputError::Unreadable.into());
                }
                for (input, range) in wanted {
                    let octets = files.read(input, range.clone());
                    let octets = octets.ok_or(InputError::Unreadable)?;
                    source.supply(input, range, &octets)?;
                }
            }
        }
    }
}

fn whole(files: &mut Files) -> Result<Vec<u8>, Complaint> {
    let range = 0..files.length(0);
    let octets = files.read(InputId(0), range);
    octets.ok_or_else(|| wrong(&InputError::Unreadable.into()))
}

/// What a program on a computer may spend.
fn budget() -> Budget {
    Budget::new(Arc::new(Limits::large()))
}
