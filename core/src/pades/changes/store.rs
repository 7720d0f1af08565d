//! The document security store and the descriptive metadata.

use super::compare::union;
use super::item::{Item, Out, Role, Slot, Stage, action};
use super::shelf::Need;
use super::view::View;
use crate::pdf::Object;
use crate::vocabulary::ChangeAction;
use crate::vocabulary::ChangeClass::{LongTermData, Other};
use std::collections::BTreeSet;

impl View<'_> {
    /// EN 319 142-1 §5.4.2.2. What is in it is never shown, and never trusted.
    pub(super) fn store(&self, old: &Object, new: &Object, path: usize, out: &mut Out) {
        if !matches!(new, Object::Dictionary(_)) {
            return self.change(Other, action(Some(old), Some(new)), path, 0, out);
        }
        if *old == Object::Null {
            self.change(LongTermData, ChangeAction::Added, path, 0, out);
        }
        for (key, before, after) in union(old, new) {
            let path = out.below(path, key);
            let slots = (Slot::of(before), Slot::of(after));
            match key {
                b"Certs" | b"CRLs" | b"OCSPs" => {
                    out.push(Stage::Rest, Role::StoreArray, slots, path, key);
                }
                b"VRI" => out.push(Stage::Rest, Role::Vri, slots, path, key),
                b"Type" => self.compare((LongTermData, 0), before, after, path, key, out),
                _ => self.frozen(before, after, path, key, out),
            }
        }
    }

    /// An array of streams: more may come, old ones may go, none is another under its number.
    pub(super) fn store_array(&self, item: &Item, old: &Object, new: &Object, out: &mut Out) {
        let path = item.path;
        let role = Role::Any {
            class: Other,
            owner: 0,
        };
        // Written once: what it refers to is compared as that of anything.
        if self.is_same_object(item) {
            let slots = (item.old.clone(), item.new.clone());
            return out.push(Stage::Rest, role, slots, path, &item.key);
        }
        let (before, after) = match (old, new) {
            (Object::Null, Object::Array(after)) => (&[][..], after.as_slice()),
            (Object::Array(before), Object::Array(after)) => (before.as_slice(), after.as_slice()),
            (Object::Array(before), Object::Null) => (before.as_slice(), &[][..]),
            _ => return self.frozen(Some(old), Some(new), path, b"", out),
        };
        out.looked_at = before.len();
        let known: BTreeSet<_> = before.iter().filter_map(Object::as_reference).collect();
        for (index, value) in after.iter().enumerate() {
            let path = out.element(path, index);
            let slot = Slot::of(Some(value));
            let is_known = match value {
                Object::Reference(reference) => known.contains(reference),
                // No stream, but it was there.
                value => before.get(index) == Some(value),
            };
            if is_known {
                out.push(Stage::Rest, role, (slot.clone(), slot), path, b"");
            } else {
                out.push(Stage::Rest, Role::StoreValue, (Slot::Null, slot), path, b"");
            }
        }
        if before != after {
            let action = action(Some(old), Some(new));
            self.change(LongTermData, action, path, 0, out);
        }
    }

    /// Whether a place leads to the same octets in both revisions.
    fn is_same_object(&self, item: &Item) -> bool {
        match (item.old.reference(), item.new.reference()) {
            (Some(one), Some(other)) => {
                let old = self.document.definition(one, self.tables.old);
                one == other && old == self.document.definition(other, self.tables.new)
            }
            _ => false,
        }
    }

    /// EN 319 142-1 §5.4.2.3: by the digest of a signature.
    pub(super) fn vri(&self, old: &Object, new: &Object, path: usize, out: &mut Out) {
        if !matches!(new, Object::Dictionary(_)) {
            return self.change(LongTermData, action(Some(old), Some(new)), path, 0, out);
        }
        for (key, before, after) in union(old, new) {
            let path = out.below(path, key);
            let is_digest = key.len() == 40
                && key
                    .iter()
                    .all(|digit| matches!(digit, b'0'..=b'9' | b'A'..=b'F'));
            if key == b"Type" {
                self.compare((LongTermData, 0), before, after, path, key, out);
            } else if is_digest {
                let slots = (Slot::of(before), Slot::of(after));
                out.push(Stage::Rest, Role::VriEntry, slots, path, key);
            } else {
                self.frozen(before, after, path, key, out);
            }
        }
    }

    pub(super) fn vri_entry(&self, old: &Object, new: &Object, path: usize, out: &mut Out) {
        if !matches!(new, Object::Dictionary(_) | Object::Null) {
            return self.change(Other, action(Some(old), Some(new)), path, 0, out);
        }
        if matches!(old, Object::Null) != matches!(new, Object::Null) {
            let action = action(Some(old), Some(new));
            self.change(LongTermData, action, path, 0, out);
        }
        for (key, before, after) in union(old, new) {
            let path = out.below(path, key);
            match key {
                b"Cert" | b"CRL" | b"OCSP" => {
                    let slots = (Slot::of(before), Slot::of(after));
                    out.push(Stage::Rest, Role::StoreArray, slots, path, key);
                }
                b"Type" | b"TU" | b"TS" => {
                    self.compare((LongTermData, 0), before, after, path, key, out);
                }
                _ => self.frozen(before, after, path, key, out),
            }
        }
    }

    /// XMP of the document: descriptive data in a stream of its own.
    pub(super) fn metadata(
        &self,
        item: &Item,
        old: &Object,
        new: &Object,
        out: &mut Out,
    ) -> Result<(), Need> {
        let (tables, path) = (self.tables, item.path);
        let is_same = match (item.old.reference(), item.new.reference()) {
            (Some(one), Some(other)) => {
                self.document.definition(one, tables.old)
                    == self.document.definition(other, tables.new)
            }
            _ => *old == Object::Null && *new == Object::Null,
        };
        if is_same {
            let role = Role::Any {
                class: Other,
                owner: 0,
            };
            let slots = (item.old.clone(), item.new.clone());
            out.push(Stage::Rest, role, slots, path, &item.key);
            return Ok(());
        }
        let was = match (item.old.reference(), old) {
            (_, Object::Null) => true,
            (Some(old), _) => self.shelf.is_metadata(self.document, old, tables.old)?,
            _ => false,
        };
        let is = match item.new.reference() {
            Some(new) => self.shelf.is_metadata(self.document, new, tables.new)?,
            None => false,
        };
        let class = if was && is { LongTermData } else { Other };
        self.change(class, action(Some(old), Some(new)), path, 0, out);
        Ok(())
    }
}
