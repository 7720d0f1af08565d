//! Which signatures are raised, and which stay as they are.

use super::super::frozen;
use super::work::Form;
use crate::error::{ApiMisuse, Error, InputError, Unsupported};
use crate::evidence::Evidence;
use crate::limits::Budget;
use crate::payload::Part;
use crate::signature::{RecordKind, Signature};
use crate::vocabulary::SignatureFormat;
use std::collections::BTreeSet;

/// What is asked for.
#[derive(Clone, Default)]
pub(super) enum Selection {
    /// Every signature that is no counter-signature.
    #[default]
    All,
    /// Those with these identifiers, counter-signatures too.
    Named(BTreeSet<String>),
    /// The one that signs these octets: it was just made.
    New(Vec<u8>),
}

impl Selection {
    /// Their identifiers; none for all.
    ///
    /// # Errors
    /// [`InputError::SignatureMissing`] for one that is not there.
    pub(super) fn ids(&self, records: &[Signature]) -> Result<Option<BTreeSet<String>>, Error> {
        match self {
            Self::All => Ok(None),
            Self::Named(ids) => {
                let is_missing = |id: &&String| !records.iter().any(|one| one.id == **id);
                if let Some(signature) = ids.iter().find(is_missing).cloned() {
                    return Err(InputError::SignatureMissing { signature }.into());
                }
                Ok(Some(ids.clone()))
            }
            Self::New(signed) => {
                let own = records.iter().filter(|one| is_over(one, signed));
                let ids: BTreeSet<String> = own.map(|one| one.id.clone()).collect();
                if ids.is_empty() {
                    return Err(ApiMisuse::ContradictoryParameters.into());
                }
                Ok(Some(ids))
            }
        }
    }
}

fn is_over(record: &Signature, signed: &[u8]) -> bool {
    let over = record.value.as_ref().map(|value| value.over.as_slice());
    matches!(over, Some([Part::Octets(octets)]) if **octets == *signed)
}

/// The signatures that are raised.
pub(super) struct Wanted {
    /// Their identifiers; none for all.
    ids: Option<BTreeSet<String>>,
    /// Files that time-stamps and evidence records of the container are about.
    proven: BTreeSet<String>,
    /// Signature files that other signatures are over.
    covered: BTreeSet<String>,
}

impl Wanted {
    /// # Errors
    /// As [`Selection::ids`]; [`Unsupported`] for what is asked for and cannot be raised.
    pub(super) fn of(
        selection: &Selection,
        evidence: &Evidence,
        budget: &mut Budget,
    ) -> Result<Self, Error> {
        let wanted = Self {
            ids: selection.ids(evidence.records())?,
            proven: frozen::proven(evidence, budget)?,
            covered: frozen::covered(evidence, budget)?,
        };
        let mut records = evidence.records().iter();
        let is_other = |one: &Signature| wanted.is_named(one) && wanted.form(one).is_none();
        if records.any(is_other) {
            return Err(Unsupported::Feature("augmentation of other signatures than AdES").into());
        }
        Ok(wanted)
    }

    /// The signatures that are asked for by name; none for all.
    pub(super) fn ids(&self) -> Option<&BTreeSet<String>> {
        self.ids.as_ref()
    }

    fn is_named(&self, record: &Signature) -> bool {
        let ids = self.ids.as_ref();
        ids.is_some_and(|ids| ids.contains(&record.id))
    }

    /// The form of a record that is raised; none for one that is not.
    pub(super) fn form(&self, record: &Signature) -> Option<Form> {
        let is_wanted = match &self.ids {
            Some(_) => self.is_named(record),
            None => record.parent.is_none(),
        };
        if record.kind != RecordKind::Signature || !is_wanted {
            return None;
        }
        match record.format {
            SignatureFormat::Xades => Some(Form::Xades),
            SignatureFormat::Cades => Some(Form::Cades),
            _ => None,
        }
    }

    /// Whether a signature that lacks something may get it. One that the container's time-stamps
    /// are about is proven by them already.
    ///
    /// # Errors
    /// [`InputError::Signed`] where that would break another signature, or a time-stamp though the
    /// signature is asked for by name.
    pub(super) fn may_change(&self, record: &Signature) -> Result<bool, Error> {
        let is_proven = self.proven.contains(&record.place);
        if is_proven && self.ids.is_none() {
            return Ok(false);
        }
        if is_proven || self.covered.contains(&record.place) {
            return Err(frozen::signed(&record.place));
        }
        Ok(true)
    }

    /// Whether a file is nobody's but its own.
    pub(super) fn is_free(&self, place: &str) -> bool {
        !self.proven.contains(place) && !self.covered.contains(place)
    }
}
