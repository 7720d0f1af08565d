//! What the machine gives to a job: files, entropy, the network, and cleaning up when interrupted.

use crate::arguments::TrustOptions;
use crate::cache::Cache;
use crate::complaint::Complaint;
use crate::progress::Progress;
use imza::algorithm::DigestAlgorithm;
use imza::crypto::Digester;
use imza::error::Error;
use imza::job::{Fetch, FetchFailure, InputId, Seed};
use imza::source::Input;
use imza::transport::http::{Caps, Http, danger};
use imza::transport::{Fetched, Streamed, Transport};
use imza_explain::{Said, Sentence};
use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, Once, PoisonError};

/// Octets that are read from a file at a time while it is streamed.
const CHUNK: usize = 1 << 18;
/// Files up to this size are held in memory: one read instead of many.
const AT_HAND: u64 = 1 << 20;

/// The machine's random source, for one job.
pub(crate) fn seed() -> Result<Seed, Complaint> {
    let mut octets = [0u8; 32];
    getrandom::fill(&mut octets).map_err(|error| {
        let what = Said::new(Sentence::NoRandom).with("why", error.to_string());
        Complaint::other(what)
    })?;
    Ok(Seed::new(octets))
}

/// The inputs of a job as open files, and the network.
pub(crate) struct Files {
    files: Vec<Opened>,
    network: Connection,
    http: Option<Http>,
    cache: Option<Cache>,
    counter: Option<Counter>,
}

/// What of the inputs was counted as progress: everything once, however often it is read.
struct Counter {
    progress: Arc<Progress>,
    left: u64,
}

impl Counter {
    fn count(&mut self, octets: u64) {
        let new = octets.min(self.left);
        self.left -= new;
        self.progress.add(new);
    }
}

struct Opened {
    name: String,
    file: File,
    length: u64,
    octets: Option<Arc<[u8]>>,
}

/// A file that cannot be read, and why.
#[derive(Debug)]
pub(crate) struct Unreadable {
    path: PathBuf,
    error: std::io::Error,
}

impl Unreadable {
    pub(crate) fn kind(&self) -> std::io::ErrorKind {
        self.error.kind()
    }

    pub(crate) fn said(&self) -> Said {
        Said::new(Sentence::Unreadable)
            .with("name", self.path.as_path())
            .with("why", &self.error)
    }
}

/// Whether sockets may be opened, and to where.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Connection {
    Offline,
    Public,
    /// For a PKI on this machine.
    Loopback,
}

impl Connection {
    /// What the options say.
    pub(crate) fn of(options: &TrustOptions) -> Self {
        match (options.offline, options.danger_allow_loopback) {
            (true, _) => Self::Offline,
            (false, true) => Self::Loopback,
            (false, false) => Self::Public,
        }
    }
}

impl Files {
    /// Opens every file; an error names the one that it is about.
    pub(crate) fn open(
        paths: &[(String, PathBuf)],
        network: Connection,
    ) -> Result<Self, Unreadable> {
        let mut files = Vec::with_capacity(paths.len());
        for (name, path) in paths {
            let named = |error: std::io::Error| Unreadable {
                path: path.clone(),
                error,
            };
            let mut file = File::open(path).map_err(named)?;
            let metadata = file.metadata().map_err(named)?;
            if metadata.is_dir() {
                return Err(named(std::io::ErrorKind::IsADirectory.into()));
            }
            let mut length = metadata.len();
            // Pipes and other streams tell no length: they are read to the end, within reason.
            let mut octets = None;
            if !metadata.is_file() || length <= AT_HAND {
                // One octet more, so that the end is seen by the first read.
                let expected = usize::try_from(length.min(AT_HAND)).unwrap_or(0);
                let mut held = Vec::with_capacity(expected.saturating_add(1));
                let cap = if metadata.is_file() {
                    AT_HAND + 1
                } else {
                    64 << 20
                };
                file.by_ref()
                    .take(cap)
                    .read_to_end(&mut held)
                    .map_err(named)?;
                length = u64::try_from(held.len()).unwrap_or(u64::MAX);
                octets = Some(held.into());
            }
            files.push(Opened {
                name: name.clone(),
                file,
                length,
                octets,
            });
        }
        Ok(Self {
            files,
            network,
            http: None,
            cache: None,
            counter: None,
        })
    }

    /// Keeps answers for the next run and takes those that were kept; from public hosts only, since
    /// those of this machine are another's tomorrow.
    pub(crate) fn use_cache(&mut self, options: &TrustOptions) {
        if self.network == Connection::Public && !options.no_cache {
            self.cache = Cache::of_the_user();
        }
    }

    /// Counts what is streamed from now on.
    pub(crate) fn count(&mut self, progress: &Arc<Progress>) {
        self.counter = Some(Counter {
            progress: Arc::clone(progress),
            left: self.files.iter().map(|file| file.length).sum(),
        });
    }

    /// Counts the rest, which was never streamed.
    pub(crate) fn count_rest(&mut self) {
        if let Some(counter) = &mut self.counter {
            counter.count(u64::MAX);
        }
    }

    pub(crate) fn length(&self, index: usize) -> u64 {
        self.files.get(index).map_or(0, |file| file.length)
    }

