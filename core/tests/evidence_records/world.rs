//! Authorities, records in the making, and what is expected of them.

use imza::job::Seed;
use imza::limits::{Budget, Limits};
use imza::policy::{RevocationRequirement, ValidationPolicy};
use imza::reading::{Network, Validation, ValidationRequest};
use imza::report::Report;
use imza::source::Input;
use imza::time::UnixTime;
use imza::transport::{Memory, drive};
use imza::trust::TrustSet;
use imza::validation::Context;
use imza::vocabulary::{BlockIndication, Integrity, SubIndication};
use imza_test_vectors::certificate::{CertificateSpec, Extension, purpose, usage};
use imza_test_vectors::evidence_record::{self as er, ArchiveTimestamp, Lists};
use imza_test_vectors::hash::Hash;
use imza_test_vectors::time::day;
use imza_test_vectors::{Entity, Pki};
use std::sync::{Arc, OnceLock};

/// What came of a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Expected {
    pub(crate) indication: BlockIndication,
    pub(crate) sub: Option<SubIndication>,
    pub(crate) integrity: Integrity,
    /// The time that it proves.
    pub(crate) time: Option<i64>,
}

impl Expected {
    pub(crate) const PASSED: Self = Self {
        indication: BlockIndication::Passed,
        sub: None,
        integrity: Integrity::Intact,
        time: Some(FIRST),
    };

    pub(crate) fn not(sub: SubIndication, integrity: Integrity) -> Self {
        Self {
            indication: sub.accompanies(),
            sub: Some(sub),
            integrity,
            time: None,
        }
    }
}

/// When the first archive time-stamp is made.
pub(crate) const FIRST: i64 = day(2010, 6, 1);
/// When it is renewed: the first authority's certificate ends in 2012.
pub(crate) const SECOND: i64 = day(2011, 12, 1);
/// When that is renewed: the second authority's certificate ends in 2020.
pub(crate) const THIRD: i64 = day(2019, 6, 1);
/// When it is judged.
pub(crate) const NOW: i64 = day(2026, 6, 1);

/// The authorities, by the end of their certificates: 2012, 2020, 2036, and one that nobody trusts.
pub(crate) struct World {
    pub(crate) root: Entity,
    pub(crate) old: Entity,
    pub(crate) middle: Entity,
    pub(crate) new: Entity,
    pub(crate) stranger: Entity,
    pub(crate) pki: Pki,
}

pub(crate) fn world() -> &'static World {
    static WORLD: OnceLock<World> = OnceLock::new();
    WORLD.get_or_init(|| {
        let pki = Pki::fixed().unwrap();
        let long = (day(2005, 1, 1), day(2046, 1, 1));
        let mut root = pki.root.clone();
        let key = root.key.clone();
        let spec = CertificateSpec::authority(root.name.clone(), &key, &key, 1, long);
        root.certificate = spec.issue(&root.name, &key).unwrap();
        let tsa = |serial: u64, until: i64, issuer: &Entity| {
            let of = &pki.tsa_p256;
            let purposes = Extension::extended_key_usage(&[purpose::TIME_STAMPING]);
            let validity = (day(2005, 1, 1), until);
            let bits = [usage::DIGITAL_SIGNATURE];
            let spec = CertificateSpec::end_entity(
                of.name.clone(),
                &of.key,
                &issuer.key,
                serial,
                validity,
                &bits,
            )
            .with([Extension {
                critical: true,
                ..purposes
            }]);
            Entity::issue("tsa", &spec, &of.key, issuer).unwrap()
        };
        World {
            old: tsa(0x7001, day(2012, 1, 1), &root),
            middle: tsa(0x7002, day(2020, 1, 1), &root),
            new: tsa(0x7003, day(2036, 1, 1), &root),
            stranger: tsa(0x7004, day(2036, 1, 1), &pki.other_root),
            root,
            pki,
        }
    })
}

/// A situation.
pub(crate) struct Row {
    pub(crate) name: &'static str,
    pub(crate) expected: Expected,
    pub(crate) record: Vec<u8>,
    pub(crate) files: Vec<Vec<u8>>,
    pub(crate) now: i64,
}

