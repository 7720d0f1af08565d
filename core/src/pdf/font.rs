//! TrueType fonts, read as far as a line of text needs, and cut down to its letters.
//!
//! A font comes from whoever signs, and only the glyphs that are shown go into the document. Offsets
//! in the file are believed only where they lead inside it.
//!
//! # Standard
//! ISO 14496-22 §4.3, §5.2, §5.3 (tables); ISO 32000-2 §9.9.2 (embedded font programs).

use crate::error::{Error, Malformed, MalformedKind, Unsupported};
use std::collections::{BTreeMap, BTreeSet};

/// Tables that hinted glyphs refer to, and that are kept as they are.
const KEPT: [&[u8; 4]; 3] = [b"cvt ", b"fpgm", b"prep"];
/// Components of components: deeper than any font has.
const DEPTH: usize = 16;
/// Components of one glyph that are looked at.
const COMPONENTS: usize = 256;

/// A font whose tables have been found.
#[derive(Clone, Debug)]
pub(crate) struct TrueType<'a> {
    tables: BTreeMap<[u8; 4], &'a [u8]>,
    units: u16,
    glyphs: u16,
    metrics: u16,
    has_long_offsets: bool,
    map: CharacterMap<'a>,
}

#[derive(Clone, Debug)]
enum CharacterMap<'a> {
    /// Format 4: segments of 16-bit codes.
    Segments(&'a [u8]),
    /// Format 12: groups of 32-bit codes.
    Groups(&'a [u8]),
}

/// A font program with the glyphs of a text, and what the document says about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Subset {
    /// The font program.
    pub(crate) program: Vec<u8>,
    /// Of each character its glyph in the program.
    pub(crate) glyphs: BTreeMap<char, u16>,
    /// The advance width of each glyph of the program, in thousandths of the size.
    pub(crate) widths: Vec<i64>,
    /// Box, ascent and descent, in thousandths of the size.
    pub(crate) bounds: [i64; 4],
    pub(crate) ascent: i64,
    pub(crate) descent: i64,
}

fn wrong() -> Malformed {
    Malformed::within(MalformedKind::PdfStream, "font")
}

fn u16_at(octets: &[u8], at: usize) -> Option<u16> {
    let pair = octets.get(at..at.checked_add(2)?)?;
    Some(u16::from_be_bytes(pair.try_into().ok()?))
}

fn i16_at(octets: &[u8], at: usize) -> Option<i16> {
    let pair = octets.get(at..at.checked_add(2)?)?;
    Some(i16::from_be_bytes(pair.try_into().ok()?))
}

fn u32_at(octets: &[u8], at: usize) -> Option<u32> {
    let four = octets.get(at..at.checked_add(4)?)?;
    Some(u32::from_be_bytes(four.try_into().ok()?))
}

fn index(number: u32) -> Option<usize> {
    usize::try_from(number).ok()
}

impl<'a> TrueType<'a> {
    /// Finds the tables.
    ///
    /// # Errors
    /// [`Unsupported`] for other kinds of fonts and for one that must not be embedded;
    /// [`Malformed`].
    pub(crate) fn parse(octets: &'a [u8]) -> Result<Self, Error> {
        match octets.get(..4) {
            Some([0, 1, 0, 0] | b"true") => {}
            _ => return Err(Unsupported::Feature("fonts other than TrueType").into()),
        }
        let count = usize::from(u16_at(octets, 4).ok_or_else(wrong)?);
        let mut tables = BTreeMap::new();
        for number in 0..count {
            let at = 12 + number * 16;
            let entry = octets.get(at..at + 16).ok_or_else(wrong)?;
            let tag: [u8; 4] = entry
                .get(..4)
                .and_then(|tag| tag.try_into().ok())
                .ok_or_else(wrong)?;
            let start = u32_at(entry, 8).and_then(index).ok_or_else(wrong)?;
            let length = u32_at(entry, 12).and_then(index).ok_or_else(wrong)?;
            let end = start.checked_add(length).ok_or_else(wrong)?;
            tables.insert(tag, octets.get(start..end).ok_or_else(wrong)?);
        }
        let table = |tag: &[u8; 4]| tables.get(tag).copied().ok_or_else(wrong);
        // OS/2 fsType: restricted licence embedding.
        if let Some(rights) = tables.get(b"OS/2").and_then(|table| u16_at(table, 8))
            && rights & 0x000f == 2
        {
            return Err(Unsupported::Feature("a font that must not be embedded").into());
        }
        let head = table(b"head")?;
        let font = Self {
            units: u16_at(head, 18)
                .filter(|units| *units > 0)
                .ok_or_else(wrong)?,
            has_long_offsets: i16_at(head, 50).ok_or_else(wrong)? != 0,
            glyphs: u16_at(table(b"maxp")?, 4).ok_or_else(wrong)?,
            metrics: u16_at(table(b"hhea")?, 34)
                .filter(|metrics| *metrics > 0)
                .ok_or_else(wrong)?,
            map: character_map(table(b"cmap")?).ok_or_else(wrong)?,
            tables,
        };
        font.table(b"glyf")?;
        font.table(b"loca")?;
        font.table(b"hmtx")?;
        Ok(font)
    }

