//! The documents that a command line names: files, and what lies in folders.

use crate::verify::name_of;
use crate::voice;
use imza_explain::{Said, Sentence};
use std::collections::BTreeSet;
use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};

/// A document and the name that its report has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Document {
    /// The name of the file; of one that was found in a folder, its path from there.
    pub(crate) name: String,
    pub(crate) path: PathBuf,
}

/// Files as they were named; for each folder the signed documents in it and below, by name. A
/// folder that holds none stays what was named: a document that cannot be read, which does not
/// stop the others.
pub(crate) fn named(paths: &[PathBuf]) -> Vec<Document> {
    let mut documents = Vec::new();
    for path in paths {
        let inside = match path.is_dir() {
            true => in_folder(path),
            false => Vec::new(),
        };
        if inside.is_empty() {
            let (name, path) = (name_of(path), path.clone());
            documents.push(Document { name, path });
        }
        documents.extend(inside);
    }
    documents
}

fn in_folder(folder: &Path) -> Vec<Document> {
    let mut found = BTreeSet::new();
    let mut passed_over = 0usize;
    let mut folders = vec![PathBuf::new()];
    while let Some(below) = folders.pop() {
        let Ok(entries) = fs::read_dir(folder.join(&below)) else {
            // A folder below that cannot be looked into is told like a file that cannot be read.
            found.extend((below != Path::new("")).then_some(below));
            continue;
        };
        for entry in entries.flatten() {
            let name = entry.file_name();
            // What is hidden belongs to a program. A link to a folder may lead back here.
            if name.to_string_lossy().starts_with('.') {
                continue;
            }
            let path = below.join(&name);
            let whole = entry.path();
            match entry.file_type().ok() {
                Some(kind) if kind.is_dir() => folders.push(path),
                // A link is what it leads to.
                kind if (kind.is_some_and(|kind| kind.is_file()) || whole.is_file())
                    && may_be_signed(&whole) =>
                {
                    found.insert(path);
                }
                _ => passed_over += 1,
            }
        }
    }
    if passed_over > 0 && !found.is_empty() {
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
    found.into_iter().map(document).collect()
}

/// By the first octets. What cannot be read is judged, and the report says so.
fn may_be_signed(path: &Path) -> bool {
    head(path).map_or(true, |head| imza::reading::may_be_signed(&head))
}

/// As many octets as tell the kind: those of mail are more, and asked for when some are known.
fn head(path: &Path) -> std::io::Result<Vec<u8>> {
    let mut file = fs::File::open(path)?;
    let mut head = Vec::new();
    for _ in 0..2 {
        let known = u64::try_from(head.len()).unwrap_or(u64::MAX);
        let more = imza::reading::head_length(&head).saturating_sub(known);
        head.reserve_exact(usize::try_from(more).unwrap_or(0));
        file.by_ref().take(more).read_to_end(&mut head)?;
    }
    Ok(head)
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
        put("key.pem", b"-----BEGIN EC PRIVATE KEY-----\n");
        put(".hidden/d.pdf", b"%PDF-1.7");
        put("empty", b"");
        let documents = named(&[folder.path().to_owned()]);
        let names: Vec<_> = documents.iter().map(|one| one.name.as_str()).collect();
        assert_eq!(names, ["a/c.pdf", "a.xml", "b.asice"]);
    }

    #[test]
    fn mail_in_a_folder_is_told_behind_a_long_header() {
        let folder = tempfile::tempdir().unwrap();
        let relayed = "Received: from a\r\n\tby b\r\n".repeat(800);
        let named = "Content-Type: application/pkcs7-mime\r\n\r\nMIAG";
        let put = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
        put("a.eml", &[&relayed, named].concat());
        put("b.eml", &[&relayed, "\r\n", named].concat());
        put("notes.txt", &"Note: a line\n".repeat(6_000));
        put("words.txt", &["A word\n", &relayed, named].concat());
        let documents = named_in(folder.path());
        assert_eq!(documents, ["a.eml"]);
        let length = |name: &str| head(&folder.path().join(name)).unwrap().len();
        assert_eq!((length("notes.txt"), length("words.txt")), (1 << 16, 1024));
    }

    fn named_in(folder: &Path) -> Vec<String> {
        let documents = named(&[folder.to_owned()]).into_iter();
        documents.map(|one| one.name).collect()
    }

    #[test]
    fn a_folder_without_documents_stays_what_was_named() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("readme.txt"), "nothing signed").unwrap();
        let documents = named(&[folder.path().to_owned()]);
        assert_eq!(documents.len(), 1);
        assert_eq!(documents[0].path, folder.path());
    }

    #[cfg(unix)]
    #[test]
    fn a_link_back_is_not_followed() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("a.pdf"), "%PDF-1.7").unwrap();
        std::os::unix::fs::symlink(folder.path(), folder.path().join("again")).unwrap();
        assert_eq!(named(&[folder.path().to_owned()]).len(), 1);
    }
}
