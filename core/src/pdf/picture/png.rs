//! PNG: chunks, samples and pixels.
//!
//! # Standard
//! ISO 15948.

use super::super::filter;
use super::super::object::{Dictionary, Object};
use super::{
    Colours, Image, PNG, Picture, UPRIGHT, be16, be32, colour_space, image, indexed, seen_through,
    sides, wrong,
};
use crate::error::{Error, Unsupported};
use crate::limits::{Budget, Resource};

/// ISO 15948 §8.2: where the pixels of each pass begin and how far apart they are, from left to
/// right and from top to bottom.
const PASSES: [[u32; 4]; 7] = [
    [0, 0, 8, 8],
    [4, 0, 8, 8],
    [0, 4, 4, 8],
    [2, 0, 4, 4],
    [0, 2, 2, 4],
    [1, 0, 2, 2],
    [0, 1, 1, 2],
];

/// The parts of a PNG file that make its picture.
struct Png<'a> {
    extent: [u32; 2],
    depth: u8,
    kind: u8,
    is_interlaced: bool,
    palette: &'a [u8],
    transparent: Option<&'a [u8]>,
    data: Vec<u8>,
}

impl<'a> Png<'a> {
    /// ISO 15948 §5.3, §11.2: chunks, each with its checksum.
    fn parse(octets: &'a [u8]) -> Result<Self, Error> {
        let mut at = PNG.len();
        let mut png: Option<Self> = None;
        loop {
            let length = be32(octets, at).ok_or_else(wrong)?;
            let length = usize::try_from(length).map_err(|_| wrong())?;
            let start = at.checked_add(8).ok_or_else(wrong)?;
            let end = start.checked_add(length).ok_or_else(wrong)?;
            let body = octets.get(start..end).ok_or_else(wrong)?;
            let named = octets.get(start - 4..end).ok_or_else(wrong)?;
            if be32(octets, end) != Some(crc32fast::hash(named)) {
                return Err(wrong().into());
            }
            at = end.checked_add(4).ok_or_else(wrong)?;
            match (named.get(..4).unwrap_or_default(), &mut png) {
                (b"IHDR", None) => png = Some(Self::header(body)?),
                (b"PLTE", Some(png)) => png.palette = body,
                (b"tRNS", Some(png)) => png.transparent = Some(body),
                (b"IDAT", Some(png)) => png.data.extend_from_slice(body),
                (b"IEND", _) => return Ok(png.ok_or_else(wrong)?),
                (b"IHDR" | b"PLTE" | b"tRNS" | b"IDAT", _) => return Err(wrong().into()),
                // ISO 15948 §5.4: what a decoder need not know begins with a small letter.
                ([b'a'..=b'z', ..], _) => {}
                _ => return Err(Unsupported::Feature("a PNG with unknown parts").into()),
            }
        }
    }

    fn header(body: &[u8]) -> Result<Self, Error> {
        let &[.., depth, kind, compression, filter, interlace] = body else {
            return Err(wrong().into());
        };
        let (width, height) = (be32(body, 0), be32(body, 4));
        let (width, height) = (width.ok_or_else(wrong)?, height.ok_or_else(wrong)?);
        // ISO 15948 table 11.1.
        let is_known = matches!(
            (kind, depth),
            (0, 1 | 2 | 4 | 8 | 16) | (3, 1 | 2 | 4 | 8) | (2 | 4 | 6, 8 | 16)
        );
        if body.len() != 13 || !is_known || compression != 0 || filter != 0 || interlace > 1 {
            return Err(wrong().into());
        }
        Ok(Self {
            extent: sides(width, height)?,
            depth,
            kind,
            is_interlaced: interlace == 1,
            palette: &[],
            transparent: None,
            data: Vec::new(),
        })
    }

    /// Samples of a pixel.
    fn samples(&self) -> u8 {
        match self.kind {
            2 => 3,
            4 => 2,
            6 => 4,
            _ => 1,
        }
    }

    /// Red, green, blue and alpha of a pixel, by its samples.
    fn pixel(&self, samples: &[u16]) -> Option<[u8; 4]> {
        let byte = |sample: &u16| -> Option<u8> {
            match self.depth {
                16 => u8::try_from(sample >> 8).ok(),
                8 => u8::try_from(*sample).ok(),
                depth => u8::try_from(sample * (255 / ((1 << depth) - 1))).ok(),
            }
        };
        // ISO 15948 §11.3.2.1: one colour that is not seen.
        let is_hidden = || {
            let hidden = self.transparent?;
            let mut hidden = (0..samples.len()).map(|index| be16(hidden, index * 2));
            Some(
                samples
                    .iter()
                    .all(|sample| hidden.next() == Some(Some(*sample))),
            )
        };
        let alpha = |is_hidden: Option<bool>| if is_hidden == Some(true) { 0 } else { 255 };
        Some(match (self.kind, samples) {
            (0, [grey]) => {
                let grey = byte(grey)?;
                [grey, grey, grey, alpha(is_hidden())]
            }
            (2, [red, green, blue]) => [byte(red)?, byte(green)?, byte(blue)?, alpha(is_hidden())],
            (3, [index]) => {
                let index = usize::from(*index);
                let colour = self.palette.get(index * 3..index * 3 + 3)?;
                let &[red, green, blue] = colour else {
                    return None;
                };
                let alpha = self.transparent.and_then(|all| all.get(index)).copied();
                [red, green, blue, alpha.unwrap_or(255)]
            }
            (4, [grey, alpha]) => {
                let grey = byte(grey)?;
                [grey, grey, grey, byte(alpha)?]
            }
            (6, [red, green, blue, alpha]) => [byte(red)?, byte(green)?, byte(blue)?, byte(alpha)?],
            _ => return None,
        })
    }

