//! Evidence: everything that a verdict rests on, content-addressed.
//!
//! Reading a document yields evidence; judging is a pure function of it. Evidence keeps the facts
//! of the document ([`DocumentFacts`]) and the **original bytes of everything small that is signed
//! or signs**: signature files, CMS messages, certificates, CRLs, OCSP responses, time-stamp
//! tokens. Of payload it keeps digests and midstates ([`crate::payload`]).
//!
//! Nothing that was parsed is ever saved: the records of signatures ([`Evidence::records`]) are
//! read anew from the kept bytes, so that every expected digest comes from what was really signed,
//! and a forged record beside the bytes has nothing to say. The edges between digests, bytes and
//! keys are recomputed on every judgement, on replay too.
//!
//! # Common operations
//! - [`Evidence::records`], [`Evidence::pool`]: what the judge reads.
//! - [`Evidence::references`], [`Evidence::value`], [`Evidence::imprint`]: recompute edges.
//! - [`Evidence::save`], [`Evidence::load`]: the versioned JSON form.
//! - [`Evidence::digest`]: what a report names it by.
//!
//! # Standard
//! EN 319 102-1 §5.1.4 (inputs of every process).

mod digest;
mod edges;
mod facts;
mod first_lists;
mod objects;
mod pool;
mod preservation;
mod records;
mod saved;

pub use crate::cades::Token;
pub use edges::{
    DigestsMatch, ReferenceOutcome, References, SignatureIntact, SignedByKey, ValueOutcome,
    verify_certificate, verify_crl, verify_ocsp,
};
pub(crate) use facts::Names;
pub use facts::{
    Answer, AnswerOutcome, DocumentFacts, FileFact, Located, ManifestFact, Material, Structure,
    Wanted,
};
pub use objects::Objects;
pub use pool::{Pool, Revocation, RevocationData};

use crate::cades;
use crate::crypto::PublicKey;
use crate::error::Error;
use crate::job::InputId;
use crate::limits::Budget;
use crate::payload::{PartKey, PayloadDigests, PayloadName, Tap};
use crate::signature::{PlacedRecord, Signature, SignatureValue, Target, Timestamp};
use crate::vocabulary::{Basis, CertificateOrigin, ObjectId, RevocationOrigin};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Everything that a verdict on one document rests on.
#[derive(Clone, Debug)]
pub struct Evidence {
    basis: Basis,
    document: DocumentFacts,
    located: Vec<Located>,
    objects: Objects,
    payload: PayloadDigests,
    material: Vec<Material>,
    answers: Vec<Answer>,
    keys: Vec<PublicKey>,
    records: Vec<Signature>,
    evidence_records: Vec<PlacedRecord>,
    tokens: BTreeMap<ObjectId, Result<Token, String>>,
    pool: Pool,
}

impl Evidence {
    /// Evidence of a document about which nothing is known yet.
    #[must_use]
    pub fn new(document: DocumentFacts) -> Self {
        Self {
            basis: Basis::Document,
            document,
            located: Vec::new(),
            objects: Objects::default(),
            payload: PayloadDigests::default(),
            material: Vec::new(),
            answers: Vec::new(),
            keys: Vec::new(),
            records: Vec::new(),
            evidence_records: Vec::new(),
            tokens: BTreeMap::new(),
            pool: Pool::default(),
        }
    }

    /// Whether the document itself was read, or saved evidence.
    #[must_use]
    pub fn basis(&self) -> Basis {
        self.basis
    }

    /// Facts of the document.
    #[must_use]
    pub fn document(&self) -> &DocumentFacts {
        &self.document
    }

    /// Facts of the document, to add to while reading.
    pub fn document_mut(&mut self) -> &mut DocumentFacts {
        &mut self.document
    }

    /// Structures that hold signatures.
    #[must_use]
    pub fn located(&self) -> &[Located] {
        &self.located
    }

    /// Kept bytes.
    #[must_use]
    pub fn objects(&self) -> &Objects {
        &self.objects
    }

    /// Digests and midstates of payload.
    #[must_use]
    pub fn payload(&self) -> &PayloadDigests {
        &self.payload
    }

    /// Digests and midstates of payload, to add to while reading.
    pub fn payload_mut(&mut self) -> &mut PayloadDigests {
        &mut self.payload
    }

    /// Signatures and time-stamps, in the order found.
    #[must_use]
    pub fn records(&self) -> &[Signature] {
        &self.records
    }

