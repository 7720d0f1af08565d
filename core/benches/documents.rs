//! Documents of others, each read from memory and judged, as a line of figures.
//!
//! `IMZA_DOCUMENTS=LIST cargo bench -p imza --bench documents`: a path on each line of LIST. Nothing
//! is trusted: what is measured is reading, comparing, and every signature value.
#![expect(
    clippy::unwrap_used,
    reason = "a benchmark that cannot go on fails; the list is made by who runs it"
)]

use imza::job::Seed;
use imza::limits::Limits;
use imza::policy::ValidationPolicy;
use imza::reading::{Network, Validation, ValidationRequest};
use imza::source::Input;
use imza::time::UnixTime;
use imza::transport::{Memory, drive};
use imza::trust::TrustSet;
use imza::validation::Context;
use std::hint::black_box;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Rounds, of which the fastest of each document counts.
const ROUNDS: usize = 5;

fn main() {
    let Some(list) = std::env::var_os("IMZA_DOCUMENTS") else {
        println!("no IMZA_DOCUMENTS");
        return;
    };
    let list = std::fs::read_to_string(list).unwrap();
    let context = Context {
        policy: Arc::new(ValidationPolicy::standard()),
        trust: Arc::new(TrustSet::new(Vec::new())),
        validation_time: UnixTime::from_seconds(1_790_000_000),
        proven_at: None,
        limits: Arc::new(Limits::default()),
    };
    let mut times: Vec<Duration> = Vec::new();
    for path in list.lines() {
        let octets: Arc<[u8]> = std::fs::read(path).unwrap().into();
        let rounds = (0..ROUNDS).map(|_| {
            let began = Instant::now();
            let request = ValidationRequest {
                inputs: vec![Input::at_hand("document", Arc::clone(&octets))],
                given: Vec::new(),
                keys: Vec::new(),
                seed: Seed::new([0; 32]),
                network: Network::Offline,
            };
            let job = Validation::begin(request, context.clone()).unwrap();
            let _ = black_box(drive(job, &mut Memory::new([Arc::clone(&octets)])));
            began.elapsed()
        });
        times.extend(rounds.min());
    }
    times.sort();
    let at = |part: usize| {
        let place = times.len().saturating_sub(1) * part / 100;
        times.get(place).copied().unwrap_or_default().as_secs_f64() * 1e3
    };
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let peak = peak.and_then(|rest| rest.split_whitespace().next());
    let peak: f64 = peak.and_then(|word| word.parse().ok()).unwrap_or_default();
    let whole: Duration = times.iter().sum();
    // In the form of the peers: median, the slow twentieth, all of them, memory.
    println!(
        "{}\t{:.2}\t{:.2}\t{:.2}\t{:.1}",
        times.len(),
        at(50),
        at(95),
        whole.as_secs_f64(),
        peak * 1.024 / 1e3
    );
}
