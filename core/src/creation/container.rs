//! Containers that are there already: another signature, files more or less.

use super::frozen;
use super::parameters::DocumentToSign;
use super::removal;
use super::streams::Streams;
use super::updating::PAGE_SIZE;
use crate::algorithm::DigestAlgorithm;
use crate::asic::{self, NewFile};
use crate::error::{ApiMisuse, Error, InputError, Malformed, MalformedKind, Unsupported};
use crate::evidence::{Evidence, Structure};
use crate::job::{self, InputId, Job, Progress, Request, RequestId, Response, Step};
use crate::limits::Budget;
use crate::payload::{DigestOutcome, Part, PayloadName, PayloadPart, Tap};
use crate::reading::{Gathered, Gathering, GatheringStep};
use crate::signature::RecordKind;
use crate::source::{Edits, Input, Inputs};
use crate::vocabulary::{CheckId, ContainerKind};
use crate::xades::{NewReference, ReferenceForm};
use crate::zip::{Directory, Extension};
use std::sync::Arc;

/// A container that is read; every data file is digested when an algorithm is given.
pub(super) struct Reading {
    gathering: Gathering,
    next_id: u64,
}

impl Reading {
    pub(super) fn begin(inputs: Inputs, digest: Option<DigestAlgorithm>) -> Result<Self, Error> {
        let inputs = Arc::new(inputs);
        let length = inputs.get(InputId(0))?.length;
        let mut gathering = Gathering::begin(
            Some(Edits::whole(InputId(0), length)),
            inputs,
            Vec::new(),
            Vec::new(),
            PAGE_SIZE,
            Budget::default(),
        )?;
        if let Some(digest) = digest {
            gathering = gathering.with_taps(move |evidence, _| taps(evidence, digest));
        }
        Ok(Self {
            gathering,
            next_id: 0,
        })
    }

    /// The requests that are open; none when the container was read.
    pub(super) fn step(&mut self) -> Result<Vec<Request>, Error> {
        match self.gathering.step(&mut self.next_id)? {
            GatheringStep::Needs(requests) => Ok(requests),
            GatheringStep::Done => Ok(Vec::new()),
        }
    }

    pub(super) fn supply(&mut self, id: RequestId, response: Response) -> Result<(), Error> {
        self.gathering.supply(id, response)
    }

    pub(super) fn feed(&mut self, id: RequestId, chunk: &[u8]) -> Result<(), Error> {
        self.gathering.feed(id, chunk)
    }

    pub(super) fn progress(&self) -> Progress {
        self.gathering.progress()
    }

    /// An ASiC-E container, which is to get files.
    pub(super) fn finish(self) -> Result<Container, Error> {
        let container = self.finish_signed()?;
        match container.evidence.document().container {
            Some(ContainerKind::AsicE) => Ok(container),
            _ => Err(Unsupported::Feature("changes of another container than ASiC-E").into()),
        }
    }

    /// An ASiC container, which keeps its files.
    pub(super) fn finish_signed(self) -> Result<Container, Error> {
        let Gathered {
            evidence,
            budget,
            directory,
            ..
        } = self.gathering.finish();
        let facts = evidence.document();
        let is_asic = matches!(
            facts.container,
            Some(ContainerKind::AsicE | ContainerKind::AsicS)
        );
        let Some(directory) = directory.filter(|_| is_asic) else {
            return Err(Unsupported::Feature("changes of another container than ASiC").into());
        };
        // What two readers see differently is not made to look better.
        let mut findings = facts.findings.iter();
        let is_broken = |check: CheckId| {
            matches!(
                check,
                CheckId::ContainerStructure | CheckId::ContainerNames | CheckId::ContainerChecksum
            )
        };
        if findings.any(|found| is_broken(found.check)) {
            return Err(Malformed::within(MalformedKind::AsicStructure, "container").into());
        }
        Ok(Container {
            evidence,
            budget,
            directory,
            next_id: self.next_id,
        })
    }
}

fn whole(name: &str) -> [Part; 1] {
    let name = PayloadName::Entry(name.to_owned());
    [Part::Payload(PayloadPart::whole(name))]
}

