//! What a linearised file says of its length.

use super::document::Document;
use super::finding::Finding;
use super::object::{Object, indirect};
use super::window;
use crate::error::Error;
use crate::limits::Budget;
use crate::source::{Source, Stop};

impl Document {
    /// Whether the file says that it is linearised as an update left it. ISO 32000-2 annex F.3.3:
    /// where `/L` is not the length of the file, it is not to be treated as linearised. Readers go
    /// by that: where the length is true, some take the first page from the hints, or the first
    /// trailer, and no update counts; where it is not, they see another document. Who chooses it to
    /// be the length after an update shows one page before and another later.
    ///
    /// # Errors
    /// [`Stop::NotHere`], or a limit.
    pub(crate) fn is_linearized_later(
        &self,
        source: &mut Source,
        budget: &mut Budget,
    ) -> Result<bool, Stop> {
        if self.revisions.len() < 2 {
            return Ok(false);
        }
        let before_header = self.findings.iter().find_map(|finding| match finding {
            Finding::DataBeforeHeader { length } => Some(*length),
            _ => None,
        });
        let start = before_header.unwrap_or_default();
        let first = match window::parse_at(source, start, budget, indirect) {
            Err(Stop::Error(Error::Malformed(_))) => return Ok(false),
            first => first?.value,
        };
        let Object::Dictionary(first) = first else {
            return Ok(false);
        };
        if first.get("Linearized").is_none() {
            return Ok(false);
        }
        let stated = match first.get("L") {
            None => return Ok(false),
            Some(stated) => stated.as_unsigned(),
        };
        // Readers round what is no whole number, or not.
        let Some(stated) = stated else {
            return Ok(true);
        };
        // Some count from the header.
        let is_stated = |end: u64| end == stated || end == stated.saturating_add(start);
        let is_end = |index: usize| {
            let end = self.revisions.get(index).and_then(|one| one.end.as_ref());
            let signed = self.revision_range(index);
            end.is_some_and(|end| is_stated(end.end))
                || signed.is_some_and(|signed| is_stated(signed.end))
        };
        Ok(is_stated(self.length) || (1..self.revisions.len()).any(is_end))
    }
}
