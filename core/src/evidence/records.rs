//! From located structures to records: every format reads its own, from the kept bytes.

use super::{DocumentFacts, Located, ManifestFact, Objects, Structure};
use crate::asic;
use crate::cades::{self, Detached, Message};
use crate::crypto;
use crate::error::Error;
use crate::limits::Budget;
use crate::pades;
use crate::payload::{Part, PartKey, PayloadName, PayloadPart};
use crate::signature::{
    Claims, Covered, Finding, Identification, RecordKind, Reference, Scope, Signature, Target,
    Timestamp,
};
use crate::vocabulary::{
    CheckId, ReferenceKind, ScopeKind, SignatureFormat, SignatureLevel, TimestampKind,
};
use crate::xades;
use std::sync::Arc;

/// Reads every record, in the order found.
pub(super) fn read(
    located: &[Located],
    objects: &Objects,
    document: &DocumentFacts,
    budget: &mut Budget,
) -> Result<Vec<Signature>, Error> {
    let mut records: Vec<Signature> = Vec::new();
    for one in located {
        let mut own = match one.object.and_then(|id| objects.get(&id)) {
            Some(octets) => match structure(one, octets, objects, document, budget) {
                Ok(own) => own,
                Err(error) => vec![unreadable(one, Some(octets), &error)],
            },
            // Kept bytes that are missing exceeded a limit of the reading or of the saved form.
            None => vec![missing(one)],
        };
        for record in own.iter_mut().filter(|record| record.parent.is_none()) {
            record.findings.extend(one.findings.iter().cloned());
        }
        records.append(&mut own);
    }
    Ok(records)
}

fn structure(
    located: &Located,
    octets: &Arc<[u8]>,
    objects: &Objects,
    document: &DocumentFacts,
    budget: &mut Budget,
) -> Result<Vec<Signature>, Error> {
    let place = located.place.as_str();
    match &located.structure {
        Structure::Xml => xades::parse(octets, place, &|name| document.resolve(name), budget),
        Structure::Cms { content, manifest } => {
            let detached = detached(content, manifest.as_ref(), objects);
            let message = Message {
                place,
                detached: detached.as_ref(),
            };
            let mut records = cades::parse(octets, message, budget)?;
            if let Some(manifest) = manifest {
                let read = manifest_references(manifest, objects, document, budget);
                let entries = readable(read)?;
                for record in records.iter_mut().filter(|record| record.parent.is_none()) {
                    cover(record, &entries);
                }
            }
            Ok(records)
        }
        Structure::Pdf(facts) => {
            pades::records(octets, place, facts, &|id| objects.get(id).cloned(), budget)
        }
        Structure::Timestamp { content, manifest } => {
            let mut record = stand_alone(octets, place, content, manifest.as_ref(), objects);
            if let Some(manifest) = manifest {
                let read = manifest_references(manifest, objects, document, budget);
                cover(&mut record, &readable(read)?);
            }
            Ok(vec![record])
        }
    }
}

/// The content of a detached message: the manifest's octets, or payload.
fn detached(
    content: &[PartKey],
    manifest: Option<&ManifestFact>,
    objects: &Objects,
) -> Option<Detached> {
    if let Some(manifest) = manifest {
        let octets = objects.get(&manifest.object)?;
        return Some(Detached {
            parts: vec![Part::Octets(Arc::clone(octets))],
            name: manifest.name.clone(),
            kind: ReferenceKind::Manifest,
            covers: None,
        });
    }
    let parts = parts(content, objects)?;
    let covers = match content {
        [
            PartKey::Payload(PayloadPart {
                name,
                range: None,
                transform,
            }),
        ] if transform.is_none() => Some(name.clone()),
        _ => None,
    };
    let name = match &covers {
        Some(PayloadName::Entry(name)) => name.clone(),
        _ => String::new(),
    };
    (!parts.is_empty()).then_some(Detached {
        parts,
        name,
        kind: ReferenceKind::SignersDocument,
        covers,
    })
}

fn parts(content: &[PartKey], objects: &Objects) -> Option<Vec<Part>> {
    let part = |key: &PartKey| match key {
        PartKey::Octets(id) => objects
            .get(id)
            .map(|octets| Part::Octets(Arc::clone(octets))),
        PartKey::Payload(payload) => Some(Part::Payload(payload.clone())),
    };
    content.iter().map(part).collect()
}

/// EN 319 162-1 §A.4: the digests of a signed manifest, read from its kept bytes.
fn manifest_references(
    manifest: &ManifestFact,
    objects: &Objects,
    document: &DocumentFacts,
    budget: &mut Budget,
) -> Result<Vec<Reference>, Error> {
    let Some(octets) = objects.get(&manifest.object) else {
        return Ok(Vec::new());
    };
    let entries = asic::read_manifest(octets, budget)?;
    Ok(entries
        .into_iter()
        .map(|entry| {
            let payload = document.resolve(&entry.name);
            let target = match &payload {
                Some(name) => Target::Parts(vec![Part::Payload(PayloadPart::whole(name.clone()))]),
                None => Target::NotFound,
            };
            Reference {
                name: entry.name,
                kind: ReferenceKind::ManifestEntry,
                algorithm: entry.algorithm,
                expected: entry.digest,
                target,
                is_optional: false,
                covers: payload,
            }
        })
        .collect())
}

