//! What a visible signature looks like: lines of text, a picture or both in a thin frame.
//!
//! The font is embedded with the letters that are shown, and says which letters they are, so that
//! the text can be searched, copied and read aloud.
//!
//! # Standard
//! ISO 32000-2 §12.5.5 (appearance streams), §9.7 (composite fonts), §9.10.3 (ToUnicode);
//! ISO 18004 (QR codes). ISO 19005-1 §6.3.5, of which later parts want no more: fonts embedded,
//! with a list of their glyphs.

use crate::crypto;
use crate::error::{Error, InputError, Unsupported};
use crate::limits::Budget;
use crate::pdf::{
    Colours, Dictionary, IncrementalUpdate, Object, ObjectReference, Picture, Subset, TrueType,
    colour_space, push_hex,
};
use qrcodegen::{QrCode, QrCodeEcc};
use std::collections::BTreeSet;
use std::sync::Arc;

/// Between frame and text, in hundredths of a point.
const PADDING: i64 = 400;
/// The largest and the smallest letters, in hundredths of a point.
const SIZES: [i64; 2] = [1_200, 300];
/// The side of the smallest square of a QR code that a camera can tell, in hundredths of a point.
const SMALLEST_MODULE: i64 = 60;
/// From line to line, in hundredths of the size.
const LEADING: i64 = 120;

/// A visible signature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Appearance {
    /// The page, from 1.
    pub page: u32,
    /// Left, bottom, width and height in points, from the lower left corner of the page as it is
    /// seen. A field that is there already keeps its own place.
    pub area: [u32; 4],
    /// Lines of text. They are also what is read aloud.
    pub lines: Vec<String>,
    /// A TrueType font with the letters of the text; without one the text is only read aloud.
    pub font: Option<Arc<[u8]>>,
    /// A picture left of the text, or alone.
    pub picture: Option<SignaturePicture>,
}

/// What is seen beside the text of a signature.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SignaturePicture {
    /// A PNG or JPEG file. Where the document says that it is PDF/A, what shines through is laid on
    /// white.
    Image(Arc<[u8]>),
    /// A QR code with a text.
    Code(String),
}

/// What an appearance is written for.
#[derive(Clone, Copy, Debug)]
pub(super) struct Canvas {
    /// Width and height as seen, in hundredths of a point.
    pub(super) extent: [i64; 2],
    /// By how many quarters the page is turned clockwise when it is seen.
    pub(super) quarters: u8,
    pub(super) colours: Colours,
}

/// What is drawn, and what it is drawn with.
#[derive(Default)]
struct Drawing {
    content: Vec<u8>,
    fonts: Dictionary,
    pictures: Dictionary,
}

impl Drawing {
    fn push(&mut self, text: &str) {
        self.content.extend_from_slice(text.as_bytes());
    }
}

/// Writes the form of an appearance of nothing. ISO 19005-1 §6.9: no field is without one; later
/// parts spare those that are invisible.
pub(super) fn blank(update: &mut IncrementalUpdate) -> Result<ObjectReference, Error> {
    let mut form = Dictionary::default();
    form.set("Type", Object::name("XObject"));
    form.set("Subtype", Object::name("Form"));
    form.set("BBox", Object::Array([0; 4].map(Object::Integer).into()));
    let reference = update.allocate()?;
    update.write_stream_with(reference, form, &[]);
    Ok(reference)
}

