//! Which fields nobody may fill in after a signature.
//!
//! # Standard
//! ISO 32000-2 §12.7.5.5 (signature field lock dictionaries), §12.8.2.4 (FieldMDP).

use super::{Field, Planner, transform, transform_parameters};
use crate::error::Unsupported;
use crate::pdf::{Dictionary, Object};
use crate::source::Stop;

/// The fields that a signature locks, by full names; a name covers what is below it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FieldLock {
    /// Every field, also those that come later.
    All,
    /// These.
    Include(Vec<String>),
    /// Every field but these, also those that come later.
    Exclude(Vec<String>),
}

impl FieldLock {
    fn dictionary(&self) -> Dictionary {
        let (action, fields) = match self {
            Self::All => ("All", None),
            Self::Include(fields) => ("Include", Some(fields)),
            Self::Exclude(fields) => ("Exclude", Some(fields)),
        };
        let mut lock = Dictionary::default();
        lock.set("Type", Object::name("SigFieldLock"));
        lock.set("Action", Object::name(action));
        if let Some(fields) = fields {
            let fields = fields.iter().map(|name| Object::text(name));
            lock.set("Fields", Object::Array(fields.collect()));
        }
        lock
    }
}

impl Planner<'_> {
    /// The lock of a new signature: that of its field, or the one that is wanted.
    pub(super) fn lock(
        &self,
        field: Option<&Field>,
        wanted: Option<&FieldLock>,
        name: &str,
    ) -> Result<Option<Dictionary>, Unsupported> {
        match (field.and_then(|field| field.lock.as_ref()), wanted) {
            // The author of the form said what is locked.
            (Some(_), Some(_)) => Err(Unsupported::Feature("another lock than that of the field")),
            (Some(own), None) => Ok(Some(own.clone())),
            (None, Some(wanted)) => {
                self.check_names(wanted, name)?;
                Ok(Some(wanted.dictionary()))
            }
            (None, None) => Ok(None),
        }
    }

    /// A lock of a field that is not there, as of a name with a slip, would lock nothing.
    fn check_names(&self, lock: &FieldLock, own: &str) -> Result<(), Unsupported> {
        let FieldLock::Include(names) = lock else {
            return Ok(());
        };
        let covers = |name: &str, field: &str| {
            let below = field.strip_prefix(name);
            below.is_some_and(|below| below.is_empty() || below.starts_with('.'))
        };
        let is_there = |name: &String| {
            let mut fields = self.document.fields().filter_map(|one| one.name.as_deref());
            covers(name, own) || fields.any(|field| covers(name, field))
        };
        match !names.is_empty() && names.iter().all(is_there) {
            true => Ok(()),
            false => Err(Unsupported::Feature("a lock of a field that is not there")),
        }
    }

    /// The signature reference of a lock.
    pub(super) fn locking(&mut self, lock: &Dictionary) -> Result<Dictionary, Stop> {
        let mut values = transform_parameters();
        for key in ["Action", "Fields", "P"] {
            if let Some(value) = lock.get(key) {
                let value = self.resolve(&value.clone())?;
                values.set(key, value);
            }
        }
        let mut locking = transform("FieldMDP", values);
        // ISO 32000-2 table 256: what is compared; for DocMDP it goes without saying.
        locking.set("Data", Object::Reference(self.root));
        Ok(locking)
    }
}
