//! From a CMS message to records.

use super::{claims, identification, level, material, timestamps};
use crate::asn1::AlgorithmIdentifier;
use crate::cms::attribute_types::{ALGORITHM_PROTECTION, COUNTERSIGNATURE};
use crate::cms::{self, ContentShape, EssReferences, Gravity, SignedData, SignerInfo};
use crate::crypto;
use crate::error::{Error, Unsupported};
use crate::limits::{Budget, Resource};
use crate::payload::{Part, PayloadHead, PayloadName, PayloadPart};
use crate::signature::{
    Finding, Identification, RecordKind, Reference, Scope, Signature, SignatureValue, Target,
};
use crate::vocabulary::{CheckId, ReferenceKind, ScopeKind, SignatureFormat, SignatureLevel};
use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

/// Content that is not in the message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Detached {
    /// What the signatures are over.
    pub parts: Vec<Part>,
    /// Its name, for people: a file, or empty.
    pub name: String,
    /// What it is.
    pub kind: ReferenceKind,
    /// The payload that it covers whole and octet by octet.
    pub covers: Option<PayloadName>,
}

/// Where a message stands, and what belongs to it.
#[derive(Clone, Copy, Debug, Default)]
pub struct Message<'a> {
    /// The file of the container or the field of the PDF; empty when the document is the message.
    pub place: &'a str,
    /// The detached content, where it is known. Beside a message with content inside, both must be
    /// the same.
    pub detached: Option<&'a Detached>,
}

/// Reads every signature of a message, in PEM or binary.
///
/// Counter-signatures stand behind the signature that they sign. A message without SignerInfos
/// (certificates only) gives none.
///
/// # Errors
/// [`Error::Malformed`] when the message cannot be read far enough to find signatures; a limit;
/// [`Error::Unsupported`] for other CMS messages. What is wrong with one signature is in its
/// record.
///
/// # Standard
/// RFC 5652 §5, EN 319 122-1 §4.
pub fn parse(bytes: &[u8], of: Message<'_>, budget: &mut Budget) -> Result<Vec<Signature>, Error> {
    records(&SignedData::parse(bytes, budget)?, of, budget)
}

/// The records of a message that was read already.
///
/// # Errors
/// A limit.
pub fn records(
    data: &SignedData,
    of: Message<'_>,
    budget: &mut Budget,
) -> Result<Vec<Signature>, Error> {
    let content = Content::of(data, of.detached);
    let mut ids = Ids::new(of.place);
    let mut records = Vec::new();
    for info in &data.signer_infos {
        let mut open = VecDeque::from([(None::<(String, Arc<[u8]>)>, info.clone(), 0)]);
        while let Some((parent, info, depth)) = open.pop_front() {
            budget.charge(Resource::Signatures, 1)?;
            // RFC 5652 §11.4: countersignatures of countersignatures are bounded like any nesting.
            budget.check(Resource::Depth, depth)?;
            let countersigned;
            let (content, parent_id) = match &parent {
                None => (&content, None),
                Some((id, value)) => {
                    countersigned = Content::countersigned(value);
                    (&countersigned, Some(id.clone()))
                }
            };
            let maker = Maker {
                data,
                info: &info,
                content,
                place: of.place,
            };
            let record = maker.record(parent_id, &mut ids, budget)?;
            let own = Some((record.id.clone(), Arc::clone(&info.signature)));
            records.push(record);
            for value in unsigned(&info, COUNTERSIGNATURE) {
                match SignerInfo::parse_countersignature(value, budget) {
                    Ok(child) => open.push_back((own.clone(), child, depth + 1)),
                    Err(Error::Malformed(error)) => {
                        budget.charge(Resource::Signatures, 1)?;
                        let mut record = unreadable(&error.to_string(), value, of.place, &mut ids);
                        record.parent = own.as_ref().map(|(id, _)| id.clone());
                        records.push(record);
                    }
                    Err(other) => return Err(other),
                }
            }
        }
    }
    for one in &data.unreadable {
        budget.charge(Resource::Signatures, 1)?;
        records.push(unreadable(
            &one.error.to_string(),
            &one.whole,
            of.place,
            &mut ids,
        ));
    }
    Ok(records)
}

