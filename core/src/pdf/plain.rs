//! The one form in which an update behind a signature is written.
//!
//! The syntax leaves much open, and readers take more or less of it: signs and zeros before a
//! number, comments between its parts, names longer than their room. What one of them stumbles over
//! it repairs, or reads as something else; so another document is shown than the one that was
//! compared. No writer needs any of it: an update is taken in the form that all of them write.
//!
//! # Standard
//! ISO 32000-2 §7.2 (lexical conventions), §7.3, §7.5.4; ISO 32000-1 annex C (limits).

use super::object::ObjectReference;

/// What is not in that form, in words.
pub(crate) type Odd = &'static str;

/// The highest object number that other readers take (ISO 32000-1 annex C).
pub(super) const HIGHEST: u32 = 8_388_607;
/// ISO 32000-1 annex C.
const LONGEST_NAME: usize = 127;
/// What fits 64 bits, with its sign. Some readers end beyond.
const LONGEST_INTEGER: usize = 19;
/// Offsets and lengths of sections: a table has room for ten digits.
const LONGEST_OFFSET: usize = 11;
/// The digits of a double with its zeros; some readers take 255 octets.
const LONGEST_REAL: usize = 40;
/// Writers leave room for a range of octets to sign; some readers give up far above.
const LONGEST_BLANK: usize = 256;
/// A row of a table with its end of line.
const ROW: usize = 20;

/// What is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// An object, or what an object stream holds.
    Object,
    /// A trailer, or a cross-reference stream.
    Section,
}

/// An object from its number to `endobj`, or to the data of a stream.
pub(super) fn object(octets: &[u8], reference: ObjectReference, part: Part) -> Result<(), Odd> {
    let header = format!("{} {} obj", reference.number, reference.generation);
    let rest = octets.strip_prefix(header.as_bytes());
    tokens(rest.ok_or("another header of an object")?, part)
}

/// The tokens of values, up to the data of a stream.
pub(super) fn tokens(octets: &[u8], part: Part) -> Result<(), Odd> {
    let mut rest = octets;
    let (mut before, mut last): (&[u8], &[u8]) = (b"", b"");
    while let Some((first, after)) = rest.split_first() {
        let length = match first {
            b' ' | b'\t' | b'\r' | b'\n' => {
                let blank = rest.iter().take_while(|octet| is_blank(**octet)).count();
                if blank > LONGEST_BLANK {
                    return Err("a long blank inside an object");
                }
                rest = rest.get(blank..).unwrap_or_default();
                continue;
            }
            0 | 12 => return Err("a control character between tokens"),
            b'%' => return Err("a comment inside an object"),
            b'(' => literal_string(rest),
            b'<' if after.first() == Some(&b'<') => 2,
            b'<' => rest
                .iter()
                .take_while(|octet| **octet != b'>')
                .count()
                .saturating_add(1),
            b'[' | b']' => 1,
            b'/' => regular(after).saturating_add(1),
            _ => regular(rest).max(1),
        };
        let (token, after) = rest.split_at_checked(length).unwrap_or((rest, b""));
        match first {
            b'/' => name(token.get(1..).unwrap_or_default())?,
            b'0'..=b'9' | b'+' | b'-' | b'.' => {
                number(token, part)?;
            }
            b'R' if token == b"R" => reference(before, last)?,
            b's' if token == b"stream" => {
                return match after {
                    b"\n" | b"\r\n" => Ok(()),
                    _ => Err("another end of line before the data of a stream"),
                };
            }
            _ => {}
        }
        (before, last, rest) = (last, token, after);
    }
    Ok(())
}

fn is_blank(octet: u8) -> bool {
    matches!(octet, b' ' | b'\t' | b'\r' | b'\n')
}

fn regular(octets: &[u8]) -> usize {
    let is_other = |octet: &u8| super::lexer::is_space(*octet) || b"()<>[]{}/%".contains(octet);
    octets.iter().take_while(|octet| !is_other(octet)).count()
}

/// How long a string is with its delimiters.
fn literal_string(octets: &[u8]) -> usize {
    let (mut open, mut is_escaped) = (0_u64, false);
    let end = octets.iter().position(|octet| {
        match octet {
            _ if is_escaped => {
                is_escaped = false;
                return false;
            }
            b'\\' => is_escaped = true,
            b'(' => open = open.saturating_add(1),
            b')' => open = open.saturating_sub(1),
            _ => {}
        }
        open == 0
    });
    end.map_or(octets.len(), |end| end.saturating_add(1))
}

