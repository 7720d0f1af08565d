//! What a visible signature looks like: lines of text in a thin frame.
//!
//! The font is embedded with the letters that are shown, and says which letters they are, so that
//! the text can be searched, copied and read aloud.
//!
//! # Standard
//! ISO 32000-2 §12.5.5 (appearance streams), §9.7 (composite fonts), §9.10.3 (ToUnicode).

use crate::crypto;
use crate::error::{Error, Unsupported};
use crate::pdf::{
    Dictionary, IncrementalUpdate, Object, ObjectReference, Subset, TrueType, push_hex,
};
use std::collections::BTreeSet;
use std::sync::Arc;

/// Between frame and text, in hundredths of a point.
const PADDING: i64 = 400;
/// The largest and the smallest letters, in hundredths of a point.
const SIZES: [i64; 2] = [1_200, 300];
/// From line to line, in hundredths of the size.
const LEADING: i64 = 120;

/// A visible signature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Appearance {
    /// The page, from 1.
    pub page: u32,
    /// Left, bottom, width and height in points, from the lower left corner of the page. A field
    /// that is there already keeps its own place.
    pub area: [u32; 4],
    /// Lines of text.
    pub lines: Vec<String>,
    /// A TrueType font with the letters of the text.
    pub font: Arc<[u8]>,
}

/// Writes the form of an appearance, `width` by `height` hundredths of a point.
///
/// # Errors
/// [`Unsupported`] for a font that cannot be used or lacks a letter, and for more text than there is
/// room for.
pub(super) fn write(
    appearance: &Appearance,
    [width, height]: [i64; 2],
    update: &mut IncrementalUpdate,
) -> Result<ObjectReference, Error> {
    let characters: BTreeSet<char> = appearance
        .lines
        .iter()
        .flat_map(|line| line.chars())
        .collect();
    if characters.is_empty() {
        return Err(Unsupported::Feature("a visible signature without text").into());
    }
    let subset = TrueType::parse(&appearance.font)?.subset(&characters)?;
    let glyphs: Vec<Vec<u16>> = appearance
        .lines
        .iter()
        .map(|line| {
            let own = line
                .chars()
                .filter_map(|one| subset.glyphs.get(&one).copied());
            own.collect()
        })
        .collect();
    let longest = glyphs.iter().map(|line| width_of(line, &subset)).max();
    let size = size(
        [width, height],
        longest.unwrap_or(0),
        i64::try_from(glyphs.len()).unwrap_or(i64::MAX),
    )
    .ok_or(Unsupported::Feature("more text than the area has room for"))?;

    let mut content = format!(
        "q 0.5 G 0.5 w 0.25 0.25 {} {} re S Q\n",
        decimal(width - 50),
        decimal(height - 50)
    );
    let leading = size * LEADING / 100;
    let top = height - PADDING - size * subset.ascent / 1000;
    content.push_str(&format!(
        "BT /F0 {} Tf 0 g {} TL {} {} Td\n",
        decimal(size),
        decimal(leading),
        decimal(PADDING),
        decimal(top)
    ));
    let mut octets = content.into_bytes();
    for line in &glyphs {
        octets.push(b'<');
        for glyph in line {
            push_hex(&glyph.to_be_bytes(), &mut octets);
        }
        octets.extend_from_slice(b"> Tj T*\n");
    }
    octets.extend_from_slice(b"ET\n");

    let font = font(&subset, update)?;
    let mut fonts = Dictionary::default();
    fonts.set("F0", Object::Reference(font));
    let mut resources = Dictionary::default();
    resources.set("Font", Object::Dictionary(fonts));
    let mut form = Dictionary::default();
    form.set("Type", Object::name("XObject"));
    form.set("Subtype", Object::name("Form"));
    let corners = [0, 0, width, height].map(hundredths);
    form.set("BBox", Object::Array(corners.into()));
    form.set("Resources", Object::Dictionary(resources));
    let reference = update.allocate()?;
    update.write_stream_with(reference, form, &octets);
    Ok(reference)
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
    let (inner_width, inner_height) = (width - 2 * PADDING, height - 2 * PADDING);
    let by_height = inner_height.checked_mul(100)? / lines.checked_mul(LEADING)?.max(1);
    let by_width = inner_width.checked_mul(1000)? / longest.max(1);
    let size = largest.min(by_height).min(by_width);
    (size >= smallest).then_some(size)
}

fn decimal(hundredths: i64) -> String {
    format!("{}.{:02}", hundredths / 100, (hundredths % 100).abs())
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
        assert_eq!(size([20_000, 6_000], 30_000, 2), Some(640));
        assert_eq!(size([20_000, 2_000], 10_000, 2), Some(500));
        assert_eq!(size([20_000, 1_000], 10_000, 2), None);
        assert_eq!(size([500, 500], 10, 1), None);
        assert_eq!(size([20_000, 6_000], 0, 0), Some(1_200));
    }

    #[test]
    fn lengths_are_written_with_two_digits() {
        assert_eq!(decimal(1_205), "12.05");
        assert_eq!(decimal(40), "0.40");
    }
}
