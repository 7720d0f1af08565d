//! Fields that were there: they may be filled in, and signed once.

use super::compare::union;
use super::item::{FieldContext, Item, Known, Out, Owner, Role, Slot, Stage, action};
use super::new_field::{is_signature_value, signature_class};
use super::notes::is_type_of_annotation;
use super::shelf::Need;
use super::view::View;
use crate::pdf::Object;
use crate::vocabulary::ChangeAction;
use crate::vocabulary::ChangeClass::{self, FormFilling, Other};
use std::collections::BTreeSet;
use std::sync::Arc;

/// ISO 32000-2 table 227: the value may not be changed by a person.
const READ_ONLY: u64 = 1;
/// Table 227: read-only and required are set when a form is finished.
const MAY_BE_SET: u64 = 0b11;
/// Table 229: does something when it is pressed.
const PUSH_BUTTON: u64 = 1 << 16;
/// Fields below fields that are looked at.
pub(super) const DEEPEST: u64 = 64;

/// ISO 32000-2 tables 226, 228, 234: what a field has from above where it says nothing itself. A
/// reference to nothing hides it for some readers.
const HANDED_DOWN: [&str; 7] = ["FT", "V", "DV", "Ff", "DA", "Q", "MaxLen"];

impl View<'_> {
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

    pub(super) fn context(&self, context: usize) -> FieldContext {
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
        let side = self.entry(field, "Q", as_of, out)?;
        let has_actions = field.as_dictionary().is_some_and(|all| all.names(b"AA"));
        Ok(FieldContext {
            name,
            kind,
            flags,
            is_signed: above.is_signed,
            becomes: above.becomes,
            is_empty: above.is_empty,
            is_switch: above.is_switch,
            value: above.value.clone(),
            acts: above.acts || has_actions,
            styling: above.styling.below(&style, &side),
            node: None,
            depth: above.depth.saturating_add(1),
        })
    }

    /// A field with what it inherits: what is above it, itself, and whom its changes belong to.
    pub(super) fn begin_field(
        &self,
        field: &Object,
        context: usize,
        as_of: usize,
        out: &mut Out,
    ) -> Result<(FieldContext, FieldContext, usize), Need> {
        let above = self.context(context);
        let own = self.inherit(field, &above, as_of, out)?;
        let owner = out.owner(Owner::field(own.name.as_ref()));
        Ok((above, own, owner))
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
        let (above, mut field, owner) = self.begin_field(old, context, self.tables.old, out)?;
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
        let values = [(old, self.tables.old), (new, self.tables.new)];
        for (value, (field, as_of)) in field.value.iter_mut().zip(values) {
            let own = self.entry(field, "V", as_of, out)?;
            if *own != Object::Null {
                *value = Some(own);
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
        let side = self.entry(old, "Q", self.tables.old, out)?;
        let new_side = self.entry(new, "Q", self.tables.new, out)?;
        field.styling.turn((&side, &new_side));
        let seen = Seen {
            takes_page: self.takes_page(item, new, out)?
                && (field.becomes.is_none() || self.is_visible(new, self.tables.new, out)?),
            is_laid_over: self.is_laid_over((old, new), &field, out)?,
        };
        self.redrawn((old, new), &field, (seen.takes_page, path, owner), out)?;
        let over = out.owner(Owner {
            is_over: true,
            ..Owner::field(field.name.as_ref())
        });
        // A kid shows the value of the field above.
        if seen.takes_page && field.may_be_filled_in() && !field.has_same_value() {
            let path = out.below(path, b"V");
            self.change(FormFilling, ChangeAction::Changed, path, over, out);
        }
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
            if is_type_of_annotation(key, old, after) {
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
            let owner = match seen.is_over(key) {
                true => over,
                false => owner,
            };
            // Nobody who signed saw what stands there, or what lies below it.
            if key == b"F"
                && (self.is_shown_otherwise(old, new, out)?
                    || self.is_printed_otherwise((old, new), &field, seen.takes_page, out)?)
            {
                self.change(class, action(before, after), path, owner, out);
                if let Some(change) = out.changes.last_mut() {
                    change.overlaps = true;
                }
                continue;
            }
            if key == b"V" && field.becomes.is_some() && before.is_none() {
                self.change(class, ChangeAction::Added, path, owner, out);
                // What it drew before gives way to what it draws now.
                let overlaps = seen.takes_page || self.is_cover(old, self.tables.old, out)?;
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
    ) -> Result<ChangeClass, Need> {
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
}

/// How what is seen of a widget lies on its page.
struct Seen {
    takes_page: bool,
    is_laid_over: bool,
}

impl Seen {
    /// Whether a difference under a key is seen over what was there.
    fn is_over(&self, key: &[u8]) -> bool {
        match key {
            b"AP" | b"AS" => self.takes_page || self.is_laid_over,
            b"V" | b"I" | b"RV" | b"DA" | b"Q" | b"MK" | b"Rect" => self.takes_page,
            _ => false,
        }
    }
}

impl FieldContext {
    /// ISO 32000-2 §12.7.5: whether a person fills in a field of this kind, with these flags.
    pub(super) fn may_be_filled_in(&self) -> bool {
        // Table 226: what is none of these is no field to fill in.
        let is_filled = matches!(self.kind.as_deref(), Some(b"Tx" | b"Btn" | b"Ch"));
        is_filled && !self.is_push_button() && self.flags & READ_ONLY == 0
    }

    /// Table 229: a push-button keeps no value, so that nothing of it is filled in.
    pub(super) fn is_push_button(&self) -> bool {
        self.kind.as_deref() == Some(b"Btn") && self.flags & PUSH_BUTTON != 0
    }
}

/// What a difference under a key of a field is, but for its flags.
fn class(
    key: &[u8],
    old: Option<&Object>,
    field: &FieldContext,
    is_signature: bool,
) -> ChangeClass {
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
    let may_change = field.may_be_filled_in();
    match key {
        b"V" | b"I" | b"RV" if may_change => FormFilling,
        b"AP" | b"AS" | b"DA" | b"Q" | b"M" | b"F" if may_change => FormFilling,
        b"P" if old.is_none() => FormFilling,
        _ => Other,
    }
}