    /// How the filters of rows of this many pixels are undone.
    fn predictor(&self, width: u32) -> Dictionary {
        let mut parameters = Dictionary::default();
        for (key, value) in [
            ("Predictor", 15),
            ("Colors", i64::from(self.samples())),
            ("BitsPerComponent", i64::from(self.depth)),
            ("Columns", i64::from(width)),
        ] {
            parameters.set(key, Object::Integer(value));
        }
        parameters
    }

    /// Octets of a row of this many pixels.
    fn row(&self, width: u32) -> Result<usize, Error> {
        let bits = u64::from(width) * u64::from(self.samples()) * u64::from(self.depth);
        Ok(usize::try_from(bits.div_ceil(8)).map_err(|_| wrong())?)
    }

    /// The pixels of an interlaced picture in the order of its rows.
    fn laced(&self, passes: &[u8]) -> Result<Vec<[u8; 4]>, Error> {
        let [width, height] = self.extent;
        let across = usize::try_from(width).map_err(|_| wrong())?;
        let down = usize::try_from(height).map_err(|_| wrong())?;
        let mut pixels = vec![[0; 4]; across.checked_mul(down).ok_or_else(wrong)?];
        let mut left = passes;
        for [first, top, step, fall] in PASSES {
            let columns = width.saturating_sub(first).div_ceil(step);
            let rows = height.saturating_sub(top).div_ceil(fall);
            if columns == 0 || rows == 0 {
                continue;
            }
            let row = self.row(columns)?;
            let count = usize::try_from(rows).map_err(|_| wrong())?;
            let length = (row + 1).checked_mul(count).ok_or_else(wrong)?;
            let (own, others) = left.split_at_checked(length).ok_or_else(wrong)?;
            left = others;
            let plain = filter::unpredict(own.to_vec(), Some(&self.predictor(columns)), 0)?;
            let mut found = self.pixels(&plain, row, columns)?.into_iter();
            for y in (top..height).step_by(usize::try_from(fall).map_err(|_| wrong())?) {
                for x in (first..width).step_by(usize::try_from(step).map_err(|_| wrong())?) {
                    let at = u64::from(y) * u64::from(width) + u64::from(x);
                    let at = usize::try_from(at).map_err(|_| wrong())?;
                    let place = pixels.get_mut(at).ok_or_else(wrong)?;
                    *place = found.next().ok_or_else(wrong)?;
                }
            }
        }
        if left.is_empty() {
            Ok(pixels)
        } else {
            Err(wrong().into())
        }
    }

    /// Every pixel, row by row.
    fn pixels(&self, plain: &[u8], row: usize, width: u32) -> Result<Vec<[u8; 4]>, Error> {
        let width = usize::try_from(width).map_err(|_| wrong())?;
        let count = usize::from(self.samples());
        let mut pixels = Vec::new();
        let mut samples: Vec<u16> = Vec::new();
        for row in plain.chunks(row) {
            samples.clear();
            match self.depth {
                16 => samples.extend(row.chunks(2).filter_map(|pair| be16(pair, 0))),
                8 => samples.extend(row.iter().copied().map(u16::from)),
                depth => {
                    let mask = (1_u8 << depth) - 1;
                    let shifts = (0..8 / depth).rev().map(|place| place * depth);
                    let of = |octet: &u8| {
                        let octet = *octet;
                        shifts
                            .clone()
                            .map(move |shift| u16::from(octet >> shift & mask))
                    };
                    samples.extend(row.iter().flat_map(of));
                }
            }
            for pixel in samples.chunks(count).take(width) {
                pixels.push(self.pixel(pixel).ok_or_else(wrong)?);
            }
        }
        Ok(pixels)
    }
}

pub(super) fn read(octets: &[u8], colours: Colours, budget: &mut Budget) -> Result<Picture, Error> {
    let png = Png::parse(octets)?;
    let [width, height] = png.extent;
    let mut coding = Dictionary::default();
    coding.set("Filter", Object::name("FlateDecode"));
    let pixels = u64::from(width) * u64::from(height);
    if png.is_interlaced {
        let passes = filter::decode(&coding, &png.data, 0, budget)?;
        budget.charge(Resource::InflatedBytes, pixels.saturating_mul(4))?;
        return Ok(seen_through(png.extent, &png.laced(&passes)?, colours));
    }
    coding.set("DecodeParms", Object::Dictionary(png.predictor(width)));
    let plain = filter::decode(&coding, &png.data, 0, budget)?;
    let row = png.row(width)?;
    let rows = usize::try_from(height).map_err(|_| wrong())?;
    if row.checked_mul(rows) != Some(plain.len()) {
        return Err(wrong().into());
    }
    let is_plain = matches!(png.kind, 0 | 2 | 3) && png.transparent.is_none() && png.depth <= 8;
    if !is_plain {
        budget.charge(Resource::InflatedBytes, pixels.saturating_mul(4))?;
        let pixels = png.pixels(&plain, row, width)?;
        return Ok(seen_through(png.extent, &pixels, colours));
    }
    let space = match png.kind {
        0 => colour_space(1, colours),
        2 => colour_space(3, colours),
        _ => {
            let count = png.palette.len() / 3;
            let is_whole = png.palette.len() % 3 == 0 && (1..=1 << png.depth).contains(&count);
            if !is_whole {
                return Err(wrong().into());
            }
            indexed(png.palette, colours)
        }
    };
    let mut dictionary = image(png.extent, png.depth, space);
    for (key, value) in coding.iter() {
        dictionary.put(key, value.clone());
    }
    Ok(Picture {
        extent: png.extent,
        turn: UPRIGHT,
        image: Image {
            dictionary,
            data: png.data,
        },
        mask: None,
    })
}
