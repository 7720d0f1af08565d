//! The filters of old writers: hexadecimal, base 85, run lengths, LZW.
//!
//! Each ends with a mark of its own; data that ends without it was cut. What comes out is charged
//! while it is made: a code of LZW stands for thousands of octets.
//!
//! # Standard
//! ISO 32000-2 §7.4.2 (ASCIIHexDecode), §7.4.3 (ASCII85Decode), §7.4.4 (LZWDecode), §7.4.5
//! (RunLengthDecode).

use super::filter::FREE_OF_RATIO;
use super::lexer::is_space;
use crate::error::{Error, Malformed, MalformedKind};
use crate::limits::{Budget, Resource};

/// So many octets are charged at a time.
const CHUNK: usize = 16 << 10;
/// The codes of LZW: octets, the two marks, then what was seen.
const CLEAR: usize = 256;
const END: usize = 257;
const FIRST: usize = 258;
/// Codes have twelve bits at most.
const CODES: usize = 4096;

fn wrong(at: u64) -> Error {
    Malformed::at(MalformedKind::PdfStream, at).into()
}

/// What a filter makes, charged as it grows.
struct Made<'a> {
    octets: Vec<u8>,
    charged: usize,
    taken: u64,
    budget: &'a mut Budget,
}

impl<'a> Made<'a> {
    fn from(data: &[u8], budget: &'a mut Budget) -> Self {
        Self {
            octets: Vec::new(),
            charged: 0,
            taken: u64::try_from(data.len()).unwrap_or(u64::MAX).max(1),
            budget,
        }
    }

    /// Octets were added: at most some thousands since the last time.
    fn grew(&mut self) -> Result<(), Error> {
        match self.octets.len().saturating_sub(self.charged) {
            new if new < CHUNK => Ok(()),
            _ => self.charge(),
        }
    }

    fn charge(&mut self) -> Result<(), Error> {
        let length = |count: usize| u64::try_from(count).unwrap_or(u64::MAX);
        let made = length(self.octets.len());
        let new = made.saturating_sub(length(self.charged));
        self.budget.charge(Resource::InflatedBytes, new)?;
        if made > FREE_OF_RATIO {
            let ratio = made / self.taken;
            self.budget.check(Resource::InflationRatio, ratio)?;
        }
        self.charged = self.octets.len();
        Ok(())
    }

    fn done(mut self) -> Result<Vec<u8>, Error> {
        self.charge()?;
        Ok(self.octets)
    }
}

/// ASCIIHexDecode. The mark at the end is often missing, and nothing depends on it.
pub(super) fn hexadecimal(data: &[u8], at: u64) -> Result<Vec<u8>, Error> {
    let mut octets = Vec::with_capacity(data.len() / 2);
    let mut half: Option<u8> = None;
    for octet in data {
        let digit = match octet {
            b'>' => break,
            octet if is_space(*octet) => continue,
            octet => char::from(*octet)
                .to_digit(16)
                .and_then(|digit| u8::try_from(digit).ok())
                .ok_or_else(|| wrong(at))?,
        };
        half = match half {
            None => Some(digit),
            Some(high) => {
                octets.push(high << 4 | digit);
                None
            }
        };
    }
    octets.extend(half.map(|high| high << 4));
    Ok(octets)
}

/// ASCII85Decode: five digits of base 85 for four octets, `z` for four zeros.
pub(super) fn base_85(data: &[u8], at: u64, budget: &mut Budget) -> Result<Vec<u8>, Error> {
    let mut made = Made::from(data, budget);
    let (mut group, mut digits) = (0_u64, 0_u32);
    let mut rest = data.iter().filter(|octet| !is_space(**octet));
    loop {
        match rest.next() {
            Some(digit @ b'!'..=b'u') => {
                group = group * 85 + u64::from(digit - b'!');
                digits += 1;
                if digits == 5 {
                    let four = u32::try_from(group).map_err(|_| wrong(at))?;
                    made.octets.extend_from_slice(&four.to_be_bytes());
                    made.grew()?;
                    (group, digits) = (0, 0);
                }
            }
            Some(b'z') if digits == 0 => {
                made.octets.extend_from_slice(&[0; 4]);
                made.grew()?;
            }
            Some(b'~') if rest.next() == Some(&b'>') => break,
            _ => return Err(wrong(at)),
        }
    }
    // n digits at the end stand for n - 1 octets, as if the highest digits followed.
    match digits {
        0 => {}
        2..=4 => {
            for _ in digits..5 {
                group = group * 85 + 84;
            }
            let four = u32::try_from(group).map_err(|_| wrong(at))?.to_be_bytes();
            let count = usize::try_from(digits - 1).unwrap_or_default();
            let last = four.get(..count).unwrap_or_default();
            made.octets.extend_from_slice(last);
        }
        _ => return Err(wrong(at)),
    }
    made.done()
}

