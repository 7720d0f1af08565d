//! Augmentation: from level B to T, LT and LTA, over a document or edits that were not written yet.

mod archive_manifest;
mod pdf;
mod stamping;
mod token;
mod wanted;
pub(super) mod work;

use crate::error::{ApiMisuse, Error, Unsupported};
use crate::evidence::Evidence;
use crate::job::{self, Job, Progress, RequestId, Response, Seed, Step};
use crate::limits::Budget;
use crate::pdf::Password;
use crate::policy::ValidationPolicy;
use crate::reading::{Gathering, GatheringStep, Given, Judging, Network};
use crate::source::{Edits, Input, Inputs};
use crate::validation::Context;
use crate::vocabulary::{BaselineLevel, CheckId, ContainerKind, Level};
use pdf::Pdf;
pub(super) use stamping::{Authority, Call};
use stamping::{Stamping, Todo, archive_taps};
use std::sync::Arc;
use wanted::Selection;
use work::Work;

use super::PendingSignature;
use super::updating::PAGE_SIZE;

/// What is to be augmented, and how far.
#[derive(Debug)]
pub struct AugmentationRequest {
    /// How the signed document is written; for a document as it is [`Edits::whole`] of input 0.
    pub edits: Edits,
    /// The inputs that the edits copy from. An input that they do not copy from is a detached
    /// document that the signatures cover.
    pub inputs: Vec<Input>,
    /// [`BaselineLevel::T`], [`BaselineLevel::Lt`] or [`BaselineLevel::Lta`].
    pub level: BaselineLevel,
    /// Address of the time-stamping authority.
    pub timestamp_authority: String,
    /// Policy, trust and current time: what makes material complete. From level LT on revocation
    /// data is wanted, whatever the policy says: it is what the level consists of.
    pub context: Context,
    /// Entropy for nonces.
    pub seed: Seed,
    /// Whether certificates and revocation data may be asked for.
    pub network: Network,
}

/// The job: ends in edits at the wanted level.
///
/// All signatures are raised, or those that [`Augmentation::with_signatures`] names, or the one that
/// was just made ([`Augmentation::with_new`]). One that another signature is over stays as it is.
/// Signatures that have a time-stamp already get none; every one gets a new archive time-stamp at
/// level LTA, which renews the last. In a container with messages over manifests, or with time-stamps of
/// its own, that is one over an archive manifest for all. What was signed is never written again: new properties and
/// attributes are inserted at a byte position.
pub struct Augmentation {
    level: BaselineLevel,
    authority: Authority,
    context: Context,
    network: Network,
    given: Vec<Given>,
    selection: Selection,
    next_id: u64,
    phase: Phase,
}

enum Phase {
    Gathering(Box<Gathering>),
    Stamping(Box<Stamping>),
    Judging(Box<Judging>, Box<Work>),
    /// A PDF, from its gathering on.
    Pdf(Box<Pdf>),
    /// The last time-stamps, over everything.
    Archiving(Box<Stamping>),
    Ended,
}

impl Augmentation {
    /// Begins an augmentation.
    ///
    /// # Errors
    /// [`ApiMisuse`] for no input, or level B.
    pub fn begin(request: AugmentationRequest) -> Result<Self, Error> {
        if request.level == BaselineLevel::B {
            return Err(ApiMisuse::ContradictoryParameters.into());
        }
        let inputs = Arc::new(Inputs::new(request.inputs));
        let budget = Budget::new(Arc::clone(&request.context.limits));
        let edits = Some(request.edits);
        let mut gathering =
            Gathering::begin(edits, inputs, Vec::new(), Vec::new(), PAGE_SIZE, budget)?;
        if request.level == BaselineLevel::Lta {
            let all = Selection::All;
            gathering =
                gathering.with_taps(move |evidence, budget| archive_taps(&all, evidence, budget));
        }
        let mut context = request.context;
        if request.level != BaselineLevel::T {
            want_revocation(Arc::make_mut(&mut context.policy));
        }
        Ok(Self {
            level: request.level,
            authority: Authority {
                url: request.timestamp_authority,
                others: Vec::new(),
                seed: request.seed,
            },
            context,
            network: request.network,
            given: Vec::new(),
            selection: Selection::All,
            next_id: 0,
            phase: Phase::Gathering(Box::new(gathering)),
        })
    }

