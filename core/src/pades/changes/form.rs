//! The form: fields that may be filled in, and signatures that may be added.

use super::item::{FieldContext, Item, Known, Out, Owner, Role, Slot, Stage, action};
use super::shelf::Need;
use super::walk::{View, union};
use crate::pdf::{Dictionary, Object, ObjectReference};
use crate::vocabulary::ChangeClass::{self, FormFilling, LongTermData, Other};
use crate::vocabulary::{ChangeAction, ChangeClass as Class};
use std::collections::BTreeSet;
use std::sync::Arc;

/// ISO 32000-2 table 227: the value may not be changed by a person.
const READ_ONLY: u64 = 1;
/// Table 227: read-only and required are set when a form is finished.
const MAY_BE_SET: u64 = 0b11;
/// Table 229: does something when it is pressed.
const PUSH_BUTTON: u64 = 1 << 16;
const DEEPEST: u64 = 64;

/// ISO 32000-2 tables 226, 228, 234: what a field has from above where it says nothing itself. A
/// reference to nothing hides it for some readers.
const HANDED_DOWN: [&str; 7] = ["FT", "V", "DV", "Ff", "DA", "Q", "MaxLen"];

/// Entries that a new signature field may have (ISO 32000-2 tables 166, 191, 226, 235).
const OF_NEW: [&[u8]; 31] = [
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
    b"DV",
    b"H",
    b"C",
    b"Contents",
    b"Lang",
];

