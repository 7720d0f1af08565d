//! A piece of shared octets.

use std::ops::{Deref, Range};
use std::sync::Arc;

/// Octets of a page or input, shared and not copied; reads like a slice.
#[derive(Clone)]
pub struct View {
    octets: Arc<[u8]>,
    start: usize,
    end: usize,
}

impl View {
    /// The part `range` of `octets`, cut to what is there.
    #[must_use]
    pub fn new(octets: Arc<[u8]>, range: Range<usize>) -> Self {
        let end = range.end.min(octets.len());
        Self {
            start: range.start.min(end),
            end,
            octets,
        }
    }

    /// A part of this piece, cut to what is there.
    #[must_use]
    pub fn part(&self, range: Range<usize>) -> Self {
        let end = self.start.saturating_add(range.end).min(self.end);
        Self {
            octets: Arc::clone(&self.octets),
            start: self.start.saturating_add(range.start).min(end),
            end,
        }
    }

    /// The octets as an allocation of their own; shared where the piece is the whole.
    #[must_use]
    pub fn to_arc(&self) -> Arc<[u8]> {
        if self.len() == self.octets.len() {
            Arc::clone(&self.octets)
        } else {
            Arc::from(&**self)
        }
    }
}

impl Deref for View {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        self.octets.get(self.start..self.end).unwrap_or_default()
    }
}

impl AsRef<[u8]> for View {
    fn as_ref(&self) -> &[u8] {
        self
    }
}

impl View {
    /// Several pieces as one, in one allocation.
    pub(super) fn joined(parts: &[Self]) -> Self {
        let length = parts.iter().map(|part| part.len()).sum();
        let mut octets: Arc<[u8]> = std::iter::repeat_n(0, length).collect();
        let mut rest = Arc::get_mut(&mut octets).unwrap_or_default();
        for part in parts {
            let Some((place, behind)) = rest.split_at_mut_checked(part.len()) else {
                break;
            };
            place.copy_from_slice(part);
            rest = behind;
        }
        Self::new(octets, 0..length)
    }
}

impl From<Vec<u8>> for View {
    fn from(octets: Vec<u8>) -> Self {
        let end = octets.len();
        Self::new(octets.into(), 0..end)
    }
}

impl PartialEq for View {
    fn eq(&self, other: &Self) -> bool {
        **self == **other
    }
}

impl Eq for View {}

impl std::fmt::Debug for View {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "View({} octets)", self.len())
    }
}
