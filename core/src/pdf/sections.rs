//! What the sections and the object streams of an update have to say.
//!
//! Readers differ about a trailer without a true `/Size`, about widths and filters that nobody
//! writes, and about what stands behind the last entry. Each such difference is a document that
//! one of them repairs, or in which one of them finds another object.
//!
//! # Standard
//! ISO 32000-2 §7.5.5 (trailer), §7.5.7 (object streams), §7.5.8 (cross-reference streams).

use super::lexer::{Lexer, Token};
use super::object::{Dictionary, Object};
use super::plain::{self, HIGHEST, Odd, Part};

/// The widths of the two fields behind the kind: offsets of up to eight octets, and more than a
/// generation or a place in an object stream takes.
const WIDTHS: [u64; 2] = [8, 4];

/// Some readers follow it, and some do not.
pub(super) const REFERENCE: Odd = "an object that is a reference";

/// A trailer, or the dictionary of a cross-reference stream, that names objects up to `highest`.
///
/// ISO 32000-2 table 15: `/Size` is required, a whole number, above every object number. Who does
/// not find it so looks through the file; who takes it at its word makes room for it.
pub(super) fn trailer(dictionary: &Dictionary, highest: Option<u32>) -> Result<(), Odd> {
    let size = dictionary.get("Size").and_then(Object::as_unsigned);
    let is_true = size.is_some_and(|size| {
        size <= u64::from(HIGHEST).saturating_add(1)
            && highest.is_none_or(|highest| u64::from(highest) < size)
    });
    if !is_true {
        return Err("another /Size than one above the numbers of the update");
    }
    let mut values = dictionary.iter().map(|(_, value)| value);
    if dictionary.has_duplicate_keys() || values.any(|value| *value == Object::Null) {
        return Err("a trailer with a key twice, or for null");
    }
    Ok(())
}

/// How the data of a cross-reference stream, with rows of a width, or of an object stream is
/// written: as it is, or by FlateDecode, with the predictors of PNG for octets.
pub(super) fn filters(dictionary: &Dictionary, width: Option<u64>) -> Result<(), Odd> {
    const OTHER: Odd = "another filter of a section or an object stream than FlateDecode";
    let is_null = |key: &str| dictionary.names(key.as_bytes()) && dictionary.get(key).is_none();
    if ["Filter", "DecodeParms", "F", "FFilter", "FDecodeParms"]
        .into_iter()
        .any(is_null)
        || dictionary.get("F").is_some()
    {
        return Err(OTHER);
    }
    let one = |key: &str| match dictionary.get(key) {
        Some(Object::Array(all)) => match all.as_slice() {
            [] => Ok(None),
            [one] => Ok(Some(one.clone())),
            _ => Err(OTHER),
        },
        other => Ok(other.cloned()),
    };
    let parameters = match (one("Filter")?, one("DecodeParms")?) {
        (None, None) => return Ok(()),
        (Some(Object::Name(name)), parameters) if name == b"FlateDecode" => parameters,
        _ => return Err(OTHER),
    };
    let parameters = match parameters {
        None | Some(Object::Null) => return Ok(()),
        Some(Object::Dictionary(parameters)) => parameters,
        Some(_) => return Err(OTHER),
    };
    let is = |key: &str, otherwise: u64, wanted: &dyn Fn(u64) -> bool| match parameters.get(key) {
        None => wanted(otherwise),
        Some(value) => value.as_unsigned().is_some_and(wanted),
    };
    let has_predictor = !is("Predictor", 1, &|one| one == 1);
    let is_plain = is("Predictor", 1, &|one| matches!(one, 1 | 10..=15))
        && is("Colors", 1, &|one| one == 1)
        && is("BitsPerComponent", 8, &|one| one == 8)
        && (!has_predictor || is("Columns", 1, &|one| width.is_none_or(|width| width == one)));
    if is_plain { Ok(()) } else { Err(OTHER) }
}

/// The widths of a cross-reference stream, and whether its dictionary is plain.
pub(super) fn widths(dictionary: &Dictionary) -> Result<[u64; 3], Odd> {
    // ISO 32000-2 §7.5.8.4: this key belongs to a table. Some readers follow it from here as well.
    if dictionary.names(b"XRefStm") {
        return Err("a cross-reference stream with another one");
    }
    let widths = dictionary.get("W").and_then(Object::as_array);
    let mut widths = widths.into_iter().flatten().map(Object::as_unsigned);
    let [second, third] = WIDTHS;
    match (widths.next(), widths.next(), widths.next(), widths.next()) {
        // Without a first field every entry is of an object in the file.
        (Some(Some(kind @ 0..=1)), Some(Some(offset)), Some(Some(last)), None)
            if (1..=second).contains(&offset) && last <= third =>
        {
            Ok([kind, offset, last])
        }
        _ => Err("other widths of entries than writers use"),
    }
}

