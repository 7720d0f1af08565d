//! `imza archive`: a folder of files under one time-stamp, renewed for as long as it is needed.
//!
//! Beside the files stands the folder `.imza-archive`. Each `add` makes a batch in it: an index (a
//! line for each file: SHA-256, size, path) and a record (RFC 4998) of the time-stamps over the root
//! of the tree of these digests and that of the index. A renewed tree has a file of SHA-512 digests
//! beside. Files are read once, one after the other; what an interrupted run digested already is not
//! digested again.

mod index;
mod walk;

use crate::Outcome;
use crate::arguments::{
    ArchiveAddOptions, ArchiveCommand, ArchiveRecordOptions, ArchiveRenewOptions,
    ArchiveVerifyOptions, TrustOptions,
};
use crate::complaint::Complaint;
use crate::host::{Connection, Files, seed};
use crate::material;
use crate::output::{Existing, Output, say};
use crate::progress::{Progress, Show};
use crate::timestamp::ask;
use crate::voice;
use imza::algorithm::DigestAlgorithm;
use imza::creation::{Archive, validation_data_of_records};
use imza::error::Error;
use imza::limits::{Budget, Limits};
use imza::reading::{Network, Validation, ValidationRequest, Verdict};
use imza::report::{AnyIndication, Report};
use imza::source::Input;
use imza::transport::drive;
use imza::vocabulary::BlockIndication;
use imza_explain::{Said, Sentence};
use index::{Batch, List, Pending};
use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use walk::Seen;

/// The folder that holds what is known of the files.
const FOLDER: &str = ".imza-archive";

/// Runs the command.
pub(crate) fn run(command: &ArchiveCommand) -> Outcome {
    match command {
        ArchiveCommand::Add(options) => add(options),
        ArchiveCommand::Renew(options) => renew(options),
        ArchiveCommand::Verify(options) => verify(options),
        ArchiveCommand::Record(options) => record(options),
    }
}

fn tell(said: &Said) {
    anstream::eprintln!("{}", voice::words().said(said).what);
}

fn failed(error: &Error) -> Complaint {
    Complaint::from_error(Sentence::DoingArchiving, error)
}

/// A record of a million documents holds no more than one token for each renewal.
fn budget() -> Budget {
    Budget::new(Arc::new(Limits::default()))
}

fn add(options: &ArchiveAddOptions) -> Outcome {
    let folder = &options.folder;
    let total = walk::size(folder)?;
    let own = folder.join(FOLDER);
    std::fs::create_dir_all(&own).map_err(|error| walk::unreadable(&own, &error))?;
    let batches = Batch::all(&own)?;
    let mut known = HashSet::new();
    for batch in &batches {
        batch.each(|line| {
            known.insert(index::name_key(line.path));
            Ok(())
        })?;
    }
    let mut pending = Pending::open(&own, &batches)?;
    let progress = Progress::new(Sentence::Archiving, 1, total, Show::of(voice::is_plain()));
    let mut witness = Witness::default();
    let mut others = Vec::new();
    let (count, leaves) = progress.during(|| {
        walk::files(folder, |path, file, metadata| {
            if !metadata.is_file() {
                others.push(path.to_owned());
                return Ok(());
            }
            if !known.contains(&index::name_key(path)) {
                pending.add(path, file, metadata)?;
                witness.offer(metadata.len(), file);
            }
            progress.add(metadata.len());
            Ok(())
        })?;
        pending.finish()
    })?;
    for path in &others {
        tell(&Said::new(Sentence::ArchiveUnprotected).with("name", path.as_str()));
    }
    if count == 0 {
        pending.remove();
        let said = Said::new(Sentence::ArchiveNothingNew).with("name", folder.as_path());
        tell(&said);
        return Ok(0);
    }
    let archive = Archive::over(DigestAlgorithm::Sha256, leaves).map_err(|error| failed(&error))?;
    let mut archive = stamp(archive, options)?;
    let own = own.join(RECORD_TO_COME);
    complete(&mut archive, &witness, options, &own)?;
    let next = batches.last().map_or(1, |batch| batch.number + 1);
    pending.become_batch(next, &archive.kept())?;
    let said = Said::new(Sentence::Archived).with("count", count.to_string());
    tell(&said.with("name", folder.as_path()));
    Ok(0)
}

