//! Preparing a signature: a job that streams every document once.

use super::augmentation::Authority;
use super::container::{Container, Reading};
use super::content_stamping::ContentStamping;
use super::joining::Joining;
use super::parameters::{DocumentToSign, Packaging, SigningParameters};
use super::pending::{PendingSignature, Plan};
use super::streams::Streams;
use super::updating::{PAGE_SIZE, Updating};
use crate::algorithm::{DigestAlgorithm, KeyAlgorithm, SignatureAlgorithm, ValueEncoding};
use crate::asic::{self, ManifestEntry, NewFile};
use crate::certificate::{AttributeCertificate, Certificate};
use crate::crypto::{self, KeyKind, Message, PublicKey};
use crate::error::{ApiMisuse, Error, Malformed, MalformedKind, Unsupported};
use crate::job::{self, InputId, Job, Progress, RequestId, Response, Seed, Step};
use crate::limits::{Budget, Limits, Resource};
use crate::pades::Addition;
use crate::signature::{NewCommitment, NewPolicy};
use crate::signer::Signer;
use crate::source::{Edits, Inputs, Source};
use crate::time::UnixTime;
use crate::xades::{Naming, NewReference, ReferenceForm, StampedContent};
use crate::{cades, xades};
use std::collections::BTreeSet;
use std::sync::Arc;

/// What is to be signed, by whom, and how.
#[derive(Clone, Debug)]
pub struct SigningRequest {
    /// The documents, at least one.
    pub documents: Vec<DocumentToSign>,
    /// The signing certificate and those of its issuers, as DER; the signing certificate first. None
    /// for a message that is made elsewhere ([`PendingSignature::complete_with_message`]).
    pub certificates: Vec<Arc<[u8]>>,
    /// The decisions.
    pub parameters: SigningParameters,
}

/// Streams the documents and gives a [`PendingSignature`].
pub struct Preparation {
    request: SigningRequest,
    work: Work,
    /// Who time-stamps what is signed, before it is signed.
    authority: Option<Authority>,
    ended: bool,
}

/// What is done with the documents.
enum Work {
    /// They are streamed, each once.
    Streams(Streams),
    /// A container is read, and streamed.
    Container(Box<Reading>),
    /// A PDF is read, and then streamed.
    Pdf(Box<Updating>, u64),
    /// The documents pass by once more, to be time-stamped together.
    Joining(Box<(PendingSignature, Joining)>),
    /// What is signed is time-stamped.
    Stamping(Box<ContentStamping>),
    /// Nothing any more.
    Ended,
}

impl Preparation {
    /// Begins a preparation.
    ///
    /// # Errors
    /// [`ApiMisuse`] for no document, a repeated or unusable name, a certificate whose key cannot
    /// do the algorithm; a certificate, an attribute certificate or an assertion that cannot be read; [`Unsupported::Algorithm`] for XAdES with
    /// an algorithm that has no name in XML.
    pub fn begin(mut request: SigningRequest) -> Result<Self, Error> {
        for assertion in &mut request.parameters.signed_assertions {
            *assertion = xades::assertion(assertion.as_bytes(), &mut own_budget())?;
        }
        if request.documents.is_empty() {
            return Err(ApiMisuse::NoInput.into());
        }
        let parameters = &request.parameters;
        check_documents(&request.documents, parameters.packaging)?;
        let key = signing_key(&request)?;
        // RFC 9231 has no URI for ML-DSA: said before a document is read or a PIN asked for.
        if parameters.packaging.is_xades() && parameters.algorithm.uri().is_none() {
            let what = format!("{} in XML signatures", parameters.algorithm);
            return Err(Unsupported::Algorithm(what).into());
        }
        check_claims(parameters)?;
        let certified = parameters.certified_roles.iter();
        certified.map(Vec::as_slice).try_for_each(check_certified)?;
        if parameters.packaging == Packaging::Pades {
            let room = room(&request, key.as_ref())?;
            let updating = updating(&request, room)?;
            return Ok(Self {
                request,
                work: Work::Pdf(Box::new(updating), 0),
                authority: None,
                ended: false,
            });
        }
        let digest = content_digest(parameters);
        let work = if parameters.packaging.is_within_container() {
            let is_addition = matches!(
                parameters.packaging,
                Packaging::AsicXadesAddition | Packaging::AsicCadesAddition
            );
            let inputs = request.documents.iter().map(|one| one.input.clone());
            let inputs = Inputs::new(inputs.collect());
            let digest = is_addition.then_some(digest);
            Work::Container(Box::new(Reading::begin(inputs, digest)?))
        } else {
            let keeps = parameters.packaging.is_embedded();
            let held = usize::from(keeps);
            for document in request.documents.iter().take(held) {
                // What is structure is held: no more of it than can be read again.
                own_budget().charge(Resource::StructureBytes, document.input.length)?;
            }
            Work::Streams(Streams::begin(&request.documents, digest, held, (0, 0))?)
        };
        Ok(Self {
            request,
            work,
            authority: None,
            ended: false,
        })
    }

