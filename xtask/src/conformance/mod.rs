//! `cargo xtask conformance`: the shared corpora, judged by us and by those who made them.
//!
//! Every case of `../shared/corpora/index.jsonl` is answered through [`mod@run`], compared by [`agree`]
//! and counted by kind. The number that must stay zero is that of wrong accepts. Disagreements
//! that we stand by are data in `docs/conformance/divergences.json`; one that disappears fails the
//! run. What was reached is written in `docs/conformance/ratchet.json` and may only get better.

mod agree;
mod case;
mod guard;
mod known;
mod primitives;
mod run;
mod setup;
mod tally;
#[cfg(test)]
mod tests;

use crate::{Outcome, workspace};
use agree::Judgement;
use case::{Case, Corpora};
use guard::Answer;
use known::Ratchet;
use std::collections::BTreeMap;
use std::time::Duration;
use tally::{Standing, Tally};

/// Cases that take longer are named.
const SLOW: Duration = Duration::from_secs(2);

pub(crate) use run::Failure;
pub(crate) use setup::Setup;

/// Every document of the corpora with what it is judged with, by the id of its case; none without
/// the corpora. Those under a password are left out: not every door takes one.
pub(crate) fn documents() -> Outcome<Option<Vec<(String, Setup)>>> {
    let Some(shared) = workspace::shared() else {
        return Ok(None);
    };
    let corpora = Corpora::new(&shared);
    let mut documents = Vec::new();
    for case in corpora
        .cases()?
        .into_iter()
        .filter(|case| run::is_document(case) && case.password.is_none())
    {
        // A case whose files are not there is told by the conformance run.
        if let Ok(setup) = Setup::of(&case, &corpora) {
            documents.push((case.id, setup));
        }
    }
    Ok(Some(documents))
}

#[derive(Debug, Default)]
struct Options {
    kind: Option<String>,
    id: Option<String>,
    json: bool,
    list: bool,
    report: bool,
    update_ratchet: bool,
}

impl Options {
    fn parse(arguments: &[String]) -> Outcome<Self> {
        let mut options = Self::default();
        let mut arguments = arguments.iter();
        while let Some(argument) = arguments.next() {
            let mut value = || {
                arguments
                    .next()
                    .cloned()
                    .ok_or_else(|| format!("{argument} needs a value"))
            };
            match argument.as_str() {
                "--kind" => options.kind = Some(value()?),
                "--id" => options.id = Some(value()?),
                "--json" => options.json = true,
                "--list" => options.list = true,
                "--report" => options.report = true,
                "--update-ratchet" => options.update_ratchet = true,
                other => return Err(format!("unknown option {other}").into()),
            }
        }
        Ok(options)
    }
}

/// Runs the cases that are asked for.
pub(crate) fn run(arguments: &[String]) -> Outcome<()> {
    let options = Options::parse(arguments)?;
    let root = workspace::root()?;
    let Some(shared) = workspace::shared() else {
        println!("skipped: conformance: no ../shared");
        return Ok(());
    };
    let corpora = Corpora::new(&shared);
    let mut cases = corpora.cases()?;
    cases.retain(|case| {
        options.kind.as_ref().is_none_or(|kind| case.kind == *kind)
            && options
                .id
                .as_ref()
                .is_none_or(|id| case.id.contains(id.as_str()))
    });
    if cases.is_empty() {
        return Err("no case of this kind or id".into());
    }
    let divergences = known::divergences(&root)?;
    let exclusions = known::exclusions(&root)?;
    let answers = guard::answers(&cases, &corpora);

    let mut tallies: BTreeMap<String, Tally> = BTreeMap::new();
    let mut failures = Vec::new();
    let mut notes = Vec::new();
    for (case, answer) in cases.iter().zip(&answers) {
        let judgement = agree::judge(case, &answer.verdict);
        let disagrees = judgement.agrees == Some(false);
        let excluded = disagrees
            .then(|| known::excluded(&exclusions, case, &answer.verdict))
            .flatten();
        let divergence = divergences.iter().find(|known| known.id == case.id);
        let standing = match (excluded, divergence) {
            (Some(exclusion), _) if exclusion.is_never_asked() => Standing::NeverAsked,
            (Some(_), _) => Standing::Excluded,
            (None, Some(known)) if disagrees && known.actual == judgement.actual => {
                Standing::Diverging
            }
            _ => Standing::Judged,
        };
        tallies
            .entry(case.kind.clone())
            .or_default()
            .count(case, &judgement, standing);
        if divergence.is_some() && standing == Standing::Judged {
            failures.push(format!(
                "{}: a divergence that is none any more: {}",
                case.id, judgement.actual
            ));
        }
        let excluded = excluded.map(known::Exclusion::reason);
        if matches!(standing, Standing::Judged | Standing::Excluded) {
            note(case, answer, &judgement, &mut notes);
        }
        if options.json {
            println!("{}", line(case, answer, &judgement, excluded)?);
        } else if options.report {
            println!("{}: {}", case.id, whole(&answer.verdict)?);
        } else if options.list && disagrees && standing == Standing::Judged {
            println!(
                "{}: expected {}, {}",
                case.id,
                expectation(case),
                judgement.actual
            );
        }
    }
    if !options.json {
        print(&tallies, &notes);
    }
    ratchet(&options, &tallies, &mut failures)?;
    if failures.is_empty() {
        return Ok(());
    }
    Err(format!("conformance:\n  {}", failures.join("\n  ")).into())
}

