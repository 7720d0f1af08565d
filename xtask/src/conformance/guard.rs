//! Cases run apart from each other: a panic or a hang of one is its answer, and nothing else.

use super::agree::Verdict;
use super::case::{Case, Corpora};
use super::run;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, mpsc};
use std::time::{Duration, Instant};

/// After this time a case counts as hung. The largest genuine case takes a second in a debug
/// build.
const LONGEST: Duration = Duration::from_secs(60);

/// What the threads of a phone give: a deep recursion overflows it and ends the run by name.
const STACK: usize = 2 << 20;

/// An answer and how long it took.
#[derive(Clone, Debug)]
pub(super) struct Answer {
    pub(super) verdict: Verdict,
    pub(super) time: Duration,
}

/// Answers every case, in the order of the cases.
pub(super) fn answers(cases: &[Case], corpora: &Corpora) -> Vec<Answer> {
    let next = AtomicUsize::new(0);
    let found: Mutex<Vec<(usize, Answer)>> = Mutex::new(Vec::with_capacity(cases.len()));
    let workers = std::thread::available_parallelism().map_or(1, usize::from);
    // A panic is an answer: its message goes there, not to the terminal.
    let hook = std::panic::take_hook();
    std::panic::set_hook(Box::new(|_| {}));
    std::thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(|| {
                while let Some(case) = {
                    let at = next.fetch_add(1, Ordering::Relaxed);
                    cases.get(at).map(|case| (at, case))
                } {
                    let (at, case) = case;
                    let answer = answer(case, corpora);
                    if let Ok(mut found) = found.lock() {
                        found.push((at, answer));
                    }
                }
            });
        }
    });
    std::panic::set_hook(hook);
    let mut found = found.into_inner().unwrap_or_default();
    found.sort_by_key(|(at, _)| *at);
    found.into_iter().map(|(_, answer)| answer).collect()
}

fn answer(case: &Case, corpora: &Corpora) -> Answer {
    let started = Instant::now();
    let (sender, receiver) = mpsc::channel();
    let case = Arc::new(case.clone());
    let corpora = corpora.clone();
    // Not joined: a hung case is left behind until the process ends.
    let spawned = std::thread::Builder::new()
        .name(case.id.clone())
        .stack_size(STACK)
        .spawn(move || {
            let verdict = catch_unwind(AssertUnwindSafe(|| run::judge(&case, &corpora)))
                .unwrap_or_else(|payload| Verdict::Panicked(message(payload.as_ref())));
            let _ = sender.send(verdict);
        });
    let verdict = match spawned {
        Ok(_) => receiver.recv_timeout(LONGEST).unwrap_or(Verdict::Hung),
        Err(error) => Verdict::Panicked(format!("no thread: {error}")),
    };
    Answer {
        verdict,
        time: started.elapsed(),
    }
}

fn message(payload: &(dyn std::any::Any + Send)) -> String {
    payload
        .downcast_ref::<&str>()
        .map(ToString::to_string)
        .or_else(|| payload.downcast_ref::<String>().cloned())
        .unwrap_or_default()
}
