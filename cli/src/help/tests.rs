//! Help against the words of each language.

use super::words::value_key;
use super::*;
use std::collections::{BTreeMap, BTreeSet};

const LANGUAGES: [Language; 3] = [Language::Az, Language::Ru, Language::Tr];
/// Words that belong to no command and no option.
const FRAME: [&str; 18] = [
    "wrong-option",
    "wrong-command",
    "wrong-value",
    "wrong-value-because",
    "wrong-no-value",
    "wrong-missing",
    "wrong-conflict",
    "advice-meant",
    "advice-values",
    "advice-help",
    "heading-usage",
    "heading-commands",
    "heading-arguments",
    "heading-options",
    "default-is",
    "values-are",
    "usage-options",
    "usage-command",
];

/// Every command that a person sees, with the names that lead to it.
fn commands() -> Vec<(Vec<String>, Command)> {
    let mut root = Arguments::command();
    root.build();
    let mut open = vec![(Vec::new(), root)];
    let mut all = Vec::new();
    while let Some((path, command)) = open.pop() {
        for next in command.get_subcommands().filter(|one| !one.is_hide_set()) {
            // What stands below the help of commands is the commands again.
            if path.last().is_some_and(|last| last == "help") {
                continue;
            }
            let mut below: Vec<String> = path.clone();
            below.push(next.get_name().to_owned());
            open.push((below, next.clone()));
        }
        all.push((path, command));
    }
    all
}

#[test]
fn no_word_of_help_is_missing_or_unused_in_any_language() {
    for language in LANGUAGES {
        let words = Words::of(language).unwrap();
        let mut used: BTreeSet<String> = FRAME.map(str::to_owned).into();
        // One key cannot tell two different things.
        let mut english: BTreeMap<String, String> = BTreeMap::new();
        let mut missing = Vec::new();
        for (path, command) in commands() {
            used.insert(command_key(&path, command.get_name()));
            for argument in command.get_arguments().filter(|one| !one.is_hide_set()) {
                let id = argument.get_id().as_str();
                let mut want = |id: &str, said: String| match words.key_of(&path, id) {
                    Some(key) => {
                        let before = english.insert(key.clone(), said.clone());
                        if before.is_some_and(|before| before != said) {
                            missing.push(format!("{path:?} {id}: says something else: {said}"));
                        }
                        used.insert(key);
                    }
                    None => missing.push(format!("{path:?} {id}")),
                };
                if !matches!(id, "help" | "version") {
                    want(id, argument.get_help().unwrap().to_string());
                }
                if argument.get_action().takes_values() {
                    for value in argument.get_possible_values() {
                        if let Some(help) = value.get_help() {
                            let value = format!("{id}-is-{}", value.get_name());
                            want(&value, help.to_string());
                        }
                    }
                    for name in argument.get_value_names().unwrap_or_default() {
                        let is_of_values = !argument.get_possible_values().is_empty();
                        match value_key(name) {
                            Some(key) => drop(used.insert(key.to_owned())),
                            None if is_of_values => {}
                            None => missing.push(format!("{path:?} {name}")),
                        }
                    }
                }
            }
        }
        used.extend(["help", "version"].map(str::to_owned));
        let found: BTreeSet<String> = words.keys().map(str::to_owned).collect();
        missing.extend(used.difference(&found).cloned());
        assert!(missing.is_empty(), "{language}: missing {missing:#?}");
        // A build without the demonstration does not use its words.
        let unused = found.difference(&used);
        let unused: Vec<_> = unused
            .filter(|key| cfg!(feature = "demo") || !key.contains("demo"))
            .collect();
        assert!(unused.is_empty(), "{language}: unused {unused:?}");
    }
}

#[test]
fn every_line_is_a_comment_or_a_word() {
    for language in ["az", "ru", "tr"] {
        let path = format!("{}/locales/{language}/help.ftl", env!("CARGO_MANIFEST_DIR"));
        let mut keys = BTreeSet::new();
        for line in std::fs::read_to_string(path).unwrap().lines() {
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let (key, text) = line.split_once(" = ").unwrap();
            assert!(!text.trim().is_empty(), "{language}: {key}");
            assert!(
                keys.insert(key.to_owned()),
                "{language}: {key} stands twice"
            );
        }
    }
}

#[test]
fn help_says_the_same_commands_and_options_in_every_language() {
    for language in LANGUAGES {
        let words = Words::of(language).unwrap();
        let mut root = translated(&words);
        for (path, command) in commands() {
            let asked: Vec<OsString> = path.iter().map(OsString::from).collect();
            let mut found = wanted(&mut root, &asked);
            let text = render(&words, &mut found, true).to_string();
            for argument in command.get_arguments().filter(|one| !one.is_hide_set()) {
                if let Some(long) = argument.get_long() {
                    assert!(text.contains(&format!("--{long}")), "{language}: {text}");
                }
            }
            for english in [
                "Usage:",
                "Options:",
                "Commands:",
                "Arguments:",
                "Print help",
                "[default",
            ] {
                assert!(!text.contains(english), "{language}: {english}\n{text}");
            }
        }
    }
}

#[test]
fn mistakes_are_told_with_what_to_do_in_every_language() {
    use clap::Parser as _;
    for language in LANGUAGES {
        for (line, shown) in [
            ("verify --trsut a b", "--trust"),
            ("verfy a", "verify"),
            ("verify --revocation never a", "require, soft, none"),
            ("verify --jobs 900 a", "900"),
            ("verify --trust", "--trust"),
            ("verify", "DOCUMENT"),
            ("sign --module a --with p12:b c", "--with"),
        ] {
            let line = std::iter::once("imza").chain(line.split(' '));
            let error = Arguments::try_parse_from(line.clone()).err().unwrap();
            let told = mistake(&error, language).unwrap();
            let text = format!("{} {}", told.what, told.advice);
            assert!(text.contains(shown), "{language}: {text}");
            assert!(
                !text.contains("{ $") && !told.advice.is_empty(),
                "{language}: {text}"
            );
        }
    }
}
