//! `cargo xtask test`: everything that must hold before a change lands.
//!
//! Sets up what the tests use, runs every step even when an earlier one failed, and ends with what
//! failed and what was skipped, by name. A skipped test says `skipped: …` in its output; with
//! `CI=true` a tool that cannot be set up is a failure.

use crate::bindings::{self, Package, scenarios};
use crate::process::{cargo, find, is_ci, logged, tail};
use crate::{Outcome, conformance, demo, interop, licences, setup, tidy, wasm, workspace};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// Lines of a failed step that are shown; the rest is in its log.
const SHOWN: usize = 60;

/// Runs every step, or those whose names are given.
pub(crate) fn run(only: &[String]) -> Outcome<()> {
    let mut run = Run::new(only)?;
    run.step("set-up", |run| {
        let missing = setup::tools(&setup::all());
        run.skipped.extend(missing.iter().map(ToString::to_string));
        if missing.is_empty() || !is_ci() {
            return Ok(());
        }
        Err("tools are missing, and CI=true".into())
    });
    let mut wasm = Wasm::start(&run);
    run.step("tidy", |_| tidy::run(None));
    run.step("licences", |run| match licences::tool() {
        Ok(tool) => licences::check(&tool),
        Err(missing) if is_ci() => Err(missing),
        Err(missing) => {
            run.skipped.push(format!("licences: {missing}"));
            Ok(())
        }
    });
    run.cargo("format", &["fmt", "--all", "--", "--check"], &[]);
    run.cargo(
        "format of fuzz targets",
        &["fmt", "--manifest-path", "fuzz/Cargo.toml", "--", "--check"],
        &[],
    );
    run.cargo(
        "clippy",
        &["clippy", "--workspace", "--all-targets", "--all-features"],
        &["--", "-D", "warnings"],
    );
    run.cargo(
        "clippy without features",
        &[
            "clippy",
            "--package",
            "imza",
            "--all-targets",
            "--no-default-features",
        ],
        &["--", "-D", "warnings"],
    );
    run.cargo(
        "clippy with default features",
        &["clippy", "--package", "imza", "--all-targets"],
        &["--", "-D", "warnings"],
    );
    if let Some(missing) = setup::tools(setup::FUZZER).first() {
        run.step("clippy of fuzz targets", |run| {
            run.lacks("clippy of fuzz targets", missing)
        });
    } else {
        run.cargo(
            "clippy of fuzz targets",
            &["clippy", "--locked", "--manifest-path", "fuzz/Cargo.toml"],
            &["--", "-D", "warnings"],
        );
    }
    run.cargo(
        "documentation",
        &["doc", "--workspace", "--no-deps", "--all-features"],
        &[],
    );
    run.cargo(
        "tests",
        &["test", "--workspace", "--all-features", "--no-fail-fast"],
        &["--", "--show-output"],
    );
    run.cargo(
        "tests without features",
        &[
            "test",
            "--package",
            "imza",
            "--lib",
            "--no-default-features",
        ],
        &["--", "--show-output"],
    );
    run.step("demonstration", |_| demo::check());
    run.step("interoperability", |run| {
        if find("xmlsec1").is_none() {
            return run.lacks("interoperability", "xmlsec1 is not installed");
        }
        let (count, wrong) = interop::by_xmlsec_alone()?;
        println!("  {count} documents judged by xmlsec1");
        match wrong.as_slice() {
            [] => Ok(()),
            wrong => Err(wrong.join("\n").into()),
        }
    });
    wasm.wait();
    run.step("wasm32", |run| match wasm::toolchain() {
        Ok(toolchain) => {
            let mut command = toolchain.cargo()?;
            command.args(wasm::check_arguments()).current_dir(&run.root);
            run.command("wasm32", &mut command)?;
            println!("  with {}", toolchain.name());
            Ok(())
        }
        Err(missing) => run.lacks("wasm32", missing.as_ref()),
    });
    run.step("wasm package", |run| match wasm::toolchain() {
        Ok(_) => packages_of_wasm(run, wasm.package()?),
        Err(missing) => run.lacks("wasm package", missing.as_ref()),
    });
    run.step("python", |run| match setup::tools(setup::PYTHON).first() {
        Some(missing) if !is_ci() => {
            run.skipped.push(missing.to_string());
            Ok(())
        }
        Some(missing) => Err(missing.to_string().into()),
        None => {
            let figures = bindings::python_step()?;
            figures.lines().for_each(|line| println!("  {line}"));
            Ok(())
        }
    });
    run.step("conformance", |run| {
        if workspace::shared().is_none() {
            run.skipped.push("conformance: no ../shared".to_owned());
            return Ok(());
        }
        conformance::run(&[])
    });
    run.close()
}

