//! With what fields are drawn that have no appearance of their own.
//!
//! ISO 32000-1 §12.7.3.3: readers draw variable text with the default appearance of its field
//! (`/DA`), which is inherited from the fields above and last from the form, and with the resources
//! of the form (`/DR`) that it names. So the rule of what an update may add to a form: a name in
//! `/DR` keeps its meaning; a new one is free, unless a field names it already and was drawn without
//! it; a `/DA` is free where there was none, unless a field has nothing else to be drawn with. Such
//! a field is told as changed, as if the update had written the style into it. Then it matters
//! whether it is locked, and whether a person may fill it in: else its words could be made white.

use super::compare::union;
use super::item::{FieldContext, Out, Slot};
use super::shelf::Need;
use super::view::View;
use crate::pdf::{self, Object};
use std::collections::BTreeSet;
use std::sync::Arc;

/// No writer makes a longer style; what is longer is not looked through for each of its fields.
const LONGEST: usize = 1 << 12;

/// What of the style of a field an update to the form made another.
#[derive(Clone, Debug, Default)]
pub(super) struct Styling {
    /// Names of resources that only the new revision has.
    added: Option<Arc<BTreeSet<Vec<u8>>>>,
    /// Whether readers draw every field, with an appearance or without.
    is_anew: bool,
    /// Whether they did so before.
    was_anew: bool,
    /// Whether what is drawn here is drawn with what was added.
    is_changed: bool,
    /// Whether what is drawn here is set to another side (table 228, `/Q`).
    is_turned: bool,
}

impl Styling {
    /// That of a field below, with its own `/DA` and `/Q`. What is no style is none for some readers.
    pub(super) fn below(&self, own: &Object, side: &Object) -> Self {
        let mut below = self.clone();
        below.is_turned &= *side == Object::Null;
        if let Some(own) = style(own) {
            below.is_changed = self.names_added(own);
        }
        below
    }

    /// That of the fields below one whose `/DA` is another.
    pub(super) fn change(&mut self, (before, after): (&Object, &Object)) {
        self.is_changed |= style(before) != style(after);
    }

    /// That of the fields below one whose `/Q` is another; 0 is written or not.
    pub(super) fn turn(&mut self, (before, after): (&Object, &Object)) {
        let left = |side: &Object| matches!(side, Object::Null | Object::Integer(0));
        self.is_turned |= before != after && !(left(before) && left(after));
    }

    /// Whether readers drew every field already.
    pub(super) fn was_anew(&self) -> bool {
        self.was_anew
    }

    /// Whether readers draw every field from now on.
    pub(super) fn becomes_anew(&self) -> bool {
        self.is_anew && !self.was_anew
    }

    /// Whether a style names what was added. A name stands for one thing of each kind of resource;
    /// which kind is not asked.
    fn names_added(&self, style: &[u8]) -> bool {
        let Some(added) = &self.added else {
            return false;
        };
        style.len() > LONGEST || pdf::names(style).any(|name| added.contains(&name))
    }
}

impl View<'_> {
    /// What an update to the form means for the fields that take their style from it.
    pub(super) fn styling(
        &self,
        (old, new): (&Object, &Object),
        (was_anew, is_anew): (bool, bool),
        out: &mut Out,
    ) -> Result<Styling, Need> {
        let before = self.entry(old, "DR", self.tables.old, out)?;
        let after = self.entry(new, "DR", self.tables.new, out)?;
        let mut added = BTreeSet::new();
        for (_, before, after) in union(&before, &after) {
            let before = self.old_value(&Slot::of(before), out)?;
            let after = self.new_value(&Slot::of(after), out)?;
            let names = union(
                before.as_deref().unwrap_or(&Object::Null),
                after.as_deref().unwrap_or(&Object::Null),
            );
            let names = names.filter(|(_, before, _)| before.is_none());
            added.extend(names.map(|(name, ..)| name.to_vec()));
        }
        let mut styling = Styling {
            added: (!added.is_empty()).then(|| Arc::new(added)),
            is_anew,
            was_anew,
            is_changed: false,
            is_turned: false,
        };
        let before = self.entry(old, "DA", self.tables.old, out)?;
        let after = self.entry(new, "DA", self.tables.new, out)?;
        styling.is_changed = style(&before).is_some_and(|before| styling.names_added(before));
        styling.change((&before, &after));
        let before = self.entry(old, "Q", self.tables.old, out)?;
        let after = self.entry(new, "Q", self.tables.new, out)?;
        styling.turn((&before, &after));
        Ok(styling)
    }

    /// Whether readers draw a field that was there in another way, since the form says another.
    pub(super) fn is_restyled(
        &self,
        field: &Object,
        context: &FieldContext,
        out: &mut Out,
    ) -> Result<bool, Need> {
        let styling = &context.styling;
        let is_placed = field.as_dictionary().is_some_and(|all| all.names(b"Rect"));
        // ISO 32000-1 §12.7.3.3: text and choices, and buttons have words too (table 189).
        let is_other = match context.kind.as_deref() {
            Some(b"Tx" | b"Ch") => styling.is_changed || styling.is_turned,
            Some(b"Btn") => styling.is_changed,
            _ => false,
        };
        if !is_other || !is_placed {
            return Ok(false);
        }
        if !styling.is_anew {
            let appearances = self.entry(field, "AP", self.tables.old, out)?;
            let has_appearance = match &*self.entry(&appearances, "N", self.tables.old, out)? {
                Object::Stream(_) => true,
                // One for each state.
                Object::Dictionary(_) => context.kind.as_deref() == Some(&b"Btn"[..]),
                _ => false,
            };
            if has_appearance {
                return Ok(false);
            }
        }
        self.is_visible(field, self.tables.old, out)
    }
}

/// A default appearance, where something is written in it.
fn style(written: &Object) -> Option<&[u8]> {
    let octets = &*written.as_string()?.octets;
    (!octets.is_empty()).then_some(octets)
}
