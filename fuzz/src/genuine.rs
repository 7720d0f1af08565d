//! What was really signed by those whom the vectors trust.
//!
//! The keys of the vectors' citizens sign the committed vectors and nothing else that a fuzzer could
//! come upon. So whatever a mutated document looks like: a signature of it that passes must be
//! over octets that a committed vector has signed, and a file that it covers must be one of theirs.

use crate::whole::{context, validate};
use imza::crypto::object_id;
use imza::limits::Budget;
use imza::payload::Part;
use imza::reading::Verdict;
use imza::report::{Report, Signature};
use imza::trust::TrustSet;
use imza::validation::Context;
use imza::vocabulary::{Indication, Integrity, ObjectId, SubIndication};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// The trust of the vectors, and what was signed under it.
#[derive(Debug)]
pub struct Genuine {
    /// Trusts the root of the vectors.
    pub context: Context,
    /// The file that the detached vectors sign.
    pub permit: Vec<u8>,
    signed: BTreeSet<ObjectId>,
    files: BTreeSet<String>,
}

impl Genuine {
    /// Validates every committed vector and remembers what was signed in those that pass, or could.
    ///
    /// # Panics
    /// When the vectors cannot be read, or none of them passes.
    #[must_use]
    pub fn read() -> Self {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../test-vectors/vectors");
        let read = |path: PathBuf| std::fs::read(&path).expect("a committed vector");
        let root = read(folder.join("pki/root.cer"));
        let anchors = TrustSet::read_anchors(&root, &mut Budget::default()).expect("an anchor");
        let mut genuine = Self {
            context: context(TrustSet::new(anchors)),
            permit: read(folder.join("data/permit.txt")),
            signed: BTreeSet::new(),
            files: BTreeSet::new(),
        };
        for set in [
            "asic-e",
            "asic-e-cades",
            "asic-s",
            "cades",
            "pades",
            "timestamp",
        ] {
            for entry in std::fs::read_dir(folder.join(set))
                .expect("a set")
                .flatten()
            {
                let octets = read(entry.path());
                if let Ok(verdict) = genuine.validate(&octets, None) {
                    genuine.remember(&verdict);
                }
            }
        }
        assert!(!genuine.signed.is_empty(), "no vector passes");
        genuine
    }

    /// Validates a document beside the file that the detached vectors sign.
    ///
    /// # Errors
    /// What the job answers.
    pub fn validate(
        &self,
        octets: &[u8],
        pages: Option<u64>,
    ) -> Result<Verdict, imza::error::Error> {
        let inputs = [("document", octets), ("permit.txt", &self.permit)];
        validate(&inputs, &self.context, pages)
    }

    fn remember(&mut self, verdict: &Verdict) {
        for (id, over) in signatures(verdict, can_pass) {
            self.signed.insert(over);
            self.files.extend(covered(&verdict.report, &id));
        }
    }

    /// Holds a verdict to what was really signed, and to the files that it says are covered.
    ///
    /// # Panics
    /// When a signature passes that nobody made.
    pub fn assert_genuine(&self, verdict: &Verdict) {
        self.assert_signed(verdict);
        for (id, _) in signatures(verdict, has_passed) {
            for digest in covered(&verdict.report, &id) {
                assert!(
                    self.files.contains(&digest),
                    "{id} covers a file that nobody signed"
                );
            }
        }
    }

    /// Holds a verdict to what was really signed.
    ///
    /// # Panics
    /// When a signature passes that nobody made.
    pub fn assert_signed(&self, verdict: &Verdict) {
        for (id, over) in signatures(verdict, has_passed) {
            assert!(
                self.signed.contains(&over),
                "{id} passes, and nobody signed it"
            );
        }
    }
}

fn has_passed(one: &Signature) -> bool {
    one.indication == Indication::TotalPassed
}

/// Passes, or would with something taken away: a time-stamp that breaks proves nothing, and a
/// signature that was made too early is then judged as made today; a signature file of a bad
/// container may be good by itself; and saved evidence is believed what it says of the document, so
/// what nobody could look at (`CUSTOM`) may be missing there.
fn can_pass(one: &Signature) -> bool {
    let of_place = matches!(
        one.sub_indication,
        Some(
            SubIndication::Custom
                | SubIndication::FormatFailure
                | SubIndication::NotYetValid
                | SubIndication::TimestampOrderFailure
        )
    );
    has_passed(one) || one.integrity == Integrity::Intact && of_place
}

/// The signatures that are wanted, each with the digest of the octets that its value is over.
fn signatures(verdict: &Verdict, wanted: fn(&Signature) -> bool) -> Vec<(String, ObjectId)> {
    let wanted = verdict.report.signatures.iter().filter(|one| wanted(one));
    wanted
        .map(|one| {
            let records = verdict.evidence.records();
            let record = records.iter().find(|record| record.id == one.id);
            let value = record.and_then(|record| record.value.as_ref());
            let value = value.expect("an intact signature has a value");
            let mut octets = Vec::new();
            for part in &value.over {
                match part {
                    Part::Octets(part) => octets.extend_from_slice(part),
                    other => octets.extend(format!("{other:?}").into_bytes()),
                }
            }
            (one.id.clone(), object_id(&octets))
        })
        .collect()
}

fn covered<'r>(report: &'r Report, id: &'r str) -> impl Iterator<Item = String> + 'r {
    let files = report.files.iter();
    let files = files.filter(move |file| file.covered_by.iter().any(|by| by == id));
    files.filter_map(|file| file.digest.clone())
}