impl View<'_> {
    pub(super) fn form(
        &self,
        item: &Item,
        (old, new): (&Object, &Object),
        is_rendered: bool,
        out: &mut Out,
    ) -> Result<(), Need> {
        if !self.is_plain(item, (old, new), out) {
            return Ok(());
        }
        self.structure(item, Known::Root, out);
        if !matches!(new, Object::Dictionary(_)) {
            self.frozen(Some(old), Some(new), item.path, b"", out);
            return Ok(());
        }
        // ISO 32000-2 §12.7.4.3: fields are drawn with what the form says, the locked ones too.
        let all = out.owner(Owner::form());
        // Table 224: readers draw them anew. Otherwise what is added is used by nothing yet.
        let is_anew = self.entry(new, "NeedAppearances", self.tables.new, out)?;
        let is_anew = !matches!(&*is_anew, Object::Null | Object::Boolean(false));
        let of_added = if is_anew { all } else { 0 };
        self.nulled((Other, all), (old, new), item.path, out);
        // Readers of XFA show it where there are no fields but signatures without an area, and else
        // the pages: what looks like another signature would change all that is seen.
        let has_xfa = |form: &Object| {
            let entries = form.as_dictionary();
            entries.is_some_and(|entries| entries.get("XFA").is_some())
        };
        let is_switch = is_rendered && (has_xfa(old) || has_xfa(new));
        let styling = self.styling((old, new), is_anew, out)?;
        for (key, before, after) in union(old, new) {
            let path = out.below(item.path, key);
            let slots = (Slot::of(before), Slot::of(after));
            match key {
                b"Fields" => {
                    let context = out.context(FieldContext {
                        is_switch,
                        styling: styling.clone(),
                        ..FieldContext::default()
                    });
                    out.push(Stage::Form, Role::Fields { context }, slots, path, key);
                }
                b"SigFlags" => {
                    let bits = |value: Option<&Object>| value.map_or(Some(0), Object::as_unsigned);
                    let is_kept = matches!(
                        (bits(before), bits(after)),
                        (Some(old), Some(new)) if old & !new == 0
                    );
                    let class = if is_kept && !is_switch {
                        LongTermData
                    } else {
                        Other
                    };
                    self.compare((class, 0), before, after, path, key, out);
                }
                b"DR" => {
                    let role = Role::FormResources { owner: of_added };
                    out.push(Stage::Rest, role, slots, path, key);
                }
                // Fields that are drawn with it now say so themselves.
                b"DA" if before.is_none_or(is_empty_string) => {
                    self.compare((FormFilling, of_added), before, after, path, key, out);
                }
                b"DA" | b"Q" | b"NeedAppearances" => {
                    self.compare((FormFilling, all), before, after, path, key, out);
                }
                _ => self.frozen(before, after, path, key, out),
            }
        }
        Ok(())
    }

    /// Fonts and the like may be added; one that was there is what shown text is made of.
    pub(super) fn form_resources(
        &self,
        old: &Object,
        new: &Object,
        owner: usize,
        path: usize,
        out: &mut Out,
    ) {
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
            out.push(Stage::Rest, Role::FormNames { owner }, slots, path, kind);
        }
    }

    /// The resources of one kind, by name.
    pub(super) fn form_names(
        &self,
        old: &Object,
        new: &Object,
        owner: usize,
        path: usize,
        out: &mut Out,
    ) {
        if !matches!(new, Object::Dictionary(_)) {
            return self.frozen(Some(old), Some(new), path, b"", out);
        }
        for (name, before, after) in union(old, new) {
            let path = out.below(path, name);
            let class = if before.is_none() { FormFilling } else { Other };
            self.compare((class, owner), before, after, path, name, out);
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
        // No kids at all are other than none to speak of.
        if self.context(context).is_switch && (*old == Object::Null) != (*new == Object::Null) {
            return self.change(Other, action(Some(old), Some(new)), path, 0, out);
        }
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
        out.looked_at = before.len();
        let placed: BTreeSet<_> = before.iter().filter_map(Object::as_reference).collect();
        for (index, value) in after.iter().enumerate() {
            let path = out.element(path, index);
            let slot = Slot::of(Some(value));
            match before.get(index) {
                Some(known) if known == value && slot.reference().is_some() => {
                    let role = Role::Field { context };
                    out.push(Stage::Form, role, (slot.clone(), slot), path, b"Kids");
                }
                Some(known) => self.frozen(Some(known), Some(value), path, b"", out),
                None if slot.reference().is_some_and(|new| placed.contains(&new)) => {
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

    /// What a field dictionary says, over what it inherits. An entry of a wrong type takes the
    /// stricter reading: readers make of it what they like.
    fn inherit(
        &self,
        field: &Object,
        above: &FieldContext,
        as_of: usize,
        out: &mut Out,
    ) -> Result<FieldContext, Need> {
        let partial = match &*self.entry(field, "T", as_of, out)? {
            Object::Null => None,
            Object::String(name) => Some(name.text()),
            _ => Some(char::REPLACEMENT_CHARACTER.to_string()),
        };
        let name = match (&above.name, partial) {
            (Some(above), Some(partial)) => Some(Arc::from(format!("{above}.{partial}"))),
            (None, Some(partial)) => Some(Arc::from(partial)),
            (above, None) => above.clone(),
        };
        let kind = match &*self.entry(field, "FT", as_of, out)? {
            Object::Null => above.kind.clone(),
            Object::Name(kind) => Some(Arc::from(kind.as_slice())),
            _ => Some(Arc::from(&b""[..])),
        };
        let flags = match &*self.entry(field, "Ff", as_of, out)? {
            Object::Null => above.flags,
            flags => flags.as_unsigned().unwrap_or(u64::MAX),
        };
        let style = self.entry(field, "DA", as_of, out)?;
        Ok(FieldContext {
            name,
            kind,
            flags,
            is_signed: above.is_signed,
            becomes: above.becomes,
            is_empty: above.is_empty,
            is_switch: above.is_switch,
            styling: above.styling.below(&style),
            node: None,
            depth: above.depth.saturating_add(1),
        })
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
        let mut field = self.inherit(old, &above, self.tables.old, out)?;
        let owner = out.owner(Owner::field(field.name.as_ref()));
        if !self.is_plain(item, (old, new), out) {
            return Ok(());
        }
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
        let is_widget = self.is_widget(old, self.tables.old, out)?
            && self.is_widget(new, self.tables.new, out)?;
        if is_signature {
            let was = Slot::of(before.get("V"));
            let is = Slot::of(after.get("V"));
            let (Some(was), Some(is)) = (self.old_value(&was, out)?, self.new_value(&is, out)?)
            else {
                return Ok(());
            };
            if *was != Object::Null {
                field.is_signed = true;
            } else if is_signature_value(&is) {
                // EN 319 142-1 §5.4 exempts what shows nothing: neither now nor before, as a cover
                // that goes shows what lay below it.
                let is_visible = self.is_visible(old, self.tables.old, out)?
                    || self.is_visible(new, self.tables.new, out)?;
                field.becomes = Some(signature_class(&is, is_visible));
            }
        }
        // What is drawn as something else is neither filled in nor signed.
        if !is_widget {
            field.becomes = field.becomes.map(|_| Other);
        }
        if let Some(reference) = item.new.reference() {
            let becomes = field.becomes;
            out.known.push((reference.number, Known::Field { becomes }));
        }
        self.nulled((Other, owner), (old, new), path, out);
        for key in HANDED_DOWN {
            let is_added = before.get(key).is_none() && after.get(key).is_some();
            if is_added && *self.entry(new, key, self.tables.new, out)? == Object::Null {
                let path = out.below(path, key.as_bytes());
                self.change(Other, ChangeAction::Added, path, owner, out);
            }
        }
        if self.is_restyled(old, &field, out)? {
            let path = out.below(path, b"DA");
            let class = class(b"DA", None, &field, is_signature);
            self.change(class, ChangeAction::Changed, path, owner, out);
        }
        let style = self.entry(old, "DA", self.tables.old, out)?;
        let new_style = self.entry(new, "DA", self.tables.new, out)?;
        field.styling.change((&style, &new_style));
        field.node = item.new.reference();
        let own = out.context(field.clone());
        for (key, before, after) in union(old, new) {
            let path = out.below(path, key);
            if key == b"Kids" {
                let slots = (Slot::of(before), Slot::of(after));
                let role = Role::Fields { context: own };
                out.push(Stage::Form, role, slots, path, key);
                continue;
            }
            if matches!(key, b"Parent" | b"P") && before == after {
                // Another parent hands down another value, in readers that go up from here.
                let is_parent = key == b"Parent";
                let is_above = after.and_then(Object::as_reference) == above.node;
                if !(is_parent && is_above) {
                    let key = if is_parent { b"" } else { key };
                    self.compare((Other, owner), before, after, path, key, out);
                }
                continue;
            }
            let class = match key {
                _ if !is_widget => Other,
                b"Ff" => self.flags(old, new, (field.flags, above.flags), out)?,
                _ => class(key, before, &field, is_signature),
            };
            // Nobody who signed saw what stands there, or what lies below it.
            if key == b"F" && self.is_shown_otherwise(old, new, out)? {
                self.change(class, action(before, after), path, owner, out);
                if let Some(change) = out.changes.last_mut() {
                    change.overlaps = true;
                }
                continue;
            }
            if key == b"V" && field.becomes.is_some() && before.is_none() {
                self.change(class, ChangeAction::Added, path, owner, out);
                // What it drew before gives way to what it draws now.
                let overlaps = self.is_cover(old, self.tables.old, out)?;
                if let Some(change) = out.changes.last_mut() {
                    change.overlaps = overlaps;
                }
                if let Some(value) = after {
                    self.vet(value, path, owner, out);
                }
                continue;
            }
            self.compare((class, owner), before, after, path, key, out);
        }
        Ok(())
    }

    /// ISO 32000-2 table 227: flags may be set when a form is finished, and none is taken away,
    /// neither by what is written nor by what is no longer inherited.
    fn flags(
        &self,
        old: &Object,
        new: &Object,
        (was, inherited): (u64, u64),
        out: &mut Out,
    ) -> Result<Class, Need> {
        let before = self.entry(old, "Ff", self.tables.old, out)?;
        let after = self.entry(new, "Ff", self.tables.new, out)?;
        let is = match &*after {
            Object::Null => Some(inherited),
            flags => flags.as_unsigned(),
        };
        let is_known = *before == Object::Null || before.as_unsigned().is_some();
        let is_set = is.is_some_and(|is| was & !is == 0 && (is & !was) & !MAY_BE_SET == 0);
        Ok(if is_known && is_set {
            FormFilling
        } else {
            Other
        })
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
        let mut field = self.inherit(new, &above, self.tables.new, out)?;
        let owner = out.owner(Owner::field(field.name.as_ref()));
        let refuse = |out: &mut Out| self.change(Other, ChangeAction::Added, path, owner, out);
        let Object::Dictionary(dictionary) = new else {
            refuse(out);
            return Ok(());
        };
        let is_widget = self.is_widget(new, self.tables.new, out)?;
        let is_widget_of_new = above.becomes.is_some() && dictionary.get("T").is_none();
        let is_signature = field.kind.as_deref() == Some(&b"Sig"[..]);
        let is_known = dictionary.iter().all(|(key, _)| OF_NEW.contains(&key));
        // Table 226: what the field goes back to; writers repeat the signature there.
        let is_reset = dictionary.get("DV") == dictionary.get("V");
        let is_reset = is_reset || dictionary.get("DV").is_none_or(is_empty_string);
        let has_kids = dictionary.get("Kids").is_some();
        let is_named = dictionary.get("T").is_some() || is_widget_of_new;
        let is_branch = has_kids && field.kind.is_none() && dictionary.get("V").is_none();
        // What is signed, or another field's, is no place for a new one.
        let is_free = !above.is_signed && (above.kind.is_none() || is_widget_of_new);
        if !(is_signature || is_branch)
            || !is_widget
            || !is_known
            || !is_reset
            || !is_named
            || !is_free
            || field.depth > DEEPEST
            || field.is_switch && !self.is_without_area(dictionary, out)?
            || item.new.reference().is_some_and(|new| self.is_old(new))
        {
            refuse(out);
            return Ok(());
        }
        let value = Slot::of(dictionary.get("V"));
        let Some(value) = self.new_value(&value, out)? else {
            return Ok(());
        };
        let is_visible = self.is_visible(new, self.tables.new, out)?;
        if !is_branch {
            let class = match (&*value, above.becomes) {
                (Object::Null, Some(class)) => class.max(visible_class(is_visible)),
                (value, _) => signature_class(value, is_visible),
            };
            field.is_empty = if *value == Object::Null && is_widget_of_new {
                above.is_empty
            } else {
                !is_signature_value(&value)
            };
            // An empty field has nothing to show, hidden or not, and neither have its widgets.
            if field.is_empty && self.is_painted(new, self.tables.new, out)? {
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
        field.node = item.new.reference();
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

    /// A signature that readers of XFA do not count as a field.
    fn is_without_area(&self, field: &Dictionary, out: &mut Out) -> Result<bool, Need> {
        let rectangle = self.new_value(&Slot::of(field.get("Rect")), out)?;
        let rectangle = rectangle.as_deref().and_then(Object::as_array);
        let is_zero = |one: &Object| *one == Object::Integer(0);
        let is_nowhere = rectangle.is_some_and(|sides| sides.iter().all(is_zero));
        Ok(is_nowhere && field.is("FT", "Sig") && field.get("Kids").is_none())
    }

    /// Whether the old revision has an object of this number: another thing then.
    pub(super) fn is_old(&self, reference: ObjectReference) -> bool {
        let old = self.document.definition(reference, self.tables.old);
        old != crate::pdf::Definition::Absent
    }
}

/// What a difference under a key of a field is, but for its flags.
fn class(key: &[u8], old: Option<&Object>, field: &FieldContext, is_signature: bool) -> Class {
    if field.is_signed {
        return Other;
    }
    if is_signature {
        let signing: &[&[u8]] = &[
            b"V", b"AP", b"AS", b"MK", b"F", b"DA", b"DR", b"M", b"P", b"Type",
        ];
        return match field.becomes {
            Some(class) if signing.contains(&key) => class,
            // Where it stood before, there it stays.
            Some(class) if key == b"Rect" && old.is_none() && !field.is_switch => class,
            Some(class)
                if matches!(key, b"Subtype" | b"H" | b"Lang" | b"Contents") && old.is_none() =>
            {
                class
            }
            _ if key == b"Lock" => FormFilling,
            _ => Other,
        };
    }
    // Table 226: what is none of these is no field to fill in.
    let is_filled = matches!(field.kind.as_deref(), Some(b"Tx" | b"Btn" | b"Ch"));
    // Table 229: a push-button keeps no value, so that nothing of it is filled in.
    let is_button = field.kind.as_deref() == Some(b"Btn") && field.flags & PUSH_BUTTON != 0;
    let may_change = is_filled && !is_button && field.flags & READ_ONLY == 0;
    match key {
        b"V" | b"I" | b"RV" if may_change => FormFilling,
        b"AP" | b"AS" | b"DA" | b"Q" | b"M" | b"F" if may_change => FormFilling,
        b"P" if old.is_none() => FormFilling,
        _ => Other,
    }
}

fn visible_class(is_visible: bool) -> ChangeClass {
    if is_visible {
        FormFilling
    } else {
        LongTermData
    }
}

fn is_empty_string(value: &Object) -> bool {
    let text = value.as_string();
    text.is_some_and(|text| text.octets.is_empty())
}

/// What a signed field has for a value (ISO 32000-2 table 255).
fn is_signature_value(value: &Object) -> bool {
    matches!(value, Object::Dictionary(value) if value.get("ByteRange").is_some())
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
