//! What readers that repair a file take for an object or a trailer.
//!
//! They look through all octets for a number, a number and `obj`: in strings, in comments and in
//! the raw data of streams as well. Whatever stands there is an object to them.

use super::lexer::is_space;

/// What was found, and where it begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Header {
    /// A number, a number and `obj`.
    Object(u64),
    /// `trailer` before a dictionary.
    Trailer(u64),
}

/// Finds them in octets that come part by part; keeps nothing but where it is.
#[derive(Clone, Debug)]
pub(crate) struct Headers {
    /// Each by itself, as readers differ about comments in the midst of others.
    commented: Numbers,
    plain: Numbers,
    trailer: Trailer,
}

impl Default for Headers {
    fn default() -> Self {
        Self {
            commented: Numbers::new(true),
            plain: Numbers::new(false),
            trailer: Trailer::default(),
        }
    }
}

impl Headers {
    /// Passes over octets that stand at `at`, and gives what `is_known` does not know.
    pub(crate) fn unknown(
        &mut self,
        at: u64,
        octets: &[u8],
        mut is_known: impl FnMut(Header) -> bool,
    ) -> Option<Header> {
        for (at, octet) in (at..).zip(octets) {
            let found = [
                self.commented.next(at, *octet).map(Header::Object),
                self.plain.next(at, *octet).map(Header::Object),
                self.trailer.next(at, *octet).map(Header::Trailer),
            ];
            let unknown = found.into_iter().flatten().find(|found| !is_known(*found));
            if unknown.is_some() {
                return unknown;
            }
        }
        None
    }
}

#[derive(Clone, Copy, Debug)]
enum Place {
    Elsewhere,
    /// In the first number, which begins there.
    First(u64),
    BehindFirst(u64),
    /// In the second number; where both begin.
    Second(u64, u64),
    BehindSecond(u64, u64),
    /// Behind an octet of `obj` or two.
    O(u64),
    B(u64),
}

#[derive(Clone, Debug)]
struct Numbers {
    place: Place,
    /// Whether comments are passed over as white space is.
    passes_comments: bool,
    is_comment: bool,
}

impl Numbers {
    fn new(passes_comments: bool) -> Self {
        Self {
            place: Place::Elsewhere,
            passes_comments,
            is_comment: false,
        }
    }

    /// Where the first number begins, when `obj` ends with this octet.
    fn next(&mut self, at: u64, octet: u8) -> Option<u64> {
        let mut octet = octet;
        if self.passes_comments {
            match octet {
                b'\r' | b'\n' => self.is_comment = false,
                b'%' => self.is_comment = true,
                _ => {}
            }
            if self.is_comment {
                octet = b' ';
            }
        }
        let (place, found) = match (self.place, octet) {
            (Place::First(one), _) if is_space(octet) => (Place::BehindFirst(one), None),
            (Place::Second(one, two), _) if is_space(octet) => {
                (Place::BehindSecond(one, two), None)
            }
            (Place::BehindFirst(_) | Place::BehindSecond(..), _) if is_space(octet) => {
                (self.place, None)
            }
            (Place::First(_) | Place::Second(..), b'0'..=b'9') => (self.place, None),
            (Place::BehindFirst(one), b'0'..=b'9') => (Place::Second(one, at), None),
            // Of three numbers the last two count.
            (Place::BehindSecond(_, two), b'0'..=b'9') => (Place::Second(two, at), None),
            (_, b'0'..=b'9') => (Place::First(at), None),
            (Place::Second(one, _) | Place::BehindSecond(one, _), b'o') => (Place::O(one), None),
            (Place::O(one), b'b') => (Place::B(one), None),
            (Place::B(one), b'j') => (Place::Elsewhere, Some(one)),
            _ => (Place::Elsewhere, None),
        };
        self.place = place;
        found
    }
}

/// How much of the keyword was passed, and where it begins.
#[derive(Clone, Debug, Default)]
struct Trailer {
    passed: usize,
    start: u64,
}

impl Trailer {
    fn next(&mut self, at: u64, octet: u8) -> Option<u64> {
        const KEYWORD: &[u8] = b"trailer";
        let open = KEYWORD.len().saturating_add(1);
        match KEYWORD.get(self.passed) {
            Some(expected) if *expected == octet => self.passed = self.passed.saturating_add(1),
            None if self.passed < open && is_space(octet) => {}
            None if self.passed < open && octet == b'<' => self.passed = open,
            // A comment, or the second of `<<`.
            None if octet == if self.passed < open { b'%' } else { b'<' } => {
                self.passed = 0;
                return Some(self.start);
            }
            _ => self.passed = usize::from(octet == b't'),
        }
        if self.passed == 1 {
            self.start = at;
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(octets: &[u8]) -> Vec<Header> {
        let mut headers = Headers::default();
        let mut found = Vec::new();
        // Octet by octet: what is found does not depend on the parts.
        for (at, octet) in (0..).zip(octets) {
            headers.unknown(at, &[*octet], |header| {
                if !found.contains(&header) {
                    found.push(header);
                }
                true
            });
        }
        found
    }

    #[test]
    fn objects_are_found_wherever_they_stand() {
        for (octets, at) in [
            (&b"4 0 obj"[..], 0),
            (b"x\r12\0 0\nobj", 2),
            (b"endobj4 0obj<<", 6),
            (b"1 2 0 obj", 2),
            (b"% 4 0 object", 2),
            (b"4 %x\n0 %\robj", 0),
            (b"\xff+4 00 obj", 2),
            (b"(4 0 obj)", 1),
            (b"4.5 0 obj", 2),
            (b"obob4 0 obj", 4),
        ] {
            assert_eq!(all(octets), [Header::Object(at)], "{octets:?}");
        }
        for none in [
            &b"4 obj"[..],
            b"4 0 R obj",
            b"4 0 ob j",
            b"4 0 endobj",
            b"4 0 Obj",
            b"40obj",
        ] {
            assert_eq!(all(none), [], "{none:?}");
        }
    }

    #[test]
    fn trailers_are_found_before_dictionaries() {
        for (octets, at) in [
            (&b"trailer<<"[..], 0),
            (b"ttrailer\r\n\0<<", 1),
            (b"trailertrailer %", 7),
        ] {
            assert_eq!(all(octets), [Header::Trailer(at)], "{octets:?}");
        }
        for none in [&b"trailer</a>"[..], b"trailer of", b"trail er<<", b"<<"] {
            assert_eq!(all(none), [], "{none:?}");
        }
    }

    #[test]
    fn what_is_known_is_passed() {
        let mut headers = Headers::default();
        let octets = b"4 0 obj 5 0 obj 6 0 obj";
        let known = |header| header != Header::Object(8);
        assert_eq!(headers.unknown(0, octets, known), Some(Header::Object(8)));
    }
}
