//! The command `imza`: sign, verify and inspect signed documents.
//!
//! Reports go to standard output, everything else to standard error. Exit status: 0 passed, 10
//! indeterminate, nothing signed or files not covered, 20 failed, 30 a document could not be
//! processed, 2 wrong usage, 1 anything else.
#![forbid(unsafe_code)]

mod archive;
mod arguments;
mod augment;
mod cache;
mod certificate;
mod claims;
mod complaint;
mod container;
#[cfg(feature = "demo")]
mod demo;
mod documents;
mod extract;
mod help;
mod hint;
mod host;
mod inspect;
mod judge;
mod key;
mod kind;
mod material;
mod misplaced;
mod output;
mod pages;
mod pdf;
mod pin;
mod policy;
mod progress;
mod sheet;
mod sign;
mod timestamp;
mod trust;
mod verify;
mod visible;
mod voice;

use arguments::{Arguments, Command};
use clap::Parser;
use complaint::Complaint;
use std::io::Write as _;
use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments = match Arguments::try_parse_from(visible::joined(std::env::args_os())) {
        Ok(arguments) => arguments,
        Err(error) => {
            let status = if error.use_stderr() { 2 } else { 0 };
            let language = voice::language_asked_for();
            // A closed pipe is no reason to complain about the complaint.
            let _ = match help::in_words(&error, language) {
                Some(help) if status == 0 => write!(anstream::stdout(), "{}", help.ansi()),
                Some(help) => write!(anstream::stderr(), "{}", help.ansi()),
                None => match help::mistake(&error, language) {
                    Some(told) => {
                        voice::tell_explained(&told);
                        Ok(())
                    }
                    None => error.print(),
                },
            };
            return ExitCode::from(status);
        }
    };
    voice::choose(arguments.lang.map(Into::into), arguments.plain);
    let outcome = match arguments.command {
        Command::Verify(options) => verify::run(&options),
        Command::Judge(options) => judge::run(&options),
        Command::Policy(command) => policy::run(&command),
        Command::Trust(command) => trust::run(&command),
        Command::Sign(options) => sign::run(&options),
        Command::Container(command) => container::run(&command),
        Command::Extract(options) => extract::run(&options),
        Command::Certificate(options) => certificate::run(*options),
        Command::Augment(options) => augment::run(&options),
        Command::Timestamp(command) => timestamp::run(&command),
        Command::Archive(command) => archive::run(&command),
        Command::Inspect(options) => inspect::run(&options),
        Command::Pdf(command) => pdf::run(&command),
        Command::Completions(options) => pages::completions(&options),
        Command::Man(options) => pages::man(&options),
        #[cfg(feature = "demo")]
        Command::Demo(options) => demo::run(options),
    };
    match outcome {
        Ok(status) => ExitCode::from(status),
        Err(complaint) => {
            complaint.print();
            ExitCode::from(complaint.status())
        }
    }
}

/// What a command gives: an exit status, or a complaint.
type Outcome = Result<u8, Complaint>;
