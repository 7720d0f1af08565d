//! The words of one language, by key.

use imza_explain::Language;
use std::collections::BTreeMap;

/// The words of a language; English has none here.
pub(super) struct Words {
    by_key: BTreeMap<&'static str, &'static str>,
}

impl Words {
    pub(super) fn of(language: Language) -> Option<Self> {
        let text = match language {
            Language::Az => include_str!("../../locales/az/help.ftl"),
            Language::En => return None,
            Language::Ru => include_str!("../../locales/ru/help.ftl"),
            Language::Tr => include_str!("../../locales/tr/help.ftl"),
        };
        // Of Fluent no more than this is used here: a key and its text on one line.
        let messages = text.lines().filter_map(|line| line.split_once(" = "));
        let by_key = messages.filter(|(key, _)| !key.starts_with('#')).collect();
        Some(Self { by_key })
    }

    pub(super) fn find(&self, key: &str) -> Option<&'static str> {
        self.by_key.get(key).copied()
    }

    #[cfg(test)]
    pub(super) fn keys(&self) -> impl Iterator<Item = &'static str> {
        self.by_key.keys().copied()
    }

    /// What an option of a command is for.
    pub(super) fn argument(&self, path: &[String], id: &str) -> Option<String> {
        let key = self.key_of(path, id)?;
        self.find(&key).map(str::to_owned)
    }

    /// What a value of an option means.
    pub(super) fn value(&self, path: &[String], id: &str, value: &str) -> Option<String> {
        let key = self.key_of(path, &format!("{id}-is-{value}"))?;
        self.find(&key).map(str::to_owned)
    }

    /// The key that an option has: its id, behind the command where several share an id.
    pub(super) fn key_of(&self, path: &[String], id: &str) -> Option<String> {
        let id = id.replace('_', "-");
        let own = path.iter().map(String::as_str).chain([id.as_str()]);
        let own = own.collect::<Vec<_>>().join("-");
        [own, id]
            .into_iter()
            .find(|key| self.by_key.contains_key(key.as_str()))
    }

    /// `FILE` in the language.
    pub(super) fn value_name(&self, name: &str) -> Option<&'static str> {
        self.find(value_key(name)?)
    }
}

/// The key of a value's name.
pub(super) fn value_key(name: &str) -> Option<&'static str> {
    Some(match name {
        "PATH" => "value-path",
        "PURPOSE=PATH" => "value-purpose-path",
        "NAME|FILE" => "value-name-file",
        "TYPE" => "value-type",
        "TIME" => "value-time",
        "FILE" => "value-file",
        "[NAME=]FILE" => "value-detached",
        "N" => "value-n",
        "DOCUMENT" => "value-document",
        "EVIDENCE" => "value-evidence",
        "[NAME=]DOCUMENT" => "value-named-document",
        "BUNDLE" => "value-bundle",
        "TEXT" => "value-text",
        "NAME" => "value-name",
        "PLACE" => "value-place",
        "KIND:FILE" => "value-kind-file",
        "LABEL" => "value-label",
        "ID" => "value-id",
        "URL" => "value-url",
        "FOLDER" => "value-folder",
        "OID" => "value-oid",
        "TIMESTAMP" => "value-timestamp",
        "CONTAINER" => "value-container",
        "NAME|URI|OID" => "value-name-uri-oid",
        "PART=TEXT" => "value-part-text",
        "implied|OID|URI" => "value-implied-oid-uri",
        "OID|URI" => "value-oid-uri",
        _ => return None,
    })
}
