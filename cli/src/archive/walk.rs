//! The files of a folder, in an order that does not depend on the file system.

use super::FOLDER;
use crate::complaint::Complaint;
use imza::algorithm::DigestAlgorithm;
use imza::crypto::Digester;
use imza_explain::{Said, Sentence};
use std::fs::{File, Metadata};
use std::io::Read as _;
use std::path::{Path, PathBuf};

/// A file or folder that cannot be read, or written to.
pub(super) fn unreadable(path: &Path, error: &std::io::Error) -> Complaint {
    let what = Said::new(Sentence::Unreadable).with("name", path);
    Complaint::other(what.with("why", error))
}

/// Hands over all that lies below a folder but the folders: its path with slashes, where it is, what
/// it is. Links are not followed; what is kept about the archive is no part of it.
pub(super) fn files(
    folder: &Path,
    mut take: impl FnMut(&str, &Path, &Metadata) -> Result<(), Complaint>,
) -> Result<(), Complaint> {
    let mut open = vec![(String::new(), folder.to_owned())];
    while let Some((prefix, path)) = open.pop() {
        let wrong = |error: &std::io::Error| unreadable(&path, error);
        let mut entries = Vec::new();
        for entry in std::fs::read_dir(&path).map_err(|error| wrong(&error))? {
            entries.push(entry.map_err(|error| wrong(&error))?.file_name());
        }
        entries.sort_unstable();
        let mut folders = Vec::new();
        for entry in entries {
            let own = path.join(&entry);
            // A name that cannot be written down could not be found again.
            let Some(name) = entry.to_str() else {
                let kind = std::io::ErrorKind::InvalidFilename;
                return Err(unreadable(&own, &kind.into()));
            };
            if prefix.is_empty() && name == FOLDER {
                continue;
            }
            let metadata = own
                .symlink_metadata()
                .map_err(|error| unreadable(&own, &error))?;
            if metadata.is_dir() {
                folders.push((format!("{prefix}{name}/"), own));
            } else {
                take(&format!("{prefix}{name}"), &own, &metadata)?;
            }
        }
        folders.reverse();
        open.append(&mut folders);
    }
    Ok(())
}

/// Octets of all files.
pub(super) fn size(folder: &Path) -> Result<u64, Complaint> {
    let mut size = 0u64;
    files(folder, |_, _, metadata| {
        if metadata.is_file() {
            size = size.saturating_add(metadata.len());
        }
        Ok(())
    })?;
    Ok(size)
}

/// A path as this machine writes it. An index that leads outside its folder is not followed.
pub(super) fn native(path: &str) -> PathBuf {
    let parts = path.split('/');
    parts
        .filter(|part| !matches!(*part, "" | "." | ".."))
        .collect()
}

/// Opens a file; a link, a pipe, a device or a folder in its place is not followed and not opened: a
/// pipe that nobody writes to would be waited for without end.
pub(super) fn open(path: &Path) -> std::io::Result<File> {
    let other = || Err(std::io::ErrorKind::InvalidInput.into());
    if !path.symlink_metadata()?.is_file() {
        return other();
    }
    let file = File::open(path)?;
    match file.metadata()?.is_file() {
        true => Ok(file),
        false => other(),
    }
}

/// All octets of a file.
pub(super) fn read(path: &Path) -> std::io::Result<Vec<u8>> {
    let mut octets = Vec::new();
    open(path)?.read_to_end(&mut octets)?;
    Ok(octets)
}

/// What stands where a file was.
pub(super) enum Seen {
    /// A file, with its digests and how many octets it has.
    File(Vec<Vec<u8>>, u64),
    Nothing,
    /// No file any more: a link, a pipe, a device, a folder.
    Other,
}

/// Looks at a path, without following links.
pub(super) fn look(path: &Path, all: &[DigestAlgorithm]) -> std::io::Result<Seen> {
    use std::io::ErrorKind;
    match digests(path, all) {
        Ok((digests, size)) => Ok(Seen::File(digests, size)),
        Err(error) => match error.kind() {
            ErrorKind::NotFound | ErrorKind::NotADirectory => Ok(Seen::Nothing),
            ErrorKind::InvalidInput => Ok(Seen::Other),
            _ => Err(error),
        },
    }
}

/// The SHA-256 of a file, which is never held whole.
pub(super) fn digest(path: &Path) -> std::io::Result<[u8; 32]> {
    let (found, _) = digests(path, &[DigestAlgorithm::Sha256])?;
    let only = found.into_iter().next().unwrap_or_default();
    only.try_into()
        .map_err(|_| std::io::ErrorKind::Unsupported.into())
}

/// Several digests of a file in one pass, and how many octets it has.
fn digests(path: &Path, all: &[DigestAlgorithm]) -> std::io::Result<(Vec<Vec<u8>>, u64)> {
    let mut file = open(path)?;
    let mut size = 0u64;
    let other = |_| std::io::Error::from(std::io::ErrorKind::Unsupported);
    let digesters = all.iter().map(|one| Digester::new(*one));
    let mut digesters = digesters.collect::<Result<Vec<_>, _>>().map_err(other)?;
    let mut buffer = [0u8; 1 << 14];
    loop {
        match file.read(&mut buffer) {
            Ok(0) => break,
            Ok(read) => {
                let octets = buffer.get(..read).unwrap_or_default();
                for digester in &mut digesters {
                    digester.update(octets);
                }
                size = size.saturating_add(u64::try_from(read).unwrap_or(u64::MAX));
            }
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    let digests = digesters.into_iter().map(Digester::finish).collect();
    Ok((digests, size))
}
