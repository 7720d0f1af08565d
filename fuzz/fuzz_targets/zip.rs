//! ZIP: the directory, each file by itself, and all files in one pass.
#![no_main]

use imza::error::Error;
use imza::job::InputId;
use imza::source::{Advance, Input, Inputs, Source};
use imza::zip::{EntrySink, Opening, Pass, read_entry};
use libfuzzer_sys::fuzz_target;
use std::collections::BTreeMap;
use std::sync::Arc;

/// What a pass says of each file.
#[derive(Default)]
struct Files {
    octets: BTreeMap<u32, Vec<u8>>,
    whole: BTreeMap<u32, bool>,
}

impl EntrySink for Files {
    fn begin(&mut self, entry: u32) {
        assert!(
            self.octets.insert(entry, Vec::new()).is_none(),
            "begun twice"
        );
    }

    fn data(&mut self, entry: u32, octets: &[u8]) {
        let all = self
            .octets
            .get_mut(&entry)
            .expect("begun before its octets");
        // Inflated octets of payload have no sum: a ratio bounds each file.
        let room = (1_usize << 20).saturating_sub(all.len());
        all.extend_from_slice(octets.get(..room).unwrap_or(octets));
    }

    fn end(&mut self, entry: u32, outcome: Result<(), Error>) {
        assert!(self.octets.contains_key(&entry), "ended before it began");
        assert!(
            self.whole.insert(entry, outcome.is_ok()).is_none(),
            "ended twice"
        );
    }
}

fuzz_target!(|octets: &[u8]| {
    let inputs = Arc::new(Inputs::new(vec![Input::at_hand("input", octets)]));
    let mut source = Source::file(inputs, InputId(0), 1 << 16).expect("input 0 is there");
    let budget = &mut imza_fuzz::budget();
    let mut opening = Opening::new();
    let directory = loop {
        match opening.advance(&mut source, budget) {
            Ok(Advance::More) => {}
            Ok(Advance::Done(directory)) => break Arc::new(directory),
            Err(_) => return,
        }
    };
    let mut pass = Pass::new(Arc::clone(&directory), budget);
    let range = pass.range();
    let end = usize::try_from(range.end).expect("within the input");
    let mut files = Files::default();
    for chunk in octets.get(..end).expect("before the directory").chunks(97) {
        pass.feed(chunk, &mut files);
    }
    let findings = pass.finish(&mut files);
    let is_clean = findings.is_ok_and(|findings| findings.is_empty());
    for (index, entry) in directory.iter() {
        assert_eq!(directory.entry(index), Some(entry));
        let Ok(read) = read_entry(&mut source, entry, budget) else {
            continue;
        };
        // The two readings of a container must not see two contents.
        if is_clean && files.whole.get(&index) == Some(&true) && read.len() <= 1 << 20 {
            assert_eq!(files.octets.get(&index), Some(&read), "{}", entry.name);
        }
    }
});
