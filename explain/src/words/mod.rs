//! The words of one language, by key.

use crate::language::Language;
#[cfg(feature = "pages")]
use crate::phrase::PagePhrase;
use crate::phrase::Phrase;
use crate::sink::{file_name, terminal};
use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use imza::report::Change;
use imza::vocabulary::{
    BlockIndication, ChangeAction, ChangeClass, CheckId, Indication, Integrity, SubIndication,
};
use std::sync::OnceLock;

/// A sentence on what is the matter, and one on what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explained {
    /// What is the matter.
    pub what: String,
    /// What to do.
    pub advice: String,
}

/// A value in a sentence.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Value<'a> {
    /// Text, already harmless for where it goes.
    Text(&'a str),
    /// A number, which plural forms and months follow.
    Number(u64),
}

/// The words of a language; they are read when the first one is wanted.
pub struct Words {
    language: Language,
    bundle: OnceLock<FluentBundle<FluentResource>>,
}

impl std::fmt::Debug for Words {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Words").field(&self.language).finish()
    }
}

macro_rules! resources {
    ($language:literal) => {
        &[
            include_str!(concat!("../../locales/", $language, "/outcomes.ftl")),
            include_str!(concat!("../../locales/", $language, "/checks.ftl")),
            include_str!(concat!("../../locales/", $language, "/errors.ftl")),
            include_str!(concat!("../../locales/", $language, "/report.ftl")),
            #[cfg(feature = "pages")]
            include_str!(concat!("../../locales/", $language, "/pages.ftl")),
            #[cfg(feature = "command")]
            include_str!(concat!("../../locales/", $language, "/command.ftl")),
            #[cfg(feature = "command")]
            include_str!(concat!("../../locales/", $language, "/facts.ftl")),
            #[cfg(feature = "command")]
            include_str!(concat!("../../locales/", $language, "/certificate.ftl")),
        ]
    };
}

/// The Fluent files of a language.
pub(crate) fn resources(language: Language) -> &'static [&'static str] {
    match language {
        Language::Az => resources!("az"),
        Language::En => resources!("en"),
        Language::Ru => resources!("ru"),
        Language::Tr => resources!("tr"),
    }
}

impl Words {
    /// The words of a language.
    #[must_use]
    pub fn new(language: Language) -> Self {
        Self {
            language,
            bundle: OnceLock::new(),
        }
    }

    /// The language.
    #[must_use]
    pub fn language(&self) -> Language {
        self.language
    }

    /// What it means for a citizen that a check does not hold.
    #[must_use]
    pub fn check(&self, check: CheckId) -> String {
        self.message(&key_of("check", check.as_str()), &[])
    }

    /// An error by its code; none for a code that is not known.
    #[must_use]
    pub fn error(&self, code: &str) -> Option<Explained> {
        self.explained(&key_of("error", code))
    }

    /// What a sub-indication means and what to do.
    #[must_use]
    pub fn sub_indication(&self, sub: SubIndication) -> Explained {
        let key = key_of("sub", sub.as_str());
        self.explained(&key).unwrap_or_else(|| Explained {
            what: sub.to_string(),
            advice: String::new(),
        })
    }

    /// What the indication of a signature means.
    #[must_use]
    pub fn indication(&self, indication: Indication) -> String {
        self.message(&key_of("indication", indication.as_str()), &[])
    }

    /// What the indication of a time-stamp or an evidence record means.
    #[must_use]
    pub fn block_indication(&self, indication: BlockIndication) -> String {
        self.message(block_key(indication), &[])
    }

    /// The cryptographic fact in words.
    #[must_use]
    pub fn integrity(&self, integrity: Integrity) -> String {
        self.message(&key_of("integrity", integrity.as_str()), &[])
    }

    /// What was done to a document after it was signed.
    #[must_use]
    pub fn change(&self, class: ChangeClass, action: ChangeAction) -> String {
        self.message(&change_key(class, action), &[])
    }

