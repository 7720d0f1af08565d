//! From an opened document to located signatures.

use super::facts::{self, CoveringTimestamp, SignatureFacts};
use super::seed_values::{self, MessageDemands};
use crate::crypto;
use crate::error::Error;
use crate::limits::{Budget, Limit, Resource};
use crate::pdf::{
    self, ByteRangeFault, Document, SignatureDictionary, SignatureField, StoredValue,
};
use crate::signature::{EmbeddedCertificate, EmbeddedRevocation, Finding, RevocationKind};
use crate::vocabulary::{CertificateOrigin, CheckId, ObjectId, RevocationOrigin};
use std::sync::Arc;

/// A signature field with what its record is made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Located {
    /// The full name of the field, or the number of its object.
    pub place: String,
    /// The CMS message or token, without padding; all of `/Contents` where it is neither; absent
    /// when there is none.
    pub message: Option<Arc<[u8]>>,
    /// What the file says about it.
    pub facts: SignatureFacts,
    /// What is wrong with it as a part of the file.
    pub findings: Vec<Finding>,
}

/// The signatures and document time-stamps of a document, in the order of its form.
///
/// What exceeds a limit is a finding of the signature that it stopped.
#[must_use]
pub fn locate(document: &Document, budget: &mut Budget) -> Vec<Located> {
    let store = store_values(document);
    let timestamps = sound_timestamps(document, &store);
    let signatures = document.signatures().iter();
    signatures
        .map(|field| {
            let mut located = match &field.dictionary {
                Ok(dictionary) => readable(field, dictionary, document),
                Err(error) => unreadable(field, error),
            };
            let covering = field
                .dictionary
                .as_ref()
                .ok()
                .map(|dictionary| cover(dictionary, &timestamps, &mut located.facts, budget));
            if let (Some(seed), Ok(dictionary)) = (&field.seed_values, &field.dictionary) {
                let lock = field.lock.as_ref().and_then(|lock| lock.permission);
                let found = seed_values::compare(seed, dictionary, lock);
                located.findings.extend(found);
                let demands = MessageDemands::of(seed);
                if demands != MessageDemands::default() {
                    located.facts.demands = Some(Box::new(demands));
                }
            }
            if let Ok(dictionary) = &field.dictionary {
                located.findings.extend(certification(dictionary, document));
            }
            if let Some(Err(limit)) = covering {
                located.findings.push(Finding::new(
                    CheckId::LimitReading,
                    "time-stamps within the limits",
                    limit.to_string(),
                ));
            }
            located
        })
        .collect()
}

/// What makes the whole document ambiguous: two readers may see two different ones. It counts for
/// every signature in it. Then what of the document is not verified, for information.
#[must_use]
pub fn document_findings(document: &Document) -> Vec<Finding> {
    let mut findings = ambiguities(document);
    if let Some(code) = document.authentication_code() {
        findings.push(facts::unverified_code(code.as_str()));
    }
    findings
}

