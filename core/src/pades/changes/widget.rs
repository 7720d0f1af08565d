//! What widgets show: the annotations by which fields are seen.

use super::item::{Out, Slot};
use super::shelf::Need;
use super::walk::View;
use crate::pdf::Object;
use std::sync::Arc;

/// ISO 32000-2 table 167: neither shown nor printed.
const HIDDEN: u64 = 1 << 1;
/// Table 167: hidden, or not shown on a screen.
const INVISIBLE: u64 = HIDDEN | 1 << 5;
/// Widgets of one signature field, and states of one widget, that are looked at.
const WIDGETS: usize = 64;

impl View<'_> {
    /// ISO 32000-2 §12.5.6.19, §12.7.5.5: a field is seen by widgets. Readers draw a note as a note,
    /// with its words, its colour and its frame, whatever field it is besides.
    pub(super) fn is_widget(
        &self,
        field: &Object,
        as_of: usize,
        out: &mut Out,
    ) -> Result<bool, Need> {
        let subtype = self.entry(field, "Subtype", as_of, out)?;
        // A field without any is no annotation at all.
        Ok(*subtype == Object::Null || subtype.as_name() == Some(b"Widget"))
    }

    /// Whether a widget was hidden and is no longer (ISO 32000-2 table 167).
    pub(super) fn is_unhidden(
        &self,
        old: &Object,
        new: &Object,
        out: &mut Out,
    ) -> Result<bool, Need> {
        let before = self.entry(old, "F", self.tables.old, out)?;
        let after = self.entry(new, "F", self.tables.new, out)?;
        let bits = |flags: &Object, otherwise| match flags {
            Object::Null => 0,
            flags => flags.as_unsigned().unwrap_or(otherwise) & INVISIBLE,
        };
        Ok(before != after && bits(&before, u64::MAX) & !bits(&after, 0) != 0)
    }

    /// Whether anything of a field may be seen or printed: it has an area or something to draw there,
    /// and is not hidden. What is not shown on a screen may be printed, and readers may draw over an
    /// area of nothing.
    pub(super) fn is_visible(&self, field: &Object, out: &mut Out) -> Result<bool, Need> {
        let kids = self.entry(field, "Kids", self.tables.new, out)?;
        let kids = kids.as_array().unwrap_or_default();
        if kids.len() > WIDGETS {
            return Ok(true);
        }
        let mut widgets = vec![Arc::new(field.clone())];
        for kid in kids {
            widgets.extend(self.new_value(&Slot::of(Some(kid)), out)?);
        }
        for widget in &widgets {
            let flags = self.entry(widget, "F", self.tables.new, out)?;
            if flags.as_unsigned().is_some_and(|flags| flags & HIDDEN != 0) {
                continue;
            }
            let rectangle = self.entry(widget, "Rect", self.tables.new, out)?;
            let has_area = match &*rectangle {
                Object::Null => false,
                rectangle => super::pages::rectangle(rectangle)
                    .is_none_or(|[left, low, right, high]| left < right && low < high),
            };
            if has_area || self.is_drawn(widget, out)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Whether an appearance of a widget draws anything (ISO 32000-2 §12.5.5). What is not known to
    /// draw nothing may.
    pub(super) fn is_drawn(&self, widget: &Object, out: &mut Out) -> Result<bool, Need> {
        let appearances = self.entry(widget, "AP", self.tables.new, out)?;
        let appearances = match &*appearances {
            Object::Null => return Ok(false),
            Object::Dictionary(appearances) => appearances,
            _ => return Ok(true),
        };
        for (_, appearance) in appearances.iter() {
            let found = self.new_value(&Slot::of(Some(appearance)), out)?;
            let states = match found.as_deref() {
                Some(Object::Dictionary(states)) => states.iter().map(|(_, one)| one).collect(),
                Some(_) => vec![appearance],
                None => return Ok(true),
            };
            if states.len() > WIDGETS {
                return Ok(true);
            }
            for state in states {
                let is_blank = match state {
                    Object::Null => true,
                    Object::Reference(state) => {
                        self.shelf
                            .is_blank(self.document, *state, self.tables.new)?
                    }
                    _ => false,
                };
                if !is_blank {
                    return Ok(true);
                }
            }
        }
        Ok(false)
    }

    /// Whether readers are told to draw a widget themselves: its ground, frame, words or icon (table
    /// 192).
    pub(super) fn is_framed(&self, widget: &Object, out: &mut Out) -> Result<bool, Need> {
        let looks = self.entry(widget, "MK", self.tables.new, out)?;
        if !matches!(&*looks, Object::Null | Object::Dictionary(_)) {
            return Ok(true);
        }
        for key in ["BG", "BC", "CA", "RC", "AC", "I", "RI", "IX"] {
            match &*self.entry(&looks, key, self.tables.new, out)? {
                Object::Null => {}
                // No colour, no words.
                Object::Array(colour) if colour.is_empty() => {}
                Object::String(words) if words.octets.is_empty() => {}
                _ => return Ok(true),
            }
        }
        Ok(false)
    }
}
