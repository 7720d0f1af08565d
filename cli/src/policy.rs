//! `imza policy`: show, check and compare validation policies.

use crate::Outcome;
use crate::arguments::PolicyCommand;
use crate::material::named_policy;
use crate::output::say;
use crate::voice;
use imza::policy::ValidationPolicy;
use imza_explain::sink::{name, terminal};
use imza_explain::{Said, Sentence};

/// Two policies differ: nothing is wrong, and a script can tell.
const DIFFERENT: u8 = 10;

/// Runs the command.
pub(crate) fn run(command: &PolicyCommand) -> Outcome {
    match command {
        PolicyCommand::Show { policy: None } => {
            say(&ValidationPolicy::NAMES.join("\n"))?;
            Ok(0)
        }
        PolicyCommand::Show {
            policy: Some(policy),
        } => {
            let json = serde_json::to_string_pretty(&named_policy(policy)?);
            say(&imza::report::harmless_json(json.unwrap_or_default()))?;
            Ok(0)
        }
        PolicyCommand::Check { policy } => {
            say(&checked(&named_policy(policy)?))?;
            Ok(0)
        }
        PolicyCommand::Diff { one, other } => {
            let differences = named_policy(one)?.differences(&named_policy(other)?);
            for difference in &differences {
                let what = terminal(&difference.name);
                say(&format!(
                    "{what}: {} -> {}",
                    terminal(&difference.one),
                    terminal(&difference.other)
                ))?;
            }
            Ok(if differences.is_empty() { 0 } else { DIFFERENT })
        }
    }
}

fn checked(policy: &ValidationPolicy) -> String {
    let of = |sentence, name: &str| Said::new(sentence).with("name", name);
    let mut lines = vec![of(Sentence::PolicyIs, &name(&policy.name))];
    for (check, default, here) in policy.departures() {
        let said = of(Sentence::PolicyLowers, &check);
        lines.push(said.with("default", default).with("here", here));
    }
    for check in policy.ineffective() {
        lines.push(of(Sentence::PolicyIneffective, check.as_str()));
    }
    let lines = lines.iter().map(|said| voice::words().said(said).what);
    lines.collect::<Vec<_>>().join("\n")
}
