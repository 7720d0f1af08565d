//! From a located signature to records.

use super::facts::{self, SignatureFacts};
use super::level;
use crate::algorithm::DigestAlgorithm;
use crate::cades::{self, Detached, Message};
use crate::cms::attribute_types::PDF_MAC_DATA;
use crate::cms::{SignedData, SignerInfo};
use crate::crypto;
use crate::error::{Error, Malformed, MalformedKind, Unsupported};
use crate::job::InputId;
use crate::limits::{Budget, Resource};
use crate::payload::PayloadName;
use crate::signature::{
    Claims, Covered, Finding, Identification, RecordKind, Reference, Scope, Signature, Target,
    Timestamp,
};
use crate::vocabulary::{
    CheckId, ObjectId, ReferenceKind, ScopeKind, SignatureFormat, SignatureLevel, TimestampKind,
};
use std::sync::Arc;

/// The records of one located signature or document time-stamp: itself, then counter-signatures.
///
/// `message` is what [`super::Located::message`] holds; `kept` gives kept bytes by their digest,
/// for the document time-stamps that cover this signature. A time-stamp whose bytes are not kept is
/// left out: a proof less, never one more. The findings of the location are not repeated here.
///
/// # Errors
/// [`Error::Malformed`] when the message is no CMS message with a SignerInfo;
/// [`Error::Unsupported`] for another SubFilter; a limit.
///
/// # Standard
/// EN 319 142-1 §5.3, §6.3; ISO 32000-2 §12.8.3, §12.8.5.
pub fn records(
    message: &[u8],
    place: &str,
    of: &SignatureFacts,
    kept: &dyn Fn(&ObjectId) -> Option<Arc<[u8]>>,
    budget: &mut Budget,
) -> Result<Vec<Signature>, Error> {
    match of.sub_filter.as_deref() {
        Some("ETSI.RFC3161") => Ok(vec![document_timestamp(message, place, of, budget)?]),
        Some("ETSI.CAdES.detached" | "adbe.pkcs7.detached") => {
            signature(message, place, of, kept, Digested::Ranges, budget)
        }
        Some("adbe.pkcs7.sha1") => {
            signature(message, place, of, kept, Digested::DigestOfRanges, budget)
        }
        _ => Err(Unsupported::Feature("SubFilter of a PDF signature").into()),
    }
}

/// What the CMS message is over.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Digested {
    /// The signed ranges.
    Ranges,
    /// The SHA-1 of the signed ranges, which is the content of the message.
    DigestOfRanges,
}

fn signature(
    message: &[u8],
    place: &str,
    of: &SignatureFacts,
    kept: &dyn Fn(&ObjectId) -> Option<Arc<[u8]>>,
    digested: Digested,
    budget: &mut Budget,
) -> Result<Vec<Signature>, Error> {
    let data = SignedData::parse_binary(message, budget)?;
    let detached = Detached {
        // Ranges that cannot be read are content that is not at hand, never empty content.
        parts: of.signed_parts().unwrap_or_default(),
        name: place.to_owned(),
        kind: ReferenceKind::SignersDocument,
        covers: covers(of),
    };
    let is_detached = digested == Digested::Ranges && of.byte_range.is_some();
    let message = Message {
        place,
        detached: is_detached.then_some(&detached),
    };
    let mut records = cades::records(&data, message, budget)?;
    if records.is_empty() {
        // EN 319 142-1 §6.3: a signature without SignerInfo is none, and yet it was located.
        return Err(Malformed::within(MalformedKind::CmsStructure, "signerInfos").into());
    }
    let store = information_store(&data, digested);
    for record in records.iter_mut().filter(|record| record.parent.is_none()) {
        record.checked.extend([
            CheckId::FormatByteRange,
            CheckId::FormatSignerInformationStore,
        ]);
        record.findings.extend(store.iter().cloned());
        if digested == Digested::DigestOfRanges {
            inner_digest(record, &data, place, of);
        }
        let is_clean = record.findings.is_empty();
        let mut infos = data.signer_infos.iter();
        if infos.any(has_authentication_code) {
            record
                .findings
                .push(facts::unverified_code("in the message"));
        }
        if let Some(demands) = &of.demands {
            let found = demands.compare(record, &data, budget)?;
            record.findings.extend(found);
        }
        claims(&mut record.claims, of);
        cover(record, of, kept, budget)?;
        record.scopes = vec![scope(place, of)];
        record.revision = of.signed_revision;
        (record.format, record.level) = level::of(record, &data, of, is_clean);
    }
    Ok(records)
}

/// ISO/TS 32004: the code of a document that has its signature guard it.
fn has_authentication_code(info: &SignerInfo) -> bool {
    let attributes = info.unsigned_attrs.as_ref();
    attributes.is_some_and(|attributes| attributes.values(PDF_MAC_DATA).next().is_some())
}

fn covers(of: &SignatureFacts) -> Option<PayloadName> {
    of.covers_whole_file
        .then_some(PayloadName::Input(InputId(0)))
}

fn scope(place: &str, of: &SignatureFacts) -> Scope {
    Scope {
        name: place.to_owned(),
        kind: if of.covers_whole_file {
            ScopeKind::Full
        } else {
            ScopeKind::Partial
        },
    }
}