    /// Has a time-stamp made over everything that is signed, each document by itself or all together
    /// ([`SigningParameters::stamped_content`]), before it is signed: it proves that the signature is
    /// not older. Several documents together are streamed twice. The authorities are asked one after
    /// the other; `seed` is for nonces.
    ///
    /// # Errors
    /// [`ApiMisuse::ContradictoryParameters`] for a PDF, and for a signature of a signature in CMS;
    /// [`ApiMisuse::NoInput`] without an authority. The job fails with [`Unsupported`] for all files
    /// of a container together, which stand in it compressed.
    ///
    /// # Standard
    /// EN 319 132-1 §5.2.8.1, §5.2.8.2, EN 319 122-1 §5.2.8.
    pub fn with_content_timestamps(
        mut self,
        authorities: Vec<String>,
        seed: Seed,
    ) -> Result<Self, Error> {
        if matches!(
            self.request.parameters.packaging,
            Packaging::Pades
                | Packaging::CadesCounterSignature
                | Packaging::AsicCadesCounterSignature
        ) {
            return Err(ApiMisuse::ContradictoryParameters.into());
        }
        let mut authorities = authorities.into_iter();
        self.authority = Some(Authority {
            url: authorities.next().ok_or(ApiMisuse::NoInput)?,
            others: authorities.collect(),
            seed,
        });
        Ok(self)
    }

    /// Whether the documents have to pass by once more, so that their digest as one is known. That of
    /// one alone is signed.
    ///
    /// EN 319 132-1 §5.2.8.1.
    fn joining(&self, pending: &PendingSignature) -> Result<Option<Joining>, Error> {
        let Some(blueprint) = pending.xades() else {
            return Ok(None);
        };
        let is_together = self.request.parameters.stamped_content == StampedContent::All;
        let digests = blueprint.reference_digests()?;
        if !is_together || digests.len() == 1 {
            return Ok(None);
        }
        if self.request.parameters.packaging.is_within_container() {
            let what = "a time-stamp over all files of a container that is there already";
            return Err(Unsupported::Feature(what).into());
        }
        let documents = self.request.documents.iter().cloned().zip(digests);
        Joining::begin(documents.collect(), blueprint.digest).map(Some)
    }

    /// The container was read and streamed.
    fn finish_container(&self, reading: Reading) -> Result<PendingSignature, Error> {
        let parameters = &self.request.parameters;
        if parameters.packaging == Packaging::AsicCounterSignature {
            let mut container = reading.finish_signed()?;
            let id = parameters.countersigned.as_deref();
            let (octets, place, id) = container.signature(id, true)?;
            container.check_free(&place)?;
            let (blueprint, pieces) = xades::countersign(
                &octets,
                &place,
                Some(&id),
                blueprint(&self.request, Vec::new()),
                &mut own_budget(),
            )?;
            return Ok(PendingSignature::new(Plan::AsicEmbedded {
                blueprint,
                container: container.extension_without(&place)?,
                text: xades::around_signature(&octets, &pieces)?,
                name: place,
            }));
        }
        if !parameters.packaging.is_xades() {
            return self.finish_cades_container(reading.finish_signed()?);
        }
        let mut container = reading.finish_signed()?;
        container.check_xades()?;
        let references = container.references(content_digest(parameters))?;
        if container.is_simple() {
            return self.finish_simple_container(&mut container, references);
        }
        Ok(PendingSignature::new(Plan::AsicEAddition {
            blueprint: blueprint(&self.request, references),
            container: container.extension()?,
            name: container.free_name(),
        }))
    }

