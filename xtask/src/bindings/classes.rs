//! The report as Python dataclasses, from the JSON Schema.

use super::schema::{Kind, Member, Named, Object, Schema};
use crate::{Outcome, workspace};
use std::fmt::Write as _;
use std::path::PathBuf;

/// The longest line of a docstring.
const WIDTH: usize = 96;

/// Where the classes lie.
pub(super) fn place() -> Outcome<PathBuf> {
    Ok(workspace::root()?.join("ffi/python/imza/_report.py"))
}

/// The text of the file, as the schema is now.
pub(super) fn text() -> Outcome<String> {
    let schema = workspace::root()?.join("docs/imza-report-1.schema.json");
    python(&Schema::parse(&std::fs::read_to_string(schema)?)?)
}

const HEAD: &str = r#"

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Literal, Union
"#;

fn python(schema: &Schema) -> Outcome<String> {
    let mut out = format!(
        "\"\"\"The report `{}` as classes.\n\n\
         Written by `cargo xtask bindings types` from `docs/imza-report-1.schema.json`. Members that are not known\n\
         here are ignored; words that are not known here come as they are: a newer library may say more.\n\
         Times are texts in RFC 3339, digests texts in lower-case hexadecimal digits.\n\"\"\"{HEAD}",
        schema.title
    );
    for one in &schema.types {
        match one {
            Named::Words {
                name,
                description,
                words,
            } => {
                let name = camel(name);
                let listed: Vec<String> = words
                    .iter()
                    .map(|word| format!("    {word:?},\n"))
                    .collect();
                write!(out, "\n{name} = Literal[\n{}]\n", listed.concat())?;
                if let Some(text) = description {
                    writeln!(out, "{}", docstring(text, ""))?;
                }
            }
            Named::Text { name, description } => {
                write!(out, "\n{} = str\n", camel(name))?;
                if let Some(text) = description {
                    writeln!(out, "{}", docstring(text, ""))?;
                }
            }
            Named::Object(_) => {}
        }
    }
    for one in &schema.types {
        if let Named::Object(object) = one {
            class(schema, object, &camel(&object.name), &mut out)?;
        }
    }
    class(schema, &schema.root, "ReportMembers", &mut out)?;
    out.push_str(
        "\n    @classmethod\n    def from_json(cls, text: str) -> ReportMembers:\n        \
         \"\"\"Reads a report that was stored.\"\"\"\n        return ReportMembers._of(json.loads(text))\n",
    );
    Ok(out)
}

fn class(schema: &Schema, object: &Object, name: &str, out: &mut String) -> Outcome<()> {
    write!(
        out,
        "\n\n@dataclass(frozen=True, kw_only=True)\nclass {name}:\n"
    )?;
    let description = object.description.as_deref().unwrap_or(name);
    writeln!(out, "{}", docstring(description, "    "))?;
    for member in &object.members {
        let (kind, default) = if member.is_required {
            (annotation(&member.kind), "")
        } else {
            (format!("{} | None", annotation(&member.kind)), " = None")
        };
        write!(out, "\n    {}: {kind}{default}\n", attribute(&member.name))?;
        if let Some(text) = &member.description {
            writeln!(out, "{}", docstring(text, "    "))?;
        }
    }
    write!(
        out,
        "\n    @staticmethod\n    def _of(value: dict[str, Any]) -> {name}:\n        return {name}(\n"
    )?;
    for member in &object.members {
        writeln!(
            out,
            "            {}={},",
            attribute(&member.name),
            reading(schema, member)
        )?;
    }
    out.push_str("        )\n");
    Ok(())
}

/// Keywords of Python, which cannot name an attribute.
const KEYWORDS: [&str; 32] = [
    "and", "as", "assert", "async", "await", "break", "class", "continue", "def", "del", "elif",
    "else", "except", "finally", "for", "from", "global", "if", "import", "in", "is", "lambda",
    "nonlocal", "not", "or", "pass", "raise", "return", "try", "while", "with", "yield",
];

/// The name of an attribute: PEP 8 puts an underscore behind a keyword.
fn attribute(member: &str) -> String {
    match KEYWORDS.contains(&member) {
        true => format!("{member}_"),
        false => member.to_owned(),
    }
}

