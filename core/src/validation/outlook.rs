//! Until when does this stay valid, and what would end it first?
//!
//! No rule of its own answers that: the same evidence is judged again, by the same rules, at every
//! later instant at which something at hand ends: a certificate, revocation data, an algorithm, a
//! trust anchor. Between two such instants a verdict cannot change, so the first one at which a
//! signature passes no longer is its end. Nothing is foreseen that is not written down by now: a
//! revocation tomorrow, or an algorithm that is broken, is no part of an outlook.
//!
//! Judged twice, because revocation data that is stale tomorrow can be had anew tomorrow, and a
//! certificate that expired cannot: once with what is at hand, once as if revocation data of any
//! age were fresh.

use super::judgement::{Judgement, validate};
use super::signature_acceptance_validation::algorithms;
use super::validator::Context;
use crate::crypto::Memo;
use crate::evidence::{Evidence, RevocationData};
use crate::policy::{Freshness, Reliability, ValidationPolicy};
use crate::report::{Dated, Ending, Outlook, Report, SignatureOutlook};
use crate::signature::{RecordKind, Signature};
use crate::time::UnixTime;
use crate::vocabulary::{Indication, Level, ObjectId, Outcome};
use std::collections::BTreeSet;
use std::sync::Arc;

/// Instants that are looked at, the earliest first: a judgement each.
const INSTANTS: usize = 512;
/// Revocation data that is listed.
const LISTED: usize = 64;

/// Looks ahead from the validation time of a context. A pure function, as judging is.
#[must_use]
pub fn outlook(evidence: &Evidence, context: &Context, memo: &mut Memo) -> Outlook {
    let now = validate(evidence, context, memo);
    let at_hand = endings(evidence, context, &now.report, memo);
    let renewed = renewed(context);
    let renewed = endings(evidence, &renewed, &now.report, memo);
    let signatures = now.report.signatures.iter();
    let endings = signatures.zip(at_hand.into_iter().zip(renewed));
    Outlook {
        signatures: endings
            .map(|(signature, (at_hand, renewed))| SignatureOutlook {
                id: signature.id.clone(),
                passes: signature.indication == Indication::TotalPassed,
                at_hand,
                renewed,
                algorithms: algorithms_of(&signature.id, evidence, &now.report, &context.policy),
            })
            .collect(),
        revocation: revocation(evidence, &now),
    }
}

/// As if revocation data could be had anew at any time.
fn renewed(context: &Context) -> Context {
    let mut policy = ValidationPolicy::clone(&context.policy);
    policy.freshness = Freshness::Unbounded;
    policy.auxiliary_freshness = Freshness::Unbounded;
    Context {
        policy: Arc::new(policy),
        ..context.clone()
    }
}

/// What ends each signature of a report that passes now.
fn endings(
    evidence: &Evidence,
    context: &Context,
    now: &Report,
    memo: &mut Memo,
) -> Vec<Option<Ending>> {
    let mut found: Vec<Option<Ending>> = vec![None; now.signatures.len()];
    let is_open = |index: usize, found: &[Option<Ending>]| {
        let signature = now.signatures.get(index);
        signature.is_some_and(|one| one.indication == Indication::TotalPassed)
            && found.get(index).is_some_and(Option::is_none)
    };
    for time in instants(evidence, context) {
        if !(0..found.len()).any(|index| is_open(index, &found)) {
            break;
        }
        let later = Context {
            validation_time: time,
            ..context.clone()
        };
        let report = validate(evidence, &later, memo).report;
        for (index, signature) in report.signatures.iter().enumerate() {
            if signature.indication == Indication::TotalPassed || !is_open(index, &found) {
                continue;
            }
            let decides = |level: Level| matches!(level, Level::Always | Level::Fail);
            let check = signature
                .checks
                .iter()
                .find(|check| check.outcome == Outcome::Failed && decides(check.level));
            if let Some(place) = found.get_mut(index) {
                *place = Some(Ending {
                    time,
                    indication: signature.indication,
                    sub_indication: signature.sub_indication,
                    check: check.map(|check| check.id),
                    object: check.and_then(|check| check.object.clone()),
                });
            }
        }
    }
    found
}

