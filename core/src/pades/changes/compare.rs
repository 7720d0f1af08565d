//! Values compared part by part, and what is new looked through for what acts.

use super::item::{Item, Known, Out, Role, Slot, Stage, action};
use super::shelf::Need;
use super::view::View;
use crate::pdf::{Definition, Dictionary, Object, ObjectReference};
use crate::vocabulary::{ChangeAction, ChangeClass};
use std::collections::BTreeMap;

/// Keys by which fields are referred to without being part of what refers.
const BACKWARD: [&[u8]; 11] = [
    b"Obj", b"Fields", b"CO", b"T", b"Kids", b"Parent", b"Annots", b"Popup", b"IRT", b"P", b"D",
];
/// The same of annotations. A note that is a node of a tree too is compared as that node.
const TO_ANNOTATIONS: [&[u8]; 5] = [b"Obj", b"T", b"Annots", b"Popup", b"IRT"];
/// Entries under which something acts.
const ACTING: [&[u8]; 4] = [b"A", b"AA", b"JS", b"OpenAction"];

impl View<'_> {
    /// A value of which every difference is a change of one class.
    pub(super) fn any(
        &self,
        item: &Item,
        class: ChangeClass,
        owner: usize,
        out: &mut Out,
    ) -> Result<(), Need> {
        let tables = self.tables;
        let path = item.path;
        if let (Slot::Reference(old), Slot::Reference(new)) = (&item.old, &item.new)
            && old == new
        {
            if !item.is_drawn && self.is_elsewhere(*old, &item.key) {
                out.is_elsewhere = true;
                return Ok(());
            }
            let definition = self.document.definition(*old, tables.old);
            if definition == self.document.definition(*old, tables.new) {
                if definition == Definition::Absent {
                    self.check_generation(*old, out);
                    return Ok(());
                }
                // The same octets: only what they refer to can be another thing.
                let Some(links) = self.shelf.links(self.document, *old, tables.old)? else {
                    out.unreadable = Some(*old);
                    return Ok(());
                };
                for link in links.iter() {
                    let is_drawn = item.is_drawn || link.is_drawn;
                    if !is_drawn && self.is_elsewhere(link.to, &link.key) {
                        continue;
                    }
                    let below = out.below(path, &link.key);
                    let slots = (Slot::Reference(link.to), Slot::Reference(link.to));
                    out.push(Stage::Rest, item.role, slots, below, &link.key);
                    if let Some((_, below)) = out.items.last_mut() {
                        below.is_drawn |= is_drawn;
                    }
                }
                return Ok(());
            }
        }
        let (Some(old), Some(new)) = (
            self.old_value(&item.old, out)?,
            self.new_value(&item.new, out)?,
        ) else {
            return Ok(());
        };
        if let (Object::Stream(_), Object::Stream(_)) = (&*old, &*new)
            && let (Some(before), Some(after)) = (
                self.last(&item.old, tables.old)?,
                self.last(&item.new, tables.new)?,
            )
        {
            let same =
                self.shelf
                    .same_data(self.document, (before, tables.old), (after, tables.new))?;
            match same {
                Some(true) => {}
                Some(false) => {
                    self.change(class, ChangeAction::Changed, path, owner, out);
                    self.vet_below(class, &new, path, owner, out);
                }
                None => out.unreadable = Some(after),
            }
        }
        self.compare((class, owner), Some(&old), Some(&new), path, &item.key, out);
        Ok(())
    }

    /// Compares two values; references in them are compared later.
    pub(super) fn compare(
        &self,
        (class, owner): (ChangeClass, usize),
        old: Option<&Object>,
        new: Option<&Object>,
        path: usize,
        key: &[u8],
        out: &mut Out,
    ) {
        let is_reference = |value: Option<&Object>| matches!(value, Some(Object::Reference(_)));
        if is_reference(old) || is_reference(new) {
            let slots = (Slot::of(old), Slot::of(new));
            out.push(Stage::Rest, Role::Any { class, owner }, slots, path, key);
            // What is new under another number must not act either.
            if class != ChangeClass::Other && old != new {
                self.vet_below(class, new.unwrap_or(&Object::Null), path, owner, out);
            }
            return;
        }
        match (old.unwrap_or(&Object::Null), new.unwrap_or(&Object::Null)) {
            (Object::Array(before), Object::Array(after)) if before.len() == after.len() => {
                for (index, (before, after)) in before.iter().zip(after).enumerate() {
                    let path = out.element(path, index);
                    self.compare((class, owner), Some(before), Some(after), path, key, out);
                }
            }
            (before @ Object::Stream(_), after @ Object::Stream(_))
            | (before @ Object::Dictionary(_), after @ Object::Dictionary(_)) => {
                let is_stream = matches!(after, Object::Stream(_));
                for (key, before, after) in union(before, after) {
                    // The length is that of the data, which is compared.
                    if is_stream && key == b"Length" {
                        continue;
                    }
                    let path = out.below(path, key);
                    self.compare((class, owner), before, after, path, key, out);
                    if ACTING.contains(&key) && class != ChangeClass::Other && before != after {
                        self.change(ChangeClass::Other, action(before, after), path, owner, out);
                    }
                }
                self.nulled((class, owner), (before, after), path, out);
            }
            (before, after) if same(before, after, key) => {}
            (before, after) => {
                self.change(class, action(Some(before), Some(after)), path, owner, out);
                self.vet_below(class, after, path, owner, out);
            }
        }
    }

    /// Null where nothing was: for some readers it hides what is inherited, or is a value that they
    /// cannot take (ISO 32000-2 §7.3.7 says that it is nothing).
    pub(super) fn nulled(
        &self,
        (class, owner): (ChangeClass, usize),
        (old, new): (&Object, &Object),
        path: usize,
        out: &mut Out,
    ) {
        let (Some(old), Some(new)) = (old.as_dictionary(), new.as_dictionary()) else {
            return;
        };
        for key in new.nulls().filter(|key| !old.names(key)) {
            let path = out.below(path, key);
            self.change(class, ChangeAction::Added, path, owner, out);
        }
    }

    fn vet_below(
        &self,
        class: ChangeClass,
        new: &Object,
        path: usize,
        owner: usize,
        out: &mut Out,
    ) {
        if class != ChangeClass::Other {
            self.vet(new, path, owner, out);
        }
    }

    /// Nothing that acts may come in with what is new.
    pub(super) fn vet(&self, new: &Object, path: usize, owner: usize, out: &mut Out) {
        match new {
            Object::Reference(_) => {
                let slots = (Slot::Null, Slot::of(Some(new)));
                out.push(Stage::Rest, Role::New { owner }, slots, path, b"");
            }
            Object::Array(elements) => {
                for (index, element) in elements.iter().enumerate() {
                    if is_compound(element) {
                        let path = out.element(path, index);
                        self.vet(element, path, owner, out);
                    }
                }
            }
            Object::Dictionary(_) | Object::Stream(_) => {
                for (key, _, value) in union(&Object::Null, new) {
                    let Some(value) = value else { continue };
                    if ACTING.contains(&key) {
                        let path = out.below(path, key);
                        self.change(ChangeClass::Other, ChangeAction::Added, path, owner, out);
                    } else if is_compound(value) {
                        let path = out.below(path, key);
                        self.vet(value, path, owner, out);
                    }
                }
            }
            _ => {}
        }
    }

    /// Whether a reference leads to what is compared as something else. Not asked of what is drawn.
    fn is_elsewhere(&self, to: ObjectReference, key: &[u8]) -> bool {
        match self.tables.known.get(&to.number) {
            // ISO 32000-2 table 256.
            Some(Known::Root) => key == b"Data",
            Some(Known::Structure) => true,
            Some(Known::Field { .. }) => BACKWARD.contains(&key),
            Some(Known::Annotation) => TO_ANNOTATIONS.contains(&key),
            None => false,
        }
    }
}

