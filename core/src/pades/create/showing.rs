//! What the widget of a signature looks like.
//!
//! # Standard
//! ISO 32000-2 §12.5.5; ISO 19005-1 §6.9.

use super::super::appearance::{self, Appearance, Canvas};
use super::super::page::{quarters, rectangle};
use super::{Field, PAGE_DEPTH, Planner};
use crate::error::{Error, InputError, Malformed, MalformedKind, Unsupported};
use crate::pdf::{Colours, Dictionary, Object, ObjectReference};
use crate::source::Stop;
use std::collections::BTreeSet;

impl Planner<'_> {
    /// Gives a field that is there what it looks like, where its widget is. Of the field, only what
    /// signing may change is written: whoever signed before would see anything else as a forgery.
    pub(super) fn show_in(
        &mut self,
        field: &mut Field,
        appearance: &Appearance,
    ) -> Result<(), Stop> {
        let (reference, widget) = match field.widgets.as_mut_slice() {
            [] => (field.reference, &mut field.dictionary),
            [(reference, widget)] => (*reference, widget),
            _ => {
                let what = "a visible signature in a field that is in several places";
                return Err(Unsupported::Feature(what).into());
            }
        };
        let area = widget.get("Rect").cloned().unwrap_or(Object::Null);
        let area = rectangle(Some(&self.resolve(&area)?))?;
        let turn = self.turn_of(reference, widget)?;
        self.show(appearance, area, turn, widget)?;
        if self.document.signatures().is_empty() && field.dictionary.get("TU").is_none() {
            field.dictionary.set("TU", spoken(appearance));
        }
        Ok(())
    }

    /// Gives a field that is there and shows nothing an appearance of nothing, where PDF/A wants one.
    pub(super) fn hide_in(&mut self, field: &mut Field) -> Result<(), Stop> {
        if field.widgets.is_empty() {
            return self.hide(&mut field.dictionary);
        }
        for (_, widget) in &mut field.widgets {
            self.hide(widget)?;
        }
        Ok(())
    }

    /// ISO 32000-2 §12.7.4.1: the widgets of a field, where they are not the field itself.
    pub(super) fn widgets_of(
        &mut self,
        field: &Dictionary,
    ) -> Result<Vec<(ObjectReference, Dictionary)>, Stop> {
        let kids = field.get("Kids").cloned().unwrap_or(Object::Null);
        let Object::Array(kids) = self.resolve(&kids)? else {
            return Ok(Vec::new());
        };
        let mut widgets = Vec::new();
        for kid in kids {
            let wrong = || Malformed::within(MalformedKind::PdfObject, "Kids");
            let reference = kid.as_reference().ok_or_else(wrong)?;
            let widget = self.dictionary(reference, "widget")?;
            // What has a name is a field below.
            if widget.get("T").is_none() {
                widgets.push((reference, widget));
            }
        }
        Ok(widgets)
    }

    /// Gives a widget what it looks like.
    pub(super) fn show(
        &mut self,
        appearance: &Appearance,
        [left, bottom, right, top]: [i64; 4],
        quarters: u8,
        widget: &mut Dictionary,
    ) -> Result<(), Stop> {
        let mut extent = [right.saturating_sub(left), top.saturating_sub(bottom)];
        if extent.iter().any(|length| *length <= 0) {
            return Err(InputError::NoRoom.into());
        }
        if quarters % 2 == 1 {
            extent.reverse();
        }
        let canvas = Canvas {
            extent,
            quarters,
            colours: self.colours()?,
        };
        let form = appearance::write(appearance, canvas, &mut self.writer.update, self.budget)?;
        let mut normal = Dictionary::default();
        normal.set("N", Object::Reference(form));
        widget.set("AP", Object::Dictionary(normal));
        Ok(())
    }

    /// ISO 19005-1 §6.7.11: a document that says it is PDF/A must stay so. Metadata that cannot be
    /// read may say it.
    fn colours(&mut self) -> Result<Colours, Stop> {
        let metadata = self.catalog.get("Metadata").cloned();
        let Object::Stream(stream) = self.resolve(&metadata.unwrap_or(Object::Null))? else {
            return Ok(Colours::Device);
        };
        let newest = self.document.newest();
        let read = self
            .document
            .stream_data(&stream, newest, self.source, self.budget);
        match read {
            Ok(octets) => {
                let claim = b"pdfaid:part";
                let is_claimed = octets.windows(claim.len()).any(|window| window == claim);
                Ok(if is_claimed {
                    Colours::Archival
                } else {
                    Colours::Device
                })
            }
            Err(Stop::Error(Error::Malformed(_) | Error::Unsupported(_))) => Ok(Colours::Archival),
            Err(stop) => Err(stop),
        }
    }

    /// Gives a widget that shows nothing an appearance of nothing, where PDF/A wants one.
    pub(super) fn hide(&mut self, widget: &mut Dictionary) -> Result<(), Stop> {
        if widget.get("AP").is_some() || self.colours()? == Colours::Device {
            return Ok(());
        }
        let form = appearance::blank(&mut self.writer.update)?;
        let mut normal = Dictionary::default();
        normal.set("N", Object::Reference(form));
        widget.set("AP", Object::Dictionary(normal));
        Ok(())
    }

    /// How the page of a widget that is there is turned. ISO 32000-2 table 166: the widget may name
    /// its page; what shows it is the page that has it among its annotations.
    fn turn_of(&mut self, reference: ObjectReference, widget: &Dictionary) -> Result<u8, Stop> {
        let named = widget.get("P").cloned().unwrap_or(Object::Null);
        if let Object::Dictionary(page) = self.resolve(&named)?
            && self.has_annotation(&page, reference)?
        {
            return self.turn_of_page(named);
        }
        match self.turn_where(reference)? {
            Some(turn) => Ok(turn),
            None => self.turn_of_page(named),
        }
    }

    fn turn_of_page(&mut self, page: Object) -> Result<u8, Stop> {
        let mut node = Some(page);
        for _ in 0..PAGE_DEPTH {
            let Object::Dictionary(page) = self.resolve(&node.unwrap_or(Object::Null))? else {
                return Ok(0);
            };
            if let Some(rotation) = page.get("Rotate").cloned() {
                return Ok(quarters(Some(&self.resolve(&rotation)?))?);
            }
            node = page.get("Parent").cloned();
        }
        Err(Malformed::within(MalformedKind::PdfObject, "page tree").into())
    }

    /// How the page is turned that has an annotation; none where no page has it.
    fn turn_where(&mut self, annotation: ObjectReference) -> Result<Option<u8>, Stop> {
        let pages = self.catalog.get("Pages").and_then(Object::as_reference);
        let mut waiting: Vec<_> = pages.map(|pages| (pages, Ok(0))).into_iter().collect();
        let mut seen = BTreeSet::new();
        while let Some((reference, mut turn)) = waiting.pop() {
            if !seen.insert(reference) {
                continue;
            }
            let Object::Dictionary(node) = self.object(reference)? else {
                continue;
            };
            // ISO 32000-2 §7.7.3.4: inherited by what is below.
            if let Some(rotation) = node.get("Rotate").cloned() {
                turn = quarters(Some(&self.resolve(&rotation)?));
            }
            let kids = node.get("Kids").cloned().unwrap_or(Object::Null);
            if let Object::Array(kids) = self.resolve(&kids)? {
                let below = kids.iter().rev().filter_map(Object::as_reference);
                waiting.extend(below.map(|kid| (kid, turn.clone())));
            } else if self.has_annotation(&node, annotation)? {
                return Ok(Some(turn?));
            }
        }
        Ok(None)
    }

    fn has_annotation(
        &mut self,
        page: &Dictionary,
        annotation: ObjectReference,
    ) -> Result<bool, Stop> {
        let annotations = page.get("Annots").cloned().unwrap_or(Object::Null);
        let annotations = self.resolve(&annotations)?;
        let mut annotations = annotations.as_array().unwrap_or_default().iter();
        Ok(annotations.any(|one| one.as_reference() == Some(annotation)))
    }
}

/// What is said to those who cannot see a signature (ISO 32000-2 table 226).
pub(super) fn spoken(appearance: &Appearance) -> Object {
    Object::text(&appearance.lines.join("\n"))
}
