//! A slice of bytes that are kept alive together with the structure they were found in.

use crate::asn1::Tlv;
use std::ops::Range;
use std::sync::Arc;

/// A range of shared bytes: a value inside the certificate it came with, never a copy.
#[derive(Clone)]
pub(crate) struct Kept {
    source: Arc<[u8]>,
    range: Range<usize>,
}

impl Kept {
    /// The value with its header. `source` are the bytes that the offsets of `tlv` count from.
    pub(crate) fn whole(source: &Arc<[u8]>, tlv: &Tlv<'_>) -> Self {
        let start = to_usize(tlv.offset);
        Self {
            source: source.clone(),
            range: start..start.saturating_add(tlv.whole.len()),
        }
    }

    /// The value without its header; only for definite lengths.
    pub(crate) fn content(source: &Arc<[u8]>, tlv: &Tlv<'_>) -> Self {
        let start = to_usize(tlv.content_offset());
        Self {
            source: source.clone(),
            range: start..start.saturating_add(tlv.content.len()),
        }
    }

    pub(crate) fn as_slice(&self) -> &[u8] {
        self.source.get(self.range.clone()).unwrap_or_default()
    }

    pub(crate) fn source(&self) -> &Arc<[u8]> {
        &self.source
    }

    pub(crate) fn offset(&self) -> u64 {
        u64::try_from(self.range.start).unwrap_or(u64::MAX)
    }
}

/// Offsets of bytes in memory fit `usize`; one that does not leads nowhere.
fn to_usize(offset: u64) -> usize {
    usize::try_from(offset).unwrap_or(usize::MAX)
}
