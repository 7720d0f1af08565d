//! Archive manifests: what keeps an ASiC container with CAdES or time-stamps for years.
//!
//! An `ASiCArchiveManifest` names every file of the container with its digest, and a time-stamp is
//! made over it. The next one names the last one too, under another name and as it was. So whatever
//! stands in such a manifest is *frozen*: a single octet more would take away what proves it.

use super::super::frozen;
use super::work::Work;
use crate::algorithm::DigestAlgorithm;
use crate::asic::{self, ManifestEntry};
use crate::crypto;
use crate::error::{Error, InputError, Unsupported};
use crate::evidence::{Evidence, Structure};
use crate::limits::Budget;
use crate::payload::{DigestOutcome, Part, PayloadName, PayloadPart, Tap};
use crate::vocabulary::ContainerKind;
use crate::zip::Directory;
use std::collections::BTreeMap;

/// The newest archive manifest has this name (EN 319 162-1 §A.7).
const NAME: &str = "META-INF/ASiCArchiveManifest.xml";

/// Digest algorithm of the files and of the imprint.
pub(super) const DIGEST: DigestAlgorithm = DigestAlgorithm::Sha256;

/// Whether an archive manifest is what keeps a document: a container with a message over a
/// manifest, or with a time-stamp of its own.
///
/// # Standard
/// EN 319 162-1 §4.4.5, §A.7.
pub(super) fn is_wanted(evidence: &Evidence) -> bool {
    let is_asic = matches!(
        evidence.document().container,
        Some(ContainerKind::AsicE | ContainerKind::AsicS)
    );
    let is_kept = |structure: &Structure| match structure {
        Structure::Cms { manifest, .. } => manifest.is_some(),
        Structure::Timestamp { .. } => true,
        _ => false,
    };
    is_asic && evidence.located().iter().any(|one| is_kept(&one.structure))
}

/// The digests of every data file, for the manifest.
pub(super) fn taps(evidence: &Evidence) -> Vec<Tap> {
    if !is_wanted(evidence) {
        return Vec::new();
    }
    let files = evidence.document().files.iter();
    files
        .flat_map(|file| Tap::needed(DIGEST, &parts(&file.name)))
        .collect()
}

fn parts(name: &str) -> [Part; 1] {
    let name = PayloadName::Entry(name.to_owned());
    [Part::Payload(PayloadPart::whole(name))]
}

/// A new archive manifest, with what becomes of the last one.
pub(super) struct ArchiveManifest {
    pub(super) octets: Vec<u8>,
    /// Where the time-stamp over it goes.
    token: String,
    /// The last one under its new name.
    last: Option<(String, Vec<u8>)>,
}

impl ArchiveManifest {
    /// The manifest of a container as it is by now.
    pub(super) fn of(work: &Work, evidence: &Evidence, budget: &mut Budget) -> Result<Self, Error> {
        let directory = work.directory();
        let directory = directory.ok_or(Unsupported::Feature(
            "archive manifests without a container",
        ))?;
        let small = small_files(work, evidence);
        let files = &evidence.document().files;
        let mut references = Vec::new();
        let mut last = None;
        for (_, entry) in directory.iter() {
            let name = &*entry.name;
            let digest = if let Some(octets) = small.get(name) {
                if name == NAME {
                    last = Some(octets.clone());
                    continue;
                }
                crypto::digest(DIGEST, octets)?
            } else if files.iter().any(|file| file.name == name) {
                match evidence.payload().digest(DIGEST, &parts(name), budget)? {
                    DigestOutcome::Digest(digest) => digest,
                    _ => return Err(InputError::Unreadable.into()),
                }
            } else {
                // mimetype, and what no standard gives a meaning.
                continue;
            };
            references.push(ManifestEntry {
                name: name.to_owned(),
                digest,
                ..ManifestEntry::default()
            });
        }
        if last.is_none() && directory.find(NAME).is_some() {
            return Err(Unsupported::Feature("an archive manifest without its time-stamp").into());
        }
        // It gets another name: a signature over it would find nothing under the old one.
        if last.is_some()
            && (frozen::covered(evidence, budget)?.contains(NAME)
                || frozen::named(evidence, budget)?.contains(NAME))
        {
            return Err(frozen::signed(NAME));
        }
        let last = last.map(|octets| {
            (
                free(directory, "META-INF/ASiCArchiveManifest", ".xml"),
                octets,
            )
        });
        if let Some((name, octets)) = &last {
            references.push(ManifestEntry {
                name: name.clone(),
                digest: crypto::digest(DIGEST, octets)?,
                is_root: true,
                ..ManifestEntry::default()
            });
        }
        let token = free(directory, "META-INF/timestamp", ".tst");
        Ok(Self {
            octets: asic::archive_manifest(&token, &references, DIGEST)?,
            token,
            last,
        })
    }

    /// Puts it into the container, with the time-stamp over it.
    pub(super) fn put(self, token: Vec<u8>, work: &mut Work) {
        if let Some(last) = self.last {
            work.rename(NAME, last);
        }
        work.add(NAME.to_owned(), self.octets);
        work.add(self.token, token);
    }
}

/// Signature files, time-stamps, records and manifests, as they are by now.
fn small_files(work: &Work, evidence: &Evidence) -> BTreeMap<String, Vec<u8>> {
    let mut small = BTreeMap::new();
    let mut keep = |name: &str, id| {
        if let Some(octets) = evidence.objects().get(id) {
            small.insert(name.to_owned(), octets.to_vec());
        }
    };
    for located in evidence.located() {
        if let Some(id) = &located.object {
            keep(&located.place, id);
        }
        let manifest = match &located.structure {
            Structure::Cms { manifest, .. }
            | Structure::Timestamp { manifest, .. }
            | Structure::EvidenceRecord { manifest, .. } => manifest.as_ref(),
            _ => None,
        };
        if let Some(manifest) = manifest {
            keep(&manifest.name, &manifest.object);
        }
    }
    let changed = work.changed().iter();
    small.extend(changed.map(|(name, octets)| (name.clone(), octets.clone())));
    small
}

/// A name that no file has, whatever readers make of case.
fn free(directory: &Directory, before: &str, behind: &str) -> String {
    let is_taken = |name: &str| {
        let mut known = directory.iter();
        known.any(|(_, entry)| entry.name.eq_ignore_ascii_case(name))
    };
    let numbered = (1u64..).map(|number| format!("{before}{number}{behind}"));
    // There are more numbers than files.
    numbered
        .into_iter()
        .find(|name| !is_taken(name))
        .unwrap_or_default()
}
