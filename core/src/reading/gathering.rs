//! Gathering: from a document to evidence.
//!
//! Structure first (a directory, a signature file, cross-references), by pages; then payload, in
//! streams that each pass once in file order. A page that has not come stops the small operation,
//! which is tried again when it has.

use super::kind::{Kind, head_length, recognise};
use super::material::Given;
use super::taps::Taps;
use super::twofold;
use crate::asic::{self, Digidoc, Opened, SignatureFileContent};
use crate::cms::SignedData;
use crate::cms::attribute_types::TST_INFO;
use crate::crypto::{self, PublicKey};
use crate::error::{ApiMisuse, Error, InputError};
use crate::evidence::{DocumentFacts, Evidence, FileFact, Located, ManifestFact, Structure};
use crate::job::{InputId, Progress, Request, RequestId, Response};
use crate::limits::{Budget, Resource};
use crate::pades;
use crate::payload::{PartKey, PayloadDigests, PayloadName, PayloadPart, Tap, TapKey};
use crate::pdf;
use crate::signature::{Finding, Update};
use crate::source::{Advance, Edits, Inputs, Piece, Source, Stop, Stream};
use crate::timestamp;
use crate::vocabulary::{CheckId, ContainerKind};
use crate::xml;
use crate::zip::{Directory, EntrySink, Pass};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::Arc;

/// What a step gave.
pub(crate) enum Step {
    Needs(Vec<Request>),
    Done,
}

/// What was gathered.
pub(crate) struct Gathered {
    pub(crate) evidence: Evidence,
    pub(crate) budget: Budget,
    pub(crate) source: Source,
    /// The directory of a container.
    pub(crate) directory: Option<Arc<Directory>>,
    /// The structure of a PDF.
    pub(crate) pdf: Option<pdf::Document>,
    /// What opens it.
    pub(crate) password: Option<pdf::Password>,
}

/// The cursor over one document.
pub(crate) struct Gathering {
    source: Source,
    evidence: Evidence,
    budget: Budget,
    given: Vec<Given>,
    phase: Phase,
    directory: Option<Arc<Directory>>,
    pdf: Option<pdf::Document>,
    password: Option<pdf::Password>,
    /// Whether the structure of a PDF is kept for whoever appends to it.
    keeps_structure: bool,
    open: Vec<Open>,
    streaming: Option<Streaming>,
    streamed: u64,
    to_stream: u64,
    more_taps: Option<Box<MoreTaps>>,
}

/// Says what is to be digested besides what the records ask for.
pub(crate) type MoreTaps = dyn Fn(&Evidence, &mut Budget) -> Result<Vec<Tap>, Error> + Send + Sync;

enum Phase {
    Recognise,
    /// A container, and the octets that told so where a PDF header is among them.
    Container(asic::Opening, Option<Arc<[u8]>>),
    Whole(Kind),
    Pdf(Box<pdf::Opening>),
    Changes(Box<pades::Comparison>),
    Streams(Taps, Vec<Todo>),
    Done,
}

/// What is still to be streamed.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Todo {
    /// The files of the container.
    Container,
    /// An input of its own, or the document as a whole.
    Input(InputId),
}

/// A page that was asked for.
struct Open {
    id: RequestId,
    input: InputId,
    range: Range<u64>,
}

/// A stream that is under way.
struct Streaming {
    stream: Stream,
    target: StreamTarget,
    open: Option<(RequestId, InputId, Range<u64>)>,
}

enum StreamTarget {
    Container(Box<Pass>, Arc<Directory>),
    Input(InputId),
}

impl Gathering {
    pub(crate) fn begin(
        edits: Option<Edits>,
        inputs: Arc<Inputs>,
        given: Vec<Given>,
        keys: Vec<PublicKey>,
        page_size: u64,
        budget: Budget,
    ) -> Result<Self, Error> {
        let first = inputs.get(InputId(0))?;
        let name = first.name.clone();
        let document_input = edits.is_none().then_some(InputId(0));
        let edits = edits.unwrap_or_else(|| Edits::whole(InputId(0), first.length));
        // What the document is not made of lies beside it.
        let copied: BTreeSet<InputId> = edits
            .pieces()
            .iter()
            .filter_map(|piece| match piece {
                Piece::Copy { input, .. } => Some(*input),
                Piece::Insert(_) => None,
            })
            .collect();
        let detached: Vec<_> = inputs
            .iter()
            .filter(|(id, _)| Some(*id) != document_input && !copied.contains(id))
            .map(|(id, input)| (id, input.name.clone()))
            .collect();
        let size = edits.length();
        let document = DocumentFacts {
            name,
            size,
            detached,
            ..DocumentFacts::default()
        };
        let mut evidence = Evidence::new(document);
        evidence.set_keys(keys);
        let source = Source::new(edits, inputs, page_size);
        Ok(Self {
            source,
            evidence,
            budget,
            given,
            phase: Phase::Recognise,
            directory: None,
            pdf: None,
            password: None,
            keeps_structure: document_input.is_none(),
            open: Vec::new(),
            streaming: None,
            streamed: 0,
            to_stream: 0,
            more_taps: None,
        })
    }

