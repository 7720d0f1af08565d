//! Pages of inputs: which are here, which are wanted, and what each was.

use super::View;
use crate::crypto::object_id;
use crate::error::{ApiMisuse, Error, InputError};
use crate::job::InputId;
use crate::vocabulary::ObjectId;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::Arc;

type PageId = (InputId, u64);

#[derive(Clone, Debug)]
struct Page {
    digest: ObjectId,
    octets: Option<Arc<[u8]>>,
    /// The operation that last read it.
    used: u64,
}

/// The pages of one source.
#[derive(Clone, Debug)]
pub(super) struct Pages {
    size: u64,
    pages: BTreeMap<PageId, Page>,
    held: BTreeSet<PageId>,
    wanted: BTreeSet<PageId>,
    operation: u64,
}

impl Pages {
    pub(super) fn new(size: u64) -> Self {
        Self {
            size: size.max(1),
            pages: BTreeMap::new(),
            held: BTreeSet::new(),
            wanted: BTreeSet::new(),
            operation: 0,
        }
    }

    pub(super) fn size(&self) -> u64 {
        self.size
    }

    /// The octets of a range; `None` when a page is missing, which is then wanted.
    pub(super) fn read(&mut self, input: InputId, range: &Range<u64>) -> Option<View> {
        let mut parts = Vec::new();
        let mut missing = false;
        for index in self.indices(range) {
            let start = index.saturating_mul(self.size);
            let id = (input, index);
            let Some((octets, used)) = self.pages.get_mut(&id).and_then(|page| {
                let octets = page.octets.as_ref()?;
                Some((octets, &mut page.used))
            }) else {
                self.wanted.insert(id);
                missing = true;
                continue;
            };
            *used = self.operation;
            let from = usize::try_from(range.start.saturating_sub(start)).ok()?;
            let to = usize::try_from(range.end.saturating_sub(start).min(self.size)).ok()?;
            parts.push(View::new(Arc::clone(octets), from..to));
        }
        if missing {
            return None;
        }
        match parts.as_slice() {
            [one] => Some(one.clone()),
            _ => Some(View::joined(&parts)),
        }
    }

    /// Asks for the pages of a range that are not here.
    pub(super) fn want(&mut self, input: InputId, range: &Range<u64>) {
        for index in self.indices(range) {
            let id = (input, index);
            match self.pages.get_mut(&id).filter(|page| page.octets.is_some()) {
                Some(page) => page.used = self.operation,
                None => {
                    self.wanted.insert(id);
                }
            }
        }
    }

    /// What is wanted, neighbours joined; `length` tells that of an input.
    pub(super) fn wanted(&self, length: impl Fn(InputId) -> u64) -> Vec<(InputId, Range<u64>)> {
        let mut ranges: Vec<(InputId, Range<u64>)> = Vec::new();
        for &(input, index) in &self.wanted {
            let start = index.saturating_mul(self.size);
            let end = start.saturating_add(self.size).min(length(input));
            match ranges.last_mut() {
                Some((last, range)) if *last == input && range.end == start => range.end = end,
                _ => ranges.push((input, start..end)),
            }
        }
        ranges
    }

    /// Takes the octets of whole pages.
    pub(super) fn supply(
        &mut self,
        input: InputId,
        start: u64,
        octets: &[u8],
    ) -> Result<(), Error> {
        let size = usize::try_from(self.size).map_err(|_| ApiMisuse::WrongResponse)?;
        if !start.is_multiple_of(self.size) {
            return Err(ApiMisuse::WrongResponse.into());
        }
        for (index, chunk) in (start / self.size..).zip(octets.chunks(size)) {
            let id = (input, index);
            let digest = object_id(chunk);
            if let Some(page) = self.pages.get(&id)
                && page.digest != digest
            {
                return Err(InputError::Changed.into());
            }
            self.wanted.remove(&id);
            self.held.insert(id);
            self.pages.insert(
                id,
                Page {
                    digest,
                    octets: Some(Arc::from(chunk)),
                    used: self.operation,
                },
            );
        }
        Ok(())
    }

    /// Ends an operation: octets that it did not use are dropped, those that it used stay for the
    /// next operation, which often goes on in the same page.
    pub(super) fn commit(&mut self) {
        let operation = self.operation;
        let pages = &mut self.pages;
        self.held.retain(|id| {
            let Some(page) = pages.get_mut(id) else {
                return false;
            };
            if page.used < operation {
                page.octets = None;
            }
            page.octets.is_some()
        });
        self.wanted.clear();
        self.operation = operation.saturating_add(1);
    }

    /// The pages of an input within `range` that were read once, with their digests.
    pub(super) fn remembered(
        &self,
        input: InputId,
        range: &Range<u64>,
    ) -> impl Iterator<Item = (u64, ObjectId)> {
        let indices = self.indices(range);
        let (start, end) = (indices.start, indices.end.max(indices.start));
        self.pages
            .range((input, start)..(input, end))
            .map(|((_, index), page)| (index.saturating_mul(self.size), page.digest))
    }

    /// How many octets are held.
    #[cfg(test)]
    pub(super) fn held_octets(&self) -> usize {
        self.pages
            .values()
            .filter_map(|page| page.octets.as_ref())
            .map(|octets| octets.len())
            .sum()
    }

    fn indices(&self, range: &Range<u64>) -> Range<u64> {
        if range.start >= range.end {
            return 0..0;
        }
        range.start / self.size..range.end.div_ceil(self.size)
    }
}
