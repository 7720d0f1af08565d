//! Whole verdicts over the PDF files of public suites, damaged in every way that comes to mind:
//! nothing panics, nothing hangs, and what still passes holds what was signed.
//!
//! `IMZA_MUTATIONS=200000 cargo test -p imza --all-features --test pdf_mutations -- --ignored --nocapture`

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "tests, helpers included"
)]

use imza::job::Seed;
use imza::limits::{Budget, Limits};
use imza::policy::{RevocationRequirement, ValidationPolicy};
use imza::reading::{Network, Validation, ValidationRequest};
use imza::source::Input;
use imza::time::UnixTime;
use imza::transport::{Memory, drive};
use imza::trust::TrustSet;
use imza::validation::Context;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::panic::AssertUnwindSafe;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Larger files are left out: they say the same, slower.
const LARGEST: usize = 400_000;
/// The word for what passes as a whole.
const PASSED: &str = "Main(TotalPassed)";
const SLOWEST: Duration = Duration::from_secs(5);
/// Words that mean something to a reader, to be put in each other's place.
const WORDS: &[&[u8]] = &[
    b"obj",
    b"endobj",
    b"stream",
    b"endstream",
    b"xref",
    b"trailer",
    b"startxref",
    b"%%EOF",
    b" R",
    b"null",
    b"true",
    b"<<",
    b">>",
    b"[",
    b"]",
    b"(",
    b")",
    b"<",
    b">",
    b"/Root",
    b"/Prev",
    b"/Size",
    b"/Type",
    b"/Contents",
    b"/ByteRange",
    b"/Kids",
    b"/Parent",
    b"/Fields",
    b"/V",
    b"/DSS",
    b"/VRI",
    b"/Perms",
    b"/DocMDP",
    b"/Lock",
    b"/SV",
    b"/Annots",
    b"/AP",
    b"/XRefStm",
    b"/ObjStm",
    b"/Length",
    b"/Filter",
    b"/FlateDecode",
    b"/DecodeParms",
    b"/Predictor",
    b"/W",
    b"/Index",
    b"/First",
    b"/N",
    b"/Encrypt",
    b"/ID",
    b"/SubFilter",
    b"/Pages",
    b"/Count",
];

/// Numbers that depend on where it began alone (xorshift64*).
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    fn below(&mut self, end: usize) -> usize {
        let end = u64::try_from(end.max(1)).unwrap();
        usize::try_from((self.next() >> 16) % end).unwrap()
    }

    fn one<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[self.below(of.len())]
    }
}

/// A document with the anchors and the time that it is judged by.
struct Original {
    name: String,
    octets: Vec<u8>,
    context: Context,
}

impl Original {
    fn judge(&self, octets: &[u8]) -> String {
        let request = ValidationRequest {
            inputs: vec![Input::at_hand("mutated.pdf", octets)],
            given: Vec::new(),
            keys: Vec::new(),
            seed: Seed::new([7; 32]),
            network: Network::Offline,
        };
        let job = Validation::begin(request, self.context.clone()).unwrap();
        match drive(job, &mut Memory::new([octets.to_vec()])) {
            Ok(verdict) => match verdict.report.indication {
                Some(indication) => format!("{indication:?}"),
                None => "nothing signed".to_owned(),
            },
            Err(_) => "not processed".to_owned(),
        }
    }
}

