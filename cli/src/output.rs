//! Files that come out whole or not at all.
//!
//! Output goes to a temporary file of the same folder, made exclusively and readable by its owner
//! only, and is renamed when it is complete. A failure, a full disk or Ctrl-C leaves no partial
//! output and no changed input.

use crate::complaint::Complaint;
use imza_explain::{Said, Sentence};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

/// Whether an existing file may be replaced.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Existing {
    Keep,
    Replace,
}

impl Existing {
    /// What `--force` says.
    pub(crate) fn of(force: bool) -> Self {
        if force { Self::Replace } else { Self::Keep }
    }
}

/// Writes a text and the end of its line to standard output.
pub(crate) fn say(text: &str) -> Result<(), Complaint> {
    // Without colours there is nothing to take away, and looking for it letter by letter takes long.
    let written = match text.contains('\u{1b}') {
        true => {
            let mut out = anstream::stdout();
            writeln!(out, "{text}").and_then(|()| out.flush())
        }
        false => {
            let mut out = std::io::stdout().lock();
            let line = [text, "\n"].concat();
            out.write_all(line.as_bytes()).and_then(|()| out.flush())
        }
    };
    match written {
        // Whoever reads has seen enough; the verdict is in the exit status.
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
            let what = Said::new(Sentence::OutputUnwritable).with("why", &error);
            Err(Complaint::other(what))
        }
        _ => Ok(()),
    }
}

/// A file in the making.
pub(crate) struct Output {
    target: PathBuf,
    existing: Existing,
    file: BufWriter<tempfile::NamedTempFile>,
}

impl Output {
    pub(crate) fn create(target: &Path, existing: Existing) -> Result<Self, Complaint> {
        if existing == Existing::Keep && target.symlink_metadata().is_ok() {
            let what = Said::new(Sentence::Exists).with("name", target);
            return Err(Complaint::other(what));
        }
        let folder = match target.parent() {
            Some(folder) if !folder.as_os_str().is_empty() => folder,
            _ => Path::new("."),
        };
        let file = tempfile::Builder::new()
            .prefix(".imza-")
            .suffix(".partial")
            .tempfile_in(folder)
            .map_err(|error| Self::unwritable(target, &error))?;
        crate::host::remove_on_interrupt(file.path());
        let file = BufWriter::with_capacity(1 << 16, file);
        Ok(Self {
            target: target.to_owned(),
            existing,
            file,
        })
    }

    fn unwritable(target: &Path, error: &std::io::Error) -> Complaint {
        let what = Said::new(Sentence::Unwritable).with("name", target);
        Complaint::other(what.with("why", error))
    }

    pub(crate) fn write(&mut self, octets: &[u8]) -> Result<(), Complaint> {
        self.file
            .write_all(octets)
            .map_err(|error| Self::unwritable(&self.target, &error))
    }

    /// Gives the file its name.
    pub(crate) fn finish(self) -> Result<(), Complaint> {
        let Self {
            target,
            existing,
            file,
        } = self;
        let wrong = |error: &std::io::Error| Self::unwritable(&target, error);
        let file = file.into_inner().map_err(|error| wrong(error.error()))?;
        file.as_file().sync_all().map_err(|error| wrong(&error))?;
        let persisted = match existing {
            Existing::Keep => file.persist_noclobber(&target),
            Existing::Replace => file.persist(&target),
        };
        persisted.map_err(|error| wrong(&error.error))?;
        Ok(())
    }
}
