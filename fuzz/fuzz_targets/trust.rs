//! Files of anchors, and files of unknown kind beside a document.
#![no_main]

use imza::reading::{Given, recognise_material};
use imza::trust::TrustSet;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|octets: &[u8]| {
    if let Ok(anchors) = TrustSet::read_anchors(octets, &mut imza_fuzz::budget()) {
        let set = TrustSet::new(anchors.clone());
        let reversed = TrustSet::new(anchors.into_iter().rev());
        assert_eq!(set.digest(), reversed.digest(), "trust has no order");
    }
    for given in recognise_material(octets, &mut imza_fuzz::budget()).unwrap_or_default() {
        let (Given::Certificate(one)
        | Given::Revocation { octets: one, .. }
        | Given::EvidenceRecord(one)) = given;
        assert!(!one.is_empty());
    }
});
