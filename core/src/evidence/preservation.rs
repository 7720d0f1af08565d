//! Evidence records in their places, and whether their digests fit.

use super::records::detached;
use super::{DocumentFacts, Evidence, Located, Objects, Structure};
use crate::algorithm::DigestAlgorithm;
use crate::asic;
use crate::cades;
use crate::crypto;
use crate::error::Error;
use crate::job::InputId;
use crate::limits::{Budget, Resource};
use crate::payload::{Part, PayloadName, PayloadPart, Tap, Transform};
use crate::signature::{
    Covered, DataObject, Finding, PlacedRecord, Scope, Signature, Target, Timestamp,
};
use crate::timestamp::{ArchiveTimestampChain, EvidenceRecord, Root, roots};
use crate::vocabulary::{CheckId, ObjectId, ScopeKind, TimestampKind};
use crate::xades;
use std::collections::BTreeSet;
use std::sync::Arc;

/// Reads every evidence record, in the order found.
pub(super) fn read(
    located: &[Located],
    objects: &Objects,
    document: &DocumentFacts,
    signatures: &[Signature],
    budget: &mut Budget,
) -> Result<Vec<PlacedRecord>, Error> {
    let mut found = Vec::new();
    for one in located {
        let (content, manifest) = match &one.structure {
            Structure::Cms { .. } => {
                found.append(&mut carried(one, objects, signatures, budget)?);
                continue;
            }
            Structure::Xml => {
                found.append(&mut sealed(one, objects, document, signatures, budget)?);
                continue;
            }
            Structure::EvidenceRecord { content, manifest } => (content, manifest),
            Structure::Pdf(_) | Structure::Timestamp { .. } => continue,
        };
        // The caller says what a record beside a document is about: the document first, what lies
        // beside that as far as the record says so.
        let is_beside = content.contains(&PayloadName::Input(InputId(0)));
        let object = |name: &PayloadName| DataObject {
            is_optional: is_beside && *name != PayloadName::Input(InputId(0)),
            ..whole(name, document)
        };
        let mut placed = PlacedRecord {
            id: String::new(),
            place: one.place.clone(),
            parent: None,
            findings: one.findings.clone(),
            record: None,
            objects: content.iter().map(object).collect(),
            timestamps: Vec::new(),
            signatures: Vec::new(),
            inside: None,
            is_group: false,
            scopes: Vec::new(),
        };
        if let Some(manifest) = manifest {
            match objects.get(&manifest.object) {
                Some(octets) => listed(octets, document, &mut placed, budget)?,
                None => placed.findings.push(Finding::new(
                    CheckId::LimitEvidenceBytes,
                    "the bytes of the manifest",
                    "not kept",
                )),
            }
        }
        placed.signatures = about(&placed, signatures);
        let octets = one.object.and_then(|id| objects.get(&id));
        match octets {
            Some(octets) => {
                placed.id = identifier("E", &one.place, octets);
                let read = EvidenceRecord::read(octets, budget);
                fill(&mut placed, read, budget)?;
            }
            None => {
                placed.id = identifier("E", &one.place, &[]);
                if placed.findings.is_empty() {
                    let (expected, found) = ("the bytes of the evidence record", "not kept");
                    let check = CheckId::LimitEvidenceBytes;
                    placed.findings.push(Finding::new(check, expected, found));
                }
            }
        }
        found.push(placed);
    }
    Ok(found)
}

/// A record over the file of a signature is about that signature and all that is in it.
fn about(placed: &PlacedRecord, signatures: &[Signature]) -> Vec<String> {
    let mut files = BTreeSet::new();
    let mut is_document = false;
    for object in &placed.objects {
        match &object.covers {
            Some(PayloadName::Entry(name)) => {
                files.insert(name.as_str());
            }
            Some(PayloadName::Input(input)) => is_document |= input.0 == 0,
            None => {}
        }
    }
    let is_whole = |of: &&Signature| is_document || files.contains(of.place.as_str());
    let about = signatures.iter().filter(is_whole);
    about.map(|of| of.id.clone()).collect()
}

