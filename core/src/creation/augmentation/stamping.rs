//! Time-stamps: which are missing, one request after the other, and where the tokens go.

use super::archive_manifest::{self, ArchiveManifest};
use super::token::check_token;
use super::wanted::{Selection, Wanted};
use super::work::{Form, Work, is_over_manifest};
use crate::algorithm::DigestAlgorithm;
use crate::asn1::Oid;
use crate::cms::SignedData;
use crate::crypto;
use crate::error::{ApiMisuse, Error, InputError, Malformed, MalformedKind, Unsupported};
use crate::evidence::Evidence;
use crate::job::{Fetch, FetchKind, Request, RequestId, Response, Seed, UrlOrigin};
use crate::limits::Budget;
use crate::payload::{DigestOutcome, Part, Tap};
use crate::signature::{RecordKind, Signature, Target};
use crate::timestamp::{self, TimestampRequest};
use crate::vocabulary::{BaselineLevel, ContainerKind, SignatureFormat, TimestampKind};
use crate::{cades, xades};
use std::collections::VecDeque;
use std::time::Duration;

/// Digest algorithm of the imprints of XAdES archive time-stamps.
const IMPRINT: DigestAlgorithm = DigestAlgorithm::Sha256;
/// Longest time for an answer of the time-stamping authority.
const TIMEOUT: Duration = Duration::from_secs(20);
/// Longest answer of a time-stamping authority: a token with its certificates.
const MAX_TOKEN: u64 = 1 << 20;

/// The time-stamping authorities, and where nonces come from.
pub(in crate::creation) struct Authority {
    pub(in crate::creation) url: String,
    /// Asked one after the other where those before gave no token.
    pub(in crate::creation) others: Vec<String>,
    pub(in crate::creation) seed: Seed,
}

impl Authority {
    /// Entropy for something else than time-stamps.
    pub(super) fn seed_for(&self, label: &str) -> Seed {
        Seed::new(crypto::derive(&self.seed, label, 0))
    }

    /// As many request numbers as one time-stamp may need.
    pub(in crate::creation) fn count(&self) -> u64 {
        u64::try_from(self.others.len())
            .unwrap_or(u64::MAX)
            .saturating_add(1)
    }

    /// Asks for a time-stamp over octets; the numbers behind `id` are for the other authorities.
    pub(in crate::creation) fn ask(
        &self,
        (algorithm, digest): (DigestAlgorithm, Vec<u8>),
        (label, number): (&str, u64),
        id: RequestId,
    ) -> Call {
        let nonce = crypto::derive(&self.seed, label, number);
        let request = TimestampRequest {
            algorithm,
            digest,
            policy: None,
            nonce: nonce.get(..16).map(<[u8]>::to_vec),
        };
        let fetch = Fetch {
            url: self.url.clone(),
            origin: UrlOrigin::Configuration,
            kind: FetchKind::Timestamp,
            body: Some(timestamp::request(&request)),
            max_bytes: MAX_TOKEN,
            timeout: TIMEOUT,
        };
        // Each authority is asked with a nonce of its own.
        let others = (1..).zip(&self.others).map(|(attempt, url)| {
            let label = format!("{label}-{attempt}");
            let nonce = crypto::derive(&self.seed, &label, number);
            (url.clone(), nonce.get(..16).map(<[u8]>::to_vec))
        });
        Call {
            id,
            others: others.collect(),
            request,
            fetch,
        }
    }
}

/// A request to the authority that is open.
pub(in crate::creation) struct Call {
    id: RequestId,
    request: TimestampRequest,
    fetch: Fetch,
    /// Addresses and nonces of those that are asked next.
    others: VecDeque<(String, Option<Vec<u8>>)>,
}

impl Call {
    pub(in crate::creation) fn id(&self) -> RequestId {
        self.id
    }

    /// Asks for a policy too.
    pub(in crate::creation) fn want_policy(&mut self, policy: Oid) {
        self.request.policy = Some(policy);
        self.fetch.body = Some(timestamp::request(&self.request));
    }

    pub(in crate::creation) fn request(&self) -> Request {
        Request::Fetch {
            id: self.id,
            fetch: self.fetch.clone(),
        }
    }

