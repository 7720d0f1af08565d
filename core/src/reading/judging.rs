//! Judge, ask, judge: gathering is judging incomplete evidence.
//!
//! The judge names what it misses; what was not asked yet becomes requests, all open at once; the
//! answers join the evidence in the order of the requests, not of their arrival, so that the same
//! answers always give the same report. The last judgement is the report. A request that is not met
//! is recorded as a fact, and the next address is tried.

use crate::certificate::{Certificate, read_certificates};
use crate::crypto::{self, Memo, SharedMemo};
use crate::error::{ApiMisuse, Error};
use crate::evidence::{Answer, AnswerOutcome, Evidence, Wanted};
use crate::job::{
    Fetch, FetchFailure, FetchKind, Progress, Request, RequestId, Response, Seed, Step, UrlOrigin,
};
use crate::limits::{Budget, Resource};
use crate::report::EvidenceDigest;
use crate::revocation::{self, OcspResponse, OcspResponseStatus};
use crate::signature::RevocationKind;
use crate::validation::{Context, Judgement, validate};
use crate::vocabulary::{CertificateOrigin, RevocationOrigin};
use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

/// Whether a job may ask other hosts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Network {
    /// Nothing is asked; what is missing stays missing.
    Offline,
    /// Addresses found in certificates are asked, within the rules of the host.
    Online,
}

/// Evidence as a report names it.
pub(super) fn named(evidence: &Evidence) -> EvidenceDigest {
    EvidenceDigest {
        digest: evidence.digest(),
    }
}

/// Longest time for one exchange.
const TIMEOUT: Duration = Duration::from_secs(10);

/// What a loop judges: a document, or a certificate by itself.
pub(crate) trait Subject {
    /// What a judgement gives.
    type Judgement;

    /// Judges the evidence at hand, and names what it misses.
    fn judge(
        &self,
        evidence: &Evidence,
        context: &Context,
        memo: &mut Memo,
    ) -> (Self::Judgement, Vec<Wanted>);
}

/// The document that the evidence is of.
#[derive(Clone, Copy, Debug)]
pub(crate) struct WholeDocument;

impl Subject for WholeDocument {
    type Judgement = Judgement;

    fn judge(
        &self,
        evidence: &Evidence,
        context: &Context,
        memo: &mut Memo,
    ) -> (Judgement, Vec<Wanted>) {
        let judgement = validate(evidence, context, memo);
        let wanted = judgement.wanted.clone();
        (judgement, wanted)
    }
}

/// The loop over the evidence about one subject.
pub(crate) struct Judging<S = WholeDocument> {
    subject: S,
    evidence: Evidence,
    context: Context,
    network: Network,
    seed: Seed,
    memo: Memo,
    budget: Budget,
    asked: BTreeSet<String>,
    open: Vec<Open>,
    answered: u64,
}

/// A request that was made, with its answer once it came.
struct Open {
    wanted: Wanted,
    fetch: Fetch,
    id: RequestId,
    nonce: Option<Vec<u8>>,
    answer: Option<Result<Vec<u8>, FetchFailure>>,
}

impl Judging {
    pub(crate) fn new(
        evidence: Evidence,
        context: Context,
        network: Network,
        seed: Seed,
        budget: Budget,
    ) -> Self {
        Self::about(WholeDocument, evidence, context, network, seed, budget)
    }
}

impl<S: Subject> Judging<S> {
    /// Lets what is verified be known to other documents.
    pub(crate) fn share(&mut self, memo: SharedMemo) {
        self.memo = Memo::sharing(memo);
    }

    pub(crate) fn about(
        subject: S,
        evidence: Evidence,
        context: Context,
        network: Network,
        seed: Seed,
        budget: Budget,
    ) -> Self {
        Self {
            subject,
            evidence,
            context,
            network,
            seed,
            memo: Memo::default(),
            budget,
            asked: BTreeSet::new(),
            open: Vec::new(),
            answered: 0,
        }
    }

    pub(crate) fn into_parts(self) -> (Evidence, Budget, Seed) {
        (self.evidence, self.budget, self.seed)
    }