fn taps(evidence: &Evidence, algorithm: DigestAlgorithm) -> Result<Vec<Tap>, Error> {
    let files = evidence.document().files.iter();
    let taps = files.flat_map(|file| Tap::needed(algorithm, &whole(&file.name)));
    Ok(taps.collect())
}

/// A container that was read.
pub(super) struct Container {
    evidence: Evidence,
    budget: Budget,
    directory: Arc<Directory>,
    next_id: u64,
}

impl Container {
    /// Whether it is ASiC-S.
    pub(super) fn is_simple(&self) -> bool {
        self.evidence.document().container == Some(ContainerKind::AsicS)
    }

    /// EN 319 162-1 §4.4.3, §4.4.4: a container is of one kind or of the other.
    pub(super) fn check_xades(&self) -> Result<(), Error> {
        let mut located = self.evidence.located().iter();
        if located.all(|one| matches!(one.structure, Structure::Xml)) {
            return Ok(());
        }
        Err(Unsupported::Feature("an XAdES signature beside CAdES in one container").into())
    }

    /// As [`Self::check_xades`].
    pub(super) fn check_cades(&self) -> Result<(), Error> {
        let mut located = self.evidence.located().iter();
        if located.any(|one| matches!(one.structure, Structure::Xml)) {
            return Err(Unsupported::Feature("a CAdES signature beside XAdES").into());
        }
        Ok(())
    }

    /// Every data file with its digest.
    pub(super) fn references(
        &mut self,
        algorithm: DigestAlgorithm,
    ) -> Result<Vec<NewReference>, Error> {
        let mut references = Vec::new();
        for file in &self.evidence.document().files {
            let parts = whole(&file.name);
            let digest = self
                .evidence
                .payload()
                .digest(algorithm, &parts, &mut self.budget)?;
            let DigestOutcome::Digest(digest) = digest else {
                return Err(Malformed::within(MalformedKind::AsicStructure, "file").into());
            };
            references.push(NewReference {
                name: file.name.clone(),
                digest,
                media_type: file.media_type.clone().unwrap_or_default(),
                form: ReferenceForm::File,
            });
        }
        Ok(references)
    }

    /// The file with a signature, its name, and the signature's id: the one with this id, or the
    /// only one.
    ///
    /// # Errors
    /// [`ApiMisuse::ContradictoryParameters`] when there is none, or several and none is named;
    /// [`Unsupported`] for one that is not in this syntax.
    pub(super) fn signature(
        &self,
        id: Option<&str>,
        is_xades: bool,
    ) -> Result<(Vec<u8>, String, String), Error> {
        let records = self.evidence.records().iter();
        let mut own = records.filter(|record| match id {
            Some(id) => record.id == id,
            None => record.kind == RecordKind::Signature && record.parent.is_none(),
        });
        let (Some(only), None) = (own.next(), own.next()) else {
            return Err(ApiMisuse::ContradictoryParameters.into());
        };
        let (octets, _) = self.file(&only.place, is_xades)?;
        Ok((octets, only.place.clone(), only.id.clone()))
    }

    /// A signature file with its name, in one of the two syntaxes.
    fn file(&self, place: &str, is_xades: bool) -> Result<(Vec<u8>, String), Error> {
        let mut located = self.evidence.located().iter();
        let file = located
            .find(|one| one.place == place)
            .filter(|one| match one.structure {
                Structure::Xml => is_xades,
                Structure::Cms { .. } => !is_xades,
                _ => false,
            })
            .and_then(|one| self.evidence.objects().get(&one.object?))
            .ok_or(Unsupported::Feature(
                "a signature of a file in another syntax",
            ))?;
        Ok((file.to_vec(), place.to_owned()))
    }

    /// The only CMS message of the container.
    pub(super) fn message(&self) -> Result<(Vec<u8>, String), Error> {
        let located = self.evidence.located().iter();
        let mut messages = located.filter(|one| matches!(one.structure, Structure::Cms { .. }));
        match (messages.next(), messages.next()) {
            (Some(only), None) => self.file(&only.place, false),
            _ => Err(Unsupported::Feature("another signature beside none or several").into()),
        }
    }

