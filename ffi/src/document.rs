//! Documents, as a caller has them, and the machine's part of a job.

use crate::error::ImzaError;
use crate::settings::NetworkAccess;
use imza::error::{ApiMisuse, Error};
use imza::job::{Fetch, FetchFailure, InputId, Request, Seed};
use imza::source::Input;
use imza::transport::http::{Caps, Http, danger};
use imza::transport::{Fetched, Streamed, Transport};
use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::ops::Range;
use std::sync::Arc;
use std::time::Duration;

/// Octets that are read from a file at a time while it is streamed.
const CHUNK: usize = 1 << 18;

/// A document.
#[derive(Clone, Debug, uniffi::Enum)]
pub enum Document {
    /// In memory.
    Octets {
        /// Its name, without folders.
        name: String,
        /// All of it.
        octets: Vec<u8>,
    },
    /// A file of this machine.
    Path {
        /// Its name in reports and containers.
        name: String,
        /// Where it lies.
        path: String,
    },
    /// Something that only the caller can read: asked for by [`Ask`].
    Asked {
        /// Its name, without folders.
        name: String,
        /// How many octets.
        length: u64,
    },
}

/// Octets that the caller is asked for.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct Ask {
    /// To be said with the answer.
    pub id: u64,
    /// The place of the document in the list that was given.
    pub document: u32,
    /// The first octet.
    pub offset: u64,
    /// How many; fewer only where the document ends.
    pub length: u64,
    /// How to answer.
    pub manner: Manner,
}

/// How an [`Ask`] is answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum Manner {
    /// All octets at once, with `supply`.
    Whole,
    /// Chunk by chunk in order, with `feed`, and then `end`.
    Chunks,
}

impl Ask {
    /// What a request asks of the caller; none when it is the machine's to answer.
    pub(crate) fn of(request: &Request, machine: &Machine) -> Option<Self> {
        let (id, input, range, manner) = match request {
            Request::Read { id, input, range } => (id, input, range, Manner::Whole),
            Request::Stream { id, input, range } => (id, input, range, Manner::Chunks),
            _ => return None,
        };
        machine.is_asked(*input).then(|| Self {
            id: id.0,
            document: input.0,
            offset: range.start,
            length: range.end.saturating_sub(range.start),
            manner,
        })
    }
}

/// The documents that are here, and the network.
pub(crate) struct Machine {
    inputs: Vec<Input>,
    files: Vec<Held>,
    network: NetworkAccess,
    http: Option<Http>,
}

enum Held {
    Octets(Arc<[u8]>),
    File(File),
    Elsewhere,
}

impl Machine {
    /// Opens every file.
    pub(crate) fn open(
        documents: Vec<Document>,
        network: NetworkAccess,
    ) -> Result<Self, ImzaError> {
        let (mut inputs, mut files) = (Vec::new(), Vec::new());
        for document in documents {
            let (input, held) = match document {
                Document::Octets { name, octets } => {
                    let octets: Arc<[u8]> = octets.into();
                    let input = Input::at_hand(name, Arc::clone(&octets));
                    (input, Held::Octets(octets))
                }
                Document::Path { name, path } => {
                    let (file, length) = open(&path)
                        .map_err(|error| ImzaError::file("input.unreadable", &path, &error))?;
                    (Input::on_request(name, length), Held::File(file))
                }
                Document::Asked { name, length } => {
                    (Input::on_request(name, length), Held::Elsewhere)
                }
            };
            inputs.push(input);
            files.push(held);
        }
        Ok(Self {
            inputs,
            files,
            network,
            http: None,
        })
    }

    pub(crate) fn inputs(&self) -> Vec<Input> {
        self.inputs.clone()
    }

    fn held(&mut self, input: InputId) -> Option<&mut Held> {
        usize::try_from(input.0)
            .ok()
            .and_then(|index| self.files.get_mut(index))
    }

    fn is_asked(&self, input: InputId) -> bool {
        usize::try_from(input.0)
            .ok()
            .and_then(|index| self.files.get(index))
            .is_some_and(|held| matches!(held, Held::Elsewhere))
    }

