//! DIGIDOC-XML 1.0 to 1.3: data files and signatures in one XML document.
//!
//! Before ASiC, signed documents of Estonia were one XML file: `SignedDoc` holds every data file as
//! base64 text in a `DataFile`, and behind them the signatures, which refer to those elements. All
//! of it is SHA-1 and a format that nobody makes any more. It is read so that old documents can be
//! understood, and never written.
//!
//! ```text
//! <SignedDoc format version>
//!   (<DataFile ContentType Filename Id MimeType Size DigestType? DigestValue?/>)*
//!   (<ds:Signature/>)*
//! </SignedDoc>
//! ```
//!
//! # Standard
//! DIGIDOC-XML 1.3 (SK, 2013), SK-XML 1.0; TS 101 903 v1.1.1.

use crate::algorithm::DigestAlgorithm;
use crate::crypto;
use crate::error::{Error, Unsupported};
use crate::limits::{Budget, Resource};
use crate::payload::PayloadName;
use crate::revocation::{BasicOcspResponse, OcspResponse};
use crate::signature::{Finding, RevocationKind, Signature, Target};
use crate::vocabulary::CheckId;
use crate::xades::{self, Dialect, FileContent, FileElement, Resolve};
use crate::xml::dsig::{self, Grammar};
use crate::xml::{self, Node, Tree, base64};
use std::collections::BTreeSet;
use std::sync::Arc;

/// Media type of such a document.
pub const DIGIDOC: &str = "application/x-ddoc";

/// A data file of such a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DigidocFile {
    /// Its name, which is unique in the document.
    pub name: String,
    /// Octets; what the document says where it does not hold them.
    pub size: u64,
    /// Media type, as written.
    pub media_type: String,
    /// The octets, where they are there.
    pub octets: Option<Arc<[u8]>>,
}

/// What such a document holds beside signatures.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Digidoc {
    /// Data files, in document order.
    pub files: Vec<DigidocFile>,
    /// What is wrong with the document; counts for every signature in it.
    pub findings: Vec<Finding>,
}

/// Reads the data files; none where the document is of another format.
///
/// # Errors
/// [`Error::Malformed`] or [`Error::Unsupported`] for XML that cannot be read; a limit.
pub fn read_digidoc(octets: &[u8], budget: &mut Budget) -> Result<Option<Digidoc>, Error> {
    let text = xml::decode(octets)?;
    let tree = Tree::parse(&text, budget)?;
    let root = tree.document_element();
    if root.name() != "SignedDoc" {
        return Ok(None);
    }
    let mut digidoc = Digidoc::default();
    if Version::of(root).is_none() {
        digidoc.findings.push(structure(
            "a format and version of DIGIDOC-XML",
            "others, or none",
        ));
    }
    let foreign = root
        .elements()
        .find(|child| !is_data_file(root, *child) && !child.is(dsig::NAMESPACE, "Signature"));
    if let Some(foreign) = foreign {
        let found = foreign.name().to_owned();
        digidoc
            .findings
            .push(structure("data files and signatures", found));
    }
    for file in files(root, &|_| None, budget)? {
        let FileElement {
            name,
            media_type,
            content,
            node,
            ..
        } = file;
        let said = tree.node(node).and_then(|node| node.attribute("Size"));
        let said = said.and_then(|size| size.trim().parse().ok());
        let octets = match content {
            FileContent::Inside(octets) => Some(octets),
            FileContent::Unread(_) | FileContent::Outside(_) => None,
        };
        let held = octets
            .as_ref()
            .map(|octets| u64::try_from(octets.len()).unwrap_or(u64::MAX));
        digidoc.files.push(DigidocFile {
            name,
            size: held.or(said).unwrap_or(0),
            media_type,
            octets,
        });
    }
    Ok(Some(digidoc))
}

/// Reads every signature, in document order.
///
/// # Errors
/// As [`xades::parse`].
pub fn digidoc_signatures(
    octets: &[u8],
    resolve: &Resolve<'_>,
    budget: &mut Budget,
) -> Result<Vec<Signature>, Error> {
    let text = xml::decode(octets)?;
    let tree = Tree::parse(&text, budget)?;
    let root = tree.document_element();
    let version = Version::of(root);
    let dialect = Dialect {
        grammar: match version {
            Some(Version::SkXml) => Grammar::Draft,
            _ => Grammar::XmlDsig,
        },
        has_old_properties: version != Some(Version::Digidoc13),
        files: files(root, resolve, budget)?,
    };
    let mut records = xades::parse_tree(&tree, "", resolve, &dialect, budget)?;
    for record in records.iter_mut().filter(|record| record.parent.is_none()) {
        if record.value.is_some() {
            record.findings.extend(unsigned(record, &dialect.files));
            record.findings.extend(confirmation(record, budget)?);
        }
    }
    Ok(records)
}