    /// Evidence records, in the order found.
    #[must_use]
    pub fn evidence_records(&self) -> &[PlacedRecord] {
        &self.evidence_records
    }

    /// Certificates and revocation data.
    #[must_use]
    pub fn pool(&self) -> &Pool {
        &self.pool
    }

    /// Public keys that the caller gave for signatures that carry none.
    #[must_use]
    pub fn keys(&self) -> &[PublicKey] {
        &self.keys
    }

    /// Public keys for signatures that carry none: they tell integrity and never give trust.
    pub fn set_keys(&mut self, keys: Vec<PublicKey>) {
        self.keys = keys;
    }

    /// Certificates and revocation data that the caller gave or other hosts answered, in the order
    /// in which they joined.
    #[must_use]
    pub fn material(&self) -> &[Material] {
        &self.material
    }

    /// What requests to other hosts gave.
    #[must_use]
    pub fn answers(&self) -> &[Answer] {
        &self.answers
    }

    /// Hosts that were asked, each once, in the order of their names.
    #[must_use]
    pub fn hosts(&self) -> Vec<String> {
        let asked = self.answers.iter().filter(|answer| match &answer.outcome {
            AnswerOutcome::Fetched(_) => true,
            AnswerOutcome::Failed(failure) => failure.was_asked(),
        });
        let hosts: BTreeSet<String> = asked.map(|answer| host(&answer.url)).collect();
        hosts.into_iter().collect()
    }

    /// The parsed token of a time-stamp.
    ///
    /// # Errors
    /// The reason, when it cannot be read.
    pub fn token(&self, timestamp: &Timestamp) -> Result<&Token, String> {
        match self.tokens.get(&crate::crypto::object_id(&timestamp.token)) {
            Some(Ok(token)) => Ok(token),
            Some(Err(reason)) => Err(reason.clone()),
            None => Err("not read".to_owned()),
        }
    }

    /// The parsed token of these octets, where it could be read.
    #[must_use]
    pub fn token_of(&self, id: &ObjectId) -> Option<&Token> {
        self.tokens.get(id).and_then(|token| token.as_ref().ok())
    }

    /// Keeps bytes.
    pub fn keep(&mut self, octets: Arc<[u8]>) -> ObjectId {
        self.objects.keep(octets)
    }

    /// Adds a structure that holds signatures.
    pub fn add_located(&mut self, located: Located) {
        self.located.push(located);
    }

    /// Puts other bytes in place of structures, by their place, and reads every record anew: the
    /// document as it will be after an augmentation.
    ///
    /// # Errors
    /// As [`Evidence::read_records`].
    pub fn replace_structures(
        &mut self,
        changed: &BTreeMap<String, Vec<u8>>,
        budget: &mut Budget,
    ) -> Result<(), Error> {
        for located in &mut self.located {
            if let Some(octets) = changed.get(&located.place) {
                located.object = Some(self.objects.keep(octets.as_slice().into()));
            }
        }
        self.read_records(budget)
    }

    /// Reads the records of every located structure from its kept bytes, and joins what travels
    /// with them to the pool.
    ///
    /// # Errors
    /// Why a document that is itself the structure cannot be read; a limit that concerns the
    /// document as a whole. What is wrong with one of several structures is in its record.
    pub fn read_records(&mut self, budget: &mut Budget) -> Result<(), Error> {
        let (located, objects, document) = (&self.located, &self.objects, &self.document);
        let records = records::read(located, objects, document, budget)?;
        let evidence_records = preservation::read(located, objects, document, &records, budget)?;
        self.tokens.clear();
        for record in &records {
            self.pool.join(record, budget);
            self.read_tokens(&record.timestamps, budget);
        }
        for placed in &evidence_records {
            if let Some(record) = &placed.record {
                self.pool.join_evidence_record(record, budget);
            }
            self.read_tokens(&placed.timestamps, budget);
        }
        self.records = records;
        self.evidence_records = evidence_records;
        Ok(())
    }

    fn read_tokens(&mut self, timestamps: &[Timestamp], budget: &mut Budget) {
        for timestamp in timestamps {
            let id = crate::crypto::object_id(&timestamp.token);
            if self.tokens.contains_key(&id) {
                continue;
            }
            let token = cades::read_token(&timestamp.token, &timestamp.id, budget);
            if let Ok(token) = &token {
                self.pool.join(&token.record, budget);
            }
            self.tokens
                .insert(id, token.map_err(|error| error.reason()));
        }
    }

