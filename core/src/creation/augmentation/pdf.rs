//! Augmentation of a PDF: time-stamps in signatures or over the document, and the security store.
//!
//! A signature that is the last thing in the file takes its time-stamp into the room that was left
//! in it; any other, and one without room, is covered by a document time-stamp behind it. What
//! stands in the file never moves.
//!
//! # Standard
//! EN 319 142-1 §5.4, §6.3 (n) (level T), (r) to (v) (LT), (x), (y) (LTA).

use super::super::updating::{Updated, Updating};
use super::PAGE_SIZE;
use super::stamping::{Authority, Call};
use super::wanted::Selection;
use super::work::{carried, check_complete, missing};
use crate::algorithm::DigestAlgorithm;
use crate::cades;
use crate::cms::SignedData;
use crate::cms::attribute_types::SIGNATURE_TIMESTAMP;
use crate::crypto;
use crate::error::{ApiMisuse, Error, InputError, Malformed, MalformedKind};
use crate::evidence::Evidence;
use crate::job::{Progress, RequestId, Response, Step};
use crate::limits::Budget;
use crate::pades::Addition;
use crate::pdf::{Document, Password, SignatureField, push_hex};
use crate::reading::{Gathered, Gathering, GatheringStep, Given, Judging, Network};
use crate::signature::{RecordKind, Signature};
use crate::source::{Edits, Piece, Source};
use crate::validation::{Context, Judgement};
use crate::vocabulary::{BaselineLevel, ObjectId, SignatureFormat, TimestampKind};
use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;

/// Octets that are kept for a token with its certificates; a longer one gets more at a second try.
const TOKEN_ROOM: u64 = 12 << 10;
/// A signature with less room than this for a token is covered by a document time-stamp at once.
const LEAST_ROOM: usize = 2 << 10;
/// Authorities whose tokens grow at each try are not asked for ever.
const TRIES: u32 = 3;
/// The digest of time-stamps.
const DIGEST: DigestAlgorithm = DigestAlgorithm::Sha256;

/// The part of the job that is about a PDF.
pub(super) struct Pdf {
    level: BaselineLevel,
    context: Context,
    network: Network,
    given: Vec<Given>,
    stage: Stage,
    stamps: u64,
    tries: u32,
    /// The signatures that are raised; none for all.
    ids: Option<BTreeSet<String>>,
    password: Option<Password>,
}

enum Stage {
    /// A time-stamp for the signature that stands last.
    Signature(Box<Call>, Box<Last>),
    /// An update for a document time-stamp; at level LTA the last thing to do, or level T.
    Planning(Box<Updating>, Purpose),
    /// The document time-stamp itself.
    Document(Box<Call>, Box<Updated>, Purpose),
    Gathering(Box<Gathering>),
    Judging(Box<Judging>, Box<Source>, BTreeSet<ObjectId>),
    Store(Box<Updating>),
    Done(Edits),
    Ended,
}

/// What a document time-stamp is for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Purpose {
    LevelT,
    LevelLta,
}

/// The signature that stands last in the file, without a time-stamp and with room for one.
struct Last {
    source: Source,
    message: Vec<u8>,
    token: Range<u64>,
}