    fn table(&self, tag: &[u8; 4]) -> Result<&'a [u8], Malformed> {
        self.tables.get(tag).copied().ok_or_else(wrong)
    }

    /// The glyph of a character; none when the font has no such letter.
    pub(crate) fn glyph(&self, character: char) -> Option<u16> {
        let code = u32::from(character);
        let found = match self.map {
            CharacterMap::Segments(table) => segment_glyph(table, u16::try_from(code).ok()?),
            CharacterMap::Groups(table) => group_glyph(table, code),
        };
        found.filter(|glyph| *glyph != 0 && *glyph < self.glyphs)
    }

    /// A length of the font in thousandths of the size.
    fn thousandths(&self, length: i64) -> i64 {
        length * 1000 / i64::from(self.units)
    }

    fn advance(&self, glyph: u16) -> Option<u16> {
        let own = glyph.min(self.metrics - 1);
        u16_at(self.tables.get(b"hmtx")?, usize::from(own) * 4)
    }

    fn outline(&self, glyph: u16) -> Option<&'a [u8]> {
        let (loca, glyf) = (self.tables.get(b"loca")?, self.tables.get(b"glyf")?);
        let place = |number: usize| -> Option<usize> {
            if self.has_long_offsets {
                index(u32_at(loca, number * 4)?)
            } else {
                Some(usize::from(u16_at(loca, number * 2)?) * 2)
            }
        };
        let number = usize::from(glyph);
        glyf.get(place(number)?..place(number + 1)?)
    }

    /// A font program with the glyphs of these characters only.
    ///
    /// # Errors
    /// [`Unsupported`] when the font lacks a letter; [`Malformed`].
    pub(crate) fn subset(&self, characters: &BTreeSet<char>) -> Result<Subset, Error> {
        let mut old = BTreeMap::new();
        for character in characters {
            let missing = Unsupported::Feature("a letter that the font does not have");
            old.insert(*character, self.glyph(*character).ok_or(missing)?);
        }
        let kept = self.closure(old.values().copied())?;
        let new: BTreeMap<u16, u16> = kept.iter().copied().zip(0_u16..).collect();
        let number = |glyph: &u16| new.get(glyph).copied().ok_or_else(wrong);
        let (mut glyf, mut loca, mut hmtx, mut widths) =
            (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        let place = |glyf: &[u8]| u32::try_from(glyf.len()).map_err(|_| wrong());
        for glyph in &kept {
            loca.extend_from_slice(&place(&glyf)?.to_be_bytes());
            let mut outline = self.outline(*glyph).ok_or_else(wrong)?.to_vec();
            for at in components(&outline).ok_or_else(wrong)? {
                let component = u16_at(&outline, at).ok_or_else(wrong)?;
                let own = number(&component)?.to_be_bytes();
                outline
                    .get_mut(at..at + 2)
                    .ok_or_else(wrong)?
                    .copy_from_slice(&own);
            }
            glyf.extend_from_slice(&outline);
            glyf.resize(glyf.len().next_multiple_of(4), 0);
            let advance = self.advance(*glyph).ok_or_else(wrong)?;
            hmtx.extend_from_slice(&advance.to_be_bytes());
            // The side bearing, which is the left edge of the outline.
            let bearing = i16_at(&outline, 2).unwrap_or(0);
            hmtx.extend_from_slice(&bearing.to_be_bytes());
            widths.push(self.thousandths(i64::from(advance)));
        }
        loca.extend_from_slice(&place(&glyf)?.to_be_bytes());
        let count = u16::try_from(kept.len())
            .map_err(|_| wrong())?
            .to_be_bytes();

        let mut head = self.table(b"head")?.to_vec();
        put(&mut head, 8, &[0; 4])?;
        put(&mut head, 50, &[0, 1])?;
        let mut hhea = self.table(b"hhea")?.to_vec();
        put(&mut hhea, 34, &count)?;
        let mut maxp = self.table(b"maxp")?.to_vec();
        put(&mut maxp, 4, &count)?;
        let edge = |at| i16_at(&head, at).map(|edge| self.thousandths(i64::from(edge)));
        let bounds = [edge(36), edge(38), edge(40), edge(42)];
        let line = |at| i16_at(&hhea, at).map(|line| self.thousandths(i64::from(line)));
        let subset = Subset {
            bounds: bounds.map(|edge| edge.unwrap_or(0)),
            ascent: line(4).unwrap_or(0),
            descent: line(6).unwrap_or(0),
            widths,
            glyphs: old
                .iter()
                .map(|(character, glyph)| Ok((*character, number(glyph)?)))
                .collect::<Result<_, Malformed>>()?,
            program: Vec::new(),
        };
        let mut tables: BTreeMap<[u8; 4], Vec<u8>> = BTreeMap::new();
        for tag in KEPT {
            if let Some(table) = self.tables.get(tag) {
                tables.insert(*tag, table.to_vec());
            }
        }
        for (tag, table) in [
            (b"glyf", glyf),
            (b"head", head),
            (b"hhea", hhea),
            (b"hmtx", hmtx),
            (b"loca", loca),
            (b"maxp", maxp),
        ] {
            tables.insert(*tag, table);
        }
        Ok(Subset {
            program: program(&tables)?,
            ..subset
        })
    }

    /// The glyphs and those that they are made of; `.notdef` first, as every font has it.
    fn closure(&self, glyphs: impl Iterator<Item = u16>) -> Result<BTreeSet<u16>, Malformed> {
        let mut kept = BTreeSet::from([0]);
        let mut waiting: Vec<u16> = glyphs.collect();
        for _ in 0..DEPTH {
            let mut next = Vec::new();
            for glyph in waiting.drain(..) {
                if !kept.insert(glyph) {
                    continue;
                }
                let outline = self.outline(glyph).ok_or_else(wrong)?;
                for at in components(outline).ok_or_else(wrong)? {
                    next.push(u16_at(outline, at).ok_or_else(wrong)?);
                }
            }
            if next.is_empty() {
                break;
            }
            waiting = next;
        }
        if waiting.iter().any(|glyph| !kept.contains(glyph)) {
            return Err(wrong());
        }
        Ok(kept)
    }
}

