//! Whole archives, their renewals, and the records that they give for each document.

use crate::world::{Expected, FIRST, NOW, Row, SECOND, THIRD, file, world};
use imza::algorithm::DigestAlgorithm;
use imza::creation::Archive;
use imza::limits::Budget;
use imza_test_vectors::Entity;
use imza_test_vectors::evidence_record as er;
use imza_test_vectors::hash::Hash;

const COUNT: u8 = 7;

fn digests(hash: Hash) -> Vec<u8> {
    (0..COUNT)
        .flat_map(|number| hash.digest(&file(number)))
        .collect()
}

fn stamp(archive: &mut Archive, time: i64, tsa: &Entity) {
    let hash = match archive.algorithm().unwrap() {
        DigestAlgorithm::Sha512 => Hash::Sha512,
        _ => Hash::Sha256,
    };
    let digest = archive.to_be_stamped().unwrap();
    archive.stamped(er::token(hash, &digest, time, tsa).unwrap());
}

fn judged(archive: &Archive, record: usize, document: u8) -> Expected {
    let row = Row {
        name: "a document of an archive",
        expected: Expected::PASSED,
        record: archive.record(record),
        files: vec![file(document)],
        now: NOW,
    };
    row.judge()
}

/// Stamped, stamped again, and digested anew.
fn renewed() -> Archive {
    let mut archive = Archive::over(DigestAlgorithm::Sha256, digests(Hash::Sha256)).unwrap();
    stamp(&mut archive, FIRST, &world().old);
    stamp(&mut archive, SECOND, &world().middle);
    let sha512 = DigestAlgorithm::Sha512;
    archive.renew_tree(sha512, digests(Hash::Sha512)).unwrap();
    stamp(&mut archive, THIRD, &world().new);
    archive
}

#[test]
fn every_document_of_an_archive_with_a_renewed_tree_is_proven() {
    let archive = renewed();
    let all = vec![digests(Hash::Sha256), digests(Hash::Sha512)];
    let again = Archive::read_renewed(all, &archive.kept(), &mut Budget::default()).unwrap();
    for document in 0..COUNT {
        let found = judged(&archive, usize::from(document), document);
        assert_eq!(
            found.indication,
            Expected::PASSED.indication,
            "{document}: {found:?}"
        );
        assert_eq!(found.integrity, Expected::PASSED.integrity, "{document}");
        assert_eq!(
            again.record(document.into()),
            archive.record(document.into())
        );
    }
}

#[test]
fn a_record_proves_no_other_document_of_the_archive() {
    let archive = renewed();
    // The neighbour in the tree is proven by the same lists: its digest is one of them.
    assert_eq!(archive.record(0), archive.record(1));
    for document in 2..COUNT {
        let found = judged(&archive, 0, document);
        assert_ne!(found.indication, Expected::PASSED.indication, "{document}");
    }
}

#[test]
fn a_renewed_tree_over_other_documents_proves_nothing() {
    let mut archive = Archive::over(DigestAlgorithm::Sha256, digests(Hash::Sha256)).unwrap();
    stamp(&mut archive, FIRST, &world().old);
    stamp(&mut archive, SECOND, &world().middle);
    let mut other = digests(Hash::Sha512);
    other[..64].copy_from_slice(&Hash::Sha512.digest(b"another"));
    archive.renew_tree(DigestAlgorithm::Sha512, other).unwrap();
    stamp(&mut archive, THIRD, &world().new);
    assert_ne!(
        judged(&archive, 0, 0).indication,
        Expected::PASSED.indication
    );
    assert_eq!(
        judged(&archive, 1, 1).indication,
        Expected::PASSED.indication
    );
}
