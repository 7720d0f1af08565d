//! The situations of the judge's matrix, judged by DSS too.
//!
//! The matrix writes those that another validator can be asked about as files. Where DSS gives
//! another indication or another reason, `docs/conformance/interop-situations.json` says why and by
//! which clause; what is not written there fails, and so does what no longer holds.

use super::oracle::{NAME, Oracle};
use super::{Answer, Row};
use crate::process::{cargo, quiet};
use crate::{Outcome, workspace};
use serde::Deserialize;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// Situations on which the two differ in the same way for the same reason.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Known {
    /// What the other says.
    theirs: String,
    /// What imza says.
    ours: String,
    /// The clause that decides.
    clause: String,
    /// Why.
    reason: String,
    /// Whether the other says so in some runs alone, and what imza says in others.
    #[serde(default)]
    by_chance: bool,
    /// The situations, with their packaging.
    situations: BTreeSet<String>,
}

/// A situation and both verdicts.
pub(super) struct Judged {
    pub(super) situation: String,
    pub(super) theirs: String,
    pub(super) ours: String,
}

pub(super) fn rows(oracle: Result<&Oracle, &String>) -> Outcome<Vec<Row>> {
    let what = "situations of the matrix";
    let answer = match oracle {
        Err(missing) => Answer::Skipped(missing.clone()),
        Ok(oracle) => {
            let known = known("interop-situations.json")?;
            compare(&judged(oracle)?, &known)
        }
    };
    Ok(vec![Row::new(NAME, what, answer)])
}

/// Has the situations written, and asks DSS about each.
fn judged(oracle: &Oracle) -> Outcome<Vec<Judged>> {
    let folder = tempfile::tempdir()?;
    quiet(
        cargo()
            .args(["test", "--quiet", "-p", "imza", "--test", "judge", "--"])
            .args(["--exact", "situations::situations_as_files"])
            .env("IMZA_SITUATIONS", folder.path()),
    )?;
    let list = std::fs::read_to_string(folder.path().join("situations.jsonl"))?;
    let jobs: Vec<Value> = list
        .lines()
        .map(serde_json::from_str)
        .collect::<Result<_, _>>()?;
    let theirs: BTreeMap<String, String> = oracle
        .judge(&jobs)?
        .into_iter()
        .map(|(id, said)| (id, said.verdict))
        .collect();
    let word = |job: &Value, name: &str| {
        let word = job.get(name).and_then(Value::as_str);
        word.unwrap_or_default().to_owned()
    };
    let one = |job: &Value| {
        let situation = word(job, "id");
        Judged {
            theirs: theirs.get(&situation).cloned().unwrap_or_default(),
            ours: word(job, "ours"),
            situation,
        }
    };
    Ok(jobs.iter().map(one).collect())
}

/// Reads one of the tables of `docs/conformance`.
pub(super) fn known(table: &str) -> Outcome<Vec<Known>> {
    let path = workspace::root()?.join("docs/conformance").join(table);
    let known: Vec<Known> = serde_json::from_str(&std::fs::read_to_string(path)?)?;
    let mut all = BTreeSet::new();
    for one in &known {
        if !one.clause.contains('§') || one.reason.is_empty() {
            return Err(format!("{:?} has no clause or reason", one.situations).into());
        }
        for situation in &one.situations {
            if !all.insert(situation) {
                return Err(format!("{situation} stands twice").into());
            }
        }
    }
    Ok(known)
}

pub(super) fn compare(judged: &[Judged], known: &[Known]) -> Answer {
    let (mut same, mut explained) = (0, 0);
    let mut wrong = Vec::new();
    for one in judged {
        let known = known
            .iter()
            .find(|known| known.situations.contains(&one.situation));
        let is_same = one.theirs == one.ours;
        match known {
            None if is_same => same += 1,
            Some(known) if !is_same && known.theirs == one.theirs && known.ours == one.ours => {
                explained += 1;
            }
            Some(known) if is_same && known.by_chance && known.ours == one.ours => explained += 1,
            _ => wrong.push(format!(
                "{}: {}, we say {}",
                one.situation, one.theirs, one.ours
            )),
        }
    }
    let asked: BTreeSet<&String> = judged.iter().map(|one| &one.situation).collect();
    let written = known.iter().flat_map(|known| &known.situations);
    let gone = written.filter(|situation| !asked.contains(situation));
    wrong.extend(gone.map(|situation| format!("{situation}: there is none")));
    let text = format!(
        "{same} the same, {explained} explained, {} unexplained",
        wrong.len()
    );
    match wrong.is_empty() {
        true => Answer::Agrees(text),
        false => Answer::Differs(format!("{text}\n    {}", wrong.join("\n    "))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judged(theirs: &str, ours: &str) -> Vec<Judged> {
        vec![Judged {
            situation: "a".to_owned(),
            theirs: theirs.to_owned(),
            ours: ours.to_owned(),
        }]
    }

    fn explained() -> Vec<Known> {
        vec![Known {
            theirs: "TOTAL-PASSED".to_owned(),
            ours: "INDETERMINATE/NO_POE".to_owned(),
            clause: "EN 319 102-1 §5.6".to_owned(),
            reason: "because".to_owned(),
            by_chance: false,
            situations: ["a".to_owned()].into(),
        }]
    }

    #[test]
    fn another_reason_is_a_difference_too() {
        let judged = judged("INDETERMINATE/TRY_LATER", "INDETERMINATE/NO_POE");
        assert!(matches!(compare(&judged, &[]), Answer::Differs(_)));
    }

    #[test]
    fn what_is_explained_and_so_is_none() {
        let judged = judged("TOTAL-PASSED", "INDETERMINATE/NO_POE");
        assert!(matches!(compare(&judged, &explained()), Answer::Agrees(_)));
    }

    #[test]
    fn an_explanation_that_no_longer_holds_is_a_difference() {
        let same = judged("TOTAL-PASSED", "TOTAL-PASSED");
        assert!(matches!(compare(&same, &explained()), Answer::Differs(_)));
        assert!(matches!(compare(&[], &explained()), Answer::Differs(_)));
    }

    #[test]
    fn what_is_so_by_chance_may_also_be_the_same() {
        let mut known = explained();
        known[0].by_chance = true;
        for (theirs, agrees) in [
            ("TOTAL-PASSED", true),
            ("INDETERMINATE/NO_POE", true),
            ("TOTAL-FAILED", false),
        ] {
            let judged = judged(theirs, "INDETERMINATE/NO_POE");
            let answer = compare(&judged, &known);
            assert_eq!(matches!(answer, Answer::Agrees(_)), agrees, "{theirs}");
        }
    }

    #[test]
    fn every_committed_difference_has_a_clause_and_a_reason() {
        known("interop-situations.json").unwrap();
        known("interop-containers.json").unwrap();
    }
}
