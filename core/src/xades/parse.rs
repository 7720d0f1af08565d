//! From an XML document to records.

use super::canonical::Canonical;
use super::dialect::Dialect;
use super::properties::{Properties, duplicate, malformed, structure};
use super::references::{self, References};
use super::{NAMESPACES, claims, identification, left_out, level, material, timestamps};
use crate::algorithm::SignatureAlgorithm;
use crate::crypto;
use crate::error::{Error, Malformed, Unsupported};
use crate::limits::{Budget, Resource};
use crate::payload::{Part, PayloadName};
use crate::signature::{Finding, Identification, RecordKind, Signature, SignatureValue};
use crate::vocabulary::{CheckId, ReferenceKind, SignatureFormat, SignatureLevel};
use crate::xml::dsig;
use crate::xml::{self, Node, NodeId, Tree};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Answers which payload the URI of an external reference names. The URI is percent-decoded where
/// it is relative, and empty where the reference has none.
pub type Resolve<'a> = dyn Fn(&str) -> Option<PayloadName> + 'a;

/// Reads every XML signature of a document, in document order.
///
/// `place` names the file of the container that the document is; it is empty where the document
/// stands alone. A counter-signature stands behind the signature that it signs.
///
/// # Errors
/// [`Error::Malformed`] or [`Error::Unsupported`] when the document is no XML that can be read; a
/// limit. What is wrong with one signature is in its record.
///
/// # Standard
/// XMLDSig §4, EN 319 132-1 §4.
pub fn parse(
    octets: &Arc<[u8]>,
    place: &str,
    resolve: &Resolve<'_>,
    budget: &mut Budget,
) -> Result<Vec<Signature>, Error> {
    let text = xml::decode(octets)?;
    let tree = Tree::parse(&text, budget)?;
    parse_tree(&tree, place, resolve, &Dialect::default(), budget)
}

/// Reads every XML signature of a document that has rules of its own.
///
/// # Errors
/// As [`parse`].
pub fn parse_tree(
    tree: &Tree<'_>,
    place: &str,
    resolve: &Resolve<'_>,
    dialect: &Dialect,
    budget: &mut Budget,
) -> Result<Vec<Signature>, Error> {
    let records = located(tree, place, resolve, dialect, budget)?;
    Ok(records.into_iter().map(|(_, record)| record).collect())
}

/// Hands every signature that can be read to `each`, with the place of its record.
pub(super) fn each_signature(
    tree: &Tree<'_>,
    place: &str,
    resolve: &Resolve<'_>,
    records: &[(NodeId, Signature)],
    budget: &mut Budget,
    mut each: impl FnMut(Maker<'_, '_>, &Signature, &mut Budget) -> Result<(), Error>,
) -> Result<(), Error> {
    let dialect = Dialect::default();
    let mut canonical = Canonical::of_document(tree, budget);
    for (node, record) in records {
        let Some(element) = tree.node(*node) else {
            continue;
        };
        let signature = match dsig::Signature::parse_by(element, dialect.grammar, budget) {
            Ok(signature) => signature,
            Err(Error::Malformed(_)) => continue,
            Err(other) => return Err(other),
        };
        let maker = Maker {
            tree,
            signature: &signature,
            place,
            resolve,
            dialect: &dialect,
            canonical: &mut canonical,
        };
        each(maker, record, budget)?;
    }
    Ok(())
}