    /// The token in an answer; none where another authority is asked, which the next
    /// [`Call::request`] does.
    ///
    /// # Errors
    /// What is wrong with the answer of the last authority.
    pub(in crate::creation) fn token(
        &mut self,
        response: Response,
        budget: &mut Budget,
    ) -> Result<Option<Vec<u8>>, Error> {
        let error = match self.read(response, budget) {
            Ok(token) => return Ok(Some(token)),
            Err(error) => error,
        };
        if matches!(error, Error::ApiMisuse(_)) {
            return Err(error);
        }
        let (url, nonce) = self.others.pop_front().ok_or(error)?;
        self.id.0 = self.id.0.saturating_add(1);
        self.request.nonce = nonce;
        self.fetch.url = url;
        self.fetch.body = Some(timestamp::request(&self.request));
        Ok(None)
    }

    /// The token in an answer, which fits what was asked and was made by the certificate in it.
    fn read(&self, response: Response, budget: &mut Budget) -> Result<Vec<u8>, Error> {
        let body = match response {
            Response::Fetched { status: 200, body } => body,
            Response::Fetched { .. } | Response::FetchFailed(_) => {
                return Err(Malformed::within(MalformedKind::TimestampRefused, "answer").into());
            }
            _ => return Err(ApiMisuse::WrongResponse.into()),
        };
        let token = timestamp::parse_response(&body, &self.request, budget)?;
        let token = token.signed_data.whole.to_vec();
        check_token(&token, budget)?;
        Ok(token)
    }
}

/// A signature that is to get a time-stamp.
pub(super) struct Todo {
    place: String,
    what: What,
}

enum What {
    /// A signature time-stamp of XAdES, by the record.
    Xades(String),
    /// An archive time-stamp of XAdES, by the record.
    XadesArchive(String),
    /// A signature-time-stamp of the SignerInfo at this index.
    Cades(usize),
    /// A signature-time-stamp of a counter-signature of CMS, by the record.
    Counter(String),
    /// A time-stamp over a new archive manifest of the container.
    Manifest,
    /// An archive-time-stamp-v3 of the SignerInfo at this index.
    CadesArchive {
        signer: usize,
        algorithm: DigestAlgorithm,
        content_digest: Vec<u8>,
    },
}

impl Todo {
    /// The signatures without a signature time-stamp, the first of them last.
    pub(super) fn signatures(
        work: &Work,
        evidence: &Evidence,
        (level, selection): (BaselineLevel, &Selection),
        budget: &mut Budget,
    ) -> Result<Vec<Self>, Error> {
        let mut todo = Vec::new();
        // A time-stamp by itself is kept for years as well.
        let mut has_signatures =
            level == BaselineLevel::Lta && archive_manifest::is_wanted(evidence);
        let wanted = Wanted::of(selection, evidence, budget)?;
        for record in evidence.records() {
            let Some(form) = wanted.form(record) else {
                continue;
            };
            has_signatures = true;
            // The outer signature's archive time-stamp is over it.
            if level == BaselineLevel::Lta && record.parent.is_some() {
                let what = "an archive time-stamp of a counter-signature";
                return Err(Unsupported::Feature(what).into());
            }
            let has = |kind| record.timestamps.iter().any(|one| one.kind == kind);
            if has(TimestampKind::SignatureTimestamp) || !wanted.may_change(record)? {
                continue;
            }
            let place = record.place.clone();
            let what = match form {
                Form::Xades => What::Xades(record.id.clone()),
                Form::Cades if record.parent.is_some() => What::Counter(record.id.clone()),
                Form::Cades => What::Cades(signer(work, evidence, record)?),
            };
            todo.push(Self { place, what });
        }
        if !has_signatures {
            return Err(Unsupported::Feature("augmentation of other signatures than AdES").into());
        }
        todo.reverse();
        Ok(todo)
    }

