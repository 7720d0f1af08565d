//! The form: fields that may be filled in, and signatures that may be added.

use super::item::{FieldContext, Item, Known, Out, Owner, Role, Slot, Stage, action};
use super::shelf::Need;
use super::walk::{View, union};
use crate::pdf::{Object, ObjectReference};
use crate::vocabulary::ChangeClass::{self, FormFilling, LongTermData, Other};
use crate::vocabulary::{ChangeAction, ChangeClass as Class};
use std::sync::Arc;

/// ISO 32000-2 table 227: the value may not be changed by a person.
const READ_ONLY: u64 = 1;
/// Table 227: read-only and required are set when a form is finished.
const MAY_BE_SET: u64 = 0b11;
/// Table 167: hidden, or not shown on a screen.
const INVISIBLE: u64 = 1 << 1 | 1 << 5;
const DEEPEST: u64 = 64;

/// Entries that a new signature field may have (ISO 32000-2 tables 166, 191, 226, 235).
const OF_NEW: [&[u8]; 26] = [
    b"FT",
    b"T",
    b"TU",
    b"TM",
    b"Ff",
    b"V",
    b"Lock",
    b"SV",
    b"Kids",
    b"Parent",
    b"Type",
    b"Subtype",
    b"Rect",
    b"F",
    b"P",
    b"AP",
    b"AS",
    b"MK",
    b"DA",
    b"DR",
    b"Border",
    b"BS",
    b"M",
    b"NM",
    b"StructParent",
    b"Q",
];