fn put(table: &mut [u8], at: usize, octets: &[u8]) -> Result<(), Malformed> {
    let place = table.get_mut(at..at + octets.len()).ok_or_else(wrong)?;
    place.copy_from_slice(octets);
    Ok(())
}

/// Where a composite outline names its components.
fn components(outline: &[u8]) -> Option<Vec<usize>> {
    let mut found = Vec::new();
    match i16_at(outline, 0) {
        Some(contours) if contours < 0 => {}
        // A simple outline, or none at all.
        _ => return Some(found),
    }
    let mut at = 10;
    for _ in 0..COMPONENTS {
        let flags = u16_at(outline, at)?;
        found.push(at + 2);
        let arguments = if flags & 0x0001 != 0 { 4 } else { 2 };
        let scale = match flags {
            _ if flags & 0x0008 != 0 => 2,
            _ if flags & 0x0040 != 0 => 4,
            _ if flags & 0x0080 != 0 => 8,
            _ => 0,
        };
        at = at + 4 + arguments + scale;
        if flags & 0x0020 == 0 {
            return Some(found);
        }
    }
    None
}

/// The table of Unicode: of all characters where there is one, else of the basic plane.
fn character_map(cmap: &[u8]) -> Option<CharacterMap<'_>> {
    let count = usize::from(u16_at(cmap, 2)?);
    let mut best = None;
    for number in 0..count {
        let at = 4 + number * 8;
        let (platform, encoding) = (u16_at(cmap, at)?, u16_at(cmap, at + 2)?);
        let table = cmap.get(index(u32_at(cmap, at + 4)?)?..)?;
        match (platform, encoding, u16_at(table, 0)?) {
            (3, 10, 12) | (0, _, 12) => return Some(CharacterMap::Groups(table)),
            (3, 1, 4) | (0, _, 4) => best = Some(CharacterMap::Segments(table)),
            _ => {}
        }
    }
    best
}

