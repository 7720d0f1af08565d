//! Our vectors, judged by DSS and by imza.

use super::oracle::{NAME, Oracle};
use super::{Answer, Row};
use crate::{Outcome, workspace};
use imza::job::Seed;
use imza::limits::{Budget, Limits};
use imza::policy::ValidationPolicy;
use imza::reading::{Network, Validation, ValidationRequest};
use imza::source::Input;
use imza::time::UnixTime;
use imza::transport::{Memory, drive};
use imza::trust::TrustSet;
use imza::validation::Context;
use imza_test_vectors::vectors::{Vector, VectorSet, sets};
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

/// The sets whose vectors are documents.
const DOCUMENTS: &[&str] = &["cades", "asic-e", "asic-e-cades", "asic-s", "pades"];

/// A vector on which the two are known to differ.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Known {
    id: String,
    /// What DSS says.
    theirs: String,
    /// What imza says.
    ours: String,
    /// The clause that decides.
    clause: String,
    /// Why.
    reason: String,
}

pub(super) fn rows(oracle: Result<&Oracle, &String>) -> Outcome<Vec<Row>> {
    let what = "verdicts on the vectors";
    let oracle = match oracle {
        Ok(oracle) => oracle,
        Err(missing) => {
            return Ok(vec![Row::new(NAME, what, Answer::Skipped(missing.clone()))]);
        }
    };
    let root = workspace::root()?;
    let known = known(&root)?;
    let folder = root.join("test-vectors/vectors");
    let sets: Vec<VectorSet> = sets()?
        .into_iter()
        .filter(|set| DOCUMENTS.contains(&set.set))
        .collect();
    let mut jobs = Vec::new();
    for set in &sets {
        jobs.extend(set.vectors.iter().map(|vector| job(set, vector, &folder)));
    }
    let theirs: BTreeMap<String, String> = oracle
        .judge(&jobs)?
        .into_iter()
        .map(|(id, said)| (id, said.verdict))
        .collect();
    let mut rows = Vec::new();
    for set in &sets {
        let mut tally = Tally::default();
        for vector in &set.vectors {
            let ours = judge(set, vector, &folder)?;
            let theirs = theirs.get(&vector.id).map_or("", String::as_str);
            tally.add(&vector.id, &ours, theirs, &known);
        }
        rows.push(Row::new(
            NAME,
            &format!("vectors {}", set.set),
            tally.answer(),
        ));
    }
    Ok(rows)
}

/// Reads `docs/conformance/interop.json`.
fn known(root: &Path) -> Outcome<Vec<Known>> {
    let path = root.join("docs/conformance/interop.json");
    let known: Vec<Known> = serde_json::from_str(&std::fs::read_to_string(path)?)?;
    for one in &known {
        if !one.clause.contains('§') || one.reason.is_empty() {
            return Err(format!("{} has no clause or reason", one.id).into());
        }
    }
    Ok(known)
}

/// How a set compares.
#[derive(Debug, Default)]
struct Tally {
    same: usize,
    /// The same indication for another stated reason.
    other_reason: usize,
    explained: usize,
    unexplained: Vec<String>,
}

impl Tally {
    fn add(&mut self, id: &str, ours: &str, theirs: &str, known: &[Known]) {
        let indication = |verdict: &str| verdict.split('/').next().map(str::to_owned);
        let known = known.iter().find(|known| known.id == id);
        let is_known = known.is_some_and(|known| known.theirs == theirs && known.ours == ours);
        let same_indication = indication(ours) == indication(theirs);
        if is_known && !same_indication {
            self.explained += 1;
        } else if known.is_some() || !same_indication {
            self.unexplained
                .push(format!("{id}: {theirs}, we say {ours}"));
        } else if ours == theirs {
            self.same += 1;
        } else {
            self.other_reason += 1;
        }
    }

    fn answer(self) -> Answer {
        let mut text = format!(
            "{} the same, {} for another reason, {} explained, {} unexplained",
            self.same,
            self.other_reason,
            self.explained,
            self.unexplained.len()
        );
        if self.unexplained.is_empty() {
            return Answer::Agrees(text);
        }
        for one in &self.unexplained {
            text.push_str("\n    ");
            text.push_str(one);
        }
        Answer::Differs(text)
    }
}

fn job(set: &VectorSet, vector: &Vector, folder: &Path) -> Value {
    let path = |name: &String| folder.join(name).to_string_lossy().into_owned();
    json!({
        "id": vector.id,
        "file": path(&vector.file),
        "detached": vector.detached.iter().map(path).collect::<Vec<_>>(),
        "trust": set.trust.iter().map(path).collect::<Vec<_>>(),
        "time": set.validation_time,
    })
}

