//! What a field that is filled in shows, before and after: its words, and no other page.
//!
//! A field may be filled in by anybody, and its appearance is part of that (ISO 32000-2 §12.7.4.3).
//! So the appearance of an empty field may become a white ground with another sum, or one that hid
//! something may go. Honest writers draw words where words were, draw a ground where the field asks
//! for one (table 192), and draw what the value says.

use super::item::{FieldContext, Out, Slot};
use super::shelf::Need;
use super::sketch::Grade;
use super::view::View;
use crate::pdf::{Definition, Object, ObjectReference};
use std::collections::BTreeSet;
use std::sync::Arc;

/// Table 167: printed.
const PRINT: u64 = 1 << 2;
/// Table 230: what is shown are not the words of the value.
const PASSWORD: u64 = 1 << 13;
/// States of an appearance, and fonts of one, that are looked at.
const STATES: usize = 64;

/// What a widget shows by its own appearances.
pub(super) struct Look {
    /// `None` where it cannot be told.
    pub(super) grade: Option<Grade>,
    /// The octets of its words; `None` where these are not all that is shown.
    pub(super) words: Option<Vec<u8>>,
    /// Whether it has a normal appearance.
    pub(super) is_own: bool,
    streams: Vec<ObjectReference>,
}

impl Look {
    /// At most what is given, where that is known.
    fn is_within(&self, grade: Grade) -> bool {
        self.grade.is_some_and(|own| own <= grade)
    }
}

