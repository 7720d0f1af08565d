//! From evidence to the report of a document.

use super::archival_validation::{archival_validation, recovered};
use super::basic_signature_validation::{basic_signature_validation, record_algorithms};
use super::check_log::{CheckLog, OnTrust, Weight};
use super::conclusion::Conclusion;
use super::coverage::Coverage;
use super::cryptographic_verification::references_of_a_timestamp;
use super::document_modifications::{
    HeldUpdate, Modifications, document_modifications, hold_updates,
};
use super::evidence_record_validation::{
    JudgedRecord, RecordProof, evidence_record_validation, stopped,
};
use super::long_term_validation::long_term_validation;
use super::poe_extraction::prove;
use super::proofs_of_existence::ProofsOfExistence;
use super::report_claims;
use super::report_parts;
use super::signature_acceptance_validation::{Subject, algorithms};
use super::timestamp_validation::{JudgedTimestamp, timestamp_validation, worst_integrity};
use super::total_passed::TotalPassed;
use super::validator::{Context, Validator};
use crate::crypto::{self, Memo};
use crate::error::Error;
use crate::evidence::{Evidence, Wanted};
use crate::limits::Budget;
use crate::path;
use crate::policy::ValidationPolicy;
use crate::report::{self, AnyIndication, Report};
use crate::signature::{PlacedRecord, RecordKind, Signature};
use crate::time::UnixTime;
use crate::vocabulary::{BlockIndication, CheckId, Indication, Integrity, ObjectId, SubIndication};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// What a judgement gives.
#[derive(Clone, Debug)]
pub struct Judgement {
    /// The report on the evidence as it is.
    pub report: Report,
    /// What could change it, if it can be had; each thing once, in a fixed order.
    pub wanted: Vec<Wanted>,
    /// Certificates and revocation data that the judgement rests on, by their digest.
    pub used: Vec<ObjectId>,
}

/// Judges a document by its evidence. A limit met while judging is in the signature's report.
#[must_use]
pub fn validate(evidence: &Evidence, context: &Context, memo: &mut Memo) -> Judgement {
    let mut pool = path::Pool::new();
    for certificate in evidence.pool().certificates() {
        pool.add(certificate.clone());
    }
    let policy_of_timestamps = context.policy.of_timestamps();
    let mut document = Document {
        evidence,
        context,
        policy_of_timestamps: &policy_of_timestamps,
        pool: &pool,
        memo,
        wanted: BTreeSet::new(),
        used: BTreeSet::new(),
        covered: Vec::new(),
        proofs: Vec::new(),
        archived: Vec::new(),
        updates: hold_updates(evidence.document()),
    };
    let mut signatures = Vec::new();
    // EN 319 102-1 §5.6.3.4 step 1 comes first: what evidence records prove serves signatures.
    let judged: Vec<_> = evidence.evidence_records().iter().collect();
    let judged: Vec<_> = judged
        .into_iter()
        .map(|placed| (placed, document.evidence_record(placed)))
        .collect();
    document.proofs = judged;
    let timestamps = document.timestamps_of_files();
    let own = evidence.records().iter();
    for record in own.filter(|record| record.kind == RecordKind::Signature) {
        signatures.push(document.signature(record));
    }
    let alone = document.proofs.iter();
    let alone = alone.filter(|(placed, _)| placed.parent.is_none());
    let evidence_records = alone.map(|(_, judged)| judged.report.clone()).collect();
    let report = document.report(signatures, timestamps, evidence_records);
    Judgement {
        report,
        wanted: document.wanted.into_iter().collect(),
        used: document.used.into_iter().collect(),
    }
}

