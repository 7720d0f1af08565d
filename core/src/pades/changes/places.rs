//! How much of its page a widget takes.
//!
//! A field over a whole page may be filled in as any other, and then shows another page (the evil
//! annotations and sneaky signatures of 2021). No field of a form that people fill in takes most of
//! a page.

use super::item::{Item, Out, Role, Slot, Stage};
use super::pages::rectangle;
use super::shelf::Need;
use super::view::View;
use crate::pdf::{Object, ObjectReference};

/// ISO 32000-2 table 31 wants a box; readers take a sheet of letter paper where there is none.
const LETTER: [f64; 4] = [0.0, 0.0, 612.0, 792.0];
/// Nodes above a page that are looked at for what it inherits.
const DEEPEST: usize = 64;

impl View<'_> {
    /// A node of the page tree as it is now: how much is seen of a page, and what lies on it.
    pub(super) fn places(&self, node: &Object, out: &mut Out) -> Result<(), Need> {
        let Object::Dictionary(entries) = node else {
            return Ok(());
        };
        let kids = self.entry(node, "Kids", self.tables.new, out)?;
        if *kids != Object::Null && !entries.is("Type", "Page") {
            for kid in kids.as_array().unwrap_or_default() {
                let slots = (Slot::Null, Slot::of(Some(kid)));
                if slots.1.reference().is_some() {
                    out.push(Stage::Form, Role::Places, slots, 0, b"Kids");
                }
            }
            return Ok(());
        }
        let seen = self.seen_of_page(node, out)?;
        let annotations = self.entry(node, "Annots", self.tables.new, out)?;
        let annotations = annotations.as_array().unwrap_or_default();
        out.looked_at = annotations.len();
        out.places.push((None, seen));
        let numbers = annotations.iter().filter_map(Object::as_reference);
        let places = numbers.map(|one| (Some(one.number), seen));
        out.places.extend(places);
        Ok(())
    }

    /// ISO 32000-2 §14.11.2: of a page the part in its crop box is seen.
    fn seen_of_page(&self, page: &Object, out: &mut Out) -> Result<f64, Need> {
        let whole = self.inherited_box(page, "MediaBox", out)?;
        let whole = whole.filter(|whole| area(*whole) > 0.0).unwrap_or(LETTER);
        let cropped = self.inherited_box(page, "CropBox", out)?;
        let cropped = cropped.map(|crop| {
            [
                whole[0].max(crop[0]),
                whole[1].max(crop[1]),
                whole[2].min(crop[2]),
                whole[3].min(crop[3]),
            ]
        });
        let is_seen = |part: &[f64; 4]| part[0] < part[2] && part[1] < part[3];
        Ok(area(cropped.filter(is_seen).unwrap_or(whole)))
    }

    fn inherited_box(
        &self,
        page: &Object,
        key: &str,
        out: &mut Out,
    ) -> Result<Option<[f64; 4]>, Need> {
        let mut node = std::sync::Arc::new(page.clone());
        for _ in 0..DEEPEST {
            let own = self.entry(&node, key, self.tables.new, out)?;
            if *own != Object::Null {
                return self.corners(&own, out);
            }
            let above = self.entry(&node, "Parent", self.tables.new, out)?;
            if *above == Object::Null {
                break;
            }
            node = above;
        }
        Ok(None)
    }

    /// A rectangle, whose numbers may be objects of their own.
    fn corners(&self, written: &Object, out: &mut Out) -> Result<Option<[f64; 4]>, Need> {
        let mut numbers = Vec::new();
        for number in written.as_array().unwrap_or_default().iter().take(5) {
            let number = self.value(&Slot::of(Some(number)), self.tables.new, out)?;
            numbers.push(number.as_deref().cloned().unwrap_or(Object::Null));
        }
        Ok(rectangle(&Object::Array(numbers)))
    }

    /// Whether a widget takes more than a half of what is seen of its page.
    pub(super) fn takes_page(
        &self,
        item: &Item,
        widget: &Object,
        out: &mut Out,
    ) -> Result<bool, Need> {
        let written = self.entry(widget, "Rect", self.tables.new, out)?;
        if *written == Object::Null {
            return Ok(false);
        }
        let number = item.new.reference().map(|own: ObjectReference| own.number);
        let place = number.and_then(|number| self.tables.places.get(&number));
        // On no page that is known it may lie on any.
        let Some(seen) = place.copied().or(self.tables.smallest) else {
            return Ok(false);
        };
        let corners = self.corners(&written, out)?;
        Ok(corners.is_none_or(|corners| area(corners) * 2.0 > seen))
    }
}

fn area([left, low, right, high]: [f64; 4]) -> f64 {
    (right - left) * (high - low)
}