/// The entries of a cross-reference stream: as many as its dictionary says, and nothing behind. One
/// that no entry names has no room for anything else in its free entries.
pub(super) fn rows(
    dictionary: &Dictionary,
    widths: [u64; 3],
    data: &[u8],
    is_named: bool,
) -> Result<(), Odd> {
    const OTHER: Odd = "a cross-reference stream with other data than its entries";
    let size = dictionary.get("Size").and_then(Object::as_unsigned);
    let size = size.ok_or(OTHER)?;
    let mut count = 0_u64;
    match dictionary.get("Index") {
        None => count = size,
        Some(index) => {
            for pair in index.as_array().ok_or(OTHER)?.chunks(2) {
                let [Object::Integer(first), Object::Integer(length)] = pair else {
                    return Err(OTHER);
                };
                let (first, length) = (u64::try_from(*first), u64::try_from(*length));
                let (Ok(first), Ok(length @ 1..)) = (first, length) else {
                    return Err("a part of a cross-reference stream without entries");
                };
                if first.checked_add(length).is_none_or(|end| end > size) {
                    return Err(OTHER);
                }
                count = count.saturating_add(length);
            }
        }
    }
    let width = widths.iter().sum::<u64>();
    let length = u64::try_from(data.len()).unwrap_or(u64::MAX);
    if count.checked_mul(width) != Some(length) {
        return Err(OTHER);
    }
    let [first, second, _] = widths.map(|width| usize::try_from(width).unwrap_or_default());
    let number = |octets: &[u8]| {
        let octets = octets.iter();
        octets.fold(0_u64, |sum, octet| sum << 8 | u64::from(*octet))
    };
    let next = if is_named { HIGHEST } else { 0 };
    let is_row = |row: &[u8]| {
        let (kind, fields) = row.split_at_checked(first)?;
        let (second, third) = fields.split_at_checked(second)?;
        let kind = kind.first().copied().unwrap_or(1);
        Some(match (kind, number(second), number(third)) {
            (0, free, generation) => free <= u64::from(next) && generation <= u64::from(u16::MAX),
            (1, offset, generation) => offset > 0 && generation <= u64::from(u16::MAX),
            (2, container, _) => container <= u64::from(HIGHEST),
            _ => false,
        })
    };
    let width = usize::try_from(width).unwrap_or(1).max(1);
    match data.chunks(width).all(|row| is_row(row) == Some(true)) {
        true => Ok(()),
        false => Err("an entry of a cross-reference stream in another form"),
    }
}

/// The objects of an object stream: each has its entry, in their order. One without is an object in
/// waiting for readers that repair.
pub(super) fn members(
    dictionary: &Dictionary,
    data: &[u8],
    listed: &[(u32, u32)],
) -> Result<(), Odd> {
    const OTHER: Odd = "an object stream with other objects than its entries";
    let number = |key: &str| {
        let number = dictionary.get(key).and_then(Object::as_unsigned);
        number.and_then(|number| usize::try_from(number).ok())
    };
    let (Some(count), Some(first)) = (number("N"), number("First")) else {
        return Err(OTHER);
    };
    let (head, body) = data.split_at_checked(first).ok_or(OTHER)?;
    if count != listed.len() {
        return Err(OTHER);
    }
    plain::tokens(head, Part::Section)?;
    plain::tokens(body, Part::Object)?;
    let mut lexer = Lexer::new(head, 0, true);
    for (place, (index, number)) in (0_u32..).zip(listed) {
        let (Ok(Token::Integer(member)), Ok(Token::Integer(at))) = (lexer.token(), lexer.token())
        else {
            return Err(OTHER);
        };
        if *index != place || member != i64::from(*number) {
            return Err(OTHER);
        }
        let value = usize::try_from(at).ok().and_then(|at| body.get(at..));
        if is_reference(value.ok_or(OTHER)?) {
            return Err(REFERENCE);
        }
    }
    lexer.skip_space();
    match lexer.rest() {
        [] => Ok(()),
        _ => Err(OTHER),
    }
}

/// Whether a value is nothing but the name of another object. No token but numbers is read.
fn is_reference(octets: &[u8]) -> bool {
    let mut lexer = Lexer::new(octets, 0, true);
    for _ in 0..2 {
        lexer.skip_space();
        let is_digit = lexer.peek().is_some_and(|octet| octet.is_ascii_digit());
        if !is_digit || !matches!(lexer.token(), Ok(Token::Integer(_))) {
            return false;
        }
    }
    lexer.skip_space();
    lexer.peek() == Some(b'R')
}

#[cfg(test)]
mod tests {
    use super::super::object::value;
    use super::*;
    use crate::limits::Budget;