/// Some readers end a name at `#00`, and differ about `#` before anything else.
fn name(name: &[u8]) -> Result<(), Odd> {
    if name.len() > LONGEST_NAME {
        return Err("a name longer than 127 octets");
    }
    // Some readers take these octets for blanks. Within words of another language they stand behind
    // octets of the same letter.
    let mut words = name.split(|octet| matches!(octet, 0x80 | 0xff));
    if words
        .next()
        .is_some_and(|word| word.len() < name.len() && word.is_ascii())
    {
        return Err("a name that ends early for some");
    }
    let mut parts = name.split(|octet| *octet == b'#').skip(1);
    let is_octet = |part: &[u8]| match part {
        [b'0', b'0', ..] => false,
        [high, low, ..] => high.is_ascii_hexdigit() && low.is_ascii_hexdigit(),
        _ => false,
    };
    match parts.all(is_octet) {
        true => Ok(()),
        false => Err("a name with another # than before an octet"),
    }
}

/// Writers pad lengths and the range of octets that is signed.
fn number(number: &[u8], part: Part) -> Result<(), Odd> {
    let digits = number.strip_prefix(b"-").unwrap_or(number);
    if digits.starts_with(b"+") {
        return Err("a sign before a number");
    }
    if digits.contains(&b'.') {
        return match number.len() <= LONGEST_REAL {
            true => Ok(()),
            false => Err("a long number"),
        };
    }
    let longest = match part {
        Part::Object => LONGEST_INTEGER,
        Part::Section => LONGEST_OFFSET,
    };
    if number.len() > longest {
        return Err("a long number");
    }
    match digits {
        [b'0', _, ..] if part == Part::Section => Err("a number with zeros before it"),
        _ => Ok(()),
    }
}

fn reference(number: &[u8], generation: &[u8]) -> Result<(), Odd> {
    let number = decimal(number).filter(|number| *number <= u64::from(HIGHEST));
    let generation = decimal(generation).filter(|one| *one <= u64::from(u16::MAX));
    match (number, generation) {
        (Some(_), Some(_)) => Ok(()),
        _ => Err("a reference in another form"),
    }
}

/// A number of digits alone, without zeros before it.
fn decimal(digits: &[u8]) -> Option<u64> {
    let is_plain = digits.len() <= LONGEST_OFFSET
        && digits.iter().all(u8::is_ascii_digit)
        && !matches!(digits, [b'0', _, ..]);
    let text = std::str::from_utf8(digits).ok().filter(|_| is_plain)?;
    text.parse().ok()
}

/// A table from `xref` to the end of its trailer: its fixed form (ISO 32000-2 §7.5.4) on lines of
/// their own.
pub(super) fn table(octets: &[u8]) -> Result<(), Odd> {
    const OTHER: Odd = "a table in another form";
    let mut rest = octets.strip_prefix(b"xref").ok_or(OTHER)?;
    rest = end_of_line(rest).ok_or(OTHER)?;
    loop {
        // Some writers leave a line before it.
        let blank = rest.iter().take_while(|octet| is_blank(**octet)).count();
        let behind = rest.get(blank..).unwrap_or_default();
        if let Some(trailer) = behind.strip_prefix(b"trailer") {
            return tokens(trailer, Part::Section);
        }
        let digits = |octets: &[u8]| octets.iter().take_while(|one| one.is_ascii_digit()).count();
        let (first, after) = rest.split_at_checked(digits(rest)).ok_or(OTHER)?;
        let after = after.strip_prefix(b" ").ok_or(OTHER)?;
        let (count, after) = after.split_at_checked(digits(after)).ok_or(OTHER)?;
        rest = end_of_line(after).ok_or(OTHER)?;
        let (Some(first), Some(count)) = (decimal(first), decimal(count)) else {
            return Err(OTHER);
        };
        // `0 0` is what a table without entries has.
        if count == 0 && first != 0 {
            return Err("a part of a table without entries");
        }
        let count = usize::try_from(count).map_err(|_| OTHER)?;
        let length = count.checked_mul(ROW).ok_or(OTHER)?;
        let (rows, after) = rest.split_at_checked(length).ok_or(OTHER)?;
        if !rows.chunks_exact(ROW).all(is_row) {
            return Err("a row of a table in another form");
        }
        rest = after;
    }
}

/// Behind the end of a line.
fn end_of_line(octets: &[u8]) -> Option<&[u8]> {
    let blank = octets.iter().take_while(|octet| **octet == b' ').count();
    match octets.get(blank..)? {
        [b'\r', b'\n', rest @ ..] | [b'\r' | b'\n', rest @ ..] => Some(rest),
        _ => None,
    }
}