/// The values of an unsigned attribute.
pub(super) fn unsigned<'a>(
    info: &'a SignerInfo,
    attr_type: &str,
) -> impl Iterator<Item = &'a Arc<[u8]>> {
    let attributes = info.unsigned_attrs.as_ref();
    let values = attributes.map(|attributes| attributes.values(attr_type));
    values.into_iter().flatten()
}

/// What SignerInfos are over.
pub(super) struct Content {
    /// Content that was given beside a message that has its own inside.
    also: Option<Detached>,
    pub(super) parts: Option<Vec<Part>>,
    shape: Option<ContentShape>,
    name: String,
    pub(super) kind: ReferenceKind,
    covers: Option<PayloadName>,
}

impl Content {
    fn of(data: &SignedData, detached: Option<&Detached>) -> Self {
        if let Some(inside) = &data.econtent {
            return Self {
                also: detached.cloned(),
                parts: Some(vec![Part::Octets(Arc::clone(&inside.octets))]),
                shape: Some(inside.shape),
                name: String::new(),
                kind: ReferenceKind::SignersDocument,
                covers: None,
            };
        }
        let Some(detached) = detached else {
            return Self {
                also: None,
                parts: None,
                shape: None,
                name: String::new(),
                kind: ReferenceKind::SignersDocument,
                covers: None,
            };
        };
        Self {
            also: None,
            parts: Some(detached.parts.clone()),
            shape: shape_of(&detached.parts),
            name: detached.name.clone(),
            kind: detached.kind,
            covers: detached.covers.clone(),
        }
    }

    fn countersigned(value: &Arc<[u8]>) -> Self {
        let parts = vec![Part::Octets(Arc::clone(value))];
        Self {
            also: None,
            shape: shape_of(&parts),
            parts: Some(parts),
            name: String::new(),
            kind: ReferenceKind::CountersignedSignature,
            covers: None,
        }
    }

    pub(super) fn target(&self) -> Target {
        match &self.parts {
            Some(parts) => Target::Parts(parts.clone()),
            None => Target::NotFound,
        }
    }
}

/// The shape of content that is at hand; streamed content is not looked at here.
fn shape_of(parts: &[Part]) -> Option<ContentShape> {
    let mut head = PayloadHead::default();
    for part in parts {
        let Part::Octets(octets) = part else {
            return None;
        };
        head.take(octets);
    }
    Some(ContentShape::of(&head.octets, head.length))
}

/// What is wrong with content that a value without signed attributes is over, once it has been
/// streamed: nothing, or that it may be the signed attributes of another signature (RFC 5652 §5.4).
/// Where its beginning was not kept, that cannot be told.
#[must_use]
pub fn content_found(head: Option<&PayloadHead>) -> Option<Finding> {
    match head.map(|head| ContentShape::of(&head.octets, head.length)) {
        Some(ContentShape::Other) => None,
        Some(ContentShape::SignedAttributes) => finding(&cms::Finding::SignedAttributesAsContent),
        None => Some(Finding::new(
            CheckId::UnsupportedFeature,
            "the first octets of streamed content without signed attributes",
            "not kept",
        )),
    }
}

/// Makes the record of one SignerInfo.
pub(super) struct Maker<'a> {
    pub(super) data: &'a SignedData,
    pub(super) info: &'a SignerInfo,
    pub(super) content: &'a Content,
    pub(super) place: &'a str,
}