/// The package for browsers and Node, built beside the steps before it: much of what a compiler
/// does keeps one processor busy, and this has a compiler and a target folder of its own.
struct Wasm {
    thread: Option<JoinHandle<Result<Package, String>>>,
    built: Option<Result<Package, String>>,
}

impl Wasm {
    /// Starts when every step is to run and there is, or can be made, a toolchain for it.
    fn start(run: &Run) -> Self {
        let thread = run.only.is_empty().then(|| std::thread::spawn(build_wasm));
        Self {
            thread,
            built: None,
        }
    }

    /// Waits for what was started: two builds would only wait for each other's lock.
    fn wait(&mut self) {
        if let Some(thread) = self.thread.take() {
            let ended = thread.join();
            self.built = Some(ended.unwrap_or_else(|_| Err("the build panicked".to_owned())));
        }
    }

    /// What was built, or is built now.
    fn package(&mut self) -> Outcome<Package> {
        self.wait();
        Ok(self.built.take().unwrap_or_else(build_wasm)?)
    }
}

fn build_wasm() -> Result<Package, String> {
    wasm::toolchain()
        .and_then(|_| bindings::build_wasm())
        .map_err(|error| error.to_string())
}

/// The package for browsers and Node, tried in both.
fn packages_of_wasm(run: &mut Run, package: Package) -> Outcome<()> {
    for missing in &package.skipped {
        run.lacks("wasm package", missing)?;
    }
    let documents = scenarios::documents()?;
    for (name, command) in [
        ("Node", scenarios::in_node(&package, &documents)),
        ("browser", scenarios::in_browser(&package, &documents)),
        (
            "accessibility",
            scenarios::accessibility(&package, &documents),
        ),
    ] {
        match command {
            Ok(mut command) => run.command(name, &mut command)?,
            Err(missing) => run.lacks(name, missing.as_ref())?,
        }
    }
    Ok(())
}

struct Run {
    root: PathBuf,
    logs: PathBuf,
    only: Vec<String>,
    failed: Vec<String>,
    skipped: Vec<String>,
    count: Count,
    began: Instant,
}

impl Run {
    fn new(only: &[String]) -> Outcome<Self> {
        let logs = workspace::target()?.join("xtask-test");
        std::fs::create_dir_all(&logs)?;
        Ok(Self {
            root: workspace::root()?,
            logs,
            only: only.to_vec(),
            failed: Vec::new(),
            skipped: Vec::new(),
            count: Count::default(),
            began: Instant::now(),
        })
    }

    /// Runs a step; a failure is shown and remembered.
    fn step(&mut self, name: &str, work: impl FnOnce(&mut Self) -> Outcome<()>) {
        if !self.only.is_empty() && !self.only.iter().any(|only| name.starts_with(only.as_str())) {
            return;
        }
        let started = Instant::now();
        eprintln!("{name} …");
        let before = self.count;
        let result = work(self);
        let time = seconds(started.elapsed());
        match result {
            Ok(()) => {
                self.count.passed += u64::from(self.count == before);
                eprintln!("{name}: ok ({time})");
            }
            Err(error) => {
                self.count.failed += u64::from(self.count.failed == before.failed);
                eprintln!("{error}");
                eprintln!("{name}: FAILED ({time})");
                self.failed.push(name.to_owned());
            }
        }
        let _ = std::io::stderr().flush();
    }

