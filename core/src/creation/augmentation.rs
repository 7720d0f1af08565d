//! Augmentation: from level B to T and LT, over a document or edits that were not written yet.

use crate::algorithm::DigestAlgorithm;
use crate::asic;
use crate::crypto;
use crate::error::{ApiMisuse, Error, InputError, Malformed, MalformedKind, Unsupported};
use crate::evidence::{Evidence, Structure};
use crate::job::{
    self, Fetch, FetchKind, Job, Progress, Request, RequestId, Response, Seed, Step, UrlOrigin,
};
use crate::limits::Budget;
use crate::reading::{Gathered, Gathering, GatheringStep, Judging, Network};
use crate::signature::{Finding, RecordKind, Signature};
use crate::source::{Edits, Input, Inputs, Source};
use crate::timestamp::{self, TimestampRequest};
use crate::validation::{Context, Judgement};
use crate::vocabulary::{BaselineLevel, CheckId, ObjectId, SignatureFormat, TimestampKind};
use crate::xades::{self, ValidationData};
use crate::zip::Directory;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

/// Octets of one page of structure.
const PAGE_SIZE: u64 = 1 << 16;
/// Longest time for an answer of the time-stamping authority.
const TIMEOUT: Duration = Duration::from_secs(20);
/// Longest answer of a time-stamping authority: a token with its certificates.
const MAX_TOKEN: u64 = 1 << 20;

/// What is to be augmented, and how far.
#[derive(Debug)]
pub struct AugmentationRequest {
    /// How the signed document is written; for a document as it is [`Edits::whole`] of input 0.
    pub edits: Edits,
    /// The inputs that the edits copy from.
    pub inputs: Vec<Input>,
    /// [`BaselineLevel::T`] or [`BaselineLevel::Lt`].
    pub level: BaselineLevel,
    /// Address of the time-stamping authority.
    pub timestamp_authority: String,
    /// Policy, trust and current time: what makes material complete.
    pub context: Context,
    /// Entropy for nonces.
    pub seed: Seed,
    /// Whether certificates and revocation data may be asked for.
    pub network: Network,
}

/// The job: ends in edits at the wanted level.
///
/// Signatures that have a time-stamp already get none. What was signed is never written again:
/// new properties are inserted at a byte position.
pub struct Augmentation {
    level: BaselineLevel,
    authority: String,
    context: Context,
    network: Network,
    seed: Option<Seed>,
    next_id: u64,
    phase: Phase,
}

enum Phase {
    Gathering(Box<Gathering>),
    Stamping(Box<Stamping>),
    Judging(Box<Judging>, Box<Container>),
    Ended,
}

/// The container that is augmented, with the files that change.
struct Container {
    source: Source,
    directory: Arc<Directory>,
    changed: BTreeMap<String, Vec<u8>>,
}

struct Stamping {
    evidence: Evidence,
    budget: Budget,
    container: Container,
    /// Signatures still to be stamped: file and record.
    todo: Vec<(String, String)>,
    open: Option<(RequestId, TimestampRequest, Fetch)>,
}

impl Augmentation {
    /// Begins an augmentation.
    ///
    /// # Errors
    /// [`ApiMisuse`] for no input or a level other than T and LT.
    pub fn begin(request: AugmentationRequest) -> Result<Self, Error> {
        if !matches!(request.level, BaselineLevel::T | BaselineLevel::Lt) {
            return Err(ApiMisuse::ContradictoryParameters.into());
        }
        let inputs = Arc::new(Inputs::new(request.inputs));
        let budget = Budget::new(Arc::clone(&request.context.limits));
        let edits = Some(request.edits);
        let gathering = Gathering::begin(edits, inputs, Vec::new(), Vec::new(), PAGE_SIZE, budget)?;
        Ok(Self {
            level: request.level,
            authority: request.timestamp_authority,
            context: request.context,
            network: request.network,
            seed: Some(request.seed),
            next_id: 0,
            phase: Phase::Gathering(Box::new(gathering)),
        })
    }

