//! The documents that a command line names: files, and what lies in folders.

use crate::complaint::Complaint;
use crate::verify::name_of;
use crate::voice;
use imza_explain::{Said, Sentence};
use std::collections::BTreeSet;
use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};

/// Folders inside folders that are looked into.
const DEPTH: usize = 32;

/// A document and the name that its report has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Document {
    /// The name of the file; of one that was found in a folder, its path from there.
    pub(crate) name: String,
    pub(crate) path: PathBuf,
}

/// Files as they were named; for each folder the signed documents in it and below, by name.
pub(crate) fn named(paths: &[PathBuf]) -> Result<Vec<Document>, Complaint> {
    let mut documents = Vec::new();
    for path in paths {
        if path.is_dir() {
            documents.extend(in_folder(path)?);
        } else {
            let (name, path) = (name_of(path), path.clone());
            documents.push(Document { name, path });
        }
    }
    Ok(documents)
}

fn in_folder(folder: &Path) -> Result<Vec<Document>, Complaint> {
    let mut files = BTreeSet::new();
    let mut passed_over = 0usize;
    let mut folders = vec![(PathBuf::new(), 0)];
    while let Some((below, depth)) = folders.pop() {
        let here = folder.join(&below);
        let unreadable = |error: std::io::Error| {
            let said = Said::new(Sentence::Unreadable).with("name", here.as_path());
            Complaint::other(said.with("why", &error))
        };
        for entry in fs::read_dir(&here).map_err(unreadable)? {
            let entry = entry.map_err(unreadable)?;
            let name = entry.file_name();
            // What is hidden belongs to a program. A link to a folder may lead back here.
            if name.to_string_lossy().starts_with('.') {
                continue;
            }
            let path = below.join(&name);
            match entry.file_type() {
                Ok(kind) if kind.is_dir() && depth < DEPTH => folders.push((path, depth + 1)),
                Ok(kind) if kind.is_dir() => {}
                _ if may_be_signed(&folder.join(&path)) => {
                    files.insert(path);
                }
                _ => passed_over += 1,
            }
        }
    }
    let name = Said::new(Sentence::NothingInFolder).with("name", folder);
    if files.is_empty() {
        return Err(Complaint::misuse(name));
    }
    if passed_over > 0 {
        let said = Said::new(Sentence::PassedOver).with("name", folder);
        voice::tell(said.with("count", passed_over.to_string()));
    }
    let document = |below: PathBuf| Document {
        // Names in reports are those of containers: with `/`, on every system.
        name: below
            .iter()
            .map(|part| part.to_string_lossy())
            .collect::<Vec<_>>()
            .join("/"),
        path: folder.join(&below),
    };
    Ok(files.into_iter().map(document).collect())
}

/// By the first octets. What cannot be read is judged, and the report says so.
fn may_be_signed(path: &Path) -> bool {
    if !path.is_file() {
        return false;
    }
    let mut head = Vec::new();
    match fs::File::open(path).map(|file| file.take(1024).read_to_end(&mut head)) {
        Ok(Ok(_)) => imza::reading::may_be_signed(&head),
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_gives_its_documents_by_name_and_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        let put = |name: &str, octets: &[u8]| {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, octets).unwrap();
        };
        put("b.asice", b"PK\x03\x04...");
        put("a/c.pdf", b"%PDF-1.7");
        put("a.xml", b"<a/>");
        put("readme.txt", b"nothing signed");
        put("root.pem", b"-----BEGIN CERTIFICATE-----\n");
        put(".hidden/d.pdf", b"%PDF-1.7");
        put("empty", b"");
        let documents = named(&[folder.path().to_owned()]).unwrap();
        let names: Vec<_> = documents.iter().map(|one| one.name.as_str()).collect();
        assert_eq!(names, ["a/c.pdf", "a.xml", "b.asice"]);
    }

    #[test]
    fn a_folder_without_documents_is_wrong_usage() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("readme.txt"), "nothing signed").unwrap();
        assert_eq!(named(&[folder.path().to_owned()]).unwrap_err().status(), 2);
    }

    #[cfg(unix)]
    #[test]
    fn a_link_back_is_not_followed() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("a.pdf"), "%PDF-1.7").unwrap();
        std::os::unix::fs::symlink(folder.path(), folder.path().join("again")).unwrap();
        assert_eq!(named(&[folder.path().to_owned()]).unwrap().len(), 1);
    }
}
