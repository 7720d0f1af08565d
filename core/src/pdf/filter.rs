//! Decoding of streams, bounded.
//!
//! # Standard
//! ISO 32000-2 §7.4: FlateDecode and LZWDecode with the PNG predictors, ASCIIHexDecode,
//! ASCII85Decode, RunLengthDecode. The filters of pictures are answered as unsupported: none of them
//! is of use for the structures read here.

use super::decoders;
use super::object::{Dictionary, Object};
use crate::error::{Error, Malformed, MalformedKind, Unsupported};
use crate::limits::{Budget, Resource};
use flate2::{Decompress, FlushDecompress, Status};

/// More filters than any writer chains.
const FILTERS: usize = 4;
/// Below this size a high ratio is harmless: regular cross-reference streams have one.
pub(super) const FREE_OF_RATIO: u64 = 1 << 20;
const CHUNK: usize = 16 << 10;

/// Decodes the data of a stream by its dictionary.
///
/// # Errors
/// [`MalformedKind::PdfStream`], a limit, or a filter that is not supported. `at` is the place of
/// the data, for errors.
pub(super) fn decode(
    dictionary: &Dictionary,
    data: &[u8],
    at: u64,
    budget: &mut Budget,
) -> Result<Vec<u8>, Error> {
    let filters = list(dictionary.get("Filter"))?;
    let parameters = list(dictionary.get("DecodeParms"))?;
    if dictionary.get("F").is_some() {
        return Err(Unsupported::Feature("streams in external files").into());
    }
    if filters.len() > FILTERS {
        return Err(Unsupported::Feature("long chains of stream filters").into());
    }
    let mut octets = data.to_vec();
    for (index, filter) in filters.iter().enumerate() {
        let parameters = match parameters.get(index) {
            None | Some(Object::Null) => None,
            Some(Object::Dictionary(parameters)) => Some(parameters),
            Some(_) => return Err(wrong(at)),
        };
        octets = match filter.as_name() {
            Some(b"FlateDecode") => {
                let inflated = inflate(&octets, at, budget)?;
                unpredict(inflated, parameters, at)?
            }
            // §7.4.10: the data is plain already.
            Some(b"Crypt") if index == 0 => octets,
            Some(b"LZWDecode") => {
                let early = early_change(parameters, at)?;
                let plain = decoders::lzw(&octets, early, at, budget)?;
                unpredict(plain, parameters, at)?
            }
            Some(b"ASCIIHexDecode") => decoders::hexadecimal(&octets, at)?,
            Some(b"ASCII85Decode") => decoders::base_85(&octets, at, budget)?,
            Some(b"RunLengthDecode") => decoders::run_lengths(&octets, at, budget)?,
            Some(_) => return Err(Unsupported::Feature("stream filter").into()),
            None => return Err(wrong(at)),
        };
    }
    Ok(octets)
}

fn wrong(at: u64) -> Error {
    Malformed::at(MalformedKind::PdfStream, at).into()
}

/// One value or an array of them. References here are legal, and met in no file.
fn list(value: Option<&Object>) -> Result<Vec<Object>, Error> {
    let elements = match value {
        None => Vec::new(),
        Some(Object::Array(elements)) => elements.clone(),
        Some(value) => vec![value.clone()],
    };
    if elements
        .iter()
        .any(|element| element.as_reference().is_some())
    {
        return Err(Unsupported::Feature("stream filters in other objects").into());
    }
    Ok(elements)
}

/// ISO 32000-2 table 8: whether codes grow one code early, which is the default.
fn early_change(parameters: Option<&Dictionary>, at: u64) -> Result<usize, Error> {
    match parameters.and_then(|all| all.get("EarlyChange")) {
        None | Some(Object::Integer(1)) => Ok(1),
        Some(Object::Integer(0)) => Ok(0),
        Some(_) => Err(wrong(at)),
    }
}

fn inflate(data: &[u8], at: u64, budget: &mut Budget) -> Result<Vec<u8>, Error> {
    let mut state = Decompress::new(true);
    let mut octets = Vec::new();
    let mut chunk = vec![0u8; CHUNK];
    let taken_all = u64::try_from(data.len()).unwrap_or(u64::MAX).max(1);
    loop {
        let taken = usize::try_from(state.total_in()).map_err(|_| wrong(at))?;
        let before = state.total_out();
        let rest = data.get(taken..).unwrap_or_default();
        let status = state
            .decompress(rest, &mut chunk, FlushDecompress::None)
            .map_err(|_| wrong(at))?;
        let made = state.total_out() - before;
        budget.charge(Resource::InflatedBytes, made)?;
        if state.total_out() > FREE_OF_RATIO {
            budget.check(Resource::InflationRatio, state.total_out() / taken_all)?;
        }
        let made = usize::try_from(made).map_err(|_| wrong(at))?;
        octets.extend_from_slice(chunk.get(..made).unwrap_or_default());
        match status {
            Status::StreamEnd => return Ok(octets),
            // Neither input nor output: the data ends before the compressed stream does.
            _ if made == 0 => return Err(wrong(at)),
            _ => {}
        }
    }
}