/// The versions whose rules differ.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Version {
    SkXml,
    Digidoc11,
    Digidoc12,
    Digidoc13,
}

impl Version {
    fn of(root: Node<'_>) -> Option<Self> {
        let attribute = |name| root.attribute(name).unwrap_or_default();
        match (attribute("format"), attribute("version")) {
            ("SK-XML", "1.0") => Some(Self::SkXml),
            ("DIGIDOC-XML", "1.1") => Some(Self::Digidoc11),
            ("DIGIDOC-XML", "1.2") => Some(Self::Digidoc12),
            ("DIGIDOC-XML", "1.3") => Some(Self::Digidoc13),
            _ => None,
        }
    }
}

/// Some producers undeclare the namespace of the root in it.
fn is_data_file(root: Node<'_>, child: Node<'_>) -> bool {
    let namespace = child.namespace();
    child.name() == "DataFile" && (namespace.is_empty() || namespace == root.namespace())
}

fn files(
    root: Node<'_>,
    resolve: &Resolve<'_>,
    budget: &mut Budget,
) -> Result<Vec<FileElement>, Error> {
    let mut files: Vec<FileElement> = Vec::new();
    let mut names = BTreeSet::new();
    for node in root.elements().filter(|child| is_data_file(root, *child)) {
        budget.charge(Resource::Entries, 1)?;
        let attribute = |name| node.attribute(name).unwrap_or_default().to_owned();
        let (id, mut name) = (attribute("Id"), attribute("Filename"));
        let content = content(node, &name, resolve, budget)?;
        // Two files may bear one name, and one the name that another would get; which of them is
        // signed must be told all the same.
        while !names.insert(name.clone()) {
            budget.charge(Resource::Entries, 1)?;
            name = format!("{id}/{name}");
        }
        files.push(FileElement {
            node: node.id(),
            id,
            name,
            media_type: attribute("MimeType"),
            content,
        });
    }
    Ok(files)
}

fn content(
    node: Node<'_>,
    name: &str,
    resolve: &Resolve<'_>,
    budget: &mut Budget,
) -> Result<FileContent, Error> {
    match node.attribute("ContentType").unwrap_or_default() {
        "EMBEDDED_BASE64" => {
            let Ok(text) = node.only_text() else {
                return Ok(FileContent::Unread(Unsupported::Feature(
                    "a data file that is no text",
                )));
            };
            budget.charge(
                Resource::StructureBytes,
                u64::try_from(text.len()).unwrap_or(u64::MAX),
            )?;
            Ok(match base64::decode(&text) {
                Ok(octets) => FileContent::Inside(octets.into()),
                Err(_) => {
                    FileContent::Unread(Unsupported::Feature("a data file that is no base64"))
                }
            })
        }
        "HASHCODE" => Ok(FileContent::Outside(resolve(name))),
        _ => Ok(FileContent::Unread(Unsupported::Feature(
            "a data file that is not in base64",
        ))),
    }
}

/// A signature is over every data file: one that leaves a file out would vouch for a document that
/// the signer did not see.
fn unsigned(record: &Signature, files: &[FileElement]) -> Option<Finding> {
    let covered = record.references.iter().filter_map(|reference| {
        match (&reference.covers, &reference.target) {
            (Some(PayloadName::Entry(name)), _) => Some(name.as_str()),
            // A file that is not in the document is named all the same. The name of any other
            // reference is its URI, and a file that nobody signed could be called like that.
            (None, Target::NotFound) => Some(reference.name.as_str()),
            _ => None,
        }
    });
    let covered: BTreeSet<&str> = covered.collect();
    if files.is_empty() {
        return Some(structure("a data file", "none"));
    }
    let left_out = files
        .iter()
        .find(|file| !covered.contains(file.name.as_str()))?;
    let found = format!("none to {}", left_out.name);
    Some(structure("a reference to every data file", found))
}