/// One call to an authority, whatever the number of documents.
fn stamp(mut archive: Archive, options: &ArchiveAddOptions) -> Result<Archive, Complaint> {
    let network = Connection::of(&options.trust);
    let mut files = Files::open(&[], network).map_err(|error| Complaint::misuse(error.said()))?;
    let digest = archive.to_be_stamped().map_err(|error| failed(&error))?;
    let algorithm = archive.algorithm().unwrap_or(DigestAlgorithm::Sha256);
    let made =
        ask(&options.tsa, (algorithm, digest), &mut files).map_err(|error| failed(&error))?;
    archive.stamped(made.token);
    Ok(archive)
}

/// The smallest file, since its record is validated with it in memory: the others share its
/// time-stamps.
#[derive(Default)]
struct Witness {
    next: usize,
    /// Octets, place in the index, path.
    smallest: Option<(u64, usize, PathBuf)>,
}

impl Witness {
    fn offer(&mut self, size: u64, path: &Path) {
        let smallest = self.smallest.as_ref().map(|(size, ..)| *size);
        if smallest.is_none_or(|known| size < known) {
            self.smallest = Some((size, self.next, path.to_owned()));
        }
        self.next += 1;
    }
}

/// How messages name the record of a batch that is being made.
const RECORD_TO_COME: &str = "*.ers";

/// Puts into the last time-stamp what validates it after its authority's certificate has ended. Without
/// it the batch is as good as before, and the person is told.
fn complete(
    archive: &mut Archive,
    witness: &Witness,
    options: &ArchiveAddOptions,
    record_path: &Path,
) -> Result<(), Complaint> {
    let mut context = material::context(&options.trust, None)?;
    // Older data would do for a verdict. What is kept says that nothing was revoked until now.
    let mut policy = (*context.policy).clone();
    policy.auxiliary_freshness = policy.freshness;
    context.policy = Arc::new(policy);
    let Some((_, place, path)) = &witness.smallest else {
        return Ok(());
    };
    let record = archive.record(*place);
    let verdict = validate(&record, path, &options.trust, &context)?;
    let added = validation_data_of_records(&verdict.evidence, &context)
        .and_then(|data| archive.add_validation_data(&data, &mut budget()));
    if let Err(error) = added {
        let found = verdict.report.evidence_records.first();
        let sub = found.and_then(|record| record.sub_indication);
        let why = sub.map_or_else(|| error.reason(), |sub| sub.to_string());
        let said = Said::new(Sentence::ArchiveIncomplete).with("name", record_path);
        tell(&said.with("why", why));
    }
    Ok(())
}

fn batches(folder: &Path) -> Result<Vec<Batch>, Complaint> {
    let batches = Batch::all(&folder.join(FOLDER))?;
    if batches.is_empty() {
        let what = Said::new(Sentence::NotAnArchive).with("name", folder);
        return Err(Complaint::misuse(what));
    }
    Ok(batches)
}

fn read(batch: &Batch) -> Result<Archive, Complaint> {
    let mut digests = Vec::new();
    batch.each(|line| {
        digests.extend_from_slice(&line.digest);
        Ok(())
    })?;
    if batch.list()? != List::Unproven {
        digests.extend(batch.index_digest()?);
    }
    let wrong = |_| index::damaged(&batch.record_path());
    let kept = batch.record()?;
    let chains = Archive::algorithms(&kept, &mut budget()).map_err(wrong)?;
    let mut all = vec![digests];
    for chain in 1..chains.len() {
        all.push(batch.digests(chain)?);
    }
    Archive::read_renewed(all, &kept, &mut budget()).map_err(wrong)
}

fn renew(options: &ArchiveRenewOptions) -> Outcome {
    for batch in batches(&options.add.folder)? {
        let mut archive = read(&batch)?;
        let witness = witness(&batch, &options.add.folder)?;
        let path = batch.record_path();
        complete(&mut archive, &witness, &options.add, &path)?;
        if options.rehash {
            rehash(&batch, &mut archive, &options.add.folder)?;
        }
        let mut archive = stamp(archive, &options.add)?;
        complete(&mut archive, &witness, &options.add, &path)?;
        let mut output = Output::create(&path, Existing::Replace)?;
        output.write(&archive.kept())?;
        output.finish()?;
        tell(&Said::new(Sentence::ArchiveRenewed).with("name", path.as_path()));
    }
    Ok(0)
}