fn segment_glyph(table: &[u8], code: u16) -> Option<u16> {
    let doubled = usize::from(u16_at(table, 6)?);
    let (ends, starts) = (14, 16 + doubled);
    let (deltas, offsets) = (starts + doubled, starts + 2 * doubled);
    for segment in (0..doubled).step_by(2) {
        if u16_at(table, ends + segment)? < code {
            continue;
        }
        let start = u16_at(table, starts + segment)?;
        if start > code {
            return None;
        }
        let delta = u16_at(table, deltas + segment)?;
        let offset = usize::from(u16_at(table, offsets + segment)?);
        if offset == 0 {
            return Some(code.wrapping_add(delta));
        }
        let at = offsets + segment + offset + usize::from(code - start) * 2;
        let glyph = u16_at(table, at)?;
        return Some(if glyph == 0 {
            0
        } else {
            glyph.wrapping_add(delta)
        });
    }
    None
}

fn group_glyph(table: &[u8], code: u32) -> Option<u16> {
    let count = index(u32_at(table, 12)?)?;
    for number in 0..count {
        let at = number.checked_mul(12)?.checked_add(16)?;
        let (start, end) = (u32_at(table, at)?, u32_at(table, at + 4)?);
        if (start..=end).contains(&code) {
            let first = u32_at(table, at + 8)?;
            return u16::try_from(first.checked_add(code - start)?).ok();
        }
    }
    None
}

/// The font file around tables.
fn program(tables: &BTreeMap<[u8; 4], Vec<u8>>) -> Result<Vec<u8>, Malformed> {
    let count = u16::try_from(tables.len()).map_err(|_| wrong())?;
    let power = 15_u32.saturating_sub(count.leading_zeros());
    let range = 16_u16 << power;
    let selector = u16::try_from(power).map_err(|_| wrong())?;
    let mut octets = vec![0, 1, 0, 0];
    for number in [count, range, selector, count * 16 - range] {
        octets.extend_from_slice(&number.to_be_bytes());
    }
    let mut place = 12 + tables.len() * 16;
    for (tag, table) in tables {
        octets.extend_from_slice(tag);
        let length = table.len();
        octets.extend_from_slice(&checksum(table).to_be_bytes());
        for number in [place, length] {
            let number = u32::try_from(number).map_err(|_| wrong())?;
            octets.extend_from_slice(&number.to_be_bytes());
        }
        place = (place + length).next_multiple_of(4);
    }
    let mut head = None;
    for (tag, table) in tables {
        if tag == b"head" {
            head = Some(octets.len());
        }
        octets.extend_from_slice(table);
        octets.resize(octets.len().next_multiple_of(4), 0);
    }
    let adjustment = 0xb1b0_afba_u32.wrapping_sub(checksum(&octets));
    let head = head.ok_or_else(wrong)?;
    put(&mut octets, head + 8, &adjustment.to_be_bytes())?;
    Ok(octets)
}

