//! The document that is augmented: a container or a message, with what changes in it.

use super::wanted::{Selection, Wanted};
use crate::asic;
use crate::asn1::{Reader, Tag, write};
use crate::cades;
use crate::cms::attribute_types::BASIC_OCSP_RESPONSE;
use crate::crypto;
use crate::error::{Error, InputError, Malformed, MalformedKind, Unsupported};
use crate::evidence::{Evidence, Structure};
use crate::limits::Budget;
use crate::reading::Gathered;
use crate::report::Check;
use crate::signature::{RecordKind, Signature, ValidationData};
use crate::source::{Edits, Piece, Source};
use crate::validation::{Context, Judgement};
use crate::vocabulary::{CheckId, ObjectId, Outcome};
use crate::xades;
use crate::zip::Directory;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// What a signature is augmented as.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    Xades,
    Cades,
}

/// The document that is augmented, with the signature files that change.
pub(super) struct Work {
    source: Source,
    /// Of a container; a message or an XML document stands alone, under the empty place.
    directory: Option<Arc<Directory>>,
    changed: BTreeMap<String, Vec<u8>>,
    /// Files of a container that are taken out, and that are put in.
    removed: Vec<String>,
    added: Vec<(String, Vec<u8>)>,
}

impl Work {
    pub(super) fn of(gathered: Gathered) -> Result<(Self, Evidence, Budget), Error> {
        let Gathered {
            evidence,
            budget,
            source,
            directory,
            ..
        } = gathered;
        // What two readers see differently is not made to look better.
        let findings = &evidence.document().findings;
        if findings
            .iter()
            .any(|found| found.check == CheckId::ContainerStructure)
        {
            return Err(Malformed::within(MalformedKind::AsicStructure, "container").into());
        }
        let is_one =
            |structure: &Structure| matches!(structure, Structure::Cms { .. } | Structure::Xml);
        let mut located = evidence.located().iter();
        let is_alone = evidence.document().container.is_none();
        let can_change =
            directory.is_some() || is_alone && located.all(|one| is_one(&one.structure));
        if !can_change {
            return Err(Unsupported::Feature("augmentation of this kind of document").into());
        }
        let work = Self {
            source,
            directory,
            changed: BTreeMap::new(),
            removed: Vec::new(),
            added: Vec::new(),
        };
        Ok((work, evidence, budget))
    }

    /// A signature file as it is by now.
    pub(super) fn octets(&self, evidence: &Evidence, place: &str) -> Result<Vec<u8>, Error> {
        if let Some(octets) = self.changed.get(place) {
            return Ok(octets.clone());
        }
        let is_own = |structure: &Structure| {
            matches!(
                structure,
                Structure::Xml | Structure::Cms { .. } | Structure::Timestamp { .. }
            )
        };
        let mut located = evidence.located().iter();
        let own = located.find(|one| one.place == place && is_own(&one.structure));
        let octets = own
            .and_then(|one| one.object)
            .and_then(|id| evidence.objects().get(&id));
        Ok(octets.ok_or(InputError::Unreadable)?.to_vec())
    }

    pub(super) fn change(&mut self, place: String, octets: Vec<u8>) {
        self.changed.insert(place, octets);
    }

    pub(super) fn changed(&self) -> &BTreeMap<String, Vec<u8>> {
        &self.changed
    }

    /// The files of the container; none where there is no container.
    pub(super) fn directory(&self) -> Option<&Directory> {
        self.directory.as_deref()
    }

    /// Puts a file into the container.
    pub(super) fn add(&mut self, name: String, octets: Vec<u8>) {
        self.added.push((name, octets));
    }

    /// Gives a file of the container another name.
    pub(super) fn rename(&mut self, name: &str, (new, octets): (String, Vec<u8>)) {
        self.removed.push(name.to_owned());
        self.added.push((new, octets));
    }

