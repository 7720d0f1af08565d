//! Saved evidence: judged again, it passes nothing that was not signed, and loads from its own form.
#![no_main]

use imza::evidence::Evidence;
use imza::reading::{Verdict, judge};
use imza_fuzz::genuine::Genuine;
use libfuzzer_sys::fuzz_target;
use std::sync::LazyLock;

static GENUINE: LazyLock<Genuine> = LazyLock::new(Genuine::read);

fuzz_target!(|octets: &[u8]| {
    let Ok(text) = std::str::from_utf8(octets) else {
        return;
    };
    let budget = &mut imza_fuzz::budget();
    let Ok(evidence) = Evidence::load(text, budget) else {
        return;
    };
    let report = judge(&evidence, &GENUINE.context);
    assert_ne!(report.exit_status(), 0, "0 is for documents");
    let saved = evidence.save(&imza_fuzz::limits());
    let again = Evidence::load(&saved, &mut imza_fuzz::budget()).expect("its own form");
    assert_eq!(
        judge(&again, &GENUINE.context),
        report,
        "judged twice, the same"
    );
    // The facts of the document are taken on trust here; what was signed is not.
    let budget = budget.clone();
    GENUINE.assert_signed(&Verdict {
        report,
        evidence,
        budget,
    });
});