fn ambiguities(document: &Document) -> Vec<Finding> {
    let ambiguous = document
        .findings()
        .iter()
        .filter(|found| found.is_ambiguous());
    ambiguous
        .map(|found| {
            let (check, expected, what) = match found {
                pdf::Finding::DuplicateKey { owner, .. } => {
                    let what = format!("a key twice: {owner}");
                    return Finding::new(CheckId::FormatDuplicate, "each key once", what);
                }
                pdf::Finding::DuplicateEntry { .. } => (
                    CheckId::FormatDuplicate,
                    "one cross-reference entry for an object",
                    "two",
                ),
                pdf::Finding::HybridConflict { .. } => (
                    CheckId::FormatStructure,
                    "a table and a stream that agree",
                    "two places for an object",
                ),
                pdf::Finding::PreviousIsLater { .. } => (
                    CheckId::FormatStructure,
                    "updates in the order of the file",
                    "a chain that leads forward",
                ),
                pdf::Finding::StartxrefElsewhere { .. } => (
                    CheckId::FormatStructure,
                    "startxref at its own update",
                    "another place",
                ),
                pdf::Finding::StartxrefRepaired { .. } => (
                    CheckId::FormatStructure,
                    "startxref at the newest section",
                    "another place, or none",
                ),
                pdf::Finding::ReplacedObjectStream { .. } => (
                    CheckId::FormatStructure,
                    "object streams that stay",
                    "one replaced later",
                ),
                pdf::Finding::SizeTooSmall { .. } => (
                    CheckId::FormatStructure,
                    "objects below the size in the trailer",
                    "one above it",
                ),
                pdf::Finding::SharedPlace { .. } => (
                    CheckId::FormatDuplicate,
                    "one object at a place of an object stream",
                    "two",
                ),
                pdf::Finding::ObjectPastEnd { .. } => (
                    CheckId::FormatStructure,
                    "objects that end with the file",
                    "one that goes on behind it",
                ),
                pdf::Finding::CatalogChanged => {
                    (CheckId::FormatStructure, "one catalog", "another later")
                }
                pdf::Finding::EncryptionChanged => {
                    (CheckId::FormatStructure, "one encryption", "another later")
                }
                _ => (CheckId::FormatStructure, "one reading", "several"),
            };
            Finding::new(check, expected, what)
        })
        .collect()
}

/// The certificates of the document security store.
#[must_use]
pub fn stored_certificates(document: &Document) -> Vec<EmbeddedCertificate> {
    let values = document.security_store().certificates.iter();
    values
        .map(|value| EmbeddedCertificate {
            octets: Arc::clone(&value.octets),
            origin: CertificateOrigin::DocumentSecurityStore,
        })
        .collect()
}

/// The revocation data of the document security store.
#[must_use]
pub fn stored_revocation(document: &Document) -> Vec<EmbeddedRevocation> {
    let store = document.security_store();
    let of = |values: &[StoredValue], kind| -> Vec<EmbeddedRevocation> {
        let values = values.iter();
        values
            .map(|value| EmbeddedRevocation {
                kind,
                octets: Arc::clone(&value.octets),
                origin: RevocationOrigin::DocumentSecurityStore,
            })
            .collect()
    };
    // EN 319 142-1 §5.4.2.2: an OCSPResponse, not a BasicOCSPResponse.
    let mut found = of(&store.crls, RevocationKind::Crl);
    found.extend(of(&store.ocsps, RevocationKind::OcspResponse));
    found
}

/// ISO 32000-2 §12.8.2.2: the certification is the first signature of a document, and the catalog
/// names it.
fn certification(dictionary: &SignatureDictionary, document: &Document) -> Option<Finding> {
    let mut transforms = dictionary.transforms.iter();
    if !transforms.any(|one| one.method.as_deref() == Some("DocMDP")) {
        return None;
    }
    let others = document.signatures().iter();
    let is_first = !others
        .filter_map(|field| field.dictionary.as_ref().ok())
        .filter(|other| !other.is_document_timestamp())
        .any(|other| other.signed_revision < dictionary.signed_revision);
    let is_named =
        document.certification().is_some() && document.certification() == dictionary.object;
    let found = match (is_first, is_named) {
        (true, true) => return None,
        (false, _) => "a later one",
        (true, false) => "the catalog names another, or none",
    };
    let expected = "a certification that is the first signature";
    let check = CheckId::CertificationConsistent;
    Some(Finding::new(check, expected, found))
}

fn place(field: &SignatureField) -> String {
    let number = || field.field.map(|object| object.to_string());
    field.name.clone().or_else(number).unwrap_or_default()
}

fn unreadable(field: &SignatureField, error: &Error) -> Located {
    let check = match error {
        Error::LimitExceeded(_) => CheckId::LimitReading,
        Error::Unsupported(_) => CheckId::UnsupportedFeature,
        _ => CheckId::FormatStructure,
    };
    let expected = "a signature dictionary that can be read";
    Located {
        place: place(field),
        message: None,
        facts: SignatureFacts::default(),
        findings: vec![Finding::new(check, expected, error.reason())],
    }
}

