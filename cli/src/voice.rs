//! In which language the command speaks, and how its pages look.
//!
//! Chosen once a run: `--lang`, else the locale of the environment, else English. Everything that
//! is said to a person goes through here; JSON does not, and is the same in every language.

use imza_explain::{Door, Explained, Language, Layout, Look, Said, Style, Words};
use std::sync::OnceLock;

/// The width of a page that goes to no terminal.
const FILE_WIDTH: usize = 100;

static VOICE: OnceLock<Voice> = OnceLock::new();

struct Voice {
    words: Words,
    is_plain: bool,
}

/// Chooses the language and the layout; the first choice of a run stays.
pub(crate) fn choose(language: Option<Language>, is_plain: bool) {
    let words = Words::new(language.unwrap_or_else(of_environment));
    // A second choice is not made: there is one command line.
    let _ = VOICE.set(Voice { words, is_plain });
}

/// The language of a command line that is not understood, or that asks for help.
pub(crate) fn language_asked_for() -> Language {
    let words = std::env::args_os().skip(1);
    let mut words = words.filter_map(|word| word.into_string().ok());
    let mut named = None;
    while let Some(word) = words.next() {
        match word.strip_prefix("--lang") {
            Some("") => named = words.next(),
            Some(value) => named = value.strip_prefix('=').map(str::to_owned).or(named),
            None => {}
        }
    }
    named
        .as_deref()
        .and_then(Language::from_tag)
        .unwrap_or_else(of_environment)
}

fn of_environment() -> Language {
    let values = ["LC_ALL", "LC_MESSAGES", "LANG"].map(|name| std::env::var(name).ok());
    Language::from_environment(values.iter().map(Option::as_deref))
}

fn voice() -> &'static Voice {
    VOICE.get_or_init(|| Voice {
        words: Words::new(Language::En),
        is_plain: false,
    })
}

/// The words of this run.
pub(crate) fn words() -> &'static Words {
    &voice().words
}

/// Whether pages are lines for a screen reader.
pub(crate) fn is_plain() -> bool {
    voice().is_plain
}

/// Where a page goes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Target {
    StandardOutput,
    File,
}

/// How a page looks there.
pub(crate) fn look(target: Target) -> Look {
    // Colours that the stream would leave out again need not be written.
    let wanted = anstream::AutoStream::choice(&std::io::stdout());
    let style = match (target, wanted) {
        (Target::File, _) | (_, anstream::ColorChoice::Never) => Style::Plain,
        (Target::StandardOutput, _) => Style::Colour,
    };
    let layout = if voice().is_plain {
        Layout::Lines
    } else {
        Layout::Columns {
            width: width(target),
        }
    };
    Look {
        style,
        layout,
        door: Door::Command,
    }
}

fn width(target: Target) -> usize {
    if target == Target::File {
        return FILE_WIDTH;
    }
    let named = std::env::var("COLUMNS").ok();
    let of_terminal = || terminal_size::terminal_size_of(std::io::stdout());
    named
        .and_then(|text| text.parse().ok())
        .or_else(|| of_terminal().map(|(width, _)| usize::from(width.0)))
        .unwrap_or(FILE_WIDTH)
}

/// Says something on standard error, with what to do below it.
pub(crate) fn tell(said: impl Into<Said>) {
    tell_explained(&words().said(&said.into()));
}

/// The same of what is in words already.
pub(crate) fn tell_explained(explained: &Explained) {
    anstream::eprintln!("imza: {}", explained.what);
    advise(&explained.advice);
}

/// What to do, below what was said.
pub(crate) fn advise(advice: &str) {
    if !advice.is_empty() {
        anstream::eprintln!("      {advice}");
    }
}