struct Document<'a> {
    evidence: &'a Evidence,
    context: &'a Context,
    policy_of_timestamps: &'a ValidationPolicy,
    pool: &'a path::Pool,
    memo: &'a mut Memo,
    wanted: BTreeSet<Wanted>,
    used: BTreeSet<ObjectId>,
    /// Files covered, with the signature that covers them.
    covered: Vec<(String, String)>,
    /// Evidence records with what became of each.
    proofs: Vec<(&'a PlacedRecord, JudgedRecord)>,
    /// Signature files that a time-stamp of the container is over, with what it proves.
    archived: Vec<(String, RecordProof)>,
    /// What later revisions of a PDF changed.
    updates: Vec<HeldUpdate<'a>>,
}

impl Document<'_> {
    fn signature(&mut self, record: &Signature) -> report::Signature {
        let mut budget = Budget::new(Arc::clone(&self.context.limits));
        let mut log = CheckLog::new(&self.context.policy);
        match self.judge_signature(record, &mut budget) {
            Ok(report) => report,
            Err(error) => {
                let object = Some(record.id.clone());
                let check = match error {
                    Error::Unsupported(_) => CheckId::UnsupportedFeature,
                    _ => CheckId::LimitJudging,
                };
                log.fail(
                    check,
                    "judged to the end",
                    error.reason(),
                    object,
                    OnTrust::Independent,
                );
                signature_report(record, log)
            }
        }
    }

    fn judge_signature(
        &mut self,
        record: &Signature,
        budget: &mut Budget,
    ) -> Result<report::Signature, Error> {
        // The entries of this log are only kept when the whole judgement comes to its end.
        let mut own = CheckLog::new(&self.context.policy);
        let records = self.records_about(record, &mut own);
        let mut validator = Validator {
            evidence: self.evidence,
            policy: &self.context.policy,
            policy_of_timestamps: self.policy_of_timestamps,
            trust: &self.context.trust,
            time: self.context.validation_time,
            budget,
            memo: self.memo,
            pool: self.pool,
            under_validation: Vec::new(),
            entries: BTreeMap::new(),
            used: BTreeSet::new(),
        };
        let findings = &self.evidence.document().findings;
        let basic = basic_signature_validation(
            &mut validator,
            record,
            findings,
            Subject::Signature,
            &mut own,
        )?;
        let outcomes = &basic.verified.references;
        let mut coverage = Coverage::of(self.evidence, record, outcomes, validator.budget)?;
        coverage.add_signed_directly(&basic.verified);
        let proven_at = self.context.proven_at;
        // Each process goes on from the basic one; what is told is the one that concluded.
        let mut archival = own.clone();
        let mut long_term =
            long_term_validation(&mut validator, record, &basic, proven_at, &mut own)?;
        let before = &long_term;
        let found = archival_validation(
            &mut validator,
            record,
            &basic,
            before,
            proven_at,
            &records,
            &mut archival,
        )?;
        if let Some(found) = found {
            (long_term, own) = (found, archival);
        }
        let used = std::mem::take(&mut validator.used);
        self.used.extend(used);
        if coverage.judge(&mut own) == Weight::Fails && long_term.conclusion == Conclusion::PASSED {
            long_term.conclusion = Conclusion::of(SubIndication::SigConstraintsFailure);
        }
        let modifications = document_modifications(record, &self.updates, &mut own);
        long_term.conclusion = after_modifications(long_term.conclusion, &modifications);

        let passed = TotalPassed::assertion(basic.verified.witnesses, &long_term);
        let mut report = signature_report(record, own);
        match passed {
            Some(witness) => {
                report.indication = witness.indication();
                report.sub_indication = None;
            }
            None if long_term.conclusion.indication == BlockIndication::Passed => {}
            None => {
                report.indication = long_term.conclusion.indication.total();
                report.sub_indication = long_term.conclusion.sub_indication;
            }
        }
        report.integrity = basic.integrity();
        report.scopes = coverage.scopes();
        report.revision = revision(record, self.evidence.document().revisions);
        report.changes = modifications.changes;
        report.signing_certificate = basic.certificate().map(report_parts::certificate);
        report.path = long_term
            .path
            .path
            .iter()
            .chain(&long_term.path.anchor)
            .map(report_parts::certificate)
            .collect();
        report.best_signature_time = Some(long_term.best_signature_time.clone());
        if report.integrity == Integrity::Intact {
            let covered = coverage.files();
            let covered = covered.map(|name| (name.to_owned(), record.id.clone()));
            self.covered.extend(covered);
        }
        report.timestamps = long_term
            .timestamps
            .iter()
            .map(|one| one.report.clone())
            .collect();
        let own = self.proofs.iter();
        let own = own.filter(|(placed, _)| placed.parent.as_ref() == Some(&record.id));
        report
            .timestamps
            .extend(own.map(|(_, judged)| judged.report.clone()));
        // A signature whose mathematics fail is not mended by anything from another host.
        if basic.final_conclusion().unless_passed().is_none() {
            self.wanted.extend(long_term.wanted);
        }
        Ok(report)
    }

    /// EN 319 102-1 §5.6.3.4 step 1.
    fn evidence_record(&mut self, placed: &PlacedRecord) -> JudgedRecord {
        let mut budget = Budget::new(Arc::clone(&self.context.limits));
        let mut validator = Validator {
            evidence: self.evidence,
            policy: &self.context.policy,
            policy_of_timestamps: self.policy_of_timestamps,
            trust: &self.context.trust,
            time: self.context.validation_time,
            budget: &mut budget,
            memo: self.memo,
            pool: self.pool,
            under_validation: Vec::new(),
            entries: BTreeMap::new(),
            used: BTreeSet::new(),
        };
        let judged = match evidence_record_validation(&mut validator, placed) {
            Ok(judged) => judged,
            Err(error) => stopped(&validator, placed, &error),
        };
        let used = std::mem::take(&mut validator.used);
        self.used.extend(used);
        self.wanted.extend(judged.wanted.iter().cloned());
        judged
    }

    /// The evidence records about a signature: what became of each is told in its log.
    fn records_about(&self, record: &Signature, log: &mut CheckLog<'_>) -> Vec<RecordProof> {
        let about = self.proofs.iter();
        let about = about.filter(|(placed, _)| placed.signatures.contains(&record.id));
        let archived = self.archived.iter();
        let mut proofs: Vec<RecordProof> = archived
            .filter(|(place, _)| *place == record.place)
            .map(|(_, proof)| proof.clone())
            .collect();
        for (placed, judged) in about {
            let (check, object) = (CheckId::EvidenceRecordValid, Some(placed.id.clone()));
            match judged.proof() {
                Some(proof) => {
                    log.pass(check, object);
                    proofs.push(proof);
                }
                None => {
                    let found = match judged.report.sub_indication {
                        Some(sub) => format!("{} / {sub}", judged.report.indication.as_str()),
                        None => judged.report.indication.as_str().to_owned(),
                    };
                    log.fail(check, "PASSED", found, object, OnTrust::Depends);
                }
            }
        }
        proofs
    }

    /// Time-stamps of the document, each over a file or what a manifest names. In an ASiC container
    /// one over an `ASiCArchiveManifest` is over signature files and older time-stamps too: it is
    /// what keeps them (EN 319 162-1 §A.7), so the newest is judged first, and each older one with
    /// the proofs that those leave. The reports are in the order found.
    fn timestamps_of_files(&mut self) -> Vec<report::Timestamp> {
        let evidence = self.evidence;
        let records = evidence.records().iter();
        let records: Vec<&Signature> = records
            .filter(|record| record.kind == RecordKind::Timestamp)
            .collect();
        let time = |record: &Signature| {
            let first = record.timestamps.first()?;
            Some(evidence.token(first).ok()?.time)
        };
        let mut order: Vec<usize> = (0..records.len()).collect();
        order.sort_by_key(|index| Reverse(records.get(*index).and_then(|record| time(record))));
        let mut proofs = ProofsOfExistence::at_current(self.context.validation_time);
        let mut reports: BTreeMap<usize, Vec<report::Timestamp>> = BTreeMap::new();
        for index in order {
            if let Some(record) = records.get(index) {
                reports.insert(index, self.timestamp(record, &mut proofs));
            }
        }
        reports.into_values().flatten().collect()
    }

    fn timestamp(
        &mut self,
        record: &Signature,
        proofs: &mut ProofsOfExistence,
    ) -> Vec<report::Timestamp> {
        let mut reports = Vec::new();
        for timestamp in &record.timestamps {
            let mut budget = Budget::new(Arc::clone(&self.context.limits));
            let mut validator = Validator {
                evidence: self.evidence,
                policy: &self.context.policy,
                policy_of_timestamps: self.policy_of_timestamps,
                trust: &self.context.trust,
                time: self.context.validation_time,
                budget: &mut budget,
                memo: self.memo,
                pool: self.pool,
                under_validation: Vec::new(),
                entries: BTreeMap::new(),
                used: BTreeSet::new(),
            };
            let mut log = CheckLog::new(&self.context.policy);
            let format = super::format_checking::format_checking(
                record,
                None,
                &self.evidence.document().findings,
                &mut log,
            );
            let outcome = timestamp_of_files(&mut validator, record, timestamp, proofs, &mut log);
            let modifications = document_modifications(record, &self.updates, &mut log);
            let files = match &outcome {
                Ok((_, files)) => files.clone(),
                Err(_) => Vec::new(),
            };
            let outcome = outcome.map(|(judged, _)| judged);
            let used = std::mem::take(&mut validator.used);
            self.used.extend(used);
            let mut report = self.stand_alone(record, timestamp, outcome, format, log);
            let own = Conclusion {
                indication: report.indication,
                sub_indication: report.sub_indication,
            };
            let conclusion = after_modifications(own, &modifications);
            report.indication = conclusion.indication;
            report.sub_indication = conclusion.sub_indication;
            report.changes = modifications.changes;
            if report.indication == BlockIndication::Passed
                && let Some(time) = report.time
            {
                self.keep(&files, &report.id, time, proofs, &mut budget);
            }
            reports.push(report);
        }
        reports
    }

    /// What a time-stamp over files that passed proves: the signatures and the older time-stamps
    /// that these files are.
    fn keep(
        &mut self,
        files: &[String],
        id: &str,
        time: UnixTime,
        proofs: &mut ProofsOfExistence,
        budget: &mut Budget,
    ) {
        let about = |record: &&Signature| files.contains(&record.place);
        for record in self.evidence.records().iter().filter(about) {
            let proof = RecordProof {
                id: id.to_owned(),
                time,
                inside: None,
            };
            match record.kind {
                RecordKind::Signature => self.archived.push((record.place.clone(), proof)),
                RecordKind::Timestamp => {
                    let tokens = record.timestamps.iter();
                    let open = tokens.map(|one| crypto::object_id(&one.token)).collect();
                    // A limit leaves proofs out, which never makes anything pass.
                    let _ = prove(self.evidence, budget, open, time, proofs);
                }
            }
        }
        self.archived.sort_by(|(one, _), (other, _)| one.cmp(other));
        self.archived
            .dedup_by(|(one, proof), (other, known)| one == other && proof.id == known.id);
    }

    fn stand_alone(
        &mut self,
        record: &Signature,
        timestamp: &crate::signature::Timestamp,
        outcome: Result<JudgedTimestamp, Error>,
        format: super::format_checking::FormatConclusion,
        mut log: CheckLog<'_>,
    ) -> report::Timestamp {
        let object = Some(timestamp.id.clone());
        let mut report = match outcome {
            Ok(judged) => {
                self.wanted.extend(judged.wanted.iter().cloned());
                judged.report
            }
            Err(error) => {
                let check = CheckId::LimitJudging;
                log.fail(
                    check,
                    "judged to the end",
                    error.reason(),
                    object,
                    OnTrust::Independent,
                );
                report::Timestamp {
                    id: timestamp.id.clone(),
                    kind: timestamp.kind,
                    indication: BlockIndication::Indeterminate,
                    sub_indication: Some(SubIndication::Custom),
                    integrity: Integrity::Unknown,
                    time: None,
                    signing_certificate: None,
                    scopes: Vec::new(),
                    checks: Vec::new(),
                    changes: Vec::new(),
                }
            }
        };
        let failure = Conclusion::first(&[format.format, format.checksum]);
        if let Some(failure) = failure.unless_passed() {
            report.indication = failure.indication;
            report.sub_indication = failure.sub_indication;
        } else if let Some(custom) = format.custom.unless_passed()
            && report.indication == BlockIndication::Passed
        {
            report.indication = custom.indication;
            report.sub_indication = custom.sub_indication;
        }
        let mut checks = log.into_entries();
        checks.append(&mut report.checks);
        report.checks = checks;
        report.scopes = scopes(record);
        report
    }

    fn report(
        &self,
        signatures: Vec<report::Signature>,
        timestamps: Vec<report::Timestamp>,
        evidence_records: Vec<report::Timestamp>,
    ) -> Report {
        let facts = self.evidence.document();
        let mut covered: BTreeMap<&str, Vec<String>> = BTreeMap::new();
        for (file, signature) in &self.covered {
            covered.entry(file).or_default().push(signature.clone());
        }
        let files = facts.files.iter().map(|file| report::File {
            name: file.name.clone(),
            size: file.size,
            digest: file.digest.map(|digest| digest.to_hex()),
            covered_by: covered.get(&*file.name).cloned().unwrap_or_default(),
        });
        let (indication, sub_indication) =
            worst(&signatures, timestamps.iter().chain(&evidence_records));
        let mut log = CheckLog::new(&self.context.policy);
        for finding in &facts.findings {
            log.finding(finding, None);
        }
        Report {
            schema: report::SCHEMA,
            imza: env!("CARGO_PKG_VERSION"),
            document: report::Document {
                name: facts.name.clone(),
                media_type: facts.media_type.clone(),
                size: facts.size,
                digest: None,
            },
            container: facts.container,
            validation_time: self.context.validation_time,
            proven_at: self.context.proven_at,
            policy: report_parts::policy(self.context),
            trust: report_parts::trust(self.context),
            // Whoever gathers evidence names it, once.
            evidence: None,
            basis: self.evidence.basis(),
            indication,
            sub_indication,
            signatures,
            timestamps,
            evidence_records,
            files: files.collect(),
            checks: log.into_entries(),
            hosts: self.evidence.hosts(),
            requests: report_parts::requests(self.evidence),
            error: None,
            outlook: None,
        }
    }
}

