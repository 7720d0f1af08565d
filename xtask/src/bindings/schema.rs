//! The JSON Schema of the report as a list of types, for the classes of each language.
//!
//! Reads the part of JSON Schema that `docs/` uses and refuses everything else, so that a schema
//! that says more cannot be misunderstood in silence.

use crate::Outcome;
use serde_json::{Map, Value};

/// The schema: the report itself, and what it is made of, in the order of the file.
#[derive(Debug)]
pub(super) struct Schema {
    pub(super) title: String,
    pub(super) root: Object,
    pub(super) types: Vec<Named>,
}

/// A type with a name.
#[derive(Debug)]
pub(super) enum Named {
    Object(Object),
    /// One of these words.
    Words {
        name: String,
        description: Option<String>,
        words: Vec<String>,
    },
    /// A text of a certain form.
    Text {
        name: String,
        description: Option<String>,
    },
}

/// Members by name.
#[derive(Debug)]
pub(super) struct Object {
    pub(super) name: String,
    pub(super) description: Option<String>,
    pub(super) members: Vec<Member>,
}

#[derive(Debug)]
pub(super) struct Member {
    pub(super) name: String,
    pub(super) description: Option<String>,
    pub(super) kind: Kind,
    /// Whether every report has it.
    pub(super) is_required: bool,
}

/// What a member holds.
#[derive(Debug)]
pub(super) enum Kind {
    Text,
    Integer,
    Boolean,
    /// One of these words.
    Words(Vec<String>),
    /// A type with a name.
    Named(String),
    /// One of several types with names.
    Either(Vec<String>),
    Nullable(Box<Self>),
    List(Box<Self>),
    /// Texts by name.
    Texts,
}

impl Schema {
    pub(super) fn parse(text: &str) -> Outcome<Self> {
        let value: Value = serde_json::from_str(text)?;
        let whole = value.as_object().ok_or("the schema is no object")?;
        let types = member(whole, "$defs")?;
        Ok(Self {
            title: string(whole, "title").ok_or("the schema has no title")?,
            root: object("report", whole)?,
            types: types
                .iter()
                .map(|(name, value)| named(name, value))
                .collect::<Outcome<_>>()?,
        })
    }

    /// Whether a name is that of an object.
    pub(super) fn is_object(&self, wanted: &str) -> bool {
        self.types
            .iter()
            .any(|one| matches!(one, Named::Object(object) if object.name == wanted))
    }
}

fn member<'a>(object: &'a Map<String, Value>, name: &str) -> Outcome<&'a Map<String, Value>> {
    object
        .get(name)
        .and_then(Value::as_object)
        .ok_or_else(|| format!("the schema has no {name}").into())
}

fn string(object: &Map<String, Value>, name: &str) -> Option<String> {
    object.get(name)?.as_str().map(ToOwned::to_owned)
}

fn strings(value: &Value) -> Option<Vec<String>> {
    value
        .as_array()?
        .iter()
        .map(|word| word.as_str().map(ToOwned::to_owned))
        .collect()
}

fn named(name: &str, value: &Value) -> Outcome<Named> {
    let whole = value.as_object().ok_or_else(|| unknown(name))?;
    if whole.contains_key("properties") {
        return Ok(Named::Object(object(name, whole)?));
    }
    let description = string(whole, "description");
    let name = name.to_owned();
    if let Some(words) = whole.get("enum").and_then(strings) {
        return Ok(Named::Words {
            name,
            description,
            words,
        });
    }
    match whole.get("type").and_then(Value::as_str) {
        Some("string") => Ok(Named::Text { name, description }),
        _ => Err(unknown(&name).into()),
    }
}

fn object(name: &str, whole: &Map<String, Value>) -> Outcome<Object> {
    let required = whole.get("required").and_then(strings).unwrap_or_default();
    let members = member(whole, "properties")?;
    Ok(Object {
        name: name.to_owned(),
        description: string(whole, "description"),
        members: members
            .iter()
            .map(|(member, value)| {
                let shape = value.as_object().ok_or_else(|| unknown(member))?;
                Ok(Member {
                    name: member.clone(),
                    description: string(shape, "description"),
                    kind: kind(member, shape)?,
                    is_required: required.contains(member),
                })
            })
            .collect::<Outcome<_>>()?,
    })
}

fn kind(name: &str, shape: &Map<String, Value>) -> Outcome<Kind> {
    if let Some(reference) = shape.get("$ref").and_then(Value::as_str) {
        return Ok(Kind::Named(target(reference)?));
    }
    if let Some(word) = string(shape, "const") {
        return Ok(Kind::Words(vec![word]));
    }
    if let Some(words) = shape.get("enum").and_then(strings) {
        return Ok(Kind::Words(words));
    }
    if let Some(choices) = shape.get("anyOf").and_then(Value::as_array) {
        return either(name, choices);
    }
    match shape.get("type") {
        Some(Value::String(word)) => plain(name, word, shape),
        Some(Value::Array(words)) => match words.as_slice() {
            [Value::String(word), Value::String(null)] if null == "null" => {
                Ok(Kind::Nullable(Box::new(plain(name, word, shape)?)))
            }
            _ => Err(unknown(name).into()),
        },
        _ => Err(unknown(name).into()),
    }
}

fn plain(name: &str, word: &str, shape: &Map<String, Value>) -> Outcome<Kind> {
    Ok(match word {
        "string" => Kind::Text,
        "integer" => Kind::Integer,
        "boolean" => Kind::Boolean,
        "array" => Kind::List(Box::new(kind(name, member(shape, "items")?)?)),
        "object" if shape.contains_key("additionalProperties") => Kind::Texts,
        _ => return Err(unknown(name).into()),
    })
}

fn either(name: &str, choices: &[Value]) -> Outcome<Kind> {
    let is_null = |choice: &&Value| choice.get("type").and_then(Value::as_str) == Some("null");
    let names = choices
        .iter()
        .filter(|choice| !is_null(choice))
        .map(|choice| {
            let reference = choice.get("$ref").and_then(Value::as_str);
            target(reference.ok_or_else(|| unknown(name))?)
        })
        .collect::<Outcome<Vec<String>>>()?;
    let kind = match names.as_slice() {
        [one] => Kind::Named(one.clone()),
        _ => Kind::Either(names),
    };
    Ok(if choices.iter().any(|choice| is_null(&choice)) {
        Kind::Nullable(Box::new(kind))
    } else {
        kind
    })
}

fn target(reference: &str) -> Outcome<String> {
    reference
        .strip_prefix("#/$defs/")
        .map(ToOwned::to_owned)
        .ok_or_else(|| format!("a reference out of the schema: {reference}").into())
}

fn unknown(name: &str) -> String {
    format!("{name}: a shape that the generator does not know")
}