    /// Lets more pass through digests than validation needs.
    pub(crate) fn with_taps(
        mut self,
        more: impl Fn(&Evidence, &mut Budget) -> Result<Vec<Tap>, Error> + Send + Sync + 'static,
    ) -> Self {
        self.more_taps = Some(Box::new(more));
        self
    }

    /// What joins the evidence before anything of the document does.
    pub(crate) fn with_given(mut self, given: Vec<Given>) -> Self {
        self.given = given;
        self
    }

    /// What opens an encrypted PDF, where the empty password does not.
    pub(crate) fn with_password(mut self, password: Option<pdf::Password>) -> Self {
        self.password = password;
        self
    }

    pub(crate) fn finish(self) -> Gathered {
        Gathered {
            evidence: self.evidence,
            budget: self.budget,
            source: self.source,
            directory: self.directory,
            pdf: self.pdf,
            password: self.password,
        }
    }

    pub(crate) fn progress(&self) -> Progress {
        Progress {
            streamed: self.streamed,
            to_stream: self.to_stream,
            ..Progress::default()
        }
    }

    /// Goes on as far as it can.
    pub(crate) fn step(&mut self, next_id: &mut u64) -> Result<Step, Error> {
        loop {
            if !self.open.is_empty() {
                return Ok(Step::Needs(self.reads()));
            }
            match self.advance() {
                Ok(()) => {}
                Err(Stop::NotHere) => {
                    for (input, range) in self.source.wanted() {
                        let id = RequestId(*next_id);
                        *next_id += 1;
                        self.open.push(Open { id, input, range });
                    }
                    if self.open.is_empty() {
                        return Err(InputError::Unreadable.into());
                    }
                    continue;
                }
                Err(Stop::Error(error)) => return Err(error),
            }
            if matches!(self.phase, Phase::Streams(..))
                && let Some(request) = self.next_stream(next_id)?
            {
                return Ok(Step::Needs(vec![request]));
            }
            if matches!(self.phase, Phase::Done) {
                return Ok(Step::Done);
            }
        }
    }

    fn reads(&self) -> Vec<Request> {
        let read = |open: &Open| Request::Read {
            id: open.id,
            input: open.input,
            range: open.range.clone(),
        };
        self.open.iter().map(read).collect()
    }

    pub(crate) fn supply(&mut self, id: RequestId, response: Response) -> Result<(), Error> {
        if let Some(index) = self.open.iter().position(|open| open.id == id) {
            let open = self.open.swap_remove(index);
            return match response {
                Response::Bytes(octets) => self.source.supply(open.input, open.range, &octets),
                Response::Unreadable => Err(InputError::Unreadable.into()),
                _ => Err(ApiMisuse::WrongResponse.into()),
            };
        }
        let streaming = self.streaming.as_mut().ok_or(ApiMisuse::UnknownRequest)?;
        match &streaming.open {
            Some((open, ..)) if *open == id => streaming.open = None,
            _ => return Err(ApiMisuse::UnknownRequest.into()),
        }
        match response {
            Response::End => self.pass(|stream, sink| stream.end(sink)),
            Response::Unreadable => Err(InputError::Unreadable.into()),
            _ => Err(ApiMisuse::WrongResponse.into()),
        }
    }

    pub(crate) fn feed(&mut self, id: RequestId, chunk: &[u8]) -> Result<(), Error> {
        let streaming = self.streaming.as_ref().ok_or(ApiMisuse::UnknownRequest)?;
        if streaming.open.as_ref().is_none_or(|(open, ..)| *open != id) {
            return Err(ApiMisuse::UnknownRequest.into());
        }
        self.streamed = self
            .streamed
            .saturating_add(u64::try_from(chunk.len()).unwrap_or(0));
        self.pass(|stream, sink| stream.feed(chunk, sink))
    }