/// The smallest file that is still there.
fn witness(batch: &Batch, folder: &Path) -> Result<Witness, Complaint> {
    let mut witness = Witness::default();
    batch.each(|line| {
        let path = folder.join(walk::native(line.path));
        let is_file = |found: std::fs::Metadata| found.is_file();
        match path.symlink_metadata().is_ok_and(is_file) {
            true => witness.offer(line.size, &path),
            false => witness.next += 1,
        }
        Ok(())
    })?;
    Ok(witness)
}

/// Digests every file of a batch anew. One that is not as it was ends it: what is proven of the
/// others would not be proven of the batch.
fn rehash(batch: &Batch, archive: &mut Archive, folder: &Path) -> Result<(), Complaint> {
    let chain = Archive::algorithms(&archive.kept(), &mut budget())
        .map_err(|error| failed(&error))?
        .len();
    let mut digests = Vec::new();
    batch.each(|line| {
        let path = folder.join(walk::native(line.path));
        let both = [DigestAlgorithm::Sha256, NEXT];
        let said = |what| Complaint::other(Said::new(what).with("name", line.path));
        let seen = walk::look(&path, &both).map_err(|error| walk::unreadable(&path, &error))?;
        match seen {
            Seen::File(found, _) => match found.as_slice() {
                [known, new] if *known == line.digest => digests.extend_from_slice(new),
                _ => return Err(said(Sentence::ArchiveChanged)),
            },
            Seen::Other => return Err(said(Sentence::ArchiveChanged)),
            Seen::Nothing => return Err(said(Sentence::ArchiveMissing)),
        }
        Ok(())
    })?;
    match batch.list()? {
        List::Unproven => {}
        List::Another => return Err(index::damaged(&batch.index_path())),
        List::Proven => digests.extend(own_digests(batch, &[NEXT])?.into_iter().flatten()),
    }
    batch.keep_digests(chain, &digests)?;
    let renewed = archive.renew_tree(NEXT, digests);
    renewed.map_err(|error| failed(&error))
}

/// The digests of the index, the last leaf of its tree.
fn own_digests(batch: &Batch, all: &[DigestAlgorithm]) -> Result<Vec<Vec<u8>>, Complaint> {
    let path = batch.index_path();
    match walk::look(&path, all).map_err(|error| walk::unreadable(&path, &error))? {
        Seen::File(found, _) => Ok(found),
        Seen::Nothing | Seen::Other => Err(index::damaged(&path)),
    }
}

/// The digest algorithm of renewed trees.
const NEXT: DigestAlgorithm = DigestAlgorithm::Sha512;

fn record(options: &ArchiveRecordOptions) -> Outcome {
    for batch in batches(&options.folder)? {
        let (mut place, mut found) = (0usize, None);
        batch.each(|line| {
            if line.path == options.file {
                found = Some(place);
            }
            place += 1;
            Ok(())
        })?;
        let Some(place) = found else { continue };
        let target = options.output.clone().unwrap_or_else(|| {
            let name = Path::new(&options.file).file_name();
            let mut name = name.unwrap_or_default().to_owned();
            name.push(".ers");
            name.into()
        });
        let mut output = Output::create(&target, Existing::of(options.force))?;
        output.write(&read(&batch)?.record(place))?;
        output.finish()?;
        tell(&Said::new(Sentence::Written).with("name", target.as_path()));
        return Ok(0);
    }
    let what = Said::new(Sentence::NotInArchive).with("name", options.file.as_str());
    Err(Complaint::misuse(what))
}

/// What became of a batch.
struct Judged {
    intact: usize,
    changed: Vec<String>,
    missing: Vec<String>,
    /// Files that may be an inner node of the tree, and stand for others that were taken away.
    doubtful: Vec<String>,
    list: List,
    /// The judgement of the record of one document that is intact: the others share its time-stamps
    /// and its root, which is computed from all digests of the index.
    report: Option<Report>,
}

