//! Chores of the project: `cargo xtask`.
//!
//! ```text
//! cargo xtask demo          the whole way from a card to a verdict
//! cargo xtask test          everything that must hold before a change lands
//! cargo xtask tidy          the rules of the house that no compiler knows
//! cargo xtask readme        the table of formats and levels, from what tests prove
//! cargo xtask conformance   the shared corpora, judged and compared
//! cargo xtask interop       strangers judge what we make, and judge beside us
//! cargo xtask fuzz          every parser of strangers' octets, before a fuzzer
//! cargo xtask bindings      packages for other languages, and whether they answer alike
//! cargo xtask bench         figures, with the machine that they were measured on
//! cargo xtask vectors       the committed vectors, made anew
//! ```
#![forbid(unsafe_code)]

mod bench;
mod bindings;
mod conformance;
mod demo;
mod fuzz;
mod interop;
mod licences;
mod process;
mod setup;
mod support;
mod test;
mod tidy;
mod vectors;
mod wasm;
mod workspace;

use std::process::ExitCode;

/// What a chore gives; errors are sentences for the person at the terminal.
type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match run(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &[String]) -> Outcome<()> {
    let (chore, rest) = arguments
        .split_first()
        .map_or(("help", arguments), |(chore, rest)| (chore.as_str(), rest));
    match chore {
        "demo" => demo::run(rest),
        "bench" => bench::run(rest.first().map(String::as_str)),
        "fuzz" => fuzz::run(rest),
        "bindings" => bindings::run(rest),
        "interop" => interop::run(rest),
        "vectors" => vectors::run(rest),
        "tidy" => tidy::run(rest.first().map(String::as_str)),
        "test" => test::run(rest),
        "conformance" => conformance::run(rest),
        "readme" => support::run(),
        "help" | "--help" | "-h" => {
            println!("{HELP}");
            Ok(())
        }
        other => Err(format!("no such chore: {other}\n\n{HELP}").into()),
    }
}

const HELP: &str = "\
cargo xtask CHORE

  demo [OPTION]... the whole way from a card to a verdict; options as of `imza demo`
  test [STEP]...   everything that must hold before a change lands, or the steps named
  tidy [FOLDER]    the rules of the house that no compiler knows
  readme           the table of formats and levels, from what tests prove
  conformance [--kind KIND] [--id PART] [--json] [--list] [--update-ratchet]
                   the shared corpora beside the checkout, judged and compared
  interop [--write | digidoc4j | messages | rounds]
                   strangers judge what we make, and judge beside us; or a part of it
  fuzz [TARGET]... [--seconds N] [--jobs N]
                   every parser of strangers' octets, before a fuzzer; 60 s each
  bindings wasm | python [--release] | types [--check] | replay [DOOR]...
                   packages for other languages, and whether they answer alike
  bench [messages | huge | archive | documents | xml]
                   figures, with the machine that they were measured on
  vectors [--check]
                   the committed vectors, made anew or compared with what would be made";