    /// One small operation on structure.
    fn advance(&mut self) -> Result<(), Stop> {
        match &mut self.phase {
            Phase::Recognise => {
                let length = self.source.length();
                let first = self.source.read(0..length.min(head_length(&[])))?;
                let head = self.source.read(0..length.min(head_length(&first)))?;
                let kind = recognise(&head)?;
                self.source.commit();
                self.phase = match kind {
                    Kind::Container => Phase::Container(asic::Opening::new(), twofold::kept(&head)),
                    Kind::Pdf => {
                        let opening = pdf::Opening::new(&self.source);
                        Phase::Pdf(Box::new(opening.with_password(self.password.clone())))
                    }
                    kind => Phase::Whole(kind),
                };
            }
            Phase::Container(opening, head) => {
                if let Advance::Done(opened) =
                    opening.advance(&mut self.source, &mut self.budget)?
                {
                    let head = head.take();
                    self.container(opened, head)?;
                }
            }
            Phase::Pdf(opening) => {
                if let Advance::Done(document) =
                    opening.advance(&mut self.source, &mut self.budget)?
                {
                    let comparison = pades::Comparison::new(document);
                    self.phase = Phase::Changes(Box::new(comparison));
                }
            }
            Phase::Changes(comparison) => {
                if let Advance::Done((document, updates)) =
                    comparison.advance(&mut self.source, &mut self.budget)?
                {
                    self.pdf(&document, updates)?;
                    self.pdf = self.keeps_structure.then_some(document);
                }
            }
            Phase::Whole(kind) => {
                let (kind, length) = (*kind, self.source.length());
                // Charged before the pages are asked for; charged once, because the budget keeps
                // nothing when the limit is passed, and the phase ends with this step.
                let mut charged = self.budget.clone();
                charged.charge(Resource::StructureBytes, length)?;
                // What can never be parsed is refused before it is held.
                match kind {
                    Kind::Xml | Kind::Digidoc => xml::check_length(&charged, length)?,
                    _ => charged.clone().charge(Resource::StructureBytes, length)?,
                }
                let octets = self.source.read(0..length)?.to_arc();
                self.source.commit();
                self.budget = charged;
                self.whole(kind, octets)?;
            }
            Phase::Streams(..) | Phase::Done => {}
        }
        Ok(())
    }

    /// A document that is itself the structure.
    fn whole(&mut self, kind: Kind, octets: Arc<[u8]>) -> Result<(), Error> {
        // RFC 3161 §2.4.2: a token is a message whose content is a TSTInfo, here over what is given
        // beside it.
        let is_token = |octets: &[u8]| {
            let content = SignedData::content_type(octets);
            matches!(kind, Kind::Cms | Kind::TimestampResponse)
                && content.is_some_and(|of| of.is(TST_INFO))
        };
        let octets = match kind {
            // RFC 3161 §2.4.2: nothing but the token in an answer is signed.
            Kind::TimestampResponse => match timestamp::granted(&octets)? {
                token if is_token(token) => token.into(),
                _ => return Err(InputError::UnknownKind.into()),
            },
            _ => octets,
        };
        let is_token = is_token(&octets);
        let findings = Vec::from_iter(twofold::of_whole(kind, &octets));
        let mut media_type = "text/xml";
        if kind == Kind::Digidoc
            && let Some(digidoc) = asic::read_digidoc(&octets, &mut self.budget)?
        {
            media_type = asic::DIGIDOC;
            self.digidoc(digidoc);
        }
        let object = Some(self.evidence.keep(octets));
        let (structure, media_type) = match kind {
            Kind::EvidenceRecord => {
                let given = self.evidence.document().detached.iter();
                let content = given.map(|(input, _)| PayloadName::Input(*input)).collect();
                let manifest = None;
                let structure = Structure::EvidenceRecord { content, manifest };
                (structure, EVIDENCE_RECORD)
            }
            Kind::Xml | Kind::Digidoc => (Structure::Xml, media_type),
            _ => {
                let document = self.evidence.document();
                let content = document.only_detached().map(PayloadPart::whole);
                let content = content.map(PartKey::Payload).into_iter().collect();
                let manifest = None;
                if is_token {
                    let structure = Structure::Timestamp { content, manifest };
                    let media_type = match kind {
                        Kind::TimestampResponse => "application/timestamp-reply",
                        _ => "application/vnd.etsi.timestamp-token",
                    };
                    (structure, media_type)
                } else {
                    let structure = Structure::Cms { content, manifest };
                    (structure, "application/pkcs7-signature")
                }
            }
        };
        self.evidence.document_mut().media_type = Some(media_type.to_owned());
        self.evidence.add_located(Located {
            place: String::new(),
            object,
            structure,
            findings,
        });
        self.read_records()?;
        // A document without any signature in it is no error, but one that cannot be read is.
        self.begin_streams(Vec::new())?;
        Ok(())
    }