/// RFC 4998 Appendix A: records in the unsigned attributes of a message. What cannot be read of the
/// message is told by its own record.
fn carried(
    located: &Located,
    objects: &Objects,
    signatures: &[Signature],
    budget: &mut Budget,
) -> Result<Vec<PlacedRecord>, Error> {
    let Structure::Cms { content, manifest } = &located.structure else {
        return Ok(Vec::new());
    };
    let octets = located.object.and_then(|id| objects.get(&id));
    // Most messages carry none: the type of the attributes says so before anything is read again.
    let Some(octets) = octets.filter(|octets| has_type(octets)) else {
        return Ok(Vec::new());
    };
    let records = match cades::carried_records(octets, &located.place, budget) {
        Ok(records) => records,
        Err(error @ Error::LimitExceeded(_)) => return Err(error),
        Err(_) => return Ok(Vec::new()),
    };
    let mut found = Vec::new();
    for (number, one) in records.into_iter().enumerate() {
        let messages = one.messages.into_iter();
        let mut about = vec![DataObject {
            name: located.place.clone(),
            targets: messages
                .map(|octets| Target::Parts(vec![Part::Octets(octets)]))
                .collect(),
            listed: None,
            covers: None,
            is_optional: false,
        }];
        if one.is_external {
            let beside = detached(content, manifest.as_ref(), objects);
            about.push(DataObject {
                name: beside
                    .as_ref()
                    .map_or_else(String::new, |of| of.name.clone()),
                targets: vec![beside.map_or(Target::NotFound, |of| Target::Parts(of.parts))],
                listed: None,
                covers: None,
                is_optional: false,
            });
        }
        let same = signatures.iter().filter(|of| of.place == located.place);
        let id = [&one.octets[..], &number.to_be_bytes()].concat();
        let mut placed = PlacedRecord {
            id: identifier("E", &located.place, &id),
            place: located.place.clone(),
            parent: Some(one.parent),
            findings: Vec::new(),
            record: None,
            objects: about,
            timestamps: Vec::new(),
            signatures: same.map(|of| of.id.clone()).collect(),
            inside: None,
            is_group: false,
            scopes: Vec::new(),
        };
        let read = EvidenceRecord::read(&one.octets, budget);
        fill(&mut placed, read, budget)?;
        found.push(placed);
    }
    Ok(found)
}

/// TS 119 132-3: records in the unsigned properties of an XML signature. What cannot be read of
/// the document is told by its own record.
fn sealed(
    located: &Located,
    objects: &Objects,
    document: &DocumentFacts,
    signatures: &[Signature],
    budget: &mut Budget,
) -> Result<Vec<PlacedRecord>, Error> {
    let octets = located.object.and_then(|id| objects.get(&id));
    // Most documents have none.
    let name = xades::SEALING_EVIDENCE_RECORDS.as_bytes();
    let has_name = |octets: &&Arc<[u8]>| octets.windows(name.len()).any(|one| one == name);
    let Some(octets) = octets.filter(has_name) else {
        return Ok(Vec::new());
    };
    let names = document.names();
    let resolve = |name: &str| names.resolve(name);
    let records = match xades::carried_records(octets, &located.place, &resolve, budget) {
        Ok(records) => records,
        Err(error @ Error::LimitExceeded(_)) => return Err(error),
        Err(_) => return Ok(Vec::new()),
    };
    let mut found = Vec::new();
    for (number, one) in records.into_iter().enumerate() {
        let id = [&one.octets[..], &number.to_be_bytes()].concat();
        let about = one.members.into_iter().map(|(name, target)| DataObject {
            name,
            targets: vec![target],
            listed: None,
            covers: None,
            is_optional: false,
        });
        let is_known = signatures.iter().any(|of| of.id == one.parent);
        let mut placed = PlacedRecord {
            id: identifier("E", &located.place, &id),
            place: located.place.clone(),
            findings: Vec::new(),
            record: None,
            objects: about.collect(),
            timestamps: Vec::new(),
            signatures: is_known.then(|| one.parent.clone()).into_iter().collect(),
            parent: Some(one.parent),
            inside: Some(one.inside),
            is_group: true,
            scopes: Vec::new(),
        };
        fill(&mut placed, one.record, budget)?;
        found.push(placed);
    }
    Ok(found)
}

/// What the types of both attributes begin with: 1.2.840.113549.1.9.16.2 in DER, without the last
/// number.
const TYPE: &[u8] = b"\x06\x0b\x2a\x86\x48\x86\xf7\x0d\x01\x09\x10\x02";

