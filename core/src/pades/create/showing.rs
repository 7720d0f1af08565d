//! What the widget of a signature looks like.
//!
//! # Standard
//! ISO 32000-2 §12.5.5; ISO 19005-1 §6.9.

use super::super::appearance::{self, Appearance, Canvas};
use super::super::page::quarters;
use super::{PAGE_DEPTH, Planner};
use crate::error::{Error, InputError, Malformed, MalformedKind};
use crate::pdf::{Colours, Dictionary, Object};
use crate::source::Stop;

impl Planner<'_> {
    /// Gives a widget what it looks like, and says the same to those who cannot see it.
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
        widget.set("TU", Object::text(&appearance.lines.join("\n")));
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

    /// How the page of a field that is there is turned.
    pub(super) fn turn_of(&mut self, field: &Dictionary) -> Result<u8, Stop> {
        let mut node = field.get("P").cloned();
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
}
