//! The saved form of evidence: versioned JSON.
//!
//! Holds facts, kept bytes (base64) and what the taps left; never anything parsed, never a witness.
//! A midstate is the digest's chaining value, buffered octets and length as [`crate::crypto`]
//! writes it: a form of this library's own. Saved evidence can hold content of the document (an
//! XML file that carries its data is kept whole): whoever saves it is told so by the manual.

use super::{Answer, DocumentFacts, Evidence, Located, Material, Objects};
use crate::crypto::PublicKey;
use crate::error::{ApiMisuse, Error, Malformed, MalformedKind};
use crate::limits::{Budget, Limits};
use crate::payload::{PayloadHead, PayloadState, TapKey};
use crate::vocabulary::{Basis, ObjectId};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::Arc;

const VERSION: u32 = 1;

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Saved {
    #[serde(rename = "imza-evidence")]
    version: u32,
    document: DocumentFacts,
    located: Vec<Located>,
    objects: BTreeMap<ObjectId, String>,
    payload: Vec<(TapKey, PayloadState)>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    heads: Vec<(TapKey, PayloadHead)>,
    material: Vec<Material>,
    answers: Vec<Answer>,
    keys: Vec<String>,
}

#[derive(Deserialize)]
struct Version {
    #[serde(rename = "imza-evidence")]
    version: u32,
}

impl Evidence {
    /// The saved form. Kept bytes beyond `limits.evidence_bytes` are left out, the largest first;
    /// what needed them is unknown on replay, with check `limits.evidence-bytes`.
    #[must_use]
    pub fn save(&self, limits: &Limits) -> String {
        let mut kept: Vec<(&ObjectId, &Arc<[u8]>)> = self.objects.iter().collect();
        kept.sort_by_key(|(_, octets)| octets.len());
        let mut size = 0u64;
        kept.retain(|(_, octets)| {
            size = size.saturating_add(u64::try_from(octets.len()).unwrap_or(u64::MAX));
            size <= limits.evidence_bytes
        });
        let saved = Saved {
            version: VERSION,
            document: self.document.clone(),
            located: self.located.clone(),
            objects: kept
                .into_iter()
                .map(|(id, octets)| (*id, STANDARD.encode(octets)))
                .collect(),
            payload: self
                .payload
                .iter()
                .map(|(key, state)| (key.clone(), state.clone()))
                .collect(),
            heads: self
                .payload
                .heads()
                .map(|(key, head)| (key.clone(), head.clone()))
                .collect(),
            material: self.material.clone(),
            answers: self.answers.clone(),
            keys: self
                .keys
                .iter()
                .map(|key| STANDARD.encode(key.spki()))
                .collect(),
        };
        serde_json::to_string(&saved).unwrap_or_default()
    }

    /// Reads the saved form and every record in it anew from the kept bytes.
    ///
    /// # Errors
    /// [`Malformed`] when it is not the saved form or bytes do not fit their name,
    /// [`ApiMisuse::UnknownVersion`] for another version, a limit.
    pub fn load(text: &str, budget: &mut Budget) -> Result<Self, Error> {
        let wrong = || Malformed::within(MalformedKind::EvidenceStructure, "evidence");
        let version: Version = serde_json::from_str(text).map_err(|_| wrong())?;
        if version.version != VERSION {
            return Err(ApiMisuse::UnknownVersion.into());
        }
        let saved: Saved = serde_json::from_str(text).map_err(|_| wrong())?;
        let mut objects = Objects::default();
        for (id, text) in &saved.objects {
            let octets: Arc<[u8]> = STANDARD.decode(text).map_err(|_| wrong())?.into();
            if objects.keep(octets) != *id {
                return Err(wrong().into());
            }
        }
        let mut evidence = Self::new(saved.document);
        evidence.basis = Basis::Evidence;
        evidence.objects = objects;
        evidence.located = saved.located;
        evidence.answers = saved.answers;
        for (key, state) in saved.payload {
            evidence.payload.insert(key, state);
        }
        for (key, head) in saved.heads {
            evidence.payload.insert_head(key, head);
        }
        for text in &saved.keys {
            let spki = STANDARD.decode(text).map_err(|_| wrong())?;
            evidence.keys.push(PublicKey::from_spki(&spki)?);
        }
        // In the order of a first reading: what came with the request, the records, the answers.
        let (given, fetched): (Vec<_>, Vec<_>) = saved
            .material
            .into_iter()
            .partition(|one| !one.is_fetched());
        evidence.join(given, budget);
        evidence.read_records(budget)?;
        evidence.join(fetched, budget);
        Ok(evidence)
    }

    /// Whether another reading is one of the same document: the same facts, structures and digests.
    /// Its name may be another.
    #[must_use]
    pub fn is_about_the_same(&self, other: &Self) -> bool {
        let facts = DocumentFacts {
            name: other.document.name.clone(),
            ..self.document.clone()
        };
        facts == other.document && self.located == other.located && self.payload == other.payload
    }

    /// Joins what other hosts answered when other evidence was gathered, and that they did.
    pub fn join_answers(&mut self, of: &Self, budget: &mut Budget) {
        let fetched: Vec<Material> = of
            .material
            .iter()
            .filter(|one| one.is_fetched())
            .cloned()
            .collect();
        for one in &fetched {
            if let Some(octets) = of.objects.get(&one.object()) {
                self.keep(Arc::clone(octets));
            }
        }
        self.join(fetched, budget);
        self.answers.extend(of.answers.iter().cloned());
    }

    fn join(&mut self, material: Vec<Material>, budget: &mut Budget) {
        for one in material {
            let octets = |objects: &Objects, id: &ObjectId| objects.get(id).cloned();
            match one {
                Material::Certificate { object, origin } => {
                    if let Some(octets) = octets(&self.objects, &object) {
                        self.add_certificate(octets, origin, budget);
                    }
                }
                Material::Revocation {
                    object,
                    kind,
                    origin,
                } => {
                    if let Some(octets) = octets(&self.objects, &object) {
                        self.add_revocation(octets, kind, origin, budget);
                    }
                }
            }
        }
    }
}

impl Material {
    /// Its kept bytes.
    #[must_use]
    pub fn object(&self) -> ObjectId {
        match self {
            Self::Certificate { object, .. } | Self::Revocation { object, .. } => *object,
        }
    }

    /// Whether another host answered it.
    #[must_use]
    pub fn is_fetched(&self) -> bool {
        use crate::vocabulary::{CertificateOrigin, RevocationOrigin};
        match self {
            Self::Certificate { origin, .. } => *origin == CertificateOrigin::Fetched,
            Self::Revocation { origin, .. } => *origin == RevocationOrigin::Fetched,
        }
    }
}