    pub(crate) fn step(&mut self, next_id: &mut u64) -> Step<S::Judgement> {
        loop {
            if self.open.iter().any(|open| open.answer.is_none()) {
                return Step::Needs(self.requests());
            }
            self.take_answers();
            let (judgement, wanted) =
                self.subject
                    .judge(&self.evidence, &self.context, &mut self.memo);
            if self.network == Network::Online {
                for wanted in &wanted {
                    self.ask(wanted, next_id);
                }
            }
            if self.open.is_empty() {
                return Step::Done(judgement);
            }
        }
    }

    fn requests(&self) -> Vec<Request> {
        let unanswered = self.open.iter().filter(|open| open.answer.is_none());
        unanswered
            .map(|open| Request::Fetch {
                id: open.id,
                fetch: open.fetch.clone(),
            })
            .collect()
    }

    pub(crate) fn supply(&mut self, id: RequestId, response: Response) -> Result<(), Error> {
        let open = self
            .open
            .iter_mut()
            .find(|open| open.id == id && open.answer.is_none());
        let open = open.ok_or(ApiMisuse::UnknownRequest)?;
        open.answer = Some(match response {
            Response::Fetched { status: 200, body } => {
                let length = u64::try_from(body.len()).unwrap_or(u64::MAX);
                if length > open.fetch.max_bytes {
                    Err(FetchFailure::TooLarge)
                } else {
                    // The caps of the whole job: what is over them was not had.
                    self.budget
                        .charge(Resource::ResponseBytes, length)
                        .map(|()| body)
                        .map_err(|_| FetchFailure::TooLarge)
                }
            }
            Response::Fetched { status, .. } => Err(FetchFailure::Status(status)),
            Response::FetchFailed(failure) => Err(failure),
            _ => return Err(ApiMisuse::WrongResponse.into()),
        });
        Ok(())
    }

    pub(crate) fn progress(&self) -> Progress {
        let open = u64::try_from(self.open.len()).unwrap_or(0);
        let done = self
            .open
            .iter()
            .filter(|open| open.answer.is_some())
            .count();
        Progress {
            fetched: self.answered + u64::try_from(done).unwrap_or(0),
            to_fetch: self.answered + open,
            ..Progress::default()
        }
    }

    /// The next address for something that is missing, unless all were tried.
    fn ask(&mut self, wanted: &Wanted, next_id: &mut u64) {
        for (url, kind) in self.addresses(wanted) {
            // One address is asked once for one thing: a CRL for all certificates that name it.
            let key = match kind {
                FetchKind::Ocsp => format!("{url} {wanted:?}"),
                _ => url.clone(),
            };
            if self.asked.contains(&key) {
                continue;
            }
            if self.budget.charge(Resource::Requests, 1).is_err() {
                return;
            }
            self.asked.insert(key);
            let number = self.answered + u64::try_from(self.open.len()).unwrap_or(0);
            let Some((body, nonce)) = self.body(wanted, kind, number) else {
                continue;
            };
            let id = RequestId(*next_id);
            *next_id += 1;
            let max_bytes = self.context.limits.response_bytes;
            let origin = UrlOrigin::Document;
            let fetch = Fetch {
                url,
                origin,
                kind,
                body,
                max_bytes,
                timeout: TIMEOUT,
            };
            self.open.push(Open {
                wanted: wanted.clone(),
                fetch,
                id,
                nonce,
                answer: None,
            });
            return;
        }
    }

    /// OCSP first, then complete and delta CRLs; only addresses that name a way to the outside.
    fn addresses(&self, wanted: &Wanted) -> Vec<(String, FetchKind)> {
        let pool = self.evidence.pool();
        let anchors = self.context.trust.anchors();
        let find = |id| {
            let given = anchors
                .iter()
                .filter_map(|anchor| anchor.certificate.as_ref());
            pool.certificate(id)
                .or_else(|| given.into_iter().find(|known| known.id() == *id))
        };
        let mut addresses = Vec::new();
        match wanted {
            Wanted::Revocation { certificate, .. } => {
                let Some(certificate) = find(certificate) else {
                    return addresses;
                };
                if let Some(access) = certificate.authority_info_access() {
                    addresses.extend(access.ocsp.iter().map(|url| (url.clone(), FetchKind::Ocsp)));
                }
                // RFC 5280 §4.2.1.13, §4.2.1.15: lists, and what has changed since.
                for points in [
                    certificate.crl_distribution_points(),
                    certificate.freshest_crl(),
                ] {
                    let points = points.ok().flatten().into_iter().flatten();
                    let urls = points.flat_map(|point| point.uris());
                    addresses.extend(urls.map(|url| (url.to_owned(), FetchKind::Crl)));
                }
            }
            Wanted::IssuerCertificate { certificate } => {
                let access = find(certificate).and_then(Certificate::authority_info_access);
                let urls = access.into_iter().flat_map(|access| &access.ca_issuers);
                addresses.extend(urls.map(|url| (url.clone(), FetchKind::IssuerCertificate)));
            }
        }
        addresses.retain(|(url, _)| {
            let scheme = url.split(':').next().unwrap_or_default();
            scheme.eq_ignore_ascii_case("http") || scheme.eq_ignore_ascii_case("https")
        });
        addresses
    }

