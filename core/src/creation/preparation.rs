//! Preparing a signature: a job that streams every document once.

use super::parameters::{DocumentToSign, Packaging, SigningParameters};
use super::pending::{PendingSignature, Plan};
use super::updating::{PAGE_SIZE, Updating};
use crate::algorithm::{DigestAlgorithm, KeyAlgorithm, SignatureAlgorithm, ValueEncoding};
use crate::asic::NewFile;
use crate::certificate::Certificate;
use crate::crypto::{self, Digester, KeyKind, Message, PublicKey};
use crate::error::{ApiMisuse, Error, InputError};
use crate::job::{self, InputId, Job, Progress, Request, RequestId, Response, Step};
use crate::limits::Budget;
use crate::pades::Addition;
use crate::signer::Signer;
use crate::source::{Edits, Inputs, Source};
use crate::time::UnixTime;
use crate::xades::NewReference;
use crate::{cades, xades};
use std::collections::BTreeSet;
use std::sync::Arc;

/// What is to be signed, by whom, and how.
#[derive(Clone, Debug)]
pub struct SigningRequest {
    /// The documents, at least one.
    pub documents: Vec<DocumentToSign>,
    /// The signing certificate and those of its issuers, as DER; the signing certificate first.
    pub certificates: Vec<Arc<[u8]>>,
    /// The decisions.
    pub parameters: SigningParameters,
}

/// Streams the documents and gives a [`PendingSignature`].
pub struct Preparation {
    request: SigningRequest,
    work: Work,
    ended: bool,
}

/// What is done with the documents.
enum Work {
    /// They are streamed, each once.
    Streams(Vec<State>),
    /// A PDF is read, and then streamed.
    Pdf(Box<Updating>, u64),
}

/// One document that passes by.
struct State {
    length: u64,
    seen: u64,
    digest: Option<Digester>,
    sha256: Option<Digester>,
    crc: crc32fast::Hasher,
    done: bool,
}

impl State {
    fn update(&mut self, chunk: &[u8]) -> Result<(), Error> {
        self.seen = self
            .seen
            .saturating_add(u64::try_from(chunk.len()).unwrap_or(u64::MAX));
        if self.seen > self.length {
            return Err(InputError::Changed.into());
        }
        for digester in self.digest.iter_mut().chain(&mut self.sha256) {
            digester.update(chunk);
        }
        self.crc.update(chunk);
        Ok(())
    }
}

impl Preparation {
    /// Begins a preparation.
    ///
    /// # Errors
    /// [`ApiMisuse`] for no document, a repeated or unusable name, a certificate whose key cannot
    /// do the algorithm; a certificate that cannot be read.
    pub fn begin(request: SigningRequest) -> Result<Self, Error> {
        if request.documents.is_empty() {
            return Err(ApiMisuse::NoInput.into());
        }
        let parameters = &request.parameters;
        check_documents(&request.documents, parameters.packaging)?;
        let first = request
            .certificates
            .first()
            .ok_or(ApiMisuse::ContradictoryParameters)?;
        let certificate = Certificate::parse(first, &mut Budget::default())?;
        let encoding = parameters.packaging.value_encoding();
        if !fits(certificate.public_key()?, parameters.algorithm, encoding) {
            return Err(ApiMisuse::ContradictoryParameters.into());
        }
        if parameters.packaging == Packaging::Pades {
            let room = room(&request, certificate.public_key()?)?;
            let updating = updating(&request, room)?;
            return Ok(Self {
                request,
                work: Work::Pdf(Box::new(updating), 0),
                ended: false,
            });
        }
        let mut states = Vec::with_capacity(request.documents.len());
        for document in &request.documents {
            let digest = content_digest(parameters);
            let mut state = State {
                length: document.input.length,
                seen: 0,
                digest: Some(Digester::new(digest)?),
                sha256: None,
                crc: crc32fast::Hasher::new(),
                done: false,
            };
            if digest != DigestAlgorithm::Sha256 {
                state.sha256 = Some(Digester::new(DigestAlgorithm::Sha256)?);
            }
            if let Some(bytes) = &document.input.bytes {
                state.update(bytes)?;
                state.done = true;
            }
            states.push(state);
        }
        Ok(Self {
            request,
            work: Work::Streams(states),
            ended: false,
        })
    }