/// What is wrong with a manifest is a finding of each signature over it: its own digest can still
/// be told to be right or wrong.
fn readable(read: Result<Vec<Reference>, Error>) -> Result<Result<Vec<Reference>, Finding>, Error> {
    match read {
        Ok(entries) => Ok(Ok(entries)),
        Err(error @ Error::Malformed(_)) => {
            let (check, expected) = (CheckId::FormatStructure, "a manifest that can be read");
            Ok(Err(Finding::new(check, expected, error.reason())))
        }
        Err(error) => Err(error),
    }
}

/// A signature over a manifest covers what the manifest names, by its digests.
fn cover(record: &mut Signature, manifest: &Result<Vec<Reference>, Finding>) {
    let entries = match manifest {
        Ok(entries) => entries,
        Err(finding) => {
            record.findings.push(finding.clone());
            return;
        }
    };
    // Without a reference to the manifest its digests are nobody's.
    let is_bound = record.kind == RecordKind::Timestamp
        || record.signs_data_directly()
        || record
            .references
            .iter()
            .any(|reference| reference.kind == ReferenceKind::Manifest);
    if !is_bound {
        return;
    }
    record.references.extend(entries.iter().cloned());
    record.scopes.extend(entries.iter().map(|entry| Scope {
        name: entry.name.clone(),
        kind: ScopeKind::Digest,
    }));
}

/// A token that belongs to the document and to no signature.
fn stand_alone(
    octets: &Arc<[u8]>,
    place: &str,
    content: &[PartKey],
    manifest: Option<&ManifestFact>,
    objects: &Objects,
) -> Signature {
    let detached = detached(content, manifest, objects);
    let (imprint, name) = match detached {
        Some(detached) => (Target::Parts(detached.parts), detached.name),
        None => (Target::NotFound, String::new()),
    };
    let id = identifier("T", place, octets);
    let mut record = empty(format!("{id}-record"), place);
    record.kind = RecordKind::Timestamp;
    record.checked = vec![CheckId::FormatStructure];
    record.timestamps.push(Timestamp {
        id,
        kind: TimestampKind::DocumentTimestamp,
        token: Arc::clone(octets),
        imprint,
        alternatives: Vec::new(),
        covered: Covered {
            signature: false,
            data: true,
            objects: Vec::new(),
        },
        findings: Vec::new(),
    });
    if !name.is_empty() {
        record.scopes.push(Scope {
            name,
            kind: ScopeKind::Full,
        });
    }
    record
}

/// A located structure that cannot be read is a located signature: FORMAT_FAILURE, or what a limit
/// or a missing feature says.
fn unreadable(located: &Located, octets: Option<&Arc<[u8]>>, error: &Error) -> Signature {
    let check = match error {
        Error::LimitExceeded(_) => CheckId::LimitReading,
        Error::Unsupported(_) => CheckId::UnsupportedFeature,
        _ => CheckId::FormatStructure,
    };
    let id = identifier("S", &located.place, octets.map_or(&[], |octets| octets));
    let mut record = empty(id, &located.place);
    record.format = match located.structure {
        Structure::Xml => SignatureFormat::Xades,
        Structure::Pdf(_) => SignatureFormat::Pades,
        Structure::Cms { .. } | Structure::Timestamp { .. } => SignatureFormat::Cades,
    };
    record.findings.push(Finding::new(
        check,
        "a structure that can be read",
        error.reason(),
    ));
    record
}

fn missing(located: &Located) -> Signature {
    let mut record = empty(identifier("S", &located.place, &[]), &located.place);
    // Where reading failed, its own finding says why.
    if located.findings.is_empty() {
        let (expected, found) = ("the bytes of the signature", "not kept");
        record
            .findings
            .push(Finding::new(CheckId::LimitEvidenceBytes, expected, found));
    }
    record
}

fn empty(id: String, place: &str) -> Signature {
    Signature {
        id,
        kind: RecordKind::Signature,
        format: SignatureFormat::Cades,
        level: SignatureLevel::NotEtsi,
        parent: None,
        place: place.to_owned(),
        checked: Vec::new(),
        findings: Vec::new(),
        value: None,
        references: Vec::new(),
        identification: Identification::default(),
        certificates: Vec::new(),
        revocation: Vec::new(),
        claims: Claims::default(),
        timestamps: Vec::new(),
        scopes: Vec::new(),
    }
}

/// The same at every reading: from the place and the octets.
fn identifier(letter: &str, place: &str, octets: &[u8]) -> String {
    let both = [place.as_bytes(), &[0], octets].concat();
    let hex = crypto::object_id(&both).to_hex();
    format!("{letter}-{}", hex.get(..16).unwrap_or(&hex))
}
