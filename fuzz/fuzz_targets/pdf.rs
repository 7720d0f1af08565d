//! PDF: the cross-reference chain, every object of it, and the signatures.
#![no_main]

use imza::job::InputId;
use imza::pades;
use imza::pdf::{Object, ObjectReference, Opening};
use imza::source::{Advance, Input, Inputs, Source};
use libfuzzer_sys::fuzz_target;
use std::sync::Arc;

fuzz_target!(|octets: &[u8]| {
    let inputs = Arc::new(Inputs::new(vec![Input::at_hand("input", octets)]));
    let mut source = Source::file(inputs, InputId(0), 1 << 16).expect("input 0 is there");
    let budget = &mut imza_fuzz::budget();
    let mut opening = Opening::new(&source);
    let mut document = loop {
        match opening.advance(&mut source, budget) {
            Ok(Advance::More) => {}
            Ok(Advance::Done(document)) => break document,
            Err(_) => return,
        }
    };
    let length = u64::try_from(octets.len()).unwrap_or(u64::MAX);
    assert_eq!(document.length(), length);
    let newest = document.newest();
    for number in 0..64 {
        let reference = ObjectReference {
            number,
            generation: 0,
        };
        let read = document.object(reference, newest, &mut source, budget);
        if let Ok((Object::Stream(stream), _)) = read {
            let _ = document.stream_data(&stream, newest, &mut source, budget);
        }
    }
    let _ = pades::document_findings(&document);
    let _ = pades::stored_certificates(&document);
    let _ = pades::stored_revocation(&document);
    for located in pades::locate(&document, budget) {
        if let Some(parts) = located.facts.signed_parts() {
            assert_eq!(parts.len(), 2, "two ranges are signed");
        }
        if let Some(message) = &located.message {
            let nothing = |_: &_| None;
            let _ = pades::records(message, "place", &located.facts, &nothing, budget);
        }
    }
});
