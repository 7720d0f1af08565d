//! How a copied range is written: as it is, or in base64.

use crate::error::Error;
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use std::ops::Range;

/// The form in which a range of an input is copied.
///
/// # Standard
/// RFC 4648 §4 and §5. XML carries enveloped octets in base64, JWS in base64url without padding.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum CopyEncoding {
    /// As it is.
    #[default]
    None,
    /// base64 with padding.
    Base64,
    /// base64url without padding.
    Base64Url,
}

impl CopyEncoding {
    /// How long `length` octets become.
    #[must_use]
    pub fn encoded_length(self, length: u64) -> u64 {
        let (groups, rest) = (length / 3, length % 3);
        match self {
            Self::None => length,
            Self::Base64 => length.div_ceil(3).saturating_mul(4),
            Self::Base64Url => {
                groups
                    .saturating_mul(4)
                    .saturating_add(if rest == 0 { 0 } else { rest + 1 })
            }
        }
    }

    /// The octets of `0..length` that the encoded range `wanted` is made of, and how many encoded
    /// octets stand before `wanted` in what they give.
    pub(super) fn window(self, length: u64, wanted: &Range<u64>) -> (Range<u64>, u64) {
        match self {
            Self::None => (wanted.clone(), 0),
            Self::Base64 | Self::Base64Url => {
                let start = (wanted.start / 4).saturating_mul(3);
                let end = wanted.end.div_ceil(4).saturating_mul(3).min(length);
                (start.min(end)..end, wanted.start % 4)
            }
        }
    }

    pub(super) fn encode(self, octets: &[u8]) -> Vec<u8> {
        match self {
            Self::None => octets.to_vec(),
            Self::Base64 => STANDARD.encode(octets).into_bytes(),
            Self::Base64Url => URL_SAFE_NO_PAD.encode(octets).into_bytes(),
        }
    }
}

/// Where octets go on to.
pub(super) type Sink<'a> = &'a mut dyn FnMut(&[u8]) -> Result<(), Error>;

/// Encodes chunk by chunk; octets that are copied as they are pass through untouched.
#[derive(Debug)]
pub(super) struct Encoder {
    encoding: CopyEncoding,
    carry: Vec<u8>,
    skip: u64,
    take: u64,
}

impl Encoder {
    /// Gives `take` encoded octets after the first `skip`.
    pub(super) fn new(encoding: CopyEncoding, skip: u64, take: u64) -> Self {
        Self {
            encoding,
            carry: Vec::new(),
            skip,
            take,
        }
    }

    pub(super) fn update(&mut self, mut chunk: &[u8], sink: Sink<'_>) -> Result<(), Error> {
        if self.encoding == CopyEncoding::None {
            return self.give(chunk, sink);
        }
        if !self.carry.is_empty() {
            let (head, rest) = chunk.split_at(chunk.len().min(3 - self.carry.len().min(3)));
            self.carry.extend_from_slice(head);
            chunk = rest;
            if self.carry.len() < 3 {
                return Ok(());
            }
            let group = std::mem::take(&mut self.carry);
            self.give(&self.encoding.encode(&group), sink)?;
        }
        let (whole, rest) = chunk.split_at(chunk.len() - chunk.len() % 3);
        for block in whole.chunks(BLOCK) {
            self.give(&self.encoding.encode(block), sink)?;
        }
        self.carry.extend_from_slice(rest);
        Ok(())
    }

    pub(super) fn finish(&mut self, sink: Sink<'_>) -> Result<(), Error> {
        let rest = std::mem::take(&mut self.carry);
        self.give(&self.encoding.encode(&rest), sink)
    }

    fn give(&mut self, octets: &[u8], sink: Sink<'_>) -> Result<(), Error> {
        let skipped = usize::try_from(self.skip)
            .unwrap_or(usize::MAX)
            .min(octets.len());
        self.skip -= u64::try_from(skipped).unwrap_or(self.skip);
        let octets = octets.get(skipped..).unwrap_or_default();
        let taken = usize::try_from(self.take)
            .unwrap_or(usize::MAX)
            .min(octets.len());
        self.take -= u64::try_from(taken).unwrap_or(self.take);
        match octets.get(..taken) {
            Some(octets) if !octets.is_empty() => sink(octets),
            _ => Ok(()),
        }
    }
}

/// A multiple of three, so that blocks join without padding.
const BLOCK: usize = 48 << 10;

#[cfg(test)]
#[expect(clippy::as_conversions, reason = "sizes in tests are small")]
mod tests {
    use super::*;

    #[test]
    fn encoded_length_is_the_length_of_the_encoding() {
        for encoding in [
            CopyEncoding::None,
            CopyEncoding::Base64,
            CopyEncoding::Base64Url,
        ] {
            for length in 0..20usize {
                let encoded = encoding.encode(&vec![7; length]);
                assert_eq!(
                    encoding.encoded_length(length as u64),
                    encoded.len() as u64,
                    "{encoding:?} {length}"
                );
            }
        }
    }

    #[test]
    fn chunks_do_not_show_in_the_encoding() {
        let octets: Vec<u8> = (0..200u8).collect();
        let whole = CopyEncoding::Base64.encode(&octets);
        for size in 1..9 {
            let mut encoded = Vec::new();
            let mut sink = |part: &[u8]| {
                encoded.extend_from_slice(part);
                Ok(())
            };
            let mut encoder = Encoder::new(CopyEncoding::Base64, 3, 100);
            for chunk in octets.chunks(size) {
                encoder.update(chunk, &mut sink).unwrap();
            }
            encoder.finish(&mut sink).unwrap();
            assert_eq!(encoded, whole[3..103]);
        }
    }
}
