//! What was changed in a document after a signature, and what signatures permit: facts of PDF.

use super::Finding;
use crate::vocabulary::{ChangeAction, ChangeClass};
use serde::{Deserialize, Serialize};

/// An update of a document that follows a signed revision.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Update {
    /// The revision that it made, from 0.
    pub revision: u64,
    /// What is different from the revision before.
    pub changes: Vec<Change>,
    /// What is wrong with the update itself, and what kept it from being compared.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub findings: Vec<Finding>,
}

/// One difference between a revision and the one before.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Change {
    /// How far it goes.
    pub class: ChangeClass,
    /// What was done.
    pub action: ChangeAction,
    /// Where, from the trailer down; names in it are untrusted text.
    pub path: String,
    /// The numbers of the object that holds it; absent in a trailer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub object: Option<String>,
    /// The full name of the form field that it belongs to; untrusted text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// The page that it is on, from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub page: Option<u64>,
    /// Whether it lies over something that was there before, or uncovers what lay below.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub overlaps: bool,
    /// Whether it may be of a field that it does not name: every lock counts against it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_of_any_field: bool,
}

/// What one signature permits after it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Permission {
    /// The revision that it covers, from 0: it is in force from there on.
    pub revision: u64,
    /// 1, 2 or 3 of ISO 32000-2 table 257; absent when it says nothing.
    pub level: Option<u8>,
    /// The fields that it locks.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub locks: Vec<FieldLock>,
}

/// Form fields by their full names; a name stands for what is below it too.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum FieldLock {
    /// Every field.
    All,
    /// These.
    Include(Vec<String>),
    /// All but these.
    Exclude(Vec<String>),
}

impl FieldLock {
    /// Whether a field is locked, or hands down to one that is.
    ///
    /// # Standard
    /// ISO 32000-2 §12.8.2.4 (table 259).
    #[must_use]
    pub fn locks(&self, field: &str) -> bool {
        let is_within = |field: &str, name: &str| {
            let below = field.strip_prefix(name);
            below.is_some_and(|below| below.is_empty() || below.starts_with('.'))
        };
        let is_named = |names: &[String]| names.iter().any(|name| is_within(field, name));
        match self {
            Self::All => true,
            // ISO 32000-2 §12.7.4.2: what a group of fields says, its fields say.
            Self::Include(names) => {
                is_named(names) || names.iter().any(|name| is_within(name, field))
            }
            Self::Exclude(names) => !is_named(names),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_stands_for_what_is_below_it_and_for_nothing_else() {
        let names = || vec!["a.b".to_owned()];
        for (field, is_included, is_excluded) in [
            ("a.b", true, true),
            ("a.b.c", true, true),
            // A group that the field takes values from.
            ("a", true, false),
            ("a.bc", false, false),
            ("x.a.b", false, false),
            ("", false, false),
        ] {
            let (include, exclude) = (FieldLock::Include(names()), FieldLock::Exclude(names()));
            assert_eq!(include.locks(field), is_included, "{field}");
            assert_eq!(exclude.locks(field), !is_excluded, "{field}");
            assert!(FieldLock::All.locks(field));
        }
    }
}