/// EN 319 142-1 §6.3: one SignerInfo, and the content is not in the message; ISO 32000-2
/// §12.8.3.3.1: under `adbe.pkcs7.sha1` the content is a SHA-1 digest.
fn information_store(data: &SignedData, digested: Digested) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut wrong = |expected: &str, found: String| {
        let check = CheckId::FormatSignerInformationStore;
        findings.push(Finding::new(check, expected, found));
    };
    let count = data
        .signer_infos
        .len()
        .saturating_add(data.unreadable.len());
    if count != 1 {
        wrong("one SignerInfo", count.to_string());
    }
    let content = data.econtent.as_ref().map(|content| content.octets.len());
    match (digested, content) {
        (Digested::Ranges, None) | (Digested::DigestOfRanges, Some(20)) => {}
        (Digested::Ranges, Some(length)) => {
            wrong("no content in the message", format!("{length} octets"));
        }
        (Digested::DigestOfRanges, None) => {
            wrong("a SHA-1 digest as content", "none".to_owned());
        }
        (Digested::DigestOfRanges, Some(length)) => {
            wrong("a SHA-1 digest as content", format!("{length} octets"));
        }
    }
    findings
}

/// `adbe.pkcs7.sha1`: the message signs a digest, and that digest is over the ranges.
fn inner_digest(record: &mut Signature, data: &SignedData, place: &str, of: &SignatureFacts) {
    for reference in &mut record.references {
        reference.kind = ReferenceKind::Object;
        reference.covers = None;
    }
    let content = data.econtent.as_ref();
    record.references.push(Reference {
        name: place.to_owned(),
        kind: ReferenceKind::SignersDocument,
        algorithm: Ok(DigestAlgorithm::Sha1),
        expected: content.map_or_else(Vec::new, |content| content.octets.to_vec()),
        target: target(of),
        is_optional: false,
        covers: covers(of),
    });
}

fn target(of: &SignatureFacts) -> Target {
    of.signed_parts().map_or(Target::NotFound, Target::Parts)
}

/// EN 319 142-1 §6.3: the time of signing is that of `/M`; the attribute is read where it is alone.
fn claims(claims: &mut Claims, of: &SignatureFacts) {
    claims.signing_time = of.claimed_signing_time.or(claims.signing_time);
    claims.reason.clone_from(&of.reason);
    claims.location.clone_from(&of.location);
    claims.contact.clone_from(&of.contact);
    claims.name.clone_from(&of.name);
}

/// The document time-stamps that cover the signature become time-stamps of it.
fn cover(
    record: &mut Signature,
    of: &SignatureFacts,
    kept: &dyn Fn(&ObjectId) -> Option<Arc<[u8]>>,
    budget: &mut Budget,
) -> Result<(), Error> {
    if of.timestamps.is_empty() {
        return Ok(());
    }
    // Everything in the message lies in the time-stamped octets.
    let certificates = record.certificates.iter().map(|found| &found.octets);
    let revocation = record.revocation.iter().map(|found| &found.octets);
    let tokens = record.timestamps.iter().map(|found| &found.token);
    let inside: Vec<ObjectId> = certificates
        .chain(revocation)
        .chain(tokens)
        .map(|octets| crypto::object_id(octets))
        .collect();
    for timestamp in &of.timestamps {
        let objects = inside.len().saturating_add(timestamp.covers.len());
        let charge = u64::try_from(objects).unwrap_or(u64::MAX);
        budget.charge(Resource::References, charge.saturating_add(1))?;
        let Some(token) = kept(&timestamp.token) else {
            continue;
        };
        let mut objects = inside.clone();
        objects.extend(&timestamp.covers);
        record.timestamps.push(Timestamp {
            id: identifier("T", &[&record.id, &timestamp.place], &token),
            kind: TimestampKind::DocumentTimestamp,
            token,
            imprint: Target::Parts(facts::parts(timestamp.byte_range)),
            alternatives: Vec::new(),
            covered: Covered {
                signature: true,
                data: true,
                objects,
            },
            findings: Vec::new(),
        });
    }
    Ok(())
}

fn document_timestamp(
    token: &[u8],
    place: &str,
    of: &SignatureFacts,
    budget: &mut Budget,
) -> Result<Signature, Error> {
    budget.charge(Resource::Signatures, 1)?;
    let id = identifier("T", &[place], token);
    Ok(Signature {
        id: identifier("S", &[place], token),
        kind: RecordKind::Timestamp,
        format: SignatureFormat::Pades,
        level: SignatureLevel::NotEtsi,
        parent: None,
        place: place.to_owned(),
        checked: vec![
            CheckId::FormatStructure,
            CheckId::FormatDuplicate,
            CheckId::FormatByteRange,
        ],
        findings: Vec::new(),
        value: None,
        references: Vec::new(),
        identification: Identification::default(),
        certificates: Vec::new(),
        revocation: Vec::new(),
        claims: Claims::default(),
        timestamps: vec![Timestamp {
            id,
            kind: TimestampKind::DocumentTimestamp,
            token: Arc::from(token),
            imprint: target(of),
            alternatives: Vec::new(),
            covered: Covered {
                signature: false,
                data: true,
                objects: of.covers.clone(),
            },
            findings: Vec::new(),
        }],
        scopes: vec![scope(place, of)],
        revision: of.signed_revision,
    })
}

/// The same at every reading: from the places and the octets.
fn identifier(letter: &str, places: &[&str], octets: &[u8]) -> String {
    let mut name: Vec<&[u8]> = places.iter().map(|place| place.as_bytes()).collect();
    name.push(octets);
    let hex = crypto::object_id(&name.join(&0)).to_hex();
    format!("{letter}-{}", hex.get(..32).unwrap_or(&hex))
}
