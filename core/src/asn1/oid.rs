//! Object identifiers.

use std::sync::Arc;

/// An OBJECT IDENTIFIER, kept as its content octets.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Oid(Arc<[u8]>);

impl Oid {
    /// From content octets: none where they break X.690 §8.19, or where an arc does not fit into
    /// 128 bits (the largest in use are the UUIDs of X.667 under 2.25).
    #[must_use]
    pub fn from_content(content: &[u8]) -> Option<Self> {
        Self::is_content(content).then(|| Self::from_checked(content))
    }

    /// From octets that [`Oid::is_content`] has seen.
    pub(super) fn from_checked(content: &[u8]) -> Self {
        Self(content.into())
    }

    /// Whether [`Oid::from_content`] takes these octets.
    pub(crate) fn is_content(content: &[u8]) -> bool {
        let (mut starts, mut value) = (true, 0u128);
        for octet in content {
            // X.690 §8.19.2: no leading zeros in an arc.
            if starts && *octet == 0x80 || value >> 121 != 0 {
                return false;
            }
            value = value << 7 | u128::from(octet & 0x7f);
            starts = octet & 0x80 == 0;
            if starts {
                value = 0;
            }
        }
        starts && !content.is_empty()
    }

    /// From its dotted form, such as `1.2.840.113549.1.1.1`.
    #[must_use]
    pub fn from_dotted(dotted: &str) -> Option<Self> {
        let mut content = Vec::with_capacity(dotted.len());
        let mut arcs = dotted.split('.').map(arc);
        let (first, second) = (arcs.next()??, arcs.next()??);
        // X.660 §7.6: under 0 and 1 there are arcs 0 to 39 only.
        if first > 2 || (first < 2 && second > 39) {
            return None;
        }
        push_arc(&mut content, second.checked_add(first * 40)?);
        for arc in arcs {
            push_arc(&mut content, arc?);
        }
        Some(Self(content.into()))
    }

    /// Whether this is the OID with the dotted form `dotted`.
    #[must_use]
    pub fn is(&self, dotted: &str) -> bool {
        // Asked many times for each certificate: most differ in the last arc; small arcs, which is
        // nearly all, are compared as they are encoded.
        if self.ends_otherwise(dotted) {
            return false;
        }
        match self.compare_small_arcs(dotted) {
            Some(answer) => answer,
            None => Self::from_dotted(dotted).is_some_and(|other| *self == other),
        }
    }

    /// Whether the last arc is one octet, and another one than that of `dotted`.
    fn ends_otherwise(&self, dotted: &str) -> bool {
        let [.., before, last] = &*self.0 else {
            return false;
        };
        // The octet is a part of a longer arc, perhaps of the first two, which share one number.
        if before & 0x80 != 0 {
            return false;
        }
        let digits = dotted.bytes().rev().take_while(u8::is_ascii_digit);
        let (low, _) = digits.fold((0u8, 1u8), |(low, weight), digit| {
            let value = weight.wrapping_mul(digit.wrapping_sub(b'0'));
            (low.wrapping_add(value), weight.wrapping_mul(10))
        });
        low & 0x7f != *last
    }

    /// None where an arc does not fit into 32 bits, or is not written as arcs are.
    fn compare_small_arcs(&self, dotted: &str) -> Option<bool> {
        let mut content = self.0.iter();
        let (mut number, mut value, mut digits) = (0u32, 0u32, 0u32);
        let mut root = 0u32;
        for octet in dotted.bytes().chain([b'.']) {
            if octet != b'.' {
                let digit = char::from(octet).to_digit(10)?;
                if digits > 0 && value == 0 {
                    return None;
                }
                value = value.checked_mul(10)?.checked_add(digit)?;
                digits += 1;
                continue;
            }
            if digits == 0 {
                return None;
            }
            match number {
                0 => root = value,
                1 if root > 2 || root < 2 && value > 39 => return None,
                1 => value = value.checked_add(root * 40)?,
                _ => {}
            }
            if number > 0 {
                let groups = (32 - value.leading_zeros()).div_ceil(7).max(1);
                for group in (0..groups).rev() {
                    let more = if group == 0 { 0 } else { 0x80 };
                    let expected = value >> (7 * group) & 0x7f | more;
                    if content.next().map(|octet| u32::from(*octet)) != Some(expected) {
                        return Some(false);
                    }
                }
            }
            (number, value, digits) = (number + 1, 0, 0);
        }
        Some(number > 1 && content.next().is_none())
    }

    /// The content octets.
    #[must_use]
    pub fn as_content(&self) -> &[u8] {
        &self.0
    }

