//! One target before the fuzzer.

use crate::Outcome;
use crate::process::tail;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

/// Seconds that one input may take.
const TIMEOUT: &str = "-timeout=5";
/// Memory that a target may take, in MiB.
const MEMORY: &str = "-rss_limit_mb=512";
/// Seconds that are spent to make a crash smaller.
const SMALLER: &str = "-max_total_time=60";

/// A target, with everything that it is run with.
pub(super) struct Place {
    pub(super) name: &'static str,
    pub(super) program: PathBuf,
    pub(super) dictionary: Option<PathBuf>,
    /// Below it: `seeds`, `corpus`, `crashes` and `logs`.
    pub(super) folder: PathBuf,
    pub(super) seconds: u64,
}

/// An input that a target does not survive.
pub(super) struct Crash {
    pub(super) target: &'static str,
    pub(super) program: PathBuf,
    pub(super) file: PathBuf,
    pub(super) said: String,
}

impl Place {
    /// Starts the fuzzer.
    pub(super) fn start(&self) -> Outcome<Child> {
        for folder in ["corpus", "seeds", "crashes"] {
            std::fs::create_dir_all(self.below(folder))?;
        }
        std::fs::create_dir_all(self.folder.join("logs"))?;
        // What was found by an earlier run and is still there was reported by that run.
        let before = self.below("crashes");
        std::fs::remove_dir_all(&before)?;
        std::fs::create_dir_all(&before)?;
        let log = std::fs::File::create(self.log())?;
        let mut fuzzer = Command::new(&self.program);
        fuzzer
            .arg(self.below("corpus"))
            .arg(self.below("seeds"))
            .arg(format!("-max_total_time={}", self.seconds))
            .args([TIMEOUT, MEMORY, "-print_final_stats=1", "-reload=0"])
            .arg(self.artifacts());
        if let Some(dictionary) = &self.dictionary {
            fuzzer.arg(format!("-dict={}", dictionary.display()));
        }
        let child = fuzzer
            .stdin(Stdio::null())
            .stdout(log.try_clone()?)
            .stderr(log)
            .spawn();
        child.map_err(|error| format!("{}: {error}", self.program.display()).into())
    }

    /// Waits for its end; gives what it did and what crashed, made as small as can be.
    pub(super) fn finish(&self, mut child: Child) -> Outcome<(Figures, Vec<Crash>)> {
        let status = child.wait()?;
        let octets = std::fs::read(self.log())?;
        let log = String::from_utf8_lossy(&octets).into_owned();
        let mut files = artifacts(&self.below("crashes"))?;
        if files.is_empty() && !status.success() {
            return Err(format!("{}: {status}\n{}", self.name, tail(&log, 20)).into());
        }
        let mut figures = Figures::read(&log);
        figures.crashes = u64::try_from(files.len())?;
        files.sort();
        let crashes = files.into_iter().map(|file| Crash {
            target: self.name,
            program: self.program.clone(),
            said: complaint(&log),
            file: self.smaller(&file).unwrap_or(file),
        });
        Ok((figures, crashes.collect()))
    }

    /// A crash with octets taken away while it still crashes.
    fn smaller(&self, file: &Path) -> Option<PathBuf> {
        let smaller = file.with_extension("small");
        Command::new(&self.program)
            .args(["-minimize_crash=1", SMALLER, TIMEOUT, MEMORY])
            .arg(format!("-exact_artifact_path={}", smaller.display()))
            .arg(file)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()
            .ok()?;
        smaller.is_file().then_some(smaller)
    }

    fn below(&self, folder: &str) -> PathBuf {
        self.folder.join(folder).join(self.name)
    }

    fn log(&self) -> PathBuf {
        self.folder.join("logs").join(format!("{}.log", self.name))
    }

    fn artifacts(&self) -> String {
        format!("-artifact_prefix={}/", self.below("crashes").display())
    }
}