/// RunLengthDecode: a count and so many octets, or a count and one octet to repeat.
pub(super) fn run_lengths(data: &[u8], at: u64, budget: &mut Budget) -> Result<Vec<u8>, Error> {
    let mut made = Made::from(data, budget);
    let mut rest = data;
    loop {
        let (count, after) = rest.split_first().ok_or_else(|| wrong(at))?;
        rest = match count {
            0..=127 => {
                let count = usize::from(*count) + 1;
                let (run, after) = after.split_at_checked(count).ok_or_else(|| wrong(at))?;
                made.octets.extend_from_slice(run);
                after
            }
            128 => return made.done(),
            129..=255 => {
                let (octet, after) = after.split_first().ok_or_else(|| wrong(at))?;
                let count = 257 - usize::from(*count);
                made.octets.extend(std::iter::repeat_n(*octet, count));
                after
            }
        };
        made.grew()?;
    }
}

/// What a code stands for: that of another code, and an octet more.
#[derive(Clone, Copy)]
struct Sequence {
    before: usize,
    first: u8,
    last: u8,
    length: usize,
}

/// LZWDecode. `early`: codes grow one code before they must (`/EarlyChange`, 1 or 0).
pub(super) fn lzw(
    data: &[u8],
    early: usize,
    at: u64,
    budget: &mut Budget,
) -> Result<Vec<u8>, Error> {
    let mut made = Made::from(data, budget);
    let single = |octet: u8| Sequence {
        before: 0,
        first: octet,
        last: octet,
        length: 1,
    };
    let mut known: Vec<Sequence> = (0..=255).map(single).collect();
    // The two marks stand for nothing, and are not looked up.
    known.extend([single(0); 2]);
    let mut last: Option<usize> = None;
    let (mut bits, mut held) = (0_usize, 0_u32);
    let mut rest = data.iter();
    loop {
        let width = match known.len().saturating_add(early) {
            0..512 => 9,
            512..1024 => 10,
            1024..2048 => 11,
            _ => 12,
        };
        while held < width {
            let octet = rest.next().ok_or_else(|| wrong(at))?;
            bits = bits << 8 | usize::from(*octet);
            held += 8;
        }
        held -= width;
        let code = bits >> held;
        bits &= (1 << held) - 1;
        match code {
            CLEAR => {
                known.truncate(FIRST);
                last = None;
                continue;
            }
            END => return made.done(),
            _ => {}
        }
        if let Some(before) = last {
            let former = *known.get(before).ok_or_else(|| wrong(at))?;
            // A code may be that which it makes itself: the former one and its own first octet.
            let next = match known.get(code) {
                Some(found) => found.first,
                None if code == known.len() => former.first,
                None => return Err(wrong(at)),
            };
            if known.len() < CODES {
                known.push(Sequence {
                    before,
                    first: former.first,
                    last: next,
                    length: former.length.saturating_add(1),
                });
            }
        } else if code >= CLEAR {
            return Err(wrong(at));
        }
        put(code, &known, &mut made.octets).ok_or_else(|| wrong(at))?;
        made.grew()?;
        last = Some(code);
    }
}

