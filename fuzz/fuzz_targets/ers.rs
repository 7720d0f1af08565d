//! Evidence records in ASN.1 and XML, with the roots of their hash trees.
#![no_main]

use imza::timestamp::{EvidenceRecord, roots};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|octets: &[u8]| {
    let mut budget = imza_fuzz::budget();
    let Ok(record) = EvidenceRecord::read(octets, &mut budget) else {
        return;
    };
    assert!(!record.chains.is_empty());
    for one in record.timestamps() {
        let Ok(algorithm) = one.algorithm else {
            continue;
        };
        let lengths = one.lists.iter().flatten().map(Vec::len);
        assert!(
            lengths
                .into_iter()
                .all(|length| length == algorithm.output_len())
        );
        if let Ok(roots) = roots(&one.lists, algorithm, &mut imza_fuzz::budget()) {
            assert!(!roots.is_empty() && roots.len() <= 2);
        }
    }
});