/// ISO 32000-2 §7.4.4.4: the filters of PNG, one tag octet before each row.
pub(super) fn unpredict(
    octets: Vec<u8>,
    parameters: Option<&Dictionary>,
    at: u64,
) -> Result<Vec<u8>, Error> {
    let number = |key, otherwise| match parameters.and_then(|all| all.get(key)) {
        None => Ok(otherwise),
        Some(value) => value.as_unsigned().ok_or_else(|| wrong(at)),
    };
    match number("Predictor", 1)? {
        1 => return Ok(octets),
        10..=15 => {}
        2 => return Err(Unsupported::Feature("TIFF predictor").into()),
        _ => return Err(wrong(at)),
    }
    let (columns, colors, bits) = (
        number("Columns", 1)?,
        number("Colors", 1)?,
        number("BitsPerComponent", 8)?,
    );
    if !(1..=1 << 20).contains(&columns) || !(1..=32).contains(&colors) || !(1..=16).contains(&bits)
    {
        return Err(wrong(at));
    }
    let pixel = usize::try_from((colors * bits).div_ceil(8)).map_err(|_| wrong(at))?;
    let width = usize::try_from((columns * colors * bits).div_ceil(8)).map_err(|_| wrong(at))?;
    let mut plain: Vec<u8> = Vec::with_capacity(octets.len());
    let mut above = vec![0u8; width];
    for row in octets.chunks(width + 1) {
        let Some((tag, row)) = row.split_first() else {
            continue;
        };
        let mut done: Vec<u8> = Vec::with_capacity(width);
        for (index, octet) in row.iter().enumerate() {
            let behind = |line: &[u8]| {
                index
                    .checked_sub(pixel)
                    .and_then(|index| line.get(index).copied())
                    .unwrap_or_default()
            };
            let left = behind(&done);
            let up = above.get(index).copied().unwrap_or_default();
            let predicted = match tag {
                0 => 0,
                1 => left,
                2 => up,
                3 => {
                    u8::try_from(u16::midpoint(u16::from(left), u16::from(up))).unwrap_or_default()
                }
                4 => paeth(left, up, behind(&above)),
                _ => return Err(wrong(at)),
            };
            done.push(octet.wrapping_add(predicted));
        }
        plain.extend_from_slice(&done);
        done.resize(width, 0);
        above = done;
    }
    Ok(plain)
}

/// The Paeth predictor of PNG: the neighbour nearest to left + up - corner.
fn paeth(left: u8, up: u8, corner: u8) -> u8 {
    let estimate = i16::from(left) + i16::from(up) - i16::from(corner);
    let distance = |octet: u8| (estimate - i16::from(octet)).abs();
    if distance(left) <= distance(up) && distance(left) <= distance(corner) {
        left
    } else if distance(up) <= distance(corner) {
        up
    } else {
        corner
    }
}

#[cfg(test)]
mod tests {
    use super::super::lexer::Lexer;
    use super::super::object::value;
    use super::*;
    use flate2::{Compression, write::ZlibEncoder};
    use std::io::Write;

    fn dictionary(text: &str) -> Dictionary {
        let mut lexer = Lexer::new(text.as_bytes(), 0, true);
        match value(&mut lexer, &mut Budget::default()) {
            Ok(Object::Dictionary(dictionary)) => dictionary,
            other => panic!("{other:?}"),
        }
    }

    fn deflated(octets: &[u8]) -> Vec<u8> {
        let mut encoder = ZlibEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(octets).unwrap();
        encoder.finish().unwrap()
    }

    fn run(text: &str, data: &[u8]) -> Result<Vec<u8>, Error> {
        decode(&dictionary(text), data, 0, &mut Budget::default())
    }