impl Pdf {
    pub(super) fn begin(
        gathered: Gathered,
        (level, selection): (BaselineLevel, &Selection),
        context: Context,
        (network, given): (Network, Vec<Given>),
        authority: &Authority,
        next_id: &mut u64,
    ) -> Result<Self, Error> {
        let Gathered {
            evidence,
            source,
            pdf,
            password,
            ..
        } = gathered;
        let document = pdf.ok_or(ApiMisuse::NoInput)?;
        let mut own = Self {
            level,
            context,
            network,
            given,
            stage: Stage::Ended,
            stamps: 0,
            tries: 0,
            ids: selection.ids(evidence.records())?,
            password,
        };
        let is_whole = matches!(source.edits().pieces(), [Piece::Copy { .. }]);
        if !is_whole && own.ids.is_none() {
            // The one that was just made and is not written yet.
            let new = ending(&document).and_then(|field| field.name.clone());
            let records = evidence.records().iter();
            let records = records.filter(|one| new.as_ref() == Some(&one.place));
            let ids: BTreeSet<String> = records.map(|one| one.id.clone()).collect();
            own.ids = Some(ids).filter(|ids| !ids.is_empty());
        }
        let is_signature = |record: &&Signature| {
            record.kind == RecordKind::Signature
                && record.parent.is_none()
                && matches!(
                    record.format,
                    SignatureFormat::Pades | SignatureFormat::Pkcs7
                )
        };
        let mut signatures = evidence.records().iter().filter(is_signature).peekable();
        if signatures.peek().is_none() {
            return Err(InputError::NotSigned.into());
        }
        let has = |record: &Signature, kind| record.timestamps.iter().any(|one| one.kind == kind);
        let waiting: Vec<&Signature> = signatures
            .filter(|record| {
                let ids = own.ids.as_ref();
                ids.is_none_or(|ids| ids.contains(&record.id))
                    && !has(record, TimestampKind::SignatureTimestamp)
                    && !has(record, TimestampKind::DocumentTimestamp)
            })
            .collect();
        own.stage = match (waiting.as_slice(), last(&document, &source)) {
            ([], _) => own.stamped(source.edits().clone(), &source)?,
            ([one], Some((last, value))) if is_value(one, &value) => {
                let digest = crypto::digest(DIGEST, &value)?;
                let call = own.ask(digest, authority, next_id);
                Stage::Signature(Box::new(call), Box::new(last))
            }
            _ => own.timestamp(source, TOKEN_ROOM, Purpose::LevelT),
        };
        Ok(own)
    }

    fn ask(&mut self, digest: Vec<u8>, authority: &Authority, next_id: &mut u64) -> Call {
        self.stamps += 1;
        let id = RequestId(*next_id);
        *next_id += authority.count();
        authority.ask(
            (DIGEST, digest),
            ("document-timestamp-nonce", self.stamps),
            id,
        )
    }

    fn budget(&self) -> Budget {
        Budget::new(Arc::clone(&self.context.limits))
    }

    fn timestamp(&self, source: Source, room: u64, purpose: Purpose) -> Stage {
        let addition = Addition::Timestamp { room };
        let updating = Updating::new(
            source,
            addition,
            DIGEST,
            self.password.clone(),
            self.budget(),
        );
        Stage::Planning(Box::new(updating), purpose)
    }

    /// Level T is reached.
    fn stamped(&self, edits: Edits, source: &Source) -> Result<Stage, Error> {
        if self.level == BaselineLevel::T {
            return Ok(Stage::Done(edits));
        }
        let inputs = Arc::clone(source.inputs());
        let (given, budget) = (self.given.clone(), self.budget());
        let gathering =
            Gathering::begin(Some(edits), inputs, given, Vec::new(), PAGE_SIZE, budget)?
                .with_password(self.password.clone());
        Ok(Stage::Gathering(Box::new(gathering)))
    }

    /// Level LT is reached.
    fn stored(&self, source: Source) -> Stage {
        if self.level == BaselineLevel::Lt {
            return Stage::Done(source.edits().clone());
        }
        self.timestamp(source, TOKEN_ROOM, Purpose::LevelLta)
    }

