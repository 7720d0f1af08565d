//! Whole documents before a judge who trusts nobody: the same by pages and from saved evidence.
#![no_main]

use imza::evidence::Evidence;
use imza::reading::judge;
use imza::trust::TrustSet;
use imza::validation::Context;
use imza::vocabulary::{Basis, Indication};
use imza_fuzz::whole::{context, validate};
use libfuzzer_sys::fuzz_target;
use std::sync::LazyLock;

static CONTEXT: LazyLock<Context> = LazyLock::new(|| context(TrustSet::new([])));

fuzz_target!(|octets: &[u8]| {
    let inputs = [("document", octets), ("permit.txt", &b"May build."[..])];
    let at_hand = validate(&inputs, &CONTEXT, None);
    let by_pages = validate(&inputs, &CONTEXT, Some(512));
    let verdict = match (at_hand, by_pages) {
        (Ok(one), Ok(other)) => {
            assert_eq!(one.report, other.report, "another report by pages");
            assert_eq!(one.budget, other.budget, "other charges by pages");
            one
        }
        (Err(one), Err(other)) => {
            assert_eq!(one.code(), other.code(), "another error by pages");
            return;
        }
        (one, other) => panic!("at hand: {:?}, by pages: {:?}", one.err(), other.err()),
    };
    for signature in &verdict.report.signatures {
        assert_ne!(
            signature.indication,
            Indication::TotalPassed,
            "trusted by nobody"
        );
    }
    let saved = verdict.evidence.save(&imza_fuzz::limits());
    let Ok(evidence) = Evidence::load(&saved, &mut imza_fuzz::budget()) else {
        return;
    };
    let mut replayed = judge(&evidence, &CONTEXT);
    assert_eq!(replayed.basis, Basis::Evidence);
    replayed.basis = verdict.report.basis;
    assert_eq!(
        replayed, verdict.report,
        "another report from saved evidence"
    );
});