    /// Page and field, what was done, whether it covers what was there, the path in the file and the
    /// object: a change of a PDF on one line. Untrusted text is made harmless.
    #[must_use]
    pub fn changed(&self, change: &Change) -> String {
        let page = change.page.map(|page| {
            let page = [("page", Value::Number(page))];
            self.say_with(Phrase::ChangePage, &page)
        });
        let field = change.field.as_deref().map(|name| {
            let name = terminal(&file_name(name));
            self.say_with(Phrase::ChangeField, &[("name", Value::Text(&name))])
        });
        let mut what = self.change(change.kind, change.action);
        if change.overlaps {
            what = format!("{what}, {}", self.say(Phrase::ChangeOver));
        }
        let object = change.object.as_deref().map(|object| {
            let object = terminal(object);
            self.say_with(Phrase::ChangeObject, &[("object", Value::Text(&object))])
        });
        let path = Some(terminal(&change.path)).into_iter();
        let path: Vec<String> = path.chain(object).collect();
        let what = format!("{what} ({})", path.join(", "));
        let place: Vec<String> = page.into_iter().chain(field).collect();
        match place.is_empty() {
            true => what,
            false => format!("{}: {what}", place.join(", ")),
        }
    }

    pub(crate) fn say(&self, phrase: Phrase) -> String {
        self.message(phrase.key(), &[])
    }

    pub(crate) fn say_with(&self, phrase: Phrase, values: &[(&str, Value<'_>)]) -> String {
        self.message(phrase.key(), values)
    }

    #[cfg(feature = "pages")]
    pub(crate) fn page(&self, phrase: PagePhrase) -> String {
        self.message(phrase.key(), &[])
    }

    #[cfg(feature = "pages")]
    pub(crate) fn page_with(&self, phrase: PagePhrase, values: &[(&str, Value<'_>)]) -> String {
        self.message(phrase.key(), values)
    }

    /// The message of a key; the key itself where there is none, which a test rules out.
    pub(crate) fn message(&self, key: &str, values: &[(&str, Value<'_>)]) -> String {
        self.format(key, None, values)
            .unwrap_or_else(|| key.to_owned())
    }

    #[cfg(feature = "command")]
    pub(crate) fn find(&self, key: &str) -> Option<String> {
        self.format(key, None, &[])
    }

    pub(crate) fn advice(&self, key: &str, values: &[(&str, Value<'_>)]) -> Option<String> {
        self.format(key, Some("advice"), values)
    }

    fn explained(&self, key: &str) -> Option<Explained> {
        Some(Explained {
            what: self.format(key, None, &[])?,
            advice: self.advice(key, &[])?,
        })
    }

    fn format(
        &self,
        key: &str,
        attribute: Option<&str>,
        values: &[(&str, Value<'_>)],
    ) -> Option<String> {
        let bundle = self.bundle.get_or_init(|| bundle(self.language));
        let message = bundle.get_message(key)?;
        let pattern = match attribute {
            Some(name) => message.get_attribute(name)?.value(),
            None => message.value()?,
        };
        let mut arguments = FluentArgs::new();
        for (name, value) in values {
            match value {
                Value::Text(text) => arguments.set(*name, FluentValue::from(*text)),
                Value::Number(number) => arguments.set(*name, FluentValue::from(*number)),
            }
        }
        // What is wrong with a pattern is found by the tests, and shows itself in the text.
        let mut errors = Vec::new();
        let text = bundle.format_pattern(pattern, Some(&arguments), &mut errors);
        Some(text.into_owned())
    }
}

/// The key of a word of the standard, of a check or of an error.
pub(crate) fn key_of(family: &str, word: &str) -> String {
    let word = word.replace(['.', '_'], "-").to_ascii_lowercase();
    format!("{family}-{word}")
}

fn change_key(class: ChangeClass, action: ChangeAction) -> String {
    key_of(&key_of("change", class.as_str()), action.as_str())
}

/// `INDETERMINATE` is the word of a signature too, where it begins a sentence.
fn block_key(indication: BlockIndication) -> &'static str {
    match indication {
        BlockIndication::Passed => "indication-passed",
        BlockIndication::Failed => "indication-failed",
        _ => "indication-block-indeterminate",
    }
}

fn bundle(language: Language) -> FluentBundle<FluentResource> {
    let tag = language.as_str().parse().unwrap_or_default();
    let mut bundle = FluentBundle::new_concurrent(vec![tag]);
    // Marks around values would be shown escaped by a terminal's sink; values pass it as well.
    bundle.set_use_isolating(false);
    // NUMBER, for the ordinal forms. It fails only where it is there already.
    let _ = bundle.add_builtins();
    for text in resources(language) {
        let resource = match FluentResource::try_new((*text).to_owned()) {
            Ok(resource) => resource,
            // A message that cannot be read is left out; a test rules it out.
            Err((resource, _)) => resource,
        };
        bundle.add_resource_overriding(resource);
    }
    bundle
}

#[cfg(test)]
mod tests;