    pub(super) fn step(
        &mut self,
        authority: &Authority,
        next_id: &mut u64,
    ) -> Result<Step<Edits>, Error> {
        loop {
            self.stage = match std::mem::replace(&mut self.stage, Stage::Ended) {
                Stage::Signature(call, last) => {
                    let request = call.request();
                    self.stage = Stage::Signature(call, last);
                    return Ok(Step::Needs(vec![request]));
                }
                Stage::Document(call, updated, purpose) => {
                    let request = call.request();
                    self.stage = Stage::Document(call, updated, purpose);
                    return Ok(Step::Needs(vec![request]));
                }
                Stage::Planning(mut updating, purpose) => {
                    let requests = updating.step(next_id)?;
                    if !requests.is_empty() {
                        self.stage = Stage::Planning(updating, purpose);
                        return Ok(Step::Needs(requests));
                    }
                    let (mut updated, _) = updating.finish()?;
                    let digest = std::mem::take(&mut updated.digest);
                    let call = self.ask(digest, authority, next_id);
                    Stage::Document(Box::new(call), Box::new(updated), purpose)
                }
                Stage::Gathering(mut gathering) => {
                    if let GatheringStep::Needs(requests) = gathering.step(next_id)? {
                        self.stage = Stage::Gathering(gathering);
                        return Ok(Step::Needs(requests));
                    }
                    let Gathered {
                        evidence,
                        budget,
                        source,
                        pdf,
                        ..
                    } = gathering.finish();
                    let stored = pdf.as_ref().map(stored).unwrap_or_default();
                    let seed = authority.seed_for("validation");
                    let context = self.context.clone();
                    let judging = Judging::new(evidence, context, self.network, seed, budget);
                    Stage::Judging(Box::new(judging), Box::new(source), stored)
                }
                Stage::Judging(mut judging, source, stored) => match judging.step(next_id) {
                    Step::Needs(requests) => {
                        self.stage = Stage::Judging(judging, source, stored);
                        return Ok(Step::Needs(requests));
                    }
                    Step::Done(judgement) => {
                        let (evidence, ..) = judging.into_parts();
                        self.store(*source, &evidence, &judgement, stored)?
                    }
                },
                Stage::Store(mut updating) => {
                    let requests = updating.step(next_id)?;
                    if !requests.is_empty() {
                        self.stage = Stage::Store(updating);
                        return Ok(Step::Needs(requests));
                    }
                    let (updated, _) = updating.finish()?;
                    let mut edits = updated.source.edits().clone();
                    edits.append(Piece::insert(updated.update.into_octets()));
                    self.stored(updated.source.edited(edits))
                }
                Stage::Done(edits) => return Ok(Step::Done(edits)),
                Stage::Ended => return Err(ApiMisuse::JobEnded.into()),
            };
        }
    }

    /// Puts what the judgement rests on into the store, but what the document carries.
    fn store(
        &self,
        source: Source,
        evidence: &Evidence,
        judgement: &Judgement,
        stored: BTreeSet<ObjectId>,
    ) -> Result<Stage, Error> {
        check_complete(judgement, self.ids.as_ref())?;
        let used: BTreeSet<ObjectId> = judgement.used.iter().copied().collect();
        let mut known = stored;
        for record in evidence.records() {
            known.extend(carried(record, evidence));
        }
        let data = missing(&used, &known, evidence, &self.context)?;
        if data.is_empty() {
            return Ok(self.stored(source));
        }
        let updating = Updating::new(
            source,
            Addition::Store(data),
            DIGEST,
            self.password.clone(),
            self.budget(),
        );
        Ok(Stage::Store(Box::new(updating)))
    }

    pub(super) fn supply(&mut self, id: RequestId, response: Response) -> Result<(), Error> {
        match &mut self.stage {
            Stage::Planning(updating, _) | Stage::Store(updating) => {
                return updating.supply(id, response);
            }
            Stage::Gathering(gathering) => return gathering.supply(id, response),
            Stage::Judging(judging, ..) => return judging.supply(id, response),
            Stage::Signature(call, _) | Stage::Document(call, ..) if call.id() == id => {}
            _ => return Err(ApiMisuse::UnknownRequest.into()),
        }
        let mut budget = self.budget();
        self.stage = match std::mem::replace(&mut self.stage, Stage::Ended) {
            Stage::Signature(mut call, last) => match call.token(response, &mut budget)? {
                Some(token) => self.fill_signature(*last, &token, &mut budget)?,
                None => Stage::Signature(call, last),
            },
            Stage::Document(mut call, updated, purpose) => {
                match call.token(response, &mut budget)? {
                    Some(token) => self.fill_document(*updated, &token, purpose)?,
                    None => Stage::Document(call, updated, purpose),
                }
            }
            other => other,
        };
        Ok(())
    }

