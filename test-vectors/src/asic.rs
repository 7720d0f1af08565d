//! ASiC containers around signatures made elsewhere in this crate.
//!
//! # Standard
//! EN 319 162-1 §4.3 (ASiC-S), §4.4 (ASiC-E), A.1 (the `mimetype` entry).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::hash::Hash;
use crate::xades::{DataFile, percent_encode};
use crate::zip::{self, Entry};

/// The media type of ASiC-E.
pub const ASIC_E: &str = "application/vnd.etsi.asic-e+zip";
/// The media type of ASiC-S.
pub const ASIC_S: &str = "application/vnd.etsi.asic-s+zip";

/// The entries of an ASiC-E container with XAdES, to be changed or written.
///
/// `mimetype`, the files, `META-INF/manifest.xml`, and `META-INF/signatures0.xml` and so on.
pub fn asic_e_xades(files: &[DataFile], documents: &[String]) -> Vec<Entry> {
    let mut entries = start(ASIC_E, files);
    entries.push(Entry::new(
        "META-INF/manifest.xml",
        open_document_manifest(files).as_bytes(),
    ));
    for (index, document) in documents.iter().enumerate() {
        let name = format!("META-INF/signatures{index}.xml");
        entries.push(Entry::new(&name, document.as_bytes()));
    }
    entries
}

/// The entries of an ASiC-E container with CAdES: the manifest and the signature over it.
pub fn asic_e_cades(files: &[DataFile], manifest: &str, signature: &[u8]) -> Vec<Entry> {
    let mut entries = start(ASIC_E, files);
    entries.push(Entry::new("META-INF/ASiCManifest.xml", manifest.as_bytes()));
    entries.push(Entry::new("META-INF/signature.p7s", signature));
    entries
}

/// The entries of an ASiC-S container with CAdES over its one file.
pub fn asic_s_cades(file: &DataFile, signature: &[u8]) -> Vec<Entry> {
    let mut entries = start(ASIC_S, std::slice::from_ref(file));
    entries.push(Entry::new("META-INF/signature.p7s", signature));
    entries
}

/// The entries of an ASiC-S container with XAdES over its one file.
pub fn asic_s_xades(file: &DataFile, document: &str) -> Vec<Entry> {
    let mut entries = start(ASIC_S, std::slice::from_ref(file));
    entries.push(Entry::new("META-INF/signatures.xml", document.as_bytes()));
    entries
}

/// The entries of an ASiC-S container with a time-stamp token over its one file.
pub fn asic_s_timestamp(file: &DataFile, token: &[u8]) -> Vec<Entry> {
    let mut entries = start(ASIC_S, std::slice::from_ref(file));
    entries.push(Entry::new("META-INF/timestamp.tst", token));
    entries
}

fn start(media_type: &str, files: &[DataFile]) -> Vec<Entry> {
    let mut entries = vec![Entry::new("mimetype", media_type.as_bytes())];
    entries.extend(files.iter().map(|file| Entry::new(&file.name, &file.bytes)));
    entries
}

/// `META-INF/manifest.xml` as OpenDocument defines it.
pub fn open_document_manifest(files: &[DataFile]) -> String {
    let entry = |path: &str, media_type: &str| {
        format!(
            "<manifest:file-entry manifest:full-path=\"{path}\" \
             manifest:media-type=\"{media_type}\"/>"
        )
    };
    let files: String = files
        .iter()
        .map(|f| entry(&f.name, &f.media_type))
        .collect();
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<manifest:manifest \
         xmlns:manifest=\"urn:oasis:names:tc:opendocument:xmlns:manifest:1.0\" \
         manifest:version=\"1.2\">{}{files}</manifest:manifest>\n",
        entry("/", ASIC_E)
    )
}

/// `META-INF/ASiCManifest.xml` naming `META-INF/signature.p7s`, with the digest of every file.
pub fn asic_manifest(files: &[DataFile], hash: Hash) -> String {
    let references: String = files
        .iter()
        .map(|file| {
            format!(
                "<asic:DataObjectReference URI=\"{}\" MimeType=\"{}\">\
                 <ds:DigestMethod Algorithm=\"{}\"/><ds:DigestValue>{}</ds:DigestValue>\
                 </asic:DataObjectReference>",
                percent_encode(&file.name),
                file.media_type,
                hash.uri(),
                STANDARD.encode(hash.digest(&file.bytes))
            )
        })
        .collect();
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<asic:ASiCManifest \
         xmlns:asic=\"http://uri.etsi.org/02918/v1.2.1#\" \
         xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\"><asic:SigReference \
         URI=\"META-INF/signature.p7s\" MimeType=\"application/pkcs7-signature\"/>{references}\
         </asic:ASiCManifest>\n"
    )
}

/// Writes the entries.
pub fn write(entries: &[Entry]) -> Vec<u8> {
    zip::write(entries)
}
