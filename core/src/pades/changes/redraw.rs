//! What readers show when the form tells them to draw all fields anew.
//!
//! ISO 32000-2 table 224, `/NeedAppearances`: the appearances that were signed are then put aside,
//! and each field is drawn from its value and its looks (`/MK`). Software that fills in forms says
//! so, and it is harmless where the one shows what the other did.

use super::item::{FieldContext, Out};
use super::look::{Agreement, words};
use super::shelf::Need;
use super::sketch::Grade;
use super::view::View;
use crate::pdf::Object;
use crate::vocabulary::ChangeAction;
use crate::vocabulary::ChangeClass::{FormFilling, Other};

impl View<'_> {
    /// Says so where a field with an appearance is drawn anew from now on, and may show something
    /// else: of one that nobody fills in, that is content that changes.
    pub(super) fn redrawn(
        &self,
        (old, new): (&Object, &Object),
        field: &FieldContext,
        (takes_page, path, owner): (bool, usize, usize),
        out: &mut Out,
    ) -> Result<(), Need> {
        let is_placed = old.as_dictionary().is_some_and(|all| all.names(b"Rect"));
        let is_signature = field.kind.as_deref() == Some(b"Sig");
        if !field.styling.becomes_anew() || !is_placed || is_signature {
            return Ok(());
        }
        let look = self.look(new, self.tables.new, out)?;
        if !look.is_own || !self.is_visible(old, self.tables.old, out)? {
            return Ok(());
        }
        let has_ground = self.has_ground(new, self.tables.new, out)?;
        let is_grounded = look.grade.map(|grade| grade >= Grade::Marks);
        let is_drawn_otherwise = is_grounded != Some(has_ground);
        let agreement = match field.is_push_button() {
            true => self.caption(new, &look.words, out)?,
            false => self.agreement(new, field, &look, out)?,
        };
        // A box has a mark of its own, which readers keep; some have none where it is off.
        let is_box = field.kind.as_deref() == Some(b"Btn") && !field.is_push_button();
        let is_hidden = has_ground && is_grounded != Some(true) && !is_box;
        let is_other = agreement == Agreement::Other;
        let (class, overlaps) = if field.may_be_filled_in() {
            let is_stale = is_other && field.has_same_value();
            let is_over = match (is_box, takes_page) {
                (true, false) => false,
                (_, false) => is_drawn_otherwise || is_stale,
                (_, true) => is_drawn_otherwise || agreement != Agreement::Same,
            };
            (FormFilling, is_over)
        } else if is_hidden || is_other || takes_page && is_drawn_otherwise {
            (Other, true)
        } else {
            let is_open = agreement != Agreement::Same || is_drawn_otherwise;
            (FormFilling, is_open && !is_box)
        };
        if overlaps {
            let path = out.below(path, b"AP");
            self.change(class, ChangeAction::Changed, path, owner, out);
            if let Some(change) = out.changes.last_mut() {
                change.overlaps = true;
            }
        }
        Ok(())
    }

    /// Whether a push-button shows the words that readers are told to draw (table 192), and no icon.
    fn caption(
        &self,
        new: &Object,
        shown: &Option<Vec<u8>>,
        out: &mut Out,
    ) -> Result<Agreement, Need> {
        let looks = self.entry(new, "MK", self.tables.new, out)?;
        let caption = self.entry(&looks, "CA", self.tables.new, out)?;
        let icon = self.entry(&looks, "I", self.tables.new, out)?;
        let words = words(&caption).map(String::into_bytes);
        let is_same = *icon == Object::Null && words.is_some() && words == *shown;
        Ok(match is_same {
            true => Agreement::Same,
            false => Agreement::Unknown,
        })
    }
}