    fn go_on(&mut self) -> Result<Step<Edits>, Error> {
        loop {
            match std::mem::replace(&mut self.phase, Phase::Ended) {
                Phase::Gathering(mut gathering) => {
                    if let GatheringStep::Needs(requests) = gathering.step(&mut self.next_id)? {
                        self.phase = Phase::Gathering(gathering);
                        return Ok(Step::Needs(requests));
                    }
                    self.phase = Phase::Stamping(Box::new(Stamping::new(gathering.finish())?));
                }
                Phase::Stamping(mut stamping) => {
                    if let Some(request) = self.stamp(&mut stamping)? {
                        self.phase = Phase::Stamping(stamping);
                        return Ok(Step::Needs(vec![request]));
                    }
                    let Stamping {
                        mut evidence,
                        mut budget,
                        container,
                        ..
                    } = *stamping;
                    if self.level == BaselineLevel::T {
                        return container.finish().map(Step::Done);
                    }
                    evidence.replace_structures(&container.changed, &mut budget)?;
                    let seed = self.seed.take().ok_or(ApiMisuse::JobEnded)?;
                    let context = self.context.clone();
                    let judging = Judging::new(evidence, context, self.network, seed, budget);
                    self.phase = Phase::Judging(Box::new(judging), Box::new(container));
                }
                Phase::Judging(mut judging, mut container) => match judging.step(&mut self.next_id)
                {
                    Step::Needs(requests) => {
                        self.phase = Phase::Judging(judging, container);
                        return Ok(Step::Needs(requests));
                    }
                    Step::Done(judgement) => {
                        let (evidence, mut budget, _) = judging.into_parts();
                        container.add_material(
                            &evidence,
                            &judgement,
                            &self.context,
                            &mut budget,
                        )?;
                        return container.finish().map(Step::Done);
                    }
                },
                Phase::Ended => return Err(ApiMisuse::JobEnded.into()),
            }
        }
    }

    /// Asks for the next time-stamp; none when every signature has one.
    fn stamp(&mut self, stamping: &mut Stamping) -> Result<Option<Request>, Error> {
        if let Some((id, _, fetch)) = &stamping.open {
            return Ok(Some(Request::Fetch {
                id: *id,
                fetch: fetch.clone(),
            }));
        }
        let Some((place, record)) = stamping.todo.last() else {
            return Ok(None);
        };
        let octets = stamping.octets(place)?;
        let input = xades::signature_timestamp_input(&octets, place, record, &mut stamping.budget)?;
        let algorithm = DigestAlgorithm::Sha256;
        let seed = self.seed.as_ref().ok_or(ApiMisuse::JobEnded)?;
        // Numbered by the signatures that wait: the same whatever was read before.
        let number = u64::try_from(stamping.todo.len()).unwrap_or(u64::MAX);
        let nonce = crypto::derive(seed, "timestamp-nonce", number);
        let request = TimestampRequest {
            algorithm,
            digest: crypto::digest(algorithm, &input)?,
            policy: None,
            nonce: nonce.get(..16).map(<[u8]>::to_vec),
        };
        let fetch = Fetch {
            url: self.authority.clone(),
            origin: UrlOrigin::Configuration,
            kind: FetchKind::Timestamp,
            body: Some(timestamp::request(&request)),
            max_bytes: MAX_TOKEN,
            timeout: TIMEOUT,
        };
        let id = RequestId(self.next_id);
        self.next_id += 1;
        stamping.open = Some((id, request, fetch.clone()));
        Ok(Some(Request::Fetch { id, fetch }))
    }
}

impl Stamping {
    fn new(gathered: Gathered) -> Result<Self, Error> {
        let Gathered {
            evidence,
            budget,
            source,
            directory,
        } = gathered;
        let directory = directory.ok_or(Unsupported::Feature("augmentation outside ASiC-E"))?;
        // What two readers see differently is not made to look better.
        let is_failure = |found: &&Finding| found.check == CheckId::ContainerStructure;
        if evidence
            .document()
            .findings
            .iter()
            .any(|found| is_failure(&found))
        {
            return Err(Malformed::within(MalformedKind::AsicStructure, "container").into());
        }
        let needs = |record: &&Signature| {
            let has = |kind| record.timestamps.iter().any(|one| one.kind == kind);
            is_xades(record) && !has(TimestampKind::SignatureTimestamp)
        };
        let records = evidence.records().iter();
        let mut todo: Vec<(String, String)> = records
            .filter(needs)
            .map(|one| (one.place.clone(), one.id.clone()))
            .collect();
        todo.reverse();
        if !evidence.records().iter().any(is_xades) {
            return Err(Unsupported::Feature("augmentation of other signatures than XAdES").into());
        }
        let container = Container {
            source,
            directory,
            changed: BTreeMap::new(),
        };
        Ok(Self {
            evidence,
            budget,
            container,
            todo,
            open: None,
        })
    }

    /// A signatures file as it is by now.
    fn octets(&self, place: &str) -> Result<Vec<u8>, Error> {
        if let Some(octets) = self.container.changed.get(place) {
            return Ok(octets.clone());
        }
        original(&self.evidence, place)
    }

    fn take(&mut self, response: Response) -> Result<(), Error> {
        let (_, request, _) = self.open.take().ok_or(ApiMisuse::UnknownRequest)?;
        let body = match response {
            Response::Fetched { status: 200, body } => body,
            Response::Fetched { .. } | Response::FetchFailed(_) => {
                return Err(Malformed::within(MalformedKind::TimestampRefused, "answer").into());
            }
            _ => return Err(ApiMisuse::WrongResponse.into()),
        };
        let token = timestamp::parse_response(&body, &request, &mut self.budget)?;
        let (place, record) = self.todo.pop().ok_or(ApiMisuse::UnknownRequest)?;
        let octets = self.octets(&place)?;
        let changed = xades::add_signature_timestamp(
            &octets,
            &place,
            &record,
            &token.signed_data.whole,
            &mut self.budget,
        )?;
        self.container.changed.insert(place, changed);
        Ok(())
    }
}

