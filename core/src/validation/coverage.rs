//! What of the document a signature covers, and what it leaves out.

use super::check_log::{CheckLog, OnTrust, Weight};
use super::cryptographic_verification::Verified;
use crate::error::Error;
use crate::evidence::{Evidence, ReferenceOutcome};
use crate::limits::Budget;
use crate::payload::PayloadName;
use crate::report;
use crate::signature::Signature;
use crate::vocabulary::{CheckId, ScopeKind};
use std::collections::{BTreeMap, BTreeSet};

/// What the references of a signature cover that fit.
pub(super) struct Coverage<'a> {
    evidence: &'a Evidence,
    record: &'a Signature,
    /// Each file and document that a reference is about, and whether that reference fits.
    named: BTreeMap<&'a PayloadName, bool>,
    /// Those of which nothing is left out.
    whole: BTreeSet<&'a PayloadName>,
    /// Those of which comments are left out, with the name in the signature.
    commented: BTreeMap<&'a PayloadName, &'a str>,
}

impl<'a> Coverage<'a> {
    pub(super) fn of(
        evidence: &'a Evidence,
        record: &'a Signature,
        outcomes: &[ReferenceOutcome],
        budget: &mut Budget,
    ) -> Result<Self, Error> {
        let mut found = Self {
            evidence,
            record,
            named: BTreeMap::new(),
            whole: BTreeSet::new(),
            commented: BTreeMap::new(),
        };
        for (reference, outcome) in record.references.iter().zip(outcomes) {
            let Some(name) = &reference.covers else {
                continue;
            };
            let is_intact = *outcome == ReferenceOutcome::Intact;
            found.named.insert(name, is_intact);
            if is_intact && evidence.covers_all(reference, budget)? {
                found.whole.insert(name);
            } else if is_intact {
                found.commented.insert(name, &reference.name);
            }
        }
        let whole = &found.whole;
        found.commented.retain(|name, _| !whole.contains(name));
        Ok(found)
    }

    /// A value without signed attributes is over its file and needs no reference to it (RFC 5652
    /// §5.4).
    pub(super) fn add_signed_directly(&mut self, verified: &Verified) {
        if let Some(name) = self.record.signed_directly() {
            let is_intact = verified.witnesses.is_some();
            self.named.insert(name, is_intact);
            if is_intact {
                self.whole.insert(name);
            }
        }
    }

    /// The files of the container to which a reference fits that leaves nothing of them out.
    pub(super) fn files(&self) -> impl Iterator<Item = &str> {
        self.whole.iter().filter_map(|name| match name {
            PayloadName::Entry(name) => Some(name.as_str()),
            PayloadName::Input(_) => None,
        })
    }

    /// Says what is left out.
    pub(super) fn judge(&self, log: &mut CheckLog<'_>) -> Weight {
        // Whoever counter-signs signs a signature.
        if self.record.parent.is_some() {
            return Weight::Tolerated;
        }
        match (self.of_container(log), self.of_documents(log)) {
            (Weight::Tolerated, Weight::Tolerated) => Weight::Tolerated,
            _ => Weight::Fails,
        }
    }

    /// EN 319 162-1 §4.4.3, OpenDocument 1.2 part 1 §3.16: files of the container that are left out.
    fn of_container(&self, log: &mut CheckLog<'_>) -> Weight {
        let document = self.evidence.document();
        let mut files = document.to_be_covered(&self.record.place).peekable();
        if files.peek().is_none() {
            return Weight::Tolerated;
        }
        // A file that was changed is named; that it does not fit is said of its reference.
        let covered: BTreeSet<&str> = self.files().collect();
        let named = self
            .named
            .iter()
            .filter_map(|(name, is_intact)| match name {
                PayloadName::Entry(name) => Some((name.as_str(), *is_intact)),
                PayloadName::Input(_) => None,
            });
        let named: BTreeMap<&str, bool> = named.collect();
        let left_out = files.find_map(|file| match named.get(file) {
            None => Some(format!("{file} is not")),
            Some(true) if !covered.contains(file) => {
                Some(format!("{file} is, but for its comments"))
            }
            Some(_) => None,
        });
        let object = Some(self.record.id.clone());
        let check = CheckId::ContainerAllFilesSigned;
        let Some(found) = left_out else {
            log.pass(check, object);
            return Weight::Tolerated;
        };
        let expected = "every file is covered";
        log.fail(check, expected, found, object, OnTrust::Independent)
    }

    /// XMLDSig §8.1.1: comments that are left out of documents beside the signature. Anybody may have
    /// put them there: amid a number they make two numbers of it for some readers.
    fn of_documents(&self, log: &mut CheckLog<'_>) -> Weight {
        let mut weight = Weight::Tolerated;
        for (payload, named) in &self.commented {
            let PayloadName::Input(input) = payload else {
                continue;
            };
            let mut given = self.evidence.document().detached.iter();
            let given = given.find(|(known, _)| known == input);
            let name = given.map_or(*named, |(_, name)| name.as_str());
            let check = CheckId::DocumentAllSigned;
            let expected = "everything in the document is covered";
            let found = format!("{name} is, but for its comments");
            let object = Some(name.to_owned());
            if log.fail(check, expected, found, object, OnTrust::Independent) == Weight::Fails {
                weight = Weight::Fails;
            }
        }
        weight
    }

    /// What is covered, for people: not the whole of what has comments that are left out.
    pub(super) fn scopes(&self) -> Vec<report::Scope> {
        let detached = self.evidence.document().detached.iter();
        // A document that the signature gives no name has the one that the caller gave.
        let given = detached.filter(|(input, _)| {
            let name = PayloadName::Input(*input);
            self.commented
                .get(&name)
                .is_some_and(|name| name.is_empty())
        });
        let given = given.map(|(_, name)| name.as_str());
        let partial: BTreeSet<&str> = self.commented.values().copied().chain(given).collect();
        let scope = |one: &crate::signature::Scope| report::Scope {
            name: one.name.clone(),
            kind: match one.kind {
                ScopeKind::Full if partial.contains(one.name.as_str()) => ScopeKind::Partial,
                kind => kind,
            },
        };
        self.record.scopes.iter().map(scope).collect()
    }
}
