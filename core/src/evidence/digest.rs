//! The digest of evidence: what a report names, so that it can be told which evidence it rests on.

use super::{DocumentFacts, Evidence, Located};
use crate::crypto;
use crate::payload::{PayloadState, TapKey};
use crate::vocabulary::ObjectId;
use serde::Serialize;
use std::collections::BTreeSet;

/// What is digested. Kept bytes stand in it by their digests.
#[derive(Serialize)]
struct Digested<'a> {
    document: DocumentFacts,
    located: &'a [Located],
    payload: Vec<(&'a TapKey, &'a PayloadState)>,
    material: BTreeSet<String>,
    answers: BTreeSet<String>,
    keys: BTreeSet<ObjectId>,
}

impl Evidence {
    /// SHA-256 over the facts, the digests of the kept bytes and of the payload, the material, the
    /// answers of other hosts and the keys.
    ///
    /// The name of the document, the order of material and whether it was given twice make no
    /// difference. Saved evidence has the digest of the evidence that was saved.
    #[must_use]
    pub fn digest(&self) -> ObjectId {
        let digested = Digested {
            document: DocumentFacts {
                name: String::new(),
                ..self.document.clone()
            },
            located: &self.located,
            payload: self.payload.iter().collect(),
            material: sorted(&self.material),
            answers: sorted(&self.answers),
            keys: self
                .keys
                .iter()
                .map(|key| crypto::object_id(key.spki()))
                .collect(),
        };
        crypto::object_id(&serde_json::to_vec(&digested).unwrap_or_default())
    }
}

fn sorted<T: Serialize>(all: &[T]) -> BTreeSet<String> {
    let texts = all.iter().map(|one| serde_json::to_string(one));
    texts.map(Result::unwrap_or_default).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::limits::Budget;
    use crate::vocabulary::CertificateOrigin;

    fn evidence(name: &str, size: u64, certificates: &[&[u8]]) -> Evidence {
        let mut evidence = Evidence::new(DocumentFacts {
            name: name.to_owned(),
            size,
            ..DocumentFacts::default()
        });
        for octets in certificates {
            let origin = CertificateOrigin::Provided;
            evidence.add_certificate((*octets).into(), origin, &mut Budget::default());
        }
        evidence
    }

    #[test]
    fn neither_the_name_nor_the_order_nor_a_second_copy_changes_it() {
        let one = evidence("a", 1, &[b"x", b"y"]).digest();
        assert_eq!(one, evidence("b", 1, &[b"y", b"x", b"y"]).digest());
    }

    #[test]
    fn other_facts_and_other_material_change_it() {
        let one = evidence("a", 1, &[b"x"]).digest();
        for other in [
            evidence("a", 2, &[b"x"]),
            evidence("a", 1, &[]),
            evidence("a", 1, &[b"z"]),
        ] {
            assert_ne!(one, other.digest());
        }
    }
}