    /// Every XAdES signature, and every CAdES signature whose document is what was signed.
    pub(super) fn archives(
        work: &Work,
        evidence: &Evidence,
        selection: &Selection,
        budget: &mut Budget,
    ) -> Result<Vec<Self>, Error> {
        let mut todo = Vec::new();
        let wanted = Wanted::of(selection, evidence, budget)?;
        for record in evidence.records() {
            match wanted.form(record) {
                None => continue,
                // EN 319 162-1 §4.4.5: a time-stamp in the message would be over the manifest alone.
                Some(Form::Cades) if is_over_manifest(evidence, &record.place) => continue,
                Some(_) if !wanted.may_change(record)? => continue,
                Some(Form::Cades) => {}
                Some(Form::Xades) => {
                    todo.push(Self {
                        place: record.place.clone(),
                        what: What::XadesArchive(record.id.clone()),
                    });
                    continue;
                }
            }
            // The message-digest attribute, whose algorithm serves the time-stamp too.
            let reference = record.references.first();
            let (algorithm, target, expected) = reference
                .and_then(|one| Some((*one.algorithm.as_ref().ok()?, &one.target, &one.expected)))
                .ok_or(Unsupported::Feature(
                    "an archive time-stamp of unknown data",
                ))?;
            let found = match target {
                Target::Parts(parts) => evidence.payload().digest(algorithm, parts, budget)?,
                _ => DigestOutcome::NotFound,
            };
            // A time-stamp over other data than what was signed would say that it was signed.
            let content_digest = match found {
                DigestOutcome::Digest(digest) if digest == *expected => digest,
                _ => {
                    return Err(Unsupported::Feature(
                        "an archive time-stamp without the data that was signed",
                    )
                    .into());
                }
            };
            todo.push(Self {
                place: record.place.clone(),
                what: What::CadesArchive {
                    signer: signer(work, evidence, record)?,
                    algorithm,
                    content_digest,
                },
            });
        }
        // The manifest names the other files as they are in the end.
        if archive_manifest::is_wanted(evidence) {
            todo.push(Self {
                place: String::new(),
                what: What::Manifest,
            });
        }
        todo.reverse();
        Ok(todo)
    }
}

/// What a time-stamp is over.
enum Input {
    Octets(Vec<u8>),
    /// The digest of what has passed by.
    Digest(Vec<u8>),
}

/// What archive time-stamps of XAdES to come are over, as far as it is payload. What follows the
/// payload changes with every property that is added; what comes before does not.
pub(super) fn archive_taps(
    selection: &Selection,
    evidence: &Evidence,
    budget: &mut Budget,
) -> Result<Vec<Tap>, Error> {
    let mut taps = archive_manifest::taps(evidence);
    // A PDF has no such time-stamps, and its new signature is told otherwise.
    if evidence.document().container == Some(ContainerKind::Pdf) {
        return Ok(taps);
    }
    let ids = selection.ids(evidence.records())?;
    let is_own = |one: &Signature| match &ids {
        Some(ids) => ids.contains(&one.id),
        None => one.parent.is_none(),
    };
    for located in evidence.located() {
        let own = evidence.records().iter();
        let mut own = own
            .filter(|one| one.place == located.place && is_own(one) && is_xades(one))
            .peekable();
        let octets = located.object.and_then(|id| evidence.objects().get(&id));
        let Some(octets) = octets.filter(|_| own.peek().is_some()) else {
            continue;
        };
        for record in own {
            let parts = archive_parts(evidence, octets, &record.place, &record.id, budget)?;
            taps.extend(Tap::needed(IMPRINT, &parts));
            let weak = weak_entries(evidence, octets, &record.place, &record.id, budget)?;
            let weak = weak.iter();
            taps.extend(weak.flat_map(|entry| Tap::needed(IMPRINT, &entry.parts)));
        }
    }
    Ok(taps)
}

fn is_xades(record: &Signature) -> bool {
    record.kind == RecordKind::Signature && record.format == SignatureFormat::Xades
}

fn archive_parts(
    evidence: &Evidence,
    octets: &[u8],
    place: &str,
    record: &str,
    budget: &mut Budget,
) -> Result<Vec<Part>, Error> {
    let names = evidence.document().names();
    let resolve = |name: &str| names.resolve(name);
    xades::archive_timestamp_input(octets, place, record, &resolve, budget)
}

