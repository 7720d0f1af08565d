//! Rules on what a module may name: the order of the table and invariants 1 to 9.

use super::source::{Name, Source};
use super::table::{self, Group};
use super::{File, Finding};

/// Every rule of this file.
pub(super) const RULES: &[&str] = &[
    "order",
    "unknown-module",
    "crate-glob",
    "no-verdict-below",
    "path-and-revocation",
    "format-imports-format",
    "one-rule-book",
    "validation-without-lists",
    "policy-and-report-are-words",
    "signer-sees-no-document",
    "creation-names-signer-only",
    "cryptographic-crate",
    "pkcs11-crate",
    "pkcs12-crate",
    "socket",
    "outside-world",
    "printing",
    "crate-dependency",
];

/// Judges one file.
pub(super) fn check(file: &File, source: &Source, findings: &mut Vec<Finding>) {
    let mut say = |rule: &'static str, line: usize, text: String| {
        findings.push(Finding::new(rule, &file.path, line, text));
    };
    for name in &source.names {
        crates(file, name, &mut say);
        if file.folder == "core" && file.in_sources {
            order(file, name, &mut say);
            invariants(file, name, &mut say);
        }
    }
    if file.folder != "core" || !file.in_sources {
        return;
    }
    if let Some(module) = file.module.first()
        && table::place(module).is_none()
    {
        say(
            "unknown-module",
            1,
            format!("`{module}` is not in the table of modules"),
        );
    }
    functions(file, source, &mut say);
    for (name, line, in_test) in &source.macros {
        if !in_test && table::PRINTING.contains(&name.as_str()) {
            say(
                "printing",
                *line,
                format!("`{name}!` in the core, which does no I/O"),
            );
        }
    }
}

type Say<'a> = dyn FnMut(&'static str, usize, String) + 'a;

/// The total order.
fn order(file: &File, name: &Name, say: &mut Say<'_>) {
    let Some(own) = file.module.first() else {
        return;
    };
    let Some((module, _)) = name.module() else {
        if name.segments.first().is_some_and(|first| first == "imza") {
            say(
                "order",
                name.line,
                "the crate names itself; write `crate`".to_owned(),
            );
        }
        return;
    };
    if module == "*" {
        say(
            "crate-glob",
            name.line,
            "a glob of the whole crate hides what is imported".to_owned(),
        );
        return;
    }
    let (Some((here, _)), Some((there, _))) = (table::place(own), table::place(module)) else {
        return;
    };
    let driven = name.in_test && table::TESTS_MAY_NAME.contains(&(own.as_str(), module));
    if there > here && !driven {
        say(
            "order",
            name.line,
            format!("`{own}` names `{}`, which stands below it", name.text()),
        );
    }
}

/// Invariants 1 to 9, in their order.
fn invariants(file: &File, name: &Name, say: &mut Say<'_>) {
    let Some(own) = file.module.first().map(String::as_str) else {
        return;
    };
    let group = table::place(own).map(|(_, group)| group);
    let inside = |path: &[&str]| {
        file.module.len() >= path.len() && file.module.iter().zip(path).all(|(a, b)| a == b)
    };
    if let Some((module, rest)) = name.module() {
        let target = table::place(module).map(|(_, group)| group);
        let first = rest.first().map(String::as_str);
        if module == "vocabulary"
            && matches!(
                group,
                Some(Group::Encodings | Group::Tokens | Group::Formats | Group::Records)
            )
            && first.is_some_and(|word| table::VERDICT_WORDS.contains(&word))
        {
            say(
                "no-verdict-below",
                name.line,
                format!("`{own}` names the verdict `{}`", name.text()),
            );
        }
        if matches!(
            (own, module),
            ("path", "revocation") | ("revocation", "path")
        ) {
            say(
                "path-and-revocation",
                name.line,
                format!("`{own}` names `{module}`; `validation` joins them"),
            );
        }
        if target == Some(Group::Formats) && module != own {
            if group == Some(Group::Formats) {
                if !table::FORMAT_IMPORTS.contains(&(own, module)) {
                    say(
                        "format-imports-format",
                        name.line,
                        format!("the format `{own}` names the format `{module}`"),
                    );
                }
            } else if !table::CALLERS_OF_FORMATS.contains(&own) && below_formats(group) {
                say(
                    "one-rule-book",
                    name.line,
                    format!("`{own}` names the format `{module}`"),
                );
            }
        }
        if own == "validation" && target == Some(Group::Encodings) {
            let allowed = match module {
                "asn1" => true,
                "crypto" => {
                    first.is_none()
                        || first.is_some_and(|item| table::CRYPTO_FOR_VALIDATION.contains(&item))
                }
                _ => false,
            };
            if !allowed {
                say(
                    "one-rule-book",
                    name.line,
                    format!("`validation` names the encoding `{}`", name.text()),
                );
            }
        }
        if own == "validation" && module == "trust_list" {
            say(
                "validation-without-lists",
                name.line,
                "`validation` names `trust_list`; it sees `trust` only".to_owned(),
            );
        }
        if matches!(own, "policy" | "report") && target != Some(Group::Words) && module != own {
            say(
                "policy-and-report-are-words",
                name.line,
                format!("`{own}` names `{}`; it may name words only", name.text()),
            );
        }
        if own == "signer" && module != own && !table::SIGNER_IMPORTS.contains(&module) {
            say(
                "signer-sees-no-document",
                name.line,
                format!("`signer` names `{}`", name.text()),
            );
        }
        if own == "creation" && module == "signer" && first != Some("Signer") {
            say(
                "creation-names-signer-only",
                name.line,
                format!(
                    "`creation` names `{}`; only the trait `Signer`",
                    name.text()
                ),
            );
        }
    }
    let Some(first) = name.segments.first().map(String::as_str) else {
        return;
    };
    if table::CRYPTOGRAPHIC_CRATES.contains(&first)
        && own != "crypto"
        && !inside(&["signer", "pkcs12"])
    {
        say(
            "cryptographic-crate",
            name.line,
            format!("`{}` outside `crypto`", name.text()),
        );
    }
    if first == "imza_pkcs11" && !inside(&["signer", "pkcs11"]) {
        say(
            "pkcs11-crate",
            name.line,
            format!("`{}` outside `signer::pkcs11`", name.text()),
        );
    }
    if first == "p12_keystore" && !inside(&["signer", "pkcs12"]) {
        say(
            "pkcs12-crate",
            name.line,
            format!("`{}` outside `signer::pkcs12`", name.text()),
        );
    }
    if table::SOCKETS.iter().any(|path| name.begins(path)) && !inside(&["transport", "http"]) {
        say(
            "socket",
            name.line,
            format!("`{}` outside `transport::http`", name.text()),
        );
    }
    if table::OUTSIDE_WORLD.iter().any(|path| name.begins(path))
        && !table::OUTSIDE_WORLD_MODULES.iter().any(|path| inside(path))
        && !(name.in_test
            && table::OUTSIDE_WORLD_IN_TESTS
                .iter()
                .any(|path| name.begins(path)))
    {
        say(
            "outside-world",
            name.line,
            format!(
                "`{}` in a core that asks no clock, file or random source",
                name.text()
            ),
        );
    }
}