fn annotation(kind: &Kind) -> String {
    match kind {
        Kind::Text => "str".to_owned(),
        Kind::Integer => "int".to_owned(),
        Kind::Boolean => "bool".to_owned(),
        Kind::Words(words) => {
            let quoted: Vec<String> = words.iter().map(|word| format!("{word:?}")).collect();
            format!("Literal[{}]", quoted.join(", "))
        }
        Kind::Named(name) => camel(name),
        Kind::Either(names) => {
            let names: Vec<String> = names.iter().map(|name| camel(name)).collect();
            format!("Union[{}]", names.join(", "))
        }
        Kind::Nullable(kind) => format!("{} | None", annotation(kind)),
        Kind::List(kind) => format!("tuple[{}, ...]", annotation(kind)),
        Kind::Texts => "dict[str, str]".to_owned(),
    }
}

fn reading(schema: &Schema, member: &Member) -> String {
    let name = &member.name;
    let value = if member.is_required {
        format!("value[{name:?}]")
    } else {
        format!("value.get({name:?})")
    };
    let object = match &member.kind {
        Kind::Named(target) => Some((target, !member.is_required)),
        Kind::Nullable(kind) => match kind.as_ref() {
            Kind::Named(target) => Some((target, true)),
            _ => None,
        },
        Kind::List(kind) => {
            let found = format!("value[{:?}]", member.name);
            let list = match kind.as_ref() {
                Kind::Named(target) if schema.is_object(target) => {
                    format!("tuple({}._of(one) for one in {found})", camel(target))
                }
                _ => format!("tuple({found})"),
            };
            return if member.is_required {
                list
            } else {
                format!("None if {value} is None else {list}")
            };
        }
        _ => None,
    };
    match object {
        Some((target, is_optional)) if schema.is_object(target) => {
            let class = camel(target);
            if is_optional {
                let name = &member.name;
                format!("None if {value} is None else {class}._of(value[{name:?}])")
            } else {
                format!("{class}._of({value})")
            }
        }
        _ => value,
    }
}

/// `best_signature_time` as the name of a class.
fn camel(name: &str) -> String {
    // A type of this name would clash with others in Kotlin; no language has it.
    if name == "signature" {
        return "SignatureReport".to_owned();
    }
    name.split('_')
        .map(|word| {
            let mut letters = word.chars();
            let first = letters.next().map(|first| first.to_ascii_uppercase());
            first.into_iter().chain(letters).collect::<String>()
        })
        .collect()
}

fn docstring(text: &str, indent: &str) -> String {
    let mut lines = vec![format!("{indent}\"\"\"")];
    for word in text.split(' ') {
        let Some(line) = lines.last_mut() else {
            continue;
        };
        if line.len() + word.len() > WIDTH {
            lines.push(format!("{indent}{word}"));
        } else {
            if !line.ends_with("\"\"\"") {
                line.push(' ');
            }
            line.push_str(word);
        }
    }
    format!("{}\"\"\"", lines.join("\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_committed_classes_are_those_of_the_schema() {
        let committed = std::fs::read_to_string(place().unwrap()).unwrap();
        assert!(
            committed == text().unwrap(),
            "stale: run `cargo xtask bindings types`"
        );
    }

    #[test]
    fn keywords_are_not_attributes() {
        let schema = r#"{"title": "t", "$defs": {}, "properties": {"from": {"type": "string"}}}"#;
        let text = python(&Schema::parse(schema).unwrap()).unwrap();
        assert!(text.contains("\n    from_: str | None"), "{text}");
        assert!(text.contains("from_=value.get(\"from\")"), "{text}");
    }

    #[test]
    fn shapes_that_are_not_known_are_refused() {
        let schema = |member: &str| {
            Schema::parse(&format!(
                r#"{{"title": "t", "$defs": {{}}, "properties": {{"m": {member}}}}}"#
            ))
        };
        assert!(schema(r#"{"type": "string"}"#).is_ok());
        for wrong in [
            "{}",
            "true",
            r#"{"type": "number"}"#,
            r#"{"type": ["string", "integer"]}"#,
            r#"{"type": "array"}"#,
            r#"{"type": "object"}"#,
            r#"{"$ref": "elsewhere"}"#,
            r#"{"anyOf": [{"type": "string"}]}"#,
        ] {
            assert!(schema(wrong).is_err(), "{wrong}");
        }
    }
}