/// Crashes, timeouts and exhausted memory; not inputs that were merely slow.
fn artifacts(folder: &Path) -> Outcome<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if ["crash-", "timeout-", "oom-", "leak-"]
            .iter()
            .any(|kind| name.starts_with(kind))
        {
            files.push(path);
        }
    }
    Ok(files)
}

/// The lines in which a target says what broke.
fn complaint(log: &str) -> String {
    let from = log
        .lines()
        .position(|line| line.contains(" panicked at ") || line.contains("ERROR: libFuzzer"));
    let lines = log.lines().skip(from.unwrap_or(0)).take(4);
    lines.collect::<Vec<_>>().join("\n")
}

/// What libFuzzer says at the end.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Figures {
    seconds: u64,
    executions: u64,
    edges: u64,
    features: u64,
    corpus: u64,
    memory: u64,
    crashes: u64,
}

impl Figures {
    fn read(log: &str) -> Self {
        let mut figures = Self::default();
        for line in log.lines() {
            // #123 DONE cov: 1 ft: 2 corp: 3/4Kb lim: 5 exec/s: 6 rss: 7Mb
            let words: Vec<&str> = line.split_whitespace().collect();
            if line.starts_with('#') {
                for pair in words.windows(2) {
                    match pair {
                        ["cov:", number] => figures.edges = leading(number),
                        ["ft:", number] => figures.features = leading(number),
                        ["corp:", number] => figures.corpus = leading(number),
                        _ => {}
                    }
                }
            }
            match words.as_slice() {
                ["stat::number_of_executed_units:", number] => {
                    figures.executions = leading(number);
                }
                ["stat::peak_rss_mb:", number] => figures.memory = leading(number),
                ["Done", executions, "runs", "in", seconds, ..] => {
                    figures.executions = leading(executions);
                    figures.seconds = leading(seconds);
                }
                _ => {}
            }
        }
        figures
    }

    fn rate(&self) -> u64 {
        self.executions / self.seconds.max(1)
    }

    /// In the order of the table's columns.
    pub(super) fn cells(&self) -> [String; 8] {
        [
            self.seconds,
            self.executions,
            self.rate(),
            self.edges,
            self.features,
            self.corpus,
            self.memory,
            self.crashes,
        ]
        .map(|number| number.to_string())
    }

    /// For the person who waits.
    pub(super) fn line(&self) -> String {
        format!(
            "{} executions in {} s, {} edges, {} crashes",
            self.executions, self.seconds, self.edges, self.crashes
        )
    }
}

fn leading(text: &str) -> u64 {
    let digits: String = text.chars().take_while(char::is_ascii_digit).collect();
    digits.parse().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_those_of_the_last_line() {
        let log = "#2\tINITED cov: 10 ft: 11 corp: 2/9b exec/s: 0 rss: 30Mb\n\
                   #900\tDONE   cov: 120 ft: 340 corp: 55/7Kb lim: 43 exec/s: 30 rss: 40Mb\n\
                   Done 900 runs in 31 second(s)\nstat::peak_rss_mb:              41\n";
        let figures = Figures::read(log);
        assert_eq!(
            figures.cells().map(|cell| cell.parse::<u64>().unwrap()),
            [31, 900, 29, 120, 340, 55, 41, 0]
        );
        assert_eq!(Figures::read("nothing"), Figures::default());
    }

    #[test]
    fn slow_inputs_are_no_crashes() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["slow-unit-1", "crash-2", "timeout-3"] {
            std::fs::write(folder.path().join(name), b"x").unwrap();
        }
        let mut found = artifacts(folder.path()).unwrap();
        found.sort();
        assert_eq!(
            found,
            ["crash-2", "timeout-3"].map(|name| folder.path().join(name))
        );
    }

    #[test]
    fn the_complaint_is_the_panic() {
        let log = "#1 NEW\nthread '<unnamed>' panicked at src/a.rs:1:2:\nbroken\nrest";
        assert!(complaint(log).starts_with("thread '<unnamed>' panicked at src/a.rs:1:2:\nbroken"));
    }
}