    #[test]
    fn no_filter_flate_and_hexadecimal() {
        assert_eq!(run("<<>>", b"abc").unwrap(), b"abc");
        assert_eq!(
            run("<</Filter/FlateDecode>>", &deflated(b"abc")).unwrap(),
            b"abc"
        );
        let twice: Vec<u8> = deflated(b"abc")
            .iter()
            .flat_map(|o| format!("{o:02x}").into_bytes())
            .collect();
        assert_eq!(
            run("<</Filter[/ASCIIHexDecode/FlateDecode]>>", &twice).unwrap(),
            b"abc"
        );
        assert_eq!(run("<</Filter/ASCIIHexDecode>>", b"41 4>x").unwrap(), b"A@");
    }

    #[test]
    fn the_filters_of_old_writers_in_chains_and_with_predictors() {
        // The example of the standard, and again in digits.
        let codes = [0x80, 0x0b, 0x60, 0x50, 0x22, 0x0c, 0x0c, 0x85, 0x01];
        assert_eq!(run("<</Filter/LZWDecode>>", &codes).unwrap(), b"-----A---B");
        let digits = b"80 0b 60 50 22 0c 0c 85 01>";
        let text = "<</Filter[/ASCIIHexDecode/LZWDecode]/DecodeParms[null<</EarlyChange 0>>]>>";
        assert_eq!(run(text, digits).unwrap(), b"-----A---B");
        // A row of three octets that is told as it is.
        let rows = [0x80, 0x00, 0x00, 0x20, 0x20, 0x1c, 0x04];
        let text = "<</Filter/LZWDecode/DecodeParms<</Predictor 12/Columns 3>>>>";
        assert_eq!(run(text, &rows).unwrap(), [1, 2, 3]);
        let text = "<</Filter[/ASCII85Decode/RunLengthDecode]>>";
        let runs = b"raC<~>";
        assert_eq!(run(text, runs).unwrap(), b"aaa");
        for text in ["/EarlyChange 2", "/EarlyChange(1)", "/EarlyChange -1"] {
            let text = format!("<</Filter/LZWDecode/DecodeParms<<{text}>>>>");
            assert!(matches!(run(&text, &codes), Err(Error::Malformed(_))));
        }
    }

    #[test]
    fn every_png_predictor() {
        let rows = [0, 1, 2, 3, 1, 1, 1, 1, 2, 1, 1, 1, 3, 2, 2, 2, 4, 1, 1, 1];
        let text = "<</Filter/FlateDecode/DecodeParms<</Predictor 12/Columns 3>>>>";
        assert_eq!(
            run(text, &deflated(&rows)).unwrap(),
            [1, 2, 3, 1, 2, 3, 2, 3, 4, 3, 5, 6, 4, 6, 7]
        );
    }

    #[test]
    fn cut_foreign_and_contradictory_data_is_malformed() {
        let whole = deflated(&[7; 5000]);
        for cut in 0..whole.len() {
            assert!(matches!(
                run("<</Filter/FlateDecode>>", &whole[..cut]),
                Err(Error::Malformed(_))
            ));
        }
        for text in [
            "<</Filter 1>>",
            "<</Filter/FlateDecode/DecodeParms 1>>",
            "<</Filter/FlateDecode/DecodeParms<</Predictor 3>>>>",
            "<</Filter/FlateDecode/DecodeParms<</Predictor 12/Columns 0>>>>",
            "<</Filter/FlateDecode/DecodeParms<</Predictor 12/Columns 9999999999>>>>",
            "<</Filter/FlateDecode/DecodeParms<</Predictor 12/Columns -1>>>>",
        ] {
            assert!(
                matches!(run(text, &whole), Err(Error::Malformed(_))),
                "{text}"
            );
        }
        let text = "<</Filter/FlateDecode/DecodeParms<</Predictor 12>>>>";
        assert!(matches!(
            run(text, &deflated(&[9, 9])),
            Err(Error::Malformed(_))
        ));
    }

    #[test]
    fn filters_that_are_not_implemented_are_named_so() {
        for text in [
            "<</Filter/DCTDecode>>",
            "<</Filter[/ASCIIHexDecode/Crypt]>>",
            "<</Filter 1 0 R>>",
            "<</F(other.bin)>>",
            "<</Filter[/A/A/A/A/A]>>",
        ] {
            assert!(
                matches!(run(text, b">"), Err(Error::Unsupported(_))),
                "{text}"
            );
        }
    }

    #[test]
    fn a_bomb_is_stopped_by_its_ratio() {
        let bomb = deflated(&vec![0; 4 << 20]);
        assert!(matches!(
            run("<</Filter/FlateDecode>>", &bomb),
            Err(Error::LimitExceeded(limit)) if limit.resource == Resource::InflationRatio
        ));
    }
}