    /// EN 319 162-1 §4.3.3.2: ASiC-S has one file for all its XAdES signatures.
    fn finish_simple_container(
        &self,
        container: &mut Container,
        references: Vec<NewReference>,
    ) -> Result<PendingSignature, Error> {
        if references.len() != 1 {
            return Err(Malformed::within(MalformedKind::AsicStructure, "data file").into());
        }
        let (octets, name) = container.signatures()?;
        container.check_free(&name)?;
        let blueprint = blueprint(&self.request, references);
        let root = (asic::NAMESPACE, "XAdESSignatures");
        let pieces = xades::add_parallel(&octets, root, &blueprint, &mut own_budget())?;
        Ok(PendingSignature::new(Plan::AsicEmbedded {
            blueprint,
            container: container.extension_without(&name)?,
            text: xades::around_signature(&octets, &pieces)?,
            name,
        }))
    }

    /// A container with CAdES was read and streamed.
    fn finish_cades_container(&self, mut container: Container) -> Result<PendingSignature, Error> {
        let parameters = &self.request.parameters;
        let claimed = Some(parameters.claimed_signing_time);
        let budget = &mut own_budget();
        let form = |content, media_type| message(&self.request, content, claimed, media_type);
        container.check_cades()?;
        if parameters.packaging == Packaging::AsicCadesAddition && !container.is_simple() {
            // EN 319 162-1 §4.4.4.2: a manifest more, with a message of its own.
            let names = container.free_pair();
            let [_, message_name] = &names;
            // One digest for files and message, whichever kind of container it turned out to be.
            let digest = content_digest(parameters);
            let references = container.references(digest)?;
            let entries: Vec<_> = references.into_iter().map(entry).collect();
            let manifest = asic::asic_manifest(message_name, &entries, digest)?;
            let blueprint = form(crypto::digest(digest, &manifest)?, String::new());
            return Ok(PendingSignature::new(Plan::AsicCadesAddition {
                blueprint,
                container: container.extension()?,
                names,
                manifest: manifest_text(manifest)?,
            }));
        }
        let (octets, name, (blueprint, addition)) =
            if parameters.packaging == Packaging::AsicCadesAddition {
                let (octets, name) = container.message()?;
                let digest = content_digest(parameters);
                let mut references = container.references(digest)?.into_iter();
                let (Some(only), None) = (references.next(), references.next()) else {
                    return Err(Malformed::within(MalformedKind::AsicStructure, "data file").into());
                };
                let blueprint = form(Vec::new(), only.media_type);
                let added = cades::add_parallel(&octets, Some(only.digest), blueprint, budget)?;
                (octets, name, added)
            } else {
                let id = parameters.countersigned.as_deref();
                let (octets, name, id) = container.signature(id, false)?;
                let blueprint = form(Vec::new(), String::new());
                let added = cades::countersign(&octets, &name, Some(&id), blueprint, budget)?;
                (octets, name, added)
            };
        container.check_free(&name)?;
        Ok(PendingSignature::new(Plan::AsicMessage {
            blueprint,
            addition: addition.holding(&octets),
            container: container.extension_without(&name)?,
            name,
        }))
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

    fn finish(&self, streams: Streams) -> Result<PendingSignature, Error> {
        let parameters = &self.request.parameters;
        let (mut files, mut references, mut kept) = (Vec::new(), Vec::new(), Vec::new());
        for streamed in streams.finish(&self.request.documents)? {
            references.push(NewReference {
                name: streamed.file.name.clone(),
                digest: streamed.digest,
                media_type: streamed.file.media_type.clone(),
                form: match parameters.packaging {
                    Packaging::XadesEnveloping => ReferenceForm::Enclosed,
                    _ => ReferenceForm::File,
                },
            });
            files.push(streamed.file);
            if !streamed.kept.is_empty() {
                kept = streamed.kept;
            }
        }
        let plan = match parameters.packaging {
            Packaging::AsicEWithXades => Plan::AsicEWithXades {
                blueprint: blueprint(&self.request, references),
                files,
            },
            Packaging::AsicSWithXades => Plan::AsicSWithXades {
                blueprint: blueprint(&self.request, references),
                file: files.into_iter().next().ok_or(ApiMisuse::NoInput)?,
            },
            Packaging::XadesDetached => Plan::XadesDetached {
                blueprint: blueprint(&self.request, references),
            },
            Packaging::XadesEnveloping => Plan::XadesEnveloping {
                blueprint: blueprint(&self.request, references),
                files,
            },
            Packaging::XadesEnveloped | Packaging::XadesInternallyDetached => {
                let document = self.request.documents.first().ok_or(ApiMisuse::NoInput)?;
                let position = match parameters.packaging {
                    Packaging::XadesEnveloped => xades::Position::Enveloped,
                    _ => xades::Position::InternallyDetached,
                };
                let (blueprint, pieces) = xades::embed(
                    &kept,
                    position,
                    &document.media_type,
                    blueprint(&self.request, Vec::new()),
                    &mut own_budget(),
                )?;
                Plan::XadesEmbedded { blueprint, pieces }
            }
            Packaging::XadesCounterSignature => {
                let (blueprint, pieces) = xades::countersign(
                    &kept,
                    "",
                    parameters.countersigned.as_deref(),
                    blueprint(&self.request, Vec::new()),
                    &mut own_budget(),
                )?;
                Plan::XadesEmbedded { blueprint, pieces }
            }
            Packaging::CadesAddition => {
                let beside = references.into_iter().zip(&files).nth(1);
                let media_type = beside.as_ref().map(|(_, file)| file.media_type.clone());
                let claimed = Some(parameters.claimed_signing_time);
                let media_type = media_type.unwrap_or_default();
                let (blueprint, addition) = cades::add_parallel(
                    &kept,
                    beside.map(|(reference, _)| reference.digest),
                    message(&self.request, Vec::new(), claimed, media_type),
                    &mut Budget::default(),
                )?;
                Plan::CadesAddition {
                    blueprint,
                    addition,
                }
            }
            Packaging::CadesCounterSignature => {
                let claimed = Some(parameters.claimed_signing_time);
                let (blueprint, addition) = cades::countersign(
                    &kept,
                    "",
                    parameters.countersigned.as_deref(),
                    message(&self.request, Vec::new(), claimed, String::new()),
                    &mut Budget::default(),
                )?;
                Plan::CadesAddition {
                    blueprint,
                    addition,
                }
            }
            Packaging::AsicEWithCades => {
                let entries: Vec<_> = references.into_iter().map(entry).collect();
                let manifest = asic::asic_manifest(asic::NEW_MESSAGE, &entries, parameters.digest)?;
                let digest = cades::Blueprint::digest_of(parameters.algorithm);
                let content = crypto::digest(digest, &manifest)?;
                let claimed = Some(parameters.claimed_signing_time);
                Plan::AsicEWithCades {
                    blueprint: message(&self.request, content, claimed, String::new()),
                    files,
                    manifest: manifest_text(manifest)?,
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

/// What a manifest says of a file.
fn entry(reference: NewReference) -> ManifestEntry {
    ManifestEntry {
        name: reference.name,
        media_type: reference.media_type,
        digest: reference.digest,
        is_root: false,
    }
}

fn manifest_text(manifest: Vec<u8>) -> Result<String, ApiMisuse> {
    String::from_utf8(manifest).map_err(|_| ApiMisuse::ContradictoryParameters)
}

/// The XAdES signature of a request.
fn blueprint(request: &SigningRequest, references: Vec<NewReference>) -> xades::Blueprint {
    let parameters = &request.parameters;
    let mut certificates = request.certificates.iter().map(|der| der.to_vec());
    xades::Blueprint {
        references,
        naming: parameters.naming,
        stamped_content: parameters.stamped_content,
        digest: parameters.digest,
        algorithm: parameters.algorithm,
        signing_certificate: certificates.next().unwrap_or_default(),
        other_certificates: certificates.collect(),
        claimed_signing_time: parameters.claimed_signing_time,
        roles: parameters.roles.clone(),
        certified_roles: parameters.certified_roles.clone(),
        signed_assertions: parameters.signed_assertions.clone(),
        production_place: parameters.production_place.clone(),
        policy: parameters.policy.clone(),
        commitments: parameters.commitments.clone(),
        content_timestamps: Vec::new(),
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
    let commitments = parameters.commitments.iter();
    cades::Blueprint {
        content_digest,
        algorithm: parameters.algorithm,
        signing_certificate: certificates.next().unwrap_or_default(),
        other_certificates: certificates.collect(),
        claimed_signing_time,
        media_type,
        roles: parameters.roles.clone(),
        certified_roles: parameters.certified_roles.clone(),
        production_place: parameters.production_place.clone(),
        is_countersignature: false,
        policy: parameters.policy.clone(),
        commitment_types: commitments.map(|one| one.id.clone()).collect(),
        content_description: parameters.content_description.clone(),
        content_timestamp: Vec::new(),
    }
}

/// Whether what the signer says goes with the form.
fn check_claims(parameters: &SigningParameters) -> Result<(), Error> {
    let packaging = parameters.packaging;
    if let Some(NewPolicy::Identified(policy)) = &parameters.policy {
        policy.signed_digest()?;
        // EN 319 142-1 §6.3 has no policy store among what a PDF signature holds.
        if packaging == Packaging::Pades && policy.store.is_some() {
            return Err(ApiMisuse::ContradictoryParameters.into());
        }
    }
    // EN 319 142-1 §6.3: a PDF says in its dictionary why it was signed, or commits, not both.
    let says_twice = packaging == Packaging::Pades
        && parameters.pdf.reason.is_some()
        && !parameters.commitments.is_empty();
    // XAdES has it in DataObjectFormat, which here says the media type; a PDF is its own content.
    let has_hints = !packaging.is_xades()
        && !matches!(
            packaging,
            Packaging::Pades
                | Packaging::CadesCounterSignature
                | Packaging::AsicCadesCounterSignature
        );
    let says_content = parameters.content_description.is_some() && !has_hints;
    // EN 319 122-1 §5.2.3: in CMS a commitment is for the content.
    let mut commitments = parameters.commitments.iter();
    let is_for_some = |one: &NewCommitment| !one.documents.is_empty() || !one.qualifiers.is_empty();
    let has_assertions = !parameters.signed_assertions.is_empty();
    let says_more = !packaging.is_xades() && (has_assertions || commitments.any(is_for_some));
    // EN 319 162-1 §4.4.3.2, and XMLDSig §5.1: what is in a container or in the document is referred
    // to by the signature itself.
    let has_manifest = parameters.naming == Naming::Manifest;
    let is_named_wrong = has_manifest && packaging != Packaging::XadesDetached;
    match says_twice || says_content || says_more || is_named_wrong {
        true => Err(ApiMisuse::ContradictoryParameters.into()),
        false => Ok(()),
    }
}

/// The key that signs; none for a detached message that is made elsewhere, with a certificate that
/// nobody knows yet.
fn signing_key(request: &SigningRequest) -> Result<Option<PublicKey>, Error> {
    let parameters = &request.parameters;
    let Some(first) = request.certificates.first() else {
        let is_made_elsewhere = match parameters.packaging {
            // The place of the message in a PDF is fixed before the message is there.
            Packaging::Pades => parameters.timestamp_room > 0,
            packaging => matches!(
                packaging,
                Packaging::CadesDetached | Packaging::AsicSWithCades | Packaging::AsicEWithCades
            ),
        };
        return match is_made_elsewhere {
            true => Ok(None),
            false => Err(ApiMisuse::ContradictoryParameters.into()),
        };
    };
    let certificate = Certificate::parse(first, &mut Budget::default())?;
    let key = certificate.public_key()?;
    let encoding = parameters.packaging.value_encoding();
    match fits(key, parameters.algorithm, encoding) {
        true => Ok(Some(key.clone())),
        false => Err(ApiMisuse::ContradictoryParameters.into()),
    }
}

/// Whether this is an attribute certificate, and no certificate of a key (RFC 5755 §4.1).
fn check_certified(der: &[u8]) -> Result<(), Error> {
    AttributeCertificate::parse(der, &mut Budget::default()).map(drop)
}

/// Octets that the message of a PDF signature has at most, with room for a time-stamp.
fn room(request: &SigningRequest, key: Option<&PublicKey>) -> Result<u64, Error> {
    let Some(key) = key else {
        return Ok(request.parameters.timestamp_room);
    };
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
        parameters: Box::new(parameters.pdf.clone()),
        claimed_signing_time: parameters.claimed_signing_time,
        room,
    };
    let algorithm = content_digest(parameters);
    Ok(Updating::new(
        source,
        addition,
        algorithm,
        parameters.pdf.password.clone(),
        Budget::default(),
    ))
}

/// What a signer may spend on a document of their own, which no stranger chose. It is read several
/// times: to find the place, to put the signature there, to see that others still hold.
fn own_budget() -> Budget {
    let large = Limits::large();
    Budget::new(Arc::new(Limits {
        nodes: large.nodes.saturating_mul(4),
        digested_bytes: large.digested_bytes.saturating_mul(4),
        ..large
    }))
}

/// Whether documents can be put together in a way.
fn check_documents(documents: &[DocumentToSign], packaging: Packaging) -> Result<(), ApiMisuse> {
    // A message has one content, and so has ASiC-S.
    let holds_several = matches!(
        packaging,
        Packaging::AsicEWithXades | Packaging::AsicEWithCades
    );
    let is_for_several = matches!(
        packaging,
        Packaging::XadesDetached | Packaging::XadesEnveloping
    );
    // A message, perhaps with its content beside it.
    let is_message_and_content = packaging == Packaging::CadesAddition && documents.len() == 2;
    if !holds_several && !is_for_several && !is_message_and_content && documents.len() != 1 {
        return Err(ApiMisuse::ContradictoryParameters);
    }
    let is_simple = matches!(
        packaging,
        Packaging::AsicSWithCades | Packaging::AsicSWithXades
    );
    if holds_several || is_simple {
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
        Packaging::AsicEWithCades => parameters.digest,
        packaging if packaging.is_xades() => parameters.digest,
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
            Work::Streams(streams) => Ok(streams.requests()),
            Work::Container(reading) => reading.step(),
            Work::Pdf(updating, next_id) => updating.step(next_id),
            Work::Joining(joining) => Ok(joining.1.requests()),
            Work::Stamping(stamping) => Ok(stamping.requests()),
            Work::Ended => Err(ApiMisuse::JobEnded.into()),
        };
        self.ended |= requests.is_err();
        let requests = requests?;
        if !requests.is_empty() {
            return Ok(Step::Needs(requests));
        }
        self.ended = true;
        let mut together = None;
        let pending = match std::mem::replace(&mut self.work, Work::Ended) {
            Work::Streams(streams) => self.finish(streams)?,
            Work::Container(reading) => self.finish_container(*reading)?,
            Work::Pdf(updating, _) => self.finish_pdf(*updating)?,
            Work::Joining(joined) => {
                let (pending, joining) = *joined;
                together = Some(joining.finish());
                pending
            }
            Work::Stamping(stamping) => return Ok(Step::Done(stamping.finish())),
            Work::Ended => return Err(ApiMisuse::JobEnded.into()),
        };
        let Some(authority) = &self.authority else {
            return Ok(Step::Done(pending));
        };
        if together.is_none()
            && let Some(joining) = self.joining(&pending)?
        {
            self.work = Work::Joining(Box::new((pending, joining)));
            self.ended = false;
            return self.step();
        }
        let stamping = ContentStamping::begin(pending, together, authority)?;
        let requests = stamping.requests();
        self.work = Work::Stamping(Box::new(stamping));
        self.ended = false;
        Ok(Step::Needs(requests))
    }

    fn supply(&mut self, id: RequestId, response: Response) -> Result<(), Error> {
        let outcome = match &mut self.work {
            Work::Streams(streams) => streams.supply(id, response),
            Work::Container(reading) => reading.supply(id, response),
            Work::Pdf(updating, _) => updating.supply(id, response),
            Work::Joining(joining) => joining.1.supply(id, response),
            Work::Stamping(stamping) => stamping.supply(id, response),
            Work::Ended => Err(ApiMisuse::JobEnded.into()),
        };
        self.ended |= job::is_fatal(&outcome);
        outcome
    }

    fn feed(&mut self, id: RequestId, chunk: &[u8]) -> Result<(), Error> {
        let outcome = match &mut self.work {
            Work::Streams(streams) => streams.feed(id, chunk),
            Work::Container(reading) => reading.feed(id, chunk),
            Work::Pdf(updating, _) => updating.feed(id, chunk),
            Work::Joining(joining) => joining.1.feed(id, chunk),
            Work::Stamping(_) => Err(ApiMisuse::WrongResponse.into()),
            Work::Ended => Err(ApiMisuse::JobEnded.into()),
        };
        self.ended |= job::is_fatal(&outcome);
        outcome
    }

    fn progress(&self) -> Progress {
        match &self.work {
            Work::Streams(streams) => streams.progress(),
            Work::Container(reading) => reading.progress(),
            Work::Pdf(updating, _) => updating.progress(),
            Work::Joining(joining) => joining.1.progress(),
            Work::Stamping(stamping) => stamping.progress(),
            Work::Ended => Progress::default(),
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
        (KeyKind::MlDsa44, KeyAlgorithm::MlDsa) => algorithm == SignatureAlgorithm::MlDsa44,
        (KeyKind::MlDsa65, KeyAlgorithm::MlDsa) => algorithm == SignatureAlgorithm::MlDsa65,
        (KeyKind::MlDsa87, KeyAlgorithm::MlDsa) => algorithm == SignatureAlgorithm::MlDsa87,
        _ => false,
    }
}