impl View<'_> {
    pub(super) fn form(&self, item: &Item, old: &Object, new: &Object, out: &mut Out) {
        self.structure(item, Known::Root, out);
        if !matches!(new, Object::Dictionary(_)) {
            return self.frozen(Some(old), Some(new), item.path, b"", out);
        }
        for (key, before, after) in union(old, new) {
            let path = out.below(item.path, key);
            let slots = (Slot::of(before), Slot::of(after));
            match key {
                b"Fields" => {
                    out.push(Stage::Form, Role::Fields { context: 0 }, slots, path, key);
                }
                b"SigFlags" => {
                    let bits = |value: Option<&Object>| value.map_or(Some(0), Object::as_unsigned);
                    let is_kept = matches!(
                        (bits(before), bits(after)),
                        (Some(old), Some(new)) if old & !new == 0
                    );
                    let class = if is_kept { LongTermData } else { Other };
                    self.compare((class, 0), before, after, path, key, out);
                }
                b"DR" => out.push(Stage::Rest, Role::FormResources, slots, path, key),
                b"DA" | b"Q" | b"NeedAppearances" => {
                    self.compare((FormFilling, 0), before, after, path, key, out);
                }
                _ => self.frozen(before, after, path, key, out),
            }
        }
    }

    /// Fonts and the like may be added; one that was there is what shown text is made of.
    pub(super) fn form_resources(&self, old: &Object, new: &Object, path: usize, out: &mut Out) {
        if !matches!(new, Object::Dictionary(_)) {
            return self.frozen(Some(old), Some(new), path, b"", out);
        }
        for (kind, before, after) in union(old, new) {
            let path = out.below(path, kind);
            // Names of procedures, of which nothing is made any longer.
            if kind == b"ProcSet" {
                self.compare((FormFilling, 0), before, after, path, kind, out);
                continue;
            }
            let slots = (Slot::of(before), Slot::of(after));
            out.push(Stage::Rest, Role::FormNames, slots, path, kind);
        }
    }

    /// The resources of one kind, by name.
    pub(super) fn form_names(&self, old: &Object, new: &Object, path: usize, out: &mut Out) {
        if !matches!(new, Object::Dictionary(_)) {
            return self.frozen(Some(old), Some(new), path, b"", out);
        }
        for (name, before, after) in union(old, new) {
            let path = out.below(path, name);
            let class = if before.is_none() { FormFilling } else { Other };
            self.compare((class, 0), before, after, path, name, out);
        }
    }

    /// The fields of a form or the kids of a field: they stay in their order, new ones follow.
    pub(super) fn fields(
        &self,
        old: &Object,
        new: &Object,
        context: usize,
        path: usize,
        out: &mut Out,
    ) {
        let (before, after) = match (old, new) {
            (Object::Null, Object::Array(after)) => (&[][..], after.as_slice()),
            (Object::Array(before), Object::Array(after)) => (before.as_slice(), after.as_slice()),
            (Object::Array(before), Object::Null) if before.is_empty() => return,
            (Object::Null, Object::Null) => return,
            _ => return self.change(Other, action(Some(old), Some(new)), path, 0, out),
        };
        if after.len() < before.len() {
            return self.change(Other, ChangeAction::Removed, path, 0, out);
        }
        for (index, value) in after.iter().enumerate() {
            let path = out.element(path, index);
            let slot = Slot::of(Some(value));
            match before.get(index) {
                Some(known) if known == value && slot.reference().is_some() => {
                    let role = Role::Field { context };
                    out.push(Stage::Form, role, (slot.clone(), slot), path, b"Kids");
                }
                Some(known) => self.frozen(Some(known), Some(value), path, b"", out),
                None if before.contains(value) => {
                    self.change(Other, ChangeAction::Added, path, 0, out);
                }
                None => {
                    let role = Role::NewField { context };
                    out.push(Stage::Form, role, (Slot::Null, slot), path, b"Kids");
                }
            }
        }
    }

    fn context(&self, context: usize) -> FieldContext {
        self.tables
            .contexts
            .get(context)
            .cloned()
            .unwrap_or_default()
    }

    /// What a field dictionary says, over what it inherits.
    fn inherit(&self, field: &Object, above: &FieldContext) -> FieldContext {
        let entry = |key: &str| field.as_dictionary().and_then(|field| field.get(key));
        let partial = entry("T")
            .and_then(Object::as_string)
            .map(|name| name.text());
        let name = match (&above.name, partial) {
            (Some(above), Some(partial)) => Some(Arc::from(format!("{above}.{partial}"))),
            (None, Some(partial)) => Some(Arc::from(partial)),
            (above, None) => above.clone(),
        };
        let kind = entry("FT").and_then(Object::as_name).map(Arc::from);
        FieldContext {
            name,
            kind: kind.or_else(|| above.kind.clone()),
            flags: entry("Ff")
                .and_then(Object::as_unsigned)
                .unwrap_or(above.flags),
            is_signed: above.is_signed,
            becomes: above.becomes,
            depth: above.depth.saturating_add(1),
        }
    }

    /// A field that both revisions have.
    pub(super) fn field(
        &self,
        item: &Item,
        old: &Object,
        new: &Object,
        context: usize,
        out: &mut Out,
    ) -> Result<(), Need> {
        let path = item.path;
        let above = self.context(context);
        let mut field = self.inherit(old, &above);
        let owner = out.owner(Owner {
            field: field.name.clone(),
            page: None,
        });
        let (Object::Dictionary(before), Object::Dictionary(after)) = (old, new) else {
            if *old != *new {
                self.change(Other, action(Some(old), Some(new)), path, owner, out);
            }
            return Ok(());
        };
        if field.depth > DEEPEST {
            out.unreadable = item.new.reference();
            return Ok(());
        }
        let is_signature = field.kind.as_deref() == Some(&b"Sig"[..]);
        if is_signature {
            let was = Slot::of(before.get("V"));
            let is = Slot::of(after.get("V"));
            let (Some(was), Some(is)) = (self.old_value(&was, out)?, self.new_value(&is, out)?)
            else {
                return Ok(());
            };
            if *was != Object::Null {
                field.is_signed = true;
            } else if *is != Object::Null {
                let is_visible = self.is_visible(new, out)?;
                field.becomes = Some(signature_class(&is, is_visible));
            }
        }
        if let Some(reference) = item.new.reference() {
            let becomes = field.becomes;
            out.known.push((reference.number, Known::Field { becomes }));
        }
        let own = out.context(field.clone());
        for (key, before, after) in union(old, new) {
            let path = out.below(path, key);
            if key == b"Kids" {
                let slots = (Slot::of(before), Slot::of(after));
                let role = Role::Fields { context: own };
                out.push(Stage::Form, role, slots, path, key);
                continue;
            }
            let is_back = matches!(key, b"Parent" | b"P") && before == after;
            if is_back {
                continue;
            }
            let class = self.class(key, before, after, &field, is_signature);
            if key == b"V" && field.becomes.is_some() && before.is_none() {
                self.change(class, ChangeAction::Added, path, owner, out);
                if let Some(value) = after {
                    self.vet(value, path, owner, out);
                }
                continue;
            }
            self.compare((class, owner), before, after, path, key, out);
            // Nobody who signed saw what stands there.
            if key == b"F"
                && is_hidden(before)
                && !is_hidden(after)
                && let Some(change) = out.changes.last_mut()
            {
                change.overlaps = true;
            }
        }
        Ok(())
    }

    /// What a difference under a key of a field is.
    fn class(
        &self,
        key: &[u8],
        old: Option<&Object>,
        new: Option<&Object>,
        field: &FieldContext,
        is_signature: bool,
    ) -> Class {
        if key == b"Ff" {
            let bits = |value: Option<&Object>| value.map_or(Some(0), Object::as_unsigned);
            let is_set = matches!(
                (bits(old), bits(new)),
                (Some(old), Some(new)) if old & !new == 0 && (new & !old) & !MAY_BE_SET == 0
            );
            return if is_set { FormFilling } else { Other };
        }
        if field.is_signed {
            return Other;
        }
        if is_signature {
            let signing: &[&[u8]] = &[
                b"V", b"AP", b"AS", b"MK", b"F", b"DA", b"DR", b"M", b"P", b"Type", b"Subtype",
            ];
            return match field.becomes {
                Some(class) if signing.contains(&key) => class,
                // Where it stood before, there it stays.
                Some(class) if key == b"Rect" && old.is_none() => class,
                _ if key == b"Lock" => FormFilling,
                _ => Other,
            };
        }
        let is_read_only = field.flags & READ_ONLY != 0;
        match key {
            b"V" | b"I" | b"RV" if !is_read_only => FormFilling,
            b"AP" | b"AS" | b"DA" | b"Q" | b"M" | b"F" if !is_read_only => FormFilling,
            b"P" if old.is_none() => FormFilling,
            _ => Other,
        }
    }

    /// A field that only the new revision has: a signature field or nothing.
    pub(super) fn new_field(
        &self,
        item: &Item,
        new: &Object,
        context: usize,
        out: &mut Out,
    ) -> Result<(), Need> {
        let path = item.path;
        let above = self.context(context);
        let mut field = self.inherit(new, &above);
        let owner = out.owner(Owner {
            field: field.name.clone(),
            page: None,
        });
        let refuse = |out: &mut Out| self.change(Other, ChangeAction::Added, path, owner, out);
        let Object::Dictionary(dictionary) = new else {
            refuse(out);
            return Ok(());
        };
        let is_widget_of_new = above.becomes.is_some() && dictionary.get("T").is_none();
        let is_signature = field.kind.as_deref() == Some(&b"Sig"[..]);
        let is_known = dictionary.iter().all(|(key, _)| OF_NEW.contains(&key));
        let has_kids = dictionary.get("Kids").is_some();
        let is_named = dictionary.get("T").is_some() || is_widget_of_new;
        let is_branch = has_kids && field.kind.is_none() && dictionary.get("V").is_none();
        // What is signed, or another field's, is no place for a new one.
        let is_free = !above.is_signed && (above.kind.is_none() || is_widget_of_new);
        if !(is_signature || is_branch)
            || !is_known
            || !is_named
            || !is_free
            || field.depth > DEEPEST
            || item.new.reference().is_some_and(|new| self.is_old(new))
        {
            refuse(out);
            return Ok(());
        }
        let value = Slot::of(dictionary.get("V"));
        let Some(value) = self.new_value(&value, out)? else {
            return Ok(());
        };
        let is_visible = self.is_visible(new, out)?;
        if !is_branch {
            let class = match (&*value, above.becomes) {
                (Object::Null, Some(class)) => class.max(visible_class(is_visible)),
                (value, _) => signature_class(value, is_visible),
            };
            let is_empty = *value == Object::Null && above.becomes.is_none();
            // An empty field has nothing to show.
            if is_empty && is_visible && dictionary.get("AP").is_some() {
                refuse(out);
                return Ok(());
            }
            self.change(class, ChangeAction::Added, path, owner, out);
            field.becomes = Some(class);
        }
        if let Some(reference) = item.new.reference() {
            let becomes = field.becomes;
            out.known.push((reference.number, Known::Field { becomes }));
        }
        let own = out.context(field);
        for (key, value) in dictionary.iter() {
            let path = out.below(path, key);
            match key {
                b"Kids" => {
                    let slots = (Slot::Null, Slot::of(Some(value)));
                    let role = Role::Fields { context: own };
                    out.push(Stage::Form, role, slots, path, key);
                }
                b"Parent" | b"P" => {}
                _ => self.vet(value, path, owner, out),
            }
        }
        Ok(())
    }

    /// Whether the old revision has an object of this number: another thing then.
    pub(super) fn is_old(&self, reference: ObjectReference) -> bool {
        let old = self.document.definition(reference, self.tables.old);
        old != crate::pdf::Definition::Absent
    }

    /// Whether anything of a field is on a page: it has an area and is not hidden.
    pub(super) fn is_visible(&self, field: &Object, out: &mut Out) -> Result<bool, Need> {
        let mut widgets = vec![Arc::new(field.clone())];
        if let Some(kids) = field.as_dictionary().and_then(|field| field.get("Kids")) {
            let kids = self.new_value(&Slot::of(Some(kids)), out)?;
            for kid in kids.iter().filter_map(|kids| kids.as_array()).flatten() {
                widgets.extend(self.new_value(&Slot::of(Some(kid)), out)?);
            }
        }
        for widget in &widgets {
            let Some(widget) = widget.as_dictionary() else {
                continue;
            };
            let flags = widget.get("F").and_then(Object::as_unsigned).unwrap_or(0);
            let rectangle = self.new_value(&Slot::of(widget.get("Rect")), out)?;
            let has_area = match rectangle.as_deref() {
                None | Some(Object::Null) => false,
                Some(rectangle) => super::pages::rectangle(rectangle)
                    .is_none_or(|[left, low, right, high]| left < right && low < high),
            };
            if has_area && flags & INVISIBLE == 0 {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

/// Whether flags hide a widget (ISO 32000-2 table 167).
fn is_hidden(flags: Option<&Object>) -> bool {
    let flags = flags.and_then(Object::as_unsigned);
    flags.is_some_and(|flags| flags & INVISIBLE != 0)
}

fn visible_class(is_visible: bool) -> ChangeClass {
    if is_visible {
        FormFilling
    } else {
        LongTermData
    }
}

/// EN 319 142-1 §5.4: a document time-stamp is validation data, where nothing of it is shown.
fn signature_class(value: &Object, is_visible: bool) -> ChangeClass {
    let dictionary = value.as_dictionary();
    let is_timestamp = dictionary.is_some_and(|signature| {
        signature.is("Type", "DocTimeStamp") && signature.is("SubFilter", "ETSI.RFC3161")
    });
    if is_timestamp && !is_visible {
        LongTermData
    } else {
        FormFilling
    }
}