/// Writes the form of an appearance.
///
/// # Errors
/// [`Unsupported`] for a font that cannot be used or lacks a letter, for more text than there is
/// room for, and for a picture that is not taken; [`Malformed`](crate::error::Malformed); a limit.
pub(super) fn write(
    appearance: &Appearance,
    canvas: Canvas,
    update: &mut IncrementalUpdate,
    budget: &mut Budget,
) -> Result<ObjectReference, Error> {
    let [width, height] = canvas.extent;
    let mut drawing = Drawing::default();
    drawing.push(&format!(
        "/C0 CS 0.5 SCN 0.5 w 0.25 0.25 {} {} re S /C0 cs 0 scn\n",
        decimal(width - 50),
        decimal(height - 50)
    ));
    let inner = [width - 2 * PADDING, height - 2 * PADDING];
    let is_text_shown = appearance.font.is_some() && !appearance.lines.is_empty();
    // Left, width: a picture leaves the greater part to the text.
    let widest = if is_text_shown {
        inner[0] * 2 / 5
    } else {
        inner[0]
    };
    let taken = match &appearance.picture {
        None => 0,
        Some(_) if inner.iter().any(|side| *side <= 0) => {
            return Err(InputError::NoRoom.into());
        }
        Some(SignaturePicture::Image(octets)) => {
            let picture = Picture::read(octets, canvas.colours, budget)?;
            draw_picture(
                &picture,
                [widest, inner[1]],
                is_text_shown,
                &mut drawing,
                update,
            )?
        }
        Some(SignaturePicture::Code(text)) => {
            let left = if is_text_shown { None } else { Some(inner[0]) };
            draw_code(
                text,
                widest.min(inner[1]),
                [left, Some(inner[1])],
                &mut drawing,
            )?
        }
    };
    if let Some(font) = appearance.font.as_ref().filter(|_| is_text_shown) {
        let left = if taken > 0 {
            taken + 2 * PADDING
        } else {
            PADDING
        };
        let area = [left, width - PADDING, height];
        draw_text(&appearance.lines, font, area, &mut drawing, update)?;
    } else if appearance.picture.is_none() {
        return Err(Unsupported::Feature("a visible signature without text").into());
    }

    let mut resources = Dictionary::default();
    let mut spaces = Dictionary::default();
    spaces.set("C0", colour_space(1, canvas.colours));
    resources.set("ColorSpace", Object::Dictionary(spaces));
    for (key, all) in [("Font", drawing.fonts), ("XObject", drawing.pictures)] {
        if all.iter().next().is_some() {
            resources.set(key, Object::Dictionary(all));
        }
    }
    let mut form = Dictionary::default();
    form.set("Type", Object::name("XObject"));
    form.set("Subtype", Object::name("Form"));
    let corners = [0, 0, width, height].map(hundredths);
    form.set("BBox", Object::Array(corners.into()));
    // ISO 32000-2 §12.5.5: against the turn of the page; where it lands is the rectangle's matter.
    let turn = match canvas.quarters {
        1 => Some([0, 1, -1, 0, 0, 0]),
        2 => Some([-1, 0, 0, -1, 0, 0]),
        3 => Some([0, -1, 1, 0, 0, 0]),
        _ => None,
    };
    if let Some(turn) = turn {
        form.set("Matrix", Object::Array(turn.map(Object::Integer).into()));
    }
    form.set("Resources", Object::Dictionary(resources));
    let reference = update.allocate()?;
    update.write_stream_with(reference, form, &drawing.content);
    Ok(reference)
}

/// Draws a picture as large as it fits; gives the width that it takes.
fn draw_picture(
    picture: &Picture,
    [widest, highest]: [i64; 2],
    is_beside_text: bool,
    drawing: &mut Drawing,
    update: &mut IncrementalUpdate,
) -> Result<i64, Error> {
    let [columns, rows] = picture.extent.map(i64::from);
    let by_height = highest * columns / rows.max(1);
    let (width, height) = if by_height <= widest {
        (by_height, highest)
    } else {
        (widest, widest * rows / columns.max(1))
    };
    if width <= 0 || height <= 0 {
        return Err(InputError::NoRoom.into());
    }
    let left = PADDING
        + if is_beside_text {
            0
        } else {
            (widest - width) / 2
        };
    let bottom = PADDING + (highest - height) / 2;
    let [a, b, c, d, e, f] = picture.turn;
    let matrix = [
        a * width,
        b * height,
        c * width,
        d * height,
        e * width + left,
        f * height + bottom,
    ]
    .map(decimal);
    drawing.push(&format!("q {} cm /P0 Do Q\n", matrix.join(" ")));
    let mut dictionary = picture.image.dictionary.clone();
    if let Some(mask) = &picture.mask {
        let reference = update.allocate()?;
        update.write_stream_with(reference, mask.dictionary.clone(), &mask.data);
        dictionary.set("SMask", Object::Reference(reference));
    }
    let reference = update.allocate()?;
    update.write_stream_with(reference, dictionary, &picture.image.data);
    drawing.pictures.set("P0", Object::Reference(reference));
    Ok(width)
}

