//! The index of a batch, and the one that is being made.
//!
//! Nothing in RFC 4998 §4.2 tells a leaf of a hash tree from an inner node: two files can be taken
//! away and a file of 64 octets be put in their place, their two digests, and the root stays as it
//! was. So the digest of the index itself is the last leaf: what is time-stamped says how many files
//! there are and what they are called. An index that counts so has a first line that says it, with
//! the digest of the index of the batch before, so that no batch but the last can be taken away.

use super::walk::{self, digest, unreadable};
use crate::complaint::Complaint;
use crate::output::{Existing, Output};
use crate::timestamp::octets;
use imza::crypto::object_id;
use imza_explain::{Said, Sentence};
use std::collections::HashMap;
use std::fs::{File, Metadata};
use std::io::{BufRead as _, BufReader, BufWriter, ErrorKind, Read as _, Write as _};
use std::path::{Path, PathBuf};

/// A batch that was time-stamped.
pub(super) struct Batch {
    pub(super) number: u32,
    folder: PathBuf,
}

/// A file in an index.
pub(super) struct Line<'a> {
    pub(super) digest: [u8; 32],
    /// Its octets, when it was digested.
    pub(super) size: u64,
    /// Its path below the folder, with slashes.
    pub(super) path: &'a str,
}

/// Whether the files of a batch are listed by what was time-stamped.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum List {
    /// The index is a leaf of the tree.
    Proven,
    /// The tree knows digests only, as those of earlier editions did.
    Unproven,
    /// It comes after another index than the one that stands before it.
    Another,
}

pub(super) fn damaged(path: &Path) -> Complaint {
    Complaint::other(Said::new(Sentence::ArchiveDamaged).with("name", path))
}

impl Batch {
    /// Every batch, in the order in which they were made.
    pub(super) fn all(folder: &Path) -> Result<Vec<Self>, Complaint> {
        let mut batches = Vec::new();
        for number in 1.. {
            let batch = Self {
                number,
                folder: folder.to_owned(),
            };
            if !batch.record_path().is_file() {
                break;
            }
            batches.push(batch);
        }
        Ok(batches)
    }

    pub(super) fn index_path(&self) -> PathBuf {
        self.folder.join(format!("{:06}.index", self.number))
    }

    pub(super) fn record_path(&self) -> PathBuf {
        self.folder.join(format!("{:06}.ers", self.number))
    }

    /// Digests of a later chain, one behind the other in the order of the index.
    fn digests_path(&self, chain: usize) -> PathBuf {
        self.folder
            .join(format!("{:06}.{}.digests", self.number, chain + 1))
    }

    pub(super) fn digests(&self, chain: usize) -> Result<Vec<u8>, Complaint> {
        let path = self.digests_path(chain);
        walk::read(&path).map_err(|error| unreadable(&path, &error))
    }

    /// Keeps the digests of a chain; the record that speaks of them comes later.
    pub(super) fn keep_digests(&self, chain: usize, digests: &[u8]) -> Result<(), Complaint> {
        let mut output = Output::create(&self.digests_path(chain), Existing::Replace)?;
        output.write(digests)?;
        output.finish()
    }

    pub(super) fn record(&self) -> Result<Vec<u8>, Complaint> {
        let path = self.record_path();
        walk::read(&path).map_err(|error| unreadable(&path, &error))
    }

    /// Whether the index is a leaf of the tree, and comes after the one before.
    pub(super) fn list(&self) -> Result<List, Complaint> {
        let path = self.index_path();
        let unread = |error: std::io::Error| unreadable(&path, &error);
        let file = walk::open(&path).map_err(unread)?;
        let mut first = Vec::new();
        let length = u64::try_from(HEAD.len()).unwrap_or(u64::MAX);
        let mut begin = BufReader::new(file).take(length.saturating_add(65));
        begin.read_until(b'\n', &mut first).map_err(unread)?;
        if !first.starts_with(HEAD.as_bytes()) {
            return Ok(List::Unproven);
        }
        let before = match self.number.checked_sub(1) {
            None | Some(0) => None,
            Some(number) => Some(Self {
                number,
                folder: self.folder.clone(),
            }),
        };
        let before = before.map(|before| before.index_digest()).transpose()?;
        match first == head(before).as_bytes() {
            true => Ok(List::Proven),
            false => Ok(List::Another),
        }
    }

    /// The last leaf of the tree.
    pub(super) fn index_digest(&self) -> Result<[u8; 32], Complaint> {
        let path = self.index_path();
        digest(&path).map_err(|error| unreadable(&path, &error))
    }