fn verify(options: &ArchiveVerifyOptions) -> Outcome {
    let context = material::context(&options.trust, None)?;
    let batches = batches(&options.folder)?;
    let mut known: HashSet<[u8; 16]> = HashSet::new();
    let mut status = 0;
    let mut parts = Vec::new();
    for batch in &batches {
        let judged = judge(batch, options, &context, &mut known)?;
        status = status.max(status_of(&judged));
        parts.push(told(batch, &judged, options.json));
    }
    let mut unprotected = Vec::new();
    walk::files(&options.folder, |path, _, _| {
        if !known.contains(&index::name_key(path)) {
            unprotected.push(path.to_owned());
        }
        Ok(())
    })?;
    if !unprotected.is_empty() {
        status = status.max(10);
    }
    if options.json {
        let line = serde_json::json!({
            "schema": "imza-archive-report/1",
            "batches": parts,
            "unprotected": unprotected,
        });
        say(&imza::report::harmless_json(line.to_string()))?;
    } else {
        for path in &unprotected {
            tell(&Said::new(Sentence::ArchiveUnprotected).with("name", path.as_str()));
        }
    }
    Ok(status)
}

fn status_of(judged: &Judged) -> u8 {
    if !judged.changed.is_empty() || judged.list == List::Another {
        return 20;
    }
    let is_whole = judged.missing.is_empty() && judged.doubtful.is_empty();
    match judged.report.as_ref().and_then(|report| report.indication) {
        Some(AnyIndication::Block(BlockIndication::Passed)) if is_whole => 0,
        Some(AnyIndication::Block(BlockIndication::Failed)) => 20,
        _ => 10,
    }
}

fn judge(
    batch: &Batch,
    options: &ArchiveVerifyOptions,
    context: &imza::validation::Context,
    known: &mut HashSet<[u8; 16]>,
) -> Result<Judged, Complaint> {
    let mut judged = Judged {
        intact: 0,
        changed: Vec::new(),
        missing: Vec::new(),
        doubtful: Vec::new(),
        list: batch.list()?,
        report: None,
    };
    let (mut place, mut witness) = (0usize, Witness::default());
    let later = later(batch)?;
    let algorithms: Vec<_> = std::iter::once(DigestAlgorithm::Sha256)
        .chain(later.iter().map(|(algorithm, _)| *algorithm))
        .collect();
    batch.each(|line| {
        known.insert(index::name_key(line.path));
        let path = options.folder.join(walk::native(line.path));
        let seen = walk::look(&path, &algorithms);
        match seen.map_err(|error| walk::unreadable(&path, &error))? {
            Seen::File(found, size) if fits(&found, place, Some(&line.digest), &later) => {
                judged.intact += 1;
                witness.next = place;
                witness.offer(size, &path);
                if judged.list == List::Unproven && size == NODE && is_node(&path)? {
                    judged.doubtful.push(line.path.to_owned());
                }
            }
            Seen::File(..) | Seen::Other => judged.changed.push(line.path.to_owned()),
            Seen::Nothing => judged.missing.push(line.path.to_owned()),
        }
        place += 1;
        Ok(())
    })?;
    // What no later chain has is in the tree by its first digest alone.
    let own = own_digests(batch, &algorithms)?;
    if judged.list == List::Proven && !fits(&own, place, None, &later) {
        judged.list = List::Another;
    }
    if let Some((_, place, path)) = witness.smallest {
        let record = read(batch)?.record(place);
        judged.report = Some(validate(&record, &path, &options.trust, context)?.report);
    }
    Ok(judged)
}

/// Whether the digests of a file are the one of the index and, at its place, those of later chains.
fn fits(found: &[Vec<u8>], place: usize, known: Option<&[u8; 32]>, later: &[Later]) -> bool {
    let Some((first, others)) = found.split_first() else {
        return false;
    };
    let mut others = others.iter().zip(later);
    known.is_none_or(|known| first == known)
        && others.all(|(digest, (algorithm, all))| {
            let width = algorithm.output_len();
            let start = place.saturating_mul(width);
            all.get(start..start.saturating_add(width)) == Some(digest.as_slice())
        })
}

/// Octets of two digests of the first tree.
const NODE: u64 = 64;

