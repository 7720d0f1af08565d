//! Fields that an update adds: for signatures, and nothing else.

use super::fields::DEEPEST;
use super::form::is_empty_string;
use super::item::{Item, Known, Out, Role, Slot, Stage};
use super::shelf::Need;
use super::view::View;
use crate::pdf::{Dictionary, Object, ObjectReference};
use crate::vocabulary::ChangeAction;
use crate::vocabulary::ChangeClass::{self, FormFilling, LongTermData, Other};

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
    /// A field that only the new revision has: a signature field or nothing.
    pub(super) fn new_field(
        &self,
        item: &Item,
        new: &Object,
        context: usize,
        out: &mut Out,
    ) -> Result<(), Need> {
        let path = item.path;
        let (above, mut field, owner) = self.begin_field(new, context, self.tables.new, out)?;
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
            let is_over = is_visible && !field.is_empty && self.takes_page(item, new, out)?;
            if let Some(change) = out.changes.last_mut() {
                change.overlaps = is_over;
            }
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

fn visible_class(is_visible: bool) -> ChangeClass {
    if is_visible {
        FormFilling
    } else {
        LongTermData
    }
}

/// What a signed field has for a value (ISO 32000-2 table 255).
pub(super) fn is_signature_value(value: &Object) -> bool {
    matches!(value, Object::Dictionary(value) if value.get("ByteRange").is_some())
}

/// EN 319 142-1 §5.4: a document time-stamp is validation data, where nothing of it is shown.
pub(super) fn signature_class(value: &Object, is_visible: bool) -> ChangeClass {
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
