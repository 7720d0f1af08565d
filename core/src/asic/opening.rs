//! Reading a container: its directory and the small files that say what signs what.

use super::META_INF;
use super::manifest::{SigReference, read_odf_manifest, read_sig_reference};
use super::roles::{Role, is_look_alike, kind, role};
use crate::error::{Error, Malformed, MalformedKind};
use crate::limits::{Budget, Resource};
use crate::signature::Finding;
use crate::source::{Advance, Source, Stop};
use crate::vocabulary::{CheckId, ContainerKind};
use crate::zip::{self, Directory, Weight};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// A data file of a container.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DataFile {
    /// Its exact name.
    pub name: String,
    /// Octets, inflated, as the directory says.
    pub size: u64,
    /// Media type by `manifest.xml`.
    pub media_type: Option<String>,
}

/// A file that holds signatures or a time-stamp.
#[derive(Clone, Debug, PartialEq)]
pub struct SignatureFile {
    /// Its exact name.
    pub name: String,
    /// Its octets, or why they cannot be had.
    pub octets: Result<Arc<[u8]>, Error>,
    /// What it is.
    pub content: SignatureFileContent,
    /// What is wrong with its place in the container.
    pub findings: Vec<Finding>,
}

/// What a signature file is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SignatureFileContent {
    /// XML with `ds:Signature` elements.
    Xml,
    /// A CMS message or a token over a file: a manifest with its octets, or a data file.
    Detached {
        /// Whether it is an RFC 3161 token.
        is_timestamp: bool,
        /// The manifest, by name and octets.
        manifest: Option<(String, Arc<[u8]>)>,
        /// The data file, where there is no manifest.
        data_file: Option<String>,
    },
    /// An evidence record over what a manifest names, or a data file.
    EvidenceRecord {
        /// The manifest, by name and octets.
        manifest: Option<(String, Arc<[u8]>)>,
        /// The data file, where there is no manifest.
        data_file: Option<String>,
    },
}

/// What a container holds.
#[derive(Clone, Debug)]
pub struct Opened {
    /// The directory, for the pass over the data.
    pub directory: Arc<Directory>,
    /// The kind, where it is one.
    pub kind: Option<ContainerKind>,
    /// The media type that `mimetype` names.
    pub media_type: Option<String>,
    /// Data files, in the order of the directory.
    pub data_files: Vec<DataFile>,
    /// Names of all other files.
    pub other_files: Vec<String>,
    /// Files that hold signatures or time-stamps, in the order of the directory.
    pub signature_files: Vec<SignatureFile>,
    /// What is wrong with the container; counts for every signature in it.
    pub findings: Vec<Finding>,
    /// Why its manifest cannot be read.
    pub manifest: Option<Malformed>,
}

impl Opened {
    /// The first thing for which a container is no container.
    #[must_use]
    pub fn refusal(&self) -> Option<Malformed> {
        let mut found = self.directory.findings.iter();
        let broken = found.find(|found| found.weight() == Weight::Failure);
        broken
            .map(zip::Finding::malformed)
            .or_else(|| self.manifest.clone())
    }
}

/// The cursor: the directory first, then one small file at each step.
#[derive(Debug)]
pub struct Opening {
    state: State,
}

#[derive(Debug)]
enum State {
    Directory(Box<zip::Opening>),
    Files {
        directory: Arc<Directory>,
        wanted: Vec<u32>,
        read: BTreeMap<u32, Result<Arc<[u8]>, Error>>,
    },
    Done,
}

impl Default for Opening {
    fn default() -> Self {
        Self::new()
    }
}

impl Opening {
    /// A cursor at its start.
    #[must_use]
    pub fn new() -> Self {
        Self {
            state: State::Directory(Box::new(zip::Opening::new())),
        }
    }