/// Invariant 7, second half: `creation` names the trait in one file, the one with the helper `sign`.
pub(super) fn one_signing_helper(files: &[File], findings: &mut Vec<Finding>) {
    let mut helpers = Vec::new();
    for file in files {
        if file.folder != "core"
            || file.is_test
            || file.module.first().is_none_or(|m| m != "creation")
        {
            continue;
        }
        let Ok(source) = super::source::parse(&file.text, &file.module, false) else {
            continue;
        };
        let mut naming = source.names.iter().filter(|name| !name.in_test);
        if let Some(name) = naming.find(|name| name.begins(&["crate", "signer"])) {
            helpers.push((
                file,
                name.line,
                source.functions.iter().any(|(name, _, _)| name == "sign"),
            ));
        }
    }
    let one = helpers.len() == 1;
    for (file, line, signs) in helpers {
        if !one || !signs {
            findings.push(Finding::new(
                "creation-names-signer-only",
                &file.path,
                line,
                "`creation` names `Signer` outside the one file that holds the helper `sign`",
            ));
        }
    }
}

fn below_formats(group: Option<Group>) -> bool {
    matches!(
        group,
        Some(Group::Trust | Group::Judgement | Group::Signers | Group::Doors | Group::Transport)
    )
}

/// Invariant 1: below trust, nothing answers "is it good?".
fn functions(file: &File, source: &Source, say: &mut Say<'_>) {
    let group = file
        .module
        .first()
        .and_then(|module| table::place(module))
        .map(|(_, group)| group);
    if !matches!(
        group,
        Some(Group::Words | Group::Encodings | Group::Tokens | Group::Records | Group::Formats)
    ) {
        return;
    }
    for (name, line, in_test) in &source.functions {
        let judges = name.starts_with("validate")
            || name.starts_with("is_trusted")
            || name.starts_with("is_valid")
            || name.starts_with("is_acceptable")
            || name.starts_with("judge");
        if judges && !in_test {
            say(
                "no-verdict-below",
                *line,
                format!(
                    "`fn {name}` answers whether something is good; that belongs to trust or judgement"
                ),
            );
        }
    }
}

/// The table of crates, and invariant 8 for cryptoki.
fn crates(file: &File, name: &Name, say: &mut Say<'_>) {
    let Some(first) = name.segments.first().map(String::as_str) else {
        return;
    };
    if first == "cryptoki" && file.folder != "pkcs11" {
        say(
            "pkcs11-crate",
            name.line,
            format!("`{}` outside the crate pkcs11", name.text()),
        );
    }
    let Some((_, own, allowed)) = table::CRATES
        .iter()
        .find(|(folder, _, _)| *folder == file.folder)
    else {
        return;
    };
    let ours = table::CRATES.iter().any(|(_, krate, _)| *krate == first);
    let in_test = name.in_test || !file.in_sources;
    if ours
        && first != *own
        && !allowed.contains(&first)
        && !(in_test && first == "imza_test_vectors" && file.folder != "test-vectors")
    {
        say(
            "crate-dependency",
            name.line,
            format!("`{}` may not name `{first}`", file.folder),
        );
    }
}