fn readable(
    field: &SignatureField,
    dictionary: &SignatureDictionary,
    document: &Document,
) -> Located {
    let revisions = number(document.revisions().len());
    let ranges = dictionary.signed_ranges(document.length());
    let facts = SignatureFacts {
        kind: dictionary.kind.clone(),
        filter: dictionary.filter.clone(),
        sub_filter: dictionary.sub_filter.clone(),
        byte_range: dictionary.byte_range.filter(|_| ranges.is_some()),
        signed_revision: dictionary.signed_revision.map(number),
        revisions,
        covers_whole_file: ranges.is_some_and(|[_, last]| last.end == document.length()),
        claimed_signing_time: dictionary.claimed_signing_time,
        reason: dictionary.reason.clone(),
        location: dictionary.location.clone(),
        name: dictionary.name.clone(),
        contact: dictionary.contact.clone(),
        has_certificate_entry: dictionary.has_certificate_entry,
        has_store: document.security_store().is_present,
        covers: Vec::new(),
        timestamps: Vec::new(),
        demands: None,
    };
    let contents = Some(&*dictionary.contents).filter(|contents| !contents.is_empty());
    Located {
        place: place(field),
        message: dictionary.message().or(contents).map(Arc::from),
        findings: findings(dictionary, &facts),
        facts,
    }
}

fn number(of: usize) -> u64 {
    u64::try_from(of).unwrap_or(u64::MAX)
}

fn findings(dictionary: &SignatureDictionary, facts: &SignatureFacts) -> Vec<Finding> {
    let mut findings: Vec<Finding> = dictionary
        .faults
        .iter()
        .map(|fault| {
            let check = match fault {
                ByteRangeFault::DuplicateKey
                | ByteRangeFault::SharedByFields
                | ByteRangeFault::CopyOfAnother => CheckId::FormatDuplicate,
                _ => CheckId::FormatByteRange,
            };
            Finding::new(check, rule(*fault), fault.as_str())
        })
        .collect();
    // EN 319 142-1 §6.3(l), ISO 32000-2 table 255: the names that a standard defines; other developers' names begin with
    // a prefix of theirs (annex E).
    let sub_filter = dictionary.sub_filter.as_deref();
    let is_some_developers = |name: &str| name.chars().skip(2).any(|one| "._:".contains(one));
    if !sub_filter.is_some_and(is_some_developers) {
        findings.push(Finding::new(
            CheckId::FormatStructure,
            "a SubFilter that says what the message is",
            sub_filter.unwrap_or("none"),
        ));
    }
    // ISO 32000-2 §12.8.5: a document time-stamp is of this type and of no other.
    let is_typed = dictionary.kind.as_deref() == Some("DocTimeStamp");
    if is_typed != facts.is_document_timestamp() {
        findings.push(Finding::new(
            CheckId::FormatStructure,
            "/Type /DocTimeStamp with /SubFilter /ETSI.RFC3161 and only there",
            format!(
                "{} with {}",
                dictionary.kind.as_deref().unwrap_or("none"),
                dictionary.sub_filter.as_deref().unwrap_or("none")
            ),
        ));
    }
    findings
}

/// What each rule wants (EN 319 142-1 §5.3, ISO 32000-2 §12.8.1).
fn rule(fault: ByteRangeFault) -> &'static str {
    match fault {
        ByteRangeFault::NotFourNumbers => "a ByteRange of four whole numbers",
        ByteRangeFault::NotFromStart => "a ByteRange that begins with the file",
        ByteRangeFault::NoGap => "a gap in the ByteRange",
        ByteRangeFault::GapIsNotContents => "a gap that is exactly the Contents string",
        ByteRangeFault::NotARevision => "a ByteRange that ends with a revision",
        ByteRangeFault::ContentsNotExact => "Contents in hexadecimal digits alone",
        ByteRangeFault::ContentsNotDer => "Contents with a CMS message",
        ByteRangeFault::ContentsPadding => "zeros behind the CMS message",
        ByteRangeFault::RangesOverlap => "ranges in order, apart and inside the file",
        ByteRangeFault::OutsideRevision => "the dictionary in the revision that it signs",
        ByteRangeFault::SharedByFields => "a dictionary of one field",
        ByteRangeFault::CopyOfAnother => "a message of one dictionary",
        ByteRangeFault::DuplicateKey => "each key once",
        ByteRangeFault::ReachesUnsigned => "objects within what is signed",
    }
}