    /// The taps that must run over payload before the records can be judged, each once.
    #[must_use]
    pub fn taps(&self) -> Vec<Tap> {
        let mut taps: BTreeMap<_, Tap> = BTreeMap::new();
        let mut need = |needed: Vec<Tap>| {
            for tap in needed {
                let (continues, keeps_head) = (tap.continues, tap.keeps_head);
                let known = taps.entry(tap.key.clone()).or_insert(tap);
                known.continues |= continues;
                known.keeps_head |= keeps_head;
            }
        };
        for record in &self.records {
            if let Some(value) = &record.value {
                need(taps_of_value(value));
            }
            for reference in &record.references {
                if let (Ok(algorithm), Target::Parts(parts)) =
                    (&reference.algorithm, &reference.target)
                {
                    need(Tap::needed(*algorithm, parts));
                    let commented = reference.with_comments();
                    need(Tap::needed(*algorithm, &commented.unwrap_or_default()));
                }
            }
        }
        for placed in &self.evidence_records {
            need(preservation::taps(placed));
        }
        let signatures = self.records.iter().map(|record| &record.timestamps);
        let preserved = self.evidence_records.iter();
        for timestamps in signatures.chain(preserved.map(|placed| &placed.timestamps)) {
            for timestamp in timestamps {
                let Ok(token) = self.token(timestamp) else {
                    continue;
                };
                let Ok(algorithm) = token.imprint_algorithm else {
                    continue;
                };
                let alternatives = timestamp.alternatives.iter().map(|(target, _)| target);
                for target in std::iter::once(&timestamp.imprint).chain(alternatives) {
                    if let Target::Parts(parts) = target {
                        need(Tap::needed(algorithm, parts));
                    }
                }
            }
        }
        taps.into_values()
            .filter(|tap| !self.payload.contains(&tap.key))
            .collect()
    }

    /// Names of the documents given beside that nothing in this one is about: no reference, no
    /// message, no time-stamp and no evidence record leads to them.
    #[must_use]
    pub fn unreferenced(&self) -> Vec<&str> {
        let taps = self.payload.iter().flat_map(|(key, _)| &key.prefix);
        let used: BTreeSet<InputId> = taps
            .filter_map(|part| match part {
                PartKey::Payload(part) => match &part.name {
                    PayloadName::Input(input) => Some(*input),
                    PayloadName::Entry(_) => None,
                },
                PartKey::Octets(_) => None,
            })
            .collect();
        let given = self.document.detached.iter();
        let unused = given.filter(|(input, _)| !used.contains(input));
        unused.map(|(_, name)| name.as_str()).collect()
    }

    /// Joins a certificate to the material; what is no certificate is kept but not used.
    pub fn add_certificate(
        &mut self,
        octets: Arc<[u8]>,
        origin: CertificateOrigin,
        budget: &mut Budget,
    ) -> ObjectId {
        let object = self.keep(Arc::clone(&octets));
        self.material.push(Material::Certificate { object, origin });
        self.pool.add_certificate(octets, origin, budget);
        object
    }

    /// Joins revocation data to the material; what cannot be read is kept but not used.
    pub fn add_revocation(
        &mut self,
        octets: Arc<[u8]>,
        kind: crate::signature::RevocationKind,
        origin: RevocationOrigin,
        budget: &mut Budget,
    ) -> ObjectId {
        let object = self.keep(Arc::clone(&octets));
        self.material.push(Material::Revocation {
            object,
            kind,
            origin,
        });
        self.pool.add_revocation(octets, kind, origin, budget);
        object
    }

    /// Records what a request gave.
    pub fn add_answer(&mut self, answer: Answer) {
        self.answers.push(answer);
    }
}

fn taps_of_value(value: &SignatureValue) -> Vec<Tap> {
    let digest = value
        .algorithm
        .as_ref()
        .ok()
        .and_then(|algorithm| algorithm.digest());
    let Some(digest) = digest else {
        return Vec::new();
    };
    let alternatives = value.alternatives.iter().map(|(parts, _)| parts);
    std::iter::once(&value.over)
        .chain(alternatives)
        .flat_map(|parts| Tap::needed(digest, parts))
        .map(|tap| Tap {
            keeps_head: true,
            ..tap
        })
        .collect()
}

/// The host of an address, as far as it can be told.
fn host(url: &str) -> String {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let authority = rest.split(['/', '?', '#']).next().unwrap_or(rest);
    authority
        .rsplit_once('@')
        .map_or(authority, |(_, host)| host)
        .to_ascii_lowercase()
}