    /// Refuses documents that only the caller can read.
    pub(crate) fn all_here(&self) -> Result<(), ImzaError> {
        let elsewhere = self
            .files
            .iter()
            .any(|held| matches!(held, Held::Elsewhere));
        if elsewhere {
            return Err(ImzaError::of(ApiMisuse::ContradictoryParameters));
        }
        Ok(())
    }
}

fn open(path: &str) -> std::io::Result<(File, u64)> {
    let file = File::open(path)?;
    let metadata = file.metadata()?;
    if metadata.is_dir() {
        return Err(std::io::ErrorKind::IsADirectory.into());
    }
    Ok((file, metadata.len()))
}

fn slice(octets: &[u8], range: &Range<u64>) -> Option<Vec<u8>> {
    let start = usize::try_from(range.start).ok()?;
    let end = usize::try_from(range.end).ok()?.min(octets.len());
    octets.get(start.min(end)..end).map(<[u8]>::to_vec)
}

impl Transport for Machine {
    fn read(&mut self, input: InputId, range: Range<u64>) -> Option<Vec<u8>> {
        match self.held(input)? {
            Held::Octets(octets) => slice(octets, &range),
            Held::File(file) => {
                file.seek(SeekFrom::Start(range.start)).ok()?;
                let length = range.end.saturating_sub(range.start);
                let mut octets = Vec::new();
                file.take(length).read_to_end(&mut octets).ok()?;
                Some(octets)
            }
            Held::Elsewhere => None,
        }
    }

    fn stream(
        &mut self,
        input: InputId,
        range: Range<u64>,
        sink: &mut dyn FnMut(&[u8]) -> Result<(), Error>,
    ) -> Result<Streamed, Error> {
        let file = match self.held(input) {
            Some(Held::Octets(octets)) => {
                return match slice(octets, &range) {
                    Some(octets) => sink(&octets).map(|()| Streamed::Whole),
                    None => Ok(Streamed::Unreadable),
                };
            }
            Some(Held::File(file)) => file,
            Some(Held::Elsewhere) | None => return Ok(Streamed::Unreadable),
        };
        if file.seek(SeekFrom::Start(range.start)).is_err() {
            return Ok(Streamed::Unreadable);
        }
        let mut left = range.end.saturating_sub(range.start);
        let mut buffer = vec![0u8; CHUNK];
        while left > 0 {
            let wanted = usize::try_from(left).unwrap_or(CHUNK).min(CHUNK);
            let read = match file.read(buffer.get_mut(..wanted).unwrap_or_default()) {
                Ok(0) => return Ok(Streamed::Unreadable),
                Ok(read) => read,
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => continue,
                Err(_) => return Ok(Streamed::Unreadable),
            };
            sink(buffer.get(..read).unwrap_or_default())?;
            left = left.saturating_sub(u64::try_from(read).unwrap_or(u64::MAX));
        }
        Ok(Streamed::Whole)
    }

    fn fetch(&mut self, fetch: &Fetch) -> Result<Fetched, FetchFailure> {
        let http = match self.network {
            NetworkAccess::Offline => return Err(FetchFailure::Offline),
            NetworkAccess::Public => self.http.get_or_insert_with(Http::default),
            NetworkAccess::DangerLoopback => self
                .http
                .get_or_insert_with(|| danger::http_with_loopback_documents(Caps::default())),
        };
        http.fetch(fetch)
    }

    fn wait(&mut self, duration: Duration) -> Duration {
        let started = std::time::Instant::now();
        std::thread::sleep(duration);
        started.elapsed()
    }
}

/// The machine's random source, for one job.
pub(crate) fn seed() -> Result<Seed, ImzaError> {
    let mut octets = [0u8; 32];
    getrandom::fill(&mut octets).map_err(|error| ImzaError::Failed {
        code: "other".to_owned(),
        reason: format!("no random numbers: {error}"),
        details: std::collections::HashMap::new(),
    })?;
    Ok(Seed::new(octets))
}
