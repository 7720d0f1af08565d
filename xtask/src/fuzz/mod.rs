//! `cargo xtask fuzz`: every parser of octets that strangers write, before a fuzzer.
//!
//! Builds the targets of `fuzz/` with the coverage flags of libFuzzer, which the stable compiler
//! knows; no sanitiser of memory is added, because the code under test has no `unsafe`. Seeds are
//! taken from the vectors, what was found before stays below `target/fuzz/corpus` and is gone on
//! with. Ends with a table, and with a failure when anything crashed.

mod run;
mod seeds;

use crate::process::{cargo, command, quiet};
use crate::{Outcome, setup, workspace};
use run::{Figures, Place};
use std::path::{Path, PathBuf};

/// A target with the words of its language.
struct Target {
    name: &'static str,
    dictionary: Option<&'static str>,
}

const fn target(name: &'static str, dictionary: &'static str) -> Target {
    let dictionary = if dictionary.is_empty() {
        None
    } else {
        Some(dictionary)
    };
    Target { name, dictionary }
}

/// Every target, in the order of a run.
const TARGETS: &[Target] = &[
    target("der", "asn1"),
    target("ber", "asn1"),
    target("pem", "pem"),
    target("certificate", "asn1"),
    target("name", "asn1"),
    target("crl", "asn1"),
    target("ocsp", "asn1"),
    target("cms", "asn1"),
    target("timestamp", "asn1"),
    target("ers", "asn1"),
    target("xml", "xml"),
    target("c14n", "xml"),
    target("xmldsig", "xml"),
    target("xades", "xml"),
    target("embed", "xml"),
    target("manifest", "xml"),
    target("zip", "zip"),
    target("asic", "zip"),
    target("pdf", "pdf"),
    target("revisions", "pdf"),
    target("time", ""),
    target("trust", "asn1"),
    target("policy", "json"),
    target("pending", "json"),
    target("evidence", "json"),
    target("reading", "xml"),
    target("verdict", "xml"),
];

/// How long, what, and how many at once.
#[derive(Debug, PartialEq, Eq)]
struct Options {
    targets: Vec<String>,
    seconds: u64,
    jobs: usize,
}

impl Options {
    fn of(arguments: &[String]) -> Outcome<Self> {
        let mut options = Self {
            targets: Vec::new(),
            seconds: 60,
            jobs: 1,
        };
        let mut rest = arguments.iter();
        while let Some(argument) = rest.next() {
            let mut number = || {
                let value = rest.next().ok_or_else(|| format!("{argument} of what?"))?;
                let number = value.parse::<u64>().ok().filter(|number| *number > 0);
                number.ok_or_else(|| format!("{argument}: {value} is no number above 0"))
            };
            match argument.as_str() {
                "--seconds" => options.seconds = number()?,
                "--jobs" => options.jobs = usize::try_from(number()?)?,
                name if TARGETS.iter().any(|target| target.name == name) => {
                    options.targets.push(name.to_owned());
                }
                other => {
                    let names: Vec<&str> = TARGETS.iter().map(|target| target.name).collect();
                    return Err(format!("no target {other}; there are {}", names.join(", ")).into());
                }
            }
        }
        Ok(options)
    }

    fn wants(&self, target: &Target) -> bool {
        self.targets.is_empty() || self.targets.iter().any(|name| name == target.name)
    }
}

/// Builds, gives seeds, runs and counts.
pub(crate) fn run(arguments: &[String]) -> Outcome<()> {
    let options = Options::of(arguments)?;
    let root = workspace::root()?;
    let folder = workspace::target()?.join("fuzz");
    std::fs::create_dir_all(&folder)?;
    let wanted: Vec<&Target> = TARGETS.iter().filter(|one| options.wants(one)).collect();
    if let Some(missing) = setup::tools(setup::FUZZER).first() {
        return Err(missing.to_string().into());
    }
    eprintln!("building {} targets …", wanted.len());
    let programs = build(&root, &folder, &wanted)?;
    let seeds = seeds::write(&root, &folder.join("seeds"))?;
    eprintln!("{seeds} seeds");
    let place = |target: &Target| Place {
        name: target.name,
        program: programs.join(target.name),
        dictionary: target
            .dictionary
            .map(|name| root.join(format!("fuzz/dictionaries/{name}.dict"))),
        folder: folder.clone(),
        seconds: options.seconds,
    };
    let mut rows = Vec::new();
    let mut crashes = Vec::new();
    for group in wanted.chunks(options.jobs) {
        let running: Vec<_> = group
            .iter()
            .map(|target| {
                eprintln!("{} …", target.name);
                let place = place(target);
                place.start().map(|child| (place, child))
            })
            .collect::<Outcome<_>>()?;
        for (place, child) in running {
            let (figures, found) = place.finish(child)?;
            eprintln!("{}: {}", place.name, figures.line());
            rows.push((place.name, figures));
            crashes.extend(found);
        }
    }
    println!("{}", table(&rows));
    if crashes.is_empty() {
        println!("nothing crashed");
        return Ok(());
    }
    for crash in &crashes {
        println!("{}", advice(crash));
    }
    Err(format!("{} crashes", crashes.len()).into())
}