impl Maker<'_> {
    fn record(
        &self,
        parent: Option<String>,
        ids: &mut Ids<'_>,
        budget: &mut Budget,
    ) -> Result<Signature, Error> {
        let info = self.info;
        let id = ids.signature(&info.signature);
        let signed = info.signed_attrs.as_ref();
        let references = signed.map_or(EssReferences::Absent, |signed| {
            EssReferences::of(&signed.attributes)
        });
        let (claims, claim_findings) = claims::read(info, &self.content.name, budget)?;
        let mut findings = self.findings();
        findings.extend(claim_findings);
        let (certificates, revocation) = material::embedded(self.data, info, budget)?;
        let identification = Identification {
            references: identification::references(&references),
            hints: vec![identification::hint(&info.sid)],
            signed_copies: Vec::new(),
            leads_elsewhere: false,
        };
        let mut checked = vec![CheckId::FormatStructure, CheckId::FormatDuplicate];
        if info.signed_attribute(ALGORITHM_PROTECTION).is_some() {
            checked.push(CheckId::AttributeAlgorithmProtection);
        }
        let is_counter = self.content.kind == ReferenceKind::CountersignedSignature;
        Ok(Signature {
            kind: RecordKind::Signature,
            format: match references {
                EssReferences::Absent => SignatureFormat::Cms,
                _ => SignatureFormat::Cades,
            },
            level: level::of(self.data, info, &references, is_counter),
            parent,
            place: self.place.to_owned(),
            checked,
            findings,
            value: Some(self.value()),
            references: self.references(),
            identification,
            certificates,
            revocation,
            claims,
            timestamps: timestamps::read(self, &id, ids, budget)?,
            scopes: vec![Scope {
                name: self.content.name.clone(),
                kind: if is_counter {
                    ScopeKind::CounterSignature
                } else {
                    ScopeKind::Full
                },
            }],
            revision: None,
            id,
        })
    }

    fn findings(&self) -> Vec<Finding> {
        let all = self.data.findings.iter().chain(&self.info.findings);
        let mut findings: Vec<_> = all.filter_map(finding).collect();
        if self.info.signed_attrs.is_none() {
            if self.content.also.is_some() {
                findings.push(Finding::new(
                    CheckId::FormatStructure,
                    "detached content only",
                    "content inside the message too",
                ));
            }
            // The same check is made by `cms` where the content is inside the message.
            match self.content.shape {
                Some(ContentShape::SignedAttributes) if self.data.econtent.is_none() => {
                    findings.extend(finding(&cms::Finding::SignedAttributesAsContent));
                }
                // Streamed content is looked at by `content_found`, once it has passed.
                Some(_) | None => {}
            }
        }
        findings
    }

    /// RFC 5652 §5.4: the value is over the DER of the signed attributes, or over the content where
    /// there are none.
    fn value(&self) -> SignatureValue {
        let info = self.info;
        let octets = |octets: &Arc<[u8]>| vec![Part::Octets(Arc::clone(octets))];
        let (over, alternatives) = match &info.signed_attrs {
            Some(signed) => {
                let sorted = signed.sorted.as_ref();
                let sorted =
                    sorted.map(|sorted| (octets(sorted), "signed attributes put in order"));
                (octets(&signed.as_stored), sorted.into_iter().collect())
            }
            // No payload has an empty name: content that is not at hand is never the empty content.
            None => (
                self.content.parts.clone().unwrap_or_else(|| {
                    vec![Part::Payload(PayloadPart::whole(PayloadName::Entry(
                        String::new(),
                    )))]
                }),
                Vec::new(),
            ),
        };
        let algorithm = info.algorithm();
        let beside = info.digest_algorithm.digest_algorithm().ok();
        let own = algorithm
            .as_ref()
            .ok()
            .and_then(|algorithm| algorithm.digest());
        SignatureValue {
            algorithm: unsupported(algorithm, &info.signature_algorithm),
            over,
            alternatives,
            value: Arc::clone(&info.signature),
            digest_beside: beside.filter(|beside| own.is_some_and(|own| own != *beside)),
        }
    }

    /// RFC 5652 §5.4, §11.2: the message-digest attribute, over the content octets.
    fn references(&self) -> Vec<Reference> {
        let info = self.info;
        let mut target = self.content.target();
        let expected = match (&info.signed_attrs, info.message_digest()) {
            (Some(_), Some(digest)) => digest,
            // Missing or repeated: a finding stands for it, and nothing binds the content, which a
            // message without signed attributes would sign directly.
            (Some(_), None) => {
                target = Target::NotFound;
                Vec::new()
            }
            // No digest is in the message; only content that is not at hand must be told.
            (None, _) if self.content.parts.is_some() => return Vec::new(),
            (None, _) => Vec::new(),
        };
        let algorithm = info.digest_algorithm.digest_algorithm();
        let algorithm = unsupported(algorithm, &info.digest_algorithm);
        let mut references = vec![Reference {
            name: self.content.name.clone(),
            kind: self.content.kind,
            algorithm: algorithm.clone(),
            expected: expected.clone(),
            target,
            is_optional: false,
            covers: self.content.covers.clone(),
        }];
        // Whoever looks at the detached file must not be told that it is signed when the content
        // inside the message is another.
        references.extend(self.content.also.as_ref().map(|also| Reference {
            name: also.name.clone(),
            kind: also.kind,
            algorithm,
            expected,
            target: Target::Parts(also.parts.clone()),
            is_optional: false,
            covers: also.covers.clone(),
        }));
        references
    }
}

