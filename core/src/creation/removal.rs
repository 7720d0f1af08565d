//! Signature files that are taken out of a container.

use super::frozen;
use crate::asic;
use crate::error::{ApiMisuse, Error, InputError, Unsupported};
use crate::evidence::{Evidence, Located, ManifestFact, Structure};
use crate::limits::Budget;
use crate::payload::{Part, PayloadName};
use crate::signature::{Reference, Target};
use crate::vocabulary::CheckId;
use std::collections::BTreeSet;

/// The newest archive manifest has this name, those before have a number in it.
/// EN 319 162-1 §A.7.
const ARCHIVE_MANIFEST: &str = "META-INF/ASiCArchiveManifest";

/// The files that go when these signature files, time-stamps and evidence records go: they and the
/// manifests that name them. Nothing that stays may be about one of them.
///
/// # Errors
/// [`InputError::Signed`] for a file that is no signature file, and for one that a signature, a
/// time-stamp or an evidence record covers that stays; [`InputError::Unreadable`] where what stays
/// cannot be read, for then nobody knows what it covers.
///
/// # Standard
/// EN 319 162-1 §4.4.3, §4.4.4, §A.4, §A.7.
pub(super) fn with_manifests(
    evidence: &Evidence,
    names: &[String],
    budget: &mut Budget,
) -> Result<BTreeSet<String>, Error> {
    let is_named = |place: &str| names.iter().any(|name| name == place);
    let mut removed = BTreeSet::new();
    for name in names {
        let mut located = evidence.located().iter();
        let found = located.find(|one| one.place == *name);
        let found = found.ok_or(InputError::Signed { file: None })?;
        // Of two manifests for one signature the other would stay, and name nothing.
        let mut findings = found.findings.iter();
        if findings.any(|finding| finding.check == CheckId::FormatDuplicate) {
            return Err(frozen::signed(name));
        }
        if !removed.insert(name.clone()) {
            return Err(ApiMisuse::DuplicateName.into());
        }
        removed.extend(manifest(found).map(|manifest| manifest.name.clone()));
    }
    let mut staying = evidence
        .located()
        .iter()
        .filter(|one| !is_named(&one.place));
    let newest = format!("{ARCHIVE_MANIFEST}.xml");
    let has_older = |one: &Located| {
        let manifest = manifest(one);
        manifest.is_some_and(|manifest| manifest.name.starts_with(ARCHIVE_MANIFEST))
    };
    // EN 319 162-1 §A.7: the one before would have to get its name back.
    if removed.contains(&newest) && staying.clone().any(has_older) {
        let what = "the last of several archive time-stamps taken out of a container";
        return Err(Unsupported::Feature(what).into());
    }
    staying.try_for_each(|one| check_leaves(evidence, one, &removed, budget))?;
    Ok(removed)
}

fn manifest(located: &Located) -> Option<&ManifestFact> {
    match &located.structure {
        Structure::Cms { manifest, .. }
        | Structure::Timestamp { manifest, .. }
        | Structure::EvidenceRecord { manifest, .. } => manifest.as_ref(),
        Structure::Xml | Structure::Pdf(_) => None,
    }
}

/// Whether what stays is about nothing of what goes.
fn check_leaves(
    evidence: &Evidence,
    staying: &Located,
    removed: &BTreeSet<String>,
    budget: &mut Budget,
) -> Result<(), Error> {
    let check = |name: &str| match removed.contains(name) {
        true => Err(frozen::signed(name)),
        false => Ok(()),
    };
    if staying.object.is_none() {
        return Err(InputError::Unreadable.into());
    }
    if let Structure::EvidenceRecord { content, .. } = &staying.structure {
        content.iter().filter_map(entry).try_for_each(check)?;
    }
    if let Some(manifest) = manifest(staying) {
        check(&manifest.name)?;
        let octets = evidence.objects().get(&manifest.object);
        let octets = octets.ok_or(InputError::Unreadable)?;
        for reference in asic::read_manifest(octets, budget)? {
            check(reference.name.as_deref().unwrap_or(&reference.uri))?;
        }
    }
    let mut is_read = !matches!(staying.structure, Structure::Xml);
    for record in evidence.records() {
        if record.place == staying.place {
            is_read = true;
            record.references.iter().try_for_each(|reference| {
                check(&reference.name)?;
                files(reference).try_for_each(check)
            })?;
        }
    }
    match is_read {
        true => Ok(()),
        false => Err(InputError::Unreadable.into()),
    }
}

/// The files of the container that a reference leads to.
fn files(reference: &Reference) -> impl Iterator<Item = &str> {
    let parts = match &reference.target {
        Target::Parts(parts) => parts.as_slice(),
        Target::NotFound | Target::Unsupported(_) => &[],
    };
    let named = parts.iter().filter_map(|part| match part {
        Part::Payload(part) => Some(&part.name),
        _ => None,
    });
    named.chain(&reference.covers).filter_map(entry)
}

fn entry(name: &PayloadName) -> Option<&str> {
    match name {
        PayloadName::Entry(name) => Some(name),
        PayloadName::Input(_) => None,
    }
}
