//! Judging saved evidence again: without the document, or with it.
//!
//! Without the document the digests of its data are taken on trust, and the report says so. With it
//! everything is read anew, and only what the caller gave and what other hosts answered comes from
//! the saved form: signed octets that speak for themselves.

use super::Network;
use super::judging::named;
use super::material::Given;
use super::validation_job::{ValidationRequest, Verdict};
use crate::crypto::Memo;
use crate::evidence::{Evidence, Material};
use crate::job::Seed;
use crate::report::Report;
use crate::source::Input;
use crate::validation::{Context, validate};
use std::sync::Arc;

/// Judges saved evidence again, without the document and without asking anybody.
#[must_use]
pub fn judge(evidence: &Evidence, context: &Context) -> Report {
    let mut report = validate(evidence, context, &mut Memo::default()).report;
    report.evidence = Some(named(evidence));
    report
}

/// The request that reads the document of saved evidence anew, asking nobody: run it as any
/// [`super::Validation`], then [`replay`].
#[must_use]
pub fn replay_request(saved: &Evidence, inputs: Vec<Input>, seed: Seed) -> ValidationRequest {
    ValidationRequest {
        inputs,
        given: material_given(saved),
        keys: saved.keys().to_vec(),
        seed,
        network: Network::Offline,
    }
}

/// Judges a document that was read anew with what was known when its evidence was saved: under the
/// same context the same report, octet by octet. None when the evidence is about another document.
#[must_use]
pub fn replay(saved: &Evidence, anew: Verdict, context: &Context) -> Option<Verdict> {
    let Verdict {
        mut evidence,
        mut budget,
        ..
    } = anew;
    if !saved.is_about_the_same(&evidence) {
        return None;
    }
    evidence.join_answers(saved, &mut budget);
    Some(Verdict {
        report: judge(&evidence, context),
        evidence,
        budget,
    })
}

fn material_given(saved: &Evidence) -> Vec<Given> {
    let given = saved.material().iter().filter(|one| !one.is_fetched());
    let given = given.filter_map(|one| {
        let octets = Arc::clone(saved.objects().get(&one.object())?);
        Some(match one {
            Material::Certificate { .. } => Given::Certificate(octets),
            Material::Revocation { kind, .. } => Given::Revocation {
                kind: *kind,
                octets,
            },
        })
    });
    given.collect()
}
