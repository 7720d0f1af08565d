//! Manifests: `ASiCManifest`, which a signature covers, and `manifest.xml` of OpenDocument.

use super::NAMESPACE;
use crate::algorithm::DigestAlgorithm;
use crate::error::{Error, Malformed, MalformedKind, Unsupported};
use crate::limits::{Budget, Resource};
use crate::xml::uri::decode_uri;
use crate::xml::{self, Node, Tree, base64};
use std::collections::BTreeMap;

const XMLDSIG: &str = "http://www.w3.org/2000/09/xmldsig#";
const ODF: &str = "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0";

/// Which signature file an `ASiCManifest` belongs to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct SigReference {
    pub(super) uri: String,
}

/// One `DataObjectReference` of an `ASiCManifest`.
///
/// ```text
/// <DataObjectReference URI MimeType? Rootfile?>
///   <ds:DigestMethod/> <ds:DigestValue/> <DataObjectReferenceExtensions>? </DataObjectReference>
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ManifestReference {
    /// Name of the file, percent-decoded once; none where what is written is no relative reference.
    pub name: Option<String>,
    /// The reference as it is written.
    pub uri: String,
    /// Digest algorithm, or the name of one that is not implemented.
    pub algorithm: Result<DigestAlgorithm, Unsupported>,
    /// The digest.
    pub digest: Vec<u8>,
}

/// Reads the references of an `ASiCManifest`, EN 319 162-1 §A.4.
///
/// # Errors
/// [`Malformed`] when it is no such manifest; a limit.
pub fn read_manifest(octets: &[u8], budget: &mut Budget) -> Result<Vec<ManifestReference>, Error> {
    let text = xml::decode(octets)?;
    let tree = Tree::parse(&text, budget)?;
    let root = root(&tree)?;
    let mut references = Vec::new();
    for node in root.elements_named(NAMESPACE, "DataObjectReference") {
        budget.charge(Resource::References, 1)?;
        references.push(reference(node)?);
    }
    Ok(references)
}

pub(super) fn read_sig_reference(
    octets: &[u8],
    budget: &mut Budget,
) -> Result<SigReference, Error> {
    let text = xml::decode(octets)?;
    let tree = Tree::parse(&text, budget)?;
    let root = root(&tree)?;
    let mut nodes = root.elements_named(NAMESPACE, "SigReference");
    let wrong = || root.malformed(MalformedKind::AsicStructure);
    let node = nodes.next().ok_or_else(wrong)?;
    if nodes.next().is_some() {
        return Err(wrong().into());
    }
    let uri = node.attribute("URI").ok_or_else(wrong)?;
    Ok(SigReference {
        uri: decode_uri(uri).ok_or_else(wrong)?,
    })
}

fn root<'t>(tree: &'t Tree<'_>) -> Result<Node<'t>, Malformed> {
    let root = tree.document_element();
    if root.is(NAMESPACE, "ASiCManifest") {
        Ok(root)
    } else {
        Err(root.malformed(MalformedKind::AsicStructure))
    }
}

fn reference(node: Node<'_>) -> Result<ManifestReference, Error> {
    let wrong = || node.malformed(MalformedKind::AsicStructure);
    let only = |name: &str| -> Result<Node<'_>, Malformed> {
        let mut nodes = node.elements_named(XMLDSIG, name);
        match (nodes.next(), nodes.next()) {
            (Some(only), None) => Ok(only),
            _ => Err(wrong()),
        }
    };
    let uri = node.attribute("URI").ok_or_else(wrong)?;
    let method = only("DigestMethod")?
        .attribute("Algorithm")
        .ok_or_else(wrong)?;
    let algorithm =
        DigestAlgorithm::from_uri(method).ok_or_else(|| Unsupported::Algorithm(method.to_owned()));
    let digest = base64::decode(&only("DigestValue")?.only_text()?)?;
    Ok(ManifestReference {
        name: decode_uri(uri),
        uri: uri.to_owned(),
        algorithm,
        digest,
    })
}

/// The entries of `manifest.xml`: name and media type (OpenDocument 1.3 §4).
pub(super) fn read_odf_manifest(
    octets: &[u8],
    budget: &mut Budget,
) -> Result<BTreeMap<String, String>, Error> {
    let text = xml::decode(octets)?;
    let tree = Tree::parse(&text, budget)?;
    let root = tree.document_element();
    if !root.is(ODF, "manifest") {
        return Err(root.malformed(MalformedKind::AsicStructure).into());
    }
    let mut entries = BTreeMap::new();
    for node in root.elements_named(ODF, "file-entry") {
        budget.charge(Resource::Entries, 1)?;
        let attribute = |name: &str| node.attribute_in(ODF, name).unwrap_or_default().to_owned();
        let path = attribute("full-path");
        if !leads_inside(&path) {
            return Err(node.malformed(MalformedKind::AsicStructure).into());
        }
        entries.insert(path, attribute("media-type"));
    }
    Ok(entries)
}

/// OpenDocument 1.3 §4.8.4: the package itself, or a path inside of it; folders end with a slash.
fn leads_inside(path: &str) -> bool {
    let inside = path.strip_suffix('/').unwrap_or(path);
    path == "/"
        || !inside
            .split('/')
            .any(|part| matches!(part, "" | "." | ".."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_manifest_with_two_digests_for_a_file_is_malformed() {
        let manifest = format!(
            "<ASiCManifest xmlns='{NAMESPACE}' xmlns:ds='{XMLDSIG}'><SigReference URI='s'/>\
             <DataObjectReference URI='a'><ds:DigestMethod Algorithm='x'/>\
             <ds:DigestValue>AA==</ds:DigestValue><ds:DigestValue>AA==</ds:DigestValue>\
             </DataObjectReference></ASiCManifest>"
        );
        assert!(read_manifest(manifest.as_bytes(), &mut Budget::default()).is_err());
    }

    #[test]
    fn a_reference_that_is_no_uri_names_nothing_by_itself() {
        let read = |uri: &str| {
            let manifest = format!(
                "<ASiCManifest xmlns='{NAMESPACE}' xmlns:ds='{XMLDSIG}'><SigReference URI='s'/>\
                 <DataObjectReference URI='{uri}'><ds:DigestMethod Algorithm='x'/>\
                 <ds:DigestValue>AA==</ds:DigestValue></DataObjectReference></ASiCManifest>"
            );
            let read = read_manifest(manifest.as_bytes(), &mut Budget::default());
            read.unwrap().remove(0)
        };
        for uri in ["100%.txt", "a#b", "a?b", "../a", "%ff"] {
            let reference = read(uri);
            assert_eq!((reference.name, reference.uri.as_str()), (None, uri));
        }
        assert_eq!(read("a%20b").name.as_deref(), Some("a b"));
    }

    #[test]
    fn paths_that_lead_outside_are_malformed() {
        let read = |path: &str| {
            let manifest = format!(
                "<m:manifest xmlns:m='{ODF}'><m:file-entry m:full-path='{path}'/></m:manifest>"
            );
            read_odf_manifest(manifest.as_bytes(), &mut Budget::default())
        };
        for path in ["", ".", "..", "/a", "a//b", "a/../b", "./a", "a/.", "//"] {
            assert!(read(path).is_err(), "{path}");
        }
        for path in ["/", "a", "a/b.txt", "a/b/", "..a"] {
            assert!(read(path).is_ok(), "{path}");
        }
    }

    #[test]
    fn another_root_is_no_manifest() {
        assert!(read_manifest(b"<a/>", &mut Budget::default()).is_err());
        assert!(read_sig_reference(b"<a/>", &mut Budget::default()).is_err());
    }
}