    fn dictionary(text: &str) -> Dictionary {
        let mut lexer = Lexer::new(text.as_bytes(), 0, true);
        match value(&mut lexer, &mut Budget::default()) {
            Ok(Object::Dictionary(dictionary)) => dictionary,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_size_is_above_what_is_named_and_not_absurd() {
        for text in ["<</Size 9>>", "<</Size 8388608>>"] {
            assert_eq!(trailer(&dictionary(text), Some(8)), Ok(()), "{text}");
        }
        for text in [
            "<<>>",
            "<</Size 8>>",
            "<</Size -1>>",
            "<</Size 9.0>>",
            "<</Size(9)>>",
            "<</Size 1 0 R>>",
            "<</Size 8388609>>",
            "<</Size 9/Size 9>>",
            "<</Size 9/Info null>>",
        ] {
            assert!(trailer(&dictionary(text), Some(8)).is_err(), "{text}");
        }
    }

    #[test]
    fn filters_are_few() {
        for text in [
            "<<>>",
            "<</Filter[]>>",
            "<</Filter/FlateDecode>>",
            "<</Filter[/FlateDecode]/DecodeParms[null]>>",
            "<</Filter/FlateDecode/DecodeParms<</Predictor 12/Columns 5>>>>",
            "<</Filter/FlateDecode/DecodeParms<</Predictor 1/Columns 9>>>>",
        ] {
            assert_eq!(filters(&dictionary(text), Some(5)), Ok(()), "{text}");
        }
        for text in [
            "<</Filter/ASCIIHexDecode>>",
            "<</Filter[/Crypt/FlateDecode]>>",
            "<</Filter null>>",
            "<</DecodeParms<<>>>>",
            "<</F(x)>>",
            "<</Filter/FlateDecode/DecodeParms 1>>",
            "<</Filter/FlateDecode/DecodeParms<</Predictor 2/Columns 5>>>>",
            "<</Filter/FlateDecode/DecodeParms<</Predictor 12/Columns 4>>>>",
            "<</Filter/FlateDecode/DecodeParms<</Predictor 12/Columns 5/Colors 2>>>>",
            "<</Filter/FlateDecode/DecodeParms<</Predictor 12/Columns 5/BitsPerComponent 4>>>>",
        ] {
            assert!(filters(&dictionary(text), Some(5)).is_err(), "{text}");
        }
    }

    #[test]
    fn widths_are_those_of_writers() {
        for text in ["<</W[1 2 0]>>", "<</W[1 8 4]>>", "<</W[0 4 1]>>"] {
            assert!(widths(&dictionary(text)).is_ok(), "{text}");
        }
        for text in [
            "<<>>",
            "<</W[2 2 1]>>",
            "<</W[1 0 1]>>",
            "<</W[1 9 1]>>",
            "<</W[1 2 5]>>",
            "<</W[1 2]>>",
            "<</W[1 2 1 1]>>",
            "<</W[1 2 1]/XRefStm 5>>",
        ] {
            assert!(widths(&dictionary(text)).is_err(), "{text}");
        }
    }

    #[test]
    fn rows_are_exact() {
        let data = [0, 0, 0, 1, 7, 1, 2, 0, 2];
        for text in ["<</Size 3>>", "<</Size 9/Index[1 1 4 2]>>"] {
            assert_eq!(
                rows(&dictionary(text), [1, 1, 1], &data, true),
                Ok(()),
                "{text}"
            );
        }
        for text in [
            "<</Size 2>>",
            "<</Size 4>>",
            "<</Size 9/Index[0 3 4 0]>>",
            "<</Size 9/Index[0 3 4]>>",
            "<</Size 9/Index[7 3]>>",
            "<</Size 9/Index[-1 3]>>",
            "<<>>",
        ] {
            assert!(
                rows(&dictionary(text), [1, 1, 1], &data, true).is_err(),
                "{text}"
            );
        }
        for row in [
            &[3, 0, 9, 0][..],
            &[1, 0, 0, 0],
            &[0, 255, 255, 255, 255, 0],
        ] {
            let widths = [1, u64::try_from(row.len()).unwrap() - 2, 1];
            assert!(
                rows(&dictionary("<</Size 1>>"), widths, row, true).is_err(),
                "{row:?}"
            );
        }
        let free = [0, 7, 0];
        let one = dictionary("<</Size 1>>");
        assert!(rows(&one, [1, 1, 1], &free, true).is_ok());
        assert!(rows(&one, [1, 1, 1], &free, false).is_err());
    }

    #[test]
    fn members_are_listed() {
        let two = dictionary("<</N 2/First 10>>");
        let data = b"70 0 71 5 <<>> <<>> ";
        assert_eq!(members(&two, data, &[(0, 70), (1, 71)]), Ok(()));
        for listed in [
            &[(0, 70)][..],
            &[],
            &[(0, 70), (1, 72)],
            &[(0, 70), (2, 71)],
        ] {
            assert!(members(&two, data, listed).is_err(), "{listed:?}");
        }
        let one = dictionary("<</N 1/First 10>>");
        assert!(members(&one, data, &[(0, 70)]).is_err());
        let one = dictionary("<</N 1/First 5>>");
        assert_eq!(members(&one, b"70 0 4 0 5", &[(0, 70)]), Ok(()));
        assert!(members(&one, b"70 0 4 0 R", &[(0, 70)]).is_err());
        assert!(members(&two, b"70 0 71 5 %", &[(0, 70), (1, 71)]).is_err());
    }
}