    /// Goes one step on.
    ///
    /// # Errors
    /// [`Stop::NotHere`] when pages are missing; a directory that cannot be read; a limit that
    /// concerns the container as a whole.
    pub fn advance(
        &mut self,
        source: &mut Source,
        budget: &mut Budget,
    ) -> Result<Advance<Opened>, Stop> {
        match &mut self.state {
            State::Directory(opening) => {
                if let Advance::Done(directory) = opening.advance(source, budget)? {
                    let is_small = |name: &str| !matches!(role(name), Role::Data | Role::Other);
                    let mut wanted: Vec<u32> = directory
                        .iter()
                        .filter(|(_, entry)| !entry.is_directory() && is_small(&entry.name))
                        .map(|(index, _)| index)
                        .collect();
                    wanted.reverse();
                    let directory = Arc::new(directory);
                    self.state = State::Files {
                        directory,
                        wanted,
                        read: BTreeMap::new(),
                    };
                }
                Ok(Advance::More)
            }
            State::Files {
                directory,
                wanted,
                read,
            } => {
                let Some(index) = wanted.last().copied() else {
                    let opened = opened(directory, read, budget)?;
                    self.state = State::Done;
                    return Ok(Advance::Done(opened));
                };
                if let Some(entry) = directory.entry(index) {
                    // What is wrong with one small file concerns only what is in it.
                    let outcome = match zip::read_entry(source, entry, budget) {
                        Ok(octets) => Ok(octets.into()),
                        Err(Stop::NotHere) => return Err(Stop::NotHere),
                        Err(Stop::Error(error @ Error::Input(_))) => return Err(error.into()),
                        Err(Stop::Error(error)) => Err(error),
                    };
                    read.insert(index, outcome);
                }
                wanted.pop();
                Ok(Advance::More)
            }
            State::Done => Err(crate::error::ApiMisuse::JobEnded.into()),
        }
    }
}

/// Sorts what was read into roles.
fn opened(
    directory: &Arc<Directory>,
    read: &BTreeMap<u32, Result<Arc<[u8]>, Error>>,
    budget: &mut Budget,
) -> Result<Opened, Error> {
    let mut data_files = Vec::new();
    let mut other_files = Vec::new();
    let mut names = Vec::new();
    let mut mimetype = None;
    let mut odf_manifest = None;
    let mut manifests: Vec<NamedManifest> = Vec::new();
    for (index, entry) in directory.iter() {
        if entry.is_directory() {
            continue;
        }
        let name = entry.name.to_string();
        names.push(&*entry.name);
        let octets = read.get(&index).and_then(|outcome| outcome.as_ref().ok());
        match role(&name) {
            Role::Data => {
                let size = entry.size;
                data_files.push(DataFile {
                    name,
                    size,
                    media_type: None,
                });
                continue;
            }
            Role::Mimetype => {
                let text = octets.and_then(|octets| std::str::from_utf8(octets).ok());
                mimetype = text.map(|text| text.trim_end().to_owned());
            }
            Role::OdfManifest => odf_manifest = Some(octets.cloned()),
            Role::AsicManifest => {
                if let Some(octets) = octets {
                    let target = read_sig_reference(octets, budget);
                    manifests.push((name.clone(), Arc::clone(octets), target));
                }
            }
            _ => {}
        }
        other_files.push(name);
    }
    let kind = kind(mimetype.as_deref(), &names, data_files.len());
    let mut findings = container_findings(directory);
    findings.extend(look_alike(directory.iter().map(|(_, entry)| &*entry.name)));
    if kind == Some(ContainerKind::AsicE) {
        let has_xml = names.iter().any(|name| role(name) == Role::XmlSignatures);
        let mut told = Vec::new();
        odf_findings(odf_manifest.as_ref(), &mut data_files, &mut told, budget);
        // Whoever signs first takes the media types from there, so that both say the same.
        if has_xml {
            findings.append(&mut told);
        }
    }

    if kind == Some(ContainerKind::AsicS) {
        findings.extend(simple_findings(&data_files));
    }
    let manifest = match odf_manifest.flatten() {
        Some(octets) if kind == Some(ContainerKind::AsicE) => {
            match read_odf_manifest(&octets, budget) {
                Err(Error::Malformed(malformed)) => Some(malformed),
                Err(Error::LimitExceeded(limit)) => return Err(limit.into()),
                _ => None,
            }
        }
        _ => None,
    };

    let mut signature_files = Vec::new();
    for (index, entry) in directory.iter() {
        let role = role(&entry.name);
        if !matches!(
            role,
            Role::XmlSignatures | Role::CmsSignature | Role::Timestamp | Role::EvidenceRecord
        ) {
            continue;
        }
        if entry.is_directory() {
            continue;
        }
        budget.charge(Resource::Signatures, 1)?;
        let octets = match read.get(&index) {
            Some(outcome) => outcome.clone(),
            None => continue,
        };
        let mut own = Vec::new();
        let content = match role {
            Role::XmlSignatures => SignatureFileContent::Xml,
            _ => detached(&entry.name, role, kind, &manifests, &data_files, &mut own),
        };
        let name = entry.name.to_string();
        signature_files.push(SignatureFile {
            name,
            octets,
            content,
            findings: own,
        });
    }
    Ok(Opened {
        directory: Arc::clone(directory),
        kind,
        media_type: mimetype,
        data_files,
        other_files,
        signature_files,
        findings,
        manifest,
    })
}