/// Compiles the targets for this machine; gives the folder with the programs.
fn build(root: &Path, folder: &Path, targets: &[&Target]) -> Outcome<PathBuf> {
    let said = quiet(&mut command("rustc", &["-vV"]))?;
    let host = said.lines().find_map(|line| line.strip_prefix("host: "));
    let host = host.ok_or("rustc does not say its host")?;
    let mut build = cargo();
    build
        .args(["build", "--release", "--locked", "--target", host])
        .args(targets.iter().flat_map(|target| ["--bin", target.name]))
        .current_dir(root.join("fuzz"))
        .env("CARGO_TARGET_DIR", folder)
        // A target triple keeps the flags from build scripts and macros.
        .env("RUSTFLAGS", FLAGS.join(" "));
    if !build.status()?.success() {
        return Err("the fuzz targets cannot be built".into());
    }
    Ok(folder.join(host).join("release"))
}

/// What libFuzzer reads: counters on edges, their table, and the operands of comparisons.
const FLAGS: &[&str] = &[
    "--cfg fuzzing",
    "-Cpasses=sancov-module",
    "-Cllvm-args=-sanitizer-coverage-level=4",
    "-Cllvm-args=-sanitizer-coverage-inline-8bit-counters",
    "-Cllvm-args=-sanitizer-coverage-pc-table",
    "-Cllvm-args=-sanitizer-coverage-trace-compares",
    // Fewer functions are compiled twice, and every edge is counted once.
    "-Ccodegen-units=1",
];

fn table(rows: &[(&str, Figures)]) -> String {
    let mut text = String::from(
        "| target | seconds | executions | per second | edges | features | corpus | peak MB | crashes |\n\
         |---|---|---|---|---|---|---|---|---|",
    );
    for (name, figures) in rows {
        text.push_str(&format!("\n| {name} | {} |", figures.cells().join(" | ")));
    }
    text
}

fn advice(crash: &run::Crash) -> String {
    format!(
        "\n{target}: {file}\n{said}\n\
         Again:  {program} {file}\n\
         Then:   write the octets, or how to make them, into a vector of test-vectors/ that is named \
         for what is wrong with them (test-vectors/README.md, How to add a vector) or, where they \
         belong to one parser, into a test beside it; fix; run the target once more.",
        target = crash.target,
        file = crash.file.display(),
        said = crash.said,
        program = crash.program.display(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn options(text: &str) -> Outcome<Options> {
        let words: Vec<String> = text.split_whitespace().map(str::to_owned).collect();
        Options::of(&words)
    }

    #[test]
    fn every_target_is_built_and_every_program_is_a_target() {
        let root = workspace::root().unwrap();
        let manifest = std::fs::read_to_string(root.join("fuzz/Cargo.toml")).unwrap();
        let built: Vec<&str> = manifest
            .lines()
            .skip_while(|line| *line != "[[bin]]")
            .filter_map(|line| line.strip_prefix("name = \"")?.strip_suffix('"'))
            .collect();
        let mut known: Vec<&str> = TARGETS.iter().map(|target| target.name).collect();
        assert_eq!(known.len(), built.len());
        known.retain(|name| !built.contains(name));
        assert!(known.is_empty(), "{known:?}");
    }

    #[test]
    fn every_dictionary_is_there_and_can_be_read() {
        let root = workspace::root().unwrap();
        for name in TARGETS.iter().filter_map(|target| target.dictionary) {
            let path = root.join(format!("fuzz/dictionaries/{name}.dict"));
            let text = std::fs::read_to_string(&path).unwrap();
            for line in text.lines().filter(|line| !line.starts_with('#')) {
                let quoted = line.is_empty() || line.starts_with('"') && line.ends_with('"');
                assert!(quoted, "{}: {line}", path.display());
            }
        }
    }

    #[test]
    fn what_is_no_target_is_refused() {
        assert!(options("nothing").is_err());
        assert!(options("der --seconds").is_err());
        assert!(options("der --seconds 0").is_err());
        assert!(options("der --jobs many").is_err());
        let wanted = options("der --seconds 5 xml").unwrap();
        assert_eq!(
            (wanted.targets.len(), wanted.seconds, wanted.jobs),
            (2, 5, 1)
        );
    }
}
