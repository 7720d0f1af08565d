use super::*;
use crate::crypto;

const SHA256: DigestAlgorithm = DigestAlgorithm::Sha256;

fn leaf(number: usize) -> Vec<u8> {
    crypto::digest(SHA256, &number.to_be_bytes()).unwrap()
}

#[test]
fn every_leaf_of_a_tree_leads_to_its_root() {
    for size in 1..40 {
        let leaves: Vec<u8> = (0..size).flat_map(leaf).collect();
        let tree = HashTree::over(SHA256, leaves).unwrap();
        assert_eq!(tree.leaves(), size);
        let root = tree.root().unwrap().to_vec();
        for number in 0..size {
            let lists = tree.reduced(number);
            let own = leaf(number);
            assert!(size == 1 || lists[0].contains(&own));
            let found = roots(&lists, SHA256, &mut Budget::default()).unwrap();
            let fits = found.iter().any(|one| match one {
                Root::Digest(octets) => crypto::digest(SHA256, octets).unwrap() == root,
                Root::Direct => own == root,
            });
            assert!(fits, "{number} of {size}");
        }
        assert!(tree.reduced(size).is_empty());
    }
}

#[test]
fn a_tree_over_nothing_has_no_root() {
    let tree = HashTree::over(SHA256, Vec::new()).unwrap();
    assert_eq!(tree.root(), None);
    assert!(HashTree::over(SHA256, vec![0; 33]).is_err());
}

#[test]
fn what_is_no_record_is_refused() {
    for octets in [
        &b""[..],
        b"0",
        b"\x30\x00",
        b"\x30\x80",
        b"<a/>",
        b"<EvidenceRecord/>",
    ] {
        assert!(EvidenceRecord::read(octets, &mut Budget::default()).is_err());
    }
}

#[test]
fn deep_and_long_records_meet_a_limit() {
    let digest = crate::asn1::write::octet_string(&leaf(0));
    let list = crate::asn1::write::sequence(&vec![&digest[..]; 4_000_000 / 2]);
    let mut budget = Budget::default();
    let tree = crate::asn1::write::implicit_constructed(2, &[&list]);
    let stamp = crate::asn1::write::sequence(&[&tree, &crate::asn1::write::sequence(&[])]);
    let record = write_record(&[SHA256], &[vec![stamp]]);
    let error = EvidenceRecord::parse(&record, &mut budget).unwrap_err();
    assert!(matches!(error, Error::LimitExceeded(_)), "{error}");
}
