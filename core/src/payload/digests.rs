//! What the taps left, and the digests made from it.

use super::{Part, PartKey, PayloadName, PayloadPart, TapKey};
use crate::algorithm::DigestAlgorithm;
use crate::crypto::Digester;
use crate::error::Error;
use crate::limits::{Budget, Resource};
use crate::vocabulary::ObjectId;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Outcomes of taps, by name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PayloadDigests {
    taps: BTreeMap<TapKey, PayloadState>,
    heads: BTreeMap<TapKey, PayloadHead>,
}

/// How what was digested begins, and its length.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PayloadHead {
    /// The first octets, at most [`PayloadHead::MOST`].
    #[serde(with = "hex_octets")]
    pub octets: Vec<u8>,
    /// All octets.
    pub length: u64,
}

impl PayloadHead {
    /// As many octets as are kept.
    pub const MOST: usize = 64;

    /// Takes in what is digested next.
    pub fn take(&mut self, octets: &[u8]) {
        let wanted = Self::MOST.saturating_sub(self.octets.len());
        self.octets.extend(octets.iter().take(wanted));
        let length = u64::try_from(octets.len()).unwrap_or(u64::MAX);
        self.length = self.length.saturating_add(length);
    }
}

/// What a tap left.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PayloadState {
    /// The digest: nothing follows the last payload.
    Digest(#[serde(with = "hex_octets")] Vec<u8>),
    /// The digest's midstate behind the last payload ([`Digester::state`]).
    Midstate(#[serde(with = "hex_octets")] Vec<u8>),
    /// The payload is not at hand.
    NotFound,
    /// The payload is there but could not be digested.
    Failed(PayloadFailure),
}

/// Why payload could not be digested.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PayloadFailure {
    /// [`Error::code`] of what happened.
    pub code: String,
    /// [`Error::reason`] of what happened.
    pub reason: String,
}

impl PayloadFailure {
    /// Keeps code and reason of an error.
    #[must_use]
    pub fn of(error: &Error) -> Self {
        Self {
            code: error.code().to_owned(),
            reason: error.reason(),
        }
    }
}

/// The digest over parts, or why there is none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DigestOutcome {
    /// The digest.
    Digest(Vec<u8>),
    /// Some payload is not at hand.
    NotFound,
    /// Some payload could not be digested.
    Failed(PayloadFailure),
}

impl PayloadDigests {
    /// Keeps the outcome of a tap.
    pub fn insert(&mut self, key: TapKey, state: PayloadState) {
        self.taps.insert(key, state);
    }

    /// What a tap left, where it has run.
    pub(crate) fn state(&self, key: &TapKey) -> Option<&PayloadState> {
        self.taps.get(key)
    }

    /// Keeps how the data of a tap begins.
    pub fn insert_head(&mut self, key: TapKey, head: PayloadHead) {
        self.heads.insert(key, head);
    }

    /// How the data of a tap begins, where that was kept.
    #[must_use]
    pub fn head(&self, key: &TapKey) -> Option<&PayloadHead> {
        self.heads.get(key)
    }

    /// Every kept beginning in the order of the names.
    pub fn heads(&self) -> impl Iterator<Item = (&TapKey, &PayloadHead)> {
        self.heads.iter()
    }

    /// Whether a tap has run.
    #[must_use]
    pub fn contains(&self, key: &TapKey) -> bool {
        self.taps.contains_key(key)
    }

    /// The SHA-256 of a whole file of the container, where a tap computed it.
    #[must_use]
    pub fn sha256_of(&self, entry: &str) -> Option<ObjectId> {
        let name = PayloadName::Entry(entry.to_owned());
        let prefix = vec![PartKey::Payload(PayloadPart::whole(name))];
        match self.taps.get(&TapKey {
            algorithm: DigestAlgorithm::Sha256,
            prefix,
        }) {
            Some(PayloadState::Digest(digest)) => digest.as_slice().try_into().ok().map(ObjectId),
            _ => None,
        }
    }

    /// Every tap in the order of its name.
    pub fn iter(&self) -> impl Iterator<Item = (&TapKey, &PayloadState)> {
        self.taps.iter()
    }

