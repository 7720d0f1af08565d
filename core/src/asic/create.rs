//! Making containers: ASiC-E with XAdES.

use super::roles::{Role, role};
use super::{ASIC_E, NAMESPACE};
use crate::error::{ApiMisuse, Error};
use crate::job::InputId;
use crate::payload::hex_octets;
use crate::source::Edits;
use crate::xml::write::Writer;
use crate::zip::{self, Content, Directory, NewEntry};
use serde::{Deserialize, Serialize};

/// A data file of a new container.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewFile {
    /// Its name in the container.
    pub name: String,
    /// The input that holds it.
    pub input: InputId,
    /// Octets.
    pub length: u64,
    /// CRC-32 of the octets.
    pub crc32: u32,
    /// SHA-256 of the octets.
    #[serde(with = "hex_octets")]
    pub sha256: Vec<u8>,
    /// Media type.
    pub media_type: String,
}

/// The octets of a signatures file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignaturesFile(Vec<u8>);

/// Whether a document can stand in a container under this name.
///
/// # Errors
/// [`ApiMisuse::BadFileName`] for a name of the container's own files, or one that readers refuse.
pub fn check_new_name(name: &str) -> Result<(), ApiMisuse> {
    let is_own = role(name) != Role::Data;
    let leads_outside = name.split('/').any(|part| matches!(part, "" | "." | ".."));
    let has_odd = name
        .chars()
        .any(|one| one.is_control() || one == '\\' || one == ':');
    if is_own || leads_outside || has_odd {
        return Err(ApiMisuse::BadFileName);
    }
    Ok(())
}

/// `asic:XAdESSignatures` around signatures, EN 319 162-1 §4.4.3.2.
#[must_use]
pub fn signatures_file(signatures: &[&[u8]]) -> SignaturesFile {
    let mut octets = Vec::new();
    octets.extend_from_slice(b"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    octets.extend_from_slice(b"<asic:XAdESSignatures xmlns:asic=\"");
    octets.extend_from_slice(NAMESPACE.as_bytes());
    octets.extend_from_slice(b"\">");
    for signature in signatures {
        octets.extend_from_slice(signature);
    }
    octets.extend_from_slice(b"</asic:XAdESSignatures>");
    SignaturesFile(octets)
}

/// A new ASiC-E container: `mimetype`, the data files as they are, the manifest, the signatures.
///
/// # Errors
/// [`ApiMisuse`] for names that cannot stand in a container.
///
/// # Standard
/// EN 319 162-1 §4.4.3, §A.1.
pub fn create(files: &[NewFile], signatures: &[SignaturesFile]) -> Result<Edits, Error> {
    let mut entries = vec![NewEntry::octets("mimetype", ASIC_E.as_bytes())];
    for file in files {
        check_new_name(&file.name)?;
        let digest: Option<[u8; 32]> = file.sha256.as_slice().try_into().ok();
        let range = 0..file.length;
        let content = Content::Copy {
            input: file.input,
            range,
            crc32: file.crc32,
            digest,
        };
        entries.push(NewEntry {
            name: file.name.clone(),
            content,
        });
    }
    entries.push(NewEntry::octets(
        "META-INF/manifest.xml",
        odf_manifest(files).as_bytes(),
    ));
    for (index, file) in signatures.iter().enumerate() {
        let name = format!("META-INF/signatures{index}.xml");
        entries.push(NewEntry::octets(name, file.0.as_slice()));
    }
    zip::create(&entries)
}

/// The container with other signatures files of the same names; every other file stays as it is.
///
/// # Errors
/// As [`zip::replace`].
pub fn replace_signatures_files(
    container: &Edits,
    directory: &Directory,
    files: impl IntoIterator<Item = (String, Vec<u8>)>,
) -> Result<Edits, Error> {
    let entry = |(name, octets): (String, Vec<u8>)| NewEntry::octets(name, octets);
    let entries: Vec<NewEntry> = files.into_iter().map(entry).collect();
    zip::replace(container, directory, &entries)
}

/// OpenDocument 1.3 §4: the root entry, then every data file.
fn odf_manifest(files: &[NewFile]) -> String {
    let mut writer = Writer::new();
    writer
        .raw("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n")
        .start(
            "manifest:manifest",
            &[
                (
                    "xmlns:manifest",
                    "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0",
                ),
                ("manifest:version", "1.2"),
            ],
        );
    let mut entry = |path: &str, media_type: &str| {
        let attributes = [
            ("manifest:full-path", path),
            ("manifest:media-type", media_type),
        ];
        writer.empty("manifest:file-entry", &attributes);
    };
    entry("/", ASIC_E);
    for file in files {
        entry(&file.name, &file.media_type);
    }
    writer.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_the_containers_own_files_are_refused() {
        for name in [
            "mimetype",
            "META-INF/a.txt",
            "meta-inf/signatures.xml",
            "",
            "a//b",
            "/a",
            "../a",
            "a/./b",
            "a\\b",
            "c:a",
            "a\u{0}b",
            "a/",
        ] {
            assert_eq!(check_new_name(name), Err(ApiMisuse::BadFileName), "{name}");
        }
        assert_eq!(check_new_name("qovluq/ərizə.txt"), Ok(()));
    }
}