    /// Puts in what the judgement rests on and the signatures do not carry yet.
    ///
    /// # Standard
    /// EN 319 132-1 §6.3, EN 319 122-1 §6.3 (d), (o): certificates up to and including the anchor
    /// where it is a certificate, revocation data for each that needs it, of the signature and of
    /// its time-stamps.
    pub(super) fn add_material(
        &mut self,
        evidence: &Evidence,
        judgement: &Judgement,
        (context, selection): (&Context, &Selection),
        budget: &mut Budget,
    ) -> Result<(), Error> {
        let wanted = Wanted::of(selection, evidence, budget)?;
        check_complete(judgement, wanted.ids())?;
        let used: BTreeSet<ObjectId> = judgement.used.iter().copied().collect();
        let mut messages: BTreeSet<&str> = BTreeSet::new();
        if self.directory.is_some() {
            let records = evidence.records().iter();
            let records = records.filter(|record| wanted.is_free(&record.place));
            for record in records.filter(|record| record.kind == RecordKind::Timestamp) {
                let is_all = wanted.ids().is_none();
                let judged = (judgement, &used, is_all);
                self.add_to_timestamp(evidence, judged, context, record, budget)?;
            }
        }
        for record in evidence.records() {
            let Some(form) = wanted.form(record) else {
                continue;
            };
            // The signatures of a message share its certificates and revocation data.
            if form == Form::Cades && !messages.insert(&record.place) {
                continue;
            }
            let carried = carried(record, evidence);
            let data = missing(&used, &carried, evidence, context)?;
            if data.is_empty() || !wanted.may_change(record)? {
                continue;
            }
            let octets = self.octets(evidence, &record.place)?;
            let (place, id) = (&record.place, &record.id);
            let changed = match form {
                Form::Xades => xades::add_validation_data(&octets, place, id, &data, budget)?,
                Form::Cades => cades::add_validation_data(&octets, &data, budget)?,
            };
            self.changed.insert(record.place.clone(), changed);
        }
        Ok(())
    }

    /// EN 319 162-1 §A.7: what judges a time-stamp later goes into its SignedData, before an archive
    /// manifest names it; with what nothing else in the container carries.
    fn add_to_timestamp(
        &mut self,
        evidence: &Evidence,
        (judgement, used, is_all): (&Judgement, &BTreeSet<ObjectId>, bool),
        context: &Context,
        record: &Signature,
        budget: &mut Budget,
    ) -> Result<(), Error> {
        let own = |id: &str| record.timestamps.iter().any(|one| one.id == id);
        let mut judged = judgement.report.timestamps.iter();
        if judged.any(|one| own(&one.id) && one.checks.iter().any(lacks)) {
            // A time-stamp of somebody else's is their business.
            return match is_all {
                true => Err(InputError::MaterialMissing { signature: None }.into()),
                false => Ok(()),
            };
        }
        let mut known = BTreeSet::new();
        for other in evidence.records() {
            known.extend(carried(other, evidence));
        }
        let data = missing(used, &known, evidence, context)?;
        if !data.is_empty() {
            let octets = self.octets(evidence, &record.place)?;
            let changed = cades::add_validation_data(&octets, &data, budget)?;
            self.changed.insert(record.place.clone(), changed);
        }
        Ok(())
    }

    /// The edits with every changed file in its place.
    pub(super) fn finish(self) -> Result<Edits, Error> {
        let edits = self.source.edits();
        if self.changed.is_empty() && self.added.is_empty() {
            return Ok(edits.clone());
        }
        let Some(directory) = &self.directory else {
            let mut edits = Edits::new();
            edits.append_all(self.changed.into_values().map(Piece::insert));
            return Ok(edits);
        };
        if self.added.is_empty() {
            return asic::replace_signatures_files(edits, directory, self.changed);
        }
        let mut removed: Vec<&str> = self.changed.keys().map(String::as_str).collect();
        removed.extend(self.removed.iter().map(String::as_str));
        let files = self
            .changed
            .iter()
            .chain(self.added.iter().map(|(name, octets)| (name, octets)));
        let files: Vec<_> = files
            .map(|(name, octets)| (name.clone(), octets.clone()))
            .collect();
        asic::change_own_files(edits, directory, &removed, files)
    }
}

/// Whether something is not at hand that validates a signature or a time-stamp.
pub(in crate::creation) fn lacks(check: &Check) -> bool {
    check.outcome == Outcome::Failed
        && matches!(check.id, CheckId::PathFound | CheckId::RevocationAvailable)
}

/// Whether everything is at hand that validates the signatures later: a document without it would
/// say of itself to be at a level that it is not at.
///
/// # Errors
/// [`InputError::MaterialMissing`].
///
/// `ids`: the signatures that are raised; those of others are their makers' business.
pub(super) fn check_complete(
    judgement: &Judgement,
    ids: Option<&BTreeSet<String>>,
) -> Result<(), InputError> {
    let mut signatures = judgement.report.signatures.iter();
    let lacking = signatures.find(|signature| {
        let is_own = match ids {
            Some(ids) => ids.contains(&signature.id),
            None => signature.parent.is_none(),
        };
        let stamps = signature.timestamps.iter().flat_map(|one| &one.checks);
        is_own && signature.checks.iter().chain(stamps).any(lacks)
    });
    match lacking {
        Some(signature) => Err(InputError::MaterialMissing {
            signature: Some(signature.id.clone()),
        }),
        None => Ok(()),
    }
}

