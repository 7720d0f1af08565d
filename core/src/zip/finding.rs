//! What is wrong with a container that can nevertheless be read.

use crate::error::{Malformed, MalformedKind};

/// A fact about a container that breaks a rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What is wrong.
    pub kind: MalformedKind,
    /// Which entry, by its place in the directory; `None` for the container itself.
    pub entry: Option<u32>,
    /// Where in the file.
    pub at: u64,
    /// The value wanted, where it is a number.
    pub expected: Option<u64>,
    /// The value found, where it is a number.
    pub found: Option<u64>,
}

/// How much a finding matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Weight {
    /// The container does not follow its format: FORMAT_FAILURE of every signature.
    Failure,
    /// Frequent in genuine containers, and no two readers differ: a warning.
    Warning,
}

impl Finding {
    pub(super) fn new(kind: MalformedKind, entry: Option<u32>, at: u64) -> Self {
        Self {
            kind,
            entry,
            at,
            expected: None,
            found: None,
        }
    }

    pub(super) fn compared(mut self, expected: u64, found: u64) -> Self {
        self.expected = Some(expected);
        self.found = Some(found);
        self
    }

    /// How much it matters: where `mimetype` stands and a name in another code page are warnings.
    #[must_use]
    pub fn weight(&self) -> Weight {
        match self.kind {
            MalformedKind::ZipMimetype | MalformedKind::ZipNameEncoding => Weight::Warning,
            _ => Weight::Failure,
        }
    }

    /// The same as an error of a parser.
    #[must_use]
    pub fn malformed(&self) -> Malformed {
        let malformed = Malformed::at(self.kind, self.at);
        match self.expected.zip(self.found) {
            Some((expected, found)) => malformed.compared(expected, found),
            None => malformed,
        }
    }
}

/// Collects findings, a bounded number of each kind: a container may have a million entries.
#[derive(Clone, Debug, Default)]
pub(super) struct Findings {
    list: Vec<Finding>,
    counts: std::collections::BTreeMap<MalformedKind, u32>,
}

impl Findings {
    pub(super) fn add(&mut self, finding: Finding) {
        let count = self.counts.entry(finding.kind).or_default();
        if *count < MOST_OF_A_KIND {
            *count += 1;
            self.list.push(finding);
        }
    }

    pub(super) fn into_list(self) -> Vec<Finding> {
        self.list
    }
}

const MOST_OF_A_KIND: u32 = 100;