/// What imza says, in the same words.
pub(super) fn judge(set: &VectorSet, vector: &Vector, folder: &Path) -> Outcome<String> {
    let mut files = Vec::new();
    for name in std::iter::once(&vector.file).chain(&vector.detached) {
        let base = name.rsplit('/').next().unwrap_or(name);
        files.push((base, std::fs::read(folder.join(name))?));
    }
    let mut anchors = Vec::new();
    for name in &set.trust {
        anchors.push(std::fs::read(folder.join(name))?);
    }
    let time = UnixTime::from_rfc3339(&set.validation_time)?;
    verdict(&files, &anchors, time)
}

/// What imza says of files, by its own policy: the first signature that did not pass counts.
pub(super) fn verdict(
    files: &[(&str, Vec<u8>)],
    trusted: &[Vec<u8>],
    validation_time: UnixTime,
) -> Outcome<String> {
    let mut anchors = Vec::new();
    for octets in trusted {
        anchors.extend(TrustSet::read_anchors(octets, &mut Budget::default())?);
    }
    let request = ValidationRequest {
        inputs: files
            .iter()
            .map(|(name, octets)| Input::at_hand(*name, octets.as_slice()))
            .collect(),
        given: Vec::new(),
        keys: Vec::new(),
        seed: Seed::new([0; 32]),
        network: Network::Offline,
    };
    let context = Context {
        policy: Arc::new(ValidationPolicy::standard()),
        trust: Arc::new(TrustSet::new(anchors)),
        validation_time,
        proven_at: None,
        limits: Arc::new(Limits::default()),
    };
    let mut memory = Memory::new(files.iter().map(|(_, octets)| octets.clone()));
    let verdict = Validation::begin(request, context).and_then(|job| drive(job, &mut memory));
    let report = match verdict {
        Ok(verdict) => serde_json::to_value(&verdict.report)?,
        Err(_) => return Ok("cannot be processed".to_owned()),
    };
    if report.get("error").is_some_and(|error| !error.is_null()) {
        return Ok("cannot be processed".to_owned());
    }
    let signatures = report.get("signatures").and_then(Value::as_array);
    let signatures = signatures.map(Vec::as_slice).unwrap_or_default();
    let said = signatures.iter().map(|signature| {
        let word = |name: &str| signature.get(name).and_then(Value::as_str);
        let indication = word("indication").unwrap_or_default();
        match word("sub_indication") {
            Some(sub) => format!("{indication}/{sub}"),
            None => indication.to_owned(),
        }
    });
    let all: Vec<String> = said.collect();
    let other = all.iter().find(|one| *one != "TOTAL-PASSED");
    let first = other.or(all.first()).cloned();
    Ok(first.unwrap_or_else(|| "no signature".to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known_difference() -> Vec<Known> {
        vec![Known {
            id: "a".into(),
            theirs: "TOTAL-PASSED".into(),
            ours: "INDETERMINATE/NO_POE".into(),
            clause: "EN 319 102-1 §5.2".into(),
            reason: "because".into(),
        }]
    }

    #[test]
    fn an_unexplained_difference_is_one() {
        let mut tally = Tally::default();
        tally.add(
            "b",
            "TOTAL-PASSED",
            "TOTAL-FAILED/FORMAT_FAILURE",
            &known_difference(),
        );
        assert!(matches!(tally.answer(), Answer::Differs(_)));
    }

    #[test]
    fn an_explanation_that_no_longer_holds_is_a_difference() {
        let mut tally = Tally::default();
        tally.add("a", "TOTAL-PASSED", "TOTAL-PASSED", &known_difference());
        assert_eq!(tally.unexplained.len(), 1);
    }

    #[test]
    fn what_is_explained_or_has_another_reason_is_none() {
        let mut tally = Tally::default();
        tally.add(
            "a",
            "INDETERMINATE/NO_POE",
            "TOTAL-PASSED",
            &known_difference(),
        );
        tally.add("b", "INDETERMINATE/NO_POE", "INDETERMINATE/TRY_LATER", &[]);
        tally.add("c", "TOTAL-PASSED", "TOTAL-PASSED", &[]);
        assert_eq!((tally.explained, tally.other_reason, tally.same), (1, 1, 1));
        assert!(matches!(tally.answer(), Answer::Agrees(_)));
    }

    #[test]
    fn every_committed_difference_has_a_clause_and_a_reason() {
        known(&workspace::root().unwrap()).unwrap();
    }
}