/// A time-stamp of the document itself; over a manifest it is as good as the files' digests in it.
/// Gives the files that fit, too.
fn timestamp_of_files(
    validator: &mut Validator<'_>,
    record: &Signature,
    timestamp: &crate::signature::Timestamp,
    proofs: &ProofsOfExistence,
    log: &mut CheckLog<'_>,
) -> Result<(JudgedTimestamp, Vec<String>), Error> {
    let mut judged = timestamp_validation(validator, timestamp)?;
    if judged.proven_time().is_none()
        && let Some(recovered) = recovered(validator, timestamp, &judged, proofs)
    {
        judged = recovered;
    }
    let (evidence, budget) = (validator.evidence, &mut *validator.budget);
    let found = evidence.references(record, budget)?;
    let fitting = Coverage::of(evidence, record, &found.outcomes, budget)?;
    let fitting = fitting.files().map(str::to_owned).collect();
    let (files, integrity) = references_of_a_timestamp(evidence, record, budget, log)?;
    let digests = algorithms(record, None, validator.policy);
    let on_trust = OnTrust::Independent;
    let digests = record_algorithms(&digests, validator.time, &record.id, on_trust, log);
    let is_failed = judged.conclusion.indication == BlockIndication::Failed;
    let own = judged.conclusion;
    // EN 319 102-1 §5.3.4 step 5: a wrong digest outranks whatever is missing.
    let conclusion = match is_failed {
        true => own,
        false => Conclusion::first(&[files, own, digests]),
    };
    judged.report.indication = conclusion.indication;
    judged.report.sub_indication = conclusion.sub_indication;
    judged.report.integrity = worst_integrity(judged.report.integrity, integrity);
    Ok((judged, fitting))
}

