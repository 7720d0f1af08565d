//! Hints to the key. Nothing here is signed, and nothing leads outside of the document.

use super::parse::octets;
use super::{NAMESPACE, NAMESPACE_11};
use crate::algorithm::DigestAlgorithm;
use crate::asn1::write;
use crate::error::{Error, Malformed};
use crate::limits::{Budget, Resource};
use crate::xml::{Node, NodeId};
use std::sync::Arc;

/// `Type` of a `RetrievalMethod` that leads to `X509Data`. XMLDSig §4.5.3.
const X509_DATA: &str = "http://www.w3.org/2000/09/xmldsig#X509Data";

/// What leads to a key elsewhere.
const WAYS: [&str; 2] = ["RetrievalMethod", "KeyInfoReference"];

/// What `ds:KeyInfo` says about the key.
///
/// A `RetrievalMethod` is followed to an `X509Data` of the same document, a `KeyInfoReference` to a
/// `KeyInfo`, and no further: elsewhere whoever answers chooses what is found. A raw certificate is
/// octets, which no element of the document is. `KeyName` is not followed.
///
/// # Standard
/// XMLDSig §4.5.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyInfo {
    /// The element.
    pub node: NodeId,
    /// Its identifier.
    pub id: Option<String>,
    /// Certificates (DER), in document order; not necessarily the signer's first.
    pub certificates: Vec<Arc<[u8]>>,
    /// Certificate revocation lists (DER).
    pub crls: Vec<Arc<[u8]>>,
    /// Public keys as SubjectPublicKeyInfo (DER).
    pub keys: Vec<Arc<[u8]>>,
    /// Issuer, as text, and serial number, in decimal digits.
    pub issuer_serials: Vec<(String, String)>,
    /// Subjects of certificates, as text.
    pub subject_names: Vec<String>,
    /// Subject key identifiers.
    pub subject_key_identifiers: Vec<Vec<u8>>,
    /// Digests of certificates.
    pub digests: Vec<(DigestAlgorithm, Vec<u8>)>,
    /// Certificates (DER) elsewhere in the document, which a `RetrievalMethod` or a
    /// `KeyInfoReference` leads to. They are no part of this element: who signs it does not sign
    /// them.
    pub retrieved: Vec<Arc<[u8]>>,
    /// Whether there is a `RetrievalMethod` or `KeyInfoReference` that is not followed.
    pub leads_elsewhere: bool,
    /// Entries that could not be read or are not followed.
    pub passed_over: u64,
    /// Why the first certificate that is no base64 could not be read: such a `ds:KeyInfo` is not
    /// what the schema says, whatever it hints at.
    pub malformed: Option<Malformed>,
}

impl KeyInfo {
    /// Reads what is understood and counts the rest: a hint is no reason to refuse a signature.
    ///
    /// # Errors
    /// A limit: what is elsewhere is read once for each element that leads there.
    pub(super) fn read(node: Node<'_>, budget: &mut Budget) -> Result<Self, Error> {
        let mut found = Self {
            node: node.id(),
            id: super::parse::id(node),
            certificates: Vec::new(),
            crls: Vec::new(),
            keys: Vec::new(),
            issuer_serials: Vec::new(),
            subject_names: Vec::new(),
            subject_key_identifiers: Vec::new(),
            digests: Vec::new(),
            retrieved: Vec::new(),
            leads_elsewhere: false,
            passed_over: 0,
            malformed: None,
        };
        for hint in node.elements() {
            if hint.is(NAMESPACE, "X509Data") {
                for entry in hint.elements() {
                    if entry.is(NAMESPACE, "X509Certificate") {
                        let octets = octets(entry);
                        let malformed = octets.as_ref().err().cloned();
                        found.malformed = found.malformed.take().or(malformed);
                        found.passed_over += keep(octets.ok(), &mut found.certificates);
                    } else if entry.is(NAMESPACE, "X509CRL") {
                        let octets = octets(entry).ok();
                        found.passed_over += keep(octets, &mut found.crls);
                    } else if entry.is(NAMESPACE, "X509IssuerSerial") {
                        let part = |name: &str| entry.element(NAMESPACE, name)?.only_text().ok();
                        let both = part("X509IssuerName").zip(part("X509SerialNumber"));
                        found.issuer_serials.extend(both);
                    } else if entry.is(NAMESPACE, "X509SubjectName") {
                        found.subject_names.extend(entry.only_text().ok());
                    } else if entry.is(NAMESPACE, "X509SKI") {
                        found.subject_key_identifiers.extend(octets(entry).ok());
                    } else if entry.is(NAMESPACE_11, "X509Digest") {
                        found.digests.extend(digest(entry));
                    }
                }
            } else if hint.is(NAMESPACE, "KeyValue") {
                let key = hint.elements().next().and_then(key_value);
                found.passed_over += keep(key, &mut found.keys);
            } else if hint.is(NAMESPACE_11, "DEREncodedKeyValue") {
                let key = octets(hint).ok();
                found.passed_over += keep(key, &mut found.keys);
            } else if let Some(there) = retrieved(hint).or_else(|| referenced(hint)) {
                let range = there.range();
                let length = range.end.saturating_sub(range.start);
                budget.charge(Resource::DigestedBytes, length)?;
                let own = there.is(NAMESPACE, "X509Data").then_some(there);
                let of_key_info = there.elements_named(NAMESPACE, "X509Data");
                for data in own.into_iter().chain(of_key_info) {
                    for entry in data.elements_named(NAMESPACE, "X509Certificate") {
                        found.passed_over += keep(octets(entry).ok(), &mut found.retrieved);
                    }
                }
                // What leads on from there is not followed.
                let leads_on = |one: Node<'_>| WAYS.contains(&one.name());
                found.leads_elsewhere |= there.elements().any(leads_on);
            } else {
                found.leads_elsewhere |= WAYS.contains(&hint.name());
                found.passed_over += 1;
            }
        }
        Ok(found)
    }
}

