//! Containers: what they hold, by all octets at hand and by small pages.
#![no_main]

use imza::asic::{Opened, Opening};
use imza::error::Error;
use imza::job::InputId;
use imza::source::{Advance, Input, Inputs, Source, Stop};
use libfuzzer_sys::fuzz_target;
use std::sync::Arc;

fn open(octets: &[u8], input: Input, page_size: u64) -> Result<Opened, Error> {
    let inputs = Arc::new(Inputs::new(vec![input]));
    let mut source = Source::file(inputs, InputId(0), page_size)?;
    let (mut opening, budget) = (Opening::new(), &mut imza_fuzz::budget());
    loop {
        match opening.advance(&mut source, budget) {
            Ok(Advance::More) => {}
            Ok(Advance::Done(opened)) => return Ok(opened),
            Err(Stop::Error(error)) => return Err(error),
            Err(Stop::NotHere) => {
                let wanted = source.wanted();
                assert!(!wanted.is_empty(), "stopped without wanting anything");
                for (input, range) in wanted {
                    let start = usize::try_from(range.start).expect("within the input");
                    let end = usize::try_from(range.end).expect("within the input");
                    source.supply(input, range, octets.get(start..end).expect("within"))?;
                }
            }
        }
    }
}

fuzz_target!(|octets: &[u8]| {
    let length = u64::try_from(octets.len()).unwrap_or(u64::MAX);
    let at_hand = open(octets, Input::at_hand("input", octets), 1 << 16);
    let by_pages = open(octets, Input::on_request("input", length), 64);
    match (at_hand, by_pages) {
        (Ok(one), Ok(other)) => {
            assert_eq!(one.signature_files, other.signature_files);
            assert_eq!((one.kind, one.data_files), (other.kind, other.data_files));
            assert_eq!(one.findings, other.findings);
        }
        (Err(one), Err(other)) => assert_eq!(one, other),
        (one, other) => panic!("at hand: {one:?}, by pages: {other:?}"),
    }
});