    /// A container that is an XML document.
    fn digidoc(&mut self, digidoc: Digidoc) {
        let document = self.evidence.document_mut();
        document.container = Some(ContainerKind::Ddoc);
        document.findings = digidoc.findings;
        let files = digidoc.files.into_iter().map(|file| FileFact {
            digest: file.octets.as_deref().map(crypto::object_id),
            name: file.name,
            size: file.size,
            media_type: Some(file.media_type),
        });
        document.files = files.collect();
    }

    fn container(&mut self, opened: Opened, head: Option<Arc<[u8]>>) -> Result<(), Error> {
        // Where nothing is signed no signature can fail: what is wrong is said of the container.
        if opened.signature_files.is_empty()
            && let Some(malformed) = opened.refusal()
        {
            return Err(malformed.into());
        }
        let octets = opened.signature_files.iter();
        let octets = octets.filter_map(|file| file.octets.as_deref().ok());
        let twofold = head.and_then(|head| {
            twofold::of_container(&head, &opened.directory, &Vec::from_iter(octets))
        });
        let document = self.evidence.document_mut();
        document.container = opened.kind;
        document.media_type = opened.media_type;
        document.other_files = opened.other_files;
        document.findings = opened.findings;
        document.findings.extend(twofold);
        document.files = opened
            .data_files
            .into_iter()
            .map(|file| FileFact {
                name: file.name,
                size: file.size,
                media_type: file.media_type,
                digest: None,
            })
            .collect();
        for file in opened.signature_files {
            let mut findings = file.findings;
            let object = match file.octets {
                Ok(octets) => Some(self.evidence.keep(octets)),
                Err(error) => {
                    findings.push(unreadable(&error));
                    None
                }
            };
            let structure = match file.content {
                SignatureFileContent::Xml => Structure::Xml,
                SignatureFileContent::EvidenceRecord {
                    manifest,
                    data_file,
                } => Structure::EvidenceRecord {
                    content: data_file.map(PayloadName::Entry).into_iter().collect(),
                    manifest: manifest.map(|(name, octets)| ManifestFact {
                        name,
                        object: self.evidence.keep(octets),
                    }),
                },
                SignatureFileContent::Detached {
                    is_timestamp,
                    manifest,
                    data_file,
                } => {
                    let manifest = manifest.map(|(name, octets)| ManifestFact {
                        name,
                        object: self.evidence.keep(octets),
                    });
                    let content = data_file
                        .map(|name| PartKey::Payload(PayloadPart::whole(PayloadName::Entry(name))));
                    let content = content.into_iter().collect();
                    if is_timestamp {
                        Structure::Timestamp { content, manifest }
                    } else {
                        Structure::Cms { content, manifest }
                    }
                }
            };
            let place = file.name;
            self.evidence.add_located(Located {
                place,
                object,
                structure,
                findings,
            });
        }
        self.directory = Some(opened.directory);
        self.read_records()?;
        self.begin_streams(vec![Todo::Container])?;
        Ok(())
    }

    fn pdf(&mut self, document: &pdf::Document, updates: Vec<Update>) -> Result<(), Error> {
        // "Nothing signed" is said only of a file that has one reading, all of which was read.
        let mut findings = document.findings().iter();
        if document.signatures().is_empty()
            && let Some(open) = findings.find_map(|found| found.malformed("unsigned document"))
        {
            return Err(open.into());
        }
        let facts = self.evidence.document_mut();
        facts.container = Some(ContainerKind::Pdf);
        facts.media_type = Some("application/pdf".to_owned());
        facts.findings = pades::document_findings(document);
        facts.revisions = u64::try_from(document.revisions().len()).ok();
        facts.updates = updates;
        facts.permissions = pades::permissions(document);
        for one in pades::stored_certificates(document) {
            self.evidence
                .add_certificate(one.octets, one.origin, &mut self.budget);
        }
        for one in pades::stored_revocation(document) {
            self.evidence
                .add_revocation(one.octets, one.kind, one.origin, &mut self.budget);
        }
        for field in pades::locate(document, &mut self.budget) {
            let object = field.message.map(|octets| self.evidence.keep(octets));
            let structure = Structure::Pdf(Box::new(field.facts));
            let (place, findings) = (field.place, field.findings);
            self.evidence.add_located(Located {
                place,
                object,
                structure,
                findings,
            });
        }
        self.read_records()?;
        self.begin_streams(Vec::new())?;
        Ok(())
    }

