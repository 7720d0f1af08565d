//! What was changed in a document after a signature, weighed: ISO 32000-2 §12.8.2.
//!
//! The changes are facts of the document, found by comparing its revisions. Here each is held
//! against what the signatures in force at its time permit, and the check that it offends says so.
//! EN 319 102-1 leaves the matter to the format: an offence is a FORMAT_FAILURE; updates that could
//! not be compared make the signature INDETERMINATE / CUSTOM, never PASSED.

use super::check_log::{CheckLog, OnTrust, Weight};
use super::conclusion::Conclusion;
use crate::evidence::DocumentFacts;
use crate::report;
use crate::signature::{Change, Permission, Signature, Update};
use crate::vocabulary::{ChangeClass, CheckId, SubIndication};

/// Changes that a report lists for one signature; all of them are weighed.
const LISTED: usize = 500;
/// Offences of one kind that are told one by one.
const TOLD: usize = 20;

/// What was changed after a signature, and what that means for it.
pub(super) struct Modifications {
    /// PASSED, FORMAT_FAILURE, or CUSTOM.
    pub(super) conclusion: Conclusion,
    pub(super) changes: Vec<report::Change>,
}

/// An update with what each of its changes offends: the same for every signature before it.
pub(super) struct HeldUpdate<'a> {
    update: &'a Update,
    offences: Vec<Vec<CheckId>>,
}

/// Holds every change against the permissions in force.
pub(super) fn hold_updates(document: &DocumentFacts) -> Vec<HeldUpdate<'_>> {
    let updates = document.updates.iter();
    updates.map(|update| hold(update, document)).collect()
}

fn hold<'a>(update: &'a Update, document: &DocumentFacts) -> HeldUpdate<'a> {
    let in_force: Vec<&Permission> = document
        .permissions
        .iter()
        .filter(|permission| permission.revision < update.revision)
        .collect();
    let level = in_force
        .iter()
        .filter_map(|permission| permission.level)
        .min();
    let changes = update.changes.iter();
    let offences = changes.map(|change| offences(change, level, &in_force));
    HeldUpdate {
        update,
        offences: offences.collect(),
    }
}

/// Weighs every change after the revision that the record covers.
pub(super) fn document_modifications(
    record: &Signature,
    updates: &[HeldUpdate<'_>],
    log: &mut CheckLog<'_>,
) -> Modifications {
    let mut modifications = Modifications {
        conclusion: Conclusion::PASSED,
        changes: Vec::new(),
    };
    let Some(covered) = record.revision else {
        return modifications;
    };
    let object = Some(record.id.clone());
    let mut told = Vec::new();
    let (mut is_failed, mut is_open) = (false, false);
    let later = updates.iter();
    for HeldUpdate { update, offences } in later.filter(|held| held.update.revision > covered) {
        for finding in &update.findings {
            told.push(finding.check);
            let is_open_here = matches!(
                finding.check,
                CheckId::UnsupportedPdfChanges | CheckId::LimitReading
            );
            if log.finding(finding, object.clone()) == Weight::Fails {
                is_open |= is_open_here;
                is_failed |= !is_open_here;
            }
        }
        for (change, offences) in update.changes.iter().zip(offences) {
            for check in offences {
                let times = told.iter().filter(|known| *known == check).count();
                let weight = if times < TOLD {
                    told.push(*check);
                    let found = found(change, update.revision);
                    let on_trust = OnTrust::Independent;
                    log.fail(*check, expected(*check), found, object.clone(), on_trust)
                } else {
                    log.weight(*check)
                };
                is_failed |= weight == Weight::Fails;
            }
            let mut offences = offences.iter();
            let is_permitted = offences.all(|check| *check == CheckId::ModificationOverlap);
            let change = listed(change, update.revision, is_permitted);
            modifications.changes.push(change);
        }
    }
    for check in [
        CheckId::ModificationRevisions,
        CheckId::ModificationContent,
        CheckId::ModificationPermitted,
        CheckId::ModificationLockedFields,
    ] {
        if !told.contains(&check) && !is_open {
            log.pass(check, object.clone());
        }
    }
    // Of too many the worst are listed.
    modifications
        .changes
        .sort_by_key(|change| (change.is_permitted, std::cmp::Reverse(change.kind)));
    modifications.changes.truncate(LISTED);
    modifications
        .changes
        .sort_by(|one, other| (one.revision, &one.path).cmp(&(other.revision, &other.path)));
    if is_failed {
        modifications.conclusion = Conclusion::of(SubIndication::FormatFailure);
    } else if is_open {
        modifications.conclusion = Conclusion::of(SubIndication::Custom);
    }
    modifications
}

/// The checks that a change offends, under the lowest permission in force and every lock.
fn offences(change: &Change, level: Option<u8>, in_force: &[&Permission]) -> Vec<CheckId> {
    let mut offences = Vec::new();
    // ISO 32000-2 table 257: 2 permits forms, 3 annotations too. EN 319 142-1 §5.5: validation
    // data and time-stamps of the document are always permitted.
    match (change.class, level) {
        (ChangeClass::LongTermData, _) => {}
        (ChangeClass::FormFilling, Some(..=1)) | (ChangeClass::Annotation, Some(..=2)) => {
            offences.push(CheckId::ModificationPermitted);
        }
        (ChangeClass::FormFilling, _) => {}
        // Nothing permits it and no rule forbids it, but it changes what is read.
        (ChangeClass::Annotation, None) => offences.push(CheckId::ModificationAnnotations),
        (ChangeClass::Annotation, _) => {}
        (ChangeClass::PrivateData, _) => offences.push(CheckId::ModificationPrivateData),
        (ChangeClass::Other, _) => offences.push(CheckId::ModificationContent),
    }
    let mut locks = in_force.iter().flat_map(|permission| &permission.locks);
    let is_locked = match &change.field {
        // The form, or a field that nobody knows not to be a locked one.
        _ if change.is_of_any_field => locks.next().is_some(),
        Some(field) => locks.any(|lock| lock.locks(field)),
        None => false,
    };
    // ISO 32000-2 §12.8.2.4: a time-stamp that is not shown is no field of a person.
    if is_locked && change.class != ChangeClass::LongTermData {
        offences.push(CheckId::ModificationLockedFields);
    }
    if change.overlaps {
        offences.push(CheckId::ModificationOverlap);
    }
    offences
}

fn expected(check: CheckId) -> &'static str {
    match check {
        CheckId::ModificationPermitted => "changes that the certification permits",
        CheckId::ModificationAnnotations => "no annotation after signing",
        CheckId::ModificationPrivateData => "no private data after signing",
        CheckId::ModificationLockedFields => "locked fields as they were",
        CheckId::ModificationOverlap => "nothing laid over what was there",
        _ => "content as it was",
    }
}

fn found(change: &Change, revision: u64) -> String {
    let number = revision.saturating_add(1);
    format!("{} {} in revision {number}", change.path, change.action)
}

fn listed(change: &Change, revision: u64, is_permitted: bool) -> report::Change {
    report::Change {
        kind: change.class,
        action: change.action,
        revision: revision.saturating_add(1),
        path: change.path.clone(),
        object: change.object.clone(),
        field: change.field.clone(),
        page: change.page,
        overlaps: change.overlaps,
        is_permitted,
    }
}
