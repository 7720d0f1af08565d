//! What a rule sees: two revisions, and what was learnt of them on the way.

use super::item::{FieldContext, Item, Known, Out, Owner, PathStep, Role, Slot, Stage};
use super::shelf::{Need, Shelf};
use crate::pdf::{Definition, Document, Object, ObjectReference};
use crate::signature::Change;
use crate::vocabulary::{ChangeAction, ChangeClass};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// What was learnt on the way.
#[derive(Debug)]
pub(super) struct Tables {
    pub(super) old: usize,
    pub(super) new: usize,
    /// Whether everything that is signed so far is a time-stamp of the document.
    pub(super) only_timestamps: bool,
    pub(super) known: BTreeMap<u32, Known>,
    pub(super) owners: Vec<Owner>,
    pub(super) contexts: Vec<FieldContext>,
    pub(super) paths: Vec<(usize, PathStep)>,
    pub(super) pages: u64,
    /// How much is seen of the smallest page that an annotation lies on, by its number.
    pub(super) places: BTreeMap<u32, f64>,
    /// Objects that are the same in both revisions, with all that they lead to.
    pub(super) same: BTreeSet<ObjectReference>,
    /// How much is seen of the smallest page.
    pub(super) smallest: Option<f64>,
}

/// What a rule sees.
#[derive(Clone, Copy)]
pub(super) struct View<'a> {
    pub(super) document: &'a Document,
    pub(super) shelf: &'a Shelf,
    pub(super) tables: &'a Tables,
}

impl View<'_> {
    pub(super) fn out(&self) -> Out {
        Out {
            path_base: self.tables.paths.len(),
            owner_base: self.tables.owners.len(),
            context_base: self.tables.contexts.len(),
            ..Out::default()
        }
    }

    /// The value of a slot in the old revision; `None`, and said so, when it cannot be read.
    pub(super) fn old_value(
        &self,
        slot: &Slot,
        out: &mut Out,
    ) -> Result<Option<Arc<Object>>, Need> {
        self.value(slot, self.tables.old, out)
    }

    /// The value of a slot in the new revision; `None`, and said so, when it cannot be read.
    pub(super) fn new_value(
        &self,
        slot: &Slot,
        out: &mut Out,
    ) -> Result<Option<Arc<Object>>, Need> {
        self.value(slot, self.tables.new, out)
    }

    pub(super) fn value(
        &self,
        slot: &Slot,
        as_of: usize,
        out: &mut Out,
    ) -> Result<Option<Arc<Object>>, Need> {
        match slot {
            Slot::Null => Ok(Some(Arc::new(Object::Null))),
            Slot::Direct(object) => Ok(Some(Arc::clone(object))),
            Slot::Reference(reference) => {
                let found = self.shelf.object(self.document, *reference, as_of)?;
                self.check_generation(*reference, out);
                match &found {
                    // ISO 32000-2 §7.3.10: some readers follow a reference that stands for an
                    // object, some take it for nothing.
                    Some((_, last)) if last != reference && self.is_redefined(*reference) => {
                        out.disputed = Some(("objects that are no references", *reference));
                    }
                    None => out.unreadable = Some(*reference),
                    Some((_, last)) if as_of == self.tables.new && self.is_twofold(*last) => {
                        out.twofold = Some(*last);
                    }
                    Some(_) => {}
                }
                Ok(found.map(|(object, _)| object))
            }
        }
    }

    /// An entry of a dictionary, references followed.
    pub(super) fn entry(
        &self,
        of: &Object,
        key: &str,
        as_of: usize,
        out: &mut Out,
    ) -> Result<Arc<Object>, Need> {
        let entry = of.as_dictionary().and_then(|entries| entries.get(key));
        let value = self.value(&Slot::of(entry), as_of, out)?;
        Ok(value.unwrap_or(Arc::new(Object::Null)))
    }

    /// ISO 32000-2 §7.3.10: a reference to a generation that is not there is null. Many readers take
    /// the object of that number all the same, and show what the update makes of it.
    pub(super) fn check_generation(&self, reference: ObjectReference, out: &mut Out) {
        let (old, new) = (self.tables.old, self.tables.new);
        let document = self.document;
        if document.definition(reference, new) == Definition::Absent
            && document.has_other_generation(reference, new)
            && document.numbered(reference.number, old) != document.numbered(reference.number, new)
        {
            out.disputed = Some(("references to what is there", reference));
        }
    }

    /// Whether an object that an update defines has a key twice: readers disagree about it.
    fn is_twofold(&self, reference: ObjectReference) -> bool {
        let definition = self.document.definition(reference, self.tables.new);
        self.is_redefined(reference) && self.shelf.is_twofold(reference, definition)
    }

    fn is_redefined(&self, reference: ObjectReference) -> bool {
        let (old, new) = (self.tables.old, self.tables.new);
        self.document.definition(reference, old) != self.document.definition(reference, new)
    }

    /// What a slot refers to last, in a revision.
    pub(super) fn last(&self, slot: &Slot, as_of: usize) -> Result<Option<ObjectReference>, Need> {
        let Slot::Reference(reference) = slot else {
            return Ok(None);
        };
        let found = self.shelf.object(self.document, *reference, as_of)?;
        Ok(found.map(|(_, last)| last))
    }

    /// Whether a place holds what is no dictionary: a stream under the number of a page or a note
    /// has data too, and is compared with it.
    pub(super) fn is_plain(
        &self,
        item: &Item,
        (old, new): (&Object, &Object),
        out: &mut Out,
    ) -> bool {
        let is_stream = |value: &Object| matches!(value, Object::Stream(_));
        if is_stream(old) || is_stream(new) {
            let role = Role::Any {
                class: ChangeClass::Other,
                owner: 0,
            };
            let slots = (item.old.clone(), item.new.clone());
            out.push(Stage::Rest, role, slots, item.path, b"");
            return false;
        }
        true
    }

    pub(super) fn change(
        &self,
        class: ChangeClass,
        action: ChangeAction,
        path: usize,
        owner: usize,
        out: &mut Out,
    ) {
        let owners = &self.tables.owners;
        let owner = match owner.checked_sub(owners.len()) {
            Some(own) => out.owners.get(own),
            None => owners.get(owner),
        };
        let owner = owner.cloned().unwrap_or_default();
        let change = Change {
            class,
            action,
            path: self.path(path, out),
            object: out.holder.map(|holder| holder.to_string()),
            field: owner.field.map(|name| name.to_string()),
            page: owner.page,
            overlaps: owner.is_over,
            is_of_any_field: owner.is_any_field,
        };
        out.changes.push(change);
    }

    /// A path in words, at most as long as a line of a report.
    fn path(&self, mut path: usize, out: &Out) -> String {
        const LONGEST: usize = 64;
        let paths = &self.tables.paths;
        let mut steps = Vec::new();
        while path > 0 && steps.len() < LONGEST {
            let step = match path.checked_sub(paths.len()) {
                Some(own) => out.paths.get(own),
                None => paths.get(path),
            };
            let Some((above, step)) = step else { break };
            steps.push(match step {
                PathStep::Key(key) => String::from_utf8_lossy(key).into_owned(),
                PathStep::Index(index) => index.to_string(),
            });
            path = *above;
        }
        let mut text = String::new();
        for step in steps.iter().rev() {
            text.push('/');
            text.push_str(step);
        }
        text
    }
}