/// The OCSP response beside a signature was asked for with the digest of the signature value as its
/// nonce: so it confirms that the value existed. One that cannot be read, or was asked for about
/// something else, confirms nothing.
fn confirmation(record: &Signature, budget: &mut Budget) -> Result<Option<Finding>, Error> {
    let value = record.value.as_ref().map(|value| Arc::clone(&value.value));
    let value = value.unwrap_or_default();
    let mut wrong = None;
    for one in &record.revocation {
        if one.kind == RevocationKind::Crl {
            continue;
        }
        let response = match OcspResponse::parse_any(&one.octets, budget) {
            Ok(response) => response.basic,
            Err(Error::LimitExceeded(limit)) => return Err(limit.into()),
            Err(error) => {
                let expected = "a confirmation that can be read";
                return Ok(Some(structure(expected, error.reason())));
            }
        };
        let nonce = response.as_ref().and_then(BasicOcspResponse::nonce);
        let Some(nonce) = nonce else {
            continue;
        };
        // SHA-1 alone, or with its name before it as the later libraries write it.
        let mut is_over_value = false;
        for algorithm in [DigestAlgorithm::Sha1, DigestAlgorithm::Sha256] {
            is_over_value |= nonce.ends_with(&crypto::digest(algorithm, &value)?);
        }
        if is_over_value {
            return Ok(None);
        }
        let expected = "a confirmation of this signature value";
        wrong = Some(structure(expected, "one of another value"));
    }
    Ok(wrong)
}