    /// The PDF was read and streamed.
    fn finish_pdf(&self, updating: Updating) -> Result<PendingSignature, Error> {
        let (updated, _) = updating.finish()?;
        let document = self.request.documents.first().ok_or(ApiMisuse::NoInput)?;
        let whole = 0..document.input.length;
        let mut copies = updated.copies.iter();
        let sha256 = copies.find(|copy| copy.input == InputId(0) && copy.range == whole);
        let document = NewFile {
            name: document.input.name.clone(),
            input: InputId(0),
            length: document.input.length,
            crc32: 0,
            sha256: sha256.map(|copy| copy.digest.to_vec()).unwrap_or_default(),
            media_type: document.media_type.clone(),
        };
        Ok(PendingSignature::new(Plan::Pades {
            blueprint: message(&self.request, updated.digest, None, String::new()),
            document,
            update: updated.update,
        }))
    }

    fn finish(&self, states: &[State]) -> Result<PendingSignature, Error> {
        let parameters = &self.request.parameters;
        let (mut files, mut references) = (Vec::new(), Vec::new());
        for (index, (document, state)) in self.request.documents.iter().zip(states).enumerate() {
            if state.seen != state.length {
                let (expected, found) = (state.length, state.seen);
                return Err(InputError::Short { expected, found }.into());
            }
            let finish = |digester: &Option<Digester>| digester.clone().map(Digester::finish);
            let digest = finish(&state.digest).unwrap_or_default();
            let sha256 = finish(&state.sha256).unwrap_or_else(|| digest.clone());
            files.push(NewFile {
                name: document.input.name.clone(),
                input: InputId(u32::try_from(index).map_err(|_| ApiMisuse::NoInput)?),
                length: state.length,
                crc32: state.crc.clone().finalize(),
                sha256,
                media_type: document.media_type.clone(),
            });
            references.push(NewReference {
                name: document.input.name.clone(),
                digest,
                media_type: document.media_type.clone(),
            });
        }
        let mut certificates = self.request.certificates.iter();
        let signing_certificate = certificates
            .next()
            .map(|der| der.to_vec())
            .unwrap_or_default();
        let other_certificates: Vec<Vec<u8>> = certificates.map(|der| der.to_vec()).collect();
        let plan = match parameters.packaging {
            Packaging::AsicEWithXades => Plan::AsicEWithXades {
                blueprint: xades::Blueprint {
                    references,
                    digest: parameters.digest,
                    algorithm: parameters.algorithm,
                    signing_certificate,
                    other_certificates,
                    claimed_signing_time: parameters.claimed_signing_time,
                    roles: parameters.roles.clone(),
                    production_place: parameters.production_place.clone(),
                },
                files,
            },
            Packaging::AsicEWithCades => {
                let digests: Vec<Vec<u8>> = references.into_iter().map(|one| one.digest).collect();
                let manifest = crate::asic::asic_manifest(&files, parameters.digest, &digests)?;
                let digest = cades::Blueprint::digest_of(parameters.algorithm);
                let content = crypto::digest(digest, &manifest)?;
                let claimed = Some(parameters.claimed_signing_time);
                Plan::AsicEWithCades {
                    blueprint: message(&self.request, content, claimed, String::new()),
                    files,
                    manifest: String::from_utf8(manifest)
                        .map_err(|_| ApiMisuse::ContradictoryParameters)?,
                }
            }
            _ => {
                let (content, reference) = files
                    .into_iter()
                    .next()
                    .zip(references.into_iter().next())
                    .ok_or(ApiMisuse::NoInput)?;
                let claimed = Some(parameters.claimed_signing_time);
                let media_type = content.media_type.clone();
                let blueprint = message(&self.request, reference.digest, claimed, media_type);
                match parameters.packaging {
                    Packaging::AsicSWithCades => Plan::AsicSWithCades {
                        blueprint,
                        file: content,
                    },
                    Packaging::CadesAttached => Plan::CadesAttached { blueprint, content },
                    _ => Plan::CadesDetached { blueprint },
                }
            }
        };
        Ok(PendingSignature::new(plan))
    }
}