    /// The digest over `parts`. A tap that never ran counts as payload that is not at hand.
    ///
    /// # Errors
    /// A limit, or an algorithm that is not implemented.
    pub fn digest(
        &self,
        algorithm: DigestAlgorithm,
        parts: &[Part],
        budget: &mut Budget,
    ) -> Result<DigestOutcome, Error> {
        let last = parts
            .iter()
            .rposition(|part| matches!(part, Part::Payload(_)));
        let split = last.map_or(0, |last| last + 1);
        let (prefix, rest) = parts.split_at_checked(split).unwrap_or((parts, &[]));
        let mut digester = if prefix.is_empty() {
            Digester::new(algorithm)?
        } else {
            let key = TapKey {
                algorithm,
                prefix: prefix.iter().map(PartKey::of).collect(),
            };
            match self.taps.get(&key) {
                Some(PayloadState::Digest(digest)) if rest.is_empty() => {
                    return Ok(DigestOutcome::Digest(digest.clone()));
                }
                Some(PayloadState::Midstate(state)) => Digester::resume(algorithm, state)?,
                Some(PayloadState::Failed(failure)) => {
                    return Ok(DigestOutcome::Failed(failure.clone()));
                }
                Some(PayloadState::Digest(_) | PayloadState::NotFound) | None => {
                    return Ok(DigestOutcome::NotFound);
                }
            }
        };
        for part in rest {
            match part {
                Part::Octets(octets) => {
                    charge(budget, octets.len())?;
                    digester.update(octets);
                }
                Part::Digest { algorithm, parts } => {
                    match self.digest(*algorithm, parts, budget)? {
                        DigestOutcome::Digest(inner) => digester.update(&inner),
                        other => return Ok(other),
                    }
                }
                Part::Group { algorithm, members } => {
                    let mut all = Vec::with_capacity(members.len());
                    for parts in members {
                        match self.digest(*algorithm, parts, budget)? {
                            DigestOutcome::Digest(inner) => all.push(inner),
                            other => return Ok(other),
                        }
                    }
                    all.sort_unstable();
                    charge(budget, all.iter().map(Vec::len).sum())?;
                    all.iter().for_each(|digest| digester.update(digest));
                }
                Part::Payload(_) => return Ok(DigestOutcome::NotFound),
            }
        }
        Ok(DigestOutcome::Digest(digester.finish()))
    }
}

fn charge(budget: &mut Budget, length: usize) -> Result<(), Error> {
    let length = u64::try_from(length).unwrap_or(u64::MAX);
    Ok(budget.charge(Resource::DigestedBytes, length)?)
}

/// Octets as hexadecimal text.
pub(crate) mod hex_octets {
    use serde::{Deserialize, Deserializer, Serializer};

    pub(crate) fn serialize<S: Serializer>(
        octets: &[u8],
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        let text: String = octets.iter().map(|octet| format!("{octet:02x}")).collect();
        serializer.serialize_str(&text)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Vec<u8>, D::Error> {
        let text = String::deserialize(deserializer)?;
        let wrong = || serde::de::Error::custom("not hexadecimal");
        if !text.is_ascii() || text.len() % 2 != 0 {
            return Err(wrong());
        }
        (0..text.len() / 2)
            .map(|index| text.get(index * 2..index * 2 + 2).ok_or_else(wrong))
            .map(|pair| u8::from_str_radix(pair?, 16).map_err(|_| wrong()))
            .collect()
    }
}

/// Octet strings as hexadecimal text.
pub(crate) mod hex_list {
    use super::hex_octets;
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    #[derive(Serialize, Deserialize)]
    struct Entry(#[serde(with = "hex_octets")] Vec<u8>);

    pub(crate) fn serialize<S: Serializer>(
        list: &[Vec<u8>],
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(list.iter().map(|octets| Entry(octets.clone())))
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Vec<Vec<u8>>, D::Error> {
        let list = Vec::<Entry>::deserialize(deserializer)?;
        Ok(list.into_iter().map(|entry| entry.0).collect())
    }
}