fn ratchet(
    options: &Options,
    tallies: &BTreeMap<String, Tally>,
    failures: &mut Vec<String>,
) -> Outcome<()> {
    // A part of a kind says nothing about the kind.
    if options.id.is_some() {
        return Ok(());
    }
    let root = workspace::root()?;
    let now = Ratchet::of(tallies);
    let mut before = Ratchet::read(&root)?;
    let worse = before.worse(&now);
    let improved = now
        .kinds
        .iter()
        .any(|(kind, mark)| before.kinds.get(kind) != Some(mark));
    if options.update_ratchet && worse.is_empty() {
        before.kinds.extend(now.kinds);
        before.write(&root)?;
    } else if worse.is_empty() && improved && !options.json {
        println!("better than the ratchet: run with --update-ratchet");
    }
    failures.extend(worse);
    Ok(())
}

/// What a person must see even when no table is read.
fn note(case: &Case, answer: &Answer, judgement: &Judgement, notes: &mut Vec<String>) {
    let mut say = |what: &str| {
        notes.push(format!(
            "{what}: {} (expected {}, {})",
            case.id,
            expectation(case),
            judgement.actual
        ));
    };
    if judgement.wrong_accept {
        say("WRONG ACCEPT");
    }
    if judgement.wrongly_intact {
        say("WRONGLY INTACT");
    }
    if judgement.crash {
        say("CRASH");
    }
    if answer.time > SLOW {
        say(&format!("slow, {} ms", answer.time.as_millis()));
    }
}

fn print(tallies: &BTreeMap<String, Tally>, notes: &[String]) {
    println!("{}", tally::HEADING);
    let mut all = Tally::default();
    for (kind, tally) in tallies {
        println!("{}", tally.row(kind));
        all.add(tally);
    }
    if tallies.len() > 1 {
        println!("{}", all.row("all"));
    }
    for note in notes {
        println!("{note}");
    }
}

fn expectation(case: &Case) -> String {
    let mut words = vec![case.expected.as_str()];
    words.extend(case.indication.as_deref());
    words.extend(case.subindication.as_deref());
    format!("{} in scope {}", words.join("/"), case.scope)
}

/// An answer with everything in it, for a person who asks why.
fn whole(verdict: &agree::Verdict) -> Outcome<String> {
    Ok(match verdict {
        agree::Verdict::Report(report) | agree::Verdict::Path(report) => {
            serde_json::to_string_pretty(report)?
        }
        agree::Verdict::Error { code, reason } => format!("{code}: {reason}"),
        other => format!("{other:?}"),
    })
}

/// A case as one line of JSON.
fn line(
    case: &Case,
    answer: &Answer,
    judgement: &Judgement,
    excluded: Option<&str>,
) -> Outcome<String> {
    let reason = match &answer.verdict {
        agree::Verdict::Error { reason, .. } => Some(reason.as_str()),
        _ => None,
    };
    Ok(serde_json::to_string(&serde_json::json!({
        "id": case.id,
        "kind": case.kind,
        "scope": case.scope,
        "expected": expectation(case),
        "actual": judgement.actual,
        "reason": reason,
        "agrees": judgement.agrees,
        "wrong_accept": judgement.wrong_accept,
        "wrongly_intact": judgement.wrongly_intact,
        "wrong_reject": judgement.is_wrong_reject(case),
        "not_supported": judgement.unsupported,
        "could_not_process": judgement.error,
        "crash": judgement.crash,
        "excluded": excluded,
        "codes": agree::codes(&answer.verdict),
        "ms": u64::try_from(answer.time.as_millis()).unwrap_or(u64::MAX),
    }))?)
}
