//! Makes untrusted text harmless, one function per sink.
//!
//! Names of files, persons and fields come from the document. Control characters could move the
//! cursor or repaint a verdict, direction overrides could turn `exe.pdf` round, invisible ones
//! could hide a difference. They are shown escaped.

/// Text for a terminal: control, ANSI, direction and invisible characters become `\u{…}`.
#[must_use]
pub fn terminal(untrusted: &str) -> String {
    let mut safe = String::with_capacity(untrusted.len());
    for character in untrusted.chars() {
        if is_harmful(character) {
            safe.extend(character.escape_unicode());
        } else {
            safe.push(character);
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
            | '\u{3000}' | '\u{3164}'
            | '\u{FE00}'..='\u{FE0F}'   // variation selectors
            | '\u{FEFF}' | '\u{FFA0}'
            | '\u{FFF0}'..='\u{FFFF}'
            | '\u{E000}'..='\u{F8FF}'   // private use
            | '\u{1D173}'..='\u{1D17A}'
            | '\u{E0000}'..='\u{10FFFF}')
}

#[cfg(test)]
mod tests {
    use super::terminal;

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
        ] {
            assert!(terminal(hostile).contains("\\u{"), "{hostile:?}");
        }
    }

    #[test]
    fn letters_of_every_script_stay() {
        let names = "Aysel Məmmədova, Əhməd, Иванова, İğdır, 中村, ərizə.txt";
        assert_eq!(terminal(names), names);
    }
}