fn originals() -> Vec<Original> {
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let folder = std::env::var_os("IMZA_SHARED")
        .map(PathBuf::from)
        .into_iter()
        .chain(["../shared", "../../shared"].map(|up| workspace.join(up)))
        .map(|shared| shared.join("corpora"))
        .find(|folder| folder.join("index.jsonl").is_file());
    let Some(folder) = folder else {
        eprintln!("skipped: no corpora of PDF files");
        return Vec::new();
    };
    let index = std::fs::read_to_string(folder.join("index.jsonl")).unwrap();
    let mut found = BTreeMap::new();
    for line in index.lines() {
        let case: Value = serde_json::from_str(line).unwrap();
        let Some(name) = case["document"].as_str() else {
            continue;
        };
        if case["kind"] != "pades" || found.contains_key(name) {
            continue;
        }
        let octets = std::fs::read(folder.join(name)).unwrap();
        if octets.len() > LARGEST {
            continue;
        }
        let mut anchors = Vec::new();
        for file in case["trust_anchors"].as_array().into_iter().flatten() {
            let file = std::fs::read(folder.join(file.as_str().unwrap())).unwrap();
            let read = TrustSet::read_anchors(&file, &mut Budget::default());
            anchors.extend(read.unwrap_or_default());
        }
        let time = case["validation_time"].as_str();
        let time = time.and_then(|text| UnixTime::from_rfc3339(text).ok());
        let context = Context {
            policy: Arc::new(ValidationPolicy {
                revocation: RevocationRequirement::Soft,
                ..ValidationPolicy::standard()
            }),
            trust: Arc::new(TrustSet::new(anchors)),
            validation_time: time.unwrap_or(UnixTime::from_seconds(1_790_000_000)),
            proven_at: None,
            limits: Arc::new(Limits::default()),
        };
        let original = Original {
            name: name.to_owned(),
            octets,
            context,
        };
        found.insert(name.to_owned(), original);
    }
    found.into_values().collect()
}

/// What the signatures of a file cover, by what is written behind each `/ByteRange`: read without
/// the code under test.
fn covered(octets: &[u8]) -> BTreeSet<Vec<u8>> {
    const WORD: &[u8] = b"/ByteRange";
    let mut found = BTreeSet::new();
    let places = octets.windows(WORD.len()).enumerate();
    for (place, _) in places.filter(|(_, one)| *one == WORD) {
        let rest = &octets[place + WORD.len()..];
        let end = rest.iter().position(|one| *one == b']');
        let inside = String::from_utf8_lossy(&rest[..end.unwrap_or(0)]).replace('[', " ");
        let numbers: Vec<usize> = inside
            .split_ascii_whitespace()
            .map_while(|word| word.parse().ok())
            .collect();
        if let [0, first, start, second] = numbers[..] {
            let end = start.saturating_add(second);
            if let (Some(one), Some(other)) = (octets.get(..first), octets.get(start..end)) {
                found.insert([one, other].concat());
            }
        }
    }
    found
}

/// Where a word stands, looking from a place onwards and round.
fn find(octets: &[u8], word: &[u8], from: usize) -> Option<usize> {
    let search = |part: &[u8]| part.windows(word.len()).position(|one| one == word);
    search(&octets[from..])
        .map(|at| at + from)
        .or_else(|| search(octets))
}

/// The number that stands at a place or behind it.
fn number(octets: &[u8], from: usize) -> Option<(usize, usize)> {
    let start = from + octets[from..].iter().position(u8::is_ascii_digit)?;
    let digits = octets[start..]
        .iter()
        .take_while(|one| one.is_ascii_digit());
    Some((start, start + digits.count()))
}

/// Whether what stands behind a change stays where it was: else most readers end at the first
/// offset that leads nowhere.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Length {
    Kept,
    Any,
}

fn put(octets: &mut Vec<u8>, start: usize, end: usize, new: &[u8], length: Length) {
    let mut new = new.to_vec();
    if length == Length::Kept {
        new.resize(end - start, b' ');
    }
    octets.splice(start..end, new);
}