fn has_type(octets: &[u8]) -> bool {
    let length = TYPE.len() + 1;
    let last = |last: u8| matches!(last, 0x31 | 0x32);
    let mut windows = octets.windows(length);
    windows.any(|one| one.starts_with(TYPE) && one.last().is_some_and(|one| last(*one)))
}

/// A payload as it is.
fn whole(name: &PayloadName, document: &DocumentFacts) -> DataObject {
    let words = match name {
        PayloadName::Entry(name) => name.clone(),
        PayloadName::Input(input) => {
            let mut known = document.detached.iter();
            let known = known.find(|(known, _)| known == input);
            known.map_or_else(|| document.name.clone(), |(_, name)| name.clone())
        }
    };
    let part = Part::Payload(PayloadPart::whole(name.clone()));
    DataObject {
        name: words,
        targets: vec![Target::Parts(vec![part])],
        listed: None,
        covers: Some(name.clone()),
        is_optional: false,
    }
}

/// EN 319 162-1 §A.4: an `ASiCEvidenceRecordManifest` says which files a record is about. Nobody
/// signs it: the digests in it are compared as well, but prove nothing.
fn listed(
    octets: &[u8],
    document: &DocumentFacts,
    placed: &mut PlacedRecord,
    budget: &mut Budget,
) -> Result<(), Error> {
    let entries = match asic::read_manifest(octets, budget) {
        Ok(entries) => entries,
        Err(error @ Error::Malformed(_)) => {
            let (check, expected) = (CheckId::FormatStructure, "a manifest that can be read");
            let finding = Finding::new(check, expected, error.reason());
            placed.findings.push(finding);
            return Ok(());
        }
        Err(error) => return Err(error),
    };
    let names = document.names();
    for entry in entries {
        // A reference that is no URI finds no file: nobody signed it, so nothing need be guessed.
        let name = entry.name.unwrap_or_default();
        let payload = names.resolve(&name).filter(|_| !name.is_empty());
        let mut object = match payload {
            Some(payload) => whole(&payload, document),
            None => DataObject {
                name: entry.uri.clone(),
                targets: vec![Target::NotFound],
                listed: None,
                covers: None,
                is_optional: false,
            },
        };
        object.name = entry.uri;
        object.listed = Some((entry.algorithm, entry.digest));
        placed.objects.push(object);
    }
    Ok(())
}

/// Puts a record into its place.
fn fill(
    placed: &mut PlacedRecord,
    record: Result<EvidenceRecord, Error>,
    budget: &mut Budget,
) -> Result<(), Error> {
    placed.scopes = placed.objects.iter().map(scope).collect();
    let record = match record {
        Ok(record) => record,
        Err(error) => {
            let check = match error {
                Error::LimitExceeded(_) => CheckId::LimitReading,
                Error::Unsupported(_) => CheckId::UnsupportedFeature,
                _ => CheckId::FormatStructure,
            };
            let expected = "an evidence record that can be read";
            let finding = Finding::new(check, expected, error.reason());
            placed.findings.push(finding);
            return Ok(());
        }
    };
    match timestamps(placed, &record, budget) {
        Ok(timestamps) => placed.timestamps = timestamps,
        Err(Error::Unsupported(unsupported)) => {
            let expected = "an evidence record whose algorithms are implemented";
            let check = CheckId::UnsupportedAlgorithm;
            let finding = Finding::new(check, expected, unsupported.to_string());
            placed.findings.push(finding);
        }
        Err(error) => return Err(error),
    }
    placed.record = Some(Arc::new(record));
    Ok(())
}

fn scope(object: &DataObject) -> Scope {
    Scope {
        name: object.name.clone(),
        kind: ScopeKind::Full,
    }
}

