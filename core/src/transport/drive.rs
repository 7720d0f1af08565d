//! The loop, written once.

use super::{Streamed, Transport};
use crate::error::{ApiMisuse, Error};
use crate::job::{Job, Request, Response, Step};

/// Drives a job to its end.
///
/// # Errors
/// What the job answers. A job that needs nothing and is not done would never end:
/// [`ApiMisuse::UnknownRequest`].
///
/// # Example
/// ```
/// # use imza::{error::Error, job::{InputId, Job, Progress, Request, RequestId, Response, Step}};
/// use imza::transport::{Memory, drive};
/// # struct Length(Option<u64>);
/// # impl Job for Length {
/// #     type Outcome = u64;
/// #     fn step(&mut self) -> Result<Step<u64>, Error> {
/// #         Ok(self.0.map_or_else(
/// #             || Step::Needs(vec![Request::Read { id: RequestId(0), input: InputId(0), range: 0..9 }]),
/// #             Step::Done,
/// #         ))
/// #     }
/// #     fn supply(&mut self, _: RequestId, answer: Response) -> Result<(), Error> {
/// #         if let Response::Bytes(bytes) = answer { self.0 = u64::try_from(bytes.len()).ok(); }
/// #         Ok(())
/// #     }
/// #     fn feed(&mut self, _: RequestId, _: &[u8]) -> Result<(), Error> { Ok(()) }
/// #     fn progress(&self) -> Progress { Progress::default() }
/// # }
/// # let job = Length(None);
/// let mut transport = Memory::new([b"permit".as_slice()]);
/// let outcome = drive(job, &mut transport)?;
/// # assert_eq!(outcome, 6);
/// # Ok::<(), Error>(())
/// ```
pub fn drive<J: Job>(mut job: J, transport: &mut impl Transport) -> Result<J::Outcome, Error> {
    loop {
        match job.step()? {
            Step::Done(outcome) => return Ok(outcome),
            Step::Needs(requests) if requests.is_empty() => {
                return Err(ApiMisuse::UnknownRequest.into());
            }
            Step::Needs(requests) => {
                for request in requests {
                    answer(&mut job, request, transport)?;
                }
            }
        }
    }
}