/// The report of a signature before anything is known: INDETERMINATE / CUSTOM, unknown.
fn signature_report(record: &Signature, log: CheckLog<'_>) -> report::Signature {
    let algorithm = record.value.as_ref().map(|value| match &value.algorithm {
        Ok(algorithm) => algorithm.to_string(),
        Err(unsupported) => unsupported.to_string(),
    });
    report::Signature {
        id: record.id.clone(),
        format: record.format,
        level: record.level,
        place: (!record.place.is_empty()).then(|| record.place.clone()),
        indication: Indication::Indeterminate,
        sub_indication: Some(SubIndication::Custom),
        integrity: Integrity::Unknown,
        algorithm,
        signing_certificate: None,
        path: Vec::new(),
        claimed_signing_time: record.claims.signing_time,
        claims: report_claims::of(&record.claims),
        best_signature_time: None,
        scopes: scopes(record),
        timestamps: Vec::new(),
        checks: log.into_entries(),
        parent: record.parent.clone(),
        revision: None,
        changes: Vec::new(),
    }
}

/// What was changed after signing outranks whatever is missing; what fails already, fails.
fn after_modifications(own: Conclusion, modifications: &Modifications) -> Conclusion {
    match (own.indication, modifications.conclusion.indication) {
        (_, BlockIndication::Passed) | (BlockIndication::Failed, _) => own,
        (BlockIndication::Passed, _) | (_, BlockIndication::Failed) => modifications.conclusion,
        _ => own,
    }
}

