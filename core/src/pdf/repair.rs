//! Where the newest section must be, in a file whose end leads to none.
//!
//! Mail programs and editors that change ends of line move everything behind them, and cut files
//! lack their end. Readers then look for the section, or build a table of their own from all
//! objects they find; so it is found here too, and never trusted in a file that is signed.
//!
//! # Standard
//! ISO 32000-2 §7.5.4, §7.5.5, §7.5.8.

use super::lexer::is_space;

const END: &[u8] = b"%%EOF";

/// A place that looks like the newest section.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Candidate {
    /// Among the octets that were looked through.
    pub(super) at: usize,
    /// Whether another revision ends before it.
    pub(super) is_update: bool,
}

/// The last section among the last octets of a file, unless a revision ends behind it.
pub(super) fn newest_section(octets: &[u8]) -> Option<Candidate> {
    let octets = octets.trim_ascii_end();
    let octets = octets.strip_suffix(END).unwrap_or(octets);
    let start = last(octets, END).map(|at| at.saturating_add(END.len()));
    let own = octets.get(start.unwrap_or_default()..)?;
    let at = table(own).max(stream(own))?;
    Some(Candidate {
        at: at.saturating_add(start.unwrap_or_default()),
        is_update: start.is_some(),
    })
}

fn last(octets: &[u8], what: &[u8]) -> Option<usize> {
    octets
        .windows(what.len())
        .rposition(|window| window == what)
}

fn begins_line(octets: &[u8], at: usize) -> bool {
    let before = at.checked_sub(1).and_then(|before| octets.get(before));
    matches!(before, None | Some(b'\r' | b'\n'))
}

/// The last keyword `xref` at the beginning of a line.
fn table(octets: &[u8]) -> Option<usize> {
    const KEYWORD: &[u8] = b"xref";
    let mut windows = octets.windows(KEYWORD.len().saturating_add(1)).enumerate();
    let found = windows.rfind(|(at, window)| {
        let after = window.strip_prefix(KEYWORD).and_then(<[u8]>::first);
        after.copied().is_some_and(is_space) && begins_line(octets, *at)
    });
    found.map(|(at, _)| at)
}

/// The beginning of the object that names the type of a cross-reference stream last.
fn stream(octets: &[u8]) -> Option<usize> {
    const TYPE: &[u8] = b"/XRef";
    let mut windows = octets.windows(TYPE.len().saturating_add(1)).enumerate();
    let (named, _) = windows.rfind(|(_, window)| {
        let after = window.strip_prefix(TYPE).and_then(<[u8]>::first);
        after.is_some_and(|after| is_space(*after) || b"/>".contains(after))
    })?;
    let head = octets.get(..last(octets.get(..named)?, b" obj")?)?;
    // Generation, then number: a line of their own.
    let number = |text: &[u8]| {
        text.iter()
            .rev()
            .take_while(|one| one.is_ascii_digit())
            .count()
    };
    let generation = number(head);
    let before = head.get(..head.len().checked_sub(generation)?)?;
    let before = before.strip_suffix(b" ")?;
    let at = before.len().checked_sub(number(before))?;
    (generation > 0 && at < before.len() && begins_line(octets, at)).then_some(at)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Option<(usize, bool)> {
        let candidate = newest_section(text.as_bytes())?;
        Some((candidate.at, candidate.is_update))
    }

    #[test]
    fn the_last_section_of_the_last_revision() {
        for (text, expected) in [
            (
                "a\nxref\n0 1\ntrailer\nstartxref\n9\n%%EOF\n",
                Some((2, false)),
            ),
            ("a\rxref\r\n0 1", Some((2, false))),
            ("\nxref\n\n5 0 obj<</Type/XRef/W[]>>", Some((7, false))),
            ("\n5 0 obj<</Type/XRef>>\nxref 0", Some((23, false))),
            ("\nxref\n%%EOF\nxref\n%%EOF", Some((12, true))),
            // A section, and behind it a revision without one.
            ("\nxref\n%%EOF\n1 0 obj\n%%EOF\n", None),
            ("startxref\n9", None),
            ("\n xref\n", None),
            ("\nxrefs\n", None),
            ("\nxref", None),
            ("\n5 0 obj<</Type/XRefStm>>", None),
            ("\nendobj /XRef ", None),
            ("\n5 obj<</Type/XRef>>", None),
            (" 5 0 obj<</Type/XRef>>", None),
            ("", None),
        ] {
            assert_eq!(found(text), expected, "{text:?}");
        }
    }
}
