//! What is known and stood by: divergences, exclusions, and the ratchet.

use super::agree::{Verdict, codes};
use super::case::Case;
use super::tally::Tally;
use crate::Outcome;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::Path;

/// A disagreement that we stand by.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub(super) struct Divergence {
    pub(super) id: String,
    /// What the case says.
    pub(super) expected: String,
    /// What we say, as the run prints it.
    pub(super) actual: String,
    /// The clause that we follow.
    pub(super) clause: String,
    /// Why.
    pub(super) reason: String,
}

/// Reads `docs/conformance/divergences.json`.
pub(super) fn divergences(root: &Path) -> Outcome<Vec<Divergence>> {
    let path = root.join("docs/conformance/divergences.json");
    let divergences: Vec<Divergence> = serde_json::from_str(&std::fs::read_to_string(path)?)?;
    for divergence in &divergences {
        if divergence.clause.is_empty() || divergence.reason.is_empty() {
            return Err(format!("divergence {} has no clause or reason", divergence.id).into());
        }
    }
    Ok(divergences)
}

/// A feature that is refused on principle: its disagreements are left out of percentages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Exclusion {
    /// A feature of the case, or `*`.
    feature: String,
    /// The code by which it is refused, or `*`.
    code: String,
    reason: String,
}

/// Reads `docs/conformance-exclusions`: feature, code and reason, separated by ` | `.
pub(super) fn exclusions(root: &Path) -> Outcome<Vec<Exclusion>> {
    let text = std::fs::read_to_string(root.join("docs/conformance-exclusions"))?;
    parse_exclusions(&text)
}

pub(super) fn parse_exclusions(text: &str) -> Outcome<Vec<Exclusion>> {
    text.lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .map(|line| {
            let mut cells = line.split(" | ").map(|cell| cell.trim().to_owned());
            match (cells.next(), cells.next(), cells.next()) {
                (Some(feature), Some(code), Some(reason))
                    if !reason.is_empty() && (feature != "*" || code != "*") =>
                {
                    Ok(Exclusion {
                        feature,
                        code,
                        reason,
                    })
                }
                _ => Err(format!("not an exclusion: {line}").into()),
            }
        })
        .collect()
}

/// Why a case is left out, when it is.
pub(super) fn excluded<'a>(
    exclusions: &'a [Exclusion],
    case: &Case,
    verdict: &Verdict,
) -> Option<&'a Exclusion> {
    let codes = codes(verdict);
    exclusions.iter().find(|exclusion| {
        let feature = exclusion.feature == "*" || case.features.contains(&exclusion.feature);
        let code = exclusion.is_never_asked()
            || codes.iter().any(|code| code.starts_with(&exclusion.code));
        feature && code
    })
}

impl Exclusion {
    /// The case puts a question that is never asked of a document: no answer to it is wrong.
    pub(super) fn is_never_asked(&self) -> bool {
        self.code == "*"
    }

    pub(super) fn reason(&self) -> &str {
        &self.reason
    }
}

/// What was reached; may only get better.
#[derive(Clone, Debug, Default, Deserialize, Serialize, PartialEq, Eq)]
pub(super) struct Ratchet {
    /// By kind.
    pub(super) kinds: BTreeMap<String, Mark>,
}

/// The figures of a kind that may not get worse.
#[derive(Clone, Copy, Debug, Default, Deserialize, Serialize, PartialEq, Eq)]
pub(super) struct Mark {
    /// Agreements; at least.
    pub(super) agree: u64,
    /// Balanced agreement in hundredths of a percent; at least.
    pub(super) balanced: u64,
    /// At most.
    pub(super) wrong_accept: u64,
    /// At most.
    pub(super) wrongly_intact: u64,
    /// Panics and hangs; at most.
    pub(super) crash: u64,
}

impl Mark {
    pub(super) fn of(tally: &Tally) -> Self {
        Self {
            agree: tally.agree,
            balanced: tally.balanced().unwrap_or_default(),
            wrong_accept: tally.wrong_accept,
            wrongly_intact: tally.wrongly_intact,
            crash: tally.crash,
        }
    }

    /// What got worse, in words.
    fn worse(&self, now: &Self) -> Vec<String> {
        let mut worse = Vec::new();
        let mut compare = |name: &str, bad: bool, before: u64, after: u64| {
            if bad {
                worse.push(format!("{name} was {before}, is {after}"));
            }
        };
        compare("agree", now.agree < self.agree, self.agree, now.agree);
        compare(
            "balanced (1/100 %)",
            now.balanced < self.balanced,
            self.balanced,
            now.balanced,
        );
        compare(
            "wrong accepts",
            now.wrong_accept > self.wrong_accept,
            self.wrong_accept,
            now.wrong_accept,
        );
        compare(
            "wrongly intact",
            now.wrongly_intact > self.wrongly_intact,
            self.wrongly_intact,
            now.wrongly_intact,
        );
        compare(
            "panics and hangs",
            now.crash > self.crash,
            self.crash,
            now.crash,
        );
        worse
    }
}

impl Ratchet {
    const PATH: &str = "docs/conformance/ratchet.json";

    pub(super) fn read(root: &Path) -> Outcome<Self> {
        Ok(serde_json::from_str(&std::fs::read_to_string(
            root.join(Self::PATH),
        )?)?)
    }

    pub(super) fn of(tallies: &BTreeMap<String, Tally>) -> Self {
        Self {
            kinds: tallies
                .iter()
                .map(|(kind, tally)| (kind.clone(), Mark::of(tally)))
                .collect(),
        }
    }

    pub(super) fn write(&self, root: &Path) -> Outcome<()> {
        let text = serde_json::to_string_pretty(self)? + "\n";
        Ok(std::fs::write(root.join(Self::PATH), text)?)
    }

    /// What got worse, kind by kind; a kind that was not run is not compared.
    pub(super) fn worse(&self, now: &Self) -> Vec<String> {
        now.kinds
            .iter()
            .flat_map(|(kind, mark)| {
                let before = self.kinds.get(kind).copied().unwrap_or_default();
                before
                    .worse(mark)
                    .into_iter()
                    .map(move |what| format!("{kind}: {what}"))
            })
            .collect()
    }
}
