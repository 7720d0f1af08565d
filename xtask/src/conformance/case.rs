//! A case of the corpora: a document with its set-up, and the answer that its own project expects.

use crate::Outcome;
use serde::Deserialize;
use serde_json::{Map, Value};
use std::path::{Path, PathBuf};

/// A line of `index.jsonl`. Paths are relative to the folder of the corpora.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Case {
    pub(super) id: String,
    pub(super) kind: String,
    pub(super) expected: String,
    pub(super) scope: String,
    pub(super) indication: Option<String>,
    pub(super) subindication: Option<String>,
    pub(super) validation_time: Option<String>,
    pub(super) files: Vec<String>,
    pub(super) trust_anchors: Vec<String>,
    pub(super) facts: Map<String, Value>,
    pub(super) features: Vec<String>,
    pub(super) document: Option<String>,
    pub(super) leaf: Option<String>,
    pub(super) input: Option<String>,
    pub(super) output: Option<String>,
    pub(super) xpath_file: Option<String>,
    pub(super) intermediates: Vec<String>,
    pub(super) crls: Vec<String>,
    pub(super) ocsps: Vec<String>,
    pub(super) adjunct_certs: Vec<String>,
    pub(super) ts_trust_anchors: Vec<String>,
    pub(super) keys: Vec<String>,
    pub(super) detached: Vec<String>,
    pub(super) uri_map: Map<String, Value>,
    pub(super) password: Option<String>,
    pub(super) notes: Option<String>,
    pub(super) trust_list: Option<String>,
}

impl Case {
    /// The case says *valid*.
    pub(super) fn expects_valid(&self) -> bool {
        self.expected == "valid"
    }

    /// The case says that the document must not be accepted.
    pub(super) fn forbids_acceptance(&self) -> bool {
        matches!(
            self.expected.as_str(),
            "invalid" | "indeterminate" | "error"
        )
    }

    /// Certificates to trust. A trusted list counts as none until lists are read.
    pub(super) fn anchors(&self) -> impl Iterator<Item = &str> {
        self.trust_anchors
            .iter()
            .map(String::as_str)
            .filter(|path| !path.ends_with(".xml"))
    }

    /// Whether the case gives trust.
    pub(super) fn has_anchors(&self) -> bool {
        self.anchors().next().is_some()
    }

    /// Whether a part of the trust stands in a trusted list, which is not read yet.
    pub(super) fn lacks_trust(&self) -> bool {
        self.trust_list.is_some()
    }

    /// The indication that the case states, as reports spell it.
    pub(super) fn stated_indication(&self) -> Option<&'static str> {
        match self.indication.as_deref()? {
            "TOTAL_PASSED" | "PASSED" => Some("TOTAL-PASSED"),
            "TOTAL_FAILED" | "FAILED" => Some("TOTAL-FAILED"),
            "INDETERMINATE" => Some("INDETERMINATE"),
            _ => None,
        }
    }

    /// A fact that is a number.
    pub(super) fn count(&self, fact: &str) -> Option<u64> {
        self.facts.get(fact)?.as_u64()
    }
}

/// The corpora on this machine.
#[derive(Clone, Debug)]
pub(super) struct Corpora {
    folder: PathBuf,
}

impl Corpora {
    pub(super) fn new(shared: &Path) -> Self {
        Self {
            folder: shared.join("corpora"),
        }
    }

    /// Every case.
    pub(super) fn cases(&self) -> Outcome<Vec<Case>> {
        let index = self.folder.join("index.jsonl");
        let text = std::fs::read_to_string(&index)
            .map_err(|error| format!("{}: {error}", index.display()))?;
        text.lines()
            .filter(|line| !line.trim().is_empty())
            .map(|line| serde_json::from_str(line).map_err(Into::into))
            .collect()
    }

    /// Where a file of a case lies.
    pub(super) fn path(&self, path: &str) -> PathBuf {
        self.folder.join(path)
    }

    /// The octets of a file of a case.
    pub(super) fn read(&self, path: &str) -> Result<Vec<u8>, String> {
        std::fs::read(self.folder.join(path)).map_err(|error| format!("{path}: {error}"))
    }
}