impl View<'_> {
    /// Whether the appearance of a field that is filled in lays something over the page, takes away
    /// what lay there, or no longer shows the value.
    pub(super) fn is_laid_over(
        &self,
        (old, new): (&Object, &Object),
        field: &FieldContext,
        out: &mut Out,
    ) -> Result<bool, Need> {
        let is_text = matches!(field.kind.as_deref(), Some(b"Tx" | b"Ch"));
        if !field.may_be_filled_in() || self.has_same_look(old, new, out)? {
            return Ok(false);
        }
        let was = self.look(old, self.tables.old, out)?;
        let is = self.look(new, self.tables.new, out)?;
        if !is_text {
            // The states of a button are drawn for all times, and one of them is chosen.
            let is_chosen = !field.has_same_value() || {
                let before = self.entry(old, "AS", self.tables.old, out)?;
                let after = self.entry(new, "AS", self.tables.new, out)?;
                before != after
            };
            return Ok(!is_chosen && was.is_own && !self.has_same_content(&was, &is)?);
        }
        let free = match field.kind.as_deref() {
            Some(b"Ch") => Grade::Marks,
            _ => Grade::Words,
        };
        // Readers that draw it anew draw its ground; what was drawn without is a choice.
        let is_grounded = self.has_ground(old, self.tables.old, out)?;
        let is_empty = was.is_own && was.is_within(Grade::Empty) && !field.styling.was_anew();
        let has_ground = !is.is_within(free);
        if has_ground && was.is_within(free) && (!is_grounded || is_empty) {
            return Ok(true);
        }
        if !has_ground && !was.is_within(free) && !is_grounded {
            return Ok(true);
        }
        let was_drawn = !was.is_within(Grade::Empty);
        if was_drawn && is.is_within(Grade::Empty) {
            return Ok(field.has_same_value());
        }
        if !is.is_own {
            return Ok(false);
        }
        let agreement = self.agreement(new, field, &is, out)?;
        Ok(match (field.has_same_value(), agreement) {
            (true, Agreement::Same) => false,
            (true, _) if was.words.is_some() && was.words == is.words => false,
            (true, Agreement::Unknown) => was_drawn,
            (true, Agreement::Less | Agreement::Other) => true,
            (false, agreement) => agreement == Agreement::Other,
        })
    }

    /// Whether the words of an appearance are those of the value.
    pub(super) fn agreement(
        &self,
        new: &Object,
        field: &FieldContext,
        look: &Look,
        out: &mut Out,
    ) -> Result<Agreement, Need> {
        let rich = self.entry(new, "RV", self.tables.new, out)?;
        // Scripts write values in another way, choices have other words than values.
        let is_free = field.acts
            || field.kind.as_deref() != Some(&b"Tx"[..])
            || field.flags & PASSWORD != 0
            || *rich != Object::Null;
        let value = field.value[1].as_deref().map_or(Some(String::new()), words);
        let is_plain = |words: &[u8]| words.iter().all(u8::is_ascii_graphic);
        let (Some(value), Some(shown)) = (value, look.words.as_deref()) else {
            return Ok(Agreement::Unknown);
        };
        // Other octets may be any glyphs.
        if !is_plain(value.as_bytes()) || !is_plain(shown) {
            return Ok(Agreement::Unknown);
        }
        if value.as_bytes() == shown {
            return Ok(Agreement::Same);
        }
        let text = std::str::from_utf8(shown).unwrap_or_default();
        Ok(match is_free {
            true => Agreement::Unknown,
            // What does not fit is not drawn.
            false if value.contains(text) => Agreement::Less,
            false => Agreement::Other,
        })
    }

    /// Whether a widget with a ground is printed and was not, or the other way round: what lies below
    /// is on paper or not.
    pub(super) fn is_printed_otherwise(
        &self,
        (old, new): (&Object, &Object),
        field: &FieldContext,
        takes_page: bool,
        out: &mut Out,
    ) -> Result<bool, Need> {
        let before = self.entry(old, "F", self.tables.old, out)?;
        let after = self.entry(new, "F", self.tables.new, out)?;
        let is_printed = |flags: &Object| flags.as_unsigned().unwrap_or(0) & PRINT != 0;
        if !field.may_be_filled_in() || is_printed(&before) == is_printed(&after) {
            return Ok(false);
        }
        if takes_page {
            return Ok(true);
        }
        let is_text = matches!(field.kind.as_deref(), Some(b"Tx" | b"Ch"));
        Ok(is_text
            && !self
                .look(old, self.tables.old, out)?
                .is_within(Grade::Marks))
    }

    /// Whether a widget has the same appearance in both revisions, of the same objects.
    fn has_same_look(&self, old: &Object, new: &Object, out: &mut Out) -> Result<bool, Need> {
        let entries = |of: &Object| {
            let entries = of.as_dictionary();
            ["AP", "AS"].map(|key| entries.and_then(|all| all.get(key)).cloned())
        };
        let (before, after) = (entries(old), entries(new));
        if before != after {
            return Ok(false);
        }
        let [appearances, _] = before;
        let mut parts = BTreeSet::new();
        let mut next = Vec::new();
        let mut open: Vec<&Object> = appearances.iter().collect();
        while let Some(object) = open.pop() {
            match object {
                Object::Reference(to) => next.push(*to),
                Object::Array(elements) => open.extend(elements),
                Object::Dictionary(entries) => open.extend(entries.iter().map(|(_, one)| one)),
                _ => {}
            }
        }
        let (old, new) = (self.tables.old, self.tables.new);
        let mut is_same = true;
        while let Some(to) = next.pop() {
            if self.tables.same.contains(&to) || !parts.insert(to) {
                continue;
            }
            let definition = self.document.definition(to, old);
            is_same = definition == self.document.definition(to, new);
            if !is_same {
                break;
            }
            if definition != Definition::Absent
                && let Some(links) = self.shelf.links(self.document, to, old)?
            {
                next.extend(links.iter().map(|link| link.to));
            }
        }
        out.looked_at = out.looked_at.saturating_add(parts.len());
        // All that they lead to is the same as well, and is not looked through again.
        if is_same {
            out.same.extend(parts);
        }
        Ok(is_same)
    }

    /// Whether two looks are the same octets, with the same entries.
    fn has_same_content(&self, was: &Look, is: &Look) -> Result<bool, Need> {
        if was.streams.len() != is.streams.len() {
            return Ok(false);
        }
        let (old, new) = (self.tables.old, self.tables.new);
        for (before, after) in was.streams.iter().zip(&is.streams) {
            let object = |reference: ObjectReference, as_of| {
                let found = self.shelf.object(self.document, reference, as_of)?;
                let found = found.and_then(|(found, _)| found.as_dictionary().cloned());
                Ok::<_, Need>(found)
            };
            let is_same = object(*before, old)? == object(*after, new)?
                && self
                    .shelf
                    .same_data(self.document, (*before, old), (*after, new))?
                    == Some(true);
            if !is_same {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// What a widget shows by its own appearances: the normal one, and those under the pointer.
    pub(super) fn look(&self, widget: &Object, as_of: usize, out: &mut Out) -> Result<Look, Need> {
        let mut look = Look {
            grade: Some(Grade::Blank),
            words: Some(Vec::new()),
            is_own: false,
            streams: Vec::new(),
        };
        let appearances = self.entry(widget, "AP", as_of, out)?;
        let state = self.entry(widget, "AS", as_of, out)?;
        for key in ["N", "R", "D"] {
            let written = appearances.as_dictionary().and_then(|all| all.get(key));
            let found = self.value(&Slot::of(written), as_of, out)?;
            let states: Vec<&Object> = match found.as_deref() {
                None | Some(Object::Null) => continue,
                Some(Object::Stream(_)) => written.into_iter().collect(),
                Some(Object::Dictionary(states)) => match state.as_name() {
                    Some(state) => {
                        let states = states.iter().filter(|(key, _)| *key == state);
                        states.map(|(_, one)| one).collect()
                    }
                    None => states.iter().map(|(_, one)| one).collect(),
                },
                Some(_) => Vec::new(),
            };
            look.is_own |= key == "N";
            if states.len() > STATES {
                look.grade = None;
                continue;
            }
            for one in states {
                self.add_to(&mut look, one, key == "N", as_of, out)?;
            }
        }
        Ok(look)
    }

    fn add_to(
        &self,
        look: &mut Look,
        appearance: &Object,
        is_normal: bool,
        as_of: usize,
        out: &mut Out,
    ) -> Result<(), Need> {
        let Some(reference) = appearance.as_reference() else {
            return Ok(());
        };
        let Some(object) = self.value(&Slot::Reference(reference), as_of, out)? else {
            look.grade = None;
            return Ok(());
        };
        if *object == Object::Null {
            return Ok(());
        }
        look.streams.push(reference);
        let Some(sketch) = self.shelf.sketch(self.document, reference, as_of)? else {
            (look.grade, look.words) = (None, None);
            return Ok(());
        };
        let has_drawn_glyphs = sketch.has_glyphs && self.has_drawn_glyphs(&object, as_of, out)?;
        let grade = match has_drawn_glyphs {
            true => Grade::Ground,
            false => sketch.grade,
        };
        look.grade = look.grade.map(|known| known.max(grade));
        if is_normal {
            match (&mut look.words, &sketch.words) {
                (Some(words), Some(more)) if !has_drawn_glyphs => words.extend(more.iter()),
                _ => look.words = None,
            }
        }
        Ok(())
    }

    /// ISO 32000-2 §9.6.4: whether an appearance has a font whose glyphs are drawn by content.
    fn has_drawn_glyphs(
        &self,
        appearance: &Object,
        as_of: usize,
        out: &mut Out,
    ) -> Result<bool, Need> {
        let resources = self.entry(appearance, "Resources", as_of, out)?;
        let fonts = self.entry(&resources, "Font", as_of, out)?;
        let Some(fonts) = fonts.as_dictionary() else {
            return Ok(false);
        };
        for (index, (_, font)) in fonts.iter().enumerate() {
            let font = self.value(&Slot::of(Some(font)), as_of, out)?;
            let font = font.unwrap_or(Arc::new(Object::Null));
            let kind = self.entry(&font, "Subtype", as_of, out)?;
            if index >= STATES || kind.as_name() == Some(b"Type3") {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Whether readers are told to draw a ground or a frame of their own (table 192).
    pub(super) fn has_ground(
        &self,
        widget: &Object,
        as_of: usize,
        out: &mut Out,
    ) -> Result<bool, Need> {
        let looks = self.entry(widget, "MK", as_of, out)?;
        for key in ["BG", "BC"] {
            let colour = self.entry(&looks, key, as_of, out)?;
            if colour.as_array().is_some_and(|colour| !colour.is_empty()) {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

/// How the words of an appearance and of the value agree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Agreement {
    Same,
    /// A part of the value is shown.
    Less,
    Other,
    /// Glyphs may stand for anything, or a script for the value.
    Unknown,
}

/// The words of a value, without white space.
pub(super) fn words(value: &Object) -> Option<String> {
    match value {
        Object::Null => Some(String::new()),
        Object::String(text) => Some(text.text().split_whitespace().collect()),
        _ => None,
    }
}

impl FieldContext {
    /// Whether the value is as it was, however it is written.
    pub(super) fn has_same_value(&self) -> bool {
        let [was, is] = self.value.each_ref().map(Option::as_deref);
        let texts = |value: Option<&Object>| value.map_or(Some(String::new()), words);
        match (texts(was), texts(is)) {
            (Some(was), Some(is)) => was == is,
            _ => was == is,
        }
    }
}