/// The records with the elements that they were read from.
pub(super) fn located(
    tree: &Tree<'_>,
    place: &str,
    resolve: &Resolve<'_>,
    dialect: &Dialect,
    budget: &mut Budget,
) -> Result<Vec<(NodeId, Signature)>, Error> {
    let mut ids = Ids::new(place);
    let mut records: Vec<(NodeId, Signature)> = Vec::new();
    let mut canonical = Canonical::of_document(tree, budget);
    let mut by_element: BTreeMap<NodeId, (String, Option<NodeId>)> = BTreeMap::new();
    let mut signatures = dsig::signatures(tree);
    signatures.retain(|node| !tree.node(*node).is_some_and(is_asserted));
    let above = left_out::above(tree, &signatures, budget)?;
    for node in signatures {
        budget.charge(Resource::Signatures, 1)?;
        let Some(element) = tree.node(node) else {
            continue;
        };
        let parent = countersigned(element).and_then(|outer| by_element.get(&outer));
        let read = match dsig::Signature::parse_by(element, dialect.grammar, budget) {
            Ok(signature) => {
                let value = signature.value.node;
                let maker = Maker {
                    tree,
                    signature: &signature,
                    place,
                    resolve,
                    dialect,
                    canonical: &mut canonical,
                };
                let record = maker.record(parent, &above, &mut ids, budget);
                record.map(|record| (record, Some(value)))
            }
            Err(error) => Err(error),
        };
        let (record, value) = match read {
            Ok(read) => read,
            Err(Error::Malformed(error)) => {
                let parent = parent.map(|(id, _)| id.clone());
                let record = unreadable(element, parent, &error, &mut ids, budget)?;
                (record, None)
            }
            Err(other) => return Err(other),
        };
        by_element.insert(node, (record.id.clone(), value));
        records.push((node, record));
    }
    Ok(records)
}

/// EN 319 132-1 §5.2.6: the signature of an assertion that a signer signs is that of who asserts, over
/// the assertion. It is a part of what is signed, and none of the document.
fn is_asserted(element: Node<'_>) -> bool {
    let path = [
        "SignedAssertion",
        "SignedAssertions",
        "SignerRoleV2",
        "SignedSignatureProperties",
        "SignedProperties",
        "QualifyingProperties",
    ];
    let mut above = element
        .ancestors()
        .skip_while(|node| !(node.name() == path[0] && NAMESPACES.contains(&node.namespace())));
    let is_there = path
        .iter()
        .all(|name| above.next().is_some_and(|node| node.name() == *name));
    let mut above = above.map(|node| node.is(dsig::NAMESPACE, "Object"));
    is_there && above.next() == Some(true)
}

/// The signature whose unsigned property this one is. EN 319 132-1 §5.2.7.2.
fn countersigned(element: Node<'_>) -> Option<NodeId> {
    let mut above = element.ancestors().skip(1);
    let namespace = above.next()?.namespace();
    if !NAMESPACES.contains(&namespace) {
        return None;
    }
    let property = element.parent()?;
    let path = [
        "UnsignedSignatureProperties",
        "UnsignedProperties",
        "QualifyingProperties",
    ];
    let is_there = property.name() == "CounterSignature"
        && path
            .iter()
            .all(|name| above.next().is_some_and(|node| node.is(namespace, name)));
    let object = above.next()?;
    let outer = above.next()?;
    let is_there =
        is_there && object.is(dsig::NAMESPACE, "Object") && outer.is(dsig::NAMESPACE, "Signature");
    is_there.then(|| outer.id())
}

/// Makes the record of one `ds:Signature`.
pub(super) struct Maker<'a, 't> {
    pub(super) tree: &'t Tree<'t>,
    pub(super) signature: &'a dsig::Signature,
    pub(super) place: &'a str,
    pub(super) resolve: &'a Resolve<'a>,
    pub(super) dialect: &'a Dialect,
    pub(super) canonical: &'a mut Canonical,
}

