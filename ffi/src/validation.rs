//! The validation job, as a foreign language drives it.

use crate::document::{Ask, Document, Machine, seed};
use crate::error::ImzaError;
use crate::settings::Settings;
use imza::error::{ApiMisuse, Error, Unsupported};
use imza::evidence::Evidence;
use imza::job::{Job, Request, RequestId, Response, Step};
use imza::limits::Budget;
use imza::pdf::Password;
use imza::reading::{self, ValidationRequest, Verdict};
use imza::report::Report;
use imza::transport::{Streamed, Transport};
use std::sync::{Arc, Mutex, MutexGuard};
use zeroize::Zeroizing;

/// The validation of one document: it, and the detached documents that its signatures cover.
///
/// ```text
/// while ask = step()          none: the report is there
///   supply(ask.id, octets)    or feed(ask.id, chunk)… and end(ask.id), or unreadable(ask.id)
/// report()
/// ```
///
/// Nothing is asked of the caller when every document is in memory or named by its path.
#[derive(uniffi::Object)]
pub struct Validation {
    state: Mutex<State>,
}

struct State {
    job: Option<reading::Validation>,
    machine: Machine,
    verdict: Option<Verdict>,
}

#[uniffi::export]
impl Validation {
    /// Begins a validation; `password` opens an encrypted PDF, where the empty one does not.
    ///
    /// # Errors
    /// A file that cannot be opened, no document, repeated names.
    #[uniffi::constructor(default(password = None))]
    pub fn new(
        settings: Arc<Settings>,
        documents: Vec<Document>,
        password: Option<String>,
    ) -> Result<Self, ImzaError> {
        let password = password.map(Zeroizing::new);
        let machine = Machine::open(documents, settings.network())?;
        let prepared = settings.prepared();
        let request = ValidationRequest {
            inputs: machine.inputs(),
            given: prepared.given.clone(),
            keys: prepared.keys.clone(),
            seed: seed()?,
            network: settings.network().of_job(),
        };
        let job = reading::Validation::begin(request, settings.context())?
            .with_password(password.map(|password| Password::new(&password)));
        let state = State {
            job: Some(job),
            machine,
            verdict: None,
        };
        Ok(Self {
            state: Mutex::new(state),
        })
    }

    /// Works until it needs octets from the caller, or until the report is there.
    ///
    /// # Errors
    /// The document could not be processed.
    pub fn step(&self) -> Result<Option<Ask>, ImzaError> {
        Ok(self.state()?.step()?)
    }

    /// Answers an [`Ask`] with all octets at once.
    ///
    /// # Errors
    /// No such request is open; other octets than before.
    pub fn supply(&self, id: u64, octets: &[u8]) -> Result<(), ImzaError> {
        self.answer(id, Response::Bytes(octets.to_vec()))
    }

    /// Gives the next chunk of a stream.
    ///
    /// # Errors
    /// As [`Validation::supply`].
    pub fn feed(&self, id: u64, chunk: &[u8]) -> Result<(), ImzaError> {
        let mut state = self.state()?;
        Ok(state.job()?.feed(RequestId(id), chunk)?)
    }

    /// Ends a stream that was given whole.
    ///
    /// # Errors
    /// As [`Validation::supply`].
    pub fn end(&self, id: u64) -> Result<(), ImzaError> {
        self.answer(id, Response::End)
    }

    /// Says that the octets cannot be had, which ends the job.
    ///
    /// # Errors
    /// `input.unreadable` when the job needed them; as [`Validation::supply`].
    pub fn unreadable(&self, id: u64) -> Result<(), ImzaError> {
        self.answer(id, Response::Unreadable)
    }

    /// The report.
    ///
    /// # Errors
    /// The job has not ended with one.
    pub fn report(&self) -> Result<Judged, ImzaError> {
        Ok(Judged::of(&self.state()?.verdict()?.report))
    }