    /// What the caller gave joins first, then the records with what travels along.
    fn read_records(&mut self) -> Result<(), Error> {
        for given in std::mem::take(&mut self.given) {
            given.join(&mut self.evidence, &mut self.budget);
        }
        self.evidence.read_records(&mut self.budget)
    }

    fn begin_streams(&mut self, todo: Vec<Todo>) -> Result<(), Error> {
        let mut taps = self.evidence.taps();
        if let Some(more) = &self.more_taps {
            let keyed = |(index, tap): (usize, &Tap)| (tap.key.clone(), index);
            let mut places: BTreeMap<TapKey, usize> = taps.iter().enumerate().map(keyed).collect();
            for tap in more(&self.evidence, &mut self.budget)? {
                let place = *places.entry(tap.key.clone()).or_insert(taps.len());
                match taps.get_mut(place) {
                    Some(known) => known.continues |= tap.continues,
                    None => taps.push(tap),
                }
            }
        }
        self.phase = Phase::Streams(Taps::start(taps), todo);
        Ok(())
    }

    /// The next stream to ask for; none when all have passed.
    fn next_stream(&mut self, next_id: &mut u64) -> Result<Option<Request>, Error> {
        loop {
            if let Some(streaming) = &self.streaming
                && let Some((id, input, range)) = &streaming.open
            {
                let (id, input, range) = (*id, *input, range.clone());
                return Ok(Some(Request::Stream { id, input, range }));
            }
            if self.streaming.is_some() {
                let mut wanted = None;
                self.pass(|stream, sink| {
                    wanted = stream.next_request(sink)?;
                    Ok(())
                })?;
                if let (Some((input, range)), Some(streaming)) = (wanted, &mut self.streaming) {
                    let id = RequestId(*next_id);
                    *next_id += 1;
                    streaming.open = Some((id, input, range));
                    continue;
                }
                self.end_stream()?;
                continue;
            }
            if !self.begin_stream()? {
                return Ok(None);
            }
        }
    }

    /// Begins the next stream; false when nothing is left to stream.
    fn begin_stream(&mut self) -> Result<bool, Error> {
        let Phase::Streams(taps, todo) = &mut self.phase else {
            return Ok(false);
        };
        let target = match todo.pop() {
            Some(target) => target,
            None => {
                // Another pass for taps whose next part has passed already.
                let awaited = taps.awaited();
                let inputs = awaited.iter().find_map(|name| match name {
                    PayloadName::Input(input) => Some(Todo::Input(*input)),
                    PayloadName::Entry(name) => {
                        let directory = self.directory.as_ref()?;
                        directory.find(name).map(|_| Todo::Container)
                    }
                });
                match inputs {
                    Some(target) => target,
                    None => {
                        let taps = std::mem::replace(&mut self.phase, Phase::Done);
                        if let Phase::Streams(taps, _) = taps {
                            taps.close(self.evidence.payload_mut());
                        }
                        self.file_digests();
                        return Ok(false);
                    }
                }
            }
        };
        let (stream, target) = match target {
            Todo::Container => {
                let directory = self.directory.clone().ok_or(ApiMisuse::NoInput)?;
                let pass = Box::new(Pass::new(Arc::clone(&directory), &self.budget));
                (
                    self.source.stream(pass.range())?,
                    StreamTarget::Container(pass, directory),
                )
            }
            Todo::Input(input) => {
                let document = self.evidence.document();
                let is_document = document.detached.iter().all(|(id, _)| *id != input);
                let stream = if is_document {
                    self.source.stream(0..self.source.length())?
                } else {
                    let length = self.source.inputs().get(input)?.length;
                    self.source
                        .edited(Edits::whole(input, length))
                        .stream(0..length)?
                };
                if let Phase::Streams(taps, _) = &mut self.phase {
                    taps.begin(&PayloadName::Input(input));
                }
                (stream, StreamTarget::Input(input))
            }
        };
        self.to_stream = self.to_stream.saturating_add(stream.length());
        self.streaming = Some(Streaming {
            stream,
            target,
            open: None,
        });
        Ok(true)
    }