/// Whether a message signs a manifest of the container.
pub(super) fn is_over_manifest(evidence: &Evidence, place: &str) -> bool {
    let mut located = evidence.located().iter();
    located.any(|one| {
        let is_manifest = |structure: &Structure| {
            matches!(structure, Structure::Cms { manifest, .. } if manifest.is_some())
        };
        one.place == place && is_manifest(&one.structure)
    })
}

/// What travels with a signature and its time-stamps.
pub(in crate::creation) fn carried(record: &Signature, evidence: &Evidence) -> BTreeSet<ObjectId> {
    let mut carried = BTreeSet::new();
    let tokens = record
        .timestamps
        .iter()
        .filter_map(|one| evidence.token(one).ok());
    for own in tokens.map(|token| &token.record).chain([record]) {
        let certificates = own.certificates.iter().map(|one| &one.octets);
        let revocation = own.revocation.iter().map(|one| &one.octets);
        carried.extend(
            certificates
                .chain(revocation)
                .map(|one| crypto::object_id(one)),
        );
    }
    carried
}

/// What a judgement used and nothing carries.
pub(in crate::creation) fn missing(
    used: &BTreeSet<ObjectId>,
    carried: &BTreeSet<ObjectId>,
    evidence: &Evidence,
    context: &Context,
) -> Result<ValidationData, Error> {
    let wanted = |id: &ObjectId| used.contains(id) && !carried.contains(id);
    let mut data = ValidationData::default();
    let anchors = context.trust.anchors().iter();
    let anchors = anchors.filter_map(|anchor| anchor.certificate.as_ref());
    for certificate in evidence.pool().certificates().chain(anchors) {
        let is_new = !data.certificates.contains(certificate.der());
        if wanted(&certificate.id()) && is_new {
            data.certificates.push(Arc::clone(certificate.der()));
        }
    }
    // What travels with another signature of the document is no object of its own.
    let travelling = travelling(evidence);
    for revocation in evidence.pool().revocation() {
        let octets = evidence.objects().get(&revocation.id);
        let octets = octets.or_else(|| travelling.get(&revocation.id));
        let Some(octets) = octets.filter(|_| wanted(&revocation.id)) else {
            continue;
        };
        if revocation.is_crl() {
            data.crls.push(Arc::clone(octets));
        } else {
            data.ocsps.push(response(octets)?);
        }
    }
    Ok(data)
}

/// Revocation data inside of signatures and time-stamps, by its digest.
fn travelling(evidence: &Evidence) -> BTreeMap<ObjectId, Arc<[u8]>> {
    let records = evidence.records().iter();
    let tokens = records
        .clone()
        .flat_map(|record| &record.timestamps)
        .filter_map(|one| evidence.token(one).ok())
        .map(|token| &token.record);
    let all = records.chain(tokens).flat_map(|record| &record.revocation);
    all.map(|one| (crypto::object_id(&one.octets), Arc::clone(&one.octets)))
        .collect()
}

/// An OCSPResponse; a BasicOCSPResponse gets its envelope back.
///
/// ```text
/// OCSPResponse ::= SEQUENCE {
///   responseStatus OCSPResponseStatus,
///   responseBytes  [0] EXPLICIT ResponseBytes OPTIONAL }
/// ResponseBytes ::= SEQUENCE { responseType OBJECT IDENTIFIER, response OCTET STRING }
/// ```
/// RFC 6960 §4.2.1.
fn response(octets: &Arc<[u8]>) -> Result<Arc<[u8]>, Malformed> {
    let fields = Reader::ber(octets).read(Tag::SEQUENCE)?.reader();
    if fields.peek() == Some(Tag::ENUMERATED) {
        return Ok(Arc::clone(octets));
    }
    let bytes = write::sequence(&[
        &write::oid(BASIC_OCSP_RESPONSE),
        &write::octet_string(octets),
    ]);
    let successful = write::tlv(Tag::ENUMERATED, &[0]);
    Ok(write::sequence(&[&successful, &write::explicit(0, &bytes)]).into())
}