    /// Every line of the index in its order; the index is not held.
    pub(super) fn each(
        &self,
        mut take: impl FnMut(&Line<'_>) -> Result<(), Complaint>,
    ) -> Result<(), Complaint> {
        let path = self.index_path();
        let file = walk::open(&path).map_err(|error| unreadable(&path, &error))?;
        for (number, line) in BufReader::new(file).lines().enumerate() {
            let line = line.map_err(|error| unreadable(&path, &error))?;
            if number == 0 && line.starts_with(HEAD) {
                continue;
            }
            let mut fields = line.splitn(3, ' ');
            let digest = fields
                .next()
                .map(octets)
                .and_then(|one| one.try_into().ok());
            let size = fields.next().and_then(|size| size.parse().ok());
            let name = fields.next().and_then(decoded);
            let (Some(digest), Some(size), Some(name)) = (digest, size, name) else {
                return Err(damaged(&path));
            };
            take(&Line {
                digest,
                size,
                path: &name,
            })?;
        }
        Ok(())
    }
}

/// An index in the making. What was digested is on the disk too, with the size and the time of change
/// of each file, so that an interrupted run goes on where it was.
pub(super) struct Pending {
    folder: PathBuf,
    /// What an earlier run digested, by [`key`]: short, since there may be a million.
    earlier: HashMap<[u8; 16], [u8; 32]>,
    state: BufWriter<File>,
    index: BufWriter<File>,
    digests: Vec<u8>,
}

/// What the first line of an index begins with that is itself a leaf.
const HEAD: &str = "imza-archive-index 2 ";

/// The first line, with the digest of the index before.
fn head(before: Option<[u8; 32]>) -> String {
    let before = before.map_or_else(|| "-".to_owned(), |before| hex(&before));
    format!("{HEAD}{before}\n")
}

const INDEX: &str = "pending.index";
const STATE: &str = "pending.state";

impl Pending {
    /// Begins an index behind the last of these batches.
    pub(super) fn open(folder: &Path, batches: &[Batch]) -> Result<Self, Complaint> {
        let before = batches.last().map(Batch::index_digest).transpose()?;
        let path = folder.join(STATE);
        let earlier = earlier(&path)?;
        let state = File::options().create(true).append(true).open(&path);
        let mut state = BufWriter::new(state.map_err(|error| unreadable(&path, &error))?);
        // Behind a line that was cut off a new one begins.
        state
            .write_all(b"\n")
            .map_err(|error| unreadable(&path, &error))?;
        let path = folder.join(INDEX);
        let unwritable = |error: std::io::Error| unreadable(&path, &error);
        // Made anew: what stands there may be a pipe.
        match std::fs::remove_file(&path) {
            Err(error) if error.kind() != ErrorKind::NotFound => return Err(unwritable(error)),
            _ => {}
        }
        let mut index = BufWriter::new(File::create_new(&path).map_err(unwritable)?);
        index
            .write_all(head(before).as_bytes())
            .map_err(unwritable)?;
        Ok(Self {
            folder: folder.to_owned(),
            earlier,
            state,
            index,
            digests: Vec::new(),
        })
    }

    /// Digests a file, unless an earlier run did and it is as it was then.
    pub(super) fn add(&mut self, path: &str, file: &Path, of: &Metadata) -> Result<(), Complaint> {
        let (size, changed) = (of.len(), changed(of));
        let digest = match self.earlier.remove(&key(path, size, changed)) {
            Some(digest) => digest,
            None => digest(file).map_err(|error| unreadable(file, &error))?,
        };
        let (hex, name) = (hex(&digest), encoded(path));
        let written = writeln!(self.state, "{hex} {size} {changed} {name}")
            .and_then(|()| writeln!(self.index, "{hex} {size} {name}"));
        written.map_err(|error| unreadable(&self.folder, &error))?;
        self.digests.extend(digest);
        Ok(())
    }

    /// How many files there are, and the leaves of their tree: the digests of all files, then that of
    /// the index. Nothing more is added.
    pub(super) fn finish(&mut self) -> Result<(usize, Vec<u8>), Complaint> {
        let flushed = self.state.flush().and_then(|()| self.index.flush());
        flushed.map_err(|error| unreadable(&self.folder, &error))?;
        self.earlier = HashMap::new();
        let mut leaves = std::mem::take(&mut self.digests);
        let count = leaves.len() / 32;
        let path = self.folder.join(INDEX);
        leaves.extend(digest(&path).map_err(|error| unreadable(&path, &error))?);
        Ok((count, leaves))
    }

