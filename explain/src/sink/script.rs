//! Names in which scripts are mixed, as somebody does who wants one name taken for another.
//!
//! `аpplication.txt` with a Cyrillic `а` looks like another file than it is. A word is a run of
//! letters; in a word of more than one alphabet the letters of the rarer one are deceptive, and in
//! a tie those that are not Latin. Words of one alphabet each stand beside one another honestly
//! (`Договор PDF`), unless every letter of the second in the whole name looks Latin. Azerbaijani
//! and Turkish letters are Latin; Chinese, Japanese and Korean mix with anything.
//!
//! # Standard
//! After Unicode Technical Standard 39, in the small: alphabets that have look-alikes of one another.

use std::collections::BTreeMap;

/// Alphabets whose letters are taken for one another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Script {
    Latin,
    Greek,
    Cyrillic,
    Armenian,
    Cherokee,
    Coptic,
    /// Mathematical, full-width and enclosed letters: never how a name is written.
    Styled,
}

/// A name of a person, an organisation or anything else, with deceptive letters shown by code
/// point beside; any other name is unchanged.
#[must_use]
pub fn name(untrusted: &str) -> String {
    mark(untrusted, |_| false)
}

/// A file name, with deceptive letters shown by code point beside; any other name is unchanged.
///
/// The ending counts only where it is not a plain one: `ура.txt` is a Russian name.
#[must_use]
pub fn file_name(untrusted: &str) -> String {
    let is_plain = |ending: &str| ending.bytes().all(|octet| octet.is_ascii_alphanumeric());
    let stem = match untrusted.rsplit_once('.') {
        Some((stem, ending)) if is_plain(ending) => stem,
        _ => untrusted,
    };
    let letters = |wanted: Script| {
        stem.chars()
            .filter(move |one| script(*one) == Some(wanted))
            .collect::<Vec<_>>()
    };
    let (latin, cyrillic) = (letters(Script::Latin), letters(Script::Cyrillic));
    let greek = letters(Script::Greek);
    let looks_latin = |letters: &[char]| letters.iter().all(|letter| LOOK_ALIKES.contains(*letter));
    let deceptive = [
        (Script::Cyrillic, looks_latin(&cyrillic)),
        (Script::Greek, looks_latin(&greek)),
    ];
    mark(untrusted, |script| {
        !latin.is_empty() && deceptive.contains(&(script, true))
    })
}

/// Cyrillic and Greek letters that look like Latin ones.
const LOOK_ALIKES: &str = "авеѕіјкмнорстухһԁԛԝәАВЕЅІЈКМНОРСТУХҺӘҮ\
    ανορυικτχΑΒΕΖΗΙΚΜΝΟΡΤΥΧ";

/// Shows the deceptive letters of each word, and every letter of a script that `is_deceptive`.
fn mark(untrusted: &str, is_deceptive: impl Fn(Script) -> bool) -> String {
    let mut marked = String::with_capacity(untrusted.len());
    let mut word = String::new();
    for character in untrusted.chars() {
        if character.is_alphabetic() || is_combining(character) {
            word.push(character);
            continue;
        }
        mark_word(&std::mem::take(&mut word), &is_deceptive, &mut marked);
        marked.push(character);
    }
    mark_word(&word, &is_deceptive, &mut marked);
    marked
}

/// A mark or a letter that never ends a word: nobody splits a word by joining marks to it.
fn is_combining(character: char) -> bool {
    super::is_mark(character) || super::is_harmful(character)
}

fn mark_word(word: &str, is_deceptive: &impl Fn(Script) -> bool, out: &mut String) {
    let mut counts = BTreeMap::new();
    for script in word.chars().filter_map(script) {
        *counts.entry(script).or_insert(0_u32) += 1;
    }
    // The first of the most frequent: Latin before the others.
    let mut main = None;
    for (script, count) in &counts {
        if main.is_none_or(|(_, most)| count > most) && *script != Script::Styled {
            main = Some((*script, count));
        }
    }
    let main = main.map(|(script, _)| script);
    for character in word.chars() {
        out.push(character);
        let shown =
            script(character).is_some_and(|script| Some(script) != main || is_deceptive(script));
        if shown {
            out.extend(character.escape_unicode());
        }
    }
}