impl Container {
    /// Puts in what the judgement rests on and the signatures do not carry yet.
    ///
    /// # Standard
    /// EN 319 132-1 §6.3: certificates up to and including the anchor where it is a certificate,
    /// revocation data for each that needs it, of the signature and of its time-stamps.
    fn add_material(
        &mut self,
        evidence: &Evidence,
        judgement: &Judgement,
        context: &Context,
        budget: &mut Budget,
    ) -> Result<(), Error> {
        let used: BTreeSet<ObjectId> = judgement.used.iter().copied().collect();
        for record in evidence.records().iter().filter(|record| is_xades(record)) {
            let mut carried: BTreeSet<ObjectId> = BTreeSet::new();
            let tokens = record
                .timestamps
                .iter()
                .filter_map(|one| evidence.token(one).ok());
            for own in tokens.map(|token| &token.record).chain([record]) {
                carried.extend(
                    own.certificates
                        .iter()
                        .map(|one| crypto::object_id(&one.octets)),
                );
                carried.extend(
                    own.revocation
                        .iter()
                        .map(|one| crypto::object_id(&one.octets)),
                );
            }
            let wanted = |id: &ObjectId| used.contains(id) && !carried.contains(id);
            let mut data = ValidationData::default();
            let anchors = context.trust.anchors().iter();
            let anchors = anchors.filter_map(|anchor| anchor.certificate.as_ref());
            for certificate in evidence.pool().certificates().chain(anchors) {
                let is_new = !data.certificates.contains(certificate.der());
                if wanted(&certificate.id()) && is_new {
                    data.certificates.push(Arc::clone(certificate.der()));
                }
            }
            for revocation in evidence.pool().revocation() {
                if wanted(&revocation.id) {
                    let octets = evidence.objects().get(&revocation.id).cloned();
                    let list = if revocation.is_crl() {
                        &mut data.crls
                    } else {
                        &mut data.ocsps
                    };
                    list.extend(octets);
                }
            }
            if data.is_empty() {
                continue;
            }
            let octets = match self.changed.get(&record.place) {
                Some(octets) => octets.clone(),
                None => original(evidence, &record.place)?,
            };
            let changed =
                xades::add_validation_data(&octets, &record.place, &record.id, &data, budget)?;
            self.changed.insert(record.place.clone(), changed);
        }
        Ok(())
    }

    /// The edits with every changed file in its place.
    fn finish(self) -> Result<Edits, Error> {
        let edits = self.source.edits();
        if self.changed.is_empty() {
            return Ok(edits.clone());
        }
        asic::replace_signatures_files(edits, &self.directory, self.changed)
    }
}

fn is_xades(record: &Signature) -> bool {
    record.kind == RecordKind::Signature
        && record.format == SignatureFormat::Xades
        && record.parent.is_none()
}

fn original(evidence: &Evidence, place: &str) -> Result<Vec<u8>, Error> {
    let mut located = evidence.located().iter();
    let own = located.find(|one| one.place == place && one.structure == Structure::Xml);
    let octets = own
        .and_then(|one| one.object)
        .and_then(|id| evidence.objects().get(&id));
    Ok(octets.ok_or(InputError::Unreadable)?.to_vec())
}

impl Job for Augmentation {
    type Outcome = Edits;

    fn step(&mut self) -> Result<Step<Edits>, Error> {
        self.go_on()
    }

    fn supply(&mut self, id: RequestId, response: Response) -> Result<(), Error> {
        let outcome = match &mut self.phase {
            Phase::Gathering(gathering) => gathering.supply(id, response),
            Phase::Stamping(stamping) => match &stamping.open {
                Some((open, ..)) if *open == id => stamping.take(response),
                _ => Err(ApiMisuse::UnknownRequest.into()),
            },
            Phase::Judging(judging, _) => judging.supply(id, response),
            Phase::Ended => Err(ApiMisuse::JobEnded.into()),
        };
        if job::is_fatal(&outcome) {
            self.phase = Phase::Ended;
        }
        outcome
    }

    fn feed(&mut self, id: RequestId, chunk: &[u8]) -> Result<(), Error> {
        let outcome = match &mut self.phase {
            Phase::Gathering(gathering) => gathering.feed(id, chunk),
            Phase::Ended => Err(ApiMisuse::JobEnded.into()),
            _ => Err(ApiMisuse::UnknownRequest.into()),
        };
        if job::is_fatal(&outcome) {
            self.phase = Phase::Ended;
        }
        outcome
    }

    fn progress(&self) -> Progress {
        match &self.phase {
            Phase::Gathering(gathering) => gathering.progress(),
            Phase::Judging(judging, _) => judging.progress(),
            Phase::Stamping(_) | Phase::Ended => Progress::default(),
        }
    }
}