    fn cargo(&mut self, name: &'static str, arguments: &[&str], after: &[&str]) {
        let mut command = cargo();
        command
            .args(arguments)
            .args(after)
            .current_dir(&self.root)
            .env("CARGO_TERM_COLOR", "never")
            .env("RUSTDOCFLAGS", "-D warnings");
        self.step(name, |run| run.command(name, &mut command));
    }

    /// Runs a command into its log; collects what it says was skipped.
    fn command(&mut self, name: &str, command: &mut Command) -> Outcome<()> {
        let log = self.logs.join(format!("{}.log", name.replace(' ', "-")));
        let succeeded = logged(command, &log)?;
        let text = read(&log);
        for line in text.lines() {
            let line = line.trim();
            self.count.add(line);
            if line.starts_with("skipped: ") && !self.skipped.iter().any(|known| known == line) {
                self.skipped.push(line.to_owned());
            }
        }
        if succeeded {
            return Ok(());
        }
        Err(format!("{}\n(all of it: {})", excerpt(&text), log.display()).into())
    }

    /// A tool is missing: a failure with `CI=true`, else told at the end.
    fn lacks(&mut self, what: &str, missing: &(impl std::fmt::Display + ?Sized)) -> Outcome<()> {
        let missing = format!("{what}: {missing}");
        if is_ci() {
            return Err(missing.into());
        }
        self.skipped.push(missing);
        Ok(())
    }

    /// Ends with what was skipped, a line of numbers that runners of tests recognise, and what failed.
    fn close(self) -> Outcome<()> {
        for skipped in &self.skipped {
            let text = skipped.strip_prefix("skipped: ").unwrap_or(skipped);
            println!("skipped: {text}");
        }
        let time = seconds(self.began.elapsed());
        let Count { passed, failed } = self.count;
        println!(
            "{passed} passed, {failed} failed, {} skipped",
            self.skipped.len()
        );
        if self.failed.is_empty() {
            println!("everything holds ({time})");
            return Ok(());
        }
        Err(format!("failed after {time}: {}", self.failed.join(", ")).into())
    }
}

/// Tests, and steps that have none: each of these counts as one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Count {
    passed: u64,
    failed: u64,
}

impl Count {
    /// Adds what a line says, where it is the closing one of a test program.
    fn add(&mut self, line: &str) {
        let Some(rest) = line.strip_prefix("test result: ") else {
            return;
        };
        let words: Vec<&str> = rest.split([' ', ';']).collect();
        for pair in words.windows(2) {
            match pair {
                [number, "passed"] => self.passed += number.parse().unwrap_or(0),
                [number, "failed"] => self.failed += number.parse().unwrap_or(0),
                _ => {}
            }
        }
    }
}

/// The part of a log that tells why: failed tests where there are some, else its end.
fn excerpt(text: &str) -> String {
    let failures: Vec<&str> = text
        .lines()
        .filter(|line| line.starts_with("test ") && line.ends_with("FAILED"))
        .collect();
    let mut shown = failures.join("\n");
    if !shown.is_empty() {
        shown.push('\n');
    }
    shown + &tail(text, SHOWN)
}

fn read(log: &Path) -> String {
    std::fs::read(log)
        .map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
        .unwrap_or_default()
}

fn seconds(time: Duration) -> String {
    format!("{}.{} s", time.as_secs(), time.subsec_millis() / 100)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn closing_lines_are_counted_and_other_lines_are_not() {
        let mut count = Count::default();
        for line in [
            "running 3 tests",
            "test result: ok. 12 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished",
            "test result: FAILED. 2 passed; 1 failed; 0 ignored; 0 measured; 0 filtered out",
            "it said: 5 passed",
        ] {
            count.add(line);
        }
        assert_eq!((count.passed, count.failed), (14, 1));
    }
}