/// Draws a QR code in a square, in the middle of the lengths that are given; gives its width.
fn draw_code(
    text: &str,
    side: i64,
    middle: [Option<i64>; 2],
    drawing: &mut Drawing,
) -> Result<i64, Error> {
    let code = QrCode::encode_text(text, QrCodeEcc::Medium).map_err(|_| InputError::NoRoom)?;
    // ISO 18004 §6.3.8: four modules of white around it; the padding is one.
    let count = i64::from(code.size());
    let module = side / (count + 6);
    if module < SMALLEST_MODULE {
        return Err(InputError::NoRoom.into());
    }
    let [left, bottom] = middle.map(|length| {
        let spare = length.map_or(0, |length| (length - side) / 2);
        PADDING + spare + (side - module * count) / 2
    });
    let top = bottom + module * count;
    // Whatever the page shows there.
    let quiet = module * (count + 2);
    let ground = [left - module, bottom - module, quiet, quiet].map(decimal);
    drawing.push(&format!("1 scn {} re f 0 scn\n", ground.join(" ")));
    for row in 0..code.size() {
        let mut column = 0;
        while column < code.size() {
            let dark = (column..code.size()).take_while(|at| code.get_module(*at, row));
            let run = i64::try_from(dark.count()).unwrap_or(0);
            if run > 0 {
                let x = left + module * i64::from(column);
                let y = top - module * (i64::from(row) + 1);
                let rectangle = [x, y, module * run, module].map(decimal);
                drawing.push(&format!("{} re\n", rectangle.join(" ")));
            }
            column += i32::try_from(run).unwrap_or(0) + 1;
        }
    }
    drawing.push("f\n");
    Ok(side)
}

/// Draws lines of text between two edges, as large as they fit, in the middle of the height.
fn draw_text(
    lines: &[String],
    font_file: &[u8],
    [left, right, height]: [i64; 3],
    drawing: &mut Drawing,
    update: &mut IncrementalUpdate,
) -> Result<(), Error> {
    let characters: BTreeSet<char> = lines.iter().flat_map(|line| line.chars()).collect();
    if characters.is_empty() {
        return Err(Unsupported::Feature("a visible signature without text").into());
    }
    let subset = TrueType::parse(font_file)?.subset(&characters)?;
    let glyphs: Vec<Vec<u16>> = lines
        .iter()
        .map(|line| {
            let own = line
                .chars()
                .filter_map(|one| subset.glyphs.get(&one).copied());
            own.collect()
        })
        .collect();
    let longest = glyphs.iter().map(|line| width_of(line, &subset)).max();
    let count = i64::try_from(glyphs.len()).unwrap_or(i64::MAX);
    let inner = [right - left, height - 2 * PADDING];
    let size = size(inner, longest.unwrap_or(0), count).ok_or(InputError::NoRoom)?;
    let leading = size * LEADING / 100;
    let block = leading * (count - 1) + size * (subset.ascent - subset.descent) / 1000;
    let above = (height - block).max(2 * PADDING) / 2;
    let top = height - above - size * subset.ascent / 1000;
    drawing.push(&format!(
        "BT /F0 {} Tf {} TL {} {} Td\n",
        decimal(size),
        decimal(leading),
        decimal(left),
        decimal(top)
    ));
    for line in &glyphs {
        drawing.push("<");
        for glyph in line {
            push_hex(&glyph.to_be_bytes(), &mut drawing.content);
        }
        drawing.push("> Tj T*\n");
    }
    drawing.push("ET\n");
    let font = font(&subset, update)?;
    drawing.fonts.set("F0", Object::Reference(font));
    Ok(())
}

fn width_of(line: &[u16], subset: &Subset) -> i64 {
    let widths = line
        .iter()
        .filter_map(|glyph| subset.widths.get(usize::from(*glyph)));
    widths.sum()
}

/// The largest size at which everything fits.
fn size([width, height]: [i64; 2], longest: i64, lines: i64) -> Option<i64> {
    let [largest, smallest] = SIZES;
    let by_height = height.checked_mul(100)? / lines.checked_mul(LEADING)?.max(1);
    let by_width = width.checked_mul(1000)? / longest.max(1);
    let size = largest.min(by_height).min(by_width);
    (size >= smallest).then_some(size)
}

fn decimal(hundredths: i64) -> String {
    let sign = if hundredths < 0 { "-" } else { "" };
    let hundredths = hundredths.unsigned_abs();
    format!("{sign}{}.{:02}", hundredths / 100, hundredths % 100)
}

/// A length in points; a real keeps two digits.
pub(super) fn hundredths(length: i64) -> Object {
    if length % 100 == 0 {
        return Object::Integer(length / 100);
    }
    Object::Real(decimal(length).parse().unwrap_or_default())
}

