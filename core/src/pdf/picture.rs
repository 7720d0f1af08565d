//! Pictures in PNG and JPEG, made into image objects.
//!
//! A picture comes from whoever signs. A JPEG is taken over as it is, without what cameras write
//! beside the picture (places, names, previews); a PNG is taken over where a PDF can say the same,
//! and else written anew: what shines through becomes a mask, or is laid on white.
//!
//! # Standard
//! ISO 15948 (PNG); ISO 10918-1 annex B (JPEG); ISO 32000-2 §7.4.4, §7.4.5, §7.4.8, §8.9.5.

use super::filter;
use super::object::{Dictionary, Object};
use crate::error::{Error, Malformed, MalformedKind, Unsupported};
use crate::limits::{Budget, Resource};
use std::collections::BTreeMap;

/// The longest side, in pixels.
const LONGEST: u32 = 8_192;
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n";

/// How colours are written, and whether something may shine through.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Colours {
    /// Those of the device.
    Device,
    /// Those of no device, and nothing shines through: what ISO 19005-1 permits, and later parts.
    Archival,
}

/// A picture as image objects.
#[derive(Clone, Debug)]
pub(crate) struct Picture {
    /// Width and height as they are to be seen.
    pub(crate) extent: [u32; 2],
    /// How the unit square of the image is turned to be seen upright (ISO 32000-2 §8.3.4).
    pub(crate) turn: [i64; 6],
    pub(crate) image: Image,
    /// What of it is seen.
    pub(crate) mask: Option<Image>,
}

/// An image object: what its dictionary says but the length, and its data.
#[derive(Clone, Debug)]
pub(crate) struct Image {
    pub(crate) dictionary: Dictionary,
    pub(crate) data: Vec<u8>,
}

impl Picture {
    /// Reads a PNG or JPEG file.
    ///
    /// # Errors
    /// [`Malformed`] for a damaged file, [`Unsupported`] for another format or a kind of picture
    /// that is not taken, or a limit.
    pub(crate) fn read(
        octets: &[u8],
        colours: Colours,
        budget: &mut Budget,
    ) -> Result<Self, Error> {
        let length = u64::try_from(octets.len()).unwrap_or(u64::MAX);
        budget.charge(Resource::StructureBytes, length)?;
        if octets.starts_with(PNG) {
            return png(octets, colours, budget);
        }
        if octets.starts_with(&[0xff, 0xd8, 0xff]) {
            return jpeg(octets, colours);
        }
        Err(Unsupported::Feature("a picture that is neither PNG nor JPEG").into())
    }
}

fn wrong() -> Malformed {
    Malformed::within(MalformedKind::PdfStream, "picture")
}

fn be16(octets: &[u8], at: usize) -> Option<u16> {
    let pair = octets.get(at..at.checked_add(2)?)?;
    Some(u16::from_be_bytes(pair.try_into().ok()?))
}

fn be32(octets: &[u8], at: usize) -> Option<u32> {
    let four = octets.get(at..at.checked_add(4)?)?;
    Some(u32::from_be_bytes(four.try_into().ok()?))
}

fn sides(width: u32, height: u32) -> Result<[u32; 2], Error> {
    if width == 0 || height == 0 {
        return Err(wrong().into());
    }
    if width > LONGEST || height > LONGEST {
        return Err(Unsupported::Feature("a picture of more than 8192 pixels a side").into());
    }
    Ok([width, height])
}

/// ISO 32000-2 §8.6.5.2, §8.6.5.3: sRGB, near enough, without a device.
pub(crate) fn colour_space(components: u8, colours: Colours) -> Object {
    let is_grey = components == 1;
    if colours == Colours::Device {
        return Object::name(if is_grey { "DeviceGray" } else { "DeviceRGB" });
    }
    let numbers = |all: &[f64]| Object::Array(all.iter().copied().map(Object::Real).collect());
    let mut values = Dictionary::default();
    values.set("WhitePoint", numbers(&[0.9505, 1.0, 1.089]));
    if is_grey {
        values.set("Gamma", Object::Real(2.2));
        let space = vec![Object::name("CalGray"), Object::Dictionary(values)];
        return Object::Array(space);
    }
    values.set("Gamma", numbers(&[2.2, 2.2, 2.2]));
    let matrix = [
        0.4124, 0.2126, 0.0193, 0.3576, 0.7152, 0.1192, 0.1805, 0.0722, 0.9505,
    ];
    values.set("Matrix", numbers(&matrix));
    Object::Array(vec![Object::name("CalRGB"), Object::Dictionary(values)])
}