/// The archive time-stamps with what the imprint of each must be over.
fn timestamps(
    placed: &PlacedRecord,
    record: &EvidenceRecord,
    budget: &mut Budget,
) -> Result<Vec<Timestamp>, Error> {
    let mut timestamps = Vec::new();
    let mut earlier: Vec<ObjectId> = Vec::new();
    for chain in &record.chains {
        let mut previous: Option<&crate::timestamp::ArchiveTimestamp> = None;
        for one in &chain.timestamps {
            let algorithm = one.algorithm.clone()?;
            let direct = match previous {
                // RFC 4998 §5.2, time-stamp renewal.
                Some(previous) => vec![vec![Part::Octets(Arc::clone(&previous.stamped))]],
                None => direct(placed, chain, algorithm, budget)?,
            };
            let mut targets = Vec::new();
            for root in roots(&one.lists, algorithm, budget)? {
                match root {
                    Root::Digest(octets) => targets.push(vec![Part::Octets(octets.into())]),
                    Root::Direct => targets.extend(direct.iter().cloned()),
                }
            }
            let mut targets = targets.into_iter().map(Target::Parts);
            let imprint = targets.next().unwrap_or(Target::NotFound);
            let number = timestamps.len().to_be_bytes();
            let own = [placed.id.as_bytes(), &number].concat();
            let covered = match previous {
                Some(previous) => objects_of(previous),
                None => earlier.clone(),
            };
            budget.charge(
                Resource::Values,
                u64::try_from(covered.len()).unwrap_or(u64::MAX),
            )?;
            timestamps.push(Timestamp {
                id: identifier("T", &placed.place, &[&own[..], &one.token].concat()),
                kind: TimestampKind::ArchiveTimestamp,
                token: Arc::clone(&one.token),
                imprint,
                alternatives: targets.map(|target| (target, "as it is")).collect(),
                covered: Covered {
                    signature: false,
                    data: true,
                    objects: covered,
                },
                findings: Vec::new(),
            });
            previous = Some(one);
        }
        earlier.extend(chain.timestamps.iter().flat_map(objects_of));
    }
    Ok(timestamps)
}

/// A token, and what is covered together with it.
fn objects_of(one: &crate::timestamp::ArchiveTimestamp) -> Vec<ObjectId> {
    let beside = one.beside.iter().map(|octets| crypto::object_id(octets));
    std::iter::once(crypto::object_id(&one.token))
        .chain(beside)
        .collect()
}

/// What the first archive time-stamp of a chain is over where it has no hash tree: one data object,
/// in later chains with the chains before.
fn direct(
    placed: &PlacedRecord,
    chain: &ArchiveTimestampChain,
    algorithm: DigestAlgorithm,
    budget: &mut Budget,
) -> Result<Vec<Vec<Part>>, Error> {
    let targets = placed.objects.iter().flat_map(|object| &object.targets);
    let mut each: Vec<Vec<Part>> = Vec::new();
    for target in targets {
        if let Target::Parts(parts) = target {
            each.push(parts.clone());
            each.extend(canonical(parts, chain));
        }
    }
    each.extend(group(placed, algorithm));
    let mut before = Vec::new();
    for octets in &chain.before {
        before.push(Part::Octets(digest(algorithm, octets, budget)?.into()));
    }
    let mut all = Vec::new();
    for parts in each {
        budget.charge(Resource::Values, 4)?;
        if before.is_empty() {
            all.push(parts.clone());
        }
        for chains in &before {
            let data = Part::Digest {
                algorithm,
                parts: parts.clone(),
            };
            let chains = chains.clone();
            all.push(vec![data.clone(), chains.clone()]);
            all.push(vec![chains, data]);
        }
    }
    Ok(all)
}

pub(super) fn digest(
    algorithm: DigestAlgorithm,
    octets: &[u8],
    budget: &mut Budget,
) -> Result<Vec<u8>, Error> {
    let length = u64::try_from(octets.len()).unwrap_or(u64::MAX);
    budget.charge(Resource::DigestedBytes, length)?;
    crypto::digest(algorithm, octets)
}

/// RFC 4998 §4.2: the digests of all data objects of a group in ascending order, whose digest is
/// that of the group. None where one of them is not at hand.
pub(super) fn group(placed: &PlacedRecord, algorithm: DigestAlgorithm) -> Option<Vec<Part>> {
    if !placed.is_group || placed.objects.is_empty() {
        return None;
    }
    let member = |object: &DataObject| match object.targets.as_slice() {
        [Target::Parts(parts)] => Some(parts.clone()),
        _ => None,
    };
    let members = placed.objects.iter().map(member).collect::<Option<_>>()?;
    Some(vec![Part::Group { algorithm, members }])
}