/// A document time-stamp without any fault, and what it covers.
struct Sound {
    place: String,
    revision: usize,
    byte_range: [u64; 4],
    token: ObjectId,
    covers: Vec<ObjectId>,
}

fn store_values(document: &Document) -> Vec<(usize, ObjectId)> {
    let store = document.security_store();
    [
        &store.certificates,
        &store.crls,
        &store.ocsps,
        &store.timestamps,
    ]
    .into_iter()
    .flatten()
    .map(|value| (value.revision, crypto::object_id(&value.octets)))
    .collect()
}

/// The document time-stamps that can prove something, oldest first.
fn sound_timestamps(document: &Document, store: &[(usize, ObjectId)]) -> Vec<Sound> {
    let mut sound: Vec<Sound> = document
        .signatures()
        .iter()
        .filter_map(|field| {
            let dictionary = field.dictionary.as_ref().ok()?;
            let is_sound = dictionary.is_document_timestamp()
                && dictionary.kind.as_deref() == Some("DocTimeStamp")
                && dictionary.faults.is_empty();
            let revision = dictionary.signed_revision.filter(|_| is_sound)?;
            let covered = store.iter().filter(|(added, _)| *added <= revision);
            Some(Sound {
                place: place(field),
                revision,
                byte_range: dictionary.byte_range?,
                token: crypto::object_id(dictionary.message()?),
                covers: covered.map(|(_, id)| *id).collect(),
            })
        })
        .collect();
    sound.sort_by_key(|timestamp| timestamp.revision);
    // A later time-stamp covers the octets of the earlier ones.
    let tokens: Vec<(usize, ObjectId)> = sound
        .iter()
        .map(|timestamp| (timestamp.revision, timestamp.token))
        .collect();
    for timestamp in &mut sound {
        let earlier = tokens
            .iter()
            .filter(|(older, _)| *older < timestamp.revision);
        timestamp.covers.extend(earlier.map(|(_, token)| *token));
    }
    sound
}

/// Adds the time-stamps that cover a signature's octets, and what a time-stamp itself covers.
fn cover(
    dictionary: &SignatureDictionary,
    timestamps: &[Sound],
    facts: &mut SignatureFacts,
    budget: &mut Budget,
) -> Result<(), Limit> {
    let own = dictionary.message().map(crypto::object_id);
    for timestamp in timestamps {
        let charge = number(timestamp.covers.len()).saturating_add(1);
        if own == Some(timestamp.token) && dictionary.faults.is_empty() {
            budget.charge(Resource::References, charge)?;
            facts.covers.clone_from(&timestamp.covers);
        } else if is_covered(dictionary, timestamp) && !facts.is_document_timestamp() {
            budget.charge(Resource::References, charge)?;
            facts.timestamps.push(CoveringTimestamp {
                place: timestamp.place.clone(),
                token: timestamp.token,
                byte_range: timestamp.byte_range,
                covers: timestamp.covers.clone(),
            });
        }
    }
    Ok(())
}

/// Whether everything of a signature, its value and what it signs, lies in the time-stamp's ranges.
fn is_covered(dictionary: &SignatureDictionary, timestamp: &Sound) -> bool {
    let [_, gap, behind, length] = timestamp.byte_range;
    let end = behind.saturating_add(length);
    let signed_end = dictionary
        .byte_range
        .and_then(|[_, _, second, length]| second.checked_add(length));
    let is_outside_gap = dictionary
        .contents_token
        .as_ref()
        .is_some_and(|token| token.end <= gap || (token.start >= behind && token.end <= end));
    let is_older = dictionary
        .signed_revision
        .is_some_and(|signed| signed < timestamp.revision);
    is_outside_gap && is_older && signed_end.is_some_and(|signed| signed <= end)
}