fn mutate(octets: &mut Vec<u8>, others: &[Original], length: Length, dice: &mut Dice) {
    if octets.len() < 32 {
        octets.extend_from_slice(b"%PDF-1.7\n1 0 obj\n<</Root 1 0 R>>\nendobj\n");
    }
    let at = dice.below(octets.len());
    let reach =
        |dice: &mut Dice, at: usize, most: usize| at + dice.below(most.min(octets.len() - at));
    let kind = match length {
        Length::Kept => *dice.one(&[0, 1, 5, 6, 7, 8, 9, 11]),
        Length::Any => dice.below(12),
    };
    match kind {
        0 => octets[at] ^= 1 << dice.below(8),
        1 => octets[at] = u8::try_from(dice.below(256)).unwrap(),
        2 => octets.truncate(at),
        3 => {
            let end = reach(dice, at, 4_096);
            octets.drain(at..end);
        }
        4 => {
            let end = reach(dice, at, 4_096);
            let block = octets[at..end].to_vec();
            let to = dice.below(octets.len());
            octets.splice(to..to, block);
        }
        5 => {
            let count = dice.below(512.min(octets.len() / 2));
            let (one, other) = (
                dice.below(octets.len() - count),
                dice.below(octets.len() - count),
            );
            for index in 0..count {
                octets.swap(one + index, other + index);
            }
        }
        6 | 7 => {
            let (old, new) = (*dice.one(WORDS), *dice.one(WORDS));
            if let Some(at) = find(octets, old, at) {
                put(octets, at, at + old.len(), new, length);
            }
        }
        8 | 9 => {
            // Numbers near words of weight count more than those of a picture.
            let word = *dice.one(WORDS);
            let at = find(octets, word, at).unwrap_or(at);
            if let Some((start, end)) = number(octets, at) {
                let old = String::from_utf8_lossy(&octets[start..end]).parse::<i128>();
                let old = old.unwrap_or_default();
                let other = dice.below(octets.len());
                let new = match dice.below(9) {
                    0 => "0".to_owned(),
                    1 => "-1".to_owned(),
                    2 => (old + 1).to_string(),
                    3 => (old - 1).to_string(),
                    4 => (old * 2).to_string(),
                    5 => u64::MAX.to_string(),
                    6 => "4294967296".to_owned(),
                    7 => other.to_string(),
                    _ => "0.5".to_owned(),
                };
                put(octets, start, end, new.as_bytes(), length);
            }
        }
        10 => {
            let other = &dice.one(others).octets;
            let from = dice.below(other.len());
            let end = from + dice.below(4_096.min(other.len() - from));
            octets.splice(at..at, other[from..end].iter().copied());
        }
        _ => {
            let end = reach(dice, at, 64);
            octets[at..end].fill(*dice.one(b"\0 \n()<>[]/%9"));
        }
    }
}

#[test]
#[ignore = "long: says how many by IMZA_MUTATIONS"]
fn no_damage_makes_a_verdict_panic_or_hang_or_changes_what_passed() {
    let count: u64 = std::env::var("IMZA_MUTATIONS")
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(2_000);
    let first: u64 = std::env::var("IMZA_MUTATIONS_FROM")
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(0);
    let originals = originals();
    if originals.is_empty() {
        return;
    }
    let mut told: BTreeMap<String, u64> = BTreeMap::new();
    let (mut slowest, mut wrong) = (Duration::ZERO, Vec::new());
    let began = Instant::now();
    for turn in first..first + count {
        let mut dice = Dice(turn.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
        let original = dice.one(&originals);
        let mut octets = original.octets.clone();
        let length = *dice.one(&[Length::Kept, Length::Kept, Length::Kept, Length::Any]);
        for _ in 0..=dice.below(if length == Length::Kept { 2 } else { 4 }) {
            mutate(&mut octets, &originals, length, &mut dice);
        }
        let started = Instant::now();
        let judged = std::panic::catch_unwind(AssertUnwindSafe(|| original.judge(&octets)));
        let took = started.elapsed();
        slowest = slowest.max(took);
        if took > SLOWEST {
            wrong.push(format!("turn {turn} of {}: {took:?}", original.name));
        }
        match judged {
            Ok(verdict) => {
                if verdict == PASSED {
                    let (now, then) = (covered(&octets), covered(&original.octets));
                    if now.is_empty() || !now.is_subset(&then) {
                        wrong.push(format!("turn {turn} of {}: passes", original.name));
                    }
                }
                *told.entry(verdict).or_default() += 1;
            }
            Err(_) => wrong.push(format!("turn {turn} of {}: panic", original.name)),
        }
    }
    let took = began.elapsed();
    println!(
        "{count} copies of {} files in {took:?}, the slowest {slowest:?}: {told:?}",
        originals.len()
    );
    assert!(wrong.is_empty(), "{wrong:#?}");
}
