//! Hostile files before every parser and before the whole job: a clear error or a report, in time,
//! and never more memory than a phone gives.
//!
//! A program of its own, because it counts what the whole program allocates. Files are made here,
//! from good ones of the vectors: cut at every 64th part, with bits flipped, nested too deep, with a
//! million of what may be repeated, declaring sizes that are not there, in another encoding, of
//! another kind, empty. What is counted is the highest mark of the heap: for a parser together with
//! the octets that it is given, for the job by pages without them.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test that cannot go on fails"
)]

mod many;
mod parsers;

use parsers::{PARSERS, Parser};
use peak_alloc::PeakAlloc;
use std::time::{Duration, Instant};

#[global_allocator]
static HEAP: PeakAlloc = PeakAlloc;

/// Octets of heap that nothing may pass.
const MOST: usize = 100_000_000;
/// Nothing here may take longer, in a build without optimisation on a busy machine.
const PATIENCE: Duration = Duration::from_secs(60);

/// What a file cost.
struct Cost {
    what: String,
    octets: usize,
    heap: usize,
    time: Duration,
    said: String,
}

impl Cost {
    fn of(what: String, octets: &[u8], held: usize, read: impl FnOnce(&[u8]) -> String) -> Self {
        HEAP.reset_peak_usage();
        let before = HEAP.current_usage();
        let start = Instant::now();
        let said = read(octets);
        let time = start.elapsed();
        let heap = held + HEAP.peak_usage().saturating_sub(before);
        Self {
            what,
            octets: octets.len(),
            heap,
            time,
            said,
        }
    }

    fn line(&self) -> String {
        format!(
            "{:>6.1} MB heap, {:>6.1} MB file, {:>6} ms: {}: {}",
            megabytes(self.heap),
            megabytes(self.octets),
            self.time.as_millis(),
            self.what,
            self.said
        )
    }
}

fn megabytes(octets: usize) -> f64 {
    f64::from(u32::try_from(octets / 1000).unwrap_or(u32::MAX)) / 1000.0
}

/// Everything that is wrong with a file of one kind.
fn damaged(good: &[u8]) -> Vec<(String, Vec<u8>)> {
    let mut files = vec![("empty".to_owned(), Vec::new())];
    for part in 1..64 {
        let cut = good[..good.len() * part / 64].to_vec();
        files.push((format!("cut at {part}/64"), cut));
    }
    // A linear congruential generator: the same places at every run.
    let mut state: u64 = 0x1234_5678;
    for number in 0..64 {
        let mut octets = good.to_vec();
        for _ in 0..=number % 4 {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1);
            let at = usize::try_from(state >> 20).unwrap() % octets.len();
            octets[at] ^= 1 << (state >> 61);
        }
        files.push((format!("bits flipped, {number}"), octets));
    }
    let wide: Vec<u8> = good
        .iter()
        .flat_map(|octet| [0, *octet])
        .chain([0xfe, 0xff])
        .collect();
    files.push(("in two octets each".to_owned(), wide));
    let marked = [b"\xef\xbb\xbf".as_slice(), good].concat();
    files.push(("behind a byte order mark".to_owned(), marked));
    files
}

/// Files by which every parser is tried that must not say that they are read.
fn is_hopeless(parser: &Parser, what: &str) -> bool {
    parser.is_strict && (what == "empty" || what.starts_with("cut") || what.starts_with("a file"))
}

#[test]
fn no_file_costs_more_memory_or_time_than_there_is() {
    let mut costs = Vec::new();
    let mut wrong = Vec::new();
    let samples: Vec<(&str, Vec<u8>)> = PARSERS
        .iter()
        .map(|parser| (parser.name, (parser.sample)()))
        .collect();
    for (parser, (_, good)) in PARSERS.iter().zip(&samples) {
        assert_eq!(parser.say(good), "read", "{}: the good one", parser.name);
        let of_others = samples.iter().filter(|(name, _)| *name != parser.name);
        let of_others =
            of_others.map(|(name, octets)| (format!("a file of {name}"), octets.clone()));
        for (what, octets) in damaged(good).into_iter().chain(of_others) {
            let hopeless = is_hopeless(parser, &what);
            let what = format!("{}, {what}", parser.name);
            let cost = Cost::of(what, &octets, parser.held(&octets), |octets| {
                parser.say(octets)
            });
            // An OCSP response is one, and a part of one; a token is a message.
            if hopeless && cost.said == "read" && !parser.is_also(&cost.what) {
                wrong.push(format!("read: {}", cost.line()));
            }
            costs.push(cost);
            let whole = format!("whole job, {}", costs.last().unwrap().what);
            costs.push(Cost::of(whole, &octets, 0, parsers::job));
        }
    }
    for make in many::FILES {
        let file = make();
        for parser in PARSERS
            .iter()
            .filter(|one| file.parsers.contains(&one.name))
        {
            let what = format!("{}, {}", parser.name, file.what);
            let cost = Cost::of(what, &file.octets, parser.held(&file.octets), |octets| {
                parser.say(octets)
            });
            costs.push(cost);
        }
        let what = format!("whole job, {}", file.what);
        costs.push(Cost::of(what, &file.octets, 0, parsers::job));
    }
    for cost in &costs {
        if cost.heap > MOST {
            wrong.push(format!("too much memory: {}", cost.line()));
        }
        if cost.time > PATIENCE {
            wrong.push(format!("too long: {}", cost.line()));
        }
        if cost.said.is_empty() {
            wrong.push(format!("nothing said: {}", cost.line()));
        }
    }
    costs.sort_by_key(|cost| std::cmp::Reverse(cost.heap));
    eprintln!("{} files; the dearest:", costs.len());
    for cost in costs.iter().take(40) {
        eprintln!("{}", cost.line());
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