    /// Certificates and revocation data without trust, beside what the document carries and what
    /// may be asked for: levels LT and LTA put in what they need of it. To be said before the first
    /// step.
    ///
    /// # Errors
    /// [`Unsupported`] for an evidence record: it would stay outside of the document, and what is
    /// good with its proof alone is not good to whoever has the document alone.
    pub fn with_given(mut self, given: Vec<Given>) -> Result<Self, Error> {
        if given
            .iter()
            .any(|one| matches!(one, Given::EvidenceRecord(_)))
        {
            return Err(Unsupported::Feature("evidence records in an augmentation").into());
        }
        self.given.clone_from(&given);
        if let Phase::Gathering(gathering) = self.phase {
            self.phase = Phase::Gathering(Box::new(gathering.with_given(given)));
        }
        Ok(self)
    }

    /// What opens an encrypted PDF, where the empty password does not. To be said before the first
    /// step.
    #[must_use]
    pub fn with_password(mut self, password: Option<Password>) -> Self {
        if let Phase::Gathering(gathering) = self.phase {
            self.phase = Phase::Gathering(Box::new(gathering.with_password(password)));
        }
        self
    }

    /// Addresses of more authorities, asked one after the other where those before cannot be
    /// reached, refuse, or answer something else than what was asked. To be said before the first
    /// step.
    #[must_use]
    pub fn with_more_authorities(mut self, addresses: Vec<String>) -> Self {
        self.authority.others = addresses;
        self
    }

    /// Raises the signatures with these identifiers of reports and leaves all others alone;
    /// counter-signatures may be among them, which else nobody raises. Without any: all signatures.
    /// To be said before the first step.
    ///
    /// The job fails with [`InputError::SignatureMissing`](crate::error::InputError) for an
    /// identifier that the document does not hold.
    #[must_use]
    pub fn with_signatures(self, ids: Vec<String>) -> Self {
        if ids.is_empty() {
            return self;
        }
        self.selecting(Selection::Named(ids.into_iter().collect()))
    }

    /// Raises the signature that was just made and leaves those of others alone: the edits are what
    /// [`PendingSignature::complete`] of this one gave. To be said before the first step.
    ///
    /// # Errors
    /// As [`PendingSignature::data_to_be_signed`].
    pub fn with_new(self, pending: &PendingSignature) -> Result<Self, Error> {
        let signed = pending.data_to_be_signed()?;
        Ok(self.selecting(Selection::New(signed)))
    }

    fn selecting(mut self, selection: Selection) -> Self {
        self.selection = selection.clone();
        if self.level != BaselineLevel::Lta {
            return self;
        }
        if let Phase::Gathering(gathering) = self.phase {
            let taps = move |evidence: &Evidence, budget: &mut Budget| {
                archive_taps(&selection, evidence, budget)
            };
            self.phase = Phase::Gathering(Box::new(gathering.with_taps(taps)));
        }
        self
    }