fn revision(record: &Signature, of: Option<u64>) -> Option<report::Revision> {
    let number = record.revision?.saturating_add(1);
    Some(report::Revision { number, of: of? })
}

fn scopes(record: &Signature) -> Vec<report::Scope> {
    let scope = |one: &crate::signature::Scope| report::Scope {
        name: one.name.clone(),
        kind: one.kind,
    };
    record.scopes.iter().map(scope).collect()
}

/// The worst indication: of signatures that counter-sign nothing, else of time-stamps.
fn worst<'a>(
    signatures: &[report::Signature],
    timestamps: impl Iterator<Item = &'a report::Timestamp>,
) -> (Option<AnyIndication>, Option<SubIndication>) {
    let severity = |indication: Indication| match indication {
        Indication::TotalFailed => 2,
        Indication::Indeterminate => 1,
        Indication::TotalPassed => 0,
    };
    let mut worst: Option<&report::Signature> = None;
    for one in signatures.iter().filter(|one| one.parent.is_none()) {
        if worst.is_none_or(|known| severity(one.indication) > severity(known.indication)) {
            worst = Some(one);
        }
    }
    if let Some(one) = worst {
        return (
            Some(AnyIndication::Main(one.indication)),
            one.sub_indication,
        );
    }
    let mut worst: Option<&report::Timestamp> = None;
    for one in timestamps {
        let higher = |known: &report::Timestamp| {
            severity(one.indication.total()) > severity(known.indication.total())
        };
        if worst.is_none_or(higher) {
            worst = Some(one);
        }
    }
    match worst {
        Some(one) => (
            Some(AnyIndication::Block(one.indication)),
            one.sub_indication,
        ),
        None => (None, None),
    }
}
