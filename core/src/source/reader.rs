//! Reading structure: [`Source`].

use super::encoding::CopyEncoding;
use super::pages::Pages;
use super::stream::{Part, Stream};
use super::{Edits, Inputs, Piece, Stop, View, length_of, memory_size};
use crate::error::{ApiMisuse, Error, InputError};
use crate::job::InputId;
use std::ops::Range;
use std::sync::Arc;

/// A document as a reader sees it.
///
/// # Common operations
/// - [`Source::file`] for an input as it is, [`Source::new`] for edits over inputs;
/// - [`Source::read`], and when it answers [`Stop::NotHere`]: [`Source::wanted`], then
///   [`Source::supply`] for each range, then once more;
/// - [`Source::commit`] after every operation that came to its end;
/// - [`Source::stream`] for payload.
#[derive(Clone, Debug)]
pub struct Source {
    edits: Edits,
    inputs: Arc<Inputs>,
    pages: Pages,
}

impl Source {
    /// A document made by edits, read by pages of `page_size` octets.
    #[must_use]
    pub fn new(edits: Edits, inputs: Arc<Inputs>, page_size: u64) -> Self {
        Self {
            edits,
            inputs,
            pages: Pages::new(page_size),
        }
    }

    /// An input as it is.
    ///
    /// # Errors
    /// [`ApiMisuse::NoInput`] when there is none with this id.
    pub fn file(inputs: Arc<Inputs>, input: InputId, page_size: u64) -> Result<Self, Error> {
        let edits = Edits::whole(input, inputs.get(input)?.length);
        Ok(Self::new(edits, inputs, page_size))
    }

    /// The same inputs under other edits; what was read of them is still remembered.
    #[must_use]
    pub fn edited(&self, edits: Edits) -> Self {
        Self {
            edits,
            ..self.clone()
        }
    }

    /// The length of the document.
    #[must_use]
    pub fn length(&self) -> u64 {
        self.edits.length()
    }

    /// What the document is made of.
    #[must_use]
    pub fn edits(&self) -> &Edits {
        &self.edits
    }

    /// The inputs below.
    #[must_use]
    pub fn inputs(&self) -> &Arc<Inputs> {
        &self.inputs
    }

    /// Octets of the document.
    ///
    /// # Errors
    /// [`Stop::NotHere`] when pages are missing: they are then among [`Source::wanted`].
    /// [`InputError::Short`] when the range passes the end.
    pub fn read(&mut self, range: Range<u64>) -> Result<View, Stop> {
        self.inside(&range)?;
        let mut views = Vec::new();
        let mut missing = false;
        for (piece, part) in self.edits.parts(&range) {
            match piece_view(piece, &part, &self.inputs, &mut self.pages)? {
                Some(view) => views.push(view),
                None => missing = true,
            }
        }
        if missing {
            return Err(Stop::NotHere);
        }
        match views.as_slice() {
            [one] => Ok(one.clone()),
            _ => Ok(View::joined(&views)),
        }
    }

    /// Says that a range will be read soon, so that it is asked for together with what is missing
    /// now. Octets beyond the end are passed over.
    pub fn want(&mut self, range: Range<u64>) {
        let range = range.start.min(self.length())..range.end.min(self.length());
        for (piece, part) in self.edits.parts(&range) {
            if let Piece::Copy {
                input,
                range: whole,
                encoding,
                ..
            } = piece
                && self
                    .inputs
                    .get(*input)
                    .is_ok_and(|input| input.bytes.is_none())
            {
                let (raw, _) = encoding.window(whole.end.saturating_sub(whole.start), &part);
                self.pages.want(*input, &shift(&raw, whole.start));
            }
        }
    }

    /// The ranges of inputs that are needed to go on, neighbours joined.
    #[must_use]
    pub fn wanted(&self) -> Vec<(InputId, Range<u64>)> {
        self.pages
            .wanted(|input| self.inputs.get(input).map_or(0, |input| input.length))
    }

    /// Takes the octets of a range that was wanted.
    ///
    /// # Errors
    /// [`InputError::Short`] for fewer octets, [`InputError::Changed`] when a page was read before
    /// with other octets, [`ApiMisuse::WrongResponse`] for another range than was wanted.
    pub fn supply(
        &mut self,
        input: InputId,
        range: Range<u64>,
        octets: &[u8],
    ) -> Result<(), Error> {
        let length = self.inputs.get(input)?.length;
        let size = self.pages.size();
        if range.start >= range.end
            || range.end > length
            || !range.start.is_multiple_of(size)
            || (!range.end.is_multiple_of(size) && range.end != length)
        {
            return Err(ApiMisuse::WrongResponse.into());
        }
        let found = length_of(octets);
        let expected = range.end.saturating_sub(range.start);
        match found.cmp(&expected) {
            std::cmp::Ordering::Less => Err(InputError::Short {
                expected: length,
                found: range.start.saturating_add(found),
            }
            .into()),
            std::cmp::Ordering::Equal => self.pages.supply(input, range.start, octets),
            std::cmp::Ordering::Greater => Err(ApiMisuse::WrongResponse.into()),
        }
    }

