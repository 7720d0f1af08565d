//! Making containers: ASiC-S and ASiC-E, each with XAdES and with CAdES.

use super::roles::{Role, role};
use super::{ASIC_E, ASIC_S, NAMESPACE};
use crate::algorithm::DigestAlgorithm;
use crate::error::{ApiMisuse, Error, Unsupported};
use crate::job::InputId;
use crate::payload::hex_octets;
use crate::source::Edits;
use crate::xml::uri::encode_uri;
use crate::xml::write::Writer;
use crate::xml::{base64, dsig};
use crate::zip::{self, Content, Directory, Extension, NewEntry};
use serde::{Deserialize, Serialize};

/// The manifest that names every data file. EN 319 162-1 §4.4.3.2.
const ODF_MANIFEST: &str = "META-INF/manifest.xml";
/// Where the manifest of a new container stands, and the message over it.
const MANIFEST: &str = "META-INF/ASiCManifest.xml";
const MESSAGE: &str = "META-INF/signature.p7s";

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
    let mut entries = data_entries(ASIC_E, files)?;
    let named = files.iter();
    let named = named.map(|file| (file.name.as_str(), file.media_type.as_str()));
    entries.push(NewEntry::octets(
        ODF_MANIFEST,
        odf_manifest(named).as_bytes(),
    ));
    for (index, file) in signatures.iter().enumerate() {
        let name = format!("META-INF/signatures{index}.xml");
        entries.push(NewEntry::octets(name, file.0.as_slice()));
    }
    zip::create(&entries)
}

/// A new ASiC-S container: `mimetype`, its one data file, a detached CMS message over it.
///
/// # Errors
/// [`ApiMisuse`] for a name that cannot stand in a container.
///
/// # Standard
/// EN 319 162-1 §4.3.
pub fn create_simple(file: &NewFile, message: &[u8]) -> Result<Edits, Error> {
    let mut entries = data_entries(ASIC_S, std::slice::from_ref(file))?;
    entries.push(NewEntry::octets("META-INF/signature.p7s", message));
    zip::create(&entries)
}

/// A new ASiC-S container: `mimetype`, its one data file, an XAdES signature over it.
///
/// # Errors
/// [`ApiMisuse`] for a name that cannot stand in a container.
///
/// # Standard
/// EN 319 162-1 §4.3.3.
pub fn create_simple_with_xades(
    file: &NewFile,
    signatures: &SignaturesFile,
) -> Result<Edits, Error> {
    let mut entries = data_entries(ASIC_S, std::slice::from_ref(file))?;
    entries.push(NewEntry::octets(
        "META-INF/signatures.xml",
        signatures.0.as_slice(),
    ));
    zip::create(&entries)
}

/// A new ASiC-E container: `mimetype`, the data files, an [`asic_manifest`] over them, a detached
/// CMS message over the manifest.
///
/// # Errors
/// [`ApiMisuse`] for names that cannot stand in a container.
///
/// # Standard
/// EN 319 162-1 §4.4.4.
pub fn create_with_manifest(
    files: &[NewFile],
    manifest: &[u8],
    message: &[u8],
) -> Result<Edits, Error> {
    let mut entries = data_entries(ASIC_E, files)?;
    entries.push(NewEntry::octets(MANIFEST, manifest));
    entries.push(NewEntry::octets(MESSAGE, message));
    zip::create(&entries)
}

/// The name of the message that [`create_with_manifest`] writes.
pub const NEW_MESSAGE: &str = MESSAGE;

/// A file that a manifest names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ManifestEntry {
    /// Its name in the container.
    pub name: String,
    /// Its media type; empty where it is not known.
    pub media_type: String,
    /// Its digest.
    pub digest: Vec<u8>,
    /// Whether it is the archive manifest before.
    pub is_root: bool,
}

/// The `ASiCManifest` with the digest of every file, for the message of this name.
///
/// # Errors
/// [`Unsupported`] for a digest algorithm without a URI.
///
/// # Standard
/// EN 319 162-1 §A.4.
pub fn asic_manifest(
    message: &str,
    references: &[ManifestEntry],
    algorithm: DigestAlgorithm,
) -> Result<Vec<u8>, Error> {
    manifest(
        message,
        "application/pkcs7-signature",
        references,
        algorithm,
    )
}

/// The `ASiCArchiveManifest` for a time-stamp of a name.
///
/// # Errors
/// As [`asic_manifest`].
///
/// # Standard
/// EN 319 162-1 §A.4, §A.7.
pub fn archive_manifest(
    token: &str,
    references: &[ManifestEntry],
    algorithm: DigestAlgorithm,
) -> Result<Vec<u8>, Error> {
    let media_type = "application/vnd.etsi.timestamp-token";
    manifest(token, media_type, references, algorithm)
}

