//! Files of a container's own that must stay as they are, for somebody proves or signs them.
//!
//! A signature file is never signed by its own signature. But another one may be over it: a second
//! signature that names `META-INF/signatures0.xml`, a document signature of OpenDocument over the
//! macro signatures (OpenDocument 1.2 part 1 §3.16), a manifest that names another message. One
//! octet more in it, and that signature is broken for good.

use crate::asic;
use crate::error::{Error, InputError};
use crate::evidence::{Evidence, Structure};
use crate::limits::Budget;
use crate::payload::{DigestOutcome, Part, PartKey, PayloadName};
use crate::signature::{Reference, Target};
use std::collections::BTreeSet;

/// The files that time-stamps and evidence records of the container are about.
pub(super) fn proven(evidence: &Evidence, budget: &mut Budget) -> Result<BTreeSet<String>, Error> {
    let mut proven = named(evidence, budget)?;
    for located in evidence.located() {
        if let Structure::Timestamp { manifest, .. } | Structure::EvidenceRecord { manifest, .. } =
            &located.structure
        {
            proven.extend(manifest.iter().map(|manifest| manifest.name.clone()));
        }
    }
    Ok(proven)
}

/// As [`proven`], without the manifests that name the files.
pub(super) fn named(evidence: &Evidence, budget: &mut Budget) -> Result<BTreeSet<String>, Error> {
    let mut named = BTreeSet::new();
    for located in evidence.located() {
        let manifest = match &located.structure {
            Structure::Timestamp { manifest, content } => {
                named.extend(content.iter().filter_map(|key| match key {
                    PartKey::Payload(part) => entry(&part.name),
                    PartKey::Octets(_) => None,
                }));
                manifest
            }
            Structure::EvidenceRecord { manifest, content } => {
                named.extend(content.iter().filter_map(entry));
                manifest
            }
            _ => continue,
        };
        let Some(manifest) = manifest else { continue };
        let octets = evidence.objects().get(&manifest.object);
        let octets = octets.ok_or(InputError::Unreadable)?;
        for entry in asic::read_manifest(octets, budget)? {
            named.extend(entry.name);
        }
    }
    Ok(named)
}

/// The files of the container's own that a signature is over, by a digest that fits: what does not
/// fit is broken already and holds nothing.
pub(super) fn covered(evidence: &Evidence, budget: &mut Budget) -> Result<BTreeSet<String>, Error> {
    let files = evidence.document().files.iter();
    let files: BTreeSet<&str> = files.map(|file| &*file.name).collect();
    let mut covered = BTreeSet::new();
    let references = evidence.records().iter().flat_map(|one| &one.references);
    for reference in references {
        let mut own = entries(reference);
        own.retain(|name| !files.contains(name.as_str()) || name.starts_with("META-INF/"));
        if !own.is_empty() && fits(evidence, reference, budget)? {
            covered.append(&mut own);
        }
    }
    Ok(covered)
}

/// Refuses to change a file that somebody signs or proves.
///
/// # Errors
/// [`InputError::Signed`], with its name.
pub(super) fn check_free(
    evidence: &Evidence,
    place: &str,
    budget: &mut Budget,
) -> Result<(), Error> {
    if proven(evidence, budget)?.contains(place) || covered(evidence, budget)?.contains(place) {
        return Err(signed(place));
    }
    Ok(())
}

/// Why a file is not changed.
pub(super) fn signed(place: &str) -> Error {
    let file = Some(place.to_owned());
    InputError::Signed { file }.into()
}

fn entry(name: &PayloadName) -> Option<String> {
    match name {
        PayloadName::Entry(name) => Some(name.clone()),
        PayloadName::Input(_) => None,
    }
}

/// The files that a reference leads to.
fn entries(reference: &Reference) -> BTreeSet<String> {
    let Target::Parts(parts) = &reference.target else {
        return BTreeSet::new();
    };
    let payload = parts.iter().filter_map(|part| match part {
        Part::Payload(part) => entry(&part.name),
        _ => None,
    });
    payload.collect()
}

fn fits(evidence: &Evidence, reference: &Reference, budget: &mut Budget) -> Result<bool, Error> {
    let (Target::Parts(parts), Ok(algorithm)) = (&reference.target, &reference.algorithm) else {
        return Ok(false);
    };
    let found = evidence.payload().digest(*algorithm, parts, budget)?;
    Ok(matches!(found, DigestOutcome::Digest(digest) if digest == reference.expected))
}