/// A manifest: name, octets, and the signature file that it names.
type NamedManifest = (String, Arc<[u8]>, Result<SigReference, Error>);

/// What a CMS message, token or evidence record is over: the manifest that names it, else the only data file.
fn detached(
    name: &str,
    role: Role,
    kind: Option<ContainerKind>,
    manifests: &[NamedManifest],
    data_files: &[DataFile],
    findings: &mut Vec<Finding>,
) -> SignatureFileContent {
    let own: Vec<_> = manifests
        .iter()
        .filter(|(_, _, target)| target.as_ref().is_ok_and(|target| target.uri == name))
        .collect();
    // Two manifests for one signature: which one is signed would depend on the reader.
    if own.len() > 1 {
        let found = format!("{} manifests", own.len());
        findings.push(Finding::new(
            CheckId::FormatDuplicate,
            "one manifest for a signature",
            found,
        ));
    }
    let manifest = own
        .first()
        .map(|(name, octets, _)| (name.clone(), Arc::clone(octets)));
    let data_file = match (&manifest, kind, data_files) {
        (None, Some(ContainerKind::AsicS), [only]) => Some(only.name.clone()),
        _ => None,
    };
    if manifest.is_none() && data_file.is_none() {
        let expected = "a manifest that names this signature, or one data file";
        findings.push(Finding::new(CheckId::FormatStructure, expected, "neither"));
    }
    match role {
        Role::EvidenceRecord => SignatureFileContent::EvidenceRecord {
            manifest,
            data_file,
        },
        _ => SignatureFileContent::Detached {
            is_timestamp: role == Role::Timestamp,
            manifest,
            data_file,
        },
    }
}

/// What the directory tells, as checks.
pub(super) fn container_findings(directory: &Directory) -> Vec<Finding> {
    directory.findings.iter().map(finding).collect()
}

/// A fact about the ZIP file, as a check.
pub(crate) fn finding(found: &zip::Finding) -> Finding {
    let check = match (found.weight(), found.kind) {
        (Weight::Warning, _) => CheckId::ContainerMimetype,
        (_, MalformedKind::ZipName | MalformedKind::ZipDuplicate) => CheckId::ContainerNames,
        (_, MalformedKind::ZipChecksum) => CheckId::ContainerChecksum,
        _ => CheckId::ContainerStructure,
    };
    let malformed = found.malformed();
    Finding::new(
        check,
        format!("a container after {}", found.kind.clause()),
        malformed.to_string(),
    )
}