/// Whether the octets of a file may be what an inner node of the tree is the digest of: two digests in
/// ascending order. Where the index is no leaf nothing tells such a file from two that are gone.
fn is_node(path: &Path) -> Result<bool, Complaint> {
    let octets = walk::read(path).map_err(|error| walk::unreadable(path, &error))?;
    let halves = octets.split_at_checked(octets.len() / 2);
    Ok(halves.is_none_or(|(left, right)| left <= right))
}

/// A digest algorithm and the digests of all files by it.
type Later = (DigestAlgorithm, Vec<u8>);

/// The digests of later chains, which count where older algorithms have grown weak.
fn later(batch: &Batch) -> Result<Vec<Later>, Complaint> {
    let wrong = |_| index::damaged(&batch.record_path());
    let algorithms = Archive::algorithms(&batch.record()?, &mut budget()).map_err(wrong)?;
    let chains = algorithms.into_iter().enumerate().skip(1);
    chains
        .map(|(chain, algorithm)| Ok((algorithm, batch.digests(chain)?)))
        .collect()
}

fn validate(
    record: &[u8],
    path: &Path,
    options: &TrustOptions,
    context: &imza::validation::Context,
) -> Result<Verdict, Complaint> {
    let octets = walk::read(path).map_err(|error| walk::unreadable(path, &error))?;
    let mut files = Files::open(&[], Connection::of(options))
        .map_err(|error| Complaint::misuse(error.said()))?;
    files.use_cache(options);
    let request = ValidationRequest {
        inputs: vec![
            Input::at_hand("record.ers", record),
            Input::at_hand("document", octets),
        ],
        given: material::evidence(&options.evidence)?,
        keys: Vec::new(),
        seed: seed()?,
        network: match options.offline {
            true => Network::Offline,
            false => Network::Online,
        },
    };
    Validation::begin(request, context.clone())
        .and_then(|job| drive(job, &mut files))
        .map_err(|error| Complaint::from_error(Sentence::DoingReading, &error))
}

/// The part of a batch in the report; for people, what they must know.
fn told(batch: &Batch, judged: &Judged, is_json: bool) -> serde_json::Value {
    let record = judged.report.as_ref();
    let record = record.and_then(|report| report.evidence_records.first());
    let indication = record.map(|record| record.indication.as_str());
    let sub = record.and_then(|record| record.sub_indication);
    let time = record.and_then(|record| record.time);
    let passed = record.is_some_and(|record| record.indication == BlockIndication::Passed);
    if !is_json {
        for path in &judged.changed {
            tell(&Said::new(Sentence::ArchiveChanged).with("name", path.as_str()));
        }
        for path in &judged.missing {
            tell(&Said::new(Sentence::ArchiveMissing).with("name", path.as_str()));
        }
        for path in &judged.doubtful {
            tell(&Said::new(Sentence::ArchiveDoubtful).with("name", path.as_str()));
        }
        let said = match judged.list {
            List::Proven => None,
            List::Unproven => Some(Sentence::ArchiveUnlisted),
            List::Another => Some(Sentence::ArchiveDamaged),
        };
        let path = batch.index_path();
        if let Some(said) = said {
            tell(&Said::new(said).with("name", path.as_path()));
        }
        let said = match time.filter(|_| passed) {
            Some(time) => Said::new(Sentence::ArchiveIntact)
                .with("count", judged.intact.to_string())
                .with("time", time.to_string()),
            None => {
                let why = match (indication, sub) {
                    (Some(indication), Some(sub)) => format!("{indication} / {sub}"),
                    (Some(indication), None) => indication.to_owned(),
                    _ => "–".to_owned(),
                };
                let path = batch.record_path();
                Said::new(Sentence::ArchiveOpen)
                    .with("name", path.as_path())
                    .with("why", why)
            }
        };
        tell(&said);
    }
    serde_json::json!({
        "batch": batch.number,
        "intact": judged.intact,
        "changed": judged.changed,
        "missing": judged.missing,
        "doubtful": judged.doubtful,
        "list": match judged.list {
            List::Proven if passed => "proven",
            List::Proven | List::Unproven => "unproven",
            List::Another => "another",
        },
        "indication": indication,
        "sub_indication": sub.map(|sub| sub.as_str()),
        "time": time.map(|time| time.to_string()),
        "record": record,
    })
}