    /// Everything that the report rests on, to be judged again with [`judge`]. It can hold content
    /// of the document.
    ///
    /// # Errors
    /// As [`Validation::report`].
    pub fn evidence(&self) -> Result<String, ImzaError> {
        let limits = imza::limits::Limits::default();
        Ok(self.state()?.verdict()?.evidence.save(&limits))
    }
}

impl Validation {
    /// A job whose step panicked is not gone on with.
    fn state(&self) -> Result<MutexGuard<'_, State>, ImzaError> {
        self.state
            .lock()
            .map_err(|_| ImzaError::of(ApiMisuse::JobEnded))
    }

    fn answer(&self, id: u64, response: Response) -> Result<(), ImzaError> {
        let mut state = self.state()?;
        Ok(state.job()?.supply(RequestId(id), response)?)
    }
}

impl State {
    fn job(&mut self) -> Result<&mut reading::Validation, Error> {
        self.job.as_mut().ok_or(ApiMisuse::JobEnded.into())
    }

    fn verdict(&self) -> Result<&Verdict, Error> {
        self.verdict.as_ref().ok_or(ApiMisuse::JobEnded.into())
    }

    /// Requests are answered in the order of the job, whoever answers them.
    fn step(&mut self) -> Result<Option<Ask>, Error> {
        if self.verdict.is_some() {
            return Ok(None);
        }
        loop {
            let job = self.job.as_mut().ok_or(ApiMisuse::JobEnded)?;
            let requests = match job.step() {
                Ok(Step::Needs(requests)) => requests,
                Ok(Step::Done(verdict)) => {
                    self.job = None;
                    self.verdict = Some(verdict);
                    return Ok(None);
                }
                Err(error) => {
                    self.job = None;
                    return Err(error);
                }
            };
            if requests.is_empty() {
                return Err(ApiMisuse::UnknownRequest.into());
            }
            for request in requests {
                if let Some(ask) = Ask::of(&request, &self.machine) {
                    return Ok(Some(ask));
                }
                answer(job, request, &mut self.machine)?;
            }
        }
    }
}

/// The machine's answer to one request: what `drive` does, for a loop that the caller takes part in.
fn answer(
    job: &mut reading::Validation,
    request: Request,
    machine: &mut Machine,
) -> Result<(), Error> {
    let id = request.id();
    let response = match request {
        Request::Read { input, range, .. } => machine
            .read(input, range)
            .map_or(Response::Unreadable, Response::Bytes),
        Request::Stream { input, range, .. } => {
            match machine.stream(input, range, &mut |chunk| job.feed(id, chunk))? {
                Streamed::Whole => Response::End,
                Streamed::Unreadable => Response::Unreadable,
            }
        }
        Request::Fetch { fetch, .. } => match machine.fetch(&fetch) {
            Ok(fetched) => Response::Fetched {
                status: 200,
                body: fetched.body,
            },
            Err(failure) => Response::FetchFailed(failure),
        },
        Request::Wait { duration, .. } => Response::Waited(machine.wait(duration)),
        // Validation shows nothing; what younger jobs ask is not known here.
        _ => return Err(Unsupported::Feature("this request of a job").into()),
    };
    job.supply(id, response)
}

/// A report, and what the command would say to a shell.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct Judged {
    /// One line of JSON, as the command writes it.
    pub json: String,
    /// The exit status of the command: 0 when everything in the document is signed and passed.
    pub exit_status: u8,
}

impl Judged {
    fn of(report: &Report) -> Self {
        Self {
            json: report.to_json(),
            exit_status: report.exit_status(),
        }
    }
}

/// Judges saved evidence again, without the document and without asking anybody.
///
/// # Errors
/// The text is no saved evidence of a version that this library reads.
#[uniffi::export]
pub fn judge(settings: Arc<Settings>, evidence: String) -> Result<Judged, ImzaError> {
    let context = settings.context();
    let mut budget = Budget::new(Arc::clone(&context.limits));
    let evidence = Evidence::load(&evidence, &mut budget)?;
    Ok(Judged::of(&reading::judge(&evidence, &context)))
}