fn weak_entries(
    evidence: &Evidence,
    octets: &[u8],
    place: &str,
    record: &str,
    budget: &mut Budget,
) -> Result<Vec<xades::WeakEntry>, Error> {
    let names = evidence.document().names();
    let resolve = |name: &str| names.resolve(name);
    xades::weak_entries(octets, (place, record), IMPRINT, &resolve, budget)
}

/// The file with renewed digests for the files that a signed manifest names by weaker ones, where
/// they are at hand and as they were signed; none where there are none. Of another file a new digest
/// would say that it was signed.
///
/// EN 319 132-1 §5.5.2.3 step 0.
fn renewed(
    evidence: &Evidence,
    octets: &[u8],
    place: &str,
    record: &str,
    budget: &mut Budget,
) -> Result<Option<Vec<u8>>, Error> {
    let mut renewed = Vec::new();
    for entry in weak_entries(evidence, octets, place, record, budget)? {
        let mut digest = |algorithm| evidence.payload().digest(algorithm, &entry.parts, budget);
        let is_signed = digest(entry.algorithm)? == DigestOutcome::Digest(entry.expected.clone());
        if let (true, DigestOutcome::Digest(new)) = (is_signed, digest(IMPRINT)?) {
            renewed.push((entry, new));
        }
    }
    if renewed.is_empty() {
        return Ok(None);
    }
    xades::add_renewed_digests(octets, (place, record), IMPRINT, &renewed, budget).map(Some)
}

fn archive_digest(
    evidence: &Evidence,
    octets: &[u8],
    place: &str,
    record: &str,
    budget: &mut Budget,
) -> Result<Vec<u8>, Error> {
    let parts = archive_parts(evidence, octets, place, record, budget)?;
    match evidence.payload().digest(IMPRINT, &parts, budget)? {
        DigestOutcome::Digest(digest) => Ok(digest),
        DigestOutcome::NotFound | DigestOutcome::Failed(_) => Err(InputError::Unreadable.into()),
    }
}

/// The place of a record's SignerInfo in its message.
fn signer(work: &Work, evidence: &Evidence, record: &Signature) -> Result<usize, Error> {
    let octets = work.octets(evidence, &record.place)?;
    let data = SignedData::parse(&octets, &mut Budget::default())?;
    fn value(of: &Signature) -> Option<&[u8]> {
        Some(&of.value.as_ref()?.value[..])
    }
    // Of equal values, which nothing else tells apart, the one in the same place among them.
    let mut equal = evidence.records().iter().filter(|one| {
        one.place == record.place && one.parent == record.parent && value(one) == value(record)
    });
    let place = equal.position(|one| one.id == record.id);
    let signers = data.signer_infos.iter().enumerate();
    let mut found = signers.filter(|(_, info)| Some(&*info.signature) == value(record));
    let found = place.and_then(|place| found.nth(place));
    Ok(found.ok_or(ApiMisuse::ContradictoryParameters)?.0)
}

/// Time-stamps one after the other.
pub(super) struct Stamping {
    work: Work,
    evidence: Evidence,
    budget: Budget,
    /// The next is the last.
    todo: Vec<Todo>,
    open: Option<(Call, Vec<u8>)>,
}

impl Stamping {
    pub(super) fn new(work: Work, evidence: Evidence, budget: Budget, todo: Vec<Todo>) -> Self {
        Self {
            work,
            evidence,
            budget,
            todo,
            open: None,
        }
    }

    pub(super) fn into_parts(self) -> (Work, Evidence, Budget) {
        (self.work, self.evidence, self.budget)
    }