    pub(crate) fn inputs(&self) -> Vec<Input> {
        let input = |file: &Opened| Input {
            name: file.name.clone(),
            length: file.length,
            bytes: file.octets.clone(),
        };
        self.files.iter().map(input).collect()
    }

    /// The SHA-256 of a whole input, in a pass of its own.
    pub(crate) fn digest(&mut self, index: u32) -> Result<String, Complaint> {
        let wrong = |error: &Error| Complaint::from_error(Sentence::DoingDigesting, error);
        let length = self.length(usize::try_from(index).unwrap_or(usize::MAX));
        let mut digester = Digester::new(DigestAlgorithm::Sha256).map_err(|error| wrong(&error))?;
        let sink = &mut |chunk: &[u8]| {
            digester.update(chunk);
            Ok(())
        };
        match self.stream(InputId(index), 0..length, sink) {
            Ok(Streamed::Whole) => {}
            _ => {
                return Err(Complaint::other(Sentence::NotTwice));
            }
        }
        Ok(digester
            .finish()
            .iter()
            .map(|octet| format!("{octet:02x}"))
            .collect())
    }

    fn opened(&mut self, input: InputId) -> Option<&mut Opened> {
        usize::try_from(input.0)
            .ok()
            .and_then(|index| self.files.get_mut(index))
    }
}

impl Transport for Files {
    fn read(&mut self, input: InputId, range: Range<u64>) -> Option<Vec<u8>> {
        let opened = self.opened(input)?;
        if let Some(octets) = &opened.octets {
            let start = usize::try_from(range.start).ok()?;
            let end = usize::try_from(range.end).ok()?.min(octets.len());
            return octets.get(start.min(end)..end).map(<[u8]>::to_vec);
        }
        opened.file.seek(SeekFrom::Start(range.start)).ok()?;
        let mut octets = Vec::new();
        let length = range.end.saturating_sub(range.start);
        opened
            .file
            .by_ref()
            .take(length)
            .read_to_end(&mut octets)
            .ok()?;
        Some(octets)
    }

    fn stream(
        &mut self,
        input: InputId,
        range: Range<u64>,
        sink: &mut dyn FnMut(&[u8]) -> Result<(), Error>,
    ) -> Result<Streamed, Error> {
        let index = usize::try_from(input.0).unwrap_or(usize::MAX);
        let Some(opened) = self.files.get_mut(index) else {
            return Ok(Streamed::Unreadable);
        };
        if let Some(octets) = &opened.octets {
            let octets = Arc::clone(octets);
            let slice = usize::try_from(range.start)
                .ok()
                .zip(usize::try_from(range.end).ok())
                .and_then(|(start, end)| octets.get(start..end));
            return match slice {
                Some(slice) => sink(slice).map(|()| Streamed::Whole),
                None => Ok(Streamed::Unreadable),
            };
        }
        if opened.file.seek(SeekFrom::Start(range.start)).is_err() {
            return Ok(Streamed::Unreadable);
        }
        let mut left = range.end.saturating_sub(range.start);
        let mut buffer = vec![0u8; CHUNK];
        while left > 0 {
            let wanted = usize::try_from(left).unwrap_or(CHUNK).min(CHUNK);
            let Some(space) = buffer.get_mut(..wanted) else {
                break;
            };
            let read = match opened.file.read(space) {
                Ok(0) => return Ok(Streamed::Unreadable),
                Ok(read) => read,
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => continue,
                Err(_) => return Ok(Streamed::Unreadable),
            };
            sink(space.get(..read).unwrap_or_default())?;
            let read = u64::try_from(read).unwrap_or(u64::MAX);
            left = left.saturating_sub(read);
            if let Some(counter) = &mut self.counter {
                counter.count(read);
            }
        }
        Ok(Streamed::Whole)
    }

    fn fetch(&mut self, fetch: &Fetch) -> Result<Fetched, FetchFailure> {
        let now = std::time::SystemTime::now();
        if let Some(body) = self.cache.as_ref().and_then(|cache| cache.get(fetch, now)) {
            return Ok(Fetched { body });
        }
        let network = self.network;
        let http = match network {
            Connection::Offline => return Err(FetchFailure::Offline),
            Connection::Public => self.http.get_or_insert_with(Http::default),
            Connection::Loopback => self
                .http
                .get_or_insert_with(|| danger::http_with_loopback_documents(Caps::default())),
        };
        let fetched = http.fetch(fetch)?;
        if let Some(cache) = &self.cache {
            cache.put(fetch, &fetched.body, now);
        }
        Ok(fetched)
    }

    fn wait(&mut self, duration: std::time::Duration) -> std::time::Duration {
        let started = std::time::Instant::now();
        std::thread::sleep(duration);
        started.elapsed()
    }
}

static PARTIAL: Mutex<Vec<PathBuf>> = Mutex::new(Vec::new());
static HANDLER: Once = Once::new();

/// A file to be removed when the person presses Ctrl-C before it is complete.
pub(crate) fn remove_on_interrupt(path: &Path) {
    PARTIAL
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .push(path.to_owned());
    HANDLER.call_once(|| {
        // Without a handler the file stays behind, named as partial: no reason not to go on.
        let _ = ctrlc::set_handler(|| {
            for path in PARTIAL
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .iter()
            {
                // Files that were completed have another name by now.
                let _ = std::fs::remove_file(path);
            }
            std::process::exit(130);
        });
    });
}