fn structure(expected: &str, found: impl Into<String>) -> Finding {
    Finding::new(CheckId::FormatStructure, expected, found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::payload::Part;
    use crate::signature::Reference;
    use crate::vocabulary::ReferenceKind;

    const DS: &str = "http://www.w3.org/2000/09/xmldsig#";
    const SHA_1: &str = "http://www.w3.org/2000/09/xmldsig#sha1";
    const C14N: &str = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315";
    const DDOC: &str = "http://www.sk.ee/DigiDoc/v1.3.0#";
    const XADES: &str = "http://uri.etsi.org/01903/v1.1.1#";

    fn sha1(octets: &str) -> String {
        base64::encode(&crypto::digest(DigestAlgorithm::Sha1, octets.as_bytes()).unwrap())
    }

    fn file(id: &str, name: &str, text: &str) -> String {
        format!(
            "<DataFile xmlns=\"{DDOC}\" ContentType=\"EMBEDDED_BASE64\" Filename=\"{name}\" \
             Id=\"{id}\" MimeType=\"text/plain\" Size=\"3\">{text}</DataFile>"
        )
    }

    fn reference(uri: &str, digest: &str) -> String {
        format!(
            "<Reference URI=\"#{uri}\"><DigestMethod Algorithm=\"{SHA_1}\"/>\
             <DigestValue>{digest}</DigestValue></Reference>"
        )
    }

    /// A signature with these references; its value is nobody's.
    fn signature(references: &str, properties: &str) -> String {
        format!(
            "<Signature xmlns=\"{DS}\" Id=\"S0\"><SignedInfo><CanonicalizationMethod \
             Algorithm=\"{C14N}\"/><SignatureMethod Algorithm=\"{DS}rsa-sha1\"/>{references}\
             </SignedInfo><SignatureValue>AAAA</SignatureValue><Object><QualifyingProperties \
             xmlns=\"{XADES}\" Target=\"#S0\">{properties}</QualifyingProperties></Object>\
             </Signature>"
        )
    }

    fn document(content: &str) -> String {
        format!(
            "<SignedDoc xmlns=\"{DDOC}\" format=\"DIGIDOC-XML\" version=\"1.3\">{content}\
             </SignedDoc>"
        )
    }

    const PROPERTIES: &str = "<SignedProperties Id=\"S0-P\"></SignedProperties>";

    fn records(document: &str) -> Vec<Signature> {
        let none = |_: &str| None;
        digidoc_signatures(document.as_bytes(), &none, &mut Budget::default()).unwrap()
    }

    fn digidoc(document: &str) -> Digidoc {
        let read = read_digidoc(document.as_bytes(), &mut Budget::default());
        read.unwrap().unwrap()
    }

    /// Whether the digest is over what the reference leads to.
    fn fits(reference: &Reference) -> bool {
        let Target::Parts(parts) = &reference.target else {
            return false;
        };
        let [Part::Octets(octets)] = parts.as_slice() else {
            return false;
        };
        crypto::digest(DigestAlgorithm::Sha1, octets).unwrap() == reference.expected
    }

    #[test]
    fn a_reference_to_a_data_file_covers_it() {
        let file = file("D0", "a.txt", "YWJj");
        let signature = signature(&reference("D0", &sha1(&file)), PROPERTIES);
        let document = document(&format!("{file}{signature}"));
        let records = records(&document);
        let found = &records[0].references[0];
        assert!(fits(found));
        assert_eq!(found.covers, Some(PayloadName::Entry("a.txt".to_owned())));
        assert_eq!(records[0].findings, []);
        let read = digidoc(&document);
        assert_eq!(read.files[0].octets.as_deref(), Some(&b"abc"[..]));
        assert_eq!((read.files[0].size, read.findings.len()), (3, 0));
    }

    #[test]
    fn a_file_called_like_the_uri_of_a_reference_is_not_covered() {
        let signed = file("D0", "a.txt", "YWJj");
        let references = reference("D0", &sha1(&signed)) + &reference("S0-P", &sha1(PROPERTIES));
        let signature = signature(&references, PROPERTIES);
        for name in ["#S0-P", "#D0", "S0-P"] {
            let other = file("D1", name, "YWJj");
            let records = records(&document(&format!("{signed}{other}{signature}")));
            let [finding] = records[0].findings.as_slice() else {
                panic!("{:?}", records[0].findings);
            };
            assert_eq!(finding.found, format!("none to {name}"));
        }
    }

    #[test]
    fn signed_properties_are_digested_in_their_document_or_alone() {
        let file = file("D0", "a.txt", "YWJj");
        let inside = PROPERTIES.replacen(" Id", &format!(" xmlns=\"{XADES}\" Id"), 1);
        for (form, expected) in [(PROPERTIES, true), (&inside, true), ("<b></b>", false)] {
            let references = reference("D0", &sha1(&file)) + &reference("S0-P", &sha1(form));
            let document = document(&format!("{file}{}", signature(&references, PROPERTIES)));
            let records = records(&document);
            let found = &records[0].references[1];
            assert_eq!(found.kind, ReferenceKind::SignedProperties);
            assert_eq!(fits(found), expected, "{form}");
        }
    }

    #[test]
    fn signed_properties_that_are_not_the_only_ones_are_no_properties() {
        let file = file("D0", "a.txt", "YWJj");
        let references = reference("D0", &sha1(&file)) + &reference("S0-P", &sha1(PROPERTIES));
        let other = "<Object><a Id=\"S0-P\"/></Object></Signature>";
        let signature = signature(&references, PROPERTIES).replace("</Signature>", other);
        let records = records(&document(&format!("{file}{signature}")));
        let checks: Vec<_> = records[0].findings.iter().map(|one| one.check).collect();
        assert!(checks.contains(&CheckId::FormatDuplicate), "{checks:?}");
        assert!(
            !records[0]
                .references
                .iter()
                .any(|one| one.kind == ReferenceKind::SignedProperties)
        );
    }

    #[test]
    fn a_file_that_is_left_out_breaks_the_signature() {
        let (one, other) = (file("D0", "a.txt", "YWJj"), file("D1", "b.txt", "YWJj"));
        let signature = signature(&reference("D0", &sha1(&one)), PROPERTIES);
        let records = records(&document(&format!("{one}{other}{signature}")));
        assert_eq!(records[0].findings[0].found, "none to b.txt");
    }

    #[test]
    fn files_of_one_name_are_told_apart() {
        let (one, other) = (file("D0", "a.txt", "YWJj"), file("D1", "a.txt", "ZGVm"));
        let signature = signature(&reference("D0", &sha1(&one)), PROPERTIES);
        let document = document(&format!("{one}{other}{signature}"));
        let names: Vec<_> = digidoc(&document)
            .files
            .into_iter()
            .map(|file| file.name)
            .collect();
        assert_eq!(names, ["a.txt", "D1/a.txt"]);
        assert_eq!(records(&document)[0].findings[0].found, "none to D1/a.txt");
    }

    /// An unsigned file that bears the name which a signed one would get.
    #[test]
    fn no_file_takes_the_name_of_another() {
        let signed = [file("D0", "a.txt", "YWJj"), file("D1", "a.txt", "ZGVm")];
        let references: String = signed
            .iter()
            .zip(["D0", "D1"])
            .map(|(file, id)| reference(id, &sha1(file)))
            .collect();
        let signature = signature(&references, PROPERTIES);
        let evil = file("D2", "D1/a.txt", "RVZJTA==");
        for files in [
            format!("{evil}{}{}", signed[0], signed[1]),
            format!("{}{}{evil}", signed[0], signed[1]),
        ] {
            let document = document(&format!("{files}{signature}"));
            let names = digidoc(&document).files.into_iter().map(|file| file.name);
            let names: BTreeSet<String> = names.collect();
            assert_eq!(names.len(), 3, "{names:?}");
            let found = &records(&document)[0].findings[0].found;
            assert!(found.starts_with("none to D"), "{found}");
        }
    }

    #[test]
    fn files_of_one_identifier_are_nobody_s() {
        let (one, other) = (file("D0", "a.txt", "YWJj"), file("D0", "b.txt", "ZGVm"));
        let signature = signature(&reference("D0", &sha1(&one)), PROPERTIES);
        let records = records(&document(&format!("{one}{other}{signature}")));
        assert_eq!(records[0].findings[0].check, CheckId::FormatDuplicate);
        assert_eq!(records[0].references[0].covers, None);
    }

    #[test]
    fn a_file_known_by_its_digest_is_not_at_hand() {
        let file = file("D0", "a.txt", "").replace("EMBEDDED_BASE64", "HASHCODE");
        let signature = signature(&reference("D0", &sha1(&file)), PROPERTIES);
        let document = document(&format!("{file}{signature}"));
        let records = records(&document);
        assert_eq!(records[0].references[0].target, Target::NotFound);
        assert_eq!(digidoc(&document).files[0].octets, None);
    }

    /// SK-XML 1.0 digests the file itself, its media type, and the properties alone.
    #[test]
    fn sk_xml_has_rules_of_its_own() {
        let transforms = format!(
            "</DigestMethod><Transforms><Transform Algorithm=\"{DS}enveloped-signature\"/>\
             </Transforms>"
        );
        let file = file("D0", "a.txt", "YWJj").replace(&format!(" xmlns=\"{DDOC}\""), "");
        let properties = "<SignedProperties Id=\"#S0-P\" Target=\"#S0\"></SignedProperties>";
        let references = reference("D0", &sha1("abc"))
            + &reference("D0-MIME", &sha1("text/plain"))
            + &reference("S0-P", &sha1(properties));
        let references = references.replace(
            "\"/><DigestValue>",
            &format!("\">{transforms}<DigestValue>"),
        );
        let signature = signature(&references, properties)
            .replace(&format!(" xmlns=\"{XADES}\" Target=\"#S0\""), "");
        let document =
            format!("<SignedDoc format=\"SK-XML\" version=\"1.0\">{file}{signature}</SignedDoc>");
        let found = records(&document);
        assert_eq!(found[0].findings, []);
        assert!(found[0].references.iter().all(fits), "{found:?}");
        // What is signed is the element without the namespace that it inherits.
        let value = found[0].value.as_ref().unwrap();
        assert!(
            matches!(&value.over[..], [Part::Octets(octets)] if octets.starts_with(b"<SignedInfo>"))
        );
        for wrong in [
            document.replace("YWJj", "YWJk"),
            document.replace("text/plain", "text/html"),
            document.replace(
                "\"#S0\"></SignedProperties>",
                "\"#S0\"><b></b></SignedProperties>",
            ),
        ] {
            let found = records(&wrong);
            let fitting = found[0].references.iter().filter(|one| fits(one));
            assert_eq!(fitting.count(), 2, "{wrong}");
        }
        let other = document.replace("enveloped-signature", "base64");
        assert!(!records(&other)[0].references.iter().any(fits));
    }

    #[test]
    fn a_confirmation_that_cannot_be_read_breaks_the_signature() {
        let file = file("D0", "a.txt", "YWJj");
        let confirmed = "</SignedProperties><UnsignedProperties><UnsignedSignatureProperties>\
             <RevocationValues><OCSPValues><EncapsulatedOCSPValue>AAAA</EncapsulatedOCSPValue>\
             </OCSPValues></RevocationValues></UnsignedSignatureProperties></UnsignedProperties>";
        let properties = PROPERTIES.replace("</SignedProperties>", confirmed);
        let signature = signature(&reference("D0", &sha1(&file)), &properties);
        let records = records(&document(&format!("{file}{signature}")));
        assert_eq!(
            records[0].findings[0].expected,
            "a confirmation that can be read"
        );
    }

    #[test]
    fn other_content_and_other_versions_are_findings() {
        let file = file("D0", "a.txt", "YWJj");
        let foreign = document(&format!("{file}<a/>"));
        assert_eq!(digidoc(&foreign).findings[0].found, "a");
        let later = document(&file).replace("1.3\"", "1.9\"");
        assert_eq!(digidoc(&later).findings[0].check, CheckId::FormatStructure);
        let none = read_digidoc(b"<a/>", &mut Budget::default());
        assert_eq!(none.unwrap(), None);
    }
}
