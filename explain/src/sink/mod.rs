//! Makes untrusted text harmless, one function per sink.
//!
//! Names of files, persons and fields come from the document. Control characters could move the
//! cursor or repaint a verdict, direction overrides could turn `exe.pdf` round, invisible ones
//! could hide a difference. They are shown escaped. Letters of another script that look like
//! those around them pass no sink unseen either: [`name`] and [`file_name`] write their code
//! points beside them.
//!
//! # Common operations
//! - [`terminal`]: text for a terminal or a plain text file.
//! - [`html`]: text and attribute values of a page.
//! - [`name`], [`file_name`]: who and what, before either of them.

mod script;

pub use script::{file_name, name};

/// How many combining marks a letter may carry: more would grow over the lines beside it.
const MARKS: u32 = 3;

/// Text for a terminal: control, ANSI, direction and invisible characters become `\u{…}`.
#[must_use]
pub fn terminal(untrusted: &str) -> String {
    let mut safe = String::with_capacity(untrusted.len());
    let mut marks = 0;
    for character in untrusted.chars() {
        marks = if is_mark(character) { marks + 1 } else { 0 };
        if is_harmful(character) || marks > MARKS {
            safe.extend(character.escape_unicode());
        } else {
            safe.push(character);
        }
    }
    safe
}

/// Text for an element or a quoted attribute of HTML: as for a terminal, and markup becomes
/// character references.
#[must_use]
pub fn html(untrusted: &str) -> String {
    let mut safe = String::with_capacity(untrusted.len());
    for character in terminal(untrusted).chars() {
        match character {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            // Old browsers take it for a quotation mark of an attribute.
            '`' => safe.push_str("&#96;"),
            other => safe.push(other),
        }
    }
    safe
}

/// Control characters, and what Unicode calls format, separator or private use characters.
fn is_harmful(character: char) -> bool {
    character.is_control()
        || matches!(character,
            '\u{00AD}'                  // soft hyphen
            | '\u{034F}'                // combining grapheme joiner
            | '\u{061C}'                // Arabic letter mark
            | '\u{115F}' | '\u{1160}'   // Hangul fillers
            | '\u{17B4}' | '\u{17B5}'
            | '\u{180B}'..='\u{180F}'   // Mongolian selectors
            | '\u{2000}'..='\u{200F}'   // spaces, joiners, marks
            | '\u{2028}'..='\u{202F}'   // separators, direction embeddings and overrides
            | '\u{205F}'..='\u{206F}'   // invisible operators, direction isolates
            | '\u{2800}'                // a Braille cell without dots
            | '\u{3000}' | '\u{3164}'
            | '\u{FE00}'..='\u{FE0F}'   // variation selectors
            | '\u{FEFF}' | '\u{FFA0}'
            | '\u{FFF0}'..='\u{FFFF}'
            | '\u{E000}'..='\u{F8FF}'   // private use
            | '\u{1D173}'..='\u{1D17A}'
            | '\u{E0000}'..='\u{10FFFF}')
}

/// Marks that combine with the letter before.
fn is_mark(character: char) -> bool {
    matches!(character,
        '\u{0300}'..='\u{036F}' | '\u{0483}'..='\u{0489}' | '\u{0591}'..='\u{05BD}'
        | '\u{064B}'..='\u{065F}' | '\u{1AB0}'..='\u{1AFF}' | '\u{1DC0}'..='\u{1DFF}'
        | '\u{20D0}'..='\u{20FF}' | '\u{FE20}'..='\u{FE2F}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_cannot_paint_a_verdict() {
        let hostile = "a\u{1b}[2J\u{1b}[32mTOTAL-PASSED\r\n\u{9b}31m";
        let shown = terminal(hostile);
        assert!(
            shown.chars().all(|character| !character.is_control()),
            "{shown}"
        );
        assert!(shown.starts_with("a\\u{1b}[2J"));
    }

    #[test]
    fn direction_overrides_and_invisible_characters_are_seen() {
        for hostile in [
            "\u{202e}fdp.exe",
            "a\u{200b}b",
            "a\u{2066}b",
            "\u{feff}a",
            "a\u{00ad}b",
            "a\u{2800}b",
        ] {
            assert!(terminal(hostile).contains("\\u{"), "{hostile:?}");
        }
    }

    #[test]
    fn a_tower_of_marks_does_not_grow_over_other_lines() {
        let tower = format!("a{}", "\u{0301}".repeat(40));
        assert_eq!(terminal(&tower).matches("\\u{301}").count(), 37);
        let i_with_dot = "I\u{0307}";
        assert_eq!(terminal(i_with_dot), i_with_dot);
    }

    #[test]
    fn markup_is_no_markup() {
        let hostile = "<img src=x onerror='a'>\" `&\u{202e}";
        let shown = html(hostile);
        for character in ['<', '>', '"', '\'', '`'] {
            assert!(!shown.contains(character), "{shown}");
        }
        assert!(shown.ends_with("&quot; &#96;&amp;\\u{202e}"), "{shown}");
    }

    #[test]
    fn letters_of_every_script_stay() {
        let names = "Aysel Məmmədova, Əhməd, Иванова, İğdır, 中村, ərizə.txt";
        assert_eq!(terminal(names), names);
    }
}