/// The font as a composite font whose codes are its glyphs.
fn font(subset: &Subset, update: &mut IncrementalUpdate) -> Result<ObjectReference, Error> {
    let numbers =
        |values: &[i64]| Object::Array(values.iter().copied().map(Object::Integer).collect());
    // ISO 32000-2 §9.9.2: a tag of six letters tells one subset from another.
    let digest = crypto::object_id(&subset.program).to_hex();
    let letters = digest.bytes().take(6).map(|digit| {
        let value = char::from(digit)
            .to_digit(16)
            .and_then(|value| u8::try_from(value).ok());
        char::from(b'A' + value.unwrap_or(0))
    });
    let name = format!("{}+Signature", letters.collect::<String>());

    let program = update.allocate()?;
    let mut file = Dictionary::default();
    let length = i64::try_from(subset.program.len()).unwrap_or(i64::MAX);
    file.set("Length1", Object::Integer(length));
    update.write_stream_with(program, file, &subset.program);

    let mut descriptor = Dictionary::default();
    descriptor.set("Type", Object::name("FontDescriptor"));
    descriptor.set("FontName", Object::name(&name));
    // Symbolic: codes are glyphs.
    descriptor.set("Flags", Object::Integer(4));
    descriptor.set("FontBBox", numbers(&subset.bounds));
    descriptor.set("ItalicAngle", Object::Integer(0));
    descriptor.set("Ascent", Object::Integer(subset.ascent));
    descriptor.set("Descent", Object::Integer(subset.descent));
    descriptor.set("CapHeight", Object::Integer(subset.ascent));
    descriptor.set("StemV", Object::Integer(80));
    descriptor.set("FontFile2", Object::Reference(program));
    // ISO 19005-1 §6.3.5: a bit for each glyph of the program, and all of them are used.
    let glyphs = subset.widths.len();
    let mut bits = vec![0xff; glyphs / 8];
    if !glyphs.is_multiple_of(8) {
        bits.push(0xff_u8 << (8 - glyphs % 8));
    }
    let list = update.allocate()?;
    update.write_stream(list, &bits);
    descriptor.set("CIDSet", Object::Reference(list));
    let own = update.allocate()?;
    update.write(own, &Object::Dictionary(descriptor));

    let mut system = Dictionary::default();
    system.set("Registry", Object::text("Adobe"));
    system.set("Ordering", Object::text("Identity"));
    system.set("Supplement", Object::Integer(0));
    let mut descendant = Dictionary::default();
    descendant.set("Type", Object::name("Font"));
    descendant.set("Subtype", Object::name("CIDFontType2"));
    descendant.set("BaseFont", Object::name(&name));
    descendant.set("CIDSystemInfo", Object::Dictionary(system));
    descendant.set("FontDescriptor", Object::Reference(own));
    descendant.set("CIDToGIDMap", Object::name("Identity"));
    let widths = vec![Object::Integer(0), numbers(&subset.widths)];
    descendant.set("W", Object::Array(widths));
    let own = update.allocate()?;
    update.write(own, &Object::Dictionary(descendant));

    let unicode = update.allocate()?;
    update.write_stream(unicode, to_unicode(subset).as_bytes());
    let mut font = Dictionary::default();
    font.set("Type", Object::name("Font"));
    font.set("Subtype", Object::name("Type0"));
    font.set("BaseFont", Object::name(&name));
    font.set("Encoding", Object::name("Identity-H"));
    font.set(
        "DescendantFonts",
        Object::Array(vec![Object::Reference(own)]),
    );
    font.set("ToUnicode", Object::Reference(unicode));
    let reference = update.allocate()?;
    update.write(reference, &Object::Dictionary(font));
    Ok(reference)
}

fn to_unicode(subset: &Subset) -> String {
    let mut lines = Vec::new();
    for (character, glyph) in &subset.glyphs {
        let mut units = [0; 2];
        let units: String = character
            .encode_utf16(&mut units)
            .iter()
            .map(|unit| format!("{unit:04X}"))
            .collect();
        lines.push(format!("<{glyph:04X}> <{units}>\n"));
    }
    let mut text = String::from(
        "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n/CIDSystemInfo <</Registry \
         (Adobe) /Ordering (UCS) /Supplement 0>> def\n/CMapName /Adobe-Identity-UCS def\n/CMapType 2 \
         def\n1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n",
    );
    // At most a hundred lines in one list.
    for part in lines.chunks(100) {
        text.push_str(&format!(
            "{} beginbfchar\n{}endbfchar\n",
            part.len(),
            part.concat()
        ));
    }
    text.push_str("endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n");
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_grow_to_a_limit_and_shrink_to_another() {
        assert_eq!(size([20_000, 6_000], 10_000, 2), Some(1_200));
        assert_eq!(size([20_000, 6_000], 30_000, 2), Some(666));
        assert_eq!(size([20_000, 1_200], 10_000, 2), Some(500));
        assert_eq!(size([20_000, 600], 10_000, 2), None);
        assert_eq!(size([-300, 500], 10, 1), None);
        assert_eq!(size([20_000, 6_000], 0, 0), Some(1_200));
    }

    #[test]
    fn lengths_are_written_with_two_digits() {
        assert_eq!(decimal(1_205), "12.05");
        assert_eq!(decimal(40), "0.40");
        assert_eq!(decimal(-40), "-0.40");
    }
}