impl Maker<'_, '_> {
    /// # Errors
    /// [`Error::Malformed`] where the structure does not even give a signature value; a limit.
    fn record(
        mut self,
        parent: Option<&(String, Option<NodeId>)>,
        above: &BTreeSet<NodeId>,
        ids: &mut Ids<'_>,
        budget: &mut Budget,
    ) -> Result<Signature, Error> {
        let signature = self.signature;
        let mut findings = Vec::new();
        let properties = Properties::of(self.tree, signature, self.dialect, &mut findings);
        if !properties.is_xades
            && let Some(id) = &signature.id
            && self.tree.by_id(id).is_err()
        {
            findings.push(duplicate(id));
        }
        // XMLDSig §4.5.4: a certificate is the base64 of its octets.
        let key_info = signature.key_info.as_ref();
        if let Some(error) = key_info.and_then(|key_info| key_info.malformed.as_ref()) {
            findings.push(malformed("a certificate in base64", error));
        }
        let value = self.value(&mut findings, budget)?;
        let countersigned = parent.and_then(|(_, value)| *value);
        let references = references::read(&mut self, &properties, countersigned, budget)?;
        findings.extend(references.findings.iter().cloned());
        if parent.is_some() && !references.has(ReferenceKind::CountersignedSignature) {
            findings.push(structure(
                "a reference to the value of the countersigned signature",
                "none",
            ));
        }
        // EN 319 102-1 §5.2.8.4: properties that are not signed are none.
        let signed = properties.signed.filter(|_| references.signs_properties);
        let id = ids.signature(&signature.value.octets);
        let unsigned = &properties.unsigned;
        let claims = claims::read(signed, unsigned, &references, &mut findings, budget)?;
        let (certificates, revocation) = material::embedded(signature, &properties, budget)?;
        let timestamps = timestamps::read(
            &mut self,
            &properties,
            signed,
            &references,
            &id,
            ids,
            budget,
        )?;
        let format = if properties.is_xades {
            SignatureFormat::Xades
        } else {
            SignatureFormat::XmlDsig
        };
        let level = level::of(
            signature,
            &properties,
            signed,
            &references,
            &revocation,
            findings.is_empty(),
        );
        let mut checked = vec![CheckId::FormatStructure, CheckId::FormatDuplicate];
        // A file of a container is no document, and whoever counter-signs signs a signature: of those
        // only what somebody put into their own objects is told, and nothing said to be all signed.
        let is_alone = self.place.is_empty() && parent.is_none();
        if *self.dialect != Dialect::default() {
            // Older dialects have rules of their own.
        } else if is_alone {
            checked.push(CheckId::DocumentAllSigned);
            findings.extend(left_out::find(&self, &references, above, budget)?);
        } else {
            findings.extend(left_out::find_in_objects(
                &self,
                &references,
                above,
                budget,
            )?);
        }
        Ok(Signature {
            kind: RecordKind::Signature,
            format,
            level,
            parent: parent.map(|(id, _)| id.clone()),
            place: self.place.to_owned(),
            checked,
            findings,
            value: Some(value),
            identification: Identification {
                references: identification::references(signed),
                hints: identification::hints(signature.key_info.as_ref()),
                signed_copies: match &signature.key_info {
                    Some(key_info) if references.has(ReferenceKind::KeyInfo) => {
                        key_info.certificates.clone()
                    }
                    _ => Vec::new(),
                },
                leads_elsewhere: key_info.is_some_and(|key_info| key_info.leads_elsewhere),
            },
            certificates,
            revocation,
            claims,
            timestamps,
            scopes: references.scopes,
            revision: None,
            references: references.records,
            id,
        })
    }

    /// XMLDSig §4.4.1: the value is over the canonical form of `SignedInfo`.
    fn value(
        &mut self,
        findings: &mut Vec<Finding>,
        budget: &mut Budget,
    ) -> Result<SignatureValue, Error> {
        let signed_info = &self.signature.signed_info;
        let mut algorithm = signed_info.algorithm.clone();
        let over = match signed_info.octets(self.tree, budget) {
            Ok(octets) => vec![Part::Octets(self.canonical.keep(octets, budget)?)],
            Err(Error::Unsupported(unsupported)) => {
                let found = unsupported.to_string();
                let expected = "a canonicalization method that is implemented";
                findings.push(Finding::new(CheckId::UnsupportedAlgorithm, expected, found));
                algorithm = Err(unsupported);
                Vec::new()
            }
            Err(error) => return Err(error),
        };
        let written = self.signature.value.octets.as_slice();
        let mut value = Arc::from(written);
        // XMLDSig §6.4.3: r and s, one behind the other. What stands in DER is told as what it is,
        // and whether it fits; it stays a fault of the format.
        if let Ok(SignatureAlgorithm::Ecdsa { .. }) = &algorithm
            && let Some(plain) = crypto::ecdsa_in_der(written)
        {
            findings.push(structure(
                "r and s one behind the other",
                "an ECDSA value in DER",
            ));
            value = plain.into();
        }
        // Producers in use write both numbers as short as the longer one needs, which for P-521 is
        // every fourth value. The numbers are the same, so no other signature becomes valid by it.
        if let Ok(SignatureAlgorithm::Ecdsa { .. }) = &algorithm
            && let Some(whole) = crypto::ecdsa_with_zeros(&value)
        {
            let octets = |value: &[u8]| format!("{} octets", value.len());
            let (expected, found) = (octets(&whole), octets(&value));
            findings.push(Finding::new(CheckId::FormatValueLength, expected, found));
            value = whole.into();
        }
        Ok(SignatureValue {
            algorithm,
            over,
            alternatives: Vec::new(),
            value,
            digest_beside: None,
        })
    }
}