pub(crate) fn context(now: i64) -> Context {
    let mut policy = ValidationPolicy::standard();
    // What is known about revocation has a matrix of its own.
    policy.revocation = RevocationRequirement::None;
    let anchors = TrustSet::read_anchors(&world().root.certificate, &mut Budget::default());
    Context {
        policy: Arc::new(policy),
        trust: Arc::new(TrustSet::new(anchors.unwrap())),
        validation_time: UnixTime::from_seconds(now),
        proven_at: None,
        limits: Arc::new(Limits::default()),
    }
}

/// Validates a document with what lies beside it.
pub(crate) fn validate(inputs: &[(String, Vec<u8>)], context: Context) -> Report {
    let list = inputs
        .iter()
        .map(|(name, octets)| Input::at_hand(name.as_str(), octets.as_slice()));
    let request = ValidationRequest {
        inputs: list.collect(),
        given: Vec::new(),
        keys: Vec::new(),
        seed: Seed::new([7; 32]),
        network: Network::Offline,
    };
    let job = Validation::begin(request, context).unwrap();
    let documents = inputs.iter().map(|(_, octets)| octets.as_slice());
    let verdict = drive(job, &mut Memory::new(documents));
    verdict
        .unwrap_or_else(|error| panic!("{error} in {}", inputs.len()))
        .report
}

impl Row {
    pub(crate) fn judge(&self) -> Expected {
        let mut inputs = vec![("record.ers".to_owned(), self.record.clone())];
        for (number, file) in self.files.iter().enumerate() {
            inputs.push((format!("file{number}"), file.clone()));
        }
        let report = validate(&inputs, context(self.now));
        let [one] = report.evidence_records.as_slice() else {
            panic!("{}: {} records", self.name, report.evidence_records.len());
        };
        let passed = one.indication == BlockIndication::Passed;
        Expected {
            indication: one.indication,
            sub: one.sub_indication,
            integrity: one.integrity,
            time: one.time.filter(|_| passed).map(|time| time.seconds),
        }
    }
}

pub(crate) fn file(number: u8) -> Vec<u8> {
    format!("data object {number}").into_bytes()
}

pub(crate) fn sha(number: u8) -> Vec<u8> {
    Hash::Sha256.digest(&file(number))
}

/// The lists from the first of four files to the root of their tree.
pub(crate) fn four() -> Lists {
    let pair = |a: u8, b: u8| {
        let mut both = [sha(a), sha(b)];
        both.sort_unstable();
        Hash::Sha256.digest(&both.concat())
    };
    vec![vec![sha(0), sha(1)], vec![pair(2, 3)]]
}

/// An honest first archive time-stamp over the first of four files.
pub(crate) fn first() -> ArchiveTimestamp {
    er::stamped(Hash::Sha256, four(), FIRST, &world().old).unwrap()
}

/// A renewal of a time-stamp in a tree with something else.
pub(crate) fn renewal(of: &ArchiveTimestamp, time: i64, tsa: &Entity) -> ArchiveTimestamp {
    let own = Hash::Sha256.digest(&of.token);
    let lists = vec![vec![own, Hash::Sha256.digest(b"another record")]];
    er::stamped(Hash::Sha256, lists, time, tsa).unwrap()
}

/// A renewed hash tree by another algorithm over the first file and the chains so far.
pub(crate) fn rehashed(
    hash: Hash,
    chains: &[Vec<ArchiveTimestamp>],
    files: &[Vec<u8>],
    time: i64,
    tsa: &Entity,
) -> ArchiveTimestamp {
    let so_far = hash.digest(&er::sequence(chains));
    let own = files
        .iter()
        .map(|file| hash.digest(&[hash.digest(file), so_far.clone()].concat()));
    let mut list: Vec<Vec<u8>> = own.collect();
    list.push(hash.digest(b"a neighbour"));
    list.sort_unstable();
    er::stamped(hash, vec![list], time, tsa).unwrap()
}