    /// The index gets its name, then the record that makes a batch of it.
    pub(super) fn become_batch(self, number: u32, record: &[u8]) -> Result<(), Complaint> {
        let batch = Batch {
            number,
            folder: self.folder.clone(),
        };
        let synced = self.index.get_ref().sync_all();
        synced
            .and_then(|()| std::fs::rename(self.folder.join(INDEX), batch.index_path()))
            .map_err(|error| unreadable(&self.folder, &error))?;
        let mut output = Output::create(&batch.record_path(), Existing::Keep)?;
        output.write(record)?;
        output.finish()?;
        self.remove();
        Ok(())
    }

    /// Nothing is pending any more.
    pub(super) fn remove(self) {
        // What stays behind is looked at again by the next run, and does no harm.
        let _ = std::fs::remove_file(self.folder.join(STATE));
        let _ = std::fs::remove_file(self.folder.join(INDEX));
    }
}

/// What an earlier run digested; a line that was cut off is as if it were not there.
fn earlier(path: &Path) -> Result<HashMap<[u8; 16], [u8; 32]>, Complaint> {
    let mut earlier = HashMap::new();
    let file = match walk::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(earlier),
        Err(error) => return Err(unreadable(path, &error)),
    };
    for line in BufReader::new(file).lines().map_while(Result::ok) {
        let mut fields = line.splitn(4, ' ');
        let digest = fields.next().map(octets);
        let digest = digest.and_then(|digest| digest.try_into().ok());
        let size = fields.next().and_then(|size| size.parse().ok());
        let changed = fields.next().and_then(|time| time.parse().ok());
        let path = fields.next().and_then(decoded);
        if let (Some(digest), Some(size), Some(changed), Some(path)) = (digest, size, changed, path)
        {
            earlier.insert(key(&path, size, changed), digest);
        }
    }
    Ok(earlier)
}

/// A file as it was: its path, size and time of change in sixteen octets.
fn key(path: &str, size: u64, changed: u128) -> [u8; 16] {
    let state = [
        &size.to_be_bytes()[..],
        &changed.to_be_bytes(),
        path.as_bytes(),
    ]
    .concat();
    let [key @ .., _, _, _, _, _, _, _, _, _, _, _, _, _, _, _, _] = object_id(&state).0;
    key
}

/// A path in sixteen octets.
pub(super) fn name_key(path: &str) -> [u8; 16] {
    let [key @ .., _, _, _, _, _, _, _, _, _, _, _, _, _, _, _, _] = object_id(path.as_bytes()).0;
    key
}

fn changed(metadata: &Metadata) -> u128 {
    let time = metadata.modified().ok();
    let since = time.and_then(|time| time.duration_since(std::time::UNIX_EPOCH).ok());
    since.map_or(0, |since| since.as_nanos())
}

fn hex(digest: &[u8]) -> String {
    digest.iter().map(|octet| format!("{octet:02x}")).collect()
}

/// A path in one word on one line.
fn encoded(path: &str) -> String {
    let mut word = String::with_capacity(path.len());
    for one in path.chars() {
        match one {
            '%' => word.push_str("%25"),
            '\n' => word.push_str("%0A"),
            '\r' => word.push_str("%0D"),
            other => word.push(other),
        }
    }
    word
}

fn decoded(word: &str) -> Option<String> {
    let mut parts = word.split('%');
    let mut path = parts.next()?.to_owned();
    for part in parts {
        path.push(match part.get(..2)? {
            "25" => '%',
            "0A" => '\n',
            "0D" => '\r',
            _ => return None,
        });
        path.push_str(part.get(2..)?);
    }
    Some(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_stand_in_one_line_and_come_back() {
        for path in ["a", "a b/c", "100%", "%0A", "line\nend\r", "ərizə.txt"] {
            let word = encoded(path);
            assert!(!word.contains(['\n', '\r']));
            assert_eq!(decoded(&word).as_deref(), Some(path));
        }
        for other in ["%", "%2", "%zz", "a%41"] {
            assert_eq!(decoded(other), None);
        }
    }

    #[test]
    fn an_interrupted_run_keeps_what_it_digested() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a.txt");
        std::fs::write(&file, b"a").unwrap();
        let metadata = std::fs::metadata(&file).unwrap();
        let mut pending = Pending::open(folder.path(), &[]).unwrap();
        pending.add("a.txt", &file, &metadata).unwrap();
        let digests = pending.finish().unwrap();
        drop(pending);
        // The file is not read again: it is not even there.
        std::fs::remove_file(&file).unwrap();
        let mut again = Pending::open(folder.path(), &[]).unwrap();
        again.add("a.txt", &file, &metadata).unwrap();
        assert_eq!(again.finish().unwrap(), digests);
        let mut other = Pending::open(folder.path(), &[]).unwrap();
        assert!(other.add("b.txt", &file, &metadata).is_err());
    }
}