/// Appends what a code stands for, from its end.
fn put(code: usize, known: &[Sequence], octets: &mut Vec<u8>) -> Option<()> {
    let mut sequence = known.get(code)?;
    let start = octets.len();
    octets.resize(start.checked_add(sequence.length)?, 0);
    let mut places = octets.get_mut(start..)?.iter_mut().rev();
    while let Some(place) = places.next() {
        *place = sequence.last;
        if places.len() > 0 {
            sequence = known.get(sequence.before)?;
        }
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    type Answer = Result<Vec<u8>, Error>;

    fn base_85(data: &[u8]) -> Answer {
        super::base_85(data, 0, &mut Budget::default())
    }

    fn run_lengths(data: &[u8]) -> Answer {
        super::run_lengths(data, 0, &mut Budget::default())
    }

    fn lzw(data: &[u8], early: usize) -> Answer {
        super::lzw(data, early, 0, &mut Budget::default())
    }

    /// Codes of LZW in bits, as wide as a reader expects them.
    fn packed(codes: &[usize], early: usize) -> Vec<u8> {
        let (mut octets, mut bits, mut held) = (Vec::new(), 0_usize, 0_u32);
        let (mut known, mut is_first) = (FIRST, true);
        for code in codes {
            let width = match known + early {
                0..512 => 9,
                512..1024 => 10,
                1024..2048 => 11,
                _ => 12,
            };
            bits = bits << width | code;
            held += width;
            while held >= 8 {
                held -= 8;
                octets.push(u8::try_from(bits >> held & 255).unwrap());
            }
            bits &= (1 << held) - 1;
            if *code == CLEAR {
                (known, is_first) = (FIRST, true);
            } else if is_first {
                is_first = false;
            } else {
                known = CODES.min(known + 1);
            }
        }
        octets.push(u8::try_from(bits << (8 - held) & 255).unwrap());
        octets
    }

    #[test]
    fn the_example_of_the_standard_for_lzw() {
        let data = [0x80, 0x0b, 0x60, 0x50, 0x22, 0x0c, 0x0c, 0x85, 0x01];
        let plain = [45, 45, 45, 45, 45, 65, 45, 45, 45, 66];
        assert_eq!(lzw(&data, 1).unwrap(), plain);
        assert_eq!(lzw(&data, 0).unwrap(), plain);
    }

    #[test]
    fn codes_grow_early_or_late_and_the_table_may_be_full() {
        for early in [0, 1] {
            let mut codes = vec![CLEAR];
            let plain: Vec<u8> = (0..=250).cycle().step_by(7).take(9_000).collect();
            codes.extend(plain.iter().map(|octet| usize::from(*octet)));
            codes.push(END);
            let data = packed(&codes, early);
            assert_eq!(lzw(&data, early).unwrap(), plain, "{early}");
            assert_ne!(lzw(&data, 1 - early).ok(), Some(plain), "{early}");
        }
    }

    #[test]
    fn wrong_codes_and_cut_data_are_malformed() {
        for codes in [
            &[CLEAR, FIRST, END][..],
            &[CLEAR, 65, FIRST + 1, END],
            &[CLEAR, 65, 4000, END],
            &[65, CLEAR, 300, END],
            &[CLEAR, 65, 66],
            &[],
        ] {
            let read = lzw(&packed(codes, 1), 1);
            assert!(matches!(read, Err(Error::Malformed(_))), "{codes:?}");
        }
        assert_eq!(lzw(&packed(&[65, FIRST, END], 1), 1).unwrap(), b"AAA");
    }

    #[test]
    fn base_85_in_all_lengths() {
        for (data, plain) in [
            (&b"~>"[..], &b""[..]),
            (b"z~>", &[0; 4]),
            (b"87cUR\nD]i,\"Ebo80~>more", b"Hello World!"),
            (b"87cURDZ~>", b"Hello"),
            (b"s8W-!~>", &[255; 4]),
            (b"!!~>", &[0]),
        ] {
            assert_eq!(base_85(data).unwrap(), plain, "{data:?}");
        }
        for data in [
            &b""[..],
            b"87cUR",
            b"8~>",
            b"87z~>",
            b"s8W-\"~>",
            b"uu~>",
            b"~ x",
            b"v~>",
            b"87cUR~",
        ] {
            let read = base_85(data);
            assert!(matches!(read, Err(Error::Malformed(_))), "{data:?}");
        }
    }

    #[test]
    fn run_lengths_repeat_and_copy() {
        let data = [2, 1, 2, 3, 254, 9, 128, 7];
        assert_eq!(run_lengths(&data).unwrap(), [1, 2, 3, 9, 9, 9]);
        assert_eq!(run_lengths(&[128]).unwrap(), b"");
        for data in [&[][..], &[2, 1, 2], &[254], &[0, 1], &[254, 9]] {
            let read = run_lengths(data);
            assert!(matches!(read, Err(Error::Malformed(_))), "{data:?}");
        }
    }

    #[test]
    fn bombs_are_stopped_by_their_ratio_or_their_size() {
        let mut codes = vec![CLEAR, 65];
        codes.extend(FIRST..CODES);
        codes.extend(vec![CODES - 1; 4_000]);
        codes.push(END);
        let stopped = |read: Answer| match read {
            Err(Error::LimitExceeded(limit)) => limit.resource,
            other => panic!("{:?}", other.map(|octets| octets.len())),
        };
        let bomb = packed(&codes, 1);
        assert_eq!(stopped(lzw(&bomb, 1)), Resource::InflationRatio);
        let runs = [129, 0].repeat(1 << 20);
        assert_eq!(stopped(run_lengths(&runs)), Resource::InflatedBytes);
        let zeros = vec![b'z'; 17 << 20];
        assert_eq!(stopped(base_85(&zeros)), Resource::InflatedBytes);
    }
}