fn is_row(row: &[u8]) -> bool {
    let is_digits = |octets: &[u8]| octets.iter().all(u8::is_ascii_digit);
    let is_nowhere = |octets: &[u8]| octets.iter().all(|octet| *octet == b'0');
    match row {
        [
            offset @ ..,
            b' ',
            a,
            b,
            c,
            d,
            e,
            b' ',
            kind @ (b'n' | b'f'),
            one,
            two,
        ] => {
            is_digits(offset)
                && is_digits(&[*a, *b, *c, *d, *e])
                && matches!((one, two), (b' ', b'\r' | b'\n') | (b'\r', b'\n'))
                && (*kind == b'f' || !is_nowhere(offset))
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_writers_write_is_plain() {
        for plain in [
            &b"<</A[0 -1 .5 -0.25 0000000012 4.]/B#20C(a\\)%(x)\0)/D<0a%>>>"[..],
            b" [1 0 R 8388607 65535 R null true]\r\nendobj",
            b"<</Length 12/Real 0.30000000000000004>>stream\r\n",
            b"\n9223372036854775807 ",
            b"/\xc3\xa4#e4",
        ] {
            assert_eq!(tokens(plain, Part::Object), Ok(()), "{plain:?}");
        }
        let reference = ObjectReference {
            number: 12,
            generation: 3,
        };
        let octets = b"12 3 obj<<>>endobj";
        assert_eq!(object(octets, reference, Part::Object), Ok(()));
        let trailer = b"<</Size 9/Prev 12345678901/Encrypt<</P -1324>>>>";
        assert_eq!(tokens(trailer, Part::Section), Ok(()));
        for plain in [&b"<</Length 0000000017>>"[..], b"/\xd1\x80", b"/#D1#80"] {
            assert_eq!(tokens(plain, Part::Object), Ok(()), "{plain:?}");
        }
    }

    #[test]
    fn what_readers_stumble_over_is_not() {
        let long_name = [b"/", "N".repeat(128).as_bytes()].concat();
        let long_real = [b"1.", "0".repeat(39).as_bytes()].concat();
        let long_blank = [b"1", " ".repeat(257).as_bytes(), b"2"].concat();
        for odd in [
            &b"<</A %\n1>>"[..],
            b"<</A\x001>>",
            b"<</A\x0c1>>",
            b"<</A +1>>",
            b"<</A -+1>>",
            b"[04 0 R]",
            b"[4 -0 R]",
            b"[4 00 R]",
            b"[8388608 0 R]",
            b"[4 65536 R]",
            b"10000000000000000000",
            b"/A#00B",
            b"/A#4G",
            b"/A#4",
            b"/Contents\x80",
            b"/\xff",
            b"<<>>stream\r",
            &long_name,
            &long_real,
            &long_blank,
        ] {
            assert!(tokens(odd, Part::Object).is_err(), "{odd:?}");
        }
        for odd in [&b"<</Index[01 2]>>"[..], b"<</Size 123456789012>>"] {
            assert_eq!(tokens(odd, Part::Object), Ok(()), "{odd:?}");
            assert!(tokens(odd, Part::Section).is_err(), "{odd:?}");
        }
        let reference = ObjectReference {
            number: 1,
            generation: 0,
        };
        for odd in [&b"01 0 obj null"[..], b"1  0 obj null", b"1\n0 obj null"] {
            assert!(object(odd, reference, Part::Object).is_err(), "{odd:?}");
        }
    }

    #[test]
    fn tables_have_one_form() {
        for plain in [
            &b"xref\n0 0\ntrailer<<>>"[..],
            b"xref\n1 1\n0000000017 00000 n \n\ntrailer<<>>",
            b"xref \r\n0 1 \r\n0000000000 65535 f\r\ntrailer\n<</Size 1>>",
            b"xref\r3 2\r0000000017 00000 n \r0000000018 00002 n \r7 1\n0000000000 00001 f \ntrailer <<>>",
        ] {
            assert_eq!(table(plain), Ok(()), "{plain:?}");
        }
        for odd in [
            &b"xref 0 0\ntrailer<<>>"[..],
            b"xref\n\n0 0\ntrailer<<>>",
            b"xref %\n0 0\ntrailer<<>>",
            b"xref\n0\t0\ntrailer<<>>",
            b"xref\n0  0\ntrailer<<>>",
            b"xref\n00 0\ntrailer<<>>",
            b"xref\n+0 0\ntrailer<<>>",
            b"xref\n0 0%\ntrailer<<>>",
            b"xref\n9 0\ntrailer<<>>",
            b"xref\n0 1\n0000000000 65535 f\ntrailer<<>>",
            b"xref\n1 1\n\n0000000017 00000 n \ntrailer<<>>",
            b"xref\n1 1\n000000017 00000 n  \ntrailer<<>>",
            b"xref\n1 1\n0000000000 00000 n \ntrailer<<>>",
            b"xref\n1 2\n0000000017 00000 n \ntrailer<<>>",
            b"xref\n1 1\n0000000017 00000 n \n%\ntrailer<<>>",
            b"xref\n0 0\ntrailer<</Prev 07>>",
        ] {
            assert!(table(odd).is_err(), "{odd:?}");
        }
    }
}