/// A malformed algorithm cannot be computed with, no more than an unknown one.
fn unsupported<T>(
    algorithm: Result<T, Error>,
    identifier: &AlgorithmIdentifier,
) -> Result<T, Unsupported> {
    algorithm.map_err(|error| match error {
        Error::Unsupported(unsupported) => unsupported,
        _ => Unsupported::Algorithm(identifier.oid.to_string()),
    })
}

/// The check that a finding of the envelope fails; none for what is only worth knowing.
pub(super) fn finding(of: &cms::Finding) -> Option<Finding> {
    if *of == cms::Finding::TextAround {
        return Some(Finding::new(
            CheckId::DocumentAllSigned,
            "everything in the document is covered",
            "text around the message is not",
        ));
    }
    if of.gravity() == Gravity::Noted {
        return None;
    }
    let (check, expected, found) = match of {
        cms::Finding::AlgorithmProtectionDiffers => (
            CheckId::AttributeAlgorithmProtection,
            "the algorithms of the signature",
            "others".to_owned(),
        ),
        cms::Finding::AttributeNotSingle(oid) => (
            CheckId::FormatDuplicate,
            "one attribute with one value",
            oid.to_string(),
        ),
        cms::Finding::ContentTypeDiffers { expected, found } => {
            let found = found.to_string();
            let expected = format!("content-type {expected}");
            return Some(Finding::new(CheckId::FormatStructure, expected, found));
        }
        cms::Finding::ContentTypeMissing => structure("one content-type attribute", "none"),
        cms::Finding::ContentTypeNotSingle => {
            structure("one content-type attribute", "another count")
        }
        cms::Finding::ContentTypeInCountersignature => {
            structure("no content-type in a countersignature", "one")
        }
        cms::Finding::MessageDigestMissing => structure("one message-digest attribute", "none"),
        cms::Finding::MessageDigestNotSingle => {
            structure("one message-digest attribute", "another count or type")
        }
        cms::Finding::SignedAttributesEmpty => structure("signed attributes", "an empty set"),
        cms::Finding::SignedAttributesMissing => structure("signed attributes", "none"),
        cms::Finding::SignedAttributesAsContent => {
            structure("content", "the signed attributes of another signature")
        }
        _ => structure("a message by its standard", "another"),
    };
    Some(Finding::new(check, expected, found))
}

fn structure(expected: &'static str, found: &str) -> (CheckId, &'static str, String) {
    (CheckId::FormatStructure, expected, found.to_owned())
}

/// The record of a SignerInfo that was located and cannot be read.
fn unreadable(reason: &str, whole: &[u8], place: &str, ids: &mut Ids<'_>) -> Signature {
    Signature {
        id: ids.signature(whole),
        kind: RecordKind::Signature,
        format: SignatureFormat::Cms,
        level: SignatureLevel::NotEtsi,
        parent: None,
        place: place.to_owned(),
        checked: vec![CheckId::FormatStructure],
        findings: vec![Finding::new(
            CheckId::FormatStructure,
            "a readable SignerInfo",
            reason,
        )],
        value: None,
        references: Vec::new(),
        identification: Identification::default(),
        certificates: Vec::new(),
        revocation: Vec::new(),
        claims: crate::signature::Claims::default(),
        timestamps: Vec::new(),
        scopes: Vec::new(),
        revision: None,
    }
}

/// Ids derived from place and octets; a repetition is told by its count.
pub(super) struct Ids<'a> {
    place: &'a str,
    seen: BTreeMap<String, u64>,
}

impl<'a> Ids<'a> {
    pub(super) fn new(place: &'a str) -> Self {
        Self {
            place,
            seen: BTreeMap::new(),
        }
    }

    pub(super) fn signature(&mut self, value: &[u8]) -> String {
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