    fn go_on(&mut self) -> Result<Step<Edits>, Error> {
        loop {
            match std::mem::replace(&mut self.phase, Phase::Ended) {
                Phase::Gathering(mut gathering) => {
                    if let GatheringStep::Needs(requests) = gathering.step(&mut self.next_id)? {
                        self.phase = Phase::Gathering(gathering);
                        return Ok(Step::Needs(requests));
                    }
                    let gathered = gathering.finish();
                    if gathered.evidence.document().container == Some(ContainerKind::Pdf) {
                        let (context, network) = (self.context.clone(), self.network);
                        let given = std::mem::take(&mut self.given);
                        let next_id = &mut self.next_id;
                        let pdf = Pdf::begin(
                            gathered,
                            (self.level, &self.selection),
                            context,
                            (network, given),
                            &self.authority,
                            next_id,
                        )?;
                        self.phase = Phase::Pdf(Box::new(pdf));
                        continue;
                    }
                    let (work, evidence, mut budget) = Work::of(gathered)?;
                    let todo = Todo::signatures(
                        &work,
                        &evidence,
                        (self.level, &self.selection),
                        &mut budget,
                    )?;
                    let stamping = Stamping::new(work, evidence, budget, todo);
                    self.phase = Phase::Stamping(Box::new(stamping));
                }
                Phase::Stamping(mut stamping) => {
                    if let Some(request) = stamping.step(&self.authority, &mut self.next_id)? {
                        self.phase = Phase::Stamping(stamping);
                        return Ok(Step::Needs(vec![request]));
                    }
                    let (work, mut evidence, mut budget) = stamping.into_parts();
                    if self.level == BaselineLevel::T {
                        return work.finish().map(Step::Done);
                    }
                    evidence.replace_structures(work.changed(), &mut budget)?;
                    let seed = self.authority.seed_for("validation");
                    let context = self.context.clone();
                    let judging = Judging::new(evidence, context, self.network, seed, budget);
                    self.phase = Phase::Judging(Box::new(judging), Box::new(work));
                }
                Phase::Judging(mut judging, mut work) => match judging.step(&mut self.next_id) {
                    Step::Needs(requests) => {
                        self.phase = Phase::Judging(judging, work);
                        return Ok(Step::Needs(requests));
                    }
                    Step::Done(judgement) => {
                        let (mut evidence, mut budget, _) = judging.into_parts();
                        let wanted = (&self.context, &self.selection);
                        work.add_material(&evidence, &judgement, wanted, &mut budget)?;
                        if self.level == BaselineLevel::Lt {
                            return work.finish().map(Step::Done);
                        }
                        evidence.replace_structures(work.changed(), &mut budget)?;
                        let todo = Todo::archives(&work, &evidence, &self.selection, &mut budget)?;
                        let stamping = Stamping::new(*work, evidence, budget, todo);
                        self.phase = Phase::Archiving(Box::new(stamping));
                    }
                },
                Phase::Archiving(mut stamping) => {
                    if let Some(request) = stamping.step(&self.authority, &mut self.next_id)? {
                        self.phase = Phase::Archiving(stamping);
                        return Ok(Step::Needs(vec![request]));
                    }
                    let (work, ..) = stamping.into_parts();
                    return work.finish().map(Step::Done);
                }
                Phase::Pdf(mut pdf) => {
                    let step = pdf.step(&self.authority, &mut self.next_id)?;
                    if matches!(step, Step::Needs(_)) {
                        self.phase = Phase::Pdf(pdf);
                    }
                    return Ok(step);
                }
                Phase::Ended => return Err(ApiMisuse::JobEnded.into()),
            }
        }
    }
}

/// EN 319 122-1 §6.3, EN 319 132-1 §6.3, EN 319 142-1 §6.3: the revocation data is what level LT adds.
/// A policy that does without would have it claimed of a document with nothing put in.
fn want_revocation(policy: &mut ValidationPolicy) {
    let check = CheckId::RevocationAvailable;
    let is_lower = |level: &Level| !matches!(level, Level::Always | Level::Fail);
    if is_lower(&policy.level(check)) {
        policy.levels.insert(check, Level::Fail);
    }
    if policy.timestamp_levels.get(&check).is_some_and(is_lower) {
        policy.timestamp_levels.insert(check, Level::Fail);
    }
}

impl Job for Augmentation {
    type Outcome = Edits;

    fn step(&mut self) -> Result<Step<Edits>, Error> {
        self.go_on()
    }

    fn supply(&mut self, id: RequestId, response: Response) -> Result<(), Error> {
        let outcome = match &mut self.phase {
            Phase::Gathering(gathering) => gathering.supply(id, response),
            Phase::Stamping(stamping) | Phase::Archiving(stamping) => stamping.supply(id, response),
            Phase::Judging(judging, _) => judging.supply(id, response),
            Phase::Pdf(pdf) => pdf.supply(id, response),
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
            Phase::Pdf(pdf) => pdf.feed(id, chunk),
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
            Phase::Pdf(pdf) => pdf.progress(),
            Phase::Stamping(_) | Phase::Archiving(_) | Phase::Ended => Progress::default(),
        }
    }
}