fn manifest(
    signed_by: &str,
    media_type: &str,
    references: &[ManifestEntry],
    algorithm: DigestAlgorithm,
) -> Result<Vec<u8>, Error> {
    let uri = algorithm.uri();
    let uri = uri.ok_or_else(|| Unsupported::Algorithm(algorithm.oid().to_owned()))?;
    let mut writer = Writer::new();
    writer
        .raw("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n")
        .start(
            "asic:ASiCManifest",
            &[("xmlns:asic", NAMESPACE), ("xmlns:ds", dsig::NAMESPACE)],
        );
    let signed_by = encode_uri(signed_by);
    let reference = [("URI", signed_by.as_str()), ("MimeType", media_type)];
    writer.empty("asic:SigReference", &reference);
    for one in references {
        let name = encode_uri(&one.name);
        let mut attributes = vec![("URI", name.as_str())];
        if !one.media_type.is_empty() {
            attributes.push(("MimeType", one.media_type.as_str()));
        }
        if one.is_root {
            attributes.push(("Rootfile", "true"));
        }
        writer.start("asic:DataObjectReference", &attributes);
        writer.empty("ds:DigestMethod", &[("Algorithm", uri)]);
        writer.leaf("ds:DigestValue", &[], &base64::encode(&one.digest));
        writer.end();
    }
    Ok(writer.finish().into_bytes())
}

/// `mimetype` and the data files as they are.
fn data_entries(media_type: &str, files: &[NewFile]) -> Result<Vec<NewEntry>, Error> {
    let mut entries = vec![NewEntry::octets("mimetype", media_type.as_bytes())];
    for file in files {
        check_new_name(&file.name)?;
        entries.push(data_entry(file));
    }
    Ok(entries)
}

fn data_entry(file: &NewFile) -> NewEntry {
    NewEntry {
        name: file.name.clone(),
        content: Content::Copy {
            input: file.input,
            range: 0..file.length,
            crc32: file.crc32,
            digest: file.sha256.as_slice().try_into().ok(),
        },
    }
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

/// The container with files of `META-INF` changed, taken out and added.
///
/// # Errors
/// As [`zip::change`].
pub fn change_own_files(
    container: &Edits,
    directory: &Directory,
    removed: &[&str],
    files: impl IntoIterator<Item = (String, Vec<u8>)>,
) -> Result<Edits, Error> {
    let entry = |(name, octets): (String, Vec<u8>)| NewEntry::octets(name, octets);
    let entries: Vec<NewEntry> = files.into_iter().map(entry).collect();
    zip::change(container, directory, removed, &entries)
}

/// The container, which is input 0, with files of `META-INF` more.
///
/// # Errors
/// As [`Extension::with`].
pub fn add_own_files<'n>(
    container: &Extension,
    files: impl IntoIterator<Item = (&'n str, Vec<u8>)>,
) -> Result<Edits, Error> {
    let files = files.into_iter();
    let entries: Vec<_> = files
        .map(|(name, octets)| NewEntry::octets(name, octets))
        .collect();
    container.with(InputId(0), &entries)
}

/// The container, which is input 0, with another signatures file.
///
/// # Errors
/// As [`Extension::with`].
///
/// # Standard
/// EN 319 162-1 §4.4.3.2.
pub fn add_signatures_file(
    container: &Extension,
    name: &str,
    file: SignaturesFile,
) -> Result<Edits, Error> {
    add_own_files(container, [(name, file.0)])
}

/// The container, which is input 0, with a signatures file in the place of one of its name, which
/// is not in `container` any more.
///
/// # Errors
/// As [`Extension::with`].
pub fn replace_signatures_file(
    container: &Extension,
    name: &str,
    octets: Vec<u8>,
) -> Result<Edits, Error> {
    container.with(InputId(0), &[NewEntry::octets(name, octets)])
}

/// The container without some of its data files and with others; `files` are those that it has,
/// with their media types. The manifest is made anew.
///
/// # Errors
/// [`ApiMisuse::BadFileName`] for a file that is not there and names that cannot stand in a
/// container, [`ApiMisuse::DuplicateName`] for one that is there; as [`zip::change`].
pub fn change_files(
    container: &Edits,
    directory: &Directory,
    files: &[(&str, &str)],
    remove: &[String],
    add: &[NewFile],
) -> Result<Edits, Error> {
    let mut removed = Vec::new();
    for name in remove {
        if !files.iter().any(|(known, _)| known == name) {
            return Err(ApiMisuse::BadFileName.into());
        }
        removed.push(name.as_str());
    }
    let kept = files.iter().filter(|(name, _)| !removed.contains(name));
    let new = add.iter();
    let new = new.map(|file| (file.name.as_str(), file.media_type.as_str()));
    let manifest = odf_manifest(kept.copied().chain(new));
    let mut entries = Vec::new();
    for file in add {
        check_new_name(&file.name)?;
        entries.push(data_entry(file));
    }
    entries.push(NewEntry::octets(ODF_MANIFEST, manifest.as_bytes()));
    if directory.find(ODF_MANIFEST).is_some() {
        removed.push(ODF_MANIFEST);
    }
    zip::change(container, directory, &removed, &entries)
}

/// OpenDocument 1.3 §4: the root entry, then every data file.
fn odf_manifest<'a>(files: impl Iterator<Item = (&'a str, &'a str)>) -> String {
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
    for (name, media_type) in files {
        entry(name, media_type);
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