fn answer(
    job: &mut impl Job,
    request: Request,
    transport: &mut impl Transport,
) -> Result<(), Error> {
    let id = request.id();
    let response = match request {
        Request::Read { input, range, .. } => transport
            .read(input, range)
            .map_or(Response::Unreadable, Response::Bytes),
        Request::Stream { input, range, .. } => {
            match transport.stream(input, range, &mut |chunk| job.feed(id, chunk))? {
                Streamed::Whole => Response::End,
                Streamed::Unreadable => Response::Unreadable,
            }
        }
        Request::Fetch { fetch, .. } => match transport.fetch(&fetch) {
            Ok(fetched) => Response::Fetched {
                status: 200,
                body: fetched.body,
            },
            Err(failure) => Response::FetchFailed(failure),
        },
        Request::Show { code, .. } => {
            transport.show(&code);
            Response::Shown
        }
        Request::Wait { duration, .. } => Response::Waited(transport.wait(duration)),
    };
    job.supply(id, response)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::job::{Fetch, FetchFailure, FetchKind, InputId, Progress, RequestId, UrlOrigin};
    use crate::transport::{Fetched, Memory};
    use std::time::Duration;

    /// Asks a list of requests at once and keeps what came back.
    struct Asking {
        open: Vec<Request>,
        answers: Vec<(u64, Response)>,
        fed: Vec<u8>,
        refuse_feed: Option<Error>,
    }

    impl Asking {
        fn new(open: Vec<Request>) -> Self {
            Self {
                open,
                answers: Vec::new(),
                fed: Vec::new(),
                refuse_feed: None,
            }
        }
    }

    impl Job for Asking {
        type Outcome = (Vec<(u64, Response)>, Vec<u8>);

        fn step(&mut self) -> Result<Step<Self::Outcome>, Error> {
            if self.open.is_empty() && !self.answers.is_empty() {
                return Ok(Step::Done((
                    std::mem::take(&mut self.answers),
                    std::mem::take(&mut self.fed),
                )));
            }
            Ok(Step::Needs(self.open.clone()))
        }

        fn supply(&mut self, id: RequestId, response: Response) -> Result<(), Error> {
            self.open.retain(|request| request.id() != id);
            self.answers.push((id.0, response));
            Ok(())
        }

        fn feed(&mut self, _: RequestId, chunk: &[u8]) -> Result<(), Error> {
            self.fed.extend_from_slice(chunk);
            self.refuse_feed.clone().map_or(Ok(()), Err)
        }

        fn progress(&self) -> Progress {
            Progress::default()
        }
    }

    fn fetch(url: &str) -> Fetch {
        Fetch {
            url: url.to_owned(),
            origin: UrlOrigin::Document,
            kind: FetchKind::Crl,
            body: None,
            max_bytes: 100,
            timeout: Duration::from_secs(1),
        }
    }

    fn read(id: u64, input: u32, range: std::ops::Range<u64>) -> Request {
        Request::Read {
            id: RequestId(id),
            input: InputId(input),
            range,
        }
    }

    fn stream(id: u64, input: u32, range: std::ops::Range<u64>) -> Request {
        Request::Stream {
            id: RequestId(id),
            input: InputId(input),
            range,
        }
    }

    #[test]
    fn every_open_request_is_answered_with_its_own_kind() {
        let job = Asking::new(vec![
            read(1, 0, 1..4),
            stream(2, 1, 0..5),
            Request::Fetch {
                id: RequestId(3),
                fetch: fetch("http://crl.example/a"),
            },
            Request::Show {
                id: RequestId(4),
                code: "1234".to_owned(),
            },
            Request::Wait {
                id: RequestId(5),
                duration: Duration::from_secs(3),
            },
        ]);
        let mut transport = Memory::new([b"abcdef".as_slice(), b"ghijk".as_slice()])
            .with_chunk_size(2)
            .with_answer("http://crl.example/a", Ok(Fetched { body: vec![7] }));
        let (answers, fed) = drive(job, &mut transport).unwrap();
        assert_eq!(
            answers,
            [
                (1, Response::Bytes(b"bcd".to_vec())),
                (2, Response::End),
                (
                    3,
                    Response::Fetched {
                        status: 200,
                        body: vec![7]
                    }
                ),
                (4, Response::Shown),
                (5, Response::Waited(Duration::ZERO)),
            ]
        );
        assert_eq!(fed, b"ghijk");
        assert_eq!(transport.shown(), ["1234"]);
    }

    #[test]
    fn what_cannot_be_met_is_an_answer() {
        let job = Asking::new(vec![
            read(1, 9, 0..1),
            stream(2, 0, 0..9),
            Request::Fetch {
                id: RequestId(3),
                fetch: fetch("http://never.example/"),
            },
        ]);
        let (answers, _) = drive(job, &mut Memory::new([b"abc".as_slice()])).unwrap();
        assert_eq!(
            answers,
            [
                (1, Response::Unreadable),
                (2, Response::Unreadable),
                (3, Response::FetchFailed(FetchFailure::Offline)),
            ]
        );
    }

    #[test]
    fn a_job_that_refuses_a_chunk_ends_the_drive() {
        let mut job = Asking::new(vec![stream(1, 0, 0..3)]);
        job.refuse_feed = Some(crate::error::InputError::Changed.into());
        let ended = drive(job, &mut Memory::new([b"abc".as_slice()]));
        assert_eq!(ended, Err(crate::error::InputError::Changed.into()));
    }

    #[test]
    fn a_job_that_needs_nothing_and_is_not_done_does_not_hang() {
        let ended = drive(Asking::new(Vec::new()), &mut Memory::new([b"".as_slice()]));
        assert_eq!(ended, Err(ApiMisuse::UnknownRequest.into()));
    }
}
