//! The form: what it says of all fields, and what they are drawn with.

use super::compare::union;
use super::item::{FieldContext, Item, Known, Out, Owner, Role, Slot, Stage};
use super::shelf::Need;
use super::view::View;
use crate::pdf::Object;
use crate::vocabulary::ChangeClass::{FormFilling, LongTermData, Other};

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
        let was_anew = self.entry(old, "NeedAppearances", self.tables.old, out)?;
        let is_anew = self.entry(new, "NeedAppearances", self.tables.new, out)?;
        let [was_anew, is_anew] = [was_anew, is_anew]
            .map(|anew| !matches!(&*anew, Object::Null | Object::Boolean(false)));
        let of_added = if is_anew { all } else { 0 };
        self.nulled((Other, all), (old, new), item.path, out);
        // Readers of XFA show it where there are no fields but signatures without an area, and else
        // the pages: what looks like another signature would change all that is seen.
        let has_xfa = |form: &Object| {
            let entries = form.as_dictionary();
            entries.is_some_and(|entries| entries.get("XFA").is_some())
        };
        let is_switch = is_rendered && (has_xfa(old) || has_xfa(new));
        let styling = self.styling((old, new), (was_anew, is_anew), out)?;
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
}

/// A string with nothing in it.
pub(super) fn is_empty_string(value: &Object) -> bool {
    let text = value.as_string();
    text.is_some_and(|text| text.octets.is_empty())
}
