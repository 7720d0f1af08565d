//! The document security store and the descriptive metadata.

use super::item::{Item, Out, Role, Slot, Stage, action};
use super::shelf::Need;
use super::walk::{View, union};
use crate::pdf::Object;
use crate::vocabulary::ChangeAction;
use crate::vocabulary::ChangeClass::{LongTermData, Other};

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
    pub(super) fn store_array(
        &self,
        old: &Object,
        new: &Object,
        path: usize,
        out: &mut Out,
    ) -> Result<(), Need> {
        let (before, after) = match (old, new) {
            (Object::Null, Object::Array(after)) => (&[][..], after.as_slice()),
            (Object::Array(before), Object::Array(after)) => (before.as_slice(), after.as_slice()),
            (Object::Array(before), Object::Null) => (before.as_slice(), &[][..]),
            _ => {
                self.frozen(Some(old), Some(new), path, b"", out);
                return Ok(());
            }
        };
        for (index, value) in after.iter().enumerate() {
            let path = out.element(path, index);
            let slot = Slot::of(Some(value));
            if before.contains(value) {
                let role = Role::Any {
                    class: Other,
                    owner: 0,
                };
                out.push(Stage::Rest, role, (slot.clone(), slot), path, b"");
                continue;
            }
            let Some(found) = self.new_value(&slot, out)? else {
                continue;
            };
            if slot.reference().is_none() || !matches!(*found, Object::Stream(_)) {
                self.change(Other, ChangeAction::Added, path, 0, out);
            }
        }
        if before != after {
            let action = action(Some(old), Some(new));
            self.change(LongTermData, action, path, 0, out);
        }
        Ok(())
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
