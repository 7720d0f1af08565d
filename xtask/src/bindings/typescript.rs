//! The types of the report for TypeScript, from its JSON Schema.
//!
//! The schema is the contract; whatever it uses that is not known here fails the build, so that no
//! member is lost in silence. Words may be added under the same number of the schema, so every
//! enumeration admits others.

use crate::Outcome;
use serde_json::{Map, Value};
use std::fmt::Write;

/// The declarations.
pub(super) fn declarations(schema: &Value) -> Outcome<String> {
    let mut text = String::from(
        "// Made by `cargo xtask bindings wasm` from docs/imza-report-1.schema.json.\n",
    );
    declare(&mut text, "Report", schema)?;
    let definitions = schema.get("$defs").and_then(Value::as_object);
    for (name, definition) in definitions.into_iter().flatten() {
        declare(&mut text, &type_name(name), definition)?;
    }
    Ok(text)
}

fn declare(text: &mut String, name: &str, schema: &Value) -> Outcome<()> {
    text.push('\n');
    comment(text, "", schema);
    match schema.get("properties").and_then(Value::as_object) {
        Some(properties) => {
            let _ = writeln!(text, "export interface {name} {{");
            let required: Vec<&str> = schema
                .get("required")
                .and_then(Value::as_array)
                .into_iter()
                .flatten()
                .filter_map(Value::as_str)
                .collect();
            for (member, schema) in properties {
                comment(text, "  ", schema);
                let optional = if required.contains(&member.as_str()) {
                    ""
                } else {
                    "?"
                };
                let _ = writeln!(text, "  {member}{optional}: {};", type_of(schema)?);
            }
            text.push_str("}\n");
        }
        None => {
            let _ = writeln!(text, "export type {name} = {};", type_of(schema)?);
        }
    }
    Ok(())
}

fn comment(text: &mut String, indent: &str, schema: &Value) {
    if let Some(description) = schema.get("description").and_then(Value::as_str) {
        let _ = writeln!(text, "{indent}/** {description} */");
    }
}

fn type_of(schema: &Value) -> Outcome<String> {
    let schema = schema.as_object().ok_or("a schema that is no object")?;
    if let Some(reference) = schema.get("$ref").and_then(Value::as_str) {
        let name = reference
            .strip_prefix("#/$defs/")
            .ok_or_else(|| format!("a reference elsewhere: {reference}"))?;
        return Ok(type_name(name));
    }
    if let Some(word) = schema.get("const") {
        return literal(word);
    }
    if let Some(words) = schema.get("enum").and_then(Value::as_array) {
        let mut words: Vec<String> = words.iter().map(literal).collect::<Outcome<_>>()?;
        words.push("(string & {})".to_owned());
        return Ok(words.join(" | "));
    }
    if let Some(choices) = schema.get("anyOf").and_then(Value::as_array) {
        let choices: Vec<String> = choices.iter().map(type_of).collect::<Outcome<_>>()?;
        return Ok(choices.join(" | "));
    }
    match schema.get("type") {
        Some(Value::String(name)) => simple(name, schema),
        Some(Value::Array(names)) => {
            let names: Vec<String> = names
                .iter()
                .filter_map(Value::as_str)
                .map(|name| simple(name, schema))
                .collect::<Outcome<_>>()?;
            Ok(names.join(" | "))
        }
        _ => Err(format!("a schema without a type: {schema:?}").into()),
    }
}

fn simple(name: &str, schema: &Map<String, Value>) -> Outcome<String> {
    Ok(match name {
        "string" | "boolean" | "null" => name.to_owned(),
        "integer" | "number" => "number".to_owned(),
        "array" => {
            let items = schema.get("items").ok_or("an array of nothing")?;
            format!("({})[]", type_of(items)?)
        }
        "object" => match schema.get("additionalProperties") {
            Some(values @ Value::Object(_)) => format!("Record<string, {}>", type_of(values)?),
            _ => return Err("an object without a name".into()),
        },
        other => return Err(format!("an unknown type: {other}").into()),
    })
}

fn literal(word: &Value) -> Outcome<String> {
    let word = word.as_str().ok_or("a word that is no text")?;
    Ok(format!("'{word}'"))
}

/// `best_signature_time` as `ReportBestSignatureTime`: the prefix keeps `Signature` from standing
/// alone, which other packages mean something else by.
fn type_name(definition: &str) -> String {
    let mut name = String::from("Report");
    for word in definition.split('_') {
        let mut letters = word.chars();
        name.extend(letters.next().into_iter().flat_map(char::to_uppercase));
        name.push_str(letters.as_str());
    }
    name
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_schema_of_the_report_is_declared_whole() {
        let path = crate::workspace::root()
            .unwrap()
            .join("docs/imza-report-1.schema.json");
        let schema: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
        let text = declarations(&schema).unwrap();
        for wanted in [
            "export interface Report {",
            "  schema: 'imza-report/1';",
            "  signatures: (ReportSignature)[];",
            "  proven_at?: ReportTime;",
            "  indication: ReportIndication | ReportBlockIndication | null;",
            "export interface ReportBestSignatureTime {",
            "'TOTAL-PASSED'",
        ] {
            assert!(text.contains(wanted), "{wanted}");
        }
    }

    #[test]
    fn what_is_not_known_fails() {
        for wrong in [
            json!({"type": "object", "properties": {"a": {"oneOf": []}}}),
            json!({"type": "object", "properties": {"a": {"type": "array"}}}),
            json!({"type": "object", "properties": {"a": {"$ref": "other.json"}}}),
            json!({"type": "object", "properties": {"a": {"type": "object"}}}),
            json!({"type": "object", "properties": {"a": {"enum": [1]}}}),
        ] {
            assert!(declarations(&wrong).is_err(), "{wrong}");
        }
    }
}