    fn arcs(&self) -> impl Iterator<Item = u128> + '_ {
        let mut value = 0u128;
        let mut is_first = true;
        self.0
            .iter()
            .flat_map(move |octet| {
                value = value << 7 | u128::from(octet & 0x7f);
                if octet & 0x80 != 0 {
                    return [None, None];
                }
                let arc = std::mem::take(&mut value);
                if !std::mem::take(&mut is_first) {
                    return [Some(arc), None];
                }
                // X.690 §8.19.4: the first two arcs share one number.
                let root = (arc / 40).min(2);
                [Some(root), Some(arc - root * 40)]
            })
            .flatten()
    }
}

/// One arc: decimal digits without leading zeros.
fn arc(text: &str) -> Option<u128> {
    let plain = text.bytes().all(|octet| octet.is_ascii_digit());
    let shortest = text == "0" || !text.starts_with('0');
    text.parse().ok().filter(|_| plain && shortest)
}

fn push_arc(content: &mut Vec<u8>, arc: u128) {
    let groups = (128 - arc.leading_zeros()).div_ceil(7).max(1);
    for group in (0..groups).rev() {
        let bits = u8::try_from(arc >> (7 * group) & 0x7f).unwrap_or(0);
        content.push(if group == 0 { bits } else { bits | 0x80 });
    }
}

/// The dotted form.
impl std::fmt::Display for Oid {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for (index, arc) in self.arcs().enumerate() {
            if index > 0 {
                f.write_str(".")?;
            }
            write!(f, "{arc}")?;
        }
        Ok(())
    }
}

impl std::fmt::Debug for Oid {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        std::fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dotted_forms_come_back() {
        for dotted in [
            "0.0",
            "0.4.0.1862.1.1",
            "1.39",
            "1.2.840.113549.1.1.11",
            "2.5.29.15",
            "2.16.840.1.101.3.4.2.1",
            "2.999.3",
            "2.25.329800735698586629295641978511506172918",
        ] {
            let oid = Oid::from_dotted(dotted).unwrap();
            assert_eq!(oid.to_string(), dotted);
            assert!(oid.is(dotted));
            assert_eq!(Oid::from_content(oid.as_content()), Some(oid));
        }
        let rsa = Oid::from_dotted("1.2.840.113549").unwrap();
        assert_eq!(rsa.as_content(), [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d]);
    }

    #[test]
    fn prefixes_and_extensions_are_other_identifiers() {
        let oid = Oid::from_dotted("1.2.840.113549").unwrap();
        for other in [
            "1.2.840",
            "1.2.840.113549.1",
            "1.2.840.113550",
            "",
            "1",
            "x",
            "01.2.840.113549",
        ] {
            assert!(!oid.is(other), "{other}");
        }
    }

    #[test]
    fn a_comparison_is_that_of_the_encodings() {
        // By arcs that share their lowest seven bits, that are joined, that fit into no octet.
        let some = [
            "1.2",
            "1.3",
            "2.47",
            "2.48",
            "2.999",
            "2.5",
            "2.5.29",
            "2.5.29.15",
            "2.5.29.143",
            "2.5.29.14",
            "2.5.29.150",
            "2.5.15",
            "2.999.3",
            "2.999.131",
            "2.5.29.15.15",
            "2.5.4294967311",
            "2.5.18446744073709551631",
            "2.5.15.0",
            "0.0.0",
            "1.2.0",
        ];
        for one in some {
            let oid = Oid::from_dotted(one).unwrap();
            for other in some {
                assert_eq!(oid.is(other), one == other, "{one} {other}");
            }
            for wrong in [
                "",
                ".",
                "15",
                "x",
                "2.5.29.015",
                "2.5.29.15.",
                "2.5.29.x15",
                ".2.5.29.15",
            ] {
                assert!(!oid.is(wrong), "{one} {wrong}");
            }
        }
    }

    #[test]
    fn wrong_contents_are_refused() {
        for wrong in [
            &[][..],
            &[0x80, 0x01],
            &[0x2a, 0x80, 0x01],
            &[0x2a, 0x86],
            &[0xff; 30],
        ] {
            assert!(Oid::from_content(wrong).is_none(), "{wrong:x?}");
        }
        let mut huge = vec![0x2a];
        huge.extend([0xff; 19]);
        huge.push(0x7f);
        assert!(Oid::from_content(&huge).is_none());
    }

    #[test]
    fn wrong_dotted_forms_are_refused() {
        for wrong in [
            "", "1", "3.1", "1.40", "1..2", "1.2.", "1.02", "1.+2", "1.-2", "1.2.x",
        ] {
            assert!(Oid::from_dotted(wrong).is_none(), "{wrong}");
        }
    }
}