    /// Asks for the next time-stamp; none when every signature has one.
    pub(super) fn step(
        &mut self,
        authority: &Authority,
        next_id: &mut u64,
    ) -> Result<Option<Request>, Error> {
        if let Some((call, _)) = &self.open {
            return Ok(Some(call.request()));
        }
        let Some(Todo { place, what }) = self.todo.last() else {
            return Ok(None);
        };
        let mut octets = match what {
            What::Manifest => Vec::new(),
            _ => self.work.octets(&self.evidence, place)?,
        };
        let budget = &mut self.budget;
        if let What::XadesArchive(record) = what
            && let Some(changed) = renewed(&self.evidence, &octets, place, record, budget)?
        {
            self.work.change(place.clone(), changed.clone());
            octets = changed;
        }
        let (algorithm, input, index) = match what {
            What::Manifest => {
                let manifest = ArchiveManifest::of(&self.work, &self.evidence, budget)?;
                let input = Input::Octets(manifest.octets);
                (archive_manifest::DIGEST, input, Vec::new())
            }
            What::Xades(record) => {
                let input = xades::signature_timestamp_input(&octets, place, record, budget)?;
                (DigestAlgorithm::Sha256, Input::Octets(input), Vec::new())
            }
            What::XadesArchive(record) => {
                let digest = archive_digest(&self.evidence, &octets, place, record, budget)?;
                (IMPRINT, Input::Digest(digest), Vec::new())
            }
            What::Cades(signer) => {
                let data = SignedData::parse(&octets, budget)?;
                let info = data.signer_infos.get(*signer);
                let info = info.ok_or(ApiMisuse::ContradictoryParameters)?;
                let input = Input::Octets(info.signature.to_vec());
                (DigestAlgorithm::Sha256, input, Vec::new())
            }
            What::Counter(record) => {
                let input = cades::counter_timestamp_input(&octets, place, record, budget)?;
                (DigestAlgorithm::Sha256, Input::Octets(input), Vec::new())
            }
            What::CadesArchive {
                signer,
                algorithm,
                content_digest,
            } => {
                let imprint =
                    cades::archive_imprint(&octets, *signer, *algorithm, content_digest, budget)?;
                (*algorithm, Input::Octets(imprint.input), imprint.hash_index)
            }
        };
        // Numbered by the signatures that wait: the same whatever was read before.
        let number = u64::try_from(self.todo.len()).unwrap_or(u64::MAX);
        let label = match what {
            What::XadesArchive(_) | What::CadesArchive { .. } | What::Manifest => {
                "archive-timestamp-nonce"
            }
            _ => "timestamp-nonce",
        };
        let digest = match input {
            Input::Octets(octets) => crypto::digest(algorithm, &octets)?,
            Input::Digest(digest) => digest,
        };
        let call = authority.ask((algorithm, digest), (label, number), RequestId(*next_id));
        *next_id += authority.count();
        let request = call.request();
        self.open = Some((call, index));
        Ok(Some(request))
    }

    pub(super) fn supply(&mut self, id: RequestId, response: Response) -> Result<(), Error> {
        let open = self.open.take_if(|(call, _)| call.id() == id);
        let (mut call, index) = open.ok_or(ApiMisuse::UnknownRequest)?;
        let budget = &mut self.budget;
        let token = match call.token(response, budget) {
            Ok(Some(token)) => token,
            waits => {
                self.open = Some((call, index));
                return waits.map(|_| ());
            }
        };
        let Todo { place, what } = self.todo.pop().ok_or(ApiMisuse::UnknownRequest)?;
        if let What::Manifest = what {
            let manifest = ArchiveManifest::of(&self.work, &self.evidence, budget)?;
            manifest.put(token, &mut self.work);
            return Ok(());
        }
        let octets = self.work.octets(&self.evidence, &place)?;
        let changed = match what {
            What::Xades(record) => {
                xades::add_signature_timestamp(&octets, &place, &record, &token, budget)?
            }
            What::XadesArchive(record) => {
                xades::add_archive_timestamp(&octets, &place, &record, &token, budget)?
            }
            What::Cades(signer) => cades::add_signature_timestamp(&octets, signer, &token, budget)?,
            What::Counter(record) => {
                cades::add_counter_timestamp(&octets, &place, &record, &token, budget)?
            }
            // Was put in above.
            What::Manifest => return Ok(()),
            What::CadesArchive { signer, .. } => {
                cades::add_archive_timestamp(&octets, signer, &token, &index, budget)?
            }
        };
        self.work.change(place, changed);
        Ok(())
    }
}