/// The `X509Data` that a `RetrievalMethod` names: by its identifier, without transforms, and only
/// where no other element bears that.
///
/// XMLDSig §4.5.3: `Type` says what is found; where it is not written, the element does.
fn retrieved(hint: Node<'_>) -> Option<Node<'_>> {
    let id = hint.attribute("URI")?.strip_prefix('#')?;
    let kind = hint.attribute("Type").unwrap_or(X509_DATA);
    let is_plain = hint.is(NAMESPACE, "RetrievalMethod") && hint.elements().next().is_none();
    if !is_plain || kind != X509_DATA {
        return None;
    }
    let found = hint.tree().by_id(id).ok()??;
    found.is(NAMESPACE, "X509Data").then_some(found)
}

/// The `KeyInfo` that a `KeyInfoReference` names, as [`retrieved`].
///
/// XMLDSig §4.5.10.
fn referenced(hint: Node<'_>) -> Option<Node<'_>> {
    let id = hint.attribute("URI")?.strip_prefix('#')?;
    let is_plain = hint.is(NAMESPACE_11, "KeyInfoReference") && hint.elements().next().is_none();
    let found = hint.tree().by_id(id).ok()?.filter(|_| is_plain)?;
    found.is(NAMESPACE, "KeyInfo").then_some(found)
}

/// XMLDSig §4.5.4: the digest of a certificate, and by which algorithm. One that is not known names
/// nothing.
fn digest(entry: Node<'_>) -> Option<(DigestAlgorithm, Vec<u8>)> {
    let algorithm = DigestAlgorithm::from_uri(entry.attribute("Algorithm")?)?;
    Some((algorithm, octets(entry).ok()?))
}

/// Counts what is not there.
fn keep(octets: Option<Vec<u8>>, into: &mut Vec<Arc<[u8]>>) -> u64 {
    match octets {
        Some(octets) => {
            into.push(octets.into());
            0
        }
        None => 1,
    }
}

/// A public key in XML form as SubjectPublicKeyInfo.
///
/// # Standard
/// XMLDSig §4.5.2.1 (DSA), §4.5.2.2 (RSA), §4.5.2.3 (EC with a named curve; explicit curve
/// parameters are refused: a curve made for one signature can forge it).
fn key_value(node: Node<'_>) -> Option<Vec<u8>> {
    let part = |name: &str| octets(node.element(node.namespace(), name)?).ok();
    let spki = |identifier: &[&[u8]], key: &[u8]| {
        write::sequence(&[&write::sequence(identifier), &write::bit_string(key)])
    };
    let integer = |name: &str| Some(write::integer_bytes(&part(name)?));
    if node.is(NAMESPACE, "RSAKeyValue") {
        let key = write::sequence(&[&integer("Modulus")?, &integer("Exponent")?]);
        return Some(spki(
            &[&write::oid("1.2.840.113549.1.1.1"), &write::null()],
            &key,
        ));
    }
    if node.is(NAMESPACE, "DSAKeyValue") {
        let parameters = write::sequence(&[&integer("P")?, &integer("Q")?, &integer("G")?]);
        return Some(spki(
            &[&write::oid("1.2.840.10040.4.1"), &parameters],
            &integer("Y")?,
        ));
    }
    if node.is(NAMESPACE_11, "ECKeyValue") {
        let curve = node.element(NAMESPACE_11, "NamedCurve")?.attribute("URI")?;
        let curve = curve.strip_prefix("urn:oid:")?;
        if curve.is_empty() || curve.bytes().any(|c| c != b'.' && !c.is_ascii_digit()) {
            return None;
        }
        return Some(spki(
            &[&write::oid("1.2.840.10045.2.1"), &write::oid(curve)],
            &part("PublicKey")?,
        ));
    }
    None
}