/// RFC 6283 §3.2.1: a data object in XML is digested in its canonical form, by the method of the
/// chain. Most are digested as they are, so both are tried.
pub(super) fn canonical(parts: &[Part], chain: &ArchiveTimestampChain) -> Option<Vec<Part>> {
    let method = chain.canonicalization.clone()?;
    let [Part::Payload(part)] = parts else {
        return None;
    };
    let is_whole = part.range.is_none() && part.transform.is_none();
    is_whole.then(|| {
        vec![Part::Payload(PayloadPart {
            transform: Transform::Canonical {
                method,
                inclusive_prefixes: Vec::new(),
            },
            ..part.clone()
        })]
    })
}

/// The taps that the data objects of a record need: one for each digest algorithm of a chain.
pub(super) fn taps(placed: &PlacedRecord) -> Vec<Tap> {
    let chains = placed.record.iter().flat_map(|record| &record.chains);
    let own = chains.clone();
    let own = own.filter_map(|chain| chain.timestamps.first()?.algorithm.clone().ok());
    // A record may have as many chains as it likes; the algorithms are few.
    let own: BTreeSet<DigestAlgorithm> = own.collect();
    let mut taps = Vec::new();
    let mut methods = BTreeSet::new();
    for chain in chains {
        let first = chain.timestamps.first();
        let Some(Ok(algorithm)) = first.map(|first| first.algorithm.clone()) else {
            continue;
        };
        let method = chain.canonicalization.as_deref();
        if method.is_none_or(|method| !methods.insert((method, algorithm))) {
            continue;
        }
        for target in placed.objects.iter().flat_map(|object| &object.targets) {
            if let Target::Parts(parts) = target
                && let Some(parts) = canonical(parts, chain)
            {
                taps.extend(Tap::needed(algorithm, &parts));
            }
        }
    }
    for object in &placed.objects {
        let listed = object.listed.iter();
        let listed = listed.filter_map(|(algorithm, _)| algorithm.clone().ok());
        for algorithm in own.iter().copied().chain(listed) {
            for target in &object.targets {
                if let Target::Parts(parts) = target {
                    taps.extend(Tap::needed(algorithm, parts));
                }
            }
        }
    }
    taps
}

/// The same at every reading: from the place and the octets.
pub(super) fn identifier(letter: &str, place: &str, octets: &[u8]) -> String {
    let both = [place.as_bytes(), &[0], octets].concat();
    let hex = crypto::object_id(&both).to_hex();
    format!("{letter}-{}", hex.get(..32).unwrap_or(&hex))
}

impl Evidence {
    /// Whether the archive time-stamps of each chain have its first one's digest algorithm, in the
    /// tree and in the token, and each renews the one before. Gives what does not hold.
    ///
    /// # Errors
    /// A limit.
    ///
    /// # Standard
    /// RFC 4998 §5.3 step 2; RFC 6283 §4.3.
    pub fn broken_renewals(
        &self,
        placed: &PlacedRecord,
        budget: &mut Budget,
    ) -> Result<Vec<(CheckId, usize)>, Error> {
        let mut broken = Vec::new();
        let Some(record) = &placed.record else {
            return Ok(broken);
        };
        let mut number = 0usize;
        for chain in &record.chains {
            let own = chain.timestamps.first().map(|one| one.algorithm.clone());
            let mut previous: Option<&crate::timestamp::ArchiveTimestamp> = None;
            for one in &chain.timestamps {
                let token = placed.timestamps.get(number);
                let token = token.and_then(|place| self.token(place).ok());
                // A token that cannot be read fails by itself.
                let imprint = token.map(|token| token.imprint_algorithm.clone());
                let is_same = Some(&one.algorithm) == own.as_ref()
                    && imprint.is_none_or(|imprint| imprint == one.algorithm);
                if !is_same {
                    broken.push((CheckId::EvidenceRecordAlgorithm, number));
                }
                if let (Some(previous), Some(list)) = (previous, one.lists.first())
                    && let Ok(algorithm) = one.algorithm
                {
                    let wanted = digest(algorithm, &previous.stamped, budget)?;
                    if !list.contains(&wanted) {
                        broken.push((CheckId::EvidenceRecordRenewal, number));
                    }
                }
                previous = Some(one);
                number += 1;
            }
        }
        Ok(broken)
    }
}
