//! Preparation of strings before they are compared.
//!
//! # Standard
//! RFC 4518 §2 for caseIgnoreMatch, as RFC 5280 §7.1 asks for. Strings with characters that
//! RFC 4518 §2.4 prohibits are not refused: they are compared all the same.

use unicode_normalization::UnicodeNormalization;

/// The prepared form: two strings match when their prepared forms are equal.
pub(super) fn prepare(text: &str) -> String {
    if text.is_ascii() {
        // ASCII is its own normal form.
        return collapse(text.chars().filter_map(map).map(|c| c.to_ascii_lowercase()));
    }
    let mapped: String = text.chars().filter_map(map).flat_map(fold).collect();
    // Normalisation can bring up characters that fold again (RFC 3454 appendix B.2).
    collapse(mapped.nfkc().flat_map(fold))
}

/// RFC 4518 §2.2: what disappears, what becomes a space.
fn map(c: char) -> Option<char> {
    match c {
        '\u{9}'..='\u{d}'
        | '\u{85}'
        | '\u{a0}'
        | '\u{1680}'
        | '\u{2000}'..='\u{200a}'
        | '\u{2028}'
        | '\u{2029}'
        | '\u{202f}'
        | '\u{205f}'
        | '\u{3000}' => Some(' '),
        '\u{0}'..='\u{8}'
        | '\u{e}'..='\u{1f}'
        | '\u{7f}'..='\u{84}'
        | '\u{86}'..='\u{9f}'
        | '\u{ad}'
        | '\u{34f}'
        | '\u{6dd}'
        | '\u{70f}'
        | '\u{1806}'
        | '\u{180b}'..='\u{180e}'
        | '\u{200b}'..='\u{200f}'
        | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{2063}'
        | '\u{206a}'..='\u{206f}'
        | '\u{fe00}'..='\u{fe0f}'
        | '\u{feff}'
        | '\u{fff9}'..='\u{fffc}' => None,
        other => Some(other),
    }
}

/// RFC 3454 appendix B.2, by way of Unicode's lower case; sharp s and final sigma by name.
fn fold(c: char) -> impl Iterator<Item = char> {
    let (special, rest) = match c {
        'ß' | 'ẞ' => (Some(['s', 's']), None),
        'ς' => (None, Some('σ')),
        other => (None, Some(other)),
    };
    special
        .into_iter()
        .flatten()
        .chain(rest.into_iter().flat_map(char::to_lowercase))
}

/// RFC 4518 §2.6.1: spaces at the ends go, those inside count once.
fn collapse(chars: impl Iterator<Item = char>) -> String {
    let mut out = String::new();
    let mut space = false;
    for c in chars {
        if c == ' ' {
            space = !out.is_empty();
            continue;
        }
        if space {
            out.push(' ');
            space = false;
        }
        out.push(c);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::prepare;

    #[test]
    fn white_space_and_case_do_not_count() {
        assert_eq!(prepare("  Good \t CA  "), "good ca");
        assert_eq!(prepare("GOOD\u{a0}CA"), "good ca");
        assert_eq!(prepare("   "), "");
    }

    #[test]
    fn other_letters_fold_and_normalise() {
        assert_eq!(prepare("ÕUN"), prepare("o\u{303}un"));
        assert_eq!(prepare("STRASSE"), prepare("Straße"));
        assert_eq!(prepare("ﬁn"), "fin");
        assert_eq!(prepare("ΟΔΟΣ"), prepare("οδος"));
    }

    #[test]
    fn different_letters_stay_different() {
        assert_ne!(prepare("a b"), prepare("ab"));
        assert_ne!(prepare("е"), prepare("e"));
        assert_ne!(prepare("ı"), prepare("i"));
    }
}
