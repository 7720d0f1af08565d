//! Pictures in PNG and JPEG, made into image objects.
//!
//! A picture comes from whoever signs. A JPEG is taken over as it is, without what cameras write
//! beside the picture (places, names, previews); a PNG is taken over where a PDF can say the same,
//! and else written anew: what shines through becomes a mask, or is laid on white, and what is
//! interlaced stands row by row.
//!
//! # Standard
//! ISO 15948 (PNG); ISO 10918-1 annex B (JPEG); ISO 32000-2 §7.4.4, §7.4.5, §7.4.8, §8.9.5.

use super::object::{Dictionary, Object};
use crate::error::{Error, Malformed, MalformedKind, Unsupported};
use crate::limits::{Budget, Resource};
use std::collections::BTreeMap;

mod jpeg;
mod png;

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
            return png::read(octets, colours, budget);
        }
        if octets.starts_with(&[0xff, 0xd8, 0xff]) {
            return jpeg::read(octets, colours);
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

const UPRIGHT: [i64; 6] = [1, 0, 0, 1, 0, 0];

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

#[cfg(test)]
pub(crate) mod tests;
