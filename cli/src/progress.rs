//! How far long work is: on standard error, only for a person who looks at a terminal.
//!
//! Nothing is drawn for work that ends soon, in a pipe, on a terminal that cannot move its cursor
//! (`TERM=dumb`), or with `--plain`: a screen reader would read every change aloud. The line has
//! no colours, so `NO_COLOR` and `CLICOLOR` have nothing to switch off.

use crate::voice;
use imza_explain::{Said, Sentence};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::io::IsTerminal as _;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Condvar, Mutex, PoisonError};
use std::time::Duration;

/// Work that takes less shows nothing.
const PATIENCE: Duration = Duration::from_millis(300);
/// Below this width there is no bar, only a number.
const NARROW: u16 = 50;

/// Whether progress may be shown at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Show {
    Always,
    Never,
}

impl Show {
    /// What the terminal and the options allow.
    pub(crate) fn of(is_plain: bool) -> Self {
        let is_dumb = std::env::var_os("TERM").is_none_or(|term| term.is_empty() || term == "dumb");
        if is_plain || is_dumb || !std::io::stderr().is_terminal() {
            Self::Never
        } else {
            Self::Always
        }
    }
}

/// The progress of one run. Counts from several threads.
pub(crate) struct Progress {
    bar: ProgressBar,
    done: AtomicU64,
    total: u64,
    is_over: Mutex<bool>,
    over: Condvar,
}

impl Progress {
    /// For so many octets of so many documents; drawn by [`Progress::during`].
    pub(crate) fn new(doing: Sentence, documents: usize, total: u64, show: Show) -> Self {
        let said = |said: Said| voice::words().said(&said).what;
        let bar = ProgressBar::with_draw_target(Some(total), ProgressDrawTarget::hidden());
        bar.set_style(style(width()));
        bar.set_message(match documents {
            1 => said(doing.into()),
            _ => {
                let all = Said::new(Sentence::DoingDocuments).with("doing", Said::new(doing));
                said(all.with("documents", documents.to_string()))
            }
        });
        Self {
            bar,
            done: AtomicU64::new(0),
            total,
            is_over: Mutex::new(show == Show::Never),
            over: Condvar::new(),
        }
    }

    /// Does the work, and shows the progress once it has taken a while.
    pub(crate) fn during<T>(&self, work: impl FnOnce() -> T) -> T {
        if *self.is_over.lock().unwrap_or_else(PoisonError::into_inner) {
            return work();
        }
        std::thread::scope(|scope| {
            scope.spawn(|| self.draw());
            // Also when the work panics, or the scope would wait for ever.
            let _ending = Ending(self);
            work()
        })
    }

    fn draw(&self) {
        let is_over = |wait| {
            let guard = self.is_over.lock().unwrap_or_else(PoisonError::into_inner);
            let waited = self
                .over
                .wait_timeout_while(guard, wait, |is_over| !*is_over);
            *waited.unwrap_or_else(PoisonError::into_inner).0
        };
        if is_over(PATIENCE) {
            return;
        }
        self.bar
            .set_draw_target(ProgressDrawTarget::stderr_with_hz(10));
        loop {
            self.bar
                .set_position(self.done.load(Ordering::Relaxed).min(self.total));
            if is_over(Duration::from_millis(100)) {
                break;
            }
        }
        self.bar.finish_and_clear();
    }

    fn end(&self) {
        *self.is_over.lock().unwrap_or_else(PoisonError::into_inner) = true;
        self.over.notify_all();
    }

    /// Counts octets that were worked through.
    pub(crate) fn add(&self, octets: u64) {
        self.done.fetch_add(octets, Ordering::Relaxed);
    }

    /// Writes something else while the line is away.
    pub(crate) fn aside<T>(&self, write: impl FnOnce() -> T) -> T {
        self.bar.suspend(write)
    }
}

struct Ending<'a>(&'a Progress);

impl Drop for Ending<'_> {
    fn drop(&mut self) {
        self.0.end();
    }
}

fn width() -> u16 {
    terminal_size::terminal_size_of(std::io::stderr()).map_or(80, |(width, _)| width.0)
}

fn style(width: u16) -> ProgressStyle {
    let template = if width < NARROW {
        "{percent:>3} %"
    } else {
        "{msg}  {wide_bar} {percent:>3} %  {bytes} of {total_bytes}"
    };
    ProgressStyle::with_template(template)
        .unwrap_or_else(|_| ProgressStyle::default_bar())
        .progress_chars("=> ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn work_gives_what_it_gives_with_and_without_progress() {
        for show in [Show::Always, Show::Never] {
            let progress = Progress::new(Sentence::Verifying, 3, 10, show);
            let given = progress.during(|| {
                progress.add(4);
                progress.aside(|| 7)
            });
            assert_eq!(given, 7);
        }
    }

    #[test]
    fn narrow_terminals_get_a_number() {
        for width in [0, 1, 20, 49, 50, 80, 500] {
            // Templates that cannot be read would fall back to a bar with colours.
            let _ = style(width);
        }
        assert!(ProgressStyle::with_template("{percent:>3} %").is_ok());
    }
}