fn checksum(table: &[u8]) -> u32 {
    table
        .chunks(4)
        .map(|chunk| {
            let mut four = [0; 4];
            four.iter_mut()
                .zip(chunk)
                .for_each(|(to, from)| *to = *from);
            u32::from_be_bytes(four)
        })
        .fold(0, u32::wrapping_add)
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// A font with `A`, `B`, and `Ə`, which is made of the other two.
    pub(crate) fn tiny(embedding: u16) -> Vec<u8> {
        let simple = |edge: u8| {
            let mut outline = vec![0, 1, 0, edge, 0, 0, 1, 0, 1, 0];
            outline.extend_from_slice(&[0, 2, 0, 0, 1, 1, 1, 0, 0, 0, 1, 0, 1, 0, 1, 0]);
            outline.resize(outline.len().next_multiple_of(4), 0);
            outline
        };
        let composite = [
            &[0xff, 0xff, 0, 0, 0, 0, 1, 0, 1, 0][..],
            // More components follow; then the last.
            &[0, 0x20, 0, 1, 0, 0],
            &[0, 0, 0, 2, 0, 0],
            &[0, 0],
        ]
        .concat();
        let outlines = [simple(0), simple(1), simple(2), composite];
        let mut loca = Vec::new();
        let mut place = 0_u16;
        for outline in &outlines {
            loca.extend_from_slice(&(place / 2).to_be_bytes());
            place += u16::try_from(outline.len()).unwrap();
        }
        loca.extend_from_slice(&(place / 2).to_be_bytes());
        let mut head = vec![0; 54];
        head[18..20].copy_from_slice(&1000_u16.to_be_bytes());
        let mut hhea = vec![0; 36];
        hhea[4..6].copy_from_slice(&800_i16.to_be_bytes());
        hhea[6..8].copy_from_slice(&(-200_i16).to_be_bytes());
        hhea[34..36].copy_from_slice(&2_u16.to_be_bytes());
        let mut maxp = vec![0; 32];
        maxp[4..6].copy_from_slice(&4_u16.to_be_bytes());
        let mut rights = vec![0; 78];
        rights[8..10].copy_from_slice(&embedding.to_be_bytes());
        let words = |words: &[u16]| -> Vec<u8> {
            words.iter().flat_map(|word| word.to_be_bytes()).collect()
        };
        // A, B by delta; U+018F by an array of glyphs; the end.
        let cmap = words(&[
            0,
            1,
            3,
            1,
            0,
            12,
            4,
            42,
            0,
            6,
            0,
            0,
            0,
            0x42,
            0x18f,
            0xffff,
            0,
            0x41,
            0x18f,
            0xffff,
            0_u16.wrapping_sub(0x40),
            0,
            1,
            0,
            4,
            0,
            3,
        ]);
        let tables: BTreeMap<[u8; 4], Vec<u8>> = [
            (b"OS/2", rights),
            (b"cmap", cmap),
            (b"glyf", outlines.concat()),
            (b"head", head),
            (b"hhea", hhea),
            (b"hmtx", words(&[500, 0, 600, 1, 2, 3])),
            (b"loca", loca),
            (b"maxp", maxp),
        ]
        .into_iter()
        .map(|(tag, table)| (*tag, table))
        .collect();
        program(&tables).unwrap()
    }

    #[test]
    fn a_subset_is_a_font_with_the_glyphs_that_are_shown_and_their_parts() {
        let font = tiny(0);
        let font = TrueType::parse(&font).unwrap();
        assert_eq!(
            ['A', 'B', 'Ə', 'C'].map(|one| font.glyph(one)),
            [Some(1), Some(2), Some(3), None]
        );
        let subset = font.subset(&BTreeSet::from(['Ə'])).unwrap();
        assert_eq!(subset.widths, [500, 600, 600, 600]);
        assert_eq!(subset.glyphs, BTreeMap::from([('Ə', 3)]));
        assert_eq!((subset.ascent, subset.descent), (800, -200));
        let alone = font.subset(&BTreeSet::from(['B'])).unwrap();
        assert_eq!(alone.glyphs, BTreeMap::from([('B', 1)]));
        assert!(alone.program.len() < subset.program.len());
        // The whole file sums up to the number of the standard.
        assert_eq!(checksum(&alone.program), 0xb1b0_afba);
    }

    #[test]
    fn a_letter_that_is_missing_and_a_font_that_may_not_be_embedded_are_refused() {
        let font = tiny(0);
        let subset = TrueType::parse(&font)
            .unwrap()
            .subset(&BTreeSet::from(['C']));
        assert!(matches!(subset, Err(Error::Unsupported(_))));
        assert!(matches!(
            TrueType::parse(&tiny(2)),
            Err(Error::Unsupported(_))
        ));
        for other in [&b"OTTO"[..], b"", b"ttcf\0\0\0\0", b"%PDF-1.7"] {
            assert!(matches!(TrueType::parse(other), Err(Error::Unsupported(_))));
        }
    }

    #[test]
    fn no_cut_and_no_flipped_octet_ends_in_a_panic() {
        let font = tiny(0);
        let all = BTreeSet::from(['A', 'B', 'Ə']);
        for length in 0..font.len() {
            if let Ok(cut) = TrueType::parse(&font[..length]) {
                let _ = cut.subset(&all);
            }
        }
        for at in 0..font.len() {
            for value in [0x00, 0x7f, 0xff] {
                let mut other = font.clone();
                other[at] = value;
                if let Ok(other) = TrueType::parse(&other) {
                    let _ = other.subset(&all);
                }
            }
        }
    }
}