    /// EN 319 142-1 §6.3 (o): the token goes into the message, in the room that is left.
    fn fill_signature(
        &mut self,
        last: Last,
        token: &[u8],
        budget: &mut Budget,
    ) -> Result<Stage, Error> {
        let message = cades::add_signature_timestamp(&last.message, 0, token, budget)?;
        let digits = last.token.end.saturating_sub(last.token.start);
        let digits = usize::try_from(digits)
            .unwrap_or(usize::MAX)
            .saturating_sub(2);
        if message.len() > digits / 2 {
            return Ok(self.timestamp(last.source, TOKEN_ROOM, Purpose::LevelT));
        }
        let mut octets = vec![b'<'];
        push_hex(&message, &mut octets);
        octets.resize(digits.saturating_add(1), b'0');
        octets.push(b'>');
        let edits = last.source.edits();
        let edits = edits.splice(last.token, vec![Piece::insert(octets)])?;
        self.stamped(edits, &last.source)
    }

    fn fill_document(
        &mut self,
        updated: Updated,
        token: &[u8],
        purpose: Purpose,
    ) -> Result<Stage, Error> {
        if token.len() > updated.update.room()? {
            self.tries += 1;
            if self.tries == TRIES {
                return Err(Malformed::within(MalformedKind::TimestampRefused, "answer").into());
            }
            let needed = u64::try_from(token.len()).unwrap_or(u64::MAX);
            let room = needed.saturating_add(TOKEN_ROOM);
            return Ok(self.timestamp(updated.source, room, purpose));
        }
        let mut edits = updated.source.edits().clone();
        for copy in &updated.copies {
            edits.record_digest(copy.input, copy.range.clone(), copy.digest);
        }
        edits.append(Piece::insert(updated.update.filled(token)?));
        match purpose {
            Purpose::LevelT => self.stamped(edits, &updated.source),
            Purpose::LevelLta => Ok(Stage::Done(edits)),
        }
    }

    pub(super) fn feed(&mut self, id: RequestId, chunk: &[u8]) -> Result<(), Error> {
        match &mut self.stage {
            Stage::Planning(updating, _) | Stage::Store(updating) => updating.feed(id, chunk),
            Stage::Gathering(gathering) => gathering.feed(id, chunk),
            _ => Err(ApiMisuse::UnknownRequest.into()),
        }
    }

    pub(super) fn progress(&self) -> Progress {
        match &self.stage {
            Stage::Planning(updating, _) | Stage::Store(updating) => updating.progress(),
            Stage::Gathering(gathering) => gathering.progress(),
            Stage::Judging(judging, ..) => judging.progress(),
            _ => Progress::default(),
        }
    }
}

/// What the store of a document holds.
fn stored(document: &Document) -> BTreeSet<ObjectId> {
    let store = document.security_store();
    let values = store.certificates.iter().chain(&store.crls);
    let values = values.chain(&store.ocsps);
    values
        .map(|value| crypto::object_id(&value.octets))
        .collect()
}

fn is_value(record: &Signature, value: &[u8]) -> bool {
    let own = record.value.as_ref();
    own.is_some_and(|own| *own.value == *value)
}

/// The field of the signature that covers the whole file.
fn ending(document: &Document) -> Option<&SignatureField> {
    document.signatures().iter().find(|field| {
        field.dictionary.as_ref().is_ok_and(|dictionary| {
            let covered = dictionary
                .byte_range
                .and_then(|[_, _, behind, length]| behind.checked_add(length));
            covered == Some(document.length())
                && !dictionary.is_document_timestamp()
                && dictionary.faults.is_empty()
        })
    })
}

/// The signature that ends the file, where it has room for a token, and its value.
fn last(document: &Document, source: &Source) -> Option<(Last, Vec<u8>)> {
    let dictionary = ending(document)?.dictionary.as_ref().ok()?;
    let token = dictionary.contents_token.clone()?;
    let message = dictionary.message()?;
    let data = SignedData::parse_binary(message, &mut Budget::default()).ok()?;
    let [info] = data.signer_infos.as_slice() else {
        return None;
    };
    let attributes = info.unsigned_attrs.as_ref();
    let is_stamped = attributes.is_some_and(|found| found.has(SIGNATURE_TIMESTAMP));
    let digits = usize::try_from(token.end.checked_sub(token.start)?).ok()?;
    let room = digits.checked_sub(2)? / 2;
    if is_stamped || room < message.len().saturating_add(LEAST_ROOM) {
        return None;
    }
    let last = Last {
        source: source.clone(),
        message: message.to_vec(),
        token,
    };
    Some((last, info.signature.to_vec()))
}