fn is_compound(value: &Object) -> bool {
    matches!(
        value,
        Object::Reference(_) | Object::Array(_) | Object::Dictionary(_) | Object::Stream(_)
    )
}

/// Keys of which every reader takes a whole number and a real one alike: coordinates and widths.
const MEASURED: [&[u8]; 9] = [
    b"Rect",
    b"BBox",
    b"Matrix",
    b"MediaBox",
    b"CropBox",
    b"BleedBox",
    b"TrimBox",
    b"ArtBox",
    b"Widths",
];

/// Whether two values without parts are the same. Where a count or flags are wanted, some readers
/// take 1.0 for nothing.
fn same(old: &Object, new: &Object, key: &[u8]) -> bool {
    match (old, new) {
        (Object::Integer(whole), Object::Real(real))
        | (Object::Real(real), Object::Integer(whole))
            if MEASURED.contains(&key) =>
        {
            i32::try_from(*whole).is_ok_and(|whole| f64::from(whole).total_cmp(real).is_eq())
        }
        _ => old == new,
    }
}

/// The keys of two dictionaries with both values, in the order of the keys. A value that is null is
/// none.
pub(super) fn union<'o>(
    old: &'o Object,
    new: &'o Object,
) -> impl Iterator<Item = (&'o [u8], Option<&'o Object>, Option<&'o Object>)> {
    let mut keys: BTreeMap<&[u8], (Option<&Object>, Option<&Object>)> = BTreeMap::new();
    let entries = |of: &'o Object| {
        let dictionary: Option<&'o Dictionary> = of.as_dictionary();
        dictionary
            .into_iter()
            .flat_map(Dictionary::iter)
            .filter(|(_, value)| **value != Object::Null)
    };
    for (key, value) in entries(old) {
        keys.entry(key).or_default().0 = Some(value);
    }
    for (key, value) in entries(new) {
        keys.entry(key).or_default().1 = Some(value);
    }
    keys.into_iter().map(|(key, (old, new))| (key, old, new))
}