/// The message of a request over a content.
fn message(
    request: &SigningRequest,
    content_digest: Vec<u8>,
    claimed_signing_time: Option<UnixTime>,
    media_type: String,
) -> cades::Blueprint {
    let parameters = &request.parameters;
    let mut certificates = request.certificates.iter().map(|der| der.to_vec());
    cades::Blueprint {
        content_digest,
        algorithm: parameters.algorithm,
        signing_certificate: certificates.next().unwrap_or_default(),
        other_certificates: certificates.collect(),
        claimed_signing_time,
        media_type,
        roles: parameters.roles.clone(),
        production_place: parameters.production_place.clone(),
    }
}

/// Octets that the message of a PDF signature has at most, with room for a time-stamp.
fn room(request: &SigningRequest, key: &PublicKey) -> Result<u64, Error> {
    let digest = content_digest(&request.parameters);
    let blueprint = message(request, vec![0; digest.output_len()], None, String::new());
    // The DER of an ECDSA value is up to nine octets longer than the plain one.
    let longest = vec![0xff; key.value_len().saturating_add(9)];
    let length = blueprint.detached(&longest)?.len();
    let length = u64::try_from(length).unwrap_or(u64::MAX);
    Ok(length.saturating_add(request.parameters.timestamp_room))
}

fn updating(request: &SigningRequest, room: u64) -> Result<Updating, Error> {
    let parameters = &request.parameters;
    let inputs = request.documents.iter();
    let inputs = Inputs::new(inputs.map(|one| one.input.clone()).collect());
    let source = Source::file(Arc::new(inputs), InputId(0), PAGE_SIZE)?;
    let addition = Addition::Signature {
        parameters: parameters.pdf.clone(),
        claimed_signing_time: parameters.claimed_signing_time,
        room,
    };
    let algorithm = content_digest(parameters);
    Ok(Updating::new(
        source,
        addition,
        algorithm,
        Budget::default(),
    ))
}

/// A document that is streamed and not ended.
fn state(states: &mut [State], id: RequestId) -> Result<&mut State, Error> {
    let index = usize::try_from(id.0).map_err(|_| ApiMisuse::UnknownRequest)?;
    let state = states.get_mut(index).filter(|state| !state.done);
    Ok(state.ok_or(ApiMisuse::UnknownRequest)?)
}

/// Whether documents can be put together in a way.
fn check_documents(documents: &[DocumentToSign], packaging: Packaging) -> Result<(), ApiMisuse> {
    // A message has one content, and so has ASiC-S.
    let is_for_several = matches!(
        packaging,
        Packaging::AsicEWithXades | Packaging::AsicEWithCades
    );
    if !is_for_several && documents.len() != 1 {
        return Err(ApiMisuse::ContradictoryParameters);
    }
    if is_for_several || packaging == Packaging::AsicSWithCades {
        let mut known = BTreeSet::new();
        for document in documents {
            crate::asic::check_new_name(&document.input.name)?;
            if !known.insert(document.input.name.to_lowercase()) {
                return Err(ApiMisuse::DuplicateName);
            }
        }
    }
    Ok(())
}

/// The digest of documents.
fn content_digest(parameters: &SigningParameters) -> DigestAlgorithm {
    match parameters.packaging {
        Packaging::AsicEWithXades | Packaging::AsicEWithCades => parameters.digest,
        _ => cades::Blueprint::digest_of(parameters.algorithm),
    }
}

