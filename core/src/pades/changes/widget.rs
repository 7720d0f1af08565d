//! What widgets show: the annotations by which fields are seen.

use super::item::{Out, Slot};
use super::shelf::Need;
use super::sketch::Grade;
use super::view::View;
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

    /// Whether the flags of a widget show or hide what they did not (ISO 32000-2 table 167).
    pub(super) fn is_shown_otherwise(
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
        if before == after {
            return Ok(false);
        }
        let is_unhidden = bits(&before, u64::MAX) & !bits(&after, 0) != 0;
        let is_hidden = bits(&after, u64::MAX) & !bits(&before, 0) != 0;
        Ok(is_unhidden || (is_hidden && self.is_visible(old, self.tables.old, out)?))
    }

    /// Whether anything of a field may be seen or printed: it has an area or something to draw there,
    /// and is not hidden. What is not shown on a screen may be printed, and readers may draw over an
    /// area of nothing.
    pub(super) fn is_visible(
        &self,
        field: &Object,
        as_of: usize,
        out: &mut Out,
    ) -> Result<bool, Need> {
        self.shows(field, as_of, true, out)
    }

    /// Whether a field draws anything, and so may have covered what is below it.
    pub(super) fn is_cover(
        &self,
        field: &Object,
        as_of: usize,
        out: &mut Out,
    ) -> Result<bool, Need> {
        self.shows(field, as_of, false, out)
    }

    /// Whether a widget of a field that is not hidden draws anything, or has an area where that
    /// counts. Too many of them may.
    fn shows(
        &self,
        field: &Object,
        as_of: usize,
        counts_area: bool,
        out: &mut Out,
    ) -> Result<bool, Need> {
        let Some(widgets) = self.widgets(field, as_of, out)? else {
            return Ok(true);
        };
        for widget in &widgets {
            if counts_area && self.has_area(widget, as_of, out)? {
                return Ok(true);
            }
            if self.is_painted(widget, as_of, out)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn has_area(&self, widget: &Object, as_of: usize, out: &mut Out) -> Result<bool, Need> {
        let rectangle = self.entry(widget, "Rect", as_of, out)?;
        Ok(match &*rectangle {
            Object::Null => false,
            rectangle => super::pages::rectangle(rectangle)
                .is_none_or(|[left, low, right, high]| left < right && low < high),
        })
    }

    /// A field and what is below it, without the widgets that are hidden; `None` for too many.
    fn widgets(
        &self,
        field: &Object,
        as_of: usize,
        out: &mut Out,
    ) -> Result<Option<Vec<Arc<Object>>>, Need> {
        let mut all = vec![Arc::new(field.clone())];
        let mut next = 0;
        while let Some(widget) = all.get(next).cloned() {
            next = next.saturating_add(1);
            let kids = self.entry(&widget, "Kids", as_of, out)?;
            let kids = kids.as_array().unwrap_or_default();
            if all.len().saturating_add(kids.len()) > WIDGETS {
                return Ok(None);
            }
            for kid in kids {
                all.extend(self.value(&Slot::of(Some(kid)), as_of, out)?);
            }
        }
        let mut shown = Vec::new();
        for widget in all {
            let flags = self.entry(&widget, "F", as_of, out)?;
            if flags.as_unsigned().is_none_or(|flags| flags & HIDDEN == 0) {
                shown.push(widget);
            }
        }
        Ok(Some(shown))
    }

    /// Whether a widget has an appearance that draws, or readers are told to make one.
    pub(super) fn is_painted(
        &self,
        widget: &Object,
        as_of: usize,
        out: &mut Out,
    ) -> Result<bool, Need> {
        Ok(self.is_drawn(widget, as_of, out)? || self.is_framed(widget, as_of, out)?)
    }

    /// Whether an appearance of a widget draws anything (ISO 32000-2 §12.5.5). What is not known to
    /// draw nothing may.
    fn is_drawn(&self, widget: &Object, as_of: usize, out: &mut Out) -> Result<bool, Need> {
        let appearances = self.entry(widget, "AP", as_of, out)?;
        let appearances = match &*appearances {
            Object::Null => return Ok(false),
            Object::Dictionary(appearances) => appearances,
            _ => return Ok(true),
        };
        for (_, appearance) in appearances.iter() {
            let found = self.value(&Slot::of(Some(appearance)), as_of, out)?;
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
                        let sketch = self.shelf.sketch(self.document, *state, as_of)?;
                        sketch.is_some_and(|sketch| sketch.grade == Grade::Blank)
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
    fn is_framed(&self, widget: &Object, as_of: usize, out: &mut Out) -> Result<bool, Need> {
        let looks = self.entry(widget, "MK", as_of, out)?;
        if !matches!(&*looks, Object::Null | Object::Dictionary(_)) {
            return Ok(true);
        }
        for key in ["BG", "BC", "CA", "RC", "AC", "I", "RI", "IX"] {
            match &*self.entry(&looks, key, as_of, out)? {
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