/// EN 319 162-1 §4.4.3.2, §A.6: `META-INF` is written so. In another case its files would be passed
/// over by us and shown as data by others; the first one tells of all.
fn look_alike<'a>(mut names: impl Iterator<Item = &'a str>) -> Option<Finding> {
    let found = names.find(|name| is_look_alike(name))?;
    let expected = format!("a folder {META_INF} in this case (EN 319 162-1 §4.4.3.2)");
    Some(Finding::new(CheckId::ContainerNames, expected, found))
}

/// EN 319 162-1 §4.3.2: beside `mimetype` and `META-INF`, an ASiC-S container holds one file, in its
/// root folder. Of two, a person could be shown the one that is not signed.
fn simple_findings(data_files: &[DataFile]) -> Option<Finding> {
    let found = match data_files {
        [only] if !only.name.contains('/') => return None,
        [other] => format!("{} in a folder", other.name),
        several => format!("{} files", several.len()),
    };
    let expected = "one data file in the root folder of an ASiC-S container (EN 319 162-1 §4.3.2)";
    Some(Finding::new(CheckId::FormatStructure, expected, found))
}

/// EN 319 162-1 §4.4.3.2: the manifest names the data files; table 5: at the baseline levels,
/// which are all that is judged here, it is there.
fn odf_findings(
    manifest: Option<&Option<Arc<[u8]>>>,
    data_files: &mut [DataFile],
    findings: &mut Vec<Finding>,
    budget: &mut Budget,
) {
    let expected = "META-INF/manifest.xml that names every data file";
    let Some(octets) = manifest else {
        let (check, expected) = (CheckId::ContainerManifestPresent, "META-INF/manifest.xml");
        findings.push(Finding::new(check, expected, "none"));
        return;
    };
    let mut wrong = |found: String| {
        findings.push(Finding::new(CheckId::ContainerManifest, expected, found));
    };
    let Some(octets) = octets else {
        return wrong("one that cannot be read".to_owned());
    };
    let entries = match read_odf_manifest(octets, budget) {
        Ok(entries) => entries,
        Err(error) => return wrong(error.reason()),
    };
    for file in data_files.iter_mut() {
        match entries.get(&file.name) {
            Some(media_type) => file.media_type = Some(media_type.clone()),
            None => {
                wrong(format!("{} is not named", file.name));
                return;
            }
        }
    }
    let there: BTreeSet<&str> = data_files.iter().map(|file| &*file.name).collect();
    let named = entries.keys().filter(|name| !name.ends_with('/'));
    for name in named {
        if !there.contains(&**name) && role(name) == Role::Data {
            return wrong(format!("{name} is named but not there"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(names: &[&str]) -> Vec<DataFile> {
        let file = |name: &&str| DataFile {
            name: (*name).to_owned(),
            size: 1,
            media_type: None,
        };
        names.iter().map(file).collect()
    }

    #[test]
    fn a_folder_that_is_meta_inf_in_another_case_is_found() {
        for name in ["meta-INF/evil.txt", "meta-inf/signatures1.xml"] {
            let finding = look_alike(["a.txt", name].into_iter()).unwrap();
            assert_eq!(finding.check, CheckId::ContainerNames, "{name}");
            assert_eq!(finding.found, name);
        }
        let names = ["a.txt", "META-INF/good.txt"];
        assert_eq!(look_alike(names.into_iter()), None);
    }

    #[test]
    fn a_simple_container_holds_one_file_in_its_root() {
        assert_eq!(simple_findings(&files(&["a.txt"])), None);
        for names in [
            &[][..],
            &["a/b.txt"],
            &["a.txt", "b.txt"],
            &["a.txt", "c/d"],
        ] {
            let finding = simple_findings(&files(names));
            assert_eq!(
                finding.unwrap().check,
                CheckId::FormatStructure,
                "{names:?}"
            );
        }
    }
}