fn script(character: char) -> Option<Script> {
    if !character.is_alphabetic() {
        return None;
    }
    Some(match character {
        'A'..='Z' | 'a'..='z' | '\u{00C0}'..='\u{02AF}' | '\u{1D00}'..='\u{1D25}' => Script::Latin,
        '\u{1E00}'..='\u{1EFF}' | '\u{2C60}'..='\u{2C7F}' | '\u{A722}'..='\u{A7FF}' => {
            Script::Latin
        }
        '\u{AB30}'..='\u{AB64}' | '\u{FB00}'..='\u{FB06}' => Script::Latin,
        '\u{0370}'..='\u{03E1}' | '\u{03F0}'..='\u{03FF}' | '\u{1F00}'..='\u{1FFF}' => {
            Script::Greek
        }
        '\u{0400}'..='\u{052F}' | '\u{1C80}'..='\u{1C8F}' | '\u{2DE0}'..='\u{2DFF}' => {
            Script::Cyrillic
        }
        '\u{A640}'..='\u{A69F}' | '\u{1D2B}' => Script::Cyrillic,
        '\u{0531}'..='\u{0587}' => Script::Armenian,
        '\u{13A0}'..='\u{13FD}' | '\u{AB70}'..='\u{ABBF}' => Script::Cherokee,
        '\u{03E2}'..='\u{03EF}' | '\u{2C80}'..='\u{2CFF}' => Script::Coptic,
        '\u{1D400}'..='\u{1D7FF}' | '\u{FF21}'..='\u{FF5A}' | '\u{2460}'..='\u{24FF}' => {
            Script::Styled
        }
        '\u{2100}'..='\u{214F}' | '\u{1F130}'..='\u{1F189}' => Script::Styled,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cyrillic_letter_in_a_latin_name_is_shown_by_its_code_point() {
        assert_eq!(
            file_name("\u{0430}pplication.txt"),
            "\u{0430}\\u{430}pplication.txt"
        );
        // The Azerbaijani schwa has a Cyrillic twin.
        assert_eq!(file_name("əriz\u{04D9}.pdf"), "əriz\u{04D9}\\u{4d9}.pdf");
        assert_eq!(name("Ays\u{0435}l"), "Ays\u{0435}\\u{435}l");
    }

    #[test]
    fn a_latin_letter_in_a_cyrillic_word_is_the_deceptive_one() {
        assert_eq!(file_name("Дoговор.docx"), "Дo\\u{6f}говор.docx");
    }

    #[test]
    fn a_word_of_look_alikes_in_a_latin_name_is_shown() {
        let ehe = "invoice.\u{0435}\u{0445}\u{0435}";
        assert_eq!(file_name(ehe).matches("\\u{").count(), 3);
        assert_eq!(file_name("\u{0440}ay bill").matches("\\u{").count(), 1);
        assert!(file_name("paid \u{0430}\u{0441}\u{0435}").contains("\\u{430}"));
    }

    #[test]
    fn styled_letters_and_other_alphabets_in_one_word_are_shown() {
        assert!(name("\u{1D5E3}aid").contains("\\u{1d5e3}"));
        assert!(name("\u{FF30}aid").contains("\\u{ff30}"));
        assert!(name("p\u{03B1}id").contains("\\u{3b1}"));
        assert!(name("p\u{0561}id").contains("\\u{561}"));
        // An invisible character does not make two words of one.
        assert!(name("p\u{200b}\u{0430}id").contains("\\u{430}"));
    }

    #[test]
    fn names_of_one_script_and_honest_neighbours_stay() {
        for honest in [
            "tikinti-icazəsi-üçün-ərizə.txt",
            "İĞDIR şöbəsi çıxarış.pdf",
            "ура.txt",
            "Договор PDF.docx",
            "Договор о поставке v2.docx",
            "USB-накопитель.pdf",
            "Ελλάδα.pdf",
            "第1号A案.pdf",
            "report.2026.pdf",
            "CN=Иванова Анна,O=ООО Рога,C=RU",
            "",
        ] {
            assert_eq!(file_name(honest), honest);
            assert_eq!(name(honest), honest);
        }
    }
}
