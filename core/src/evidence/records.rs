//! From located structures to records: every format reads its own, from the kept bytes.

use super::facts::{ODF_CONTENT, ODF_SIGNATURES};
use super::{DocumentFacts, Located, ManifestFact, Names, Objects, Structure};
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
    CheckId, ContainerKind, ReferenceKind, ScopeKind, SignatureFormat, SignatureLevel,
    TimestampKind,
};
use crate::xades;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Reads every record, in the order found.
///
/// # Errors
/// Why a document that is itself the only structure cannot be read. A file of a container that
/// cannot be read has a record that says so.
pub(super) fn read(
    located: &[Located],
    objects: &Objects,
    document: &DocumentFacts,
    budget: &mut Budget,
) -> Result<Vec<Signature>, Error> {
    let mut records: Vec<Signature> = Vec::new();
    for one in located {
        if matches!(one.structure, Structure::EvidenceRecord { .. }) {
            continue;
        }
        let mut own = match one.object.and_then(|id| objects.get(&id)) {
            Some(octets) => match structure(one, octets, objects, document, budget) {
                Ok(own) => own,
                // What is no file of anything and cannot be read holds no signature to speak of.
                Err(error) if one.is_the_document() => return Err(error),
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
        Structure::Xml => {
            let names = document.names();
            let resolve = |name: &str| names.resolve(name);
            let mut records = match document.container {
                Some(ContainerKind::Ddoc) => {
                    let outside = |name: &str| document.detached(name);
                    asic::digidoc_signatures(octets, &outside, budget)?
                }
                _ => xades::parse(octets, place, &resolve, budget)?,
            };
            for record in records.iter_mut().filter(|record| record.parent.is_none()) {
                about_the_container(record, document.container, &names);
                record.findings.extend(other_type(record, document));
                name_detached(record, document);
            }
            Ok(records)
        }
        Structure::Cms { content, manifest } => {
            let detached = detached(content, manifest.as_ref(), objects);
            let message = Message {
                place,
                detached: detached.as_ref(),
            };
            let mut records = cades::parse(octets, message, budget)?;
            records
                .iter_mut()
                .for_each(|record| name_detached(record, document));
            if let Some(manifest) = manifest {
                let read = manifest_references(manifest, objects, document, budget);
                let entries = readable(read)?;
                let names = document.names();
                for record in records.iter_mut().filter(|record| record.parent.is_none()) {
                    cover(record, &entries);
                    about_the_container(record, document.container, &names);
                }
            }
            Ok(records)
        }
        Structure::Pdf(facts) => {
            pades::records(octets, place, facts, &|id| objects.get(id).cloned(), budget)
        }
        // Read with what they are about, see `preservation`.
        Structure::EvidenceRecord { .. } => Ok(Vec::new()),
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
pub(super) fn detached(
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

/// What a signature covers by no name of its own is told by the name of the document that the
/// caller gave. Names of references stay: a claim about the content is compared with those.
fn name_detached(record: &mut Signature, document: &DocumentFacts) {
    let references = record.references.iter();
    let nameless = references.filter(|reference| reference.name.is_empty());
    let covered = nameless.filter_map(|reference| reference.covers.as_ref());
    let given = covered.chain(record.signed_directly()).find_map(|covered| {
        let PayloadName::Input(input) = covered else {
            return None;
        };
        let mut detached = document.detached.iter();
        let known = detached.find(|(known, _)| known == input)?;
        Some(known.1.as_str())
    });
    let Some(given) = given else { return };
    let is_nameless = |scope: &&mut Scope| scope.name.is_empty() && scope.kind == ScopeKind::Full;
    for scope in record.scopes.iter_mut().filter(is_nameless) {
        given.clone_into(&mut scope.name);
    }
}

/// What a manifest names, and what is wrong with the names.
#[derive(Default)]
struct Manifest {
    references: Vec<Reference>,
    findings: Vec<Finding>,
}

/// EN 319 162-1 §A.4: the digests of a signed manifest, read from its kept bytes.
///
/// What is no relative reference, or leads to no file, but is letter by letter the name of one, was
/// written by a producer that does not encode names. Which file it is about is beyond doubt, and
/// its digest says whether it is the signed one; the fault is told.
fn manifest_references(
    manifest: &ManifestFact,
    objects: &Objects,
    document: &DocumentFacts,
    budget: &mut Budget,
) -> Result<Manifest, Error> {
    let names = document.names();
    let mut read = Manifest::default();
    let Some(octets) = objects.get(&manifest.object) else {
        return Ok(read);
    };
    for entry in asic::read_manifest(octets, budget)? {
        let mut name = entry.name.unwrap_or_default();
        let mut payload = names.resolve(&name).filter(|_| !name.is_empty());
        if payload.is_none() {
            payload = names.entry(&entry.uri);
            if payload.is_some() || name.is_empty() {
                let (check, expected) = match payload {
                    Some(_) => (CheckId::ContainerManifest, "the name of a file as a URI"),
                    None => (CheckId::FormatStructure, "a reference to a file"),
                };
                let found = entry.uri.as_str();
                read.findings.push(Finding::new(check, expected, found));
                name = entry.uri;
            }
        }
        let target = match &payload {
            Some(name) => Target::Parts(vec![Part::Payload(PayloadPart::whole(name.clone()))]),
            None => Target::NotFound,
        };
        read.references.push(Reference {
            name,
            kind: ReferenceKind::ManifestEntry,
            algorithm: entry.algorithm,
            expected: entry.digest,
            target,
            is_optional: false,
            covers: payload,
        });
    }
    Ok(read)
}

/// What is wrong with a manifest is a finding of each signature over it: its own digest can still
/// be told to be right or wrong.
fn readable(read: Result<Manifest, Error>) -> Result<Result<Manifest, Finding>, Error> {
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
fn cover(record: &mut Signature, manifest: &Result<Manifest, Finding>) {
    let Manifest {
        references: entries,
        findings,
    } = match manifest {
        Ok(manifest) => manifest,
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
    record.findings.extend(findings.iter().cloned());
    record.references.extend(entries.iter().cloned());
    record.scopes.extend(entries.iter().map(|entry| Scope {
        name: entry.name.clone(),
        kind: ScopeKind::Digest,
    }));
}

/// EN 319 162-1 §4.3.3.2, §4.4.3.2, OpenDocument 1.2 part 1 §3.16: a signature in a container is
/// about files of it. One that is only about itself, about other signatures or about what the
/// container keeps for itself would vouch for a container and for nothing in it.
///
/// A document signature of OpenDocument is about every file. Offices before 1.2 left some out, and
/// that is a warning; what the document says none of them left out. A signature over the settings
/// would vouch for any text beside them; LibreOffice calls that invalid too.
fn about_the_container(
    record: &mut Signature,
    container: Option<ContainerKind>,
    names: &Names<'_>,
) {
    let clause = match container {
        Some(ContainerKind::AsicE | ContainerKind::AsicS) => "EN 319 162-1 §4.4.3.2",
        Some(ContainerKind::Odf) => "OpenDocument 1.2 part 1 §3.16",
        _ => return,
    };
    if record.value.is_none() {
        return;
    }
    let is_data = |payload: &PayloadName| match payload {
        PayloadName::Entry(name) => names.is_data(name),
        PayloadName::Input(_) => true,
    };
    let is_file = |reference: &Reference| match (&reference.covers, &reference.target) {
        (Some(payload), _) => is_data(payload),
        // That a file is missing is another finding.
        (None, Target::NotFound) => !reference.name.is_empty() && !reference.name.starts_with('#'),
        (None, Target::Parts(parts)) => parts.iter().any(|part| match part {
            Part::Payload(part) => is_data(&part.name),
            _ => false,
        }),
        (None, Target::Unsupported(_)) => true,
    };
    if !record.references.iter().any(is_file) {
        let expected = format!("a reference to a data file of the container ({clause})");
        let finding = Finding::new(CheckId::FormatStructure, expected, "none");
        record.findings.push(finding);
        return;
    }
    let is_document = |reference: &Reference| match (&reference.covers, &reference.target) {
        (Some(payload), _) => *payload == PayloadName::Entry(ODF_CONTENT.to_owned()),
        (None, target) => matches!(target, Target::Unsupported(_)),
    };
    let is_over_documents = container == Some(ContainerKind::Odf) && record.place == ODF_SIGNATURES;
    if is_over_documents && names.is_data(ODF_CONTENT) && !record.references.iter().any(is_document)
    {
        let expected = format!("a reference to {ODF_CONTENT} ({clause})");
        let finding = Finding::new(CheckId::FormatStructure, expected, "none");
        record.findings.push(finding);
    }
}

/// EN 319 132-1 §5.2.4: the signer says which type a signed file is of. `META-INF/manifest.xml` is
/// signed by nobody: by another type there, a file could be opened with another program and show
/// another content. No clause makes that a fault of the signature, and DSS says nothing; digidoc4j
/// and libdigidocpp refuse the container.
fn other_type(record: &Signature, document: &DocumentFacts) -> Option<Finding> {
    let listed = document.files.iter();
    let listed = listed.filter_map(|file| Some((&*file.name, file.media_type.as_deref()?)));
    let listed: BTreeMap<&str, &str> = listed.filter(|(_, of)| !of.is_empty()).collect();
    let signed = record.claims.media_types.iter();
    let mut signed = signed.filter(|(_, of)| !of.is_empty());
    signed.find_map(|(name, signed)| {
        let listed = *listed.get(name.as_str())?;
        let is_same = listed.trim().eq_ignore_ascii_case(signed);
        let expected = format!("{name} is {signed}, as the signer says");
        (!is_same).then(|| Finding::new(CheckId::ContainerManifest, expected, listed))
    })
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
    let id = identifier("S", &located.place, octets.map_or(&[], |octets| octets));
    let mut record = empty(id, &located.place);
    record.format = match located.structure {
        Structure::Xml => SignatureFormat::Xades,
        Structure::Pdf(_) => SignatureFormat::Pades,
        Structure::Cms { .. } | Structure::Timestamp { .. } | Structure::EvidenceRecord { .. } => {
            SignatureFormat::Cades
        }
    };
    record
        .findings
        .push(not_read("a structure that can be read", error));
    record
}

fn not_read(expected: &str, error: &Error) -> Finding {
    let check = match error {
        Error::LimitExceeded(_) => CheckId::LimitReading,
        Error::Unsupported(_) => CheckId::UnsupportedFeature,
        _ => CheckId::FormatStructure,
    };
    Finding::new(check, expected, error.reason())
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
        revision: None,
    }
}

/// The same at every reading: from the place and the octets.
fn identifier(letter: &str, place: &str, octets: &[u8]) -> String {
    let both = [place.as_bytes(), &[0], octets].concat();
    let hex = crypto::object_id(&both).to_hex();
    format!("{letter}-{}", hex.get(..16).unwrap_or(&hex))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::algorithm::{DigestAlgorithm, SignatureAlgorithm};
    use crate::evidence::{Evidence, FileFact};
    use crate::signature::SignatureValue;

    fn reference(name: &str, target: Target, covers: Option<&str>) -> Reference {
        Reference {
            name: name.to_owned(),
            kind: ReferenceKind::SignersDocument,
            algorithm: Ok(DigestAlgorithm::Sha256),
            expected: vec![0; 32],
            target,
            is_optional: false,
            covers: covers.map(|name| PayloadName::Entry(name.to_owned())),
        }
    }

    /// What is found about a signature with these references in a container with `a.txt`.
    fn found(kind: ContainerKind, references: Vec<Reference>) -> Vec<CheckId> {
        let document = DocumentFacts {
            container: Some(kind),
            files: vec![FileFact {
                name: "a.txt".to_owned(),
                size: 1,
                media_type: None,
                digest: None,
            }],
            ..DocumentFacts::default()
        };
        let mut record = empty("S".to_owned(), "META-INF/signatures.xml");
        record.references = references;
        record.value = Some(SignatureValue {
            algorithm: Ok(SignatureAlgorithm::Ed25519),
            over: Vec::new(),
            alternatives: Vec::new(),
            value: Arc::from(&[0][..]),
            digest_beside: None,
        });
        about_the_container(&mut record, document.container, &document.names());
        record
            .findings
            .iter()
            .map(|finding| finding.check)
            .collect()
    }

    #[test]
    fn a_signature_in_a_container_is_about_a_file_of_it() {
        let own = || {
            reference(
                "#a",
                Target::Parts(vec![Part::Octets(Arc::from(&[1][..]))]),
                None,
            )
        };
        let other = || {
            reference(
                "META-INF/b.xml",
                Target::Parts(Vec::new()),
                Some("META-INF/b.xml"),
            )
        };
        let lost = || reference("#b", Target::NotFound, None);
        for references in [
            vec![],
            vec![own()],
            vec![other()],
            vec![own(), other(), lost()],
        ] {
            assert_eq!(
                found(ContainerKind::AsicE, references),
                [CheckId::FormatStructure]
            );
        }
        let data = || reference("a.txt", Target::Parts(Vec::new()), Some("a.txt"));
        assert_eq!(found(ContainerKind::AsicS, vec![own(), data()]), []);
        let missing = || reference("c.txt", Target::NotFound, None);
        assert_eq!(found(ContainerKind::AsicE, vec![own(), missing()]), []);
        let told = [CheckId::FormatStructure];
        assert_eq!(found(ContainerKind::Odf, vec![own()]), told);
        assert_eq!(found(ContainerKind::Odf, vec![own(), data()]), []);
        // The base64 transform takes a file in part, but of what is no data no part is data either.
        let decoded = |name: &str| {
            let part = PayloadPart::whole(PayloadName::Entry(name.to_owned()));
            reference(name, Target::Parts(vec![Part::Payload(part)]), None)
        };
        assert_eq!(found(ContainerKind::AsicE, vec![decoded("a.txt")]), []);
        let other = vec![decoded("META-INF/b.txt")];
        assert_eq!(found(ContainerKind::AsicE, other), told);
    }

    #[test]
    fn an_entry_of_a_manifest_finds_its_file_by_the_decoded_name_first() {
        let read = |uri: &str, names: &[&str]| {
            let manifest = format!(
                "<ASiCManifest xmlns='http://uri.etsi.org/02918/v1.2.1#' \
                 xmlns:ds='http://www.w3.org/2000/09/xmldsig#'><SigReference URI='s'/>\
                 <DataObjectReference URI='{uri}'><ds:DigestMethod \
                 Algorithm='http://www.w3.org/2001/04/xmlenc#sha256'/>\
                 <ds:DigestValue>AA==</ds:DigestValue></DataObjectReference></ASiCManifest>"
            );
            let mut evidence = Evidence::new(DocumentFacts::default());
            let object = evidence.keep(Arc::from(manifest.as_bytes()));
            let file = |name: &&str| FileFact {
                name: (*name).to_owned(),
                size: 1,
                media_type: None,
                digest: None,
            };
            let document = DocumentFacts {
                container: Some(ContainerKind::AsicS),
                files: names.iter().map(file).collect(),
                ..DocumentFacts::default()
            };
            let fact = ManifestFact {
                name: "m".to_owned(),
                object,
            };
            let budget = &mut Budget::default();
            let read = manifest_references(&fact, evidence.objects(), &document, budget).unwrap();
            let covers = match &read.references[0].covers {
                Some(PayloadName::Entry(name)) => Some(name.clone()),
                _ => None,
            };
            let checks: Vec<_> = read.findings.iter().map(|found| found.check).collect();
            (covers, checks)
        };
        let some = |name: &str| Some(name.to_owned());
        assert_eq!(read("a%20b", &["a b", "a%20b"]), (some("a b"), vec![]));
        let told = vec![CheckId::ContainerManifest];
        assert_eq!(read("a%20b", &["a%20b"]), (some("a%20b"), told.clone()));
        assert_eq!(read("50%#1", &["50%#1"]), (some("50%#1"), told));
        assert_eq!(
            read("50%#1", &["50"]),
            (None, vec![CheckId::FormatStructure])
        );
        assert_eq!(read("a", &["b"]), (None, vec![]));
    }

    #[test]
    fn what_cannot_be_read_is_an_error_alone_and_a_record_in_a_container() {
        let cms = || Structure::Cms {
            content: Vec::new(),
            manifest: None,
        };
        let unreadable = [
            (&b"<a"[..], Structure::Xml),
            (b"<!DOCTYPE a><a/>", Structure::Xml),
            (b"\x30\x03\x02\x01\x01", cms()),
            (b"0", cms()),
        ];
        for (octets, structure) in unreadable {
            for (place, records) in [("", None), ("META-INF/signature.p7s", Some(1))] {
                let mut evidence = Evidence::new(DocumentFacts::default());
                let object = Some(evidence.keep(Arc::from(octets)));
                evidence.add_located(Located {
                    place: place.to_owned(),
                    object,
                    structure: structure.clone(),
                    findings: Vec::new(),
                });
                let read = evidence.read_records(&mut Budget::default());
                assert_eq!(read.is_ok(), records.is_some(), "{octets:?}");
                assert_eq!(evidence.records().len(), records.unwrap_or_default());
            }
        }
    }
}