/// Every later instant at which something at hand ends, or begins to be old.
fn instants(evidence: &Evidence, context: &Context) -> impl Iterator<Item = UnixTime> + use<> {
    let mut instants = BTreeSet::new();
    for certificate in evidence.pool().certificates() {
        // The last instant of validity is still one.
        instants.insert(certificate.validity().not_after.plus_seconds(1));
    }
    for anchor in context.trust.anchors() {
        instants.extend(anchor.sunset_date);
        let certificate = anchor.certificate.as_ref();
        instants.extend(certificate.map(|one| one.validity().not_after.plus_seconds(1)));
    }
    let policy = &context.policy;
    instants.extend(policy.suite.rules.iter().filter_map(|rule| rule.end));
    let mut ages = |this_update: UnixTime, next_update: Option<UnixTime>| {
        instants.extend(next_update);
        for freshness in [policy.freshness, policy.auxiliary_freshness] {
            let seconds = match freshness {
                Freshness::Seconds(seconds) => seconds,
                Freshness::NextUpdate {
                    without_next_update,
                } => without_next_update,
                // Data grows older and no younger: a grace period that has passed stays passed.
                Freshness::After(_) | Freshness::Unbounded => continue,
            };
            instants.insert(this_update.plus_seconds(i64::from(seconds)));
        }
    };
    for one in evidence.pool().revocation() {
        match &one.data {
            RevocationData::Crl(crl) => ages(crl.this_update(), crl.next_update()),
            RevocationData::Ocsp(response) => {
                for single in response.responses() {
                    ages(single.this_update, single.next_update);
                }
            }
        }
    }
    let start = context.validation_time;
    instants
        .into_iter()
        .filter(move |time| *time > start)
        .take(INSTANTS)
}

/// The algorithms of a signature with their end dates, each once.
fn algorithms_of(
    id: &str,
    evidence: &Evidence,
    report: &Report,
    policy: &ValidationPolicy,
) -> Vec<Dated> {
    let is_it = |record: &&Signature| record.kind == RecordKind::Signature && record.id == id;
    let Some(record) = evidence.records().iter().find(is_it) else {
        return Vec::new();
    };
    let signature = report.signatures.iter().find(|one| one.id == id);
    let certificate = signature.and_then(|one| one.signing_certificate.as_ref());
    let key_size = certificate
        .and_then(|one| evidence.pool().certificate(&one.digest))
        .and_then(|one| one.public_key().ok())
        .map(crate::crypto::PublicKey::size);
    algorithms(record, key_size, policy)
        .into_iter()
        .map(|one| Dated {
            name: one.name,
            object: None,
            from: None,
            until: match one.until {
                Reliability::Until(end) => Some(end),
                _ => None,
            },
        })
        .collect()
}

/// The revocation data that a judgement rests on.
fn revocation(evidence: &Evidence, judgement: &Judgement) -> Vec<Dated> {
    let used = |id: &ObjectId| judgement.used.binary_search(id).is_ok();
    let rows = evidence.pool().revocation().iter();
    let rows = rows
        .filter(|one| used(&one.id))
        .flat_map(|one| match &one.data {
            RevocationData::Crl(crl) => {
                vec![dated("CRL", one.id, crl.this_update(), crl.next_update())]
            }
            RevocationData::Ocsp(response) => {
                let singles = response.responses().iter().take(LISTED);
                let row = |single: &crate::revocation::SingleResponse| {
                    dated("OCSP", one.id, single.this_update, single.next_update)
                };
                singles.map(row).collect()
            }
        });
    rows.take(LISTED).collect()
}

fn dated(name: &str, id: ObjectId, from: UnixTime, until: Option<UnixTime>) -> Dated {
    Dated {
        name: name.to_owned(),
        object: Some(id),
        from: Some(from),
        until,
    }
}