    /// The body of a request and the nonce in it.
    #[expect(clippy::type_complexity, reason = "a body and a nonce, both optional")]
    fn body(
        &self,
        wanted: &Wanted,
        kind: FetchKind,
        number: u64,
    ) -> Option<(Option<Vec<u8>>, Option<Vec<u8>>)> {
        let Wanted::Revocation {
            certificate,
            issuer,
        } = wanted
        else {
            return Some((None, None));
        };
        if kind != FetchKind::Ocsp {
            return Some((None, None));
        }
        let pool = self.evidence.pool();
        let certificate = pool.certificate(certificate)?;
        let anchors = self.context.trust.anchors().iter();
        let mut given = anchors.filter_map(|anchor| anchor.certificate.as_ref());
        let issuer = pool
            .certificate(issuer)
            .or_else(|| given.find(|known| known.id() == *issuer))?;
        let nonce = crypto::derive(&self.seed, "ocsp-nonce", number).to_vec();
        let issuer = revocation::Issuer::of(issuer);
        let body = revocation::ocsp_request(certificate, issuer, Some(&nonce)).ok()?;
        Some((Some(body), Some(nonce)))
    }

    fn take_answers(&mut self) {
        for open in std::mem::take(&mut self.open) {
            self.answered += 1;
            let outcome = match open.answer {
                Some(Ok(body)) => self.take(&open.fetch, open.nonce.as_deref(), body),
                Some(Err(failure)) => AnswerOutcome::Failed(failure),
                None => continue,
            };
            let (wanted, url) = (open.wanted, open.fetch.url);
            self.evidence.add_answer(Answer {
                wanted,
                url,
                outcome,
            });
        }
    }

    /// Joins an answer to the evidence, if it is what was asked for. Whether it is good for
    /// anything is the judge's business.
    fn take(&mut self, fetch: &Fetch, nonce: Option<&[u8]>, body: Vec<u8>) -> AnswerOutcome {
        let wrong = AnswerOutcome::Failed(FetchFailure::WrongContent);
        let octets: Arc<[u8]> = body.into();
        let budget = &mut self.budget;
        match fetch.kind {
            FetchKind::Ocsp => {
                let Ok(response) = OcspResponse::parse(&octets, budget) else {
                    return wrong;
                };
                let Some(response) = response.basic else {
                    return match response.status {
                        OcspResponseStatus::Successful => wrong,
                        status => AnswerOutcome::Failed(FetchFailure::Declined(status.number())),
                    };
                };
                // RFC 8954 §2.1: a nonce that comes back must be the one that was sent.
                if response.nonce().is_some_and(|found| Some(found) != nonce) {
                    return wrong;
                }
                let kind = RevocationKind::OcspResponse;
                let origin = RevocationOrigin::Fetched;
                AnswerOutcome::Fetched(self.evidence.add_revocation(octets, kind, origin, budget))
            }
            FetchKind::Crl => {
                if revocation::Crl::parse(&octets, budget).is_err() {
                    return wrong;
                }
                let (kind, origin) = (RevocationKind::Crl, RevocationOrigin::Fetched);
                AnswerOutcome::Fetched(self.evidence.add_revocation(octets, kind, origin, budget))
            }
            FetchKind::IssuerCertificate => {
                let Ok(certificates) = read_certificates(&octets, budget) else {
                    return wrong;
                };
                let mut first = None;
                for certificate in certificates {
                    let der = Arc::clone(certificate.der());
                    let id = self
                        .evidence
                        .add_certificate(der, CertificateOrigin::Fetched, budget);
                    first = first.or(Some(id));
                }
                first.map_or(wrong, AnswerOutcome::Fetched)
            }
            FetchKind::Timestamp => wrong,
        }
    }
}
