//! The help of the command in the person's language.
//!
//! English stands at the options themselves, as their documentation; the words of the other
//! languages stand in `locales`, by the ids of commands and options. They are read when help is
//! asked for and at no other time, so that a start costs nothing. What has no words there is told
//! in English; a test finds it.

mod mistake;
mod words;

use crate::arguments::Arguments;
use clap::builder::{PossibleValue, Str, StyledStr, Styles};
use clap::error::ErrorKind;
use clap::{Arg, Command, CommandFactory as _};
use imza_explain::{Explained, Language};
use std::ffi::OsString;
use words::Words;

/// What was asked for in the person's language, where the command line asks for help.
pub(crate) fn in_words(error: &clap::Error, language: Language) -> Option<StyledStr> {
    let is_help = matches!(
        error.kind(),
        ErrorKind::DisplayHelp | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand
    );
    let words = Words::of(language).filter(|_| is_help)?;
    let asked: Vec<OsString> = std::env::args_os().skip(1).collect();
    let mut command = translated(&words);
    let is_long = asked.iter().any(|one| one == "--help" || one == "help");
    let mut command = wanted(&mut command, &asked);
    Some(render(&words, &mut command, is_long))
}

/// What is wrong with the command line, in the person's language.
pub(crate) fn mistake(error: &clap::Error, language: Language) -> Option<Explained> {
    let words = Words::of(language)?;
    let asked: Vec<OsString> = std::env::args_os().skip(1).collect();
    let mut command = Arguments::command();
    command.build();
    let command = wanted(&mut command, &asked);
    let name = command.get_bin_name().unwrap_or("imza");
    mistake::explain(error, &words, name)
}

/// The command that help is asked of: the last one of those that are named.
fn wanted(command: &mut Command, asked: &[OsString]) -> Command {
    let mut current = command.clone();
    for name in asked.iter().filter_map(|one| one.to_str()) {
        let found = current.find_subcommand(name);
        if let Some(next) = found.filter(|next| next.get_name() != "help").cloned() {
            current = next;
        }
    }
    current
}

/// Every command with the words of the language; built, so that it knows its whole name.
fn translated(words: &Words) -> Command {
    let mut command = Arguments::command();
    command.build();
    translate(words, command, &mut Vec::new())
}

fn translate(words: &Words, mut command: Command, path: &mut Vec<String>) -> Command {
    if let Some(about) = words.find(&command_key(path, command.get_name())) {
        command = command.about(about);
    }
    if let Some(heading) = words.find("heading-commands") {
        command = command.subcommand_help_heading(heading);
    }
    // Arguments before options, as in English.
    let arguments = command.get_arguments();
    let (first, then): (Vec<_>, Vec<_>) = arguments.partition(|one| one.is_positional());
    let ids: Vec<_> = first
        .iter()
        .chain(&then)
        .map(|one| one.get_id().clone())
        .collect();
    for id in ids {
        command = command.mut_arg(id, |argument| translate_argument(words, argument, path));
    }
    let names = command
        .get_subcommands()
        .map(|one| one.get_name().to_owned());
    for name in names.collect::<Vec<_>>() {
        path.push(name.clone());
        command = command.mut_subcommand(name, |one| translate(words, one, path));
        path.pop();
    }
    command
}

fn translate_argument(words: &Words, argument: Arg, path: &[String]) -> Arg {
    let id = argument.get_id().as_str().to_owned();
    let mut help = words.argument(path, &id);
    let heading = match argument.is_positional() {
        true => words.find("heading-arguments"),
        false => words.find("heading-options"),
    };
    let mut argument = argument;
    if let Some(heading) = heading {
        argument = argument.help_heading(heading);
    }
    if let Some(text) = &mut help {
        let takes_values = argument.get_action().takes_values();
        let default = argument
            .get_default_values()
            .first()
            .filter(|_| takes_values);
        if let (Some(default), Some(label)) = (default, words.find("default-is")) {
            text.push_str(&format!(" [{label}: {}]", default.to_string_lossy()));
        }
        let long = values(words, &argument, path, &id, text);
        argument = argument.hide_default_value(true).hide_possible_values(true);
        if let Some(long) = long {
            argument = argument.long_help(long);
        }
    }
    if let Some(text) = help {
        // The help of `--help` itself comes with a longer form.
        if argument.get_long_help().is_some() && matches!(id.as_str(), "help" | "version") {
            argument = argument.long_help(text.clone());
        }
        argument = argument.help(text);
    }
    let names = argument.get_value_names().unwrap_or_default();
    let names: Vec<Str> = names
        .iter()
        .map(|name| {
            words
                .value_name(name)
                .map_or_else(|| name.clone(), Str::from)
        })
        .collect();
    match names.is_empty() {
        true => argument,
        false => argument.value_names(names),
    }
}

/// Puts the values of an option behind its help; where they have words, those are the long help.
fn values(
    words: &Words,
    argument: &Arg,
    path: &[String],
    id: &str,
    help: &mut String,
) -> Option<String> {
    let takes_values = argument.get_action().takes_values();
    let values = argument.get_possible_values();
    let shown: Vec<&PossibleValue> = values.iter().filter(|one| !one.is_hide_set()).collect();
    let label = words
        .find("values-are")
        .filter(|_| takes_values && !shown.is_empty())?;
    let names: Vec<&str> = shown.iter().map(|one| one.get_name()).collect();
    let explained: Vec<String> = shown
        .iter()
        .filter_map(|one| {
            let text = words.value(path, id, one.get_name())?;
            Some(format!("- {}: {text}", one.get_name()))
        })
        .collect();
    let long =
        (!explained.is_empty()).then(|| format!("{help}\n\n{label}:\n{}", explained.join("\n")));
    help.push_str(&format!(" [{label}: {}]", names.join(", ")));
    long
}

fn render(words: &Words, command: &mut Command, is_long: bool) -> StyledStr {
    let styles = Styles::default();
    let style = styles.get_usage();
    let usage = command.render_usage().to_string();
    let mut usage = usage.trim_start_matches("Usage:").trim_start().to_owned();
    for (english, key) in [("OPTIONS", "usage-options"), ("COMMAND", "usage-command")] {
        if let Some(word) = words.find(key) {
            for (open, close) in [('[', ']'), ('<', '>')] {
                let (from, to) = (
                    format!("{open}{english}{close}"),
                    format!("{open}{word}{close}"),
                );
                usage = usage.replace(&from, &to);
            }
        }
    }
    let heading = words.find("heading-usage").unwrap_or("Usage:");
    let template = format!(
        "{{about-with-newline}}\n{style}{heading}{style:#} {}\n\n{{all-args}}",
        usage.replace('{', "{{")
    );
    let mut command = command.clone().help_template(template);
    match is_long {
        true => command.render_long_help(),
        false => command.render_help(),
    }
}

/// The key of a command: `command-imza`, `command-trust-build`.
fn command_key(path: &[String], name: &str) -> String {
    match path.last().map(String::as_str) {
        None => format!("command-{name}"),
        Some("help") => "command-help".to_owned(),
        Some(_) => format!("command-{}", path.join("-")),
    }
}

#[cfg(test)]
mod tests;