/// The record of a `ds:Signature` that cannot be read.
fn unreadable(
    element: Node<'_>,
    parent: Option<String>,
    error: &Malformed,
    ids: &mut Ids<'_>,
    budget: &mut Budget,
) -> Result<Signature, Error> {
    let is_xades = element.descendants().any(|node| {
        node.name() == "QualifyingProperties" && NAMESPACES.contains(&node.namespace())
    });
    let range = element.range();
    budget.charge(
        Resource::DigestedBytes,
        range.end.saturating_sub(range.start),
    )?;
    let written = element.tree().slice(range).unwrap_or_default();
    Ok(Signature {
        id: ids.signature(written.as_bytes()),
        kind: RecordKind::Signature,
        format: if is_xades {
            SignatureFormat::Xades
        } else {
            SignatureFormat::XmlDsig
        },
        level: SignatureLevel::NotEtsi,
        parent,
        place: ids.place.to_owned(),
        checked: vec![CheckId::FormatStructure],
        findings: vec![malformed("a readable ds:Signature", error)],
        value: None,
        references: Vec::new(),
        identification: Identification::default(),
        certificates: Vec::new(),
        revocation: Vec::new(),
        claims: crate::signature::Claims::default(),
        timestamps: Vec::new(),
        scopes: Vec::new(),
        revision: None,
    })
}

/// What becomes of an error about one thing in a signature.
pub(super) enum Fault {
    Malformed(Malformed),
    Unsupported(Unsupported),
}

impl Fault {
    /// # Errors
    /// What is not about the document: a limit.
    pub(super) fn of(error: Error) -> Result<Self, Error> {
        match error {
            Error::Malformed(malformed) => Ok(Self::Malformed(malformed)),
            Error::Unsupported(unsupported) => Ok(Self::Unsupported(unsupported)),
            other => Err(other),
        }
    }
}

/// Ids derived from place and octets; a repetition is told by its count.
pub(super) struct Ids<'a> {
    place: &'a str,
    seen: BTreeMap<String, u64>,
}

impl<'a> Ids<'a> {
    fn new(place: &'a str) -> Self {
        Self {
            place,
            seen: BTreeMap::new(),
        }
    }

    fn signature(&mut self, value: &[u8]) -> String {
        self.id("S", "", value)
    }

    pub(super) fn timestamp(&mut self, signature: &str, token: &[u8]) -> String {
        self.id("T", signature, token)
    }

    fn id(&mut self, letter: &str, inside: &str, octets: &[u8]) -> String {
        let name = [self.place.as_bytes(), inside.as_bytes(), octets].join(&0);
        let hex = crypto::object_id(&name).to_hex();
        let short = format!("{letter}-{}", hex.get(..32).unwrap_or(&hex));
        let count = self.seen.entry(short.clone()).or_insert(0);
        *count += 1;
        match count {
            1 => short,
            more => format!("{short}-{more}"),
        }
    }
}

impl References {
    fn has(&self, kind: ReferenceKind) -> bool {
        self.records.iter().any(|record| record.kind == kind)
    }
}