    /// Lets octets pass through the stream into the taps.
    fn pass(
        &mut self,
        act: impl FnOnce(&mut Stream, &mut dyn FnMut(&[u8]) -> Result<(), Error>) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let Some(streaming) = &mut self.streaming else {
            return Ok(());
        };
        let Phase::Streams(taps, _) = &mut self.phase else {
            return Ok(());
        };
        let budget = &mut self.budget;
        let digests = self.evidence.payload_mut();
        let Streaming { stream, target, .. } = streaming;
        let mut position = stream.position();
        act(stream, &mut |octets| {
            match target {
                StreamTarget::Container(pass, directory) => {
                    let mut sink = Sink {
                        taps,
                        digests,
                        budget,
                        directory,
                    };
                    pass.feed(octets, &mut sink);
                }
                StreamTarget::Input(input) => {
                    taps.data(&PayloadName::Input(*input), position, octets, budget);
                }
            }
            position = position.saturating_add(u64::try_from(octets.len()).unwrap_or(u64::MAX));
            Ok(())
        })
    }

    fn end_stream(&mut self) -> Result<(), Error> {
        let Some(streaming) = self.streaming.take() else {
            return Ok(());
        };
        let Phase::Streams(taps, _) = &mut self.phase else {
            return Ok(());
        };
        let budget = &mut self.budget;
        match streaming.target {
            StreamTarget::Input(input) => {
                let digests = self.evidence.payload_mut();
                taps.end(&PayloadName::Input(input), Ok(()), digests, budget);
            }
            StreamTarget::Container(pass, directory) => {
                let digests = self.evidence.payload_mut();
                let mut sink = Sink {
                    taps,
                    digests,
                    budget,
                    directory: &directory,
                };
                let findings = pass.finish(&mut sink)?;
                let document = self.evidence.document_mut();
                for found in &findings {
                    let finding = asic::finding(found);
                    if !document.findings.contains(&finding) {
                        document.findings.push(finding);
                    }
                }
            }
        }
        Ok(())
    }

    /// The SHA-256 of the files that some tap digested with it.
    fn file_digests(&mut self) {
        let digest = |digests: &PayloadDigests, name: &str| digests.sha256_of(name);
        let found: Vec<_> = {
            let payload = self.evidence.payload();
            let files = &self.evidence.document().files;
            files
                .iter()
                .map(|file| digest(payload, &file.name))
                .collect()
        };
        for (file, digest) in self.evidence.document_mut().files.iter_mut().zip(found) {
            file.digest = digest.or(file.digest);
        }
    }
}

/// The media type of evidence records, in either syntax.
const EVIDENCE_RECORD: &str = "application/vnd.etsi.evidence-record";

/// Hands the files of a container to the taps.
struct Sink<'a> {
    taps: &'a mut Taps,
    digests: &'a mut PayloadDigests,
    budget: &'a mut Budget,
    directory: &'a Directory,
}

impl Sink<'_> {
    fn name(&self, entry: u32) -> PayloadName {
        let name = self
            .directory
            .entry(entry)
            .map(|entry| entry.name.to_string());
        PayloadName::Entry(name.unwrap_or_default())
    }
}

impl EntrySink for Sink<'_> {
    fn begin(&mut self, entry: u32) {
        let name = self.name(entry);
        self.taps.begin(&name);
    }

    fn data(&mut self, entry: u32, octets: &[u8]) {
        let name = self.name(entry);
        // A part of a container's file is always the whole file.
        self.taps.data(&name, 0, octets, self.budget);
    }

    fn end(&mut self, entry: u32, outcome: Result<(), Error>) {
        let name = self.name(entry);
        self.taps.end(&name, outcome, self.digests, self.budget);
    }
}

/// A signature file that cannot be read.
fn unreadable(error: &Error) -> Finding {
    let check = match error {
        Error::LimitExceeded(_) => CheckId::LimitReading,
        Error::Unsupported(_) => CheckId::UnsupportedFeature,
        _ => CheckId::FormatStructure,
    };
    Finding::new(check, "a signature file that can be read", error.reason())
}
