//! JPEG: its frame, how its colours are coded, and what a camera tells beside.
//!
//! # Standard
//! ISO 10918-1 annex B; ISO 32000-2 §7.4.8, table 13 (which names the marker of Adobe).

use super::super::object::{Dictionary, Object};
use super::{Colours, Image, Picture, UPRIGHT, be16, be32, colour_space, image, sides, wrong};
use crate::error::{Error, Unsupported};

/// What the frame says.
struct Frame {
    extent: [u32; 2],
    components: u8,
    /// The components are named `R`, `G` and `B`.
    is_rgb: bool,
}

/// ISO 10918-1 §B.1.1: segments up to the first scan, then coded data.
pub(super) fn read(octets: &[u8], colours: Colours) -> Result<Picture, Error> {
    let mut data = vec![0xff, 0xd8];
    let mut at = 2_usize;
    let mut frame = None;
    let (mut adobe, mut has_jfif) = (None, false);
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
            0xc0..=0xc2 => frame = Some(read_frame(body)?),
            0xc3 | 0xc5..=0xc7 | 0xc9..=0xcb | 0xcd..=0xcf => {
                return Err(Unsupported::Feature("a kind of JPEG").into());
            }
            0xda => break,
            0xe0 => has_jfif |= body.starts_with(b"JFIF\0"),
            0xee => adobe = adobe_transform(body).or(adobe),
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
    let frame = frame.ok_or_else(wrong)?;
    let coded = octets.get(at..).ok_or_else(wrong)?;
    // Whatever follows the end of the picture is none of it.
    let last = coded.windows(2).rposition(|pair| pair == [0xff, 0xd9]);
    data.extend_from_slice(coded.get(..last.ok_or_else(wrong)? + 2).ok_or_else(wrong)?);
    let [width, height] = frame.extent;
    let mut dictionary = image(frame.extent, 8, space(&frame, adobe, colours)?);
    dictionary.set("Filter", Object::name("DCTDecode"));
    if frame.components == 4 && adobe.is_some() {
        // Programs that write this marker write how much of an ink is left out.
        let inverted = [1, 0].map(Object::Integer).into_iter().cycle().take(8);
        dictionary.set("Decode", Object::Array(inverted.collect()));
    }
    if frame.is_rgb && adobe.is_none() && !has_jfif {
        // Table 13: three components are else taken for brightness and two colours.
        let mut parameters = Dictionary::default();
        parameters.set("ColorTransform", Object::Integer(0));
        dictionary.set("DecodeParms", Object::Dictionary(parameters));
    }
    let is_lying = turn.first() == Some(&0);
    Ok(Picture {
        extent: if is_lying {
            [height, width]
        } else {
            frame.extent
        },
        turn,
        image: Image { dictionary, data },
        mask: None,
    })
}

/// Inks have colours of a device alone, and ISO 19005-1 §6.2.3.3 has none of those beside an output
/// intent for screens.
fn space(frame: &Frame, adobe: Option<u8>, colours: Colours) -> Result<Object, Error> {
    match (frame.components, adobe, colours) {
        (1 | 3, ..) => Ok(colour_space(frame.components, colours)),
        (4, None | Some(0 | 2), Colours::Device) => Ok(Object::name("DeviceCMYK")),
        (4, None | Some(0 | 2), Colours::Archival) => Err(Unsupported::Feature(
            "a picture of printing inks (CMYK) in a PDF/A: save it in RGB",
        )
        .into()),
        _ => Err(Unsupported::Feature("a kind of JPEG").into()),
    }
}

fn read_frame(body: &[u8]) -> Result<Frame, Error> {
    let &[8, _, _, _, _, components, ..] = body else {
        return Err(Unsupported::Feature("a kind of JPEG").into());
    };
    if body.len() != 6 + 3 * usize::from(components) {
        return Err(wrong().into());
    }
    let side = |at| be16(body, at).map(u32::from).ok_or_else(wrong);
    let names: Vec<u8> = body.iter().copied().skip(6).step_by(3).collect();
    Ok(Frame {
        extent: sides(side(3)?, side(1)?)?,
        components,
        is_rgb: names == *b"RGB",
    })
}

/// How colours are coded: 0 as they are, 1 as brightness and two colours, 2 the same of inks.
fn adobe_transform(body: &[u8]) -> Option<u8> {
    body.strip_prefix(b"Adobe")?.get(6).copied()
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