    /// The only file with XAdES signatures.
    pub(super) fn signatures(&self) -> Result<(Vec<u8>, String), Error> {
        let located = self.evidence.located().iter();
        let mut files = located.filter(|one| matches!(one.structure, Structure::Xml));
        match (files.next(), files.next()) {
            (Some(only), None) => self.file(&only.place, true),
            _ => Err(Unsupported::Feature("another signature beside none or several").into()),
        }
    }

    /// A file that a time-stamp, an evidence record or another signature of the container is over
    /// must stay as it is.
    pub(super) fn check_free(&mut self, place: &str) -> Result<(), Error> {
        frozen::check_free(&self.evidence, place, &mut self.budget)
    }

    /// What is needed to put a file in the place of one.
    pub(super) fn extension_without(&self, name: &str) -> Result<Extension, Error> {
        Extension::without(&self.directory, name)
    }

    /// What is needed to add files once the signature is there.
    pub(super) fn extension(&self) -> Result<Extension, Error> {
        Extension::of(&self.directory)
    }

    /// `META-INF/signatures0.xml`, or the first number that no file bears.
    pub(super) fn free_name(&self) -> String {
        self.free(|number| [format!("META-INF/signatures{number}.xml")])
            .concat()
    }

    /// Names of a further manifest and of the message over it.
    pub(super) fn free_pair(&self) -> [String; 2] {
        self.free(|number| {
            [
                format!("META-INF/ASiCManifest{number}.xml"),
                format!("META-INF/signature{number}.p7s"),
            ]
        })
    }

    /// The names with the first number that none of the files bears.
    fn free<const N: usize>(&self, names: impl Fn(u32) -> [String; N]) -> [String; N] {
        let entries = self.directory.iter();
        let known: Vec<String> = entries
            .map(|(_, entry)| entry.name.to_lowercase())
            .collect();
        let is_free = |names: &[String; N]| {
            let mut names = names.iter();
            !names.any(|name| known.contains(&name.to_lowercase()))
        };
        let numbers = 0u32..;
        let mut all = numbers.map(names);
        all.find(is_free)
            .unwrap_or_else(|| std::array::from_fn(|_| String::new()))
    }
}

/// What is to become of a container.
#[derive(Clone, Debug)]
pub struct ContainerChangeRequest {
    /// The container; none to make a new one.
    pub container: Option<Input>,
    /// Files to add.
    pub add: Vec<DocumentToSign>,
    /// Names of files to take out: data files before anybody signs, and of a signed container
    /// signature files, each with its manifest.
    pub remove: Vec<String>,
}

/// Adds files to an ASiC-E container and takes files out, before anybody signs; or takes signatures
/// out of it. The job ends in edits over the container (input 0, where there is one) and the new
/// files behind it.
///
/// Every octet of what stays is left as it is. Where files come or go, the manifest is written anew;
/// where a signature file goes, the `ASiCManifest` goes that names it, and nothing else changes, so
/// that all other signatures hold as before. A signature file that another signature, a time-stamp
/// or an evidence record covers does not go without it. Equal inputs give equal octets.
///
/// # Standard
/// EN 319 162-1 §4.4.3, §4.4.4, §A.1, §A.4.
pub struct ContainerChange {
    request: ContainerChangeRequest,
    phase: Phase,
}

enum Phase {
    Reading(Box<Reading>),
    Streaming(Option<Box<Container>>, Streams),
    Ended,
}

impl ContainerChange {
    /// Begins a change.
    ///
    /// # Errors
    /// [`ApiMisuse`] for nothing to do and names that cannot stand in a container.
    pub fn begin(request: ContainerChangeRequest) -> Result<Self, Error> {
        if request.add.is_empty() && request.remove.is_empty() {
            return Err(ApiMisuse::NoInput.into());
        }
        for document in &request.add {
            asic::check_new_name(&document.input.name)?;
        }
        let phase = match &request.container {
            Some(container) => {
                let mut inputs = vec![container.clone()];
                inputs.extend(request.add.iter().map(|one| one.input.clone()));
                Phase::Reading(Box::new(Reading::begin(Inputs::new(inputs), None)?))
            }
            None if request.remove.is_empty() => {
                let streams = Streams::begin(&request.add, DigestAlgorithm::Sha256, 0, (0, 0))?;
                Phase::Streaming(None, streams)
            }
            None => return Err(ApiMisuse::BadFileName.into()),
        };
        Ok(Self { request, phase })
    }

