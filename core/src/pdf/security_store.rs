//! The document security store: certificates and revocation data kept in the document.
//!
//! # Standard
//! ISO 32000-2 §12.8.4.3; EN 319 142-1 §5.4.2.2 (DSS), §5.4.2.3 (VRI). The VRI adds no authority:
//! what it names is read like the rest, and never narrows it.

use super::document::Document;
use super::fields::note_duplicates;
use super::object::{Object, ObjectReference};
use crate::error::{Error, Malformed, MalformedKind};
use crate::limits::Budget;
use crate::source::{Advance, Source, Stop};
use std::collections::BTreeSet;
use std::sync::Arc;

/// Failures kept: a hostile store can have one per entry.
const FAILURES: usize = 1_000;

/// Validation data of the document, as octets; what they are is read elsewhere.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct SecurityStore {
    /// Whether the catalog names a store.
    pub is_present: bool,
    /// Certificates, DER.
    pub certificates: Vec<StoredValue>,
    /// CRLs, DER.
    pub crls: Vec<StoredValue>,
    /// OCSP responses, DER.
    pub ocsps: Vec<StoredValue>,
    /// Time-stamps over the validation data of one signature, from the VRI.
    pub timestamps: Vec<StoredValue>,
    /// What cannot be read.
    pub failures: Vec<Error>,
}

/// One stream of the store.
#[derive(Clone, Debug, PartialEq)]
pub struct StoredValue {
    /// Its decoded octets.
    pub octets: Arc<[u8]>,
    /// The revision that added it: a document time-stamp of an older one does not cover it.
    pub revision: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Certificate,
    Crl,
    Ocsp,
    Timestamp,
}

#[derive(Clone, Debug)]
enum Task {
    Store(Object),
    Array(Kind, Object),
    Value(Kind, Object),
    Vri(Object),
    VriEntry(Object),
}

/// Reads the store, one object a step.
#[derive(Clone, Debug, Default)]
pub(super) struct StoreWalk {
    /// The next task is the last.
    tasks: Vec<Task>,
    seen: BTreeSet<(Kind, ObjectReference)>,
}

impl StoreWalk {
    pub(super) fn new(store: Option<Object>) -> Self {
        Self {
            tasks: store.map(Task::Store).into_iter().collect(),
            seen: BTreeSet::new(),
        }
    }

    pub(super) fn advance(
        &mut self,
        as_of: usize,
        document: &mut Document,
        source: &mut Source,
        budget: &mut Budget,
    ) -> Result<Advance, Stop> {
        let Some(task) = self.tasks.last().cloned() else {
            return Ok(Advance::Done(()));
        };
        let done = self.run(&task, as_of, document, source, budget);
        if matches!(done, Err(Stop::NotHere)) {
            return Err(Stop::NotHere);
        }
        self.tasks.pop();
        match done {
            Ok(next) => self.tasks.extend(next.into_iter().rev()),
            Err(Stop::NotHere) => {}
            Err(Stop::Error(error)) => {
                // What exceeds a limit, or is encrypted, is so for all that follows.
                if !matches!(error, Error::Malformed(_)) {
                    self.tasks.clear();
                }
                let failures = &mut document.security_store.failures;
                if failures.len() < FAILURES {
                    failures.push(error);
                }
            }
        }
        Ok(Advance::More)
    }

    fn run(
        &mut self,
        task: &Task,
        as_of: usize,
        document: &mut Document,
        source: &mut Source,
        budget: &mut Budget,
    ) -> Result<Vec<Task>, Stop> {
        let wrong = |what| Stop::from(Malformed::within(MalformedKind::PdfObject, what));
        let arrays = |object: &Object, keys: [(&str, Kind); 3]| -> Vec<Task> {
            let dictionary = object.as_dictionary();
            keys.iter()
                .filter_map(|(key, kind)| {
                    let array = dictionary?.get(key)?.clone();
                    Some(Task::Array(*kind, array))
                })
                .collect()
        };
        match task {
            Task::Store(object) => {
                document.security_store.is_present = true;
                let store = document.resolve(object, as_of, source, budget)?;
                let dictionary = store.as_dictionary().ok_or_else(|| wrong("DSS"))?;
                note_duplicates(document, dictionary, "DSS", object.as_reference());
                let keys = [
                    ("Certs", Kind::Certificate),
                    ("CRLs", Kind::Crl),
                    ("OCSPs", Kind::Ocsp),
                ];
                let mut tasks = arrays(&store, keys);
                tasks.extend(dictionary.get("VRI").cloned().map(Task::Vri));
                Ok(tasks)
            }
            Task::Vri(object) => {
                let vri = document.resolve(object, as_of, source, budget)?;
                let dictionary = vri.as_dictionary().ok_or_else(|| wrong("VRI"))?;
                let entries = dictionary.iter().filter(|(key, _)| *key != b"Type");
                Ok(entries
                    .map(|(_, entry)| Task::VriEntry(entry.clone()))
                    .collect())
            }
            Task::VriEntry(object) => {
                let entry = document.resolve(object, as_of, source, budget)?;
                let dictionary = entry.as_dictionary().ok_or_else(|| wrong("VRI"))?;
                let keys = [
                    ("Cert", Kind::Certificate),
                    ("CRL", Kind::Crl),
                    ("OCSP", Kind::Ocsp),
                ];
                let mut tasks = arrays(&entry, keys);
                let timestamp = dictionary.get("TS").cloned();
                tasks.extend(timestamp.map(|value| Task::Value(Kind::Timestamp, value)));
                Ok(tasks)
            }
            Task::Array(kind, object) => {
                let array = document.resolve(object, as_of, source, budget)?;
                let values = array.as_array().ok_or_else(|| wrong("DSS array"))?;
                Ok(values
                    .iter()
                    .map(|value| Task::Value(*kind, value.clone()))
                    .collect())
            }
            Task::Value(kind, object) => {
                let reference = object.as_reference().ok_or_else(|| wrong("DSS value"))?;
                if self.seen.contains(&(*kind, reference)) {
                    return Ok(Vec::new());
                }
                let (value, place) = document.object(reference, as_of, source, budget)?;
                let (Object::Stream(stream), Some(place)) = (value, place) else {
                    self.seen.insert((*kind, reference));
                    return Err(wrong("DSS value"));
                };
                let octets = document.stream_data(&stream, as_of, source, budget)?;
                self.seen.insert((*kind, reference));
                let store = &mut document.security_store;
                let values = match kind {
                    Kind::Certificate => &mut store.certificates,
                    Kind::Crl => &mut store.crls,
                    Kind::Ocsp => &mut store.ocsps,
                    Kind::Timestamp => &mut store.timestamps,
                };
                values.push(StoredValue {
                    octets: octets.into(),
                    revision: place.revision,
                });
                Ok(Vec::new())
            }
        }
    }
}
