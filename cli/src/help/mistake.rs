//! A command line that is not understood, told in the person's language.

use super::words::Words;
use clap::error::{ContextKind, ContextValue, ErrorKind};
use imza_explain::Explained;
use imza_explain::sink::terminal;

/// What is wrong and what to do; none where only clap has the words.
pub(super) fn explain(error: &clap::Error, words: &Words, command: &str) -> Option<Explained> {
    let say = |key: &str, values: &[(&str, &str)]| {
        let mut text = words.find(key)?.to_owned();
        for (name, value) in values {
            text = text.replace(&format!("{{ ${name} }}"), &terminal(value));
        }
        Some(text)
    };
    let context = |kind| {
        let text = error.get(kind).map(text)?;
        (!text.is_empty()).then_some(text)
    };
    let argument = context(ContextKind::InvalidArg);
    let what = match error.kind() {
        ErrorKind::UnknownArgument => say("wrong-option", &[("arg", &argument?)]),
        ErrorKind::InvalidSubcommand => {
            let name = context(ContextKind::InvalidSubcommand)?;
            say("wrong-command", &[("arg", &name)])
        }
        ErrorKind::InvalidValue | ErrorKind::ValueValidation => {
            let argument = argument?;
            let why = std::error::Error::source(error).map(ToString::to_string);
            match (context(ContextKind::InvalidValue), why) {
                (None, _) => say("wrong-no-value", &[("arg", &argument)]),
                (Some(value), None) => say("wrong-value", &[("value", &value), ("arg", &argument)]),
                (Some(value), Some(why)) => {
                    let values = [("value", value), ("arg", argument), ("why", why)];
                    let values: Vec<_> = values.iter().map(|(name, of)| (*name, &**of)).collect();
                    say("wrong-value-because", &values)
                }
            }
        }
        ErrorKind::MissingRequiredArgument => say("wrong-missing", &[("arg", &argument?)]),
        ErrorKind::ArgumentConflict => {
            let other = context(ContextKind::PriorArg)?;
            say("wrong-conflict", &[("arg", &argument?), ("other", &other)])
        }
        _ => None,
    }?;
    let meant = [
        ContextKind::SuggestedArg,
        ContextKind::SuggestedSubcommand,
        ContextKind::SuggestedValue,
    ];
    let meant = meant.into_iter().find_map(context);
    let advice = match (meant, context(ContextKind::ValidValue)) {
        (Some(meant), _) => say("advice-meant", &[("meant", &meant)]),
        (None, Some(values)) => say("advice-values", &[("values", &values)]),
        (None, None) => say("advice-help", &[("command", command)]),
    };
    Some(Explained {
        what,
        advice: advice.unwrap_or_default(),
    })
}

fn text(value: &ContextValue) -> String {
    match value {
        ContextValue::String(text) => text.clone(),
        ContextValue::Strings(all) => all.join(", "),
        ContextValue::StyledStr(text) => text.to_string(),
        ContextValue::StyledStrs(all) => {
            let all: Vec<_> = all.iter().map(ToString::to_string).collect();
            all.join(", ")
        }
        _ => String::new(),
    }
}