    fn go_on(&mut self) -> Result<Step<Edits>, Error> {
        loop {
            match std::mem::replace(&mut self.phase, Phase::Ended) {
                Phase::Reading(mut reading) => {
                    let requests = reading.step()?;
                    if !requests.is_empty() {
                        self.phase = Phase::Reading(reading);
                        return Ok(Step::Needs(requests));
                    }
                    let container = reading.finish()?;
                    if !container.evidence.located().is_empty() {
                        return self.without_signatures(container).map(Step::Done);
                    }
                    let first = (1, container.next_id);
                    let add = &self.request.add;
                    let streams = Streams::begin(add, DigestAlgorithm::Sha256, 0, first)?;
                    self.phase = Phase::Streaming(Some(Box::new(container)), streams);
                }
                Phase::Streaming(container, streams) => {
                    let requests = streams.requests();
                    if !requests.is_empty() {
                        self.phase = Phase::Streaming(container, streams);
                        return Ok(Step::Needs(requests));
                    }
                    let streamed = streams.finish(&self.request.add)?;
                    let files: Vec<NewFile> = streamed.into_iter().map(|one| one.file).collect();
                    return self.edits(container.as_deref(), &files).map(Step::Done);
                }
                Phase::Ended => return Err(ApiMisuse::JobEnded.into()),
            }
        }
    }

    /// What is signed stays as it is: a file more would be signed by nobody.
    fn without_signatures(&self, mut container: Container) -> Result<Edits, Error> {
        let input = self.request.container.as_ref();
        let input = input.filter(|_| self.request.add.is_empty());
        let length = input.ok_or(InputError::Signed { file: None })?.length;
        let (evidence, budget) = (&container.evidence, &mut container.budget);
        let removed = removal::with_manifests(evidence, &self.request.remove, budget)?;
        let names: Vec<&str> = removed.iter().map(String::as_str).collect();
        let whole = Edits::whole(InputId(0), length);
        asic::change_own_files(&whole, &container.directory, &names, [])
    }

    fn edits(&self, container: Option<&Container>, added: &[NewFile]) -> Result<Edits, Error> {
        let (Some(container), Some(input)) = (container, &self.request.container) else {
            return asic::create(added, &[]);
        };
        let facts = container.evidence.document();
        let files = facts.files.iter().map(|file| {
            let media_type = file.media_type.as_deref().unwrap_or_default();
            (file.name.as_str(), media_type)
        });
        asic::change_files(
            &Edits::whole(InputId(0), input.length),
            &container.directory,
            &files.collect::<Vec<_>>(),
            &self.request.remove,
            added,
        )
    }
}

impl Job for ContainerChange {
    type Outcome = Edits;

    fn step(&mut self) -> Result<Step<Edits>, Error> {
        self.go_on()
    }

    fn supply(&mut self, id: RequestId, response: Response) -> Result<(), Error> {
        let outcome = match &mut self.phase {
            Phase::Reading(reading) => reading.supply(id, response),
            Phase::Streaming(_, streams) => streams.supply(id, response),
            Phase::Ended => Err(ApiMisuse::JobEnded.into()),
        };
        if job::is_fatal(&outcome) {
            self.phase = Phase::Ended;
        }
        outcome
    }

    fn feed(&mut self, id: RequestId, chunk: &[u8]) -> Result<(), Error> {
        let outcome = match &mut self.phase {
            Phase::Reading(reading) => reading.feed(id, chunk),
            Phase::Streaming(_, streams) => streams.feed(id, chunk),
            Phase::Ended => Err(ApiMisuse::JobEnded.into()),
        };
        if job::is_fatal(&outcome) {
            self.phase = Phase::Ended;
        }
        outcome
    }

    fn progress(&self) -> Progress {
        match &self.phase {
            Phase::Reading(reading) => reading.progress(),
            Phase::Streaming(_, streams) => streams.progress(),
            Phase::Ended => Progress::default(),
        }
    }
}