impl Job for Preparation {
    type Outcome = PendingSignature;

    fn step(&mut self) -> Result<Step<PendingSignature>, Error> {
        if self.ended {
            return Err(ApiMisuse::JobEnded.into());
        }
        let requests = match &mut self.work {
            Work::Streams(states) => (0u32..)
                .zip(states.iter())
                .filter(|(_, state)| !state.done)
                .map(|(index, state)| Request::Stream {
                    id: RequestId(u64::from(index)),
                    input: InputId(index),
                    range: 0..state.length,
                })
                .collect(),
            Work::Pdf(updating, next_id) => {
                let requests = updating.step(next_id);
                self.ended |= requests.is_err();
                requests?
            }
        };
        if !requests.is_empty() {
            return Ok(Step::Needs(requests));
        }
        self.ended = true;
        match std::mem::replace(&mut self.work, Work::Streams(Vec::new())) {
            Work::Streams(states) => self.finish(&states).map(Step::Done),
            Work::Pdf(updating, _) => self.finish_pdf(*updating).map(Step::Done),
        }
    }

    fn supply(&mut self, id: RequestId, response: Response) -> Result<(), Error> {
        let outcome = match &mut self.work {
            Work::Streams(states) => {
                let state = state(states, id)?;
                match response {
                    Response::End => {
                        state.done = true;
                        Ok(())
                    }
                    Response::Unreadable => Err(InputError::Unreadable.into()),
                    _ => Err(ApiMisuse::WrongResponse.into()),
                }
            }
            Work::Pdf(updating, _) => updating.supply(id, response),
        };
        self.ended |= job::is_fatal(&outcome);
        outcome
    }

    fn feed(&mut self, id: RequestId, chunk: &[u8]) -> Result<(), Error> {
        let outcome = match &mut self.work {
            Work::Streams(states) => state(states, id)?.update(chunk),
            Work::Pdf(updating, _) => updating.feed(id, chunk),
        };
        self.ended |= job::is_fatal(&outcome);
        outcome
    }

    fn progress(&self) -> Progress {
        match &self.work {
            Work::Streams(states) => {
                let sum =
                    |of: fn(&State) -> u64| states.iter().map(of).fold(0, u64::saturating_add);
                Progress {
                    streamed: sum(|state| state.seen),
                    to_stream: sum(|state| state.length),
                    ..Progress::default()
                }
            }
            Work::Pdf(updating, _) => updating.progress(),
        }
    }
}

/// Signs a pending signature with a signer at hand and completes it.
///
/// # Errors
/// What the signer says; as [`PendingSignature::complete`].
pub fn sign(pending: &PendingSignature, signer: &mut dyn Signer) -> Result<Edits, Error> {
    let data = pending.data_to_be_signed()?;
    let algorithm = pending.algorithm();
    let value = match algorithm.digest() {
        Some(digest) => {
            let digest = crypto::digest(digest, &data)?;
            signer.sign(algorithm, Message::Digest(&digest))?
        }
        None => signer.sign(algorithm, Message::Octets(&data))?,
    };
    pending.complete(&value)
}

/// Whether a key is of the kind that an algorithm takes; a fact about two names.
fn fits(key: &PublicKey, algorithm: SignatureAlgorithm, encoding: ValueEncoding) -> bool {
    match (key.kind(), algorithm.key_algorithm()) {
        (KeyKind::Rsa, KeyAlgorithm::RsaPkcs1 | KeyAlgorithm::RsaPss) => true,
        (KeyKind::RsaPss(_), KeyAlgorithm::RsaPss) => true,
        (KeyKind::Ec(_), KeyAlgorithm::Ecdsa) => {
            matches!(algorithm, SignatureAlgorithm::Ecdsa { encoding: own, .. } if own == encoding)
        }
        (KeyKind::Ed25519, KeyAlgorithm::EdDsa) => algorithm == SignatureAlgorithm::Ed25519,
        _ => false,
    }
}