fn image([width, height]: [u32; 2], bits: u8, space: Object) -> Dictionary {
    let mut dictionary = Dictionary::default();
    dictionary.set("Type", Object::name("XObject"));
    dictionary.set("Subtype", Object::name("Image"));
    dictionary.set("Width", Object::Integer(i64::from(width)));
    dictionary.set("Height", Object::Integer(i64::from(height)));
    dictionary.set("ColorSpace", space);
    dictionary.set("BitsPerComponent", Object::Integer(i64::from(bits)));
    dictionary
}

/// The parts of a PNG file that make its picture.
struct Png<'a> {
    extent: [u32; 2],
    depth: u8,
    kind: u8,
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
        if body.len() != 13 || !is_known || compression != 0 || filter != 0 {
            return Err(wrong().into());
        }
        if interlace != 0 {
            return Err(Unsupported::Feature("an interlaced PNG").into());
        }
        Ok(Self {
            extent: sides(width, height)?,
            depth,
            kind,
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

    /// Every pixel, row by row.
    fn pixels(&self, plain: &[u8], row: usize) -> Result<Vec<[u8; 4]>, Error> {
        let [width, _] = self.extent;
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

fn png(octets: &[u8], colours: Colours, budget: &mut Budget) -> Result<Picture, Error> {
    let png = Png::parse(octets)?;
    let samples = png.samples();
    let mut parameters = Dictionary::default();
    let [width, height] = png.extent;
    for (key, value) in [
        ("Predictor", 15),
        ("Colors", i64::from(samples)),
        ("BitsPerComponent", i64::from(png.depth)),
        ("Columns", i64::from(width)),
    ] {
        parameters.set(key, Object::Integer(value));
    }
    let parameters = Object::Dictionary(parameters);
    let mut coding = Dictionary::default();
    coding.set("Filter", Object::name("FlateDecode"));
    coding.set("DecodeParms", parameters);
    let plain = filter::decode(&coding, &png.data, 0, budget)?;
    let bits = u64::from(width) * u64::from(samples) * u64::from(png.depth);
    let row = usize::try_from(bits.div_ceil(8)).map_err(|_| wrong())?;
    let rows = usize::try_from(height).map_err(|_| wrong())?;
    if row.checked_mul(rows) != Some(plain.len()) {
        return Err(wrong().into());
    }
    let is_plain = matches!(png.kind, 0 | 2 | 3) && png.transparent.is_none() && png.depth <= 8;
    if !is_plain {
        let charge = u64::from(width) * u64::from(height);
        budget.charge(Resource::InflatedBytes, charge.saturating_mul(4))?;
        return Ok(seen_through(png.extent, &png.pixels(&plain, row)?, colours));
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

fn indexed(palette: &[u8], colours: Colours) -> Object {
    let highest = i64::try_from(palette.len() / 3).unwrap_or(1) - 1;
    Object::Array(vec![
        Object::name("Indexed"),
        colour_space(3, colours),
        Object::Integer(highest),
        Object::octets(palette),
    ])
}

/// A picture with parts that shine through: a mask, or white behind it.
fn seen_through(extent: [u32; 2], pixels: &[[u8; 4]], colours: Colours) -> Picture {
    let on_white = |colour: u8, alpha: u8| {
        let (colour, alpha) = (u32::from(colour), u32::from(alpha));
        let mixed = (colour * alpha + 255 * (255 - alpha) + 127) / 255;
        u8::try_from(mixed).unwrap_or(255)
    };
    let opaque: Vec<[u8; 3]> = pixels
        .iter()
        .map(|&[red, green, blue, alpha]| match colours {
            // What is not seen at all has no colour: so there are fewer.
            Colours::Device if alpha == 0 => [255; 3],
            Colours::Device => [red, green, blue],
            Colours::Archival => [red, green, blue].map(|colour| on_white(colour, alpha)),
        })
        .collect();
    let is_seen_through = pixels.iter().any(|[.., alpha]| *alpha != 255);
    let mask = (is_seen_through && colours == Colours::Device).then(|| {
        let alphas: Vec<u8> = pixels.iter().map(|[.., alpha]| *alpha).collect();
        let mut dictionary = image(extent, 8, Object::name("DeviceGray"));
        dictionary.set("Filter", Object::name("RunLengthDecode"));
        let data = run_length(&alphas);
        Image { dictionary, data }
    });
    Picture {
        extent,
        turn: UPRIGHT,
        image: painted(extent, &opaque, colours),
        mask,
    }
}

/// By a palette, where 256 colours are enough for it.
fn painted(extent: [u32; 2], pixels: &[[u8; 3]], colours: Colours) -> Image {
    let mut palette: BTreeMap<[u8; 3], u8> = BTreeMap::new();
    let mut numbers = Vec::with_capacity(pixels.len());
    for pixel in pixels {
        let next = u8::try_from(palette.len());
        let number = match (palette.get(pixel), next) {
            (Some(number), _) => *number,
            (None, Ok(next)) => {
                palette.insert(*pixel, next);
                next
            }
            (None, Err(_)) => {
                let dictionary = image(extent, 8, colour_space(3, colours));
                let data = pixels.concat();
                return Image { dictionary, data };
            }
        };
        numbers.push(number);
    }
    let mut colour_of: Vec<([u8; 3], u8)> = palette.into_iter().collect();
    colour_of.sort_by_key(|(_, number)| *number);
    let palette: Vec<u8> = colour_of.iter().flat_map(|(colour, _)| *colour).collect();
    let mut dictionary = image(extent, 8, indexed(&palette, colours));
    dictionary.set("Filter", Object::name("RunLengthDecode"));
    let data = run_length(&numbers);
    Image { dictionary, data }
}

/// ISO 32000-2 §7.4.5.
fn run_length(octets: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    let mut plain: Vec<u8> = Vec::new();
    let flush = |plain: &mut Vec<u8>, out: &mut Vec<u8>| {
        for part in plain.chunks(128) {
            out.extend(u8::try_from(part.len() - 1));
            out.extend_from_slice(part);
        }
        plain.clear();
    };
    for run in octets.chunk_by(|one, other| one == other) {
        for part in run.chunks(128) {
            match (part, part.len()) {
                (&[octet, _, _, ..], length) => {
                    flush(&mut plain, &mut out);
                    out.extend(u8::try_from(257 - length));
                    out.push(octet);
                }
                _ => plain.extend_from_slice(part),
            }
        }
    }
    flush(&mut plain, &mut out);
    out.push(128);
    out
}

const UPRIGHT: [i64; 6] = [1, 0, 0, 1, 0, 0];

/// ISO 10918-1 §B.1.1: segments up to the first scan, then coded data.
fn jpeg(octets: &[u8], colours: Colours) -> Result<Picture, Error> {
    let mut data = vec![0xff, 0xd8];
    let mut at = 2_usize;
    let mut frame = None;
    let mut turn = UPRIGHT;
    loop {
        let &[0xff, marker] = octets.get(at..at + 2).ok_or_else(wrong)? else {
            return Err(wrong().into());
        };
        if marker == 0xff {
            at += 1;
            continue;
        }
        let length = usize::from(be16(octets, at + 2).ok_or_else(wrong)?);
        let end = at.saturating_add(2).saturating_add(length);
        let segment = octets.get(at..end).ok_or_else(wrong)?;
        let body = segment.get(4..).ok_or_else(wrong)?;
        match marker {
            // Baseline, extended and progressive with Huffman codes.
            0xc0..=0xc2 => frame = Some(jpeg_frame(body)?),
            0xc3 | 0xc5..=0xc7 | 0xc9..=0xcb | 0xcd..=0xcf => {
                return Err(Unsupported::Feature("a kind of JPEG").into());
            }
            0xda => break,
            0xe1 => turn = exif_turn(body).unwrap_or(turn),
            _ => {}
        }
        // APP0 and APP14 say how colours are coded; the others are what a camera tells.
        let is_told = matches!(marker, 0xe1..=0xed | 0xef | 0xfe);
        if !is_told {
            data.extend_from_slice(segment);
        }
        at = end;
    }
    let (extent, components) = frame.ok_or_else(wrong)?;
    let coded = octets.get(at..).ok_or_else(wrong)?;
    // Whatever follows the end of the picture is none of it.
    let last = coded.windows(2).rposition(|pair| pair == [0xff, 0xd9]);
    data.extend_from_slice(coded.get(..last.ok_or_else(wrong)? + 2).ok_or_else(wrong)?);
    let mut dictionary = image(extent, 8, colour_space(components, colours));
    dictionary.set("Filter", Object::name("DCTDecode"));
    let [width, height] = extent;
    let is_lying = turn.first() == Some(&0);
    Ok(Picture {
        extent: if is_lying { [height, width] } else { extent },
        turn,
        image: Image { dictionary, data },
        mask: None,
    })
}

fn jpeg_frame(body: &[u8]) -> Result<([u32; 2], u8), Error> {
    let &[8, _, _, _, _, components, ..] = body else {
        return Err(Unsupported::Feature("a kind of JPEG").into());
    };
    if !matches!(components, 1 | 3) {
        return Err(Unsupported::Feature("a JPEG for printing").into());
    }
    let side = |at| be16(body, at).map(u32::from).ok_or_else(wrong);
    Ok((sides(side(3)?, side(1)?)?, components))
}

/// How a camera was held: tag 0x0112 of EXIF, a TIFF directory.
fn exif_turn(body: &[u8]) -> Option<[i64; 6]> {
    let tiff = body.strip_prefix(b"Exif\0\0")?;
    let is_little = tiff.starts_with(b"II*\0");
    if !is_little && !tiff.starts_with(b"MM\0*") {
        return None;
    }
    let short = |at| be16(tiff, at).map(|value| if is_little { value.swap_bytes() } else { value });
    let directory = be32(tiff, 4)?;
    let directory = if is_little {
        directory.swap_bytes()
    } else {
        directory
    };
    let directory = usize::try_from(directory).ok()?;
    let count = usize::from(short(directory)?);
    let mut entries = (0..count).map_while(|index| {
        let at = directory.checked_add(2)?.checked_add(index * 12)?;
        Some((short(at)?, short(at.checked_add(8)?)?))
    });
    let (_, orientation) = entries.find(|(tag, _)| *tag == 0x0112)?;
    Some(match orientation {
        2 => [-1, 0, 0, 1, 1, 0],
        3 => [-1, 0, 0, -1, 1, 1],
        4 => [1, 0, 0, -1, 0, 1],
        5 => [0, -1, -1, 0, 1, 1],
        6 => [0, -1, 1, 0, 0, 1],
        7 => [0, 1, 1, 0, 0, 0],
        8 => [0, 1, -1, 0, 1, 0],
        _ => UPRIGHT,
    })
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    fn chunk(kind: &[u8; 4], body: &[u8]) -> Vec<u8> {
        let named = [&kind[..], body].concat();
        let length = u32::try_from(body.len()).unwrap();
        let sum = crc32fast::hash(&named);
        [&length.to_be_bytes()[..], &named, &sum.to_be_bytes()].concat()
    }

    /// A PNG of rows that are filtered already.
    pub(crate) fn png_of(
        [width, height]: [u32; 2],
        [depth, kind, interlace]: [u8; 3],
        more: &[(&[u8; 4], &[u8])],
        rows: &[u8],
    ) -> Vec<u8> {
        use std::io::Write as _;
        let mut header = [width.to_be_bytes(), height.to_be_bytes()].concat();
        header.extend([depth, kind, 0, 0, interlace]);
        let mut octets = [PNG, &chunk(b"IHDR", &header)].concat();
        for (kind, body) in more {
            octets.extend(chunk(kind, body));
        }
        let level = flate2::Compression::best();
        let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), level);
        encoder.write_all(rows).unwrap();
        octets.extend(chunk(b"IDAT", &encoder.finish().unwrap()));
        octets.extend(chunk(b"IEND", &[]));
        octets
    }

    fn read(octets: &[u8], colours: Colours) -> Result<Picture, Error> {
        Picture::read(octets, colours, &mut Budget::default())
    }

    /// A JPEG up to where its codes would be.
    pub(crate) fn jpeg_of(components: u8, more: &[u8]) -> Vec<u8> {
        let mut octets = vec![0xff, 0xd8];
        octets.extend(more);
        let length = 8 + 3 * components;
        octets.extend([0xff, 0xc0, 0, length, 8, 0, 2, 0, 3, components]);
        for number in 1..=components {
            octets.extend([number, 0x11, 0]);
        }
        octets.extend([0xff, 0xda, 0, 8, 1, 1, 0, 0, 63, 0, 0x55, 0xff, 0xd9]);
        octets
    }

    fn is_named(dictionary: &Dictionary, key: &str, name: &str) -> bool {
        dictionary.get(key) == Some(&Object::name(name))
    }

    #[test]
    fn what_a_pdf_can_say_too_is_taken_over() {
        let picture = png_of([2, 1], [8, 2, 0], &[], &[0, 1, 2, 3, 4, 5, 6]);
        let read = read(&picture, Colours::Device).unwrap();
        assert_eq!(read.extent, [2, 1]);
        assert!(is_named(&read.image.dictionary, "Filter", "FlateDecode"));
        assert!(is_named(&read.image.dictionary, "ColorSpace", "DeviceRGB"));
        assert!(read.mask.is_none());
    }

    #[test]
    fn what_shines_through_becomes_a_mask_or_is_laid_on_white() {
        let rows = [0, 10, 20, 30, 255, 10, 20, 30, 0];
        let picture = png_of([2, 1], [8, 6, 0], &[], &rows);
        let device = read(&picture, Colours::Device).unwrap();
        assert_eq!(device.mask.unwrap().data, [1, 255, 0, 128]);
        assert_eq!(device.image.data, [1, 0, 1, 128]);
        let archival = read(&picture, Colours::Archival).unwrap();
        assert!(archival.mask.is_none());
        let Some(Object::Array(space)) = archival.image.dictionary.get("ColorSpace") else {
            panic!("no palette");
        };
        assert_eq!(space[3], Object::octets(&[10, 20, 30, 255, 255, 255]));
        // One colour that is not seen, and sixteen bits.
        let rows = [0, 0, 7, 0, 9];
        let grey = png_of([2, 1], [16, 0, 0], &[(b"tRNS", &[0, 7])], &rows);
        let grey = read(&grey, Colours::Device).unwrap();
        assert_eq!(grey.mask.unwrap().data, [1, 0, 255, 128]);
        // A palette with alpha, four pixels in an octet.
        let more: [(&[u8; 4], &[u8]); 2] = [(b"PLTE", &[1, 2, 3, 4, 5, 6]), (b"tRNS", &[9])];
        let palette = png_of([3, 1], [2, 3, 0], &more, &[0, 0b0001_0000]);
        let palette = read(&palette, Colours::Device).unwrap();
        assert_eq!(palette.mask.unwrap().data, [2, 9, 255, 9, 128]);
    }

    #[test]
    fn damaged_and_foreign_pictures_are_refused() {
        let whole = png_of([2, 1], [8, 2, 0], &[], &[0, 1, 2, 3, 4, 5, 6]);
        for end in 0..whole.len() {
            assert!(read(&whole[..end], Colours::Device).is_err());
        }
        for place in 8..whole.len() - 12 {
            let mut flipped = whole.clone();
            flipped[place] ^= 1;
            assert!(read(&flipped, Colours::Device).is_err(), "{place}");
        }
        for picture in [
            png_of([0, 1], [8, 2, 0], &[], &[]),
            png_of([9_000, 1], [8, 0, 0], &[], &[]),
            png_of([2, 1], [8, 2, 1], &[], &[0; 7]),
            png_of([2, 1], [3, 2, 0], &[], &[0; 7]),
            png_of([2, 2], [8, 2, 0], &[], &[0; 7]),
            png_of([2, 1], [8, 2, 0], &[], &[9; 7]),
            png_of([1, 1], [8, 3, 0], &[], &[0, 0]),
            png_of([1, 1], [8, 3, 0], &[(b"PLTE", &[1, 2])], &[0, 0]),
            png_of([1, 1], [8, 3, 0], &[(b"tRNS", &[1])], &[0, 0]),
            png_of([1, 1], [8, 0, 0], &[(b"ABCD", &[1])], &[0, 0]),
            b"GIF89a".to_vec(),
            Vec::new(),
        ] {
            assert!(read(&picture, Colours::Device).is_err());
        }
    }

    #[test]
    fn a_jpeg_is_taken_over_without_what_the_camera_tells() {
        let mut exif = b"\xff\xe1\0\x22Exif\0\0II*\0\x08\0\0\0\x01\0".to_vec();
        exif.extend([0x12, 1, 3, 0, 1, 0, 0, 0, 6, 0, 0, 0, 1, 2, 3, 4]);
        let picture = jpeg_of(3, &exif);
        let read = read(&picture, Colours::Device).unwrap();
        assert_eq!((read.extent, read.turn), ([2, 3], [0, -1, 1, 0, 0, 1]));
        assert!(is_named(&read.image.dictionary, "Filter", "DCTDecode"));
        assert_eq!(read.image.data, jpeg_of(3, &[]));
    }

    #[test]
    fn cut_and_foreign_jpegs_are_refused() {
        let whole = jpeg_of(1, &[]);
        for end in 0..whole.len() {
            assert!(read(&whole[..end], Colours::Device).is_err(), "{end}");
        }
        assert!(read(&jpeg_of(4, &[]), Colours::Device).is_err());
        for (place, octet) in [(3, 0xc3), (6, 12), (8, 0), (3, 0xd0)] {
            let mut other = whole.clone();
            other[place] = octet;
            if place == 8 {
                other[7] = 0;
            }
            assert!(read(&other, Colours::Device).is_err(), "{place}");
        }
    }

    #[test]
    fn runs_are_written_as_readers_read_them() {
        assert_eq!(run_length(&[]), [128]);
        assert_eq!(run_length(&[5; 300]), [129, 5, 129, 5, 213, 5, 128]);
        assert_eq!(run_length(&[1, 2, 2, 3, 3, 3]), [2, 1, 2, 2, 254, 3, 128]);
    }
}
