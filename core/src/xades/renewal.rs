//! Digests of files of a signed manifest, computed anew before an archive time-stamp.
//!
//! An archive time-stamp is over the manifest and not over the files that it names. Where their
//! digests there are weaker than that of the time-stamp, somebody could find another file of the same
//! digest one day; so newer digests of the same files are put in first, and the time-stamp covers
//! them.

use super::NAMESPACE_141;
use super::augment::{insert, with_references};
use super::parse::Resolve;
use crate::algorithm::DigestAlgorithm;
use crate::crypto;
use crate::error::{Error, Malformed, MalformedKind, Unsupported};
use crate::limits::Budget;
use crate::payload::Part;
use crate::signature::{Reference, Target};
use crate::vocabulary::ReferenceKind;
use crate::xml::c14n::{self, Method};
use crate::xml::write::Writer;
use crate::xml::{base64, dsig};

/// An entry of a signed manifest with a digest that is weaker than one to come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WeakEntry {
    /// What is digested.
    pub parts: Vec<Part>,
    /// The algorithm of its digest.
    pub algorithm: DigestAlgorithm,
    /// Its digest.
    pub expected: Vec<u8>,
    /// The digest of the entry itself, by which the renewed digest names it.
    original: Vec<u8>,
}

/// The entries of signed manifests over files, of which the digests are shorter than those of an
/// algorithm and were not renewed with such a one.
///
/// # Errors
/// As [`super::signature_timestamp_input`].
///
/// # Standard
/// EN 319 132-1 §5.5.2.3 step 0, §5.5.3.
pub fn weak_entries(
    octets: &[u8],
    own: (&str, &str),
    algorithm: DigestAlgorithm,
    resolve: &Resolve<'_>,
    budget: &mut Budget,
) -> Result<Vec<WeakEntry>, Error> {
    with_references(
        octets,
        own,
        resolve,
        budget,
        |maker, _, references, budget| {
            let renewed: Vec<&Reference> = references
                .records
                .iter()
                .filter(|one| one.kind == ReferenceKind::RenewedDigest)
                .filter(|one| known(one).is_some_and(|own| !is_weaker(own, algorithm)))
                .collect();
            let mut weak = Vec::new();
            for (node, place) in &references.entries {
                let Some(record) = references.records.get(*place) else {
                    continue;
                };
                let (Some(weaker), Target::Parts(parts)) = (known(record), &record.target) else {
                    continue;
                };
                let is_file = parts.iter().any(|part| matches!(part, Part::Payload(_)));
                let is_done = || renewed.iter().any(|one| one.target == record.target);
                if !is_file || !is_weaker(weaker, algorithm) || is_done() {
                    continue;
                }
                let missing = || Malformed::within(MalformedKind::XadesStructure, "Manifest");
                let entry = maker.tree.node(*node).ok_or_else(missing)?;
                let entry = c14n::canonicalize_element(entry, &Method::EXCLUSIVE, budget)?;
                weak.push(WeakEntry {
                    parts: parts.clone(),
                    algorithm: weaker,
                    expected: record.expected.clone(),
                    original: crypto::digest(algorithm, &entry)?,
                });
            }
            Ok(weak)
        },
    )
}

fn known(reference: &Reference) -> Option<DigestAlgorithm> {
    reference.algorithm.as_ref().ok().copied()
}

/// By the length of their values: a collision takes as long as half of that says at most.
fn is_weaker(one: DigestAlgorithm, other: DigestAlgorithm) -> bool {
    one.output_len() < other.output_len()
}

/// The file with digests of files more, each with the entry that it renews.
///
/// # Errors
/// As [`super::add_archive_timestamp`]; [`Unsupported`] for an algorithm without a URI.
///
/// # Standard
/// EN 319 132-1 §5.5.3.
pub fn add_renewed_digests(
    octets: &[u8],
    (place, id): (&str, &str),
    algorithm: DigestAlgorithm,
    renewed: &[(WeakEntry, Vec<u8>)],
    budget: &mut Budget,
) -> Result<Vec<u8>, Error> {
    let uri = algorithm.uri();
    let uri = uri.ok_or_else(|| Unsupported::Algorithm(algorithm.oid().to_owned()))?;
    let namespaces = [
        ("xmlns:xades141", NAMESPACE_141),
        ("xmlns:ds", dsig::NAMESPACE),
    ];
    let exclusive = Method::EXCLUSIVE.uri();
    let mut writer = Writer::new();
    writer
        .start("xades141:RenewedDigestsV2", &namespaces)
        .empty("ds:CanonicalizationMethod", &[("Algorithm", exclusive)])
        .empty("ds:DigestMethod", &[("Algorithm", uri)]);
    for (entry, digest) in renewed {
        let (new, original) = (base64::encode(digest), base64::encode(&entry.original));
        writer
            .start("xades141:RecomputedDigestValue", &[])
            .leaf("xades141:NewSDODigestValue", &[], &new)
            .leaf("xades141:OriginalRefDigest", &[], &original)
            .end();
    }
    writer.end();
    insert(octets, place, id, &writer.finish(), budget)
}