    /// Ends an operation: octets that it did not use are dropped, their digests stay.
    pub fn commit(&mut self) {
        self.pages.commit();
    }

    /// The octets of a range as a stream, in order.
    ///
    /// # Errors
    /// [`InputError::Short`] when the range passes the end.
    pub fn stream(&self, range: Range<u64>) -> Result<Stream, Error> {
        self.inside(&range)?;
        let mut parts = Vec::new();
        for (piece, part) in self.edits.parts(&range) {
            parts.push(self.part(piece, &part)?);
        }
        Ok(Stream::new(parts))
    }

    fn inside(&self, range: &Range<u64>) -> Result<(), Error> {
        if range.start > range.end || range.end > self.length() {
            return Err(InputError::Short {
                expected: range.end.max(range.start),
                found: self.length(),
            }
            .into());
        }
        Ok(())
    }

    fn part(&self, piece: &Piece, part: &Range<u64>) -> Result<Part, Error> {
        let (input, whole, encoding) = match piece {
            Piece::Insert(octets) => {
                let view = View::new(Arc::clone(octets), memory(part)?);
                return Ok(Part::inserted(view));
            }
            Piece::Copy {
                input,
                range,
                encoding,
                ..
            } => (*input, range, *encoding),
        };
        let (raw, skip) = encoding.window(whole.end.saturating_sub(whole.start), part);
        let used = shift(&raw, whole.start);
        let take = part.end.saturating_sub(part.start);
        let source = self.inputs.get(input)?;
        if let Some(octets) = &source.bytes {
            let view = View::new(Arc::clone(octets), memory(&used)?);
            return Ok(Part::at_hand(input, used, encoding, (skip, take), view));
        }
        // A page that was read before and lies across the border is asked for whole, so that its
        // digest can be compared.
        let size = self.pages.size();
        let mut request = used.clone();
        let mut pages = Vec::new();
        for (start, digest) in self.pages.remembered(input, &used) {
            let end = start.saturating_add(size).min(source.length);
            request = request.start.min(start)..request.end.max(end);
            pages.push((start..end, digest));
        }
        Ok(Part::requested(
            input,
            used,
            encoding,
            (skip, take),
            request,
            pages,
        ))
    }

    /// How many octets of pages are held.
    #[cfg(test)]
    pub(crate) fn held_octets(&self) -> usize {
        self.pages.held_octets()
    }
}

fn piece_view(
    piece: &Piece,
    part: &Range<u64>,
    inputs: &Inputs,
    pages: &mut Pages,
) -> Result<Option<View>, Error> {
    let (input, whole, encoding) = match piece {
        Piece::Insert(octets) => {
            return Ok(Some(View::new(Arc::clone(octets), memory(part)?)));
        }
        Piece::Copy {
            input,
            range,
            encoding,
            ..
        } => (*input, range, *encoding),
    };
    let (raw, skip) = encoding.window(whole.end.saturating_sub(whole.start), part);
    let raw = shift(&raw, whole.start);
    let source = inputs.get(input)?;
    if raw.end > source.length {
        return Err(InputError::Short {
            expected: raw.end,
            found: source.length,
        }
        .into());
    }
    let view = match &source.bytes {
        Some(octets) => Some(View::new(Arc::clone(octets), memory(&raw)?)),
        None => pages.read(input, &raw),
    };
    Ok(match (view, encoding) {
        (Some(view), CopyEncoding::Base64 | CopyEncoding::Base64Url) => {
            let skip = memory_size(skip)?;
            let take = memory_size(part.end.saturating_sub(part.start))?;
            let encoded = View::from(encoding.encode(&view));
            Some(encoded.part(skip..skip.saturating_add(take)))
        }
        (view, _) => view,
    })
}

fn shift(range: &Range<u64>, by: u64) -> Range<u64> {
    range.start.saturating_add(by)..range.end.saturating_add(by)
}

fn memory(range: &Range<u64>) -> Result<Range<usize>, Error> {
    Ok(memory_size(range.start)?..memory_size(range.end)?)
}
