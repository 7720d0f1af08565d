//! What each update of a PDF changed: compared twice, for the signatures and for all.
#![no_main]

use imza::job::InputId;
use imza::pades::{self, Comparison};
use imza::pdf::{Document, Opening};
use imza::signature::Update;
use imza::source::{Advance, Input, Inputs, Source};
use libfuzzer_sys::fuzz_target;
use std::sync::Arc;

fn source(octets: &[u8]) -> Source {
    let inputs = Arc::new(Inputs::new(vec![Input::at_hand("input", octets)]));
    Source::file(inputs, InputId(0), 1 << 16).expect("input 0 is there")
}

fn open(octets: &[u8]) -> Option<Document> {
    let (mut source, budget) = (source(octets), &mut imza_fuzz::budget());
    let mut opening = Opening::new(&source);
    loop {
        match opening.advance(&mut source, budget) {
            Ok(Advance::More) => {}
            Ok(Advance::Done(document)) => return Some(document),
            Err(_) => return None,
        }
    }
}

fn compare(mut comparison: Comparison, octets: &[u8]) -> Option<(Document, Vec<Update>)> {
    let (mut source, budget) = (source(octets), &mut imza_fuzz::budget());
    loop {
        match comparison.advance(&mut source, budget) {
            Ok(Advance::More) => {}
            Ok(Advance::Done(done)) => return Some(done),
            Err(_) => return None,
        }
    }
}

fuzz_target!(|octets: &[u8]| {
    let Some(document) = open(octets) else { return };
    let _ = pades::permissions(&document);
    let signed = compare(Comparison::new(document.clone()), octets);
    let whole = compare(Comparison::of_all(document), octets);
    let Some((document, updates)) = whole else {
        return;
    };
    let again = compare(Comparison::of_all(document.clone()), octets).map(|(_, again)| again);
    assert_eq!(again.as_ref(), Some(&updates), "compared twice, the same");
    let revisions = u64::try_from(document.revisions().len()).unwrap_or(u64::MAX);
    let mut before = 0;
    for update in &updates {
        assert!(
            before < update.revision && update.revision <= revisions,
            "updates in order"
        );
        before = update.revision;
    }
    // What is compared for the signatures is a part of it, and says the same.
    if let Some((_, signed)) = signed {
        let is_told = |update: &Update| {
            let own = updates.iter().find(|own| own.revision == update.revision);
            own.is_none_or(|own| own.changes.len() >= update.changes.len())
        };
        assert!(signed.iter().all(is_told));
    }
});
