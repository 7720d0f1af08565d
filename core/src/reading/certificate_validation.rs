//! The job that validates a certificate by itself.

use super::judging::{Judging, Network, Subject, named};
use super::material::Given;
use crate::certificate::read_certificates;
use crate::crypto::Memo;
use crate::error::{ApiMisuse, Error};
use crate::evidence::{DocumentFacts, Evidence, Wanted};
use crate::job::{Job, Progress, RequestId, Response, Seed, Step};
use crate::limits::Budget;
use crate::path::PolicyInputs;
use crate::report::{CertificateReport, Failure};
use crate::validation::{
    CertificateQuestion, Context, unread_certificate_report, validate_certificate,
};
use crate::vocabulary::{CertificateOrigin, Purpose};
use std::sync::Arc;

/// What is to be validated, and with what.
#[derive(Debug)]
pub struct CertificateRequest {
    /// Name of the file, without folders; the report repeats it.
    pub name: String,
    /// The file: PEM, DER or PKCS #7. The first certificate is the one in question, the others
    /// are material without trust.
    pub octets: Vec<u8>,
    /// Certificates and revocation data without trust.
    pub given: Vec<Given>,
    /// What the certificate is to be used for; `None`: for anything.
    pub purpose: Option<Purpose>,
    /// What is asked of certificate policies.
    pub policies: PolicyInputs,
    /// The most intermediate certificates, self-issued ones not counted.
    pub path_length: Option<u64>,
    /// Entropy for nonces.
    pub seed: Seed,
    /// Whether other hosts may be asked.
    pub network: Network,
}

/// What a validation of a certificate gives.
#[derive(Clone, Debug)]
pub struct CertificateVerdict {
    /// The report.
    pub report: CertificateReport,
    /// Everything that it rests on.
    pub evidence: Evidence,
    /// What reading and asking was charged.
    pub budget: Budget,
}

/// The job: a certificate in, a [`CertificateVerdict`] out.
///
/// ```
/// use imza::job::Seed;
/// use imza::limits::Limits;
/// use imza::path::PolicyInputs;
/// use imza::policy::ValidationPolicy;
/// use imza::reading::{CertificateRequest, CertificateValidation, Network};
/// use imza::time::UnixTime;
/// use imza::trust::TrustSet;
/// use imza::validation::Context;
/// use std::sync::Arc;
///
/// let context = Context {
///     policy: Arc::new(ValidationPolicy::standard()),
///     trust: Arc::new(TrustSet::default()),
///     validation_time: UnixTime::from_seconds(1_767_225_600),
///     proven_at: None,
///     limits: Arc::new(Limits::default()),
/// };
/// let request = CertificateRequest {
///     name: "nothing.pem".to_owned(),
///     octets: b"no certificate".to_vec(),
///     given: Vec::new(),
///     purpose: None,
///     policies: PolicyInputs::default(),
///     path_length: None,
///     seed: Seed::new([0; 32]),
///     network: Network::Offline,
/// };
/// assert!(CertificateValidation::begin(request, context).is_err());
/// ```
pub struct CertificateValidation {
    judging: Option<Box<Judging<CertificateQuestion>>>,
    next_id: u64,
}

impl CertificateValidation {
    /// Begins a validation.
    ///
    /// # Errors
    /// [`Error::Malformed`] when the file holds no certificate that can be read;
    /// [`Error::LimitExceeded`].
    pub fn begin(request: CertificateRequest, context: Context) -> Result<Self, Error> {
        let mut budget = Budget::new(Arc::clone(&context.limits));
        let mut certificates = read_certificates(&request.octets, &mut budget)?.into_iter();
        let Some(certificate) = certificates.next() else {
            return Err(ApiMisuse::NoInput.into());
        };
        let document = DocumentFacts {
            name: request.name,
            size: u64::try_from(request.octets.len()).unwrap_or(u64::MAX),
            ..DocumentFacts::default()
        };
        let mut evidence = Evidence::new(document);
        for one in std::iter::once(certificate.clone()).chain(certificates) {
            let der = Arc::clone(one.der());
            evidence.add_certificate(der, CertificateOrigin::Provided, &mut budget);
        }
        for given in request.given {
            given.join(&mut evidence, &mut budget);
        }
        let question = CertificateQuestion {
            certificate,
            purpose: request.purpose,
            policies: request.policies,
            path_length: request.path_length,
        };
        let (network, seed) = (request.network, request.seed);
        let judging = Judging::about(question, evidence, context, network, seed, budget);
        Ok(Self {
            judging: Some(Box::new(judging)),
            next_id: 0,
        })
    }
}

impl Subject for CertificateQuestion {
    type Judgement = CertificateReport;

    fn judge(
        &self,
        evidence: &Evidence,
        context: &Context,
        memo: &mut Memo,
    ) -> (CertificateReport, Vec<Wanted>) {
        let judgement = validate_certificate(evidence, self, context, memo);
        (judgement.report, judgement.wanted)
    }
}

impl Job for CertificateValidation {
    type Outcome = CertificateVerdict;

    fn step(&mut self) -> Result<Step<CertificateVerdict>, Error> {
        let judging = self.judging.as_mut().ok_or(ApiMisuse::JobEnded)?;
        let mut report = match judging.step(&mut self.next_id) {
            Step::Needs(requests) => return Ok(Step::Needs(requests)),
            Step::Done(report) => report,
        };
        let judging = self.judging.take().ok_or(ApiMisuse::JobEnded)?;
        let (evidence, budget, _) = judging.into_parts();
        report.evidence = Some(named(&evidence));
        Ok(Step::Done(CertificateVerdict {
            report,
            evidence,
            budget,
        }))
    }

    fn supply(&mut self, id: RequestId, response: Response) -> Result<(), Error> {
        let judging = self.judging.as_mut().ok_or(ApiMisuse::JobEnded)?;
        judging.supply(id, response)
    }

    fn feed(&mut self, _id: RequestId, _chunk: &[u8]) -> Result<(), Error> {
        // Nothing is streamed here.
        Err(ApiMisuse::UnknownRequest.into())
    }

    fn progress(&self) -> Progress {
        self.judging
            .as_ref()
            .map_or_else(Progress::default, |judging| judging.progress())
    }
}

/// The report on a file that could not be processed.
#[must_use]
pub fn empty_certificate_report(
    name: &str,
    purpose: Option<Purpose>,
    policies: &PolicyInputs,
    context: &Context,
    error: &Error,
) -> CertificateReport {
    let mut report = unread_certificate_report(name, purpose, policies, context);
    report.error = Some(Failure::from(error));
    report
}
